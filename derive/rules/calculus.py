"""Derivatives, with the chain rule left visible under a power of a bracket."""

from __future__ import annotations

from ..algebra.terms import Algebra, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Mul,
    Neg,
    Pow,
    Sym,
    add,
    call,
    div,
    has,
    log,
    mul,
    neg,
    num,
    power,
    terms,
    value,
)

INNER = {  # derivative of a function at u, without the factor u'
    "log": lambda u: div(ONE, u),
    "exp": lambda u: call("exp", u),
    "sqrt": lambda u: div(ONE, mul(TWO, call("sqrt", u))),
    "sin": lambda u: call("cos", u),
    "cos": lambda u: neg(call("sin", u)),
    "tan": lambda u: div(ONE, Pow(call("cos", u), TWO)),
    "sinh": lambda u: call("cosh", u),
    "cosh": lambda u: call("sinh", u),
    "tanh": lambda u: div(ONE, Pow(call("cosh", u), TWO)),
    "arctan": lambda u: div(ONE, add(ONE, Pow(u, TWO))),
    "loggamma": lambda u: call("digamma", u),
    "gamma": lambda u: mul(call("gamma", u), call("digamma", u)),
    "digamma": lambda u: call("trigamma", u),
    "trigamma": lambda u: call("polygamma", TWO, u),
    "abs": lambda u: call("sign", u),
    "zeta": lambda u: call("zetad", ONE, u),
    "erf": lambda u: mul(div(TWO, call("sqrt", Const("pi"))), call("exp", neg(Pow(u, TWO)))),
    "lambertw": lambda u: div(call("lambertw", u), mul(u, add(ONE, call("lambertw", u)))),
    "factorial": lambda u: mul(call("factorial", u), call("digamma", add(*terms(u), ONE))),
    "erfc": lambda u: neg(mul(div(TWO, call("sqrt", Const("pi"))), call("exp", neg(Pow(u, TWO))))),
    "erfi": lambda u: mul(div(TWO, call("sqrt", Const("pi"))), call("exp", Pow(u, TWO))),
    "Ei": lambda u: div(call("exp", u), u),
    "acosh": lambda u: div(ONE, call("sqrt", add(Pow(u, TWO), neg(ONE)))),
    "atanh": lambda u: div(ONE, add(ONE, neg(Pow(u, TWO)))),
    "arcsin": lambda u: div(ONE, call("sqrt", add(ONE, neg(Pow(u, TWO))))),
    "arccos": lambda u: neg(div(ONE, call("sqrt", add(ONE, neg(Pow(u, TWO)))))),
    "asinh": lambda u: div(ONE, call("sqrt", add(Pow(u, TWO), ONE))),
    "Phi": lambda u: mul(div(ONE, call("sqrt", mul(TWO, Const("pi")))), call("exp", neg(div(Pow(u, TWO), TWO)))),
}

PARTIAL = {  # the same of a function of several arguments, one for each argument; None where it is not known
    "beta": (lambda a, b: mul(call("beta", a, b), _beta_part(a, b)), lambda a, b: mul(call("beta", a, b), _beta_part(b, a))),
    "uppergamma": (None, lambda a, x: neg(_of_gamma(a, x))),
    "lowergamma": (None, lambda a, x: _of_gamma(a, x)),
    "expint": (None, lambda k, x: neg(call("expint", _less_one(k), x))),  # DLMF 8.19.13
    "polygamma": (None, lambda k, z: call("polygamma", num((value(k) or 0) + 1), z)),
}


def _of_gamma(a: Formula, x: Formula) -> Formula:
    """The integrand of the gamma function."""
    return mul(power(x, _less_one(a)), call("exp", neg(x)))


def _less_one(k: Formula) -> Formula:
    q = value(k)
    return add(*terms(k), neg(ONE)) if q is None else num(q - 1) if q >= 1 else neg(num(1 - q))


def _beta_part(a: Formula, b: Formula) -> Formula:
    return add(call("digamma", a), neg(call("digamma", add(*terms(a), *terms(b)))))


class NoDerivative(Exception):
    """A function whose derivative is not known here; its name is the argument."""


def differentiate(f: Formula, v: Sym, al: Algebra) -> Formula:
    """The derivative of f in v, term by term.  Single terms are tidy; the chain rule inside a bracket is shown."""
    parts = [d for t in terms(f) if (d := _term(t, v, al)) != ZERO]
    opened = [u for d in parts for u in terms(d)]
    if len(opened) > len(parts):  # a product in it gave a sum: terms that cancel are left out
        left = al.collect(map(al.split, opened))
        if {t.key for t in left} < {al.split(u).key for u in opened}:
            return al.assemble(left)
    return add(*parts)


