"""Where a function of one unknown with data goes at an end: to infinity, or to a finite limit; proved by its expansion."""

from __future__ import annotations

from typing import Any

from flint import arb, ctx, fmpq

from ...formula.tree import Formula
from .algebras import Expansions
from .builder import Data, Function
from .ends import EXPANDED, EXPANDING, MOST_ROWS, Budget, Side, precision
from .exact import NotCovered, Undecided
from .extended import NoValue
from .rewrite import Form, plain
from .values import Towards

STEPS = 1_500_000
DIGITS = (64, 256)


def growth(f: Formula, unknown: str, far: bool, data: Data) -> Towards:
    """Where f goes as the unknown, which is positive, falls to 0, or as it grows where `far`."""
    before, ctx.prec = ctx.prec, 64
    try:
        shown = plain(f, Form((unknown,), data.size, lambda _: False, data.whole))
        function = Function(shown, unknown, data)
        for bits in DIGITS:
            with precision(bits):
                found = _found(function, Side(None, -1, fmpq(1)) if far else Side(0, 1, fmpq(1)))  # type: ignore[arg-type]
            if found is not Towards.UNDECIDED:
                return found
    except (Undecided, NotCovered, NoValue, ZeroDivisionError, OverflowError, ValueError):
        pass
    finally:
        ctx.prec = before
    return Towards.UNDECIDED


def _found(f: Function, side: Side) -> Towards:
    if f.cost > MOST_ROWS:
        return Towards.UNDECIDED
    budget = Budget(STEPS, 0)
    for power in EXPANDED:
        budget.spend(EXPANDING * f.cost)
        try:
            t: Any = f.over(Expansions(arb(fmpq(1, 2**power))))(side.expansion(arb(fmpq(1, 2**power))))
            return {"+": Towards.INFINITY, "-": Towards.MINUS_INFINITY}.get(t.limit, Towards.FINITE)
        except (Undecided, NoValue, ZeroDivisionError):
            continue
    return Towards.UNDECIDED
