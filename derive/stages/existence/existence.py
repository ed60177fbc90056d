"""Do the data satisfy what the estimates need?  Asked where the numbers are put into a general result."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.plain import plain
from ...formula.tree import ZERO, Formula, Relation, Sym, add, equation, mul, neg, rational
from ...oracle.oracle import ordered
from ...proofs.zeros import Towards
from ...recorder import held, record
from ...rule_names import RuleName
from ...trace import Display, Outcome, Section, SectionKey, Strength, say
from ..profile.along_path import V, towards
from ..setting import ARGUED, Setting, State
from .rational_values import exact_value, exactly


class NotDetermined(NotSupported):
    """The general result does not hold at the data: their numbers have to be looked at from the start."""


def existence(state: State) -> State:
    """Section "No maximum for these data" and the outcome, where a condition fails and the likelihood grows without bound.

    Raises NotDetermined where a condition fails in another way: the data do not determine the estimates.
    """
    if state.numbers or state.problem.observations is None or state.outcome is Outcome.NONE:
        return state
    exact = exactly(state)
    for condition in state.conditions:
        for r in condition.relations:
            if _fails(r, exact, state):
                return state.adding(_no_estimate(r, exact, state)).without_maximum(ARGUED)
    return state


def _fails(r: Relation, exact: Mapping[str, Formula], setting: Setting) -> bool:
    """Whether a chain of < and > does not hold at the data, in fractions or in balls; an undecided one counts as held."""
    for a, sign, b in zip(r.sides, r.signs, r.sides[1:], strict=False):
        gap = exact_value(add(b, neg(a)) if sign in ("<", "<=") else add(a, neg(b)), exact, setting)
        if sign == "!=" and gap is not None:
            if gap == 0:
                return True
            continue
        if gap is None and sign in ("<", ">"):
            order = ordered(a, b, setting.settled(setting.judge).points[0])
            gap = None if order is None else Fraction(-order if sign == "<" else order)
        if gap is not None and (gap < 0 or (gap == 0 and sign in ("<", ">"))):
            return True
    return False


def _no_estimate(r: Relation, exact: Mapping[str, Formula], setting: State) -> Section:
    """That the likelihood is unbounded towards an end that an estimate would lie on.  Raises NotDetermined where it is not."""
    domains = setting.problem.parameters
    beyond = _beyond_an_end(r, setting)
    if beyond is not None:
        return beyond
    for k, f in exact.items():
        v = compiled(f)({})
        if not domains[k].contains(v) and domains[k].closed.contains(v) and _unbounded(k, v, exact, setting):
            return _said_unbounded(k, f, r, exact, setting)
    hint = "give more observations, or a simpler model"
    raise NotDetermined(f"the data do not determine the estimates: {plain(r)} is needed, and it does not hold for these data", hint=hint)


def _beyond_an_end(r: Relation, state: State) -> Section | None:
    """That the only parameter's likelihood is monotone on the domain, where its proved maximum lies beyond an end that does not belong to it."""
    if len(state.answers) != 1 or len(r.sides) != 2:
        return None
    ((k, f),) = state.answers.items()
    d, argument, (left, end) = state.problem.parameters[k], state.arguments.get(k), r.sides
    sides = [low for low, e, is_open in ((True, d.low, d.low_open), (False, d.high, d.high_open)) if e == end and is_open]
    if left != f or not sides or argument is None or argument.strength is not Strength.PROVED:
        return None
    there = state.settled(state.judge)
    others = [o for c in state.conditions for o in c.relations if o != r]
    if not all(len(o.sides) == 2 and ordered(o.sides[0], o.sides[1], there.points[0]) == {"<": -1, ">": 1}.get(o.signs[0]) for o in others):
        return None  # what the argument rests on
    line = held(there, Relation((f, end), ("<=" if sides[0] else ">=",)), rule=RuleName.PUT_IN_THE_DATA)
    last = say(
        "so over the whole domain the likelihood {}, towards the end {}, which does not belong to it: there is no maximum.",
        "falls" if sides[0] else "rises", equation(Sym(k), end),
    )  # fmt: skip
    blocks = (say("The likelihood increases up to the solution, and decreases afterwards. For these data"), Display((line,)), last)
    return Section(SectionKey.NO_MAXIMUM, say("No maximum for these data"), blocks)


def _unbounded(name: str, end: float, exact: Mapping[str, Formula], setting: Setting) -> bool:
    """Whether the log-likelihood grows without bound as one parameter approaches an end, the others at their estimates: by its expansion."""
    w = setting.judge.points[0]
    if set(exact) != set(setting.parameters):
        return False
    unit = rational(Fraction(2) ** math.frexp(abs(w[name] - end) or 1.0)[1])
    step = mul(unit, V)
    path = {**exact, name: add(exact[name], step if w[name] > end else neg(step))}
    return towards(path, w, setting.problem) is Towards.INFINITY


def _said_unbounded(name: str, end: Formula, r: Relation, exact: Mapping[str, Formula], setting: Setting) -> Section:
    left = r.sides[0] if r.sides[1] == ZERO else add(r.sides[0], neg(r.sides[1]))
    shown = equation(left, rational(exact_value(left, exact, setting) or 0))
    evidence = setting.settled(setting.judge).in_fractions(*shown.sides)
    u = Sym(name)
    blocks = (
        say("The solution needs {}. For these data", r),
        Display((record(shown, evidence, rule=RuleName.PUT_IN_THE_DATA),)),
        say(
            "so {} would be {}, which does not belong to the domain. With the other parameters at their estimates the likelihood grows "
            "without bound as {} approaches {}: there is no maximum.",
            hat(name), end, u, end,
        ),
    )  # fmt: skip
    return Section(SectionKey.NO_MAXIMUM, say("No maximum for these data"), blocks)


__all__ = ["NotDetermined", "existence"]
