"""A pole of the score inside the domain: what holds between two poles says nothing of the other side."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import reported
from ...formula.tree import Big, Div, Formula, Pow, has, value, walk
from ...numerics.search import from_line
from ...sets.ranges import interior
from .unknown import Unknown

PLACES = range(-24, 25)  # quarters of the unknown on the whole line, at which signs are compared
NEAR = 1e-6  # of what a divisor is a unit away, where it all but vanishes


def refuse_pole(unknown: Unknown) -> None:
    """Raises NotSupported where the score has a pole inside the domain."""
    if has_pole(unknown):
        raise NotSupported(
            f"the score for {reported(unknown.name)} has a pole inside the domain; stationary points on both sides of it are not compared for a "
            "symbolic sample",
            hint="give the data, or a domain on one side of it",
        )


def has_pole(unknown: Unknown) -> bool:
    """Whether something that the score is divided by changes its sign inside the domain, where the data do not cut that down."""
    if unknown.name in unknown.state.problem.moving:
        return False
    r = interior(unknown.state.problem.parameters[unknown.name])
    places = [from_line(k / 4 + 1 / 16, r.low, r.high) for k in PLACES]
    for g in map(compiled, dict.fromkeys(_divisors(unknown.score, unknown))):
        for w in unknown.oracle.points[:3]:
            values = [g({**w, unknown.name: t}) for t in places]
            if any(v < 0 for v in values) and any(v > 0 for v in values):
                return True
    return False


def at_pole(unknown: Unknown, place: float, unit: float) -> bool:
    """Whether something that the score is divided by all but vanishes at a place; unit: the size of the differences that matter."""
    for g in map(compiled, dict.fromkeys(_divisors(unknown.score, unknown))):
        here, *around = (abs(g({**unknown.oracle.points[0], unknown.name: place + d})) for d in (0.0, -unit, unit))
        if here < NEAR * max(around):
            return True
    return False


def _divisors(score: Formula, unknown: Unknown) -> Iterator[Formula]:
    """The bases of negative powers that hold the unknown, outside of sums."""
    inside = {h for g in walk(score) if isinstance(g, Big) for h in walk(g.body)}
    for g in walk(score):
        if g in inside:
            continue
        if isinstance(g, Div):
            yield from (b for b, k in unknown.al.split(g.bottom).powers.items() if has(b, unknown.letter) and (value(k) or 0) > 0)
        if isinstance(g, Pow) and has(g.base, unknown.letter) and (value(g.exponent) or 0) < 0:
            yield g.base


__all__ = ["at_pole", "has_pole", "refuse_pole"]
