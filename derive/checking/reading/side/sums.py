"""Sums, products and means over the sample or over categories, with full, partial or no bounds."""

from __future__ import annotations

from ....formula.tree import ONE, At, Big, Div, Formula, Indicator, Mul, Neg, Pow, Sym, add, mul, replace_all, walk
from ....reading.tex.bigoperators import Bounds
from ....reading.tex.stream import text_of
from ....reading.tex.tokens import Token
from ..dots import dotted
from .choices import Choices, free


class Sums(Choices):
    """The big operators."""

    def big(self, kind: str) -> Formula:
        """A sum or product, with full, partial or no bounds."""
        low, high = self.limits()
        bounds = self._bounds(low, high)
        self.bound += [b[0] for b in bounds]
        body = self.term() if self.starts() or self.at("-", "+") else ONE
        if not bounds:
            bounds = [(self._index_in(body), ONE if low is None else self.part(low, self.inner), self._high(high), None)]
        indices = {b[0] for b in bounds}
        body = self._observed(body, bounds[0][0]) if not indices & free(body) else body
        if kind == "sum" and self.at_symbol("+", "-") and self._index_ahead(indices):
            body = self._rest_of_sum(body, indices)
        outside: list[Formula] = []
        if kind == "prod" and isinstance(body, Mul):
            body, outside = self._inside(body, indices)
        del self.bound[len(self.bound) - (len(bounds) if self.bound else 0) :]
        if not any(g.base in self.context.data for g in walk(body) if isinstance(g, At)) and len(bounds) == 1:
            bounds = self._categories(body, bounds)
        conditions = [Indicator(c) for *_, c in bounds if c is not None]
        if conditions:
            body = mul(body, *conditions) if kind == "sum" else Pow(body, conditions[0])
        for index, a, b, _ in bounds:
            body = Big(kind, index, a, b, body)
        return mul(body, *outside)

    def _high(self, high: list[Token] | None) -> Formula:
        return self.part(high, self.inner) if high else Sym(self.context.size)

    def _bounds(self, low: list[Token] | None, high: list[Token] | None) -> list[Bounds]:
        """What stands below and above; none where there is no index."""
        if low is None or all(u.kind == "num" for u in low):
            return []
        size = self._high(high)
        cut = next((k for k, u in enumerate(low) if u.value in (":", "mid", "|")), None)
        if cut:
            index = text_of(low[:cut])
            self.bound.append(index)
            condition = self.part(low[cut + 1 :], self.condition)
            self.bound.pop()
            return [(index, ONE, size, condition)]
        if len(low) == 1 and low[0].kind in ("letter", "cmd"):
            return [(low[0].value, ONE, size, None)]
        if low[0].kind == "letter" and low[-1].value == "=":
            return [(low[0].value, ONE, size, None)]
        if len(low) > 2 and low[1].value == "=" and low[0].kind == "letter":
            commas = [k for k, u in enumerate(low) if u.value == ","]
            if commas:  # i = 1, ..., n
                return [(low[0].value, self.part(low[2 : commas[0]], self.inner), self.part(low[commas[-1] + 1 :], self.inner), None)]
            return [(low[0].value, self.part(low[2:], self.inner), size, None)]
        if "_" in [u.value for u in low]:
            index = next((u.value for k, u in enumerate(low) if k and low[k - 1].value == "_"), "i")
            return [(index, ONE, size, self.part(low, self.condition))]
        return self.part(low, lambda: self.range(high))

    def _index_in(self, body: Formula) -> str:
        """The index that the body of a sum without bounds runs over."""
        for g in walk(body):
            if isinstance(g, At) and len(g.index) == 1 and isinstance(g.index[0], Sym) and g.index[0].name in free(body):
                if g.index[0].name not in self.bound:
                    return g.index[0].name
        return "i"

    def _observed(self, body: Formula, index: str) -> Formula:
        """The data letters of a body without an index, with it: sum x is the sum of x_i."""
        return replace_all(body, {Sym(v): At(v, (Sym(index),)) for v in self.context.data})

    def _index_ahead(self, indices: set[str]) -> bool:
        """Whether the terms that follow hold the index of this sum before another sum begins."""
        depth = 0
        for k in range(self.i, len(self.toks)):
            u = self.toks[k]
            depth += (u.kind == "open" or u.value in ("(", "[", "{", "\\{")) - (u.kind == "close" or u.value in (")", "]", "}", "\\}"))
            if depth < 0 or u.value in ("sum", "prod") or (depth == 0 and u.value == ","):
                return False
            if u.value in indices and k and self.toks[k - 1].value in ("_", "{") and u.kind == "letter":
                return True
        return False

    def _rest_of_sum(self, body: Formula, indices: set[str]) -> Formula:
        parts = [body]
        while self.at_symbol("+", "-") and self._index_ahead(indices):
            minus = self.next().value == "-"
            t = self.term()
            parts.append(Neg(t) if minus else t)
        return add(*parts)

    def _inside(self, body: Mul, indices: set[str]) -> tuple[Formula, list[Formula]]:
        """Factors behind the last one with the index stand outside the product, or inside."""
        holds = [bool(indices & free(f)) for f in body.factors]
        if not any(holds) or holds[-1]:
            return body, []
        last = max(k for k, h in enumerate(holds) if h) + 1
        if self.choose(2) == 1:
            return body, []
        return mul(*body.factors[:last]), list(body.factors[last:])

    def _categories(self, body: Formula, bounds: list[Bounds]) -> list[Bounds]:
        """A sum over k of n_k log p_k without an end runs over the categories, not over the sample."""
        index, a, b, c = bounds[0]
        others = any(isinstance(g, At) and Sym(index) in g.index for g in walk(body))
        return [(index, a, Sym("K"), c)] if others and b == Sym(self.context.size) and a == ONE and index in ("j", "k", "l") else bounds

    def mean_of(self, body: Formula) -> Formula:
        """A bar over an expression: its mean over the sample."""
        index = self._index_in(body)
        return Div(Big("sum", index, ONE, Sym(self.context.size), self._observed(body, index)), Sym(self.context.size))

    def dotted(self, parts: list[Formula], k: int, kind: str) -> Formula:
        """p_1 + ... + p_4 and x_1 ... x_n: what the parts before and after the dots share, over its index."""
        return dotted(parts, k, kind) or super().dotted(parts, k, kind)
