"""What the letters of a test point are exactly, beside the floats that stand there: fractions, formulas, the density's own logarithm.

A source is kept under `SOURCES` with the float (or list, or function) that it was given for; a letter that was given another value
since is known to the digits of a float only.  Plain values, which need no ball arithmetic.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ..formula.evaluate import Env
from ..formula.tree import ONE, At, Big, Div, Formula, N, Sym

SOURCES = "#exact"
Rows = tuple[tuple[tuple[Fraction, ...], int], ...]
NO_DATA: Rows = (((), 1),)


@dataclass(frozen=True)
class Worked:
    """The value of a formula at a test point.  seen: the balls that were worked out, by their bits and the side of the roots in it."""

    formula: Formula
    point: Env
    seen: dict[tuple[int, int], Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Column:
    """Observations.  seen: their balls, by bits."""

    values: tuple[Fraction, ...]
    seen: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Family:
    """The members of a family, as nested tuples of fractions, one level for each index."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Array:
    """A vector or matrix of fractions, by rows."""

    rows: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Members:
    """The members of a family, each the value of a formula in the letters of the index at a test point; column: as a vector."""

    formula: Formula
    index: tuple[str, ...]
    high: tuple[Formula, ...]
    point: Env
    column: bool = False


@dataclass(frozen=True)
class LogLikelihood:
    """The log-likelihood of rows, with their frequencies, as a function of parameters ("ell"); or the likelihood ("L"), or the
    density of one observation and parameters ("f").  point: the other letters."""

    density: Formula
    point: Env
    letters: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Rows
    shown: str


@dataclass(frozen=True)
class Function:
    """A function of letters, given by a formula at a test point."""

    formula: Formula
    letters: tuple[str, ...]
    point: Env


Source = Fraction | Array | Column | Family | Members | Worked | LogLikelihood | Function


@dataclass(frozen=True)
class Exactly:
    """What a test point is made of exactly.  letters: parameters and known letters, and columns, where that is known.  rows: distinct
    observations with their frequencies, in the order of the columns; none where a column is not known exactly.  density: of one."""

    letters: Mapping[str, Source]
    rows: Rows = ()
    density: Formula | None = None

    def sources(self, env: Env, values: Env, columns: tuple[str, ...], parameters: tuple[str, ...]) -> dict[str, Source]:
        """The letters with the means of the columns, and the log-likelihood, the likelihood and the density as functions."""
        out = dict(self.letters)
        known = with_sources(env, out)
        i = Sym("#i")
        out |= {k + "_bar": Worked(Div(Big("sum", "#i", ONE, N, At(k, (i,))), N), known) for k in columns if k in self.letters}
        if self.density is None or not self.rows:
            return out
        point = with_sources(dict(values), {k: s for k, s in self.letters.items() if k in values})
        return {**out, **{k: LogLikelihood(self.density, point, parameters, columns, self.rows, k) for k in ("ell", "L", "f")}}


def tallied(columns: Mapping[str, Source], order: Iterable[str]) -> Rows:
    """The distinct rows of columns with their frequencies; none where one is not known exactly."""
    exact = [xs.values for k in order if isinstance(xs := columns.get(k), Column)]
    return tuple(Counter(zip(*exact, strict=True)).items()) if len(exact) == len(tuple(order)) else ()


class Verdict(StrEnum):
    """What is known of two values at a test point."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NO_VALUE = "no value on both sides"
    ONE_SIDED = "a value on one side only"
    UNKNOWN = "not decided"


def with_sources(env: Env, sources: Mapping[str, Source]) -> Env:
    """The test point with what some of its letters are exactly."""
    return {**env, SOURCES: {**env.get(SOURCES, {}), **{k: (env[k], s) for k, s in sources.items()}}}


def source_of(env: Env, name: str) -> Source | None:
    """What a letter of a test point is exactly; None where that is not known."""
    shown, source = env.get(SOURCES, {}).get(name, (None, None))
    here = env.get(name)
    same = shown is here or (isinstance(here, (int, float)) and isinstance(shown, (int, float)) and shown == here)
    return source if same else None


def exactly(v: float) -> Fraction | None:
    """A float as the number that it is; None where it is none."""
    return Fraction(v) if math.isfinite(v) else None


__all__ = [
    "NO_DATA",
    "SOURCES",
    "Array",
    "Column",
    "Exactly",
    "Family",
    "Function",
    "LogLikelihood",
    "Members",
    "Source",
    "Verdict",
    "Worked",
    "exactly",
    "source_of",
    "tallied",
    "with_sources",
]
