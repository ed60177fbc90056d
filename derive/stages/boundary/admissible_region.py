"""A support that depends on parameters, shown: the indicator in the likelihood, and the parameter values that the data allow."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from ...density.support.admissible import conditions
from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env, compiled
from ...formula.plain import plain
from ...formula.tree import (
    ONE,
    And,
    At,
    Formula,
    Indicator,
    Relation,
    Sym,
    factors,
    mul,
    names,
    num,
    product,
    rational,
    replace_all,
    transform,
    value,
)
from ...oracle.exact import Verdict
from ...oracle.oracle import Oracle, Refuted, compared, ordered
from ...problem.problem import Problem
from ...problem.test_points import random_parameters, random_points
from ...recorder import definition, record
from ...rule_names import RuleName
from ...trace import Block, Display, Evidence, Line, Section, SectionKey, from_standard, in_full, say
from ..prose import listed
from ..setting import Setting, State
from ..setup.exact_data import IMPOSSIBLE

MIXED = 12  # parameter points at which a condition on the parameters is compared with the support itself, for each sample


def with_order_statistics(f: Formula, p: Problem) -> Formula:
    """f with the ordered observations of given data put in: the k-th smallest, the median for k = (n + 1)/2."""
    seen = p.observations
    if seen is None:
        return f
    columns = {v + "_ord": v for v in seen.names}

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, At) or g.base not in columns:
            return None
        k = compiled(g.index[0])({"n": float(seen.size)})
        xs = seen.in_order(columns[g.base])
        if not 1 <= k <= len(xs) or (2 * k) % 1:
            return None
        x = (xs[math.floor(k) - 1] + xs[math.ceil(k) - 1]) / 2
        return num(x) if (x * 10**8).denominator == 1 else rational(x)

    return transform(f, one)


def indicated(p: Problem) -> Formula:
    """The product of the density with the indicator of its support over the sample."""
    found = [c for v, d in p.support.items() if d.letters & set(p.parameters) and (c := d.condition(Sym(v))) is not None]
    condition = found[0] if len(found) == 1 else And(tuple(found))
    return product(p.indexed(beside(p.density, Indicator(condition))), p.index)


def beside(f: Formula, indicator: Formula) -> Formula:
    """A factor and an indicator."""
    return indicator if f == ONE else mul(*factors(f), indicator)


def conditions_of(p: Problem) -> tuple[Relation, ...]:
    """What the extreme observations must satisfy for all to lie in the support."""
    return (*conditions(p.support, frozenset(p.parameters)), *p.restricted_extremes[0])


def each_by_itself(p: Problem) -> Formula | None:
    """The product of the indicators of conditions that each observation must satisfy by itself."""
    single = p.restricted_extremes[1]
    return product(Indicator(single[0] if len(single) == 1 else And(single)), p.index) if single else None


def sample_condition(p: Problem) -> Formula:
    """The conditions on the extreme observations as one."""
    parts = conditions_of(p)
    return parts[0] if len(parts) == 1 else And(parts)


def sample_indicator(p: Problem) -> Formula:
    """The indicator that all observations lie in the support."""
    rest = each_by_itself(p)
    first = Indicator(sample_condition(p)) if conditions_of(p) else None
    return (
        first if rest is None and first is not None else rest if first is None and rest is not None else mul(*filter(None, (first, rest)))
    )


def admissible_set(state: State) -> State:
    """Section "Admissible values", where the support depends on a parameter."""
    p = state.problem
    if not p.moving and not p.restrictions:
        return state
    oracle = Oracle(mixed(state))
    _agrees(sample_indicator(p), p, oracle)
    blocks: list[Block] = [from_standard(say("Where the indicator is 0 the likelihood is 0, so the maximum lies where it is 1:"))]
    lines: list[Line] = []
    for c in conditions_of(p):
        lines += _solved(c, state, oracle)
    for c in p.restricted_extremes[1]:
        lines.append(definition(c, "the support", say("for all {}", Sym(p.index)), RuleName.SUPPORT))
    blocks.append(Display(tuple(lines)))
    blocks += _closed_for_the_maximum(p)
    blocks.append(in_full(say("For such values the indicator is 1 and may be left out.")))
    return state.adding(Section(SectionKey.ADMISSIBLE, say("Admissible values"), tuple(blocks)))


def _closed_for_the_maximum(p: Problem) -> list[Block]:
    """That an end of an open support counts as admissible: a density may be given any value there."""
    ends = tuple(dict.fromkeys(b.end for k in p.moving for b in p.bounds[k] if b.strict))
    if not ends or not _positive_at_open_ends(p):
        return []
    shown = listed("", list(ends))
    return [
        say("The support is open, but what a density is at an end of it changes no probability. So the end is taken as part of the support: ")
        + shown + say(" is admissible too." if len(ends) == 1 else " are admissible too.")
    ]  # fmt: skip


def _positive_at_open_ends(p: Problem) -> bool:
    """Whether the density has a positive value at the open ends of its support: else the likelihood is 0, or unbounded, there."""
    w = random_points(p.without_data(), 1, seed=3)[0]
    for v, d in p.support.items():
        for end, is_open in ((d.low, d.low_open), (d.high, d.high_open)):
            if is_open and names(end) & set(p.moving):
                try:
                    there = compiled(replace_all(p.density, {Sym(v): end}))(w)
                except (ArithmeticError, ValueError, KeyError, TypeError):
                    return False
                if not 0 < there < math.inf:
                    return False
    return True


def _solved(c: Relation, setting: Setting, oracle: Oracle) -> list[Line]:
    """One condition on an extreme observation, and the same solved for the parameter where it speaks of one only."""
    p = setting.problem
    if c in p.restricted_extremes[0]:
        return _with_data(c, setting)
    moving = [k for k in p.moving if k in names(c)]
    found = [b for b in p.bounds[moving[0]] if b.condition == c]
    shown: list[Relation] = [c, *(b.relation for b in found if len(moving) == 1)]
    if len(moving) == 1 and c.sides[1] == Sym(moving[0]):
        shown = shown[1:]  # x_(n) <= theta is solved as it stands
    lines = [record(_evaluated(shown[0], setting, len(shown) == 1), same_truth(oracle, c, shown[0]), rule=RuleName.SUPPORT)]
    for r in shown[1:]:
        if r != shown[0]:
            if not _agree(oracle, shown[0], r):  # the end of the support need not take all values
                at = "for all samples" if setting.problem.observations is None else "at these data"
                raise NotSupported(f"that {plain(shown[0])} is not the same as {plain(r)} {at}; what the data allow is not settled then")
            words = say("solved for {}", Sym(moving[0]))
            lines.append(record(_evaluated(r, setting, True), same_truth(oracle, shown[0], r), words, RuleName.SOLVE))
    return lines


def _with_data(c: Relation, setting: Setting) -> list[Line]:
    """A condition as it stands, and for given data with the extreme observations in it."""
    lines = [definition(c, "the support", rule=RuleName.SUPPORT)]
    put = put_in(c, setting.problem)
    if put != c:
        rng = random.Random(5)
        points = tuple({**w, **random_parameters(setting.problem, rng)} for w in setting.judge.points for _ in range(MIXED))
        evidence = same_truth(Oracle(points), c, put)
        lines.append(record(put, evidence, say("substitute the data"), RuleName.PUT_IN_THE_DATA))
    return lines


def put_in(c: Relation, problem: Problem) -> Relation:
    """A condition on extreme observations with their numbers, for given data."""
    put = with_order_statistics(c, problem)
    assert isinstance(put, Relation)
    return put


def _evaluated(r: Relation, setting: Setting, last: bool) -> Relation:
    """A bound with its number for given data behind it: theta >= x_(n) = 1.9."""
    if setting.problem.observations is None or not last:
        return r
    put = with_order_statistics(r.sides[1], setting.problem)
    number = setting.al.tidy(put) if put != r.sides[1] else put
    if number == r.sides[1] or value(number) is None:
        return r
    setting.judge.equal(r.sides[1], number)
    return Relation((*r.sides, number), (*r.signs, "="))


def worked(f: Formula, setting: Setting) -> Formula:
    """A formula with the extreme observations put in, where the numbers of the data are carried along; else as it is."""
    if not setting.numbers:
        return f
    put = with_order_statistics(f, setting.problem)
    return setting.al.tidy(put) if put != f else f


def at_data(f: Formula, setting: Setting) -> Formula:
    """A formula with the extreme observations put in, in fractions."""
    al = replace(setting.al, decimals=False, generic=None, whole=(), named={})
    return al.tidy(with_order_statistics(f, setting.problem))


def order_at_data(a: Formula, b: Formula, setting: Setting) -> int:
    """The sign of a - b at the data: exact, or in balls.

    Raises NotSupported where it is not settled.
    """
    u, v = value(at_data(a, setting)), value(at_data(b, setting))
    if u is not None and v is not None:
        return (u > v) - (u < v)
    sign = ordered(a, b, setting.settled(setting.judge).points[0])
    if not sign:
        raise NotSupported(f"whether {plain(a)} and {plain(b)} are equal at these data was not settled")
    return sign


def pinned(state: State) -> State:
    """With a parameter of which the data allow a single value at exactly this value in all test points with the data.

    Raises NotValid where they allow none; NotSupported where an observation lies, for this value, at an end that the support leaves out.
    """
    p = state.problem
    if p.observations is None or p.known:
        return state
    for name, found in p.bounds.items():
        ends = [b for b in found if not names(b.end) & set(p.parameters)]
        for low, high in ((a, b) for a in ends for b in ends if a.below and not b.below):
            width = order_at_data(high.end, low.end, state)
            if width < 0:
                raise NotValid(IMPOSSIBLE, hint="check the data, or state another support")
            if width == 0:
                only = at_data(low.end, state)
                if low.strict or high.strict:
                    raise NotSupported(
                        f"the data allow no other {name} than {plain(only)}, for which an observation lies at an end of the support, and the support "
                        "leaves that end out",
                        hint="let the support include its ends",
                    )
                state = replace(state, judge=state.judge.at({name: only}))
    return state


def mixed(setting: Setting) -> tuple[Env, ...]:
    """Samples with parameters drawn anew, so that the data are possible in some test points and not in others."""
    p = setting.problem
    oracle, rng = setting.lines_oracle, random.Random(5)
    drawn = [{**w, **{k: v for k, v in random_parameters(p, rng).items() if k not in p.known}} for w in oracle.points for _ in range(MIXED)]
    return tuple(w for w in drawn if all(d.contains(w[k], w) for k, d in p.parameters.items()))


def same_truth(oracle: Oracle, a: Formula, b: Formula) -> Evidence:
    """Two conditions are true at the same test points, or `Refuted`."""
    if not _agree(oracle, a, b):
        raise Refuted(f"{plain(a)} is not the same condition as {plain(b)}")
    return oracle.sampled("true for the same parameter values")


def _agree(oracle: Oracle, a: Formula, b: Formula) -> bool:
    f, g = Indicator(a), Indicator(b)
    pairs = zip(oracle.points, oracle.values(f), oracle.values(g), strict=True)
    return all(u == v or compared(f, g, w) is Verdict.EQUAL for w, u, v in pairs)


def _agrees(indicator: Formula, p: Problem, oracle: Oracle) -> None:
    """The indicator of the conditions on the extreme observations is that of the support for every observation, or `Refuted`."""
    for w, u in zip(oracle.points, oracle.values(indicator), strict=True):
        inside = all(d.contains(x, w) for v, d in p.support.items() for x in w["#sample"][v])
        if inside != bool(u):
            raise Refuted(f"the data are possible: {inside}, by {indicator}: {bool(u)}")
