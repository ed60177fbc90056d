"""Where a statement is tried: samples with parameters, in balls; at random, at the maximum, and far off where the data are impossible."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import arb, arb_mat, ctx

from ...formula.evaluate import Env
from ...formula.names import hat
from ...formula.tree import Formula, Sym, replace_all
from ...oracle.balls import Ball, NoBall, ball
from ...reading.context import OWN_SIZE
from ..slope import slope
from .ball_values import BITS, NoValue, column, evaluated, number
from .model import Model
from .samples import Points, Sample, given_others

WIDE = (0.02, 0.2, 0.5, 0.8, 1.25, 2.0, 5.0, 40.0)  # multiples of an estimate, for what is claimed of all points
ERRORS = (NoValue, NoBall, KeyError, IndexError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)


@dataclass(frozen=True, eq=False)
class TrialPoint:
    """A sample with parameters.

    env: letters to balls.  floats: the same in floats, for what is worked out numerically.  top: at the maximum of the likelihood.
    possible: whether the data can occur there.  place: its number among several.
    """

    env: dict[str, Any]
    floats: Env
    sample: Sample
    top: bool = False
    possible: bool = True
    place: int = 0

    def put(self, letters: dict[str, arb]) -> TrialPoint:
        """With other values of some letters."""
        return replace(self, env={**self.env, **letters}, floats={**self.floats, **{k: float(x.mid()) for k, x in letters.items()}})


class TrialPoints:
    """The points of one model."""

    def __init__(self, model: Model, points: Points):
        self.model, self.points = model, points
        self.hats = {k: hat(k).name for k in model.names}
        self._profiles: dict[tuple[frozenset[str], bool], list[TrialPoint]] = {}
        self._sharpened: dict[int, dict[str, arb]] = {}

    @cached_property
    def inner(self) -> list[TrialPoint]:
        """Random parameters, with every sample."""
        for s in self.points.samples:
            _ = s.peak  # may lead to another sample
        pairs = [(e, s) for s in self.points.samples for e in s.points]
        return [TrialPoint(self.balls(e, s), e, s, place=j) for j, (e, s) in enumerate(pairs)]

    @cached_property
    def bare(self) -> list[TrialPoint]:
        """The same without the letters of the estimates: no maximum is looked for."""
        if any(s.again is not None for s in self.points.samples):  # the maximum tells whether the sample is taken
            return self.inner
        pairs = [(e, s) for s in self.points.samples for e in s.points]
        return [TrialPoint(self._numbers(e), e, s, place=j) for j, (e, s) in enumerate(pairs)]

    @cached_property
    def top(self) -> list[TrialPoint]:
        """The maximum, for every sample for which it was found for certain."""
        return [TrialPoint(self.balls(s.top, s, True), s.top, s, True) for s in self.points.samples if s.reliable]

    @cached_property
    def wide(self) -> list[TrialPoint]:
        """One parameter after another far off, also where the data cannot occur."""
        return [p for s in self.points.samples for k in self.model.free for p in self._far(s, k, WIDE)]

    def beside(self, k: str, multiples: Sequence[float]) -> list[TrialPoint]:
        """One parameter at multiples of its estimate, or of its distance from an end, also where the data cannot occur."""
        return [p for s in self.points.samples for p in self._far(s, k, multiples)]

    @cached_property
    def dense(self) -> list[TrialPoint]:
        """One parameter at many values, between the observations too, for what is said of few."""
        out: list[TrialPoint] = []
        for s in self.points.samples:
            start = TrialPoint(self.balls(s.points[0], s), s.points[0], s)
            data = sorted({x for v in self.model.problem.observed for x in s.points[0].get(v, ()) if isinstance(x, (int, float))})
            for k in self.model.free:
                low, high = self.model.domain(k).bounds(s.points[0])
                values = [a + (b - a) * t for a, b in pairwise(data) for t in (0.3, 0.7)] + [p.floats[k] for p in self.wide]
                values += (
                    [low + (high - low) * t / 20 for t in range(1, 20)]
                    if high - low < 1e6
                    else [s.peak.values[k] * t / 8 for t in range(1, 17)]
                )
                values = [float(round(x)) for x in values] if self.model.domain(k).discrete else values
                for x in dict.fromkeys(values):
                    if low < x < high and self.model.possible((q := self.moved(start, k, x)).floats):
                        out.append(q)
        return out

    @cached_property
    def outside(self) -> list[TrialPoint]:
        """Points of the domains at which the data cannot occur."""
        return [p for p in self.wide if not p.possible]

    def everywhere(self) -> list[TrialPoint]:
        """All points at which the data can occur."""
        return [*self.inner, *(p for p in self.wide if p.possible)]

    def _far(self, s: Sample, k: str, multiples: Sequence[float]) -> Iterator[TrialPoint]:
        domain = self.model.domain(k)
        low, high = domain.bounds(s.points[0])
        start, centre = TrialPoint(self.balls(s.points[0], s), s.points[0], s), float(s.peak.values[k])
        for m in multiples:
            x: float
            if low > -1e300 and centre > low and (m <= 1 or high > 1e300):
                x = low + (centre - low) * m
            elif high < 1e300 and m > 1:
                x = high - (high - centre) / m
            else:
                x = centre + (abs(centre) + 1) * (m - 1)
            x = float(round(x)) if domain.discrete else x
            if low < x < high:
                q = self.moved(start, k, x)
                supports = [d.bounds(q.floats) for d in self.model.problem.support.values()] if self.model.moving else []
                if all(below < above for below, above in supports):
                    yield replace(q, possible=self.model.possible(q.floats))

    def moved(self, p: TrialPoint, k: str, x: float | arb) -> TrialPoint:
        """A point with another value of one parameter, and of those that are tied to it."""
        e = self.model.tie({**p.floats, k: float(x.mid()) if isinstance(x, arb) else x})
        env = {**p.env, k: number(x)}
        for name, f in self.model.tied.items():
            with contextlib.suppress(NoValue):
                env[name] = evaluated(f, env)
        return TrialPoint(env, e, p.sample, place=p.place)

    def put(self, p: TrialPoint, k: str, f: Formula) -> TrialPoint | None:
        """A point at which one parameter has the value of a formula; None where that has none."""
        try:
            x = evaluated(f, p.env)
            q = self.moved(p, k, x)
        except ERRORS:
            return None
        return replace(q, possible=self.model.possible(q.floats))

    def given_others(self, ruled: Iterable[str], hats: bool) -> list[TrialPoint]:
        """Points with some parameters (or their hats) at their maximum for the values that the others have."""
        key = (frozenset(ruled), hats)
        if key not in self._profiles:
            out = []
            for s in self.points.samples:
                t = given_others(s, self.points.climber, key[0], hats) if s.reliable else None
                for e in t.points if t is not None else ():
                    found = {(self.hats[k] if hats else k): e[self.hats[k] if hats else k] for k in key[0]}
                    balls = {k: arb(x, abs(x) * 1e-7 + 1e-13) for k, x in found.items()}
                    out.append(TrialPoint({**self.balls(e, s), **balls}, e, s))
            self._profiles[key] = out
        return self._profiles[key]

    def of_size(self, size: int) -> list[TrialPoint]:
        """Random parameters, with samples of another size."""
        return [TrialPoint(self.balls(e, s), e, s) for s in self.points.of_size(size) for e in s.points]

    def where(self, test: Callable[[TrialPoint], bool]) -> TrialPoints:
        """The points of samples that pass a test of the data."""

        def kept(s: Sample) -> bool:
            return all(test(TrialPoint(self.balls(e, s), e, s)) for e in s.points)

        return TrialPoints(self.model, self.points.where(kept))

    # -- balls ------------------------------------------------------------------------------------------

    def _numbers(self, e: Env) -> dict[str, Any]:
        """The letters of a test point as balls, but for the estimates."""
        near = self.model.stand_in is not None  # for a sample that is known by its sums, to the digits of floats
        out: dict[str, Any] = {
            k: ([arb(v, abs(v) * 1e-9) for v in x] if near else column(x)) if isinstance(x, list) else number(x)
            for k, x in e.items()
            if isinstance(x, (list, int, float)) and k not in self.hats.values()
        }
        self._worked(out, False)
        return out

    def balls(self, e: Env, s: Sample, top: bool = False) -> dict[str, Any]:
        """The letters of a test point as balls; what is at the maximum has the radius to which that is known."""
        rough = max(1e-9, 100 * s.peak.precision) if s.peak.precision > 0 else 0.0
        out: dict[str, Any] = {}
        stands_in = self.model.stand_in is not None  # for a sample that is known by its sums, to the digits of floats
        near = {*self.hats.values(), *(self.model.names if top else ())} if rough else set()
        for k, x in e.items():
            if isinstance(x, list):
                out[k] = [arb(v, abs(v) * 1e-9) for v in x] if stands_in else column(x)
            elif isinstance(x, (int, float)):
                out[k] = self._known(x, rough, e) if k in near else number(x)
        for k, x in (self._sharp(s) if rough else {}).items():
            out[self.hats[k]] = x
            if top:
                out[k] = x
        for k in {*self.hats.values(), *(self.model.names if top else ())} & out.keys() if stands_in else ():
            out[k] = arb(out[k].mid(), abs(float(out[k].mid())) * 1e-9)
        self._worked(out, top)
        return out

    def _worked(self, out: dict[str, Any], top: bool) -> None:
        """What is derived is derived in balls: 1 - p_1 - p_2 in floats is not on the constraint, a mean in floats is none."""
        derived = dict(self.model.problem.values)
        derived |= {} if top else self.model.tied
        for k, f in derived.items():
            if k in out:
                try:
                    out[k] = evaluated(f, out)
                except NoValue:
                    continue
        if top:
            for k, f in self.model.tied.items():
                try:
                    out[k] = out[self.hats[k]] = evaluated(f, out)
                except NoValue:
                    continue
        if self.model.problem.whole and "n" in out and OWN_SIZE not in out:
            counted = [out[k] for k in (*self.model.problem.known, *self.model.problem.values) if k in out and k != "n"]
            out["n"] = sum(counted, arb(0)) if counted and "n" not in (*self.model.problem.known, *self.model.problem.values) else out["n"]
        for v in self.model.problem.observed:
            xs = out.get(v)
            if isinstance(xs, list) and xs and v + "_bar" in out:
                out[v + "_bar"] = sum(xs, arb(0)) / len(xs)
                ordered = sorted(xs, key=lambda x: float(x.mid()))
                out[v + "_med"] = (ordered[(len(xs) - 1) // 2] + ordered[len(xs) // 2]) / 2

    def _known(self, x: float, rough: float, e: Env) -> arb:
        """A coordinate of the maximum: an observation, or an end of a domain, where it is one, else a ball."""
        got = arb(x, abs(x) * rough + 1e-14)
        if got.is_finite() and (self.model.moving or self.model.rough):
            for v in self.model.problem.observed:
                for d in e.get(v, ()) if isinstance(e.get(v), list) else ():
                    if got.contains(number(d)):
                        return number(d)
        return got

    def _sharp(self, s: Sample) -> dict[str, arb]:
        """The maximum of a sample to 20 digits, by Newton's method in balls from the floats; empty where it is at an edge or a kink."""
        if id(s) not in self._sharpened:
            before, ctx.prec = ctx.prec, BITS
            try:
                self._sharpened[id(s)] = self._newton(s)
            except ERRORS:
                self._sharpened[id(s)] = {}
            finally:
                ctx.prec = before
        return self._sharpened[id(s)]

    @cached_property
    def _slopes(self) -> tuple[list[Ball], list[list[Ball]]]:
        tied: dict[Formula, Formula] = {Sym(k): f for k, f in self.model.tied.items()}
        ell = replace_all(self.model.ell, tied)
        firsts = [slope(ell, Sym(k)) for k in self.model.free]
        return [ball(f) for f in firsts], [[ball(slope(f, Sym(k))) for k in self.model.free] for f in firsts]

    def _newton(self, s: Sample) -> dict[str, arb]:
        ks = self.model.free
        if s.peak.precision == 0 or s.peak.precision > 1e-5 or self.model.rough or any(self.model.domain(k).discrete for k in ks):
            return {}
        firsts, seconds = self._slopes
        plain = {k: x for k, x in s.points[0].items() if isinstance(x, (list, int, float))}
        env: dict[str, Any] = {k: column(x) if isinstance(x, list) else number(x) for k, x in plain.items()}
        self._worked(env, False)
        x = [arb(s.peak.values[k]) for k in ks]
        for _ in range(5):
            env |= dict(zip(ks, x, strict=True))
            step = arb_mat([[f(env) for f in row] for row in seconds]).solve(arb_mat([[f(env)] for f in firsts]))
            x = [(a - step[j, 0]).mid() for j, a in enumerate(x)]
        small = all(abs(float(step[j, 0].mid())) < 1e-22 * (1e-6 + abs(float(a))) for j, a in enumerate(x))
        close = all(abs(float(a) - s.peak.values[k]) <= 1e-5 * (1 + abs(s.peak.values[k])) for k, a in zip(ks, x, strict=True))
        return {k: arb(a, abs(float(a)) * 1e-20 + 1e-24) for k, a in zip(ks, x, strict=True)} if small and close else {}
