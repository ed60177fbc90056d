"""Which columns of a table are the observations: of a file, a data frame, a mapping, or a bare sequence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import NotSupported, NotValid
from ..formula.names import canonical, reported
from .columns import MissingValue, gaps, is_scalar, number, without
from .datafile import Header, in_words, is_column, load
from .events import seen

LETTER = re.compile(r"\\?(?:[A-Za-z]|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|nu|sigma|tau|phi|omega)_?\d*\Z")
EVENT = "the event"  # the name of the column of events among the columns of variables: no letter is called so
DROP = 'missing="drop" leaves missing observations out'


@dataclass(frozen=True)
class Choice:
    """How a table is to be taken.

    column: the name of the column of observations, or a mapping of variables to names.  event: the name of a column of
    0 (only known to exceed) and 1 (seen), or that column itself.  missing: "error" or "drop".
    """

    column: str | Mapping[str, str] | None = None
    event: Any = None
    missing: str | None = None

    @property
    def drop(self) -> bool:
        """Whether rows with a gap are left out."""
        return self.missing == "drop"

    @property
    def remembered(self) -> Choice:
        """What holds for other data too."""
        return Choice(self.column, self.event if isinstance(self.event, str) else None, self.missing)


@dataclass(frozen=True)
class Taken:
    """columns: by variable.  event: the column of events, or None.  notes: what is to be said of what was taken."""

    columns: Mapping[str, Any]
    event: Any = None
    notes: tuple[str, ...] = ()


def is_file(data: Any) -> bool:
    """Whether data are a file: a path, a text that names one, or an open file."""
    return isinstance(data, Path) or hasattr(data, "read") or (isinstance(data, str) and is_column(data))


def is_frame(data: Any) -> bool:
    """Whether data are a frame of named columns: pandas', polars', a structured array."""
    named = getattr(getattr(data, "dtype", None), "names", None)
    return bool(named) or (hasattr(data, "columns") and hasattr(data, "__getitem__") and hasattr(data, "to_numpy"))


def is_table(data: Any) -> bool:
    """Whether data have named columns."""
    return is_file(data) or is_frame(data) or isinstance(data, Mapping)


def from_file(data: Any, variables: tuple[str, ...], covariates: tuple[str, ...], how: Choice) -> Taken:
    """The columns of a CSV file."""
    names, notes, by_variable = (*variables, *covariates), list[str](), dict[str, str]()
    if isinstance(data, Path) and not is_column(data.name):
        raise NotSupported(f"{data.name} is no CSV file", hint="files of observations end in .csv, .tsv or .csv.gz")

    def choose(header: Header) -> Sequence[str]:
        """The columns of the variables, and that of the events behind them."""
        if header.doubtful and not header.asked and how.column is None:
            raise NotValid(
                f"the first line of {header.path} has numbers and words: is it a header?",
                hint=f"name the column: {header.path}:{header.names[0]}; {header.there}",
            )
        by_variable.update(_chosen(header.names, header.numeric.__getitem__, names, how, header.path, header.asked, notes))
        event = [] if how.event is None else [_event_column(how.event, header.names, header.path)]
        return list(dict.fromkeys([*by_variable.values(), *event]))

    loaded = load(data, choose, how.drop, how.event)
    event = None if how.event is None else loaded.columns[how.event]
    return Taken({v: loaded.columns[c] for v, c in by_variable.items()}, event, (*loaded.notes, *notes))


def from_frame(data: Any, variables: tuple[str, ...], covariates: tuple[str, ...], how: Choice) -> Taken:
    """The columns of a data frame."""
    there = {str(c): c for c in (getattr(data.dtype, "names", None) if hasattr(data, "dtype") else None) or data.columns}
    notes: list[str] = []
    found = _chosen(tuple(there), lambda c: _holds_numbers(data[there[c]]), (*variables, *covariates), how, "the data frame", (), notes)
    columns = {v: data[there[c]] for v, c in found.items()}
    event = how.event
    if isinstance(event, str):
        event = data[there[_event_column(event, tuple(there), "the data frame")]]
    return whole(Taken(columns, event, tuple(notes)), how)


def from_mapping(data: Mapping[str, Any], variables: tuple[str, ...], covariates: tuple[str, ...], how: Choice) -> Taken:
    """The columns of a mapping: every one is a variable, unless there is one variable and none is called like it."""
    event, names = how.event, (*variables, *covariates)
    there = {str(k): v for k, v in data.items()}
    if isinstance(event, str):
        event = there[_event_column(event, tuple(there), "the mapping of data")]
    rest = {k: v for k, v in there.items() if k != how.event} if isinstance(how.event, str) else there
    spoken = any(LETTER.match(k) or inside(k, names) in names for k in rest)  # of letters: any other is a slip then
    if how.column is None and (len(names) > 1 or not rest or spoken):
        return whole(Taken(rest, event), how)
    notes: list[str] = []
    found = _chosen(tuple(there), lambda c: _holds_numbers(there[c]), names, how, "the mapping of data", (), notes)
    return whole(Taken({v: there[c] for v, c in found.items()}, event, tuple(notes)), how)


def whole(taken: Taken, how: Choice) -> Taken:
    """The columns without the rows that have a gap, where that was asked for; else as they are."""
    if not how.drop:
        return taken
    columns = dict(taken.columns) if taken.event is None else {**taken.columns, EVENT: taken.event}
    if any(is_scalar(c) for c in columns.values()):
        return taken
    missing = sorted({j for c in columns.values() for j in gaps(c)})
    if not missing:
        return taken
    left = {k: without(c, missing) for k, c in columns.items()}
    note = f"Left out, as they have gaps: {in_words([j + 1 for j in missing], 'observation')} of the data."
    event = left.pop(EVENT, None)
    return Taken(left, event, (*taken.notes, note))


def split(column: Any, event: Any, name: str = "") -> tuple[Any, Any]:
    """The durations that ended with the event, and those that did not.  name: of the column of events.

    Raises NotValid unless events are 0 and 1, or words for them.
    """
    if isinstance(event, str) or is_scalar(event) or not hasattr(event, "__len__"):
        raise NotValid("`event` is a column of 0 and 1, or its name in a table", hint="write event=[1, 0, 1]: 1 was seen, 0 only exceeded")
    if len(event) != len(column):
        raise NotValid(f"there are {len(column)} durations and {len(event)} events", hint="give one event for each duration")
    ended = [seen(e, f"event {j}", name) for j, e in enumerate(event, 1)]
    if hasattr(column, "dtype") and hasattr(column, "__array__"):
        import numpy as np

        mask, values = np.array(ended, dtype=bool), np.asarray(column)
        return values[mask], values[~mask]
    pairs = list(zip(column, ended, strict=True))
    return [x for x, s in pairs if s], [x for x, s in pairs if not s]


def _chosen(
    there: Sequence[str], numeric: Callable[[str], bool], names: tuple[str, ...], how: Choice, table: str, asked: tuple[str, ...], notes: list[str]
) -> dict[str, str]:  # fmt: skip
    """The column of each variable: as it was named, or called like the variable, or the only one that holds numbers."""
    for c in (*asked, *(how.column.values() if isinstance(how.column, Mapping) else [how.column] if how.column is not None else [])):
        if c not in there:
            raise _no_column(c, there, table)
    if isinstance(how.column, Mapping):
        stated = {inside(str(v), names): c for v, c in how.column.items()}
        strange = [v for v in stated if v not in names]
        if strange:
            raise NotValid(f"`column` names {reported(strange[0])}, which is not observed", hint=f"observed is {listed(names)}")
    else:
        one = how.column if how.column is not None else asked[0] if len(asked) == 1 else None
        called = {inside(c, names) for c in there}
        if one is not None and len(names) > 1 and how.column is not None and not set(names[1:]) <= called:
            raise NotValid(
                f"one column is not enough for {listed(names)}", hint='write column={"' + reported(names[0]) + f'": {one!r}, ...}}'
            )
        stated = {names[0]: one} if one is not None and (len(names) == 1 or how.column is not None) else {}
    within = asked or there
    if len(asked) > len(names) + (how.event in asked):
        raise NotValid(f"{len(asked)} columns of {table} are named and observed is {listed(names)}", hint="name as many columns")
    by_name = {inside(c, names): c for c in within}
    found = {**{v: by_name[v] for v in names if v in by_name}, **stated}
    if len(names) == 1 and not found:
        others = [c for c in within if c != how.event]
        candidates = others if len(others) == 1 else [c for c in others if numeric(c)]
        if len(candidates) == 1:
            notes.append(f"The observations are the column {candidates[0]} of {table}.")
            return {names[0]: candidates[0]}
        if not others:
            raise NotValid(f"{table} has no column of observations", hint="write one number in each row")
        hint = "its columns are " + ", ".join(within)
        some = candidates or others
        raise NotValid(
            f"{table} has no column {reported(names[0])}: which of its columns are the observations?",
            hint=f'{hint}; write column="{some[0]}"',
        )
    for v in names:
        if v not in found:
            raise NotValid(f"{table} has no column {reported(v)}", hint="its columns are " + ", ".join(there))
    return {v: found[v] for v in names}


def _event_column(event: Any, there: Sequence[str], table: str) -> str:
    if not isinstance(event, str):
        raise NotValid(f"`event` is the name of a column of {table}", hint="its columns are " + ", ".join(there))
    if event not in there:
        raise _no_column(event, there, table)
    return event


def _no_column(name: str, there: Sequence[str], table: str) -> NotValid:
    near = get_close_matches(name, there, 1, 0.6)
    said = "its columns are " + ", ".join(there)
    return NotValid(f"{table} has no column {name!r}", hint=f"did you mean {near[0]}? {said}" if near else said)


def _holds_numbers(column: Any) -> bool:
    a = column.to_numpy() if hasattr(column, "to_numpy") else column
    kind = getattr(getattr(a, "dtype", None), "kind", "O")
    if kind != "O":
        return kind in "iufb"
    return _is_number(a) if is_scalar(a) else hasattr(a, "__iter__") and all(_is_number(x) for x in a)


def _is_number(x: Any) -> bool:
    try:
        number(x, "")
    except MissingValue:
        return True
    except NotValid:
        return False
    return not isinstance(x, str)


def inside(name: str, names: tuple[str, ...]) -> str:
    """The inside name of a column: that of a density's own n is told from the sample size."""
    k = canonical(name)
    return next((v for v in names if v != k and reported(v) == k), k) if k not in names else k


def listed(names: Sequence[str]) -> str:
    shown = [reported(n) for n in names]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


__all__ = [
    "DROP",
    "Choice",
    "Taken",
    "from_file",
    "from_frame",
    "from_mapping",
    "inside",
    "is_file",
    "is_frame",
    "is_table",
    "listed",
    "split",
    "whole",
]
