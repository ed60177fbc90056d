"""Functions of one argument with what is known of them: lemmas with their sources, used by balls, intervals and expansions alike.

`MONOTONE` says of a function that it is strictly monotone on (low, oo) and what its limits are, so that its values at the ends
of an interval are its range there.  `EXPANDED` gives its expansion at a limit of its argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_series, ctx, fmpq

from .exact import ONE, NotCovered, Undecided
from .expansion import Expansion
from .extended import INF, NIL, NINF
from .extended import ONE as UNIT

Point = Callable[[Any], Any]


@dataclass(frozen=True)
class Monotone:
    """value: on single numbers.  rising, at_low, at_high: how it goes from the lower end of its domain to oo; source: who says so."""

    value: Point
    at_low: Any
    at_high: Any
    low: Any = NINF
    rising: bool = True
    source: str = "elementary"


def sigmoid(t: Any) -> Any:
    """1/(1 + e^-t)."""
    return 1 / (1 + (-t).exp())


def bessel_ratio(t: Any) -> Any:
    """I_1(t)/I_0(t), by the scaled functions."""
    return NIL if t == 0 else t.bessel_i(1, scaled=True) / t.bessel_i(0, scaled=True)


def mills(t: Any) -> Any:
    """phi(t)/Phi(t)."""
    if t < -(2**16):  # t^2 would have to be known to very many digits: |t| + theta/|t|, theta in [0, 1]
        return -t + NIL.union(1 / -t)
    return (-t * t / 2).exp() * (2 * arb.pi()).rsqrt() * 2 / (-t / arb(2).sqrt()).erfc()


FAR = 64  # below minus this a normal tail is taken by its continued fraction


def _fraction(z: Any, k: int) -> Any:
    """k/(z + (k + 1)/(z + (k + 2)/(z + ...))) for z >= 64: the rest of the fraction lies between 0 and its first term (Laplace; Gordon 1941)."""
    last = k + 30 + int(ctx.prec) // 5
    c = NIL.union(last / z)
    for j in range(last - 1, k - 1, -1):
        c = j / (z + c)
    return c


def normal_gap(t: Any) -> Any:
    """t + phi(t)/Phi(t): the mean of a normal variable with mean t and variance 1 above 0."""
    return t + mills(t) if not t < -FAR else _fraction(-t, 1)


def normal_gap_slope(t: Any) -> Any:
    """The variance of a normal variable with mean t and variance 1 above 0: 1 - lambda (t + lambda), lambda = phi(t)/Phi(t)."""
    if t < -FAR:
        g, r = _fraction(-t, 1), _fraction(-t, 2)
        return g * (r - g)
    m = mills(t)
    return 1 - m * (t + m)


def bernoulli(t: Any) -> Any:
    """t/(e^t - 1)."""
    return UNIT if t == 0 else t / t.expm1()


def bernoulli_slope(t: Any) -> Any:
    """The derivative of t/(e^t - 1)."""
    if t == 0:
        return -UNIT / 2
    before = ctx.prec
    ctx.prec += 2 * max(0, int(-float(abs(t).log().mid()) * 2))  # the digits that cancel next to 0
    try:
        b = bernoulli(t)
        return b * (1 - b) / t - b
    finally:
        ctx.prec = before


def log_normal(t: Any) -> Any:
    """log Phi(t)."""
    return normal(t).log()


def log_less_digamma(t: Any) -> Any:
    """log t - psi(t)."""
    if t > 2**40:  # 1/(2t) + theta/(12 t^2), theta in [0, 1]
        return 1 / (2 * t) + NIL.union(1 / (12 * t * t))
    return t.log() - t.digamma()


def trigamma(t: Any) -> Any:
    """psi'(t)."""
    return arb(2).zeta(t)


def log_bessel(t: Any) -> Any:
    """log I_0(t)."""
    return t.bessel_i(0).log()


def normal(t: Any) -> Any:
    """Phi(t)."""
    return (-t / arb(2).sqrt()).erfc() / 2


