"""The result at the end of a derivation, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...formula.decimals import rounded
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    Float,
    Formula,
    Indicator,
    Last,
    Peak,
    Relation,
    Searched,
    Span,
    Sym,
    equation,
    kinds,
    names,
    num,
    replace_all,
    size,
    value,
)
from ...oracle.oracle import Oracle
from ...recorder import Equations, defined, definition, held, record
from ...rule_names import RuleName
from ...trace import Block, Condition, ConditionKind, Detail, Display, How, Line, Section, SectionKey, Words, by_detail, in_full, say
from ..prose import listed
from ..setting import Setting, State
from .estimate_in_words import meaning_of
from .measured_units import in_units
from .reported_sums import values_of_sums

LONGEST = 60  # nodes of estimates that are stated in a sentence
Named = dict[str, tuple[Formula, float | None]]


@dataclass(frozen=True)
class Found:
    """What the result is made of.

    state: the derivation.  statistics: by name an estimate as a formula in the observations, where it is known.  numbers: the
    estimates with the data; exact: those that are rational or have a short formula.  oracle: where the lines are judged.  tied: the
    estimates that go together with any value of an undetermined parameter.
    """

    state: State
    statistics: Mapping[str, Formula]
    numbers: Mapping[str, float] | None
    exact: Mapping[str, Formula]
    oracle: Oracle
    tied: Mapping[str, Formula]

    @property
    def large(self) -> bool:
        """Whether the sample is too large to be listed: formulas are judged on random samples, numbers on the estimates."""
        sample = self.state.problem.sample
        return sample is not None and sample.is_large

    def number(self, name: str) -> float | None:
        """An estimate as a float, where there are data."""
        return None if self.numbers is None else self.numbers[name]

    def with_decimals(self, label: Formula, f: Formula, number: float | None, exact: Formula | None) -> Relation:
        """A label with its formula, its exact value where that is shown, and its decimals."""
        asked = self.state.problem
        return _with_decimals(label, f, number, exact, asked.asked.digits, asked.in_floats)


def result(
    state: State, statistics: Mapping[str, Formula], numbers: Mapping[str, float] | None, exact: Mapping[str, Formula]
) -> tuple[Named, Section]:
    """The result: estimates, exact and in decimals, what they mean, the quantities asked for."""
    oracle = state.settled(state.judge if numbers is not None or state.numbers else state.general)
    found = Found(state, statistics, numbers, exact, oracle, along(state))
    if found.large and numbers is not None:
        found = replace(found, oracle=Oracle((_at_large(state, numbers),)))
    named, quantities = _quantities(found)
    estimates = _estimates(found)
    blocks = (
        *values_of_sums(state, state.sets),
        *(_on_one_line(estimates, found) or (estimates, *_in_words(found))),
        *quantities,
        *_needed(state.conditions, len(state.parameters) > 1),
    )
    return named, Section(SectionKey.RESULT, say("Result"), blocks, numbered=False)


def _estimates(found: Found) -> Display:
    """A line for every parameter: its estimate, as formula and number, or the set of its estimates."""
    table = Equations(found.oracle)
    for name in found.state.parameters:
        if name in found.tied:
            table.note(equation(hat(name), found.tied[name]), None, found.oracle, RuleName.RESULT)
        else:
            table.lines.append(_estimate(name, found))
    return apart(table)


def _on_one_line(estimates: Display, found: Found) -> tuple[Block, ...] | None:
    """Short estimates in a sentence with what they mean; in full as lines, and what they mean after them.  None where they are long."""
    state = found.state
    if state.sets or found.tied or sum(size(x.formula) for x in estimates.lines) > LONGEST:
        return None
    words = say("")
    for j, (name, line) in enumerate(zip(state.parameters, estimates.lines, strict=True)):
        meaning = meaning_of(found.statistics.get(name, state.answers[name]), state.problem)
        words += say("; " if j else "") + say("{}", line.formula) + (say("") if meaning is None else say(", ") + meaning)
    return (in_full(estimates), *map(in_full, _in_words(found)), replace(words + say("."), most=Detail.STANDARD))


def _estimate(name: str, found: Found) -> Line:
    state, oracle = found.state, found.oracle
    f = in_hats(state.answers[name], state)
    if name in state.sets:
        return in_set(name, state, state.settled(state.general) if found.large else oracle)
    if found.numbers is None and isinstance(f, Peak):
        return _defining(name, state, oracle)
    if found.numbers is None and open_form(name, state) and all(math.isnan(w[name]) for w in oracle.points):
        return definition(equation(hat(name), f), "as it was found above, in terms of the others", rule=RuleName.RESULT)
    shown = found.with_decimals(hat(name), f, found.number(name), found.exact.get(name))
    if not found.large:
        return held(oracle, shown, rule=RuleName.RESULT)
    general = state.settled(state.general)
    nowhere = open_form(name, state) and all(math.isnan(w[name]) for w in general.points)  # no small sample has an estimate
    if not isinstance(f, Peak) and not nowhere:
        general.equal(hat(name), f)
    return _ends_held(shown, oracle, RuleName.RESULT)


def _ends_held(shown: Relation, oracle: Oracle, rule: RuleName) -> Line:
    """A chain whose first and last sides were compared at the data, its formula elsewhere."""
    return record(shown, oracle.holds(_ends(shown)), rule=rule)


def _ends(shown: Relation) -> Relation:
    """The first and the last side of a chain."""
    return Relation((shown.sides[0], shown.sides[-1]), shown.signs[-1:])


def _in_words(found: Found) -> list[Block]:
    """What each estimate is, and an example where it is one of many."""
    state, oracle, tied = found.state, found.oracle, found.tied
    blocks: list[Block] = []
    for name in state.parameters:
        meaning = meaning_of(found.statistics.get(name, state.answers[name]), state.problem)
        if tied and (name in state.sets or name in tied):
            continue
        if name in state.sets:
            example = found.with_decimals(hat(name), found.exact.get(name, state.answers[name]), found.number(name), None)
            oracle.holds(_ends(example) if found.large else example)
            known = Float not in kinds(state.sets[name])
            lead = (
                "Every value in this set is a maximum-likelihood estimate"
                if known
                else "The values in this set are the maximum-likelihood estimates, rounded"
            )
            blocks.append(say(f"{lead}, for example {{}}.", example))
        elif meaning is not None:
            blocks.append(say("{} is ", hat(name)) + meaning + say("."))
    if tied:
        examples = [_example(k, found) for k in (*state.sets, *tied)]
        for r in examples:
            oracle.holds(r)
        rounded_ = any(Float in kinds(whole) for whole in state.sets.values())
        lead = (
            "These points are the maximum-likelihood estimates, rounded"
            if rounded_
            else "Every such point is a maximum-likelihood estimate"
        )
        blocks.append(listed(f"{lead}, for example ", examples) + say("."))
    return blocks


def _example(name: str, found: Found) -> Relation:
    """One of the estimates."""
    f = found.state.answers[name]
    return (
        found.with_decimals(hat(name), f, found.number(name), None)
        if isinstance(f, Peak)
        else equation(hat(name), found.exact.get(name, f))
    )


def _quantities(found: Found) -> tuple[Named, list[Block]]:
    """The quantities that were asked for at the estimates, with their words and lines."""
    state, p = found.state, found.state.problem
    named: Named = {}
    blocks: list[Block] = []
    lead = "By invariance, an estimate of the {}{} is, for example," if state.sets else "By invariance, the estimate of the {}{} is"
    for label, q in p.asked.quantities.items():
        at: dict[Formula, Formula] = {
            Sym(k): found.exact.get(k) or (hat(k) if open_form(k, state) else state.answers[k]) for k in state.parameters
        }
        value_there = state.al.tidy(replace_all(q, at))
        number = compiled(q)({**found.oracle.points[0], **found.numbers}) if found.numbers is not None else None
        in_numbers = p.in_floats and number is not None and bool(names(value_there))
        named[label] = (Float(number) if in_numbers and number is not None else value_there, number)
        if number is not None and math.isnan(number):
            blocks.append(say("The {} has no value at the estimate.", label))
            continue
        unit = f", in {p.asked.units}," if p.asked.units and in_units(p.as_asked, found.statistics, q) else ""
        words = say(lead, label, unit)
        blocks += by_detail(brief=say("The {}{}:", label, unit.removesuffix(",")), standard=words, full=words)
        blocks.append(Display((_quantity(q, value_there, number, found),)))
    return named, blocks


def _quantity(q: Formula, there: Formula, number: float | None, found: Found) -> Line:
    put = replace_all(q, {Sym(k): hat(k) for k in found.state.parameters})
    shown = found.with_decimals(put, there, number, None)
    if number is not None and put == there:  # an estimate found numerically is its own letter
        shown = Relation((put, shown.sides[-1]), (shown.signs[-1],))
    if not found.large:
        return held(found.oracle, shown, rule=RuleName.INVARIANCE)
    found.state.settled(found.state.general).equal(put, there)
    return _ends_held(shown, found.oracle, RuleName.INVARIANCE)


def apart(table: Equations) -> Display:
    """The lines of a table, each with its left side."""
    return Display(tuple(record(x.formula, x.evidence, x.reason, x.rule) for x in table.lines))


def along(state: State) -> dict[str, Formula]:
    """The estimates that go together with any value of an undetermined parameter, in terms of its estimate."""
    if any(k not in state.found for k in state.parameters):
        return {}
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in state.parameters}
    return {
        k: replace_all(f, hats)
        for k, f in state.found.items()
        if k not in state.sets and names(f) & set(state.sets) and not isinstance(f, (Peak, Searched)) and _varies(f, state)
    }


def _varies(f: Formula, state: State) -> bool:
    """Whether an estimate has another value at another of the undetermined values."""
    there = state.settled(state.judge if state.numbers else state.general)
    for w in there.points:
        env = dict(w)
        for k in sorted(names(f) & set(state.sets)):
            whole = state.sets[k]
            ends = [compiled(e)(w) for e in (whole.low, whole.high)] if isinstance(whole, Span) else []
            env[k] = next(((v + w[k]) / 2 for v in ends if math.isfinite(v) and v != w[k]), w[k] + 1)
        u, v = compiled(f)(w), compiled(f)(env)
        if not (math.isnan(u) or math.isnan(v)) and abs(u - v) > 1e-9 * max(abs(u), abs(v)):
            return True
    return False


def in_set(name: str, state: State, oracle: Oracle) -> Line:
    """The set of estimates of a parameter as a line, one of them judged to lie in it."""
    shown = Relation((hat(name), state.sets[name]), ("in",))
    oracle.equal(Indicator(shown), ONE)
    return record(shown, oracle.sampled("true"), rule=RuleName.RESULT)


def _needed(conditions: Sequence[Condition], several: bool) -> list[Words]:
    """What the data must satisfy, in one sentence where every condition is one for existence."""
    if not conditions or any(c.kind not in (ConditionKind.EXISTS, ConditionKind.BOTH) for c in conditions):
        return [say("The estimate ") + c.words + say(".") for c in conditions]
    if all(c.kind is ConditionKind.BOTH for c in conditions):
        words = say("The estimates exist and are unique if ") if several else say("The estimate exists and is unique if ")
    else:
        words = say("The estimates exist if ") if several else say("The estimate exists if ")
    for j, c in enumerate(conditions):
        words += say("" if j == 0 else "; and if " if j == len(conditions) - 1 else "; if ") + c.note
    return [words + say(".")]


def open_form(name: str, state: State) -> bool:
    """Whether an estimate is known by an equation only, or in terms of such a one."""
    return state.how.get(name) in (How.NUMERIC, How.GIVEN_OTHERS)


def in_hats(f: Formula, setting: Setting) -> Formula:
    """An estimate in terms of others, with their hats."""
    return f if isinstance(f, Searched) else replace_all(f, {Sym(k): hat(k) for k in setting.parameters})


def _defining(name: str, state: State, oracle: Oracle) -> Line:
    """The equation that an estimate without a closed form solves, with its hat."""
    eq = state.equations[name]
    shown = Relation(tuple(in_hats(s, state) for s in eq.sides), eq.signs)
    inside = state.problem.parameters[name].interior
    known = Oracle(tuple(w for w in oracle.points if not math.isnan(w[name]) and inside.contains(w[name], w)))
    evidence = known.holds(shown) if known.points else defined("the equation that the estimate solves")
    return record(shown, evidence, rule=RuleName.RESULT)


def _at_large(setting: Setting, numbers: Mapping[str, float]) -> Env:
    """The estimates from a large sample as values of their letters."""
    out: Env = {}
    for k, v in numbers.items():
        out[k] = out[hat(k).name] = v
    return out


def _with_decimals(label: Formula, f: Formula, number: float | None, exact: Formula | None, digits: int, in_floats: bool) -> Relation:
    if number is None:
        return equation(label, f)
    if isinstance(f, Last):
        return equation(label, num(round(number)))
    if isinstance(f, (Peak, Float)):
        return Relation((label, rounded(number, digits)), ("approx",))
    v = value(f)
    if v is not None and v.denominator == 1:
        return equation(label, f)
    if v is not None and (v * 10**6).denominator == 1:
        decimal = num(v)
        return equation(label, f) if decimal == f else Relation((label, f, decimal), ("=", "="))
    if v is not None and in_floats:
        return Relation((label, rounded(number, digits)), ("approx",))
    short = Fraction(f"{number:.6g}")
    if exact is not None and exact != f:
        middle = Relation((label, f, exact), ("=", "="))
        w = value(exact)
        if w is not None and (w.denominator == 1 or exact == num(w)):
            return middle
        return Relation((*middle.sides, num(short) if w == short else rounded(number, digits)), ("=", "=", "=" if w == short else "approx"))
    return Relation((label, f, rounded(number, digits)), ("=", "approx"))


__all__ = ["result"]
