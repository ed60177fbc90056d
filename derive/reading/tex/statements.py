"""Statements: rows, chains of relations, implications, side conditions."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.tree import ZERO, And, Apply, At, Dots, Formula, Relation, Sym
from ..context import Context, Sentence
from .operators import Operators
from .stream import CONNECTIVES, text_of
from .tokens import STYLES, Token

ENVIRONMENTS = frozenset(
    [
        "align",
        "aligned",
        "split",
        "gather",
        "gathered",
        "eqnarray",
        "equation",
        "multline",
        "alignat",
        "flalign",
        "alignedat",
        "displaymath",
        "math",
    ]
)


class _Draft:
    """A statement while it is read."""

    def __init__(self, first: Formula, position: int, connective: str | None):
        self.sides, self.signs, self.position, self.connective = [first], list[str](), position, connective
        self.conditions: list[Formula] = []

    def formula(self) -> Formula:
        return self.sides[0] if not self.signs else Relation(tuple(self.sides), tuple(self.signs))


class Statements(Operators):
    """Reads a whole text."""

    def sentences(self) -> list[Sentence]:
        """Every statement in order.  Raises NotValid where nothing is said or something is not understood."""
        drafts: list[_Draft] = []
        for row in self.rows():
            self.row(row, drafts)
        if not drafts:
            raise NotValid("there is no formula here", text=self.src, position=0)
        out = []
        for d in drafts:
            condition = None if not d.conditions else d.conditions[0] if len(d.conditions) == 1 else And(tuple(d.conditions))
            out.append(
                Sentence(d.formula(), condition, self.unified.place(d.position), d.connective, tuple(self.warnings), dict(self.notation))
            )
        return out

    def rows(self) -> list[list[Token]]:
        """The text cut at \\\\ outside brackets and cases; environments and alignment marks taken away."""
        out: list[list[Token]] = [[]]
        stack: list[str] = []
        depth = j = 0
        toks = self.toks
        while j < len(toks):
            t = toks[j]
            if t.kind == "cmd" and t.value in ("begin", "end") and j + 1 < len(toks):
                k = next((q for q in range(j + 2, len(toks)) if toks[q].value == "}"), len(toks) - 1)
                name = text_of(toks[j + 2 : k]).rstrip("*")
                if name in ENVIRONMENTS:
                    j = k + 1
                    continue
                if t.value == "begin":
                    stack.append(name)
                elif stack:
                    stack.pop()
            if t.kind == "sym" and t.value in "{}":
                depth += 1 if t.value == "{" else -1
            if t.kind == "row" and not stack and depth == 0:
                out.append([])
            elif t.kind == "sym" and t.value == "&" and not stack:
                pass
            elif t.kind == "cmd" and t.value == "boxed":
                end = self._closing(j + 1)
                out[-1] += toks[j + 2 : end]
                j = end
            else:
                out[-1].append(t)
            j += 1
        joined: list[list[Token]] = []
        for row in out:
            solid = [t for t in row if t.kind != "sp"]
            if not solid:
                continue
            if joined and ((solid[0].kind == "sym" and solid[0].value in "+-") or solid[0].value in ("cdot", "times")):
                joined[-1] += row
            else:
                joined.append(row)
        return joined

    def _closing(self, j: int) -> int:
        depth = 0
        for k in range(j, len(self.toks)):
            if self.toks[k].kind == "sym":
                depth += {"{": 1, "}": -1}.get(self.toks[k].value, 0)
            if depth == 0:
                return k
        self.fail("this { is never closed", self.toks[j] if j < len(self.toks) else None)

    def row(self, toks: list[Token], drafts: list[_Draft]) -> None:
        """One row: statements between commas, words and arrows."""
        while toks and (toks[-1].kind == "sp" or (toks[-1].kind == "sym" and toks[-1].value in ".,;")):
            toks = toks[:-1]
        if not toks:
            return
        system = self.system(toks)
        if system is not None:
            for part in system:
                self.row(part, drafts)
            return
        self.part(toks, lambda: self._row(drafts))

    def _row(self, drafts: list[_Draft]) -> None:
        aside = False  # whether what comes is a side condition
        connective: str | None = None
        while self.take("therefore", "implies", "iff", "to"):
            connective = "implies"
        while self.peek().kind != "eof":
            self.bound = []
            start = self.peek().start
            bracket = None
            if drafts and not aside and self.is_relation():
                draft = drafts[-1]
            else:
                if aside and self.at_symbol("("):
                    bracket = self.next()
                draft = _Draft(self.first_side(), start, connective)
                if not aside:
                    drafts.append(draft)
            self.chain(draft, aside)
            if aside:
                self.attach(drafts[-1], draft)
            if bracket is not None:
                while self.at_symbol(",", ";"):
                    self.next()
                    more = _Draft(self.first_side(), self.peek().start, None)
                    self.chain(more, aside)
                    self.attach(drafts[-1], more)
                self.need(")")
            connective = None
            t, raw = self.peek(), self.peek(0, True)
            if t.kind == "eof":
                break
            if t.kind == "cmd" and t.value in CONNECTIVES:
                while self.take("implies", "iff", "to", "therefore"):
                    connective = CONNECTIVES[t.value]
                aside = False
            elif t.kind == "sym" and t.value in ",;":
                while self.at_symbol(",", ";"):
                    self.next()
                while self.peek().kind == "cmd" and self.peek().value in STYLES and self.word() is not None:
                    pass
                aside = True
            elif t.kind == "cmd" and t.value in STYLES and self.word() is not None:
                while self.peek().kind == "cmd" and self.peek().value in STYLES and self.word() is not None:
                    pass
                aside = True
            elif (raw.kind == "sp" and raw.value == "quad") or (t.kind == "sym" and t.value == "(" and self.holds_relation()):
                aside = True
            else:
                self.fail(f"{t.value!r} is not expected here", t)

    def chain(self, draft: _Draft, aside: bool) -> None:
        """= b <= c ... behind a first side."""
        while (s := self.sign()) is not None:
            draft.signs.append(s)
            if s == "in":
                draft.sides.append(self.set_literal())
                if not self.is_relation():
                    break
                continue
            draft.sides.append(self.expression())
            listed = self.values_after(draft.sides[-1]) if aside and s == "=" else None
            if listed is not None:
                draft.signs[-1], draft.sides[-1] = "in", listed
                break

    def attach(self, draft: _Draft, condition: _Draft) -> None:
        """A side condition; what is no relation (x real, n observations) says nothing that is checked."""
        f = condition.formula()
        if isinstance(f, Relation):
            draft.conditions.append(f)
        elif f != ZERO:  # "0 otherwise" says where the density holds once more
            self.fail("a condition is expected after the comma", None, "give conditions as relations, such as x > 0")

    def system(self, toks: list[Token]) -> list[list[Token]] | None:
        """A cases environment without & is a system of equations: its rows."""
        solid = [t for t in toks if t.kind != "sp"]
        if len(solid) < 8 or solid[0].value != "begin" or text_of(solid[2:7]) != "cases":
            return None
        body = solid[8:]
        if any(t.value == "&" for t in body):
            return None
        end = next((k for k, t in enumerate(body) if t.value == "end" and t.kind == "cmd"), None)
        if end is None or len(body) > end + 8:
            return None
        out: list[list[Token]] = [[]]
        for t in body[:end]:
            if t.kind == "row":
                out.append([])
            else:
                out[-1].append(t)
        return [row for row in out if row]

    def is_relation(self) -> bool:
        saved = self.i
        s = self.sign()
        self.i = saved
        return s is not None and s != "in"

    def first_side(self) -> Formula:
        """The first side of a relation: name(arguments) there is the head of a function."""
        saved, warned, noted = self.i, len(self.warnings), dict(self.notation)
        try:
            head = self._head()
        except NotValid:
            head = None
        if head is not None:
            return head
        self.i, self.notation = saved, noted
        del self.warnings[warned:]
        return self.expression()

    def _head(self) -> Formula | None:
        base = self.base()
        if base is None:
            return None
        sub = self.subscript(base)
        if not isinstance(sub, str):
            return None
        name = base + ("_" + sub if sub else "")
        if name in ("Gamma", "B", "psi") or (not self.at_symbol("(") and not (self.peek().kind == "open" and self.peek().value == "(")):
            return None
        args = self.arguments()
        if self.peek().value not in ("=", ":=", "propto"):
            return None
        letters = all(isinstance(a, (Sym, At, Dots, Relation)) for a in args)
        if (name in self.context.functions and name not in self.context.parameters) or letters:
            return Apply(name, args)
        return None


def read_latex(text: str, context: Context | None = None) -> list[Sentence]:
    """What a LaTeX text says, as statements with side conditions.

    Raises NotValid, naming the place, for what is no formula, is ambiguous, or uses an undeclared letter where the
    context is strict.
    """
    return Statements(text, context or Context()).sentences()
