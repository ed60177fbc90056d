"""Formulas that are typed without LaTeX: SymPy text, and mathematics in plain letters.

lambda_hat = n/sum(x)        l(theta) = n*log(theta) - theta*S        Eq(n/theta - S, 0)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ...errors import NotValid
from ...formula.names import GREEK
from ...reading.source import Source
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
PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|[-*+•]\s|\d+[.)]\s)\s*")
BULLET = re.compile(r"^\s*(?:[-*+•]\s|\d+[.)]\s)")
REMARK = re.compile(r"\s#.*$")
WORD = re.compile(r"[A-Za-z_]\w*")
UNEVALUATED = re.compile(r",\s*evaluate\s*=\s*False\s*$")
MODULE = re.compile(r"\b(?:sp|sympy|np|math)\.")
LARGE_SIGN = re.compile("([ΣΠ])")
LOOSE_SCRIPT = re.compile(r"(\\[A-Za-z]+) +(?=[\^_])")
SPLIT = re.compile(r"(=>|->|<=>|:=|<=|>=|!=|==|[=<>≤≥≠≈∝∼⟹⇒→⇔∴])")


@dataclass(slots=True)
class Typed:
    """One line of typed formulas: sides and signs in order; joined: how the chain is linked to the one before."""

    sides: list[Source]
    signs: list[str]
    line: int
    joined: str = ""


def typed(source: Source, line: int) -> Iterator[Typed]:
    """The chains of a stretch of typed text, line by line; program text around them is passed over."""
    renamed: dict[str, str] = {}
    at = 0
    for k, text in enumerate(source.text.split("\n")):
        row = source[at : at + len(text)].sub(PROMPT, "").sub(REMARK, "").stripped()
        row = row[: len(row.text.rstrip(".;,"))]
        at += len(text) + 1
        made = SYMBOLS.match(row.text)
        if made:
            renamed.update(zip(re.findall(r"\w+", made[1]), re.findall(r"\w+", made[2]), strict=False))
        if not row.text or CODE.match(row.text):
            continue
        if renamed:
            row = row.sub(WORD, lambda m: renamed.get(m[0], m[0]))
        relation = EQ.match(row.text)
        if relation:
            a, b = _two(row[relation.start(2) : relation.end(2)])
            if b.text:
                yield Typed([a, b], [EQ_SIGN[relation.group(1)]], line + k)
                continue
        yield from _chains(row, line + k)


def _chains(source: Source, line: int) -> Iterator[Typed]:
    """a = b => c = d: cut at the signs outside brackets."""
    row = source.text
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
        current.sides.append(source[last:at].stripped())
        if m is not None and m.group() in SIGNS and m.group() not in ARROWS:
            current.signs.append(SIGNS[m.group()])
        else:
            if current.signs and all(s.text for s in current.sides):
                yield current
            current = Typed([], [], line, ARROWS.get(m.group(), "") if m is not None else "")
        at = m.end() if m is not None else at + 1
        last = at
    current.sides.append(source[last:].stripped())
    if all(s.text for s in current.sides):
        yield current


def _two(inside: Source) -> tuple[Source, Source]:
    """The two arguments of Eq(a, b)."""
    depth = 0
    for k, c in enumerate(inside.text):
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            return inside[:k].stripped(), inside[k + 1 :].sub(UNEVALUATED, "").stripped()
    return inside, inside[:0]


def formula_lines(text: str) -> Iterator[Segment]:
    """The lines of a text without any marked formula that hold a relation: what stands around its sign without words."""
    begin = 0
    for k, line in enumerate(text.split("\n"), 1):
        whole = Source.of(text)[begin : begin + len(line)]
        begin += len(line) + 1
        if not FORMULA_LINE.search(line) or len(line) > LONGEST_LINE:
            continue
        whole = whole.sub(BULLET, "")
        row = whole.text
        cut = 0
        before = ""
        for m in [*PROSE.finditer(row), None]:
            stop = m.start() if m else len(row)
            part = whole[cut:stop].stripped(" .,;:")
            if FORMULA_LINE.search(part.text) and len(part.text) > 2:
                yield Segment(part, k, before, "latex" if "\\" in part.text or not part.text.isascii() else "sympy")
                before = ""
            if m:
                before += m.group()
                cut = m.end()


def commands(source: Source) -> Source:
    """Mathematics in Unicode characters alone as LaTeX; the signs of sums and products are left to the reader of a side."""
    text = source.text
    if text.isascii() or "\\" in text or "{" in text:
        return source
    cuts = [0, *(k for m in LARGE_SIGN.finditer(text) for k in m.span()), len(text)]
    parts = [source[a:b] for a, b in pairwise(cuts)]
    try:
        source = source.joined([part if part.text in "ΣΠ" else part.then(unify(part.text)) for part in parts])
    except NotValid:
        return source
    return as_latex(source.sub(LOOSE_SCRIPT, r"\1"))


def as_latex(source: Source) -> Source:
    """Typed mathematics in the spelling of LaTeX: theta^(n-1) -> \\theta^{(n-1)}, sum(x) -> \\sum (x)."""
    source = source.sub(MODULE, "").sub(NAMED, lambda m: r"\%s{%s}" % (m.group(2), m.group(1)))
    source = source.sub(GREEK_WORD, lambda m: m.group(1) + "\\" + ("lambda" if m.group(2) == "lamda" else m.group(2)) + " ")
    source = source.sub(INDEX, r"_{\1}").sub(BIG, lambda m: r"\sum " if m.group(1) else r"\prod ")
    source = source.sub(RANGE, r"\\\1_{\3=\4}^{\5} \\left(\2\\right)").sub(FUNCTION, lambda m: f"\\{m[1] or m[2]} ")
    return _braced(_braced(source, SQRT, "\\sqrt"), POWER, "^").replaced("*", r"\cdot ")


def _braced(source: Source, pattern: re.Pattern[str], command: str) -> Source:
    """The group behind every match put into braces."""
    text = source.text
    out: list[Source] = []
    at = 0
    while (m := pattern.search(text, at)) is not None:
        end = _group_end(text, m.end())
        sign = m.group(1) if m.groups() and m.group(1) else ""
        inside = _braced(source[m.end() : end], pattern, command)
        out += [source[at : m.start()], source.instead(m.start(), m.end(), command + "{" + sign), inside, source.instead(end, end, "}")]
        at = end
    return source.joined([*out, source[at:]]) if out else source


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
