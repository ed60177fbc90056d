"""The estimates under constraints against a search: no point that satisfies the constraints has a higher likelihood."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

from ...density.inference.feasible import feasible
from ...errors import NotValid
from ...formula.evaluate import Env, holds
from ...formula.tree import equation
from ...oracle.oracle import Refuted
from ...problem.problem import Problem

POINTS = 60  # random feasible points at a test point
STEPS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.001)  # how far on the way to each it is looked
SLACK = 1e-9
BESIDE = 1e-7  # the same where a feasible point may lie a rounding error beside an equation


def search(p: Problem, w: Env, at: Mapping[str, float], seed: int = 5) -> None:
    """Raises `Refuted` where the estimate breaks a constraint, or a point between it and a random feasible one is higher."""
    letters = tuple(p.parameters)
    here: Env = {**w, **at}
    for c in p.constraints:
        on_the_border = c.signs[0] in ("<=", ">=") and holds(equation(*c.sides))(here)
        if not (on_the_border or holds(c)(here)):
            raise Refuted("the estimates do not satisfy the constraints")
    height = w["ell"](*(at[k] for k in letters))
    if math.isnan(height):
        raise Refuted("the likelihood has no value at the estimates")
    rng = random.Random(seed)
    slack = BESIDE if any(c.signs == ("=",) for c in p.constraints) else SLACK
    for _ in range(POINTS):
        other = _drawn(p, w, rng)
        if other is None:
            continue
        for s in STEPS:
            point = [at[k] + s * (other[k] - at[k]) for k in letters]
            there = w["ell"](*point) if not p.moving or p.possible({**w, **dict(zip(letters, point, strict=True))}) else -math.inf
            if there > height + slack * (1 + abs(height)) and inside(p, w, letters, point):
                raise Refuted(f"the likelihood is larger at {point} ({there}) than at the estimate {dict(at)} ({height})")


def inside(p: Problem, w: Env, letters: Sequence[str], point: Sequence[float]) -> bool:
    """Whether a point lies in the domains and satisfies the constraints."""
    env = {**w, **dict(zip(letters, point, strict=True))}
    return all(p.parameters[k].contains(env[k], env) for k in letters) and all(holds(c)(env) for c in p.implied)


def _drawn(p: Problem, w: Env, rng: random.Random) -> Env | None:
    for _ in range(20):
        env = dict(w)
        try:
            for k, d in p.parameters.items():
                env[k] = d.points(rng, env, 1)[0]
        except NotValid:
            continue
        point = feasible(env, p.implied, p.parameters)
        if point is not None:
            return point
    return None


__all__ = ["inside", "search"]
