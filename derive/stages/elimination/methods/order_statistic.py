"""By an order statistic: where the support depends on the unknown, the data leave an interval of it, and the sign of
the score on that interval says at which end the likelihood is largest."""

from __future__ import annotations

from dataclasses import replace

from ....errors import NotSupported, NotValid
from ....formula.evaluate import compiled, holds
from ....formula.names import hat, reported
from ....formula.tree import TWO, ZERO, Call, Derivative, Div, Formula, Relation, Span, Sym, add, equation, names, neg, terms, value, walk
from ....oracle.oracle import Oracle
from ....problem.problem import Problem
from ....proofs.grounds import Ground, proved
from ....proofs.signs import evidence_of_sign
from ....proofs.zeros import Towards
from ....recorder import record
from ....rule_names import RuleName
from ....sets.domain import FLIPPED, INFINITY, MINUS_INFINITY
from ....trace import Block, Condition, ConditionKind, Display, How, Outcome, Table, Words, say
from ...boundary.admissible_region import order_at_data
from ...boundary.limits import attained, chosen, limits, score_facts, sign_by_total, sign_of_score
from ...maximum.unknown import label_of
from ...number_format import digits
from ...profile.along_path import fixed, place, towards
from ...profile.substitution import sign_shown
from ...prose import listed
from ...setting import ARGUED, Setting, settle_answers
from ...setup.exact_data import IMPOSSIBLE
from ...unbounded.supremum import without_maximum
from ..method import Found, Plan, Search

STEPS = (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)  # distances from an end of what the data allow, times the size of its place


def method(search: Search, name: str) -> Plan | None:
    """A plan where the support depends on the unknown.  Raises NotSupported where the score has no sign there."""
    state = search.state
    if name not in state.problem.moving:
        return None
    score = search.scores[name]
    sign = 0 if score == ZERO else sign_of_score(state, score)
    by_total = 0 if score == ZERO or sign else sign_by_total(state, name)
    sign = sign or by_total
    if not sign and score != ZERO:
        return None
    low, high = limits(name, state)
    ends = (low, high) if not sign else (high,) if sign > 0 else (low,)
    rests_on = frozenset(names(add(*ends)) & (set(search.open_names) - {name}))
    if rests_on or (sign and not _stays_possible(name, high if sign > 0 else low, state)):
        return None
    return Plan((name,), rests_on, lambda: carried_out(search, name, sign, low, high, bool(by_total)))


def _stays_possible(name: str, end: Formula, setting: Setting) -> bool:
    """Whether admissible parameters stay so when one of them moves to its end, where further conditions bind it."""
    p = setting.problem
    if not any(name in names(c) for _, c in p.restrictions) or end in (INFINITY, MINUS_INFINITY):
        return True
    v = compiled(end)
    points = setting.settled(setting.lines_oracle).points
    return all(p.possible({**w, name: v(w) * t + w[name] * (1 - t)}) for w in points for t in (0.25, 0.5, 0.75, 0.99, 1.0))


def carried_out(search: Search, name: str, sign: int, low: Formula, high: Formula, by_total: bool = False) -> Found:
    """The sign as a line, and the end of the admissible interval, or the whole of it, as the answer."""
    state, score = search.state, search.scores[name]
    p, u = state.problem, Sym(name)
    title = say("Where the maximum lies")
    ell = label_of(name, len(state.order), p)
    label = Derivative(ell, ((u, 1),))
    if not sign:
        return flat(name, low, high, state, title)
    end = high if sign > 0 else low
    oracle = state.settled(state.lines_oracle)
    r = Relation((label, score, ZERO), ("=", ">" if sign > 0 else "<"))
    evidence = evidence_of_sign(r, score_facts(state, score), oracle.holds(Relation((score, ZERO), (r.signs[1],))), Ground.SIGN_AND_SUPPORT)
    because: list[Block] = []
    if by_total:
        evidence = proved(Ground.TOTAL, evidence.points)
        because = [
            say(
                "The density is a function of the observation in which {} does not occur, divided by a factor that is free of the observation. It integrates "
                "to 1, so that factor is the integral of the function over the support: the wider the support, the larger the factor, and the smaller the density.",
                u,
            )
        ]
    blocks: list[Block] = [
        *because,
        say("With {} taken as a real number the derivative in {} is {} throughout:", u, u, "positive" if sign > 0 else "negative")
        if p.parameters[name].discrete
        else say("The derivative in {} is {} for all admissible values:", u, "positive" if sign > 0 else "negative"),
        Display((record(replace(r, sides=(label, sign_shown(score, oracle, state), ZERO)), evidence, rule=RuleName.SIGN),)),
    ]
    nowhere = _no_maximum(name, end, sign, state)
    if nowhere is not None:
        return Found({}, (*blocks, *nowhere), How.BOUNDARY, Outcome.NONE, argument=ARGUED, title=title)
    end, needed = _clear_of_open_ends(name, end, sign, state)
    shown = equation(hat(name), end)
    there = settle_answers(state.lines_oracle, {**state.answers, name: end}).holds(shown)
    direction = ("increases", "largest") if sign > 0 else ("decreases", "smallest")
    blocks += [
        say("So {} {} in {}, and is largest at the {} admissible value:", ell, direction[0], u, direction[1]),
        Display((record(shown, there, rule=RuleName.ORDER_STATISTIC),)),
    ]
    conditions = tuple(Condition(ConditionKind.EXISTS, (r,), say("{}", r)) for r in needed)
    return Found({name: end}, tuple(blocks), How.BOUNDARY, argument=ARGUED, title=title, conditions=conditions)


