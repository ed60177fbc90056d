"""The start of a derivation for observations that are only partly known, weighted, truncated or counted."""

from __future__ import annotations

import random
from dataclasses import replace

from ...algebra.terms import Algebra
from ...errors import NotSupported, NotValid
from ...formula.latex import latex
from ...formula.tree import mul, num, power
from ...oracle.exact import NO_DATA, Column, LogLikelihood, Source, exactly, with_sources
from ...oracle.oracle import Oracle
from ...problem.contributions import NotWritten, contributions, factors_of, gathered
from ...problem.problem import Problem
from ...problem.sample_rows import rows_of
from ...problem.test_points import random_parameters, random_points
from ..setting import State
from .exact_data import plain, plausible
from .row_contributions import in_rows

COMPACT = 160  # characters of LaTeX that a likelihood with all its numbers may take


def begin_partly(problem: Problem, general: Oracle) -> State:
    """Few partly known observations are written one by one; many, and weighted or truncated ones, are put into rows."""
    rows = rows_of(problem.sample, problem.variables, problem.covariates, {*problem.parameters, *problem.known})
    if problem.observations is not None and rows is None:
        return plain(problem, general)
    if rows is None:
        return _one_by_one(problem, general, None)
    try:
        q, reasons = in_rows(problem, rows, Algebra(problem.facts, False, tuple(problem.parameters)), general.points)
    except (NotValid, NotSupported):
        if not _written_singly(problem):
            raise
        return _one_by_one(problem, general, None)
    if _written_singly(problem) and not problem.known and not problem.in_floats:
        try:
            state = _one_by_one(problem, general, q)
            if state.factors is not None and len(latex(gathered(state.factors, state.al), problem.notation)) <= COMPACT:
                return state
        except NotWritten:
            pass
    return replace(plain(q, Oracle(random_points(q))), reasons=reasons, rows=q)


def _written_singly(problem: Problem) -> bool:
    """Whether the contributions of a sample may be written one by one."""
    s = problem.sample
    return s is not None and s.truncation is None and "weights" not in s.kinds and problem.observations is None and not s.is_large


def _one_by_one(problem: Problem, general: Oracle, rows: Problem | None) -> State:
    """The same for partly known observations whose contributions are written one by one.  Raises `NotWritten` for too many.

    rows: the question about rows, where there is one: the general form of the result.
    """
    seen = contributions(problem)
    decimals = any(x is not None and x.denominator != 1 for c in seen for x in (c.a, c.b))
    al = Algebra(problem.facts, decimals, tuple(problem.parameters))
    f = factors_of(problem, al, general.points[:3])
    letters = tuple(problem.parameters)
    height = f.log_likelihood(letters, random_parameters(problem, random.Random(1)))["ell"]
    points = []
    limits = tuple(x for c in seen for x in (c.a, c.b) if x is not None)
    product = mul(*(power(g, num(c.times)) for c, g in f.parts))
    for values in plausible(problem, height):
        exact: dict[str, Source] = {k: x for k, v in values.items() if (x := exactly(v)) is not None}
        here = with_sources({**values, "n": problem.size, problem.variables[0]: list(map(float, limits))}, exact)
        exact = {problem.variables[0]: Column(limits), **{k: LogLikelihood(product, here, letters, (), NO_DATA, k) for k in ("ell", "L")}}
        points.append(with_sources({**here, **f.log_likelihood(letters, values)}, exact))
    return State(problem, al, general, Oracle(tuple(points)), factors=f, rows=rows)
