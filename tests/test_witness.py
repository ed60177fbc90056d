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
