"""Sums and products over several indices: their order exchanged, equal bases put together."""

from __future__ import annotations

from ..algebra.terms import Algebra
from ..formula.tree import ONE, Big, Formula, Pow, names, power, total, transform
from ..rule_names import RuleName
from .rule import rule
from .sums import depends, sum_out


@rule(RuleName.EXCHANGE_THE_SUMS, (r"\sum_{i=1}^{n} \sum_{j=1}^{m} z_{ij} y_j", r"\sum_{j=1}^{m} y_{j} \sum_{i=1}^{n} z_{ij}"))
def inner_constants_out(f: Formula, al: Algebra) -> Formula | None:
    """What does not depend on the inner index of a double sum stands before the inner sum; where that is so of the outer index only, the
    order of the sums is exchanged first."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Big("sum", i, low, high, Big("sum", j, inner_low, inner_high, body)) if low == inner_low == ONE and not depends(
                inner_high, i
            ):
                t = al.split(body)
                only_j = [b for b, k in t.powers.items() if not depends(b, i) and not depends(k, i) and (depends(b, j) or depends(k, j))]
                only_i = [b for b, k in t.powers.items() if not depends(b, j) and not depends(k, j) and (depends(b, i) or depends(k, i))]
                if only_j and not only_i:
                    inner = sum_out(total(body, i, high), al)
                    return sum_out(total(inner, j, inner_high), al)
        return None

    g = transform(f, one, Big)
    return None if g == f else al.tidy(g)


@rule(RuleName.GATHER_ROWS, (r"\prod_{i=1}^{n} \prod_{j=1}^{m} y_j^{z_{ij}}", r"\prod_{j=1}^{m} y_j^{\sum_{i=1}^{n} z_{ij}}"))
def gather_rows(f: Formula, al: Algebra) -> Formula | None:
    """A product over rows of products of powers, whose bases are the same in each row: the exponents of each base added up."""
    match f:
        case Big("prod", i, low, high, Big("prod", k, inner_low, inner_high, Pow(base, exponent))) if low == inner_low == ONE:
            if i not in names(base) and i not in names(inner_high):
                return Big("prod", k, ONE, inner_high, power(base, sum_out(total(exponent, i, high), al)))
    return None


__all__ = ["gather_rows", "inner_constants_out"]
