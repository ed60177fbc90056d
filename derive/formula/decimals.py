"""How numbers are quoted: decimals of a result."""

from __future__ import annotations

from fractions import Fraction
from math import floor, log10

from .tree import Formula, num


def rounded(v: float) -> Formula:
    """A number as a result is quoted: two decimals from 1 on, four significant digits below."""
    return num(Fraction(f"{v:.2f}")) if v == 0 or abs(v) >= 1 else num(significant(v))


def short(v: float) -> Fraction:
    """A number that is known numerically only, as it is shown: twelve significant digits."""
    return Fraction(f"{v:.12g}")


def significant(v: float, digits: int = 4) -> Fraction:
    """v to so many significant digits."""
    if v == 0:
        return Fraction(0)
    return Fraction(f"{v:.{max(digits - 1 - floor(log10(abs(v))), 0)}f}")
