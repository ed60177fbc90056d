"""A parameter with finitely many possible values: the likelihood is computed at each, and the largest is taken."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from ...errors import NotSupported
from ...formula.decimals import significant
from ...formula.evaluate import compiled, holds
from ...formula.names import hat
from ...formula.tree import (
    ZERO,
    Add,
    Apply,
    Best,
    Call,
    Cases,
    Formula,
    Indicator,
    Pow,
    Relation,
    SetOf,
    Sym,
    equation,
    names,
    num,
    power,
    product,
    replace_all,
    transform,
    value,
    walk,
)
from ...oracle.oracle import Refuted, close, computed, sampled
from ...recorder import held, record
from ...rule_names import RuleName
from ...rules.logs import gather_product, logged
from ...rules.sums import split_sums
from ...trace import Block, Condition, ConditionKind, Display, How, Line, Section, SectionKey, say
from ..boundary.admissible_region import beside, indicated, sample_condition
from ..likelihood.product import with_data
from ..setting import ARGUED, Setting, State, settle_answers
from .highest import highest

SHOWN = -690.0  # logarithm of the smallest likelihood that is shown as a number


def compare(state: State) -> State:
    """Sections "Likelihood" and "Compare": finds the only parameter, which has finitely many values."""
    p = state.problem
    (name,) = p.parameters
    values = p.parameters[name].values
    assert values is not None
    if p.moving and p.observations is None:
        return _with_indicators(name, values, state)
    state = replace(state, numbers=p.observations is not None)
    table, section = _likelihoods(name, values, state)
    state = state.adding(section)
    return _in_general(name, table, state) if p.observations is None else _with_data(name, table, state)


def _with_indicators(name: str, values: tuple[Formula, ...], state: State) -> State:
    """For a symbolic sample and a support that depends on the parameter: the likelihood at each value, with the indicator that
    the data are possible, and the value with the largest of them."""
    p, al, u = state.problem, state.al, Sym(name)
    gathered = gather_product(p.likelihood, al) or p.likelihood
    lines = []
    for v in values:
        put: dict[Formula, Formula] = {u: v}
        f = beside(al.tidy(replace_all(gathered, put)), Indicator(replace_all(sample_condition(p), put)))
        for w in state.general.points:
            point = {**w, name: compiled(v)(w)}
            exact = math.exp(float(w["ell"](point[name]))) if p.possible(point) else 0.0
            if not close(exact, compiled(f)(point), 1e-9, 1e-300 + exact):
                raise Refuted(f"L({v}) = {f}")
        evidence = state.general.sampled("equal")
        lines.append(record(equation(Apply("L", (v,)), f), evidence, rule=RuleName.PUT_IN))
    words = say(
        "{} can only be one of {} values. The observations are independent, so the likelihood is the product of their densities where all lie in the "
        "support, and 0 elsewhere; all of them do when the smallest and the largest do:", u, num(len(values)),
    )  # fmt: skip
    answer = Best(name, SetOf(values), indicated(p), p.of("L"))
    line = held(settle_answers(state.general, {name: answer}), equation(hat(name), answer), rule=RuleName.LARGEST)
    found = say("the data are possible for one of the values, and is unique if only one has the largest likelihood")
    return state.answered(name, answer, How.NUMERIC, ARGUED).adding(
        Section(SectionKey.LIKELIHOOD, say("Likelihood"), (words, Display(tuple(lines)))),
        Section(SectionKey.COMPARISON, say("Compare"), (say("Which of them is largest depends on the data:"), Display((line,)))),
        conditions=[Condition(ConditionKind.EXISTS, (), found)],
    )


def _at(value_: Formula, name: str, setting: Setting) -> Formula:
    """The likelihood at one value of the parameter, put together."""
    p, u = setting.problem, Sym(name)

    def chosen(f: Formula) -> Formula | None:
        """Cases whose condition speaks of the parameter alone, decided."""
        if not isinstance(f, Cases):
            return None
        rows: list[tuple[Formula, Formula | None]] = []
        for v, c in f.rows:
            if c is None or not names(c):
                if c is None or holds(c)({}):
                    rows.append((v, None))
                    break
            else:
                rows.append((v, c))
        return rows[0][0] if rows and rows[0][1] is None else Cases(tuple(rows)) if rows else ZERO

    if not any(isinstance(g, Cases) for g in walk(p.density)):
        gathered = gather_product(p.likelihood, setting.al) or p.likelihood
        return transform(replace_all(with_data(gathered, p, setting.al)[0] if setting.numbers else gathered, {u: value_}), _whole_exponent)
    density = transform(replace_all(p.density, {u: value_}), chosen)
    general = product(p.indexed(density), p.index)
    return gather_product(general, setting.al) or general


def _whole_exponent(f: Formula) -> Formula | None:
    """A power whose exponent is a sum of numbers with the exponent worked out."""
    if isinstance(f, Pow) and isinstance(f.exponent, Add) and not names(f.exponent):
        return power(f.base, num(Fraction(compiled(f.exponent)({})).limit_denominator(10**6)))
    return None


def _likelihood_at(v: Formula, name: str, setting: Setting) -> tuple[Formula, Line]:
    """L at one value, judged against the density; 0 where the data are impossible."""
    p, al = setting.problem, setting.al
    f = _at(v, name, setting)
    points = [{**w, name: compiled(v)(w)} for w in setting.lines_oracle.points]
    possible = [p.possible(w) for w in points]
    if not all(possible):
        f = ZERO
    sides: list[Formula] = [Apply("L", (v,)), f]
    if setting.numbers and f != ZERO:
        data = al.tidy(with_data(f, p, al)[0])
        if data != f:
            sides.append(data)
    signs = ["="] * (len(sides) - 1)
    for w in points:
        exact = math.exp(height) if (height := w["ell"](w[name])) > SHOWN and f != ZERO else None
        for g in sides[1:]:
            if exact is not None and not close(exact, compiled(g)(w), 1e-9):
                raise Refuted(f"L({v}) = {g}: {exact!r}")
    if exact is not None and setting.numbers and value(sides[-1]) != significant(exact):
        sides.append(num(significant(exact)))
        signs.append("approx")
    evidence = (computed if setting.numbers else sampled)("worked out from the density", len(points))
    reason = say("outside the support: impossible") if f == ZERO else None
    return f, record(Relation(tuple(sides), tuple(signs)), evidence, reason, RuleName.PUT_IN)


def _likelihoods(name: str, values: tuple[Formula, ...], setting: Setting) -> tuple[list[tuple[Formula, Formula]], Section]:
    """L by value, and the section "Likelihood"."""
    p = setting.problem
    table = [_likelihood_at(v, name, setting) for v in values]
    kind = "probabilities" if all(d.discrete for d in p.support.values()) else "densities"
    first = say(
        "{} can only be one of {} values. The observations are independent, so the likelihood of each value is the product of the "
        f"{kind} of the observations under it:",
        Sym(name), num(len(values)),
    )  # fmt: skip
    section = Section(SectionKey.LIKELIHOOD, say("Likelihood"), (first, Display(tuple(line for _, line in table))))
    return [(v, f) for v, (f, _) in zip(values, table, strict=True)], section


def _with_data(name: str, table: list[tuple[Formula, Formula]], state: State) -> State:
    """Section "Compare": the largest of the numbers."""
    possible = [v for v, f in table if f != ZERO]
    if not possible:
        raise NotSupported("the data are impossible under every value of the parameter", hint="check the data and the values")
    best = [possible[j] for j in highest([{name: v} for v in possible], state)]
    if len(best) > 1:
        kept = SetOf(tuple(best))
        state = state.not_unique(name, kept)
        words = say("The largest of these numbers occurs more than once, so each of these values is a maximum-likelihood estimate:")
        shown = Relation((hat(name), kept), ("in",))
    else:
        words = say(
            "The largest of these numbers belongs to {}. No derivative is needed: there is nothing between the values.",
            equation(Sym(name), best[0]),
        )
        shown = equation(hat(name), best[0])
    line = record(shown, computed("the largest of the values", len(table)), rule=RuleName.LARGEST)
    section = Section(SectionKey.COMPARISON, say("Compare ") + say("{}", state.problem.of("L")), (words, Display((line,))))
    return state.answered(name, best[0], How.CLOSED, ARGUED).adding(section)


def _in_general(name: str, table: list[tuple[Formula, Formula]], state: State) -> State:
    """Section "Compare" for a symbolic sample: which value is best depends on the data."""
    al = state.al
    logs = [split_sums(f := logged(g, al), al) or f for _, g in table]
    rows: list[tuple[Formula, Formula | None]] = []
    for j, (v, _) in enumerate(table[:-1]):
        others = logs[:j] + logs[j + 1 :]
        best = others[0] if len(others) == 1 else Call("max", tuple(others))
        rows.append((v, Relation((logs[j], best), (">=",))))
    rows.append((table[-1][0], None))
    answer = Cases(tuple(rows))
    lines = []
    for (v, _), f in zip(table, logs, strict=True):
        for w in state.general.points:
            if not close(float(w["ell"](compiled(v)(w))), compiled(f)(w), 1e-9, 1 + abs(compiled(f)(w))):
                raise Refuted(f"ell({v}) = {f}")
        lines.append(record(equation(Apply("ell", (v,)), f), state.general.sampled("equal"), rule=RuleName.LOG_RULES))
    blocks: list[Block] = [
        say("The logarithm is increasing, so the value with the largest log-likelihood is the estimate:"),
        Display(tuple(lines)),
        say("Which one that is depends on the data:"),
        Display((held(settle_answers(state.general, {name: answer}), equation(hat(name), answer), rule=RuleName.LARGEST),)),
        say("If two of them are equal and largest, both values are estimates."),
    ]
    return state.answered(name, answer, How.CLOSED, ARGUED).adding(Section(SectionKey.COMPARISON, say("Compare"), tuple(blocks)))
