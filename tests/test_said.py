"""What a text says beside a density, awkward letters, and samples at which only rounding makes a maximum."""

from __future__ import annotations

import pytest

import derive

XY = {"x": [0, 1, 2, 3, 4, 5], "y": [1, 2, 1, 4, 6, 8]}
DOSE = {"x": [0, 1, 2, 3], "y": [1, 3, 6, 9], "m": [10, 10, 10, 10]}
CASES = [
    # density, arguments, data, estimates
    (r"P(X=1)=\theta^2,\quad P(X=0)=1-\theta^2", {}, [1, 0, 0, 1, 0, 0, 0], {"theta": (2 / 7) ** 0.5}),
    (
        r"P(X=0)=\pi+(1-\pi)e^{-\lambda},\quad P(X=x)=(1-\pi)\frac{\lambda^{x}e^{-\lambda}}{x!},\ x=1,2,\dots",
        {"parameters": {r"\pi": "[0,1)", r"\lambda": "positive"}, "support": "x in {0,1,2,...}"},
        [0, 0, 0, 0, 0, 3, 2, 0, 4, 1, 0, 2],
        {"pi": 0.5257584235, "lambda": 2.1086299675},
    ),
    (r"f(x)=\frac{1}{\sigma}e^{-z}\ (x\ge0),\quad\text{where } z=x/\sigma", {}, [1, 2, 3], {"sigma": 2}),
    (
        r"P(Y=y)=\frac{\mu^{y}}{(1+\mu)^{y+1}},\quad \mu=\exp(\beta_0+\beta_1x)",
        {"covariates": ["x"], "parameters": [r"\beta_0", r"\beta_1"]},
        XY,
        {"beta0": -0.0231496839, "beta1": 0.4264356926},
    ),
    (
        r"P(Y_i=y_i)=\binom{m_i}{y_i}\pi_i^{y_i}(1-\pi_i)^{m_i-y_i},\quad \log\frac{\pi_i}{1-\pi_i}=\alpha+\beta x_i",
        {"variable": "y", "covariates": ["x", "m"], "parameters": [r"\alpha", r"\beta"]},
        DOSE,
        {"alpha": -2.2942203909, "beta": 1.4237303446},
    ),
    (
        r"P(Y_i=1)=1-e^{-\lambda v_i}",
        {"variable": "y", "covariates": ["v"], "parameters": {r"\lambda": "positive"}},
        {"y": [1, 1, 0, 1, 0, 0], "v": [10, 10, 1, 1, 0.1, 0.1]},
        {"lambda": 0.62168441},
    ),
    (r"P(N=n)=e^{-\mu T}\frac{(\mu T)^n}{n!}", {"variable": "n", "known": {"T": 2.5}}, [3, 5, 2], {"mu": 4 / 3}),
    (
        r"f(x)=\frac{1}{I}e^{-(x-E)/I}",
        {"parameters": {"I": "positive", "E": "real"}, "support": "x >= E"},
        [2.4, 3.1, 2.2, 5.9],
        {"I": 1.2, "E": 2.2},
    ),
    (r"f(x)=\tilde\lambda\,e^{-\tilde\lambda x}", {"parameters": {r"\tilde\lambda": "positive"}}, [1, 2, 3], {"lambda_tilde": 0.5}),
    (r"f(x)=\lambda^{*}e^{-\lambda^{*}x}", {"parameters": {r"\lambda^*": "positive"}}, [1, 2, 3], {"lambda_star": 0.5}),
    (r"\lambda e^{-\lambda x}", {}, [1.2e8, 3.4e8, 0.7e8], {"lambda": 3 / 5.3e8}),
]


@pytest.mark.parametrize(("density", "arguments", "data", "want"), CASES)
def test_texts(density, arguments, data, want):
    d = derive.mle(density, data=data, **arguments)
    assert d.numeric == pytest.approx(want, rel=1e-7)
    assert d.verified


LOGISTIC = {"density": "exp(y*(a+b*x))/(1+exp(a+b*x))", "variable": "y", "parameters": ["a", "b"], "covariates": ["x"]}
NOWHERE = [({"x": [1, 2, 2, 3], "y": [0, 0, 1, 1]}), ({"x": [1, 2, 3, 4], "y": [1, 1, 1, 1]})]


@pytest.mark.parametrize("data", NOWHERE)
def test_data_that_do_not_overlap_have_no_estimate(data):
    d = derive.mle(**LOGISTIC, data=data)
    assert d.outcome == "none"
    assert not d.numeric


def test_an_observed_n_has_sums_over_N_observations():
    d = derive.mle(r"P(N=n)=\frac{\lambda^n e^{-\lambda}}{n!}", variable="n")
    assert str(d.estimates["lambda"]) == "Sum(n[i], (i, 1, N))/N"
    assert d.evaluate([1, 2, 5]) == {"lambda": pytest.approx(8 / 3)}
