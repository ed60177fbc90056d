"""Numerical integration over an interval by double-exponential quadrature (Takahasi & Mori 1974).

The integrand is a function of one float; it may have integrable singularities at the ends and kinks at the given
breakpoints.  Answers are judged by halving the step: `None` where successive values do not settle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from time import thread_time

Real = Callable[[float], float]
INF = math.inf
SETTLED = 3e-7  # relative difference of two steps: the error of the finer one is about the square of it
EXTRAPOLATED = 2e-5  # relative size at the end of the range up to which a power law is continued beyond it
LEVELS = 6  # steps 1/2, 1/4, ..., 1/64
FARTHEST = 90.0  # an infinite range is cut at e^90 times its scale, and at e^-90 from a finite end at 0
RESOLVED = 16.0  # near an end that is not 0, floats resolve e^-32 of the length


class OutOfBudget(Exception):
    """More evaluations were wanted than allowed."""


class Budget:
    """How many evaluations of an integrand may still be made, and until when."""

    __slots__ = ("left", "until")

    def __init__(self, evaluations: int = 20000, seconds: float = 1.0):
        self.left, self.until = evaluations, thread_time() + seconds

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0 or thread_time() > self.until:
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
    if len(cuts) == 1 and low == -INF and high == INF and _smooth(f, cuts[0], budget):
        return _piece(f, low, high, cuts[0], target, budget)
    edges = [low, *cuts, high]
    total: float | None = 0.0
    for a, b in pairwise(edges):
        part = _piece(f, a, b, None, target if not cuts else None, budget)
        if part is None:
            total = None
        elif part != part or part == INF:
            return part
        elif total is not None:
            total += part
    return total


def _smooth(f: Real, c: float, budget: Budget) -> bool:
    """Whether f has no kink at c, so that c is a centre and not a break: the second difference falls like h^2."""
    h = 1e-3 * _scale(lambda d: f(c + d) + f(c - d), budget)
    a, m, b = f(c - h), f(c), f(c + h)
    return abs(a + b - 2 * m) <= 1e-4 * max(abs(a), abs(m), abs(b))


def _piece(f: Real, a: float, b: float, centre: float | None, target: float | None, budget: Budget) -> float | None:
    left, right = FARTHEST, FARTHEST
    if a == -INF and b == INF:
        c = centre if centre is not None else _highest(f, budget)
        s = _scale(lambda d: f(c + d) + f(c - d), budget)
        return _refined(lambda u: f(c + s * math.sinh(u)) * s * math.cosh(u), left, right, target, budget)
    if a > -INF and b < INF:
        half = (b - a) / 2
        left, right = (FARTHEST / 2 if a == 0 else RESOLVED), (FARTHEST / 2 if b == 0 else RESOLVED)

        def inside(u: float) -> float:
            e = math.exp(-2 * abs(u))
            near = 2 * half * e / (1 + e)  # the distance from the nearer end, without cancellation
            return f(a + near if u < 0 else b - near) * 4 * half * e / (1 + e) ** 2

        return _refined(inside, left, right, target, budget)
    end, sign = (a, 1.0) if b == INF else (b, -1.0)
    s = _scale(lambda d: f(end + sign * d), budget)
    if end != 0:  # nearer than this, end + d is not told from end
        left = min(left, 32 + math.log(s / abs(end)) if s > 1e-12 * abs(end) else 2.0)
    return _refined(lambda u: f(end + sign * s * math.exp(u)) * s * math.exp(u), max(left, 2.0), right, target, budget)


def _highest(f: Real, budget: Budget) -> float:
    """Where f is highest on a grid that widens in powers of two: the centre for an integral over the line."""
    grid = [0.0, *(s * 2.0**k for k in range(-3, 12, 2) for s in (1, -1))]
    budget.spend(len(grid))
    return max(grid, key=lambda x: _clean(f(x)))


def _scale(g: Real, budget: Budget) -> float:
    """The distance d at which d g(d), the mass for each factor of e, is largest: to a factor of four."""
    budget.spend(13)
    masses = {k: _clean(g(4.0**k)) * 4.0**k for k in range(-6, 7)}
    at = max(masses, key=lambda k: masses[k])
    if masses[at] <= 0:
        return 1.0
    while abs(at) >= 6 and abs(at) < 30:
        budget.spend(1)
        k = at + (1 if at > 0 else -1)
        masses[k] = _clean(g(4.0**k)) * 4.0**k
        if masses[k] <= masses[at]:
            break
        at = k
    return 4.0**at


def _clean(v: float) -> float:
    return v if -INF < v < INF else -1.0


@cache
def _nodes(level: int) -> tuple[tuple[float, float], ...]:
    """The positive abscissas u = (pi/2) sinh t and weights du/dt that the step 2^-(level+1) adds, outwards."""
    h, out = 0.5 ** (level + 1), []
    for k in range(1, 100000, 1 if level == 0 else 2):
        u = math.pi / 2 * math.sinh(k * h)
        if u > FARTHEST:
            break
        out.append((u, math.pi / 2 * math.cosh(k * h)))
    return tuple(out)


def summed(values: Iterable[float]) -> float:
    """The sum, without rounding on the way; not a number where it is inf - inf."""
    try:
        return math.fsum(values)
    except (ValueError, OverflowError):
        return math.nan


def _refined(g: Real, left: float, right: float, target: float | None, budget: Budget) -> float | None:
    """The trapezoidal rule in t for the integral of g over u from -left to right, the step halved until two values agree."""
    sides = [(-1.0, left), (1.0, right)]
    total = g(0.0) * math.pi / 2
    outer = [_outwards(g, sign, limit) for sign, limit in sides]
    total += summed(v for values, _ in outer for _, v in values)
    top = max([abs(total), *(abs(v) for values, _ in outer for _, v in values)])
    if top == INF and total == INF:
        return INF
    if top != top or top == INF or any(bad and abs(values[-1][1] if values else top) > 1e-12 * top for values, bad in outer):
        return math.nan
    budget.spend(40)
    reach, tails = [], []
    for (sign, limit), (values, bad) in zip(sides, outer, strict=True):
        seen = [j for j, (_, v) in enumerate(values) if abs(v) > 1e-18 * top]
        j = (seen[-1] if seen else 0) + 1
        reach.append(values[j][0] if j < len(values) else values[-1][0] if bad and values else limit)
        if not bad and reach[-1] == limit:
            tail = _tail(g, sign, limit, top)
            if tail is None or tail[0] == INF:
                return None if tail is None else INF
            tails.append((limit, *tail))
    before = total * 0.5
    least = 0.05 * summed(abs(v) for values, _ in outer for _, v in values)  # where positive and negative parts cancel
    for level in range(1, LEVELS):
        h = 0.5 ** (level + 1)
        for (sign, _), far in zip(sides, reach, strict=True):
            nodes = _nodes(level)
            added = [g(sign * u) * w for u, w in nodes if u <= far]
            budget.spend(len(added))
            total += summed(added)
        if total != total or abs(total) == INF:
            return total
        now = total * h + summed(_beyond(h, *tail) for tail in tails)
        slip, before = abs(now - before), now
        if level >= 2 and slip <= SETTLED * max(abs(now), least):
            return now
        if target is not None and level >= 3 and slip < 1e-3 * abs(now) and abs(now - target) > 10 * slip + 0.01:
            return now
    return before if slip <= 1e-6 * abs(before) else None


def _outwards(g: Real, sign: float, limit: float) -> tuple[list[tuple[float, float]], bool]:
    """(abscissa, term) at the coarsest step, until the limit or a point without value; whether there was one."""
    values: list[tuple[float, float]] = []
    for u, w in _nodes(0):
        if u > limit:
            break
        v = g(sign * u) * w
        if v != v:
            return values, True
        values.append((u, v))
    return values, False


def _tail(g: Real, sign: float, limit: float, top: float) -> tuple[float, float] | None:
    """The integrand at the limit and its rate of decay there: (0, 1) where it has died out, (inf, 0) where it does not
    fall, None where it is too large to be extrapolated.
    """
    end, inner, between = (abs(g(sign * limit * k)) for k in (1.0, 0.6, 0.8))
    if end <= 1e-11 * top:
        return 0.0, 1.0
    if end >= inner * 0.98:
        return INF, 0.0
    if abs(between * between - inner * end) > 0.02 * between * between:  # it does not fall exponentially
        return None
    return (g(sign * limit), math.log(inner / end) / (0.4 * limit)) if end <= EXTRAPOLATED * top else None


def _beyond(h: float, limit: float, end: float, rate: float) -> float:
    """What an integrand that falls like e^(-rate u) has beyond the last node at step h."""
    last = math.floor(math.asinh(limit * 2 / math.pi) / h) * h
    edge = math.pi / 2 * math.sinh(last + h / 2)
    return end / rate * math.exp(-rate * (edge - limit))
