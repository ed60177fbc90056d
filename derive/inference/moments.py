"""Expected values of functions of one observation, each by a named rule, from the density alone.

Linearity first.  Then the score: under the density its mean is 0, which is one linear equation for each parameter in the means of the
functions of the observation that stand in the scores (for an exponential family, all of its statistics; Lehmann and Casella, 1998,
Theory of Point Estimation, 1.5).  Then integrals: a logarithm of a base is the derivative of a power of it at 0, so that standard
integrals of powers give the means of logarithms too (differentiation under the integral, Cramer, 1946, Mathematical Methods of
Statistics, 7.3); on the whole line exponentials of the observation are the variable.  Nothing found is trusted: `information`
compares all of it with numerical integration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from ..algebra.facts import POSITIVE
from ..algebra.rational_functions import RationalFunctions, TooLong
from ..algebra.terms import Algebra, E, Term
from ..density.integration.standard_integrals import INFINITY, integrals, is_even
from ..density.integration.standard_sums import sums
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Formula,
    Neg,
    Pow,
    Sym,
    add,
    call,
    div,
    exp,
    has,
    log,
    mul,
    names,
    neg,
    power,
    replace,
    replace_all,
    transform,
    value,
    walk,
)
from ..rules.calculus import NoDerivative, differentiate
from ..rules.logs import logged
from ..sets.domain import Domain
from .gamma_functions import in_fewest
from .one_observation import OneObservation
from .simplest import shortest

MOST_LOGARITHMS = 3  # whose powers stand in one integrand
Parts = list[tuple[Formula, Formula | None]]  # coefficient, and function of the observation (None for 1)


class MeanRule(StrEnum):
    """Why a mean is what it is."""

    SCORE = "the mean of the score is 0"
    INTEGRAL = "integral"
    ODD = "odd"
    SUM = "sum"
    TOTAL = "the observations add up"


@dataclass(frozen=True)
class Mean:
    """The mean of a function of one observation: the function, its mean, the rule and what the integral or sum is."""

    statistic: Formula
    value: Formula
    rule: MeanRule
    what: str = ""


@dataclass
class Moments:
    """Means under the density of one observation.  found: those that were found, by function."""

    one: OneObservation
    found: dict[Formula, Mean] = field(default_factory=dict)
    missing: set[Formula] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._from_scores(expanded=False)

    def mean(self, g: Formula) -> tuple[Formula, tuple[Mean, ...]] | None:
        """E(g) by linearity, and the means that it took; None where one of them is not found."""
        layouts = [self._parts(g, False), self._parts(g, True)]
        for parts in layouts:
            if parts is not None and all(t is None or t in self.found for _, t in parts):
                return self._together(parts)
        self._from_scores(expanded=True)
        for parts in reversed(layouts):
            if parts is not None and all(t is None or self._single(t) is not None for _, t in parts):
                return self._together(parts)
        return None

    def _together(self, parts: Parts) -> tuple[Formula, tuple[Mean, ...]] | None:
        used = tuple(dict.fromkeys(self.found[t] for _, t in parts if t is not None))
        out = add(*(c if t is None else mul(c, self.found[t].value) for c, t in parts))
        return shortest(out, self.one.al), used

    def _single(self, t: Formula) -> Mean | None:
        if t not in self.found and t not in self.missing:
            m = self._by_integral(t)
            if m is None:
                self.missing.add(t)
            else:
                self.found[t] = m
        return self.found.get(t)

    # -- linearity --------------------------------------------------------------------------------

    def _parts(self, g: Formula, expanded: bool) -> Parts | None:
        """g as coefficients times functions of the observation, multiplied out or as it stands."""
        al, observed = self.one.al, set(self.one.problem.variables)
        f = transform(g, lambda h: _opened(h, al, observed)) if expanded else g
        ts = al.expanded(f) if expanded else al.flat(f, deep=True)
        if ts is None:
            return None
        out: dict[Formula | None, list[Term]] = {}
        for t in ts:
            of_x = {b: k for b, k in t.powers.items() if (names(b) | names(k)) & observed}
            rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in of_x})
            if expanded:
                of_x, rest = _constants_out(of_x, rest, observed, al)
            out.setdefault(al.build(Term(Fraction(1), of_x)) if of_x else None, []).append(rest)
        return [(al.assemble(c), t) for t, c in out.items()]

    # -- the score ----------------------------------------------------------------------------------

    def _from_scores(self, expanded: bool) -> None:
        """Means that the scores determine: E(score) = 0 for every parameter, a linear system."""
        rows = [self._parts(s, expanded) for s in self.one.scores.values()]
        counted = self.one.fixed_total
        if counted is not None:
            rows.append([*((ONE, Sym(v)) for v in self.one.problem.variables), (neg(counted), None)])
        known = [r for r in rows if r is not None]
        unknowns = list(dict.fromkeys(t for r in known for _, t in r if t is not None))
        if not unknowns or not known:
            return
        coefficients = [[{t: c for c, t in r}.get(u, ZERO) for u in (*unknowns, None)] for r in known]
        try:
            field_ = RationalFunctions.of([c for r in coefficients for c in r], self.one.al)
            system = [[*map(field_.quotient, r[:-1]), field_.minus(field_.quotient(r[-1]))] for r in coefficients]
            left, pivots = field_.eliminated(system, len(unknowns))
        except TooLong:
            return
        for r, j in zip(left, pivots, strict=False):
            if all(q.zero for i, q in enumerate(r[:-1]) if i != j) and unknowns[j] not in self.found:
                rule = MeanRule.SCORE if counted is None else MeanRule.TOTAL
                self.found[unknowns[j]] = Mean(unknowns[j], shortest(field_.formula(r[-1]), self.one.al), rule)

    # -- integrals and sums ---------------------------------------------------------------------------

    def _by_integral(self, t: Formula) -> Mean | None:
        p, al = self.one.problem, self.one.al
        if len(p.variables) != 1 or p.covariates:
            return None
        (v,) = p.variables
        domain = p.support[v]
        x = Sym(v)
        if domain.also is not None:
            return None
        try:
            if domain.discrete:
                found = next(((f, what) for f, what in sums(mul(t, p.density), x, domain, al) if not has(f, x)), None)
                return None if found is None else Mean(t, shortest(in_fewest(found[0], al), al), MeanRule.SUM, found[1])
            if _odd(t, p.density, x, domain, al):
                return Mean(t, ZERO, MeanRule.ODD)
            for body, y, region, bottom in _substituted(mul(t, p.density), x, domain, al):
                found = parametric(body, y, region, al)
                if found is not None:
                    return Mean(t, shortest(in_fewest(al.tidy(div(found[0], bottom)), al), al), MeanRule.INTEGRAL, found[1])
        except (NoDerivative, TooLong):
            return None
        return None


def _opened(f: Formula, al: Algebra, observed: set[str]) -> Formula | None:
    """The logarithm of a product with an observation in it as a sum."""
    match f:
        case Call("log", (u,)) if names(u) & observed:
            g = logged(u, al)
            return None if g == f else g
    return None


def _constants_out(of_x: dict[Formula, Formula], rest: Term, observed: set[str], al: Algebra) -> tuple[dict[Formula, Formula], Term]:
    """e^(a + x) as e^a times e^x: what does not depend on the observation taken out of exponents."""
    inner, outer = dict[Formula, Formula](), [rest]
    for b, k in of_x.items():
        ts = al.expanded(k) if b == E and isinstance(k, Add) else None
        if ts is None:
            inner[b] = k
            continue
        fixed = [t for t in ts if not names(al.build(t)) & observed]
        moving = [t for t in ts if t not in fixed]
        inner[b] = al.assemble(moving)
        outer.append(al.split(exp(al.assemble(fixed))) if fixed else Term(Fraction(1)))
    return inner, al.times(outer)


def _odd(t: Formula, density: Formula, x: Sym, domain: Domain, al: Algebra) -> bool:
    """Whether a function is odd about a centre about which the density is even, on the whole line."""
    if domain.low != Neg(INFINITY) or domain.high != INFINITY:
        return False
    y = Sym("#y")
    for g in walk(density):
        if isinstance(g, Add) and x in g.terms and not any(has(u, x) for u in g.terms if u != x):
            centre = al.tidy(neg(add(*(u for u in g.terms if u != x))))
            moved = [_in_powers(replace(f, x, add(y, centre)), al) for f in (t, density)]
            if is_even(moved[1], y) and _sign_changes(moved[0], y, al):
                return True
    return False


def _in_powers(f: Formula, al: Algebra) -> Formula:
    """f with every sum in it put together."""
    return al.tidy(transform(f, lambda g: al.expand(g) if isinstance(g, Add) else None))


def _sign_changes(f: Formula, y: Sym, al: Algebra) -> bool:
    """Whether f(-y) = -f(y), term by term."""
    minus = al.expand(transform(al.tidy(replace(f, y, neg(y))), _even_parts))
    return minus == al.expand(al.tidy(neg(transform(f, _even_parts))))


def _even_parts(f: Formula) -> Formula | None:
    match f:
        case Call("sign", (Neg(u),)):
            return neg(call("sign", u))
        case Call("abs", (Neg(u),)):
            return call("abs", u)
        case Pow(Neg(u), k) if (q := value(k)) is not None and q.denominator == 1:
            return Pow(u, k) if q % 2 == 0 else neg(Pow(u, k))
    return None


Substituted = tuple[Formula, Sym, Domain, Formula]


def _substituted(body: Formula, x: Sym, domain: Domain, al: Algebra) -> Iterator[Substituted]:
    """The integrand as it is, and with an exponential of the observation as the variable: body, variable, region, a constant below."""
    yield _centred(body, x, domain, al) or (body, x, domain, ONE)
    if domain.low != Neg(INFINITY) or domain.high != INFINITY:
        return
    for u in _exponents(body, x):
        by_power = al.coefficients(u, x)
        if by_power is None or set(by_power) - {ZERO, ONE} or ONE not in by_power:
            continue
        b, a = (al.assemble(by_power.get(k, [])) for k in (ONE, ZERO))
        if has(b, x) or not al.facts.nonzero(b):
            continue
        size = b if al.facts.positive(b) else al.tidy(neg(b))
        y = Sym("#y")
        inner = al.tidy(div(add(log(y), neg(a)), b))
        moved = _powers_of(body, x, y, u, inner, al)
        if moved is not None and not has(moved, x):
            positive = Domain(low=ZERO)
            yield al.tidy(div(moved, y)), y, positive, size


def _centred(body: Formula, x: Sym, domain: Domain, al: Algebra) -> Substituted | None:
    """The integrand in the distance from a centre, of an observation on the whole line."""
    if domain.low != Neg(INFINITY) or domain.high != INFINITY:
        return None
    y = Sym("#y")
    for g in walk(body):
        if isinstance(g, Add) and x in g.terms and not any(has(u, x) for u in g.terms if u != x):
            centre = al.tidy(neg(add(*(u for u in g.terms if u != x))))
            return _in_powers(replace(body, x, add(y, centre)), al), y, domain, ONE
    return None


def _exponents(body: Formula, x: Sym) -> list[Formula]:
    """Exponents of e in which the variable stands, the innermost first."""
    found = [g.args[0] for g in walk(body) if isinstance(g, Call) and g.name == "exp" and has(g.args[0], x)]
    plain = [u for u in found if not any(isinstance(g, Call) and g.name == "exp" for g in walk(u))]
    return list(dict.fromkeys(plain))


def _powers_of(body: Formula, x: Sym, y: Sym, u: Formula, inner: Formula, al: Algebra) -> Formula | None:
    """The body with e^u as y: other exponentials of multiples of u as powers of y, the observation as a logarithm."""

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Call) and g.name == "exp" and has(g.args[0], x):
            put = al.expand(replace(g.args[0], x, inner))
            by_log = al.coefficients(put, log(y))
            if by_log is None or set(by_log) - {ZERO, ONE}:
                return None
            k, rest = al.assemble(by_log.get(ONE, [])), al.assemble(by_log.get(ZERO, []))
            return mul(power(y, k), exp(rest)) if rest != ZERO else power(y, k)
        return None

    return al.tidy(replace(transform(body, one), x, inner))


def parametric(body: Formula, x: Sym, domain: Domain, al: Algebra) -> tuple[Formula, str] | None:
    """The integral of a sum of products of powers and logarithms: a logarithm is the derivative of a power of its base."""
    if domain.low == ZERO:
        al = Algebra(al.facts.with_letters({x.name: POSITIVE}), False, al.unknowns)
    f = transform(body, lambda h: _opened(h, al, {x.name}))
    ts = al.expanded(f)
    if ts is None:
        return None
    out: list[Formula] = []
    what = ""
    for t in ts:
        logs = {b.args[0]: k for b, k in t.powers.items() if isinstance(b, Call) and b.name == "log" and has(b, x)}
        orders = {b: value(k) for b, k in logs.items()}
        if len(logs) > MOST_LOGARITHMS or any(q is None or q.denominator != 1 or q < 1 for q in orders.values()):
            return None
        powers = {b: k for b, k in t.powers.items() if not (isinstance(b, Call) and b.name == "log" and b.args[0] in logs)}
        of_x = {b: k for b, k in powers.items() if has(b, x) or has(k, x)}
        fixed = Term(t.coefficient, {b: k for b, k in powers.items() if b not in of_x})
        of_x, fixed = _constants_out(of_x, fixed, {x.name}, al)
        rest = al.build(Term(Fraction(1), of_x))
        letters = {b: Sym(f"#s{j}") for j, b in enumerate(logs)}
        body_ = al.tidy(mul(rest, *(power(b, s) for b, s in letters.items())))
        found = next(((g, w) for g, w in integrals(body_, x, domain, al) if not has(g, x) and _unknown(g)), None)
        if found is None:
            return None
        g, what = found
        for b, s in letters.items():
            for _ in range(int(orders[b] or 0)):
                g = differentiate(g, s, al)
        out.append(mul(al.build(fixed), replace_all(g, dict.fromkeys(letters.values(), ZERO))))
    return al.tidy(add(*out)), what


def _unknown(f: Formula) -> bool:
    """Whether the formula is a number at all: no infinite end stands in it."""
    return not has(f, INFINITY)


__all__ = ["Mean", "MeanRule", "Moments", "parametric"]
