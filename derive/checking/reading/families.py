"""Names with a running number: sums over p_k for declared p_1, p_2, p_3, and claims that hold for every j."""

from __future__ import annotations

from ...formula.names import hat
from ...formula.tree import At, Big, Formula, N, Num, Sym, add, children, mul, num, rebuild, transform, walk
from .notation_scan import INDICES, Notation

MOST = 60  # members that are written out


def members(base: str, n: Notation) -> int:
    """How many names base_1, base_2, ... are declared; of an estimate those of its parameter."""
    root = base.removesuffix("_hat")
    k = 0
    while f"{root}_{k + 1}" in n.given and k < MOST:
        k += 1
    return k


def member(base: str, k: int) -> Formula:
    """The name base_k."""
    root = base.removesuffix("_hat")
    return hat(f"{root}_{k}") if root != base else Sym(f"{base}_{k}")


def written_out(f: Formula, n: Notation) -> Formula:
    """Sums and products over the members of declared families, term by term."""

    def change(g: Formula) -> Formula | None:
        if not isinstance(g, Big) or not isinstance(g.low, Num) or g.low.value.denominator != 1:
            return None
        count = _count(g.body, g.index, n)
        if not count:
            return None
        start = int(g.low.value)
        end = int(g.high.value) if isinstance(g.high, Num) and g.high.value.denominator == 1 else count
        if not start <= end <= MOST or (not isinstance(g.high, Num) and g.high not in (Sym("K"), N, Sym("k"), Sym("m"), Sym("r"))):
            return None
        parts = [instance(g.body, g.index, k) for k in range(start, end + 1)]
        return add(*parts) if g.kind == "sum" else mul(*parts)

    return transform(f, change)


def _count(f: Formula, index: str, n: Notation) -> int:
    """The size of the declared family that an index runs over; 0 where it runs over data or nothing declared."""
    bases = {g.base for g in walk(f) if isinstance(g, At) and g.index == (Sym(index),)}
    if any(b in n.alias.values() for b in bases):
        return 0
    return max((members(b, n) for b in bases), default=0)


def instance(f: Formula, index: str, k: int) -> Formula:
    """f for index = k."""
    if isinstance(f, At) and f.index == (Sym(index),):
        return member(f.base, k)
    if f == Sym(index):
        return num(k)
    kids = children(f)
    return rebuild(f, tuple(instance(g, index, k) for g in kids)) if kids else f


def running(f: Formula, n: Notation) -> tuple[str, int] | None:
    """The letter and the size of the family in a formula that speaks of every member: p_j = n_j/n."""
    for g in walk(f):
        if isinstance(g, At) and len(g.index) == 1 and isinstance(g.index[0], Sym) and g.index[0].name in INDICES:
            count = members(g.base, n)
            if count > 1 and g.base not in n.alias.values():
                return g.index[0].name, count
    return None
