"""A likelihood that only rises, only falls, or does not change in a whole number; or one admissible value only."""

from __future__ import annotations

import math

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import ONE, ZERO, Add, Div, Dots, Formula, Indicator, Relation, SetOf, add, neg, num, terms, value
from ...proofs.grounds import Ground, proved
from ...recorder import held, record
from ...rule_names import RuleName
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...trace import Block, Display, How, say
from ..setting import ARGUED, State, settle_answers
from .conclusion import concluded, estimate, where
from .integer_parameter import Comparison

LISTED = 12  # estimates that are written one by one


def only_value(state: State, name: str, ends: tuple[Formula, Formula]) -> State | None:
    """Where the data leave a single value it is the estimate; None where they leave more."""
    low, high = map(value, ends)
    if low is None or high is None or math.ceil(low) != math.floor(high):
        return None
    only = num(math.ceil(low))
    return concluded(state, name, only, How.BOUNDARY, estimate(state, name, only, say("The data leave one value only:")))


def one_way(c: Comparison, sign: int) -> State:
    """The comparison comes out the same for every N: the likelihood decreases, increases, or is flat."""
    if sign == 0:
        return flat(c)
    shown = Relation((c.ratio, ONE), (">" if sign > 0 else "<",))
    blocks: list[Block] = [
        *tops_apart(c, sign),
        Display((held(c.points, shown, rule=RuleName.COMPARE_WITH_1),)),
        say(
            "where {} and {} are both admissible, so {} {} there.",
            c.u,
            add(c.u, neg(ONE)),
            c.problem.of("L"),
            "increases" if sign > 0 else "decreases",
        ),
    ]
    if (c.high if sign > 0 else c.low) in (INFINITY, MINUS_INFINITY):
        words = say(
            "There is no largest value of {}: the likelihood approaches its supremum without attaining it as {} grows, and there is no maximum.",
            c.u,
            c.u,
        )
        return c.state.adding(where([*blocks, words])).without_maximum(ARGUED)
    end = c.last() if sign > 0 else c.first()
    blocks += estimate(c.state, c.name, end, say("It is largest at the {} admissible value:", "largest" if sign > 0 else "smallest"))
    return concluded(c.state, c.name, end, How.BOUNDARY, blocks)


def tops_apart(c: Comparison, sign: int) -> list[Block]:
    """Why a fraction is always on one side of 1: its top less its positive bottom, where the sign of that is seen."""
    al, ratio = c.al, c.ratio
    if not isinstance(ratio, Div) or not al.facts.positive(ratio.bottom):
        return []
    difference = add(ratio.top, neg(ratio.bottom))
    gap = al.expand(difference)
    if al.sign(gap) != sign:
        return []
    chain = Relation((difference, gap, ZERO), ("=", ">" if sign > 0 else "<"))
    words = say("The bottom of the fraction is positive, and the top is {}:", "larger" if sign > 0 else "smaller")
    return [words, Display((held(c.points, chain, rule=RuleName.SUBTRACT),))]


def flat(c: Comparison) -> State:
    """The likelihood is the same wherever it is positive."""
    if c.ratio != ONE or c.low == MINUS_INFINITY or c.high == INFINITY:
        raise NotSupported(f"the likelihood does not depend on {c.name} in a way that is settled here")
    low = c.first()
    every = _every(low, c.last(), c)
    shown = Relation((hat(c.name), every), ("in",))
    there = settle_answers(c.state.lines_oracle, {c.name: low})
    there.equal(Indicator(shown), ONE)
    blocks: list[Block] = [
        say(
            "The ratio is 1: where {} is positive it does not depend on {}. Every admissible value is an estimate:", c.problem.of("L"), c.u
        ),
        Display((record(shown, proved(Ground.RATIO_ONE, len(there.points)), rule=RuleName.ESTIMATE),)),
    ]
    return concluded(c.state, c.name, low, How.BOUNDARY, blocks).not_unique(c.name, every)


def _every(low: Formula, high: Formula, c: Comparison) -> SetOf:
    """All whole numbers from one to another, few of them one by one."""
    a, b = value(low), value(high)
    if a is not None and b is not None and b - a < LISTED:
        return SetOf(tuple(num(a + j) for j in range(int(b - a) + 1)))
    return SetOf((low, num(a + 1) if a is not None else c.state.al.expand(Add((*terms(low), ONE))), Dots(), high))


__all__ = ["one_way", "only_value"]
