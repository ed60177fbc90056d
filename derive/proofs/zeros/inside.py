"""Where constraints hold strictly nothing is higher than the highest point of their border: by cells that cover the domain.

A cell is done with where a constraint does not hold on it, where a component of the gradient keeps one sign, where the function is below its value
at the highest point of the border, or where its only stationary point is so or breaks a constraint.  For then no point at which the constraints
hold strictly is a maximum under them: from each a step in one unknown leads higher, as in `cells`, and either stays among such points or crosses the
border, and the border is nowhere higher than at its highest point.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, ctx

from ...formula.tree import Formula
from .algebras import Intervals
from .builder import Data, Function
from .cells import Cell, Search
from .ends import exactly
from .exact import rational
from .extended import Extended
from .rewrite import Form, plain
from .several import FAILED, NEWTON_BITS, Surface
from .values import Box

NEAR = Fraction(1, 2**36)  # relative: how near a place that is known as floats lies


def nothing_inside(surface: Surface, known: Box, excess: Sequence[Formula], border: Sequence[Fraction]) -> int | None:
    """The number of cells that were looked at, where no point at which each excess is negative is higher than the border; None where that is not settled.

    known: a stationary point at which some excess is positive.  border: near the highest point of the border, relative to its size.
    """
    try:
        with ctx.workprec(NEWTON_BITS):
            cover = _Inside(surface, known, excess, border).run()
    except FAILED:
        return None
    return None if cover is None else cover.cells


class _Inside(Search):
    """Cells in which the constraints may hold."""

    def __init__(self, surface: Surface, known: Box, excess: Sequence[Formula], border: Sequence[Fraction]):
        self.excess = [Function(plain(f, Form(surface.unknowns, 0, lambda _: False)), surface.unknowns, Data((), ())) for f in excess]
        super().__init__(surface, known)
        about = [arb(rational(v - abs(v) * NEAR)).union(arb(rational(v + abs(v) * NEAR))) for v in border]
        self.best = surface.height(about).lower()

    def _done(self, cell: Cell) -> bool:
        return self._outside(cell) or super()._done(cell)

    def _outside(self, cell: Cell) -> bool:
        """Whether a constraint holds nowhere on a cell."""
        wide = [Extended(lo, hi) for lo, hi in cell]
        for f in self.excess:
            try:
                if f.over(Intervals())(*wide).lo > 0:
                    return True
            except FAILED:
                continue
        return False

    def _add(self, box: Box, cell: Cell | None = None) -> bool:
        """A stationary point that breaks a constraint or is lower than the border; whether it is one."""
        place = [(exactly(a), exactly(b)) for a, b in zip(box.low, box.high, strict=True)]
        lower = self.best is not None and self.surface.height([a.union(b) for a, b in place]) < self.best
        if not lower and not self._outside(tuple(place)):
            return False
        self.found.append((box, cell or self._core(box)))
        return True
