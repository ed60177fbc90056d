"""Antiderivatives by rule: the substitutions that textbook densities yield to.

An ordered tuple of rules; each takes one term in the variable and returns its antiderivative, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import perm

from ...algebra.terms import HALF, Algebra, E, Term
from ...formula.tree import ONE, TWO, ZERO, Add, Const, Formula, Sym, add, call, exp, has, mul, num, rational, terms, value
from ...rules.calculus import NoDerivative, differentiate

LARGEST_POWER = 12  # of the variable beside an exponential
Rule = Callable[[Term, Sym, Algebra], Formula | None]


def antiderivative(f: Formula, v: Sym, al: Algebra) -> Formula | None:
    """A function whose derivative in v is f, or None.  A sum is taken term by term, multiplied out where need be."""
    whole = _single(al.split(f), v, al)
    if whole is not None:
        return whole
    ts = al.expanded(f, 40)
    if ts is None or len(ts) < 2:
        return None
    parts = [g for t in ts if (g := _single(t, v, al)) is not None]
    return al.tidy(add(*parts)) if len(parts) == len(ts) else None


def _single(t: Term, v: Sym, al: Algebra) -> Formula | None:
    if not any(has(b, v) or has(k, v) for b, k in t.powers.items()):
        return al.build(al.times((t, Term(Fraction(1), {v: ONE}))))
    try:
        return next((g for rule in RULES if (g := rule(t, v, al)) is not None), None)
    except NoDerivative:
        return None


def of_power(t: Term, v: Sym, al: Algebra) -> Formula | None:
    """c u' u^k: c u^(k+1)/(k+1), or c log u."""
    for b, k in t.powers.items():
        if b == E or not has(b, v) or has(k, v):
            continue
        ratio = _ratio(_without(t, b), b, v, al)
        if ratio is None:
            continue
        raised = al.expand(add(k, ONE))
        if raised == ZERO:
            return al.tidy(mul(ratio, call("log", b))) if al.facts.positive(b) else None
        return al.build(al.times((al.split(ratio), Term(Fraction(1), {b: raised}), al.raised(al.split(raised), num(-1)))))
    return None


def of_exponential(t: Term, v: Sym, al: Algebra) -> Formula | None:
    """c u' e^u, also where a factor e^w of u' stands in the same exponent: e^(-z - e^(-z))."""
    exponent = t.powers.get(E)
    if exponent is None:
        return None
    parts = terms(exponent)
    for u in (exponent, *(parts if len(parts) > 1 else ())):
        others = add(*(w for w in parts if w is not u)) if u is not exponent else ZERO
        ratio = _ratio(al.times((_without(t, E), al.split(exp(others)))), u, v, al) if has(u, v) else None
        if ratio is not None:
            return al.tidy(mul(ratio, exp(u)))
    return None


def of_squared_exponential(t: Term, v: Sym, al: Algebra) -> Formula | None:
    """c y' e^(-y^2/2): c sqrt(2 pi) Phi(y)."""
    exponent = t.powers.get(E)
    if exponent is None or isinstance(exponent, Add):
        return None
    y = _root(al.split(exponent).scaled(Fraction(-2)), v, al)
    if y is None:
        return None
    ratio = _ratio(_without(t, E), y, v, al)
    return None if ratio is None else al.tidy(mul(ratio, call("sqrt", mul(TWO, Const("pi"))), call("Phi", y)))


def of_power_and_exponential(t: Term, v: Sym, al: Algebra) -> Formula | None:
    """c v^m e^(a v + b), m a whole number: by parts, m times."""
    exponent, m = t.powers.get(E), value(t.powers.get(v, ZERO))
    rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in (E, v)})
    if exponent is None or m is None or m.denominator != 1 or not 0 < m <= LARGEST_POWER or _depends(rest, v):
        return None
    slope = al.tidy(differentiate(exponent, v, al))
    if slope == ZERO or has(slope, v):
        return None
    a, k = al.split(slope), int(m)
    parts = [
        al.times((rest, Term(Fraction((-1) ** j * perm(k, j)), {v: num(k - j)} if k > j else {}), al.raised(a, num(-j - 1))))
        for j in range(k + 1)
    ]
    return al.build(al.times((Term(Fraction(1), {al.assemble(parts): ONE}), al.split(exp(exponent)))))


def of_one_plus_square(t: Term, v: Sym, al: Algebra) -> Formula | None:
    """c y'/(a + a y^2): (c/a) arctan y."""
    for b, k in t.powers.items():
        if not (isinstance(b, Add) and len(b.terms) == 2 and has(b, v) and al.tidy(add(k, ONE)) == ZERO):
            continue
        constants, squares = [g for g in b.terms if not has(g, v)], [g for g in b.terms if has(g, v)]
        if len(constants) != 1 or not al.facts.positive(constants[0]):
            continue
        a = al.split(constants[0])
        y = _root(al.divided(al.split(squares[0]), a), v, al)
        ratio = None if y is None else _ratio(al.divided(_without(t, b), a), y, v, al)
        if y is not None and ratio is not None:
            return al.tidy(mul(ratio, call("arctan", y)))
    return None


RULES: tuple[Rule, ...] = (of_power, of_exponential, of_squared_exponential, of_power_and_exponential, of_one_plus_square)


def _root(t: Term, v: Sym, al: Algebra) -> Formula | None:
    """y with y^2 = t, of the sign of what stands in t to an even power; None where t is no such square."""
    inner = {b: k for b, k in t.powers.items() if has(b, v)}
    if t.coefficient <= 0 or not inner or any((q := value(k)) is None or q % 2 for k in inner.values()):
        return None
    outer = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in inner})
    halves = Term(Fraction(1), {b: rational((value(k) or Fraction(0)) / 2) for b, k in inner.items()})
    return al.build(al.times((al.raised(outer, rational(HALF)), halves)))


def _without(t: Term, base: Formula) -> Term:
    return Term(t.coefficient, {b: k for b, k in t.powers.items() if b != base})


def _depends(t: Term, v: Sym) -> bool:
    return any(has(b, v) or has(k, v) for b, k in t.powers.items())


def _ratio(t: Term, u: Formula, v: Sym, al: Algebra) -> Formula | None:
    """t divided by du/dv where that is free of v; else None."""
    slope = al.tidy(differentiate(u, v, al))
    if isinstance(slope, Add):  # the same bracket multiplied out is a term like any other
        slope = al.expand(slope)
    inner = al.split(slope)
    if not inner.coefficient:
        return None
    ratio = al.divided(t, inner)
    powers = {b: al.expand(k) if isinstance(k, Add) else k for b, k in ratio.powers.items()}
    ratio = Term(ratio.coefficient, {b: k for b, k in powers.items() if k != ZERO})
    return None if _depends(ratio, v) else al.build(ratio)


__all__ = ["RULES", "antiderivative"]
