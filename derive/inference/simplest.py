"""The shortest of a few layouts of a formula: as it stands, multiplied out, as one fraction."""

from __future__ import annotations

from fractions import Fraction

from ..algebra.rational_functions import in_one_fraction
from ..algebra.terms import Algebra
from ..formula.tree import Formula, Pow, size, transform


def shortest(f: Formula, al: Algebra) -> Formula:
    """f with its terms put together, multiplied out, or as one fraction, whichever is shortest."""
    plain = al.tidy(transform(f, lambda g: Pow(g.base, al.expand(g.exponent)) if isinstance(g, Pow) else None))
    return min((plain, al.expand(plain), in_one_fraction(plain, al)), key=size)


def shorter(f: Formula, al: Algebra) -> Formula:
    """f as it stands, or multiplied out where that is shorter."""
    plain = al.tidy(f)
    return min((plain, al.expand(plain)), key=size)


def negative(f: Formula, al: Algebra) -> Formula:
    """-f, the minus taken into brackets that stand alone."""
    return al.assemble(t.scaled(Fraction(-1)) for t in al.flat(f, deep=True))


__all__ = ["negative", "shorter", "shortest"]
