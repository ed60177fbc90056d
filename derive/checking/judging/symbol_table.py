"""What the writer of a solution has said so far, and what a formula of theirs lacks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...formula.tree import Apply, At, Div, Formula, N, Sym, has, total


class Unknown(Exception):
    """A side without a meaning; the argument says why."""


@dataclass
class Book:
    """Letters and functions of the writer's own.

    letters: own letters.  functions: own functions, with their arguments.  estimates: by the name of an estimate, the function of the
    data that it was found to be.
    """

    letters: dict[str, Formula] = field(default_factory=dict)
    functions: dict[str, tuple[tuple[Formula, ...], Formula]] = field(default_factory=dict)
    estimates: dict[str, Formula] = field(default_factory=dict)

    def define(self, head: Formula, body: Formula) -> bool:
        """Take up the meaning of a letter or a function; False where it is none, or speaks of itself."""
        if has(body, head):
            return False
        if isinstance(head, Sym):
            self.letters[head.name] = body
            return True
        if isinstance(head, At) and len(head.index) == 1 and isinstance(head.index[0], Sym):
            self._values(head.base, head.index[0], body)
            return True
        if isinstance(head, Apply):
            self.functions[head.name] = (head.args, body)
            return True
        return False

    def _values(self, base: str, index: Sym, body: Formula) -> None:
        """Y_i, one value for each observation: also as y_i where that has no meaning yet, and with its mean."""
        for name in dict.fromkeys((base, base.swapcase() if len(base) == 1 else base)):
            if name != base and name + "[]" in self.functions:
                continue
            self.functions[name + "[]"] = ((index,), body)
            self.letters.setdefault(name + "_bar", Div(total(body, index.name), N))
