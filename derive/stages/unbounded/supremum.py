"""Towards an end that is no maximum: does the likelihood grow there without bound, or come closer to a finite supremum?

Decided from its values at distances that shrink (or grow) by powers of ten; where these do not decide, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from ...formula.evaluate import Env, compiled
from ...formula.tree import Formula, Sym
from ...trace import Words, say
from ..setting import Setting

POWERS = range(1, 9)
FEWEST = 5  # values that are needed
LEAST = 0.05  # of the log-likelihood in each power of ten, where it grows without bound
STEADY = 0.8  # a step is at least this part of the one before, where it grows without bound
FALLING = 0.5  # and at most this part where there is a limit


def growth(heights: Sequence[float]) -> int:
    """1 where the log-likelihood at steps of powers of ten grows without bound, -1 where it has a limit, 0 where that is not clear."""
    steps = [b - a for a, b in pairwise(heights)]
    if len(heights) < FEWEST or not all(map(math.isfinite, heights)):
        return 0
    last = list(pairwise(steps[-4:]))
    if all(b >= STEADY * a > 0 for a, b in last) and steps[-1] > LEAST:
        return 1
    noise = 1e-12 * (1 + abs(heights[-1]))
    return -1 if all(abs(b) <= FALLING * abs(a) + noise for a, b in last) else 0


def along(name: str, end: float, high: bool, w: Env, setting: Setting) -> list[float]:
    """The log-likelihood at a test point on the way to an end of one parameter, the others as they are there."""
    sign = 1 if high else -1
    now = float(w[name])
    if math.isfinite(end):
        places = [end - sign * abs(now - end) * 10.0**-k for k in POWERS]
    else:
        places = [sign * (1 + abs(now)) * 10.0**k for k in POWERS]
    found = [float(w["ell"](*({**w, name: t}[k] for k in setting.parameters))) for t in places]
    return [v for v in found if math.isfinite(v)]


def without_maximum(name: str, end: Formula, high: bool, setting: Setting) -> Words:
    """What happens to the likelihood as a parameter goes to an end at which it has no maximum, in words."""
    oracle = setting.settled(setting.judge if setting.problem.observations is not None else setting.general)
    seen = {growth(along(name, compiled(end)(w), high, w, setting)) for w in oracle.points if "ell" in w and name in w}
    kind = seen.pop() if len(seen) == 1 else 0
    u = Sym(name)
    if kind > 0:
        return say("the likelihood grows without bound as {} approaches {}", u, end)
    if kind < 0:
        return say("the likelihood comes ever closer to its supremum as {} approaches {}", u, end)
    return say("the likelihood keeps rising as {} approaches {}", u, end)


__all__ = ["along", "growth", "without_maximum"]
