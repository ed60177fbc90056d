"""Small repairs of a side's LaTeX before it is read: words that are names, slashed derivatives, what ends a sentence."""

from __future__ import annotations

import re

from ...reading.source import Source
from .notation_scan import Notation

NAMES = "NLL|LL|RSS|SSR|SSE|MSE|RMSE|BCE|CE|MLE|const|constant|cst|logL|lik|Lik|loglik|loss|Loss|cost|Var|Cov|Bias|SE|median|digamma|sgn|sign|erf"
STYLE_BEFORE = "".join(
    r"(?<!%s\{)" % c
    for c in ("text", "mathrm", "operatorname", "textrm", "mbox", "mathit", "mathsf", "textit", "textbf", "mathbf", r"name\*")
)
WORD = re.compile(r"(?<![A-Za-z\\])" + STYLE_BEFORE + "(" + NAMES + r")(?![A-Za-z])")
CONSTANT = re.compile(
    r"\(?\\text\{\s*(?:定数|常数|常數)\s*\}\)?|\\(?:text|mathrm|mbox|textrm|rm|operatorname|textit|mathit|hbox)\s*\{\s*\\?(?i:const|constant|constants|cst|konst|konstanten?|cte|"
    r"constantes?|costanti?|costante|константа|const)\.?\s*\}|\{\\rm\s+const\.?\}"
)
D = r"(?:\\partial|\\mathrm\s*\{?\s*d\s*\}?|(?<![A-Za-z\\])d)"
FUNCTION = r"(?:\s*\\?(?:log|ln)\s*)?\s*\\?(?:mathcal\s*\{?[A-Z]\}?|[A-Za-z]+)(?:\s*\([^()]*\))?"
VARIABLE = r"\s*\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\^\{?\d\}?)?"
SLASHED = re.compile(
    rf"(?P<top>{D}(?:\^\{{?\d\}}?)?(?:{FUNCTION})?)\s*/\s*(?P<bottom>(?:{D}{VARIABLE}(?![A-Za-z]))+)|"
    rf"\(\s*(?P<top2>{D}(?:\^\{{?\d\}}?)?)\s*/\s*(?P<bottom2>{D}{VARIABLE})\s*\)"
)
ARG = re.compile(
    r"\\(?:operatorname\*?|mathop|text|mathrm|rm)\s*\{\s*\\?arg\s*(?:\\[,;:! ]|~)?\s*\\?(max|min)\s*\}|\\arg\s*(?:\\[,;:! ])?\s*\\(max|min)(?![A-Za-z])|"
    r"\\(?:mathop\s*\{\s*)?arg(max|min)(?![A-Za-z])\s*\}?"
)
UNDER = re.compile(r"\\underset\s*\{([^{}]*)\}\s*\{?\s*(\\arg\\(?:max|min)|\\(?:max|min|sup|inf|lim))\s*\}?")
MEDIAN = re.compile(r"\\(?:mathrm|text|operatorname|textrm|rm)\s*\*?\s*\{\s*(?:[mM]ed|[mM]edian)\s*\}")
ZERO_VECTOR = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|mathbb|pmb)\s*(?:\{\s*0\s*\}|0)")
TAIL = re.compile(r"(?:\\[,;:! ]|~|\s|[.,;:]|\\quad|\\qquad|\\\\|\\)+$")
DANGLING = re.compile(r"(?<![_^{+])\s[+]\s*$|[)}\w]\s*(?<![_^])[+]\s*$")
BLANKS = re.compile(r"\s\s+|[^\S ]")  # what is no single blank
ODD = re.compile(r"[✓✔☐□■▪∎★☆✗✘👍🎉️‌‍​⁡⁢]")
DONE_TO_BOTH_SIDES = re.compile(
    r"(?:\\[,;:! ]|~|\s|\\quad|\\qquad)*(?:\||\\mid|\\vert)\s*(?:\\cdot|\\times|:|\+|-|\\div|/|\\ln\b|\\log\b|\\sqrt|\(\s*\)|\\exp)[^|]*$"
)
OVER_DOMAIN = re.compile(r"(\\(?:max|min|sup|inf))\s*_\s*\{\s*(\\?[A-Za-z]+)\s*(?:>|<|\\(?:geq?|leq?|in|ge|le)(?![A-Za-z]))[^{}]*\}")
NO_SCRIPT = re.compile(r"(?<=[A-Za-z])\s*[_^]\{\s*\}(?:[_^]\{\s*\})?")
INDICATOR = re.compile(r"\\(?:ind|indic|indicator|Ind|one|mathbbm\s*\{?\s*1\s*\}?|mathds\s*\{?\s*1\s*\}?)(?![A-Za-z])")
CHOOSE = re.compile(r"(?:\{\}\s*)?_(?:\{(?=\w\}))?(\w)(?:(?<=\{\w)\})?\s*C_(?:\{(?=\w\}))?(\w)(?:(?<=\{\w)\})?")
CASES = re.compile(r"(\\begin\{[dr]?cases\})(.*?)(\\end\{[dr]?cases\})", re.S)
ROW_COMMA = re.compile(r",(?=[^,]*(?:\\\\|$))")
OPERATOR = re.compile(r"^\\[td]?frac\s*\{\s*(?:d|\\partial|\\mathrm\{d\})\s*\}\s*\{[^{}]*\}\s*(?::|\\colon(?![A-Za-z]))\s*(?:\\[ ,;:])*")


