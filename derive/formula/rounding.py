"""Numbers with more digits than a person reads, as they are shown where the data are floats: rounded, and an equation of them as about equal."""

from __future__ import annotations

from fractions import Fraction

from .decimals import quoted
from .latex import decimal
from .tree import ONE, And, Div, Formula, Mul, Neg, Num, Relation, children, mul, neg, with_kids

MOST_DIGITS = 6  # of a decimal that is shown as it is
LARGEST_WHOLE = 10**12
LARGEST = 10**6  # numerator or denominator of a fraction that is
ORDERS = frozenset({"<", "<=", ">", ">=", "!="})


def in_decimals(f: Formula, digits: int) -> Formula:
    """f with its long numbers rounded to so many significant digits, "=" as "approx" where one was; bounds are kept."""
    if isinstance(f, Relation):
        return _relation(f, digits)
    if isinstance(f, And):
        return And(tuple(in_decimals(p, digits) for p in f.parts))

    def go(g: Formula) -> Formula:
        if isinstance(g, (Num, Div)):
            (top, above), (bottom, below) = map(_coefficient, (g.top, g.bottom) if isinstance(g, Div) else (g, ONE))
            if bottom and is_long(top / bottom):
                shown = mul(quoted(abs(float(top / bottom)), digits), *map(go, above))
                size = Div(shown, mul(*map(go, below))) if below else shown
                return size if top / bottom > 0 else neg(size)
        kids = children(g)
        return with_kids(g, kids, tuple(map(go, kids)))

    return go(f)


def is_long(v: Fraction) -> bool:
    """Whether a number has more digits than are shown."""
    if v.denominator == 1:
        return abs(v) > LARGEST_WHOLE
    text = decimal(v)
    if "/" in text:
        return max(abs(v.numerator), v.denominator) > LARGEST
    return len(text.replace(".", "").strip("-0")) > MOST_DIGITS


def _relation(r: Relation, digits: int) -> Relation:
    if set(r.signs) <= ORDERS:
        return r
    sides = [in_decimals(s, digits) for s in r.sides]
    out, signs = [sides[0]], list[str]()
    for j, sign in enumerate(r.signs):
        rounded = sides[j] != r.sides[j] or sides[j + 1] != r.sides[j + 1]
        if rounded and sides[j + 1] == out[-1] and sign in ("=", "approx") and len(r.sides) > 2:
            continue
        out.append(sides[j + 1])
        signs.append("approx" if sign == "=" and rounded else sign)
    return Relation(tuple(out), tuple(signs))


def _coefficient(f: Formula) -> tuple[Fraction, tuple[Formula, ...]]:
    """The number before a product, and the other factors."""
    match f:
        case Num(v):
            return v, ()
        case Neg(a):
            v, rest = _coefficient(a)
            return -v, rest
        case Mul((Num(v), *rest)):
            return v, tuple(rest)
    return Fraction(1), (f,)


__all__ = ["in_decimals", "is_long"]