DIGAMMA = "Abramowitz and Stegun 6.4.1: psi' = sum 1/(x+k)^2 > 0"
MONOTONE: Mapping[str, Monotone] = {
    "exp": Monotone(arb.exp, NIL, INF),
    "expm1": Monotone(arb.expm1, -UNIT, INF),
    "log": Monotone(arb.log, NINF, INF, NIL),
    "sqrt": Monotone(arb.sqrt, NIL, INF, NIL),
    "sinh": Monotone(arb.sinh, NINF, INF),
    "tanh": Monotone(arb.tanh, -UNIT, UNIT),
    "arctan": Monotone(arb.atan, -arb.pi() / 2, arb.pi() / 2),
    "asinh": Monotone(arb.asinh, NINF, INF),
    "sigmoid": Monotone(sigmoid, NIL, UNIT),
    "erf": Monotone(arb.erf, -UNIT, UNIT),
    "erfc": Monotone(arb.erfc, arb(2), NIL, NINF, False),
    "Phi": Monotone(normal, NIL, UNIT), "logPhi": Monotone(log_normal, NINF, NIL),
    "digamma": Monotone(arb.digamma, NINF, INF, NIL, True, DIGAMMA),
    "trigamma": Monotone(trigamma, INF, NIL, NIL, False, DIGAMMA),
    "logpsi": Monotone(log_less_digamma, INF, NIL, NIL, False, "Alzer 1997, Math. Comp. 66: log x - psi(x) is completely monotonic"),
    "mills": Monotone(mills, INF, NIL, NINF, False, "Sampford 1953, Ann. Math. Statist. 24: 0 < lambda (lambda + t) < 1"),
    "bernoulli": Monotone(bernoulli, INF, NIL, NINF, False, "x coth x - x at x = t/2, whose derivative is negative"),
    "bernoullislope": Monotone(bernoulli_slope, -UNIT, NIL, NINF, True, "(x coth x)'' = 2 (x coth x - 1)/sinh(x)^2 >= 0"),
    "normalgap": Monotone(normal_gap, NIL, INF, NINF, True, "its derivative is a variance"),
    "normalgapslope": Monotone(normal_gap_slope, NIL, UNIT, NINF, True, "Sampford 1953, Ann. Math. Statist. 24: lambda is convex"),
    "logI0": Monotone(log_bessel, NIL, INF, NIL, True, "I_0' = I_1 > 0 for x > 0"),
    "bratio": Monotone(bessel_ratio, -UNIT, UNIT, NINF, True, "Amos 1974, Math. Comp. 28: 0 < (I_1/I_0)' for x > 0; the ratio is odd"),
}  # fmt: skip


# -- expansions at a limit of the argument ----------------------------------------------------------


def _one(u: Expansion) -> Expansion:
    return Expansion.constant(ONE, u.d)


def _psi_series(s: Any) -> Any:
    before = ctx.cap
    ctx.cap = before + 1
    try:
        g = arb_series(s.coeffs()).lgamma().derivative()
    finally:
        ctx.cap = before
    return arb_series(g.coeffs()[:before])


def _stirling(u: Expansion) -> Expansion:
    """log u - psi(u) for u -> oo: 1/(2u) + 1/(12u^2) - theta/(120u^4), theta in [0, 1] (Alzer 1997, Theorem 8: the error of
    Stirling's series has the sign of the first term left out, and is smaller)."""
    i = u.inverse()
    i2 = i * i
    return i.scale(fmpq(1, 2)) + i2.scale(fmpq(1, 12)) - i2 * i2 * Expansion.constant(NIL.union(arb(1) / 120), u.d)


def _digamma(u: Expansion) -> Expansion:
    kind = u.limit
    if kind == "+":
        return u.log() - _stirling(u)
    if kind == "0" and u.sign > 0:  # psi(u) = psi(u + 1) - 1/u
        return (u + _one(u)).analytic(_psi_series) - u.inverse()
    if kind == "c":
        return u.analytic(_psi_series)
    raise NotCovered


def _logpsi(u: Expansion) -> Expansion:
    return _stirling(u) if u.limit == "+" else u.log() - _digamma(u)


def _bessel_series(s: Any) -> Any:
    """I_1/I_0 as a series about a positive number, from A' = 1 - A/x - A^2."""
    x, n = s[0], ctx.cap
    if not x > 0:
        raise NotCovered
    a = [bessel_ratio(x.lower()).union(bessel_ratio(x.upper()))]
    for k in range(n - 1):
        g = [(1 if j == 0 else 0) - sum((a[i] * a[j - i] for i in range(j + 1)), arb(0)) for j in range(k + 1)]
        a.append((x * g[k] + (g[k - 1] if k else 0) - (k + 1) * a[k]) / (x * (k + 1)))
    return arb_series(a)


