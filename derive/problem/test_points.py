"""Random test points of a question: parameters in their domains, samples in the support."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..density.inference.covariates import draw, draw_column, narrowed
from ..density.inference.feasible import feasible
from ..density.integration.normalise import linear_root
from ..errors import NotSupported, NotValid
from ..formula.evaluate import Env, compiled
from ..formula.tree import Call, Div, Formula, Relation, Sym, add, has, neg, num, replace_all, walk
from ..formula.tree import names as letters_of
from ..oracle.exact import NO_DATA, Column, Exactly, Source, Worked, tallied, with_sources
from ..oracle.oracle import test_point
from ..sets.conditions import from_condition
from ..sets.domain import COUNTS, INFINITY, NATURAL, POSITIVE, REAL, Domain
from .parameter_support import within
from .settled import Settled

LEAST_HEIGHT = -600.0  # of the log-likelihood of a random sample: densities near the smallest float have no digits left
LARGEST_SAMPLE = 60  # observations of a random sample: a size that was given is even or odd in a smaller one as well
TRIES = 200  # parameter points that are drawn to find one that satisfies the constraints


def random_points(p: Settled, count: int = 6, seed: int = 1, data: bool = False, alike: bool = False) -> tuple[Env, ...]:
    """Random test points for the oracle: parameters in their domains, samples in the support, or the given data.

    alike: the observations of a sample are equal.  Raises NotSupported where none are found.
    """
    if p.reduction is not None and p.origin is not None:
        return tuple(p.reduction.point(w) for w in random_points(p.origin, count, seed, data, alike))
    rng = random.Random(seed)
    fixed = p.observations.columns() if data and p.observations is not None else None
    given = {k: Column(xs) for k, xs in p.observations.exact_columns().items()} if fixed and p.observations is not None else {}
    least = max(3, len(p.parameters) + 1) if p.covariates else 3  # fewer would be fitted exactly
    out: list[Env] = []
    for attempt in range(40 * count):
        try:
            values = random_parameters(p, rng)
            values = _farther(p, values, attempt if fixed else max(0, attempt - 10 * count))
            columns = fixed or random_sample(p, rng, values, _size(p) or max(least, _small(p)) + len(out) % 3)
            if fixed and p.moving:
                values = within(values, fixed, p.bounds, p.parameters, p.support, rng)
        except NotValid:  # an empty support, or data outside it
            continue
        if alike and not fixed:
            columns = {v: [xs[0]] * len(xs) for v, xs in columns.items()}
        elif not fixed and len(p.variables) > 1 and any(not any(xs) for xs in _counted(p, columns, values)):
            continue  # not generic: something was never counted
        exact = _exact(p, values, columns, given)
        w = test_point(values, columns, p.log_density, list(p.parameters), tuple(p.variables), exact)
        w = with_sources({**w, **{k: compiled(f)(w) for k, f in p.statistics.items()}}, {k: Worked(f, w) for k, f in p.statistics.items()})
        height = w["ell"](*(w[k] for k in p.parameters))
        if not fixed and height < LEAST_HEIGHT and attempt < 20 * count:
            continue
        if math.isfinite(height):
            out.append(w)
            if len(out) == count:
                return tuple(out)
    raise NotSupported(
        "no parameter values were found at which the data are possible", hint="check the support and the parameters' domains"
    )


def _exact(p: Settled, values: Env, columns: Mapping[str, list[float]], given: Mapping[str, Column]) -> Exactly:
    """What letters and columns are exactly: drawn floats are the numbers themselves, but equations that they must satisfy give one of
    the letters by the others."""
    domains, equations = {**p.known, **p.parameters}, [c for c in p.implied if c.signs == ("=",)]
    last = {k: c for c in equations if (k := _only_there(c, equations, values)) is not None}
    moved = set(last) if len(last) == len(equations) else {k for c in equations for k in letters_of(c)}
    free = [k for k in values if k in domains and k not in moved]
    letters: dict[str, Source] = {k: x for k in free if (x := domains[k].exactly(values[k], values)) is not None}
    if len(last) == len(equations) and len(letters) == len(free):
        there = with_sources(dict(values), letters)
        letters |= {k: Worked(_root(c, k, values[k]), there) for k, c in last.items()}
    density = p.log_density.formula
    if given and p.observations is not None:
        return Exactly({**letters, **given}, p.observations.rows, density)
    for c, xs in columns.items():
        d = p.support.get(c) or p.covariate_domains.get(c, REAL)
        exact = [d.exactly(x, values) for x in xs]
        if None not in exact:
            letters[c] = Column(tuple(x for x in exact if x is not None))
    return Exactly(letters, tallied(letters, columns) if p.variables else NO_DATA, density)


def _only_there(c: Relation, equations: Sequence[Relation], values: Env) -> str | None:
    """The last letter in which an equation is a straight line and of which no other equation speaks."""
    others = {k for e in equations if e is not c for k in letters_of(e)}
    difference = add(c.sides[0], neg(c.sides[1]))
    mine = [k for k in values if k in letters_of(c) and k not in others]
    return next((k for k in reversed(mine) if linear_root(difference, k, values) is not None), None)


def _root(c: Relation, name: str, near: float) -> Formula:
    """Where an equation holds that is a straight line in the letter: by one step of the secant."""
    difference, x = add(c.sides[0], neg(c.sides[1])), Fraction(near)
    here, beside = (replace_all(difference, {Sym(name): num(v)}) for v in (x, x + 1))
    return add(num(x), neg(Div(here, add(beside, neg(here)))))


def random_letters(p: Settled, rng: random.Random) -> Env:
    """Random parameters and known letters, and a value of each covariate: what one observation needs beside itself."""
    env = random_parameters(p, rng)
    return {**env, **{c: d.points(rng, dict(env), 1)[0] for c, d in p.covariate_domains.items()}}


def random_parameters(p: Settled, rng: random.Random) -> Env:
    """Random values of the known letters and the parameters, inside their domains, the constraints satisfied.

    Raises NotValid where none are found.
    """
    for attempt in range(TRIES):
        try:
            env = _any_point(p, rng)
        except NotValid:  # a domain whose ends hold other letters may be empty there
            if attempt == TRIES - 1:
                raise
            continue
        if not p.implied:
            return env
        found = feasible(env, p.implied, p.parameters)
        if found is not None:
            return found
    raise NotValid("no parameter values were found that satisfy the constraints", hint="check the constraints and the domains")


def random_sample(p: Settled, rng: random.Random, env: Env, size: int) -> dict[str, list[float]]:
    """A random sample in the support, not all values equal where that can be."""
    out = {c: draw_column(d, rng, size) for c, d in p.covariate_domains.items()}
    if p.rows is not None and p.rows.kind:
        out[p.rows.column][0] = 1.0  # some observation counts
    for v in p.variables:
        for _ in range(20):
            points = [p.support[v].points(rng, {**env, **{c: out[c][j] for c in out}}, 1)[0] for j in range(size)]
            all_of_them = [] if p.cells is None else _one_of_each(p, v, rng, env)
            if 0 < len(all_of_them) <= size:
                points[: len(all_of_them)] = all_of_them
                rng.shuffle(points)
            out[v] = points
            if size == 1 or len(set(points)) > 1:
                break
    return {v: out[v] for v in p.observed}


def _one_of_each(p: Settled, v: str, rng: random.Random, env: Env) -> list[float]:
    """An observation for each value, or each cell of a density by cases."""
    values, d = p.support[v].values, p.support[v]
    if values is not None:
        return [compiled(f)(env) for f in values]
    if p.cells is None or not p.cells.complete:
        return []
    drawn = [from_condition(r.condition, v).points(rng, env, 1)[0] for r in p.cells.rows if has(r.condition, Sym(v))]
    return [x for x in drawn if d.contains(x, env)]


def narrowed_covariates(p: Settled) -> dict[str, Domain]:
    """The covariates' values, positive where the density is one for positive values only."""

    def one(rng: random.Random) -> Env:
        env = random_parameters(p, rng) | {c: draw(POSITIVE if d == REAL else d, rng) for c, d in domains.items()}
        return env | {v: d.points(rng, env, 1)[0] for v, d in p.support.items()}

    trials = {c for d in p.support.values() if d.integer for c in p.covariate_domains if c in d.letters}
    domains = {c: NATURAL if c in trials and d == REAL else d for c, d in p.covariate_domains.items()}
    return {c: narrowed(c, d, one, lambda env: p.log_density.size(env)[0]) for c, d in domains.items()}


