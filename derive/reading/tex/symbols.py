"""Names: letters with their accents, subscripts and primes, and the meanings that a context gives them."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from ...errors import NotValid
from ...formula.names import ACCENTS, in_words, reported
from ...formula.tree import ONE, Apply, At, Call, Const, Formula, Neg, Num, Pow, Sym, num
from .parser import P, Subscript, text_of
from .side_conditions import indicator
from .tokens import ALIASES, GREEK, STYLES, TEXTS, Token

EXTREMES = {"max": Sym("n"), "min": ONE}
ORDERED = Sym("#ord")  # marks the index of an order statistic x_{(k)}
STYLED_WORDS = frozenset({"log", "exp", "ln", "max", "min", "argmax", "argmin"})
BOLD = frozenset({"mathbf", "mathbb", "mathds", "bf", "boldsymbol"})


def _nearest_command(name: str, known: Collection[str]) -> str | None:
    """What may be meant by a command that there is not: one with a slip of the pen, or two run together."""
    words = [k for k in known if k.isalpha()]
    near = get_close_matches(name, sorted(words), 1, 0.65)
    begins = max((k for k in words if name.startswith(k) and len(k) > 1), key=len, default="")
    if begins and (not near or len(name) - len(begins) < 3):
        return f"did you mean \\{begins} {name[len(begins) :]}? A command ends where its letters end"
    return f"did you mean \\{near[0]}?" if near else None


# -- parts of a name ------------------------------------------------------------------------


def base(p: P) -> str | None:
    """A letter, a Greek letter, an accented or styled one; None where there is none (tokens then are used up)."""
    t = p.next()
    if t.kind == "letter":
        return t.value
    if t.kind != "cmd":
        return None
    if t.value in GREEK or t.value == "nabla":
        return t.value
    if t.value in ACCENTS:
        return _accented(p, t.value)
    if t.value in STYLES:
        g = p.group()
        if len(g) == 1 and g[0].kind == "cmd" and g[0].value in GREEK:
            return g[0].value
        if not g or any(u.kind not in ("letter", "num") and u.value not in STYLED_WORDS for u in g):
            return None
        return ("cal" if t.value in ("mathcal", "cal", "mathscr") else "") + text_of(g)
    return None


def _accented(p: P, accent: str) -> str | None:
    def inner() -> str | None:
        b = p.grammar.base(p)
        if b is None:
            return None
        sub = p.grammar.subscript(p, b)
        if b in p.context.atoms and p.take_symbol("^"):
            if text_of(p.group()) != "2":
                return None
            b = p.context.atoms[b]
        if not isinstance(sub, str) or p.peek().kind != "eof":
            return None
        return b + "_" + accent + ("_" + sub if sub else "")

    g = p.group()
    try:
        return p.part(g, inner, whole=False)
    except NotValid:
        return None


def subscript(p: P, base: str) -> Subscript:
    """ "" | a label | indices.  An order statistic x_{(k)} is marked by the index (ORDERED, k)."""
    if not p.take_symbol("_"):
        return _digits_behind(p)
    g = p.group()
    if not g:
        p.fail("there is nothing in this subscript")
    if p.at_symbol("_"):
        p.fail("two subscripts stand on one letter", hint="put them into one: x_{i,j}")
    text = text_of(g)
    if len(g) >= 3 and g[0].value == "(" and g[-1].value == ")":
        return (ORDERED, p.part(g[1:-1], p.expression))
    if g[0].kind == "cmd" and g[0].value in STYLES:
        return text_of([u for u in g[1:] if u.value not in "{}"])
    indices = p.context.index.union(p.bound)
    if all(u.kind == "letter" and u.value in indices for u in g):
        return tuple(Sym(u.value) for u in g)
    counted = all(u.kind == "num" for u in g) or text in {p.context.size, "n", "k", "N"} or "-" in text
    simple = all(u.kind in ("num", "letter") or u.value in "+-," for u in g)
    computed = len(g) > 1 and any(u.value in indices for u in g) and any(u.value in "+-," for u in g)
    if simple and (computed or (base in p.context.data and counted)):
        return tuple(p.part(part, p.expression) for part in _split_commas(g))
    short = all(u.kind in ("num", "letter") and len(u.value) == 1 for u in g)
    if short and len(g) > 1 and (any(u.value in p.bound for u in g) or g[-1].value in indices):
        return tuple(Sym(u.value) if u.kind == "letter" else num(u.value) for u in g)
    if (
        all(u.kind in ("num", "letter") or u.value == "," for u in g)
        or all(u.kind == "cmd" and u.value in GREEK for u in g)
        or text in EXTREMES
    ):
        return text.replace(",", "")
    if base == "W" and text == "-1":
        return text
    p.fail(f"the subscript {p.text(g)!r} is not understood", g[0])


def _digits_behind(p: P) -> str:
    """The subscript of w1, written without its sign; "" for any other letter."""
    t, before = p.peek(), p.toks[p.i - 1] if p.i else p.eof
    named = before.kind == "letter" or (before.kind == "cmd" and before.value in GREEK)
    if p.context.careful and t.kind == "num" and t.value.isdigit() and not t.blank and t.start == before.end and named:
        return p.next().value
    return ""


def _split_commas(g: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for u in g:
        if u.value == ",":
            parts.append([])
        else:
            parts[-1].append(u)
    return parts


def variable(p: P) -> Formula | None:
    """A letter with its subscript; None where there is none."""
    start = p.peek().start
    name = p.grammar.base(p)
    if name is None:
        return None
    sub = p.grammar.subscript(p, name)
    return p.placed(At(name, sub) if isinstance(sub, tuple) else Sym(name + ("_" + sub if sub else "")), start)


def primes(p: P) -> int:
    """The primes that come, taken."""
    k = 0
    while p.take_symbol("'"):
        k += 1
    return k


# -- powers -----------------------------------------------------------------------------------


def power(p: P, b: Formula, t: Token) -> Formula:
    """b^k, or the transpose of b."""
    p.next()
    g = p.group()
    if transposed(p, g):
        return Apply("Transpose", (b,))
    if numbered(g):
        p.fail(f"the superscript {text_of(g)} is a label or a power", t, "write x_1 for the first observation")
    return raised(p, b, p.part(g, p.inner))


def transposed(p: P, g: list[Token]) -> bool:
    """Whether a superscript is a T."""
    letter = len(g) == 1 and g[0].value == "T" and "T" not in p.context.parameters
    return letter or (len(g) == 4 and g[0].value in STYLES and g[2].value == "T")


def numbered(g: list[Token]) -> bool:
    """Whether a superscript is a number or letter in brackets."""
    return len(g) >= 3 and g[0].value == "(" and g[-1].value == ")" and all(u.kind in ("num", "letter") for u in g[1:-1])


def raised(p: P, f: Formula, exponent: Formula) -> Formula:
    """f to a power; the square of a root that stands for sigma is the atom sigma^2."""
    if isinstance(f, Call) and f.name == "sqrt" and isinstance(f.args[0], Sym) and f.args[0].name.split("_")[0] in p.context.atoms.values():
        half = _halved(exponent)
        return f.args[0] if half == ONE else Pow(f.args[0], half) if half is not None else Pow(f, exponent)
    return Pow(f, exponent)


def _halved(k: Formula) -> Formula | None:
    """k/2 where that is a whole number."""
    match k:
        case Num(v) if v.denominator == 1 and v.numerator % 2 == 0:
            return num(v / 2)
        case Neg(Num(v)) if v.denominator == 1 and v.numerator % 2 == 0:
            return Neg(num(v / 2))
    return None


def below_norm(p: P, b: Formula, t: Token) -> Formula:
    """\\|x\\|_2 is the norm; any other subscript behind a formula is a mistake."""
    if not (isinstance(b, Apply) and b.name == "Norm"):
        p.fail("a subscript does not belong here", t)
    p.next()
    if text_of(p.group()) != "2":
        p.fail("this norm is not known", t, "write \\|x\\| for the root of the sum of squares")
    return b


# -- a name as a formula ----------------------------------------------------------------------


def named(p: P, t: Token) -> Formula:
    """A letter with all that belongs to it: a quantity, an observation, or a call."""
    p.back(t)
    start = p.i
    base = p.grammar.base(p)
    if base is None:
        p.i = start + 1
        if t.value in ("bar", "hat"):
            body = p.argument()
            if t.value == "bar":
                return p.grammar.mean(p, body)
        if t.kind == "cmd":
            p.fail(
                f"the command \\{t.value} is not known",
                t,
                _nearest_command(t.value, {*GREEK, *ACCENTS, *STYLES, *ALIASES, *p.grammar.commands}),
            )
        p.fail(f"{t.value!r} is not expected here", t)
    power = p.attempt(lambda: _power_before_subscript(p)) if p.at_symbol("^") else None
    exponent = p.part(power, p.inner) if power is not None else None
    count = primes(p)
    sub = p.grammar.subscript(p, base)
    if isinstance(sub, tuple):
        label = base + "_" + "".join(i.name if isinstance(i, Sym) else "" for i in sub)
        f = Sym(label) if label in p.context.matrices else _indexed(base, sub)
        return f if exponent is None else raised(p, f, exponent)
    name = base + ("_" + sub if sub else "")
    count += primes(p)
    if p.at_symbol("^"):
        mark = p.mark()
        p.next()
        g = p.group()
        if g and all(u.value == "prime" for u in g):
            count += len(g)
        elif text_of([u for u in g if u.value not in "{}" and u.value not in STYLES]) in p.grammar.labels:
            name += "_star"
        else:
            p.reset(mark)
    call = p.grammar.call(p, t, base, name, count)
    if call is not None:
        return call
    if count:
        p.fail(f"a prime on {name}, which is not a function", t)
    if p.at_symbol("^") and (inverse := _inverse(p, t, name)) is not None:
        return inverse
    f = letter(p, name)
    if isinstance(f, Sym) and t.value not in ACCENTS:
        p.notation.setdefault(f.name, p.src[t.start : p.toks[p.i - 1].end].strip() if p.i <= len(p.toks) else f.name)
    return f if exponent is None else raised(p, f, exponent)


def _power_before_subscript(p: P) -> list[Token] | None:
    """The power of x^2_i."""
    p.next()
    g = p.group()
    return g if p.at_symbol("_") else None


def _inverse(p: P, t: Token, name: str) -> Formula | None:
    """Phi^{-1}(u); None for a power.  Raises NotValid for a power before a bracket that may be anything."""
    script = text_of(p.ahead())
    mark = p.mark()
    p.next()
    p.group()
    bracket = p.at_symbol("(")
    if script == "-1" and name == "Phi" and p.opens("(", "[") and t.kind == "cmd" and name not in p.context.parameters:
        return Call("probit", p.arguments())
    p.reset(mark)
    if bracket and ((script == "-1" and name not in p.context.parameters | {"n"} | p.context.data) or name == "chi"):
        p.fail(f"{name}^{{{script}}}(...) may be an inverse function, a distribution or a product", t, f"declare {name}, or write brackets")
    return None


def letter(p: P, name: str) -> Formula:
    """The letter with this inside name, under the context: sigma where sigma^2 is the parameter is its root."""
    base, _, rest = name.partition("_")
    c = p.context
    atom = c.atoms.get(base)
    if atom is not None:
        return Call("sqrt", (Sym(atom + ("_" + rest if rest else "")),))
    if c.strict and not {name, base} & (c.parameters | c.data | c.functions | c.index | {c.size, "n"} | set(c.matrices) | set(p.bound)):
        known = in_words(c.parameters | c.data)
        p.fail(f"the letter {reported(name)} is not declared", p.toks[max(p.i - 1, 0)] if p.toks else None, f"declared are: {known}")
    return Sym(name)


def _indexed(base: str, index: tuple[Formula, ...]) -> Formula:
    return At(base + "_ord", index[1:]) if index and index[0] == ORDERED else At(base, index)


# -- letters and words with a meaning of their own ----------------------------------------------


def euler(p: P, t: Token) -> Formula:
    """e, and e^u."""
    return Call("exp", (p.argument(),)) if p.take_symbol("^") else Const("e")


def pi(p: P, t: Token) -> Formula:
    """The constant, where pi is no letter of the question."""
    if "pi" in p.context.parameters or p.at_symbol("_"):
        return p.grammar.letter(p, t)
    return Const("pi")


def infinity(p: P, t: Token) -> Formula:
    """\\infty."""
    return Const("oo")


def styled(p: P, t: Token) -> Formula:
    """\\mathrm{...} and the like: a word with a meaning, or a name."""
    g = p.group()
    word = text_of(g)
    if t.value in BOLD and word in ("1", "I"):
        return indicator(p, t)
    if word == "e" and t.value in ("mathrm", "rm", "text", "operatorname"):
        return euler(p, t)
    if t.value in TEXTS and g and " " in p.text(g).strip():
        p.fail(f"these are words, not a formula: {p.text(g)!r}", t)
    read = p.grammar.words.get(word) if word not in p.context.parameters else None
    return (read or p.grammar.letter)(p, t)


def vector(p: P, t: Token) -> Formula:
    """\\vec{x}."""
    p.fail("a vector is not read here", t, "write x for one observation that is a number; x_1, x_2 for a few numbers")


def unknown_partial(p: P, t: Token) -> Formula:
    """A partial that stands in no fraction."""
    p.fail("a partial derivative is a fraction: \\frac{\\partial \\ell}{\\partial \\theta}", t)
