"""Signs are proved by enclosing ranges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.algebra.facts import COUNT, Facts, Range
from derive.formula.evaluate import compiled
from derive.formula.tree import ONE, TWO, At, Div, Pow, Sym, add, call, mul, neg, num, total

X = At("x", (Sym("i"),))
S, N, T = total(X), Sym("n"), Sym("t")


@pytest.mark.parametrize(
    ("f", "data", "sign"),
    [
        (add(N, neg(S)), Range(0, 1), "nonnegative"),
        (add(S, neg(N)), Range(1, math.inf), "nonnegative"),
        (total(call("log", X)), Range(0, 1, True, True), "negative"),
        (total(Pow(add(X, neg(T)), TWO)), Range(), "nonnegative"),
        (mul(T, add(ONE, neg(T))), Range(), "positive"),
        (Div(N, Pow(T, num(2))), Range(), "positive"),
    ],
)  # fmt: skip
def test_a_sign_is_proved(f, data, sign):
    facts = Facts({"t": Range(0, 1, True, True), "n": COUNT}, {"x": data})
    assert getattr(facts.range(f), sign)


def test_what_may_vanish_is_not_called_nonzero():
    facts = Facts({"t": Range(-1, 1)}, {"x": Range(0, 1)})
    assert not facts.nonzero(T)
    assert not facts.nonzero(S)
    assert not facts.nonzero(add(T, neg(ONE)))


def test_the_ends_of_the_support_bound_an_observation():
    m = Sym("m")
    facts = Facts({"m": COUNT, "n": COUNT}, {"x": Range(0, math.inf)}, ends={"x": (num(0), m)})
    assert facts.range(add(mul(N, m), neg(S))).nonnegative


LEAVES = st.sampled_from([T, Sym("u"), ONE, TWO, num(3)])
TREES = st.recursive(
    LEAVES,
    lambda k: st.one_of(
        st.builds(lambda a, b: add(a, b), k, k), st.builds(lambda a, b: mul(a, b), k, k), st.builds(neg, k),
        st.builds(lambda a: Pow(a, TWO), k), st.builds(lambda a: call("exp", a), k), st.builds(lambda a, b: Div(a, b), k, k),
    ),
    max_leaves=8,
)  # fmt: skip


@given(TREES, st.floats(0.01, 0.99), st.floats(-3, 3))
def test_a_range_holds_every_value(f, t, u):
    facts = Facts({"t": Range(0, 1, True, True), "u": Range(-3, 3)})
    v = compiled(f)({"t": t, "u": u})
    r = facts.range(f)
    if not math.isnan(v) and not math.isinf(v):
        slack = 1e-9 * (1 + abs(v))
        assert r.low - slack <= v <= r.high + slack
