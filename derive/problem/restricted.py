"""What is known of a question whose support is given by conditions, and of a density that is 0/0 at some parameter values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..algebra.facts import Facts
from ..algebra.terms import Algebra
from ..density.support.conditional import at_extremes, larger_less_smaller, real_bases
from ..formula.evaluate import Env, compiled, holds
from ..formula.removable import singular
from ..formula.tree import Formula, Relation, Sym
from ..formula.tree import names as letters_of
from ..sets.domain import Domain, conjuncts

RESTRICTED = ("restrictions", "restricted_extremes", "restricting", "positive_inside", "singular")  # what a changed question finds anew
SMALL = 1e-7  # how far from a place where a density is 0/0 it is looked at


class Restricted:
    """A question as far as its support and the places where its density is 0/0 are concerned."""

    parameters: Mapping[str, Domain]
    support: Mapping[str, Domain]
    density: Formula

    @property
    def _log_density(self) -> Any:
        raise NotImplementedError

    @property
    def facts(self) -> Facts:
        raise NotImplementedError

    def indexed(self, f: Formula) -> Formula:
        raise NotImplementedError

    @cached_property
    def restrictions(self) -> tuple[tuple[str, Relation], ...]:
        """Conditions with parameters in them that belong to a support and are no ends of an interval, each with its variable."""
        found = [(v, c) for v, d in self.support.items() for c in conjuncts(d.also)]
        return tuple((v, c) for v, c in found if isinstance(c, Relation) and letters_of(c) & set(self.parameters))

    @cached_property
    def restricted_extremes(self) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
        """The restrictions as conditions on the smallest and the largest observation; those that each observation must
        satisfy by itself."""
        al = Algebra(self.facts)
        extremes, single = list[Relation](), list[Relation]()
        for v, c in self.restrictions:
            found = at_extremes(v, c, al)
            if found is None:
                single.append(self.indexed(c))  # type: ignore[arg-type]
            else:
                extremes += found
        return tuple(extremes), tuple(single)

    @cached_property
    def restricting(self) -> tuple[Callable[[Env], bool], ...]:
        """Whether an observation satisfies each restriction."""
        return tuple(holds(c) for _, c in self.restrictions)

    @cached_property
    def positive_inside(self) -> tuple[Formula, ...]:
        """What is positive for observations in a support that is given by conditions: their differences of sides, and the
        arguments of logarithms and the bases of real powers in the density."""
        if not self.restrictions:
            return ()
        x = Sym(self.restrictions[0][0])
        found = [larger_less_smaller(c) for _, c in self.restrictions]
        return tuple(dict.fromkeys([*found, *(b for b in real_bases(self.density, x) if letters_of(b) & set(self.parameters))]))

    @cached_property
    def singular(self) -> tuple[tuple[str, float], ...]:
        """Values of parameters at which the density as it is written is 0/0."""
        return singular(self.density, tuple(self.parameters), compiled)

    def continued(self, name: str, place: float, env: Env) -> bool:
        """Whether such a value lies in the domain and the density has a limit there."""
        at = {**env, name: place}
        return self.parameters[name].interior.contains(place, at) and math.isfinite(self.beside(at))

    def beside(self, env: Env) -> float:
        """The log-density at a place where it is 0/0, from both sides of it; nan where it is something else."""
        for k, r in self.singular:
            if abs(env[k] - r) <= SMALL / 10:
                (s, a), (t, b) = (self._log_density({**env, k: r + d}) for d in (SMALL, -SMALL))
                return (a + b) / 2 if s > 0 and t > 0 and abs(a - b) < SMALL * 1e3 * (1 + abs(a)) else float("nan")
        return float("nan")
