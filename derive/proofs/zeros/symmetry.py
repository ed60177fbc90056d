"""Whether a function of the unknown t with data takes the same value at t and at 2c - t: read off the tree, or an identity of
polynomials."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import mul as product
from typing import Any

from flint import fmpq_poly

from ...formula.tree import Add, At, Big, Call, Const, Div, Formula, Mul, Neg, Num, Pow, Sym, names, value
from .builder import Data, Row, constant
from .exact import Exact, NotCovered, rational

EVEN = frozenset({"cosh", "cos", "abs"})
ODD = frozenset({"sinh", "tanh", "arctan", "sin", "erf", "asinh", "bratio"})


def centre(f: Formula, unknown: str, data: Data) -> Fraction | None:
    """The c for which f takes the same value at t and at 2c - t; None where that is not read off."""
    if _parity(f, unknown, frozenset(), False) == 1:
        return Fraction(0)
    if len(data.names) != 1:
        return None
    values = {row[0]: k for row, k in data.rows}
    c = (min(values) + max(values)) / 2
    if any(values.get(2 * c - x) != k for x, k in values.items()):
        return None
    return c if _parity(f, unknown, frozenset(data.names), c != 0) == 1 else None


def _parity(f: Formula, unknown: str, odd: frozenset[str], differences: bool) -> int | None:
    """1 for even, -1 for odd, None for unknown, when the unknown and the odd letters change sign; differences: of those letters
    only x - t may be taken, since they are shifted as well."""

    def go(g: Formula) -> int | None:
        return _parity(g, unknown, odd, differences)

    moving = {unknown} | odd
    if not names(f) & moving:
        return 1
    match f:
        case Sym(name) | At(name, _):
            return -1 if name in moving and not differences else None
        case Add((At(x, _), Neg(Sym(t)))) | Add((Sym(t), Neg(At(x, _)))) if t == unknown and x in odd:
            return -1
        case Add(ts):
            found = {go(t) for t in ts}
            return found.pop() if len(found) == 1 else None
        case Neg(a) | Big("sum", _, _, _, a):
            return go(a)
        case Mul(fs):
            out = 1
            for g in fs:
                p = go(g)
                if p is None:
                    return None
                out *= p
            return out
        case Div(a, b):
            p, q = go(a), go(b)
            return p * q if p is not None and q is not None else None
        case Pow(a, k) if not names(k) & moving:
            p, v = go(a), value(k)
            return 1 if p == 1 else None if p is None or v is None or v.denominator != 1 else 1 if v % 2 == 0 else -1
        case Call(name, args):
            ps = [go(a) for a in args]
            if all(p == 1 for p in ps):
                return 1
            if len(ps) == 1 and ps[0] == -1:
                return 1 if name in EVEN else -1 if name in ODD else None
            return None
        case Num() | Const():
            return 1
    return None


# -- rational derivatives ------------------------------------------------------------------------------

MOST_ROWS = 20
GREATEST_DENOMINATOR = 10**6
Ratio = tuple[Any, Any]  # two polynomials in the unknown


def mirrored(score: Formula, unknown: str, data: Data, near: Fraction) -> Fraction | None:
    """A simple number c near a place about which a rational score is antisymmetric: its integral takes the same value at t and 2c - t."""
    c = near.limit_denominator(GREATEST_DENOMINATOR)
    if len(data.rows) > MOST_ROWS:
        return None
    try:
        p, q = ratio(score, unknown, data, None)
    except (NotCovered, ZeroDivisionError):
        return None
    back = fmpq_poly([rational(2 * c), -1])
    return c if p(back) * q + p * q(back) == 0 else None


def ratio(f: Formula, unknown: str, data: Data, row: Row | None) -> Ratio:
    """A formula as a quotient of two polynomials in the unknown.  Raises `NotCovered`."""
    if unknown not in names(f):
        v = constant(f, data, row)
        if not isinstance(v, Exact) or v.logs:
            raise NotCovered("not rational")
        return fmpq_poly([v.q]), fmpq_poly([1])
    match f:
        case Sym():
            return fmpq_poly([0, 1]), fmpq_poly([1])
        case Neg(a):
            p, q = ratio(a, unknown, data, row)
            return -p, q
        case Add(ts):
            return reduce(_plus, (ratio(t, unknown, data, row) for t in ts))
        case Mul(fs):
            parts = [ratio(g, unknown, data, row) for g in fs]
            return reduce(product, (p for p, _ in parts)), reduce(product, (q for _, q in parts))
        case Div(a, b):
            (p, q), (r, s) = ratio(a, unknown, data, row), ratio(b, unknown, data, row)
            return p * s, q * r
        case Pow(a, k) if (v := value(k)) is not None and v.denominator == 1 and abs(v) <= MOST_ROWS:
            p, q = ratio(a, unknown, data, row)
            return (p ** int(v), q ** int(v)) if v >= 0 else (q ** int(-v), p ** int(-v))
        case Big("sum", _, _, _, body):
            each = [(ratio(body, unknown, data, r), k) for r, k in data.rows]
            return reduce(_plus, ((k * p, q) for (p, q), k in each))
    raise NotCovered(type(f).__name__)


def _plus(a: Ratio, b: Ratio) -> Ratio:
    return (a[0] + b[0], a[1]) if a[1] == b[1] else (a[0] * b[1] + b[0] * a[1], a[1] * b[1])
