"""Roots, binomials, integrals, limits, the greatest and the least."""

from __future__ import annotations

from typing import Any

from ...formula.tree import ONE, Apply, At, Call, Const, Div, Dots, Formula, Integral, Last, Limit, Pow, Relation, Sym
from .big_operators import limits
from .parser import CLOSING, Handler, P
from .tokens import Token

# -- roots and binomials ----------------------------------------------------------------------


def root(p: P, _: Token) -> Formula:
    """\\sqrt{x}, \\sqrt[k]{x}."""
    k = p.grammar.brackets(p, "]") if p.take_symbol("[") else None
    return Call("sqrt", (p.argument(),)) if k is None else Pow(p.argument(), Div(ONE, k))


def binomial(p: P, _: Token) -> Formula:
    """\\binom{n}{k}."""
    return Call("binomial", (p.argument(), p.argument()))


# -- integrals and limits ---------------------------------------------------------------------


def integral(p: P, _: Token) -> Formula:
    """\\int_a^b f(x) dx."""
    low, high = limits(p)
    p.integrals += 1
    body = p.expression() if p.starts() or p.at("-") else ONE
    p.integrals -= 1
    if not p.differential():
        p.fail("this integral has no dx")
    name = p.grammar.base(p)
    if name is None:
        p.fail("the variable of the integral is missing")
    if low is None or high is None:
        return Integral(body, Sym(name), None, None)
    return Integral(body, Sym(name), p.part(low, p.inner), p.part(high, p.inner))


def limit(p: P, _: Token) -> Formula:
    """\\lim_{x \\to a} f(x)."""
    p.need("_")
    g = p.group()
    k = next((j for j, u in enumerate(g) if u.value == "to"), None)
    if k is None:
        p.fail("a limit needs \\to", g[0])
    v, to = p.part(g[:k], p.inner), p.part(g[k + 1 :], p.inner)
    return Limit(p.term(), v, to)


# -- greatest, least --------------------------------------------------------------------------


def extreme(word: str) -> Handler[Any]:
    """What reads max, min: max_i x_i and max{x_1, ..., x_n} are order statistics; else the greatest of a list."""

    def read(p: P, _: Token) -> Formula:
        if p.take_symbol("_"):
            g = p.group()
            p.bound.append(g[0].value)
            body = p.factor()
            p.bound.pop()
            if isinstance(body, At) and not body.base.endswith("_ord"):
                return At(body.base + "_ord", (Sym(p.context.size) if word == "max" else ONE,))
            p.fail(f"{word} over an index of an expression is not supported")
        t = p.next()
        if t.value not in CLOSING:
            p.fail(f"{word} needs a list in brackets", t)
        greatest = p.attempt(lambda: last_such(p, CLOSING[t.value])) if word == "max" else None
        if greatest is not None:
            return greatest
        args = p.listed(CLOSING[t.value])
        if Dots() in args:
            data = [a for a in args if isinstance(a, At)]
            if len(data) >= 2 and args[0] == data[0] and data[0].index == (ONE,) and len({a.base for a in data}) == 1:
                return At(data[0].base + "_ord", data[-1].index if word == "max" else (ONE,))
            p.fail(f"the dots in this {word} are not understood", t)
        return Call(word, args)

    return read


def last_such(p: P, closing: str) -> Formula | None:
    """The rest of max{N > a : f(N) >= c}, the last whole number above a for which that holds; None for another list."""
    above = _comparison(p)
    if above is None or not p.take_symbol(":"):
        return None
    condition = _comparison(p)
    p.need(closing)
    match above, condition:
        case Relation((Sym(u), start), (">",)), Relation((_, _), (">=",)):
            return Last(u, start, Const("oo"), condition)
        case Relation((start, Sym(u), end), ("<", "<=")), Relation((_, _), (">=",)):
            return Last(u, start, end, condition)
    return None


def _comparison(p: P) -> Relation | None:
    """A chain of expressions with signs between them; None where there is no sign."""
    sides, signs = [p.expression()], list[str]()
    while (s := p.sign()) is not None:
        signs.append(s)
        sides.append(p.expression())
    return Relation(tuple(sides), tuple(signs)) if signs else None


def argument_of(p: P, _: Token) -> Formula:
    """\\arg\\max_x f(x)."""
    t = p.next()
    if t.value not in ("max", "min"):
        p.fail("\\arg is followed by \\max or \\min", t)
    return where_extreme("arg" + t.value)(p, t)


def where_extreme(word: str) -> Handler[Any]:
    """What reads argmax, argmin: what is maximised, perhaps after a subscript that says over what."""

    def read(p: P, _: Token) -> Formula:
        v: Formula | None = None
        if p.take_symbol("_"):
            g = p.group()
            stop = next((j for j, u in enumerate(g) if u.value == "in"), len(g))
            v = p.part(g[:stop], p.inner)
        body = p.term()
        return Apply(word, (body,) if v is None else (body, v))

    return read
