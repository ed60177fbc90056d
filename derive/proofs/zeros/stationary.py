"""The question about one unknown put together: signs at the ends, zeros between, heights compared, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any

from flint import arb, ctx

from ...formula.tree import Add, At, Big, Call, Div, Formula, Mul, Neg, Pow, Sym, names, value, walk
from .algebras import Balls, Intervals
from .builder import Data, Function
from .ends import Budget, Side, exactly, limit_at, sign_at, unit_of
from .exact import Exact, NotCovered, Undecided, rational
from .extended import INF, NIL, NINF, Extended, NoValue
from .poles import poles
from .rewrite import Form, cleared, derivative, multiplied, plain
from .subdivision import falls, located, zeros
from .substitution import substitutions
from .symmetry import centre, mirrored
from .values import By, Domain, Enclosed, End, Stationary, Verdict

CELLS = 4_000
FEW_CELLS = 800  # for the score itself, where the unknown times the score can be looked at as well
STEPS = 1_500_000
CHEAPER = 4  # times fewer steps at the ends, where one of two forms is taken at once
FAILED = (Undecided, NotCovered, NoValue, ZeroDivisionError, OverflowError, ValueError)
HEIGHT_BITS = (64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class Piece:
    """A part of the domain between two ends at which the score may have no value, its signs there and its stationary points."""

    low: Side
    high: Side
    signs: tuple[int, int]
    points: tuple[Stationary, ...]
    concave: bool = False


def enclosed(score: Formula, height: Formula, unknown: str, domain: Domain, data: Data) -> Enclosed:
    """See `stationary_points`."""
    for other in substitutions(score, height, unknown, domain):
        try:
            found = other.back(_tried(other.slope, other.height, unknown, other.domain, data))
        except Undecided as e:
            found = Enclosed(Verdict.UNDECIDED, why=str(e))
        if found.verdict is not Verdict.UNDECIDED:
            return found if other.vertex is None else _with_vertex(found, other.vertex, score, unknown, domain, data)
    return found


def _with_vertex(found: Enclosed, vertex: Fraction, score: Formula, unknown: str, domain: Domain, data: Data) -> Enclosed:
    """With the place about which the function is symmetric among its stationary points, where its slope has a value there."""
    following = next((p for p in found.points if p.low > vertex), None)
    if following is None or any(p.low <= vertex <= p.high for p in found.points):
        return found
    try:
        form = Form((unknown,), data.size, Positive((unknown,), (domain,), data), data.whole)
        with ctx.workprec(64):
            if not Function(plain(score, form), (unknown,), data).over(Balls())(exactly(vertex)).is_finite():
                return found
    except FAILED:
        return found
    middle = Stationary(vertex, vertex, not following.maximum)
    return replace(found, points=tuple(sorted((*found.points, middle), key=lambda p: p.low)))


def _tried(score: Formula | None, height: Formula, unknown: str, domain: Domain, data: Data) -> Enclosed:
    budget = Budget(STEPS, CELLS)
    try:
        with ctx.workprec(64):
            return _decided(score, height, unknown, domain, data, budget)
    except FAILED as e:
        return Enclosed(Verdict.UNDECIDED, why=str(e) or type(e).__name__, cells=budget.cells)


def _decided(score: Formula | None, height: Formula, unknown: str, domain: Domain, data: Data, budget: Budget) -> Enclosed:
    form = Form((unknown,), data.size, Positive((unknown,), (domain,), data), data.whole)
    shown = plain(height, form)
    if score is None or any(isinstance(g, Call) and g.name == "logPhi" for g in walk(shown)):  # whose slope is an atom
        score = derivative(shown, unknown)
    pieces = pieces_between(plain(score, form), form, domain, data, budget)
    if any(p.signs == (0, 0) for p in pieces):
        return Enclosed(Verdict.SEVERAL, by=By.FLAT, cells=budget.cells)
    question = Heights(height, score, form, data, budget)
    found = _verdict(pieces, domain, question)
    return replace(found, cells=budget.cells)


def pieces_between(shown: Formula, form: Form, domain: Domain, data: Data, budget: Budget) -> list[Piece]:
    """The pieces for the score, or for what has the same signs: the score without denominators that are positive, or times the unknown where
    that is positive."""
    gaps = _gaps(shown, form.unknowns[0], domain, data)
    if (without := cleared(shown, form)) is not None:
        part = Budget(budget.left, CELLS)
        try:
            found = _pieces(*_with_slope(plain(without, form), form, data), domain, gaps, part)
            budget.cells += part.cells
            return found
        except FAILED:
            pass
    pair = _with_slope(shown, form, data)
    if domain.low is None or domain.low < 0:
        return _pieces(*pair, domain, gaps, budget)
    other = _with_slope(plain(multiplied(shown, form.unknowns[0]), form), form, data)
    whole = _whole(domain.low, domain.high)
    if pair[0].cost_expanded > CHEAPER * other[0].cost_expanded or (not falls(pair[1], whole, budget) and falls(other[1], whole, budget)):
        return _pieces(*other, domain, gaps, budget)
    first = Budget(budget.left * 3 // 4, FEW_CELLS)
    before = first.left
    try:
        return _pieces(*pair, domain, gaps, first)
    except Undecided:
        budget.left -= before - max(first.left, 0)
        return _pieces(*other, domain, gaps, budget)
    finally:
        budget.cells += first.cells


def _with_slope(shown: Formula, form: Form, data: Data) -> tuple[Function, Function]:
    slope = plain(derivative(shown, form.unknowns[0]), form)
    return Function(shown, form.unknowns, data), Function(slope, form.unknowns, data)


class Positive:
    """Whether a formula is positive for all values of the unknowns in their domains and all observations: by extended intervals."""

    def __init__(self, unknowns: tuple[str, ...], domains: Sequence[Domain], data: Data):
        self.unknowns, self.domains, self.data = unknowns, [_whole(d.low, d.high) for d in domains], data
        self.seen: dict[Formula, bool] = {}

    def __call__(self, f: Formula) -> bool:
        if f not in self.seen:
            try:
                self.seen[f] = bool(self._range(f).sign > 0)
            except (NotCovered, NoValue, Undecided):
                self.seen[f] = False
        return self.seen[f]

    def _range(self, f: Formula) -> Any:
        match f:
            case Sym(name) if name in self.unknowns:
                return self.domains[self.unknowns.index(name)]
            case At(base, (Sym(),)) if base in self.data.names:
                column = [row[self.data.names.index(base)] for row, _ in self.data.rows]
                return Extended(arb(rational(min(column))).lower(), arb(rational(max(column))).upper())
            case _ if not names(f) & set(self.unknowns) and (isinstance(f, Big) or not names(f) & set(self.data.names)):
                return Intervals().constant(self.data.value(f))
            case Add(ts):
                return reduce(Extended.__add__, map(self._range, ts))
            case Neg(a):
                return -self._range(a)
            case Mul(fs):
                return reduce(Extended.__mul__, map(self._range, fs))
            case Div(a, b):
                return self._range(a) / self._range(b)
            case Pow(a, k) if (v := value(k)) is not None and v.denominator == 1:
                return self._range(a).power(int(v))
            case Pow(a, k):
                return Intervals().call("exp", self._range(k) * Intervals().call("log", self._range(a)))
            case Call("besseli", (_, u)) if self._range(u).sign > 0:
                return Extended(NIL, INF, True, True)
            case Call("gamma" | "factorial", (u,)) if self._range(u).sign > 0:
                return Extended(NIL, INF, True, True)
            case Call(name, (u,)):
                return Intervals().call(name, self._range(u))
            case Big("sum", _, _, _, body):
                return self._range(body) * Intervals().constant(Exact(self.data.size))
        raise NotCovered(type(f).__name__)


def _whole(low: End, high: End) -> Extended:
    return Extended(
        NINF if low is None else exactly(low), INF if high is None else exactly(high), True, True
    )  # fmt: skip


# -- the pieces --------------------------------------------------------------------------------------


def _pieces(f: Function, slope: Function, domain: Domain, gaps: Sequence[Fraction], budget: Budget) -> list[Piece]:
    ends: list[End] = [domain.low, *(v for v in gaps if not _defined_at(f, v)), domain.high]
    out = []
    for a, b in pairwise(ends):
        units = [
            unit_of(f, a, b, budget, below) for below in ((False, True) if a is not None and b is not None and len(ends) > 2 else (False,))
        ]
        out.append(_piece(f, slope, Side(a, 1, units[0]), Side(b, -1, units[-1]), budget))
    return out


def _gaps(f: Formula, unknown: str, domain: Domain, data: Data) -> list[Fraction]:
    """Places inside the domain at which there may be no value."""
    places = sorted({Fraction(0), *poles(f, unknown, data)})
    return [v for v in places if (domain.low is None or domain.low < v) and (domain.high is None or v < domain.high)]


def _defined_at(f: Function, v: Fraction) -> bool:
    if f.bounded(arb(rational(v))) is not None:
        return True
    try:
        f.over(Intervals())(Extended.of(arb(rational(v))))
    except NoValue:
        return False
    return True


def _piece(f: Function, slope: Function, low: Side, high: Side, budget: Budget) -> Piece:
    a, b = sign_at(f, low, budget), sign_at(f, high, budget)
    signs = (a.value, b.value)
    if 0 in signs:
        return Piece(low, high, (0, 0), ())
    concave = falls(slope, _whole(low.end, high.end), budget)
    if concave or not a.place < b.place:  # the signs hold from both ends up to places that meet
        if a.value == b.value:
            return Piece(low, high, signs, (), concave)
        if not a.place < b.place:
            raise Undecided("opposite signs from both ends that meet")
        return Piece(low, high, signs, (located(f, slope, a.place, b.place, a.value > 0, min(low.unit, high.unit), budget),), concave)
    return Piece(low, high, signs, tuple(zeros(f, slope, a.place, b.place, min(low.unit, high.unit), budget)))


# -- the verdict -------------------------------------------------------------------------------------


class Heights:
    """The function itself, made when it is asked for."""

    def __init__(self, height: Formula, score: Formula, form: Form, data: Data, budget: Budget):
        self.height, self.score, self.form, self.data, self.budget = height, score, form, data, budget
        self._function: Function | None = None

    @property
    def shown(self) -> Formula:
        return plain(self.height, self.form)

    @property
    def function(self) -> Function:
        if self._function is None:
            self._function = Function(self.shown, self.form.unknowns, self.data)
        return self._function

    def at(self, p: Stationary) -> Any:
        """A ball for the value at a stationary point."""
        self.budget.spend(self.function.steps)
        return self.function.over(Balls())(exactly(p.low).union(exactly(p.high)))

    def limit(self, side: Side) -> Any:
        """A ball for the limit at an end."""
        return limit_at(self.function, side, self.budget)

    def centre(self, maxima: Sequence[Stationary]) -> Fraction | None:
        """About which place the function is symmetric: read off it, or guessed from the outer maxima and proved."""
        c = centre(self.height, self.form.unknowns[0], self.data)
        if c is not None or len(maxima) < 2:
            return c
        return mirrored(self.score, self.form.unknowns[0], self.data, (maxima[0].middle + maxima[-1].middle) / 2)


def _verdict(pieces: Sequence[Piece], domain: Domain, heights: Heights) -> Enclosed:
    points = tuple(p for piece in pieces for p in piece.points)
    signs = (pieces[0].signs[0], pieces[-1].signs[1])
    maxima = [p for p in points if p.maximum]
    single = len(pieces) == 1
    if single and len(points) == 1 and maxima:
        c = None if points[0].precise else heights.centre(maxima)  # the mirror image of the only zero is one
        if c is not None and points[0].low <= c <= points[0].high:
            points = (replace(points[0], low=c, high=c, precise=True),)
        return Enclosed(Verdict.UNIQUE, points, points, signs, by=By.CONCAVE if pieces[0].concave else By.ONE_ZERO)
    if single and not points:
        end = signs[0]
        attained = domain.attained[end > 0] and (domain.high if end > 0 else domain.low) is not None
        return Enclosed(Verdict.UNIQUE if attained else Verdict.NONE, (), (), signs, end, by=By.ONE_SIGN)
    return _compared(pieces, points, maxima, signs, domain, heights)


def _compared(
    pieces: Sequence[Piece], points: tuple[Stationary, ...], maxima: list[Stationary], signs: tuple[int, int], domain: Domain, heights: Heights
) -> Enclosed:  # fmt: skip
    """The maxima compared with each other, and with the limits at all ends towards which the function rises."""
    rising = [side for piece in pieces for side, up in ((piece.low, piece.signs[0] < 0), (piece.high, piece.signs[1] > 0)) if up]
    if not maxima and not rising:
        raise Undecided("no maximum and no end towards which the function rises")
    same = _mirrored(maxima, heights.centre(maxima))
    for bits in HEIGHT_BITS:
        with ctx.workprec(bits):
            try:
                values = [heights.at(p) for p in maxima]
                limits = [heights.limit(s) for s in rising]
            except Undecided:
                continue
        best = _highest([*values, *limits])
        if best is None:
            tie = _tied(values, limits, same)
            if tie is None:
                continue
            return Enclosed(Verdict.SEVERAL, points, tuple(maxima[k] for k in tie), signs, by=By.SYMMETRY)
        if best < len(maxima):
            return Enclosed(Verdict.UNIQUE, points, (maxima[best],), signs, by=By.HEIGHTS)
        side = rising[best - len(maxima)]
        outer = side in (pieces[0].low, pieces[-1].high)
        unbounded = bool(limits[best - len(maxima)] == INF)
        if not outer and not unbounded:
            raise Undecided("the function is highest next to a place where its derivative has no value")
        end = -side.sign
        attained = outer and not unbounded and domain.attained[end > 0] and side.end is not None
        return Enclosed(Verdict.UNIQUE if attained else Verdict.NONE, points, (), signs, end, unbounded, By.HEIGHTS)
    raise Undecided("heights that may be equal")


def _mirrored(maxima: Sequence[Stationary], c: Fraction | None) -> list[tuple[int, int]]:
    """Pairs of maxima of a function that is symmetric about c which are mirrored in each other: the mirrored zeros are zeros too."""
    if c is None:
        return []
    left = [k for k, p in enumerate(maxima) if p.high < c]
    right = [k for k, p in enumerate(maxima) if p.low > c]
    return list(zip(left, reversed(right), strict=True)) if len(left) == len(right) else []


def _highest(values: Sequence[Any]) -> int | None:
    """The place of the value that is above all others."""
    for k, v in enumerate(values):
        if all(j == k or v > w for j, w in enumerate(values)):
            return k
    return None


def _tied(values: Sequence[Any], limits: Sequence[Any], same: Sequence[tuple[int, int]]) -> tuple[int, ...] | None:
    """The places of a mirrored pair that is above all others."""
    for pair in same:
        others = [w for j, w in enumerate(values) if j not in pair]
        if all(values[k] > w for k in pair for w in (*others, *limits)):
            return pair
    return None
