"""What is looked for when its value is wanted: where a function is largest, up to where a condition holds.

`compiled` and `log_size`, which give a formula's value, are handed in by what evaluates formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace as changed
from functools import lru_cache
from typing import Any

from ..numerics.newton import feasible, highest, landscape, newton, starts, where_defined
from .functions import INF, NAN, Env, Value
from .removable import bridged, singular
from .rowwise import MANY, Numbers
from .tree import Apply, At, Best, Big, Float, Formula, Indicator, Last, Peak, free_names, kinds, transform, walk

Compiler = Callable[[Formula], Value]
Sizes = Callable[[Formula], Callable[[Env], tuple[int, float]]]
Given = tuple[tuple[str, Any], ...]

SNAP = 1e-9  # an estimate so near to a place where a formula is 0/0 is there
STEP = 1e-3  # for differences near a place where a formula is 0/0
TIE = 1e-12  # two sizes that differ by less on the log scale, relative to it, are the same
FARTHEST = 2.0**50  # whole numbers that are looked at
PLACES = 64  # peaks that are remembered: their coordinates are asked for one after the other


def peak(f: Peak, compiled: Compiler) -> Value:
    """A coordinate of the place of the highest maximum, nan where there is none."""
    first = changed(f, position=0)
    free = sorted({k.removesuffix("_ord") for k in free_names(f)} | {g.name for g in walk(f) if isinstance(g, Apply)})

    def value(e: Env) -> float:
        if f.enclosed is not None and f.enclosed.given(e):
            return float(f.enclosed.value)
        given = tuple((k, tuple(v) if isinstance(v := e[k], list) else v) for k in free if k in e)
        place = _place(first, given, compiled)
        return NAN if place is None else place[f.position]

    return value


def _marks(values: Iterable[Any]) -> list[float]:
    """The observations, about which is looked."""
    return [x for v in values if isinstance(v, list) for x in v if isinstance(x, float)]


def _settled(f: Peak, e: Env, compiled: Compiler) -> Peak:
    """f with the sums over many observations that hold none of its unknowns worked out, once for all the places that are looked at."""
    if not any(isinstance(v, list) and len(v) > MANY for v in e.values()):
        return f

    def one(g: Formula) -> Formula | None:
        letters = free_names(g)
        return Float(compiled(g)(e)) if letters.isdisjoint(f.unknowns) and letters <= e.keys() else None

    return changed(f, body=transform(f.body, one, Big), slopes=tuple(transform(s, one, Big) for s in f.slopes))


@lru_cache(PLACES)
def _place(f: Peak, given: Given, compiled: Compiler) -> list[float] | None:
    """The place of the highest maximum for given values of the other letters and functions."""
    e: Env = {k: Numbers(v) if isinstance(v, tuple) else v for k, v in given}
    f = _settled(f, e, compiled)
    gaps = singular(f.body, f.unknowns, compiled)
    g, hs = bridged(compiled(f.body), gaps), [bridged(compiled(s), gaps) for s in f.slopes]
    ends = [compiled(x) for x in f.ends]
    limited = Indicator in kinds(f.body)
    marks = _marks(e.values())
    bounds = [(ends[2 * j](e), ends[2 * j + 1](e)) for j in range(len(hs))]
    if len(hs) == 1:
        name = f.unknowns[0]
        if limited:
            bounds = [where_defined(lambda x: g({**e, name: x}), *bounds[0], marks)]
        land = landscape(lambda x: g({**e, name: x}), lambda x: hs[0]({**e, name: x}), *bounds[0], marks)
        at_end = bounds[0][max(land.open_end, 0)] if land.open_end and f.closed[max(land.open_end, 0)] else NAN
        return [at_end if land.open_end else land.best]

    def at(x: Any) -> Env:
        return {**e, **dict(zip(f.unknowns, x, strict=True))}

    least = [STEP if any(u == k for u, _ in gaps) else 0.0 for k in f.unknowns]
    first: list[Any] = list(starts(bounds, marks))
    if limited:
        first = feasible(lambda x: g(at(x)), bounds, marks, first)
    place = highest(lambda x: g(at(x)), lambda x: [h(at(x)) for h in hs], bounds, first, least)
    return [_snapped(x, k, gaps) for x, k in zip(place, f.unknowns, strict=True)] if place else None


def candidates(f: Peak, e: Env, compiled: Compiler) -> list[list[float]]:
    """Places at which a maximum may be: of one unknown all of them inside, of several the highest that is found."""
    gaps = singular(f.body, f.unknowns, compiled)
    if len(f.unknowns) > 1 or Indicator in kinds(f.body):
        return [[compiled(changed(f, position=k))(e) for k in range(len(f.unknowns))]]
    f = _settled(f, e, compiled)
    (name,) = f.unknowns
    g, h = bridged(compiled(f.body), gaps), bridged(compiled(f.slopes[0]), gaps)
    low, high = (compiled(x)(e) for x in f.ends)
    land = landscape(lambda x: g({**e, name: x}), lambda x: h({**e, name: x}), low, high, _marks(e.values()))
    return [] if land.open_end else [[x] for x in land.maxima]


def near(f: Peak, e: Env, start: list[float], compiled: Compiler) -> list[float] | None:
    """The stationary point that Newton's method finds from a place, where it is not lower; else None."""
    gaps = singular(f.body, f.unknowns, compiled)
    g, hs = bridged(compiled(f.body), gaps), [bridged(compiled(s), gaps) for s in f.slopes]
    ends = [compiled(x)(e) for x in f.ends]
    bounds = list(zip(ends[::2], ends[1::2], strict=True))

    def at(x: Any) -> Env:
        return {**e, **dict(zip(f.unknowns, x, strict=True))}

    def slopes(x: Any) -> list[float]:
        return [h(at(x)) for h in hs]

    if not all(map(math.isfinite, start)):
        return None
    for updated in (True, False):  # the cheaper way first
        found = newton(slopes, start, bounds, updated=updated)
        if found is not None and g(at(found)) >= g(at(start)):
            return found
    return None


