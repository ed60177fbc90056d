"""A density that differs between groups: a covariate with a few values says to which group an observation belongs.

As a product, f(x; g) = prod_k f(x; k)^{1{g = k}}; over a sample the exponents add up to the sizes of the groups.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product as combinations

from ..formula.evaluate import holds
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    And,
    Cases,
    Formula,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    add,
    has,
    mul,
    names,
    neg,
    rational,
    replace_all,
    transform,
    value,
    walk,
)
from ..sets.domain import Domain
from .cells import BASES, Case, Cells

MOST = 12  # groups


def groups_of(density: Formula, covariates: Mapping[str, Domain], taken: Collection[str]) -> Cells | None:
    """The groups of a density that tells them apart by conditions on covariates, or by g and 1 - g; None for any other.

    covariates: their values.  taken: names that are in use.
    """
    chosen = {c: d.values for c, d in covariates.items() if d.values is not None and _tells_apart(density, c)}
    count = 1
    for values in chosen.values():
        count *= len(values or ())
    if not chosen or not 1 < count <= MOST:
        return None
    rows = []
    for members in combinations(*(values or () for values in chosen.values())):
        at: dict[Formula, Formula] = {Sym(c): v for c, v in zip(chosen, members, strict=True)}
        conditions: tuple[Formula, ...] = tuple(Relation((c, v), ("=",)) for c, v in at.items())
        rows.append((plain_at(density, at), conditions[0] if len(conditions) == 1 else And(conditions), members))
    if any(isinstance(g, (Cases, Indicator)) for f, _, _ in rows for g in walk(f)):
        return None
    letters = _letters([m for _, _, m in rows], taken)
    return Cells(tuple(Case(f, c, k) for (f, c, _), k in zip(rows, letters, strict=True)))


def _tells_apart(density: Formula, covariate: str) -> bool:
    """Whether conditions speak of a covariate, or 1 - g stands beside g."""
    g = Sym(covariate)
    for f in walk(density):
        if isinstance(f, Indicator) and has(f.condition, g):
            return True
        if isinstance(f, Cases) and any(c is not None and has(c, g) for _, c in f.rows):
            return True
    return has(density, Add((ONE, Neg(g))))


def plain_at(f: Formula, at: Mapping[Formula, Formula]) -> Formula:
    """f with numbers put in for some letters; conditions decided, zeros and ones gone, all else as it stands."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Indicator(c) if not names(c):
                return ONE if holds(c)({}) else ZERO
            case Cases(rows):
                return _decided(rows)
            case Add(ts):
                return _added(ts)
            case Neg(a) if a == ZERO:
                return ZERO
            case Mul(fs) if ZERO in fs:
                return ZERO
            case Mul(fs) if ONE in fs:
                return mul(*(h for h in fs if h != ONE))
            case Pow(_, k) if k == ZERO:
                return ONE
            case Pow(b, k) if k == ONE:
                return b
        return None

    return transform(replace_all(f, at), one)


def _decided(rows: tuple[tuple[Formula, Formula | None], ...]) -> Formula | None:
    """The value by cases whose conditions are numbers; None while some is open."""
    left: list[tuple[Formula, Formula | None]] = []
    for v, c in rows:
        if c is not None and not names(c):
            if not holds(c)({}):
                continue
            c = None
        left.append((v, c))
        if c is None:
            break
    if not left:
        return ZERO
    return left[0][0] if left[0][1] is None else Cases(tuple(left))


def _added(ts: tuple[Formula, ...]) -> Formula | None:
    kept = [t for t in ts if t != ZERO]
    numbers = [v for v in map(value, kept) if v is not None]
    if len(numbers) == len(kept):
        return rational(sum(numbers)) if len(ts) > 1 else None
    if len(kept) == len(ts):
        return None
    return add(*kept) if not isinstance(kept[0], Neg) or len(kept) > 1 else neg(kept[0].arg)


def _letters(members: list[tuple[Formula, ...]], taken: Collection[str]) -> list[str]:
    """A letter for the size of each group: by its values where they are small whole numbers, else by its place."""
    whole = all(isinstance(v, Num) and v.value.denominator == 1 and v.value < 10 for m in members for v in m)
    marks = ["".join(str(value(v)) for v in m) if whole else str(j) for j, m in enumerate(members, 1)]
    for base in BASES:
        letters = [f"{base}_{m}" for m in marks]
        if not set(letters) & set(taken) and (base == "n" or base not in taken):
            return letters
    return [""] * len(marks)


__all__ = ["groups_of", "plain_at"]