def _bratio(u: Expansion) -> Expansion:
    """x -> oo: 1/(1 + 1/(2x) + theta/x^2), theta in [0, 9/8] (Segura 2011, J. Math. Anal. Appl. 374: x/(a + sqrt(b^2 + x^2))
    bounds the ratio for a = b = 1/2 from above, for a = 1/2, b = 3/2 from below).  x -> 0: x/2 - theta x^3/16, theta in [0, 1]
    (Amos 1974: x/(1 + sqrt(1 + x^2)) <= ratio <= x/2; the difference is at most x^3/8)."""
    kind = u.limit
    if kind == "-" or (kind == "0" and not u.vanishes and u.sign < 0):
        return -_bratio(-u)
    if kind == "+":
        i = u.inverse()
        return (_one(u) + i.scale(fmpq(1, 2)) + i * i * Expansion.constant(NIL.union(arb(9) / 8), u.d)).inverse()
    if kind == "0":
        return u.scale(fmpq(1, 2)) - u * u * u * Expansion.constant(NIL.union(arb(1) / 8), u.d)
    return u.analytic(_bessel_series)


def _log_bessel(u: Expansion) -> Expansion:
    """log I_0; x -> oo: x - log(2 pi x)/2 + theta/x, |theta| <= 27/10, for x >= 1: the bounds of `_bratio` for its derivative integrated from x on.
    x -> 0: x^2/4 - theta x^4/32, theta in [0, 1], from those at 0."""
    kind = u.limit
    if kind == "+":
        if not (u - _one(u)).sign > 0:
            raise Undecided
        half = Expansion.constant((2 * arb.pi()).log() / 2, u.d)
        rest = arb(27) / 10
        return u - u.log().scale(fmpq(1, 2)) - half + u.inverse() * Expansion.constant((-rest).union(rest), u.d)
    if kind == "0":
        s = u * u
        return s.scale(fmpq(1, 4)) - s * s * Expansion.constant(NIL.union(arb(1) / 32), u.d)
    raise NotCovered


def _mills_series(s: Any) -> Any:
    return (-(s * s) / 2).exp() * ((2 * arb.pi()).rsqrt() * 2) / (-s / arb(2).sqrt()).erfc()


def _mills(u: Expansion) -> Expansion:
    """u -> -oo: |u| + theta/|u|, theta in [0, 1] (Gordon 1941, Ann. Math. Statist. 12); u -> oo: phi(u) [1, 2]."""
    kind = u.limit
    if kind == "-":
        a = -u
        return a + a.inverse() * Expansion.constant(NIL.union(UNIT), u.d)
    if kind == "+":
        return (u * u).scale(fmpq(-1, 2)).exp() * Expansion.constant((2 * arb.pi()).rsqrt() * UNIT.union(arb(2)), u.d)
    return u.analytic(_mills_series)


def _normal_gap(u: Expansion) -> Expansion:
    """u -> -oo: 1/|u| - theta 2/|u|^3, theta in [0, 1] (Gordon 1941)."""
    if u.limit != "-":
        return u + _mills(u)
    r = (-u).inverse()
    return r - r * r * r * Expansion.constant(NIL.union(arb(2)), u.d)


def _normal_gap_slope(u: Expansion) -> Expansion:
    """u -> -oo: 1/u^2 + theta/u^4, theta in [-8, 2], by the first terms of the continued fraction."""
    if u.limit != "-":
        m = _mills(u)
        return _one(u) - m * (u + m)
    r = u.inverse() * u.inverse()
    return r + r * r * Expansion.constant(arb(-8).union(arb(2)), u.d)


def _bernoulli(u: Expansion) -> Expansion:
    """x coth x - x at x = u/2, where 0 <= x coth x - 1 <= x^2/3; u -> oo: 2 theta/u, theta in [0, 1]; u -> -oo: as at -u, and -u."""
    kind = u.limit
    if kind in ("0", "c"):
        return (
            _one(u) - u.scale(fmpq(1, 2)) + u * u * Expansion.constant(NIL.union(arb(1) / 12), u.d)
            if kind == "0"
            else u.analytic(lambda s: s / (s.exp() - 1))
        )
    a = u if kind == "+" else -u
    far = a.inverse() * Expansion.constant(NIL.union(arb(2)), u.d)
    return far if kind == "+" else a + far


def _sigmoid(u: Expansion) -> Expansion:
    if u.limit == "-":
        e = u.exp()
        return e / (_one(u) + e)
    return (_one(u) + (-u).exp()).inverse()


def _tanh(u: Expansion) -> Expansion:
    e = (u if u.limit == "-" else -u).scale(2).exp()
    v = (_one(u) - e) / (_one(u) + e)
    return -v if u.limit == "-" else v


