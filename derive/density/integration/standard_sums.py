"""Standard sums as they occur in normalising constants: geometric, exponential, logarithmic, binomial, powers.

Abramowitz & Stegun, chapter 3, and 23.2 (zeta).  Nothing here is trusted: what is found is compared with numbers by `constant`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Call,
    Div,
    Formula,
    Neg,
    Pow,
    Sym,
    add,
    call,
    exp,
    has,
    log,
    mul,
    neg,
    num,
    power,
    replace,
    terms,
    transform,
    value,
)
from ...sets.domain import NATURAL, Domain
from .standard_integrals import INFINITY, E, Found, is_even, without_abs

HIGHEST = 6  # power of the variable beside a geometric series
LONGEST = 12  # values that are added one by one


def sums(body: Formula, x: Sym, support: Domain, al: Algebra) -> Found:
    """What the sum of the body over a discrete support may be, with what it rests on."""
    if support.values is not None or _short(support):
        values = support.values or tuple(num(v) for v in range(int(value(support.low) or 0), int(value(support.high) or 0) + 1))
        yield al.tidy(transform(add(*(replace(body, x, v) for v in values)), _plain_powers)), "value by value"
        return
    low, high = support.low, support.high
    if low == Neg(INFINITY) and high == INFINITY and is_even(body, x):
        at_zero = al.tidy(transform(replace(without_abs(body, x), x, ZERO), _plain_powers))
        for f, reason in sums(without_abs(body, x), x, NATURAL, al):
            yield add(at_zero, mul(TWO, f)), f"twice {reason}, and the value at 0"
        return
    t = al.split(body)
    ratio, rest = _ratio(t, x, al)
    if ratio is None:
        return
    a = value(low)
    if not rest:
        if ratio == ONE:
            yield al.tidy(add(high, neg(low), ONE)), "all values alike"
        elif high == INFINITY:
            yield al.tidy(Div(power(ratio, low) if low != ZERO else ONE, add(ONE, neg(ratio)))), "a geometric series"
        else:
            top = add(power(ratio, low) if low != ZERO else ONE, neg(power(ratio, al.tidy(add(high, ONE)))))
            yield al.tidy(Div(top, add(ONE, neg(ratio)))), "a finite geometric series"
    for build, reason in SERIES:
        total = build(ratio, rest, x, low, high, al)
        if total is not None and (a is None or a >= 0):
            yield al.tidy(total), reason


def _short(d: Domain) -> bool:
    a, b = value(d.low), value(d.high)
    return a is not None and b is not None and b - a < LONGEST


def _plain_powers(f: Formula) -> Formula | None:
    match f:
        case Pow(_, k) if k == ZERO:
            return ONE
        case Pow(b, k) if k == ONE:
            return b
        case Call("factorial", (k,)) if (v := value(k)) is not None and v.denominator == 1 and 0 <= v <= LONGEST:
            return num(math.factorial(int(v)))
    return None


def _ratio(t: Term, x: Sym, al: Algebra) -> tuple[Formula | None, dict[Formula, Formula]]:
    """r where the term is r^x times the rest; (None, ...) where an exponent is not linear in x."""
    ratio: list[Formula] = []
    rest: dict[Formula, Formula] = {}
    for b, k in t.powers.items():
        if has(b, x) or not has(k, x):
            rest[b] = k
            continue
        by_power = al.coefficients(k, x)
        if by_power is None or set(by_power) - {ZERO, ONE}:
            return None, {}
        ratio.append(power(b, al.assemble(by_power[ONE])) if b != E else exp(al.assemble(by_power[ONE])))
        if ZERO in by_power:
            rest[b] = al.assemble(by_power[ZERO])
    return (al.tidy(mul(*ratio)) if ratio else ONE), rest


Series = Callable[[Formula, dict[Formula, Formula], Sym, Formula, Formula, Algebra], Formula | None]


def _exponential_series(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    if rest != {call("factorial", x): num(-1)} or high != INFINITY or low not in (ZERO, ONE):
        return None
    return exp(r) if low == ZERO else add(exp(r), num(-1))


def _logarithmic_series(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    return neg(log(add(ONE, neg(r)))) if rest == {x: num(-1)} and high == INFINITY and low == ONE else None


def _binomial_theorem(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    if len(rest) != 1:
        return None
    ((b, k),) = rest.items()
    match b:
        case Call("binomial", (top, below)) if k == ONE and high == INFINITY and not has(below, x) and x in terms(top):
            size = al.assemble(al.flat(add(below, ONE), deep=True))
            over = al.assemble(al.flat(add(top, neg(x), neg(below)), deep=True))
            if over == ZERO and low == ZERO:  # sum of C(x + k, k) r^x from 0
                return power(add(ONE, neg(r)), neg(size))
            if low == size and al.assemble(al.flat(add(over, size), deep=True)) == ZERO:  # sum of C(x - 1, k - 1) r^x from k
                return mul(power(r, size), power(add(ONE, neg(r)), neg(size)))
    if low != ZERO:
        return None
    match b:
        case Call("binomial", (m, y)) if y == x and k == ONE and m == high:
            return power(add(ONE, r), m)
        case Call("binomial", (top, y)) if y == x and k == ONE and high == INFINITY and x in terms(top):
            size = al.tidy(add(*(t for t in terms(top) if t != x), ONE))
            return power(add(ONE, neg(r)), neg(size))
    return None


def _zeta(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    if r != ONE or set(rest) != {x} or low != ONE or high != INFINITY:
        return None
    return call("zeta", al.tidy(neg(rest[x])))


def _mean_series(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    if high != INFINITY or low not in (ZERO, ONE):
        return None
    if rest == {x: ONE}:
        return Div(r, Pow(add(ONE, neg(r)), TWO))
    return mul(r, exp(r)) if rest == {x: ONE, call("factorial", x): num(-1)} else None


def _sums_of_powers(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    if r != ONE or set(rest) != {x} or low not in (ZERO, ONE) or high == INFINITY:
        return None
    n1, n2 = add(high, ONE), add(mul(TWO, high), ONE)
    if rest[x] == ONE:
        return Div(mul(high, n1), TWO)
    return Div(mul(high, n1, n2), num(6)) if rest[x] == TWO else None


def _polynomial_times_powers(r: Formula, rest: dict[Formula, Formula], x: Sym, low: Formula, high: Formula, al: Algebra) -> Formula | None:
    """The sum of P(x) r^x from 0 or 1: P in the binomials C(x + k, k), whose sums are (1 - r)^(-k - 1)."""
    if r == ONE or high != INFINITY or low not in (ZERO, ONE) or not rest:
        return None
    table = al.coefficients(mul(*(power(b, k) for b, k in rest.items())), x)
    given = {} if table is None else {value(k): value(al.assemble(ts)) for k, ts in table.items()}
    if not given or any(k is None or c is None or k.denominator != 1 or not 0 <= k <= HIGHEST for k, c in given.items()):
        return None
    degree = int(max(k for k in given if k is not None))
    shift = int(value(low) or 0)  # P(x + low) r^(x + low) from 0
    at = [sum(((c or 0) * (j + shift) ** int(k or 0) for k, c in given.items()), Fraction(0)) for j in range(degree + 1)]
    top = list[Fraction]()  # the numerator over (1 - r)^(degree + 1): its coefficients are sums of P times binomials with signs
    for j in range(degree + 1):
        top.append(sum((at[i] * (-1) ** (j - i) * math.comb(degree + 1, j - i) for i in range(j + 1)), Fraction(0)))
    shown = [mul(*(() if c == 1 else (num(c),)), *(() if j + shift == 0 else (power(r, num(j + shift)),))) for j, c in enumerate(top) if c]
    return Div(add(*shown), Pow(add(ONE, neg(r)), num(degree + 1)))


SERIES: tuple[tuple[Series, str], ...] = (
    (_exponential_series, "the exponential series"),
    (_logarithmic_series, "the logarithmic series"),
    (_binomial_theorem, "the binomial theorem"),
    (_zeta, "the definition of the zeta function"),
    (_sums_of_powers, "a sum of powers"),
    (_mean_series, "the derivative of a known series"),
    (_polynomial_times_powers, "derivatives of the geometric series"),
)
