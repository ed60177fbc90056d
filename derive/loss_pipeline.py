"""The stages of the derivation of a loss, in order: from a noise model to what is minimised."""

from __future__ import annotations

from .derived import Derived
from .errors import NotValid
from .problem.problem import Problem
from .stages.loss.loss import STAGES
from .stages.loss.loss_state import begin
from .trace import Outcome, Words, say


def derive_loss(problem: Problem) -> Derived:
    """The derivation of the loss that a noise model leads to, every line verified.

    Raises NotValid where the question names no prediction, NotSupported where the density has no such loss.
    """
    if problem.prediction is None:
        letters = ", ".join(problem.parameters)
        raise NotValid(
            "which letter of the density is what the model predicts?",
            hint=f'write prediction="{next(iter(problem.parameters))}"; the letters are {letters}',
        )
    state = begin(problem)
    for stage in STAGES:
        stage(state)
    return Derived(
        problem=problem, title=_title(problem), sections=tuple(state.sections), outcome=Outcome.LOSS, how={}, answers={}, general={},
        warnings=tuple(problem.warnings), loss_formula=state.loss,
    )  # fmt: skip


def _title(problem: Problem) -> Words:
    if problem.asked.title:
        return say("{}", problem.asked.title)
    return say("From the noise model to the loss")
