"""The values that a derivation is made of.  All are immutable; none knows how it will be printed."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, replace
from enum import StrEnum
from typing import TypeVar

from .formula.plain import in_one_line
from .formula.tree import Formula, Relation
from .rule_names import RuleName


class Outcome(StrEnum):
    """Whether the likelihood has a maximum, and one only."""

    UNIQUE = "unique"
    NOT_UNIQUE = "not unique"
    NONE = "none"
    LOSS = "loss"  # nothing was maximised: a loss was derived


class How(StrEnum):
    """How an estimate was found: as a formula in the data, as one in other estimates, at an end, numerically."""

    CLOSED = "closed"
    GIVEN_OTHERS = "given others"
    BOUNDARY = "boundary"
    NUMERIC = "numeric"


class Strength(StrEnum):
    """What carries an outcome: a proof, all stationary points of the given data enclosed and compared, or a search."""

    PROVED = "proved"
    ENCLOSED = "enclosed"
    SEARCHED = "searched"


class EvidenceKind(StrEnum):
    """How a line was checked: proved, equal at random points, numbers worked out, what a symbol means, not at all."""

    PROVED = "proved"
    SAMPLED = "sampled"
    COMPUTED = "computed"
    DEFINED = "defined"
    UNCHECKED = "unchecked"


class ConditionKind(StrEnum):
    """What a condition on the data is needed for."""

    EXISTS = "exists"
    UNIQUE = "is unique"
    BOTH = "exists and is unique"
    INTERIOR = "lies inside the domain"
    NOT_UNIQUE = "is not unique"


class SectionKey(StrEnum):
    """What a section of a derivation is about, whatever its title says."""

    DENSITY = "density"
    MODEL = "model"
    SYMMETRY = "symmetry"
    ADMISSIBLE = "admissible values"
    CONSTRAINTS = "constraints"
    LIKELIHOOD = "likelihood"
    LOG_LIKELIHOOD = "log-likelihood"
    LAGRANGIAN = "Lagrangian"
    SCORE = "score"
    RATIO = "ratio of neighbours"
    PROFILE = "profile likelihood"
    SOLVE = "solve"
    COMPARISON = "comparison"
    NO_MAXIMUM = "no maximum"
    MAXIMUM = "maximum"
    VALUES = "values asked for"
    LOSS = "loss"
    RESULT = "result"
    SUFFICIENCY = "sufficiency"
    INFORMATION = "information"
    STANDARD_ERRORS = "standard errors"
    INTERVALS = "intervals"
    BIAS = "bias"
    MOMENTS = "moments"


class Detail(StrEnum):
    """How much of a derivation is shown: in brief, as on a board, or one move a line.  In this order."""

    BRIEF = "brief"
    STANDARD = "standard"
    FULL = "full"

    @property
    def rank(self) -> int:
        return DETAILS.index(self)

    def shows(self, piece: Block | Section) -> bool:
        """Whether a piece belongs to a write-up of this detail."""
        return piece.least.rank <= self.rank <= piece.most.rank


DETAILS = tuple(Detail)
_SEAL = object()  # in the hands of the makers of lines and of evidence; see `recorder` and `oracle`


@dataclass(frozen=True, slots=True)
class Words:
    """Prose with formulas in it: text and formulas in turn.  least, most: in which detail it is shown."""

    parts: tuple[str | Formula, ...]
    least: Detail = Detail.BRIEF
    most: Detail = Detail.FULL

    def __str__(self) -> str:
        """Plain text, formulas included."""
        return "".join(p if isinstance(p, str) else in_one_line(p) for p in self.parts)

    def __repr__(self) -> str:
        return f"<Words {self}>"

    def __add__(self, other: Words) -> Words:
        a, b = self.parts, other.parts
        if a and b and isinstance(a[-1], str) and isinstance(b[0], str):
            return replace(self, parts=(*a[:-1], a[-1] + b[0], *b[1:]))
        return replace(self, parts=a + b)


BESIDE = (
    "; exchange the sides",
    "; move the negative term",
    "; move the negative terms",
)  # moves beside another one


def say(text: str, *formulas: Formula | str | Words) -> Words:
    """Words from a text with a {} for each formula (or piece of text)."""
    pieces = text.split("{}")
    if len(pieces) != len(formulas) + 1:
        raise ValueError(f"{len(formulas)} formulas for {text!r}")
    parts: list[str | Formula] = [pieces[0]]
    for f, piece in zip(formulas, pieces[1:], strict=True):
        parts += f.parts if isinstance(f, Words) else (f,)
        parts.append(piece)
    merged: list[str | Formula] = []
    for p in parts:
        if isinstance(p, str) and merged and isinstance(before := merged[-1], str):
            merged[-1] = before + p
        elif p != "":
            merged.append(p)
    return Words(tuple(p for p in merged if p != ""))


@dataclass(frozen=True, slots=True)
class Move:
    """A step on an equation: the new difference of sides is `factor` times the old one.

    factor is proved not to vanish where the parameters lie; None where the step is not of this kind and is
    judged by its roots (a root taken, a logarithm undone).  needs: what the data must satisfy for it.
    """

    after: Relation
    factor: Formula | None
    rule: RuleName
    reason: Words
    needs: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a line was checked: what kind of check it was, how it went, and at how many points.

    Made by the oracle and by proofs only, which hold the seal: nothing else can claim that a line was checked.
    """

    kind: EvidenceKind
    how: str = ""
    points: int = 0
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("evidence comes from the oracle or from a proof")

    @property
    def sound(self) -> bool:
        return self.kind is not EvidenceKind.UNCHECKED


