"""The LaTeX of formulas -> Typst, and the write-up as a PDF.

Only what the formula printer writes, and the names of a user, need to be understood: groups, scripts, fractions, roots,
fences, accents, named functions and symbols.  An unknown command is set as its name, upright.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ..errors import NotSupported
from ..formula.names import GREEK
from .template_rows import BREAKS, Style, prose

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
SYMBOLS: Mapping[str, str] = {
    "le": "lt.eq", "ge": "gt.eq", "ne": "eq.not", "approx": "approx", "propto": "prop", "in": "in", "sim": "tilde.op", "cdot": "dot.op",
    "times": "times", "to": "arrow.r", "infty": "infinity", "ell": "ell", "partial": "partial", "sum": "sum", "prod": "product",
    "int": "integral", "lim": "lim", "ldots": "dots.h", "dots": "dots.h", "cdots": "dots.h.c", "quad": "quad", "qquad": "quad quad", "cup": "union",
    "cap": "inter", "lfloor": "floor.l", "rfloor": "floor.r", "lceil": "ceil.l", "rceil": "ceil.r", "mid": "divides", "pm": "plus.minus",
    "top": "top", "prime": "prime", "circ": "compose", "nabla": "nabla", "varphi": "phi.alt", "varepsilon": "epsilon", "epsilon": "epsilon.alt",
    "vartheta": "theta.alt", "phi": "phi",
}  # fmt: skip
OPERATORS = frozenset({"log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "max", "min", "det"})
ACCENTS: Mapping[str, str] = {
    "hat": "hat", "widehat": "hat", "bar": "macron", "overline": "overline", "tilde": "tilde", "widetilde": "tilde", "dot": "dot",
    "ddot": "dot.double", "vec": "arrow", "check": "caron", "sqrt": "sqrt", "mathbf": "bold", "boldsymbol": "bold", "mathcal": "cal",
    "mathbb": "bb", "mathit": "italic", "mathsf": "sans",
}  # fmt: skip
TEXTUAL = frozenset({"text", "mathrm", "operatorname", "operatorname*", "textrm", "rm", "mbox"})
PRIMES: Mapping[int, str] = {1: "^(prime)", 2: "^(prime.double)", 3: "^(prime.triple)"}
HEAD = re.compile(r"^((?:quad )*)(?=[+-])")
SIZED = re.compile(r"([bB]igg?)[lrm]?")
STEPS: Mapping[str, float] = {"big": 1.2, "Big": 1.6, "bigg": 2.1, "Bigg": 2.6}  # heights of brackets of a fixed size
SPACES: Mapping[str, str] = {",": "thin", " ": "space", ";": "med", ":": "med", "!": "", "\\": "\\ "}
LITERAL = frozenset("()[]{}|,;/#$\"&~@'`")  # written with a backslash: they group, separate or begin something in Typst


class _Reader:
    """The tokens of a formula, read from left to right."""

    def __init__(self, tex: str):
        self.tokens = [t for t in TOKEN.findall(tex) if not t.isspace() or t == "\\ "]
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def row(self, *ends: str) -> str:
        """What stands up to one of the ends, which is left."""
        out: list[str] = []
        while self.peek() and self.peek() not in ends:
            if self.peek() == "'" and out:
                out.append(PRIMES[min(self.primes(), 3)])
            else:
                out.append(self.one())
        return " ".join(filter(None, out))

    def primes(self) -> int:
        """The number of primes that stand here, which are passed."""
        start = self.at
        while self.peek() == "'":
            self.take()
        return self.at - start

    def argument(self) -> str:
        """A group, or a single token."""
        if self.peek() != "{":
            return self.one()
        self.take()
        out = self.row("}")
        self.take()
        return out

    def words(self) -> str:
        """A group as plain text."""
        if self.take() != "{":
            return ""
        out, depth = "", 1
        while self.peek():
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            out += " " if token in ("\\,", "\\ ", "~") else token.removeprefix("\\") if token not in "{}" else ""
        return out

    def one(self) -> str:
        token = self.take()
        if not token:
            return '""'
        if token == "{":
            self.at -= 1
            return self.argument()
        if token in ("^", "_"):
            return f"{token}({self.argument()})"
        if token.startswith("\\"):
            return self.command(token[1:])
        return "\\" + token if token in LITERAL else token

    def command(self, name: str) -> str:
        if name in SPACES:
            return SPACES[name]
        if name == "left":
            return self.fence()
        if (sized := SIZED.fullmatch(name)) is not None:
            return f"lr(size: #{STEPS[sized[1]]}em, {self._bracket()})"
        if name in ("frac", "dfrac", "tfrac", "binom"):
            return f"{'binom' if name == 'binom' else 'frac'}({self.argument()}, {self.argument()})"
        if name in TEXTUAL:
            shown = quoted(self.words())
            return (
                f"op({shown}, limits: #true)"
                if name == "operatorname*"
                else f"op({shown})"
                if name == "operatorname"
                else f"upright({shown})"
            )
        if name in ACCENTS:
            return f"{ACCENTS[name]}({self.argument()})"
        if name == "begin":
            return self.rows()
        if name in OPERATORS:
            return name
        if name.lower() in GREEK and name not in SYMBOLS:
            return name
        return SYMBOLS.get(name) or ("\\" + name if len(name) == 1 else f"upright({quoted(name)})")

    def fence(self) -> str:
        """What stands between \\left and \\right, in brackets of its height."""
        opening = self._bracket()
        body = self.row("\\right")
        self.take()
        return f"lr({opening} {body} {self._bracket()})"

    def _bracket(self) -> str:
        token = self.take()
        if token == ".":
            return ""
        return self.command(token[1:]) if token.startswith("\\") and len(token) > 2 else "\\" + token.removeprefix("\\")

    def rows(self) -> str:
        """The rows of an environment: cases, or a matrix."""
        matrix = self.words().endswith("matrix")
        rows: list[str] = []
        while self.peek() not in ("", "\\end"):
            cells = [self.row("&", "\\\\", "\\end")]
            while self.peek() == "&":
                self.take()
                cells.append(self.row("&", "\\\\", "\\end"))
            if self.peek() == "\\\\":
                self.take()
            rows.append((", " if matrix else " & ").join(cells))
        self.take()
        self.words()
        return f"mat({'; '.join(rows)})" if matrix else f"cases({', '.join(rows)})"


def quoted(text: str) -> str:
    """A string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@lru_cache(4096)
