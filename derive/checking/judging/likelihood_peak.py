"""The maximum-likelihood point of a sample, found numerically and polished: what a student's estimates are compared with."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from ...formula.evaluate import Env, compiled
from ...formula.tree import Sym, replace_all
from ...numerics.search import maximise
from ..slope import slope
from .model import Model

STARTS = 3
ROUGHLY, FINE = 1e-3, 1e-7  # sizes of a simplex: from which the rest of the way is Newton's, and by itself
CLOSE = 1e-6  # relative distance at which Newton's method is at a maximum that is known
Vector = list[float]


@dataclass(frozen=True, slots=True)
class Peak:
    """The place of the maximum.

    values: by parameter.  precision: relative error of a value; infinite where the point cannot be relied on.
    height: the log-likelihood there.  flat: whether other points reach the same height.  inside: whether it is a
    stationary point well inside the domains.
    """

    values: dict[str, float]
    precision: float
    height: float
    flat: bool = False
    inside: bool = False


class Climber:
    """Finds the peak for the samples of one model."""

    def __init__(self, model: Model):
        self.model = model
        self.whole = tuple(k for k in model.free if model.domain(k).discrete)
        self.smooth = tuple(k for k in model.free if k not in self.whole)
        ell = replace_all(model.ell, {Sym(k): f for k, f in model.tied.items()})
        firsts = [slope(ell, Sym(k)) for k in self.smooth]
        self.firsts = [compiled(f) for f in firsts]
        self.seconds = [[compiled(slope(f, Sym(k))) for k in self.smooth[j:]] for j, f in enumerate(firsts)]  # from the diagonal on
        self._reached: dict[tuple[float, ...], Vector] = {}  # maxima that were found, by where the way to them began

    def height(self, env: Env, at: Sequence[float]) -> float:
        return self.model.value(self.put(env, at))

    def put(self, env: Env, at: Sequence[float]) -> Env:
        """The test point with these values of the smooth parameters."""
        return self.model.tie({**env, **dict(zip(self.smooth, at, strict=True))})

    def peak(self, env: Env, rng: random.Random) -> Peak:
        """The peak for the sample in env, whose parameter values are a possible start."""
        if not self.whole:
            return self._continuous(env, rng)
        found = [self._continuous({**env, **point}, rng) for point in self._lattice(env)]
        found = [p for p in found if p.height > -math.inf]
        if not found:
            return Peak({k: env[k] for k in self.model.names}, math.inf, -math.inf)
        top = max(p.height for p in found)
        best = [p for p in found if p.height >= top - 1e-9 * (1 + abs(top))]
        return Peak(best[-1].values, best[-1].precision, top, len(best) > 1)

    def reaches(self, env: Env) -> bool:
        """Whether Newton's method goes from the parameters in env to a maximum well inside the domains."""
        bounds = [self.model.domain(k).bounds(env) for k in self.smooth]
        start = [env[k] for k in self.smooth]
        at = self._newton(env, start, bounds, set(), 30)
        if at is not None:
            self._reached[tuple(start)] = at
        return at is not None and all(_well_inside(x, *b) for x, b in zip(at, bounds, strict=True))

    def given_others(self, env: Env, names: frozenset[str], start: dict[str, float]) -> dict[str, float] | None:
        """The maximum in some parameters, with the others as they are in env; None where Newton's method does not find it."""
        fixed = {j for j, k in enumerate(self.smooth) if k not in names}
        if len(fixed) + len(names) != len(self.smooth):
            return None
        bounds = [self.model.domain(k).bounds(env) for k in self.smooth]
        for guess in (start, env):
            at = self._newton(env, [guess[k] if k in names else env[k] for k in self.smooth], bounds, fixed)
            if at is not None:
                return {k: x for k, x in zip(self.smooth, at, strict=True) if k in names}
        return None

    def _lattice(self, env: Env) -> list[dict[str, float]]:
        """Values of the whole-numbered parameters to try: all of a finite set, else a stretch that holds the maximum."""
        points: list[dict[str, float]] = [{}]
        for k in self.whole:
            d = self.model.domain(k)
            if d.values is not None:
                values = [compiled(v)(env) for v in d.values]
            else:
                values = self._stretch(k, env)
            points = [{**p, k: v} for p in points for v in values]
        return points[:4000]

    def _stretch(self, name: str, env: Env) -> Vector:
        low, high = self.model.domain(name).whole(env)
        first = low if math.isfinite(low) else min(high, 0.0) - 50

        def at(v: float) -> float:
            return self.model.value(self.model.tie({**env, name: v}))

        x, last = first, min(high, first + 3000)
        while x < last and at(x) == -math.inf:
            x += 1
        start, best, seen = x, -math.inf, x
        while x <= last and x - seen < 60:
            h = at(x)
            if h > best:
                best, seen = h, x
            x += 1
        return [start, *(v for v in (seen - 1, seen, seen + 1) if start < v <= last)]

    # -- parameters in an interval ---------------------------------------------------------------

    def _continuous(self, env: Env, rng: random.Random) -> Peak:
        if not self.smooth:
            return Peak(self._values(env, []), 0.0, self.model.value(self.model.tie(dict(env))))
        bounds = [self.model.domain(k).bounds(env) for k in self.smooth]
        starts = [[env[k] for k in self.smooth]]
        for _ in range(STARTS - 1):
            other = self.model.elsewhere(rng, env)
            if other is not None:
                starts.append([other[k] for k in self.smooth])
        results: list[tuple[Vector, float, float]] = []
        for s in starts:
            if math.isfinite(self.height(env, s)):
                results.append(self._climb(env, s, bounds, [r[0] for r in results]))
        if not results:
            return Peak(self._values(env, starts[0]), math.inf, -math.inf)
        best = max(results, key=lambda r: r[1])
        slack = 1e-9 * (1 + abs(best[1]))
        flat = any(
            h >= best[1] - slack and any(abs(a - b) > 1e-4 * (1 + abs(a)) for a, b in zip(p, best[0], strict=True)) for p, h, _ in results
        )
        inside = best[2] <= 1e-11 and all(_well_inside(x, *b) for x, b in zip(best[0], bounds, strict=True))
        return Peak(self._values(env, best[0]), best[2], best[1], flat, inside)

    def _values(self, env: Env, at: Vector) -> dict[str, float]:
        e = self.put(env, at)
        return {k: e[k] for k in self.model.names}

    def _climb(self, env: Env, start: Vector, bounds: list[tuple[float, float]], known: list[Vector]) -> tuple[Vector, float, float]:
        """A local maximum from start: place, height, precision.  known: maxima that were reached from other starts."""
        at = list(start)
        sharp = self.model.moving or self.model.rough
        polished = None if sharp else self._reached.pop(tuple(at), None) or self._newton(env, at, bounds, set(), known=known)
        if polished is not None:
            return polished, self.height(env, polished), 1e-11
        stuck: set[int] = set()
        for width in (FINE,) if self.model.rough else (ROUGHLY, FINE):  # with kinks Newton's method does not tell where they are
            at = self._simplex(env, at, bounds, width)
            for _ in range(2):
                at, ends = self._edges(env, at, bounds)
                at, kinks = self._snapped(env, at)
                stuck = ends | kinks
                polished = self._newton(env, at, bounds, stuck)
                at = polished if polished is not None else at
                if polished is None or not stuck or len(at) == 1:
                    break
            if polished is not None:
                break
        if polished is not None and not stuck:
            return polished, self.height(env, polished), 1e-11
        trust = self._trust(env, at, stuck, polished is not None)
        if math.isinf(trust) and stuck and (free := self._newton(env, at, bounds, set(), known=known)) is not None:
            return free, self.height(env, free), 1e-11  # the kinks are elsewhere
        return at, self.height(env, at), trust

    def _simplex(self, env: Env, at: Vector, bounds: list[tuple[float, float]], width: float) -> Vector:
        try:
            inside = [min(max(x, lo + 1e-9 * (1 + abs(lo))), hi - 1e-9 * (1 + abs(hi))) for x, (lo, hi) in zip(at, bounds, strict=True)]
            place, top = maximise(lambda t: self.height(env, t), bounds, inside, tolerance=width * 1e-5, most=800, width=width)
        except (ValueError, OverflowError, ZeroDivisionError):
            return at
        return place if top >= self.height(env, at) else at

    def _edges(self, env: Env, at: Vector, bounds: list[tuple[float, float]]) -> tuple[Vector, set[int]]:
        """Each coordinate moved to the end of what is possible, where the log-likelihood grows up to it; which ones were."""
        stuck = set()
        for j in range(len(at)):
            for direction in (1.0, -1.0):
                edge = self._edge(env, at, j, direction, bounds[j])
                if edge is not None and self.height(env, edge) >= self.height(env, at):
                    at = edge
                    stuck.add(j)
        return at, stuck

    def _edge(self, env: Env, at: Vector, j: int, direction: float, bounds: tuple[float, float]) -> Vector | None:
        def moved(x: float) -> Vector:
            return [*at[:j], x, *at[j + 1 :]]

        end = bounds[1] if direction > 0 else bounds[0]
        step = 0.02 * (1 + abs(at[j]))
        out = at[j] + direction * step
        if (end - out) * direction < 0:
            out = end
        if math.isfinite(self.height(env, moved(out))):
            return moved(out) if out == end else None
        inside = at[j]
        for _ in range(200):
            middle = (inside + out) / 2
            if middle in (inside, out):
                break
            if math.isfinite(self.height(env, moved(middle))):
                inside = middle
            else:
                out = middle
        return moved(inside)

    def _snapped(self, env: Env, at: Vector) -> tuple[Vector, set[int]]:
        """Where there are kinks: coordinates moved to an observation, if that is no worse; which ones were."""
        stuck: set[int] = set()
        if not self.model.rough:
            return at, stuck
        data = [x for v in self.model.problem.observed for x in env.get(v, ())]
        for j in range(len(at)):
            for x in data:
                moved = [*at[:j], x, *at[j + 1 :]]
                if self.height(env, moved) >= self.height(env, at) - 1e-12:
                    at = moved
                    stuck.add(j)
        return at, stuck

    def _newton(
        self, env: Env, at: Vector, bounds: list[tuple[float, float]], fixed: set[int], most: int = 60, known: Sequence[Vector] = ()
    ) -> Vector | None:
        """The zero of the gradient in the coordinates that are not fixed, by Newton's method with halved steps.

        None where it is not reached or is no maximum.  known: maxima; the way ends at one that it comes close to.
        """
        at = list(at)
        moving = [j for j in range(len(at)) if j not in fixed]
        if not moving:
            return at
        here = self.height(env, at)
        for k in range(most):
            e = self.put(env, at)
            g = [self.firsts[j](e) for j in moving]
            upper = {(i, j): self.seconds[i][j - i](e) for i in moving for j in moving if i <= j}
            h = [[upper[min(i, j), max(i, j)] for j in moving] for i in moving]
            if not all(map(math.isfinite, g)) or not all(math.isfinite(x) for row in h for x in row):
                return None
            step = solved(h, [-x for x in g])
            if step is None or sum(a * b for a, b in zip(step, g, strict=True)) < 0:
                step = [x / max(abs(h[j][j]), 1e-8) for j, x in enumerate(g)]
            size = max(abs(s) / (abs(at[j]) + 1e-8) for s, j in zip(step, moving, strict=True))
            if size < 1e-13 or (size < 1e-9 and k > 40):
                return at if negative(h) else None
            factor = 1.0
            for _ in range(40):
                new = list(at)
                for s, j in zip(step, moving, strict=True):
                    new[j] = at[j] + factor * s
                if all(bounds[j][0] < new[j] < bounds[j][1] for j in moving):
                    there = self.height(env, new)
                    if there >= here - 1e-12 * (1 + abs(here)):
                        break
                factor /= 2
            else:
                return at if size < 1e-7 and negative(h) else None
            if new == at:
                return at if negative(h) else None
            at, here = new, there
            near = next((p for p in known if all(abs(a - b) <= CLOSE * (abs(a) + 1e-8) for a, b in zip(p, at, strict=True))), None)
            if near is not None and k:
                return near
        return at if size < 1e-7 and negative(h) else None  # at 0 steps do not get smaller than the errors of floats

    def _trust(self, env: Env, at: Vector, stuck: set[int], polished: bool) -> float:
        """How far a point on an edge or a kink can be relied on: infinite where a small move reaches higher, or a large one as high."""
        here = self.height(env, at)
        for j, x in enumerate(at):
            for sign in (1.0, -1.0):
                for size in (1e-5, 1e-3):
                    moved = [*at[:j], x + sign * size * (abs(x) + 1e-3), *at[j + 1 :]]
                    if self.height(env, moved) > here + 1e-13 * (1 + abs(here)):
                        return math.inf
                far = [*at[:j], x + sign * 10 * (abs(x) + 1), *at[j + 1 :]]
                if not polished and self.height(env, far) >= here - 1e-13 * (1 + abs(here)):
                    return math.inf
        return 1e-10 if polished else 1e-6


def _well_inside(x: float, low: float, high: float) -> bool:
    return abs(x) < 1e6 and x - low > 1e-5 and high - x > 1e-5


def solved(h: list[Vector], b: Vector) -> Vector | None:
    """The solution of a small linear system by elimination with pivoting; None where it is singular."""
    n = len(b)
    m = [[*row, x] for row, x in zip(h, b, strict=True)]
    for j in range(n):
        pivot = max(range(j, n), key=lambda i: abs(m[i][j]))
        if abs(m[pivot][j]) < 1e-300:
            return None
        m[j], m[pivot] = m[pivot], m[j]
        for i in range(n):
            if i != j:
                factor = m[i][j] / m[j][j]
                m[i] = [a - factor * c for a, c in zip(m[i], m[j], strict=True)]
    return [m[j][n] / m[j][j] for j in range(n)]


def negative(h: list[Vector]) -> bool:
    """Whether a small symmetric matrix is negative definite, by elimination."""
    m = [list(row) for row in h]
    for j in range(len(m)):
        if not m[j][j] < 0:
            return False
        for i in range(j + 1, len(m)):
            factor = m[i][j] / m[j][j]
            m[i] = [a - factor * c for a, c in zip(m[i], m[j], strict=True)]
    return True
