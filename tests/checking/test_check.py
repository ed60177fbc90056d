"""Hand-worked solutions, judged line by line."""

from __future__ import annotations

from typing import Any

import pytest

import derive

EXPONENTIAL: dict[str, Any] = {"density": r"\lambda e^{-\lambda x}", "parameters": {r"\lambda": "(0,oo)"}, "support": "(0,oo)"}
NORMAL: dict[str, Any] = {
    "density": r"\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
    "parameters": {r"\mu": "real", r"\sigma^2": "(0,oo)"},
}
UNIFORM: dict[str, Any] = {"density": r"\frac{1}{\theta}", "variable": "x", "parameters": {r"\theta": "(0,oo)"}, "support": "[0,theta]"}
CELLS: dict[str, Any] = {
    "likelihood": "p1**n1*p2**n2*p3**n3",
    "parameters": {"p1": "(0,1)", "p2": "(0,1)", "p3": "(0,1)"},
    "known": {"n1": 50, "n2": 30, "n3": 20},
    "constraints": ["p1+p2+p3=1"],
}


def verdicts(question: dict[str, Any], *rows: str) -> list[str]:
    return [line.verdict for line in check(question, *rows).lines]


def check(question: dict[str, Any], *rows: str) -> derive.Report:
    q = dict(question)
    return derive.check("\n".join(f"$${row}$$" for row in rows), q.pop("density", None), **q)


CORRECT = [
    (EXPONENTIAL, [
        r"L(\lambda)=\prod_{i=1}^n\lambda e^{-\lambda x_i}=\lambda^n e^{-\lambda\sum_{i=1}^n x_i}",
        r"\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i",
        r"\frac{d\ell}{d\lambda}=\frac{n}{\lambda}-\sum_{i=1}^n x_i=0",
        r"\hat\lambda=\frac{n}{\sum_{i=1}^n x_i}=\frac{1}{\bar x}",
    ]),
    (EXPONENTIAL | {"data": [2, 4, 6]}, [r"\ell(\lambda)=3\log\lambda-12\lambda", r"12\lambda=3", r"\hat\lambda=0.25"]),
    (NORMAL, [
        r"\frac{\partial\ell}{\partial\mu}=\frac{1}{\sigma^2}\sum_{i=1}^n(x_i-\mu)=0", r"\hat\mu=\bar x",
        r"\hat\sigma^2=\frac1n\sum_{i=1}^n(x_i-\bar x)^2",
    ]),
    (UNIFORM, [r"L(\theta)=\theta^{-n}", r"\hat\theta=\max_i x_i"]),
    (CELLS, [r"p_3=1-p_1-p_2", r"50 p_3=20 p_1", r"\hat p_1=0.5", r"\hat p_2=0.3", r"\hat p_3=0.2"]),
]  # fmt: skip


@pytest.mark.parametrize("question, rows", CORRECT)
def test_correct_solutions_are_correct(question: dict[str, Any], rows: list[str]) -> None:
    report = check(question, *rows)
    assert report.correct and report.complete and report.final_answer == "right", report.lines


WRONG = [  # rows, the number of the first wrong one
    (EXPONENTIAL, [r"\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i", r"\ell'(\lambda)=\frac{1}{\lambda}-\sum_{i=1}^n x_i"], 1),
    (EXPONENTIAL, [r"\ell(\lambda)=n\log\lambda+\lambda\sum_{i=1}^n x_i"], 0),
    (EXPONENTIAL | {"data": [2, 4, 6]}, [r"12\lambda=3", r"\hat\lambda=4"], 1),
    (NORMAL, [r"\hat\mu=\bar x", r"\hat\sigma^2=\frac{1}{n-1}\sum_{i=1}^n(x_i-\bar x)^2"], 1),
    (UNIFORM, [r"L(\theta)=\theta^{-n}", r"-\frac{n}{\theta}=0"], 1),
    (CELLS, [r"50 p_3=20 p_1", r"p_1=0.4 p_3"], 1),
]


@pytest.mark.parametrize("question, rows, first", WRONG)
def test_the_first_error_is_on_its_line(question: dict[str, Any], rows: list[str], first: int) -> None:
    report = check(question, *rows)
    assert report.first_error is not None and report.first_error.source_line == first + 1
    assert not report.correct


def test_a_constant_of_the_log_likelihood_is_free() -> None:
    assert verdicts(EXPONENTIAL, r"\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i+7") == ["valid"]


def test_a_wrong_score_that_vanishes_at_the_maximum_is_wrong() -> None:
    assert verdicts(EXPONENTIAL, r"\frac{d\ell}{d\lambda}=\frac{1}{\lambda}-\bar x") == ["invalid"]
    assert verdicts(EXPONENTIAL, r"\frac{1}{\lambda}-\bar x=0") == ["valid"]


def test_without_an_estimate_the_answer_is_missing() -> None:
    assert check(EXPONENTIAL, r"\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i").final_answer == "missing"
