"""LaTeX mathematics -> tokens with positions.

Kinds: cmd (a command without its backslash), num, letter, sym (one character, or a delimiter), open and close
(after \\left and \\right), row (\\\\), eof.  Space that a writer put in belongs to the token behind it.
Commands with the same meaning get one name here, so that the grammar knows few.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import NotValid
from ...formula import names
from ..source import Source
from .unicode import unify

LONGEST = 20_000  # characters
MOST = 4_000  # tokens


class Token(NamedTuple):
    """A token; start and end are offsets in the text after `unify`.  blank: the space before it, "quad" where it is wide."""

    kind: str
    value: str
    start: int
    end: int
    blank: str = ""


GREEK = names.GREEK | {"varpi", "varrho", "varsigma"}
SKIPPED = frozenset({
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "hfill", "middle", "left.", "right.",
    "allowbreak", "noindent", "centering", "strut",
})  # fmt: skip
SIZES = frozenset({
    "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "Bigm",
})  # fmt: skip
STYLES = frozenset({
    "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "boldsymbol", "bm", "mathcal", "mathscr", "mathbb", "mathds",
    "mathfrak", "rm", "bf", "it", "cal", "operatorname", "mbox", "text", "textrm", "textit", "textbf", "textnormal", "pmb",
})  # fmt: skip
TEXTS = frozenset(["text", "textrm", "mbox", "textit", "textbf", "textnormal"])
WITH_ARGUMENT = frozenset(["label", "tag", "hspace", "vspace", "phantom", "color", "intertext"])
FUNCTION_WORDS = [
    "arcsin", "arccos", "arctan", "argmax", "argmin", "sinh", "cosh", "tanh", "log", "exp", "sin", "cos", "tan", "max", "min", "ln",
]  # fmt: skip
ALIASES = {
    "leq": "le", "geq": "ge", "leqslant": "le", "geqslant": "ge", "lt": "<", "gt": ">", "neq": "ne", "dfrac": "frac", "tfrac": "frac",
    "cfrac": "frac", "dbinom": "binom", "tbinom": "binom", "lvert": "|", "rvert": "|", "vert": "|", "lVert": "||", "rVert": "||",
    "Vert": "||", "lbrace": "\\{", "rbrace": "\\}", "{": "\\{", "}": "\\}", "|": "||", "widehat": "hat", "overline": "bar",
    "widetilde": "tilde", "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "ldots": "dots", "cdots": "dots",
    "dotsc": "dots", "dotsb": "dots", "dotsm": "dots", "Longrightarrow": "implies", "Rightarrow": "implies", "rightarrow": "to",
    "longrightarrow": "to", "Leftrightarrow": "iff", "Longleftrightarrow": "iff", "coloneqq": ":=", "top": "T", "intercal": "T",
    "ast": "*", "star": "*", "approxeq": "approx", "simeq": "approx", "lbrack": "[", "rbrack": "]", "colon": ":",
}  # fmt: skip

LEX = re.compile(
    r"(?P<ws>\s+|%[^\n]*\n?)|\\(?P<cmd>[A-Za-z]+)\*?|\\(?P<esc>.)|(?P<num>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<letter>[A-Za-z])|(?P<sym>[{}^_&()\[\]|/+\-*=<>!,;:.'~])",
    re.S,
)
ROW_TAIL = re.compile(r"\*?\s*(\[[^\]\n]*(?:pt|em|ex|mm|cm)\])?")
DELIMITER = re.compile(r"\s*(\\[{}|]|\\[A-Za-z]+|.)", re.S)
ARGUMENT = re.compile(r"\s*\{[^{}]*\}")
CALLED = re.compile(r"\s*(\\left|\\[bB]ig+l?\s*)?[(\[{]|\s*\\|\s*_")


def tokens(text: str) -> tuple[Source, list[Token]]:
    """The unified text and its tokens.  Raises NotValid for a text that is too long or holds what is no LaTeX."""
    if len(text) > LONGEST:
        raise NotValid(
            f"the formula has {len(text)} characters; at most {LONGEST} are read", hint="split it, or give the part that matters"
        )
    unified = unify(text)
    src = unified.text
    out: list[Token] = []
    at = 0
    while at < len(src):
        m = LEX.match(src, at)
        if m is None:
            raise unified.error(f"{src[at]!r} is not known in a formula", at)
        start, at = at, m.end()
        kind, value = str(m.lastgroup), str(m.group(str(m.lastgroup)))
        if kind == "ws" or value == "~":
            continue
        if kind == "esc":
            at = _escaped(value, unified, start, at, out)
        elif kind == "cmd":
            at = _command(value, unified, start, at, out)
        elif kind == "letter":
            at = _letter(value, src, start, at, out)
        elif kind == "sym" and value == "=" and out and out[-1].value == ":":
            out[-1] = Token("cmd", ":=", out[-1].start, at)
        else:
            out.append(Token(kind, value, start, at))
        if len(out) > MOST:
            raise NotValid(f"the formula has more than {MOST} symbols", hint="split it, or give the part that matters")
    solid: list[Token] = []
    blank = ""
    for t in out:
        if t.kind == "sp":
            blank += t.value
        else:
            solid.append(t._replace(blank=blank) if blank else t)
            blank = ""
    return unified, solid


def _escaped(value: str, unified: Source, start: int, at: int, out: list[Token]) -> int:
    if value in ",;:!> ~\n\t":
        out.append(Token("sp", value, start, at))
    elif value == "\\":
        at = ROW_TAIL.match(unified.text, at).end()  # type: ignore[union-attr]
        out.append(Token("row", "\\\\", start, at))
    elif value in "{}|":
        out.append(Token("sym", ALIASES[value], start, at))
    elif value == "%":
        out.append(Token("cmd", "%", start, at))
    elif value in "&_#$":
        raise unified.error(f"\\{value} stands in a formula", start)
    else:
        raise unified.error(f"the command \\{value} is not known", start)
    return at


def _command(value: str, unified: Source, start: int, at: int, out: list[Token]) -> int:
    if value in ("quad", "qquad", "enspace", "hfill"):
        out.append(Token("sp", "quad", start, at))
        return at
    if value in SKIPPED or value in SIZES:
        return at
    if value in ("left", "right"):
        m = DELIMITER.match(unified.text, at)
        if m is None:
            raise unified.error(f"\\{value} without a delimiter", start)
        d = m.group(1)
        d = "||" if d == "\\|" else ALIASES.get(d[1:], d[1:] if d[1:].isalpha() else d) if d.startswith("\\") else d
        d = {"langle": "(", "rangle": ")"}.get(d, d)
        out.append(Token("open" if value == "left" else "close", d, start, m.end()))
        return m.end()
    if value in WITH_ARGUMENT:
        m = ARGUMENT.match(unified.text, at)
        return m.end() if m else at
    if value == "Pr":
        out.append(Token("letter", "P", start, at))
        return at
    name = ALIASES.get(value, value)
    symbol = name in ("|", "||", "\\{", "\\}", "<", ">", "*", "[", "]", ":")
    out.append(Token("sym" if symbol else "cmd", name, start, at))
    return at


def _letter(value: str, src: str, start: int, at: int, out: list[Token]) -> int:
    """log( written without its backslash is the function; any other run of letters is a product."""
    for word in FUNCTION_WORDS:
        if src.startswith(word, start) and CALLED.match(src[start + len(word) : start + len(word) + 12]):
            out.append(Token("cmd", word, start, start + len(word)))
            return start + len(word)
    out.append(Token("letter", value, start, at))
    return at
