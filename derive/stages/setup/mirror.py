"""A likelihood that is the same for a parameter and its negative: it is enough to look at one sign."""

from __future__ import annotations

from dataclasses import replace

from ...algebra.terms import Algebra
from ...density.support.conditional import read_off
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import ZERO, And, Formula, Neg, Relation, Searched, SetOf, Sym, equation, neg, replace_all, transform, value
from ...oracle.oracle import vanishes
from ...problem.problem import Problem
from ...problem.test_points import random_points
from ...proofs.invariance import even, turned
from ...recorder import record
from ...rule_names import RuleName
from ...sets.domain import INFINITY, Domain
from ...trace import Display, Evidence, Outcome, Section, SectionKey, say
from ..number_format import numeric_set
from ..setting import State


def mirrored(p: Problem) -> tuple[str, Problem] | None:
    """A parameter of which the density and the support are even functions on a domain that is symmetric about 0, and the question
    about values that are not negative; None where there is none."""
    if p.implied or p.constraints or p.cells is not None or p.rows is not None or p.sums or p.reduction is not None or p.entry is not None:
        return None
    for name, d in p.parameters.items():
        if not _symmetric(d) or any(name in e.letters for k, e in p.parameters.items() if k != name):
            continue
        if _evidence(name, p) is None or not all(_same(e, name, p) for e in p.support.values()):
            continue
        half = replace(d, low=ZERO, low_open=not _has_value_at_zero(name, p))
        parameters = {k: half if k == name else e for k, e in p.parameters.items()}
        letters = {**parameters, **p.known}
        return name, p.replace(parameters=parameters, support={v: read_off(e, letters) for v, e in p.support.items()})
    return None


def _evidence(name: str, p: Problem) -> Evidence | None:
    return even(p.density, Sym(name), Algebra(p.facts), frozenset(v for v, d in p.support.items() if d.integer))


def _symmetric(d: Domain) -> bool:
    if d.discrete or d.also is not None or d.low_open != d.high_open:
        return False
    low, high = value(d.low), value(d.high)
    return (d.low == neg(INFINITY) and d.high == INFINITY) or (low is not None and high is not None and low == -high)


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
    """Whether there is a density where the parameter is 0: at some test points it has a value, and not 0 at all of them."""
    try:
        points = random_points(p, 3)
    except NotSupported:
        return False
    density = compiled(p.density)
    values = [density({**w, name: 0.0, **{v: w["#sample"][v][0] for v in p.observed}}) for w in points]
    return all(0 <= v < float("inf") for v in values) and any(v > 0 for v in values)


def explained(name: str, p: Problem, half: Domain) -> Section:
    """Why it is enough to look at one sign; half: the values that are left."""
    u, f = Sym(name), p.of("L")
    seen = _evidence(name, p)
    assert seen is not None
    inside = half.condition(u)
    assert inside is not None
    line = record(equation(replace_all(f, {u: Neg(u)}), f), seen, rule=RuleName.POWER)
    lead = say("The likelihood does not change when {} is replaced by {}:", u, Neg(u))
    last = say(
        "So it is enough to look at one sign: from here on the domain is {}. With each value its negative has the same likelihood.",
        inside,
    )
    return Section(SectionKey.SYMMETRY, say("Symmetry"), (lead, Display((line,)), last))


def both_signs(state: State, name: str, domain: Domain) -> State:
    """The state with the estimate of both signs, and the domain as it was asked for."""
    p = state.problem
    state = replace(state, problem=p.replace(parameters={**p.parameters, name: domain}))
    if state.outcome is Outcome.NONE:
        return state
    if name in state.sets:
        raise NotSupported(f"the estimates of {name} are a set, and their negatives are estimates as well; this is not supported yet")
    f = state.answers[name]
    if value(f) == 0 or (state.data_point is not None and not isinstance(f, Searched) and vanishes(f, state.data_point)):
        return state
    if isinstance(f, Searched) and state.data_point is not None:
        v = compiled(f)(state.data_point)
        return state if v == 0 else state.not_unique(name, numeric_set((-v, v)))
    if isinstance(f, Searched):
        words = say("The negative of {} is an estimate as well, unless it is 0.", hat(name))
        return replace(state.continuing(words), outcome=Outcome.NOT_UNIQUE)
    return state.not_unique(name, SetOf((neg(f), f)))


__all__ = ["both_signs", "explained", "mirrored"]
