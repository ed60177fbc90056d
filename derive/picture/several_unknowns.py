"""The log-likelihood of three parameters and more: for each of them its profile, the largest over the others."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from ..derived import Derived
from ..errors import NotSupported
from ..formula.names import reported
from ..numerics.newton import solve_linear
from ..numerics.search import maximise
from .estimates import Estimates, estimates_of
from .height import Height
from .one_unknown import curved, dotted
from .reach import DROP, reach
from .what import Panel
from .wording import Cut

HEADING = "Profile log-likelihood"
MOST = 6  # parameters with a panel of their own
PLACES = 12  # on each side of the estimate, at which a profile is worked out
STEPS = 150  # of a search, for each unknown
ROUNDS = 10  # of Newton's method
WIDTH = 1e-3  # of its differences, in coordinates of the size of what is looked at
HALFWAY = 5  # times that a value between is looked at first
GAIN = 1e-7  # of a round, that is the last
Real = Callable[[float], float]


def several_unknowns(d: Derived, height: Height, cut: Cut | None) -> list[Panel]:
    """A panel for each of the first parameters; with a whole number among them, for that alone."""
    domains = d.problem.parameters
    whole = [k for k in height.letters if domains[k].discrete]
    if len(whole) > 1:
        raise NotSupported("the likelihood of several parameters that take separate values has no picture yet")
    if height.costly:
        raise NotSupported("the likelihood of so many observations in several parameters has no picture yet: each value takes its time")
    chosen = whole or height.letters[:MOST]
    return [_panel(d, height, name, cut) for name in chosen]


def _panel(d: Derived, height: Height, name: str, cut: Cut | None) -> Panel:
    at = dict(zip(height.letters, height.place, strict=True))
    f = Profile(height, name)
    e = estimates_of(d, name)
    if d.problem.parameters[name].discrete:
        return dotted(d, name, e, f, d.problem.parameters[name], cut, True)
    return curved(
        d,
        name,
        Estimates((at[name],)) if not e.spans else e,
        f.smooth(height.ends(name)),
        height.ends(name),
        at[name],
        cut,
        HEADING,
        f,
    )


def climbed(g: Callable[[Sequence[float]], float], count: int) -> tuple[list[float], float] | None:
    """The maximum of g near 0 by Newton's method with differences, in coordinates of the size of what is looked at; None where the steps do
    not lead upwards."""
    u, height = [0.0] * count, g([0.0] * count)
    for _ in range(ROUNDS):
        if not math.isfinite(height):
            return None

        def moved(*steps: tuple[int, float], u: Sequence[float] = u) -> float:
            w = list(u)
            for j, h in steps:
                w[j] += h
            return g(w)

        up, down = ([moved((j, sign * WIDTH)) for j in range(count)] for sign in (1, -1))
        slope = [(a - b) / (2 * WIDTH) for a, b in zip(up, down, strict=True)]
        second = [[(up[j] + down[j] - 2 * height) / WIDTH**2 if j == k else 0.0 for k in range(count)] for j in range(count)]
        for j in range(count):
            for k in range(j):
                both = moved((j, WIDTH), (k, WIDTH)) - up[j] - up[k] + height
                second[j][k] = second[k][j] = both / WIDTH**2
        finite = all(map(math.isfinite, (*slope, *(x for row in second for x in row))))
        step = solve_linear(second, [-s for s in slope]) if finite else None
        if step is None or sum(s * d for s, d in zip(slope, step, strict=True)) < 0:
            return None
        for _ in range(12):
            there = [a + d for a, d in zip(u, step, strict=True)]
            top = g(there)
            if top >= height:
                break
            step = [d / 2 for d in step]
        else:
            return u, height
        gain, u, height = top - height, there, top
        if gain < GAIN:
            return u, height
    return None


def monotone(points: Sequence[tuple[float, float]]) -> Real:
    """The cubic through points in order that rises and falls only where they do (Fritsch and Carlson 1980, SIAM J. Numer. Anal. 17; the
    slopes are those of Fritsch and Butland 1984); minus infinity outside."""
    steps = [(y - x, (v - u) / (y - x)) for (x, u), (y, v) in pairwise(points)]
    slopes = [steps[0][1]]
    for (h, s), (k, t) in pairwise(steps):
        slopes.append(3 * (h + k) / ((2 * k + h) / s + (k + 2 * h) / t) if s * t > 0 else 0.0)
    slopes.append(steps[-1][1])

    def value(v: float) -> float:
        j = min(bisect_right(points, (v, math.inf)) - 1, len(steps) - 1)
        if j < 0 or v > points[-1][0]:
            return -math.inf
        (x, u), (y, w) = points[j], points[j + 1]
        h, t = y - x, (v - x) / (y - x)
        return u + t * (
            h * slopes[j] + t * (3 * (w - u) - h * (2 * slopes[j] + slopes[j + 1]) + t * (h * (slopes[j] + slopes[j + 1]) - 2 * (w - u)))
        )

    return value


class Profile:
    """The largest log-likelihood for a value of one parameter, less the maximum; searched for from the nearest value that is known."""

    def __init__(self, height: Height, name: str):
        self.height, self.name = height, name
        self.at = dict(zip(height.letters, height.place, strict=True))
        self.top = height(*height.place)
        self.others = [k for k in height.letters if k != name]
        self.scales = {k: self._scale(k) for k in self.others}
        self.known: dict[float, tuple[float, dict[str, float]]] = {self.at[name]: (0.0, {k: self.at[k] for k in self.others})}

    def _scale(self, k: str) -> float:
        """How far a parameter may go alone."""
        g = self.height.along(k, self.at)
        low, high = (reach(g, self.at[k], self.top, end, 2.0) for end in self.height.ends(k))
        return (high - low) / 2 or abs(self.at[k]) or 1.0

    def __call__(self, v: float) -> float:
        """The profile at a value."""
        if v not in self.known:
            self.known[v] = self._searched(v)
        return self.known[v][0]

    def _searched(self, v: float) -> tuple[float, dict[str, float]]:
        start = self._start(v)
        scales = [self.scales[k] for k in self.others]

        def g(u: Sequence[float]) -> float:
            there = {self.name: v, **{k: start[k] + x * s for k, x, s in zip(self.others, u, scales, strict=True)}}
            return self.height(*(there[k] for k in self.height.letters)) - self.top

        u, top = climbed(g, len(scales)) or maximise(
            g, [(-math.inf, math.inf)] * len(scales), [0.0] * len(scales), 1e-9, STEPS * len(scales)
        )
        return min(top, 0.0), {k: start[k] + x * s for k, x, s in zip(self.others, u, scales, strict=True)}

    def _start(self, v: float) -> dict[str, float]:
        """The other parameters from where the search begins: those at the nearest value that is known, or half-way to it, at which the data are
        possible."""
        for _ in range(HALFWAY):
            nearest = min((x for x, (h, _) in self.known.items() if math.isfinite(h)), key=lambda x: abs(x - v))
            start = self.known[nearest][1]
            there = {self.name: v, **start}
            middle = (nearest + v) / 2
            if math.isfinite(self.height(*(there[k] for k in self.height.letters))) or middle in self.known:
                break
            self(middle)
        return start

    def smooth(self, ends: tuple[float, float]) -> Real:
        """The profile from few of its values: between them its root is nearly a straight line, and smooth."""
        a = self.at[self.name]
        alone = self.height.along(self.name, self.at)
        low, high = (self._edge(reach(alone, a, self.top, end), end) for end in ends)
        parts = [(j / PLACES) ** 2 for j in range(1, PLACES + 1)]  # closer where it bends most
        xs = sorted({a, *(a + (end - a) * t for end in (low, high) for t in parts)}, key=lambda x: abs(x - a))
        table = sorted((x, math.copysign(math.sqrt(-self(x)), x - a)) for x in xs if self(x) > -math.inf)
        if len(table) < 2:
            raise NotSupported(f"for too few values of {reported(self.name)} has the profile log-likelihood a value to be drawn")
        root = monotone(table)
        return lambda v: -(root(v) ** 2)

    def _edge(self, x: float, end: float) -> float:
        """Where the profile has fallen far enough: outwards from where the likelihood has, all else fixed."""
        a = self.at[self.name]
        for _ in range(14):
            if x == end or self(x) <= -DROP:
                break
            x = a + 1.3 * (x - a)
            x = min(x, end) if end > a else max(x, end)
        return x


__all__ = ["Profile", "several_unknowns"]
