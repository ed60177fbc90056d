"""A variable whose support is moved by another one, x <= y <= x + b: the difference is looked at in its place, whose support holds no variable.

The density of (x, y - x) at the same observations is the same function of the parameters: the change of variables has determinant 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..algebra.terms import Algebra
from ..formula.tree import Add, Formula, Sym, add, equation, names, neg, replace_all, terms, transform
from ..problem.problem import Problem
from ..recorder import definition
from ..rule_names import RuleName
from ..sample.sample import Sample
from ..sets.domain import INFINITY, MINUS_INFINITY, Domain
from ..trace import Display, Section, SectionKey, say
from .prose import listed

LETTERS = ("z", "w", "d", "u", "g")


@dataclass(frozen=True)
class Differences:
    """differences: by new letter what it stands for.  given: the variables that others bound on one side, whatever the parameters are.
    problem: the question that is left."""

    differences: Mapping[str, Formula]
    given: tuple[str, ...]
    problem: Problem

    @property
    def section(self) -> Section:
        """What is looked at in the place of a variable."""
        words = (
            listed("The observations satisfy the inequalities between ", [Sym(v) for v in self.problem.variables])
            + say(", which do not depend on the parameters. What is left is a condition on each variable alone.")
            if self.given
            else say("")
        )
        if not self.differences:
            return Section(SectionKey.SYMMETRY, say("The support"), (words,))
        lines = tuple(
            definition(equation(Sym(k), f), "a difference of observations", rule=RuleName.LETTER) for k, f in self.differences.items()
        )
        several = len(lines) > 1
        words = say(
            f"The support of one variable is moved by another. Its {'distances from that have supports' if several else 'distance from that has a support'} without variables. With"
        )
        last = say(
            "the density of the observations is the same function of the parameters, since the determinant of this change of variables is 1."
        )
        return Section(SectionKey.SYMMETRY, say("Differences"), (words, Display(lines), last))


def as_differences(p: Problem) -> Differences | None:
    """The question with differences in the place of variables whose support is moved by another one; None where that is not of this kind."""
    if not p.moving or p.observations is None or p.restrictions or p.covariates or p.whole or p.rows is not None or p.cells is not None:
        return None
    al, made, support = Algebra(p.facts), dict[str, Formula](), dict[str, Domain]()
    columns, density, variables = dict(p.observations.exact_columns()), p.density, list[str]()
    given: list[str] = []
    fresh = iter(k for k in LETTERS if k not in {*p.observed, *p.parameters, *p.known, *p.statistics, p.index})
    for v, d in p.support.items():
        others = sorted(d.letters & set(p.variables))
        if not others:
            support[v] = d
            variables.append(v)
            continue
        fixed = tuple(bool(names(e) & set(p.variables)) and not names(e) & set(p.parameters) for e in (d.low, d.high))
        loose = replace(d, low=_least(d.low, support) if fixed[0] else d.low, high=_greatest(d.high, support) if fixed[1] else d.high)
        if any(fixed) and not loose.letters & set(p.variables):  # whether the observations satisfy that does not depend on the parameters
            support[v] = loose
            variables.append(v)
            given.append(v)
            continue
        x, letter = Sym(others[0]), next(fresh, None)
        ends = [e if e in (INFINITY, MINUS_INFINITY) else al.expand(add(*terms(e), neg(x))) for e in (d.low, d.high)]
        if len(others) > 1 or letter is None or d.values is not None or d.also is not None or others[0] not in variables:
            return None
        if any(names(e) & set(p.variables) for e in ends):
            return None
        made[letter], support[letter] = Add((Sym(v), neg(x))), replace(d, low=ends[0], high=ends[1])
        variables.append(letter)
        columns[letter] = tuple(y - at for y, at in zip(columns.pop(v), columns[others[0]], strict=True))
        put = replace_all(density, {Sym(v): Add((x, Sym(letter)))})
        density = transform(put, lambda g: al.expand(g) if isinstance(g, Add) else None)
    if not made and not given:
        return None
    sample = Sample({v: list(columns[v]) for v in variables}).bound(tuple(variables))
    return Differences(
        made,
        tuple(given),
        p.replace(
            variables=tuple(variables),
            support=support,
            density=density,
            written=density,
            sample=sample,
            entry=None,
            given=None,
            origin=None,
        ),
    )


def _least(end: Formula, support: Mapping[str, Domain]) -> Formula:
    """What a lower end is at least, where it is a variable."""
    d = support.get(end.name) if isinstance(end, Sym) else None
    return d.low if d is not None and not names(d.low) else MINUS_INFINITY


def _greatest(end: Formula, support: Mapping[str, Domain]) -> Formula:
    """What an upper end is at most, where it is a variable."""
    d = support.get(end.name) if isinstance(end, Sym) else None
    return d.high if d is not None and not names(d.high) else INFINITY


__all__ = ["Differences", "as_differences"]
