"""A support that depends on parameters: which of their values go with a sample, and what is known of its ends."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from fractions import Fraction

from ..algebra import Algebra
from ..density.admissible import Bound, interval
from ..density.sets import INFINITY, MINUS_INFINITY, Domain
from ..errors import NotValid
from ..facts import NONNEGATIVE, POSITIVE, Facts, Range
from ..formula.evaluate import Env
from ..formula.tree import Add, Formula, names, neg, num, terms

NEGATIVE, NONPOSITIVE = Range(-math.inf, 0, True, True), Range(-math.inf, 0, True)


def with_widths(facts: Facts, support: Mapping[str, Domain], table: Mapping[Formula, Formula] | None = None) -> Facts:
    """Facts and that the upper end of every interval is above the lower one (of whole numbers, not below it), with
    letters replaced as in the table."""
    for d in support.values():
        if d.values is not None or not d.letters or d.low == MINUS_INFINITY or d.high == INFINITY:
            continue
        d = d.replaced(table or {})
        width = Add((*terms(d.high), neg(d.low)))
        for w in (width, Algebra().tidy(width)):
            back = Add(tuple(neg(t) for t in reversed(terms(w))))
            for f, r in ((w, NONNEGATIVE if d.integer else POSITIVE), (back, NONPOSITIVE if d.integer else NEGATIVE)):
                known = facts.range(f)
                if known.low < r.low or known.high > r.high or not known.nonzero:
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
            env[k] = low if low == high else changed(d, low=_end(low), high=_end(high)).points(rng, env, 1)[0]
    if not possible(support, columns, env):
        raise NotValid("the data are not possible at these parameters")
    return {k: env[k] for k in values}


def _end(v: float) -> Formula:
    return num(Fraction(v)) if math.isfinite(v) else INFINITY if v > 0 else MINUS_INFINITY


def possible(support: Mapping[str, Domain], columns: Mapping[str, Sequence[float]], env: Env) -> bool:
    """Whether the smallest and the largest observation lie in the support at parameter values; its finite ends belong to it."""
    return all(d.closed.contains(x, env) for v, d in support.items() for x in {min(columns[v]), max(columns[v])})
