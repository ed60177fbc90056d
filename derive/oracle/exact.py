"""What the letters of a test point are exactly, beside the floats that stand there: fractions, formulas, the density's own logarithm.

A source is kept under `SOURCES` with the float (or list, or function) that it was given for; a letter that was given another value
since is known to the digits of a float only.  Plain values, which need no ball arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ..formula.evaluate import Env
from ..formula.tree import Formula

SOURCES = "#exact"


@dataclass(frozen=True)
class Worked:
    """The value of a formula at a test point.  seen: the balls that were worked out, by their bits."""

    formula: Formula
    point: Env
    seen: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class LogLikelihood:
    """The log-likelihood of rows, with their frequencies, as a function of parameters ("ell"); or the likelihood ("L"), or the
    density of one observation and parameters ("f").  point: the other letters."""

    density: Formula
    point: Env
    letters: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Fraction, ...], int], ...]
    shown: str


Source = Fraction | tuple[Fraction, ...] | Worked | LogLikelihood


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


__all__ = ["SOURCES", "LogLikelihood", "Source", "Verdict", "Worked", "exactly", "source_of", "with_sources"]
