"""No estimate outside its domain, and none below what a search finds, gets through."""

from __future__ import annotations

import pytest

import derive
from derive.formula.tree import num
from derive.oracle import Refuted
from derive.stages import elimination, witness
from derive.stages.beginning import begin
from derive.stages.likelihood import likelihood, log_likelihood_section
from derive.stages.score import score


def solved(question):
    work = begin(derive.Problem(**question))
    for stage in (likelihood, log_likelihood_section, score, elimination.eliminate):
        stage(work)
    return work


@pytest.mark.parametrize(("wrong", "error"), [(num("1/3"), Refuted), (num(-1), derive.NotSupported)])
def test_a_wrong_answer_is_found_out(wrong, error):
    work = solved({"density": r"\lambda e^{-\lambda x}", "data": [2, 4, 6]})
    witness.witness(work)
    work.answers["lambda"] = wrong
    with pytest.raises(error):
        witness.witness(work)
