"""Problem files: a question in TOML, with the argument names of `derive.mle` as keys.

    density = '\\lambda e^{-\\lambda x}'
    parameters = {lambda = "positive"}
    quantities = {"mean wait" = "1/lambda"}

    [sample]
    exact = [2, 4, 6]
    right = [5]

Data may be named as a column of a CSV file beside the problem file: data = "waits.csv:minutes".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import NotValid
from ..files import as_path, kind_of_file
from ..sample.datafile import beside, is_column
from ..sample.sample import KINDS, Sample
from .arguments import ANY, ARGUMENTS, FLAG, LIST, NUMBER, TABLE, TEXT

LARGEST = 20_000_000  # bytes
HOLDS = {"density": TEXT, **{a.name: a.holds for a in ARGUMENTS}}  # what a key's value is
TYPES: Mapping[str, type] = {TEXT: str, LIST: list, ANY: object, TABLE: dict, NUMBER: int, FLAG: bool}
KEYS = tuple(k for kind in TYPES for k, held in HOLDS.items() if held == kind)
SAMPLE_KEYS = (*KINDS, "n")


def load_problem_file(path: str | Path) -> dict[str, Any]:
    """The arguments for `derive.mle` or `derive.Problem` that a problem file holds; a [sample] table becomes `data`.

    Raises NotValid where the file cannot be read, is not TOML (naming the line), or has a key that is no argument
    (naming the nearest one).
    """
    path = as_path(path)
    table = _table(path)
    sample = table.pop("sample", None)
    for key in table:
        _known(key, (*KEYS, "sample"), f"{path} has the key {key!r}, which is no argument of a problem")
    for key, value in table.items():
        _check_type(key, value, path)
    if sample is not None:
        if "data" in table:
            raise NotValid(f"{path} has both data and a [sample] table", hint="put the observations into [sample] as exact = [...]")
        if not isinstance(sample, dict):
            raise NotValid(f"sample in {path} is a table", hint="write [sample] on a line of its own, and exact = [2, 4, 6] below it")
        for key in sample:
            _known(key, SAMPLE_KEYS, f"the [sample] table of {path} has the key {key!r}, which a sample has not")
        table["data"] = Sample(**{k: _loaded(v, path.parent) for k, v in sample.items()})
    elif "data" in table:
        table["data"] = _loaded(table["data"], path.parent)
    return table


def _table(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8-sig") as stream:  # a device has no size
            text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise NotValid(f"{path} is too large for a problem file", hint="put the data into a CSV file: data = 'FILE.csv:COLUMN'")
    except FileNotFoundError:
        hint = None if kind_of_file(path) else "a problem file is TOML; a density is given as density='...'"
        raise NotValid(f"there is no file {path}", hint=hint) from None
    except OSError as e:
        raise NotValid(f"the file {path} cannot be read: {e.strerror}") from None
    except UnicodeDecodeError:
        raise NotValid(f"{path} is not text in UTF-8") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise NotValid(f"{path} is not TOML: {e}", text=text, position=_place(str(e), text), hint=_toml_hint(str(e))) from None
    except ValueError:  # Python reads whole numbers up to a length only
        raise NotValid(f"{path} has a number with too many digits") from None
    except RecursionError:
        raise NotValid(f"{path} is nested too deeply") from None


def _place(message: str, text: str) -> int | None:
    """The offset that "(at line 3, column 5)" speaks of."""
    m = re.search(r"line (\d+), column (\d+)", message)
    if m is None:
        return len(text.rstrip("\n"))
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: int(m[1]) - 1]) + int(m[2]) - 1


def _toml_hint(message: str) -> str:
    if "escape" in message:
        return r"write LaTeX in single quotes: density = '\lambda e^{-\lambda x}'"
    if "overwrite" in message:
        return "each key stands once"
    if "Expected '='" in message or "Invalid statement" in message:
        return "a problem file is TOML, KEY = VALUE on each line: density = 'exponential'"
    return "text stands in quotes: variable = 'x'"


def _known(key: str, keys: tuple[str, ...], message: str) -> None:
    if key not in keys:
        near = get_close_matches(key, keys, 1, 0.7)
        raise NotValid(message, hint=f"did you mean {near[0]}?" if near else "the keys are " + ", ".join(keys))


def _check_type(key: str, value: Any, path: Path) -> None:
    held = HOLDS[key]
    if not isinstance(value, TYPES[held]) or (held == NUMBER and isinstance(value, bool)):
        raise NotValid(f"{key} in {path} is {held}, not {value!r}")


def _loaded(value: Any, folder: Path) -> Any:
    """Names of CSV files as those of files beside the problem file."""
    if isinstance(value, str) and is_column(value):
        return beside(value, folder)
    if isinstance(value, Mapping):
        return {k: beside(v, folder) if isinstance(v, str) and is_column(v) else v for k, v in value.items()}
    return value


__all__ = ["KEYS", "load_problem_file"]
