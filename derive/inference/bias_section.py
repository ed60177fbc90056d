"""Section "Bias": the mean of each estimate where a rule gives it, what would correct it, its variance beside the bound of Cramer and Rao."""

from __future__ import annotations

from ..algebra.rational_functions import in_one_fraction
from ..errors import NotSupported
from ..estimate_order import without_hats
from ..formula.names import hat
from ..formula.tree import ONE, ZERO, Apply, Formula, N, Pow, Relation, Sym, add, equation, mul, names, neg, num, power
from ..recorder import record
from ..rule_names import RuleName
from ..trace import Block, Display, Evidence, Section, SectionKey, Words, say
from .after import After
from .bias import BiasRule, ExpectedEstimate, Means
from .simplest import shortest


def bias_section(after: After) -> Section:
    """The section, or in its place why there is none."""
    title = say("Bias")
    try:
        means = Means(after)
    except NotSupported as e:
        return Section(SectionKey.BIAS, title, (say("No expected value is given: {}.", e.message),))
    general = without_hats(after.general)
    if not all(means.stays(k, f) for k, f in general.items() if k in after.problem.parameters):
        words = say("No expected value is given: a domain that was stated cuts the estimate off for some samples.")
        return Section(SectionKey.BIAS, title, (words,))
    blocks: list[Block] = []
    unknown: list[str] = []
    for k in after.problem.parameters:
        f = general.get(k)
        found = None if f is None else means.of(f)
        if found is None:
            unknown.append(k)
        else:
            blocks += _of_one(k, found, means, after)
    if unknown:
        hats = say("")
        for j, k in enumerate(unknown):
            hats += say("" if j == 0 else " and " if j == len(unknown) - 1 else ", ") + say("{}", hat(k))
        blocks.append(
            say("The distribution of ") + hats + say(" did not follow from a rule known here, so no exact expected value is given.")
        )
    return Section(SectionKey.BIAS, title, tuple(blocks))


def _of_one(k: str, e: ExpectedEstimate, means: Means, after: After) -> list[Block]:
    """The mean of one estimate and what follows."""
    evidence = (means.one.oracle if e.rule in (BiasRule.LINEAR, BiasRule.DEVIATIONS, BiasRule.GAMMA) else means.one.samples).sampled(
        "numerical integration"
    )
    theta, al = Sym(k), means.al
    label = Apply("expected", (hat(k),))
    least = None if e.shape is None else al.tidy(mul(N, e.shape))
    blocks: list[Block] = [
        _why(k, e, means),
        Display((record(equation(label, in_one_fraction(e.mean, al)), evidence, _where(least, 1), RuleName.EXPECTED_VALUES),)),
    ]
    bias = shortest(add(e.mean, neg(theta)), al)
    if bias == ZERO:
        blocks.append(say("{} is unbiased.", hat(k)))
    else:
        blocks += _corrected(k, e, bias, means)
    if e.variance is not None:
        blocks += _spread(k, e, bias, means, after, evidence)
    return blocks


def _where(shape: Formula | None, least: int) -> Words | None:
    """Where a mean of a power of the reciprocal of a gamma distributed sum is finite."""
    return None if shape is None else say("for {}", Relation((shape, num(least)), (">",)))


def _why(k: str, e: ExpectedEstimate, means: Means) -> Words:
    x = means.x
    if e.rule is BiasRule.LINEAR:
        return say("{} is a sum over the sample, so its mean follows from that of one observation:", hat(k))
    if e.rule is BiasRule.DEVIATIONS:
        spread = Pow(add(x, neg(means.mean_letter)), num(2))
        return say(
            "In {} the sum of {} over the sample has {} times the variance of one observation for its mean, since one deviation follows from the others:",
            hat(k),
            spread,
            add(N, neg(ONE)),
        )
    if e.rule is BiasRule.GAMMA and e.statistic is not None and e.shape is not None and e.rate is not None:
        return say(
            "The moment generating function of {} is that of a gamma distribution with shape {} and rate {}; the sum of {} of them is gamma distributed with shape {} and the same rate, and the mean of its reciprocal is the rate over the shape less 1:",
            e.statistic, e.shape, e.rate, N, means.al.tidy(mul(N, e.shape)),
        )  # fmt: skip
    return say("{} is an extreme observation; its density is {}, with {} in the place of the observation:", hat(k), e.statistic or x, x)


def _corrected(k: str, e: ExpectedEstimate, bias: Formula, means: Means) -> list[Block]:
    """What is unbiased in its place, where the mean is a multiple of the parameter that depends on n alone."""
    al, theta = means.al, Sym(k)
    factor = in_one_fraction(mul(e.mean, power(theta, num(-1))), al)
    if names(factor) <= {"n"}:
        better = al.tidy(mul(in_one_fraction(power(factor, num(-1)), al), hat(k)))
        return [say("It is biased: its bias is {}, and {} is unbiased.", bias, better)]
    return [say("It is biased: its bias is {}, which depends on the parameters.", bias)]


def _spread(k: str, e: ExpectedEstimate, bias: Formula, means: Means, after: After, evidence: Evidence) -> list[Block]:
    """Variance, mean squared error, and the bound for an unbiased estimate."""
    al = means.al
    assert e.variance is not None
    least = None if e.shape is None else al.tidy(mul(N, e.shape))
    lines = [record(equation(Apply("Var", (hat(k),)), e.variance), evidence, _where(least, 2), RuleName.EXPECTED_VALUES)]
    if bias != ZERO:
        error = shortest(add(e.variance, Pow(bias, num(2))), al)
        square = Apply("expected", (Pow(add(hat(k), neg(Sym(k))), num(2)),))
        same = means.one.samples.equal(add(e.variance, Pow(bias, num(2))), error)
        lines.append(record(equation(square, error), same, say("variance and squared bias"), RuleName.ADD_UP))
    blocks: list[Block] = [say("Its variance" + (" and mean squared error:" if bias != ZERO else ":")), Display(tuple(lines))]
    rows = after.of_sample
    if bias == ZERO and rows is not None and after.letters == tuple(after.problem.parameters):
        try:
            covariance = after.covariance
        except NotSupported:
            covariance = None
        if covariance is not None:
            at = after.letters.index(k)
            bound = covariance[at][at]
            if shortest(add(e.variance, neg(bound)), al) == ZERO:
                blocks.append(say("That is the bound of Cramér and Rao, {}: no unbiased estimate has a smaller variance.", bound))
            else:
                blocks.append(say("The bound of Cramér and Rao for an unbiased estimate is {}.", bound))
    return blocks


__all__ = ["bias_section"]
