"""A constant of the log-likelihood that is written, and wrong: other than some of the terms that are free of the parameters."""

from __future__ import annotations

from itertools import combinations

from ...formula.tree import Add, Big, Formula, Neg, add, names, neg, num
from ..slope import logarithm
from .ball_values import NoValue, same
from .statement_judge import StatementJudge

MOST = 8  # terms of which some may have been left out


def is_wrong_constant(j: StatementJudge, a: Formula, b: Formula, factor: bool) -> bool:
    """Whether b, which differs from a by what is free of the parameters, has terms (of a likelihood: factors) free of them that are
    none of those of a."""
    a, b = (logarithm(f) if factor else f for f in (a, b))
    parameters = j.meaning.parameters
    constant = [t for t in terms(b) if not names(t) & parameters]
    if not constant:
        return False
    true = [t for t in terms(a) if not names(t) & parameters]
    if len(true) > MOST:
        return False
    written = add(*constant)
    return not any(_equal(j, written, add(*some) if some else num(0)) for k in range(len(true) + 1) for some in combinations(true, k))


def terms(f: Formula) -> list[Formula]:
    """The terms of a sum, those in brackets and under a sum over the sample one by one."""
    match f:
        case Add(ts):
            return [u for t in ts for u in terms(t)]
        case Neg(a):
            return [neg(t) for t in terms(a)]
        case Big("sum", i, low, high, body):
            return [Big("sum", i, low, high, t) for t in terms(body)]
    return [f]


def _equal(j: StatementJudge, a: Formula, b: Formula) -> bool:
    try:
        return all(same(j.value(a, p), j.value(b, p), 1.0) is True for p in j.trials.inner[:3])
    except NoValue:
        return True
