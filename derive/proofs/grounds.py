"""The grounds on which a stage calls a line proved: one literal table of them.

A stage that calls `proved` answers for the proof: that the sign follows from the domains, say.  The test of the architecture lists
the modules that may.
"""

from __future__ import annotations

from enum import StrEnum

from ..trace import _SEAL, Evidence, EvidenceKind


class Ground(StrEnum):
    """What a proof rests on, in plain words."""

    SIGN = "sign from the domains"
    SIGN_AND_SUPPORT = "sign from the domains and the support"
    TOTAL = "the density integrates to 1 over its support"
    CONSTANT = "the log-likelihood does not depend on it"
    COUNTED = "signs counted"
    RATIO_ONE = "the ratio is 1"
    BEFORE = "as above"
    MULTIPLIED_OUT = "multiplied out, it is 0"
    PERIOD = "sine and cosine repeat after a whole turn"
    SOLUTIONS = "all solutions enclosed in exact bounds"
    ENCLOSED = "all roots of the score enclosed in exact bounds"


def proved(ground: Ground, points: int = 0) -> Evidence:
    """The evidence of a proof; points: at how many points the oracle confirmed it as well."""
    return Evidence(EvidenceKind.PROVED, ground.value, points, seal=_SEAL)
