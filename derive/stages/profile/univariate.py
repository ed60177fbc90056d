"""One unknown at the data: the log-likelihood and its derivatives as functions of a float, and what solving it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property

from ...formula.evaluate import Env, compiled
from ...formula.removable import bridged, singular
from ...formula.tree import AtData, Call, Formula, Indicator, Neg, Peak, add, kinds, names, rational, transform, value, walk
from ...numerics.newton import Landscape, landscape, where_defined
from ...oracle.exact import NO_DATA
from ...problem.problem import Problem
from ...proofs.zeros import By, Domain, Enclosed, Rows, Verdict, closed_forms, stationary_points, values_of
from ...sets.domain import INFINITY
from ...trace import Block, Condition, How, Outcome
from ..boundary.admissible_region import with_order_statistics
from ..setting import MaximumArgument


@dataclass(frozen=True)
class Shown:
    """What the numerical solution adds: blocks, outcome, the whole set where not unique, the argument, conditions on the
    data; other answers than the roots, and how they were found; what goes with each member of a set, in terms of it."""

    blocks: tuple[Block, ...] = ()
    outcome: Outcome = Outcome.UNIQUE
    answers: Mapping[str, Formula] | None = None
    how: How = How.NUMERIC
    sets: Mapping[str, Formula] = field(default_factory=dict)
    argument: MaximumArgument | None = None
    conditions: tuple[Condition, ...] = ()
    tied: Mapping[str, Formula] = field(default_factory=dict)


@dataclass(frozen=True)
class OneUnknown:
    """The log-likelihood of one unknown at the data, with its first and second derivative, as functions of a float."""

    name: str
    height: Callable[[float], float]
    slope: Callable[[float], float]
    bend: Callable[[float], float]
    low: float
    high: float
    marks: Sequence[float]
    enclosed: Enclosed | None = None
    attained: tuple[bool, bool] = (False, False)  # for each end whether it belongs to the domain
    within_reach: Callable[[float], bool] = field(default=lambda _: True)  # whether floats give the first derivative there

    @property
    def ends(self) -> list[float]:
        """The ends that belong to the domain, where the likelihood is not 0."""
        return [x for x, here in zip((self.low, self.high), self.attained, strict=True) if here and math.isfinite(self.height(x))]

    @cached_property
    def landscape(self) -> Landscape:
        """The stationary points: enclosed, else looked for on a grid."""
        found = self.enclosed
        if found is None:
            return landscape(self.height, self.slope, self.low, self.high, self.marks)
        maxima, minima = ([float(p.middle) for p in found.points if p.maximum is kind] for kind in (True, False))
        places = tuple(float(p.middle) for p in found.best)
        return Landscape(
            tuple(maxima), tuple(map(self.height, maxima)), tuple(minima), *found.signs, math.nan, math.nan, (places, found.end)
        )  # fmt: skip


def enclosure(peak: Peak, problem: Problem) -> Enclosed | None:
    """The stationary points of a peak in one unknown at the data, where they are enclosed."""
    data, domain = data_of(peak, problem), domains_of(peak, problem)
    if data is None or domain is None or problem.known or Indicator in kinds(peak.body):
        return None
    score, height = problem.spelled(peak.slopes[0]), problem.spelled(peak.body)
    found = stationary_points(score, height, peak.unknowns[0], domain[0], *data)
    return found if found.verdict is not Verdict.UNDECIDED and found.by is not By.FLAT else None


def data_of(peak: Peak, problem: Problem) -> tuple[tuple[str, ...], Rows] | None:
    """The observed letters and the rows; none are needed where the numbers of the data stand in the formulas.  None where they are not
    known one by one."""
    seen = problem.observations
    if seen is not None:
        return seen.names, seen.rows
    return ((), NO_DATA) if names(problem.spelled(add(peak.slopes[0], peak.body))) <= set(peak.unknowns) else None


def _number(f: Formula) -> Formula | None:
    """The greatest or the least of some numbers."""
    values = [value(g) for g in f.args] if isinstance(f, Call) and f.name in ("max", "min") else []
    found = [v for v in values if v is not None]
    if not found or len(found) < len(values) or not isinstance(f, Call):
        return None
    return rational(max(found) if f.name == "max" else min(found))


def domains_of(peak: Peak, problem: Problem | None = None) -> list[Domain] | None:
    """The domains of a peak's unknowns, where their ends are numbers, for given data perhaps in extreme observations, or infinite."""
    ends: list[Fraction | None] = []
    for f in peak.ends if problem is None else (transform(with_order_statistics(f, problem), _number) for f in peak.ends):
        if f in (INFINITY, Neg(INFINITY)):
            ends.append(None)
        elif (v := value(f)) is not None:
            ends.append(v)
        else:
            return None
    return [
        Domain(*pair, closed)
        for pair, closed in zip(zip(ends[::2], ends[1::2], strict=True), zip(peak.closed[::2], peak.closed[1::2], strict=True), strict=True)
    ]


def closed_places(peak: Peak, found: Enclosed | None, problem: Problem) -> tuple[Formula, ...] | None:
    """The enclosed places at which a peak is highest in closed form, where all of them have one."""
    data = data_of(peak, problem)
    return None if data is None or found is None else closed_forms(problem.spelled(peak.slopes[0]), peak.unknowns[0], *data, found.best)


def located(peak: Peak, found: Enclosed | None, problem: Problem) -> Peak:
    """The peak with its place at the data, where that is enclosed."""
    if found is None or not found.best:
        return peak
    seen = problem.observations
    columns = () if seen is None else seen.columns().items()
    best = found.best[0]
    return replace(peak, enclosed=AtData(tuple((k, tuple(xs)) for k, xs in columns), best.middle, best.low, best.high))


def one_unknown(name: str, peak: Peak, second: Formula, point: Env, problem: Problem, enclosed: Enclosed | None = None) -> OneUnknown:
    """The functions of one unknown at a test point with the data; where its roots are enclosed, also beyond the reach of floats."""
    inner = peak.unknowns[0]
    gaps = singular(peak.body, peak.unknowns, compiled)
    f, g = bridged(compiled(peak.body), gaps), bridged(compiled(peak.slopes[0]), gaps)
    h = bridged(compiled(second), [(name, r) for _, r in gaps])
    low, high = (compiled(e)(point) for e in peak.ends)
    marks = [x for v in point.values() if isinstance(v, list) for x in v if isinstance(x, float)]
    whole = not any(isinstance(k, Indicator) for k in walk(peak.body))
    if not whole:  # not every value of the domain is admissible
        low, high = where_defined(lambda x: f({**point, inner: x}), low, high, marks)

    def of(value: Callable[[Env], float], letter: str, formula: Formula) -> Callable[[float], float]:
        data = data_of(peak, problem)
        if enclosed is None or data is None:
            return cache(lambda x: value({**point, letter: x}))
        beyond = values_of(problem.spelled(formula), letter, *data)

        def careful(x: float) -> float:
            v = value({**point, letter: x})
            return v if math.isfinite(v) else beyond(x)

        return cache(careful)

    return OneUnknown(
        name,
        of(f, inner, peak.body),
        of(g, inner, peak.slopes[0]),
        of(h, name, second),
        low,
        high,
        marks,
        enclosed,
        (whole and peak.closed[0], whole and peak.closed[1]),
        lambda x: not math.isnan(g({**point, inner: x})),
    )
