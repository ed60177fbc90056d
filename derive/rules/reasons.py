"""Reasons that several rules give in the same words."""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..formula.tree import ZERO, Call, Formula, Relation, kinds
from ..trace import Words, say


def by_nonzero(verb: str, f: Formula, al: Algebra) -> Words:
    """That both sides are multiplied or divided by what is positive, or not zero, inside the domain."""
    positive = al.facts.positive(f)
    if Call in kinds(f):  # a long formula by itself
        return say(f"{verb} by {{}}, which is {'positive' if positive else 'not zero'}", f)
    return say(f"{verb} by {{}}", Relation((f, ZERO), (">" if positive else "!=",)))
