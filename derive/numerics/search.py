"""Numerical maximisation, independent of any derivation: the estimate's witness.

Nelder and Mead (1965), "A simplex method for function minimization", Computer Journal 7, in coordinates that
map each domain to the whole line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

INF = math.inf
Function = Callable[[Sequence[float]], float]


def to_line(x: float, low: float, high: float) -> float:
    """A point of (low, high) as a real number; a point that rounding has put on an end, as one next to it."""
    x = min(max(x, math.nextafter(low, INF)), math.nextafter(high, -INF))
    if low > -INF and high < INF:
        return math.log((x - low) / (high - x))
    if low > -INF:
        return math.log(x - low)
    return -math.log(high - x) if high < INF else x


def from_line(t: float, low: float, high: float) -> float:
    """The inverse of `to_line`."""
    if low > -INF and high < INF:
        return low + (high - low) / (1 + math.exp(-t)) if t > -700 else low
    if low > -INF:
        return low + math.exp(min(t, 700))
    return high - math.exp(min(-t, 700)) if high < INF else t


def maximise(
    f: Function, bounds: Sequence[tuple[float, float]], start: Sequence[float], tolerance: float = 1e-13, most: int = 4000, width: float = 1e-7
) -> tuple[list[float], float]:  # fmt: skip
    """The place and height of a local maximum of f inside the bounds, found from start, where the heights at the corners of a simplex agree
    and it has shrunk to the width.  nan counts as -inf."""

    def g(t: Sequence[float]) -> float:
        v = f([from_line(a, low, high) for a, (low, high) in zip(t, bounds, strict=True)])
        return INF if math.isnan(v) else -v

    t = [to_line(x, low, high) for x, (low, high) in zip(start, bounds, strict=True)]
    for step in (0.5, 0.05):  # a second, small simplex where the first one stopped
        t = _simplex(g, t, step, tolerance, most, width)
    return [from_line(a, low, high) for a, (low, high) in zip(t, bounds, strict=True)], -g(t)


def _simplex(g: Function, start: Sequence[float], step: float, tolerance: float, most: int, width: float) -> list[float]:
    n = len(start)
    points = [list(start)] + [[a + (step * (1 + 0.1 * j) if j == k else 0.0) for j, a in enumerate(start)] for k in range(n)]
    rows = sorted((g(p), p) for p in points)
    calls = n + 1
    while calls < most:
        best, worst = rows[0], rows[-1]
        if (
            abs(worst[0] - best[0]) <= tolerance * (1 + abs(best[0]))
            and max(abs(a - b) for a, b in zip(worst[1], best[1], strict=True)) < width
        ):
            break
        centre = [sum(p[j] for _, p in rows[:-1]) / n for j in range(n)]

        def at(scale: float, centre: list[float] = centre, away: list[float] = worst[1]) -> tuple[float, list[float]]:
            p = [c + scale * (c - w) for c, w in zip(centre, away, strict=True)]
            return g(p), p

        reflected = at(1.0)
        calls += 1
        if reflected[0] < best[0]:
            further = at(2.0)
            calls += 1
            rows[-1] = min(reflected, further)
        elif reflected[0] < rows[-2][0]:
            rows[-1] = reflected
        else:
            nearer = at(0.5) if reflected[0] < worst[0] else at(-0.5)
            calls += 1
            if nearer[0] < min(reflected[0], worst[0]):
                rows[-1] = nearer
            else:
                rows = [best] + [(g(q), q) for _, p in rows[1:] for q in [[(a + b) / 2 for a, b in zip(p, best[1], strict=True)]]]
                calls += n
        rows.sort()
    return rows[0][1]
