"""One unknown, its stationary point found: what the arguments for a maximum look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ...algebra.terms import Algebra
from ...formula.tree import Apply, Derivative, Formula, Sym, equation
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...recorder import record
from ...rule_names import RuleName
from ...rules.sums import centred_whole
from ...trace import Display
from ..likelihood.score import derivative, tidied
from ..setting import State, algebra_for, settle_answers

PROFILE = "ell_prof"


def label_of(name: str, position: int, problem: Problem) -> Apply:
    """The log-likelihood as a function of the parameters, or the profile log-likelihood of one of them."""
    return Apply(PROFILE, (Sym(name),)) if position else problem.of("ell")


@dataclass(frozen=True)
class Unknown:
    """An unknown, and how many were found before it; state: with its profile score.

    The others that were found before are put in; so what is argued for is a function of one unknown.
    """

    name: str
    position: int
    state: State

    @property
    def letter(self) -> Sym:
        return Sym(self.name)

    @property
    def label(self) -> Apply:
        """The (profile) log-likelihood as it is written."""
        return label_of(self.name, self.position, self.state.problem)

    @property
    def score(self) -> Formula:
        return self.state.profile[self.name]

    @property
    def slope(self) -> Derivative:
        """The first derivative as it is written."""
        return Derivative(self.label, ((self.letter, 1),))

    @cached_property
    def al(self) -> Algebra:
        """Algebra that may divide by what depends on the data alone and is not 0 in general."""
        return algebra_for(self.score, self.state)

    @cached_property
    def oracle(self) -> Oracle:
        """The test points with what was found before put in."""
        return settle_answers(self.state.lines_oracle, {o: self.state.found[o] for o in self.state.order[: self.position]})

    @cached_property
    def second(self) -> Formula:
        """The second derivative."""
        second = tidied(derivative(self.score, self.letter, self.state)[1], self.state)
        return centred_whole(second, self.state.al) or second

    @cached_property
    def second_line(self) -> Display:
        """The line that states it, judged as the derivative of the score."""
        evidence = self.oracle.equal(Derivative(self.score, ((self.letter, 1),)), self.second)
        stated = equation(Derivative(self.label, ((self.letter, 2),)), self.second)
        return Display((record(stated, evidence, rule=RuleName.DIFFERENTIATE),))
