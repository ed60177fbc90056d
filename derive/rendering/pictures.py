"""A picture inside a page: in HTML and Typst as it is, in Markdown and LaTeX as a file beside the page, in a notebook as an attachment."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotSupported, NotValid
from ..files import as_path, write
from ..picture.drawing import BLUE, FORMATS, INK, RED, SOFT, drawn, figure
from ..picture.what import Panel, Picture
from .template_rows import markdown_text
from .typst import quoted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE = """<style>
.picture { --blue: %(blue)s; --red: %(red)s; display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; justify-content: center; align-items: end; margin: 2rem 0 }
.picture svg { flex: 1 1 18rem; width: 100%%; max-width: 23rem; height: auto; break-inside: avoid }
@supports (color: light-dark(#000, #fff)) { .picture { --blue: light-dark(%(blue)s, #6db6ea); --red: light-dark(%(red)s, #ee9a66) } }
@media print { .picture { --blue: %(blue)s; --red: %(red)s } }
</style>""" % {"blue": BLUE, "red": RED}
COLOURS: Mapping[str, str] = {INK: "currentColor", SOFT: f"var(--soft, {SOFT})", BLUE: "var(--blue)", RED: "var(--red)"}
BESIDE: Mapping[str, str] = {".md": ".svg", ".tex": ".pdf"}  # the picture of a page that cannot hold it


def as_html(picture: Picture) -> str:
    """One SVG for each panel, which stand below each other on a small screen; their colours are those of the page."""
    return "\n".join(['<figure class="picture">', STYLE, *map(_panel, picture.panels), "</figure>"])


def _panel(panel: Panel) -> str:
    alone = Picture(panel.title, (panel,))
    svg = svg_of(alone, background=False)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1), count=1)
    for colour, variable in COLOURS.items():
        svg = re.sub(rf"(fill|stroke): {colour}", rf"\1: {variable}", svg)
    return svg.strip()


def svg_of(picture: Picture, text: bool = True, background: bool = True) -> str:
    """The picture as an SVG."""
    return drawn(figure(picture), picture, "svg", text, background).decode()


def as_typst(picture: Picture) -> str:
    """An image that holds the SVG, its text as outlines: the same with every font."""
    width = "100%" if len(picture.panels) > 1 else "60%"
    svg = quoted(svg_of(picture, text=False, background=False))
    return f'#align(center, image(bytes({svg}), format: "svg", width: {width}, alt: {quoted(picture.words)}))'


def as_attachment(picture: Picture) -> tuple[str, dict[str, dict[str, str]]]:
    """A cell of Markdown with the SVG attached, on white."""
    svg = svg_of(picture, text=False)
    return f"![{markdown_text(picture.words)}](attachment:picture.svg)", {
        "picture.svg": {"image/svg+xml": base64.b64encode(svg.encode()).decode()}
    }


@dataclass(frozen=True, slots=True)
class Beside:
    """A picture in a file of its own, by its name beside the page."""

    picture: Picture
    name: str

    def in_markdown(self) -> str:
        """The image, with its alternative text."""
        return f"![{markdown_text(self.picture.words)}](<{self.name}>)"

    def in_latex(self) -> str:
        """The image, as wide as the text where it has several panels."""
        width = r"\linewidth" if len(self.picture.panels) > 1 else r"0.6\linewidth"
        return "\\begin{center}\n\\includegraphics[width=%s]{%s}\n\\end{center}" % (width, self.name)


def saved_beside(picture: Picture, page: Path) -> Beside:
    """The picture saved beside a page in Markdown or LaTeX, under its name."""
    name = f"{page.stem}-plot{BESIDE[page.suffix.lower()]}"
    save(picture, page.with_name(name))
    return Beside(picture, name)


def save(picture: Picture, path: str | Path) -> Figure:
    """Write a picture to a file, in the format of its ending; the figure.  Raises NotSupported for another ending."""
    path = as_path(path)
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise NotSupported(f"a picture cannot be saved as {path.suffix or path.name!r}", hint="the endings are " + ", ".join(FORMATS))
    made = figure(picture)
    write(path, drawn(made, picture, kind))
    return made


def no_room(what: str) -> NotValid:
    """The refusal of a format that holds no picture when it is a text."""
    return NotValid(
        f"{what} does not hold a picture itself", hint="save the page to a file, which puts the picture beside it; or write HTML"
    )


__all__ = ["Beside", "as_attachment", "as_html", "as_typst", "no_room", "save", "saved_beside", "svg_of"]
