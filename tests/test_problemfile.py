"""Problem files: what they hold, and how their mistakes are named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from derive.errors import NotValid
from derive.problem.problem import Problem
from derive.problem.problemfile import load_problem_file
from derive.sample.sample import Sample


def write(folder: Path, text: str) -> Path:
    path = folder / "problem.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_arguments(tmp_path: Path) -> None:
    text = r"""
density = '\lambda e^{-\lambda x}'
parameters = {lambda = "positive"}
known = ["m"]
constraints = ["p1 + p2 = 1"]
data = [2, 4, 6.5]
unnormalised = false
[quantities]
"mean wait" = "1/lambda"
"""
    assert load_problem_file(write(tmp_path, text)) == {
        "density": r"\lambda e^{-\lambda x}", "parameters": {"lambda": "positive"}, "known": ["m"], "constraints": ["p1 + p2 = 1"],
        "data": [2, 4, 6.5], "unnormalised": False, "quantities": {"mean wait": "1/lambda"},
    }  # fmt: skip


def test_sample_table(tmp_path: Path) -> None:
    text = """
density = 'exponential'
[sample]
exact = [1, 2.5]
right = [5]
truncation = [0, "oo"]
counts = {3 = 2, "(4, 6]" = 1}
"""
    sample = load_problem_file(str(write(tmp_path, text)))["data"]
    assert isinstance(sample, Sample)
    assert sample.size == 6 and sample.counts == {3: 2, (4, 6): 1} and sample.right == (5,)


def test_data_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "waits.csv").write_text("minutes,x\n2,1\n4.5,3\n")

    def exact(text: str) -> Any:
        return Problem(**load_problem_file(write(tmp_path, text))).sample.exact

    assert exact("density = 'exponential'\ndata = 'waits.csv:minutes'") == {"x": (2, Fraction(9, 2))}
    line = "density = 'exp(-(y-a*x)**2/2)/sqrt(2*pi)'\nvariable = 'y'\ncovariates = ['x']\n"
    assert exact(line + "data = {y = 'waits.csv:minutes', x = 'waits.csv:x'}")["x"] == (1, 3)
    sample: Any = load_problem_file(write(tmp_path, "[sample]\nexact = 'waits.csv:x'\nright = [9]"))["data"]
    assert sample.size == 3


MISTAKES = [
    ("densty = 'x'", "did you mean density?"),
    ("colour = 1", "the keys are density"),
    ("[sample]\nexat = [1]", "did you mean exact?"),
    ("data = [1]\n[sample]\nexact = [1]", "both data and a [sample] table"),
    ("sample = 3", "is a table"),
    ("density = 3", "density in"),
    ("constraints = 'p1 = 1'", "a list"),
    ("n = 2.5", "a whole number"),
    ("unnormalised = 1", "true or false"),
    ("density = ", "end of document"),
    ("title = 'a'\ntitle = 'b'", "each key stands once"),
    ("density: 'x'", "KEY = VALUE on each line"),
    ("title = 'a'\ndensity = x", "line 2"),
    (r'density = "\lambda x"', "single quotes"),
    ("[sample]\nexact = [1, 'a']", "observation 2"),
    ("[sample]\nexact = 'none.csv:x'", "no file"),
]


@pytest.mark.parametrize("text,words", MISTAKES)
def test_mistakes(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(NotValid) as e:
        load_problem_file(write(tmp_path, text))
    assert words in str(e.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "binary.toml"):
        with pytest.raises(NotValid):
            load_problem_file(path)
    with pytest.raises(NotValid):
        load_problem_file(write(tmp_path, "data = " + "[" * 5000 + "]" * 5000))
