"""Walking over tokens: peek, take, groups in braces, readings of a part."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from ..context import Context
from .tokens import STYLES, TEXTS, Token, tokens

T = TypeVar("T")
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


class Stream:
    """Tokens with a place in them.  Blanks that a writer put in are passed over unless they are asked for."""

    def __init__(self, text: str, context: Context):
        self.context = context
        self.unified, self.toks = tokens(text)
        self.src = self.unified.text
        self.i = 0
        self.depth = 0
        self.warnings: list[str] = []
        self.notation: dict[str, str] = {}

    # -- looking ------------------------------------------------------------------------------

    def peek(self, ahead: int = 0, blanks: bool = False) -> Token:
        """The token that comes next, or the one after `ahead` more."""
        j = self.i
        while True:
            while not blanks and j < len(self.toks) and self.toks[j].kind == "sp":
                j += 1
            if ahead == 0:
                return self.toks[j] if j < len(self.toks) else Token("eof", "", len(self.src), len(self.src))
            ahead -= 1
            j += 1

    def next(self) -> Token:
        while self.i < len(self.toks) and self.toks[self.i].kind == "sp":
            self.i += 1
        t = self.peek()
        self.i += 1
        return t

    def at(self, *values: str) -> bool:
        return self.peek().value in values and self.peek().kind != "eof"

    def at_symbol(self, *values: str) -> bool:
        t = self.peek()
        return t.kind == "sym" and t.value in values

    def take(self, *values: str) -> Token | None:
        return self.next() if self.at(*values) else None

    def need(self, value: str) -> Token:
        t = self.next()
        if t.value != value:
            self.fail(f"{value!r} is expected here, not {t.value or 'the end'!r}", t)
        return t

    def fail(self, message: str, token: Token | None = None, hint: str | None = None) -> NoReturn:
        t = token or self.peek()
        raise self.unified.error(message, t.start, hint)

    # -- parts --------------------------------------------------------------------------------

    def group(self) -> list[Token]:
        """The tokens of the next argument: {...}, or one token; of a run of digits the first digit."""
        t = self.next()
        if t.value == "{" and t.kind == "sym":
            depth, start = 1, self.i
            while depth:
                if self.i >= len(self.toks):
                    self.fail("this { is never closed", t, "add the } that belongs to it")
                u = self.toks[self.i]
                depth += {"{": 1, "}": -1}.get(u.value, 0) if u.kind == "sym" else 0
                self.i += 1
            return self.toks[start : self.i - 1]
        if t.kind == "eof" or (t.kind == "sym" and t.value in "}^_&)"):
            self.fail("an argument is missing here", t)
        if t.kind == "num" and len(t.value) > 1 and t.value[0] != ".":
            self.i -= 1
            self.toks = [*self.toks[: self.i], Token("num", t.value[1:], t.start + 1, t.end), *self.toks[self.i + 1 :]]
            return [Token("num", t.value[0], t.start, t.start + 1)]
        if t.kind == "cmd" and (t.value in STYLES or t.value in ("hat", "bar", "tilde", "frac", "sqrt")):
            start = self.i - 1
            self.group()
            if t.value == "frac":
                self.group()
            return self.toks[start : self.i]
        return [t]

    def part(self, toks: list[Token], read: Callable[[], T], whole: bool = True) -> T:
        """What `read` makes of a slice of tokens, all of them unless `whole` is false."""
        saved = self.toks, self.i
        self.toks, self.i = toks, 0
        self.depth += 1
        if self.depth > DEEPEST:
            self.toks, self.i = saved
            self.fail(f"more than {DEEPEST} brackets lie within one another")
        try:
            if not [t for t in toks if t.kind != "sp"]:
                self.toks, self.i = saved
                self.fail("there is nothing between these braces")
            result = read()
            if whole and self.peek().kind != "eof":
                self.fail(f"{self.peek().value!r} is not expected here")
            return result
        finally:
            self.toks, self.i = saved
            self.depth -= 1

    def word(self) -> str | None:
        """The word of a \\text{...} that joins formulas, taken; None (and nothing taken) for a name."""
        saved = self.i
        t = self.next()
        if (t.kind == "cmd" and t.value in TEXTS) or t.value in ("mathrm", "mbox", "rm"):
            g = self.group()
            text = self.src[g[0].start : g[-1].end].strip().lower().rstrip(".,:; ") if g else ""
            if text in WORDS or not g:
                return text or "and"
        self.i = saved
        return None

    def is_word(self) -> bool:
        saved = self.i
        found = self.peek().kind == "cmd" and self.peek().value in STYLES and self.word() is not None
        self.i = saved
        return found


def plain(toks: list[Token]) -> list[Token]:
    """Tokens without blanks."""
    return [t for t in toks if t.kind != "sp"]


def text_of(toks: list[Token]) -> str:
    return "".join(t.value for t in toks)
