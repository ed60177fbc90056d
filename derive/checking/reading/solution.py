"""The text of a solution -> its claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...errors import NotValid
from ...reading.source import Source
from ..claims import Solution
from .chains import assemble
from .formula_rows import has_decimal_comma
from .notation_scan import Declared, notation
from .reader import Reader
from .segments import Segment, lines_of_words
from .stream import cut_up, stream
from .worded import worded

if TYPE_CHECKING:
    from ...problem.problem import Problem

LONGEST = 400_000  # characters of a solution
LONGEST_FORMULA = 60_000


def read_solution(solution: str | Sequence[object], problem: Problem) -> Solution:
    """What a solution says, in the problem's own names.  What is not understood is a claim with `unread` set.

    solution: Markdown or LaTeX text, or a list of SymPy expressions and relations.
    Raises NotValid for a text that is too long to be a solution.
    """
    return read(solution, Declared.of(problem))


def read(solution: str | Sequence[object], declared: Declared) -> Solution:
    """The same for declared names."""
    text = solution if isinstance(solution, str) else _lines(solution)
    if len(text) > LONGEST:
        raise NotValid(f"the solution has {len(text)} characters; at most {LONGEST} are read", hint="check the part that matters")
    found = cut_up(text, not isinstance(solution, str))
    formulas = [part for part in found if isinstance(part, Segment)]
    remarks = [
        f"line {s.line}: a formula of {len(s.text)} characters was left out; at most {LONGEST_FORMULA} are read"
        for s in formulas if _too_long(s)
    ]  # fmt: skip
    remarks += [f"line {s.line}: the formula that begins here is never closed" for s in formulas if not s.closed][:5]
    found = [part for part in found if not (isinstance(part, Segment) and _too_long(part))]
    items = stream(text, found)
    comma = has_decimal_comma(text)
    reader = Reader(notation((s.text for s in formulas if not _too_long(s)), declared, "," if comma else "."))
    for number, chain in enumerate(worded(assemble(items, text), declared.parameters), 1):
        reader.chain(chain, number)
    prose = [words for part in found if isinstance(part, Source) for words in lines_of_words(part)]
    return Solution(text, tuple(reader.claims), tuple(reader.mentions), tuple(prose), (*remarks, *reader.remarks))


def _too_long(s: Segment) -> bool:
    return len(s.text) > LONGEST_FORMULA and s.syntax == "latex"


def _lines(solution: Sequence[object]) -> str:
    """SymPy expressions and relations as text, one a line."""
    if isinstance(solution, (bytes, bytearray)) or not isinstance(solution, (list, tuple)):
        raise NotValid(f"a solution is text or a list of SymPy expressions and relations, not {type(solution).__name__}")
    return "\n".join(str(e).replace("\n", " ") for e in solution)


__all__ = ["read", "read_solution"]
