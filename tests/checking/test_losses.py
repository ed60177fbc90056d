"""Solutions of questions about a loss: right ones, wrong ones, and the write-ups read back."""

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


RIGHT = [
    (NORMAL, [
        r"\ell = -\frac n2 \log(2\pi\sigma^2) - \frac{1}{2\sigma^2}\sum_i (y_i-\hat y_i)^2",
        r"-\log L = \frac{1}{2\sigma^2}\sum_i (y_i-\hat y_i)^2 + C", r"J = \sum_i (y_i-\hat y_i)^2", r"J(\theta)=\frac1n\sum_{i=1}^n (y_i-\theta^T x_i)^2",
    ]),
    (NORMAL, [r"\mathrm{NLL} \propto \sum_i (y_i-\hat y_i)^2"]),
    (BERNOULLI, [r"\mathrm{BCE}=-\frac1n\sum_i [y_i\log\hat p_i+(1-y_i)\log(1-\hat p_i)]"]),
]  # fmt: skip

WRONG = [  # the place of the first mistake, the final answer
    (NORMAL, [r"\mathrm{NLL} = \frac n2 \log(2\pi\sigma^2) - \frac{1}{2\sigma^2}\sum_i (y_i-\hat y_i)^2", r"J = \sum_i (y_i-\hat y_i)^2"], 0, "right"),
    (NORMAL, [r"L = \prod_i \frac{1}{\sqrt{2\pi\sigma^2}} e^{-(y_i-\hat y_i)^2/(2\sigma^2)}", r"J = \sum_i |y_i-\hat y_i|"], 1, "wrong"),
    (BERNOULLI, [r"\mathrm{NLL}=-\sum_i [y_i\log\hat p_i-(1-y_i)\log(1-\hat p_i)]"], 0, "wrong"),
    (BERNOULLI, [r"L=\prod_i \hat p_i^{y_i}(1-\hat p_i)^{1-y_i}"], None, "missing"),
]  # fmt: skip


def text_of(formulas):
    return "\n\n".join(f"$${f}$$" for f in formulas)


@pytest.mark.parametrize(("question", "formulas"), RIGHT)
def test_right_solutions(question, formulas):
    report = derive.check(text_of(formulas), **question)
    assert [(line.text, line.verdict, line.message) for line in report.lines if line.verdict != "valid"] == []
    assert report.correct


@pytest.mark.parametrize(("question", "formulas", "place", "answer"), WRONG)
def test_wrong_solutions(question, formulas, place, answer):
    report = derive.check(text_of(formulas), **question)
    first = next((k for k, line in enumerate(report.lines) if line.verdict == "invalid"), None)
    assert first == place
    assert report.final_answer == answer
