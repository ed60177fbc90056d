"""Values with their first and second derivatives in several unknowns, all as balls: one evaluation of a function gives its value, its
gradient and the matrix of its second derivatives (forward differentiation; Griewank and Walther 2008, Evaluating Derivatives, chapter 13).
The same in floats of many rows at once, of which nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import arb

from .algebras import Balls, Weighted
from .atoms import bessel_ratio, mills, normal, sigmoid, trigamma
from .exact import NotCovered
from .extended import NIL
from .many import Guesses, numpy


class Jet:
    """value; slopes: by unknown; bends: the upper triangle of the matrix of second derivatives, row by row, None where all are 0."""

    __slots__ = ("bends", "slopes", "value")
    __array_ufunc__ = None  # an array and a jet: what the jet says

    def __init__(self, value: Any, slopes: Sequence[Any], bends: Sequence[Any] | None = None):
        self.value, self.slopes, self.bends = value, slopes, bends

    def through(self, f: Any, slope: Any, bend: Any) -> Jet:
        """A function of it, from the function's value and derivatives there: the chain rule."""
        g = self.slopes
        turned = [bend * a for a in g]
        bends = [t * b for j, t in enumerate(turned) for b in g[j:]]
        if self.bends is not None:
            bends = [a + slope * b for a, b in zip(bends, self.bends, strict=True)]
        return Jet(f, [slope * a for a in g], bends)

    def __add__(self, o: Any) -> Jet:
        if not isinstance(o, Jet):
            return Jet(self.value + o, self.slopes, self.bends)
        bends = self.bends
        if o.bends is not None:
            bends = o.bends if bends is None else [a + b for a, b in zip(bends, o.bends, strict=True)]
        return Jet(self.value + o.value, [a + b for a, b in zip(self.slopes, o.slopes, strict=True)], bends)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.value, [-a for a in self.slopes], None if self.bends is None else [-a for a in self.bends])

    def __mul__(self, o: Any) -> Jet:
        if not isinstance(o, Jet):
            return Jet(self.value * o, [a * o for a in self.slopes], None if self.bends is None else [a * o for a in self.bends])
        u, v, g, h = self.value, o.value, self.slopes, o.slopes
        bends = [g[j] * h[k] + g[k] * h[j] for j in range(len(g)) for k in range(j, len(g))]
        for outer, inner in ((v, self.bends), (u, o.bends)):
            if inner is not None:
                bends = [a + outer * b for a, b in zip(bends, inner, strict=True)]
        return Jet(u * v, [a * v + u * b for a, b in zip(g, h, strict=True)], bends)

    __rmul__ = __mul__

    def inverse(self) -> Jet:
        """1 over it."""
        r = 1 / self.value
        s = r * r
        return self.through(r, -s, 2 * s * r)

    def __truediv__(self, o: Any) -> Jet:
        product: Jet = self * (o.inverse() if isinstance(o, Jet) else 1 / o)
        return product

    def __rtruediv__(self, o: Any) -> Jet:
        product: Jet = self.inverse() * o
        return product


Taylor = tuple[Any, Any, Any]  # the value and the first two derivatives


def _exp(u: Any) -> Taylor:
    e = u.exp()
    return e, e, e


def _expm1(u: Any) -> Taylor:
    e = u.exp()
    return u.expm1(), e, e


def _log(u: Any) -> Taylor:
    r = 1 / u
    return u.log() if u > 0 else arb("nan"), r, -r * r


def _sqrt(u: Any) -> Taylor:
    s = u.sqrt()
    r = 1 / (2 * s)
    return s, r, -r / (2 * u)


def _abs(u: Any) -> Taylor:
    return abs(u), arb(1 if u > 0 else -1 if u < 0 else "nan"), NIL


def _sigmoid(u: Any) -> Taylor:
    s, t = sigmoid(u), sigmoid(-u)
    return s, s * t, s * t * (t - s)


def _softplus(u: Any) -> Taylor:
    s, t = sigmoid(u), sigmoid(-u)
    return (-t.log() if u < 0 else u - s.log()), s, s * t


def _log_normal(u: Any) -> Taylor:
    m = mills(u)
    return normal(u).log(), m, -m * (u + m)


def _normal(u: Any) -> Taylor:
    d = (-u * u / 2).exp() * (2 * arb.pi()).rsqrt()
    return normal(u), d, -u * d


def _erf(u: Any) -> Taylor:
    d = 2 * (-u * u).exp() / arb.pi().sqrt()
    return u.erf(), d, -2 * u * d


def _erfc(u: Any) -> Taylor:
    _, d, dd = _erf(u)
    return u.erfc(), -d, -dd


def _loggamma(u: Any) -> Taylor:
    return (u.lgamma(), u.digamma(), trigamma(u)) if u > 0 else (arb("nan"),) * 3


def _digamma(u: Any) -> Taylor:
    return u.digamma(), trigamma(u), -2 * arb(3).zeta(u)


def _log_bessel(u: Any) -> Taylor:
    r = bessel_ratio(u)
    return u.bessel_i(0, scaled=True).log() + abs(u), r, (1 - r / u - r * r if u > 0 or u < 0 else arb("nan"))


def _sin(u: Any) -> Taylor:
    return u.sin(), u.cos(), -u.sin()


