"""Is a function a density at one parameter point?  Cheap looks first, its total last."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...formula.evaluate import Env, compiled, log_size
from ...formula.names import reported
from ...formula.restrict import restricted
from ...formula.tree import Formula
from ...sets.domain import Domain
from ..integration.normalise import EVALUATIONS, total, total_along
from ..integration.quadrature import Budget, OutOfBudget

CLOSE = 1e-6  # relative error of an integral that counts as 1
CLOSE_SUM = 1e-8
NEGLIGIBLE = -1e-13  # a value above this times the largest one is rounding, not negative
SURELY = -1e-9  # the same far out and near the ends, where rounding is worse
SPREAD = (0.13, 0.46, 0.81)
OUTWARD = (0.21, 1.3, 4.7)
ACROSS = (-2.3, -0.37, 0.58, 2.9)


@dataclass(frozen=True)
class Verdict:
    """total: what the function totals to (None: undecided).  negative: where it is negative.  good: it is a density."""

    support: Mapping[str, Domain]
    env: Mapping[str, float]
    total: float | None = None
    good: bool = False
    negative: Mapping[str, float] | None = None

    @property
    def undecided(self) -> bool:
        return not self.good and self.total is None and self.negative is None

    @property
    def bad(self) -> bool:
        return not self.good and not self.undecided

    def where(self) -> str:
        """The point in words: "x = 1.3, theta = 0.4"."""
        values = {**(self.negative or {}), **self.env}
        return ", ".join(f"{reported(k)} = {v:.4g}" for k, v in values.items() if isinstance(v, (int, float)))


@dataclass
class Trial:
    """A function of the variables and letters, judged at points.

    any_total: whether any positive finite total will do.  by_sign: whether an integral over several variables is not
    worth its time, and being nowhere negative will do.
    """

    density: Formula
    any_total: bool = False
    by_sign: bool = False

    def judge(self, support: Mapping[str, Domain], env: Env, thorough: bool = False) -> Verdict:
        """Whether the function is a density over the support at env.  thorough: look for negative values more closely."""
        if len(support) > 1:
            return self._several(support, env)
        ((name, domain),) = support.items()
        f = restricted(self.density, name, env)
        xs = look(domain, env, thorough)
        if not xs:
            return Verdict(support, env, math.nan)
        values = [f(x) for x in xs]
        top = max((v for v in values if v < math.inf), default=math.nan)
        for x, v in zip(xs, values, strict=True):
            if v != v:
                return Verdict(support, env, math.nan)
            if (v < 0 and v < NEGLIGIBLE * top) or (v == 0 and self._sign({**env, name: x}) < 0):
                return Verdict(support, env, math.nan, negative={name: x})
        lowest = [0.0, 0.0]

        def watched(x: float) -> float:
            v = f(x)
            if v < lowest[0]:
                lowest[:] = v, x
            return v

        try:
            t = total_along(watched, self.density, name, domain, env, None if self.any_total else 1.0, Budget(EVALUATIONS))
        except OutOfBudget:
            t = None
        if lowest[0] < SURELY * top:
            return Verdict(support, env, math.nan, negative={name: lowest[1]})
        return Verdict(support, env, t, self._right(t, domain.discrete))

    def _sign(self, env: Env) -> int:
        """The sign of a value too small for a float."""
        try:
            return log_size(self.density)(env)[0]
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return 0

    def _several(self, support: Mapping[str, Domain], env: Env) -> Verdict:
        g = compiled(self.density)
        for pick in range(4):
            point: Env = dict(env)
            for j, (name, d) in enumerate(support.items()):
                xs = look(d, point, False)
                if not xs:
                    return Verdict(support, env, math.nan)
                point[name] = xs[(pick + j * (pick // 2)) % len(xs)]
            v = g(point)
            if v != v:
                return Verdict(support, env, math.nan)
            if v < 0:
                return Verdict(support, env, math.nan, negative={k: point[k] for k in support})
        discrete = all(d.discrete for d in support.values())
        if self.by_sign and not discrete:
            return Verdict(support, env, None, True)
        t = total(self.density, support, env, None if self.any_total else 1.0)
        return Verdict(support, env, t, self._right(t, discrete))

    def _right(self, t: float | None, discrete: bool) -> bool:
        if t is None:
            return False
        if self.any_total:
            return 0 < t < math.inf
        return abs(t - 1) <= (CLOSE_SUM if discrete else CLOSE)


def look(domain: Domain, env: Env, thorough: bool) -> Sequence[float]:
    """A few numbers of the domain to look at: inside an interval, at the beginning of a lattice; none where it is empty."""
    if domain.values is not None:
        return [compiled(v)(env) for v in domain.values]
    if domain.integer:
        low, high = domain.whole(env)
        if not low <= high:
            return []
        start = low if low > -math.inf else min(high, 0.0) if high < math.inf else 0.0
        steps = (0, 1, 2, 3, 4, 5, 9, 17) if thorough else (0, 1, 2, 3, 5)
        sign = 1 if low > -math.inf or high == math.inf else -1
        xs = [start + sign * s for s in steps]
        xs += [-1.0, -4.0] if low == -math.inf and high == math.inf else []
        return [x for x in xs if low <= x <= high]
    low, high = domain.bounds(env)
    if not low < high:
        return []
    if low == -math.inf and high == math.inf:
        return (*ACROSS, -7.9, 9.3, 0.013) if thorough else ACROSS
    if low > -math.inf and high < math.inf:
        parts = (*SPREAD, 0.01, 0.99, 0.29, 0.64) if thorough else SPREAD
        return [low + (high - low) * p for p in parts]
    far = (*OUTWARD, 0.017, 11.3) if thorough else OUTWARD
    return [low + d for d in far] if low > -math.inf else [high - d for d in far]
