"""One unknown at the data: the log-likelihood and its derivatives as functions of a float, and what solving it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...formula.evaluate import Env, compiled
from ...formula.removable import bridged, singular
from ...formula.tree import Formula, Indicator, Peak, walk
from ...numerics.newton import Landscape, landscape, where_defined
from ...trace import Block, Condition, How, Outcome
from ..setting import MaximumArgument


@dataclass(frozen=True)
class Shown:
    """What the numerical solution adds: blocks, outcome, the whole set where not unique, the argument, conditions on the
    data; other answers than the roots, and how they were found."""

    blocks: tuple[Block, ...] = ()
    outcome: Outcome = Outcome.UNIQUE
    answers: Mapping[str, Formula] | None = None
    how: How = How.NUMERIC
    sets: Mapping[str, Formula] = field(default_factory=dict)
    argument: MaximumArgument | None = None
    conditions: tuple[Condition, ...] = ()


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

    @cached_property
    def landscape(self) -> Landscape:
        return landscape(self.height, self.slope, self.low, self.high, self.marks)


def one_unknown(name: str, peak: Peak, second: Formula, point: Env) -> OneUnknown:
    """The functions of one unknown at a test point with the data."""
    inner = peak.unknowns[0]
    gaps = singular(peak.body, peak.unknowns, compiled)
    f, g = bridged(compiled(peak.body), gaps), bridged(compiled(peak.slopes[0]), gaps)
    h = bridged(compiled(second), [(name, r) for _, r in gaps])
    low, high = (compiled(e)(point) for e in peak.ends)
    marks = [x for v in point.values() if isinstance(v, list) for x in v if isinstance(x, float)]
    if any(isinstance(k, Indicator) for k in walk(peak.body)):  # not every value of the domain is admissible
        low, high = where_defined(lambda x: f({**point, inner: x}), low, high, marks)
    return OneUnknown(
        name, lambda x: f({**point, inner: x}), lambda x: g({**point, inner: x}), lambda x: h({**point, name: x}), low, high, marks,
    )  # fmt: skip
