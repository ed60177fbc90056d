"""Beta, Bessel and zeta functions: values, derivatives, and what their logarithms open into."""

from __future__ import annotations

import math

import pytest

from derive.algebra.facts import POSITIVE, Facts
from derive.algebra.terms import Algebra
from derive.clock import Clock
from derive.formula.evaluate import compiled
from derive.formula.latex import latex
from derive.formula.tree import Sym, call, num
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy
from derive.reading.tex import read_latex
from derive.rules.calculus import differentiate
from derive.rules.logs import logged

AL = Algebra(Facts({"k": POSITIVE, "a": POSITIVE, "b": POSITIVE}), clock=Clock(600))

DERIVATIVES = [
    ("besseli(0, k)", r"I_{1}(k)"),
    ("log(besseli(0, k))", r"\frac{1}{I_{0}(k)} I_{1}(k)"),
    ("besseli(2, 3*k)", None),
    ("zeta(k + 2)", r"\zeta'(k + 2)"),
    ("log(zeta(k + 2))", None),
    ("besselk(0, k)", r"-K_{1}(k)"),
    ("besselk(a, 3*k)", None),
    ("uppergamma(a, k**2)", None),
    ("lowergamma(3/2, k)", None),
    ("expint(1, k)", r"-E_{0}(k)"),
    ("Ei(k)", r"\frac{e^{k}}{k}"),
    ("erfi(k)", r"\frac{2}{\sqrt{\pi}} e^{k^{2}}"),
]


@pytest.mark.parametrize(("text", "shown"), DERIVATIVES)
def test_derivatives(text, shown):
    f = read_sympy(text, Context())[0].formula
    g = differentiate(f, Sym("k"), AL)
    h = 1e-5
    v = compiled(f)
    around = [v({"k": 1.3 + d, "a": 0.7}) for d in (h, -h)]
    assert compiled(g)({"k": 1.3, "a": 0.7}) == pytest.approx((around[0] - around[1]) / (2 * h), rel=1e-7)
    if shown is not None:
        assert latex(g) == shown


def test_the_logarithm_of_a_beta_function():
    f = call("beta", Sym("a"), Sym("b"))
    assert latex(logged(f, AL)) == r"\log\Gamma(a) + \log\Gamma(b) - \log\Gamma(a + b)"


@pytest.mark.parametrize(("a", "b"), [(0.3, 2.0), (0.7, 999.0), (0.7, 1001.0), (3.0, 1e6), (1500.0, 2000.0), (5.5, 1e12)])
def test_the_beta_function_keeps_its_digits_for_large_arguments(a, b):
    import mpmath

    with mpmath.workdps(40):
        wanted = float(mpmath.log(mpmath.beta(mpmath.mpf(a), mpmath.mpf(b))))
    from derive.formula.evaluate import log_size

    assert log_size(call("beta", Sym("a"), Sym("b")))({"a": a, "b": b})[1] == pytest.approx(wanted, rel=1e-13, abs=1e-12)


def test_a_bessel_function_of_whole_order_does_not_know_its_sign():
    f = compiled(call("besseli", Sym("m"), num(2)))
    assert f({"m": -3}) == f({"m": 3}) > 0
    assert f({"m": 4e6}) == 0.0


VALUES = {"besselk": "besselk", "uppergamma": "gammainc", "expint": "expint"}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize(("order", "x"), [(0.5, 0.01), (1, 1), (2.5, 40), (3, 700)])
def test_special_functions_have_all_digits(name, order, x):
    import mpmath

    from derive.formula.evaluate import log_size

    with mpmath.workdps(40):
        wanted = getattr(mpmath, VALUES[name])(mpmath.mpf(order), mpmath.mpf(x))
        logarithm = float(mpmath.log(wanted))
    f = call(name, Sym("a"), Sym("k"))
    assert compiled(f)({"a": order, "k": x}) == pytest.approx(float(wanted), rel=1e-15)
    assert log_size(f)({"a": order, "k": x})[1] == pytest.approx(logarithm, rel=1e-14)


@pytest.mark.parametrize(
    "text", [r"I_{0}(k)", r"K_{1}(k)", r"\Gamma(a, k)", r"\operatorname{Ei}(k)", r"I_{1}(k)", r"\zeta'(k)", r"\zeta''(k)"]
)
def test_what_is_printed_is_read_back(text):
    f = read_latex(text, Context())[0].formula
    assert latex(f) == text
    assert math.isfinite(compiled(f)({"k": 2.5, "a": 0.7}))
