"""Why the maximum under inequalities lies where one of them is an equation: nothing that satisfies them strictly is as high."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from ...formula.evaluate import Env
from ...formula.names import hat, marked
from ...formula.tree import Formula, Peak, Relation, Sym, add, equation, neg, num, replace_all
from ...problem.problem import Problem
from ...proofs.zeros import nothing_inside
from ...recorder import in_other_letters, renamed
from ...trace import Block, Display, Section, Strength, Table, Words, say
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
        "The domain was covered by {} cells, some of them unbounded. Interval arithmetic, which bounds all rounding errors, shows for each that the inequality "
        "fails on it, or that a partial derivative has constant sign, or that the likelihood is lower than at the maximum where the two sides are equal. So the maximum lies where ",
        num(cells),
    )  # fmt: skip


def by_cells(border: MaximumArgument) -> MaximumArgument:
    """What carries a maximum on the border that nothing inside exceeds; border: what carries it among the points of the border."""
    return MaximumArgument(Strength.ENCLOSED) if border.strength is Strength.PROVED else border


def rising_words(p: Problem, needed: Relation, joint: bool) -> Words:
    """Why the maximum lies on the border, where the likelihood rises from every point along a path to the maximum without the inequality.

    joint: whether one argument carries that for all parameters together, not for one after the other.
    """
    way = "" if joint else ", first in one parameter with the others fixed, then along these maxima" if len(p.parameters) > 2 else (
        ", first in one parameter with the other fixed, then along these maxima"
    )  # fmt: skip
    return say("From every point with {}, {} increases along a path to that solution", needed, p.of("L")) + say(
        f"{way}. The path leaves these points where {{}}. So the maximum lies where ", equation(*needed.sides)
    )


def as_unconstrained(sections: Sequence[Section], parameters: Iterable[str]) -> tuple[Section, ...]:
    """Sections about the solution without an inequality, with a tilde in place of the hat: that belongs to the estimates."""
    table: dict[Formula, Formula] = {hat(k): marked(k, "tilde") for k in parameters}
    return tuple(replace(s, title=in_other_letters(s.title, table), blocks=tuple(_renamed(b, table) for b in s.blocks)) for s in sections)


def _renamed(b: Block, table: Mapping[Formula, Formula]) -> Block:
    match b:
        case Words():
            return in_other_letters(b, table)
        case Display(lines):
            return replace(b, lines=tuple(renamed(line, table) for line in lines))
        case Table(head, rows):
            return replace(
                b,
                head=tuple(in_other_letters(w, table) for w in head),
                rows=tuple(tuple(in_other_letters(w, table) for w in r) for r in rows),
            )
