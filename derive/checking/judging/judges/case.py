"""One statement with one reading of its sides, under one binding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ....formula.tree import Formula
from ..claim_kinds import Kind
from ..document import Statement
from ..roles import Role, role_of
from ..sides import Sides


@dataclass(frozen=True)
class Case:
    """under: the sides of all statements under the binding.  left, right: the sides as they are written."""

    under: Sides
    statement: Statement
    left: Formula
    right: Formula

    @cached_property
    def a(self) -> Formula:
        """The left side over the letters of a point.  Raises Unknown."""
        return self.under.resolved(self.left)

    @cached_property
    def b(self) -> Formula:
        """The right side over the letters of a point.  Raises Unknown."""
        return self.under.resolved(self.right)

    @property
    def sign(self) -> str:
        return self.statement.claim.sign

    @cached_property
    def role(self) -> Role:
        """What the statement claims by what stands on its sides."""
        j = self.under
        return role_of(self.statement, (self.left, self.right), (self.a, self.b), j.meaning.parameters, j.hats)

    @cached_property
    def kind(self) -> Kind:
        """What it speaks of, in its chain so far."""
        return self.under.kind(self.statement, (self.left, self.right))
