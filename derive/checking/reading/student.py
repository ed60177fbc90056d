"""One side of a relation, as a student writes it -> its readings as formulas, the likeliest first."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.tree import Formula
from ...reading.context import Context
from ...reading.tex.statements import Statements


def readings(text: str, context: Context) -> list[Formula]:
    """Every way to read a side.  Raises NotValid where there is none."""
    reader = Statements(text, context)
    f = reader.first_side()
    if reader.peek().kind != "eof":
        reader.fail(f"{reader.peek().value!r} is not expected here")
    return [f]


__all__ = ["NotValid", "readings"]
