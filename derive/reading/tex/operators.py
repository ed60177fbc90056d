"""Fractions and derivatives, roots, sums, products, integrals, limits, cases, indicators."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.tree import (
    ONE,
    And,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Const,
    Derivative,
    Div,
    Dots,
    Formula,
    Indicator,
    Integral,
    Limit,
    Mul,
    Neg,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    add,
    mul,
    names,
    num,
)
from .expressions import Expressions
from .stream import CLOSING, plain, text_of
from .tokens import GREEK, STYLES, Token

Bounds = tuple[str, Formula, Formula, Formula | None]


class Operators(Expressions):
    """Commands with a structure of their own: `read_NAME` reads what follows the command NAME."""

    # -- fractions and derivatives --------------------------------------------------------------

    def read_frac(self) -> Formula:
        top, bottom = self.group(), self.group()
        d = self.derivative(plain(top), plain(bottom))
        if d is not None:
            return d
        return Div(self.content(top), self.content(bottom))

    def derivative(self, top: list[Token], bottom: list[Token]) -> Formula | None:
        """d/dx, partial^2 ell/partial mu partial sigma^2: None where the fraction is no derivative."""

        def head() -> tuple[int, list[Token]] | None:
            if not self.differential():
                return None
            order = 1
            if self.at_symbol("^"):
                self.next()
                order = int(text_of(self.group()) or 0)
            return order, self.toks[self.i :]

        def variables() -> list[tuple[Formula, int]] | None:
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
                    k = int(text_of(self.group()))
                out.append((v, k))
            return out

        try:
            a = self.part(top, head, whole=False) if top else None
            b = self.part(bottom, variables) if a and bottom else None
        except (NotValid, ValueError):
            return None
        if not a or not b:
            return None
        order, rest = a
        done = self._atoms(b, order)
        if sum(k for _, k in done) != order:
            self.fail("the orders of this derivative do not agree", top[0])
        rest = plain(rest)
        body = self.part(rest, self.inner) if rest else self.term()
        return Derivative(body, tuple(done))

    def _variable(self) -> Formula | None:
        if self.at_symbol("("):
            self.next()
            return self.bracketed(")")
        name = self.base()
        if name is None:
            return None
        sub = self.subscript(name)
        return At(name, sub) if isinstance(sub, tuple) else Sym(name + ("_" + sub if sub else ""))

    def _atoms(self, variables: list[tuple[Formula, int]], order: int) -> list[tuple[Formula, int]]:
        """partial sigma^2 is once by sigma^2 where that is a letter of its own."""
        total = sum(k for _, k in variables)
        out: list[tuple[Formula, int]] = []
        for v, k in variables:
            atom = self.context.atoms.get(v.name) if isinstance(v, Sym) else None
            if atom is not None and k >= 2 and total > order:
                out.append((Sym(atom), k // 2))
            elif atom is not None and k == 2 and total == order and len(variables) == 1 and order == 2:
                self.fail(
                    f"this derivative may be the second in {v.name} or the first in {v.name}^2" if isinstance(v, Sym) else "",
                    None,
                    "write \\partial(\\sigma^2)",
                )
            else:
                out.append((v, k))
        return out

    def differential(self) -> bool:
        """A d or partial, taken."""
        t = self.peek()
        if (t.kind == "letter" and t.value == "d") or (t.kind == "cmd" and t.value == "partial"):
            self.next()
            return True
        if t.kind == "cmd" and t.value in ("mathrm", "rm", "text"):
            saved = self.i
            self.next()
            if text_of(self.group()) == "d":
                return True
            self.i = saved
        return False

    def is_differential(self) -> bool:
        saved = self.i
        try:
            if not self.differential():
                return False
            t = self.peek()
            return t.kind == "letter" or (t.kind == "cmd" and t.value in GREEK | {"mathbf"})
        finally:
            self.i = saved

    # -- roots and binomials ----------------------------------------------------------------------

    def read_sqrt(self) -> Formula:
        if self.at_symbol("["):
            self.next()
            k = self.bracketed("]")
            return Pow(self.part(self.group(), self.inner), Div(ONE, k))
        return Call("sqrt", (self.part(self.group(), self.inner),))

    def read_binom(self) -> Formula:
        top = self.part(self.group(), self.inner)
        return Call("binomial", (top, self.part(self.group(), self.inner)))

    def read_lfloor(self) -> Formula:
        return Call("floor", (self.bracketed("rfloor"),))

    # -- sums and products ------------------------------------------------------------------------

    def read_sum(self) -> Formula:
        return self.big("sum")

    def read_prod(self) -> Formula:
        return self.big("prod")

    def big(self, kind: str) -> Formula:
        low, high = self.limits()
        size = Sym(self.context.size)
        if low is None:
            index = "i" if "i" in self.context.index else min(self.context.index)
            bounds: list[Bounds] = [(index, ONE, self.part(high, self.inner) if high else size, None)]
        else:
            bounds = self.part(low, lambda: self.range(high))
        self.bound += [b[0] for b in bounds]
        start = self.peek()
        body = self.term()
        del self.bound[len(self.bound) - len(bounds) :]
        if kind == "prod":
            body = self._inside_product(body, bounds, start)
        conditions = [Indicator(c) for *_, c in bounds if c is not None]
        body = mul(body, *conditions) if conditions and kind == "sum" else body
        for index, a, b, _ in bounds:
            body = Big(kind, index, a, b, body)
        return body

    def _inside_product(self, body: Formula, bounds: list[Bounds], start: Token) -> Formula:
        """A factor behind the index that does not hold it may stand inside or outside the product."""
        if not isinstance(body, Mul):
            return body
        indices = {b[0] for b in bounds}
        holds = [bool(indices & names(f)) for f in body.factors]
        if any(holds) and not holds[-1]:
            self.fail(
                "it is not clear whether the last factors belong to the product", start,
                "write brackets around the product: \\left(\\prod_{i=1}^n x_i\\right) e^{-\\lambda}",
            )  # fmt: skip
        return body

    def limits(self) -> tuple[list[Token] | None, list[Token] | None]:
        low = high = None
        for _ in (1, 2):
            if self.at_symbol("_") and low is None:
                self.next()
                low = plain(self.group())
            elif self.at_symbol("^") and high is None:
                self.next()
                high = self.group()
        return low, high

    def range(self, high: list[Token] | None) -> list[Bounds]:
        """i=1, i, i,j, 1 <= i <= n, i != j, i < j, i in {1, ..., n}."""
        size = Sym(self.context.size)
        if high is not None:
            v = self._index()
            self.need("=")
            a = self.expression()
            return [(v, a, self.part(high, self.inner), None)]
        first = self.expression()
        sign = self.sign()
        if sign is None:
            out: list[Bounds] = [(self._name(first), ONE, size, None)]
            while self.take(","):
                out.append((self._index(), ONE, size, None))
            return out
        if sign == "in":
            s = self.set_literal()
            if isinstance(s, SetOf) and s.items[0] == ONE and len(s.items) >= 2:
                return [(self._name(first), ONE, s.items[-1], None)]
            self.fail("this range is not understood", hint="write \\sum_{i=1}^{n}")
        second = self.expression()
        again = self.sign()
        if again is not None:
            third = self.expression()
            low = first if sign == "<=" else add(first, ONE)
            return [(self._name(second), low, third if again == "<=" else add(third, Neg(ONE)), None)]
        if sign == "!=":
            one, two = self._name(first), self._name(second)
            return [(one, ONE, size, None), (two, ONE, size, Relation((Sym(one), Sym(two)), ("!=",)))]
        if sign == "<":
            return [(self._name(first), ONE, add(second, Neg(ONE)), None), (self._name(second), ONE, size, None)]
        self.fail("this range is not understood" if sign != "=" else "this sum has a beginning and no end", hint="write \\sum_{i=1}^{n}")

    def _index(self) -> str:
        return self._name(self.expression())

    def _name(self, f: Formula) -> str:
        if not isinstance(f, Sym):
            self.fail("an index is one letter")
        return f.name

    # -- integrals and limits -----------------------------------------------------------------------

    def read_int(self) -> Formula:
        low, high = self.limits()
        self.integrals += 1
        body = self.expression() if self.starts() or self.at("-") else ONE
        self.integrals -= 1
        if not self.differential():
            self.fail("this integral has no dx")
        name = self.base()
        if name is None:
            self.fail("the variable of the integral is missing")
        if low is None or high is None:
            return Integral(body, Sym(name), None, None)
        return Integral(body, Sym(name), self.part(low, self.inner), self.part(high, self.inner))

    def read_lim(self) -> Formula:
        self.need("_")
        g = self.group()
        k = next((j for j, u in enumerate(g) if u.value == "to"), None)
        if k is None:
            self.fail("a limit needs \\to", g[0])
        v, to = self.part(g[:k], self.inner), self.part(g[k + 1 :], self.inner)
        return Limit(self.term(), v, to)

    # -- greatest, least ----------------------------------------------------------------------------

    def read_max(self) -> Formula:
        return self.extreme("max")

    def read_min(self) -> Formula:
        return self.extreme("min")

    def extreme(self, word: str) -> Formula:
        """max_i x_i and max{x_1, ..., x_n} are order statistics; else the greatest of a list."""
        if self.at_symbol("_"):
            self.next()
            g = plain(self.group())
            self.bound.append(g[0].value)
            body = self.factor()
            self.bound.pop()
            if isinstance(body, At) and not body.base.endswith("_ord"):
                return At(body.base + "_ord", (Sym(self.context.size) if word == "max" else ONE,))
            self.fail(f"{word} over an index of an expression is not supported")
        t = self.next()
        if t.value not in CLOSING:
            self.fail(f"{word} needs a list in brackets", t)
        args = self.listed(CLOSING[t.value])
        if Dots() in args:
            data = [a for a in args if isinstance(a, At)]
            if len(data) >= 2 and args[0] == data[0] and data[0].index == (ONE,) and len({a.base for a in data}) == 1:
                return At(data[0].base + "_ord", data[-1].index if word == "max" else (ONE,))
            self.fail(f"the dots in this {word} are not understood", t)
        return Call(word, args)

    def read_arg(self) -> Formula:
        t = self.next()
        if t.value not in ("max", "min"):
            self.fail("\\arg is followed by \\max or \\min", t)
        return self.arg_extreme("arg" + t.value)

    def arg_extreme(self, word: str) -> Formula:
        v: Formula | None = None
        if self.at_symbol("_"):
            self.next()
            g = self.group()
            stop = next((j for j, u in enumerate(g) if u.value == "in"), len(g))
            v = self.part(g[:stop], self.inner)
        body = self.term()
        return Apply(word, (body,) if v is None else (body, v))

    # -- conditions, cases, indicators ------------------------------------------------------------------

    def set_literal(self) -> Formula:
        """{0, 1, ...}, [a, b), or a letter for a set: \\mathbb{R}, \\mathbb{N}."""
        t = self.next()
        if t.value == "\\{":
            return SetOf(self.listed("\\}"))
        if t.value in ("[", "("):
            a = self.inner()
            if not self.take(",", ";"):
                self.fail("an interval has two ends", None, "write (a, b)")
            b = self.inner()
            c = self.next()
            if c.value not in ("]", ")"):
                self.fail("an interval ends with ] or )", c)
            return Span(a, b, t.value == "(", c.value == ")")
        if t.kind == "cmd" and t.value in STYLES:
            word = text_of(plain(self.group()))
            sub = ""
            if self.at_symbol("_", "^"):
                self.next()
                sub = text_of(self.group())
            named = SETS.get((word, sub.replace("{", "").replace("}", "")))
            if named is not None:
                return named
        self.fail("a set is expected here", t, "write \\{0, 1\\}, [0, 1] or \\mathbb{R}")

    def side(self) -> Formula:
        return self.expression()

    def condition(self) -> Formula:
        """One relation or several, joined by commas."""
        parts: list[Formula] = []
        while True:
            sides, signs = [self.expression()], list[str]()
            while (s := self.sign()) is not None:
                signs.append(s)
                sides.append(self.set_literal() if s == "in" else self.expression())
            if not signs:
                self.fail("a condition is expected here")
            parts.append(Relation(tuple(sides), tuple(signs)))
            if not self.take(",") and not (self.is_word() and self.word()):
                break
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def looks_like_indicator(self) -> bool:
        a = self.peek(1)
        if a.value == "_" and a.kind == "sym":
            return self.peek(2).value in ("(", "[") or (self.peek(2).value == "{" and self.peek(3).value in ("(", "[", "\\{"))
        if a.value not in ("(", "\\{", "["):
            return False
        depth = 0
        for u in self.toks[self.i + 1 :]:
            if u.value in ("(", "\\{", "[", "{"):
                depth += 1
            if u.value in (")", "\\}", "]", "}"):
                depth -= 1
            if depth == 0:
                return False
            if u.value in ("<", ">", "le", "ge", "in"):
                return True
        return False

    def indicator(self) -> Formula:
        """1_{x > 0}, 1{x > 0}, 1_{[0, oo)}(x)."""
        if self.at_symbol("_"):
            self.next()
            g = plain(self.group())
            if g and g[0].value == "\\{":
                return Indicator(self.part(g[1:-1], self.condition))
            if (
                g
                and g[0].value in ("[", "(")
                and any(u.value in (",", ";") for u in g)
                and not any(u.value in ("<", ">", "le", "ge") for u in g)
            ):
                s = self.part(g, self.set_literal)
                if not self.at("("):
                    self.fail("an indicator of an interval needs its argument: \\mathbf{1}_{[0,1]}(x)")
                return Indicator(Relation((self.arguments()[0], s), ("in",)))
            return Indicator(self.part(g, self.condition))
        t = self.next()
        if t.value not in CLOSING:
            self.fail("an indicator needs its condition", t, "write \\mathbf{1}\\{x > 0\\}")
        c = self.condition()
        self.need(CLOSING[t.value])
        return Indicator(c)

    def cases_after(self, opening: str) -> Formula | None:
        """\\left\\{ \\begin{cases} ... \\end{cases} \\right."""
        if opening != "\\{" or not self.at("begin"):
            return None
        self.next()
        f = self.read_begin()
        t = self.next()
        if t.kind != "close":
            self.fail("\\right. is expected here", t)
        return f

    def read_begin(self) -> Formula:
        name = text_of(self.group()).rstrip("*")
        if name == "array":
            self.group()
        if name not in ("cases", "array", "dcases", "rcases"):
            self.fail(f"the environment {name} does not belong inside a formula")
        rows: list[list[list[Token]]] = [[[]]]
        depth = 0
        while True:
            if self.i >= len(self.toks):
                self.fail(f"\\begin{{{name}}} is never ended")
            t = self.toks[self.i]
            self.i += 1
            if t.kind == "cmd" and t.value == "end":
                self.group()
                break
            if t.kind == "sym" and t.value in "{}":
                depth += 1 if t.value == "{" else -1
            if t.kind == "row" and depth == 0:
                rows.append([[]])
            elif t.kind == "sym" and t.value == "&" and depth == 0:
                rows[-1].append([])
            else:
                rows[-1][-1].append(t)
        out = [self.cases_row([c for c in map(_trimmed, cells) if c]) for cells in rows if any(map(_trimmed, cells))]
        return Cases(tuple(out))

    def cases_row(self, cells: list[list[Token]]) -> tuple[Formula, Formula | None]:
        if len(cells) != 2:
            self.fail("a row of cases has a value and a condition: 1/\\theta & 0 \\le x \\le \\theta", cells[0][0] if cells else None)

        def condition() -> Formula | None:
            while self.is_word():
                if self.word() in ("otherwise", "else", "elsewhere"):
                    return None
            return self.condition()

        return self.part(cells[0], self.inner), self.part(cells[1], condition)


OO = Const("oo")
SETS: dict[tuple[str, str], Formula] = {  # a letter for a set, and what stands below or above it
    ("R", ""): Span(Neg(OO), OO, True, True),
    ("R", "+"): Span(num(0), OO, True, True),
    ("R", ">0"): Span(num(0), OO, True, True),
    ("N", ""): SetOf((num(1), num(2), Dots())),
    ("N", "0"): SetOf((num(0), num(1), Dots())),
}


def _trimmed(cell: list[Token]) -> list[Token]:
    start, end = 0, len(cell)
    while end > start and (cell[end - 1].kind == "sp" or (cell[end - 1].kind == "sym" and cell[end - 1].value in ".,;")):
        end -= 1
    while start < end and cell[start].kind == "sp":
        start += 1
    return cell[start:end]
