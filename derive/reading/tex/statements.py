"""Statements: rows, chains of relations, implications, side conditions."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.tree import ZERO, And, Apply, At, Dots, Formula, Relation, Sym
from ..context import Context, Sentence
from .notation import LATEX
from .parser import CONNECTIVES, P, Parser, brace, text_of
from .side_conditions import set_literal, values_after
from .tokens import Token

LAYOUT = frozenset({  # environments that say nothing
    "align", "aligned", "split", "gather", "gathered", "eqnarray", "equation", "multline", "alignat", "flalign", "alignedat",
    "displaymath", "math",
})  # fmt: skip


class _Draft:
    """A statement while it is read."""

    def __init__(self, first: Formula, position: int, connective: str | None):
        self.sides, self.signs, self.position, self.connective = [first], list[str](), position, connective
        self.conditions: list[Formula] = []

    def formula(self) -> Formula:
        return self.sides[0] if not self.signs else Relation(tuple(self.sides), tuple(self.signs))


def read_latex(text: str, context: Context | None = None) -> list[Sentence]:
    """What a LaTeX text says, as statements with side conditions.

    Raises NotValid, naming the place, for what is no formula, is ambiguous, or uses an undeclared letter where the
    context is strict.
    """
    p = Parser(text, context or Context(), LATEX, None)
    drafts: list[_Draft] = []
    for row in _rows(p):
        _row(p, row, drafts)
    if not drafts:
        raise NotValid("there is no formula here", text=p.src, position=0)
    out = []
    for d in drafts:
        condition = None if not d.conditions else d.conditions[0] if len(d.conditions) == 1 else And(tuple(d.conditions))
        out.append(Sentence(d.formula(), condition, p.source.place(d.position), d.connective, tuple(p.warnings), dict(p.notation)))
    return out


def _rows(p: P) -> list[list[Token]]:
    """The text cut at \\\\ outside brackets and cases; environments and alignment marks taken away."""
    out: list[list[Token]] = [[]]
    stack: list[str] = []
    depth = j = 0
    toks = p.toks
    while j < len(toks):
        t = toks[j]
        if t.kind == "cmd" and t.value in ("begin", "end") and j + 1 < len(toks):
            k = next((q for q in range(j + 2, len(toks)) if toks[q].value == "}"), len(toks) - 1)
            name = text_of(toks[j + 2 : k]).rstrip("*")
            if name in LAYOUT:
                j = k + 1
                continue
            if t.value == "begin":
                stack.append(name)
            elif stack:
                stack.pop()
        depth += brace(t)
        if t.kind == "row" and not stack and depth == 0:
            out.append([])
        elif t.kind == "cmd" and t.value == "boxed":
            end = _closing(p, j + 1)
            out[-1] += toks[j + 2 : end]
            j = end
        elif not (t.kind == "sym" and t.value == "&" and not stack):
            out[-1].append(t)
        j += 1
    joined: list[list[Token]] = []
    for row in out:
        if joined and row and ((row[0].kind == "sym" and row[0].value in "+-") or row[0].value in ("cdot", "times")):
            joined[-1] += row
        elif row:
            joined.append(row)
    return joined


def _closing(p: P, j: int) -> int:
    depth = 0
    for k in range(j, len(p.toks)):
        depth += brace(p.toks[k])
        if depth == 0:
            return k
    p.fail("this { is never closed", p.toks[j] if j < len(p.toks) else None)


def _row(p: P, toks: list[Token], drafts: list[_Draft]) -> None:
    """One row: statements between commas, words and arrows."""
    while toks and toks[-1].kind == "sym" and toks[-1].value in ".,;":
        toks = toks[:-1]
    system = _system(toks)
    if system is not None:
        for part in system:
            _row(p, part, drafts)
    elif toks:
        p.part(toks, lambda: _statements(p, drafts))


def _system(toks: list[Token]) -> list[list[Token]] | None:
    """A cases environment without & is a system of equations: its rows."""
    if len(toks) < 8 or toks[0].value != "begin" or text_of(toks[2:7]) != "cases":
        return None
    body = toks[8:]
    end = next((k for k, t in enumerate(body) if t.value == "end" and t.kind == "cmd"), None)
    if end is None or len(body) > end + 8 or any(t.value == "&" for t in body):
        return None
    out: list[list[Token]] = [[]]
    for t in body[:end]:
        if t.kind == "row":
            out.append([])
        else:
            out[-1].append(t)
    return [row for row in out if row]


def _statements(p: P, drafts: list[_Draft]) -> None:
    aside = False  # whether what comes is a side condition
    connective: str | None = None
    while p.take(*CONNECTIVES):
        connective = "implies"
    while p.peek().kind != "eof":
        p.bound = []
        start = p.peek().start
        bracket = None
        if drafts and not aside and _is_relation(p):
            draft = drafts[-1]
        else:
            bracket = p.take_symbol("(") if aside else None
            draft = _Draft(_first_side(p), start, connective)
            if not aside:
                drafts.append(draft)
        _chain(p, draft, aside)
        if aside:
            _attach(p, drafts[-1], draft)
        if bracket is not None:
            while p.take_symbol(",", ";"):
                more = _Draft(_first_side(p), p.peek().start, None)
                _chain(p, more, aside)
                _attach(p, drafts[-1], more)
            p.need(")")
        connective = None
        t = p.peek()
        if t.kind == "eof":
            break
        if t.kind == "cmd" and t.value in CONNECTIVES:
            while p.take(*CONNECTIVES):
                connective = CONNECTIVES[t.value]
            aside = False
        elif t.kind == "sym" and t.value in ",;":
            while p.take_symbol(",", ";"):
                pass
            _joining_words(p)
            aside = True
        elif _joining_words(p) or t.blank.startswith("quad") or (p.at_symbol("(") and p.holds_relation()):
            aside = True
        else:
            p.fail(f"{t.value!r} is not expected here", t)


def _joining_words(p: P) -> bool:
    """Whether words come that join formulas; they are then taken."""
    found = False
    while p.is_word():
        found = p.word() is not None
    return found


def _chain(p: P, draft: _Draft, aside: bool) -> None:
    """= b <= c ... behind a first side."""
    while (s := p.sign()) is not None:
        draft.signs.append(s)
        if s == "in":
            draft.sides.append(set_literal(p))
            if not _is_relation(p):
                break
            continue
        draft.sides.append(p.expression())
        listed = values_after(p, draft.sides[-1]) if aside and s == "=" else None
        if listed is not None:
            draft.signs[-1], draft.sides[-1] = "in", listed
            break


def _attach(p: P, draft: _Draft, condition: _Draft) -> None:
    """A side condition; what is no relation (x real, n observations) says nothing that is checked."""
    f = condition.formula()
    if isinstance(f, Relation):
        draft.conditions.append(f)
    elif f != ZERO:  # "0 otherwise" says where the density holds once more
        p.fail("a condition is expected after the comma", None, "give conditions as relations, such as x > 0")


def _is_relation(p: P) -> bool:
    saved = p.i
    s = p.sign()
    p.i = saved
    return s is not None and s != "in"


def _first_side(p: P) -> Formula:
    """The first side of a relation: name(arguments) there is the head of a function."""
    warned, noted = len(p.warnings), dict(p.notation)
    head = p.attempt(lambda: _head(p))
    if head is not None:
        return head
    p.notation = noted
    del p.warnings[warned:]
    return p.expression()


def _head(p: P) -> Formula | None:
    base = p.grammar.base(p)
    sub = p.grammar.subscript(p, base) if base is not None else None
    if base is None or not isinstance(sub, str):
        return None
    name = base + ("_" + sub if sub else "")
    if name in ("Gamma", "B", "psi") or not p.opens("("):
        return None
    args = p.arguments()
    if p.peek().value not in ("=", ":=", "propto"):
        return None
    letters = all(isinstance(a, (Sym, At, Dots, Relation)) for a in args)
    return Apply(name, args) if (name in p.context.functions and name not in p.context.parameters) or letters else None
