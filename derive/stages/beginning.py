"""The work in the making for a problem: its algebra, its oracle, and how its sample enters the likelihood."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from ..algebra import Algebra
from ..errors import DeriveError, NotSupported, NotValid
from ..formula.evaluate import Env
from ..formula.latex import latex
from ..formula.tree import Sym
from ..numerics import from_line, to_line
from ..oracle import Oracle, world
from ..question.problem import Problem, interior
from ..question.rows import rows_of
from .bysums import sums_oracle
from .contributions import NotWritten, contributions, factors_of, gathered
from .observing import in_rows
from .work import Work

NEARLY = 3.0  # log-likelihood that a point may lie below the best one found
COMPACT = 160  # characters of LaTeX that a likelihood with all its numbers may take


def begin(problem: Problem) -> Work:
    """The algebra and the oracle for a problem.

    Few partly known observations are written one by one; many, and weighted or truncated ones, are put into rows.
    """
    s = problem.sample
    general = Oracle(problem.worlds())
    if problem.sums:
        return Work(problem, Algebra(problem.facts, _decimals(problem), tuple(problem.parameters)), general, sums_oracle(problem))
    rows = rows_of(problem)
    if s is None or s.is_plain or (problem.observations is not None and rows is None):
        return _plain(problem, general)
    if rows is None:
        return _one_by_one(problem, general, None)
    try:
        q, reasons = in_rows(rows, Algebra(problem.facts, False, tuple(problem.parameters)), general.worlds)
    except DeriveError:
        if not _written_singly(problem):
            raise
        return _one_by_one(problem, general, None)
    if _written_singly(problem) and not problem.known:
        try:
            work = _one_by_one(problem, general, q)
            if work.factors is not None and len(latex(gathered(work.factors, work.al), problem.notation)) <= COMPACT:
                return work
        except NotWritten:
            pass
    work = _plain(q, Oracle(q.worlds()))
    work.reasons, work.rows = reasons, q
    return work


def _written_singly(problem: Problem) -> bool:
    """Whether the contributions of a sample may be written one by one."""
    s = problem.sample
    return s is not None and s.truncation is None and "weights" not in s.kinds and problem.observations is None and not s.is_large


def _decimals(problem: Problem) -> bool:
    return any(s.denominator != 1 for _, s in problem.sums.values())


def _plain(problem: Problem, general: Oracle) -> Work:
    seen = problem.observations
    decimals = seen is not None and seen.has_decimals
    judge = Oracle(data_worlds(problem)) if seen is not None else general
    whole = tuple(map(Sym, problem.cells.complete)) if problem.cells is not None else ()
    named = {f: Sym(k) for k, f in problem.statistics.items()}
    return Work(problem, Algebra(problem.facts, decimals, tuple(problem.parameters), whole=whole, named=named), general, judge)


def data_worlds(problem: Problem, count: int = 3) -> tuple[Env, ...]:
    """Worlds with the given data, at parameter values at which they are possible."""
    try:
        return problem.worlds(count=count, data=True)
    except NotSupported:
        seen = problem.observations
        if seen is None:
            raise
        if problem.moving:
            raise NotValid(
                "for no values of the parameters do all observations lie in the support", hint="check the data, or state another support"
            ) from None
    letters, columns = list(problem.parameters), seen.columns()

    def made(values: Env) -> Env:
        return world(values, columns, problem.log_density, letters, tuple(problem.variables))

    height = made(problem.point(random.Random(1)))["ell"]
    return tuple(made(v) for v in plausible(problem, height, count))


def _one_by_one(problem: Problem, general: Oracle, rows: Problem | None) -> Work:
    """The same for partly known observations whose contributions are written one by one.  Raises `NotWritten` for too many.

    rows: the question about rows, where there is one: the general form of the result.
    """
    seen = contributions(problem)
    decimals = any(x is not None and x.denominator != 1 for c in seen for x in (c.a, c.b))
    al = Algebra(problem.facts, decimals, tuple(problem.parameters))
    f = factors_of(problem, al, general.worlds[:3])
    letters = tuple(problem.parameters)
    height = f.log_likelihood(letters, problem.point(random.Random(1)))["ell"]
    worlds = []
    for values in plausible(problem, height):
        values |= {"n": problem.size, problem.variables[0]: [float(x) for c in seen for x in (c.a, c.b) if x is not None]}
        worlds.append({**values, **f.log_likelihood(letters, values)})
    return Work(problem, al, general, Oracle(tuple(worlds)), factors=f, rows=rows)


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
        at = [from_line(c + rng.uniform(-0.3, 0.3), *b) for c, b in zip(centre, bounds, strict=True)]
        out.append({**problem.point(rng), **dict(zip(letters, at, strict=True))})
    return out


def _starts(problem: Problem, letters: list[str], bounds: Sequence[tuple[float, float]], rng: random.Random) -> list[list[float]]:
    """Points of the domains at many scales."""
    out = []
    for j in range(90):
        point = problem.point(rng)
        scale = 10.0 ** (j % 9 - 4)
        other = 10.0 ** (j // 9 % 5) if len(letters) > 1 else 1.0
        sizes = [scale, other, scale, other]
        out.append([point[k] * (sizes[i % 4] if hi == math.inf else 1) for i, (k, (_, hi)) in enumerate(zip(letters, bounds, strict=True))])
    return out


__all__ = ["begin", "data_worlds", "plausible"]
