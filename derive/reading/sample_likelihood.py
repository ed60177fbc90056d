"""A likelihood with the data in it: as the density of one observation, or with letters for what it needs of the data.

A product over the sample is taken apart by the rules of products and exponents: what depends on an observation alone is
put together (the sum of the x_i, the product of the y_j), what does not is raised to the number of factors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..algebra.terms import Algebra, Term
from ..errors import NotSupported
from ..formula.names import GREEK
from ..formula.plain import plain
from ..formula.tree import (
    ONE,
    Add,
    At,
    Big,
    Call,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Pow,
    Sym,
    add,
    children,
    div,
    exp,
    has,
    mul,
    names,
    neg,
    replace_all,
    terms,
    transform,
    value,
    walk,
)

LETTERS = ("S", "T", "U", "V", "W", "A", "B", "C", "D", "G", "H", "Q", "R")  # for sums and products of the data
PARAMETERS = frozenset({"p", "q", "theta", "beta", "alpha", "mu"} | GREEK)  # letters that are no data, also with an index
DATA = frozenset({"x", "y", "z", "X", "Y", "Z"})


@dataclass(frozen=True)
class Statistics:
    """A likelihood in letters.  body: the likelihood; meanings: letter to what it stands for.  counts: letters that can only
    be numbers of observations."""

    body: Formula
    meanings: Mapping[str, Formula]
    counts: frozenset[str]


class _Apart(Exception):
    """A part that holds an observation and a parameter and cannot be taken apart."""

    def __init__(self, part: Formula):
        super().__init__(plain(part))
        self.part = part


def data_in(f: Formula) -> frozenset[str]:
    """The letters with an index in a likelihood: the observations."""
    return frozenset(g.base for g in walk(f) if isinstance(g, At))


def is_data(base: str) -> bool:
    """Whether a letter with an index is an observation, and not one of several parameters."""
    return base.removesuffix("_ord").split("_")[0] not in PARAMETERS


# -- the density of one observation --------------------------------------------------------------


def density_of_one(likelihood: Formula, bases: Sequence[str]) -> Formula | None:
    """f where the likelihood is the product of f(x_i) over the sample; None where it is not seen to be one.  bases: the letters x."""
    means: dict[Formula, Formula] = {Sym(b + "_bar"): Div(Big("sum", "i", ONE, N, At(b, (Sym("i"),))), N) for b in bases}
    try:
        f = _one(replace_all(likelihood, means), bases)
    except _Apart:
        return None
    return f if bases and all(has(f, Sym(b)) for b in bases) and not _sampled(f) and not has(f, N) else None


def _at_one(f: Formula, index: str, bases: Sequence[str]) -> Formula:
    return replace_all(f, {At(b, (Sym(index),)): Sym(b) for b in bases})


def _one(f: Formula, bases: Sequence[str]) -> Formula:
    """The factor of one observation in a product over the sample."""
    match f:
        case Big("prod", index, low, high, body) if low == ONE and high == N:
            return _at_one(body, index, bases)
        case Mul(fs):
            return mul(*(_one(g, bases) for g in fs))
        case Div(a, b):
            return div(_one(a, bases), _one(b, bases))
        case Pow(b, k) if (share := _share(k)) is not None and not _sampled(b):
            return b if share == ONE else Pow(b, share)
        case Pow(b, k) if not _sampled(k) and not has(k, N):
            return Pow(_one(b, bases), k)
        case Pow(b, k) if not _sampled(b) and not has(b, N):
            return Pow(b, _term(k, bases))
        case Call("exp", (u,)):
            return exp(_term(u, bases))
        case Call("sqrt", (u,)):
            return Call("sqrt", (_one(u, bases),))
    if value(f) == 1:
        return f
    raise _Apart(f)


def _share(k: Formula) -> Formula | None:
    """k/n, where that is free of n."""
    al = Algebra()
    t = al.split(k)
    if t.powers.get(N) != ONE:
        return None
    rest = al.build(Term(t.coefficient, {b: e for b, e in t.powers.items() if b != N}))
    return None if has(rest, N) or _sampled(rest) else rest


def _sampled(f: Formula) -> bool:
    return any(isinstance(g, (At, Big)) for g in walk(f))


def _term(u: Formula, bases: Sequence[str]) -> Formula:
    """The term of one observation in a sum over the sample, or in n times something."""
    out = []
    for t in terms(u):
        sign = isinstance(t, Neg)
        inner = t.arg if isinstance(t, Neg) else t
        found = _opened(inner, bases)
        out.append(neg(found) if sign else found)
    return add(*out)


def _opened(t: Formula, bases: Sequence[str]) -> Formula:
    """One term: a sum over the sample with factors before it, n with factors, or a bracket of such terms with factors."""
    if isinstance(t, Add):
        return _term(t, bases)
    if isinstance(t, Div) and not _sampled(t.bottom) and not has(t.bottom, N):
        return Div(_term(t.top, bases), t.bottom)
    al = Algebra()
    split = al.split(t)
    sums = [(b, k) for b, k in split.powers.items() if isinstance(b, Big)]
    if len(sums) == 1 and sums[0][1] == ONE:
        ((b, _),) = sums
        assert isinstance(b, Big)
        if b.kind != "sum" or b.low != ONE or b.high != N:
            raise _Apart(t)
        left = Term(split.coefficient, {g: k for g, k in split.powers.items() if g != b})
        one = _at_one(b.body, b.index, bases)
        n = left.powers.get(N)
        if n is not None or any(_sampled(g) or has(g, N) for g in left.powers):
            raise _Apart(t)
        return mul(*(g for g in (al.build(left), one) if g != ONE)) if left.coefficient or left.powers else one
    brackets = [b for b, k in split.powers.items() if isinstance(b, Add) and k == ONE and (_sampled(b) or has(b, N))]
    rest = Term(split.coefficient, {g: k for g, k in split.powers.items() if not brackets or g != brackets[0]})
    if len(brackets) == 1 and not any(_sampled(g) or has(g, N) for g in rest.powers):
        return mul(al.build(rest), _term(brackets[0], bases))
    if split.powers.get(N) == ONE:
        rest = Term(split.coefficient, {g: k for g, k in split.powers.items() if g != N})
        if not any(_sampled(g) or has(g, N) for g in rest.powers):
            return al.build(rest)
    raise _Apart(t)


# -- letters for what is needed of the data --------------------------------------------------------


def with_statistics(likelihood: Formula, declared: Collection[str], taken: Collection[str]) -> Statistics:
    """The likelihood with letters for the sums and products of the data in it.

    declared: what is to be estimated, where that was said.  taken: letters in use.  Raises NotSupported for a part in which
    observations and parameters cannot be taken apart.
    """
    strange = sorted(b for b in data_in(likelihood) if not is_data(b) or b in declared)
    if strange:
        raise NotSupported(
            f"{strange[0]} has an index: there is one for each observation, or as many as a letter says",
            hint="write out a few letters, p1, p2, p3; or give the density of one observation",
        )
    counts = frozenset(k for g in walk(likelihood) if isinstance(g, Big) for k in names(g.high))
    try:
        body = transform(likelihood, lambda g: _apart(g) if isinstance(g, Big) else None)
    except _Apart as e:
        raise NotSupported(
            f"in {plain(e.part)} observations and parameters cannot be taken apart",
            hint="give the density of one observation, as `density`, in place of the likelihood",
        ) from None
    body = _without_doubles(body)
    meanings: dict[str, Formula] = {}
    free = iter([k for k in LETTERS if k not in taken] + [f"S_{j}" for j in range(1, 100)])
    table: dict[Formula, Formula] = {}
    for g in _closed(body):
        if g not in table:
            name = f"{g.base.removesuffix('_ord')}_{plain(g.index[0])}" if isinstance(g, At) and len(g.index) == 1 else next(free)
            if not name.replace("_", "").isalnum() or name in meanings:
                name = next(free)
            table[g], meanings[name] = Sym(name), g
    return Statistics(replace_all(body, table), meanings, counts)


def _closed(f: Formula) -> Iterator[Formula]:
    """The largest parts of the data alone: sums and products over the sample, single observations."""
    if isinstance(f, (At, Big)):
        yield f
    else:
        for g in children(f):
            yield from _closed(g)


def _apart(f: Big) -> Formula:
    """A sum or product over the sample as parts of the data alone, and parts without it."""
    count = f.high if f.low == ONE else add(f.high, neg(f.low), ONE)
    return _product(f, f.body, count) if f.kind == "prod" else _sum(f, f.body, count)


def _only_data(f: Formula, index: str) -> bool:
    """Whether no letter but the index stands in a part of the data."""
    bases = {g.base for g in walk(f) if isinstance(g, At)}
    return names(f) <= {index, *bases, *(b + "_bar" for b in bases)}


def _product(around: Big, f: Formula, count: Formula) -> Formula:
    index = Sym(around.index)
    if not has(f, index):
        return Pow(f, count) if value(f) != 1 else ONE
    if _only_data(f, around.index):
        return Big("prod", around.index, around.low, around.high, f)
    match f:
        case Mul(fs):
            return mul(*(_product(around, g, count) for g in fs))
        case Div(a, b):
            return div(_product(around, a, count), _product(around, b, count))
        case Call("exp", (u,)):
            return exp(_sum(around, u, count))
        case Call("sqrt", (u,)):
            return Call("sqrt", (_product(around, u, count),))
        case Pow(b, k) if not has(k, index):
            return Pow(_product(around, b, count), k)
        case Pow(b, k) if not has(b, index):
            return Pow(b, _sum(around, k, count))
    raise _Apart(f)


def _sum(around: Big, f: Formula, count: Formula) -> Formula:
    index, al = Sym(around.index), Algebra()
    if not has(f, index):
        return mul(count, f) if value(f) != 1 else count
    if _only_data(f, around.index):
        return Big("sum", around.index, around.low, around.high, f)
    expanded = al.expanded(f)
    if expanded is None:
        raise _Apart(f)
    out = []
    for t in expanded:
        inside = {b: k for b, k in t.powers.items() if has(b, index) or has(k, index)}
        outside = al.build(Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in inside}))
        part = al.build(Term(abs(t.coefficient) / abs(t.coefficient), inside))
        if inside and not _only_data(part, around.index):
            raise _Apart(f)
        whole = Big("sum", around.index, around.low, around.high, part) if inside else count
        out.append(neg(mul(outside.arg, whole)) if isinstance(outside, Neg) else mul(*(g for g in (outside, whole) if g != ONE)))
    return add(*out)


def _without_doubles(f: Formula) -> Formula:
    """Where a mean stands beside the sum that it is made of, the mean in place of that; indices by one letter."""

    def one_index(g: Formula) -> Formula | None:
        if isinstance(g, Big) and g.index != "i" and not has(g.body, Sym("i")):
            return Big(g.kind, "i", g.low, g.high, replace_all(g.body, {Sym(g.index): Sym("i")}))
        return None

    f = transform(f, one_index)
    means = [k for k in names(f) if k.endswith(("_bar", "bar")) and k not in ("bar", "_bar")]
    table: dict[Formula, Formula] = {
        Big("sum", "i", ONE, N, At(k.removesuffix("bar").removesuffix("_"), (Sym("i"),))): mul(N, Sym(k)) for k in means
    }
    return replace_all(f, table) if table else f


__all__ = ["DATA", "Statistics", "data_in", "density_of_one", "is_data", "with_statistics"]
