"""A likelihood that is the same for a parameter and its negative: it is enough to look at one sign."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..algebra.terms import Algebra
from ..density.support.conditional import read_off
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.names import hat
from ..formula.tree import (
    ONE,
    ZERO,
    And,
    Call,
    Formula,
    Neg,
    Relation,
    Searched,
    SetOf,
    Sym,
    add,
    equation,
    mul,
    names,
    neg,
    replace_all,
    transform,
    value,
)
from ..oracle.oracle import ordered
from ..problem.problem import Problem
from ..problem.test_points import random_points
from ..proofs.invariance import even, turned
from ..recorder import record
from ..rule_names import RuleName
from ..sets.domain import INFINITY, Domain
from ..trace import Condition, ConditionKind, Display, Evidence, Outcome, Section, SectionKey, say
from .existence.existence_conditions import of_the_data
from .existence.rational_values import exactly
from .number_format import numeric_set
from .report.evaluation import numeric
from .setting import State

CLEAR = 1e-6  # relative distance at which values known as floats are taken to differ


@dataclass(frozen=True)
class Mirrored:
    """A parameter of which the density and the support are even functions.

    name: the parameter.  half: the question about the values on one side of 0, that on which the domain reaches farther.  near: the
    other end of the domain and whether it belongs to it; None where the domain is symmetric.
    """

    name: str
    half: Problem
    near: tuple[Formula, bool] | None


def mirrored(p: Problem) -> Mirrored | None:
    """What an even likelihood leaves of the question; None where none of the parameters makes it one, or 0 is not inside their domain."""
    if not p.as_stated or p.entry is not None:
        return None
    for name, d in p.parameters.items():
        if d.discrete or d.also is not None or any(name in e.letters for k, e in p.parameters.items() if k != name):
            continue
        if name not in names(p.density):  # constant
            continue
        low, high = _size(neg(d.low)), _size(d.high)
        if not (low > 0 and high > 0) or _evidence(name, p) is None or not all(_same(e, name, p) for e in p.support.values()):
            continue
        left = (low, not d.low_open) > (high, not d.high_open)
        at_zero = not _has_value_at_zero(name, p)
        half = replace(d, high=ZERO, high_open=at_zero) if left else replace(d, low=ZERO, low_open=at_zero)
        near = None if (low, d.low_open) == (high, d.high_open) else (d.high, not d.high_open) if left else (neg(d.low), not d.low_open)
        parameters = {k: half if k == name else e for k, e in p.parameters.items()}
        letters = {**parameters, **p.known}
        support = {v: read_off(e, letters) for v, e in p.support.items()}
        return Mirrored(name, p.replace(parameters=parameters, support=support), near)
    return None


def _evidence(name: str, p: Problem) -> Evidence | None:
    return even(p.density, Sym(name), Algebra(p.facts), frozenset(v for v, d in (*p.support.items(), *p.known.items()) if _whole(d)))


def _whole(d: Domain) -> bool:
    numbers = [value(v) for v in d.values or ()]
    return d.integer or (d.values is not None and all(v is not None and v.denominator == 1 for v in numbers))


def _size(end: Formula) -> Fraction | float:
    """An end as a number; 0 where it is none."""
    return math.inf if end in (INFINITY, neg(neg(INFINITY))) else value(end) or Fraction(0)


def _same(d: Domain, name: str, p: Problem) -> bool:
    """Whether an interval is the same for the negative of a parameter."""
    if name not in d.letters:
        return True
    al, u = Algebra(p.facts), Sym(name)

    def tidy(f: Formula) -> Formula:
        return transform(f, lambda g: None if isinstance(g, (Relation, And)) else al.tidy(g))

    parts = [f for f in (d.low, d.high, d.also) if f is not None]
    return d.values is None and all(tidy(turned(f, u, al)) == tidy(f) for f in parts)


def _has_value_at_zero(name: str, p: Problem) -> bool:
    """Whether there is a density where the parameter is 0: it has a value there, and is not 0 whatever the observation."""
    points, density = random_points(p, 3), compiled(p.density)
    values = [density({**w, name: 0.0, **{v: w["#sample"][v][0] for v in p.observed}}) for w in points]
    return all(0 <= v < math.inf for v in values) and Algebra(p.facts).tidy(replace_all(p.density, {Sym(name): ZERO})) != ZERO


def explained(found: Mirrored, p: Problem) -> Section:
    """Why it is enough to look at one sign."""
    u, f = Sym(found.name), p.of("L")
    seen, inside = _evidence(found.name, p), found.half.parameters[found.name].condition(u)
    assert seen is not None and inside is not None
    line = record(equation(replace_all(f, {u: Neg(u)}), f), seen, rule=RuleName.POWER)
    lead = say("The likelihood does not change when {} is replaced by {}:", u, Neg(u))
    last = say(
        "So it is enough to look at one sign: from here on the domain is {}. With each value its negative has the same likelihood", inside
    )
    last += say(".") if found.near is None else say(", where it belongs to the domain.")
    return Section(SectionKey.SYMMETRY, say("Symmetry"), (lead, Display((line,)), last))


def both_signs(state: State, found: Mirrored, domain: Domain) -> State:
    """The state with the estimates of both signs, and the domain as it was asked for.

    Raises NotSupported where it is not settled how many there are.
    """
    p, name = state.problem, found.name
    state = replace(state, problem=p.replace(parameters={**p.parameters, name: domain}))
    if state.outcome is Outcome.NONE:
        return state
    if name in state.sets:
        raise NotSupported(f"the estimates of {name} are a set, and their negatives are estimates as well; this is not supported yet")
    if any(c.kind in (ConditionKind.UNIQUE, ConditionKind.INTERIOR) for c in state.conditions):
        raise NotSupported(f"how many estimates of {name} there are of either sign depends on the data; this is not supported yet")
    f = state.answers[name]
    if value(f) == 0:
        return state
    numbers = numeric(state, exactly(state))
    if numbers is not None:
        return _at_the_data(state, found, numbers[name])
    if found.near is not None:
        raise NotSupported(
            f"whether the negative of the estimate of {name} belongs to its domain depends on the data; this is not supported yet"
        )
    state = replace(state, conditions=_together(state.conditions, _needed(name, f, domain, state)))
    if isinstance(f, Searched):
        words = say("The negative of {} is an estimate as well, unless it is 0.", hat(name))
        return replace(state.continuing(words), outcome=Outcome.NOT_UNIQUE)
    return state.not_unique(name, SetOf((neg(f), f)))


def _at_the_data(state: State, found: Mirrored, v: float) -> State:
    """The estimate at given data, with its negative where that is another value in the domain."""
    name = found.name
    f, point = state.answers[name], state.data_point

    def against(end: Formula) -> int:
        """The sign of the size of the estimate less an end."""
        b = compiled(end)({})
        sign = ordered(f if v > 0 else neg(f), end, point) if point is not None and not isinstance(f, Searched) else None
        if sign is None and (abs(v) == b or abs(abs(v) - b) > CLEAR * (1 + b)):
            sign = (abs(v) > b) - (abs(v) < b)
        if sign is None or math.isnan(v):
            raise NotSupported(f"for these data it was not settled whether the estimate of {name} and its negative are two estimates")
        return sign

    if against(ZERO) == 0:
        return state
    if found.near is not None and (place := against(found.near[0])) >= 0 and not (place == 0 and found.near[1]):
        return replace(state, conditions=())
    state = replace(state, conditions=_together(state.conditions, ()) if found.near is None else ())
    if isinstance(f, Searched):
        return state.not_unique(name, numeric_set((-abs(v), abs(v))))
    return state.not_unique(name, SetOf((neg(f), f) if v > 0 else (f, neg(f))))


def _needed(name: str, f: Formula, domain: Domain, state: State) -> list[Condition]:
    """That the estimate is not 0 and lies in its domain, for a symbolic sample, where this does not hold for all data."""
    if isinstance(f, Searched):
        return [Condition(ConditionKind.NOT_UNIQUE, (), say("{}", Relation((hat(name), ZERO), ("!=",))))]
    size, end, cut = state.al.facts.range(f), _size(domain.high), _uncut(f)
    within = size.high < end or (size.high == end and (size.high_open or not domain.high_open))
    above = [] if end == math.inf or within else [_squared(Relation((cut, domain.high), ("<",) if domain.high_open else ("<=",)), state)]
    inside = add(cut.args[0], neg(ONE)) if isinstance(cut, Call) and cut.name == "acosh" else cut  # arcosh a > 0 just where a > 1
    below = [] if size.positive else of_the_data(Relation((inside, ZERO), (">",)), state.al, state.settled(state.general))
    return [Condition(ConditionKind.NOT_UNIQUE, (r,), say("{}", r)) for r in (*below, *above)]


def _uncut(f: Formula) -> Formula:
    """What an estimate is where it is not cut off at 0 or at an end of the domain."""
    match f:
        case Call("max" | "min", (a, b)) if value(a) is not None or value(b) is not None:
            return _uncut(b if value(a) is not None else a)
    return f


def _squared(r: Relation, state: State) -> Relation:
    """sqrt(a) < b as a < b^2."""
    f, end = r.sides
    return Relation((f.args[0], state.al.tidy(mul(end, end))), r.signs) if isinstance(f, Call) and f.name == "sqrt" else r


def _together(conditions: Sequence[Condition], more: Sequence[Condition]) -> tuple[Condition, ...]:
    """Conditions for estimates on one side of 0, and more, as one for there being two."""
    known = {pair for c in conditions for r in c.relations for pair in _pairs(r)}
    every = [*conditions, *(c for c in more if not c.relations or not all(set(_pairs(r)) <= known for r in c.relations))]
    if not every:
        return ()
    note = every[0].note
    for c in every[1:]:
        note += say(", and ") + c.note
    return (Condition(ConditionKind.NOT_UNIQUE, tuple(r for c in every for r in c.relations), note),)


def _pairs(r: Relation) -> list[tuple[Formula, str, Formula]]:
    """The inequalities in a chain, the smaller side first."""
    turned_round = {">": "<", ">=": "<="}
    return [(b, turned_round[s], a) if s in turned_round else (a, s, b) for a, s, b in zip(r.sides, r.signs, r.sides[1:], strict=False)]


__all__ = ["Mirrored", "both_signs", "explained", "mirrored"]
