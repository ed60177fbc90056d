"""The text of a solution -> its claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from ...errors import NotValid
from ...reading.source import Source
from ..claims import Solution
from .assertions import asserted
from .chains import assemble
from .document import understood, with_words
from .files import said_plainly
from .formula_rows import has_decimal_comma
from .notation_scan import Declared, notation, observations
from .reader import SHOWN, Reader
from .segments import Segment, lines_of_words
from .stream import Item, Sign, Words, cut_up, stream
from .told import told
from .typeset import typeset
from .worded import worded

if TYPE_CHECKING:
    from ...problem.problem import Problem

LONGEST = 400_000  # characters of a solution
LONGEST_FORMULA = 60_000


def read_solution(solution: str | Sequence[object], problem: Problem) -> Solution:
    """What a solution says, in the problem's own names.  What is not understood is a claim with `unread` set.

    solution: Markdown, LaTeX or plain text, or a list of SymPy expressions and relations.  The place of what stands in a
    notebook (`files.CellText`) is its cell.
    Raises NotValid for a text that is no solution: empty, too long, the name of a file, a table of numbers.
    """
    return read(solution, Declared.of(problem))


def read(solution: str | Sequence[object], declared: Declared) -> Solution:
    """The same for declared names."""
    text = solution if isinstance(solution, str) else _lines(solution)
    said_plainly(text)
    if len(text) > LONGEST:
        raise NotValid(f"the solution has {len(text)} characters; at most {LONGEST} are read", hint="check the part that matters")
    found = cut_up(text, not isinstance(solution, str))
    formulas = [part for part in found if isinstance(part, Segment)]
    remarks = [
        f"line {s.line}: a formula of {len(s.text)} characters was left out; at most {LONGEST_FORMULA} are read"
        for s in formulas if _too_long(s)
    ]  # fmt: skip
    remarks += [f"line {s.line}: the formula that begins here is never closed" for s in formulas if not s.closed][:5]
    declared = replace(declared, words=observations(text, declared))
    given = (*declared.parameters, *declared.known, *declared.variables, *declared.covariates, *declared.words)
    items = stream(text, [part for part in found if not (isinstance(part, Segment) and _too_long(part))], frozenset(given))
    comma = has_decimal_comma(text)
    reader = Reader(notation(_formulas(items, given, declared.words), declared, "," if comma else "."))
    chains = worded(assemble(items, text), declared.parameters, (*declared.variables, "x")[0], declared.known, declared.trials)
    for number, chain in enumerate(asserted(chains, items, declared.parameters, (*declared.variables, "x")[0], text), 1):
        reader.chain(chain, number)
    prose = [words for item in items if isinstance(item, Words) and not item.number for words in lines_of_words(text, item.start, item.end)]
    mentions = with_words(reader.mentions, items, text)
    claims = understood(reader.claims, mentions, items, text, declared.parameters)
    cells = getattr(text, "cells", ())
    if cells:
        claims = tuple(replace(c, source_line=cells[min(c.source_line, len(cells)) - 1]) for c in claims)
        mentions = tuple(replace(m, source_line=cells[min(m.source_line, len(cells)) - 1]) for m in mentions)
    return Solution(text, claims, mentions, tuple(prose), (*remarks, *reader.remarks), told(claims, mentions, items, text, comma))


def _formulas(items: Iterable[Item], given: Collection[str], words: Collection[str]) -> Iterator[str]:
    """The LaTeX of every formula."""
    for number, group in groupby(items, lambda item: item.number):
        if number:
            yield " ".join(part for item in group if (part := _latex(item, given, words)))


def _latex(item: Item, given: Collection[str], words: Collection[str]) -> str:
    if isinstance(item, Sign):
        return (
            SHOWN.get(item.value, item.value)
            if item.kind == "relation"
            else "\n"
            if item.kind == "row"
            else item.value
            if item.value in ",&"
            else ""
        )
    if isinstance(item, Words):
        return r"\text{%s}" % item.text
    try:
        return item.text if item.syntax == "latex" else typeset(Source.of(item.text), given, words).text
    except NotValid:
        return item.text


def _too_long(s: Segment) -> bool:
    return len(s.text) > LONGEST_FORMULA and s.syntax == "latex"


def _lines(solution: Sequence[object]) -> str:
    """SymPy expressions and relations as text, one a line."""
    if isinstance(solution, (bytes, bytearray)) or not isinstance(solution, (list, tuple)):
        raise NotValid(f"a solution is text or a list of SymPy expressions and relations, not {type(solution).__name__}")
    return "\n".join(str(e).replace("\n", " ") for e in solution)


__all__ = ["read", "read_solution"]
