"""A function with data for all rows at once, in NumPy arrays of doubles: bounds that hold, and guesses.

Bounds: every operation is one of IEEE 754, rounded to the nearest number, and its result is moved to the neighbour outwards; exponential
function and logarithm are made of such operations, with a bound for their error.  What else there is is not covered.  Guesses tell where to
look; nothing rests on them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from flint import arb

from .algebras import BALLS, Weighted
from .exact import NotCovered
from .expansion import ball
from .extended import NoValue

MANY = 48  # rows from which arrays are worth their making
WIDE = 1000  # times the error of a sum
STEP, LEAST, NORMAL = 2.0**-52, 2.0**-1074, 2.0**-1022
DIGITS = 56  # bits of a ball of which the nearest float has all numbers within one of its own steps
Row = tuple[int, tuple[Any, ...]]


@cache
def numpy() -> Any:
    """NumPy; None where it is not installed."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


class Band:
    """Intervals [lo, hi], one or an array of them.  Raises NoValue where an end is no number."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: Any, hi: Any):
        self.lo, self.hi = lo, hi

    @staticmethod
    def outside(lo: Any, hi: Any) -> Band:
        """The interval with its ends moved beyond their neighbours: a float's neighbours are less than `STEP` times its size away."""
        return Band(lo - (abs(lo) * STEP + LEAST), hi + (abs(hi) * STEP + LEAST))

    @staticmethod
    def around(v: Any) -> Band:
        """The interval of a finite ball."""
        if not v.is_finite():
            raise NoValue
        if v.is_exact() and v == (point := float(v)):
            return Band(point, point)
        low, high = float(v.lower()), float(v.upper())
        return Band(math.nextafter(low, -math.inf), math.nextafter(high, math.inf))

    @property
    def is_one(self) -> bool:
        """Whether it is the number 1."""
        return isinstance(self.lo, float) and self.lo == self.hi == 1.0

    def ball(self) -> Any:
        """A ball that holds it."""
        low, high = float(self.lo), float(self.hi)
        if not (math.isfinite(low) and math.isfinite(high)):
            raise NoValue
        return arb(low).union(arb(high))

    def __add__(self, o: Band) -> Band:
        return Band.outside(self.lo + o.lo, self.hi + o.hi)

    def __neg__(self) -> Band:
        return Band(-self.hi, -self.lo)

    def __mul__(self, o: Band) -> Band:
        np = numpy()
        low, high = np.minimum, np.maximum
        a, b, c, d = self.lo * o.lo, self.lo * o.hi, self.hi * o.lo, self.hi * o.hi
        return Band.outside(low(low(a, b), low(c, d)), high(high(a, b), high(c, d)))

    def __truediv__(self, o: Band) -> Band:
        np = numpy()
        if not np.all((o.lo > 0) | (o.hi < 0)):
            raise NoValue
        inverse = Band.outside(1.0 / o.hi, 1.0 / o.lo)
        return inverse if self.is_one else self * inverse

    def size(self) -> Band:
        """The absolute value."""
        np = numpy()
        nearest = np.where((self.lo <= 0) & (self.hi >= 0), 0.0, np.minimum(abs(self.lo), abs(self.hi)))
        return Band(nearest, np.maximum(abs(self.lo), abs(self.hi)))

    def power(self, k: int) -> Band:
        """A whole power."""
        if k < 0:
            return ONE / self.power(-k)
        if k % 2:  # rising
            np = numpy()
            low, high = (Band(abs(e), abs(e))._raised(k) for e in (self.lo, self.hi))
            return Band(np.where(self.lo < 0, -low.hi, low.lo), np.where(self.hi < 0, -high.lo, high.hi))
        return self.size()._raised(k)

    def _raised(self, k: int) -> Band:
        """A whole power of what is not negative."""
        out = self if k else ONE
        for _ in range(k - 1):
            out = Band.outside(out.lo * self.lo, out.hi * self.hi)
        return out


ONE = Band(1.0, 1.0)


