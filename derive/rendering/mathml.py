"""LaTeX formulas -> MathML, and prose that is safe in HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from .template_rows import BREAKS, Style, prose
from .width import width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..trace import Words


THIN = '<mspace width="0.167em" />'
BEFORE_NAME = re.compile(r"(</(?:mi|mn|mfrac|msup|msub|msubsup|msqrt|mrow)>)(?=<mi>[a-z]{2,}</mi>)")  # n log: named functions stand apart
BEHIND_NAME = re.compile(r"(<mi>[a-z]{2,}</mi>)(?=<m(?:i|n|sub|sup|subsup|frac|sqrt)>)")
HEAD = re.compile(r"^(<math[^>]*><mrow>(?:<mspace[^>]*/>)*)<mo>")
NARROW = 16.0  # ems, that a screen of 390 pixels holds
FORMULA, TAG = re.compile(r'<math [^>]*alttext="([^"]*)">.*?</math>', re.S), re.compile(r"<[^>]*>")
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
    text = BEHIND_NAME.sub(rf"\1{THIN}", BEFORE_NAME.sub(rf"\1{THIN}", text))
    text = HEAD.sub(r'\1<mo form="infix">', text, count=1) if continues else text
    return OPENING.sub(lambda m: f'<math {m[1]} {style}alttext="{html_text(plain or tex)}">', text, count=1)


def inline(tex: str, plain: str = "") -> str:
    """A formula in prose; one that is wider than the page of a telephone scrolls in a box of its own."""
    if width(tex, display=False) <= NARROW:
        return mathml(tex, plain)
    return f'<span class="wide" tabindex="0" role="group" aria-label="Formula">{mathml(tex, plain)}</span>'


def spoken(html: str) -> str:
    """HTML as it is read out: formulas by their text alternatives, which not every reader of a heading of a table finds."""
    return TAG.sub("", FORMULA.sub(r"\1", html)).strip()


def _reason(w: Words, notation: Mapping[str, str]) -> str:
    return prose(w, notation, HTML)


HTML = Style(html_text, inline, _reason, measure=36.0)  # of a line of the page's column

__all__ = ["HTML", "html_text", "mathml", "spoken"]
