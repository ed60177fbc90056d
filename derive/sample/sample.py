"""What was observed: exactly, censored, in intervals, as counts, weighted, truncated, or by its statistics only."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from numbers import Number
from typing import Any, TypeAlias

from ..calls import answered
from ..errors import NotSupported, NotValid
from ..formula.latex import decimal
from ..formula.names import canonical, reported
from . import columns as cols
from .columns import LARGE, Column, MissingValue
from .datafile import Header, load
from .table import DROP, Choice, Taken, from_file, from_frame, from_mapping, is_file, is_frame, split, whole
from .table import inside as _inside
from .table import listed as _listed

End: TypeAlias = Fraction | float  # a float only where it is infinite
Interval: TypeAlias = tuple[End, End]
UNNAMED = ""  # the name of a column given without one, until the problem says which variable it is
KINDS = ("exact", "right", "left", "interval", "counts", "weights", "truncation", "sums")
INTERVAL_TEXT = re.compile(r"\(\s*([^,;]+)\s*[,;]\s*([^,;]+?)\s*[\])]\Z")


@dataclass(frozen=True, eq=False, init=False)
class Sample:
    """A sample, validated when it is made.

    exact: observations known exactly: a sequence, or a mapping of columns for several variables.
    right, left: values that an observation is only known to exceed, or to lie below.
    interval: pairs (a, b): an observation is only known to lie in (a, b].
    counts: values, or pairs (a, b), to frequencies.
    weights: one for each exact observation, at least 0.
    truncation: (a, b): nothing outside could have been seen; None or infinite for an open end.
    n, sums: a sample known by its size and statistics only: sums={"x": 30, "x**2": 70}.
    notes: what is to be said of how a table was read.
    in_floats: whether some number was a binary float that no person wrote: lines then show sums, and rounded decimals.

    Numbers are fractions (2.5 is 5/2), or NumPy arrays above 1000 of them.  Raises NotValid naming the entry.
    """

    exact: Mapping[str, Column]
    right: Column
    left: Column
    interval: tuple[Interval, ...]
    counts: Mapping[Fraction | Interval, int]
    weights: Column
    truncation: Interval | None
    n: int | None
    sums: Mapping[str, Fraction]
    notes: tuple[str, ...]
    in_floats: bool

    @answered
    def __init__(
        self,
        exact: Any = None,
        *,
        right: Any = None,
        left: Any = None,
        interval: Any = None,
        counts: Any = None,
        weights: Any = None,
        truncation: Any = None,
        n: int | None = None,
        sums: Mapping[str, Any] | None = None,
    ):
        put = object.__setattr__
        notes: list[str] = []
        put(self, "exact", _columns(exact, notes))
        put(self, "right", _entries(right, "right", notes))
        put(self, "left", _entries(left, "left", notes))
        put(self, "interval", _intervals(interval))
        put(self, "counts", _counts(counts))
        put(self, "weights", _weights(weights, self.exact, notes))
        put(self, "truncation", None if truncation is None else _interval(truncation, "truncation"))
        put(self, "n", None if n is None else _whole(n, "n", 1))
        put(self, "sums", _sums(sums))
        put(self, "notes", tuple(dict.fromkeys(notes)))
        columns = (*self.exact.values(), self.right, self.left, self.weights)
        put(self, "in_floats", any(map(cols.in_floats, columns)) or _has_floats(interval) or _has_floats(counts))
        self._check()

    def _check(self) -> None:
        if (self.n is None) != (not self.sums):
            hint = 'write Sample(n=10, sums={"x": 30}); a symbolic sample of size 10 is n=10 without a Sample'
            raise NotValid("n and sums go together in a sample", hint=hint)
        if self.sums and self.kinds != ("sums",):
            raise NotValid("a sample is given by its observations or by n and sums, not by both")
        if self.size == 0:
            raise NotValid("the sample is empty", hint="give at least one observation, or no data for a symbolic sample")
        if len(self.exact) > 1 and set(self.kinds) - {"exact", "weights"}:
            raise NotValid("observations of several variables are exact", hint="give censored or counted observations of one variable")
        if self.truncation is not None:
            self._check_truncation(*self.truncation)

    def _check_truncation(self, low: End, high: End) -> None:
        seen: list[tuple[str, Any, Any]] = [("an observation", *_range(c)) for c in self.exact.values() if len(c)]
        seen += [("a counted value", *(x if isinstance(x, tuple) else (x, x))) for x in self.counts]
        seen += [("an interval", a, b) for a, b in self.interval]
        for what, a, b in seen:
            if a < low or b > high:
                outside = _text(a if a < low else b)
                raise NotValid(f"{what} lies outside the truncation: {outside}", hint="nothing outside the truncation can have been seen")

    # -- what there is ------------------------------------------------------------------------

    @cached_property
    def known(self) -> dict[Any, Any]:
        """What was worked out of it."""
        return {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of `KINDS` are present, in that order."""
        there = {
            "exact": any(len(c) for c in self.exact.values()), "right": len(self.right), "left": len(self.left), "interval": self.interval,
            "counts": self.counts, "weights": len(self.weights), "truncation": self.truncation, "sums": self.sums,
        }  # fmt: skip
        return tuple(k for k in KINDS if there[k])

    @property
    def is_plain(self) -> bool:
        """Whether there are exact observations only, unweighted."""
        return self.kinds == ("exact",)

    @property
    def is_large(self) -> bool:
        """Whether a column is a NumPy array of floats, and not a tuple of fractions."""
        return any(cols.is_large(c) for c in (*self.exact.values(), self.right, self.left))

    @property
    def exactly(self) -> bool:
        """Whether every observation is known exactly and is a fraction."""
        return self.is_plain and not self.is_large

    @property
    def size(self) -> int:
        """The number of observations of any kind."""
        if self.n is not None:
            return self.n
        rows = next((len(c) for c in self.exact.values()), 0)
        return rows + len(self.right) + len(self.left) + len(self.interval) + sum(self.counts.values())

    @property
    def columns(self) -> Mapping[str, Column]:
        """The exact observations by variable."""
        return self.exact

    def values(self, variable: str) -> Column:
        """The exact observations of a variable."""
        return self.exact[variable]

    def floats(self, variable: str) -> Any:
        """The exact observations of a variable as floats: a list, or for a large sample the array."""
        return cols.floats(self.exact[variable])

    def beginning(self, variable: str, count: int) -> list[float]:
        """The first exact observations of a variable, as floats."""
        c = self.exact[variable]
        return [float(x) for x in (c[:count] if isinstance(c, tuple) else c.part(0, min(count, len(c))))]

    # -- summaries ----------------------------------------------------------------------------

    def total(self, function: Callable[..., Any], *variables: str) -> float:
        """The sum over the exact observations of a function of NumPy arrays, one for each variable (all by default).

        It is computed in chunks that are added without rounding.
        """
        return cols.total(function, [self.exact[v] for v in variables or self.exact])

    def mean(self, variable: str) -> float:
        """The mean of the exact observations of a variable."""
        c = self.exact[variable]
        return (float(sum(c, Fraction(0))) if isinstance(c, tuple) else c.sum) / len(c)

    def minimum(self, variable: str) -> Fraction | float:
        """The smallest exact observation of a variable."""
        return _range(self.exact[variable])[0]

    def maximum(self, variable: str) -> Fraction | float:
        """The largest exact observation of a variable."""
        return _range(self.exact[variable])[1]

    def tally(self, variable: str) -> dict[Fraction, int]:
        """The distinct exact observations of a variable in increasing order, with how often each occurs."""
        return cols.tally(self.exact[variable])

    def first_outside(self, variable: str, domain: Any) -> tuple[int, str] | None:
        """The first exact observation that a `Domain` does not hold: its place, counted from 1, and its text."""
        return cols.first_outside(self.exact[variable], domain)

    def bound(self, variables: Sequence[str], covariates: Sequence[str] = ()) -> Sample:
        """The same sample with its columns named and in the order of the problem's variables.

        Raises NotValid where a column is missing, or is none of them.
        """
        names = (*variables, *covariates)
        if set(self.exact) == {UNNAMED}:
            if len(names) != 1:
                raise NotValid("one column of data is not enough for " + _listed(names), hint=_mapping_hint(names))
            found = {names[0]: self.exact[UNNAMED]}
        else:
            found = _by_name(self.exact, variables, covariates) if self.exact else {}
        if len(variables) > 1 and not self.exact and "sums" not in self.kinds:
            raise NotValid("observations of several variables are exact", hint=_mapping_hint(names))
        other = object.__new__(Sample)
        for field in self.__dataclass_fields__:
            object.__setattr__(other, field, getattr(self, field))
        object.__setattr__(other, "exact", found)
        return other

    def __repr__(self) -> str:
        return f"<Sample of {self.size}: {', '.join(self.kinds)}>"


