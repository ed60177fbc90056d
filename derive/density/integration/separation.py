"""A function of several variables as a product of functions of fewer: the total is the product of their totals."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...algebra.terms import Algebra, E, Term
from ...formula.tree import ONE, Add, Call, Formula, add, exp, mul, names, power, terms
from ...sets.domain import Domain

Part = tuple[Formula, tuple[str, ...]]


def separated(density: Formula, variables: Mapping[str, Domain]) -> list[Part]:
    """The parts with the variables that each holds, the constant in the first; one part where nothing separates."""
    al = Algebra()
    t = al.split(density)
    factors: list[Formula] = [al.number(t.coefficient)] if t.coefficient != 1 else []
    for b, k in t.powers.items():
        factors += [exp(u) for u in _apart(k, set(variables), al)] if b == E else [power(b, k)]
    links = [set(names(f)) & set(variables) for f in factors] + [{v} | (d.letters & set(variables)) for v, d in variables.items()]
    groups = _joined(variables, [g for g in links if g])
    if len(groups) < 2:
        return [(density, tuple(variables))]
    parts: list[Part] = []
    for position, group in enumerate(groups):
        mine = [f for f in factors if (names(f) & set(variables)) <= group and (names(f) & set(variables) or position == 0)]
        exponents = [f.args[0] for f in mine if isinstance(f, Call) and f.name == "exp"]
        others = [f for f in mine if not (isinstance(f, Call) and f.name == "exp")]
        parts.append((mul(*others, *([exp(add(*exponents))] if exponents else [])), tuple(v for v in variables if v in group)))
    return parts


def _apart(f: Formula, variables: set[str], al: Algebra) -> list[Formula]:
    """The terms of f, those with several variables multiplied out as far as that parts them: squares in one variable stay."""
    out: list[Formula] = []
    for t in terms(f):
        if len(names(t) & variables) < 2:
            out.append(t)
            continue
        split = al.split(t)
        sums = [b for b, k in split.powers.items() if isinstance(b, Add) and k == ONE and len(names(b) & variables) > 1]
        if len(sums) != 1:
            out += terms(al.expand(t))
            continue
        rest = Term(split.coefficient, {b: k for b, k in split.powers.items() if b != sums[0]})
        front = al.build(rest)
        for u in terms(sums[0]):
            out += _apart(al.build(al.times((rest, al.split(u)))), variables, al) if front != ONE else _apart(u, variables, al)
    return out


def _joined(variables: Collection[str], links: list[set[str]]) -> list[set[str]]:
    """The variables in groups, those of one link together, in order."""
    groups: list[set[str]] = [{v} for v in variables]
    for link in links:
        hit = [g for g in groups if g & link]
        rest = [g for g in groups if not g & link]
        groups = [set().union(*hit), *rest] if hit else rest
    order = list(variables)
    return sorted(groups, key=lambda g: min(order.index(v) for v in g))
