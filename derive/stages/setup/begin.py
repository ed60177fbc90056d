"""The start of a derivation: the algebra and the oracles for a question, and how its sample enters the likelihood."""

from __future__ import annotations

from ...algebra.terms import Algebra
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...problem.test_points import random_points
from ..setting import State
from .exact_data import plain
from .incomplete_data import begin_partly
from .sufficient_sums import sums_oracle


def begin(problem: Problem) -> State:
    """The state in which nothing is found yet."""
    s = problem.sample
    general = Oracle(random_points(problem))
    if problem.sums:
        decimals = any(v.denominator != 1 for _, v in problem.sums.values())
        return State(problem, Algebra(problem.facts, decimals, tuple(problem.parameters)), general, sums_oracle(problem))
    if s is None or s.is_plain:
        return plain(problem, general)
    return begin_partly(problem, general)
