"""The stages of a derivation, in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import TypeVar

from .density.domain import Domain
from .derivation import Derivation, in_order
from .errors import DeriveError, InternalError, NotSupported
from .formula.evaluate import Env, compiled
from .formula.names import hat, reported
from .formula.tree import Big, Formula, N, Peak, Sym, add, names, num, rational, replace_all, transform
from .numerics import maximise
from .oracle import Refuted
from .question.observations import observations
from .question.problem import Problem, interior
from .question.sample import Sample
from .question.statistics import Statistics
from .stages.beginning import begin
from .stages.constrained.route import constrained_stages
from .stages.constrained.witness import search
from .stages.elimination import eliminate
from .stages.exact import exactly
from .stages.existence import existence
from .stages.finite import compare
from .stages.integer import integer_likelihood, ratio
from .stages.likelihood import likelihood, log_likelihood_section, with_data
from .stages.maximum import maximum
from .stages.moving import admissible_set, with_order_statistics
from .stages.remarks import contrast, underflow
from .stages.result import model, result
from .stages.score import score
from .stages.values import at_values
from .stages.work import Work
from .trace import Words, say

NEAR = 3  # the same where several parameters are tried together
TRIED = 200  # neighbouring whole numbers at which the likelihood is computed for comparison
LONGEST_WRITTEN = 50  # observations that an exact answer may spell out
Stage = Callable[[Work], object]
V = TypeVar("V")
Named = Mapping[str, tuple[Formula, float | None]]

STAGES: tuple[Stage, ...] = (model, likelihood, admissible_set, log_likelihood_section, score, eliminate, existence, maximum)


INTEGER: tuple[Stage, ...] = (model, integer_likelihood, ratio)
FINITE: tuple[Stage, ...] = (model, compare)


def stages_of(problem: Problem) -> tuple[Stage, ...]:
    """The stages for a question: a parameter with separate values has no score; with constraints some follow from others."""
    if problem.constraints:
        return constrained_stages(problem)
    if any(d.values is not None for d in problem.parameters.values()):
        return FINITE
    return INTEGER if not problem.separate_ends and any(d.integer for d in problem.parameters.values()) else STAGES


def derive(problem: Problem) -> Derivation:
    """The maximum-likelihood derivation of a problem, every line verified.

    Raises NotValid or NotSupported with what stopped it; InternalError where a line of its own was refuted.
    """
    problem.refuse()
    work = begin(problem)
    for stage in stages_of(problem):
        work.al.clock.stage = f"the stage “{stage.__name__.replace('_', ' ')}”"
        stage(work)
        if work.outcome == "none":
            break
    if work.outcome == "none":
        work.sections += at_values(work, None)
        return finished(work, {}, {}, None, {})
    symbolic = dict(work.answers)
    if work.numbers and not problem.whole:
        symbolic = in_general(work.rows or work.problem) if work.factors is None or work.rows is not None else {}
    witness(work)
    numbers = numeric(work)
    exact = exactly(work)
    named, last = result(work, symbolic, numbers, exact)
    underflow(work, numbers)
    last = contrast(work, last, numbers)
    work.sections += [*at_values(work, numbers), last]
    return finished(work, at_the_data(work, exact, numbers), symbolic, numbers, named)


def at_the_data(work: Work, exact: Mapping[str, Formula], numbers: Mapping[str, float] | None) -> dict[str, Formula]:
    """The answers: formulas for a symbolic sample; for given data exact numbers, or a float where those would be too long."""
    p = work.problem
    out: dict[str, Formula] = {}
    for k in p.parameters:
        f = exact.get(k, work.answers[k])
        if isinstance(f, Peak):
            out[k] = f
            continue
        if k in work.sets:
            f = with_data(work.sets[k], p, work.al)[0] if p.observations is not None else work.sets[k]
        elif numbers is not None and k not in exact and names(f):
            f = written(work, k, out) or num(Fraction(numbers[k]))
        out[k] = f
    return out


def written(work: Work, name: str, found: Mapping[str, Formula]) -> Formula | None:
    """An estimate with every sum over the data written out; None for a long sample."""
    p = work.problem
    seen = p.observations
    if seen is None or seen.size > LONGEST_WRITTEN:
        return None
    f = p.spelled(replace_all(work.answers[name], {hat(o): Sym(o) if isinstance(g, Peak) else g for o, g in found.items()}))
    f = with_order_statistics(f, p)

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Big) and g.kind == "sum":
            return add(*(seen.at(g.body, g.index, row) for row in seen.each()))
        if isinstance(g, Sym) and g.name.endswith("_bar"):
            return rational(seen.mean(g.name.removesuffix("_bar")))
        return num(seen.size) if g == N else None

    return work.al.tidy(transform(f, one))


def finished(
    work: Work, answers: Mapping[str, Formula], general: Mapping[str, Formula], numbers: Mapping[str, float] | None, named: Named
) -> Derivation:
    """The derivation as a value."""
    p = work.rows or work.problem
    return Derivation(
        problem=p, title=title(p), sections=tuple(work.sections), outcome=work.outcome, how=by_reported_name(work.how), answers=answers, general=general,
        numeric=by_reported_name(numbers) if numbers is not None else None, conditions=tuple(work.conditions), named=named, warnings=tuple(p.warnings),
    )  # fmt: skip


def by_reported_name(values: Mapping[str, V]) -> dict[str, V]:
    """Values by parameter, under the names that users know."""
    return {reported(k): v for k, v in values.items()}


def in_general(problem: Problem) -> dict[str, Formula]:
    """The estimates in terms of a symbolic sample, where they can be found: the words of the result need them."""
    one = problem.size == 1 and stages_of(problem) is INTEGER  # of several observations there may be no closed form
    quiet = begin(problem.without_data(1 if one else None))
    try:
        for stage in stages_of(problem)[1:]:
            if stage is not maximum:
                stage(quiet)
    except (DeriveError, InternalError):
        return {}
    return {k: quiet.problem.spelled(f) for k, f in quiet.answers.items()}


def title(problem: Problem) -> Words:
    """The heading."""
    if problem.asked.title:
        return say("{}", problem.asked.title)
    words = say("Maximum likelihood for ")
    for j, u in enumerate(problem.letters):
        words += say(", " if 0 < j < len(problem.letters) - 1 else " and " if j else "") + say("{}", u)
    return words


def numeric(work: Work) -> dict[str, float] | None:
    """The estimates as floats, where there are data; None too where they speak of a given constant without a value."""
    p = work.problem
    if any(names(f) & set(p.known) for f in work.answers.values()):
        return None
    if p.sample is None and not (p.whole and work.numbers):
        return None
    if p.sample is None:
        return evaluated(work.answers, {})
    return evaluated(work.answers, work.judge.worlds[0]) if work.numbers else at_data(work.answers, p.sample, p)


def at_data(answers: Mapping[str, Formula], sample: Sample, problem: Problem) -> dict[str, float]:
    """Estimates at data."""
    observed = problem.observed
    answers = {k: problem.spelled(f) for k, f in answers.items()}
    if sample.is_large:
        s = Statistics(sample, observed)
        for name in in_order(answers):
            s.env[name] = s.env[hat(name).name] = s.value(answers[name])
        return {name: s.env[name] for name in answers}
    seen = observations(sample, observed)
    if seen is None:
        raise NotSupported("the result cannot be evaluated on censored or weighted data yet")
    env: Env = {"n": seen.size, **seen.columns()}
    env |= {v + "_bar": float(seen.mean(v)) for v in observed}
    return evaluated(answers, env)


def evaluated(answers: Mapping[str, Formula], env: Env) -> dict[str, float]:
    """The estimates as floats in an environment with the data."""
    env = dict(env)
    for name in in_order(answers):
        env[name] = env[hat(name).name] = compiled(answers[name])(env)
    return {name: env[name] for name in answers}


def _height(w: Env, p: Problem) -> Callable[[Sequence[float]], float]:
    """The log-likelihood of a world; minus infinity where the data lie outside the support."""
    if not p.moving:
        return lambda t: float(w["ell"](*t))
    return lambda t: float(w["ell"](*t)) if p.possible({**w, **dict(zip(p.parameters, t, strict=True))}) else -math.inf


def tried(height: Callable[[Sequence[float]], float], p: Problem, w: Env, found: Sequence[float]) -> tuple[list[float], float]:
    """The best of many values of the parameters that take separate values only, the others searched for."""
    domains = list(p.parameters.values())
    few = len(domains) > 1
    options = [_values(d, w, v, NEAR if few else TRIED) if d.discrete else [v] for d, v in zip(domains, found, strict=True)]
    free = [j for j, d in enumerate(domains) if not d.discrete]
    bounds = [(r.low, r.high) for r in (interior(domains[j]) for j in free)]
    best, top = list(found), -math.inf
    for point in product(*options):

        def along(t: Sequence[float], point: tuple[float, ...] = point) -> float:
            full = list(point)
            for j, v in zip(free, t, strict=True):
                full[j] = v
            return height(full)

        at, h = maximise(along, bounds, [found[j] for j in free], 1e-9, 400) if free else ([], height(point))
        if h > top:
            best, top = list(point), h
            for j, v in zip(free, at, strict=True):
                best[j] = v
    return best, top


def _values(d: Domain, w: Env, found: float, most: int) -> list[float]:
    """Values of a discrete domain: all of a finite set, whole numbers from the first on, about what was found, and far away."""
    if d.values is not None:
        return [compiled(f)(w) for f in d.values]
    low, high = d.whole(w)
    start = low if math.isfinite(low) else found - most
    candidates = {start + j for j in range(most)} | {found + j for j in range(-most, most)} | {start + 2.0**j for j in range(9, 30)}
    return sorted(k for k in candidates if low <= k <= high)


def joint(answers: Mapping[str, Formula]) -> bool:
    """Whether several estimates are found together numerically, which takes its time."""
    return any(isinstance(f, Peak) and len(f.unknowns) > 1 for f in answers.values())


def witness(work: Work, samples: int = 3) -> None:
    """The estimates against an independent numerical maximisation of the log-density on random samples.

    Raises `Refuted` where a search finds a higher likelihood, or another place for the maximum.
    """
    p = work.problem
    letters = list(p.parameters)
    bounds = [(r.low, r.high) for r in (interior(p.parameters[k]) for k in letters)]
    worlds = list(work.judge.worlds[:1]) if work.numbers else list(p.worlds(1 if joint(work.answers) else samples, seed=7))
    if not work.numbers and p.observations is not None:
        worlds.append(work.judge.worlds[0])
    for w in worlds:
        at = evaluated(work.answers, w)
        start = [w[k] for k in letters]
        found = [at[k] for k in letters]
        if any(math.isnan(v) for v in found):
            continue
        if p.constraints:
            search(p, w, at)
            continue
        height = w["ell"](*found)
        if any(d.discrete for d in p.parameters.values()):
            place, top = tried(_height(w, p), p, w, found)
        else:
            place, top = maximise(_height(w, p), bounds, start)
        slack = 1e-8 * (1 + abs(top))
        inside = all(lo < v < hi for v, (lo, hi) in zip(found, bounds, strict=True))
        if inside and (math.isnan(height) or top > height + slack):
            raise Refuted(f"the likelihood is larger at {place} ({top}) than at the estimate {found} ({height})")
