"""Numbers as a table quotes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

from ..formula.decimals import with_power_of_ten
from ..formula.tree import ZERO, Float, Formula, Mul, Neg, Pow, SetOf, num
from ..trace import Words, say

Row = TypeVar("Row")


def digits(v: float, count: int) -> Formula:
    """A float to so many significant digits."""
    return with_power_of_ten(Fraction(f"{v:.{count}g}")) if v else ZERO


def numeric_set(values: Sequence[float]) -> SetOf:
    """The set of values that are known numerically only."""
    return SetOf(tuple(map(Float, values)))


ROUNDING = 2.0**-44  # relative to the change of a score over the size of the unknown


def score_at(v: float, change: float) -> Words:
    """A score at a step of an iteration, as a table quotes it; change: of the score, if the unknown changed by its own size.

    One that the rounding of the unknown alone can make has no digits to be quoted.
    """
    if not math.isfinite(v):
        return say("out of reach")
    if without_digits(v, change):
        return say("about {}", ZERO)
    known = math.log10(abs(v) / (ROUNDING * change)) if change > 0 and v else 3.0
    return say("{}", tiny(v, max(2, min(3, round(known)))))


def without_digits(v: float, change: float) -> bool:
    """Whether a score is so small that the rounding of the unknown alone can make it."""
    return abs(v) <= ROUNDING * change


def up_to_rounding(rows: Sequence[Row], settled: Callable[[Row], bool]) -> Sequence[Row]:
    """The rows of an iteration up to the first that is settled."""
    return rows[: next((k for k, row in enumerate(rows) if settled(row)), len(rows)) + 1]


def tiny(v: float, figures: int = 3) -> Formula:
    """A score as it is quoted: three digits, or as many as are known, times a power of ten where it is small or large."""
    if v == 0 or 1e-3 <= abs(v) < 1e5:
        return digits(v, 4)
    mantissa, exponent = f"{v:.{figures - 1}e}".split("e")
    size = Mul((num(Fraction(mantissa.lstrip("-"))), Pow(num(10), num(int(exponent)))))
    return Neg(size) if v < 0 else size
