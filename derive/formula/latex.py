"""Formula -> LaTeX, in textbook layout.  What it prints, the LaTeX reader reads back as the same meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from . import names
from .decimals import short, with_power_of_ten
from .tree import (
    PLACEHOLDER,
    Add,
    And,
    Apply,
    At,
    Best,
    Big,
    Call,
    Cases,
    Const,
    Derivative,
    Differential,
    Div,
    Dots,
    Expected,
    Float,
    Formula,
    Indicator,
    Integral,
    Last,
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
    num,
    replace_all,
    walk,
)
from .tree import names as letters_of

SIGNS = {
    "=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "propto": r"\propto",
    "succ": r"\succ", "succeq": r"\succeq", "prec": r"\prec", "preceq": r"\preceq", "approx": r"\approx", "in": r"\in", "~": r"\sim", ":=": ":=",
}  # fmt: skip
CONSTANTS = {"pi": r"\pi", "e": "e", "oo": r"\infty"}
HEADS = {  # functions printed as head(arguments)
    "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "sinh": r"\sinh", "cosh": r"\cosh",
    "tanh": r"\tanh", "arctan": r"\arctan", "arcsin": r"\arcsin", "arccos": r"\arccos", "gamma": r"\Gamma",
    "digamma": r"\psi", "trigamma": r"\psi'", "loggamma": r"\log\Gamma", "beta": r"\mathrm{B}", "max": r"\max",
    "min": r"\min", "sign": r"\operatorname{sgn}", "erf": r"\operatorname{erf}", "erfc": r"\operatorname{erfc}",
    "erfi": r"\operatorname{erfi}", "Ei": r"\operatorname{Ei}", "uppergamma": r"\Gamma", "lowergamma": r"\gamma",
    "Phi": r"\Phi", "zeta": r"\zeta", "asinh": r"\operatorname{arsinh}",
    "acosh": r"\operatorname{arcosh}", "atanh": r"\operatorname{artanh}", "atan2": r"\operatorname{atan2}", "probit": r"\Phi^{-1}",
    "tr": r"\operatorname{tr}", "diag": r"\operatorname{diag}", "median": r"\operatorname{median}", "logit": r"\operatorname{logit}", "argmax": r"\operatorname{argmax}", "argmin": r"\operatorname{argmin}",
}  # fmt: skip
UNBRACKETED = frozenset({"log", "sin", "cos", "tan"})  # of one letter or number, where nothing follows
POWERED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})  # whose powers are written sin^2(u)
WITH_ORDER = {"besseli": "I", "besselk": "K", "expint": "E"}
APPLIED = {
    "expected": r"\operatorname{E}",
    "logf": r"\log f",
    "Var": r"\operatorname{Var}",
    "Cov": r"\operatorname{Cov}",
    "se": r"\operatorname{se}",
    "ell": r"\ell",
    "ell_p": r"\ell_{p}",
    "NLL": r"\mathrm{NLL}",
}

BARE_SUBSCRIPT = re.compile(r"_(\w)$")  # p_1, for p_{1} in one notation throughout

# how tightly a formula holds together, loosest first
SUM, PRODUCT, SCRIPT, ATOM = range(4)


def latex(f: Formula, notation: Mapping[str, str] | None = None) -> str:
    """LaTeX of a formula.  notation: names to the LaTeX that the user wrote for them."""
    return Printer(notation or {}).show(f)


def in_capitals(f: Formula, observed: tuple[str, ...]) -> Formula:
    """A formula with the letters of an observation as those of a random variable, where these are free."""
    capitals = {k: k[0].upper() + k[1:] for k in observed}
    taken = set(capitals.values()) & letters_of(f)
    return f if taken else replace_all(f, {Sym(k): Sym(c) for k, c in capitals.items()})


def decimal(v: Fraction) -> str:
    """A fraction with a finite decimal expansion as its digits; any other as a/b."""
    if v.denominator == 1:
        return str(v.numerator)
    shift, d = 0, v.denominator
    while d % 10 == 0 or d % 2 == 0 or d % 5 == 0:
        d = d // 10 if d % 10 == 0 else d // 2 if d % 2 == 0 else d // 5
        shift += 1
    if d != 1:
        return f"{v.numerator}/{v.denominator}"
    while (v * 10**shift).denominator != 1:
        shift += 1
    while shift > 1 and (v * 10 ** (shift - 1)).denominator == 1:
        shift -= 1
    digits = str(abs(v.numerator) * 10**shift // v.denominator).rjust(shift + 1, "0")
    return ("-" if v < 0 else "") + digits[:-shift] + "." + digits[-shift:]


def tightness(f: Formula) -> int:
    """How tightly a formula holds together: it decides where brackets stand."""
    match f:
        case Add() | Neg() | Relation():
            return SUM
        case Float(v) if v and not isinstance(shown := with_power_of_ten(short(v)), Num):
            return tightness(shown)
        case Float(v) if v < 0:
            return SUM
        case Mul() | MatMul() | Big() | Integral() | Limit():
            return PRODUCT
        case Differential():
            return SCRIPT
        case Num(v) if decimal(v).find("/") >= 0:
            return PRODUCT
        case Pow() | Div() | Where() | Derivative() | Indicator():
            return SCRIPT
        case Call(name, _) if name not in ("norm", "det", "eye", "zeros", "abs", "sqrt", "binomial", "floor", "ceiling"):
            return SCRIPT
    return ATOM


def is_tall(s: str) -> bool:
    """Whether LaTeX is higher than a line of text."""
    return r"\frac" in s or r"\sum" in s or r"\prod" in s or r"\binom" in s


def bracket(s: str, on: bool = True) -> str:
    """LaTeX in brackets: square ones around round ones, as high as what stands in them."""
    if not on:
        return s
    left, right = ("[", "]") if "(" in s else ("(", ")")
    return (r"\left%s%s\right%s" if is_tall(s) else "%s%s%s") % (left, s, right)


def is_loose(g: Formula, last: bool) -> bool:
    """Whether a factor of a product stands in brackets; last: no other follows."""
    return tightness(g) <= SUM or isinstance(g, Mul) or (tightness(g) == PRODUCT and not last)


def sign_between(before: str, s: str) -> str:
    """What stands between a product so far and its next factor: a dot where digits would run together."""
    dot = before and (s[0].isdigit() or (s.startswith((r"\frac{", ".")) and before[-1].isdigit()))
    return r" \cdot " if dot else " " if before else ""


class Printer:
    """Prints formulas.  notation: names to the LaTeX that the user wrote for them."""

    def __init__(self, notation: Mapping[str, str]):
        self.notation = notation

    def name(self, name: str) -> str:
        if name in self.notation:
            return BARE_SUBSCRIPT.sub(r"_{\1}", self.notation[name])
        first, *rest = name.split("_")
        if rest and rest[0] in names.ACCENTS and first in self.notation:
            square = names.squared_base(first)
            inner = self.notation.get(square, names.base_latex(square)) if square else self.notation[first]
            tail = names.name_latex("_".join(["x", *rest[1:]]))[1:]
            return names.ACCENTS[rest[0]] + "{%s}" % inner + tail + ("^{2}" if square else "")
        return names.name_latex(name)

    def show(self, f: Formula) -> str:
        """LaTeX of a formula."""
        match f:
            case Num(v):
                text = decimal(v)
                return text if "/" not in text else r"\frac{%d}{%d}" % (v.numerator, v.denominator)
            case Float(v):
                return self.show(with_power_of_ten(short(v)) if v else num(0))
            case Const(name):
                return CONSTANTS[name]
            case Sym(name):
                return self.name(name)
            case At(base, index):
                return self.indexed(base, index)
            case Neg(a):
                return "-" + bracket(self.show(a), tightness(a) == SUM)
            case Add(ts):
                return self.sum(ts)
            case Mul(fs):
                return self.product(fs)
            case Div(a, b):
                return r"\frac{%s}{%s}" % (self.show(a), self.show(b))
            case MatMul(fs):
                return " ".join(
                    bracket(self.show(g), tightness(g) <= PRODUCT or (isinstance(g, Differential) and g is not fs[-1])) for g in fs
                )
            case Differential(Apply(name, _)):
                return r"\mathrm{d}" + (APPLIED.get(name) or self.name(name))
            case Differential(a):
                return r"\mathrm{d}" + bracket(self.show(a), not isinstance(a, (Sym, At)))
            case Pow(b, k):
                return self.power(b, k)
            case Call(name, args):
                return self.function(name, args)
            case Apply("Transpose", (a,)):
                return "%s^{T}" % self.show(a)
            case Apply(name, args, observed):
                head = APPLIED.get(name) or self.name(name)
                text = self.arguments(name, args, observed)
                return head + ((r"\left(%s\right)" if r"\frac" in text else "(%s)") % text if args else "")
            case Big(body=body):
                return self.operator(f) + " " + bracket(self.show(body), tightness(body) == SUM)
            case Relation(sides, signs):
                out = self.show(sides[0])
                for sign, side in zip(signs, sides[1:], strict=True):
                    out += " %s %s" % (SIGNS[sign], self.show(side))
                return out
            case And(parts):
                return r",\ ".join(map(self.show, parts))
            case Cases(rows):
                shown = r" \\ ".join("%s & %s" % (self.show(v), r"\text{otherwise}" if c is None else self.show(c)) for v, c in rows)
                return r"\begin{cases} %s \end{cases}" % shown
            case Indicator(c):
                return r"\mathbf{1}\{%s\}" % self.show(c)
            case Derivative(body, variables):
                return self.derivative(body, variables)
            case Integral(body, v, low, high):
                bounds = "_{%s}^{%s}" % (self.show(low), self.show(high)) if low is not None and high is not None else ""
                return r"\int%s %s\,d%s" % (bounds, bracket(self.show(body), tightness(body) == SUM), self.show(v))
            case Limit(body, v, to):
                return r"\lim_{%s \to %s} %s" % (self.show(v), self.show(to), bracket(self.show(body), tightness(body) == SUM))
            case Where(body, v, to):
                return r"\left. %s \right|_{%s = %s}" % (self.show(body), self.show(v), self.show(to))
            case Span(low, high, a, b):
                return "%s%s, %s%s" % ("(" if a else "[", self.show(low), self.show(high), ")" if b else "]")
            case SetOf(items):
                return r"\{%s\}" % ", ".join(map(self.show, items))
            case Union(parts):
                return r" \cup ".join(map(self.show, parts))
            case Best(u, places, _, label):
                return r"\operatorname*{arg\,max}_{%s \in %s} %s" % (self.name(u), self.show(places), self.show(label))
            case Last(u, start, end, condition):
                above = Relation((Sym(u), start), (">",)) if end == Const("oo") else Relation((start, Sym(u), end), ("<", "<="))
                return r"\max\left\{%s : %s\right\}" % (self.show(above), self.show(condition))
            case Expected(body, observed):
                return r"\operatorname{E}" + bracket(self.show(in_capitals(body, observed)))
            case Matrix(rows):
                return r"\begin{pmatrix} %s \end{pmatrix}" % r" \\ ".join(" & ".join(map(self.show, r)) for r in rows)
            case Dots():
                return r"\ldots"
        raise TypeError(type(f).__name__)

    def arguments(self, name: str, args: tuple[Formula, ...], observed: int) -> str:
        """Arguments with commas; of a density f(x; theta) the observed letters stand before a semicolon."""
        text = [self.show(a) for a in args]
        parts = (text[:observed], text[observed:]) if name in ("f", "g", "h", "F", "S", "logf") else (text,)
        return "; ".join(", ".join(part) for part in parts if part)

    def indexed(self, base: str, index: tuple[Formula, ...]) -> str:
        if base.endswith("_ord"):
            return "%s_{(%s)}" % (self.name(base[:-4]), self.place(index[0]))
        text = [r"\cdot" if i == PLACEHOLDER else self.show(i) for i in index]
        join = "" if all(len(t) == 1 or t == r"\cdot" for t in text) else ","
        head = self.name(base)
        if head.endswith("}") and "_{" in head:  # a variable with a subscript of its own: x_{1,i}
            return head[:-1] + "," + ",".join(text) + "}"
        joined = join.join(text)
        return "%s_{%s}" % (head, re.sub(r"(?<=\\cdot)(?=[A-Za-z])", " ", joined))

    def place(self, k: Formula) -> str:
        """The place of an order statistic, fractions with a slash: (n + 1)/2."""
        match k:
            case Div(a, b):
                return "%s/%s" % (bracket(self.show(a), tightness(a) < ATOM), bracket(self.show(b), tightness(b) < ATOM))
            case Add(ts):
                return " + ".join(map(self.place, ts))
        return self.show(k)

    def sum(self, ts: tuple[Formula, ...]) -> str:
        out = ""
        for j, t in enumerate(ts):
            minus = isinstance(t, Neg) and (j > 0 or tightness(t.arg) > SUM)
            body = t.arg if minus and isinstance(t, Neg) else t
            s = bracket(self.show(body), tightness(body) == SUM)
            out += (" - " if minus else " + ") + s if j else "-" * minus + s
        return out

    def operator(self, f: Big) -> str:
        """The sign of a sum or a product with its limits."""
        return r"%s_{%s=%s}^{%s}" % (r"\sum" if f.kind == "sum" else r"\prod", self.name(f.index), self.show(f.low), self.show(f.high))

    def product(self, fs: tuple[Formula, ...]) -> str:
        out = ""
        for j, g in enumerate(fs):
            s = self.factor(g, j == len(fs) - 1)
            out += sign_between(out, s) + s
        return out

    def factor(self, g: Formula, last: bool) -> str:
        """A factor of a product; last: no other follows."""
        if not last and isinstance(g, Call) and g.name in HEADS:
            return self.function(g.name, g.args, brackets=True)
        return bracket(self.show(g), is_loose(g, last))

    def power(self, b: Formula, k: Formula) -> str:
        if isinstance(b, Sym) and (square := names.squared_base(b.name)) and isinstance(k, Num) and k.value.denominator == 1:
            return "%s^{%d}" % (self.notation.get(square, names.base_latex(square)), 2 * k.value)
        if isinstance(b, Call) and b.name in POWERED and isinstance(k, Num) and k.value.denominator == 1 and k.value > 1:
            return "%s^{%d}%s" % (HEADS[b.name], k.value, bracket(self.show(b.args[0])))
        own_script = isinstance(b, Sym) and "^" in self.show(b)
        called = isinstance(b, Call) and b.name not in ("norm", "det")
        base = bracket(self.show(b), tightness(b) < ATOM or called or own_script)
        return "%s^{%s}" % (base, self.small(k))

    def small(self, f: Formula) -> str:
        """In a script a simple fraction is written with a slash."""
        match f:
            case Neg(Div() as d):
                return "-" + self.small(d)
            case Div(a, b) if tightness(b) == ATOM and tightness(a) == ATOM and not isinstance(b, Call):
                return "%s/%s" % (self.show(a), self.show(b))
            case Add(ts) if all(isinstance(t, Div) for t in ts[:1]):
                head = self.small(ts[0])
                return head + "".join(
                    " - " + self.small(t.arg)
                    if isinstance(t, Neg) and tightness(t.arg) > SUM
                    else " + " + bracket(self.small(t), tightness(t) == SUM)
                    for t in ts[1:]
                )
        return self.show(f)

    def function(self, name: str, args: tuple[Formula, ...], brackets: bool = False) -> str:
        if name == "exp":
            tall = any(isinstance(g, (Div, Big, Cases)) for g in walk(args[0]))
            return r"\exp" + bracket(self.show(args[0])) if tall else "e^{%s}" % self.show(args[0])
        if name == "sqrt":
            square = isinstance(args[0], Sym) and names.squared_base(args[0].name)
            return self.notation.get(square, names.base_latex(square)) if square else r"\sqrt{%s}" % self.show(args[0])
        if name in ("transpose", "inverse"):
            return "%s^{%s}" % (bracket(self.show(args[0]), tightness(args[0]) < ATOM), r"\top" if name == "transpose" else "-1")
        if name == "norm":
            return r"\left\|%s\right\|" % self.show(args[0])
        if name == "eye":
            return "I_{%s}" % self.show(args[0])
        if name == "ones":
            return r"\mathbf{1}"
        if name == "zeros":
            return "0"
        if name in ("abs", "det"):
            return r"\left|%s\right|" % self.show(args[0])
        if name == "floor":
            return r"\lfloor %s \rfloor" % self.show(args[0])
        if name == "ceiling":
            return r"\lceil %s \rceil" % self.show(args[0])
        if name == "binomial":
            return r"\binom{%s}{%s}" % (self.show(args[0]), self.show(args[1]))
        if name == "factorial":
            return bracket(self.show(args[0]), not isinstance(args[0], (Sym, Num, At))) + "!"
        if name in WITH_ORDER:
            return "%s_{%s}(%s)" % (WITH_ORDER[name], self.show(args[0]), self.show(args[1]))
        if name == "lambertw":
            return "W_{%s}" % (self.show(args[1]) if len(args) > 1 else "0") + bracket(self.show(args[0]))
        if name == "zetad":
            order = self.show(args[0])
            return r"\zeta%s(%s)" % ({"1": "'", "2": "''"}.get(order, "^{(%s)}" % order), self.show(args[1]))
        if name == "polygamma":
            return r"\psi^{(%s)}(%s)" % (self.show(args[0]), self.show(args[1]))
        head = HEADS.get(name) or r"\operatorname{%s}" % name
        if name in UNBRACKETED and not brackets and isinstance(args[0], (Sym, At, Num, Const)) and "^" not in self.show(args[0]):
            return head + " " + self.show(args[0])
        if name == "log" and not brackets and isinstance(args[0], Call) and args[0].name in ("gamma", "binomial", "factorial", "beta"):
            return head + self.show(args[0]) if args[0].name != "factorial" else head + " " + self.show(args[0])
        return head + bracket(", ".join(map(self.show, args)))

    def derivative(self, body: Formula, variables: tuple[tuple[Formula, int], ...]) -> str:
        several = len(variables) > 1 or isinstance(variables[0][0], At) or (isinstance(body, Apply) and len(body.args) > 1)
        if isinstance(body, Apply) and not several and len(body.args) == 1 and len(variables) == 1 and variables[0][1] <= 2:
            return (APPLIED.get(body.name) or self.name(body.name)) + "'" * variables[0][1] + "(%s)" % self.show(body.args[0])
        d = r"\partial" if several else "d"
        order = sum(k for _, k in variables)
        bottom = r"\,".join(
            "%s %s" % (d, bracket(self.show(v), "^" in self.show(v) and k > 1)) + ("^{%d}" % k if k > 1 else "") for v, k in variables
        )
        head = d + ("^{%d}" % order if order > 1 else "")
        if isinstance(body, Apply):
            return r"\frac{%s %s}{%s}" % (head, APPLIED.get(body.name) or self.name(body.name), bottom)
        return r"\frac{%s}{%s}%s" % (head, bottom, bracket(self.show(body)))
