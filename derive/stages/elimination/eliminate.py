"""The score equations solved one after another: first the one that a person can solve alone, then the next
with what was found put in.  Each unknown is found from its own equation, so every substitution makes a profile
log-likelihood.  `WAYS` is the method's description: the ways to find one unknown, in order."""

from __future__ import annotations

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Formula, Sym, equation, has, names, replace_all
from ...trace import Block, Section, Words, say
from ..setting import Work
from .boundary_refit import Outside, confirm, pin
from .method import Found, Plan, Search, Way
from .methods import algebraic, bounded, direction, end_of_domain, numeric, order_statistic, sign_count, two_ends, undetermined
from .methods import linear_system as linear
from .methods.order_statistic import restrict
from .substitution import back_substitute, put_in, simple, with_hats

WAYS: tuple[Way, ...] = (
    order_statistic.way, two_ends.way, sign_count.way, end_of_domain.way, linear.way, direction.way, bounded.way, algebraic.way,
)  # fmt: skip
BY_SUPPORT: tuple[Way, ...] = (order_statistic.way, two_ends.way)
BY_DOMAIN: tuple[Way, ...] = (sign_count.way, end_of_domain.way, bounded.way)
LAST: Way = numeric.way  # finds all that is left together, where no other way finds any of it


def eliminate(work: Work) -> None:
    """Section "Solve": fills answers, how, order, arguments.  Raises NotSupported where no way finds an unknown."""
    blocks: list[Block] = []
    open_names = list(work.parameters)
    scores = dict(work.scores)
    title: Words | None = None
    beyond: Outside | None = None
    while open_names and work.outcome != "none":
        plan = next_plan(Search(work, tuple(open_names), scores))
        try:
            found = plan.carry_out()
        except Outside as o:
            if beyond is not None:
                raise
            shown, scores = pin(o, work)
            beyond, open_names = o, list(scores)
            blocks += shown
            continue
        title = title or found.title
        blocks += [*_lead(plan, found, work, bool(blocks)), *found.blocks]
        _keep(found, plan, scores, work)
        for name in plan.names:
            open_names.remove(name)
        for name in found.answers:
            for other in open_names:
                if has(scores[other], Sym(name)):
                    scores[other], shown = _with(name, scores[other], other, work, in_full=len(found.answers) == 1)
                    blocks += shown
    if work.outcome != "none":
        back_substitute(work, blocks)
    if beyond is not None:
        confirm(beyond, work)
    work.sections.append(Section(title or _title(work), tuple(blocks)))


def next_plan(search: Search) -> Plan:
    """How to go on: the first way that finds an unknown free of the other open ones, else the first with the fewest roots."""
    for name in search.open_names:
        left_open = undetermined.way(search, name) if name not in search.work.problem.moving else None
        if left_open is not None:
            return left_open
    plans: list[Plan] = []
    limited = {k for _, c in search.work.problem.restrictions for k in names(c)}
    for way in (algebraic.way,) if search.work.by_moments else WAYS:
        for name in search.open_names:
            if name in _unbounded(search.work) and way not in BY_SUPPORT:
                continue  # a root of the score need not be admissible
            if way in BY_DOMAIN and name in limited:
                continue  # what the data allow need not reach an end of the domain
            plan = way(search, name)
            if plan is None:
                continue
            if not plan.rests_on:
                return plan
            plans.append(plan)
    if not plans and any(k in _unbounded(search.work) for k in search.open_names):
        if restrict(search.work, search.open_names):
            return next_plan(search)
        search.work.together = True
        last = LAST(search, search.open_names[0])
        if last is not None:
            return last
    last = None if plans else LAST(search, search.open_names[0])
    if last is None and not plans:
        raise NotSupported(f"the score equation for {search.open_names[0]} jumps, and has no solution that this engine finds")
    return last or min(plans, key=lambda p: p.roots)


def _unbounded(work: Work) -> tuple[str, ...]:
    """The parameters on which the support depends and whose domain is not yet cut down to what the data allow."""
    return tuple(k for k in work.problem.moving if k not in work.restricted)


def _keep(found: Found, plan: Plan, scores: dict[str, Formula], work: Work) -> None:
    """What was found, in the work."""
    if found.outcome != "unique":
        work.outcome = found.outcome
    work.sets |= found.sets
    for name, answer in found.answers.items():
        work.answers[name] = work.found[name] = answer
        work.how[name] = "given others" if plan.rests_on and found.how == "closed" else found.how
        work.order.append(name)
        work.profile[name] = scores[name]
        if found.argument is not None:
            work.arguments[name] = found.argument


def _with(name: str, score: Formula, other: str, work: Work, in_full: bool = True) -> tuple[Formula, list[Block]]:
    """Another score with the answer put in: as it is where it is short, else its letter with a hat."""
    final = work.answers[name]
    score = replace_all(score, work.resultants)
    if not has(score, Sym(name)):
        return score, []
    unsettled = names(final) & (set(work.parameters) - set(work.answers))
    after, blocks = put_in(score, Sym(name), final if in_full and (simple(final) or unsettled) else hat(name), Sym(other), work)
    return with_hats(after, work), blocks


def _lead(plan: Plan, found: Found, work: Work, again: bool) -> list[Block]:
    if len(work.parameters) == 1:
        return []
    name = plan.names[0]
    if len(plan.names) > 1:
        return []
    if found.title is not None:
        return [say("Now {}." if again else "Begin with {}.", Sym(name))]
    if again:
        return [say("Now the equation for {}:", Sym(name))]
    free = [p for p in work.parameters if p != name and has(work.scores[name], Sym(p))]
    return [
        say("First the equation for {}, which can be solved by itself:", Sym(name))
        if not free
        else say("Begin with the equation for {}:", Sym(name))
    ]


def _title(work: Work) -> Words:
    if len(work.parameters) > 1:
        return say("Solve the score equations")
    return say("Solve {}", equation(Derivative(work.problem.of("ell"), ((Sym(work.parameters[0]), 1),)), ZERO))
