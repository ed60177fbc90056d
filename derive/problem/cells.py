"""A density given by cases of what is observed: each observation falls into one of them.

As a product, f(x) = prod_c f_c(x)^{1{x in case c}}; over a sample the exponents add up to how often each case was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from ..errors import NotValid
from ..formula.tree import (
    ONE,
    Add,
    And,
    At,
    Big,
    Cases,
    Formula,
    Indicator,
    N,
    Pow,
    Relation,
    Sym,
    factors,
    has,
    mul,
    names,
    replace_all,
    terms,
    value,
)
from ..sets.conditions import from_condition
from ..sets.domain import INFINITY, MINUS_INFINITY, Domain

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
BASES = ("n", "m", "c", "k", "N")  # for the letters of the counts, the first that is free


@dataclass(frozen=True, slots=True)
class Case:
    """probability: the density there, free of the variable for a single value.  condition: of one observation.
    count: the letter for how often it is seen; "" where it needs none."""

    probability: Formula
    condition: Formula
    count: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A density by cases: `factor` times the density of the case."""

    rows: tuple[Case, ...]
    factor: Formula = ONE

    @property
    def spread(self) -> Formula:
        """The density as a product of powers, the exponent 1 where the case holds and else 0."""
        return mul(*(f for f in factors(self.factor) if f != ONE), *(Pow(r.probability, Indicator(r.condition)) for r in self.rows))

    def counts(self, observed: Collection[str], index: str) -> dict[str, Formula]:
        """What the letters of the counts mean: sums over the sample."""
        table: Mapping[Formula, Formula] = {Sym(v): At(v, (Sym(index),)) for v in observed}
        return {r.count: Big("sum", index, ONE, N, Indicator(replace_all(r.condition, table))) for r in self.rows if r.count}

    @property
    def complete(self) -> tuple[str, ...]:
        """The letters of the counts where they add up to n."""
        return tuple(r.count for r in self.rows) if all(r.count for r in self.rows) else ()


def cells_of(
    density: Formula,
    variables: Sequence[str],
    covariates: Sequence[str],
    support: Mapping[str, Domain],
    taken: Collection[str],
    known: Collection[str] = (),
) -> Cells | None:
    """The cases of a density whose conditions speak of what is observed and known alone; None for any other density.

    taken: names that are in use.  known: letters for given constants.
    """
    density = _as_cases(density)
    parts = factors(density)
    places = [j for j, f in enumerate(parts) if isinstance(f, Cases)]
    observed = set(variables) | set(covariates)
    if len(places) != 1:
        return None
    (j,) = places
    cases = parts[j]
    assert isinstance(cases, Cases)
    if any(c is not None and not names(c) <= observed | set(known) for _, c in cases.rows):
        return None
    rows = _intervals(cases, variables, support) or _disjoint(cases, variables, support)
    if rows is None:
        return None
    rest = mul(*(f for i, f in enumerate(parts) if i != j))
    letters = _letters([c for _, c in rows], (*variables, *covariates), taken)
    return Cells(tuple(Case(f, c, k) for (f, c), k in zip(rows, letters, strict=True)), rest)


def _as_cases(f: Formula) -> Formula:
    """A sum of terms with one indicator each as cases: theta 1{x = 1} + (1 - theta) 1{x = 0}."""
    rows: list[tuple[Formula, Formula | None]] = []
    for t in terms(f) if isinstance(f, Add) else ():
        parts = factors(t)
        marks = [g for g in parts if isinstance(g, Indicator)]
        if len(marks) != 1 or any(has(g, marks[0]) for g in parts if g is not marks[0]):
            return f
        rows.append((mul(*(g for g in parts if g is not marks[0])), marks[0].condition))
    return Cases(tuple(rows)) if rows else f


def _disjoint(cases: Cases, variables: Sequence[str], support: Mapping[str, Domain]) -> list[tuple[Formula, Formula]] | None:
    """The rows that are not 0, with conditions that exclude each other, "otherwise" spelled out."""
    stated = [(f, c) for f, c in cases.rows if c is not None]
    others = [f for f, c in cases.rows if c is None]
    rows = [(f, c) for f, c in stated if value(f) != 0]
    if not rows or (len(stated) > 1 and not _apart([c for _, c in stated])):
        return None
    if not others or value(others[0]) == 0:
        return rows
    match stated:
        case [(_, Relation((a, b), (sign,)))] if sign in OPPOSITE:
            return [*rows, (others[0], Relation((a, b), (OPPOSITE[sign],)))]
    sides = [c.sides for _, c in stated if isinstance(c, Relation) and c.signs == ("=",)]
    if len(sides) < len(stated):
        return None
    x, values = sides[0][0], [s[1] for s in sides]
    domain = support.get(x.name) if isinstance(x, Sym) and x.name in variables else None
    if domain is not None and domain.values is not None:
        rest = [v for v in domain.values if v not in values]
        return [*rows, *((replace_all(others[0], {x: v}), Relation((x, v), ("=",))) for v in rest)]
    unequal: list[Formula] = [Relation((x, v), ("!=",)) for v in values]
    return [*rows, (others[0], unequal[0] if len(unequal) == 1 else And(tuple(unequal)))]


