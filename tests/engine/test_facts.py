"""Signs are proved by enclosing ranges."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.algebra.facts import COUNT, FUNCTIONS, NONNEGATIVE, POSITIVE, REALS, Facts, Range
from derive.formula.tree import (
    ONE,
    TWO,
    Add,
    At,
    Call,
    Const,
    Div,
    Formula,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    add,
    call,
    mul,
    neg,
    num,
    rational,
    total,
)

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


def test_ranges_are_rounded_outwards():
    small = Facts().range(call("exp", num(-800)))
    assert small.positive and small.high > 0
    for f in (add(ONE, Pow(num(10), num(-20)), neg(ONE)), add(Pow(num(10), num(17)), ONE, neg(Pow(num(10), num(17))))):
        r = Facts().range(f)
        assert r.low <= 0 < r.high
    assert Facts().range(mul(Pow(num(10), num(-200)), Pow(num(10), num(-200)))).positive
    assert Facts().range(add(ONE, ONE, neg(TWO))) == Range(0, 0)


@pytest.mark.parametrize(
    ("f", "letters"),
    [
        (call("zeta", T), {"t": POSITIVE}),
        (call("binomial", num(3), num(5)), {}),
        (call("beta", ONE, T), {"t": REALS}),
        (call("besseli", T, ONE), {"t": REALS}),
        (call("factorial", T), {"t": REALS}),
        (total(ONE, high=T), {"t": NONNEGATIVE}),
    ],
)
def test_a_function_is_not_positive_everywhere(f, letters):
    assert not Facts(letters).positive(f)


HERE = {  # an argument at which a function has a real value, and how it is read
    "log": (0, 1e6), "acosh": (1, 1e6), "atanh": (-1, 1), "lambertw": (-1 / math.e, 100), "gamma": (0, 100), "factorial": (-1, 100),
    "trigamma": (-50, 50), "zeta": (-20, 50), "tan": (-1.57, 1.57), "Phi": (-12, 12), "erf": (-9, 9), "erfc": (-9, 9), "exp": (-700, 700),
}  # fmt: skip
HIGH = {
    "arctan": mpmath.atan, "abs": abs, "Phi": mpmath.ncdf, "max": max, "min": min, "trigamma": lambda x: mpmath.psi(1, x),
    "zetad": lambda k, x: mpmath.zeta(x, derivative=int(k)), "uppergamma": lambda a, x: mpmath.gammainc(a, x, mpmath.inf), "lowergamma": lambda a, x: mpmath.gammainc(a, 0, x) if a > 0 and x >= 0 else mpmath.nan,
}  # fmt: skip
TWO_ARGUMENTS = {
    "max": (-9, 9),
    "min": (-9, 9),
    "binomial": (-9, 40),
    "beta": (-5, 30),
    "besseli": (-4, 20),
    "zetad": (0, 5),
    "besselk": (-4, 20),
    "uppergamma": (-4, 20),
    "lowergamma": (-4, 20),
    "expint": (-4, 20),
}
WIDE = st.floats(0, 1)


def _range_around(x: float, low: float, high: float, pull: tuple[float, float, bool]) -> Range:
    """An interval that holds x, inside the domain of the function: x alone, or up to the ends of it."""
    left, right, alone = pull
    return Range(x, x) if alone else Range(x - (x - low) * left, x + (high - x) * right)


def _inside(v: mpmath.mpf, r: Range) -> bool:
    low = v > r.low if r.low_open else v >= r.low
    return low and (v < r.high if r.high_open else v <= r.high)


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(deadline=None, max_examples=25)
@given(WIDE, WIDE, st.tuples(WIDE, WIDE, st.booleans()), st.tuples(WIDE, WIDE, st.booleans()))
def test_the_range_of_a_function_holds_its_values(name, at, second, pull, other):
    low, high = TWO_ARGUMENTS.get(name, HERE.get(name, (-30, 30)))
    x = min(max(low + at * (high - low), low), high)
    x = float(round(x)) if name == "zetad" else x  # the order of a derivative
    letters, xs = {"t": _range_around(x, low, high, pull)}, [x]
    if name in TWO_ARGUMENTS:
        y = low + second * (high - low) if name != "binomial" else abs(second * x)
        letters["u"] = _range_around(y, low, high, other)
        xs.append(y)
    with mpmath.workdps(50):
        try:
            v = mpmath.mpmathify(HIGH.get(name, getattr(mpmath, name, None))(*map(mpmath.mpf, xs)))
        except (ValueError, ZeroDivisionError, mpmath.libmp.ComplexResult):
            assume(False)
        assume(mpmath.isfinite(v) and mpmath.im(v) == 0)
        r = Facts(letters).range(call(name, *map(Sym, letters)))
        assert _inside(mpmath.re(v), r), (name, xs, v, r)


LETTERS = {"t": Range(0, 1, True, True), "u": Range(-3, 3), "v": Range(1e-100, 1e-50), "w": Range(2, 1e100)}
LEAVES = st.sampled_from([T, Sym("u"), Sym("v"), Sym("w"), ONE, TWO, num(3), rational(Fraction(1, 10)), Const("pi"), num(10**17)])
EXPONENTS = st.sampled_from(
    [num(2), num(3), num(-1), num(-2), rational(Fraction(1, 2)), rational(Fraction(1, 3)), rational(Fraction(-7, 2)), T]
)
TREES = st.recursive(
    LEAVES,
    lambda k: st.one_of(
        st.builds(lambda a, b: add(a, b), k, k), st.builds(lambda a, b: mul(a, b), k, k), st.builds(neg, k),
        st.builds(lambda a, q: Pow(a, q), k, EXPONENTS), st.builds(lambda a: call("exp", a), k), st.builds(lambda a, b: Div(a, b), k, k),
        st.builds(lambda a: call("log", a), k),
    ),
    max_leaves=8,
)  # fmt: skip


def _exactly(f: Formula, env: dict[str, float]) -> mpmath.mpf:
    """The value of a formula with many digits."""
    match f:
        case Num(v):
            return mpmath.mpf(v.numerator) / v.denominator
        case Const():
            return +mpmath.pi
        case Sym(name):
            return mpmath.mpf(env[name])
        case Neg(a):
            return -_exactly(a, env)
        case Add(ts):
            return mpmath.fsum(_exactly(t, env) for t in ts)
        case Mul(fs):
            return mpmath.fprod(_exactly(g, env) for g in fs)
        case Div(a, b):
            return _exactly(a, env) / _exactly(b, env)
        case Pow(b, k):
            v = _exactly(b, env) ** _exactly(k, env)
            assume(mpmath.im(v) == 0)
            return mpmath.re(v)
        case Call("exp", (a,)):
            u = _exactly(a, env)
            assume(-3000 < mpmath.re(u) < 10**6)
            return mpmath.exp(u)
        case Call("log", (a,)):
            u = _exactly(a, env)
            assume(mpmath.im(u) == 0 and u > 0)
            return mpmath.log(u)
    raise AssertionError(f)


@settings(deadline=None, max_examples=400)
@given(TREES, st.tuples(WIDE, WIDE, WIDE, WIDE))
def test_a_range_holds_every_value(f, places):
    env = {k: min(max(r.low + p * (r.high - r.low), r.low), r.high) for p, (k, r) in zip(places, LETTERS.items(), strict=True)}
    assume(1e-30 < env["t"] < 1)
    with mpmath.workdps(1500):
        try:
            v = _exactly(f, env)
        except (ZeroDivisionError, OverflowError, ValueError):
            assume(False)
        assume(mpmath.isfinite(v) and mpmath.im(v) == 0)
        r = Facts(LETTERS).range(f)
        assert _inside(mpmath.re(v), r), (env, mpmath.nstr(v, 30), r)
