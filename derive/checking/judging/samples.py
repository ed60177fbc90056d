"""Test points: samples with parameter values, at which a claim is tried, and the maximum-likelihood point of each sample."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ...errors import DeriveError
from ...formula.evaluate import Env
from ...formula.names import hat
from .expectation import SINGLE
from .likelihood_peak import Climber, Peak
from .model import Model

SIZES = (5, 3, 4)
ODD = (5, 3, 7)


@dataclass
class Sample:
    """One sample: test points with random parameter values, and the test point at the maximum-likelihood point.

    points: test points at random parameters.  find: finds the maximum-likelihood point, when it is asked for.
    again: another random sample, where this one's maximum is not soon found to lie inside; None if it is, or none does.
    """

    points: list[Env]
    find: Callable[[], Peak]
    again: Callable[[], Sample | None] | None = None

    @cached_property
    def peak(self) -> Peak:
        """The maximum-likelihood point; its values stand at the test points as letters with hats from here on."""
        other = self.again() if self.again is not None else None
        if other is not None:
            self.points, self.find = other.points, other.find
        peak = self.find()
        for e in self.points:
            for k, estimate in peak.values.items():
                e[hat(k).name] = estimate
        return peak

    @property
    def reliable(self) -> bool:
        """Whether the maximum-likelihood point was found for certain."""
        return self.peak.precision < 1e-5

    @cached_property
    def top(self) -> Env:
        """The test point with the parameters at their estimates."""
        peak = self.peak
        return {**self.points[0], **peak.values}

    def fixed(self, names: frozenset[str]) -> Sample:
        """The same sample with some parameters at their estimates everywhere."""
        fixed = {k: v for k, v in self.peak.values.items() if k in names}
        return Sample([{**e, **fixed} for e in self.points], lambda: self.peak)


def given_others(sample: Sample, climber: Climber, names: frozenset[str], hats: bool) -> Sample | None:
    """The same sample with some parameters (or only their hats) at their maximum for the values that the others have."""
    points = []
    for e in sample.points:
        found = climber.given_others(e, names, sample.peak.values)
        if found is None:
            return None
        points.append({**e, **{hat(k).name if hats else k: v for k, v in found.items()}})
    kept = {} if hats else sample.peak.values
    return Sample(points, lambda: Peak(kept, 1e-10, sample.peak.height))


class Points:
    """The samples on which the claims of one solution are judged, made when they are asked for."""

    def __init__(self, model: Model, size: int | None = None, seed: int = 5, samples: list[Sample] | None = None):
        self.model, self.seed, self._chosen = model, seed, samples
        self.size = size or model.problem.given_size
        self._families: dict[int | None, list[Sample]] = {}

    @cached_property
    def climber(self) -> Climber:
        return Climber(self.model)

    @cached_property
    def samples(self) -> list[Sample]:
        """The samples that were chosen, the given one, or random ones of several sizes."""
        if self._chosen is not None:
            return self._chosen
        rng = random.Random(self.seed)
        given = self.model.given(rng)
        if given is not None:
            return [self._made(given, rng, 5 if given.get("n", 1) <= 60 else 3)]
        sizes = (self.size,) * 3 if self.size else ODD if self.model.rough else SIZES
        return [self._random(rng, n, 4 - j if j < 2 else 2) for j, n in enumerate(sizes)]

    def where(self, test: Callable[[Sample], bool], tries: int = 60) -> Points:
        """The samples that pass a test; others are tried until two do, where that does not take too long: degenerate ones, random ones."""
        rng = random.Random(self.seed + 1)
        samples = [s for s in self.samples if s.peak and test(s)]  # the peak first: it may lead to another sample
        if len(samples) < 2 and self.model.open:
            samples += [s for base in self.model.degenerate(rng, self.size or SIZES[1]) if test(s := self._made(base, rng, 3))]
        for _ in range(tries if self.model.open else 0):
            if len(samples) > 1:
                break
            new = self._made(self.model.sample(rng, self.size or SIZES[1]), rng, 3)
            samples += [new] if test(new) else []
        return Points(self.model, self.size, self.seed, samples)

    def _random(self, rng: random.Random, size: int, count: int) -> Sample:
        """A random sample; where the maximum should lie inside, one of which that is true, if it is found soon."""
        sample = self._made(self.model.sample(rng, size), rng, count)
        if self.model.moving or self.model.rough or any(self.model.domain(k).discrete for k in self.model.free):
            return sample
        own, sizes = random.Random(rng.random()), [size] * 8 + ([] if self.size else [size + 3] * 8 + [size + 8] * 8)

        def again() -> Sample | None:
            if self.climber.reaches(sample.points[0]):
                return None
            others = (self._made(self.model.sample(own, n, likely=True), own, count) for n in sizes)
            return next((s for s in others if self.climber.reaches(s.points[0])), None)

        sample.again = again
        return sample

    def of_size(self, size: int) -> list[Sample]:
        """Random samples of another size."""
        if size not in self._families:
            rng = random.Random(self.seed)
            try:
                self._families[size] = [self._made(self.model.sample(rng, size), rng, 3) for _ in range(2)]
            except (DeriveError, ValueError):
                self._families[size] = []
        return self._families[size]

    def under(self, model: Model) -> Points:
        """The same samples with the maxima of another likelihood."""
        other, rng = Points(model, self.size, self.seed, []), random.Random(self.seed + 2)
        for s in self.samples:
            points = [dict(e) for e in s.points if math.isfinite(model.value(e))] or [dict(e) for e in s.points]
            other.samples.append(other._sample(points, rng))
        return other

    def _made(self, base: Env, rng: random.Random, count: int) -> Sample:
        points = []
        for _ in range(count):
            e = self.model.elsewhere(rng, base)
            if e is not None:
                points.append(e)
        if not points:
            points = [dict(base)]
        for j, e in enumerate(points):
            self._furnish(e, j)
        return self._sample([self.model.exactly(e) for e in points], rng)

    def _sample(self, points: list[Env], rng: random.Random) -> Sample:
        start, own = dict(points[0]), random.Random(rng.random())
        return Sample(points, lambda: self.climber.peak(start, own))

    def _furnish(self, e: Env, j: int) -> None:
        """One observation, free indices, and the base of common logarithms."""
        for v in self.model.problem.observed:
            xs = e.get(v)
            if isinstance(xs, list) and xs:
                e[v + SINGLE] = xs[j % len(xs)]
            elif v in self.model.problem.support:
                e[v + SINGLE] = self.model.problem.support[v].points(random.Random(j), e, 1)[0]
        e["#ten"] = 10.0
        size = e.get("n")
        for letter in ("i", "j", "k"):
            if letter not in e:
                e[letter] = 1 + j % (int(size) if isinstance(size, (int, float)) and math.isfinite(size) and size >= 1 else 1)
