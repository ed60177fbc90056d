"""Formulas whose digits would be lost if they were worked out as they are written."""

from __future__ import annotations

import math
from collections.abc import Callable

from .functions import FUNCTIONS, exp, expm1, power
from .tree import ONE, Add, Call, Formula, Mul, Neg, Num, Pow, factors, neg


def cancelling(ts: tuple[Formula, ...]) -> tuple[Callable[[float], float], Formula, float] | None:
    """g, u and a sign with g(u) times the sign equal to the sum of two terms whose leading digits would cancel:
    e^u - 1, 1 - e^u, 1 + erf u, 1 - erf u, 1 - Phi u."""
    match ts:
        case (Call("exp", (u,)), Neg(Num(v))) | (Neg(Num(v)), Call("exp", (u,))) if v == 1:
            return expm1, u, 1.0
        case (Num(v), Neg(Call("exp", (u,)))) | (Neg(Call("exp", (u,))), Num(v)) if v == 1:
            return expm1, u, -1.0
        case (Num(v), Call("erf", (u,))) | (Call("erf", (u,)), Num(v)) if v == 1:
            return math.erfc, neg(u), 1.0
        case (Num(v), Neg(Call("erf", (u,)))) | (Neg(Call("erf", (u,))), Num(v)) if v == 1:
            return math.erfc, u, 1.0
        case (Num(v), Neg(Call("Phi", (u,)))) | (Neg(Call("Phi", (u,))), Num(v)) if v == 1:
            return FUNCTIONS["Phi"], neg(u), 1.0
    return None


def with_logarithms(fs: tuple[Formula, ...]) -> tuple[list[tuple[Pow, Formula]], list[Formula]] | None:
    """The powers u^k beside log(u), or a power of it, in a product, and its other factors: u^k log(u) goes to 0 with u for a
    positive k, and 0 is its value there."""
    rest = [h for g in fs for h in (factors(g) if isinstance(g, Mul) else (g,))]
    logs = [(g, g.base if isinstance(g, Pow) and isinstance(g.exponent, Num) else g) for g in rest]
    pairs = []
    for f in [f for f in rest if isinstance(f, Pow)]:
        log = next((g for g, inner in logs if inner == Call("log", (f.base,)) and g in rest), None)
        if log is not None:
            pairs.append((f, log))
            rest.remove(f)
            rest.remove(log)
    return (pairs, rest) if pairs else None


def over_one(f: Formula) -> Formula | None:
    """u of 1 + u: its logarithm and its powers keep their digits for a small u only if the 1 is not added first."""
    if not (isinstance(f, Add) and f.terms[0] == ONE) or cancelling(f.terms) is not None:
        return None
    return f.terms[1] if len(f.terms) == 2 else Add(f.terms[1:])


def near_one(u: float, k: float) -> float:
    """(1 + u)^k, without loss for a small u and a large k."""
    return exp(k * math.log1p(u)) if abs(u) < 0.01 else power(1 + u, k)


__all__ = ["cancelling", "near_one", "over_one", "with_logarithms"]
