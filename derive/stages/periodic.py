"""A likelihood that repeats as a parameter moves by a period: it is enough to look at one period, and every value that differs from an
estimate by whole periods is one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.names import hat, reported
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Call,
    Const,
    Dots,
    Float,
    Formula,
    Relation,
    Searched,
    SetOf,
    Sym,
    add,
    div,
    equation,
    has,
    mul,
    neg,
    num,
    rational,
    replace_all,
    terms,
    transform,
    value,
    walk,
)
from ..problem.problem import Problem
from ..proofs.grounds import Ground, proved
from ..recorder import record
from ..rule_names import RuleName
from ..sets.domain import INFINITY, MINUS_INFINITY, Domain
from ..trace import Block, Display, Outcome, Section, SectionKey, say
from .existence.rational_values import exactly
from .number_format import numeric_set
from .report.evaluation import numeric
from .setting import State
from .setup.begin import begin

PI = Const("pi")
GRID = 400  # places of a period at which the middle of a window is looked for
LONGER = Fraction(1, 1000)  # of a period, by which a window with fractions for ends is longer
CLEAR = 1e-9  # relative distance from an end of the domain
MOST = 50  # estimates that are listed


@dataclass(frozen=True)
class Periodic:
    """name: the parameter.  period: by which it may be moved.  windows: the question about a whole period, with ends in which the period is
    exact, and with fractions for ends and a little more than a period between them."""

    name: str
    period: Formula
    windows: tuple[Problem, ...]


def periodic(p: Problem) -> Periodic | None:
    """What a likelihood that repeats leaves of a question with data; None where none of the parameters makes it repeat."""
    if p.sample is None or not p.as_stated or p.known:
        return None
    for name, d in p.parameters.items():
        beside = [e for k, e in (*p.parameters.items(), *p.support.items()) if k != name]
        if d.discrete or d.also is not None or d.letters or any(name in e.letters for e in beside):
            continue
        period = _period(p.density, Sym(name))
        if period is not None:
            windows = (Domain(ZERO, period, False, True), _about_the_maximum(p, name, period))
            return Periodic(name, period, tuple(p.replace(parameters={**p.parameters, name: w}) for w in windows if w != d))
    return None


def refuse_endless(p: Problem) -> None:
    """Raises NotSupported where the likelihood repeats without end in a parameter: then no estimate is the only one."""
    found = periodic(p)
    d = p.parameters[found.name] if found is not None else None
    if found is not None and d is not None and (d.low == MINUS_INFINITY or d.high == INFINITY):
        raise NotSupported(
            f"the likelihood repeats in {reported(found.name)} without end, and its estimates within one period were not settled",
            hint="give an interval for it that is one period long",
        )


def _period(f: Formula, u: Sym) -> Formula | None:
    """A period of f in u, all of whose occurrences are in sines and cosines of it times a number: 2 pi over that number."""
    al, turns = Algebra(), list[Formula]()
    for g in walk(f):
        if isinstance(g, Call) and g.name in ("sin", "cos") and has(g, u):
            table = al.coefficients(g.args[0], u)
            if table is None or set(table) - {ZERO, ONE}:
                return None
            turns.append(al.assemble(table.get(ONE, [])))
    held = transform(f, lambda g: ONE if isinstance(g, Call) and g.name in ("sin", "cos") and has(g, u) else None)
    if not turns or has(held, u):
        return None
    for unit, whole in ((ONE, mul(TWO, PI)), (PI, TWO)):
        rates = [value(al.tidy(div(t, unit))) for t in turns]
        known = [abs(r) for r in rates if r]
        if len(known) == len(rates):
            slowest = Fraction(gcd(*(r.numerator for r in known)), lcm(*(r.denominator for r in known)))
            return al.tidy(div(whole, rational(slowest)))
    return None


def _about_the_maximum(p: Problem, name: str, period: Formula) -> Domain:
    """An interval with fractions for ends, a little longer than a period, about where the likelihood seems largest."""
    length = compiled(period)({})
    state = begin(p)
    w, letters = state.judge.points[0], list(state.problem.parameters)
    places = [length * k / GRID for k in range(GRID)]

    def height(x: float) -> float:
        v = w["ell"](*(x if k == name else w[k] for k in letters))
        return float(v) if v == v else -math.inf

    half = Fraction(length) * (1 + LONGER) / 2
    middle = Fraction(max(places, key=height))
    low, high = (Fraction(round(e * 1000), 1000) for e in (middle - half - LONGER, middle + half + LONGER))
    return Domain(rational(low), rational(high), False, False)


def explained(found: Periodic, window: Problem, p: Problem) -> Section:
    """Why it is enough to look at one period."""
    u, f = Sym(found.name), p.of("L")
    inside = window.parameters[found.name].condition(u)
    assert inside is not None
    line = record(equation(replace_all(f, {u: add(u, found.period)}), f), proved(Ground.PERIOD), rule=RuleName.ADDITION_THEOREM)
    blocks: list[Block] = [
        say("{} stands in sines and cosines only, which repeat after a whole turn:", u),
        Display((line,)),
        say("So it is enough to look at an interval as long as that: from here on {}. With each value those that differ from it by multiples of {} have the same likelihood.", inside, found.period),
    ]  # fmt: skip
    return Section(SectionKey.SYMMETRY, say("A period"), tuple(blocks))


def repeated(state: State, found: Periodic, asked: Domain) -> State:
    """The state with all estimates in the domain that was asked for.  Raises NotSupported where they are not settled."""
    p, name = state.problem, found.name
    state = replace(state, problem=p.replace(parameters={**p.parameters, name: asked}))
    numbers = numeric(state, exactly(state))
    if state.outcome is Outcome.NONE or state.sets or numbers is None:
        raise NotSupported(f"the likelihood repeats in {reported(name)}, and its estimates within one period were not settled")
    window = p.parameters[name]
    low, high = (compiled(e)({}) for e in (window.low, window.high))
    length, v, f = compiled(found.period)({}), numbers[name], state.answers[name]
    if value(window.high) is not None and not low + LONGER * length < v < high - LONGER * length:
        raise NotSupported(f"the estimate of {reported(name)} lies at an end of the period that was looked at")

    def shifted(k: int) -> Formula:
        if isinstance(f, (Searched, Float)):
            return Float(v + k * length)
        return f if k == 0 else state.al.tidy(add(*terms(f), mul(num(k), found.period) if k > 0 else neg(mul(num(-k), found.period))))

    bounds = (
        -math.inf if asked.low == MINUS_INFINITY else compiled(asked.low)({}),
        math.inf if asked.high == INFINITY else compiled(asked.high)({}),
    )
    if bounds == (-math.inf, math.inf):
        if isinstance(f, (Searched, Float)):
            state = state.answered(name, Float(v), state.how[name])
            state = replace(state, order=tuple(dict.fromkeys(state.order)), numbers=True)
        return state.not_unique(name, SetOf((Dots(), shifted(-1), shifted(0), shifted(1), Dots())))
    if not all(map(math.isfinite, bounds)):
        raise NotSupported(f"the likelihood repeats in {reported(name)} without end on one side; this is not supported yet")
    ks = list(_inside(v, length, bounds, name))
    if not ks:
        raise NotSupported(f"no estimate of {reported(name)} within one period has a copy in its domain")
    if len(ks) > MOST:
        raise NotSupported(f"the likelihood has its maximum at {len(ks)} values of {reported(name)}")
    state = replace(state, judge=state.judge.at({name: Float(v + ks[0] * length)}))  # where a search begins
    if ks[0]:
        state = replace(state.answered(name, shifted(ks[0]), state.how[name]), numbers=True)
        state = replace(state, order=tuple(dict.fromkeys(state.order)))
    if len(ks) == 1:
        return state
    every = [shifted(k) for k in ks]
    known = numeric_set([v + k * length for k in ks]) if isinstance(f, (Searched, Float)) else SetOf(tuple(every))
    line = record(Relation((hat(name), known), ("in",)), proved(Ground.PERIOD), rule=RuleName.RESULT)
    return state.continuing(say("Moved by whole periods it stays an estimate, where it stays in the domain:"), Display((line,))).not_unique(
        name, known
    )


def _inside(v: float, length: float, bounds: tuple[float, float], name: str) -> Iterator[int]:
    """By how many periods a value may be moved to lie in the domain."""
    low, high = bounds
    first, last = math.floor((low - v) / length) - 1, math.ceil((high - v) / length) + 1
    if last - first > 10 * MOST:
        raise NotSupported(f"the likelihood has its maximum at very many values of {reported(name)}")
    for k in range(first, last + 1):
        x = v + k * length
        for end in bounds:
            if abs(x - end) <= CLEAR * (1 + abs(end)):
                raise NotSupported(f"whether an estimate of {reported(name)} lies at an end of its domain was not settled")
        if low < x < high:
            yield k


__all__ = ["Periodic", "explained", "periodic", "repeated"]
