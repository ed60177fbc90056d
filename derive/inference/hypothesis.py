"""Tests of hypotheses about some of the parameters: by the likelihood ratio, by the standard errors, by the score.

Each statistic is compared with chi-squared, with as many degrees of freedom as parameters are fixed (Cox and Hinkley, 1974, Theoretical
Statistics, 9.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..errors import NotSupported
from ..formula.names import reported
from .after import After
from .intervals import Intervals
from .matrices import inverse, quadratic


class HypothesisKind(StrEnum):
    """How a statistic measures the distance of a hypothesis from the data."""

    LIKELIHOOD = "likelihood"
    WALD = "wald"
    SCORE = "score"


@dataclass(frozen=True)
class HypothesisTest:
    """What a test of a hypothesis comes to.

    values: the hypothesis, by reported parameter name.  restricted: the estimates under it.  statistic: compared with chi-squared with
    so many degrees of freedom.  p_value: the probability of a statistic as large or larger under it, approximately.
    """

    kind: str
    values: Mapping[str, float]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    restricted: Mapping[str, float]

    def __repr__(self) -> str:
        fixed = ", ".join(f"{k} = {v:g}" for k, v in self.values.items())
        return f"<HypothesisTest {self.kind}: {fixed}, statistic {self.statistic:.4g} on {self.degrees_of_freedom}, p = {self.p_value:.3g}>"


def upper_tail(statistic: float, degrees: int) -> float:
    """The probability that chi-squared exceeds a value."""
    from flint import arb, ctx

    if statistic <= 0:
        return 1.0
    with ctx.workprec(128):
        half = arb(degrees) / 2
        return float((arb(statistic) / 2).gamma_upper(half, 1).mid())


def tested(after: After, values: Mapping[str, float], kind: HypothesisKind) -> HypothesisTest:
    """The test of a hypothesis, values by name.  Raises NotSupported where the approximation is not known to hold."""
    after.refuse()
    made = Intervals(after)
    for k in values:
        if k not in after.letters:
            raise NotSupported(f"there is no information about {reported(k)} in the usual sense, and no test of it here")
    surface = made.surface
    start = {**surface.estimate, **values}
    restricted = surface.maximum(dict(values), start)
    if restricted is None:
        raise NotSupported("the maximum under the hypothesis was not found", hint="give values nearer to the estimates")
    fixed = [after.letters.index(k) for k in values]
    if kind is HypothesisKind.LIKELIHOOD:
        statistic = 2 * (surface.top - surface.height(restricted))
    elif kind is HypothesisKind.WALD:
        block = [[after.covariance_in_numbers[i][j] for j in fixed] for i in fixed]
        inner = inverse(block)
        assert inner is not None
        statistic = quadratic([surface.estimate[k] - values[k] for k in values], inner)
    else:
        m = after.of_sample or after.observed
        there = [[after.likelihood.value(f, restricted) for f in row] for row in m]
        covariance = inverse(there)
        if covariance is None:
            raise NotSupported("the information under the hypothesis is not positive definite")
        slopes = [surface.slope(restricted, k) for k in after.letters]
        statistic = quadratic(slopes, covariance)
    statistic = max(statistic, 0.0)
    shown = {reported(k): v for k, v in restricted.items() if k in after.problem.parameters}
    p = upper_tail(statistic, len(values))
    if math.isnan(statistic):
        raise NotSupported("the statistic has no value at this hypothesis")
    return HypothesisTest(str(kind), {reported(k): v for k, v in values.items()}, statistic, len(values), p, shown)


__all__ = ["HypothesisKind", "HypothesisTest", "tested", "upper_tail"]
