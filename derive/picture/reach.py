"""How far a log-likelihood is worth showing from its maximum, where it has other stationary points, and where it falls to a given height.

All of one unknown, by its values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

Real = Callable[[float], float]
INF = math.inf
DROP = 7.0  # below the maximum, up to which a log-likelihood is shown: there the likelihood is about a thousandth of its maximum
FIRST = 1e-7  # step of the search, relative
FURTHER = 8  # doublings that look for another peak behind a fall
NEARLY = 0.9  # of the whole fall, where that is less than `DROP`
HALVINGS = 24
GOLDEN = (math.sqrt(5) - 1) / 2
LOWEST = 1e-3  # rise of a stationary point above its neighbourhood that is one


def reach(f: Real, at: float, top: float, end: float, drop: float = DROP) -> float:
    """How far from `at` towards an end of the domain f stays within a drop of the top; as far as it has nearly ceased to fall, where it
    falls by less."""
    if at == end:
        return at
    sign = 1.0 if end > at else -1.0
    step = FIRST * (min(abs(end - at), abs(at)) if at and math.isfinite(end) else abs(at) if at else min(abs(end - at), 1.0))
    xs, falls = [at], [0.0]
    for k in range(120):
        x = at + sign * step * 2.0**k
        if (x - end) * sign >= 0 or not math.isfinite(x):
            break
        xs.append(x)
        falls.append(top - f(x))
        if len(falls) > FURTHER and all(d >= drop for d in falls[-FURTHER:]):
            break
    else:
        k = 120
    if math.isfinite(end) and (xs[-1] - end) * sign < 0 and falls[-1] < drop:
        near = _towards(f, xs[-1], end, top, drop)
        if near is None:
            return end
        xs.append(near)
        falls.append(drop)
    last = max((j for j, d in enumerate(falls) if d < drop), default=0)
    if last + 1 < len(xs):
        return _where(f, xs[last], xs[last + 1], top - drop)
    if falls[last] <= 0.05:  # flat
        return end if math.isfinite(end) else at + sign * 10 * (abs(at) or 1.0)
    j = next(j for j, d in enumerate(falls) if d >= NEARLY * falls[last])
    return _where(f, xs[j - 1], xs[j], top - NEARLY * falls[last])


def _towards(f: Real, x: float, end: float, top: float, drop: float) -> float | None:
    """A place between x and an end of the domain where f has fallen; None where it has not."""
    for k in range(1, 50):
        y = end - (end - x) * 2.0**-k
        if y == end:
            break
        if top - f(y) >= drop:
            return y
    return end if top - f(end) >= drop else None


def _where(f: Real, above: float, below: float, level: float) -> float:
    """Between a place where f lies above a level and one where it does not: the last known to lie above."""
    for _ in range(HALVINGS):
        m = (above + below) / 2
        if m in (above, below):
            break
        if f(m) >= level:
            above = m
        else:
            below = m
    return above


def places(low: float, high: float, through: Sequence[float], count: int = 240) -> list[float]:
    """Places from low to high, among them the ones to go through, evenly between these."""
    cuts = sorted({low, high, *(x for x in through if low < x < high)})
    out = [low]
    for a, b in pairwise(cuts):
        parts = max(count // 4, round(count * (b - a) / (high - low))) if len(cuts) > 2 else count
        out += [a + (b - a) * j / parts for j in range(1, parts)] + [b]
    return out


def stationary(f: Real, xs: Sequence[float], ys: Sequence[float], besides: Sequence[float]) -> list[tuple[float, float]]:
    """The local maxima and minima of f at places inside the range, but those next to what is known already."""
    out: list[tuple[float, float]] = []
    for j in range(1, len(xs) - 1):
        a, y, b = ys[j - 1], ys[j], ys[j + 1]
        if not all(map(math.isfinite, (a, y, b))) or any(xs[j - 1] <= x <= xs[j + 1] for x in besides):
            continue
        sign = 1.0 if y > a and y >= b else -1.0 if y < a and y <= b else 0.0
        if sign and _stands_out(ys, j, sign):
            x = golden(lambda t, s=sign: s * f(t), xs[j - 1], xs[j + 1])  # type: ignore[misc]
            out.append((x, f(x)))
    return out


def _stands_out(ys: Sequence[float], j: int, sign: float) -> bool:
    """Whether f goes away from a place on both sides by more than rounding, before it comes back."""
    for step in (-1, 1):
        k, away = j + step, 0.0
        while 0 <= k < len(ys) and math.isfinite(ys[k]) and sign * (ys[j] - ys[k]) >= 0:
            away = max(away, sign * (ys[j] - ys[k]))
            k += step
        if away < LOWEST:
            return False
    return True


def golden(f: Real, a: float, b: float, steps: int = 60) -> float:
    """Where f is largest between a and b (golden section; Kiefer 1953, Proceedings of the AMS 4)."""
    c, d = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    u, v = f(c), f(d)
    for _ in range(steps):
        if u >= v:
            b, d, v = d, c, u
            c = b - GOLDEN * (b - a)
            u = f(c)
        else:
            a, c, u = c, d, v
            d = a + GOLDEN * (b - a)
            v = f(d)
    return (a + b) / 2


def above(f: Real, xs: Sequence[float], ys: Sequence[float], level: float) -> list[tuple[float, float]]:
    """The intervals of the range on which f lies above a level."""
    out: list[tuple[float, float]] = []
    start: float | None = None
    for j, (x, y) in enumerate(zip(xs, ys, strict=True)):
        if y >= level and start is None:
            start = x if j == 0 else _where(f, x, xs[j - 1], level)
        if y < level and start is not None:
            out.append((start, _where(f, xs[j - 1], x, level)))
            start = None
    return [*out, (start, xs[-1])] if start is not None else out


def polished(f: Real, x: float, level: float, width: float) -> float:
    """A place near x where f crosses a level, by secants; x where they do not settle within a small part of the width."""
    a, b = x, x + 1e-3 * width
    u, v = f(a) - level, f(b) - level
    for _ in range(6):
        if u == v or not math.isfinite(u - v):
            return x
        a, b, u = b, b - v * (b - a) / (v - u), v
        if abs(b - x) > 0.1 * width:
            return x
        if abs(b - a) <= 1e-7 * width:
            return b
        v = f(b) - level
    return b if abs(v) < 1e-3 else x


__all__ = ["DROP", "NEARLY", "above", "golden", "places", "polished", "reach", "stationary"]
