"""Closed forms as a person writes them: roots and fractions in lowest terms, square factors before the root."""

import pytest

import derive

POSITIVE = dict.fromkeys("abmn", "positive")
POOLED = r"\binom{w}{k}(1-(1-p)^s)^k(1-p)^{s(w-k)}"
FORMS = [  # question, parameter, how the page ends
    ({"likelihood": "(1-(1-p)**2)**a*(1-p)**(2*b)", "known": {"a": "positive", "b": "positive"}}, "p", r"1 - \sqrt{\frac{b}{a + b}}"),
    ({"likelihood": "lambda**m*exp(-m*lambda*a)*(theta*lambda)**n*exp(-n*theta*lambda*b)", "known": POSITIVE}, "lambda", r"\frac{1}{a}"),
    ({"likelihood": POOLED, "known": ["w", "k", "s"]}, "p", r"1 - \left(\frac{w - k}{w}\right)^{1/s}"),
    ({"likelihood": POOLED, "known": {"w": 20, "k": 3, "s": 10}}, "p", r"1 - \left(\frac{17}{20}\right)^{1/10}"),
    ({"density": "Lindley"}, "theta", r"\frac{1}{2 \bar{x}} (1 - \bar{x} + \sqrt{\bar{x}^{2} + 6 \bar{x} + 1})"),
]


@pytest.mark.parametrize("question, name, written", FORMS, ids=range(len(FORMS)))
def test_written(question, name, written):
    d = derive.mle(**question)
    assert d.verified and d.how[name] == "closed"
    result = d.to_markdown().split("**Result.**")[1]
    assert rf"{written}" in result
