"""A document as one stream: its words, formulas and signs in order, each with its place.

The words before and behind a formula, those inside a display, and the relation between two formulas all stand where
they are written, so that what the words say of a formula can be looked up around it.  Only program lines are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ...reading.source import Source
from .formula_rows import Row, has_decimal_comma, rows
from .plaintext import formula_lines, typed
from .segments import Segment, cut, plain

SENTENCE = re.compile(r"(?<=[.!?])[ \t>]*\n?[ \t>]+(?=[^a-z\s])|\n[ \t>]*\n\s*|(?<=[.!?])\s*\n")
SEPARATORS = {"comma": ",", "blank": "blank", "mark": "&"}


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one sentence without their marks, at text[start:end]."""

    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A formula, or one side of a relation.  syntax: "latex" or "sympy".  number: of the formula in the text that it is in."""

    source: Source
    start: int
    end: int
    sentence: int
    syntax: str
    number: int

    @property
    def text(self) -> str:
        return self.source.text


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands between formulas.  kind: relation, arrow, separator (a comma, a wide blank, &) or row (a row ends).

    value: "=", "<=", "approx", ...; "implies", "iff"; ",", "blank", "&"; "".  set: "set" or "!" stands over it.
    """

    kind: str
    value: str
    start: int
    end: int
    sentence: int
    set: bool = False


Item = Words | Mention | Sign


def stream(text: str) -> tuple[Item, ...]:
    """All that a Markdown or LaTeX text says, in order."""
    parts = [part for part, _ in cut(text)]
    if not any(isinstance(part, Segment) for part in parts):
        parts = list(_around(text, list(formula_lines(text))))
    comma = has_decimal_comma(text)
    out: list[Item] = []
    sentence = number = 0
    for part in parts:
        if isinstance(part, Segment):
            number += 1
            inside = _typed(part, sentence, number) if part.syntax == "sympy" else _rows(part, comma, sentence, number)
            out += sorted(inside, key=lambda item: (item.start, item.end))
            continue
        for k, stretch in enumerate(_sentences(part)):
            sentence += k > 0
            words = plain(stretch.text)
            if words:
                out.append(Words(words, *stretch.span(0, len(stretch.text)), sentence))
    return tuple(out)


def _around(text: str, found: list[Segment]) -> Iterator[Segment | Source]:
    """Formulas that no marks set off, and what stands between them."""
    source, last = Source.of(text), 0
    for s in found:
        start, end = s.source.span(0, len(s.text))
        yield source[last:start]
        yield s
        last = end
    yield source[last:]


def _sentences(prose: Source) -> Iterator[Source]:
    """A stretch of prose cut where sentences end."""
    at = 0
    for m in SENTENCE.finditer(prose.text):
        yield prose[at : m.start()].stripped()
        at = m.end()
    yield prose[at:].stripped()


def _rows(s: Segment, comma: bool, sentence: int, number: int) -> Iterator[Item]:
    """What the rows of a formula hold."""
    found: list[Row] = rows(s.source, comma)
    for k, row in enumerate(found):
        for p in row.pieces:
            start, end = p.source.span(0, len(p.source.text))
            if p.kind == "side":
                yield Mention(p.source, start, end, sentence, s.syntax, number)
            elif p.kind == "words":
                yield Words(p.value, start, end, sentence)
            elif p.kind in SEPARATORS:
                yield Sign("separator", SEPARATORS[p.kind], start, end, sentence)
            else:
                yield Sign("arrow" if p.kind == "arrow" else "relation", p.value, start, end, sentence, p.set)
        if not row.aside and k + 1 < len(found):
            yield Sign("row", "", end, end, sentence)


def _typed(s: Segment, sentence: int, number: int) -> Iterator[Item]:
    """The same of typed mathematics, where a sign is all that stands between two sides."""
    for t in typed(s.source, s.line):
        places = [side.span(0, len(side.text)) for side in t.sides]
        for side, (start, end) in zip(t.sides, places, strict=True):
            yield Mention(side, start, end, sentence, s.syntax, number)
        for sign, ((_, start), (end, _)) in zip(t.signs, pairwise(places), strict=False):
            yield Sign("relation", sign, start, end, sentence)
