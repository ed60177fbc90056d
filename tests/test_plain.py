"""Plain text of formulas: what it prints can be pasted back as input."""

from __future__ import annotations

import pytest

from derive.formula.evaluate import compiled
from derive.formula.plain import plain
from derive.reading.context import Context
from derive.reading.sympytext import read_sympy

TEXTS = [
    "1/(2*b)*exp(-Abs(x - mu)/b)",
    "(1 - p)**(x - 1)*p",
    "a - (b - x)",
    "-(a + b)*x",
    "a/(b*x)",
    "(a/b)**x",
    "(-a)**2",
    "2**(-x)",
    "binomial(m, x)*p**x*(1 - p)**(m - x)",
    "gamma(a + b)/(gamma(a)*gamma(b))",
    "sqrt(2*pi*a)",
    "2.5*x",
]


@pytest.mark.parametrize("text", TEXTS)
def test_plain_text_reads_back_as_the_same_value(text):
    context = Context(data=frozenset())
    f = read_sympy(text, context)[0].formula
    back = read_sympy(plain(f), context)[0].formula
    at = {"a": 1.3, "b": 0.7, "x": 3.0, "mu": 0.4, "m": 5.0, "p": 0.3}
    assert compiled(back)(at) == pytest.approx(compiled(f)(at), rel=1e-12)
