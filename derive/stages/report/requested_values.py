"""The likelihood at the values that were asked for, beside its largest value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from ...formula.decimals import height as quoted_height
from ...formula.decimals import significant
from ...formula.evaluate import Env, compiled
from ...formula.tree import (
    ONE,
    ZERO,
    Apply,
    Big,
    Float,
    Formula,
    N,
    Pow,
    Relation,
    Sym,
    equation,
    exp,
    names,
    num,
    replace_all,
    transform,
    value,
    walk,
)
from ...oracle.oracle import Oracle, computed
from ...problem.parameter_support import possible
from ...recorder import Equations, record
from ...rule_names import RuleName
from ...sample.statistics import Statistics
from ...trace import Display, Section, SectionKey, Words, from_standard, say
from ..setting import Setting, State
from ..setup.sufficient_sums import CONSTANT

SMALLEST = -745.1332  # the logarithm below which a product rounds to 0.0 in double precision
Height = Callable[[Mapping[str, float]], float]


def at_values(state: State, numbers: Mapping[str, float] | None, exact: Mapping[str, Formula]) -> list[Section]:
    """Section "The likelihood for ...": none where nothing was asked; a formula for a symbolic sample.

    numbers: the estimates, where there are data and a maximum; exact: those that are known exactly.
    """
    p = state.problem
    if not p.asked.at or state.ell is None:
        return []
    where = say("")
    for j, (k, f) in enumerate(p.asked.at.items()):
        where += say(" and for " if j else "") + say("{}", equation(Sym(k), f))
    title = say("The likelihood for ") + where
    missing = [k for k in p.parameters if k not in p.asked.at]
    if (p.moving or p.restrictions) and p.sample is None:
        return []
    if p.sample is None and not p.whole:
        return [] if missing else [Section(SectionKey.VALUES, title, (say("For ") + where + say(" the likelihood is"), _in_symbols(state)))]
    if (missing and numbers is None) or p.known:
        return []
    point = {k: p.asked.at.get(k) or exact.get(k) or Float(numbers[k]) for k in p.parameters} if numbers else dict(p.asked.at)
    if (p.moving or p.restrictions) and not _allowed(state, {k: compiled(f)({}) for k, f in point.items()}):
        line = record(
            equation(Apply("L", tuple(point.values())), ZERO),
            computed("the indicator is 0", 1),
            say("some observation lies outside the support"),
        )
        return [Section(SectionKey.VALUES, title, (say("For comparison, at ") + where + say(":"), Display((line,))))]
    height_of = _height(state)
    height = height_of({k: compiled(f)({}) for k, f in point.items()})
    blocks: list[Words | Display] = []
    shown = _shown(state, point, height)
    if shown is not None:
        blocks += [say("For comparison, if ") + where + say(":"), shown, *_read_forwards(state, where, height)]
    if numbers is not None:
        lead = say("This likelihood is ") if shown is not None else say("The likelihood for ") + where + say(" is ")
        blocks.append(lead + _compared(height - height_of(numbers)))
    return [Section(SectionKey.VALUES, title, tuple(blocks))]


def _allowed(setting: Setting, at: Env) -> bool:
    """Whether the support holds the smallest and the largest observation at parameter values."""
    p = setting.problem
    assert p.sample is not None
    if p.observations is not None:
        return p.possible({**setting.judge.points[0], **at})
    ends = {v: [float(p.sample.minimum(v)), float(p.sample.maximum(v))] for v in p.variables}
    return possible(p.support, ends, at)


def _height(state: State) -> Height:
    """The log-likelihood of the data as a function of the parameters."""
    p = state.problem
    if p.sample is not None and p.sample.is_large:
        s, ell = Statistics(p.sample, p.observed), state.ell
        assert ell is not None

        def from_sums(at: Mapping[str, float]) -> float:
            s.env |= at
            return s.value(replace_all(ell, {Sym(k): num(Fraction(v)) for k, v in at.items()}))

        return from_sums
    test_point = state.judge.points[0]
    return lambda at: float(test_point["ell"](*(at[k] for k in p.parameters)))


def _in_symbols(state: State) -> Display:
    """L at the values, for a symbolic sample."""
    p = state.problem
    put = replace_all(state.gathered or p.likelihood, {Sym(k): f for k, f in p.asked.at.items()})
    exact = _worked_out(put, state)
    label = Apply("L", tuple(p.asked.at[k] for k in p.parameters))
    sides = (label, exact) if put == exact or {ZERO, ONE} & set(p.asked.at.values()) else (label, put, exact)
    table = Equations(state.general)
    table.note(Relation(sides, ("=",) * (len(sides) - 1)), None, state.general, RuleName.PUT_IN)
    return table.display


def _shown(state: State, point: Mapping[str, Formula], height: float) -> Display | None:
    """L at the values, exact where that is short, and as a number; None where a constant factor of it is not known."""
    p = state.problem
    if state.ell is not None and CONSTANT.name in names(state.ell) - set(p.parameters) and p.sums:
        return None
    label = Apply("L", tuple(point.values()))
    sides: list[Formula] = [label]
    signs: list[str] = []
    if state.numbers and state.gathered is not None and not p.sums:
        put = replace_all(state.gathered, {Sym(k): f for k, f in point.items()})
        exact = _worked_out(put, state)
        if not _general(put):
            sides += [exact] if put == exact or {ZERO, ONE} & set(point.values()) else [put, exact]
        signs += ["="] * (len(sides) - 1)
    number = significant(math.exp(height), p.asked.digits) if SMALLEST < height < 700 else None
    if number is not None and (len(sides) < 2 or value(sides[-1]) is None or value(sides[-1]) != number):
        sides.append(num(number))
        signs.append("approx")
    if height == -math.inf and ZERO not in sides:
        sides.append(ZERO)
        signs.append("=")
    if len(sides) < 2:
        sides.append(exp(quoted_height(height)))
        signs.append("approx")
    test_point: Env = dict(state.judge.points[0])
    if p.sample is not None and p.sample.is_large:
        test_point = {"L": lambda *_: math.exp(height)}
    table = Equations(Oracle((test_point,)))
    table.note(Relation(tuple(sides), tuple(signs)), None, Oracle((test_point,)), RuleName.PUT_IN)
    return table.display


def _worked_out(put: Formula, setting: Setting) -> Formula:
    """The same tidy, the exponents multiplied out."""
    al = setting.al
    return al.tidy(transform(al.tidy(put), lambda g: Pow(g.base, al.expand(g.exponent)) if isinstance(g, Pow) else None))


def _general(f: Formula) -> bool:
    return N.name in names(f) or any(isinstance(g, Big) for g in walk(f))


def power_of_ten(height: float) -> Formula:
    """About e^height."""
    return Pow(num(10), num(round(height / math.log(10))))


def _read_forwards(setting: Setting, where: Words, height: float) -> list[Words]:
    """Probability against likelihood, for discrete observations."""
    if not all(d.discrete for d in setting.problem.support.values()) or not SMALLEST < height <= 0:
        return []
    percent = f"{float(f'{100 * math.exp(height):.2g}'):g}%"
    return [from_standard(w) for w in (
        say("Read forwards this is a probability: if ") + where + say(", these data have probability about {}.", percent)
        + say(" Read backwards, with the data fixed, it is the likelihood of that value; likelihoods are compared with one another and need not add up to 1."),
    )]  # fmt: skip


def _compared(difference: float) -> Words:
    """What the likelihood is, beside the largest one."""
    if difference == -math.inf:
        return say("0: with this value the data are impossible.")
    if difference >= -1e-9:
        return say("the largest value itself.")
    if difference > -0.005:
        return say("nearly the likelihood at the estimate.")
    if difference < -7:
        return say("about {} times the likelihood at the estimate.", power_of_ten(difference))
    return say("{} times the likelihood at the estimate.", f"{math.exp(difference):.2g}")


__all__ = ["at_values"]
