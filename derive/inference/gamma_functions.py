"""Gamma functions, and their logarithmic derivatives, at arguments that differ by whole numbers, in terms of the least of them.

Gamma(a + 1) = a Gamma(a), psi(a + 1) = psi(a) + 1/a, psi'(a + 1) = psi'(a) - 1/a^2; psi'(1) = pi^2/6, psi'(1/2) = pi^2/2.
(Abramowitz and Stegun, 6.1.15, 6.3.5, 6.4.6, 6.4.2, 6.4.4.)
"""

from __future__ import annotations

from fractions import Fraction

from ..algebra.terms import Algebra
from ..formula.tree import ONE, TWO, Call, Const, Div, Formula, Pow, add, call, div, mul, neg, num, rational, transform, value, walk

SHIFTED = ("gamma", "digamma", "trigamma")
FARTHEST = 12  # whole numbers by which arguments differ
HALF = rational(Fraction(1, 2))


def in_fewest(f: Formula, al: Algebra) -> Formula:
    """f with as few different gamma functions as shifts by whole numbers allow."""
    f = transform(f, lambda g: _opened(g, al))
    arguments = list(dict.fromkeys(al.expand(g.args[0]) for g in walk(f) if isinstance(g, Call) and g.name in SHIFTED))
    groups: list[list[tuple[Formula, int]]] = []  # arguments with their distance from the first of the group
    for a in arguments:
        for group in groups:
            d = value(al.expand(add(a, neg(group[0][0]))))
            if d is not None and d.denominator == 1 and abs(d) <= FARTHEST:
                group.append((a, int(d)))
                break
        else:
            groups.append([(a, 0)])
    base: dict[Formula, tuple[Formula, int]] = {}
    for group in groups:
        lowest = min(group, key=lambda r: r[1])
        least = _least(lowest[0])
        if least is not None:
            lowest = (least, lowest[1] - int((value(lowest[0]) or Fraction(0)) - (value(least) or Fraction(0))))
        base |= {a: (lowest[0], d - lowest[1]) for a, d in group}

    def one(g: Formula) -> Formula | None:
        if not (isinstance(g, Call) and g.name in SHIFTED):
            return None
        a = al.expand(g.args[0])
        return _shifted(g.name, *base[a], al) if a in base else None

    return al.tidy(transform(f, one))


def _opened(f: Formula, al: Algebra) -> Formula | None:
    """A beta function, a factorial or a binomial coefficient in gamma functions."""
    match f:
        case Call("beta", (a, b)):
            return div(mul(call("gamma", a), call("gamma", b)), call("gamma", al.expand(add(a, b))))
        case Call("polygamma", (k, a)) if value(k) == 1:
            return call("trigamma", a)
    return None


def _least(a: Formula) -> Formula | None:
    """Of a number that is a multiple of a half, the least positive one that differs by a whole number."""
    q = value(a)
    if q is None or q <= 0 or q.denominator > 2 or q > 60:
        return None
    return ONE if q.denominator == 1 else HALF


def _shifted(name: str, base: Formula, d: int, al: Algebra) -> Formula:
    """The function at base + d, in terms of it at the base."""
    steps = [al.expand(add(base, num(j))) for j in range(d)]
    if name == "gamma":
        return mul(*steps, _at(name, base))
    if name == "digamma":
        return add(_at(name, base), *(Div(ONE, s) for s in steps))
    return add(_at(name, base), *(neg(Div(ONE, Pow(s, TWO))) for s in steps))


def _at(name: str, base: Formula) -> Formula:
    """The function at a number where that has a name."""
    pi = Const("pi")
    known: dict[tuple[str, Formula], Formula] = {
        ("gamma", ONE): ONE,
        ("gamma", HALF): call("sqrt", pi),
        ("trigamma", ONE): Div(Pow(pi, TWO), num(6)),
        ("trigamma", HALF): Div(Pow(pi, TWO), TWO),
    }
    return known.get((name, base)) or call(name, base)


__all__ = ["in_fewest"]
