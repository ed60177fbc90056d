"""A text that knows where each of its characters came from, through all that is replaced in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from ..errors import NotValid

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """text, made from `original`; spans: for each character the stretch of the original that it stands for, None where they agree."""

    text: str
    original: str
    spans: Spans | None = None

    @classmethod
    def of(cls, text: str) -> Source:
        """A text as it is."""
        return cls(text, text)

    def place(self, position: int) -> int:
        """The offset in the original of an offset in the text."""
        if self.spans is not None:
            position = self.spans[min(position, len(self.spans) - 1)][0] if self.spans else 0
        return min(position, max(len(self.original) - 1, 0))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that text[start:end] stands for."""
        if self.spans is None or start >= end:
            place = self.place(start)
            return place, place + max(end - start, 0)
        return self.spans[start][0], max(stop for _, stop in self.spans[start:end])

    def error(self, message: str, position: int, hint: str | None = None) -> NotValid:
        """What is wrong at an offset in the text, pointing into the original."""
        return NotValid(message, text=self.original, position=self.place(position), hint=hint)

    def __getitem__(self, part: slice) -> Source:
        start, stop, _ = part.indices(len(self.text))
        spans = self.spans[start:stop] if self.spans is not None else tuple((k, k + 1) for k in range(start, stop))
        return Source(self.text[start:stop], self.original, spans)

    def _each(self) -> Spans:
        return self.spans if self.spans is not None else tuple((k, k + 1) for k in range(len(self.text)))

    def joined(self, parts: list[Source | str]) -> Source:
        """Parts of this text, and texts of no place of their own, in a row; these stand for what comes before them."""
        spans: list[tuple[int, int]] = []
        last = self.place(0)
        for s in parts:
            spans += s._each() if isinstance(s, Source) else [(last, last)] * len(s)
            last = spans[-1][1] if spans else last
        return Source("".join(s if isinstance(s, str) else s.text for s in parts), self.original, tuple(spans))

    def replaced(self, old: str, new: str) -> Source:
        """The text with one text in the place of another, wherever that stands."""
        return self.sub(re.compile(re.escape(old)), lambda _: new) if old in self.text else self

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Source:
        """The text with every match replaced; what comes in stands for the whole match."""
        found = list(pattern.finditer(self.text))
        if not found:
            return self
        parts: list[str] = []
        spans: list[Spans] = []
        each, at = self._each(), 0
        for m in found:
            made = m.expand(new) if isinstance(new, str) else new(m)
            parts += [self.text[at : m.start()], made]
            spans += [each[at : m.start()], (self.span(*m.span()),) * len(made)]
            at = m.end()
        return Source("".join(parts) + self.text[at:], self.original, tuple(chain(*spans, each[at:])))

    def then(self, later: Source) -> Source:
        """What was made of this text, as made of its original."""
        if later.spans is None or self.spans is None:
            return Source(later.text, self.original, later.spans if self.spans is None else self.spans)
        return Source(later.text, self.original, tuple(self.span(*s) for s in later.spans))
