"""A ratio L(N)/L(N - 1) that is at least 1 as long as N is at most some bound: the lines that show it, and the estimate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...algebra.terms import Term
from ...density.support.admissible import positive_first
from ...formula.evaluate import compiled
from ...formula.tree import ONE, ZERO, Add, Apply, Call, Const, Div, Formula, Neg, Relation, add, has, mul, neg, num, replace_all, value
from ...oracle.oracle import Refuted
from ...recorder import record
from ...rule_names import RuleName
from ...rules.sums import split_sums
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...trace import Block, Condition, ConditionKind, Display, How, Line, Words, say
from ..setting import State
from .conclusion import concluded, estimate, tied
from .integer_parameter import Comparison, as_whole, at_least, of_one
from .neighbour_ratio import rooted

E = Const("e")


@dataclass(frozen=True)
class Linear:
    """The ratio is at least 1 exactly where slope N + rest >= 0; lines: what shows it."""

    slope: Formula
    rest: Formula
    lines: tuple[Line, ...]


def linear(c: Comparison) -> Linear | None:
    """The comparison of the ratio with 1 as one that is linear in N; None where it is not."""
    al, t = c.al, c.al.split(c.ratio)
    lines: tuple[Line, ...] = (_judged(c, at_least(al.build(t), ONE)),)
    exponent = t.powers.get(E)
    if exponent is None:
        cleared = _cleared(c, t, lines)
        if cleared is None:
            return None
        difference, lines = cleared
    elif len(t.powers) > 1 or t.coefficient != 1:
        return None
    else:
        difference = al.expand(split_sums(exponent, al) or exponent)
        lines = _next(c, lines, at_least(exponent, ZERO), say("the exponential is at least 1 when its exponent is at least 0"))
    table = al.coefficients(difference, c.u)
    if table is None or not set(table) <= {ZERO, ONE}:
        return None
    slope, rest = (al.assemble(table.get(k, [])) for k in (ONE, ZERO))
    return Linear(slope, rest, lines)


def _cleared(c: Comparison, t: Term, lines: tuple[Line, ...]) -> tuple[Formula, tuple[Line, ...]] | None:
    """What is at least 0 where a product of powers is at least 1: a common power undone, the denominator cleared."""
    al, u = c.al, c.u
    root = _common_power(c, t)
    if root is not None:
        t = rooted(t, root, u, al)
        lines = _next(c, lines, at_least(al.build(t), ONE), say("the power {} keeps the order of positive numbers", root))
    above = {b: k for b, k in t.powers.items() if (value(k) or 1) > 0}
    below = {b: neg(k) for b, k in t.powers.items() if b not in above}
    top, bottom_term = al.build(Term(Fraction(t.coefficient.numerator), above)), Term(Fraction(t.coefficient.denominator), below)
    bottom = al.build(bottom_term)
    if any(value(k) is None for b, k in t.powers.items() if has(b, u) or has(k, u)) or not c.positive(bottom_term):
        return None
    if bottom != ONE:
        words = say("multiply by {}, which is positive where {} and {} are", bottom, c.problem.of("L"), Apply("L", (add(u, neg(ONE)),)))
        lines = _next(c, lines, at_least(top, bottom), words)
    return al.expand(add(top, neg(bottom))), lines


def _common_power(c: Comparison, t: Term) -> Formula | None:
    """A power other than 1 that all factors with the unknown have, or its negative, and that is positive; else None."""
    exponents = [k for b, k in t.powers.items() if has(b, c.u) or has(k, c.u)]
    first = exponents[0].arg if exponents and isinstance(exponents[0], Neg) else exponents[0] if exponents else ONE
    alike = all(k in (first, neg(first)) for k in exponents) and not isinstance(first, (Add, Div)) and not has(first, c.u)
    return first if alike and first != ONE and c.al.facts.positive(first) else None


def _judged(c: Comparison, r: Relation, words: Words | None = None) -> Line:
    """A relation that holds at the same test points as L(N) >= L(N - 1), ties aside; or `Refuted`."""
    left, right = map(compiled, r.sides)
    for w in c.points.points:
        a, b = left(w), right(w)
        growth = w["ell"](w[c.name]) - w["ell"](w[c.name] - 1)
        if abs(growth) > 1e-9 and abs(a - b) > 1e-9 * (abs(a) + abs(b)) and (a > b) != ((growth > 0) == (r.signs[0][0] == ">")):
            raise Refuted(f"{r} does not say that the likelihood grows")
    return record(r, c.points.sampled("true for the same values"), words, RuleName.COMPARE_WITH_1)


def _next(c: Comparison, lines: tuple[Line, ...], r: Relation, words: Words) -> tuple[Line, ...]:
    """Lines with one more, unless it says the same as the last."""
    return lines if r == lines[-1].formula else (*lines, _judged(c, r, words))


# -- the estimate ----------------------------------------------------------------------------------


def up_to(c: Comparison, found: Linear) -> State:
    """The likelihood grows as long as N is at most a bound: the slope is negative."""
    u, al = c.u, c.al
    slope, rest = positive_first(al.expand(neg(found.slope))), found.rest
    bound = al.tidy(Div(rest, slope))
    multiple = mul(slope, u) if isinstance(slope, Add) else al.build(al.times((al.split(slope), al.split(u))))
    lines = _next(c, found.lines, Relation((multiple, rest), ("<=",)), say("multiply out and collect {}", u))
    positive = al.facts.positive(slope) or value(slope) is not None
    divide = (
        say("divide by {}, which is positive" if positive else "divide by {}, where it is positive", slope)
        if slope != ONE
        else say("as it stands")
    )
    lines = _next(c, lines, Relation((u, bound), ("<=",)), divide)
    if not positive:
        needed = Relation((slope, ZERO), (">",))
        c = replace(c, state=c.state.adding(conditions=[Condition(ConditionKind.EXISTS, (needed,), say("{}", needed))]))
    lead: list[Block] = [say("{} is at least {} as long as", c.problem.of("L"), Apply("L", (add(u, neg(ONE)),))), Display(lines)]
    low, high = _least(c), _most(c)
    low = None if low is not None and al.facts.range(bound).low >= (value(low) or math.inf) else low
    number = value(bound)
    if number is None:
        return _at_the_bound(c, bound, low, high, lead)
    return _at_a_number(c, bound, number, None if low is None else value(low), None if high is None else value(high), lead)


def _at_the_bound(c: Comparison, bound: Formula, low: Formula | None, high: Formula | None, lead: Sequence[Block]) -> State:
    """A bound in terms of the data: rounded down, and kept between the admissible values where it may lie outside."""
    below: Formula = Call("floor", (bound,))
    answer = below if high is None else Call("min", (high, below))
    if low is not None:
        answer = Call("max", (*(low.args if isinstance(low, Call) and low.name == "max" else (low,)), answer))
    blocks = [
        *lead,
        *estimate(c.state, c.name, answer, _largest_below(bound)),
        say(
            "Where {} is itself a whole number, the ratio is 1 there: the value one below has the same likelihood, if it is admissible.",
            bound,
        ),
    ]
    unique = Condition(ConditionKind.UNIQUE, (Relation((bound, below), ("!=",)),), say("{} is not a whole number", bound))
    return concluded(c.state.adding(conditions=[unique]), c.name, answer, How.CLOSED, blocks)


def _at_a_number(
    c: Comparison, bound: Formula, number: Fraction, least: Fraction | None, greatest: Fraction | None, lead: Sequence[Block]
) -> State:  # fmt: skip
    """A bound that is a number: it is compared with the admissible values."""
    top = Fraction(math.floor(number))
    middle: Formula | None = None
    if greatest is not None and top > greatest:
        answer, how = num(greatest), How.BOUNDARY
        words = say("All values that are allowed lie below {}: the likelihood increases up to the last of them.", bound)
    elif least is not None and top < least:
        answer, how = num(least), How.BOUNDARY
        words = say("All values that are allowed lie above {}: the likelihood decreases from the first of them on.", bound)
    elif number == top and (least is None or top - 1 >= least):
        return tied(c, top, lead)
    else:
        answer, how, words = num(top), How.CLOSED, _largest_below(bound)
        middle = Call("floor", (bound,)) if number != top else bound if bound != answer else None
    return concluded(c.state, c.name, answer, how, [*lead, *estimate(c.state, c.name, answer, words, middle)])


def _largest_below(bound: Formula) -> Words:
    return say("So it is largest at the largest whole number that is at most {}, and decreases afterwards:", bound)


def _least(c: Comparison) -> Formula | None:
    """The first admissible value, where the bound may lie below it; None where it cannot.

    At the first value that the data allow L(N - 1) = 0: a factor below the line vanishes, and N is at most the bound there.
    """
    bottoms = [b for b, k in c.al.split(c.ratio).powers.items() if (value(k) or 0) < 0]
    return _kept(c, c.low, "max", bottoms, ZERO, "ceiling")


def _most(c: Comparison) -> Formula | None:
    """The last admissible value, where the bound may lie above it; None where it cannot: at the next value L(N) = 0."""
    tops = [b for b, k in c.al.split(c.ratio).powers.items() if (value(k) or 0) > 0]
    return None if c.high == INFINITY else _kept(c, c.high, "min", tops, ONE, "floor")


def _kept(c: Comparison, ends: Formula, which: str, factors: Sequence[Formula], shift: Formula, rounding: str) -> Formula | None:
    """Those ends at which (or one after which) no factor of the ratio vanishes."""
    kept = []
    for end in ends.args if isinstance(ends, Call) and ends.name == which else (ends,):
        end = of_one(end, c.problem)
        place: dict[Formula, Formula] = {c.u: add(end, shift)}
        if end != MINUS_INFINITY and all(c.al.tidy(c.al.expand(replace_all(b, place))) != ZERO for b in factors):
            kept.append(as_whole(end, rounding))
    return Call(which, tuple(kept)) if len(kept) > 1 else kept[0] if kept else None


__all__ = ["Linear", "linear", "up_to"]
