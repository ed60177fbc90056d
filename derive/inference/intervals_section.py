"""Section "Intervals": by the standard error, by the likelihood, by the score, at the level of 95 per cent."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import NotSupported
from ..formula.decimals import significant
from ..formula.names import hat, reported
from ..formula.tree import (
    TWO,
    Add,
    Apply,
    Formula,
    Neg,
    Pow,
    Relation,
    Span,
    Sym,
    add,
    call,
    div,
    exp,
    fresh,
    mul,
    neg,
    num,
    replace_all,
)
from ..oracle.oracle import Oracle, computed
from ..recorder import record
from ..rule_names import RuleName
from ..sets.domain import INFINITY, MINUS_INFINITY
from ..trace import Block, Display, Line, Section, SectionKey, Words, say
from .after import After
from .information_section import likelihood_oracle
from .intervals import Ends, Intervals, Scale, quantile
from .score_interval import ClosedScore, closed_score

LEVEL = 0.95
SHOWN = 4  # decimals of the normal quantile


def intervals_section(after: After) -> Section:
    """The section, or in its place why there are none."""
    title = say("Intervals")
    try:
        after.refuse()
        if after.numbers is not None:
            _ = after.covariance_in_numbers
    except NotSupported as e:
        return Section(SectionKey.INTERVALS, title, (say("None is given: {}.", e.message),))
    z = fresh(("z", "q", "c"), *map(Sym, (*after.problem.parameters, *after.problem.known, *after.problem.observed)))
    made = Intervals(after)
    blocks: list[Block] = [
        say(
            "In what follows {} is the normal quantile that leaves 2.5 % above it, so that the intervals have the approximate level 95 %.",
            Relation((z, num(significant(quantile(LEVEL), SHOWN))), ("approx",)),
        )
    ]
    blocks += _wald(made, z)
    blocks += _likelihood(made, z)
    blocks += _score(made)
    return Section(SectionKey.INTERVALS, title, tuple(blocks))


def _span(ends: Ends, digits: int) -> Span:
    low, high = (_number(v, digits) for v in ends)
    return Span(low, high, low == MINUS_INFINITY, high == INFINITY)


def _number(v: float, digits: int) -> Formula:
    return INFINITY if v == float("inf") else MINUS_INFINITY if v == -float("inf") else num(significant(v, digits))


def _in(u: Formula, ends: Ends, digits: int) -> Line:
    """That an interval for a letter is this, in numbers."""
    r = Relation((u, _span(ends, digits)), ("in",))
    return record(r, computed("worked out at the estimate"), None, RuleName.INTERVAL)


# -- the standard error -----------------------------------------------------------------------------


def _wald(made: Intervals, z: Sym) -> list[Block]:
    """Estimate plus and minus z standard errors, on the scale that keeps it in the domain."""
    a = made.after
    by_scale: dict[Scale, list[str]] = {}
    for k in a.everyone:
        by_scale.setdefault(made.scale(k), []).append(k)
    blocks: list[Block] = []
    found = made.wald(LEVEL) if a.numbers is not None else {}
    digits = a.problem.asked.digits
    for scale, letters in by_scale.items():
        blocks.append(_why(scale, letters, a))
        lines: list[Line] = []
        for k in letters:
            low, high = _ends(scale, k, z, a)
            shown = Span(low, high, False, False)
            sides, signs = (Sym(k), shown), ("in",)
            if found:
                r = Relation((*sides, _span(found[reported(k)], digits)), (*signs, "approx"))
                lines.append(record(r, computed("worked out at the estimate"), None, RuleName.INTERVAL))
            else:
                _judge(scale, k, low, high, z, a)
                lines.append(record(Relation(sides, signs), computed("symmetric on its scale"), None, RuleName.INTERVAL))
        blocks.append(Display(tuple(lines)))
    for label, q in a.problem.as_asked.asked.quantities.items():
        if label in found:
            positive = a.likelihood.al.facts.positive(q)
            blocks.append(say("For the {}{}:", label, ", on the scale of its logarithm" if positive else ""))
            blocks.append(Display((_in(q, found[label], digits),)))
    return blocks


def _why(scale: Scale, letters: list[str], a: After) -> Words:
    several = len(letters) > 1
    plural = "s" if several else ""
    names = say("")
    for j, k in enumerate(letters):
        names += say("" if j == 0 else " and " if j == len(letters) - 1 else ", ") + say("{}", Sym(k))
    if scale is Scale.PLAIN:
        return say(f"The Wald interval{plural} for ") + names + say(f", by the standard error{plural}, {'are' if several else 'is'}")
    what = "logarithm" if scale is Scale.LOG else "logit"
    side = " on one side" if scale is Scale.LOG else ""
    return (
        say(f"The Wald interval{plural} for ")
        + names
        + say(
            f" {'are' if several else 'is'} computed for the {what}, because the domain{plural} {'are' if several else 'is'} bounded{side}, "
        )
        + say(f"and transformed back; by the delta method the standard error of the {what} is the standard error times the derivative:")
    )


def _ends(scale: Scale, k: str, z: Sym, a: After) -> tuple[Formula, Formula]:
    """The ends as formulas in the estimate and its standard error."""
    u: Formula = hat(k)
    half = mul(z, Apply("se", (hat(k),)))
    d = a.derived.problem.parameters[k]
    al = a.likelihood.al
    if scale is Scale.PLAIN:
        return add(u, neg(half)), add(u, half)
    if scale is Scale.LOG:
        if d.high == INFINITY:
            distance = al.tidy(add(u, neg(d.low)))
            step = div(half, distance)
            low, high = (al.tidy(mul(distance, exp(s))) for s in (Neg(step), step))
            return _shifted(d.low, low), _shifted(d.low, high)
        distance = al.tidy(add(d.high, neg(u)))
        step = div(half, distance)
        return add(d.high, neg(mul(distance, exp(step)))), add(d.high, neg(mul(distance, exp(Neg(step)))))
    width = al.tidy(add(d.high, neg(d.low)))
    over, under = al.tidy(add(u, neg(d.low))), al.tidy(add(d.high, neg(u)))
    step = div(mul(width, half) if width != num(1) else half, mul(over, under))
    made = []
    for s in (step, Neg(step)):
        share = div(over, add(over, mul(under, exp(s))))
        made.append(share if width == num(1) else mul(width, share))
    return _shifted(d.low, made[0]), _shifted(d.low, made[1])


def _shifted(low: Formula, f: Formula) -> Formula:
    return f if low == num(0) else Add((low, f))


def _judge(scale: Scale, k: str, low: Formula, high: Formula, z: Sym, a: After) -> None:
    """The two ends lie equally far from the estimate on their scale at test points, or `Refuted`."""
    d = a.derived.problem.parameters[k]
    points = []
    for w in likelihood_oracle(a).points[:3]:
        points.append({**w, hat(k).name: w[k], z.name: 1.96, "se": lambda v: 0.1 * abs(v) + 0.01})

    def moved(f: Formula) -> Formula:
        if scale is Scale.PLAIN:
            return f
        if scale is Scale.LOG:
            return call("log", add(f, neg(d.low)) if d.high == INFINITY else add(d.high, neg(f)))
        return call("log", div(add(f, neg(d.low)), add(d.high, neg(f))))

    Oracle(tuple(points)).equal(add(moved(low), moved(high)), mul(TWO, moved(hat(k))))


# -- the likelihood ---------------------------------------------------------------------------------


def _likelihood(made: Intervals, z: Sym) -> list[Block]:
    """The equation of the profile-likelihood interval, and its solutions with data."""
    a = made.after
    p = a.problem
    single = len(p.parameters) == 1
    label = "ell" if single else "ell_p"
    u = Sym(a.letters[0])
    fall = add(Apply(label, (hat(u.name),)), neg(Apply(label, (u,))))
    condition = Relation((mul(TWO, fall), Pow(z, TWO)), ("<=",))
    if single:
        words = say(
            "The likelihood interval consists of the values with {}: under the usual regularity conditions, and for many observations, the left side at the true value is approximately chi-squared with one degree of freedom.",
            condition,
        )
    else:
        words = say(
            "The likelihood interval for {} consists of the values with {}, where {} is the log-likelihood maximised over the other parameters, and so for each parameter: under the usual regularity conditions, and for many observations, the left side at the true value is approximately chi-squared with one degree of freedom.",
            u, condition, Apply(label, (u,)),
        )  # fmt: skip
    if a.numbers is None:
        return [words]
    try:
        found = made.likelihood(LEVEL)
    except NotSupported as e:
        return [words, say("No such interval was found: {}.", e.message)]
    lines = tuple(_in(Sym(k), found[reported(k)], p.asked.digits) for k in a.letters)
    return [words, say("Solved numerically:"), Display(lines)]


# -- the score --------------------------------------------------------------------------------------


def _score(made: Intervals) -> list[Block]:
    """The score interval of a single parameter: its equation, in closed form where it is quadratic."""
    a = made.after
    if len(a.problem.parameters) != 1 or a.of_sample is None:
        return []
    closed = closed_score(a)
    (k,) = a.letters
    digits = a.problem.asked.digits
    blocks: list[Block] = []
    if closed is not None:
        _confirm(closed, k, a)
        equation = Relation((closed.left, closed.right), ("=",))
        blocks.append(
            say(
                "The score interval consists of the values at which the square of the score is at most {} times the information; the ends solve",
                Pow(closed.letter, TWO),
            )
        )
        evidence = computed("the ends satisfy the equation", 3)
        blocks.append(Display((record(equation, evidence, None, RuleName.INTERVAL),)))
        blocks.append(say("a quadratic equation in {} when it is multiplied out; in the domain they are", Sym(k)))
        span = Span(closed.low, closed.high, False, False)
        blocks.append(Display((record(Relation((Sym(k), span), ("in",)), evidence, None, RuleName.QUADRATIC_FORMULA),)))
    if a.numbers is not None:
        lead = (
            "With the data:"
            if closed is not None
            else "The score interval consists of the values at which the score is in size at most the quantile times the root of the information; found numerically:"
        )
        blocks.append(say(lead))
        blocks.append(Display((_in(Sym(k), made.score(LEVEL)[reported(k)], digits),)))
    return blocks


def _confirm(c: ClosedScore, k: str, a: After) -> None:
    """Both ends satisfy the equation at test points, or `Refuted`."""
    points = []
    for w in likelihood_oracle(a).points[:3]:
        points.append({**w, c.letter.name: 0.3})
    oracle = Oracle(tuple(points))
    for end in (c.low, c.high):
        table: Mapping[Formula, Formula] = {Sym(k): end}
        oracle.equal(replace_all(c.left, dict(table)), replace_all(c.right, dict(table)))


__all__ = ["intervals_section"]
