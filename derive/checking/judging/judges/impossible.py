"""Likelihoods where the data are impossible: 0 there, and nothing else."""

from __future__ import annotations

from flint import arb

from ....formula.tree import ZERO, Apply, Cases, Formula, Indicator, names, walk
from ..ball_values import NoValue
from ..roles import speaks
from ..verdict import Verdict
from .case import Case
from .scope import scoped


def nowhere(c: Case, b: Formula) -> Verdict | None:
    """A likelihood under a hypothesis with which no sample is possible: it is 0."""
    j = c.under
    if not isinstance(c.left, Apply) or c.left.name not in ("L", "ell"):
        return None
    outside = scoped(j, c.statement, j.trials.outside)
    if not outside:
        return None
    if c.left.name == "ell":
        return Verdict(False, "support", (outside[0], arb("-inf"), j.value(b, outside[0])))
    bad = next((p for p in outside if not j.value(b, p).contains(0)), None)
    return Verdict(True, "support") if bad is None else Verdict(False, "support", (bad, arb(0), j.value(b, bad)))


def positive_outside(c: Case, b: Formula) -> Verdict | None:
    """A likelihood with a scope, or with an indicator, that is not 0 where the data are impossible: it fails; else None."""
    j, s = c.under, c.statement
    if not isinstance(c.left, Apply) or c.left.name not in ("L", "ell") or not j.model.moving or speaks(s.claim.right or ZERO):
        return None
    stated = any(names(f) & j.meaning.parameters for h in s.scope for f in (h.claim.left or ZERO, h.claim.right or ZERO))
    if not stated and not any(isinstance(g, (Indicator, Cases)) for g in walk(b)):
        return None
    for p in scoped(j, s, j.trials.outside) or []:
        try:
            v = j.value(b, p)
        except NoValue:
            continue
        if c.left.name == "ell" or not v.contains(0):
            return Verdict(False, "support", (p, arb(0), v))
    return None


def other_indicators(c: Case, a: Formula, b: Formula) -> Verdict | None:
    """Indicators on both sides that differ where the data are impossible: the equation fails; else None."""
    j = c.under
    if not j.model.moving or not all(any(isinstance(g, Indicator) and names(g) & j.meaning.parameters for g in walk(f)) for f in (a, b)):
        return None
    v = j.everywhere(a, b, scoped(j, c.statement, j.trials.outside) or [])
    return Verdict(False, "support", v.at) if v.fails else None
