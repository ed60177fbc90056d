"""A report on a hand-worked solution -> Markdown (the solution with marks), text for a terminal, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from ..errors import NotSupported
from ..files import as_path, write
from .findings import Findings, Line
from .reading.files import CellText
from .reading.segments import DOCUMENT, lines_of_formulas, spans_of_formulas

MARKS = {"valid": "✓", "invalid": "✗", "follows": "↳", "unread": "?"}
WORDS = {"invalid": "wrong", "follows": "follows from the wrong line before it", "unread": "not understood, and not counted against you"}
COLOURS = {"valid": "32", "invalid": "31;1", "follows": "33", "unread": "36"}
TAG = re.compile(r"<(?=[A-Za-z/!?])")
LINK = re.compile(r"\](?=[(\[:])")
COMMANDS = re.compile(
    r"\\(href|url|html[A-Za-z]*|style|class|cssId|data|require|input|include\w*|write|immediate|openin|openout|read)(?![A-Za-z])"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ANSWERS = {"right": "The final answer is right.", "wrong": "The final answer is wrong.", "missing": "The final answer is missing."}


def unit(r: Findings) -> str:
    """What the places of relations count."""
    return "cell" if isinstance(r.text, CellText) else "line"


def summary(r: Findings) -> str:
    """One or two sentences: is it right, where is the first mistake, what of the answer."""
    counts = {v: sum(line.verdict == v for line in r.lines) for v in MARKS}
    said = [f"{len(r.lines)} relations: {counts['valid']} right"]
    said += [
        f"{counts[v]} {w}"
        for v, w in (("invalid", "wrong"), ("follows", "following from a wrong one"), ("unread", "not understood"))
        if counts[v]
    ]
    first = r.first_error
    place = f"The first mistake is in {unit(r)} {first.source_line}. " if first is not None else "No mistake was found. "
    return place + ANSWERS[r.final_answer] + " (" + ", ".join(said) + ".)"


def in_short(r: Findings) -> str:
    """A few words for a line about the whole: "correct, 4 relations"; "2 of 5 relations wrong, first in line 3, answer wrong"."""
    size = f"{len(r.lines)} relation{'' if len(r.lines) == 1 else 's'}"
    unread = "" if r.complete else f", {sum(line.verdict == 'unread' for line in r.lines)} unread"
    if r.correct:
        return f"correct, {size}{unread}"
    wrong = sum(line.verdict == "invalid" for line in r.lines)
    first = r.first_error
    found = f"{wrong} of {size} wrong, first in {unit(r)} {first.source_line}" if first is not None else f"no mistake in {size}"
    return f"{found}{unread}, answer {r.final_answer}"


def markdown(r: Findings) -> str:
    """The solution with a note below every paragraph that holds a relation which is wrong or was not understood."""
    out = ["**Checked.** " + summary(r), ""]
    out += [f"- {escaped(remark)}" for remark in r.remarks]
    out += [""] if r.remarks else []
    if DOCUMENT.search(r.text) or not r.text.strip() or isinstance(r.text, CellText):
        out += [_listed(line, unit(r)) for line in r.lines]
        return "\n".join(out).rstrip() + "\n"
    notes: dict[int, list[str]] = {}
    ends = _ends(r.text)
    for line in r.lines:
        if line.verdict != "valid":
            notes.setdefault(ends[min(line.source_line, len(ends)) - 1], []).append(_note(line))
    out += ["---", ""]
    for number, text in enumerate(escaped(r.text).split("\n"), 1):
        out.append(text)
        if number in notes:
            out += ["", *_joined(notes[number]), ""]
    return "\n".join(out).rstrip() + "\n"


def _note(line: Line, unit: str = "line") -> str:
    """What is to be said about one relation."""
    said = f"**{MARKS[line.verdict]} {unit} {line.source_line}**, ${_inline(line.text)}$: "
    said += escaped(line.message or WORDS[line.verdict])
    if line.expected:
        said += f" Expected: ${_inline(line.expected)}$."
    if line.slip:
        said += f" ({line.slip})"
    if line.doubt:
        said += f" *To look at:* {escaped(line.doubt)}"
    return said


def _listed(line: Line, unit: str) -> str:
    if line.verdict == "valid":
        return f"- {MARKS['valid']} {unit} {line.source_line}: ${_inline(line.text)}$"
    return "- " + _note(line, unit)


def _joined(notes: list[str]) -> list[str]:
    """Notes as one block quote."""
    out: list[str] = []
    for k, note in enumerate(notes):
        out += [">"] if k else []
        out += ["> " + row for row in note.split("\n")]
    return out


def _inline(latex: str) -> str:
    """LaTeX on one line, without dollars."""
    return _formula_escaped(" ".join(latex.replace("$", "").split()))


def escaped(text: str) -> str:
    """What a stranger wrote, in Markdown: formulas stay formulas and prose stays prose, but no tag and no link is left in either.

    Lines stay lines.  Where a formula ends is the checker's view; another reader of Markdown may see it otherwise, so both
    parts are made safe wherever they stand.
    """
    out, at = [], 0
    for start, end in spans_of_formulas(text):
        out += [_prose_escaped(text[at:start]), _formula_escaped(text[start:end])]
        at = end
    return CONTROL.sub(" ", "".join([*out, _prose_escaped(text[at:])]))


def _prose_escaped(text: str) -> str:
    return LINK.sub("&#93;", TAG.sub("&lt;", text))


def _formula_escaped(text: str) -> str:
    """With a blank where a tag or a link would begin, and the names of commands that reach out of the formula as words."""
    return COMMANDS.sub(r"\\mathrm{\1}", LINK.sub("] ", TAG.sub("< ", text)))


def _ends(text: str) -> list[int]:
    """For every line the last line of the paragraph, formula or fence that it belongs to: a note can stand behind that."""
    rows = text.split("\n")
    inside = [False] * (len(rows) + 2)  # whether the break after line k lies within a formula
    for first, last in lines_of_formulas(text):
        for k in range(first, last):
            inside[k] = True
    ends = [len(rows)] * len(rows)
    end = len(rows)
    for k in range(len(rows), 0, -1):
        blank_below = k == len(rows) or not rows[k].strip()
        if blank_below and not inside[k]:
            end = k
        ends[k - 1] = end
    return ends


def terminal(r: Findings, colour: bool = False, name: str | None = None) -> str:
    """The report for a terminal: a line for each relation, what is wrong with it below."""

    def painted(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    out = [painted(_shown(name), "1")] if name else []
    for line in r.lines:
        out.append(f"{line.source_line:>4} {painted(MARKS[line.verdict], COLOURS[line.verdict])} {_shown(line.text)}")
        if line.verdict != "valid":
            said = line.message or WORDS[line.verdict]
            out += [f"       {_shown(row)}" for row in said.split("\n")]
            out += [f"       expected: {_shown(line.expected)}"] if line.expected else []
            out += [f"       the slip: {line.slip}"] if line.slip else []
            out += [f"       to look at: {_shown(line.doubt)}"] if line.doubt else []
    out += [f"  note: {_shown(remark)}" for remark in r.remarks]
    good = r.correct and r.complete
    out.append(painted(summary(r), "32;1" if good else "31;1" if r.first_error is not None or r.final_answer == "wrong" else "33;1"))
    return "\n".join(out) + "\n"


def _shown(text: str) -> str:
    """One line of printable text."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


WRITERS: dict[str, Callable[[Findings], str]] = {
    ".md": markdown,
    ".txt": terminal,
    ".json": lambda r: json.dumps(r.to_dict(), indent=2, ensure_ascii=False) + "\n",
}


def save(r: Findings, path: str | Path) -> None:
    """Write a report to a file, in the format of its ending.  Raises NotSupported for another ending."""
    path = as_path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise NotSupported(f"a report cannot be saved as {path.suffix or path.name!r}", hint="the endings are " + ", ".join(WRITERS))
    write(path, writer(r))
