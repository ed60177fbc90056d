"""The score equations solved one after another: first the one that a person can solve alone, then the next
with what was found put in.  Each unknown is found from its own equation, so every substitution makes a profile
log-likelihood.  `METHODS` is the description: the methods of finding one unknown, in order."""

from __future__ import annotations

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Formula, Sym, equation, has, names, replace_all
from ...trace import Block, How, Outcome, Section, SectionKey, Words, say
from ..boundary.limits import restrict
from ..profile.substitution import back_substitute, put_in, simple, with_hats
from ..setting import State
from .boundary_refit import Outside, confirm, pin
from .method import Found, Method, Plan, Search
from .methods import algebraic, bounded, direction, end_of_domain, numeric, order_statistic, sign_count, two_ends, undetermined
from .methods import linear_system as linear

METHODS: tuple[Method, ...] = (
    order_statistic.method, two_ends.method, sign_count.method, end_of_domain.method, linear.method, direction.method, bounded.method, algebraic.method,
)  # fmt: skip
BY_SUPPORT: tuple[Method, ...] = (order_statistic.method, two_ends.method)
BY_DOMAIN: tuple[Method, ...] = (sign_count.method, end_of_domain.method, bounded.method)
LAST: Method = numeric.method  # finds all that is left together, where no other method finds any of it


def eliminate(state: State) -> None:
    """Section "Solve": fills answers, how, order, arguments.  Raises NotSupported where no method finds an unknown."""
    blocks: list[Block] = []
    open_names = list(state.parameters)
    scores = dict(state.scores)
    title: Words | None = None
    beyond: Outside | None = None
    while open_names and state.outcome is not Outcome.NONE:
        plan = next_plan(Search(state, tuple(open_names), scores))
        try:
            found = plan.carry_out()
        except Outside as o:
            if beyond is not None:
                raise
            shown, scores = pin(o, state)
            beyond, open_names = o, list(scores)
            blocks += shown
            continue
        title = title or found.title
        blocks += [*_lead(plan, found, state, bool(blocks)), *found.blocks]
        _keep(found, plan, scores, state)
        for name in plan.names:
            open_names.remove(name)
        for name in found.answers:
            for other in open_names:
                if has(scores[other], Sym(name)):
                    scores[other], shown = _with(name, scores[other], other, state, in_full=len(found.answers) == 1)
                    blocks += shown
    if state.outcome is not Outcome.NONE:
        back_substitute(state, blocks)
    if beyond is not None:
        confirm(beyond, state)
    state.sections.append(Section(SectionKey.SOLVE, title or _title(state), tuple(blocks)))


def next_plan(search: Search) -> Plan:
    """How to go on: the first method that finds an unknown free of the other open ones, else the first with the fewest roots."""
    for name in search.open_names:
        left_open = undetermined.method(search, name) if name not in search.state.problem.moving else None
        if left_open is not None:
            return left_open
    plans: list[Plan] = []
    limited = {k for _, c in search.state.problem.restrictions for k in names(c)}
    for method in (algebraic.method,) if search.state.by_moments else METHODS:
        for name in search.open_names:
            if name in _unbounded(search.state) and method not in BY_SUPPORT:
                continue  # a root of the score need not be admissible
            if method in BY_DOMAIN and name in limited:
                continue  # what the data allow need not reach an end of the domain
            plan = method(search, name)
            if plan is None:
                continue
            if not plan.rests_on:
                return plan
            plans.append(plan)
    if not plans and any(k in _unbounded(search.state) for k in search.open_names):
        if restrict(search.state, search.open_names):
            return next_plan(search)
        search.state.together = True
        last = LAST(search, search.open_names[0])
        if last is not None:
            return last
    last = None if plans else LAST(search, search.open_names[0])
    if last is None and not plans:
        raise NotSupported(f"the score equation for {search.open_names[0]} jumps, and has no solution that this engine finds")
    return last or min(plans, key=lambda p: p.roots)


def _unbounded(state: State) -> tuple[str, ...]:
    """The parameters on which the support depends and whose domain is not yet cut down to what the data allow."""
    return tuple(k for k in state.problem.moving if k not in state.restricted)


def _keep(found: Found, plan: Plan, scores: dict[str, Formula], state: State) -> None:
    """What was found, in the work."""
    if found.outcome is not Outcome.UNIQUE:
        state.outcome = found.outcome
    state.sets |= found.sets
    for name, answer in found.answers.items():
        state.answers[name] = state.found[name] = answer
        state.how[name] = How.GIVEN_OTHERS if plan.rests_on and found.how == How.CLOSED else found.how
        state.order.append(name)
        state.profile[name] = scores[name]
        if found.argument is not None:
            state.arguments[name] = found.argument


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
        return [say("Now {}." if again else "Begin with {}.", Sym(name))]
    if again:
        return [say("Now the equation for {}:", Sym(name))]
    free = [p for p in state.parameters if p != name and has(state.scores[name], Sym(p))]
    return [
        say("First the equation for {}, which can be solved by itself:", Sym(name))
        if not free
        else say("Begin with the equation for {}:", Sym(name))
    ]


def _title(state: State) -> Words:
    if len(state.parameters) > 1:
        return say("Solve the score equations")
    return say("Solve {}", equation(Derivative(state.problem.of("ell"), ((Sym(state.parameters[0]), 1),)), ZERO))
