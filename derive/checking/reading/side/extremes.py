"""The greatest, the least and the median, of the sample or of a list."""

from __future__ import annotations

from ....formula.tree import Add, Apply, At, Call, Formula, Mul, SetOf, Sym, walk
from ....reading.tex.stream import CLOSING, plain
from ....reading.tex.tokens import Token
from .choices import Choices


class Extremes(Choices):
    """Order statistics."""

    def function(self, name: str) -> Formula:
        return self.median() if name == "median" else super().function(name)

    def extreme(self, word: str) -> Formula:
        """Over the sample an order statistic; over a parameter maxover, minover; of a list its greatest."""
        over: list[Token] | None = None
        if self.at_symbol("_"):
            self.next()
            over = plain(self.group())
        elif self.at_symbol("\\limits"):
            self.next()
        index = over[0].value if over else ""
        running = [u.value for u in over or () if u.value in self.context.index]
        if running:
            index = running[0]
        elif over and not any(u.value in self.context.data for u in over):
            v = self.part(over[: next((k for k, u in enumerate(over) if u.value == "in"), len(over))], self.inner)
            return Apply(word + "over", (self.term(), v))
        t = self.peek()
        if over is None and word == "max" and t.value in CLOSING:
            saved = self.i
            self.next()
            greatest = self.last_such(CLOSING[t.value])
            if greatest is not None:
                return greatest
            self.i = saved
        self.bound.append(index or "i")
        args = (self.factor(),)
        if t.value in CLOSING or t.kind == "open":
            a = args[0]
            args = a.items if isinstance(a, SetOf) else a.args if isinstance(a, Apply) and a.name == "tuple" else (a,)  # type: ignore[assignment]
        self.bound.pop()
        return self.names.extreme(word, args, index)

    def median(self) -> Formula:
        """The sample median, of whatever list of the data is written."""
        if self.at_symbol("_"):
            self.next()
            self.group()
        body = self.factor()
        data = [g.base if isinstance(g, At) else g.name for g in walk(body) if isinstance(g, (At, Sym))]
        name = next((self.names.observed(d.split("_")[0]) for d in data if self.names.observed(d.split("_")[0])), None)
        if name is None or any(isinstance(g, (Add, Mul, Call)) for g in walk(body)):
            return Call("median", body.items if isinstance(body, SetOf) else body.args if isinstance(body, Apply) else (body,))
        return Sym(name + "_med")

    def read_sup(self) -> Formula:
        return self.extreme("max")

    def read_inf(self) -> Formula:
        return self.extreme("min")
