"""Sets, conditions, indicators, values by cases."""

from __future__ import annotations

from ...formula.tree import And, Cases, Const, Dots, Formula, Indicator, Neg, Num, Relation, SetOf, Span, num
from .calls import Calls
from .stream import CLOSING, plain, text_of
from .tokens import STYLES, Token

OO = Const("oo")
SETS: dict[tuple[str, str], Formula] = {  # a letter for a set, and what stands below or above it
    ("R", ""): Span(Neg(OO), OO, True, True),
    ("R", "+"): Span(num(0), OO, True, True),
    ("R", ">0"): Span(num(0), OO, True, True),
    ("N", ""): SetOf((num(1), num(2), Dots())),
    ("N", "0"): SetOf((num(0), num(1), Dots())),
}


class Conditions(Calls):
    """Reads what holds when."""

    # -- sets and conditions ----------------------------------------------------------------------

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
                listed = self.values_after(sides[-1]) if s == "=" else None
                if listed is not None:
                    signs[-1], sides[-1] = "in", listed
                    break
            if not signs:
                self.fail("a condition is expected here")
            parts.append(Relation(tuple(sides), tuple(signs)))
            self.for_every()
            if not self.take(",") and not (self.is_word() and self.word()):
                break
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def values_after(self, first: Formula) -> Formula | None:
        """The values of x = 1, 2, ..., n as a set, where more than one is listed."""
        if not (
            self.at(",")
            and (isinstance(first, Num) or self.dots_ahead())
            and (self.peek(1).kind in ("num", "letter", "cmd") or self.dots_ahead())
        ):
            return None
        listed = self.dots_ahead()
        members: list[Formula] = [first]
        while (
            self.at(",")
            and (listed or self.peek(1).kind in ("num", "letter") or self.peek(1).value == "dots")
            and self.peek(2).value not in ("=", "<", ">", "le", "ge")
        ):
            self.next()
            members.append(Dots() if self.take("dots") else self.expression())
        return SetOf(tuple(members)) if len(members) > 1 else None

    def dots_ahead(self) -> bool:
        """Whether a list with dots follows: x = a, a + 1, ..., b."""
        rest = self.toks[self.i : self.i + 14]
        return any(u.value == "dots" for u in rest) and not any(u.value in ("=", "<", ">", "le", "ge") for u in rest)

    def for_every(self) -> None:
        """The words "for all i" behind a condition, taken."""
        saved = self.i
        quantified = bool(self.take("forall"))
        if not quantified and self.is_word():
            quantified = str(self.word()).endswith(("all", "every", "each", "any"))
        t = self.peek()
        if quantified and t.kind == "letter" and t.value in self.context.index:
            self.next()
        else:
            self.i = saved

    # -- indicators -------------------------------------------------------------------------------

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

    # -- cases ------------------------------------------------------------------------------------

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
        rows = self.rows_to_end(name)
        out = [self.cases_row([c for c in map(_trimmed, cells) if c]) for cells in rows if any(map(_trimmed, cells))]
        return Cases(tuple(out))

    def rows_to_end(self, name: str) -> list[list[list[Token]]]:
        """The cells of the rows of an environment, up to its \\end; brackets and environments inside a cell stay whole."""
        rows: list[list[list[Token]]] = [[[]]]
        depth = inside = 0
        while True:
            if self.i >= len(self.toks):
                self.fail(f"\\begin{{{name}}} is never ended")
            t = self.toks[self.i]
            self.i += 1
            if t.kind == "cmd" and t.value in ("begin", "end"):
                inside += 1 if t.value == "begin" else -1
                if inside < 0:
                    self.group()
                    return rows
            if t.kind == "sym" and t.value in "{}":
                depth += 1 if t.value == "{" else -1
            if t.kind == "row" and depth == inside == 0:
                rows.append([[]])
            elif t.kind == "sym" and t.value == "&" and depth == inside == 0:
                rows[-1].append([])
            else:
                rows[-1][-1].append(t)

    def cases_row(self, cells: list[list[Token]]) -> tuple[Formula, Formula | None]:
        if len(cells) != 2:
            self.fail("a row of cases has a value and a condition: 1/\\theta & 0 \\le x \\le \\theta", cells[0][0] if cells else None)

        def condition() -> Formula | None:
            while self.is_word():
                if self.word() in ("otherwise", "else", "elsewhere"):
                    return None
            return self.condition()

        return self.part(cells[0], self.inner), self.part(cells[1], condition)


def _trimmed(cell: list[Token]) -> list[Token]:
    start, end = 0, len(cell)
    while end > start and (cell[end - 1].kind == "sp" or (cell[end - 1].kind == "sym" and cell[end - 1].value in ".,;")):
        end -= 1
    while start < end and cell[start].kind == "sp":
        start += 1
    return cell[start:end]
