"""The arguments of a question are the same everywhere: in signatures, in problem files, on the command line, in the README."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import derive
from derive.cli.options import parser
from derive.problem.arguments import ARGUMENTS, PredictionArguments, QuestionArguments
from derive.problem.problemfile import KEYS

OF_ITS_OWN = {"check": {"constants": "lenient"}}  # arguments that are no part of the question, and their defaults
NAMES = [a.name for a in ARGUMENTS]
README = Path(__file__).parent.parent / "README.md"


def test_the_table_is_the_typed_dictionary():
    assert set(NAMES) == set(PredictionArguments.__annotations__)
    assert set(NAMES) - set(QuestionArguments.__annotations__) == {"prediction"}


@pytest.mark.parametrize("function", [derive.mle, derive.check, derive.loss, derive.Problem])
def test_signatures_show_every_argument(function: Any):
    found = inspect.signature(function).parameters
    named = [p for p in found.values() if p.kind is p.KEYWORD_ONLY]
    own = OF_ITS_OWN.get(function.__name__, {})
    assert [p.name for p in named] == [*own, *(k for k in NAMES if k != "prediction" or function is not derive.mle)]
    assert all(p.annotation is not p.empty and p.default in (None, False, own.get(p.name)) for p in named)
    assert all(p.kind is p.POSITIONAL_OR_KEYWORD for p in found.values() if p not in named)


@pytest.mark.parametrize("wrong", [{"lamda": 1}, {"prediction": "mu"}])
def test_any_other_keyword_is_refused(wrong: dict[str, Any]):
    with pytest.raises(TypeError, match=re.escape(f"mle() got an unexpected keyword argument '{next(iter(wrong))}'")):
        derive.mle("exponential", **wrong)


def test_problem_files_have_them_as_keys():
    assert set(KEYS) == {"density", *NAMES}


def test_options_have_their_names():
    options = vars(parser().parse_args(["loss", "normal"]))
    assert set(NAMES) <= set(options)


def test_the_readme_describes_them():
    text = README.read_text(encoding="utf-8")
    table = text[text.index("| argument | meaning |") :].split("\n\n")[0]
    described = [k for row in table.splitlines()[2:] for k in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(described) == sorted(["density", *NAMES])
