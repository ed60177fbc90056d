"""Polynomials in the bases of terms: square factors, lowest terms."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.algebra.facts import POSITIVE, Facts
from derive.algebra.polynomials import in_lowest_terms, without_squares
from derive.algebra.terms import Algebra
from derive.clock import Clock
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.tree import TWO, Add, Div, Pow, Sym, add, call, mul, neg, num

A, B, C = Sym("a"), Sym("b"), Sym("c")
AL = Algebra(Facts(dict.fromkeys("abc", POSITIVE)), clock=Clock(600))
FRACTIONS = [
    (Div(add(A, B), add(mul(C, A), mul(C, B))), r"\frac{1}{c}"),
    (Div(add(Pow(A, TWO), neg(Pow(B, TWO))), add(A, B)), "a - b"),
    (Div(mul(A, B), add(mul(A, B), mul(A, C))), r"\frac{b}{b + c}"),
    (Div(A, add(A, B)), r"\frac{a}{a + b}"),
    (Div(call("sqrt", A), add(A, B)), r"\frac{\sqrt{a}}{a + b}"),
]


@pytest.mark.parametrize("f, shown", FRACTIONS)
def test_lowest_terms(f, shown):
    assert latex(in_lowest_terms(f, AL)) == shown


@pytest.mark.parametrize(("f", "k"), [(num(17), num("0.1")), (B, num("0.5")), (add(A, B), num("1.5"))])
def test_one_root_of_a_fraction(f, k):
    g = AL.tidy(Div(Pow(f, k), Pow(C, k)))
    assert isinstance(g, type(AL.tidy(Pow(Div(f, C), k)))) and compiled(g)({"a": 2.0, "b": 3.0, "c": 5.0}) == pytest.approx(
        compiled(Pow(Div(f, C), k))({"a": 2.0, "b": 3.0, "c": 5.0})
    )
    assert latex(g).startswith((r"\left(", r"\sqrt{\frac"))


SUMS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=3).map(
    lambda rows: add(
        *(
            mul(num(abs(c)), Pow(A, num(j)), Pow(B, num(k))) if c >= 0 else neg(mul(num(-c), Pow(A, num(j)), Pow(B, num(k))))
            for c, j, k in rows
        )
    )
)
PLACES = [{"a": 0.7, "b": 1.9}, {"a": 2.3, "b": 0.4}]


@settings(deadline=None)
@given(SUMS, SUMS)
def test_the_factors_multiply_to_the_sum(f, g):
    whole = AL.expanded(mul(Pow(f, TWO), g))
    assume(whole)
    front, sums = without_squares(whole)
    back = mul(AL.build(front), *(Pow(AL.assemble(ts), num(k)) for ts, k in sums))
    for w in PLACES:
        assert compiled(back)(w) == pytest.approx(compiled(AL.assemble(whole))(w), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(SUMS, SUMS, SUMS)
def test_lowest_terms_keep_the_value(f, g, h):
    top, bottom = AL.expand(mul(f, h)), AL.expand(mul(g, h))
    assume(isinstance(bottom, Add))
    before, after = Div(top, bottom), in_lowest_terms(Div(top, bottom), AL)
    for w in PLACES:
        if abs(compiled(bottom)(w)) > 1e-6:
            assert compiled(after)(w) == pytest.approx(compiled(before)(w), rel=1e-7, abs=1e-9)
