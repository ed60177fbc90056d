"""One side of a relation, as a student writes it -> its readings as formulas, the likeliest first.

The notation is that of LaTeX with what students write besides (`student`); where it leaves a choice (how far a logarithm
or a product reaches, what is differentiated by), every choice is made in turn instead of asking.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...errors import NotValid
from ...formula.tree import Formula
from ...reading.source import Source
from ...reading.tex.parsed import Parsed, parsed
from ...reading.tex.parser import Parser
from .notation_scan import Notation
from .spelling import prepare
from .student.table import STUDENT
from .student.writer import P, Writer

MOST, TRIES = 6, 24  # readings of one side, and attempts at them
EITHER = re.compile(r"\\pm(?![a-zA-Z])|\\mp(?![a-zA-Z])|±|∓")  # plus or minus


def _signed(source: Source, signs: str) -> Source:
    """The text with the first sign for plus-minus, the second for minus-plus."""
    return source.sub(EITHER, lambda m: signs[m[0] in ("\\mp", "∓")])


def parser(text: str, notation: Notation, script: tuple[int, ...] = ()) -> P:
    """A parser of one side, with the choices to make."""
    return Parser(text, notation.context, STUDENT, Writer(notation, script))


def readings(source: Source, notation: Notation) -> list[Parsed]:
    """Every way to read a side, with the places of its parts; plus-minus is read as either.  Raises NotValid where there is none."""
    if EITHER.search(source.text):
        return [*readings(_signed(source, "+-"), notation), *readings(_signed(source, "-+"), notation)]
    prepared = prepare(source, notation)
    queue: list[tuple[int, ...]] = [()]
    out: dict[Formula, Parsed] = {}
    error: NotValid | None = None
    tries = 0
    while queue and len(out) < MOST and tries < TRIES:
        tries += 1
        script = queue.pop(0)
        p = parser(prepared.text, notation, script)
        try:
            found = parsed(p)
            out.setdefault(found.formula, replace(found, source=prepared.then(found.source)))
        except NotValid as e:
            error = error or e
        options = p.writer.options
        for k in range(len(script), len(options)):
            queue += [(*script, *[0] * (k - len(script)), j) for j in range(1, options[k])]
        del queue[4 * MOST :]
    if not out:
        raise error or NotValid("there is no formula here")
    return list(out.values())
