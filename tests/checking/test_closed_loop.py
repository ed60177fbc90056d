"""What is derived is read back and found right: every write-up, in Markdown and in LaTeX, in each detail, with no line left unread."""

from __future__ import annotations

from pathlib import Path

import pytest

import derive

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def read_back(problem: derive.Problem, *texts: str) -> list[str]:
    """The lines of write-ups that are not valid, and final answers that are not right."""
    out = []
    for text in texts:
        report = derive.check(text, problem)
        out += [f"{line.source_line} {line.verdict}: {line.text} ({line.message})" for line in report.lines if line.verdict != "valid"]
        out += [] if report.final_answer == "right" else [f"the final answer is {report.final_answer}"]
    return out


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.stem)
def test_examples(path: Path) -> None:
    problem = derive.Problem.load(path)
    derivation = derive.mle(problem) if problem.prediction is None else derive.loss(problem)
    pages = (derivation.to_markdown(detail=k) for k in ("brief", "standard", "full"))
    assert read_back(problem, *pages, derivation.to_latex()) == []


@pytest.mark.parametrize("name", [entry.name for entry in derive.densities()])
def test_catalogue(name: str) -> None:
    problem = derive.Problem(name, n=1 if name == "hypergeometric" else None)
    derivation = derive.mle(problem)
    assert read_back(problem, derivation.to_markdown(detail="full"), derivation.to_latex(detail="standard")) == []
