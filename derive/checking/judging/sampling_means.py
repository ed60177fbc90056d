"""Means of statistics of a whole sample: E of an estimator, of the sum of squares about the mean, of the largest observation.

A statistic T of independent observations with the same distribution is taken apart about a point c: T(c, ..., c), what
one observation adds, what two add together.  Where that is all of T, and what two add is a product, its mean is made of
integrals over one observation.  That of the largest or the least is an integral with the distribution function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...density.integration.normalise import total_along
from ...formula.evaluate import Env, compiled
from ...formula.restrict import restricted
from ...formula.tree import ONE, At, Formula, N, Sym, walk
from .model import Model


@dataclass(frozen=True)
class Observation:
    """The only variable of a model, and the probabilities that an observation lies below or above a value, at a test point."""

    model: Model
    variable: str
    below: Callable[[float, Env], float]
    above: Callable[[float, Env], float]


Statistic = Callable[[Sequence[float]], float]
CLOSE = 1e-9
LARGEST = 12  # observations in a sample that is taken apart


def mean_of_statistic(one: Observation, f: Formula, env: Env) -> float:
    """E(f) for a formula in the sample of the only variable; nan where it is not found."""
    v = one.variable
    if not isinstance(env.get(v), list) or len(env[v]) > LARGEST:
        return math.nan
    xs, value = env[v], compiled(f)

    def statistic(at: Sequence[float]) -> float:
        return value({**env, v: list(at), v + "_bar": math.fsum(at) / len(at)})

    ends = {g.index for g in walk(f) if isinstance(g, At) and g.base == v + "_ord"}
    others = any((isinstance(g, At) and g.base == v) or (isinstance(g, Sym) and g.name in (v + "_bar", v + "_med")) for g in walk(f))
    if ends and not others:
        return _of_an_end(one, v, ends, statistic, env)
    return math.nan if ends else _taken_apart(one, v, xs, statistic, env)


def _integrated(one: Observation, v: str, h: Callable[[float], float], env: Env) -> float:
    """E(h(X)) for one observation."""
    p = one.model.problem.as_asked
    plain = {k: x for k, x in env.items() if not isinstance(x, list)}
    d = restricted(p.density, v, plain)
    got = total_along(lambda x: h(x) * d(x), p.density, v, p.support[v], plain)
    return math.nan if got is None else got


def _of_an_end(one: Observation, v: str, ends: set[tuple[Formula, ...]], statistic: Statistic, env: Env) -> float:
    """E(g(X_(n))) is the integral of g n f F^(n-1); that of the least has 1 - F."""
    size = int(env["n"])
    if ends not in ({(N,)}, {(ONE,)}) or one.model.problem.as_asked.support[v].discrete:
        return math.nan
    share = one.below if ends == {(N,)} else one.above

    def weighted(t: float) -> float:
        return statistic([t] * size) * size * share(t, env) ** (size - 1)

    return _integrated(one, v, weighted, env)


def _taken_apart(one: Observation, v: str, xs: Sequence[float], statistic: Statistic, env: Env) -> float:
    size, (least, *_, greatest) = len(xs), sorted(xs) * 2
    c = least + 0.618034 * (greatest - least)  # no observation, so that what three add together would show
    if size < 2 or c in xs:
        return math.nan
    base = statistic([c] * size)

    def alone(x: float) -> float:
        return statistic([x, *[c] * (size - 1)]) - base

    def two(x: float, y: float) -> float:
        return statistic([x, y, *[c] * (size - 2)]) - base - alone(x) - alone(y)

    pairs = [(x, y) for k, x in enumerate(xs) for y in xs[:k]]
    scale = abs(base) + sum(abs(alone(x)) for x in xs) + abs(statistic(xs))
    whole = base + math.fsum(map(alone, xs)) + math.fsum(two(x, y) for x, y in pairs)
    if not abs(whole - statistic(xs)) <= CLOSE * scale:
        return math.nan
    mean = base + size * _integrated(one, v, alone, env)
    a, b = max(pairs, key=lambda p: abs(two(*p)), default=(c, c))
    top = two(a, b)
    if abs(top) <= CLOSE * scale:
        return mean
    if any(abs(two(x, y) * top - two(x, b) * two(a, y)) > CLOSE * (top * top + abs(two(x, y) * top)) for x, y in pairs):
        return math.nan
    both = _integrated(one, v, lambda x: two(x, b), env) * _integrated(one, v, lambda y: two(a, y), env) / top
    return mean + size * (size - 1) / 2 * both
