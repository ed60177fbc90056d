"""Shapes of vectors and matrices: what is known of the letters, and what follows for formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from ..errors import NotValid
from .latex import latex
from .names import reported
from .tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Call,
    Const,
    Derivative,
    Differential,
    Div,
    Formula,
    MatMul,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    mul,
    neg,
)

Shape = tuple[Formula, Formula]  # rows and columns; a number is 1 by 1, a vector a column
SCALAR: Shape = (ONE, ONE)


@dataclass(frozen=True)
class Shapes:
    """What is known of letters: shapes (of the others that they are numbers); those that are symmetric; positive definite; of full column
    rank."""

    of_letters: Mapping[str, Shape] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    definite: frozenset[str] = frozenset()
    full_rank: frozenset[str] = frozenset()

    def scalar(self, f: Formula) -> bool:
        """Whether f is a number."""
        return self.of(f) == SCALAR

    def of(self, f: Formula) -> Shape:
        """The shape of f.  Raises NotValid, with both shapes, where parts do not fit together."""
        match f:
            case Sym(name):
                return self.of_letters.get(name, SCALAR)
            case At(base, index):
                s = self.of_letters.get(base, SCALAR)
                return (s[1], ONE) if len(index) == 1 else SCALAR
            case Add(ts):
                parts = [t for t in ts if t not in (ZERO, Neg(ZERO))] or list(ts)
                shapes = [self.of(t) for t in parts]
                for t, s in zip(parts, shapes, strict=True):
                    if s != shapes[0]:
                        raise NotValid(f"{shown(parts[0])} is {said(shapes[0])} and {shown(t)} is {said(s)}: they cannot be added")
                return shapes[0]
            case Neg(a) | Differential(a):
                return self.of(a)
            case Mul(fs):
                large = [s for s in map(self.of, fs) if s != SCALAR]
                if len(large) > 1:
                    raise NotValid(f"{shown(f)} is a product of {' and '.join(map(said, large))} whose order is not clear")
                return large[0] if large else SCALAR
            case MatMul(fs):
                shapes = [self.of(g) for g in fs]
                for (g, left), (h, right) in pairwise(zip(fs, shapes, strict=True)):
                    if left[1] != right[0]:
                        raise NotValid(
                            f"{shown(g)} is {said(left)} and {shown(h)} is {said(right)}: they cannot be multiplied in this order"
                        )
                return shapes[0][0], shapes[-1][1]
            case Div(a, b):
                self.number(b)
                return self.of(a)
            case Pow(a, _):
                self.number(a)
                return SCALAR
            case Call("transpose", (a,)):
                s = self.of(a)
                return s[1], s[0]
            case Call("inverse" | "det" | "tr" as name, (a,)):
                s = self.of(a)
                if s[0] != s[1]:
                    raise NotValid(f"{shown(a)} is {said(s)}, not square")
                return s if name == "inverse" else SCALAR
            case Call("norm", (a,)):
                return SCALAR
            case Call("diag", (a,)):
                return self.of(a)[0], self.of(a)[0]
            case Call("eye", (k,)):
                return k, k
            case Call("ones", (k,)):
                return k, ONE
            case Call("zeros", args):
                return args[0], args[1] if len(args) > 1 else ONE
            case Call(_, args):
                for a in args:
                    self.number(a)
                return SCALAR
            case Big(_, _, _, _, body):
                return self.of(body)
            case Derivative(body, ((v, 1),)):
                value, place = self.of(body), self.of(v)
                return place if value == SCALAR else (value[0], place[0])
            case Derivative(_, ((v, 2),)):
                return self.of(v)[0], self.of(v)[0]
            case Num() | Const() | Apply():
                return SCALAR
        return SCALAR

    def number(self, f: Formula) -> None:
        """Raises NotValid where f is no number."""
        if (s := self.of(f)) != SCALAR:
            raise NotValid(f"{shown(f)} is {said(s)} where a number belongs")

    def is_symmetric(self, f: Formula) -> bool:
        """Whether f equals its transpose, for all that is known."""
        match f:
            case Sym(name):
                return name in self.symmetric or name in self.definite or self.scalar(f)
            case Call("eye", _):
                return True
            case Call("inverse", (a,)) | Differential(a) | Neg(a):
                return self.is_symmetric(a)
            case Mul(fs):
                return all(map(self.is_symmetric, fs))
            case Add(ts):
                return all(map(self.is_symmetric, ts))
        return self.scalar(f)


def typed(f: Formula, shapes: Shapes) -> Formula:
    """A formula as it was read, in which every product commutes, with products of vectors and matrices in their order.  Raises NotValid
    where shapes do not fit."""
    match f:
        case Mul(fs):
            parts = [typed(g, shapes) for g in fs]
            minus = sum(isinstance(g, Neg) for g in parts) % 2
            parts = [g.arg if isinstance(g, Neg) else g for g in parts]
            numbers = [g for g in parts if shapes.scalar(g)]
            others = [g for g in parts if not shapes.scalar(g)]
            whole = mul(*numbers, *([matmul(*others)] if others else []))
            shapes.of(whole)
            return neg(whole) if minus else whole
        case Div(a, b):
            top, bottom = typed(a, shapes), typed(b, shapes)
            shapes.number(bottom)
            return Div(top, bottom)
        case Pow(a, k):
            base = typed(a, shapes)
            if k == Neg(ONE) and not shapes.scalar(base):
                return Call("inverse", (base,))
            shapes.number(base)
            return Pow(base, typed(k, shapes))
        case Apply("Transpose", (a,)):
            inner = typed(a, shapes)
            return inner if shapes.scalar(inner) else Call("transpose", (inner,))
        case Apply("Norm", (a,)):
            return Call("norm", (typed(a, shapes),))
        case Call("abs", (a,)):
            inner = typed(a, shapes)
            return Call("abs" if shapes.scalar(inner) else "det", (inner,))
        case Apply("det" | "tr" as name, (a,)):
            return Call(name, (typed(a, shapes),))
        case Add(ts):
            whole = Add(tuple(typed(t, shapes) for t in ts))
            shapes.of(whole)
            return whole
        case Neg(a):
            return Neg(typed(a, shapes))
        case Call(name, args):
            return Call(name, tuple(typed(a, shapes) for a in args))
        case Big(kind, index, low, high, body):
            return Big(kind, index, low, high, typed(body, shapes))
    return f


def matmul(*factors: Formula) -> Formula:
    """The product in this order; products inside are opened, numbers go to the front."""
    front: list[Formula] = []
    out: list[Formula] = []
    minus = False
    for g in factors:
        while True:
            if isinstance(g, Neg):
                minus, g = not minus, g.arg
            elif isinstance(g, Mul):
                front += g.factors[:-1]
                g = g.factors[-1]
            elif isinstance(g, Div):
                front.append(Div(ONE, g.bottom))
                g = g.top
            else:
                break
        out += g.factors if isinstance(g, MatMul) else (g,)
    whole = mul(*front, out[0] if len(out) == 1 else MatMul(tuple(out)))
    return neg(whole) if minus else whole


def shown(f: Formula) -> str:
    """A formula in a message."""
    return reported(f.name) if isinstance(f, Sym) else latex(f)


def said(s: Shape) -> str:
    """A shape in a message."""
    return "a number" if s == SCALAR else f"{latex(s[0])} x {latex(s[1])}"


__all__ = ["SCALAR", "Shape", "Shapes", "matmul", "said", "typed"]
