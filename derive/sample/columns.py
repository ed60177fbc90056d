"""Columns of numbers: what a person gives as data -> exact fractions, or a NumPy array where there are many.

Decimals mean the decimals they print: 2.5 is 5/2.  A binary float that prints more than `WRITTEN` digits was computed or
measured, not written by a person: its column is `Floats`, known as exactly, and shown in rounded decimals.  A column of more
than `LARGE` numbers is a NumPy array of its own type, passed over in chunks and never copied into Python numbers.
"""

from __future__ import annotations

import datetime
import math
import numbers
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

from ..calls import of_sympy
from ..errors import NotSupported, NotValid
from ..formula.evaluate import constant
from ..formula.latex import decimal
from .written import COMMA, MISSING, THOUSANDS

Column: TypeAlias = "tuple[Fraction, ...] | Large | Constant | Joined"  # exact numbers, or a long column of real ones
LARGE = 1000
WRITTEN = 6  # significant digits of a binary float that a person may have written
MOST_WITHOUT_NUMPY = 20_000
CHUNK = 1 << 16
A_LIST = "write a list: [2, 4, 6]"
COLUMNS = "give several variables as a mapping of columns"
LONGEST = 400  # characters of a number in text
DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\Z")
MOST = Fraction(10**300)
LEAST = 1 / MOST
RATIO = re.compile(r"[+-]?\d+\s*/\s*\d*[1-9]\d*\Z")
LEAVE_OUT = "leave missing observations out"
AS_DAYS = "give dates as numbers, for example as days since the first of them"
INFINITE = {
    **dict.fromkeys(("oo", "+oo", "inf", "+inf", "infinity", "∞"), math.inf),
    **dict.fromkeys(("-oo", "-inf", "-infinity", "-∞"), -math.inf),
}


class MissingValue(NotValid):
    """There is no observation where one is expected."""


@cache
def has_numpy() -> bool:
    """Whether NumPy is installed: it is needed for long columns only."""
    try:
        import numpy  # noqa: F401
    except ImportError:
        return False
    return True


def number(x: Any, what: str) -> Fraction:
    """A number as a fraction: int, float, bool (0 or 1), Fraction, Decimal, NumPy or SymPy number, text "0.1" or "1/3".

    what: how an error calls it, "observation 3".  Raises NotValid for anything else, and for what is not finite or out of range.
    """
    if isinstance(x, float) and (1e-300 <= abs(x) <= 1e300 or not x):
        return _as_printed(float.__repr__(x))
    v = _fraction(x, what)
    if v and not LEAST <= abs(v) <= MOST:
        raise NotValid(f"{what} is out of range", hint="numbers lie between 10**-300 and 10**300")
    return v


def _as_printed(text: str) -> Fraction:
    """What a float prints, as a fraction."""
    digits, _, power = text.partition("e")
    whole, _, decimals = digits.partition(".")
    shift = len(decimals) - int(power or 0)
    return Fraction(int(whole + decimals), 10**shift) if shift > 0 else Fraction(int(whole + decimals) * 10**-shift)


def _fraction(x: Any, what: str) -> Fraction:
    if isinstance(x, Fraction):
        return x
    if is_missing(x) and not isinstance(x, str):
        raise MissingValue(f"{what} is missing", hint=LEAVE_OUT)
    if isinstance(x, datetime.timedelta) or _kind(x) == "m":
        hint = "give it as a number in one unit: t.total_seconds() / 60 are minutes"
        raise NotValid(f"{what} is a duration, {x}, not a number", hint=hint)
    if isinstance(x, (datetime.date, datetime.time)) or _kind(x) == "M":
        raise NotValid(f"{what} is a date or time, {x}, not a number", hint=AS_DAYS)
    if isinstance(x, (int, numbers.Integral)) or _kind(x) in "biu":
        return Fraction(int(x))
    if isinstance(x, numbers.Rational):
        return Fraction(int(x.numerator), int(x.denominator))
    if isinstance(x, str):
        return _from_text(x.strip(), x, what)
    if isinstance(x, (float, Decimal)) or _kind(x) == "f" or of_sympy(x):
        return _from_text(str(x), x, what)
    raise NotValid(f"{what} is {_shown(x)}, not a number")


class Floats(tuple[Fraction, ...]):
    """A column of binary floats, some of which print more digits than a person writes, as the decimals that they print."""

    __slots__ = ()


