"""Reports: the marked solution, the text for a terminal, files; many answers in one call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import derive
from derive.cli.main import main

SOLUTION = r"""Let $S=\sum x_i$.

$$
\ell(\lambda)=n\ln\lambda-\lambda S
$$
$$\frac{n}{\lambda}+S=0$$

So $\hat\lambda=1/\bar x$.
"""


@pytest.fixture(scope="module")
def report() -> derive.Report:
    return derive.check(SOLUTION, r"\lambda e^{-\lambda x}")


def test_markdown_keeps_the_solution_and_marks_it(report: derive.Report) -> None:
    text = report.to_markdown()
    rows = text.split("\n")
    assert "line 6" in rows[0] and "right" in rows[0]
    marked = [row for row in rows if row.startswith("> ")]
    assert len(marked) == 1 and "✗" in marked[0] and r"\frac{n}{\lambda}+S = 0" in marked[0]
    assert rows.index(marked[0]) > rows.index(r"$$\frac{n}{\lambda}+S=0$$")
    kept = [row for row in rows[rows.index("---") + 1 :] if row and not row.startswith(">")]
    assert kept == [row for row in SOLUTION.split("\n") if row]


def test_a_note_never_stands_inside_a_formula() -> None:
    text = "$$\\begin{aligned}\n\\ell(\\lambda)&=2\\\\\n\n&=3\n\\end{aligned}$$\nand\n```math\n\\lambda=\n\n7\n```\n"
    rows = derive.check(text, r"\lambda e^{-\lambda x}").to_markdown().split("\n")
    for opened, closed in (("$$\\begin{aligned}", "\\end{aligned}$$"), ("```math", "```")):
        inside = rows[rows.index(opened) : rows.index(closed)]
        assert not any(row.startswith(">") for row in inside)
    assert sum(row.startswith("> **") for row in rows) >= 2


def test_terminal(report: derive.Report) -> None:
    plain, painted = report.to_text(), report.to_text(colour=True)
    assert "\x1b[" not in plain and "\x1b[31" in painted
    assert [row.split()[:2] for row in plain.split("\n") if row[:5].strip().isdigit()] == [["1", "✓"], ["4", "✓"], ["6", "✗"], ["8", "✓"]]


def test_files(report: derive.Report, tmp_path: Path) -> None:
    for ending in (".md", ".txt", ".json"):
        report.save(tmp_path / ("r" + ending))
    assert (tmp_path / "r.md").read_text(encoding="utf-8") == report.to_markdown()
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["first_error"]["source_line"] == 6
    with pytest.raises(derive.DeriveError, match="endings"):
        report.save(tmp_path / "r.pdf")


def test_many_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.toml").write_text("density = '\\lambda e^{-\\lambda x}'\n", encoding="utf-8")
    names = []
    for k in range(6):
        path = tmp_path / f"a{k}.md"
        path.write_text(SOLUTION if k % 2 else SOLUTION.replace("+S=0", "-S=0"), encoding="utf-8")
        names.append(str(path))
    (tmp_path / "a3.md").write_bytes(b"\xff\xfe$a=b$")
    arguments = ["check", *names, "--problem", str(tmp_path / "q.toml"), "--format", "json"]
    assert main(arguments) == 2
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert [entry["file"] for entry in found] == names
    assert [entry.get("correct") for entry in found] == [True, False, True, None, True, False]
    assert "UTF-8" in found[3]["error"] and "a3.md" in printed.err
    assert main([a for a in arguments if "a3" not in a]) == 1


def test_a_list_of_expressions() -> None:
    import sympy as sp

    lam, n, i, x = sp.Symbol("lambda"), sp.Symbol("n"), sp.Symbol("i"), sp.IndexedBase("x")
    total = sp.Sum(x[i], (i, 1, n))
    good = derive.check([sp.Eq(n / lam - total, 0), sp.Eq(sp.Symbol("lambda_hat"), n / total)], r"\lambda e^{-\lambda x}")
    assert good.correct and good.complete
    bad = derive.check([sp.Eq(n / lam - total, 0), sp.Eq(sp.Symbol("lambda_hat"), total / n)], r"\lambda e^{-\lambda x}")
    assert bad.first_error is not None and bad.first_error.source_line == 2
    with pytest.raises(derive.DeriveError, match="text or a list"):
        derive.check(7, r"\lambda e^{-\lambda x}")
