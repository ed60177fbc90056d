"""Equations under each other -> the rows of a display: broken to the width of a page, and where their reasons stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ..formula.latex import Printer
from ..formula.tree import Formula
from ..trace import Words
from .line_breaking import chain
from .width import text_width, width

MEASURE = 41.0  # ems: a line of 160 mm in letters of 11 pt, less what an estimate may be out
GAP = 0.95  # em, between the formulas and their reasons
SPARE = 0.4  # em, that a reason beside a line may take of what formulas leave for the error of the estimate: words are measured well
INDENTED = 1.0  # em, by which what continues a line stands further to the right
BELOW = 2.0  # em, by which a reason below its line stands further to the right
INFINITE = float("inf")
WORD = re.compile(r"\s+|\S+\s*")
SMALL = 0.4  # of the line, that left sides may take where what is right of them has to be broken


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a display: left side, sign and right side (perhaps broken), in LaTeX; the reason in lines; the row in plain text."""

    left: str
    right: tuple[str, ...]
    reason: tuple[str, ...] = ()
    below: bool = False
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Equation:
    """What is to be shown on a row: the left side (None where the row continues a chain), the others with their signs, the reason,
    the whole in plain text."""

    left: Formula | None
    right: tuple[tuple[str, Formula], ...]
    reason: Words | None = None
    plain: str = ""


Reasons = Callable[[Words, float], tuple[str, ...]]  # how a document writes a reason: in lines of a width


def display(equations: Sequence[Equation], printer: Printer, reasons: Reasons, measure: float = MEASURE) -> tuple[Row, ...]:
    """Rows that stand under each other.  Their signs are aligned where that leaves room for what is right of them; else all begin at
    the left.  Where a reason does not fit beside the widest of them, all go below their own."""
    widths = [0.0 if e.reason is None else _words_width(e.reason, printer) for e in equations]
    rows = _aligned(equations, printer, measure)
    left = _left(rows)
    if not _fits(rows, measure) or (max(widths, default=0.0) > measure - left - BELOW and left > SMALL * measure):
        rows = _flush(equations, printer, measure)
        left = _left(rows)
    below = max(widths, default=0.0) > measure + SPARE - left - _right(rows) - GAP or any(len(r.right) > 1 for r in rows)
    room = measure - left - BELOW if below else INFINITE
    out = []
    for e, r in zip(equations, rows, strict=True):
        said = () if e.reason is None else reasons(e.reason, room)
        out.append(replace(r, reason=said, below=below and bool(said)))
    return tuple(out)


def _left(rows: Sequence[Row]) -> float:
    return max((width(r.left) for r in rows), default=0.0)


def _right(rows: Sequence[Row]) -> float:
    return max((width(part) + INDENTED * (k > 0) for r in rows for k, part in enumerate(r.right)), default=0.0)


def _fits(rows: Sequence[Row], measure: float) -> bool:
    """Whether aligned rows fit on their lines, and are broken only where enough is left for what stands on the right."""
    left = _left(rows)
    broken = any(len(r.right) > 1 for r in rows)
    return left + _right(rows) <= measure and (not broken or left <= SMALL * measure)


def _aligned(equations: Sequence[Equation], printer: Printer, measure: float) -> list[Row]:
    """The rows with their signs aligned."""
    lefts = ["" if e.left is None else printer.show(e.left) for e in equations]
    room = measure - max(map(width, lefts), default=0.0)
    return [Row(left, chain(e.right, printer, room, room - INDENTED), plain=e.plain) for left, e in zip(lefts, equations, strict=True)]


def _flush(equations: Sequence[Equation], printer: Printer, measure: float) -> list[Row]:
    """The rows with everything at the left; what continues a chain further to the right."""
    out = []
    for e in equations:
        sides = e.right if e.left is None else (("", e.left), *e.right)
        indent = INDENTED if e.left is None else 0.0
        first, *more = chain(sides, printer, measure - indent, measure - INDENTED)
        out.append(Row("", ((r"\quad " if e.left is None else "") + first, *more), plain=e.plain))
    return out


def _words_width(w: Words, printer: Printer) -> float:
    return sum(text_width(p) if isinstance(p, str) else width(printer.show(p)) for p in w.parts)


def in_formula(w: Words, printer: Printer, text: Callable[[str], str], measure: float) -> tuple[str, ...]:
    """Words as LaTeX inside a formula, \\text{multiply by }\\theta\\text{, which is not zero}, in lines; text: prose made safe."""
    out: list[list[_Piece]] = []
    filled = 0.0
    for piece in _pieces(w, printer, measure):
        if out and (not piece.breaks or filled + piece.width <= measure):
            out[-1].append(piece)
            filled += piece.width
        else:
            out.append([piece])
            filled = piece.width
    for line in out:
        while len(line) > 1 and line[-1].content.isspace():
            line.pop()
        line[-1] = replace(line[-1], content=line[-1].content.rstrip()) if line[-1].words else line[-1]
    return tuple(_line(line, text) for line in out)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stays together in a reason: a word with the blank behind it, or a part of a formula.  breaks: a line may end before it."""

    content: str
    words: bool
    width: float
    breaks: bool


def _pieces(w: Words, printer: Printer, measure: float) -> Iterator[_Piece]:
    free = True
    for p in w.parts:
        if isinstance(p, str):
            for content in WORD.findall(p):
                yield _Piece(content, True, text_width(content), free and not content.isspace())
                free = content[-1].isspace()
        else:
            for k, content in enumerate(chain([("", p)], printer, measure, measure)):
                yield _Piece(content, False, width(content), free or k > 0)
                free = False


def _line(pieces: Sequence[_Piece], text: Callable[[str], str]) -> str:
    out = ""
    for words, found in groupby(pieces, lambda piece: piece.words):
        s = "".join(piece.content for piece in found)
        out += r"\text{%s}" % text(s) if words else "{%s}" % s if s.startswith("-") else s
    return out