def is_float(x: Any) -> bool:
    """Whether x is a binary float that prints more digits than a person writes."""
    if not isinstance(x, float) and _kind(x) != "f":
        return False
    return prints_more(float.__repr__(x) if isinstance(x, float) else str(x))


def prints_more(text: str) -> bool:
    """Whether a decimal has more digits than a person writes; a whole number has not."""
    digits, point, decimals = text.partition("e")[0].lstrip("+-").partition(".")
    if len(digits) + len(decimals) <= WRITTEN or not (decimals.strip("0") if point else "e" in text):
        return False
    return len((digits + decimals).strip("0")) > WRITTEN


def is_missing(x: Any) -> bool:
    """Whether x stands for an observation that is not there."""
    if isinstance(x, str):
        return x.strip().lower() in MISSING
    if x is None or type(x).__name__ in ("NAType", "NaTType", "MaskedConstant"):
        return True
    if isinstance(x, Decimal):
        return x.is_nan()
    return (isinstance(x, float) or _kind(x) in "fMm") and bool(x != x)


def _from_text(text: str, given: Any, what: str) -> Fraction:
    if len(text) <= LONGEST and (DECIMAL.match(text) or RATIO.match(text)):
        return Fraction(text.replace(" ", ""))
    low = text.lower()
    if low in MISSING:
        raise MissingValue(f"{what} is missing", hint=LEAVE_OUT)
    if low in INFINITE:
        raise NotValid(f"{what} is infinite", hint="an observation that is only known to exceed a value goes into Sample(right=[...])")
    raise NotValid(f"{what} is {_shown(given)}, not a number", hint=_hint(text))


