"""The observations on the command line: numbers, a column of a file, standard input, or a `Sample`."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import NotValid
from ..files import kind_of_file
from ..sample.columns import is_missing, number
from ..sample.datafile import is_column, similar
from ..sample.events import seen
from ..sample.sample import UNNAMED, Sample
from ..sample.written import row_of_numbers
from .entries import outside_brackets, pairs

STANDARD_INPUT = "standard input"
NUMBERS = ("right", "left", "weights", "truncation")
INTERVALS = re.compile(r"(?<=[\])])\s*[,;]?\s*(?=[(\[])")  # between two intervals
SIGNED = {"right": re.compile(r">(?!=)\s*|(?<=\d)\+"), "left": re.compile(r"<(?!=)\s*")}  # signs that say again what the option says


def put_data(kwargs: dict[str, Any], options: argparse.Namespace) -> None:
    """Put the observations into the keyword arguments: plain ones as they are, any other as a Sample."""
    data = None if options.data is None else _data(options)
    if isinstance(data, tuple) and options.event is not None:
        kwargs["event"] = [int(seen(e, f"event {j}")) for j, e in enumerate(_numbers(options.event, "event"), 1)]
    kinds: dict[str, Any] = {k: _numbers(getattr(options, k), k) for k in NUMBERS if getattr(options, k) is not None}
    if options.interval:
        kinds["interval"] = [i.strip() for text in options.interval for i in INTERVALS.split(text)]
    if options.counts is not None:
        kinds["counts"] = _counts(options.counts)
    if options.sum:
        kinds["sums"], kinds["n"] = pairs(options.sum, "sum"), kwargs.pop("n", None)
    if data is not None:
        kinds["exact"] = data
    if set(kinds) == {"exact"} and not isinstance(kwargs.get("data"), Sample):
        kwargs["data"] = data
    elif kinds:
        kwargs["data"] = Sample(**{**_given(kwargs.get("data")), **kinds})


def _given(data: Any) -> dict[str, Any]:
    """The arguments of `Sample` for the data of the problem file."""
    if not isinstance(data, Sample):
        return {} if data is None else {"exact": data}
    there: dict[str, Any] = {k: getattr(data, k) for k in data.kinds}
    if set(data.exact) == {UNNAMED}:
        there["exact"] = data.exact[UNNAMED]
    return there if data.n is None else {**there, "n": data.n}


def _data(options: argparse.Namespace) -> Any:
    text = options.data.strip()
    if is_column(text):
        return text
    if text == "-":
        return _standard_input(bool(options.column or options.event))
    if text.lower().endswith((".txt", ".dat")):
        return _numbers_in(_text_of(text), text, bool(options.column or options.event))
    if kind_of_file(text) is not None:
        more = "give a problem file in place of the density, or " if kind_of_file(text) == "problem" else ""
        raise NotValid(f"--data {text}: that is no CSV file", hint=f"{more}write --data FILE.csv:COLUMN, or numbers: --data 2,4,6")
    if "=" in text:
        return _vectors(text)
    if ":" in text and re.search(r"[A-Za-z]", text):
        raise NotValid(f"--data {text} names no CSV file", hint="write FILE.csv:COLUMN, or numbers: --data 2,4,6")
    return _as_numbers(text, "data")


def _vectors(text: str) -> dict[str, Any]:
    """Columns by name: x1=50,x2=30 is one observation, x=1 2 3, y=2 4 5 are three."""
    pieces = re.split(r"[,;\s]*(?:\A|(?<=[,;\s]))(\\?[A-Za-z]\w*)\s*=", text)
    if pieces[0].strip() or len(pieces) < 3:
        raise NotValid(
            f"--data {text}: these are neither numbers nor columns",
            hint="write --data 2,4,6 or, for several variables, --data 'x1=50,x2=30'",
        )
    out: dict[str, Any] = {}
    for name, numbers in zip(pieces[1::2], pieces[2::2], strict=True):
        if name in out:
            raise NotValid(f"--data gives {name} twice")
        found = _numbers(numbers, "data", f"{name} in ")
        out[name] = tuple(number(x, f"observation {j} of {name}") for j, x in enumerate(found, 1))
    return out


def _text_of(path: str) -> str:
    """The text of a file of numbers.  Raises NotValid where it cannot be read."""
    try:
        return Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise NotValid(f"there is no file {path}", hint=similar(Path(path))) from None
    except (OSError, UnicodeDecodeError) as e:
        raise NotValid(f"{path} cannot be read: {e}") from None


def _standard_input(table: bool) -> Any:
    """What stands in standard input: a table, or numbers in rows."""
    return _numbers_in(read_input("--data -"), STANDARD_INPUT, table)


def _numbers_in(text: str, source: str, table: bool) -> Any:
    """A table, or numbers in rows; lines that begin with # are comments, and none of a table."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not table:
        lines = [line for line in lines if not line.startswith("#")]
    first = lines[0] if lines else ""
    if table or re.search(r"[^\W\d_]", re.sub(r"(?i)\d[eE][+-]?\d|\b(?:nan|na|null|none)\b", "", first)):
        if source != STANDARD_INPUT:
            raise NotValid(f"{source} is not only numbers, one a line", hint="name a table .csv and write --data FILE.csv:COLUMN")
        return io.StringIO(text)
    if len(lines) > 1 and any("," in line for line in lines):
        raise NotValid(f"{source} has lines with commas and no header: are these columns, or decimal commas?", hint="give it a header")
    return _as_numbers(" ".join(lines) if len(lines) > 1 else first, "data")


