"""Towards an end that is no maximum: does the likelihood grow there without bound, or come closer to a finite supremum?

Decided by its expansion at the end; where that is not found, nothing is said.
"""

from __future__ import annotations

from ...formula.tree import Formula, Sym
from ...proofs.zeros import Towards
from ...trace import Words, say
from ..profile.along_path import fixed, place, towards
from ..setting import Setting
from .limit_family import limit_family


def without_maximum(name: str, end: Formula, high: bool, setting: Setting) -> Words:
    """What happens to the likelihood as a parameter goes to an end at which it has no maximum, in words."""
    p = setting.problem
    oracle = setting.settled(setting.judge if p.observations is not None else setting.general)
    seen = {towards({**fixed(w, p), name: place(name, end, high, w)}, w, p) for w in oracle.points if "ell" in w and name in w}
    kind = seen.pop() if len(seen) == 1 else Towards.UNDECIDED
    u = Sym(name)
    if kind is Towards.INFINITY:
        return say("the likelihood grows without bound as {} approaches {}", u, end)
    if kind is Towards.BOUNDED:
        w = next(w for w in oracle.points if "ell" in w and name in w)
        family = limit_family({**fixed(w, p), name: place(name, end, high, w)}, w, p)
        return say("the likelihood approaches its supremum without attaining it as {} approaches {}{}", u, end, family)
    return say("the likelihood keeps rising as {} approaches {}", u, end)


__all__ = ["without_maximum"]
