"""The value of a formula with numbers for all its letters, exactly: sums of members of families, quotients, whole powers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .evaluate import members_at
from .tree import PLACEHOLDER, Add, At, Big, Div, Formula, Indicator, Mul, Neg, Num, Pow, Relation, Sym


def exactly(f: Formula, env: Mapping[str, Any]) -> Fraction | None:
    """f where letters are fractions and families nested lists of them; None where it is no rational number, or has no value."""
    try:
        return _value(f, dict(env))
    except (_Irrational, ZeroDivisionError, KeyError, IndexError):
        return None


COMPARED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class _Irrational(Exception):
    """A part that is not worked out in fractions."""


def _value(f: Formula, e: dict[str, Any]) -> Fraction:
    match f:
        case Num(v):
            return v
        case Sym(name):
            return Fraction(e[name])
        case At(base, index):
            places = [None if k == PLACEHOLDER else int(_value(k, e)) - 1 for k in index]
            return sum((Fraction(x) for x in members_at(e[base], places)), Fraction(0))
        case Add(ts):
            return sum((_value(t, e) for t in ts), Fraction(0))
        case Mul(ts):
            return math.prod((_value(t, e) for t in ts), start=Fraction(1))
        case Neg(a):
            return -_value(a, e)
        case Div(a, b):
            return _value(a, e) / _value(b, e)
        case Pow(a, Num(k)) if k.denominator == 1 and k < 100:
            return _value(a, e) ** int(k)
        case Indicator(Relation((a, b), (sign,))) if sign in COMPARED:
            return Fraction(int(COMPARED[sign](_value(a, e), _value(b, e))))
        case Big("sum", i, low, high, body):
            first, last = int(_value(low, e)), int(_value(high, e))
            return sum((_value(body, {**e, i: j}) for j in range(first, last + 1)), Fraction(0))
    raise _Irrational


__all__ = ["exactly"]