def prepare(source: Source, notation: Notation) -> Source:
    """The text of a side as the grammar expects it."""
    source = source.sub(ODD, " ").sub(BLANKS, " ").stripped().sub(TAIL, "")
    if not source.text.isascii():
        for character, command, name in (("Σ", "\\sum ", "Sigma"), ("Π", "\\prod ", "Pi")):
            source = source.replaced(character, command) if name not in notation.given else source
    if (source.text.count("|") + source.text.count("\\mid")) % 2 == 1:
        source = source.sub(DONE_TO_BOTH_SIDES, "")  # 2a = 6 | : 2
    source = source.sub(OPERATOR, "")  # d/dp: ... = 0
    source = source.sub(NO_SCRIPT, "")
    source = source.sub(OVER_DOMAIN, lambda m: m[1] + "_{" + m[2] + "}" if m[2].lstrip("\\") in notation.given else m[0])
    source = source.sub(INDICATOR, r"\\mathbf 1") if "\\" in source.text else source
    if "C_" in source.text and "C" not in notation.given:
        source = source.sub(CHOOSE, r"\\binom{\1}{\2}")
    if "{cases}" in source.text:
        source = source.sub(CASES, lambda m: m[1] + ROW_COMMA.sub(" & ", m[2]) + m[3] if "&" not in m[2] else m[0])
    if DANGLING.search(source.text):
        source = source.joined([source, "\\operatorname{const}"])  # what was added is said in words
    if "arg" in source.text or "underset" in source.text:
        source = source.sub(ARG, lambda m: "\\arg\\" + (m.group(1) or m.group(2) or m.group(3)) + " ")
        source = source.sub(UNDER, lambda m: m.group(2) + "_{" + m.group(1) + "}")
    if "ed" in source.text:
        source = source.sub(MEDIAN, r"\\operatorname{median}")
    source = source.sub(ZERO_VECTOR, "0").sub(CONSTANT, r"\\operatorname{const}")
    if not notation.spelled_out:
        source = source.sub(WORD, r"\\operatorname{\1}")
    if "/" in source.text and ("d" in source.text or "partial" in source.text):
        source = source.sub(
            SLASHED, lambda m: "\\frac{%s}{%s}" % (m.group("top") or m.group("top2"), m.group("bottom") or m.group("bottom2"))
        )
    return source
