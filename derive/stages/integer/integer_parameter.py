"""A parameter that is a whole number: what the data say of it, what is known where the likelihood is positive at N and at N - 1,
and how an estimate is settled."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.facts import NONNEGATIVE, Facts, Range
from ...algebra.terms import Algebra, Term
from ...density.support.admissible import largest, positive_first, smallest
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Call,
    Formula,
    Relation,
    SetOf,
    Sym,
    add,
    equation,
    has,
    neg,
    num,
    replace_all,
    terms,
    value,
    walk,
)
from ...oracle.judge import Oracle, Refuted, close, computed
from ...problem.problem import Problem
from ...recorder import held, record
from ...rules.neighbours import Quotient
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...trace import Display, How, Line, Outcome, Section, SectionKey, Words, say
from ..boundary.admissible_region import worked
from ..boundary.limits import chosen
from ..likelihood.one_observation import replaced_extremes
from ..setting import State, settle_answers
from .neighbour_ratio import is_whole

AT_LEAST_ONE = Range(1, math.inf)
NONPOSITIVE = Range(-math.inf, 0)


@dataclass
class WholeNumber:
    """What a comparison of L(N) with L(N - 1) rests on.

    low, high: the admissible values.  worlds: where the likelihood is positive at N and N - 1.  ratio: L(N)/L(N - 1).
    """

    state: State
    name: str
    u: Sym
    lines: list[Line] = field(default_factory=list)
    al: Algebra = field(init=False)
    low: Formula = field(init=False)
    high: Formula = field(init=False)
    worlds: Oracle = field(init=False)
    ratio: Formula = field(init=False)

    def domain_ends(self) -> tuple[Formula, Formula]:
        d = self.state.problem.parameters[self.name]
        return d.low, d.high

    def by_factorials(self, q: Quotient) -> tuple[Formula, Formula]:
        """The admissible values once more: those too at which no factorial is one of a negative number."""
        p, u, al = self.state.problem, self.u, self.state.al
        lows, highs = ends_of("max", self.low), ends_of("min", self.high)
        for f in q.above_zero:
            table = al.coefficients(f, u)
            slope = value(al.assemble(table[ONE])) if table is not None and set(table) <= {ZERO, ONE} else None
            if table is None or slope not in (1, -1):
                continue
            rest = al.assemble(table.get(ZERO, []))
            end = at_an_extreme(positive_first(al.expand(neg(rest) if slope == 1 else add(*terms(rest), neg(ONE)))), slope == 1, p)
            if end is not None:
                (lows if slope == 1 else highs).append(worked(end, self.state))
        facts = al.facts
        lows = [f for f in lows if not any(g != f and facts.range(g).low >= facts.range(f).high for g in lows)]
        highs = [f for f in highs if not any(g != f and facts.range(g).high <= facts.range(f).low for g in highs)]
        return chosen("max", lows, MINUS_INFINITY), chosen("min", highs, INFINITY)

    def facts(self, q: Quotient) -> Facts:
        """What holds where L(N - 1) is positive: N is above the first admissible value, arguments of factorials are at least 0."""
        facts = self.state.al.facts
        bound = value(self.low)
        low = max(self.state.problem.parameters[self.name].whole({})[0], -math.inf if bound is None else float(bound))
        high = value(self.high)
        facts = facts.with_letters({self.name: Range(low + 1, math.inf if high is None else float(high))})
        facts = without_weaker(facts, self.u)
        for f in q.above_zero:
            for g in (f, positive_first(f)):
                if facts.range(g).low < 1:
                    facts = facts.assume(g, AT_LEAST_ONE)
        p, al = self.state.problem, self.state.al
        for g in walk(p.likelihood if p.whole else p.indexed(p.density)):
            for f in counted(g):  # what has a factorial is not negative
                for h, r in ((al.expand(f), NONNEGATIVE), (al.expand(neg(f)), NONPOSITIVE)):
                    for k in (h, positive_first(h)):
                        if isinstance(k, Add) and not has(k, self.u):
                            facts = facts.assume(k, r)
        return facts

    def kept(self, ends: Formula, which: str, factors: list[Formula], shift: Formula, rounding: str) -> Formula | None:
        """Those ends at which (or one after which) no factor of the ratio vanishes."""
        kept = []
        for end in ends.args if isinstance(ends, Call) and ends.name == which else (ends,):
            end = self.of_one(end)
            place: dict[Formula, Formula] = {self.u: add(end, shift)}
            if end == MINUS_INFINITY or any(self.al.tidy(self.al.expand(replace_all(b, place))) == ZERO for b in factors):
                continue
            kept.append(self.whole(end, rounding))
        return Call(which, tuple(kept)) if len(kept) > 1 else kept[0] if kept else None

    def of_one(self, f: Formula) -> Formula:
        """Of a single observation the smallest and the largest are itself."""
        return replaced_extremes(f, self.state) if self.state.problem.size == 1 else f

    def whole(self, end: Formula, rounding: str) -> Formula:
        """An end as a whole number."""
        if isinstance(end, Call) and end.name in ("max", "min"):
            return Call(end.name, tuple(self.whole(f, rounding) for f in end.args))
        v = value(end)
        if v is not None:
            return num((math.ceil if rounding == "ceiling" else math.floor)(v))
        return end if is_whole(end) else Call(rounding, (end,))

    def found(self, f: Formula, words: Words | None, how: How, middle: Formula | None = None) -> list[Words | Display]:
        self.state.answers[self.name] = f
        self.state.how[self.name] = how
        self.state.order.append(self.name)
        there = settle_answers(self.state.judge if self.state.numbers else self.state.general, self.state.answers)
        shown = equation(hat(self.name), f) if middle is None else Relation((hat(self.name), middle, f), ("=", "="))
        return [*([words] if words is not None else []), Display((held(there, shown, rule="estimate"),))]

    def tied(self, top: Fraction) -> list[Words | Display]:
        """Two neighbours with the same likelihood."""
        pair = SetOf((num(top - 1), num(top)))
        self.found(num(top), None, How.CLOSED)
        shown = Relation((hat(self.name), pair), ("in",))
        w = self.worlds.worlds[0]
        if not close(w["ell"](float(top)), w["ell"](float(top - 1)), 1e-9):
            raise Refuted(f"no tie at {top}")
        self.state.outcome = Outcome.NOT_UNIQUE
        self.state.sets[self.name] = pair
        evidence = computed("both have the same likelihood", 1)
        tie = equation(Apply("L", (num(top - 1),)), Apply("L", (num(top),)))
        return [
            say("The bound {} is itself a whole number, and there the ratio is exactly 1. So two neighbours have the same, largest likelihood:", num(top)),
            Display((record(tie, evidence, rule="tie"), record(shown, evidence, rule="estimate"))),
        ]  # fmt: skip

    def positive(self, t: Term) -> bool:
        return t.coefficient > 0 and all(self.al.facts.positive(b) for b in t.powers)

    def section(self, blocks: list[Words | Display]) -> None:
        self.state.sections.append(Section(SectionKey.COMPARISON, say("Where the maximum lies"), tuple(blocks)))


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
