"""Terms, layout, multiplying out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.algebra.facts import POSITIVE, Facts, Range
from derive.algebra.terms import Algebra
from derive.clock import Clock
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.tree import ONE, TWO, Const, Div, Pow, Sym, add, call, exp, mul, neg, num

A, B, M = Sym("a"), Sym("b"), Sym("m")
AL = Algebra(Facts({"a": POSITIVE, "b": POSITIVE, "m": Range()}), clock=Clock(600))


@pytest.mark.parametrize(
    ("f", "shown"),
    [
        (Div(mul(num(3), A), Pow(A, TWO)), r"\frac{3}{a}"),
        (Pow(mul(TWO, Const("pi"), A), neg(Div(Sym("n"), TWO))), r"(2 \pi a)^{-n/2}"),
        (call("sqrt", Pow(M, TWO)), r"\left|m\right|"),
        (call("sqrt", Pow(A, TWO)), "a"),
        (Pow(num(8), Div(ONE, TWO)), r"2 \sqrt{2}"),
        (mul(exp(A), exp(B)), "e^{a + b}"),
        (add(A, neg(B), A), "2 a - b"),
        (call("sqrt", num(16)), "4"),
    ],
)
def test_a_term_is_laid_out_as_in_a_textbook(f, shown):
    assert latex(AL.tidy(f)) == shown


def test_brackets_are_kept_until_they_are_multiplied_out():
    f = mul(num(3), add(ONE, neg(A)))
    assert AL.tidy(f) == f
    assert latex(AL.expand(f)) == "3 - 3 a"


def test_decimals_stay_decimals_only_where_the_data_have_them():
    f = mul(num("2.5"), A)
    assert latex(Algebra(AL.facts, decimals=True).tidy(f)) == "2.5 a"
    assert latex(AL.tidy(f)) == r"\frac{5 a}{2}"


LEAVES = st.sampled_from([A, B, M, ONE, TWO, num(3), num(5)])
TREES = st.recursive(
    LEAVES,
    lambda k: st.one_of(
        st.builds(lambda a, b: add(a, b), k, k), st.builds(lambda a, b: mul(a, b), k, k), st.builds(neg, k), st.builds(lambda a, b: Div(a, b), k, k),
        st.builds(lambda a: Pow(a, TWO), k), st.builds(lambda a: Pow(a, num(-1)), k), st.builds(lambda a: call("sqrt", Pow(a, TWO)), k),
        st.builds(lambda a: exp(a), k), st.builds(lambda a: call("log", exp(a)), k),
    ),
    max_leaves=7,
)  # fmt: skip


@settings(deadline=None)
@given(TREES, st.floats(0.2, 3), st.floats(0.2, 3), st.floats(-3, 3))
def test_tidying_and_multiplying_out_keep_the_value(f, a, b, m):
    env = {"a": a, "b": b, "m": m}
    v = compiled(f)(env)
    if math.isnan(v) or math.isinf(v) or abs(v) > 1e6 or 0 < abs(m) < 1e-6:  # a tiny m has powers that underflow
        return
    for g in (AL.tidy(f), AL.expand(f)):
        w = compiled(g)(env)
        if not math.isnan(w):
            assert math.isclose(v, w, rel_tol=1e-6, abs_tol=1e-6)