def _cos(u: Any) -> Taylor:
    return u.cos(), -u.sin(), -u.cos()


def _sinh(u: Any) -> Taylor:
    return u.sinh(), u.cosh(), u.sinh()


def _cosh(u: Any) -> Taylor:
    return u.cosh(), u.sinh(), u.cosh()


def _tanh(u: Any) -> Taylor:
    t = u.tanh()
    d = 1 - t * t
    return t, d, -2 * t * d


def _arctan(u: Any) -> Taylor:
    d = 1 / (1 + u * u)
    return u.atan(), d, -2 * u * d * d


TAYLOR: Mapping[str, Callable[[Any], Taylor]] = {
    "exp": _exp, "expm1": _expm1, "log": _log, "sqrt": _sqrt, "abs": _abs, "sigmoid": _sigmoid, "softplus": _softplus, "logPhi": _log_normal, "Phi": _normal,
    "erf": _erf, "erfc": _erfc, "loggamma": _loggamma, "digamma": _digamma, "logI0": _log_bessel, "sin": _sin, "cos": _cos, "sinh": _sinh,
    "cosh": _cosh, "tanh": _tanh, "arctan": _arctan,
}  # fmt: skip


class Jets:
    """The algebra of jets; constants are balls."""

    key = "jets"

    def constant(self, c: Any) -> Any:
        return Balls().constant(c)

    def power(self, u: Any, k: int) -> Any:
        if not isinstance(u, Jet):
            return Balls().power(u, k)
        v, to = u.value, Balls().power
        slope = k * (v if k == 2 else to(v, k - 1))
        return u.through(to(v, k), slope, k * (k - 1) * (arb(1) if k == 2 else v if k == 3 else to(v, k - 2)))

    def call(self, name: str, u: Any) -> Any:
        if name not in TAYLOR:
            raise NotCovered(name)
        return u.through(*TAYLOR[name](u.value)) if isinstance(u, Jet) else TAYLOR[name](u)[0]

    def mean(self, t: Any, cs: Weighted) -> Any:
        raise NotCovered("a weighted mean")

    def variance(self, t: Any, cs: Weighted) -> Any:
        raise NotCovered("a weighted mean")


# -- in floats ---------------------------------------------------------------------------------------


def _floats_sigmoid(np: Any, u: Any) -> Taylor:
    s, t = 1 / (1 + np.exp(-u)), 1 / (1 + np.exp(u))
    return s, s * t, s * t * (t - s)


def _floats_softplus(np: Any, u: Any) -> Taylor:
    s, d, _ = _floats_sigmoid(np, u)
    return np.logaddexp(0.0, u), s, d


def _floats_tanh(np: Any, u: Any) -> Taylor:
    t = np.tanh(u)
    d = 1 - t * t
    return t, d, -2 * t * d


def _floats_arctan(np: Any, u: Any) -> Taylor:
    d = 1 / (1 + u * u)
    return np.arctan(u), d, -2 * u * d * d


def _floats_sqrt(np: Any, u: Any) -> Taylor:
    s = np.sqrt(u)
    return s, 1 / (2 * s), -1 / (4 * u * s)


IN_ARRAYS: Mapping[str, Callable[[Any, Any], Taylor]] = {
    "exp": lambda np, u: (np.exp(u),) * 3, "expm1": lambda np, u: (np.expm1(u), np.exp(u), np.exp(u)), "log": lambda np, u: (np.log(u), 1 / u, -1 / (u * u)),
    "sqrt": _floats_sqrt, "sigmoid": _floats_sigmoid, "softplus": _floats_softplus, "tanh": _floats_tanh, "arctan": _floats_arctan,
    "sin": lambda np, u: (np.sin(u), np.cos(u), -np.sin(u)), "cos": lambda np, u: (np.cos(u), -np.sin(u), -np.cos(u)),
    "abs": lambda np, u: (abs(u), np.sign(u), 0 * u),
}  # fmt: skip


class GuessedJets(Guesses):
    """The algebra of jets whose parts are floats, or arrays of them."""

    key = "guessed jets"

    def power(self, u: Any, k: int) -> Any:
        if not isinstance(u, Jet):
            return super().power(u, k)
        v = u.value
        return u.through(v ** float(k), k * v ** float(k - 1), k * (k - 1) * v ** float(k - 2))

    def call(self, name: str, u: Any) -> Any:
        if not isinstance(u, Jet):
            return super().call(name, u)
        if name in IN_ARRAYS:
            return u.through(*IN_ARRAYS[name](numpy(), u.value))
        if name not in TAYLOR or isinstance(u.value, numpy().ndarray):
            raise NotCovered(name)
        return u.through(*(float(a) for a in TAYLOR[name](arb(float(u.value)))))

    def total(self, y: Any, times: Any) -> Any:
        if not isinstance(y, Jet):
            return super().total(y, times)
        parts = [float((a * times).sum()) for a in (y.value, *y.slopes, *(y.bends or ()))]
        return Jet(parts[0], parts[1 : 1 + len(y.slopes)], parts[1 + len(y.slopes) :] or None)

    def mean(self, t: Any, cs: Weighted) -> Any:
        raise NotCovered("a weighted mean")

    def variance(self, t: Any, cs: Weighted) -> Any:
        raise NotCovered("a weighted mean")
