"""One side of a relation, as a student writes it -> its readings as formulas, the likeliest first.

The grammar is that of `reading.tex`; where notation leaves a choice (how far a logarithm or a product reaches, what
is differentiated by), this reader makes every choice in turn instead of asking.
"""

from __future__ import annotations

import re

from ...errors import NotValid
from ...formula.tree import (
    ONE,
    Add,
    Apply,
    At,
    Big,
    Call,
    Derivative,
    Div,
    Formula,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    SetOf,
    Sym,
    Where,
    add,
    children,
    mul,
    num,
    rational,
    replace_all,
    walk,
)
from ...reading.tex.expressions import FUNCTIONS
from ...reading.tex.letters import Subscript
from ...reading.tex.operators import Bounds
from ...reading.tex.statements import Statements
from ...reading.tex.stream import CLOSING, plain, text_of
from ...reading.tex.tokens import GREEK, STYLES, Token
from .dots import dotted
from .scan import Notation
from .spelling import prepare

MOST, TRIES = 6, 24  # readings of one side, and attempts at them
BOLD = frozenset({"mathbf", "boldsymbol", "bm", "pmb", "mathbb", "vec"})
ESTIMATES = frozenset({"MLE", "ML", "mle", "ml", "opt", "est", "EMV", "MV", "MAP", "*", "star"})
PROFILE = ("prof", "profile", "pr")
LABELS = {"+": "plus", "-": "minus", "<": "less", ">": "more", "*": "star"}
DENSITIES = frozenset({"f", "p", "P", "g", "pi", "q"})
FIXED = frozenset({"L", "ell", "l", "LL", "NLL", "calL", "logL", "loglik", "f", "F", "calP"})  # called wherever a bracket follows
SCALARS = frozenset("nmNkrtdabcxyzeiCKTwu")  # letters that are seldom functions


EITHER = re.compile(r"\\pm(?![a-zA-Z])|\\mp(?![a-zA-Z])|±|∓")  # plus or minus


def _signed(text: str, signs: str) -> str:
    """The text with the first sign for plus-minus, the second for minus-plus."""
    return EITHER.sub(lambda m: signs[m[0] in ("\\mp", "∓")], text)


def readings(text: str, notation: Notation) -> list[Formula]:
    """Every way to read a side; plus-minus is read as either.  Raises NotValid where there is none."""
    if EITHER.search(text):
        return [*readings(_signed(text, "+-"), notation), *readings(_signed(text, "-+"), notation)]
    src = prepare(text, notation)
    queue: list[tuple[int, ...]] = [()]
    out: list[Formula] = []
    error: NotValid | None = None
    tries = 0
    while queue and len(out) < MOST and tries < TRIES:
        tries += 1
        script = queue.pop(0)
        reader = Student(src, notation, script)
        try:
            f = reader.whole()
            if f not in out:
                out.append(f)
        except NotValid as e:
            error = error or e
        for k in range(len(script), len(reader.options)):
            queue += [(*script, *[0] * (k - len(script)), j) for j in range(1, reader.options[k])]
        del queue[4 * MOST :]
    if not out:
        raise error or NotValid("there is no formula here")
    return out


def free(f: Formula) -> set[str]:
    """The letters of f that no sum or product binds, bases of indexed letters too."""
    match f:
        case Sym(name):
            return {name}
        case At(base, index):
            return {base}.union(*map(free, index))
        case Big(_, index, low, high, body):
            return free(low) | free(high) | (free(body) - {index})
    return set().union(*map(free, children(f)))


