"""Several unknowns at the data: the log-likelihood and its derivatives as functions of floats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """Scores and second derivatives of several unknowns at the data."""

    names: tuple[str, ...]
    slopes: Callable[[list[float]], list[float]]
    bends: Callable[[list[float]], list[list[float]]]
    height: Callable[[list[float]], float]
    bounds: tuple[tuple[float, float], ...]
