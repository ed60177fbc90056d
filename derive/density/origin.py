"""What was given in place of a density: a distribution function, a survival function, a hazard rate, a log-density, a kernel."""

from __future__ import annotations

from dataclasses import dataclass

from ..formula.tree import Formula

DISTRIBUTION, SURVIVAL, LOG, KERNEL = "distribution function", "survival function", "log-density", "kernel"
HAZARD, CUMULATIVE = "hazard rate", "cumulative hazard"


@dataclass(frozen=True)
class Origin:
    """kind: one of those above.  given: what was given, as a formula of one observation.  strict: P(X < x) was meant.

    constant: the letter of the normalising constant of a kernel, "" where it was written with a sign of proportion.
    first: the hazard, rate or cumulative, from which a survival function that is `given` was made.
    """

    kind: str
    given: Formula
    constant: str = ""
    strict: bool = False
    first: Origin | None = None


__all__ = ["CUMULATIVE", "DISTRIBUTION", "HAZARD", "KERNEL", "LOG", "SURVIVAL", "Origin"]
