"""LaTeX formulas -> MathML, and prose that is safe in HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from .template_rows import BREAKS, Style, prose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..trace import Words


HEAD = re.compile(r"^(<math[^>]*><mrow>(?:<mspace[^>]*/>)*)<mo>")
OPENING = re.compile(r'<math (.*?) display="\w+">')


def html_text(text: str) -> str:
    """Prose that is safe in HTML, also inside an attribute."""
    return escape(BREAKS.sub(" ", text))


@lru_cache(4096)
def mathml(tex: str, plain: str = "", display: bool = False, continues: bool = False) -> str:
    """A formula as MathML.  plain: its text alternative; the LaTeX itself by default.  display: in the style of a displayed formula.
    continues: it is the next line of another, so that the sign at its head stands between terms."""
    from latex2mathml.converter import convert  # needed for HTML only

    text: str = convert(tex, display="block" if display else "inline")
    style = 'displaystyle="true" ' if display else ""
    text = HEAD.sub(r'\1<mo form="infix">', text, count=1) if continues else text
    return OPENING.sub(lambda m: f'<math {m[1]} {style}alttext="{html_text(plain or tex)}">', text, count=1)


def _reason(w: Words, notation: Mapping[str, str]) -> str:
    return prose(w, notation, HTML)


HTML = Style(html_text, mathml, _reason, measure=36.0)  # of a line of the page's column

__all__ = ["HTML", "html_text", "mathml"]
