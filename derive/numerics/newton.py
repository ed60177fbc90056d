"""Where a smooth function of one or several unknowns is largest: found from its derivatives, to full precision.

One unknown: the sign of the derivative is looked at on a grid over the whole domain, every change of sign is
narrowed down by bisection, and all maxima are compared.  Several: a simplex search from several starts, then
Newton's method on the derivatives.  Floats only; nothing here knows what the function means.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from .search import from_line, maximise, to_line

INF = math.inf
Real = Callable[[float], float]
Vector = Sequence[float]
TIES = 1e-9  # two heights that differ by less, relative to their size, are the same
NOISE = 1e-11  # a derivative that changes the height by less over a grid cell, relative to its size, has no sign
NEAR = 1e-3  # the size of a simplex from which Newton's method is tried
WIGGLE = 1e-6  # the part of a grid cell over which a derivative is looked at twice


@dataclass(frozen=True, slots=True)
class Landscape:
    """What a function of one unknown looks like over an interval.

    maxima, minima: stationary points in order.  heights: of the maxima.  low, high: the sign of the derivative
    near the ends (0 where it could not be told).  low_height, high_height: the function there.
    decided: where that was proved, the places at which the function is largest, and the end (-1, 1) towards which it comes highest.
    """

    maxima: tuple[float, ...]
    heights: tuple[float, ...]
    minima: tuple[float, ...]
    low: int
    high: int
    low_height: float
    high_height: float
    decided: tuple[tuple[float, ...], int] | None = None

    @property
    def best(self) -> float:
        """The highest maximum inside, or nan where there is none or an end is higher."""
        if self.decided is not None:
            return self.decided[0][0] if self.decided[0] else math.nan
        if not self.maxima:
            return math.nan
        top = max(self.heights)
        if self.open_end:
            return math.nan
        return self.maxima[self.heights.index(top)]

    @property
    def open_end(self) -> int:
        """-1 or 1 where the function comes higher towards that end than at any maximum inside, else 0."""
        if self.decided is not None:
            return self.decided[1]
        top = max(self.heights, default=-INF)
        slack = TIES * (1 + abs(top)) if math.isfinite(top) else 0.0
        ends = [
            (h, side)
            for h, side, up in ((self.low_height, -1, self.low < 0), (self.high_height, 1, self.high > 0))
            if up and h > top + slack
        ]
        return max(ends)[1] if ends else 0

    @property
    def tied(self) -> tuple[float, ...]:
        """All places with the greatest height."""
        if self.decided is not None:
            return self.decided[0]
        top = max(self.heights, default=-INF)
        return tuple(x for x, h in zip(self.maxima, self.heights, strict=True) if h >= top - TIES * (1 + abs(top)))


def grid(low: float, high: float, marks: Vector = ()) -> list[float]:
    """Points over an interval, from end to end: logarithmic towards a finite end, around the marks on a line."""
    if low > -INF or high < INF:
        width = 36.0 if low > -INF and high < INF else 46.0
        steps = [k / 4 for k in range(-64, 65)]
        ts = [-width, -30.0, -25.0, -20.0, *steps, 20.0, 25.0, 30.0, width]
        xs = [from_line(t, low, high) for t in ts]
    else:
        finite = sorted(m for m in marks if math.isfinite(m)) or [0.0]
        centre = finite[len(finite) // 2]
        scale = (finite[-1] - finite[0]) / 4 or 1 + abs(centre)
        xs = [centre + scale * math.sinh(k / 8) for k in range(-160, 161)]
        near = finite if len(finite) <= 60 else finite[:: len(finite) // 60 + 1]
        xs += [*near, *((a + b) / 2 for a, b in pairwise(near))]
    return sorted({x for x in xs if low < x < high})


def where_defined(f: Real, low: float, high: float, marks: Vector = ()) -> tuple[float, float]:
    """The interval from the first to the last place at which f has a finite value, found by bisection where that is not the
    whole of (low, high)."""
    xs = grid(low, high, marks)
    inside = [j for j, x in enumerate(xs) if math.isfinite(f(x))]
    if not inside:
        return low, high

    def edge(j: int, step: int, end: float) -> float:
        if not 0 <= j + step < len(xs):
            return end
        a, b = xs[j], xs[j + step]
        for _ in range(200):
            m = (a + b) / 2
            if m in (a, b):
                break
            a, b = (m, b) if math.isfinite(f(m)) else (a, m)
        return b

    return edge(inside[0], -1, low), edge(inside[-1], 1, high)


def landscape(f: Real, slope: Real, low: float, high: float, marks: Vector = ()) -> Landscape:
    """The stationary points of f on (low, high), found from its derivative."""
    f, slope = cache(f), cache(slope)
    xs = [x for x in grid(low, high, marks) if math.isfinite(f(x))]
    cells = [(x, y - x if y > x else x - y) for x, y in zip(xs, [*xs[1:], xs[-2]], strict=True)] if len(xs) > 1 else []
    looked = [(x, f(x), s, width, _noisy(s, slope(x + WIGGLE * width))) for x, width in cells for s in (slope(x),)]
    rows = _quiet([(*a[:4], a[4] or _at_odds(a, b)) for a, b in pairwise(looked)] + looked[-1:])
    points = [(x, s) for x, v, s, width in rows if abs(s) * width > NOISE * (1 + abs(v))]
    maxima: list[float] = []
    minima: list[float] = []
    for (a, s), (b, r) in pairwise(points):
        if (s > 0) == (r > 0):
            continue
        x = bisected(slope, a, b, s)
        if s > 0 and f(x) >= max(f(a), f(b)) - TIES * (1 + abs(f(a))) and _stands_out(f, x, 2 * a - b, 2 * b - a, (low, high)):
            maxima.append(x)
        elif s < 0 and f(x) <= min(f(a), f(b)) + TIES * (1 + abs(f(a))):
            minima.append(x)
    if not points:
        return Landscape((), (), (), 0, 0, math.nan, math.nan)
    return Landscape(
        tuple(maxima), tuple(map(f, maxima)), tuple(minima), _sign(points[0][1]), _sign(points[-1][1]), rows[0][1], rows[-1][1]
    )  # fmt: skip


Row = tuple[float, float, float, float, bool]  # place, height, slope, width of the cell after it, whether there is noise


def _at_odds(a: Row, b: Row) -> bool:
    """Whether the heights at the ends of a cell do not differ as the slopes there say: then the heights are rounding error."""
    rise, said = b[1] - a[1], a[3] * (a[2] + b[2]) / 2
    scale = a[3] * (abs(a[2]) + abs(b[2])) / 2 + abs(rise)
    return abs(rise - said) > 0.7 * scale + TIES * (1 + abs(a[1]))


def _quiet(rows: Sequence[Row]) -> list[tuple[float, float, float, float]]:
    """The longest stretch without two noisy places side by side, its noisy places left out: further out all is rounding."""
    stretches: list[list[tuple[float, float, float, float]]] = [[]]
    before = False
    for *row, noisy in rows:
        if noisy and before:
            stretches.append([])
        elif not noisy:
            stretches[-1].append((row[0], row[1], row[2], row[3]))
        before = noisy
    return max(stretches, key=len)


def _noisy(s: float, near: float) -> bool:
    """Whether a derivative changes so much over a short way that it must be rounding error."""
    return math.isnan(s) or math.isnan(near) or abs(s - near) > 0.05 * max(abs(s), abs(near))


def _stands_out(f: Real, x: float, a: float, b: float, bounds: tuple[float, float]) -> bool:
    """Whether f is lower at a and b than at x by more than its rounding error near x."""
    below = [f(y) for y in (a, b) if bounds[0] < y < bounds[1]]
    noise = max((abs(f(x + k * 1e-8 * (b - a)) - f(x)) for k in (-3, -2, -1, 1, 2, 3)), default=0.0)
    return all(not v > f(x) - 4 * noise for v in below)


def _sign(v: float) -> int:
    return (v > 0) - (v < 0)


def bisected(g: Real, a: float, b: float, at_a: float) -> float:
    """The root of g between a and b, to the last digit: the secant's (Illinois) with bisection to fall back on."""
    u, v = at_a, g(b)
    for k in range(200):
        x = (a * v - b * u) / (v - u) if k % 3 != 2 and math.isfinite(u) and math.isfinite(v) and u != v else (a + b) / 2
        if not min(a, b) < x < max(a, b):
            x = (a + b) / 2
        if x in (a, b):
            break
        w = g(x)
        if w == 0:
            return x
        if (w > 0) == (u > 0):
            a, u = x, w
        else:
            b, v = x, w
        if abs(b - a) <= 4e-16 * max(abs(a), abs(b)):
            break
    return (a if abs(u) < abs(v) else b) if math.isfinite(u) and math.isfinite(v) else (a + b) / 2