def _hint(text: str) -> str | None:
    """What to write instead of a text that is nearly a number."""
    if len(text) > LONGEST:
        return None
    if THOUSANDS.match(text):
        either = f" or {text.replace(',', '.')}" if COMMA.match(text) else ""
        return f"write thousands without a comma and decimals with a point: {text.replace(',', '')}{either}"
    if COMMA.match(text):
        return f"write decimals with a point: {text.replace(',', '.')}"
    if re.match(r"[+-]?\d{1,3}(?:[.,' _\u00a0\u202f]\d{3})+(?:[.,]\d+)?\Z", text):
        return "write thousands without a sign between them and decimals with a point: 1234.5"
    if re.match(r"\d+(?::\d\d)+(?:\.\d+)?\Z", text):
        return "give a time as a number in one unit: 90 minutes or 1.5 hours"
    if re.match(r"[+-]?[\d.]+(?:(?:[\s;|/_:]|\\t)+[+-]?[\d.]+)+\Z", text):
        return "these are several numbers: separate them by commas, or the cells of a file by commas, semicolons or tabs"
    if text.lower() in ("true", "false", "yes", "no"):
        return "write 1 for true and 0 for false"
    if m := re.match(r">=?\s*([\d.]+)\Z|([\d.]+)\s*\+\Z", text):
        return f"an observation that is only known to exceed a value goes into Sample(right=[{m[1] or m[2]}])"
    if m := re.match(r"<=?\s*([\d.]+)\Z", text):
        return f"an observation that is only known to lie below a value goes into Sample(left=[{m[1]}])"
    if text in ("-", "–", "—", "?", ".", "*"):
        return "leave a cell without an observation empty"
    if re.match(r"\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{2,4}", text):
        return AS_DAYS
    if re.match(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*%\Z", text):
        return "write a percentage as a fraction: 0.25"
    if re.match(r"[¼½¾⅓⅔⅛]|0[xX][0-9A-Fa-f]+\Z|\d+[¼½¾⅓⅔⅛]", text):
        return "write numbers with decimal digits, or as a fraction: 1/2"
    if re.match(r"[$€£]\s*[\d.]+\Z|[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*[^\W\d]|[+-]?[\d.]+\s*[$€£]\Z", text):
        return 'write the number alone; a unit is units="..."'
    if text.isalpha() and len(text) < 20:
        return "write numbers; of two outcomes one is 1 and the other 0"
    return None


def _kind(x: Any) -> str:
    """NumPy's letter for the type of a scalar; "-" for what is not NumPy's."""
    dtype = getattr(x, "dtype", None)
    return str(getattr(dtype, "kind", "-")) if getattr(x, "shape", None) == () else "-"


def _shown(x: Any) -> str:
    text = repr(x) if not isinstance(x, str) else '"' + x + '"'
    return text if len(text) <= 60 else text[:57] + "..."


def end(x: Any, what: str) -> Fraction | float:
    """A number, or an infinite end: math.inf, "oo", "-oo"."""
    if isinstance(x, str) and x.strip().lower() in INFINITE:
        return INFINITE[x.strip().lower()]
    if isinstance(x, (float, Decimal)) and math.isinf(x):
        return math.inf if x > 0 else -math.inf
    return number(x, what)


def is_scalar(x: Any) -> bool:
    """Whether x stands for one number."""
    if isinstance(x, (str, numbers.Number, Decimal)) or getattr(x, "shape", None) == ():
        return True
    return not hasattr(x, "__len__") and not hasattr(x, "__iter__")


def column(values: Any, name: str = "") -> Column:
    """The column for a sequence, an array or a series.  name: of the variable, for errors.

    Raises NotValid naming the observation that is not a finite number.
    """
    of = f" of {name}" if name else ""
    if isinstance(values, (Large, Constant, Joined, Floats)):
        return values
    if isinstance(values, (str, bytes)):
        raise NotValid(f"data are numbers, not the text {_shown(values)}", hint=A_LIST)
    if isinstance(values, (AbstractSet, Mapping)):
        raise NotValid(f"a {type(values).__name__} does not hold repeated observations", hint=A_LIST)
    if hasattr(values, "to_numpy") or hasattr(values, "__array__"):
        values = _array(values)
    elif not (hasattr(values, "__len__") and hasattr(values, "__iter__")):
        raise NotValid(f"data are a list of numbers, not {type(values).__name__}", hint=A_LIST)
    _no_truth_among_numbers(values, of)
    if len(values) > LARGE and has_numpy():
        return _large(values, of)
    if len(values) > MOST_WITHOUT_NUMPY:
        raise NotSupported(f"{len(values)} observations need NumPy", hint="install it: pip install 'derive[data]'")
    if getattr(getattr(values, "dtype", None), "char", "") == "d":
        values = values.tolist()
    found = (number(x, f"observation {j}{of}") for j, x in enumerate(values, 1))
    return Floats(found) if any(map(is_float, values)) else tuple(found)


def as_array(values: Any) -> Any:
    """Numbers in (nested) lists, or what is an array or a table, as an array of NumPy; None where they are no numbers, their rows have different
    lengths, or NumPy is not installed."""
    if not has_numpy():
        return None
    import numpy as np

    try:
        return np.asarray(values.to_numpy() if hasattr(values, "to_numpy") else values, dtype=float)
    except (TypeError, ValueError):
        return None


def _no_truth_among_numbers(values: Any, of: str) -> None:
    """Raises NotValid where True or False stands among numbers; a column of them alone is 1 and 0."""
    if hasattr(values, "dtype") and values.dtype.kind != "O":
        return
    kinds = set(map(type, values))
    if bool in kinds and len(kinds) > 1 and any(not isinstance(x, bool) and not is_missing(x) for x in values):
        j = next(j for j, x in enumerate(values, 1) if isinstance(x, bool))
        raise NotValid(f"observation {j}{of} is {values[j - 1]} among numbers", hint="write 1 for true and 0 for false")


def gaps(values: Any) -> list[int]:
    """The places, counted from 0, at which a column has no observation.  Anything that is no column has none."""
    if isinstance(values, (str, bytes, AbstractSet, Mapping, Large, Constant, Joined)) or not hasattr(values, "__len__"):
        return []
    if hasattr(values, "filled") and hasattr(values, "mask"):  # a masked array
        import numpy as np

        mask = np.ma.getmaskarray(values)
        return sorted({*map(int, np.flatnonzero(mask)), *(j for j in gaps(values.filled(0)) if not mask[j])})
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if hasattr(values, "dtype") and values.dtype.kind in "iub":
        return []
    if hasattr(values, "dtype") and values.dtype.kind in "fMm" and values.ndim == 1:
        return [int(j) for j in (values != values).nonzero()[0]]
    return [j for j, x in enumerate(values) if is_missing(x)]


def without(values: Any, places: Sequence[int]) -> Any:
    """A column without the entries at some places."""
    if hasattr(values, "to_numpy") or hasattr(values, "__array__"):
        import numpy as np

        return np.delete(values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values), places)
    out = set(places)
    return [x for j, x in enumerate(values) if j not in out]


