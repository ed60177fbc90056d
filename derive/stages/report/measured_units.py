"""Which quantities are measured in the unit of the observations: found from how the density changes with the scale."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from fractions import Fraction

from ...formula.evaluate import Env, compiled
from ...formula.tree import Formula
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...problem.test_points import random_parameters, random_points
from ..setting import settle_answers

POWERS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-1, 2))
MOST = 3  # parameters
SCALE = 1.7


def in_units(p: Problem, estimates: Mapping[str, Formula], quantity: Formula) -> bool:
    """Whether a quantity is in the unit of the observations: it doubles when they do."""
    if len(p.variables) != 1:
        return False
    if p.support[p.variables[0]].discrete:
        return bool(estimates) and _with_the_data(p, estimates, quantity)
    powers = dimensions(p)
    if powers is None:
        return bool(estimates) and _with_the_data(p, estimates, quantity)
    f, env = compiled(quantity), random_parameters(p, random.Random(8))
    scaled = {**env, **{k: env[k] * SCALE ** float(d) for k, d in powers.items()}}
    return abs(f(scaled) - SCALE * f(env)) <= 1e-9 * abs(f(env))


def dimensions(p: Problem) -> dict[str, Fraction] | None:
    """Exponents d with f(c x; c^d theta) = f(x; theta)/c: in what power of the unit each parameter is measured."""
    letters = [*p.parameters, *p.known]
    if len(letters) > MOST:
        return None
    (v,) = p.variables
    rng = random.Random(8)
    points: list[tuple[Env, float]] = []
    for _ in range(3):
        env = random_parameters(p, rng)
        points.append((env, p.support[v].points(rng, env, 1)[0]))
    for powers in sorted(itertools.product(POWERS, repeat=len(letters)), key=lambda d: sum(map(abs, d))):
        scale = {k: SCALE ** float(d) for k, d in zip(letters, powers, strict=True)}
        if all(_scales(p, v, env, x, scale) for env, x in points):
            return dict(zip(letters, powers, strict=True))
    return None


def _scales(p: Problem, v: str, env: Env, x: float, scale: Mapping[str, float]) -> bool:
    before = p.log_density({**env, v: x})
    after = p.log_density({**env, **{k: env[k] * s for k, s in scale.items()}, v: SCALE * x})
    return math.isfinite(before) and abs(after + math.log(SCALE) - before) <= 1e-9 * (1 + abs(before))


def _with_the_data(p: Problem, estimates: Mapping[str, Formula], quantity: Formula) -> bool:
    """The same by the estimates at a random sample and at its double."""
    point = random_points(p.without_data(), 1)[0]
    doubled = {**point, **{v: [2 * x for x in point[v]] for v in p.variables}, **{v + "_bar": 2 * point[v + "_bar"] for v in p.variables}}
    once, twice = (settle_answers(Oracle((w,)), estimates).values(quantity)[0] for w in (point, doubled))
    return abs(twice - 2 * once) <= 1e-6 * abs(once)


__all__ = ["dimensions", "in_units"]
