"""A function of one unknown in pieces between given places: where it is highest, as proof."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import ctx

from ...formula.tree import ZERO, Formula
from .builder import Data
from .ends import Budget, Side
from .exact import NotCovered, Undecided, rational
from .extended import INF, NoValue
from .rewrite import Form
from .stationary import CELLS, HEIGHT_BITS, STEPS, Heights, Positive, enclosed
from .values import Domain, Highest, Stationary, Top, Verdict


def over_pieces(pieces: Sequence[tuple[Formula, Formula, Domain]], unknown: str, data: Data) -> Highest | None:
    """Where a function is highest that is given piece by piece, each with its derivative and its height; None where that is not settled."""
    budget = Budget(STEPS, CELLS)
    try:
        with ctx.workprec(64):
            return _compared(pieces, unknown, data, budget)
    except (Undecided, NotCovered, NoValue, ZeroDivisionError, OverflowError, ValueError):
        return None


def _compared(pieces: Sequence[tuple[Formula, Formula, Domain]], unknown: str, data: Data, budget: Budget) -> Highest:
    tops: list[Top] = []
    heights: list[Heights] = []
    flat = [j for j, (score, _, _) in enumerate(pieces) if score == ZERO]
    for j, (score, height, domain) in enumerate(pieces):
        form = Form((unknown,), data.size, Positive((unknown,), (domain,), data), data.whole)
        heights.append(Heights(height, score, form, data, budget))
        if j in flat:
            tops.append(Top(domain.low if domain.high is None else domain.high, j))
            continue
        found = enclosed(score, height, unknown, domain, data)
        if found.verdict is Verdict.UNDECIDED or found.unbounded or (not found.best and not found.end):
            raise Undecided(found.why or "a piece without a highest place")
        tops += [Top(p, j) for p in found.best] or [Top(domain.high if found.end > 0 else domain.low, j)]
    for bits in HEIGHT_BITS:
        with ctx.workprec(bits):
            values = [_value(t, heights[t.piece], pieces[t.piece][2]) for t in tops]
        if any(v == INF for v in values):
            return Highest(tuple(tops), unbounded=True)
        for t in tops:
            mine = [v for s, v in zip(tops, values, strict=True) if s.key == t.key]
            others = [v for s, v in zip(tops, values, strict=True) if s.key != t.key]
            if all(any(v > w for v in mine) for w in others):
                if any(s.key == t.key and s.piece in flat and not any(v > w for v in mine) for s, w in zip(tops, values, strict=True)):
                    raise Undecided("as high on a whole interval")
                sides = [(s, v) for s, v in zip(tops, values, strict=True) if s.key == t.key]
                return Highest(tuple(tops), (next(s for s, v in sides if not any(w > v for _, w in sides)),))
    raise Undecided("heights that may be equal")


def _value(top: Top, heights: Heights, domain: Domain) -> Any:
    """A ball for the height at a place, or the limit there."""
    if isinstance(top.place, Stationary):
        return heights.at(top.place)
    low = top.place == domain.low
    length = Fraction(1) if domain.low is None or domain.high is None else domain.high - domain.low
    unit = Fraction(2) ** (length.numerator.bit_length() - length.denominator.bit_length())
    return heights.limit(Side(top.place, 1 if low else -1, rational(unit)))


__all__ = ["over_pieces"]
