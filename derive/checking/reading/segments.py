"""Markdown or LaTeX text -> its formulas and the prose between them, in turns."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...reading.source import Source
from .macros import blank, collect, expand

MATH = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|aligned|alignedat|gathered|split|"
    "dmath|IEEEeqnarray|subequations|cases|numcases"
)  # fmt: skip
OPEN = re.compile(
    r"(?P<fence>^[ \t>]*(?P<mark>```+|~~~+)[ \t]*\{?\.?(?P<lang>[\w+-]*)[^\n]*\n)"
    r"|(?P<skip>\\\\|\\\$|\\%)"
    r"|(?P<dollars>\$\$)|(?P<dollar>\$)|(?P<paren>\\\()|(?P<bracket>\\\[)"
    r"|\\begin\{(?P<env>(?:" + MATH + r")\*?)\}"
    r"|(?P<code>(?<!`)`(?!`)[^`\n]+`)",
    re.M,
)
PARAGRAPH = re.compile(r"\n[ \t>]*\n")
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
ENVIRONMENT = re.compile(r"\\(begin|end)\{((?:" + MATH + r")\*?)\}")
INLINE, DISPLAY = 30_000, 60_000  # characters in which a formula has to end
TRIES = 20  # formulas between dollars whose braces do not match, before braces are no longer looked at
UNESCAPED_DOLLAR = re.compile(r"(?<!\\)\$")
FENCES = {
    "": "plain", "text": "plain", "plain": "plain", "txt": "plain", "sympy": "sympy", "python": "program", "py": "program", "pycon": "program",
    "python3": "program",
}  # fmt: skip
LATEX_FENCES = frozenset({"math", "latex", "tex", "katex"})
DOCUMENT = re.compile(r"\\documentclass|\\begin\{document\}")


@dataclass(frozen=True, slots=True)
class Segment:
    """A formula of the text.

    source: its text without its delimiters, macros expanded; every line break of the file is kept.  line: where it begins.
    syntax: "latex", "plain" (typed mathematics among words), "sympy" or "program".  display: on its own line.
    closed: False where the end of the formula was missing.
    """

    source: Source
    line: int
    syntax: str = "latex"
    display: bool = False
    closed: bool = True

    @property
    def text(self) -> str:
        return self.source.text


def cut(text: str) -> Iterator[Segment | Source]:
    """A text as the prose and the formulas in it, in turns."""
    source = Source.of(text)
    if DOCUMENT.search(text):
        source = _body(source.sub(COMMENT, ""))
    macros, text = collect(source.text)
    source = replace(source, text=text)
    lines = _Lines(text)
    last = 0
    for start, end, inner, syntax, display, closed in _Text(text).spans():
        yield source[last:start]
        last = end
        body = source[inner.start : inner.stop]
        if syntax == "latex" and macros:
            body = expand(body, macros)
        yield Segment(body, lines.at(inner.start), syntax, display, closed)
    yield source[last:]


def spans_of_formulas(text: str) -> list[tuple[int, int]]:
    """Where every formula begins and ends, fences and delimiters included."""
    return [(start, max(start, end)) for start, end, *_ in _Text(text).spans()]


def lines_of_formulas(text: str) -> list[tuple[int, int]]:
    """The first and last line of every formula, fences and delimiters included."""
    lines = _Lines(text)
    return [(lines.at(start), lines.at(max(start, end - 1))) for start, end, *_ in _Text(text).spans()]


def _body(source: Source) -> Source:
    """A document without what stands before \\begin{document}, macros kept, line breaks kept."""
    text = source.text
    start = text.find("\\begin{document}")
    if start < 0:
        return source
    macros, _ = collect(text[:start])
    kept = "".join(m.source for m in macros.values()).replace("\n", " ")
    head = "\n" * text.count("\n", 0, start)
    end = text.find("\\end{document}", start)
    return source.joined([head + kept, source[start + len("\\begin{document}") : end if end >= 0 else len(text)]])


class _Text:
    """A text with what is looked up in it again and again: paragraphs, and the ends of its environments."""

    def __init__(self, text: str):
        self.text = text
        self.paragraphs = [m.start() for m in PARAGRAPH.finditer(text)]
        self.tries = TRIES
        self.ends: dict[int, tuple[int, int]] = {}  # offset behind \\begin{name} -> where its \\end begins and ends
        stack: list[tuple[str, int]] = []
        for m in ENVIRONMENT.finditer(text):
            if m.group(1) == "begin":
                stack.append((m.group(2), m.end()))
                continue
            while stack:
                name, at = stack.pop()
                if name == m.group(2):
                    self.ends[at] = m.start(), m.end()
                    break

    def paragraph_end(self, at: int) -> int:
        """Where the paragraph of an offset ends."""
        k = bisect_left(self.paragraphs, at)
        return self.paragraphs[k] if k < len(self.paragraphs) else len(self.text)

    def spans(self) -> Iterator[tuple[int, int, slice, str, bool, bool]]:
        """(start, end, inner, syntax, display, closed) of every formula."""
        text, at = self.text, 0
        while (m := OPEN.search(text, at)) is not None:
            kind = "fence" if m.group("fence") else str(m.lastgroup)
            start, inner = m.start(), m.end()
            at = inner
            if kind == "skip":
                continue
            if kind == "code":
                yield from _code(m)
            elif kind == "fence":
                stop, at, closed = self._fence(m)
                lang = m.group("lang").lower()
                if lang not in LATEX_FENCES:
                    if lang in FENCES:
                        syntax = "latex" if lang in ("", "text", "plain", "txt") and "\\" in text[inner:stop] else FENCES[lang]
                        yield start, at, slice(inner, stop), syntax, True, closed
                elif re.search(r"\$|\\\[|\\begin\{document", text[inner:stop]):
                    at = inner  # a fence of LaTeX text: its formulas are found one by one
                else:
                    yield start, at, slice(inner, stop), "latex", True, closed
            else:
                stop, end, closed = self._end(kind, inner)
                if stop >= 0:
                    at = end
                    whole = kind == "env"
                    if text[inner : inner + 1] == text[stop - 1 : stop] == "`" and stop > inner + 1:  # $`...`$
                        inner, stop = inner + 1, stop - 1
                    yield start, at, slice(start, end) if whole else slice(inner, stop), "latex", kind not in ("dollar", "paren"), closed

    def _fence(self, m: re.Match[str]) -> tuple[int, int, bool]:
        mark = m.group("mark")
        close = re.compile(r"^[ \t>]*" + re.escape(mark[0]) + "{%d,}[ \\t]*$" % len(mark), re.M).search(self.text, m.end())
        return (close.start(), close.end(), True) if close else (len(self.text), len(self.text), False)

    def _end(self, kind: str, inner: int) -> tuple[int, int, bool]:
        """(end of the inside, end with the delimiter, whether it was there); -1 for a dollar that begins no formula."""
        limit = self.paragraph_end(inner)
        if kind == "env":
            stop, end = self.ends.get(inner, (limit, limit))
            return stop, end, inner in self.ends
        closing = {"dollars": "$$", "dollar": "$", "paren": "\\)", "bracket": "\\]"}[kind]
        far = min(limit, inner + INLINE) if kind in ("dollar", "paren") else min(len(self.text), inner + DISPLAY)
        stop = _find(self.text, closing, inner, far) if kind != "dollar" or self.tries else -1
        if stop < 0 and kind == "dollar":  # its braces do not match: the next dollar closes it
            self.tries = max(0, self.tries - 1)
            plain = UNESCAPED_DOLLAR.search(self.text, inner, far)
            stop = plain.start() if plain else -1
        if stop >= 0:
            return stop, stop + len(closing), True
        return (-1, -1, False) if kind == "dollar" else (limit, limit, False)


def _code(m: re.Match[str]) -> Iterator[tuple[int, int, slice, str, bool, bool]]:
    """`inline code`: typed mathematics, or $`LaTeX`$."""
    body = m.group()[1:-1]
    if body.startswith("$") and body.endswith("$") and len(body) > 2:
        yield m.start(), m.end(), slice(m.start() + 2, m.end() - 2), "latex", False, True
    elif "=" in body:
        yield m.start(), m.end(), slice(m.start() + 1, m.end() - 1), "plain", False, True


def _find(text: str, closing: str, at: int, limit: int) -> int:
    """Where the closing delimiter stands, for a single dollar outside the braces of a \\text{...}; -1 for nowhere."""
    depth = 0
    while at < limit:
        c = text[at]
        if text.startswith(closing, at) and (depth <= 0 or closing != "$"):
            return at
        if c == "\\":
            at += 2
            continue
        depth += (c == "{") - (c == "}")
        at += 1
    return -1


class _Lines:
    """Offsets to 1-based line numbers."""

    def __init__(self, text: str):
        self.ends = [m.start() for m in re.finditer("\n", text)]

    def at(self, offset: int) -> int:
        return bisect_left(self.ends, offset) + 1


def lines_of_words(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """The lines of a stretch of prose that hold words, each with its number in the text."""
    line = 1 + text.count("\n", 0, start)
    return [(line + k, words) for k, row in enumerate(text[start:end].split("\n")) if (words := plain(row))]


MARKUP = re.compile(
    r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?|\\(?:label|ref|eqref|cite|vspace|hspace)\{[^{}]*\}|\\[A-Za-z]+\*?|[*_#>`{}\\]|~"
)


def plain(text: str) -> str:
    """Words without Markdown and LaTeX marks, blanks made single."""
    return " ".join(MARKUP.sub(" ", text).split())


__all__ = ["Segment", "blank", "cut"]