def _snapped(x: float, name: str, gaps: tuple[tuple[str, float], ...]) -> float:
    return next((r for k, r in gaps if k == name and abs(x - r) <= SNAP), x)


def last(f: Last, compiled: Compiler, log_size: Sizes) -> Value:
    """The last whole number with left >= right, sizes compared on the log scale: steps that double, then bisection."""
    (left, right), start, end = map(log_size, f.condition.sides), compiled(f.start), compiled(f.end)

    def reached(e: Env, k: float) -> bool:
        (s, u), (t, v) = left({**e, f.unknown: k}), right({**e, f.unknown: k})
        return s > 0 and (t <= 0 or u >= v - TIE * (1 + abs(u)))

    def value(e: Env) -> float:
        low, most, step = start(e), end(e), 1.0
        if math.isnan(low) or low > most:
            return NAN
        while low + step <= most and reached(e, low + step):
            low, step = low + step, 2 * step
            if step > FARTHEST:
                return NAN
        high = min(low + step, most + 1)
        while high - low > 1:
            middle = math.floor((low + high) / 2)
            low, high = (middle, high) if reached(e, middle) else (low, middle)
        return low

    return value


def best(f: Best, compiled: Compiler, log_size: Sizes) -> Value:
    """The least of the places at which the body is largest, sizes compared on the log scale."""
    size = log_size(f.body)
    data = next((g.base for g in f.places.items if isinstance(g, At)), None)
    fixed = [compiled(g) for g in f.places.items] if data is None else []

    def height(e: Env, x: float) -> float:
        sign, h = size({**e, f.unknown: x})
        return h if sign > 0 else -INF

    def value(e: Env) -> float:
        places = [g(e) for g in fixed] if data is None else [float(x) for x in e[data]]
        heights = {x: height(e, x) for x in sorted(set(places))}
        top = max(heights.values())
        return next(x for x, h in heights.items() if h >= top - TIE * (1 + abs(top))) if math.isfinite(top) else NAN

    return value


__all__ = ["best", "last", "peak"]
