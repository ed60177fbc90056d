"""The values of a parameter that observations allow, where the support depends on it.

All observations lie in a support [a, b] exactly when the smallest is at least a and the largest at most b.  Each of
these conditions, solved for one parameter, is a bound on it in terms of an order statistic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, ZERO, Add, At, Call, Div, Formula, N, Neg, Pow, Relation, Sym, call, equation, has, names, neg, walk
from ...rules.calculus import NoDerivative, differentiate
from ...sets.domain import FLIPPED, INFINITY, MINUS_INFINITY, Domain
from ...solving.solve import solve


def smallest(variable: str) -> At:
    """The order statistic x_(1)."""
    return At(variable + "_ord", (ONE,))


def largest(variable: str) -> At:
    """The order statistic x_(n)."""
    return At(variable + "_ord", (N,))


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that the observations set to a parameter.

    condition: what the smallest or largest observation must satisfy.  below: whether the parameter is at least `end`
    (else at most).  end: in order statistics, other parameters and known letters.  strict: the end itself is left out
    where the support is open there.
    """

    name: str
    condition: Relation
    below: bool
    end: Formula
    strict: bool

    @property
    def relation(self) -> Relation:
        """The bound as an inequality on the parameter."""
        return Relation((Sym(self.name), self.end), ((">" if self.below else "<") + "=" * (not self.strict),))

    @property
    def closed(self) -> Relation:
        """The same with its end included."""
        return Relation((Sym(self.name), self.end), (">=" if self.below else "<=",))


def conditions(support: Mapping[str, Domain], parameters: frozenset[str]) -> Iterator[Relation]:
    """What the extreme observations must satisfy for all to lie in the support: one relation for each end that moves."""
    for v, d in support.items():
        if d.values is not None or not d.end_letters & parameters:
            continue
        if neg(d.high) == d.low and d.low_open == d.high_open and _curved(d.high, parameters):
            yield Relation((call("max", neg(smallest(v)), largest(v)), d.high), ("<" if d.high_open else "<=",))
            continue
        for end in _split(d.low, "max"):
            if parameters & _letters(end):
                yield Relation((smallest(v), end), (">" if d.low_open else ">=",))
        for end in _split(d.high, "min"):
            if parameters & _letters(end):
                yield Relation((largest(v), end), ("<" if d.high_open else "<=",))


def _curved(f: Formula, letters: frozenset[str]) -> bool:
    """Whether f is no straight line in letters: then its values need not be all numbers, and what is below -f need not be."""
    return any(bool(names(g.bottom if isinstance(g, Div) else g) & letters) for g in walk(f) if isinstance(g, (Call, Pow, Div)))


def _split(end: Formula, chosen: str) -> tuple[Formula, ...]:
    """x >= max(a, b) means x >= a and x >= b."""
    return end.args if isinstance(end, Call) and end.name == chosen else (end,)


def _letters(f: Formula) -> frozenset[str]:
    return Domain(low=f).letters


def bounds(support: Mapping[str, Domain], name: str, parameters: frozenset[str], al: Algebra) -> tuple[Bound, ...]:
    """The bounds on one parameter, the others fixed.

    Raises NotSupported where an end of the support is not monotone in it or cannot be solved for it.
    """
    return tuple(_bound(c, name, al) for c in conditions(support, parameters) if has(c.sides[1], Sym(name)))


def _bound(c: Relation, name: str, al: Algebra) -> Bound:
    u, (seen, end), sign = Sym(name), c.sides, c.signs[0]
    rising = slope(end, u, al)
    solved = solve(equation(end, seen), u, al) if rising else None
    if solved is None or len(solved.roots) != 1:
        (variable,) = {g.base.removesuffix("_ord") for g in walk(seen) if isinstance(g, At)}
        raise NotSupported(f"the end of the support of {variable} is not solved for {name} here")
    flipped = FLIPPED[sign] if rising > 0 else sign
    return Bound(name, c, flipped[0] == ">", positive_first(solved.roots[0]), len(flipped) == 1)


def positive_first(f: Formula) -> Formula:
    """x_(n) - 1 and not -1 + x_(n)."""
    return Add(tuple(sorted(f.terms, key=lambda t: isinstance(t, Neg)))) if isinstance(f, Add) else f


def slope(f: Formula, u: Sym, al: Algebra) -> int:
    """1 where f increases in u, -1 where it decreases, 0 where neither is proved."""
    try:
        d = al.tidy(differentiate(f, u, al))
    except NoDerivative:
        return 0
    return 1 if al.facts.positive(d) else -1 if al.facts.negative(d) else 0


def emptied(support: Mapping[str, Domain], name: str, end: Formula, al: Algebra) -> bool:
    """Whether the support has shrunk to a point where the parameter is at `end`: then no sample reaches that end."""
    if end in (INFINITY, MINUS_INFINITY):
        return False
    u = Sym(name)
    for d in support.values():
        if name not in d.letters or d.values is not None or INFINITY in (d.high, neg(d.low)):
            continue
        width = al.tidy(Domain(low=Add((d.high, Neg(d.low)))).replaced({u: end}).low)
        if al.expand(width) == ZERO:
            return True
    return False


def interval(found: tuple[Bound, ...], domain: Domain, env: Env) -> tuple[float, float]:
    """The values that the bounds and the domain leave, as floats in an environment with the data."""
    low, high = domain.bounds(env)
    for b in found:
        v = compiled(b.end)(env)
        if math.isnan(v):
            continue
        low, high = (max(low, v), high) if b.below else (low, min(high, v))
    return low, high
