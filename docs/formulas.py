"""A hook of mkdocs: formulas between dollars become MathML, so that a page needs nothing from the network."""

from __future__ import annotations

import html
import re
from typing import Any

from derive.rendering.mathml import mathml

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.S)
DISPLAY = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.S)

ARGUMENT = re.compile(r"(?<=[.>])\n(?=[a-z_]+(?:, [a-z_]+)*: )")


def on_page_content(content: str, **_: Any) -> str:
    """The page with its formulas in MathML, and each argument of a docstring on a line of its own."""
    content = ARGUMENT.sub("<br>\n", content)
    content = INLINE.sub(lambda m: mathml(html.unescape(m[1])), content)
    return DISPLAY.sub(lambda m: f'<p class="formula">{mathml(html.unescape(m[1]), "", True)}</p>', content)
