"""Parameters that are shares of a whole: none negative, and a constraint says what they add up to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from ...formula.evaluate import Env, compiled
from ...formula.tree import ZERO, Add, Big, Call, Cases, Div, Formula, Mul, Neg, Pow, Relation, Sym, names, rational
from ...sets.domain import Domain

MARGIN = 20  # a point at random leaves the remainder at least this part of the whole
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
    """The domains [0, b/a] of the letters in an equation a p + a' p' + ... = b of probabilities in f, all numbers positive.

    A probability b - a p - a' p' - ... in f says the same of the letters that are probabilities themselves.
    """
    found: dict[str, Domain] = {}
    probabilities = set(bases(f))
    sums = [Add((c.sides[0], Neg(c.sides[1]))) for c in constraints if isinstance(c, Relation) and c.signs == ("=",)]
    for g in (*sums, *(Neg(r.sides[0]) for r in remainders(f))):
        mine = sorted(names(g))
        parts = _parts(g, mine) if all(Sym(k) in probabilities for k in mine) else None
        if parts is None:
            continue
        b, a = parts
        for k, v in a.items():
            if k in letters and b / v < found.get(k, Domain()).bounds()[1]:
                found[k] = Domain(ZERO, rational(Fraction(b / v).limit_denominator(CLOSEST)), False, False)
    return found


def remainders(f: Formula) -> tuple[Relation, ...]:
    """b - a p - a' p' - ... >= margin for every such factor of f in two or more letters that are probabilities in it too.

    The margin is a small part of b: points that satisfy it lie well inside.
    """
    found = bases(f)
    out: dict[Relation, None] = {}
    for g in found:
        mine = sorted(names(g))
        parts = _parts(Neg(g), mine) if isinstance(g, Add) and len(mine) > 1 and all(Sym(k) in found for k in mine) else None
        if parts is not None:
            out[Relation((g, rational(Fraction(parts[0]).limit_denominator(CLOSEST) / MARGIN)), (">=",))] = None
    return tuple(out)


def _parts(f: Formula, letters: Sequence[str]) -> tuple[float, dict[str, float]] | None:
    """(b, a) where f = a p + a' p' + ... - b with positive numbers; None for any other f."""
    g = compiled(f)
    origin: Env = dict.fromkeys(letters, 0.0)
    b = -g(origin)
    a = {k: g({**origin, k: 1.0}) + b for k in letters}
    straight = all(abs(g({**origin, k: 2.0}) + b - 2 * v) < 1e-9 * (1 + abs(v)) for k, v in a.items())
    together = abs(g(dict.fromkeys(letters, 1.0)) + b - sum(a.values())) < 1e-9 * (1 + abs(b))
    return (b, a) if straight and together and b > 0 and a and min(a.values()) > 0 else None


__all__ = ["bases", "remainders", "shares"]
