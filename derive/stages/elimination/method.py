"""What a method of finding an unknown is given, what it proposes, and what it hands back.

A method looks at the equations as they stand (`Search`) and says whether it can find the unknown, and in terms of
which others (`Plan`).  Only the plan that is chosen is carried out; it gives the answer with its lines (`Found`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ...algebra.terms import Algebra
from ...formula.tree import Formula, Relation
from ...oracle.oracle import Oracle
from ...solving.solve import Solved
from ...trace import Block, Condition, How, Outcome, Words
from ..setting import MaximumArgument, State

Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Search:
    """The equations at one point of the elimination.

    open_names: the unknowns still to be found, in the user's order.  scores: by open name, the derivative of the
    log-likelihood with everything found so far put in.  solutions: what `algebraic.solution` found so far.
    """

    state: State
    open_names: tuple[str, ...]
    scores: Mapping[str, Formula]
    solutions: dict[str, Solution] = field(default_factory=dict)


@dataclass(frozen=True)
class Solution:
    """The side of a score equation from which it is solved, the algebra for it, and its roots, where algebra reaches them."""

    start: Formula
    al: Algebra
    solved: Solved | None


@dataclass(frozen=True)
class Found:
    """answers: by name, one value (in terms of open unknowns where it rests on others).  blocks: what is shown.
    how: they were found ("given others" is added by the elimination).  outcome: not unique with the whole set in
    `sets`; none ends the elimination.  argument: why it is the maximum in this unknown, or why there is none, where the
    method knows; None leaves that to the stage `maximum`, and is a search where there is none.  title: of the section, where this is not about solving score equations.

    conditions: what the data must satisfy.  equations: by name the textbook form of an equation without a closed
    solution.  resultants: what sums that hold an estimate are worth.  statistics: by letter what the solution names.
    samples: those that have a solution, where not all have one; they are the general ones from here on.
    numbers: the answers are numbers, of the given data.  tied: what goes with each member of a set, in terms of it.
    """

    answers: Mapping[str, Formula]
    blocks: Blocks
    how: How = How.CLOSED
    outcome: Outcome = Outcome.UNIQUE
    sets: Mapping[str, Formula] = field(default_factory=dict)
    argument: MaximumArgument | None = None
    title: Words | None = None
    conditions: tuple[Condition, ...] = ()
    equations: Mapping[str, Relation] = field(default_factory=dict)
    resultants: Mapping[Formula, Formula] = field(default_factory=dict)
    statistics: Mapping[str, Formula] = field(default_factory=dict)
    samples: Oracle | None = None
    numbers: bool = False
    tied: Mapping[str, Formula] = field(default_factory=dict)


def judged_by(state: State, samples: Oracle) -> State:
    """The state with other random samples for the general ones."""
    return replace(state, general=samples, judge=samples if state.judge is state.general else state.judge)


@dataclass(frozen=True)
class Plan:
    """names: the unknowns that this would find.  rests_on: the open unknowns in terms of which.
    roots: how many solve the equation, admissible or not.  carry_out: does it; raises NotSupported where it fails after all."""

    names: tuple[str, ...]
    rests_on: frozenset[str]
    carry_out: Callable[[], Found]
    roots: int = 1


Method = Callable[[Search, str], Plan | None]
