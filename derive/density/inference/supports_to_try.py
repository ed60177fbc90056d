"""The supports that are tried for a density, in order."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula.tree import names
from ...sets.domain import Domain
from .real_domain import real_part
from .stated import Stated
from .support_candidates import candidates, lattice_simplex, one_of_several, simplex, totals, with_rest


def support_candidates(asked: Stated) -> Iterator[dict[str, Domain]]:
    """The stated support (perhaps of whole numbers only), or those that the structure suggests."""
    letters = [k for k in asked.stated if k in names(asked.density) or asked.stated[k] is not None]
    whole = frozenset(k for k, d in asked.stated.items() if d is not None and d.integer)
    if len(asked.variables) == 1:
        (v,) = asked.variables
        for d in asked.as_stated(v) or (real_part(asked, v, c) for c in candidates(asked.density, v, letters, whole)):
            yield {v: d}
        return
    if all(d is None for d in asked.supports.values()):
        for size in totals(asked.density, asked.variables):
            yield lattice_simplex(asked.variables, size, with_rest(asked.density, asked.variables))
        chosen = one_of_several(asked.density, asked.variables)
        if chosen is not None:
            yield chosen
    options = [asked.as_stated(v) or list(candidates(asked.density, v, (), whole))[:8] for v in asked.variables]
    depth = max(map(len, options)) if all(options) else 0  # a variable may have no support that is worth a try
    for j in range(depth):
        yield {v: o[min(j, len(o) - 1)] for v, o in zip(asked.variables, options, strict=True)}
    if all(d is None for d in asked.supports.values()):
        yield simplex(asked.variables)


__all__ = ["support_candidates"]
