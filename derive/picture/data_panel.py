"""What was observed, with the fitted density: a rug or a histogram, or bars; what is only partly known as arrows and segments."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from ..derived import Derived
from ..formula.evaluate import compiled
from ..formula.names import reported
from ..problem.problem import Problem
from ..sample.columns import Column
from ..sets.domain import Domain
from ..trace import Outcome
from .what import Arrow, Bars, Curve, Dots, Mark, Panel, Role, Span, Ticks
from .wording import found, measured, said

HEADING = "Data and fitted density"
FEW = 20  # exact observations up to which a rug alone is shown
RUG = 300  # up to which there is one
MOST_BARS = 50
STRAY = 8.0  # interquartile ranges from the median, beyond which observations are left out where some lie far away
PLACES = 300  # at which the density is worked out
DRAWN = 40  # partly known observations that are drawn
LEVELS = 6  # heights at which they stand
STROKE, ROW = 0.11, 0.045  # of the height, below the axis: for strokes, for a row of arrows
MOST_VALUES = 80  # of a lattice
EDGE = 0.02  # of the largest density, which may be cut off
Real = Callable[[float], float]
Pair = tuple[float, float]
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Seen:
    """A sample in floats.  exact, weights: arrays.  right, left: limits, between: intervals, each with how often."""

    exact: Any
    weights: Any
    right: tuple[tuple[float, float], ...]
    left: tuple[tuple[float, float], ...]
    between: tuple[tuple[Pair, float], ...]

    @property
    def total(self) -> float:
        """The weight of all together."""
        return float(self.weights.sum()) + sum(w for _, w in (*self.right, *self.left)) + sum(w for _, w in self.between)

    @property
    def partly(self) -> bool:
        """Whether some observations are known partly only."""
        return bool(self.right or self.left or self.between)

    @cached_property
    def ends(self) -> Pair:
        """The smallest and the largest number in it."""
        every = [x for x, _ in (*self.right, *self.left)] + [x for pair, _ in self.between for x in pair]
        every += [float(self.exact.min()), float(self.exact.max())] if len(self.exact) else []
        return min(every), max(every)

    @cached_property
    def tally(self) -> dict[float, float]:
        """The weight of each exact value."""
        import numpy as np

        values, places = np.unique(self.exact, return_inverse=True)
        return dict(zip(values.tolist(), np.bincount(places, self.weights, len(values)).tolist(), strict=True))


def seen_of(p: Problem) -> Seen | None:
    """The sample of one variable; None where there is none of that kind."""
    s = p.as_asked.sample
    if s is None or len(p.variables) != 1 or p.as_asked.covariates or "sums" in s.kinds:
        return None
    import numpy as np

    exact = _array(s.exact.get(p.variables[0], ()))
    weights = _array(s.weights) if len(s.weights) else np.ones(len(exact))
    right, left = ([(float(x), 1.0) for x in _array(c)] for c in (s.right, s.left))
    between: list[tuple[Pair, float]] = []
    counted: list[Pair] = []
    for cell, k in [*((pair, 1) for pair in s.interval), *s.counts.items()]:
        if not k:
            continue
        if not isinstance(cell, tuple):
            counted.append((float(cell), float(k)))
        elif math.isinf(cell[1]):
            right.append((float(cell[0]), float(k)))
        elif math.isinf(cell[0]):
            left.append((float(cell[1]), float(k)))
        else:
            between.append(((float(cell[0]), float(cell[1])), float(k)))
    exact = np.concatenate([exact, [x for x, _ in counted]])
    weights = np.concatenate([weights, [k for _, k in counted]])
    return Seen(exact, weights, tuple(right), tuple(left), tuple(between))


def _array(column: Column) -> Any:
    """A column as an array of floats."""
    import numpy as np

    return np.array([float(x) for x in column] if isinstance(column, tuple) else column.part(0, len(column)), dtype=float)


class Fitted:
    """The density at the estimates, or at one of them."""

    def __init__(self, d: Derived):
        p = d.problem
        self.problem, self.variable = p, p.variables[0] if p.variables else ""
        numbers = d.numeric or {}
        self.at = {k: numbers[reported(k)] for k in p.parameters if reported(k) in numbers}
        if p.rows is not None and p.rows.kind:
            self.at[p.rows.column] = 1.0  # of an observation that is known exactly, and counts once

    @property
    def exists(self) -> bool:
        """Whether there is a density with all its letters settled."""
        p = self.problem
        return bool(p.variables) and not p.whole and all(k in self.at for k in p.parameters) and not p.known

    @property
    def support(self) -> Domain:
        """Where the observed variable can lie."""
        return self.problem.support[self.variable]

    @property
    def ends(self) -> Pair:
        """The ends of the support."""
        return self.support.bounds(self.at)

    def __call__(self, x: float) -> float:
        """The density, 0 outside the support."""
        if not self.support.contains(x, self.at):
            return 0.0
        v = self.problem.log_density({**self.at, self.variable: x})
        return math.exp(min(v, 700.0)) if v == v else 0.0


def data_panel(d: Derived, seen: Seen) -> Panel:
    """The picture of a sample of one variable."""
    fitted = Fitted(d)
    return _lattice(d, seen, fitted) if fitted.support.discrete else _continuous(d, seen, fitted)


# -- continuous ------------------------------------------------------------------------------------


def _continuous(d: Derived, seen: Seen, fitted: Fitted) -> Panel:
    p = d.problem
    low, high, beyond = _frame(seen, fitted)
    bars = _bars(seen, low, high)
    xs = _along(low, high, fitted.ends) if fitted.exists else []
    ys = [fitted(x) for x in xs]
    finite = sorted(y for y in ys if math.isfinite(y))
    top = max([*bars.heights, finite[int(0.985 * (len(finite) - 1))] * 1.02 if finite else 0.0]) or 1.0
    marks: list[Mark] = [bars] if bars.heights else []
    marks.append(Curve((low, high), (0.0, 0.0), Role.OBSERVED))
    if xs:
        marks += [Curve(a, b, Role.FITTED) for a, b in _lines(xs, ys, 1.2 * top)]
    strip, notes, low_y = _strip(seen, low, high, top, bool(bars.heights) and not len(seen.exact))
    marks += strip
    notes = [*_which(d, bool(xs)), *notes]
    notes += _left_out(beyond)
    return Panel(
        HEADING if xs else "Data", measured(p, fitted.variable), "density" if xs or bars.heights else "", (low, high), (low_y, 1.12 * top), tuple(marks),
        _words(d, seen, bool(xs), "density"), tuple(notes), floor=0.0,
    )  # fmt: skip


def _frame(seen: Seen, fitted: Fitted) -> tuple[float, float, int]:
    """The part of the axis that is shown, and how many exact observations lie beyond it."""
    a, b = _near(seen) if len(seen.exact) > FEW and not seen.partly else seen.ends
    width = (b - a) or abs(a) or 1.0
    low, high = a - 0.06 * width, b + (0.18 if seen.right else 0.06) * width
    if fitted.exists:
        lowest, highest = fitted.ends
        top = max(fitted(a + width * j / 40) for j in range(41))
        for _ in range(12):
            low -= 0.05 * width if fitted(low) > EDGE * top and low > lowest else 0.0
            high += 0.05 * width if fitted(high) > EDGE * top and high < highest else 0.0
        low, high = max(low, lowest - 0.06 * width), min(high, highest + 0.06 * width)
        low = low if low < a else a - 0.03 * width
    return low, high, int(((seen.exact < low) | (seen.exact > high)).sum())


def _near(seen: Seen) -> Pair:
    """The ends of the observations, without those that lie far away from the others."""
    import numpy as np

    a, b = seen.ends
    quarter, middle, last = map(float, np.percentile(seen.exact, [25, 50, 75]))
    reach = STRAY * (last - quarter)
    return (max(a, middle - reach), min(b, middle + reach)) if reach > 0 else (a, b)


def _bars(seen: Seen, low: float, high: float) -> Bars:
    """The histogram, its area the share of the observations that it shows; counted intervals as they are."""
    cells = sorted(seen.between)
    apart = all(a[0][1] <= b[0][0] for a, b in pairwise(cells))
    if cells and apart and not len(seen.exact) and len(cells) > 1:
        return Bars(tuple(pair for pair, _ in cells), tuple(k / (seen.total * (pair[1] - pair[0])) for pair, k in cells))
    if len(seen.exact) <= FEW or seen.partly:
        return Bars((), ())
    import numpy as np

    inside = (seen.exact >= low) & (seen.exact <= high)
    shown = seen.exact[inside]
    quartiles = np.percentile(shown, [25, 75])
    width = 2 * (quartiles[1] - quartiles[0]) / len(shown) ** (1 / 3)  # Freedman and Diaconis (1981)
    length = float(shown.max() - shown.min())
    count = min(MOST_BARS, max(6, math.ceil(length / width))) if width > 0 else 10
    heights, edges = np.histogram(shown, bins=count, weights=seen.weights[inside])
    total = float(seen.weights.sum())
    return Bars(
        tuple(pairwise(map(float, edges))), tuple(float(h / (total * (b - a))) for h, (a, b) in zip(heights, pairwise(edges), strict=True))
    )


def _along(low: float, high: float, ends: Pair) -> list[float]:
    """Places along the axis, closer at an end of the support, and on both sides of it."""
    xs = [low + (high - low) * j / PLACES for j in range(PLACES + 1)]
    for end in ends:
        if low <= end <= high:
            step = (high - low) / PLACES
            xs += [end, end - 1e-9 * (high - low), end + 1e-9 * (high - low)]
            xs += [end + s * step * 10.0**-k for k in range(1, 4) for s in (-1, 1)]
    return sorted(x for x in xs if low <= x <= high)


def _lines(xs: Sequence[float], ys: Sequence[float], most: float) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """The curve, cut where it leaves the frame upwards."""
    pieces: list[list[Pair]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if math.isfinite(y):
            pieces[-1].append((x, min(y, 10 * most)))
        elif pieces[-1]:
            pieces.append([])
    return [tuple(zip(*q, strict=True)) for q in pieces if len(q) > 1]  # type: ignore[misc]


# -- whole numbers and other separate values ------------------------------------------------------------------


def _lattice(d: Derived, seen: Seen, fitted: Fitted) -> Panel:
    p = d.problem
    tally = seen.tally
    values = _values(seen, fitted)
    beyond = sum(w for x, w in tally.items() if not values[0] <= x <= values[-1])
    total = sum(tally.values()) or 1.0
    step = min((b - a for a, b in pairwise(values)), default=1.0)
    half = 0.4 * step
    seen_values = [x for x in values if x in tally] if len(values) > MOST_VALUES else values
    marks: list[Mark] = []
    heights = [tally.get(x, 0.0) / total for x in seen_values]
    if tally and not seen.partly:
        marks.append(Bars(tuple((x - half, x + half) for x in seen_values), tuple(heights)))
    probabilities = [fitted(x) for x in values] if fitted.exists else []
    top = max([*(heights if not seen.partly else [0.0]), *(q for q in probabilities if math.isfinite(q))]) or 1.0
    low, high = values[0] - 0.8 * step, values[-1] + (1.6 if seen.right else 0.8) * step
    marks.append(Curve((low, high), (0.0, 0.0), Role.OBSERVED))
    if probabilities:
        marks.append(Dots(tuple(values), tuple(probabilities), Role.FITTED))
    strip, notes, low_y = _strip(seen, low, high, top, False) if seen.partly else ([], [], 0.0)
    marks += strip
    key = ["bars: observed; dots: fitted"] if probabilities and not seen.partly else []
    notes = [*_which(d, bool(probabilities)), *key, *notes, *_left_out(beyond)]
    return Panel(
        "Data and fitted probabilities" if probabilities else "Data", measured(p, fitted.variable), "relative frequency and probability" if probabilities else "relative frequency", (low, high),
        (low_y, 1.12 * top), tuple(marks), _words(d, seen, bool(probabilities), "probabilities"), tuple(notes),
        whole=all(x == round(x) for x in values), floor=0.0,
    )  # fmt: skip


def _values(seen: Seen, fitted: Fitted) -> list[float]:
    """The values that are shown: those that were seen, and those that are likely under the fit."""
    from_domain = fitted.support
    if from_domain.values is not None:
        return sorted(compiled(f)(fitted.at) for f in from_domain.values)
    a, b = seen.ends
    if b - a > MOST_VALUES and not seen.partly:
        a, b = _near(seen)
    low, high = math.floor(a), math.ceil(b)
    if fitted.exists and high - low < MOST_VALUES:
        first, last = from_domain.whole(fitted.at)
        top = max(fitted(float(x)) for x in range(low, high + 1))
        while low > first and fitted(low - 1.0) > EDGE * top and high - low < MOST_VALUES:
            low -= 1
        while high < last and fitted(high + 1.0) > EDGE * top and high - low < MOST_VALUES:
            high += 1
    return [float(x) for x in range(low, high + 1)] if high - low <= 40 * MOST_VALUES else sorted(seen.tally)


# -- below the axis ------------------------------------------------------------------------------------------


def _strip(seen: Seen, low: float, high: float, top: float, cells: bool) -> tuple[list[Mark], list[str], float]:
    """The observations one by one: strokes, arrows and segments, with what is to be said of them, and the lowest place that they take."""
    marks: list[Mark] = []
    notes: list[str] = []
    drawn = len(seen.exact) and (len(seen.exact) <= RUG or seen.partly)
    exact = [(x, w) for x, w in zip(seen.exact.tolist(), seen.weights.tolist(), strict=True) if low <= x <= high] if drawn else []
    heaviest = max((w for _, w in exact), default=1.0)
    lowest = 0.0
    if exact:
        some, more = _some(exact, RUG, "exact observations is drawn")
        lowest = -STROKE * top
        marks.append(Ticks(tuple(x for x, _ in some), lowest, tuple(lowest * (1 - w / heaviest * 0.85) for _, w in some)))
        notes += [more] if more else []
        if len({w for _, w in exact}) > 1:
            notes.append("length of a stroke: weight of the observation")
    ends: list[tuple[float, float | None, int]] = [*((x, None, 1) for x, _ in seen.right), *((x, None, -1) for x, _ in seen.left)]
    inner: list[tuple[float, float | None, int]] = [] if cells else [(a, b, 0) for (a, b), _ in seen.between]
    chosen, more = _some(sorted([*ends, *inner], key=lambda q: q[0]), DRAWN, "others is drawn")
    notes += [more] if more else []
    depth = min(len(chosen), LEVELS)
    length = 0.09 * (high - low)
    for j, (a, b, way) in enumerate(chosen):
        y = lowest - ROW * top * (1 + j % depth)
        if b is not None:
            marks.append(Span(a, b, y))
        else:
            marks.append(Arrow(a, min(high, a + length) if way > 0 else max(low, a - length), y, y))
    if ends:
        notes.append("arrows: only known to lie " + ("beyond" if seen.right and seen.left else "above" if seen.right else "below"))
    if inner:
        notes.append("segments: only known to lie between")
    lowest -= ROW * top * depth
    return marks, notes, lowest - 0.03 * top if lowest else 0.0


def _left_out(count: float) -> list[str]:
    """How many observations are not shown."""
    return [f"{count:.10g} observation{'s lie' if count > 1 else ' lies'} beyond the axis"] if count else []


def _which(d: Derived, fitted: bool) -> list[str]:
    """Which of several maxima the density is drawn for."""
    p, numbers = d.problem, d.numeric or {}
    if not fitted or d.outcome is not Outcome.NOT_UNIQUE:
        return []
    return ["fitted with " + ", ".join(found(p, k, numbers[reported(k)]) for k in p.parameters)]


def _some(items: Sequence[T], most: int, what: str) -> tuple[list[T], str]:
    """So many of them, evenly spaced, and the words for it."""
    if len(items) <= most:
        return list(items), ""
    every = -(-len(items) // most)
    return list(items)[::every], f"one in {every} of {len(items)} {what}"


def _words(d: Derived, seen: Seen, fitted: bool, what: str) -> str:
    """The panel for who does not see it."""
    p = d.problem
    a, b = seen.ends
    counts = [(len(seen.exact), "known exactly"), (len(seen.right), "only known to exceed a value"), (len(seen.left), "only known to lie below a value"),
              (len(seen.between), "intervals")]  # fmt: skip
    parts = ", ".join(f"{k} {words}" for k, words in counts if k)
    kinds = f" ({parts})" if seen.partly else ""
    size = p.as_asked.size
    fit = f", with the fitted {what}" if fitted else ""
    if size == 1:
        return f"One observation{kinds}, {said(a, p)}{fit}."
    return f"The {size} observations{kinds}, from {said(a, p)} to {said(b, p)}{fit}."


__all__ = ["Fitted", "Seen", "data_panel", "seen_of"]
