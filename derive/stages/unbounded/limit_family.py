"""Which simpler density the density of a model comes to at the end of a path, recognised from its values.

The logarithm of the limit is worked out at several places, each in balls; a family is named where it is a linear combination of the
family's statistics at all of them, and there are more places than coefficients.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...formula.evaluate import Env
from ...formula.tree import Call, Div, Formula, Mul, Pow, Sym, add, log, mul, neg, rational, replace_all
from ...numerics.newton import solve_linear
from ...problem.problem import Problem
from ...proofs.zeros import limit_value
from ...sets.domain import Domain
from ...trace import Words, say
from ..profile.along_path import V, numbered

SPARE = 2  # places beyond the number of coefficients, at the least
EQUAL = 1e-8


@dataclass(frozen=True)
class Family:
    """A density whose logarithm is offset(x) plus a linear combination of 1 and of statistics; last: the sign of the last coefficient."""

    name: str
    kind: str
    statistics: tuple[Callable[[float], float], ...]
    offset: Callable[[float], float] = lambda x: 0.0
    last: int = 0


def _square(x: float) -> float:
    return x * x


def _itself(x: float) -> float:
    return x


def _log_square(x: float) -> float:
    return math.log(x) ** 2


FAMILIES = (
    Family("a uniform", "any", ()),
    Family("an exponential", "positive", (_itself,), last=-1),
    Family("a Poisson", "counts", (_itself,), lambda x: -math.lgamma(x + 1)),
    Family("a geometric", "counts", (_itself,), last=-1),
    Family("a power-law", "positive", (math.log,)),
    Family("a normal", "real", (_itself, _square), last=-1),
    Family("a gamma", "positive", (math.log, _itself), last=-1),
    Family("a log-normal", "positive", (math.log, _log_square), last=-1),
)


def limit_family(path: Mapping[str, Formula], w: Env, p: Problem) -> Words:
    """What the density comes to, in brackets; none where that is not recognised."""
    if p.whole or len(p.variables) != 1 or p.covariates or p.cells is not None or p.sums or p.rows is not None or p.moving:
        return say("")
    (v,) = p.variables
    kind = _kind(p.support[v])
    places = _places(w["#sample"][v], p.support[v], kind)
    table: dict[Formula, Formula] = {Sym(k): f for k, f in numbered(path, w, p).items()}
    values = []
    for x in places:
        found = limit_value(replace_all(replace_all(_logarithm(p.spelled(p.density)), {Sym(v): rational(x)}), table), V.name)
        if found is None:
            return say("")
        values.append(found)
    for family in FAMILIES:
        if (
            family.kind in (kind, "any")
            and len(family.statistics) < len(p.parameters) + 1
            and _fits(family, [float(x) for x in places], values)
        ):
            return say(
                f" (the {'probability mass function' if p.support[v].discrete else 'density'} tends to that of {family.name} distribution)"
            )
    return say("")


def _logarithm(f: Formula) -> Formula:
    """The logarithm of a density, taken apart: a power of a parameter to another one has no expansion, its logarithm has."""
    match f:
        case Mul(fs):
            return add(*map(_logarithm, fs))
        case Div(a, b):
            return add(_logarithm(a), neg(_logarithm(b)))
        case Pow(a, k):
            return mul(k, _logarithm(a))
        case Call("exp", (a,)):
            return a
    return log(f)


def _kind(d: Domain) -> str:
    low = d.bounds({})[0]
    return "counts" if d.integer and low == 0 else "" if d.discrete else "positive" if low == 0 else "real" if low == -math.inf else ""


def _places(xs: Sequence[float], d: Domain, kind: str) -> list[Fraction]:
    if kind == "counts":
        return [Fraction(k) for k in range(6)]
    low, high = min(xs), max(xs)
    width = (high - low) or 1.0
    inside = [Fraction(f"{low + width * t:.4g}") for t in (0.1, 0.3, 0.45, 0.7, 0.85, 0.95)]
    return [x for x in dict.fromkeys(inside) if d.contains(float(x), {})]


def _fits(family: Family, places: Sequence[float], values: Sequence[float]) -> bool:
    """Whether a linear combination of the statistics passes through all values: fitted to the first places, tried at the others."""
    size = len(family.statistics) + 1
    if len(places) < size + SPARE:
        return False
    rows = [[1.0, *(s(x) for s in family.statistics)] for x in places]
    heights = [g - family.offset(x) for x, g in zip(places, values, strict=True)]
    found = solve_linear([list(r) for r in rows[:size]], heights[:size])
    if found is None or (family.last and found[-1] * family.last <= 0):
        return False
    scale = 1 + max(map(abs, heights))
    return all(abs(sum(a * b for a, b in zip(found, r, strict=True)) - h) <= EQUAL * scale for r, h in zip(rows, heights, strict=True))


__all__ = ["limit_family"]
