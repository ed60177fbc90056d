"""Can a sample take the root of a score equation out of the domain?  Proved not to, or looked for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...algebra.terms import Algebra
from ...formula.evaluate import Env, compiled, holds
from ...formula.tree import Formula, Relation, names
from ...oracle.oracle import Oracle, ordered, value_at
from ...problem.test_points import random_points
from ...rules.sums import fold_means
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain
from ..setting import Setting, settle_answers
from .sample_degeneracy import not_all_equal

INF = math.inf
SAMPLES = 24  # random samples that are tried, and as many of equal observations


def trials(setting: Setting) -> tuple[Env, ...]:
    """Samples to try a root at: the given data, or random ones, some of them of equal observations."""
    p = setting.problem
    given = setting.numbers or p.observations is not None
    points = setting.judge.points if given else (*random_points(p, SAMPLES, seed=3), *random_points(p, SAMPLES, seed=4, alike=True))
    return settle_answers(Oracle(points), setting.answers).points


def inside(root: Formula, domain: Domain, al: Algebra) -> tuple[bool, bool]:
    """Whether the root is proved not to lie below the lower end, and not above the upper end."""
    r = al.facts.range(root)
    if names(domain.low) | names(domain.high):
        return False, False
    low, high = domain.bounds()
    return r.low >= low or (low == 0 and _never_negative(root, al)), r.high <= high


def _never_negative(root: Formula, al: Algebra) -> bool:
    """Whether every factor is not negative, by its range or since it is 0 only where all observations are equal."""
    t = al.split(root)
    return t.coefficient > 0 and all(al.facts.range(b).nonnegative or not_all_equal(b, al) for b in t.powers)


def leaves(root: Formula, domain: Domain, setting: Setting, needed: Sequence[Relation] = ()) -> bool:
    """Whether some sample takes the root out of the domain, its finite ends counted in.  needed: what the samples satisfy."""
    if all(inside(fold_means(root, setting.al) or root, domain, setting.al)):
        return False
    closed, g = domain.closed, compiled(root)
    for w in trials(setting):
        v = g(w)
        if not all(holds(r)(w) for r in needed):
            continue
        if not math.isnan(v) and not closed.contains(v, w) and not _near_end(v, domain, w):
            return True
    return False


def belongs(f: Formula, domain: Domain, w: Env) -> bool:
    """Whether the value of a formula belongs to a domain, told by balls where a float would lie at an end that does not, or beyond all floats."""
    v = value_at(f, w)
    if domain.contains(v, w) or domain.discrete or domain.also is not None:
        return domain.contains(v, w)
    low, high = domain.bounds(w)
    if v not in (low, high, INF, -INF):
        return False
    return (domain.low == MINUS_INFINITY or ordered(f, domain.low, w) == 1) and (domain.high == INFINITY or ordered(domain.high, f, w) == 1)


def _near_end(v: float, domain: Domain, w: Env) -> bool:
    return any(abs(v - e) <= 1e-12 * (1 + abs(e)) for e in domain.bounds(w) if not math.isinf(e))


__all__ = ["belongs", "inside", "leaves", "trials"]
