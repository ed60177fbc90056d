"""Numbers that a solution gives as data, in words or beside the sign of equality."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from ...formula.tree import Apply, At, Formula, Neg, Num, SetOf, Sym
from ..claims import Claim, Mention, Told
from .stream import Item, Words
from .units import UNIT

NUMBER = r"[-−+]?\d+(?:[.,]\d+)?"
QUANTITY = rf"{NUMBER}(?:\s?(?:{UNIT}|°C|%))?"
LIST = re.compile(
    rf"(?<![\w.,])[\[({{]?\s*({QUANTITY}(?:\s*(?:[,;]\s*(?:and\s+|und\s+|et\s+|y\s+|e\s+|и\s+)?|\s+(?:and|und|et|y|e|и)\s+){QUANTITY}){{2,}})\s*[\])}}]?(?![\w])"
)
COUNTED = re.compile(r"(?<![\w.,])(\d+)\s+(?:of (?:the|them)\s+)?([^\W\d_]{3,})")
BEFORE = re.compile(r"([^\W\d_]+)\s*(?:[:=]|are|is|were|was|sind|sont|son|são|sono|,)?\s*$")
SPLIT = re.compile(rf"(?<![\d.,]){NUMBER}(?![\d])")
UNCOUNTED = frozenset(
    {
        "of",
        "and",
        "the",
        "step",
        "degree",
        "per",
        "times",
        "percent",
        "line",
        "lines",
        "terms",
        "term",
        "digits",
        "decimals",
        "parameters",
        "unknowns",
    }
)


def told(claims: Sequence[Claim], mentions: Sequence[Mention], items: Sequence[Item], text: str, comma: bool) -> tuple[Told, ...]:
    """The numbers that are given as data.  comma: decimals are written with one."""
    found = [*_stated(claims), *_listed(mentions, text), *_said(items, text, comma)]
    return tuple(sorted(found, key=lambda t: (t.start, t.end)))


def _stated(claims: Sequence[Claim]) -> Iterator[Told]:
    """n = 7, x_bar = 4.2, n_1 = 3, x = 2, 4, 6."""
    for c in claims:
        if c.sign not in ("=", ":=", "in") or c.left is None or c.right is None or c.joined == "continues":
            continue
        name = c.left.name if isinstance(c.left, Sym) else c.left.base if isinstance(c.left, At) else ""
        values = _values(c.right)
        if name and values and "_hat" not in name:
            yield Told(name, values, c.source_line, c.start, c.end)


def _values(f: Formula) -> tuple[Fraction, ...]:
    """The numbers that a formula is or lists; none where it is something else."""
    parts = f.items if isinstance(f, SetOf) else f.args if isinstance(f, Apply) and f.name == "tuple" else (f,)
    out = [_value(g) for g in parts]
    return tuple(v for v in out if v is not None) if out and None not in out else ()


def _value(f: Formula) -> Fraction | None:
    if isinstance(f, Num):
        return Fraction(f.value)
    return -Fraction(f.arg.value) if isinstance(f, Neg) and isinstance(f.arg, Num) else None


def _beside(mentions: Sequence[Mention], text: str) -> Iterator[list[Mention]]:
    """The mentions, those together that have a comma between them: $-3, 1$."""
    parts: list[Mention] = []
    for m in mentions:
        if parts and not (
            parts[-1].end >= 0
            and re.fullmatch(r"[\s$]*[,;、，][\s$]*(?:\\[,;: ])?\s*", text[parts[-1].end : m.start])
            and _values(m.formula)
        ):
            yield parts
            parts = []
        parts.append(m)
    if parts:
        yield parts


def _listed(mentions: Sequence[Mention], text: str) -> Iterator[Told]:
    """A list that stands alone: (2, 4, 6), 1.5, 2, 4."""
    for parts in _beside(mentions, text):
        m = replace(parts[0], end=parts[-1].end)
        values = tuple(v for part in parts for v in _values(part.formula))
        if len(values) > 1:
            word = BEFORE.search(m.prose)
            yield Told(word[1].lower() if word else "", values, m.source_line, m.start, m.end)


def _said(items: Sequence[Item], text: str, comma: bool) -> Iterator[Told]:
    """Lists and counts among the words: "data 2, 4, 6", "12 heads"."""
    for item in items:
        if not isinstance(item, Words) or item.start < 0:
            continue
        stretch = text[item.start : item.end]
        for m in LIST.finditer(stretch):
            word = BEFORE.search(stretch[: m.start()])
            yield _told(word[1].lower() if word else "", m[1], item.start + m.start(), item.start + m.end(), text, comma)
        for m in COUNTED.finditer(stretch):
            if m[2].lower() not in UNCOUNTED:
                yield _told(m[2].lower(), m[1], item.start + m.start(), item.start + m.end(), text, comma)


def _told(name: str, written: str, start: int, end: int, text: str, comma: bool) -> Told:
    pieces = (
        re.split(r"\s*(?:;|,(?!\d)|\s(?:and|und|et|y|e|и)\s)\s*", written)
        if comma
        else re.split(r"\s*(?:[,;]|\s(?:and|und|et|y|e|и)\s)\s*", written)
    )
    numbers = [m.group() for piece in pieces for m in SPLIT.finditer(piece)]
    values = tuple(Fraction(number.replace("−", "-").replace(",", ".")) for number in numbers)
    return Told(name, values, 1 + text.count("\n", 0, start), start, end)
