"""The estimates of one parameter as numbers: single ones, and intervals of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..derived import Derived
from ..formula.evaluate import compiled
from ..formula.names import reported
from ..formula.tree import Dots, Formula, SetOf, Span, Union, names, walk
from ..sets.domain import INFINITY, MINUS_INFINITY


@dataclass(frozen=True, slots=True)
class Estimates:
    """single: one by one.  spans: whole intervals.  endless: whether those that are given go on at equal distances."""

    single: tuple[float, ...] = ()
    spans: tuple[tuple[float, float], ...] = ()
    endless: bool = False


def estimates_of(d: Derived, name: str) -> Estimates:
    """All estimates of a parameter; the one in numbers where a set of them speaks of other letters."""
    if d.numeric is None:
        return Estimates()
    f = d.answers.get(name)
    if f is None or not isinstance(f, (SetOf, Span, Union)) or names(f):
        return Estimates((d.numeric[reported(name)],))
    single, spans = _parts(f)
    return Estimates(tuple(single), tuple(spans), any(isinstance(g, Dots) for g in walk(f)))


def _parts(f: Formula) -> tuple[list[float], list[tuple[float, float]]]:
    match f:
        case SetOf(items):  # of an endless one those that are written
            return [compiled(g)({}) for g in items if not isinstance(g, Dots)], []
        case Span(low, high):
            return [], [(_end(low), _end(high))]
        case Union(parts):
            found = [_parts(g) for g in parts]
            return [x for single, _ in found for x in single], [s for _, spans in found for s in spans]
    return [compiled(f)({})], []


def _end(f: Formula) -> float:
    """An end as a float, perhaps infinite."""
    return math.inf if f == INFINITY else -math.inf if f == MINUS_INFINITY else compiled(f)({})


__all__ = ["Estimates", "estimates_of"]
