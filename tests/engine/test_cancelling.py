"""Sums of two terms that nearly cancel keep their digits, alone and as a function of one letter."""

from __future__ import annotations

import math

import pytest

from derive.formula.evaluate import compiled
from derive.formula.restrict import restricted
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("1-exp(-x)", 1e-20, 1e-20),
        ("exp(x)-1", 1e-20, 1e-20),
        ("1+erf(x)", -9.0, math.erfc(9)),
        ("1-erf(x)", 9.0, math.erfc(9)),
        ("1-Phi(x)", 20.0, math.erfc(20 / math.sqrt(2)) / 2),
    ],
)
def test_no_digits_are_lost(text, x, value):
    f = read_sympy(text, Context())[0].formula
    assert compiled(f)({"x": x}) == pytest.approx(value, rel=1e-12)
    assert restricted(f, "x", {})(x) == pytest.approx(value, rel=1e-12)
