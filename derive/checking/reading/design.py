"""The linear predictor of a regression: its coefficients, each with what it is multiplied by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...formula.tree import Add, Formula, Neg, Num, Sym, names, neg, walk
from ..slope import slope

if TYPE_CHECKING:
    from ...problem.problem import Problem

Design = tuple[tuple[str, Formula], ...]


def design_of(problem: Problem) -> Design:
    """(coefficient, column) in the order of the parameters; nothing where the density has no linear predictor."""
    if not problem.covariates or problem.whole:
        return ()
    found = [_columns(g, problem) for g in walk(problem.density) if isinstance(g, Add)]
    best = max(found, key=len, default=())
    if any(isinstance(z, Neg) and isinstance(z.arg, Num) for _, z in best):  # the predictor stands with a minus
        best = tuple((k, neg(z)) for k, z in best)
    return best


def _columns(f: Add, problem: Problem) -> Design:
    data, inside = set(problem.variables), names(f)
    letters = [k for k in problem.parameters if k in inside]
    slopes = {k: slope(f, Sym(k)) for k in letters}
    if not letters or any(names(z) & (set(problem.parameters) | data) for z in slopes.values()):
        return ()
    if any(names(t) - data for t in f.terms if not names(t) & set(letters)):
        return ()
    response = [v for v in data if v in inside]
    towards = slope(f, Sym(response[0])) if response else Num(-1)  # type: ignore[arg-type]
    sign = 1 if isinstance(towards, Num) and towards.value > 0 else -1
    return tuple((k, neg(z) if sign > 0 else z) for k, z in slopes.items())
