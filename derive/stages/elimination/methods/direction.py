"""By direction: a score A cos u - B sin u is a sine wave, and the likelihood is largest where u is the angle of the point
(B, A).  (Mardia and Jupp, 2000, Directional Statistics, 5.3.)"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ....algebra.terms import Algebra
from ....formula.evaluate import compiled
from ....formula.names import hat
from ....formula.tree import (
    ONE,
    TWO,
    ZERO,
    Big,
    Call,
    Const,
    Derivative,
    Dots,
    Formula,
    Mul,
    N,
    Pow,
    Relation,
    SetOf,
    Sym,
    add,
    call,
    div,
    equation,
    factors,
    has,
    mul,
    names,
    neg,
    replace,
    terms,
    value,
    walk,
)
from ....oracle.oracle import Oracle, Refuted
from ....problem.problem import Problem
from ....proofs.signs import evidence_of_sign
from ....recorder import Equations, defined, definition, held, record
from ....rule_names import RuleName
from ....rules.angles import open_angles, wave
from ....rules.equations import drop_factor, expand_sides, open_sums
from ....sets.domain import INFINITY, MINUS_INFINITY, Domain
from ....trace import Block, Condition, ConditionKind, Display, How, Line, Move, Outcome, Strength, Words, say
from ...maximum.unknown import label_of
from ...setting import MaximumArgument, Setting, algebra_for, settle_answers
from ..method import Found, Plan, Search

PI = Const("pi")
LENGTHS, ANGLES = ("R", "r", "A", "H"), ("phi", "alpha", "gamma", "delta")  # letters for the length and the angle


@dataclass(frozen=True, slots=True)
class Wave:
    """The derivative as front * (sine cos(k u) - cosine sin(k u)) with front > 0, and how it was brought to that."""

    moves: tuple[Move, ...]
    front: Formula
    sine: Formula
    cosine: Formula
    k: Formula


def method(search: Search, name: str) -> Plan | None:
    """A plan where the score is a positive factor times a sine wave in the unknown and its domain is one whole turn, or the line."""
    state, u = search.state, Sym(name)
    score = search.scores[name]
    found = _wave(score, u, algebra_for(score, state))
    if found is None or names(found.sine) & set(state.parameters) or names(found.cosine) & set(state.parameters):
        return None
    answer = _angle(found, name, state)
    if answer is None:
        return None
    for w in state.lines_oracle.points if state.problem.observations is None else state.judge.points:
        e = settle_answers(Oracle((w,)), state.answers).points[0]
        sine, cosine, at = (compiled(f)(e) for f in (found.sine, found.cosine, answer))
        if not math.hypot(sine, cosine) > 1e-9 * w.get("n", 1) or not state.problem.parameters[name].contains(at, e):
            return None
    return Plan((name,), frozenset(), lambda: carried_out(search, name, found, answer))


def _wave(score: Formula, u: Sym, al: Algebra) -> Wave | None:
    eq = equation(score, ZERO)
    moves: list[Move] = []
    if wave(score, u, al) is None and not any(isinstance(g, Call) and g.name in ("sin", "cos") and has(g, u) for g in walk(score)):
        return None
    for step in (drop_factor, open_angles, open_sums, expand_sides):
        move = step(eq, u, al)
        if move is not None:
            moves.append(move)
            eq = move.after
    summed = equation(al.assemble(al.expanded(eq.sides[0]) or al.flat(eq.sides[0])), ZERO)
    if len(terms(summed.sides[0])) < len(terms(eq.sides[0])):
        moves.append(Move(summed, ONE, RuleName.ADD_UP, say("add up")))
        eq = summed
    form = wave(eq.sides[0], u, al)
    if form is None or any(m.factor is None for m in moves):
        return None
    front = al.tidy(div(ONE, mul(*(m.factor for m in moves if m.factor is not None)))) if moves else ONE
    sign = al.sign(front)
    if not sign:
        return None
    a, b, k = form
    if sign < 0:
        front, a, b = al.tidy(neg(front)), al.tidy(neg(a)), al.tidy(neg(b))
    return Wave(tuple(moves), front, a, al.tidy(neg(b)), k)


def _angle(f: Wave, name: str, setting: Setting) -> Formula | None:
    """The angle as a formula with values in the domain: where that is the line or has the length of one turn."""
    domain, al = setting.problem.parameters[name], setting.al
    low, high = domain.low, domain.high
    if domain.discrete or domain.also is not None:
        return None
    if (low, high) == (MINUS_INFINITY, INFINITY):
        return al.tidy(div(call("atan2", f.sine, f.cosine), f.k))
    try:
        ends = [compiled(e)({}) * float(value(f.k) or 1) / math.pi for e in (low, high)]
    except KeyError:
        return None
    if abs(ends[1] - ends[0] - 2) > 1e-12:
        return None
    if abs(ends[0] + 1) < 1e-12:
        return al.tidy(div(call("atan2", f.sine, f.cosine), f.k))
    if abs(ends[0]) < 1e-12:
        turned = call("atan2", al.tidy(neg(f.sine)), al.tidy(neg(f.cosine)))
        return al.assemble(al.split(t) for t in (al.tidy(div(PI, f.k)), al.tidy(div(turned, f.k))))
    return None


@dataclass(frozen=True, slots=True)
class Polar:
    """The point (cosine, sine) as a distance and a direction: their letters, what they are, and the oracle that knows them."""

    length: Sym
    angle: Sym
    size: Formula
    direction: Formula
    oracle: Oracle


def carried_out(search: Search, name: str, f: Wave, answer: Formula) -> Found:
    """The addition theorem, the sums as length and angle, and the sign of the sine."""
    state, u = search.state, Sym(name)
    oracle = state.settled(state.lines_oracle)
    polar = _polar(f, state)
    there = settle_answers(oracle, {name: answer})
    values = _at_the_direction(search, name, polar.size, there)
    blocks: list[Block] = [
        *_product(search, name, f, polar),
        _which(state.problem, name, polar.angle),
        Display((held(there, Relation((hat(name), answer), ("=",)), rule=RuleName.DIRECTION),)),
    ]
    if values:
        blocks += [
            say("At {} the sum of the cosines is the resultant length; divided by {} it is the mean resultant length:", hat(name), N),
            Display(tuple(values.values())),
        ]
    squares = Relation((add(Pow(f.cosine, TWO), Pow(f.sine, TWO)), ZERO), (">",))
    holds = any(value(a) for a in (f.cosine, f.sine))
    needed = () if holds else (Condition(ConditionKind.EXISTS, (squares,), _there_is(f, state.problem.parameters[name])),)
    resultants: dict[Formula, Formula] = dict.fromkeys(values, polar.size)
    why = MaximumArgument(Strength.PROVED, _highest(search, name, f, polar))
    if state.problem.parameters[name].low != MINUS_INFINITY:
        return Found({name: answer}, tuple(blocks), argument=why, conditions=needed, resultants=resultants)
    period = state.al.tidy(div(mul(TWO, PI), f.k))
    whole = SetOf((Dots(), add(*terms(answer), neg(period)), answer, add(*terms(answer), period), Dots()))
    blocks.append(
        say(
            "A whole turn does not change the density: every {} that differs from this by a multiple of {} has the same likelihood.",
            u,
            period,
        )
    )
    return Found(
        {name: answer}, tuple(blocks), How.CLOSED, Outcome.NOT_UNIQUE, {name: whole}, why, conditions=needed, resultants=resultants
    )  # fmt: skip


def _there_is(f: Wave, d: Domain) -> Words:
    """That the direction exists and is no end of the domain that does not belong to it."""
    if d.low == MINUS_INFINITY or not (d.low_open and d.high_open):
        return say("{} and {} are not both 0", f.cosine, f.sine)
    inside = Relation((f.cosine, ZERO), ("<" if d.low == ZERO else ">",))
    return say("{} or {}", inside, Relation((f.sine, ZERO), ("!=",)))


def _polar(f: Wave, setting: Setting) -> Polar:
    """The point of the two sums in polar coordinates, under letters that the question leaves free."""
    p = setting.problem
    taken = {*p.parameters, *p.known, *p.observed, *p.statistics, "n"}
    length, angle = (Sym(next(k for k in ks if k not in taken)) for ks in (LENGTHS, ANGLES))
    size = call("sqrt", add(Pow(f.cosine, TWO), Pow(f.sine, TWO)))
    direction = setting.al.tidy(div(call("atan2", f.sine, f.cosine), f.k))
    plane = setting.settled(setting.lines_oracle).at({length.name: size, angle.name: direction})
    return Polar(length, angle, size, direction, plane)


def _product(search: Search, name: str, f: Wave, polar: Polar) -> list[Block]:
    """The score as a positive factor times the sine of the angle between the direction and the unknown."""
    state, u = search.state, Sym(name)
    length, angle = polar.length, polar.angle
    table = Equations(state.settled(state.lines_oracle))
    table.start(equation(search.scores[name], ZERO), defined("the score equation"))
    for m in f.moves:
        table.move(m)
    turn = mul(f.k, angle) if f.k != ONE else angle
    apart = add(angle, neg(u)) if f.k == ONE else Mul((f.k, add(angle, neg(u))))
    given = [equation(length, polar.size), equation(angle, polar.direction)]
    coordinates = [equation(f.cosine, mul(length, call("cos", turn))), equation(f.sine, mul(length, call("sin", turn)))]
    product = Mul((*factors(f.front), length, call("sin", apart))) if f.front != ONE else Mul((length, call("sin", apart)))
    label = Derivative(state.problem.of("ell"), ((u, 1),))
    line = record(equation(label, product), polar.oracle.equal(search.scores[name], product), rule=RuleName.ADDITION_THEOREM)
    return [
        table.display,
        say(
            "Take the two sums as the coordinates of a point in the plane. Its distance from the origin and its angle (atan2 of its ordinate and abscissa) are"
        ),
        Display(tuple(definition(r, "polar coordinates") for r in given)),
        say("so that"),
        Display(tuple(held(polar.oracle, r, rule=RuleName.POLAR_COORDINATES) for r in coordinates)),
        say("and, by the addition theorem again,"),
        Display((line,)),
    ]


def _highest(search: Search, name: str, f: Wave, polar: Polar) -> tuple[Block, ...]:
    """Why the likelihood is largest in the direction: the second derivative there, and half a turn on."""
    state, u, angle = search.state, Sym(name), polar.angle
    label = Derivative(state.problem.of("ell"), ((u, 1),))
    g = state.al.tidy(neg(mul(*factors(f.front), *factors(f.k) if f.k != ONE else (), polar.length)))
    bend = polar.oracle.at({name: angle})
    bend.equal(Derivative(search.scores[name], ((u, 1),)), g)
    evidence = evidence_of_sign(r := Relation((g, ZERO), ("<",)), state.al.facts, bend.holds(r))
    second = Relation((Derivative(label_of(name, len(state.order), state.problem), ((u, 2),)), g, ZERO), ("=", "<"))
    return (
        say("At {} the second derivative is", equation(u, angle)),
        Display((record(second, evidence, rule=RuleName.DIFFERENTIATE),)),
        say(
            "and at the opposite point it has the opposite sign. In between {} keeps its sign: on the circle the likelihood increases for half a turn, {}, up to {} and decreases for half a turn afterwards{}.",
            label, div(PI, f.k), equation(u, angle), "" if len(state.parameters) > 1 else ", so the maximum is global",
        ),
    )  # fmt: skip


def _which(problem: Problem, name: str, angle: Sym) -> Words:
    domain, u = problem.parameters[name], Sym(name)
    if domain.low == ZERO:
        return say(
            "It vanishes at {} and at the opposite point of the circle. At {} it changes from plus to minus: the likelihood is largest there. As an angle between 0 and {} "
            "it is half a turn more than the direction of the opposite point:",
            equation(u, angle), equation(u, angle), domain.high,
        )  # fmt: skip
    at = equation(u, angle)
    return say(
        "It vanishes at {} and at the opposite point of the circle. At {} it changes from plus to minus: the likelihood is largest there:",
        at,
        at,
    )


def _at_the_direction(search: Search, name: str, size: Formula, there: Oracle) -> dict[Formula, Line]:
    """Sums in the other scores that become the length at the estimate, each with the line that says so."""
    found: dict[Formula, Line] = {}
    sums = (
        g for k in search.open_names if k != name for g in walk(search.scores[k]) if isinstance(g, Big) and has(g, Sym(name))
    )  # fmt: skip
    for g in dict.fromkeys(sums):
        at = replace(g, Sym(name), hat(name))
        try:
            found[g] = record(equation(at, size), there.equal(at, size), rule=RuleName.RESULTANT)
        except Refuted:
            continue
    return found


__all__ = ["method"]
