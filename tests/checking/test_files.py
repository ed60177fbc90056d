"""Files that hold a solution, and what is no solution."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

import derive
from derive.checking.reading.files import text_of_file

EXPONENTIAL = derive.Problem(r"\lambda e^{-\lambda x}", parameters={"lambda": "positive"})
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_a_notebook_gives_its_markdown_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Answer\n", "$\\ell=n\\ln\\lambda-\\lambda\\sum x_i$"]},
        {"cell_type": "code", "source": ["lam = 3"]},
        {"cell_type": "markdown", "source": "$\\hat\\lambda=\\bar x$"},
    ]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    report = derive.check(text_of_file(path), EXPONENTIAL)
    assert [line.source_line for line in report.lines] == [1, 3]
    assert "cell 3" in report.to_markdown() and "in cell 3" in repr(report)


def test_latin_1_and_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for content in ("für λ".encode(), "für".encode("latin-1"), "\ufefffür".encode(), "für".encode("utf-16")):
        path.write_bytes(content)
        assert text_of_file(path).startswith("für")
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(derive.DeriveError, match="not text"):
        text_of_file(path)


def test_equations_of_a_word_processor(tmp_path: Path) -> None:
    pytest.importorskip("docxlatex")
    run = "<m:r><m:t>%s</m:t></m:r>"
    hat = f'<m:acc><m:accPr><m:chr m:val="\u0302"/></m:accPr><m:e>{run % "λ"}</m:e></m:acc>'
    fraction = f"<m:f><m:num>{run % 'n'}</m:num><m:den>{run % 'S'}</m:den></m:f>"
    body = f"<w:p><w:r><w:t>where S = Σ x_i. So </w:t></w:r><m:oMath>{hat}{run % '='}{fraction}</m:oMath></w:p>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as z:
        z.writestr("word/document.xml", f'<w:document xmlns:w="{W}" xmlns:m="{M}"><w:body>{body}</w:body></w:document>')
    path = tmp_path / "a.docx"
    path.write_bytes(made.getvalue())
    report = derive.check(text_of_file(path), EXPONENTIAL)
    assert report.correct and len(report.lines) == 2
    path.write_bytes(b"no document")
    with pytest.raises(derive.DeriveError, match="cannot be read"):
        text_of_file(path)


@pytest.mark.parametrize(("text", "said"), [
    ("", "empty"), (" \n", "empty"), ("answer.md", "name of a file"), ("1.2\n3.4\n", "numbers"), ("x,y\n1,2\n3,4\n", "numbers"),
])  # fmt: skip
def test_what_is_no_solution(text: str, said: str) -> None:
    with pytest.raises(derive.DeriveError, match=said):
        derive.check(text, EXPONENTIAL)
