"""What is true because the text says it: observations, values of known letters, the model."""

from __future__ import annotations

from ....formula.tree import ZERO, Apply, At, N, Sym, names
from ....reading.context import OWN_SIZE
from ..undeclared_letters import number_of
from ..verdict import Verdict, doubtful
from .case import Case

CERTAIN = 1e-9  # how close a probability is to 1


def distribution(c: Case) -> Verdict | None:
    """x ~ N(0, 1)."""
    return Verdict(True, "model") if c.sign == "~" else None


def density_of_one(c: Case) -> Verdict | None:
    """The density of one observation, of which the question does not speak."""
    modelled = isinstance(c.left, Apply) and c.left.name in ("P", "f", "Pr")
    return Verdict(True, "model") if c.under.model.one is None and modelled and c.sign == "=" else None


def certain(c: Case) -> Verdict | None:
    """A probability that is 1 under the question's law for all parameters, and a formula in them: it is one under another law."""
    j = c.under
    if not (isinstance(c.left, Apply) and c.left.name in ("P", "Pr") and c.sign == "=" and names(c.b) & j.meaning.parameters):
        return None
    points = j.trials.inner
    if any(abs(float(j.value(c.a, p).mid()) - 1) > CERTAIN for p in points):
        return None
    v = j.everywhere(c.a, c.b, points)
    return doubtful("under the law of the question this is certain; it may be said of another law", v) if v.fails else None


def told(c: Case) -> Verdict | None:
    """An observation, a known letter's value; L = 0 otherwise."""
    j, left, x = c.under, c.left, number_of(c.right)
    if x is not None:
        if isinstance(left, Sym) and left.name in j.meaning.observed:
            return Verdict(not _differs(c, left.name, x), "data")
        if left == N and OWN_SIZE in j.meaning.named and j.everywhere(Sym(OWN_SIZE), c.b, j.trials.inner).holds:
            return Verdict(True, "given")  # the density's own n
        if isinstance(left, At) and left.base in j.meaning.observed and j.model.open:
            return Verdict(True, "data")
        if isinstance(left, Sym) and left.name in j.model.problem.known:
            return Verdict(True, "given")
    if c.b == ZERO and j.model.moving and not c.statement.scope and isinstance(left, Apply) and left.name in ("L", "f"):
        return Verdict(True, "support")
    return None


def _differs(c: Case, v: str, x: float) -> bool:
    """Whether the only observation of the question is another number."""
    have = c.under.trials.points.samples[0].points[0].get(v)
    return not c.under.model.open and isinstance(have, list) and len(have) == 1 and have[0] != x
