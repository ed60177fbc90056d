"""Formulas in program text: SymPy's relations, and lines of SymPy expressions.

Eq(n/theta - S, 0)        l(theta) = n*log(theta) - theta*S        lambda_hat = n/sum(x)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...reading.source import Source
from .vocabulary import ARROWS, SIGNS

CODE = re.compile(
    r"^\s*(?:import\b|from\b|print\b|for\b|while\b|def\b|return\b|if\b|#|@|\w+(?:\s*,\s*\w+)*\s*=\s*(?:sp\.|sympy\.)?(?:symbols|Symbol|IndexedBase)\b)"
)
SYMBOLS = re.compile(r"^\s*(\w+(?:\s*,\s*\w+)*)\s*=\s*(?:sp\.|sympy\.)?(?:symbols|Symbol|IndexedBase)\s*\(\s*['\"]([^'\"]*)['\"]")
EQ = re.compile(
    r"^\s*(?:sp\.|sympy\.)?(Eq|Ne|Lt|Le|Gt|Ge|Equality|Unequality|StrictLessThan|LessThan|StrictGreaterThan|GreaterThan)\s*\((.*)\)\s*$"
)
EQ_SIGN = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">=", "Equality": "=", "Unequality": "!=", "StrictLessThan": "<",
           "LessThan": "<=", "StrictGreaterThan": ">", "GreaterThan": ">="}  # fmt: skip
PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|[-*+•]\s|\d+[.)]\s)\s*")
REMARK = re.compile(r"\s#.*$")
WORD = re.compile(r"[A-Za-z_]\w*")
UNEVALUATED = re.compile(r",\s*evaluate\s*=\s*False\s*$")
SPLIT = re.compile(r"(=>|->|<=>|:=|<=|>=|!=|==|[=<>≤≥≠≈∝∼⟹⇒→⇔∴])")


@dataclass(slots=True)
class Typed:
    """One line of typed formulas: sides and signs in order; joined: how the chain is linked to the one before."""

    sides: list[Source]
    signs: list[str]
    joined: str = ""


def typed(source: Source, calls: bool = False) -> Iterator[Typed]:
    """The chains of a stretch of program text, line by line; what is around them is passed over.

    calls: only relations that are called for (Eq, Le) are read: an assignment in a program claims nothing.
    """
    renamed: dict[str, str] = {}
    at = 0
    for text in source.text.split("\n"):
        row = source[at : at + len(text)].sub(PROMPT, "").sub(REMARK, "").stripped()
        row = row[: len(row.text.rstrip(".;,"))]
        at += len(text) + 1
        made = SYMBOLS.match(row.text)
        if made:
            renamed.update(zip(re.findall(r"\w+", made[1]), re.findall(r"\w+", made[2]), strict=False))
        if not row.text or CODE.match(row.text):
            continue
        if renamed:
            row = row.sub(WORD, lambda m: renamed.get(m[0], m[0]))
        relation = EQ.match(row.text)
        if relation:
            a, b = _two(row[relation.start(2) : relation.end(2)])
            if b.text:
                yield Typed([a, b], [EQ_SIGN[relation.group(1)]])
                continue
        if not calls:
            yield from _chains(row)


def _chains(source: Source) -> Iterator[Typed]:
    """a = b => c = d: cut at the signs outside brackets."""
    row = source.text
    current = Typed([], [])
    depth = last = 0
    at = 0
    while at < len(row):
        c = row[at]
        depth += (c in "([{") - (c in ")]}")
        m = SPLIT.match(row, at) if depth <= 0 else None
        if m is None and not (depth <= 0 and c in ",;" and " " in row[at + 1 : at + 2]):
            at += 1
            continue
        current.sides.append(source[last:at].stripped())
        if m is not None and m.group() in SIGNS and m.group() not in ARROWS:
            current.signs.append(SIGNS[m.group()])
        else:
            if current.signs and all(s.text for s in current.sides):
                yield current
            current = Typed([], [], ARROWS.get(m.group(), "") if m is not None else "")
        at = m.end() if m is not None else at + 1
        last = at
    current.sides.append(source[last:].stripped())
    if all(s.text for s in current.sides):
        yield current


def _two(inside: Source) -> tuple[Source, Source]:
    """The two arguments of Eq(a, b)."""
    depth = 0
    for k, c in enumerate(inside.text):
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            return inside[:k].stripped(), inside[k + 1 :].sub(UNEVALUATED, "").stripped()
    return inside, inside[:0]
