"""The likelihood of a parameter that is a whole number; of a single observation it is written without a product."""

from __future__ import annotations

from ...formula.tree import ONE, At, Formula, Indicator, N, Sym, equation, replace_all
from ...trace import Display, Line, Section, say
from ..boundary.admissible_region import admissible_set, beside, sample_condition, with_order_statistics
from ..setting import Work
from .product import likelihood, log_likelihood


def integer_likelihood(work: Work) -> None:
    """Section "Likelihood" for a single observation: its probability."""
    p = work.problem
    if p.whole:
        work.gathered = p.likelihood
        evidence = work.general.same_size(lambda w: log_likelihood(w, work.parameters), p.likelihood)
        line = Line(equation(p.of("L"), p.likelihood), None, evidence)
        if p.values:
            work.sections.append(Section(say("Likelihood"), (say("With the given numbers:"), Display((line,)))))
        return
    if p.size != 1:
        likelihood(work)
        admissible_set(work)
        return
    work.numbers = p.observations is not None
    body = single(p.likelihood, work)
    f = beside(body, Indicator(replaced_extremes(sample_condition(p), work))) if p.moving else body
    evidence = work.lines_oracle.same_size(lambda w: log_likelihood(w, work.parameters), f)
    line = Line(equation(p.of("L"), f), None, evidence, "")
    words = say("There is one observation, so the likelihood is its probability as a function of {}:", Sym(next(iter(p.parameters))))
    work.gathered = body
    work.sections.append(Section(say("Likelihood"), (words, Display((line,)))))


def single(f: Formula, work: Work) -> Formula:
    """The likelihood of one observation without a product sign; with its number where it is given."""
    p = work.problem
    if p.size != 1 or p.whole:
        return f
    body = p.indexed(p.density)
    if p.observations is not None:
        return p.observations.at(body, p.index, p.observations.rows[0][0])
    return replace_all(body, {At(v, (Sym(p.index),)): At(v, (ONE,)) for v in p.observed})


def replaced_extremes(f: Formula, work: Work) -> Formula:
    """Of one observation the smallest and the largest are itself."""
    p = work.problem
    if p.observations is not None:
        return with_order_statistics(f, p)
    (v,) = p.variables
    return replace_all(f, {At(v + "_ord", (k,)): At(v, (ONE,)) for k in (ONE, N)})
