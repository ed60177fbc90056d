"""Parameters that are shares of a whole: none negative, and a constraint says what they add up to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from ..formula.evaluate import Env, compiled
from ..formula.tree import ZERO, Add, Big, Call, Cases, Div, Formula, Mul, Neg, Pow, Relation, Sym, names, rational
from .sets import Domain

CLOSEST = 10**6  # largest denominator of an end


def bases(f: Formula) -> list[Formula]:
    """What must not be negative in a probability: the factors of a product, the bases of its powers, the values of its cases."""
    match f:
        case Mul(fs):
            return [b for g in fs for b in bases(g)]
        case Div(a, b):
            return bases(a) + bases(b)
        case Pow(b, _):
            return bases(b)
        case Cases(rows):
            return [b for v, _ in rows for b in bases(v)]
        case Neg() | Call() | Big():
            return []
    return [f]


def shares(f: Formula, constraints: Sequence[Formula], letters: Collection[str]) -> dict[str, Domain]:
    """The domains [0, b/a] of the letters in an equation a p + a' p' + ... = b of probabilities in f, all numbers positive."""
    found: dict[str, Domain] = {}
    probabilities = set(bases(f))
    for c in constraints:
        if not (isinstance(c, Relation) and c.signs == ("=",)):
            continue
        mine = sorted(names(c))
        if not all(Sym(k) in probabilities for k in mine):
            continue
        g = compiled(Add((c.sides[0], Neg(c.sides[1]))))
        origin: Env = dict.fromkeys(mine, 0.0)
        b = -g(origin)
        a = {k: g({**origin, k: 1.0}) + b for k in mine}
        straight = all(abs(g({**origin, k: 2.0}) + b - 2 * v) < 1e-9 * (1 + abs(v)) for k, v in a.items())
        if not straight or b <= 0 or min(a.values()) <= 0:
            continue
        for k, v in a.items():
            if k in letters and b / v < found.get(k, Domain()).bounds()[1]:
                found[k] = Domain(ZERO, rational(Fraction(b / v).limit_denominator(CLOSEST)), False, False)
    return found


__all__ = ["bases", "shares"]
