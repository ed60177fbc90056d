"""The estimate of a whole number, with the section that says where the likelihood is largest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...formula.names import hat
from ...formula.tree import Apply, Formula, Relation, SetOf, equation, num
from ...oracle.oracle import Refuted, close, computed
from ...recorder import held, record
from ...rule_names import RuleName
from ...trace import Block, Display, How, Section, SectionKey, Words, say
from ..setting import ARGUED, Setting, State, settle_answers
from .integer_parameter import Comparison


def where(blocks: Sequence[Block]) -> Section:
    """Section "Where the maximum lies"."""
    return Section(SectionKey.COMPARISON, say("Where the maximum lies"), tuple(blocks))


def estimate(setting: Setting, name: str, f: Formula, words: Words | None = None, middle: Formula | None = None) -> list[Block]:
    """The line that says what the estimate is, after some words; middle: what it is before it is worked out."""
    there = settle_answers(setting.lines_oracle, {name: f})
    shown = equation(hat(name), f) if middle is None else Relation((hat(name), middle, f), ("=", "="))
    return [*([words] if words is not None else []), Display((held(there, shown, rule=RuleName.ESTIMATE),))]


def concluded(state: State, name: str, answer: Formula, how: How, blocks: Sequence[Block]) -> State:
    """With the answer, and the section that leads to it."""
    return state.answered(name, answer, how, ARGUED).adding(where(blocks))


def tied(c: Comparison, top: Fraction, lead: Sequence[Block]) -> State:
    """Two neighbours with the same likelihood.  Raises `Refuted` where it is not the same."""
    pair = SetOf((num(top - 1), num(top)))
    w = c.points.points[0]
    if not close(w["ell"](float(top)), w["ell"](float(top - 1)), 1e-9):
        raise Refuted(f"no tie at {top}")
    evidence = computed("both have the same likelihood", 1)
    shown = Relation((hat(c.name), pair), ("in",))
    tie = equation(Apply("L", (num(top - 1),)), Apply("L", (num(top),)))
    blocks = [
        *lead,
        say("The bound {} is itself a whole number, and there the ratio is exactly 1. So two neighbours have the same, largest likelihood:", num(top)),
        Display((record(tie, evidence, rule=RuleName.TIE), record(shown, evidence, rule=RuleName.ESTIMATE))),
    ]  # fmt: skip
    return concluded(c.state, c.name, num(top), How.CLOSED, blocks).not_unique(c.name, pair)


__all__ = ["concluded", "estimate", "tied", "where"]
