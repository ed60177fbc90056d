"""A ratio of neighbours that falls: each part of it does, for every observation, so the product over the sample crosses 1
at one place.  Nothing here looks at the numbers of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..density.support.admissible import positive_first, slope
from ..formula.tree import ONE, ZERO, Add, Const, Div, Formula, Relation, Sym, add, equation, has, neg, num, power, rational, terms, value

E = Const("e")


@dataclass(frozen=True, slots=True)
class Linear:
    """base^exponent with base = slope * u + rest, slope not 0."""

    base: Formula
    slope: Fraction
    exponent: Formula


@dataclass
class Falls:
    """What of the ratio of one observation falls as u grows.

    pairs: fractions (a u + b)/(a u + c) as 1 + (b - c)/(a u + c).  alone: factors above the line that fall by themselves.
    grow: factors below the line that grow.  constant: what does not depend on u.  to_zero: whether some part goes to 0; else the ratio goes to the constant, times the slopes.
    """

    pairs: list[Relation] = field(default_factory=list)
    alone: list[Formula] = field(default_factory=list)
    grow: list[Formula] = field(default_factory=list)
    constant: Formula = ONE
    to_zero: bool = False

    def below_one(self, al: Algebra) -> bool:
        """Whether the ratio goes to a number below 1 as u grows without bound."""
        r = al.facts.range(self.constant)
        return self.to_zero or r.high < 1 or (r.high == 1 and r.high_open)


def falls(t: Term, u: Sym, al: Algebra) -> Falls | None:
    """The parts of a positive term that does not grow with u; None where that is not shown."""
    out = Falls()
    rest: list[Term] = [Term(t.coefficient)]
    above: list[Linear] = []
    below: list[Linear] = []
    for b, k in t.powers.items():
        if not has(b, u) and not has(k, u):
            rest.append(Term(Fraction(1), {b: k}))
        elif b == E:
            table = al.coefficients(k, u)
            if table is None or not set(table) <= {ZERO, ONE} or not al.facts.negative(al.assemble(table.get(ONE, []))):
                return None
            out.alone.append(al.build(Term(Fraction(1), {E: k})))
            out.to_zero = True
        else:
            line, r = _line(b, k, u, al), al.facts.range(k)
            if line is None or not al.facts.positive(b) or not (r.nonnegative or r.nonpositive):
                return None
            (above if r.nonnegative else below).append(line)
            rest.append(al.raised(Term(abs(line.slope)), k))
    _pair(above, below, out, al)
    out.constant = al.build(al.times(rest))
    return out if _alone(above, below, out) else None


@dataclass(frozen=True, slots=True)
class Crossing:
    """The ratio of one observation x as (w + c)/(w + x), where w grows with u and c falls, in the end to 0."""

    w: Formula
    c: Formula


def crossing(t: Term, u: Sym, x: Formula, al: Algebra) -> Crossing | None:
    """The ratio of one observation in this form, where it has it.

    A product of such ratios is at least 1 where c is at least the geometric mean of the w + x less w, which grows with w.
    """
    above = al.expand(al.build(Term(Fraction(t.coefficient.numerator), {b: k for b, k in t.powers.items() if (value(k) or 1) > 0})))
    below = al.expand(al.build(Term(Fraction(t.coefficient.denominator), {b: neg(k) for b, k in t.powers.items() if (value(k) or 1) < 0})))
    table = al.coefficients(below, x)
    if any(value(k) is None for k in t.powers.values()) or has(above, x) or table is None or set(table) != {ZERO, ONE}:
        return None
    rest, g = (al.assemble(table[k]) for k in (ZERO, ONE))
    if not al.facts.positive(g):
        return None
    w = al.expand(Div(rest, g))
    c = al.expand(Div(al.expand(add(*terms(above), *(neg(t) for t in terms(rest)))), g))
    endless = any((value(al.split(t).powers.get(u, ZERO)) or 0) > 0 for t in terms(w))
    vanishing = endless and all((value(al.split(t).powers.get(u, ZERO)) or 0) < 0 for t in terms(c))
    return Crossing(positive_first(w), c) if vanishing and slope(w, u, al) == 1 and slope(c, u, al) == -1 else None


def _line(b: Formula, k: Formula, u: Sym, al: Algebra) -> Linear | None:
    table = al.coefficients(b, u)
    if has(k, u) or table is None or not set(table) <= {ZERO, ONE}:
        return None
    slope = value(al.assemble(table[ONE]))
    return Linear(b, slope, k) if slope else None


def _pair(above: list[Linear], below: list[Linear], out: Falls, al: Algebra) -> None:
    """Factors above and below the line with the same power put together, where their fraction falls; the others stay."""
    while (found := _match(above, below, al)) is not None:
        a, b, common, same = found
        if not same:
            out.pairs.append(_split(a, b, al))
        above.remove(a)
        below.remove(b)
        left = al.tidy(add(a.exponent, neg(common))), al.tidy(add(b.exponent, common))
        above += [Linear(a.base, a.slope, left[0])] if left[0] != ZERO else []
        below += [Linear(b.base, b.slope, left[1])] if left[1] != ZERO else []


def _match(above: list[Linear], below: list[Linear], al: Algebra) -> tuple[Linear, Linear, Formula, bool] | None:
    """Two factors whose fraction falls, the power that they share, and whether they are the same up to a number."""
    for a in above:
        for b in below:
            common = _common(a.exponent, b.exponent, al)
            if common is None or (a.slope > 0) != (b.slope > 0):
                continue
            # both divided by the size of their slope: (u + c)/(u + d), or (c - u)/(d - u)
            shift = al.expand(add(*_over(a, al), *(neg(t) for t in _over(b, al))))
            r = al.facts.range(shift)
            if r.nonnegative if a.slope > 0 else r.nonpositive:
                return a, b, common, shift == ZERO
    return None


def _over(line: Linear, al: Algebra) -> tuple[Formula, ...]:
    """The terms of the base divided by the size of its slope."""
    return terms(al.expand(Div(line.base, num(abs(line.slope))) if abs(line.slope) != 1 else line.base))


def _common(above: Formula, below: Formula, al: Algebra) -> Formula | None:
    """The power that a factor above the line and one below it share."""
    p, q = value(above), value(below)
    if p is not None and q is not None:
        return num(min(p, -q)) if p.denominator == q.denominator == 1 else above if p == -q else None
    return above if al.tidy(add(above, below)) == ZERO else None


def _split(a: Linear, b: Linear, al: Algebra) -> Relation:
    """(u + c)/(u + d) = 1 + (c - d)/(u + d)."""
    top, bottom = positive_first(a.base), positive_first(b.base)
    share = a.slope / b.slope
    gap = al.expand(add(*terms(a.base), *(neg(al.product(rational(share), t)) for t in terms(b.base))))
    first: Formula = al.number(share)
    behind = positive_first(gap)
    size, sign = (behind, 1) if al.facts.range(gap).nonnegative else (positive_first(al.expand(neg(gap))), -1)
    part = Div(size, bottom)
    return equation(Div(top, bottom), Add((first, part if sign > 0 else neg(part))))


def _alone(above: list[Linear], below: list[Linear], out: Falls) -> bool:
    """What could not be paired must fall by itself: a falling factor above the line, a growing one below it."""
    if any(a.slope > 0 for a in above) or any(b.slope < 0 for b in below):
        return False
    out.alone += [power(positive_first(a.base), a.exponent) for a in above]
    out.grow += [positive_first(b.base) for b in below]
    out.to_zero = out.to_zero or bool(below)
    return True


__all__ = ["Falls", "falls"]
