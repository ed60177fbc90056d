"""A question whose constraints are equations: in the parameters that they leave free, then in all of them."""

from __future__ import annotations

from ..elimination.eliminate import eliminate
from ..likelihood.product import log_likelihood_section
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..setting import State, run
from .by_substitution import put_back, substitute
from .concave_shares import concave
from .share_ratios import by_ratios


def with_equations(state: State) -> State:
    """A question with equations, from its likelihood on."""
    return run((substitute, maximise_freely, put_back), state)


def maximise_freely(state: State) -> State:
    """The sections from the log-likelihood to the maximum, in the parameters that are left free."""
    if not state.parameters:
        return state
    if any(len(g.seen) > 2 for g in state.groups):
        return run((log_likelihood_section, by_ratios, concave), state)
    return run((log_likelihood_section, score, eliminate, maximum), state)


__all__ = ["maximise_freely", "with_equations"]
