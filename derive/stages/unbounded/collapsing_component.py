"""A likelihood without bound: one component of the density collapses on one observation.

With a location at an observation and a scale that shrinks to 0, the density at that observation grows without
bound; where the other observations keep a positive density, so does the likelihood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from ...formula.evaluate import Env, compiled
from ...formula.tree import Apply, Formula, Sym, equation, num, rational
from ...problem.problem import Problem
from ...proofs.zeros import Towards
from ...trace import Block, Table, Words, say
from ..number_format import digits
from ..profile.along_path import V, towards

FEW = 20  # different observations at which a component is looked at, and scales of other kinds as well
STEPS = (1e-1, 1e-3, 1e-5, 1e-7, 1e-9)


def path_without_bound(p: Problem, found: Mapping[str, Formula], point: Env) -> tuple[Block, ...]:
    """Prose and a table of the log-likelihood along such a path, where there is one that passes all other points."""
    at = {k: compiled(f)(point) for k, f in found.items()}
    if set(at) != set(p.parameters) or "ell" not in point:
        return ()
    seen = p.observations
    times = Counter[Fraction]()
    for v in p.variables:
        for x, k in ((row[seen.names.index(v)], k) for row, k in seen.rows) if seen else ((x, 1) for x in point[v]):
            times[Fraction(x)] += k
    data = sorted(times)
    tried = data if len(data) <= FEW else sorted(x for x, _ in times.most_common(FEW))  # of many those that occur most often
    scales = [k for k in at if _shrinks(k, p)]
    top = float(point["ell"](*(at[k] for k in p.parameters)))
    for scale in scales:
        others = [k for k in at if k != scale and (k not in scales or len(data) <= FEW)]
        places: list[tuple[str, Fraction] | None] = [None, *((k, x) for k in others for x in tried)]
        for place in places:
            exactly = {place[0]: place[1]} if place is not None and p.parameters[place[0]].contains(float(place[1]), point) else {}
            fixed = {**at, **{k: float(x) for k, x in exactly.items()}}
            if not float(point["ell"](*({**fixed, scale: STEPS[-1]}[k] for k in p.parameters))) > top:
                continue
            heights = [float(point["ell"](*({**fixed, scale: s}[k] for k in p.parameters))) for s in STEPS]
            if not all(b > a for a, b in pairwise(heights[1:])):
                continue
            path = {k: V if k == scale else rational(exactly.get(k, Fraction(v))) for k, v in fixed.items()}
            if towards(path, point, p) is Towards.INFINITY:
                return _shown(scale, place, fixed, heights, p)
    return ()


def _shrinks(name: str, problem: Problem) -> bool:
    d = problem.parameters[name]
    return d.low_open and d.bounds({})[0] == 0 and not d.discrete


def _shown(
    scale: str, place: tuple[str, Fraction] | None, fixed: Mapping[str, float], heights: list[float], problem: Problem
) -> tuple[Block, ...]:
    others = [k for k in fixed if k != scale and (place is None or k != place[0])]
    words: Words = say("The likelihood is unbounded. ")
    words += say("Put {}, one of the observations, ", equation(Sym(place[0]), digits(float(place[1]), 8))) if place is not None else say("")
    for j, k in enumerate(others):
        words += say(", " if j else "keep " if place is not None else "Keep ") + say("{}", equation(Sym(k), digits(fixed[k], 6)))
    words += say(" and let {} go to {}:" if place is not None or others else "Let {} go to {}:", Sym(scale), num(0))
    table = Table(
        (say("{}", Sym(scale)), say("{}", Apply("ell", problem.letters))),
        tuple((say("{}", digits(s, 2)), say("{}", digits(h, 7))) for s, h in zip(STEPS, heights, strict=True)),
    )
    last = say(
        "By its expansion at {} the log-likelihood grows there without bound: there is no maximum. "
        "A root of the score is at best a local maximum.",
        equation(Sym(scale), num(0)),
    )
    return (words, table, last)
