"""Sums, products and means over the sample or over categories, with full, partial or no bounds."""

from __future__ import annotations

from ....formula.tree import ONE, At, Big, Div, Formula, Indicator, Mul, Neg, Pow, Sym, add, mul, replace_all, walk
from ....reading.tex.big_operators import Bounds, limits, ranges
from ....reading.tex.big_operators import dots as plain_dots
from ....reading.tex.parser import bracket, text_of
from ....reading.tex.side_conditions import condition
from ....reading.tex.tokens import Token
from ..dots import dotted
from .writer import P, free


def big(p: P, t: Token) -> Formula:
    """A sum or product, with full, partial or no bounds."""
    kind = t.value
    low, high = limits(p)
    bounds = _bounds(p, low, high)
    p.bound += [b[0] for b in bounds]
    body = p.term() if p.starts() or p.at("-", "+") else ONE
    if not bounds:
        bounds = [(_index_in(p, body), ONE if low is None else p.part(low, p.inner), _high(p, high), None)]
    indices = {b[0] for b in bounds}
    body = _observed(p, body, bounds[0][0]) if not indices & free(body) else body
    if kind == "sum" and p.at_symbol("+", "-") and _index_ahead(p, indices):
        body = _rest_of_sum(p, body, indices)
    outside: list[Formula] = []
    if kind == "prod" and isinstance(body, Mul):
        body, outside = _inside(p, body, indices)
    del p.bound[len(p.bound) - (len(bounds) if p.bound else 0) :]
    if not any(g.base in p.context.data for g in walk(body) if isinstance(g, At)) and len(bounds) == 1:
        bounds = _categories(p, body, bounds)
    conditions = [Indicator(c) for *_, c in bounds if c is not None]
    if conditions:
        body = mul(body, *conditions) if kind == "sum" else Pow(body, conditions[0])
    for index, a, b, _ in bounds:
        body = Big(kind, index, a, b, body)
    return mul(body, *outside)


def _high(p: P, high: list[Token] | None) -> Formula:
    return p.part(high, p.inner) if high else Sym(p.context.size)


def _bounds(p: P, low: list[Token] | None, high: list[Token] | None) -> list[Bounds]:
    """What stands below and above; none where there is no index."""
    if low is None or all(u.kind == "num" for u in low):
        return []
    size = _high(p, high)
    cut = next((k for k, u in enumerate(low) if u.value in (":", "mid", "|")), None)
    if cut:
        index = text_of(low[:cut])
        p.bound.append(index)
        holds = p.part(low[cut + 1 :], lambda: condition(p))
        p.bound.pop()
        return [(index, ONE, size, holds)]
    if len(low) == 1 and low[0].kind in ("letter", "cmd"):
        return [(low[0].value, ONE, size, None)]
    if low[0].kind == "letter" and low[-1].value == "=":
        return [(low[0].value, ONE, size, None)]
    if len(low) > 2 and low[1].value == "=" and low[0].kind == "letter":
        commas = [k for k, u in enumerate(low) if u.value == ","]
        if commas:  # i = 1, ..., n
            return [(low[0].value, p.part(low[2 : commas[0]], p.inner), p.part(low[commas[-1] + 1 :], p.inner), None)]
        return [(low[0].value, p.part(low[2:], p.inner), size, None)]
    if (
        len(low) >= 3
        and low[0].kind == "letter"
        and low[1].value == "_"
        and all(u.value in p.context.index or u.value in "{}" for u in low[2:])
    ):
        return [(next(u.value for u in low[2:] if u.value in p.context.index), ONE, size, None)]  # over the values x_i
    if "_" in [u.value for u in low]:
        index = next((u.value for k, u in enumerate(low) if k and low[k - 1].value == "_"), "i")
        return [(index, ONE, size, p.part(low, lambda: condition(p)))]
    return p.part(low, lambda: ranges(p, high))


def _index_in(p: P, body: Formula) -> str:
    """The index that the body of a sum without bounds runs over."""
    for g in walk(body):
        if isinstance(g, At) and len(g.index) == 1 and isinstance(g.index[0], Sym) and g.index[0].name in free(body):
            if g.index[0].name not in p.bound:
                return g.index[0].name
    return "i"


def _observed(p: P, body: Formula, index: str) -> Formula:
    """The data letters of a body without an index, with it: sum x is the sum of x_i."""
    return replace_all(body, {Sym(v): At(v, (Sym(index),)) for v in p.context.data})


def _index_ahead(p: P, indices: set[str]) -> bool:
    """Whether the terms that follow hold the index of this sum before another sum begins; min x_i has an index of its own."""
    depth, k = 0, p.i
    while k < len(p.toks):
        u = p.toks[k]
        depth += bracket(u)
        if depth < 0 or u.value in ("sum", "prod") or (depth == 0 and u.value == ","):
            return False
        if u.value in ("min", "max"):
            k = _behind_extreme(p, k + 1)
            continue
        if u.value in indices and k and p.toks[k - 1].value in ("_", "{") and u.kind == "letter":
            return True
        k += 1
    return False


def _behind_extreme(p: P, k: int) -> int:
    """The place behind what min or max is taken of: {i}, x_i, (x_i), {x_1, ..., x_n}."""
    while k < len(p.toks) and p.toks[k].value == "_":
        k = _behind_atom(p, k + 1)
    k = _behind_atom(p, k)
    while k < len(p.toks) and p.toks[k].value == "_":
        k = _behind_atom(p, k + 1)
    return k


def _behind_atom(p: P, k: int) -> int:
    depth = 0
    for j in range(k, len(p.toks)):
        depth += bracket(p.toks[j])
        if depth <= 0:
            return j + 1
    return len(p.toks)


def _rest_of_sum(p: P, body: Formula, indices: set[str]) -> Formula:
    parts = [body]
    while p.at_symbol("+", "-") and _index_ahead(p, indices):
        minus = p.next().value == "-"
        t = p.term()
        parts.append(Neg(t) if minus else t)
    return add(*parts)


def _inside(p: P, body: Mul, indices: set[str]) -> tuple[Formula, list[Formula]]:
    """Factors behind the last one with the index stand outside the product, or inside."""
    holds = [bool(indices & free(f)) for f in body.factors]
    if not any(holds) or holds[-1]:
        return body, []
    last = max(k for k, h in enumerate(holds) if h) + 1
    if p.writer.choose(2) == 1:
        return body, []
    return mul(*body.factors[:last]), list(body.factors[last:])


def _categories(p: P, body: Formula, bounds: list[Bounds]) -> list[Bounds]:
    """A sum over k of n_k log p_k without an end runs over the categories, not over the sample."""
    index, a, b, c = bounds[0]
    others = any(isinstance(g, At) and Sym(index) in g.index for g in walk(body))
    return [(index, a, Sym("K"), c)] if others and b == Sym(p.context.size) and a == ONE and index in ("j", "k", "l") else bounds


def mean(p: P, body: Formula) -> Formula:
    """A bar over an expression: its mean over the sample."""
    index = _index_in(p, body)
    return Div(Big("sum", index, ONE, Sym(p.context.size), _observed(p, body, index)), Sym(p.context.size))


def dots(p: P, parts: list[Formula], k: int, kind: str) -> Formula:
    """p_1 + ... + p_4 and x_1 ... x_n: what the parts before and after the dots share, over its index."""
    return dotted(parts, k, kind) or plain_dots(p, parts, k, kind)
