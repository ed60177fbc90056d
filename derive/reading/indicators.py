"""A density as a sum of terms with indicators: the terms as cases, where no two of them are there at once."""

from __future__ import annotations

from itertools import combinations

from ..errors import DeriveError
from ..formula.tree import Add, Cases, Formula, Indicator, Sym, factors, has, mul, terms
from ..sets.conditions import from_condition
from ..sets.domain import Domain


def side_by_side(f: Formula, variable: str) -> Formula:
    """f 1{x in A} + g 1{x in B} as cases, where the intervals A and B have no point in common; else f as it is."""
    rows: list[tuple[Formula, Formula | None]] = []
    sets: list[Domain] = []
    if not isinstance(f, Add):
        return f
    for t in terms(f):
        inside = [g for g in factors(t) if isinstance(g, Indicator) and has(g.condition, Sym(variable))]
        if len(inside) != 1:
            return f
        (one,) = inside
        assert isinstance(one, Indicator)
        try:
            d = from_condition(one.condition, variable)
        except DeriveError:
            return f
        sets.append(d)
        rows.append((mul(*(g for g in factors(t) if g is not one)), d.condition(Sym(variable))))
    return Cases(tuple(rows)) if all(_apart(a, b) or _apart(b, a) for a, b in combinations(sets, 2)) else f


def _apart(a: Domain, b: Domain) -> bool:
    """Whether the first ends where the second begins, and only one of them holds that point."""
    return not a.discrete and not b.discrete and a.also is None and b.also is None and a.high == b.low and (a.high_open or b.low_open)
