"""By counting signs: a score that adds up the signs of x_i - u falls from one observation to the next, and changes its
sign at the middle of the ordered sample.  Between observations it is constant; at them the likelihood has a kink."""

from __future__ import annotations

import random
from dataclasses import dataclass
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
    equation,
    has,
    names,
    num,
    replace,
    walk,
)
from ....oracle.judge import Oracle, Refuted
from ....proofs.grounds import Ground, proved
from ....recorder import record
from ....sets.domain import INFINITY, MINUS_INFINITY
from ....solving.solve import solve
from ....trace import Condition, ConditionKind, Display, How, Line, Outcome, Words, say
from ...boundary.admissible_region import with_order_statistics
from ...setting import ARGUED, State, settle_answers
from ..method import Found, Plan, Search

MEDIAN = Div(Add((N, ONE)), TWO)


@dataclass(frozen=True, slots=True)
class Signs:
    """A score = factor * sum of sgn(body): body is 0 at u = root, which increases with the observation `x`."""

    factor: Formula
    total: Big
    root: Formula
    x: At


def method(search: Search, name: str) -> Plan | None:
    """A plan where the score is a positive factor times a sum of signs."""
    signs = signs_of(search.scores[name], Sym(name), search.state)
    if signs is None:
        return None
    return Plan((name,), frozenset(), lambda: carried_out(search, name, signs))


def signs_of(score: Formula, u: Sym, state: State) -> Signs | None:
    """The score read as a sum of signs, or None where it is none."""
    al = state.al
    t = al.split(score)
    sums = [b for b, k in t.powers.items() if isinstance(b, Big) and k == ONE and isinstance(b.body, Call) and b.body.name == "sign"]
    if len(sums) != 1:
        return None
    (total,) = sums
    assert isinstance(total, Big) and isinstance(total.body, Call)
    inner = total.body.args[0]
    factor = al.build(al.divided(t, al.split(total)))
    xs = set(_data(inner))
    if has(factor, u) or not al.facts.positive(factor) or len(xs) != 1 or names(inner) & (set(state.parameters) - {u.name}):
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
    state, u = search.state, Sym(name)
    p = state.problem
    size = p.size if p.size is not None and not (p.sample is not None and p.sample.is_large) else None

    def at(k: Formula) -> Formula:
        return replace(signs.root, signs.x, At(signs.x.base + "_ord", (k,)))

    middle = low = high = at(MEDIAN)
    if size is not None and size % 2 == 0:
        low, high = at(Div(N, TWO)), at(Add((Div(N, TWO), ONE)))
        if p.observations is not None and with_order_statistics(low, p) == with_order_statistics(high, p):
            low = high = middle
    held = _held(name, low, high, state)
    here = state.judge if p.observations is not None else state.general
    if size is None:  # of an even number of observations two stand in the middle
        here = Oracle(tuple(w for w in here.worlds if w["n"] % 2))
    oracle = _around(name, low, high, here, state)
    label = Derivative(p.of("ell"), ((u, 1),))
    score = search.scores[name]
    blocks: list[Words | Display] = [
        say("Each observation above {} adds 1 to the sum of signs and each below takes 1 away, so the derivative is", u)
        if signs.root == signs.x
        else say("Each observation with {} above {} adds 1 to the sum of signs and each other takes 1 away, so the derivative is", signs.root, u),
        Display((
            _side(label, score, ">", Relation((u, low), ("<",)), oracle, name, low, high),
            _side(label, score, "<", Relation((u, high), (">",)), oracle, name, low, high),
        )),
    ]  # fmt: skip
    words = say(
        "more than half of the observations lie above in the first case, and below in the second. At an observation {} is continuous and has a kink.",
        p.of("ell"),
    )
    title = say("Where the maximum lies")
    if held is not None:
        answer = held if p.observations is not None else _between(middle, name, state)
        shown = equation(hat(name), answer)
        evidence = settle_answers(here, {**state.answers, name: answer}).holds(shown)
        domain = p.parameters[name].condition(u)
        assert domain is not None
        blocks += [
            say("since ")
            + words
            + say(" The domain is {}; where the middle of the sample lies outside it, its end is the best value inside:", domain),
            Display((record(shown, evidence, rule="end of the domain"),)),
        ]
        return Found({name: answer}, tuple(blocks), How.BOUNDARY, argument=ARGUED, title=title)
    if low != high:
        whole = Span(low, high, False, False)
        shown = Relation((hat(name), whole), ("in",))
        evidence = settle_answers(here, {**state.answers, name: middle}).holds(Relation((low, hat(name), high), ("<=", "<=")))
        blocks += [
            say("since ") + words + say(" Between the two middle observations as many lie above as below, and {} does not change there. So every point between them is an estimate:", p.of("ell")),
            Display((record(shown, evidence, rule="count the signs"),)),
        ]  # fmt: skip
        return Found({name: middle}, tuple(blocks), How.CLOSED, Outcome.NOT_UNIQUE, {name: whole}, ARGUED, title)
    sides = (middle,) if size is None else (middle, at(num(Fraction(size + 1, 2)))) if size % 2 else (middle,)
    shown_at = Relation((hat(name), *sides), ("=",) * len(sides))
    evidence = settle_answers(here, {**state.answers, name: middle}).holds(shown_at)
    blocks += [
        say("since ") + words + say(" So {} increases up to the middle of the ordered sample and decreases after it:", p.of("ell")),
        Display((record(shown_at, evidence, rule="count the signs"),)),
    ]
    ties: tuple[Condition, ...] = ()
    if size is None:
        blocks.append(
            say("the sample median: the middle one of the ordered observations where {} is odd. Where {} is even every point between the two middle "
                "ones {} and {} is an estimate, and their mean is meant.", N, N, at(Div(N, TWO)), at(Add((Div(N, TWO), ONE))))
        )  # fmt: skip
        ties = (Condition(ConditionKind.UNIQUE, (), say("{} is odd, or if the two middle observations are equal", N)),)
    return Found({name: middle}, tuple(blocks), How.CLOSED, argument=ARGUED, title=title, conditions=ties)


