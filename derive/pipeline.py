"""The stages of a derivation, in order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from .algebra.terms import Algebra
from .derived import Derived
from .errors import DeriveError, NotSupported
from .formula.names import reported
from .formula.tree import Formula, Sym
from .oracle.oracle import Oracle
from .problem.parameter_groups import inequalities
from .problem.problem import Problem
from .problem.test_points import random_points
from .routes import BY_MULTIPLIER, constrained_stages
from .stages.boundary.admissible_region import admissible_set
from .stages.candidates.breakpoints import breakpoints, by_breakpoints, with_closed_cases, with_data_of_one
from .stages.candidates.density_pieces import pieces_of
from .stages.candidates.finite_values import compare
from .stages.candidates.two_pieces import pieces
from .stages.censored_support import checked, moving_and_partly_known, partly
from .stages.curved_inequality import holds_there, on_the_border, satisfied, with_equation, without_inequalities
from .stages.differences import as_differences
from .stages.elimination.combinations import combined, put_back, refuse_fewer
from .stages.elimination.eliminate import eliminate
from .stages.elimination.moment_equations import as_moments
from .stages.existence.existence import NotDetermined, existence
from .stages.existence.rational_values import exactly
from .stages.existence.root_outside_domain import belongs, leaves
from .stages.inner_function import solved_back, through
from .stages.integer.profile import profiled
from .stages.integer.ratio import ratio
from .stages.likelihood.one_observation import integer_likelihood
from .stages.likelihood.product import likelihood, log_likelihood_section
from .stages.likelihood.score import score
from .stages.maximum.maximum import maximum
from .stages.mirror import both_signs, explained, mirrored
from .stages.other_letters import Rewritten, as_asked, by_equations, by_support_end
from .stages.periodic import explained as within_a_period
from .stages.periodic import periodic, refuse_endless, repeated
from .stages.report.estimate_in_words import recognised
from .stages.report.evaluation import at_the_data, is_short, numeric
from .stages.report.meanings import with_meanings
from .stages.report.model_section import model
from .stages.report.numerical_check import witness
from .stages.report.remarks import contrast, right_censored, underflow
from .stages.report.requested_values import at_values
from .stages.report.result import result
from .stages.setting import Stage, State, run
from .stages.setup.begin import begin
from .stages.unbounded.concentration import concentrated
from .stages.unbounded.degenerate_support import degenerate_support
from .stages.unbounded.joint_path import unbounded_together
from .stages.unbounded.one_sign import rises_throughout
from .stages.unbounded.support_boundary import unbounded_at_support_end
from .trace import Block, How, Outcome, Section, SectionKey, Strength, Words, say

SLACK = 1e-9  # of an estimate at an end of its domain
V = TypeVar("V")
Named = Mapping[str, tuple[Formula, float | None]]

SOLVED: tuple[Stage, ...] = (score, as_moments, eliminate, degenerate_support, existence)


def solved(state: State) -> State:
    """The score equations solved; where the likelihood depends on combinations of the parameters only, in those."""
    found = combined(state)
    if found is None:
        refuse_fewer(state)
        return run(SOLVED, state)
    inner = run(STAGES[1:], replace(begin(found.problem), specific=state.specific))
    at_an_end = inner.outcome is Outcome.UNIQUE and any(inner.how[k] is How.BOUNDARY for k in found.letters)
    if at_an_end and not state.problem.moving:  # perhaps for one value of each parameter
        return run(SOLVED, state)
    return put_back(state, found, inner)


STAGES: tuple[Stage, ...] = (
    model,
    likelihood,
    admissible_set,
    log_likelihood_section,
    unbounded_at_support_end,
    unbounded_together,
    solved,
    maximum,
)


INTEGER: tuple[Stage, ...] = (model, integer_likelihood, ratio)
BESIDE_OTHERS: tuple[Stage, ...] = (model, profiled)
FINITE: tuple[Stage, ...] = (model, compare)
PIECES: tuple[Stage, ...] = (model, pieces)
BREAKPOINTS: tuple[Stage, ...] = (model, breakpoints)


def stages_of(problem: Problem) -> tuple[Stage, ...]:
    """The stages for a question: a parameter with separate values has no score; with constraints some follow from others."""
    if problem.constraints or problem.implied:
        return constrained_stages(problem) or STAGES
    if any(d.values is not None for d in problem.parameters.values()):
        return FINITE
    if pieces_of(problem) is not None:
        return PIECES
    if by_breakpoints(problem):
        return BREAKPOINTS
    if problem.whole_beside is not None:
        return BESIDE_OTHERS
    return INTEGER if not problem.separate_ends and any(d.integer for d in problem.parameters.values()) else STAGES


def derive(problem: Problem) -> Derived:
    """The maximum-likelihood derivation of a problem, every line verified.

    Raises NotValid or NotSupported with what stopped it; InternalError where a line of its own was refuted.
    """
    apart = as_differences(problem)
    (problem if apart is None else apart.problem).refuse()
    if by_breakpoints(problem) or pieces_of(problem) is not None:
        problem = with_closed_cases(problem)
    state = maximised(problem)
    return without_maximum(state) if state.outcome is Outcome.NONE else with_result(state, problem)


def maximised(problem: Problem, in_a_period: bool = False) -> State:
    """All stages up to the maximum; where they do not reach it, by what the likelihood does not tell apart.

    in_a_period: whether this is already the question about one period of a likelihood that repeats.
    """
    try:
        state = straight(problem, in_a_period)
    except NotSupported as refusal:
        other = _another_way(problem, in_a_period)
        if other is None:
            raise refusal
        return other
    searched = Strength.SEARCHED in state.certainty.values() and problem.sample is not None
    other = _another_way(problem, in_a_period) if searched else None
    if searched and other is None and state.outcome is Outcome.UNIQUE and not in_a_period:
        refuse_endless(problem)
    return other or state


def _another_way(problem: Problem, in_a_period: bool) -> State | None:
    """The maximum by values with the same value of a function, or a period apart."""
    return _by_inner_function(problem) or (None if in_a_period else _by_period(problem))


def _by_period(problem: Problem) -> State | None:
    """The maximum found within one period of a likelihood that repeats; None where it does not, or that leads nowhere."""
    found = periodic(problem)
    for window in found.windows if found is not None else ():
        assert found is not None
        try:
            state = straight(window, in_a_period=True)
            if Strength.SEARCHED in state.certainty.values():
                continue
            rest = [s for s in state.sections if s.key not in (SectionKey.DENSITY, SectionKey.MODEL)]
            sections = (*run((model,), begin(problem)).sections, within_a_period(found, window, problem), *rest)
            return repeated(replace(state, sections=sections), found, problem.parameters[found.name])
        except NotSupported:
            continue
    return None


def _by_inner_function(problem: Problem) -> State | None:
    """The maximum found for a function of a parameter through which alone that enters; None where there is none, or that leads nowhere."""
    found = through(problem)
    if found is None:
        return None
    try:
        return solved_back(run((model,), begin(problem)), found, maximised(found.problem))
    except NotSupported:
        return None


def straight(problem: Problem, in_a_period: bool = False) -> State:
    """All stages up to the maximum.  Where the general result does not hold at the data, their numbers are carried from the start."""
    try:
        rewritten = by_equations(problem)
    except NotSupported as refusal:
        if problem.moving or problem.restrictions or inequalities(problem):
            raise
        try:
            return run(BY_MULTIPLIER, begin(problem))
        except NotSupported:
            raise refusal from None
    if rewritten is not None:
        return as_asked(maximised(rewritten.question), rewritten, problem)
    loose = without_inequalities(problem)
    if loose is not None:
        free = maximised(loose)
        edge = with_equation(problem)
        return satisfied(free, problem) if edge is None or holds_there(free, problem) else on_the_border(free, maximised(edge), problem)
    if moving_and_partly_known(problem):
        return _as_far_as_known(problem)
    apart = as_differences(problem)
    if apart is not None:
        state = maximised(apart.problem)
        shown = (*_head(problem).sections, apart.section, *(s for s in state.sections if s.key is not SectionKey.MODEL))
        return replace(state, sections=shown, rows=problem, numbers=True)
    found = mirrored(problem)
    if found is not None:
        try:
            state = maximised(found.half, in_a_period)
        except NotDetermined:
            raise NotSupported(
                f"the general result for one sign of {reported(found.name)} does not hold at these data; what the estimates are then was not settled"
            ) from None
        rest = [s for s in state.sections if s.key not in (SectionKey.DENSITY, SectionKey.MODEL)]
        sections = (*run((model,), begin(problem)).sections, explained(found, problem), *rest)
        return both_signs(replace(state, sections=sections), found, problem.parameters[found.name])
    try:
        return run(stages_of(problem), begin(problem))
    except NotDetermined as refusal:
        try:
            state = run(stages_of(problem), replace(begin(problem), specific=True))
        except NotSupported:
            nowhere = at_these_data(problem)
            if nowhere is None:
                raise refusal from None
            return nowhere
        if state.outcome is Outcome.UNIQUE:
            raise
        return state
    except NotSupported as refusal:
        nowhere = at_these_data(problem)
        if nowhere is not None:
            return nowhere
        other = by_support_end(problem) or _solved_for(problem)
        if other is not None:
            try:
                return as_asked(maximised(other.question), other, problem)
            except NotSupported:
                raise refusal from None
        if not (problem.kinked and with_data_of_one(problem)):
            raise
        try:
            return run(BREAKPOINTS, begin(problem))
        except NotSupported:
            raise refusal from None


def at_these_data(problem: Problem) -> State | None:
    """The finding that there is no maximum at the data, where it needs no solution of the score equations."""
    if problem.observations is None or problem.implied or stages_of(problem) is not STAGES:
        return None
    state = run((model, likelihood, log_likelihood_section), begin(problem))
    try:
        return concentrated(state) or rises_throughout(run((score,), state))
    except NotSupported:
        return None


def _solved_for(problem: Problem) -> Rewritten | None:
    """The question without its equations, where they can be solved for parameters."""
    try:
        return by_equations(problem, anyway=True)
    except NotSupported:
        return None


def _as_far_as_known(problem: Problem) -> State:
    """The maximum for partly known observations in a support that depends on parameters."""
    found = partly(problem)
    state = checked(maximised(found.problem), found)
    rest = (s for s in state.sections if s.key is not SectionKey.MODEL)
    return replace(state, sections=(*_head(problem).sections, found.section, *rest), rows=problem)


def _head(problem: Problem) -> State:
    """The model alone, of a question whose other stages speak of another one."""
    oracle = Oracle(random_points(problem.without_data()))
    return model(State(problem, Algebra(problem.facts), oracle, oracle))


def one_side(problem: Problem) -> Problem:
    """The question about values of one sign, for every parameter of which the likelihood is an even function."""
    found = mirrored(problem)
    return problem if found is None else one_side(found.half)


def without_maximum(state: State) -> Derived:
    """The derivation that ends in there being no maximum."""
    return finished(state.adding(*at_values(state, None, {})), {}, {}, None, {})


def with_result(state: State, problem: Problem) -> Derived:
    """The derivation with its result: checked by a search, in numbers where there are data, in words where the general form is known."""
    _stays_inside(state)
    known = exactly(state)
    numbers = in_domain(numeric(state, known), problem, state)
    half = one_side(problem).parameters
    on_one_side = numbers is None or all(d.closed.contains(numbers[k], numbers) for k, d in half.items())
    cut = state.problem.whole and not problem.whole  # to what the data allow
    witness(replace(state, problem=state.problem.replace(parameters=half)) if on_one_side and not cut else state)
    exact = {k: f for k, f in known.items() if is_short(f)} if problem.in_floats else known
    named, last = result(state, as_statistics(state, numbers), numbers, exact)
    asked = state.problem.as_asked
    if numbers is not None and right_censored(asked) and (limits_taken_as_values := in_general(asked.without_data())):
        last = with_blocks(last, *contrast(asked, limits_taken_as_values, numbers))
    beside_the_logarithm = underflow(state, numbers)
    sections = [with_blocks(s, *beside_the_logarithm) if s.key is SectionKey.LOG_LIKELIHOOD else s for s in state.sections]
    state = replace(state, sections=(*sections, *at_values(state, numbers, exact), last))
    general = {} if state.numbers and not problem.whole else dict(state.answers)
    d = finished(state, at_the_data(state, exact, numbers), general, numbers, named)
    stated = {k: problem.parameters[k] for k in state.restricted if k in problem.parameters}  # narrower domains were those of the data
    return replace(d, problem=d.problem.replace(parameters={**d.problem.parameters, **stated})) if stated else d


def _stays_inside(state: State) -> None:
    """Raises NotSupported where some sample that satisfies the conditions takes an estimate, as a formula, out of its domain."""
    needed = [r for c in state.conditions for r in c.relations]
    for k, f in state.answers.items():
        if state.numbers or state.how[k] in (How.NUMERIC, How.GIVEN_OTHERS) or state.problem.observations is not None:
            continue
        d = state.problem.parameters[k]
        if not d.discrete and leaves(f, d, state, needed):
            raise NotSupported(
                f"for some samples the formula that was found for {reported(k)} lies outside its domain ({d.words()}); "
                "what is largest there is not supported for a symbolic sample yet", hint="give the data, or a wider domain",
            )  # fmt: skip


def as_statistics(state: State, numbers: Mapping[str, float] | None) -> Mapping[str, Formula]:
    """The estimates as formulas in the observations: those that were derived, or that have words where only numbers were carried along.

    A second derivation, for a symbolic sample, is the last resort.
    """
    if not state.numbers or state.problem.whole:
        return state.answers
    if state.factors is not None and state.rows is None:
        return {}
    plain = numbers is not None and state.rows is None and not (state.problem.asked.units and state.problem.asked.quantities)
    found = recognised(state, numbers) if plain and numbers is not None else None
    return in_general(state.rows or state.problem) if found is None else found


def with_blocks(section: Section, *more: Block) -> Section:
    """A section with more at its end."""
    return replace(section, blocks=(*section.blocks, *more))


def in_domain(numbers: dict[str, float] | None, problem: Problem, state: State) -> dict[str, float] | None:
    """The estimates, in the order of the parameters.  Raises NotSupported where one lies outside its domain, or beyond all floats."""
    if numbers is None:
        return None
    for k, v in numbers.items():
        domain = problem.parameters[k]
        low, high = domain.bounds(dict(numbers))
        if math.isinf(v):
            raise NotSupported(
                f"the estimate of {reported(k)} is too large, or too small, for a float", hint="measure the data in another unit"
            )
        if not low - SLACK * (1 + abs(low)) <= v <= high + SLACK * (1 + abs(high)):
            raise NotSupported(
                f"for these data the score equation for {reported(k)} has its root outside the domain ({domain.words()})",
                hint="give a wider domain",
            )
        at_an_end = not domain.discrete and ((v == low and domain.low_open) or (v == high and domain.high_open))
        exact = state.numbers or state.problem.observations is not None
        if at_an_end and not (exact and belongs(Sym(k), domain, state.settled(state.judge).points[0])):
            raise NotSupported(
                f"for these data the estimate of {reported(k)} would be an end of its domain ({domain.words()}) that does not belong to it; "
                "whether there is a maximum was not settled"
            )
    return {k: numbers[k] for k in problem.parameters if k in numbers}


def finished(
    state: State, answers: Mapping[str, Formula], general: Mapping[str, Formula], numbers: Mapping[str, float] | None, named: Named
) -> Derived:
    """The derivation as a value."""
    state = with_meanings(state)
    p = state.rows or state.problem
    return Derived(
        problem=p, title=title(p), sections=state.sections, outcome=state.outcome, how=by_reported_name(state.how), certainty=by_reported_name(state.certainty), answers=answers, general=general,
        numeric=by_reported_name(numbers) if numbers is not None else None, conditions=state.conditions, named=named, warnings=tuple(p.warnings),
    )  # fmt: skip


def by_reported_name(values: Mapping[str, V]) -> dict[str, V]:
    """Values by parameter, under the names that users know."""
    return {reported(k): v for k, v in values.items()}


def in_general(problem: Problem) -> dict[str, Formula]:
    """The estimates in terms of a symbolic sample, where they can be found: the words of the result need them."""
    problem = one_side(problem)
    try:
        problem.without_data().refuse()
    except DeriveError:
        return {}
    one = problem.size == 1 and stages_of(problem) is INTEGER  # of several observations there may be no closed form
    quiet = begin(problem.without_data(1 if one else None))
    try:
        for stage in stages_of(problem)[1:]:
            if stage is not maximum:
                quiet = stage(quiet)
    except DeriveError:  # it gives words only: the result for the data is judged by itself
        return {}
    return {k: quiet.problem.spelled(f) for k, f in quiet.answers.items()}


def title(problem: Problem) -> Words:
    """The heading."""
    if problem.asked.title:
        return say("{}", problem.asked.title)
    words = say("Maximum likelihood for ")
    for j, u in enumerate(problem.letters):
        words += say(", " if 0 < j < len(problem.letters) - 1 else " and " if j else "") + say("{}", u)
    return words
