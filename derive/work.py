"""What the stages pass on: the question, the algebra and the oracle for it, and what was found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .algebra import Algebra
from .derivation import Condition
from .facts import POSITIVE, Facts
from .formula.tree import Big, Formula, Sym, has, names, walk
from .oracle import Oracle
from .problem import Problem
from .trace import Section


@dataclass
class Work:
    """One derivation in the making.

    al: algebra inside the domains.  general: the oracle on random samples.  judge: the oracle for lines with the
    numbers of the data in them (the same as `general` for a symbolic sample).  numbers: whether the data's
    numbers are carried through the derivation (else they are put in at the end).
    """

    problem: Problem
    al: Algebra
    general: Oracle
    judge: Oracle
    numbers: bool = False
    gathered: Formula | None = None
    ell: Formula | None = None
    scores: dict[str, Formula] = field(default_factory=dict)
    raw_scores: dict[str, Formula] = field(default_factory=dict)
    answers: dict[str, Formula] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    profile: dict[str, Formula] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(self.problem.parameters)

    def free(self, f: Formula) -> bool:
        """Whether f holds no parameter."""
        return not (names(f) & set(self.parameters))


def generic_facts(facts: Facts, f: Formula, oracle: Oracle) -> Facts:
    """Facts with every sum in f that cannot be negative taken as positive, where no random sample makes it 0."""
    known: dict[Formula, object] = {}
    for g in walk(f):
        if isinstance(g, (Big, Sym)) and facts.range(g).nonnegative and not facts.range(g).positive and all(v > 0 for v in oracle.values(g)):
            known[g] = POSITIVE
    for g in known:
        facts = facts.assume(g, POSITIVE)
    return facts


__all__ = ["Mapping", "Work", "generic_facts", "has"]
