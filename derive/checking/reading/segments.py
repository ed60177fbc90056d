"""Markdown or LaTeX text -> its formulas, each with the line where it begins and the words before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .macros import blank, collect, expand

MATH = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|aligned|alignedat|gathered|split|"
    "dmath|IEEEeqnarray|subequations|cases|numcases"
)  # fmt: skip
OPEN = re.compile(
    r"(?P<fence>^[ \t>]*(?P<mark>```+|~~~+)[ \t]*(?P<lang>[\w+-]*)[^\n]*\n)"
    r"|(?P<skip>\\\\|\\\$|\\%)"
    r"|(?P<dollars>\$\$)|(?P<dollar>\$)|(?P<paren>\\\()|(?P<bracket>\\\[)"
    r"|\\begin\{(?P<env>(?:" + MATH + r")\*?)\}"
    r"|(?P<code>(?<!`)`(?!`)[^`\n]+`)",
    re.M,
)
PARAGRAPH = re.compile(r"\n[ \t>]*\n")
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
LATEX_FENCES = frozenset({"math", "latex", "tex", "katex"})
DOCUMENT = re.compile(r"\\documentclass|\\begin\{document\}")


@dataclass(frozen=True, slots=True)
class Segment:
    """A formula of the text.

    text: without its delimiters, macros expanded; every line break of the file is kept.  line: where it begins.
    before: the words between it and the segment before.  syntax: "latex" or "sympy".  display: on its own line.
    closed: False where the end of the formula was missing.
    """

    text: str
    line: int
    before: str
    syntax: str = "latex"
    display: bool = False
    closed: bool = True


def segments(text: str) -> tuple[list[Segment], list[tuple[int, str]]]:
    """The formulas in order, and the words outside them as (line, words)."""
    if DOCUMENT.search(text):
        text = COMMENT.sub("", text)
        text = _body(text)
    macros, text = collect(text)
    lines = _Lines(text)
    out: list[Segment] = []
    prose: list[tuple[int, str]] = []
    last = 0
    for start, end, inner, syntax, display, closed in _spans(text):
        before = text[last:start]
        last = end
        prose += _words(before, lines.at(start - len(before)))
        body = text[inner.start : inner.stop]
        if syntax == "latex" and macros:
            body = expand(body, macros)
        out.append(Segment(body, lines.at(inner.start), _plain(before), syntax, display, closed))
    prose += _words(text[last:], lines.at(last))
    return out, prose


def _body(text: str) -> str:
    """A document without what stands before \\begin{document}, macros kept, line breaks kept."""
    start = text.find("\\begin{document}")
    if start < 0:
        return text
    macros, _ = collect(text[:start])
    kept = "".join(m.source for m in macros.values()).replace("\n", " ")
    head = "\n" * text.count("\n", 0, start)
    end = text.find("\\end{document}", start)
    return head + kept + text[start + len("\\begin{document}") : end if end >= 0 else len(text)]


def _spans(text: str) -> Iterator[tuple[int, int, slice, str, bool, bool]]:
    """(start, end, inner, syntax, display, closed) of every formula."""
    at = 0
    while (m := OPEN.search(text, at)) is not None:
        kind = "fence" if m.group("fence") else m.lastgroup
        start, inner = m.start(), m.end()
        if kind == "skip":
            at = inner
            continue
        if kind == "code":
            body = m.group()[1:-1]
            at = inner
            if body.startswith("$") and body.endswith("$") and len(body) > 2:
                yield start, inner, slice(start + 2, inner - 2), "latex", False, True
            elif "=" in body:
                yield start, inner, slice(start + 1, inner - 1), "sympy", False, True
            continue
        if kind == "fence":
            mark, lang = m.group("mark"), m.group("lang").lower()
            close = re.compile(r"^[ \t>]*" + re.escape(mark[0]) + "{%d,}[ \\t]*$" % len(mark), re.M).search(text, inner)
            stop, at = (close.start(), close.end()) if close else (len(text), len(text))
            if lang in LATEX_FENCES and not re.search(r"\$|\\\[|\\begin\{document", text[inner:stop]):
                yield start, at, slice(inner, stop), "latex", True, close is not None
            elif lang in LATEX_FENCES:
                at = inner  # a fence of LaTeX text: its formulas are found one by one
            else:
                yield start, at, slice(inner, stop), "latex" if "\\" in text[inner:stop] else "sympy", True, close is not None
            continue
        stop, at, closed = _end(text, kind or "", m, inner)
        if stop < 0:
            at = inner
            continue
        display = kind != "dollar" and kind != "paren"
        yield start, at, slice(inner if kind != "env" else start, stop if kind != "env" else at), "latex", display, closed


def _end(text: str, kind: str, m: re.Match[str], inner: int) -> tuple[int, int, bool]:
    """(end of the inside, end with the delimiter, whether it was there); -1 for a dollar that begins no formula."""
    if kind == "env":
        return _environment(text, m.group("env"), inner)
    closing = {"dollars": "$$", "dollar": "$", "paren": "\\)", "bracket": "\\]"}[kind]
    paragraph = PARAGRAPH.search(text, inner)
    limit = paragraph.start() if paragraph else len(text)
    stop = _find(text, closing, inner, limit if kind in ("dollar", "paren") else len(text))
    if stop >= 0:
        return stop, stop + len(closing), True
    return (-1, -1, False) if kind == "dollar" else (limit, limit, False)


def _find(text: str, closing: str, at: int, limit: int) -> int:
    """Where the closing delimiter stands outside the braces of a \\text{...}."""
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


def _environment(text: str, name: str, inner: int) -> tuple[int, int, bool]:
    """The end of \\begin{name}, counting environments of the same name within it."""
    depth = 1
    for m in re.compile(r"\\(begin|end)\{" + re.escape(name) + r"\}").finditer(text, inner):
        depth += 1 if m.group(1) == "begin" else -1
        if depth == 0:
            return m.start(), m.end(), True
    paragraph = PARAGRAPH.search(text, inner)
    limit = paragraph.start() if paragraph else len(text)
    return limit, limit, False


class _Lines:
    """Offsets to 1-based line numbers."""

    def __init__(self, text: str):
        self.ends = [m.start() for m in re.finditer("\n", text)]

    def at(self, offset: int) -> int:
        from bisect import bisect_left

        return bisect_left(self.ends, offset) + 1


def _words(text: str, line: int) -> list[tuple[int, str]]:
    """The lines of a stretch of prose that hold words."""
    return [(line + k, _plain(row)) for k, row in enumerate(text.split("\n")) if _plain(row)]


MARKUP = re.compile(
    r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?|\\(?:label|ref|eqref|cite|vspace|hspace)\{[^{}]*\}|\\[A-Za-z]+\*?|[*_#>`{}\\]|~"
)


def _plain(text: str) -> str:
    """Words without Markdown and LaTeX marks, blanks made single."""
    return " ".join(MARKUP.sub(" ", text).split())


__all__ = ["Segment", "blank", "segments"]
