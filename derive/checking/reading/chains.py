"""Rows -> chains: sides with a relation sign between each two, how they are joined, and the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...reading.source import Source
from .formula_rows import Piece, Row, rows
from .plaintext import typed
from .segments import Segment

CONDITIONAL = frozenset({
    "for", "if", "when", "whenever", "where", "with", "provided", "für", "wenn", "falls", "si", "para", "se", "while", "on", "over",
    "until", "unless", "assuming",
})  # fmt: skip
LINKS = frozenset({
    "so", "and", "thus", "hence", "is", "therefore", "then", "which", "or", "also", "also.", "i.e", "i.e.", "this", "it", "get",
    "gives", "obtain", "further", "again",
})  # fmt: skip
QUANTITIES = (
    ("log-likelihood", r"\ell"), ("loglikelihood", r"\ell"), ("log likelihood", r"\ell"), ("log-likelihood function", r"\ell"),
    ("likelihood", "L"), ("likelihood function", "L"), ("score", r"\ell'"), ("score function", r"\ell'"), ("nll", r"\text{NLL}"),
)  # fmt: skip
RESULT = re.compile(
    r"\b(?:is|are|be|lies|lie|attained|reached|occurs?|located|found|max\w*|min\w*|vanish\w*|zeros?|roots?|largest|smallest|highest|peak\w*|"
    r"optim\w*|stationary|critical|solution|arrive|look\w*)\b[^.]{0,40} at$"
)
ESTIMATE = re.compile(r"\\(?:wide)?hat|MLE|_\{?\\?(?:text|mathrm)?\{?ML\b|\^\{?\s*\\?(?:\*|ast|star)")
LISTED = re.compile(r"^(?:[-+−]?\s*[\d./]+|\\l?dots\w*|\\cdots|…|\.{2,3}|[a-zA-Z]|\\infty|\\frac\s*\d\s*\d|\\[td]?frac\{\d+\}\{\d+\})$")
NUMBER = re.compile(r"^[-+−]?\s*[\d./]+$")


@dataclass(slots=True)
class Side:
    """The text of a side, which knows its place; syntax: latex or sympy."""

    source: Source
    syntax: str = "latex"
    listed: bool = False  # 0, 1, 2, ...: several members with commas between them

    @property
    def text(self) -> str:
        return self.source.text

    def extend(self, glue: str, more: Source) -> None:
        """The side goes on."""
        self.source = self.source.joined([self.source, glue, more])


@dataclass(slots=True)
class Chain:
    """sides[k] signs[k] sides[k+1]; lines[k] and set[k] belong to signs[k].  One side without a sign is a mention."""

    sides: list[Side]
    line: int
    joined: str = ""
    prose: str = ""
    signs: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    set: list[bool] = field(default_factory=list)
    worded: tuple[int, ...] = ()  # which of the signs are words: "which equals"
    aside: bool = False  # it stands among the words of a row ("divide by n"), so no later row goes on from it

    @property
    def waits(self) -> bool:
        """Whether the last sign still lacks its right side."""
        return len(self.signs) == len(self.sides)


class Assembler:
    """Takes rows in order and gives chains in order."""

    def __init__(self) -> None:
        self.chains: list[Chain] = []
        self.current: Chain | None = None
        self.words: list[str] = []
        self.joined = ""
        self.after_comma = False
        self.opens = False  # whether this formula begins something new, also where it begins with a sign
        self.reasons = False  # whether the column of reasons has begun in this row

    def segment(self, s: Segment, decimal_comma: bool) -> None:
        """All rows of one formula."""
        if s.syntax == "sympy":
            self._typed(s)
            return
        self.after_comma = s.before.strip() in (",", ";")
        self.words = [s.before] if s.before else []
        self.joined = "condition" if _conditional(s.before) else ""
        if not (self.current is not None and self.current.waits and not s.before):
            self._close()
        self.opens = not s.display and bool(s.before) and s.before.lower().split()[-1].strip(",.:;") not in LINKS
        for k, row in enumerate(rows(s.source, decimal_comma)):
            self.after_comma = self.after_comma and k == 0
            if row.aside:
                self._remark(row, s)
            else:
                self._row(row, s)
        if self.current is not None and not self.current.waits:
            self._close()

    def _remark(self, row: Row, s: Segment) -> None:
        """A definition within a row, which goes on as if it were not there."""
        line = s.line + s.text.count("\n", 0, row.start)
        sides = [Side(p.source) for p in row.pieces if p.kind == "side"]
        chain = Chain(sides, line, "", "let", [":="], [line], [False], aside=True)
        self.chains.insert(len(self.chains) - (1 if self.current is not None else 0), chain)

    def _typed(self, s: Segment) -> None:
        """The lines of program text or plainly typed mathematics."""
        self._close()
        prose = s.before
        for t in typed(s.source, s.line):
            sides = [Side(side, "sympy") for side in t.sides]
            count = len(t.signs)
            self.chains.append(Chain(sides, t.line, t.joined, prose, t.signs, [t.line] * count, [False] * count))
            prose = ""

    def _close(self) -> None:
        if self.current is not None and self.current.waits:
            self._unfinished(self.current)
        self.current = None

    def _unfinished(self, c: Chain) -> None:
        """A sign without a right side says nothing yet."""
        c.signs.pop()
        c.lines.pop()
        c.set.pop()

    def _row(self, row: Row, s: Segment) -> None:
        line = s.line + s.text.count("\n", 0, row.start)
        pieces = row.pieces
        solid = [p for p in pieces if p.kind not in ("mark", "blank")]
        if not (self.current is not None and (self.current.waits or self._goes_on(solid))):
            self._close()
        self.reasons = _is_remark(pieces)
        for k, p in enumerate(pieces):
            if p.kind == "mark":
                if k and pieces[k - 1].kind == "mark" and self.current is not None and not self.current.waits:
                    self._close()  # && begins the column of reasons
                    self.reasons = True
                continue
            if p.kind == "blank" and p.start < row.text_start:
                continue
            if p.kind == "side":
                self._side(p, line, pieces[k + 1 :], _after_words(pieces[:k]))
            elif p.kind == "sign":
                self._sign(p, line)
            elif p.kind == "arrow":
                self._close()
                self.joined, self.words, self.after_comma = p.value, [], False
            elif p.kind in ("comma", "blank"):
                if self.current is not None and not self.current.waits:
                    self._close()
                self.after_comma = self.after_comma or p.kind == "comma"
            elif p.kind == "words":
                if self.current is not None and not self.current.waits:
                    self._close()
                self.words.append(p.value)
                self.joined, self.after_comma = _link(p.value), False

    def _goes_on(self, solid: list[Piece]) -> bool:
        """Whether a row continues the side before it: it begins with an operator and is no equation by itself."""
        if not solid or solid[0].kind != "side":
            return False
        first = solid[0].value.lstrip("{ ")
        if not self.current or not self.current.sides:
            return False
        if re.search(r"(?:[-+/(]|\\cdot|\\times)$", self.current.sides[-1].text):
            return True
        if first.startswith(("+", "\\cdot", "\\times")):
            return True
        return first.startswith(("-", "−")) and not any(p.kind == "sign" for p in solid[1:2])

    def _side(self, p: Piece, line: int, rest: list[Piece], in_row: bool) -> None:
        c = self.current
        if c is not None and c.waits:
            c.sides.append(Side(p.source))
            return
        if c is not None:
            c.sides[-1].extend(" ", p.source)
            return
        following = next((q for q in rest if q.kind != "mark"), None)
        last = self.chains[-1] if self.chains else None
        if (
            self.after_comma and last is not None and last.signs and (following is None or following.kind != "sign")
            and LISTED.match(p.value) and (last.sides[-1].listed or NUMBER.match(last.sides[-1].text))
        ):  # fmt: skip
            if self._decimal(last, p, following):
                last.sides[-1].extend(".", p.source)  # 0,25 as it is written in many countries
                return
            last.sides[-1].extend(",", p.source)
            last.sides[-1].listed = True
            return
        aside = self.reasons or in_row
        self.opens = False
        self.current = Chain([Side(p.source)], line, self.joined, " ".join(self.words), aside=aside)
        self.chains.append(self.current)
        if self.after_comma and not self.joined:
            self.current.joined = "comma"
        self.joined, self.words, self.after_comma = "", [], False

    def _decimal(self, last: Chain, p: Piece, following: Piece | None) -> bool:
        """Whether two numbers with a comma between are one: an estimate is a number, not a list."""
        whole = last.sides[-1].text.strip().lstrip("-+").isdigit() and p.value.isdigit()
        one = last.signs[-1] == "approx" or ESTIMATE.search(last.sides[0].text) is not None
        return whole and one and not last.sides[-1].listed and (following is None or following.kind != "comma")

    def _head(self, line: int) -> Chain | None:
        """The left side that words give to a formula that begins with a sign: "the log-likelihood $= ...$"."""
        words = " ".join(self.words).lower().rstrip(" :,.")
        text = next((latex for name, latex in QUANTITIES if words.endswith(name)), None)
        if text is None:
            return None
        chain = Chain([Side(Source.nowhere(text))], line, self.joined, " ".join(self.words))
        self.chains.append(chain)
        self.joined, self.words = "", []
        return chain

    def _sign(self, p: Piece, line: int) -> None:
        c = self.current
        if c is None and self.chains:
            c = self.current = self._head(line) if self.opens else next((d for d in self.chains[-1:-9:-1] if not d.aside), self.chains[-1])
            self.opens = False
        if c is None:
            return
        if c.waits:  # two signs in a row: a row that ends and a row that begins with one
            self._unfinished(c)
        c.signs.append(p.value)
        c.lines.append(line)
        c.set.append(p.set)


def _is_remark(pieces: list[Piece]) -> bool:
    """Whether a row is set apart to the right and begins with words: it says why the row before it holds ("divide by n")."""
    words = next((k for k, p in enumerate(pieces) if p.kind not in ("mark", "blank")), None)
    if words is None or pieces[words].kind != "words" or any(p.kind == "sign" for p in pieces):
        return False
    return any(p.kind == "blank" for p in pieces[:words])


def _after_words(pieces: list[Piece]) -> bool:
    """Whether words stand before this place in a row, and a formula before them."""
    words = next((k for k, p in enumerate(pieces) if p.kind == "words"), None)
    return words is not None and any(p.kind == "side" for p in pieces[:words])


def _link(words: str) -> str:
    w = words.lower().strip(" .,:;()")
    if w.split(" ")[0] in CONDITIONAL or w in ("for all", "for any", "for every"):
        return "condition"
    return ""


def _conditional(before: str) -> bool:
    """Whether the words before a formula end in "for", "if", or "at" a place that is no result: it is a side condition."""
    words = before.lower().rstrip(" :(")
    tail = words.split(" ")[-1] if words else ""
    if tail == "at":
        return RESULT.search(words) is None
    return tail in CONDITIONAL - {"where", "with", "on", "over"} or before.lower().endswith(
        ("for all", "for every", "for any", "valid for")
    )


def assemble(segments: Iterable[Segment], decimal_comma: bool) -> list[Chain]:
    """The chains that formulas state, in order."""
    a = Assembler()
    for s in segments:
        a.segment(s, decimal_comma)
    a._close()
    return a.chains
