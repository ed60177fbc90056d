"""The score interval of a single parameter in closed form, where its equation is quadratic: Wilson's for a proportion.

s(theta)^2 = z^2 I(theta) is multiplied out, and its two roots are the ends.  (Wilson, 1927, J. Amer. Statist. Assoc. 22, 209.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ..algebra.facts import POSITIVE
from ..algebra.rational_functions import RationalFunctions, TooLong
from ..algebra.terms import Algebra
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    At,
    Big,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Pow,
    Sym,
    add,
    call,
    div,
    fresh,
    mul,
    neg,
    terms,
    transform,
    walk,
)
from ..rules.sums import sum_out
from .after import After


@dataclass(frozen=True)
class ClosedScore:
    """letter: that of the normal quantile.  equation: its two sides.  low, high: the ends."""

    letter: Sym
    left: Formula
    right: Formula
    low: Formula
    high: Formula


def closed_score(after: After) -> ClosedScore | None:
    """The two ends as formulas; None where the equation is not quadratic in the parameter, or is not written in means."""
    if len(after.problem.parameters) != 1 or after.of_sample is None or after.problem.covariates:
        return None
    (name,) = after.letters
    theta = Sym(name)
    score, info = (_in_means(f) for f in (after.likelihood.score[name], after.of_sample[0][0]))
    if any(isinstance(g, Big) for f in (score, info) for g in walk(f)):
        return None
    z = fresh(("z", "q", "c"), score, info, *map(Sym, after.problem.observed))
    base = after.likelihood.al
    al = replace(base, facts=base.facts.with_letters({z.name: POSITIVE}))
    left, right = Pow(score, TWO), mul(Pow(z, TWO), info)
    try:
        field = RationalFunctions.of([left, right], al)
        difference = field.plus(field.quotient(left), field.minus(field.quotient(right)))
    except TooLong:
        return None
    top = al.assemble(field.terms(difference.top))
    by_power = al.coefficients(top, theta)
    if by_power is None or set(by_power) - {ZERO, ONE, TWO} or TWO not in by_power:
        return None
    ts = [t for k in by_power.values() for t in k]
    common = al.common_factor(ts)
    a, b, c = (al.assemble(al.divided(t, common) for t in by_power.get(k, [])) for k in (TWO, ONE, ZERO))
    if al.facts.negative(a):
        a, b, c = (al.assemble(t.scaled(Fraction(-1)) for t in al.flat(f, deep=True)) for f in (a, b, c))
    middle = al.expand(Div(neg(b), TWO))
    inside = al.expand(add(Pow(middle, TWO), neg(mul(a, c))))
    root = _root(inside, al)
    low, high = (div(add(*terms(middle), part), a) for part in (Neg(root), root))
    return ClosedScore(z, left, right, low, high)


def _root(f: Formula, al: Algebra) -> Formula:
    """The square root of a sum, what all its terms share taken out of it."""
    ts = al.flat(f, deep=True)
    common = al.common_factor(ts)
    rest = al.assemble(al.divided(t, common) for t in ts)
    return al.tidy(mul(call("sqrt", al.build(common)), call("sqrt", rest)))


def _in_means(f: Formula) -> Formula:
    """Sums of the observations as n times their mean."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Big("sum", i, _, high, At(v, (Sym(j),))) if i == j and high == N:
                return Mul((N, Sym(v + "_bar")))
        return None

    return transform(_opened(f), one)


def _opened(f: Formula) -> Formula:
    """Sums of 1 - x_i and the like, term by term."""
    al = Algebra()
    return transform(f, lambda g: sum_out(g, al) if isinstance(g, Big) and g.kind == "sum" else None)


__all__ = ["ClosedScore", "closed_score"]
