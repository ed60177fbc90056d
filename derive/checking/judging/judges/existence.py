"""Claims that there is no maximum."""

from __future__ import annotations

from ...claims import MAXIMA
from ..verdict import Verdict, unknown
from .case import Case


def existence(c: Case) -> Verdict | None:
    """ "The likelihood has no maximum": false where it has one for every sample that is tried, which is found for certain."""
    if c.left != MAXIMA:
        return None
    samples = c.under.trials.points.samples
    if c.statement.scope or c.statement.supposes or not all(s.reliable for s in samples):
        return unknown("whether the likelihood has a maximum was not settled")
    return Verdict(False, "exists")
