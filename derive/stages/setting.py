"""What the stages pass on: the question, the algebra and the oracle for it, and what was found so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..algebra.facts import Facts
from ..algebra.terms import Algebra
from ..estimate_order import in_order
from ..formula.evaluate import Env
from ..formula.names import hat
from ..formula.tree import Big, Formula, Relation, Sym, names, neg, terms, walk
from ..oracle.oracle import Oracle
from ..problem.contributions import Factors
from ..problem.parameter_groups import Group
from ..problem.problem import Problem
from ..proofs.signs import may_vanish, sign_of
from ..sets.ranges import interior
from ..trace import Block, Condition, How, Outcome, Section, Strength, Words

V = TypeVar("V")


@dataclass(frozen=True)
class MaximumArgument:
    """Why an answer is the maximum in its unknown.

    strength: what carries it.  blocks: what is shown of it in the section
    "The maximum"; none where the section in which it was found says it.  joint: it speaks of several unknowns
    at once, which share it.  reason: the same as a clause, for who reads it in brief.
    """

    strength: Strength
    blocks: tuple[Block, ...] = ()
    joint: bool = False
    reason: Words | None = None


ARGUED = MaximumArgument(Strength.PROVED)
LOOKED_FOR = MaximumArgument(Strength.SEARCHED)
WEAKEST_FIRST = (Strength.SEARCHED, Strength.ENCLOSED, Strength.PROVED)


@dataclass(frozen=True)
class Setting:
    """What every step of a derivation rests on.

    problem: the question, as constraints and the data have made it so far.  al: algebra inside the domains.  general: the oracle
    on random samples.  judge: the oracle for lines with the numbers of the data in them (the same as `general` for a symbolic
    sample).  numbers: whether the data's numbers are carried through the derivation (else they are put in at the end).
    specific: whether they are wanted from the start, because the general result does not hold at these data.
    answers: by name the formula of one estimate, for what was found so far.
    """

    problem: Problem
    al: Algebra
    general: Oracle
    judge: Oracle
    numbers: bool = False
    specific: bool = False
    answers: Mapping[str, Formula] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # see `once`

    def once(self, what: str, of: Hashable, work: Callable[[], V]) -> V:
        """What some work comes to that rests on this setting and a value, done once."""
        held = (self.problem, self.al, self.general, self.judge)
        key = (what, of, tuple(self.answers.items()), self.numbers, *map(id, held))
        if key not in self.known:
            self.known[key] = (held, work())
        return self.known[key][1]  # type: ignore[no-any-return]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(self.problem.parameters)

    @property
    def lines_oracle(self) -> Oracle:
        """The oracle for the lines of the derivation: with the data in it where their numbers are carried along."""
        return self.judge if self.numbers else self.general

    @property
    def data_point(self) -> Env | None:
        """The data with what was found so far put in; None for a symbolic sample, one too large to list, or where a given
        constant has no value."""
        if (not self.numbers and self.problem.observations is None) or self.problem.known:
            return None
        return dict(self.settled(self.judge).points[0])

    def settled(self, oracle: Oracle) -> Oracle:
        """The test points of an oracle with what was found so far put in for the parameters and their hats."""
        return settle_answers(oracle, self.answers)

    def free(self, f: Formula) -> bool:
        """Whether f holds no parameter."""
        return not (names(f) & set(self.parameters))


@dataclass(frozen=True)
class State(Setting):
    """A derivation so far: the setting, and all that the stages found.  A stage takes one and returns the next.

    gathered: the likelihood; ell: its logarithm; scores: the derivatives of that by parameter, raw_scores before they were tidied.

    order: the names of the answers as they were found.  sets: the whole set where an estimate is not the only one.  found: an
    answer as it was first found, perhaps in terms of unknowns that were still open.  profile: the score from which it was found.
    arguments: why it is the maximum, where the method that found it knows; the stage `maximum` argues for the others.
    equations: the textbook form of an equation that defines an estimate without a closed form.  resultants: the values of sums that contain an
    estimate.

    restricted: parameters whose domain is cut down to what the data allow.  together: whether the values that the data allow are
    looked at for all parameters together.  by_moments: whether the scores were replaced by equations between sums and their
    expected values.

    factors: the contributions of partly known observations, written one by one.  reasons: where the sample was put into rows,
    why a row contributes what it does.  rows: the question about rows, where there is one.

    groups: the parameters by constraint, where the likelihood is a product of their powers.  before_constraints: the question and the oracles
    as they were before constraints made it one in fewer parameters.  on_an_edge: whether some of the constraints are inequalities of the question.
    """

    gathered: Formula | None = None
    ell: Formula | None = None
    scores: Mapping[str, Formula] = field(default_factory=dict)
    raw_scores: Mapping[str, Formula] = field(default_factory=dict)
    found: Mapping[str, Formula] = field(default_factory=dict)
    how: Mapping[str, How] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    profile: Mapping[str, Formula] = field(default_factory=dict)
    sets: Mapping[str, Formula] = field(default_factory=dict)
    restricted: tuple[str, ...] = ()
    together: bool = False
    arguments: Mapping[str, MaximumArgument] = field(default_factory=dict)
    equations: Mapping[str, Relation] = field(default_factory=dict)
    resultants: Mapping[Formula, Formula] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    conditions: tuple[Condition, ...] = ()
    outcome: Outcome = Outcome.UNIQUE
    by_moments: bool = False
    factors: Factors | None = None
    reasons: tuple[Block, ...] = ()
    rows: Problem | None = None
    groups: tuple[Group, ...] = ()
    before_constraints: tuple[Problem, Oracle, Oracle] | None = None
    on_an_edge: bool = False

    def adding(self, *sections: Section, conditions: Iterable[Condition] = ()) -> State:
        """With further sections and conditions."""
        return replace(self, sections=(*self.sections, *sections), conditions=(*self.conditions, *conditions))

    def answered(self, name: str, answer: Formula, how: How, argument: MaximumArgument | None = None) -> State:
        """With the answer for one more unknown; argument: why it is the maximum, where that is known here."""
        arguments = self.arguments if argument is None else {**self.arguments, name: argument}
        return replace(
            self, answers={**self.answers, name: answer}, how={**self.how, name: how}, order=(*self.order, name), arguments=arguments
        )

    def without_maximum(self, argument: MaximumArgument) -> State:
        """With the finding that there is no maximum, and what carries it."""
        return replace(self, outcome=Outcome.NONE, arguments=dict.fromkeys(self.parameters, argument))

    def argued(self, argument: MaximumArgument) -> State:
        """With one argument for all that was found."""
        return replace(self, arguments=dict.fromkeys(self.answers, argument))

    def weakest(self, letters: Iterable[str]) -> MaximumArgument:
        """What carries a formula in some of the estimates: no more than the weakest of theirs."""
        strengths = [s for k, s in self.certainty.items() if k in letters]
        return MaximumArgument(min(strengths, key=WEAKEST_FIRST.index, default=Strength.PROVED))

    @property
    def certainty(self) -> dict[str, Strength]:
        """By parameter what carries its estimate, or that there is none: the weakest of its own argument and of those of the
        unknowns in whose terms it was found."""
        if self.outcome is Outcome.NONE:
            return {k: self.arguments[k].strength if k in self.arguments else Strength.SEARCHED for k in self.parameters}
        return {k: min(self._strengths(k, frozenset()), key=WEAKEST_FIRST.index) for k in self.answers}

    def _strengths(self, name: str, seen: frozenset[str]) -> list[Strength]:
        seen |= {name}
        others = (names(self.found.get(name, self.answers[name])) & set(self.answers)) - seen
        inherited = [s for k in sorted(others) for s in self._strengths(k, seen)]
        if name in self.arguments:
            return [self.arguments[name].strength, *inherited]
        return inherited or [Strength.SEARCHED]

    def continuing(self, *blocks: Block) -> State:
        """With further blocks in the last section."""
        last = self.sections[-1]
        return replace(self, sections=(*self.sections[:-1], replace(last, blocks=(*last.blocks, *blocks))))

    def with_answers(self, answers: Mapping[str, Formula], how: Mapping[str, How], argument: MaximumArgument | None = None) -> State:
        """With these answers in the place of all that were found; argument: why they are the maximum together, where that is known here."""
        arguments = self.arguments if argument is None else dict.fromkeys(answers, argument)
        return replace(self, answers=dict(answers), how=dict(how), order=tuple(in_order(answers)), arguments=arguments)

    def not_unique(self, name: str, every: Formula) -> State:
        """With the whole set of the estimates of an unknown, its answer being one of them."""
        return replace(self, outcome=Outcome.NOT_UNIQUE, sets={**self.sets, name: every})


Stage = Callable[[State], State]


def run(stages: Iterable[Stage], state: State) -> State:
    """The stages in order, up to the one that finds that there is no maximum."""
    for stage in stages:
        state.al.clock.stage = f"the stage “{stage.__name__.replace('_', ' ')}”"
        try:
            state = stage(state)
        except RecursionError:  # a formula deeper than Python's stack
            raise state.al.clock.stopped() from None
        if state.outcome is Outcome.NONE:
            break
    return state


def settle_answers(oracle: Oracle, answers: Mapping[str, Formula]) -> Oracle:
    """The test points of an oracle at the estimates."""
    table: dict[str, Formula] = {}
    for k in in_order(answers):
        table[k] = answers[k]
        table[hat(k).name] = Sym(k)
    return oracle.at(table) if table else oracle


def generic_facts(facts: Facts, f: Formula, oracle: Oracle) -> Facts:
    """Facts with every sum in f that cannot be negative taken as positive, where no random sample makes it 0.

    The same for f itself, where none of its terms can be positive and no random sample makes all of them 0.
    """
    known = [
        g
        for g in dict.fromkeys(walk(f))
        if isinstance(g, (Big, Sym)) and facts.range(g).nonnegative and not facts.range(g).positive and all(v > 0 for v in oracle.values(g))
    ]
    facts = facts.supposing(known) if known else facts
    if sign_of(f, facts).value == 0 and all(facts.range(t).nonpositive for t in terms(f)):
        cores = [g for g in dict.fromkeys(may_vanish(t, facts) for t in terms(f)) if all(v > 0 for v in oracle.values(g))]
        if cores:
            return facts.supposing(cores)
        if all(v < 0 for v in oracle.values(f)):
            return facts.supposing([neg(f)])
    return facts


def algebra_for(f: Formula, state: Setting) -> Algebra:
    """Algebra that may divide by what depends on the data alone and is never 0 in a random sample."""
    return state.once("algebra", f, lambda: _algebra_for(f, state))


def _algebra_for(f: Formula, state: Setting) -> Algebra:
    oracle = state.settled(state.lines_oracle)
    facts = generic_facts(
        state.al.facts.with_letters({hat(k).name: interior(state.problem.parameters[k]) for k in state.answers}), f, oracle
    )

    def generic(g: Formula) -> int:
        if names(g) & set(state.parameters):
            return 0
        vs = oracle.values(g)
        return 1 if all(v > 0 for v in vs) else -1 if all(v < 0 for v in vs) else 0

    return replace(state.al, facts=facts, generic=generic)
