"""A budget of processor time for one derivation: what goes on too long ends in an honest answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from .errors import NotSupported

SECONDS = 8.0
EVERY = 128  # ticks between two looks at the time


@dataclass
class Clock:
    """Counts small steps of work; raises NotSupported when the time is up, naming the stage."""

    seconds: float = SECONDS
    stage: str = "the algebra"
    start: float = field(default_factory=time.thread_time)
    ticks: int = 0

    def tick(self) -> None:
        """One small step of work."""
        self.ticks += 1
        if self.ticks % EVERY == 0 and time.thread_time() - self.start > self.seconds:
            raise self.stopped(f"after {self.seconds:.0f} seconds ")

    def stopped(self, when: str = "") -> NotSupported:
        """The refusal that names the stage in which the formulas grew too large; when: words about the time."""
        return NotSupported(
            f"the derivation was stopped {when}in {self.stage}: the formulas grow too large",
            hint="give values to some of the letters (known=...), or a simpler form of the density",
        )
