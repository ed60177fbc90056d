"""Sums over the sample: split them, take constants out, give them their names."""

from __future__ import annotations

from fractions import Fraction

from ..algebra import Algebra, Term
from ..formula.tree import ONE, ZERO, Add, At, Big, Formula, N, Sym, add, names, transform
from ..trace import Rule


def sum_out(f: Formula, al: Algebra) -> Formula:
    """A sum over the sample split into terms, with everything that does not depend on the index taken out."""
    match f:
        case Big("sum", i, low, high, body) if low == ONE:
            parts = [part for t in al.flat(body, deep=True) for part in _one(i, high, t, al)]
            return al.assemble(al.split(p) for p in parts) if parts else ZERO
    return f


def _one(i: str, high: Formula, t: Term, al: Algebra) -> list[Formula]:
    inner = {b: k for b, k in t.powers.items() if i in names(b) or i in names(k)}
    outer = {b: k for b, k in t.powers.items() if b not in inner}
    if not inner:
        return [al.build(al.times((Term(t.coefficient, outer), al.split(high))))]
    whole = Big("sum", i, ONE, high, al.build(Term(Fraction(1), inner)))
    return [al.build(Term(t.coefficient, {**outer, whole: ONE}))]


def split_sums(f: Formula, al: Algebra) -> Formula | None:
    """Every sum over the sample in f split and its constants taken out."""
    g = transform(f, lambda h: sum_out(h, al) if isinstance(h, Big) and h.kind == "sum" else None)
    g = al.tidy(g)
    return None if g == f else g


def expand_in_sum(f: Formula, al: Algebra) -> Formula | None:
    """Brackets under the sum sign multiplied out, then the sum split."""

    def one(h: Formula) -> Formula | None:
        if isinstance(h, Big) and h.kind == "sum":
            opened = al.expand(h.body)
            return sum_out(Big(h.kind, h.index, h.low, h.high, opened), al) if opened != h.body else None
        return None

    g = transform(f, one)
    return None if g == f else al.tidy(g)


def fold_means(f: Formula, al: Algebra, data: frozenset[str] | None = None) -> Formula | None:
    """A sum of the observations divided by n is their mean: (1/n) sum x_i = x bar; n over it is 1/x bar."""

    def one(h: Formula) -> Formula | None:
        if isinstance(h, (Add, Big)):
            return None
        t = al.split(h)
        for b, k in t.powers.items():
            match b:
                case Big("sum", i, low, high, At(base, (Sym(j),))) if (
                    i == j and low == ONE and high == N and (data is None or base in data)
                ):
                    if N in t.powers and al.tidy(add(t.powers[N], k)) == ZERO:
                        rest = {c: e for c, e in t.powers.items() if c not in (b, N)}
                        return al.build(Term(t.coefficient, {**rest, Sym(base + "_bar"): k}))
        return None

    g = transform(f, one)
    return None if g == f else g


SPLIT = Rule(
    "split the sum", "sum term by term; constants come out of the sum",
    (r"\sum_{i=1}^{n}(x_i - a)", r"\sum_{i=1}^{n} x_i - n a"), split_sums,
)  # fmt: skip
EXPAND = Rule(
    "expand under the sum", "multiply out under the sum sign",
    (r"\sum_{i=1}^{n}(x_i - a)^2", r"\sum_{i=1}^{n} x_i^2 - 2a\sum_{i=1}^{n} x_i + n a^2"), expand_in_sum,
)  # fmt: skip
MEAN = Rule(
    "name the mean", r"the sum divided by n is the sample mean",
    (r"\frac{1}{n}\sum_{i=1}^{n} x_i", r"\bar{x}"), fold_means,
)  # fmt: skip
RULES = (SPLIT, EXPAND, MEAN)