def _array(values: Any) -> Any:
    import numpy as np

    if isinstance(values, np.ma.MaskedArray) and (masked := np.flatnonzero(np.ma.getmaskarray(values))).size:
        raise MissingValue(f"observation {masked[0] + 1} is missing: it is masked", hint=LEAVE_OUT)
    a = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    if a.ndim == 2 and a.shape[1] == 1:
        a = a[:, 0]
    if a.ndim != 1:
        raise NotValid(f"data for one variable have one column, not the shape {a.shape}", hint=COLUMNS)
    return a


def _large(values: Any, of: str) -> Column:
    import numpy as np

    if isinstance(values, np.ndarray) and values.dtype.kind in "Mmc":
        number(values[0], f"observation 1{of}")
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiub":
        a = values
    else:
        try:
            a = np.asarray(values if isinstance(values, (list, tuple, np.ndarray)) else list(values), dtype=float)
        except (TypeError, ValueError, OverflowError):
            a = np.array([float(number(x, f"observation {j}{of}")) for j, x in enumerate(values, 1)])
        if a.ndim != 1:
            raise NotValid("an observation of one variable is a number, not a list", hint=COLUMNS)
    sums: list[float] = []
    ends: list[float] = []
    for start, c in _chunks(a):
        lowest, highest = c.min().item(), c.max().item()
        whole = a.dtype.kind in "iu" and max(abs(lowest), abs(highest)) < 2**40  # then the chunk's own sum is exact
        with np.errstate(all="ignore"):
            sums.append(float(c.sum() if whole else c.sum(dtype=float)))
        if a.dtype.kind == "f" and not math.isfinite(sums[-1]) and not np.isfinite(c).all():
            j = start + int(np.flatnonzero(~np.isfinite(c))[0])
            number(values[j] if hasattr(values, "__getitem__") else a[j], f"observation {j + 1}{of}")
            raise NotValid(f"observation {j + 1}{of} is not finite")
        ends += [lowest, highest]
    return Large(a, math.fsum(sums), min(ends), max(ends))


def in_floats(c: Column) -> bool:
    """Whether a column holds binary floats that no person wrote; of a long one its beginning is looked at."""
    if isinstance(c, (tuple, Constant)):
        return isinstance(c, Floats)
    if isinstance(c, Joined):
        return any(map(in_floats, c.parts))
    return c.array.dtype.kind == "f" and any(map(is_float, c.part(0, min(LARGE, len(c)))))


@dataclass(frozen=True, eq=False, slots=True)
class Large:
    """A long column: the array as it was given, and what one pass over it told: its sum and its ends."""

    array: Any
    sum: float
    low: float
    high: float

    def __len__(self) -> int:
        return len(self.array)

    def part(self, start: int, stop: int) -> Any:
        """The numbers from start to stop as an array."""
        return self.array[start:stop]


