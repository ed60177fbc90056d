"""A few of the generated questions, against judges that know nothing of the engine: `benchmarks/generated_questions.py`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).resolve().parent.parent / "benchmarks" / "generated_questions.py"
EVERY = 190


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("generated_questions", PATH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MADE = _loaded()
QUESTIONS = MADE.questions()
SLOW, EXTREME = ("von Mises", "Rice"), ("e30", "e100", "e-100")  # Bessel functions; units beyond floating point
QUICK = [q for q in QUESTIONS if not q.key.startswith(SLOW) and not any(k in q.key for k in EXTREME)]


def test_there_are_many() -> None:
    assert len(QUESTIONS) > 1000 and len({q.key for q in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUICK[3::EVERY], ids=lambda q: q.key)
def test_an_answer_is_right_or_refused(question: Any) -> None:
    line = MADE.asked_of(question, {})
    assert line["result"] in ("right", "refusal"), line
