"""Sets, conditions, indicators, values by cases."""

from __future__ import annotations

from itertools import accumulate

from ...formula.tree import And, Cases, Const, Dots, Formula, Indicator, Neg, Num, Relation, SetOf, Span, Sym, num
from .parser import CLOSING, P, brace, bracket, number, text_of
from .tokens import STYLES, Token

OO = Const("oo")
TABLES = frozenset({"array", "tabular", "matrix"})  # environments that may hold a table of values
INEQUALITIES = frozenset({"<", ">", "le", "ge", "in"})
RELATIONS = INEQUALITIES | {"=", "leq", "geq", "ne", "neq", "leqslant", "geqslant", "text", "mathrm", "mbox"}
SETS: dict[tuple[str, str], Formula] = {  # a letter for a set, and what stands below or above it
    ("R", ""): Span(Neg(OO), OO, True, True),
    ("R", "+"): Span(num(0), OO, True, True),
    ("R", ">0"): Span(num(0), OO, True, True),
    ("N", ""): SetOf((num(1), num(2), Dots())),
    ("N", "0"): SetOf((num(0), num(1), Dots())),
}


# -- sets and conditions ----------------------------------------------------------------------


def set_literal(p: P) -> Formula:
    """{0, 1, ...}, [a, b), or a letter for a set: \\mathbb{R}, \\mathbb{N}."""
    t = p.next()
    if t.value == "\\{":
        return SetOf(p.listed("\\}"))
    if t.value in ("[", "("):
        a = p.inner()
        if not p.take(",", ";"):
            p.fail("an interval has two ends", None, "write (a, b)")
        b = p.inner()
        c = p.next()
        if c.value not in ("]", ")"):
            p.fail("an interval ends with ] or )", c)
        return Span(a, b, t.value == "(", c.value == ")")
    if t.kind == "cmd" and t.value in STYLES:
        word = text_of(p.group())
        sub = ""
        if p.at_symbol("_", "^"):
            p.next()
            sub = text_of(p.group())
        named = SETS.get((word, sub.replace("{", "").replace("}", "")))
        if named is not None:
            return named
    p.fail("a set is expected here", t, "write \\{0, 1\\}, [0, 1] or \\mathbb{R}")


def condition(p: P) -> Formula:
    """One relation or several, joined by commas."""
    parts: list[Formula] = []
    while True:
        sides, signs = [p.expression()], list[str]()
        while (s := p.sign()) is not None:
            signs.append(s)
            sides.append(set_literal(p) if s == "in" else p.expression())
            listed = values_after(p, sides[-1]) if s == "=" else None
            if listed is not None:
                signs[-1], sides[-1] = "in", listed
                break
        if not signs:
            p.fail("a condition is expected here")
        parts.append(Relation(tuple(sides), tuple(signs)))
        for_every(p)
        if not p.take(",") and not (p.is_word() and p.word()):
            break
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def values_after(p: P, first: Formula) -> Formula | None:
    """The values of x = 1, 2, ..., n as a set, where more than one is listed."""
    if not (p.at(",") and (isinstance(first, Num) or dots_ahead(p)) and (p.peek(1).kind in ("num", "letter", "cmd") or dots_ahead(p))):
        return None
    listed = dots_ahead(p)
    members: list[Formula] = [first]
    while (
        p.at(",")
        and (listed or p.peek(1).kind in ("num", "letter") or p.peek(1).value == "dots")
        and p.peek(2).value not in ("=", "<", ">", "le", "ge")
    ):
        p.next()
        members.append(Dots() if p.take("dots") else p.expression())
    return SetOf(tuple(members)) if len(members) > 1 else None


def dots_ahead(p: P) -> bool:
    """Whether a list with dots follows: x = a, a + 1, ..., b."""
    rest = p.toks[p.i : p.i + 14]
    return any(u.value == "dots" for u in rest) and not any(u.value in ("=", "<", ">", "le", "ge") for u in rest)


def for_every(p: P) -> None:
    """The words "for all i" behind a condition, taken."""
    saved = p.i
    quantified = bool(p.take("forall"))
    if not quantified and p.is_word():
        quantified = str(p.word()).endswith(("all", "every", "each", "any"))
    t = p.peek()
    if quantified and t.kind == "letter" and t.value in p.context.index:
        p.next()
    else:
        p.i = saved


# -- indicators -------------------------------------------------------------------------------


def looks_like_indicator(p: P, signs: frozenset[str] = INEQUALITIES) -> bool:
    """Whether a bracket with a relation in it follows, or a subscript that holds one."""
    a = p.peek()
    if a.value == "_" and a.kind == "sym":
        following = p.peek(1).value
        return following in ("(", "[") or (following == "{" and p.peek(2).value in ("(", "[", "\\{"))
    if a.value not in ("(", "\\{", "["):
        return False
    depth = 0
    for u in p.toks[p.i :]:
        depth += (u.value in ("(", "\\{", "[", "{")) - (u.value in (")", "\\}", "]", "}"))
        if depth == 0:
            return False
        if u.value in signs:
            return True
    return False


def iverson(p: P, t: Token) -> Formula:
    """I{x > 0}, or the letter I."""
    return indicator(p, t) if looks_like_indicator(p) else p.grammar.letter(p, t)


