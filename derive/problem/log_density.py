"""The log-density of one observation, as a function of an environment that holds the observation and the parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..formula.evaluate import Env, Value, compiled, holds, log_size
from ..formula.removable import singular
from ..formula.rowwise import NoArray, at_rows
from ..formula.tree import Formula, Relation

SMALL = 1e-7  # how far from a place where a density is 0/0 it is looked at


@dataclass(frozen=True)
class LogDensity:
    """density: of one observation.  parameters: their names.  not_negative: sums that must not be negative although an
    even power of them never is: 1 - p_1 - p_2 for shares.  restrictions: conditions outside which the density is 0."""

    density: Formula
    parameters: tuple[str, ...]
    not_negative: tuple[Formula, ...]
    restrictions: tuple[Relation, ...]

    def __call__(self, env: Env) -> float:
        """The log-density: -inf where the density is 0, nan where it is negative or has no value."""
        for left in self.left_over:
            if left(env) < 0:
                return math.nan
        for test in self._satisfied:
            if not test(env):
                return -math.inf
        sign, size = self.size(env)
        if size != size and self.singular:
            return self.beside(env)
        return size if sign > 0 else -math.inf if sign == 0 else math.nan

    def of_rows(self, env: Env, columns: Mapping[str, Sequence[float]]) -> list[float] | None:
        """The log-density of each of many observations, whose letters are columns; None where it is not worked out for all at once."""
        if self._satisfied or not (rows := at_rows(columns, env, compiled, log_size)):
            return None
        try:
            return None if any(left(env) < 0 for left in self.left_over) else rows.log_sizes(self.density)
        except (NoArray, KeyError):  # KeyError: what must not be negative speaks of the observation
            return None

    @property
    def formula(self) -> Formula | None:
        """The density as a formula, where there is no condition outside which it is 0."""
        return None if self.restrictions else self.density

    @cached_property
    def size(self) -> Callable[[Env], tuple[int, float]]:
        """The sign of the density and the logarithm of its absolute value, as it is written."""
        return log_size(self.density)

    @cached_property
    def left_over(self) -> tuple[Value, ...]:
        """The values of what must not be negative."""
        return tuple(map(compiled, self.not_negative))

    @cached_property
    def _satisfied(self) -> tuple[Callable[[Env], bool], ...]:
        return tuple(map(holds, self.restrictions))

    @cached_property
    def singular(self) -> tuple[tuple[str, float], ...]:
        """Values of parameters at which the density as it is written is 0/0."""
        return singular(self.density, self.parameters, compiled)

    def beside(self, env: Env) -> float:
        """The log-density at a place where it is 0/0, from both sides of it; nan where it is something else."""
        for k, r in self.singular:
            if abs(env[k] - r) <= SMALL / 10:
                (s, a), (t, b) = (self.size({**env, k: r + d}) for d in (SMALL, -SMALL))
                return (a + b) / 2 if s > 0 and t > 0 and abs(a - b) < SMALL * 1e3 * (1 + abs(a)) else math.nan
        return math.nan


__all__ = ["LogDensity"]
