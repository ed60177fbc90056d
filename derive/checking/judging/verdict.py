"""What became of a statement."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from .trial_points import TrialPoint


@dataclass(frozen=True)
class Verdict:
    """value: True, False, or None where nothing is known.  how: in what sense it holds, or why nothing is known.
    at: where it is false, with both sides there.  doubt: of what is not known, whether its likeliest reading is false."""

    value: bool | None
    how: str = ""
    at: tuple[TrialPoint, arb, arb] | None = None
    doubt: bool = False

    @property
    def holds(self) -> bool:
        return self.value is True

    @property
    def fails(self) -> bool:
        return self.value is False


def unknown(why: str) -> Verdict:
    """Nothing is known, and why."""
    return Verdict(None, why)


def doubtful(why: str, v: Verdict) -> Verdict:
    """A verdict that does not count, since the reading that it rests on is not certain."""
    return Verdict(None, why, v.at, True)
