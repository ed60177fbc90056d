"""What the fitted distribution comes ever closer to where the likelihood rises towards an infinite value of a parameter: a family with a name.

It is looked for far out, with many digits, and not proved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...formula.tree import Formula, Sym, log, names, num, replace_all
from ...problem.problem import Problem
from ...proofs.zeros import values_of
from ...trace import Words, say
from ..number_format import digits

FAR = 1e15  # sizes of the data at which the limit is looked at
CLOSE = 1e-9
TESTED = (1, 2, 3, 5, 7)  # observations at which two log-densities are compared


@dataclass(frozen=True)
class Family:
    """discrete: on the whole numbers from 0 on, else on the positive reals.  words, with one number; value: of that number, from the
    log-densities at 1 and 2; log_density: of an observation, for that number."""

    discrete: bool
    words: str
    value: Callable[[float, float], float]
    log_density: Callable[[float, float], float]


FAMILIES: Sequence[Family] = (
    Family(False, "an exponential distribution with mean {}", lambda p, q: 1 / (p - q), lambda x, m: -math.log(m) - x / m),
    Family(
        True, "a Poisson distribution with mean {}", lambda p, q: 2 * math.exp(q - p), lambda x, m: x * math.log(m) - m - math.lgamma(x + 1)
    ),
)  # fmt: skip


def limit_family(name: str, side: int, answers: dict[str, Formula], problem: Problem) -> Words | None:
    """The sentence, for the direction of an infinite end, with the other parameters as they follow from this one; None where no family fits."""
    seen = problem.observations
    if seen is None or len(problem.observed) != 1 or problem.rows is not None:
        return None
    (x,) = problem.observed
    density = replace_all(problem.density, {Sym(k): f for k, f in answers.items()})
    if names(density) & set(problem.parameters) - {name}:
        return None
    size = max((abs(float(v)) for row, _ in seen.rows for v in row), default=1.0) or 1.0

    def at(v: int) -> float:
        f = problem.spelled(log(replace_all(density, {Sym(x): num(Fraction(v))})))
        return values_of(f, name, seen.names, seen.rows)(side * FAR * size)

    heights = {v: at(v) for v in TESTED}
    if not all(map(math.isfinite, heights.values())):
        return None
    for family in FAMILIES:
        if family.discrete != problem.support[x].discrete or heights[1] == heights[2]:
            continue
        m = family.value(heights[1], heights[2])
        if m > 0 and all(abs(h - family.log_density(v, m)) < CLOSE * (1 + abs(h)) for v, h in heights.items()):
            return say(
                f"On the way the fitted distribution comes ever closer to {family.words} (computed far out, not proved).", digits(m, 6)
            )
    return None