def typst_math(tex: str) -> str:
    """A formula in Typst's notation, without dollar signs."""
    return _Reader(tex).row()


def formula(tex: str, plain: str, display: bool = True, continues: bool = False) -> str:
    """A formula with its text alternative.  display: in the style of a displayed one.  continues: it is the next line of another."""
    body = typst_math(tex)
    body = HEAD.sub(r'\1"" ', body) if continues else body  # so that the sign at its head stands between terms
    body = f"display({body})" if display else body
    return f"#math.equation(alt: {quoted(plain)}, ${body}$)"


def typst_text(text: str) -> str:
    """Prose that is safe in Typst."""
    return re.sub(r"([\\*_`$#@<>~\[\]\"'=+\-/;(.])", r"\\\1", BREAKS.sub(" ", text))  # ; ( . too: they go on behind a formula


TYPST: Style = Style(
    typst_text,
    lambda tex, plain: formula(tex, plain, display=False),
    lambda words, notation: prose(words, notation, TYPST),
    measure=38.0,  # of 41.5 ems less what is left free at the left and between the columns
)


def pdf(source: str) -> bytes:
    """The PDF of a document in Typst.  Raises NotSupported where the compiler is not installed."""
    try:
        import typst
    except ImportError:
        raise NotSupported("a PDF needs typst", hint="install it: pip install 'derive[pdf]'") from None
    made: bytes = typst.compile(source.encode(), pdf_standards=["ua-1"])
    return made


__all__ = ["TYPST", "formula", "pdf", "quoted", "typst_math", "typst_text"]
