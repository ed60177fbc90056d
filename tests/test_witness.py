"""No estimate outside its domain, and none below what a search finds, gets through."""

from __future__ import annotations

from dataclasses import replace

import pytest

import derive
from derive.formula.tree import num
from derive.oracle.oracle import Refuted
from derive.stages.elimination import eliminate as elimination
from derive.stages.likelihood.product import likelihood, log_likelihood_section
from derive.stages.likelihood.score import score
from derive.stages.maximum.maximum import maximum
from derive.stages.report import numerical_check as witness
from derive.stages.setup.begin import begin


def solved(question):
    work = begin(derive.Problem(**question))
    for stage in (likelihood, log_likelihood_section, score, elimination.eliminate, maximum):
        work = stage(work) or work
    return work


@pytest.mark.parametrize(("wrong", "error"), [(num("1/3"), Refuted), (num(-1), derive.NotSupported)])
def test_a_wrong_answer_is_found_out(wrong, error):
    work = solved({"density": r"\lambda e^{-\lambda x}", "data": [2, 4, 6]})
    witness.witness(work)
    work = replace(work, answers={"lambda": wrong})
    with pytest.raises(error):
        witness.witness(work)


@pytest.mark.parametrize(
    ("density", "question"),
    [
        ("sin(t)**(2*x)*cos(t)**(2-2*x)", {"data": [1, 0, 0, 0], "parameters": {"t": "[0, 2*pi]"}}),
        (
            "exp(-(a+b*x)**2)*(a+b*x)**(2*y)/factorial(y)",
            {
                "variable": "y",
                "covariates": ["x"],
                "data": {"x": [0, 1, 2, 3], "y": [1, 5, 9, 15]},
                "parameters": {"a": "real", "b": "real"},
            },
        ),
    ],
)
def test_another_place_as_high_is_not_passed_over(density, question):
    try:
        d = derive.mle(density, **question)
    except derive.NotSupported as e:
        assert "is as high at" in str(e)
    else:
        assert str(d.outcome) == "not unique"
