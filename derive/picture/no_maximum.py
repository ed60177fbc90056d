"""The log-likelihood of two parameters where it has no maximum: its contours about places at which the data are plausible."""

from __future__ import annotations

import math

from ..derived import Derived
from ..errors import NotSupported
from ..formula.names import reported
from .height import Height
from .what import Contours, Panel, Role
from .wording import named

HEADING = "Contours of the log-likelihood"
PARTS = 48
REACH = 2.5  # times as far as the plausible place lies from an end, or the data spread
SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.88, 0.94, 0.98)  # of the places of the frame that lie below a contour


def without_maximum(d: Derived, height: Height) -> Panel:
    """The picture of a log-likelihood in two parameters that has no maximum."""
    if height.costly:
        raise NotSupported("the likelihood of so many observations has no picture yet where there is no maximum")
    p = d.problem
    first, second = height.letters
    sizes = [_size(height, k) for k in height.letters]
    (a, b), (u, v) = (_side(height, k, max(filter(None, sizes), default=1.0)) for k in height.letters)
    xs, ys = (tuple(low + (high - low) * (j + 0.5) / PARTS for j in range(PARTS)) for low, high in ((a, b), (u, v)))
    rows = tuple(tuple(h if math.isfinite(h := height(x, y)) else None for x in xs) for y in ys)
    known = sorted(h for row in rows for h in row if h is not None)
    if len(known) < PARTS:
        raise NotSupported("for too few values of the parameters has the log-likelihood a value to be drawn")
    levels = tuple(sorted({known[int(s * (len(known) - 1))] for s in SHARES}))
    words = f"Contours of the log-likelihood of {reported(first)} and {reported(second)}, which has no maximum; the darker, the larger."
    return Panel(
        HEADING, named(p, first), named(p, second), (a, b), (u, v), (Contours(xs, ys, rows, levels, Role.LIKELIHOOD, (), True),), words,
        ("no maximum; the darker, the larger",),
    )  # fmt: skip


def _size(height: Height, name: str) -> float:
    """How far the plausible value of a parameter lies from the nearest end of its domain; 0 for one that may be any number."""
    return min((abs(height.at[name] - e) for e in height.ends(name) if math.isfinite(e)), default=0.0)


def _side(height: Height, name: str, size: float) -> tuple[float, float]:
    """What is shown of one parameter."""
    at, (low, high) = height.at[name], height.ends(name)
    if math.isfinite(low) and math.isfinite(high):
        return low, high
    if math.isfinite(low):
        return low, low + REACH * (at - low)
    return (high - REACH * (high - at), high) if math.isfinite(high) else (at - REACH * size, at + REACH * size)


__all__ = ["without_maximum"]
