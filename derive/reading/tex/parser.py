"""The parser of formulas: tokens walked in order, sums, products and powers by precedence, all else by the tables of a notation.

A `Grammar` is such a notation: literal tables from commands, environments, words, letters, delimiters and signs to the
functions that read them, and the few rules in which notations differ.  A further notation is a further table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

from ...errors import NotValid
from ...formula.tree import Apply, Call, Div, Dots, Formula, Neg, Num, Relation, add, mul, num
from ..context import Context
from .tokens import GREEK, STYLES, TEXTS, Token, tokens

T = TypeVar("T")
W = TypeVar("W")
CLOSING = {"(": ")", "[": "]", "\\{": "\\}"}
DEEPEST = 60

RELATIONS = {
    "=": "=", "<": "<", ">": ">", "le": "<=", "ge": ">=", "ne": "!=", "propto": "propto", "approx": "approx", "sim": "~", "equiv": "=", ":=": ":=",
}  # fmt: skip
CONNECTIVES = {"implies": "implies", "iff": "iff", "therefore": "implies", "to": "implies"}
WORDS = frozenset({
    "for", "if", "when", "where", "with", "and", "for all", "otherwise", "else", "on", "so", "thus", "hence", "then", "such that", "for any",
    "for every", "for each", "and thus", "it follows that", "we have", "because", "since", "or", "that is", "i.e", "is", "elsewhere",
})  # fmt: skip
STOPS = frozenset({  # commands that are no factor
    *RELATIONS, *CONNECTIVES, "cdot", "times", "div", "mid", "in", "end", "%", "rfloor", "rceil", "overset", "stackrel", "underset", "right",
    "T", "choose", "over", "dots", "to", "forall",
})  # fmt: skip

Subscript = str | tuple[Formula, ...]
Handler: TypeAlias = "Callable[[Parser[W], Token], Formula]"  # reads what a token, just taken, begins


@dataclass(frozen=True, slots=True)
class Grammar(Generic[W]):
    """A notation.

    commands, words, letters, delimiters: what reads the rest after \\name, after \\operatorname{name} where the name is
    no parameter, after a letter or number that is none, after an opening delimiter.  environments: what reads the body of
    \\begin{name}.  postfixes: what a sign behind a formula makes of it, or None.  differentials: commands that may be a d.
    labels: superscripts that mark an optimum.

    letter: reads any other letter.  base, subscript: the parts of a name.  call: a call, or None where the bracket
    behind a name is a factor.  brackets: up to a closing delimiter.  dots: a sum or product with dots at a place.
    mean: a bar over an expression.  below: whether the next letter still belongs under a slash.  point: what stands
    behind an evaluation bar.
    """

    commands: dict[str, Handler[W]]
    environments: dict[str, Callable[[Parser[W], str], Formula]]
    words: dict[str, Handler[W]]
    letters: dict[str, Handler[W]]
    delimiters: dict[str, Handler[W]]
    postfixes: dict[str, Callable[[Parser[W], Formula, Token], Formula | None]]
    differentials: frozenset[str]
    labels: frozenset[str]
    letter: Handler[W]
    base: Callable[[Parser[W]], str | None]
    subscript: Callable[[Parser[W], str], Subscript]
    call: Callable[[Parser[W], Token, str, str, int], Formula | None]
    brackets: Callable[[Parser[W], str], Formula]
    dots: Callable[[Parser[W], list[Formula], int, str], Formula]
    mean: Callable[[Parser[W], Formula], Formula]
    below: Callable[[Parser[W], list[Formula]], bool]
    point: Callable[[Parser[W], Formula], Formula]


class Parser(Generic[W]):
    """A text with a place in it.

    writer: what the functions of the grammar know about the writer besides the declared names.
    bound: the indices of the sums and products around.  places: every formula read, with its offsets, in order.
    """

    __slots__ = (
        "bars", "bound", "context", "depth", "eof", "grammar", "i", "inside", "integrals", "notation", "places", "source", "src", "toks", "warnings", "writer",
    )  # fmt: skip

    def __init__(self, text: str, context: Context, grammar: Grammar[W], writer: W):
        self.context, self.grammar, self.writer = context, grammar, writer
        self.source, self.toks = tokens(text)
        self.src = self.source.text
        self.eof = Token("eof", "", len(self.src), len(self.src))
        self.i = 0
        self.depth = 0
        self.integrals = 0  # how many integrals wait for their d
        self.bars = 0  # whether a | closes
        self.inside = 0  # whether a bracket is open, so that wide blanks do not end the expression
        self.bound: list[str] = []
        self.places: list[tuple[Formula, int, int]] = []
        self.warnings: list[str] = []
        self.notation: dict[str, str] = {}

    # -- looking ------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token:
        """The token that comes next, or the one after `ahead` more."""
        j = self.i + ahead
        return self.toks[j] if j < len(self.toks) else self.eof

    def next(self) -> Token:
        """The token that comes next, taken."""
        t = self.peek()
        self.i += 1
        return t

    def at(self, *values: str) -> bool:
        """Whether one of these comes next."""
        t = self.peek()
        return t.value in values and t.kind != "eof"

    def at_symbol(self, *values: str) -> bool:
        """Whether one of these comes next, as a sign."""
        t = self.peek()
        return t.kind == "sym" and t.value in values

    def opens(self, *values: str) -> bool:
        """Whether one of these brackets comes next, as a sign or after \\left."""
        t = self.peek()
        return t.kind in ("sym", "open") and t.value in values

    def take(self, *values: str) -> Token | None:
        """The next token, taken, where it is one of these."""
        return self.next() if self.at(*values) else None

    def take_symbol(self, *values: str) -> Token | None:
        """The next token, taken, where it is one of these as a sign."""
        return self.next() if self.at_symbol(*values) else None

    def need(self, value: str) -> Token:
        """The next token, taken.  Raises NotValid where it is another."""
        t = self.next()
        if t.value != value:
            self.fail(f"{value!r} is expected here, not {t.value or 'the end'!r}", t)
        return t

    def fail(self, message: str, token: Token | None = None, hint: str | None = None) -> NoReturn:
        """Raises NotValid at a token, or at the next."""
        t = token or self.peek()
        raise self.source.error(message, t.start, hint)

    def back(self, t: Token) -> None:
        """To the place before a token that has been taken."""
        self.i -= 1
        while self.toks[self.i] is not t:
            self.i -= 1

    def mark(self) -> tuple[int, list[Token], int]:
        """The present place, for `reset`."""
        return self.i, self.toks, len(self.places)

    def reset(self, mark: tuple[int, list[Token], int]) -> None:
        """Back to a place, as if nothing had been read since."""
        self.i, self.toks, count = mark
        del self.places[count:]

    def attempt(self, read: Callable[[], T | None]) -> T | None:
        """What `read` finds; None, and nothing taken, where it finds nothing or fails."""
        mark = self.mark()
        try:
            found = read()
        except NotValid:
            found = None
        if found is None:
            self.reset(mark)
        return found

    # -- parts --------------------------------------------------------------------------------

    def group(self) -> list[Token]:
        """The tokens of the next argument: {...}, or one token; of a run of digits the first digit."""
        t = self.next()
        if t.value == "{" and t.kind == "sym":
            depth, start = 1, self.i
            while depth:
                if self.i >= len(self.toks):
                    self.fail("this { is never closed", t, "add the } that belongs to it")
                depth += brace(self.toks[self.i])
                self.i += 1
            return self.toks[start : self.i - 1]
        if t.kind == "eof" or (t.kind == "sym" and t.value in "}^_&)"):
            self.fail("an argument is missing here", t)
        if t.kind == "num" and len(t.value) > 1 and t.value[0] != ".":
            first, rest = Token("num", t.value[0], t.start, t.start + 1), Token("num", t.value[1:], t.start + 1, t.end)
            self.toks = [*self.toks[: self.i - 1], first, rest, *self.toks[self.i :]]
            return [first]
        if t.kind == "cmd" and (t.value in STYLES or t.value in ("hat", "bar", "tilde", "frac", "sqrt")):
            start = self.i - 1
            self.group()
            if t.value == "frac":
                self.group()
            return self.toks[start : self.i]
        return [t]

    def ahead(self) -> list[Token]:
        """The argument of the sign that comes next, nothing taken."""
        mark = self.mark()
        self.next()
        g = self.group()
        self.reset(mark)
        return g

    def part(self, toks: list[Token], read: Callable[[], T], whole: bool = True) -> T:
        """What `read` makes of a slice of tokens, all of them unless `whole` is false."""
        saved = self.toks, self.i
        self.toks, self.i = toks, 0
        self.depth += 1
        if self.depth > DEEPEST:
            self.toks, self.i = saved
            self.fail(f"more than {DEEPEST} brackets lie within one another")
        try:
            if not toks:
                self.toks, self.i = saved
                self.fail("there is nothing between these braces")
            result = read()
            if whole and self.peek().kind != "eof":
                self.fail(f"{self.peek().value!r} is not expected here")
            return result
        finally:
            self.toks, self.i = saved
            self.depth -= 1

    def argument(self) -> Formula:
        """The next argument as an expression."""
        return self.part(self.group(), self.inner)

    def word(self) -> str | None:
        """The word of a \\text{...} that joins formulas, taken; None (and nothing taken) for a name."""
        saved = self.i
        t = self.next()
        if (t.kind == "cmd" and t.value in TEXTS) or t.value in ("mathrm", "mbox", "rm"):
            g = self.group()
            text = self.text(g).strip().lower().rstrip(".,:; ")
            if text in WORDS or not g:
                return text or "and"
        self.i = saved
        return None

    def is_word(self) -> bool:
        """Whether such a word comes."""
        t = self.peek()
        if t.kind != "cmd" or t.value not in STYLES:
            return False
        saved = self.i
        found = self.word() is not None
        self.i = saved
        return found

    def text(self, g: list[Token]) -> str:
        """What is written for these tokens."""
        return self.src[g[0].start : g[-1].end] if g else ""

    def placed(self, f: Formula, start: int) -> Formula:
        """f, with its place noted: from an offset to the end of what has been taken."""
        self.places.append((f, start, self.toks[self.i - 1].end if self.i <= len(self.toks) else len(self.src)))
        return f

    # -- sums and products ------------------------------------------------------------------------

    def expression(self) -> Formula:
        """A sum of terms."""
        parts: list[Formula] = []
        dots: int | None = None
        start = self.peek().start
        sign = self.take_symbol("-", "+")
        while True:
            if self.take("dots"):
                dots = len(parts)
            else:
                f = self.term()
                parts.append(f if sign is None or sign.value == "+" else self.placed(Neg(f), sign.start))
            sign = self.take_symbol("+", "-")
            if sign is None:
                break
        return self.placed(add(*parts) if dots is None else self.grammar.dots(self, parts, dots, "sum"), start)

    def term(self) -> Formula:
        """A product, with slashes and dots."""
        fs: list[Formula] = []
        dots: int | None = None
        negative = False
        below: list[Formula] | None = None  # factors under a slash, while it lasts
        top: list[Formula] = []
        start = self.peek().start

        def close() -> None:
            """The slash ends: what stood before it over what stood after it."""
            nonlocal fs, below, top
            if below is not None:
                fs, below, top = [Div(mul(*top), mul(*below))], None, []

        while True:
            if self.take("dots"):
                dots = len(fs)
            else:
                if fs and self.take_symbol("-"):
                    negative = not negative
                (fs if below is None else below).append(self.factor())
            if self.take("cdot", "times", "*"):
                close()
                continue
            slash = self.take("/", "div")
            if slash is not None:
                close()
                top, fs, below = fs, [], []
                if slash.value == "div":
                    below = [self.factor()]
                    close()
                    if self.take("cdot", "times", "*"):
                        continue
                    break
                continue
            if self.starts() or (self.at("dots") and self.peek(1).value not in ("+", "-", "")):
                if below is not None and not self._goes_below(below):
                    close()
                continue
            break
        close()
        if dots is not None:
            return self.placed(self.grammar.dots(self, fs, dots, "prod"), start)
        f = mul(*fs)
        return self.placed(Neg(f) if negative else f, start)

    def _goes_below(self, below: list[Formula]) -> bool:
        t = self.peek()
        letter = t.kind == "letter" or (t.kind == "cmd" and (t.value in GREEK or t.value in ("hat", "bar")))
        return letter and self.grammar.below(self, below)

    def starts(self) -> bool:
        """Whether another factor begins here."""
        t = self.peek()
        if t.blank.startswith("quad") and not self.inside:
            return False
        if t.kind == "open":
            return True
        if t.kind in ("num", "letter"):
            return not (t.value == "d" and self.integrals and self.is_differential())
        if t.kind == "sym":
            if t.value in ("|", "||"):
                return not self.bars
            return t.value in ("(", "[", "{", "\\{") and not (t.value == "(" and not self.inside and self.holds_relation())
        if t.kind == "cmd":
            if t.value == "mathrm" and self.integrals and self.is_differential():
                return False
            return not self.is_word() if t.value in STYLES else t.value not in STOPS
        return False

    def holds_relation(self) -> bool:
        """Whether the bracket that comes holds an inequality: a side condition, no factor."""
        depth = 0
        for u in self.toks[self.i :]:
            depth += bracket(u)
            if depth == 0 and bracket(u) < 0:
                return False
            if depth == 1 and u.kind in ("sym", "cmd") and u.value in ("<", ">", "le", "ge", "=", "in"):
                return True
        return False

    # -- powers and brackets ----------------------------------------------------------------------

    def factor(self) -> Formula:
        """An atom with what stands behind it, perhaps with a sign."""
        sign = self.take_symbol("+", "-")
        if sign is not None:
            f = self.factor()
            return f if sign.value == "+" else self.placed(Neg(f), sign.start)
        return self.after(self.atom())

    def after(self, b: Formula) -> Formula:
        """Powers, factorials, percent signs and evaluation bars behind an atom."""
        start = self.places[-1][1] if self.places and self.places[-1][0] is b else self.peek().start
        raised = False
        while True:
            t = self.peek()
            read = self.grammar.postfixes.get(t.value) if t.kind in ("sym", "cmd") else None
            if read is None:
                return b
            if t.value == "^" and raised:
                self.fail("two powers stand on one letter", t, "write brackets: (x^2)^3")
            f = read(self, b, t)
            if f is None:
                return b
            raised = t.value == "^" or (raised and t.value != "!")
            b = self.placed(f, start)
            if t.value == "|":
                return b

    def inner(self, bars: int = 0) -> Formula:
        """An expression in brackets: blanks do not end it."""
        saved = self.integrals, self.bars, self.inside
        self.integrals, self.bars, self.inside = 0, bars, 1
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"more than {DEEPEST} brackets lie within one another")
        try:
            return self.expression()
        finally:
            self.integrals, self.bars, self.inside = saved
            self.depth -= 1

    # -- atoms ------------------------------------------------------------------------------------

    def atom(self) -> Formula:
        """A number, a name, a bracket, or what a command makes."""
        t = self.next()
        table = self.grammar
        read: Handler[W] | None = None
        if t.kind == "cmd":
            read = table.commands.get(t.value, table.letter)
        elif t.kind in ("letter", "num"):
            read = table.letters.get(t.value) if t.value not in self.context.parameters else None
            read = read or (table.letter if t.kind == "letter" else number)
        elif t.kind == "open":
            read = table.delimiters.get(t.value)
            if read is None:
                self.fail(f"the delimiter {t.value!r} is not known", t)
        elif t.kind == "sym":
            read = braces if t.value == "{" else table.delimiters.get(t.value) if t.value != "." else None
        if read is None:
            self.fail(f"{t.value!r} is not expected here" if t.value else "the formula ends too soon", t)
        return self.placed(read(self, t), t.start)

    def content(self, g: list[Token]) -> Formula:
        """What stands between braces: an expression, n \\choose k, or a \\over b."""
        depth = 0
        for j, u in enumerate(g):
            depth += brace(u)
            if u.kind == "cmd" and u.value in ("choose", "over") and depth == 0:
                above, below = self.part(g[:j], self.inner), self.part(g[j + 1 :], self.inner)
                return Call("binomial", (above, below)) if u.value == "choose" else Div(above, below)
        return self.part(g, self.inner)

    # -- lists and relations ------------------------------------------------------------------------

    def arguments(self) -> tuple[Formula, ...]:
        """(a, b; c | d) after the name of a function."""
        return self.listed(CLOSING[self.next().value])

    def listed(self, closing: str) -> tuple[Formula, ...]:
        """Expressions and relations between separators, up to a closing delimiter."""
        out: list[Formula] = []
        saved = self.integrals, self.bars, self.inside
        self.integrals, self.bars, self.inside = 0, 1, 1
        while True:
            out.append(Dots() if self.take("dots") else self._maybe_relation())
            t = self.next()
            if t.value == closing and t.kind in ("sym", "close"):
                break
            if t.value not in (",", ";", "|", "mid", ":"):
                self.fail(f", or {closing} is expected here", t)
        self.integrals, self.bars, self.inside = saved
        return tuple(out)

    def _maybe_relation(self) -> Formula:
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

    # -- differentials ------------------------------------------------------------------------------

    def differential(self) -> bool:
        """A d or partial, taken."""
        t = self.peek()
        if (t.kind == "letter" and t.value == "d") or (
            t.kind == "cmd" and t.value in self.grammar.differentials and t.value not in self.context.parameters
        ):
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
        """Whether a differential comes, dx and the like."""
        saved = self.i
        try:
            if not self.differential():
                return False
            t = self.peek()
            return t.kind == "letter" or (t.kind == "cmd" and (t.value in GREEK or t.value == "mathbf"))
        finally:
            self.i = saved

    def whole(self) -> Formula:
        """All of the text as one formula."""
        f = self.expression()
        if self.peek().kind != "eof":
            self.fail(f"{self.peek().value!r} is not expected here")
        return f


P: TypeAlias = Parser[Any]


def braces(p: P, t: Token) -> Formula:
    """{...} as a bracket."""
    p.back(t)
    g = p.group()
    if g and g[0].value in ("rm", "bf", "it"):
        g = [Token("cmd", "mathrm", g[0].start, g[0].end), Token("sym", "{", 0, 0), *g[1:], Token("sym", "}", 0, 0)]
    if not g:
        p.fail("there is nothing between these braces", t)
    return p.content(g)


def number(p: P, t: Token) -> Formula:
    """Digits with thousands put in: 10\\,000, 10{,}000; a decimal comma where it is declared."""
    text = t.value
    while True:
        match p.toks[p.i : p.i + 4]:
            case [Token("num", v, _, _, ","), *_] if len(v) == 3 and "." not in text + v:
                text += v
                p.i += 1
            case [Token(_, "{"), Token(_, ","), Token(_, "}"), Token("num", v)]:
                if p.context.decimal == ",":
                    text += "." + v
                elif len(v) == 3:
                    text += v
                else:
                    p.fail("a number with a comma in it", t, 'declare the decimal sign: names={"decimal": ","}')
                p.i += 4
            case _:
                break
    if len(text) > 60:
        p.fail("this number is too long", t)
    return Num(Fraction(text))


def expression_in(p: P, closing: str) -> Formula:
    """After an opening delimiter: an expression up to the closing one."""
    f = p.inner(bars=int(closing == "|"))
    t = p.next()
    if t.value != closing or (t.kind not in ("sym", "close") and t.value != "rfloor"):
        p.fail(f"{closing} is expected here, not {t.value or 'the end'!r}", t, "close every bracket with its own kind")
    return f


def within(p: P, t: Token) -> Formula:
    """( ... ), [ ... ], \\{ ... \\}; after \\left\\{ perhaps an environment."""
    if t.kind == "open" and t.value == "\\{" and (begin := p.take("begin")):
        f = p.grammar.commands["begin"](p, begin)
        c = p.next()
        if c.kind != "close":
            p.fail("\\right. is expected here", c)
        return f
    return p.grammar.brackets(p, CLOSING[t.value])


def between_bars(p: P, t: Token) -> Formula:
    """|x| and \\|x\\|."""
    f = p.grammar.brackets(p, t.value)
    return Call("abs", (f,)) if t.value == "|" else Apply("Norm", (f,))


def before_bar(p: P, t: Token) -> Formula:
    """\\left. ... \\right|_{x = a}."""
    f = p.inner()
    c = p.next()
    if c.kind == "close" and c.value == "|" and p.at_symbol("_"):
        return p.grammar.point(p, f)
    p.fail("\\left. belongs to \\right|_{...}", c)


def floor(p: P, t: Token) -> Formula:
    """\\lfloor x \\rfloor."""
    return Call("floor", (p.grammar.brackets(p, "rfloor"),))


def factorial(p: P, b: Formula, t: Token) -> Formula:
    """b!"""
    p.next()
    return Call("factorial", (b,))


def percent(p: P, b: Formula, t: Token) -> Formula:
    """b %"""
    p.next()
    return Div(b, num(100))


def text_of(toks: list[Token]) -> str:
    """The values of tokens, put together."""
    return "".join(t.value for t in toks)


def brace(u: Token) -> int:
    """1 for a brace that opens, -1 for one that closes."""
    return {"{": 1, "}": -1}.get(u.value, 0) if u.kind == "sym" else 0


def bracket(u: Token) -> int:
    """1 for a bracket of any kind that opens, -1 for one that closes."""
    if u.kind == "open" or (u.kind == "sym" and u.value in ("(", "[", "\\{", "{")):
        return 1
    return -1 if u.kind == "close" or (u.kind == "sym" and u.value in (")", "]", "\\}", "}")) else 0
