"""What a check of a hand-worked solution found: values, that know nothing of how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict


class LineValues(TypedDict):
    """One relation with its verdict, as plain values."""

    source_line: int
    text: str
    verdict: str
    message: str | None
    expected: str | None
    slip: str | None
    remark: str | None
    doubt: str | None


class Values(TypedDict):
    """What a check found, as plain values; `derive/schemas/report.schema.json` describes them."""

    schema_version: int
    text: str
    correct: bool
    complete: bool
    final_answer: str
    first_error: LineValues | None
    lines: list[LineValues]
    remarks: list[str]
    specialised: dict[str, Any]


SCHEMA_VERSION = 1
SHOWN = 60  # characters of a relation in a line about it


@dataclass(frozen=True, slots=True)
class Line:
    """One relation of the solution with its verdict.

    source_line: 1-based line of the file where its row begins.  text: as written.  verdict: "valid", "invalid",
    "follows" (correct work on a wrong line) or "unread".  message: words for the writer, or None.  expected: what it
    should have been, in LaTeX, or None.  slip: the named mistake that reproduces it, or None.  remark: what is worth
    knowing about a valid line, or None.  doubt: of an unread line, what would be wrong under its likeliest reading, or None; never
    counted against the writer.
    """

    source_line: int
    text: str
    verdict: str
    message: str | None = None
    expected: str | None = None
    slip: str | None = None
    remark: str | None = None
    doubt: str | None = None

    def __repr__(self) -> str:
        text = " ".join(self.text.split())
        return f"<Line {self.source_line} {self.verdict}: {text if len(text) <= SHOWN else text[: SHOWN - 3] + '...'}>"

    def to_dict(self) -> LineValues:
        """The line as plain values."""
        return {
            "source_line": self.source_line, "text": self.text, "verdict": self.verdict, "message": self.message,
            "expected": self.expected, "slip": self.slip, "remark": self.remark, "doubt": self.doubt,
        }  # fmt: skip


@dataclass(frozen=True, repr=False)
class Findings:
    """What a check found.

    lines: one entry per relation, in order.  final_answer: "right", "wrong" or "missing".  remarks: about the whole
    (steps that were skipped, a budget that was reached).  text: the solution.  specialised: what the solution fixed of what the
    question leaves open: {"n": 7}.
    """

    lines: tuple[Line, ...]
    final_answer: str
    remarks: tuple[str, ...] = ()
    text: str = ""
    specialised: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def first_error(self) -> Line | None:
        """The first line that is invalid, or None."""
        return next((line for line in self.lines if line.verdict == "invalid"), None)

    @property
    def correct(self) -> bool:
        """Whether no line is invalid and the final answer is right."""
        return self.first_error is None and self.final_answer == "right"

    @property
    def complete(self) -> bool:
        """Whether nothing was left unread."""
        return all(line.verdict != "unread" for line in self.lines)

    def to_dict(self) -> Values:
        """The report as plain values, ready for JSON."""
        first = self.first_error
        return {
            "schema_version": SCHEMA_VERSION, "text": str(self.text),
            "correct": self.correct, "complete": self.complete, "final_answer": self.final_answer,
            "first_error": None if first is None else first.to_dict(), "lines": [line.to_dict() for line in self.lines],
            "remarks": list(self.remarks), "specialised": dict(self.specialised),
        }  # fmt: skip
