"""The stages for a question with constraints."""

from __future__ import annotations

from .problem.parameter_groups import inequalities
from .problem.problem import Problem
from .stages.constrained.by_substitution import put_back, substitute
from .stages.constrained.concave_shares import concave
from .stages.constrained.implied_simplex import has_remainder, name_the_rest
from .stages.constrained.inequality import under_inequalities
from .stages.constrained.multiplier import concave_on_the_constraint, multiply, without_constant
from .stages.constrained.share_ratios import by_ratios
from .stages.elimination.eliminate import eliminate
from .stages.likelihood.product import likelihood, log_likelihood_section
from .stages.likelihood.score import score
from .stages.maximum.maximum import maximum
from .stages.report.result import model
from .stages.setting import Stage, State, run


def maximise_freely(state: State) -> None:
    """The sections from the log-likelihood to the maximum, in the parameters that are left free."""
    if not state.parameters:
        return
    log_likelihood_section(state)
    if any(len(g.seen) > 2 for g in state.groups):
        by_ratios(state)
        concave(state)
        return
    score(state)
    vars(state).update(vars(run((eliminate, maximum), state)))


def under_the_constraint(state: State) -> None:
    """Why the stationary point of the Lagrangian is the maximum."""
    if state.groups:
        concave(state)
    else:
        concave_on_the_constraint(state)


BY_SUBSTITUTION: tuple[Stage, ...] = (model, likelihood, substitute, maximise_freely, put_back)
BY_THE_REST: tuple[Stage, ...] = (model, likelihood, name_the_rest, maximise_freely, put_back)
BY_MULTIPLIER: tuple[Stage, ...] = (model, likelihood, without_constant, log_likelihood_section, multiply, under_the_constraint)


def with_equations(state: State) -> None:
    """A question with equations, from its likelihood on."""
    for stage in BY_SUBSTITUTION[2:]:
        stage(state)


def inequalities_too(state: State) -> None:
    """A question with inequalities, from its likelihood on."""
    under_inequalities(state, with_equations)


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
