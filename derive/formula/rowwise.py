"""A formula for many rows of observations at once, in NumPy arrays.

The same values as `formula.evaluate` gives row by row; where a function has no array form, or where NumPy is missing, there is no array
and the rows are gone through one by one.  What does not speak of the rows
is worked out once.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any

from .careful import cancelling, over_one
from .functions import FUNCTIONS, LOG_FUNCTIONS, Env, expm1
from .tree import Add, At, Call, Div, Formula, Indicator, Mul, Neg, Num, Pow, Relation, Sym, free_names, mul

MANY = 64  # rows from which an array is worth its making
SMALL = 0.01  # u for which (1 + u)^k is worked out by log(1 + u)
IN_NUMPY = ("log", "exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "sign", "floor", "abs")
SAME = 1e-9  # of two sides that are the same, as `formula.evaluate` has it
COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": lambda a, b: abs(a - b) <= SAME * (1 + abs(a) + abs(b)), "!=": lambda a, b: abs(a - b) > SAME * (1 + abs(a) + abs(b)),
}  # fmt: skip
Scalar = Callable[[Formula], Callable[[Env], Any]]


class NoArray(Exception):
    """A formula that is not worked out for all rows at once."""


@cache
def _numpy() -> Any:
    """NumPy; None where it is not installed."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


class Numbers(list[float]):
    """Observations in floats, which do not change; the array of them is made once."""

    @cached_property
    def array(self) -> Any:
        """The same as a NumPy array."""
        return _numpy().asarray(self, dtype=float)


