"""A ratio L(N)/L(N - 1) that passes 1 once, from above: the arguments for it, and the last value at which it is at least 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ...algebra.terms import Term
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Div,
    Last,
    N,
    Relation,
    Sym,
    add,
    equation,
    names,
    neg,
    num,
    replace_all,
    terms,
    value,
)
from ...oracle.oracle import Oracle, computed
from ...proofs.decreasing_ratio import Falls, crossing, falls
from ...proofs.exact_single_crossing import difference_of, falling, last_at_least_one, limit_below_one, roots_beyond
from ...recorder import record
from ...rule_names import RuleName
from ...rules.neighbours import neighbours
from ...sets.domain import INFINITY
from ...trace import Block, Condition, ConditionKind, Display, How, Line, Section, SectionKey, Words, say
from ..prose import listed
from ..setting import State
from .conclusion import concluded, estimate, tied
from .enumeration import heights, largest_value
from .integer_parameter import Comparison, at_least
from .neighbour_ratio import multiplied_out
from .real_relaxation import RealMaximum, as_real, beside


@dataclass(frozen=True)
class SingleCrossing:
    """Why a ratio is at least 1 up to one value and not after it, in blocks, and what the data must satisfy for it."""

    blocks: tuple[Block, ...]
    conditions: tuple[Condition, ...] = ()


def by_search(c: Comparison) -> State:
    """The ratio is shown to fall below 1 once; the last value at which it is at least 1 is looked for, or named."""
    seen = c.problem.observations
    argument = all_fall(c)
    if seen is not None and not names(written := multiplied_out(c.ratio, seen)) - {c.name}:
        return searched(c, c.al.split(written), argument)
    if argument is not None:
        return named(c, argument)
    real = as_real(c.state, c.name)
    if real is None:
        raise NotSupported(
            f"whether the likelihood grows from {c.name} - 1 to {c.name} is not solved for {c.name} in general",
            hint="give the data, or n=1",
        )
    return rounded(c, real)


def rounded(c: Comparison, real: RealMaximum) -> State:
    """One of the whole numbers beside the place of the maximum among real numbers."""
    lead = say("Where this is at least 1 is not solved for {} directly. But {} makes sense for a real {} too:", c.u, c.problem.of("L"), c.u)
    answer, words = beside(real.place, c.name, c.state)
    unique = Condition(ConditionKind.UNIQUE, (), say("these two do not have the same likelihood"))
    state = c.state.adding(
        Section(SectionKey.SOLVE, say("As a real number"), (lead,)), *real.sections, conditions=[*real.conditions, unique]
    )
    return concluded(state, c.name, answer, How.NUMERIC, estimate(state, c.name, answer, words))


# -- arguments that the ratio passes 1 once --------------------------------------------------------


def all_fall(c: Comparison) -> SingleCrossing | None:
    """The argument that the ratio of every single observation falls, and goes below 1; None where that is not shown."""
    p, u, al = c.problem, c.u, c.al
    one = neighbours(p.likelihood if p.whole else p.indexed(p.density), u, al)
    if one is None:
        return None
    found = falls(one.term, u, al)
    if found is None or (c.high == INFINITY and not found.below_one(al)):
        return crosses(c, one.term)
    factors = _each_falls(found)
    if not found.pairs:
        return SingleCrossing((say("The ratio decreases in {}: ", u) + factors + say("."),))
    oracle = Oracle(tuple({**w, p.index: float(j + 1)} for w in c.points.points for j in range(1 if p.whole else int(w["n"]))))
    lines = tuple(record(r, oracle.equal(*r.sides), rule=RuleName.DIVIDE) for r in found.pairs)
    lead = say("The ratio does not increase as {} grows, since no factor of it does{}:", u, "" if p.whole else ", whatever the observation")
    return SingleCrossing((lead, Display(lines), *([say("Besides, ") + factors + say(".")] if factors.parts else [])))


def _each_falls(found: Falls) -> Words:
    """Which factors fall by themselves, and which grow below the line."""
    alone = listed("", found.alone) + say(" falls" if len(found.alone) == 1 else " fall") if found.alone else say("")
    if not found.grow:
        return alone
    lead = alone + say(", and ") if found.alone else alone
    return lead + listed("", found.grow) + say(" below the line grows" if len(found.grow) == 1 else " below the line grow")


def crosses(c: Comparison, t: Term) -> SingleCrossing | None:
    """The argument that the product of the ratios is at least 1 up to one value and not after it, where they are (w + c)/(w + x)."""
    p, u, al = c.problem, c.u, c.al
    x = None if p.whole else At(p.variables[0], (Sym(p.index),))
    found = crossing(t, u, x, al) if x is not None and al.facts.range(x).nonnegative else None
    if found is None or x is None:
        return None
    if p.observations is not None and not any(row[0] for row, _ in p.observations.rows):
        return None
    body = Div(add(*terms(found.w), *terms(found.c)), add(*terms(found.w), x))
    shown = equation(Div(p.of("L"), Apply("L", (add(u, neg(ONE)),))), Big("prod", p.index, ONE, N, body))
    c.points.equal(shown.sides[1], c.ratio)
    line = record(shown, c.points.sampled("equal"), rule=RuleName.DIVIDE)
    conditions = []
    if p.observations is None:
        needed = Relation((Big("sum", p.index, ONE, N, x), ZERO), (">",))
        conditions.append(Condition(ConditionKind.EXISTS, (needed,), say("{}, that is, if some {} is positive", needed, x)))
    w, high, mean = found.w, found.c, Sym("G")
    words = say(
        "so it is at least 1 where {} is at least {}, with {} the geometric mean of the {}. As {} grows, {} falls to 0. The other side grows with {}: its "
        "derivative there is {} divided by the harmonic mean, which is not larger than {}, less 1. It tends to the mean of the observations.",
        high, Add((mean, *(neg(t) for t in terms(w)))), mean, add(*terms(w), x), u, high, w, mean, mean,
    )  # fmt: skip
    return SingleCrossing((say("The ratio may be written"), Display((line,)), words), tuple(conditions))


def with_numbers(c: Comparison, t: Term, least: int) -> SingleCrossing | None:
    """The argument for a ratio that holds N and numbers only: it decreases, or one polynomial has one root."""
    if falling(t, c.u, c.al) is not None and limit_below_one(t):
        return SingleCrossing((say("The ratio decreases in {}: it is a product of factors each of which does.", c.u),))
    if not crosses_once(c, t, least):
        return None
    words = say(
        "Multiplied by the denominator, which is positive, the ratio is at least 1 where a polynomial in {} is at least 0. By Sturm's theorem "
        "that has one root above the first admissible value {}, and goes from plus to minus there.", c.u, num(least),
    )  # fmt: skip
    return SingleCrossing((words,))


def crosses_once(c: Comparison, t: Term, least: int) -> bool:
    """Whether numerator minus denominator is positive at the next value and has one root beyond, with a positive denominator."""
    p = difference_of(t, c.u, c.al)
    bottom = Term(Fraction(1), {b: ONE for b, k in t.powers.items() if (value(k) or 0) < 0})
    if not p or p[-1] > 0 or not c.positive(bottom):
        return False
    return roots_beyond(p, Fraction(2 * least + 1, 2)) == 1


# -- the last value at which the ratio is at least 1 -----------------------------------------------


def named(c: Comparison, argument: SingleCrossing) -> State:
    """The estimate as the last value at which the ratio is at least 1: for a symbolic sample, or with given constants."""
    u, start = c.u, c.first()
    answer = Last(c.name, start, c.high if c.high == INFINITY else c.last(), at_least(c.ratio, ONE))
    words = say("So the ratio is at least 1 up to some {} and less than 1 from then on: {} increases up to there and decreases afterwards, and the estimate is the last such value:", u, c.problem.of("L"))  # fmt: skip
    blocks = [
        *argument.blocks,
        *estimate(c.state, c.name, answer, words),
        say("or {} where the ratio is less than 1 for all of them. It is found by trying the values in turn.", start),
        say("Where the ratio is exactly 1 at {}, the value one below has the same likelihood.", hat(c.name)),
    ]
    hatted = Relation((replace_all(c.ratio, {u: hat(c.name)}), ONE), ("!=",))
    unique = Condition(ConditionKind.UNIQUE, (hatted,), say("{}", hatted))
    return concluded(c.state.adding(conditions=[*argument.conditions, unique]), c.name, answer, How.NUMERIC, blocks)


def searched(c: Comparison, t: Term, argument: SingleCrossing | None) -> State:
    """Given data: the last value at which the ratio, a product of powers that hold N alone, is at least 1 is looked for."""
    low = value(c.low)
    if low is None:
        raise NotSupported(f"{c.name} has no least value")
    least = math.ceil(low)
    argument = argument or with_numbers(c, t, least)
    if argument is None:
        greatest = value(c.high)
        if greatest is None and c.high != INFINITY:
            raise NotSupported(f"{c.name} has no greatest value that the data allow")
        return largest_value(c.state, heights(c.state, c.name, least, None if greatest is None else math.floor(greatest)))
    ratio = c.al.build(t)
    g, w = compiled(ratio), dict(c.points.points[0])
    last = last_at_least_one(g, w, c.name, least)
    if last > low and value(c.al.tidy(replace_all(ratio, {c.u: num(last)}))) == 1:
        return tied(c, Fraction(last), argument.blocks)
    shown = [_compared(k, g({**w, c.name: float(k)})) for k in (last, last + 1) if k > low]
    blocks = [
        *argument.blocks,
        say(
            "So {} does not decrease as long as the ratio is at least 1, and decreases afterwards. At the last such {} and the next:",
            c.problem.of("L"),
            c.u,
        ),
        Display(tuple(shown)),
        *estimate(c.state, c.name, num(last)),
    ]
    return concluded(c.state, c.name, num(last), How.NUMERIC, blocks)


def _compared(k: int, v: float) -> Line:
    """The number L(k)/L(k - 1), on its side of 1."""
    if abs(v - 1) < 1e-9:
        raise NotSupported(f"the likelihoods at {k - 1} and {k} cannot be told apart here")
    label = Div(Apply("L", (num(k),)), Apply("L", (num(k - 1),)))
    quoted = num(Fraction(f"{v:.4f}")) if f"{v:.4f}" != "1.0000" else num(Fraction(f"{v:.9f}"))
    return record(
        Relation((label, quoted, ONE), ("approx", ">" if v > 1 else "<")),
        computed("worked out", 1),
        rule=RuleName.TABLE,
    )


__all__ = ["by_search"]
