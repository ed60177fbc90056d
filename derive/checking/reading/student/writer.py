"""What a parser knows of the writer of a solution: the notation, and the choices that it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ....formula.tree import At, Big, Formula, Sym, children
from ....reading.tex.parser import Parser
from ..notation_scan import Notation


@dataclass(slots=True)
class Writer:
    """names: how the solution writes things.  script: the choices to make, where there are any.  options: how many there were at each."""

    names: Notation
    script: tuple[int, ...] = ()
    options: list[int] = field(default_factory=list)

    def choose(self, options: int) -> int:
        """The choice at this place: 0 is the likeliest."""
        k = len(self.options)
        self.options.append(options)
        return self.script[k] if k < len(self.script) else 0


P: TypeAlias = Parser[Writer]


def free(f: Formula) -> set[str]:
    """The letters of f that no sum or product binds, bases of indexed letters too."""
    match f:
        case Sym(name):
            return {name}
        case At(base, index):
            return {base}.union(*map(free, index))
        case Big(_, index, low, high, body):
            return free(low) | free(high) | (free(body) - {index})
    return set().union(*map(free, children(f)))
