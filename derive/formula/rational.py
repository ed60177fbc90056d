"""Formula -> a function of rational numbers, where it is built of the four operations, whole powers and absolute values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from .tree import Add, At, Call, Div, Formula, Mul, Neg, Num, Pow, Sym

GREATEST_POWER = 100
Rational = Callable[[Mapping[str, Any]], Any]


def rational_function(f: Formula, index: str, number: Callable[[int, int], Any]) -> Rational | None:
    """f as a function of a row of observations, by name; None where it is no rational function of them.

    index: that of the observations.  number: the rational number of a numerator and a denominator, of the kind that the row has.
    The function raises ZeroDivisionError where it has no value.
    """

    def of(g: Formula) -> Rational | None:
        return rational_function(g, index, number)

    match f:
        case Num(v):
            q = number(v.numerator, v.denominator)
            return lambda e: q
        case At(base, (Sym(i),)) if i == index:
            return lambda e: e[base]
        case Add(ts) | Mul(ts):
            parts = [g for t in ts if (g := of(t)) is not None]
            if len(parts) < len(ts):
                return None
            first, *rest = parts
            fold = operator.add if isinstance(f, Add) else operator.mul
            return lambda e: reduce(lambda s, g: fold(s, g(e)), rest, first(e))
        case Div(a, b):
            top, bottom = of(a), of(b)
            return None if top is None or bottom is None else lambda e: top(e) / bottom(e)
        case Pow(a, Num(v)) if v.denominator == 1 and abs(v) <= GREATEST_POWER:
            powered, k = of(a), int(v)
            return None if powered is None else lambda e: powered(e) ** k
        case Neg(a):
            inner = of(a)
            return None if inner is None else lambda e: -inner(e)
        case Call("abs", (a,)):
            inside = of(a)
            return None if inside is None else lambda e: abs(inside(e))
    return None


__all__ = ["rational_function"]