def _side(label: Formula, score: Formula, sign: str, where: Relation, oracle: Oracle, name: str, low: Formula, high: Formula) -> Line:
    """The sign of the score on one side of the middle, judged at points on that side."""
    end = compiled(low if sign == ">" else high)
    g, seen = compiled(score), 0
    for w in oracle.worlds:
        if (w[name] < end(w)) if sign == ">" else (w[name] > end(w)):
            seen += 1
            if not ((g(w) > 0) if sign == ">" else (g(w) < 0)):
                raise Refuted(f"{label} {sign} 0 for {where}")
    if not seen:
        raise Refuted(f"no point with {where}")
    evidence = proved(Ground.COUNTED, seen)
    return record(Relation((label, score, ZERO), ("=", sign)), evidence, say("for {}", where), "count the signs")


def _around(name: str, low: Formula, high: Formula, here: Oracle, state: State) -> Oracle:
    """Worlds with the unknown on both sides of the middle of the sample."""
    rng = random.Random(9)
    a, b = compiled(low), compiled(high)
    out = []
    for w in state.settled(here).worlds:
        for _ in range(3):
            out += [{**w, name: a(w) - rng.uniform(0.01, 2)}, {**w, name: b(w) + rng.uniform(0.01, 2)}]
    return Oracle(tuple(out))


def _held(name: str, low: Formula, high: Formula, state: State) -> Formula | None:
    """The end of the domain that keeps the estimate from the middle of the sample, from low to high; None where none does.

    For a symbolic sample, where that depends on it, any of the ends.  Raises NotSupported where the end is open.
    """
    d = state.problem.parameters[name]
    ranges, inside = [state.al.facts.range(f) for f in (low, high)], state.al.facts.letter(name)
    if all(r.low >= inside.low and r.high <= inside.high for r in ranges):
        return None
    if state.problem.observations is not None:
        w = state.judge.worlds[0]
        a, b = compiled(low)(w), compiled(high)(w)
        if d.contains(a, w) and d.contains(b, w):
            return None
        bottom, top = d.bounds(w)
        if b <= bottom and not d.low_open:
            return d.low
        if a >= top and not d.high_open:
            return d.high
    elif (d.low == MINUS_INFINITY or not d.low_open) and (d.high == INFINITY or not d.high_open):
        return d.low if d.low != MINUS_INFINITY else d.high
    raise NotSupported(f"the middle of the sample may lie outside the domain of {name} ({d.words()}), whose end does not belong to it")


def _between(middle: Formula, name: str, state: State) -> Formula:
    """The middle of the sample, or the end of the domain where it lies outside."""
    d = state.problem.parameters[name]
    f = middle if d.high == INFINITY else Call("min", (d.high, middle))
    return f if d.low == MINUS_INFINITY else Call("max", (d.low, f))
