"""What a reader is told about the names in a text, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..formula.tree import Formula

DATA = frozenset("xyzXYZ")
OWN_SIZE = "n_own"  # a density's own letter n, so that n can be the sample size; shown as n, and the size as N
FUNCTIONS = frozenset({"f", "F", "L", "ell", "E", "Var", "Cov", "P", "Pr", "logit", "median"})


@dataclass(frozen=True, slots=True)
class Context:
    """Declared names, in the inside spelling of `formula.names`.

    parameters: letters that are never functions nor constants (a parameter pi is not 3.14…).
    data: bases that take an index.  functions: names that are called.  index: letters that run.
    atoms: bases whose square is a letter of its own: {"sigma": "sigma2"}.
    matrices: name to shape.  decimal: the decimal sign.
    strict: whether a letter that is nowhere declared is refused.  careful: whether h(x), of two undeclared letters, is a
    function and w1 a letter with a subscript, and neither a product.
    """

    parameters: frozenset[str] = frozenset()
    data: frozenset[str] = DATA
    functions: frozenset[str] = FUNCTIONS
    index: frozenset[str] = frozenset({"i"})
    atoms: Mapping[str, str] = field(default_factory=dict)
    matrices: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    decimal: str = "."
    size: str = "n"
    strict: bool = False
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of a text: an expression or a relation (chain), its side condition, where it begins.

    connective: how it is joined to the one before: "implies", "iff" or None.
    notation: names in it to the LaTeX that was written for them.
    """

    formula: Formula
    condition: Formula | None = None
    position: int = 0
    connective: str | None = None
    warnings: tuple[str, ...] = ()
    notation: Mapping[str, str] = field(default_factory=dict)
