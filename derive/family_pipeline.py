"""The stages of a derivation for families of parameters, in order."""

from __future__ import annotations

from .derived import Derived
from .formula.names import reported
from .problem.problem import Problem
from .stages.families.letters import begin
from .stages.families.likelihood import likelihood, log_likelihood, model
from .stages.families.members import estimate_members
from .stages.families.result import inside, numbers, result
from .stages.families.shares import estimate_shares
from .stages.setting import Stage, run
from .trace import Words, say

STAGES: tuple[Stage, ...] = (model, likelihood, log_likelihood, estimate_shares, estimate_members, inside, result)


def derive_families(problem: Problem) -> Derived:
    """The derivation for a question about families.  Raises NotSupported with what stopped it."""
    state = run(STAGES, begin(problem))
    p = state.problem
    values = None if p.families is None or p.families.values is None else numbers(state)
    answers = dict(state.answers)
    return Derived(
        problem=p, title=title(p), sections=state.sections, outcome=state.outcome, how={reported(k): v for k, v in state.how.items()},
        certainty={reported(k): v for k, v in state.certainty.items()}, answers=answers, general=answers,
        numeric=None if values is None else {reported(k): v for k, v in values.items()}, conditions=state.conditions, named={}, warnings=p.warnings,
    )  # fmt: skip


def title(p: Problem) -> Words:
    if p.asked.title:
        return say("{}", p.asked.title)
    words = say("Maximum likelihood for ")
    for j, u in enumerate(p.letters):
        words += say(", " if 0 < j < len(p.letters) - 1 else " and " if j else "") + say("{}", u)
    return words
