"""A direction of the unknowns along which the likelihood of each observation rises, from every point on: then there is no maximum.

The density of an observation is looked at as a function of one linear predictor u = c_0 + c_1 b_1 + ... + c_k b_k, with the observation's own
numbers c.  Where its logarithm rises or falls in u on the whole line, with the sign s, it rises along every d with s c.d > 0, and any does not change
where c.d = 0 (Albert and Anderson 1984, Biometrika 71, for responses that a plane separates, or all but those on it).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import mul as product

from flint import ctx

from ...formula.tree import Formula, Sym, call, children, mul, names, num, rebuild, replace_all
from ..composition import Atom as Factor
from ..composition import Curvature, Reader, Sum, Unread, single
from .algebras import Intervals
from .builder import Data, Function
from .exact import NotCovered, Undecided
from .extended import INF, NINF, Extended, NoValue
from .rewrite import Form, derivative, plain
from .several import with_atoms

PREDICTOR = "#u"
CORRECTIONS = 50_000  # of the direction
FIGURES = 4  # of the direction that is shown
PIVOTS = 300  # of the simplex method
Row = tuple[tuple[Fraction, ...], int]
Coefficients = dict[str, Fraction]


def rising_direction(
    density: Formula, unknowns: Sequence[str], observed: Sequence[str], rows: Sequence[Row], ways: Sequence[int | None]
) -> tuple[Fraction, ...] | None:
    """A direction along which the density of no observation falls, and that of some rises, from every point; None where none is found.

    ways: for each unknown in which direction it can go on for ever: 1 or -1, 0 for none, None for both.
    """
    size = len(unknowns)
    axes = [tuple(Fraction(k == j) for k in range(size)) for j in range(size)]
    rising: list[tuple[Fraction, ...]] = []
    kept = [tuple(way * a for a in axis) for axis, way in zip(axes, ways, strict=True) if way]
    fixed = [axis for axis, way in zip(axes, ways, strict=True) if way == 0]
    for row, _ in rows:
        at = replace_all(density, {Sym(v): num(x) for v, x in zip(observed, row, strict=True)})
        found = _monotone(at, unknowns)
        if found is None:
            return None
        sign, coefficients = found
        v = tuple((sign or 1) * coefficients.get(k, Fraction(0)) for k in unknowns)
        if any(v):
            (rising if sign else fixed).append(v)
    tried = [*axes, *(tuple(-a for a in axis) for axis in axes)]
    if not kept and not fixed:
        tried += _perceptron(rising, size)

    def will_do(d: Sequence[Fraction]) -> bool:
        rises = [_dot(v, d) for v in rising]
        return all(r >= 0 for r in rises) and any(rises) and not any(_dot(v, d) for v in fixed) and all(_dot(v, d) >= 0 for v in kept)

    found_one = next((d for d in tried if will_do(d)), None)
    if found_one is not None:
        return found_one
    d = _highest_corner(rising, [*rising, *kept, *fixed, *(tuple(-a for a in v) for v in fixed)], size)
    return d if d is not None and will_do(d) else None


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum(map(product, a, b), Fraction(0))


def _monotone(density: Formula, unknowns: Sequence[str]) -> tuple[int, Coefficients] | None:
    """The sign of the slope of the log-density in its linear predictor on the whole line, 0 where it has none, and the predictor's coefficients."""
    reader = Reader({k: single(Factor("letter", k)) for k in unknowns}, frozenset())
    found: list[Coefficients] = []
    form = Form((PREDICTOR,), 0, lambda f: f == Sym(PREDICTOR) or _positive(f))
    try:
        with ctx.workprec(64):
            inner = _in_predictor(density, frozenset(unknowns), reader, found)
    except (Unread, NotCovered, NoValue, Undecided, ZeroDivisionError, ValueError):
        return None
    if names(inner) & set(unknowns):
        return None
    if not found:
        return 0, {}
    coefficients = {k: c for k, c in found[0].items() if k}
    try:
        with ctx.workprec(64):
            log = with_atoms(plain(call("log", inner), form))
            slope = plain(derivative(log, PREDICTOR), form)
            sign = Function(slope, (PREDICTOR,), Data((), ())).over(Intervals())(Extended(NINF, INF)).sign
    except (NotCovered, NoValue, Undecided, ZeroDivisionError, ValueError):
        sign = 0
    return sign, coefficients


def _positive(f: Formula) -> bool:
    try:
        shown = plain(f, Form((PREDICTOR,), 0, lambda _: False))
        return bool(Function(shown, (PREDICTOR,), Data((), ())).over(Intervals())(Extended(NINF, INF)).sign > 0)
    except (NotCovered, NoValue, Undecided):
        return False


