"""Conditions on a variable -> the set of its values: chains of inequalities, memberships, lists with dots."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace as changed
from fractions import Fraction
from itertools import pairwise

from ..errors import NotValid
from ..formula.evaluate import compiled
from ..formula.plain import plain
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    And,
    Call,
    Div,
    Dots,
    Formula,
    Mul,
    Neg,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    add,
    div,
    has,
    mul,
    names,
    neg,
    rational,
    value,
)
from .domain import COUNTS, FLIPPED, INFINITY, INTEGERS, MINUS_INFINITY, NATURAL, REAL, Domain, conjuncts, lattice

SignOf = Callable[[Formula], int]


def from_condition(condition: Formula, variable: str) -> Domain:
    """The set of values of the variable that satisfy a condition: chains of inequalities, memberships, `And`.

    An inequality that is linear in the variable with numbers as coefficients is solved; any other is kept in `also`.
    Raises NotValid for a condition that does not speak of the variable, or that no number satisfies.
    """
    if isinstance(condition, SetOf):
        return from_set(condition)
    if isinstance(condition, Span):
        return _nonempty(from_span(condition))
    x = Sym(variable)
    out, others, met = Domain(), [], False
    for relation in conjuncts(condition):
        if not isinstance(relation, Relation):
            raise NotValid("a condition is made of inequalities and memberships", hint=f'write for example "{variable} > 0"')
        for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False):
            if not (has(a, x) or has(b, x)):
                if {len(names(a)), len(names(b))} == {0, 1}:  # 0 < theta in 0 < theta <= x speaks of theta alone
                    continue
                others.append(Relation((a, b), (sign,)))
                continue
            met = True
            piece = _membership(a, b, x) if sign == "in" else _about_centre(a, sign, b, x) or _half_line(a, sign, b, x)
            if piece is None:
                others.append(Relation((a, b), (sign,)))
            else:
                out = meet(out, piece)
    if not met:
        raise NotValid(f"the condition {plain(condition)} does not speak of {variable}", hint=f'write for example "{variable} > 0"')
    if others:
        also = others[0] if len(others) == 1 else And(tuple(others))
        out = changed(out, also=also, variable=variable)
    return _nonempty(out)


def from_span(s: Span) -> Domain:
    """An interval as a domain."""
    return Domain(s.low, s.high, s.low_open or s.low == MINUS_INFINITY, s.high_open or s.high == INFINITY)


def from_set(s: SetOf) -> Domain:
    """A listed set as a domain: {0, 1}, {0, 1, 2, ...}, {0, ..., m}, {..., -1, 0, 1, ...}."""
    shown = [t for t in s.items if not isinstance(t, Dots)]
    hint = 'write it like "{0, 1}", "{0, 1, 2, ...}" or "{0, ..., m}"'
    if not shown or sum(isinstance(t, Dots) for t in s.items) > 2:
        raise NotValid(f"the set {plain(s)} names no numbers", hint=hint)
    if len(shown) == len(s.items):
        return Domain(values=tuple(dict.fromkeys(shown)))
    first, last = isinstance(s.items[0], Dots), isinstance(s.items[-1], Dots)
    numbers = [v for v in map(value, shown) if v is not None]
    run = numbers if last or first else numbers[: len(shown) - 1]
    if any(b - a != 1 for a, b in pairwise(run)):
        raise NotValid(f"the numbers in {plain(s)} do not go up by one", hint=hint)
    low = MINUS_INFINITY if first else shown[0]
    return _nonempty(lattice(low, INFINITY if last else shown[-1]))


def _membership(a: Formula, b: Formula, x: Sym) -> Domain | None:
    if a != x:
        return None
    if isinstance(b, Span):
        return from_span(b)
    if isinstance(b, SetOf):
        return from_set(b)
    if isinstance(b, Sym) and b.name in NAMED_SETS:
        return NAMED_SETS[b.name]
    return None


NAMED_SETS = {"R": REAL, "Z": INTEGERS, "N": NATURAL, "N_0": COUNTS, "calR": REAL, "calZ": INTEGERS, "calN": NATURAL}


def _about_centre(a: Formula, sign: str, b: Formula, x: Sym) -> Domain | None:
    """The solutions of |x - c| <= r or r >= |x - c|: from c - r to c + r."""
    if has(b, x) and not has(a, x):
        a, b, sign = b, a, FLIPPED.get(sign, sign)
    if not (isinstance(a, Call) and a.name == "abs" and has(a, x) and a.args[0] != x) or has(b, x) or sign not in ("<", "<="):
        return None
    above, below = _half_line(a.args[0], sign, b, x), _half_line(a.args[0], FLIPPED[sign], neg(b), x)
    return None if above is None or below is None else meet(above, below)


def solved_for(d: Domain, sign_of: SignOf) -> Domain:
    """The same set with those of its further conditions as ends of the interval that can be solved for the variable.

    sign_of: the sign of a formula without the variable, 0 where it is not known.
    """
    if d.also is None or d.discrete:
        return d
    out, others = changed(d, also=None, variable=""), list[Formula]()
    for c in conjuncts(d.also):
        piece = None
        if isinstance(c, Relation) and c.signs in ((">",), ("<",)) and sign_of(_difference(c)) > 0:
            continue  # it always holds
        if isinstance(c, Relation) and len(c.signs) == 1 and c.signs[0] in FLIPPED:
            piece = _half_line(c.sides[0], c.signs[0], c.sides[1], Sym(d.variable), sign_of)
        if piece is None or piece.values is not None:
            others.append(c)
        else:
            out = meet(out, piece)
    if not others:
        return out
    return changed(out, also=others[0] if len(others) == 1 else And(tuple(others)), variable=d.variable)


def _difference(c: Relation) -> Formula:
    """What is positive where a strict inequality holds."""
    a, b = c.sides if c.signs == (">",) else c.sides[::-1]
    return a if value(b) == 0 else add(a, neg(b))


def _half_line(a: Formula, sign: str, b: Formula, x: Sym, sign_of: SignOf | None = None) -> Domain | None:
    """The solutions of a sign b, where they are an interval that can be read off."""
    sign_of = sign_of or _sign
    if has(b, x):
        if has(a, x):
            return None
        a, b, sign = b, a, FLIPPED.get(sign, sign)
    while a != x:
        if isinstance(a, Call) and a.name == "abs" and a.args[0] == x and sign in ("<", "<="):
            return Domain(neg(b), b, sign == "<", sign == "<")
        if isinstance(a, Pow) and a.exponent == TWO and sign in ("<", "<=") and sign_of(b) > 0:
            r = _root(b, sign_of)
            above = _half_line(a.base, sign, r, x, sign_of)
            below = _half_line(a.base, FLIPPED[sign], neg(r), x, sign_of)
            return None if above is None or below is None else meet(above, below)
        if isinstance(a, Pow) and a.exponent == TWO and sign in (">", ">=") and sign_of(b) > 0 and sign_of(a.base) > 0:
            a, b = a.base, _root(b, sign_of)
            continue
        step = _isolated(a, sign, b, x, sign_of)
        if step is None:
            return None
        a, sign, b = step
    match sign:
        case "=":
            return Domain(values=(b,))
        case "<" | "<=":
            return Domain(high=b, high_open=sign == "<" or b == INFINITY)
        case ">" | ">=":
            return Domain(low=b, low_open=sign == ">" or b == MINUS_INFINITY)
    return None


def _root(b: Formula, sign_of: SignOf) -> Formula:
    """The square root of a positive formula."""
    v = value(b)
    if v is not None and math.isqrt(v.numerator) ** 2 == v.numerator and math.isqrt(v.denominator) ** 2 == v.denominator:
        return rational(Fraction(math.isqrt(v.numerator), math.isqrt(v.denominator)))
    return b.base if isinstance(b, Pow) and b.exponent == TWO and sign_of(b.base) > 0 else Call("sqrt", (b,))


def _isolated(a: Formula, sign: str, b: Formula, x: Sym, sign_of: SignOf) -> tuple[Formula, str, Formula] | None:
    """One move towards x alone on the left."""
    match a:
        case Neg(u):
            return u, FLIPPED.get(sign, sign), neg(b)
        case Add(ts):
            inside = [t for t in ts if has(t, x)]
            if len(inside) != 1:
                return None
            rest = [t for t in ts if t is not inside[0]]
            return inside[0], sign, _sum((*((b,) if b != ZERO else ()), *map(neg, rest)))
        case Mul(fs):
            inside = [t for t in fs if has(t, x)]
            rest = [t for t in fs if t is not inside[0]]
            c = sign_of(mul(*rest)) if len(inside) == 1 else 0
            if not c:
                return None
            return inside[0], sign if c > 0 else FLIPPED.get(sign, sign), _over(b, mul(*rest))
        case Div(top, bottom):
            c = 0 if has(bottom, x) else sign_of(bottom)
            if not c:
                return None
            return top, sign if c > 0 else FLIPPED.get(sign, sign), _times(b, bottom)
    return None


def _sign(f: Formula) -> int:
    """The sign of a number; 0 for what holds letters."""
    v = _number(f)
    return 0 if not v else 1 if v > 0 else -1


def _number(f: Formula) -> float | None:
    return None if names(f) else compiled(f)({})


def _sum(ts: tuple[Formula, ...]) -> Formula:
    numbers = [value(t) for t in ts]
    if all(v is not None for v in numbers):
        return rational(sum(v for v in numbers if v is not None))
    return add(*ts)


def _over(a: Formula, b: Formula) -> Formula:
    v, w = value(a), value(b)
    return rational(v / w) if v is not None and w else a if v == 0 else div(a, b)


def _times(a: Formula, b: Formula) -> Formula:
    v, w = value(a), value(b)
    return rational(v * w) if v is not None and w is not None else a if b == ONE or v == 0 else b if v == 1 else mul(b, a)


def meet(a: Domain, b: Domain) -> Domain:
    """The intersection, where each end is set by one of the two or the ends are numbers."""
    if a == REAL or b == REAL:
        return b if a == REAL else a
    if a.values is not None or b.values is not None:
        chosen, other = (a, b) if a.values is not None else (b, a)
        assert chosen.values is not None
        kept = tuple(v for v in chosen.values if names(v) or other.letters or other.contains(compiled(v)({})))
        return Domain(values=kept)
    low, low_open = _tighter(a.low, a.low_open, b.low, b.low_open, MINUS_INFINITY, "max")
    high, high_open = _tighter(a.high, a.high_open, b.high, b.high_open, INFINITY, "min")
    return Domain(low, high, low_open, high_open, a.integer or b.integer)


def _tighter(a: Formula, a_open: bool, b: Formula, b_open: bool, none: Formula, choose: str) -> tuple[Formula, bool]:
    if a in (none, b):
        return b, b_open or (a == b and a_open)
    if b == none:
        return a, a_open
    v, w = _number(a), _number(b)
    if v is None or w is None:
        return Call(choose, (a, b)), a_open or b_open
    return (a, a_open) if (v > w) == (choose == "max") else (b, b_open)


def _nonempty(d: Domain) -> Domain:
    """Raises NotValid for a set without a number, where that does not depend on a letter."""
    if not d.letters:
        low, high = d.whole() if d.integer else d.bounds()
        empty = d.values == () or (d.values is None and (low > high or (low == high and not d.integer and (d.low_open or d.high_open))))
        if empty:
            raise NotValid(
                "no number satisfies this: the upper end is not above the lower one", hint='write the smaller end first, as in "(0, 1)"'
            )
    return d
