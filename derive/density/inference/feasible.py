"""Points that satisfy constraints: equations met by scaling or moving letters, inequalities by exchanging values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...formula.evaluate import Env, compiled, holds
from ...formula.tree import Add, Formula, Neg, Relation, Sym, names
from ...sets.domain import Domain
from ..integration.normalise import linear_root

WITHIN = 0.7  # of the way to where an inequality begins to fail
POWERS = tuple(2.0**k for k in range(-20, 21))  # multiples of a point at which an equation may have changed its sign
HALVINGS = 100
SWEEPS = 4  # over all equations, where they share letters


def feasible(env: Env, constraints: Sequence[Formula], domains: Mapping[str, Domain]) -> Env | None:
    """env with the letters of `domains` moved so that every constraint holds; None where that was not found."""
    env = dict(env)
    for _ in range(SWEEPS):
        for c in constraints:
            if isinstance(c, Relation) and not holds(c)(env):
                equal = c.signs == ("=",)
                moved = _scaled(env, c, domains) or (_moved(env, c, domains) if equal else _exchanged(env, c, domains))
                env = moved or env
        if all(holds(c)(env) for c in constraints):
            return env if all(domains[k].contains(env[k], env) for k in domains) else None
    return None


def _letters(c: Relation, domains: Mapping[str, Domain]) -> list[str]:
    found = names(c)
    return [k for k in domains if k in found]


def _scaled(env: Env, c: Relation, domains: Mapping[str, Domain]) -> Env | None:
    """All letters of the equation or inequality times one positive number, where that meets it."""
    g, letters = compiled(Add((c.sides[0], Neg(c.sides[1])))), _letters(c, domains)
    start, here = g({**env, **dict.fromkeys(letters, 0.0)}), g(env)
    if here == start:
        return None

    def at(t: float) -> Env:
        return {**env, **{k: t * env[k] for k in letters}}

    def met(t: float) -> Env | None:
        e = at(t)
        return e if t > 0 and holds(c)(e) and all(domains[k].contains(e[k], e) for k in letters) else None

    equal = c.signs == ("=",)
    edge = start / (start - here)
    found = met(edge) if equal else met(edge * WITHIN) or met(edge / WITHIN)
    if found is not None or not equal:
        return found
    crossing = next((t for t in POWERS if g(at(t)) * start < 0), None)  # not linear in the letters
    return None if crossing is None else met(bisected(lambda t: g(at(t)) * start, 0.0, crossing))


def bisected(f: Callable[[float], float], low: float, high: float) -> float:
    """A zero of f between low, where it is positive, and high, where it is negative."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return (low + high) / 2


def _moved(env: Env, c: Relation, domains: Mapping[str, Domain]) -> Env | None:
    """The last letter that can be moved so that the equation holds."""
    difference = Add((c.sides[0], Neg(c.sides[1])))
    for k in reversed(_letters(c, domains)):
        root = linear_root(difference, k, env)
        if root is not None and domains[k].contains(root, {**env, k: root}):
            return {**env, k: root}
    return None


def _exchanged(env: Env, c: Relation, domains: Mapping[str, Domain]) -> Env | None:
    """The values of the two letters of an inequality exchanged."""
    a, b = c.sides
    if not (isinstance(a, Sym) and isinstance(b, Sym) and a.name in domains and b.name in domains):
        return None
    return {**env, a.name: env[b.name], b.name: env[a.name]}


__all__ = ["feasible"]
