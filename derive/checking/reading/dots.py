"""Sums and products that are written with dots."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...formula.tree import Add, At, Big, Formula, Num, Sym, add, children, mul, num, rebuild, transform

INDEX = "i"
MOST_TERMS = 60  # that are written out


def dotted(parts: list[Formula], k: int, kind: str) -> Formula | None:
    """parts[:k], dots, parts[k], further parts -> the whole sum or product; None where the dots are not understood."""
    if k == 0 or k >= len(parts):
        return None
    for size in (2, 3):  # factors that come in groups: a e^{x_1} a e^{x_2} ... a e^{x_n}
        if kind == "prod" and k % size == 0 and len(parts) >= k + size:
            groups = [mul(*parts[j : j + size]) for j in range(0, k + size, size)]
            whole = _series([*groups, *parts[k + size :]], k // size, kind)
            if whole is not None:
                return whole
    for start in range(k):  # what stands before the first of the series is no part of it
        whole = _series(parts[start:], k - start, kind)
        if whole is not None:
            join = add if kind == "sum" else mul
            inner = (whole.terms if isinstance(whole, Add) else (whole,)) if kind == "sum" else (whole,)
            return join(*parts[:start], *inner) if start else whole
    return None


def _series(parts: list[Formula], k: int, kind: str) -> Formula | None:
    """The same where the series begins with parts[0]."""
    ends = set(_differences(parts[0], parts[k]))
    if len(ends) != 1 or None in ends:
        return None
    (first, last) = ends.pop() or (num(1), num(1))
    if not isinstance(first, Num) or first.value.denominator != 1:
        return None
    start = int(first.value)
    body = _template(parts[0], parts[k])
    if any(_at(body, num(start + j)) != parts[j] for j in range(k)):
        return None
    join = add if kind == "sum" else mul
    if isinstance(last, Num):
        if not start < last.value <= start + MOST_TERMS or last.value.denominator != 1:
            return None
        whole = join(*(_at(body, num(j)) for j in range(start, int(last.value) + 1)))
    else:
        whole = Big(kind, INDEX, first, last, body)
    return join(whole, *parts[k + 1 :])


def _differences(a: Formula, b: Formula) -> Iterator[tuple[Formula, Formula] | None]:
    """The (first, last) index at every place where two formulas differ; None for another difference."""
    if a == b:
        return
    pair = _index(a, b)
    if pair is not None:
        yield pair
    elif type(a) is type(b) and len(children(a)) == len(children(b)) and children(a) and rebuild(a, children(b)) == b:
        for x, y in zip(children(a), children(b), strict=True):
            yield from _differences(x, y)
    else:
        yield None


def _index(a: Formula, b: Formula) -> tuple[Formula, Formula] | None:
    match a, b:
        case Num(), Num() | Sym():
            return a, b
        case Sym(p), Sym(q):
            (base, _, i), (other, _, j) = p.rpartition("_"), q.rpartition("_")
            if base and base == other and i.isdigit():
                return num(Fraction(i)), num(Fraction(j)) if j.isdigit() else Sym(j)
        case Sym(p), At(base, (j,)) if p.rpartition("_")[0] == base and p.rpartition("_")[2].isdigit():
            return num(Fraction(p.rpartition("_")[2])), j
    return None


def _template(a: Formula, b: Formula) -> Formula:
    """a with the index letter where it differs from b."""
    if a == b:
        return a
    if _index(a, b) is not None:
        if isinstance(a, Sym):
            return At(a.name.rpartition("_")[0], (Sym(INDEX),))
        return Sym(INDEX)
    return rebuild(a, tuple(_template(x, y) for x, y in zip(children(a), children(b), strict=True)))


def _at(body: Formula, k: Formula) -> Formula:
    """The term with index k; a label in the place of an index that no data have."""

    def change(f: Formula) -> Formula | None:
        match f:
            case Sym(name) if name == INDEX:
                return k
            case At(base, (Num(v),)) if len(base) == 1 and base.lower() not in "xyz":
                return Sym(f"{base}_{v}")
        return None

    return transform(body, change)
