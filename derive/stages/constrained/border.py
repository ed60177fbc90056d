"""Why the maximum under inequalities lies where one of them is an equation: nothing that satisfies them strictly is as high."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...formula.evaluate import Env
from ...formula.tree import Formula, Peak, Relation, Sym, add, neg, num, replace_all
from ...problem.problem import Problem
from ...proofs.zeros import nothing_inside
from ...trace import Strength, Words, say
from ..profile.several import surface_of
from ..setting import MaximumArgument

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def cells_inside(ell: Formula, p: Problem, free: Env, needed: Sequence[Relation], border: Env) -> int | None:
    """The number of cells that show that no point at which all inequalities hold strictly is higher than the border; None where that is not settled.

    ell: the log-likelihood.  free: the test point with the maximum without the inequalities, border: with the one where some are equations.
    """
    if any(d.discrete or d.also is not None for d in p.parameters.values()):
        return None
    inner = {k: Sym("#" + k) for k in p.parameters}
    table: dict[Formula, Formula] = {Sym(k): u for k, u in inner.items()}
    ends = tuple(e for d in p.parameters.values() for e in (d.low, d.high))
    closed = tuple(c for d in p.parameters.values() for c in (not d.low_open, not d.high_open))
    surface = surface_of(Peak(replace_all(ell, table), (), tuple(u.name for u in inner.values()), ends, closed), p)
    known = None if surface is None else surface.near([free[k] for k in p.parameters])
    if surface is None or known is None:
        return None
    return nothing_inside(surface, known, [replace_all(_excess(c), table) for c in needed], [Fraction(border[k]) for k in p.parameters])


def _excess(c: Relation) -> Formula:
    """What is positive where an inequality does not hold."""
    a, b = c.sides
    return add(a, neg(b)) if c.signs[0].startswith("<") else add(b, neg(a))


def covered_words(cells: int) -> Words:
    """What the cells show."""
    return say(
        "The domain was covered by {} cells, those included that reach to its ends or to infinity. With bounds for every rounding error, in each of them the inequality "
        "does not hold, or a partial derivative keeps its sign, or the likelihood is lower than at the maximum where the two sides are equal. So the maximum lies where ",
        num(cells),
    )  # fmt: skip


def by_cells(border: MaximumArgument) -> MaximumArgument:
    """What carries a maximum on the border that nothing inside exceeds; border: what carries it among the points of the border."""
    return MaximumArgument(Strength.ENCLOSED) if border.strength is Strength.PROVED else border


def rising_words(p: Problem) -> Words:
    """Why the maximum lies on the border, where the likelihood rises from every point along a path to the maximum without the inequality."""
    return say(
        "From every point at which it holds {} rises along a path to that solution: towards the maximum in one parameter, the others fixed, and then "
        "along these maxima, or straight where it is concave. The path leaves the points at which it holds where the two sides are equal. So the maximum lies where ",
        p.of("L"),
    )  # fmt: skip
