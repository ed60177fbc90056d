"""How far logarithms, products without brackets and slashes reach."""

from __future__ import annotations

from ....formula.tree import Apply, Call, Div, Formula, Neg, Num, Pow, Sym, mul, num
from ....reading.tex.calls import INVERSE, OF_TWO
from ....reading.tex.expressions import FUNCTIONS
from ....reading.tex.stream import CLOSING
from ....reading.tex.tokens import GREEK
from .choices import Choices


class Reach(Choices):
    """Functions with and without brackets."""

    def function(self, name: str) -> Formula:
        """log, exp and the like; after a bracket a power or factorial may belong to the value or the argument."""
        base = power = None
        for _ in (1, 2):
            if self.at_symbol("_"):
                self.next()
                base = self.part(self.group(), self.inner)
            if self.at_symbol("^"):
                self.next()
                power = self.part(self.group(), self.inner)
        t = self.peek()
        bracket = (t.kind == "open" and t.value in CLOSING) or (t.kind == "sym" and t.value in CLOSING)
        if bracket:
            self.next()
            arg = self.bracketed(CLOSING[t.value])
            if name in OF_TWO and isinstance(arg, Apply) and arg.name == "tuple" and len(arg.args) == 2:
                return Call(name, arg.args)
            arg = self._behind_bracket(arg, name, power)
        elif t.kind == "sym" and t.value == "{":
            arg = self.after(self.atom())
        else:
            arg = self.bare_argument()
        if power == num(-1) and name in INVERSE and self.choose(2) == 0:
            return Call(INVERSE[name], (arg,))
        f: Formula = Call(name, (arg,))
        if base is not None and base != Sym("e"):
            f = Div(f, Call(name, (base,)))
        return f if power is None else Pow(f, power)

    def _behind_bracket(self, arg: Formula, name: str, power: Formula | None) -> Formula:
        if name != "log":
            return arg
        if self.at_symbol("!") and self.choose(2) == 0:
            self.next()
            return Call("factorial", (arg,))
        if self.at_symbol("^") and power is None and self.choose(2) == 1:
            self.next()
            return self.raised(arg, self.part(self.group(), self.inner))
        return arg

    def bare_argument(self) -> Formula:
        """The argument of a function without brackets: the factors that follow, all of them or only the first."""
        minus = bool(self.take("-"))
        fs: list[Formula] = []
        ends: list[int] = []
        while self.starts():
            t = self.peek()
            function = t.kind == "cmd" and (t.value in FUNCTIONS or t.value in ("sum", "prod", "int", "lim", "max", "min"))
            if fs and function:
                break
            opens = t.kind == "open" or t.value in ("(", "[", "\\{", "frac")
            if fs and opens and self.choose(2) == 0:
                break
            fs.append(self.factor())
            ends.append(self.i)
            if function:
                break
        if not fs:
            self.fail("the function has no argument")
        if len(fs) > 1 and (pick := self.choose(min(3, len(fs)))):
            fs = fs[:pick]
            self.i = ends[pick - 1]
        f = mul(*fs)
        if self.at("/") and self.peek(1).kind in ("num", "letter", "cmd") and self.choose(2) == 1:
            self.next()
            f = Div(f, self.factor())
        return Neg(f) if minus else f

    def _goes_below(self, below: list[Formula]) -> bool:
        """After a slash: a/bc is a/(bc), or (a/b)c."""
        t = self.peek()
        letter = t.kind == "letter" or (t.kind == "cmd" and (t.value in GREEK or t.value in ("hat", "bar")))
        if not letter:
            return False
        return self.choose(2) == (0 if all(isinstance(f, Num) for f in below) else 1)

    def read_lg(self) -> Formula:
        """The logarithm to base 10."""
        return Div(self.function("log"), Call("log", (num(10),)))
