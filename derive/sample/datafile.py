"""Columns of a CSV file."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import NotValid
from .columns import LARGE, Column, number

DELIMITERS = ",;\t"
LONGEST_HEADER = 1_000_000  # characters of the first line


def is_column(spec: str) -> bool:
    """Whether a text names a CSV file and perhaps columns of it: "waits.csv", "waits.csv:minutes"."""
    file, _, names = spec.rpartition(":")
    return spec.lower().endswith((".csv", ".tsv")) or (bool(names) and file.lower().endswith((".csv", ".tsv")))


def load_column(spec: str, folder: str | Path = ".") -> Column | dict[str, Column]:
    """The column that "FILE.csv:COLUMN" names; a mapping of columns for "FILE.csv:COLUMN,COLUMN".

    The file has a header.  Where it has one column only, "FILE.csv" is enough.  folder: what FILE is relative to.
    Up to 1000 numbers are fractions, more are a NumPy array of floats.  Raises NotValid naming the file, the columns
    that there are, or the row and the cell that is not a number.
    """
    file, names = (spec, "") if spec.lower().endswith((".csv", ".tsv")) else spec.rpartition(":")[::2]
    path = Path(folder) / file
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            return _load(stream, path, [n.strip() for n in names.split(",") if n.strip()])
    except FileNotFoundError:
        raise NotValid(f"there is no file {path}", hint="write data as FILE.csv:COLUMN or as numbers: 2,4,6") from None
    except OSError as e:
        raise NotValid(f"the file {path} cannot be read: {e.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as e:
        raise NotValid(f"{path} is not a CSV file in UTF-8: {e}") from None


def _load(stream: Any, path: Path, names: list[str]) -> Column | dict[str, Column]:
    first = stream.readline(LONGEST_HEADER)
    delimiter = max(DELIMITERS, key=first.count)
    header = [c.strip() for c in next(csv.reader([first], delimiter=delimiter), [])]
    if not any(header):
        raise NotValid(f"{path} is empty")
    there = "its columns are " + ", ".join(header)
    if not names:
        if len(header) > 1:
            raise NotValid(f"which column of {path}?", hint=f"{there}; write {path}:{header[0]}")
        names = header
    for n in names:
        if n not in header:
            raise NotValid(f"{path} has no column {n!r}", hint=there)
    places = [header.index(n) for n in names]
    columns = _columns(csv.reader(stream, delimiter=delimiter), places, path)
    return columns[0] if len(names) == 1 else dict(zip(names, columns, strict=True))


def _columns(rows: Iterator[list[str]], places: list[int], path: Path) -> list[Column]:
    exact: list[list[Fraction]] = [[] for _ in places]
    many: list[array[float]] = [array("d") for _ in places]
    for count, (line, row) in enumerate((line, row) for line, row in enumerate(rows, 2) if row):
        for k, place in enumerate(places):
            cell = row[place].strip() if place < len(row) else ""
            if count < LARGE:
                exact[k].append(number(cell, f"row {line} of {path}"))
            else:
                many[k].append(_float(cell, line, path))
    if not many[0]:
        return [tuple(c) for c in exact]
    import numpy as np

    return [np.concatenate([np.array([float(x) for x in a]), np.frombuffer(b)]) for a, b in zip(exact, many, strict=True)]


def _float(cell: str, line: int, path: Path) -> float:
    try:
        v = float(cell)
    except ValueError:
        v = float("nan")
    return v if v - v == 0 else float(number(cell, f"row {line} of {path}"))
