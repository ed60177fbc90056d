"""Hypotheses of a statement: the points at which they are true; and whether a relation is true at one point."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from flint import arb

from ....formula.tree import At, Dots, Formula, SetOf, Span, Sym, each, names, replace_all
from ..ball_values import NoValue, less, same
from ..document import Statement
from ..expectation import SINGLE
from ..sides import Sides
from ..symbol_table import Unknown
from ..trial_points import TrialPoint
from ..undeclared_letters import free_letters

Order = tuple[Formula, str, Formula]


def scoped(j: Sides, s: Statement, points: list[TrialPoint], only_data: bool = False, decided: bool = False) -> list[TrialPoint] | None:
    """The points at which the hypotheses of a statement are true; None where there are none.

    A parameter that a hypothesis sets to a value has that value.  Of the data alone it may take other samples.
    only_data: the other hypotheses are left out.  decided: no other points are looked for, and one at which a hypothesis is not
    decided is none.
    """
    out, asked = _filtered(j, s, points, only_data, decided)
    if decided:
        return out
    if not out and points and points is not j.trials.top and points is not j.trials.outside:
        out, _ = _filtered(j, s, j.trials.dense, only_data, True)
    other = asked and not any(all(true_at(j, *h, p) is not False for h in asked) for p in points)
    if not out and points and other and j.model.open:
        chosen = j.memory.chosen(j.trials, tuple(asked), lambda p: all(true_at(j, *h, p) is not False for h in asked))
        out = chosen.top if points is j.trials.top else chosen.inner
    return out if out or not points else None


def _filtered(
    j: Sides, s: Statement, points: list[TrialPoint], only_data: bool, decided: bool = False
) -> tuple[list[TrialPoint], list[Order]]:
    """The points at which the hypotheses are true, and those hypotheses that are of the data alone.

    decided: a point at which one is not decided, as theta < x_(n) is not at theta = x_(n) in balls, is none.
    """
    out, asked = points, list[Order]()
    for a, sign, b in _hypotheses(j, s):
        if not (names(a) | names(b)) & (j.meaning.parameters | j.hats | j.meaning.specials.keys()):
            asked.append((a, sign, b))
        elif only_data:
            continue
        elif sign in ("=", ":=") and isinstance(a, Sym) and a.name in j.model.names:
            out = [q for p in out if (q := j.trials.put(p, a.name, b)) is not None]
            continue
        kept = (True,) if decided else (True, None)
        out = [p for p in out if true_at(j, a, sign, b, p) in kept]
    return out, asked


def set_by(j: Sides, s: Statement) -> list[str]:
    """The parameters that hypotheses of a statement set to values."""
    return [a.name for a, sign, _ in _hypotheses(j, s) if sign in ("=", ":=") and isinstance(a, Sym) and a.name in j.model.names]


def _hypotheses(j: Sides, s: Statement) -> Iterator[Order]:
    """The hypotheses of a statement that can be tried.

    What one says of an observation goes for their mean, where the statement speaks of none; with a parameter it is of the density.
    """
    spoken = set[str]()
    for f in s.claim.readings[0] if s.scope and s.claim.readings else ():
        with contextlib.suppress(Unknown):
            spoken |= names(j.resolved(f))
    singles = {v + SINGLE for v in j.meaning.observed}
    one: dict[Formula, Formula] = {Sym(v + SINGLE): Sym(v + "_bar") for v in j.meaning.observed if v + SINGLE not in spoken}
    for h in s.scope:
        for left, right in h.claim.readings[:1]:
            try:
                a, b = j.resolved(left), j.resolved(right)
            except Unknown:
                continue
            seen = names(a) | names(b)
            by_cases = seen & singles and seen & j.meaning.parameters and not spoken & singles
            if seen and not by_cases and not isinstance(b, SetOf) and not j.unbound(a, b):
                yield replace_all(a, one), h.claim.sign, replace_all(b, one)


def true_at(j: Sides, a: Formula, sign: str, b: Formula, p: TrialPoint) -> bool | None:
    """Whether a relation is true at a point; None where that is not decided."""
    try:
        if sign == "in":
            return inside(j, a, b, p)
        index = _free_index(j, a, b)
        if index is None or sign == "=":
            return _compared(j, a, sign, b, p)
        return all_true([_compared(j, a, sign, b, p.put({index: arb(i)})) for i in range(1, int(p.floats["n"]) + 1)])
    except NoValue:
        return None


def all_true(found: Sequence[bool | None]) -> bool | None:
    """Whether all are true; None where that is not decided."""
    return False if False in found else None if None in found else True


def _free_index(j: Sides, a: Formula, b: Formula) -> str | None:
    """The index of a <= x_i, which is said for every i."""
    for f in (a, b):
        for g in each(f, At):
            k = g.index[0]
            if g.base in j.meaning.observed and len(g.index) == 1 and isinstance(k, Sym) and k.name in ("i", "j", "k"):
                if k.name in {*free_letters(a), *free_letters(b)}:
                    return k.name
    return None


def _compared(j: Sides, a: Formula, sign: str, b: Formula, p: TrialPoint) -> bool | None:
    u, v = j.value(a, p), j.value(b, p)
    if sign in ("=", "!="):
        got = same(u, v, 1.0)
        return None if got is None else got == (sign == "=")
    return less(u, v, sign == "<") if sign in ("<", "<=") else less(v, u, sign == ">")


def inside(j: Sides, a: Formula, b: Formula, p: TrialPoint) -> bool | None:
    """Whether a value lies in a set at a point.  Raises NoValue."""
    if isinstance(b, Span):
        x = j.value(a, p)
        return all_true([less(j.value(b.low, p), x, b.low_open), less(x, j.value(b.high, p), b.high_open)])
    if not isinstance(b, SetOf):
        return None
    items = [g for g in b.items if not isinstance(g, Dots)]
    x = j.value(a, p)
    if any(j.value(g, p).overlaps(x) for g in items):
        return True
    if len(items) == len(b.items):
        return False
    beyond = x < j.value(items[0], p) or (not isinstance(b.items[-1], Dots) and x > j.value(items[-1], p))
    return x.unique_fmpz() is not None and not beyond
