"""Sums, products, powers, brackets, functions: precedence climbing over tokens, keeping the shape as written."""

from __future__ import annotations

from fractions import Fraction

from ...formula.tree import Apply, At, Big, Call, Div, Formula, Neg, Num, Sym, Where, add, mul, num, replace, walk
from .letters import Letters
from .stream import CLOSING, CONNECTIVES, RELATIONS, plain, text_of
from .tokens import GREEK, STYLES, Token

FUNCTIONS = {  # a command or styled word -> a known function of one argument
    "exp": "exp", "ln": "log", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "arctan": "arctan", "arcsin": "arcsin", "arccos": "arccos", "sgn": "sign", "sign": "sign", "erf": "erf", "erfc": "erfc",
    "arsinh": "asinh", "asinh": "asinh", "arcsinh": "asinh", "arcosh": "acosh", "acosh": "acosh", "arccosh": "acosh",
    "artanh": "atanh", "atanh": "atanh", "arctanh": "atanh", "atan2": "atan2", "median": "median", "digamma": "digamma", "logit": "logit", "det": "det",
    "sech": "sech",
}  # fmt: skip
STOPS = (
    frozenset(RELATIONS)
    | frozenset(CONNECTIVES)
    | frozenset(
        [
            "cdot",
            "times",
            "div",
            "mid",
            "in",
            "end",
            "%",
            "rfloor",
            "rceil",
            "overset",
            "stackrel",
            "underset",
            "right",
            "T",
            "choose",
            "over",
            "dots",
            "to",
            "forall",
        ]
    )
)


