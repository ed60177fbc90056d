"""The stages for a question with constraints."""

from __future__ import annotations

from collections.abc import Callable

from ...problem.problem import Problem
from ..elimination.eliminate import eliminate
from ..likelihood.product import likelihood, log_likelihood_section
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..report.result import model
from ..setting import Work
from .by_substitution import put_back, substitute
from .concave_shares import concave
from .implied_simplex import has_remainder, name_the_rest
from .inequality import under_inequalities
from .multiplier import concave_on_the_constraint, multiply, without_constant
from .parameter_groups import inequalities
from .share_ratios import by_ratios

Stage = Callable[[Work], object]


def maximise_freely(work: Work) -> None:
    """The sections from the log-likelihood to the maximum, in the parameters that are left free."""
    if not work.parameters:
        return
    log_likelihood_section(work)
    if any(len(g.seen) > 2 for g in work.groups):
        by_ratios(work)
        concave(work)
        return
    score(work)
    eliminate(work)
    maximum(work)


def under_the_constraint(work: Work) -> None:
    """Why the stationary point of the Lagrangian is the maximum."""
    if work.groups:
        concave(work)
    else:
        concave_on_the_constraint(work)


BY_SUBSTITUTION: tuple[Stage, ...] = (model, likelihood, substitute, maximise_freely, put_back)
BY_THE_REST: tuple[Stage, ...] = (model, likelihood, name_the_rest, maximise_freely, put_back)
BY_MULTIPLIER: tuple[Stage, ...] = (model, likelihood, without_constant, log_likelihood_section, multiply, under_the_constraint)


def with_equations(work: Work) -> None:
    """A question with equations, from its likelihood on."""
    for stage in BY_SUBSTITUTION[2:]:
        stage(work)


def inequalities_too(work: Work) -> None:
    """A question with inequalities, from its likelihood on."""
    under_inequalities(work, with_equations)


WITH_INEQUALITIES: tuple[Stage, ...] = (model, likelihood, inequalities_too)


def constrained_stages(problem: Problem) -> tuple[Stage, ...]:
    """The stages for a problem with constraints, stated or implied; none where there are none.  Raises NotSupported for what there is no stage for."""
    if has_remainder(problem):
        return BY_THE_REST
    if not problem.constraints:
        return ()
    if inequalities(problem):
        return WITH_INEQUALITIES
    return BY_MULTIPLIER if problem.asked.method == "lagrange" else BY_SUBSTITUTION


__all__ = ["BY_MULTIPLIER", "BY_SUBSTITUTION", "constrained_stages", "maximise_freely"]
