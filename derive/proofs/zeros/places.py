"""A function of one unknown with data at single places, where floating point overflows or has no digits left."""

from __future__ import annotations

import math
from functools import cached_property

from flint import arb, ctx

from ...formula.tree import Formula
from .algebras import Balls
from .builder import Data, Function
from .exact import NotCovered, Undecided
from .rewrite import Form, plain

BITS = (64, 128, 256, 512, 1024, 2048)
ENOUGH = 53


class Places:
    """The function, made when it is asked for."""

    def __init__(self, f: Formula, unknown: str, data: Data):
        self.f, self.unknown, self.data = f, unknown, data

    @cached_property
    def function(self) -> Function | None:
        """None where its form is not covered."""
        try:
            form = Form((self.unknown,), self.data.size, lambda _: False, self.data.whole)
            return Function(plain(self.f, form), (self.unknown,), self.data)
        except (NotCovered, Undecided, ZeroDivisionError, ValueError, OverflowError):
            return None

    def value(self, x: float) -> float:
        """The value at x, nan where there is none, or none to the digits of a float."""
        if self.function is None or not math.isfinite(x):
            return math.nan
        for bits in BITS:
            with ctx.workprec(bits):
                try:
                    v = self.function.over(Balls())(arb(x))
                except (NotCovered, Undecided, ZeroDivisionError, ValueError, OverflowError):
                    return math.nan
                if v.is_finite() and v.rel_accuracy_bits() >= ENOUGH:
                    return float(v.mid())
        return math.nan
