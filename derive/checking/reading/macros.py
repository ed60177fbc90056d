"""A writer's own LaTeX commands: collected, and put in where they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...reading.source import Source

DEFINE = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\\(?P<name>[A-Za-z]+)\}?\s*(?:\[(?P<count>\d)\])?"
    r"(?:\[(?P<default>[^\]]*)\])?\s*(?=\{)"
    r"|\\def\s*\\(?P<plain>[A-Za-z]+)(?P<params>(?:#\d)*)\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\\(?P<operator>[A-Za-z]+)\}?\s*(?=\{)"
)
COMMAND = re.compile(r"\\([A-Za-z]+)")
ROUNDS = 8  # how often commands within commands are put in
LONGEST = 20_000  # characters of a formula after that
MOST, BODY = 400, 4_000  # definitions in a text, characters of one


@dataclass(frozen=True, slots=True)
class Macro:
    """\\name of `count` arguments -> body; `default` is the value of an optional first one."""

    name: str
    count: int
    default: str | None
    body: str
    source: str


def collect(text: str) -> tuple[dict[str, Macro], str]:
    """The commands that a text defines, and the text with their definitions blanked out."""
    if "\\newcommand" not in text and "\\def" not in text and "\\DeclareMath" not in text and "command" not in text:
        return {}, text
    found: dict[str, Macro] = {}
    out: list[str] = []
    at = 0
    for tries, m in enumerate(DEFINE.finditer(text)):
        if tries >= MOST:
            break
        if m.start() < at:
            continue
        end = closing(text, m.end(), m.end() + BODY)
        if end < 0:
            continue
        body = text[m.end() + 1 : end].replace("\n", " ")
        name = m.group("name") or m.group("plain") or m.group("operator")
        if m.group("operator"):
            body = "\\operatorname{%s}" % body
        count = int(m.group("count") or 0) if m.group("name") else (m.group("params") or "").count("#")
        source = text[m.start() : end + 1]
        found[name] = Macro(name, count, m.group("default"), body, source)
        out += [text[at : m.start()], blank(source)]
        at = end + 1
    return found, "".join(out) + text[at:]


def blank(text: str) -> str:
    """Blanks in the place of a text, its line breaks kept."""
    return re.sub(r"[^\n]", " ", text)


def closing(text: str, at: int, limit: int | None = None) -> int:
    """The offset of the brace that closes the one at `at`, before `limit`; -1 where there is none."""
    depth = 0
    k = at
    end = len(text) if limit is None else min(limit, len(text))
    while k < end:
        c = text[k]
        if c == "\\":
            k += 2
            continue
        depth += (c == "{") - (c == "}")
        if depth == 0:
            return k
        k += 1
    return -1


def expand(source: Source, macros: Mapping[str, Macro]) -> Source:
    """A formula with the writer's own commands put in; line breaks are kept, and its length is bounded."""
    for _ in range(ROUNDS):
        new = _once(source, macros)
        if new.text == source.text or len(new.text) > LONGEST:
            return source
        source = new
    return source


def _once(source: Source, macros: Mapping[str, Macro]) -> Source:
    text = source.text
    out: list[Source] = []
    at = length = 0
    for m in COMMAND.finditer(text):
        macro = macros.get(m.group(1))
        if macro is None or m.start() < at:
            continue
        got = _arguments(text, m.end(), macro)
        if got is None:
            continue
        args, end = got
        body = re.sub(r"#(\d)", lambda k, args=args: args[int(k.group(1)) - 1] if int(k.group(1)) <= len(args) else "", macro.body)  # type: ignore[misc]
        body = " " + body if body[:1].isalpha() and re.search(r"\\[A-Za-z]+$", text[: m.start()]) else body
        gap = " " if end < len(text) and text[end].isalpha() else ""
        length += len(body)
        if length > LONGEST:
            break
        made = body.replace("\n", " ") + gap + "\n" * text.count("\n", m.start(), end)
        out += [source[at : m.start()], source.instead(m.start(), end, made)]
        at = end
    return source.joined([*out, source[at:]]) if out else source


def _arguments(text: str, at: int, macro: Macro) -> tuple[list[str], int] | None:
    """The arguments behind a command and where they end."""
    args: list[str] = []
    if macro.count and macro.default is not None:
        m = re.compile(r"\s*\[([^\]]*)\]").match(text, at)
        args.append(m.group(1) if m else macro.default)
        at = m.end() if m else at
    while len(args) < macro.count:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return None
        if text[at] == "{":
            end = closing(text, at)
            if end < 0:
                return None
            args.append(text[at + 1 : end])
            at = end + 1
        else:
            m = COMMAND.match(text, at)
            args.append(m.group() if m else text[at])
            at = m.end() if m else at + 1
    return args, at
