"""What is worked out in the judging of one text, under whatever binding, and not again."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from ...formula.tree import Formula
from .ball_values import NoValue
from .expectation import Expectations
from .model import Model
from .trial_points import TrialPoint, TrialPoints


class Memory:
    """It lives as long as the judging of one text."""

    def __init__(self) -> None:
        self._expectations: dict[int, Expectations] = {}  # by the identity of their models, which they keep
        self._chosen: dict[tuple[TrialPoints, object], TrialPoints] = {}
        self._values: dict[tuple[Formula, TrialPoint], arb | NoValue] = {}

    def expectations(self, model: Model) -> Expectations:
        """Means under a model."""
        if id(model) not in self._expectations:
            self._expectations[id(model)] = Expectations(model)
        return self._expectations[id(model)]

    def value(self, f: Formula, p: TrialPoint, find: Callable[[Formula, TrialPoint], arb]) -> arb:
        """The value of a formula that speaks of nothing but letters of a point.  Raises NoValue."""
        key = (f, p)
        if key not in self._values:
            try:
                self._values[key] = find(f, p)
            except NoValue as e:
                self._values[key] = e
        got = self._values[key]
        if isinstance(got, NoValue):
            raise got
        return got

    def chosen(self, trials: TrialPoints, key: object, test: Callable[[TrialPoint], bool]) -> TrialPoints:
        """The points of samples that pass a test of the data; key: what the test is."""
        if (trials, key) not in self._chosen:
            self._chosen[trials, key] = trials.where(test)
        return self._chosen[trials, key]
