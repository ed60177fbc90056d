"""What the question says and the writer overlooked: a constraint, an end of the domain or of the support."""

from __future__ import annotations

import math

from ...formula.latex import latex
from ...formula.tree import ZERO, Formula, Sym, add, names, neg, replace_all
from ..judging.undeclared_letters import number_of
from ..slope import slope
from .diagnosis import Diagnosis
from .trial import Trial


def overlooked(trial: Trial, left: Formula, right: Formula) -> Diagnosis | None:
    """A boundary or a constraint that was overlooked."""
    m, judge = trial.model, trial.judge
    zero = right == ZERO or left == ZERO
    if m.tied:
        only = names(left) | names(right)
        level = replace_all(add(left, neg(right)), {Sym(k): ZERO for k in m.names})
        if (
            number_of(level)
            and only <= set(m.names) | {h.name for h in judge.meaning.hats.values()}
            and len(only & set(m.names)) > 1
            and not trial.worked
        ):
            return Diagnosis("constraint", _constraint(trial), "this is not the constraint that the parameters satisfy")
        if zero and trial.kind.derived and _is_score(trial, left if right == ZERO else right, tied=False):
            return Diagnosis("constraint", None, "the parameters are tied by the constraint, so this derivative alone need not vanish")
    if zero and (m.moving or _at_an_end(trial)) and _is_score(trial, left if right == ZERO else right, tied=True):
        return Diagnosis(
            "boundary", None, "the likelihood has no stationary point: its maximum lies at the end of the values that the data allow"
        )
    return None


def _constraint(trial: Trial) -> str:
    p = trial.model.problem
    return ", ".join(latex(c, p.notation) for c in p.constraints)


def _at_an_end(trial: Trial) -> bool:
    s, m = trial.judge.trials.points.samples[0], trial.model
    return any(s.peak.values[k] in m.domain(k).bounds(s.top) for k in m.names)


def _is_score(trial: Trial, f: Formula, tied: bool) -> bool:
    """Whether a side is a derivative of the log-likelihood, up to a factor that keeps its sign."""
    m = trial.model
    ell = replace_all(m.ell, {Sym(k): g for k, g in m.tied.items()}) if tied else m.ell
    g = trial.judge.resolved(f)
    for k in m.free if tied else m.names:
        score = slope(ell, Sym(k))
        ratios = []
        for s in trial.judge.trials.points.samples:
            for e in s.points:
                u, v = trial.values(g, e), trial.values(score, e)
                if not (math.isfinite(u) and math.isfinite(v)) or v == 0:
                    return False
                ratios.append(u / v)
        if min(ratios) > 0 or max(ratios) < 0:
            return True
    return False
