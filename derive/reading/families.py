"""Texts with families, letters with an index of which there are as many as a letter says, p_k for k = 1, ..., K: what the families are.

Which letters have an index shows in the text: they have a subscript that a sum or product runs over.  Where an operator has no upper
end, it is that of the same index elsewhere, else the capital of its letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import NotValid
from ..formula.families import Family
from ..formula.names import GREEK, canonical
from ..formula.tree import (
    ONE,
    At,
    Big,
    Call,
    Formula,
    Pow,
    Relation,
    Sym,
    children,
    names,
    walk,
)
from .context import FUNCTIONS, Context, Sentence
from .read import decide_syntax
from .sympytext import read_sympy
from .tex import read_latex

BIG_TEX = re.compile(
    r"\\(sum|prod)(?:\\(?:no)?limits)?\s*_\s*(?:\{\s*(?P<in>[A-Za-z](?:\s*,\s*[A-Za-z])*)\s*(?P<low>=\s*1)?\s*\}|(?P<one>[A-Za-z]))"
    r"(?P<up>\s*\^)?"
)
BIG_SYMPY = re.compile(r"\(\s*([A-Za-z])\s*,\s*1\s*,")
SUBSCRIPT = re.compile(r"(\\[A-Za-z]+|[A-Za-z])\s*_\s*(?:\{([^{}]*)\}|([A-Za-z]))")
BRACKETED = re.compile(r"([A-Za-z]+)_?\s*\[([^\[\]]*)\]")
OF_A_VALUE = re.compile(
    r"\s*\$?\s*\\?(?:mathrm\{)?(?:P|Pr|p|f)\}?\s*(?:\\left)?\(\s*([A-Z])(?:_\{?i\}?)?\s*=\s*([a-z])\s*(?:[;|][^)]*)?(?:\\right)?\)\s*=\s*"
)
INDICES = frozenset("ijklmrsghabcuvw")
COUNTS = ("n", "x", "y", "t", "m", "z", "w", "s", "u", "v", "N", "d", "c", "o", "e", "h", "O", "E", "X", "Y", "T", "D")


@dataclass(frozen=True)
class FamilyText:
    """What a text with families says.

    formula: the likelihood, or the mass of one observation.  constraints: relations between members, each for all values of its free
    indices.  families: by base.  sizes: the letters at which indices end.  value: of a mass P(X = k) the letter of the value, else "".
    condition: relations that stand behind the formula.
    """

    formula: Formula
    constraints: tuple[Relation, ...]
    families: Mapping[str, Family]
    sizes: tuple[str, ...]
    value: str = ""
    notation: Mapping[str, str] = field(default_factory=dict)


def read_families(text: str, constraints: Sequence[str], declared: Sequence[str], syntax: str | None = None) -> FamilyText | None:
    """The families of a text and its constraints; None where no letter has an index of this kind.  Raises NotValid."""
    head = OF_A_VALUE.match(text)
    body = text[head.end() :] if head is not None else text
    texts = [body, *constraints]
    index = _indices(texts) | ({head[2]} if head is not None else set())
    ends = _ends(texts)
    bases = _bases(texts, index)
    if not bases:
        return None
    firsts = [k.split("_")[0] for k in declared]
    context = Context(
        parameters=frozenset(declared) - bases, data=frozenset(bases), functions=FUNCTIONS - set(declared), index=frozenset(index | INDICES),
        atoms={k[:-1]: k for k in firsts if k.endswith("2")} or {"sigma": "sigma2"} if re.search(r"sigma\}?\^\{?2|sigma2", " ".join(texts)) else {},
    )  # fmt: skip
    first, *rest = [_read(_with_ends(t, ends), context, syntax) for t in texts]
    sentences = [s for s in first if not isinstance(s.formula, Relation)]
    if len(sentences) != 1 and not (len(first) == 1 and isinstance(first[0].formula, Relation)):
        return None
    formula = sentences[0].formula if sentences else _right(first[0].formula)
    further: list[Formula] = [s.formula for s in first if isinstance(s.formula, Relation) and sentences]
    further += [s.condition for s in first if s.condition is not None]
    stated = [r for r in (*further, *(s.formula for group in rest for s in group)) if isinstance(r, Relation)]
    families = _families([formula, *stated], head[2] if head is not None else "", ends)
    if families is None:
        return None
    sizes = tuple(dict.fromkeys(k for f in families.values() for h in f.high for k in names(h) if k not in families and k not in f.index))
    notation = {k: v for s in first for k, v in s.notation.items()}
    return FamilyText(formula, tuple(r for r in stated if not _is_range(r)), families, sizes, head[2] if head is not None else "", notation)


def _read(text: str, context: Context, syntax: str | None) -> Sequence[Sentence]:
    how = syntax or decide_syntax(text)
    return read_latex(text, context) if how == "latex" else read_sympy(text, context)


def _right(f: Formula) -> Formula:
    """The right-hand side of what a likelihood or a density is said to be."""
    return f.sides[-1] if isinstance(f, Relation) else f


def _is_range(r: Relation) -> bool:
    """Whether a condition only says over what an index runs, or what values a letter takes."""
    return "in" in r.signs or (isinstance(r.sides[0], Sym) and len(r.sides[0].name) == 1 and r.signs == ("=",) and r.sides[1] == ONE)


def _indices(texts: Sequence[str]) -> set[str]:
    """The letters over which something runs."""
    found: set[str] = set()
    for t in texts:
        for m in BIG_TEX.finditer(t):
            found |= set(re.findall(r"[A-Za-z]", m["in"] or m["one"]))
        found |= set(BIG_SYMPY.findall(t))
    return found


def _ends(texts: Sequence[str]) -> dict[str, str]:
    """The upper ends of indices, by letter, where they are written as a single letter."""
    out: dict[str, str] = {}
    for t in texts:
        for m in re.finditer(
            r"\\(?:sum|prod)(?:\\(?:no)?limits)?\s*_\s*\{\s*([A-Za-z])\s*=\s*1\s*\}\s*\^\s*\{?\s*([A-Za-z])(?![A-Za-z_])\s*\}?", t
        ):
            out.setdefault(m[1], m[2])
        for m in re.finditer(r"\(\s*([A-Za-z])\s*,\s*1\s*,\s*([A-Za-z])\s*\)", t):
            out.setdefault(m[1], m[2])
    return out


def _with_ends(text: str, ends: Mapping[str, str]) -> str:
    """The text with both ends at every sum and product."""

    def one(m: re.Match[str]) -> str:
        letters = re.findall(r"[A-Za-z]", m["in"] or m["one"])
        if m["up"] and m["low"]:
            return m[0]
        known = [ends[k] for k in letters if k in ends]
        default = known[-1] if known else "n" if letters == ["i"] else letters[-1].upper()
        return "".join(rf"\{m[1]}_{{{k}=1}}^{{{ends.get(k, default)}}}" for k in letters) + (m["up"] or "")

    return BIG_TEX.sub(one, text)


def _bases(texts: Sequence[str], index: set[str]) -> set[str]:
    """The letters with a subscript that runs."""
    out: set[str] = set()
    for t in texts:
        for m in SUBSCRIPT.finditer(t):
            base, sub = m[1], m[2] if m[2] is not None else m[3]
            letters = re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", "", sub))
            if base.lstrip("\\") in ("sum", "prod", "lim", "max", "min", "log"):
                continue
            if letters and set(letters) & index and re.fullmatch(r"[A-Za-z0-9\s,+_{}-]*", sub):
                out.add(canonical(base))
        for m in BRACKETED.finditer(t):
            if set(re.findall(r"[A-Za-z]", m[2])) & index:
                out.add(canonical(m[1]))
    return out


def _families(formulas: Sequence[Formula], value: str, ends: Mapping[str, str]) -> dict[str, Family] | None:
    """The families in some formulas, by base; None where what an index runs over does not show.  Raises NotValid for an index that runs
    to two different ends."""
    high: dict[tuple[str, int], Formula] = {}
    letter: dict[tuple[str, int], str] = {}
    length: dict[str, int] = {}

    def visit(f: Formula, scope: Mapping[str, Formula]) -> None:
        if isinstance(f, Big):
            visit(f.high, scope)
            visit(f.body, {**scope, f.index: f.high})
            return
        if isinstance(f, At):
            if length.setdefault(f.base, len(f.index)) != len(f.index):
                raise NotValid(f"{f.base} has {length[f.base]} indices at one place and {len(f.index)} at another")
            for j, k in enumerate(f.index):
                if not isinstance(k, Sym):
                    continue
                where = (f.base, j)
                if k.name in scope:
                    end = scope[k.name]
                    if where in high and high[where] != end and not _shorter(end, high[where]) and not _shorter(high[where], end):
                        raise NotValid(f"the index of {f.base} runs to {_name(high[where])} at one place and to {_name(end)} at another")
                    if where not in high or _shorter(high[where], end):
                        high[where] = end
                    letter.setdefault(where, k.name)
                elif len(k.name) == 1 and k.name.islower():
                    letter.setdefault(where, k.name)
        for g in children(f):
            visit(g, scope)

    for f in formulas:
        visit(f, {})
    out: dict[str, Family] = {}
    for base, count in length.items():
        places = [(base, j) for j in range(count)]
        index = tuple(letter.get(w, "") for w in places)
        if "" in index and not value:
            return None
        index = tuple(k or value for k in index)
        highs = [
            high.get(w) or (Sym(ends[k]) if k in ends else Sym(k.upper()) if value else None) for w, k in zip(places, index, strict=True)
        ]
        if any(h is None for h in highs) or len(set(index)) < len(index):
            return None
        out[base] = Family(base, index, tuple(h for h in highs if h is not None))
    return out


def _shorter(a: Formula, b: Formula) -> bool:
    """Whether a is K - 1 where b is K."""
    return a != b and bool(names(b)) and names(a) == names(b) and not isinstance(a, Sym)


def _name(f: Formula) -> str:
    return f.name if isinstance(f, Sym) else "another end"


def is_count(base: str, formulas: Sequence[Formula], greek: frozenset[str] = GREEK) -> bool:
    """Whether a letter with an index is observed, by where it stands: as an exponent, in a factorial; else by what it is called."""
    for f in formulas:
        for g in walk(f):
            if isinstance(g, Pow) and base in names(g.exponent) and base not in names(g.base):
                return True
            if isinstance(g, Call) and g.name in ("factorial", "binomial") and base in names(g):
                return True
    return base in COUNTS and base not in greek


__all__ = ["FamilyText", "is_count", "read_families"]
