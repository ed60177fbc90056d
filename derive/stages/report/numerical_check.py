"""An independent look at the estimates: no search may find a higher likelihood than theirs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product

from ...errors import NotSupported
from ...formula.evaluate import Env, compiled, holds
from ...formula.names import reported
from ...formula.tree import Apply, Formula, Peak, Relation, Sym
from ...numerics.search import from_line, maximise, to_line
from ...oracle.exact import with_sources
from ...oracle.oracle import Oracle, Refuted, ordered
from ...problem.problem import Problem
from ...problem.test_points import random_points
from ...sets.domain import Domain
from ...sets.ranges import interior
from ...trace import Strength
from ..boundary.admissible_region import conditions_of
from ..constrained.constrained_search import search
from ..setting import Setting, State
from .evaluation import evaluated

LARGER = 20  # observations of samples that are tried where small ones have no maximum
NEAR = 3  # the same where several parameters are tried together
STEPS = (-0.5, -0.01, -0.0005, 0.0005, 0.01, 0.5)  # towards places at which the likelihood is compared with the proved maximum
ROUNDING = 1e-14  # relative: how far from an estimate a border that it lies on may be
TRIED = 200  # neighbouring whole numbers at which the likelihood is computed for comparison


def _height(w: Env, p: Problem) -> Callable[[Sequence[float]], float]:
    """The log-likelihood of a test point; minus infinity where the data lie outside the support."""
    if not p.moving:
        return lambda t: float(w["ell"](*t))
    return lambda t: float(w["ell"](*t)) if p.possible({**w, **dict(zip(p.parameters, t, strict=True))}) else -math.inf


def tried(height: Callable[[Sequence[float]], float], p: Problem, w: Env, found: Sequence[float]) -> tuple[list[float], float]:
    """The best of many values of the parameters that take separate values only, the others searched for."""
    domains = list(p.parameters.values())
    few = len(domains) > 1
    options = [_values(d, w, v, NEAR if few else TRIED) if d.discrete else [v] for d, v in zip(domains, found, strict=True)]
    free = [j for j, d in enumerate(domains) if not d.discrete]
    bounds = [(r.low, r.high) for r in (interior(domains[j]) for j in free)]
    start = [_inside_of(found[j], lo, hi) for j, (lo, hi) in zip(free, bounds, strict=True)]
    best, top = list(found), -math.inf
    for point in product(*options):

        def along(t: Sequence[float], point: tuple[float, ...] = point) -> float:
            full = list(point)
            for j, v in zip(free, t, strict=True):
                full[j] = v
            return height(full)

        at, h = maximise(along, bounds, start, 1e-9, 400) if free else ([], height(point))
        if h > top:
            best, top = list(point), h
            for j, v in zip(free, at, strict=True):
                best[j] = v
    return best, top


def looked_around(
    height: Callable[[Sequence[float]], float], bounds: Sequence[tuple[float, float]], found: Sequence[float], spread: float
) -> tuple[list[float], float]:
    """The highest of the places that lie a little or far from the one that was found, in each unknown."""
    best, top = list(found), -math.inf
    for j, ((low, high), x) in enumerate(zip(bounds, found, strict=True)):
        free = low == -math.inf and high == math.inf
        if not low < x < high:
            continue
        for step in STEPS:
            place = list(found)
            place[j] = x + step * (spread + abs(x)) if free else from_line(to_line(x, low, high) + step, low, high)
            h = height(place)
            if h > top:
                best, top = place, h
    return best, top


def _spread(p: Problem, w: Env) -> float:
    """The size of the differences between observations."""
    return max((max(w[v]) - min(w[v]) for v in p.observed if w[v]), default=1.0)


def _inside_of(x: float, low: float, high: float) -> float:
    """x, or a place just inside where it lies at an end."""
    step = 1e-6 * (min(high - low, 1 + abs(x)))
    return min(max(x, low + step), high - step)


def _values(d: Domain, w: Env, found: float, most: int) -> list[float]:
    """Values of a discrete domain: all of a finite set, whole numbers from the first on, about what was found, and far away."""
    if d.values is not None:
        return [compiled(f)(w) for f in d.values]
    low, high = d.whole(w)
    start = low if math.isfinite(low) else found - most
    candidates = {start + j for j in range(most)} | {found + j for j in range(-most, most)} | {start + 2.0**j for j in range(9, 30)}
    return sorted(k for k in candidates if low <= k <= high)


def joint(answers: Mapping[str, Formula]) -> bool:
    """Whether several estimates are found together numerically, which takes its time."""
    return any(isinstance(f, Peak) and len(f.unknowns) > 1 for f in answers.values())


def witness(state: State, samples: int = 3) -> None:
    """The estimates against an independent numerical maximisation of the log-density on random samples.

    At data for which the maximum was proved or enclosed the log-density is compared at places around it only.  Raises `Refuted` where a search finds a higher likelihood, or another place for the maximum; NotSupported where an
    estimate lies outside its domain, so that the maximum is another.
    """
    p = state.problem
    letters = list(p.parameters)
    bounds = [(r.low, r.high) for r in (interior(p.parameters[k]) for k in letters)]
    carried = Strength.SEARCHED not in state.certainty.values() and not state.sets
    located = carried and any(isinstance(f, Peak) and f.enclosed is not None for f in state.answers.values())
    points = list(state.judge.points[:1]) if state.numbers else []
    if not state.numbers and not located:
        points += random_points(p, 1 if joint(state.answers) or p.sample is not None else samples, seed=7)
    if not state.numbers and p.observations is not None:
        points.append(state.judge.points[0])
    judged = 0
    for w in points:
        at = evaluated(state.answers, w)
        start = [w[k] for k in letters]
        found = [at[k] for k in letters]
        if any(math.isnan(v) for v in found) or not _conditions_hold(state, {**w, **at}):
            continue
        judged += 1
        if p.observations is not None and w is not points[-1] and (state.sets or not _in_domains(p, at, w)):
            continue  # of other samples than the given one the estimate may lie elsewhere, or be the only one
        _inside(p, at, w)
        _possible(p, state.settled(Oracle((w,))))
        if p.implied:
            search(p, w, at)
            continue
        height = w["ell"](*found)
        if not math.isfinite(height) and any(isinstance(f, Peak) and f.enclosed is not None for f in state.answers.values()):
            continue  # proved where floating point does not reach
        if height == -math.inf and (p.moving or p.restrictions):
            height = _beside(w["ell"], found)
        if any(d.discrete for d in p.parameters.values()):
            place, top = tried(_height(w, p), p, w, found)
        elif carried and p.observations is not None and w is points[-1]:
            place, top = looked_around(_height(w, p), bounds, found, _spread(p, w))
        else:
            place, top = maximise(_height(w, p), bounds, start)
        slack = 1e-8 * (1 + abs(top))
        if Strength.SEARCHED in state.certainty.values() and not state.sets and (rival := _rival(w, found, place, bounds, height)):
            shown = ", ".join(f"{reported(k)} = {x:.6g}" for k, x in zip(letters, rival, strict=True))
            raise NotSupported(
                f"the likelihood is as high at {shown} as at the maximum that was found; that there is only one was not settled"
            )
        inside = all(lo < v < hi for v, (lo, hi) in zip(found, bounds, strict=True))
        if inside and (math.isnan(height) or top > height + slack) and not _exactly_lower(state, w, place):
            if Strength.SEARCHED in state.certainty.values():
                raise NotSupported("searches disagree about the place of the highest likelihood; where it is was not settled")
            raise Refuted(f"the likelihood is larger at {place} ({top}) than at the estimate {found} ({height})")

    if not judged and state.restricted and p.observations is None and not _judged_larger(state):
        raise NotSupported("for none of the samples that were tried has the likelihood a maximum", hint="give the data")


def _rival(
    w: Env, found: Sequence[float], place: Sequence[float], bounds: Sequence[tuple[float, float]], height: float
) -> Sequence[float] | None:
    """Another place at which the likelihood is as high as at the estimates, as far as floats tell: where a search ended, or with other signs."""
    if not math.isfinite(height):
        return None
    turned = [
        [x if keep else -x for x, keep in zip(found, signs, strict=True)] for signs in product((True, False), repeat=min(len(found), 4))
    ]
    for other in [place, *(t for t in turned if len(t) == len(found))]:
        if all(low < x < high for x, (low, high) in zip(other, bounds, strict=True)):
            there, between = w["ell"](*other), w["ell"](*((a + b) / 2 for a, b in zip(found, other, strict=True)))
            as_high = math.isfinite(there) and abs(there - height) <= 1e-10 * (1 + abs(height))
            if as_high and not between >= height - 1e-7 * (1 + abs(height)):  # two peaks, and not one that is flat
                return other
    return None


def _beside(ell: Callable[..., float], found: Sequence[float]) -> float:
    """The log-likelihood at estimates on the border of what the data allow, within the rounding of one of them."""
    places = [[*found[:j], x * (1 + step), *found[j + 1 :]] for j, x in enumerate(found) for step in (-ROUNDING, ROUNDING)]
    return max(ell(*place) for place in places)


def _exactly_lower(state: State, w: Env, place: Sequence[float]) -> bool:
    """Whether the likelihood at a place is not larger than at the estimates, worked out exactly: of large numbers floats lose the difference."""
    here = state.settled(Oracle((w,))).points[0]
    letters = {"#" + k: x for k, x in zip(state.parameters, place, strict=True)}
    both = with_sources({**here, **letters}, {k: Fraction(x) for k, x in letters.items()})
    sign = ordered(Apply("ell", tuple(map(Sym, letters))), Apply("ell", tuple(map(Sym, state.parameters))), both)
    return sign is not None and sign <= 0


def _conditions_hold(state: State, e: Env) -> bool:
    """Whether a sample satisfies what the result requires; for the given data that is judged elsewhere."""
    if state.problem.observations is not None:
        return True
    try:
        return all(holds(r)(e) for c in state.conditions for r in c.relations)
    except KeyError:
        return True


def _judged_larger(setting: Setting) -> bool:
    """Whether on some larger sample the estimates exist, and no search finds a higher likelihood."""
    p = setting.problem
    for w in random_points(p.without_data(LARGER), 2, seed=7):
        at = evaluated(setting.answers, w)
        found = [at[k] for k in p.parameters]
        if any(map(math.isnan, found)):
            continue
        bounds = [(r.low, r.high) for r in (interior(d) for d in p.parameters.values())]
        place, top = maximise(_height(w, p), bounds, found)
        height = w["ell"](*found)
        if math.isnan(height) or top > height + 1e-8 * (1 + abs(top)):
            raise Refuted(f"the likelihood is larger at {place} ({top}) than at the estimate {found} ({height})")
        return True
    return False


def _possible(p: Problem, there: Oracle) -> None:
    """The data are possible at the estimates, ends of the support included; or `Refuted`."""
    if p.moving:
        for c in conditions_of(p):
            there.holds(Relation(c.sides, (c.signs[0].rstrip("=") + "=",)))


def _in_domains(p: Problem, at: Mapping[str, float], w: Env) -> bool:
    return all(d.closed.contains(at[k], {**w, **at}) for k, d in p.parameters.items())


def _inside(p: Problem, at: Mapping[str, float], w: Env) -> None:
    """Raises NotSupported where an estimate lies outside its domain, by more than rounding."""
    env = {**w, **at}
    for k, d in p.parameters.items():
        v = at[k]
        low, high = d.bounds(env)
        slack = 1e-7 * (1 + abs(v))
        if v < low - slack or v > high + slack:
            raise NotSupported(
                f"the score equations are solved by {reported(k)} = {v:.6g}, outside its domain ({d.words()}): the maximum lies at "
                "an end of the domain, and is not found yet"
            )
