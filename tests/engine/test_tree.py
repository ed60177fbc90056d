"""Nodes: equality, what is worked out once, values over equal observations."""

from __future__ import annotations

import math
import pickle
from copy import copy
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.algebra.facts import POSITIVE, Facts
from derive.algebra.terms import Algebra
from derive.formula.evaluate import compiled, log_size
from derive.formula.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    At,
    Big,
    Call,
    Const,
    Derivative,
    Indicator,
    Mul,
    Num,
    Peak,
    Pow,
    Relation,
    Sym,
    add,
    exp,
    has,
    kinds,
    mul,
    names,
    neg,
    num,
    product,
    total,
    transform,
)

A, X, I = Sym("a"), Sym("x"), Sym("i")  # noqa: E741
X_I = At("x", (I,))
BODY = mul(exp(mul(A, X_I)), Pow(add(ONE, Pow(X_I, TWO)), A))


def test_equality_is_of_what_is_shown():
    assert Add((A, X)) == Add((A, X)) and hash(Add((A, X))) == hash(Add((A, X)))
    assert Add((A, X)) != Mul((A, X)) and Add((A, X)) != Add((X, A))
    assert Sym("e") != Const("e") and Sym("a") != "a"
    assert Apply("f", (X,), 1) == Apply("f", (X,), 2)
    assert Num(Fraction(2, 4)) == Num(Fraction(1, 2)) != Num(Fraction(2))
    assert len({num(2), num(2), num(-2)}) == 2


def test_a_node_is_a_value():
    f = total(BODY)
    assert compiled(f)({"a": 0.5, "x": [1.0], "n": 1}) > 0
    assert pickle.loads(pickle.dumps(f)) == f == copy(f)
    with pytest.raises(AttributeError):
        f.kind = "prod"  # type: ignore[misc]


def test_a_node_knows_its_letters_and_kinds():
    f = Derivative(Call("log", (product(BODY),)), ((A, 1),))
    assert names(f) == {"a", "x", "i", "n"}
    assert {Derivative, Big, At, Call} <= kinds(f) and Indicator not in kinds(f)
    assert has(f, X_I) and has(f, Sym("b"), A) and not has(f, X) and not has(f, Sym("b"))
    assert transform(f, lambda g: ONE, Indicator) is f
    assert transform(f, lambda g: ONE, Big) == Derivative(Call("log", (ONE,)), ((A, 1),))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0, 2.5, -1.0]), min_size=1, max_size=30), st.floats(-1, 1))
def test_equal_observations_add_up_as_if_each_were_evaluated(xs, a):
    env = {"a": a, "x": xs, "n": len(xs)}
    values = [math.exp(a * x) * (1 + x * x) ** a for x in xs]
    assert compiled(total(BODY))(env) == pytest.approx(math.fsum(values), rel=1e-12)
    assert log_size(product(BODY))(env)[1] == pytest.approx(sum(map(math.log, values)), rel=1e-9, abs=1e-9)
    assert compiled(total(mul(I, X_I)))(env) == pytest.approx(sum(j * x for j, x in enumerate(xs, 1)), abs=1e-9)
    assert "i" not in env


def test_an_algebra_gives_the_same_answer_again_and_asks_its_own_facts():
    f = Call("sqrt", (Pow(A, TWO),))
    positive, real = Algebra(Facts({"a": POSITIVE})), Algebra()
    for _ in range(2):
        assert positive.tidy(f) == A
        assert real.tidy(f) == Call("abs", (A,))
    assert positive.facts.with_letters({}).positive(A) and not Facts().positive(A)
    assert Facts().assume(A, POSITIVE).positive(A)
    assert positive.sign(A) == 1 and positive.facts.range(Indicator(Relation((A, X), ("<",)))).high == 1


def test_a_peak_is_found_again_for_other_data_and_functions():
    smallest = At("x_ord", (ONE,))
    off = add(A, neg(smallest), neg(Apply("g", (ONE,))))
    peak = Peak(neg(Pow(off, TWO)), (mul(num(-2), off),), ("a",), (num(-50), num(50)), (False, False))
    for xs, g in (([3.0, 1.0], 2.0), ([5.0, 4.0], 2.0), ([5.0, 4.0], -1.0)):
        assert compiled(peak)({"x": xs, "n": 2, "g": lambda _, g=g: g}) == pytest.approx(min(xs) + g)
