"""Positive and negative definite matrices: to matrices what signs are to numbers.  By lemmas only, each with what it rests on
(Horn and Johnson, Matrix Analysis, 7.1)."""

from __future__ import annotations

from dataclasses import dataclass

from ..algebra.facts import Facts
from ..formula.shapes import Shapes
from ..formula.tree import Add, Call, Div, Formula, MatMul, Mul, Neg, Sym
from ..rules.matrices import transposed


@dataclass(frozen=True)
class Definite:
    """sign: 1 positive, -1 negative.  strict: definite, and not only semidefinite.  because: letters with what they are known to be."""

    sign: int
    strict: bool
    because: tuple[tuple[str, str], ...] = ()


def definite(f: Formula, sh: Shapes, facts: Facts) -> Definite | None:
    """What is known of the symmetric matrix f; None where nothing is."""
    match f:
        case Sym(name) if name in sh.definite:
            return Definite(1, True, ((name, "is positive definite"),))
        case Call("eye", _):
            return Definite(1, True)
        case Neg(a):
            s = definite(a, sh, facts)
            return s and Definite(-s.sign, s.strict, s.because)
        case Mul((*front, last)) if all(facts.positive(g) for g in front):
            return definite(last, sh, facts)
        case Div(a, b) if facts.positive(b):
            return definite(a, sh, facts)
        case Call("inverse", (a,)):
            s = definite(a, sh, facts)
            return s if s is not None and s.strict else None
        case Add(ts):
            known = [s for t in ts if (s := definite(t, sh, facts)) is not None]
            if len(known) == len(ts) and len({s.sign for s in known}) == 1:
                return Definite(known[0].sign, any(s.strict for s in known), tuple(b for s in known for b in s.because))
        case MatMul(fs):
            return _congruence(fs, sh, facts)
    return None


def _congruence(fs: tuple[Formula, ...], sh: Shapes, facts: Facts) -> Definite | None:
    """B' A B is semidefinite with A, and definite if A is and B has full column rank; B' B is the same with the unit matrix."""
    half = len(fs) // 2
    outer = fs[len(fs) - half :]
    if [transposed(g, sh) for g in reversed(outer)] != list(fs[:half]):
        return None
    inner = definite(fs[half], sh, facts) if len(fs) % 2 else Definite(1, True)
    if inner is None:
        return None
    full = all(isinstance(g, Sym) and g.name in sh.full_rank for g in outer)
    why = tuple((g.name, "has full column rank") for g in outer if isinstance(g, Sym)) if full and inner.strict else ()
    return Definite(inner.sign, inner.strict and full, (*why, *inner.because))


__all__ = ["Definite", "definite"]
