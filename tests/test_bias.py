"""The exact mean and variance of estimates: textbook answers, and what no rule reaches."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import derive
from derive.formula.bridge import to_sympy
from derive.inference.after import After
from derive.inference.bias import BiasRule, Means

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