def _term(f: Formula, v: Sym, al: Algebra) -> Formula:
    if not has(f, v):
        return ZERO
    match f:
        case Sym():
            return ONE
        case Neg(a):
            return neg(_term(a, v, al))
        case Add():
            return differentiate(f, v, al)
        case Big("sum", i, low, high, body):
            return Big("sum", i, low, high, differentiate(body, v, al))
        case Call("log", (Call("abs", (u,)),)):
            return _chain(div(ONE, u), u, v, al)
        case Call("log", (Call("beta", (a, b)),)):
            both = ((a, _beta_part(a, b)), (b, _beta_part(b, a)))
            return add(*(p for u, part in both if has(u, v) for p in terms(_chain(part, u, v, al))))
        case Call("log", (Call("gamma", (u,)),)):
            return _chain(call("digamma", u), u, v, al)
        case Call("log", (u,)) if u == v:
            return div(ONE, v)
        case Call("log", (Mul() | Div() as u,)) if not has(_exponents(u, al), v):
            return _logarithmic(u, v, al)
        case Call("besseli", (k, u)) if not has(k, v):
            neighbours = (call("besseli", al.tidy(add(k, num(j))), u) for j in (-1, 1))
            return _chain(call("besseli", ONE, u) if k == ZERO else div(add(*neighbours), TWO), u, v, al)
        case Call("besselk", (k, u)) if not has(k, v):  # DLMF 10.29.1, 10.29.3
            around = (call("besselk", al.tidy(add(k, num(j))), u) for j in (-1, 1))
            return _chain(neg(call("besselk", ONE, u) if k == ZERO else div(add(*around), TWO)), u, v, al)
        case Call("zetad", (k, u)) if not has(k, v):
            return _chain(call("zetad", al.tidy(add(k, ONE)), u), u, v, al)
        case Call(name, (u,)):
            if name not in INNER:
                raise NoDerivative(name)
            return _chain(INNER[name](u), u, v, al)
        case Call("binomial", (m, k)) if not has(k, v):
            up = add(*terms(m), ONE)
            part = add(call("digamma", up), neg(call("digamma", al.tidy(add(*terms(up), *(neg(t) for t in terms(k)))))))
            return _chain(mul(f, part), m, v, al)
        case Call(name, args) if name in PARTIAL:
            slopes = PARTIAL[name]
            parts: list[Formula] = []
            for u, slope in zip(args, slopes, strict=True):
                if has(u, v):
                    if slope is None:
                        raise NoDerivative(name)
                    parts += terms(_chain(slope(*args), u, v, al))
            return add(*parts)
        case Call(name, _):
            raise NoDerivative(name)
        case Pow(b, k) if not has(k, v):
            q = value(k)
            lower = num(q - 1) if q is not None and q.denominator == 1 else al.tidy(add(k, neg(ONE)))
            return _chain(mul(k, power(b, lower)) if lower != ZERO else k, b, v, al)
        case Pow(b, k) if not has(b, v):
            return _chain(mul(f, log(b)), k, v, al)
        case Pow(b, k):
            return _chain(f, mul(k, log(b)), v, al)
        case Mul() | Div():
            return _product(f, v, al)
    raise NoDerivative(type(f).__name__)


def _exponents(u: Formula, al: Algebra) -> Formula:
    return add(*(k for b, k in al.split(u).powers.items() if b != Const("e")))


def _logarithmic(u: Formula, v: Sym, al: Algebra) -> Formula:
    """The logarithmic derivative of a product: for each factor its derivative over itself, whatever the signs."""
    parts: list[Formula] = []
    for b, k in al.split(u).powers.items():
        if b == Const("e"):
            parts.append(differentiate(k, v, al))
        elif has(b, v):
            parts.append(al.tidy(mul(k, differentiate(b, v, al), Pow(b, num(-1)))))
    return add(*(t for p in parts for t in terms(p)))


def _chain(outer: Formula, u: Formula, v: Sym, al: Algebra) -> Formula:
    inner = differentiate(u, v, al)
    if inner == ONE:
        return outer
    outer_factors = outer.factors if isinstance(outer, Mul) else (outer,)
    inner_factors = inner.factors if isinstance(inner, Mul) else (inner,)
    return Mul((*outer_factors, *inner_factors))


def _product(f: Formula, v: Sym, al: Algebra) -> Formula:
    """A product or quotient: factors free of v stand by; of two or more others the product rule."""
    t = al.split(f)
    free = {b: k for b, k in t.powers.items() if not has(b, v) and not has(k, v)}
    bound = [(b, k) for b, k in t.powers.items() if b not in free]
    if len(bound) == 1:
        ((b, k),) = bound
        if b == v and not has(k, v):
            return al.tidy(mul(al.build(al.times([Term(t.coefficient, free)])), k, Pow(v, al.tidy(add(k, neg(ONE))))))
        single = call("exp", k) if b == Const("e") else power(b, k)
        inner = _term(single, v, al)
        if isinstance(b, Big) or (isinstance(b, Add) and len(b.terms) > 2):
            front = al.build(Term(abs(t.coefficient), free))
            g = inner if front == ONE else mul(front, inner) if not isinstance(inner, Mul) else Mul((front, *inner.factors))
            return neg(g) if t.coefficient < 0 else g
        return al.tidy(mul(al.build(Term(t.coefficient, free)), inner))
    parts = []
    for j, (b, k) in enumerate(bound):
        others = dict(free) | {c: e for i, (c, e) in enumerate(bound) if i != j}
        single = call("exp", k) if b == Const("e") else power(b, k)
        parts.append(al.tidy(mul(al.build(Term(t.coefficient, others)), _term(single, v, al))))
    return add(*(p for part in parts for p in terms(part)))
