"""Stationary points of a function with data, enclosed: of one unknown all of them, and where it is largest, as proof; of several unknowns
one, in a box in which it is the only one.

Signs of the derivative next to the ends of the domain, by extended intervals or by expansions with exact coefficients; between them
concavity by one interval, or cells with the centred form; heights compared with each other and with the limits at the ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ...formula.tree import Formula
from .values import Box, By, Direction, Domain, Enclosed, Highest, Stationary, Top, Towards, Verdict

if TYPE_CHECKING:
    from .several import Surface

Rows = Sequence[tuple[tuple[Fraction, ...], int]]


def stationary_points(score: Formula, height: Formula, unknown: str, domain: Domain, names: tuple[str, ...], rows: Rows) -> Enclosed:
    """All stationary points of `height`, a function of the unknown, whose derivative is `score`.

    names: the observed letters; rows: what was observed, distinct rows with how often each occurs.  Both formulas speak of nothing
    but the unknown, the observations, their means (x_bar) and their number n.
    """
    from .builder import Data  # ball arithmetic is loaded when it is needed
    from .stationary import enclosed

    return enclosed(score, height, unknown, domain, Data(names, tuple(rows)))


def only_zero(score: Formula, unknown: str, names: tuple[str, ...], rows: Rows, near: float) -> Enclosed | None:
    """The zero of a score that is known to have at most one, enclosed about a place that was found in floats; None where that does not
    succeed.  names and rows as for `stationary_points`."""
    from .bracket import changes_sign
    from .builder import Data

    return changes_sign(score, unknown, Data(names, tuple(rows)), Fraction(near))


def values_of(f: Formula, unknown: str, names: tuple[str, ...], rows: Rows) -> Callable[[float], float]:
    """A function of the unknown with data at floats, worked out with as many digits as its value needs; nan where its form is not covered.

    names and rows as for `stationary_points`.
    """
    from .builder import Data
    from .places import Places

    return Places(f, unknown, Data(names, tuple(rows))).value


def highest_piece(pieces: Sequence[tuple[Formula, Formula, Domain]], unknown: str) -> Highest | None:
    """Where a function of one unknown is highest that is given piece by piece: its derivative, itself, and where; no data in them.

    None where that is not settled.
    """
    from .builder import Data
    from .pieces import over_pieces

    return over_pieces(pieces, unknown, Data((), (((), 1),)))


def highest_places(density: Formula, names: Sequence[str], rows: Rows, places: Sequence[Mapping[str, Formula]]) -> tuple[int, ...] | None:
    """The numbers of the places at which the likelihood is largest: one, or several at which it is proved to be the same; None where
    that is not settled.

    density: of one observation; names and rows as for `stationary_points`; places: a number without letters for each parameter.
    """
    from .levels import highest

    return highest(density, names, rows, places)


def surface(height: Formula, unknowns: tuple[str, ...], domains: Sequence[Domain], names: tuple[str, ...], rows: Rows) -> Surface | None:
    """A function of several unknowns with data, whose stationary points can be proved to lie in boxes; None where its form is not covered, or
    it has no value at any place that is tried.

    names and rows as for `stationary_points`.
    """
    from .builder import Data
    from .several import FAILED, MOST_UNKNOWNS, Surface

    if len(unknowns) > MOST_UNKNOWNS:
        return None
    try:
        found = Surface(height, unknowns, domains, Data(names, tuple(rows)))
        return found if found.starts else None
    except FAILED:
        return None


def direction_without_maximum(
    density: Formula, unknowns: Sequence[str], observed: Sequence[str], rows: Rows, ways: Sequence[int | None] | None = None
) -> tuple[Fraction, ...] | None:  # fmt: skip
    """A direction along which the likelihood of no observation falls, and that of some rises, from every point: then there is no maximum.

    ways: for each unknown in which direction it can go on for ever: 1 or -1, 0 for none, None (as for all where none are given) for both."""
    from .recession import rising_direction

    return rising_direction(density, unknowns, observed, rows, ways or [None] * len(unknowns))


def all_stationary(where: Surface, known: Box) -> tuple[tuple[Box, ...], int] | None:
    """All stationary points of a function of several unknowns at which it may be largest, where it is largest at one of them, and how many cells
    were looked at; None where that is not settled.  known: one of them."""
    from .cells import stationary_boxes

    cover = stationary_boxes(where, known)
    return None if cover is None else (cover.found, cover.cells)


def nothing_inside(where: Surface, known: Box, excess: Sequence[Formula], border: Sequence[Fraction]) -> int | None:
    """How many cells show that no point at which every excess, a function of the unknowns, is negative is higher than the border, where one is 0
    and none positive; None where that is not settled.

    known: a stationary point at which some excess is positive; border: near the highest point of the border."""
    from .inside import nothing_inside

    return nothing_inside(where, known, excess, border)


def closed_forms(
    score: Formula, unknown: str, names: tuple[str, ...], rows: Rows, places: Sequence[Stationary]
) -> tuple[Formula, ...] | None:
    """The enclosed zeros of a score in closed form, in order; None where one of them has none that is known."""
    from .builder import Data
    from .radicals import in_radicals

    return in_radicals(score, unknown, Data(names, tuple(rows)), places)


def all_solutions(f: Formula, unknown: str, low: Fraction | None, high: Fraction | None) -> tuple[Stationary, ...] | None:
    """All zeros of f, a continuous function of the unknown without data, on an interval with its finite ends; None where they are not settled."""
    from .solutions import all_solutions

    return all_solutions(f, unknown, low, high)


def poles_of(f: Formula, unknown: str, names: tuple[str, ...], rows: Rows) -> list[Fraction]:
    """Places at which f may have no value, in order: rational zeros of its denominators and below its logarithms; names and rows as for
    `stationary_points`."""
    from .builder import Data
    from .poles import poles

    return poles(f, unknown, Data(names, tuple(rows)))


def growth_of(f: Formula, unknown: str, far: bool, names: tuple[str, ...], rows: Rows) -> Towards:
    """Where f goes as the unknown falls to 0, or as it grows where `far`; names and rows as for `stationary_points`."""
    from .builder import Data
    from .growth import growth

    return growth(f, unknown, far, Data(names, tuple(rows)))


def direction_far_out(
    score: Formula, height: Formula, unknown: str, least: Fraction, names: tuple[str, ...], rows: Rows
) -> Direction | None:
    """The sign of a score for all large values of the unknown, and from where on; None where it is not found.

    least: above which the unknown lies; names and rows as for `stationary_points`."""
    from .builder import Data
    from .growth import direction

    return direction(score, height, unknown, least, Data(names, tuple(rows)))


def limit_value(f: Formula, unknown: str) -> float | None:
    """The limit of a function without data as the unknown, which is positive, falls to 0; None where it is not found or infinite."""
    from .growth import limit

    return limit(f, unknown)


__all__ = [
    "Box",
    "By",
    "Domain",
    "Enclosed",
    "Highest",
    "Rows",
    "Stationary",
    "Top",
    "Towards",
    "Verdict",
    "all_solutions",
    "closed_forms",
    "growth_of",
    "highest_piece",
    "highest_places",
    "limit_value",
    "only_zero",
    "stationary_points",
    "surface",
    "values_of",
]
