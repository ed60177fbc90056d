"""One unknown, an exponential family with one statistic: the score has at most one root, and it is the maximum.

With log f = eta(theta) T(x) + a(theta) + c(x) the score is eta' (sum of T(x_i) - n m) with m = -a'/eta' = E T(x), and as
a function of eta the derivative of m is Var T(x) > 0.  Where eta' keeps its sign, m is monotone in theta, so the bracket
changes its sign at most once.  (Lehmann and Casella, 1998, Theory of Point Estimation, 1.5 and 6.2.)
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.terms import Term
from ...formula.tree import ONE, Derivative, Formula, Mul, N, Neg, Sym, div, equation, factors, has, mul, names, neg, size, total
from ...problem.problem import Problem
from ...recorder import record
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative, differentiate
from ...rules.logs import logged
from ...rules.sums import sum_out
from ...trace import Display, Line, Strength, say
from ..prose import listed
from ..setting import MaximumArgument, Setting
from .unknown import Unknown

LARGEST = 200  # nodes of a density that is taken apart


@dataclass(frozen=True)
class Family:
    """log f = eta T + a + c(x): the natural parameter, the statistic of one observation, and the constant part."""

    eta: Formula
    statistic: Formula
    constant: Formula


def one_root(unknown: Unknown) -> MaximumArgument | None:
    """The argument for the only parameter of an exponential family; None where the density is none of this form."""
    setting = unknown.state
    p, u, al = setting.problem, unknown.letter, setting.al
    if len(p.parameters) != 1 or not copies_of_one_density(p):
        return None
    found = family(setting, u)
    if found is None:
        return None
    try:
        slope, a = (al.tidy(differentiate(f, u, al)) for f in (found.eta, found.constant))
    except NoDerivative:
        return None
    if not al.facts.nonzero(slope):
        return None
    if found.eta != u and al.split(found.eta).coefficient < 0 and al.facts.negative(slope):  # -theta times x: theta times -x
        found = Family(al.tidy(neg(found.eta)), al.tidy(neg(found.statistic)), found.constant)
        slope = al.tidy(neg(slope))
    mean = min((al.tidy(neg(div(a, slope))), al.expand(neg(div(a, slope)))), key=size)
    summed = sum_out(total(p.indexed(found.statistic), p.index), al)
    bracket = al.assemble((*al.flat(summed), al.split(neg(mul(N, mean)))))
    label = Derivative(p.of("ell"), ((u, 1),))
    product = (
        bracket
        if slope == ONE
        else Mul((*factors(slope), bracket))
        if not isinstance(slope, Neg)
        else Neg(Mul((*factors(slope.arg), bracket)))
    )
    line = score_line(label, product, setting)
    other = say("") if found.eta == u else say(", and {} {} with {}", found.eta, "grows" if al.facts.positive(slope) else "falls", u)
    blocks = (
        say(
            "The densities form an exponential family: the logarithm is the product of {} and {}, plus terms in only one of {} and {}. So the score is",
            found.eta, found.statistic, u, listed("", list(map(Sym, p.variables))),
        ),
        Display((line,)),
        say(
            "where {} is the expected value of {}. This grows with {}, since its derivative in {} is the variance of {}",
            mean, found.statistic, found.eta, found.eta, found.statistic,
        ) + other + say(". So the score changes its sign at most once, from plus to minus: a root is the only one, and the global maximum."),
    )  # fmt: skip
    return MaximumArgument(Strength.PROVED, blocks)


def family(setting: Setting, u: Sym) -> Family | None:
    """The logarithm of the density of one observation taken apart; None where more than one product joins data and unknown."""
    al = setting.al
    parts = taken_apart(setting)
    if parts is None:
        return None
    mixed: list[tuple[Term, Term]] = []
    constant: list[Term] = []
    for t, of_x in parts:
        rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in of_x})
        of_u = any(has(b, u) or has(k, u) for b, k in rest.powers.items())
        if any(has(b, u) or has(k, u) for b, k in of_x.items()):
            return None
        if of_u and of_x:
            mixed.append((rest, Term(Fraction(1), of_x)))
        elif of_u:
            constant.append(t)
    if not mixed:
        return None
    if len({x.key for _, x in mixed}) == 1:
        return Family(al.assemble(e for e, _ in mixed), al.build(mixed[0][1]), al.assemble(constant))
    if len({e.key for e, _ in mixed}) == 1:
        eta = Term(Fraction(1), mixed[0][0].powers)
        return Family(al.build(eta), al.assemble(x.scaled(e.coefficient) for e, x in mixed), al.assemble(constant))
    return None


def copies_of_one_density(p: Problem) -> bool:
    """Whether all observations have one density that totals 1 on a support without parameters."""
    return not (p.whole or p.covariates or p.rows is not None or p.moving or p.unnormalised) and p.normalised


def taken_apart(setting: Setting) -> list[tuple[Term, dict[Formula, Formula]]] | None:
    """The terms of the log-density of one observation, each with its factors that hold the observation; None where it is
    too long."""
    p, al = setting.problem, setting.al
    al = changed(al, facts=al.facts.with_letters({v: r for v, r in al.facts.data.items() if v in p.variables}))
    f = logged(p.density, al)
    ts = al.expanded(f) if size(f) <= LARGEST else None
    observed = set(p.variables)
    return None if ts is None else [(t, {b: k for b, k in t.powers.items() if (names(b) | names(k)) & observed}) for t in ts]


def score_line(label: Derivative, shown: Formula, setting: Setting) -> Line:
    """A score in another form, judged as the derivative of the sum of the log-densities."""
    p = setting.problem
    log_likelihood = total(p.indexed(logged(p.density, setting.al)), p.index)
    evidence = setting.general.equal(Derivative(log_likelihood, label.variables), shown)
    return record(equation(label, shown), evidence, rule=RuleName.EXPONENTIAL_FAMILY)
