"""Claims about the profile log-likelihood of a parameter."""

from __future__ import annotations

from ....formula.names import hat
from ....formula.tree import ZERO, Derivative, Limit, Sym, Where, names, walk
from ..profile_likelihood import of_profile, opened
from ..profile_limit import limit_of_profile
from ..verdict import Verdict, unknown
from .case import Case


def profile(c: Case) -> Verdict | None:
    """A claim about a profile: judged where the other parameters are at their maximum."""
    j, sides = c.under, (c.left, c.right)
    k = of_profile(c.left) or of_profile(c.right)
    if k is None:
        return None
    given = {n for f in sides if of_profile(f) is None for n in names(j.resolved(f))} - {k}  # "for fixed sigma"
    letters = tuple(n for n in j.model.free if n not in given)
    a, b = (j.resolved(opened(f, letters)) for f in sides)
    if free := j.nameless(a, b):
        return free
    if c.sign != "=":
        return unknown("a profile is not compared")
    if any(isinstance(g, Where) for f in sides for g in walk(f)):
        got = j.everywhere(a, b, j.trials.top)
        x, y = (j.resolved(opened(f, letters, True)) for f in sides)
        return got if got.holds else j.everywhere(x, y, j.trials.top)
    others = set(letters) - {k}
    if isinstance(c.left, Limit) and c.left.variable == Sym(k):
        return limit_of_profile(c.left, c.right, frozenset(others), j.meaning, j.trials)
    got = j.everywhere(a, b, j.trials.given_others(others, False))
    if not got.holds:
        a, b = (j.resolved(opened(f, letters, True)) for f in sides)
        put = [p.put({o: p.env[hat(o).name] for o in others}) for p in j.trials.inner if hat(j.model.free[0]).name in p.env]
        got = j.everywhere(a, b, put)
        if got.fails and not any(isinstance(g, Derivative) for f in sides for g in walk(f)):
            if any(j.apart(a, b, False, {k}, points) for points in (j.trials.given_others(others, False), put)):
                return Verdict(True, "constant")
    return got if got.holds or ZERO not in sides else j.everywhere(a, b, j.trials.top)
