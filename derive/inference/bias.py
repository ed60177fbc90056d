"""The expected value of an estimate, exactly, where the distribution of its statistic follows by a rule.

Linear: a sum over the sample has n times the mean of its summand.  Deviations: the sum of (x_i - mean)^2 has mean (n - 1) Var X.  Gamma:
where the derivative of the logarithm of E(e^(tT)) is k/(r - t), T is gamma distributed, a sum of n of them too with shape n k, and the
mean of its reciprocal is r/(n k - 1) (Johnson, Kotz and Balakrishnan, 1994, 17).  Extremes: the largest observation has density
n F^(n-1) f, the smallest n (1 - F)^(n-1) f (David and Nagaraja, 2003, Order Statistics, 2.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ..algebra.facts import Range
from ..algebra.rational_functions import RationalFunctions, TooLong
from ..algebra.terms import E, Term
from ..density.integration.distribution_function import candidates, confirmed
from ..density.integration.normalise import total
from ..density.integration.standard_integrals import INFINITY, integrals
from ..density.integration.standard_sums import sums
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    At,
    Big,
    Call,
    Formula,
    Mul,
    N,
    Pow,
    Sym,
    add,
    exp,
    has,
    mul,
    names,
    neg,
    num,
    power,
    replace_all,
    transform,
    walk,
)
from ..rules.calculus import NoDerivative, differentiate
from ..trace import ConditionKind
from .after import After
from .information import partly_known
from .moments import Moments, parametric
from .one_observation import OneObservation, one_observation
from .simplest import shortest

AGREE = 1e-7
SIZES = (3, 6)  # of samples at which the mean of an extreme observation is compared with numbers


class BiasRule(StrEnum):
    """Why an estimate has the mean that it has."""

    LINEAR = "linear"
    DEVIATIONS = "squared deviations"
    GAMMA = "a gamma distributed sum"
    EXTREME = "an extreme observation"


@dataclass(frozen=True)
class ExpectedEstimate:
    """The mean of an estimate, its variance where it is known, and the rule.  statistic: of one observation, where there is one;
    shape, rate: of its gamma distribution."""

    mean: Formula
    variance: Formula | None
    rule: BiasRule
    statistic: Formula | None = None
    shape: Formula | None = None
    rate: Formula | None = None


class Means:
    """Expected values of estimates of one question."""

    def __init__(self, after: After):
        self.after, p = after, after.problem
        if partly_known(p) or p.rows is not None or p.whole or p.covariates or len(p.variables) != 1 or p.sums or p.cells is not None:
            raise NotSupported("expected values of estimates are derived for independent observations of one variable, each known exactly")
        for c in after.derived.conditions:
            fails = c.kind is ConditionKind.INTERIOR or (c.kind is not ConditionKind.UNIQUE and any(d.discrete for d in p.support.values()))
            if fails and after.numbers is None:
                raise NotSupported("for some samples, of positive probability, the estimate is another formula or does not exist")
        if after.derived.problem.implied:
            raise NotSupported("the constraints may cut the estimate off for some samples")
        self.p = p
        self.one: OneObservation = one_observation(p, after.letters)
        self.al = self.one.al
        self.x = Sym(p.variables[0])
        self.moments = Moments(self.one) if self.one.oracle.points else None

    @property
    def mean_letter(self) -> Formula:
        """The sample mean."""
        return Sym(self.x.name + "_bar")

    def stays(self, name: str, f: Formula) -> bool:
        """Whether an estimate lies in a domain that was stated for every sample: else it is another formula for some."""
        domain = self.p.parameters[name]
        if name in self.p.inferred or domain.end_letters:
            return True
        low, high = domain.bounds()
        r = self.p.facts.range(f)
        return low <= r.low and r.high <= high

    def of(self, f: Formula) -> ExpectedEstimate | None:
        """The mean of an estimate, as a formula in n and the observations; None where none of the rules reaches."""
        if names(f) & {h for k in self.p.parameters for h in (k, k + "_hat")}:
            return None
        for rule in (self._linear, self._reciprocal, self._extreme):
            try:
                found = rule(f)
            except (NotSupported, NoDerivative, TooLong):
                found = None
            if found is not None:
                return found
        return None

    # -- linear statistics --------------------------------------------------------------------------

    def _body(self, g: Formula) -> Formula | None:
        """The summand of a sum over the sample, or of the mean, as a function of one observation."""
        if g == self.mean_letter:
            return self.x
        if not (isinstance(g, Big) and g.kind == "sum" and g.high == N and g.low == ONE):
            return None
        return replace_all(g.body, {At(self.x.name, (Sym(g.index),)): self.x})

    def _linear(self, f: Formula) -> ExpectedEstimate | None:
        if self.moments is None:
            return None
        means: list[Formula] = []
        found: list[tuple[Term, Formula]] = []
        rule = BiasRule.LINEAR
        for t in self.al.flat(f, deep=True):
            data = [b for b in t.powers if self._of_data(b)]
            if not data:
                means.append(self.al.build(t))
                continue
            if len(data) != 1 or t.powers[data[0]] != ONE or any(self._of_data(k) for k in t.powers.values()):
                return None
            front = Term(t.coefficient, {b: k for b, k in t.powers.items() if b != data[0]})
            front = self.al.times((front, Term(Fraction(1), {N: num(-1)}))) if data[0] == self.mean_letter else front
            body = self._body(data[0])
            if body is None:
                return None
            deviations = self._deviations(body)
            if deviations is not None:
                rule = BiasRule.DEVIATIONS
                means.append(mul(self.al.build(front), add(N, neg(ONE)), deviations))
                continue
            if self._of_data(body):
                return None
            m = self.moments.mean(body)
            if m is None:
                return None
            means.append(mul(self.al.build(front), N, m[0]))
            found.append((front, body))
        mean = shortest(add(*means), self.al)
        variance = None
        if len(found) == 1 and rule is BiasRule.LINEAR:
            spread = self.variance(found[0][1])
            variance = None if spread is None else shortest(mul(Pow(self.al.build(found[0][0]), TWO), N, spread), self.al)
        return ExpectedEstimate(mean, variance, rule, found[0][1] if len(found) == 1 else None)

    def _of_data(self, f: Formula) -> bool:
        """Whether a formula speaks of the sample."""
        return bool(names(f) & {self.x.name + "_bar", self.x.name + "_ord"}) or any(isinstance(g, (Big, At)) for g in walk(f))

    def _deviations(self, body: Formula) -> Formula | None:
        """Var X, where the body is the squared distance of an observation from the mean of the sample."""
        if body != Pow(add(self.x, neg(self.mean_letter)), TWO):
            return None
        return self.variance(self.x)

    def variance(self, t: Formula) -> Formula | None:
        """Var T for a function of one observation: by the derivative of its mean, which is its covariance with the score, else by moments."""
        assert self.moments is not None
        m = self.moments.mean(t)
        if m is None:
            return None
        found = self._by_score(t, m[0])
        if found is None:
            second = self.moments.mean(self.al.expand(Pow(add(t, neg(m[0])), TWO))) or self.moments.mean(Pow(add(t, neg(m[0])), TWO))
            if second is None:
                return None
            found = second[0]
        return found if self._confirmed(t, m[0], found) else None

    def _by_score(self, t: Formula, mean: Formula) -> Formula | None:
        if len(self.one.letters) != 1:
            return None
        (k,) = self.one.letters
        parts = self.moments._parts(self.one.scores[k], True) if self.moments is not None else None
        slopes = {u: c for c, u in parts or [] if u is not None}
        if list(slopes) != [t]:
            return None
        slope = differentiate(mean, Sym(k), self.al)
        return shortest(mul(slope, power(slopes[t], num(-1))), self.al)

    def _confirmed(self, t: Formula, mean: Formula, variance: Formula) -> bool:
        square = Pow(add(t, neg(mean)), TWO)
        for w in self.one.oracle.points:
            u, v = self.one.at(square, {k: x for k, x in w.items() if isinstance(x, (int, float))}), compiled(variance)(w)
            if not abs(u - v) <= AGREE * abs(v):
                return False
        return True

    # -- reciprocals of gamma distributed sums ----------------------------------------------------------

    def _reciprocal(self, f: Formula) -> ExpectedEstimate | None:
        t = self.al.split(f)
        data = [b for b in t.powers if self._of_data(b)]
        if len(data) != 1 or t.powers[data[0]] != num(-1):
            return None
        inner = data[0]
        sign: Formula = ONE
        body = self._body(inner)
        if body is None:
            return None
        law = self._gamma(body)
        if law is None:  # perhaps that of -T
            body, sign = self.al.tidy(neg(body)), neg(ONE)
            law = self._gamma(body)
        if law is None:
            return None
        shape, rate = law
        front = self.al.build(Term(t.coefficient, {b: k for b, k in t.powers.items() if b != inner}))
        front = mul(front, N) if inner == self.mean_letter else front
        a = mul(N, shape)
        mean = shortest(mul(front, sign, rate, power(add(a, neg(ONE)), num(-1))), self.al)
        bottom = mul(Pow(add(a, neg(ONE)), TWO), add(a, neg(TWO)))
        variance = shortest(mul(Pow(front, TWO), Pow(rate, TWO), power(bottom, num(-1))), self.al)
        return ExpectedEstimate(mean, variance, BiasRule.GAMMA, body, shape, rate)

    def _gamma(self, t: Formula) -> tuple[Formula, Formula] | None:
        """Shape and rate of the gamma distribution of a function of one observation, from its moment generating function."""
        u = Sym("#t")
        p, domain = self.p, self.p.support[self.x.name]
        al = replace(self.al, facts=self.al.facts.with_letters({u.name: Range(-math.inf, 0, True, True)}))
        body = self._gathered(al.tidy(mul(self._raised(u, t), p.density)))
        if domain.also is not None:
            return None
        found = [g for g, _ in (sums if domain.discrete else integrals)(body, self.x, domain, al)]
        if not domain.discrete and (made := parametric(body, self.x, domain, al)) is not None:
            found.append(made[0])
        for m in map(without_zero, found):
            if has(m, self.x) or has(m, INFINITY) or not self._generates(m, t, u):
                continue
            law = self._shape_and_rate(m, u)
            if law is not None and all(map(self.al.facts.positive, law)):
                return law
        return None

    def _gathered(self, f: Formula) -> Formula:
        """f with an exponent that is linear in the observation as a bracket times it: e^(-(r - t) x)."""
        t = self.al.split(f)
        by_power = self.al.coefficients(t.powers[E], self.x) if E in t.powers else None
        if by_power is None or set(by_power) != {ONE} or len(by_power[ONE]) < 2:
            return f
        slope = self.al.assemble(c.scaled(Fraction(-1)) for c in by_power[ONE])
        rest = self.al.build(Term(t.coefficient, {b: k for b, k in t.powers.items() if b != E}))
        return mul(rest, exp(neg(mul(slope, self.x))))

    def _raised(self, u: Formula, t: Formula) -> Formula:
        """e^(ut), for a multiple of a logarithm as a power."""
        term = self.al.split(t)
        logs = [b for b, k in term.powers.items() if isinstance(b, Call) and b.name == "log" and k == ONE]
        if len(logs) != 1:
            return exp(mul(u, t))
        return power(logs[0].args[0], mul(u, self.al.build(Term(term.coefficient, {b: k for b, k in term.powers.items() if b != logs[0]}))))

    def _generates(self, m: Formula, t: Formula, u: Sym) -> bool:
        """Whether m is E(e^(uT)) by numerical integration at a few values."""
        for w in self.one.oracle.points:
            plain = {k: x for k, x in w.items() if isinstance(x, (int, float))}
            for at in (-0.3, -1.1):
                v = total(Mul((exp(mul(num(Fraction(at)), t)), self.p.density)), {self.x.name: self.p.support[self.x.name]}, plain)
                if v is None or not abs(compiled(m)({**plain, u.name: at}) - v) <= AGREE * abs(v):
                    return False
        return bool(self.one.oracle.points)

    def _shape_and_rate(self, m: Formula, u: Sym) -> tuple[Formula, Formula] | None:
        slope = differentiate(m, u, self.al)
        field = RationalFunctions.of([m, slope], self.al)
        inverse = self.al.expand(field.formula(field.over(field.quotient(m), field.quotient(slope))))  # (r - t)/k
        by_power = self.al.coefficients(inverse, u)
        if by_power is None or set(by_power) - {ZERO, ONE} or ONE not in by_power or ZERO not in by_power:
            return None
        a, b = (self.al.assemble(by_power[k]) for k in (ONE, ZERO))
        shape = shortest(neg(power(a, num(-1))), self.al)
        rate = shortest(neg(mul(b, power(a, num(-1)))), self.al)
        return shape, rate

    # -- extreme observations ---------------------------------------------------------------------------

    def _extreme(self, f: Formula) -> ExpectedEstimate | None:
        t = self.al.split(f)
        data = [b for b in t.powers if isinstance(b, At) and b.base == self.x.name + "_ord"]
        if len(data) != 1 or t.powers != {data[0]: ONE} or not isinstance(data[0], At) or data[0].index not in ((ONE,), (N,)):
            return None
        largest = data[0].index == (N,)
        p, v = self.p, self.x.name
        domain = p.support[v]
        if domain.discrete or domain.also is not None:
            return None
        points = tuple({k: x for k, x in w.items() if isinstance(x, (int, float))} for w in self.one.samples.points)
        above = next((g for g in candidates(p.density, v, domain, self.al, points) if confirmed(g, p.density, v, domain, points)), None)
        if above is None:
            return None
        share = shortest(add(ONE, neg(above)), self.al) if largest else above
        density = self.al.tidy(mul(N, power(share, add(N, neg(ONE))), p.density))
        moments = []
        for k in (1, 2):
            body = self.al.tidy(mul(Pow(self.x, num(k)) if k > 1 else self.x, density))
            m = next(
                (
                    shortest(without_zero(g), self.al)
                    for g, _ in integrals(body, self.x, domain, self.al)
                    if not has(g, self.x) and self._total_is(g, body)
                ),
                None,
            )
            if m is None:
                return None
            moments.append(m)
        mean = shortest(mul(self.al.number(t.coefficient), moments[0]), self.al)
        variance = shortest(mul(Pow(self.al.number(t.coefficient), TWO), add(moments[1], neg(Pow(moments[0], TWO)))), self.al)
        return ExpectedEstimate(mean, variance, BiasRule.EXTREME, shortest(density, self.al))

    def _total_is(self, g: Formula, body: Formula) -> bool:
        """Whether an integral is this, for samples of some sizes, by numerical integration."""
        p = self.p
        for w in self.one.samples.points:
            plain = {k: x for k, x in w.items() if isinstance(x, (int, float))}
            for size in SIZES:
                env = {**plain, "n": float(size)}
                v = total(body, {self.x.name: p.support[self.x.name]}, env)
                if v is None or not abs(compiled(g)(env) - v) <= AGREE * (abs(v) + AGREE):
                    return False
        return True


def without_zero(f: Formula) -> Formula:
    """f with 0 for a power of 0: its exponent grows with n."""
    return transform(f, lambda g: ZERO if isinstance(g, Pow) and g.base == ZERO else None)


__all__ = ["BiasRule", "ExpectedEstimate", "Means"]