class Rows:
    """Formulas at rows of observations.

    columns: arrays by name: of a letter, or of observations with the index.  env: the values of all else.  index: that of the
    observations; "" where they are letters.  compiled, log_size: what works out a formula that does not speak of the rows.
    """

    def __init__(self, columns: Mapping[str, Any], env: Env, index: str, compiled: Scalar, log_size: Scalar):
        self.columns, self.env, self.index, self.compiled, self.log_size = columns, env, index, compiled, log_size
        self.here = frozenset((index,)) if index else frozenset(columns)

    def values(self, f: Formula, one: Callable[[int], float]) -> list[float]:
        """f at every row.  one: its value at a row alone, asked for where that of the array is not finite; infinite ones are taken from the
        array once they have been found to be the same.  Raises `NoArray`."""
        found = self._all(self._value, f)
        out: list[float] = found.tolist()
        same: float | None = None
        for j in (~_numpy().isfinite(found)).nonzero()[0].tolist():
            if out[j] != same:
                v = one(j)
                same = v if v == out[j] else same
                out[j] = v
        return out

    def log_sizes(self, f: Formula) -> list[float]:
        """The logarithm of f, which is positive at every row.  Raises `NoArray` where it is not."""
        found = self._all(self._log, f)
        if not _numpy().isfinite(found).all():
            raise NoArray
        return found.tolist()  # type: ignore[no-any-return]

    def array(self, f: Formula) -> Any:
        """f at every row, as an array or one number, perhaps infinite or nan somewhere.  Raises `NoArray`."""
        with _numpy().errstate(all="ignore"):
            return self._value(f)

    def _all(self, function: Callable[[Formula], Any], f: Formula) -> Any:
        np = _numpy()
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(f), next(iter(self.columns.values())).shape)

    def _value(self, f: Formula) -> Any:
        if not free_names(f) & self.here:
            return self.compiled(f)(self.env)
        np, go = _numpy(), self._value
        match f:
            case At(base, (Sym(i),)) if i == self.index and base in self.columns:
                return self.columns[base]
            case Sym(name) if name in self.columns:
                return self.columns[name]
            case Add(ts) if (steady := cancelling(ts)) is not None:
                fn, u, sign = steady
                return sign * (np.expm1(go(u)) if fn is expm1 else self._each(fn, go(u)))
            case Add(ts):
                first, *others = map(go, ts)
                return sum(others, first)
            case Mul(fs) if any(isinstance(g, Indicator) for g in fs):
                found = go(mul(*(g for g in fs if not isinstance(g, Indicator))))
                for g in fs:
                    found = np.where(self._holds(g.condition), found, 0.0) if isinstance(g, Indicator) else found
                return found
            case Mul(fs):
                return math.prod(map(go, fs))
            case Neg(a):
                return -go(a)
            case Div(a, b):
                return go(a) / go(b)
            case Pow(a, Num(v)) if v == 2:
                h = go(a)
                return h * h
            case Pow(a, k) if (small := over_one(a)) is not None and not isinstance(k, (Num, Neg)):
                h, w = go(small), go(k)
                return np.where(abs(h) < SMALL, np.exp(w * np.log1p(h)), np.power(1 + h, w))
            case Pow(a, k) if not isinstance(k, Indicator):
                return np.power(go(a), go(k))
            case Call("log", (a,)) if (small := over_one(a)) is not None:
                return np.log1p(go(small))
            case Call("log", (Call("gamma" | "factorial" as name, (a,)),)):
                return self._each(LOG_FUNCTIONS[name], go(a))
            case Call(name, (a,)) if name in IN_NUMPY:
                return getattr(np, name)(go(a))
            case Call(name, (a,)):
                return self._each(FUNCTIONS[name], go(a))
            case Indicator(c):
                return self._holds(c) * 1.0
        raise NoArray

    def _log(self, f: Formula) -> Any:
        if not free_names(f) & self.here:
            sign, size = self.log_size(f)(self.env)
            return size if sign > 0 else math.nan
        np = _numpy()
        match f:
            case Mul(fs) if not any(isinstance(g, Indicator) for g in fs):
                return sum(map(self._log, fs))
            case Div(a, b):
                return self._log(a) - self._log(b)
            case Call("exp", (u,)):
                return self._value(u)
            case Call("gamma" | "factorial" as name, (a,)):
                if (xs := self._value(a)).min() <= 0 and name == "gamma":
                    raise NoArray
                return self._each(LOG_FUNCTIONS[name], xs)
            case Pow(b, Num(k)) if k.denominator == 1 and k % 2 == 0:
                return float(k) * np.log(abs(self._value(b)))
            case Pow(b, k) if not isinstance(k, Indicator):
                small = over_one(b)
                return self._value(k) * (self._log(b) if small is None else np.log1p(self._value(small)))
        return np.log(self._value(f))

    def _each(self, fn: Callable[[float], float], xs: Any) -> Any:
        """A function without an array form, at every row; at equal arguments once."""
        np = _numpy()
        try:
            different, places = np.unique(xs, return_inverse=True)
            return np.array([fn(x) for x in different.tolist()])[places].reshape(xs.shape)
        except (ValueError, ZeroDivisionError, OverflowError):
            raise NoArray from None

    def _holds(self, c: Formula) -> Any:
        if not (isinstance(c, Relation) and all(sign in COMPARED for sign in c.signs)):
            raise NoArray
        sides = list(map(self._value, c.sides))
        links = [COMPARED[sign](a, b) for a, sign, b in zip(sides, c.signs, sides[1:], strict=False)]
        return _numpy().logical_and.reduce(_numpy().broadcast_arrays(*links))


def at_rows(columns: Mapping[str, Any], env: Env, compiled: Scalar, log_size: Scalar, index: str = "") -> Rows | None:
    """The rows of columns, which are lists or arrays of numbers; None where there are few, or NumPy is missing."""
    if min(map(len, columns.values()), default=0) < MANY or (np := _numpy()) is None:
        return None
    arrays = {k: xs.array if isinstance(xs, Numbers) else np.asarray(xs, dtype=float) for k, xs in columns.items()}
    return Rows(arrays, env, index, compiled, log_size)


__all__ = ["NoArray", "Numbers", "Rows", "at_rows"]
