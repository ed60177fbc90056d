"""Formulas as quotients of polynomials in their bases, in lowest terms: sums, products, inverses and determinants of them.

The arithmetic is FLINT's (`fmpq_mpoly`).  A base with a power that is no whole number is a letter of its own: x^(a + 1) is x^a times x,
and e^(2t) the square of e^t.  Whatever is not rational (a logarithm, a gamma function, a sum over the sample) is a letter too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from ..formula.tree import ONE, ZERO, Add, Formula, mul, rational, value
from .terms import Algebra, Term

MOST_TERMS = 400  # of a polynomial that is worked with
FACTORED = 40  # terms of a polynomial that is shown in factors
HIGHEST = 24  # power of a letter or a sum
DEGREE = 60  # of a polynomial in one letter
MOST_PRODUCTS = 20_000  # terms before like ones are added, of a power of a sum
MINUS_ONE = rational(-1)
Letter = tuple[Formula, Formula]  # a base and the power of it that is the letter


class TooLong(Exception):
    """A polynomial of more terms than are worked with here."""


@dataclass(frozen=True)
class Quotient:
    """top / bottom in lowest terms, in the letters of a field."""

    top: Any
    bottom: Any

    @property
    def zero(self) -> bool:
        return not self.top


@dataclass
class RationalFunctions:
    """The field of rational functions in the letters of some formulas."""

    al: Algebra
    letters: dict[Letter, int] = field(default_factory=dict)  # with the denominator of its exponents
    context: Any = None

    @classmethod
    def of(cls, formulas: Iterable[Formula], al: Algebra) -> RationalFunctions:
        """The field of all letters in some formulas."""
        made = cls(al)
        for f in formulas:
            made._collect(f)
        made.context = fmpq_mpoly_ctx.get([f"z{j}" for j in range(len(made.letters))], Ordering.lex)
        return made

    # -- formula -> quotient --------------------------------------------------------------------

    def _collect(self, f: Formula) -> None:
        if isinstance(f, Add):
            for t in f.terms:
                self._collect(t)
            return
        for b, k in self.al.split(f).powers.items():
            if isinstance(b, Add) and _whole(k) is not None:
                self._collect(b)
                continue
            for unit, c in self._exponent(k):
                self.letters[b, unit] = lcm(self.letters.get((b, unit), 1), c.denominator)

    def _exponent(self, k: Formula) -> list[tuple[Formula, Fraction]]:
        """An exponent as multiples of monomials."""
        q = value(k)
        if q is not None:
            return [(ONE, q)]
        ts = self.al.expanded(k) or [self.al.split(k)]
        return [(self.al.build(Term(Fraction(1), t.powers)), t.coefficient) for t in ts]

    def quotient(self, f: Formula) -> Quotient:
        """A formula whose letters all belong to this field."""
        if isinstance(f, Add):
            out = self.number(0)
            for t in f.terms:
                out = self.plus(out, self.quotient(t))
            return out
        term = self.al.split(f)
        out = self.number(term.coefficient)
        for b, k in term.powers.items():
            out = self.times(out, self._power(b, k))
        return out

    def _power(self, b: Formula, k: Formula) -> Quotient:
        whole = _whole(k)
        if isinstance(b, Add) and whole is not None:
            return self.raised(self.quotient(b), whole)
        out = self.number(1)
        gens, places = self.context.gens(), list(self.letters)
        for unit, c in self._exponent(k):
            letter = gens[places.index((b, unit))]
            e = int(c * self.letters[b, unit])
            if abs(e) > HIGHEST or self.letters[b, unit] > HIGHEST:
                raise TooLong
            one = self.context.constant(1)
            out = self.times(out, Quotient(letter**e, one) if e >= 0 else Quotient(one, letter**-e))
        return out

    # -- arithmetic -----------------------------------------------------------------------------

    def number(self, q: Fraction | int) -> Quotient:
        v = Fraction(q)
        return Quotient(self.context.constant(fmpq(v.numerator, v.denominator)), self.context.constant(1))

    def _reduced(self, top: Any, bottom: Any) -> Quotient:
        if len(top) > MOST_TERMS or len(bottom) > MOST_TERMS or any(d > DEGREE for q in (top, bottom) for d in q.degrees()):
            raise TooLong
        if not top:
            return self.number(0)
        common = top.gcd(bottom)
        return Quotient(top / common, bottom / common)

    def plus(self, a: Quotient, b: Quotient) -> Quotient:
        if a.bottom == b.bottom:
            return self._reduced(a.top + b.top, a.bottom)
        return self._reduced(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)

    def times(self, a: Quotient, b: Quotient) -> Quotient:
        return self._reduced(a.top * b.top, a.bottom * b.bottom)

    def minus(self, a: Quotient) -> Quotient:
        return Quotient(-a.top, a.bottom)

    def over(self, a: Quotient, b: Quotient) -> Quotient:
        """a / b; b is not zero."""
        return self._reduced(a.top * b.bottom, a.bottom * b.top)

    def raised(self, a: Quotient, k: int) -> Quotient:
        if abs(k) > HIGHEST or (max(len(a.top), len(a.bottom)) ** min(abs(k), HIGHEST) > MOST_PRODUCTS and abs(k) > 1):
            raise TooLong
        return Quotient(a.top**k, a.bottom**k) if k >= 0 else self.raised(self.over(self.number(1), a), -k)

    def eliminated(self, rows: Sequence[Sequence[Quotient]], unknowns: int) -> tuple[list[list[Quotient]], list[int]]:
        """The reduced row echelon form of a linear system in the first so many columns, and the columns of its pivots."""
        left = [list(r) for r in rows]
        pivots: list[int] = []
        for j in range(unknowns):
            i = next((i for i in range(len(pivots), len(left)) if not left[i][j].zero), None)
            if i is None:
                continue
            at = len(pivots)
            left[at], left[i] = left[i], left[at]
            head = left[at][j]
            left[at] = [self.over(q, head) for q in left[at]]
            for r in range(len(left)):
                if r != at and not left[r][j].zero:
                    m = self.minus(left[r][j])
                    left[r] = [self.plus(q, self.times(m, p)) for q, p in zip(left[r], left[at], strict=True)]
            pivots.append(j)
        return left, pivots

    # -- quotient -> formula --------------------------------------------------------------------

    def formula(self, a: Quotient) -> Formula:
        """In textbook layout, top and bottom in factors that are positive where that is known."""
        top, bottom = self.factors(a.top), self.factors(a.bottom)
        if top is None or bottom is None:
            return ZERO
        (c, above), (d, below) = top, bottom
        return self.al.build(self.al.times([Term(c / d), *(above), *(self.al.raised(t, MINUS_ONE) for t in below)]))

    def factors(self, polynomial: Any) -> tuple[Fraction, list[Term]] | None:
        """A number and factors whose product it is; None for 0."""
        if not polynomial:
            return None
        short = len(polynomial) <= FACTORED and all(d <= HIGHEST for d in polynomial.degrees())
        content, found = polynomial.factor() if short else (fmpq(1), [(polynomial, 1)])
        c, out = Fraction(int(content.p), int(content.q)), list[Term]()
        for f, k in found:
            ts = self.terms(f)
            if len(ts) == 1:
                c *= ts[0].coefficient ** int(k)
                out.append(self.al.raised(Term(Fraction(1), ts[0].powers), rational(int(k))))
                continue
            whole, sign = self._positive(ts)
            c *= sign ** int(k)
            out.append(Term(Fraction(1), {whole: rational(int(k))}))
        return c, out

    def _positive(self, ts: list[Term]) -> tuple[Formula, int]:
        """A sum, or its negative, with that sign: positive in the domains, else beginning with a plus; terms with a plus first."""
        f, g = (self.al.assemble(sorted(us, key=lambda t: t.coefficient < 0)) for us in (ts, [t.scaled(Fraction(-1)) for t in ts]))
        known = -1 if self.al.facts.positive(g) or self.al.facts.negative(f) else 1 if self.al.facts.positive(f) else 0
        turned = known < 0 or (not known and sum(t.coefficient < 0 for t in ts) * 2 > len(ts))
        return (g, -1) if turned else (f, 1)

    def terms(self, polynomial: Any) -> list[Term]:
        """A polynomial as terms."""
        out = []
        for es, c in polynomial.to_dict().items():
            parts = [Term(Fraction(int(c.p), int(c.q)))]
            for (b, unit), e in zip(self.letters, es, strict=True):
                if e:
                    k = rational(Fraction(int(e), self.letters[b, unit]))
                    parts.append(Term(Fraction(1), {b: k if unit == ONE else self.al.tidy(mul(k, unit))}))
            out.append(self.al.times(parts))
        return out


def _whole(k: Formula) -> int | None:
    q = value(k)
    return int(q) if q is not None and q.denominator == 1 else None


def in_one_fraction(f: Formula, al: Algebra) -> Formula:
    """f as one fraction in lowest terms, above and below the line in factors; f itself where it is too long."""
    try:
        made = RationalFunctions.of([f], al)
        return made.formula(made.quotient(f))
    except TooLong:
        return f


def inverse(rows: Sequence[Sequence[Formula]], al: Algebra) -> list[list[Formula]] | None:
    """The inverse of a square matrix; None where it is singular.  Raises TooLong."""
    size = len(rows)
    made = RationalFunctions.of([f for r in rows for f in r], al)
    unit = [[made.number(int(i == j)) for j in range(size)] for i in range(size)]
    wide = [[*map(made.quotient, r), *unit[i]] for i, r in enumerate(rows)]
    left, pivots = made.eliminated(wide, size)
    return None if len(pivots) < size else [[made.formula(q) for q in r[size:]] for r in left]


__all__ = ["Quotient", "RationalFunctions", "TooLong", "in_one_fraction", "inverse"]
