"""Sums over the sample: split them, take constants out, give them their names."""

from __future__ import annotations

from fractions import Fraction

from ..algebra.terms import Algebra, E, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    At,
    Big,
    Formula,
    Indicator,
    Mul,
    N,
    Neg,
    Pow,
    Relation,
    Sym,
    add,
    children,
    equation,
    exp,
    has,
    kinds,
    mul,
    names,
    neg,
    replace_all,
    terms,
    transform,
    walk,
)
from ..rule_names import RuleName
from .rule import rule


def sum_out(f: Formula, al: Algebra) -> Formula:
    """A sum over the sample split into terms, with everything that does not depend on the index taken out."""
    match f:
        case Big("sum", i, low, high, body) if low == ONE:
            return al.once("sum out", f, lambda: _sum_out(i, high, _opened(body, al), al))
    return f


def _sum_out(i: str, high: Formula, body: Formula, al: Algebra) -> Formula:
    parts = [part for t in al.flat(body, deep=True) for part in _one(i, high, t, al)]
    return al.assemble(al.split(p) for p in parts) if parts else ZERO


def _opened(body: Formula, al: Algebra) -> Formula:
    """Data by cases multiplied out: 1{g = 1} (1 - x) is 1{g = 1} - 1{g = 1} x."""
    by_cases = Indicator in kinds(body) and isinstance(body, (Mul, Neg))
    letters = {g.name for g in walk(body) if isinstance(g, Sym)} - {"i", "j"}
    return al.expand(body) if by_cases and not letters else body


def _one(i: str, high: Formula, t: Term, al: Algebra) -> list[Formula]:
    inner = {b: k for b, k in t.powers.items() if depends(b, i) or depends(k, i)}
    outer = {b: k for b, k in t.powers.items() if b not in inner}
    if not inner:
        return [al.build(al.times((Term(t.coefficient, outer), al.split(high))))]
    total = Big("sum", i, ONE, high, al.build(Term(Fraction(1), inner)))
    whole = al.named.get(total, total)
    return [al.build(al.times((Term(t.coefficient, outer), Term(Fraction(1), {whole: ONE}))))]


def depends(f: Formula, index: str) -> bool:
    """Whether f has another value for each value of an index."""
    if isinstance(f, Big) and f.index == index:
        return depends(f.low, index) or depends(f.high, index)
    return index in names(f) and (f == Sym(index) or any(depends(g, index) for g in children(f)))


@rule(RuleName.SPLIT_THE_SUM, (r"\sum_{i=1}^{n}(x_i - a)", r"\sum_{i=1}^{n} x_i - n a"))
def split_sums(f: Formula, al: Algebra) -> Formula | None:
    """Every sum over the sample in f split and its constants taken out."""
    g = transform(f, lambda h: sum_out(h, al), Big)
    g = al.tidy(g)
    return None if g == f else g


def split_exponents(f: Formula, al: Algebra) -> Formula | None:
    """Under a sum sign, e^(a + b) with b the same for every term becomes e^b times the sum of e^a."""

    def one(h: Formula) -> Formula | None:
        match h:
            case Big("sum", i, low, high, body) if not isinstance(body, Add):
                t = al.split(body)
                k = t.powers.get(E)
                if k is None or i not in names(k):
                    return None
                parts = al.expanded(k) or []
                fixed = [s for s in parts if i not in names(al.build(s))]
                if not fixed:
                    return None
                moving = al.assemble(s for s in parts if s not in fixed)
                rest = al.build(Term(t.coefficient, {**t.powers, E: moving}))
                return mul(exp(al.assemble(fixed)), Big("sum", i, low, high, rest))
        return None

    g = transform(f, one, Big)
    return None if g == f else al.tidy(g)


@rule(RuleName.EXPAND_UNDER_THE_SUM, (r"\sum_{i=1}^{n}(x_i - a)^2", r"\sum_{i=1}^{n} x_i^2 - 2a\sum_{i=1}^{n} x_i + n a^2"))
def expand_in_sum(f: Formula, al: Algebra) -> Formula | None:
    """Brackets under the sum sign multiplied out, then the sum split."""

    def one(h: Formula) -> Formula | None:
        if isinstance(h, Big) and h.kind == "sum":
            opened = al.expand(h.body)
            return sum_out(Big(h.kind, h.index, h.low, h.high, opened), al) if opened != h.body else None
        return None

    g = transform(f, one, Big)
    return None if g == f else al.tidy(g)