class Bounds:
    """The algebra of `Band`."""

    key = "bounds"

    def constant(self, c: Any) -> Band:
        return Band.around(ball(c))

    def column(self, cs: Sequence[Any]) -> Band:
        """A constant for each row."""
        np, balls = numpy(), [ball(c) for c in cs]
        if all(b.rel_accuracy_bits() > DIGITS for b in balls):
            return Band.outside(*[np.array([float(b) for b in balls])] * 2)
        found = [Band.around(b) for b in balls]
        return Band(np.array([b.lo for b in found]), np.array([b.hi for b in found]))

    def power(self, u: Band, k: int) -> Band:
        return u.power(k)

    def call(self, name: str, u: Band) -> Band:
        if name not in OF_BANDS:
            raise NotCovered(name)
        return OF_BANDS[name](u)

    def total(self, y: Band, times: Any) -> Band:
        """The sum over the rows, each with how often it occurs.

        Summed in any order n numbers have an error below n 2^-53 (1 + n 2^-52) times the sum of their sizes (Higham 2002, section 4.2); where that is
        no small part of the bounds, and they do not tell a sign, the sums are rounded once.
        """
        np = numpy()
        y = y if (times == 1.0).all() else y * Band(times, times)
        low, high = (np.broadcast_to(end, times.shape) for end in (y.lo, y.hi))
        error = len(times) * STEP * float(abs(low).sum() + abs(high).sum())
        a, b = float(low.sum()) - error, float(high.sum()) + error
        if a > 0 or b < 0 or b - a > WIDE * error:
            return Band.outside(a, b)
        if np.isnan(low).any() or np.isnan(high).any():
            raise NoValue
        return Band.outside(math.fsum(low.tolist()), math.fsum(high.tolist()))  # fsum rounds once

    def mean(self, t: Band, cs: Any) -> Band:
        low, high = (self._mean(Band(end, end), *cs) for end in (t.lo, t.hi))  # it rises
        return Band(low.lo, high.hi)

    def _mean(self, t: Band, times: Any, c: Band) -> Band:
        top = float(c.hi.max() if t.lo >= 0 else c.lo.min())
        e = c + Band(-top, -top)
        w = exponential(t * e)
        return Band(top, top) + self.total(w * e, times) / self.total(w, times)

    def variance(self, t: Band, cs: Weighted) -> Band:
        raise NotCovered("a weighted variance")


# -- functions ---------------------------------------------------------------------------------------

LN2_HIGH = math.ldexp(math.floor(math.ldexp(math.log(2), 32)), -32)  # 32 bits: a whole number of 11 bits times it is exact
LN2_LOW = 1.9082149292705877e-10  # log 2 - LN2_HIGH, to the nearest float
FARTHEST = 700.0  # for e^u
EXP_TERMS = [1 / math.factorial(j) for j in range(15)]
LOG_TERMS = [1 / (2 * j + 1) for j in range(12)]
EXP_ERROR, LOG_ERROR = 2.0**-46, 2.0**-49  # relative
Array = Any


def _exp(u: Array) -> Array:
    """e^u for |u| <= 700, with a relative error below `EXP_ERROR`: u = k log 2 + r with |r| < 0.35, and the series of e^r.

    r is wrong by less than 2^-53; by Horner's rule the series is by less than 30 * 2^-53 times the sum of the sizes of its terms, at most
    e^(2|r|) < 2.02 times its value (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 5.1); r^15/15! < 10^-18.
    """
    np = numpy()
    k = np.rint(u * (1 / math.log(2)))
    r = (u - k * LN2_HIGH) - k * LN2_LOW
    p = EXP_TERMS[-1]
    for c in reversed(EXP_TERMS[:-1]):
        p = p * r + c
    return np.ldexp(p, k.astype(int))


def _log(u: Array) -> Array:
    """log u for a finite normal u > 0, with a relative error below `LOG_ERROR`: u = 2^k m with m between 1/sqrt(2) and sqrt(2), and
    log m = 2 s (1 + s^2/3 + s^4/5 + ...) with s = (m - 1)/(m + 1).

    m - 1 is exact, s wrong by less than 3 * 2^-53 of its size, the series by less than 2 * 2^-53, log m by less than 6 * 2^-53; where k is not 0
    the logarithm is larger than |log m|, and two further sums are rounded.  What is left out is below s^24/25 < 10^-19.
    """
    np = numpy()
    m, k = np.frexp(u)
    low = m < math.sqrt(0.5)
    m, k = np.where(low, 2 * m, m), np.where(low, k - 1, k)
    f = m - 1
    s = f / (2 + f)
    z = s * s
    p = LOG_TERMS[-1]
    for c in reversed(LOG_TERMS[:-1]):
        p = p * z + c
    return k * LN2_HIGH + (2 * s * p + k * LN2_LOW)


