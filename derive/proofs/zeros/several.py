"""A stationary point of a function of several unknowns with data: found by Newton's method, proved to lie in a box by Krawczyk's operator.

With Y near the inverse of F' at m, every zero of F in a box X around m lies in K(X) = m - Y F(m) + (1 - Y F'(X))(X - m), and if K(X) lies inside X there
is exactly one (Krawczyk 1969, Computing 4; Neumaier 1990, Interval Methods for Systems of Equations, section 5.1).  F' is the matrix of second
derivatives, which is then regular on X.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from statistics import median
from typing import Any

from flint import arb, arb_mat, ctx

from ...formula.tree import ONE, ZERO, Add, Call, Formula, Neg, Num, Sym, children, names, rebuild, replace_all, terms, walk
from ..composition import Change
from .builder import Data, Function
from .ends import exactly
from .exact import NotCovered, Undecided, fraction, rational
from .extended import NoValue
from .jets import GuessedJets, Jet, Jets
from .rewrite import Form, add, call, neg, plain
from .stationary import Positive
from .values import Box, Domain

STEPS = 200  # of Newton's method
HALVINGS = 60
ENOUGH = arb(2) ** -30  # expected rise of the last step: the next would be far below the digits of a float
SHOWN_RISE = arb(2) ** -70  # of the last step that is shown
NEWTON_BITS = 64
FLOATS = arb(2) ** -44  # error of a value in floats that is reckoned with, relative to its size
SETTLED = arb(2) ** -26  # of the change of a score over the size of the unknown: smaller scores are worked out in balls
BITS = (128, 256, 512)  # with which a box is proved
LOCATED = 58  # bits of a coordinate, relative to its size
POLISHED = 8  # steps at most before a box is tried
NEGLIGIBLE = 100  # bits below the unit of an unknown at which it is as good as 0
MOST_UNKNOWNS = 12
MOST_STARTS = 40
FAR = 1000  # times the median: the size of something else
MANY_ROWS = 60  # of which a part will do to compare places to start from
TRIED = 2  # of them are climbed from
FAILED = (NotCovered, NoValue, Undecided, ZeroDivisionError, OverflowError, ValueError)


class Surface:
    """A function of several unknowns with data, with its derivatives, on a product of intervals; up to terms free of the unknowns.

    Raises `NotCovered` when it is made."""

    def __init__(self, height: Formula, unknowns: tuple[str, ...], domains: Sequence[Domain], data: Data):
        with ctx.workprec(NEWTON_BITS):
            form = Form(unknowns, data.size, Positive(unknowns, domains, data), data.whole)
            self.formula = moving = add(*(t for t in terms(height) if names(t) & set(unknowns)))
            self.function = Function(with_atoms(plain(moving, form)), unknowns, data)
        self.unknowns, self.size, self.data, self.domains = unknowns, len(unknowns), data, tuple(domains)
        self.ends = [(None if d.low is None else exactly(d.low), None if d.high is None else exactly(d.high)) for d in domains]

    @cached_property
    def starts(self) -> list[list[Any]]:
        """Places of the size of the data at which it has a value, the highest first."""
        return starts(self)

    def thinned(self) -> Surface:
        """The same for a part of a large sample."""
        rows = self.data.rows
        if len(rows) <= MANY_ROWS:
            return self
        return Surface(self.formula, self.unknowns, self.domains, Data(self.data.names, rows[:: len(rows) // MANY_ROWS + 1]))

    def within(self, domains: Sequence[Domain]) -> Surface:
        """The same on another domain."""
        return Surface(self.formula, self.unknowns, domains, self.data)

    def near(self, place: Sequence[float | Fraction]) -> Box | None:
        """The stationary point to which Newton's steps lead from a place, in a box in which it is the only one; None where that is not proved."""
        path = climb(self, [exactly(Fraction(a)) for a in place])
        return proved_box(self, path[-1][0]) if path else None

    def top(self, change: Change | None = None) -> Box | None:
        """The local maximum to which Newton's steps lead from a place of the size of the data; None where that is not proved to be one.

        change: unknowns in which the steps are made.
        """
        chart = None if change is None else Chart(self, change)
        for start in self.starts[:TRIED]:
            path = climb(self, start) if chart is None else []
            end = chart.climbed(start) if chart is not None else path[-1][0] if path else None
            box = None if end is None else proved_box(self, end)
            if box is not None and box.definite:
                return box
        return None

    def reached(self) -> tuple[Fraction, ...] | None:
        """Where Newton's steps come to from a place of the size of the data; nothing is proved of it."""
        path = climb(self, self.starts[0]) if self.starts else []
        return tuple(fraction(a.mid()) for a in path[-1][0]) if path else None

    def at(self, place: Sequence[Fraction]) -> Any:
        """A ball for the value at a point."""
        with ctx.workprec(BITS[0]):
            return self.height([arb(rational(a)) for a in place])

    def lower(self, one: Box, other: Box) -> bool:
        """Whether the function is proved to be lower at one stationary point than at another."""
        for bits in BITS:
            with ctx.workprec(bits):
                u, v = (self.height([exactly(a).union(exactly(b)) for a, b in zip(box.low, box.high, strict=True)]) for box in (one, other))
                if u < v:
                    return True
        return False

    def steps(self, start: Sequence[Fraction]) -> list[tuple[list[float], list[float], list[float]]]:
        """Newton's steps from a place to a maximum: the points, the gradients there, and by how much these change if every unknown changes
        by its own size.  They end where the function is not concave."""
        with ctx.workprec(NEWTON_BITS):
            return [self._step(x, jet) for x, jet in climb(self, [exactly(a) for a in start], shown=True)]

    def _step(self, x: list[Any], there: Jet) -> tuple[list[float], list[float], list[float]]:
        return [float(a) for a in x], [float(s.mid()) for s in there.slopes], [float(c.mid()) for c in changes(x, there)]

    def inside_domain(self, place: Sequence[Fraction]) -> bool:
        """Whether a point lies inside the domain."""
        return self.inside([arb(rational(a)) for a in place])

    def inside(self, x: Sequence[Any]) -> bool:
        """Whether a point, or a whole box, lies inside the domain."""
        return all((lo is None or a > lo) and (hi is None or a < hi) for a, (lo, hi) in zip(x, self.ends, strict=True))

    def jet(self, x: Sequence[Any]) -> Jet:
        """Value, gradient and second derivatives at a point, or on a box."""
        unit = [arb(0)] * self.size
        given = [Jet(a, [*unit[:j], arb(1), *unit[j + 1 :]]) for j, a in enumerate(x)]
        out = self.function.over(Jets())(*given)
        return out if isinstance(out, Jet) else Jet(out, unit)

    def rough_jet(self, x: Sequence[Any], shown: bool) -> Jet:
        """The same about a point for Newton's steps: of many rows in floats, where these tell as much as is wanted of the gradient."""
        unit = [0.0] * self.size
        given = [Jet(float(a), [*unit[:j], 1.0, *unit[j + 1 :]]) for j, a in enumerate(x)]
        out = self.function.through(GuessedJets(), *given)
        if not isinstance(out, Jet) or out.bends is None or not all(map(math.isfinite, (out.value, *out.slopes, *out.bends))):
            return self.jet(x)
        value = arb(out.value, abs(out.value) * FLOATS)
        there = Jet(value, [arb(a) for a in out.slopes], [arb(a) for a in out.bends])
        return self.jet(x) if shown and any(abs(s) < c * SETTLED for s, c in zip(there.slopes, changes(x, there), strict=True)) else there

    def height(self, x: Sequence[Any]) -> Any:
        """The value at a point, or on a box, without derivatives."""
        return self.function.over(Jets())(*x)


