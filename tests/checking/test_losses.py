"""Questions about a loss: the write-ups are read back and found right."""

from __future__ import annotations

import pytest

import derive

NORMAL = {
    "density": r"\frac{1}{\sqrt{2\pi\sigma^2}} e^{-\frac{(y-\hat{y})^2}{2\sigma^2}}", "variable": "y", "known": ["sigma"],
    "prediction": {r"\hat{y}": r"\theta^T x"},
}  # fmt: skip
BERNOULLI = {"density": r"\hat{p}^{y} (1-\hat{p})^{1-y}", "prediction": r"\hat{p}"}
SIGMOID = {"density": r"\hat{p}^{y} (1-\hat{p})^{1-y}", "prediction": {r"\hat{p}": r"\frac{1}{1+e^{-\theta^T x}}"}}
COUNTS = {"density": r"\frac{\mu^y e^{-\mu}}{y!}", "prediction": {"mu": "exp(a + b*x)"}, "data": {"x": [0, 1], "y": [1, 3]}}
ABSOLUTE = {"density": r"\frac{1}{2b} e^{-|y-\mu|/b}", "prediction": {"mu": "a + c*x"}}


@pytest.mark.parametrize("question", [NORMAL, BERNOULLI, SIGMOID, COUNTS, ABSOLUTE])
def test_write_ups_are_read_back_and_found_right(question):
    problem = derive.Problem(**question)
    d = derive.loss(problem)
    for text in (d.to_markdown(), d.to_latex()):
        report = derive.check(text, problem)
        assert [(line.text, line.verdict, line.message) for line in report.lines if line.verdict != "valid"] == []
        assert report.final_answer == "right"
        assert len(report.lines) > 8
