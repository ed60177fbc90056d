"""Extended intervals: sets of reals with ends that may be infinite and may be missing (open).

The ends are numbers of Arb without a radius, rounded outwards, so that nothing overflows.  Openness is what makes
"every term is below 0, and comes as near to it as you like" a strict sign.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

INF, NINF, NIL, ONE = arb("inf"), arb("-inf"), arb(0), arb(1)
Point = Callable[[Any], Any]  # a function on single numbers: a ball around the value


class NoValue(Exception):
    """The function has no value on a part of the interval."""


def _bounds(f: Point, t: Any, at_low: Any, at_high: Any) -> tuple[Any, Any]:
    """Bounds of f(t), where digits or exponents do not suffice those of the values beyond a place before it."""
    v = f(t)
    if v.is_finite():
        return v.lower(), v.upper()
    for near in (arb(2) ** 40, -(arb(2) ** 40)):  # far out a monotone function lies beyond its value at a nearer place
        if (t > near > 0 or t < near < 0) and (w := f(near)).is_finite():
            limit = at_high if near > 0 else at_low
            return (w.lower(), limit.upper()) if w < limit else (limit.lower(), w.upper())
    raise NoValue


class Extended:
    """The reals from lo to hi; an end that is open does not belong to it."""

    __slots__ = ("hi", "hi_open", "lo", "lo_open")

    def __init__(self, lo: Any, hi: Any, lo_open: bool = False, hi_open: bool = False):
        if not lo <= hi:
            raise NoValue
        self.lo, self.hi = lo, hi
        self.lo_open = lo_open or not lo.is_finite()
        self.hi_open = hi_open or not hi.is_finite()

    @staticmethod
    def of(ball: Any) -> Extended:
        """The interval of a ball."""
        if not ball.is_finite():
            raise NoValue
        return Extended(ball.lower(), ball.upper())

    @property
    def sign(self) -> int:
        """1 or -1 where all numbers have that sign, else 0."""
        if self.lo > 0 or (self.lo == 0 and self.lo_open):
            return 1
        if self.hi < 0 or (self.hi == 0 and self.hi_open):
            return -1
        return 0

    def __add__(self, o: Extended) -> Extended:
        return Extended((self.lo + o.lo).lower(), (self.hi + o.hi).upper(), self.lo_open or o.lo_open, self.hi_open or o.hi_open)

    def __neg__(self) -> Extended:
        return Extended(-self.hi, -self.lo, self.hi_open, self.lo_open)

    def __sub__(self, o: Extended) -> Extended:
        return self + -o

    def __mul__(self, o: Extended) -> Extended:
        s, t = self.sign, o.sign
        if s < 0:
            return -(-self * o)
        if t < 0:
            return -(self * -o)
        if s and t:
            low, high = self.lo * o.lo, self.hi * o.hi
            return Extended(low.lower(), high.upper(), self.lo_open or o.lo_open, self.hi_open or o.hi_open)
        corners: list[tuple[Any, bool]] = []
        for a, a_open in ((self.lo, self.lo_open), (self.hi, self.hi_open)):
            for b, b_open in ((o.lo, o.lo_open), (o.hi, o.hi_open)):
                if a == 0 or b == 0:
                    corners.append((NIL, False))
                else:
                    corners.append((a * b, a_open or b_open))
        lo, hi = corners[0][0], corners[0][0]
        for c, _ in corners[1:]:
            lo = c if c.lower() < lo.lower() else lo
            hi = c if c.upper() > hi.upper() else hi
        return Extended(
            lo.lower(), hi.upper(), all(gone for c, gone in corners if not c > lo), all(gone for c, gone in corners if not c < hi)
        )  # fmt: skip

    def inverse(self) -> Extended:
        """1 over it.  Raises NoValue where it holds 0."""
        if not self.sign:
            raise NoValue
        a = NINF if self.hi == 0 else (ONE / self.hi).lower() if self.hi.is_finite() else NIL
        b = INF if self.lo == 0 else (ONE / self.lo).upper() if self.lo.is_finite() else NIL
        return Extended(a, b, self.hi_open, self.lo_open)

    def __truediv__(self, o: Extended) -> Extended:
        return self * o.inverse()

    def monotone(self, f: Point, at_low: Any, at_high: Any, low: Any = NINF, rising: bool = True) -> Extended:
        """The values of a strictly monotone function on (low, oo), of which the limits at both ends are given.

        Raises NoValue where the interval is not a part of the domain."""
        if self.lo < low or (self.lo == low and not self.lo_open):
            raise NoValue
        a = (at_low.lower(), at_low.upper()) if self.lo == low else _bounds(f, self.lo, at_low, at_high)
        b = (at_high.lower(), at_high.upper()) if self.hi == INF else _bounds(f, self.hi, at_low, at_high)
        if rising:
            return Extended(a[0], b[1], self.lo_open, self.hi_open)
        return Extended(b[0], a[1], self.hi_open, self.lo_open)

    def size(self) -> Extended:
        """The absolute value."""
        if self.lo >= 0:
            return self
        if self.hi <= 0:
            return -self
        a = -self.lo
        if a == self.hi:
            return Extended(NIL, self.hi, False, self.lo_open and self.hi_open)
        return Extended(NIL, a, False, self.lo_open) if a > self.hi else Extended(NIL, self.hi, False, self.hi_open)

    def power(self, k: int) -> Extended:
        """A whole power."""
        if k == 0:
            return Extended(ONE, ONE)
        if k < 0:
            return self.power(-k).inverse()
        if k % 2:
            return self.monotone(lambda t: t**k, NINF, INF)
        return self.size().monotone(lambda t: t**k, INF, INF)

    def __repr__(self) -> str:
        return f"{'(' if self.lo_open else '['}{float(self.lo):.6g}, {float(self.hi):.6g}{')' if self.hi_open else ']'}"
