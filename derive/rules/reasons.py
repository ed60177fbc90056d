"""Reasons that several rules give in the same words."""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..formula.tree import ZERO, Formula, Relation
from ..trace import Words, say


def by_nonzero(verb: str, f: Formula, al: Algebra) -> Words:
    """That both sides are multiplied or divided by what is positive, or not zero, inside the domain."""
    return say(f"{verb} by {{}}", Relation((f, ZERO), (">" if al.facts.positive(f) else "!=",)))
