"""Where the log-likelihood goes along a path through the domain of the parameters: proved by its expansion at the end of the path."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from ...formula.evaluate import Env, compiled
from ...formula.tree import (
    ONE,
    At,
    Big,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Peak,
    Sym,
    add,
    log,
    names,
    neg,
    num,
    rational,
    replace_all,
    transform,
    value,
)
from ...problem.problem import Problem
from ...proofs.zeros import Rows, Towards, growth_of, poles_of
from ...sets.domain import INFINITY, MINUS_INFINITY

V = Sym("#v")  # positive; the path is followed as it falls to 0
MOST_TERMS = 30  # of a sum over the sample that is written out
NEARER = (1e-2, 1e-4, 1e-6)


def towards(path: Mapping[str, Formula], w: Env, p: Problem) -> Towards:
    """Where the log-likelihood of the sample at a test point goes as `V` falls to 0; each parameter by name as a formula in `V`,
    extreme observations and known letters.  The path lies inside the domain and the support, or nothing is settled."""
    found = _on_path(path, w, p)
    return Towards.UNDECIDED if found is None else growth_of(found[0], V.name, False, *found[1:])


def _on_path(path: Mapping[str, Formula], w: Env, p: Problem) -> tuple[Formula, tuple[str, ...], Rows] | None:
    """The log-likelihood on a path, with the names and the rows of what was observed."""
    seen = p.observations
    exact = seen is not None and "#sample" in w and w["n"] == seen.size and not p.known
    if p.cells is not None or p.sums or set(path) != set(p.parameters) or "#sample" not in w or not inside(path, w, p):
        return None
    rows: Rows
    if seen is not None and exact:
        observed, rows = seen.names, seen.rows
    else:
        observed = p.observed
        rows = tuple((tuple(map(Fraction, row)), 1) for row in zip(*(w["#sample"][v] for v in observed), strict=True))
    columns = {v: sorted(row[j] for row, times in rows for _ in range(times)) for j, v in enumerate(observed)}
    table: dict[Formula, Formula] = {Sym(k): _numbered(f, columns, w, p) for k, f in path.items()}
    table |= {Sym(k): rational(Fraction(w[k])) for k in p.known if k in w}
    body = replace_all(p.spelled(p.density), table)
    f = log(body) if p.whole else Big("sum", p.index, ONE, N, log(p.indexed(body)))
    return f, observed, rows


def numbered(path: Mapping[str, Formula], w: Env, p: Problem) -> dict[str, Formula]:
    """A path with the numbers of the sample at a test point in it."""
    columns = {v: sorted(map(Fraction, w["#sample"][v])) for v in p.observed}
    return {k: _numbered(f, columns, w, p) for k, f in path.items()}


def inside(path: Mapping[str, Formula], w: Env, p: Problem) -> bool:
    """Whether the path lies in the domain, and in what the data allow."""
    for v in NEARER:
        e: Env = {**w, V.name: v}
        e |= {k: compiled(f)(e) for k, f in path.items()}
        if not all(d.contains(e[k], e) for k, d in p.parameters.items()) or (p.moving and not p.possible(e)):
            return False
    return True


def place(name: str, end: Formula, high: bool, w: Env) -> Formula:
    """A parameter on its way to an end of its domain, or to infinity, as a formula in `V`; from about where it is at a test point."""
    at, now = compiled(end)(w), float(w[name])
    apart = abs(now - at) if math.isfinite(at) else 1 + abs(now)
    unit = rational(Fraction(2) ** math.frexp(apart)[1]) if apart and math.isfinite(apart) else ONE
    if not math.isfinite(at):
        return Div(unit, V) if high else Neg(Div(unit, V))
    step = Mul((unit, V))
    return add(end, neg(step)) if high else add(end, step)


def profile_towards(peak: Peak, high: bool, p: Problem) -> Towards:
    """Where a log-likelihood of one unknown at the data goes at an end of its domain."""
    end = peak.ends[high]
    if value(end) is None and end not in (INFINITY, MINUS_INFINITY):
        return Towards.UNDECIDED
    at = (add(end, neg(V)) if high else add(end, V)) if value(end) is not None else Div(ONE, V) if high else Neg(Div(ONE, V))
    return _profile_along(peak, at, p)


def _profile_along(peak: Peak, at: Formula, p: Problem) -> Towards:
    seen = p.observations
    if (seen is None and not p.whole) or p.known or len(peak.unknowns) > 1:
        return Towards.UNDECIDED
    observed, rows = (seen.names, seen.rows) if seen is not None else ((), (((), 1),))
    return growth_of(p.spelled(replace_all(peak.body, {Sym(peak.unknowns[0]): at})), V.name, False, observed, rows)


def rises_at_pole(peak: Peak, p: Problem) -> Formula | None:
    """A place inside the domain of one unknown towards which a log-likelihood at the data grows without bound, where the score has no value."""
    seen, ends = p.observations, [compiled(e)({}) for e in peak.ends if not names(e)]
    if seen is None or len(ends) != 2 or len(peak.unknowns) > 1:
        return None
    for v in poles_of(p.spelled(peak.slopes[0]), peak.unknowns[0], seen.names, seen.rows):
        if ends[0] < v < ends[1] and Towards.INFINITY in (
            _profile_along(peak, f(rational(v), V), p) for f in (add, lambda a, b: add(a, neg(b)))
        ):
            return rational(v)
    return None


def fixed(w: Env, p: Problem) -> dict[str, Formula]:
    """The parameters as they are at a test point."""
    return {k: rational(Fraction(w[k])) for k in p.parameters}


def _numbered(f: Formula, columns: Mapping[str, list[Fraction]], w: Env, p: Problem) -> Formula:
    """A formula with the extreme observations, short sums over the sample, its size and known letters as numbers."""
    base, only = next(iter(columns.items()), ("", list[Fraction]()))

    def one(g: Formula) -> Formula | None:
        if isinstance(g, At) and (xs := columns.get(g.base.removesuffix("_ord"))) and g.base.endswith("_ord"):
            k = len(xs) if g.index == (N,) else value(g.index[0])
            return rational(xs[int(k) - 1]) if k is not None and k in range(1, len(xs) + 1) else None
        if isinstance(g, Sym) and g.name.endswith("_bar") and (xs := columns.get(g.name.removesuffix("_bar"))):
            return rational(sum(xs, Fraction(0)) / len(xs))
        if isinstance(g, Sym) and g != V and g.name in w and (g.name in p.known or g == N):
            return rational(Fraction(w[g.name]))
        if isinstance(g, Big) and g.kind == "sum" and g.high in (N, num(len(only))) and len(columns) == 1 and len(only) <= MOST_TERMS:
            return transform(add(*(replace_all(g.body, {At(base, (Sym(g.index),)): rational(x)}) for x in only)), one)
        return None

    return transform(f, one)


__all__ = ["V", "fixed", "inside", "numbered", "place", "profile_towards", "rises_at_pole", "towards"]
