"""Products that do not commute: transposes carried inside, inverses that cancel, brackets multiplied out, an equation linear in a vector.

A product of matrices is one opaque factor to the algebra of numbers, as a sum over the sample is.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..algebra.terms import Algebra
from ..formula.shapes import Shapes, matmul
from ..formula.tree import ONE, TWO, ZERO, Add, Call, Div, Formula, MatMul, Mul, Neg, Pow, Sym, add, has, mul, neg, power, terms, transform


def transposed(f: Formula, sh: Shapes) -> Formula:
    """The transpose, carried through to the letters: (A B)' = B' A', and A' = A where A is symmetric."""
    match f:
        case _ if f == ZERO or sh.is_symmetric(f):
            return f
        case Call("transpose", (a,)):
            return a
        case Call("inverse", (a,)):
            return Call("inverse", (transposed(a, sh),))
        case MatMul(fs):
            return MatMul(tuple(transposed(g, sh) for g in reversed(fs)))
        case Mul(fs):
            return Mul((*fs[:-1], transposed(fs[-1], sh)))
        case Neg(a):
            return Neg(transposed(a, sh))
        case Div(a, b):
            return Div(transposed(a, sh), b)
    return Call("transpose", (f,))


def tidy_product(f: Formula, sh: Shapes) -> Formula:
    """Transposes inside, unit matrices and neighbours A^-1 A left out, numbers in front, u'u as a squared norm."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Call("transpose", (a,)):
                h = transposed(a, sh)
                return None if h == g else h
            case Call("inverse", (Call("inverse", (a,)),)):
                return a
            case Call("inverse", (Call("eye", _) as a,)):
                return a
            case Call("inverse", (Mul((*front, last)),)) if not sh.scalar(last):
                return mul(*(Div(ONE, c) for c in front), Call("inverse", (last,)))
            case Call("det", (Call("eye", _),)):
                return ONE
            case Call("det", (Mul((*front, last)),)) if not sh.scalar(last):
                inner = Call("det", (last,))
                size = mul(*(power(c, sh.of(last)[0]) for c in front))
                return size if isinstance(last, Call) and last.name == "eye" else mul(size, inner)
            case MatMul(fs):
                return _product(fs, sh)
        return None

    before = None
    while before != f:
        before = f
        f = transform(f, one)
    return f


def _product(fs: tuple[Formula, ...], sh: Shapes) -> Formula:
    whole = matmul(*fs)
    minus = isinstance(whole, Neg)
    core = whole.arg if isinstance(whole, Neg) else whole
    front = core.factors[:-1] if isinstance(core, Mul) else ()
    chain = core.factors[-1] if isinstance(core, Mul) else core
    out = list(chain.factors) if isinstance(chain, MatMul) else [chain]
    shape = sh.of(out[0])
    units: list[Formula] = [g for g in out if isinstance(g, Call) and g.name == "eye"]
    if len(out) > 1:
        out = [g for g in out if g not in units] or units[:1]
    _cancel(out)
    body: Formula = out[0] if len(out) == 1 else MatMul(tuple(out)) if out else Call("eye", (shape[0],))
    if len(out) == 2 and transposed(out[1], sh) == out[0] and sh.scalar(body):
        body = Pow(Call("norm", (out[1],)), TWO)
    whole = mul(*front, body)
    return Neg(whole) if minus else whole


def _cancel(out: list[Formula]) -> None:
    """A^-1 A and A A^-1 taken out, A being one factor or several."""
    again = True
    while again:
        again = False
        for j, g in enumerate(out):
            if not (isinstance(g, Call) and g.name == "inverse"):
                continue
            inner = list(g.args[0].factors) if isinstance(g.args[0], MatMul) else [g.args[0]]
            for a, b in ((j - len(inner), j), (j + 1, j + 1 + len(inner))):
                if a >= 0 and out[a:b] == inner:
                    del out[min(a, j) : max(b, j + 1)]
                    again = True
                    break
            if again:
                break


def multiplied_out(f: Formula, sh: Shapes, al: Algebra) -> Formula:
    """Brackets in products of matrices multiplied out, in their order."""

    def one(g: Formula) -> Formula | None:
        match g:
            case MatMul(fs) if any(isinstance(h, Add) for h in fs):
                at = next(m for m, h in enumerate(fs) if isinstance(h, Add))
                parts = terms(fs[at])
                return add(*(tidy_product(matmul(*fs[:at], t, *fs[at + 1 :]), sh) for t in parts))
            case Mul((*front, Add(ts))):
                return add(*(neg(mul(*front, t.arg)) if isinstance(t, Neg) else mul(*front, t) for t in ts))
            case Neg(Add(ts)):
                return add(*map(neg, ts))
            case Add(ts) if any(isinstance(t, Add) for t in ts):
                return add(*(u for t in ts for u in terms(t)))
        return None

    before = None
    while before != f:
        before = f
        f = transform(f, one)
    return al.assemble(al.flat(f)) if isinstance(f, Add) else f


@dataclass(frozen=True)
class Linear:
    """A u = b: matrix A and right side b."""

    matrix: Formula
    right: Formula


def linear_in(f: Formula, u: Sym, sh: Shapes, al: Algebra) -> Linear | None:
    """f = 0, multiplied out, as A u = b, where u stands last in every term that holds it; None where it does not."""
    with_it: list[Formula] = []
    without: list[Formula] = []
    for t in terms(f):
        if not has(t, u):
            without.append(t)
            continue
        minus, core = isinstance(t, Neg), t.arg if isinstance(t, Neg) else t
        front = core.factors[:-1] if isinstance(core, Mul) else ()
        chain = core.factors[-1] if isinstance(core, Mul) else core
        if not isinstance(chain, MatMul) or chain.factors[-1] != u or any(has(g, u) for g in (*front, *chain.factors[:-1])):
            return None
        a = mul(*front, matmul(*chain.factors[:-1]))
        with_it.append(a if minus else neg(a))
    if not with_it:
        return None
    return Linear(al.assemble(map(al.split, with_it)), al.assemble(map(al.split, without)) if without else ZERO)


__all__ = ["Linear", "linear_in", "multiplied_out", "tidy_product", "transposed"]
