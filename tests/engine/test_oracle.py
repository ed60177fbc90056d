"""The oracle refutes what is false, whatever kind of line it is."""

from __future__ import annotations

import math

import pytest

from derive.formula.tree import Relation
from derive.oracle.oracle import Oracle, Refuted
from derive.reading.context import Context
from derive.reading.tex import read_latex

ORACLE = Oracle(({"a": 1.3, "b": 0.7}, {"a": 2.1, "b": 0.4}))


def formula(text):
    return read_latex(text, Context(parameters=frozenset("ab"), data=frozenset()))[0].formula


@pytest.mark.parametrize(("true", "false"), [
    ("(a+b)^2 = a^2+2ab+b^2", "(a+b)^2 = a^2+b^2"), (r"\log(ab) = \log a+\log b", r"\log(a+b) = \log a+\log b"),
    ("a > b", "a < b"), ("a-b = a-b", "a-b = b-a"), (r"\frac{1}{a} \ne b", r"\frac{a}{b} \ne \frac{2a}{2b}"),
])  # fmt: skip
def test_a_false_line_is_refuted(true, false):
    ORACLE.holds(formula(true))
    with pytest.raises(Refuted):
        ORACLE.holds(formula(false))


def test_a_move_must_be_multiplication_by_its_factor():
    before, after = formula(r"\frac{3}{a} - b = 0"), formula("3 - ab = 0")
    assert isinstance(before, Relation)
    ORACLE.move(before, after, formula("a"))
    for wrong in (formula("b"), formula("a - a")):
        with pytest.raises(Refuted):
            ORACLE.move(before, after, wrong)


def test_a_size_is_judged_by_its_logarithm():
    ORACLE.same_size(None, lambda w: 500 * math.log(w["a"]), formula("a^{500}"))
    with pytest.raises(Refuted):
        ORACLE.same_size(None, lambda w: 500 * math.log(w["a"]), formula("a^{501}"))
