"""The sums that a general result speaks of, at the data given."""

from __future__ import annotations

from fractions import Fraction

from ...algebra.terms import short_decimal
from ...formula.decimals import rounded
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import Big, Formula, N, Peak, Relation, Sym, children, names, num, rational, walk
from ...oracle.judge import Oracle
from ...trace import Display, Line, Words, say
from ..setting import Work
from .rational_values import exact_value


def values_of_sums(work: Work) -> list[Words | Display]:
    """Every sum, mean and count in the estimates with its value; nothing where the numbers were carried along."""
    p = work.problem
    if work.numbers or p.observations is None or len(p.observed) == 1:
        return []
    world = Oracle((work.judge.worlds[0],))
    lines = [_line(g, exact_value(g, {}, work), world) for g in _sums(work)]
    return [say("For these data"), Display(tuple(lines)), say("so that")] if lines else []


def _sums(work: Work) -> list[Formula]:
    """The sums free of estimates, in the order of the answers."""
    p = work.problem
    estimates = {hat(k).name for k in work.parameters}
    out: dict[Formula, None] = {}

    def search(f: Formula) -> None:
        if isinstance(f, Peak):  # found numerically: its equation is shown, not a formula
            return
        if isinstance(f, Big) and f.kind == "sum" and not names(f) & (estimates | set(work.parameters)):
            for g in walk(f.body):
                if isinstance(g, Sym) and g.name.endswith("_bar"):
                    out.setdefault(g)
            out.setdefault(f)
        elif isinstance(f, Sym) and (f.name.endswith("_bar") or f.name in p.statistics):
            out.setdefault(f)
        elif not isinstance(f, (Big, Peak)):
            for g in children(f):
                search(g)

    for k in work.parameters:
        search(work.answers[k])
    return [g for g in out if g != N]


def _line(g: Formula, exact: Fraction | None, oracle: Oracle) -> Line:
    if exact is None:
        shown = Relation((g, rounded(compiled(g)(oracle.worlds[0]))), ("approx",))
        return Line(shown, None, oracle.holds(shown), "put in the data")
    value = num(exact) if short_decimal(exact, 6) else rational(exact)
    shown = Relation((g, value), ("=",))
    return Line(shown, None, oracle.in_fractions(*shown.sides), "put in the data")
