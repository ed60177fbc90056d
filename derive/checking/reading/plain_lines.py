"""Formulas that stand in prose without any marks: a line of prose -> its words, sides and signs.

A run of symbols that holds a relation sign or an arrow is a formula; words end it.  Where a sign has a word beside it and
no symbol ("mean = total / count"), the words are its side, so that no relation is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...reading.source import Source
from .formula_rows import Piece, Row
from .speech import FILLERS, FOR, IF, LET, WHERE
from .typeset import WORDS
from .vocabulary import ARROWS, COPULAS, LINKS, SIGNS

HTML = "br|sub|sup|em|strong|p|div|span|img|details|summary|center|h[1-6]|hr|table|tr|td|th|thead|tbody|ul|ol|li|code|pre|small|font|kbd|del|ins|b|i|u|a"
CLEANED = (
    (re.compile(r"<!--.*?-->", re.S), " "),
    (re.compile(r"<sub>\s*([^<>]*?)\s*</sub>"), r"_{\1}"),
    (re.compile(r"<sup>\s*([^<>]*?)\s*</sup>"), r"^{\1}"),
    (re.compile(rf"</?(?:{HTML})(?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w%]+))*\s*/?>"), " "),
    (re.compile(r"\\item\b(?:\s*\[[^\]]*\])?|\\(?:noindent|medskip|bigskip|smallskip|par|centering|newline|linebreak|hfill)\b"), " "),
    (re.compile(r"\b(?:https?|ftp|file|mailto):[^\s)>\]]+|\bwww\.[^\s)>\]]+"), " "),
    (re.compile(r"\]\([^()\s]*\)"), "]"),
    (re.compile(r"\\(?:usepackage|documentclass|includegraphics|geometry|hypersetup|setlength|begin|end|label|ref|eqref|cite|href|url|input|bibliography|"
                r"vspace|hspace|newtheorem|pagestyle|tikzset|lstset|section|caption)\*?(?:\[[^\]]*\])?(?:\{[^{}]*\})*(?:\[[^\]]*\])?"), " "),
    (re.compile(r"(?<=\s)\(\*+\)"), " "),
    (re.compile(r"(?<![\w)\]])\*\*(?=\S)|(?<=\S)\*\*(?![\w(-])"), " "),
    (re.compile(r"(?<![\w)\]*^])\*(?![\s*])([^*\n]+?)(?<![\s*])\*(?![\w(*])"), r" \1 "),
    (re.compile(r"(?<![\w\\)}\]^])_(?![\s_{(])([^_\n]+?)(?<!\s)_(?![\w{(])"), r" \1 "),
)  # fmt: skip
BULLET = re.compile(r"^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+•–]\s+|\(?\d{1,2}[.)]\s+|\(?[a-zA-Z][.)]\s+(?=\S)|\(?[ivx]{1,4}[.)]\s+)?")
RULE = re.compile(r"^\s*(?:[=\-*_~+|:\s]|<+|>+)*$")
NUMBERED = re.compile(r"\s{2,}\(?(?:\d{1,2}|\*+|[a-zA-Z]|[ivx]+)\)\s*$|\s{2,}\[\d{1,2}\]\s*$")  # the number of an equation
TO_BOTH_SIDES = re.compile(r"\s{2,}[|∣]\s*(?=[·:*/+\-−×÷]|\(|ln|log|sqrt|√|exp|[A-Za-z]).*$")
TOKEN = re.compile(
    r"(?P<command>\\[A-Za-z]+)|(?P<abbreviation>(?<!\w)(?:i\.\s?e|e\.\s?g|z\.\s?B|d\.\s?h|d\.\s?v\.\s?s|m\.\s?a\.\s?[Ww]|p\.\s?ej|p\.\s?ex|c\.-à-d|t\.\s?ex|b\.v|a\.k\.a)\.?(?!\w))|(?P<sign><=>|<->|={2}>|=>|-{1,2}>|[⟹⇒→⟶⇔⟺∴∵⇐⇛↔]|:=|=:|=!(?=\s|\d)|(?<=\s)~(?=\s)|<=|>=|(?<![\d)])!=(?!=)|==|=|(?<![<\w])<(?!-)|(?<=\w)<(?!-)|>|[≤≥⩽⩾≠≈≃≅∝≡≐≔≜∈∼])"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+(?!\w))?|\.\d+)"
    r"|(?P<apostrophe>[A-Za-zÀ-ɏ]+['’](?:s|t|re|ll|ve|m|d|\w{2,})(?![\w(]))"
    r"|(?P<hyphened>[A-Za-zÀ-ɏ]+(?:-[A-Za-zÀ-ɏ]+)+)"
    r"|(?P<word>[A-Za-zÀ-ÖØ-öø-ɏ]+)(?P<accent>[\u0302-\u0305])?|(?P<other>[\u0400-\u052f]+|[\u3005-\u9fff\uac00-\ud7af]+|[\u0590-\u06ff]+)"
    r"|(?P<dots>\.{2,}|…|⋯)|(?P<space>\s+)|(?P<char>.)",
    re.S,
)
SYMBOLS = frozenset("+-*/^_(){}[]|!'′″%−–·×÷√∑∏∂∇∞±∓ˆ~∣ℓ½¼¾∫") | frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₙₘₐₓ𝟙")
OPERATORS = frozenset("+-*/^_=·×÷−<>≤≥≈∝(")
ENDS = frozenset('?:"“”«»—„。，；：、！？（）')
FUNCTIONAL = frozenset(["mean", "avg", "average", "median", "max", "min", "sum", "prod", "exp", "log", "ln", "sqrt", "abs", "length", "Var", "var", "Cov",
                        "loglik", "lik", "Lik", "score", "MSE", "SE", "se", "Bin", "Binom", "Poisson", "Pr", "Prob", "Normal", "Exp", "Ber", "cdf", "pdf", "pmf"])  # fmt: skip
JOINING = (  # words between a formula and the next one in a sentence, besides those of `speech`
    "because", "since", "as", "from", "by", "with", "versus", "vs", "not", "plus", "minus", "times", "using", "via", "after", "before", "than", "instead", "rather", "per", "gives", "give",
    "yields", "weil", "da", "denn", "statt", "aus", "durch", "nach", "liefert", "ergibt", "car", "puisque", "parce", "donne", "porque", "pues", "da", "pois", "perché", "poiché", "dà",
    "так", "как", "из", "а", "не", "но", "или", "и", "то", "от", "maximises", "maximizes", "maximum", "minimum", "likelihood", "observations", "only", "still", "again", "here", "there",
)  # fmt: skip
SHORT_WORDS = frozenset({  # of several languages
    "is", "in", "so", "we", "at", "to", "of", "on", "as", "an", "by", "if", "it", "or", "be", "do", "no", "us", "up", "am", "my", "he",
    "me", "go", "es", "la", "el", "lo", "en", "un", "de", "se", "si", "al", "su", "ya", "ni", "le", "les", "et", "ou", "du", "ne", "il",
    "ist", "da", "im", "zu", "um", "ab", "er", "wo", "di", "ed", "os", "em", "que", "und", "der", "die", "das", "von", "aus", "bei",
    "uns", "ein", "wir", "man", "the", "and", "for", "all", "mit", "eu", "ao", "na", "une", "est", "à", "où", "è", "für", "daß",
})  # fmt: skip
DECIMAL = re.compile(r"(?<![\d,.])(\d+),(\d+)(?![\d,])")
THOUSANDS = re.compile(r"(?<![\d,.])([1-9]\d{0,2}),(\d{3})(?![\d,])")
TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
CELL = re.compile(r"(?:^|\s)\|(?=\s|$)")
ENUMERATED = re.compile(r"\(?\w{1,3}\)[.:]?\s+")
LANGUAGES = {  # words that show a language, and its words of one letter
    frozenset({"the", "of", "is", "we", "and", "so", "with", "for", "that", "then", "hence", "this", "in", "to"}): frozenset[str](),
    frozenset(
        {
            "el",
            "los",
            "las",
            "una",
            "por",
            "para",
            "con",
            "que",
            "es",
            "del",
            "donde",
            "entonces",
            "sea",
            "cuando",
            "verosimilitud",
            "datos",
            "si",
        }
    ): frozenset({"y", "o", "a"}),
    frozenset(
        {
            "os",
            "as",
            "uma",
            "por",
            "para",
            "com",
            "que",
            "não",
            "são",
            "do",
            "da",
            "dos",
            "onde",
            "então",
            "verossimilhança",
            "é",
            "seja",
            "quando",
            "número",
            "logo",
        }
    ): frozenset({"e", "o", "a", "é", "à"}),
    frozenset(
        {
            "il",
            "gli",
            "una",
            "per",
            "con",
            "che",
            "sono",
            "della",
            "del",
            "dei",
            "quindi",
            "dove",
            "delle",
            "verosimiglianza",
            "è",
            "sia",
            "quando",
        }
    ): frozenset({"e", "o", "a", "è", "i"}),
    frozenset({"le", "les", "une", "des", "pour", "avec", "que", "est", "donc", "où", "on", "du", "vraisemblance", "nous"}): frozenset(
        {"a", "à", "y"}
    ),
    frozenset({"die", "der", "das", "ist", "und", "mit", "für", "wir", "also", "den", "dem", "ein", "eine"}): frozenset[str](),
}
CONJUNCTIONS = frozenset(
    ["set", "and", "or", "so", "hence", "thus", "then", "und", "oder", "also", "et", "ou", "donc", "y", "o", "e", "ma"]
)
JOINS = re.compile(
    rf"(?:{'|'.join(sorted((*LET, *WHERE, *IF, *FOR, *FILLERS, *SHORT_WORDS, *CONJUNCTIONS, *COPULAS, *LINKS, *JOINING)))})", re.I
)
PLACES = frozenset(
    {
        "at",
        "for",
        "with",
        "in",
        "when",
        "if",
        "where",
        "bei",
        "für",
        "an",
        "mit",
        "en",
        "pour",
        "à",
        "em",
        "para",
        "per",
        "con",
        "com",
        "при",
        "для",
        "в",
        "bij",
        "voor",
        "dla",
        "vid",
        "för",
    }
)
GOES_ON = re.compile(r"[\w)\]²³]\s*[-+−*·^]\s*[\w(\\√]")
ORDER = re.compile(r"[<>≤≥]")
CHOSEN = re.compile(r"(?:\d|(?<![A-Za-z])[A-Za-z])\s+$")
AHEAD = 200  # characters behind a word that are looked at
CALL = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)['′]*\s*(.?)")
RUN_TOGETHER = re.compile(r"d?(?:ln|log)(?:L|l|[a-z])|(?!that$|[CcWw]hat$|That$)[a-zA-Z](?:hat|bar)")
DIFFERENTIAL = re.compile(r"d(?:L|l|[a-z]+)")
AS_FUNCTION = re.compile(
    r"\s*[(_^]|\s*[A-Za-z]_?[ij\d]\b|\s+(?:log|ln|exp|sqrt|max|min|sum|prod|abs)\b|\s*[√|]|\s+\d*[A-Za-z](?:\s?[\^*/]|\()"
)
AS_NAME = re.compile(r"\s*[=(]|\s*$|\s*[.,;)]|\s+\w+\s*[)=]")
ENGLISH_TOO = {  # names that are words as well, with what shows the name behind them
    **dict.fromkeys(("sum", "product", "average", "mean"), AS_FUNCTION),
    **dict.fromkeys(("constant", "var", "likelihood", "lik", "inf"), AS_NAME),
}  # fmt: skip
ARTICLES = frozenset(["a", "A", "I"])


@dataclass(slots=True)
class _Token:
    kind: str  # sign, arrow, math, prose, comma, end, space
    start: int
    end: int


def words_of_one_letter(text: str) -> frozenset[str]:
    """The words of one letter in the language that a text is written in."""
    said = {w.lower() for w in re.findall(r"[^\W\d_]+", text)}
    best = max(LANGUAGES, key=lambda words: len(said & words))
    return LANGUAGES[best] if len(said & best) >= 2 else frozenset()


def plain_row(
    line: Source,
    names: Collection[str],
    goes_on: bool,
    decimal_comma: bool = False,
    articles: frozenset[str] = frozenset(),
    units: re.Pattern[str] | None = None,
) -> Row | None:
    """The pieces of a line that holds a relation or an arrow; None for a line of words.

    names: what is declared.  decimal_comma: 0,25 is a number.  articles: words of one letter.  units: what is a unit behind a number.  goes_on: the line before it holds a formula to its end, so that symbols alone go on from it.
    """
    for pattern, new in CLEANED:
        line = line.sub(pattern, new) if pattern.search(line.text) else line
    line = line.sub(DECIMAL if decimal_comma else THOUSANDS, lambda m: m[1] + ("." if decimal_comma else "") + m[2])
    line = line.sub(units, "") if units is not None else line
    if TABLE_ROW.match(line.text):
        line = line.sub(CELL, " ; ")
    text = line.text
    if RULE.match(text):
        return None
    bullet = BULLET.match(text)
    begin = bullet.end() if bullet else 0
    if goes_on and not any(m["sign"] for m in TOKEN.finditer(text)):
        begin = len(text) - len(text.lstrip())
    stop = len(text.rstrip())
    for pattern in (NUMBERED, TO_BOTH_SIDES):
        if (m := pattern.search(text, begin)) is not None and m.start() > begin:
            stop = min(stop, m.start())
    tokens = _tokens(text, begin, stop, names)
    for t in tokens:
        if (
            t.kind == "math"
            and text[t.start : t.end] in articles
            and text[t.end : t.end + 1].isspace()
            and not text[max(0, t.start - 1) : t.start].strip()
        ):
            t.kind = "prose"
    signs = any(t.kind in ("sign", "arrow") for t in tokens)
    if not signs and not (goes_on and tokens and all(t.kind in ("math", "space") for t in tokens) and _operator(text[tokens[0].start])):
        return None
    row = Row(list(_pieces(line, tokens, signs)))
    return row if any(p.kind in ("sign", "arrow", "side") for p in row.pieces) else None


def _operator(c: str) -> bool:
    return c in OPERATORS


def _tokens(text: str, at: int, stop: int, names: Collection[str]) -> list[_Token]:
    out: list[_Token] = []
    while at < stop:
        m = TOKEN.match(text, at, stop)
        assert m is not None
        at = m.end()
        kind = _kind(m, text, names)
        if m["hyphened"] is not None and kind == "math":  # a - b
            at = m.start() + m.group().index("-")
        out.append(_Token(kind, m.start(), at))
    return out


def _kind(m: re.Match[str], text: str, names: Collection[str]) -> str:
    whole = m.group()
    if m["sign"]:
        return "arrow" if whole in ARROWS else "sign"
    if m["space"]:
        return "space"
    if m["command"]:
        return "math"
    if m["number"]:
        return "prose" if re.match(r"(?:st|nd|rd|th|ème|er)\b", text[m.end() : m.end() + 10]) else "math"
    if m["dots"]:
        return "math"
    if m["apostrophe"] or m["other"] or m["abbreviation"]:
        return "prose"
    if m["hyphened"]:
        parts = whole.split("-")
        if all(len(p) == 1 or p in WORDS or p in names for p in parts) and not re.match(r"[a-z]-?th\b|log-?lik", whole):
            return "math"
        return "prose"
    if m["word"]:
        return "math" if _is_symbol(m, text, names) else "prose"
    if whole in ",;":
        return "comma"
    if whole == ".":
        return "end" if not text[m.end() : m.end() + 1].isalnum() else "math" if text[m.start() - 1 : m.start()].isdigit() else "end"
    if whole == "#":
        return "prose"
    if whole in ENDS:
        return "end"
    if whole in SYMBOLS or "\u0370" <= whole <= "\u03ff" or "\u0300" <= whole <= "\u036f":
        return "math"
    return "end"


def _is_symbol(m: re.Match[str], text: str, names: Collection[str]) -> bool:
    """Whether a word is a name or a function of a formula."""
    word, rest = m["word"], text[m.end() : m.end() + AHEAD]
    after, before = rest[:1], text[m.start() - 1 : m.start()]
    if m["accent"] or word in names or len(word) == 1:
        return True
    if (after and after in "_^") or before == "_" or (before == "{" and text[m.start() - 2 : m.start() - 1] in "_^"):
        return True
    if word == "choose":
        return CHOSEN.search(text[max(0, m.start() - 6) : m.start()]) is not None and re.match(r"\s+(?:\d+|[A-Za-z])\b", rest) is not None
    if word in ENGLISH_TOO:
        return ENGLISH_TOO[word].match(rest) is not None
    if word in WORDS:
        return True
    if RUN_TOGETHER.fullmatch(word) or (word[-3:] in ("hat", "bar") and word[:-3] in names):
        return True
    if word in ("dl", "dL", "dp") or (
        DIFFERENTIAL.fullmatch(word)
        and ("/" in (before, after) or re.search(r"(?:[/∂]|(?<![A-Za-z])d)\s*$", text[max(0, m.start() - 10) : m.start()]))
    ):
        return True
    if after == "(":
        return _is_called(word, rest)
    return (
        len(word) <= 3
        and word.isascii()
        and word not in SHORT_WORDS
        and _is_product(word, text[max(0, m.start() - 10) : m.start()], rest, names)
    )


def _is_called(word: str, rest: str) -> bool:
    """Whether a word right before a bracket is a function: loglik(theta) = ..., and no word as in estimate(s)."""
    inside = CALL.match(rest)
    if inside is None or inside[1] in ("s", "es", "en", "e", "n", "a"):
        return False
    short = len(word) == 2 and word not in SHORT_WORDS
    return word in FUNCTIONAL or short or bool(inside[2] and inside[2] in "=<>≤≥≈∝+-−*/·" and len(word) <= 10)


def _is_product(word: str, before: str, rest: str, names: Collection[str]) -> bool:
    """Whether a short word is a product of letters, np or kx, beside an operator."""
    beside = re.search(r"[-+*/=<>(^·−≤≥≈\d]\s?$", before) or re.match(r"\s?[-+*/=<>)^·−≤≥≈]", rest)
    return beside is not None and all(c in names or c in "nNxypkm" for c in word)


def _pieces(line: Source, tokens: list[_Token], signs: bool) -> Iterator[Piece]:
    """Words and formulas in turns."""
    text = line.text
    runs = _runs(text, tokens) if signs else [(0, len(tokens))]
    at = 0
    for first, last in runs:
        yield from _words(line, tokens[at:first])
        if at and all(t.kind == "space" for t in tokens[at:first]):  # words are the side of a sign right behind another formula
            yield Piece("blank", "", tokens[first].start, line[tokens[first].start : tokens[first].start])
        yield from _formula(line, tokens[first:last])
        at = last
    yield from _words(line, tokens[at:])


def _runs(text: str, tokens: list[_Token]) -> list[tuple[int, int]]:
    """Where the formulas are: symbols around signs; words, where a sign has nothing else beside it."""
    out: list[tuple[int, int]] = []
    k = 0
    while k < len(tokens):
        if tokens[k].kind not in ("math", "sign", "arrow"):
            k += 1
            continue
        end = k
        while end < len(tokens) and tokens[end].kind in ("math", "sign", "arrow", "space", "comma"):
            end += 1
        for first, last in _parts(text, tokens, k, end):
            out.append(_grown(text, tokens, first, last, out[-1][1] if out else 0))
        k = max(end, out[-1][1] if out else end)
    return out


def _parts(text: str, tokens: list[_Token], first: int, last: int) -> list[tuple[int, int]]:
    """The part of a run of symbols that is a formula: from its first sign's left side to its last sign's right side."""
    if not any(t.kind in ("sign", "arrow") for t in tokens[first:last]):
        return []
    while first < last and tokens[first].kind in ("space", "comma"):
        first += 1
    while last > first and tokens[last - 1].kind in ("space", "comma"):
        last -= 1
    # what stands before a comma without a sign is a list of words: "for a, b = 3"
    while True:
        stretch = tokens[first:last]
        comma = next((k for k, t in enumerate(stretch) if t.kind == "comma"), None)
        sign = next((k for k, t in enumerate(stretch) if t.kind in ("sign", "arrow")), 0)
        if comma is None or comma > sign or _depth(text, tokens, first, first + comma) > 0:
            break
        first += comma + 1
        while first < last and tokens[first].kind == "space":
            first += 1
    numbered = ENUMERATED.match(text, tokens[first].start) if first < last else None
    if numbered is not None and not (text[tokens[first].start].isalpha() and text[tokens[first].end : tokens[first].end + 1] == "("):
        while first < last and tokens[first].start < numbered.end():
            first += 1
    word = text[tokens[first].start : tokens[first].end]
    if (
        word in ARTICLES
        and first + 2 < last
        and tokens[first + 1].kind == "space"
        and re.match(r"[\w\\√(]", text[tokens[first + 2].start :][:1])
    ):
        first += 2  # "a p = 3"
    return [(first, last)] if first < last else []


def _depth(text: str, tokens: list[_Token], first: int, last: int) -> int:
    inside = "".join(text[t.start : t.end] for t in tokens[first:last] if t.kind == "math")
    return sum((c in "([{") - (c in ")]}") for c in inside)


def _grown(text: str, tokens: list[_Token], first: int, last: int, since: int) -> tuple[int, int]:
    """The run with the words that are a side of it, where it begins or ends in a sign."""
    if tokens[first].kind == "sign":
        k = first
        while k > since and tokens[k - 1].kind in ("prose", "space", "math"):
            k -= 1
        while k < first and tokens[k].kind == "space":
            k += 1
        said = [text[t.start : t.end].lower() for t in tokens[k:first] if t.kind == "prose"]
        if (formula := _said_of(text, tokens, since, first)) >= 0:
            first = formula
        elif said and not all(w in CONJUNCTIONS for w in said) and not all(w in COPULAS for w in said):
            first = k
    if tokens[last - 1].kind == "sign":
        k = last
        while k < len(tokens) and tokens[k].kind in ("prose", "space", "math"):
            k += 1
        while k > last and tokens[k - 1].kind == "space":
            k -= 1
        if any(t.kind == "prose" for t in tokens[last:k]):
            last = k
    return first, _whole(text, tokens, last)


def _whole(text: str, tokens: list[_Token], last: int) -> int:
    """Where a side ends with the word that is in it, as in "(c-1) zum ln x - m": a word that joins nothing, and a formula goes on behind it."""
    k = last + (last < len(tokens) and tokens[last].kind == "space")
    if (
        k >= len(tokens)
        or tokens[k].kind != "prose"
        or tokens[last - 1].kind != "math"
        or JOINS.fullmatch(text, tokens[k].start, tokens[k].end)
    ):
        return last
    end = k + 1
    while end < len(tokens) and tokens[end].kind in ("math", "space"):
        end += 1
    if end < len(tokens) and tokens[end].kind in ("sign", "arrow"):
        return last
    behind = text[tokens[k].end : tokens[end - 1].end]
    return end if GOES_ON.search(behind) and re.search(r"[^\W\d]", behind) else last


def _said_of(text: str, tokens: list[_Token], since: int, sign: int) -> int:
    """Where the formula begins that a copula parts from its sign, "the slope n/k - m is > 0"; -1 where there is none."""
    end = sign
    while end > since and (
        tokens[end - 1].kind in ("space", "comma") or text[tokens[end - 1].start : tokens[end - 1].end].lower() in COPULAS
    ):
        end -= 1
    first = end
    while first > since and tokens[first - 1].kind in ("math", "space"):
        first -= 1
    while first < end and tokens[first].kind == "space":
        first += 1
    if first == end or end == sign or not any(t.kind == "prose" for t in tokens[end:sign]):
        return -1
    before = [text[t.start : t.end].lower() for t in tokens[max(0, first - 2) : first] if t.kind == "prose"]
    if before and before[-1] in PLACES:  # "at theta_hat this is < 0" speaks of something else
        return first - 2
    for t in tokens[end:sign]:
        t.kind = "space"
    return first


def _words(line: Source, tokens: list[_Token]) -> Iterator[Piece]:
    if tokens:
        part = line[tokens[0].start : tokens[-1].end].stripped()
        if part.text:
            yield Piece("words", " ".join(part.text.split()), tokens[0].start, part)


def _formula(line: Source, tokens: list[_Token]) -> Iterator[Piece]:
    """Sides, signs, arrows and commas; a bracket around the whole, or one that is never closed, is none of it."""
    text = line.text
    tokens = _unwrapped(text, tokens)
    depth = 0
    side: list[_Token] = []
    for k, t in enumerate(tokens):
        inside = text[t.start : t.end]
        comma = t.kind == "comma" and (not text[t.end : t.end + 1].isalpha() or t is tokens[-1] or inside == ";")
        gap = t.kind == "space" and len(inside) >= 4 and _between(text, tokens, k)
        if depth <= 0 and inside == "(" and side and _is_condition(text, tokens, k):
            yield from _side(line, side)
            side = []
            yield Piece("words", "for", t.start, line.instead(t.start, t.end, "for"))
            depth = -1  # its other bracket is none of the formula
            continue
        if inside == "(" and t.kind == "prose":  # a bracket that holds relations of its own
            yield from _side(line, side)
            side = []
            yield Piece("words", "(", t.start, line[t.start : t.end])
            continue
        if depth < 0 and inside == ")":
            depth = 0
            continue
        if depth <= 0 and (t.kind in ("sign", "arrow") or comma or gap):
            yield from _side(line, side)
            side = []
            kind = "blank" if gap else "comma" if comma else t.kind
            value = SIGNS[inside] if kind == "sign" else ARROWS[inside] if kind == "arrow" else inside
            yield Piece(kind, value, t.start, line[t.start : t.end], set=inside == "=!")
        else:
            depth += sum((c in "([{") - (c in ")]}") for c in inside) if t.kind == "math" else 0
            side += [t] if t.kind != "space" else []
    yield from _side(line, side)


def _is_condition(text: str, tokens: list[_Token], k: int) -> bool:
    """Whether the bracket at this place holds a side condition: f(x) = 2x (0 < x < 1)."""
    if k < 2 or tokens[k - 1].kind != "space" or text[tokens[k - 2].end - 1] in "+-*/=^(·−":
        return False
    depth = 0
    for j in range(k, len(tokens)):
        c = text[tokens[j].start : tokens[j].end]
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return ORDER.search(text, tokens[k].start, tokens[j].end) is not None and all(
                t.kind in ("space", "comma", "end") for t in tokens[j + 1 : j + 2]
            )
    return False


def _between(text: str, tokens: list[_Token], k: int) -> bool:
    """Whether a wide gap parts two formulas, rather than a sign from its side."""
    before, behind = tokens[k - 1] if k else None, tokens[k + 1] if k + 1 < len(tokens) else None
    if before is None or behind is None or "sign" in (before.kind, behind.kind) or "arrow" in (before.kind, behind.kind):
        return False
    return not _operator(text[before.end - 1]) and text[behind.start] not in "+-−*/·×)"


def _side(line: Source, tokens: list[_Token]) -> Iterator[Piece]:
    if not tokens:
        return
    part = line[tokens[0].start : tokens[-1].end]
    part = part[: len(part.text.rstrip(".?" if re.search(r"[A-Za-z)\]}]!$", part.text) else ".!?"))].stripped()
    if part.text:
        yield Piece("side", part.text, tokens[0].start, part, words=any(t.kind == "prose" for t in tokens))


def _said_before(text: str, at: int) -> bool:
    """Whether what stands before a bracket is whole, so that the bracket is no argument and no factor."""
    before = text[max(0, at - 20) : at].rstrip()
    return re.search(r"(?:^|[^A-Za-z0-9_])(?:P|Pr|E|I|1|Var|\\[A-Za-z]+)$|[-+*/=<>(,;·×−^]$", before) is None


def _unwrapped(text: str, tokens: list[_Token]) -> list[_Token]:
    """Without the brackets around the whole and without those that have no partner."""
    singles: list[_Token] = []
    for t in tokens:
        if t.kind == "math" and t.end - t.start > 1 and any(c in "()" for c in text[t.start : t.end]):
            singles += [_Token("math", k, k + 1) for k in range(t.start, t.end)]
        else:
            singles.append(t)
    stack: list[int] = []
    lone: set[int] = set()
    pairs: dict[int, int] = {}
    for k, t in enumerate(singles):
        c = text[t.start : t.end]
        if c == "(":
            stack.append(k)
        elif c == ")":
            if stack:
                pairs[stack.pop()] = k
            else:
                lone.add(k)
    lone |= set(stack)
    for opening, shut in pairs.items():  # (= 3/5), (p = 3/5)
        inside = singles[opening + 1 : shut]
        whole = all(t.kind == "space" for t in (*singles[:opening], *singles[shut + 1 :]))
        first = next((t for t in inside if t.kind != "space"), None)
        if (whole and any(t.kind == "sign" for t in inside)) or (first is not None and first.kind == "sign"):
            lone |= {opening, shut}
        elif any(t.kind == "sign" for t in inside) and singles[opening - 1].kind == "space" and _said_before(text, singles[opening].start):
            lone.add(shut)
            singles[opening] = _Token("prose", singles[opening].start, singles[opening].end)
    return [t for k, t in enumerate(singles) if k not in lone]
