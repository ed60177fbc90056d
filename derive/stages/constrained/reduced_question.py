"""The question with some parameters written by the others, as the constraints say."""

from __future__ import annotations

from collections.abc import Mapping

from ...algebra.facts import POSITIVE, Facts
from ...formula.tree import Add, Formula, Sym, names, replace_all
from ...problem.problem import Problem
from ...problem.reduction import Reduction
from ...sets.ranges import interior


def reduced_question(origin: Problem, tied: Mapping[str, Formula], kernel: Formula | None = None) -> Problem:
    """The question in the parameters that are not tied, without constraints; the arguments are those of `Reduction`."""
    left = {k: d for k, d in origin.parameters.items() if k not in tied}
    reduction = Reduction(dict(tied), kernel, _facts(origin, tied), tuple(origin.parameters))
    return origin.replace(parameters=left, constraints=(), reduction=reduction, origin=origin)


def _facts(origin: Problem, tied: Mapping[str, Formula]) -> Facts:
    """The facts of the origin; what a tied parameter is written as has that parameter's range."""
    facts = origin.facts
    table: dict[Formula, Formula] = {Sym(k): f for k, f in tied.items()}
    for g, r in origin.facts.known.items():
        facts = facts.assume(replace_all(g, table), r)
    for k, f in tied.items():
        if isinstance(f, Add) and names(f) & set(origin.parameters) - set(tied):
            facts = facts.assume(f, interior(origin.parameters[k]) if k in origin.parameters else POSITIVE)
    return facts


__all__ = ["reduced_question"]
