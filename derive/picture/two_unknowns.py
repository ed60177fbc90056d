"""The log-likelihood of two parameters: its contours, with the ridge along which it is a profile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..derived import Derived
from ..formula.names import reported
from .estimates import Estimates, estimates_of
from .height import Height
from .reach import golden, reach
from .what import Contours, Curve, Dots, Mark, Panel, Role
from .wording import Cut, found, letter, named, said

HEADING = "Contours of the log-likelihood"
LEVELS = (-4.0, -2.0, -1.0, -0.5)  # of the log-likelihood below its maximum
SEEN, BEYOND = 4.3, 0.4  # fall within which all that there is shall be seen; so far beyond the region that is marked
GROWTH, ROUNDS = 0.35, 9  # by how much a side of the frame goes outwards where the contours are not closed yet, and how often
FINE, COARSE = 56, 16  # parts of each side of the grid
ROOMY = 0.2  # share of the frame above the lowest level from which on the contours have labels
ROOM = 0.12  # of the frame, beside a border of what the data allow
EQUAL = 1e-6  # of log-likelihoods that are the same
SIDE = 1e-3  # of the frame, from the estimate to the nodes beside it
DEGREE = 9  # of the polynomials in each unknown that stand for a log-likelihood whose values are costly, plus 1
ELSEWHERE = ((0.5, 0.5), (0.13, 0.31), (0.77, 0.12), (0.37, 0.83), (0.95, 0.95))  # parts of a frame, where they are compared with it
MISS = 0.01
Two = Callable[[float, float], float]
Frame = tuple[tuple[float, float], tuple[float, float]]


def two_unknowns(d: Derived, height: Height, cut: Cut | None) -> Panel:
    """The picture of a log-likelihood in two free parameters that has a maximum."""
    p = d.problem
    first, second = height.letters
    at = (height.place[0], height.place[1])
    top = height(*at)

    def direct(x: float, y: float) -> float:
        return height(x, y) - top

    both = (estimates_of(d, first), estimates_of(d, second))
    unique = all(not e.spans and len(e.single) == 1 for e in both)
    ends = (height.ends(first), height.ends(second))
    seen = SEEN if cut is None else max(SEEN, cut.fall + BEYOND)
    frame = framed(direct, at, ends, COARSE // 2 if height.costly else COARSE, ROUNDS if unique else ROUNDS // 3, seen)
    smooth = interpolated(direct, frame) if height.costly else None
    f = smooth or direct
    parts = FINE if smooth or not height.costly else COARSE
    xs, ys = (_nodes(*_inside(side, both, a), a, parts) for side, both, a in zip(frame, ends, at, strict=True))
    rows = tuple(tuple(_finite(f(x, y)) for x in xs) for y in ys)
    marks: list[Mark] = []
    notes = [f"{found(p, first, at[0])},  {found(p, second, at[1])}"]
    words = [
        f"Contours of the log-likelihood of {reported(first)} and {reported(second)}, "
        f"which is largest at {reported(first)} = {said(at[0], p)}, {reported(second)} = {said(at[1], p)}."
    ]
    notes.append("contours " + ", ".join(f"{-v:g}" for v in reversed(LEVELS)) + " below the maximum")
    impossible = sum(v is None for row in rows for v in row)
    if impossible:
        marks.append(
            Contours(tuple(xs), tuple(ys), tuple(tuple(0.0 if v is None else 1.0 for v in row) for row in rows), (0.5,), Role.OUTSIDE)
        )
        words.append("What the data and the domain do not allow is shaded grey.")
    share = sum(v is not None and v >= LEVELS[0] for row in rows for v in row) / (len(xs) * len(ys))
    labels = tuple(f"{v:g}".replace("-", "−") for v in LEVELS) if share >= ROOMY else ()
    marks.append(Contours(tuple(xs), tuple(ys), rows, LEVELS, Role.LIKELIHOOD, labels, True))
    if cut is not None:
        marks.append(Contours(tuple(xs), tuple(ys), rows, (-cut.fall,), Role.INTERVAL))
        words.append(f"Marked by a thick line: {cut.name}.")
        notes.append(f"thick: {cut.name}")
    ridge = _ridge(f, xs, ys, rows, seen)
    if len(ridge) > 2:
        marks.append(Curve(tuple(x for x, _ in ridge), tuple(y for _, y in ridge), Role.RIDGE))
        notes.append(f"dashed: the best ${letter(p, second)}$ for each ${letter(p, first)}$")
        words.append(f"A dashed line shows the best {reported(second)} for each {reported(first)}.")
    if not unique:
        notes[0] = "not unique; one maximum: " + notes[0]
        words.append("The maximum is not unique.")
        marks += _ties(f, both, at, frame)
    (a, b) = at
    if unique:
        marks += [
            Curve((a, a), (frame[1][0], b), Role.GUIDE),
            Curve((frame[0][0], a), (b, b), Role.GUIDE),
        ]
    marks.append(Dots((a,), (b,), Role.ESTIMATE))
    return Panel(HEADING, named(p, first), named(p, second), frame[0], frame[1], tuple(marks), " ".join(words), tuple(notes))


def _ties(f: Two, both: tuple[Estimates, Estimates], at: tuple[float, float], frame: Frame) -> list[Mark]:
    """Where one estimate may be anything between two numbers: the segment."""
    out: list[Mark] = []
    for k in (0, 1):
        for span in both[k].spans if both[1 - k].single else ():
            along, across = (max(span[0], frame[k][0]), min(span[1], frame[k][1])), (at[1 - k], at[1 - k])
            xs, ys = (along, across) if k == 0 else (across, along)
            if all(f(x, y) >= -EQUAL for x, y in zip(xs, ys, strict=True)):  # and not a relation between the two
                out.append(Curve(xs, ys, Role.TIES))
    return out


def framed(
    f: Two, at: tuple[float, float], ends: tuple[tuple[float, float], tuple[float, float]], parts: int, rounds: int, seen: float
) -> Frame:
    """A frame outside which the log-likelihood lies lower than what is to be seen, as far as the domains, and so many rounds outwards, let that be."""
    along: tuple[Callable[[float], float], Callable[[float], float]] = (lambda v: f(v, at[1])), (lambda v: f(at[0], v))
    sides = [[reach(g, a, 0.0, end, seen) for end in both] for g, a, both in zip(along, at, ends, strict=True)]
    for (low, high), k in zip(sides, (0, 1), strict=True):
        if low == high:
            sides[k] = [max(ends[k][0], low - (abs(low) or 1.0) / 2), min(ends[k][1], high + (abs(high) or 1.0) / 2)]
    for _ in range(rounds):
        grown = False
        for k in (0, 1):
            for j in (0, 1):
                if sides[k][j] == ends[k][j] or _highest(f, sides, k, j, parts) < -seen:
                    continue
                step = GROWTH * (sides[k][1] - sides[k][0]) * (1 if j else -1)
                sides[k][j] = min(ends[k][1], max(ends[k][0], sides[k][j] + step))
                grown = True
        if not grown:
            break
    return _with_room(f, _tightened(f, sides, at, 2 * parts, seen), at, ends)


def interpolated(f: Two, frame: Frame) -> Two | None:
    """f by the polynomial through its values at Chebyshev's points of a frame, in barycentric form (Berrut and Trefethen 2004, SIAM Review
    46); None where that misses f elsewhere."""
    turned = [math.cos((2 * j + 1) * math.pi / (2 * DEGREE)) for j in range(DEGREE)]
    weights = [(-1.0) ** j * math.sin((2 * j + 1) * math.pi / (2 * DEGREE)) for j in range(DEGREE)]
    us, vs = ([(low + high) / 2 + (high - low) / 2 * t for t in turned] for low, high in frame)
    table = [[f(u, v) for v in vs] for u in us]
    if not all(math.isfinite(z) for row in table for z in row):
        return None

    def through(x: float, nodes: Sequence[float], values: Sequence[float]) -> float:
        if x in nodes:
            return values[nodes.index(x)]
        terms = [w / (x - u) for w, u in zip(weights, nodes, strict=True)]
        return math.fsum(t * z for t, z in zip(terms, values, strict=True)) / math.fsum(terms)

    def g(x: float, y: float) -> float:
        return through(x, us, [through(y, vs, row) for row in table])

    places = [tuple(low + (high - low) * s for (low, high), s in zip(frame, q, strict=True)) for q in ELSEWHERE]
    return g if all(abs(g(x, y) - f(x, y)) <= MISS for x, y in places) else None


def _highest(f: Two, sides: Sequence[Sequence[float]], k: int, j: int, parts: int) -> float:
    """The largest value on one side of a frame."""
    low, high = sides[1 - k]
    others = [low + (high - low) * (i + 0.5) / parts for i in range(parts)]
    return max(f(sides[0][j], y) for y in others) if k == 0 else max(f(x, sides[1][j]) for x in others)


def _tightened(f: Two, sides: Sequence[Sequence[float]], at: tuple[float, float], parts: int, fall: float) -> list[list[float]]:
    """The part of a frame in which the log-likelihood is worth showing."""
    nodes = [[low + (high - low) * j / parts for j in range(parts + 1)] for low, high in sides]
    seen = [(x, y) for x in nodes[0] for y in nodes[1] if f(x, y) >= -fall]
    out = []
    for k in (0, 1):
        low, high = sides[k]
        step = (high - low) / parts
        there = [q[k] for q in seen] + [at[k]]
        out.append([max(low, min(there) - step), min(high, max(there) + step)])
    return out


def _with_room(f: Two, sides: list[list[float]], at: tuple[float, float], ends: tuple[tuple[float, float], tuple[float, float]]) -> Frame:
    """With room beside the estimate, where it lies at a border of what the data allow inside the domain."""
    for k in (0, 1):
        room = ROOM * (sides[k][1] - sides[k][0])
        for j, sign in ((0, -1), (1, 1)):
            if abs(sides[k][j] - at[k]) < room and sides[k][j] != ends[k][j]:
                sides[k][j] = min(ends[k][1], max(ends[k][0], at[k] + sign * room))
    return (sides[0][0], sides[0][1]), (sides[1][0], sides[1][1])


def _inside(side: tuple[float, float], ends: tuple[float, float], at: float) -> tuple[float, float]:
    """A side of the frame, a little inside the domain where it goes to its end: there the likelihood may be 0."""
    step = 1e-4 * (side[1] - side[0])
    low, high = (x + sign * step * (x == end != at) for x, end, sign in zip(side, ends, (1, -1), strict=True))
    return low, high


def _nodes(low: float, high: float, at: float, parts: int) -> list[float]:
    """The nodes of a grid from low to high, `at` among them; just inside an end where it belongs to no domain."""
    edges = [x for x in (at - SIDE * (high - low), at + SIDE * (high - low)) if low < x < high]  # a border through the estimate is sharp
    left = min(parts - 2, max(2, round(parts * (at - low) / (high - low)))) if low < at < high else 0
    if not left:
        return [low + (high - low) * j / parts for j in range(parts + 1)]
    inner = [low + (at - low) * j / left for j in range(left)] + [at + (high - at) * j / (parts - left) for j in range(parts - left + 1)]
    return sorted([*inner, *edges])


def _ridge(
    f: Two, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[float | None]], seen: float
) -> list[tuple[float, float]]:
    """For each x the y at which f is largest, while that is worth showing."""
    out: list[tuple[float, float]] = []
    for j, x in enumerate(xs):
        column = [-math.inf if (v := row[j]) is None else v for row in rows]
        k = max(range(len(ys)), key=column.__getitem__)
        if column[k] < -seen:
            continue
        y = golden(lambda t, x=x: f(x, t), ys[max(0, k - 1)], ys[min(len(ys) - 1, k + 1)], 14)  # type: ignore[misc]
        out.append((x, y if f(x, y) >= column[k] else ys[k]))
    return out


def _finite(v: float) -> float | None:
    return v if math.isfinite(v) else None


__all__ = ["framed", "two_unknowns"]
