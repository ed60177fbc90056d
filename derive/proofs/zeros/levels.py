"""At which of several given places a log-likelihood with data is largest: in balls with as many digits as that needs.

Two heights are called equal only by proof: logarithms of rational numbers are compared by their products (see `exact`), and what else
stands in the log-density cancels term by term.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb, factorial
from typing import Any

from flint import arb, ctx

from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Cases,
    Const,
    Div,
    Formula,
    Indicator,
    Mul,
    Neg,
    Pow,
    Relation,
    Sym,
    add,
    mul,
    num,
    rational,
    replace_all,
    transform,
    value,
)
from ...oracle.balls import NoBall, ball
from .exact import Exact, Undecided
from .exact import rational as flint_rational

BITS = (64, 256, 1024, 4096)
LARGEST = 1000  # whole numbers of which factorials and powers are worked out
Place = Mapping[str, Formula]
Rows = Sequence[tuple[tuple[Fraction, ...], int]]


def highest(density: Formula, columns: Sequence[str], rows: Rows, places: Sequence[Place]) -> tuple[int, ...] | None:
    """The numbers of the places at which the likelihood is largest: one of them, or several at which it is proved to be the same."""
    left, equal = list(range(len(places))), False
    for bits in BITS:
        try:
            with ctx.workprec(bits):
                heights = {k: _height(density, columns, rows, places[k]) for k in left}
        except (NoBall, KeyError, ValueError, ZeroDivisionError, OverflowError):
            return None
        left = [k for k in left if not any(heights[k] < heights[j] for j in left)]
        if len(left) == 1:
            return (left[0],)
        if not all(heights[k].is_finite() for k in left):
            continue
        equal = equal or all(_same(density, columns, rows, places[left[0]], places[k]) for k in left[1:])
        if equal:
            return tuple(left)
    return None


def _height(density: Formula, columns: Sequence[str], rows: Rows, place: Place) -> Any:
    """A ball for the log-likelihood at a place."""
    point = {k: ball(f)({}) for k, f in place.items()}
    f = ball(density)
    try:
        return sum((k * f({**point, **dict(zip(columns, map(_ball, row), strict=True))}).log() for row, k in rows), arb(0))
    except NoBall:  # perhaps an observation at the place where a case changes
        return sum((k * ball(_density(density, columns, row, place))({}).log() for row, k in rows), arb(0))


def _density(density: Formula, columns: Sequence[str], row: tuple[Fraction, ...], place: Place) -> Formula:
    """The density of one observation, its rational parts worked out and cases decided."""
    table: dict[Formula, Formula] = {Sym(k): f for k, f in place.items()}
    table |= {Sym(k): rational(x) for k, x in zip(columns, row, strict=True)}
    return transform(replace_all(density, table), _folded)


def _ball(x: Fraction) -> Any:
    return arb(flint_rational(x))


# -- equality ----------------------------------------------------------------------------------------


def _same(density: Formula, columns: Sequence[str], rows: Rows, a: Place, b: Place) -> bool:
    """Whether the log-likelihood is proved to be the same at two places, at which it has a value."""
    total, others = Exact(0), dict[Formula, Fraction]()
    for place, sign in ((a, 1), (b, -1)):
        for row, times in rows:
            exact, rest = _logarithm(_density(density, columns, row, place))
            total += exact.scale(sign * times)
            for f, c in rest.items():
                others[f] = others.get(f, Fraction(0)) + sign * times * c
    try:
        return not any(others.values()) and total.is_zero
    except Undecided:
        return False


Terms = tuple[Exact, dict[Formula, Fraction]]  # an exact number, and further terms with their coefficients


def _scaled(t: Terms, c: Fraction) -> Terms:
    return t[0].scale(flint_rational(c)), {f: k * c for f, k in t[1].items()}


def _added(parts: Sequence[Terms]) -> Terms:
    total, others = Exact(0), dict[Formula, Fraction]()
    for exact, rest in parts:
        total += exact
        for f, c in rest.items():
            others[f] = others.get(f, Fraction(0)) + c
    return total, others


def _logarithm(f: Formula) -> Terms:
    """log |f| for a number that is not 0, as a sum."""
    v = value(f)
    if v is not None and v != 0:
        return Exact.log(flint_rational(abs(v))), {}
    match f:
        case Const("e"):
            return Exact(1), {}
        case Neg(a):
            return _logarithm(a)
        case Mul(fs):
            return _added([_logarithm(g) for g in fs])
        case Div(a, b):
            return _added([_logarithm(a), _scaled(_logarithm(b), Fraction(-1))])
        case Pow(Const("e"), k) | Call("exp", (k,)):
            return _sum(k)
        case Pow(a, k) if (c := value(k)) is not None:
            return _scaled(_logarithm(a), c)
        case Call("sqrt", (a,)):
            return _scaled(_logarithm(a), Fraction(1, 2))
        case Call("abs", (a,)):
            return _logarithm(a)
        case Add() if found := _exponentials(f):
            least = min(found)
            first = found[least]
            rest = [mul(num(c / first), Call("exp", (num(q - least),))) for q, c in sorted(found.items()) if q != least]
            outside = Exact(flint_rational(least)) + Exact.log(flint_rational(abs(first)))
            return outside, {Call("log", (add(ONE, *rest),)): Fraction(1)} if rest else {}
    return Exact(0), {Call("log", (f,)): Fraction(1)}


def _exponentials(f: Formula) -> dict[Fraction, Fraction] | None:
    """A sum of c e^q for rational c and q, as q -> c; None for another formula."""
    v = value(f)
    if v is not None:
        return {Fraction(0): v} if v else {}
    match f:
        case Const("e"):
            return {Fraction(1): Fraction(1)}
        case Pow(Const("e"), k) | Call("exp", (k,)):
            q = value(k)
            return None if q is None else {q: Fraction(1)}
        case Neg(a):
            found = _exponentials(a)
            return None if found is None else {q: -c for q, c in found.items()}
        case Mul((a, *rest)) if rest and (c := value(a)) is not None:
            found = _exponentials(mul(*rest))
            return None if found is None else {q: c * k for q, k in found.items() if c}
        case Div(a, b) if c := value(b):
            found = _exponentials(a)
            return None if found is None else {q: k / c for q, k in found.items()}
        case Add(ts):
            total: dict[Fraction, Fraction] = {}
            for t in ts:
                found = _exponentials(t)
                if found is None:
                    return None
                for q, c in found.items():
                    total[q] = total.get(q, Fraction(0)) + c
            return {q: c for q, c in total.items() if c}
    return None


def _sum(f: Formula) -> Terms:
    """A number as a sum."""
    v = value(f)
    if v is not None:
        return Exact(flint_rational(v)), {}
    match f:
        case Add(ts):
            return _added([_sum(t) for t in ts])
        case Neg(a):
            return _scaled(_sum(a), Fraction(-1))
        case Mul((a, *rest)) if (c := value(a)) is not None:
            return _scaled(_sum(mul(*rest)), c)
        case Div(a, b) if c := value(b):
            return _scaled(_sum(a), 1 / c)
        case Call("log", (a,)):
            return _logarithm(a)
    return Exact(0), {f: Fraction(1)}


def _folded(f: Formula) -> Formula | None:
    """What is a rational number worked out, the parts of which are; terms and factors in one order."""
    match f:
        case Add(ts):
            known = [v for t in ts if (v := value(t)) is not None]
            rest = sorted((t for t in ts if value(t) is None), key=repr)
            total = sum(known, Fraction(0))
            return add(*rest) if rest and not total else add(num(total), *rest)
        case Mul(fs):
            factor = Fraction(1)
            for g in fs:
                factor *= 1 if (v := value(g)) is None else v
            rest = sorted((g for g in fs if value(g) is None), key=repr)
            return ZERO if not factor else mul(*rest) if rest and factor == 1 else mul(num(factor), *rest)
        case Neg() | Div() if (v := value(f)) is not None:
            return num(v)
        case Neg(Neg(a)):
            return a
        case Pow(Add() as a, k) if (e := value(k)) is not None and e.denominator == 1 and e % 2 == 0:
            return Pow(min(a, _negated(a), key=repr), k) if e else ONE
        case Pow(a, k) if (e := value(k)) is not None and e.denominator == 1 and abs(e) <= LARGEST:
            b = value(a)
            return num(b ** int(e)) if b is not None and (b or e > 0) else ONE if not e and b is None else None
        case Cases(rows):
            return _case(rows)
        case Indicator(c):
            known_to_hold = _decided(c)
            return None if known_to_hold is None else ONE if known_to_hold else ZERO
        case Call("exp", (a,)) if a == ZERO:
            return ONE
        case Call(name, args):
            values = [value(a) for a in args]
            found = None if None in values else _function(name, [v for v in values if v is not None])
            return None if found is None else num(found)
    return None


def _negated(f: Add) -> Formula:
    """Minus a sum, its terms in the one order."""
    return add(*sorted((num(-v) if (v := value(t)) is not None else t.arg if isinstance(t, Neg) else Neg(t) for t in f.terms), key=_place))


def _place(t: Formula) -> tuple[bool, str]:
    """Numbers first."""
    return value(t) is None, repr(t)


def _function(name: str, args: Sequence[Fraction]) -> Fraction | None:
    if name == "abs":
        return abs(args[0])
    if name in ("max", "min"):
        return max(args) if name == "max" else min(args)
    if any(v.denominator != 1 or not 0 <= v <= LARGEST for v in args):
        return None
    whole = [int(v) for v in args]
    if name == "factorial":
        return Fraction(factorial(whole[0]))
    if name == "gamma" and whole[0]:
        return Fraction(factorial(whole[0] - 1))
    return Fraction(comb(*whole)) if name == "binomial" else None


def _case(rows: Sequence[tuple[Formula, Formula | None]]) -> Formula | None:
    for f, c in rows:
        known = True if c is None else _decided(c)
        if known is None:
            return None
        if known:
            return f
    return ZERO


def _decided(c: Formula) -> bool | None:
    """Whether a chain of comparisons of rational numbers holds; None for another condition."""
    values = [value(s) for s in c.sides] if isinstance(c, Relation) else [None]
    if not isinstance(c, Relation) or None in values or not set(c.signs) <= set(COMPARE):
        return None
    known = [v for v in values if v is not None]
    return all(COMPARE[s](known[j], known[j + 1]) for j, s in enumerate(c.signs))


COMPARE: Mapping[str, Any] = {
    "<": Fraction.__lt__, "<=": Fraction.__le__, ">": Fraction.__gt__, ">=": Fraction.__ge__, "=": Fraction.__eq__, "!=": Fraction.__ne__,
}  # fmt: skip
