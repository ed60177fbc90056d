"""Sums and products with their ranges."""

from __future__ import annotations

from ...formula.tree import ONE, Big, Formula, Indicator, Mul, Neg, Relation, SetOf, Sym, add, mul, names
from .derivatives import Derivatives
from .stream import plain
from .tokens import Token

Bounds = tuple[str, Formula, Formula, Formula | None]


class BigOperators(Derivatives):
    """Reads sums and products."""

    def read_sum(self) -> Formula:
        return self.big("sum")

    def read_prod(self) -> Formula:
        return self.big("prod")

    def big(self, kind: str) -> Formula:
        low, high = self.limits()
        size = Sym(self.context.size)
        if low is None:
            index = "i" if "i" in self.context.index else min(self.context.index)
            bounds: list[Bounds] = [(index, ONE, self.part(high, self.inner) if high else size, None)]
        else:
            bounds = self.part(low, lambda: self.range(high))
        self.bound += [b[0] for b in bounds]
        start = self.peek()
        body = self.term()
        del self.bound[len(self.bound) - len(bounds) :]
        if kind == "prod":
            body = self._inside_product(body, bounds, start)
        conditions = [Indicator(c) for *_, c in bounds if c is not None]
        body = mul(body, *conditions) if conditions and kind == "sum" else body
        for index, a, b, _ in bounds:
            body = Big(kind, index, a, b, body)
        return body

    def _inside_product(self, body: Formula, bounds: list[Bounds], start: Token) -> Formula:
        """A factor behind the index that does not hold it may stand inside or outside the product."""
        if not isinstance(body, Mul):
            return body
        indices = {b[0] for b in bounds}
        holds = [bool(indices & names(f)) for f in body.factors]
        if any(holds) and not holds[-1]:
            self.fail(
                "it is not clear whether the last factors belong to the product", start,
                "write brackets around the product: \\left(\\prod_{i=1}^n x_i\\right) e^{-\\lambda}",
            )  # fmt: skip
        return body

    def limits(self) -> tuple[list[Token] | None, list[Token] | None]:
        low = high = None
        for _ in (1, 2):
            if self.at_symbol("_") and low is None:
                self.next()
                low = plain(self.group())
            elif self.at_symbol("^") and high is None:
                self.next()
                high = self.group()
        return low, high

    def range(self, high: list[Token] | None) -> list[Bounds]:
        """i=1, i, i,j, 1 <= i <= n, i != j, i < j, i in {1, ..., n}."""
        size = Sym(self.context.size)
        if high is not None:
            v = self._index()
            self.need("=")
            a = self.expression()
            return [(v, a, self.part(high, self.inner), None)]
        first = self.expression()
        sign = self.sign()
        if sign is None:
            out: list[Bounds] = [(self._name(first), ONE, size, None)]
            while self.take(","):
                out.append((self._index(), ONE, size, None))
            return out
        if sign == "in":
            s = self.set_literal()
            if isinstance(s, SetOf) and s.items[0] == ONE and len(s.items) >= 2:
                return [(self._name(first), ONE, s.items[-1], None)]
            self.fail("this range is not understood", hint="write \\sum_{i=1}^{n}")
        second = self.expression()
        again = self.sign()
        if again is not None:
            third = self.expression()
            low = first if sign == "<=" else add(first, ONE)
            return [(self._name(second), low, third if again == "<=" else add(third, Neg(ONE)), None)]
        if sign == "!=":
            one, two = self._name(first), self._name(second)
            return [(one, ONE, size, None), (two, ONE, size, Relation((Sym(one), Sym(two)), ("!=",)))]
        if sign == "<":
            return [(self._name(first), ONE, add(second, Neg(ONE)), None), (self._name(second), ONE, size, None)]
        self.fail("this range is not understood" if sign != "=" else "this sum has a beginning and no end", hint="write \\sum_{i=1}^{n}")

    def _index(self) -> str:
        return self._name(self.expression())

    def _name(self, f: Formula) -> str:
        if not isinstance(f, Sym):
            self.fail("an index is one letter")
        return f.name
