"""All stationary points of a function of several unknowns on a domain at which it may be largest, by cells that cover it, those with infinite ends included.

A cell is done with where a component of the gradient keeps one sign on it, where the function is below a value that it takes elsewhere, or where
it holds one stationary point that is proved to be the only one in it.  In a cell at the edge of the domain the sign must point to an end of
the cell that lies inside: then some point inside has a larger value than any point of that cell.  For such steps lead from cell to cell, always
up; after one step in each unknown that moves, they go from corner to corner of the finitely many cells, and come to none twice.  So the largest
value on the compact union of the other cells is the largest of all, and is taken at a stationary point (Moore 1966, Interval Analysis; Hansen and
Walster 2004, Global Optimization Using Interval Analysis, chapters 11 and 12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_mat, ctx

from ...formula.tree import ONE, Add, Big, Call, Div, Formula, Mul, Neg, Pow, Sym, factors, transform
from .algebras import Intervals
from .builder import Function
from .ends import exactly
from .exact import fraction
from .extended import INF, NIL, NINF, Extended
from .rewrite import Form, add, call, derivative, div, mul, multiplied, neg, plain
from .several import FAILED, NEWTON_BITS, Surface, matrix, middles
from .stationary import Positive
from .values import Box

MOST_CELLS = 3_000
STEPS = 80_000  # of functions, taken on intervals
GROWTH = 1.6  # of a box around a stationary point, from one try to the next
NARROW = 2.0**-20  # of the unit: a cell that is not split any more
FAR = arb(2) ** 40  # in units: what is not settled there is not settled
Cell = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Cover:
    """found: all stationary points at which the function may be largest.  cells: how many were looked at."""

    found: tuple[Box, ...]
    cells: int


def stationary_boxes(surface: Surface, known: Box) -> Cover | None:
    """All stationary points but such as are lower than another, and the proof that one of them is the highest point of the domain; None where
    that is not settled.

    known: one of them."""
    try:
        with ctx.workprec(NEWTON_BITS):
            return Search(surface, known).run()
    except FAILED:
        return None


class Search:
    """What was found, and when a cell is done with."""

    def __init__(self, surface: Surface, known: Box):
        self.surface, self.size = surface, surface.size
        form = Form(surface.unknowns, surface.data.size, Positive(surface.unknowns, surface.domains, surface.data), surface.data.whole)
        height = plain(_together(surface.formula, form), form)
        self.heights = _functions((surface.formula, height), surface)
        self.slopes = [
            Function(self._slope(height, k, d.low == 0, form), surface.unknowns, surface.data)
            for k, d in zip(surface.unknowns, surface.domains, strict=True)
        ]
        self.whole: Cell = tuple((NINF if a is None else a, INF if b is None else b) for a, b in surface.ends)
        self.attained = [d.attained for d in surface.domains]
        self.centre = [exactly(v) for v in known.middle]
        self.unit = self._units()
        self.found: list[tuple[Box, Cell]] = []
        self.best: Any = None
        self.cost = sum(f.steps for f in self.slopes)  # one row after the other
        self._add(known)

    def _slope(self, height: Formula, name: str, positive: bool, form: Form) -> Formula:
        g = derivative(height, name)
        return _drawn_in(plain(multiplied(g, name) if positive else g, form), name)

    def _units(self) -> list[Any]:
        """For each unknown a change that moves the height by about 1."""
        inverse = middles(matrix(self.surface.jet(self.centre))).inv()
        return [abs(inverse[i, i]).mid().sqrt() for i in range(self.size)]

    # -- the search --------------------------------------------------------------------------------

    def run(self) -> Cover | None:
        todo: list[Cell] = [self.whole]
        cells = steps = 0
        while todo:
            cell = todo.pop()
            cells += 1
            steps += self.cost
            if cells > MOST_CELLS or steps > STEPS:
                return None
            if self._done(cell):
                continue
            parts = self._split(cell)
            if parts is None:
                return None
            todo += parts
        return Cover(tuple(box for box, _ in self.found), cells)

    def _done(self, cell: Cell) -> bool:
        finite = all(lo.is_finite() and hi.is_finite() for lo, hi in cell)
        edge = any(lo == a or hi == b for (lo, hi), (a, b) in zip(cell, self.whole, strict=True))
        if finite and any(all(lo >= a and hi <= b for (lo, hi), (a, b) in zip(cell, core, strict=True)) for _, core in self.found):
            return True
        wide = [
            Extended(lo, hi, lo == a and not there[0], hi == b and not there[1])
            for (lo, hi), (a, b), there in zip(cell, self.whole, self.attained, strict=True)
        ]
        for j, f in enumerate(self.slopes):
            try:
                sign = f.over(Intervals())(*wide).sign
            except FAILED:
                continue
            if sign and (not edge or self._inwards(cell, j, sign)):
                return True
        for f in self.heights if self.best is not None else ():
            try:
                if f.over(Intervals())(*wide).hi < self.best:
                    return True
            except FAILED:
                continue
        return finite and not edge and self._by_slopes(cell)

    def _inwards(self, cell: Cell, j: int, sign: int) -> bool:
        """Whether the function rises along an unknown towards an end of the cell that lies inside the domain."""
        lo, hi = cell[j]
        return bool(hi != self.whole[j][1]) if sign > 0 else bool(lo != self.whole[j][0])

    def _by_slopes(self, cell: Cell) -> bool:
        """A finite cell inside the domain: by its second derivatives."""
        ball = [lo.union(hi) for lo, hi in cell]
        middle = [((lo + hi) / 2).mid() for lo, hi in cell]
        try:
            there, here = self.surface.jet(ball), self.surface.jet(middle)
            bends, k = matrix(there), self.size
            away = arb_mat(k, 1, [b - m for b, m in zip(ball, middle, strict=True)])
            slopes = arb_mat(k, 1, list(here.slopes))
            if any(s > 0 or s < 0 for s in there.slopes) or any(_nonzero((slopes + bends * away)[i, 0]) for i in range(k)):
                return True
            if self.best is not None and here.value + sum((s * away[i, 0] for i, s in enumerate(there.slopes)), NIL) < self.best:
                return True
            y = middles(middles(bends).inv())
            turned = y * bends
            if any(_nonzero((y * slopes + turned * away)[i, 0]) for i in range(k)):
                return True
        except FAILED:
            return False
        if not _regular(turned):  # there may be several stationary points in it
            return False
        if any(_inside(box, cell) for box, _ in self.found):
            return True
        new = self.surface.near([fraction(m) for m in middle])
        if new is None or not _inside(new, cell):
            return False
        return self._add(new, cell)

    def _add(self, box: Box, cell: Cell | None = None) -> bool:
        """A stationary point, with a cell in which it is the only one; whether the cell is then done with."""
        self.found.append((box, cell or self._core(box)))
        if box.definite:
            v = self.surface.height([exactly(a).union(exactly(b)) for a, b in zip(box.low, box.high, strict=True)]).lower()
            self.best = v if self.best is None or v > self.best else self.best
        return True

    def _core(self, box: Box) -> Cell:
        """The largest box around a stationary point in which the second derivatives, preconditioned, stay regular."""
        middle = [exactly(v) for v in box.middle]
        y = middles(middles(matrix(self.surface.jet(middle))).inv())
        core: Cell = tuple((exactly(a), exactly(b)) for a, b in zip(box.low, box.high, strict=True))
        r = arb(2) ** -10
        for _ in range(40):
            ball = [m + (-u * r).union(u * r) for m, u in zip(middle, self.unit, strict=True)]
            if not self.surface.inside(ball):
                break
            try:
                if not _regular(y * matrix(self.surface.jet(ball))):
                    break
            except FAILED:
                break
            core = tuple((b.lower(), b.upper()) for b in ball)
            r = (r * GROWTH).mid()
        return core

    # -- splitting ---------------------------------------------------------------------------------

    def _split(self, cell: Cell) -> list[Cell] | None:
        widths = [self._width(j, lo, hi) for j, (lo, hi) in enumerate(cell)]
        j = max(range(self.size), key=widths.__getitem__)
        if widths[j] < NARROW:
            return None
        lo, hi = cell[j]
        m = self._point(j, lo, hi)
        if not lo < m < hi or abs(m - self.centre[j]) > (self.unit[j] + abs(self.centre[j])) * FAR:
            return None
        return [(*cell[:j], part, *cell[j + 1 :]) for part in ((lo, m), (m, hi))]

    def _positive(self, j: int) -> bool:
        return bool(self.whole[j][0] == 0)

    def _width(self, j: int, lo: Any, hi: Any) -> float:
        """How wide a side of a cell is: about the centre in units, farther out by the ratio of its ends."""
        c, u = self.centre[j], self.unit[j]
        if not (lo.is_finite() and hi.is_finite()):
            near = (lo.is_finite() and lo <= c + u) or (hi.is_finite() and hi >= c - u) or not (lo.is_finite() or hi.is_finite())
            return 50.0 if near else 3.0 / self._far(j, lo if lo.is_finite() else hi)
        if self._positive(j):
            return (3.0 if lo == 0 else float((hi / lo).log())) / self._far(j, hi)
        distance = NIL if lo <= c <= hi else (lo - c if lo > c else c - hi)
        return float(((hi - lo) / (u + distance)).mid())

    def _far(self, j: int, v: Any) -> float:
        """How far from the centre a place is, beginning with 1: by ratios."""
        c, u = self.centre[j], self.unit[j]
        return 1 + abs(float((v / c).log() if self._positive(j) else (1 + abs(v - c) / u).log())) / 3

    def _point(self, j: int, lo: Any, hi: Any) -> Any:
        """Where a side of a cell is split: never at a round place."""
        c, u = self.centre[j], self.unit[j]
        if self._positive(j):
            if not hi.is_finite():
                return (c * arb("1.01234") if lo < c else lo * 4).mid()
            if lo == 0:
                return (c * arb("0.98765") if hi > c else hi * arb("0.2501")).mid()
            return (lo * hi).sqrt().mid() if hi > 4 * lo else (lo + (hi - lo) * arb("0.5001234")).mid()
        a, b = lo - c, hi - c
        if not (a.is_finite() or b.is_finite()):
            return (c + u * arb("0.01234")).mid()
        if not b.is_finite():
            return (c + (4 * a).max(u * arb("1.01234"))).mid()
        if not a.is_finite():
            return (c + (4 * b).min(-u * arb("1.01234"))).mid()
        if a >= u and b > 4 * a:
            return (c + (a * b).sqrt()).mid()
        if b <= -u and a < 4 * b:
            return (c - (a * b).sqrt()).mid()
        return (lo + (hi - lo) * arb("0.5001234")).mid()


def _functions(fs: Sequence[Formula], surface: Surface) -> list[Function]:
    """The forms that are covered."""
    out = []
    for f in dict.fromkeys(fs):
        try:
            out.append(Function(f, surface.unknowns, surface.data))
        except FAILED:
            continue
    return out


def _inside(box: Box, cell: Cell) -> bool:
    return all(lo < exactly(a) and exactly(b) < hi for (lo, hi), a, b in zip(cell, box.low, box.high, strict=True))


def _nonzero(v: Any) -> bool:
    return bool(v > 0 or v < 0)


def _regular(m: Any) -> bool:
    """Whether every matrix in a ball of them is regular: the diagonal dominates (Levy and Desplanques)."""
    k = m.nrows()
    return all(abs(m[i, i]) > sum((abs(m[i, j]) for j in range(k) if j != i), NIL) for i in range(k))


def _together(f: Formula, form: Form) -> Formula:
    """log(1 + a/b) as log(b + a) - log b where b is positive and holds an unknown: then each unknown stands once in what the derivatives become."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Call("log", (Add((a, Div(top, bottom))),)) if a == ONE and form.positive(bottom):
                return add(call("log", add(bottom, top)), neg(call("log", bottom)))
        return None

    return transform(f, one)


def _drawn_in(f: Formula, name: str) -> Formula:
    """s^k times the sum of 1/(c s^k + ...) as that of 1/(c + .../s^k)."""

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, Mul):
            return None
        for power in (h for h in g.factors if h == Sym(name) or (isinstance(h, Pow) and h.base == Sym(name))):
            for big in g.factors:
                if (
                    isinstance(big, Big)
                    and isinstance(big.body, Div)
                    and isinstance(big.body.bottom, Add)
                    and power not in factors(big.body.top)
                ):
                    inner = [_over(t, power) for t in big.body.bottom.terms]
                    if any(power in factors(t.arg if isinstance(t, Neg) else t) for t in big.body.bottom.terms):
                        body = Div(big.body.top, add(*inner))
                        return mul(*(h for h in g.factors if h not in (power, big)), Big(big.kind, big.index, big.low, big.high, body))
        return None

    return transform(f, one)


def _over(t: Formula, power: Formula) -> Formula:
    """A term over a power of a letter."""
    if isinstance(t, Neg):
        return neg(_over(t.arg, power))
    fs = factors(t)
    return mul(*(g for g in fs if g is not power and g != power)) if power in fs else div(t, power)
