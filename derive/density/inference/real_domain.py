"""Where a density has a real value: a power or a logarithm asks for a positive base, which then belongs to the support."""

from __future__ import annotations

import math
import random
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from ...formula.evaluate import compiled
from ...formula.plain import plain
from ...formula.tree import ZERO, And, Formula, Relation, Sym, names
from ...sets.domain import Domain, conjuncts
from ..support.conditional import read_off, real_bases
from .candidate import look

if TYPE_CHECKING:
    from .infer import Task

LOOKS = 40  # parameter points at which a base of a power is looked at
EDGE = 0.02  # how near to the ends of their domains
FAR = 100.0  # and how much farther out than the farthest other value of the variable


def stated_part(task: Task, v: str, d: Domain) -> Domain:
    """A stated support with its conditions as ends, and without the values at which the density has no real value."""
    known = task.known_domains()
    d = read_off(d, known) if d.letters <= set(known) else d
    part = real_part(task, v, d)
    if part != d:
        shown = " and ".join(plain(c) for c in conjuncts(part.also) if c not in conjuncts(d.also))
        task.warnings.append(f"The density has a real value only where {shown}, which is taken as a part of the support.")
    return part


def real_part(task: Task, v: str, d: Domain) -> Domain:
    """A support without the values at which the density has no real value for some parameters of the stated domains."""
    x, known = Sym(v), task.known_domains()
    if d.discrete or task.covariates or len(task.variables) > 1:
        return d
    bases = [b for b in real_bases(task.density, x) if names(b) & set(task.stated)]
    if not bases or not all(k in known for b in bases for k in names(b) - {v}):
        return d
    wanted = [Relation((b, ZERO), (">",)) for b in bases if negative_somewhere(task, b, v, d)]
    if not wanted:
        return d
    parts = tuple(dict.fromkeys([*conjuncts(d.also), *wanted]))
    return changed(d, also=parts[0] if len(parts) == 1 else And(parts), variable=v)


def negative_somewhere(task: Task, base: Formula, v: str, d: Domain) -> bool:
    """Whether a formula is negative at some of a few points of a support, for some of a few parameters, near the ends of
    their domains too."""
    g, rng, known = compiled(base), random.Random(29), task.known_domains()
    mine = sorted(names(base) & set(known))
    for _ in range(LOOKS):
        env = task.drawn(rng, {})
        if env is None:
            continue
        for k in mine:
            low, high = known[k].bounds(env)
            ends = [low + EDGE] * (low > -math.inf) + [high - EDGE] * (high < math.inf)
            env = rng.choice([env, *({**env, k: e} for e in ends if known[k].contains(e, env))])
        top = max(look(d, env, True), default=0.0)
        if any(g({**env, v: t}) < 0 for t in (*look(d, env, True), *((FAR * top,) if d.contains(FAR * top, env) else ()))):
            return True
    return False
