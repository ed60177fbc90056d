"""A density in two pieces that meet where the observation equals the parameter, taken apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...algebra.terms import Algebra
from ...formula.evaluate import Env, holds
from ...formula.tree import ONE, Add, Call, Cases, Div, Formula, Sym, add, factors, has, mul, names, neg, replace_all, walk
from ...problem.problem import Problem
from ...problem.test_points import random_points

SMALL = 1e-3  # of the unit of a parameter: how close to the place where the pieces meet they are told apart


@dataclass(frozen=True, slots=True)
class Pieces:
    """Densities of an observation below and above the parameter (letters x and u)."""

    below: Formula
    above: Formula


def pieces_of(p: Problem) -> Pieces | None:
    """The two pieces of a density of one observation whose cases compare it with the only parameter; else None."""
    if len(p.variables) != 1 or len(p.parameters) != 1 or p.covariates or p.whole:
        return None
    (v,), (name,) = p.variables, p.parameters
    parts = _factors(p.density)
    kink = _kink(p.density, v, name)
    if kink is not None:
        return kink
    cases = [f for f in parts if isinstance(f, Cases) and any(c is not None and {v, name} <= names(c) for _, c in f.rows)]
    if len(cases) != 1 or any(isinstance(g, Cases) for f in parts if f is not cases[0] for g in walk(f)):
        return None
    rest = tuple(f for f in parts if f is not cases[0])
    if any(names(c) - {v, name} for _, c in cases[0].rows if c is not None):
        return None
    chosen = [_row(cases[0], v, name, side, p) for side in (-1.0, 1.0)]
    if chosen[0] is None or chosen[1] is None or chosen[0] == chosen[1]:
        return None
    below, above = (mul(*rest, f) if rest else f for f in chosen if f is not None)
    return Pieces(below, above)


def _kink(f: Formula, v: str, name: str) -> Pieces | None:
    """The pieces of a density with absolute values of x - u, in which the parameter stands elsewhere too."""
    (x, u), al = (Sym(v), Sym(name)), Algebra()
    sizes = {g for g in walk(f) if isinstance(g, Call) and g.name == "abs" and {v, name} <= names(g)}
    if not sizes or not has(replace_all(f, dict.fromkeys(sizes, ONE)), u) or any(isinstance(g, Cases) for g in walk(f)):
        return None
    above: dict[Formula, Formula] = {}
    for g in sizes:
        inside = al.expand(g.args[0])
        if al.expand(add(x, neg(u))) not in (inside, al.expand(neg(inside))):
            return None
        above[g] = Add((x, neg(u)))
    return Pieces(replace_all(f, {g: Add((u, neg(x))) for g in sizes}), replace_all(f, above))


def _factors(f: Formula) -> tuple[Formula, ...]:
    """The factors of a product, those below a fraction line as fractions."""
    if isinstance(f, Div):
        return (f,) if f.top == ONE else (*_factors(f.top), Div(ONE, f.bottom))
    return tuple(h for g in factors(f) for h in (_factors(g) if g is not f else (g,)))


def _row(cases: Cases, v: str, name: str, side: float, p: Problem) -> Formula | None:
    """The value on one side of x = u, the same near and far inside the support; None where that is not so."""
    found: list[Formula | None] = []
    for w in random_points(p, 4, seed=5):
        u = w[name]
        low, high = p.support[v].bounds(w)
        far = (low if side < 0 else high) if math.isfinite(low if side < 0 else high) else u + side * 5
        for t in (SMALL, 0.3, 0.97):
            env: Env = {**w, v: u + t * (far - u)}
            found.append(next((f for f, c in cases.rows if c is None or holds(c)(env)), None))
    return found[0] if all(f == found[0] for f in found) else None


__all__ = ["Pieces", "pieces_of"]
