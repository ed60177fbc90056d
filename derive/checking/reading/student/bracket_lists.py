"""Brackets with lists in them, matrices, indicators, numbers of observations that satisfy a condition."""

from __future__ import annotations

from ....formula.tree import ONE, Apply, Big, Call, Dots, Formula, Indicator, SetOf, Sym
from ....reading.tex.parser import CLOSING, number, text_of
from ....reading.tex.side_conditions import INEQUALITIES, cases, condition, indicator, looks_like_indicator, rows_to_end
from ....reading.tex.tokens import Token
from .writer import P

SIGNS = INEQUALITIES | {"=", "ne"}


def brackets(p: P, closing: str) -> Formula:
    """Up to a closing delimiter; with commas inside a list."""
    items = [_item(p, closing)]
    while closing not in ("|", "||") and p.take_symbol(",", ";"):
        items.append(_item(p, closing))
    t = p.next()
    if t.value != closing or (t.kind not in ("sym", "close") and t.value not in ("rfloor", "rceil")):
        p.fail(f"{closing} is expected here, not {t.value or 'the end'!r}", t, "close every bracket with its own kind")
    if len(items) == 1:
        return items[0]
    return SetOf(tuple(items)) if closing == "\\}" else Apply("tuple", tuple(items))


def _item(p: P, closing: str) -> Formula:
    if p.at("dots") and p.peek(1).value in (",", ";", closing):
        p.next()
        return Dots()
    return p.inner(bars=int(closing in ("|", "||")))


def matrix(p: P, name: str) -> Formula:
    """A matrix: its rows as tuples; between bars its determinant."""
    if name == "array":
        if p.at_symbol("{"):
            columns = text_of(p.ahead())
            if "l" in columns and len(columns) > 1:
                return cases(p, name)
            p.group()
    rows = [[p.part(c, p.inner) for c in cells] for cells in rows_to_end(p, name) if any(cells)]
    if not rows or len(set(map(len, rows))) != 1:
        p.fail("the rows of this matrix have different lengths")
    m = Apply("matrix", tuple(Apply("tuple", tuple(row)) for row in rows))
    return Call("det", (m,)) if name[0] in "vV" else m


def counted(p: P, _: Token) -> Formula:
    """\\#{i : x_i = 1}: how many observations are such."""
    if not p.opens("\\{", "("):
        return Sym("number")
    closing = CLOSING[p.next().value]
    start, depth = p.i, 1
    while depth and p.i < len(p.toks):
        u = p.toks[p.i]
        depth += (u.value in CLOSING) - (u.value in CLOSING.values())
        p.i += 1
    inside = p.toks[start : p.i - 1]
    if depth or p.toks[p.i - 1].value != closing:
        p.fail(f"{closing} is expected here")
    cut = next((k for k, u in enumerate(inside) if u.value in (":", "|", "mid") or u.kind == "row"), None)
    if cut is not None:
        inside = inside[cut + 1 :]
    index = next((u.value for k, u in enumerate(inside) if k and inside[k - 1].value == "_" and u.value in p.context.index), "i")
    p.bound.append(index)
    holds = p.part(inside, lambda: condition(p))
    p.bound.pop()
    return Big("sum", index, ONE, Sym(p.context.size), Indicator(holds))


def one(p: P, t: Token) -> Formula:
    """1_{x > 0}, 1{x > 0}, or the number."""
    if p.at_symbol("_") or (p.at_symbol("\\{", "(") and looks_like_indicator(p, SIGNS)):
        return indicator(p, t)
    return number(p, t)


def iverson(p: P, t: Token) -> Formula:
    """I{x > 0}, a Bessel function where the density has one, or a letter."""
    if looks_like_indicator(p, SIGNS):
        return indicator(p, t)
    if "besseli" in p.writer.names.declared.special and p.take("_"):
        order = p.argument()
        if p.at("(", "["):
            return Call("besseli", (order, *p.arguments()))
        p.fail("a Bessel function has its argument in brackets")
    return p.grammar.letter(p, t)
