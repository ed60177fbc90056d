"""What an error says, in the words of the command line: known=["n"] is --known n there."""

from __future__ import annotations

import ast
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import DeriveError, point_at
from ..problem.arguments import ARGUMENTS

OPTIONS: Mapping[str, str] = {
    **{a.name: a.option or a.name for a in ARGUMENTS},
    **{k: k for k in ("right", "left", "interval", "counts", "weights", "truncation")}, "sums": "sum", "density": "density", "level": "level",
}  # fmt: skip
ARGUMENT = re.compile(rf"(?<![\w.])({'|'.join(OPTIONS)})=(?=[\[{{(\"'.\d]|True\b)")
IN_ONE = ("counts", "right", "left", "weights", "truncation", "data", "covariates")  # options with all their entries in one text
REST = re.compile(r"(?<=\{)\.\.\.,\s*|,\s*\.\.\.(?=[}\]])")  # what stands for further entries, beside one that is shown
SAMPLE = re.compile(r"(?:write )?(?:data=)?(?:derive\.)?Sample\(")
CLOSING = {"[": "]", "{": "}", "(": ")"}


def in_colour() -> bool:
    """Whether standard output is a terminal on which colours are wanted."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def said(e: DeriveError) -> str:
    """An error as the command line says it."""
    argument = next((a for a in ARGUMENTS if a.doc == e.hint), None)
    if argument is not None:  # of a kind that it cannot be
        given = e.message.rpartition(", not ")[2].removeprefix("the text ").strip("[]'\"")
        example = "" if argument.example is None else f" {argument.example}"
        return f"--{argument.option or argument.name} does not take {given}\n{argument.help}: --{argument.option or argument.name}{example}"
    parts = [_names(e.message)]
    if e.text is not None and e.position is not None:
        parts.append(point_at(e.text, e.position))
    if e.hint:
        parts.append(_names(_options(_without_sample(e.hint))))
    return "\n".join(parts)


def _names(text: str) -> str:
    """`known` -> `--known`, derive.loss -> derive loss."""
    text = re.sub(r"`(\w+)`", lambda m: f"`--{OPTIONS[m[1]]}`" if m[1] in OPTIONS else m[0], text)
    text = re.sub(r"read a problem file with derive\.Problem\.load\('([^']*)'\)", r"give a problem file as --problem \1", text)
    return re.sub(r"\bderive\.(mle|check|loss)\b", r"derive \1", text)


def _without_sample(text: str) -> str:
    """Sample(right=[...]) -> right=[...]: what a sample holds are options of their own."""
    found = SAMPLE.search(text)
    if found is None:
        return text
    end = _end(text, found.end() - 1)
    lead = "write " if found[0].startswith("write ") else ""
    return text[: found.start()] + lead + text[found.end() : end - 1] + _without_sample(text[end:])


def _options(text: str) -> str:
    """Every NAME=VALUE in Python's spelling as an option."""
    out, at = "", 0
    for m in ARGUMENT.finditer(text):
        if m.start() < at:
            continue
        end = _end(text, m.end())
        try:
            value = ast.literal_eval(REST.sub("", text[m.end() : end].replace("{...}", "...").replace("[...]", "...")))
        except (ValueError, SyntaxError):
            continue
        option = _option(m[1], value)
        if option is not None:
            more = " and so on" if re.search(r",\s*\.\.\.[}\]]", text[m.end() : end]) else ""
            out, at = out + text[at : m.start()] + option + more, end
    return out + text[at:]


def _end(text: str, start: int) -> int:
    """Where a literal ends that begins at a place: behind its closing bracket or quote, or its word."""
    first = text[start : start + 1]
    if first in "\"'" and first:
        close = text.find(first, start + 1)
        return len(text) if close < 0 else close + 1
    if first not in CLOSING:
        m = re.compile(r"True|\.\.\.|[\d.]*\d|").match(text, start)
        return start if m is None else m.end()
    depth, quote = 0, ""
    for k in range(start, len(text)):
        c = text[k]
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        else:
            depth += (c in "[{(") - (c in "]})")
            if depth == 0:
                return k + 1
    return len(text)


def _option(name: str, value: Any) -> str | None:
    """The option for an argument with a value; None where there is none of this kind."""
    flag = "--" + OPTIONS[name]
    if value is True:
        return flag
    if name == "data" and isinstance(value, Mapping):
        return f"{flag} FILE.csv:" + ",".join(value)
    if name == "support" and not isinstance(value, str):
        return None
    entries = list(_entries(name, value))
    if name in IN_ONE:
        entries = [",".join(entries)]
    return " ".join(f"{flag} {e if e == '...' else shlex.quote(e)}" for e in entries)


def _entries(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for k, v in value.items():
            yield f"{_shown(k)}{': ' if name == 'parameters' else '='}{_shown(v)}"
    elif isinstance(value, (list, tuple)):
        yield from map(_shown, value)
    else:
        yield _shown(value)


def _shown(x: Any) -> str:
    return "..." if x is ... else str(x)


__all__ = ["in_colour", "said"]
