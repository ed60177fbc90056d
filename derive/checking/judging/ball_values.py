"""Sides of relations in balls: equal, ordered, or not decided; a rounded decimal is a ball of half a unit of its last digit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpq

from ...formula.tree import Add, Big, Call, Const, Div, Formula, Mul, Neg, Num, Pow, Sym, replace_all, value
from ...oracle.balls import NoBall, Point, ball

BITS = 106
NARROW = 1e-5  # a difference that holds 0 and is narrower than this, relative to the terms, is 0
INFINITE = {Const("oo"): arb("inf"), Neg(Const("oo")): -arb("inf")}
Rounded = Mapping[Fraction, Fraction]  # decimals that may be rounded, each with half a unit of its last digit
EXACT: Rounded = {}


class NoValue(Exception):
    """A side that has no value at a point; the argument says why."""


class NotCovered(NoValue):
    """A side that has no ball."""


def number(x: Any) -> arb:
    """A number of a test point as a ball: a float that is a short decimal or a small fraction is that number exactly."""
    if isinstance(x, arb):
        return x
    if isinstance(x, Fraction):
        return arb(fmpq(x.numerator, x.denominator))
    if isinstance(x, float):
        if not math.isfinite(x):
            return arb(x)
        near = _fraction(x)
        if near is not None:
            return arb(fmpq(near.numerator, near.denominator))
    return arb(x)


def column(xs: Iterable[Any]) -> list[arb]:
    """Observations as balls, one for all that are equal: a sum takes these once."""
    made: dict[Any, arb] = {}
    return [made[x] if x in made else made.setdefault(x, number(x)) for x in xs]


@lru_cache(100_000)
def _fraction(x: float) -> Fraction | None:
    near = Fraction(x).limit_denominator(10**5)
    return near if float(near) == x else None


def evaluated(f: Formula, point: Point, rounded: Rounded = EXACT) -> arb:
    """The value of a resolved side.  Raises NoValue."""
    if f in INFINITE:
        return INFINITE[f]
    if rounded:
        table: dict[Formula, Formula] = {Num(x): Sym(f"#rounded {x}") for x in rounded}
        f = replace_all(f, table)
        point = {**point, **{f"#rounded {x}": arb(number(x).mid(), number(h)) for x, h in rounded.items()}}
    before, ctx.prec = ctx.prec, BITS
    try:
        got = ball(f)(point)
    except NoBall as e:
        raise NotCovered(str(e)) from None
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError, RecursionError) as e:
        raise NoValue(type(e).__name__) from None
    finally:
        ctx.prec = before
    if not isinstance(got, arb):
        raise NoValue("no number")
    return got


def size(f: Formula, point: Point) -> float:
    """The sum of the sizes of the terms of a side, where they cancel; 0 where it is not found."""
    try:
        return float(abs(evaluated(sized(f), point)).upper())
    except (NoValue, OverflowError):
        return 0.0


def sized(f: Formula) -> Formula:
    """f with the sizes of its terms added up."""
    match f:
        case Add(ts):
            return Add(tuple(Call("abs", (sized(t),)) for t in ts))
        case Mul(fs):
            return Mul(tuple(map(sized, fs)))
        case Neg(a):
            return sized(a)
        case Div(a, b):
            return Div(sized(a), b)
        case Pow(a, b) if value(b) is not None and (value(b) or 0) > 0:
            return Pow(sized(a), b)
        case Big("sum", i, low, high, body):
            return Big("sum", i, low, high, Call("abs", (sized(body),)))
    return f


def same(a: arb, b: arb, scale: float = 0.0, narrow: float = NARROW) -> bool | None:
    """Whether two balls are one number; None where that is not decided.  scale: the size of the terms they are made of.

    narrow: the width, relative to that, that a difference about 0 may have."""
    if a.is_nan() or b.is_nan():
        return None
    if not a.is_finite() or not b.is_finite():
        known = all(x.is_finite() or x.is_exact() for x in (a, b))
        return float(a.mid()) == float(b.mid()) if known else None
    d = a - b
    if not d.contains(0):
        return False
    r = float(d.rad())
    return True if r <= 1e-13 or r <= narrow * max(scale, float(abs(a.mid())), float(abs(b.mid()))) else None


def less(a: arb, b: arb, strict: bool) -> bool | None:
    """Whether a < b, or a <= b; None where that is not decided."""
    if a.is_nan() or b.is_nan():
        return None
    if a < b:
        return True
    if a > b:
        return False
    if not a.is_finite() or not b.is_finite():
        return None if float(a.mid()) != float(b.mid()) else not strict
    r = float((a - b).rad())
    return not strict if r <= 1e-12 * max(1e-300, float(abs(a.mid())), float(abs(b.mid()))) else None


def wrong_tie(written: Fraction, half: Fraction, exact: arb) -> bool:
    """Whether a number that lies exactly between two decimals is rounded in neither of the ways that are taught: half up, half to even."""
    gap = exact - number(written)
    if not (gap.is_exact() or float(gap.rad()) < 1e-12 * (1 + abs(float(written)))) or not abs(gap).overlaps(number(half)):
        return False
    away = (gap < 0) == (written >= 0)
    return not away and (written / (2 * half)).numerator % 2 == 1
