"""Pieces of prose that several sections use."""

from __future__ import annotations

from collections.abc import Sequence

from ..formula.tree import Formula
from ..trace import Words, say


def listed(lead: str, fs: Sequence[Formula]) -> Words:
    """Formulas in a row after some words: "a, b and c"."""
    words = say(lead)
    for j, f in enumerate(fs):
        words += say("" if j == 0 else " and " if j == len(fs) - 1 else ", ") + say("{}", f)
    return words


__all__ = ["listed"]
