"""Solutions as students write them, one a file in tests/solutions: every line gets its verdict.  README.md there: how to add one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import derive

FOLDER = Path(__file__).parents[1] / "solutions"
FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
KEYS = ("final_answer", "lines", "slip", "message")
MISTAKE_KEYS = ("instead_of", "write", "slip", "message")
WORST_FIRST = ("invalid", "follows", "unread", "valid")


def parts(text: str) -> tuple[derive.Problem, dict[str, Any], list[dict[str, str]], str]:
    """The question, what is expected, the mistakes to make, and the solution of a file."""
    start, *rest = text.split("---\n", 2)
    if start or len(rest) != 2:
        pytest.fail("the file begins with a header between two lines ---", pytrace=False)
    header, solution = rest
    table = tomllib.loads(header)
    expect, mistakes, sample = table.pop("expect", {}), table.pop("mistakes", []), table.pop("sample", None)
    strange = [key for key in expect if key not in KEYS] + [key for m in mistakes for key in m if key not in MISTAKE_KEYS]
    if "final_answer" not in expect or strange or any({"instead_of", "write"} - set(m) for m in mistakes):
        wanted = f"[expect] has final_answer and perhaps {', '.join(KEYS[1:])}; [[mistakes]] have {', '.join(MISTAKE_KEYS)}"
        pytest.fail(f"{wanted}{'; not ' + ', '.join(strange) if strange else ''}", pytrace=False)
    if sample is not None:
        table["data"] = derive.Sample(**sample)
    return derive.Problem(**table), expect, mistakes, solution


def verdicts(report: derive.Report) -> dict[int, str]:
    """The verdict of each line that has a relation: of several the worst."""
    out: dict[int, str] = {}
    for line in report.lines:
        out[line.source_line] = min(line.verdict, out.get(line.source_line, "valid"), key=WORST_FIRST.index)
    return out


def compared(report: derive.Report, expect: dict[str, Any]) -> list[str]:
    """What a report says other than expected, line by line; empty where nothing."""
    got = verdicts(report)
    wanted = dict.fromkeys(got, "valid") | {int(n): verdict for n, verdict in expect.get("lines", {}).items()}
    out = []
    for n in sorted(wanted):
        if wanted[n] != got.get(n):
            out.append(f"line {n}: expected {wanted[n]}, got {got.get(n, 'no relation')}")
            out += [f"    {x.verdict}: {x.text}" + (f"  ({x.message})" if x.message else "") for x in report.lines if x.source_line == n]
    if not got:
        out.append("nothing of the solution was read as a relation")
    if report.final_answer != expect["final_answer"]:
        out.append(f"final answer: expected {expect['final_answer']}, got {report.final_answer}")
    if report.correct != ("invalid" not in wanted.values() and expect["final_answer"] == "right"):
        out.append(f"correct: got {report.correct}")
    if report.complete != ("unread" not in wanted.values()):
        out.append(f"complete: got {report.complete}")
    return out + first_mistake(report, expect)


def first_mistake(report: derive.Report, expect: dict[str, Any]) -> list[str]:
    """What is said of the first mistake other than expected."""
    first = report.first_error
    if first is None:
        return [f"first mistake: expected {key} {expect[key]!r}, got no mistake" for key in ("slip", "message") if key in expect]
    out = []
    if not first.message or expect.get("message", "") not in first.message:
        out.append(f"message of the first mistake: expected {expect.get('message', 'some')!r}, got {first.message!r}")
    if first.expected == first.text:
        out.append(f"the first mistake is to be replaced by what stands there: {first.text}")
    if expect.get("slip", first.slip) != first.slip:
        out.append(f"slip: expected {expect['slip']!r}, got {first.slip!r}")
    return out


def with_mistake(problem: derive.Problem, solution: str, mistake: dict[str, str]) -> list[str]:
    """What is wrong with the report on the solution with one mistake put in."""
    what, by = mistake["instead_of"], mistake["write"]
    if what not in solution:
        return [f"there is no {what!r} in the solution"]
    line = solution[: solution.index(what)].count("\n") + 1
    report = derive.check(solution.replace(what, by, 1), problem)
    got = None if report.first_error is None else report.first_error.source_line
    out = [] if got == line else [f"first mistake: expected line {line}, got {'none' if got is None else f'line {got}'}"]
    return [f"with {by!r} instead of {what!r}, {row}" for row in out + first_mistake(report, mistake)]


def run(text: str) -> None:
    problem, expect, mistakes, solution = parts(text)
    rows = compared(derive.check(solution, problem), expect)
    rows += [row for mistake in mistakes for row in with_mistake(problem, solution, mistake)]
    if rows:
        pytest.fail("\n".join(rows), pytrace=False)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_solution(path: Path) -> None:
    run(path.read_text(encoding="utf-8"))


def test_the_example_of_the_readme() -> None:
    run((FOLDER / "README.md").read_text(encoding="utf-8").split("````markdown\n")[1].split("````")[0])


def test_what_differs_is_said_line_by_line() -> None:
    problem, _, _, solution = parts((FOLDER / "follows-a-wrong-number.md").read_text(encoding="utf-8"))
    rows = compared(derive.check(solution, problem), {"final_answer": "right", "lines": {"3": "unread", "9": "invalid"}, "slip": "sign"})
    said = [row.split("  (")[0] for row in rows if not row.startswith("    ")]
    assert said == [
        "line 1: expected valid, got invalid",
        "line 2: expected valid, got follows",
        "line 3: expected unread, got follows",
        "line 9: expected invalid, got no relation",
        "final answer: expected right, got wrong",
        "complete: got True",
        "slip: expected 'sign', got 'arithmetic'",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"$\hat\lambda=1/\bar x$", "begins with a header"),
        ("---\ndensity = 'exponential'\n---\n", "has final_answer"),
        ("---\n[expect]\nfinal_answer = 'right'\nline = {1 = 'invalid'}\n---\n", "not line"),
        ("---\n[expect]\nfinal_answer = 'right'\n[[mistakes]]\nwrite = 'n'\n---\n", "instead_of"),
    ],
)
def test_a_header_that_says_nothing_is_refused(text, said):
    with pytest.raises(pytest.fail.Exception, match=said):
        run(text)
