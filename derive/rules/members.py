"""Derivatives in one member of a family, and equal factors of a product over the sample put together.

The differential of a formula is a sum over the places where members stand; what stands before d p_k there is the derivative in p_k
(Magnus & Neudecker, Matrix Differential Calculus, chapter 5: identification).  So a sum over the index of the member loses its sign, and
every other sum stays.
"""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..formula.families import Family
from ..formula.tree import (
    LETTERS,
    ONE,
    PLACEHOLDER,
    ZERO,
    At,
    Big,
    Formula,
    Indicator,
    Neg,
    Relation,
    Sym,
    add,
    each,
    equation,
    fresh,
    has,
    mul,
    names,
    neg,
    power,
    replace_all,
    terms,
    total,
    transform,
)
from .calculus import NoDerivative, differentiate

UNKNOWN = Sym("#member")


def in_member(f: Formula, family: Family, al: Algebra) -> Formula:
    """The derivative of f in the member of a family at the letters of its index.

    Raises NoDerivative where a member stands in something whose derivative no rule gives.
    """
    parts = [p for t in terms(f) for p in _term(t, family, al, ())]
    return al.assemble(al.flat(add(*parts))) if parts else ZERO


def _term(f: Formula, family: Family, al: Algebra, sums: tuple[Big, ...]) -> list[Formula]:
    """The derivative of a term under some sums, outermost first."""
    if not _inside(f, family):
        return []
    match f:
        case Neg(a):
            return [neg(p) for p in _term(a, family, al, sums)]
        case Big("sum", i, low, high, body):
            if i in family.index:  # the letter of the member is free
                j = fresh(LETTERS, f, family.member, *sums).name
                f = Big("sum", j, low, high, replace_all(body, {Sym(i): Sym(j)}))
            return [p for t in terms(f.body) for p in _term(t, family, al, (*sums, f))]
    scalars, inner = _split(f, family, al)
    if isinstance(inner, Big) and names(scalars) & {s.index for s in sums}:  # it is another one for each value of an outer index
        i = fresh((inner.index, *LETTERS), scalars, family.member, *(Sym(s.index) for s in sums)).name
        body = replace_all(inner.body, {Sym(inner.index): Sym(i)})
        return _term(Big("sum", i, inner.low, inner.high, al.tidy(mul(scalars, body))), family, al, sums)
    if inner is not None:  # a factor outside a sum that holds the members
        return [p if scalars == ONE else al.tidy(mul(scalars, p)) for p in _term(inner, family, al, sums)]
    return _direct(f, family, al, sums)


def _split(f: Formula, family: Family, al: Algebra) -> tuple[Formula, Formula | None]:
    """c and S of a product c S in which only the sum S holds members."""
    t = al.split(f)
    holding = [b for b in t.powers if _inside(b, family)]
    if len(holding) == 1 and isinstance(holding[0], Big) and t.powers[holding[0]] == ONE and not isinstance(f, Big):
        rest = al.build(al.divided(t, al.split(holding[0])))
        return rest, holding[0]
    return ONE, None


def _direct(f: Formula, family: Family, al: Algebra, sums: tuple[Big, ...]) -> list[Formula]:
    """A term in which members stand: for each of their places the scalar derivative, at the place of the member that is asked for."""
    out: list[Formula] = []
    whole = [b for b in each(f, Big) if _inside(b, family)]
    if whole:  # a function of a sum over members: the chain rule
        inner = whole[0]
        outer = differentiate(replace_all(f, {inner: UNKNOWN}), UNKNOWN, al)
        if _inside(replace_all(f, {inner: UNKNOWN}), family):
            raise NoDerivative("a sum beside its own terms")
        slope = replace_all(outer, {UNKNOWN: inner})
        return [al.tidy(mul(slope, p)) for p in _term(inner, family, al, sums)]
    for place in dict.fromkeys(g.index for g in each(f, At) if g.base == family.base and PLACEHOLDER not in g.index):
        here = At(family.base, place)
        slope = replace_all(differentiate(replace_all(f, {here: UNKNOWN}), UNKNOWN, al), {UNKNOWN: here})
        out += terms(_summed(slope, place, family, sums, al))
    return out


def _summed(slope: Formula, place: tuple[Formula, ...], family: Family, sums: tuple[Big, ...], al: Algebra) -> Formula:
    """The sum over all outer indices of slope times 1{place = the letters of the member}."""
    table: dict[Formula, Formula] = {}
    left: list[Relation] = []
    over = {s.index: s for s in sums}
    for k, letter in zip(place, family.index, strict=True):
        if isinstance(k, Sym) and k.name in over and k not in table:
            table[k] = Sym(letter)
        elif k != Sym(letter):
            left.append(equation(k, Sym(letter)))
    out = replace_all(slope, table)
    for r in left:
        out = mul(out, Indicator(replace_all(r, table)))
    for s in reversed(sums):
        if Sym(s.index) not in table:
            out = total(out, s.index, replace_all(s.high, table))
    return al.tidy(out)


def _inside(f: Formula, family: Family) -> bool:
    return family.base in names(f)


def by_values(f: Formula, family: Family, data: str, count: Family) -> Formula | None:
    """A product over the sample whose factors depend on the observation only, as one over its values: the product of p_{x_i} over i is
    that of p_k^{n_k} over k, n_k being how often k was observed; in the same way a sum."""

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, Big) or g.low != ONE:
            return None
        seen = At(data, (Sym(g.index),))
        k = Sym(family.index[0])
        body = replace_all(g.body, {seen: k})
        if not has(g.body, seen) or g.index in names(body):
            return None
        n = count.member
        return Big(g.kind, k.name, ONE, family.high[0], power(body, n) if g.kind == "prod" else mul(n, body))

    out = transform(f, one, Big)
    return None if out == f else out


__all__ = ["by_values", "in_member"]
