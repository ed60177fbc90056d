"""What the constraints are and what the likelihood is made of: groups of parameters, powers of single parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.plain import plain
from ..formula.tree import ZERO, Formula, Relation, Sym, names
from ..oracle.oracle import Oracle
from .linear_constraints import Linear, linear
from .problem import Problem


@dataclass(frozen=True, slots=True)
class Group:
    """One equation, and how often each of its parameters was counted (0 where it is no factor of the likelihood)."""

    equation: Linear
    counts: Mapping[str, Formula]

    @property
    def seen(self) -> tuple[str, ...]:
        """The parameters that are factors of the likelihood."""
        return tuple(k for k, c in self.counts.items() if c != ZERO)

    @property
    def unseen(self) -> tuple[str, ...]:
        return tuple(k for k, c in self.counts.items() if c == ZERO)


def linear_equations(p: Problem, al: Algebra) -> list[Linear]:
    """The equations among the constraints.  Raises NotSupported for one that is not linear."""
    out = []
    for c in p.constraints:
        if c.signs != ("=",):
            continue
        found = linear(c, tuple(p.parameters), al)
        if found is None and explicit(c, p) is not None:
            continue
        if found is None or not found.coefficients:
            raise NotSupported(f"the constraint {plain(c)} is not linear in the parameters; this is not supported yet")
        out.append(found)
    return out


def explicit(c: Relation, p: Problem) -> tuple[str, Formula] | None:
    """A parameter and what an equation says it is, in terms of the others: v = mu^2."""
    for one, other in (c.sides, tuple(reversed(c.sides))):
        if c.signs == ("=",) and isinstance(one, Sym) and one.name in p.parameters and one.name not in names(other):
            return one.name, other
    return None


def explicit_equations(p: Problem, al: Algebra) -> dict[str, Formula]:
    """The equations that are not linear and say what a parameter is."""
    found = [explicit(c, p) for c in p.constraints if c.signs == ("=",) and linear(c, tuple(p.parameters), al) is None]
    return dict(f for f in found if f is not None)


def powers_of_parameters(kernel: Formula, p: Problem, al: Algebra, oracle: Oracle) -> dict[str, Formula] | None:
    """c by parameter where the kernel is the product of p^c, each c free of parameters; else None."""
    counts: dict[str, Formula] = dict.fromkeys(p.parameters, ZERO)
    for b, k in al.split(kernel).powers.items():
        if not (isinstance(b, Sym) and b.name in counts) or names(k) & set(p.parameters):
            return None
        if not is_count(k, al, oracle):
            return None
        counts[b.name] = k
    return counts


def is_count(k: Formula, al: Algebra, oracle: Oracle) -> bool:
    """Whether an exponent is not negative: by its terms, or positive at every test point."""
    return al.facts.range(k).nonnegative or all(v > 0 for v in oracle.values(k))


def groups(equations: list[Linear], counts: Mapping[str, Formula]) -> list[Group] | None:
    """The parameters by equation, where each stands in exactly one; else None."""
    met = [k for e in equations for k in e.letters]
    if len(met) != len(set(met)) or set(met) != set(counts):
        return None
    return [Group(e, {k: counts[k] for k in e.letters}) for e in equations]


def inequalities(p: Problem) -> list[Relation]:
    """The constraints that are not equations."""
    return [c for c in p.constraints if c.signs != ("=",)]


__all__ = ["Group", "explicit_equations", "groups", "inequalities", "is_count", "linear_equations", "powers_of_parameters"]
