"""What is said of a line that does not hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """slip: its name, or None.  expected: what the line should have been, in LaTeX, or None.  what: the mistake in words."""

    slip: str | None
    expected: str | None
    what: str
