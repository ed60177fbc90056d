"""A formula too wide for its line -> lines, broken where a person would break them.

The formula tree is opened from the outside: a chain at its relation signs, a sum before its signs, a product at the factor that is
too wide, a bracket inside; what fits on a line by itself stays whole.  A wide numerator leaves its fraction as a factor behind it,
a wide denominator as a power -1, a wide exponent of e as exp[...].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..formula.latex import HEADS, SIGNS, SUM, Printer, bracket, in_capitals, is_loose, is_tall, sign_between, tightness
from ..formula.tree import (
    ONE,
    TWO,
    Add,
    And,
    Apply,
    Big,
    Call,
    Derivative,
    Div,
    Expected,
    Formula,
    Indicator,
    Integral,
    Mul,
    Neg,
    Pow,
    Relation,
    SetOf,
    Union,
    factors,
    mul,
)
from .width import width

STEP = 1.0  # em, by which a line inside a bracket stands further to the right
BRACKETS = 1.6  # em, at most, of a pair of brackets of fixed size
SIGN = 1.4  # em, of a sign with the spaces about it
SHORT = 8.0  # em, up to which what stands on a line leaves room for a long term behind it
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """What stays on one line, in LaTeX.  depth: of the brackets in which it stands.  opens: it is a long term, with its own lines."""

    text: str
    depth: int = 0
    opens: bool = False


def chain(sides: Sequence[tuple[str, Formula]], printer: Printer, first: float, room: float) -> tuple[str, ...]:
    """The lines of a chain: sides, each with the sign before it ("" where there is none)."""
    parts = _Opened(printer).chain(sides, room)
    return filled(parts, first, room)


def filled(parts: Sequence[Part], first: float, room: float) -> tuple[str, ...]:
    """Parts put on one line while they fit."""
    out: list[str] = []
    text = parts[0].text
    for p in parts[1:]:
        limit = room if out else first
        if (not p.opens or width(text) <= SHORT) and width(f"{text} {p.text}") <= limit:
            text += " " + p.text
        else:
            out.append(text)
            text = r"\quad " * min(p.depth, DEEPEST) + p.text
    return (*out, text)


def _glued(text: str, parts: list[Part], sep: str = " ") -> list[Part]:
    """Parts with a text before the first of them."""
    return [replace(parts[0], text=f"{text}{sep}{parts[0].text}"), *parts[1:]]


def _closed(parts: list[Part], text: str) -> list[Part]:
    """Parts with a text behind the last of them."""
    return [*parts[:-1], replace(parts[-1], text=parts[-1].text + text)]


def _deeper(parts: list[Part]) -> list[Part]:
    """Parts of which all but the first stand one bracket deeper."""
    return [parts[0], *(replace(p, depth=p.depth + 1) for p in parts[1:])]


def _fenced(parts: list[Part], left: str = "", right: str = "") -> list[Part]:
    """Parts in brackets of a fixed size, since \\left and \\right do not reach over lines."""
    if not left:
        left, right = ("[", "]") if any("(" in p.text for p in parts) else ("(", ")")
    size = r"\bigg" if any(is_tall(p.text) for p in parts) else ""
    parts = [replace(p, opens=False) for p in parts]
    return _closed(_glued(f"{size}l{left}" if size else left, _deeper(parts), ""), f" {size}r{right}" if size else right)


class _Opened:
    """Opens formulas that are too wide."""

    def __init__(self, printer: Printer):
        self.printer = printer

    def parts(self, f: Formula, room: float) -> list[Part]:
        """A formula in parts that fit where they can: one part where it fits as a whole."""
        whole = self.printer.show(f)
        if width(whole) <= room:
            return [Part(whole)]
        return self.opened(f, room) or [Part(whole)]

    def opened(self, f: Formula, room: float) -> list[Part]:
        """The parts of a formula that does not fit; none where it cannot be opened."""
        p = self.printer
        match f:
            case Relation(sides, signs):
                return self.chain(list(zip(("", *signs), sides, strict=True)), room)
            case Add(ts):
                return self.sum(ts, room)
            case Neg(a):
                return _glued("-", self.enclosed(a, room - SIGN) if tightness(a) == SUM else self.parts(a, room - SIGN), "")
            case Mul(fs):
                return self.product(fs, room)
            case Div(a, b):
                return self.fraction(a, b, room)
            case Pow(b, k):
                return _closed(self.enclosed(b, room - width("^{%s}" % p.small(k))), "^{%s}" % p.small(k)) if not _atomic(b) else []
            case Call("sqrt", (a,)) if not _atomic(a):
                return _closed(self.enclosed(a, room), "^{%s}" % p.small(Div(ONE, TWO)))
            case Call("exp", (a,)):
                return _glued(r"\exp", self.enclosed(a, room - 1.5), "")
            case Call("abs", (a,)):
                return _fenced(self.parts(a, room - 1), "|", "|")
            case Call("log", (Call("gamma" | "beta") as g,)):
                return _glued(r"\log", self.parts(g, room - 1.5), "")
            case Call(name, (a,)) if name in HEADS:
                return _glued(HEADS[name], self.enclosed(a, room - width(HEADS[name])), "")
            case Apply(name, args, observed) if len(args) > 1:
                head, text = p.show(replace(f, args=())), p.arguments(name, args, observed)
                listed = [p.show(a) for a in args]
                return self.listed(listed, f"{head}(", ")") if ", ".join(listed) == text else []
            case Big(body=body):
                inner = self.enclosed(body, room - 2) if tightness(body) == SUM else self.parts(body, room - 2)
                return _glued(p.operator(f), inner)
            case Expected(body, observed):
                return _glued(r"\operatorname{E}", self.enclosed(in_capitals(body, observed), room - 1), "")
            case Integral(body, v, _, _):
                head = p.show(replace(f, body=ONE)).partition(" ")[0]
                inner = self.enclosed(body, room - 2) if tightness(body) == SUM else self.parts(body, room - 2)
                return _closed(_glued(head, inner), r"\,d" + p.show(v))
            case Derivative(body, variables) if not isinstance(body, Apply):
                head = p.derivative(Apply("", (), 0), variables)
                return _glued(head, self.enclosed(body, room - width(head)), "")
            case Expected(body, observed):
                return _glued(r"\operatorname{E}", self.enclosed(in_capitals(body, observed), room - 1))
            case Indicator(And(conditions)):
                return self.listed([p.show(c) for c in conditions], r"\mathbf{1}\{", r"\}", r",\ ")
            case And(conditions):
                return self.listed([p.show(c) for c in conditions], "", "", r",\ ")
            case SetOf(items):
                return self.listed([p.show(c) for c in items], r"\{", r"\}")
            case Union(members):
                return [Part(p.show(members[0])), *(Part(r"\cup " + p.show(m)) for m in members[1:])]
        return []

    def chain(self, sides: Sequence[tuple[str, Formula]], room: float) -> list[Part]:
        """A chain, whose sides stand behind their signs."""
        out: list[Part] = []
        for sign, side in sides:
            found = self.parts(side, room - SIGN)
            found = _glued(SIGNS[sign], found) if sign else found
            out += [replace(found[0], opens=bool(out) and len(found) > 1), *found[1:]]
        return out

    def sum(self, ts: Sequence[Formula], room: float) -> list[Part]:
        """A sum, whose terms stand behind their signs."""
        out: list[Part] = []
        for j, t in enumerate(ts):
            minus = isinstance(t, Neg) and (j > 0 or tightness(t.arg) > SUM)
            body = t.arg if minus and isinstance(t, Neg) else t
            found = self.enclosed(body, room - SIGN) if tightness(body) == SUM else self.parts(body, room - SIGN)
            if j or minus:
                found = _glued("-" if minus else "+", found, " " if j else "")
            out += [replace(found[0], opens=j > 0 and len(found) > 1), *(replace(p, depth=max(p.depth, 1)) for p in found[1:])]
        return out

    def enclosed(self, f: Formula, room: float) -> list[Part]:
        """A formula in brackets."""
        whole = bracket(self.printer.show(f))
        return [Part(whole)] if width(whole) <= room else _fenced(self.parts(f, room - BRACKETS - STEP))

    def listed(self, items: Sequence[str], left: str, right: str, comma: str = ",") -> list[Part]:
        """Members of a list between its brackets; lines end behind a comma."""
        parts = [Part(x + (comma if k < len(items) - 1 else right), min(k, 1)) for k, x in enumerate(items)]
        return _glued(left, parts, "")

    def product(self, fs: Sequence[Formula], room: float) -> list[Part]:
        """A product: only a factor that is itself too wide is opened."""
        out: list[Part] = []
        for j, g in enumerate(fs):
            last = j == len(fs) - 1
            text = self.printer.factor(g, last)
            if width(text) <= room - SIGN:
                found = [Part(text)]
            elif is_loose(g, last) or (isinstance(g, Div) and not last):
                found = self.enclosed(g, room - SIGN)
            else:
                found = self.parts(g, room - SIGN)
            if not out:
                out = found
                continue
            between = sign_between(out[-1].text, found[0].text)
            if width(out[-1].text + between + found[0].text) <= room - STEP * out[-1].depth:
                out = [*out[:-1], replace(out[-1], text=out[-1].text + between + found[0].text), *found[1:]]
            else:
                out += _glued(r"\cdot", found)
        return out

    def fraction(self, a: Formula, b: Formula, room: float) -> list[Part]:
        """A fraction turned into a product that can be broken."""
        if isinstance(a, Neg):
            return _glued("-", self.parts(Div(a.arg, b), room - SIGN), "")
        if width(self.printer.show(b)) > room / 2:
            power = Pow(b, Neg(ONE))
            return self.opened(power if a == ONE else Mul((a, power)), room) if not _atomic(b) else []
        fs = factors(a)
        if len(fs) == 1 and _atomic(a):
            return []
        widest = max(range(len(fs)), key=lambda k: width(self.printer.show(fs[k])))
        above = mul(*fs[:widest], *fs[widest + 1 :])
        return self.opened(Mul((Div(above, b), fs[widest])), room)


def _atomic(f: Formula) -> bool:
    """Whether a formula has nothing in it at which it could be broken."""
    return not isinstance(f, (Add, Neg, Mul, Div, Pow, Call, Big, Apply, Integral, Expected, Relation))
