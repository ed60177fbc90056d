"""What a user or a stranger wrote stays text: in Markdown, LaTeX and on a terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import derive
from derive.cli.main import main
from derive.rendering.template_rows import markdown_text, tex_text

EVIL = "<script>alert(1)</script> $x$ \\input{/etc/passwd} & % # _ ^ ~ {}\n\n\\end{document} `code` [a](javascript:b) | \x1b[31m **bold**"
WHERE: list[dict[str, Any]] = [
    {"title": EVIL},
    {"units": EVIL},
    {"labels": {"lambda": EVIL}},
    {"quantities": {EVIL: "1/lambda"}},
    {"units": EVIL, "quantities": {"mean": "1/lambda"}},
]  # fmt: skip


@pytest.mark.parametrize("words", WHERE, ids=[next(iter(w)) for w in WHERE])
def test_words_of_a_user(words: dict[str, Any]) -> None:
    d = derive.mle("exponential", data=[2, 4, 6], **words)
    text, tex = d.to_markdown(), d.to_latex()
    assert "script" in text and "script" in tex
    assert not re.search(r"<[A-Za-z/!]", text) and "\x1b" not in text + tex and not re.search(r"(?<!\\)\]\(", text)
    assert tex.count(r"\end{document}") == 1 and r"\input" not in tex.replace(r"\textbackslash{}input", "")
    for block in re.findall(r"\\(?:sub)?section\*\{.*", tex):  # a heading closes on its own line
        assert block.count("{") - block.count(r"\{") == block.count("}") - block.count(r"\}")


TEXTS = [
    ("two\n\nparagraphs", "two paragraphs", "two paragraphs"),
    ("a\tb\x00c\u2028d", "a b c d", "a b c d"),
    ("50 % & more", "50 % &amp; more", r"50 \% \& more"),
    ("a<b", "a&lt;b", r"a\textless{}b"),
    ("x_1^2", r"x\_1^2", r"x\_1\textasciicircum{}2"),
    ("Wartezeit λ, Ω", "Wartezeit λ, Ω", r"Wartezeit \ensuremath{\lambda}, \ensuremath{\Omega}"),
]


@pytest.mark.parametrize("text,markdown,tex", TEXTS, ids=[repr(t[0]) for t in TEXTS])
def test_prose(text: str, markdown: str, tex: str) -> None:
    assert (markdown_text(text), tex_text(text)) == (markdown, tex)


SOLUTIONS = [
    "<script>alert(1)</script>\n\n$\\hat\\lambda = 1/4$",
    "Text <img src=x onerror=alert(1)> here, $\\lambda <b onmouseover=alert(1)> 2$.",
    "$\\hat\\lambda = 3<script>alert(1)</script>$",
    "$$\n\\ell = <svg onload=alert(1)>\n$$",
    "[link](javascript:alert(1)) ![image](http://example.org/x.png)\n\n[a][b]\n\n[b]: javascript:alert(1)\n\n$\\hat\\lambda = 3$",
    "<!-- a comment --> <http://example.org> $\\hat\\lambda = 3$",
    "`<b>` and ``` <i> ``` and $\\hat\\lambda = 3$",
    "```html\n<script>alert(1)</script>\n```\n\n$\\hat\\lambda = 3$",
    r"$\href{javascript:alert(1)}{\hat\lambda} = 3$ and $\htmlStyle{color:red}{x} = \style{a}{y}$",
    "$\\text{<script>alert(1)</script>} = 1$",
    "$ \\hat\\lambda = 3 <script>\n\nunclosed <script>",
    "\\documentclass{article}\\begin{document}<script>alert(1)</script> $\\hat\\lambda = 3 <script>$\\end{document}",
    "$\\hat\\lambda = 3$ \x1b[31m red \x07",
]


@pytest.mark.parametrize("solution", SOLUTIONS, ids=[repr(s[:30]) for s in SOLUTIONS])
def test_a_stranger_s_solution(solution: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    r = derive.check(solution, "exponential", data=[2, 4, 6])
    text = r.to_markdown()
    assert not re.search(r"<[A-Za-z/!?]", text) and not re.search(r"\][(\[:]", text)
    assert not re.search(r"\\(?:href|html|style|input)", text.replace("command \\", ""))
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", text + r.to_text())
    assert r.text == solution and r.to_dict()["lines"] == [line.to_dict() for line in r.lines]
    for name in ("<b>.md", "b.md"):
        (tmp_path / name).write_text(solution, encoding="utf-8")
    main(["check", str(tmp_path / "<b>.md"), str(tmp_path / "b.md"), "--density", "exponential", "--data", "2,4,6", "--format", "md"])
    assert not re.search(r"<[A-Za-z/!?]", capsys.readouterr().out)


def test_mathematics_is_left_as_it_was() -> None:
    solution = (
        "# Title\n\n- *a* **b** x < 3, so $0 < \\lambda \\le [1](2)$\n\n```python\nlam = 3\n```\n\n$$\n\\hat\\lambda = \\frac{1}{4}\n$$\n"
    )
    marked = derive.check(solution, "exponential", data=[2, 4, 6]).to_markdown()
    for line in solution.splitlines():
        assert line.replace("](", "] (") in marked
