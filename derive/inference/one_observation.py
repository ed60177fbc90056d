"""The log-density of one observation with its first and second derivatives: what information and sufficiency rest on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from ..algebra.terms import Algebra
from ..density.integration.normalise import total, total_along
from ..density.integration.quadrature import OutOfBudget
from ..errors import NotSupported
from ..formula.evaluate import EXPECTATION, Env, compiled
from ..formula.names import reported
from ..formula.restrict import restricted
from ..formula.tree import ONE, TWO, Apply, Call, Cases, Formula, Indicator, Mul, Pow, Sym, add, free_names, has, kinds, neg, num, walk
from ..oracle.oracle import Oracle
from ..problem.problem import Problem
from ..problem.test_points import random_points
from ..rules.calculus import NoDerivative, differentiate
from ..rules.logs import logged
from .simplest import shorter

JUMPS = ("sign", "max", "min", "floor", "ceiling")
SCORE_MEAN = 1e-7  # of the mean of a score, beside its standard deviation, that is 0
CANDIDATES = 8
POINTS = 3  # parameter values at which an expectation is compared with numbers
ACCURATE = 1e-11  # of the total of the density, for parameter values at which integration has the digits


@dataclass(frozen=True)
class OneObservation:
    """One observation of a question.

    al: algebra that knows where parameters and an observation lie.  letters: the parameters in which the log-density is
    differentiated, in order.
    """

    problem: Problem
    al: Algebra
    letters: tuple[str, ...]

    @cached_property
    def log_density(self) -> Formula:
        """log f(x; theta), opened."""
        if {Indicator, Cases} & kinds(self.problem.density):
            raise NotSupported("the density is given by cases, of which derivatives in the parameters are not taken here")
        return logged(self.problem.density, self.al)

    @cached_property
    def scores(self) -> Mapping[str, Formula]:
        """By parameter the derivative of the log-density."""
        return {k: self._derivative(self.log_density, k) for k in self.letters}

    @cached_property
    def second(self) -> Mapping[tuple[str, str], Formula]:
        """By pair of parameters, in order, the second derivative of the log-density."""
        ks = [k for k in self.letters if k not in self.kinked]
        return {(j, k): self._derivative(self.scores[j], k) for a, j in enumerate(ks) for k in ks[a:]}

    @cached_property
    def kinked(self) -> frozenset[str]:
        """The parameters in which the log-density has a kink: a sign that moves with them stands in the score."""
        jumps = [g for s in self.scores.values() for g in walk(s) if isinstance(g, Call) and g.name in JUMPS]
        return frozenset(k for k in self.letters if any(has(g, Sym(k)) for g in jumps))

    def _derivative(self, f: Formula, name: str) -> Formula:
        try:
            return shorter(differentiate(f, Sym(name), self.al), self.al)
        except NoDerivative as e:
            raise NotSupported(f"the derivative of {e} in {reported(name)} is not known here") from None

    @property
    def label(self) -> Formula:
        """log f(x; theta) as a label."""
        p = self.problem
        return Apply("logf", (*map(Sym, p.variables), *p.letters), len(p.variables))

    @cached_property
    def oracle(self) -> Oracle:
        """Test points at which expectations have values: by numerical integration, or summation, of the density."""
        found = random_points(self.problem.without_data() if self.problem.rows is None else self.problem, CANDIDATES, seed=5)
        rows: list[Env] = []
        for w in found:
            one = {**w, **{k: w[k][0] for k in self.problem.covariates}, EXPECTATION: self._expectation}
            squares = [self.variance(k, one) for k in self.letters]
            if math.inf in squares:
                raise NotSupported("the score has no finite mean square for some values of the parameters")
            if not (all(map(math.isfinite, squares)) and abs(self._integral(ONE, one) - 1) < ACCURATE):
                continue
            means = [self._score_mean(k, one) for k in self.letters]
            if not all(map(math.isfinite, means)):
                continue
            if any(abs(m) > SCORE_MEAN * math.sqrt(s) for m, s in zip(means, squares, strict=True)):
                raise NotSupported("the score does not have mean zero")
            rows.append(one)
            if len(rows) == POINTS:
                break
        return Oracle(tuple(rows))

    def variance(self, name: str, env: Env) -> float:
        """The mean square of a score at a test point."""
        return self._expectation(Mul((self.scores[name], self.scores[name])), env)

    def _score_mean(self, name: str, env: Env) -> float:
        """The mean of a score at a test point, with its standard deviation added, which is taken off again: near 0 nothing settles."""
        s = self.scores[name]
        key = self._key(s, env)
        if key not in self._known:
            size = Fraction(math.sqrt(self.variance(name, env)))
            self._known[key] = self._integral(add(s, num(size)), env) - float(size)
        return self._known[key]

    def _key(self, body: Formula, env: Env) -> tuple[object, ...]:
        p = self.problem
        return (body, *(env[k] for k in (*p.parameters, *p.known, *p.covariates)))

    def at(self, body: Formula, values: Mapping[str, float]) -> float:
        """E(body) at parameter values, in floats: the step halved until two values agree; nan where they do not."""
        return self._integral(body, dict(values))

    @cached_property
    def fixed_total(self) -> Formula | None:
        """What several counts add up to, where that is 1 or a known letter for every observation that has a probability."""
        p = self.problem
        if len(p.variables) < 2 or not all(d.discrete for d in p.support.values()) or not self.oracle.points:
            return None
        for m in (ONE, *map(Sym, p.known)):
            off = Pow(add(*map(Sym, p.variables), neg(m)), TWO)
            if all(abs(self._integral(off, w)) <= ACCURATE for w in self.oracle.points):
                return m
        return None

    @cached_property
    def samples(self) -> Oracle:
        """Test points with whole samples."""
        return Oracle(random_points(self.problem.without_data() if self.problem.rows is None else self.problem, POINTS, seed=5))

    def _expectation(self, body: Formula, env: Env) -> float:
        """E(body) at a test point, in floats."""
        p = self.problem
        if not free_names(body) & set(p.variables):
            return compiled(body)(env)
        key = self._key(body, env)
        if key not in self._known:
            v = self._integral(body, env)
            self._known[key] = self._lifted(body, env) if math.isnan(v) else v
        return self._known[key]

    def _lifted(self, body: Formula, env: Env) -> float:
        """The same where positive and negative parts cancel: with the root of the mean square added, which is taken off again."""
        square = self._integral(Mul((body, body)), env)
        if not 0 < square < math.inf:
            return math.nan
        size = Fraction(math.sqrt(square))
        return self._integral(add(body, num(size)), env) - float(size)

    def _integral(self, body: Formula, env: Env) -> float:
        p = self.problem
        plain = {k: v for k, v in env.items() if not isinstance(v, list) and not callable(v)}
        whole = Mul((body, p.density))
        if len(p.variables) == 1:
            (v,) = p.variables
            density, g = restricted(p.density, v, plain), restricted(body, v, plain)
            try:
                found = total_along(lambda x: g(x) * f if (f := density(x)) else 0.0, whole, v, p.support[v], plain)
            except OutOfBudget:
                found = None
        else:
            found = total(whole, {v: p.support[v] for v in p.variables}, plain)
        return math.nan if found is None else found

    @cached_property
    def _known(self) -> dict[object, float]:
        return {}


def one_observation(p: Problem, letters: tuple[str, ...]) -> OneObservation:
    """That of a question, differentiated in some of its parameters."""
    facts = p.facts
    facts = facts.with_letters({v: r for v, r in facts.data.items() if v in p.observed})
    return OneObservation(p, replace(Algebra(facts, False, tuple(p.parameters))), letters)


__all__ = ["OneObservation", "one_observation"]