def _clear_of_open_ends(name: str, end: Formula, sign: int, setting: Setting) -> tuple[Formula, list[Relation]]:
    """The end of what the data allow, and what they must satisfy for it not to be an open end of the domain or to lie beyond one.

    Raises NotValid where given data do not.
    """
    d = setting.problem.parameters[name]
    near, near_open, far, far_open = (d.high, d.high_open, d.low, d.low_open) if sign > 0 else (d.low, d.low_open, d.high, d.high_open)
    which, above = ("min", "<") if sign > 0 else ("max", ">")
    needed: list[Relation] = []
    if near_open and isinstance(end, Call) and end.name == which and near in end.args:
        end = chosen(which, [f for f in end.args if f != near], near)
        needed.append(Relation((end, near), (above,)))
    elif near_open and value(near) is not None and not _clear(end, near, above, setting):
        needed.append(Relation((end, near), (above,)))
    if far_open and far not in (INFINITY, MINUS_INFINITY) and not names(far) & set(setting.problem.moving):
        needed += [] if _clear(end, far, FLIPPED[above], setting) else [Relation((end, far), (FLIPPED[above],))]
    needed += [Relation((f, ZERO), (">",)) for f in _not_zero(end) if not setting.al.facts.positive(f)]
    if setting.problem.observations is None:
        return end, needed
    points = setting.settled(setting.judge).points
    if not all(holds(r)(w) for r in needed for w in points):
        raise NotValid(
            f"for no values of {reported(name)} in its domain ({d.words()}) do all observations lie in the support", hint="check the data"
        )
    return end, [] if setting.numbers else needed


def _not_zero(f: Formula) -> list[Formula]:
    """What f takes a logarithm of."""
    return [g.args[0] for g in walk(f) if isinstance(g, Call) and g.name == "log"]


def _clear(f: Formula, end: Formula, sign: str, setting: Setting) -> bool:
    return setting.al.facts.positive(add(f, neg(end)) if sign == ">" else add(end, neg(f)))


def _no_maximum(name: str, end: Formula, sign: int, setting: Setting) -> tuple[Block, ...] | None:
    """Why there is no maximum at the end to which the likelihood rises; None where there is one."""
    ell = setting.problem.of("ell")
    if end in (INFINITY, MINUS_INFINITY):
        return (say("So {} increases for ever as {} {}: there is no maximum.", ell, Sym(name), "grows" if sign > 0 else "falls"),)
    if _open_end(name, end, sign, setting.problem):
        words = without_maximum(name, end, sign > 0, setting)
        return (say("So ") + words + say(", which does not belong to the domain: there is no maximum."),)
    path = None if attained(name, end, setting) else _without_bound(name, end, sign, setting)
    if path is None:
        return None
    lead = say("Towards that end {} grows without bound, since the density does at the end of its support: there is no maximum.", ell)
    return (lead, *path)


