"""The values that a derivation is made of.  All are immutable; none knows how it will be printed."""

from __future__ import annotations

from dataclasses import dataclass

from .formula.tree import Formula, Relation


@dataclass(frozen=True, slots=True)
class Words:
    """Prose with formulas in it: text and formulas in turn."""

    parts: tuple[str | Formula, ...]

    def __add__(self, other: Words) -> Words:
        return Words(self.parts + other.parts)


def say(text: str, *formulas: Formula | str | Words) -> Words:
    """Words from a text with a {} for each formula (or piece of text)."""
    pieces = text.split("{}")
    if len(pieces) != len(formulas) + 1:
        raise ValueError(f"{len(formulas)} formulas for {text!r}")
    parts: list[str | Formula] = [pieces[0]]
    for f, piece in zip(formulas, pieces[1:], strict=True):
        parts += f.parts if isinstance(f, Words) else (f,)
        parts.append(piece)
    return Words(tuple(p for p in parts if p != ""))


@dataclass(frozen=True, slots=True)
class Move:
    """A step on an equation: the new difference of sides is `factor` times the old one.

    factor is proved not to vanish where the parameters lie; None where the step is not of this kind and is
    judged by its roots (a root taken, a logarithm undone).  needs: what the data must satisfy for it.
    """

    after: Relation
    factor: Formula | None
    rule: str
    reason: Words
    needs: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a line was checked: "proved", "sampled" (equal at random points), "computed" (numbers worked out),
    "defined" (what a symbol means), "unchecked"."""

    kind: str
    how: str = ""
    points: int = 0

    @property
    def sound(self) -> bool:
        return self.kind != "unchecked"


@dataclass(frozen=True, slots=True)
class Line:
    """One displayed relation.

    continues: its left side is that of the line before and is not shown again.
    rule: name of the rule that made it from the line before ("" for a first line).
    arrow: it follows from the line before as an equation does (same roots), and is not equal to it.
    """

    formula: Relation
    reason: Words | None
    evidence: Evidence
    rule: str = ""
    continues: bool = False
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Display:
    """Lines set under each other: a chain of values, or equations that follow from one another."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in rows under headings: the steps of an iteration, values compared."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


Block = Words | Display | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a derivation: prose, displays and tables in order.  The model and the result are not numbered."""

    title: Words
    blocks: tuple[Block, ...]
    numbered: bool = True

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every displayed line of the section."""
        return tuple(line for b in self.blocks if isinstance(b, Display) for line in b.lines)
