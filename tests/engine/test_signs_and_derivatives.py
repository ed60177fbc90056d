"""Logarithms of factors whose sign is not known, and derivatives against differences."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.algebra.facts import POSITIVE, REALS, Facts, Range
from derive.algebra.terms import Algebra
from derive.clock import Clock
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.tree import Add, Call, Const, Div, Formula, Mul, Neg, Pow, Sym, num
from derive.reading.context import Context
from derive.reading.tex import read_latex
from derive.rules.calculus import differentiate
from derive.rules.logs import logged

CONTEXT = Context(parameters=frozenset({"p", "l", "x"}), data=frozenset())
AL = Algebra(Facts({"p": Range(0, 1, True, True), "l": REALS, "x": POSITIVE}), clock=Clock(600))


@pytest.mark.parametrize(
    ("product", "shown"),
    [
        (r"-\frac{p^x}{x \log(1-p)}", r"x \log p - \log x - \log[-\log(1 - p)]"),
        (r"\frac{l}{1-e^{-l}}", r"\log\left(\frac{l}{1 - e^{-l}}\right)"),
        (r"l^2 x", r"2 \log(\left|l\right|) + \log x"),
        (r"(l-1)^3 x", r"\log x + 3 \log(l - 1)"),
    ],
)
def test_a_logarithm_is_opened_only_where_the_signs_allow(product, shown):
    assert latex(logged(read_latex(product, CONTEXT)[0].formula, AL)) == shown


def test_a_derivative_under_a_logarithm_is_the_sum_of_the_logarithmic_ones():
    f = read_latex(r"\log\frac{l}{1-e^{-l}}", CONTEXT)[0].formula
    assert latex(differentiate(f, Sym("l"), AL)) == r"\frac{1}{l} - \frac{e^{-l}}{1 - e^{-l}}"


LEAVES = st.sampled_from([Sym("p"), Sym("p"), Sym("x"), num(2), num(3), Const("pi")])


def grown(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda fs: Add(tuple(fs))),
        st.lists(inner, min_size=2, max_size=3).map(lambda fs: Mul(tuple(fs))),
        inner.map(Neg),
        st.tuples(inner, inner).map(lambda f: Div(*f)),
        st.tuples(inner, st.integers(2, 4)).map(lambda f: Pow(f[0], num(f[1]))),
        st.tuples(st.sampled_from(["log", "exp", "sqrt", "sin", "arctan", "loggamma", "tanh"]), inner).map(lambda f: Call(f[0], (f[1],))),
    )


@given(st.recursive(LEAVES, grown, max_leaves=6))
@settings(max_examples=150, deadline=None)
def test_a_derivative_is_the_limit_of_differences(f):
    at, h = {"p": 0.37, "x": 1.7}, 1e-6
    value = compiled(f)
    low, mid, high = (value({**at, "p": at["p"] + k * h}) for k in (-1, 0, 1))
    assume(all(map(math.isfinite, (low, mid, high))) and max(map(abs, (low, mid, high))) < 1e3)
    d = compiled(differentiate(f, Sym("p"), AL))(at)
    assume(math.isfinite(d) and abs(d) < 1e4)
    assert d == pytest.approx((high - low) / (2 * h), rel=1e-4, abs=1e-4)
