"""Columns of a CSV file: which there are, and their numbers, read row by row.

A file may begin with a header or with its first observation; cells may be separated by commas, semicolons or tabs, and have
decimal commas where those can be nothing else.  What was decided is said in the notes.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..errors import NotValid
from .columns import DECIMAL, INFINITE, LARGE, LEAVE_OUT, RATIO, Floats, MissingValue, has_numpy, number, prints_more
from .events import seen
from .written import COMMA, MISSING, THOUSANDS, which_comma

ENDINGS = r"\.(?:csv|tsv)(?:\.gz)?"
SPEC = re.compile(rf"(?P<file>.*{ENDINGS})(?::(?P<names>.*))?\Z", re.I | re.S)
LONGEST_HEADER = 1_000_000  # characters of the first line
LOOKED_AT = 50  # lines by which it is told which columns hold numbers
SHOWN_PLACES = 5  # lines that are named one by one


def is_column(spec: str) -> bool:
    """Whether a text names a CSV file and perhaps columns of it: "waits.csv", "waits.csv:minutes", "waits.csv.gz"."""
    return SPEC.match(spec) is not None


def beside(spec: str, folder: Path) -> str:
    """The same file and columns, with the file relative to a folder."""
    found = SPEC.match(spec)
    assert found is not None
    return str(folder / found["file"]) + (f":{found['names']}" if found["names"] is not None else "")


@dataclass(frozen=True)
class Header:
    """What the beginning of a file tells.

    path: what errors call it.  names: of the columns, numbered from 1 where there is no header.  numeric: whether a column
    begins with numbers.  asked: the columns that stood behind the name of the file.  doubtful: the first line may be an
    observation as well as a header.
    """

    path: str
    names: tuple[str, ...]
    numeric: Mapping[str, bool]
    asked: tuple[str, ...] = ()
    doubtful: bool = False

    @property
    def there(self) -> str:
        """The columns in words."""
        return "its columns are " + ", ".join(self.names)


@dataclass
class Loaded:
    """Columns of a file by name, and what is to be said of how they were read."""

    columns: dict[str, Any]
    notes: list[str] = field(default_factory=list)


Choose = Callable[[Header], Sequence[str]]  # from the columns that there are to those that are wanted


def load(source: Any, choose: Choose, drop: bool = False, event: str | None = None) -> Loaded:
    """The wanted columns of a CSV file.

    source: a path, "FILE.csv:COLUMN,COLUMN", or an open text file.  choose: which columns, from the header.  drop: leave
    out rows with a gap in them.  event: the column of events, where words may stand for 1 and 0.  Up to 1000 numbers are
    fractions, more a NumPy array of floats.
    Raises NotValid naming the file, the columns that there are, or the line and the cell that is not a number.
    """
    if hasattr(source, "read"):
        name = getattr(source, "name", None)
        shown = "standard input" if name in (None, "<stdin>") or not isinstance(name, str) else name
        with _reading(shown), _kept_place(source):
            if not isinstance(source.read(0), str):
                raise NotValid(f"{shown} was opened as bytes", hint='open it as text, open(..., newline=""), or give its name')
            return _load(iter(source.readline, ""), shown, (), choose, drop, event)
    found = SPEC.match(str(source))
    path = Path(found["file"] if found else source)
    written = found["names"] if found is not None and isinstance(source, str) else None
    names = tuple(n.strip() for n in (written or "").split(",") if n.strip())
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with _reading(str(path)), opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return _load(stream, str(path), names, choose, drop, event)


def names_in(source: Any) -> tuple[str, ...]:
    """The names of the columns of a CSV file, or those that stand behind its name; none where they cannot be read without more ado."""
    found = SPEC.match(str(source))
    if found is not None and found["names"] and isinstance(source, str):
        return tuple(n.strip() for n in found["names"].split(",") if n.strip())
    path = Path(found["file"] if found else source)
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            first = stream.readline(LONGEST_HEADER)
            return tuple(c.strip() for c in next(csv.reader([first], delimiter=_delimiter(first)), []))
    except (OSError, EOFError, ValueError, csv.Error, zlib.error):
        return ()


def similar(path: Path) -> str | None:
    """A file beside this one whose name is like it, as a question; None where there is none."""
    try:
        there = [p.name for p in islice(path.parent.iterdir(), 10_000)]
    except OSError:
        return None
    near = get_close_matches(path.name, there, 1, 0.7)
    return f"did you mean {path.parent / near[0]}?" if near else None


@contextmanager
def _reading(path: str) -> Iterator[None]:
    """What can go wrong with a file, as one message."""
    try:
        yield
    except FileNotFoundError:
        raise NotValid(
            f"there is no file {path}", hint=similar(Path(path)) or "write data as FILE.csv:COLUMN or as numbers: 2,4,6"
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as e:
        raise NotValid(f"{path} is no whole gzip file: {e}") from None
    except OSError as e:
        raise NotValid(f"the file {path} cannot be read: {e.strerror or e}") from None
    except (ValueError, csv.Error) as e:  # not in UTF-8, a name with a zero in it
        raise NotValid(f"{path} is not a CSV file in UTF-8: {e}", hint="save it as CSV in UTF-8") from None


@contextmanager
def _kept_place(stream: Any) -> Iterator[None]:
    """An open file is left as it was found, where it can be: a question may be posed twice."""
    try:
        place = stream.tell()
    except (OSError, AttributeError, ValueError):
        place = None
    try:
        yield
    finally:
        if place is not None:
            stream.seek(place)


def _load(stream: Iterator[str], path: str, asked: tuple[str, ...], choose: Choose, drop: bool, event: str | None) -> Loaded:
    first = next(stream, "")[:LONGEST_HEADER]
    beginning = [first, *islice(stream, LOOKED_AT)]
    delimiter = _delimiter(first)
    rows = list(csv.reader(beginning, delimiter=delimiter))
    cells = [c.strip() for c in rows[0]] if rows else []
    if not any(cells):
        if len(rows) < 2:
            raise NotValid(f"{path} is empty")
        raise NotValid(f"the first line of {path} is empty", hint="remove the empty lines above the header")
    headed = not all(_is_number(c) for c in cells if c)
    if not headed and asked and set(asked) <= set(cells):
        if all(n.isdecimal() and int(n) <= len(cells) for n in asked):
            raise NotValid(f"{path} begins with numbers: is {asked[0]} the place of a column, or its name?", hint="give the file a header")
        headed = True  # years, for example
    names = tuple(cells) if headed else tuple(str(k) for k in range(1, len(cells) + 1))
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise NotValid(f"{path} has two columns called {twice!r}", hint="give each column a name of its own")
    body = rows[1:] if headed else rows
    numeric = {n: _all_numbers([r[k].strip() for r in body if k < len(r)]) for k, n in enumerate(names)}
    header = Header(path, names, numeric, asked, headed and any(map(_is_number, cells)))
    wanted = list(choose(header))
    notes = [] if headed else [f"{path} has no header: its first line is the first observation."]
    columns = [_Numbers(n, path, n == event, len(names) > 1) for n in wanted]
    places = [names.index(n) for n in wanted]
    whole = csv.reader(chain(beginning, stream), delimiter=delimiter)
    gaps = _fill(columns, places, ((whole.line_num, row) for row in whole), len(names), headed, drop, path)
    if gaps:
        notes.append(f"Left out, as they have gaps: {in_words(gaps, 'line')} of {path}.")
    out = {c.name: c.column() for c in columns}
    if any(c.commas for c in columns):
        notes.append(f"The commas in the numbers of {path} are decimal commas.")
    return Loaded(out, notes)


def _fill(
    columns: list[_Numbers], places: list[int], rows: Iterator[tuple[int, list[str]]], width: int, headed: bool, drop: bool, path: str
) -> list[int]:
    """Put the cells of all rows into their columns; the rows that were left out."""
    gaps: list[int] = []
    blank: list[int] = []  # lines without anything on them: a gap in a single column, unless nothing follows
    if headed:
        next(rows, None)
    for line, row in rows:
        if not row:
            blank += [line] if width == 1 else []
            continue
        if len(row) == width and not blank and columns[0].many and _taken(columns, row, places):
            continue
        empty, blank = blank, []
        if width == 1 and len(row) == 2 and headed:
            row = [",".join(row)]  # a decimal comma, or thousands
        if len(row) > width and any(c.strip() for c in row[width:]):
            raise NotValid(f"line {line} of {path} has {len(row)} cells, not {width}", hint="a cell with a comma in it stands in quotes")
        cells = [row[k].strip() if k < len(row) else "" for k in places]
        for at, found in (*((k, [""] * len(places)) for k in empty), (line, cells)):
            if any(c.lower() in MISSING for c in found):
                if not drop:
                    k = next(k for k, c in enumerate(found) if c.lower() in MISSING)
                    raise MissingValue(f"{columns[k].place(at)} is missing", hint=LEAVE_OUT)
                gaps.append(at)
                continue
            for column, c in zip(columns, found, strict=True):
                column.add(c, at)
    return gaps


def _taken(columns: list[_Numbers], row: list[str], places: list[int]) -> bool:
    """Whether all cells of a row were plain numbers, and were put into their columns."""
    values = []
    for column, k in zip(columns, places, strict=True):
        cell = row[k]
        try:
            v = float(cell)
        except ValueError:
            return False
        if v - v != 0 or "_" in cell:
            return False
        if column.events and v not in (0, 1):
            return False
        if not column.point and "." in cell:
            column.point = cell
        values.append(v)
    for column, v in zip(columns, values, strict=True):
        column.many.append(v)
    return True


def _delimiter(first: str) -> str:
    """What separates the cells of a file, by its first line."""
    outside = re.sub(r'"[^"]*"', "", first)
    return next((d for d in "\t;" if d in outside), ",")


def _is_number(cell: str) -> bool:
    return bool(DECIMAL.match(cell) or RATIO.match(cell) or COMMA.match(cell)) or cell.lower() in INFINITE


def _all_numbers(cells: Sequence[str]) -> bool:
    there = [c for c in cells if c.lower() not in MISSING]
    return bool(there) and all(_is_number(c) or THOUSANDS.match(c) for c in there)


def in_words(places: Sequence[int], what: str) -> str:
    """Lines or observations by their numbers: a few of them, and how many there are."""
    more = f" and {len(places) - SHOWN_PLACES} others" if len(places) > SHOWN_PLACES else ""
    shown = ", ".join(map(str, places[:SHOWN_PLACES])) + more
    return f"{what} {shown}" if len(places) == 1 else f"{len(places)} {what}s ({shown})"


class _Numbers:
    """The numbers of one column while its file is read: fractions first, floats where there are many."""

    def __init__(self, name: str, path: str, events: bool = False, beside: bool = False):
        self.name, self.path, self.events, self.beside = name, path, events, beside
        self.exact: list[Fraction] = []
        self.printed = False  # whether some decimal has more digits than a person writes
        self.many: array[float] = array("d")
        self.commas: list[str] = []  # some cells with a comma: one that is no group of thousands, where there is any
        self.point = ""  # a cell with a decimal point

    def place(self, line: int) -> str:
        """How an error calls the cell on a line."""
        return f"line {line} of {self.path}" + (f", column {self.name}," if self.beside else "")

    def add(self, cell: str, line: int) -> None:
        """One more cell.  Raises NotValid where it is not a number, or an event that is neither 1 nor 0."""
        what = self.place(line)
        if self.events:
            cell = "1" if seen(cell, what, self.name) else "0"
        if "," in cell and COMMA.match(cell):
            if not self.commas or (THOUSANDS.match(self.commas[0]) and not THOUSANDS.match(cell)):
                self.commas = [cell]
            cell = cell.replace(",", ".")
        elif "." in cell and not self.point:
            self.point = cell
        if len(self.exact) < LARGE or not has_numpy():
            self.exact.append(number(cell, what))
            self.printed = self.printed or (DECIMAL.match(cell) is not None and prints_more(cell.lower()))
            return
        try:
            v = float("nan" if "_" in cell else cell)
        except ValueError:
            v = float("nan")
        self.many.append(v if v - v == 0 else float(number(cell, what)))

    def column(self) -> Any:
        """The finished column.  Raises NotValid where its commas may mean thousands."""
        if self.commas:
            which_comma(self.commas, f"the column {self.name} of {self.path}")
            if self.point:
                raise NotValid(
                    f"the column {self.name} of {self.path} has numbers with a comma and with a point: {self.commas[0]} and {self.point}",
                    hint="write all decimals in one way, and thousands without a sign between them",
                )
        if not self.many:
            return Floats(self.exact) if self.printed else tuple(self.exact)
        import numpy as np

        return np.concatenate([np.array([float(x) for x in self.exact]), np.frombuffer(self.many)])


__all__ = ["Header", "Loaded", "beside", "in_words", "is_column", "load", "similar"]