def _without_bound(name: str, end: Formula, sign: int, setting: Setting) -> tuple[Block, ...] | None:
    """The log-likelihood close to an end of what the data allow, where it grows there without bound; for given data a table of it."""
    p, v = setting.problem, compiled(end)
    points = setting.judge.points[:1] if p.observations is not None else setting.general.points[:3]
    for w in points:
        e = setting.settled(Oracle((w,))).points[0]
        width = (1 + abs(v(e))) * sign
        places = [v(e) - width * d for d in STEPS]
        heights = [float(w["ell"](*({**e, name: t}[k] for k in p.parameters))) for t in places]
        if towards({**fixed(e, p), name: place(name, end, sign > 0, e)}, e, p) is not Towards.INFINITY:
            return None
    if p.observations is None:
        return ()
    rows = tuple((say("{}", digits(t, 9)), say("{}", digits(h, 6))) for t, h in zip(places, heights, strict=True))
    others = [k for k in p.parameters if k != name]
    lead = (
        say("For example") + listed(" with ", [equation(Sym(k), digits(float(e[k]), 6)) for k in others]) if others else say("For example")
    )
    return (lead + say(":"), Table((say("{}", Sym(name)), say("{}", p.of("ell"))), rows))


def _open_end(name: str, end: Formula, sign: int, problem: Problem) -> bool:
    """Whether the end is that of the parameter's domain, and open."""
    d = problem.parameters[name]
    return (end == d.high and d.high_open) if sign > 0 else (end == d.low and d.low_open)


def flat(name: str, low: Formula, high: Formula, setting: Setting, title: Words) -> Found:
    """A likelihood that does not depend on the parameter where it is positive: every admissible value is an estimate.

    Raises NotValid where the data leave none, NotSupported where it is not settled whether they leave more than one.
    """
    p, u = setting.problem, Sym(name)
    if low == MINUS_INFINITY or high == INFINITY:
        raise NotSupported(f"the likelihood does not depend on {name}, which the data bound on one side only")
    width = None if p.observations is None or p.known else order_at_data(low, high, setting)
    if width is not None and (width > 0 or (width == 0 and _left_out(name, low, high, setting))):
        raise NotValid(IMPOSSIBLE, hint="check the data, or state another support")
    lead = say("Where the likelihood is positive it does not depend on {}:", u)
    if width == 0:
        line = record(equation(hat(name), low), proved(Ground.CONSTANT), rule=RuleName.ORDER_STATISTIC)
        only = say("the least admissible value is also the largest, so it is the only one, and the estimate is unique.")
        return Found({name: low}, (lead + say(" ") + only, Display((line,))), How.BOUNDARY, argument=ARGUED, title=title)
    oracle = setting.settled(setting.lines_oracle)
    d = p.parameters[name]
    whole = Span(low, high, low == d.low and d.low_open, high == d.high and d.high_open)
    middle = setting.al.tidy(Div(add(*terms(low), *terms(high)), TWO))
    shown = Relation((hat(name), whole), ("in",))
    oracle.holds(Relation((low, u, high), ("<=", "<=")))
    there = settle_answers(setting.lines_oracle, {**setting.answers, name: middle})
    there.holds(Relation((low, hat(name), high), ("<=", "<=")))
    blocks: list[Block] = [
        lead + say(" every admissible value gives the same likelihood, which is the largest there is."),
        Display((record(shown, proved(Ground.CONSTANT, len(oracle.points)), rule=RuleName.ORDER_STATISTIC),)),
        say("The estimate is not unique: every point of this interval is one, for example its middle.")
        if width is not None
        else say(
            "Every point of this interval is an estimate, for example its middle: there are many if {}, one only if {}, and none if {}.",
            *(Relation((low, high), (s,)) for s in ("<", "=", ">")),
        ),
    ]
    exists = Relation((low, high), ("<=",))
    some = Condition(ConditionKind.EXISTS, (exists,), say("{}", exists))
    point = Condition(ConditionKind.UNIQUE, (), say("{}, and only then", equation(low, high)))
    needed = (some, point) if width is None and p.observations is None else ()
    return Found({name: middle}, tuple(blocks), How.BOUNDARY, Outcome.NOT_UNIQUE, {name: whole}, ARGUED, title, conditions=needed)


def _left_out(name: str, low: Formula, high: Formula, setting: Setting) -> bool:
    """Whether one of two ends that are equal does not belong to the domain."""
    d = setting.problem.parameters[name]
    return (low == d.low and d.low_open) or (high == d.high and d.high_open)
