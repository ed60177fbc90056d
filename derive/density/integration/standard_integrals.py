"""Standard integrals as they occur in normalising constants: gamma, beta, normal, elementary.

Abramowitz & Stegun, chapters 6 (gamma and beta), 7 (normal), 9 (Bessel) and 3 (elementary).  Nothing here is trusted: what is
found is compared with numbers by `constant`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from ...algebra.terms import Algebra, Term
from ...formula.evaluate import compiled
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Call,
    Const,
    Div,
    Formula,
    Neg,
    Pow,
    Sym,
    add,
    call,
    div,
    exp,
    has,
    mul,
    names,
    neg,
    num,
    power,
    replace,
    terms,
    transform,
    value,
    walk,
)
from ...sets.domain import Domain
from .antiderivative import antiderivative

E = Const("e")
INFINITY = Const("oo")
PI = Const("pi")
Found = Iterator[tuple[Formula, str]]


def integrals(body: Formula, x: Sym, support: Domain, al: Algebra) -> Found:
    """What the integral of the body over an interval may be, with what it rests on."""
    low, high = support.low, support.high
    moved = _centred(body, x, al)
    if moved is not None:
        body, centre = moved
        low, high = (e if e in (INFINITY, Neg(INFINITY)) else al.tidy(add(e, neg(centre))) for e in (low, high))
    whole = low == Neg(INFINITY) and high == INFINITY
    if (whole and is_even(body, x)) or (low == ZERO and high == INFINITY):
        for f, reason in _half_line(without_abs(body, x), x, al):
            yield (al.tidy(mul(TWO, f)) if whole else f), reason
    if whole:
        yield from _gaussian(body, x, al)
    elif al.tidy(add(support.high, neg(support.low))) == al.tidy(mul(TWO, PI)):
        yield from _circular(body, x, al)
    if low not in (INFINITY, Neg(INFINITY)) and high != INFINITY:
        yield from _beta_integral(body, x, low, high, al)
    yield from _by_terms(body, x, low, high, al)


def _centred(body: Formula, x: Sym, al: Algebra) -> tuple[Formula, Formula] | None:
    """The body in terms of x - m where it depends on x through that alone, and m."""
    for g in walk(body):
        if isinstance(g, Add) and has(g, x):
            rest = [t for t in g.terms if t not in (x, Neg(x))]
            if len(rest) != len(g.terms) - 1 or any(has(t, x) for t in rest):
                continue
            minus = Neg(x) in g.terms
            centre = add(*rest) if minus else al.tidy(neg(add(*rest)))
            y = Sym("#y")
            out = replace(body, g, neg(y) if minus else y)
            other = Add(tuple(neg(t) for t in g.terms))
            out = replace(out, other, y if minus else neg(y))
            if not has(out, x):
                return replace(out, y, x), centre
    return None


def _half_line(body: Formula, x: Sym, al: Algebra) -> Found:
    """Over (0, oo): x^p e^(-b x^q), and x^p (a + b x^r)^(-q)."""
    t = al.split(body)
    p = t.powers.get(x, ZERO)
    rest = {b: k for b, k in t.powers.items() if b != x}
    if has(p, x):
        return
    s = al.tidy(add(p, ONE))
    if set(rest) == {E}:
        u = al.split(rest[E])
        b, q = al.build(Term(-u.coefficient, {g: k for g, k in u.powers.items() if g != x})), u.powers.get(x, ZERO)
        if not has(b, x) and not has(q, x) and q != ZERO:
            sign = -1 if ((w := value(q)) is not None and w < 0) or al.facts.negative(q) else 1
            q = al.tidy(neg(q)) if sign < 0 else q
            a = al.tidy(div(al.tidy(neg(s)) if sign < 0 else s, q))
            reason = (
                "a gamma integral"
                if q == ONE
                else "a normal integral"
                if (q, p) == (TWO, ZERO)
                else "a gamma integral after a substitution"
            )
            yield al.tidy(Div(call("gamma", a), mul(q, power(b, a)))), reason
    if len(rest) == 1:
        ((base, k),) = rest.items()
        parts = terms(base)
        if len(parts) == 2 and not has(k, x):
            free, bound = ([g for g in parts if has(g, x) == holds] for holds in (False, True))
            if len(free) == len(bound) == 1:
                u = al.split(bound[0])
                b, r = al.build(Term(u.coefficient, {g: e for g, e in u.powers.items() if g != x})), u.powers.get(x, ZERO)
                if not has(b, x) and not has(r, x) and r != ZERO:
                    q, m = al.tidy(neg(k)), al.tidy(div(s, r))
                    scale = mul(power(free[0], al.tidy(neg(q))), power(Div(free[0], b), m))
                    yield al.tidy(Div(mul(scale, call("beta", m, al.tidy(add(q, neg(m))))), r)), "a beta integral of the second kind"


def without_abs(f: Formula, x: Sym) -> Formula:
    """f with x for |x|."""
    return transform(f, lambda g: g.args[0] if isinstance(g, Call) and g.name == "abs" and g.args[0] in (x, Neg(x)) else None)


def is_even(f: Formula, x: Sym) -> bool:
    """Whether f takes the same values at x and -x, at a few points: the total is compared with numbers afterwards."""
    rng, letters, g = random.Random(2), sorted(names(f) - {x.name}), compiled(f)
    for _ in range(4):
        env = {k: rng.uniform(0.5, 2.0) for k in letters}
        v = rng.uniform(0.2, 2.0)
        try:
            a, b = g({**env, x.name: v}), g({**env, x.name: -v})
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return False
        if not abs(a - b) <= 1e-9 * abs(a):
            return False
    return True


def _gaussian(body: Formula, x: Sym, al: Algebra) -> Found:
    """e^(-a x^2 + b x) over the line: sqrt(pi/a) e^(b^2/4a)."""
    t = al.split(body)
    if set(t.powers) != {E}:
        return
    by_power = al.coefficients(t.powers[E], x)
    if by_power is None or not set(by_power) <= {ZERO, ONE, TWO} or TWO not in by_power:
        return
    a = al.tidy(neg(al.assemble(by_power[TWO])))
    b, c = (al.assemble(by_power[k]) if k in by_power else ZERO for k in (ONE, ZERO))
    root = call("sqrt", Div(PI, a))
    rest = al.tidy(add(Div(Pow(b, TWO), mul(num(4), a)), c)) if b != ZERO or c != ZERO else ZERO
    yield al.tidy(root if rest == ZERO else mul(root, exp(rest))), "a normal integral"


def _circular(body: Formula, x: Sym, al: Algebra) -> Found:
    """e^(a cos x) over a whole turn: 2 pi I_0(a)."""
    t = al.split(body)
    if set(t.powers) == {E}:
        u = al.split(t.powers[E])
        a = al.build(Term(u.coefficient, {g: k for g, k in u.powers.items() if not has(g, x)}))
        yield mul(TWO, PI, call("besseli", ZERO, a)), "the definition of the Bessel function"


def _beta_integral(body: Formula, x: Sym, low: Formula, high: Formula, al: Algebra) -> Found:
    """(x - low)^p (high - x)^q over an interval: B(p + 1, q + 1) (high - low)^(p + q + 1)."""
    t = al.split(body)
    p: Formula = ZERO
    q: Formula = ZERO
    c = list[Formula]()
    for b, k in t.powers.items():
        if has(k, x):
            return
        at_low, at_high = (al.tidy(al.expand(replace(b, x, e))) for e in (low, high))
        by_power = al.coefficients(al.expand(b), x)
        if by_power is None or not set(by_power) <= {ZERO, ONE, TWO}:
            return
        if TWO in by_power:  # k (x - low)(high - x)
            if (at_low, at_high) != (ZERO, ZERO):
                return
            p, q = al.tidy(add(p, k)), al.tidy(add(q, k))
            c.append(power(al.tidy(neg(al.assemble(by_power[TWO]))), k))
            continue
        slope = al.assemble(by_power.get(ONE, []))
        if at_low == ZERO:
            p = al.tidy(add(p, k))
            c.append(power(slope, k))
        elif at_high == ZERO:
            q = al.tidy(add(q, k))
            c.append(power(al.tidy(neg(slope)), k))
        else:
            return
    a, b2 = al.tidy(add(p, ONE)), al.tidy(add(q, ONE))
    width = al.tidy(add(high, neg(low))) if low != ZERO else high
    scale = power(width, al.tidy(add(p, q, ONE)))
    c = [g for g in c if g != ONE]
    yield al.tidy(mul(*c, call("beta", a, b2), *([] if width == ONE else [scale]))), "a beta integral"


def _by_terms(body: Formula, x: Sym, low: Formula, high: Formula, al: Algebra) -> Found:
    """Term by term by antiderivatives that are powers and exponentials, with 0 at an infinite end."""
    parts = [al.build(t) for t in al.expanded(body) or ()] or [body]
    out: list[Formula] = []
    for g in (body, *parts):
        f = antiderivative(g, x, al)
        if f is None:
            if g is body:
                continue
            return
        top = ZERO if high == INFINITY else replace(f, x, high)
        bottom = ZERO if low == Neg(INFINITY) else replace(f, x, low)
        if g is body:
            yield al.tidy(add(top, neg(bottom)) if bottom != ZERO else top), "by an antiderivative"
            continue
        out.append(add(top, neg(al.tidy(bottom))))
    if out:
        yield al.expand(add(*out)), "term by term"
