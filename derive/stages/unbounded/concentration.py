"""Equal observations: a likelihood without bound where the peak of the density is put on them and made ever narrower.

One parameter is solved for from the equation that the density has its peak at the common value, another goes to an end of its domain, and the
rest keep simple values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.tree import ZERO, Formula, Sym, equation, log, names, num, rational, replace_all
from ...problem.problem import Problem
from ...proofs.zeros import Towards
from ...rules.calculus import NoDerivative, differentiate
from ...sets.domain import INFINITY, MINUS_INFINITY
from ...solving.solve import solve
from ...trace import Block, Section, SectionKey, Table, Words, say
from ..number_format import digits
from ..profile.along_path import V, place, towards
from ..prose import listed
from ..setting import ARGUED, Setting, State

KEPT = ("1", "1/2", "0")  # values of a parameter that keeps one
SHOWN = (1, 2, 3, 4)  # powers of ten in the table
EPS = Sym("epsilon")
Path = dict[str, Formula]


def concentrated(state: State) -> State | None:
    """With the section "The likelihood is unbounded" and the outcome, where there are equal observations, or one only, and such a path; else None."""
    p, seen = state.problem, state.problem.observations
    if seen is None or p.covariates or len(p.observed) != 1 or len(p.parameters) < 2 or p.implied or p.moving or p.restrictions or p.known:
        return None
    if any(d.discrete for d in (*p.parameters.values(), *p.support.values())):
        return None
    tally: dict[Fraction, int] = {}
    for (x,), times in seen.rows:
        tally[x] = tally.get(x, 0) + times
    most = max(tally, key=tally.__getitem__)
    if tally[most] == 1 and len(tally) > 1:
        return None
    w = state.judge.points[0]
    lead = (
        say("All observations are equal. ")
        if len(tally) == 1
        else say("The value {} was observed {} times. ", rational(most), num(tally[most]))
    )
    for path in _paths(most, w, state):
        if towards(path, w, p) is Towards.INFINITY:
            section = Section(SectionKey.NO_MAXIMUM, say("The likelihood is unbounded"), (*_shown(lead, path, w, p),))
            return state.adding(section).without_maximum(ARGUED)
    return None


def _paths(x: Fraction, w: Env, setting: Setting) -> Iterator[Path]:
    """The paths that are looked at."""
    p, (v,) = setting.problem, setting.problem.observed
    at: dict[Formula, Formula] = {Sym(v): rational(x)}
    slope: Formula | None
    try:
        slope = setting.al.tidy(replace_all(differentiate(log(p.density), Sym(v), setting.al), at))
    except NoDerivative:
        slope = None
    for k in p.parameters:
        for peak in dict.fromkeys([*_roots(slope, k, setting), rational(x)]):
            for u, d in p.parameters.items():
                if u == k:
                    continue
                rest = {o: _kept(o, p) for o in p.parameters if o not in (k, u)}
                if None in rest.values():
                    continue
                for end, high in ((d.low, False), (d.high, True)):
                    if end in (INFINITY, MINUS_INFINITY) or not names(end):
                        fixed: Path = {**{o: f for o, f in rest.items() if f is not None}, u: place(u, end, high, w)}
                        there = replace_all(peak, {Sym(o): f for o, f in fixed.items()})
                        yield {**fixed, k: setting.al.tidy(there)}


def _roots(slope: Formula | None, name: str, setting: Setting) -> tuple[Formula, ...]:
    if slope is None or name not in names(slope):
        return ()
    try:
        found = solve(equation(slope, ZERO), Sym(name), setting.al)
    except NotSupported:
        return ()
    return () if found is None else found.roots


def _kept(name: str, p: Problem) -> Formula | None:
    return next((num(c) for c in KEPT if p.parameters[name].contains(compiled(num(c))({}))), None)


def _shown(lead: Words, path: Path, w: Env, p: Problem) -> tuple[Block, ...]:
    """The path, and the log-likelihood on it."""
    put = [equation(Sym(k), replace_all(path[k], {V: EPS})) for k in p.parameters]
    rows = []
    for k in SHOWN:
        e: Env = {**w, V.name: 10.0**-k}
        at = {name: compiled(f)(e) for name, f in path.items()}
        height = float(w["ell"](*(at[name] for name in p.parameters)))
        if math.isfinite(height):  # where floating point reaches
            rows.append((say("{}", digits(10.0**-k, 1)), say("{}", digits(height, 6))))
    return (
        lead + listed("Put ", put) + say(", which belong to the domain: the peak of the density lies at these observations, and becomes narrower as {} falls to 0.", EPS),
        *([Table((say("{}", EPS), say("{}", p.of("ell"))), tuple(rows))] if rows else []),
        say("By its expansion in {} the log-likelihood is unbounded: there is no maximum.", EPS),
    )  # fmt: skip


__all__ = ["concentrated"]
