"""A parameter that is a whole number: the values that the data allow, and what is known where the likelihood is positive at N
and at N - 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from dataclasses import replace as changed

from ...algebra.facts import NONNEGATIVE, Facts, Range
from ...algebra.terms import Algebra, Term
from ...density.support.admissible import largest, positive_first, smallest
from ...formula.tree import ONE, ZERO, Add, At, Call, Formula, Relation, Sym, add, has, neg, num, replace_all, terms, value, walk
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...rules.neighbours import Quotient
from ...sets.domain import INFINITY, MINUS_INFINITY
from ..boundary.admissible_region import worked
from ..boundary.limits import chosen, limits
from ..likelihood.one_observation import replaced_extremes
from ..setting import Setting, State
from .neighbour_ratio import is_whole

AT_LEAST_ONE = Range(1, math.inf)
NONPOSITIVE = Range(-math.inf, 0)


@dataclass(frozen=True)
class Comparison:
    """A comparison of L(N) with L(N - 1).

    state: the derivation so far.  name: what N is called.  low, high: its least and greatest admissible values.
    al: the algebra where the likelihood is positive at N and at N - 1; test points: points there.  ratio: L(N)/L(N - 1).
    """

    state: State
    name: str
    low: Formula
    high: Formula
    al: Algebra
    points: Oracle
    ratio: Formula

    @property
    def u(self) -> Sym:
        return Sym(self.name)

    @property
    def problem(self) -> Problem:
        return self.state.problem

    def positive(self, t: Term) -> bool:
        """Whether every factor of a term is positive."""
        return t.coefficient > 0 and all(self.al.facts.positive(b) for b in t.powers)

    def first(self) -> Formula:
        """The first admissible whole number."""
        return as_whole(of_one(self.low, self.problem), "ceiling")

    def last(self) -> Formula:
        """The last admissible whole number."""
        return as_whole(of_one(self.high, self.problem), "floor")


def allowed(name: str, setting: Setting) -> tuple[Formula, Formula]:
    """The least and the greatest value that the data allow, or those of the domain."""
    domain = setting.problem.parameters[name]
    return limits(name, setting) if setting.problem.moving else (domain.low, domain.high)


def by_factorials(q: Quotient, u: Sym, ends: tuple[Formula, Formula], setting: Setting) -> tuple[Formula, Formula]:
    """The admissible values once more: those too at which no factorial is one of a negative number."""
    p, al = setting.problem, setting.al
    lows, highs = ends_of("max", ends[0]), ends_of("min", ends[1])
    for f in q.above_zero:
        table = al.coefficients(f, u)
        slope = value(al.assemble(table[ONE])) if table is not None and set(table) <= {ZERO, ONE} else None
        if table is None or slope not in (1, -1):
            continue
        rest = al.assemble(table.get(ZERO, []))
        end = at_an_extreme(positive_first(al.expand(neg(rest) if slope == 1 else add(*terms(rest), neg(ONE)))), slope == 1, p)
        if end is not None:
            (lows if slope == 1 else highs).append(worked(end, setting))
    facts = al.facts
    lows = [f for f in lows if not any(g != f and facts.range(g).low >= facts.range(f).high for g in lows)]
    highs = [f for f in highs if not any(g != f and facts.range(g).high <= facts.range(f).low for g in highs)]
    return chosen("max", lows, MINUS_INFINITY), chosen("min", highs, INFINITY)


def facts_above_first(q: Quotient, name: str, ends: tuple[Formula, Formula], setting: Setting) -> Facts:
    """What holds where L(N - 1) is positive: N is above the first admissible value, arguments of factorials are at least 0."""
    p, al, u = setting.problem, setting.al, Sym(name)
    bound, high = map(value, ends)
    low = max(p.parameters[name].whole({})[0], -math.inf if bound is None else float(bound))
    facts = al.facts.with_letters({name: Range(low + 1, math.inf if high is None else float(high))})
    facts = without_weaker(facts, u)
    for f in q.above_zero:
        for g in (f, positive_first(f)):
            if facts.range(g).low < 1:
                facts = facts.assume(g, AT_LEAST_ONE)
    for g in walk(p.likelihood if p.whole else p.indexed(p.density)):
        for f in counted(g):  # what has a factorial is not negative
            for h, r in ((al.expand(f), NONNEGATIVE), (al.expand(neg(f)), NONPOSITIVE)):
                for k in (h, positive_first(h)):
                    if isinstance(k, Add) and not has(k, u):
                        facts = facts.assume(k, r)
    return facts


def of_one(f: Formula, p: Problem) -> Formula:
    """Of a single observation the smallest and the largest are itself."""
    return replaced_extremes(f, p) if p.size == 1 else f


def as_whole(end: Formula, rounding: str) -> Formula:
    """An end as a whole number."""
    if isinstance(end, Call) and end.name in ("max", "min"):
        return Call(end.name, tuple(as_whole(f, rounding) for f in end.args))
    v = value(end)
    if v is not None:
        return num((math.ceil if rounding == "ceiling" else math.floor)(v))
    return end if is_whole(end) else Call(rounding, (end,))


def without_weaker(facts: Facts, u: Sym) -> Facts:
    """Facts without those about formulas in u that say no more than what is known of u itself."""
    known = dict(facts.known)
    for f, r in facts.known.items():
        if has(f, u):
            q = changed(facts, known={g: s for g, s in known.items() if g != f}).range(f)
            if q.low >= r.low and q.high <= r.high:
                del known[f]
    return changed(facts, known=known)


def counted(f: Formula) -> tuple[Formula, ...]:
    """The numbers whose factorials a factorial or a binomial coefficient holds."""
    match f:
        case Call("factorial", (a,)):
            return (a,)
        case Call("binomial", (a, b)):
            return (a, b, add(*terms(a), *(neg(t) for t in terms(b))))
    return ()


def ends_of(which: str, end: Formula) -> list[Formula]:
    """An end as those of which it is the greatest or the least; none where it is infinite."""
    if end in (INFINITY, MINUS_INFINITY):
        return []
    return list(end.args) if isinstance(end, Call) and end.name == which else [end]


def at_an_extreme(f: Formula, greatest: bool, p: Problem) -> Formula | None:
    """The greatest or the least of a sum over the observations, where it holds one of them with the factor 1 or -1; else None."""
    xs = [g for g in walk(f) if isinstance(g, At)]
    if not xs:
        return f
    if len(xs) > 1 or p.whole:
        return None
    (x,) = xs
    sign = 1 if x in terms(f) else -1 if neg(x) in terms(f) else 0
    order = largest(x.base) if (sign > 0) == greatest else smallest(x.base)
    return replace_all(f, {x: order}) if sign else None


def at_least(a: Formula, b: Formula) -> Relation:
    """a >= b."""
    return Relation((a, b), (">=",))


__all__ = ["Comparison", "allowed", "as_whole", "at_least", "by_factorials", "facts_above_first", "of_one"]
