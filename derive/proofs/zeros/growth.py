"""Where a function of one unknown with data goes at an end: to infinity, or nowhere so far; proved by its expansion."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from ...formula.tree import At, Call, Div, Formula, Mul, Pow, names, rational, transform
from .algebras import Expansions, Intervals
from .builder import Data, Function, Row
from .ends import EXPANDED as NEARBY
from .ends import EXPANDING, MOST_ROWS, Budget, Side, exactly, precision
from .exact import NotCovered, Undecided
from .extended import INF, Extended, NoValue
from .rewrite import Form, plain
from .values import Towards

EXPANDED = (*NEARBY, 1024, 4096, 16384)
STEPS = 1_500_000
DIGITS = (64, 256)
NEAR = Fraction(1, 64)  # signs are looked at up to here


def growth(f: Formula, unknown: str, far: bool, data: Data) -> Towards:
    """Where f goes as the unknown, which is positive, falls to 0, or as it grows where `far`."""
    before, ctx.prec = ctx.prec, 64
    try:
        shown = plain(f, Form((unknown,), data.size, _Positive(unknown, far, data), data.whole))
        function = Function(shown, (unknown,), data)
        if _bounded(function, far):
            return Towards.BOUNDED
        for bits in DIGITS:
            with precision(bits):
                found = _found(function, Side(None, -1, fmpq(1)) if far else Side(Fraction(0), 1, fmpq(1)))
            if found is not Towards.UNDECIDED:
                return found
    except (Undecided, NotCovered, NoValue, ZeroDivisionError, OverflowError, ValueError):
        pass
    finally:
        ctx.prec = before
    return Towards.UNDECIDED


def _near(far: bool) -> Extended:
    return Extended(exactly(1 / NEAR), INF, True, True) if far else Extended(exactly(Fraction(0)), exactly(NEAR), True, True)


def _bounded(f: Function, far: bool) -> bool:
    """Whether all values near the end lie in a finite interval."""
    try:
        r = f.over(Intervals())(_near(far))
    except (NotCovered, NoValue, Undecided, ZeroDivisionError, ValueError):
        return False
    return bool(r.lo.is_finite() and r.hi.is_finite())


class _Positive:
    """Whether a formula is positive near the end, for every observation: by an extended interval."""

    def __init__(self, unknown: str, far: bool, data: Data):
        self.unknown, self.data = unknown, data
        self.near = _near(far)
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
            return bool(Function(shown, (self.unknown,), self.data).over(Intervals())(self.near).sign > 0)
        except (NotCovered, NoValue, Undecided, ZeroDivisionError, ValueError):
            return False


def _found(f: Function, side: Side) -> Towards:
    if f.cost > MOST_ROWS:
        return Towards.UNDECIDED
    budget = Budget(STEPS, 0)
    for power in EXPANDED:
        budget.spend(EXPANDING * f.cost)
        try:
            t: Any = f.over(Expansions(arb(fmpq(1, 2**power))))(side.expansion(arb(fmpq(1, 2**power))))
            return {"+": Towards.INFINITY, "-": Towards.MINUS_INFINITY}.get(t.limit, Towards.BOUNDED)
        except (Undecided, NoValue, ZeroDivisionError):
            continue
    return Towards.UNDECIDED
