"""What is stated of the domains and supports of a density, and parameter points that satisfy it."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import replace as changed

from ...errors import NotValid
from ...formula.evaluate import Env, holds
from ...formula.tree import Add, Formula, Neg, Relation, names
from ...sets.domain import INTEGERS, POSITIVE, REAL, Domain
from ..integration.normalise import linear_root
from .covariates import draw as drawn_covariate
from .feasible import feasible
from .simplex import remainders, shares
from .support_candidates import counts_something, surely_whole, whole_letters

DRAWS = 40  # parameter points that are drawn to find so many where the function has a value
CONSTRAINED_DRAWS = 200  # and that satisfy constraints: ever nearer to the lower ends, where sums are small


class Stated:
    """A density with what is stated of its letters and variables.

    stated, supports: letter or variable to its set, None where that is to be inferred.  shares: letters that are parts of
    a whole.  whole, surely_whole: letters that may be, and that must be, whole numbers.  implied: the constraints, and
    what the density implies.
    """

    def __init__(
        self, density: Formula, variables: tuple[str, ...], covariates: Mapping[str, Domain], stated: Mapping[str, Domain | None],
        supports: Mapping[str, Domain | None], constraints: tuple[Formula, ...],
    ):  # fmt: skip
        self.density, self.variables, self.covariates = density, variables, covariates
        self.stated, self.supports, self.constraints = dict(stated), dict(supports), constraints
        self.whole = whole_letters(density, variables).union(*(d.letters for d in supports.values() if d is not None and d.integer))
        self.surely_whole = surely_whole(density, variables)
        alone = len(self.whole) == 1  # beside other letters in factorials its least value is not a number
        counted = [k for k, d in self.stated.items() if d == INTEGERS and k in self.whole and alone]
        self.stated |= dict.fromkeys(counted)  # "a whole number": those at which the factorials make sense
        self.surely_whole |= set(counted)
        self.shares = shares(density, constraints, self.open_letters)
        self.implied = (*constraints, *remainders(density))
        self.stated |= self.shares

    @property
    def open_letters(self) -> tuple[str, ...]:
        return tuple(k for k, d in self.stated.items() if d is None)

    def as_stated(self, v: str) -> list[Domain]:
        """A stated support; an interval may be meant for whole numbers."""
        d = self.supports[v]
        if d is None:
            return []
        if d.discrete or d.also is not None:
            return [d]
        lattice = changed(d, integer=True)
        return [lattice, d] if counts_something(self.density, v) else [d, lattice]

    def known_supports(self) -> dict[str, Domain]:
        return {v: d for v, d in self.supports.items() if d is not None}

    def known_domains(self) -> dict[str, Domain]:
        return {k: d for k, d in self.stated.items() if d is not None}

    def drawn(self, rng: random.Random, given: Env, domains: Mapping[str, Domain] | None = None) -> Env | None:
        """A parameter point: the given values, the others in their domains, covariates generic, constraints satisfied."""
        domains = self.known_domains() if domains is None else domains
        bound = {k for c in self.implied for k in names(c) if k in self.stated}
        for draw in range(DRAWS if not bound else CONSTRAINED_DRAWS):
            env: Env = dict(given)
            try:
                for k, d in domains.items():
                    if k not in env:
                        env[k] = d.points(rng, env, 1)[0]
                        low = d.bounds(env)[0]
                        if k in bound and low > -math.inf and not d.discrete:
                            env[k] = low + (env[k] - low) / (1 + draw / 10)
            except NotValid:  # a domain whose ends hold other letters may be empty there
                if draw == DRAWS - 1:
                    raise
                continue
            for k, d in self.covariates.items():  # those of no stated set positive: the density tells later whether they must be
                env[k] = float(rng.randint(2, 9)) if d == REAL and k in self.whole else drawn_covariate(POSITIVE if d == REAL else d, rng)
            movable = {k: domains.get(k, REAL) for k in self.stated if k in bound}
            if draw < CONSTRAINED_DRAWS // 2 and any(k not in given for k in movable):  # what was given stays, where others can give way
                movable = {k: d for k, d in movable.items() if k not in given}
            point = feasible(env, self.implied, movable) if bound else env
            if point is not None or (point := self.adjusted(env, None, domains)) is not None:
                return point
        return None

    def adjusted(self, env: Env, kept: str | None = None, domains: Mapping[str, Domain] | None = None) -> Env | None:
        """env with the last letter of each equation (but not the kept one) as the others make it; None if a constraint fails."""
        for c in self.constraints:
            if isinstance(c, Relation) and c.signs == ("=",):
                last = [k for k in self.stated if k in names(c) and k != kept][-1:]
                root = linear_root(Add((c.sides[0], Neg(c.sides[1]))), last[0], env) if last else None
                if root is None:
                    return None
                d = (domains or {}).get(last[0], self.stated[last[0]])
                if d is not None and not d.contains(root, env):
                    return None
                env = {**env, last[0]: root}
            elif kept is None and not holds(c)(env):  # a domain is what it is without the inequalities
                return None
        return env


__all__ = ["DRAWS", "Stated"]
