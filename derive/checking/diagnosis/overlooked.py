"""What the question says and the writer overlooked: a constraint, an end of the domain or of the support."""

from __future__ import annotations

import math

from ...formula.latex import latex
from ...formula.tree import ZERO, Formula, Sym, add, names, neg, replace_all
from ..claims import Claim
from ..judging.claim_judge import Judge
from ..judging.compare import Pair
from ..judging.undeclared_letters import number_of
from ..slope import slope
from .diagnosis import Diagnosis


def overlooked(judge: Judge, claim: Claim, left: Formula, right: Formula) -> Diagnosis | None:
    """A boundary or a constraint that was overlooked."""
    m = judge.model
    zero = right == ZERO or left == ZERO
    if m.tied:
        only = names(left) | names(right)
        level = replace_all(add(left, neg(right)), {Sym(k): ZERO for k in m.names})
        if (
            number_of(level)
            and only <= set(m.names) | {h.name for h in judge.meaning.hats.values()}
            and len(only & set(m.names)) > 1
            and not judge.worked
        ):
            return Diagnosis("constraint", _constraint(judge), "this is not the constraint that the parameters satisfy")
        if zero and judge.kind.derived and _is_score(judge, left if right == ZERO else right, tied=False):
            return Diagnosis("constraint", None, "the parameters are tied by the constraint, so this derivative alone need not vanish")
    if zero and (m.moving or _at_an_end(judge)) and _is_score(judge, left if right == ZERO else right, tied=True):
        return Diagnosis(
            "boundary", None, "the likelihood has no stationary point: its maximum lies at the end of the values that the data allow"
        )
    return None


def _constraint(judge: Judge) -> str:
    p = judge.model.problem
    return ", ".join(latex(c, p.notation) for c in p.constraints)


def _at_an_end(judge: Judge) -> bool:
    s = judge.points.samples[0]
    return any(s.peak.values[k] in judge.model.domain(k).bounds(s.top) for k in judge.model.names)


def _is_score(judge: Judge, f: Formula, tied: bool) -> bool:
    """Whether a side is a derivative of the log-likelihood, up to a factor that keeps its sign."""
    m = judge.model
    ell = replace_all(m.ell, {Sym(k): g for k, g in m.tied.items()}) if tied else m.ell
    g = judge.meaning.of(f)
    for k in m.free if tied else m.names:
        pair = Pair(judge.meaning, g, slope(ell, Sym(k)))
        ratios = []
        for s in judge.points.samples:
            for e in s.points:
                u, v = pair.values(e)
                if not (math.isfinite(u) and math.isfinite(v)) or v == 0:
                    return False
                ratios.append(u / v)
        if min(ratios) > 0 or max(ratios) < 0:
            return True
    return False