@rule(RuleName.NAME_THE_MEAN, (r"\frac{1}{n}\sum_{i=1}^{n} x_i", r"\bar{x}"))
def fold_means(f: Formula, al: Algebra) -> Formula | None:
    """A sum of the observations divided by n is their mean: (1/n) sum x_i = x bar; n over it is 1/x bar."""

    def one(h: Formula) -> Formula | None:
        if isinstance(h, (Add, Big)):
            return None
        t = al.split(h)
        for b, k in t.powers.items():
            if isinstance(b, Add) and k == ONE and t.powers.get(N) == neg(ONE):
                apart = fold_terms(Term(t.coefficient, {c: e for c, e in t.powers.items() if c != b}), b)
                if apart is not None:
                    return apart
            if isinstance(b, Add) and k == neg(ONE) and N in t.powers and al.tidy(add(t.powers[N], k)) == ZERO:
                inner = _averaged(b, al)
                if inner is not None:
                    rest = {c: e for c, e in t.powers.items() if c not in (b, N)}
                    return al.build(al.times((Term(t.coefficient, rest), Term(Fraction(1), {inner: k}))))
            match b:
                case Big("sum", i, low, high, At(base, (Sym(j),))) if i == j and low == ONE and high == N:
                    if N in t.powers and al.tidy(add(t.powers[N], k)) == ZERO:
                        rest = {c: e for c, e in t.powers.items() if c not in (b, N)}
                        return al.build(al.times((Term(t.coefficient, rest), Term(Fraction(1), {Sym(base + "_bar"): k}))))
        return None

    def fold_terms(rest: Term, inner: Add) -> Formula | None:
        """Each term of a bracket over n, where all of them become free of n and of sums."""
        below: dict[Formula, Formula] = {c: e for c, e in rest.powers.items() if isinstance(c, Add)}
        if below:
            inside = fold_terms(Term(rest.coefficient, {c: e for c, e in rest.powers.items() if c not in below}), inner)
            return None if inside is None else al.build(al.times((Term(Fraction(1), {inside: ONE}), Term(Fraction(1), below))))
        alone = [al.build(al.times((rest, al.split(g)))) for g in inner.terms]
        parts = [one(g) or g for g in alone]
        done = [p for p in parts if not has(p, N) and Big not in kinds(p)]
        return al.assemble(map(al.split, done)) if len(done) == len(inner.terms) else None

    g = transform(f, one)
    return None if g == f else g


@rule(RuleName.CENTRE_THE_SUMS, (r"\sum_{i=1}^{n} x_i^2 - n \bar{x}^2", r"\sum_{i=1}^{n} (x_i - \bar{x})^2"))
def centred(f: Formula, al: Algebra) -> Formula | None:
    """Sums of products of two observed letters, less n times the product of their means, as sums of deviations."""
    ts = al.collect(by_means(t, al) for t in al.flat(f))
    out = list(ts)
    for t in ts:
        for b, k in t.powers.items():
            pair = _pair(b) if k == ONE else None
            if pair is None or t not in out:
                continue
            rest = Term(t.coefficient, {c: e for c, e in t.powers.items() if c != b})
            means = al.times((rest, al.split(mul(N, *(Sym(g.base + "_bar") for g in pair)))))
            other = next((s for s in out if s.key == means.key and s.coefficient == -means.coefficient), None)
            if other is not None:
                out.remove(other)
                deviations = mul(*(Add((g, neg(Sym(g.base + "_bar")))) for g in pair))
                whole = replace_body(b, al.tidy(deviations))
                out[out.index(t)] = al.times((rest, Term(Fraction(1), {whole: ONE})))
    return al.assemble(out) if len(out) < len(ts) else None


def by_means(t: Term, al: Algebra) -> Term:
    """A term in which sums of one observed letter stand as n times its mean, where a mean stands beside them."""
    if not any(isinstance(b, Sym) and b.name.endswith("_bar") for b in t.powers):
        return t
    parts = [Term(t.coefficient, {b: k for b, k in t.powers.items() if not _plain(b)})]
    parts += [
        al.raised(al.split(mul(N, Sym(b.body.base + "_bar"))), k)
        for b, k in t.powers.items()
        if isinstance(b, Big) and isinstance(b.body, At)
    ]
    return al.times(parts) if len(parts) > 1 else t


def _plain(b: Formula) -> bool:
    return isinstance(b, Big) and b.kind == "sum" and isinstance(b.body, At)


def centred_whole(f: Formula, al: Algebra) -> Formula | None:
    """The same after multiplying out, also under the sums; None where nothing can be centred."""
    return centred(al.expand(expand_in_sum(f, al) or f), al)


def _pair(b: Formula) -> tuple[At, At] | None:
    """x_i and y_i of a sum of x_i y_i over the sample; x_i twice of one of squares."""
    match b:
        case Big("sum", i, low, high, Pow(At(_, (Sym(j),)) as x, two)) if (i, low, high, two) == (j, ONE, N, TWO):
            return x, x
        case Big("sum", i, low, high, Mul((At(_, (Sym(j),)) as x, At(_, (Sym(k),)) as y))) if (i, i, low, high) == (j, k, ONE, N):
            return x, y
    return None


def replace_body(b: Formula, body: Formula) -> Big:
    """A sum with another body."""
    assert isinstance(b, Big)
    return Big(b.kind, b.index, b.low, b.high, body)


def uncentred(f: Formula, al: Algebra) -> Formula:
    """A sum of products of deviations multiplied out, with n times a mean for every plain sum."""
    g = expand_in_sum(f, al) or f
    table: dict[Formula, Formula] = {h: mul(N, Sym(h.body.base + "_bar")) for h in walk(g) if isinstance(h, Big) and isinstance(h.body, At)}
    return al.expand(replace_all(g, table))


def what_deviations_are(f: Formula, al: Algebra) -> Relation:
    """For the first sum of products of deviations in f: what it is multiplied out."""
    g = next(g for g in walk(f) if isinstance(g, Big) and g.kind == "sum" and uncentred(g, al) != g)
    return equation(g, uncentred(g, al))


def _averaged(f: Formula, al: Algebra) -> Formula | None:
    """(sum x_i - n c)/n as x bar - c: where every term of f holds n, or is the sum of the observations."""
    out: list[Formula] = []
    for t in terms(f):
        over = al.build(al.divided(al.split(t), Term(Fraction(1), {N: ONE})))
        folded = fold_means(over, al) or over
        if has(folded, N):
            return None
        out.append(folded)
    return add(*out)
