"""How wide LaTeX is when it is set: an estimate in ems, without TeX.

The widths of characters are those of Computer Modern (D. E. Knuth, Computer Modern Typefaces, Addison-Wesley 1986: the metrics of
cmr10, cmmi10, cmsy10 and cmex10); the spaces between them follow The TeXbook, chapter 18, and the sizes of scripts appendix G.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
DISPLAY, TEXT, SCRIPT, SMALLEST = range(4)  # styles, each with what is set smaller in it
SIZES = (1.0, 1.0, 0.77, 0.66)  # letters of small sizes are wider than those of 10 pt made smaller
ORDINARY, OPERATOR, BINARY, RELATION, OPENING, CLOSING, COMMA, INNER = range(8)  # what stands where: it decides on the spaces
THIN, MEDIUM, THICK = 3 / 18, 4 / 18, 5 / 18
NULL = 0.11  # beside a fraction and in place of the bracket of \left.


def _each(groups: Mapping[float, str]) -> dict[str, float]:
    return {c: w for w, found in groups.items() for c in found.split()}


ROMAN = _each({
    0.28: "! ' , . : ; < [ ] ` i l _", 0.31: "f j", 0.33: "-", 0.36: "I", 0.39: "( ) r s t", 0.44: "c e z", 0.47: "> ?", 0.5: "\" $ * / 0 1 2 3 4 5 6 7 8 9 a g o – { } ~",
    0.51: "J", 0.53: "k q v x y", 0.56: "S b d h n p u", 0.61: "Z", 0.63: "L", 0.65: "F", 0.68: "E P", 0.71: "B", 0.72: "C T w", 0.74: "R", 0.75: "A H N U V X Y",
    0.76: "D", 0.78: "& + = @ G K O Q", 0.83: "# % m", 0.92: "M", 1.0: "—", 1.03: "W",
}) | {" ": 0.33}  # fmt: skip
ITALIC = _each({  # with the italic correction
    0.32: "l", 0.34: "i", 0.36: "t", 0.43: "b c", 0.47: "e j s", 0.48: "o q r", 0.5: "p", 0.51: "g z", 0.53: "I a d v y", 0.55: "k", 0.57: "u x", 0.58: "h", 0.6: "f n",
    0.65: "J", 0.67: "L S", 0.72: "T", 0.75: "A Z w", 0.78: "F P R", 0.8: "C E G O Q U Y", 0.81: "B V", 0.86: "D", 0.88: "m", 0.91: "H K N X", 1.08: "M W",
})  # fmt: skip
SYMBOLS = _each({
    0.28: "cdot", 0.35: "iota", 0.41: "epsilon ell", 0.44: "varsigma mid", 0.47: "varepsilon", 0.48: "delta xi", 0.5: "theta zeta prime lfloor rfloor lceil rceil",
    0.53: "rho varrho eta", 0.55: "tau nu", 0.57: "gamma circ", 0.58: "kappa lambda upsilon vartheta partial", 0.6: "mu phi pi sigma", 0.63: "beta chi alpha Gamma",
    0.66: "varphi omega Xi in cup cap", 0.69: "psi Lambda", 0.72: "Sigma Phi Omega", 0.75: "Pi",
    0.78: "Theta Upsilon Psi le ge ne leq geq neq approx propto sim times pm equiv top", 0.84: "Delta nabla varpi", 1.0: "infty to", 1.17: "ldots dots cdots",
})  # fmt: skip
RELATIONS = frozenset(["le", "ge", "ne", "leq", "geq", "neq", "approx", "propto", "sim", "in", "to", "equiv", "mid"])
BINARIES = frozenset(["cdot", "times", "pm", "cup", "cap", "circ"])
NAMED = frozenset(
    ["log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "max", "min", "det", "lim"]
)
ABOVE = frozenset(["max", "min", "det", "lim", "sum", "prod"])  # with their scripts above and below in a display
SPACES = {"quad": 1.0, "qquad": 2.0, ",": THIN, ":": MEDIUM, ";": THICK, " ": 0.33, "!": -THIN}
ACCENTS = frozenset(["hat", "widehat", "bar", "overline", "tilde", "widetilde", "dot", "ddot", "vec", "check"])
ALPHABETS = frozenset(["mathbf", "boldsymbol", "mathcal", "mathbb", "mathit", "mathsf"])
TEXTUAL = frozenset(["text", "mathrm", "operatorname", "textrm", "rm", "mbox"])
STEPS = {"big": 0.46, "Big": 0.6, "bigg": 0.74, "Bigg": 0.79}  # widths of a round bracket of fixed size
SIZED = re.compile(r"([bB]igg?)([lrm]?)")
SQUARE = 0.75  # of the width of a round bracket
LIMITS = {"sum": (1.45, 1.06), "prod": (1.28, 0.95), "int": (1.0, 0.6)}  # in a display, elsewhere


class _Reader:
    """The tokens of a formula, measured from left to right."""

    def __init__(self, tex: str):
        self.tokens = TOKEN.findall(tex)
        self.at = 0

    def peek(self) -> str:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += bool(token)
        return token

    def row(self, style: int, *ends: str) -> float:
        """The width of what stands up to one of the ends, which is left."""
        total, before = 0.0, OPENING
        while self.peek() and self.peek() not in ends:
            space = SPACES.get(self.peek()[1:]) if self.peek().startswith("\\") else None
            if space is not None:
                self.take()
                total += space * SIZES[style]
                continue
            kind, w = self.one(style)
            last = self.tokens[self.at - 1]
            if self.peek() in ("^", "_", "'"):
                w = self.scripts(w, style, kind == OPERATOR and (last == "}" or last[1:] in ABOVE))
            if kind == BINARY and before in (BINARY, OPERATOR, RELATION, OPENING, COMMA):
                kind = ORDINARY  # a sign before a term
            total += _space(before, kind, style) + w
            before = kind
        return total

    def argument(self, style: int) -> float:
        """A group, or a single token."""
        if self.peek() != "{":
            return self.one(style)[1]
        self.take()
        out = self.row(style, "}")
        self.take()
        return out

    def words(self) -> str:
        """A group as it is written."""
        if self.take() != "{":
            return ""
        out, depth = "", 1
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            out += token.removeprefix("\\")
        return out

    def scripts(self, w: float, style: int, above: bool) -> float:
        """A symbol of width w with the scripts that follow; above: in a display they stand above and below it."""
        widest = 0.0
        while self.peek() in ("^", "_", "'"):
            token = self.take()
            found = 0.2 if token == "'" else self.argument(max(SCRIPT, min(style + 1, SMALLEST)))
            widest = max(widest, found)
        return max(w, widest) if above and style == DISPLAY else w + widest + 0.05

    def one(self, style: int) -> tuple[int, float]:
        """What stands next: its kind and its width."""
        token, size = self.take(), SIZES[style]
        if token == "{":
            self.at -= 1
            return ORDINARY, self.argument(style)
        if token.startswith("\\") and len(token) > 1:
            return self.command(token[1:], style, size)
        if token in "+-*":
            return BINARY, 0.78 * size
        if token in "=<>:":
            return RELATION, 0.78 * size if token != ":" else 0.28 * size
        if token in "([":
            return OPENING, ROMAN[token] * size
        if token in ")]!":
            return CLOSING, ROMAN[token] * size
        if token in ",;":
            return COMMA, 0.28 * size
        return ORDINARY, (ITALIC.get(token) or ROMAN.get(token, 0.6)) * size

    def command(self, name: str, style: int, size: float) -> tuple[int, float]:
        if name in ("left", "right"):
            return (INNER, self.fence(style)) if name == "left" else (CLOSING, self._delimiter() * size)
        if (sized := SIZED.fullmatch(name)) is not None:
            side = {"l": OPENING, "r": CLOSING}.get(sized[2], ORDINARY)
            return side, STEPS[sized[1]] * (SQUARE if self.take() not in ("(", ")") else 1) * size
        if name in ("frac", "dfrac", "tfrac", "binom"):
            inner = min(style + 1 if style != DISPLAY or name == "tfrac" else TEXT, SMALLEST)
            brackets = (1.47 if style == DISPLAY else 0.92 * size) if name == "binom" else 0.0
            return INNER, max(self.argument(inner), self.argument(inner)) + brackets + 2 * NULL
        if name == "sqrt":
            inside = self.tokens[self.at :]
            return ORDINARY, (1.0 if "\\frac" in inside or "\\sum" in inside else 0.85) * size + self.argument(style)
        if name in LIMITS:
            return OPERATOR, LIMITS[name][style != DISPLAY] * size
        if name.rstrip("*") in TEXTUAL:
            upright = sum(ROMAN.get(c, 0.55) for c in self.words()) * size
            return (OPERATOR if name.startswith("operatorname") else ORDINARY), upright
        if name in ACCENTS:
            return ORDINARY, self.argument(style)
        if name in ALPHABETS:
            return ORDINARY, 1.1 * self.argument(style)
        if name == "begin":
            return INNER, self.cases(style)
        if name in NAMED:
            return OPERATOR, sum(ROMAN[c] for c in name) * size
        if name in "{}":
            return (OPENING if name == "{" else CLOSING), 0.5 * size
        kind = RELATION if name in RELATIONS else BINARY if name in BINARIES else ORDINARY
        return kind, SYMBOLS.get(name, 0.6) * size

    def fence(self, style: int) -> float:
        """What stands between \\left and \\right, in brackets of its height."""
        start = self.at
        opening = self._delimiter()
        body = self.row(style, "\\right")
        inside = self.tokens[start : self.at]
        self.take()
        tall = 2.2 if "\\sum" in inside or "\\prod" in inside else 1.9 if "\\frac" in inside else 1.2
        grown = tall if style == DISPLAY else 1.2
        return (opening + self._delimiter()) * grown * SIZES[style] + body

    def _delimiter(self) -> float:
        token = self.take()
        if token == "|":  # which grows no wider
            return 0.15
        return NULL / 2 if token == "." else ROMAN.get(token) or SYMBOLS.get(token[1:], 0.5)

    def cases(self, style: int) -> float:
        """The rows of an environment, in columns."""
        self.words()
        columns: list[float] = []
        while self.peek() not in ("", "\\end"):
            k = 0
            while True:
                w = self.row(max(style, TEXT), "&", "\\\\", "\\end")
                columns[k:] = [max(w, *columns[k : k + 1], 0.0), *columns[k + 1 :]]
                k += 1
                if self.peek() != "&":
                    break
                self.take()
            if self.peek() == "\\\\":
                self.take()
        self.take()
        self.words()
        return 0.9 + sum(columns) + 1.0 * max(len(columns) - 1, 0)


def _space(before: int, kind: int, style: int) -> float:
    """The space between two neighbours."""
    if (OPERATOR in (before, kind) and not {before, kind} & {OPENING, CLOSING, BINARY, RELATION, COMMA}) or (
        before == CLOSING and kind == OPERATOR
    ):
        return THIN * SIZES[style]
    if style >= SCRIPT:
        return 0.0
    if RELATION in (before, kind):
        return THICK if before != kind and before != OPENING and kind != CLOSING else 0.0
    if BINARY in (before, kind):
        return MEDIUM
    if before == COMMA:
        return THIN
    return THIN if INNER in (before, kind) and before != OPENING and kind not in (CLOSING, COMMA) else 0.0


@lru_cache(8192)
def width(tex: str, display: bool = True) -> float:
    """How wide a formula is in ems, from its LaTeX.  display: in the style of a displayed formula; else as in running text."""
    return _Reader(tex).row(DISPLAY if display else TEXT)


def text_width(text: str) -> float:
    """How wide prose is in ems, set upright."""
    return sum(ROMAN.get(c, 0.55) for c in text)
