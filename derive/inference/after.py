"""All that follows from a finished derivation: information and covariance at the estimate, in formulas and in numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from ..algebra.rational_functions import TooLong
from ..algebra.rational_functions import inverse as inverse_of
from ..derived import Derived
from ..errors import NotSupported
from ..estimate_order import without_hats
from ..formula.evaluate import compiled
from ..formula.names import hat, reported
from ..formula.tree import ZERO, Float, Formula, Last, Searched, Sym, add, mul, names, replace_all, walk
from ..problem.problem import Problem
from ..rules.calculus import differentiate
from ..trace import How, Outcome
from .free_parameters import in_free_parameters
from .information import Information, information, left_out, of_sample, why_none
from .matrices import Rows, inverse
from .sample_likelihood import SampleLikelihood, sample_likelihood
from .simplest import negative, shortest

NEAR = 1e-9  # of an estimate to an end of its domain, relative to its size
Matrix = tuple[tuple[Formula, ...], ...]

ROUNDING = 1e-13  # relative to the diagonal


class Source(StrEnum):
    """Which information a covariance is the inverse of."""

    EXPECTED = "expected"
    OBSERVED = "observed"


@dataclass(frozen=True)
class After:
    """What comes after the estimate of a derivation.  Nothing is worked out before it is asked for.

    in_general: finds the estimates for a symbolic sample, where the numbers of the data were carried along.
    """

    derived: Derived
    in_general: Callable[[], Mapping[str, Formula]] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def general(self) -> Mapping[str, Formula]:
        """The estimates as formulas in n and the observations, where they are known."""
        d = self.derived
        if d.general or self.numbers is None:
            return d.general or d.answers
        return {} if self.in_general is None else self.in_general()

    @cached_property
    def problem(self) -> Problem:
        """The question in parameters that vary freely."""
        try:
            return in_free_parameters(self.derived.problem)
        except NotSupported:
            return self.derived.problem

    @property
    def tied(self) -> Mapping[str, Formula]:
        """The parameters that linear equations determine, written by the free ones."""
        return self.problem.tied

    @cached_property
    def likelihood(self) -> SampleLikelihood:
        """The log-likelihood of the sample.  Raises NotSupported where there is none as one formula."""
        return sample_likelihood(self.problem)

    @cached_property
    def numbers(self) -> Mapping[str, float] | None:
        """The estimates by name as floats, where there are data."""
        found = self.derived.numeric
        return None if found is None else {k: found[reported(k)] for k in self.problem.parameters}

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The parameters that have an information in the usual sense."""
        missing = left_out(self.problem)
        return tuple(k for k in self.problem.parameters if k not in missing)

    # -- information --------------------------------------------------------------------------------

    @cached_property
    def expected(self) -> Information | None:
        """The information of one observation; None where it is not to be had."""
        try:
            return information(self.problem)
        except NotSupported:
            return None

    @cached_property
    def why_not(self) -> str:
        """Why there is no expected information in closed form."""
        try:
            information(self.problem)
        except NotSupported as e:
            return e.message
        return "no closed form was found for one of its expected values"

    @cached_property
    def of_sample(self) -> Matrix | None:
        """The expected information of the whole sample as a matrix in the parameters; None where it has no closed form."""
        if self.expected is None or self.expected.rows is None:
            return None
        return of_sample(self.expected.rows, self.expected.one)

    @cached_property
    def observed(self) -> Matrix:
        """Minus the second derivatives of the log-likelihood, as a matrix in the parameters.  Raises NotSupported where there are none, at a kink."""
        self.refuse_none()
        ell, al = self.likelihood, self.likelihood.al
        places = [ell.letters.index(k) for k in self.letters]
        return tuple(tuple(negative(ell.hessian[i][j], al) for j in places) for i in places)

    @property
    def observed_or_none(self) -> Matrix | None:
        """The same; None where the log-likelihood has a kink, or no second derivatives that are known here."""
        try:
            return self.observed
        except NotSupported:
            return None

    def refuse_none(self) -> None:
        """Raises NotSupported where no parameter has an information."""
        if not self.letters:
            raise NotSupported(why_none(left_out(self.problem)))

    # -- at the estimate ------------------------------------------------------------------------------

    def refuse(self) -> None:
        """Raises NotSupported where the estimate is not one about which a normal approximation is known to hold."""
        d = self.derived
        if d.outcome is not Outcome.UNIQUE:
            none = "there is no maximum" if d.outcome is Outcome.NONE else "the maximum is not unique"
            raise NotSupported(f"{none}, so there is no standard error")
        self.refuse_none()
        self._refuse_constraints()
        for k in self.letters:
            if d.how[reported(k)] is How.BOUNDARY or self._at_an_end(k):
                raise NotSupported(
                    f"the estimate of {reported(k)} lies at an end of its domain, where its distribution is not approximately normal: "
                    "there is no standard error"
                )

    def _refuse_constraints(self) -> None:
        """Raises NotSupported for equations that were not solved, and where an inequality may hold with equality."""
        p = self.derived.problem
        if any(c.signs == ("=",) for c in p.implied) and not self.tied:
            raise NotSupported("the parameters satisfy equations that are not linear, under which standard errors are not derived here")
        for c in (c for c in p.implied if c.signs != ("=",)):
            if self.derived.numeric is None and c in p.constraints:
                raise NotSupported(
                    "at an inequality of the question the distribution of the estimates is not approximately normal", hint="give the data"
                )
            if self.derived.numeric is None:
                continue
            at = {k: self.derived.numeric[reported(k)] for k in p.parameters}
            sides = [compiled(f)(dict(at)) for f in c.sides]
            if any(not abs(a - b) > NEAR * (1 + abs(a)) for a, b in pairwise(sides)):
                raise NotSupported("the estimate lies on the border of an inequality, where its distribution is not approximately normal")

    def _at_an_end(self, name: str) -> bool:
        if self.numbers is None:
            return False
        v = self.numbers[name]
        return any(math.isfinite(e) and abs(v - e) <= NEAR * (1 + abs(e)) for e in self.problem.parameters[name].bounds(dict(self.numbers)))

    @cached_property
    def answers(self) -> Mapping[Formula, Formula]:
        """The estimates to put in for the parameters: those with a closed form, and numbers where there are data."""
        d = self.derived
        found = without_hats(d.answers)
        out: dict[Formula, Formula] = {}
        for k in self.problem.parameters:
            f = found.get(k)
            exact = f is not None and not any(isinstance(g, (Searched, Last, Float)) for g in walk(f))
            if f is not None and exact and not names(f) & set(self.problem.parameters):
                out[Sym(k)] = f
            elif self.numbers is not None:
                out[Sym(k)] = Float(self.numbers[k])
        return out

    def apart(self, held: Iterable[str]) -> bool:
        """Whether some parameters are most likely at the same values, whatever the others are."""
        d = self.derived
        general = self.general or d.answers
        return all(
            d.how[reported(k)] is How.BOUNDARY and k in general and not names(general[k]) & hats(self.problem.parameters) for k in held
        )

    @property
    def exact(self) -> bool:
        """Whether every estimate is known as a formula, or an exact number."""
        put = self.answers
        return all(Sym(k) in put and not isinstance(put[Sym(k)], Float) for k in self.problem.parameters)

    @cached_property
    def source(self) -> Source:
        """Which information the covariance is the inverse of: the expected one where it has a closed form."""
        return Source.OBSERVED if self.of_sample is None else Source.EXPECTED

    @property
    def _information(self) -> Matrix:
        return self.observed if self.of_sample is None else self.of_sample

    @cached_property
    def covariance(self) -> Matrix | None:
        """The inverse of the information as a matrix in the parameters; None where it is too long to be written."""
        self.refuse()
        try:
            found = inverse_of(self._information, self.likelihood.al)
        except TooLong:
            return None
        if found is None:
            raise NotSupported("the information is singular: the data do not tell the parameters apart, so there is no standard error")
        return tuple(map(tuple, found))

    @cached_property
    def information_in_numbers(self) -> Rows:
        """The information at the estimate and the data."""
        assert self.numbers is not None
        return self._in_numbers(self._information)

    @cached_property
    def observed_in_numbers(self) -> Rows:
        """The observed information at the estimate and the data."""
        return self._in_numbers(self.observed)

    def _in_numbers(self, m: Matrix) -> Rows:
        assert self.numbers is not None
        at = self.numbers
        rows = [[self.likelihood.value(f, at) for f in row] for row in m]

        def settled(j: int, k: int) -> float:  # what is 0 but for the rounding of its terms is 0
            return 0.0 if j != k and abs(rows[j][k]) <= ROUNDING * math.sqrt(abs(rows[j][j] * rows[k][k])) else rows[j][k]

        return tuple(tuple(settled(j, k) for k in range(len(row))) for j, row in enumerate(rows))

    @cached_property
    def covariance_in_numbers(self) -> Rows:
        """The inverse of the information at the estimate and the data.  Raises NotSupported where it is singular."""
        self.refuse()
        found = inverse(self.information_in_numbers)
        if found is None:
            raise NotSupported(
                f"the {self.source} information at the estimate is not positive definite: the data hardly tell the parameters apart, "
                "so there is no standard error"
            )
        return found

    @cached_property
    def everyone(self) -> tuple[str, ...]:
        """The parameters with a standard error, those that are tied among them, in the order of the question."""
        return tuple(k for k in self.derived.problem.parameters if k in self.letters or k in self.tied)

    @cached_property
    def gradients(self) -> tuple[tuple[Formula, ...], ...]:
        """The derivatives of every parameter with a standard error in the free ones."""
        al = self.likelihood.al
        rows = [self.tied.get(k) or Sym(k) for k in self.everyone]
        return tuple(tuple(al.tidy(differentiate(f, Sym(u), al)) for u in self.letters) for f in rows)

    @property
    def whole_covariance(self) -> Matrix | None:
        """The covariance of all of them, by the delta method."""
        m, g, al = self.covariance, self.gradients, self.likelihood.al
        if m is None or not self.tied:
            return m
        width = range(len(self.letters))
        return tuple(
            tuple(shortest(add(*(mul(a[i], m[i][j], b[j]) for i in width for j in width if ZERO not in (a[i], b[j]))), al) for b in g)
            for a in g
        )

    @cached_property
    def whole_in_numbers(self) -> Rows:
        """The same at the data."""
        m = self.covariance_in_numbers
        if not self.tied:
            return m
        assert self.numbers is not None
        g = [[compiled(f)({**(self.numbers or {})}) for f in row] for row in self.gradients]
        width = range(len(self.letters))
        return tuple(tuple(math.fsum(a[i] * m[i][j] * b[j] for i in width for j in width) for b in g) for a in g)

    def at_estimate(self, f: Formula) -> Formula:
        """A formula in the parameters at the estimate, with the data in it."""
        ell = self.likelihood
        put = replace_all(f, dict(self.answers))
        return ell.al.tidy(ell.at_data(put))

    # -- fit ----------------------------------------------------------------------------------------

    @cached_property
    def height(self) -> float:
        """The log-likelihood at the estimate.  Raises NotSupported without data or without a maximum."""
        if self.numbers is None:
            raise NotSupported("there are no data", hint="give the data")
        return self.likelihood.height(self.numbers)

    @property
    def free(self) -> int:
        """The number of parameters that vary freely."""
        p = self.problem
        return len(p.parameters) - sum(c.signs == ("=",) for c in p.as_asked.constraints)


def hats(parameters: Iterable[str]) -> set[str]:
    """The names of parameters and of their estimates."""
    return {name for k in parameters for name in (k, hat(k).name)}


__all__ = ["After", "Matrix", "Source"]
