"""What values a covariate takes: as stated, as the density tells, or as the data show."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as changed
from fractions import Fraction

from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, Add, Formula, Neg, Num, Relation, SetOf, Sym, has, rational, walk
from ...sets.domain import BINARY, NATURAL, NONNEGATIVE, POSITIVE, REAL, Domain, finite

MOST_GROUPS = 12
DRAWS = 8


def group_values(density: Formula, name: str) -> tuple[Fraction, ...]:
    """The numbers that the density compares a covariate with: x = 1, x in {1, 2}."""
    found: list[Fraction] = []
    for g in walk(density):
        if not isinstance(g, Relation):
            continue
        for a, sign, b in zip(g.sides, g.signs, g.sides[1:], strict=False):
            one, other = (a, b) if a == Sym(name) else (b, a)
            if one != Sym(name) or sign not in ("=", "!=", "in"):
                continue
            members = other.items if isinstance(other, SetOf) else (other,)
            found += [v.value for v in members if isinstance(v, Num)]
    return tuple(dict.fromkeys(found))


def covariate_domains(
    density: Formula, covariates: Sequence[str], stated: Mapping[str, Domain], support: Mapping[str, Domain | None], seen: Mapping[str, Sequence[Fraction]]
) -> dict[str, Domain]:  # fmt: skip
    """The set of values of every covariate: a finite one for groups, whole numbers for an end of a lattice, else all real numbers.

    stated: what the user said.  seen: the distinct values in the data, where there are exact data.
    """
    out: dict[str, Domain] = {}
    for c in covariates:
        compared, there = group_values(density, c), seen.get(c, ())
        if c in stated:
            out[c] = stated[c]
        elif compared and (there or len(compared) > 1):
            values = sorted({*compared, *there} if not there else set(there))
            out[c] = finite(*map(rational, values)) if len(values) <= MOST_GROUPS else REAL
        elif compared:
            out[c] = BINARY if compared[0] in (0, 1) else finite(rational(compared[0]), rational(compared[0] + 1))
        elif set(there) == {0, 1} or (not there and has(density, Add((ONE, Neg(Sym(c)))))):
            out[c] = BINARY  # g beside 1 - g is taken as an indicator
        elif any(d is not None and d.integer and c in d.letters for d in support.values()):
            out[c] = changed(NATURAL)
        else:
            out[c] = REAL
    return out


def narrowed(name: str, domain: Domain, draw: Callable[[random.Random], Env], sign: Callable[[Env], float]) -> Domain:
    """All real numbers narrowed to those from 0 on, where the density has no positive value at a negative one.

    To the positive ones, where it has none at 0 either.
    draw: a random observation with parameters, covariates positive.  sign: of the density there.
    """
    if domain != REAL:
        return domain
    rng = random.Random(5)
    for _ in range(DRAWS):
        env = draw(rng)
        if sign(env) > 0 and not sign({**env, name: -env[name]}) > 0:
            return NONNEGATIVE if sign({**env, name: 0.0}) > 0 else POSITIVE
    return REAL


def draw(domain: Domain, rng: random.Random) -> float:
    """A generic value of a covariate."""
    if domain == REAL:
        return rng.uniform(-1.2, 2.6)
    if domain == NATURAL:
        return float(rng.randint(2, 9))
    if domain in (POSITIVE, NONNEGATIVE):
        return rng.uniform(0.3, 3.0)
    return domain.points(rng, {}, 1)[0]


def draw_column(domain: Domain, rng: random.Random, size: int) -> list[float]:
    """Generic values of a covariate for a sample; of a few values each in turn."""
    if domain.values is None:
        return [draw(domain, rng) for _ in range(size)]
    each = [compiled(v)({}) for v in domain.values]
    out = [each[j % len(each)] for j in range(size)]
    rng.shuffle(out)
    return out


__all__ = ["covariate_domains", "draw", "draw_column", "group_values", "narrowed"]
