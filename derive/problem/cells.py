"""A density given by cases of what is observed: each observation falls into one of them.

As a product, f(x) = prod_c f_c(x)^{1{x in case c}}; over a sample the exponents add up to how often each case was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
from ..sets.domain import Domain

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
    density: Formula, variables: Sequence[str], covariates: Sequence[str], support: Mapping[str, Domain], taken: Collection[str]
) -> Cells | None:
    """The cases of a density whose conditions speak of what is observed alone; None for any other density.

    taken: names that are in use.
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
    if any(c is not None and not names(c) <= observed for _, c in cases.rows):
        return None
    rows = _disjoint(cases, variables, support)
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
    """A letter for each condition that an observation has one value: by that value where all are small whole numbers."""
    values = [
        value(c.sides[1]) if isinstance(c, Relation) and c.signs == ("=",) and c.sides[0] in {Sym(v) for v in observed} else None
        for c in conditions
    ]
    whole = all(v is None or (v.denominator == 1 and v >= 0) for v in values)
    marks = [None if v is None else str(v) if whole else str(j) for j, v in enumerate(values, 1)]
    for base in BASES:
        letters = ["" if m is None else f"{base}_{m}" for m in marks]
        if not set(letters) & set(taken) and (base == "n" or base not in taken):
            return letters
    return [""] * len(marks)


__all__ = ["Case", "Cells", "cells_of"]
