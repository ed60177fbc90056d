"""Chains -> claims: sides read, in the problem's own names; what a claim defines, what it is a condition of."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace

from ...errors import DeriveError, NotValid
from ...formula.tree import (
    ZERO,
    Add,
    Apply,
    At,
    Call,
    Div,
    Formula,
    Neg,
    Num,
    Pow,
    SetOf,
    Sym,
    add,
    children,
    has,
    num,
    replace_all,
    transform,
    walk,
)
from ...reading.source import Source
from ...reading.sympytext import read_sympy
from ...reading.tex.parsed import Parsed
from ...reading.tex.side_conditions import set_literal
from ..claims import CONSTANT, ENDS, MAXIMA, Claim, Mention
from .chains import Chain, Side
from .families import instance, running
from .notation_scan import Notation
from .resolve_names import MOMENTS, names_written, of_the_sample, resolve_names
from .sides import parser, readings
from .speech import DEFINES
from .spelling import prepare
from .student.function_or_factor import FIXED
from .typeset import typeset

MOST_READINGS = 8
MOST_CLAIMS = 3_000
SECONDS = 20.0  # for one file
DEEPEST = 120  # nodes within one another in one formula
ORDERS = frozenset({"<", "<=", ">", ">=", "!=", "in"})
STANDARD = frozenset({
    "L", "ell", "ell_prof", "nll", "f", "F", "E", "Var", "Bias", "MSE", "Cov", "P", "hat", "bar", "argmax", "argmin", "maxover",
    "minover", "tuple", "nabla", "Transpose", "Norm", "smax", "smin", *ENDS,
})  # fmt: skip
SHOWN = {"<=": "\\le", ">=": "\\ge", "!=": "\\ne", "approx": "\\approx", "propto": "\\propto", "in": "\\in"}

TO_ZERO = re.compile(  # what is set to zero gets no name
    r"\bset(?:ting)?\b[^.;]{0,40}\b(?:zero|0)\b|\bsetz\w*\b[^.;]{0,40}\b(?:null|0)\b|\bposons?\b[^.;]{0,30}\bz[eé]ro\b|\b(?:igual\w*|pon\w+)\b[^.;]{0,30}\b(?:cero|zero|0)\b",
    re.I,
)
WITHOUT = {
    "nothing": "nothing stands on this side of the sign",
    "words": "words stand on this side of the sign, and they name nothing that is known here",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A side as it was read: every reading, or none and why; its numbers and its names as they are written."""

    formulas: tuple[Formula, ...] = ()
    why: str | None = None
    numerals: tuple[str, ...] = ()
    written: tuple[tuple[str, str], ...] = ()


