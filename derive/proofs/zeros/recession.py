"""A direction of the unknowns along which the likelihood of each observation rises, from every point on: then there is no maximum.

The density of an observation is looked at as a function of one linear predictor u = c_0 + c_1 b_1 + ... + c_k b_k, with the observation's own
numbers c.  Where its logarithm rises or falls in u on the whole line, with the sign s, it rises along every d with s c.d > 0
(Albert and Anderson 1984, Biometrika 71, for responses that a plane separates).
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
Row = tuple[tuple[Fraction, ...], int]
Coefficients = dict[str, Fraction]


def rising_direction(
    density: Formula, unknowns: Sequence[str], observed: Sequence[str], rows: Sequence[Row]
) -> tuple[Fraction, ...] | None:
    """A direction along which the density of no observation falls, and that of some rises, from every point; None where none is found."""
    signed: list[tuple[Fraction, ...]] = []
    for row, _ in rows:
        at = replace_all(density, {Sym(v): num(x) for v, x in zip(observed, row, strict=True)})
        found = _monotone(at, unknowns)
        if found is None:
            return None
        sign, coefficients = found
        signed.append(tuple(sign * coefficients.get(k, Fraction(0)) for k in unknowns))
    for d in _directions(signed, len(unknowns)):
        rises = [sum(map(product, v, d), Fraction(0)) for v in signed]
        if all(r >= 0 for r in rises) and any(r > 0 for r in rises):
            return d
    return None


def _monotone(density: Formula, unknowns: Sequence[str]) -> tuple[int, Coefficients] | None:
    """The sign of the slope of the log-density in its linear predictor, on the whole line, and the predictor's coefficients."""
    reader = Reader({k: single(Factor("letter", k)) for k in unknowns}, frozenset())
    found: list[Coefficients] = []
    form = Form((PREDICTOR,), 0, lambda f: f == Sym(PREDICTOR) or _positive(f))
    try:
        with ctx.workprec(64):
            inner = _in_predictor(density, frozenset(unknowns), reader, found)
            if names(inner) & set(unknowns):
                return None
            log = with_atoms(plain(call("log", inner), form))
            slope = plain(derivative(log, PREDICTOR), form)
            sign = Function(slope, (PREDICTOR,), Data((), ())).over(Intervals())(Extended(NINF, INF)).sign
    except (Unread, NotCovered, NoValue, Undecided, ZeroDivisionError, ValueError):
        return None
    return (sign, {k: c for k, c in found[0].items() if k}) if sign and found else None


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


def _directions(signed: Sequence[tuple[Fraction, ...]], size: int) -> Iterator[tuple[Fraction, ...]]:
    """Candidates: the axes, then what the perceptron finds (Rosenblatt 1958), which ends if some direction is above 0 everywhere."""
    for j in range(size):
        for s in (1, -1):
            yield tuple(Fraction(s if k == j else 0) for k in range(size))
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


__all__ = ["rising_direction"]
