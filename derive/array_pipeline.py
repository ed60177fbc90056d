"""The stages of a derivation in vectors and matrices, in order."""

from __future__ import annotations

from .derived import Derived
from .family_pipeline import title
from .formula.names import reported
from .problem.problem import Problem
from .stages.arrays.likelihood import begin, log_likelihood, model
from .stages.arrays.result import numbers, result
from .stages.arrays.scale import estimate_scales
from .stages.arrays.vector import estimate_vectors
from .stages.setting import Stage, run

STAGES: tuple[Stage, ...] = (model, log_likelihood, estimate_vectors, estimate_scales, result)


def derive_arrays(problem: Problem) -> Derived:
    """The derivation for a question in vectors and matrices.  Raises NotSupported with what stopped it."""
    state = run(STAGES, begin(problem))
    p = state.problem
    values = None if p.arrays is None or p.arrays.values is None else numbers(state)
    return Derived(
        problem=p, title=title(p), sections=state.sections, outcome=state.outcome, how={reported(k): v for k, v in state.how.items()},
        certainty={reported(k): v for k, v in state.certainty.items()}, answers=dict(state.answers), general=dict(state.answers),
        numeric=None if values is None else {reported(k): v for k, v in values.items()}, conditions=state.conditions, named={}, warnings=p.warnings,
    )  # fmt: skip
