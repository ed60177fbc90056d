"""What is forgiven an equality that does not hold, and what it must do for it: other maxima, numbers without data, one root."""

from __future__ import annotations

from ....formula.evaluate import Env, compiled
from ....formula.tree import Formula, Num, Sym, add, names, neg, walk
from ...slope import slope
from ..sides import FAILURES, Sides
from ..trial_points import TrialPoint
from ..undeclared_letters import number_of
from ..verdict import Verdict, doubtful

STEP = 1e-4
BESIDE = 1e-9


def also_highest(j: Sides, a: Formula, b: Formula) -> bool:
    """Where the maximum is not unique: whether the value given to a parameter reaches it too."""
    for head, f in ((a, b), (b, a)):
        k = j.heads.get(head)
        if k is None or k not in j.model.free or names(f) & j.meaning.parameters:
            continue
        for p in j.trials.top:
            x, high = float(j.value(f, p).mid()), p.sample.peak.height
            beside = [x, x + BESIDE * (1 + abs(x)), x - BESIDE * (1 + abs(x))] if j.model.moving else [x]  # an end of an open support
            at = [_turned(j, k, j.model.tie({**p.floats, k: y})) for y in beside]
            at += [e for e in (_ridge(j, k, x, p),) if e is not None]
            if not any(j.model.possible(e) and j.model.value(e) >= high - 1e-7 * (1 + abs(high)) for e in at):
                return False
        return bool(j.trials.top)
    return False


def _ridge(j: Sides, k: str, x: float, p: TrialPoint) -> Env | None:
    """A point with a value of one parameter, and the others where the likelihood is largest with it; None where that is not found."""
    others, e = frozenset(j.model.free) - {k}, j.model.tie({**p.floats, k: x})
    found = j.trials.points.climber.given_others(e, others, p.sample.peak.values) if others else None
    return None if found is None else j.model.tie({**e, **found})


def _turned(j: Sides, k: str, e: Env) -> Env:
    """A point with a parameter brought into its domain, where the likelihood has the length of that for a period: an angle."""
    low, high = j.model.domain(k).bounds(e)
    if low <= e[k] <= high or not (abs(low) < float("inf") and abs(high) < float("inf")):
        return e
    turned = j.model.tie({**e, k: low + (e[k] - low) % (high - low)})
    f = compiled(j.model.ell)
    return turned if abs(f(e) - f(turned)) <= 1e-9 * (1 + abs(f(e))) else e


def without_data(j: Sides, a: Formula, b: Formula, v: Verdict) -> Verdict:
    """A number against what depends on data that are not given: nothing can be said."""
    if not v.fails or not j.model.open or j.binding.data is not None:
        return v
    numbers = [number_of(f) is not None for f in (a, b)]
    spoken_of = (names(a) | names(b)) & (j.hats | j.meaning.parameters)
    plain = [x and (j.binding.specialises or _told_numbers(j, f)) for x, f in zip(numbers, (a, b), strict=True)]
    if any(plain if spoken_of else numbers) and not all(numbers) and (spoken_of or any(map(j.of_data, (a, b)))):
        return doubtful("no data were given to judge this number", v)
    told = [f for f in (a, b) if not j.of_data(f) and _told_numbers(j, f)]
    spoken = any(names(f) & j.meaning.parameters for f in told)
    if spoken and (len(told) == 2 or (told and any(map(j.of_data, (a, b))))):
        return doubtful("no data were given to judge these numbers", v)
    return v


def _told_numbers(j: Sides, f: Formula) -> bool:
    """Whether there are numbers that are not of the question."""
    return any(isinstance(g, Num) and g.value not in j.structural for g in walk(f))


def cuts_out(j: Sides, a: Formula, b: Formula) -> bool:
    """Whether an equation determines the maximum: its difference changes sign there in some direction, and nowhere else that is seen."""
    d = add(a, neg(b))
    return not j.trials.top or any(_changes(j, d, p, k) for p in j.trials.top for k in j.model.free if j.model.tied or k in names(d))


def _changes(j: Sides, d: Formula, p: TrialPoint, k: str) -> bool:
    x = p.floats[k]
    around = [_signs(j, d, p, k, [x + side * STEP * (abs(x) + STEP)])[0] for side in (-1, 1)]
    if None in around:
        return True
    if around[0] is around[1]:
        return False
    if j.model.free == (k,) and _turns(j, p, k):
        return True  # there are other stationary points
    far = [q.floats[k] for q in j.trials.wide if q.sample is p.sample and q.floats[k] != p.sample.points[0][k] and q.possible]
    below, above = (_signs(j, d, p, k, [y for y in far if (y > x) is up and y != x]) for up in (False, True))
    return set(below) <= {around[0], None} and set(above) <= {around[1], None}


def _turns(j: Sides, p: TrialPoint, k: str) -> bool:
    """Whether the score of the only parameter has both signs on one side of the maximum."""
    score, x = slope(j.model.ell, Sym(k)), p.floats[k]
    far = [q.floats[k] for q in j.trials.wide if q.sample is p.sample and q.possible]
    sides = [{*_signs(j, score, p, k, [y for y in far if (y > x) is up and y != x])} - {None} for up in (False, True)]
    return any(len(signs) > 1 for signs in sides)


def _signs(j: Sides, d: Formula, p: TrialPoint, k: str, at: list[float]) -> list[bool | None]:
    """Whether a difference is positive at values of a parameter; None where that is not decided."""
    out: list[bool | None] = []
    for x in at:
        try:
            v = j.value(d, j.trials.moved(p, k, x))
            out.append(True if v > 0 else False if v < 0 else None)
        except FAILURES:
            out.append(None)
    return out
