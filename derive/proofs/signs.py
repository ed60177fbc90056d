"""The sign of a formula, with what it rests on: on the domains alone, or on quantities in the data that may be 0 as well."""

from __future__ import annotations

from dataclasses import dataclass

from ..algebra.facts import Facts, cancelled
from ..formula.tree import ZERO, Div, Formula, Neg, Relation, add, factors, terms
from ..trace import Evidence
from .grounds import Ground, proved


@dataclass(frozen=True, slots=True)
class Sign:
    """value: 1 or -1 where the formula is positive or negative throughout, else 0.

    premises: what is never negative and must be positive for it, as it is for almost every sample; none where the domains alone
    prove the sign.
    """

    value: int
    premises: tuple[Formula, ...] = ()

    @property
    def proved(self) -> bool:
        return bool(self.value) and not self.premises


def sign_of(f: Formula, facts: Facts) -> Sign:
    """The sign of f by its terms, with the fewest premises among what the facts suppose."""
    if facts.proved is None:
        return Sign(_by_terms(f, facts))
    known = Sign(_by_terms(f, facts.proved))
    if known.value:
        return known
    found = _by_terms(f, facts)
    if not found:
        return Sign(0)
    needed = list(facts.supposed)
    for g in facts.supposed:
        fewer = [h for h in needed if h != g]
        if _by_terms(f, facts.proved.supposing(fewer)) == found:
            needed = fewer
    return Sign(found, tuple(needed))


def evidence_of_sign(r: Relation, facts: Facts, seen: Evidence, ground: Ground = Ground.SIGN) -> Evidence:
    """The evidence for the last link of a chain, f < 0 or f > 0: a proof where the facts are one, else what the oracle saw."""
    sign = sign_of(r.sides[-2], facts)
    return proved(ground, seen.points) if sign.proved and sign.value == (1 if r.signs[-1] == ">" else -1) else seen


def _by_terms(f: Formula, facts: Facts) -> int:
    r = facts.range(f)
    if r.nonzero:
        return 1 if r.positive else -1
    ts = terms(f)
    ranges = [facts.range(t) for t in ts]
    sign = 1 if all(r.nonnegative for r in ranges) else -1 if all(r.nonpositive for r in ranges) else 0
    strict = any(r.nonzero for r in ranges) or facts.positive(cancelled(add(*(s for t in ts for s in terms(may_vanish(t, facts))))))
    return sign if strict else 0


def may_vanish(t: Formula, facts: Facts) -> Formula:
    """The factor of a term, never negative, that can be 0; where those of several terms add up to something positive, not all are 0."""
    bare = t.arg if isinstance(t, Neg) else t
    top = bare.top if isinstance(bare, Div) else bare
    left = [g for g in factors(top) if not facts.positive(g)]
    return left[0] if len(left) == 1 and facts.range(left[0]).nonnegative else ZERO
