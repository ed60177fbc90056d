"""The question in parameters that vary freely: those that linear equations determine are written by the others.

The information is that about the free ones; what is tied has its covariance by the delta method (Silvey, 1975, Statistical Inference, 3.6).
"""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.tree import Formula, Sym, names, replace_all
from ..problem.linear_constraints import linear
from ..problem.problem import Problem
from ..stages.constrained.reduced_question import reduced_question


def in_free_parameters(p: Problem) -> Problem:
    """The question without its equations; itself where there are none.  Raises NotSupported where they are not linear."""
    equations = [c for c in p.implied if c.signs == ("=",)]
    if not equations or p.reduction is not None:
        return p
    al = Algebra(p.facts)
    tied: dict[str, Formula] = {}
    for c in equations:
        put = replace_all(c, {Sym(k): f for k, f in tied.items()})
        found = linear(put, tuple(p.parameters), al)  # type: ignore[arg-type]
        last = None if found is None else next((k for k in reversed(found.letters) if al.facts.nonzero(found.coefficients[k])), None)
        if found is None or last is None:
            raise NotSupported("the parameters satisfy equations that are not linear, under which the information is not taken here")
        f = found.solved_for(last, al)
        tied = {k: al.tidy(replace_all(g, {Sym(last): f})) if last in names(g) else g for k, g in tied.items()} | {last: f}
    if len(tied) == len(p.parameters):
        raise NotSupported("the equations leave no parameter free")
    return reduced_question(p, tied, {})


__all__ = ["in_free_parameters"]
