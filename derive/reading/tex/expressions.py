"""Sums, products, powers, brackets, functions: precedence climbing over tokens, keeping the shape as written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ...formula.tree import (
    ONE,
    Apply,
    At,
    Big,
    Call,
    Const,
    Derivative,
    Div,
    Dots,
    Formula,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    Where,
    add,
    mul,
    num,
    replace,
    walk,
)
from .letters import Letters
from .stream import CLOSING, CONNECTIVES, RELATIONS, plain, text_of
from .tokens import GREEK, STYLES, TEXTS, Token

FUNCTIONS = {  # a command or styled word -> a known function of one argument
    "exp": "exp", "ln": "log", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "arctan": "arctan", "arcsin": "arcsin", "arccos": "arccos", "sgn": "sign", "sign": "sign", "erf": "erf", "erfc": "erfc",
    "arsinh": "asinh", "asinh": "asinh", "arcsinh": "asinh", "median": "median", "digamma": "digamma", "logit": "logit", "det": "det",
    "sech": "sech",
}  # fmt: skip
NAMED = {"Gamma": "gamma", "psi": "digamma", "B": "beta", "Beta": "beta", "Phi": "Phi", "W": "lambertw", "zeta": "zeta"}
ALWAYS = frozenset({"Gamma"})  # functions wherever they are followed by a bracket
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
        ]
    )
)


class Expressions(Letters):
    """Reads one expression from the stream."""

    integrals = 0  # how many integrals wait for their d
    bars = 0  # whether a | closes
    inside = 0  # whether a bracket is open, so that wide blanks do not end the expression

    # -- sums and products --------------------------------------------------------------------

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

    # -- atoms ----------------------------------------------------------------------------------

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

    # -- functions --------------------------------------------------------------------------------

    def function(self, name: str) -> Formula:
        """log, exp and the like, with a base, a power, and an argument in brackets or without."""
        base = power = None
        if self.at_symbol("_"):
            self.next()
            base = self.part(self.group(), self.inner)
        if self.at_symbol("^"):
            self.next()
            power = self.part(self.group(), self.inner)
        t = self.peek()
        if (t.kind == "open" and t.value in CLOSING) or (t.kind == "sym" and (t.value in CLOSING or t.value == "{")):
            if t.value == "{":
                arg = self.atom()
            else:
                self.next()
                arg = self.bracketed(CLOSING[t.value])
            if self.at_symbol("^") and name == "log" and power is None:
                g = text_of(self._ahead_group())
                if not g.startswith("-"):
                    self.fail(
                        f"{name}(...)^{g} may be a power of the value or of the argument", t, "write brackets: (\\log(x))^2 or \\log((x)^2)"
                    )
            if self.at_symbol("!"):
                self.fail(f"{name}(...)! may be a factorial of the value or of the argument", t, "write brackets")
        else:
            arg = self.bare_argument()
        f: Formula = Call(name, (arg,)) if name != "sech" else Div(ONE, Call("cosh", (arg,)))
        if base is not None:
            f = Div(f, Call(name, (base,)))
        return f if power is None else Pow(f, power)

    def _ahead_group(self) -> list[Token]:
        saved, toks = self.i, self.toks
        self.next()
        g = self.group()
        self.i, self.toks = saved, toks
        return plain(g)

    def bare_argument(self) -> Formula:
        """The argument of a function without brackets: the simple factors that follow."""
        minus = bool(self.take("-"))
        fs: list[Formula] = []
        while self.starts():
            t = self.peek()
            function = t.kind == "cmd" and (t.value in FUNCTIONS or t.value in ("sum", "prod", "int", "lim", "max", "min"))
            if fs and (function or t.kind == "open" or t.value in ("(", "[", "\\{", "frac")):
                break
            fs.append(self.factor())
            if function:
                break
        if not fs:
            self.fail("the function has no argument")
        f = mul(*fs)
        if self.at_symbol("/") and self.peek(1).kind in ("num", "letter", "cmd"):
            self.fail("it is not clear whether the slash belongs to the argument", hint="write brackets: \\log(a/b) or (\\log a)/b")
        return Neg(f) if minus else f

    def arguments(self) -> tuple[Formula, ...]:
        """(a, b; c | d) after the name of a function."""
        return self.listed(CLOSING[self.next().value])

    def listed(self, closing: str) -> tuple[Formula, ...]:
        out: list[Formula] = []
        saved = self.integrals, self.bars, self.inside
        self.integrals, self.bars, self.inside = 0, 1, 1
        while True:
            if self.at("dots"):
                self.next()
                out.append(Dots())
            else:
                out.append(self.maybe_relation())
            t = self.next()
            if t.value == closing and t.kind in ("sym", "close"):
                break
            if t.value not in (",", ";", "|", "mid", ":"):
                self.fail(f", or {closing} is expected here", t)
        self.integrals, self.bars, self.inside = saved
        return tuple(out)

    def maybe_relation(self) -> Formula:
        f = self.expression()
        sign = self.sign()
        return f if sign is None else Relation((f, self.expression()), (sign,))

    def sign(self) -> str | None:
        """A relation sign, taken."""
        t = self.peek()
        if t.kind in ("sym", "cmd") and t.value in RELATIONS:
            self.next()
            return RELATIONS[t.value]
        if t.kind == "cmd" and t.value in ("overset", "stackrel", "underset"):
            saved = self.i
            self.next()
            self.group()
            g = self.group()
            if len(g) == 1 and g[0].value in RELATIONS:
                return RELATIONS[g[0].value]
            self.i = saved
        return "in" if self.take("in") else None

    # -- letters that stand for something -------------------------------------------------------

    def named(self) -> Formula:
        """A command, a word, a letter: a function call or a letter."""
        t = self.peek()
        v = t.value
        if t.kind == "cmd":
            reading: Callable[[], Formula] | None = getattr(self, "read_" + v, None)
            if reading is not None:
                self.next()
                return reading()
            if v in FUNCTIONS:
                self.next()
                return self.function(FUNCTIONS[v])
            if v in STYLES:
                styled = self.styled(t)
                if styled is not None:
                    return styled
            if v == "infty":
                self.next()
                return Const("oo")
            if v == "partial":
                self.fail("a partial derivative is a fraction: \\frac{\\partial \\ell}{\\partial \\theta}", t)
        parameters = self.context.parameters
        if v == "e" and t.kind == "letter" and "e" not in parameters:
            self.next()
            return self.euler()
        if v == "I" and t.kind == "letter" and "I" not in parameters and self.looks_like_indicator():
            self.next()
            return self.indicator()
        if v == "pi" and t.kind == "cmd" and "pi" not in parameters and not (self.peek(1).kind == "sym" and self.peek(1).value == "_"):
            self.next()
            return Const("pi")
        return self.letter_or_call(t)

    def styled(self, t: Token) -> Formula | None:
        saved = self.i
        self.next()
        g = plain(self.group())
        word = text_of(g)
        if t.value in ("mathbf", "mathbb", "mathds", "bf", "boldsymbol") and word in ("1", "I"):
            return self.indicator()
        if word == "e" and t.value in ("mathrm", "rm", "text", "operatorname"):
            return self.euler()
        if t.value in TEXTS and g and " " in self.src[g[0].start : g[-1].end].strip():
            self.fail(f"these are words, not a formula: {self.src[g[0].start : g[-1].end]!r}", t)
        if word in FUNCTIONS and word not in self.context.parameters:
            return self.function(FUNCTIONS[word])
        if word in ("argmax", "argmin"):
            return self.arg_extreme(word)
        if word in ("max", "min"):
            return self.extreme(word)
        self.i = saved
        return None

    def euler(self) -> Formula:
        if self.at_symbol("^"):
            self.next()
            return Call("exp", (self.part(self.group(), self.inner),))
        return Const("e")

    def letter_or_call(self, t: Token) -> Formula:
        start = self.i
        base = self.base()
        if base is None:
            self.i = start
            self.next()
            if t.value in ("bar", "hat"):
                body = self.part(self.group(), self.inner)
                if t.value == "bar":
                    return self.mean_of(body)
            self.fail(f"the command \\{t.value} is not known" if t.kind == "cmd" else f"{t.value!r} is not expected here", t)
        power = self.power_before_subscript()
        primes = self.primes()
        sub = self.subscript(base)
        if isinstance(sub, tuple):
            label = base + "_" + "".join(i.name if isinstance(i, Sym) else "" for i in sub)
            f = Sym(label) if label in self.context.matrices else self.indexed(base, sub)
            return f if power is None else self.raised(f, power)
        name = base + ("_" + sub if sub else "")
        primes += self.primes()
        if self.at_symbol("^"):
            saved = self.i
            self.next()
            g = plain(self.group())
            if g and all(u.value == "prime" for u in g):
                primes += len(g)
            elif (star := self.superscript_label(g)) is not None:
                name += star
            else:
                self.i = saved
        call = self.call(t, base, name, primes)
        if call is not None:
            return call
        if primes:
            self.fail(f"a prime on {name}, which is not a function", t)
        if self.at_symbol("^"):
            script = text_of(self._ahead_group())
            saved = self.i
            self.next()
            self.group()
            bracket = self.at_symbol("(")
            self.i = saved
            if bracket and ((script == "-1" and name not in self.context.parameters | {"n"} | self.context.data) or name == "chi"):
                self.fail(
                    f"{name}^{{{script}}}(...) may be an inverse function, a distribution or a product",
                    t,
                    f"declare {name}, or write brackets",
                )
        f = self.letter(name)
        if isinstance(f, Sym) and t.kind in ("letter", "cmd") and t.value not in ("hat", "bar", "tilde"):
            self.notation.setdefault(f.name, self.src[t.start : self.toks[self.i - 1].end].strip() if self.i <= len(self.toks) else f.name)
        return f if power is None else self.raised(f, power)

    def power_before_subscript(self) -> Formula | None:
        """The power of x^2_i."""
        if not self.at_symbol("^"):
            return None
        saved, toks = self.i, self.toks
        self.next()
        g = self.group()
        if self.at_symbol("_"):
            return self.part(g, self.inner)
        self.i, self.toks = saved, toks
        return None

    def primes(self) -> int:
        k = 0
        while self.at_symbol("'"):
            self.next()
            k += 1
        return k

    def call(self, t: Token, base: str, name: str, primes: int) -> Formula | None:
        """A function call, where the name is that of a function."""
        c = self.context
        own = name in c.parameters or (base in c.parameters and name == base)
        declared = (name in c.functions or base in c.functions) and not own
        known = name in ALWAYS or (base == "B" and t.kind == "cmd") or (name in NAMED and name in c.functions)
        bracket = self.at_symbol("(", "[") or (self.peek().kind == "open" and self.peek().value in ("(", "["))
        if name == "nabla":
            return Apply("nabla", (self.factor(),))
        if not bracket:
            return Apply(name, ()) if declared and name in ("ell", "L") and name not in c.data else None
        bessel = name.startswith("I_") and name[2:].isdigit()
        special = (bessel or name in ("psi", "Phi") or (name == "zeta" and primes > 0)) and not own and t.kind in ("cmd", "letter")
        word = t.kind == "cmd" and t.value in STYLES and len(base) > 1
        if not (declared or known or special or (word and not own) or self.looks_like_call()) or (name in c.data and not declared):
            return None
        if own and not self.looks_like_call():
            return None
        args = self.arguments()
        if bessel and name not in c.functions and len(args) == 1:
            return Call("besseli", (num(int(name[2:])), args[0]))
        if ((known or special) and name in NAMED) or (name in ("B", "Beta") and len(args) == 2 and (known or name in c.functions)):
            f: Formula = Call(NAMED[name], args)
            if name == "zeta" and primes:
                return Call("zetad", (num(primes), *args))
            if name == "psi" and primes:
                return Call("trigamma", args) if primes == 1 else Call("polygamma", (num(primes), *args))
        else:
            f = Apply(name, args)
        return Derivative(f, ((args[0], primes),)) if primes else f

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

    def looks_like_call(self) -> bool:
        """A bracket with a comma, a semicolon or a bar at its own depth cannot be a product."""
        depth, j = 0, self.i
        while j < len(self.toks) and self.toks[j].kind == "sp":
            j += 1
        for u in self.toks[j:]:
            if u.kind == "open" or (u.kind == "sym" and u.value in ("(", "[", "\\{", "{")):
                depth += 1
            if u.kind == "close" or (u.kind == "sym" and u.value in (")", "]", "\\}", "}")):
                depth -= 1
            if depth == 0:
                return False
            if depth == 1 and ((u.kind == "sym" and u.value in ",;") or u.value == "mid"):
                return True
        return False

    # -- written by other layers --------------------------------------------------------------------

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
