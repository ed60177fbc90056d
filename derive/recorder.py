"""The only maker of lines: each has evidence from the oracle or from a proof before it exists.

`record` takes the evidence for a relation; `held`, `equal` and `definition` get it: from the oracle, at whose points the relation
must hold, or because the relation says what a symbol means.  `chain` and `Equations` make several lines that follow from one
another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .formula.evaluate import Env
from .formula.tree import Formula, Relation, equation, replace_all
from .oracle.oracle import Oracle
from .rule_names import RuleName
from .trace import _SEAL, Display, Evidence, EvidenceKind, Line, Move, Words

Part = tuple[Formula, Words | None, RuleName | None]


def record(r: Relation, evidence: Evidence, reason: Words | None = None, rule: RuleName | None = None, continues: bool = False) -> Line:
    """A relation with the evidence for it."""
    return Line(r, reason, evidence, rule, continues, seal=_SEAL)


def held(oracle: Oracle, r: Relation, reason: Words | None = None, rule: RuleName | None = None, continues: bool = False) -> Line:
    """A relation that holds wherever the oracle looks; raises `Refuted` where it does not."""
    return record(r, oracle.holds(r), reason, rule, continues)


def equal(
    oracle: Oracle, a: Formula, b: Formula, reason: Words | None = None, rule: RuleName | None = None, continues: bool = False
) -> Line:
    """a = b, equal wherever the oracle looks; raises `Refuted` where it is not."""
    return record(equation(a, b), oracle.equal(a, b), reason, rule, continues)


def definition(r: Relation, how: str, reason: Words | None = None, rule: RuleName | None = None) -> Line:
    """A relation that is true because it says what a symbol means, or because it was given; how: in which sense."""
    return record(r, defined(how), reason, rule)


def renamed(line: Line, table: Mapping[Formula, Formula]) -> Line:
    """The same line with other letters for some of its letters."""
    formula = replace_all(line.formula, table)
    reason = None if line.reason is None else in_other_letters(line.reason, table)
    return record(formula, line.evidence, reason, line.rule, line.continues) if isinstance(formula, Relation) else line


def in_other_letters(words: Words, table: Mapping[Formula, Formula]) -> Words:
    """The same prose with other letters."""
    return replace(words, parts=tuple(p if isinstance(p, str) else replace_all(p, table) for p in words.parts))


def joined(lines: Sequence[Line], reason: Words | None) -> Line:
    """The last of some lines that follow from one another, in the place of them all; its evidence is the weakest of theirs."""
    *before, last = lines
    made = (x.evidence for x in before if x.rule is not None)
    weakest = max((*made, last.evidence), key=lambda e: list(EvidenceKind).index(e.kind))
    return record(last.formula, weakest, reason, last.rule, continues=before[0].continues if before else last.continues)


def relettered(x: Line, table: Mapping[Formula, Formula]) -> Line:
    """The same line with other letters in its formula and its reason: what was evidence for the one is evidence for the other."""
    formula = replace_all(x.formula, table)
    assert isinstance(formula, Relation)
    return record(formula, x.evidence, None if x.reason is None else reworded(x.reason, table), x.rule, x.continues)


def reworded(words: Words, table: Mapping[Formula, Formula]) -> Words:
    """Prose with other letters in its formulas."""
    return replace(words, parts=tuple(replace_all(f, table) if isinstance(f, Formula) else f for f in words.parts))


def defined(how: str) -> Evidence:
    """The evidence of a definition; how: in which sense the relation defines."""
    return Evidence(EvidenceKind.DEFINED, how, seal=_SEAL)


def chain(oracle: Oracle, label: Formula, parts: Iterable[Part]) -> Display:
    """label = first = second = ...: every part is judged against the label and the part before it."""
    lines: list[Line] = []
    before: Formula | None = None
    for f, reason, rule in parts:
        if f == before:
            continue
        evidence = oracle.equal(label, f)
        if before is not None:
            evidence = oracle.equal(before, f)
        lines.append(record(equation(label, f), evidence, reason, rule, continues=before is not None))
        before = f
    return Display(tuple(lines))


def sized_chain(
    oracle: Oracle,
    label: Formula,
    log_value: Callable[[Env], float],
    parts: Iterable[Part],
    meaning: Callable[[Formula], Formula] = lambda f: f,
) -> Display:
    """The same for a likelihood, judged on the log scale against log_value; meaning: a part with functions that have names as what they are."""
    lines: list[Line] = []
    before: Formula | None = None
    for f, reason, rule in parts:
        if f == before:
            continue
        evidence = oracle.same_size(label, log_value, meaning(f))
        lines.append(record(equation(label, f), evidence, reason, rule, continues=before is not None))
        before = f
    return Display(tuple(lines))


@dataclass
class Equations:
    """Equations that follow from one another.  `start` gives the first, `move` and `note` the next."""

    oracle: Oracle
    lines: list[Line] = field(default_factory=list)
    now: Relation | None = None

    def start(self, eq: Relation, evidence: Evidence, reason: Words | None = None) -> None:
        """The first equation: its meaning is given by what it sets to zero, judged by the caller."""
        self.lines.append(record(eq, evidence, reason))
        self.now = eq

    def move(self, m: Move, root: dict[str, Formula] | None = None) -> None:
        """One move.  A move without a factor is judged by the root: both equations hold there."""
        if self.now is None:
            raise ValueError("no equation to move from")
        if m.factor is not None:
            evidence = self.oracle.move(self.now, m.after, m.factor)
        else:
            there = self.oracle.at(root or {})
            there.equal(*self.now.sides)
            there.equal(*m.after.sides)
            evidence = there.sampled("both equations hold at the root")
        self.lines.append(record(m.after, evidence, m.reason, m.rule))
        self.now = m.after

    def restate(self, r: Relation, oracle: Oracle) -> None:
        """The last relation with another left side, where `oracle` finds that it holds as well: an estimate for the unknown."""
        oracle.equal(*r.sides)
        last = self.lines[-1]
        self.lines[-1] = record(r, last.evidence, last.reason, last.rule, last.continues)

    def note(self, r: Relation, reason: Words | None, oracle: Oracle, rule: RuleName | None = None, continues: bool = False) -> None:
        """A relation judged where `oracle` looks: at the estimate, say."""
        self.lines.append(held(oracle, r, reason, rule, continues))
        self.now = r

    @property
    def display(self) -> Display:
        return Display(tuple(self.lines))
