"""All stationary points of a function of one unknown with data, enclosed: where it is largest, as proof.

Signs of the derivative next to the ends of the domain, by extended intervals or by expansions with exact coefficients; between them
concavity by one interval, or cells with the centred form; heights compared with each other and with the limits at the ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...formula.tree import Formula
from .values import By, Domain, Enclosed, Highest, Stationary, Top, Towards, Verdict

Rows = Sequence[tuple[tuple[Fraction, ...], int]]


def stationary_points(score: Formula, height: Formula, unknown: str, domain: Domain, names: tuple[str, ...], rows: Rows) -> Enclosed:
    """All stationary points of `height`, a function of the unknown, whose derivative is `score`.

    names: the observed letters; rows: what was observed, distinct rows with how often each occurs.  Both formulas speak of nothing
    but the unknown, the observations, their means (x_bar) and their number n.
    """
    from .builder import Data  # ball arithmetic is loaded when it is needed
    from .stationary import enclosed

    return enclosed(score, height, unknown, domain, Data(names, tuple(rows)))


def highest_piece(pieces: Sequence[tuple[Formula, Formula, Domain]], unknown: str) -> Highest | None:
    """Where a function of one unknown is highest that is given piece by piece: its derivative, itself, and where; no data in them.

    None where that is not settled.
    """
    from .builder import Data
    from .pieces import over_pieces

    return over_pieces(pieces, unknown, Data((), (((), 1),)))


def closed_forms(
    score: Formula, unknown: str, names: tuple[str, ...], rows: Rows, places: Sequence[Stationary]
) -> tuple[Formula, ...] | None:
    """The enclosed zeros of a score in closed form, in order; None where one of them has none that is known."""
    from .builder import Data
    from .radicals import in_radicals

    return in_radicals(score, unknown, Data(names, tuple(rows)), places)


def growth_of(f: Formula, unknown: str, far: bool, names: tuple[str, ...], rows: Rows) -> Towards:
    """Where f goes as the unknown falls to 0, or as it grows where `far`; names and rows as for `stationary_points`."""
    from .builder import Data
    from .growth import growth

    return growth(f, unknown, far, Data(names, tuple(rows)))


__all__ = [
    "By",
    "Domain",
    "Enclosed",
    "Highest",
    "Stationary",
    "Top",
    "Towards",
    "Verdict",
    "closed_forms",
    "growth_of",
    "highest_piece",
    "stationary_points",
]
