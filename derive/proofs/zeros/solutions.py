"""All solutions of an equation in one unknown without data, each enclosed: of a rational function exactly, by isolating the roots of its
numerator; of any other by cells, as for a score."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import ctx, fmpq_poly

from ...formula.tree import Formula, Sym, replace
from ...formula.tree import rational as tree_rational
from .builder import Data, constant
from .ends import Budget
from .exact import Exact, NotCovered, Undecided, fraction, rational
from .extended import NoValue
from .rewrite import Form, plain
from .stationary import CELLS, STEPS, Positive, pieces_between
from .symmetry import ratio
from .values import Domain, End, Stationary

NOTHING = Data((), (((), 1),))
ROOT_BITS = (128, 512, 2048)
FAILED = (Undecided, NotCovered, NoValue, ZeroDivisionError, OverflowError, ValueError)


def all_solutions(f: Formula, unknown: str, low: End, high: End) -> tuple[Stationary, ...] | None:
    """The zeros of f, which is continuous there, on the interval with its finite ends, in order; None where they are not settled."""
    try:
        with ctx.workprec(64):
            try:
                top, bottom = ratio(f, unknown, NOTHING, None)
            except (NotCovered, ZeroDivisionError):
                return _by_cells(f, unknown, low, high)
            return _of_polynomial(top // top.gcd(bottom), low, high)
    except FAILED:
        return None


def _of_polynomial(p: Any, low: End, high: End) -> tuple[Stationary, ...]:
    if p == 0:
        raise Undecided("the function is 0 everywhere")
    ends = [v for v in (low, high) if v is not None]
    exact = sorted(v for v in ends if p(rational(v)) == 0)
    for v in exact:
        while p(rational(v)) == 0:
            p = p // fmpq_poly([rational(-v), 1])
    for bits in ROOT_BITS:
        with ctx.workprec(bits):
            real = [r.real for r, _ in p.numer().complex_roots() if r.imag == 0]
        found = [(fraction(r.lower()), fraction(r.upper())) for r in real]
        if all(b < v or v < a for v in ends for a, b in found):
            inside = [(a, b) for a, b in found if (low is None or low < a) and (high is None or b < high)]
            return tuple(Stationary(a, b, False) for a, b in sorted([*inside, *((v, v) for v in exact)]))
    raise Undecided("a root next to an end")


def _by_cells(f: Formula, unknown: str, low: End, high: End) -> tuple[Stationary, ...]:
    domain, budget = Domain(low, high), Budget(STEPS, CELLS)
    form = Form((unknown,), 1, Positive((unknown,), (domain,), NOTHING), frozenset())
    pieces = pieces_between(plain(f, form), form, domain, NOTHING, budget)
    if any(0 in p.signs for p in pieces):
        raise Undecided("the function vanishes on a whole interval")
    inner = {e for p in pieces[1:] for e in (p.low.end,) if e is not None}
    found = [s for p in pieces for s in p.points]
    found += [Stationary(v, v, False) for v in {*inner, *(v for v in (low, high) if v is not None)} if _vanishes_at(f, unknown, v)]
    return tuple(sorted(found, key=lambda s: s.low))


def _vanishes_at(f: Formula, unknown: str, v: Fraction) -> bool:
    """Whether the function is 0 at a place.  Raises Undecided where its sign there is not known."""
    there = replace(f, Sym(unknown), tree_rational(v))
    for bits in ROOT_BITS:
        with ctx.workprec(bits):
            c = constant(there, NOTHING)
        if isinstance(c, Exact):
            return c.is_zero
        if c > 0 or c < 0 or c == 0:
            return bool(c == 0)
    raise Undecided("the sign at a place")


__all__ = ["all_solutions"]
