"""Numerical summation over whole numbers.

Light tails are summed until they are negligible; heavy ones are finished by the Euler-Maclaurin formula
(Abramowitz & Stegun 3.6.28), twice from different places: where the two disagree the sum is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from .quadrature import Budget, integral

Real = Callable[[float], float]
INF = math.inf
NEGLIGIBLE = 1e-17
PLAIN = 64  # terms of an infinite sum that are added one by one before its tail is looked at
LONGEST = 2000  # terms that are added one by one at all
AGREED = 1e-9  # relative difference of two ways to sum a heavy tail


def lattice_sum(f: Real, low: float, high: float, target: float | None = None, budget: Budget | None = None) -> float | None:
    """The sum of f over the whole numbers from low to high, either end perhaps infinite.

    `inf` where it diverges, nan where f has no value there, None where undecided.  target: the value hoped for.
    """
    budget = budget or Budget()
    if low == -INF and high == INF:
        up, down = lattice_sum(f, 0.0, INF, None, budget), lattice_sum(lambda k: f(-k), 1.0, INF, None, budget)
        return None if up is None or down is None else up + down
    if low == -INF:
        return lattice_sum(lambda k: f(-k), -high, INF, target, budget)
    if high < low:
        return 0.0
    if high - low <= LONGEST:
        budget.spend(int(high - low) + 1)
        return _plain(f, low, high)
    return _far(f, low, high, budget) if _starts_late(f, low) else _tailed(f, low, high, target, budget)


def _plain(f: Real, low: float, high: float) -> float:
    return math.fsum(_finite([f(low + j) for j in range(int(high - low) + 1)]))


def _finite(values: list[float]) -> list[float]:
    """The values; a nan among them when any of them is infinite, so that their sum is nan."""
    return values if all(-INF < v < INF for v in values) else [math.nan]


def _starts_late(f: Real, low: float) -> bool:
    """Whether the terms are far larger later on than at the beginning."""
    first = max(abs(f(low + j)) for j in (0, 1, 7))
    later = [v for v in (abs(f(low + 2.0**k)) for k in range(6, 24, 2)) if v < INF]
    return bool(later) and max(later) > 10 * first


def _far(f: Real, low: float, high: float, budget: Budget) -> float | None:
    """A sum whose mass lies far from its beginning: outwards from its largest term, if it is found."""
    best, step = low, 2.0**22
    grid = [low + 2.0**k for k in range(24)] + ([] if high == INF else [low + (high - low) * j / 64 for j in range(65)])
    budget.spend(len(grid))
    if not all(-INF < f(math.floor(x)) < INF for x in grid if x <= high):
        return math.nan
    best = max((math.floor(x) for x in grid if x <= high), key=lambda x: _size(f(x)))
    while step >= 1:
        budget.spend(2)
        best, step = max((best, best - step, best + step), key=lambda x: _size(f(x)) if low <= x <= high else -1.0), step / 2
    top, _total, values = _size(f(best)), 0.0, []
    if top <= 0:
        return None
    for direction in (1, -1):
        x = best if direction == 1 else best - 1
        while low <= x <= high:
            v = f(x)
            values.append(v)
            budget.spend(1)
            if abs(v) < NEGLIGIBLE * top:
                break
            x += direction
    return math.fsum(_finite(values))


def _size(v: float) -> float:
    return v if 0 <= v < INF else -1.0


def _tailed(f: Real, low: float, high: float, target: float | None, budget: Budget) -> float | None:
    """A sum from its largest terms on: one by one while they fall fast, else its tail by Euler-Maclaurin."""
    total, k, last, done = 0.0, low, math.nan, 0.0
    while k <= high and k - low < LONGEST:
        v = f(k)
        if not -INF < v < INF:
            return math.nan
        total += v
        ratio = abs(v / last) if last else math.nan
        if k - low > 6 and abs(v) <= NEGLIGIBLE * abs(total) and (not v or ratio < 0.99):
            return total
        if k - low == PLAIN and ratio > 0.7:
            break
        last, k = v, k + 1
        done += 1
    budget.spend(int(done))
    if high < INF:
        return None
    if not f(low + 2.0**20) < f(low + 2.0**10) < f(low + PLAIN):
        return INF if f(low + 2.0**20) >= f(low + PLAIN) > 0 else None
    near, far = (_euler_maclaurin(f, low, n, budget) for n in (32.0, 64.0))
    if near is None or far is None:
        return None
    return far if abs(near - far) <= AGREED * abs(far) or near == far else None


def _euler_maclaurin(f: Real, low: float, count: float, budget: Budget) -> float | None:
    """The first terms, and for the rest the integral with the corrections f/2 - f'/12 + f'''/720 - f^(5)/30240."""
    n = low + count
    head = math.fsum(f(low + j) for j in range(int(count)))
    rest = integral(f, n, INF, (), None, budget)
    if rest is None or rest != rest or rest == INF:
        return rest
    h = 1.0
    v = {j: f(n + j * h) for j in (-3, -2, -1, 1, 2, 3)}
    d1 = (45 * (v[1] - v[-1]) - 9 * (v[2] - v[-2]) + (v[3] - v[-3])) / 60
    d3 = (-13 * (v[1] - v[-1]) + 8 * (v[2] - v[-2]) - (v[3] - v[-3])) / 8
    d5 = (5 * (v[1] - v[-1]) - 4 * (v[2] - v[-2]) + (v[3] - v[-3])) / 2
    return head + rest + f(n) / 2 - d1 / 12 + d3 / 720 - d5 / 30240
