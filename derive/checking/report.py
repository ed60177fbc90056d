"""The report on a hand-worked solution: what was found, and how it is shown."""

from __future__ import annotations

from pathlib import Path

from . import findings, marks
from .findings import Findings


class Values(findings.Values):
    """A report as plain values.  summary: a sentence or two.  unit: what `source_line` counts, "line"s of `text` or "cell"s."""

    summary: str
    unit: str


class Report(Findings):
    """What a check found, with the marked solution in every format."""

    def to_markdown(self) -> str:
        """The solution with marks: a note below every paragraph that holds what is wrong or was not understood."""
        return marks.markdown(self)

    def to_text(self, colour: bool = False, name: str | None = None) -> str:
        """The report for a terminal."""
        return marks.terminal(self, colour, name)

    def to_dict(self) -> Values:
        """The report as plain values, ready for JSON; `derive.schema("report")` describes them."""
        return {**super().to_dict(), "summary": marks.summary(self), "unit": marks.unit(self)}

    def save(self, path: str | Path) -> None:
        """Write the report to a file; the format is that of its ending (.md, .json, .txt)."""
        marks.save(self, path)

    def __repr__(self) -> str:
        return f"<Report {marks.in_short(self)}>"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
