"""Roots, binomials, integrals, limits, the greatest and the least."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.tree import ONE, Apply, At, Call, Const, Div, Dots, Formula, Integral, Last, Limit, Pow, Relation, Sym
from .bigoperators import BigOperators
from .stream import CLOSING, plain


class Operators(BigOperators):
    """Commands with a structure of their own: `read_NAME` reads what follows the command NAME."""

    # -- roots and binomials ----------------------------------------------------------------------

    def read_sqrt(self) -> Formula:
        if self.at_symbol("["):
            self.next()
            k = self.bracketed("]")
            return Pow(self.part(self.group(), self.inner), Div(ONE, k))
        return Call("sqrt", (self.part(self.group(), self.inner),))

    def read_binom(self) -> Formula:
        top = self.part(self.group(), self.inner)
        return Call("binomial", (top, self.part(self.group(), self.inner)))

    def read_lfloor(self) -> Formula:
        return Call("floor", (self.bracketed("rfloor"),))

    # -- integrals and limits ---------------------------------------------------------------------

    def read_int(self) -> Formula:
        low, high = self.limits()
        self.integrals += 1
        body = self.expression() if self.starts() or self.at("-") else ONE
        self.integrals -= 1
        if not self.differential():
            self.fail("this integral has no dx")
        name = self.base()
        if name is None:
            self.fail("the variable of the integral is missing")
        if low is None or high is None:
            return Integral(body, Sym(name), None, None)
        return Integral(body, Sym(name), self.part(low, self.inner), self.part(high, self.inner))

    def read_lim(self) -> Formula:
        self.need("_")
        g = self.group()
        k = next((j for j, u in enumerate(g) if u.value == "to"), None)
        if k is None:
            self.fail("a limit needs \\to", g[0])
        v, to = self.part(g[:k], self.inner), self.part(g[k + 1 :], self.inner)
        return Limit(self.term(), v, to)

    # -- greatest, least --------------------------------------------------------------------------

    def read_max(self) -> Formula:
        return self.extreme("max")

    def read_min(self) -> Formula:
        return self.extreme("min")

    def extreme(self, word: str) -> Formula:
        """max_i x_i and max{x_1, ..., x_n} are order statistics; else the greatest of a list."""
        if self.at_symbol("_"):
            self.next()
            g = plain(self.group())
            self.bound.append(g[0].value)
            body = self.factor()
            self.bound.pop()
            if isinstance(body, At) and not body.base.endswith("_ord"):
                return At(body.base + "_ord", (Sym(self.context.size) if word == "max" else ONE,))
            self.fail(f"{word} over an index of an expression is not supported")
        t = self.next()
        if t.value not in CLOSING:
            self.fail(f"{word} needs a list in brackets", t)
        greatest = self.last_such(CLOSING[t.value]) if word == "max" else None
        if greatest is not None:
            return greatest
        args = self.listed(CLOSING[t.value])
        if Dots() in args:
            data = [a for a in args if isinstance(a, At)]
            if len(data) >= 2 and args[0] == data[0] and data[0].index == (ONE,) and len({a.base for a in data}) == 1:
                return At(data[0].base + "_ord", data[-1].index if word == "max" else (ONE,))
            self.fail(f"the dots in this {word} are not understood", t)
        return Call(word, args)

    def last_such(self, closing: str) -> Formula | None:
        """The rest of max{N > a : f(N) >= c}, the last whole number above a for which that holds; None for another list."""
        saved = self.i
        try:
            above = self.comparison()
            if above is None or not self.at_symbol(":"):
                self.i = saved
                return None
            self.next()
            condition = self.comparison()
            self.need(closing)
        except NotValid:
            self.i = saved
            return None
        match above, condition:
            case Relation((Sym(u), start), (">",)), Relation((_, _), (">=",)):
                return Last(u, start, Const("oo"), condition)
            case Relation((start, Sym(u), end), ("<", "<=")), Relation((_, _), (">=",)):
                return Last(u, start, end, condition)
        self.i = saved
        return None

    def comparison(self) -> Relation | None:
        """A chain of expressions with signs between them; None where there is no sign."""
        sides, signs = [self.expression()], list[str]()
        while (s := self.sign()) is not None:
            signs.append(s)
            sides.append(self.expression())
        return Relation(tuple(sides), tuple(signs)) if signs else None

    def read_arg(self) -> Formula:
        t = self.next()
        if t.value not in ("max", "min"):
            self.fail("\\arg is followed by \\max or \\min", t)
        return self.arg_extreme("arg" + t.value)

    def arg_extreme(self, word: str) -> Formula:
        v: Formula | None = None
        if self.at_symbol("_"):
            self.next()
            g = self.group()
            stop = next((j for j, u in enumerate(g) if u.value == "in"), len(g))
            v = self.part(g[:stop], self.inner)
        body = self.term()
        return Apply(word, (body,) if v is None else (body, v))
