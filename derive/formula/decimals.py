"""How numbers are quoted: decimals of a result."""

from __future__ import annotations

from fractions import Fraction
from math import floor, log10

from .tree import Formula, Mul, Neg, Pow, num

PLAIN = 10  # digits before the point, or zeros after it, from which on a number is written with a power of ten
LEAST = 1e-5  # of a rounded number that is written without a power of ten
DIGITS = 4  # significant digits of a decimal, where a question asks for no others


def rounded(v: float, digits: int = DIGITS) -> Formula:
    """A number as a result is quoted: to so many significant digits, the digits before the point all of them."""
    return quoted(v, max(digits, floor(log10(abs(v))) + 1) if 1 <= abs(v) < 10**PLAIN else digits)


def height(v: float) -> Formula:
    """A log-likelihood, of which differences matter: two decimals from 1 on, four significant digits below."""
    if v == 0 or 1 <= abs(v) < 10**PLAIN:
        return num(Fraction(f"{v:.2f}"))
    return quoted(v, 4 if abs(v) < 1 else PLAIN)


def quoted(v: float, digits: int) -> Formula:
    """A number to so many significant digits: with a power of ten where it is very large or very small."""
    if v == 0 or LEAST <= abs(v) < 10.0**PLAIN:
        return num(significant(v, digits))
    q = Fraction(f"{v:.{digits - 1}e}")
    return with_power_of_ten(q) if q == Fraction(v) else _split(q)  # zeros at its end would be taken for digits


def with_power_of_ten(q: Fraction) -> Formula:
    """A decimal number that is not 0, as it is, where it is very large or very small with a power of ten split off."""
    if Fraction(1, 10**PLAIN) <= abs(q) < 10 ** (PLAIN + 5):
        return num(q)
    return _split(q)


def _split(q: Fraction) -> Formula:
    k = len(str(abs(q.numerator))) - len(str(q.denominator))
    k -= abs(q) < Fraction(10) ** k
    size = Mul((num(abs(q) / Fraction(10) ** k), Pow(num(10), num(k))))
    return Neg(size) if q < 0 else size


def short(v: float) -> Fraction:
    """A number that is known numerically only, as it is shown: ten significant digits."""
    return Fraction(f"{v:.10g}")


def significant(v: float, digits: int = 4) -> Fraction:
    """v to so many significant digits."""
    if v == 0:
        return Fraction(0)
    return Fraction(f"{v:.{max(digits - 1 - floor(log10(abs(v))), 0)}f}")
