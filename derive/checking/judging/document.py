"""All relations of a text before anything is judged: what each does (its speech act), and under which hypotheses it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cached_property

from ...formula.tree import Apply, At, Formula, Num, Sym, has, names, walk
from ...problem.problem import Problem
from ..claims import Claim
from ..reading.speech import DEFINES

ORDERS = frozenset({"<", "<=", ">", ">=", "!=", "in"})
LET = re.compile(DEFINES.pattern + r"|记\s*$", re.I)
EXAMPLE = re.compile(
    r"\b(e\.g|for example|for instance|illustration|zum beispiel|z\. ?b|par exemple|por ejemplo|per esempio|например|exemple|beispiel)\b|例如",
    re.I,
)
EITHER = re.compile(
    r"\b(or|oder|ou|either|roots?|solutions?|zeros?|rejected?|discard\w*|wurzeln?|nullstellen?|racines?|raíces|radici|корн\w*)\b", re.I
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

    row: the row of the text in which it begins.
    linked: the statement that this one is said to be implied by, or equivalent to.  at_top: words say "at the maximum".
    """

    claim: Claim
    act: Act
    before: tuple[Formula, ...] = ()
    scope: list[Statement] = field(default_factory=list)
    linked: Statement | None = None
    at_top: bool = False
    either: bool = False
    row: str = ""

    @property
    def number(self) -> int:
        return self.claim.number


class Document:
    """The statements of a text about a question, in order."""

    def __init__(self, problem: Problem, statements: Sequence[Statement], text: str):
        self.problem, self.statements, self.text = problem, statements, text

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


def statements(claims: Sequence[Claim], text: str = "") -> list[Statement]:
    """The statements of a text, in order."""
    rows, found = text.split("\n"), dict[int, Statement]()
    for c in claims:
        previous = next(reversed(found.values()), None)
        s = Statement(c, Act(c.act), at_top=c.at_estimate, row=rows[c.source_line - 1] if c.source_line <= len(rows) else "")
        s.either = EITHER.search(c.prose + " " + c.after) is not None
        if s.either and previous is not None and previous.claim.chain == c.chain - 1:
            previous.either = True
        if c.joined == "continues" and previous is not None:
            s.before = (*previous.before, *(previous.claim.readings[0][:1] if previous.claim.readings else ()))
        if c.joined in ("iff", "implies") and previous is not None and c.sign in ORDERS and previous.claim.sign in ORDERS:
            s.linked = previous
            previous.act = Act.HYPOTHESIS if previous.act is Act.CLAIM else previous.act  # P <=> Q: P by itself is not claimed
        found[c.number] = s
    for s in found.values():
        s.scope = [found[n] for n in s.claim.scope if n in found and found[n] is not s.linked]
    return list(found.values())


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
            out |= names(s) | {g.name for g in walk(s) if isinstance(g, Apply)}
    return out
