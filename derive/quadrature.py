"""Numerical integration over an interval by double-exponential quadrature (Takahasi & Mori 1974).

The integrand is a function of one float; it may have integrable singularities at the ends and kinks at the given
breakpoints.  Answers are judged by halving the step: `None` where successive values do not settle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

Real = Callable[[float], float]
INF = math.inf
SETTLED = 3e-8  # two steps agree so well: the error of the finer one is about the square of their difference
LEVELS = 6  # steps 1/2, 1/4, ..., 1/64
FARTHEST = 90.0  # exponents at which an infinite range is cut: 10^-39 to 10^39 in units of the scale


class OutOfBudget(Exception):
    """More evaluations were wanted than allowed."""


class Budget:
    """How many evaluations of an integrand may still be made."""

    __slots__ = ("left",)

    def __init__(self, evaluations: int = 20000):
        self.left = evaluations

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise OutOfBudget


def integral(
    f: Real, low: float, high: float, breaks: Sequence[float] = (), target: float | None = None, budget: Budget | None = None
) -> float | None:
    """The integral of f from low to high; `inf` where it diverges, nan where f has no value, None where undecided.

    breaks: interior points at which f is not smooth or has its mass.  target: the value that is hoped for; an
    integral that is clearly another may come back with few correct digits.
    """
    if not low < high:
        return 0.0
    budget = budget or Budget()
    cuts = sorted({b for b in breaks if low < b < high})
    if len(cuts) == 1 and low == -INF and high == INF and _smooth(f, cuts[0]):
        return _piece(f, low, high, cuts[0], target, budget)
    edges = [low, *cuts, high]
    total: float | None = 0.0
    for a, b in zip(edges, edges[1:], strict=False):
        part = _piece(f, a, b, None, target if not cuts else None, budget)
        if part is None:
            total = None
        elif part != part or part == INF:
            return part
        elif total is not None:
            total += part
    return total


def _smooth(f: Real, c: float) -> bool:
    """Whether both one-sided slopes at c agree: where they do, c is a centre and not a kink."""
    h = 1e-5 * (1 + abs(c))
    a, m, b = f(c - h), f(c), f(c + h)
    return abs(a + b - 2 * m) <= 1e-7 * (abs(m) + abs(a)) or (abs(a - b) <= 0.1 * abs(m) and abs(a + b - 2 * m) <= 1e-3 * abs(m) and _flat(f, c, h))


def _flat(f: Real, c: float, h: float) -> bool:
    """Whether the second difference falls like h^2 (smooth), not like h (a kink)."""
    wide = f(c - h) + f(c + h) - 2 * f(c)
    narrow = f(c - h / 4) + f(c + h / 4) - 2 * f(c)
    return abs(narrow) < abs(wide) / 9 + 1e-14 * abs(f(c))


def _piece(f: Real, a: float, b: float, centre: float | None, target: float | None, budget: Budget) -> float | None:
    if a == -INF and b == INF:
        c = centre if centre is not None else _highest(f, budget)
        s = _scale(lambda d: f(c + d) + f(c - d), budget)
        return _refined(lambda u: f(c + s * math.sinh(u)) * s * math.cosh(u), FARTHEST, target, budget)
    if b == INF:
        s = _scale(lambda d: f(a + d), budget)
        return _refined(lambda u: _half_line(f, a, s * math.exp(u)), FARTHEST, target, budget)
    if a == -INF:
        s = _scale(lambda d: f(b - d), budget)
        return _refined(lambda u: _half_line(f, b, -s * math.exp(u)), FARTHEST, target, budget)
    half = (b - a) / 2

    def inside(u: float) -> float:
        e = math.exp(-2 * abs(u))
        near = 2 * half * e / (1 + e)  # the distance from the nearer end, without cancellation
        x = a + near if u < 0 else b - near
        if x <= a or x >= b:
            return 0.0
        return f(x) * 4 * half * e / (1 + e) ** 2

    return _refined(inside, FARTHEST / 2, target, budget)


def _half_line(f: Real, end: float, d: float) -> float:
    x = end + d
    return f(x) * abs(d) if x != end else 0.0


def _highest(f: Real, budget: Budget) -> float:
    """Where f is highest on a grid that widens in powers of two: the centre for an integral over the line."""
    grid = [0.0, *(s * 2.0**k for k in range(-3, 12, 2) for s in (1, -1))]
    budget.spend(len(grid))
    return max(grid, key=lambda x: _clean(f(x)))


def _scale(g: Real, budget: Budget) -> float:
    """The distance d at which d g(d), the mass for each factor of e, is largest: to a factor of four."""
    budget.spend(17)
    best, at = -1.0, 0
    for k in range(-8, 9):
        v = _clean(g(4.0**k)) * 4.0**k
        if v > best:
            best, at = v, k
    step = 1 if at == 8 else -1
    while abs(at) >= 8 and abs(at) < 40:
        budget.spend(1)
        v = _clean(g(4.0 ** (at + step))) * 4.0 ** (at + step)
        if v <= best:
            break
        best, at = v, at + step
    return 4.0**at if best > 0 else 1.0


def _clean(v: float) -> float:
    return v if -INF < v < INF else -1.0


@cache
def _nodes(level: int, farthest: float) -> tuple[tuple[float, float], ...]:
    """The abscissas u = (pi/2) sinh t and weights du/dt that the step 2^-(level+1) adds, from the middle outwards."""
    h = 0.5 ** (level + 1)
    out = []
    start, step = (0, 1) if level == 0 else (1, 2)
    k = start
    while True:
        t = k * h
        u = math.pi / 2 * math.sinh(t)
        if u > farthest:
            return tuple(out)
        out.append((u, math.pi / 2 * math.cosh(t)))
        k += step


def _refined(g: Real, farthest: float, target: float | None, budget: Budget) -> float | None:
    """The trapezoidal rule in t for the integral of g over u, the step halved until two values agree."""
    total, before, reach = 0.0, 0.0, [farthest, farthest]
    slip = INF
    for level in range(LEVELS):
        h = 0.5 ** (level + 1)
        for side in (0, 1):
            total += _side(g, level, side, reach, farthest, budget)
        if total != total or total == INF:
            return total
        now = total * h
        slip, before = abs(now - before), now
        if level == 0:
            verdict = _tail(g, reach, farthest, now)
            if verdict == INF:
                return INF
        if level >= 2 and slip <= SETTLED * abs(now):
            return now if _tail(g, reach, farthest, now) is None else None
        if level >= 1 and target is not None and slip < 0.1 * abs(now) and abs(now - target) > 10 * slip + 0.01:
            return now
    return before if slip <= 1e-6 * abs(before) and _tail(g, reach, farthest, before) is None else None


def _side(g: Real, level: int, side: int, reach: list[float], farthest: float, budget: Budget) -> float:
    """The new terms on one side; at the coarsest level `reach` learns where they become negligible."""
    sign = 1 if side else -1
    nodes = _nodes(level, farthest)
    total, last = 0.0, 0.0
    for j, (u, w) in enumerate(nodes):
        if u > reach[side]:
            break
        if u == 0.0 and side:
            continue
        v = g(sign * u) * w
        total += v
        if v != v:
            return _at_far_end(u, farthest, total - v if total == total else math.nan, g, sign, w)
        if level == 0 and abs(v) > 1e-18:
            last = nodes[min(j + 2, len(nodes) - 1)][0]
    budget.spend(len(nodes))
    if level == 0:
        reach[side] = max(last, 2.0)
    return total


def _at_far_end(u: float, farthest: float, total: float, g: Real, sign: int, w: float) -> float:
    return math.nan


def _tail(g: Real, reach: Sequence[float], farthest: float, total: float) -> float | None:
    """None where the integrand dies out at both ends of the range; `inf` where it grows there, nan where that is open."""
    scale = abs(total) + 1e-300
    verdict: float | None = None
    for side, sign in ((0, -1), (1, 1)):
        if reach[side] < farthest * 0.9:
            continue
        end, inner = abs(g(sign * farthest * 0.99)), abs(g(sign * farthest * 0.6))
        if end != end or inner != inner:
            return math.nan
        if end > 1e-9 * scale:
            if end >= inner * 0.5:
                return INF
            verdict = math.nan
    return verdict
