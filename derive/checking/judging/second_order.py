"""Matrices of second derivatives: which of them a matrix is that a writer gives a letter, H, J or I."""

from __future__ import annotations

import math
from collections.abc import Iterator

from flint import arb

from ...formula.evaluate import compiled
from ...formula.tree import Apply, Div, Formula, N, Sym, neg
from ..slope import slope
from .meaning import INFORMATION, Meaning
from .trial_points import TrialPoint, TrialPoints
from .verdict import Verdict, unknown

LETTERS = INFORMATION | {"H", "calH", "Hess", "H_n"}
Square = tuple[tuple[Formula, ...], ...]


def square_of(f: Formula) -> Square | None:
    """The entries of a square matrix with more than one row."""
    if not (isinstance(f, Apply) and f.name == "tuple" and len(f.args) > 1):
        return None
    rows = [r.args for r in f.args if isinstance(r, Apply) and r.name == "tuple" and len(r.args) == len(f.args)]
    return tuple(rows) if len(rows) == len(f.args) else None


def named(f: Formula) -> bool:
    """Whether a side is a letter for the Hessian or the information."""
    return isinstance(f, (Sym, Apply)) and f.name.replace("_hat", "") in LETTERS


def second_order(matrix: Square, meaning: Meaning, trials: TrialPoints) -> Verdict:
    """Whether a matrix is one of second derivatives; it fails where it is one but for a single entry or a pair of them."""
    size = len(matrix)
    if size != len(meaning.model.names):
        return unknown("this matrix is not understood")
    entries = [meaning.of(e) for row in matrix for e in row]
    best: Verdict | None = None
    for candidate in _candidates(meaning):
        wrong = _differing(trials, meaning, list(zip(candidate, entries, strict=True)))
        if wrong is None:
            continue
        if not wrong:
            return Verdict(True, "identity")
        if len(wrong) == 1 or (len(wrong) == 2 and min(wrong) == max(wrong) % size * size + max(wrong) // size):
            best = best or Verdict(False, "", next(iter(wrong.values())))
    return best or unknown("this matrix is not understood")


def _differing(
    trials: TrialPoints, meaning: Meaning, pairs: list[tuple[Formula, Formula]]
) -> dict[int, tuple[TrialPoint, arb, arb]] | None:
    """The places at which two matrices differ at some point, each with the point and both entries there; None where an entry has no value."""
    out: dict[int, tuple[TrialPoint, arb, arb]] = {}
    ways = [[(compiled(f), f) for f in pair] for pair in pairs]
    for p in trials.inner:
        values = [[meaning.evaluate(g, f, p.floats) for g, f in way] for way in ways]
        if not all(math.isfinite(u) and math.isfinite(v) for u, v in values):
            return None
        scale = max(abs(u) + abs(v) for u, v in values)
        out |= {k: (p, arb(u), arb(v)) for k, (u, v) in enumerate(values) if not abs(u - v) <= 1e-7 * (abs(u) + abs(v) + 1e-3 * scale)}
    return out


def _candidates(meaning: Meaning) -> Iterator[list[Formula]]:
    """The Hessian, the observed and the expected information, of the sample and of one observation; at any point and at the
    estimates."""
    letters = [Sym(k) for k in meaning.model.names]
    second = [slope(slope(meaning.model.ell, a), b) for a in letters for b in letters]
    less = [neg(f) for f in second]
    kinds = [second, less]
    if meaning.expectations.variable is not None:
        expected = [meaning.expected(f) for f in less]
        kinds += [expected, [Div(f, N) for f in expected], [neg(f) for f in expected]]
    for fs in kinds:
        yield fs
        yield [meaning.at_estimates(f) for f in fs]
