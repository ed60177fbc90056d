"""Numbers as a person types them in a row: "2,4,6", "2.5; 3.5", "2,5 3,5 4,1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import NotValid

COMMA = re.compile(r"[+-]?\d+,\d+\Z")  # a number with a decimal comma, or one with thousands
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\Z")
MISSING = frozenset({"", "na", "n/a", "nan", "<na>", "nat", "null", "none"})  # cells that say there is nothing


@dataclass(frozen=True)
class Row:
    """entries: the numbers as text, None for a gap.  commas: whether decimal commas were read, written as points here."""

    entries: tuple[str | None, ...]
    commas: bool = False


def row_of_numbers(text: str, what: str) -> Row:
    """The numbers of one line, separated by commas, semicolons or blanks.  what: how an error calls the line.

    Commas are decimal commas where something else separates the numbers and each of them has one: "2,5;3", "2,5 3,5".
    Raises NotValid where they may be either.
    """
    text = re.sub(r"\A[\[({](.*)[\])}]\Z", r"\1", text.strip(), flags=re.S)
    pieces = [p for p in re.split(r"[\s;]+", text.strip()) if p]
    inside = [p for p in pieces if re.search(r"\d,[+-]?[\d.]", p)]  # pieces with a comma between two digits
    if len(pieces) == 1 and THOUSANDS.match(pieces[0]):  # 1,200 is one number or two
        apart = pieces[0].replace(",", " ")
        raise NotValid(
            f"{what}: is this {pieces[0].replace(',', '')} or {apart.replace(' ', ', ')}?", hint=f"separate numbers by blanks: {apart}"
        )
    if len(pieces) < 2 or not inside:
        return Row(_separated(text))
    asked = f"{what}: do the commas separate the numbers or the decimals?"
    hint = "separate numbers by commas and write decimals with a point: 2.5,3.5"
    if not all(COMMA.match(p.strip(",")) for p in inside):
        if ";" in text or any(THOUSANDS.match(p) for p in inside):
            raise NotValid(asked, hint=hint)
        return Row(_separated(text))  # 1,2,3 4,5 can only be a list
    ends = any(p.startswith(",") or p.endswith(",") for p in pieces)
    if ends or (len(inside) < len(pieces) and ";" not in text):
        raise NotValid(asked, hint=hint)
    which_comma(inside, what)
    return Row(tuple(p.replace(",", ".") for p in pieces), True)


def which_comma(cells: Sequence[str], what: str) -> None:
    """Raises NotValid where numbers with a comma, 1,200, may be thousands as well as decimals."""
    if all(THOUSANDS.match(c) for c in cells):
        raise NotValid(
            f"{what} has {cells[0]}: is this {cells[0].replace(',', '')} or {cells[0].replace(',', '.', 1)}?",
            hint="write thousands without a comma, and decimals with a point",
        )


def _separated(text: str) -> tuple[str | None, ...]:
    """The entries between commas and semicolons, or blanks; nothing between two commas is a gap."""
    between = [part.split() for part in re.split(r"[,;]", text)]
    return tuple(x for part in between for x in (part or [None])) if any(between) else ()


__all__ = ["COMMA", "MISSING", "THOUSANDS", "Row", "row_of_numbers", "which_comma"]
