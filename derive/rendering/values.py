"""Derivation -> plain values for JSON, from which another renderer can be written.

`derive/schemas/derivation.schema.json` describes them; what they hold is added to, and `schema_version` counts what breaks a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..formula.latex import SIGNS, latex
from ..formula.names import reported
from ..formula.plain import plain
from ..formula.tree import Formula, Relation, Sym
from ..trace import Block, Detail, Display, Evidence, Line, Table, Words
from .detail import shown
from .template_rows import PLAIN, Style, for_numbers_of, prose, steps

if TYPE_CHECKING:
    from ..derived import Derived

SCHEMA_VERSION = 1


class FormulaValues(TypedDict):
    """A formula: LaTeX, and SymPy text where there is one."""

    latex: str
    sympy: str | None


class TextValues(TypedDict):
    """A piece of prose."""

    text: str


Prose = list[TextValues | FormulaValues]  # prose with formulas in it, in order


class EvidenceValues(TypedDict):
    """How a line was checked: the kind of check, what was done, at how many points."""

    kind: str
    how: str
    points: int


class SideValues(TypedDict):
    """A side of a relation, with the sign before it: in LaTeX, and by its name."""

    sign: str
    sign_latex: str
    latex: str
    sympy: str | None


class DisplayLineValues(TypedDict):
    """A displayed relation.  left: None where it continues the chain of the line before it."""

    latex: str
    sympy: str | None
    left: FormulaValues | None
    right: list[SideValues]
    reason: Prose | None
    rule: str | None
    evidence: EvidenceValues


class TextBlockValues(TypedDict):
    """A paragraph."""

    kind: Literal["text"]
    content: Prose


class DisplayBlockValues(TypedDict):
    """Relations set under each other."""

    kind: Literal["display"]
    lines: list[DisplayLineValues]


class TableBlockValues(TypedDict):
    """A table: the cells of its head, and those of its rows."""

    kind: Literal["table"]
    head: list[Prose]
    rows: list[list[Prose]]


BlockValues = TextBlockValues | DisplayBlockValues | TableBlockValues


class SectionValues(TypedDict):
    """A section of a page.  key: what it is about.  number: None for the model and the result."""

    key: str
    title: Prose
    number: int | None
    blocks: list[BlockValues]


class ConditionValues(TypedDict):
    """What the data must satisfy: what for, the relations in LaTeX and in SymPy text, and in words."""

    kind: str
    latex: list[str]
    sympy: list[str | None]
    words: str


class QuantityValues(TypedDict):
    """What was asked for at the estimate: exact, in LaTeX, and as a float where there are data."""

    exact: str
    latex: str
    float: float | None


class LineValues(TypedDict):
    """A displayed relation; detail: the least in which it is shown."""

    latex: str
    reason: str
    verified: str
    detail: str


class StepValues(TypedDict):
    """A section with its lines."""

    title: str
    number: int | None
    lines: list[LineValues]


class PageValues(TypedDict):
    """The page in each detail."""

    brief: list[SectionValues]
    standard: list[SectionValues]
    full: list[SectionValues]


class Values(TypedDict):
    """A derivation as plain values."""

    schema_version: int
    title: str
    detail: str
    parameters: dict[str, str]
    n: int | None
    outcome: str
    how: dict[str, str]
    certainty: dict[str, str]
    estimates: dict[str, str]
    estimates_latex: dict[str, str]
    numeric: dict[str, Any] | None
    loss: FormulaValues | None
    conditions: list[ConditionValues]
    quantities: dict[str, QuantityValues]
    warnings: list[str]
    verified: bool
    steps: list[StepValues]
    heading: Prose
    pages: PageValues


def in_lists(v: Any) -> Any:
    """A number as it is, an array as lists of numbers."""
    return v.tolist() if hasattr(v, "tolist") else v


def as_dict(d: Derived) -> Values:
    """Plain values for JSON."""
    notation = d.problem.notation
    style = for_numbers_of(d, PLAIN)
    return {
        "schema_version": SCHEMA_VERSION,
        "title": prose(d.title, notation, PLAIN),
        "detail": str(d.problem.asked.detail),
        "parameters": {reported(k): latex(Sym(k), notation) for k in d.problem.parameters},
        "n": d.problem.as_asked.size,
        "outcome": d.outcome,
        "how": {reported(k): v for k, v in d.how.items()},
        "certainty": {reported(k): v for k, v in d.certainty.items()},
        "estimates": {k: str(v) for k, v in d.estimates.items()},
        "estimates_latex": {reported(k): latex(f, notation) for k, f in d.reported_answers.items()},
        "numeric": None if d.numeric is None else {reported(k): in_lists(v) for k, v in d.numeric.items()},
        "loss": None if d.loss_formula is None else _formula(d.loss_formula, notation),
        "conditions": [
            {
                "kind": c.kind,
                "latex": [latex(r, notation) for r in c.relations],
                "sympy": [_sympy(r) for r in c.relations],
                "words": prose(c.words, notation, PLAIN),
            }
            for c in d.conditions
        ],
        "quantities": {k: {"exact": str(v[0]), "latex": latex(d.named[k][0], notation), "float": v[1]} for k, v in d.quantities.items()},
        "warnings": list(d.warnings),
        "verified": d.verified,
        "steps": [
            {
                "title": s.title,
                "number": s.number,
                "lines": [{"latex": x.latex, "reason": x.reason, "verified": x.verified, "detail": x.detail} for x in s.lines],
            }
            for s in steps(d)
        ],
        "heading": _prose(d.title, notation),
        "pages": {
            "brief": _page(d, Detail.BRIEF, style),
            "standard": _page(d, Detail.STANDARD, style),
            "full": _page(d, Detail.FULL, style),
        },
    }


def _page(d: Derived, detail: Detail, style: Style) -> list[SectionValues]:
    """The sections of a page, with what they hold in order."""
    notation = d.problem.notation
    out: list[SectionValues] = []
    number = 0
    for s in shown(d.sections, detail):
        number += s.numbered
        out.append({
            "key": s.key, "title": _prose(style.said(s.title), notation), "number": number if s.numbered else None,
            "blocks": [_block(b, notation, style) for b in s.blocks if not isinstance(b, Display) or b.lines],
        })  # fmt: skip
    return out


def _block(b: Block, notation: Mapping[str, str], style: Style) -> BlockValues:
    if isinstance(b, Display):
        return {"kind": "display", "lines": [_line(x, notation, style) for x in b.lines]}
    if isinstance(b, Table):
        head, *rows = [[_prose(c, notation) for c in cells] for cells in (b.head, *b.rows)]
        return {"kind": "table", "head": head, "rows": rows}
    return {"kind": "text", "content": _prose(style.said(b), notation)}


def _line(x: Line, notation: Mapping[str, str], style: Style) -> DisplayLineValues:
    f = style.shown(x.formula)
    assert isinstance(f, Relation)
    return {
        "latex": latex(f, notation),
        "sympy": _sympy(f),
        "left": None if x.continues else _formula(f.sides[0], notation),
        "right": [
            {"sign": sign, "sign_latex": SIGNS[sign], "latex": latex(side, notation), "sympy": _sympy(side)}
            for sign, side in zip(f.signs, f.sides[1:], strict=True)
        ],
        "reason": None if x.reason is None else _prose(style.said(x.reason), notation),
        "rule": None if x.rule is None else str(x.rule),
        "evidence": _evidence(x.evidence),
    }


def _evidence(e: Evidence) -> EvidenceValues:
    return {"kind": e.kind, "how": e.how, "points": e.points}


def _prose(w: Words, notation: Mapping[str, str]) -> Prose:
    return [{"text": p} if isinstance(p, str) else _formula(p, notation) for p in w.parts]


def _formula(f: Formula, notation: Mapping[str, str]) -> FormulaValues:
    return {"latex": latex(f, notation), "sympy": _sympy(f)}


def _sympy(f: Formula) -> str | None:
    """Text that can be pasted back as input; None for what has none, as an integral."""
    try:
        return plain(f)
    except TypeError:
        return None


__all__ = ["SCHEMA_VERSION", "Values", "as_dict"]
