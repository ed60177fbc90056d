"""Where a function of one unknown with data goes at an end: to infinity, or nowhere so far; proved by its expansion."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from ...formula.tree import ZERO, At, Call, Div, Formula, Mul, Pow, names, rational, transform
from .algebras import Expansions, Intervals
from .builder import Data, Function, Row
from .ends import EXPANDED as NEARBY
from .ends import EXPANDING, MOST_ROWS, Budget, Side, exactly, limit_at, sign_at
from .exact import NotCovered, Undecided, fraction
from .expansion import ball
from .extended import INF, Extended, NoValue
from .rewrite import Form, plain
from .stationary import Positive
from .values import Direction, Domain, Towards

EXPANDED = (*NEARBY, 1024, 4096, 16384)
STEPS = 1_500_000
DIGITS = (64, 256)
FAILED = (Undecided, NotCovered, NoValue, ZeroDivisionError, OverflowError, ValueError)
CLOSE = arb(fmpq(1, 2**32))  # from the end, up to where signs are looked at by expansions
LIMITS = (64, 128)
NEAR = Fraction(1, 64)  # signs are looked at up to here


def growth(f: Formula, unknown: str, far: bool, data: Data) -> Towards:
    """Where f goes as the unknown, which is positive, falls to 0, or as it grows where `far`."""
    try:
        with ctx.workprec(64):
            shown = plain(f, Form((unknown,), data.size, _Positive(unknown, far, data), data.whole))
            function = Function(shown, (unknown,), data)
            if _bounded(function, far):
                return Towards.BOUNDED
        for bits in DIGITS:
            with ctx.workprec(bits):
                found = _found(function, _side(far))
            if found is not Towards.UNDECIDED:
                return found
    except FAILED:
        pass
    return Towards.UNDECIDED


def direction(score: Formula, height: Formula, unknown: str, least: Fraction, data: Data) -> Direction | None:
    """The sign of a score for all large values of the unknown; None where it is not found.  least: above which the unknown lies."""
    form = Form((unknown,), data.size, Positive((unknown,), (Domain(least),), data), data.whole)
    budget = Budget(STEPS, 0)
    try:
        with ctx.workprec(64):
            found = sign_at(Function(plain(score, form), (unknown,), data), _side(True), budget)
            if found.value <= 0:
                return Direction(found.value, fraction(found.place)) if found.value else None
            limit = limit_at(Function(plain(height, form), (unknown,), data), _side(True), budget)
            return Direction(1, fraction(found.place), float(limit.mid()))
    except FAILED:
        return None


def _side(far: bool) -> Side:
    return Side(None, -1, fmpq(1)) if far else Side(Fraction(0), 1, fmpq(1))


def _near(far: bool) -> Extended:
    return Extended(exactly(1 / NEAR), INF, True, True) if far else Extended(exactly(Fraction(0)), exactly(NEAR), True, True)


def _bounded(f: Function, far: bool) -> bool:
    """Whether all values near the end lie in a finite interval."""
    try:
        r = f.over(Intervals())(_near(far))
    except FAILED:
        return False
    return bool(r.lo.is_finite() and r.hi.is_finite())


def limit(f: Formula, unknown: str) -> float | None:
    """The limit of a function without data as the unknown falls to 0, to the digits of a float; None where it is not found."""
    data = Data((), ())
    try:
        with ctx.workprec(256):
            function = Function(plain(f, Form((unknown,), 0, _Positive(unknown, False, data))), (unknown,), data)
            for power in LIMITS:
                place = arb(fmpq(1, 2**power))
                t: Any = function.over(Expansions(place))(_side(False).expansion(place))
                c = ball(t.terms[t.lead]) if t.limit == "c" else arb(0) if t.limit == "0" else None
                if c is not None and c.is_finite() and c.rad() < 1e-15:
                    return float(c)
    except (*FAILED, KeyError):
        pass
    return None


class _Positive:
    """Whether a formula is positive near the end, for every observation: by an extended interval."""

    def __init__(self, unknown: str, far: bool, data: Data):
        self.unknown, self.data = unknown, data
        self.near = _near(far)
        self.side = _side(far)
        self.seen: dict[Formula, bool] = {}

    def __call__(self, f: Formula) -> bool:
        match f:
            case Mul(parts) if all(map(self, parts)):
                return True
            case Div(a, b) | Call("beta", (a, b)) if self(a) and self(b):
                return True
            case Pow(a, _) | Call("gamma" | "sqrt", (a,)) if self(a):
                return True
            case Call("exp"):
                return True
            case Call("besseli", (k, _)) if k == ZERO:
                return True
        if f not in self.seen:
            rows = [row for row, _ in self.data.rows] if set(names(f)) & set(self.data.names) else [()]
            self.seen[f] = all(self._at(f, row) for row in rows)
        return self.seen[f]

    def _at(self, f: Formula, row: Row) -> bool:
        numbers = dict(zip(self.data.names, row, strict=False))

        def put(g: Formula) -> Formula | None:
            return rational(numbers[g.base]) if isinstance(g, At) and g.base in numbers else None

        try:
            shown = plain(transform(f, put), Form((self.unknown,), self.data.size, lambda _: False))
            function = Function(shown, (self.unknown,), self.data)
        except FAILED:
            return False
        try:
            if function.over(Intervals())(self.near).sign > 0:
                return True
        except FAILED:
            pass
        try:
            return bool(function.over(Expansions(CLOSE))(self.side.expansion(CLOSE)).sign > 0)
        except FAILED:
            return False


def _found(f: Function, side: Side) -> Towards:
    if f.steps > MOST_ROWS:
        return Towards.UNDECIDED
    budget = Budget(STEPS, 0)
    for power in EXPANDED:
        budget.spend(EXPANDING * f.steps)
        try:
            t: Any = f.over(Expansions(arb(fmpq(1, 2**power))))(side.expansion(arb(fmpq(1, 2**power))))
            return {"+": Towards.INFINITY, "-": Towards.MINUS_INFINITY}.get(t.limit, Towards.BOUNDED)
        except (Undecided, NoValue, ZeroDivisionError):
            continue
    return Towards.UNDECIDED
