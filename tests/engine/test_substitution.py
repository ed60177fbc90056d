"""Substitution: a bound letter stays, and none is captured."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from derive.formula import tree
from derive.formula.evaluate import compiled
from derive.formula.tree import (
    BINDERS,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    At,
    Best,
    Big,
    Const,
    Derivative,
    Expected,
    Formula,
    Integral,
    Last,
    Limit,
    Mul,
    N,
    Peak,
    Pow,
    Relation,
    SetOf,
    Sym,
    Where,
    add,
    call,
    children,
    exp,
    free_names,
    fresh,
    mul,
    names,
    neg,
    num,
    replace,
    replace_all,
    total,
    walk,
)

A, B, I, J, K, L, T, X = map(Sym, "abijkltx")  # noqa: E741
LETTERS = (A, B, I, J, T)
X_I = At("x", (I,))
ENV = {"a": 0.7, "b": -0.4, "i": 1.3, "j": 0.9, "t": 1.6, "x": [0.5, -1.0, 2.0]}


def bound_by(binder: str, body: Formula, value: Formula) -> Formula:
    match binder:
        case "sum" | "prod":
            return Big(binder, "i", ONE, num(3), body)
        case "data":
            return total(mul(X_I, body), "i", num(3))
        case "where":
            return Where(body, T, value)
    return Last("j", ZERO, num(4), Relation((add(mul(J, J), exp(call("sin", body))), num(5)), (">=",)))


LEAVES = st.sampled_from([*LETTERS, ONE, TWO])
TREES = st.recursive(
    LEAVES,
    lambda k: st.one_of(
        st.builds(add, k, k), st.builds(mul, k, k), st.builds(neg, k), st.builds(lambda a: Pow(a, TWO), k),
        st.builds(bound_by, st.sampled_from(["sum", "prod", "data", "where", "last"]), k, k),
    ),
    max_leaves=8,
)  # fmt: skip
TABLES = st.dictionaries(st.sampled_from(LETTERS), TREES, max_size=3)


def near(u: float, v: float) -> bool:
    return (math.isnan(u) and math.isnan(v)) or math.isclose(u, v, rel_tol=1e-7, abs_tol=1e-7)


@settings(max_examples=150, deadline=None)
@given(TREES, TABLES)
def test_the_value_is_that_in_the_changed_environment(f, table):
    values = {k.name: compiled(g)(dict(ENV)) for k, g in table.items()}
    wanted = compiled(f)({**ENV, **values})
    assume(math.isfinite(wanted) and abs(wanted) < 1e8 and all(abs(v) < 1e3 for v in values.values()))
    assert near(compiled(replace_all(f, table))(dict(ENV)), wanted)


@settings(max_examples=150, deadline=None)
@given(TREES, TABLES)
def test_the_free_letters_are_those_that_are_left_and_those_put_in(f, table):
    free = free_names(f)
    put_in = {name for k, g in table.items() if k.name in free for name in free_names(g)}
    assert free_names(replace_all(f, table)) == (free - {k.name for k in table}) | put_in


@settings(max_examples=100, deadline=None)
@example(total(Where(T, T, A), "i"), Sym("i"), T)
@given(TREES, TREES, st.sampled_from(LETTERS))
def test_a_letter_that_is_bound_everywhere_stays(f, g, letter):
    if letter.name not in free_names(f):
        assert replace(f, letter, g) is f


PLACES = (ONE, X)
CAPTURES = [
    (total(mul(At("a", (K,)), At("p", (L,))), "k"), L, K),
    (Integral(mul(T, exp(neg(mul(X, T)))), X, Sym("c"), Const("oo")), T, X),
    (Limit(mul(A, T), T, ZERO), A, T),
    (Where(mul(A, T), T, TWO), A, T),
    (Derivative(mul(A, T), ((T, 1),)), A, T),
    (Derivative(mul(T, T), ((T, 1),)), T, TWO),
    (Peak(mul(A, T), (A,), ("t",), (ZERO, ONE), (True, True)), A, T),
    (Last("t", ZERO, N, Relation((T, A), ("<=",))), A, T),
    (Expected(mul(A, T), ("t",)), A, T),
    (Best("t", SetOf(PLACES), mul(A, T), Apply("L", (T,))), A, T),
]


@pytest.mark.parametrize(("f", "old", "new"), CAPTURES)
def test_no_letter_is_captured(f, old, new):
    g = replace(f, old, new)
    assert free_names(g) == (free_names(f) - {old.name}) | free_names(new)
    assert type(g) in (type(f), Where)


def test_every_binder_is_tried():
    assert {type(f) for f, _, _ in CAPTURES} >= BINDERS
    named = {"index", "unknown", "unknowns", "variable", "variables", "observed"}
    binding = {
        k for k in vars(tree).values() if isinstance(k, type) and issubclass(k, Formula) and named & set(getattr(k, "__match_args__", ()))
    }
    assert binding == BINDERS | {Apply, At, Derivative}  # which name what they are of, and bind nothing


def test_the_bound_letter_gets_another_name():
    f = replace(total(mul(At("a", (K,)), At("p", (L,))), "k"), L, K)
    assert f == Big("sum", "i", ONE, N, mul(At("a", (I,)), At("p", (K,))))


def test_a_part_that_speaks_of_the_index_is_replaced_under_its_sum():
    assert replace(total(Pow(X_I, TWO)), X_I, call("log", X_I)) == total(Pow(call("log", X_I), TWO))


def test_a_derivative_is_taken_before_its_letter_is_given_a_value():
    f = Derivative(Pow(T, num(3)), ((T, 1),))
    g = replace(f, T, num(2))
    assert g == Where(f, T, num(2))
    assert compiled(g)({}) == pytest.approx(12)
    assert replace(f, T, A) == Derivative(Pow(A, num(3)), ((A, 1),))
    assert compiled(replace(Derivative(mul(A, T), ((T, 1),)), A, T))({"t": 5.0}) == pytest.approx(5)


def test_where_nothing_is_replaced_the_formula_is_the_same_object():
    f = total(mul(Add((A, X_I)), exp(B)))
    assert replace(f, T, ONE) is f
    assert all(isinstance(g, Formula) for g in walk(f)) and names(f) == {"a", "b", "i", "n", "x"}
    assert replace(Mul((A, B)), B, ONE).factors[0] is children(Mul((A, B)))[0]


def test_a_fresh_letter_occurs_nowhere():
    assert fresh(("t", "u"), A, B) == T
    assert fresh(("t", "u"), T) == Sym("u")
    assert fresh(("t",), T, Sym("t_1")) == Sym("t_2")
