"""The log-likelihood at given data as a function of numbers: its maximum with some parameters held fixed, by Newton's method."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..formula.evaluate import Env, Value, compiled
from ..formula.tree import Big, Float, Formula, N, names, num, replace_all, transform
from .matrices import inverse
from .sample_likelihood import SampleLikelihood

STEPS = 60
CLOSE = 1e-11  # to 0, of a function that rises by about 1 in the distance of a standard error
HALVINGS = 40
NEARLY = 1e-8  # of what a step of Newton's gains: after it a further one is the last


@dataclass(frozen=True)
class Surface:
    """A log-likelihood at its data.  estimate: where it is largest, by name.  letters: the parameters that vary."""

    likelihood: SampleLikelihood
    estimate: Mapping[str, float]
    letters: tuple[str, ...]

    def _folded(self, f: Formula) -> Value:
        """f with its sums over the data as numbers where no parameter stands in them."""
        ell = self.likelihood
        p = ell.problem
        letters = set(p.parameters)

        def one(g: Formula) -> Formula | None:
            return Float(ell.value(g, {})) if isinstance(g, Big) and not names(g) & letters else None

        put = transform(f, one)
        means: dict[Formula, Formula] = {} if p.size is None or ell.large is not None else {N: num(p.size)}
        put = replace_all(put, means)
        if ell.large is not None:
            return lambda e: ell.value(put, {k: e[k] for k in p.parameters})
        g, data = compiled(put), ell.data
        return lambda e: g({**data, **e})

    @cached_property
    def _height(self) -> Value:
        return self._folded(self.likelihood.formula)

    @cached_property
    def _slopes(self) -> dict[str, Value]:
        return {k: self._folded(f) for k, f in self.likelihood.score.items() if k in self.letters}

    @cached_property
    def _bends(self) -> dict[tuple[str, str], Value]:
        ks, m = self.likelihood.letters, self.likelihood.hessian
        pairs = [(a, b) for a, j in enumerate(ks) for b, k in enumerate(ks) if b >= a and {j, k} <= set(self.letters)]
        return {(ks[a], ks[b]): self._folded(m[a][b]) for a, b in pairs}

    @cached_property
    def top(self) -> float:
        """The height at the estimate."""
        return self.height(self.estimate)

    def height(self, at: Mapping[str, float]) -> float:
        """The log-likelihood as its formula gives it: up to what was left out of it."""
        v = self._height(dict(at))
        return v if not math.isnan(v) else -math.inf

    def slope(self, at: Mapping[str, float], name: str) -> float:
        """A derivative."""
        return self._slopes[name](dict(at))

    def maximum(self, fixed: Mapping[str, float], start: Mapping[str, float]) -> Mapping[str, float] | None:
        """Where it is largest with some parameters held fixed, from a start nearby; None where Newton's method does not settle."""
        free = [k for k in self.letters if k not in fixed]
        at: Env = {**start, **fixed}
        now = self.height(at)
        if not free:
            return at if math.isfinite(now) else None
        if not math.isfinite(now):
            return None
        for _ in range(STEPS):
            slope = [self._slopes[k](at) for k in free]
            bend = [[-(self._bends.get((j, k)) or self._bends[k, j])(at) for k in free] for j in free]
            step = self._uphill(bend, slope)
            if step is None:
                return None
            gain = math.fsum(s * d for s, d in zip(slope, step, strict=True))
            if gain <= NEARLY:
                return {**at, **{k: at[k] + d for k, d in zip(free, step, strict=True)}}
            moved = self._moved(at, free, step, now)
            if moved is None:
                return None
            at, now = moved
        return None

    def _uphill(self, bend: Sequence[Sequence[float]], slope: Sequence[float]) -> list[float] | None:
        """Newton's step, towards the diagonal where the second derivatives are not those of a maximum."""
        if any(map(math.isnan, slope)) or any(math.isnan(x) for r in bend for x in r):
            return None
        shift = 0.0
        for _ in range(STEPS):
            rows = [[x + shift * (i == j) for j, x in enumerate(r)] for i, r in enumerate(bend)]
            inner = inverse(rows)
            if inner is not None:
                return [math.fsum(q * s for q, s in zip(r, slope, strict=True)) for r in inner]
            shift = max(2 * shift, 1e-3 * max(abs(x) for r in bend for x in r), 1e-12)
        return None

    def _moved(self, at: Env, free: Sequence[str], step: Sequence[float], now: float) -> tuple[Env, float] | None:
        """The place after a step, halved until it is higher; None where it never is."""
        scale = 1.0
        for _ in range(HALVINGS):
            new = {**at, **{k: at[k] + scale * d for k, d in zip(free, step, strict=True)}}
            if all(self._inside(k, new) for k in free):
                height = self.height(new)
                if height > now:
                    return new, height
            scale /= 2
        return None

    def _inside(self, name: str, at: Env) -> bool:
        low, high = self.ends(name)
        return bool(low < at[name] < high)

    def ends(self, name: str) -> tuple[float, float]:
        """The ends of the domain of a parameter."""
        return self.likelihood.problem.parameters[name].bounds(dict(self.estimate))


def crossing(f: Callable[[float], float], near: float, far: float) -> float | None:
    """Where an increasing function that is negative at `near` changes its sign on the way to `far`: the Illinois form of the secant rule
    (Dowell and Jarratt, 1971, BIT 11)."""
    a, b, u, v = near, far, f(near), f(far)
    if not (u < 0 <= v):
        return None
    for _ in range(100):
        c = b - v * (b - a) / (v - u) if math.isfinite(v) else (a + b) / 2
        if not min(a, b) < c < max(a, b):
            c = (a + b) / 2
        w = f(c)
        if w == 0 or abs(b - a) <= 1e-14 * (abs(a) + abs(b)) or c in (a, b):
            return c
        if math.isnan(w):
            return None
        if (w < 0) == (v < 0):
            u /= 2
        else:
            a, u = b, v
        b, v = c, w
        if abs(w) < CLOSE:
            return c
    return b


__all__ = ["Surface", "crossing"]