class Chart:
    """A surface in other unknowns."""

    def __init__(self, surface: Surface, change: Change):
        self.surface, new = surface, tuple(change.new)
        domains = [Domain(Fraction(0) if k in change.positive else None) for k in new]
        height = replace_all(surface.formula, {Sym(k): f for k, f in change.old.items()})
        self.other = Surface(height, new, domains, surface.data)
        self.there = [_between(change.new[k], surface.unknowns) for k in new]
        self.back = [_between(change.old[k], new) for k in surface.unknowns]

    def climbed(self, start: Sequence[Any]) -> list[Any] | None:
        """The end of the climb from a start; None where that is outside."""
        try:
            with ctx.workprec(NEWTON_BITS):
                first = [f.over(Jets())(*start).mid() for f in self.there]
                path = climb(self.other, first)
                if not path:
                    return None
                end = [f.over(Jets())(*path[-1][0]).mid() for f in self.back]
        except FAILED:
            return None
        return end if all(a.is_finite() for a in end) and self.surface.inside(end) else None


def _between(f: Formula, unknowns: tuple[str, ...]) -> Function:
    return Function(plain(f, Form(unknowns, 0, lambda _: False)), unknowns, Data((), ()))


def with_atoms(f: Formula) -> Formula:
    """log(1 + e^u), log Phi(u), log(1 - Phi(u)), log I_0(u), log Gamma(u) as functions of their own, known where e^u or Phi(u) lies beyond floating point."""
    kids = children(f)
    if kids:
        f = rebuild(f, tuple(map(with_atoms, kids)))
    match f:
        case Call("log", (Call("Phi", (u,)),)):
            return call("logPhi", u)
        case Call("log", (Add((a, Neg(Call("Phi", (u,))))),)) if a == ONE:
            return call("logPhi", neg(u))
        case Call("log", (Call("besseli", (k, u)),)) if k == ZERO:
            return call("logI0", u)
        case Call("log", (Call("gamma", (u,)),)):  # a positive u: elsewhere it has no value
            return call("loggamma", u)
        case Call("log", (Call("beta", (u, v)),)):
            return add(call("loggamma", u), call("loggamma", v), neg(call("loggamma", add(u, v))))
        case Call("log", (Add((a, b)),)):
            for one, e in ((a, b), (b, a)):
                if one == ONE and isinstance(e, Call) and e.name == "exp":
                    return call("softplus", e.args[0])
    return f


