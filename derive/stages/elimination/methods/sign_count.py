"""By counting signs: a score that adds up the signs of x_i - u falls from one observation to the next, and changes its
sign at the middle of the ordered sample.  Between observations it is constant; at them the likelihood has a kink."""

from __future__ import annotations

import random
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ....errors import NotSupported
from ....formula.evaluate import compiled
from ....formula.names import hat
from ....formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Derivative,
    Div,
    Formula,
    N,
    Relation,
    Span,
    Sym,
    add,
    equation,
    has,
    names,
    num,
    replace,
    terms,
    value,
    walk,
)
from ....oracle.oracle import Oracle, Refuted
from ....problem.problem import Problem
from ....proofs.grounds import Ground, proved
from ....recorder import record
from ....rule_names import RuleName
from ....sets.domain import BESIDE, INFINITY, MINUS_INFINITY
from ....solving.solve import solve
from ....trace import Block, Condition, ConditionKind, Display, How, Line, Outcome, Words, say
from ...boundary.admissible_region import at_data, order_at_data, with_order_statistics
from ...setting import ARGUED, Setting, settle_answers
from ..method import Found, Plan, Search

MEDIAN = Div(Add((N, ONE)), TWO)
TITLE = say("Where the maximum lies")
ODD = Condition(ConditionKind.UNIQUE, (), say("{} is odd, or if the two middle observations are equal", N))


@dataclass(frozen=True, slots=True)
class Signs:
    """A score = factor * sum of sgn(body): body is 0 at u = root, which increases with the observation `x`."""

    factor: Formula
    total: Big
    root: Formula
    x: At

    def ordered(self, k: Formula) -> Formula:
        """The root at the k-th of the ordered observations."""
        return replace(self.root, self.x, At(self.x.base + "_ord", (k,)))


@dataclass(frozen=True, slots=True)
class Middle:
    """The middle of the ordered sample, and the two observations around it, which are it where their number is odd or open.
    oracle: the samples of which that is said."""

    at: Formula
    low: Formula
    high: Formula
    oracle: Oracle


def method(search: Search, name: str) -> Plan | None:
    """A plan where the score is a positive factor times a sum of signs."""
    signs = signs_of(search.scores[name], Sym(name), search.state)
    if signs is None:
        return None
    return Plan((name,), frozenset(), lambda: carried_out(search, name, signs))


def signs_of(score: Formula, u: Sym, setting: Setting) -> Signs | None:
    """The score read as a sum of signs, or None where it is none."""
    al = setting.al
    t = al.split(score)
    sums = [b for b, k in t.powers.items() if isinstance(b, Big) and k == ONE and isinstance(b.body, Call) and b.body.name == "sign"]
    if len(sums) != 1:
        return None
    (total,) = sums
    assert isinstance(total, Big) and isinstance(total.body, Call)
    inner = total.body.args[0]
    factor = al.build(al.divided(t, al.split(total)))
    xs = set(_data(inner))
    if has(factor, u) or not al.facts.positive(factor) or len(xs) != 1 or names(inner) & (set(setting.parameters) - {u.name}):
        return None
    (x,) = xs
    solved = solve(equation(inner, ZERO), u, al)
    if solved is None or len(solved.roots) != 1:
        return None
    return Signs(factor, total, solved.roots[0], x)


def _data(f: Formula) -> list[At]:
    return [g for g in walk(f) if isinstance(g, At)]


def carried_out(search: Search, name: str, signs: Signs) -> Found:
    """The signs counted on both sides of the middle of the ordered sample."""
    state, p = search.state, search.state.problem
    size = p.size if p.size is not None and not (p.sample is not None and p.sample.is_large) else None
    middle = _middle(signs, size, state)
    end = held_at_end(name, middle.low, middle.high, state)
    sides = _sides(search, name, signs, middle)
    if end is None and middle.low != middle.high and p.observations is not None:
        low, high = cut(name, middle.low, middle.high, state)
        if (low.end, high.end) != (middle.low, middle.high):
            a, b = (at_data(f, state) for f in (low.end, high.end))
            left = changed(middle, at=state.al.tidy(Div(add(*terms(a), *terms(b)), TWO)), low=a, high=b)
            return changed(_between_two(name, sides, left, (low.open, high.open), state), numbers=True)
    if end is not None and end.open:
        return beyond_an_open_end(name, end, sides, state)
    if end is not None:
        return _at_an_end(name, end.end if p.observations is not None else _between(middle.at, name, p), sides, middle, state)
    if middle.low != middle.high:
        return _between_two(name, sides, middle, (False, False), state)
    return _at_the_median(name, signs, size, sides, middle, state)


