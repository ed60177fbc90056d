"""A derivation with data -> what its picture shows."""

from __future__ import annotations

from ..derived import Derived
from ..errors import NotSupported, NotValid
from ..formula.names import reported
from ..trace import Outcome
from .data_panel import data_panel, seen_of
from .height import Height, height_of
from .no_maximum import without_maximum
from .one_unknown import one_unknown
from .scatter import scatter
from .several_unknowns import several_unknowns
from .two_unknowns import two_unknowns
from .what import Panel, Picture
from .wording import checked, cut_of


def picture_of(d: Derived, level: float | None = None) -> Picture:
    """The log-likelihood with the estimate, and the data with the fitted density.

    level: of an interval or region that is marked: the approximate one by the likelihood ratio, where its conditions hold.  Raises NotValid where there is nothing to draw, NotSupported for
    what has no picture yet.
    """
    level = checked(level)
    p = d.problem
    if d.outcome is Outcome.LOSS:
        raise NotValid(
            "a loss has no data, and so no picture", hint="a picture shows the likelihood of a sample: derive.mle(..., data=...)"
        )
    if p.sample is None and not p.whole:
        raise NotValid("a picture needs data: this derivation is about a symbolic sample", hint="give the observations: data=[...]")
    if p.known:
        names = ", ".join(map(reported, p.known))
        raise NotValid(f"a picture needs numbers: {names} has no value", hint=f"give it: known={{{reported(next(iter(p.known)))!r}: ...}}")
    estimates = None if d.numeric is None else {k: d.numeric[reported(k)] for k in p.parameters}
    panels, refusal = _likelihood(d, height_of(p, estimates), level)
    seen = seen_of(p)
    data = data_panel(d, seen) if seen is not None and not p.whole else scatter(d)
    if data is not None:
        panels.append(data)
    if not panels:
        raise refusal or NotSupported("this derivation has no picture yet")
    return Picture(str(d.title), tuple(panels))


def _likelihood(d: Derived, height: Height, level: float | None) -> tuple[list[Panel], NotSupported | None]:
    """The panels for the log-likelihood; none, with the reason, where there is no picture of it yet."""
    count = len(height.letters)
    separate = any(d.problem.parameters[k].discrete for k in height.letters)
    together = count == 2 and not separate
    cut = None if level is None else cut_of(level, 2 if together else 1, height.regular and d.outcome is Outcome.UNIQUE)
    try:
        if count == 1:
            return [one_unknown(d, height, cut)], None
        if d.numeric is None and together:
            return [without_maximum(d, height)], None
        if d.numeric is None:
            raise NotSupported("a likelihood of more than two parameters without a maximum has no picture yet")
        return [two_unknowns(d, height, cut)] if together else several_unknowns(d, height, cut), None
    except NotSupported as refusal:
        return [], refusal


__all__ = ["picture_of"]
