"""Claims that something is in a set."""

from __future__ import annotations

from ....formula.tree import At, Dots, Formula, SetOf, Span, Sym, names
from ..undeclared_letters import number_of
from ..verdict import Verdict, unknown
from .case import Case
from .scope import inside


def membership(c: Case) -> Verdict | None:
    """x in a set: at all points; of an observation: the support, or the data."""
    j, left, right = c.under, c.left, c.right
    if c.sign != "in" and not isinstance(right, (SetOf, Span)):
        return None
    if isinstance(left, (Sym, At)) and _base(left) in j.meaning.observed:
        return _data(c, _base(left))
    a = c.a
    if isinstance(right, Span):
        b: Formula = Span(j.resolved(right.low), j.resolved(right.high), right.low_open, right.high_open)
    elif isinstance(right, SetOf):
        b = SetOf(tuple(g if isinstance(g, Dots) else j.resolved(g) for g in right.items))
    else:
        return Verdict(True, "condition")
    if j.unbound(a, b):
        return unknown("a letter has no meaning here")
    if isinstance(b, Span) and isinstance(a, Sym) and a.name in j.model.names and _of_the_data(c, b):
        return unknown("an interval for a parameter is not judged")
    seen = 0
    for p in j.trials.everywhere():
        got = inside(j, a, b, p)
        if got is False:
            return Verdict(False, "domain")
        seen += got is True
    return Verdict(True, "domain") if seen else unknown("this set is not understood")


def _of_the_data(c: Case, b: Span) -> bool:
    """Whether an interval depends on the data, or is one of numbers around the estimate where there are data: of confidence, not a domain."""
    j = c.under
    if (names(b.low) | names(b.high)) - j.meaning.parameters - {*j.model.problem.known, "n"}:
        return True
    numbers = number_of(b.low), number_of(b.high)
    return not j.model.open and None not in numbers and all(inside(j, c.a, b, p) for p in j.trials.top)


def _base(f: Sym | At) -> str:
    return (f.name if isinstance(f, Sym) else f.base).split("_")[0]


def _data(c: Case, v: str) -> Verdict:
    """x in {...}: the support, or the observations."""
    right, model = c.right, c.under.model
    if isinstance(right, SetOf) and not any(isinstance(g, Dots) for g in right.items) and len(right.items) > 2 and not model.open:
        have = c.under.trials.points.samples[0].points[0].get(v)
        told = [x for g in right.items if (x := number_of(g)) is not None]
        if isinstance(have, list) and len(told) == len(right.items) == len(have):
            return Verdict(all(abs(x - y) < 1e-9 for x, y in zip(sorted(told), sorted(have), strict=True)), "data")
    return Verdict(True, "data")
