"""The likelihood of a parameter that is a whole number; of a single observation it is written without a product."""

from __future__ import annotations

from dataclasses import replace

from ...formula.tree import ONE, At, Formula, Indicator, N, Sym, equation, replace_all
from ...problem.problem import Problem
from ...recorder import record
from ...trace import Display, Section, SectionKey, from_standard, say
from ..boundary.admissible_region import admissible_set, beside, sample_condition, with_order_statistics
from ..setting import State, run
from .product import likelihood, log_likelihood


def integer_likelihood(state: State) -> State:
    """Section "Likelihood" for a single observation: its probability."""
    p = state.problem
    if p.whole:
        state = replace(state, gathered=p.likelihood)
        evidence = state.general.same_size(p.of("L"), lambda w: log_likelihood(w, state.parameters), p.likelihood)
        line = record(equation(p.of("L"), p.likelihood), evidence)
        section = Section(SectionKey.LIKELIHOOD, say("Likelihood"), (say("With the given numbers:"), Display((line,))))
        return state.adding(section) if p.values else state
    if p.size != 1:
        return run((likelihood, admissible_set), state)
    body = single(p.likelihood, p)
    state = replace(state, gathered=body, numbers=p.observations is not None)
    f = beside(body, Indicator(replaced_extremes(sample_condition(p), p))) if p.moving else body
    evidence = state.lines_oracle.same_size(p.of("L"), lambda w: log_likelihood(w, state.parameters), f)
    line = record(equation(p.of("L"), f), evidence)
    words = from_standard(
        say("The likelihood is the probability of the one observation, as a function of {}:", Sym(next(iter(p.parameters))))
    )
    return state.adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (words, Display((line,)))))


def single(f: Formula, p: Problem) -> Formula:
    """The likelihood of one observation without a product sign; with its number where it is given."""
    if p.size != 1 or p.whole:
        return f
    body = p.indexed(p.density)
    if p.observations is not None:
        return p.observations.at(body, p.index, p.observations.rows[0][0])
    return replace_all(body, {At(v, (Sym(p.index),)): At(v, (ONE,)) for v in p.observed})


def replaced_extremes(f: Formula, p: Problem) -> Formula:
    """Of one observation the smallest and the largest are itself."""
    if p.observations is not None:
        return with_order_statistics(f, p)
    (v,) = p.variables
    return replace_all(f, {At(v + "_ord", (k,)): At(v, (ONE,)) for k in (ONE, N)})
