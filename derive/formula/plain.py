"""Formula -> plain text in SymPy's notation, for messages and for what a user can paste back as input."""

from __future__ import annotations

from .decimals import short
from .latex import decimal, latex
from .names import reported
from .tree import (
    Add,
    And,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Const,
    Div,
    Dots,
    Expected,
    Float,
    Formula,
    Indicator,
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
)

HEADS = {"abs": "Abs"}
SIGNS = {"=": "=", "in": "in", "propto": "propto", "approx": "~", "~": "~", ":=": ":="}

SUM, PRODUCT, POWER, ATOM = range(4)


def in_one_line(f: Formula) -> str:
    """Plain text where there is one, else LaTeX: for a line about a value, never for input."""
    try:
        return plain(f)
    except TypeError:
        return latex(f, {})


def plain(f: Formula) -> str:
    """One line of text: 1/(2*b)*exp(-Abs(x - mu)/b), 0 <= x <= theta, x in {0, 1, 2, ...}."""
    match f:
        case Num(v):
            return decimal(v)
        case Float(v):
            return decimal(short(v))
        case Const(name):
            return {"e": "E"}.get(name, name)
        case Sym(name):
            return reported(name)
        case At(base, index):
            return "%s[%s]" % (base.removesuffix("_own"), ", ".join(map(plain, index)))
        case Neg(a):
            return "-" + _inside(a, PRODUCT)
        case Add(ts):
            first, *rest = ts
            out = _inside(first, SUM if isinstance(first, Neg) else PRODUCT)
            for t in rest:
                out += " - " + _inside(t.arg, PRODUCT) if isinstance(t, Neg) else " + " + _inside(t, PRODUCT)
            return out
        case Mul(fs):
            return "*".join(_inside(g, PRODUCT if j == 0 else POWER) for j, g in enumerate(fs))
        case Div(a, b):
            return _inside(a, PRODUCT) + "/" + _inside(b, POWER)
        case Pow(a, b):
            return _inside(a, ATOM) + "**" + _inside(b, ATOM)
        case Call(name, args):
            return "%s(%s)" % (HEADS.get(name, name), ", ".join(map(plain, args)))
        case Apply(name, args):
            return "%s(%s)" % (name, ", ".join(map(plain, args)))
        case Big(kind, index, low, high, body):
            return "%s(%s, (%s, %s, %s))" % ("Sum" if kind == "sum" else "Product", plain(body), index, plain(low), plain(high))
        case Relation(sides, signs):
            return plain(sides[0]) + "".join(" %s %s" % (SIGNS.get(s, s), plain(b)) for s, b in zip(signs, sides[1:], strict=True))
        case And(parts):
            return " and ".join(map(plain, parts))
        case Cases(rows):
            return "Piecewise(%s)" % ", ".join("(%s, %s)" % (plain(v), "True" if c is None else plain(c)) for v, c in rows)
        case Indicator(c):
            return "Indicator(%s)" % plain(c)
        case Span(low, high, a, b):
            return "%s%s, %s%s" % ("(" if a else "[", plain(low), plain(high), ")" if b else "]")
        case SetOf(items):
            return "{%s}" % ", ".join(map(plain, items))
        case Union(parts):
            return " or ".join(map(plain, parts))
        case Expected(body, _):
            return "E(%s)" % plain(body)
        case Matrix(rows):
            return "[%s]" % ", ".join("[%s]" % ", ".join(map(plain, r)) for r in rows)
        case Dots():
            return "..."
    raise TypeError(f"no plain text: {type(f).__name__}")


def _tightness(f: Formula) -> int:
    match f:
        case Add() | Neg() | Relation() | And():
            return SUM
        case Float(v) if v < 0:
            return SUM
        case Mul() | Div():
            return PRODUCT
        case Num(v) if "/" in decimal(v):
            return PRODUCT
        case Pow():
            return POWER
    return ATOM


def _inside(f: Formula, needed: int) -> str:
    return plain(f) if _tightness(f) >= needed else "(%s)" % plain(f)
