"""Sums of terms as polynomials in their bases, over the rationals: factors, square factors, common divisors.

The arithmetic is FLINT's (`fmpq_mpoly`).  A base that does not occur with whole powers only is a letter of its own for each power.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from ..formula.tree import ONE, ZERO, Add, Div, Formula, add, div, num, rational, transform, value
from .terms import Algebra, Term

MOST_TERMS, HIGHEST = 60, 24  # of a polynomial that is factored
Letter = tuple[Formula, Formula]  # a base and the power that is raised


@dataclass(frozen=True)
class Ring:
    """Polynomials in some letters."""

    letters: tuple[Letter, ...]
    context: Any

    def polynomial(self, ts: Iterable[Term]) -> tuple[Any, list[int]]:
        """A sum as a polynomial, and the powers of the letters that it must be multiplied by (perhaps negative)."""
        rows = [(t.coefficient, [_exponent(t, letter) for letter in self.letters]) for t in ts]
        lowest = [min(es[j] for _, es in rows) for j in range(len(self.letters))]
        table = {tuple(e - low for e, low in zip(es, lowest, strict=True)): fmpq(c.numerator, c.denominator) for c, es in rows}
        return self.context.from_dict(table), lowest

    def terms(self, polynomial: Any) -> list[Term]:
        """A polynomial as a sum, in the order of the letters."""
        return [
            Term(Fraction(int(c.p), int(c.q)), self.powers(es))
            for es, c in sorted(polynomial.to_dict().items(), key=lambda r: r[0], reverse=True)
        ]

    def powers(self, es: Sequence[int]) -> dict[Formula, Formula]:
        """A product of powers of the letters."""
        out: dict[Formula, Formula] = {}
        for (b, k), e in zip(self.letters, es, strict=True):
            if e:
                out[b] = rational(int(e)) if k == ONE else rational(int(e) * q) if (q := value(k)) is not None else k
        return out


def ring(*sums: Sequence[Term]) -> Ring | None:
    """The ring of some sums; None where they are too long, of too high a degree, or a power in them has no number and differs."""
    ts = [t for s in sums for t in s]
    if not ts or len(ts) > MOST_TERMS:
        return None
    letters: dict[Formula, Formula] = {}
    for t in ts:
        for b, k in t.powers.items():
            q, old = value(k), letters.get(b)
            if q is not None and q.denominator == 1 and abs(q) <= HIGHEST:
                unit: Formula = ONE
            elif q is not None:
                unit = rational(Fraction(1, q.denominator)) if abs(q * q.denominator) <= HIGHEST else k
            else:
                unit = k
            if old is not None and old != unit:
                return None
            letters[b] = unit
    names = [f"z{j}" for j in range(len(letters))]
    return Ring(tuple(letters.items()), fmpq_mpoly_ctx.get(names, Ordering.lex))


def _exponent(t: Term, letter: Letter) -> int:
    """How often the letter occurs in a term."""
    b, unit = letter
    k = t.powers.get(b)
    if k is None:
        return 0
    q, u = value(k), value(unit)
    return 1 if q is None or u is None else int(q / u)


def without_squares(ts: Sequence[Term]) -> tuple[Term, list[tuple[list[Term], int]]] | None:
    """A sum as a term times powers of sums that are free of squares; None where it is no polynomial that is factored here.

    Each sum begins with a positive coefficient.
    """
    r = ring(ts)
    if r is None:
        return None
    polynomial, lowest = r.polynomial(ts)
    content, found = polynomial.factor_squarefree()
    front = Term(Fraction(int(content.p), int(content.q)), r.powers(lowest))
    out: list[tuple[list[Term], int]] = []
    for f, k in found:
        sums, _ = r.terms(f), k
        if sums[0].coefficient < 0:
            sums = [t.scaled(Fraction(-1)) for t in sums]
            front = front.scaled(Fraction((-1) ** int(k)))
        out.append((sums, int(k)))
    return front, out


def lowest_terms(top: Sequence[Term], bottom: Sequence[Term]) -> tuple[list[Term], list[Term]] | None:
    """Two sums divided by their greatest common divisor; None where that is a number."""
    r = ring(top, bottom)
    if r is None:
        return None
    (p, raised_p), (q, raised_q) = r.polynomial(top), r.polynomial(bottom)
    common = p.gcd(q)
    shared = [min(a, b) for a, b in zip(raised_p, raised_q, strict=True)]
    if common.is_constant() and not any(shared):
        return None
    one, other = (Term(Fraction(1), r.powers([a - b for a, b in zip(raised, shared, strict=True)])) for raised in (raised_p, raised_q))
    al = Algebra()
    return [al.times((t, one)) for t in r.terms(p / common)], [al.times((t, other)) for t in r.terms(q / common)]


def in_lowest_terms(f: Formula, al: Algebra) -> Formula:
    """f with every fraction with a sum below the line in lowest terms."""

    def one(g: Formula) -> Formula | None:
        if not (isinstance(g, Div) and isinstance(g.bottom, Add)):
            return None
        top, bottom = al.expanded(g.top), al.expanded(g.bottom)
        found = lowest_terms(top, bottom) if top and bottom else None
        return None if found is None else al.tidy(div(*map(al.assemble, found)))

    return transform(f, one)


def fractions_that_cancel(f: Formula, al: Algebra) -> Formula:
    """f with every sum of fractions that is a polynomial, or a polynomial over one term, written as such."""

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, Add):
            return None
        ts = al.expanded(g) or []
        below: dict[Formula, int] = {}
        for t in ts:
            for b, k in t.powers.items():
                if isinstance(b, Add) and (q := value(k)) is not None and q.denominator == 1 and q < 0:
                    below[b] = max(below.get(b, 0), int(-q))
        if not below:
            return None
        bottom = Term(Fraction(1), {b: num(k) for b, k in below.items()})
        top, denominator = al.expanded(add(*(al.build(al.times((t, bottom))) for t in ts))), al.expanded(al.build(bottom))
        if top == []:
            return ZERO
        found = lowest_terms(top, denominator) if top and denominator else None
        if found is None or len(found[1]) > 1:
            return None
        return al.assemble(al.divided(t, found[1][0]) for t in found[0])

    return transform(f, one)


__all__ = ["fractions_that_cancel", "in_lowest_terms", "lowest_terms", "without_squares"]
