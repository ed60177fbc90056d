"""The decimals of a relation that may be rounded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from ...formula.tree import Formula, Num, each

DECIMAL = re.compile(r"\d+(?:\.|\{,\}|,)(\d+)")


def rounded(
    text: str, sides: Iterable[Formula], exact: Iterable[Fraction], approx: bool, open_: Iterable[Formula]
) -> dict[Fraction, Fraction]:
    """The decimals of a relation that may be rounded, each with half a unit of the last digit that is written.

    text: the relation as written.  exact: the decimals of the question.  approx: the sign says that a side is rounded.
    open_: sides with parameters in them, where one decimal place is taken as exact unless the sign says otherwise.
    """
    open_, exact = () if approx else tuple(open_), set(exact)
    digits: dict[Fraction, int] = {}
    for m in DECIMAL.finditer(text):
        x = Fraction(m.group(0).replace("{,}", ".").replace(",", "."))
        digits[x] = max(digits.get(x, 0), len(m.group(1)))
    out: dict[Fraction, Fraction] = {}
    for side in sides:
        for g in each(side, Num):
            if g.value in exact and not (approx and side == g):
                continue
            k = digits.get(g.value, places(g.value))
            if g.value.denominator != 1 and not (side in open_ and k < 2):
                out[g.value] = Fraction(1, 2 * 10**k)
            elif g.value.denominator == 1 and approx and side == g:
                out[g.value] = Fraction(1, 2 * 10 ** digits.get(g.value, 0))
    return out


def places(x: Fraction) -> int:
    """The decimal places of a number; 15 where it has no end."""
    k = 0
    while k < 15 and (x * 10**k).denominator != 1:
        k += 1
    return k
