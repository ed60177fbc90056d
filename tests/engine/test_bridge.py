"""To SymPy and back, and to plain data and back."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.density.integration import distribution_function
from derive.density.integration.distribution_function import WORKER
from derive.density.integration.sympy_worker import answer, integrated
from derive.errors import NotSupported
from derive.formula import tree
from derive.formula.bridge import from_sympy, to_sympy
from derive.formula.data import KINDS, from_data, to_data
from derive.formula.evaluate import FUNCTIONS, compiled
from derive.formula.latex import latex
from derive.formula.tree import (
    ONE,
    TWO,
    Add,
    At,
    Cases,
    Const,
    Div,
    Formula,
    Indicator,
    Neg,
    Pow,
    Relation,
    Span,
    Sym,
    add,
    call,
    exp,
    log,
    mul,
    neg,
    num,
    total,
)

A, B, X = Sym("a"), Sym("b"), Sym("x")
X_I = At("x", (Sym("i"),))
INFINITY = Const("oo")
ENV = {"a": 0.7, "b": 1.9, "x": [0.5, 1.0, 2.5], "n": 3}
LEAVES = st.sampled_from([A, B, ONE, TWO, num("2.5"), num(-3), Div(ONE, num(3)), Const("pi")])
ONE_ARGUMENT = st.sampled_from(
    ["exp", "log", "sqrt", "abs", "sin", "cosh", "tanh", "arctan", "gamma", "erf", "erfc", "Phi", "sign", "floor", "digamma", "trigamma", "factorial"]
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda k: st.one_of(
        st.builds(add, k, k), st.builds(mul, k, k), st.builds(neg, k), st.builds(Div, k, k), st.builds(lambda a: Pow(a, TWO), k),
        st.builds(lambda a: Pow(a, num(-2)), k), st.builds(call, ONE_ARGUMENT, k), st.builds(lambda a, b: call("max", a, b), k, k),
        st.builds(lambda a: total(mul(X_I, a)), k), st.builds(lambda a, b: Cases(((a, Relation((A, B), ("<",))), (b, None))), k, k),
        st.just(Indicator(Relation((A, B), (">=",)))),
    ),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_there_and_back_the_value_is_the_same(f):
    wanted = compiled(f)(dict(ENV))
    assume(math.isfinite(wanted) and abs(wanted) < 1e10)
    e = to_sympy(f)
    assume(not e.has(sp.I, sp.zoo, sp.nan) and e.is_real is not False)
    found = compiled(from_sympy(e))(dict(ENV))
    assume(math.isfinite(found))
    assert math.isclose(found, wanted, rel_tol=1e-8, abs_tol=1e-8)


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_as_data_and_back_it_is_the_same_formula(f):
    assert from_data(json.loads(json.dumps(to_data(f)))) == f


def test_every_node_has_its_data():
    nodes = {k for k in vars(tree).values() if isinstance(k, type) and issubclass(k, Formula) and k not in (Formula, tree.Searched)}
    assert set(KINDS.values()) == nodes


OF_SIZES = {"eye", "ones", "zeros"}  # matrices of a given size, which are no numbers


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"loggamma", "trigamma", "polygamma", "logit"} - OF_SIZES))
def test_every_function_comes_back(name):
    arguments = {
        "atan2": 2,
        "beta": 2,
        "binomial": 2,
        "besseli": 2,
        "max": 2,
        "min": 2,
        "median": 2,
        "zetad": 2,
        **dict.fromkeys(("besselk", "uppergamma", "lowergamma", "expint"), 2),
    }.get(name, 1)
    f = call(name, *map(Sym, "abc"[:arguments]))
    g = from_sympy(to_sympy(f))
    env = {"a": 1.0 if name == "zetad" else 0.4, "b": 2.5}
    env = {"a": 2.5} if name in ("zeta", "acosh") else env
    assert math.isclose(compiled(g)(env), compiled(f)(env), rel_tol=1e-9)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-3*x/2 + a**2", r"a^{2} - \frac{3 x}{2}"),
        ("-a/(b*sqrt(x))", r"-\frac{a}{b \sqrt{x}}"),
        ("a**(-2)", "a^{-2}"),
        ("1/a", r"\frac{1}{a}"),
        ("exp(-x)*log(a)", r"e^{-x} \log a"),
        ("2*(a + b)**2", "2 (a + b)^{2}"),
        ("polygamma(1, a)", r"\psi'(a)"),
    ],
)
def test_terms_and_factors_stand_as_sympy_shows_them(text, shown):
    assert latex(from_sympy(sp.sympify(text))) == shown


@pytest.mark.parametrize(
    ("e", "f"),
    [
        (sp.Interval.open(0, sp.oo), Span(num(0), INFINITY, True, True)),
        (sp.Integral(sp.Symbol("x"), (sp.Symbol("x"), 0, 1)), tree.Integral(X, X, num(0), ONE)),
        (sp.Limit(sp.Symbol("x"), sp.Symbol("x"), 0), tree.Limit(X, X, num(0))),
        (sp.Subs(sp.Function("f")(sp.Symbol("x")), sp.Symbol("x"), 2), tree.Where(tree.Apply("f", (X,)), X, TWO)),
        (sp.Derivative(sp.Function("f")(sp.Symbol("x")), (sp.Symbol("x"), 2)), tree.Derivative(tree.Apply("f", (X,)), ((X, 2),))),
        (sp.Symbol("a") < 2, Relation((A, TWO), ("<",))),
        (-sp.oo, Neg(INFINITY)),
    ],
)
def test_what_else_answers_contain(e, f):
    assert from_sympy(e) == f


@pytest.mark.parametrize("e", [sp.I, sp.zoo, sp.nan, sp.Si(sp.Symbol("x")), sp.Matrix([1, 2]), sp.S.Complexes])
def test_what_has_no_formula_is_refused(e):
    with pytest.raises(NotSupported):
        from_sympy(e)


EXPONENTIAL = mul(A, exp(neg(mul(A, X))))


def question(f: Formula, low: Formula, high: Formula, positive: bool) -> dict[str, object]:
    return {"integrand": to_data(f), "variable": "x", "low": to_data(low), "high": to_data(high), "positive": positive}


def test_the_integrator_in_a_process_of_its_own():
    asked = json.dumps(question(EXPONENTIAL, X, INFINITY, True))
    done = subprocess.run([sys.executable, "-m", WORKER], input=asked, capture_output=True, text=True, timeout=120, check=True)
    assert from_data(json.loads(done.stdout)) == exp(Neg(mul(A, X)))


def test_a_process_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(distribution_function, "SECONDS", 0.01)
    assert distribution_function.by_sympy(mul(B, EXPONENTIAL), "x", X, INFINITY, True) is None


def test_over_an_interval_only_the_other_letters_are_positive():
    assert integrated(EXPONENTIAL, "x", num(0), INFINITY, False) == ONE
    assert from_data(answer(question(Pow(X, TWO), num(-1), ONE, False))) == Div(TWO, num(3))


def test_what_sympy_does_not_find_is_null():
    question = {
        "integrand": to_data(exp(exp(Pow(X, num(3))))),
        "variable": "x",
        "low": to_data(ONE),
        "high": to_data(TWO),
        "positive": False,
    }
    assert answer(question) is None
    assert integrated(Add((log(X), A)), "x", ONE, TWO, False) is not None
