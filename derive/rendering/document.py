"""Rows -> documents: Markdown, LaTeX, HTML, notebook, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from ..errors import NotSupported, NotValid
from ..files import as_path, write
from ..formula.latex import latex
from ..formula.names import reported
from .detail import detail_of
from .mathml import HTML, html_text, mathml
from .template_rows import PLAIN, Style, markdown_text, prose, steps, tex_text, with_numbers
from .typst import TYPST, formula, pdf, quoted

if TYPE_CHECKING:
    import jinja2

    from ..derived import Derived


MARKDOWN, TEX = Style(markdown_text), Style(tex_text)
DEEPEST = 6
LATEX_HEADINGS = ("section", "subsection", "subsubsection", "paragraph", "subparagraph", "subparagraph")  # by level
SECTION = re.compile(r"\n(?=### )")


@cache
def environment() -> jinja2.Environment:
    """The templates: beside the package in a checkout, inside it in an installed wheel."""
    import jinja2

    here = Path(__file__).resolve().parent.parent
    folders = [here / "templates", here.parent / "templates"]
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([f for f in folders if f.is_dir()]), autoescape=False, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, variable_start_string="<<", variable_end_string=">>", block_start_string="<%", block_end_string="%>",
        comment_start_string="<#", comment_end_string="#>", undefined=jinja2.StrictUndefined,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a write-up is to stand.

    fragment: inside another document, without title and preamble.  heading: the level of its first heading; where it is None, that
    of a document of its own.  numbered: whether displays have numbers, with anchors `eq-1`, `eq-2`, ...
    """

    fragment: bool = False
    heading: int | None = None
    numbered: bool = False

    def levels(self, alone: int) -> dict[str, int]:
        """The levels of the title and of the sections; alone: of the title in a document of its own."""
        if self.heading is None:
            return {"title_level": alone, "section_level": alone + 1}
        if isinstance(self.heading, bool) or not isinstance(self.heading, int) or not 1 <= self.heading <= DEEPEST:
            raise NotValid(f"`heading` is a level from 1 to {DEEPEST}, not {self.heading!r}")
        return {"title_level": self.heading, "section_level": min(self.heading + (not self.fragment), DEEPEST)}


ALONE = Place()


def markdown(d: Derived, detail: str | None = None, place: Place = ALONE) -> str:
    """The write-up in Markdown; formulas in $...$ and $$...$$."""
    return _render("derivation.md.j2", d, MARKDOWN, detail, place, **place.levels(2))


def latex_document(d: Derived, detail: str | None = None, place: Place = ALONE) -> str:
    """The write-up as a LaTeX document."""
    return _render("derivation.tex.j2", d, TEX, detail, place, headings=LATEX_HEADINGS, **place.levels(1))


def html_document(d: Derived, detail: str | None = None, place: Place = ALONE) -> str:
    """The write-up as one HTML file with MathML, which needs nothing from the network."""
    return _render("derivation.html.j2", d, HTML, detail, place, **place.levels(1), name=html_text(str(d.title)), mathml=mathml)


def typst_document(d: Derived, detail: str | None = None) -> str:
    """The write-up as a Typst document."""
    return _render(
        "derivation.typ.j2", d, TYPST, detail, ALONE, name=quoted(str(d.title)), running=TYPST.text(str(d.title)), formula=formula
    )


def notebook(d: Derived, detail: str | None = None) -> str:
    """The write-up as a Jupyter notebook: a cell of Markdown for each section."""
    try:
        import nbformat
    except ImportError:
        raise NotSupported("a notebook needs nbformat", hint="install it: pip install 'derive[notebook]'") from None
    cells = SECTION.split(markdown(d, detail))
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(c.strip(), id=f"part-{k}") for k, c in enumerate(cells)])
    return str(nbformat.writes(made)) + "\n"


def _render(template: str, d: Derived, style: Style, detail: str | None, place: Place, **more: object) -> str:
    title = prose(d.title, d.problem.notation, style)
    made = steps(d, style, detail_of(d, detail))
    made = with_numbers(made) if place.numbered else made
    text = environment().get_template(template).render(title=title, steps=made, fragment=place.fragment, **more)
    lines = [line.rstrip() for line in text.splitlines()]
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip() + "\n"


class ConditionValues(TypedDict):
    """What the data must satisfy: the relations in LaTeX, and in words."""

    latex: list[str]
    words: str


class QuantityValues(TypedDict):
    """What was asked for at the estimate: exact, and as a float where there are data."""

    exact: str
    float: float | None


class LineValues(TypedDict):
    """A displayed relation; detail: the least in which it is shown."""

    latex: str
    reason: str
    verified: str
    detail: str


class StepValues(TypedDict):
    """A section with its lines."""

    title: str
    number: int | None
    lines: list[LineValues]


class Values(TypedDict):
    """A derivation as plain values."""

    title: str
    outcome: str
    how: dict[str, str]
    certainty: dict[str, str]
    estimates: dict[str, str]
    estimates_latex: dict[str, str]
    numeric: dict[str, float] | None
    conditions: list[ConditionValues]
    quantities: dict[str, QuantityValues]
    warnings: list[str]
    verified: bool
    steps: list[StepValues]


def as_dict(d: Derived) -> Values:
    """Plain values for JSON."""
    notation = d.problem.notation
    return {
        "title": prose(d.title, notation, PLAIN),
        "outcome": d.outcome,
        "how": {reported(k): v for k, v in d.how.items()},
        "certainty": {reported(k): v for k, v in d.certainty.items()},
        "estimates": {k: str(v) for k, v in d.estimates.items()},
        "estimates_latex": {reported(k): latex(f, notation) for k, f in d.reported_answers.items()},
        "numeric": None if d.numeric is None else {reported(k): in_lists(v) for k, v in d.numeric.items()},
        "conditions": [
            {"latex": [latex(r, notation) for r in c.relations], "words": prose(c.words, notation, PLAIN)} for c in d.conditions
        ],
        "quantities": {k: {"exact": str(v[0]), "float": v[1]} for k, v in d.quantities.items()},
        "warnings": list(d.warnings),
        "verified": d.verified,
        "steps": [
            {
                "title": s.title,
                "number": s.number,
                "lines": [{"latex": x.latex, "reason": x.reason, "verified": x.verified, "detail": x.detail} for x in s.lines],
            }
            for s in steps(d)
        ],
    }


def in_lists(v: Any) -> Any:
    """A number as it is, an array as lists of numbers."""
    return v.tolist() if hasattr(v, "tolist") else v


WRITERS: dict[str, Callable[[Derived, str | None], str | bytes]] = {
    ".md": markdown,
    ".tex": latex_document,
    ".html": html_document,
    ".ipynb": notebook,
    ".typ": typst_document,
    ".pdf": lambda d, detail: pdf(typst_document(d, detail)),
    ".json": lambda d, detail: json.dumps(as_dict(d), indent=2, ensure_ascii=False) + "\n",
}


def save(d: Derived, path: str | Path, detail: str | None = None) -> None:
    """Write a derivation to a file, in the format of its ending; JSON holds every line, with its detail."""
    path = as_path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise NotSupported(f"a write-up cannot be saved as {path.suffix or path.name!r}", hint="the endings are " + ", ".join(WRITERS))
    write(path, writer(d, detail))
