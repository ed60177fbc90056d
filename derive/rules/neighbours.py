"""The quotient f(u)/f(u - 1) of a function of a whole number: factorials cancel down to a few factors."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..formula.tree import (
    ONE,
    TWO,
    Add,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Indicator,
    Mul,
    Neg,
    Pow,
    Sym,
    add,
    has,
    mul,
    names,
    neg,
    num,
    replace,
    terms,
    value,
)

FARTHEST = 6  # a factorial's argument may move by so much
E = Const("e")


@dataclass(frozen=True, slots=True)
class Quotient:
    """f(u)/f(u - 1) as one term; above_zero: what is at least 1 wherever f is positive at u and at u - 1 (arguments of factorials)."""

    term: Term
    above_zero: tuple[Formula, ...]


def neighbours(f: Formula, u: Sym, al: Algebra) -> Quotient | None:
    """The quotient of f at u and at u - 1, or None where it does not simplify."""
    found: list[Formula] = []
    t = _quotient(f, u, al, found)
    return None if t is None else Quotient(t, tuple(dict.fromkeys(found)))


def before(f: Formula, u: Sym, al: Algebra) -> Formula:
    """f at u - 1, sums in textbook order: the unknown first, numbers last."""
    return ordered(replace(f, u, Add((u, neg(ONE)))), u, al)


def ordered(f: Formula, u: Sym, al: Algebra) -> Formula:
    """A sum multiplied out, the unknown first and numbers last, so that equal sums look alike."""
    ts = terms(al.expand(f))
    return add(*sorted(ts, key=lambda t: (not has(t, u), value(t) is not None)))


def _quotient(f: Formula, u: Sym, al: Algebra, found: list[Formula]) -> Term | None:
    if not has(f, u):
        return Term(Fraction(1))
    match f:
        case Mul(fs):
            return _product([_quotient(g, u, al, found) for g in fs], al)
        case Div(a, b):
            top, bottom = _quotient(a, u, al, found), _quotient(b, u, al, found)
            return None if top is None or bottom is None else al.times((top, al.raised(bottom, neg(ONE))))
        case Pow(b, k) if not has(k, u):
            t = _quotient(b, u, al, found)
            return None if t is None else al.raised(t, k)
        case Pow(b, k) if not has(b, u):
            step = al.expand(add(k, neg(before(k, u, al))))
            return None if has(step, u) else al.split(Pow(b, step))
        case Call("exp", (k,)):
            step = al.expand(add(k, neg(before(k, u, al))))
            return Term(Fraction(1), {E: step})
        case Call("sqrt", (b,)):
            t = _quotient(b, u, al, found)
            return None if t is None else al.raised(t, Div(ONE, TWO))
        case Call("factorial", (a,)):
            return _factorial(a, u, al, found)
        case Call("gamma", (a,)):
            return _factorial(add(a, neg(ONE)), u, al, found)
        case Call("binomial", (a, b)):
            parts: list[Term | None] = [_factorial(a, u, al, found), _factorial(b, u, al, found), _factorial(add(a, neg(b)), u, al, found)]
            if any(p is None for p in parts):
                return None
            done = [p for p in parts if p is not None]
            return al.times([done[0], *(al.raised(p, neg(ONE)) for p in done[1:])])
        case Big("prod", i, low, high, body):
            t = _quotient(body, u, al, found)
            return None if t is None else gathered(t, i, low, high, al)
        case Sym() | Add():
            return al.times((_one(ordered(f, u, al), al), al.raised(_one(before(f, u, al), al), neg(ONE))))
        case Neg(a):
            return _quotient(a, u, al, found)
        case Indicator():
            return Term(Fraction(1))
    return None


def _one(f: Formula, al: Algebra) -> Term:
    return Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f)


def _product(parts: list[Term | None], al: Algebra) -> Term | None:
    done = [p for p in parts if p is not None]
    return al.times(done) if len(done) == len(parts) else None


def _factorial(a: Formula, u: Sym, al: Algebra, found: list[Formula]) -> Term | None:
    """a(u)!/a(u - 1)!: the factors between the two."""
    top = ordered(a, u, al)
    step = value(al.tidy(al.expand(add(top, neg(before(a, u, al))))))
    if step is None or step.denominator != 1 or abs(step) > FARTHEST:
        return None
    k = int(step)
    if k > 0:  # the argument at u - 1 is at least 0
        found.append(top if k == 1 else ordered(add(top, num(1 - k)), u, al))
        return al.times(_one(ordered(add(top, num(-j)), u, al) if j else top, al) for j in range(k))
    below = [ordered(add(top, num(j)), u, al) for j in range(1, -k + 1)]  # the argument at u is at least 0
    found += below
    return al.times(al.raised(_one(f, al), neg(ONE)) for f in below)


def gathered(t: Term, i: str, low: Formula, high: Formula, al: Algebra) -> Term:
    """The product over the sample of a term: what does not depend on the observation to the power n."""
    out: list[Term] = [al.raised(Term(t.coefficient), high)]
    for b, k in t.powers.items():
        if i in names(b):
            out.append(
                Term(Fraction(1), {Big("prod", i, low, high, b): k})
                if i not in names(k)
                else Term(Fraction(1), {Big("prod", i, low, high, Pow(b, k)): ONE})
            )
        elif i in names(k):
            out.append(Term(Fraction(1), {b: al.tidy(Big("sum", i, low, high, k))}))
        else:
            out.append(Term(Fraction(1), {b: al.tidy(mul(high, k))}))
    return al.times(out)
