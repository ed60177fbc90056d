"""Text cut where separators stand outside brackets."""

from __future__ import annotations

import re

LISTED = re.compile(r"[,;]")


def cut(text: str, at: re.Pattern[str] = LISTED) -> list[str]:
    """The pieces between separators outside brackets, empty ones too: of "(0, 2]=5, 3=1" two."""
    out, start, depth = list[str](), 0, 0
    for j, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        m = at.match(text, j) if depth == 0 and j >= start else None
        if m is not None:
            out.append(text[start:j])
            start = m.end()
    return [*out, text[start:]]


__all__ = ["cut"]
