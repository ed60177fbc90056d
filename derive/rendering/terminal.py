"""Derivation -> a page for a terminal: formulas in one line of Unicode, wrapped to the width, headings bold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..formula.tree import Relation
from ..formula.unicode import SIGNS, in_unicode
from ..trace import Block, Display, Section, Table, Words
from .detail import detail_of, shown
from .template_rows import PLAIN, Style, for_numbers_of

if TYPE_CHECKING:
    from ..derived import Derived

WIDTH = 80
NARROWEST = 20
INDENT = "    "
GAP = 3  # columns between formulas and their reasons
LEAST_COLUMN = 24  # columns that reasons beside formulas need
LONG_LEFT = 0.45  # of the width, up to which left sides leave room for alignment
BELOW = INDENT * 3  # before a reason below its line
BOLD, DIM = "1", "2"
TIED = "\u00a0"  # a blank at which no line ends
BREAKS_BEFORE = frozenset(["+", "−", "=", "≠", "<", "≤", ">", "≥", "≈", "∝", "∈", "·", "if", "otherwise;"])


def terminal(d: Derived, detail: str | None = None, columns: int = WIDTH, colour: bool = False) -> str:
    """The write-up as text for a terminal.  columns: its width.  colour: whether headings are bold and reasons dim."""
    page = _Page(max(columns, NARROWEST), colour, for_numbers_of(d, PLAIN))
    number = 0
    out = [*page.wrapped(page.words(d.title), code=BOLD), ""]
    for s in shown(d.sections, detail_of(d, detail)):
        number += s.numbered
        out += page.section(s, number if s.numbered else None)
    return "\n".join(line.rstrip() for line in out).rstrip() + "\n"


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return sum(not unicodedata.combining(c) for c in text) + wide


class _Page:
    def __init__(self, columns: int, colour: bool, style: Style):
        self.columns, self.colour, self.style = columns, colour, style

    def painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    def words(self, w: Words) -> str:
        """Prose with its formulas; a short formula stays on one line."""
        parts = self.style.said(w).parts
        return "".join(_printable(p) if isinstance(p, str) else self.tied(in_unicode(p)) for p in parts).strip()

    def tied(self, formula: str) -> str:
        return formula.replace(" ", TIED) if columns_of(formula) <= self.columns // 2 else formula

    def wrapped(self, text: str, first: str = "", more: str = "", code: str = "") -> list[str]:
        """A text in lines of the width; first, more: what stands before them."""
        lines, line, indent = [], "", first
        for word in text.split(" "):
            if line and columns_of(f"{indent}{line} {word}") > self.columns:
                lines.append(indent + self.painted(line, code))
                line, indent = word, more
            else:
                line = f"{line} {word}" if line else word
        return [x.replace(TIED, " ") for x in [*lines, indent + self.painted(line, code)]]

    def section(self, s: Section, number: int | None) -> Iterator[str]:
        title = self.words(s.title)
        yield self.painted((f"{number}. {title}" if number else f"{title}.").replace(TIED, " "), BOLD)
        for b in s.blocks:
            if lines := self.block(b):
                yield from lines
                yield ""

    def block(self, b: Block) -> Sequence[str]:
        if isinstance(b, Display):
            return self.display(b)
        if isinstance(b, Table):
            return self.table(b)
        return self.wrapped(self.words(b))

    def display(self, b: Display) -> list[str]:
        """Relations with their signs under each other and their reasons beside them; where that does not fit, one below the other."""
        rows: list[tuple[str, str, str]] = []
        for x in b.lines:
            f = self.style.shown(x.formula)
            assert isinstance(f, Relation)
            right = " ".join(f"{SIGNS[s]} {in_unicode(side)}" for s, side in zip(f.signs, f.sides[1:], strict=True))
            rows.append(("" if x.continues else in_unicode(f.sides[0]), right, "" if x.reason is None else self.words(x.reason)))
        lefts, rights = (max((columns_of(r[k]) for r in rows), default=0) for k in (0, 1))
        if lefts > self.columns * LONG_LEFT:  # all begin at the left
            rows = [("", f"{left} {right}" if left else "  " + right, reason) for left, right, reason in rows]
            lefts, rights = 0, max(columns_of(r[1]) for r in rows)
        lefts += bool(lefts)
        room = self.columns - len(INDENT) - lefts - rights
        out: list[str] = []
        for left, right, reason in rows:
            line = INDENT + (" " * (lefts - columns_of(left) - 1) + left + " " if lefts else "") + right
            if reason and room >= GAP + LEAST_COLUMN:
                start = " " * (self.columns - room + GAP)
                found = [r[len(start) :] for r in self.wrapped(reason, start, start)]
                line += " " * (len(start) - columns_of(line))
                out += [line + self.painted(found[0], DIM), *(start + self.painted(r, DIM) for r in found[1:])]
                continue
            out += [line] if columns_of(line) <= self.columns else self.broken(f"{left} {right}".strip(), INDENT if left else INDENT * 2)
            if reason:
                out += [BELOW + self.painted(r[len(BELOW) :], DIM) for r in self.wrapped(reason, BELOW, BELOW)]
        return out

    def broken(self, formula: str, indent: str) -> list[str]:
        """A long formula in lines, each of which begins with a sign."""
        pieces: list[str] = []
        for word in formula.split(" "):
            if pieces and word not in BREAKS_BEFORE and pieces[-1]:
                pieces[-1] += " " + word
            else:
                pieces.append(word)
        tied = " ".join(p.replace(" ", TIED) if columns_of(p) < self.columns - 2 * len(indent) else p for p in pieces)
        return self.wrapped(tied, indent, indent + "  ")

    def table(self, t: Table) -> list[str]:
        rows = [
            ["".join(_printable(p) if isinstance(p, str) else in_unicode(p) for p in c.parts) for c in cells] for cells in (t.head, *t.rows)
        ]
        widths = [max(columns_of(r[k]) for r in rows) for k in range(len(rows[0]))]
        out = [INDENT + "  ".join(" " * (w - columns_of(c)) + c for c, w in zip(r, widths, strict=True)) for r in rows]
        return [out[0], INDENT + "  ".join("─" * w for w in widths), *out[1:]]


def _printable(text: str) -> str:
    """Prose without what a terminal obeys."""
    return "".join(c if c.isprintable() else " " for c in text)


__all__ = ["WIDTH", "columns_of", "terminal"]
