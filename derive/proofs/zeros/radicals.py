"""Enclosed zeros of a rational function in closed form: from the factors of its numerator whose roots are rational numbers, square
roots, or square roots of those."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, ctx, fmpq_poly

from ...formula import tree
from ...formula.tree import Formula, add, call, neg
from .builder import Data, constant
from .exact import NotCovered, fraction, rational
from .expansion import ball
from .symmetry import MOST_ROWS, ratio
from .values import Stationary

BITS = 512


def in_radicals(score: Formula, unknown: str, data: Data, places: Sequence[Stationary]) -> tuple[Formula, ...] | None:
    """The zeros of a score at enclosed places, in order; None where one of them has no such form.

    A root of the reduced numerator is a zero of the score, and an enclosed place holds no more than one.
    """
    if len(data.rows) > MOST_ROWS:
        return None
    try:
        top, bottom = ratio(score, unknown, data, None)
    except (NotCovered, ZeroDivisionError):
        return None
    with ctx.workprec(BITS):
        roots = [(r, ball(constant(r, data))) for f, _ in (top // top.gcd(bottom)).factor()[1] for r in _roots(f)]
        inside = [[r for r, v in roots if v >= arb(rational(p.low)) and v <= arb(rational(p.high))] for p in places]
    return tuple(rs[0] for rs in inside) if all(inside) else None


def _roots(f: Any) -> list[Formula]:
    """The roots of an irreducible polynomial of degree 1, 2, or 4 if it is even about the mean of its roots."""
    d = f.degree()
    centre = -f[d - 1] / (d * f[d])
    g = f(fmpq_poly([centre, 1]))
    if d == 1:
        return [_number(centre)]
    if d == 2:
        squares = [_number(-g[0] / g[2])]
    elif d == 4 and g[1] == 0:
        m = -g[2] / (2 * g[4])
        squares = _beside(m, _number(m * m - g[0] / g[4]))
    else:
        return []
    return [r for y in squares for r in _beside(centre, y)]


def _beside(centre: Any, square: Formula) -> list[Formula]:
    root = call("sqrt", square)
    return [add(*tree.terms(_number(centre)), r) for r in (neg(root), root)]


def _number(v: Any) -> Formula:
    return tree.rational(fraction(v))
