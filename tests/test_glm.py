"""Responses whose mean is a function of a line: score equations, Newton's method, concavity, and data without a maximum."""

from __future__ import annotations

import math

import pytest

import derive

X = [0, 1, 2, 3, 4, 5]
LOG = {
    "density": "exp(b0+b1*x)**y*exp(-exp(b0+b1*x))/factorial(y)",
    "parameters": {"b0": "real", "b1": "real"},
    "support": "y in {0, 1, 2, ...}",
}
LOGIT = {"density": "exp(y*(a+b*x))/(1+exp(a+b*x))", "parameters": {"a": "real", "b": "real"}, "support": "y in {0, 1}"}
RATE = {"density": "exp(a+b*x)*exp(-y*exp(a+b*x))", "parameters": {"a": "real", "b": "real"}, "support": "y > 0"}

SOLVED = [  # question, data, residuals of the score equations at given values
    (LOG, [1, 2, 1, 4, 6, 8], lambda a, b, x, y: y - math.exp(a + b * x)),
    (LOGIT, [0, 1, 0, 1, 0, 1], lambda a, b, x, y: y - 1 / (1 + math.exp(-a - b * x))),
    (RATE, [0.3, 1.2, 0.5, 0.8, 0.1, 0.2], lambda a, b, x, y: 1 - y * math.exp(a + b * x)),
]


@pytest.mark.parametrize(("question", "y", "residual"), SOLVED)
def test_the_solution_has_no_score(question, y, residual):
    data = {"x": X, "y": y}
    d = derive.mle(**question, variable="y", covariates=["x"], data=data)
    a, b = d.numeric.values()
    assert d.verified
    assert math.fsum(residual(a, b, *row) for row in zip(X, y, strict=True)) == pytest.approx(0, abs=1e-8)
    assert math.fsum(row[0] * residual(a, b, *row) for row in zip(X, y, strict=True)) == pytest.approx(0, abs=1e-8)
    assert "concave in all unknowns together" in d.to_markdown()
    assert derive.mle(**question, variable="y", covariates=["x"]).evaluate(data) == pytest.approx(d.numeric)


@pytest.mark.parametrize("said", ["logit(p) = a + b*x", "p = 1/(1 + exp(-a - b*x))"])
def test_one_minus_a_logistic_probability_is_one_fraction(said):
    d = derive.mle("y ~ Bernoulli(p), " + said, data={"x": X, "y": [0, 1, 0, 1, 0, 1]})
    assert set(map(str, d.certainty.values())) == {"proved"}
    assert "over one denominator" in d.to_markdown()


@pytest.mark.parametrize(("question", "y"), [(LOGIT, [0, 0, 0, 1, 1, 1]), (LOGIT, [1, 1, 1, 1, 1, 1]), (LOG, [0, 0, 0, 0, 0, 0])])
def test_the_likelihood_keeps_rising(question, y):
    d = derive.mle(**question, variable="y", covariates=["x"], data={"x": X, "y": y})
    assert (d.outcome, d.numeric, d.estimates) == ("none", None, {})
    assert "keeps rising" in d.to_markdown()


def test_a_long_sample_is_solved_by_sums():
    x = [((13 * j) % 97) / 97 for j in range(1500)]
    y = [(7 * j) % 3 + int(v > 0.5) for j, v in enumerate(x)]
    d = derive.mle(**LOG, variable="y", covariates=["x"], data={"x": x, "y": y})
    a, b = d.numeric["b0"], d.numeric["b1"]
    assert math.fsum(v - math.exp(a + b * u) for u, v in zip(x, y, strict=True)) == pytest.approx(0, abs=1e-6)
    assert math.fsum(u * (v - math.exp(a + b * u)) for u, v in zip(x, y, strict=True)) == pytest.approx(0, abs=1e-6)


LOGIT = ("exp(y*(a+b*x))/(1+exp(a+b*x))", "{0, 1}")
SHARES = ("(1/(1+exp(-a-b*x)))**y*(1-1/(1+exp(-a-b*x)))**(1-y)", None)
POISSON = ("exp(-exp(a+b*x))*exp(a+b*x)**y/factorial(y)", None)
RISING = [  # a direction along which some observations become likelier and the others stay as they are
    (LOGIT, {"x": [1, 2, 2, 3], "y": [0, 0, 1, 1]}),
    (SHARES, {"x": [1, 2, 2, 3], "y": [0, 0, 1, 1]}),
    (LOGIT, {"x": [0, 0, 1, 1], "y": [0, 1, 1, 1]}),
    (POISSON, {"x": [0, 0, 1, 1], "y": [0, 0, 3, 5]}),
    (POISSON, {"x": [0, 1, 2], "y": [0, 0, 3]}),
]


@pytest.mark.parametrize(("model", "data"), RISING)
def test_quasi_separated_responses(model, data):
    d = derive.mle(
        model[0], variable="y", covariates=["x"], support=model[1], parameters={"a": "real", "b": "real"}, data=data
    )  # fmt: skip
    assert str(d.outcome) == "none" and set(map(str, d.certainty.values())) == {"proved"}


def test_a_share_and_its_complement_are_read_as_one_function():
    d = derive.mle(
        SHARES[0], variable="y", covariates=["x"], parameters={"a": "real", "b": "real"}, data={"x": [1, 2, 3, 4], "y": [0, 1, 1, 0]}
    )  # fmt: skip
    assert d.numeric == {"a": 0, "b": 0} and set(map(str, d.certainty.values())) == {"proved"}
