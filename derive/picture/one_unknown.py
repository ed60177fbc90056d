"""The log-likelihood of one parameter: a curve, or dots where it takes separate values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from ..derived import Derived
from ..formula.evaluate import compiled
from ..sets.domain import Domain
from .endless import endless
from .estimates import Estimates, estimates_of
from .height import Height
from .reach import DROP, NEARLY, above, places, polished, reach, stationary
from .what import Band, Curve, Dots, Mark, Panel, Role
from .wording import Cut, estimate, found, letter, named, number, said

HEADING = "Log-likelihood"
ROOM = 0.06  # of the range, beside a place where the likelihood becomes 0
MOST_DOTS = 400
LISTED = 2  # intervals that are written out
Real = Callable[[float], float]
Pair = tuple[float, float]


def one_unknown(d: Derived, height: Height, cut: Cut | None) -> Panel:
    """The picture of a log-likelihood in one free parameter."""
    (name,) = height.letters
    if d.numeric is None:
        return endless(d, height, height, name, HEADING)
    e = estimates_of(d, name)
    top = height(height.place[0])
    domain = d.problem.parameters[name]
    if domain.discrete:
        return dotted(d, name, e, lambda v: height(v) - top, domain, cut)
    return curved(d, name, e, lambda v: height(v) - top, height.ends(name), height.place[0], cut)


def curved(
    d: Derived, name: str, e: Estimates, f: Real, ends: tuple[float, float], at: float, cut: Cut | None, heading: str = HEADING,
    exact: Real | None = None, count: int = 240,
) -> Panel:  # fmt: skip
    """A curve with what is to be seen of it.  f: the log-likelihood less its maximum.  at: one of the estimates.  exact: of a profile,
    the largest over the other parameters, itself, which f interpolates.  count: how many places it is worked out at."""
    p, profile = d.problem, exact is not None
    first, last = _range(f, e, ends, at)
    low, high = (first, last) if profile else _with_room(f, first, last, ends)
    marked = [x for x in (at, first, last, *e.single, *(x for s in e.spans for x in s)) if low <= x <= high]
    xs = places(low, high, marked, count)
    ys = [f(x) for x in xs]
    marks: list[Mark] = [Band(a, b, Role.OUTSIDE) for a, b in ([] if profile else _impossible(xs, ys))]
    marks += [Band(max(a, low), min(b, high), Role.TIES) for a, b in e.spans]
    notes, words = (
        [],
        [f"Log-likelihood of {_plain(d, name)}{', the largest over the other parameters' if profile else ''}, less its maximum."],
    )
    single = [x for x in e.single if low <= x <= high]
    if e.spans:
        (a, b), *_ = e.spans
        notes.append(rf"flat: ${number(a, p)} \leq {estimate(p, name)} \leq {number(b, p)}$")
        words.append(f"It is largest, and constant, from {said(a, p)} to {said(b, p)}.")
    if e.single:
        notes.append(" or ".join([found(p, name, e.single[0]), *(f"${number(x, p)}$" for x in e.single[1:])]))
        words.append(f"It is largest at {' and '.join(said(x, p) for x in e.single)}.")
    if cut is not None:
        inside = [(_snapped(a, ends, high - low), _snapped(b, ends, high - low)) for a, b in above(f, xs, ys, -cut.fall)]
        if exact is not None:
            inside = [(_crossing(exact, a, cut, (low, high)), _crossing(exact, b, cut, (low, high))) for a, b in inside]
        marks += [Band(a, b, Role.INTERVAL) for a, b in inside] + [Curve((low, high), (-cut.fall, -cut.fall), Role.CUT)]
        shown = [_interval(pair, (low, high), ends, lambda v, w: f"${number(v, p, w)}$") for pair in inside]
        notes.append(f"{cut.name}: {' and '.join(shown) if len(shown) <= LISTED else 'shaded'}")
        shown = [_interval(pair, (low, high), ends, lambda v, w: said(v, p, w)) for pair in inside]
        words.append(f"{cut.name.capitalize()}: {' and '.join(shown)}.")
    marks += [Curve((x, x), (-DROP - 1, 0.0), Role.GUIDE) for x in single]
    marks += [Curve(tuple(a), tuple(b), Role.LIKELIHOOD) for a, b in _pieces(xs, ys)]
    others = [] if profile else stationary(f, xs, ys, [*single, at, *(x for s in e.spans for x in s)])
    if others:
        marks.append(Dots(tuple(x for x, _ in others), tuple(y for _, y in others), Role.STATIONARY))
        words.append(f"Other stationary points lie at {', '.join(said(x, p) for x, _ in others)}.")
    marks.append(Dots(tuple(single), (0.0,) * len(single), Role.ESTIMATE))
    if any(isinstance(m, Band) and m.role == Role.OUTSIDE for m in marks):
        notes.append("shaded: the data are impossible")
        words.append("In the shaded part the data are impossible.")
    return Panel(
        heading, named(p, name), difference(d, name, profile), (low, high), (-DROP - 0.3, 0.55), tuple(marks), " ".join(words), tuple(notes)
    )


def _crossing(exact: Real, x: float, cut: Cut, shown: Pair) -> float:
    """An end of an interval by the values of the profile itself; what is an end of the range as it is."""
    return x if x in shown else polished(exact, x, -cut.fall, shown[1] - shown[0])


def _snapped(x: float, ends: tuple[float, float], width: float) -> float:
    """An end of an interval; the end of the domain where it is as near as one can tell."""
    return next((e for e in ends if abs(x - e) <= 1e-6 * width), x)


def dotted(d: Derived, name: str, e: Estimates, f: Real, domain: Domain, cut: Cut | None, profile: bool = False) -> Panel:
    """Dots for a parameter that takes separate values."""
    p = d.problem
    xs = _values(f, e, domain)
    ys = [f(x) for x in xs]
    shown = [(x, y) for x, y in zip(xs, ys, strict=True) if math.isfinite(y)]
    least = -math.inf if cut is None else -cut.fall
    inside = [(x, y) for x, y in shown if y >= least and x not in e.single]
    words = [f"Log-likelihood of {_plain(d, name)}, which takes separate values, less its maximum.",
             f"It is largest at {' and '.join(said(x, p) for x in e.single)}."]  # fmt: skip
    notes = [" or ".join([found(p, name, e.single[0]), *(f"${number(x, p)}$" for x in e.single[1:])])] if e.single else []
    marks: list[Mark] = []
    beside = 0.5 if domain.integer else 0.04 * (max(xs) - min(xs))
    low, high = min(xs) - beside, max(xs) + beside
    if cut is not None:
        kept = [x for x, y in shown if y >= least]
        marks.append(Curve((low, high), (least, least), Role.CUT))
        notes.append(f"filled: {cut.name}")
        goes_on = kept[-1] == xs[-1] < domain.bounds({})[1] or kept[0] == xs[0] > domain.bounds({})[0]
        words.append(f"{cut.name.capitalize()}: {_listed(kept, d)}{' and more' if goes_on else ''}.")
    floor = (
        max(-DROP, 1.2 * min([y for _, y in shown] + [least if cut is not None else 0.0, -1.0]))
        if domain.integer
        else 1.2 * min([y for _, y in shown] + [least if cut is not None else 0.0, -1.0])
    )
    marks += [Curve((x, x), (floor - 1, 0.0), Role.GUIDE) for x in e.single]
    marks.append(Dots(tuple(x for x, _ in inside), tuple(y for _, y in inside), Role.LIKELIHOOD))
    outside = [(x, y) for x, y in shown if (x, y) not in inside and x not in e.single]
    marks.append(Dots(tuple(x for x, _ in outside), tuple(y for _, y in outside), Role.STATIONARY if cut is not None else Role.LIKELIHOOD))
    marks.append(Dots(e.single, (0.0,) * len(e.single), Role.ESTIMATE))
    return Panel(
        HEADING, named(p, name), difference(d, name, profile), (low, high), (floor - 0.04 * abs(floor), 0.08 * abs(floor)), tuple(marks), " ".join(words), tuple(notes),
        whole=domain.integer,
    )  # fmt: skip


def difference(d: Derived, name: str, profile: bool = False) -> str:
    """The label of the axis of a log-likelihood less its maximum."""
    p = d.problem
    sign = r"\ell_{\mathrm{p}}" if profile else r"\ell"
    return rf"${sign}({letter(p, name)}) - {sign}({estimate(p, name)})$"


def _range(f: Real, e: Estimates, ends: tuple[float, float], at: float) -> tuple[float, float]:
    """What is worth showing about all estimates."""
    if e.endless and len(e.single) > 1:
        half = (e.single[1] - e.single[0]) / 2
        return e.single[0] - half, e.single[-1] + half
    known = [at, *e.single, *(x for s in e.spans for x in s if math.isfinite(x))]
    return reach(f, min(known), 0.0, ends[0]), reach(f, max(known), 0.0, ends[1])


def _with_room(f: Real, low: float, high: float, ends: tuple[float, float]) -> tuple[float, float]:
    """With a little room beside a place inside the domain where the likelihood becomes 0."""
    if low == high:
        return max(ends[0], low - abs(low or 1.0) / 2), min(ends[1], high + abs(high or 1.0) / 2)
    room = ROOM * (high - low)
    a, b = low - room, high + room
    left = max(ends[0], low - 3 * room) if low > ends[0] and f(a) == -math.inf and f(low) > -DROP + 0.5 else low
    right = min(ends[1], high + 3 * room) if high < ends[1] and f(b) == -math.inf and f(high) > -DROP + 0.5 else high
    return left, right


def _impossible(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
    """Where the log-likelihood is minus infinity, over more than a single place."""
    out: list[tuple[float, float]] = []
    for a, b, u, v in zip(xs, xs[1:], ys, ys[1:], strict=False):
        if u == v == -math.inf or (-math.inf in (u, v) and max(u, v) > -DROP):
            if out and out[-1][1] == a:
                out[-1] = out[-1][0], b
            else:
                out.append((a, b))
    return [(a, b) for a, b in out if b - a > 0.02 * (xs[-1] - xs[0])]


def _pieces(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[list[float], list[float]]]:
    """The curve, cut where it has no value."""
    out: list[tuple[list[float], list[float]]] = []
    open_one = False
    for x, y in zip(xs, ys, strict=True):
        if not math.isfinite(y):
            open_one = False
            continue
        if not open_one:
            out.append(([], []))
            open_one = True
        out[-1][0].append(x)
        out[-1][1].append(y)
    return out


def _values(f: Real, e: Estimates, domain: Domain) -> list[float]:
    """The separate values that are worth showing."""
    if domain.values is not None:
        return sorted(compiled(v)({}) for v in domain.values)
    first, last = domain.whole({})
    out = list(e.single)
    low, high = min(out), max(out)
    out = [low + j for j in range(int(high - low) + 1)] if high - low < MOST_DOTS else out
    while len(out) < MOST_DOTS and low - 1 >= first and f(low - 1) >= -DROP:
        low -= 1
        out.append(low)
    while len(out) < MOST_DOTS and high + 1 <= last and f(high + 1) >= -DROP:
        high += 1
        out.append(high)
    if high < last and f(high) > -DROP:  # it hardly falls any more: as far as most of its fall
        high = next(x for x in sorted(out) if x >= max(e.single) and f(x) <= NEARLY * f(high))
        out = [x for x in out if x <= high]
    return sorted({*out, max(first, low - 1), min(last, high + 1)})


def _interval(pair: Pair, shown: Pair, ends: Pair, written: Callable[[float, float], str]) -> str:
    """From one end to the other; where it goes on beyond what is shown, no end is claimed."""
    (a, b), (low, high) = pair, shown
    more, less = a == low > ends[0], b == high < ends[1]
    return f"{'less than ' * more}{written(a, b - a)} to {'more than ' * less}{written(b, b - a)}"


def _listed(xs: Sequence[float], d: Derived) -> str:
    """Whole numbers in a row as their ends, other values one by one."""
    shown = [said(x, d.problem) for x in xs]
    in_a_row = len(xs) > 2 and all(b - a == 1 for a, b in pairwise(xs))
    return f"{shown[0]} to {shown[-1]}" if in_a_row else " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _plain(d: Derived, name: str) -> str:
    return d.problem.asked.labels.get(name) or name.replace("_", "")


__all__ = ["curved", "difference", "dotted", "one_unknown"]
