"""Formula -> one line of Unicode for a terminal: θ̂ = 3/5, ℓ′(λ) = n/λ − Σᵢ₌₁ⁿ xᵢ, λ⁻¹.  For reading; input is `plain`."""

from __future__ import annotations

from .decimals import short, with_power_of_ten
from .latex import ATOM, PRODUCT, SUM, WITH_ORDER, decimal, in_capitals, is_loose, tightness
from .names import CHARACTERS, squared_base
from .plain import in_one_line
from .tree import (
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
    Div,
    Dots,
    Expected,
    Float,
    Formula,
    Indicator,
    Integral,
    Last,
    Limit,
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
)

SIGNS = {
    "=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "propto": "∝", "approx": "≈", "in": "∈", "~": "~", ":=": ":=",
}  # fmt: skip
LETTERS = {name: c for c, name in reversed(CHARACTERS.items())}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
RAISED = dict(zip("0123456789+-−=()ni*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ*", strict=True))
CALLED = {
    "gamma": "Γ", "digamma": "ψ", "trigamma": "ψ′", "loggamma": "log Γ", "beta": "B", "sign": "sgn", "uppergamma": "Γ", "lowergamma": "γ",
    "Phi": "Φ", "zeta": "ζ", "probit": "Φ⁻¹", "asinh": "arsinh", "acosh": "arcosh", "atanh": "artanh",
}  # fmt: skip
APPLIED = {"expected": "E", "logf": "log f", "ell": "ℓ", "ell_p": "ℓₚ", "NLL": "NLL"}
PRIMES = {1: "′", 2: "″", 3: "‴"}


def in_unicode(f: Formula) -> str:
    """One line of Unicode; fractions with a stroke, and brackets where they are needed."""
    match f:
        case Num(v):
            return decimal(v)
        case Float(v):
            return in_unicode(with_power_of_ten(short(v)) if v else num(0))
        case Const(name):
            return {"pi": "π", "oo": "∞"}.get(name, name)
        case Sym(name):
            return name_in_unicode(name)
        case At(base, index):
            if base.endswith("_ord"):
                return _lowered(name_in_unicode(base[:-4]), f"({in_unicode(index[0])})")
            text = [in_unicode(i) for i in index]
            return _lowered(name_in_unicode(base), ("" if all(len(t) == 1 for t in text) else ",").join(text))
        case Neg(a):
            return "−" + _inside(a, tightness(a) == SUM)
        case Add(ts):
            return _sum(ts)
        case Mul(fs):
            return _product(fs)
        case Div(a, b):
            return _inside(a, tightness(a) <= SUM or isinstance(a, Div)) + "/" + _inside(b, _wide(b))
        case Pow(b, k):
            return _power(b, k)
        case Call(name, args):
            return _function(name, args)
        case Apply("Transpose", (a,)):
            return _inside(a, tightness(a) < ATOM) + "ᵀ"
        case Apply(name, args, observed):
            head = APPLIED.get(name) or name_in_unicode(name)
            text = [in_unicode(a) for a in args]
            lists = (text[:observed], text[observed:]) if name in ("f", "g", "h", "F", "S", "logf") else (text,)
            return head + (f"({'; '.join(', '.join(x) for x in lists if x)})" if args else "")
        case Big(kind, i, low, high, body):
            op = "Σ" if kind == "sum" else "∏"
            below, above = _script(f"{name_in_unicode(i)}={in_unicode(low)}", LOWERED), _script(in_unicode(high), RAISED)
            limits = below + above if below and above else f"({name_in_unicode(i)}={in_unicode(low)}..{in_unicode(high)})"
            return f"{op}{limits} {_inside(body, tightness(body) == SUM)}"
        case Relation(sides, signs):
            return in_unicode(sides[0]) + "".join(f" {SIGNS[s]} {in_unicode(b)}" for s, b in zip(signs, sides[1:], strict=True))
        case And(parts):
            return ", ".join(map(in_unicode, parts))
        case Cases(rows):
            shown = (in_unicode(v) + (" otherwise" if c is None else f" if {in_unicode(c)}") for v, c in rows)
            return "{" + "; ".join(shown) + "}"
        case Indicator(c):
            return f"1{{{in_unicode(c)}}}"
        case Derivative(body, variables):
            return _derivative(body, variables)
        case Integral(body, v, low, high):
            ends = f" from {in_unicode(low)} to {in_unicode(high)} of" if low is not None and high is not None else ""
            return f"∫{ends} {_inside(body, tightness(body) == SUM)} d{in_unicode(v)}"
        case Limit(body, v, to):
            return f"lim({in_unicode(v)} → {in_unicode(to)}) {_inside(body, tightness(body) == SUM)}"
        case Where(body, v, to):
            return f"[{in_unicode(body)}] at {in_unicode(v)} = {in_unicode(to)}"
        case Span(low, high, a, b):
            return f"{'(' if a else '['}{in_unicode(low)}, {in_unicode(high)}{')' if b else ']'}"
        case SetOf(items):
            return "{" + ", ".join(map(in_unicode, items)) + "}"
        case Union(parts):
            return " ∪ ".join(map(in_unicode, parts))
        case Best(u, places, _, label):
            return f"argmax over {name_in_unicode(u)} ∈ {in_unicode(places)} of {in_unicode(label)}"
        case Last(u, start, end, condition):
            place = Relation((Sym(u), start), (">",)) if end == Const("oo") else Relation((start, Sym(u), end), ("<", "<="))
            return f"max{{{in_unicode(place)} : {in_unicode(condition)}}}"
        case Expected(body, observed):
            return "E" + _bracketed(in_capitals(body, observed))
        case Matrix(rows):
            return "[" + "; ".join(", ".join(map(in_unicode, r)) for r in rows) + "]"
        case Dots():
            return "…"
    return in_one_line(f)


