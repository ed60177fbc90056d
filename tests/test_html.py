"""The write-up as HTML and as a notebook: well formed, nothing from the network, what a user wrote escaped."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import derive
from derive.rendering.mathml import mathml

VOID = {"meta", "br", "link", "img", "hr", "input"}
CASES = ("exponential", "normal", "gamma", "uniform", "Bernoulli", "hypergeometric", "Student t", "Weibull")


class Nesting(HTMLParser):
    """Raises where an element is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_well_formed_and_needs_no_network(name: str) -> None:
    page = derive.mle(name).to_html()
    reader = Nesting()
    reader.feed(page)
    assert not reader.open
    assert not re.search(r"(src|href)=|@import|url\(", page)
    formulas = re.findall(r"<math .*?</math>", page, re.DOTALL)
    assert len(formulas) > 5
    for f in formulas:
        assert ElementTree.fromstring(f).get("alttext")
        assert "\\" not in re.sub(r'alttext="[^"]*"', "", f), "a command that was not understood"
    assert next(tag for tag, _ in reader.seen if re.fullmatch(r"h\d", tag)) == "h1"


def test_what_a_user_wrote_is_escaped() -> None:
    page = derive.mle("exponential", data=[1, 2], title="<script>alert(1)</script> & more", units='"><b>minutes').to_html()
    assert "<script" not in page and "<b>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_named_functions_stand_apart_and_lines_go_on() -> None:
    assert mathml(r"n \log s").count("<mspace") == 2
    assert "<mspace" not in mathml(r"(\log(s))")
    assert '<mo form="infix">' in mathml(r"\quad + b", "", True, True) and "infix" not in mathml("- b", "", True)


def test_nothing_but_boxes_of_their_own_scrolls_and_all_have_names() -> None:
    page = derive.mle("von Mises").to_html()
    assert '<span class="wide" tabindex="0" role="group" aria-label="Formula">' in page
    assert 'role="region"' not in page, "landmarks have names of their own"
    cells = re.findall(r"<th scope=\"col\">(.*?)</th>", derive.mle("gamma", data=[1, 2, 4]).to_html(detail="full"))
    assert cells and all(re.sub(r"<math.*?</math>|<[^>]*>", "", cell).strip() for cell in cells), "a heading that is not read out"


def test_saved_by_the_ending(tmp_path: Path) -> None:
    d = derive.mle("poisson", data=[1, 2, 0])
    d.save(tmp_path / "p.html")
    assert (tmp_path / "p.html").read_text(encoding="utf-8") == d.to_html()


def test_a_notebook_has_a_cell_for_each_section(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    d = derive.mle("poisson", data=[1, 2, 0])
    d.save(tmp_path / "p.ipynb")
    book = nbformat.read(tmp_path / "p.ipynb", as_version=4)
    nbformat.validate(book)
    assert "\n\n".join(c.source for c in book.cells).split() == d.to_markdown().split()
    assert json.loads(d.to_notebook())["nbformat"] == 4
