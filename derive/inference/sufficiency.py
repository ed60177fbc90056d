"""What of a sample the likelihood depends on: the factorisation, the exponential family in canonical form, the ratio criterion.

The density of one observation is taken apart into a sum over j of eta_j(theta) T_j(x), plus a(theta), plus c(x).  The sums of the T_j are
sufficient (Fisher and Neyman), and minimal where 1, eta_1, ..., eta_r are linearly independent and so are 1, T_1, ..., T_r (Lehmann and
Casella, 1998, Theory of Point Estimation, 1.6).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..algebra.terms import Term
from ..errors import NotValid
from ..formula.evaluate import compiled
from ..formula.tree import Formula, names
from ..problem.problem import Problem
from ..problem.test_points import random_letters
from .one_observation import OneObservation, one_observation

TRIED = 4  # points for each function, at which independence is looked for
DEPENDENT = 1e-9  # of a pivot beside the size of its column


@dataclass(frozen=True)
class Decomposition:
    """pairs: what multiplies each statistic of one observation, and the statistic.  constant: a(theta), in the covariates too.  rest: c(x).

    independent: whether 1 and the multipliers, and 1 and the statistics, were found to be linearly independent.
    """

    pairs: tuple[tuple[Formula, Formula], ...]
    constant: Formula
    rest: Formula
    independent: bool


def decomposition(p: Problem) -> Decomposition | None:
    """The log-density taken apart; None where data and parameters cannot be parted.  Raises NotSupported where there is no one density."""
    one = one_observation(p, tuple(p.parameters))
    al = one.al
    ts = al.expanded(one.log_density)
    if ts is None:
        return None
    observed, given, letters = set(p.variables), set(p.covariates), set(p.parameters)
    mixed: dict[Formula, list[Term]] = {}
    constant, rest = list[Term](), list[Term]()
    for t in ts:
        of_x = {b: k for b, k in t.powers.items() if (names(b) | names(k)) & observed}
        other = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in of_x})
        beside = {b: k for b, k in other.powers.items() if of_x and (names(b) | names(k)) & given}  # covariates beside the response
        of_x |= beside
        other = Term(t.coefficient, {b: k for b, k in other.powers.items() if b not in beside})
        if any((names(b) | names(k)) & letters for b, k in of_x.items()):
            return None
        has_letters = any((names(b) | names(k)) & letters for b, k in other.powers.items())
        if of_x and has_letters:
            mixed.setdefault(al.build(Term(Fraction(1), of_x)), []).append(other)
        elif of_x:
            rest.append(t)
        else:
            constant.append(t)
    joined = _joined([(al.collect(eta), x) for x, eta in mixed.items()], one)
    pairs = tuple((eta, x) for eta, x in joined)
    return Decomposition(pairs, al.assemble(constant), al.assemble(rest), bool(pairs) and _independent(pairs, one))


def _joined(pairs: list[tuple[list[Term], Formula]], one: OneObservation) -> list[tuple[Formula, Formula]]:
    """Statistics whose multipliers are multiples of one another put together: theta x + 2 theta y is theta (x + 2 y)."""
    al = one.al
    out: list[tuple[list[Term], list[Term]]] = []
    for eta, x in pairs:
        for other, statistic in out:
            ratio = _multiple(eta, other)
            if ratio is not None:
                statistic.append(al.split(x).scaled(ratio))
                break
        else:
            out.append((eta, [al.split(x)]))
    return [(al.assemble(eta), al.assemble(statistic)) for eta, statistic in out]


def _multiple(a: Sequence[Term], b: Sequence[Term]) -> Fraction | None:
    """The number c with a = c b."""
    if len(a) != len(b):
        return None
    table = {t.key: t.coefficient for t in b}
    ratios = {t.coefficient / table[t.key] for t in a if t.key in table}
    return ratios.pop() if len(ratios) == 1 and all(t.key in table for t in a) else None


def _independent(pairs: Sequence[tuple[Formula, Formula]], one: OneObservation) -> bool:
    """Whether 1 and the multipliers are linearly independent, and 1 and the statistics: the rank of their values at random points."""
    p, rng = one.problem, random.Random(4)
    count = len(pairs) + 1
    rows: tuple[list[list[float]], list[list[float]]] = ([], [])
    for _ in range(TRIED * count):
        try:
            env = random_letters(p, rng)
            point = {**env, **{v: d.points(rng, env, 1)[0] for v, d in p.support.items()}}
        except (NotValid, KeyError):
            continue
        for side, table in enumerate(rows):
            values = [1.0, *(compiled(pair[side])(point) for pair in pairs)]
            if all(map(math.isfinite, values)):
                table.append(values)
    return all(_rank(table) == count for table in rows)


def _rank(rows: list[list[float]]) -> int:
    """The rank of a matrix by elimination with pivots, its columns scaled."""
    if not rows:
        return 0
    width = len(rows[0])
    scale = [max(abs(r[j]) for r in rows) or 1.0 for j in range(width)]
    left = [[x / s for x, s in zip(r, scale, strict=True)] for r in rows]
    rank = 0
    for j in range(width):
        best = max(range(rank, len(left)), key=lambda i: abs(left[i][j]), default=None)
        if best is None or abs(left[best][j]) <= DEPENDENT:
            continue
        left[rank], left[best] = left[best], left[rank]
        for i in range(rank + 1, len(left)):
            m = left[i][j] / left[rank][j]
            left[i] = [x - m * y for x, y in zip(left[i], left[rank], strict=True)]
        rank += 1
    return rank


__all__ = ["Decomposition", "decomposition"]
