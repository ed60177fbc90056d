"""Location and scale of a t distribution with at least one degree of freedom together: no more than one stationary point.

The density is f(x) = c/s (1 + (x - m)^2/(d s^2))^(-k) with k = (nu + 1)/2 >= 1.  Where every value has a share of the observations below
nu/(nu + 1), the likelihood has exactly one stationary point, its global maximum (nu = 1, the Cauchy distribution: Copas 1975, Biometrika 62,
701-704; in general Kent and Tyler 1991, Annals of Statistics 19, 2102-2119; Kent, Tyler and Vardi 1994, Communications in Statistics,
Simulation and Computation 23, 441-453).  Where one value has just that share, as one of two different observations does for nu = 1, the likelihood
has no single maximum: it is as large on a curve, or approaches its supremum as the scale falls to 0 at that value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...formula.tree import ONE, TWO, ZERO, Add, Formula, Sym, add, mul, names, neg, num, value
from ...problem.problem import Problem
from ...sample.columns import most_frequent
from ...sets.domain import POSITIVE, REAL
from ...trace import Strength, say
from ..setting import MaximumArgument, State


def one_stationary_point(unknowns: Sequence[str], state: State) -> MaximumArgument | None:
    """The argument for data without too many ties; None for any other density or domain."""
    p = state.problem
    if len(unknowns) != 2 or set(unknowns) != set(p.parameters) or len(p.observed) != 1 or p.covariates or not p.as_stated:
        return None
    for m, s in (unknowns, reversed(unknowns)):
        if p.parameters[m] != REAL or p.parameters[s] != POSITIVE:
            continue
        k = _exponent(p.density, Sym(p.observed[0]), Sym(m), Sym(s), state.al)
        if k is None or k < 1:
            continue
        share = (2 * k - 1) / (2 * k)  # nu/(nu + 1)
        tied = _most_tied(p)
        if tied is None or p.size is None or tied >= share * p.size:
            return None
        which = "the Cauchy distribution" if k == 1 else "a t distribution with at least one degree of freedom"
        source = "Copas, 1975" if k == 1 else "Kent and Tyler, 1991"
        few = "fewer than half" if share == Fraction(1, 2) else f"a share below {share}"
        words = say(
            f"{{}} and {{}} are location and scale of {which}, and every value has {few} of the observations. "
            f"Then the likelihood has exactly one stationary point, which is its global maximum ({source}).",
            Sym(m), Sym(s),
        )  # fmt: skip
        return MaximumArgument(Strength.PROVED, (words,), joint=True)
    return None


def _most_tied(p: Problem) -> int | None:
    """How many observations are equal at most; None where they are not known one by one."""
    if p.observations is not None:
        return max(times for _, times in p.observations.rows)
    many = p.sample is not None and p.sample.is_large and p.sample.is_plain
    return most_frequent(p.sample.exact[p.observed[0]]) if many and p.sample is not None else None


def _exponent(density: Formula, x: Sym, m: Sym, s: Sym, al: Algebra) -> Fraction | None:
    """k of a density that is a constant times (1/t) (1 + (x - m)^2/t^2)^(-k), where t is a constant times a power of s; else None."""
    powers = al.split(density).powers
    moving = [(b, e) for b, e in powers.items() if {x.name, m.name} & names(b) or {x.name, m.name} & names(e)]
    k = None if len(moving) != 1 else value(neg(moving[0][1]))
    rest = {b: e for b, e in powers.items() if s.name in names(b) | names(e) and b is not moving[0][0]} if moving else {}
    outside = Fraction(0) if not rest else value(rest[s]) if rest.keys() == {s} else None
    if k is None or outside is None:
        return None
    found = al.coefficients(moving[0][0], x)
    if found is None or not found.keys() <= {ZERO, ONE, TWO} or not {ZERO, TWO} <= found.keys():
        return None
    square, middle, free = (al.assemble(found.get(e, [])) for e in (TWO, ONE, ZERO))
    least = al.expand(add(free, neg(mul(square, m, m))))  # the quadratic at x = m
    if al.expand(add(middle, mul(num(2), square, m))) != ZERO:
        return None
    a, b = (_power_of(f, s, al) for f in (least, square))
    if a is None or b is None or a == b or k * a - outside != (a - b) / 2:
        return None
    return k


def _power_of(f: Formula, s: Sym, al: Algebra) -> Fraction | None:
    """The exponent of s in a positive constant times a power of it."""
    t: Term = al.split(f)
    others = {b: e for b, e in t.powers.items() if b != s}
    if isinstance(f, Add) or t.coefficient <= 0 or any(s.name in names(b) | names(e) for b, e in others.items()):
        return None
    return value(t.powers.get(s, ZERO)) if al.facts.positive(al.build(Term(Fraction(1), others))) else None
