"""What of a likelihood does not depend on the parameters is left out: the rest, the kernel, has the same maximiser."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...formula.evaluate import Env, log_size
from ...formula.tree import ONE, Add, Apply, Formula, Relation, names
from ...oracle.exact import NO_DATA, LogLikelihood, Source, with_sources
from ...oracle.oracle import TOLERANCE, Oracle, Refuted, close, sampled
from ...recorder import record
from ...rule_names import RuleName
from ...rules.brackets import common_number
from ...trace import Block, Display, Evidence, from_standard, say
from ..prose import listed
from ..setting import State

Height = Callable[[Env], float]


def parted(f: Formula, letters: Sequence[str], al: Algebra) -> tuple[Formula, Formula]:
    """A product as a factor free of the letters times the rest, the kernel."""
    mine = set(letters)
    constant, kernel = [], []
    t = al.split(f)
    for b, k in t.powers.items():
        if not (names(b) | names(k)) & mine:
            constant.append(Term(ONE_TERM.coefficient, {b: k}))
        elif isinstance(b, Add) and (shared := common_number(b, al)) is not None and not names(k) & mine:
            inner = al.split(shared)
            constant.append(al.raised(Term(inner.coefficient), k))
            kernel.append(Term(ONE_TERM.coefficient, {c: al.product(e, k) for c, e in inner.powers.items()}))
        else:
            kernel.append(Term(ONE_TERM.coefficient, {b: k}))
    outside = al.times((Term(t.coefficient), *constant))
    if outside.coefficient < 0:  # the kernel of something positive is positive
        outside, kernel = outside.scaled(Fraction(-1)), [Term(Fraction(-1)), *kernel]
    return al.build(outside), al.build(al.times(kernel))


ONE_TERM = Term(ONE.value)


def proportional(oracle: Oracle, letters: Sequence[str], height: Height, kernel: Formula) -> Evidence:
    """The kernel is the likelihood up to one factor a test point: at the parameters of every other test point too, or `Refuted`."""
    size = log_size(kernel)
    judged = 0
    for w in oracle.points:
        offset: float | None = None
        for v in oracle.points:
            e = {**w, **{k: v[k] for k in letters}}
            (sign, there), u = size(e), height(e)
            if not (math.isfinite(there) and math.isfinite(u)):
                continue
            if offset is None:
                offset = u - there
            elif sign <= 0 or not close(u - there, offset, TOLERANCE, 1 + abs(u) + abs(there)):
                raise Refuted("what was left out of the likelihood depends on the parameters")
            else:
                judged += 1
    if not judged:
        raise Refuted("no two points to compare the likelihood with its kernel")
    return sampled("one factor for all parameter values", judged)


def kernel_points(points: Sequence[Env], letters: Sequence[str], kernel: Formula) -> tuple[Env, ...]:
    """Test points at which L and ell are the kernel and its logarithm, as functions of the letters."""
    size = log_size(kernel)

    def test_point(w: Env) -> Env:
        def ell(*at: float) -> float:
            sign, v = size({**w, **dict(zip(letters, at, strict=True))})
            return v if sign > 0 else -math.inf if sign == 0 else math.nan

        own: dict[str, Source] = {k: LogLikelihood(kernel, w, tuple(letters), (), NO_DATA, k) for k in ("ell", "L")}
        return with_sources({**w, "ell": ell, "L": lambda *at: math.exp(ell(*at))}, own)

    return tuple(test_point(w) for w in points)


def left_out(state: State, constant: Formula | None, kernel: Formula, label: Apply | None = None) -> tuple[State, list[Block]]:
    """The state in which the kernel has taken the place of the likelihood, and the line that L is proportional to it.

    constant: what is left out, where it is to be named.
    """
    shown = label or state.problem.of("L")
    evidence = proportional(state.lines_oracle, state.parameters, at_own_parameters(state.parameters), kernel)
    line = record(Relation((shown, kernel), ("propto",)), evidence, rule=RuleName.LEAVE_OUT_A_CONSTANT)
    letters = listed("", list(state.problem.letters)) if len(state.parameters) < 3 else say("the parameters")
    end = say(" and {} not affect where the maximum is; leave {} out:", *(("do", "them") if constant is None else ("does", "it")))
    if constant is None:
        words = say("Factors that do not depend on ") + letters + say(" multiply every likelihood alike") + end
    else:
        words = say("The factor {} does not depend on ", constant) + letters + end
    words = from_standard(words)
    return with_kernel(state, kernel), [words, Display((line,))]


def with_kernel(state: State, kernel: Formula) -> State:
    """The state in which L and ell mean the kernel and its logarithm."""
    letters = state.parameters
    same = state.judge is state.general
    general = Oracle(kernel_points(state.general.points, letters, kernel))
    judge = general if same else Oracle(kernel_points(state.judge.points, letters, kernel))
    return replace(state, general=general, judge=judge, gathered=kernel)


def at_own_parameters(letters: Sequence[str]) -> Height:
    """The log-likelihood of a test point at its own parameters."""
    return lambda w: float(w["ell"](*(w[k] for k in letters)))


__all__ = ["at_own_parameters", "kernel_points", "left_out", "parted", "proportional", "with_kernel"]