def one(p: P, t: Token) -> Formula:
    """1_{x > 0}, or the number."""
    return indicator(p, t) if p.at_symbol("_") else number(p, t)


def indicator(p: P, t: Token) -> Formula:
    """1_{x > 0}, 1{x > 0}, 1_{[0, oo)}(x)."""
    if p.at_symbol("_"):
        p.next()
        g = p.group()
        if g and g[0].value == "\\{":
            return Indicator(p.part(g[1:-1], lambda: condition(p)))
        if (
            g
            and g[0].value in ("[", "(")
            and any(u.value in (",", ";") for u in g)
            and not any(u.value in ("<", ">", "le", "ge") for u in g)
        ):
            s = p.part(g, lambda: set_literal(p))
            if not p.at("("):
                p.fail("an indicator of an interval needs its argument: \\mathbf{1}_{[0,1]}(x)")
            return Indicator(Relation((p.arguments()[0], s), ("in",)))
        return Indicator(p.part(g, lambda: condition(p)))
    t = p.next()
    if t.value not in CLOSING:
        p.fail("an indicator needs its condition", t, "write \\mathbf{1}\\{x > 0\\}")
    c = condition(p)
    p.need(CLOSING[t.value])
    return Indicator(c)


# -- cases ------------------------------------------------------------------------------------


def begin(p: P, t: Token) -> Formula:
    """\\begin{name} ... \\end{name}."""
    name = text_of(p.group()).rstrip("*")
    read = p.grammar.environments.get(name)
    if read is None:
        p.fail(f"the environment {name} does not belong inside a formula")
    return read(p, name)


def cases(p: P, name: str) -> Formula:
    """Rows with a value and a condition."""
    if name in ("array", "tabular"):
        p.group()
    rows = [[c for c in map(_trimmed, cells) if c] for cells in rows_to_end(p, name) if any(map(_trimmed, cells))]
    if name in TABLES and (listed := _table(rows)) is not None:
        letter, pairs = listed
        return Cases(tuple((p.part(f, p.inner), Relation((Sym(letter), p.part(v, p.inner)), ("=",))) for v, f in pairs))
    return Cases(tuple(_row(p, cells) for cells in rows))


def _table(rows: list[list[list[Token]]]) -> tuple[str, list[tuple[list[Token], list[Token]]]] | None:
    """The letter of a table of probabilities and its pairs of a value and its probability, side by side or one below the other; None
    where the array is none."""
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) > 2:
        heads, pairs = (rows[0][0], rows[1][0]), list(zip(rows[0][1:], rows[1][1:], strict=True))
    elif (
        len(rows) > 2
        and all(len(r) == 2 for r in rows)
        and not any(t.value in RELATIONS or t.kind == "word" for r in rows[1:] for t in r[1])
    ):
        heads, pairs = (rows[0][0], rows[0][1]), [(r[0], r[1]) for r in rows[1:]]
    else:
        return None
    first, second = (text_of(h) for h in heads)
    return (first.lower(), pairs) if len(first) == 1 and first.isalpha() and "(" in second else None


def rows_to_end(p: P, name: str) -> list[list[list[Token]]]:
    """The cells of the rows of an environment, up to its \\end; brackets and environments inside a cell stay whole."""
    rows: list[list[list[Token]]] = [[[]]]
    depth = inside = 0
    while True:
        if p.i >= len(p.toks):
            p.fail(f"\\begin{{{name}}} is never ended")
        t = p.toks[p.i]
        p.i += 1
        if t.kind == "cmd" and t.value in ("begin", "end"):
            inside += 1 if t.value == "begin" else -1
            if inside < 0:
                p.group()
                return rows
        depth += brace(t)
        if t.kind == "row" and depth == inside == 0:
            rows.append([[]])
        elif t.kind == "sym" and t.value == "&" and depth == inside == 0:
            rows[-1].append([])
        else:
            rows[-1][-1].append(t)


def _row(p: P, cells: list[list[Token]]) -> tuple[Formula, Formula | None]:
    if len(cells) == 1:  # value and condition in one cell, with a comma between them
        depths = list(accumulate(map(bracket, cells[0])))
        cut = next((j for j, t in enumerate(cells[0]) if t.value == "," and depths[j] == 0), len(cells[0]))
        cells = [c for c in (cells[0][:cut], cells[0][cut + 1 :]) if c]
    if len(cells) != 2:
        p.fail("a row of cases has a value and a condition: 1/\\theta & 0 \\le x \\le \\theta", cells[0][0] if cells else None)

    def when() -> Formula | None:
        while p.is_word():
            if p.word() in ("otherwise", "else", "elsewhere"):
                return None
        return condition(p)

    return p.part(cells[0], p.inner), p.part(cells[1], when)


def _trimmed(cell: list[Token]) -> list[Token]:
    """A cell without lines of the table, braces around all of it and its last punctuation."""
    cell = [t for t in cell if not (t.kind == "cmd" and t.value == "hline")]
    while cell:
        if cell[-1].kind == "sym" and cell[-1].value in ".,;":
            cell = cell[:-1]
        elif brace(cell[0]) == 1 and brace(cell[-1]) == -1 and all(sum(map(brace, cell[:j])) > 0 for j in range(1, len(cell))):
            cell = cell[1:-1]
        else:
            break
    return cell
