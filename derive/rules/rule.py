"""A rewrite rule as the engine applies it: called like the function that it declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..algebra.terms import Algebra
from ..formula.tree import Formula, Sym
from ..rule_names import REASONS, RuleName

Rewrite = Callable[..., Formula | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One move of algebra that keeps the value of a formula.

    example: LaTeX before and after, with letters positive: it is the rule's test and its documentation.
    rewrite: the formula after, or None where the rule does not apply.
    """

    name: RuleName
    example: tuple[str, str]
    rewrite: Rewrite

    @property
    def reason(self) -> str:
        """Plain words, as a teacher would say it beside the line."""
        return REASONS[self.name]

    def __call__(self, f: Formula, al: Algebra, *unknown: Sym) -> Formula | None:
        """f after the rule, or None where it does not apply.  unknown: the letter to set free, for a rule that asks for it."""
        return self.rewrite(f, al, *unknown)


def rule(name: RuleName, example: tuple[str, str]) -> Callable[[Rewrite], Rule]:
    """The rule that a function carries out."""
    return lambda rewrite: Rule(name, example, rewrite)
