"""One side of a relation, as a student writes it -> its readings as formulas, the likeliest first.

The notation is that of LaTeX with what students write besides (`student`); where it leaves a choice (how far a logarithm or a product reaches, what
is differentiated by), every choice is made in turn instead of asking.
"""

from __future__ import annotations

import re

from ...errors import NotValid
from ...formula.tree import Formula
from ...reading.tex.parser import Parser
from .notation_scan import Notation
from .spelling import prepare
from .student.table import STUDENT
from .student.writer import P, Writer

MOST, TRIES = 6, 24  # readings of one side, and attempts at them
EITHER = re.compile(r"\\pm(?![a-zA-Z])|\\mp(?![a-zA-Z])|±|∓")  # plus or minus


def _signed(text: str, signs: str) -> str:
    """The text with the first sign for plus-minus, the second for minus-plus."""
    return EITHER.sub(lambda m: signs[m[0] in ("\\mp", "∓")], text)


def parser(text: str, notation: Notation, script: tuple[int, ...] = ()) -> P:
    """A parser of one side, with the choices to make."""
    return Parser(text, notation.context, STUDENT, Writer(notation, script))


def readings(text: str, notation: Notation) -> list[Formula]:
    """Every way to read a side; plus-minus is read as either.  Raises NotValid where there is none."""
    if EITHER.search(text):
        return [*readings(_signed(text, "+-"), notation), *readings(_signed(text, "-+"), notation)]
    src = prepare(text, notation)
    queue: list[tuple[int, ...]] = [()]
    out: list[Formula] = []
    error: NotValid | None = None
    tries = 0
    while queue and len(out) < MOST and tries < TRIES:
        tries += 1
        script = queue.pop(0)
        p = parser(src, notation, script)
        try:
            f = p.whole()
            if f not in out:
                out.append(f)
        except NotValid as e:
            error = error or e
        options = p.writer.options
        for k in range(len(script), len(options)):
            queue += [(*script, *[0] * (k - len(script)), j) for j in range(1, options[k])]
        del queue[4 * MOST :]
    if not out:
        raise error or NotValid("there is no formula here")
    return out
