"""A document as one stream: its words, formulas and signs in order, each with its place.

The words before and behind a formula, those inside a display, and the relation between two formulas all stand where
they are written, so that what the words say of a formula can be looked up around it.  Only program lines are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ...reading.source import Source
from .formula_rows import Row, has_decimal_comma, rows
from .plain_lines import plain_row, words_of_one_letter
from .program import typed
from .segments import Segment, cut, plain
from .units import of_text

SENTENCE = re.compile(r"(?<=[.!?])[ \t>]*\n?[ \t>]+(?=[^a-z\s])|\n[ \t>]*\n\s*|(?<=[.!?])\s*\n")
MEANT = re.compile(  # a letter without marks to which words give a meaning, a number that is said to be the estimate
    r"(?:(?<=[,.;(\n] )(?=[B-HJ-Za-z] (?:is|denotes|stands for) the (?:sum|total|number|mean|average)\b)|\b(?:[Ll]et|[Ww]here|[Ww]ith|[Ww]rite|[Dd]enote by|[Ss]ei|[Ww]obei|[Ss]oit|où|[Ss]ea|donde|[Ss]eja|onde|[Ss]ia|dove|пусть|Пусть|где)\s+"
    r"(?=[A-Za-z]\s+(?:be|is|denotes?|stands? for|for|as|die|der|das|le|la|el|o|a|il|lo|число|сумма)\b)"
    r"|\b(?:MLE|[Ee]stimates?|[Ee]stimator|Schätzer|Schätzwert|[Ee]stimateur|[Ee]stimador|[Ee]stimación|[Ee]stimativa|[Ss]tima|[Оо]ценка)\b[^.\d\n]{0,30}?"
    r"(?:\b(?:is|equals|ist|est|es|é|è|gives|of)|:|равна)\s+(?=\d))"
    r"([A-Za-z](?![A-Za-z])|\d+(?:[.,]\d+)?(?:\s?/\s?\d+)?)"
)
LETTER = re.compile(r"(?<!\d\s)(?<![\w\\^'’.])([A-Za-z])\s?:?=(?!=)")  # that a text gives a value
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
    """A formula, or one side of a relation.  syntax: "latex", "sympy", "plain" or "words".  number: of the formula in the text that it is in.

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
    """A Markdown or LaTeX text as marked formulas and what stands between them.  program: it is SymPy text alone."""
    return [Segment(Source.of(text), 1, "sympy")] if program else list(cut(text))


def stream(text: str, parts: Iterable[Segment | Source] | None = None, names: Collection[str] = ()) -> tuple[Item, ...]:
    """All that a text says, in order.  parts: how it was cut up.  names: what is declared."""
    articles = words_of_one_letter(text)
    letters = frozenset(LETTER.findall(text)) - articles
    return tuple(
        _Stream(has_decimal_comma(text), names, articles, letters, of_text(text, {*names, *letters})).of(
            cut_up(text) if parts is None else parts
        )
    )