def _intervals(cases: Cases, variables: Sequence[str], support: Mapping[str, Domain]) -> list[tuple[Formula, Formula]] | None:
    """The rows that are not 0 where each is an interval of the one continuous variable and no two of them overlap; where two
    meet, the point belongs to the first.  "Otherwise" is spelled out as the intervals that are left of the support."""
    if len(variables) != 1 or support[variables[0]].discrete:
        return None
    (v,) = variables
    found: list[tuple[Formula, Domain]] = []
    for f, c in cases.rows:
        if c is None:
            found += [(f, gap) for gap in _gaps([d for _, d in found], support[v])]
            break
        try:
            d = from_condition(c, v)
        except NotValid:
            return None
        if d.discrete or d.also is not None:
            return None
        met = [e for _, e in found]
        ends_low, ends_high = {e.high for e in met if not e.high_open}, {e.low for e in met if not e.low_open}
        found.append((f, replace(d, low_open=d.low_open or d.low in ends_low, high_open=d.high_open or d.high in ends_high)))
    if len(found) < 2 or not all(_before(a.high, b.low) or _before(b.high, a.low) for (_, a), (_, b) in combinations(found, 2)):
        return None
    rows = [(f, d.condition(Sym(v))) for f, d in found if value(f) != 0]
    return [(f, c) for f, c in rows if c is not None] if rows else None


def _before(a: Formula, b: Formula) -> bool:
    """Whether a <= b, of two ends."""
    v, w = value(a), value(b)
    return a in (b, MINUS_INFINITY) or b == INFINITY or (v is not None and w is not None and v <= w)


def _gaps(taken: Sequence[Domain], whole: Domain) -> list[Domain]:
    """The intervals of a set that others with numbers for ends leave."""
    numbers = [d for d in taken if all(value(e) is not None or e in (MINUS_INFINITY, INFINITY) for e in (d.low, d.high))]
    inside = sorted(numbers, key=lambda d: d.bounds())
    below = Domain(high=whole.low, high_open=not whole.low_open)
    above = Domain(low=whole.high, low_open=not whole.high_open)
    out = [Domain(a.high, b.low, not a.high_open, not b.low_open) for a, b in pairwise((below, *inside, above))]
    return [d for d in out if d.low != d.high and (len(numbers) < len(taken) or d.bounds()[0] < d.bounds()[1])]


def _apart(conditions: Sequence[Formula]) -> bool:
    """Whether the conditions are equations that set one letter to different numbers, or a bound and its opposite."""
    if all(isinstance(c, Relation) and c.signs == ("=",) and value(c.sides[1]) is not None for c in conditions):
        firsts = [(c.sides[0], value(c.sides[1])) for c in conditions if isinstance(c, Relation)]
        return len({a for a, _ in firsts}) == 1 and len({v for _, v in firsts}) == len(firsts)
    if len(conditions) == 2 and all(isinstance(c, Relation) and len(c.sides) == 2 and value(c.sides[1]) is not None for c in conditions):
        (a, b) = conditions
        assert isinstance(a, Relation) and isinstance(b, Relation)
        v, w = value(a.sides[1]), value(b.sides[1])
        assert v is not None and w is not None
        opposite = {("<", ">="), ("<=", ">"), (">", "<="), (">=", "<")}
        if a.sides[0] != b.sides[0]:
            return False
        if (a.signs[0], b.signs[0]) in opposite:
            return v == w
        return a.signs == ("=",) and {">": w >= v, ">=": w > v, "<": w <= v, "<=": w < v, "!=": v == w}.get(b.signs[0], False)
    return False


def _letters(conditions: Sequence[Formula], observed: Sequence[str], taken: Collection[str]) -> list[str]:
    """A letter for each condition that an observation has one value, by that value where all are small whole numbers, or lies
    in an interval."""
    bounded = len(observed) == 1 and all(isinstance(c, Relation) and set(c.signs) <= OPPOSITE.keys() for c in conditions)
    values = [
        value(c.sides[1]) if isinstance(c, Relation) and c.signs == ("=",) and c.sides[0] in {Sym(v) for v in observed} else None
        for c in conditions
    ]
    whole = all(v is None or (v.denominator == 1 and v >= 0) for v in values)
    marks = [str(j) if bounded else None if v is None else str(v) if whole else str(j) for j, v in enumerate(values, 1)]
    for base in BASES:
        letters = ["" if m is None else f"{base}_{m}" for m in marks]
        if not set(letters) & set(taken) and (base == "n" or base not in taken):
            return letters
    return [""] * len(marks)


__all__ = ["Case", "Cells", "cells_of"]