def highest(
    f: Callable[[Vector], float], slopes: Callable[[Vector], list[float]], bounds: Sequence[tuple[float, float]],
    starts: Sequence[Vector], least: Vector = (),
) -> list[float] | None:  # fmt: skip
    """The highest stationary point of f inside the bounds, or None where no search ends at one.

    least: for each unknown the smallest step for differences.  Where the searches end they begin again, further out on all sides, so that a higher region is not overlooked.
    """
    found = _searched(f, slopes, bounds, starts, least)
    if not found:
        return None
    centre = max(found, key=lambda r: r[0])[2]
    found += _searched(f, slopes, bounds, _around(centre, bounds), least)
    best = max(found, key=lambda r: r[0])
    if not best[1]:  # the highest search ended at no stationary point: perhaps at one that another search reached
        near = [r for r in found if r[1] and r[0] >= best[0] - 1e-7 * (1 + abs(best[0]))]
        return max(near)[1] if near else None
    return best[1]


def _around(place: Vector, bounds: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Places away from one: every coordinate moved out and in, two of them at a time in opposite directions."""
    line = [to_line(x, low, high) for x, (low, high) in zip(place, bounds, strict=True)]
    steps = [1.2 if low > -INF or high < INF else 0.5 * (1 + abs(t)) for t, (low, high) in zip(line, bounds, strict=True)]
    signs = [[1 if (j >> k) & 1 else -1 for k in range(len(line))] for j in range(2 ** len(line))] if len(line) <= 3 else []
    return [[from_line(t + s * d, low, high) for t, s, d, (low, high) in zip(line, row, steps, bounds, strict=True)] for row in signs]


def _searched(
    f: Callable[[Vector], float],
    slopes: Callable[[Vector], list[float]],
    bounds: Sequence[tuple[float, float]],
    starts: Sequence[Vector],
    least: Vector = (),
) -> list[tuple[float, list[float], list[float]]]:
    """For each start the height reached, the stationary point there (empty where there is none), the place reached."""
    found: list[tuple[float, list[float], list[float]]] = []
    for start in starts:
        if math.isnan(f(start)):
            continue
        place, top = maximise(f, bounds, start, tolerance=1e-6, most=900, width=NEAR)
        x = _stationary(f, slopes, place, top, bounds, least)
        if x is None and math.isfinite(top):
            place, top = maximise(f, bounds, place, tolerance=1e-9, most=900)
            x = _stationary(f, slopes, place, top, bounds, least)
        if math.isfinite(top):
            found.append((top, [], list(place)) if x is None else (f(x), x, list(place)))
    return found


def _stationary(
    f: Callable[[Vector], float], slopes: Callable[[Vector], list[float]], place: Vector, top: float, bounds: Sequence[tuple[float, float]], least: Vector
) -> list[float] | None:  # fmt: skip
    """The stationary point near a place with a given height, where it is not lower; else None."""
    x = newton(slopes, place, bounds, least=least) if math.isfinite(top) else None
    return x if x is not None and f(x) >= top - 1e-6 * (1 + abs(top)) else None


def newton(
    slopes: Callable[[Vector], list[float]],
    start: Vector,
    bounds: Sequence[tuple[float, float]],
    most: int = 40,
    least: Vector = (),
    updated: bool = False,
) -> list[float] | None:
    """A root of the slopes near start by Newton's method with differences for the second derivatives; else None.

    updated: these are taken once, and after each step updated from the slopes (Broyden 1965, Mathematics of Computation 19): fewer values
    of the slopes, where these are costly.
    """
    x = list(start)
    size = math.inf
    second: list[list[float]] | None = None
    before: tuple[list[float], list[float]] | None = None
    for _ in range(most):
        g = slopes(x)
        if any(math.isnan(v) for v in g) or not all(lo < a < hi for a, (lo, hi) in zip(x, bounds, strict=True)):
            return None  # undefined there, or on the border, where there is no second derivative
        if second is None or before is None or not updated:
            second = _jacobian(slopes, x, bounds, least)
        else:
            second = _updated(
                second, [a - b for a, b in zip(x, before[0], strict=True)], [a - b for a, b in zip(g, before[1], strict=True)]
            )
        before = x, g
        step = solve_linear(second, [-v for v in g])
        if step is None:
            return None
        scale = 1.0
        while not all(lo < a + scale * d < hi for a, d, (lo, hi) in zip(x, step, bounds, strict=True)):
            scale /= 2
            if scale < 1e-12:
                return None
        x = [a + scale * d for a, d in zip(x, step, strict=True)]
        now = max(abs(d) / (1e-8 + s + abs(a)) for a, d, s in zip(x, step, least or [0.0] * len(x), strict=True))
        if now <= 1e-14 or (now <= 1e-10 and now >= size / 2):
            return x
        size = now
    return x if size <= 1e-9 else None


def _updated(a: list[list[float]], step: list[float], change: list[float]) -> list[list[float]]:
    """The matrix nearest to a that takes a step to the change of the slopes that was seen."""
    length = sum(d * d for d in step)
    if not length > 0:
        return a
    lacking = [c - sum(v * d for v, d in zip(row, step, strict=True)) for row, c in zip(a, change, strict=True)]
    return [[v + w * d / length for v, d in zip(row, step, strict=True)] for row, w in zip(a, lacking, strict=True)]


def _jacobian(
    slopes: Callable[[Vector], list[float]], x: list[float], bounds: Sequence[tuple[float, float]], least: Vector = ()
) -> list[list[float]]:
    columns = []
    for j, (lo, hi) in enumerate(bounds):
        h = max(1e-5 * (abs(x[j]) or 1.0), least[j] if least else 0.0)
        h = min(h, (x[j] - lo) / 2, (hi - x[j]) / 2)
        up, down = list(x), list(x)
        up[j] += h
        down[j] -= h
        if up[j] == down[j]:  # too near the border for a difference
            return [[math.nan] * len(bounds)] * len(bounds)
        columns.append([(a - b) / (up[j] - down[j]) for a, b in zip(slopes(up), slopes(down), strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def solve_linear(a: list[list[float]], b: list[float]) -> list[float] | None:
    """a x = b by elimination with pivots; None where a is singular."""
    n = len(b)
    rows = [[*row, v] for row, v in zip(a, b, strict=True)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda r: abs(rows[r][k]))
        if not abs(rows[pivot][k]) > 0 or not math.isfinite(rows[pivot][k]):
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for r in range(k + 1, n):
            factor = rows[r][k] / rows[k][k]
            rows[r] = [u - factor * v for u, v in zip(rows[r], rows[k], strict=True)]
    x = [0.0] * n
    for k in reversed(range(n)):
        x[k] = (rows[k][n] - sum(rows[k][j] * x[j] for j in range(k + 1, n))) / rows[k][k]
    return x if all(map(math.isfinite, x)) else None


FEW = 2  # unknowns with two ends for which the search also begins near them


def starts(bounds: Sequence[tuple[float, float]], marks: Vector) -> list[list[float]]:
    """Places from which to search: about the middle of the marks and their spread, and further out."""
    finite = sorted(m for m in marks if math.isfinite(m)) or [1.0]
    centre, spread = finite[len(finite) // 2], (finite[-1] - finite[0]) / 3 or 1.0
    out = []
    for c, s in ((centre, spread), (centre, spread / 4), (0.0, 1.0), (finite[0], spread * 2), (finite[-1], spread)):
        out.append([_start(lo, hi, c, s, j) for j, (lo, hi) in enumerate(bounds)])
    between = [j for j, (lo, hi) in enumerate(bounds) if lo > -INF and hi < INF]
    if len(between) <= FEW:  # near both ends: of an angle they are neighbours
        for j in between:
            lo, hi = bounds[j]
            out += [[lo + (hi - lo) * part if k == j else x for k, x in enumerate(out[0])] for part in (0.1, 0.9)]
    if len(between) > 1:  # shares of a whole, which must not add up to more
        for part in (1.0, 0.4):
            out.append(
                [
                    lo + (hi - lo) * part / (len(bounds) + 1 + 0.1 * j) if lo > -INF and hi < INF else out[0][j]
                    for j, (lo, hi) in enumerate(bounds)
                ]
            )
    return [x for j, x in enumerate(out) if x not in out[:j]]


DRAWN = 400  # places at which a function that has a value in a part of its domain only is looked at
KEPT = 3


def feasible(f: Callable[[Vector], float], bounds: Sequence[tuple[float, float]], marks: Vector, first: Sequence[Vector]) -> list[Vector]:
    """Places from which to search where f has a value in a part of its domain only: of many at different scales the
    highest, apart from each other."""
    rng = random.Random(9)
    seen = sorted(m for m in marks if math.isfinite(m)) or [1.0]
    spread = (seen[-1] - seen[0]) or abs(seen[0]) or 1.0
    places = [list(x) for x in first]
    for _ in range(DRAWN):
        place = []
        for low, high in bounds:
            size = spread * 10.0 ** rng.uniform(-1.5, 1.5)
            if low > -INF and high < INF:
                place.append(low + (high - low) * rng.uniform(0.02, 0.98))
            elif low > -INF or high < INF:
                size = 10.0 ** rng.uniform(-1.5, 1) if rng.random() < 0.5 else size
                place.append(low + size if low > -INF else high - size)
            else:
                place.append(rng.choice([rng.gauss(0, 1), rng.choice(seen) + rng.gauss(0, spread / 3), rng.gauss(0, size)]))
        places.append(place)
    rows = sorted(((v, x) for x in places if math.isfinite(v := f(x))), reverse=True)
    kept: list[Vector] = []
    for _, x in rows:
        line = [to_line(a, *b) for a, b in zip(x, bounds, strict=True)]
        if all(max(abs(a - to_line(c, *b)) for a, c, b in zip(line, y, bounds, strict=True)) > 0.5 for y in kept):
            kept.append(x)
        if len(kept) == KEPT:
            break
    return kept


def _start(low: float, high: float, centre: float, spread: float, position: int) -> float:
    if low > -INF and high < INF:
        return low + (high - low) * (0.5 + 0.1 * position)
    if low > -INF:
        return low + spread * (1 + 0.3 * position)
    return high - spread * (1 + 0.3 * position) if high < INF else centre + 0.1 * position


__all__ = ["Landscape", "grid", "highest", "landscape", "newton", "solve_linear", "starts", "to_line"]
