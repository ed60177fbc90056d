"""The sums that a general result speaks of, at the data given."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ...algebra.terms import short_decimal
from ...formula.decimals import rounded
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.rounding import is_long
from ...formula.tree import At, Big, Formula, N, Peak, Relation, Sym, children, names, num, rational, walk
from ...oracle.oracle import Oracle, computed
from ...recorder import held, record
from ...rule_names import RuleName
from ...sample.statistics import Statistics
from ...trace import Display, Line, Words, say
from ..existence.rational_values import exact_value
from ..setting import Setting


def values_of_sums(setting: Setting, sets: Mapping[str, Formula]) -> list[Words | Display]:
    """Every sum, mean and count in the estimates with its value; nothing where the numbers were carried along.

    sets: all estimates, of the parameters that have several.
    """
    p = setting.problem
    large = p.sample is not None and p.sample.is_large
    if setting.numbers or (p.observations is None and not large) or (len(p.observed) == 1 and not (p.in_floats or large)):
        return []
    if p.observations is None:
        assert p.sample is not None
        lines = [_rounded(g, Statistics(p.sample, p.observed).value(p.spelled(g)), p.asked.digits) for g in _sums(setting, sets)]
    else:
        point = Oracle((setting.judge.points[0],))
        known = [(g, exact_value(g, {}, setting)) for g in _sums(setting, sets)]
        lines = [_line(g, None if p.in_floats and v is not None and is_long(v) else v, point, p.asked.digits) for g, v in known]
    return [say("For these data"), Display(tuple(lines)), say("so that")] if lines else []


def _sums(setting: Setting, sets: Mapping[str, Formula]) -> list[Formula]:
    """The sums free of estimates, and order statistics, in the order of the answers."""
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
        elif (isinstance(f, At) and f.base.endswith("_ord")) or (
            isinstance(f, Sym) and (f.name.endswith("_bar") or f.name in p.statistics)
        ):
            out.setdefault(f)
        elif not isinstance(f, (Big, Peak)):
            for g in children(f):
                search(g)

    for k in setting.parameters:
        search(sets.get(k, setting.answers[k]))
    here = set(setting.answers.values())
    return [g for g in out if g != N and g not in here]


def _rounded(g: Formula, v: float, digits: int) -> Line:
    """A sum over a large sample, which NumPy worked out."""
    return record(Relation((g, rounded(v, digits)), ("approx",)), computed("worked out from the data"), rule=RuleName.PUT_IN_THE_DATA)


def _line(g: Formula, exact: Fraction | None, oracle: Oracle, digits: int) -> Line:
    if exact is None:
        shown = Relation((g, rounded(compiled(g)(oracle.points[0]), digits)), ("approx",))
        return held(oracle, shown, rule=RuleName.PUT_IN_THE_DATA)
    value = num(exact) if short_decimal(exact, 6) else rational(exact)
    shown = Relation((g, value), ("=",))
    return record(shown, oracle.in_fractions(*shown.sides), rule=RuleName.PUT_IN_THE_DATA)
