"""Section "Standard errors": the inverse of the information at the estimate, and the delta method for what was asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..errors import NotSupported
from ..formula.decimals import significant
from ..formula.names import hat
from ..formula.tree import ONE, TWO, ZERO, Apply, Derivative, Div, Formula, Pow, Sym, add, call, equation, mul, neg, num, replace_all, size
from ..recorder import record
from ..rule_names import RuleName
from ..stages.prose import listed
from ..trace import Block, Display, Line, Section, SectionKey, Words, say
from .after import After, Source
from .after import Matrix as Rows
from .information_section import likelihood_oracle
from .intervals import Intervals
from .labels import at_the_data, matrix, of, same_entries
from .simplest import shortest

WIDEST = 4  # parameters of a matrix that is shown


def standard_errors_section(after: After) -> Section:
    """The section, or in its place why there are none."""
    title = say("Standard errors") if len(after.letters) > 1 or after.problem.as_asked.asked.quantities else say("Standard error")
    try:
        after.refuse()
        covariance = after.covariance if len(after.letters) <= WIDEST else None
        if after.numbers is not None:
            _ = after.covariance_in_numbers
    except NotSupported as e:
        return Section(SectionKey.STANDARD_ERRORS, title, (say("None is given: {}.", e.message),))
    written = covariance is not None and _is_short(covariance)
    blocks: list[Block] = [_lead(after, written or after.numbers is not None)]
    if covariance is not None and written:
        blocks += _inverse(after, covariance)
        blocks += _at_estimate(after, covariance)
    else:
        blocks += _numbers_only(after)
    blocks += _quantities(after)
    return Section(SectionKey.STANDARD_ERRORS, title, tuple(blocks))


def _is_short(rows: Rows) -> bool:
    return sum(map(size, (f for r in rows for f in r))) <= 160


def _lead(after: After, shown: bool) -> Words:
    """What the approximation is, and from which information."""
    several = len(after.letters) > 1
    hats: list[Formula | Words] = [hat(k) for k in after.letters]
    words = listed("Under the usual regularity conditions, and for many observations, ", hats) + say(
        f" {'are jointly' if several else 'is'} approximately normal about the true value{'s' if several else ''}, with the inverse of the {after.source} information "
    )
    words += say("as covariance matrix" if several else "as variance")
    if after.source is Source.OBSERVED:
        words += say(" (the expected one has no closed form here)" if after.expected is not None else " (there is no expected one here)")
    held = [Sym(k) for k in after.problem.parameters if k not in after.letters]
    if held:
        words += listed(", ", held) + say(" held fixed")
    return words + say(":" if shown else ".")


def _inverse(after: After, covariance: Rows) -> list[Block]:
    """The inverse as a formula, judged by the product with the information."""
    p = after.problem
    symbol = "I" if after.source is Source.EXPECTED else "J"
    m = after.of_sample if after.source is Source.EXPECTED else after.observed
    assert m is not None
    oracle = likelihood_oracle(after)
    width = len(covariance)
    product = [add(*(mul(m[i][k], covariance[k][j]) for k in range(width))) for i in range(width) for j in range(width)]
    unit = [ONE if i == j else ZERO for i in range(width) for j in range(width)]
    evidence = same_entries(oracle, product, unit)
    label = Pow(of(symbol, p, after.letters), num(-1))
    blocks: list[Block] = [Display((record(equation(label, matrix(covariance)), evidence, None, RuleName.INVERSE),))]
    if width == 2 and covariance[0][1] != ZERO:
        j, k = after.letters
        first = Div(ONE, add(m[0][0], neg(Div(Pow(m[0][1], TWO), m[1][1]))))
        same = oracle.equal(covariance[0][0], first)
        blocks.append(
            say(
                "{} and {} are not orthogonal: while {} is unknown, the information about {} is what is left of its own when the part shared with {} is subtracted. The variance of {} is its reciprocal:",
                Sym(j), Sym(k), Sym(k), Sym(j), Sym(k), hat(j),
            )
        )  # fmt: skip
        blocks.append(Display((record(equation(first, covariance[0][0]), same, None, RuleName.INVERSE),)))
    return blocks


def _at_estimate(after: After, covariance: Rows) -> list[Block]:
    """The standard errors: the roots of the diagonal at the estimate, as formulas and with the data."""
    p, al = after.problem, after.likelihood.al
    lines: list[Line] = []
    errors = Intervals(after).standard_errors if after.numbers is not None else {}
    put = {k: f for k, f in after.answers.items() if after.exact}
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in p.parameters}
    whole = after.whole_covariance or covariance
    for j, k in enumerate(after.everyone):
        label = Apply("se", (hat(k),))
        root = al.tidy(call("sqrt", whole[j][j]))
        there = replace_all(root, hats)
        sides: list[Formula] = [there]
        approx = [False]
        if after.numbers is None and put:
            shown = shortest(replace_all(root, put), al)
            if shown != there and size(shown) <= 60:
                sides.append(shown)
                approx.append(False)
        if after.numbers is not None:
            sides.append(num(significant(errors[k], p.asked.digits)))
            approx.append(True)
        lines.append(at_the_data(label, *sides, approx=approx, rule=RuleName.STANDARD_ERROR))
    _judge(after, lines)
    words = (
        "The standard error is the square root of this, evaluated at the estimate:"
        if len(lines) == 1
        else "The standard errors are the square roots of the diagonal entries, evaluated at the estimates:"
    )
    return [say(words), Display(tuple(lines))]


def _judge(after: After, lines: Sequence[Line]) -> None:
    """The formulas of a symbolic sample agree with each other at test points, or `Refuted`."""
    if after.numbers is not None or not after.exact:
        return
    oracle = likelihood_oracle(after)
    at = {k.name: f for k, f in after.answers.items() if isinstance(k, Sym)}
    there = oracle.at(at).at({hat(k).name: Sym(k) for k in at})
    for x in lines:
        for a, b in zip(x.formula.sides[1:], x.formula.sides[2:], strict=False):
            there.equal(a, b)


def _numbers_only(after: After) -> list[Block]:
    """The covariance and the standard errors in numbers."""
    if after.numbers is None:
        return []
    digits = after.problem.asked.digits
    label = Pow(of("I" if after.source is Source.EXPECTED else "J", after.problem, after.letters, estimated=True), num(-1))
    blocks: list[Block] = []
    if len(after.letters) <= WIDEST:
        shown = tuple(tuple(num(significant(v, digits)) for v in r) for r in after.covariance_in_numbers)
        blocks.append(Display((at_the_data(label, matrix(shown), approx=(True,), rule=RuleName.INVERSE),)))
    errors = Intervals(after).standard_errors
    lines = [
        at_the_data(Apply("se", (hat(k),)), num(significant(v, digits)), approx=(True,), rule=RuleName.STANDARD_ERROR)
        for k, v in errors.items()
    ]
    return [
        *blocks,
        say(
            "The standard errors are the square roots of its diagonal entries:"
            if len(lines) > 1
            else "The standard error is its square root:"
        ),
        Display(tuple(lines)),
    ]


def _quantities(after: After) -> list[Block]:
    """The delta method for every quantity that was asked for."""
    made, p = Intervals(after), after.problem
    asked = p.as_asked.asked.quantities
    blocks: list[Block] = []
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in p.parameters}
    for label, q in asked.items():
        try:
            gradient = made.gradient(q)
        except NotSupported as e:
            blocks.append(say("For the {} none is given: {}.", label, e.message))
            continue
        slopes = {k: f for k, f in gradient.items() if f != ZERO}
        lead = say("For the {}, ", label) + say("{}", q) + say(", by the delta method: its gradient is ")
        lines = [_slope(k, f, q, after) for k, f in slopes.items()]
        blocks.append(lead + say("as follows, and its standard error the root of the gradient times the covariance times the gradient."))
        blocks.append(Display(tuple(lines)))
        if after.numbers is not None and math.isfinite(made.quantities[label]):
            shown = num(significant(made.quantities[label], p.asked.digits))
            name = Apply("se", (replace_all(q, hats),))
            blocks.append(Display((at_the_data(name, shown, approx=(True,), rule=RuleName.STANDARD_ERROR),)))
    return blocks


def _slope(k: str, f: Formula, q: Formula, after: After) -> Line:
    left = Derivative(q, ((Sym(k), 1),))
    return record(equation(left, f), likelihood_oracle(after).equal(left, f), None, RuleName.DIFFERENTIATE)


__all__ = ["standard_errors_section"]
