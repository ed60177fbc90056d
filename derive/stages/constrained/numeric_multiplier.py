"""A multiplier without closed form, for given data: the root of the constraint among the multipliers with which the Lagrangian is strictly concave."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from ...formula.evaluate import compiled
from ...formula.tree import Float, Formula, Sym, add, has, names, neg, value
from ...proofs.zeros import only_zero
from ..likelihood.product import with_data
from ..setting import Setting

SCANNED = range(-60, 200, 2)  # powers of two: distances from the end at which signs are looked at
HALVINGS = 200


def numeric_root(letter: Sym, left: Formula, right: Formula, setting: Setting) -> Float | None:
    """Where left = right, enclosed; None without data, or where that does not succeed.

    The letter keeps positive what is supposed so, each a linear function of it.
    """
    p, al = setting.problem, setting.al
    if (p.observations is None and not p.whole) or p.known:
        return None
    f = with_data(add(left, neg(right)), p, al)[0]
    low, high = -math.inf, math.inf
    for g in (with_data(h, p, al)[0] for h in al.facts.supposed if has(h, letter)):
        table = al.coefficients(g, letter) or {}
        line = {value(k): value(al.assemble(ts)) for k, ts in table.items()}
        slope, rest = line.get(Fraction(1)), line.get(Fraction(0), Fraction(0))
        if slope is None or rest is None or set(line) - {Fraction(0), Fraction(1)}:
            return None
        low, high = (max(low, float(-rest / slope)), high) if slope > 0 else (low, min(high, float(-rest / slope)))
    if names(f) != {letter.name} or math.isinf(low) == math.isinf(high):
        return None
    near = _bracketed(lambda v: compiled(f)({letter.name: v}), low if math.isfinite(low) else high, 1 if math.isfinite(low) else -1)
    for g in (f, neg(f)):
        found = None if near is None else only_zero(g, letter.name, (), (((), 1),), near)
        if found is not None and found.best:
            return Float(float(found.best[0].middle))
    return None


def _bracketed(f: Callable[[float], float], end: float, side: int) -> float | None:
    """A place on one side of an end at which a function changes its sign, by bisection."""
    unit = abs(end) or 1.0
    places = [end + side * unit * 2.0**k for k in SCANNED]
    signs = [(x, f(x)) for x in places if x != end]
    found = next(((a, b) for (a, u), (b, v) in pairwise(signs) if u * v <= 0 and not math.isnan(u * v)), None)
    if found is None:
        return None
    a, b = found
    for _ in range(HALVINGS):
        m = (a + b) / 2
        a, b = (m, b) if f(a) * f(m) > 0 else (a, m)
    return (a + b) / 2