def name_in_unicode(name: str) -> str:
    """A name with its accents above and its subscripts below: "beta_hat_1" -> β̂₁."""
    first, *rest = name.removesuffix("_own").split("_")
    square = squared_base(first)
    out = LETTERS.get(square or first, square or first)
    subscripts, star = [], ""
    for part in rest:
        if part in ACCENTS:
            out += ACCENTS[part]
        elif part == "star":
            star = "*"
        else:
            subscripts.append(LETTERS.get(part, part))
    out = _lowered(out, ",".join(subscripts)) if subscripts else out
    return out + ("²" if square else "") + star


def _script(text: str, table: dict[str, str]) -> str:
    """A text made of the small characters of a table; empty where it cannot be."""
    return "".join(table[c] for c in text) if all(c in table for c in text) else ""


def _lowered(base: str, text: str) -> str:
    return base + (_script(text, LOWERED) or (f"_{text}" if text.isalnum() or text.startswith("(") else f"_({text})"))


def _inside(f: Formula, on: bool) -> str:
    text = in_unicode(f)
    if not on:
        return text
    return f"[{text}]" if "(" in text else f"({text})"


def _wide(f: Formula) -> bool:
    """Whether a denominator needs brackets: a product or a fraction is read otherwise without them."""
    return tightness(f) <= PRODUCT or isinstance(f, (Div, Derivative)) or (isinstance(f, Num) and "/" in decimal(f.value))


def _sum(ts: tuple[Formula, ...]) -> str:
    out = ""
    for j, t in enumerate(ts):
        minus = isinstance(t, Neg) and (j > 0 or tightness(t.arg) > SUM)
        body = t.arg if minus and isinstance(t, Neg) else t
        s = _inside(body, tightness(body) == SUM)
        out += (" − " if minus else " + ") + s if j else "−" * minus + s
    return out


def _product(fs: tuple[Formula, ...]) -> str:
    out = ""
    for j, g in enumerate(fs):
        last = j == len(fs) - 1
        s = _inside(g, is_loose(g, last) or isinstance(g, Div) or (isinstance(g, Num) and "/" in decimal(g.value)))
        if not last and isinstance(g, Call) and g.name == "log":
            s = f"log{_bracketed(g.args[0])}"
        out += (" · " if s[0].isdigit() else " ") + s if out else s
    return out


def _bracketed(f: Formula) -> str:
    return _inside(f, True)


def _power(b: Formula, k: Formula) -> str:
    if isinstance(b, Sym) and squared_base(b.name) and isinstance(k, Num) and k.value.denominator == 1:
        return name_in_unicode(b.name)[:-1] + _script(str(2 * k.value), RAISED)
    base = _inside(b, tightness(b) < ATOM or isinstance(b, Call))
    exponent = in_unicode(k)
    raised = _script(exponent, RAISED)
    return base + (raised or "^" + (exponent if tightness(k) == ATOM else f"({exponent})"))


def _function(name: str, args: tuple[Formula, ...]) -> str:
    if name == "exp":
        raised = _script(in_unicode(args[0]), RAISED)
        return "e" + raised if raised else "exp" + _bracketed(args[0])
    if name == "sqrt":
        square = isinstance(args[0], Sym) and squared_base(args[0].name)
        if square:
            return name_in_unicode(square)
        return "√" + _inside(args[0], tightness(args[0]) < ATOM)
    if name == "abs":
        return f"|{in_unicode(args[0])}|"
    if name in ("floor", "ceiling"):
        left, right = "⌊⌋" if name == "floor" else "⌈⌉"
        return left + in_unicode(args[0]) + right
    if name == "binomial":
        return f"C({in_unicode(args[0])}, {in_unicode(args[1])})"
    if name == "factorial":
        return _inside(args[0], not isinstance(args[0], (Sym, Num, At))) + "!"
    if name in WITH_ORDER:
        return f"{_lowered(WITH_ORDER[name], in_unicode(args[0]))}({in_unicode(args[1])})"
    if name == "lambertw":
        return f"{_lowered('W', in_unicode(args[1]) if len(args) > 1 else '0')}({in_unicode(args[0])})"
    if name == "polygamma":
        return f"ψ^({in_unicode(args[0])})({in_unicode(args[1])})"
    if name == "zetad":
        return f"ζ{PRIMES.get(int(args[0].value), '′') if isinstance(args[0], Num) else '′'}({in_unicode(args[1])})"
    head = CALLED.get(name, name)
    if name == "log" and isinstance(args[0], (Sym, At, Num)):
        return f"log {in_unicode(args[0])}"
    if len(args) == 1:
        return head + _bracketed(args[0])
    return f"{head}({', '.join(map(in_unicode, args))})"


def _derivative(body: Formula, variables: tuple[tuple[Formula, int], ...]) -> str:
    if isinstance(body, Apply) and len(body.args) == 1 and len(variables) == 1 and variables[0][1] in PRIMES:
        return (APPLIED.get(body.name) or name_in_unicode(body.name)) + PRIMES[variables[0][1]] + f"({in_unicode(body.args[0])})"
    d = "∂" if len(variables) > 1 or (isinstance(body, Apply) and len(body.args) > 1) else "d"

    def raised(k: int) -> str:
        return _script(str(k), RAISED) if k > 1 else ""

    below = "".join(d + _inside(v, "²" in in_unicode(v) and k > 1) + raised(k) for v, k in variables)
    above = d + raised(sum(k for _, k in variables))
    if isinstance(body, Apply):
        return f"{above} log f/{below}" if body.name == "logf" else f"{above}{APPLIED.get(body.name) or name_in_unicode(body.name)}/{below}"
    return f"{above}/{below} {_bracketed(body)}"
