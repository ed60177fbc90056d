"""Formula -> SymPy, the public form of answers and of what a reader read; and back.

Names keep the inside spelling ("lambda", "p_1", "sigma2"); data are `IndexedBase(name)[i]`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.function import Application, AppliedUndef
from sympy.core.relational import Relational

from ..errors import NotSupported, NotValid
from .functions import FUNCTIONS as KNOWN
from .shapes import Shapes
from .tree import (
    ONE,
    TWO,
    ZERO,
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
    Expected,
    Float,
    Formula,
    Indicator,
    Integral,
    Limit,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    Union,
    Where,
    call,
    mul,
    num,
    rational,
    undecided,
)

FUNCTIONS = {
    "log": sp.log, "exp": sp.exp, "sqrt": sp.sqrt, "abs": sp.Abs, "sin": sp.sin, "cos": sp.cos, "tan": sp.tan,
    "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "arctan": sp.atan, "arcsin": sp.asin, "arccos": sp.acos,
    "asinh": sp.asinh, "acosh": sp.acosh, "atanh": sp.atanh, "atan2": sp.atan2,
    "probit": lambda p: sp.sqrt(2) * sp.erfinv(2 * p - 1), "gamma": sp.gamma, "loggamma": sp.loggamma, "digamma": sp.digamma, "trigamma": sp.trigamma,
    "polygamma": sp.polygamma, "beta": sp.beta, "binomial": sp.binomial, "factorial": sp.factorial,
    "sign": sp.sign, "floor": sp.floor, "ceiling": sp.ceiling, "max": sp.Max, "min": sp.Min, "erf": sp.erf,
    "erfc": sp.erfc, "lambertw": sp.LambertW, "zeta": sp.zeta, "besseli": sp.besseli,
    "besselk": sp.besselk, "uppergamma": sp.uppergamma, "lowergamma": sp.lowergamma, "expint": sp.expint, "Ei": sp.Ei, "erfi": sp.erfi,
}  # fmt: skip
CONSTANTS = {"pi": sp.pi, "e": sp.E, "oo": sp.oo}
RELATIONS = {"=": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}


def to_sympy(f: Formula) -> sp.Basic:
    """The SymPy expression with the same meaning; functions without a SymPy twin become undefined functions."""
    go = to_sympy
    match f:
        case Num(v):
            return sp.Rational(v.numerator, v.denominator)
        case Float(v):
            return sp.Float(v)
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
            return sp.Pow(*_moderate("power", go(a), go(b)))
        case Call(name, args):
            fn = FUNCTIONS.get(name) or sp.Function(name)
            return fn(*_moderate(name, *map(go, args)))
        case Apply(name, args):
            return sp.Function(name)(*map(go, args)) if args else sp.Symbol(name)
        case Big(kind, index, low, high, body):
            fn = sp.Sum if kind == "sum" else sp.Product
            return fn(go(body), (sp.Symbol(index), go(low), go(high)))
        case Cases(rows):
            left = undecided(rows)
            return go(left[0][0]) if left[0][1] is None else sp.Piecewise(*((go(v), sp.true if c is None else go(c)) for v, c in left))
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
        case Union(parts):
            return sp.Union(*map(go, parts))
        case Dots():
            return sp.Symbol("Dots")
        case Matrix(rows):
            return sp.ImmutableMatrix([[go(f) for f in r] for r in rows])
        case Expected(body, observed):
            return sp.Function("E")(sp.Lambda(tuple(map(sp.Symbol, observed)), go(body)))
    raise TypeError(type(f).__name__)


def _moderate(name: str, *args: sp.Basic) -> tuple[sp.Basic, ...]:
    """The arguments of a function that SymPy may work out exactly.  Raises NotValid for a number with too many digits."""
    numbers = [a for a in args if isinstance(a, sp.Rational)]
    if name in DIGITS and len(numbers) == len(args):
        first = math.log10(max(abs(numbers[0].p), numbers[0].q))  # digits of the first argument
        last = float(min(abs(numbers[-1]), sp.Integer(10) ** 300))
        if DIGITS[name](first, last) > MOST_DIGITS:
            raise NotValid(f"a number with more than {MOST_DIGITS} digits is out of range")
    return args


MOST_DIGITS = 100_000
DIGITS: dict[
    str, Callable[[float, float], float]
] = {  # of the value, at most: by the digits of the first argument and the size of the last
    "power": lambda digits, size: digits * size,
    "factorial": lambda digits, size: digits * size,
    "gamma": lambda digits, size: digits * size,
    "binomial": lambda digits, size: digits * size,
}


def answer(f: Formula) -> sp.Basic:
    """The SymPy form of an estimate: order statistics by their names, Max(x), Min(x), Median(x) or OrderStat(x, k)."""
    e = to_sympy(f)
    ordered = [g for g in e.atoms(sp.Indexed) if str(g.base).endswith("_ord")]
    return e.xreplace({g: _order_statistic(sp.IndexedBase(str(g.base).removesuffix("_ord")), g.indices[0]) for g in ordered})


def in_matrices(f: Formula, shapes: Shapes) -> sp.Basic:
    """The SymPy matrix expression of a formula in vectors and matrices; the letters are matrix symbols of their shapes."""

    def go(g: Formula) -> Any:
        match g:
            case Sym(name) if not shapes.scalar(g):
                return sp.MatrixSymbol(name, *map(to_sympy, shapes.of(g)))
            case MatMul(fs):
                whole = sp.MatMul(*map(go, fs), evaluate=False)
                return sp.Trace(whole) if shapes.scalar(g) else whole
            case Add(ts) if not shapes.scalar(g):
                return sp.MatAdd(*map(go, ts))
            case Add(ts):
                return sp.Add(*map(go, ts))
            case Mul(fs):
                return math.prod(map(go, fs[1:]), start=go(fs[0]))
            case Neg(a):
                return -go(a)
            case Div(a, b):
                return go(a) / go(b)
            case Pow(Call("norm", (a,)), _):
                v = go(a)
                return sp.Trace(sp.MatMul(sp.Transpose(v), v, evaluate=False))
            case Call("ones", (k,)):
                return sp.OneMatrix(to_sympy(k), 1)
            case Call("eye", (k,)):
                return sp.Identity(to_sympy(k))
            case Call("transpose", (a,)):
                return sp.Transpose(go(a))
            case Call("inverse", (a,)):
                return sp.Inverse(go(a))
        return to_sympy(g)

    return go(f)


def matrix(values: Any) -> sp.Basic:
    """A number, or an array of them, of SymPy."""
    if not hasattr(values, "shape"):
        return sp.Float(float(values))
    rows = values.reshape(-1, 1) if values.ndim == 1 else values
    return sp.ImmutableDenseMatrix([[sp.Float(float(v)) for v in row] for row in rows])


def array(exact: Any, numbers: Any) -> sp.Basic:
    """A number, or nested lists of them, of SymPy: fractions, else the floats that are beside them."""
    if isinstance(exact, list):
        return sp.ImmutableDenseNDimArray([array(x, y) for x, y in zip(exact, numbers, strict=True)]) if _even(exact) else sp.Tuple(*(array(x, y) for x, y in zip(exact, numbers, strict=True)))  # fmt: skip
    return sp.Float(float(numbers)) if exact is None else sp.Rational(exact.numerator, exact.denominator)


def _even(rows: list[Any]) -> bool:
    """Whether all rows have one length, as those of an array."""
    return len({len(r) if isinstance(r, list) else -1 for r in rows}) == 1


SIZES = ("n", "N")  # letters for the number of observations


def _order_statistic(data: sp.IndexedBase, k: sp.Basic) -> sp.Basic:
    name = "OrderStat"
    if k == 1:
        name = "Min"
    elif k.is_Symbol and k.name in SIZES:
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


# -- SymPy -> Formula ------------------------------------------------------------------------------

CALLS: Mapping[Any, str] = {  # functions with the same arguments on both sides
    fn: name
    for name, fn in FUNCTIONS.items()
    if isinstance(fn, type) and name not in ("sqrt", "digamma", "trigamma", "polygamma", "lambertw")
}
ORDERS = {0: "digamma", 1: "trigamma"}
SIGNS: Mapping[Any, str] = {sp.Eq: "=", sp.Ne: "!=", sp.Lt: "<", sp.Le: "<=", sp.Gt: ">", sp.Ge: ">="}
NAMED: Mapping[Any, Formula] = {
    sp.pi: Const("pi"), sp.E: Const("e"), sp.EulerGamma: Neg(call("digamma", ONE)), sp.oo: Const("oo"), -sp.oo: Neg(Const("oo")),
    sp.S.Naturals0: SetOf((ZERO, ONE, TWO, Dots())), sp.S.Naturals: SetOf((ONE, TWO, Dots())),
    sp.S.Reals: Span(Neg(Const("oo")), Const("oo"), True, True),
}  # fmt: skip


def from_sympy(e: Any) -> Formula:
    """The formula with the same meaning, terms and factors in the order in which SymPy shows them.

    Raises NotSupported for what has no formula: a complex number, an integral transform, a function unknown here.
    """
    if isinstance(e, sp.Basic) and e in NAMED:
        return NAMED[e]
    for kind, build in BUILDERS:
        if isinstance(e, kind):
            return build(e)
    raise NotSupported(f"there is no formula for SymPy's {type(e).__name__}")


def _all(es: Any) -> tuple[Formula, ...]:
    return tuple(map(from_sympy, es))


def _product(e: Any) -> Formula:
    """One fraction: negative powers and the denominators of numbers below the line, a minus before the whole."""
    c, rest = e.as_coeff_Mul()
    minus = bool(c.is_extended_negative)
    size = -c if minus else c
    ordered = sp.Mul.make_args(rest) if _unevaluated(e) else rest.as_ordered_factors()
    top, bottom = list[Formula](), list[Formula]()
    for g in (size, *ordered):
        if g.is_Rational:
            top += [num(g.p)] if g.p != 1 else []
            bottom += [num(g.q)] if g.q != 1 else []
        elif isinstance(g, sp.Pow) and g.is_commutative and g.exp.as_coeff_Mul()[0].is_extended_negative:
            bottom.append(from_sympy(sp.Pow(g.base, -g.exp, evaluate=False)) if g.exp != -1 else from_sympy(g.base))
        else:
            top.append(from_sympy(g))
    f = Div(mul(*top), mul(*bottom)) if bottom else mul(*top)
    return Neg(f) if minus else f


def _unevaluated(e: Any) -> bool:
    return e.args[0] == 1 or any(a.is_Number or (a.is_Pow and all(b.is_Integer for b in a.args)) for a in e.args[1:])


def _power(e: Any) -> Formula:
    base = from_sympy(e.base)
    if e.exp == sp.S.Half:
        return call("sqrt", base)
    if e.exp == -sp.S.Half:
        return Div(ONE, call("sqrt", base))
    return Div(ONE, base) if e.exp == -1 else Pow(base, from_sympy(e.exp))


def _polygamma(e: Any) -> Formula:
    order, u = e.args
    name = ORDERS.get(int(order)) if order.is_Integer else None
    return call("polygamma", *_all(e.args)) if name is None else call(name, from_sympy(u))


def _applied(e: Any) -> Formula:
    name, args = str(e.func), _all(e.args)
    return Call(name, args) if name in KNOWN else Apply(name, args)


def _function(e: Any) -> Formula:
    name = CALLS.get(e.func)
    if name is None:
        raise NotSupported(f"there is no formula for SymPy's function {type(e).__name__}")
    return Call(name, _all(e.args))


def _condition(c: Any) -> Formula | None:
    return None if c == sp.true else from_sympy(c)


def _rows(e: Any) -> Formula:
    """Cases; a row for each of several conditions of which any may hold."""
    rows = [(v, part) for v, c in e.args for part in (c.args if isinstance(c, sp.Or) else (c,))]
    return Cases(tuple((from_sympy(v), _condition(c)) for v, c in rows))


def _repeated(kind: str) -> Callable[[Any], Formula]:
    def build(e: Any) -> Formula:
        f = from_sympy(e.function)
        for index, low, high in e.limits:
            f = Big(kind, str(index), from_sympy(low), from_sympy(high), f)
        return f

    return build


def _integral(e: Any) -> Formula:
    f = from_sympy(e.function)
    for v, *ends in e.limits:
        low, high = _all(ends) if len(ends) == 2 else (None, None)
        f = Integral(f, from_sympy(v), low, high)
    return f


def _where(e: Any) -> Formula:
    f = from_sympy(e.expr)
    for v, to in zip(e.variables, e.point, strict=True):
        f = Where(f, from_sympy(v), from_sympy(to))
    return f


def _quotient(e: Any, top: Formula, bottom: str) -> Formula:
    """A trigonometric or hyperbolic function that is a quotient of the two that formulas have."""
    return Div(top, call(bottom, from_sympy(e.args[0])))


def _half_probit(e: Any) -> Formula:
    """erfinv(y) is the standard normal quantile of (y + 1)/2 over the root of 2."""
    return Div(call("probit", Div(Add((from_sympy(e.args[0]), ONE)), TWO)), call("sqrt", TWO))


BUILDERS: tuple[tuple[Any, Callable[[Any], Formula]], ...] = (
    (sp.Rational, lambda e: rational(Fraction(e.p, e.q))),
    (sp.Float, lambda e: num(Fraction(str(e)))),
    (sp.Symbol, lambda e: Sym(e.name)),
    (sp.Indexed, lambda e: At(str(e.base), _all(e.indices))),
    (sp.Add, lambda e: Add(_all(e.as_ordered_terms()))),
    (sp.Mul, _product),
    (sp.Pow, _power),
    (sp.LambertW, lambda e: Call("lambertw", _all(e.args))),
    (sp.polygamma, _polygamma),
    (sp.erfinv, _half_probit),
    (sp.KroneckerDelta, lambda e: Indicator(Relation(_all(e.args[:2]), ("=",)))),
    (sp.Heaviside, lambda e: Indicator(Relation((from_sympy(e.args[0]), ZERO), (">=",)))),
    (sp.Piecewise, _rows),
    (sp.cot, lambda e: _quotient(e, call("cos", from_sympy(e.args[0])), "sin")),
    (sp.sec, lambda e: _quotient(e, ONE, "cos")),
    (sp.csc, lambda e: _quotient(e, ONE, "sin")),
    (sp.coth, lambda e: _quotient(e, call("cosh", from_sympy(e.args[0])), "sinh")),
    (sp.sech, lambda e: _quotient(e, ONE, "cosh")),
    (sp.csch, lambda e: _quotient(e, ONE, "sinh")),
    (AppliedUndef, _applied),
    (Application, _function),
    (sp.Sum, _repeated("sum")),
    (sp.Product, _repeated("prod")),
    (sp.Integral, _integral),
    (sp.Derivative, lambda e: Derivative(from_sympy(e.expr), tuple((from_sympy(v), int(k)) for v, k in e.variable_count))),
    (sp.Limit, lambda e: Limit(*_all(e.args[:3]))),
    (sp.Subs, _where),
    (Relational, lambda e: Relation(_all(e.args), (SIGNS[e.func],))),
    (sp.And, lambda e: And(_all(sorted(e.args, key=sp.default_sort_key)))),
    (sp.Interval, lambda e: Span(from_sympy(e.start), from_sympy(e.end), bool(e.left_open), bool(e.right_open))),
    (sp.Union, lambda e: Union(_all(e))),
    (sp.FiniteSet, lambda e: SetOf(_all(e))),
)
