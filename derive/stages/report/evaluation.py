"""The estimates as numbers: with the data of the question, or with others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from ...errors import NotSupported
from ...estimate_order import in_order
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.rounding import is_long
from ...formula.tree import (
    Big,
    Call,
    Float,
    Formula,
    N,
    Searched,
    SetOf,
    Span,
    Sym,
    Union,
    add,
    names,
    neg,
    num,
    rational,
    replace_all,
    transform,
    value,
    walk,
)
from ...oracle.exact import Column, Worked, with_sources
from ...oracle.oracle import Refuted, value_at
from ...problem.problem import Problem
from ...sample.observations import observations
from ...sample.sample import Sample
from ...sample.statistics import Statistics
from ...trace import Condition, How
from ..boundary.admissible_region import with_order_statistics
from ..likelihood.product import with_data
from ..number_format import numeric_set
from ..setting import Setting, State
from .result import along

BEGINNING = 40  # observations of a large sample on which its sums are computed twice
AGREE = 1e-7
ROOM = 1e-9  # above 0, for a difference that must be positive
LONGEST_WRITTEN = 50  # observations that an exact answer may spell out


def at_the_data(state: State, exact: Mapping[str, Formula], numbers: Mapping[str, float] | None) -> dict[str, Formula]:
    """The answers: formulas for a symbolic sample; for given data exact numbers, or a float where those would be too long."""
    p = state.problem
    out: dict[str, Formula] = {}
    tied = along(state)
    for k in p.parameters:
        if k in tied:
            out[k] = with_data(state.found[k], p, state.al)[0] if p.observations is not None else state.found[k]
            continue
        f = exact.get(k, state.answers[k])
        if k not in state.sets and (isinstance(f, Searched) or (p.whole and state.how[k] == How.GIVEN_OTHERS)):
            out[k] = f
            continue
        if k in state.sets:
            f = with_data(state.sets[k], p, state.al)[0] if p.observations is not None else state.sets[k]
            if p.observations is not None and any(_of_the_data(g) for g in walk(f)):
                f = written(state, state.sets[k], out) or f
            if numbers is not None and names(f):
                f = _in_numbers(f, state.sets[k], state.answers[k], numbers[k])
            if p.in_floats:
                f = _in_floats(f)
        elif numbers is not None and k not in exact and names(f):
            f = (None if p.in_floats else written(state, state.answers[k], out)) or Float(numbers[k])
        elif numbers is not None and p.in_floats and not names(f) and not is_short(f):
            f = Float(numbers[k])
        out[k] = f
    return out


def is_short(f: Formula) -> bool:
    """Whether an exact number may stand where the data are floats."""
    v = value(f)
    return v is not None and not is_long(v)


def _in_floats(f: Formula) -> Formula:
    """A set with its members, or its ends, in floats, where they are long numbers."""
    match f:
        case SetOf(items):
            return SetOf(tuple(map(_in_floats, items)))
        case Span(low, high, a, b):
            return Span(_in_floats(low), _in_floats(high), a, b)
        case Union(parts):
            return Union(tuple(map(_in_floats, parts)))
    return f if names(f) or is_short(f) or not math.isfinite(v := compiled(f)({})) else Float(v)


def _of_the_data(g: Formula) -> bool:
    return isinstance(g, Big) or (isinstance(g, Sym) and (g == N or g.name.endswith("_bar")))


def _in_numbers(f: Formula, every: Formula, one: Formula, v: float) -> Formula:
    """The set of an estimate and its negative in numbers; another as it is."""
    known = {one: v, neg(one): -v}
    return numeric_set(sorted(known.values())) if isinstance(every, SetOf) and set(every.items) == set(known) else f


def written(setting: Setting, answer: Formula, found: Mapping[str, Formula]) -> Formula | None:
    """An estimate with every sum over the data written out; None for a long sample."""
    p = setting.problem
    seen = p.observations
    if seen is None:
        return None
    f = p.spelled(
        replace_all(
            answer, {hat(o): Sym(o) if isinstance(g, Searched) else g for o, g in found.items() if not isinstance(g, (SetOf, Span))}
        )
    )
    f = with_order_statistics(f, p)
    if seen.size > LONGEST_WRITTEN and any(isinstance(g, Big) or (isinstance(g, Sym) and g.name.endswith("_bar")) for g in walk(f)):
        return None

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Big) and g.kind == "sum":
            return add(*(seen.at(g.body, g.index, row) for row in seen.each()))
        if isinstance(g, Sym) and g.name.endswith("_bar"):
            return rational(seen.mean(g.name.removesuffix("_bar")))
        return num(seen.size) if g == N else None

    return setting.al.tidy(transform(f, one))


def numeric(setting: Setting, exact: Mapping[str, Formula]) -> dict[str, float] | None:
    """The estimates as floats, where there are data; None too where they speak of a given constant without a value.

    exact: those that are rational numbers.
    """
    found = _numeric(setting)
    return None if found is None else found | {k: float(v) for k, f in exact.items() if (v := value(f)) is not None}


def _numeric(setting: Setting) -> dict[str, float] | None:
    p = setting.problem
    if any(names(f) & set(p.known) for f in setting.answers.values()):
        return None
    if p.sample is None and not (p.whole and setting.numbers):
        return None
    if p.sample is None:
        return evaluated(setting.answers, {})
    return evaluated(setting.answers, setting.judge.points[0]) if setting.numbers else at_data(setting.answers, p.sample, p)


def at_data(answers: Mapping[str, Formula], sample: Sample, problem: Problem) -> dict[str, float]:
    """Estimates at data."""
    observed = problem.observed
    answers = {k: problem.spelled(f) for k, f in answers.items()}
    if sample.is_large:
        _both_ways(answers, sample, observed)
        return by_sums(answers, sample, observed)
    seen = observations(sample, observed)
    if seen is None:
        raise NotSupported("the result cannot be evaluated on censored or weighted data yet")
    env: Env = {"n": seen.size, **seen.columns()}
    means = {v + "_bar": seen.mean(v) for v in observed}
    columns = {v: Column(tuple(row[j] for row in seen.each())) for j, v in enumerate(seen.names)}
    return evaluated(answers, with_sources({**env, **{k: float(m) for k, m in means.items()}}, {**columns, **means}))


def satisfied(conditions: Iterable[Condition], answers: Mapping[str, Formula], sample: Sample, problem: Problem) -> bool:
    """Whether data satisfy what estimates need, with room for rounding."""
    gaps: dict[str, Formula] = {}
    for r in (r for c in conditions for r in c.relations):
        for a, sign, b in zip(r.sides, r.signs, r.sides[1:], strict=False):
            gaps[f"gap_{len(gaps)}"] = (
                Call("abs", (add(a, neg(b)),)) if sign == "!=" else add(b, neg(a)) if sign in ("<", "<=") else add(a, neg(b))
            )
    if not gaps:
        return True
    found = at_data({**answers, **gaps}, sample, problem)
    return all(found[k] > ROOM for k in gaps)


def by_sums(answers: Mapping[str, Formula], sample: Sample, observed: tuple[str, ...]) -> dict[str, float]:
    """Estimates at a large sample: every sum is computed once, in NumPy."""
    s = Statistics(sample, observed)
    for name in in_order(answers):
        s.env[name] = s.env[hat(name).name] = s.value(answers[name])
    return {name: s.env[name] for name in answers}


def _both_ways(answers: Mapping[str, Formula], sample: Sample, observed: tuple[str, ...]) -> None:
    """The sums of a large sample are computed by other code than those of a small one: on its beginning both must agree."""
    if not sample.is_plain or any(isinstance(g, Searched) for f in answers.values() for g in walk(f)):
        return
    first = Sample({v: sample.beginning(v, BEGINNING) for v in observed}).bound(observed)
    seen = observations(first, observed)
    assert seen is not None
    env: Env = {"n": seen.size, **seen.columns()} | {v + "_bar": float(seen.mean(v)) for v in observed}
    slow, fast = evaluated(answers, env), by_sums(answers, first, observed)
    for k, v in slow.items():
        if not (v == fast[k] or abs(v - fast[k]) <= AGREE * (1 + abs(v)) or math.isnan(v)):
            raise Refuted(f"{k} at the first {seen.size} observations: {v!r} against {fast[k]!r}")


def evaluated(answers: Mapping[str, Formula], env: Env) -> dict[str, float]:
    """The estimates as floats in an environment with the data."""
    env = dict(env)
    for name in in_order(answers):
        f = answers[name]
        v = compiled(f)(env) if isinstance(f, Searched) else value_at(f, env)
        env = with_sources(
            {**env, name: v, hat(name).name: v}, {} if isinstance(f, Searched) else {name: Worked(f, env), hat(name).name: Worked(f, env)}
        )
    return {name: env[name] for name in answers}