class Expressions(Letters):
    """Reads one expression from the stream."""

    integrals = 0  # how many integrals wait for their d
    bars = 0  # whether a | closes
    inside = 0  # whether a bracket is open, so that wide blanks do not end the expression

    # -- sums and products ------------------------------------------------------------------------

    def expression(self) -> Formula:
        """A sum of terms."""
        parts: list[Formula] = []
        dots: int | None = None
        minus = self.at_symbol("-", "+") and self.next().value == "-"
        while True:
            if self.at("dots"):
                self.next()
                dots = len(parts)
            else:
                t = self.term()
                parts.append(Neg(t) if minus else t)
            if not self.at_symbol("+", "-"):
                break
            minus = self.next().value == "-"
        if dots is not None:
            return self.dotted(parts, dots, "sum")
        return add(*parts)

    def term(self) -> Formula:
        """A product, with slashes and dots."""
        fs: list[Formula] = []
        dots: int | None = None
        negative = False
        below: list[Formula] | None = None  # factors under a slash, while it lasts
        top: list[Formula] = []
        while True:
            if self.at("dots"):
                self.next()
                dots = len(fs)
            else:
                if fs and self.at_symbol("-"):
                    self.next()
                    negative = not negative
                f = self.factor()
                if below is not None:
                    below.append(f)
                else:
                    fs.append(f)
            if self.take("cdot", "times", "*"):
                fs, below, top = self._close(fs, top, below)
                continue
            slash = self.peek()
            if self.take("/", "div"):
                fs, below, top = self._close(fs, top, below)
                top, fs, below = fs, [], []
                if slash.value == "div":
                    below = [self.factor()]
                    fs, below, top = self._close(fs, top, below)
                    if self.take("cdot", "times", "*"):
                        continue
                    break
                continue
            if self.starts() or (self.at("dots") and self.peek(1).value not in ("+", "-", "")):
                if below is not None and not self._goes_below(below):
                    fs, below, top = self._close(fs, top, below)
                continue
            break
        fs, below, top = self._close(fs, top, below)
        if dots is not None:
            return self.dotted(fs, dots, "prod")
        f = mul(*fs)
        return Neg(f) if negative else f

    def _close(self, fs: list[Formula], top: list[Formula], below: list[Formula] | None) -> tuple[list[Formula], None, list[Formula]]:
        """The slash ends: what stood before it over what stood after it."""
        if below is None:
            return fs, None, top
        return [Div(mul(*top), mul(*below))], None, []

    def _goes_below(self, below: list[Formula]) -> bool:
        """After a slash and a number a letter still belongs below (x/2v); two letters side by side are asked about."""
        t = self.peek()
        letter = t.kind == "letter" or (t.kind == "cmd" and (t.value in GREEK or t.value in ("hat", "bar")))
        if not letter:
            return False
        if all(isinstance(f, Num) for f in below):
            self.warnings.append("a letter after a slash and a number is read as part of the denominator")
            return True
        if len(below) == 1 or not isinstance(below[0], Num):
            self.fail("it is not clear what stands under the slash", t, "write a fraction, or brackets: a/(bc) or (a/b)c")
        return True

    def starts(self) -> bool:
        """Whether another factor begins here."""
        t = self.peek()
        if self.peek(0, True).kind == "sp" and self.peek(0, True).value == "quad" and not self.inside:
            return False
        if t.kind == "open":
            return True
        if t.kind == "sym" and t.value in ("|", "||"):
            return not self.bars
        if t.kind in ("num", "letter"):
            return not (t.value == "d" and self.integrals and self.is_differential())
        if t.kind == "sym":
            return t.value in ("(", "[", "{", "\\{") and not (t.value == "(" and not self.inside and self.holds_relation())
        if t.kind == "cmd":
            if t.value == "mathrm" and self.integrals and self.is_differential():
                return False
            if t.value in STYLES:
                return not self.is_word()
            return t.value not in STOPS
        return False

    def holds_relation(self) -> bool:
        """Whether the bracket that comes holds an inequality: a side condition, no factor."""
        depth = 0
        for u in self.toks[self.i :]:
            if u.kind == "open" or (u.kind == "sym" and u.value in ("(", "[", "\\{", "{")):
                depth += 1
            if u.kind == "close" or (u.kind == "sym" and u.value in (")", "]", "\\}", "}")):
                depth -= 1
                if depth == 0:
                    return False
            if depth == 1 and u.kind in ("sym", "cmd") and u.value in ("<", ">", "le", "ge", "=", "in"):
                return True
        return False

    # -- powers and brackets ----------------------------------------------------------------------

    def factor(self) -> Formula:
        if self.at_symbol("+", "-"):
            minus = self.next().value == "-"
            f = self.factor()
            return Neg(f) if minus else f
        return self.after(self.atom())

    def after(self, b: Formula) -> Formula:
        """Powers, factorials, percent signs and evaluation bars behind an atom."""
        raised = False
        while True:
            t = self.peek()
            if t.kind == "sym" and t.value == "^":
                if raised:
                    self.fail("two powers stand on one letter", t, "write brackets: (x^2)^3")
                self.next()
                raised = True
                g = plain(self.group())
                if self._transposed(g):
                    b = Apply("Transpose", (b,))
                    continue
                if len(g) >= 3 and g[0].value == "(" and g[-1].value == ")" and all(u.kind in ("num", "letter") for u in g[1:-1]):
                    b = self.numbered(b, g, t)
                    continue
                b = self.raised(b, self.part(g, self.inner))
            elif t.kind == "sym" and t.value == "!":
                self.next()
                b, raised = Call("factorial", (b,)), False
            elif t.kind == "cmd" and t.value == "%":
                self.next()
                b = Div(b, num(100))
            elif t.kind == "sym" and t.value == "|" and self.peek(1).value == "_" and self.peek(1).kind == "sym" and not self.bars:
                self.next()
                return self.evaluation_bar(b)
            elif t.kind == "sym" and t.value == "_" and isinstance(b, Apply) and b.name == "Norm":
                self.next()
                if text_of(plain(self.group())) != "2":
                    self.fail("this norm is not known", t, "write \\|x\\| for the root of the sum of squares")
            elif t.kind == "sym" and t.value == "_":
                self.fail("a subscript does not belong here", t)
            else:
                return b

    def numbered(self, b: Formula, g: list[Token], t: Token) -> Formula:
        """b with a superscript (k): a label or a power."""
        self.fail(f"the superscript {text_of(g)} is a label or a power", t, "write x_1 for the first observation")

    def superscript_label(self, g: list[Token]) -> str | None:
        """What a superscript adds to a name, where it is a label: the star of an optimum."""
        return "_star" if len(g) == 1 and g[0].value == "*" else None

    def _transposed(self, g: list[Token]) -> bool:
        letter = len(g) == 1 and g[0].value == "T" and "T" not in self.context.parameters
        return letter or (len(g) == 4 and g[0].value in STYLES and g[2].value == "T")

    def evaluation_bar(self, b: Formula) -> Formula:
        """After the bar: _{theta = value}."""
        self.need("_")

        def reading() -> tuple[Formula, Formula]:
            v = self.expression()
            self.need("=")
            return v, self.expression()

        v, to = self.part(self.group(), reading)
        return Where(b, v, to)

    def inner(self, bars: int = 0) -> Formula:
        """An expression in brackets: blanks do not end it."""
        saved = self.integrals, self.bars, self.inside
        self.integrals, self.bars, self.inside = 0, bars, 1
        self.depth += 1
        if self.depth > 60:
            self.fail("more than 60 brackets lie within one another")
        try:
            return self.expression()
        finally:
            self.integrals, self.bars, self.inside = saved
            self.depth -= 1

    def bracketed(self, closing: str) -> Formula:
        """After an opening delimiter: an expression up to the closing one."""
        f = self.inner(bars=int(closing == "|"))
        t = self.next()
        if t.value != closing or (t.kind not in ("sym", "close") and t.value != "rfloor"):
            self.fail(f"{closing} is expected here, not {t.value or 'the end'!r}", t, "close every bracket with its own kind")
        return f

    # -- atoms ------------------------------------------------------------------------------------

    def atom(self) -> Formula:
        t = self.next()
        v = t.value
        if t.kind == "num" and v == "1" and self.at_symbol("_"):
            return self.indicator()
        if t.kind == "num":
            return self.number(t)
        if t.kind == "open":
            if v in CLOSING:
                system = self.cases_after(v)
                return system if system is not None else self.bracketed(CLOSING[v])
            if v == "|":
                return Call("abs", (self.bracketed("|"),))
            if v == "||":
                return Apply("Norm", (self.bracketed("||"),))
            if v == ".":
                f = self.inner()
                c = self.next()
                if c.kind == "close" and c.value == "|" and self.at_symbol("_"):
                    return self.evaluation_bar(f)
                self.fail("\\left. belongs to \\right|_{...}", c)
            if v == "lfloor":
                return Call("floor", (self.bracketed("rfloor"),))
            self.fail(f"the delimiter {v!r} is not known", t)
        if t.kind == "sym":
            if v in CLOSING:
                return self.bracketed(CLOSING[v])
            if v == "{":
                return self.braces(t)
            if v == "|":
                return Call("abs", (self.bracketed("|"),))
            if v == "||":
                return Apply("Norm", (self.bracketed("||"),))
        if t.kind in ("letter", "cmd"):
            self._back(t)
            return self.named()
        self.fail(f"{v!r} is not expected here" if v else "the formula ends too soon", t)

    def _back(self, t: Token) -> None:
        self.i -= 1
        while self.toks[self.i] is not t:
            self.i -= 1

    def braces(self, t: Token) -> Formula:
        self._back(t)
        g = self.group()
        if g and g[0].value in ("rm", "bf", "it"):
            g = [Token("cmd", "mathrm", g[0].start, g[0].end), Token("sym", "{", 0, 0), *g[1:], Token("sym", "}", 0, 0)]
        if not plain(g):
            self.fail("there is nothing between these braces", t)
        return self.content(g)

    def content(self, g: list[Token]) -> Formula:
        """What stands between braces: an expression, n \\choose k, or a \\over b."""
        depth = 0
        for j, u in enumerate(g):
            depth += {"{": 1, "}": -1}.get(u.value, 0) if u.kind == "sym" else 0
            if u.kind == "cmd" and u.value in ("choose", "over") and depth == 0:
                above, below = self.part(g[:j], self.inner), self.part(g[j + 1 :], self.inner)
                return Call("binomial", (above, below)) if u.value == "choose" else Div(above, below)
        return self.part(g, self.inner)

    def number(self, t: Token) -> Formula:
        """Digits with thousands put in: 10\\,000, 10{,}000; a decimal comma where it is declared."""
        text = t.value
        while True:
            a = self.toks[self.i : self.i + 4]
            if (
                len(a) >= 2
                and a[0].kind == "sp"
                and a[0].value == ","
                and a[1].kind == "num"
                and len(a[1].value) == 3
                and "." not in text + a[1].value
            ):
                text += a[1].value
                self.i += 2
            elif len(a) == 4 and a[0].value == "{" and a[1].value == "," and a[2].value == "}" and a[3].kind == "num":
                if self.context.decimal == ",":
                    text += "." + a[3].value
                elif len(a[3].value) == 3:
                    text += a[3].value
                else:
                    self.fail("a number with a comma in it", t, 'declare the decimal sign: names={"decimal": ","}')
                self.i += 4
            else:
                break
        if len(text) > 60:
            self.fail("this number is too long", t)
        return Num(Fraction(text))

    # -- written by other layers ------------------------------------------------------------------

    def dotted(self, parts: list[Formula], k: int, kind: str) -> Formula:
        """x_1 + ... + x_n: a sum or product over an index that the parts before and after the dots show."""
        if k == 0 or k >= len(parts):
            self.fail("these dots have no beginning or no end", hint="write x_1 + ... + x_n, or a sum")
        first, last = parts[0], parts[k]
        for spot in [g for g in walk(first) if isinstance(g, At)]:
            index = Sym("i")
            body = replace(first, spot, At(spot.base, (index,)))
            ends = [g.index[0] for g in walk(last) if isinstance(g, At) and g.base == spot.base]
            for end in ends:
                if replace(body, index, end) == last and all(replace(body, index, num(j + 1)) == parts[j] for j in range(k)):
                    rest = parts[k + 1 :]
                    whole = Big(kind, "i", spot.index[0], end, body)
                    return add(whole, *rest) if kind == "sum" else mul(whole, *rest)
        self.fail("these dots are not understood", hint="write a sum or a product with its bounds")

    def mean_of(self, body: Formula) -> Formula:
        """A bar over an expression: its mean over the sample."""
        return Apply("bar", (body,))

    def named(self) -> Formula:
        raise NotImplementedError

    def euler(self) -> Formula:
        raise NotImplementedError

    def looks_like_indicator(self) -> bool:
        raise NotImplementedError

    def indicator(self) -> Formula:
        raise NotImplementedError

    def cases_after(self, opening: str) -> Formula | None:
        raise NotImplementedError

    def is_differential(self) -> bool:
        raise NotImplementedError

    def arg_extreme(self, word: str) -> Formula:
        raise NotImplementedError

    def extreme(self, word: str) -> Formula:
        raise NotImplementedError
