"""The model at the start and the result at the end, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ...formula.decimals import rounded, significant
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import ONE, Formula, Indicator, Last, Peak, Relation, Searched, Span, Sym, equation, names, num, replace_all, value
from ...oracle.oracle import Oracle, sampled
from ...problem.problem import Problem
from ...recorder import Equations, defined, definition, record
from ...rule_names import RuleName
from ...trace import Block, Condition, ConditionKind, Display, How, Line, Section, SectionKey, Words, say
from ..likelihood.joint_likelihood import whole_model
from ..number_format import digits
from ..prose import letters_in_short, listed, ranges
from ..setting import Setting, State
from ..setup.observed import observed
from .density_section import origin
from .estimate_in_words import meaning_of
from .measured_units import in_units
from .reported_sums import values_of_sums

SHOWN = 8  # letters whose range was inferred that are named one by one


def model(state: State) -> State:
    """The model: density, support, domains, what was observed."""
    p = state.problem.as_asked
    if p.whole:
        return whole_model(state)
    discrete = all(d.discrete for d in p.support.values())
    kind = "probability mass function" if discrete else "density"
    head = equation(p.density_at(*map(Sym, p.variables)), p.density)
    evidence = defined("the density as given") if not p.normalised else sampled("it totals 1 over its support", 3)
    blocks: list[Block] = [
        say("The observation has the {}", kind)
        if p.single is not None
        else say("The observations are independent, each {}with the {}", _of_the_catalogue(p), kind),
        Display((record(head, evidence),)),
    ]
    sets = {**{v: p.support[v] for v in p.variables}, **p.parameters}
    about = [*ranges({v: p.support[v] for v in p.variables}), *ranges(p.parameters)]
    unbounded: list[Formula] = [Sym(name) for name, d in sets.items() if d.condition(Sym(name)) is None]
    words = listed("for ", about) if about else say("for")
    if unbounded:
        words += listed(" and all real " if about else " all real ", unbounded)
    if p.values:
        words += listed(", with ", [equation(Sym(k), f) for k, f in p.values.items()])
    known = [Sym(k) for k in p.known]
    if known:
        words += listed("; ", list(known)) + say(" known")
    words += say(".")
    if p.inferred:
        names_ = [k for k in (*p.variables, *p.parameters, *p.known) if k in p.inferred]
        words += listed(" (The range of ", [Sym(k) for k in names_] if len(names_) <= SHOWN else letters_in_short(names_)) + say(
            " was inferred from the density.)"
        )
    blocks.append(words + _labels(p) + _covariates(p))
    if not p.normalised and p.unnormalised:
        verb = "sums" if discrete else "integrates"
        what = say("{} to {}, not to 1", verb, p.total) if p.total is not None else say("was not found to {} to 1", verb.removesuffix("s"))
        blocks.append(say("This function ") + what + say("; it is worked with as it was given."))
    blocks += _limits(state, p)
    blocks += [say("{}", w) for w in p.warnings]
    if p.entry is not None:
        blocks.append(say("{} See {}.", p.entry.says, p.entry.source))
    blocks += observed(p)
    return state.adding(*origin(p), Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def _limits(setting: Setting, p: Problem) -> list[Words]:
    """Where the formula of the density is 0/0 and the density is its limit."""
    if not p.log_density.singular or len(p.variables) != 1:
        return []
    (v,) = p.variables
    w = setting.general.points[0]
    found = [equation(Sym(k), digits(r, 6)) for k, r in p.log_density.singular if p.continued(k, r, {**w, v: w["#sample"][v][0]})]
    return [listed("At ", found) + say(" the density is the limit of this expression.")] if found else []


def _labels(p: Problem) -> Words:
    """The user's words for the parameters."""
    words = say("")
    for k in p.parameters:
        if k in p.asked.labels:
            words += say(", " if words.parts else " In words: ") + say("{} is “{}”", Sym(k), p.asked.labels[k])
    return words + say("." if words.parts else "")


def _covariates(p: Problem) -> Words:
    """What is observed beside the variables and taken as given."""
    if not p.covariates:
        return say("")
    words = listed(" With each observation ", [Sym(c) for c in p.covariates])
    words += say(" is given: its" if len(p.covariates) == 1 else " are given: their") + say(" values are taken as fixed")
    about = [f for c, d in p.covariate_domains.items() if (f := d.condition(Sym(c))) is not None]
    return words + (listed(", ", about) if about else say("")) + say(".")


def _of_the_catalogue(p: Problem) -> str:
    return "" if p.entry is None else f"from the {p.entry.name} distribution "


