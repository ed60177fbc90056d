"""The values of a likelihood, as a function of a whole number, compared one by one with given data, as far as it is not
shown to fall or to rise for ever."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import ONE, Big, Call, Div, Formula, Mul, N, SetOf, Sym, add, equation, neg, num, replace_all, transform
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...proofs.zeros import direction_far_out
from ...recorder import held
from ...rule_names import RuleName
from ...rules.calculus import differentiate
from ...rules.logs import logged
from ...trace import Block, Display, How, Table, Words, say
from ..candidates.highest import highest
from ..number_format import digits
from ..setting import ARGUED, Setting, State
from .conclusion import where

LONGEST = 200_000  # values that are compared one by one
TIE = 1e-10
NEAR = 1e-8  # of two heights that floats may not tell apart, relative to their size
AROUND = 2  # values on each side of the largest that are shown


@dataclass(frozen=True)
class Heights:
    """A log-likelihood as a function of a whole number, other parameters being at their best values.

    least, most: the whole numbers that the data allow; most is None where there is no last one.  best: the best values of the
    other parameters in terms of the whole number.  label: how the function is called.  test point: the data.
    """

    problem: Problem
    name: str
    least: int
    most: int | None
    best: Mapping[str, Formula]
    label: Formula
    test_point: Env

    def point(self, k: int) -> dict[str, float]:
        """The parameters at one value of the whole number."""
        return point(self.name, self.best, k)

    def place(self, k: int) -> dict[str, Formula]:
        """The same as formulas."""
        return {self.name: num(k), **{o: replace_all(f, {Sym(self.name): num(k)}) for o, f in self.best.items()}}

    def height(self, k: int) -> float:
        """The function from the density as it was read."""
        return height(self.problem, self.test_point, self.point(k))


def point(name: str, best: Mapping[str, Formula], k: int) -> dict[str, float]:
    """A value of the whole number with the best values of the other parameters there."""
    return {name: float(k), **{o: compiled(f)({name: float(k)}) for o, f in best.items()}}


def height(p: Problem, test_point: Env, at: Mapping[str, float]) -> float:
    """The log-likelihood of a test point at a point."""
    return float(test_point["ell"](*(at[o] for o in p.parameters)))


def heights(
    setting: Setting, name: str, least: int, most: int | None, best: Mapping[str, Formula] | None = None, label: Formula | None = None
) -> Heights:  # fmt: skip
    """The log-likelihood as a function of a whole number."""
    return Heights(setting.problem, name, least, most, best or {}, label or setting.problem.of("ell"), setting.judge.points[0])


# -- where it is largest ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Tail:
    """From which value on the function rises or falls for ever, why, and its supremum there where it rises; None else."""

    start: int
    blocks: tuple[Block, ...] = ()
    limit: float | None = None


def largest_value(state: State, h: Heights) -> State:
    """Section "Where the maximum lies": the values compared one by one, up to the last or to where the tail begins."""
    tail = Tail(h.most) if h.most is not None else _tail(h, state.al)
    found = {j: v for j in range(h.least, tail.start + 1) if math.isfinite(v := h.height(j))}
    if not found:
        raise NotSupported(f"the data are impossible for every {h.name} that was looked at")
    top = max(found.values())
    near = [j for j, v in found.items() if top - v <= NEAR * (1 + abs(top))]
    best = [near[j] for j in highest([h.place(j) for j in near], state)]
    if tail.limit is not None and tail.limit > top - TIE * (1 + abs(top)):
        if math.isfinite(tail.limit) and abs(tail.limit - top) <= TIE * (1 + abs(top)):
            raise NotSupported(f"the largest likelihood and its limit as {h.name} grows cannot be told apart")
        return _rises(state, h, found, tail, tail.limit)
    shown = sorted({j for b in best for j in range(b - AROUND, b + AROUND + 1)} | {tail.start})
    blocks = [
        *tail.blocks,
        say("All values from {} to {} are compared. Around the largest:", num(min(found)), num(max(found))),
        _table(h, shown, found),
    ]
    at = h.point(best[0])
    outside = [k for k in h.best if not h.problem.parameters[k].contains(at[k], at)]
    return _not_attained(state, h, blocks, best[0], outside[0]) if outside else _attained(state, h, blocks, best)


def _tail(h: Heights, al: Algebra) -> Tail:
    """From where on the derivative keeps its sign.  Raises NotSupported where that is not found, or too far away."""
    p, u = h.problem, Sym(h.name)
    seen = p.observations
    assert seen is not None
    put: dict[Formula, Formula] = {Sym(k): f for k, f in h.best.items()}
    height = Big("sum", p.index, ONE, N, p.indexed(logged(transform(replace_all(p.density, put), _by_gamma), al)))
    found = direction_far_out(differentiate(height, u, al), height, h.name, Fraction(h.least), seen.names, seen.rows)
    if found is None or found.start > LONGEST:
        raise NotSupported(f"whether the likelihood keeps growing in {h.name} was not settled")
    start = max(math.ceil(found.start), h.least)
    words = say(
        "By its expansion for large {}, with a bound for the rest, the derivative of {}, as a function of a real {}, is {} from {} on: {} {} from there on.",
        u, h.label, u, "positive" if found.sign > 0 else "negative", equation(u, num(start)), h.label, "rises" if found.sign > 0 else "falls",
    )  # fmt: skip
    return Tail(start, (words,), found.limit)


def _by_gamma(f: Formula) -> Formula | None:
    """Factorials and binomial coefficients by the gamma function, for numbers between the whole ones."""
    match f:
        case Call("factorial", (a,)):
            return Call("gamma", (add(a, ONE),))
        case Call("binomial", (a, b)):
            above, below, rest = (Call("gamma", (add(g, ONE),)) for g in (a, b, add(a, neg(b))))
            return Div(above, Mul((below, rest)))
    return None


def _table(h: Heights, shown: Sequence[int], found: Mapping[int, float]) -> Table:
    """The function, and the best values of the other parameters, at some values."""
    head = (say("{}", Sym(h.name)), *(say("{}", hat(k)) for k in h.best), say("{}", h.label))
    rows = []
    for j in shown:
        if j in found:
            at = h.point(j)
            rows.append((say("{}", num(j)), *(say("{}", digits(at[k], 6)) for k in h.best), say("{}", digits(found[j], 8))))
    return Table(head, tuple(rows))


def _attained(state: State, h: Heights, lead: Sequence[Block], best: Sequence[int]) -> State:
    """The values at which it is largest are the estimates."""
    first = num(best[0])
    answers: dict[str, Formula] = {h.name: first}
    answers |= {k: state.al.tidy(replace_all(f, {Sym(h.name): first})) for k, f in h.best.items()}
    words = say("The largest of them belongs to")
    if len(best) > 1:
        state = state.not_unique(h.name, SetOf(tuple(map(num, best))))
        words = say("The largest value occurs more than once, so each of these values is an estimate, with its own values of the others. One of them:")  # fmt: skip
    at = h.point(best[0])
    there = Oracle(({**h.test_point, **at, **{hat(k).name: v for k, v in at.items()}},))
    lines = tuple(held(there, equation(hat(k), f), rule=RuleName.LARGEST) for k, f in answers.items())
    answers = {k: answers[k] for k in h.problem.parameters}
    how = {k: How.NUMERIC if k == h.name else How.GIVEN_OTHERS for k in answers}
    return replace(state.with_answers(answers, how, ARGUED), found=answers).adding(where([*lead, words, Display(lines)]))


def _rises(state: State, h: Heights, found: Mapping[int, float], tail: Tail, limit: float) -> State:
    """The function rises for ever, above every value before."""
    u, last = Sym(h.name), tail.start
    places = sorted({h.least, last, 10 * last, 100 * last, 1000 * last})
    table = {**found, **{j: h.height(j) for j in places if j > last}}
    more: Words = (
        say("and approaches {} without attaining it, which is more than any value up to {} has: there is no maximum.", digits(limit, 8), equation(u, num(last)))
        if math.isfinite(limit)
        else say("without bound: there is no maximum.")
    )  # fmt: skip
    blocks = [*tail.blocks, _table(h, places, table), say("As {} increases, {} increases ", u, h.label) + more]
    return state.without_maximum(ARGUED).adding(where(blocks))


def _not_attained(state: State, h: Heights, lead: Sequence[Block], k: int, other: str) -> State:
    """The largest value is a supremum over another parameter that is not attained."""
    end = state.al.tidy(replace_all(h.best[other], {Sym(h.name): num(k)}))
    words = say(
        "The largest of them belongs to {}, where {} would be {}, which does not belong to its domain: the likelihood comes as close to that value as one "
        "likes, and there is no maximum.", equation(Sym(h.name), num(k)), hat(other), end,
    )  # fmt: skip
    return state.without_maximum(ARGUED).adding(where([*lead, words]))


__all__ = ["Heights", "heights", "largest_value"]
