"""The start of a derivation for observations that are known exactly, or for a symbolic sample, and parameter values at which the
data are possible."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from itertools import product

from ...algebra.terms import Algebra
from ...density.support.admissible import interval
from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env
from ...formula.tree import Sym, names
from ...numerics.search import from_line, to_line
from ...oracle.exact import Column, Exactly, exactly
from ...oracle.oracle import Oracle, test_point
from ...problem.problem import Problem
from ...problem.test_points import random_parameters, random_points
from ...sets.domain import REAL
from ...sets.ranges import interior
from ..setting import State

IMPOSSIBLE = "for no values of the parameters do all observations lie in the support"
ROUNDING = 1e-9  # of an end that the data set to a parameter, relative to its size
REACHES = (0.3, 0.3, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-5, 0.0)  # how far from the best point found others are drawn
POWERS = (-2, -1, 0, 1, 2)  # of the size of the data, which parameters may have as their own
DRAWN = 3  # points for each pair of them
ORDINARY = (1e-4, 1e4)  # sizes of data that need no others
LARGEST = 1e150
NEARLY = 3.0  # log-likelihood that a point may lie below the best one found


def plain(problem: Problem, general: Oracle) -> State:
    """For observations known exactly, or a symbolic sample."""
    seen = problem.observations
    decimals = seen is not None and seen.has_decimals
    judge = Oracle(data_points(problem)) if seen is not None else general
    whole = tuple(map(Sym, problem.cells.complete)) if problem.cells is not None else ()
    named = {f: Sym(k) for k, f in problem.statistics.items()}
    return State(problem, Algebra(problem.facts, decimals, tuple(problem.parameters), whole=whole, named=named), general, judge)


def data_points(problem: Problem, count: int = 3) -> tuple[Env, ...]:
    """Test points with the given data, at parameter values at which they are possible."""
    try:
        return random_points(problem, count=count, data=True)
    except NotSupported:
        seen = problem.observations
        if seen is None:
            raise
        if problem.moving and not _nearly_possible(problem, seen.columns()):
            raise NotValid(IMPOSSIBLE, hint="check the data, or state another support") from None
        if problem.moving:
            raise NotSupported(
                "the data leave so little room to the parameters that floating-point numbers do not tell whether any value of them is possible"
            ) from None
    letters, columns = list(problem.parameters), seen.columns()
    exactly_seen = {k: Column(xs) for k, xs in seen.exact_columns().items()}

    def made(values: Env) -> Env:
        drawn = {} if problem.implied else {k: x for k, v in values.items() if (x := exactly(v)) is not None}
        exact = Exactly({**drawn, **exactly_seen}, seen.rows, problem.log_density.formula)
        return test_point(values, columns, problem.log_density, letters, tuple(problem.variables), exact)

    height = made(random_parameters(problem, random.Random(1)))["ell"]
    return tuple(made(v) for v in plausible(problem, height, count))


def _nearly_possible(problem: Problem, columns: Mapping[str, list[float]]) -> bool:
    """Whether the observations set ends to a parameter that pass each other by no more than what may be rounding."""
    env: Env = {**columns, "n": len(next(iter(columns.values())))}
    for found in problem.bounds.values():
        alone = tuple(b for b in found if not names(b.end) & {*problem.parameters, *problem.known})
        low, high = interval(alone, REAL, env)
        if math.isfinite(low - high) and 0 <= low - high <= ROUNDING * (1 + abs(low)):
            return True
    return False


def plausible(problem: Problem, height: Callable[..., float], count: int = 3) -> list[Env]:
    """Parameter values at which the observations are not all but impossible: of those that are nearly the likeliest found
    the least extreme, so that a likelihood which grows without end is not looked at where it has become flat."""
    letters, rng = list(problem.parameters), random.Random(2)
    bounds = [(r.low, r.high) for r in (interior(problem.parameters[k]) for k in letters)]
    found: list[tuple[float, list[float]]] = []
    for start in _starts(problem, letters, bounds, rng):
        v = height(*start) if all(lo < x < hi for x, (lo, hi) in zip(start, bounds, strict=True)) else -math.inf
        if math.isfinite(v):
            found.append((v, [to_line(x, *b) for x, b in zip(start, bounds, strict=True)]))
    if not found:
        raise NotSupported("no parameter values were found at which the observations are possible", hint="check the data and the domains")
    top = max(v for v, _ in found)
    near = [t for v, t in found if v >= top - max(NEARLY, 0.1 * abs(top))]
    centre = min(near, key=lambda t: max(map(abs, t)))
    out: list[Env] = []
    for _ in range(count):
        for reach in REACHES:  # near a border of what the data allow not so far
            at = [from_line(c + rng.uniform(-reach, reach), *b) for c, b in zip(centre, bounds, strict=True)]
            if math.isfinite(height(*at)):
                break
        out.append({**random_parameters(problem, rng), **dict(zip(letters, at, strict=True))})
    return out


def _starts(problem: Problem, letters: list[str], bounds: Sequence[tuple[float, float]], rng: random.Random) -> list[list[float]]:
    """Points of the domains at many scales."""
    out = []
    for j in range(90):
        point = random_parameters(problem, rng)
        scale = 10.0 ** (j % 9 - 4)
        other = 10.0 ** (j // 9 % 5) if len(letters) > 1 else 1.0
        sizes = [scale, other, scale, other]
        out.append([point[k] * (sizes[i % 4] if hi == math.inf else 1) for i, (k, (_, hi)) in enumerate(zip(letters, bounds, strict=True))])
    size = _size(problem)
    for first, second in product(POWERS, repeat=2) if size else ():
        for _ in range(DRAWN):
            point = random_parameters(problem, rng)
            sizes = [size**first, size**second]
            out.append(
                [point[k] * (sizes[i % 2] if hi == math.inf else 1) for i, (k, (_, hi)) in enumerate(zip(letters, bounds, strict=True))]
            )
    return out


def _size(problem: Problem) -> float:
    """The size of the data; 0 where they are of the size of ordinary numbers, or floats would not hold its powers."""
    sample = problem.as_asked.sample
    if sample is None:
        return 0.0
    ends = (x for e in (*sample.interval, *sample.counts) for x in (e if isinstance(e, tuple) else (e,)))
    columns = (sample.right, sample.left, *sample.exact.values())
    seen = (*ends, *(x for c in columns for x in (c if isinstance(c, tuple) else (c.low, c.high))))
    size = max((abs(float(x)) for x in seen if math.isfinite(x)), default=0.0)
    return size if 0 < size < ORDINARY[0] or ORDINARY[1] < size < LARGEST else 0.0
