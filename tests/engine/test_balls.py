"""Two formulas at a point, in balls: what is equal is never called different, and what is different always is."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.formula.data import from_data, to_data
from derive.formula.evaluate import compiled
from derive.formula.functions import FUNCTIONS as FLOATS
from derive.formula.precise import NoValue, precise
from derive.formula.tree import (
    ONE,
    Add,
    Apply,
    At,
    Big,
    Call,
    Derivative,
    Div,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Sym,
    add,
    call,
    equation,
    mul,
    neg,
    num,
    walk,
)
from derive.oracle.balls import FUNCTIONS
from derive.oracle.exact import Column, Verdict, with_sources
from derive.oracle.oracle import Oracle, Refuted
from derive.oracle.points import compared, ordered
from derive.problem.test_points import random_points

A, B, X = Sym("a"), Sym("b"), Call("exp", (Sym("a"),))
VALUES = [Fraction(1, 3), Fraction(11, 10), Fraction(7), Fraction(10) ** -40, Fraction(10) ** 30, Fraction(-5, 7)]
LEAVES = st.sampled_from([A, B, num(2), num(3), num("1.1"), num(7)])
TREES = st.recursive(
    LEAVES,
    lambda k: st.one_of(
        st.builds(add, k, k), st.builds(mul, k, k), st.builds(neg, k), st.builds(Div, k, k), st.builds(lambda f: Pow(f, num(3)), k),
        st.builds(call, st.sampled_from(["exp", "log", "sqrt"]), k),
    ),
    max_leaves=6,
)  # fmt: skip


def point(**letters):
    return with_sources({k: float(v) for k, v in letters.items()}, letters)


def same(f, u, v):
    """Formulas with the value of f, written in other ways."""
    return [
        Add((Mul((f, u)), Mul((f, v)), Neg(Mul((f, Add((u, v))))), f)), Neg(Neg(f)), Div(Mul((f, u)), u), Add((Add((f, u)), Neg(u))),
        Call("log", (Call("exp", (f,)),)), Mul((f, Add((num(3), Neg(num(2)))))),
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(TREES, TREES, TREES, st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_what_is_equal_is_never_called_different(f, u, v, a, b):
    for g in same(f, u, v):
        assert compared(f, g, point(a=a, b=b)) is not Verdict.DIFFERENT


def slips(f):
    """f with one number or sign changed."""
    data = to_data(f)
    for g in {g for g in walk(f) if isinstance(g, Num)}:
        yield from_data(_put(data, to_data(g), to_data(Num(g.value + Fraction(1, 10**12)))))
    yield Neg(f)
    for g in {g for g in walk(f) if isinstance(g, Neg)}:
        yield from_data(_put(data, to_data(g), to_data(g.arg)))


def _put(data, old, new):
    if data == old:
        return new
    if isinstance(data, dict):
        return {k: _put(v, old, new) for k, v in data.items()}
    return [_put(v, old, new) for v in data] if isinstance(data, list) else data


@settings(max_examples=100, deadline=None)
@given(TREES, TREES, TREES, st.sampled_from(VALUES[:3]), st.sampled_from(VALUES[:3]))
def test_one_changed_number_or_sign_is_always_different(f, u, v, a, b):
    values = {"a": mpmath.mpf(0), "b": mpmath.mpf(0)}
    for g in slips(same(f, u, v)[0]):
        with mpmath.workdps(400):  # terms may cancel
            values = {"a": mpmath.mpf(a.numerator) / a.denominator, "b": mpmath.mpf(b.numerator) / b.denominator}
            try:
                here, there, *parts = (precise(h, 400)(values) for h in (f, g, u, v))
            except (NoValue, OverflowError, ValueError, ZeroDivisionError):
                continue
            apart = abs(here - there) > mpmath.mpf(10) ** -28 * (abs(here) + abs(there))
            small = max(map(abs, (here, there, *parts))) < mpmath.mpf(10) ** 30
        if apart and small:
            assert compared(f, g, point(a=a, b=b)) is Verdict.DIFFERENT


EXTREME = [  # two formulas at a = 1/3, b = 1000: the verdict
    (Call("exp", (Sym("b"),)), Mul((num(2), Call("exp", (Sym("b"),)))), Verdict.DIFFERENT),
    (Div(Call("exp", (Sym("b"),)), Call("exp", (Sym("b"),))), ONE, Verdict.EQUAL),
    (Call("exp", (Neg(Sym("b")),)), num(0), Verdict.DIFFERENT),
    (Add((ONE, Call("exp", (Neg(Sym("b")),)))), ONE, Verdict.EQUAL),  # to 29 digits
    (Add((ONE, Call("exp", (Neg(Div(Sym("b"), num(16))),)))), ONE, Verdict.DIFFERENT),
    (Call("log", (Neg(A),)), Call("log", (Neg(B),)), Verdict.NO_VALUE),
    (Call("log", (Neg(A),)), ONE, Verdict.ONE_SIDED),
    (Pow(Call("sqrt", (num(2),)), num(2)), num(2), Verdict.EQUAL),
    (Mul((Pow(Add((B, Neg(num(1000)))), A), Call("log", (Add((B, Neg(num(1000)))),)))), num(0), Verdict.EQUAL),
    (Derivative(Call("exp", (Mul((A, B)),)), ((A, 2),)), Mul((Pow(B, num(2)), Call("exp", (Mul((A, B)),)))), Verdict.EQUAL),
    (Add((ONE, Pow(Add((Call("log", (num(6),)), Neg(Call("log", (num(2),))), Neg(Call("log", (num(3),))))), num(3)))), ONE, Verdict.EQUAL),
    (Derivative(Call("exp", (Mul((A, B)),)), ((A, 1), (B, 1))), Mul((Add((ONE, Mul((A, B)))), Call("exp", (Mul((A, B)),)))), Verdict.EQUAL),
]  # fmt: skip


@pytest.mark.parametrize("f, g, verdict", EXTREME, ids=range(len(EXTREME)))
def test_nothing_under_or_overflows(f, g, verdict):
    assert compared(f, g, point(a=Fraction(1, 3), b=Fraction(1000))) is verdict


def test_a_letter_known_as_a_float_only_accuses_nobody():
    third = {"a": 1 / 3}
    assert compared(Mul((num(3), A)), ONE, third) is Verdict.UNKNOWN
    assert compared(Mul((num(4), A)), ONE, third) is Verdict.DIFFERENT
    assert compared(Mul((num(3), A)), ONE, point(a=Fraction(1, 3))) is Verdict.EQUAL
    stale = {**point(a=Fraction(1, 3)), "a": 0.25}
    assert compared(Mul((num(4), A)), ONE, stale) is not Verdict.DIFFERENT


def test_what_is_worked_out_at_a_point_stays_a_formula():
    oracle = Oracle((point(a=Fraction(2)),)).at({"b": Call("sqrt", (A,)), "a": Add((A, ONE))})
    assert compared(Pow(B, num(2)), num(2), oracle.points[0]) is Verdict.EQUAL
    assert compared(Pow(B, num(2)), Add((num(2), Num(Fraction(1, 10**25)))), oracle.points[0]) is Verdict.DIFFERENT


def test_signs_are_decided_beyond_floats():
    w = point(a=Fraction(1, 10**30), b=Fraction(1))
    assert ordered(Add((A, B)), B, w) == 1 and ordered(B, Add((A, B)), w) == -1 and ordered(A, A, w) == 0


def test_equal_observations_are_taken_once_and_all_are_counted():
    xs = (Fraction(11, 10), Fraction(2), Fraction(11, 10))
    env = with_sources({"x": [float(x) for x in xs], "n": 3}, {"x": Column(xs)})
    body = Big("sum", "i", ONE, N, At("x", (Sym("i"),)))
    assert compared(body, num("4.2"), env) is Verdict.EQUAL
    product = Big("prod", "i", ONE, N, At("x", (Sym("i"),)))
    assert compared(product, num("2.42"), env) is Verdict.EQUAL


@pytest.mark.parametrize(
    "name",
    sorted(
        set(FUNCTIONS)
        - {
            "polygamma",
            "besseli",
            "beta",
            "binomial",
            "max",
            "min",
            "median",
            "zetad",
            "eye",
            "ones",
            "zeros",
            "atan2",
            "besselk",
            "uppergamma",
            "lowergamma",
            "expint",
        }
    ),
)
def test_functions_are_those_of_floats(name):
    for x in (Fraction(1, 4), Fraction(3, 4), Fraction(5, 2)):
        try:
            wanted = FLOATS[name](float(x))
        except ValueError:
            continue
        if wanted == wanted:
            assert compared(Call(name, (A,)), Call(name, (A,)), point(a=x)) is Verdict.EQUAL
            close = point(a=x) | {"w": wanted}
            assert compared(Call(name, (A,)), Sym("w"), close) is not Verdict.DIFFERENT, (name, x)
            assert compared(Call(name, (A,)), Mul((Sym("w"), num("1.001"))), close) is not Verdict.EQUAL or wanted == 0


QUESTIONS = [
    {"density": "lambda*exp(-lambda*x)", "data": ["1.1", "2.3", "0.7"]}, {"density": "theta**x*(1-theta)**(1-x)", "data": [1, 0, 1]},
    {"density": "x**(a-1)*exp(-x/s)/(gamma(a)*s**a)"}, {"density": "exp(k*cos(x-m))/(2*pi*besseli(0,k))", "support": "-pi <= x <= pi", "parameters": {"m": "real", "k": "positive"}},
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS, ids=[q["density"][:20] for q in QUESTIONS])
def test_a_derivative_of_the_log_likelihood_with_a_slip_is_different(question):
    p = derive.Problem(**question)
    for w in random_points(p, 2, data=p.observations is not None):
        for k in p.parameters:
            slope = Derivative(p.of("ell"), ((Sym(k), 1),))
            assert isinstance(p.of("ell"), Apply) and compared(slope, slope, w) in (Verdict.EQUAL, Verdict.UNKNOWN)
            assert compared(slope, Mul((num("1.0000000001"), slope)), w) is Verdict.DIFFERENT


def test_the_oracle_finds_a_slip_that_floats_do_not_see():
    w = point(a=Fraction(1, 3), b=Fraction(60))
    oracle = Oracle((w,))
    tail = Call("exp", (Neg(B),))
    oracle.equal(Add((A, tail)), Add((tail, A)))
    with pytest.raises(Refuted):
        oracle.equal(Add((A, tail)), Add((A, Neg(tail))))
    assert compiled(Add((A, tail)))(w) == compiled(Add((A, Neg(tail))))(w)
    with pytest.raises(Refuted):
        oracle.move(equation(A, tail), equation(Mul((num(2), A)), tail), num(2))


@pytest.mark.parametrize("n,k", [(0.3, 1), (0.3, 2), (-0.7, 0), (2.5, 4), (2.5, 2), (-1.5, 3), (7, 9), (40.3, 12)])
def test_a_binomial_of_a_real_number(n: float, k: int) -> None:
    assert FLOATS["binomial"](n, k) == pytest.approx(float(mpmath.binomial(n, k)), rel=1e-12)