def _in_predictor(f: Formula, unknowns: frozenset[str], reader: Reader, found: list[Coefficients]) -> Formula:
    """f with multiples of one letter for what is linear in the unknowns.  Raises `Unread` where these are not multiples of each other."""
    if not names(f) & unknowns:
        return f
    coefficients = _linear(f, reader)
    if coefficients is None:
        kids = children(f)
        if not kids:
            raise Unread
        return rebuild(f, tuple(_in_predictor(k, unknowns, reader, found) for k in kids))
    if not found:
        found.append(coefficients)
    first = found[0]
    key = next(k for k in first if k)
    ratio = coefficients.get(key, Fraction(0)) / first[key]
    if not ratio or {k: c * ratio for k, c in first.items()} != coefficients:
        raise Unread
    return mul(num(ratio), Sym(PREDICTOR)) if ratio != 1 else Sym(PREDICTOR)


def _linear(f: Formula, reader: Reader) -> Coefficients | None:
    """The rational coefficients of what is linear in the unknowns, that of 1 under ""; None for anything else."""
    try:
        p: Sum = reader.read(f)
    except Unread:
        return None
    shape = Curvature(frozenset(), lambda _: 0)
    if not shape.affine(p):
        return None
    out: Coefficients = {}
    for m, c in p.items():
        letters = [a.of for a, _ in m.powers if a.kind == "letter"]
        if m.exponent or len(m.powers) != len(letters):
            return None
        out[letters[0] if letters else ""] = c
    return out if any(out) else None


def _perceptron(signed: Sequence[tuple[Fraction, ...]], size: int) -> Iterator[tuple[Fraction, ...]]:
    """What the perceptron finds (Rosenblatt 1958), which ends if some direction is above 0 everywhere."""
    rows = [[float(x) for x in v] for v in signed]
    scale = [max((abs(r[j]) for r in rows), default=0.0) or 1.0 for j in range(size)]
    units = [[x / s for x, s in zip(r, scale, strict=True)] for r in rows]
    d = [0.0] * size
    for _ in range(CORRECTIONS // max(1, len(units))):
        wrong = [r for r in units if sum(map(product, r, d)) <= 0]
        if not wrong:
            break
        for r in wrong:
            d = [a + b for a, b in zip(d, r, strict=True)]
    else:
        return
    exact = [x / s for x, s in zip(d, scale, strict=True)]
    most = max(map(abs, exact))
    yield tuple(Fraction(f"{x / most:.{FIGURES}g}") for x in exact)
    yield tuple(Fraction(x) for x in exact)


def _highest_corner(gain: Sequence[tuple[Fraction, ...]], limits: Sequence[tuple[Fraction, ...]], size: int) -> tuple[Fraction, ...] | None:
    """The d with v.d >= 0 for all limits v and |d_1| + ... + |d_k| <= 1 at which the sum of the gains is largest: the simplex method with
    Bland's rule (1977, Math. Oper. Res. 2), in fractions.  None after too many steps."""
    limits = list(dict.fromkeys(limits))
    total = [sum((v[j] for v in gain), Fraction(0)) for j in range(size)]
    width = 2 * size  # d = p - q
    table = [[*(-a for a in v), *v, Fraction(0)] for v in limits] + [[Fraction(1)] * width + [Fraction(1)]]
    basis = [width + i for i in range(len(table))]
    goal = [*(-a for a in total), *total, Fraction(0)]
    column = list(range(width))  # the variable of each column that is 0
    for _ in range(PIVOTS):
        enters = min((j for j in range(width) if goal[j] < 0), key=lambda j: column[j], default=None)
        if enters is None:
            d = [Fraction(0)] * width
            for k, row in zip(basis, table, strict=True):
                if k < width:
                    d[k] = row[-1]
            return tuple(d[j] - d[size + j] for j in range(size))
        ratios = [(row[-1] / row[enters], basis[i], i) for i, row in enumerate(table) if row[enters] > 0]
        _, _, leaves = min(ratios)
        pivot = table[leaves][enters]
        old = table[leaves]
        top = [a / pivot for a in old]
        top[enters] = 1 / pivot
        for row in (*table, goal):
            if row is old or not row[enters]:
                continue
            factor = row[enters]
            row[:] = [a - factor * b for a, b in zip(row, top, strict=True)]
            row[enters] = -factor / pivot
        table[leaves] = top
        basis[leaves], column[enters] = column[enters], basis[leaves]
    return None


__all__ = ["rising_direction"]
