"""What a kernel totals to, as a formula: standard integrals and sums, each true in numbers."""

from __future__ import annotations

import pytest

from derive.density.inference.normalising_constant import total_formula
from derive.errors import NotSupported
from derive.formula.plain import plain
from derive.reading.context import Context
from derive.reading.domains import read as domain
from derive.reading.sympytext import read_sympy

COUNTS, FROM_ONE = "x in {0, 1, 2, ...}", "x in {1, 2, 3, ...}"
KERNELS = [
    ("x**2*exp(-theta*x)", "x > 0", "2/theta**3"),
    ("x**(a - 1)*exp(-b*x)", "x > 0", "b**(-a)*gamma(a)"),
    ("x**(-a - 1)*exp(-b/x)", "x > 0", "b**(-a)*gamma(a)"),
    ("exp(-(x/l)**k)*x**(k - 1)", "x > 0", "l**k/k"),
    ("exp(-x**2/t)", "x > 0", "sqrt(pi*t)/2"),
    ("exp(-(x - mu)**2/(2*s**2))", "real", "s*sqrt(2*pi)"),
    ("exp(theta*x - x**2/2)", "real", "sqrt(2*pi)*exp(theta**2/2)"),
    ("exp(-abs(x - mu)/b)", "real", "2*b"),
    ("1/(1 + ((x - mu)/s)**2)", "real", "pi*s"),
    ("x**(a - 1)*(1 - x)**(b - 1)", "0 < x < 1", "beta(a, b)"),
    ("x*(theta - x)", "0 < x < theta", "theta**3/6"),
    ("(x - a)*(b - x)", "a < x < b", "(b - a)**3/6"),
    ("x**theta", "0 < x < 1", "1/(theta + 1)"),
    ("x**(-a - 1)", "x >= m", "m**(-a)/a"),
    ("1/(x + theta)**3", "x > 0", "1/(2*theta**2)"),
    ("1 + theta*x**2", "0 < x < 1", "1 + theta/3"),
    ("exp(theta*cos(x))", "0 < x < 2*pi", "2*pi*besseli(0, theta)"),
    ("exp(-x)/(1 + exp(-x))**(theta + 1)", "real", "1/theta"),
    ("theta**x", COUNTS, "1/(1 - theta)"),
    ("(1 - p)**x", FROM_ONE, "(1 - p)/p"),
    ("theta**x/factorial(x)", COUNTS, "exp(theta)"),
    ("theta**x/factorial(x)", FROM_ONE, "exp(theta) - 1"),
    ("theta**x/x", FROM_ONE, "-log(1 - theta)"),
    ("x**(-s)", FROM_ONE, "zeta(s)"),
    ("binomial(m, x)*theta**x", "x in {0, ..., m}", "(1 + theta)**m"),
    ("binomial(x + 2, 2)*theta**x", COUNTS, "1/(1 - theta)**3"),
    ("binomial(x - 1, 2)*theta**x", "x in {3, 4, ...}", "theta**3/(1 - theta)**3"),
    ("(1 - x**2)**theta", "-1 < x < 1", None),
    ("theta**x", "x in {0, 1, 2}", "1 + theta + theta**2"),
    ("theta**abs(x)", "x in {..., -1, 0, 1, ...}", "1 + 2*theta/(1 - theta)"),
    ("x", "x in {1, ..., N}", "N*(N + 1)/2"),
]


@pytest.mark.parametrize(("kernel", "support", "wanted"), KERNELS)
def test_totals(kernel, support, wanted):
    f = read_sympy(kernel, Context())[0].formula
    found = total_formula(f, "x", domain(support, "x"), {})
    assert wanted is None or plain(found.formula) == wanted
    assert found.reason
    assert found.points


def test_what_has_no_total_in_closed_form_is_refused():
    f = read_sympy("exp(-theta*x - x**2 - x**3)", Context())[0].formula
    with pytest.raises(NotSupported, match="was not found as a formula"):
        total_formula(f, "x", domain("x > 0", "x"), {}, search=False)
