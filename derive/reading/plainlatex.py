"""LaTeX as sources write a density: what is only layout taken away, rarer spellings turned into common ones."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..formula.names import GREEK

LAYOUT = (
    (r"\{\s*\\(rm|bf|it|sf|cal)\s+([A-Za-z]+)\s*\}", r"\\math\1{\2}"),  # {\rm exp}
    (r"^\s*(?:\$\$?|\\\[|\\\()(.*?)(?:\$\$?|\\\]|\\\))\s*[.,;]?\s*$", r"\1"),  # the signs around a formula
    (r"\\tag\*?\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])", " "),
)
GREEK_WORDS = re.compile(
    rf"(?<![\\A-Za-z{{])({'|'.join(sorted(GREEK - {'ell'}, key=len, reverse=True))})(?![A-Za-z}}])"
)  # lambda, typed without its backslash
BINOMIAL = r"\\binom{\1}{\2}"
ARGUMENT = r"\{?\s*(\w+)\s*\}?"
COLUMNS = (
    (r"\\begin\{[pb]?matrix\}([^&]*?)\\\\([^&]*?)\\end\{[pb]?matrix\}", BINOMIAL),
    (r"\\left\s*\(\s*\\begin\{array\}\{c\}([^&]*?)\\\\([^&]*?)\\end\{array\}\s*\\right\s*\)", BINOMIAL),
)
VECTORS = re.compile(
    r"\^\s*\{?\s*(?:\\(?:top|intercal|mathsf|mathrm|prime)|T\b|-\s*1\s*\})|\\Sigma|\\boldsymbol|\\det"
)  # a column is a vector
WORDS = (("für|falls|wenn|sofern|pour|si", "if"), ("sonst|andernfalls|sinon", "otherwise"), ("und|et", "and"))  # in cases
SPELLINGS = (
    (
        r"(\\Pr|\\mathbb\s*\{?\s*P\s*\}?|\\(?:mathrm|operatorname)\{Pr?\}|\bPr?)\s*(?:\\left)?\s*\\\{([^{}]*?)(?:\\right)?\s*\\\}(?=\s*=)",
        r"\1(\2)",
    ),
    *((rf"(\\(?:text|textrm|mbox|mathrm)\s*\{{\s*)(?:{words})(?![^\W\d_])", rf"\1{word}") for words, word in WORDS),
    (r"\\forall(?![A-Za-z])(?=\s*(?:\\[,;: ]\s*)*[A-Za-z\\])", r",\\ "),
    (r"(\\in\s*|_\{\s*)\]([^][{}]*?[,;][^][{}]*?)\[", r"\1(\2)"),  # ]a, b[ for an open interval
    (r"(\\in\s*|_\{\s*)\[([^][{}]*?[,;][^][{}]*?)\[", r"\1[\2)"),
    (r"(\\in\s*|_\{\s*)\]([^][{}]*?[,;][^][{}]*?)\]", r"\1(\2]"),
    (r"\\chi(?=_\{?\s*[(\[])", r"\\mathbf{1}"),  # an indicator of an interval
    (r"(?<![A-Za-z_^\\])\[([^][{}(),]*(?:[<>]|\\[lg]eq?(?:slant)?(?![A-Za-z]))[^][{}]*)\]", r"\\mathbf{1}\\{\1\\}"),  # Iverson's bracket
    (r"\\\|", "|"),
    (r"(?<!\.)\.\.\.(?!\.)", r"\\dots "),
)
DIFFERENTIAL = re.compile(
    r"^(.*?)(?:\\[,;:! ]\s*)*\bd([a-z])\s*=(.*?)(?:\\[,;:! ]\s*)*(?<![A-Za-z\\])d\2\s*((?:(?:\\q?quad|\\text|\\[,;: ]\s*[(\\]|[,;(]).*)?)$",
    re.S,
)
CHOOSE = (  # nCx and C_n^x, where C is no letter of the question
    rf"(?:\{{\}}|(?<![\w}})\]]))[\^_]{ARGUMENT}\s*C_{ARGUMENT}",
    r"(?<![A-Za-z\\])C\(\s*([^(),;|]+?)\s*,\s*([^(),;|]+?)\s*\)",
)
STACKED = re.compile(
    r"(?:\b(?<!\\)C|\\math(?:rm|bf)\{?\s*C\s*\}?)(?:_\{?\s*(?P<a>\w+)\s*\}?\^\{?\s*(?P<b>\w+)\s*\}?|\^\{?\s*(?P<c>\w+)\s*\}?_\{?\s*(?P<d>\w+)\s*\}?)"
)
OBSERVED = ("x", "y", "k", "i", "j")  # letters for a number of successes


def spelled_plainly(text: str, letters: Collection[str]) -> str:
    """The text with layout taken away and rarer spellings replaced.  letters: what is declared."""
    for pattern, plain in LAYOUT:
        text = re.sub(pattern, plain, text, flags=re.S)
    for pattern, plain in SPELLINGS if VECTORS.search(text) else (*COLUMNS, *SPELLINGS):
        text = re.sub(pattern, plain, text, flags=re.S)
    if "C" not in letters and not any(k.startswith("C_") for k in letters):
        for pattern in CHOOSE:
            text = re.sub(pattern, BINOMIAL, text)
        text = STACKED.sub(_chosen, text)
    text = GREEK_WORDS.sub(r"\\\1 ", text)
    text = _powers_in_braces(text.replace("$", "") if "tabular" in text else text)
    twice = DIFFERENTIAL.match(text)  # f(x) dx = ... dx
    return twice[1] + "=" + twice[3] + twice[4] if twice else text


def _chosen(m: re.Match[str]) -> str:
    """C_n^x and C^n_x: what is observed is chosen, of the other; without such a letter what is written above."""
    below, above = m["a"] or m["d"], m["b"] or m["c"]
    if (below + above).isdigit():
        return m[0]
    chosen = min((below, above), key=lambda k: OBSERVED.index(k) if k in OBSERVED else len(OBSERVED) + (k == below))
    return rf"\binom{{{above if chosen == below else below}}}{{{chosen}}}"


def _powers_in_braces(text: str) -> str:
    """e^(-x) as it is typed, with braces."""
    at = 0
    while (m := re.compile(r"\^\s*\(").search(text, at)) is not None:
        depth = 0
        for j in range(m.end() - 1, len(text)):
            depth += (text[j] == "(") - (text[j] == ")")
            if depth == 0:
                text = text[: m.start()] + "^{" + text[m.end() : j] + "}" + text[j + 1 :]
                break
        at = m.end()
    return text
