"""The stages of a derivation, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from .derivation import Derivation
from .errors import DeriveError, InternalError, NotSupported
from .formula.names import reported
from .formula.tree import Formula
from .problem.problem import Problem
from .stages.boundary.admissible_region import admissible_set
from .stages.candidates.finite_values import compare
from .stages.candidates.two_pieces import pieces, pieces_of
from .stages.elimination.eliminate import eliminate
from .stages.elimination.moment_equations import as_moments
from .stages.existence.existence import NotDetermined, existence
from .stages.integer.ratio import ratio
from .stages.likelihood.one_observation import integer_likelihood
from .stages.likelihood.product import likelihood, log_likelihood_section
from .stages.likelihood.score import score
from .stages.maximum.maximum import maximum
from .stages.report.evaluation import at_the_data, numeric
from .stages.report.numerical_check import witness
from .stages.report.rational_values import exactly
from .stages.report.remarks import contrast, underflow
from .stages.report.requested_values import at_values
from .stages.report.result import model, result
from .stages.setting import Work
from .stages.setup.begin import begin
from .stages.unbounded.degenerate_support import collapsed
from .stages.unbounded.support_boundary import border
from .trace import Words, say

SLACK = 1e-9  # of an estimate at an end of its domain
Stage = Callable[[Work], object]
V = TypeVar("V")
Named = Mapping[str, tuple[Formula, float | None]]

STAGES: tuple[Stage, ...] = (
    model,
    likelihood,
    admissible_set,
    log_likelihood_section,
    border,
    score,
    as_moments,
    eliminate,
    collapsed,
    existence,
    maximum,
)


INTEGER: tuple[Stage, ...] = (model, integer_likelihood, ratio)
FINITE: tuple[Stage, ...] = (model, compare)
PIECES: tuple[Stage, ...] = (model, pieces)


def stages_of(problem: Problem) -> tuple[Stage, ...]:
    """The stages for a question: a parameter with separate values has no score; with constraints some follow from others."""
    if problem.constraints or problem.implied:
        from .stages.constrained.route import constrained_stages

        return constrained_stages(problem) or STAGES
    if any(d.values is not None for d in problem.parameters.values()):
        return FINITE
    if pieces_of(problem) is not None:
        return PIECES
    if problem.whole_beside is not None:
        from .stages.integer.profile import profiled

        return (model, profiled)
    return INTEGER if not problem.separate_ends and any(d.integer for d in problem.parameters.values()) else STAGES


def derive(problem: Problem) -> Derivation:
    """The maximum-likelihood derivation of a problem, every line verified.

    Raises NotValid or NotSupported with what stopped it; InternalError where a line of its own was refuted.
    """
    problem.refuse()
    work = begin(problem)
    try:
        carry_out(work, problem)
    except NotDetermined as refusal:
        work = begin(problem)
        work.specific = True
        try:
            carry_out(work, problem)
        except NotSupported:
            raise refusal from None
        if work.outcome != "not unique":
            raise
    if work.outcome == "none":
        work.sections += at_values(work, None)
        return finished(work, {}, {}, None, {})
    symbolic = dict(work.answers)
    if work.numbers and not problem.whole:
        symbolic = in_general(work.rows or work.problem) if work.factors is None or work.rows is not None else {}
    witness(work)
    numbers = in_domain(numeric(work), problem)
    exact = exactly(work)
    named, last = result(work, symbolic, numbers, exact)
    underflow(work, numbers)
    last = contrast(work, last, numbers)
    work.sections += [*at_values(work, numbers), last]
    return finished(work, at_the_data(work, exact, numbers), symbolic, numbers, named)


def carry_out(work: Work, problem: Problem) -> None:
    """The stages in order, up to the one that finds that there is no maximum."""
    for stage in stages_of(problem):
        work.al.clock.stage = f"the stage “{stage.__name__.replace('_', ' ')}”"
        stage(work)
        if work.outcome == "none":
            break


def in_domain(numbers: dict[str, float] | None, problem: Problem) -> dict[str, float] | None:
    """The estimates, in the order of the parameters.  Raises NotSupported where one lies outside its domain."""
    if numbers is None:
        return None
    for k, v in numbers.items():
        domain = problem.parameters[k]
        low, high = domain.bounds(dict(numbers))
        if not low - SLACK * (1 + abs(low)) <= v <= high + SLACK * (1 + abs(high)):
            raise NotSupported(
                f"for these data the score equation for {reported(k)} has its root outside the domain ({domain.words()})",
                hint="give a wider domain",
            )
    return {k: numbers[k] for k in problem.parameters if k in numbers}


def finished(
    work: Work, answers: Mapping[str, Formula], general: Mapping[str, Formula], numbers: Mapping[str, float] | None, named: Named
) -> Derivation:
    """The derivation as a value."""
    p = work.rows or work.problem
    return Derivation(
        problem=p, title=title(p), sections=tuple(work.sections), outcome=work.outcome, how=by_reported_name(work.how), answers=answers, general=general,
        numeric=by_reported_name(numbers) if numbers is not None else None, conditions=tuple(work.conditions), named=named, warnings=tuple(p.warnings),
    )  # fmt: skip


def by_reported_name(values: Mapping[str, V]) -> dict[str, V]:
    """Values by parameter, under the names that users know."""
    return {reported(k): v for k, v in values.items()}


def in_general(problem: Problem) -> dict[str, Formula]:
    """The estimates in terms of a symbolic sample, where they can be found: the words of the result need them."""
    one = problem.size == 1 and stages_of(problem) is INTEGER  # of several observations there may be no closed form
    quiet = begin(problem.without_data(1 if one else None))
    try:
        for stage in stages_of(problem)[1:]:
            if stage is not maximum:
                stage(quiet)
    except (DeriveError, InternalError):
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