def _middle(signs: Signs, size: int | None, setting: Setting) -> Middle:
    p, at = setting.problem, signs.ordered
    here = setting.judge if p.observations is not None else setting.general
    if size is None:  # of an even number of observations two stand in the middle
        here = Oracle(tuple(w for w in here.points if w["n"] % 2))
    elif size % 2 == 0:
        low, high = at(Div(N, TWO)), at(Add((Div(N, TWO), ONE)))
        if p.observations is None or with_order_statistics(low, p) != with_order_statistics(high, p):
            return Middle(at(MEDIAN), low, high, here)
    return Middle(at(MEDIAN), at(MEDIAN), at(MEDIAN), here)


def _sides(search: Search, name: str, signs: Signs, middle: Middle) -> list[Block]:
    """The sign of the derivative on both sides of the middle, and why."""
    u = Sym(name)
    return [
        say("Each observation above {} adds 1 to the sum of signs and each below subtracts 1, so the derivative is", u)
        if signs.root == signs.x
        else say("Each observation with {} above {} adds 1 to the sum of signs and each below subtracts 1, so the derivative is", signs.root, u),
        sides_of(search, name, middle.low, middle.high, middle.oracle),
    ]  # fmt: skip


def sides_of(search: Search, name: str, low: Formula, high: Formula, here: Oracle) -> Display:
    """The signs of the derivative below `low` and above `high`, where they were counted."""
    u, score = Sym(name), search.scores[name]
    oracle = _around(name, low, high, here, search.state)
    label = Derivative(search.state.problem.of("ell"), ((u, 1),))
    return Display((
        _side(label, score, ">", Relation((u, low), ("<",)), oracle, name, low, high),
        _side(label, score, "<", Relation((u, high), (">",)), oracle, name, low, high),
    ))  # fmt: skip


def _since(problem: Problem) -> Words:
    return say(
        "since more than half of the observations lie above in the first case, and below in the second. At an observation {} is continuous and has a kink.",
        problem.of("ell"),
    )


def _at_an_end(name: str, answer: Formula, sides: list[Block], middle: Middle, setting: Setting) -> Found:
    """The middle of the sample lies outside the domain, or may: its end is the best value inside."""
    shown = equation(hat(name), answer)
    evidence = settle_answers(middle.oracle, {**setting.answers, name: answer}).holds(shown)
    domain = setting.problem.parameters[name].condition(Sym(name))
    assert domain is not None
    blocks = (
        *sides,
        _since(setting.problem)
        + say(" The domain is {}; where the middle of the sample lies outside it, its end is the best value inside:", domain),
        Display((record(shown, evidence, rule=RuleName.END_OF_THE_DOMAIN),)),
    )
    needed = () if setting.problem.observations is not None or (setting.problem.size or 0) % 2 else (ODD,)
    return Found({name: answer}, blocks, How.BOUNDARY, argument=ARGUED, title=TITLE, conditions=needed)


def beyond_an_open_end(name: str, end: Limit, sides: list[Block], setting: Setting) -> Found:
    """The middle of the sample lies beyond an end that the domain leaves out: there is no maximum."""
    words = say(
        "So {} increases all the way to the end {} of the domain, which does not belong to it: there is no maximum.",
        setting.problem.of("ell"), end.end,
    )  # fmt: skip
    return Found({}, (*sides, words), How.BOUNDARY, Outcome.NONE, argument=ARGUED, title=TITLE)


def _between_two(name: str, sides: list[Block], middle: Middle, opens: tuple[bool, bool], setting: Setting) -> Found:
    """Every point between the two middle observations is an estimate, as far as the domain goes."""
    whole = Span(middle.low, middle.high, *opens)
    bounds = Relation((middle.low, hat(name), middle.high), ("<=", "<="))
    evidence = settle_answers(middle.oracle, {**setting.answers, name: middle.at}).holds(bounds)
    blocks = (
        *sides,
        _since(setting.problem)
        + say(" Between the two middle observations as many lie above as below, and {} does not change there. So every point between them is an estimate:", setting.problem.of("ell")),
        Display((record(Relation((hat(name), whole), ("in",)), evidence, rule=RuleName.COUNT_THE_SIGNS),)),
    )  # fmt: skip
    return Found({name: middle.at}, blocks, How.CLOSED, Outcome.NOT_UNIQUE, {name: whole}, ARGUED, TITLE)


