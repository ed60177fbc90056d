"""All zeros of a function between two places: cells that are thrown away, hold one zero, or are split."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flint import arb, ctx

from ...numerics.newton import bisected
from .algebras import Balls, Intervals
from .builder import Function
from .ends import Budget
from .exact import NotCovered, Undecided, fraction
from .extended import Extended, NoValue
from .values import Stationary

ZERO = arb(0)
MOST_BITS = 2048
LOCATED = 60  # bits of a zero, relative to its size
FLOOR = 200  # bits below the unit at which a zero next to 0 is known
NEWTON = 8  # steps in a row
DOUBLES = 64  # bits with which floats of all rows at once are looked at first
MARGINS = (48, 40, 30)  # bits to which a zero that was found in floats may be known
MOST_LOCATING = 2**13  # bits with which a zero is located


def zeros(f: Function, slope: Function, low: Any, high: Any, unit: Any, budget: Budget) -> list[Stationary]:
    """All zeros on [low, high], numbers without a radius at which f has a sign.  Raises `Undecided`.

    In each cell: the range in balls; extended intervals where it is wide; the centred form f(m) + f'(X)(X - m); where the slope has
    one sign, the signs at both ends.  Else the value at the middle POINT tells what is lacking: digits, or smaller cells.
    """
    todo, found = [(low, high, 64)], list[Stationary]()
    while todo:
        a, b, bits = todo.pop()
        budget.cell()
        with ctx.workprec(bits):
            g, h, m, x = signed(f, bits), held(slope, bits), middle(a, b), a.union(b)
            budget.spend(f.cost * _weight(bits))
            at_x = held(f, bits)(x)
            if _signed(at_x) or ((not at_x.is_finite() or _wide(a, b)) and _signed_interval(f, a, b, budget)):
                continue
            budget.spend((f.cost + slope.cost) * _weight(bits))
            at_m, d = g(m), h(x)
            if not d.is_finite():
                d = _wide_value(slope, a, b, budget)
            if d.is_finite() and _signed(at_m + d * (x - m)):
                continue
            if _signed(d):
                budget.spend(2 * f.cost * _weight(bits))
                s, t = _signed(g(a)), _signed(g(b))
                if s and s == t:
                    continue
                if s and t:
                    found.append(located(f, slope, a, b, s > 0, unit, budget))
                    continue
            narrow = b - a < arb(2) ** (10 - bits) * abs(m)
            if narrow or not at_m.is_finite() or at_m.rel_accuracy_bits() < 8:
                if bits < MOST_BITS:
                    todo.append((a, b, 2 * bits))
                    continue
                if narrow:
                    raise Undecided("a zero without a change of sign, or several too near to each other")
        todo += [(m, b, bits), (a, m, bits)]
    return sorted(found, key=lambda s: s.low)


def signed(f: Function, bits: int) -> Callable[[Any], Any]:
    """The values of a function in balls; of many rows those of all at once, where they tell a sign."""
    return _at_once(f, bits, lambda v: _signed(v) != 0)


def held(f: Function, bits: int) -> Callable[[Any], Any]:
    """The same, where bounds are all that is wanted."""
    return _at_once(f, bits, lambda v: True)


def _at_once(f: Function, bits: int, enough: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """The values of a function in balls; of many rows the bounds of all at once, where they are enough."""
    balls = f.over(Balls())
    if bits > DOUBLES or not f.many:
        return balls

    def value(x: Any) -> Any:
        v = f.bounded(x)
        return v if v is not None and enough(v) else balls(x)

    return value


def _weight(bits: int) -> int:
    """What a step with so many bits costs."""
    return 1 + bits // 256


def _signed(v: Any) -> int:
    return 1 if v > 0 else -1 if v < 0 else 0


def _signed_interval(f: Function, a: Any, b: Any, budget: Budget) -> int:
    """The sign on a cell by extended intervals: balls lose that of a wide exponential or logarithm."""
    if (v := f.bounded(a.union(b))) is not None:
        return _signed(v)
    budget.spend(10 * f.steps)
    try:
        return int(f.over(Intervals())(Extended(a, b)).sign)
    except (NoValue, NotCovered):
        return 0


def _wide_value(f: Function, a: Any, b: Any, budget: Budget) -> Any:
    """The range on a cell by extended intervals, as a ball."""
    if (found := f.bounded(a.union(b))) is not None:
        return found
    budget.spend(10 * f.steps)
    try:
        v = f.over(Intervals())(Extended(a, b))
    except (NoValue, NotCovered):
        return arb("nan")
    return v.lo.union(v.hi) if v.lo.is_finite() and v.hi.is_finite() else arb("nan")


def _wide(a: Any, b: Any) -> bool:
    return bool(b - a > 256 or (a > 0 and b > 8 * a) or (b < 0 and a < 8 * b))


def middle(a: Any, b: Any) -> Any:
    """Geometric where the ends are of one sign and far apart; never a round number, so that no zero sits on it."""
    if a > 0 and b > 4 * a:
        return ((a * b).sqrt() * arb("1.00012")).mid()
    if b < 0 and a < 4 * b:
        return (-(a * b).sqrt() * arb("1.00012")).mid()
    if a < 0 < b and (-a > 100 * b or b > 100 * -a):
        return ((a + b) * arb("0.001")).mid()
    return (a + (b - a) * arb("0.5001234")).mid()


def falls(slope: Function, domain: Extended, budget: Budget) -> bool:
    """Whether the slope is negative on the whole of an open domain: one extended interval."""
    if slope.many and any((slope.guessed(x) or 0.0) > 0 for x in _spread(domain)):
        return False
    budget.spend(10 * slope.steps)
    try:
        with ctx.workprec(64):
            return bool(slope.over(Intervals())(domain).sign < 0)
    except (NoValue, NotCovered):
        return False


def _spread(domain: Extended) -> list[float]:
    """Places inside a domain, from one end to the other."""
    low, high = (float(e) for e in (domain.lo, domain.hi))
    if math.isfinite(low) and math.isfinite(high):
        return [low + (high - low) * k / 16 for k in range(1, 16)]
    if math.isfinite(low) or math.isfinite(high):
        return [low + 4.0**k if math.isfinite(low) else high - 4.0**k for k in range(-8, 9)]
    return [0.0, *(s * 4.0**k for s in (-1, 1) for k in range(-4, 9))]


def located(f: Function, slope: Function, a: Any, b: Any, falling: bool, unit: Any, budget: Budget) -> Stationary:
    """The only zero between a and b, at which f has signs: narrowed by the signs at points, to the digits of a float.

    Where digits or the budget do not suffice for that, as far as they do."""
    up = 1 if falling else -1
    near = _about(f, a, b, up)
    bits, (a, b) = (64, (a, b)) if near is None else (2 * DOUBLES, _interval_newton(f, slope, *near))
    least = (arb(unit) if unit < 1 else arb(1)) * arb(2) ** -FLOOR
    try:
        while bits <= MOST_LOCATING:
            with ctx.workprec(bits):
                g, h = signed(f, bits), held(slope, bits)
                while True:
                    width = b - a
                    if width < arb(2) ** -LOCATED * (abs(a) if abs(a) > abs(b) else abs(b)):
                        return _point(a, b, falling, True)
                    if width < least and a < 0 < b:
                        with ctx.workprec(MOST_BITS):
                            at_0 = up * _signed(f.over(Balls())(ZERO))
                        if not at_0:  # 0 is the zero, as far as can be seen
                            return _point(a, b, falling, True)
                        a, b = (ZERO, b) if at_0 > 0 else (a, ZERO)
                    budget.spend(4 * (f.cost + slope.cost) * _weight(bits))
                    m = middle(a, b)
                    a, b = _newton(g, h, m, a, b, up)
                    if b - a < width * 0.5:
                        continue
                    s = up * _signed(g(m))
                    if not s:  # the zero may lie on m itself: no number of digits gives a sign there, a place beside it does
                        m = (m + (b - a) * arb("0.0371")).mid()
                        s = up * _signed(g(m)) if a < m < b else 0
                    if not s:
                        break
                    a, b = (m, b) if s > 0 and m > a else (a, m) if s < 0 and m < b else (a, b)
                    if not b - a < width:
                        break
            bits *= 2
    except Undecided:
        pass
    return _point(a, b, falling, False)


def _about(f: Function, a: Any, b: Any, up: int) -> tuple[Any, Any] | None:
    """Places on both sides of where a search in floats leads, at which there are the signs of the ends; None where there are not."""
    low, high = float(a), float(b)
    at_low = f.guessed(low) if f.many and low < high else None
    if at_low is None or f.guessed(high) is None:
        return None
    r = arb(bisected(lambda x: math.nan if (v := f.guessed(x)) is None else v, low, high, at_low))
    g = signed(f, DOUBLES)
    for margin in MARGINS:
        p, q = (r - abs(r) * arb(2) ** -margin).mid(), (r + abs(r) * arb(2) ** -margin).mid()
        if a < p < q < b and up * _signed(g(p)) > 0 and up * _signed(g(q)) < 0:
            return p, q
    return None


def _interval_newton(f: Function, slope: Function, a: Any, b: Any) -> tuple[Any, Any]:
    """The ends about the zero between them after a step of the interval Newton method: it lies in m - f(m)/f'([a, b])."""
    m = middle(a, b)
    with ctx.workprec(DOUBLES):
        d = held(slope, DOUBLES)(a.union(b))
    with ctx.workprec(2 * DOUBLES):
        if not d.is_finite() or d.contains(0):
            return a, b
        n = m - f.over(Balls())(m) / d
        return (n.lower() if n.lower() > a else a), (n.upper() if n.upper() < b else b)


def _newton(g: Any, h: Any, m: Any, a: Any, b: Any, up: int) -> tuple[Any, Any]:
    """The ends moved to both sides of where Newton's steps from m lead, where the signs there allow."""
    r, step = m, b - a
    for _ in range(NEWTON):
        d = h(r)
        if not d.is_finite() or d.contains(0):
            return a, b
        n = (r - g(r) / d).mid()
        if not (n.is_finite() and a < n < b):
            return a, b
        r, step = n, abs(n - r)
        if step < abs(n) * arb(2) ** -(LOCATED // 2 + 4):
            break
    for margin in (abs(r) * arb(2) ** -(LOCATED + 2), step.mid()):
        p, q = (r - margin).mid(), (r + margin).mid()
        left, right = p > a and up * _signed(g(p)) > 0, q < b and up * _signed(g(q)) < 0
        a, b = (p if left else a), (q if right else b)
        if left and right:
            break
    return a, b


def _point(a: Any, b: Any, falling: bool, precise: bool) -> Stationary:
    return Stationary(fraction(a), fraction(b), falling, precise)
