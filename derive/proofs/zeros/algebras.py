"""The three kinds of values of a function of one unknown: balls, extended intervals, expansions at an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from flint import arb

from .atoms import EXPANDED, MONOTONE, bessel_ratio, mills
from .exact import Exact, NotCovered
from .expansion import Expansion
from .expansion import ball as ball_of
from .extended import INF, NIL, NINF, ONE, Extended, NoValue

Weighted = Sequence[tuple[int, Any]]  # values with how often each occurs


class Algebra(Protocol):
    """What evaluates a formula: constants, and operations beyond + - * and /.  key: the same for equal ones."""

    key: Any

    def constant(self, c: Any) -> Any:
        """An exact number or a ball as a value."""

    def power(self, u: Any, k: int) -> Any:
        """A whole power."""

    def call(self, name: str, u: Any) -> Any:
        """A function of one argument.  Raises `NotCovered`."""

    def mean(self, t: Any, cs: Weighted) -> Any:
        """sum k c e^(tc) / sum k e^(tc), which rises in t: its derivative is a variance."""

    def variance(self, t: Any, cs: Weighted) -> Any:
        """The derivative of `mean`."""


def moments(t: Any, cs: Weighted) -> tuple[Any, Any]:
    """Mean and variance of the c with weights k e^(tc), the largest of them 1; t and c: balls."""
    top = max((c for _, c in cs), key=float) if not t < 0 else min((c for _, c in cs), key=float)
    s0 = s1 = s2 = arb(0)
    for k, c in cs:
        e = c - top
        w = k * (t * e).exp()
        s0, s1, s2 = s0 + w, s1 + w * e, s2 + w * e * e
    m = s1 / s0
    return top + m, s2 / s0 - m * m


NARROW = 20  # bits of a ball that Arb's functions treat well

# -- balls -------------------------------------------------------------------------------------------


def hull(u: Any, f: Callable[[Any], Any]) -> Any:
    """The range of a monotone function over a ball; a narrow one is its own business."""
    if u.is_exact():
        return f(u)
    if u.rel_accuracy_bits() > NARROW and (v := f(u)).is_finite():
        return v
    return f(u.lower()).union(f(u.upper()))


def _logpsi_slope(t: Any) -> Any:
    return 1 / t - arb(2).zeta(t)


def _mills_slope(t: Any) -> Any:
    m = mills(t)
    return m * (t + m)


def _bessel_slope(t: Any) -> Any:
    if t == 0:
        return arb(1) / 2
    r = bessel_ratio(t)
    return 1 - r / t - r * r


def _bessel_slopes(u: Any) -> Any:
    """1 - A/x - A^2, even, and falling for x > 0 (A is concave there: Amos 1974)."""
    a = abs(u)
    if a.is_exact():
        return _bessel_slope(a)
    low = a.lower() if a.lower() > 0 else NIL
    return _bessel_slope(low).union(_bessel_slope(a.upper()))


def _domain(low: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def value(u: Any) -> Any:
        return f(u) if u > low else arb("nan")

    return value


def _hulls(name: str) -> Callable[[Any], Any]:
    lemma = MONOTONE[name]
    return _domain(lemma.low, lambda u: hull(u, lemma.value)) if lemma.low == NIL else lambda u: hull(u, lemma.value)


BALLS: Mapping[str, Callable[[Any], Any]] = {
    "exp": arb.exp, "expm1": arb.expm1, "log": arb.log, "sqrt": arb.sqrt, "sin": arb.sin, "cos": arb.cos, "sinh": arb.sinh, "cosh": arb.cosh, "tanh": arb.tanh,
    "arctan": arb.atan, "asinh": arb.asinh, "erf": arb.erf, "erfc": arb.erfc, "erfi": arb.erfi, "Ei": arb.ei, "abs": abs, "gamma": arb.gamma,
    "loggamma": _domain(NIL, arb.lgamma), "besseli0": lambda u: u.bessel_i(0), "besseli1": lambda u: u.bessel_i(1),
    "logpsislope": _domain(NIL, lambda u: hull(u, _logpsi_slope)),  # rises: log x - psi(x) is convex
    "millsslope": lambda u: hull(u, _mills_slope),  # falls (Sampford 1953)
    "bratioslope": _bessel_slopes,
    **{name: _hulls(name) for name in ("sigmoid", "Phi", "logPhi", "digamma", "trigamma", "logpsi", "mills", "bratio", "logI0", "normalgap", "normalgapslope", "bernoulli", "bernoullislope")},
}  # fmt: skip


class Balls:
    """Arb's balls: the point values, and narrow cells."""

    key = "balls"

    def constant(self, c: Any) -> Any:
        return ball_of(c)

    def power(self, u: Any, k: int) -> Any:
        if k < 0:
            return 1 / self.power(u, -k)
        if k < 2:
            return u if k else ONE
        if u.rel_accuracy_bits() > 12:
            return u**k
        return hull(u, lambda t: t**k) if k % 2 else (u.abs_lower() ** k).union(u.abs_upper() ** k)  # a wide ball's product is wider

    def call(self, name: str, u: Any) -> Any:
        if name not in BALLS:
            raise NotCovered(name)
        return BALLS[name](u)

    def mean(self, t: Any, cs: Weighted) -> Any:
        return hull(t, lambda p: moments(p, cs)[0])

    def variance(self, t: Any, cs: Weighted) -> Any:
        v = moments(t, cs)[1]
        if v.is_finite() and v >= 0:
            return v
        r = max((c for _, c in cs), key=float) - min((c for _, c in cs), key=float)
        return NIL.union(r * r / 4)  # Popoviciu 1935


