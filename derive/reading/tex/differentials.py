"""Fractions, the derivatives among them, and the points at which those are taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import NotValid
from ...formula.tree import Derivative, Div, Formula, Sym, Where
from .parser import Handler, P, text_of
from .symbols import variable
from .tokens import Token

Variables = list[tuple[Formula, int]]


def fraction(derivative: Callable[[Any, list[Token], list[Token]], Formula | None]) -> Handler[Any]:
    """What reads \\frac{a}{b}; `derivative` reads those that are derivatives."""

    def read(p: P, _: Token) -> Formula:
        top, bottom = p.group(), p.group()
        d = derivative(p, top, bottom)
        return d if d is not None else Div(p.content(top), p.content(bottom))

    return read


def derivative(p: P, top: list[Token], bottom: list[Token]) -> Formula | None:
    """d/dx, partial^2 ell/partial mu partial sigma^2: None where the fraction is no derivative."""
    found = differentials(p, top, bottom)
    if found is None:
        return None
    order, rest, by = found
    by = _atoms(p, by, order)
    if sum(k for _, k in by) != order:
        p.fail("the orders of this derivative do not agree", top[0])
    return Derivative(p.part(rest, p.inner) if rest else p.term(), tuple(by))


def differentials(p: P, top: list[Token], bottom: list[Token]) -> tuple[int, list[Token], Variables] | None:
    """The order of a derivative, what is differentiated, and by what; None where the fraction is no derivative."""

    def above() -> tuple[int, list[Token]] | None:
        return (exponent(p), p.toks[p.i :]) if p.differential() else None

    try:
        head = p.part(top, above, whole=False) if top else None
        by = p.part(bottom, lambda: _variables(p)) if head and bottom else None
    except NotValid:
        return None
    return (*head, by) if head and by else None


def exponent(p: P) -> int:
    """A whole number written as a power, taken; 1 where there is none.  Raises NotValid for any other power."""
    t = p.take_symbol("^")
    text = text_of(p.group()) if t else "1"
    if not text.isdecimal():
        p.fail(f"an order is a whole number, not {text!r}", t)
    return int(text)


def _variables(p: P) -> Variables | None:
    """The letters below, each with how often it is differentiated by."""
    out: Variables = []
    while p.peek().kind != "eof":
        v = _variable(p) if p.differential() else None
        if v is None:
            return None
        out.append((v, exponent(p)))
    return out


def _variable(p: P) -> Formula | None:
    return p.grammar.brackets(p, ")") if p.take_symbol("(") else variable(p)


def _atoms(p: P, variables: Variables, order: int) -> Variables:
    """partial sigma^2 is once by sigma^2 where that is a letter of its own."""
    total = sum(k for _, k in variables)
    out: Variables = []
    for v, k in variables:
        atom = p.context.atoms.get(v.name) if isinstance(v, Sym) else None
        if atom is not None and k >= 2 and total > order:
            out.append((Sym(atom), k // 2))
        elif isinstance(v, Sym) and atom is not None and k == 2 and total == order and len(variables) == 1 and order == 2:
            p.fail(f"this derivative may be the second in {v.name} or the first in {v.name}^2", None, "write \\partial(\\sigma^2)")
        else:
            out.append((v, k))
    return out


def evaluated(p: P, b: Formula, _: Token) -> Formula | None:
    """b |_{...}: b at a point; None for a bar that closes or opens something."""
    following = p.peek(1)
    if p.bars or following.value != "_" or following.kind != "sym" or not p.take_symbol("|"):
        return None
    return p.grammar.point(p, b)


def point(p: P, b: Formula) -> Formula:
    """After the bar: _{theta = value}."""
    p.need("_")

    def equation() -> tuple[Formula, Formula]:
        v = p.expression()
        p.need("=")
        return v, p.expression()

    v, to = p.part(p.group(), equation)
    return Where(b, v, to)
