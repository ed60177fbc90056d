"""All that follows from a finished derivation: information and covariance at the estimate, in formulas and in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ..algebra.rational_functions import TooLong
from ..algebra.rational_functions import inverse as inverse_of
from ..derived import Derived
from ..errors import NotSupported
from ..estimate_order import without_hats
from ..formula.names import hat, reported
from ..formula.tree import Float, Formula, Last, Searched, Sym, names, replace_all, walk
from ..problem.problem import Problem
from ..trace import How, Outcome
from .information import Information, information, left_out, of_sample, why_none
from .matrices import Rows, inverse
from .sample_likelihood import SampleLikelihood, sample_likelihood
from .simplest import negative

NEAR = 1e-9  # of an estimate to an end of its domain, relative to its size
Matrix = tuple[tuple[Formula, ...], ...]


class Source(StrEnum):
    """Which information a covariance is the inverse of."""

    EXPECTED = "expected"
    OBSERVED = "observed"


@dataclass(frozen=True)
class After:
    """What comes after the estimate of a derivation.  Nothing is worked out before it is asked for."""

    derived: Derived

    @property
    def problem(self) -> Problem:
        return self.derived.problem

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
        if self.problem.implied or self.problem.reduction is not None:
            raise NotSupported("the parameters satisfy constraints, under which standard errors are not derived here")
        for k in self.letters:
            if d.how[reported(k)] is How.BOUNDARY or self._at_an_end(k):
                raise NotSupported(
                    f"the estimate of {reported(k)} lies at an end of its domain, where its distribution is not approximately normal: "
                    "there is no standard error"
                )

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
        general = d.general or d.answers
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
        return tuple(tuple(self.likelihood.value(f, at) for f in row) for row in m)

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
