"""The known functions on floats, and what a formula is compiled to.

An environment maps names of letters to floats, bases of indexed letters to lists (or nested lists), and names
of functions to Python callables.  Values are floats; where a function has no real value it raises or gives nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from .arrays import Matrix, det, diagonal, inverse, norm, trace, transposed

Env = dict[str, Any]
Value = Callable[[Env], float]
NAN, INF = math.nan, math.inf
CONSTANTS = {"pi": math.pi, "e": math.e, "oo": INF}


def _digamma(x: float) -> float:
    import mpmath

    return float(mpmath.fp.digamma(x))


def _polygamma(m: float, x: float) -> float:
    import mpmath

    return float(mpmath.fp.psi(int(m), x).real)


def _mp(name: str) -> Callable[..., float]:
    @lru_cache(4096)
    def value(*args: float) -> float:
        import mpmath

        try:
            return float(getattr(mpmath.fp, name)(*args).real)
        except (ValueError, mpmath.libmp.NoConvergence):
            return NAN

    return value


def _lambertw(z: float, branch: float = 0.0) -> float:
    """W_0 for z >= -1/e; W_{-1} for -1/e <= z < 0: w e^w = z by Halley's iteration."""
    near = 2 * (math.e * z + 1)  # 0 where the branches meet
    if near < -1e-14 or (branch and z >= 0):
        return NAN
    p = math.sqrt(max(near, 0.0))
    if p < 1e-7:
        return -1.0 - p if branch else p - 1.0
    if z == INF:
        return INF
    if branch:
        w = -1 - p - p * p / 3 if p < 1 else math.log(-z) - math.log(-math.log(-z))
    else:
        w = -1 + p - p * p / 3 if p < 1 else math.log1p(z) if z < 3 else math.log(z) - math.log(math.log(z))
    for _ in range(50):
        e = math.exp(w)
        f = w * e - z
        step = f / (e * (w + 1) - (w + 2) * f / (2 * w + 2)) if w != -1 else 0.0
        w -= step
        if abs(step) <= 1e-16 * abs(w):
            break
    return w


def _probit(p: float) -> float:
    """The standard normal quantile."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(p) if 0 < p < 1 else -INF if p == 0 else INF if p == 1 else NAN


@lru_cache(4096)
def _zeta_derivative(k: float, s: float) -> float:
    import mpmath

    return float(mpmath.zeta(s, 1, int(k))) if s > 1 else NAN


def _binomial(n: float, k: float) -> float:
    whole = n == int(n)
    if k < 0 or (whole and n >= 0 and k > n):
        return 0.0
    if k == int(k) and whole and n < 1000:
        return float(math.comb(int(n), int(k))) if n >= 0 else NAN
    sign = _gamma_sign(n + 1) * _gamma_sign(n - k + 1)
    return sign * math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1))


def _gamma_sign(v: float) -> float:
    return -1.0 if v < 0 and math.floor(v) % 2 else 1.0


def _unbounded(fn: Callable[[float], float]) -> Callable[[float], float]:
    """fn with infinity for a value too large for a float, so that 1/cosh(1000) is 0."""

    def value(x: float) -> float:
        try:
            return fn(x)
        except OverflowError:
            return INF

    return value


exp, _gamma, expm1 = _unbounded(math.exp), _unbounded(math.gamma), _unbounded(math.expm1)


def power(a: float, b: float) -> float:
    if a == 0.0 and b < 0:
        return INF
    try:
        v = a**b
    except OverflowError:
        return INF if a > 0 else NAN
    return v if not isinstance(v, complex) else NAN


def _factorial(x: float) -> float:
    return _gamma(x + 1)


def _beta(a: float, b: float) -> float:
    return math.exp(_log_beta(a, b))


def _log_beta(a: float, b: float) -> float:
    """log B(a, b); by Stirling's series for a large argument, where the difference of the log-gammas has no digits left."""
    a, b = min(a, b), max(a, b)
    if b < 1000 or a <= 0:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    c = a + b
    if a >= 1000:
        rest = sum(s * (1 / (12 * x) - 1 / (360 * x * x * x)) for s, x in ((1, a), (1, b), (-1, c)))
        return (a - 0.5) * math.log(a / c) - (b - 0.5) * math.log1p(a / b) - 0.5 * math.log(c) + 0.5 * math.log(2 * math.pi) + rest
    correction = (1 / b - 1 / c) / 12 - (1 / (b * b * b) - 1 / (c * c * c)) / 360
    return math.lgamma(a) + a - (b - 0.5) * math.log1p(a / b) - a * math.log(c) + correction


