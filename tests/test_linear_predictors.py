"""Responses with a linear predictor x'beta and the canonical link: any number of coefficients."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import derive

LOGISTIC = r"y_i \sim \text{Bernoulli}\left(\frac{1}{1+e^{-x_i^\top\beta}}\right)"
POISSON = r"y_i \sim \operatorname{Poisson}(e^{x_i^\top\beta})"
TEXTS = {  # question, the mean of a response
    "logistic": ({"density": LOGISTIC}, r"\mu_{i} &= \frac{1}{1 + e^{-\eta_{i}}}"),
    "logistic by its likelihood": ({"likelihood": r"\prod_{i=1}^n \frac{e^{y_i x_i^\top\beta}}{1+e^{x_i^\top\beta}}"}, r"\mu_{i} &= \frac{e^{\eta_{i}}}{1 + e^{\eta_{i}}}"),
    "logistic, theta first": ({"density": r"\frac{e^{y\,\theta^T x}}{1+e^{\theta^T x}}"}, r"\mu_{i} &= \frac{e^{\eta_{i}}}{1 + e^{\eta_{i}}}"),
    "Poisson": ({"density": POISSON}, r"\mu_{i} &= e^{\eta_{i}}"),
    "Poisson in bold": (
        {"likelihood": r"\prod_{i=1}^n \frac{e^{-e^{\mathbf x_i^T\boldsymbol\beta}} e^{y_i \mathbf{x}_i^T\boldsymbol\beta}}{y_i!}"}, r"\mu_{i} &= e^{\eta_{i}}",
    ),
    "weights that are called w": (
        {"likelihood": r"\prod_{i=1}^n \frac{e^{y_i w^\top x_i}}{1+e^{w^\top x_i}}"}, r"\mu_{i} &= \frac{e^{\eta_{i}}}{1 + e^{\eta_{i}}}",
    ),
    "known trials": ({"density": r"y_i \sim \text{Binomial}(10, \frac{1}{1+e^{-x_i^\top\beta}})"}, r"\mu_{i} &= "),
    "normal": ({"density": r"y_i \sim N(x_i^\top\beta, 1)"}, r"\mu_{i} &= \eta_{i}"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_the_score_and_the_hessian(name):
    question, mean = TEXTS[name]
    d = derive.mle(**question)
    page = d.to_markdown()
    assert d.verified and d.outcome == "unique" and d.estimates == {}
    assert mean in page
    assert r"X^{\top} (y - \mu)" in page and r"-X^{\top} W X \prec 0" in page
    assert r"(X^{\top} W X)^{-1} X^{\top} W z" in page
    assert len(d.conditions) == 2


def sample(rows=60, columns=3, seed=1):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(rows), rng.normal(size=(rows, columns - 1)).round(2)])
    return x, rng


def by_newton(x, y, mean, weight):
    b = np.zeros(x.shape[1])
    for _ in range(50):
        b = b + np.linalg.solve(x.T @ (weight(x @ b)[:, None] * x), x.T @ (y - mean(x @ b)))
    return b


def logistic(t):
    return 1 / (1 + np.exp(-t))


DATA = {
    "logistic": (LOGISTIC, lambda x, rng: (rng.random(len(x)) < logistic(x @ [0.3, 1, -0.5])).astype(int), logistic, lambda t: logistic(t) * (1 - logistic(t))),
    "Poisson": (POISSON, lambda x, rng: rng.poisson(np.exp(x @ [0.3, 0.5, -0.2])), np.exp, np.exp),
}  # fmt: skip


@pytest.mark.parametrize("name", DATA)
def test_with_data(name):
    density, draw, mean, weight = DATA[name]
    x, rng = sample()
    y = draw(x, rng)
    d = derive.mle(density, data={"X": x, "y": y})
    wanted = by_newton(x, y, mean, weight)
    assert d.numeric["beta"] == pytest.approx(wanted, abs=1e-8)
    assert np.array(d.estimates["beta"], dtype=float).ravel() == pytest.approx(wanted, abs=1e-8)
    assert d.certainty == {"beta": "enclosed"} and d.verified
    assert "largest part of the score" in d.to_markdown()
    assert derive.mle(density).evaluate({"X": x, "y": y})["beta"] == pytest.approx(wanted, abs=1e-8)


def test_many_observations():
    x, rng = sample(20_000, 4)
    y = (rng.random(len(x)) < logistic(x @ [0.3, 1, -0.5, 0.2])).astype(int)
    d = derive.mle(LOGISTIC, data={"X": x, "y": y})
    assert x.T @ (y - logistic(x @ d.numeric["beta"])) == pytest.approx(0, abs=1e-4)
    assert d.certainty == {"beta": "searched"}


@pytest.mark.parametrize("y", [[0, 0, 1, 1], [1, 1, 1, 1]])
def test_separated_responses_have_no_maximum(y):
    d = derive.mle(LOGISTIC, data={"X": [[1, 1], [1, 2], [1, 3], [1, 4]], "y": y})
    assert d.outcome == "none" and d.certainty == {"beta": "proved"} and d.numeric is None
    assert "keeps rising" in d.to_markdown()
    with pytest.raises(derive.NotSupported, match="no maximum"):
        derive.mle(LOGISTIC).evaluate({"X": [[1, 1], [1, 2], [1, 3], [1, 4]], "y": y})


def test_what_keeps_rising_without_separation():
    quasi = derive.mle(LOGISTIC, data={"X": [[1, 1], [1, 2], [1, 2], [1, 3]], "y": [0, 0, 1, 1]})
    zeros = derive.mle(POISSON, data={"X": [[1, 1], [1, 2], [1, 3]], "y": [0, 0, 0]})
    assert {quasi.outcome, zeros.outcome} == {"none"}


REFUSED = {
    "another link": ({"density": r"y_i \sim \text{Bernoulli}(\Phi(x_i^\top\beta))"}, "not the canonical one"),
    "a second parameter": ({"density": r"y_i \sim N(x_i^\top\beta, \sigma^2)"}, "no other parameter"),
    "dependent columns": ({"density": POISSON, "data": {"X": [[1, 2], [2, 4], [3, 6]], "y": [1, 2, 3]}}, "rank 1 of 2"),
    "two predictors": ({"density": r"y_i \sim N(x_i^\top\beta + z_i^\top\gamma, 1)"}, "several linear predictors"),
    "other numbers of rows": ({"density": POISSON, "data": {"X": [[1], [2]], "y": [1, 2, 3]}}, "do not fit"),
    "half a count": ({"density": POISSON, "data": {"X": [[1], [2], [3]], "y": [1, 2.5, 3]}}, "outside"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason(name):
    question, words = REFUSED[name]
    with pytest.raises(derive.DeriveError, match=words) as e:
        derive.mle(**question)
    assert not isinstance(e.value, derive.InternalError)


def test_every_format():
    d = derive.mle(LOGISTIC, data={"X": [[1, 1], [1, 2], [1, 3], [1, 4], [1, 5]], "y": [0, 1, 0, 1, 1]})
    assert "<math" in d.to_html() and r"\operatorname{diag}" in d.to_latex() and "diag" in d.to_typst()
    assert json.loads(json.dumps(d.to_dict()))["certainty"] == {"beta": "enclosed"}
    assert pickle.loads(pickle.dumps(d)).verified
