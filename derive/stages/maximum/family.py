"""The density of one observation as an exponential family: its logarithm taken apart, for every argument that needs it.

log f = eta_1(theta) T_1(x) + ... + eta_k(theta) T_k(x) + a(theta) + c(x).  (Lehmann and Casella, 1998, Theory of Point Estimation, 1.5.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...formula.tree import Derivative, Formula, equation, names, size, total
from ...problem.problem import Problem
from ...recorder import record
from ...rule_names import RuleName
from ...rules.logs import logged
from ...trace import Line
from ..setting import Setting

LARGEST = 200  # nodes of a density that is taken apart


@dataclass(frozen=True)
class Family:
    """pairs: what multiplies each statistic of one observation, and the statistic, every statistic once.  constant: a(theta)."""

    pairs: tuple[tuple[Formula, Formula], ...]
    constant: Formula


def family(setting: Setting) -> Family | None:
    """The family of all observations; None where they have no common density, or its logarithm has another form or is too long."""
    p, al = setting.problem, _algebra(setting)
    f = logged(p.density, al)
    ts = al.expanded(f) if copies_of_one_density(p) and size(f) <= LARGEST else None
    if ts is None:
        return None
    observed, letters = set(p.variables), set(p.parameters)
    mixed: dict[Formula, list[Term]] = {}
    constant: list[Term] = []
    for t in ts:
        of_x = {b: k for b, k in t.powers.items() if (names(b) | names(k)) & observed}
        rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in of_x})
        if any((names(b) | names(k)) & letters for b, k in of_x.items()):
            return None
        if not any((names(b) | names(k)) & letters for b, k in rest.powers.items()):
            continue
        if of_x:
            mixed.setdefault(al.build(Term(Fraction(1), of_x)), []).append(rest)
        else:
            constant.append(t)
    return Family(tuple((al.assemble(eta), x) for x, eta in mixed.items()), al.assemble(constant)) if mixed else None


def _algebra(setting: Setting) -> Algebra:
    """The algebra that knows where an observation lies."""
    facts = setting.al.facts
    return replace(setting.al, facts=facts.with_letters({v: r for v, r in facts.data.items() if v in setting.problem.variables}))


def copies_of_one_density(p: Problem) -> bool:
    """Whether all observations have one density that totals 1 on a support without parameters."""
    return not (p.whole or p.covariates or p.rows is not None or p.moving or p.unnormalised) and p.normalised


def score_line(label: Derivative, shown: Formula, setting: Setting) -> Line:
    """A score in another form, judged as the derivative of the sum of the log-densities."""
    p = setting.problem
    log_likelihood = total(p.indexed(logged(p.density, setting.al)), p.index)
    evidence = setting.general.equal(Derivative(log_likelihood, label.variables), shown)
    return record(equation(label, shown), evidence, rule=RuleName.EXPONENTIAL_FAMILY)
