"""The mean of a distribution in closed form, where a standard integral or sum is it.

Nothing is trusted that is found: it is compared with the integral in numbers at several parameter values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ...algebra.terms import Algebra
from ...errors import DeriveError
from ...formula.evaluate import Env, compiled
from ...formula.tree import Formula, Sym, mul, names
from ...sets.domain import Domain
from .normalise import total
from .standard_integrals import integrals
from .standard_sums import sums
from .total_in_words import closed_form

DIGITS = 1e-7


def mean(density: Formula, v: str, support: Domain, al: Algebra, points: Sequence[Env]) -> Formula | None:
    """The expectation of the variable v; None where none is found.  points: parameter values to compare at."""
    body = mul(Sym(v), density)
    values = [total(body, {v: support}, w) for w in points]
    if not values or any(t is None or not math.isfinite(t) for t in values):
        return None
    for f in _candidates(body, v, support, al, points):
        try:
            g = compiled(f)
            if v not in names(f) and all(abs(g(w) - t) <= DIGITS * (1 + abs(t)) for w, t in zip(points, values) if t is not None):
                return f
        except (ArithmeticError, ValueError, TypeError, DeriveError):
            continue
    return None


def _candidates(body: Formula, v: str, support: Domain, al: Algebra, points: Sequence[Env]) -> Iterator[Formula]:
    letters = sorted(names(body) - {v})
    yield from map(Sym, letters)
    for f, _ in (sums if support.discrete else integrals)(body, Sym(v), support, al):
        yield al.tidy(f)
    found = closed_form(lambda w: total(body, {v: support}, w), points, letters)
    if found is not None:
        yield al.tidy(found)


__all__ = ["mean"]
