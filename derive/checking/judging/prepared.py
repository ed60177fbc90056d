"""What the judging of a solution takes of the question alone: worked out once, and kept with the question."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from ...errors import DeriveError
from ...formula.names import reported
from ...formula.tree import Call, Formula, Num, walk
from ...pipeline import derive
from ...problem.problem import Problem
from ...sample.columns import fractions
from .model import Model, model_of
from .samples import Points
from .trial_points import TrialPoints

KEPT = "checking"


class Prepared:
    """A question ready for the solutions that are given to it."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self._trials: dict[int | None, TrialPoints] = {}

    @cached_property
    def model(self) -> Model:
        """Raises NotSupported where the likelihood cannot be written down."""
        return model_of(self.problem)

    def trials(self, size: int | None) -> TrialPoints:
        """The points at which solutions are tried, with samples of a size or of several."""
        if size not in self._trials:
            made = TrialPoints(self.model, Points(self.model, size))
            for s in made.points.samples:
                _ = s.peak  # it may lead to another sample: nothing changes any more once they are kept
            self._trials[size] = made
        return self._trials[size]

    @cached_property
    def general(self) -> Prepared:
        """The same for a symbolic sample."""
        return Prepared(self.problem.without_data())

    @cached_property
    def closed(self) -> frozenset[str]:
        """The parameters whose estimate has a closed form that needs no inverse function of its own; none that the engine does not find."""
        try:
            found = derive(self.problem.without_data())
        except (DeriveError, ArithmeticError, ValueError, TypeError, KeyError):
            return frozenset()
        special = {k for k, f in found.answers.items() if any(isinstance(g, Call) and g.name == "lambertw" for g in walk(f))}
        return frozenset(k for k in self.problem.parameters if k not in special and found.how.get(reported(k)) in ("closed", "boundary"))

    @cached_property
    def exact(self) -> frozenset[Fraction]:
        """The decimals of the question: they are exact."""
        parts: list[Formula] = [self.problem.density, *self.problem.values.values()]
        out = {g.value for f in parts for g in walk(f) if isinstance(g, Num)}
        s = self.problem.sample
        if s is not None and not s.is_large:
            for v in self.problem.observed:
                out |= {Fraction(x) for x in fractions(s.exact.get(v, ()))}
            out |= {Fraction(x) for x in (*fractions(s.right), *fractions(s.left))}
        return frozenset(out)


def prepared(problem: Problem) -> Prepared:
    """The question prepared, as it was for the solution before."""
    if KEPT not in problem.kept:
        problem.kept[KEPT] = Prepared(problem)
    found = problem.kept[KEPT]
    assert isinstance(found, Prepared)
    return found