def _farther(p: Settled, values: Env, attempt: int) -> Env:
    """Parameters that are whole numbers without end, farther out with every attempt: the first may be too small for the data."""
    return {k: v + attempt if (d := p.parameters.get(k)) is not None and d.integer and d.high == INFINITY else v for k, v in values.items()}


def _counted(p: Settled, columns: Mapping[str, Sequence[float]], values: Env) -> list[list[float]]:
    """The columns of the variables, and of what they leave of a total where that is counted too."""
    out = [list(columns[v]) for v in p.variables]
    for g in walk(p.density):
        if isinstance(g, Call) and g.name == "factorial" and all(has(g, Sym(v)) for v in p.variables):
            left = compiled(g.args[0])
            out.append([left({**values, **dict(zip(columns, row, strict=True))}) for row in zip(*columns.values(), strict=True)])
    return out


def _size(p: Settled) -> int | None:
    """The size of a random sample, where one was given."""
    n = p.given_size
    return n if n is None or n <= LARGEST_SAMPLE else LARGEST_SAMPLE + n % 2


def _small(p: Settled) -> int:
    """The size of a small sample in which each of several cases can occur."""
    if p.cells is None:
        return 3
    return max(3, len(p.cells.rows) * (2 if p.covariates else 1))


def _any_point(p: Settled, rng: random.Random) -> Env:
    env: Env = {}
    for name, d in (*p.known.items(), *p.parameters.items()):
        env[name] = d.points(rng, env, 1)[0]
        while p.whole and name in p.known and env[name] == 0 and d == COUNTS:  # a generic count is not 0
            env[name] = d.points(rng, env, 1)[0]
    return env


__all__ = ["narrowed_covariates", "random_parameters", "random_points", "random_sample"]
