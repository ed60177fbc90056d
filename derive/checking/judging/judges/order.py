"""Inequalities: true at all points of their scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ....formula.tree import Apply, Derivative, Num, Sym, names, walk
from ...claims import EVERYWHERE
from ..roles import Role
from ..trial_points import TrialPoint
from ..verdict import Verdict, doubtful, unknown
from .case import Case
from .scope import all_true, scoped, true_at

SOMEWHERE = re.compile(
    r"^\W*(?:to the )?(?:left|right|below|above|before|after|beyond|near|between|inside|outside|elsewhere|there|then)\b", re.I
)

BESIDE = re.compile(r"\b(?:to|on) the (?:left|right)\b|\b(?:before|after|below|above|beyond) (?:it|this|that)\b|\bafterwards\b", re.I)


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
            somewhere = SOMEWHERE.search(s.claim.after) or BESIDE.search(re.split(r"[;.]", s.claim.prose)[-1])
            return doubtful("for which values this is said is not understood", failed) if somewhere else failed
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
    *ahead, left, right = (j.resolved(x) for x in (*s.linked.before, *s.linked.claim.readings[0]))
    chain = list(zip((*ahead, left), (*s.linked.signs, s.linked.claim.sign), (*ahead[1:], left, right), strict=True)) if ahead else []
    chain = chain or [(left, s.linked.claim.sign, right)]
    spoken = names(a).union(names(b), *(names(x) for x, _, _ in chain))
    points = j.trials.everywhere()
    if s.claim.joined == "iff" and not any(isinstance(g, Apply) for f in (c.left, c.right, *s.linked.claim.readings[0]) for g in walk(f)):
        points += [p for p in j.trials.wide if not p.possible and spoken & j.meaning.parameters]
    seen = 0
    for p in points:
        one, two = all_true([true_at(j, x, sign, y, p) for x, sign, y in chain]), true_at(j, a, c.sign, b, p)
        if one is None or two is None:
            continue
        seen += 1
        if (one and not two) or (s.claim.joined == "iff" and two and not one):
            return Verdict(False, "implication", (p, j.value(a, p), j.value(b, p)))
    return Verdict(True, "implication") if seen else unknown("the sides have no value at the points tried")
