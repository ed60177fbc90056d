"""Where a score with data changes its sign that is known to have at most one zero, near a place that a search in floats has found."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from ...formula.tree import Formula
from .algebras import Balls
from .builder import Data, Function
from .exact import NotCovered, Undecided, fraction, rational
from .extended import NoValue
from .rewrite import Form, plain
from .values import By, Enclosed, Stationary, Verdict

MARGINS = (50, 46, 40, 30)  # bits to which the place may be known
BITS = 128


def changes_sign(score: Formula, unknown: str, data: Data, near: Fraction) -> Enclosed | None:
    """The zero of a score that has at most one, between places at which it is positive and negative; None where no signs are found there."""
    try:
        with ctx.workprec(BITS):
            f = Function(plain(score, Form((unknown,), data.size, lambda _: False, data.whole)), (unknown,), data).over(Balls())
            for margin in MARGINS:
                width = abs(near) / 2**margin
                a, b = (arb(rational(x)).mid() for x in (near - width, near + width))
                if f(a) > 0 and f(b) < 0:
                    root = Stationary(fraction(a), fraction(b), True)
                    return Enclosed(Verdict.UNIQUE, (root,), (root,), (1, -1), by=By.ONE_ZERO)
    except (NotCovered, Undecided, NoValue, ZeroDivisionError, OverflowError, ValueError):
        pass
    return None


__all__ = ["changes_sign"]