# -- extended intervals --------------------------------------------------------------------------------


class Intervals:
    """Extended intervals: wide cells, and everything beyond a place."""

    key = "intervals"

    def constant(self, c: Any) -> Any:
        return Extended.of(ball_of(c))

    def power(self, u: Extended, k: int) -> Extended:
        return u.power(k)

    def call(self, name: str, u: Extended) -> Extended:
        if name == "abs":
            return u.size()
        if name == "cosh":
            return u.size().monotone(arb.cosh, INF, INF)
        if name in ("sin", "cos"):
            if u.lo.is_finite() and u.hi.is_finite():
                return Extended.of(BALLS[name](u.lo.union(u.hi)))
            return Extended(-ONE, ONE)
        if name == "logpsislope":  # 1/x - psi'(x), rises to 0
            return u.monotone(_logpsi_slope, NINF, NIL, NIL)
        if name == "millsslope":
            return u.monotone(_mills_slope, NIL, NIL, NINF, False) if u.lo.is_finite() else Extended(NIL, ONE, True, True)
        if name == "bratioslope":
            return Extended(NIL, ONE / 2, True, False)
        if name not in MONOTONE:
            raise NotCovered(name)
        lemma = MONOTONE[name]
        return u.monotone(lemma.value, lemma.at_low, lemma.at_high, lemma.low, lemma.rising)

    def mean(self, t: Extended, cs: Weighted) -> Extended:
        low, high = _ends(cs)
        if low == high:
            return Extended(low, high)
        return t.monotone(lambda p: moments(p, [(k, c.lo.union(c.hi)) for k, c in cs])[0], low, high)

    def variance(self, t: Extended, cs: Weighted) -> Extended:
        low, high = _ends(cs)
        r = high - low
        return Extended(NIL, (r * r / 4).upper(), all(c.lo > low for _, c in cs[1:]) or bool(r > 0), False)


def _ends(cs: Weighted) -> tuple[Any, Any]:
    low, high = cs[0][1].lo, cs[0][1].hi
    for _, c in cs[1:]:
        low = c.lo if c.lo < low else low
        high = c.hi if c.hi > high else high
    return low, high


# -- expansions --------------------------------------------------------------------------------------


class Expansions:
    """Expansions at an end of the domain, for places up to d from it."""

    def __init__(self, d: Any):
        self.d = d
        self.key = ("expansions", str(d))

    def constant(self, c: Any) -> Any:
        return Expansion.constant(c, self.d)

    def power(self, u: Expansion, k: int) -> Expansion:
        if k < 0:
            return self.power(u, -k).inverse()
        out = u if k else Expansion.constant(Exact(1), self.d)
        for _ in range(k - 1):
            out = out * u
        return out

    def call(self, name: str, u: Expansion) -> Expansion:
        if name not in EXPANDED:
            raise NotCovered(name)
        return EXPANDED[name](u)

    def mean(self, t: Expansion, cs: Weighted) -> Expansion:
        s0: Expansion | None = None
        s1: Expansion | None = None
        for k, c in cs:
            w = (t * c).exp().scale(k)
            s0, s1 = (w, w * c) if s0 is None or s1 is None else (s0 + w, s1 + w * c)
        assert s0 is not None and s1 is not None
        return s1 / s0

    def variance(self, t: Expansion, cs: Weighted) -> Expansion:
        raise NotCovered("the slope of a weighted mean")


__all__ = ["Algebra", "Balls", "Expansions", "Intervals", "NoValue", "moments"]
