"""Section "Information": the mean of the score, the expected values with their rules, the matrix, what was observed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..errors import NotSupported
from ..formula.decimals import significant
from ..formula.tree import (
    TWO,
    ZERO,
    Apply,
    Derivative,
    Expected,
    Formula,
    Mul,
    N,
    Neg,
    Pow,
    Relation,
    Sym,
    equation,
    free_names,
    mul,
    num,
    total,
)
from ..oracle.oracle import Oracle, computed
from ..problem.problem import Problem
from ..problem.test_points import random_points
from ..recorder import record
from ..rule_names import RuleName
from ..stages.prose import listed
from ..stages.setup.begin import begin
from ..trace import Block, Display, Line, Section, SectionKey, Words, from_standard, say
from .after import After
from .information import MOVES, SEPARATE, Entry, Information, left_out
from .labels import at_the_data, matrix, of, same_entries, second
from .moments import Mean, MeanRule

WIDEST = 400  # nodes of a matrix of second derivatives that is shown


def information_section(after: After) -> Section:
    """The section, or in its place why there is none."""
    blocks: list[Block] = [*_tied(after), *_left_out(after)]
    info = after.expected
    if not after.letters:
        return Section(SectionKey.INFORMATION, say("Information"), tuple(blocks))
    if info is None:
        blocks.append(say("The expected information is not given: {}.", after.why_not))
    else:
        blocks += _of_one(info)
        blocks += _by_numbers(after, info)
        blocks += _of_sample(after, info)
    blocks += _observed(after)
    return Section(SectionKey.INFORMATION, say("Information"), tuple(blocks))


def _tied(after: After) -> list[Words]:
    """Which parameters follow from the others."""
    if not after.tied:
        return []
    made: list[Formula | Words] = [equation(Sym(k), f) for k, f in after.tied.items()]
    return [listed("By the constraint ", made) + say("; the information is that about the parameters that are left.")]


def _left_out(after: After) -> list[Words]:
    """Why some parameters have no information in the usual sense."""
    p = after.problem
    moving, separate = list[Formula](), list[Formula]()
    for k, why in left_out(p).items():
        (moving if why == MOVES else separate if why == SEPARATE else []).append(Sym(k))
    out = []
    if moving:
        words = listed("The support depends on ", moving) + say(
            ": the integral of the density cannot be differentiated under the integral sign, "
        )
        words += (
            say("the score does not have mean zero, and there is no information about ") + listed("", moving) + say(" in the usual sense.")
        )
        out.append(words)
    if separate:
        out.append(listed("There is no derivative in ", separate) + say(", which takes separate values only."))
    if out:
        rest = [Sym(k) for k in p.parameters if k in after.letters]
        held_ = listed("", [*moving, *separate]) + say(" held fixed.")
        out += [listed("What follows is about ", rest) + say(" with ") + held_] if rest else []
    return out


def _of_one(info: Information) -> list[Block]:
    """The score of one observation with mean zero, the means that follow, and the entries."""
    one = info.one
    p, x = one.problem, one.problem.variables
    several = len(info.letters) > 1
    discrete = all(p.support[v].discrete for v in x)
    given = listed(" given ", list(map(Sym, p.covariates))) if p.covariates else say("")
    words = say("The support of an observation does not depend on ") + listed("", list(map(Sym, info.letters)))
    what, twice = "sum" if discrete else "integral", "" if one.kinked else " twice"
    words += say(
        f"; under the usual regularity conditions the {what} of the density, which is 1, may be differentiated{twice} under the {what} sign, so the score of one observation"
    )
    blocks: list[Block] = [words + given + say(" has mean zero:")]
    lines = [
        record(equation(Expected(s, x), ZERO), one.oracle.integrates(Expected(s, x), ZERO), None, RuleName.EXPECTED_VALUES)
        for s in one.scores.values()
    ]
    blocks.append(Display(tuple(lines)))
    means = [_mean(m, info) for m in info.means]
    if means:
        by_score = all(m.rule is MeanRule.SCORE for m in info.means)
        blocks.append(say("It follows that" if by_score else "The expected values that are needed:"))
        blocks.append(Display(tuple(means)))
    lead = "The information of one observation is minus the expected value of the second derivative" + ("s" if several else "")
    if one.kinked and set(one.kinked) == set(info.letters):
        lead = "The logarithm of the density has a kink; its information is the expected square of the score"
    elif one.kinked:
        lead += "; where the logarithm of the density has a kink, the expected product of the scores"
    blocks.append(say(lead + ":"))
    blocks += [Display(_entry(pair, e, info)) for pair, e in info.entries.items()]
    missing = [e for e in info.entries.values() if e.value is None]
    if missing:
        blocks.append(
            listed("The engine found no closed form for ", [Expected(e.function, x) for e in missing])
            + say(f", a{'n integral' if not discrete else ' sum'} over the density.")
        )
    return blocks


def _by_numbers(after: After, info: Information) -> list[Block]:
    """Expected values without a closed form at the estimate, by numerical integration."""
    p, one = after.problem, info.one
    if after.numbers is None or p.covariates or p.known:
        return []
    lines = []
    for e in info.entries.values():
        v = one.at(e.function, after.numbers) if e.value is None else math.nan
        if math.isfinite(v):
            f = Relation((Expected(e.function, p.variables), num(significant(v, p.asked.digits))), ("approx",))
            lines.append(record(f, computed("by numerical integration at the estimate"), None, RuleName.EXPECTED_VALUES))
    if not lines:
        return []
    what = "sum" if all(p.support[v].discrete for v in p.variables) else "integral"
    several = "s are" if len(lines) > 1 else " is"
    return [
        say(f"At the estimate the {what}{several}, by numerical {'summation' if what == 'sum' else 'integration'},"),
        Display(tuple(lines)),
    ]


def _mean(m: Mean, info: Information) -> Line:
    """An expected value with its rule."""
    reason = {
        MeanRule.SCORE: say("from the mean of the score"),
        MeanRule.ODD: say("it is odd about the centre of the density"),
        MeanRule.INTEGRAL: say("{}", m.what),
        MeanRule.SUM: say("{}", m.what),
        MeanRule.TOTAL: say("from the means of the scores and of the total"),
    }[m.rule]
    f = Expected(m.statistic, info.one.problem.variables)
    rule = RuleName.EXPECTED_VALUES if m.rule is MeanRule.SCORE else RuleName.INTEGRATE
    return record(equation(f, m.value), info.one.oracle.integrates(f, m.value), reason, rule)


def _entry(pair: tuple[str, str], e: Entry, info: Information) -> tuple[Line, ...]:
    """An entry of the information of one observation: what it is the mean of, and its value."""
    one, (j, k) = info.one, pair
    x, density = one.problem.variables, one.label
    if e.squared:
        product: Formula = Pow(_slope(density, j), TWO) if j == k else Mul((_slope(density, j), _slope(density, k)))
        evidence = _point_oracle(info).equal(Mul((one.scores[j], one.scores[k])), e.function)
    else:
        product = Neg(second(density, j, k))
        evidence = _point_oracle(info).equal(Neg(second(one.log_density, j, k)), e.function)
    label = Expected(product, x)
    lines: list[Line] = []
    if free_names(e.function) & set(x):
        lines.append(record(equation(label, Expected(e.function, x)), evidence, None, RuleName.DIFFERENTIATE))
        if e.value is not None:
            judged = one.oracle.integrates(Expected(e.function, x), e.value)
            lines.append(record(equation(label, e.value), judged, None, RuleName.EXPECTED_VALUES, continues=True))
    else:
        found = e.function if e.value is None else e.value
        reason = say("the second derivative does not depend on the observation")
        lines.append(record(equation(label, found), evidence, reason, RuleName.DIFFERENTIATE))
    return tuple(lines)


def _slope(density: Formula, k: str) -> Formula:
    return Derivative(density, ((Sym(k), 1),))


def _point_oracle(info: Information) -> Oracle:
    """The test points with the first of their observations as the observation."""
    p = info.one.problem
    return Oracle(tuple({**w, **{v: w[v][0] for v in p.variables}} for w in info.one.oracle.points))


def _of_sample(after: After, info: Information) -> list[Block]:
    """The information of the whole sample."""
    rows = after.of_sample
    if rows is None or info.rows is None:
        return []
    one, p = info.one, after.problem
    label = of("I", p, info.letters)
    flat = [f for r in info.rows for f in r]
    if p.covariates:
        summed: list[Formula] = [total(p.indexed(f), p.index) if f != ZERO else ZERO for f in flat]
        lead = "The observations are independent, so their informations add up, each at its own {}:"
        words = (
            say(
                lead.replace("{}", ""),
            )
            if len(p.covariates) > 1
            else say(lead, Sym(p.covariates[0]))
        )
        between: list[Formula] = []
    else:
        summed = [mul(N, f) if f != ZERO else ZERO for f in flat]
        words = say("The observations are independent and alike, so the information of the sample is {} times that of one:", N)
        between = [mul(N, Apply("I_1", label.args))]
    evidence = same_entries(one.samples, summed, [f for r in rows for f in r])
    lines: list[Line] = []
    if between:
        defined = record(
            equation(Apply("I_1", label.args), matrix(info.rows)),
            evidence,
            None,
            RuleName.INFORMATION,
        )
        lines += [defined] if len(info.rows) > 1 else []
    shown = matrix(rows)
    lines.append(record(equation(label, shown), evidence, None, RuleName.INFORMATION))
    blocks: list[Block] = [words, Display(tuple(lines))]
    if len(rows) > 1:
        pairs = [(j, k) for a, j in enumerate(info.letters) for k in info.letters[a + 1 :] if info.value(j, k) == ZERO]
        every = len(pairs) == len(info.letters) * (len(info.letters) - 1) // 2
        if every or pairs:
            words = (
                listed("", list(map(Sym, info.letters))) + say(" are orthogonal")
                if every
                else say("{} and {} are orthogonal", *map(Sym, pairs[0]))
            )
            blocks.append(words + say(": the information has zeros off the diagonal, and their estimates are asymptotically independent."))
    return blocks


def _observed(after: After) -> list[Block]:
    """The observed information, in general and at the data."""
    p = after.problem
    try:
        rows = after.observed
    except NotSupported as e:
        kinked = after.expected is not None and after.expected.one.kinked
        why = say("{} has a kink", p.of("ell")) if kinked else say("{}", e.message)
        return [say("There is no observed information: ") + why + say(".")]
    if sum(1 for r in rows for _ in r) > 16:
        return []
    oracle = likelihood_oracle(after)
    label = p.of("ell")
    evidence = same_entries(oracle, [Neg(second(label, j, k)) for j in after.letters for k in after.letters], [f for r in rows for f in r])
    words = say(
        "The observed information is minus the second derivative of {}:"
        if len(rows) == 1
        else "The observed information is the matrix of minus the second derivatives of {}:",
        label,
    )
    name = of("J", p, after.letters)
    lines = [record(equation(name, matrix(rows)), evidence, None, RuleName.INFORMATION)]
    blocks: list[Block] = [words, Display(tuple(lines))]
    if after.numbers is not None and after.derived.outcome == "unique":
        digits = p.asked.digits
        values = after.observed_in_numbers
        shown = tuple(tuple(num(significant(v, digits)) for v in r) for r in values)
        there = of("J", p, after.letters, estimated=True)
        blocks.append(from_standard(say("With the data, at the estimate:")))
        blocks.append(Display((at_the_data(there, matrix(shown), approx=(True,), rule=RuleName.INFORMATION),)))
    elif (
        after.expected is not None
        and after.of_sample is not None
        and after.exact
        and after.derived.outcome == "unique"
        and not p.covariates
    ):
        same = _same_at_estimate(after, oracle)
        if same is not None:
            blocks.append(say("At the estimate it is equal to the expected information:"))
            blocks.append(Display((same,)))
    return blocks


def likelihood_oracle(after: After) -> Oracle:
    """Test points for the log-likelihood of the sample as its formula has it."""
    return points_of(after.problem)


def points_of(p: Problem) -> Oracle:
    """The same for a question."""
    if p.sums or (p.sample is not None and p.observations is None and not p.sample.is_large):
        return begin(p).judge
    return Oracle(random_points(p.without_data() if p.rows is None else p))


def _same_at_estimate(after: After, oracle: Oracle) -> Line | None:
    """J = I at the estimate, where that is so at every test point."""
    assert after.of_sample is not None
    there = oracle.at({k.name: f for k, f in after.answers.items() if isinstance(k, Sym)})
    one, other = ([f for r in m for f in r] for m in (after.observed, after.of_sample))
    if not all(_close(there, f, g) for f, g in zip(one, other, strict=True)):
        return None
    evidence = same_entries(there, one, other)
    p = after.problem
    left, right = (of(name, p, after.letters, estimated=True) for name in ("J", "I"))
    return record(equation(left, right), evidence, None, RuleName.INFORMATION)


def _close(oracle: Oracle, f: Formula, g: Formula) -> bool:
    pairs: Sequence[tuple[float, float]] = list(zip(oracle.values(f), oracle.values(g), strict=True))
    return all(abs(u - v) <= 1e-9 * (abs(u) + abs(v) + 1e-9) for u, v in pairs)


__all__ = ["information_section", "likelihood_oracle", "points_of"]
