"""The log-likelihood of a whole sample with its derivatives, as formulas and as numbers at the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.evaluate import Env, compiled
from ..formula.names import reported
from ..formula.rowwise import Numbers
from ..formula.tree import Big, Cases, Float, Formula, N, Sym, add, kinds, names, num, replace_all, transform
from ..oracle.oracle import Oracle
from ..problem.problem import Problem
from ..rules.calculus import NoDerivative, differentiate
from ..rules.logs import logged
from ..rules.sums import split_sums
from ..sample.statistics import Statistics
from ..stages.likelihood.product import likelihood, log_likelihood_section, with_data
from ..stages.likelihood.score import tidied
from ..stages.setting import State, run
from ..stages.setup.begin import begin

LONGEST = 50  # observations that a sum is written out for


@dataclass(frozen=True)
class SampleLikelihood:
    """The log-likelihood of a question.

    formula: in n, the observations and the parameters; or with the numbers of a sample that is partly known, or known by its sums.
    """

    problem: Problem
    al: Algebra
    formula: Formula

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The parameters in which it has derivatives: those that do not take separate values only."""
        return tuple(k for k, d in self.problem.parameters.items() if not d.discrete)

    @cached_property
    def score(self) -> Mapping[str, Formula]:
        """By parameter the derivative."""
        return {k: self._derivative(self.formula, k) for k in self.letters}

    @cached_property
    def hessian(self) -> tuple[tuple[Formula, ...], ...]:
        """The second derivatives, row by row."""
        ks = self.letters
        half = {(j, k): self._derivative(self.score[j], k) for a, j in enumerate(ks) for k in ks[a:]}
        return tuple(tuple(half.get((j, k)) or half[k, j] for k in ks) for j in ks)

    def _derivative(self, f: Formula, name: str) -> Formula:
        try:
            tidy = tidied(differentiate(f, Sym(name), self.al), State(self.problem, self.al, Oracle(()), Oracle(())))
            return self.al.assemble(self.al.flat(tidy, deep=True))
        except NoDerivative as e:
            raise NotSupported(f"the derivative of {e} in {reported(name)} is not known here") from None

    # -- at the data ------------------------------------------------------------------------------

    @cached_property
    def data(self) -> Env:
        """The observations by their letters, with their number and means."""
        p = self.problem
        if p.observations is None:
            return {"n": p.size}
        seen = p.observations
        means = {v + "_bar": float(seen.mean(v)) for v in p.observed}
        env: Env = {"n": seen.size, **{k: Numbers(xs) for k, xs in seen.columns().items()}, **means}
        return env | {k: compiled(f)(env) for k, f in p.statistics.items()}

    @cached_property
    def large(self) -> Statistics | None:
        """The sums of a sample that is too large to be listed."""
        p = self.problem
        return Statistics(p.sample, p.observed) if p.sample is not None and p.sample.is_large else None

    def value(self, f: Formula, at: Mapping[str, float]) -> float:
        """A formula of this log-likelihood at the data and values of the parameters."""
        if self.large is not None:
            self.large.env |= at
            return self.large.value(replace_all(f, {Sym(k): Float(v) for k, v in at.items()}))
        return compiled(f)({**self.data, **at})

    def height(self, at: Mapping[str, float]) -> float:
        """The log-likelihood at the data, constants included; -inf outside the support."""
        p = self.problem
        if self.large is not None or p.observations is None:
            return self.value(self.formula, at)
        seen = p.observations
        point: Env = {**{k: compiled(f)({}) for k, f in p.values.items()}, **at}
        rows = [(times, {**point, **dict(zip(seen.names, map(float, row), strict=True))}) for row, times in seen.rows]
        return math.fsum(times * p.log_density(env) for times, env in rows)

    def at_data(self, f: Formula) -> Formula:
        """A formula of this log-likelihood with the data in it, as far as they become numbers; f itself for a symbolic sample."""
        p = self.problem
        if p.sample is None or p.observations is None:
            return f
        if p.in_floats:
            return self._in_floats(f)
        put, _, clear = with_data(f, p, self.al)
        if clear:
            return put
        seen = p.observations

        def one(g: Formula) -> Formula | None:
            if not isinstance(g, Big) or g.kind != "sum":
                return None
            if seen.size <= LONGEST:
                return add(*(seen.at(g.body, g.index, row) for row in seen.each()))
            free = not names(g.body) & set(p.parameters)
            return Float(compiled(g)({**self.data})) if free else None

        return transform(put, one)

    def _in_floats(self, f: Formula) -> Formula:
        letters = set(self.problem.parameters)
        put = transform(f, lambda g: Float(self.value(g, {})) if isinstance(g, Big) and not names(g) & letters else None)
        size = self.problem.size
        means: dict[Formula, Formula] = {
            Sym(v + "_bar"): Float(float(self.data[v + "_bar"])) for v in self.problem.observed if v + "_bar" in self.data
        }
        return replace_all(put, means if size is None else {**means, N: num(size)})


def sample_likelihood(p: Problem) -> SampleLikelihood:
    """The log-likelihood of a question.  Raises NotSupported where there is no formula for it."""
    facts = p.facts
    al = Algebra(facts, False, tuple(p.parameters))
    partly = p.sample is not None and p.observations is None and not p.sample.is_large
    if p.sums or partly:
        state = run((likelihood, log_likelihood_section), begin(p))
        if state.ell is None:
            raise NotSupported("the log-likelihood of this sample was not written as one formula")
        return SampleLikelihood(p, al, state.ell)
    whole = logged(p.likelihood if p.cells is None else p.spread, al)
    if Cases in kinds(whole):
        raise NotSupported("the density is given by cases, which were not put together")
    return SampleLikelihood(p, al, p.spelled(split_sums(whole, al) or whole))


__all__ = ["SampleLikelihood", "sample_likelihood"]
