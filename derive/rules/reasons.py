"""Reasons that several rules give in the same words."""

from __future__ import annotations

from fractions import Fraction

from ..algebra.terms import Algebra
from ..formula.tree import ZERO, Call, Formula, Relation, kinds
from ..trace import Words, say


def by_nonzero(verb: str, f: Formula, al: Algebra) -> Words:
    """That both sides are multiplied or divided by what is positive, or not zero, inside the domain."""
    positive = al.facts.positive(f)
    negative = not positive and al.facts.range(f).negative
    if Call in kinds(f):  # a long formula by itself
        return say(f"{verb} by {{}}, which is {'positive' if positive else 'negative' if negative else 'not zero'}", f)
    return say(f"{verb} by {{}}", Relation((f, ZERO), (">" if positive else "<" if negative else "!=",)))


def by_number(c: Fraction, al: Algebra) -> Words:
    """That both sides are divided by a number, or multiplied where it is one over a whole number."""
    whole = abs(c.numerator) == 1 and c.denominator > 1 and not al.decimals
    return say("multiply by {}", al.number(1 / c)) if whole else say("divide by {}", al.number(c))
