"""Text -> `Domain`: words, intervals, sets and inequalities, as people write domains and supports.

Only the outer form is read here; the arithmetic at the ends is read by the readers of formulas.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace as changed
from fractions import Fraction

from ..calls import of_sympy
from ..errors import DeriveError, NotValid
from ..formula.names import canonical
from ..formula.tree import And, Const, Dots, Formula, Num, Relation, SetOf, Span, Sym, has, names, neg, rational, walk
from ..sets.conditions import from_condition, from_set
from ..sets.domain import COUNTS, INFINITY, INTEGERS, MINUS_INFINITY, NATURAL, NEGATIVE, NONNEGATIVE, NONPOSITIVE, POSITIVE, REAL, Domain
from .brackets import cut
from .context import Context
from .sympytext import read_sympy
from .tex import read_latex

LONGEST = 500
HINT = 'write for example "positive", "(0, 1)", "[a, oo)", "{0, 1, 2, ...}", "x > 0" or "0 <= x <= theta"'
WORDS = {
    "real": REAL, "reals": REAL, "positive": POSITIVE, "nonnegative": NONNEGATIVE, "negative": NEGATIVE, "nonpositive": NONPOSITIVE,
    "integer": INTEGERS, "positive integer": NATURAL, "nonnegative integer": COUNTS, "natural number": NATURAL, "count": COUNTS,
    "whole number": INTEGERS, "positive whole number": NATURAL, "nonnegative whole number": COUNTS, "real number": REAL, "real line": REAL,
    "positive real": POSITIVE, "positive real number": POSITIVE, "positive number": POSITIVE, "nonnegative real": NONNEGATIVE,
    "nonnegative real number": NONNEGATIVE, "nonnegative number": NONNEGATIVE, "negative number": NEGATIVE, "negative real": NEGATIVE,
    "R": REAL, "Z": INTEGERS, "N": NATURAL, "N_0": COUNTS, "N0": COUNTS,
}  # fmt: skip
END = "(?![A-Za-z])"  # of a LaTeX command
SPELLINGS = (  # what people write, to what is read
    (rf"\\(?:left|right|[bB]igg?[lr]?|q?quad){END}|\\[,;!: ]", " "),
    (rf"\\\{{|\\lbrace{END}", "{"),
    (rf"\\\}}|\\rbrace{END}", "}"),
    (rf"\\[lc]?dots[co]?{END}|…|⋯|(?<!\.)\.\.(?!\.)", "..."),
    (rf"\\(?:leqslant|leqq|leq|le){END}|≤|⩽|=<", "<="),
    (rf"\\(?:geqslant|geqq|geq|ge){END}|≥|⩾|=>", ">="),
    (rf"\\lt{END}", "<"),
    (rf"\\gt{END}", ">"),
    (rf"\\in{END}|∈|∊", " in "),
    (rf"\\infty{END}|∞|\binfinity\b|\binf\b", "oo"),
    (r"\\math(?:bb|bf|rm|cal)\s*\{?([RZN])\}?", r"\1"),
    ("ℝ", "R"),
    ("ℤ", "Z"),
    ("ℕ", "N"),
    ("₀", "_0"),
    ("−", "-"),
    (r"\|([^|]+)\|", r"abs(\1)"),
    (r"non-(?=negative|positive)", "non"),
    (r"\\(?:text|mathrm)\s*\{\s*(and|for|if|where|integer|real)\s*\}", r" \1 "),
    ("∧|&+", " and "),
)
NO_LETTERS = frozenset({*WORDS, "in", "and", "frac", "for", "if", "where", "..."}) - {"N", "R", "Z", "N_0", "N0"}
SETS = {"Reals": "real", "Naturals0": "{0, 1, 2, ...}", "Naturals": "{1, 2, 3, ...}", "Integers": "integer"}  # of SymPy
KINDS = "(?:positive |nonnegative )?(?:integer|real|positive|nonnegative|negative)"
LETTER = r"\\?[^\W\d]\w*(?:_\{\w+\})?"
SUBJECT = re.compile(
    rf"\s*(?:(?P<first>{LETTER})\s*(?:[<>≤≥∈]|\\(?:in|[lg]eq?)(?![A-Za-z])|in\b)|[-+.\d/\s]+(?:[<>≤≥]=?|\\[lg]eq?(?![A-Za-z]))\s*(?P<between>{LETTER})\s*(?:[<>≤≥]|\\[lg]e|\Z))"
)
NAME = re.compile(r"\\?[A-Za-z]+(?:_?\{?\w+\}?)?\Z")


def read(text: str, subject: str | None = None, letters: Collection[str] = ()) -> Domain:
    """The domain that text describes; subject is the name of the letter that it is about, where that is known.

    letters: names that are letters here, even where they mean a constant elsewhere (e, E, pi).

    Raises NotValid with the text, the position and what to write instead.
    """
    if not isinstance(text, str):
        raise NotValid(f"a domain is text, not {type(text).__name__}", hint=HINT)
    if len(text) > LONGEST:
        raise NotValid(f"a domain of {len(text)} characters is too long to read", hint=HINT)
    t = text
    for pattern, meant in SPELLINGS:
        t = re.sub(pattern, meant, t)
    if subject is not None:
        t = re.sub(rf"(?<![A-Za-z]){re.escape(subject)}_(?:i\b|\{{i\}})", subject, t)
    t = re.sub(r"^\s*(?:for|if|where)\s", " ", t.rstrip(" .,;") if not t.rstrip().endswith("...") else t).strip()
    try:
        return _Reader(text, subject, letters).domain(t)
    except DeriveError as e:
        if e.text == text:
            raise
        position = e.position if e.position is not None and e.text is not None and e.text in text else 0
        if e.text is not None and e.text in text:
            position += text.index(e.text)
        raise type(e)(e.message, text=text, position=min(position, len(text)), hint=e.hint or HINT) from None


def subject_of(condition: str) -> str | None:
    """The letter that a condition is about, "lambda > 0", "p in (0, 1)", "0 < mu < 1"; None for a text that is no condition."""
    m = SUBJECT.match(condition)
    return None if m is None else (m["first"] or m["between"])


def as_text(given: object) -> str:
    """The text for a domain that is given as a set of SymPy; any other as it is written."""
    if not of_sympy(given):
        return str(given)
    kind = type(given).__name__
    if kind == "Interval":
        low, high, left, right = given.args  # type: ignore[attr-defined]
        return f"{'(' if left else '['}{low}, {high}{')' if right else ']'}"
    if kind in ("FiniteSet", "Range"):
        return "{" + ", ".join(map(str, given.args)) + "}" if kind == "FiniteSet" else str(given)  # type: ignore[attr-defined]
    return SETS.get(str(given), str(given))


class _Reader:
    def __init__(self, text: str, subject: str | None, letters: Collection[str]):
        self.text, self.subject, self.letters = text, subject, frozenset(letters)

    def domain(self, t: str) -> Domain:
        bare = " ".join(t.split())
        if bare in WORDS:
            return WORDS[bare]
        words = re.sub(r"^(?:the|all|an?) |s$", "", re.sub(r"^(?:the|all) ", "", bare.lower()))
        if words in WORDS:
            return WORDS[words]
        head, inside, tail = _partition(t, " in ")
        if inside:
            self.check_subject(head)
            return self.domain(tail.strip())
        worded = re.fullmatch(
            r"(\S+)\s+(?:is\s+)?(?:an?\s+)?((?:positive |nonnegative )?(?:integer|real|positive|nonnegative|negative))", bare
        )
        if worded and worded[1] not in ("positive", "nonnegative"):
            self.check_subject(worded[1])
            return WORDS[worded[2]]
        listed = re.fullmatch(r"([^=<>]+)=([^=<>]*,[^=<>]*)", t)
        if listed:
            self.check_subject(listed[1])
            return self.domain("{" + listed[2] + "}")
        parts = [p for p in _split(t, r",|;|\band\b") if p.strip()]
        if any(_has_sign(p) for p in parts):
            return self.inequalities(parts)
        if len(t) > 2 and t[0] in "([]" and t[-1] in ")][" and len(parts) == 2:
            low, high = map(self.end, parts_inside(t))
            return from_condition(Span(low, high, t[0] in "(]", t[-1] in ")["), self.subject or "x")
        if len(parts) > 2 and t[:1] != "{" and any(p.strip() == "..." for p in parts):  # 0, 1, ..., m
            return self.domain("{" + t + "}")
        if t[:1] == "{" and t[-1:] == "}" and not re.fullmatch(r"\{[^,;]*\.\.\.[^,;]*\}", t):
            return from_set(SetOf(tuple(self.item(p) for p in _split(t[1:-1], ",|;") if p.strip())))
        if run := re.fullmatch(r"([^,:(\[{]+?)\s*(?:\.\.\.|:|\bto\b|–)\s*([^,:)\]}]+)", t.strip("{ }")):  # 0..m, 0:m, 0 to m
            return self.domain(f"{{{run[1]}, ..., {run[2]}}}")
        raise self.wrong(f"this is no set of numbers: {self.text.strip()!r}" if t else "the text of a domain is empty", t)

    def inequalities(self, parts: list[str]) -> Domain:
        relations: list[Formula] = []
        integer = False
        for p in parts:
            worded = re.match(r"\s*((?:positive |nonnegative )?integer)\b(?=\s*[<>=])|\s*(?:\w+\s+)?(integer)\s*\Z", p)
            if worded:
                integer = True
                p = p[worded.end() :]
                if not p.strip():
                    continue
                p = (self.subject or "x") + p
            sides, signs = _chain(p)
            if len(sides) < 2:
                raise self.wrong(f"this is no condition: {p.strip()!r}", p)
            relations.append(Relation(tuple(map(self.end, sides)), tuple(signs)))
        subject = self.subject or self.one_letter(relations)
        spoken = [r for r in relations if not isinstance(r, Relation) or self.mentions(r, subject)]
        if not spoken:
            raise self.wrong(f"this does not speak of {subject}", parts[0])
        d = from_condition(And(tuple(relations)) if len(relations) > 1 else relations[0], subject)
        return changed(d, integer=True) if integer else d

    def one_letter(self, relations: list[Formula]) -> str:
        found = set().union(*map(names, relations))
        return next(iter(found)) if len(found) == 1 else "x"

    def mentions(self, r: Relation, subject: str) -> bool:
        return has(r, Sym(subject))

    def item(self, t: str) -> Formula:
        return Dots() if t.strip() == "..." else self.end(t)

    def end(self, t: str) -> Formula:
        """One end or member: a number, a letter, infinity, or arithmetic."""
        s = t.strip()
        if s in ("oo", "+oo"):
            return INFINITY
        if re.fullmatch(r"-\s*oo", s):
            return MINUS_INFINITY
        if s[:1] == "-" and re.fullmatch(r"[\w.\\]+", s[1:].strip()):
            return neg(self.end(s[1:]))
        if re.fullmatch(r"\d+(\.\d+)?", s):
            return Num(Fraction(s))
        if re.fullmatch(r"\d+/\d+", s) and Fraction(int(s.split("/")[1])):
            return rational(Fraction(s))
        if s in ("pi", r"\pi") and "pi" not in self.letters:
            return Const("pi")
        if s.lstrip("\\") in NO_LETTERS:
            raise self.wrong(f"a number or a letter is expected here, not {s!r}", t)
        if NAME.match(s) and (s not in ("e", "E") or s in self.letters):
            return Sym(self.name(s))
        if not s:
            raise self.wrong("a number or a letter is missing here", t)
        context = Context(parameters=self.letters, data=frozenset(), functions=frozenset())
        if "\\" in s:
            sentences = read_latex(s, context)
        else:
            sentences = read_sympy(s, context)
        if len(sentences) != 1 or any(isinstance(g, (Relation, And, Dots, SetOf, Span)) for g in walk(sentences[0].formula)):
            raise self.wrong(f"one number is expected here, not {s!r}", t)
        return sentences[0].formula

    def name(self, s: str) -> str:
        """The inside name; the subject itself may carry the index of an observation."""
        name = canonical(s)
        own = self.subject is not None and name.removesuffix("_i") in (self.subject, self.subject.upper())
        return self.subject if own and self.subject is not None else name

    def check_subject(self, head: str) -> None:
        h = head.strip()
        if not NAME.match(h):
            raise self.wrong(f"before 'in' stands one letter, not {h!r}", head)
        name = self.name(h)
        if self.subject is not None and name != self.subject:
            raise self.wrong(f"this mentions {name}, but the letter is {self.subject}", head)

    def wrong(self, message: str, at: str) -> NotValid:
        s = at.strip()
        position = self.text.find(s) if s else 0
        return NotValid(message, text=self.text, position=max(position, 0), hint=HINT)


def parts_inside(t: str) -> list[str]:
    """The parts between the outer brackets of an interval."""
    return _split(t[1:-1], ",|;")


def _split(t: str, separators: str) -> list[str]:
    """t at the separators that stand outside all brackets (the outermost pair of a bracketed text does not count)."""
    whole = t != "" and t[0] in "([]{" and t[-1] in ")][}" and _outer(t)
    return cut(t[1:-1] if whole else t, re.compile(separators))


def _outer(t: str) -> bool:
    """Whether the first bracket closes at the very end (an interval may mix kinds of brackets)."""
    if t[0] in "]" or t[-1] in "[":
        return True
    depth = 0
    for j, c in enumerate(t):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0:
            return j == len(t) - 1
    return False


def _partition(t: str, word: str) -> tuple[str, str, str]:
    head, found, tail = f" {t} ".partition(word)
    return head, found, tail


def _has_sign(t: str) -> bool:
    return bool(re.search(r"[<>=]", t))


def _chain(t: str) -> tuple[list[str], list[str]]:
    signs = re.findall(r"<=|>=|!=|==|<|>|=", t)
    return re.split(r"<=|>=|!=|==|<|>|=", t), [{"==": "="}.get(s, s) for s in signs]