def result(
    state: State, symbolic: Mapping[str, Formula], numbers: dict[str, float] | None, exact: dict[str, Formula]
) -> tuple[dict[str, tuple[Formula, float | None]], Section]:
    """The result: estimates, exact and in decimals, what they mean, the quantities asked for."""
    p = state.problem
    large = p.sample is not None and p.sample.is_large
    oracle = (
        Oracle((_at_large(state, numbers),))
        if large and numbers is not None
        else state.settled(state.judge if numbers is not None or state.numbers else state.general)
    )
    blocks: list[Block] = [*values_of_sums(state)]
    table = Equations(oracle)
    tied = along(state)
    for name in state.parameters:
        f = in_hats(state.answers[name], state)
        if name in state.sets:
            table.lines.append(in_set(name, state, oracle))
            continue
        if name in tied:
            table.note(equation(hat(name), tied[name]), None, oracle, RuleName.RESULT)
            continue
        if numbers is None and open_form(name, state) and not isinstance(f, Peak) and all(math.isnan(w[name]) for w in oracle.points):
            line = definition(equation(hat(name), f), "as it was found above, in terms of the others", rule=RuleName.RESULT)
            table.lines.append(line)
            continue
        if isinstance(f, Peak) and numbers is None:
            table.lines.append(_defining(name, state, oracle))
            continue
        shown = _with_decimals(hat(name), f, numbers[name] if numbers is not None else None, exact.get(name))
        if large:
            if not isinstance(f, Peak):
                state.settled(state.general).equal(hat(name), f)
            evidence = oracle.holds(Relation((shown.sides[0], shown.sides[-1]), (shown.signs[-1],)))
            table.lines.append(record(shown, evidence, rule=RuleName.RESULT))
        else:
            table.note(shown, None, oracle, RuleName.RESULT)
    blocks.append(apart(table))
    for name in state.parameters:
        meaning = meaning_of(symbolic.get(name, state.answers[name]), p)
        if tied and (name in state.sets or name in tied):
            continue
        if name in state.sets:
            number = numbers[name] if numbers is not None else None
            example = _with_decimals(hat(name), exact.get(name, state.answers[name]), number, None)
            oracle.holds(example)
            blocks.append(say("Every value in this set is a maximum-likelihood estimate, for example {}.", example))
        elif meaning is not None:
            blocks.append(say("{} is ", hat(name)) + meaning + say("."))
    if tied:
        examples = [equation(hat(k), exact.get(k, state.answers[k])) for k in (*state.sets, *tied)]
        for r in examples:
            oracle.holds(r)
        blocks.append(listed("Every such point is a maximum-likelihood estimate, for example ", examples) + say("."))
    named: dict[str, tuple[Formula, float | None]] = {}
    for label, q in p.asked.quantities.items():
        put = replace_all(q, {Sym(k): hat(k) for k in state.parameters})
        at_estimate = state.al.tidy(
            replace_all(q, {Sym(k): exact.get(k) or (hat(k) if open_form(k, state) else state.answers[k]) for k in state.parameters})
        )
        number = compiled(q)({**oracle.points[0], **numbers}) if numbers is not None else None
        named[label] = (at_estimate, number)
        if number is not None and math.isnan(number):
            blocks.append(say("The {} has no value at the estimate.", label))
            continue
        rows = Equations(oracle)
        shown = _with_decimals(put, at_estimate, number, None)
        if number is not None and put == at_estimate:  # an estimate found numerically is its own letter
            shown = Relation((put, shown.sides[-1]), (shown.signs[-1],))
        if large:  # the formula is judged on random samples, the number on the estimates
            state.settled(state.general).equal(put, at_estimate)
            evidence = oracle.holds(Relation((put, shown.sides[-1]), (shown.signs[-1],)))
            rows.lines.append(record(shown, evidence, rule=RuleName.INVARIANCE))
        else:
            rows.note(shown, None, oracle, RuleName.INVARIANCE)
        unit = f", in {p.asked.units}," if p.asked.units and in_units(p.as_asked, symbolic, q) else ""
        lead = "By invariance, an estimate of the {}{} is, for example," if state.sets else "By invariance, the estimate of the {}{} is"
        blocks.append(say(lead, label, unit))
        blocks.append(apart(rows))
    blocks += _needed(state.conditions, len(state.parameters) > 1)
    return named, Section(SectionKey.RESULT, say("Result"), tuple(blocks), numbered=False)


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
        if not (math.isnan(u) or math.isnan(v)) and abs(u - v) > 1e-9 * (1 + abs(u)):
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


def _at_large(setting: Setting, numbers: dict[str, float] | None) -> Env:
    """The estimates from a large sample as values of their letters."""
    out: Env = {}
    for k, v in (numbers or {}).items():
        out[k] = out[hat(k).name] = v
    return out


def _with_decimals(label: Formula, f: Formula, number: float | None, exact: Formula | None) -> Relation:
    if number is None:
        return equation(label, f)
    if isinstance(f, Last):
        return equation(label, num(round(number)))
    if isinstance(f, Peak):
        return Relation((label, num(significant(number, 6))), ("approx",))
    v = value(f)
    if v is not None and v.denominator == 1:
        return equation(label, f)
    if v is not None and (v * 10**6).denominator == 1:
        decimal = num(v)
        return equation(label, f) if decimal == f else Relation((label, f, decimal), ("=", "="))
    short = Fraction(f"{number:.6g}")
    if exact is not None and exact != f:
        middle = Relation((label, f, exact), ("=", "="))
        w = value(exact)
        if w is not None and (w.denominator == 1 or exact == num(w)):
            return middle
        return Relation((*middle.sides, num(short) if w == short else rounded(number)), ("=", "=", "=" if w == short else "approx"))
    return Relation((label, f, rounded(number)), ("=", "approx"))


__all__ = ["model", "result"]