def matrix(jet: Jet) -> Any:
    """The matrix of second derivatives."""
    k = len(jet.slopes)
    if jet.bends is None:
        return arb_mat(k, k)
    rows, place = [[arb(0)] * k for _ in range(k)], iter(jet.bends)
    for i in range(k):
        for j in range(i, k):
            rows[i][j] = rows[j][i] = next(place)
    return arb_mat(rows)


def changes(x: Sequence[Any], there: Jet) -> list[Any]:
    """By how much the parts of the gradient change if every unknown changes by its own size."""
    h = matrix(there)
    return [sum((abs(h[i, j] * a) for j, a in enumerate(x)), arb(0)) for i in range(len(x))]


def middles(m: Any) -> Any:
    """A matrix without its radii."""
    return arb_mat([[m[i, j].mid() for j in range(m.ncols())] for i in range(m.nrows())])


# -- Newton's method -----------------------------------------------------------------------------------


def climb(surface: Surface, start: Sequence[Any], shown: bool = False) -> list[tuple[list[Any], Jet]]:
    """The points, with the jets there, to which Newton's steps lead from a start: a step that leaves the domain, or leads lower, is halved.

    It ends near a stationary point.  shown: where the steps no longer change anything, or the function is not concave.  Nothing is proved of
    the last point; there is none where the function has no value at the start.
    """
    path: list[tuple[list[Any], Jet]] = []
    enough = SHOWN_RISE if shown else ENOUGH
    with ctx.workprec(NEWTON_BITS):
        try:
            x = [a.mid() for a in start]
            path.append((x, surface.rough_jet(x, shown)))
            for _ in range(STEPS):
                x, now = path[-1]
                if shown and not definite(middles(matrix(now))):
                    break
                further = _step(surface, x, now, enough, shown)
                if further is None:
                    break
                path.append(further[:2])
                if further[2]:
                    break
        except FAILED:
            pass
    return path


def _step(surface: Surface, x: list[Any], now: Jet, enough: Any, shown: bool) -> tuple[list[Any], Jet, bool] | None:
    """The next point with its jet, and whether it is the last; None where there is none."""
    d = _direction(middles(matrix(now)), [s.mid() for s in now.slopes])
    if d is None:
        return None
    expected = sum((a * b.mid() for a, b in zip(d, now.slopes, strict=True)), arb(0)).mid()  # twice the rise of the quadratic model
    if not expected > 0:
        return None
    scale = arb(1)
    for _ in range(HALVINGS):
        y = [(a + scale * b).mid() for a, b in zip(x, d, strict=True)]
        if surface.inside(y) and all(a.is_finite() for a in y):
            if y == x:
                return None
            there = surface.rough_jet(y, shown)
            rounding = 4 * (there.value.rad() + now.value.rad())
            rises = there.value.mid() - now.value.mid() >= scale * expected * arb(2) ** -10 - rounding
            if rises and all(s.is_finite() for s in there.slopes):
                return y, there, bool(expected < enough)
        scale = scale / 2
    return None


def _direction(h: Any, slopes: Sequence[Any]) -> list[Any] | None:
    """Newton's step; where the function is not concave there, along the gradient in units of the diagonal."""
    k = len(slopes)
    try:
        if definite(h):
            d = h.solve(arb_mat(k, 1, [-s for s in slopes]))
            return [d[i, 0].mid() for i in range(k)]
    except ZeroDivisionError:
        pass
    sizes = [abs(h[i, i]).mid() for i in range(k)]
    if not all(s > 0 for s in sizes):
        return None
    return [(a / s).mid() for a, s in zip(slopes, sizes, strict=True)]


