"""A text that knows where each of its characters came from, through all that is replaced in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

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

    @classmethod
    def nowhere(cls, text: str) -> Source:
        """A text that is written nowhere."""
        return cls(text, "", ((0, 0),) * len(text))

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
        return Source(self.text[start:stop], self.original, self._each(start, stop))

    def _each(self, start: int, stop: int) -> Spans:
        return self.spans[start:stop] if self.spans is not None else tuple((k, k + 1) for k in range(start, stop))

    def instead(self, start: int, stop: int, text: str) -> Source:
        """A text that stands for a stretch of this one."""
        return Source(text, self.original, (self.span(start, stop),) * len(text))

    def joined(self, parts: Iterable[Source | str]) -> Source:
        """Parts of this text in a row; a plain text among them stands for the place where the part before it ends."""
        texts: list[str] = []
        spans: list[tuple[int, int]] = []
        for s in parts:
            if isinstance(s, str):
                last = spans[-1][1] if spans else self.place(0)
                s = Source(s, self.original, ((last, last),) * len(s))
            texts.append(s.text)
            spans += s._each(0, len(s.text))
        return Source("".join(texts), self.original, tuple(spans))

    def stripped(self, characters: str | None = None) -> Source:
        """Without blanks, or these characters, at the ends."""
        start = len(self.text) - len(self.text.lstrip(characters))
        return self if self.text == self.text.strip(characters) else self[start : start + len(self.text.strip(characters))]

    def replaced(self, old: str, new: str) -> Source:
        """The text with one text in the place of another, wherever that stands."""
        return self.sub(re.compile(re.escape(old)), lambda _: new) if old in self.text else self

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Source:
        """The text with every match replaced; what comes in stands for the whole match."""
        parts: list[Source] = []
        at = 0
        for m in pattern.finditer(self.text):
            parts += [self[at : m.start()], self.instead(m.start(), m.end(), m.expand(new) if isinstance(new, str) else new(m))]
            at = m.end()
        return self.joined([*parts, self[at:]]) if parts else self

    def then(self, later: Source) -> Source:
        """What was made of this text, as made of its original."""
        if later.spans is None or self.spans is None:
            return Source(later.text, self.original, later.spans if self.spans is None else self.spans)
        return Source(later.text, self.original, tuple(self.span(*s) for s in later.spans))