def as_sample(data: Any, variables: tuple[str, ...], covariates: tuple[str, ...] = (), how: Choice | None = None) -> Sample | None:
    """The sample for what a user passes as data, with columns named after the variables and covariates.

    data: None, a number, a sequence, an array, a series, rows for several variables, a data frame, a mapping of
    columns (scalars are one observation), a CSV file, or a Sample.  how: which columns of a table, which of them holds
    events, and whether gaps are left out.  Raises NotValid.
    """
    how = how or Choice()
    if data is None:
        if how.column is not None or how.event is not None:
            raise NotValid("there are no data of which `column` and `event` could speak", hint="give data, or leave them out")
        return None
    if isinstance(data, Sample):
        if how.column is not None or how.event is not None:
            raise NotValid("`column` and `event` speak of a table; the data are a Sample", hint="give the table itself as data")
        return data.bound(variables, covariates)
    try:
        taken = _taken(data, variables, covariates, how)
        return (
            taken
            if isinstance(taken, Sample)
            else _of_columns(taken, variables, covariates, how.event if isinstance(how.event, str) and not is_file(data) else "")
        )
    except MissingValue as e:
        raise NotValid(e.message, hint=DROP) from None


def _taken(data: Any, variables: tuple[str, ...], covariates: tuple[str, ...], how: Choice) -> Taken | Sample:
    """The columns for the variables, or a sample where each entry is an interval."""
    names = (*variables, *covariates)
    if is_file(data):
        return from_file(data, variables, covariates, how)
    if is_frame(data):
        return from_frame(data, variables, covariates, how)
    if isinstance(data, Mapping):
        if how.column is None and how.event is None:
            _not_a_sample(data)
        taken = from_mapping(data, variables, covariates, how)
        return replace(
            taken, columns=_by_name({_inside(k, names): v for k, v in _canonical_keys(taken.columns).items()}, variables, covariates)
        )
    if isinstance(data, str):
        raise NotValid(f"data are numbers, not the text {data[:60]!r}", hint=cols.A_LIST)
    if isinstance(data, bool):
        raise NotValid(f"data are observations, not {data}", hint=cols.A_LIST)
    if how.column is not None:
        raise NotValid("`column` is for a table; the data have one column, without a name", hint="leave `column` out")
    if len(names) == 1 and (found := _in_intervals(data, how)) is not None:
        return found.bound(variables, covariates)
    if cols.is_scalar(data):
        data = [data]
    columns = _rows(data, names, bool(covariates)) if len(names) > 1 else {names[0]: data}
    return whole(Taken(columns, how.event), how)


