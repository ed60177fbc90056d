"""What is free, what is refused and what is left unread.  Whole solutions are files in tests/solutions."""

from __future__ import annotations

import pytest

import derive

EXPONENTIAL = {"density": r"\lambda e^{-\lambda x}", "parameters": {r"\lambda": "(0,oo)"}, "support": "(0,oo)"}


def check(*rows: str) -> derive.Report:
    return derive.check("\n".join(f"$${row}$$" for row in rows), **EXPONENTIAL)


def verdicts(*rows: str) -> list[str]:
    return [line.verdict for line in check(*rows).lines]


def test_a_constant_of_the_log_likelihood_is_free() -> None:
    assert verdicts(r"\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i+7") == ["valid"]


def test_a_wrong_score_that_vanishes_at_the_maximum_is_wrong() -> None:
    assert verdicts(r"\frac{d\ell}{d\lambda}=\frac{1}{\lambda}-\bar x") == ["invalid"]
    assert verdicts(r"\frac{1}{\lambda}-\bar x=0") == ["valid"]


def test_without_an_estimate_the_answer_is_missing() -> None:
    assert check(r"\ell(\lambda)=n\log\lambda-\lambda\sum_{i=1}^n x_i").final_answer == "missing"


@pytest.mark.parametrize(
    "text",
    [
        r"\sum_{i=1}^{1000000000}1=5",
        r"9^{9^{9^{9}}}=1",
        r"\frac{d^{1000}\ell}{d\lambda^{1000}}=0",
        r"\sum_{i=1}^{9999}\sum_{j=1}^{9999}\lambda=1",
        r"L(L(\lambda))=1",
    ],
)
def test_nothing_hangs(text: str) -> None:
    assert verdicts(text)[0] in ("unread", "invalid")


def test_a_letter_defined_by_itself_hangs_nothing() -> None:
    assert derive.check(r"let $S=S+1$", **EXPONENTIAL).lines[0].verdict in ("unread", "invalid")


def test_a_line_that_is_not_understood_is_no_mistake() -> None:
    report = check(r"\hat\lambda=\frac1{\bar x}", r"\heartsuit\oplus 3=\spadesuit")
    assert report.first_error is None and not report.complete and report.final_answer == "right"


@pytest.mark.parametrize(("written", "verdict"), [(r"\ge 1", "valid"), (r"\ge 2", "invalid")])
def test_the_last_whole_number_with_a_property(written: str, verdict: str) -> None:
    text = rf"$$\hat{{N}} = \max\left\{{N > x_{{(n)}} : (1 - p)^n \prod_{{i=1}}^n \frac{{N}}{{N - x_i}} {written}\right\}}$$"
    r = derive.check(text, r"\binom{N}{x}p^x(1-p)^{N-x}", parameters={"N": "integer"}, known={"p": "(0,1)"})
    assert [x.verdict for x in r.lines] == [verdict]


@pytest.mark.parametrize("power, verdict", [(200, "valid"), (201, "invalid")])
def test_a_likelihood_that_floats_hold_as_0_is_judged(power, verdict):
    report = derive.check(rf"$$L(\lambda)=\lambda^{{{power}}}e^{{-\lambda\sum x_i}}$$", r"\lambda e^{-\lambda x}", n=200)
    assert [line.verdict for line in report.lines] == [verdict]
