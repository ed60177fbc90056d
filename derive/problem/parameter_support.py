"""A support that depends on parameters: which of their values go with a sample, and what is known of its ends."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from fractions import Fraction

from ..algebra.facts import NONNEGATIVE, POSITIVE, Facts, Range
from ..algebra.terms import Algebra
from ..density.support.admissible import Bound, interval
from ..errors import NotValid
from ..formula.evaluate import Env
from ..formula.tree import Add, Div, Formula, Pow, call, names, neg, num, terms
from ..sets.domain import INFINITY, MINUS_INFINITY, Domain

SLACK = 1e-9  # of an end of a support, relative to its size
NEGATIVE, NONPOSITIVE = Range(-math.inf, 0, True, True), Range(-math.inf, 0, True)


def with_widths(facts: Facts, support: Mapping[str, Domain], table: Mapping[Formula, Formula] | None = None) -> Facts:
    """Facts and that the upper end of every interval is above the lower one (of whole numbers, not below it), with
    letters replaced as in the table."""
    for d in support.values():
        if d.values is not None or not d.letters or d.low == MINUS_INFINITY or d.high == INFINITY:
            continue
        d = d.replaced(table or {})
        width = Add((*terms(d.high), neg(d.low)))
        rising = [width, Algebra().tidy(width)]  # differences that are positive with it
        if facts.range(d.low).positive:
            rising.append(Add((Pow(d.high, num(2)), neg(Pow(d.low, num(2))))))
        for w in rising:
            back = Add(tuple(neg(t) for t in reversed(terms(w))))
            for f, r in ((w, NONNEGATIVE if d.integer else POSITIVE), (back, NONPOSITIVE if d.integer else NEGATIVE)):
                known = facts.range(f)
                if known.low < r.low or known.high > r.high or not known.nonzero:
                    facts = facts.assume(f, r)
        if not d.integer and facts.positive(d.low):
            facts = _with_ratio(facts, d.low, d.high)
    return facts


def _with_ratio(facts: Facts, low: Formula, high: Formula) -> Facts:
    """Facts and that the upper end is more than once the lower one, which is positive."""
    above, below = call("log", high), call("log", low)
    for f, r in (
        (Div(high, low), Range(1, math.inf, True)), (Div(low, high), Range(0, 1, True, True)),
        (Add((above, neg(below))), POSITIVE), (Add((neg(below), above)), POSITIVE), (Add((below, neg(above))), NEGATIVE),
    ):  # fmt: skip
        facts = facts.assume(f, r)
    return facts


def within(
    values: Env, columns: Mapping[str, list[float]], bounds: Mapping[str, tuple[Bound, ...]], parameters: Mapping[str, Domain],
    support: Mapping[str, Domain], rng: random.Random,
) -> Env:  # fmt: skip
    """Parameter values with those on which the support depends drawn anew, so that the data are possible.

    Raises NotValid where there are none.
    """
    env: Env = {**values, **columns, "n": len(next(iter(columns.values())))}
    for free in (True, False):  # first by the bounds that speak of no other such parameter
        for k, found in bounds.items():
            d = parameters[k]
            low, high = interval(tuple(b for b in found if not free or not names(b.end) & (set(bounds) - {k})), d, env)
            if low > high or (free and (low, high) == d.bounds(env)):
                continue
            own = d.bounds(env)
            opens = (d.low_open and low == own[0], d.high_open and high == own[1])
            left = changed(d, low=_end(low), high=_end(high), low_open=opens[0], high_open=opens[1])
            env[k] = low if low == high else left.points(rng, env, 1)[0]
    if not possible(support, columns, env):
        raise NotValid("the data are not possible at these parameters")
    return {k: env[k] for k in values}


def roomy(support: Mapping[str, Domain], ends: Mapping[str, tuple[float, float]], env: Env) -> bool:
    """Whether the smallest and the largest observation lie in the closed support within rounding, and it is no single point."""
    for v, (least, greatest) in ends.items():
        d = support[v]
        low, high = d.bounds(env)
        slack = [SLACK * (1 + abs(e)) if math.isfinite(e) else 0.0 for e in (low, high)]
        if least < low - slack[0] or greatest > high + slack[1]:
            return False
        if not d.discrete and d.letters & set(env) and high - low <= sum(slack):
            return False
    return True


def _end(v: float) -> Formula:
    return num(Fraction(v)) if math.isfinite(v) else INFINITY if v > 0 else MINUS_INFINITY


def possible(support: Mapping[str, Domain], columns: Mapping[str, Sequence[float]], env: Env) -> bool:
    """Whether the sample lies in the support at parameter values; its finite ends belong to it."""
    return all(
        d.closed.contains(x, env)
        for v, d in support.items()
        for x in ({min(columns[v]), max(columns[v])} if d.also is None else set(columns[v]))
    )
