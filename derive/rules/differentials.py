"""Differentials by rule, and the gradient read off (Magnus and Neudecker, Matrix Differential Calculus, chapters 8 and 9).

d l = g' d b for every d b says that the gradient in b is g.  A differential that no rule reaches raises: it is never 0 in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..algebra.terms import Algebra
from ..formula.shapes import Shapes, matmul
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Call,
    Differential,
    Div,
    Formula,
    MatMul,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    add,
    each,
    has,
    kinds,
    mul,
    neg,
    num,
    power,
    terms,
)
from .calculus import INNER, NoDerivative
from .matrices import tidy_product, transposed


@dataclass(frozen=True)
class Moving:
    """What moves, and what is known of the letters."""

    letter: Sym
    shapes: Shapes
    al: Algebra

    def moves(self, f: Formula) -> bool:
        return has(f, self.letter)


@dataclass(frozen=True, slots=True)
class DifferentialRule:
    """A rule for d of a formula.  example: LaTeX of what it differentiates and what it makes, v a vector, B a symmetric matrix, s a number."""

    name: str
    reason: str
    example: tuple[str, str]
    rewrite: Callable[[Formula, Moving], Formula | None]


def d(f: Formula) -> Differential:
    """The differential of f."""
    return Differential(f)


def _constant(f: Formula, c: Moving) -> Formula | None:
    if c.moves(f):
        return None
    return ZERO if c.shapes.scalar(f) else Call("zeros", c.shapes.of(f))


def _linear(f: Formula, c: Moving) -> Formula | None:
    match f:
        case Add(ts):
            parts = [neg(d(t.arg)) if isinstance(t, Neg) else d(t) for t in ts if c.moves(t)]
            return add(*parts)
        case Neg(a):
            return neg(d(a))
        case Call("transpose" | "tr" as name, (a,)):
            return Call(name, (d(a),))
        case Div(a, b) if not c.moves(b):
            return Mul((Div(ONE, b), d(a)))
        case Mul(fs) if sum(map(c.moves, fs)) == 1:
            at = next(m for m, g in enumerate(fs) if c.moves(g))
            return Mul((*fs[:at], *fs[at + 1 :], d(fs[at])))
        case MatMul(fs) if sum(map(c.moves, fs)) == 1:
            return MatMul(tuple(d(g) if c.moves(g) else g for g in fs))
    return None


def _squared_norm(f: Formula, c: Moving) -> Formula | None:
    match f:
        case Pow(Call("norm", (v,)), two) if two == TWO:
            return Mul((TWO, MatMul((Call("transpose", (v,)), d(v)))))
    return None


def _quadratic_form(f: Formula, c: Moving) -> Formula | None:
    match f:
        case MatMul((first, *middle, v)) if (
            c.moves(v) and not any(map(c.moves, middle)) and transposed(v, c.shapes) == transposed(transposed(first, c.shapes), c.shapes)
        ):
            inner = middle[0] if len(middle) == 1 else MatMul(tuple(middle)) if middle else None
            if inner is None or c.shapes.is_symmetric(inner):
                return Mul((TWO, MatMul((first, *middle, d(v)))))
    return None


def _product(f: Formula, c: Moving) -> Formula | None:
    match f:
        case Mul(fs) | MatMul(fs):
            live = [m for m, g in enumerate(fs) if c.moves(g)]
            return add(*(type(f)((*fs[:m], d(fs[m]), *fs[m + 1 :])) for m in live))
    return None


def _inverse(f: Formula, c: Moving) -> Formula | None:
    match f:
        case Call("inverse", (a,)):
            return neg(matmul(f, d(a), f))
    return None


def _log_det(f: Formula, c: Moving) -> Formula | None:
    match f:
        case Call("log", (Call("det", (a,)),)):
            return Call("tr", (MatMul((Call("inverse", (a,)), d(a))),))
    return None


def _function(f: Formula, c: Moving) -> Formula | None:
    match f:
        case Call(name, (u,)) if name in INNER and c.shapes.scalar(u):
            outer = INNER[name](u)
            return Mul((*(outer.factors if isinstance(outer, Mul) else (outer,)), d(u)))
        case Pow(b, Num(q)) if c.shapes.scalar(b):
            return Mul((num(q), power(b, num(q - 1)), d(b)))
        case Div(a, b) if not c.moves(a):
            return neg(Mul((Div(a, Pow(b, TWO)), d(b))))
    return None


RULES: tuple[DifferentialRule, ...] = (
    DifferentialRule("constant", "a constant has differential 0", (r"B", r"0"), _constant),
    DifferentialRule("squared norm", "the rule for a squared norm", (r"\|v\|^2", r"2 v^\top \mathrm{d}v"), _squared_norm),
    DifferentialRule("quadratic form", "the rule for a quadratic form", (r"v^\top B v", r"2 v^\top B \mathrm{d}v"), _quadratic_form),
    DifferentialRule(
        "log-determinant", "the rule for the logarithm of a determinant", (r"\log|B|", r"\operatorname{tr}(B^{-1}\mathrm{d}B)"), _log_det
    ),
    DifferentialRule("inverse", "the rule for an inverse", (r"B^{-1}", r"-B^{-1}(\mathrm{d}B)B^{-1}"), _inverse),
    DifferentialRule("linear", "the differential is linear", (r"B v", r"B \mathrm{d}v"), _linear),
    DifferentialRule("product", "the product rule", (r"B B v", r"(\mathrm{d}B) B v + B (\mathrm{d}B) v"), _product),
    DifferentialRule("function", "the chain rule", (r"\log s", r"\frac{1}{s} \mathrm{d}s"), _function),
)


def differential(f: Formula, c: Moving) -> Formula:
    """d f with d carried inward to the letter that moves.  Raises NoDerivative for what no rule reaches."""

    def go(g: Formula) -> Formula:
        if isinstance(g, Differential):
            if g.body == c.letter:
                return g
            for rule in RULES:
                made = rule.rewrite(g.body, c)
                if made is not None:
                    return go(made)
            raise NoDerivative(type(g.body).__name__)
        match g:
            case Add(ts):
                return add(*(h for t in ts if (h := go(t)) not in (ZERO, Neg(ZERO))))
            case Neg(a):
                return neg(go(a))
            case Mul(fs):
                return _spread(tuple(go(h) if Differential in kinds(h) else h for h in fs), mul)
            case MatMul(fs):
                return _spread(tuple(go(h) if Differential in kinds(h) else h for h in fs), matmul)
            case Call(name, (a,)) if name in ("transpose", "tr"):
                inner = go(a)
                return add(*(neg(Call(name, (t.arg,))) if isinstance(t, Neg) else Call(name, (t,)) for t in terms(inner)))
        return g

    made = tidy_product(_flat(go(d(f))), c.shapes)
    return c.al.assemble(map(c.al.split, terms(made))) if made != ZERO else made


def _spread(fs: tuple[Formula, ...], product: Callable[..., Formula]) -> Formula:
    """A product with a sum of differentials in it as a sum of products."""
    at = next((m for m, g in enumerate(fs) if isinstance(g, Add) and any(each(g, Differential))), None)
    if at is None:
        minus = sum(isinstance(g, Neg) for g in fs) % 2
        whole = product(*(g.arg if isinstance(g, Neg) else g for g in fs))
        return neg(whole) if minus else whole
    parts = terms(fs[at])
    return add(*(_spread((*fs[:at], t, *fs[at + 1 :]), product) for t in parts))


def _flat(f: Formula) -> Formula:
    match f:
        case Neg(Add(ts)):
            return add(*map(neg, ts))
        case Mul(fs) if any(isinstance(g, Mul) for g in fs):
            return _flat(mul(*(h for g in fs for h in (g.factors if isinstance(g, Mul) else (g,)))))
        case Add(ts):
            return add(*(u for t in ts for u in terms(_flat(t))))
        case Neg(a):
            return neg(_flat(a))
    return f


def gradient(df: Formula, c: Moving) -> Formula:
    """The gradient in the letter of what has the differential df: the factor before d b, transposed.  Raises NoDerivative for a term that is
    not linear in the differential."""
    parts = [_part(t, c) for t in terms(df)]
    return c.al.assemble(c.al.flat(add(*parts))) if len(parts) > 1 else parts[0] if parts else Call("zeros", c.shapes.of(c.letter))


def _part(t: Formula, c: Moving) -> Formula:
    match t:
        case Neg(a):
            return neg(_part(a, c))
        case Mul(fs):
            live = [g for g in fs if any(each(g, Differential))]
            if len(live) == 1:
                front = [g for g in fs if g is not live[0]]
                inner = _part(live[0], c)
                return (
                    neg(mul(*front, inner.arg))
                    if isinstance(inner, Neg)
                    else mul(*front, *(inner.factors if isinstance(inner, Mul) else (inner,)))
                )
        case Differential(body) if body == c.letter:
            return ONE if c.shapes.scalar(body) else Call("eye", (c.shapes.of(body)[0],))
        case MatMul((*left, Differential(body))) if body == c.letter and not any(h for g in left for h in each(g, Differential)):
            return tidy_product(transposed(matmul(*left), c.shapes), c.shapes)
    raise NoDerivative("a term that is not linear in the differential")


def jacobian(dg: Formula, c: Moving) -> Formula:
    """H of d g = H d b, for a vector g."""
    parts: list[Formula] = []
    for t in terms(dg):
        minus, core = isinstance(t, Neg), t.arg if isinstance(t, Neg) else t
        front = core.factors[:-1] if isinstance(core, Mul) else ()
        match core.factors[-1] if isinstance(core, Mul) else core:
            case MatMul((*left, Differential(body))) if body == c.letter:
                h = mul(*front, matmul(*left))
                parts.append(neg(h) if minus else h)
            case _:
                raise NoDerivative("a term that is not linear in the differential")
    return c.al.assemble(map(c.al.split, parts))


__all__ = ["RULES", "DifferentialRule", "Moving", "d", "differential", "gradient", "jacobian"]
