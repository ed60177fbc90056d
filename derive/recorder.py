"""The only maker of lines: each is judged by the oracle before it exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .formula.evaluate import Env
from .formula.tree import Formula, Relation, equation
from .oracle.judge import Oracle
from .trace import Display, Evidence, Line, Move, Words

Part = tuple[Formula, Words | None, str]


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
        lines.append(Line(equation(label, f), reason, evidence, rule, continues=before is not None))
        before = f
    return Display(tuple(lines))


def sized_chain(oracle: Oracle, label: Formula, log_value: Callable[[Env], float], parts: Iterable[Part]) -> Display:
    """The same for a likelihood, judged on the log scale against log_value."""
    lines: list[Line] = []
    before: Formula | None = None
    for f, reason, rule in parts:
        if f == before:
            continue
        evidence = oracle.same_size(log_value, f)
        lines.append(Line(equation(label, f), reason, evidence, rule, continues=before is not None))
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
        self.lines.append(Line(eq, reason, evidence))
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
            evidence = Evidence("sampled", "both equations hold at the root", len(there.worlds))
        self.lines.append(Line(m.after, m.reason, evidence, m.rule, arrow=True))
        self.now = m.after

    def note(self, r: Relation, reason: Words | None, oracle: Oracle, rule: str = "", continues: bool = False) -> None:
        """A relation judged where `oracle` looks: at the estimate, say."""
        self.lines.append(Line(r, reason, oracle.holds(r), rule, arrow=not continues, continues=continues))
        self.now = r

    @property
    def display(self) -> Display:
        return Display(tuple(self.lines))
