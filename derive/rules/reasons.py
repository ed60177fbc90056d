"""Reasons that several rules give in the same words."""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..formula.tree import Formula, names
from ..trace import Words, say


def by_nonzero(verb: str, f: Formula, al: Algebra) -> Words:
    """That both sides are multiplied or divided by what is not zero; inside the domain, where it holds a letter whose domain has an end."""
    inside = " inside the domain" if names(f) & al.facts.with_ends else ""
    return say(f"{verb} by {{}}, which is not zero{inside}", f)
