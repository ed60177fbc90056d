"""Formulas that are typed without LaTeX: SymPy text, and mathematics in plain letters.

lambda_hat = n/sum(x)        l(theta) = n*log(theta) - theta*S        Eq(n/theta - S, 0)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import NotValid
from ...formula.names import GREEK
from ...reading.tex.unicode import unify
from .segments import Segment
from .vocabulary import ARROWS, SIGNS

GREEK_WORD = re.compile(r"(?<![A-Za-z\\])(d?)(" + "|".join(sorted(GREEK - {"ell"}, key=len, reverse=True)) + r"|lamda)(?![A-Za-z])")
NAMED = re.compile(r"(?<![A-Za-z\\])(\\?[A-Za-z]+)_?(hat|bar)(?![A-Za-z])")
BIG = re.compile(r"(?<![A-Za-z\\])(?:(sum|Sum)|(prod|product|Product))(?![A-Za-z])")
POWER = re.compile(r"(?:\*\*|\^)\s*(-?)\s*(?=[(\w\\])")
INDEX = re.compile(r"\[\s*([A-Za-z0-9]+)\s*\]")
RANGE = re.compile(r"\\(sum|prod)\s*\(\s*(.*?),\s*\(\s*([a-z])\s*,\s*(\w+)\s*,\s*(\w+)\s*\)\s*\)")
SQRT = re.compile(r"(?<![A-Za-z\\])sqrt\s*(?=\()")
FUNCTION = re.compile(r"(?<![A-Za-z\\])(?:(exp|log|ln|max|min|median|sin|cos|tan)(?=\s*\()|(log|ln)(?=\s+[A-Za-z\\]))")
FORMULA_LINE = re.compile(r"[=<>≤≥≈∝∼]")
CODE = re.compile(
    r"^\s*(?:import\b|from\b|print\b|for\b|while\b|def\b|return\b|if\b|#|@|\w+(?:\s*,\s*\w+)*\s*=\s*(?:sp\.|sympy\.)?(?:symbols|Symbol|IndexedBase)\b)"
)
SYMBOLS = re.compile(r"^\s*(\w+(?:\s*,\s*\w+)*)\s*=\s*(?:sp\.|sympy\.)?(?:symbols|Symbol|IndexedBase)\s*\(\s*['\"]([^'\"]*)['\"]")
EQ = re.compile(
    r"^\s*(?:sp\.|sympy\.)?(Eq|Ne|Lt|Le|Gt|Ge|Equality|Unequality|StrictLessThan|LessThan|StrictGreaterThan|GreaterThan)\s*\((.*)\)\s*$"
)
EQ_SIGN = {"Eq": "=", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">=", "Equality": "=", "Unequality": "!=", "StrictLessThan": "<",
           "LessThan": "<=", "StrictGreaterThan": ">", "GreaterThan": ">="}  # fmt: skip
LONGEST_LINE = 2_000
PROSE = re.compile(
    r"(?:(?<![A-Za-z\\_])(?!(?:d?(?:"
    + "|".join(sorted(GREEK))
    + r")|lamda|exp|log|ln|sum|prod|sqrt|max|min|median|xbar|ybar|LL|NLL|MSE|BCE|RSS|"
    r"const|hat|Var|logL|loglik|nx|np|nxbar|dl|dL|MLE|sin|cos|tan|Sum|Eq)(?![A-Za-z]))(?!\w*_?hat\b|\w*_?bar\b)[A-Za-z]{2,}(?![A-Za-z(_^\d\[])[,.:]?\s*)+"
)
SPLIT = re.compile(r"(=>|->|<=>|:=|<=|>=|!=|==|[=<>≤≥≠≈∝∼⟹⇒→⇔∴])")


@dataclass(slots=True)
class Typed:
    """One line of typed formulas: sides and signs in order; joined: how the chain is linked to the one before."""

    sides: list[str]
    signs: list[str]
    line: int
    joined: str = ""


def typed(text: str, line: int) -> Iterator[Typed]:
    """The chains of a stretch of typed text, line by line; program text around them is passed over."""
    renamed: dict[str, str] = {}
    for k, row in enumerate(text.split("\n")):
        row = re.sub(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|[-*+•]\s|\d+[.)]\s)\s*", "", row)
        row = re.sub(r"\s#.*$", "", row).strip().rstrip(".;,")
        made = SYMBOLS.match(row)
        if made:
            renamed |= dict(zip(re.findall(r"\w+", made[1]), re.findall(r"\w+", made[2]), strict=False))
        if not row or CODE.match(row):
            continue
        row = re.sub(r"[A-Za-z_]\w*", lambda m, renamed=renamed: str(renamed.get(m[0], m[0])), row)  # type: ignore[misc]
        relation = EQ.match(row)
        if relation:
            a, b = _two(relation.group(2))
            if b:
                yield Typed([a, b], [EQ_SIGN[relation.group(1)]], line + k)
                continue
        yield from _chains(row, line + k)


def _chains(row: str, line: int) -> Iterator[Typed]:
    """a = b => c = d: cut at the signs outside brackets."""
    current = Typed([], [], line)
    depth = last = 0
    at = 0
    while at < len(row):
        c = row[at]
        depth += (c in "([{") - (c in ")]}")
        m = SPLIT.match(row, at) if depth <= 0 else None
        if m is None and not (depth <= 0 and c in ",;" and " " in row[at + 1 : at + 2]):
            at += 1
            continue
        current.sides.append(row[last:at].strip())
        if m is not None and m.group() in SIGNS and m.group() not in ARROWS:
            current.signs.append(SIGNS[m.group()])
        else:
            if current.signs and all(current.sides):
                yield current
            current = Typed([], [], line, ARROWS.get(m.group(), "") if m is not None else "")
        at = m.end() if m is not None else at + 1
        last = at
    current.sides.append(row[last:].strip())
    if all(current.sides):
        yield current


def _two(inside: str) -> tuple[str, str]:
    """The two arguments of Eq(a, b)."""
    depth = 0
    for k, c in enumerate(inside):
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            return inside[:k].strip(), re.sub(r",\s*evaluate\s*=\s*False\s*$", "", inside[k + 1 :]).strip()
    return inside, ""


def formula_lines(text: str) -> Iterator[Segment]:
    """The lines of a text without any marked formula that hold a relation: what stands around its sign without words."""
    for k, row in enumerate(text.split("\n"), 1):
        if not FORMULA_LINE.search(row) or len(row) > LONGEST_LINE:
            continue
        row = re.sub(r"^\s*(?:[-*+•]\s|\d+[.)]\s)", "", row)
        cut = 0
        before = ""
        for m in [*PROSE.finditer(row), None]:
            stop = m.start() if m else len(row)
            part = row[cut:stop].strip(" .,;:")
            if FORMULA_LINE.search(part) and len(part) > 2:
                yield Segment(part, k, before, "latex" if "\\" in part or not part.isascii() else "sympy")
                before = ""
            if m:
                before += m.group()
                cut = m.end()


def commands(text: str) -> str:
    """Mathematics in Unicode characters alone as LaTeX; the signs of sums and products are left to the reader of a side."""
    if text.isascii() or "\\" in text or "{" in text:
        return text
    try:
        text = "".join(c if c in "ΣΠ" else unify(c).text for c in re.split("([ΣΠ])", text))
    except NotValid:
        return text
    return as_latex(re.sub(r"(\\[A-Za-z]+) +(?=[\^_])", r"\1", text))


def as_latex(text: str) -> str:
    """Typed mathematics in the spelling of LaTeX: theta^(n-1) -> \\theta^{(n-1)}, sum(x) -> \\sum (x)."""
    text = re.sub(r"\b(?:sp|sympy|np|math)\.", "", text)
    text = NAMED.sub(lambda m: r"\%s{%s}" % (m.group(2), m.group(1)), text)
    text = GREEK_WORD.sub(lambda m: m.group(1) + "\\" + ("lambda" if m.group(2) == "lamda" else m.group(2)) + " ", text)
    text = INDEX.sub(r"_{\1}", text)
    text = BIG.sub(lambda m: r"\sum " if m.group(1) else r"\prod ", text)
    text = RANGE.sub(r"\\\1_{\3=\4}^{\5} \\left(\2\\right)", text)
    text = FUNCTION.sub(lambda m: f"\\{m[1] or m[2]} ", text)
    text = _braced(text, SQRT, "\\sqrt")
    text = _braced(text, POWER, "^")
    return text.replace("*", r"\cdot ")


def _braced(text: str, pattern: re.Pattern[str], command: str) -> str:
    """The group behind every match put into braces."""
    out: list[str] = []
    at = 0
    while (m := pattern.search(text, at)) is not None:
        out.append(text[at : m.start()])
        end = _group_end(text, m.end())
        sign = m.group(1) if m.groups() and m.group(1) else ""
        out.append("%s{%s%s}" % (command, sign, _braced(text[m.end() : end], pattern, command)))
        at = end
    return "".join(out) + text[at:]


def _group_end(text: str, at: int) -> int:
    """The end of a bracket, a number or a name that begins at `at`."""
    if text[at : at + 1] in ("(", "{"):
        depth = 0
        for k in range(at, len(text)):
            depth += (text[k] in "({[") - (text[k] in ")}]")
            if depth == 0:
                return k + 1
        return len(text)
    m = re.compile(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?|\d+(?:\.\d+)?|\\\w+").match(text, at)
    return m.end() if m else at