class _Stream:
    """Takes the parts of a text in order and gives their items."""

    def __init__(self, comma: bool, names: Collection[str], articles: frozenset[str], letters: Collection[str], units: re.Pattern[str]):
        self.comma, self.names, self.articles = comma, {*names, *letters}, articles - frozenset(names)
        self.units = units
        self.sentence = self.number = 0

    def of(self, parts: Iterable[Segment | Source]) -> Iterator[Item]:
        for part in parts:
            if isinstance(part, Source) or part.syntax == "plain":
                yield from self._prose(part if isinstance(part, Source) else part.source)
                continue
            yield self._begins(part.source, part.display)
            program = part.syntax in ("sympy", "program")
            yield from _typed(part, self.sentence, self.number) if program else self._rows(rows(part.source, self.comma), part.syntax)

    def _begins(self, source: Source, display: bool) -> Sign:
        self.number += 1
        start, _ = source.span(0, len(source.text))
        return Sign("begin", "display" if display else "inline", start, start, self.sentence, number=self.number)

    def _prose(self, prose: Source) -> Iterator[Item]:
        """Words, and the formulas among them that no marks set off."""
        at = waiting = 0  # where this line begins, and the words that were not given yet
        last = ""  # the formula that the line before holds to its end
        for line in prose.text.split("\n"):
            end = at + len(line)
            row = plain_row(prose[at:end], self.names, bool(last), self.comma, self.articles, self.units) if line.strip() else None
            if row is not None:
                yield from self._words(prose[waiting:at])
                yield from self._line(row, last == "display")
                waiting = end
                if line.rstrip().endswith((".", "!", "?")):
                    self.sentence += 1
            last = (
                ""
                if row is None or row.pieces[-1].kind == "words"
                else "inline"
                if any(p.kind == "words" for p in row.pieces)
                else "display"
            )
            at = end + 1
        yield from self._words(prose[waiting:])

    def _words(self, prose: Source) -> Iterator[Item]:
        for k, stretch in enumerate(_sentences(prose)):
            self.sentence += k > 0
            at = 0
            for m in MEANT.finditer(stretch.text):
                yield from self._stretch(stretch[at : m.start(1)])
                letter = stretch[m.start(1) : m.end(1)]
                yield self._begins(letter, False)
                yield Mention(letter, *letter.span(0, len(letter.text)), self.sentence, "plain", self.number)
                at = m.end(1)
            yield from self._stretch(stretch[at:])

    def _stretch(self, stretch: Source) -> Iterator[Item]:
        words = plain(stretch.text)
        if words:
            yield Words(words, *stretch.span(0, len(stretch.text)), self.sentence)

    def _line(self, row: Row, goes_on: bool) -> Iterator[Item]:
        """A line with formulas: a row of the display before it, a display, or formulas among words."""
        if not any(p.kind == "words" for p in row.pieces):
            if goes_on:
                start, _ = row.pieces[0].source.span(0, 1)
                yield Sign("row", "", start, start, self.sentence, number=self.number)
            else:
                yield self._begins(row.pieces[0].source, True)
            yield from self._rows([row], "plain")
            return
        for words, group in groupby(row.pieces, lambda p: p.kind == "words"):
            pieces = list(group)
            if words:
                for p in pieces:
                    yield from self._words(p.source)
                    self.sentence += p.value.endswith((".", "!", "?"))
            else:
                yield self._begins(pieces[0].source, False)
                yield from self._rows([Row(pieces)], "plain")

    def _rows(self, found: list[Row], syntax: str) -> Iterator[Item]:
        """What the rows of a formula hold."""
        sentence, number = self.sentence, self.number
        for k, row in enumerate(found):
            for p in row.pieces:
                start, end = p.source.span(0, len(p.source.text))
                if p.kind == "side":
                    yield Mention(p.source, start, end, sentence, "words" if p.words else syntax, number, row.aside)
                elif p.kind == "words":
                    yield Words(p.value, start, end, sentence, number)
                elif p.kind in SEPARATORS:
                    yield Sign("separator", SEPARATORS[p.kind], start, end, sentence, number=number)
                else:
                    kind = "arrow" if p.kind == "arrow" else "relation"
                    yield Sign(kind, p.value, start, end, sentence, p.set, number, row.aside)
            if not row.aside and k + 1 < len(found):
                yield Sign("row", "", end, end, sentence, number=number)


def _sentences(prose: Source) -> Iterator[Source]:
    """A stretch of prose cut where sentences end."""
    at = 0
    for m in SENTENCE.finditer(prose.text):
        yield prose[at : m.start()].stripped()
        at = m.end()
    yield prose[at:].stripped()


def _typed(s: Segment, sentence: int, number: int) -> Iterator[Item]:
    """The same of typed mathematics, where a sign is all that stands between two sides."""
    last = -1
    for t in typed(s.source, s.syntax == "program"):
        places = [side.span(0, len(side.text)) for side in t.sides]
        if last >= 0:
            yield Sign("row", "", last, last, sentence, number=number)
        if t.joined:
            yield Sign("arrow", t.joined, places[0][0], places[0][0], sentence, number=number)
        for k, (side, (start, end)) in enumerate(zip(t.sides, places, strict=True)):
            if k:
                yield Sign("relation", t.signs[k - 1], places[k - 1][1], start, sentence, number=number)
            yield Mention(side, start, end, sentence, "sympy", number)
        last = places[-1][1]
