"""The sums that a general result speaks of, at the data given."""

from __future__ import annotations

from fractions import Fraction

from ...algebra.terms import short_decimal
from ...formula.decimals import rounded
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import Big, Formula, N, Peak, Relation, Sym, children, names, num, rational, walk
from ...oracle.oracle import Oracle
from ...recorder import held, record
from ...rule_names import RuleName
from ...trace import Display, Line, Words, say
from ..existence.rational_values import exact_value
from ..setting import Setting


def values_of_sums(setting: Setting) -> list[Words | Display]:
    """Every sum, mean and count in the estimates with its value; nothing where the numbers were carried along."""
    p = setting.problem
    if setting.numbers or p.observations is None or len(p.observed) == 1:
        return []
    point = Oracle((setting.judge.points[0],))
    lines = [_line(g, exact_value(g, {}, setting), point) for g in _sums(setting)]
    return [say("For these data"), Display(tuple(lines)), say("so that")] if lines else []


def _sums(setting: Setting) -> list[Formula]:
    """The sums free of estimates, in the order of the answers."""
    p = setting.problem
    estimates = {hat(k).name for k in setting.parameters}
    out: dict[Formula, None] = {}

    def search(f: Formula) -> None:
        if isinstance(f, Peak):  # found numerically: its equation is shown, not a formula
            return
        if isinstance(f, Big) and f.kind == "sum" and not names(f) & (estimates | set(setting.parameters)):
            for g in walk(f.body):
                if isinstance(g, Sym) and g.name.endswith("_bar"):
                    out.setdefault(g)
            out.setdefault(f)
        elif isinstance(f, Sym) and (f.name.endswith("_bar") or f.name in p.statistics):
            out.setdefault(f)
        elif not isinstance(f, (Big, Peak)):
            for g in children(f):
                search(g)

    for k in setting.parameters:
        search(setting.answers[k])
    return [g for g in out if g != N]


def _line(g: Formula, exact: Fraction | None, oracle: Oracle) -> Line:
    if exact is None:
        shown = Relation((g, rounded(compiled(g)(oracle.points[0]))), ("approx",))
        return held(oracle, shown, rule=RuleName.PUT_IN_THE_DATA)
    value = num(exact) if short_decimal(exact, 6) else rational(exact)
    shown = Relation((g, value), ("=",))
    return record(shown, oracle.in_fractions(*shown.sides), rule=RuleName.PUT_IN_THE_DATA)
