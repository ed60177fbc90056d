"""What a teacher adds around a derivation: why the logarithm saves a large sample, the likelihood at another value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from ...algebra.terms import short_decimal
from ...formula.decimals import height as quoted_height
from ...formula.decimals import rounded
from ...formula.names import hat
from ...formula.tree import ZERO, Add, Apply, Formula, Relation, Sym, names, num, replace_all, transform, value
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...recorder import held
from ...rule_names import RuleName
from ...sample.columns import joined
from ...sample.sample import Sample
from ...trace import Block, Display, Words, from_standard, say
from ..setting import State
from .evaluation import at_data
from .requested_values import SMALLEST, power_of_ten


def underflow(state: State, numbers: Mapping[str, float] | None) -> tuple[Block, ...]:
    """What to add to the section "Log-likelihood" where the likelihood at the estimate is 0.0 in floating point; else nothing."""
    p = state.problem
    if numbers is None or p.known or p.observations is None or state.ell is None or not state.numbers:
        return ()
    point = state.settled(state.judge).points[0]
    height = float(point["ell"](*(numbers[k] for k in p.parameters)))
    if not -math.inf < height < SMALLEST:
        return ()
    size = p.observations.size
    first = math.floor(-SMALLEST / (-height / size)) + 1
    hats: dict[Formula, Formula] = {Sym(k): state.answers[k] for k in p.parameters}
    there = Oracle((point,))
    product, logs = (_at_estimate(f, hats) for f in (state.gathered, state.ell))
    label = Apply("ell", tuple(hat(k) for k in p.parameters))
    sides = (label, logs, quoted_height(height)) if logs is not None else (label, quoted_height(height))
    shown = Relation(sides, (*("=",) * (len(sides) - 2), "approx"))
    lost: tuple[Block, ...] = ()
    if product is not None:
        zero = Relation((Apply("L", label.args), product, ZERO), ("=", "approx"))
        lost = (Display((held(there, zero, say("0.0 in double precision"), RuleName.PUT_IN),)),)
    blocks: tuple[Block, ...] = (
        say(
            "At the estimate found below the product of the {} factors is about {}, less than the "
            "smallest positive number in double precision: a computer gets 0.0, as it would from about {} such observations on{}",
            num(size), power_of_ten(height), num(first), ":" if lost else ".",
        ),
        *lost,
        say("The sum of the logarithms causes no difficulty:"),
        Display((held(there, shown, rule=RuleName.PUT_IN),)),
    )  # fmt: skip
    return tuple(map(from_standard, blocks))


def _at_estimate(f: Formula | None, hats: Mapping[Formula, Formula]) -> Formula | None:
    """L or ell with short numbers for the estimates put in; None where there is nothing that short to show."""
    if f is None:
        return None
    short = {u: num(v) for u, g in hats.items() if (v := value(g)) is not None and short_decimal(v, 6)}
    put = transform(replace_all(f, short), lambda g: _added(g) if isinstance(g, Add) else None)
    if len(short) < len(hats) or names(put):
        return None
    return put


def _added(f: Add) -> Formula | None:
    numbers = [value(t) for t in f.terms]
    return num(sum((v for v in numbers if v is not None), Fraction(0))) if None not in numbers else None


def right_censored(p: Problem) -> bool:
    """Whether a sample has limits that could be taken for observed values."""
    return p.sample is not None and not p.known and p.sample.kinds in (("exact", "right"), ("right",)) and not p.sample.is_large


def contrast(p: Problem, general: Mapping[str, Formula], numbers: Mapping[str, float]) -> tuple[Block, ...]:
    """What one would get by treating the limits of right-censored observations as observed values; nothing where that has no estimate.

    general: the estimates as formulas in the observations.
    """
    assert p.sample is not None
    (v,) = p.variables
    wrong = at_data(general, Sample({v: joined(p.sample.exact.get(v, ()), p.sample.right)}), p)
    if not all(map(math.isfinite, wrong.values())):
        return ()
    limits = list(dict.fromkeys(p.sample.right)) if isinstance(p.sample.right, tuple) else []
    words = say(
        "Had {} been treated as {}, ",
        _list([num(x) for x in limits]) if 0 < len(limits) <= 4 else say("the limits"),
        "an exact value" if len(limits) == 1 else "exact values",
    )
    for j, (k, value_of) in enumerate(wrong.items()):
        words += say(", " if j else "") + say("{} would be {}", hat(k), rounded(value_of, p.asked.digits))
        words += say(" instead of {}", rounded(numbers[k], p.asked.digits))
    return (from_standard(words + say(".")),)


def _list(fs: list[Formula]) -> Words:
    words = say("")
    for j, f in enumerate(fs):
        words += say("" if j == 0 else " and " if j == len(fs) - 1 else ", ") + say("{}", f)
    return words
