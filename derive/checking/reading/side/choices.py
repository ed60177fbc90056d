"""Reading with choices: where notation leaves one, every way is taken in turn."""

from __future__ import annotations

from ....formula.tree import At, Big, Formula, Sym, children
from ....reading.tex.statements import Statements
from ..scan import Notation


class Choices(Statements):
    """Reads one side; `script` holds the choices to make, `options` the number there were at each."""

    def __init__(self, text: str, notation: Notation, script: tuple[int, ...] = ()):
        super().__init__(text, notation.context)
        self.names, self.script = notation, script
        self.options: list[int] = []

    def choose(self, options: int) -> int:
        """The choice at this place: 0 is the likeliest."""
        k = len(self.options)
        self.options.append(options)
        return self.script[k] if k < len(self.script) else 0

    def whole(self) -> Formula:
        """All of the text as one formula."""
        f = self.expression()
        if self.peek().kind != "eof":
            self.fail(f"{self.peek().value!r} is not expected here")
        return f


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
