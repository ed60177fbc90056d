"""The density of one observation in plain letters: x_i as x, x_{i1} as x_1, numbered products and phi written out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..formula.tree import (
    Apply,
    At,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Mul,
    Neg,
    Pow,
    Sym,
    add,
    exp,
    mul,
    num,
    replace_all,
    transform,
    value,
    walk,
)

NUMBERED = re.compile(r"(\w+?)_i(\d+)")  # x_{i1}
MOST_NUMBERED = 12  # factors or terms of a product or sum over numbered letters


def of_one(body: Formula, observed: Sequence[str]) -> Formula:
    """x_i in the density of one observation is x, and x_{i1} is x_1."""

    def one(f: Formula) -> Formula | None:
        if isinstance(f, At) and f.index == (Sym("i"),):
            return Sym(f.base)
        if isinstance(f, At) and Sym("i") in f.index:
            name = "_".join([f.base, *(str(value(k)) for k in f.index if value(k) is not None)])
            return Sym(name) if name in observed else None
        if isinstance(f, Sym) and f.name.endswith("_i") and f.name[:-2] in observed:
            return Sym(f.name[:-2])
        if isinstance(f, Sym) and (m := NUMBERED.fullmatch(f.name)) and m[1] + "_" + m[2] in observed:
            return Sym(m[1] + "_" + m[2])
        return None

    return transform(transform(transform(body, _spelt_out), one), _normal_density)


def _spelt_out(f: Formula) -> Formula | None:
    """A product or sum over a few numbered letters, written out: p_1^{x_1} p_2^{x_2} p_3^{x_3}."""
    if not isinstance(f, Big) or f.index == "i":
        return None
    low, high = value(f.low), value(f.high)
    if low is None or high is None or low.denominator != 1 or high.denominator != 1 or not 0 <= high - low < MOST_NUMBERED:
        return None
    indexed = {g for g in walk(f.body) if isinstance(g, At) and g.index == (Sym(f.index),)}
    parts = []
    for j in range(int(low), int(high) + 1):
        table: dict[Formula, Formula] = {g: Sym(f"{g.base}_{j}") for g in indexed}
        parts.append(replace_all(f.body, {**table, Sym(f.index): num(j)}))
    return mul(*parts) if f.kind == "prod" else add(*parts)


def _normal_density(f: Formula) -> Formula | None:
    """phi(u), the standard normal density, written out."""
    match f:
        case Apply("phi", (u,)):
            return Div(exp(Neg(Div(Pow(u, num(2)), num(2)))), Call("sqrt", (Mul((num(2), Const("pi"))),)))
    return None
