"""Inequalities: true at all points of their scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ....formula.tree import Derivative, Num, Sym, names
from ...claims import EVERYWHERE
from ..roles import Role
from ..trial_points import TrialPoint
from ..verdict import Verdict, doubtful, unknown
from .case import Case
from .scope import scoped, true_at

SOMEWHERE = re.compile(
    r"^\W*(?:to the )?(?:left|right|below|above|before|after|beyond|near|between|inside|outside|elsewhere|there|then)\b", re.I
)


def order(c: Case) -> Verdict | None:
    """An inequality: at all points of its scope."""
    if c.role is not Role.ORDER:
        return None
    j, s, a, b = c.under, c.statement, c.a, c.b
    if any(isinstance(x, Sym) and x.name in j.meaning.observed for x in (c.left, c.right)):
        return Verdict(True, "condition")
    if all(isinstance(x, (Sym, Num)) for x in (c.left, c.right)) and names(a) | names(b) <= j.model.problem.known.keys():
        return Verdict(True, "given")  # of known letters alone: B <= T
    if s.linked is not None and s.linked.claim.sign in ("<", "<=", ">", ">="):
        return _implied(c)
    points = j.trials.inner
    if (names(a) | names(b)) & j.meaning.parameters:
        points = [*points, *(p for p in j.trials.wide if p.possible or s.scope)]
    if s.at_top and not s.scope:
        points = j.trials.top
    within = scoped(j, s, points)
    if within is None:
        return unknown("no point was found that is as the hypothesis says")
    if s.claim.asserted:
        return _asserted(c, within)
    seen = 0
    for p in within:
        got = true_at(j, a, c.sign, b, p)
        if got is False:
            failed = Verdict(False, "order", (p, j.value(a, p), j.value(b, p)))
            return doubtful("for which values this is said is not understood", failed) if SOMEWHERE.search(s.claim.after) else failed
        seen += got is True
    return Verdict(True, "order") if seen else unknown("the sides have no value at the points tried")


def _asserted(c: Case, within: Sequence[TrialPoint]) -> Verdict:
    """What a sentence says of a function: true everywhere or at the maximum, or false everywhere; else its scope is not known.

    What is said to hold for all values is false where it fails at one of them, and it is not enough that it is true at the maximum.
    """
    j, a, b = c.under, c.a, c.b
    there, top = ([true_at(j, a, c.sign, b, p) for p in points] for points in (within, j.trials.top))
    twice = isinstance(c.left, Derivative) and sum(k for _, k in c.left.variables) == 2
    every = c.statement.claim.prose == EVERYWHERE
    if (there and all(there)) or (not every and twice and c.sign in ("<", ">") and top and all(top)):
        return Verdict(True, "order")
    wrong = [p for p, true in zip(within, there, strict=True) if true is False]
    if not wrong:
        return unknown("the sides have no value at the points tried")
    positive = [p for p in wrong if all(p.floats[k] > 0 for k in j.model.names)]  # "for every theta > 0" may be meant
    p = max(positive or wrong, key=lambda p: abs(float(j.value(a, p).mid()) - float(j.value(b, p).mid())))
    failed = Verdict(False, "order", (p, j.value(a, p), j.value(b, p)))
    everywhere = all(true is False for true in (*there, *top))
    return failed if everywhere or (every and positive) else doubtful("for which values this is said is not understood", failed)


def _implied(c: Case) -> Verdict:
    """P => Q between inequalities: wherever P is true Q is; for <=> the other way round too."""
    j, s, a, b = c.under, c.statement, c.a, c.b
    assert s.linked is not None
    left, right = (j.resolved(x) for x in s.linked.claim.readings[0])
    seen = 0
    for p in j.trials.everywhere():
        one, two = true_at(j, left, s.linked.claim.sign, right, p), true_at(j, a, c.sign, b, p)
        if one is None or two is None:
            continue
        seen += 1
        if (one and not two) or (s.claim.joined == "iff" and two and not one):
            return Verdict(False, "implication", (p, j.value(a, p), j.value(b, p)))
    return Verdict(True, "implication") if seen else unknown("the sides have no value at the points tried")
