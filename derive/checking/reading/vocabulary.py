"""The commands and words that give a formula its shape: environments, signs, arrows, what is dropped or unwrapped, names in text."""

from __future__ import annotations

import re

from .units import UNIT

TRANSPARENT = frozenset({
    "equation", "align", "aligned", "alignat", "alignedat", "flalign", "gather", "gathered", "multline", "eqnarray", "displaymath",
    "math", "split", "dmath", "IEEEeqnarray", "subequations", "numcases", "subnumcases",
})  # fmt: skip
SYSTEMS = frozenset({"cases", "array", "dcases", "rcases", "aligned", "matrix"})
SIGNS = {
    "=": "=", "==": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!=": "!=", ":=": ":=", "=:": "=:", "=!": "=", "~": "~", "\\le": "<=", "\\leq": "<=",
    "\\leqslant": "<=", "\\leqq": "<=", "\\ge": ">=", "\\geq": ">=", "\\geqslant": ">=", "\\geqq": ">=", "\\lt": "<", "\\gt": ">",
    "\\ll": "<", "\\gg": ">", "\\ne": "!=", "\\neq": "!=", "\\propto": "propto", "\\approx": "approx", "\\simeq": "approx",
    "\\approxeq": "approx", "\\cong": "approx", "\\doteq": "approx", "\\equiv": "=", "\\triangleq": ":=", "\\coloneqq": ":=",
    "\\coloneq": ":=", "\\eqqcolon": "=:", "\\in": "in", "\\sim": "~", "\\lesssim": "<=", "\\gtrsim": ">=", "\\varpropto": "propto",
    "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "≠": "!=", "≈": "approx", "≃": "approx", "≅": "approx", "∝": "propto", "≡": "=", "≐": "approx",
    "≔": ":=", "≜": ":=", "∈": "in", "∼": "~", "\\leadsto": "~",
}  # fmt: skip
ARROWS = {
    "\\implies": "implies", "\\Rightarrow": "implies", "\\Longrightarrow": "implies", "\\therefore": "implies", "\\to": "implies",
    "\\rightarrow": "implies", "\\longrightarrow": "implies", "\\Leftrightarrow": "iff", "\\Longleftrightarrow": "iff", "\\iff": "iff",
    "\\leftrightarrow": "iff", "\\longleftrightarrow": "iff", "\\hookrightarrow": "implies", "\\leadsto": "implies", "\\Leftarrow": "iff",
    "\\impliedby": "iff", "\\because": "implies", "\\xrightarrow": "implies", "\\xRightarrow": "implies", "\\xLeftrightarrow": "iff",
    "\\rightsquigarrow": "implies", "\\mapsto": "implies", "\\longmapsto": "implies", "\\land": "", "\\wedge": "", "\\lor": "", "\\vee": "",
    "⟹": "implies", "⇒": "implies", "→": "implies", "⟶": "implies", "⇔": "iff", "⟺": "iff", "∴": "implies", "∵": "implies", "∧": "", "∨": "",
    "=>": "implies", "==>": "implies", "->": "implies", "-->": "implies", "<=>": "iff", "<->": "iff", "⇐": "iff", "⇛": "implies", "↔": "iff",
}  # fmt: skip
COPULAS = frozenset({  # "n/k - m, which is > 0": the words between a formula and the sign that goes on from it
    "is", "are", "was", "being", "equals", "ist", "sind", "est", "es", "é", "è", "jest", "är", "which", "that", "this", "das", "dies", "ce", "qui", "que", "lo", "o", "che", "cui", "что", "это", "always", "clearly", "immer", "toujours", "siempre", "sempre", "of", "course", "therefore", "then", "also", "now", "und", "and", "so",
})  # fmt: skip
LINKS = frozenset({
    "so", "and", "thus", "hence", "is", "therefore", "then", "which", "or", "also", "also.", "i.e", "i.e.", "this", "it", "get",
    "gives", "obtain", "further", "again", "set",
})  # fmt: skip
DROPPED = frozenset({
    "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag", "qed", "qedhere", "square", "blacksquare", "Box", "checkmark",
    "hfill", "hfil", "strut", "mathstrut", "allowbreak", "break", "noindent", "centering", "newline", "smallskip", "medskip", "bigskip",
    "null", "limits", "nolimits", "allowdisplaybreaks", "protect", "relax", "bf", "rm", "it", "sf", "tt", "boldmath", "unboldmath",
    "small", "large", "Large", "normalsize", "footnotesize", "tiny", "blacktriangle", "blacktriangleleft", "clubsuit", "par",
})  # fmt: skip
WITH_ARGUMENT = frozenset({
    "label", "tag", "tag*", "hspace", "vspace", "hspace*", "vspace*", "phantom", "hphantom", "vphantom", "color", "eqref", "ref",
    "footnote", "rule", "cite",
})  # fmt: skip
UNWRAPPED = frozenset({
    "boxed", "fbox", "underline", "colorbox", "textcolor", "cancel", "bcancel", "xcancel", "smash", "mathop", "mathrel", "mathbin",
    "mathord", "mathclose", "mathopen", "mathinner", "ensuremath", "framebox", "underbrace", "overbrace", "Aboxed", "mathclap",
    "substack", "cancelto", "sout", "uline", "uuline", "tcbhighmath", "hl",
})  # fmt: skip
TWO_ARGUMENTS = frozenset({"colorbox", "textcolor", "cancelto"})
FLAT = frozenset(["mathbf", "boldsymbol", "bm", "mathit", "mathnormal", "pmb", "color", "bold"])
TEXTS = frozenset({
    "text", "textrm", "mbox", "hbox", "textit", "textbf", "textnormal", "textsf", "texttt", "intertext", "shortintertext", "textup",
})  # fmt: skip
OVER = frozenset({"stackrel", "overset", "underset", "overunderset"})
WORDS = frozenset({
    "for", "if", "and", "or", "so", "where", "when", "with", "then", "thus", "hence", "otherwise", "else", "let", "as", "at", "since",
    "because", "on", "in", "is", "by", "to", "from", "therefore", "given", "set", "gives", "we", "get", "have", "that", "i.e.", "ie",
    "e.g.", "iff", "the", "a", "an", "all", "any", "each", "every", "some", "while", "but", "not", "also", "use", "using", "solve",
    "solving", "max", "min", "und", "oder", "wenn", "für", "mit", "daraus", "y", "o", "si", "por", "donde", "et", "ou", "donc", "pour",
})  # fmt: skip
KNOWN = re.compile(
    r"(?i)^(n?ll|nll|bce|mse|rss|sse|loss|cost|lik|loglik|likelihood|log-?likelihood|const\.?|constant|cst\.?|konst\.?|cte\.?)$"
)


def is_name(inside: str, before: str, after: str) -> bool:
    """Whether a \\text{...} is a name inside a formula (NLL, const, Var) rather than words between formulas."""
    word = inside.strip()
    if KNOWN.match(word) or re.fullmatch(r"(?i)(arg ?max|arg ?min|median|log|ln|exp|sgn|sign|var|cov|bin\w*|poi\w*|erf|d)", word):
        return True
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,14}", word) or word.lower() in WORDS or re.fullmatch(UNIT, word):
        return False
    after = after.lstrip()
    return bool(
        inside == word and (not before or before[-1] in "+-*/=(^_" or after[:1] in "(_^=" or before.endswith(("\\cdot", "\\times")))
    )
