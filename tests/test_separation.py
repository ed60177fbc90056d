"""A density of several variables as a product of parts."""

from __future__ import annotations

import pytest

import derive
from derive.density.integration.separation import separated
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy
from derive.sets.domain import REAL

PARTS = [
    ("exp(-x**2 - y**2)", [("x",), ("y",)]),
    ("exp(-(x - y)**2 - z**2)", [("x", "y"), ("z",)]),
    ("a*exp(-a*x)*b*exp(-b*y)", [("x",), ("y",)]),
    ("x*exp(-x*y)", [("x", "y")]),
    ("x**a*y**b*(1 - x - y)**c", [("x", "y")]),
]


@pytest.mark.parametrize(("text", "want"), PARTS)
def test_parts_hold_the_variables_that_hang_together(text, want):
    (s,) = read_sympy(text, Context(parameters=frozenset("abc")))
    names = sorted({v for g in want for v in g})
    assert [group for _, group in separated(s.formula, dict.fromkeys(names, REAL))] == want


def test_three_coordinates_with_one_variance():
    d = derive.mle(
        "exp(-(x**2+y**2+z**2)/(2*v))/(2*pi*v)**(3/2)", variable=["x", "y", "z"], parameters={"v": "positive"},
        data={"x": [1, 2], "y": [3, -2], "z": [0, 1]},
    )  # fmt: skip
    assert d.numeric == {"v": pytest.approx(19 / 6)}


def test_two_letters_with_the_numbers_1_and_2_are_no_square():
    d = derive.mle(
        "exp(-x/s1-y/s2)/(s1*s2)", variable=["x", "y"], parameters={"s1": "positive", "s2": "positive"}, data={"x": [1, 2], "y": [3, 2]}
    )
    assert d.numeric == {"s1": pytest.approx(1.5), "s2": pytest.approx(2.5)}
