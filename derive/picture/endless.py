"""The log-likelihood of one parameter where it has no maximum: towards the end at which it keeps growing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..derived import Derived
from ..formula.names import reported
from .height import Height
from .reach import DROP, places
from .what import Arrow, Curve, Mark, Panel, Role
from .wording import letter, named, number, said

Real = Callable[[float], float]
SETTLED = 0.02  # of the log-likelihood over the last quarter of the steps, where it comes near a bound
STEPS = 28  # each twice as far as, or half as far from a finite end than, the one before
FARTHER = 8  # steps towards an end that is infinite
HALVINGS = 50
ROUNDING = 1e-8  # relative, of a log-likelihood
SHOWN = 6  # steps towards a finite end at which the likelihood grows without bound
NEAR = 0.05  # of a bound, up to where it is shown


def endless(d: Derived, height: Height, f: Real, name: str, heading: str) -> Panel:
    """The picture of a log-likelihood without maximum."""
    p, (start,) = d.problem, height.place
    paths = [_path(f, start, end) for end in height.ends(name)]
    way, back = sorted(paths, key=lambda q: q.heights[-1], reverse=True)
    if not way.grows:
        return _about(d, f, name, heading, paths)
    bound = way.heights[-1]
    bounded = bound - way.heights[-1 - len(way.heights) // 4] < SETTLED
    top = bound if bounded else 0.0
    if bounded:
        near = way.end if math.isfinite(way.end) else next(x for x, y in way.points if bound - y <= NEAR)
        far = next((x for x, y in [*reversed(way.points), *back.points] if bound - y >= DROP), back.points[-1][0])
        far = back.end if math.isfinite(back.end) and bound - back.heights[-1] < DROP else far
    else:
        near = way.end if math.isfinite(way.end) else way.points[min(len(way.points), FARTHER) - 1][0]
        far = back.points[min(len(back.points), 2) - 1][0]
    low, high = min(near, far), max(near, far)
    xs = sorted({*places(low, high, ()), *(x for x, _ in way.points if low < x < high)})
    seen = [(x, y - top) for x in xs if math.isfinite(y := f(x))]
    ceiling = (
        0.0 if bounded else way.heights[min(SHOWN, len(way.heights) - 1)] if math.isfinite(way.end) else seen[0 if near == low else -1][1]
    )
    floor = max(min(y for _, y in seen), -DROP) if bounded else min(y for _, y in seen)
    room = 0.08 * (ceiling - floor or 1.0)
    marks: list[Mark] = [Curve((low, high), (0.0, 0.0), Role.GUIDE)] if bounded else []
    marks.append(Curve(tuple(x for x, _ in seen), tuple(y for _, y in seen), Role.LIKELIHOOD))
    if not bounded:
        x = min((q for q in seen if q[1] <= ceiling), key=lambda q: abs(q[0] - near))[0]
        marks.append(Arrow(x, x, ceiling - 2 * room, ceiling + room))
    label = rf"\ell({letter(p, name)})" + (r" - \sup \ell" if bounded else "")
    shown = reported(name)
    words = f"Log-likelihood of {shown}, which has no maximum: it keeps growing as {shown} goes to {said(way.end, p)}."
    goes = rf"{letter(p, name)} \rightarrow {number(way.end, p)}"
    return Panel(
        heading, named(p, name), f"${label}$", (low, high), (floor - room, ceiling + 1.5 * room), tuple(marks), words,
        (rf"no maximum: $\ell$ keeps growing as ${goes}$",),
    )  # fmt: skip


def _about(d: Derived, f: Real, name: str, heading: str, paths: Sequence[Path]) -> Panel:
    """The curve about a plausible value, where it is not seen at which end it grows."""
    p = d.problem
    low, high = sorted(q.end if math.isfinite(q.end) else q.points[min(len(q.points), FARTHER) - 1][0] for q in paths)
    seen = [(x, y) for x in places(low, high, ()) if math.isfinite(y := f(x))]
    heights = sorted(y for _, y in seen)
    floor, ceiling = heights[len(heights) // 20], heights[-1]
    room = 0.08 * (ceiling - floor or 1.0)
    curve = Curve(tuple(x for x, _ in seen), tuple(y for _, y in seen), Role.LIKELIHOOD)
    return Panel(
        heading, named(p, name), rf"$\ell({letter(p, name)})$", (low, high), (floor - room, ceiling + room), (curve,),
        f"Log-likelihood of {reported(name)}, which has no maximum.", ("no maximum",),
    )  # fmt: skip


@dataclass(frozen=True)
class Path:
    """Places from a start towards an end, of the domain or of what the data allow, with the log-likelihood there."""

    end: float
    points: tuple[tuple[float, float], ...]

    @property
    def heights(self) -> list[float]:
        """The log-likelihood at the places in order."""
        return [y for _, y in self.points]

    @property
    def grows(self) -> bool:
        """Whether it does not fall over the last half of the way."""
        half = self.heights[len(self.points) // 2 :]
        return len(half) > 2 and all(b >= a - ROUNDING * (1 + abs(a)) for a, b in pairwise(half))


def _path(f: Real, start: float, end: float) -> Path:
    """The path from the start to an end, as far as the log-likelihood has values there."""
    sign, size = (1.0 if end > start else -1.0), max(abs(start), 1.0)
    if not math.isfinite(end):
        far = [start + sign * size * 2.0 ** (k - 2) for k in range(STEPS)]
        first = next((x for x in far if f(x) == -math.inf), None)
        if first is None:
            return Path(end, ((start, f(start)), *((x, f(x)) for x in far if math.isfinite(f(x)))))
        inside = max((x for x in [start, *far] if (first - x) * sign > 0), key=lambda x: sign * x)
        for _ in range(HALVINGS):  # where the data become impossible
            m = (inside + first) / 2
            inside, first = (m, first) if f(m) > -math.inf else (inside, m)
        end = first
    out = [(start, f(start))]
    for k in range(STEPS):
        x = end - (end - start) * 2.0 ** -(k + 1)
        if x == end or not math.isfinite(f(x)):
            break
        out.append((x, f(x)))
    return Path(end, tuple(out))


__all__ = ["endless"]
