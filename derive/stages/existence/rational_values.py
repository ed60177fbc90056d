"""What was found at the data given, as rational numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ...estimate_order import in_order
from ...formula.names import hat
from ...formula.tree import Formula, Sym, rational, replace_all, value
from ..likelihood.product import with_data
from ..setting import Setting


def exactly(setting: Setting) -> dict[str, Formula]:
    """For given data: the estimates with the data in them, where they are rational numbers."""
    return dict(setting.once("exactly", None, lambda: _exactly(setting)))


def _exactly(setting: Setting) -> dict[str, Formula]:
    out: dict[str, Formula] = {}
    if setting.problem.observations is None:
        return out
    for k in in_order(setting.answers):
        exact = exact_value(setting.answers[k], out, setting)
        if exact is not None:
            out[k] = setting.al.number(exact)
    return out


def exact_value(f: Formula, estimates: Mapping[str, Formula], setting: Setting) -> Fraction | None:
    """f with the data and the estimates found so far in it; None where that is not a rational number."""
    p = setting.problem
    assert p.observations is not None
    table: dict[Formula, Formula] = {Sym(v + "_bar"): rational(p.observations.mean(v)) for v in p.observed}
    for o, g in estimates.items():
        table |= {hat(o): g, Sym(o): g}
    g, _, complete = with_data(replace_all(p.spelled(f), table), p, setting.al)
    return value(setting.al.tidy(g)) if complete else None
