"""By Newton's method: equations that no rearrangement solves, stated in their textbook form.  For a symbolic sample
that is the result; with data they are solved, and every iteration is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from ....errors import NotSupported
from ....estimate_order import in_order
from ....formula.evaluate import Env, compiled
from ....formula.names import hat
from ....formula.tree import ZERO, Call, Derivative, Float, Formula, Peak, Sym, add, equation, kinds, log, names, replace_all, size, walk
from ....problem.problem import Problem
from ....proofs.signs import sign_of
from ....proofs.zeros import Enclosed, Verdict
from ....recorder import Equations, defined
from ....rules.standard import polynomial, stated
from ....trace import Block, Condition, ConditionKind, Display, How, Outcome, Strength, Words, by_detail, from_standard, say
from ...boundary.admissible_region import sample_indicator
from ...existence.score_at_ends import root_conditions
from ...maximum.unknown import label_of
from ...profile.substitution import settled_letters
from ...profile.univariate import Shown, closed_places, enclosure, located
from ...setting import ARGUED, State, algebra_for
from ...unbounded.collapsing_component import path_without_bound
from ..boundary_refit import Outside
from ..joint_newton import jointly_solved
from ..method import Found, Plan, Search
from ..newton_table import solved, with_number
from .algebraic import starting

JUMPS = frozenset({"sign", "floor", "ceiling", "max", "min", "median"})


READABLE = 150  # nodes of an equation that a person still reads
LONGER = 1.2  # times the score: a form longer than that is no simpler


def method(search: Search, name: str) -> Plan | None:
    """A plan for all open unknowns at once; proposed once."""
    if name != search.open_names[0] or any(_broken(search.scores[k], search.open_names) for k in search.open_names):
        return None
    return Plan(search.open_names, frozenset(), lambda: carried_out(search))


def _slope(name: str, state: State) -> Derivative:
    """The score as it is written: the derivative of the log-likelihood, or of the profile log-likelihood."""
    return Derivative(label_of(name, len(state.order), state.problem), ((Sym(name), 1),))


def _at(answers: Mapping[str, Formula], point: Env) -> Env:
    """A test point with estimates put in."""
    w = dict(point)
    for k in in_order(answers):
        w[k] = w[hat(k).name] = compiled(answers[k])(w)
    return w


def within_domains(problem: Problem, answers: Mapping[str, Formula], point: Env) -> None:
    """Raises NotSupported where an estimate lies outside its domain: there the domain itself decides."""
    for k in answers:
        if math.isinf(point[k]):
            raise NotSupported(f"the estimate of {k} cannot be worked out in floating point; measure the data in another unit")
        domain = problem.parameters[k].closed
        if not math.isnan(point[k]) and not domain.contains(point[k], point):
            stated = problem.parameters[k]
            low = point[k] < domain.bounds(point)[0]
            if stated.low_open if low else stated.high_open:
                raise NotSupported(f"the score equations lead to {k} = {point[k]:.6g}, outside its domain ({domain.words()})")
            raise Outside(k, stated.low if low else stated.high, point[k], domain.words())


def _broken(score: Formula, unknowns: tuple[str, ...]) -> bool:
    """Whether a score jumps: it has the sign of something that holds an unknown."""
    return any(isinstance(g, Call) and g.name in JUMPS and names(g) & set(unknowns) for g in walk(score))


def carried_out(search: Search) -> Found:
    """The equations in standard form, and their roots defined by them; with data the iterations."""
    state, unknowns = search.state, search.open_names
    for k in unknowns:
        if sign_of(search.scores[k], state.al.facts).proved:
            raise NotSupported(
                f"the derivative in {k} is never 0, so the likelihood is largest at the border of what the data allow, if anywhere; "
                "where other unknowns set that border this is not supported yet"
            )
    forms = {k: in_standard_form(k, search.scores[k], state, len(unknowns) > 1) for k in unknowns}
    equations = {k: form.lines[-1].formula for k, form in forms.items()}
    answers, rough, found = peaks(search), None, None
    if len(unknowns) == 1 and state.data_point is not None:
        peak = answers[unknowns[0]]
        rough = enclosure(peak, state.problem)
        found = rough if rough is not None and (rough.precise or closed_places(peak, rough, state.problem) is not None) else None
        answers = {k: located(f, found, state.problem) for k, f in answers.items()}
    profiled = replace(
        state, profile={**state.profile, **{k: search.scores[k] for k in unknowns}}, equations={**state.equations, **equations}
    )  # fmt: skip
    shown = solved(unknowns[0], answers[unknowns[0]], profiled, found) if len(unknowns) == 1 else jointly_solved(answers, profiled)
    if rough is not None and found is None:
        _near(unknowns[0], rough, shown, answers[unknowns[0]], state)
    closed = any(Float not in kinds(f) for f in shown.sets.values())
    if len(unknowns) == 1 and shown.how is not How.BOUNDARY and shown.outcome is Outcome.UNIQUE:
        forms = {k: with_number(form, k, answers[k], state) for k, form in forms.items()}
    blocks, needed = _stated(forms, state, closed, shown), shown.conditions
    point = state.data_point
    if point is None and len(unknowns) == 1:
        unique = shown.argument is not None and shown.argument.strength is Strength.PROVED
        ends, needed = root_conditions(unknowns[0], search.scores[unknowns[0]], _slope(unknowns[0], state), unique, state)
        blocks += ends
        needed = (*needed, *_left_to_the_data(unknowns, shown, state, bool(ends)))
    elif point is None:
        needed = (*needed, *_left_to_the_data(unknowns, shown, state, False))
    found_now = answers if shown.answers is None else shown.answers
    everything = {**state.answers, **found_now}
    inside = shown.outcome is Outcome.UNIQUE and all(isinstance(f, Peak) for f in found_now.values())
    if point is not None and inside and set(everything) == set(state.parameters):
        searched = shown.argument is None or shown.argument.strength is Strength.SEARCHED
        path = path_without_bound(state.problem, everything, _at(everything, point)) if searched else ()
        if path:
            return Found({}, (*blocks, *path), How.NUMERIC, Outcome.NONE, argument=ARGUED, equations=equations)
        within_domains(state.problem, everything, _at(everything, point))
    return Found(
        found_now, (*blocks, *shown.blocks), shown.how, shown.outcome, shown.sets, shown.argument,
        conditions=tuple(c for c in needed if not c.relations or all(c.relations != k.relations for k in state.conditions)), equations=equations, tied=shown.tied,
    )  # fmt: skip


def _near(name: str, rough: Enclosed, shown: Shown, peak: Formula, state: State) -> None:
    """Raises NotSupported where floats lead away from the roots that were enclosed, which are not known to the digits of a float, or
    miss some."""
    if (rough.verdict is Verdict.SEVERAL) != (shown.outcome is Outcome.NOT_UNIQUE):
        raise NotSupported(
            f"the likelihood is largest at other values of {name} than floats find, and these are not located to the digits of a float"
        )
    v = math.nan if shown.outcome is Outcome.NONE or shown.answers is not None else compiled(peak)(state.data_point or {})
    slack = 1e-9 * (1 + abs(v))
    if rough.best and not any(float(p.low) - slack <= v <= float(p.high) + slack for p in rough.best):
        raise NotSupported(
            f"the root of the score for {name} lies between {float(rough.best[0].low):.4g} and {float(rough.best[0].high):.4g}, but is not located to "
            "the digits of a float",
            hint="measure the data in another unit",
        )


def _left_to_the_data(unknowns: tuple[str, ...], shown: Shown, state: State, exists: bool) -> tuple[Condition, ...]:
    """That there is a maximum, as a condition where that was not proved for every sample; exists: whether it is known."""
    if shown.outcome is not Outcome.UNIQUE or (shown.argument is not None and shown.argument.strength is not Strength.SEARCHED):
        return ()
    u = Sym(unknowns[0])
    domains = [state.problem.parameters[k] for k in unknowns]
    if len(unknowns) == 1 and (exists or not (domains[0].low_open or domains[0].high_open)):
        return ()
    which = say("root of the equation for {}", u) if len(unknowns) == 1 else say("solution of these equations")
    words = say("the likelihood is largest at a single ") + which
    return (Condition(ConditionKind.BOTH, (), words),)


def _stated(forms: Mapping[str, Display], state: State, closed: bool, shown: Shown) -> list[Block]:
    """The equations in standard form, and that they have no solution in closed form; closed: but their roots at the data have one."""
    blocks: list[Block] = []
    for name, form in forms.items():
        if len(forms) > 1:
            blocks.append(from_standard(say("The equation for {}:", Sym(name))))
        blocks.append(form)
    if closed:
        blocks.append(
            say(
                "Clearing denominators gives a polynomial equation. Its roots were enclosed numerically; those at which the likelihood is largest have a closed form."
            )
        )
    elif shown.outcome is not Outcome.NONE and shown.how is not How.BOUNDARY:
        blocks += _not_solved(len(forms) == 1, state.data_point is None)
    if state.data_point is None:
        blocks += [_ends_words(k, state.problem) for k in forms if _closed_end(k, state.problem)]
    return blocks


def in_standard_form(name: str, score: Formula, state: State, several: bool = False) -> Display:
    """The score equation and the moves to its standard form, the last line.

    several: one of equations that are solved together, which stay as they are where the form were a polynomial in each unknown.
    """
    table = Equations(state.settled(state.lines_oracle))
    eq = equation(starting(score, name, state), ZERO)
    table.start(eq, defined("the score equation"))
    al = algebra_for(score, state)
    for m in () if several and polynomial(eq, Sym(name), al) else stated(eq, Sym(name), al):
        if size(m.after) > max(READABLE, LONGER * size(eq)):
            break
        table.move(m)
    return table.display


def _not_solved(one: bool, symbolic: bool) -> tuple[Words, ...]:
    """That there is no closed form; not that there is a solution."""
    short = say("No closed form was found.")
    more = say(f"No closed form was found; with data {'it is' if one else 'they are'} solved numerically.") if symbolic else short
    return by_detail(brief=short, standard=more, full=more)


def _closed_end(name: str, problem: Problem) -> bool:
    d = problem.parameters[name].interior
    return d != problem.parameters[name]


def _ends_words(name: str, problem: Problem) -> Words:
    c = problem.parameters[name].condition(Sym(name))
    domain = say(" ({})", c) if c is not None else say("")
    return from_standard(say("Without a root in the domain of {}", Sym(name)) + domain + say(" the likelihood is largest at an end of it."))


def peaks(search: Search) -> dict[str, Peak]:
    """The open unknowns as the place where the log-likelihood, with what was found put in, is largest."""
    state = search.state
    assert state.ell is not None
    bound: dict[Formula, Formula] = {Sym(k): Sym("#" + k) for k in search.open_names}
    whole = add(state.ell, log(sample_indicator(state.problem))) if state.problem.restrictions or state.together else state.ell
    body = replace_all(replace_all(whole, settled_letters(state)), bound)
    slopes = tuple(replace_all(search.scores[k], bound) for k in search.open_names)
    ends: list[Formula] = []
    closed: list[bool] = []
    for k in search.open_names:
        d = state.problem.parameters[k]
        ends += [d.low, d.high]
        closed += [not d.low_open, not d.high_open]
    inner = tuple("#" + k for k in search.open_names)
    return {k: Peak(body, slopes, inner, tuple(ends), tuple(closed), j) for j, k in enumerate(search.open_names)}
