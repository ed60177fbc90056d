"""A parameter with finitely many possible values: the likelihood is computed at each, and the largest is taken."""

from __future__ import annotations

import math
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
from ...oracle.judge import Refuted, close, computed, sampled
from ...recorder import held, record
from ...rules.logs import gather_product, logged
from ...rules.sums import split_sums
from ...trace import Condition, ConditionKind, Display, How, Line, Outcome, Section, SectionKey, Words, say
from ..boundary.admissible_region import beside, indicated, sample_condition
from ..likelihood.product import with_data
from ..setting import State, settle_answers

TIE = 1e-12
SHOWN = -690.0  # logarithm of the smallest likelihood that is shown as a number


def compare(state: State) -> None:
    """Sections "Likelihood" and "Compare": sets the answer of the only parameter, which has finitely many values."""
    p = state.problem
    (name,) = p.parameters
    values = p.parameters[name].values
    assert values is not None
    if p.moving and p.observations is None:
        _with_indicators(name, values, state)
        return
    state.numbers = p.observations is not None
    table = _likelihoods(name, values, state)
    if p.observations is None:
        _in_general(name, table, state)
    else:
        _with_data(name, table, state)


def _with_indicators(name: str, values: tuple[Formula, ...], state: State) -> None:
    """For a symbolic sample and a support that depends on the parameter: the likelihood at each value, with the indicator that
    the data are possible, and the value with the largest of them."""
    p, al, u = state.problem, state.al, Sym(name)
    gathered = gather_product(p.likelihood, al) or p.likelihood
    lines = []
    for v in values:
        put: dict[Formula, Formula] = {u: v}
        f = beside(al.tidy(replace_all(gathered, put)), Indicator(replace_all(sample_condition(p), put)))
        for w in state.general.worlds:
            world = {**w, name: compiled(v)(w)}
            exact = math.exp(float(w["ell"](world[name]))) if p.possible(world) else 0.0
            if not close(exact, compiled(f)(world), 1e-9, 1e-300 + exact):
                raise Refuted(f"L({v}) = {f}")
        evidence = state.general.sampled("equal")
        lines.append(record(equation(Apply("L", (v,)), f), evidence, rule="put in"))
    words = say(
        "{} can only be one of {} values. The observations are independent, so the likelihood is the product of their densities where all lie in the "
        "support, and 0 elsewhere; all of them do when the smallest and the largest do:", u, num(len(values)),
    )  # fmt: skip
    state.sections.append(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (words, Display(tuple(lines)))))
    answer = Best(name, SetOf(values), indicated(p), p.of("L"))
    state.answers[name], state.how[name] = answer, How.NUMERIC
    state.order.append(name)
    shown = equation(hat(name), answer)
    evidence = settle_answers(state.general, state.answers).holds(shown)
    blocks = (say("Which of them is largest depends on the data:"), Display((record(shown, evidence, rule="largest"),)))
    state.sections.append(Section(SectionKey.COMPARISON, say("Compare"), blocks))
    state.conditions.append(
        Condition(ConditionKind.EXISTS, (), say("the data are possible for one of the values, and is unique if only one has the largest likelihood"))
    )


def _at(value_: Formula, name: str, state: State) -> Formula:
    """The likelihood at one value of the parameter, put together."""
    p, u = state.problem, Sym(name)

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
        gathered = gather_product(p.likelihood, state.al) or p.likelihood
        return transform(replace_all(with_data(gathered, p, state.al)[0] if state.numbers else gathered, {u: value_}), _whole_exponent)
    density = transform(replace_all(p.density, {u: value_}), chosen)
    general = product(p.indexed(density), p.index)
    return gather_product(general, state.al) or general


def _whole_exponent(f: Formula) -> Formula | None:
    """A power whose exponent is a sum of numbers with the exponent worked out."""
    if isinstance(f, Pow) and isinstance(f.exponent, Add) and not names(f.exponent):
        return power(f.base, num(Fraction(compiled(f.exponent)({})).limit_denominator(10**6)))
    return None