def definite(h: Any) -> bool:
    """Whether a symmetric matrix of balls is negative definite: the signs of its leading minors (Sylvester)."""
    n = h.nrows()
    return all(arb_mat([[h[i, j] for j in range(k)] for i in range(k)]).det() * (-1) ** k > 0 for k in range(1, n + 1))


def starts(surface: Surface) -> list[list[Any]]:
    """Points to start from: about the middle of the data and their spread, the highest first."""
    seen = sorted({x for row, _ in surface.data.rows for x in row}, key=float) or sorted(
        g.value for g in walk(surface.formula) if isinstance(g, Num)
    )  # the numbers in the formula, where the data are written into it
    places = [sorted(_candidates(d, seen or [Fraction(1)]), key=abs) for d in surface.domains]
    rows: list[tuple[float, int, list[Any]]] = []
    few = surface.thinned()
    with ctx.workprec(NEWTON_BITS):
        for j, point in enumerate(product(*places)):
            if j >= MOST_STARTS:
                break
            x = [exactly(a) for a in point]
            try:
                v = few.height(x)
            except FAILED:
                continue
            if v.is_finite():
                rows.append((-float(v.mid()), j, x))
    return [x for _, _, x in sorted(rows, key=lambda r: r[:2])]


def _candidates(domain: Domain, seen: Sequence[Fraction]) -> set[Fraction]:
    """Values inside a domain of the sizes that were seen."""
    centre, spread, most = Fraction(median(seen)), (seen[-1] - seen[0]) / 4 or abs(seen[0]) or Fraction(1), max(map(abs, seen))
    low, high = domain.low, domain.high
    if low is not None and high is not None:
        return {low + (high - low) * Fraction(k, 4) for k in (1, 2, 3)}
    if low is None and high is None:
        return {Fraction(0), centre, *((most,) if most > FAR * abs(centre) else ())}
    sizes = {Fraction(1), spread, 1 / spread, *((abs(centre), 1 / abs(centre)) if centre else ())}
    return {low + s for s in sizes} if low is not None else {high - s for s in sizes} if high is not None else sizes


# -- Krawczyk's operator -------------------------------------------------------------------------------


def proved_box(surface: Surface, near: Sequence[Any]) -> Box | None:
    """The box around a point in which the gradient has exactly one zero; None where that is not proved."""
    best: Box | None = None
    for bits in BITS:
        with ctx.workprec(bits):
            try:
                found = _krawczyk(surface, [a.mid() for a in near], bits)
            except FAILED:
                found = None
        if found is None:
            continue
        box, near = found
        best = box
        if box.precise:
            break
    return best


def _krawczyk(surface: Surface, m: list[Any], bits: int) -> tuple[Box, list[Any]] | None:
    k = surface.size
    for _ in range(POLISHED):  # with these digits first
        now = surface.jet(m)
        y = middles(middles(matrix(now)).inv())
        step = y * arb_mat(k, 1, list(now.slopes))
        units = [abs(y[i, i]).mid().sqrt() for i in range(k)]  # what changes the height by about 1
        least = [4 * step[i, 0].rad() + 8 * abs(m[i]) * arb(2) ** -bits + units[i] * arb(2) ** -(bits // 2) for i in range(k)]
        if all(abs(step[i, 0].mid()) <= least[i] for i in range(k)):
            break
        m = [(a - step[i, 0]).mid() for i, a in enumerate(m)]
        if not surface.inside(m):
            return None
    else:
        return None
    identity = arb_mat([[1 if i == j else 0 for j in range(k)] for i in range(k)])
    radii = [(4 * step[i, 0].abs_upper() + units[i] * arb(2) ** -(bits // 2)).mid() for i in range(k)]
    for _ in range(12):
        box = [a + _around(r) for a, r in zip(m, radii, strict=True)]
        if not surface.inside(box):
            return None
        h = matrix(surface.jet(box))
        error = (identity - y * h) * arb_mat(k, 1, [_around(r) for r in radii]) - step
        if all(abs(error[i, 0]) < r for i, r in enumerate(radii)):
            inner = [a + error[i, 0] for i, a in enumerate(m)]
            precise = all(_precise(a, u) for a, u in zip(inner, units, strict=True))
            low, high = (tuple(fraction(e) for e in side) for side in ([a.lower() for a in inner], [a.upper() for a in inner]))
            return Box(low, high, definite(h), precise), m
        radii = [4 * r for r in radii]
    return None


def _around(r: Any) -> Any:
    """The ball about 0 with a radius."""
    return (-r).union(r)


def _precise(a: Any, unit: Any) -> bool:
    return bool(a.rad() < abs(a).lower() * arb(2) ** -LOCATED or a.abs_upper() < unit * arb(2) ** -NEGLIGIBLE)
