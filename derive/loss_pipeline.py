"""The stages of the derivation of a loss, in order: from a noise model to what is minimised."""

from __future__ import annotations

from collections.abc import Callable

from .derived import Derived
from .errors import NotValid
from .formula.names import reported
from .problem.problem import Problem
from .stages.loss.loss import conclusion, what_is_left, with_data
from .stages.loss.loss_state import LossState, begin
from .stages.loss.model_prediction import substituted
from .stages.loss.negative_log import dropped, joint, negative_log
from .stages.loss.noise_model import cases, noise_model
from .trace import Outcome, Words, say

STAGES: tuple[Callable[[LossState], LossState], ...] = (
    noise_model,
    cases,
    joint,
    negative_log,
    dropped,
    what_is_left,
    substituted,
    with_data,
    conclusion,
)


def derive_loss(problem: Problem) -> Derived:
    """The derivation of the loss that a noise model leads to, every line verified.

    Raises NotValid where the question names no prediction, NotSupported where the density has no such loss.
    """
    if problem.prediction is None:
        letters = ", ".join(map(reported, problem.parameters))
        hint = f'write prediction="{reported(next(iter(problem.parameters)))}"; the letters are {letters}'
        if problem.covariates:
            hint = 'write one letter for it in the density, and what it is apart: "y ~ Normal(mu, s^2)" with prediction={"mu": "a + b*x"}'
        raise NotValid("which letter of the density is what the model predicts?", hint=hint)
    asked = {"quantities": problem.asked.quantities, "at": problem.asked.at}
    for name in (k for k, given in asked.items() if given):
        raise NotValid(f"`{name}` belongs to an estimate; a loss has none", hint=f"leave `{name}` out, or ask derive.mle for the estimate")
    state = begin(problem)
    for stage in STAGES:
        state = stage(state)
    return Derived(
        problem=problem, title=_title(problem), sections=state.sections, outcome=Outcome.LOSS, how={}, certainty={}, answers={}, general={},
        warnings=tuple(problem.warnings), loss_formula=state.loss,
    )  # fmt: skip


def _title(problem: Problem) -> Words:
    if problem.asked.title:
        return say("{}", problem.asked.title)
    return say("From the noise model to the loss")
