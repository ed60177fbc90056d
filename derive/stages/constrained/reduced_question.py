"""The question with some parameters written by the others, as the constraints say."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ...algebra.facts import POSITIVE, Facts
from ...formula.evaluate import Env, compiled, log_size
from ...formula.tree import Add, Formula, Sym, names, replace_all
from ...problem.problem import Problem
from ...sets.ranges import interior


class Reduced(Problem):
    """A question in fewer parameters, without constraints.

    origin: the question as it was asked.  tied: the other parameters in terms of those that are left.  kernel: what
    the likelihood is taken to be, in the letters that are left; None for the one of the origin.
    """

    def __init__(self, origin: Problem, tied: Mapping[str, Formula], kernel: Formula | None = None):
        self.__dict__.update(origin.__dict__)
        self.origin, self.tied, self.kernel = origin, dict(tied), kernel
        self.parameters = {k: d for k, d in origin.parameters.items() if k not in tied}
        self.constraints = ()

    @property
    def facts(self) -> Facts:
        """The facts of the origin; what a tied parameter is written as has that parameter's range."""
        facts = self.origin.facts
        table: dict[Formula, Formula] = {Sym(k): f for k, f in self.tied.items()}
        for g, r in self.origin.facts.known.items():
            facts = facts.assume(replace_all(g, table), r)
        for k, f in self.tied.items():
            if isinstance(f, Add) and names(f) & set(self.parameters):
                facts = facts.assume(f, interior(self.origin.parameters[k]) if k in self.origin.parameters else POSITIVE)
        return facts

    def worlds(self, count: int = 6, seed: int = 1, data: bool = False, alike: bool = False) -> tuple[Env, ...]:
        """The worlds of the origin, with ell and L as functions of the parameters that are left."""
        return tuple(self.world(w) for w in self.origin.worlds(count, seed, data, alike))

    def world(self, w: Env) -> Env:
        """One of them."""
        free, every = tuple(self.parameters), tuple(self.origin.parameters)
        tied = {k: compiled(f) for k, f in self.tied.items()}
        size = None if self.kernel is None else log_size(self.kernel)

        def ell(*at: float) -> float:
            point: Env = {**w, **dict(zip(free, at, strict=True))}
            if size is None:
                point |= {k: g(point) for k, g in tied.items()}
                return float(w["ell"](*(point[k] for k in every)))
            sign, v = size(point)
            return v if sign > 0 else -math.inf if sign == 0 else math.nan

        letters = {k: g(w) for k, g in tied.items() if k not in w}
        return {**w, **letters, "ell": ell, "L": lambda *at: math.exp(ell(*at))}


__all__ = ["Reduced"]
