"""Rows -> documents: Markdown, LaTeX, HTML, notebook, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotSupported, NotValid
from ..files import as_path, write
from .detail import detail_of
from .mathml import HTML, html_text, mathml, spoken
from .pictures import Beside, as_attachment, as_html, as_typst, saved_beside
from .template_rows import Style, markdown_text, prose, steps, tex_text, with_numbers
from .typst import TYPST, formula, pdf, quoted
from .values import as_dict

if TYPE_CHECKING:
    import jinja2

    from ..derived import Derived
    from ..picture.what import Picture


MARKDOWN, TEX = Style(markdown_text), Style(tex_text)
DEEPEST = 6
NUMBER = 3.0  # ems, that the number of a display takes
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


def markdown(d: Derived, detail: str | None = None, place: Place = ALONE, picture: Beside | None = None) -> str:
    """The write-up in Markdown; formulas in $...$ and $$...$$."""
    shown = "" if picture is None else picture.in_markdown()
    return _render("derivation.md.j2", d, MARKDOWN, detail, place, picture=shown, **place.levels(2))


def latex_document(d: Derived, detail: str | None = None, place: Place = ALONE, picture: Beside | None = None) -> str:
    """The write-up as a LaTeX document."""
    shown = "" if picture is None else picture.in_latex()
    return _render("derivation.tex.j2", d, TEX, detail, place, picture=shown, headings=LATEX_HEADINGS, **place.levels(1))


def html_document(d: Derived, detail: str | None = None, place: Place = ALONE, picture: Picture | None = None) -> str:
    """The write-up as one HTML file with MathML, which needs nothing from the network."""
    shown = "" if picture is None else as_html(picture)
    return _render(
        "derivation.html.j2",
        d,
        HTML,
        detail,
        place,
        picture=shown,
        **place.levels(1),
        name=html_text(str(d.title)),
        mathml=mathml,
        spoken=spoken,
    )


def typst_document(d: Derived, detail: str | None = None, picture: Picture | None = None) -> str:
    """The write-up as a Typst document."""
    shown = "" if picture is None else as_typst(picture)
    return _render(
        "derivation.typ.j2", d, TYPST, detail, ALONE, picture=shown, name=quoted(str(d.title)), running=TYPST.text(str(d.title)), formula=formula
    )  # fmt: skip


def notebook(d: Derived, detail: str | None = None, picture: Picture | None = None) -> str:
    """The write-up as a Jupyter notebook: a cell of Markdown for each section, and one for the picture."""
    try:
        import nbformat
    except ImportError:
        raise NotSupported("a notebook needs nbformat", hint="install it: pip install 'derive[notebook]'") from None
    cells = SECTION.split(markdown(d, detail))
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(c.strip(), id=f"part-{k}") for k, c in enumerate(cells)])
    if picture is not None:
        text, attached = as_attachment(picture)
        made.cells.append(nbformat.v4.new_markdown_cell(text, id="picture", attachments=attached))
    return str(nbformat.writes(made)) + "\n"


def _render(template: str, d: Derived, style: Style, detail: str | None, place: Place, **more: object) -> str:
    title = prose(d.title, d.problem.notation, style)
    if place.numbered:
        style = replace(style, measure=style.measure - NUMBER)
    made = steps(d, style, detail_of(d, detail))
    made = with_numbers(made) if place.numbered else made
    text = environment().get_template(template).render(title=title, steps=made, fragment=place.fragment, **more)
    lines = [line.rstrip() for line in text.splitlines()]
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip() + "\n"


def _beside(path: Path, picture: Picture | None) -> Beside | None:
    return None if picture is None else saved_beside(picture, path)


def _json(d: Derived, path: Path, picture: Picture | None) -> str:
    if picture is not None:
        raise NotSupported("a .json file holds no picture", hint="save it as .html, .pdf, .ipynb, .md, .tex or .typ")
    return json.dumps(as_dict(d), indent=2, ensure_ascii=False) + "\n"


WRITERS: dict[str, Callable[[Derived, str | None, Path, Picture | None], str | bytes]] = {
    ".md": lambda d, detail, path, picture: markdown(d, detail, picture=_beside(path, picture)),
    ".tex": lambda d, detail, path, picture: latex_document(d, detail, picture=_beside(path, picture)),
    ".html": lambda d, detail, path, picture: html_document(d, detail, picture=picture),
    ".ipynb": lambda d, detail, path, picture: notebook(d, detail, picture),
    ".typ": lambda d, detail, path, picture: typst_document(d, detail, picture),
    ".pdf": lambda d, detail, path, picture: pdf(typst_document(d, detail, picture)),
    ".json": lambda d, detail, path, picture: _json(d, path, picture),
}


def save(d: Derived, path: str | Path, detail: str | None = None, picture: Picture | None = None) -> None:
    """Write a derivation to a file, in the format of its ending; JSON holds every line, with its detail.  picture: what is shown at its
    end; beside a page in Markdown or LaTeX in a file of its own."""
    path = as_path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise NotSupported(f"a write-up cannot be saved as {path.suffix or path.name!r}", hint="the endings are " + ", ".join(WRITERS))
    write(path, writer(d, detail, path, picture))
