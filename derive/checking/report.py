"""The report on a hand-worked solution: what was found, and how it is shown."""

from __future__ import annotations

from pathlib import Path

from . import marks
from .findings import Findings


class Report(Findings):
    """What a check found, with the marked solution in every format."""

    def to_markdown(self) -> str:
        """The solution with marks: a note below every paragraph that holds what is wrong or was not understood."""
        return marks.markdown(self)

    def to_text(self, colour: bool = False, name: str | None = None) -> str:
        """The report for a terminal."""
        return marks.terminal(self, colour, name)

    def save(self, path: str | Path) -> None:
        """Write the report to a file; the format is that of its ending (.md, .json, .txt)."""
        marks.save(self, path)

    def __repr__(self) -> str:
        return f"<Report {marks.in_short(self)}>"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