@dataclass(frozen=True, slots=True)
class Line:
    """One displayed relation.  Made by the recorder only.

    continues: its left side is that of the line before and is not shown again.
    rule: what made it from the line before; None for a first line.
    """

    formula: Relation
    reason: Words | None
    evidence: Evidence
    rule: RuleName | None = None
    continues: bool = False
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("lines are made by the recorder")

    def __repr__(self) -> str:
        return f"<Line {in_one_line(self.formula)}, {self.evidence.kind}>"


@dataclass(frozen=True, slots=True)
class Display:
    """Lines set under each other: a chain of values, or equations that follow from one another.

    least, most: in which detail it is shown.  likewise: the lines are those of the display before with other letters; up to
    this detail only the last of them is shown.
    """

    lines: tuple[Line, ...]
    least: Detail = Detail.BRIEF
    most: Detail = Detail.FULL
    likewise: Detail | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in rows under headings: the steps of an iteration, values compared.  least, most: in which detail it is shown."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    least: Detail = Detail.BRIEF
    most: Detail = Detail.FULL


Block = Words | Display | Table
B = TypeVar("B", bound=Block)


def in_full(piece: B) -> B:
    """A piece that is shown in full detail only."""
    return replace(piece, least=Detail.FULL)


def from_standard(piece: B) -> B:
    """A piece that is left out in brief."""
    return piece if piece.least is Detail.FULL else replace(piece, least=Detail.STANDARD)


def by_detail(*, brief: Words | None = None, standard: Words | None = None, full: Words | None = None) -> tuple[Words, ...]:
    """The same in other words for each detail; None where nothing is said of it."""
    said = {Detail.BRIEF: brief, Detail.STANDARD: standard, Detail.FULL: full}
    return tuple(replace(w, least=k, most=k) for k, w in said.items() if w is not None)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a derivation: prose, displays and tables in order.  The model and the result are not numbered.

    least, most: in which detail it is shown.
    """

    key: SectionKey
    title: Words
    blocks: tuple[Block, ...]
    numbered: bool = True
    least: Detail = Detail.BRIEF
    most: Detail = Detail.FULL

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every displayed line of the section."""
        return tuple(line for b in self.blocks if isinstance(b, Display) for line in b.lines)

    def __repr__(self) -> str:
        count = len(self.lines)
        return f"<Section {self.title}: {count} line{'' if count == 1 else 's'}>"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the data must satisfy for the result to hold: what for, the relations, and in words what is needed."""

    kind: ConditionKind
    relations: tuple[Relation, ...]
    note: Words

    @property
    def words(self) -> Words:
        """The condition as a clause about the estimate: "exists if ..."."""
        return say(f"{self.kind} if ") + self.note

    def __repr__(self) -> str:
        return f"<Condition {self.words}>"
