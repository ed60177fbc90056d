"""A function that does not change when some of its letters are scaled, or shifted, together or against each other: proposed from values, proved by algebra.

With g_j the derivatives of f, f(t^c_1 u_1, ..., t^c_k u_k) is the same for all t > 0 exactly when the sum of the c_j u_j g_j is 0 everywhere
(Euler), and f(u_1 + c_1 t, ..., u_k + c_k t) is when the sum of the c_j g_j is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..formula.tree import ONE, ZERO, Add, Call, Formula, Neg, Pow, Sym, add, mul, neg, rational, replace_all, transform, value
from ..trace import Evidence
from .grounds import Ground, proved

SMALL = 1e-9  # of a row, what counts as 0 when a direction is proposed
LARGEST = 12  # denominator of a proposed exponent


@dataclass(frozen=True)
class Invariance:
    """scales: whether the letters are scaled (else shifted).  by: the exponents, or the steps, that are not 0."""

    scales: bool
    by: Mapping[str, Fraction]

    def combination(self, slopes: Mapping[str, Formula]) -> Formula:
        """What vanishes exactly when it holds, in terms of the derivatives."""
        parts = []
        for k, c in self.by.items():
            size = [rational(abs(c))] if abs(c) != 1 else []
            part = mul(*size, *([Sym(k)] if self.scales else []), slopes[k])
            parts.append(part if c > 0 else neg(part))
        return add(*parts)


def proposed(slopes: Sequence[Mapping[str, float]], places: Sequence[Mapping[str, float]], letters: Sequence[str]) -> list[Invariance]:
    """What the derivatives at several places allow: scalings first."""
    out = []
    for scales in (True, False):
        rows = [[g[k] * (at[k] if scales else 1.0) for k in letters] for g, at in zip(slopes, places, strict=True)]
        for direction in _null_vectors(rows, len(letters)):
            exact = [Fraction(c).limit_denominator(LARGEST) for c in direction]
            if all(abs(float(a) - c) < 1e-6 for a, c in zip(exact, direction, strict=True)) and sum(c != 0 for c in exact) > 1:
                out.append(Invariance(scales, {k: c for k, c in zip(letters, exact, strict=True) if c}))
    return out


def _null_vectors(rows: list[list[float]], size: int) -> list[list[float]]:
    """Vectors that all rows map to 0, one for each unknown that elimination leaves free."""
    work = [[v / s for v in r] for r in rows if (s := max(map(abs, r))) > 0]
    pivots: list[int] = []
    for j in range(size):
        at = len(pivots)
        best = max(range(at, len(work)), key=lambda i: abs(work[i][j]), default=None)
        if best is None or abs(work[best][j]) < SMALL:
            continue
        work[at], work[best] = work[best], work[at]
        top = work[at]
        work[at] = [v / top[j] for v in top]
        for i, r in enumerate(work):
            if i != at:
                work[i] = [v - r[j] * t for v, t in zip(r, work[at], strict=True)]
        pivots.append(j)
    out = []
    for free in (j for j in range(size) if j not in pivots):
        v = [0.0] * size
        v[free] = 1.0
        for i, j in enumerate(pivots):
            v[j] = -work[i][free]
        out.append(v)
    return out


def rank(rows: list[list[float]]) -> int:
    """The number of linearly independent rows."""
    size = len(rows[0])
    return size - len(_null_vectors(rows, size))


def evidence(found: Invariance, slopes: Mapping[str, Formula], al: Algebra) -> Evidence | None:
    """A proof that it holds, where multiplying out gives one."""
    return proved(Ground.MULTIPLIED_OUT) if is_zero(found.combination(slopes), al) else None


EVEN, ODD = frozenset({"abs", "cos", "cosh"}), frozenset({"sin", "tan", "sinh", "tanh", "arctan", "asinh"})


def turned(f: Formula, u: Sym, al: Algebra, whole: frozenset[str] = frozenset()) -> Formula:
    """f at -u, the signs taken out of functions and powers that are even or odd; whole: letters whose values are whole numbers."""

    def doubled(k: Formula) -> bool:
        t = al.split(k)
        return (
            bool(t.powers)
            and t.coefficient % 2 == 0
            and all(isinstance(b, Sym) and b.name in whole and e == ONE for b, e in t.powers.items())
        )

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Pow) and doubled(g.exponent) and isinstance(a := al.tidy(g.base), Neg):
            return Pow(a.arg, g.exponent)
        if isinstance(g, Call) and len(g.args) == 1 and g.name in EVEN | ODD:
            a = al.tidy(g.args[0])
            if isinstance(a, Neg):
                return Call(g.name, (a.arg,)) if g.name in EVEN else neg(Call(g.name, (a.arg,)))
        return None

    return transform(replace_all(f, {u: Neg(u)}), one)


def even(f: Formula, u: Sym, al: Algebra, whole: frozenset[str] = frozenset()) -> Evidence | None:
    """A proof that f is the same at -u as at u, where algebra gives one."""
    there = al.tidy(turned(f, u, al, whole))
    same = there == al.tidy(f) or al.expand(there) == al.expand(al.tidy(f)) or is_zero(add(there, neg(f)), al)
    return proved(Ground.MULTIPLIED_OUT) if same else None


def is_zero(f: Formula, al: Algebra) -> bool:
    """Whether f is 0 once it is multiplied out over a common denominator."""
    f = al.expand(al.tidy(f))
    if f == ZERO:
        return True
    ts = al.expanded(f)
    if ts is None:
        return False
    bottoms: dict[Formula, Fraction] = {}
    for t in ts:
        for b, k in t.powers.items():
            if isinstance(b, (Add, Sym)) and (q := value(k)) is not None and q < 0:
                bottoms[b] = min(bottoms.get(b, Fraction(0)), q)
    common = Term(Fraction(1), {b: rational(-q) for b, q in bottoms.items()})
    top = al.expanded(add(*(al.build(al.times((t, common))) for t in ts))) if bottoms else None
    return top is not None and al.assemble(top) == ZERO


__all__ = ["Invariance", "even", "evidence", "is_zero", "proposed", "rank", "turned"]
