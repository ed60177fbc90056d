"""A sample of normal vectors: mean and covariance matrix in any dimension."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import derive

LAW = r"\mathbf{x}_i \sim \mathcal N(\boldsymbol\mu, \boldsymbol\Sigma)"
SHAPES = {"mu": "p", "Sigma": "p x p positive definite"}
X = np.random.default_rng(4).normal(size=(12, 3)).round(2)


@pytest.mark.parametrize(
    "question",
    [
        {"density": LAW},
        {"density": r"\mathbf x \sim \mathcal{N}_p(\boldsymbol{\mu}, \boldsymbol{\Sigma})"},
        {"density": "x ~ N(mu, Sigma)", "shapes": SHAPES},
    ],
)
def test_the_page(question):
    d = derive.mle(**question)
    page = d.to_markdown()
    assert d.verified and d.outcome == "unique" and set(d.certainty.values()) == {"proved"}
    for line in (
        r"\frac{\partial \ell}{\partial \mu} = \Sigma^{-1} \left[\sum_{i=1}^{n} (x_{i} - \mu)\right]",
        r"\operatorname{tr}(\Sigma^{-1} S) + n (\bar{x} - \mu)^{\top} \Sigma^{-1} (\bar{x} - \mu)",
        r"\mathrm{d}\ell = \frac{1}{2} \operatorname{tr}[\Sigma^{-1} (S - n \Sigma) \Sigma^{-1} \mathrm{d}\Sigma]",
        r"\ell(\bar{x}, \hat{\Sigma}) - \ell(\bar{x}, \Sigma)",
        r"\hat{\Sigma} &= \frac{S}{n}",
    ):
        assert line in page, line
    assert any("n > p" in str(c.words) for c in d.conditions)
    assert all(line.evidence.points > 3 or line.evidence.kind == "defined" for s in d.sections for line in s.lines)


def test_with_data():
    d = derive.mle(LAW, data=X)
    cov = np.cov(X.T, bias=True)
    assert d.numeric["mu"] == pytest.approx(X.mean(axis=0))
    assert d.numeric["Sigma"] == pytest.approx(cov)
    assert np.array(d.estimates["Sigma"], dtype=float) == pytest.approx(cov)
    assert derive.mle(LAW).evaluate(X.tolist())["Sigma"] == pytest.approx(cov)


def test_the_formulas_are_those_of_the_data_matrix():
    e = derive.mle(LAW).estimates
    assert str(e["mu"]) == "1/n*x.T*1"
    assert str(e["Sigma"]) == "1/n*x.T*((-1/n)*1 + I)*x"
    assert e["Sigma"].shape == (derive.formula.bridge.sp.Symbol("p"),) * 2


def test_one_of_them_known():
    mean, cov = derive.mle(LAW, known=["Sigma"]), derive.mle(LAW, known=["mu"])
    assert set(mean.estimates) == {"mu"} and set(cov.estimates) == {"Sigma"}
    about = derive.mle(LAW, known=["mu"], data={"x": X, "mu": [0, 0, 0]})
    assert about.numeric["Sigma"] == pytest.approx(X.T @ X / len(X))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"data": X[:3]}, "fewer dimensions"),
        ({"data": X, "shapes": {"mu": "p", "Sigma": "q x q"}}, "is wanted"),
        ({"known": ["nu"]}, "does not occur"),
        ({"known": ["mu", "Sigma"]}, "no parameter"),
        ({"known": ["mu"], "data": X}, "mu is missing"),
    ],
)
def test_refused_with_a_reason(question, words):
    with pytest.raises(derive.DeriveError, match=words) as e:
        derive.mle(LAW, **question)
    assert not isinstance(e.value, derive.InternalError)


def test_every_format():
    d = derive.mle(LAW, data=X)
    assert "<math" in d.to_html() and r"\operatorname{tr}" in d.to_latex() and "tr" in d.to_typst()
    assert json.loads(json.dumps(d.to_dict()))["numeric"]["Sigma"]
    assert pickle.loads(pickle.dumps(d)).verified
