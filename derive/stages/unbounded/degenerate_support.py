"""A support with whose two ends coincide at the estimates: the likelihood then grows without bound, and there is
no maximum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.tree import ZERO, Formula, Relation, Sym, add, equation, mul, neg, rational, replace_all
from ...oracle.oracle import Oracle, vanishes
from ...problem.test_points import random_points
from ...proofs.zeros import Towards
from ...recorder import held
from ...rule_names import RuleName
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...trace import Block, Condition, ConditionKind, Display, Outcome, Section, SectionKey, Table, say
from ..boundary.admissible_region import worked
from ..likelihood.one_observation import replaced_extremes
from ..number_format import digits
from ..profile.along_path import V, towards
from ..setting import ARGUED, Setting, State

STEPS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)  # from the estimates to other parameter values, of the way


def degenerate_support(state: State) -> State:
    """Section "No maximum for these data" and the outcome where the support would be a single point at the estimates; a condition for a
    symbolic sample of which that may be so.  Raises NotSupported where the likelihood does not grow without bound there."""
    p = state.problem
    if not p.moving or state.outcome is not Outcome.UNIQUE or set(state.answers) != set(p.parameters):
        return state
    for width in _widths(state):
        given = p.observations is not None or p.size == 1
        try:
            oracle = state.judge if p.observations is not None else Oracle(random_points(p, 2, seed=3, alike=True))
        except NotSupported:  # no sample of equal observations was found
            continue
        if not any(vanishes(width, w) for w in state.settled(oracle).points):
            continue
        if given:
            return replace(state.adding(_no_maximum(width, state)), answers={}, how={}, sets={}).without_maximum(ARGUED)
        put = state.al.expand(replace_all(width, {Sym(k): f for k, f in state.answers.items()}))
        needed = Relation((put, ZERO), (">",))
        if all(needed not in c.relations for c in state.conditions):
            words = say("{}, that is, if the observations are not all equal", needed)
            state = state.adding(conditions=[Condition(ConditionKind.EXISTS, (needed,), words)])
    return state


def _widths(setting: Setting) -> Iterator[Formula]:
    """The widths of the intervals with both ends finite of which one moves."""
    for d in setting.problem.support.values():
        if d.discrete or not d.letters & set(setting.parameters) or d.low == MINUS_INFINITY or d.high == INFINITY:
            continue
        yield setting.al.expand(add(d.high, neg(d.low)))


def _no_maximum(width: Formula, setting: Setting) -> Section:
    """The estimates, at which the support is a point, and the likelihood on the way to them."""
    p = setting.problem
    rows = _path(width, setting)
    blocks: list[Block] = [
        say("The observations are all equal, and with these values the support would be that single point:")
        if p.size != 1
        else say("There is only one observation, and with these values the support would be that single point:")
    ]
    at = {k: setting.al.expand(f) for k, f in _shown(setting).items()}
    there = setting.settled(setting.lines_oracle)
    lines = [equation(Sym(k), f) for k, f in at.items()]
    blocks.append(Display(tuple(held(there, r, rule=RuleName.ORDER_STATISTIC) for r in lines)))
    if p.observations is not None:
        head = (*(say("{}", Sym(k)) for k in p.parameters), say("{}", p.of("ell")))
        blocks += [
            say("The closer the parameters come to them, the narrower the support, and the larger the likelihood:"),
            Table(head, tuple((*(say("{}", digits(e[k], 8)) for k in p.parameters), say("{}", digits(h, 6))) for e, h in rows)),
        ]
    blocks.append(say("As {} goes to {} the likelihood grows without bound: there is no maximum.", width, ZERO))
    title = say("No maximum for these data") if p.observations is not None else say("No maximum")
    return Section(SectionKey.NO_MAXIMUM, title, tuple(blocks))


def _shown(setting: Setting) -> dict[str, Formula]:
    """The estimates with the numbers of the data; of one observation the smallest and the largest are itself."""
    if setting.problem.observations is None and len(setting.problem.variables) == 1:
        return {k: replaced_extremes(f, setting.problem) for k, f in setting.answers.items()}
    return {k: worked(f, setting) for k, f in setting.answers.items()}


def _path(width: Formula, setting: Setting) -> list[tuple[Mapping[str, float], float]]:
    """Admissible parameter values on the way to the estimates, with the log-likelihood there."""
    p = setting.problem
    w = setting.judge.points[0]
    there = setting.settled(Oracle((w,))).points[0]
    rows: list[tuple[Mapping[str, float], float]] = []
    for t in STEPS:
        e: Env = {**w, **{k: there[k] + t * (w[k] - there[k]) for k in p.parameters}}
        if not p.possible(e) or not compiled(width)(e) > 0:
            raise NotSupported("the support would be a single point at the estimates, and the likelihood near them was not settled")
        rows.append(({k: e[k] for k in p.parameters}, float(w["ell"](*(e[k] for k in p.parameters)))))
    way = {k: add(setting.answers[k], mul(rational(Fraction(w[k]) - Fraction(there[k])), V)) for k in p.parameters}
    if towards(way, w, p) is not Towards.INFINITY:
        raise NotSupported("the support would be a single point at the estimates, and the likelihood near them was not settled")
    return rows
