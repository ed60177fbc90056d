"""The mean of a distribution in closed form, where a standard integral or sum is it.

Nothing is trusted that is found: it is compared with the integral in numbers at several parameter values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from ...algebra.terms import Algebra
from ...errors import DeriveError
from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, ZERO, Formula, Pow, Sym, add, div, mul, names, neg, num, power, transform
from ...sets.domain import Domain
from .normalise import total
from .standard_integrals import integrals
from .standard_sums import sums
from .total_in_words import closed_form

DIGITS = 1e-7
MOST_FACTORS = 4
EXPONENTS = (0, 1, -1, 2, -2)
LARGEST_DENOMINATOR = 12


def mean(density: Formula, v: str, support: Domain, al: Algebra, points: Sequence[Env]) -> Formula | None:
    """The expectation of the variable v; None where none is found.  points: parameter values to compare at."""
    body = mul(Sym(v), density)
    values = [total(body, {v: support}, w) for w in points]
    if not values or any(t is None or not math.isfinite(t) for t in values):
        return None
    for f in _candidates(body, v, support, al, points, [t for t in values if t is not None]):
        try:
            g = compiled(f)
            if v not in names(f) and all(abs(g(w) - t) <= DIGITS * (1 + abs(t)) for w, t in zip(points, values) if t is not None):
                return f
        except (ArithmeticError, ValueError, TypeError, DeriveError):
            continue
    return None


def _candidates(
    body: Formula, v: str, support: Domain, al: Algebra, points: Sequence[Env], values: Sequence[float]
) -> Iterator[Formula]:  # fmt: skip
    """Formulas that may be the mean, the shortest first."""
    letters = sorted(names(body) - {v})
    yield from map(Sym, letters)
    for a, b in combinations(map(Sym, letters), 2):
        yield from (div(add(a, b), num(2)), add(a, b), add(a, neg(b)), add(b, neg(a)))
    for f, _ in (sums if support.discrete else integrals)(body, Sym(v), support, al):
        yield al.tidy(transform(f, lambda g: ZERO if isinstance(g, Pow) and g.base == ZERO else None))
    found = closed_form(lambda w: total(body, {v: support}, w), points, letters)
    if found is not None:
        yield al.tidy(found)
    yield from _products(letters, points, values)


def _products(letters: Sequence[str], points: Sequence[Env], values: Sequence[float]) -> Iterator[Formula]:
    """A rational number times small powers of the letters, and of 1 less those that lie between 0 and 1, that has the values."""
    shares = [k for k in letters if all(0 < w[k] < 1 for w in points)]
    if len(letters) + len(shares) > MOST_FACTORS or any(w[k] == 0 for w in points for k in letters):
        return
    bases = [*map(Sym, letters), *(add(ONE, neg(Sym(k))) for k in shares)]
    at = [[*(w[k] for k in letters), *(1 - w[k] for k in shares)] for w in points]
    for exponents in product(*[EXPONENTS] * len(bases)):
        ratios = [t / math.prod(b**e for b, e in zip(row, exponents, strict=True)) for t, row in zip(values, at, strict=True)]
        c = Fraction(ratios[0]).limit_denominator(LARGEST_DENOMINATOR)
        if c and all(abs(r - c) <= DIGITS * abs(c) for r in ratios):
            tops = [power(b, num(e)) for b, e in zip(bases, exponents, strict=True) if e > 0]
            bottoms = [power(b, num(-e)) for b, e in zip(bases, exponents, strict=True) if e < 0]
            top = mul(*([] if c == 1 and tops else [num(c)]), *tops)
            yield top if not bottoms else div(top, mul(*bottoms))
            return


__all__ = ["mean"]
