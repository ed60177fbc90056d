"""A support that is given by conditions on the observation and the parameters, as 1 + xi (x - mu)/sigma > 0.

A condition whose coefficients have known signs is an end of an interval.  Any other is kept: for given parameters its
solutions are found numerically.  Where they are an interval, whatever the parameters are, all observations satisfy it
exactly when the smallest and the largest do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace as changed

from ...algebra.facts import Facts, Range
from ...algebra.terms import Algebra
from ...formula.tree import And, Call, Formula, Pow, Relation, Sym, add, has, names, neg, replace, terms, value, walk
from ...rules.calculus import NoDerivative, differentiate
from ...sets.conditions import solved_for
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain, conjuncts
from .admissible import largest, smallest


def read_off(d: Domain, letters: Mapping[str, Domain]) -> Domain:
    """The same support with the conditions that are ends of an interval as its ends."""
    if d.also is None:
        return d
    ranges = {k: interior_of(e) for k, e in letters.items()}
    plainly = changed(d, also=None, variable="")
    low, high = (Facts(ranges).range(e) for e in (plainly.low, plainly.high))
    ranges[d.variable] = Range(low.low, high.high, d.low_open or low.low_open, d.high_open or high.high_open)
    al = Algebra(Facts(ranges))
    found = solved_for(d, al.sign)
    if found == d:
        return d
    return Domain(
        _end(found.low, "max", al),
        _end(found.high, "min", al),
        found.low_open,
        found.high_open,
        found.integer,
        found.values,
        found.also,
        found.variable,
    )


def _end(f: Formula, chosen: str, al: Algebra) -> Formula:
    """An end in textbook form, without a number that another one of those chosen from always passes."""
    if isinstance(f, Call) and f.name == chosen and len(f.args) == 2:
        a, b = f.args
        sign = al.sign(add(*terms(b), *(neg(t) for t in terms(a))))
        if sign:
            return al.tidy(b if (sign > 0) == (chosen == "max") else a)
    return al.tidy(f)


def as_conditions(d: Domain, v: str, parameters: Collection[str]) -> Domain:
    """The same support with the ends that depend on parameters as conditions."""
    parts, out = list(conjuncts(d.also)), changed(d, also=None, variable="")
    x = Sym(v)
    if names(d.low) & set(parameters):
        parts.append(Relation((x, d.low), (">" if d.low_open else ">=",)))
        out = changed(out, low=MINUS_INFINITY, low_open=True)
    if names(d.high) & set(parameters):
        parts.append(Relation((x, d.high), ("<" if d.high_open else "<=",)))
        out = changed(out, high=INFINITY, high_open=True)
    return changed(out, also=parts[0] if len(parts) == 1 else And(tuple(parts)), variable=v) if parts else d


def interior_of(d: Domain) -> Range:
    """The range of a letter inside its domain."""
    low, high = d.bounds({})
    return Range(low, high, not d.discrete, not d.discrete)


def larger_less_smaller(c: Relation) -> Formula:
    """What must be positive (or not negative) for an inequality to hold."""
    a, b = c.sides if c.signs[0] in (">", ">=") else c.sides[::-1]
    return a if value(b) == 0 else add(*terms(a), *(neg(t) for t in terms(b)))


def real_bases(f: Formula, x: Sym) -> tuple[Formula, ...]:
    """What must not be negative for f to have a real value: arguments of logarithms and roots, bases of powers whose
    exponent is not a whole number; those that hold x, each once."""
    out: dict[Formula, None] = {}
    for g in walk(f):
        match g:
            case Call("log" | "sqrt", (u,)) if has(u, x):
                out[u] = None
            case Pow(u, k) if has(u, x) and ((q := value(k)) is None or q.denominator != 1):
                out[u] = None
    return tuple(out)


def at_extremes(v: str, c: Relation, al: Algebra) -> tuple[Relation, ...] | None:
    """The condition on the smallest and the largest observation, or on one of them, that is the same as the condition
    on all; None where it is not proved that one follows from the other."""
    x = Sym(v)
    f = larger_less_smaller(c)
    try:
        rises = al.tidy(differentiate(f, x, al))
        bends = al.tidy(differentiate(rises, x, al))
    except NoDerivative:
        return None
    r = al.facts.range(rises)
    ends = (smallest(v),) if r.nonnegative else (largest(v),) if r.nonpositive else (smallest(v), largest(v))
    if len(ends) == 2 and not (value(bends) == 0 or al.facts.range(bends).nonpositive):
        return None
    return tuple(Relation(tuple(replace(s, x, e) for s in c.sides), c.signs) for e in ends)


__all__ = ["as_conditions", "at_extremes", "interior_of", "larger_less_smaller", "read_off", "real_bases"]
