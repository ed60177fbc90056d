"""What is found of the stationary points of a function of one unknown; plain values, which need no ball arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

End = Fraction | None  # None: infinite


class Verdict(StrEnum):
    """What was proved of the highest value on a domain: at one point, at none, at several; or nothing."""

    UNIQUE = "unique"
    NONE = "none"
    SEVERAL = "several"
    UNDECIDED = "undecided"


class By(StrEnum):
    """What carries a verdict."""

    CONCAVE = "the derivative falls on the whole domain"
    ONE_SIGN = "the derivative has one sign on the whole domain"
    ONE_ZERO = "the derivative has one zero"
    HEIGHTS = "all zeros of the derivative compared"
    SYMMETRY = "a symmetry"
    FLAT = "the derivative is 0"


class Towards(StrEnum):
    """Where a function goes at an end."""

    INFINITY = "it grows without bound"
    MINUS_INFINITY = "it falls without bound"
    BOUNDED = "it stays bounded"
    UNDECIDED = "not settled"


@dataclass(frozen=True, slots=True)
class Direction:
    """The sign of a derivative for all values of the unknown from `start` on; limit: of the function, where it rises."""

    sign: int
    start: Fraction
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Stationary:
    """A stationary point between low and high, exact bounds; maximum: else a minimum.  precise: known to the digits of a float,
    or 0 to many more digits than the size of what it is looked for among."""

    low: Fraction
    high: Fraction
    maximum: bool
    precise: bool = True

    @property
    def middle(self) -> Fraction:
        """A value between the bounds: 0 where they allow it."""
        return Fraction(0) if self.low <= 0 <= self.high else (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Domain:
    """An interval; an end that is None is infinite.  attained: for each end whether it belongs to the domain."""

    low: End = None
    high: End = None
    attained: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Box:
    """A stationary point of a function of several unknowns, the only one between low and high, exact bounds for each unknown.

    definite: whether the matrix of second derivatives is negative definite there, so that it is a local maximum.  precise: whether every
    coordinate is known to the digits of a float.
    """

    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    definite: bool
    precise: bool

    @property
    def middle(self) -> tuple[Fraction, ...]:
        """A point between the bounds: 0 where they allow it."""
        return tuple(Fraction(0) if a <= 0 <= b else (a + b) / 2 for a, b in zip(self.low, self.high, strict=True))


@dataclass(frozen=True, slots=True)
class Enclosed:
    """All stationary points of a function on a domain, or an honest "undecided".

    verdict: where it is largest.  points: the stationary points in order.  best: those of them at which the function is largest;
    none where that is at an end, or nowhere.  signs: of the derivative next to the ends, 0 where not known.  end: -1 or 1 where the
    function is largest at, or rises highest towards, the low or the high end.  unbounded: whether it grows without bound there; None
    where that was not asked.  by: what carries the verdict; why: what was lacking.  cells: looked at.
    """

    verdict: Verdict
    points: tuple[Stationary, ...] = ()
    best: tuple[Stationary, ...] = ()
    signs: tuple[int, int] = (0, 0)
    end: int = 0
    unbounded: bool | None = None
    by: By | None = None
    why: str = ""
    cells: int = 0

    @property
    def precise(self) -> bool:
        """Whether all points are known to the digits of a float."""
        return all(p.precise for p in self.points)


@dataclass(frozen=True, slots=True)
class Top:
    """Where one piece is highest: at a stationary point, or at (towards) an end, None for an infinite one; piece: its number."""

    place: Stationary | End
    piece: int

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for the same place, seen from two sides."""
        return (self.place, self.piece) if isinstance(self.place, Stationary) else (self.place,)


@dataclass(frozen=True, slots=True)
class Highest:
    """tops: of each piece in order.  best: the places that are highest.  unbounded: whether it grows without bound."""

    tops: tuple[Top, ...] = ()
    best: tuple[Top, ...] = ()
    unbounded: bool = False
