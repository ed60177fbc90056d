"""The labels of what comes after the estimate, and how lines of it are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..formula.names import hat
from ..formula.tree import Apply, Derivative, Formula, Matrix, Relation, Sym
from ..oracle.oracle import Oracle, computed
from ..problem.problem import Problem
from ..recorder import record
from ..rule_names import RuleName
from ..trace import Evidence, Line, Words
from .after import Matrix as Rows


def of(name: str, p: Problem, letters: Sequence[str], estimated: bool = False) -> Apply:
    """I, J, ... as functions of some parameters, or at their estimates."""
    return Apply(name, tuple(hat(k) if estimated else Sym(k) for k in letters))


def second(label: Formula, j: str, k: str) -> Derivative:
    """The second derivative of something in two letters."""
    return Derivative(label, ((Sym(j), 2),) if j == k else ((Sym(j), 1), (Sym(k), 1)))


def matrix(rows: Rows) -> Formula:
    """A matrix; of one entry that entry."""
    return rows[0][0] if len(rows) == 1 else Matrix(rows)


def same_entries(oracle: Oracle, one: Iterable[Formula], other: Iterable[Formula]) -> Evidence:
    """The evidence that the entries of two matrices are equal, pair by pair."""
    found = [oracle.equal(f, g) for f, g in zip(one, other, strict=True)]
    return min(found, key=lambda e: e.points)


def at_the_data(label: Formula, *sides: Formula, approx: Sequence[bool], rule: RuleName, reason: Words | None = None) -> Line:
    """A chain of what a label comes to at the estimate and the data."""
    signs = tuple("approx" if a else "=" for a in approx)
    return record(Relation((label, *sides), signs), computed("worked out at the estimate"), reason, rule)


__all__ = ["at_the_data", "matrix", "of", "same_entries", "second"]
