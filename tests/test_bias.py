"""The exact mean and variance of estimates: textbook answers, and what no rule reaches."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import derive
from derive.formula.bridge import to_sympy
from derive.inference.after import After
from derive.inference.bias import BiasRule, Means
from derive.inference.moment_estimates import moment_estimates

n, p, k, m = sp.symbols("n p k m")
lam, mu, sigma2, theta, a, xm = sp.symbols("lambda mu sigma2 theta alpha x_m")

KNOWN: dict[str, tuple[str, BiasRule, Any, Any]] = {  # parameter, rule, mean, variance
    "poisson": ("lambda", BiasRule.LINEAR, lam, lam / n),
    "bernoulli": ("p", BiasRule.LINEAR, p, p * (1 - p) / n),
    "binomial": ("p", BiasRule.LINEAR, p, p * (1 - p) / (n * m)),
    "exponential with mean": ("theta", BiasRule.LINEAR, theta, theta**2 / n),
    "rayleigh": ("sigma2", BiasRule.LINEAR, sigma2, sigma2**2 / n),
    "normal": ("sigma2", BiasRule.DEVIATIONS, (n - 1) * sigma2 / n, None),
    "exponential": ("lambda", BiasRule.GAMMA, n * lam / (n - 1), n**2 * lam**2 / ((n - 1) ** 2 * (n - 2))),
    "Erlang": ("lambda", BiasRule.GAMMA, n * k * lam / (n * k - 1), (n * k * lam) ** 2 / ((n * k - 1) ** 2 * (n * k - 2))),
    "power function": ("theta", BiasRule.GAMMA, n * theta / (n - 1), n**2 * theta**2 / ((n - 1) ** 2 * (n - 2))),
    "uniform from zero": ("theta", BiasRule.EXTREME, n * theta / (n + 1), n * theta**2 / ((n + 1) ** 2 * (n + 2))),
    "shifted exponential": ("theta", BiasRule.EXTREME, theta + 1 / (n * lam), 1 / (n * lam) ** 2),
    "pareto": ("x_m", BiasRule.EXTREME, n * a * xm / (n * a - 1), n * a * xm**2 / ((n * a - 1) ** 2 * (n * a - 2))),
}  # fmt: skip


@pytest.mark.parametrize("density", KNOWN)
def test_known_answers(density: str) -> None:
    name, rule, mean, variance = KNOWN[density]
    after = After(derive.mle(density))
    found = Means(after).of(after.general[name])
    assert found is not None and found.rule is rule
    assert sp.simplify(to_sympy(found.mean) - mean) == 0
    if variance is None:
        assert found.variance is None
    else:
        assert found.variance is not None and sp.simplify(to_sympy(found.variance) - variance) == 0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"density": "normal"}, [r"$\hat{\mu}$ is unbiased", "That is the bound of Cramér and Rao", r"$\frac{n \hat{\sigma}^{2}}{n - 1}$ is unbiased"]),
        ({"density": "exponential"}, [r"and $\frac{\hat{\lambda} (n - 1)}{n}$ is unbiased", r"\text{for }n > 2"]),
        ({"density": "exponential", "data": [1, 2, 3]}, [r"\frac{n \lambda}{n - 1}"]),
        ({"density": "gamma"}, ["no exact expected value is given"]),
        ({"density": "uniform"}, ["no exact expected value is given"]),
        ({"density": "exponential", "data": derive.Sample([1], right=[2])}, ["No expected value is given"]),
        ({"density": "normal", "parameters": {"mu": "positive", "sigma2": "positive"}, "data": [1, 2, 4]}, ["cuts the estimate off for some samples"]),
        ({"density": "poisson", "parameters": {"lambda": "positive"}}, ["for some samples, of positive probability"]),
    ],
)  # fmt: skip
def test_what_is_said(question: dict[str, Any], said: list[str]) -> None:
    d = derive.mle(**question, inference="bias")
    text = d.to_markdown()
    assert all(s in text for s in said) and d.verified


v = sp.Symbol("v")
mean = sp.Symbol("x_bar")
MOMENTS: dict[str, dict[str, Any]] = {  # Johnson, Kotz and Balakrishnan (1994, 1995), under "estimation"
    "exponential": {"lambda": 1 / mean},
    "uniform from zero": {"theta": 2 * mean},
    "power function": {"theta": mean / (1 - mean)},
    "normal": {"mu": mean, "sigma2": v},
    "gamma": {"alpha": mean**2 / v, "beta": mean / v},
    "beta": {"alpha": mean * (mean * (1 - mean) / v - 1), "beta": (1 - mean) * (mean * (1 - mean) / v - 1)},
    "logistic": {"mu": mean, "s": sp.sqrt(3 * v) / sp.pi},
    "gumbel": {"mu": mean + sp.digamma(1) * sp.sqrt(6 * v) / sp.pi, "beta": sp.sqrt(6 * v) / sp.pi},
}  # fmt: skip


@pytest.mark.parametrize("density", MOMENTS)
def test_the_method_of_moments(density: str) -> None:
    found = moment_estimates(After(derive.mle(density)))
    at = {v: sp.Rational(1, 50), mean: sp.Rational(3, 10)}
    for name, known in MOMENTS[density].items():
        assert float(to_sympy(found.answers[name]).subs(at)) == pytest.approx(float(known.subs(at)), rel=1e-12)


@pytest.mark.parametrize(
    ("density", "said"),
    [
        ("exponential", r"$\tilde{\lambda}$ is the maximum-likelihood estimate $\hat{\lambda}$"),
        ("gamma", r"$\tilde{\alpha}$ is another estimate than $\hat{\alpha}$"),
        ("uniform from zero", "an observation lies outside the support at this estimate"),
        ("weibull", "were not solved in closed form"),
        ("cauchy", "It is not followed here"),
    ],
)
def test_what_is_said_of_moments(density: str, said: str) -> None:
    d = derive.mle(density, inference="moments")
    assert said in d.to_markdown() and d.verified
