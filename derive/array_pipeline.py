"""The stages of a derivation in vectors and matrices, in order."""

from __future__ import annotations

from typing import Any

from .derived import Derived
from .family_pipeline import title
from .formula.names import reported
from .problem.problem import Problem
from .stages.arrays import normal_sample, predictor
from .stages.arrays.likelihood import begin, log_likelihood, model
from .stages.arrays.result import numbers, result
from .stages.arrays.scale import estimate_scales
from .stages.arrays.vector import estimate_vectors
from .stages.setting import Stage, State, run
from .trace import Outcome

WITH_PREDICTOR: tuple[Stage, ...] = (predictor.model, predictor.log_likelihood, predictor.score, predictor.at_the_data, predictor.result)
STAGES: tuple[Stage, ...] = (model, log_likelihood, estimate_vectors, estimate_scales, result)

OF_VECTORS: tuple[Stage, ...] = (
    normal_sample.model, normal_sample.log_likelihood, normal_sample.mean, normal_sample.covariance, normal_sample.result,
)  # fmt: skip


def _numbers(state: State) -> dict[str, Any]:
    """The estimates at the data, by the stages that the question took."""
    assert state.problem.arrays is not None
    return normal_sample.numbers(state) if state.problem.arrays.of_vectors else numbers(state)


def derive_arrays(problem: Problem) -> Derived:
    """The derivation for a question in vectors and matrices.  Raises NotSupported with what stopped it."""
    assert problem.arrays is not None
    predicted = problem.arrays.predictor is not None
    state = run(WITH_PREDICTOR if predicted else OF_VECTORS if problem.arrays.of_vectors else STAGES, begin(problem))
    p = state.problem
    values = None
    if problem.arrays.values is not None and state.outcome is not Outcome.NONE:
        values = {k: predictor.fitted(problem.arrays).coefficients.ravel() for k in p.parameters} if predicted else _numbers(state)
    certainty = {k: a.strength for k, a in state.arguments.items()} if predicted else state.certainty
    return Derived(
        problem=p, title=title(p), sections=state.sections, outcome=state.outcome, how={reported(k): v for k, v in state.how.items()},
        certainty={reported(k): v for k, v in certainty.items()}, answers=dict(state.answers), general=dict(state.answers),
        numeric=None if values is None else {reported(k): v for k, v in values.items()}, conditions=state.conditions, named={}, warnings=p.warnings,
    )  # fmt: skip
