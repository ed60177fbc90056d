"""What was given in place of a density: a distribution function, a survival function, a log-density, a kernel."""

from __future__ import annotations

from dataclasses import dataclass

from ..formula.tree import Formula

DISTRIBUTION, SURVIVAL, LOG, KERNEL = "distribution function", "survival function", "log-density", "kernel"


@dataclass(frozen=True)
class Origin:
    """kind: one of the four above.  given: what was given, as a formula of one observation.  strict: P(X < x) was meant.

    constant: the letter of the normalising constant of a kernel, "" where it was written with a sign of proportion.
    """

    kind: str
    given: Formula
    constant: str = ""
    strict: bool = False


__all__ = ["DISTRIBUTION", "KERNEL", "LOG", "SURVIVAL", "Origin"]
