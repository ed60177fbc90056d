"""The sign of a function next to an end of its domain, and its limit there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb, ctx, fmpq

from .algebras import Balls, Expansions, Intervals
from .builder import Function
from .exact import Exact, NotCovered, Undecided, fraction, rational
from .expansion import Expansion, ball
from .extended import INF, NINF, Extended, NoValue
from .values import End

NEAR = (0, 4, 16, 64, 256, 1024)  # powers of 1/2 of the unit, tried by intervals
LOOKED_AT = 4  # of them in floats
EXPANDED = (3, 8, 16, 32, 64, 256, 1024)  # and by expansions
MOST_ROWS = 5_000  # steps of a function that is expanded
INTERVAL = 10  # times a step in balls, for one in intervals
EXPANDING = 300  # times a step in balls, for one of an expansion
DIGITS = (64, 256, 1024)
LIMIT_DIGITS = 20  # bits to which a limit is wanted


class Budget:
    """What may be spent: steps of evaluations, weighted by what they cost.  Raises `Undecided` when it is gone."""

    def __init__(self, steps: int, cells: int):
        self.left, self.cells, self.most_cells = steps, 0, cells

    def spend(self, steps: int) -> None:
        """So many steps more."""
        self.left -= steps
        if self.left < 0:
            raise Undecided("the budget is spent")

    def cell(self) -> None:
        """One cell more."""
        self.cells += 1
        if self.cells > self.most_cells:
            raise Undecided("too many cells")


@dataclass(frozen=True)
class Side:
    """One end of a piece of the domain, approached from inside: sign 1 where it is the low end, -1 where the high one.

    unit: a power of two of the size of what is looked for, so that near and far do not depend on the units of the data.
    """

    end: End
    sign: int
    unit: Any

    def expansion(self, d: Any) -> Expansion:
        """The unknown near the end: end + unit v, or unit/v far out."""
        if self.end is None:
            return Expansion.variable(d, -1).scale(-self.sign * self.unit)
        return Expansion.constant(Exact(rational(self.end)), d) + Expansion.variable(d).scale(self.sign * self.unit)

    def place(self, power: int) -> Any:
        """A number without a radius, at unit/2^power from a finite end, or 2^power units out."""
        if self.end is None:
            return exactly(fraction(self.unit) * -self.sign * Fraction(2) ** power)
        return exactly(self.end + self.sign * fraction(self.unit) / Fraction(2) ** power)

    def beyond(self, power: int) -> Extended:
        """All numbers between the end and that place."""
        p = self.place(power)
        if self.end is None:
            return Extended(p, INF) if self.sign < 0 else Extended(NINF, p)
        e = exactly(self.end)
        if self.sign > 0:
            return Extended(e.lower(), p, bool(e.is_exact()), False)
        return Extended(p, e.upper(), False, bool(e.is_exact()))


def exactly(v: Fraction) -> Any:
    """A number without a radius: v where it is dyadic, else next to it."""
    size = max(v.numerator.bit_length(), v.denominator.bit_length())
    with ctx.workprec(2 * size + 1200):
        return arb(rational(v)).mid()


@dataclass(frozen=True)
class Sign:
    """The sign on the whole way from the end up to a place; 0: the function is 0 there, and so everywhere."""

    value: int
    place: Any
    unexpanded: bool


def sign_at(f: Function, side: Side, budget: Budget) -> Sign:
    """The sign next to an end: by extended intervals and by expansions, the cheaper way first.  Raises `Undecided` or `NotCovered`."""
    for bits in DIGITS:
        with ctx.workprec(bits):
            ways = (_by_intervals, _by_expansion)
            if EXPANDING * f.cost_expanded < INTERVAL * f.steps:  # many rows, expanded at once
                ways = (_by_expansion, _by_intervals)
            found = ways[0](f, side, budget) or ways[1](f, side, budget)
        if found is not None:
            return found
    raise Undecided("no sign at an end")


def _by_intervals(f: Function, side: Side, budget: Budget) -> Sign | None:
    g = f.over(Intervals())
    for power in NEAR[_first(f, side) :]:
        budget.spend(INTERVAL * f.steps)
        try:
            s = g(side.beyond(power)).sign
        except NoValue:
            continue
        except NotCovered:
            return None
        if s:
            return Sign(s, side.place(power), True)
    return None


def _first(f: Function, side: Side) -> int:
    """From which place on a sign may hold up to the end, as far as floats of many rows tell."""
    seen = [f.guessed(side.place(power)) for power in NEAR[:LOOKED_AT]] if f.many else []
    signs = [v > 0 for v in seen if v]
    return 0 if len(signs) < LOOKED_AT else max((j for j, s in enumerate(signs) if s != signs[-1]), default=-1) + 1


def _by_expansion(f: Function, side: Side, budget: Budget) -> Sign | None:
    if f.cost_expanded > MOST_ROWS:
        return None

    def at(power: int) -> int | None:
        budget.spend(EXPANDING * f.cost_expanded)
        d = arb(fmpq(1, 2**power))
        try:
            t = f.over(Expansions(d))(side.expansion(d))
            return 0 if t.vanishes else t.sign
        except (Undecided, NoValue, ZeroDivisionError):
            return None

    for j, power in enumerate(EXPANDED):
        s = at(power)
        if s is None:
            continue
        for step in (4, 2, 1):  # as far from the end as it holds: that saves cells
            while j and s and power - step > EXPANDED[j - 1] and at(power - step) == s:
                power -= step
        return Sign(s, side.place(power), False)
    return None


def limit_at(f: Function, side: Side, budget: Budget) -> Any:
    """The limit at an end: a ball, perhaps infinite.  Raises `Undecided` or `NotCovered`."""
    if f.cost_expanded > MOST_ROWS:
        raise Undecided("too many rows for an expansion")
    for power in EXPANDED:
        budget.spend(EXPANDING * f.cost_expanded)
        d = arb(fmpq(1, 2**power))
        try:
            t = f.over(Expansions(d))(side.expansion(d))
            kind = t.limit
            if kind in "+-":
                return INF if kind == "+" else NINF
            c = ball(t.terms[t.lead]) if kind == "c" else arb(0)
        except (Undecided, NoValue, ZeroDivisionError):
            continue
        if c.rad() < arb(2) ** -LIMIT_DIGITS * (1 + abs(c)):
            return c
    raise Undecided("no limit at an end")


def unit_of(f: Function, low: End, high: End, budget: Budget, below: bool = False) -> Any:
    """A power of two of the size of what is looked for: near a change of sign found at points, or of the data.  A guess.

    below: at points that lie below the high end, and not above the low one.
    """
    big = max(map(abs, f.sizes), default=Fraction(1))
    by_data = big.numerator.bit_length() - big.denominator.bit_length()
    if low is None and high is None:
        return _two(max(by_data, 0) if by_data > -30 else by_data)
    wide = None if low is None or high is None else high - low
    first = fmpq(1) if wide is None else _two(wide.numerator.bit_length() - wide.denominator.bit_length())
    g, side = f.over(Balls()), Side(high, -1, first) if below or low is None else Side(low, 1, first)

    def sign(power: int) -> int:
        budget.spend(f.cost)
        place = side.place(-power)
        v = f.guessed(place)
        v = g(place) if v is None else v
        return 1 if v > 0 else -1 if v < 0 else 0

    scanned = range(-640, 641 if wide is None else 0, 64)
    seen = [(k, s) for k in scanned if (s := sign(k))]
    changes = [(a, b, s) for (a, s), (b, t) in pairwise(seen) if s != t]
    if wide is not None and not changes:
        return first
    if not changes:  # where the sign is lost far out, what is looked for is perhaps there
        return _two(seen[-1][0] if seen and seen[-1][0] < scanned[-1] else by_data)
    a, b, s = min(changes, key=lambda c: abs(c[0] + c[1]))
    while b - a > 2:
        m = (a + b) // 2
        a, b = (m, b) if sign(m) == s else (a, m)
    return first * _two(a)


def _two(power: int) -> Any:
    return fmpq(2**power) if power >= 0 else fmpq(1, 2**-power)
