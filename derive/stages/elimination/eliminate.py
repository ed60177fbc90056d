"""The score equations solved one after another: first the one that a person can solve alone, then the next
with what was found put in.  Each unknown is found from its own equation, so every substitution makes a profile
log-likelihood.  `METHODS` is the description: the methods of finding one unknown, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Formula, Sym, equation, has, names, replace_all
from ...trace import Block, How, Outcome, Section, SectionKey, Words, from_standard, say
from ..boundary.limits import restrict
from ..profile.substitution import back_substitute, put_in, simple, with_hats
from ..setting import LOOKED_FOR, Setting, State
from .boundary_refit import Outside, confirm, pin
from .method import Found, Method, Plan, Search, judged_by
from .methods import (
    algebraic,
    bounded,
    direction,
    end_of_domain,
    least_deviations,
    numeric,
    order_statistic,
    sign_count,
    two_ends,
    two_sides,
    undetermined,
    weighted_median,
    width,
)
from .methods import linear_system as linear

METHODS: tuple[Method, ...] = (
    order_statistic.method, two_ends.method, width.method, sign_count.method, weighted_median.method, least_deviations.method, end_of_domain.method,
    linear.method, direction.method, bounded.method, algebraic.method, two_sides.method,
)  # fmt: skip
BY_SUPPORT: tuple[Method, ...] = (order_statistic.method, two_ends.method, width.method)
BY_DOMAIN: tuple[Method, ...] = (sign_count.method, weighted_median.method, end_of_domain.method, bounded.method)
LAST: Method = numeric.method  # finds all that is left together, where no other method finds any of it


def eliminate(state: State) -> State:
    """Section "Solve": the answers, how and in which order they were found, and the arguments that their methods bring.

    Raises NotSupported where no method finds an unknown.
    """
    blocks: list[Block] = []
    scores: Mapping[str, Formula] = {k: state.scores[k] for k in state.parameters}
    title: Words | None = None
    beyond: Outside | None = None
    while scores and state.outcome is not Outcome.NONE:
        state, plan = next_plan(Search(state, tuple(scores), scores))
        try:
            found = plan.carry_out()
            _stay_inside(found, plan, scores, state)
        except Outside as o:
            if beyond is not None:
                raise
            beyond = o
            state, shown, scores = pin(o, state)
            blocks += shown
            continue
        title = title or found.title
        blocks += [*_lead(plan, found, state, bool(blocks)), *found.blocks]
        state = _keep(found, plan, scores, state)
        scores, shown = _put_in_others(found, {k: f for k, f in scores.items() if k not in plan.names}, state)
        blocks += shown
    if state.outcome is not Outcome.NONE:
        state, shown = back_substitute(state)
        blocks += shown
    if beyond is not None:
        why = confirm(beyond, state)
        state = state.argued(why) if why.joint else changed(state, arguments={**state.arguments, beyond.name: why})
    return state.adding(Section(SectionKey.SOLVE, title or _title(state), tuple(blocks)))


def next_plan(search: Search) -> tuple[State, Plan]:
    """How to go on: the first method that finds an unknown free of the other open ones, else the first with the fewest roots.

    With the state from which to go on, in which domains may be cut down to what the data allow.
    """
    state = search.state
    for name in search.open_names:
        left_open = undetermined.method(search, name) if name not in state.problem.moving else None
        if left_open is not None:
            return state, left_open
    plans = _plans(search)
    if plans:
        return state, min(plans, key=lambda p: p.roots) if plans[-1].rests_on else plans[-1]
    if any(k in _unbounded(state) for k in search.open_names):
        cut = restrict(state, search.open_names)
        if cut is not None:
            return next_plan(changed(search, state=cut))
        state = changed(state, together=True)
        search = changed(search, state=state)
    last = LAST(search, search.open_names[0])
    if last is None:
        raise NotSupported(
            f"the score for {search.open_names[0]} is discontinuous, and has no solution that this engine finds",
            hint=None if state.problem.observations is not None else "give the data",
        )
    return state, last


def _plans(search: Search) -> list[Plan]:
    """What the methods propose, in order, up to the first plan that rests on no other open unknown."""
    state = search.state
    plans: list[Plan] = []
    limited = {k for _, c in state.problem.restrictions for k in names(c)}
    for method in (algebraic.method,) if state.by_moments else METHODS:
        for name in search.open_names:
            if name in _unbounded(state) and method not in BY_SUPPORT:
                continue  # a root of the score need not be admissible
            if method in BY_DOMAIN and name in limited:
                continue  # what the data allow need not reach an end of the domain
            plan = method(search, name)
            if plan is None:
                continue
            plans.append(plan)
            if not plan.rests_on:
                return plans
    return plans


def _unbounded(state: State) -> tuple[str, ...]:
    """The parameters on which the support depends and whose domain is not yet cut down to what the data allow."""
    return tuple(k for k in state.problem.moving if k not in state.restricted)


def _keep(found: Found, plan: Plan, scores: Mapping[str, Formula], state: State) -> State:
    """The state with what was found."""
    for name, answer in found.answers.items():
        state = state.answered(name, answer, How.GIVEN_OTHERS if plan.rests_on & names(answer) and found.how is How.CLOSED else found.how)
    if found.samples is not None:
        state = judged_by(state, found.samples)
    if found.statistics:
        state = changed(
            state, problem=state.problem.with_statistics(found.statistics),
            general=state.general.at(found.statistics), judge=state.judge.at(found.statistics),
        )  # fmt: skip
    if found.outcome is Outcome.NONE:
        state = state.without_maximum(found.argument or LOOKED_FOR)
    arguments = {} if found.argument is None else dict.fromkeys(found.answers, found.argument)
    return changed(
        state.adding(conditions=found.conditions),
        numbers=state.numbers or found.numbers,
        outcome=state.outcome if found.outcome is Outcome.UNIQUE else found.outcome,
        sets={**state.sets, **found.sets},
        found={**state.found, **found.answers, **found.tied},
        profile={**state.profile, **{k: scores[k] for k in found.answers}},
        arguments={**state.arguments, **arguments},
        equations={**state.equations, **found.equations},
        resultants={**state.resultants, **found.resultants},
    )


def _stay_inside(found: Found, plan: Plan, scores: Mapping[str, Formula], state: State) -> None:
    """Raises Outside where the last answer takes one that was found in terms of it beyond a closed end of its domain."""
    after = _keep(found, plan, scores, state) if set(scores) == set(plan.names) and found.outcome is Outcome.UNIQUE else state
    if How.GIVEN_OTHERS in state.how.values() and after is not state and after.data_point is not None:
        numeric.within_domains(after.problem, after.answers, after.data_point)


def _put_in_others(found: Found, scores: Mapping[str, Formula], state: State) -> tuple[dict[str, Formula], list[Block]]:
    """The scores that are left with the answers put in, and what is shown of that."""
    left, blocks = dict(scores), list[Block]()
    for name in found.answers:
        for other in left:
            if has(left[other], Sym(name)):
                left[other], shown = _with(name, left[other], other, state, in_full=len(found.answers) == 1 or found.numbers)
                blocks += shown
    return left, blocks


def _with(name: str, score: Formula, other: str, state: State, in_full: bool = True) -> tuple[Formula, list[Block]]:
    """Another score with the answer put in: as it is where it is short, else its letter with a hat."""
    final = state.answers[name]
    score = replace_all(score, state.resultants)
    if not has(score, Sym(name)):
        return score, []
    unsettled = names(final) & (set(state.parameters) - set(state.answers))
    after, blocks = put_in(score, Sym(name), final if in_full and (simple(final) or unsettled) else hat(name), Sym(other), state)
    return with_hats(after, state), blocks


def _lead(plan: Plan, found: Found, state: State, again: bool) -> list[Block]:
    if len(state.parameters) == 1:
        return []
    name = plan.names[0]
    if len(plan.names) > 1:
        return []
    if found.title is not None:
        return [from_standard(say("Now {}, with what was found substituted.", Sym(name)))] if again else []
    if again:
        return [from_standard(say("Now the equation for {}:", Sym(name)))]
    free = [p for p in state.parameters if p != name and has(state.scores[name], Sym(p))]
    return [
        from_standard(
            say("First the equation for {}, which can be solved by itself:", Sym(name))
            if not free
            else say("Begin with the equation for {}:", Sym(name))
        )
    ]


def _title(setting: Setting) -> Words:
    if len(setting.parameters) > 1:
        return say("Solve the score equations")
    return say("Solve {}", equation(Derivative(setting.problem.of("ell"), ((Sym(setting.parameters[0]), 1),)), ZERO))
