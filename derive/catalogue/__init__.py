"""The catalogue of named distributions: declarations, loaded when a name is first looked up."""

from __future__ import annotations

import re
from functools import cache

from .entry import Entry

A_NAME = re.compile(r"[^\W\d_]{3,}[\w '’–-]*\Z")  # words: no formula looks so, but for a single long letter


@cache
def entries() -> tuple[Entry, ...]:
    """Every distribution, in the order of the catalogue."""
    from . import continuous, discrete

    return (*continuous.ENTRIES, *discrete.ENTRIES)


@cache
def _table() -> dict[str, Entry]:
    return {plain(name): e for e in entries() for name in (e.name, *e.aliases)}


def plain(name: str) -> str:
    """A name without what people write differently: case, accents, hyphens, blanks, British and American endings."""
    import unicodedata

    letters = unicodedata.normalize("NFKD", name.casefold()).replace("generalized", "generalised")
    letters = re.sub(r"\b(?:distribution|density|random variable)\b", "", letters)
    return re.sub(r"[^a-z0-9]", "", letters)


def looks_like_a_name(text: str) -> bool:
    """Whether a text may be the name of a distribution rather than a formula."""
    return bool(A_NAME.match(text.strip())) and len(text) <= 60


def find(name: str) -> Entry | None:
    """The distribution of that name, or None."""
    return _table().get(plain(name))


def near(name: str) -> list[str]:
    """Names in the catalogue that are like this one."""
    from difflib import get_close_matches

    table = _table()
    return [table[k].name for k in get_close_matches(plain(name), table, 3, 0.7)]


__all__ = ["Entry", "entries", "find", "looks_like_a_name", "near", "plain"]
