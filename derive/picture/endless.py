"""The log-likelihood of one parameter where it has no maximum: towards the end at which it keeps growing."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..derived import Derived
from .height import Height
from .reach import DROP, places
from .what import Arrow, Curve, Mark, Panel, Role
from .wording import letter, named, number, said

Real = Callable[[float], float]
SETTLED = 0.02  # of the log-likelihood over the last quarter of the steps, where it comes near a bound
STEPS = 28  # each twice as far as, or half as far from a finite end than, the one before
SHOWN = 6  # steps towards a finite end at which the likelihood grows without bound
NEAR = 0.05  # of a bound, up to where it is shown


def endless(d: Derived, height: Height, f: Real, name: str, heading: str) -> Panel:
    """The picture of a log-likelihood without maximum."""
    p, (start,), ends = d.problem, height.place, height.ends(name)
    paths = {end: _path(f, start, end) for end in ends}
    end = max(ends, key=lambda e: paths[e][-1][1])
    other = ends[1] if end == ends[0] else ends[0]
    path, back = paths[end], paths[other]
    bound = path[-1][1]
    bounded = abs(bound - path[-1 - len(path) // 4][1]) < SETTLED
    top = bound if bounded else 0.0
    if bounded:
        near = end if math.isfinite(end) else next(x for x, y in path if bound - y <= NEAR)
        far = next((x for x, y in [*reversed(path), *back] if bound - y >= DROP), back[-1][0])
        far = other if math.isfinite(other) and bound - back[-1][1] < DROP else far
    else:
        near = end if math.isfinite(end) else path[-(STEPS - SHOWN) if len(path) > SHOWN else -1][0]
        far = back[1][0] if len(back) > 1 else back[0][0]
    low, high = min(near, far), max(near, far)
    xs = sorted({*places(low, high, ()), *(x for x, _ in path if low < x < high)})
    seen = [(x, f(x) - top) for x in xs]
    seen = [(x, y) for x, y in seen if math.isfinite(y)]
    heights = [y for x, y in seen]
    floor = max(min(heights), -DROP) if bounded else min(heights)
    last = path[min(SHOWN, len(path) - 1)][1]
    ceiling = 0.0 if bounded else last
    room = 0.08 * (ceiling - floor or 1.0)
    goes = rf"{letter(p, name)} \rightarrow {number(end, p)}"
    words = f"Log-likelihood of {name.replace('_', '')}, which has no maximum: it keeps growing as {name.replace('_', '')} goes to {said(end, p)}."
    marks: list[Mark] = [Curve((low, high), (0.0, 0.0), Role.GUIDE)] if bounded else []
    marks.append(Curve(tuple(x for x, _ in seen), tuple(y for _, y in seen), Role.LIKELIHOOD))
    if not bounded:
        shown = [(x, y) for x, y in seen if y <= ceiling]
        x = min(shown, key=lambda q: abs(q[0] - end))[0] if math.isfinite(end) else shown[-1 if end > 0 else 0][0]
        marks.append(Arrow(x, x, ceiling - 2 * room, ceiling + room))
    label = rf"\ell({letter(p, name)})" + (r" - \sup \ell" if bounded else "")
    return Panel(
        heading, named(p, name), f"${label}$", (low, high), (floor - room, ceiling + 1.5 * room), tuple(marks), words,
        (rf"no maximum: $\ell$ keeps growing as ${goes}$",),
    )  # fmt: skip


def _path(f: Real, start: float, end: float) -> list[tuple[float, float]]:
    """Places from the start towards an end of the domain, as far as the log-likelihood has values there, with these."""
    sign, size = (1.0 if end > start else -1.0), max(abs(start), 1.0)
    out = [(start, f(start))]
    for k in range(STEPS):
        x = end - (end - start) * 2.0 ** -(k + 1) if math.isfinite(end) else start + sign * size * 2.0 ** (k - 2)
        y = f(x)
        if not math.isfinite(y) or x == end:
            break
        out.append((x, y))
    return out


__all__ = ["endless"]
