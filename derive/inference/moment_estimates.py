"""The method of moments: the mean, and for two parameters the variance, of one observation equated to those of the sample.

An equation is brought to one fraction; factors of its top that cannot vanish are dropped, and what is left is solved where it is linear
in a parameter, or a multiple of a power of a positive one.  (K. Pearson, 1894, Phil. Trans. R. Soc. A 185.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..algebra.rational_functions import RationalFunctions, TooLong
from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Div,
    Formula,
    N,
    Pow,
    Relation,
    Sym,
    add,
    div,
    equation,
    fresh,
    mul,
    names,
    neg,
    power,
    rational,
    replace_all,
    total,
    value,
)
from .after import After
from .bias import Means
from .simplest import shortest

HIGHEST = 2  # power of a parameter that is undone
AGREE = 1e-8


@dataclass(frozen=True)
class MomentEstimates:
    """equations: between moments of one observation and of the sample.  letter: that of the variance of the sample, where it is needed,
    with its meaning.  answers: by parameter, in the mean and that letter; spelled: the same in the observations."""

    equations: tuple[Relation, ...]
    letter: Sym | None
    meaning: Formula | None
    answers: dict[str, Formula]
    spelled: dict[str, Formula]


def moment_estimates(after: After) -> MomentEstimates:
    """The estimates by moments.  Raises NotSupported where the moments, or the solution, are not found."""
    means = Means(after)
    p, al, x = means.p, means.al, means.x
    wanted = tuple(p.parameters)
    if not 1 <= len(wanted) <= 2 or any(d.discrete for d in p.parameters.values()):
        raise NotSupported("the method of moments is followed for one or two parameters that vary continuously")
    if means.moments is None:
        raise NotSupported("the moments of an observation were not found")
    first = means.moments.mean(x)
    if first is None or not _is_mean(first[0], means):
        raise NotSupported("the mean of an observation was not found in closed form")
    equations = [equation(first[0], means.mean_letter)]
    letter = meaning = None
    if len(wanted) == 2:
        second = means.variance(x)
        if second is None:
            raise NotSupported("the variance of an observation was not found in closed form")
        letter = fresh(("v", "w", "m_2"), p.density, *map(Sym, (*p.parameters, *p.observed)))
        meaning = mul(Div(ONE, N), total(Pow(add(p.indexed(x), neg(means.mean_letter)), TWO), p.index))
        equations.append(equation(second, letter))
    answers = _solved(equations, wanted, al)
    if answers is None:
        raise NotSupported("the equations between the moments were not solved in closed form")
    put: dict[Formula, Formula] = {} if letter is None or meaning is None else {letter: meaning}
    return MomentEstimates(tuple(equations), letter, meaning, answers, {k: replace_all(f, put) for k, f in answers.items()})


def _is_mean(f: Formula, means: Means) -> bool:
    """Whether a formula is the mean of an observation, by numerical integration."""
    for w in means.one.oracle.points:
        v = means.one.at(means.x, {k: q for k, q in w.items() if isinstance(q, (int, float))})
        if not abs(compiled(f)(w) - v) <= AGREE * (1 + abs(v)):
            return False
    return bool(means.one.oracle.points)


def _solved(equations: list[Relation], wanted: tuple[str, ...], al: Algebra) -> dict[str, Formula] | None:
    """The parameters one after another, each from an equation that one of them can be solved from."""
    answers: dict[str, Formula] = {}
    left = list(equations)
    while len(answers) < len(wanted):
        fewest = sorted(left, key=lambda e: len(names(e) & set(wanted)))
        unknown = [k for k in wanted if k not in answers]
        found = next(((e, k, f) for e in fewest for k in unknown if (f := _for(e, k, al)) is not None), None)
        if found is None:
            return None
        e, k, f = found
        left = [Relation(tuple(replace_all(s, {Sym(k): f}) for s in r.sides), r.signs) for r in left if r is not e]
        answers = {q: shortest(replace_all(g, {Sym(k): f}), al) for q, g in answers.items()} | {k: f}
    return {k: answers[k] for k in wanted} if not any(names(f) & set(wanted) for f in answers.values()) else None


def _for(e: Relation, name: str, al: Algebra) -> Formula | None:
    """An equation solved for a parameter; None where it is not of a form that is solved here."""
    u = Sym(name)
    try:
        field = RationalFunctions.of([*e.sides], al)
        difference = field.plus(field.quotient(e.sides[0]), field.minus(field.quotient(e.sides[1])))
        found = field.factors(difference.top)
    except TooLong:
        return None
    if found is None:
        return None
    bases = [b for t in found[1] for b in t.powers]
    open_ = [b for b in bases if u.name in names(b) and not al.facts.nonzero(b)]
    if len(open_) != 1 or any(not al.facts.nonzero(b) and b != open_[0] and names(b) & {u.name} for b in bases):
        return None
    by_power = al.coefficients(open_[0], u)
    if by_power is None or not set(by_power) <= {ZERO, ONE, TWO} or len(by_power) != 2 or ZERO not in by_power:
        return None
    (k,) = set(by_power) - {ZERO}
    a, c = al.assemble(by_power[k]), al.assemble(by_power[ZERO])
    f = shortest(div(neg(c), a), al)
    q = value(k)
    if q == 1:
        return f
    return al.tidy(power(f, rational(Fraction(1, HIGHEST)))) if al.facts.positive(u) and q == HIGHEST else None


__all__ = ["MomentEstimates", "moment_estimates"]
