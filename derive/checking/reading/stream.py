"""A document as one stream: its words, formulas and signs in order, each with its place.

The words before and behind a formula, those inside a display, and the relation between two formulas all stand where
they are written, so that what the words say of a formula can be looked up around it.  Only program lines are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...reading.source import Source
from .formula_rows import Row, has_decimal_comma, rows
from .plaintext import formula_lines, typed
from .segments import Segment, cut, plain

SENTENCE = re.compile(r"(?<=[.!?])[ \t>]*\n?[ \t>]+(?=[^a-z\s])|\n[ \t>]*\n\s*|(?<=[.!?])\s*\n")
SEPARATORS = {"comma": ",", "blank": "blank", "mark": "&"}


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one sentence without their marks, at text[start:end].  number: of the formula that they stand in, or 0."""

    text: str
    start: int
    end: int
    sentence: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """A formula, or one side of a relation.  syntax: "latex" or "sympy".  number: of the formula in the text that it is in.

    aside: it belongs to a definition within a row, which goes on as if that were not there.
    """

    source: Source
    start: int
    end: int
    sentence: int
    syntax: str
    number: int
    aside: bool = False

    @property
    def text(self) -> str:
        return self.source.text


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands between formulas.

    kind: begin (a formula, "display" or "inline"), relation, arrow, separator (a comma, a wide blank, &), row (a row ends).
    value: "=", "<=", "approx", ...; "implies", "iff"; ",", "blank", "&"; "".  set: "set" or "!" stands over it.
    number, aside: as for the formulas beside it.
    """

    kind: str
    value: str
    start: int
    end: int
    sentence: int
    set: bool = False
    number: int = 0
    aside: bool = False


Item = Words | Mention | Sign


def cut_up(text: str, program: bool = False) -> list[Segment | Source]:
    """A Markdown or LaTeX text as formulas and what stands between them.  program: it is SymPy text alone."""
    parts: list[Segment | Source] = [Segment(Source.of(text), 1, "", "sympy")] if program else [part for part, _ in cut(text)]
    if not any(isinstance(part, Segment) for part in parts):
        parts = list(_around(text, list(formula_lines(text))))
    return parts


def stream(text: str, parts: Iterable[Segment | Source] | None = None) -> tuple[Item, ...]:
    """All that a text says, in order.  parts: how it was cut up."""
    comma = has_decimal_comma(text)
    out: list[Item] = []
    sentence = number = 0
    for part in cut_up(text) if parts is None else parts:
        if isinstance(part, Segment):
            number += 1
            start, _ = part.source.span(0, len(part.text))
            out.append(Sign("begin", "display" if part.display else "inline", start, start, sentence, number=number))
            inside = _typed(part, sentence, number) if part.syntax == "sympy" else _rows(part, comma, sentence, number)
            out += inside
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
                yield Mention(p.source, start, end, sentence, s.syntax, number, row.aside)
            elif p.kind == "words":
                yield Words(p.value, start, end, sentence, number)
            elif p.kind in SEPARATORS:
                yield Sign("separator", SEPARATORS[p.kind], start, end, sentence, number=number)
            else:
                kind = "arrow" if p.kind == "arrow" else "relation"
                yield Sign(kind, p.value, start, end, sentence, p.set, number, row.aside)
        if not row.aside and k + 1 < len(found):
            yield Sign("row", "", end, end, sentence, number=number)


def _typed(s: Segment, sentence: int, number: int) -> Iterator[Item]:
    """The same of typed mathematics, where a sign is all that stands between two sides."""
    last = -1
    for t in typed(s.source, s.line):
        places = [side.span(0, len(side.text)) for side in t.sides]
        if last >= 0:
            yield Sign("row", "", last, last, sentence, number=number)
        if t.joined:
            yield Sign("arrow", t.joined, places[0][0], places[0][0], sentence, number=number)
        for k, (side, (start, end)) in enumerate(zip(t.sides, places, strict=True)):
            if k:
                yield Sign("relation", t.signs[k - 1], places[k - 1][1], start, sentence, number=number)
            yield Mention(side, start, end, sentence, s.syntax, number)
        last = places[-1][1]
