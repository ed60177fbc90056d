"""Another letter for the unknown where that makes a formula simpler: t = u^2 under roots of t, t = log u under functions of e^t, t = 1/u
under functions of 1/t.

The first two increase, so that a score keeps its signs, and its zeros their order; the last one turns both round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, isqrt
from typing import Any

from flint import arb, ctx

from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Call,
    Div,
    Formula,
    Mul,
    Neg,
    Pow,
    Sym,
    children,
    factors,
    names,
    num,
    rebuild,
    terms,
    value,
    walk,
)
from ...formula.tree import replace as replaced
from .exact import fraction, rational
from .rewrite import add, call, coefficient, div, divided, mul, multiplied, neg, power
from .values import By, Domain, Enclosed, Stationary, Verdict

DIGITS = 160  # bits with which places are taken back


@dataclass(frozen=True)
class Substitution:
    """height: the function in the new letter, which has the same name.  slope: its derivative, but for a positive factor; None where it is
    to be worked out from the height.  domain: of the new letter.  back: what was found of the new letter, said of the unknown.
    vertex: a place of the unknown at which, by symmetry, its slope is 0 where it has one, though that of the new letter is not."""

    height: Formula
    slope: Formula | None
    domain: Domain
    back: Callable[[Enclosed], Enclosed]
    vertex: Fraction | None = None


Bound = Callable[[Fraction], Fraction]


def _places(low: Bound, high: Bound) -> Callable[[Enclosed], Enclosed]:
    """All places taken back, by bounds of the unknown from one of the new letter."""

    def one(p: Stationary) -> Stationary:
        a, b = low(p.low), high(p.high)
        at_0 = p.low <= 0 <= p.high and a <= 0 <= b
        return replace(p, low=a, high=b, precise=p.precise and (at_0 or (b - a) * 2**50 < max(abs(a), abs(b))))

    return lambda found: replace(found, points=tuple(map(one, found.points)), best=tuple(map(one, found.best)))


def substitutions(score: Formula, height: Formula, unknown: str, domain: Domain) -> Iterator[Substitution]:
    """What is worth trying, the unknown itself among it, the best first."""
    parts = [g for f in (score, height) for g in walk(f) if unknown in names(g)]
    yield from filter(None, (kernel(height, unknown, domain) for kernel in (_affine, _square, _even, _power_only, _exponent)))
    if (other := _reciprocal(score, height, unknown, domain)) is not None:
        yield other
    if any(_root(g, unknown) for g in parts) and (squares := _squares(score, height, unknown, domain)) is not None:
        yield squares
    logarithms = _logarithms(score, height, unknown, domain) if any(_exponential(g, unknown) for g in parts) else None
    nested = any(_exponential(h, unknown) for g in parts for h in _inside(g))
    if nested and logarithms is not None:
        yield logarithms
    yield Substitution(height, score, domain, lambda found: found)
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


def _squares(score: Formula, height: Formula, unknown: str, domain: Domain) -> Substitution | None:
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
        return _below(f, shown, unknown)

    slope = multiplied(shown(score), unknown)
    return Substitution(shown(height), slope, Domain(low, high, domain.attained), _places(lambda v: v * v, lambda v: v * v))


def _below(f: Formula, shown: Callable[[Formula], Formula], unknown: str) -> Formula:
    kids = children(f)
    return rebuild(f, tuple(map(shown, kids))) if kids and unknown in names(f) else f


def _square_root(v: Fraction) -> Fraction | None:
    p, q = isqrt(v.numerator), isqrt(v.denominator)
    return Fraction(p, q) if p * p == v.numerator and q * q == v.denominator else None


# -- t = log u ---------------------------------------------------------------------------------------


def _exponential(g: Formula, unknown: str) -> bool:
    return isinstance(g, Call) and g.name == "exp" and any(coefficient(t)[1] == Sym(unknown) for t in terms(g.args[0]))


def _logarithms(score: Formula, height: Formula, unknown: str, domain: Domain) -> Substitution | None:
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
        return _below(f, shown, unknown)

    low = Fraction(0) if domain.low is None else Fraction(1)
    high = None if domain.high is None else Fraction(1)
    return Substitution(shown(height), divided(shown(score), u), Domain(low, high, domain.attained), _through(arb.log))


def _through(f: Callable[[Any], Any]) -> Callable[[Enclosed], Enclosed]:
    """Places taken back by an increasing function of balls."""

    def low(v: Fraction) -> Fraction:
        with ctx.workprec(DIGITS):
            return fraction(f(arb(rational(v))).lower())

    def high(v: Fraction) -> Fraction:
        with ctx.workprec(DIGITS):
            return fraction(f(arb(rational(v))).upper())

    return _places(low, high)


# -- functions through which alone the unknown occurs ---------------------------------------------------


def _only(f: Formula, unknown: str, one: Callable[[Formula], Formula | None]) -> Formula | None:
    """f with another letter, of the same name, for a function of the unknown; None where the unknown occurs elsewhere."""
    u, letter = Sym(unknown), Sym("#" + unknown)

    def shown(g: Formula) -> Formula:
        h = one(g)
        return replaced(h, u, letter) if h is not None else _below(g, shown, unknown)

    out = shown(f)
    return None if unknown in names(out) or letter.name not in names(out) else replaced(out, letter, u)


def _exponent(height: Formula, unknown: str, domain: Domain) -> Substitution | None:
    """t = e^u where t occurs in log t only."""
    if domain.low not in (0, 1) or domain.high not in (None, 1):
        return None
    u = Sym(unknown)
    shown = _only(height, unknown, lambda g: u if g == call("log", u) else None)
    if shown is None:
        return None
    new = Domain(None if domain.low == 0 else Fraction(0), None if domain.high is None else Fraction(0), domain.attained)
    return Substitution(shown, None, new, _through(arb.exp))


def _reciprocal(score: Formula, height: Formula, unknown: str, domain: Domain) -> Substitution | None:
    """u = 1/t for t > 0, where the score holds t in log t and in denominators only, and in one inside an exponential function."""
    u, letter = Sym(unknown), Sym("#" + unknown)
    inside = any(isinstance(g, Call) and g.name == "exp" and unknown in names(g) for g in walk(score))
    if domain.low != 0 or domain.high is not None or not inside:
        return None

    def shown(g: Formula, over: int = 0) -> Formula:
        """In the new letter, over a power of it."""
        match g:
            case Add(ts) if over:
                return add(*(shown(t, over) for t in ts))
            case Neg(a) if over:
                return neg(shown(a, over))
            case Mul(fs) if over and (first := next((h for h in fs if isinstance(h, Div)), None)) is not None:
                return mul(*(shown(h, over if h is first else 0) for h in fs))
            case Div(a, b):
                powers = [k for h in factors(b) if (k := _order(h, u)) is not None]
                rest = mul(*(h for h in factors(b) if _order(h, u) is None))
                return mul(div(shown(a), shown(rest)), power(letter, num(sum(powers) - over)))
        if over:
            return div(shown(g), power(letter, num(over)))
        if g == call("log", u):
            return neg(call("log", letter))
        if (k := _order(g, u)) is not None and k < 0:
            return power(letter, num(-k))
        return _below(g, shown, unknown)

    slope = shown(score, 2)
    if unknown in names(slope):
        return None
    other = replaced(replaced(shown(height), u, div(ONE, letter)), letter, u)
    return Substitution(other, neg(replaced(slope, letter, u)), domain, _turned)


def _order(g: Formula, u: Formula) -> Fraction | None:
    """The exponent of a power of a letter."""
    return Fraction(1) if g == u else value(g.exponent) if isinstance(g, Pow) and g.base == u else None


def _turned(found: Enclosed) -> Enclosed:
    """What was found of u = 1/t said of t."""
    back = _places(lambda v: 1 / v, lambda v: 1 / v)(replace(found, points=_swapped(found.points), best=_swapped(found.best)))
    return replace(back, signs=(-found.signs[1], -found.signs[0]), end=-found.end)


def _swapped(points: tuple[Stationary, ...]) -> tuple[Stationary, ...]:
    return tuple(replace(p, low=p.high, high=p.low) for p in reversed(points))


def _affine(height: Formula, unknown: str, domain: Domain) -> Substitution | None:
    """u = c t + d for rational c > 0 and d, where t occurs in multiples of it only: so a pole there lies at 0."""
    u = Sym(unknown)

    def line(g: Formula) -> tuple[Fraction, Fraction] | None:
        parts = [coefficient(t) for t in g.terms] if isinstance(g, Add) else []
        slope, rest = (sum((c for c, h in parts if h == k), Fraction(0)) for k in (u, ONE))
        return (slope, rest) if slope and rest and all(h in (u, ONE) for _, h in parts) else None

    first = next((v for g in walk(height) if (v := line(g)) is not None), None)
    if first is None or first[0] < 0:
        return None
    c, d = first

    def one(g: Formula) -> Formula | None:
        v = line(g)
        return mul(num(v[0] / c), u) if v is not None and v[1] * c == d * v[0] else None

    shown = _only(height, unknown, one)
    low, high = (None if v is None else c * v + d for v in (domain.low, domain.high))
    back = _places(lambda v: (v - d) / c, lambda v: (v - d) / c)
    return None if shown is None else Substitution(shown, None, Domain(low, high, domain.attained), back)


def _square(height: Formula, unknown: str, domain: Domain) -> Substitution | None:
    """t = m + u where t occurs in multiples of one quadratic only, whose vertex is m: then u occurs in u^2 only."""
    u = Sym(unknown)
    square = Pow(u, TWO)

    def quadratic(g: Formula) -> tuple[Fraction, Fraction] | None:
        parts = [coefficient(t) for t in g.terms] if isinstance(g, Add) else []
        lead, slope = (sum((c for c, h in parts if h == k), Fraction(0)) for k in (square, u))
        return (lead, slope) if lead and slope and not any(unknown in names(h) for _, h in parts if h not in (square, u)) else None

    first = next((v for g in walk(height) if (v := quadratic(g)) is not None), None)
    if first is None:
        return None
    m = -first[1] / (2 * first[0])

    def one(g: Formula) -> Formula | None:
        v = quadratic(g)
        if v is None or not isinstance(g, Add) or v[1] != -2 * m * v[0]:
            return None
        others = [t for t in g.terms if unknown not in names(t)]
        return add(*others, mul(num(v[0]), square), num(-v[0] * m * m))

    shown = _only(height, unknown, one)
    moved = Domain(None if domain.low is None else domain.low - m, None if domain.high is None else domain.high - m, domain.attained)
    inner = None if shown is None else _even(shown, unknown, moved) or _power_only(shown, unknown, moved)
    if inner is None:
        return None
    before, back = inner.back, _places(lambda v: v + m, lambda v: v + m)
    return replace(inner, back=lambda found: back(before(found)), vertex=None if inner.vertex is None else m)


def _power_only(height: Formula, unknown: str, domain: Domain) -> Substitution | None:
    """u = t^k where t occurs in powers of t^k only: for odd k, or t not negative."""
    u = Sym(unknown)
    found = {v for g in walk(height) if isinstance(g, Pow) and g.base == u and (v := value(g.exponent)) is not None}
    k = gcd(*(int(v) for v in found)) if all(v.denominator == 1 for v in found) else 1
    if k < 2 or (k % 2 == 0 and (domain.low is None or domain.low < 0)):
        return None

    def one(g: Formula) -> Formula | None:
        v = value(g.exponent) if isinstance(g, Pow) and g.base == u else None
        return None if v is None else power(u, num(v / k))

    shown = _only(height, unknown, one)

    def root(v: Any) -> Any:
        return -((-v).root(k)) if v < 0 else v.root(k)

    ends = [None if v is None else v**k for v in (domain.low, domain.high)]
    return None if shown is None else Substitution(shown, None, Domain(ends[0], ends[1], domain.attained), _through(root))


def _even(height: Formula, unknown: str, domain: Domain) -> Substitution | None:
    """u = t^2 where t occurs in even powers and in |t| only, and goes as far down as up: the function is even."""
    if (domain.low is None) != (domain.high is None) or (domain.high is not None and domain.low != -domain.high):
        return None
    u = Sym(unknown)

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Call) and g == call("abs", u):
            return call("sqrt", u)
        v = value(g.exponent) if isinstance(g, Pow) and g.base in (u, call("abs", u)) else None
        return power(u, num(v / 2)) if v is not None and v.denominator == 1 and v % 2 == 0 else None

    shown = _only(height, unknown, one)
    if shown is None:
        return None
    high = None if domain.high is None else domain.high**2
    return Substitution(shown, None, Domain(Fraction(0), high), lambda found: _mirrored(found, domain), Fraction(0))


def _mirrored(found: Enclosed, domain: Domain) -> Enclosed:
    """What was found of u = t^2 said of t, which is positive or negative."""
    if domain.high is not None and found.end > 0 and all(domain.attained):
        ends = tuple(Stationary(v, v, True) for v in (-domain.high, domain.high))
        return replace(found, verdict=Verdict.SEVERAL, points=(), best=ends, end=0, by=By.SYMMETRY)
    if not found.points and found.verdict is Verdict.NONE and found.end > 0:
        return replace(found, signs=(-found.signs[1], found.signs[1]))
    if not found.best or any(p.low <= 0 for p in found.best):
        return Enclosed(Verdict.UNDECIDED, why="an even function that is largest at 0 or at both ends", cells=found.cells)
    up = _through(arb.sqrt)(found)

    def down(ps: tuple[Stationary, ...]) -> tuple[Stationary, ...]:
        return tuple(replace(p, low=-p.high, high=-p.low) for p in reversed(ps))

    return replace(
        up, verdict=Verdict.SEVERAL, points=(*down(up.points), *up.points), best=(*down(up.best), *up.best),
        signs=(-found.signs[1], found.signs[1]), by=By.SYMMETRY,
    )  # fmt: skip
