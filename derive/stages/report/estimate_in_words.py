"""What an estimate is, in words: the mean, its reciprocal, a mean of squares, an observation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from ...formula.evaluate import compiled
from ...formula.tree import ONE, TWO, Add, At, Big, Call, Div, Formula, Mul, N, Num, Pow, Sym, call, neg, value
from ...problem.problem import Problem
from ...sample.observations import Observations
from ...trace import Words, say
from ..setting import Setting, State

CLOSE = 1e-12  # relative: an estimate and a statistic that are the same number
STEP = 1e-4  # of a parameter, relative: how far from a maximum its neighbours are looked at
LEAST = 3  # random samples on which a statistic must be the estimate


def meaning_of(f: Formula, p: Problem) -> Words | None:
    """An estimate in words, read off its form: the mean, its reciprocal, a mean of squares."""
    if len(p.variables) != 1:
        return None
    v = p.variables[0]
    x = At(v, (Sym(p.index),))
    mean = Sym(v + "_bar")
    zero_one = p.support[v].values is not None and {value(k) for k in p.support[v].values or ()} == {Fraction(0), Fraction(1)}

    def average(g: Formula) -> Formula | None:
        """What g is the sample average of."""
        match g:
            case Mul((Div(Num(k), Sym("n")), Big("sum", _, _, _, body))) if k == 1:
                return body
        return None

    if f == mean:
        return say("the proportion of ones in the sample") if zero_one else say("the sample mean")
    match f:
        case At(base, (k,)) if base == v + "_ord" and k in (ONE, N):
            return say("the smallest observation") if k == ONE else say("the largest observation")
        case At(base, (k,)) if base == v + "_ord" and k == Div(Add((N, ONE)), TWO):
            return say("the sample median")
    if f == Div(ONE, mean):
        return say("the reciprocal of the sample mean")
    body = average(f)
    if body == Pow(Add((x, neg(mean))), TWO):
        return say("the mean squared deviation from the sample mean (with denominator {}, not {})", N, Add((N, neg(ONE))))
    if body == Pow(x, TWO):
        return say("the mean square of the observations")
    if body == Call("log", (x,)):
        return say("the mean of the logarithms")
    match f:
        case Call("sqrt", (inner,)) if average(inner) == Pow(Add((x, neg(mean))), TWO):
            return say("the root mean squared deviation from the sample mean")
        case Call("sqrt", (inner,)) if average(inner) == Pow(x, TWO):
            return say("the root mean square of the observations")
    return None


def statistics(p: Problem, seen: Observations) -> Iterator[tuple[Formula, float]]:
    """The statistics that have words, in the form in which an estimate is written, each with its value at the data."""
    (v,) = p.variables
    x, mean = At(v, (Sym(p.index),)), Sym(v + "_bar")
    tally = {float(k): times for k, times in seen.tally(v).items()}
    m, least, largest = float(seen.mean(v)), min(tally), max(tally)

    def average(g: Formula) -> Formula:
        return Mul((Div(ONE, N), Big("sum", p.index, ONE, N, g)))

    def averaged(g: Callable[[float], float]) -> float:
        return math.fsum(times * g(k) for k, times in tally.items()) / seen.size

    yield mean, m
    if m:
        yield Div(ONE, mean), 1 / m
    yield At(v + "_ord", (ONE,)), least
    yield At(v + "_ord", (N,)), largest
    if seen.size % 2:
        yield At(v + "_ord", (Div(Add((N, ONE)), TWO),)), sorted(seen.columns()[v])[seen.size // 2]
    squares, deviations = average(Pow(x, TWO)), average(Pow(Add((x, neg(mean))), TWO))
    square, deviation = averaged(lambda k: k * k), averaged(lambda k: (k - m) * (k - m))
    yield from ((deviations, deviation), (squares, square))
    if least > 0:
        yield average(Call("log", (x,))), averaged(math.log)
    yield from ((call("sqrt", deviations), math.sqrt(deviation)), (call("sqrt", squares), math.sqrt(square)))


def recognised(state: State, numbers: Mapping[str, float]) -> dict[str, Formula] | None:
    """The estimates as statistics that have words: equal to them at the data, and the maximum on random samples too.

    Empty where no estimate is one; None where that is left open: only some are, a parameter takes separate values, or the sample
    is known by its sums only.
    """
    p = state.problem
    if len(p.variables) != 1:
        return {}
    if p.observations is None or state.sets or any(d.discrete for d in p.parameters.values()):
        return None
    known = list(statistics(p, p.observations))
    alike = {k: [f for f, at_data in known if _same(at_data, numbers[k])] for k in p.parameters}
    if not any(alike.values()):
        return {}
    if not all(alike.values()):
        return None
    found: dict[str, Formula] = {}
    for k in p.parameters:
        others = {o: fs[0] for o, fs in alike.items()} | found
        chosen = next((f for f in alike[k] if _largest({**others, k: f}, k, state)), None)
        if chosen is None:
            return None
        found[k] = chosen
    return found


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= CLOSE * (1 + abs(b))


def _largest(chosen: Mapping[str, Formula], name: str, setting: Setting) -> bool:
    """Whether on random samples no value of one parameter beside its statistic has a larger likelihood, the others at theirs."""
    seen = 0
    for w in setting.general.points:
        at = {k: compiled(f)(w) for k, f in chosen.items()}
        step = STEP * (abs(at[name]) + STEP)
        heights = [float(w["ell"](*({**at, name: at[name] + d}[k] for k in setting.problem.parameters))) for d in (0.0, step, -step)]
        if not math.isfinite(heights[0]):
            continue
        if any(h > heights[0] for h in heights[1:]):
            return False
        seen += 1
    return seen >= LEAST


__all__ = ["meaning_of", "recognised"]
