"""The stages for a question with constraints."""

from __future__ import annotations

from .errors import NotSupported
from .problem.parameter_groups import inequalities
from .problem.problem import Problem
from .stages.constrained.by_substitution import put_back, substitute
from .stages.constrained.free_parameters import maximise_freely
from .stages.constrained.implied_simplex import has_remainder, name_the_rest
from .stages.constrained.inequality import under_inequalities
from .stages.constrained.multiplier import multiply, under_the_constraint, without_constant
from .stages.likelihood.product import likelihood, log_likelihood_section
from .stages.report.model_section import model
from .stages.setting import Stage

BY_SUBSTITUTION: tuple[Stage, ...] = (model, likelihood, substitute, maximise_freely, put_back)
BY_THE_REST: tuple[Stage, ...] = (model, likelihood, name_the_rest, maximise_freely, put_back)
BY_MULTIPLIER: tuple[Stage, ...] = (model, likelihood, without_constant, log_likelihood_section, multiply, under_the_constraint)
WITH_INEQUALITIES: tuple[Stage, ...] = (model, likelihood, under_inequalities)


def constrained_stages(problem: Problem) -> tuple[Stage, ...]:
    """The stages for a problem with constraints, stated or implied; none where there are none.  Raises NotSupported."""
    if has_remainder(problem):
        return BY_THE_REST
    if not problem.constraints:
        return ()
    if problem.moving or problem.restrictions:
        hint = "put the constraints into the density and its support"
        raise NotSupported("constraints are not supported yet where the support depends on a parameter", hint=hint)
    if inequalities(problem):
        return WITH_INEQUALITIES
    if problem.moving:
        raise NotSupported(
            f"with constraints, a support that depends on {' and '.join(problem.moving)} is not supported",
            hint="put the constraints into the density and the support",
        )
    return BY_MULTIPLIER if problem.asked.method == "lagrange" else BY_SUBSTITUTION


__all__ = ["constrained_stages"]
