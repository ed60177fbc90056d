"""A sum over many rows near an end of the domain: where each term is a function of one observation times one expansion, that function is
expanded once, and power sums of the observations stand for the rows.

sum_i k_i c_i^m g(c_i u) with g(w) = sum_p g_p w^p is sum_p g_p u^p sum_i k_i c_i^(p+m); a coefficient in a ball is one for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from flint import arb, ctx, fmpq

from ...formula.tree import ONE, At, Div, Formula, Mul, Sym, children, factors, names, rebuild
from .exact import Exact, NotCovered
from .expansion import Expansion, plus, times

LETTER = Sym("#w")
LONGEST = 10**4  # bits of a sum of fractions that is worked out exactly
Weighted = Sequence[tuple[int, Any]]  # observations, as fmpq, with how often each occurs


def scaled(body: Formula, index: str) -> tuple[Formula, Formula, At, int] | None:
    """g, s, the observation c and m, where the body is c^m g(c s) with g a function of `LETTER`; None where it is not of that form."""
    product = next((g for g in _products(body, index)), None)
    if product is None:
        return None
    c, s = product

    def shown(g: Formula) -> Formula:
        if _split(g, index) == (c, s):
            return LETTER
        kids = children(g)
        return rebuild(g, tuple(map(shown, kids))) if kids and index in names(g) and not isinstance(g, At) else g

    out = shown(body)
    if index not in names(out):
        return out, s, c, 0
    top, bottom = (out.top, out.bottom) if isinstance(out, Div) else (out, ONE)
    rest = [g for g in factors(top) if g != c]
    if len(rest) != len(factors(top)) - 1 or any(index in names(g) for g in (*rest, bottom)):
        return None
    above = reduce(lambda a, b: Mul((a, b)), rest) if rest else ONE
    return (Div(above, bottom) if bottom != ONE else above), s, c, 1


def _products(f: Formula, index: str) -> list[tuple[At, Formula]]:
    found = _split(f, index)
    if found is not None:
        return [found]
    return [p for k in children(f) if not isinstance(f, At) for p in _products(k, index)]


def _split(f: Formula, index: str) -> tuple[At, Formula] | None:
    """c and s of an observation times what is free of the index."""
    match f:
        case Div(At(_, (Sym(i),)) as c, s) if i == index and index not in names(s):
            return c, Div(ONE, s)
        case Mul((At(_, (Sym(i),)) as c, s)) | Mul((s, At(_, (Sym(i),)) as c)) if i == index and index not in names(s):
            return c, s
    return None


class PowerSums:
    """Observations, as fmpq, with how often each occurs; their power sums, each worked out once with the present precision."""

    def __init__(self, rows: Weighted):
        self.rows = rows
        self.low, self.high = min(c for _, c in rows), max(c for _, c in rows)
        self._known: dict[tuple[int, int, int], tuple[Any, Any]] = {}

    def sums(self, k: int, logs: int) -> tuple[Any, Any]:
        """sum k c^k, and with log c; the first one exact unless it is too long."""
        key = (k, logs, int(ctx.prec))
        if key not in self._known:
            self._known[key] = self._worked_out(k, logs)
        return self._known[key]

    def _worked_out(self, k: int, logs: int) -> tuple[Any, Any]:
        powers = [(n, c**k if k >= 0 else 1 / c**-k) for n, c in self.rows if c != 0 or k >= 0]
        if k < 0 and sum(p.height_bits() for _, p in powers) > LONGEST:  # without a common denominator
            s: Any = sum((arb(n * p) for n, p in powers), arb(0))
        else:
            s = Exact(sum((n * p for n, p in powers), fmpq(0)))
        if not logs:
            return s, Exact(0)
        t: Any = Exact(0)
        for (n, p), (_, c) in zip(powers, self.rows, strict=True):
            t = plus(t, (arb(n * p) * arb(c).log()))
        return s, t


def expanded(g: Callable[[Any, Expansion], Expansion], u: Expansion, rows: PowerSums, m: int) -> Expansion:
    """The sum.  g: the function over the expansions up to a place.  Raises `NotCovered` or `Undecided`."""
    if rows.low < 0 or u.sign < 0:
        raise NotCovered("observations of both signs")
    if u.limit == "0":
        d = (arb(rows.high) * u.range).upper()
        return _added(g(d, Expansion.variable(d)), u, rows, m, 1)
    if u.limit == "+" and rows.low > 0:
        back = u.inverse()
        d = (back.range / arb(rows.low)).upper()
        return _added(g(d, Expansion.variable(d, -1)), back, rows, m, -1)
    raise NotCovered("a limit that is neither 0 nor infinite")


def _added(e: Expansion, v: Expansion, rows: PowerSums, m: int, side: int) -> Expansion:
    """The terms of the function at v c^side, summed over the rows."""
    total = Expansion({}, v.d)
    for (r2, r1, p, q), coefficient in e.terms.items():
        if r2.sign or r1.sign or p.denominator != 1 or q not in (0, 1) or (q and not isinstance(coefficient, Exact)):
            raise NotCovered("a term that is no power")
        sums = rows.sums(int(p) * side + m, q)
        head = Expansion.constant(times(coefficient, sums[0]), v.d)
        if q:  # log(1/(c^side v)) = log(1/v) - side log c
            head = head * -v.log() + Expansion.constant(times(coefficient, times(Exact(-side), sums[1])), v.d)
        total = total + head * _power(v, int(p))
    return total


def _power(v: Expansion, k: int) -> Expansion:
    if k < 0:
        return _power(v, -k).inverse()
    return reduce(lambda a, b: a * b, [v] * k) if k else Expansion.constant(Exact(1), v.d)