def _at_the_median(name: str, signs: Signs, size: int | None, sides: list[Block], middle: Middle, setting: Setting) -> Found:
    """The middle observation; where the number of observations is open, on the condition that there is one."""
    values = (middle.at, signs.ordered(num(Fraction(size + 1, 2)))) if size is not None and size % 2 else (middle.at,)
    shown = Relation((hat(name), *values), ("=",) * len(values))
    evidence = settle_answers(middle.oracle, {**setting.answers, name: middle.at}).holds(shown)
    blocks = (
        *sides,
        _since(setting.problem)
        + say(" So {} increases up to the middle of the ordered sample and decreases after it:", setting.problem.of("ell")),
        Display((record(shown, evidence, rule=RuleName.COUNT_THE_SIGNS),)),
    )
    if size is not None:
        return Found({name: middle.at}, blocks, How.CLOSED, argument=ARGUED, title=TITLE)
    even = say(
        "the sample median. Where {} is even, the derivative is 0 between the two middle observations {} and {}: every point between them is "
        "an estimate, and their mean is taken.", N, signs.ordered(Div(N, TWO)), signs.ordered(Add((Div(N, TWO), ONE))),
    )  # fmt: skip
    blocks = (say("Let {} be odd, so that {} is the observation in the middle.", N, middle.at), *blocks)
    return Found({name: middle.at}, (*blocks, even), How.CLOSED, argument=ARGUED, title=TITLE, conditions=(ODD,))


def _side(label: Formula, score: Formula, sign: str, where: Relation, oracle: Oracle, name: str, low: Formula, high: Formula) -> Line:
    """The sign of the score on one side of the middle, judged at points on that side."""
    end = compiled(low if sign == ">" else high)
    g, seen = compiled(score), 0
    for w in oracle.points:
        if (w[name] < end(w)) if sign == ">" else (w[name] > end(w)):
            seen += 1
            if not ((g(w) > 0) if sign == ">" else (g(w) < 0)):
                raise Refuted(f"{label} {sign} 0 for {where}")
    if not seen:
        raise Refuted(f"no point with {where}")
    evidence = proved(Ground.COUNTED, seen)
    return record(Relation((label, score, ZERO), ("=", sign)), evidence, say("for {}", where), RuleName.COUNT_THE_SIGNS)


def _around(name: str, low: Formula, high: Formula, here: Oracle, setting: Setting) -> Oracle:
    """Test points with the unknown on both sides of the middle of the sample."""
    rng = random.Random(9)
    a, b = compiled(low), compiled(high)
    out = []
    for w in setting.settled(here).points:
        for _ in range(3):
            out += [{**w, name: v + s * rng.uniform(0.01, 2) * max(1.0, abs(v) * BESIDE)} for v, s in ((a(w), -1), (b(w), 1))]
    return Oracle(tuple(out))


def held_at_end(name: str, low: Formula, high: Formula, setting: Setting) -> Limit | None:
    """The end of the domain that keeps the estimate from the middle of the sample, from low to high; None where none does.

    For a symbolic sample, where that depends on it, any of the ends.  Raises NotSupported where one is open then.
    """
    d = setting.problem.parameters[name]
    ranges, inside = [setting.al.facts.range(f) for f in (low, high)], setting.al.facts.letter(name)
    if all(r.low >= inside.low and r.high <= inside.high for r in ranges):
        return None
    if setting.problem.observations is not None:
        if d.low != MINUS_INFINITY and not _above(high, d.low, setting):
            return Limit(d.low, d.low_open)
        return Limit(d.high, d.high_open) if d.high != INFINITY and not _above(d.high, low, setting) else None
    if (d.low == MINUS_INFINITY or not d.low_open) and (d.high == INFINITY or not d.high_open):
        return Limit(d.low if d.low != MINUS_INFINITY else d.high)
    raise NotSupported(f"the middle of the sample may lie outside the domain of {name} ({d.words()}), whose end does not belong to it")


def _above(f: Formula, g: Formula, setting: Setting) -> bool:
    """Whether f > g at the data, exactly or in balls; equal rational numbers are not."""
    u, v = (value(at_data(h, setting)) for h in (f, g))
    return u > v if u is not None and v is not None else order_at_data(f, g, setting) > 0


@dataclass(frozen=True, slots=True)
class Limit:
    """An end of the places at which the likelihood is largest.  open: it does not belong to them."""

    end: Formula
    open: bool = False


def cut(name: str, low: Formula, high: Formula, setting: Setting) -> tuple[Limit, Limit]:
    """The places from low to high that belong to the domain, at the data."""
    d = setting.problem.parameters[name]
    below = d.low != MINUS_INFINITY and _above(d.low, low, setting)
    beyond = d.high != INFINITY and _above(high, d.high, setting)
    return Limit(d.low, d.low_open) if below else Limit(low), Limit(d.high, d.high_open) if beyond else Limit(high)


def _between(middle: Formula, name: str, problem: Problem) -> Formula:
    """The middle of the sample, or the end of the domain where it lies outside."""
    d = problem.parameters[name]
    f = middle if d.high == INFINITY else Call("min", (d.high, middle))
    return f if d.low == MINUS_INFINITY else Call("max", (d.low, f))