class Reader:
    """Chains in order -> claims; remembers what has been read and which names the writer has given a meaning."""

    def __init__(self, names: Notation):
        self.names = names
        self.until = time.monotonic() + SECONDS
        self.remarks: list[str] = []
        self.claims: list[Claim] = []
        self.mentions: list[Mention] = []
        self.seen: dict[tuple[str, str], Read] = {}
        self.used: set[str] = set()  # names of the writer's own
        self.meant: set[str] = set()  # of these, the ones that have a meaning
        self.fresh: set[str] = set()  # of these, the ones that so far only stood alone as a side of this chain

    def chain(self, chain: Chain, number: int) -> None:
        """One chain: its claims, or the mention that it is."""
        if self._over():
            return
        if not chain.signs:
            only = self.side(chain.sides[0])
            if only.formulas:
                self.mentions.append(Mention(chain.line, chain.sides[0].text, only.formulas[0], chain.prose, *chain.sides[0].span))
            return
        sides = [self.side(chain.sides[0])]
        sides += [self.side(s, sign) for s, sign in zip(chain.sides[1:], chain.signs, strict=False)]
        for k, (sign, line, was_set) in enumerate(zip(chain.signs, chain.lines, chain.set, strict=False)):
            if sign == "~" and (of := sides[k].formulas) and isinstance(of[0], Apply) and of[0].name in ("L", "f"):
                sign = "propto"
            if sign == "~" or k + 1 >= len(sides):
                continue  # "is distributed as" is a model, not a relation between numbers
            left, right = sides[k], sides[k + 1]
            names_right = sign == "=:"
            sign = ":=" if names_right else sign
            pairs = tuple((a, b) for a in left.formulas for b in right.formulas)[:MOST_READINGS]
            if sign == "=" and right.formulas and isinstance(right.formulas[0], SetOf):
                sign = "in"
            texts = [side.text for side in chain.sides[k : k + 2]]
            places = [place for side in chain.sides[k : k + 2] for place in side.span if place >= 0]
            claim = Claim(
                len(self.claims) + 1, line, chain.said or f"{texts[0]} {SHOWN.get(sign, sign)} {texts[1]}".strip(), left.formulas[0] if left.formulas else None, sign,
                right.formulas[0] if right.formulas else None, number,
                "set" if was_set else "continues" if k and chain.joined != "condition" else chain.joined, chain.prose, left.why or right.why, pairs[1:],
                worded=k in chain.worded, asserted=bool(chain.said), start=chain.place if chain.place >= 0 else min(places, default=-1), end=max(places, default=-1), numerals=(left.numerals, right.numerals),
                written=tuple(dict.fromkeys((*left.written, *right.written))),
            )  # fmt: skip
            self.claims.append(self._finished(claim, names_right))

    def _over(self) -> bool:
        """Whether the file's budget is used up; said once."""
        if len(self.claims) < MOST_CLAIMS and time.monotonic() < self.until:
            return False
        if not self.remarks:
            limit = f"{MOST_CLAIMS} relations" if len(self.claims) >= MOST_CLAIMS else f"{SECONDS:.0f} seconds"
            self.remarks.append(
                f"reading stopped after {limit}: the relations behind line {self.claims[-1].source_line} were not looked at"
            )
        return True

    def side(self, side: Side, sign: str = "=") -> Read:
        """The readings of a side, or none and why."""
        key = (side.text, "set" if side.listed or sign == "in" else side.syntax)
        if key not in self.seen:
            try:
                self.seen[key] = self._resolved(self._read(*key))
            except DeriveError as e:
                self.seen[key] = Read(why=e.message)
            except RecursionError:
                self.seen[key] = Read(why="too many things lie within one another here")
        return self.seen[key]

    def _resolved(self, found: list[Parsed]) -> Read:
        """In the problem's names, those that have a meaning.  Raises DeriveError where none has."""
        out: list[tuple[Formula, Parsed]] = []
        error: DeriveError | None = None
        for p in found:
            try:
                out.append((resolve_names(shallow(p.formula), self.names), p))
            except DeriveError as e:
                error = error or e
        if not out:
            raise error or NotValid("there is no formula here")
        first = out[0][1]
        out += [(whole, p) for f, p in out[:1] if (whole := of_the_sample(f, self.names)) != f]
        return Read(
            tuple(dict.fromkeys(f for f, _ in out)), None, tuple(place.written for place in first.literals), names_written(first, self.names)
        )  # fmt: skip

    def _read(self, text: str, kind: str) -> list[Parsed]:
        if kind in WITHOUT:
            raise NotValid(WITHOUT[kind])
        source = Source.of(text)
        if kind == "maxima":
            return [_bare(MAXIMA, source)]
        if kind in ENDS:
            return [_bare(Apply(kind, (p.formula,)), source) for p in readings(source, self.names)]
        if kind == "set":
            return [_bare(members(text, self.names), source)]
        if kind == "sympy":
            return typed_side(source, self.names)
        if kind == "plain" or not (text.isascii() or "\\" in text or "{" in text):
            source = typeset(source, self.names.given, self.names.declared.words)
        return readings(source, self.names)

    def _finished(self, c: Claim, names_right: bool = False) -> Claim:
        """The claim with what its sides show: a side condition, a definition, a statement about every j.

        names_right: the right side is the one that gets a name: ... =: T.
        """
        c = self._for_every(_noise(self._fitted(self._other_parameter(c))))
        joined = c.joined
        if joined == "comma":
            joined = "condition" if c.sign in ORDERS and (_simple(c.left) or _simple(c.right)) else ""
        defines = self._defined(c, names_right) if c.sign in ("=", ":=") and joined != "condition" else None
        if c.joined != "continues":
            self.fresh = set()
        if c.right is not None and (alone := self._own(c.right)) is not None and alone not in self.used | self.meant:
            self.fresh.add(alone)
        for side in (c.left, c.right):
            self.used |= {name for g in walk(side) if (name := self._own(g)) is not None} if side is not None else set()
        return replace(c, joined=joined, defines=defines)

    def _other_parameter(self, c: Claim) -> Claim:
        """ "with lambda = 1/theta" says what theta is: theta = 1/lambda."""
        if c.sign != "=" or c.left is None or c.right is None or not DEFINES.search(c.prose):
            return c
        if not isinstance(c.left, Sym) or c.left.name not in self.names.parameters:
            return c
        match c.right:
            case Div(a, Sym() as t) if isinstance(a, Num):
                inverse: Formula = Div(a, c.left)
            case Pow(Sym() as t, Num(v)) if v == 2:
                inverse = Call("sqrt", (c.left,))
            case Call("sqrt", (Sym() as t,)):
                inverse = Pow(c.left, num(2))
            case Call("exp", (Sym() as t,)):
                inverse = Call("log", (c.left,))
            case _:
                return c
        name = self._own(t)
        return c if name is None or name in self.used else replace(c, left=t, right=inverse, alternatives=())

    def _fitted(self, c: Claim) -> Claim:
        """y_hat = theta x says what the prediction of every observation is."""
        n = self.names.declared
        if not isinstance(c.left, Sym) or c.right is None or c.left.name not in {v + "_hat" for v in n.variables} - self.names.given:
            return c
        data: dict[Formula, Formula] = {Sym(v): At(v, (Sym("i"),)) for v in (*n.variables, *n.covariates)}
        if not has(c.right, *data):
            return c
        pairs = tuple((At(c.left.name, (Sym("i"),)), replace_all(b, data)) for _, b in c.readings)
        return replace(c, left=pairs[0][0], right=pairs[0][1], alternatives=pairs[1:])

    def _for_every(self, c: Claim) -> Claim:
        """p_j = n_j/n as a statement about (p_1, p_2, p_3)."""
        family = next((r for side in (c.left, c.right) if side is not None and (r := running(side, self.names))), None)
        if family is None or not c.readings:
            return c

        def every(f: Formula) -> Formula:
            return Apply("tuple", tuple(instance(f, family[0], k) for k in range(1, family[1] + 1)))

        (left, right), *others = [(every(a), every(b)) for a, b in c.readings]
        return replace(c, left=left, right=right, alternatives=tuple(others))

    def _defined(self, c: Claim, names_right: bool = False) -> Formula | None:
        """The side that is a new name of the writer's: the left one, or the right one after "let"."""
        said = (DEFINES.search(c.prose) is not None and TO_ZERO.search(c.prose) is None) or c.sign == ":="
        named = ((c.left, c.right), (c.right, c.left)) if said else ((c.left, c.right),)
        named = named[::-1] if names_right else named
        for side, other in named:
            name = self._own(side)
            new = name is not None and (
                name not in self.used or name in self.fresh or ((said or isinstance(side, At)) and name not in self.meant)
            )
            if new and other is not None and side is not None and not has(other, side) and (other != ZERO or c.sign == ":="):
                self.fresh.discard(str(name))
                self.meant.add(str(name))
                return side
        return None

    def _own(self, f: Formula | None) -> str | None:
        """The name of a letter or function head that the question does not know."""
        n = self.names
        if isinstance(f, Apply):
            return None if f.name in STANDARD or f.name.replace("_hat", "") in MOMENTS else f.name + "()"
        if isinstance(f, At):
            root, _, mark = f.base.partition("_")
            known = (root in n.alias.values() and mark in ("", "ord")) or f.base in n.given
            return None if known else f.base + "[]"
        if not isinstance(f, Sym) or f == CONSTANT or f.name in n.given or f.name == "n":
            return None
        root = f.name.split("_")[0]
        return None if root in n.alias.values() or root in n.given or "_hat" in f.name else f.name


