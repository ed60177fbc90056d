"""A profile log-likelihood that grows without bound at an end set by the data, perhaps so slowly that no floating-point
number is near enough to the end: like the logarithm of the distance, with other terms that fall like its logarithm.

Looked at with many digits, at distances 10^-50, 10^-100, 10^-200, ...: where each term is, in the limit, a multiple of
the logarithm of the distance, the sum of the multiples decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.precise import NoValue, precise
from ...formula.tree import Apply, Div, Formula, Limit, Neg, Pow, Sym, add, equation, has, log, mul, neg, num, rational, replace_all, terms
from ...oracle.oracle import sampled
from ...recorder import record
from ...rule_names import RuleName
from ...trace import Block, Display, Outcome, Table, say
from ..number_format import digits
from ..profile.substitution import settled_letters
from ..profile.univariate import Shown
from ..prose import listed
from ..setting import State

PLACES = (50, 100, 200, 400, 800, 1600)  # powers of ten of the distances
LONGEST = 60  # observations
NEAREST = 0.03  # a multiple of the logarithm of the distance is taken for the nearest multiple of 1/4
DOUBLED = 1.6  # a step is at least so many times the one before: in the limit twice


@dataclass(frozen=True)
class Growth:
    """heights: the log-likelihood at the distances.  multiples: of each term, what it is of the logarithm of 1/distance."""

    heights: tuple[float, ...]
    multiples: tuple[float, ...]


def growing_at_an_end(name: str, label: Apply, state: State) -> Shown | None:
    """No maximum, where the log-likelihood grows without bound towards an end that the data set; None where it does not."""
    if name not in state.restricted:
        return None
    p, d = state.problem, state.problem.parameters[name]
    points = state.judge.points[:1] if p.observations is not None else state.general.points
    if any(len(w["#sample"][v]) > LONGEST for w in points for v in p.variables):
        return None
    assert state.ell is not None
    found_so_far = settled_letters(state)
    pairs = [(t, replace_all(t, found_so_far)) for t in terms(state.ell)]
    pairs = [(t, put) for t, put in pairs if has(put, Sym(name))]
    parts = [put for _, put in pairs]
    shown = [replace_all(t, {Sym(k): hat(k) for k in state.answers}) for t, _ in pairs]
    for end, is_open, high in ((d.low, d.low_open, False), (d.high, d.high_open, True)):
        if not is_open or not all(math.isfinite(compiled(end)(w)) for w in points):
            continue
        found = [_growth(parts, name, end, high, w) for w in points]
        if all(g is not None for g in found):
            return Shown(_shown(shown, name, end, high, [g for g in found if g is not None], label, state), Outcome.NONE, answers={})
    return None


def _growth(parts: Sequence[Formula], name: str, end: Formula, high: bool, w: Env) -> Growth | None:
    """The growth towards an end at a test point; None where there is no growth without bound."""
    rows: list[list[Any]] = []
    try:
        for k in PLACES:
            count = k + 30
            values = {**_exact(w), name: 0}
            values[name] = _beside(precise(end, count)(values), -k if high else k, count)
            rows.append([precise(t, count)(values) for t in parts])
    except (NoValue, KeyError, TypeError, ValueError, OverflowError):
        return None
    heights = [sum(r) for r in rows]
    steps = [b - a for a, b in pairwise(heights)]
    if not all(s > 0 for s in steps[-3:]) or not all(b >= DOUBLED * a for a, b in pairwise(steps[-3:])):
        return None
    gap = (PLACES[-1] - PLACES[-2]) * math.log(10)
    multiples = tuple(float((b - a) / gap) for a, b in zip(rows[-2], rows[-1], strict=True))
    if (
        not all(map(math.isfinite, multiples))
        or not sum(multiples) > NEAREST
        or any(abs(m - round(4 * m) / 4) > NEAREST for m in multiples)
    ):
        return None
    return Growth(tuple(map(float, heights)), multiples)


def _beside(end: Any, k: int, count: int) -> Any:
    """The place at the distance 10^-|k| above the end, below it for a negative k."""
    import mpmath

    with mpmath.workdps(count):
        return end + math.copysign(1, k) * mpmath.mpf(10) ** -abs(k)


def _exact(w: Env) -> dict[str, Any]:
    return {k: v for k, v in w.items() if isinstance(v, (int, float, list))}


def _shown(
    parts: Sequence[Formula], name: str, end: Formula, high: bool, found: Sequence[Growth], label: Apply, state: State
) -> tuple[Block, ...]:
    """Term by term what it is of the logarithm of the distance, and for given data a table."""
    u = Sym(name)
    distance = add(end, neg(u)) if high else add(u, neg(end))
    scale = log(Div(num(1), distance))
    hats = [hat(k) for k in state.order if has(state.answers[k], u)]
    functions = listed(" (", hats) + say(" {} of {} found above)", "is the function" if len(hats) == 1 else "are the functions", u)
    blocks: list[Block] = [
        say("As {} approaches {}, compare the terms of {} with {}, which grows without bound", u, end, label, scale)
        + (functions if hats else say("")) + say(":"),
    ]  # fmt: skip
    lines = []
    for t, m in zip(parts, found[0].multiples, strict=True):
        ratio = Div(t, scale) if not isinstance(t, Neg) else neg(Div(t.arg, scale))
        shown = equation(Limit(ratio, u, end), rational(Fraction(round(4 * m), 4)))
        lines.append(record(shown, sampled("from values at distances down to 10^-1600", len(found)), rule=RuleName.LIMIT))
    blocks.append(Display(tuple(lines)))
    blocks.append(say("The limits were computed with many digits, {} at distances down to {}.", u, Pow(num(10), num(-PLACES[-1]))))
    total = Fraction(sum(round(4 * m) for m in found[0].multiples), 4)
    if state.problem.observations is not None:
        rows = tuple(
            (say("{}", Pow(num(10), num(-k))), say("{}", digits(h, 7)), say("{}", digits(h / (k * math.log(10)), 4)))
            for k, h in zip(PLACES, found[0].heights, strict=True)
        )
        blocks.append(Table((say("{}", distance), say("those terms together"), say("divided by {}", scale)), rows))
    like: Formula = scale if total == 1 else mul(rational(total), scale)
    blocks.append(
        say("So {} grows like {}, without bound: there is no maximum. A root of the score is at best a local maximum.", label, like)
    )
    return tuple(blocks)
