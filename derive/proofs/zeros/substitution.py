"""Another letter for the unknown where that makes a formula simpler: t = u^2 under roots of t, t = log u under functions of e^t.

Both increase, so that a score keeps its signs, and its zeros their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb

from ...formula.tree import TWO, ZERO, Call, Formula, Pow, Sym, children, names, num, rebuild, terms, value, walk
from .ends import precision
from .exact import fraction, rational
from .rewrite import add, call, coefficient, divided, mul, multiplied, power
from .values import Domain, Enclosed, Stationary

DIGITS = 160  # bits with which places are taken back


@dataclass(frozen=True)
class Substitution:
    """formula: a formula of the unknown as one of the new letter, which has the same name.  slope: of the new letter, from the one
    in the unknown, but for a positive factor.  domain: of the new letter.  low, high: bounds of the unknown from one of the new letter."""

    formula: Callable[[Formula], Formula]
    slope: Callable[[Formula], Formula]
    domain: Domain
    low: Callable[[Fraction], Fraction]
    high: Callable[[Fraction], Fraction]

    def back(self, found: Enclosed) -> Enclosed:
        """What was found of the new letter, said of the unknown."""
        return replace(found, points=tuple(map(self._point, found.points)), best=tuple(map(self._point, found.best)))

    def _point(self, p: Stationary) -> Stationary:
        low, high = self.low(p.low), self.high(p.high)
        if (low, high) == (p.low, p.high):
            return p
        return replace(p, low=low, high=high, precise=p.precise and (high - low) * 2**50 < max(abs(low), abs(high)))


def substitutions(unknown: str, domain: Domain, *fs: Formula) -> Iterator[Substitution]:
    """What is worth trying, the unknown itself among it, the best first."""
    itself = Substitution(lambda f: f, lambda f: f, domain, lambda v: v, lambda v: v)
    parts = [g for f in fs for g in walk(f) if unknown in names(g)]
    squares = _squares(unknown, domain) if any(_root(g, unknown) for g in parts) else None
    logarithms = _logarithms(unknown, domain) if any(_exponential(g, unknown) for g in parts) else None
    nested = any(_exponential(h, unknown) for g in parts for h in _inside(g))
    if squares is not None:
        yield squares
    if nested and logarithms is not None:
        yield logarithms
    yield itself
    if not nested and logarithms is not None:
        yield logarithms


PLAIN = frozenset({"log", "sqrt"})


def _inside(g: Formula) -> Iterator[Formula]:
    """What stands inside a function, or in an exponent."""
    if isinstance(g, Pow):
        yield from walk(g.exponent)
    elif isinstance(g, Call) and g.name not in PLAIN:
        for k in g.args:
            yield from walk(k)


# -- t = u^2 -----------------------------------------------------------------------------------------


def _root(g: Formula, unknown: str) -> bool:
    if isinstance(g, Call) and g.name == "sqrt":
        return g.args[0] == Sym(unknown)
    v = value(g.exponent) if isinstance(g, Pow) and g.base == Sym(unknown) else None
    return v is not None and v.denominator == 2


def _squares(unknown: str, domain: Domain) -> Substitution | None:
    if domain.low is None or domain.low < 0:
        return None
    low, high = _square_root(domain.low), None if domain.high is None else _square_root(domain.high)
    if low is None or (high is None and domain.high is not None):
        return None
    u = Sym(unknown)

    def shown(f: Formula) -> Formula:
        if isinstance(f, Call) and _root(f, unknown):
            return u
        if isinstance(f, Pow) and f.base == u and (v := value(f.exponent)) is not None:
            return power(u, num(2 * v))
        if f == u:
            return Pow(u, TWO)
        kids = children(f)
        return rebuild(f, tuple(map(shown, kids))) if kids and unknown in names(f) else f

    return Substitution(
        shown, lambda f: multiplied(shown(f), unknown), Domain(low, high, domain.attained), lambda v: v * v, lambda v: v * v
    )


def _square_root(v: Fraction) -> Fraction | None:
    p, q = isqrt(v.numerator), isqrt(v.denominator)
    return Fraction(p, q) if p * p == v.numerator and q * q == v.denominator else None


# -- t = log u ---------------------------------------------------------------------------------------


def _exponential(g: Formula, unknown: str) -> bool:
    return isinstance(g, Call) and g.name == "exp" and any(coefficient(t)[1] == Sym(unknown) for t in terms(g.args[0]))


def _logarithms(unknown: str, domain: Domain) -> Substitution | None:
    if domain.low not in (None, 0) or domain.high not in (None, 0):
        return None
    u = Sym(unknown)

    def shown(f: Formula) -> Formula:
        if f == u:
            return call("log", u)
        if _exponential(f, unknown):
            assert isinstance(f, Call)
            parts = [coefficient(t) for t in terms(f.args[0])]
            rest = add(*(mul(num(c), g) for c, g in parts if g != u))
            powers = [power(u, num(c)) for c, g in parts if g == u]
            return mul(*powers, call("exp", shown(rest))) if rest != ZERO else mul(*powers)
        kids = children(f)
        return rebuild(f, tuple(map(shown, kids))) if kids and unknown in names(f) else f

    low = Fraction(0) if domain.low is None else Fraction(1)
    high = None if domain.high is None else Fraction(1)
    less = Domain(low, high, domain.attained)
    return Substitution(
        shown, lambda f: divided(shown(f), u), less, lambda v: fraction(_log(v).lower()), lambda v: fraction(_log(v).upper())
    )


def _log(v: Fraction) -> Any:
    with precision(DIGITS):
        return arb(rational(v)).log()