def _of_columns(taken: Taken, variables: tuple[str, ...], covariates: tuple[str, ...], event: str) -> Sample:
    """The sample of what was taken from a table: with a column of events, called event, what it says did not end is right-censored."""
    if taken.event is None:
        return _noted(Sample(taken.columns), taken.notes)
    if len(variables) > 1 or covariates:
        raise NotSupported("events are supported for one variable without covariates", hint="leave `event` out")
    (column,) = taken.columns.values()
    exact, right = split([column] if cols.is_scalar(column) else column, taken.event, event)
    return _noted(Sample(exact, right=right), taken.notes).bound(variables, covariates)


def _noted(sample: Sample, notes: tuple[str, ...]) -> Sample:
    object.__setattr__(sample, "notes", (*notes, *sample.notes))
    return sample


def _in_intervals(data: Any, how: Choice) -> Sample | None:
    """A sample of pandas' intervals, one for each observation or counted by each; None for any other data."""
    keys = data.index if hasattr(data, "index") and hasattr(data, "items") else None
    if keys is not None and len(keys) and as_pair(keys[0]) is not None:
        if how.event is not None:
            raise NotValid("`event` is for durations; the data are counts of intervals", hint="leave `event` out")
        note = "The data are counts: how often an observation lay in each interval."
        return _noted(Sample(counts={k: int(v) for k, v in data.items() if v}), (note,))
    named, unnamed = getattr(keys, "name", None) is not None, getattr(data, "name", None) is None
    if type(keys).__name__ != "RangeIndex" and keys is not None and (getattr(data, "name", None) == "count" or (named and unnamed)):
        raise NotValid(
            "are these counts of values, or observations?",
            hint="write data=derive.Sample(counts=...) for counts, and a list for observations",
        )
    if cols.is_scalar(data) or isinstance(data, Mapping) or not hasattr(data, "__len__") or not len(data):
        return None
    cells = data.to_numpy() if hasattr(data, "to_numpy") else data
    first = next((x for x in cells if not (cols.is_scalar(x) and cols.is_missing(x))), None)
    if first is None or as_pair(first) is None:
        return None
    taken = whole(Taken({UNNAMED: list(cells)}), how)
    counts: dict[Any, int] = {}
    for j, x in enumerate(taken.columns[UNNAMED], 1):
        if cols.is_missing(x):
            raise MissingValue(f"observation {j} is missing")
        counts[x] = counts.get(x, 0) + 1
    return _noted(Sample(counts=counts), taken.notes)