@dataclass(frozen=True, eq=False, slots=True)
class Constant:
    """A long column of equal numbers, which is never written out."""

    value: float
    count: int

    def __len__(self) -> int:
        return self.count

    @property
    def sum(self) -> float:
        return self.value * self.count

    @property
    def low(self) -> float:
        return self.value

    @property
    def high(self) -> float:
        return self.value

    @property
    def array(self) -> Any:
        return self.part(0, self.count)

    def part(self, start: int, stop: int) -> Any:
        """The numbers from start to stop as an array."""
        import numpy as np

        return np.broadcast_to(np.float64(self.value), (min(stop, self.count) - start,))


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """Long columns one after the other, never copied into one."""

    parts: tuple[Any, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def sum(self) -> float:
        return math.fsum(p.sum for p in self.parts)

    @property
    def low(self) -> float:
        return float(min(p.low for p in self.parts))

    @property
    def high(self) -> float:
        return float(max(p.high for p in self.parts))

    @property
    def array(self) -> Any:
        return self.part(0, len(self))

    def part(self, start: int, stop: int) -> Any:
        """The numbers from start to stop as an array."""
        import numpy as np

        found, before = [], 0
        for p in self.parts:
            a, b = max(start - before, 0), min(stop - before, len(p))
            if a < b:
                found.append(p.part(a, b))
            before += len(p)
        return found[0] if len(found) == 1 else np.concatenate(found)


def ends_of(c: Column, first: int, last: int) -> list[Fraction]:
    """The first and the last numbers of a column."""
    if isinstance(c, tuple):
        return [*c[:first], *c[-last:]]
    ends = (*c.part(0, first), *c.part(len(c) - last, len(c)))
    return [number(x, "an observation") for x in ends]


def joined(a: Column, b: Column) -> Column:
    """Two columns, one after the other."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return Floats((*a, *b)) if Floats in (type(a), type(b)) else (*a, *b)
    return Joined(tuple(_long(c) for c in (a, b) if len(c)))


def constant_column(value: int, count: int, like: Column) -> Column:
    """A column of equal numbers, long where `like` is."""
    return (Fraction(value),) * count if isinstance(like, tuple) else Constant(float(value), count)


def _long(c: Column) -> Any:
    if not isinstance(c, tuple):
        return c
    import numpy as np

    values = [float(x) for x in c]
    return Large(np.array(values), math.fsum(values), min(values), max(values))


def _chunks(a: Any) -> Iterator[tuple[int, Any]]:
    for start in range(0, len(a), CHUNK):
        yield start, a[start : start + CHUNK]


def is_large(c: Column) -> bool:
    """Whether a column is a NumPy array."""
    return not isinstance(c, tuple)


def fractions(c: Column) -> tuple[Fraction, ...]:
    """The numbers of a column that is not long."""
    assert isinstance(c, tuple)
    return c


def floats(c: Column) -> Any:
    """A column as floats: a list, or for a large one the array."""
    return [float(x) for x in c] if isinstance(c, tuple) else c.array


def total(function: Callable[..., Any], columns: Sequence[Column]) -> float:
    """The sum of a function over the rows of columns.

    function: takes one NumPy array of floats a column and returns one.  It is called on chunks, which fit into the
    processor's cache; the chunks' sums are added without rounding (`math.fsum`).
    """
    import numpy as np

    long = [_long(c) for c in columns]
    size = len(long[0])
    sums = []
    for start in range(0, size, CHUNK):
        parts = [c.part(start, min(start + CHUNK, size)).astype(float, copy=False) for c in long]
        with np.errstate(all="ignore"):
            sums.append(float(np.sum(np.broadcast_to(function(*parts), parts[0].shape))))
    return math.fsum(sums)


def first_outside(c: Column, domain: Any) -> tuple[int, str] | None:
    """The first number that a `Domain` without letters does not hold: its place, counted from 1, and its text.

    In a large column its ends, values and wholeness are looked at, not a further condition (`Domain.also`).
    """
    if isinstance(c, tuple):
        return next(((j, decimal(x)) for j, x in enumerate(c, 1) if not domain.contains(float(x))), None)
    within = domain.values is None and domain.contains(c.low) and domain.contains(c.high)
    if within and (not domain.integer or _whole_by_type(c)):
        return None
    import numpy as np

    low, high = domain.bounds()
    values = None if domain.values is None else [constant(v) for v in domain.values]
    for start in range(0, len(c), CHUNK):
        part = c.part(start, min(start + CHUNK, len(c)))
        if values is not None:
            bad = _none_of(part, values)
        else:
            bad = (part <= low if domain.low_open else part < low) | (part >= high if domain.high_open else part > high)
            if domain.integer:
                bad |= part != np.floor(part)
        if bad.any():
            j = int(np.flatnonzero(bad)[0])
            return start + j + 1, repr(part[j].item())
    return None


def _whole_by_type(c: Any) -> bool:
    return bool(c.array.dtype.kind in "iub") if isinstance(c, Large) else isinstance(c, Constant) and c.value == math.floor(c.value)


def _none_of(part: Any, values: Sequence[float]) -> Any:
    """Where an array holds none of a few numbers, to rounding."""
    import numpy as np

    bad = part != values[0]
    for v in values[1:]:
        bad &= part != v
    if bad.any():
        for v in values:
            bad &= np.abs(part - v) > 1e-9 * (1 + np.abs(part))
    return bad


def most_frequent(c: Column) -> int:
    """How often the most frequent value occurs."""
    if isinstance(c, tuple):
        return max(Counter(c).values())
    import numpy as np

    return int(np.unique(c.array, return_counts=True)[1].max())


def tally(c: Column) -> dict[Fraction, int]:
    """The distinct values in increasing order, with how often each occurs."""
    if isinstance(c, tuple):
        out: dict[Fraction, int] = {}
        for x in c:
            out[x] = out.get(x, 0) + 1
        return dict(sorted(out.items()))
    import numpy as np

    values, times = np.unique(c.array, return_counts=True)
    return {number(v.item(), "a value"): int(k) for v, k in zip(values, times, strict=True)}
