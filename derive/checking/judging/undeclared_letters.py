"""Letters that a solution uses without saying in a formula what they mean."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from ...errors import DeriveError
from ...formula.evaluate import compiled
from ...formula.tree import ONE, Apply, At, Big, Div, Formula, Indicator, Mul, N, Num, Relation, Sym, add, children, names, neg, total, walk
from .model import Model


def number_of(f: Formula) -> float | None:
    """The value of a formula without letters."""
    if names(f) or any(isinstance(g, (Apply, At)) for g in walk(f)):
        return None

    try:
        v = compiled(f)({})
    except (KeyError, TypeError, DeriveError):
        return None
    return v if math.isfinite(v) else None


def candidates(model: Model) -> list[Formula]:
    """What a letter for a statistic may stand for."""
    p = model.problem
    out: list[Formula] = []
    if model.one is None:
        counts = [Sym(k) for k in (*p.known, *p.values)]
        return [add(*counts)] if counts else []
    for v in p.variables:
        x = At(v, (Sym("#i"),))
        s = total(x, "#i")
        out += [s, Div(s, N), add(N, neg(s)), total(Mul((x, x)), "#i")]
        if p.support[v].discrete:
            for j in range(4):
                out.append(total(Indicator(Relation((x, Num(Fraction(j))), ("=",))), "#i"))
        out += [At(v + "_ord", (N,)), At(v + "_ord", (ONE,))]
    if p.constraints:  # the multiplier of shares: all that was counted
        out.append(N if len(p.variables) == 1 else add(*(total(At(v, (Sym("#i"),)), "#i") for v in p.variables)))
    return out


COUNT = re.compile(r"^[nNkmcC]_(\d+|plus|minus)$")


def count_of(model: Model, name: str) -> Formula | None:
    """What a letter such as n_1 or n_plus usually counts: the observations equal to 1; None for any other letter."""
    m = COUNT.match(name)
    if m is None or model.one is None or len(model.problem.variables) != 1:
        return None
    v = model.problem.variables[0]
    if not model.problem.support[v].discrete:
        return None
    seen = {"plus": 1, "minus": 0}.get(m[1])
    equal = Relation((At(v, (Sym("#i"),)), Num(Fraction(int(m[1]) if seen is None else seen))), ("=",))
    return total(Indicator(equal), "#i")


def free_letters(f: Formula, bound: tuple[str, ...] = ()) -> list[str]:
    """Names of letters that are not bound by a sum or product, with the bases of indexed ones."""
    out: list[str] = []

    def go(g: Formula, bound: tuple[str, ...]) -> None:
        if isinstance(g, Sym):
            if g.name not in bound:
                out.append(g.name)
            return
        if isinstance(g, At):
            out.append(g.base.removesuffix("_ord"))
        if isinstance(g, Big):
            go(g.low, bound)
            go(g.high, bound)
            go(g.body, (*bound, g.index))
            return
        for k in children(g):
            go(k, bound)

    go(f, bound)
    return out
