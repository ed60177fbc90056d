"""Intervals for parameters and quantities: by the standard error, by the likelihood, by the score.

Wald: estimate plus and minus a multiple of the standard error, on the scale of a logarithm or logit where the domain is bounded (Cox and
Hinkley, 1974, Theoretical Statistics, 9.3).  Likelihood: the values whose profile log-likelihood is within half a quantile of chi-squared
of the maximum.  Score: the values at which the score, over the root of its expected information, is no larger than a normal quantile
(Wilson, 1927, J. Amer. Statist. Assoc. 22, for a proportion).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from statistics import NormalDist

from ..errors import NotSupported, NotValid
from ..formula.evaluate import compiled
from ..formula.names import reported
from ..formula.tree import Formula, Sym, names
from ..rules.calculus import differentiate
from .after import After
from .matrices import quadratic
from .simplest import shorter
from .surface import Surface, crossing

WIDENED = 60  # times that a step to the far side is doubled
Ends = tuple[float, float]


class Kind(StrEnum):
    """How an interval is found."""

    WALD = "wald"
    LIKELIHOOD = "likelihood"
    SCORE = "score"


class Scale(StrEnum):
    """The scale on which an interval is symmetric."""

    PLAIN = "as it is"
    LOG = "logarithm"
    LOGIT = "logit"


def quantile(level: float) -> float:
    """The normal quantile that an interval of this level reaches on either side.  Raises NotValid for what is no level."""
    if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0 < level < 1:
        raise NotValid(f"`level` is a number between 0 and 1, not {level!r}", hint="level=0.95")
    return NormalDist().inv_cdf((1 + level) / 2)


@dataclass(frozen=True)
class Intervals:
    """Standard errors and intervals at the data."""

    after: After

    @cached_property
    def standard_errors(self) -> dict[str, float]:
        """By parameter."""
        return {k: math.sqrt(self.after.whole_in_numbers[j][j]) for j, k in enumerate(self.after.everyone)}

    def gradient(self, q: Formula) -> dict[str, Formula]:
        """The derivatives of a quantity in the parameters that have an information.  Raises NotSupported where it speaks of another."""
        a = self.after
        others = [reported(k) for k in a.problem.parameters if k not in a.letters and k in names(q)]
        if others:
            raise NotSupported(f"the quantity depends on {others[0]}, which has no standard error in the usual sense")
        al = a.likelihood.al
        return {k: shorter(differentiate(q, Sym(k), al), al) for k in a.letters}

    @cached_property
    def quantities(self) -> dict[str, float]:
        """By quantity that was asked for its standard error, by the delta method."""
        a = self.after
        assert a.numbers is not None
        out = {}
        for label, q in a.problem.as_asked.asked.quantities.items():
            slope = [compiled(f)({**a.numbers}) for f in self.gradient(q).values()]
            out[label] = math.sqrt(quadratic(slope, a.covariance_in_numbers))
        return out

    def scale(self, name: str) -> Scale:
        """The scale on which the Wald interval of a parameter is symmetric."""
        low, high = self.after.derived.problem.parameters[name].bounds(dict(self.after.numbers or {}))
        if math.isinf(low) and math.isinf(high):
            return Scale.PLAIN
        return Scale.LOG if math.isinf(low) or math.isinf(high) else Scale.LOGIT

    def wald(self, level: float) -> dict[str, Ends]:
        """By parameter and quantity."""
        a, z = self.after, quantile(level)
        assert a.numbers is not None
        a.refuse()
        out: dict[str, Ends] = {}
        for k, se in self.standard_errors.items():
            low, high = a.derived.problem.parameters[k].bounds(dict(a.numbers))
            value = a.numbers[k] if k in a.numbers else compiled(a.tied[k])({**a.numbers})
            out[reported(k)] = on_scale(self.scale(k), value, z * se, low, high)
        for label, q in a.problem.as_asked.asked.quantities.items():
            value, se = compiled(q)({**a.numbers}), self.quantities[label]
            positive = a.likelihood.al.facts.positive(q)
            out[label] = on_scale(Scale.LOG if positive else Scale.PLAIN, value, z * se, 0.0 if positive else -math.inf, math.inf)
        return out

    def likelihood(self, level: float) -> dict[str, Ends]:
        """By parameter: where the profile log-likelihood falls half a quantile of chi-squared below its maximum."""
        self.after.refuse()
        return {reported(k): self.profile(k, level) for k in self.after.letters}

    @cached_property
    def surface(self) -> Surface:
        """The log-likelihood at the data."""
        a = self.after
        if a.numbers is None:
            raise NotSupported("an interval from the likelihood needs data", hint="give the data")
        held = [k for k in a.problem.parameters if k not in a.letters]
        if held and not a.apart(held):
            raise NotSupported(
                f"which {reported(held[0])} is most likely may depend on the other parameters; their profile was not followed"
            )
        return Surface(a.likelihood, a.numbers, a.letters)

    def profile(self, name: str, level: float) -> Ends:
        """The profile-likelihood interval of a parameter; an end of the domain where the profile does not fall that far before it."""
        return self._side(name, level, -1), self._side(name, level, 1)

    def _side(self, name: str, level: float, side: int) -> float:
        s, z, estimate = self.surface, quantile(level), self.surface.estimate[name]
        end = s.ends(name)[0 if side < 0 else 1]
        place: dict[float, Mapping[str, float]] = {estimate: s.estimate}

        def depth(v: float) -> float:
            """The signed root of twice the fall of the profile, less the quantile."""
            nearest = min(place, key=lambda u: abs(u - v))
            start = self._start(place, v, nearest, name)
            at = s.maximum({name: v}, start) or s.maximum({name: v}, place[nearest])
            if at is None:
                return math.nan
            place[v] = at
            return math.sqrt(max(0.0, 2 * (s.top - s.height(at)))) - z

        try:
            step = z * self.standard_errors[name]
        except NotSupported:
            step = 0.1 * (1 + abs(estimate))
        near = estimate
        for _ in range(WIDENED):
            far = _further(estimate, side, near, end, step)
            if far is None:
                return end
            v = depth(far)
            if math.isnan(v):
                step *= 0.6
                if abs(estimate + side * step - near) <= 1e-12 * (1 + abs(near)):
                    break
                continue
            if v >= 0:
                found = crossing(depth, near, far)
                if found is None:
                    break
                return found
            near, step = far, abs(far - estimate) * 1.6
        if math.isinf(end) and abs(near) > 1e12 * (1 + abs(estimate)):
            return end
        raise NotSupported(f"the profile log-likelihood of {reported(name)} was not followed far enough for an interval")

    def _start(self, place: Mapping[float, Mapping[str, float]], v: float, nearest: float, name: str) -> Mapping[str, float]:
        """The other parameters where two places near by point to."""
        others = sorted(place, key=lambda u: abs(u - v))[:2]
        if len(others) < 2 or others[0] == others[1]:
            return place[nearest]
        a, b = others
        t = (v - a) / (b - a)
        return {k: place[a][k] + t * (place[b][k] - place[a][k]) for k in place[a]}

    def score(self, level: float) -> dict[str, Ends]:
        """For a single parameter: where the score over the root of its expected information is the quantile.  Raises NotSupported for
        several parameters, or without an expected information."""
        a, z = self.after, quantile(level)
        a.refuse()
        if len(a.problem.parameters) != 1:
            raise NotSupported("a score interval is for a single parameter", hint="use kind='likelihood' or kind='wald'")
        if a.of_sample is None:
            raise NotSupported("a score interval needs the expected information, and there is none: " + a.why_not)
        (name,) = a.letters
        s, matrix = self.surface, a.of_sample
        estimate = s.estimate[name]

        def standardised(v: float) -> float:
            return s.slope({name: v}, name) / math.sqrt(a.likelihood.value(matrix[0][0], {name: v}))

        out = []
        for side in (-1, 1):
            end, step = s.ends(name)[0 if side < 0 else 1], z * self.standard_errors[name]
            out.append(self._outwards(lambda v, side=side: -side * standardised(v) - z, estimate, side, end, step))  # type: ignore[misc]
        return {reported(name): (out[0], out[1])}

    def _outwards(self, f: Callable[[float], float], estimate: float, side: int, end: float, step: float) -> float:
        near = estimate
        for _ in range(WIDENED):
            far = _further(estimate, side, near, end, step)
            if far is None:
                return end
            if f(far) >= 0:
                found = crossing(f, near, far)
                if found is not None:
                    return found
            near, step = far, abs(far - estimate) * 1.6
        return end


def on_scale(scale: Scale, value: float, half: float, low: float, high: float) -> Ends:
    """The interval that reaches `half` on either side of the value, on a scale whose unit there is 1."""
    if scale is Scale.PLAIN:
        return value - half, value + half
    if scale is Scale.LOG:
        if math.isinf(high):
            d = value - low
            return low + d * math.exp(-half / d), low + d * math.exp(half / d)
        d = high - value
        return high - d * math.exp(half / d), high - d * math.exp(-half / d)
    width = high - low
    p = (value - low) / width
    shift = half / (width * p * (1 - p))

    def back(t: float) -> float:
        return low + width / (1 + math.exp(-t))

    middle = math.log(p / (1 - p))
    return back(middle - shift), back(middle + shift)


def _further(estimate: float, side: int, near: float, end: float, step: float) -> float | None:
    """The next place outwards from an estimate, halfway to the end of the domain where the step goes beyond it; None at the end itself."""
    far = estimate + side * step
    if side * (far - end) < 0:
        return far
    half = (near + end) / 2
    return None if abs(half - end) <= 1e-13 * (1 + abs(end)) else half


__all__ = ["Ends", "Intervals", "Kind", "Scale", "on_scale", "quantile"]
