"""The derivative of any formula, for its value: exact where a rule is known, a `Derivative` node left where none is."""

from __future__ import annotations

from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Cases,
    Derivative,
    Div,
    Formula,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    add,
    call,
    has,
    log,
    mul,
    neg,
    value,
)
from ..rules.calculus import INNER

Letter = Sym | At


def slope(f: Formula, v: Letter) -> Formula:
    """The derivative of f in the letter v, not tidied."""
    if not has(f, v):
        return ZERO
    match f:
        case Sym() | At():
            return ONE
        case Neg(a):
            return neg(slope(a, v))
        case Add(ts):
            return _sum(slope(t, v) for t in ts)
        case Mul(fs):
            return _sum(_product([*fs[:j], slope(g, v), *fs[j + 1 :]]) for j, g in enumerate(fs) if has(g, v))
        case Div(a, b):
            return _quotient(f, a, b, v)
        case Pow(a, b):
            return _power(f, a, b, v)
        case Call("log", (Call("gamma", (u,)),)):
            return _product([call("digamma", u), slope(u, v)])
        case Call("log", (Call("factorial", (u,)),)):
            return _product([call("digamma", add(u, ONE)), slope(u, v)])
        case Call(name, (u,)) if name in INNER:
            return _product([INNER[name](u), slope(u, v)])
        case Call("logit", (u,)):
            return _product([Div(ONE, Mul((u, add(ONE, neg(u))))), slope(u, v)])
        case Call("beta", (a, b)):
            return slope(Call("exp", (add(call("loggamma", a), call("loggamma", b), neg(call("loggamma", add(a, b)))),)), v)
        case Call("besseli", (k, u)) if not has(k, v):  # DLMF 10.29.1
            beside = (call("besseli", add(k, ONE), u), call("besseli", add(k, neg(ONE)), u))
            return _product([call("besseli", ONE, u) if k == ZERO else Div(add(*beside), TWO), slope(u, v)])
        case Big("sum", i, low, high, body) if not has(low, v) and not has(high, v):
            return Big("sum", i, low, high, slope(body, v))
        case Big("prod", i, low, high, body) if not has(low, v) and not has(high, v):
            return Mul((f, Big("sum", i, low, high, Div(slope(body, v), body))))
        case Cases(rows):
            return Cases(tuple((slope(a, v), c) for a, c in rows))
        case Indicator() | Call("sign" | "floor" | "ceiling", _):
            return ZERO
        case Derivative(body, ((w, k),)) if w == v:
            return Derivative(body, ((v, k + 1),))
    return Derivative(f, ((v, 1),))


def _sum(parts: object) -> Formula:
    return add(*(p for p in parts if p != ZERO))  # type: ignore[attr-defined]


def _product(parts: list[Formula]) -> Formula:
    return ZERO if ZERO in parts else mul(*(p for p in parts if p != ONE))


def _quotient(f: Formula, a: Formula, b: Formula, v: Letter) -> Formula:
    if not has(b, v):
        return Div(slope(a, v), b)
    down = neg(_product([a, Div(slope(b, v), Pow(b, TWO))]))
    return down if not has(a, v) else add(Div(slope(a, v), b), down)


def _power(f: Formula, a: Formula, b: Formula, v: Letter) -> Formula:
    if not has(b, v):
        k = value(b)
        lower = a if k == 2 else Pow(a, add(b, neg(ONE)))
        return _product([b, lower, slope(a, v)])
    up = _product([f, log(a), slope(b, v)])
    return up if not has(a, v) else add(up, _product([f, b, Div(slope(a, v), a)]))


def along(f: Formula, by: Formula, parameters: frozenset[str]) -> Formula | None:
    """The derivative of f in a letter, or in an expression that holds one letter (sigma^2, the logit of p): by the chain rule.

    None where the expression holds several letters, or none.
    """
    if isinstance(by, (Sym, At)):
        return slope(f, by)
    inside = _letters(by)
    chosen = [v for v in inside if isinstance(v, Sym) and v.name in parameters] or inside
    if len(chosen) != 1:
        return None
    (v,) = chosen
    down = slope(by, v)
    return None if down == ZERO else Div(slope(f, v), down)


def _letters(f: Formula) -> list[Letter]:
    from ..formula.tree import walk

    out: list[Letter] = []
    for g in walk(f):
        if isinstance(g, (Sym, At)) and g not in out:
            out.append(g)
    return out


def logarithm(f: Formula) -> Formula:
    """log f with products, powers and exponentials opened, for positive factors."""
    match f:
        case Mul(fs):
            return add(*map(logarithm, fs))
        case Div(Neg(a), b):
            return add(logarithm(a), neg(log(neg(b))))
        case Div(a, b):
            return add(logarithm(a), neg(logarithm(b))) if a != ONE else neg(logarithm(b))
        case Pow(a, b):
            return Mul((b, logarithm(a)))
        case Call("exp", (u,)):
            return u
        case Call("sqrt", (u,)):
            return Div(logarithm(u), TWO)
        case Call("gamma", (u,)):
            return call("loggamma", u)
        case Call("factorial", (u,)):
            return call("loggamma", add(u, ONE))
        case Call("beta", (a, b)):
            return add(call("loggamma", a), call("loggamma", b), neg(call("loggamma", add(a, b))))
        case Call("binomial", (a, b)):
            up = call("loggamma", add(a, ONE))
            return add(up, neg(call("loggamma", add(b, ONE))), neg(call("loggamma", add(a, neg(b), ONE))))
        case Big("prod", i, low, high, body):
            return Big("sum", i, low, high, logarithm(body))
        case Num() if f == ONE:
            return ZERO
    return log(f)
