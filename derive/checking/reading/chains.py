"""The stream -> chains: sides with a relation sign between each two, how they are joined, and the words around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from ...reading.source import Source
from .speech import DENIED
from .stream import Item, Mention, Sign, Words
from .vocabulary import COPULAS, LINKS

CONDITIONAL = frozenset({
    "for", "if", "when", "whenever", "where", "with", "provided", "für", "wenn", "falls", "si", "para", "se", "while", "on", "over",
    "until", "unless", "assuming", "under",
})  # fmt: skip
QUANTITIES = (
    ("log-aannemelijkheidsfunctie", r"\ell"), ("log-aannemelijkheid", r"\ell"), ("aannemelijkheidsfunctie", "L"), ("afgeleide", r"\ell'"), ("log-wiarygodność", r"\ell"), ("wiarygodność", "L"),
    ("funkcja wiarygodności", "L"), ("pochodna", r"\ell'"), ("log-likelihoodfunktionen", r"\ell"), ("likelihoodfunktionen", "L"), ("derivatan", r"\ell'"), ("log-olabilirlik", r"\ell"), ("olabilirlik", "L"),
    ("türev", r"\ell'"), ("対数尤度関数は", r"\ell"), ("対数尤度は", r"\ell"), ("尤度関数は", "L"), ("尤度は", "L"), ("导数为", r"\ell'"),
    ("log-likelihood-funktion", r"\ell"), ("log-vraisemblance", r"\ell"), ("log-verosimilitud", r"\ell"), ("log-verosimiglianza", r"\ell"),
    ("log-verossimilhança", r"\ell"), ("zweite ableitung", r"\ell''"), ("ableitung", r"\ell'"), ("derivada", r"\ell'"), ("derivata", r"\ell'"), ("dérivée", r"\ell'"), ("производная", r"\ell'"), ("log-likelihood", r"\ell"), ("loglikelihood", r"\ell"), ("log likelihood", r"\ell"), ("log-likelihood function", r"\ell"),
    ("likelihood", "L"), ("likelihood function", "L"), ("score", r"\ell'"), ("score function", r"\ell'"), ("nll", r"\text{NLL}"),
    ("second derivative", r"\ell''"), ("derivative", r"\ell'"),
)  # fmt: skip
RESULT = re.compile(
    r"\b(?:is|are|be|lies|lie|attained|reached|occurs?|located|found|max\w*|min\w*|vanish\w*|zeros?|roots?|largest|smallest|highest|peak\w*|"
    r"optim\w*|stationary|critical|solution|arrive|look\w*)\b[^.]{0,40} at$"
)
ESTIMATE = re.compile(r"\\(?:wide)?hat|MLE|_\{?\\?(?:text|mathrm)?\{?ML\b|\^\{?\s*\\?(?:\*|ast|star)")
JOINED = re.compile(r"(?:and|or|respectively|und|oder|et|ou|y|o|e|и|или|和|或)", re.I)
UNMARKED = re.compile(r"(?<![A-Za-z])[A-Za-z]\s?[+/*^−]\s?[\w(]|[\w)]\s[-−+]\s[\w(]|\d\s?[/*^]\s?\w")  # mathematics among words
LISTED = re.compile(r"^(?:[-+−]?\s*[\d./]+|\\l?dots\w*|\\cdots|…|\.{2,3}|[a-zA-Z]|\\infty|\\frac\s*\d\s*\d|\\[td]?frac\{\d+\}\{\d+\})$")
PLACE = re.compile(r"(?:^|[\s,;(])(?:at|an der stelle|im punkt|au point|en|in|nel punto|no ponto|в точке)\s*$", re.I)
DOTS = re.compile(r"^\s*(?:\\[lc]?dots\w*|…|\.{2,3})\s*$")
BARE = re.compile(r"\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?\s*$")  # a letter by itself
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

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text; (-1, -1) for a side that words make."""
        return self.source.span(0, len(self.text)) if self.source.original else (-1, -1)

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
    after: str = ""  # the words behind it
    place: int = -1  # where it begins, where its sides are parts of a formula: (0, 1)
    said: str = ""  # the words that state it, where it is stated in words alone

    @property
    def waits(self) -> bool:
        """Whether the last sign still lacks its right side."""
        return len(self.signs) == len(self.sides)

    def says(self, sign: str, line: int, was_set: bool = False) -> None:
        """A sign is put behind the last side."""
        self.signs.append(sign)
        self.lines.append(line)
        self.set.append(was_set)

    def without_dots(self) -> None:
        """The signs around dots, x_(1) <= ... <= x_(n), are one."""
        for k in range(len(self.sides) - 2, 0, -1):
            if not self.worded and DOTS.match(self.sides[k].text) and k < len(self.signs) and self.signs[k - 1] == self.signs[k]:
                del self.sides[k], self.signs[k], self.lines[k], self.set[k]

    def unsaid(self) -> None:
        """A sign without a right side says nothing yet."""
        self.signs.pop()
        self.lines.pop()
        self.set.pop()


