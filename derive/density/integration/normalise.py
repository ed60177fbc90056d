"""The total of a density over its support, in floats: integrals, sums, and both nested for several variables."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ...formula.evaluate import Env, compiled, log_size
from ...formula.restrict import Real, restricted
from ...formula.tree import Add, Call, Cases, Formula, Indicator, Neg, Relation, Span, Sym, has, names, walk
from ...sets.domain import Domain
from .quadrature import Budget, OutOfBudget, integral, summed
from .separation import separated
from .summation import lattice_sum

NOT_SMOOTH = frozenset({"abs", "sign", "floor", "ceiling", "max", "min", "median"})
SMALLEST = -700.0  # the logarithm of the smallest number that is looked at
EVALUATIONS = 60_000  # of the density, for one total
INNER = 400_000  # for a total over several variables
SECONDS = 0.3  # of processor time, for one total
SECONDS_NESTED = 0.8  # for a total over several variables

ROUNDING = 1e-13  # of a place, relative to its size: nearer to an end it is the end


def total(density: Formula, variables: Mapping[str, Domain], env: Env, target: float | None = None) -> float | None:
    """The integral or sum of the density over its support at the parameter values in env.

    variables: each variable's support; one may depend on variables named before it.  target: the value hoped for
    (another one may then come back with few digits).  `inf` where it diverges, nan where the density has no real
    value somewhere in the support, None where undecided within the budget.
    """
    budget = Budget(EVALUATIONS, SECONDS) if len(variables) == 1 else Budget(INNER, SECONDS_NESTED)
    parts = separated(density, variables) if len(variables) > 1 else [(density, tuple(variables))]
    out = 1.0
    try:
        for f, mine in parts:
            v = _nested(f, tuple((k, variables[k]) for k in mine), dict(env), target if len(parts) == 1 else None, budget)
            if v is None:
                return None
            out *= v
    except OutOfBudget:
        return None
    return out


def _nested(density: Formula, variables: tuple[tuple[str, Domain], ...], env: Env, target: float | None, budget: Budget) -> float | None:
    (name, domain), *rest = variables
    if not rest:
        return total_along(restricted(density, name, env), density, name, domain, env, target, budget)

    def inner(x: float) -> float:
        v = _nested(density, tuple(rest), {**env, name: x}, None, budget)
        return math.nan if v is None else v

    return total_along(inner, None, name, domain, env, target, budget)


def total_along(
    f: Real, density: Formula | None, name: str, domain: Domain, env: Env, target: float | None = None, budget: Budget | None = None
) -> float | None:
    """The integral or sum of f, the restriction of density to the variable `name`, over its domain."""
    budget = budget or Budget(EVALUATIONS)
    if domain.also is not None:
        f = _within(f, domain, env)
    if domain.values is not None:
        return summed(f(compiled(v)(env)) for v in domain.values)
    if domain.integer:
        log = _logarithm(f, density, name, env)
        return lattice_sum(_from_logarithm(f, log), *domain.whole(env), log, budget)
    low, high = domain.bounds(env)
    if low != low or high != high:
        return math.nan
    breaks = _breaks(density, name, env) if density is not None else ()
    breaks = tuple(b for b in breaks if not any(math.isfinite(e) and abs(b - e) <= ROUNDING * (1 + abs(e)) for e in (low, high)))
    return integral(f, low, high, breaks, target, budget)


def _logarithm(f: Real, density: Formula | None, name: str, env: Env) -> Real:
    """log |f|, from the structure of the density where that is known."""
    if density is None:
        return lambda x: math.log(v) if 0 < (v := f(x)) < math.inf else -math.inf
    size = log_size(density)

    def value(x: float) -> float:
        try:
            return size({**env, name: x})[1]
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return -math.inf

    return value


def _from_logarithm(f: Real, log: Real) -> Real:
    """f, by its logarithm where a factor of it, as a gamma function, is too large for a float and its value is lost."""

    def value(x: float) -> float:
        v = f(x)
        if v and -math.inf < v < math.inf:
            return v
        size = log(x)
        return math.exp(size) if SMALLEST < size < -SMALLEST else v

    return value


def _within(f: Real, domain: Domain, env: Env) -> Real:
    return lambda x: f(x) if domain.contains(x, env) else 0.0


def _breaks(density: Formula, name: str, env: Env) -> tuple[float, ...]:
    """Where the density is not smooth, and where its linear parts vanish: its mass lies about there."""
    x = Sym(name)
    kinks, centres = [], []
    for g in walk(density):
        match g:
            case Call(fn, args) if fn in NOT_SMOOTH and has(g, x):
                corners = args if len(args) == 1 else tuple(Add((a, Neg(args[0]))) for a in args[1:])
                kinks += [r for a in corners for r in roots(a, name, env)]
            case Cases(rows):
                kinks += [r for _, c in rows if c is not None for r in _borders(c, name, env)]
            case Indicator(c):
                kinks += _borders(c, name, env)
            case Add(ts) if any(names(t) == {name} or has(t, x) for t in ts):
                root = linear_root(g, name, env)
                if root is not None:
                    centres.append(root)
    return tuple(dict.fromkeys([*kinks, *centres]))


def _borders(condition: Formula, name: str, env: Env) -> list[float]:
    out = []
    for g in walk(condition):
        if isinstance(g, Relation) and all(s in ("<", "<=", ">", ">=") for s in g.signs):
            for a, b in zip(g.sides, g.sides[1:], strict=False):
                if has(a, Sym(name)) or has(b, Sym(name)):
                    out += roots(Add((a, Neg(b))), name, env)
        elif isinstance(g, Relation) and g.signs == ("in",) and isinstance(g.sides[1], Span) and g.sides[0] == Sym(name):
            out += [v for e in (g.sides[1].low, g.sides[1].high) if math.isfinite(v := compiled(e)(env))]
    return out


def linear_root(f: Formula, name: str, env: Env) -> float | None:
    """Where f vanishes as a function of the letter, if it is a straight line; None otherwise."""
    g = restricted(f, name, env)
    a, b, c = g(-1.0), g(0.5), g(2.0)
    if not abs(a + c - 2 * b) <= 1e-9 * (abs(a) + abs(b) + abs(c)) or a == c:
        return None
    return 0.5 - b * 3 / (c - a)


def roots(f: Formula, name: str, env: Env) -> list[float]:
    """Where f vanishes as a function of the letter: exactly for a straight line, else by sign changes on a grid."""
    root = linear_root(f, name, env)
    if root is not None:
        return [root]
    g = restricted(f, name, env)
    grid = sorted([s * 2.0**k for k in range(-8, 9) for s in (1, -1)])
    values = [g(x) for x in grid]
    return [_bisected(g, a, b) for a, b, u, v in zip(grid, grid[1:], values, values[1:], strict=False) if u * v < 0]


def _bisected(g: Real, a: float, b: float) -> float:
    below = g(a) < 0
    for _ in range(60):
        m = (a + b) / 2
        a, b = (m, b) if (g(m) < 0) == below else (a, m)
    return (a + b) / 2
