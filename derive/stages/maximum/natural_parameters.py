"""Several unknowns that are the natural parameters of an exponential family: the log-likelihood is strictly concave.

With log f = sum_j theta_j T_j(x) + a(theta) + c(x) the matrix of second derivatives of the log-likelihood is -n Cov(T),
whatever the data.  Where the domain is the whole natural parameter space and open, a maximum exists exactly where the mean
of the T(x_i) lies inside the convex hull of the values of T.
(Barndorff-Nielsen, 1978, Information and Exponential Families, theorem 9.13; Brown, 1986, theorem 5.5.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...algebra.facts import Range
from ...algebra.terms import Term
from ...formula.evaluate import compiled
from ...formula.tree import ONE, At, Const, Derivative, Formula, N, Relation, Sym, div, mul, neg, replace_all, terms, total
from ...numerics.newton import solve_linear
from ...problem.problem import Problem
from ...proofs.asymptotics import leading
from ...rules.calculus import NoDerivative, differentiate
from ...rules.sums import sum_out
from ...trace import Block, Condition, ConditionKind, Display, Line, Strength, Words, say
from ..prose import listed
from ..setting import MaximumArgument, Setting
from .family import family, score_line

OO = Const("oo")


@dataclass(frozen=True)
class Canonical:
    """By parameter its statistic of one observation, and the part of log f that is free of the observation."""

    statistics: Mapping[str, Formula]
    constant: Formula


def concave_family(unknowns: Sequence[str], setting: Setting) -> tuple[MaximumArgument, tuple[Condition, ...]] | None:
    """The argument for all parameters at once, and the condition under which there is a maximum, where that is known; None
    where they are not the natural parameters of a family."""
    p = setting.problem
    if set(unknowns) != set(p.parameters):
        return None
    found = _canonical(unknowns, setting)
    if found is None or not _independent(found, setting):
        return None
    shown = _score_lines(found, setting)
    blocks: list[Block] = [
        say("The densities form an exponential family with natural parameters: the logarithm of a density is a sum of products of a parameter and a statistic, ")
        + listed("", [say("{} for {}", found.statistics[k], Sym(k)) for k in unknowns])
        + say(", plus terms in only the parameters or only the observation. As each density has the total 1, every score is a sum less its expected value:"),
        Display(shown),
        say(
            "The matrix of second derivatives is minus {} times the covariance matrix of the statistics, no non-trivial linear combination of which is constant. So it is "
            "negative definite throughout, and the log-likelihood strictly concave: a root of the scores is the only one, and the global maximum.",
            N,
        ),
    ]  # fmt: skip
    reason = say("In natural parameters of an exponential family, as here, the log-likelihood is strictly concave")
    if setting.data_point is None and not setting.numbers and len(unknowns) == 2 and _regular(found, setting) and _curved(found, setting):
        words, condition = _exists(found, p)
        return MaximumArgument(Strength.PROVED, (*blocks, words), joint=True, reason=reason), (condition,)
    return MaximumArgument(Strength.PROVED, tuple(blocks), joint=True, reason=reason), ()


def _canonical(unknowns: Sequence[str], setting: Setting) -> Canonical | None:
    al, found = setting.al, family(setting)
    statistics: dict[str, list[Term]] = {k: [] for k in unknowns}
    for eta, x in found.pairs if found is not None else ():
        for t in map(al.split, terms(eta)):
            (b, k), *more = t.powers.items()
            if more or not isinstance(b, Sym) or b.name not in statistics or k != ONE:
                return None
            statistics[b.name].append(al.split(x).scaled(t.coefficient))
    if found is None or not all(statistics.values()):
        return None
    return Canonical({k: al.assemble(parts) for k, parts in statistics.items()}, found.constant)


def _independent(found: Canonical, setting: Setting) -> bool:
    """Whether no combination of the statistics is constant: their differences at some observations are independent."""
    p = setting.problem
    fs = [compiled(t) for t in found.statistics.values()]
    points = []
    for w in setting.general.points[:3]:
        columns = [w[v] for v in p.variables]
        points += [[f({**w, **dict(zip(p.variables, row, strict=True))}) for f in fs] for row in zip(*columns, strict=True)]
    base, rows = points[0], points[1:]
    matrix = [[sum((r[i] - base[i]) * (r[j] - base[j]) for r in rows) for j in range(len(fs))] for i in range(len(fs))]
    return solve_linear(matrix, [1.0] * len(fs)) is not None


def _score_lines(found: Canonical, setting: Setting) -> tuple[Line, ...]:
    p, al = setting.problem, setting.al
    lines = []
    for k, t in found.statistics.items():
        mean = al.tidy(differentiate(found.constant, Sym(k), al))
        summed = sum_out(total(p.indexed(t), p.index), al)
        right = al.assemble((*al.flat(summed), *al.flat(al.expand(mul(N, mean)))))
        lines.append(score_line(Derivative(p.of("ell"), ((Sym(k), 1),)), right, setting))
    return tuple(lines)


def _regular(found: Canonical, setting: Setting) -> bool:
    """Whether the domain is the whole natural parameter space: towards each finite end what the density totals to diverges."""
    for k in found.statistics:
        d = setting.problem.parameters[k]
        if not (d.low_open and d.high_open) or d.discrete:
            return False
        for end, above in ((d.low, True), (d.high, False)):
            if end in (OO, neg(OO)):
                continue
            lead = leading(found.constant, Sym(k), end, above, setting.al)
            if (
                lead is None
                or not (lead.power > 0 or (lead.power == 0 and lead.logs > 0))
                or not setting.al.facts.negative(lead.coefficient)
            ):
                return False
    return True


def _curved(found: Canonical, setting: Setting) -> bool:
    """Whether the two statistics of one observed letter run along a strictly convex curve."""
    p = setting.problem
    if len(p.variables) != 1 or len(found.statistics) != 2:
        return False
    x = Sym("#x")
    r = setting.al.facts.data.get(p.variables[0], Range())
    facts = setting.al.facts.with_letters({x.name: Range(r.low, r.high, True, True)})
    al = setting.al
    a, b = (replace_all(t, {Sym(p.variables[0]): x}) for t in found.statistics.values())
    try:
        slope = al.tidy(differentiate(a, x, al))
        turn = differentiate(al.tidy(div(al.tidy(differentiate(b, x, al)), slope)), x, al)
    except NoDerivative:
        return False
    return facts.nonzero(slope) and (facts.nonzero(turn) or facts.nonzero(al.tidy(turn)))


def _exists(found: Canonical, problem: Problem) -> tuple[Words, Condition]:
    """That there is a maximum where the observations are not all equal."""
    (v,) = problem.variables
    r = Relation((At(v + "_ord", (N,)), At(v + "_ord", (ONE,))), (">",))
    pair = listed("", list(found.statistics.values()))
    words = (
        say(
            "The domain is open and holds all parameters for which the density can be made to integrate to 1. So there is a maximum where the mean of "
        )
        + pair
        + say(
            " lies inside the convex hull of the values that they can take together (Barndorff-Nielsen, 1978, theorem 9.13). These lie on a strictly convex "
            "curve: the mean lies inside wherever the observations are not all equal."
        )
    )
    return words, Condition(ConditionKind.BOTH, (r,), say("{}, that is, if the observations are not all equal", r))