class Assembler:
    """Takes the items of a document in order and gives chains in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ends = [m.start() for m in re.finditer("\n", text)]
        self.chains: list[Chain] = []
        self.current: Chain | None = None
        self.words: list[str] = []
        self.joined = ""
        self.after_comma = False
        self.opens = False  # whether this formula begins something new, also where it begins with a sign
        self.begins = False  # whether this row begins an equation whose left side goes on in the next rows
        self.reasons = False  # whether the column of reasons has begun in this row

    def take(self, items: Iterable[Item]) -> None:
        """All that a document says."""
        before = ""
        for number, group in groupby(items, lambda item: item.number):
            if not number:
                before = " ".join(item.text for item in group if isinstance(item, Words))
                continue
            if before and self.chains:
                self.chains[-1].after = before
            self._formula(list(group), before)
            before = ""
        if before and self.chains:
            self.chains[-1].after = before
        self._close()

    def _formula(self, items: list[Item], before: str) -> None:
        self.after_comma = before.strip() in (",", ";")
        self.words = [before] if before else []
        self.joined = "condition" if _conditional(before) else ""
        if not (self.current is not None and self.current.waits and not before):
            self._close()
        inline = isinstance(items[0], Sign) and items[0].value == "inline"
        said = [word for word in re.split(r"[\s,.:;]+", before.lower()) if word]
        self.opens = inline and bool(said) and said[-1] not in LINKS and not all(word in COPULAS for word in said)
        rows = list(_rows(items[1:]))
        for k, row in enumerate(rows):
            self.after_comma = self.after_comma and k == 0
            self.begins = _begins_broken(row, rows[k + 1 :])
            named = [item for item in row if _aside(item)]
            if named:
                self._named(named)
            self._row([item for item in row if not _aside(item)])
        if self.current is not None and not self.current.waits:
            self._close()

    def _line(self, item: Item) -> int:
        return bisect_left(self.ends, item.start) + 1

    def _named(self, row: list[Item]) -> None:
        """Definitions within a row, which goes on as if they were not there."""
        for k in range(0, len(row) - 2, 3):
            line = self._line(row[k])
            sides = [Side(item.source) for item in row[k : k + 3] if isinstance(item, Mention)]
            chain = Chain(sides, line, "", "let", [":="], [line], [False], aside=True)
            self.chains.insert(len(self.chains) - (1 if self.current is not None else 0), chain)

    def _close(self) -> None:
        if self.current is not None and self.current.waits:
            self.current.sides.append(Side(Source.nowhere(""), "nothing"))
        self.current = None

    def _row(self, row: list[Item]) -> None:
        kinds = [_kind(item) for item in row]
        solid = [item for item, kind in zip(row, kinds, strict=True) if kind not in ("&", "blank")]
        if not (self.current is not None and (self.current.waits or self._goes_on(solid))):
            self._close()
        if not solid:
            return
        line = self._line(next(item for item, kind in zip(row, kinds, strict=True) if kind != "&"))
        self.reasons = _is_remark(kinds)
        text_start = row.index(solid[0])
        following = _following(kinds)
        formula = words_follow = False  # whether a formula stands in this row, and words behind it
        for k, (item, kind) in enumerate(zip(row, kinds, strict=True)):
            if kind == "&":
                if k and kinds[k - 1] == "&" and self.current is not None and not self.current.waits:
                    self._close()  # && begins the column of reasons
                    self.reasons = True
            elif isinstance(item, Mention):
                self._side(item, line, following[k], words_follow)
                formula = True
            elif kind == "relation":
                self._sign(item, line)  # type: ignore[arg-type]
            elif kind == "arrow":
                self._close()
                self.joined, self.words, self.after_comma = item.value, [], False  # type: ignore[union-attr]
            elif kind in (",", "blank"):
                if k < text_start:
                    continue
                if self.current is not None and not self.current.waits:
                    self._close()
                self.after_comma = self.after_comma or kind == ","
            elif isinstance(item, Words):
                words_follow = words_follow or formula
                if self.current is not None and not self.current.waits:
                    self._close()
                self.words.append(item.text)
                self.joined, self.after_comma = _link(item.text), False
                if self.chains and not self.chains[-1].after:
                    self.chains[-1].after = item.text

    def _goes_on(self, solid: list[Item]) -> bool:
        """Whether a row continues the side before it: it begins with an operator and is no equation by itself."""
        if not solid or not isinstance(solid[0], Mention) or solid[0].syntax != "latex":
            return False
        first = solid[0].text.lstrip("{ ")
        if not self.current or not self.current.sides:
            return False
        if re.search(r"(?:[-+/(]|\\cdot|\\times)$", self.current.sides[-1].text):
            return True
        if first.startswith(("+", "\\cdot", "\\times")):
            return True
        if not first.startswith(("-", "−")):
            return False
        if any(_kind(item) == "relation" for item in solid[1:2]):
            return not self.current.signs and not self.current.aside  # the left side is broken
        return not self.begins

    def _side(self, p: Mention, line: int, following: str | None, in_row: bool) -> None:
        c = self.current
        if c is not None and c.waits:
            c.sides.append(Side(p.source, p.syntax))
            return
        if c is not None:
            c.sides[-1].extend(" ", p.source)
            return
        last = self.chains[-1] if self.chains else None
        if (
            self.after_comma and last is not None and last.signs and following != "relation"
            and LISTED.match(p.text) and (last.sides[-1].listed or NUMBER.match(last.sides[-1].text))
        ):  # fmt: skip
            if self._decimal(last, p, following):
                last.sides[-1].extend(".", p.source)  # 0,25 as it is written in many countries
                return
            last.sides[-1].extend(",", p.source)
            last.sides[-1].listed = True
            return
        aside = self.reasons or in_row
        self.opens = False
        self.current = Chain([Side(p.source, p.syntax)], line, self.joined, " ".join(self.words), aside=aside)
        self.chains.append(self.current)
        if self.after_comma and not self.joined:
            self.current.joined = "comma"
        self.joined, self.words, self.after_comma = "", [], False

    def _decimal(self, last: Chain, p: Mention, following: str | None) -> bool:
        """Whether two numbers with a comma between are one: an estimate is a number, not a list."""
        whole = last.sides[-1].text.strip().lstrip("-+").isdigit() and p.text.isdigit()
        one = last.signs[-1] == "approx" or ESTIMATE.search(last.sides[0].text) is not None
        return whole and one and not last.sides[-1].listed and following != ","

    def _head(self, line: int) -> Chain:
        """The left side that words give to a formula that begins with a sign: "the log-likelihood $= ...$"."""
        words = " ".join(self.words).lower().rstrip(" :,.")
        text = next((latex for name, latex in QUANTITIES if words.endswith(name)), None)
        side = Side(Source.nowhere(text)) if text is not None else Side(Source.nowhere(words.split(",")[-1].strip()), "words")
        chain = Chain([side], line, self.joined, " ".join(self.words))
        self.chains.append(chain)
        self.joined, self.words = "", []
        return chain

    def _aligned(self, p: Sign, c: Chain) -> bool:
        """Whether a sign that begins a line stands below the first one of a chain."""
        line = self.text.rfind("\n", 0, p.start) + 1
        above = self.text.rfind("\n", 0, max(c.sides[0].span[1], 0)) + 1
        return (
            c.line < 1 + bisect_left(self.ends, p.start) <= c.line + 1
            and not self.text[line : p.start].strip()
            and 0 <= p.start - line - (c.sides[0].span[1] - above) <= 2
        )

    def _sign(self, p: Sign, line: int) -> None:
        c = self.current
        if c is None and self.opens:
            c = self.current = self._head(line)
            self.opens = False
        if c is None and UNMARKED.search(" ".join(self.words)):  # "the slope is n/p - S. This is < 0"
            c = self.current = Chain([Side(Source.nowhere(" ".join(self.words)), "words")], line, self.joined, "")
            self.chains.append(c)
            self.joined, self.words = "", []
        if c is None and self.chains and not DENIED.search(" ".join(self.words)):  # "can't set $= 0$" goes on from nothing
            said = " ".join(self.words).strip(" ,;.")
            joined = JOINED.fullmatch(said) is not None
            passed = joined or (bool(said) and all(word in COPULAS for word in said.lower().split()))  # over conditions
            recent = [d for d in self.chains[-1:-9:-1] if not d.aside and not (passed and d.joined == "condition") and not _of_place(d)]
            last = next((d for d in recent if self._aligned(p, d)), recent[0] if recent else self.chains[-1])
            if last.signs and joined:  # the roots are = a and = b
                last = Chain([Side(last.sides[0].source, last.sides[0].syntax)], line, "", " ".join(self.words))
                self.chains.append(last)
            another = self.words and self.words[0].lstrip().startswith((";", ".")) and not last.signs and BARE.match(last.sides[0].text)
            c = self.current = last if not another else None  # "the last term involves mu; it is <= 0"
        if c is None:
            c = self.current = Chain([Side(Source.nowhere(""), "nothing")], line, self.joined, " ".join(self.words))
            self.chains.append(c)
            self.joined, self.words = "", []
        if c.waits:  # two signs in a row: a row that ends and a row that begins with one
            c.unsaid()
        c.says(p.value, line, p.set)


def _of_place(c: Chain) -> bool:
    """Whether a formula by itself only says where something is taken: "at theta_hat: = -7/theta_hat^2"."""
    return not c.signs and PLACE.search(c.prose) is not None


def _kind(item: Item) -> str:
    """side, words, relation, arrow; of a separator which it is."""
    if isinstance(item, Sign):
        return item.value if item.kind == "separator" else item.kind
    return "side" if isinstance(item, Mention) else "words"


def _aside(item: Item) -> bool:
    return not isinstance(item, Words) and item.aside


def _rows(items: list[Item]) -> Iterator[list[Item]]:
    """The items of a formula, row by row."""
    for ends, row in groupby(items, lambda item: isinstance(item, Sign) and item.kind == "row"):
        if not ends:
            yield list(row)


def _begins_broken(row: list[Item], more: list[list[Item]]) -> bool:
    """Whether a row without a sign begins an equation: the rows after it are indented, and one of them holds the sign."""
    kinds = [_kind(item) for item in row]
    if "relation" in kinds or _indented(kinds) or "words" in kinds:
        return False
    for later in more:
        found = [_kind(item) for item in later]
        if not _indented(found) or "words" in found:
            return False
        if "relation" in found:
            return found.index("relation") > found.index("side") if "side" in found else False
    return False


def _indented(kinds: list[str]) -> bool:
    """Whether blanks stand before what a row holds."""
    solid = next((k for k, kind in enumerate(kinds) if kind not in ("&", "blank")), len(kinds))
    return "blank" in kinds[:solid]


def _following(kinds: list[str]) -> list[str | None]:
    """For each item the kind of the next one that is no mark."""
    out: list[str | None] = []
    last: str | None = None
    for kind in reversed(kinds):
        out.append(last)
        last = last if kind == "&" else kind
    return out[::-1]


def _is_remark(kinds: list[str]) -> bool:
    """Whether a row is set apart to the right and begins with words: it says why the row before it holds ("divide by n")."""
    words = next((k for k, kind in enumerate(kinds) if kind not in ("&", "blank")), None)
    if words is None or kinds[words] != "words" or "relation" in kinds:
        return False
    return "blank" in kinds[:words]


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


def assemble(items: Iterable[Item], text: str) -> list[Chain]:
    """The chains that a document states, in order."""
    a = Assembler(text)
    a.take(items)
    for c in a.chains:
        c.without_dots()
    return a.chains
