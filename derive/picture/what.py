"""What a picture shows, as values: marks with their places in the units of the axes, and words.  How they are drawn is not known here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Numbers: TypeAlias = tuple[float, ...]


class Role(StrEnum):
    """What a mark stands for."""

    LIKELIHOOD = "the log-likelihood"
    FITTED = "the fitted density, probabilities or curve"
    RIDGE = "the profile: the best value of one parameter for each of the other"
    ESTIMATE = "the estimate"
    STATIONARY = "another stationary point"
    TIES = "estimates that are equally good"
    INTERVAL = "a confidence interval or region"
    CUT = "the height at which an interval is cut off"
    GUIDE = "a line that leads the eye"
    OBSERVED = "what was observed"
    OUTSIDE = "where the likelihood is 0"


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points."""

    xs: Numbers
    ys: Numbers
    role: Role


@dataclass(frozen=True, slots=True)
class Dots:
    """Single points."""

    xs: Numbers
    ys: Numbers
    role: Role


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars over intervals, from 0."""

    ends: tuple[tuple[float, float], ...]
    heights: Numbers


@dataclass(frozen=True, slots=True)
class Ticks:
    """A rug: a stroke for each place, from one height to another."""

    xs: Numbers
    low: float
    highs: Numbers


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one place to another; what is only known to lie there."""

    x: float
    to_x: float
    y: float
    to_y: float


@dataclass(frozen=True, slots=True)
class Span:
    """A segment from x to to_x at a height, with ends marked."""

    x: float
    to_x: float
    y: float


@dataclass(frozen=True, slots=True)
class Band:
    """All places between two values on the axis."""

    low: float
    high: float
    role: Role


@dataclass(frozen=True, slots=True)
class Contours:
    """Lines of equal height.  heights: by y, then by x; None where there is none.  levels: from low to high; labels: of each, where
    they have any.  filled: whether what lies higher is shaded."""

    xs: Numbers
    ys: Numbers
    heights: tuple[tuple[float | None, ...], ...]
    levels: Numbers
    role: Role
    labels: tuple[str, ...] = ()
    filled: bool = False


Mark: TypeAlias = Curve | Dots | Bars | Ticks | Arrow | Span | Band | Contours


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes.

    title: the heading.  notes: lines below it.  x_label, y_label: of the axes.  Text between dollar signs is mathematics, as matplotlib
    sets it.  x_range, y_range: what is shown.  marks: from back to front.  words: the whole for who does not see it.  whole: whether
    only whole numbers are marked on the axis of x.  floor: below it the axis of y has no marks.
    """

    title: str
    x_label: str
    y_label: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    marks: tuple[Mark, ...]
    words: str
    notes: tuple[str, ...] = ()
    whole: bool = False
    floor: float | None = None

    def of(self, kind: type[Mark], role: Role | None = None) -> list[Mark]:
        """The marks of a kind, and of a role."""
        return [m for m in self.marks if isinstance(m, kind) and (role is None or getattr(m, "role", None) == role)]


@dataclass(frozen=True, slots=True)
class Picture:
    """Panels in order."""

    title: str
    panels: tuple[Panel, ...]

    @property
    def words(self) -> str:
        """The whole for who does not see it."""
        return " ".join(p.words for p in self.panels)


__all__ = ["Arrow", "Band", "Bars", "Contours", "Curve", "Dots", "Mark", "Numbers", "Panel", "Picture", "Role", "Span", "Ticks"]
