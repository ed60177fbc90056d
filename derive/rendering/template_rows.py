"""Derivation -> plain rows: the only thing that templates see.

A `Style` says how a kind of document writes prose, formulas in it, and the reason beside a displayed line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from ..formula.latex import Printer, latex
from ..formula.names import GREEK
from ..formula.plain import in_one_line
from ..formula.rounding import in_decimals
from ..formula.tree import Formula, Relation
from ..trace import Detail, Display, Evidence, Line, Section, SectionKey, Table, Words
from .detail import details, shown
from .display import MEASURE, Equation, Reasons, Row, display, in_formula

if TYPE_CHECKING:
    from ..derived import Derived


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of document writes.

    text: prose made safe.  formula: a formula in prose, from its LaTeX and its plain text.  reason: the words beside a
    displayed line, from the words and the notation; None for LaTeX inside the formula.  digits: of long numbers, where these are
    rounded.  measure: the length of a line, in ems.
    """

    text: Callable[[str], str]
    formula: Callable[[str, str], str] = lambda tex, plain: f"${tex}$"
    reason: Callable[[Words, Mapping[str, str]], str] | None = None
    digits: int | None = None
    measure: float = MEASURE

    def shown(self, f: Formula) -> Formula:
        """A formula with its numbers as they are shown."""
        return f if self.digits is None else in_decimals(f, self.digits)

    def said(self, w: Words) -> Words:
        """Words with the numbers in their formulas as they are shown."""
        return w if self.digits is None else replace(w, parts=tuple(p if isinstance(p, str) else self.shown(p) for p in w.parts))


@dataclass(frozen=True, slots=True)
class Block:
    """Prose (`text`), a display (`rows`; number: its own, where displays have one) or a table (`table`: cells as text, the headings first)."""

    text: str = ""
    rows: tuple[Row, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A displayed relation: its LaTeX in full, why it holds, how it was verified, the least detail in which it is shown."""

    latex: str
    reason: str
    verified: str
    detail: str


@dataclass(frozen=True, slots=True)
class Step:
    """A section: number (None for the model and the result), title, blocks in order, its lines; boxed: it is the result."""

    title: str
    number: int | None
    blocks: tuple[Block, ...] = field(repr=False)
    lines: tuple[StepLine, ...] = field(default=())
    boxed: bool = field(default=False, repr=False)

    def __repr__(self) -> str:
        number = "" if self.number is None else f" {self.number}."
        return f"<Step{number} {self.title}: {len(self.lines)} line{'' if len(self.lines) == 1 else 's'}>"


PLAIN = Style(str)


def steps(d: Derived, style: Style = PLAIN, detail: Detail = Detail.FULL) -> list[Step]:
    """The sections of a derivation as plain rows, as much of them as the detail shows."""
    notation = d.problem.notation
    style = for_numbers_of(d, style)
    out: list[Step] = []
    number = 0
    for s in shown(d.sections, detail):
        number += s.numbered
        out.append(_step(s, number if s.numbered else None, notation, style))
    return out


def with_numbers(made: list[Step]) -> list[Step]:
    """The sections with their displays numbered through."""
    numbers = count(1)
    return [replace(s, blocks=tuple(replace(b, number=next(numbers)) if b.rows else b for b in s.blocks)) for s in made]


def for_numbers_of(d: Derived, style: Style) -> Style:
    """The style with which the numbers of a derivation are shown: of data in floats they are rounded."""
    return replace(style, digits=d.problem.asked.digits) if d.problem.in_floats else style


def _step(s: Section, number: int | None, notation: Mapping[str, str], style: Style) -> Step:
    blocks: list[Block] = []
    for b in s.blocks:
        if isinstance(b, Display):
            printer = Printer(notation)
            blocks.append(Block(rows=display([equation(line, style) for line in b.lines], printer, reasons(printer, style), style.measure)))
        elif isinstance(b, Table):
            plainly = replace(style, digits=None)  # the steps of an iteration need their digits
            blocks.append(Block(table=tuple(tuple(prose(c, notation, plainly) for c in cells) for cells in (b.head, *b.rows))))
        elif blocks and blocks[-1].text and not s.numbered:
            blocks[-1] = Block(text=blocks[-1].text + " " + prose(b, notation, style))
        else:
            blocks.append(Block(text=prose(b, notation, style)))
    lines = tuple(
        StepLine(
            latex(style.shown(x.formula), notation), "" if x.reason is None else prose(x.reason, notation, style), how(x.evidence), least
        )
        for x, least in zip(s.lines, details(s), strict=True)
    )
    return Step(
        prose(s.title, notation, style), number, tuple(b for b in blocks if b.text or b.rows or b.table), lines, s.key is SectionKey.RESULT
    )


def how(e: Evidence) -> str:
    """How a line was verified, in words."""
    points = f" at {e.points} random points" if e.kind == "sampled" and e.points else ""
    return e.kind + (f": {e.how}" if e.how else "") + points


def prose(w: Words, notation: Mapping[str, str], style: Style) -> str:
    """Words as text with formulas."""
    parts = style.said(w).parts
    return "".join(style.text(p) if isinstance(p, str) else style.formula(latex(p, notation), in_one_line(p)) for p in parts).strip()


def equation(line: Line, style: Style) -> Equation:
    """A line as an equation to be shown: what continues a chain shows no left side."""
    f = style.shown(line.formula)
    assert isinstance(f, Relation)
    reason = None if line.reason is None else style.said(line.reason)
    return Equation(None if line.continues else f.sides[0], tuple(zip(f.signs, f.sides[1:], strict=True)), reason, in_one_line(f))


def reasons(printer: Printer, style: Style) -> Reasons:
    """How a kind of document writes the reason beside a line."""
    beside = style.reason
    if beside is None:
        return lambda words, room: in_formula(words, printer, tex_text, room)
    return lambda words, room: (beside(words, printer.notation),)


TEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "…": r"\ldots{}",
}  # fmt: skip


BREAKS = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029]+\s*")  # line ends and other control characters, with the blanks about them


def tex_text(text: str) -> str:
    """Prose that is safe in LaTeX."""
    return "".join(TEX_SPECIAL.get(c) or _greek(c) for c in BREAKS.sub(" ", text))


def _greek(c: str) -> str:
    """A Greek letter as LaTeX, which has none in its usual fonts for text; any other character as it is."""
    if not "\u0391" <= c <= "\u03c9":
        return c
    name = unicodedata.name(c, "").rpartition(" ")[2].replace("LAMDA", "LAMBDA").lower()
    command = name.capitalize() if c.isupper() else name
    return rf"\ensuremath{{\{command}}}" if command in GREEK else c


def markdown_text(text: str) -> str:
    """Prose that is safe in Markdown and HTML."""
    return re.sub(r"([\\`*_$#|~\[\]])", r"\\\1", BREAKS.sub(" ", text).replace("&", "&amp;").replace("<", "&lt;"))
