"""Places at which a function of one unknown with data may have no value: rational zeros of its denominators and below its logarithms."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...formula.tree import Call, Div, Formula, Pow, factors, names, value, walk
from .builder import Data
from .exact import NotCovered
from .symmetry import ratio

MOST = 4  # of the degree of a denominator that is looked at


def poles(f: Formula, unknown: str, data: Data) -> list[Fraction]:
    """The places, in order.  Nothing is proved of others."""
    found: set[Fraction] = set()
    for base in {b for b in _vanishing(f) if unknown in names(b) and not names(b) & set(data.names)}:
        try:
            top, _ = ratio(base, unknown, data, None)
        except (NotCovered, ZeroDivisionError):
            continue
        if 0 < top.degree() <= MOST:
            for p, _ in top.factor()[1]:
                if p.degree() == 1:
                    r = -p[0] / p[1]
                    found.add(Fraction(int(r.p), int(r.q)))
    return sorted(found)


def _vanishing(f: Formula) -> Iterator[Formula]:
    """What stands below a fraction line or in a logarithm."""
    for g in walk(f):
        match g:
            case Div(_, b):
                yield from map(_base, factors(b))
            case Pow(b, k) if (v := value(k)) is not None and v < 0:
                yield b
            case Call("log" | "abs", (b,)):
                yield from map(_base, factors(b))


def _base(f: Formula) -> Formula:
    return f.base if isinstance(f, Pow) else f
