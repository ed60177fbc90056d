"""Where a ratio of likelihoods at neighbouring whole numbers goes below 1, when that is one place: with given data."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from ..algebra.terms import Algebra, Term
from ..errors import NotSupported
from ..formula.evaluate import Env, compiled
from ..formula.tree import ONE, ZERO, Pow, Sym, has, names, value

LARGEST = 60  # degree of a polynomial whose roots are counted


def falling(t: Term, u: Sym, al: Algebra) -> list[tuple[Fraction, Fraction]] | None:
    """The pairs (a, b), a <= b, with the ratio a constant times the product of (N - a)/(N - b): each falls for N > b.  Else None."""
    tops: list[Fraction] = []
    bottoms: list[Fraction] = []
    for b, k in t.powers.items():
        q = value(k)
        if not has(b, u) and not has(k, u):
            continue
        table = al.coefficients(b, u)
        if q is None or q.denominator != 1 or abs(q) > 400 or table is None or not set(table) <= {ZERO, ONE}:
            return None
        slope, rest = (value(al.assemble(table.get(e, []))) for e in (ONE, ZERO))
        if not slope or slope < 0 or rest is None:
            return None
        (tops if q > 0 else bottoms).extend([-rest / slope] * int(abs(q)))
    if len(tops) != len(bottoms):
        return None
    pairs = list(zip(sorted(tops), sorted(bottoms), strict=True))
    return pairs if all(a <= b for a, b in pairs) else None


def limit_below_one(t: Term) -> bool:
    """Whether the constant that the ratio approaches as N grows is below 1."""
    constant = Term(t.coefficient, {b: k for b, k in t.powers.items() if not names(b) and not names(k)})
    size = float(constant.coefficient) * math.prod(compiled(Pow(b, k))({}) for b, k in constant.powers.items())
    return 0 < size < 1


def last_at_least_one(g: Callable[[Env], float], w: Env, name: str, least: int) -> int:
    """The last whole number N > least with g(N) >= 1, where g decreases; least where there is none."""
    low, step = least, 1
    while g({**w, name: float(low + step)}) >= 1:
        low, step = low + step, 2 * step
        if step > 2**50:
            raise NotSupported(f"the likelihood grows in {name} beyond {low}")
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if g({**w, name: float(middle)}) >= 1 else (low, middle)
    return low


def difference_of(t: Term, u: Sym, al: Algebra) -> list[Fraction] | None:
    """The coefficients, lowest first, of numerator minus denominator of a ratio with numbers in it; None where it is none."""
    if any(value(k) is None or value(k).denominator != 1 for k in t.powers.values()):  # type: ignore[union-attr]
        return None
    top, bottom = [Fraction(t.coefficient.numerator)], [Fraction(t.coefficient.denominator)]
    for b, k in t.powers.items():
        table = al.coefficients(b, u)
        power = int(value(k) or 0)
        if table is None or any(value(e) is None or value(e) < 0 or value(e).denominator != 1 for e in table):  # type: ignore[union-attr, operator]
            return None
        p = [Fraction(0)] * (1 + max(int(value(e) or 0) for e in table))
        for e, ts in table.items():
            v = value(al.assemble(ts))
            if v is None:
                return None
            p[int(value(e) or 0)] = v
        for _ in range(abs(power)):
            if power > 0:
                top = _times(top, p)
            else:
                bottom = _times(bottom, p)
            if max(len(top), len(bottom)) > LARGEST:
                return None
    size = max(len(top), len(bottom))
    out = [(top[j] if j < len(top) else 0) - (bottom[j] if j < len(bottom) else 0) for j in range(size)]
    return _trimmed([Fraction(c) for c in out])


def roots_beyond(p: Sequence[Fraction], start: Fraction) -> int:
    """The number of real roots of a polynomial above start, at which it does not vanish: Sturm's theorem."""
    chain = [list(p), _trimmed([j * c for j, c in enumerate(p)][1:])]
    while len(chain[-1]) > 1:
        rest = _remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append([-c for c in rest])
    return _changes([_value(q, start) for q in chain]) - _changes([q[-1] for q in chain])


def _times(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    out = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] += a * b
    return out


def _trimmed(p: list[Fraction]) -> list[Fraction]:
    while p and not p[-1]:
        p.pop()
    return p


def _remainder(p: Sequence[Fraction], q: Sequence[Fraction]) -> list[Fraction]:
    rest = list(p)
    while len(rest) >= len(q):
        factor, shift = rest[-1] / q[-1], len(rest) - len(q)
        for j, c in enumerate(q):
            rest[shift + j] -= factor * c
        rest = _trimmed(rest[:-1])
    return rest


def _value(p: Sequence[Fraction], x: Fraction) -> Fraction:
    out = Fraction(0)
    for c in reversed(p):
        out = out * x + c
    return out


def _changes(values: Sequence[Fraction]) -> int:
    signs = [v > 0 for v in values if v]
    return sum(a != b for a, b in pairwise(signs))
