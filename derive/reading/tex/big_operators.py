"""Sums and products with their ranges, and those that are written with dots."""

from __future__ import annotations

from ...formula.tree import ONE, Apply, At, Big, Formula, Indicator, Mul, Neg, Relation, SetOf, Sym, add, mul, names, num, replace, walk
from .parser import P
from .side_conditions import set_literal
from .tokens import Token

Bounds = tuple[str, Formula, Formula, Formula | None]


def big(p: P, t: Token) -> Formula:
    """A sum or product."""
    low, high = limits(p)
    if low is None:
        index = "i" if "i" in p.context.index else min(p.context.index)
        bounds: list[Bounds] = [(index, ONE, p.part(high, p.inner) if high else Sym(p.context.size), None)]
    else:
        bounds = p.part(low, lambda: ranges(p, high))
    p.bound += [b[0] for b in bounds]
    start = p.peek()
    body = p.term()
    del p.bound[len(p.bound) - len(bounds) :]
    conditions = [Indicator(c) for *_, c in bounds if c is not None]
    if t.value == "sum":
        body = mul(body, *conditions) if conditions else body
    else:
        _all_inside(p, body, bounds, start)
    for index, a, b, _ in bounds:
        body = Big(t.value, index, a, b, body)
    return body


def _all_inside(p: P, body: Formula, bounds: list[Bounds], start: Token) -> None:
    """A factor behind the index that does not hold it may stand inside or outside the product: it is asked about."""
    indices = {b[0] for b in bounds}
    holds = [bool(indices & names(f)) for f in body.factors] if isinstance(body, Mul) else []
    if any(holds) and not holds[-1]:
        p.fail(
            "it is not clear whether the last factors belong to the product", start,
            "write brackets around the product: \\left(\\prod_{i=1}^n x_i\\right) e^{-\\lambda}",
        )  # fmt: skip


def limits(p: P) -> tuple[list[Token] | None, list[Token] | None]:
    """What stands below and above."""
    low = high = None
    for _ in (1, 2):
        if low is None and p.take_symbol("_"):
            low = p.group()
        elif high is None and p.take_symbol("^"):
            high = p.group()
    return low, high


def ranges(p: P, high: list[Token] | None) -> list[Bounds]:
    """i=1, i, i,j, 1 <= i <= n, i != j, i < j, i in {1, ..., n}."""
    size = Sym(p.context.size)
    first = p.expression()
    if high is not None:
        index = _name(p, first)
        p.need("=")
        a = p.expression()
        return [(index, a, p.part(high, p.inner), None)]
    sign = p.sign()
    if sign is None:
        out: list[Bounds] = [(_name(p, first), ONE, size, None)]
        while p.take(","):
            out.append((_name(p, p.expression()), ONE, size, None))
        return out
    if sign == "in":
        s = set_literal(p)
        if isinstance(s, SetOf) and s.items[0] == ONE and len(s.items) >= 2:
            return [(_name(p, first), ONE, s.items[-1], None)]
        p.fail("this range is not understood", hint="write \\sum_{i=1}^{n}")
    second = p.expression()
    again = p.sign()
    if again is not None:
        third = p.expression()
        low = first if sign == "<=" else add(first, ONE)
        return [(_name(p, second), low, third if again == "<=" else add(third, Neg(ONE)), None)]
    if sign == "!=":
        one, two = _name(p, first), _name(p, second)
        return [(one, ONE, size, None), (two, ONE, size, Relation((Sym(one), Sym(two)), ("!=",)))]
    if sign == "<":
        return [(_name(p, first), ONE, add(second, Neg(ONE)), None), (_name(p, second), ONE, size, None)]
    p.fail("this range is not understood" if sign != "=" else "this sum has a beginning and no end", hint="write \\sum_{i=1}^{n}")


def _name(p: P, f: Formula) -> str:
    if not isinstance(f, Sym):
        p.fail("an index is one letter")
    return f.name


def dots(p: P, parts: list[Formula], k: int, kind: str) -> Formula:
    """x_1 + ... + x_n: a sum or product over an index that the parts before and after the dots show."""
    if k == 0 or k >= len(parts):
        p.fail("these dots have no beginning or no end", hint="write x_1 + ... + x_n, or a sum")
    first, last = parts[0], parts[k]
    for spot in [g for g in walk(first) if isinstance(g, At)]:
        index = Sym("i")
        body = replace(first, spot, At(spot.base, (index,)))
        ends = [g.index[0] for g in walk(last) if isinstance(g, At) and g.base == spot.base]
        for end in ends:
            if replace(body, index, end) == last and all(replace(body, index, num(j + 1)) == parts[j] for j in range(k)):
                whole = Big(kind, "i", spot.index[0], end, body)
                return (add if kind == "sum" else mul)(whole, *parts[k + 1 :])
    p.fail("these dots are not understood", hint="write a sum or a product with its bounds")


def mean(p: P, body: Formula) -> Formula:
    """A bar over an expression: its mean over the sample."""
    return Apply("bar", (body,))
