"""Totals: integrals and sums against values known in closed form."""

from __future__ import annotations

import math
import time

import pytest

import derive
from derive.density.integration.normalise import total
from derive.density.integration.quadrature import Budget, OutOfBudget, integral
from derive.density.integration.summation import lattice_sum
from derive.formula.restrict import restricted
from derive.formula.tree import Sym, num
from derive.reading.context import Context
from derive.reading.domains import read as read_domain
from derive.reading.sympytext import read_sympy
from derive.sets.domain import COUNTS, NATURAL, OPEN_UNIT, POSITIVE, REAL, Domain, lattice


def formula(text):
    return read_sympy(text, Context(data=frozenset()))[0].formula


INTEGRALS = [
    (lambda x: math.exp(-x), 0, math.inf, 1.0),
    (lambda x: math.exp(-x * x / 2), -math.inf, math.inf, math.sqrt(2 * math.pi)),
    (lambda x: math.exp(-((x - 3) ** 2)), -math.inf, 3, math.sqrt(math.pi) / 2),
    (lambda x: x**-0.6, 0, 1, 2.5),
    (lambda x: 1 / math.sqrt(1 - x * x) if abs(x) < 1 else 0.0, -1, 1, math.pi),
    (lambda x: 1 / (1 + x * x), -math.inf, math.inf, math.pi),
    (lambda x: 1.3 * x**-2.3, 1, math.inf, 1.0),
    (lambda x: math.log(x) if x else 0.0, 0, 1, -1.0),
]


@pytest.mark.parametrize(("f", "low", "high", "value"), INTEGRALS)
def test_an_integral_has_its_value(f, low, high, value):
    assert integral(f, low, high) == pytest.approx(value, rel=5e-8)


def test_a_divergent_integral_is_infinite_or_undecided():
    assert integral(lambda x: 1 / x, 0, 1) == math.inf
    assert integral(lambda x: 1 / (x * math.log(x) ** 2) if x > 1 else math.nan, 2, math.inf) is None


def test_a_value_that_does_not_exist_is_no_total():
    assert math.isnan(integral(lambda x: math.sqrt(x) if x >= 0 else math.nan, -1, 1))


def test_the_budget_bounds_the_evaluations():
    calls = 0

    def f(x):
        nonlocal calls
        calls += 1
        return math.sin(1 / x) ** 2 if x else 0.0

    with pytest.raises(OutOfBudget):
        integral(f, 0, 1, budget=Budget(300))
    assert calls < 1000


def log_of(f):
    return lambda x: math.log(v) if (v := f(x)) > 0 else -math.inf


SUMS = [
    (lambda k: 0.3 * 0.7**k, 0, math.inf, 1.0),
    (lambda k: k**-2.0, 1, math.inf, math.pi**2 / 6),
    (lambda k: k**-1.5, 1, math.inf, 2.6123753487),
    (lambda k: math.exp(-abs(k)), -math.inf, math.inf, 1 / math.tanh(0.5)),
    (lambda k: 1.0, 3, 7, 5.0),
]


@pytest.mark.parametrize(("f", "low", "high", "value"), SUMS)
def test_a_sum_has_its_value(f, low, high, value):
    assert lattice_sum(f, low, high, log_of(f)) == pytest.approx(value, rel=1e-8)


def test_a_divergent_sum_is_not_a_number():
    assert lattice_sum(lambda k: 1 / k, 1, math.inf, log_of(lambda k: 1 / k)) in (None, math.inf)


POISSON = "lambda_**x*exp(-lambda_)/factorial(x)"
NORMAL = "exp(-(x-mu)**2/(2*v))/sqrt(2*pi*v)"
DENSITIES = [
    (NORMAL, REAL, {"mu": 0.7, "v": 2.0}),
    (NORMAL, REAL, {"mu": 5000.0, "v": 1e-6}),
    ("exp(-Abs(x-mu)/b)/(2*b)", REAL, {"mu": -1.3, "b": 0.4}),
    ("x**(a-1)*exp(-b*x)*b**a/gamma(a)", POSITIVE, {"a": 0.4, "b": 3.0}),
    ("x**(a-1)*exp(-b*x)*b**a/gamma(a)", POSITIVE, {"a": 180.0, "b": 3.0}),
    ("a*x**(a-1)", OPEN_UNIT, {"a": 0.6}),
    ("x**(a-1)*(1-x)**(b-1)*gamma(a+b)/(gamma(a)*gamma(b))", OPEN_UNIT, {"a": 0.5, "b": 0.5}),
    ("p*exp(-(x-u)**2/2)/sqrt(2*pi)+(1-p)*exp(-(x-w)**2/2)/sqrt(2*pi)", REAL, {"p": 0.3, "u": 0.0, "w": 300.0}),
    ("exp(-((x-mu)/b+exp(-(x-mu)/b)))/b", REAL, {"mu": 1.0, "b": 0.8}),
    ("exp(kappa*cos(x-mu))/(2*pi*besseli(0,kappa))", read_domain("(-pi, pi]", "x"), {"mu": 0.4, "kappa": 2.0}),
    (POISSON, COUNTS, {"lambda": 3.2}),
    (POISSON, COUNTS, {"lambda": 1500.0}),
    ("binomial(m,x)*p**x*(1-p)**(m-x)", lattice(num(0), Sym("m")), {"m": 100000.0, "p": 0.3}),
    ("1/(zeta(a)*x**a)", NATURAL, {"a": 2.1}),
    ("(beta_*x)**(x-1)*exp(-beta_*x)/factorial(x)", NATURAL, {"beta": 0.8}),
    ("gamma(x+r)/(factorial(x)*gamma(r))*p**r*(1-p)**x", COUNTS, {"r": 2.5, "p": 0.02}),
]


@pytest.mark.parametrize(("text", "support", "at"), DENSITIES)
def test_a_density_totals_one(text, support, at):
    assert total(formula(text), {"x": support}, at) == pytest.approx(1, rel=1e-7)


def test_a_density_of_two_variables_totals_one():
    f = formula("exp(-(x**2 - 2*r*x*y + y**2)/(2*(1-r**2)))/(2*pi*sqrt(1-r**2))")
    assert total(f, {"x": REAL, "y": REAL}, {"r": 0.4}) == pytest.approx(1, rel=1e-6)


def test_a_support_may_depend_on_an_earlier_variable():
    assert total(formula("2 + 0*x*y"), {"x": OPEN_UNIT, "y": Domain(num(0), Sym("x"))}, {}) == pytest.approx(1, rel=1e-8)


def test_a_total_is_fast():
    f, at = formula(NORMAL), {"mu": 0.7, "v": 2.0}
    total(f, {"x": REAL}, at)
    start = time.process_time()
    for _ in range(20):
        total(f, {"x": REAL}, at)
    assert (time.process_time() - start) / 20 < 0.02


def test_a_restriction_keeps_what_overflows():
    f = restricted(formula("1000**x*exp(-1000)/factorial(x)"), "x", {})
    assert f(1000.0) == pytest.approx(0.012614611348721, rel=1e-9)
    assert math.isnan(restricted(formula("sqrt(x)"), "x", {})(-1.0))
    with pytest.raises(KeyError):
        restricted(formula("x*theta"), "x", {})


def test_a_density_with_a_narrow_peak_away_from_0_is_one():
    d = derive.mle("6*y**2*exp(-(y**3-q)**4)/gamma(Rational(1,4))", data=[1, 2], variable="y", parameters={"q": "real"}, support="real")
    assert d.outcome == "unique"
    assert float(d.numeric["q"]) == pytest.approx(4.5)
