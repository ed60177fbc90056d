"""Common factors taken out of brackets, arithmetic worked out level by level."""

from __future__ import annotations

from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..formula.tree import ONE, Add, Big, Div, Formula, Mul, Neg, Num, Pow, add, children, kinds, num, rational, rebuild, transform, value
from ..rule_names import RuleName
from .rule import rule


@rule(RuleName.COMMON_FACTOR, (r"a (2 b + 2 c + 2 d)", r"2 a (b + c + d)"))
def common_number(f: Formula, al: Algebra) -> Formula | None:
    """The number that every term of a bracket shares, taken out of it."""

    def one(h: Formula) -> Formula | None:
        if not isinstance(h, Add):
            return None
        ts = [al.split(t) for t in h.terms]
        c = al.common_factor(ts).coefficient
        if all(t.coefficient < 0 for t in ts):
            c = -c
        if c == 1:
            return None
        return Mul((num(c) if c.denominator == 1 else al.number(c), add(*(al.build(t.scaled(1 / c)) for t in ts))))

    g = transform(f, one)
    if g == f:
        return None
    return _products(g, al)


def _products(f: Formula, al: Algebra) -> Formula:
    """Products inside f put together into one term each; brackets that share no factor stay as they are."""

    def one(h: Formula) -> Formula | None:
        if isinstance(h, Mul):
            parts = [al.split(g) if not isinstance(g, Add) else Term(Fraction(1), {g: ONE}) for g in h.factors]
            return al.build(al.times(parts))
        if isinstance(h, Neg) and isinstance(h.arg, Neg):
            return h.arg.arg
        return None

    return transform(f, one)


def factored(f: Formula, al: Algebra) -> Formula:
    """A sum with everything that all its terms share before one bracket."""
    ts = al.flat(f)
    common = al.common_factor(ts)
    if len(ts) < 2 or (common.coefficient == 1 and not common.powers):
        return f
    return Mul((al.build(common), add(*(al.build(al.divided(t, common)) for t in ts))))


@rule(RuleName.ONE_FRACTION, (r"\left(1 - \frac{a}{a + b}\right)^{2}", r"\left(\frac{b}{a + b}\right)^{2}"))
def one_fraction(f: Formula, al: Algebra) -> Formula | None:
    """Every bracket that is a single term over the common denominator of what stands in it, as that fraction."""

    def one(h: Formula) -> Formula | None:
        if not isinstance(h, Add) or Div not in kinds(h):
            return None
        ts = al.flat(h, deep=True)
        powers = [(b, q) for t in ts for b, k in t.powers.items() if isinstance(b, Add) and (q := value(k)) is not None and q < 0]
        if not powers or any(q.denominator != 1 for _, q in powers):
            return None
        common = Term(Fraction(1), {b: rational(-min(q for c, q in powers if c == b)) for b, _ in powers})
        top = al.expanded(add(*(al.build(al.times((t, common))) for t in ts)))
        return None if top is None or len(top) != 1 else al.build(al.divided(top[0], common))

    g = transform(f, one, Add)
    return None if g == f else g


@rule(RuleName.ARITHMETIC, (r"4 + 0 + 4", r"8"))
def arithmetic(f: Formula, al: Algebra) -> Formula | None:
    """Every innermost sum, product or power of plain numbers worked out: one level."""
    g = _level(f, al)
    return None if g == f else g


def _level(f: Formula, al: Algebra) -> Formula:
    if isinstance(f, Big) or (value(f) is not None and not isinstance(f, Neg)):
        return f
    kids = children(f)
    if not kids:
        return f
    values = [value(k) for k in kids]
    if all(v is not None for v in values):
        vs = [v for v in values if v is not None]
        match f:
            case Add():
                return al.number(sum(vs, Fraction(0)))
            case Mul():
                out = Fraction(1)
                for v in vs:
                    out *= v
                return al.number(out)
            case Pow() if vs[1].denominator == 1 and abs(vs[1]) <= 64 and (vs[0] or vs[1] > 0):
                return al.number(vs[0] ** int(vs[1]))
            case Neg(Num()):
                return f
    return rebuild(f, tuple(_level(k, al) for k in kids))
