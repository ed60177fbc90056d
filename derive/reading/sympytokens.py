"""SymPy text -> tokens with positions.  Everything that is not part of a formula is refused here, by name.

What passes is a sequence in which operands and operators alternate and brackets match, of bounded length and
depth, so that nothing behind it has to guard itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from ..errors import NotSupported, NotValid
from ..formula.names import CHARACTERS

MAX_LENGTH = 20_000  # characters
MAX_TOKENS = 3_000  # operands and operators
MAX_DEPTH = 60  # brackets within brackets
MAX_DIGITS = 60
MAX_EXPONENT = 60  # of 1e60
MAX_NAME = 40

OTHER_SIGNS = {
    "≤": "<=", "≥": ">=", "≠": "!=", "=": "==", "−": "-", "·": "*", "⋅": "*", "×": "*", "^": "**", "&&": "&", "∈": "in",
}  # fmt: skip
WORDS = frozenset({"in", "and"})
_ALL_HOLD = "give conditions that all hold, joined by 'and' or by commas"
_COMMA = "a condition follows after a comma: lambda*exp(-lambda*x), x > 0; several cases are Piecewise((value, condition), ...)"
REFUSED_WORDS = {"or": _ALL_HOLD, "not": _ALL_HOLD, "if": _COMMA, "else": _COMMA, "for": _COMMA, "is": "write = or <="}
PREFIX = frozenset({"+", "-"})
CLOSERS = {"(": ")", "[": "]", "{": "}"}
HALF_OPEN = {("[", ")"): "Interval.Ropen", ("(", "]"): "Interval.Lopen"}

TOKEN = re.compile(
    r"""(?P<blank>[^\S\n]+)
      | (?P<number>(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?)
      | (?P<name>Interval\.(?:open|Lopen|Ropen)\b | \\?[A-Za-z_][A-Za-z_0-9]* | [α-ωΑ-Ωϵϑϕℓ∞][A-Za-z_0-9]*)
      | (?P<dots>\.\.\.|…)
      | (?P<op>\*\*|<=|>=|==|!=|&&|[-+*/^<>=&|≤≥≠−·⋅×∈])
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<end>[;\n])
      | (?P<comma>,)""",
    re.VERBOSE,
)

LATEX = "say syntax='latex', or write SymPy text such as lambda*exp(-lambda*x)"
REFUSED = {
    "'": ("text in quotes is not part of a formula", "write names without quotes"),
    '"': ("text in quotes is not part of a formula", "write names without quotes"),
    ".": ("a dot after a name is not part of a formula", "write exp(x), not sp.exp(x)"),
    ":": ("a colon is not part of a formula", "a condition follows after a comma: lambda*exp(-lambda*x), x > 0"),
    "!": ("! is not read in SymPy text", "write factorial(x)"),
    "%": ("% is not read in SymPy text", "write a percentage as a decimal"),
    "\\": ("this looks like LaTeX", LATEX),
    "²": ("a raised 2 is not read in SymPy text", "write x**2"),
    "~": ("~ is not read in SymPy text", "give the density itself"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """kind: number, name, dots, op, open, close, comma, end.  text in one spelling; position: offset in the input."""

    kind: str
    text: str
    position: int

    def __str__(self) -> str:
        return "=" if self.text == "==" else self.text


def tokens(text: str) -> list[Token]:
    """The tokens of a text.  Raises NotValid at what cannot be part of a formula."""
    if not isinstance(text, str):
        raise NotValid(f"a formula is text, not {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise NotValid(f"the formula is too long: {len(text)} characters, and at most {MAX_LENGTH} are read")
    out: list[Token] = []
    at = 0
    while at < len(text):
        m = TOKEN.match(text, at)
        if m is None:
            _refuse(text, at)
        kind = m.lastgroup or ""
        if kind != "blank":
            out.append(_token(kind, m[0], at, text))
        at = m.end()
    if sum(t.kind in ("number", "name", "op", "dots") for t in out) > MAX_TOKENS:
        raise NotValid(f"the formula is too long: more than {MAX_TOKENS} letters, numbers and signs")
    return _matched(_lines(out), text)


def _token(kind: str, s: str, at: int, text: str) -> Token:
    if kind == "number":
        _check_number(s, at, text)
    elif kind == "dots":
        s = "..."
    elif kind == "op":
        s = OTHER_SIGNS.get(s, s)
    elif kind == "name":
        if "__" in s or len(s) > MAX_NAME or not s.strip("_"):
            hint = "a name is a letter or word, perhaps with a subscript: theta, p1, x_m"
            raise NotValid(f"{s[:MAX_NAME]} is not a name", text=text, position=at, hint=hint)
        if s in REFUSED_WORDS:
            raise NotSupported(f"{s!r} is not read in a formula", text=text, position=at, hint=REFUSED_WORDS[s])
        if s in WORDS:
            kind = "op"
        elif s[0] in CHARACTERS:
            s = CHARACTERS[s[0]] + s[1:]
        elif s[0] == "∞":
            s = "oo" + s[1:]
    return Token(kind, s, at)


def _check_number(s: str, at: int, text: str) -> None:
    mantissa, _, exponent = s.lower().partition("e")
    if len(mantissa) > MAX_DIGITS:
        raise NotValid(f"a number of {len(mantissa)} digits is too long; at most {MAX_DIGITS} are read", text=text, position=at)
    if exponent and (len(exponent) > 4 or abs(int(exponent)) > MAX_EXPONENT):
        raise NotValid(f"{s} is out of range: an exponent lies between -{MAX_EXPONENT} and {MAX_EXPONENT}", text=text, position=at)


def _refuse(text: str, at: int) -> NoReturn:
    c = text[at]
    message, hint = REFUSED.get(c, (f"{c!r} is not part of a formula", "a formula has names, numbers, + - * / **, brackets and relations"))
    raise NotValid(message, text=text, position=at, hint=hint)


def _lines(ts: list[Token]) -> list[Token]:
    """Line ends that end a statement: not those within brackets, nor beside an operator or a comma."""
    out: list[Token] = []
    depth = 0
    for t in ts:
        depth += (t.kind == "open") - (t.kind == "close")
        last = out[-1] if out else None
        if t.text == "\n" and (depth > 0 or last is None or last.kind in ("op", "comma", "end")):
            continue
        if t.kind in ("op", "comma", "end") and last is not None and last.text == "\n":
            out.pop()
        out.append(t)
    while out and out[-1].kind == "end":
        out.pop()
    return out


def _matched(ts: list[Token], text: str) -> list[Token]:
    """Brackets matched, half-open intervals [a, b) and (a, b] as calls, and nothing missing between two tokens."""
    out: list[Token] = []
    opened: list[int] = []  # places in `out`
    before: Token | None = None
    for t in ts:
        if t.kind == "end" and opened:
            t = Token("comma", ",", t.position)  # f(x; theta)
        _follows(before, t, text)
        before = t
        if t.kind == "open":
            opened.append(len(out))
            if len(opened) > MAX_DEPTH:
                raise NotValid(f"more than {MAX_DEPTH} brackets within brackets", text=text, position=t.position)
        elif t.kind == "close":
            if not opened:
                raise NotValid(f"{t.text} closes nothing", text=text, position=t.position, hint="remove it, or open a bracket before")
            j = opened.pop()
            first = out[j]
            if (first.text, t.text) in HALF_OPEN and not (j and out[j - 1].kind == "name"):
                out[j : j + 1] = [Token("name", HALF_OPEN[first.text, t.text], first.position), Token("open", "(", first.position)]
                t = Token("close", ")", t.position)
            elif CLOSERS[first.text] != t.text:
                raise NotValid(f"{first.text} is closed by {t.text}", text=text, position=t.position, hint=f"write {CLOSERS[first.text]}")
        out.append(t)
    if opened:
        t = out[opened[-1]]
        raise NotValid(f"{t.text} is not closed", text=text, position=t.position, hint=f"write {CLOSERS[t.text]} where it ends")
    if before is not None and before.kind in ("op", "comma"):
        raise NotValid(f"after {before} something is missing", text=text, position=before.position)
    return out


def _follows(a: Token | None, b: Token, text: str) -> None:
    """Raises NotValid where b cannot stand after a."""
    operand = b.kind in ("number", "name", "dots")
    if a is None or a.kind not in ("number", "name", "dots", "close"):
        empty = b.kind == "close" and a is not None and a.kind in ("open", "comma")
        if not (operand or empty or b.kind == "open" or (b.kind == "op" and b.text in PREFIX)):
            raise NotValid(f"before {b} something is missing", text=text, position=b.position)
    elif b.text == "{" or (a.text.startswith("\\") and operand):
        raise NotValid("this looks like LaTeX", text=text, position=b.position, hint=LATEX)
    elif operand or (b.kind == "open" and a.kind != "name"):
        raise NotValid(f"between {a} and {b} an operator is missing", text=text, position=b.position, hint="write * for a product")


def parts(ts: Sequence[Token], kind: str) -> list[list[Token]]:
    """The tokens split at those of a kind ("end", "comma") outside brackets; empty parts are left out."""
    out: list[list[Token]] = [[]]
    depth = 0
    for t in ts:
        depth += (t.kind == "open") - (t.kind == "close")
        if t.kind == kind and not depth:
            out.append([])
        else:
            out[-1].append(t)
    return [p for p in out if p]
