"""What the stages pass on: the question, the algebra and the oracle for it, and what was found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..algebra.facts import NEGATIVE, POSITIVE, Facts
from ..algebra.terms import Algebra
from ..answers import in_order
from ..formula.evaluate import Env
from ..formula.names import hat
from ..formula.tree import Big, Formula, Relation, Sym, names, terms, walk
from ..oracle.judge import Oracle
from ..problem.problem import Problem
from ..sets.ranges import interior
from ..trace import Block, Condition, Section

if TYPE_CHECKING:
    from .constrained.parameter_groups import Group
    from .setup.contributions import Factors


@dataclass(frozen=True)
class Argument:
    """Why an answer is the maximum in its unknown.

    proved: "global", "local" or "numerical" (found by a search only).  blocks: what is shown of it in the section
    "It is the maximum"; none where the section in which it was found says it.  joint: it speaks of several unknowns
    at once, which share it.
    """

    proved: str
    blocks: tuple[Block, ...] = ()
    joint: bool = False


ARGUED = Argument("global")


@dataclass
class Work:
    """One derivation in the making.

    al: algebra inside the domains.  general: the oracle on random samples.  judge: the oracle for lines with the
    numbers of the data in them (the same as `general` for a symbolic sample).  numbers: whether the data's
    numbers are carried through the derivation (else they are put in at the end).

    specific: whether they are wanted from the start, because the general result does not hold at these data.

    answers: by name, in the order of `order`, the formula of one estimate; sets: the whole set where it is not
    the only one.  found: the same as it was first found, perhaps in terms of unknowns that were still open.
    profile: the score from which it was found.  arguments: why it is the maximum, where the way
    that found it knows; the stage `maximum` argues for the others.  equations: the textbook form of an
    equation that defines an estimate without a closed form.  resultants: what sums with an estimate in them are worth.

    together: whether the values of parameters that the data allow are looked at for all of them together.

    by_moments: whether the scores were replaced by equations between sums and their expected values.

    factors: the contributions of partly known observations, written one by one.  reasons: where the sample was put
    into rows, why a row contributes what it does.  rows: the question about rows, where there is one.

    groups: the parameters by constraint, where the likelihood is a product of their powers.  asked: the question and
    the oracles as they were before constraints made it one in fewer parameters.
    """

    problem: Problem
    al: Algebra
    general: Oracle
    judge: Oracle
    numbers: bool = False
    specific: bool = False
    gathered: Formula | None = None
    ell: Formula | None = None
    scores: dict[str, Formula] = field(default_factory=dict)
    raw_scores: dict[str, Formula] = field(default_factory=dict)
    answers: dict[str, Formula] = field(default_factory=dict)
    found: dict[str, Formula] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    profile: dict[str, Formula] = field(default_factory=dict)
    sets: dict[str, Formula] = field(default_factory=dict)
    restricted: tuple[str, ...] = ()
    together: bool = False
    arguments: dict[str, Argument] = field(default_factory=dict)
    equations: dict[str, Relation] = field(default_factory=dict)
    resultants: dict[Formula, Formula] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    outcome: str = "unique"
    by_moments: bool = False
    factors: Factors | None = None
    reasons: tuple[Block, ...] = ()
    rows: Problem | None = None
    groups: tuple[Group, ...] = ()
    asked: tuple[Problem, Oracle, Oracle] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(self.problem.parameters)

    @property
    def lines_oracle(self) -> Oracle:
        """The oracle for the lines of the derivation: with the data in it where their numbers are carried along."""
        return self.judge if self.numbers else self.general

    @property
    def data_world(self) -> Env | None:
        """The data with what was found so far put in; None for a symbolic sample, one too large to list, or where a given
        constant has no value."""
        if (not self.numbers and self.problem.observations is None) or self.problem.known:
            return None
        return dict(self.settled(self.judge).worlds[0])

    def settled(self, oracle: Oracle) -> Oracle:
        """The worlds of an oracle with what was found so far put in for the parameters and their hats."""
        return settle_answers(oracle, self.answers)

    def free(self, f: Formula) -> bool:
        """Whether f holds no parameter."""
        return not (names(f) & set(self.parameters))


def settle_answers(oracle: Oracle, answers: Mapping[str, Formula]) -> Oracle:
    """The worlds of an oracle at the estimates."""
    table: dict[str, Formula] = {}
    for k in in_order(answers):
        table[k] = answers[k]
        table[hat(k).name] = Sym(k)
    return oracle.at(table) if table else oracle


def generic_facts(facts: Facts, f: Formula, oracle: Oracle) -> Facts:
    """Facts with every sum in f that cannot be negative taken as positive, where no random sample makes it 0.

    The same for f itself, where none of its terms can be positive and no random sample makes all of them 0.
    """
    known: set[Formula] = set()
    for g in walk(f):
        if (
            isinstance(g, (Big, Sym))
            and facts.range(g).nonnegative
            and not facts.range(g).positive
            and all(v > 0 for v in oracle.values(g))
        ):
            known.add(g)
    for g in known:
        facts = facts.assume(g, POSITIVE)
    if not facts.negative(f) and all(facts.range(t).nonpositive for t in terms(f)) and all(v < 0 for v in oracle.values(f)):
        facts = facts.assume(f, NEGATIVE)
    return facts


def algebra_for(f: Formula, work: Work) -> Algebra:
    """Algebra that may divide by what depends on the data alone and is never 0 in a random sample."""
    oracle = work.settled(work.lines_oracle)
    facts = generic_facts(work.al.facts.with_letters({hat(k).name: interior(work.problem.parameters[k]) for k in work.answers}), f, oracle)

    def generic(g: Formula) -> int:
        if names(g) & set(work.parameters):
            return 0
        vs = oracle.values(g)
        return 1 if all(v > 0 for v in vs) else -1 if all(v < 0 for v in vs) else 0

    return replace(work.al, facts=facts, generic=generic)
