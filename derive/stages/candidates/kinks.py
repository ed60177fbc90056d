"""Absolute values, maxima and minima: where a function of one unknown changes from one smooth piece to the next."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from ...algebra.terms import Algebra
from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, ZERO, Call, Formula, Sym, add, children, names, neg, replace_all, transform, value, walk
from ...proofs.zeros import Domain, all_solutions, closed_forms

KINKED = ("abs", "sign", "max", "min")


def turns(f: Formula, name: str) -> Iterator[Formula]:
    """What changes its sign where f has a kink in an unknown."""
    for g in walk(f):
        if isinstance(g, Call) and name in names(g):
            if g.name in ("abs", "sign"):
                yield g.args[0]
            elif g.name in ("max", "min"):
                yield from (add(a, neg(b)) for a, b in combinations(g.args, 2) if name in names(a) | names(b))


def zeros_of(f: Formula, u: Sym, low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """Where f, a polynomial in u alone, is 0 on an interval with its finite ends.  Raises ValueError where that is not settled in fractions."""
    there = all_solutions(f, u.name, low, high)
    forms = closed_forms(f, u.name, (), (((), 1),), there) if there else None if there is None else ()
    found = [v for g in forms or () if (v := value(g)) is not None]
    if forms is None or len(found) < len(forms):
        raise ValueError(f"not settled where it changes with {u.name}")
    return found


def decided(f: Formula, name: str, env: Env) -> Formula:
    """f with its absolute values, signs, maxima and minima in an unknown as what they are near a place between the kinks."""

    def settled(g: Formula) -> bool:
        return name in names(g) or not names(g)

    def one(g: Formula) -> Formula | None:
        match g:
            case Call("abs", (a,)) if settled(g):
                return a if compiled(a)(env) > 0 else neg(a)
            case Call("sign", (a,)) if settled(g):
                v = compiled(a)(env)
                return ONE if v > 0 else neg(ONE) if v < 0 else ZERO
            case Call("max" | "min" as chosen, args) if settled(g):
                return (max if chosen == "max" else min)(args, key=lambda a: compiled(a)(env))
        return None

    return transform(f, one)


def inside(low: Fraction | None, high: Fraction | None) -> Fraction:
    """A place between two ends, None for an infinite one."""
    if low is not None and high is not None:
        return (low + high) / 2
    return low + 1 if low is not None else high - 1 if high is not None else Fraction(0)


def smooth_pieces(f: Formula, u: Sym, domain: Domain, al: Algebra) -> list[tuple[Formula, Domain]]:
    """A function of u alone piece by piece, from the innermost kinks on.  Raises ValueError where a kink is not at a fraction."""
    low, high = domain.low, domain.high
    here = {u.name: float(inside(low, high))}
    while (
        g := next((g for g in walk(f) if _kinked(g, u.name) and not any(_kinked(h, u.name) for k in children(g) for h in walk(k))), None)
    ) is not None:
        zeros = {z for h in turns(g, u.name) if (e := al.expand(h)) != ZERO for z in zeros_of(e, u, low, high)}
        place = next((z for z in sorted(zeros) if (low is None or low < z) and (high is None or z < high)), None)
        if place is not None:
            return [*smooth_pieces(f, u, Domain(low, place), al), *smooth_pieces(f, u, Domain(place, high), al)]
        f = replace_all(f, {g: decided(g, u.name, here)})
    return [(al.expand(decided(f, u.name, here)), Domain(low, high, (True, True)))]


def _kinked(g: Formula, name: str) -> bool:
    return isinstance(g, Call) and g.name in KINKED and name in names(g)


__all__ = ["KINKED", "decided", "inside", "smooth_pieces", "turns", "zeros_of"]