def exponential(u: Band) -> Band:
    """e^u."""
    np = numpy()
    low, high = (_exp(np.clip(end, -FARTHEST, FARTHEST)) for end in (u.lo, u.hi))
    return Band(np.where(u.lo < -FARTHEST, 0.0, low - low * EXP_ERROR), np.where(u.hi > FARTHEST, math.inf, high + high * EXP_ERROR))


def logarithm(u: Band) -> Band:
    """log u.  Raises NoValue unless u is finite and has no end below the least normal number."""
    np = numpy()
    if not (np.all(u.lo >= NORMAL) and np.all(u.hi < math.inf)):
        raise NoValue
    low, high = _log(u.lo), _log(u.hi)
    return Band(low - abs(low) * LOG_ERROR, high + abs(high) * LOG_ERROR)


def _square_root(u: Band) -> Band:
    np = numpy()
    if not np.all(u.lo >= 0):
        raise NoValue
    return Band.outside(np.sqrt(u.lo), np.sqrt(u.hi))


def _sigmoid(u: Band) -> Band:
    return ONE / (ONE + exponential(-u))


OF_BANDS: Mapping[str, Callable[[Band], Band]] = {
    "abs": Band.size, "exp": exponential, "expm1": lambda u: exponential(u) + Band(-1.0, -1.0), "log": logarithm, "sqrt": _square_root, "sigmoid": _sigmoid,
}  # fmt: skip


class Guesses:
    """The algebra of floats, of which nothing is claimed."""

    key = "guesses"

    def constant(self, c: Any) -> float:
        return float(ball(c).mid())

    def column(self, cs: Sequence[Any]) -> Any:
        """A constant for each row."""
        return numpy().array([float(ball(c)) for c in cs])

    def power(self, u: Any, k: int) -> Any:
        return u ** float(k)

    def call(self, name: str, u: Any) -> Any:
        np = numpy()
        if name in ARRAYS:
            return ARRAYS[name](np, u)
        if name not in BALLS:
            raise NotCovered(name)
        one = BALLS[name]
        return np.array([float(one(arb(v)).mid()) for v in u.tolist()]) if getattr(u, "shape", ()) else float(one(arb(float(u))).mid())

    def total(self, y: Any, times: Any) -> float:
        """The sum over the rows, each with how often it occurs."""
        return float((y * times).sum())

    def mean(self, t: Any, cs: Weighted) -> Any:
        return self._moments(t, cs)[0]

    def variance(self, t: Any, cs: Weighted) -> Any:
        return self._moments(t, cs)[1]

    def _moments(self, t: float, cs: Any) -> tuple[float, float]:
        np = numpy()
        k, c = cs
        top = c.max() if t >= 0 else c.min()
        w = k * np.exp(t * (c - top))
        m = float((w * c).sum() / w.sum())
        return m, float((w * (c - m) ** 2).sum() / w.sum())


ARRAYS: Mapping[str, Callable[[Any, Any], Any]] = {
    "exp": lambda np, u: np.exp(u), "log": lambda np, u: np.log(u), "sqrt": lambda np, u: np.sqrt(u), "sin": lambda np, u: np.sin(u),
    "cos": lambda np, u: np.cos(u), "sinh": lambda np, u: np.sinh(u), "cosh": lambda np, u: np.cosh(u), "tanh": lambda np, u: np.tanh(u),
    "arctan": lambda np, u: np.arctan(u), "asinh": lambda np, u: np.arcsinh(u), "abs": lambda np, u: abs(u),
    "sigmoid": lambda np, u: 1 / (1 + np.exp(-u)),
}  # fmt: skip


def columns(algebra: Bounds | Guesses, rows: Sequence[Row]) -> tuple[Any, tuple[Any, ...]]:
    """How often each row occurs, and a column for each constant of a row."""
    times = numpy().array([float(k) for k, _ in rows])
    return times, tuple(map(algebra.column, zip(*(row for _, row in rows), strict=True)))


__all__ = ["MANY", "Band", "Bounds", "Guesses", "columns", "numpy"]