# -- reading what was given ------------------------------------------------------------------------


def as_pair(x: Any) -> tuple[Any, Any] | None:
    """The ends of a pandas interval; None for anything else.  Raises NotSupported where it is not open on the left and closed
    on the right."""
    if not (hasattr(x, "left") and hasattr(x, "right") and isinstance(closed := getattr(x, "closed", None), str)):
        return None
    if closed != "right":
        raise NotSupported(
            f"the interval {x} is not of the kind (a, b]", hint="make intervals that are closed on the right: pd.cut(..., right=True)"
        )
    return x.left, x.right


def _not_a_sample(data: Mapping[Any, Any]) -> None:
    if data and all(isinstance(k, Number) and not isinstance(k, bool) for k in data):
        raise NotValid("are these counts of values?", hint="write data=derive.Sample(counts=...) for counts, and a list for observations")
    if data and set(map(str, data)) <= {*KINDS, "n"}:
        hint = "write data=derive.Sample(" + ", ".join(f"{k}=..." for k in data) + ")"
        raise NotValid("censored, counted and weighted observations are a Sample", hint=hint)


def _canonical_keys(data: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for k, v in data.items():
        name = canonical(str(k))
        if name in out:
            raise NotValid(f"the column {k} is given twice")
        out[name] = v
    return out


def _by_name(found: Mapping[str, Any], variables: Sequence[str], covariates: Sequence[str]) -> dict[str, Any]:
    names = (*variables, *covariates)
    for name in found:
        if name not in names:
            if len(found) > 1 and not set(found) & set(names):
                several = f"where these are observed together, write variable={list(map(reported, found))}; "
            else:
                several = ""
            hint = f"observed is {_listed(variables)}; {several}for a covariate write covariates=[{reported(name)!r}]"
            raise NotValid(f"the column {reported(name)} is neither an observed variable nor a covariate", hint=hint)
    for name in names:
        if name not in found:
            raise NotValid(f"the data have no column {reported(name)}", hint=_mapping_hint(names))
    return {name: found[name] for name in names}


def _rows(data: Any, names: Sequence[str], regression: bool) -> dict[str, Any]:
    """Rows of several variables as columns."""
    shape = getattr(data, "shape", None)
    if not regression and shape is not None and len(shape) == 2 and shape[1] == len(names):
        return {v: data[:, k] for k, v in enumerate(names)}
    if not regression and shape is None and isinstance(data, Sequence) and not isinstance(data, str) and data:
        if all(isinstance(row, Sequence) and not isinstance(row, str) for row in data):
            for j, row in enumerate(data, 1):
                if len(row) != len(names):
                    raise NotValid(f"observation {j} has {len(row)} values, not {len(names)}: {_listed(names)}")
            return dict(zip(names, zip(*data, strict=True), strict=True))
    raise NotValid("one column of data is not enough for " + _listed(names), hint=_mapping_hint(names))


def _columns(exact: Any, notes: list[str]) -> dict[str, Column]:
    if exact is None:
        return {}
    if is_file(exact):
        loaded = load(exact, _all_asked)
        notes += loaded.notes
        exact = next(iter(loaded.columns.values())) if len(loaded.columns) == 1 else loaded.columns
    if is_frame(exact):
        exact = {str(c): exact[c] for c in getattr(getattr(exact, "dtype", None), "names", None) or exact.columns}
    if not isinstance(exact, Mapping):
        c = cols.column([exact] if cols.is_scalar(exact) and not isinstance(exact, str) else exact)
        return {UNNAMED: c} if len(c) else {}
    if not exact:
        raise NotValid("the sample is empty", hint="give at least one column")
    out: dict[str, Column] = {}
    scalars = [k for k, v in exact.items() if cols.is_scalar(v)]
    for k, v in exact.items():
        name = canonical(str(k))
        if is_file(v):
            out[name] = _from_file(v, notes)
            continue
        out[name] = cols.column([v] if k in scalars else v, reported(name) if len(exact) > 1 else "")
    sizes = {name: len(c) for name, c in out.items()}
    if len(set(sizes.values())) > 1:
        lengths = ", ".join(f"{reported(k)} has {n}" for k, n in sizes.items())
        raise NotValid(f"the columns differ in length: {lengths}", hint="every observation has a value in every column")
    return out


def _from_file(source: Any, notes: list[str]) -> Column:
    """The one column that a text names: "FILE.csv:COLUMN"."""
    loaded = load(source, _all_asked)
    notes += loaded.notes
    found = loaded.columns
    if len(found) > 1:
        raise NotValid(f"{source} names {len(found)} columns where one is wanted", hint="name one column")
    return cols.column(next(iter(found.values())))


def _all_asked(header: Header) -> Sequence[str]:
    """The columns that stand behind the name of a file; without any its only one."""
    if not header.asked and len(header.names) > 1:
        raise NotValid(f"which column of {header.path}?", hint=f"{header.there}; write {header.path}:{header.names[0]}")
    for n in header.asked:
        if n not in header.names:
            raise NotValid(f"{header.path} has no column {n!r}", hint=header.there)
    return header.asked or header.names


def _entries(values: Any, what: str, notes: list[str]) -> Column:
    if values is None:
        return ()
    if is_file(values):
        return _from_file(values, notes)
    if cols.is_scalar(values):
        return (cols.number(values, f"{what}"),)
    try:
        return cols.column(values)
    except NotValid as e:
        raise NotValid(f"{what}: {e.message}", hint=e.hint) from None


def _interval(pair: Any, what: str) -> Interval:
    if isinstance(pair, str):
        m = INTERVAL_TEXT.match(pair.strip())
        if m is None:
            raise NotValid(f"{what} is {pair!r}, not an interval", hint='write "(a, b]": above a and at most b')
        pair = (m[1], m[2])
    pair = as_pair(pair) or pair
    if cols.is_scalar(pair) or not hasattr(pair, "__getitem__") or isinstance(pair, Mapping) or len(pair) != 2:
        raise NotValid(f"{what} is a pair (a, b), not {pair!r}")
    low = -math.inf if pair[0] is None else cols.end(pair[0], f"the lower end of {what}")
    high = math.inf if pair[1] is None else cols.end(pair[1], f"the upper end of {what}")
    if not low < high:
        raise NotValid(f"{what} is empty: {_text(low)} is not below {_text(high)}", hint="write the lower end first")
    return low, high


def _intervals(values: Any) -> tuple[Interval, ...]:
    if values is None:
        return ()
    if isinstance(values, str) or as_pair(values) is not None:
        values = [values]
    if isinstance(values, Mapping) or cols.is_scalar(values) or not hasattr(values, "__len__"):
        raise NotValid(f"`interval` is a list of pairs (a, b), not {type(values).__name__}", hint="write interval=[(0, 2), (2, 4)]")
    if len(values) == 2 and all(cols.is_scalar(v) and not isinstance(v, str) and as_pair(v) is None for v in values):
        values = [values]
    return tuple(_interval(v, f"interval {j}") for j, v in enumerate(values, 1))


def _counts(values: Any) -> dict[Fraction | Interval, int]:
    if values is None:
        return {}
    if not hasattr(values, "items"):
        raise NotValid(f"counts map values to frequencies; this is {type(values).__name__}", hint="write counts={1: 9000, 0: 1000}")
    out: dict[Fraction | Interval, int] = {}
    for k, v in values.items():
        is_pair = isinstance(k, tuple) or (isinstance(k, str) and k.strip().startswith(("(", "["))) or as_pair(k) is not None
        cell: Fraction | Interval = _interval(k, f"the cell {k}") if is_pair else cols.number(k, "a counted value")
        if cell in out:
            raise NotValid(f"the value {k} is counted twice")
        out[cell] = _whole(v, f"the count of {k}", 0)
    return out


def _weights(values: Any, exact: Mapping[str, Column], notes: list[str]) -> Column:
    if values is None:
        return ()
    out = _entries(values, "weights", notes)
    rows = next((len(c) for c in exact.values()), 0)
    if len(out) != rows or not len(out):
        raise NotValid(f"there are {len(out)} weights and {rows} exact observations", hint="give one weight for each observation")
    if _range(out)[0] < 0 or _range(out)[1] == 0:
        raise NotValid("weights are at least 0, and not all 0")
    return out


def _has_floats(cells: Any) -> bool:
    """Whether some counted value, or end of an interval, is a binary float that no person wrote."""
    if isinstance(cells, str) or cells is None:
        return False
    pair = as_pair(cells)
    inside = (
        pair
        if pair is not None
        else cells.keys()
        if isinstance(cells, Mapping)
        else cells.index
        if hasattr(cells, "index") and hasattr(cells, "items")
        else cells
    )
    return cols.is_float(inside) if cols.is_scalar(inside) else any(map(_has_floats, inside))


def _whole(x: Any, what: str, least: int) -> int:
    v = cols.number(x, what)
    if v.denominator != 1 or v < least or isinstance(x, bool):
        raise NotValid(f"{what} is a whole number, at least {least}, not {x!r}")
    return int(v)


def _sums(values: Any) -> dict[str, Fraction]:
    if values is None:
        return {}
    if not isinstance(values, Mapping) or not values:
        raise NotValid("sums map expressions in the variable to their sum over the sample", hint='write sums={"x": 30, "x**2": 70}')
    return {str(k): cols.number(v, f"the sum of {k}") for k, v in values.items()}


def _range(c: Column) -> tuple[Fraction | float, Fraction | float]:
    return (min(c), max(c)) if isinstance(c, tuple) else (c.low, c.high)


def _text(x: End) -> str:
    return decimal(x) if isinstance(x, Fraction) else str(x).replace("inf", "oo")


def _mapping_hint(names: Sequence[str]) -> str:
    return "write data={" + ", ".join(f'"{reported(n)}": [...]' for n in names) + "}"


__all__ = ["KINDS", "LARGE", "Sample", "as_sample"]