class Student(Statements):
    """Reads one side; `script` holds the choices to make, `options` the number there were at each."""

    def __init__(self, text: str, notation: Notation, script: tuple[int, ...] = ()):
        super().__init__(text, notation.context)
        self.names, self.script = notation, script
        self.options: list[int] = []

    def choose(self, options: int) -> int:
        """The choice at this place: 0 is the likeliest."""
        k = len(self.options)
        self.options.append(options)
        return self.script[k] if k < len(self.script) else 0

    def whole(self) -> Formula:
        """All of the text as one formula."""
        f = self.expression()
        if self.peek().kind != "eof":
            self.fail(f"{self.peek().value!r} is not expected here")
        return f

    def after(self, b: Formula) -> Formula:
        """(\\ln L)': primes behind the bracket of a function are derivatives."""
        if _is_function(b) and self.at_symbol("'") and len(self.names.parameters) == 1:
            order = self.primes()
            v = Sym(self.names.parameters[0])
            b = self._at_point(Derivative(b, ((v, order),)), v)
        return super().after(b)

    # -- how far functions reach ------------------------------------------------------------------

    def function(self, name: str) -> Formula:
        """log, exp and the like; after a bracket a power or factorial may belong to the value or the argument."""
        if name == "median":
            return self.median()
        base = power = None
        for _ in (1, 2):
            if self.at_symbol("_"):
                self.next()
                base = self.part(self.group(), self.inner)
            if self.at_symbol("^"):
                self.next()
                power = self.part(self.group(), self.inner)
        t = self.peek()
        bracket = (t.kind == "open" and t.value in CLOSING) or (t.kind == "sym" and t.value in CLOSING)
        if bracket:
            self.next()
            arg = self.bracketed(CLOSING[t.value])
            arg = self._behind_bracket(arg, name, power)
        elif t.kind == "sym" and t.value == "{":
            arg = self.after(self.atom())
        else:
            arg = self.bare_argument()
        f: Formula = Call(name, (arg,))
        if base is not None and base != Sym("e"):
            f = Div(f, Call(name, (base,)))
        return f if power is None else Pow(f, power)

    def _behind_bracket(self, arg: Formula, name: str, power: Formula | None) -> Formula:
        if name != "log":
            return arg
        if self.at_symbol("!") and self.choose(2) == 0:
            self.next()
            return Call("factorial", (arg,))
        if self.at_symbol("^") and power is None and self.choose(2) == 1:
            self.next()
            return self.raised(arg, self.part(self.group(), self.inner))
        return arg

    def bare_argument(self) -> Formula:
        """The argument of a function without brackets: the factors that follow, all of them or only the first."""
        minus = bool(self.take("-"))
        fs: list[Formula] = []
        ends: list[int] = []
        while self.starts():
            t = self.peek()
            function = t.kind == "cmd" and (t.value in FUNCTIONS or t.value in ("sum", "prod", "int", "lim", "max", "min"))
            if fs and function:
                break
            opens = t.kind == "open" or t.value in ("(", "[", "\\{", "frac")
            if fs and opens and self.choose(2) == 0:
                break
            fs.append(self.factor())
            ends.append(self.i)
            if function:
                break
        if not fs:
            self.fail("the function has no argument")
        if len(fs) > 1 and (pick := self.choose(min(3, len(fs)))):
            fs = fs[:pick]
            self.i = ends[pick - 1]
        f = mul(*fs)
        if self.at("/") and self.peek(1).kind in ("num", "letter", "cmd") and self.choose(2) == 1:
            self.next()
            f = Div(f, self.factor())
        return Neg(f) if minus else f

    def _goes_below(self, below: list[Formula]) -> bool:
        """After a slash: a/bc is a/(bc), or (a/b)c."""
        t = self.peek()
        letter = t.kind == "letter" or (t.kind == "cmd" and (t.value in GREEK or t.value in ("hat", "bar")))
        if not letter:
            return False
        return self.choose(2) == (0 if all(isinstance(f, Num) for f in below) else 1)

    # -- sums and products --------------------------------------------------------------------------

    def big(self, kind: str) -> Formula:
        """A sum or product, with full, partial or no bounds."""
        low, high = self.limits()
        bounds = self._bounds(low, high)
        self.bound += [b[0] for b in bounds]
        body = self.term() if self.starts() or self.at("-", "+") else ONE
        if not bounds:
            bounds = [(self._index_in(body), ONE if low is None else self.part(low, self.inner), self._high(high), None)]
        indices = {b[0] for b in bounds}
        body = self._observed(body, bounds[0][0]) if not indices & free(body) else body
        if kind == "sum" and self.at_symbol("+", "-") and self._index_ahead(indices):
            body = self._rest_of_sum(body, indices)
        outside: list[Formula] = []
        if kind == "prod" and isinstance(body, Mul):
            body, outside = self._inside(body, indices)
        del self.bound[len(self.bound) - (len(bounds) if self.bound else 0) :]
        if not any(g.base in self.context.data for g in walk(body) if isinstance(g, At)) and len(bounds) == 1:
            bounds = self._categories(body, bounds)
        conditions = [Indicator(c) for *_, c in bounds if c is not None]
        if conditions:
            body = mul(body, *conditions) if kind == "sum" else Pow(body, conditions[0])
        for index, a, b, _ in bounds:
            body = Big(kind, index, a, b, body)
        return mul(body, *outside)

    def _high(self, high: list[Token] | None) -> Formula:
        return self.part(high, self.inner) if high else Sym(self.context.size)

    def _bounds(self, low: list[Token] | None, high: list[Token] | None) -> list[Bounds]:
        """What stands below and above; none where there is no index."""
        if low is None or all(u.kind == "num" for u in low):
            return []
        size = self._high(high)
        cut = next((k for k, u in enumerate(low) if u.value in (":", "mid", "|")), None)
        if cut:
            index = text_of(low[:cut])
            self.bound.append(index)
            condition = self.part(low[cut + 1 :], self.condition)
            self.bound.pop()
            return [(index, ONE, size, condition)]
        if len(low) == 1 and low[0].kind in ("letter", "cmd"):
            return [(low[0].value, ONE, size, None)]
        if low[0].kind == "letter" and low[-1].value == "=":
            return [(low[0].value, ONE, size, None)]
        if len(low) > 2 and low[1].value == "=" and low[0].kind == "letter":
            commas = [k for k, u in enumerate(low) if u.value == ","]
            if commas:  # i = 1, ..., n
                return [(low[0].value, self.part(low[2 : commas[0]], self.inner), self.part(low[commas[-1] + 1 :], self.inner), None)]
            return [(low[0].value, self.part(low[2:], self.inner), size, None)]
        if "_" in [u.value for u in low]:
            index = next((u.value for k, u in enumerate(low) if k and low[k - 1].value == "_"), "i")
            return [(index, ONE, size, self.part(low, self.condition))]
        return self.part(low, lambda: self.range(high))

    def _index_in(self, body: Formula) -> str:
        """The index that the body of a sum without bounds runs over."""
        for g in walk(body):
            if isinstance(g, At) and len(g.index) == 1 and isinstance(g.index[0], Sym) and g.index[0].name in free(body):
                if g.index[0].name not in self.bound:
                    return g.index[0].name
        return "i"

    def _observed(self, body: Formula, index: str) -> Formula:
        """The data letters of a body without an index, with it: sum x is the sum of x_i."""
        return replace_all(body, {Sym(v): At(v, (Sym(index),)) for v in self.context.data})

    def _index_ahead(self, indices: set[str]) -> bool:
        """Whether the terms that follow hold the index of this sum before another sum begins."""
        depth = 0
        for k in range(self.i, len(self.toks)):
            u = self.toks[k]
            depth += (u.kind == "open" or u.value in ("(", "[", "{", "\\{")) - (u.kind == "close" or u.value in (")", "]", "}", "\\}"))
            if depth < 0 or u.value in ("sum", "prod") or (depth == 0 and u.value == ","):
                return False
            if u.value in indices and k and self.toks[k - 1].value in ("_", "{") and u.kind == "letter":
                return True
        return False

    def _rest_of_sum(self, body: Formula, indices: set[str]) -> Formula:
        parts = [body]
        while self.at_symbol("+", "-") and self._index_ahead(indices):
            minus = self.next().value == "-"
            t = self.term()
            parts.append(Neg(t) if minus else t)
        return add(*parts)

    def _inside(self, body: Mul, indices: set[str]) -> tuple[Formula, list[Formula]]:
        """Factors behind the last one with the index stand outside the product, or inside."""
        holds = [bool(indices & free(f)) for f in body.factors]
        if not any(holds) or holds[-1]:
            return body, []
        last = max(k for k, h in enumerate(holds) if h) + 1
        if self.choose(2) == 1:
            return body, []
        return mul(*body.factors[:last]), list(body.factors[last:])

    def _categories(self, body: Formula, bounds: list[Bounds]) -> list[Bounds]:
        """A sum over k of n_k log p_k without an end runs over the categories, not over the sample."""
        index, a, b, c = bounds[0]
        others = any(isinstance(g, At) and Sym(index) in g.index for g in walk(body))
        return [(index, a, Sym("K"), c)] if others and b == Sym(self.context.size) and a == ONE and index in ("j", "k", "l") else bounds

    # -- derivatives ----------------------------------------------------------------------------------

    def derivative(self, top: list[Token], bottom: list[Token]) -> Formula | None:
        """d/dx and the like; second in sigma or first in sigma^2 is a choice; a bracket behind it may be a point."""
        head = self._differential_head(top)
        if head is None or not bottom:
            return None
        order, rest = head
        try:
            variables = self.part(bottom, self._variables)
        except (NotValid, ValueError):
            return None
        if not variables:
            return None
        done = self._by(variables, order)
        if plain(rest):
            d: Formula = Derivative(self.part(plain(rest), self.inner), tuple(done))
            return self._at_point(d, done[0][0])
        saved = self.i
        body = self.term()
        if self.at_symbol("+", "-") and not _is_function(body) and self.choose(2) == 1:
            self.i = saved
            body = self.expression()
        return Derivative(body, tuple(done))

    def _differential_head(self, top: list[Token]) -> tuple[int, list[Token]] | None:
        def head() -> tuple[int, list[Token]] | None:
            if not self.differential():
                return None
            order = 1
            if self.at_symbol("^"):
                self.next()
                order = int(text_of(plain(self.group())))
            return order, self.toks[self.i :]

        try:
            return self.part(top, head, whole=False) if top else None
        except (NotValid, ValueError):
            return None

    def _variables(self) -> list[tuple[Formula, int]] | None:
        out: list[tuple[Formula, int]] = []
        while self.peek().kind != "eof":
            if not self.differential():
                return None
            v = self._variable()
            if v is None:
                return None
            k = 1
            if self.at_symbol("^"):
                self.next()
                k = int(text_of(plain(self.group())))
            out.append((v, k))
        return out

    def differential(self) -> bool:
        """A d, partial, or (as some write) delta, taken."""
        if self.peek().value == "delta" and self.peek().kind == "cmd" and "delta" not in self.context.parameters:
            self.next()
            return True
        return super().differential()

    def _by(self, variables: list[tuple[Formula, int]], order: int) -> list[tuple[Formula, int]]:
        """The variables with their orders: partial sigma^2 is once by sigma^2, or twice by sigma."""
        total = sum(k for _, k in variables)
        out: list[tuple[Formula, int]] = []
        for v, k in variables:
            atom = self.context.atoms.get(v.name) if isinstance(v, Sym) else None
            root: Formula = Call("sqrt", (Sym(atom),)) if atom else v
            square: Formula = Sym(atom) if atom else Pow(v, num(2))
            if k % 2 == 0 and total > order:
                out.append((square, k // 2))
            elif k == 2 and order == 2 and len(variables) == 1 and atom:
                out.append((square, 2) if self.choose(2) == 1 else (root, 2))
            else:
                out.append((root, k))
        if sum(k for _, k in out) != order and len(out) == 1:
            out = [(out[0][0], order)]
        return out

    def _at_point(self, d: Formula, v: Formula) -> Formula:
        """A derivative followed by (value): taken there, where the value is a point and not a factor."""
        t = self.peek()
        if t.value != "(" or t.kind not in ("sym", "open"):
            return d
        saved = self.i
        try:
            args = self.arguments()
        except NotValid:
            args = ()
        if len(args) == 1 and isinstance(args[0], (Sym, Num)) and (args[0] == v or self.names.is_point(args[0])):
            return d if args[0] == v else Where(d, v, args[0])
        self.i = saved
        return d

    def read_partial(self) -> Formula:
        """partial_theta ell, partial_mu partial_sigma ell."""
        return self._operator()

    def _operator(self) -> Formula:
        variables: list[tuple[Formula, int]] = []
        self.need("_")
        for v in self.part(self.group(), self._letters):
            variables.append((v, 1))
        if self.at_symbol("^"):
            self.next()
            order = int(text_of(plain(self.group())) or 1)
            variables = [(v, order) for v, _ in variables]
        return Derivative(self.term(), tuple(variables))

    def _letters(self) -> list[Formula]:
        out = [self.factor()]
        while self.peek().kind != "eof":
            self.take(",")
            out.append(self.factor())
        return out

    def read_nabla(self) -> Formula:
        """The gradient: a derivative where there is one parameter."""
        if self.at_symbol("_"):
            return self._operator()
        order = 1
        if self.at_symbol("^"):
            self.next()
            order = int(text_of(plain(self.group())))
        body = self.factor()
        if len(self.names.parameters) == 1:
            return Derivative(body, ((Sym(self.names.parameters[0]), order),))
        return Apply("nabla", (body,))

    def read_dot(self) -> Formula:
        return self._dotted_function(1)

    def read_ddot(self) -> Formula:
        return self._dotted_function(2)

    def _dotted_function(self, order: int) -> Formula:
        body = self.part(self.group(), self.inner)
        if self.at_symbol("_"):
            self.next()
            self.group()
        args: tuple[Formula, ...] = ()
        if self.at("("):
            args = self.arguments()
        if not isinstance(body, Apply):
            self.fail("a dot over what is no function")
        return self.primed(body.name, args, order)

    def primed(self, name: str, args: tuple[Formula, ...], order: int) -> Formula:
        """name'(args): the derivative by the parameter, at a point where the argument is one."""
        args = self.names.arguments(name, args)
        ps = self.names.parameters
        if len(ps) != 1 and not (len(args) == 1 and isinstance(args[0], Sym)):
            self.fail(f"a prime on {name}, a function of several parameters")
        v: Formula = Sym(ps[0]) if len(ps) == 1 else args[0]
        if len(ps) > 1 and isinstance(v, Sym) and self.names.is_point(v):
            of = [p for p in ps if p.split("_")[0].removesuffix("2") == v.name.split("_")[0].removesuffix("2")]
            v = Sym(of[0]) if len(of) == 1 else v
        if len(args) == 1 and args[0] != v and isinstance(args[0], Sym) and not self.names.is_point(args[0]):
            v = args[0]
        if not args or args[0] == v:
            return Derivative(Apply(name, args), ((v, order),))
        return Where(Derivative(Apply(name, (v,)), ((v, order),)), v, args[0])

    def evaluation_bar(self, b: Formula) -> Formula:
        """After the bar: _{theta = value}, several of them, or the value alone."""
        self.need("_")
        g = self.group()
        if not any(u.value == "=" for u in g):
            at = self.part(g, self.inner)
            ps = [p for p in self.names.parameters if isinstance(at, Sym) and at.name.split("_")[0] == p.split("_")[0]]
            if not ps and len(self.names.parameters) == 1:
                ps = [self.names.parameters[0]]
            if not ps:
                self.fail("this point has no letter", g[0] if g else None)
            return Where(b, Sym(ps[0]), at)

        def pairs() -> list[tuple[Formula, Formula]]:
            out: list[tuple[Formula, Formula]] = []
            while True:
                v = self.expression()
                self.need("=")
                out.append((v, self.expression()))
                if not self.take(",", ";"):
                    return out

        for v, to in self.part(g, pairs):
            b = Where(b, v, to)
        return b

    def dotted(self, parts: list[Formula], k: int, kind: str) -> Formula:
        """p_1 + ... + p_4 and x_1 ... x_n: what the parts before and after the dots share, over its index."""
        return dotted(parts, k, kind) or super().dotted(parts, k, kind)

    # -- names and calls ----------------------------------------------------------------------------------

    def base(self) -> str | None:
        """A bold x is the whole sample: x_vec."""
        t = self.peek()
        if t.kind == "cmd" and t.value in BOLD:
            saved = self.i
            self.next()
            g = plain(self.group())
            if len(g) == 1 and g[0].kind == "letter" and t.value != "mathbb" and self.names.is_vector(g[0].value):
                return g[0].value + "_vec"
            if t.value == "vec" and len(g) == 1:
                return g[0].value
            self.i = saved
        return super().base()

    def subscript(self, base: str) -> Subscript:
        """Whatever label a writer puts below: n_+, n_{>3}."""
        saved, toks = self.i, self.toks
        label = self.names.label(base, text_of(self._ahead_group())) if self.at_symbol("_") else None
        if label is not None:
            self.next()
            self.group()
            return label
        try:
            return super().subscript(base)
        except NotValid:
            self.i, self.toks = saved, toks
            if not self.take("_"):
                raise
            g = plain(self.group())
            word = "".join(LABELS.get(u.value, u.value if u.value.isalnum() else "") for u in g)
            if not word or self.at_symbol("_"):
                raise
            return word

    def letter_or_call(self, t: Token) -> Formula:
        """I_k(x) is a Bessel function where the density has one; its order may be a formula."""
        if t.value == "I" and t.kind == "letter" and "besseli" in self.names.declared.special and self.peek(1).value == "_":
            self.next()
            self.next()
            order = self.part(self.group(), self.inner)
            if self.at("(", "["):
                return Call("besseli", (order, *self.arguments()))
            self.fail("a Bessel function has its argument in brackets")
        return super().letter_or_call(t)

    def superscript_label(self, g: list[Token]) -> str | None:
        word = text_of([u for u in g if u.value not in "{}()" and u.value not in STYLES])
        return "_star" if word in ESTIMATES else None

    def numbered(self, b: Formula, g: list[Token], t: Token) -> Formula:
        """x^{(i)} is observation i; of another letter it is a label."""
        index = g[1:-1]
        base = b.name.split("_")[0] if isinstance(b, Sym) else None
        if isinstance(b, Sym) and base in self.context.data:
            return At(base, (self.part(index, self.inner),))
        if all(u.kind == "num" for u in index) and isinstance(b, Sym):
            return Sym(b.name + "_" + text_of(index))
        return self.raised(b, self.part(index, self.inner))

    def call(self, t: Token, base: str, name: str, primes: int) -> Formula | None:
        """A function call: of a function that has a name, or where the bracket holds nothing but names."""
        root, _, label = name.partition("_")
        bracket = self.at_symbol("(", "[") or (self.peek().kind == "open" and self.peek().value in ("(", "["))
        if name == "nabla" or root in ("Gamma", "psi", "B", "Beta", "Phi") or (name == "zeta" and "zeta" in self.context.functions):
            return super().call(t, base, name, primes)
        if root in self.context.data or name in self.context.parameters:
            if not (bracket and self.looks_like_call()):
                return None
        function = root in FIXED and root not in self.context.parameters
        if function and label and root not in ("f", "F", "calP") and (by := self.names.by(label)):
            args = self.arguments() if bracket else ()
            return Derivative(Apply(root, args), tuple((Sym(v), by.count(v)) for v in dict.fromkeys(by)))
        head = "ell_prof" if root in ("ell", "l") and label in PROFILE else root if function else name
        if not bracket:
            if not (function or root in self.names.functions) or root in ("f", "F", "calP"):
                return None
            return self.primed(head, (), primes) if primes else Apply(head, ())
        of_data = root in DENSITIES and bool(label) and (self.names.by(label) or label in self.context.data)
        known = function or of_data or root in self.names.functions or root in ("E", "Var", "Cov", "P", "Pr", "SD", "SE")
        if not known and not self._only_names() and not self.looks_like_call():
            return None
        if not known and self.names.is_letter(root):
            if not self.looks_like_call():
                return None
        if not known and len(root) == 1 and root in SCALARS and not self.looks_like_call() and self.choose(2) == 0:
            return None
        args = self.arguments()
        return self.primed(head, args, primes) if primes else Apply(head, args)

    def _only_names(self) -> bool:
        """Whether the bracket that follows holds parameters, data and their estimates alone."""
        depth = script = 0
        scripted = False  # whether a subscript or superscript begins
        for u in self.toks[self.i :]:
            if script or scripted:
                script += {"{": 1, "}": -1}.get(u.value, 0)
                scripted = False
            elif u.value in ("_", "^") and u.kind == "sym":
                scripted = True
            elif u.value in ("(", "[") and u.kind in ("sym", "open"):
                depth += 1
            elif u.value in (")", "]") and u.kind in ("sym", "close"):
                depth -= 1
                if depth == 0:
                    return True
            elif u.kind == "letter" or (u.kind == "cmd" and u.value in GREEK):
                if not self.names.is_argument(u.value):
                    return False
            elif u.kind == "num" or u.value in ("+", "-", "/", "frac", "cdot", "=", "<", ">"):
                return False
        return False

    def read_hat(self) -> Formula:
        return self._accent("hat")

    def read_bar(self) -> Formula:
        return self._accent("bar")

    def read_tilde(self) -> Formula:
        return self._accent("tilde")

    def _accent(self, accent: str) -> Formula:
        """An accent over a name belongs to it; over an expression it is an estimate or a mean."""
        start = self.i - 1
        while self.toks[start].kind == "sp":
            start -= 1
        t = self.toks[start]
        self.i = start
        name = self.base()
        if name is not None:
            self.i = start
            return self.letter_or_call(t)
        self.i = start + 1
        body = self.part(self.group(), self.inner)
        return self.mean_of(body) if accent == "bar" else Apply("hat", (body,))

    def mean_of(self, body: Formula) -> Formula:
        """A bar over an expression: its mean over the sample."""
        index = self._index_in(body)
        return Div(Big("sum", index, ONE, Sym(self.context.size), self._observed(body, index)), Sym(self.context.size))

    # -- brackets, numbers, indicators ------------------------------------------------------------------------

    def bracketed(self, closing: str) -> Formula:
        """Brackets; with commas inside they hold a list."""
        f = self.dots_or(closing)
        items = [f]
        while self.at_symbol(",", ";") and closing not in ("|", "||"):
            self.next()
            items.append(self.dots_or(closing))
        t = self.next()
        if t.value != closing or (t.kind not in ("sym", "close") and t.value not in ("rfloor", "rceil")):
            self.fail(f"{closing} is expected here, not {t.value or 'the end'!r}", t, "close every bracket with its own kind")
        if closing == "\\}" and (len(items) > 1):
            return SetOf(tuple(items))
        return f if len(items) == 1 else Apply("tuple", tuple(items))

    def dots_or(self, closing: str) -> Formula:
        from ...formula.tree import Dots

        if self.at("dots") and self.peek(1).value in (",", ";", closing):
            self.next()
            return Dots()
        return self.inner(bars=int(closing in ("|", "||")))

    def styled(self, t: Token) -> Formula | None:
        """\\#{i : x_i = 1}: how many observations are such."""
        saved = self.i
        self.next()
        if text_of(plain(self.group())) == "card":
            if self.at_symbol("\\{", "(") or (self.peek().kind == "open" and self.peek().value in ("\\{", "(")):
                return self.counted()
            return Sym("number")
        self.i = saved
        return super().styled(t)

    def counted(self) -> Formula:
        """The number of observations in a set {i : condition}."""
        closing = CLOSING[self.next().value]
        start, depth = self.i, 1
        while depth and self.i < len(self.toks):
            u = self.toks[self.i]
            depth += (u.value in CLOSING) - (u.value in CLOSING.values())
            self.i += 1
        inside = self.toks[start : self.i - 1]
        if depth or self.toks[self.i - 1].value != closing:
            self.fail(f"{closing} is expected here")
        cut = next((k for k, u in enumerate(inside) if u.value in (":", "|", "mid") or u.kind == "row"), None)
        if cut is not None:
            inside = inside[cut + 1 :]
        index = next((u.value for k, u in enumerate(inside) if k and inside[k - 1].value == "_" and u.value in self.context.index), "i")
        self.bound.append(index)
        condition = self.part(inside, self.condition)
        self.bound.pop()
        return Big("sum", index, ONE, Sym(self.context.size), Indicator(condition))

    def number(self, t: Token) -> Formula:
        if t.value == "1" and (self.at_symbol("_") or (self.at_symbol("\\{", "(") and self.looks_like_indicator(0))):
            return self.indicator()
        return super().number(t)

    def looks_like_indicator(self, ahead: int = 1) -> bool:
        """Whether a bracket with a relation in it follows."""
        a = self.peek(ahead)
        if a.value == "_" and a.kind == "sym":
            following = self.peek(ahead + 1).value
            return following in ("(", "[") or (following == "{" and (not ahead or self.peek(ahead + 2).value in ("(", "[", "\\{")))
        if a.value not in ("(", "\\{", "["):
            return False
        depth = 0
        for u in self.toks[self.i :]:
            if u.value in ("(", "\\{", "[", "{"):
                depth += 1
            if u.value in (")", "\\}", "]", "}"):
                depth -= 1
                if depth == 0:
                    return False
            if u.value in ("<", ">", "le", "ge", "in", "=", "ne"):
                return True
        return False

    def _transposed(self, g: list[Token]) -> bool:
        if not super()._transposed(g):
            return False
        return self.choose(2) == (1 if "T" in self.names.letters else 0)

    # -- greatest, least, median ----------------------------------------------------------------------------------

    def extreme(self, word: str) -> Formula:
        """Over the sample an order statistic; over a parameter maxover, minover; of a list its greatest."""
        over: list[Token] | None = None
        if self.at_symbol("_"):
            self.next()
            over = plain(self.group())
        elif self.at_symbol("\\limits"):
            self.next()
        index = over[0].value if over else ""
        running = [u.value for u in over or () if u.value in self.context.index]
        if running:
            index = running[0]
        elif over and not any(u.value in self.context.data for u in over):
            v = self.part(over[: next((k for k, u in enumerate(over) if u.value == "in"), len(over))], self.inner)
            return Apply(word + "over", (self.term(), v))
        self.bound.append(index or "i")
        t = self.peek()
        args = (self.factor(),)
        if t.value in CLOSING or t.kind == "open":
            a = args[0]
            args = a.items if isinstance(a, SetOf) else a.args if isinstance(a, Apply) and a.name == "tuple" else (a,)  # type: ignore[assignment]
        self.bound.pop()
        return self.names.extreme(word, args, index)

    def median(self) -> Formula:
        """The sample median, of whatever list of the data is written."""
        if self.at_symbol("_"):
            self.next()
            self.group()
        body = self.factor()
        data = [g.base if isinstance(g, At) else g.name for g in walk(body) if isinstance(g, (At, Sym))]
        name = next((self.names.observed(d.split("_")[0]) for d in data if self.names.observed(d.split("_")[0])), None)
        if name is None or any(isinstance(g, (Add, Mul, Call)) for g in walk(body)):
            return Call("median", body.items if isinstance(body, SetOf) else body.args if isinstance(body, Apply) else (body,))
        return Sym(name + "_med")

    def read_lg(self) -> Formula:
        """The logarithm to base 10."""
        return Div(self.function("log"), Call("log", (num(10),)))

    def read_sup(self) -> Formula:
        return self.extreme("max")

    def read_inf(self) -> Formula:
        return self.extreme("min")

    def read_Pr(self) -> Formula:
        """A probability."""
        return Apply("P", self.arguments())

    def read_iff(self) -> Formula:
        self.fail("an arrow stands inside a formula")


def _is_function(f: Formula) -> bool:
    """Whether f is a likelihood or its logarithm by name."""
    return isinstance(f, Apply) or (isinstance(f, Call) and f.name == "log" and isinstance(f.args[0], Apply))


__all__ = ["Relation", "Student", "free", "rational", "re", "readings"]