def read_input(what: str) -> str:
    """All of standard input.  Raises NotValid where there is none or it is no text."""
    if sys.stdin is None:
        raise NotValid(f"{what}: standard input is closed")
    try:
        return sys.stdin.read()
    except (OSError, ValueError) as e:
        raise NotValid(f"{what}: standard input cannot be read: {e}") from None


def _as_numbers(text: str, option: str) -> tuple[Any, ...]:
    """The numbers of a text; None for a gap, which the question decides on.  Decimal commas are said."""
    return tuple(
        None if x is None or is_missing(x) else number(x, f"observation {j} of --{option}") for j, x in enumerate(_entries(text, option), 1)
    )


def _numbers(text: str, option: str, of: str = "") -> Sequence[str]:
    text = SIGNED[option].sub("", text) if option in SIGNED else text  # --right '>5' says the same twice
    found = _entries(text, option)
    for j, x in enumerate(found, 1):
        if x is None:
            raise NotValid(f"entry {j} of {of}--{option} is missing", hint="leave it out, with its comma")
    return [x for x in found if x is not None]


def _entries(text: str, option: str) -> Sequence[str | None]:
    row = row_of_numbers(text, f"--{option} {text.strip()}")
    if not row.entries:
        raise NotValid(f"--{option} is empty", hint=f"write numbers: --{option} 2,4,6")
    if row.commas:
        print(f"derive: the commas in --{option} are decimal commas: {', '.join(map(str, row.entries))}", file=sys.stderr)
    return row.entries


def _counts(text: str) -> dict[str, str]:
    """Values or intervals to their frequencies: 1=9000, also with a colon."""
    pieces = [re.sub(r"\A(\s*[^:=\s]+\s*):", r"\1=", p) for p in outside_brackets(text)]
    for p in pieces:
        cell = p.partition("=")[0].strip()
        m = re.fullmatch(r"(\d[\d.]*)\s*(?:-|–|to|bis|\.\.)\s*(\d[\d.]*)", cell)
        if m is not None:
            raise NotValid(
                f"--counts: is {cell} the interval above {m[1]} and at most {m[2]}?", hint=f"write --counts '({m[1]}, {m[2]}]=...'"
            )
        m = re.fullmatch(r"([<>≤≥]?)\s*(=?)\s*(\d[\d.]*)\s*(\+?)", cell)
        if m is not None and (m[1] or m[4]):
            end = f"(-oo, {m[3]}]" if m[1] in ("<", "≤") else f"({m[3]}, oo)"
            below = f"; {m[3]} or more as what is above the whole number before it" if m[4] or m[2] or m[1] == "≥" else ""
            raise NotValid(
                f"--counts: {cell} is not a value", hint=f"write an interval (a, b], above a and at most b: --counts '{end}=...'{below}"
            )
    return pairs(pieces, "counts")


__all__ = ["NUMBERS", "put_data", "read_input"]