def _hyperbolic(sign: int) -> Callable[[Expansion], Expansion]:
    def value(u: Expansion) -> Expansion:
        e, f = u.exp(), (-u).exp()
        return (e + f if sign > 0 else e - f).scale(fmpq(1, 2))

    return value


def _arctan(u: Expansion) -> Expansion:
    kind = u.limit
    if kind in "+-":  # +-pi/2 - 1/u + theta/(3u^3), theta in [0, 1]
        i = u.inverse()
        half = Expansion.constant(arb.pi() / 2 if kind == "+" else -arb.pi() / 2, u.d)
        return half - i + i * i * i * Expansion.constant(NIL.union(arb(1) / 3), u.d)
    return u.analytic(arb_series.atan)


def _sqrt(u: Expansion) -> Expansion:
    return u.log().scale(fmpq(1, 2)).exp()


def _size(u: Expansion) -> Expansion:
    return u if u.vanishes or u.sign > 0 else -u


def _loggamma(u: Expansion) -> Expansion:
    """x -> oo: (x - 1/2) log x - x + log(2 pi)/2 + theta/(12x), theta in [0, 1] (Robbins 1955, Amer. Math. Monthly 62)."""
    kind = u.limit
    if kind == "+":
        half = Expansion.constant((2 * arb.pi()).log() / 2, u.d)
        log = u.log()
        return u * log - log.scale(fmpq(1, 2)) - u + half + u.inverse() * Expansion.constant(NIL.union(arb(1) / 12), u.d)
    if kind == "0":
        return (u + _one(u)).analytic(arb_series.lgamma) - u.log()
    return u.analytic(arb_series.lgamma)


def _normal(u: Expansion) -> Expansion:
    """Phi(u); u -> oo: 1 - Phi(-u); u -> -oo: phi(u)/|u| (1 - theta/u^2), theta in [0, 1] (Gordon 1941, Ann. Math. Statist. 12); u -> 0:
    1/2 + u/sqrt(2 pi) (1 - theta u^2/6), since 1 - t^2/2 <= e^(-t^2/2) <= 1."""
    kind = u.limit
    if kind == "+":
        return _one(u) - _normal(-u)
    if kind == "-":
        i = -u.inverse()
        tail = (u * u).scale(fmpq(-1, 2)).exp() * Expansion.constant((2 * arb.pi()).rsqrt(), u.d)
        return tail * i * (_one(u) - i * i * Expansion.constant(NIL.union(UNIT), u.d))
    if kind == "0":
        slope = _one(u) - u * u * Expansion.constant(NIL.union(UNIT / 6), u.d)
        return _one(u).scale(fmpq(1, 2)) + u * slope * Expansion.constant((2 * arb.pi()).rsqrt(), u.d)
    return u.analytic(lambda s: arb_series.erfc(-s * arb(2).rsqrt()) / 2)


def _erfc(u: Expansion) -> Expansion:
    """erfc(u); u -> oo: e^(-u^2)/(u sqrt(pi)) (1 - theta/(2u^2)), theta in [0, 1] (the same)."""
    kind = u.limit
    if kind == "+":
        i = u.inverse()
        tail = (-(u * u)).exp() * Expansion.constant(arb.pi().rsqrt(), u.d)
        return tail * i * (_one(u) - i * i * Expansion.constant(NIL.union(UNIT / 2), u.d))
    if kind == "-":
        return _one(u).scale(2) - _erfc(-u)
    return u.analytic(arb_series.erfc)


EXPANDED: Mapping[str, Callable[[Expansion], Expansion]] = {
    "exp": Expansion.exp, "expm1": lambda u: u.exp() - _one(u), "log": Expansion.log, "sqrt": _sqrt, "digamma": _digamma, "logpsi": _logpsi, "bratio": _bratio, "mills": _mills,
    "bernoulli": _bernoulli, "normalgap": _normal_gap, "normalgapslope": _normal_gap_slope,
    "sigmoid": _sigmoid, "tanh": _tanh, "cosh": _hyperbolic(1), "sinh": _hyperbolic(-1), "arctan": _arctan, "abs": _size, "loggamma": _loggamma,
    "logI0": _log_bessel, "logPhi": lambda u: _normal(u).log(),
    "Phi": _normal, "erfc": _erfc, "erf": lambda u: _one(u) - _erfc(u), "sin": lambda u: u.analytic(arb_series.sin), "cos": lambda u: u.analytic(arb_series.cos),
}  # fmt: skip
