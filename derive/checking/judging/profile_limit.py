"""The limit of a profile log-likelihood, in which the other parameters follow the one that moves."""

from __future__ import annotations

import math

from flint import arb

from ...formula.evaluate import compiled
from ...formula.tree import Formula, Limit, Sym
from ...oracle.oracle import close
from .meaning import Meaning
from .profile_likelihood import opened
from .specials import settled
from .trial_points import TrialPoints
from .verdict import Verdict, unknown

ON_THE_WAY = 1e-3  # a limit is judged by values on the way to it
STEPS = 10


def limit_of_profile(left: Limit, right: Formula, others: frozenset[str], meaning: Meaning, trials: TrialPoints) -> Verdict:
    """Whether the limit of a profile, or of its derivative, is what the right side says."""
    body, target = meaning.of(opened(left.body, trials.model.free)), compiled(meaning.of(left.target))
    f, wanted, seen = compiled(body), compiled(meaning.of(right)), False
    assert isinstance(left.variable, Sym)
    for p in trials.top:
        values, start, e = list[float](), dict(p.sample.peak.values), p.sample.points[0]
        for x in meaning.way(left.variable.name, target(e), e, STEPS):
            there = {**e, left.variable.name: x}
            found = trials.points.climber.given_others(there, others, start)
            if found is None:
                break
            start |= found
            values.append(meaning.evaluate(f, body, {**there, **found}))
        u, v = settled(values) if len(values) > 2 else math.nan, wanted(e)
        if math.isnan(u) or math.isnan(v):
            continue
        if not close(u, v, ON_THE_WAY):
            return Verdict(False, "", (p, arb(u), arb(v)))
        seen = True
    return Verdict(True, "identity") if seen else unknown("the limit was not found")
