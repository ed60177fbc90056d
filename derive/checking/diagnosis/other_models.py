"""The likelihood of another model or of other data."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula.evaluate import compiled
from ...formula.tree import Apply, Call, Formula, Num, Pow, Relation, Sym, add, factors, names, neg, num, replace_all, total, walk
from ..judging.expectation import SINGLE
from ..judging.likelihood_peak import solved
from ..judging.statement_judge import StatementJudge
from ..judging.symbol_table import Unknown
from ..slope import logarithm
from .diagnosis import Diagnosis
from .trial import Trial


def other_model(trial: Trial, left: Formula, right: Formula) -> Diagnosis | None:
    """The likelihood of another model: the distribution function for the density, a product left out, a number changed."""
    m, kind = trial.model, trial.kind
    modelled = kind.model and isinstance(left, Apply) and left.name in ("f", "F", "P", "Pr")
    if not (kind.likelihood or kind.ell or modelled) or kind.derived or m.one is None:
        return None
    i = m.problem.index
    for density, what in _models(trial.judge):
        one = logarithm(m.problem.indexed(density))
        ell = total(one, i)
        try:
            if trial.under(ell, density).holds(left, right):
                return Diagnosis("wrong model", None, what)
        except (Unknown, KeyError, TypeError, ValueError, ArithmeticError):
            continue
    return None


def _models(judge: StatementJudge) -> Iterator[tuple[Formula, str]]:
    p = judge.model.problem
    v = p.variables[0]
    inside = [g for g in walk(p.density) if isinstance(g, Num)]
    for g in dict.fromkeys(inside):
        for to in (1, g.value - 1, g.value + 1, 2 * g.value):
            if to > 0:
                other = replace_all(p.density, {g: num(to)})
                yield other, "this is the likelihood of another model"
                kept: dict[Formula, Formula] = {h: h for h in walk(p.density) if isinstance(h, Call) and h.name == "binomial"}
                if kept:
                    yield replace_all(p.density, {**kept, g: num(to)}), "this is the likelihood of another model"
    for k in p.known:
        yield replace_all(p.density, {Sym(k): num(1)}), "this is the likelihood of another model"
    from ...density.integration.distribution_function import survival

    try:
        from ...algebra.terms import Algebra

        s = survival(p.density, v, p.support[v], Algebra(p.facts, False, (v,)), tuple(x.points[0] for x in judge.trials.points.samples[:1]))
        if not _is_survival(judge, s, v):
            return
        yield add(num(1), neg(s)), "the distribution function stands where the density belongs"
        yield s, "the survival function stands where the density belongs"
    except Exception:  # a survival function that is not found is no diagnosis
        return


def _is_survival(judge: StatementJudge, s: Formula, v: str) -> bool:
    """Whether a formula is the probability of a greater value, at the points of a sample."""
    event = Relation((Sym(v + SINGLE), Sym("#point")), (">",))
    g = compiled(s)
    for e in judge.trials.points.samples[0].points:
        for x in e.get(v, ())[:3]:
            p = judge.meaning.expectations.probability(event, {**e, "#point": x})
            if not abs(p - g({**e, v: x})) < 1e-6:
                return False
    return True


def other_exponents(judge: StatementJudge, f: Formula) -> bool:
    """Whether a side is the likelihood that was given, with other whole numbers for the powers of its factors."""
    m = judge.model
    if not m.problem.whole:
        return False
    bases = list(dict.fromkeys(g.base if isinstance(g, Pow) else g for g in factors(m.likelihood) if names(g) & set(m.names)))
    points = [e for s in judge.trials.points.samples for e in s.points]
    if not 0 < len(bases) <= len(points) - 2:
        return False
    logs = [compiled(logarithm(b)) for b in bases]
    g = compiled(logarithm(judge.meaning.of(f)))
    rows = [[*(h(e) for h in logs), 1.0] for e in points]
    values = [g(e) for e in points]
    k = len(bases) + 1
    at = solved(rows[:k], values[:k])
    if at is None or any(abs(x - round(x)) > 1e-6 or round(x) < 0 for x in at[:-1]):
        return False
    return all(
        abs(sum(a * b for a, b in zip(row, at, strict=True)) - v) < 1e-6 * (1 + abs(v)) for row, v in zip(rows[k:], values[k:], strict=True)
    )


def one_for_all(judge: StatementJudge, f: Formula) -> bool:
    """Whether an observed letter stands without an index, outside of any sum, while the sample has several."""
    return judge.trials.points.samples[0].points[0].get("n", 1) > 1 and any(
        isinstance(g, Sym) and g.name in judge.meaning.observed for g in walk(f)
    )
