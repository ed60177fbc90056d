"""All relations of a text before anything is judged: what each does (its speech act), and under which hypotheses it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cached_property

from ...formula.tree import Apply, At, Formula, Num, Sym, has, names, walk
from ...problem.problem import Problem
from ..claims import Claim, Mention

ORDERS = frozenset({"<", "<=", ">", ">=", "!=", "in"})
LET = re.compile(
    r"\b(let|put|write|define|denote[sd]?|set|call(?:ed)?|where|with|abbreviate|sei|setze|bezeichne|wobei|sea|sean|donde|soit|pose|où|notons|posto|sia|dove|обозначим|где|пусть)\b[^.]{0,40}$|记\s*$",
    re.I,
)
SUPPOSE = re.compile(r"\b(suppose|assume|assuming|if|unless|in case|were|would|falls|wenn|si|se|если)\b[^.]{0,30}$", re.I)
OTHERWISE = re.compile(
    r"\b(would|people use|method of moments|moment estimat\w+|bayes\w*|prior|posterior|unbiased|bias-corrected|common mistake|wrongly|incorrect\w*|ignoring)\b",
    re.I,
)
EXAMPLE = re.compile(
    r"\b(e\.g|for example|for instance|illustration|zum beispiel|z\. ?b|par exemple|por ejemplo|per esempio|например|exemple|beispiel)\b|例如",
    re.I,
)
WORDS = "for|if|when|at|suppose|unless|on|in case|für|wenn|falls|bei|si|pour|se|per|при|если|当"
FORWARD = re.compile(
    rf"(?:[.!?:;]\s*\S*\s*(?:{WORDS})|^(?:{'|'.join(w.capitalize() for w in WORDS.split('|'))})|(?:hence|so|now|then|thus|and) (?:{WORDS}))\b[^.]*$"
)
AT_TOP = re.compile(
    r"\b(?:at|in) (?:the|this|that|its|our) (?:\w+ )?(?:maxim\w*|stationary|critical|point|estimate|root|solution|mle|optimum|zero)", re.I
)
EITHER = re.compile(r"\b(or|oder|ou|either|roots?|solutions?|zeros?|rejected?|discard\w*)\b", re.I)
EXACTLY = re.compile(
    r"\b(as long as|so long as|exactly when|precisely when|if and only if|iff|whenever|only when|only if|if|when|until|while|solange|genau dann wenn|tant que|finché)\W*$",
    re.I,
)
AT = re.compile(r"^[,\s]*(?:evaluated |taken )?(?:at|bei|en|in|für|for)$")
BREAK = re.compile(r"[.!?;](?:\s|$)")


class Act(Enum):
    """What a relation does in its sentence."""

    CLAIM = "claim"
    DEFINITION = "definition"
    HYPOTHESIS = "hypothesis"


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


def statements(claims: Sequence[Claim], mentions: Sequence[Mention] = (), text: str = "") -> list[Statement]:
    """The statements of a text, in order."""
    out: list[Statement] = []
    rows = text.split("\n")
    last_open: list[Statement] = []  # forward hypotheses of the sentence that goes on
    for c in claims:
        new_chain = c.joined != "continues"
        if (
            new_chain
            and last_open
            and (BREAK.search(c.prose) or not c.prose.strip() or c.source_line > last_open[-1].claim.source_line + 3)
        ):
            if not (c.joined in ("comma", "condition") or c.source_line == last_open[-1].claim.source_line) or BREAK.search(c.prose):
                last_open = []
        s = Statement(c, _act(c, out), row=rows[c.source_line - 1] if c.source_line <= len(rows) else "")
        prev = out[-1] if out else None
        if not new_chain and prev is not None:
            s.before = (*prev.before, *(prev.claim.readings[0][:1] if prev.claim.readings else ()))
            s.scope, s.at_top = list(prev.scope), prev.at_top
            if prev.act is Act.HYPOTHESIS and c.sign in ORDERS:
                s.act = Act.HYPOTHESIS
        else:
            s.scope = list(last_open)
            s.at_top = AT_TOP.search(c.prose) is not None
        s.either = EITHER.search(c.prose) is not None
        if s.either and prev is not None:
            prev.either = True
        if c.joined in ("iff", "implies") and prev is not None:
            s.linked = next((o for o in reversed(out) if o.claim.chain == prev.claim.chain and o.act is not Act.DEFINITION), None)
        if s.act is Act.HYPOTHESIS:
            prev_line = next((o.claim.source_line for o in reversed(out) if o.act is not Act.HYPOTHESIS), -9)
            if FORWARD.search(c.prose) or not out:
                last_open.append(s)
            elif c.source_line - prev_line <= 1 and not BREAK.search(
                c.prose
            ):  # "... for theta > 0": of the chain before it, which may go on
                chain = next((o.claim.chain for o in reversed(out) if o.act is not Act.HYPOTHESIS), None)
                for o in out:
                    if o.claim.chain == chain and o.act is not Act.HYPOTHESIS:
                        o.scope.append(s)
        out.append(s)
    for s in out:  # P <=> Q: P by itself is not claimed
        if s.linked is not None and s.claim.sign in ORDERS and s.linked.claim.sign in ORDERS and s.linked.act is Act.CLAIM:
            s.linked.act = Act.HYPOTHESIS
    for m in mentions:  # "... < 0 at theta_hat"
        if AT.search(m.prose.lower()) and isinstance(m.formula, Sym):
            near = [s for s in out if s.claim.source_line in (m.source_line, m.source_line - 1)]
            for s in out:
                if near and s.claim.chain == near[-1].claim.chain:
                    s.at_top = True
    for s, t in itertools.pairwise(out):  # "... < 0 at the maximum."
        if (
            t.claim.chain != s.claim.chain
            and AT_TOP.search(re.split(r"[.!?;]", t.claim.prose)[0])
            and t.claim.source_line - s.claim.source_line < 3
        ):
            for o in out:
                if o.claim.chain == s.claim.chain:
                    o.at_top = True
    return out


def _act(c: Claim, before: Sequence[Statement]) -> Act:
    if c.joined == "condition":
        return Act.HYPOTHESIS
    if c.sign in ORDERS and (SUPPOSE.search(c.prose) or EXACTLY.search(c.prose)):
        return Act.HYPOTHESIS
    last = before[-1] if before else None
    if (
        c.sign in ORDERS
        and last is not None
        and last.act is Act.HYPOTHESIS
        and last.claim.sign in ORDERS
        and c.prose.strip(" ,") in ("and", "und", "et", "e", "y", "и")
    ):
        return Act.HYPOTHESIS
    if (
        c.sign in ORDERS
        and c.joined == ""
        and not c.prose.strip()
        and last is not None
        and last.act is Act.HYPOTHESIS
        and last.claim.sign in ORDERS
        and c.source_line - last.claim.source_line == 1
    ):
        return Act.HYPOTHESIS  # the next row of a chain of equivalent inequalities
    if c.sign in ("=", ":=") and (c.defines is not None or c.sign == ":="):
        return Act.DEFINITION
    return Act.CLAIM


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