def _likelihoods(name: str, values: tuple[Formula, ...], state: State) -> list[tuple[Formula, Formula]]:
    """Section "Likelihood": L at each value, judged against the density."""
    p = state.problem
    al = state.al
    table: list[tuple[Formula, Formula]] = []
    lines: list[Line] = []
    for v in values:
        f = _at(v, name, state)
        worlds = [{**w, name: compiled(v)(w)} for w in state.lines_oracle.worlds]
        possible = [p.possible(w) for w in worlds]
        if not all(possible):
            f = ZERO
        sides: list[Formula] = [Apply("L", (v,)), f]
        if state.numbers and f != ZERO:
            data = al.tidy(with_data(f, p, al)[0])
            if data != f:
                sides.append(data)
        signs = ["="] * (len(sides) - 1)
        for w in worlds:
            exact = math.exp(height) if (height := w["ell"](w[name])) > SHOWN and f != ZERO else None
            for g in sides[1:]:
                if exact is not None and not close(exact, compiled(g)(w), 1e-9):
                    raise Refuted(f"L({v}) = {g}: {exact!r}")
        if exact is not None and state.numbers and value(sides[-1]) != significant(exact):
            sides.append(num(significant(exact)))
            signs.append("approx")
        evidence = (computed if state.numbers else sampled)("worked out from the density", len(worlds))
        reason = say("outside the support: impossible") if f == ZERO else None
        lines.append(record(Relation(tuple(sides), tuple(signs)), evidence, reason, "put in"))
        table.append((v, f))
    first = say(
        "{} can only be one of {} values. The observations are independent, so the likelihood of each value is the product of the densities of the "
        "observations under it:",
        Sym(name), num(len(values)),
    )  # fmt: skip
    if all(d.discrete for d in p.support.values()):
        first = say(
            "{} can only be one of {} values. The observations are independent, so the likelihood of each value is the product of the probabilities of "
            "the observations under it:",
            Sym(name), num(len(values)),
        )  # fmt: skip
    state.sections.append(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (first, Display(tuple(lines)))))
    return table


def _with_data(name: str, table: list[tuple[Formula, Formula]], state: State) -> None:
    """Section "Compare": the largest of the numbers."""
    w = state.judge.worlds[0]
    heights = [-math.inf if f == ZERO else float(w["ell"](compiled(v)(w))) for v, f in table]
    top = max(heights)
    if top == -math.inf:
        raise NotSupported("the data are impossible under every value of the parameter", hint="check the data and the values")
    best = [v for (v, _), h in zip(table, heights, strict=True) if top - h <= TIE * (1 + abs(top))]
    label = state.problem.of("L")
    blocks: list[Words | Display]
    if len(best) > 1:
        kept = SetOf(tuple(best))
        state.outcome, state.sets[name] = Outcome.NOT_UNIQUE, kept
        blocks = [say("The largest of these numbers occurs more than once, so each of these values is a maximum-likelihood estimate:")]
        shown = Relation((hat(name), kept), ("in",))
    else:
        blocks = [
            say(
                "The largest of these numbers belongs to {}. No derivative is needed: there is nothing between the values.",
                equation(Sym(name), best[0]),
            )
        ]
        shown = equation(hat(name), best[0])
    state.answers[name], state.how[name] = best[0], How.CLOSED
    state.order.append(name)
    for v, h in zip((v for v, _ in table), heights, strict=True):
        if h > top + TIE * (1 + abs(top)):
            raise Refuted(f"L({v}) is larger")
    blocks.append(Display((record(shown, computed("the largest of the values", len(table)), rule="largest"),)))
    state.sections.append(Section(SectionKey.COMPARISON, say("Compare ") + say("{}", label), tuple(blocks)))


def _in_general(name: str, table: list[tuple[Formula, Formula]], state: State) -> None:
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
        for w in state.general.worlds:
            if not close(float(w["ell"](compiled(v)(w))), compiled(f)(w), 1e-9, 1 + abs(compiled(f)(w))):
                raise Refuted(f"ell({v}) = {f}")
        lines.append(
            record(equation(Apply("ell", (v,)), f), state.general.sampled("equal"), rule="log rules")
        )
    state.answers[name], state.how[name] = answer, How.CLOSED
    state.order.append(name)
    shown = equation(hat(name), answer)
    blocks: list[Words | Display] = [
        say("The logarithm is increasing, so the value with the largest log-likelihood is the estimate:"),
        Display(tuple(lines)),
        say("Which one that is depends on the data:"),
        Display((held(settle_answers(state.general, state.answers), shown, rule="largest"),)),
        say("If two of them are equal and largest, both values are estimates."),
    ]
    state.sections.append(Section(SectionKey.COMPARISON, say("Compare"), tuple(blocks)))
