"""The log-likelihood of three parameters and more: for each of them its profile, the largest over the others."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from ..derived import Derived
from ..errors import NotSupported
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
PLACES = 11  # on each side of the estimate, at which a profile is worked out
STEPS = 150  # of a search, for each unknown
ROUNDS = 10  # of Newton's method
WIDTH = 1e-3  # of its differences, in coordinates of the size of what is looked at
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
        True,
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


def _through(points: Sequence[tuple[float, float]], v: float) -> float:
    """The value of the polynomial through a few points (Lagrange); infinite where one of them is."""
    if not all(math.isfinite(r) for _, r in points):
        return math.inf
    return sum(r * math.prod((v - y) / (x - y) for y, _ in points if y != x) for x, r in points)


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
        nearest = min(self.known, key=lambda x: abs(x - v))
        start = self.known[nearest][1]
        scales = [self.scales[k] for k in self.others]

        def g(u: Sequence[float]) -> float:
            there = {self.name: v, **{k: start[k] + x * s for k, x, s in zip(self.others, u, scales, strict=True)}}
            return self.height(*(there[k] for k in self.height.letters)) - self.top

        u, top = climbed(g, len(scales)) or maximise(
            g, [(-math.inf, math.inf)] * len(scales), [0.0] * len(scales), 1e-9, STEPS * len(scales)
        )
        return min(top, 0.0), {k: start[k] + x * s for k, x, s in zip(self.others, u, scales, strict=True)}

    def smooth(self, ends: tuple[float, float]) -> Real:
        """The profile from few of its values: between them its root is nearly a straight line, and smooth."""
        a = self.at[self.name]
        alone = self.height.along(self.name, self.at)
        low, high = (self._edge(reach(alone, a, self.top, end), end) for end in ends)
        xs = sorted({a, *(a + (end - a) * j / PLACES for end in (low, high) for j in range(1, PLACES + 1))})
        roots = [math.copysign(math.sqrt(max(0.0, -self(x))), x - a) for x in sorted(xs, key=lambda x: abs(x - a))]
        table = sorted(zip(sorted(xs, key=lambda x: abs(x - a)), roots, strict=True))

        def between(v: float) -> float:
            j = bisect_right(table, (v, math.inf)) - 1
            if not 0 <= j < len(table) or (v > table[-1][0]):
                return -math.inf
            start = min(max(j - 1, 0), max(len(table) - 4, 0))
            near = table[start : start + 4]
            if not all(math.isfinite(r) for _, r in near):
                near = table[j : j + 2] if v > table[j][0] else table[j : j + 1]
            return -(_through(near, v) ** 2)

        return between

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
