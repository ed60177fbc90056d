"""Sufficiency: what the likelihood depends on, exponential families, what has no reduction."""

from __future__ import annotations

import pytest

import derive
from derive.formula.latex import latex
from derive.inference.sufficiency import decomposition
from derive.problem.problem import Problem

FAMILIES = {  # the statistics of one observation, and whether they are minimal
    "bernoulli": (["x"], True),
    "poisson": (["x"], True),
    "exponential": (["x"], True),
    "normal": (["x^{2}", "x"], True),
    "gamma": ([r"\log x", "x"], True),
    "beta": ([r"\log x", r"\log(1 - x)"], True),
    "log-normal": ([r"(\log x)^{2}", r"\log x"], True),
    "inverse Gaussian": (["x", r"\frac{1}{x}"], True),
}


@pytest.mark.parametrize("density", FAMILIES)
def test_exponential_families(density: str) -> None:
    found = decomposition(Problem(density))
    assert found is not None
    statistics, minimal = FAMILIES[density]
    assert sorted(latex(x) for _, x in found.pairs) == sorted(statistics)
    assert found.independent is minimal


@pytest.mark.parametrize("density", ["cauchy", "logistic", "weibull", "negative binomial with unknown size", "laplace"])
def test_no_reduction_beyond_the_order_statistics(density: str) -> None:
    assert decomposition(Problem(density)) is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"density": "uniform from zero"}, r"$x_{(n)}$ is sufficient for $\theta$"),
        ({"density": "uniform"}, r"$x_{(1)}$ and $x_{(n)}$ are jointly sufficient for $a$ and $b$"),
        ({"density": "pareto"}, r"$\sum_{i=1}^{n} \log x_{i}$ and $x_{(1)}$ are jointly sufficient"),
        ({"density": "laplace"}, "no reduction beyond the order statistics was found"),
        ({"density": "bernoulli"}, r"it is minimal sufficient"),
        ({"density": "normal"}, r"they are minimal sufficient"),
        ({"density": "y ~ Normal(a + b*x, s2)", "covariates": ["x"]}, r"$\sum_{i=1}^{n} y_{i} x_{i}$ are jointly sufficient for $a$, $b$ and $s^{2}$, given $x$"),
        ({"density": "exponential", "data": derive.Sample([1, 2], right=[3])}, "is not of that kind"),
    ],
)  # fmt: skip
def test_what_is_said(question: dict[str, object], said: str) -> None:
    d = derive.mle(**question, inference=["sufficiency"])  # type: ignore[arg-type]
    assert said in d.to_markdown()
    assert d.verified


def test_a_symmetric_support_is_not_called_minimal() -> None:
    text = derive.mle(r"\frac{1}{2\theta}", support="-theta <= x <= theta", inference="sufficiency").to_markdown()
    assert "sufficient for" in text and "minimal" not in text
