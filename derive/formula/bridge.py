"""Formula -> SymPy: the public form of answers and of what a reader read.

Names keep the inside spelling ("lambda", "p_1", "sigma2"); data are `IndexedBase(name)[i]`.
"""

from __future__ import annotations

import sympy as sp

from .tree import (
    Add,
    And,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Const,
    Derivative,
    Div,
    Dots,
    Formula,
    Indicator,
    Integral,
    Limit,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    Where,
)

FUNCTIONS = {
    "log": sp.log, "exp": sp.exp, "sqrt": sp.sqrt, "abs": sp.Abs, "sin": sp.sin, "cos": sp.cos, "tan": sp.tan,
    "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "arctan": sp.atan, "arcsin": sp.asin, "arccos": sp.acos,
    "asinh": sp.asinh, "acosh": sp.acosh, "atanh": sp.atanh, "atan2": sp.atan2,
    "probit": lambda p: sp.sqrt(2) * sp.erfinv(2 * p - 1), "gamma": sp.gamma, "loggamma": sp.loggamma, "digamma": sp.digamma, "trigamma": sp.trigamma,
    "polygamma": sp.polygamma, "beta": sp.beta, "binomial": sp.binomial, "factorial": sp.factorial,
    "sign": sp.sign, "floor": sp.floor, "ceiling": sp.ceiling, "max": sp.Max, "min": sp.Min, "erf": sp.erf,
    "erfc": sp.erfc, "lambertw": sp.LambertW, "zeta": sp.zeta, "besseli": sp.besseli,
}  # fmt: skip
CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo}
RELATIONS = {"=": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}


def to_sympy(f: Formula) -> sp.Basic:
    """The SymPy expression with the same meaning; functions without a SymPy twin become undefined functions."""
    go = to_sympy
    match f:
        case Num(v):
            return sp.Rational(v.numerator, v.denominator)
        case Const(name):
            return CONSTANTS[name]
        case Sym(name):
            return sp.Symbol(name)
        case At(base, index):
            return sp.IndexedBase(base)[tuple(go(i) for i in index)]
        case Add(ts):
            return sp.Add(*map(go, ts))
        case Mul(fs):
            return sp.Mul(*map(go, fs))
        case Neg(a):
            return sp.Mul(sp.S.NegativeOne, go(a))
        case Div(a, b):
            return sp.Mul(go(a), sp.Pow(go(b), -1))
        case Pow(a, b):
            return sp.Pow(go(a), go(b))
        case Call(name, args):
            fn = FUNCTIONS.get(name) or sp.Function(name)
            return fn(*map(go, args))
        case Apply(name, args):
            return sp.Function(name)(*map(go, args)) if args else sp.Symbol(name)
        case Big(kind, index, low, high, body):
            fn = sp.Sum if kind == "sum" else sp.Product
            return fn(go(body), (sp.Symbol(index), go(low), go(high)))
        case Cases(rows):
            return sp.Piecewise(*((go(v), sp.true if c is None else go(c)) for v, c in rows))
        case Indicator(Relation((a, b), ("=",))):
            return sp.KroneckerDelta(go(a), go(b))
        case Indicator(c):
            return sp.Piecewise((1, go(c)), (0, True))
        case And(parts):
            return sp.And(*map(go, parts))
        case Relation():
            return _relation(f)
        case Derivative(body, variables):
            return sp.Derivative(go(body), *((go(v), k) for v, k in variables))
        case Integral(body, v, low, high):
            return sp.Integral(go(body), go(v) if low is None or high is None else (go(v), go(low), go(high)))
        case Limit(body, v, to):
            return sp.Limit(go(body), go(v), go(to))
        case Where(body, v, to):
            return sp.Subs(go(body), go(v), go(to))
        case Span(low, high, a, b):
            return sp.Interval(go(low), go(high), a, b)
        case SetOf(items):
            return _set(items)
        case Dots():
            return sp.Symbol("Dots")
    raise TypeError(type(f).__name__)


def answer(f: Formula) -> sp.Basic:
    """The SymPy form of an estimate: order statistics by their names, Max(x), Min(x), Median(x) or OrderStat(x, k)."""
    e = to_sympy(f)
    ordered = [g for g in e.atoms(sp.Indexed) if str(g.base).endswith("_ord")]
    return e.xreplace({g: _order_statistic(sp.IndexedBase(str(g.base).removesuffix("_ord")), g.indices[0]) for g in ordered})


def _order_statistic(data: sp.IndexedBase, k: sp.Basic) -> sp.Basic:
    name = "OrderStat"
    if k == 1:
        name = "Min"
    elif k.is_Symbol:
        name = "Max"
    elif any(2 * k == s + 1 for s in k.free_symbols):
        name = "Median"
    call = sp.Function(name, real=True)
    return call(data, k) if name == "OrderStat" else call(data)


def _set(items: tuple[Formula, ...]) -> sp.Basic:
    if not any(isinstance(t, Dots) for t in items):
        return sp.FiniteSet(*map(to_sympy, items))
    if isinstance(items[0], Dots):  # in both directions by equal steps
        k, step = sp.Symbol("k", integer=True), to_sympy(items[2]) - to_sympy(items[1])
        return sp.ImageSet(sp.Lambda(k, to_sympy(items[2]) + k * step), sp.Integers)
    first = to_sympy(items[0])
    if isinstance(items[-1], Dots):
        return {0: sp.S.Naturals0, 1: sp.S.Naturals}.get(first) or sp.Range(first, sp.oo)
    return sp.Range(first, to_sympy(items[-1]) + 1)


def _relation(f: Relation) -> sp.Basic:
    out = []
    for a, sign, b in zip(f.sides, f.signs, f.sides[1:], strict=False):
        if sign == "in":
            out.append(_membership(to_sympy(a), b))
        elif sign in RELATIONS:
            out.append(RELATIONS[sign](to_sympy(a), to_sympy(b), evaluate=False))
        else:
            raise TypeError(f"{sign} is not a condition")
    return out[0] if len(out) == 1 else sp.And(*out)


def _membership(x: sp.Basic, b: Formula) -> sp.Basic:
    if isinstance(b, Span):
        low, high = to_sympy(b.low), to_sympy(b.high)
        parts = []
        if low != -sp.oo:
            parts.append(sp.Lt(low, x) if b.low_open else sp.Le(low, x))
        if high != sp.oo:
            parts.append(sp.Lt(x, high) if b.high_open else sp.Le(x, high))
        return sp.And(*parts)
    return sp.Contains(x, to_sympy(b), evaluate=False)
