"""Where a function of one real number is largest: a grid in suitable coordinates, refined in mpmath with at least 60 digits.

Nothing here uses `derive`.  The function is a log-likelihood given at mpmath numbers; -oo where it is not defined, nan where the digits do not
suffice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import mpmath as mp

Height = Callable[[mp.mpf], mp.mpf]
NEAR = [*(mp.mpf(k) / 2 for k in range(-40, -12)), *(mp.mpf(k) / 6 for k in range(-36, 37)), *(mp.mpf(k) / 2 for k in range(13, 41))]
FAR = [25, 30, 40, 55, 75, 100, 140, 200, 300, 450, 700, 1000]
GROWS = mp.mpf("1e-3")  # a rise between the last two places of the grid that counts as growth without bound


@dataclass(frozen=True)
class Interval:
    """A domain; infinite ends do not belong to it."""

    low: mp.mpf
    high: mp.mpf
    low_in: bool = False
    high_in: bool = False

    def holds(self, x: mp.mpf) -> bool:
        """Whether x belongs to it."""
        return bool((self.low < x or (self.low_in and x == self.low)) and (x < self.high or (self.high_in and x == self.high)))


REAL = Interval(mp.mpf("-inf"), mp.mpf("inf"))
POSITIVE = Interval(mp.mpf(0), mp.mpf("inf"))
UNIT = Interval(mp.mpf(0), mp.mpf(1))
CLOSED_UNIT = Interval(mp.mpf(0), mp.mpf(1), True, True)


@dataclass(frozen=True)
class Judged:
    """kind: "points" (the maximisers), "interval" (they fill it), "end" (the supremum is not attained), "unbounded", "flat"."""

    kind: str
    points: tuple[mp.mpf, ...] = ()
    value: mp.mpf | None = None
    words: str = ""


def _grid(domain: Interval, marks: Sequence[mp.mpf], units: Sequence[mp.mpf]) -> list[mp.mpf]:
    steps = [*(-k for k in reversed(FAR)), *NEAR, *FAR]
    reach = mp.mp.dps * 2
    out: set[mp.mpf] = {m for m in marks if domain.holds(m)}
    low, high = domain.low, domain.high
    if mp.isfinite(low):
        wide = high - low if mp.isfinite(high) else None
        for s in steps:
            if wide is not None and (s > -0.6 or s < -reach):
                continue
            for u in units if wide is None else [wide]:
                out.add(low + u * mp.exp(s))
        if domain.low_in:
            out.add(low)
    if mp.isfinite(high):
        wide = high - low if mp.isfinite(low) else None
        for s in steps:
            if wide is not None and (s > -0.6 or s < -reach):
                continue
            for u in units if wide is None else [wide]:
                out.add(high - u * mp.exp(s))
        if domain.high_in:
            out.add(high)
    bounded = mp.isfinite(low) or mp.isfinite(high)
    outer = {marks[0], marks[len(marks) // 2], marks[-1]} if marks else set()
    for m in marks:
        for u in units:
            for s in NEAR[::8] if bounded or m not in outer else [*NEAR[::2], *FAR]:
                d = u * mp.exp(s)
                out |= {x for x in (m - d, m + d) if domain.holds(x)}
    ordered = sorted(m for m in marks if domain.holds(m))
    for a, b in pairwise(ordered):
        out |= {a + (b - a) * k / 24 for k in range(1, 24)}
    return _apart([x for x in out if domain.holds(x)], {*marks, low, high})


def _apart(xs: Sequence[mp.mpf], kept: set[mp.mpf]) -> list[mp.mpf]:
    """In order, each once: without those that differ by rounding only."""
    out: list[mp.mpf] = []
    for x in sorted(xs):
        if out and x - out[-1] <= abs(x) * mp.mpf(10) ** (-mp.mp.dps // 2):
            if x in kept:
                out[-1] = x
            continue
        out.append(x)
    return out


def judge(f: Height, domain: Interval, marks: Iterable[mp.mpf] = (), units: Iterable[mp.mpf] = (mp.mpf(1),)) -> Judged:
    """Where f is largest on a domain.  marks: places worth a look (the data; places at which f may jump); units: sizes worth a look."""
    marks, units = sorted(set(marks)), sorted(set(units))
    xs = _grid(domain, marks, units)
    rows = [(x, v) for x in xs if not mp.isnan(v := f(x))]
    xs, fs = [x for x, _ in rows], [v for _, v in rows]
    if not any(mp.isfinite(v) or v == mp.inf for v in fs):
        return Judged("flat", words="nowhere defined")
    top = max(fs)
    if top == mp.inf:
        return Judged("unbounded")
    eps = mp.mpf(10) ** (-mp.mp.dps * 3 // 5)
    near = eps * (1 + abs(top))
    if all(abs(v - top) < near for v in fs):
        return Judged("flat", value=top)
    found: list[tuple[mp.mpf, mp.mpf]] = []
    for k, x in enumerate(xs):
        left = fs[k - 1] if k else -mp.inf
        right = fs[k + 1] if k + 1 < len(fs) else -mp.inf
        v = fs[k]
        if mp.isfinite(v) and v >= left and v >= right and v > top - abs(top) / 2 - 100:
            if (k == 0 and not (domain.low_in and x == domain.low)) or (k == len(xs) - 1 and not (domain.high_in and x == domain.high)):
                continue  # the outermost place of an open end: looked at below
            a, b = xs[max(k - 1, 0)], xs[min(k + 1, len(xs) - 1)]
            found.append(_refined(f, a, x, b, x in marks or x in (domain.low, domain.high)))
    ends = []
    if not (domain.low_in and xs[0] == domain.low):
        ends.append(("low end", fs[0], fs[1], fs[2]))
    if not (domain.high_in and xs[-1] == domain.high):
        ends.append(("high end", fs[-1], fs[-2], fs[-3]))
    best = max((v for _, v in found), default=-mp.inf)
    for words, last, before, third in ends:
        if not mp.isfinite(last):
            continue
        growing = last > before and last - before > GROWS and last - before > (before - third) * mp.mpf("1e-2")
        if last > before and growing:
            return Judged("unbounded", words=words)
        if last >= before and last > best - near:
            return Judged("end", value=last, words=words)
    winners = sorted(x for x, v in found if v > best - near)
    plateau = [x for x, v in zip(xs, fs, strict=True) if v > best - (1 + abs(best)) * mp.mpf(10) ** (6 - mp.mp.dps)]
    merged = _merged(winners, min(units))
    if len(plateau) > 2 and len(merged) > 2 and plateau[-1] - plateau[0] > min(units) * mp.mpf("1e-15"):
        return Judged("interval", (min(plateau[0], merged[0]), max(plateau[-1], merged[-1])), best)
    return Judged("points", tuple(merged), best)


def _merged(xs: Sequence[mp.mpf], unit: mp.mpf) -> list[mp.mpf]:
    out: list[mp.mpf] = []
    for x in xs:
        if not out or abs(x - out[-1]) > mp.mpf(10) ** -12 * abs(x) + unit * mp.mpf(10) ** -20:
            out.append(x)
    return out


def _refined(f: Height, a: mp.mpf, x: mp.mpf, b: mp.mpf, mark: bool) -> tuple[mp.mpf, mp.mpf]:
    """The maximum between a and b, which x exceeds: the place where the slope changes its sign, by bisection and secants."""
    h = min(x - a if x > a else b - x, b - x if b > x else x - a) * mp.mpf(10) ** (-mp.mp.dps // 3)
    v = f(x)
    if mark and all(not (a <= y <= b) or v >= f(y) for y in (x - h, x + h)):
        return x, v

    def slope(y: mp.mpf) -> mp.mpf:
        return f(y + h) - f(y - h)

    low, high = (a if a < x else x) + 2 * h, (b if b > x else x) - 2 * h
    s, t = slope(low), slope(high)
    if not (mp.isfinite(s) and mp.isfinite(t) and s > 0 > t):
        low, high = a, b  # golden sections where there is no slope
        g = (mp.sqrt(5) - 1) / 2
        for _ in range(mp.mp.dps * 3):
            p, q = high - g * (high - low), low + g * (high - low)
            if f(p) > f(q):
                high = q
            else:
                low = p
        best = max((x, (low + high) / 2), key=f)
        return best, f(best)
    side = 0
    for _ in range(400):
        m = (low * t - high * s) / (t - s)
        if side in (-3, 3) or not low < m < high:
            m, side = (low + high) / 2, 0
        r = slope(m)
        if r > 0:
            low, s, t, side = m, r, (t / 2 if side > 0 else t), max(side, 0) + 1
        elif r < 0:
            high, t, s, side = m, r, (s / 2 if side < 0 else s), min(side, 0) - 1
        else:
            return m, f(m)
        if high - low < 4 * h or high - low < abs(high) * mp.mpf(10) ** (-mp.mp.dps // 3):
            break
    m = (low + high) / 2
    best = max((x, m), key=f)
    return best, f(best)
