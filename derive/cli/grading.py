"""Many answers to one question: `derive check answers/*.md`, over the cores of the machine, in the order given."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import derive

from ..checking.reading.files import text_of_file
from ..errors import DeriveError, InternalError, NotValid
from ..files import kind_of_file
from ..rendering.template_rows import markdown_text
from .observed import read_input
from .words import in_colour, said

CORRECT, WRONG, UNUSABLE, UNDECIDED = 0, 1, 2, 3
NO_FILE = "answers are files; the density is given as --density '...'"
ELSEWHERE = {"observations": "it holds observations: --data {}", "problem": "it holds the question: --problem {}"}  # where files belong
FEW = 4  # answers that are checked in this process
WORST = (CORRECT, UNDECIDED, WRONG, UNUSABLE)  # exit codes, the one that wins last


@dataclass(frozen=True)
class Outcome:
    """The report on one answer, or why there is none."""

    name: str
    report: Any = None
    error: str | None = None

    @property
    def code(self) -> int:
        """The exit code that this answer asks for."""
        r = self.report
        if r is None:
            return UNUSABLE
        if r.first_error is not None or r.final_answer == "wrong":
            return WRONG
        return CORRECT if r.correct and r.complete else UNDECIDED

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"file": self.name, "error": self.error} if self.report is None else {"file": self.name, **self.report.to_dict()}


def outcomes(answers: Sequence[str], density: Any, kwargs: dict[str, Any]) -> Iterator[Outcome]:
    """One outcome for each answer, in order, as soon as it and those before it are there."""
    cores = min(_cores(), len(answers))
    if len(answers) < FEW or cores < 2:
        for name in answers:
            yield outcome(name, density, kwargs)
        return
    import multiprocessing

    with contextlib.suppress(DeriveError):  # where the question cannot be posed, every answer says why
        density, kwargs = derive.Problem(density, **kwargs), {}
    with multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn").Pool(cores) as pool:
        yield from pool.imap(partial(outcome, density=density, kwargs=kwargs), answers)


def outcome(name: str, density: Any, kwargs: dict[str, Any]) -> Outcome:
    """The outcome for one answer: whatever is wrong with it is its own affair."""
    try:
        return Outcome(name, derive.check(text_of(name), density, **kwargs))
    except InternalError as e:
        return Outcome(name, error=f"a fault of derive itself, not of the input: {e}")
    except DeriveError as e:
        return Outcome(name, error=said(e))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def text_of(path: str) -> str:
    """The text of an answer: of a file, or "-" for standard input.  Raises NotValid."""
    if (belongs := ELSEWHERE.get(kind_of_file(path) or "")) is not None:
        raise NotValid(f"{path} is no solution", hint=belongs.format(path))
    if path == "-":
        return read_input(path)
    if not Path(path).exists():
        raise NotValid(f"there is no file {path}", hint=None if kind_of_file(path) else NO_FILE)
    return text_of_file(Path(path))


def run(answers: Sequence[str], density: Any, kwargs: dict[str, Any], fmt: str | None, write: Callable[[str], Any]) -> int:
    """Check the answers and write what was found in a format (None: for reading on a terminal); the exit code."""
    found: list[Outcome] = []
    several = len(answers) > 1
    for o in outcomes(answers, density, kwargs):
        found.append(o)
        if o.error is not None:
            print("derive: " + (f"{o.name}: " if several and o.name not in o.error else "") + o.error, file=sys.stderr)
        elif fmt == "md":
            write((f"# {markdown_text(o.name)}\n\n" if several else "") + str(o.report.to_markdown()) + ("\n" if several else ""))
        elif fmt is None:
            write(o.report.to_text(in_colour(), o.name if several else None) + ("\n" if several else ""))
    if fmt == "json":
        values = [o.to_dict() for o in found]
        write(json.dumps(values if several else values[0], ensure_ascii=False, indent=2) + "\n")
    return max((o.code for o in found), key=WORST.index)
