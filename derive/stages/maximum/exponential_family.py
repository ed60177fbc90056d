"""One unknown, an exponential family with one statistic: the score has at most one root, and it is the maximum.

With log f = eta(theta) T(x) + a(theta) + c(x) the score is eta' (sum of T(x_i) - n m) with m = -a'/eta' = E T(x), and as
a function of eta the derivative of m is Var T(x) > 0.  Where eta' keeps its sign, m is monotone in theta, so the bracket
changes its sign at most once.  (Lehmann and Casella, 1998, Theory of Point Estimation, 1.5 and 6.2.)
"""

from __future__ import annotations

from fractions import Fraction

from ...algebra.terms import Term
from ...formula.tree import ONE, Derivative, Mul, N, Neg, Sym, div, factors, mul, neg, size, total
from ...rules.calculus import NoDerivative, differentiate
from ...rules.sums import sum_out
from ...trace import Display, Strength, say
from ..prose import listed
from ..setting import MaximumArgument, Setting
from .family import Family, family, score_line
from .unknown import Unknown


def one_root(unknown: Unknown) -> MaximumArgument | None:
    """The argument for the only parameter of an exponential family; None where the density is none of this form."""
    setting = unknown.state
    p, u, al = setting.problem, unknown.letter, setting.al
    found = _of_one_statistic(setting) if len(p.parameters) == 1 else None
    if found is None:
        return None
    ((eta, statistic),) = found.pairs
    try:
        slope, a = (al.tidy(differentiate(f, u, al)) for f in (eta, found.constant))
    except NoDerivative:
        return None
    if not al.facts.nonzero(slope):
        return None
    if eta != u and al.split(eta).coefficient < 0 and al.facts.negative(slope):  # -theta times x: theta times -x
        eta, statistic, slope = (al.tidy(neg(f)) for f in (eta, statistic, slope))
    mean = min((al.tidy(neg(div(a, slope))), al.expand(neg(div(a, slope)))), key=size)
    summed = sum_out(total(p.indexed(statistic), p.index), al)
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
    other = say("") if eta == u else say(", and {} {} with {}", eta, "increases" if al.facts.positive(slope) else "decreases", u)
    blocks = (
        say(
            "The densities form an exponential family: the logarithm of a density is {} times {}, plus terms in only one of {} and {}. So the score is",
            eta, statistic, u, listed("", list(map(Sym, p.variables))),
        ),
        Display((line,)),
        say(
            "where {} is the expected value of {}; its derivative in {} is the variance of {}, so it increases with {}",
            mean, statistic, eta, statistic, eta,
        ) + other + say(". The score changes its sign at most once, from plus to minus: a root is the only one, and the global maximum."),
    )  # fmt: skip
    reason = say("In this exponential family {} is strictly concave in {}, so its only stationary point is its maximum", p.of("ell"), eta)
    return MaximumArgument(Strength.PROVED, blocks, reason=reason)


def _of_one_statistic(setting: Setting) -> Family | None:
    """The family with its statistics put together to one; None where more than one product joins data and unknown."""
    found, al = family(setting), setting.al
    if found is None or len(found.pairs) == 1:
        return found
    etas = [al.split(eta) for eta, _ in found.pairs]
    if len({e.key for e in etas}) > 1:
        return None
    statistic = al.assemble(al.split(x).scaled(e.coefficient) for e, (_, x) in zip(etas, found.pairs, strict=True))
    return Family(((al.build(Term(Fraction(1), etas[0].powers)), statistic),), found.constant)
