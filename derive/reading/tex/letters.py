"""Letters with their accents, subscripts and the meanings that a context gives them."""

from __future__ import annotations

from ...errors import NotValid
from ...formula.names import ACCENTS
from ...formula.tree import ONE, At, Call, Formula, Neg, Num, Pow, Sym, num
from ..context import Context
from .stream import Stream, plain, text_of
from .tokens import GREEK, STYLES, Token

Subscript = str | tuple[Formula, ...]
EXTREMES = {"max": Sym("n"), "min": ONE}


class Letters(Stream):
    """Reads names: theta, \\hat\\beta_1, x_{(n)}, \\mathrm{MLE}, x_i."""

    def __init__(self, text: str, context: Context):
        super().__init__(text, context)
        self.bound: list[str] = []

    def expression(self) -> Formula:
        raise NotImplementedError

    # -- parts of a name ------------------------------------------------------------------------

    def base(self) -> str | None:
        """A letter, a Greek letter, an accented or styled one; None where there is none (tokens then are used up)."""
        t = self.next()
        if t.kind == "letter":
            return t.value
        if t.kind != "cmd":
            return None
        if t.value in GREEK or t.value == "nabla":
            return t.value
        if t.value in ACCENTS:
            return self._accented(t.value)
        if t.value in STYLES:
            g = plain(self.group())
            if len(g) == 1 and g[0].kind == "cmd" and g[0].value in GREEK:
                return g[0].value
            if not g or any(
                u.kind not in ("letter", "num") and u.value not in ("log", "exp", "ln", "max", "min", "argmax", "argmin") for u in g
            ):
                return None
            word = text_of(g)
            return "cal" + word if t.value in ("mathcal", "cal", "mathscr") else word
        return None

    def _accented(self, accent: str) -> str | None:
        g = plain(self.group())

        def inner() -> str | None:
            b = self.base()
            if b is None:
                return None
            sub = self.subscript(b)
            if self.at_symbol("^") and b in self.context.atoms:
                self.next()
                if text_of(self.group()) != "2":
                    return None
                b = self.context.atoms[b]
            if not isinstance(sub, str) or self.peek().kind != "eof":
                return None
            return b + "_" + accent + ("_" + sub if sub else "")

        try:
            return self.part(g, inner, whole=False)
        except NotValid:
            return None

    def subscript(self, base: str) -> Subscript:
        """ "" | a label | indices.  An order statistic x_{(k)} is marked by the index ("ord", k)."""
        if not self.at_symbol("_"):
            return ""
        self.next()
        g = plain(self.group())
        if not g:
            self.fail("there is nothing in this subscript")
        if self.at_symbol("_"):
            self.fail("two subscripts stand on one letter", hint="put them into one: x_{i,j}")
        text = text_of(g)
        if len(g) >= 3 and g[0].value == "(" and g[-1].value == ")":
            return (Sym("#ord"), self.part(g[1:-1], self.expression))
        if g[0].kind == "cmd" and g[0].value in STYLES:
            return text_of([u for u in g[1:] if u.value not in "{}"])
        indices = self.context.index | set(self.bound)
        if all(u.kind == "letter" and u.value in indices for u in g):
            return tuple(Sym(u.value) for u in g)
        counted = all(u.kind == "num" for u in g) or text in {self.context.size, "n", "k", "N"} or "-" in text
        simple = all(u.kind in ("num", "letter") or u.value in "+-," for u in g)
        if simple and (
            (len(g) > 1 and any(u.value in indices for u in g) and any(u.value in "+-," for u in g))
            or (base in self.context.data and counted)
        ):
            return tuple(self.part(p, self.expression) for p in _split_commas(g))
        short = all(u.kind in ("num", "letter") and len(u.value) == 1 for u in g)
        if short and len(g) > 1 and (any(u.value in self.bound for u in g) or g[-1].value in indices):
            return tuple(Sym(u.value) if u.kind == "letter" else num(u.value) for u in g)
        if (
            all(u.kind in ("num", "letter") or u.value == "," for u in g)
            or all(u.kind == "cmd" and u.value in GREEK for u in g)
            or text in EXTREMES
        ):
            return text.replace(",", "")
        if base == "W" and text == "-1":
            return text
        self.fail(f"the subscript {self.src[g[0].start : g[-1].end]!r} is not understood", g[0])

    # -- a name as a formula ----------------------------------------------------------------------

    def letter(self, name: str) -> Formula:
        """The letter with this inside name, under the context: sigma where sigma^2 is the parameter is its root."""
        base, _, rest = name.partition("_")
        atom = self.context.atoms.get(base)
        if atom is not None:
            return Call("sqrt", (Sym(atom + ("_" + rest if rest else "")),))
        c = self.context
        if c.strict and not {name, base} & (
            c.parameters | c.data | c.functions | c.index | {c.size, "n"} | set(c.matrices) | set(self.bound)
        ):
            known = ", ".join(sorted(c.parameters | c.data)) or "none"
            self.fail(f"the letter {name} is not declared", self.toks[max(self.i - 1, 0)] if self.toks else None, f"declared are: {known}")
        return Sym(name)

    def indexed(self, base: str, index: tuple[Formula, ...]) -> Formula:
        if index and index[0] == Sym("#ord"):
            return At(base + "_ord", index[1:])
        return At(base, index)

    def raised(self, f: Formula, exponent: Formula) -> Formula:
        """f to a power; the square of a root that stands for sigma is the atom sigma^2."""
        if isinstance(f, Call) and f.name == "sqrt" and isinstance(f.args[0], Sym) and self._is_atom(f.args[0].name):
            half = _halved(exponent)
            return f.args[0] if half == ONE else Pow(f.args[0], half) if half is not None else Pow(f, exponent)
        return Pow(f, exponent)

    def _is_atom(self, name: str) -> bool:
        return name.split("_")[0] in self.context.atoms.values()


def _halved(k: Formula) -> Formula | None:
    """k/2 where that is a whole number."""
    match k:
        case Num(v) if v.denominator == 1 and v.numerator % 2 == 0:
            return num(v / 2)
        case Neg(Num(v)) if v.denominator == 1 and v.numerator % 2 == 0:
            return Neg(num(v / 2))
    return None


def _split_commas(g: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for u in g:
        if u.value == ",":
            parts.append([])
        else:
            parts[-1].append(u)
    return parts
