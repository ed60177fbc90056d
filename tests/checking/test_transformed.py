"""A transform of the data that the writer names: with its mean, and in either case of the letter."""

from __future__ import annotations

import pytest

import derive

QUESTION = {"density": r"\theta(1-x)^{\theta-1}", "variable": "x", "parameters": ["theta"], "support": "0 < x < 1"}
TEXT = r"""Let $Y_i=-\log(1-X_i)$. Then
$$\ell'(\theta)=\frac n\theta+\sum_{i=1}^n\log(1-x_i)=\frac{n}{\theta}-\sum_{i=1}^n y_i.$$
Hence $\hat\theta=\frac{n}{\sum y_i}=\frac1{\bar y}$."""


@pytest.mark.parametrize(
    "swaps", [[], [("Y_i", "y_i")], [("y_i", "Y_i"), ("bar y", "bar Y")], [("Y_i", "Z_i"), ("y_i", "z_i"), ("bar y", "bar z")]]
)
def test_a_named_transform_has_a_mean(swaps):
    text = TEXT
    for a, b in swaps:
        text = text.replace(a, b)
    report = derive.check(text, **QUESTION)
    assert report.correct and report.complete


def test_a_wrong_mean_of_it_is_found():
    report = derive.check(TEXT.replace(r"\frac1{\bar y}", r"\frac2{\bar y}"), **QUESTION)
    assert report.first_error is not None and report.first_error.source_line == 3
