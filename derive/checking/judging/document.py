"""All relations of a text before anything is judged: what each does (its speech act), and under which hypotheses it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ...formula.names import hat
from ...formula.tree import ZERO, Apply, At, Derivative, Formula, Num, Sym, each, has, names, walk
from ...problem.problem import Problem
from ..claims import POSSIBLE, Claim, Told
from ..reading.speech import DEFINES, SUPPOSED

PARAGRAPH = re.compile(r"\n[ \t>]*\n\s*")
DISPLAY = re.compile(r"(?:>\s*)?(?:\$\$|\\\[|\\begin\{(?:equation|align|gather)|[*-] )")
LONGEST = 1500  # characters of a sentence that are looked at
KEPT = re.compile(r"\b(?:keep|hold|fix|put)\W*$", re.I)
COUNTED = re.compile(r"\b(?:counts|(?:number|amount) of|how many)\b[^.;:]*\b(?:with|where|when|which|that|have|equal to)\W*$", re.I)
AMONG = re.compile(r"\b(?:of|among) (?:the|these|all)\b", re.I)
COMPARED = re.compile(  # "compared with theta = 1"
    r"\b(?:compar\w*|confront\w*|vergl(?:eich|ich)\w*|gegen|versus|vs\.?|against|relative to|test\w*|null\w*|hypothes\w*|hypoth[eè]s\w*|ipotesi|referen\w*|сравн\w*|"
    r"porówn\w*|vergelijk\w*)\b[^.;:$]{0,30}$", re.I
)  # fmt: skip
APPOSED = re.compile(  # "for a random walk, phi = 1, ..."
    r"\b(?:for|with|in|at|under|für|bei|mit|im|pour|avec|para|con|com|per|для|при|voor|dla|för)\s+[^.;:$]{3,40},\s*$", re.I
)
AND = frozenset({"and", "und", "et", "e", "y", "и", "且", "和"})
ORDERS = frozenset({"<", "<=", ">", ">=", "!=", "in"})
LET = re.compile(DEFINES.pattern + r"|记\s*$", re.I)
EXAMPLE = re.compile(
    r"\b(e\.g|for example|for instance|illustration|zum beispiel|z\. ?b|par exemple|por ejemplo|per esempio|например|exemple|beispiel)\b|例如",
    re.I,
)
EITHER = re.compile(
    r"\b(or|oder|ou|either|roots?|solutions?|zeros?|rejected?|discard\w*|wurzeln?|nullstellen?|racines?|raíces|radici|корн\w*)\b", re.I
)


IN_THAT_CASE = re.compile(  # "in that degenerate case"; "Sind alle x_i = 0, so"
    r"^\W*(?:\*[^*\n]{0,60}\*+\W*)?(?:sind|wären|fallen) (?:alle|sämtliche|beide|keine)\b|"
    r"\bin (?:that|such an?|the|this) (?:degenerate|extreme|special|limiting|exceptional|other|latter|excluded|second|boundary)? ?case\b|"
    r"\bin diesem (?:fall|sonderfall)\b|\bdans ce (?:cas|dernier cas)\b|\ben (?:ese|este) caso\b|\bnesse caso\b|\bin (?:questo|tal) caso\b|"
    r"\bв (?:этом|таком) случае\b|\bw tym przypadku\b|\bin dat geval\b|この場合|その場合|此时|这时", re.I
)  # fmt: skip
FORMULA = re.compile(r"\$\$.*?(?:\$\$|\Z)|\$[^$]*(?:\$|\Z)|\\\[.*?(?:\\\]|\Z)|\\begin\{(\w+\*?)\}.*?(?:\\end\{\1\}|\Z)", re.S)
BREAK = re.compile(
    r"(?<=[.!?])[)*_\"”»]*\s+(?=[^a-z\d\s])|(?<=[.!?])\s*\n\s*\n|(?<=[.!?])\s*(?:\$\$|\\\]|\\end\{\w+\*?\})\s*\n|\n\s*(?=(?:[#>*•-]|\d+[.)])\s)|[。！？]|(?<=[.!?])[)*_]*$"
)  # fmt: skip
OF_DATA = re.compile(  # "if all observations coincide", "when nobody is recessive": of data that no formula describes
    SUPPOSED
    + r"[^.;:$<>=≤≥]{0,60}?(?:\b(?:all|every|everyone|each|no|none|nobody|nothing|only|just|both|two|alle|jede\w*|kein\w*|niemand|nur|"
    r"tous|toutes|aucun\w*|personne|todos|todas|ning[uú]n\w*|nadie|nenhum\w*|tutti|tutte|nessun\w*|все|всех|никто|ни один|ни одн\w+|wszystkie|żad\w+|"
    r"geen|inga|ingen|hiç|tüm)\b|所有|全部|没有|すべて|\b(?:points?|observations?|data|values?|sample|punkte|beobachtungen|daten|points|données|puntos|datos|punti|dati) "
    r"(?:lies?|falls?|coincides?|happens?|liegen|fallen|sont|están|estão|sono)\b)",
    re.I,
)


class Act(Enum):
    """What a relation does in its sentence."""

    CLAIM = "claim"
    DEFINITION = "definition"
    HYPOTHESIS = "hypothesis"
    QUESTION = "question"
    ASIDE = "aside"


@dataclass
class Statement:
    """One relation with its act.  scope: the hypotheses it stands under.  before: the sides of its chain that precede it.
    signs: the signs of its chain that precede it.

    given: the names that stood alone on a side before.  row: the row of the text in which it begins.
    sentence: the text of its sentence before it.
    linked: the statement that this one is said to be implied by, or equivalent to.  at_top: words say "at the maximum".
    """

    claim: Claim
    act: Act
    before: tuple[Formula, ...] = ()
    signs: tuple[str, ...] = ()
    scope: list[Statement] = field(default_factory=list)
    linked: Statement | None = None
    at_top: bool = False
    either: bool = False
    row: str = ""
    given: frozenset[str] = frozenset()
    sentence: str = ""

    @property
    def supposes(self) -> bool:
        """Whether words before it in its sentence suppose something of the data that no formula says."""
        words = FORMULA.sub("$", self.sentence)
        if self.claim.left == POSSIBLE:
            return False
        return OF_DATA.search(words) is not None or IN_THAT_CASE.search(words) is not None

    @property
    def number(self) -> int:
        return self.claim.number


class Document:
    """The statements of a text about a question, in order; told: the numbers that it gives as data."""

    def __init__(self, problem: Problem, statements: Sequence[Statement], text: str, told: Sequence[Told] = ()):
        self.problem, self.statements, self.text, self.told = problem, statements, text, told

    def passage(self, at: int) -> tuple[int, int]:
        """The paragraph around a place of the text, with the one before it where it begins with a display."""
        if at < 0:
            return 0, 0
        ends = [m.end() for m in PARAGRAPH.finditer(self.text)]
        begins = [0, *ends]
        k = max(j for j, begin in enumerate(begins) if begin <= at)
        first = k
        while first and DISPLAY.match(self.text, begins[first]):
            first -= 1
        last = k
        while last < len(ends) and DISPLAY.match(self.text, ends[last]):
            last += 1
        return begins[first], ends[last] if last < len(ends) else len(self.text)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """All names in the relations, of functions too."""
        return frozenset().union(*(letters(s.claim) for s in self.statements))

    @cached_property
    def sides(self) -> list[Formula]:
        """The sides of all relations, as they are likeliest read."""
        return [side for s in self.statements for pair in s.claim.readings[:1] for side in pair]

    @cached_property
    def numbers(self) -> list[Fraction]:
        """The numbers in the relations, each once."""
        return list(dict.fromkeys(g.value for side in self.sides for g in walk(side) if isinstance(g, Num)))


def _of_the_estimate(c: Claim, before: Sequence[Formula] = ()) -> bool:
    """Whether a derivative is given in the estimate alone of what it is taken in: its value there.  before: the sides of its chain before it."""
    if not c.readings or c.sign != "=":
        return False
    left, right = c.readings[0]
    left = before[0] if before else left
    by = {k for v, _ in left.variables for k in names(v)} if isinstance(left, Derivative) else set()
    return any(hat(k).name in names(right) for k in by) and not by & names(right)


def statements(claims: Sequence[Claim], text: str = "") -> list[Statement]:
    """The statements of a text, in order."""
    rows, found, given = text.split("\n"), dict[int, Statement](), frozenset[str]()
    for c in claims:
        previous = next(reversed(found.values()), None)
        s = Statement(
            c,
            Act.CLAIM if _claims(c) else Act.HYPOTHESIS if _of_some(c, rows) else Act(c.act),
            at_top=c.at_estimate or _of_the_estimate(c),
            row=rows[c.source_line - 1] if c.source_line <= len(rows) else "",
            sentence=_sentence(text, c.start),
        )
        s.either = EITHER.search(c.prose + " " + c.after) is not None
        if s.either and previous is not None and previous.claim.chain == c.chain - 1:
            previous.either = True
        if c.joined == "continues" and previous is not None:
            s.signs = (*previous.signs, previous.claim.sign)
            s.before = (*previous.before, *(previous.claim.readings[0][:1] if previous.claim.readings else ()))
            s.at_top = s.at_top or _of_the_estimate(c, s.before)
        if c.joined in ("iff", "implies") and previous is not None and c.sign in ORDERS and previous.claim.sign in ORDERS:
            s.linked = previous
            previous.act = Act.HYPOTHESIS if previous.act is Act.CLAIM else previous.act  # P <=> Q: P by itself is not claimed
        elif _goes_on(previous, s, rows):
            s.linked = previous  # the next row of equivalent inequalities
        found[c.number] = s
        s.given = given
        if c.sign in ("=", "approx"):
            given |= {f.name for pair in c.readings for f in pair if isinstance(f, Sym)}
    for s in found.values():
        s.scope = [found[n] for n in s.claim.scope if n in found and found[n] is not s.linked]
    out = list(found.values())
    for g, h in pairwise(out):  # "if a <= x_(1) and x_(n) <= b": what the first qualifies the second does too
        if g.act is h.act is Act.HYPOTHESIS and g.row == h.row and h.claim.prose.strip(" ,") in AND:
            for s in out:
                s.scope = [*(o for o in s.scope if o is not h), h] if g in s.scope else [o for o in s.scope if o is not h]
    return out


def _sentence(text: str, at: int) -> str:
    """The text of a sentence before a place in it."""
    before = text[max(0, at - LONGEST) : max(0, at)]
    return before[max((m.end() for m in BREAK.finditer(before)), default=0) :]


def _of_some(c: Claim, rows: Sequence[str]) -> bool:
    """Whether a letter is given a value to look at, a number for comparison, or one as the best of a few: "of the round values ... 5"."""
    if isinstance(c.left, (Sym, At)) and COUNTED.search(c.prose):
        return True
    if c.sign != "=" or not isinstance(c.left, Sym) or c.right is None:
        return False
    if KEPT.search(c.prose) and "_hat" not in c.left.name:
        return True
    if names(c.right):
        return False
    if APPOSED.search(c.prose) or COMPARED.search(c.prose):
        return True
    row = rows[c.source_line - 1] if c.source_line <= len(rows) else ""
    return c.act in ("aside", "question") or (c.joined == "condition" and AMONG.search(row) is not None)


def _claims(c: Claim) -> bool:
    """Whether a relation that the words suppose is a result all the same: a derivative, or an estimate, worked out."""
    if c.act != "hypothesis" or c.sign not in ("=", "approx") or c.left is None or c.right is None or ZERO in (c.left, c.right):
        return False
    worked = isinstance(c.left, (Apply, Derivative)) or (isinstance(c.left, Sym) and "_hat" in c.left.name)
    return (worked or c.joined == "continues") and bool(names(c.right))


def _goes_on(previous: Statement | None, s: Statement, rows: Sequence[str]) -> bool:
    """Whether a row is the next of a display in which one inequality is transformed, the first of which is not claimed."""
    if previous is None or s.claim.joined or s.claim.scope or not (previous.act is Act.HYPOTHESIS or previous.linked):
        return False
    orders = all(c.sign in ("<", "<=", ">", ">=") for c in (previous.claim, s.claim))
    start, end = previous.claim.source_line, s.claim.source_line
    return orders and start < end and all("&" in row for row in rows[start - 1 : end])


def own_head(side: Formula, other: Formula) -> Formula | None:
    """The side if it can be a new name: a letter, a family or a function of letters, that the other side does not speak of."""
    if has(other, side):
        return None
    if isinstance(side, Sym):
        return side
    if isinstance(side, At) and len(side.index) == 1 and isinstance(side.index[0], Sym):
        return side
    if isinstance(side, Apply) and side.args and all(isinstance(a, (Sym, At)) for a in side.args):
        return side
    return None


def letters(c: Claim) -> set[str]:
    """The names in a relation, of functions too."""
    out: set[str] = set()
    for pair in c.readings:
        for s in pair:
            out |= names(s) | {g.name for g in each(s, Apply)}
    return out
