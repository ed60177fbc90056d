"""Brackets with lists in them, indicators, numbers of observations that satisfy a condition."""

from __future__ import annotations

from ....formula.tree import ONE, Apply, Big, Call, Dots, Formula, Indicator, SetOf, Sym
from ....reading.tex.stream import CLOSING, plain, text_of
from ....reading.tex.tokens import Token
from .choices import Choices


class Brackets(Choices):
    """What brackets hold."""

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
        if self.at("dots") and self.peek(1).value in (",", ";", closing):
            self.next()
            return Dots()
        return self.inner(bars=int(closing in ("|", "||")))

    def read_begin(self) -> Formula:
        """A matrix: its rows as tuples; between bars its determinant."""
        saved = self.i
        name = text_of(self.group()).rstrip("*")
        if not name.endswith("matrix"):
            self.i = saved
            return super().read_begin()
        rows = self.rows_to_end(name)
        read = [[self.part(c, self.inner) for c in cells] for cells in rows if any(map(plain, cells))]
        if not read or len(set(map(len, read))) != 1:
            self.fail("the rows of this matrix have different lengths")
        m = Apply("matrix", tuple(Apply("tuple", tuple(row)) for row in read))
        return Call("det", (m,)) if name[0] in "vV" else m

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