def _besseli(order: float, x: float) -> float:
    """I of a whole order does not depend on the order's sign; it is below (x/2)^order e^x / order!, and 0.0 where that is."""
    order = abs(order) if order == int(order) else order
    if order > 50 and x > 0 and order * math.log(x / 2) + x - math.lgamma(order + 1) < -750:
        return 0.0
    return float(_mp("besseli")(order, x))


SPECIAL = {  # functions whose floats are those of balls; the last argument is the one after which the method is called
    "besselk": "bessel_k", "uppergamma": "gamma_upper", "lowergamma": "gamma_lower", "expint": "expint", "Ei": "ei", "erfi": "erfi",
}  # fmt: skip
BITS = (64, 128, 256, 1024)


def _special(name: str, logarithm: bool = False) -> Callable[..., float]:
    """A special function, or its logarithm, from balls, which lose no digits; nan where it has no real value."""

    @lru_cache(4096)
    def value(*args: float) -> float:
        from flint import arb, ctx

        for bits in BITS:
            with ctx.workprec(bits):
                v = getattr(arb(args[-1]), SPECIAL[name])(*map(arb, args[:-1]))
                v = v.log() if logarithm else v
                if v.rel_accuracy_bits() >= 53:
                    return float(v.mid())
        return float(v) if v.is_exact() else NAN

    return value


def _median(*xs: float) -> float:
    s = sorted(xs)
    return (s[(len(s) - 1) // 2] + s[len(s) // 2]) / 2


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "log": math.log, "exp": exp, "sqrt": math.sqrt, "abs": abs, "sin": math.sin, "cos": math.cos,
    "tan": math.tan, "sinh": math.sinh, "cosh": _unbounded(math.cosh), "tanh": math.tanh, "arctan": math.atan,
    "arcsin": math.asin, "arccos": math.acos, "asinh": math.asinh, "acosh": math.acosh, "atanh": math.atanh,
    "atan2": math.atan2, "probit": _probit, "gamma": _gamma, "loggamma": math.lgamma,
    "digamma": _digamma, "trigamma": lambda x: _polygamma(1, x), "polygamma": _polygamma, "beta": _beta,
    "binomial": _binomial, "factorial": _factorial, "sign": lambda x: float((x > 0) - (x < 0)),
    "floor": lambda x: float(math.floor(x)), "ceiling": lambda x: float(math.ceil(x)), "max": max, "min": min,
    "erf": math.erf, "erfc": math.erfc, "Phi": lambda x: math.erfc(-x / math.sqrt(2)) / 2,
    "lambertw": _lambertw, "zeta": _mp("zeta"), "besseli": _besseli, "zetad": _zeta_derivative, "median": _median,
    "logit": lambda p: math.log(p / (1 - p)), **{name: _special(name) for name in SPECIAL},
    "diag": diagonal, "transpose": transposed, "inverse": inverse, "det": det, "tr": trace, "norm": norm, "eye": Matrix.eye, "ones": Matrix.ones, "zeros": Matrix.zeros,
}  # fmt: skip


def _log_binomial(n: float, k: float) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


LOG_FUNCTIONS: Mapping[str, Callable[..., float]] = {  # log of the value, where all arguments are positive
    "gamma": math.lgamma, "factorial": lambda x: math.lgamma(x + 1), "binomial": _log_binomial,
    "beta": _log_beta, **{name: _special(name, True) for name in SPECIAL},
    "cosh": lambda x: x + math.log1p(math.exp(-2 * x)) - math.log(2), "sqrt": lambda x: math.log(x) / 2,
}  # fmt: skip


__all__ = ["CONSTANTS", "FUNCTIONS", "INF", "LOG_FUNCTIONS", "NAN", "SPECIAL", "Env", "Value", "exp", "expm1", "power"]
