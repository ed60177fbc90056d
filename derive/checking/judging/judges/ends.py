"""Claims about the admissible values of a parameter: which they are, where they end, at which end the likelihood is highest."""

from __future__ import annotations

from flint import arb

from ....formula.tree import ZERO, Apply, Formula, Sym
from ...claims import ENDS, POSSIBLE
from ...slope import slope
from ..trial_points import TrialPoint
from ..verdict import Verdict, doubtful, unknown
from .case import Case
from .scope import scoped, true_at

NEARLY = (0.6, 0.7, 0.85, 0.9, 0.95, 0.99, 1.01, 1.05, 1.1, 1.2, 1.4)  # multiples of an estimate, where an end may be
NEAR = 1e-6  # beside an end, in units of its size
NOT_TRIED = unknown("the admissible values were not found")


def ends(c: Case) -> Verdict | None:
    """ "All observations lie in the support exactly when ...", "the smallest admissible value is ...", "it is highest at the right end"."""
    if c.left == POSSIBLE:
        return _sufficient(c)
    if not isinstance(c.left, Apply) or c.left.name not in ENDS:
        return None
    k = c.left.args[0]
    model = c.under.model
    if not isinstance(k, Sym) or k.name not in model.free or c.statement.scope or c.statement.supposes:
        return NOT_TRIED
    return _best_end(c, k.name) if c.left.name == "best end" else _end(c, k.name)


def _sufficient(c: Case) -> Verdict:
    """The observations can occur wherever the hypotheses hold."""
    j = c.under
    beside = [p for k in j.model.free for p in j.trials.beside(k, NEARLY)]
    points = scoped(j, c.statement, [p for p in (*j.trials.wide, *beside) if not p.possible], decided=True)
    wrong = points[0] if points else None
    return Verdict(True, "support") if wrong is None else Verdict(False, "possible", (wrong, arb(0), arb(1)))


def _end(c: Case, k: str) -> Verdict:
    """A value is the greatest (or least) admissible one: a little less is admissible and a little more is not."""
    j, out = c.under, -1 if c.left == Apply("least", (Sym(k),)) else 1
    found = [(p, _is_end(c, k, out, p)) for p in j.trials.inner]
    if not found:
        return NOT_TRIED
    wrong = [p for p, is_end in found if not is_end]
    if not wrong:
        return Verdict(True, "support")
    failed = Verdict(False, "end", (wrong[0], j.value(c.b, wrong[0]), arb(0)))
    return failed if len(wrong) == len(found) else doubtful("for which data this is said is not understood", failed)


def _is_end(c: Case, k: str, out: int, p: TrialPoint) -> bool:
    """Whether the value is that end at one point."""
    j = c.under
    x = float(j.value(c.b, p).mid())
    step = NEAR * max(abs(x), 1e-3)
    near = (x, x + out) if j.model.domain(k).discrete else (x - out * step, x + out * step)
    inner, outer = (j.model.possible(j.trials.moved(p, k, y).floats) for y in near)
    return inner and not outer


def _best_end(c: Case, k: str) -> Verdict:
    """The log-likelihood rises in a parameter at all points, or it falls."""
    j = c.under
    score: Formula = slope(j.model.ell, Sym(k))
    points = j.trials.everywhere()
    rises = [true_at(j, score, ">", ZERO, p) for p in points]
    if not points or None in rises or len({*rises}) != 1:
        return NOT_TRIED
    right = true_at(j, c.b, ">", ZERO, points[0])
    if rises[0] == right:
        return Verdict(True, "support")
    return Verdict(False, "rises" if rises[0] else "falls", (points[0], j.value(score, points[0]), arb(0)))
