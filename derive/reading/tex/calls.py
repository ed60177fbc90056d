"""Functions and their arguments; letters, and which of them are called."""

from __future__ import annotations

from collections.abc import Callable

from ...formula.tree import ONE, Apply, Call, Const, Derivative, Div, Dots, Formula, Neg, Pow, Relation, Sym, mul, num
from .expressions import FUNCTIONS, Expressions
from .stream import CLOSING, RELATIONS, plain, text_of
from .tokens import STYLES, TEXTS, Token

NAMED = {"Gamma": "gamma", "psi": "digamma", "B": "beta", "Beta": "beta", "Phi": "Phi", "W": "lambertw", "zeta": "zeta"}
INVERSE = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}  # sin^{-1} u
OF_TWO = frozenset({"atan2"})  # functions of two arguments
BRANCHES: dict[str, tuple[Formula, ...]] = {"W_0": (), "W_-1": (num(-1),)}  # of the Lambert function
ALWAYS = frozenset({"Gamma"})  # functions wherever they are followed by a bracket


class Calls(Expressions):
    """Reads log x, Gamma(a), f(x; theta), and letters that are no functions."""

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
        if name in OF_TWO and power is None and self.opens_call():
            return Call(name, self.arguments())
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
        if power == num(-1) and name in INVERSE and base is None:
            return Call(INVERSE[name], (arg,))
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

    # -- letters that stand for something ---------------------------------------------------------

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
            if script == "-1" and name == "Phi" and self.opens_call() and t.kind == "cmd" and name not in self.context.parameters:
                return Call("probit", self.arguments())
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

    def opens_call(self) -> bool:
        """Whether a bracket with arguments comes."""
        return self.at_symbol("(", "[") or (self.peek().kind == "open" and self.peek().value in ("(", "["))

    def call(self, t: Token, base: str, name: str, primes: int) -> Formula | None:
        """A function call, where the name is that of a function."""
        c = self.context
        own = name in c.parameters or (base in c.parameters and name == base)
        declared = (name in c.functions or base in c.functions) and not own
        known = name in ALWAYS or (base == "B" and t.kind == "cmd") or (name in NAMED and name in c.functions)
        bracket = self.opens_call()
        if name == "nabla":
            return Apply("nabla", (self.factor(),))
        if not bracket:
            return Apply(name, ()) if declared and name in ("ell", "L") and name not in c.data else None
        bessel = name.startswith("I_") and name[2:].isdigit()
        special = (
            (bessel or name in BRANCHES or name in ("psi", "Phi") or (name == "zeta" and primes > 0))
            and not own
            and t.kind in ("cmd", "letter")
        )
        word = t.kind == "cmd" and t.value in STYLES and len(base) > 1
        if not (declared or known or special or (word and not own) or self.looks_like_call()) or (name in c.data and not declared):
            return None
        if own and not self.looks_like_call():
            return None
        args = self.arguments()
        if name in BRANCHES and name not in c.functions and len(args) == 1:
            return Call("lambertw", (*args, *BRANCHES[name]))
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
