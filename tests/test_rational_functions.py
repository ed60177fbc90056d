"""Quotients of polynomials in lowest terms, and inverses of matrices of them."""

from __future__ import annotations

import random

import pytest

from derive.algebra.facts import Facts, Range
from derive.algebra.rational_functions import RationalFunctions, TooLong, in_one_fraction, inverse
from derive.algebra.terms import Algebra
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.tree import ONE, Formula, Pow, Sym, add, call, div, exp, mul, neg, num

A, B, T = Sym("a"), Sym("b"), Sym("t")
AL = Algebra(Facts({"t": Range(0, 1, True, True), "a": Range(0, float("inf"), True), "b": Range(0, float("inf"), True)}))


@pytest.mark.parametrize(
    ("f", "shown"),
    [
        (add(div(ONE, T), div(ONE, add(ONE, neg(T)))), r"\frac{1}{t (1 - t)}"),
        (div(div(ONE, add(ONE, neg(T))), add(div(ONE, T), div(ONE, add(ONE, neg(T))))), "t"),
        (add(div(Pow(A, add(T, num(2))), A), neg(Pow(A, add(T, ONE)))), "0"),
        (div(add(exp(mul(num(2), A)), neg(ONE)), add(exp(A), neg(ONE))), r"e^{a} + 1"),
        (div(call("log", A), mul(A, call("log", A))), r"\frac{1}{a}"),
    ],
)
def test_in_one_fraction(f: Formula, shown: str) -> None:
    g = in_one_fraction(f, AL)
    assert latex(g) == shown
    rng = random.Random(1)
    for _ in range(3):
        env = {"a": rng.uniform(0.5, 2), "b": rng.uniform(0.5, 2), "t": rng.uniform(0.1, 0.9)}
        assert compiled(g)(env) == pytest.approx(compiled(f)(env), abs=1e-12)


def test_inverse_of_a_matrix() -> None:
    rows = [[A, T], [T, B]]
    found = inverse(rows, AL)
    assert found is not None
    env = {"a": 1.3, "b": 2.1, "t": 0.4}
    for i in range(2):
        for j in range(2):
            product = sum(compiled(rows[i][k])(env) * compiled(found[k][j])(env) for k in range(2))
            assert product == pytest.approx(float(i == j), abs=1e-12)
    assert inverse([[A, A], [A, A]], AL) is None


def test_what_is_too_long_is_left() -> None:
    many = Pow(add(*(Sym(f"x_{j}") for j in range(12))), num(20))
    assert in_one_fraction(many, AL) == many
    made = RationalFunctions.of([many], AL)
    with pytest.raises(TooLong):
        made.quotient(many)
