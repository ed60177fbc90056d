"""Numerical summation over whole numbers.

Light tails are summed until they are negligible; heavy ones are finished by the Euler-Maclaurin formula
(Abramowitz & Stegun 3.6.28), twice from different places: where the two disagree the sum is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from .quadrature import Budget, integral, summed

Real = Callable[[float], float]
INF = math.inf
NEGLIGIBLE = 1e-17
PLAIN = 64  # terms of an infinite sum that are added one by one before its tail is looked at
LONGEST = 2000  # terms that are added one by one at all
AGREED = 1e-9  # relative difference of two ways to sum a heavy tail


def lattice_sum(f: Real, low: float, high: float, log: Real, budget: Budget | None = None) -> float | None:
    """The sum of f over the whole numbers from low to high, either end perhaps infinite.

    log: the logarithm of f, where f itself is too small for a float.  `inf` where the sum diverges, nan where f has no
    value there, None where undecided.
    """
    budget = budget or Budget()
    if low == -INF and high == INF:
        up = lattice_sum(f, 0.0, INF, log, budget)
        down = lattice_sum(lambda k: f(-k), 1.0, INF, lambda k: log(-k), budget)
        return None if up is None or down is None else up + down
    if low == -INF:
        return lattice_sum(lambda k: f(-k), -high, INF, lambda k: log(-k), budget)
    if high < low:
        return 0.0
    if high - low <= LONGEST:
        budget.spend(int(high - low) + 1)
        return _plain(f, low, high)
    return _far(f, low, high, log, budget) if _starts_late(low, high, log) else _tailed(f, low, high, budget)


def _plain(f: Real, low: float, high: float) -> float:
    return summed(_finite([f(low + j) for j in range(int(high - low) + 1)]))


def _finite(values: list[float]) -> list[float]:
    """The values; a nan among them when any of them is infinite, so that their sum is nan."""
    return values if all(-INF < v < INF for v in values) else [math.nan]


def _starts_late(low: float, high: float, log: Real) -> bool:
    """Whether the terms are far larger later on than at the beginning."""
    first = max(_order(log(low + j)) for j in (0, 1, 7))
    return max(_order(log(x)) for x in _grid(low, high)) > first + 2


def _grid(low: float, high: float) -> list[float]:
    """Whole numbers at which a far mass is looked for: in powers of two, and evenly where the range is finite."""
    points = [low + 2.0**k for k in range(6, 23, 2)]
    points += [] if high == INF else [math.floor(low + (high - low) * j / 32) for j in range(33)]
    return [x for x in points if x <= high]


def _far(f: Real, low: float, high: float, log: Real, budget: Budget) -> float | None:
    """A sum whose mass lies far from its beginning: outwards from its largest term, where there is one."""
    grid = _grid(low, high)
    budget.spend(len(grid))
    best, step = max(grid, key=lambda x: _order(log(x))), 2.0**22
    if best >= 2.0**22:  # of a finite sum the logarithms of factorials are rounded too coarsely there
        return INF if f(best) > 0 and high == INF else None
    while step >= 1:
        budget.spend(2)
        best = max((best, best - step, best + step), key=lambda x: _order(log(x)) if low <= x <= high else -INF)
        step /= 2
    top, values = f(best), list[float]()
    if not 0 < top < INF:
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
    return summed(_finite(values))


def _order(v: float) -> float:
    return v if v == v else -INF


def _tailed(f: Real, low: float, high: float, budget: Budget) -> float | None:
    """A sum from its largest terms on: one by one while they fall fast, else its tail by Euler-Maclaurin."""
    total, k, last = 0.0, low, math.nan
    while k <= high and k - low < LONGEST:
        v = f(k)
        if not -INF < v < INF:
            return math.nan
        total += v
        ratio = abs(v / last) if last else math.nan
        if k - low > 6 and abs(v) <= NEGLIGIBLE * abs(total) and (not v or ratio < 0.99):
            return total if total else None
        if k - low == PLAIN and ratio > 0.7:
            break
        last, k = v, k + 1
    budget.spend(int(k - low))
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
    head = summed(f(low + j) for j in range(int(count)))
    rest = integral(f, n, INF, (), None, budget)
    if rest is None or rest != rest or rest == INF:
        return rest
    h = 1.0
    v = {j: f(n + j * h) for j in (-3, -2, -1, 1, 2, 3)}
    d1 = (45 * (v[1] - v[-1]) - 9 * (v[2] - v[-2]) + (v[3] - v[-3])) / 60
    d3 = (-13 * (v[1] - v[-1]) + 8 * (v[2] - v[-2]) - (v[3] - v[-3])) / 8
    d5 = (5 * (v[1] - v[-1]) - 4 * (v[2] - v[-2]) + (v[3] - v[-3])) / 2
    return head + rest + f(n) / 2 - d1 / 12 + d3 / 720 - d5 / 30240