def _noise(c: Claim) -> Claim:
    """y_i = a + b x_i + epsilon_i says what the noise is: it is read as epsilon_i = y_i - (a + b x_i)."""
    if c.sign != "=" or not isinstance(c.left, (At, Sym)) or not isinstance(c.right, Add):
        return c
    noise = [
        t
        for t in c.right.terms
        if isinstance(t, (At, Sym)) and (t.base if isinstance(t, At) else t.name) in ("epsilon", "varepsilon", "e", "u")
    ]
    if len(noise) != 1 or len(c.right.terms) < 2:
        return c
    rest = add(*(t for t in c.right.terms if t is not noise[0]))
    return replace(c, left=noise[0], right=add(c.left, Neg(rest)), alternatives=())


def typed_side(source: Source, names: Notation) -> list[Parsed]:
    """A side that is SymPy text, or plainly typed mathematics."""

    def called(f: Formula) -> Formula | None:
        return Apply(f.name, ()) if isinstance(f, Sym) and f.name in FIXED and f.name not in names.given | names.letters else None

    try:
        found = read_sympy(source.text, names.context)
    except DeriveError:
        found = []
    if len(found) == 1:
        return [_bare(transform(found[0].formula, called), source)]
    return readings(typeset(source, names.given, names.declared.words), names)


def _bare(f: Formula, source: Source) -> Parsed:
    """A formula of whose parts no place is known."""
    return Parsed(f, source, ())


def shallow(f: Formula) -> Formula:
    """f, unless it is nested too deeply.  Raises DeriveError."""
    level = [f]
    for _ in range(DEEPEST):
        level = [k for g in level for k in children(g)]
        if not level:
            return f
    raise DeriveError("too many things lie within one another here")


def members(text: str, names: Notation) -> Formula:
    """A set, or a list written without braces: 0, 1, 2, ..."""
    src = prepare(Source.of(text), names).text
    if re.match(r"^\s*(\\?\{|\\left|[\[(]|\\mathbb|\\mathbf|ℝ|ℕ)", src) and "\\cup" not in src:
        p = parser(src.replace("\\left", "").replace("\\right", ""), names)
        f = set_literal(p)
        if p.peek().kind == "eof":
            return f
    return parser("\\{" + src + "\\}", names).whole()


def _simple(f: Formula | None) -> bool:
    """Whether f is a letter: 0 < x, lambda > 0."""
    return f is None or isinstance(f, (Sym, At))


__all__ = ["Reader"]
