"""Do the data satisfy what the estimates need?  Asked where the numbers are put into a general result."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.plain import plain
from ...formula.tree import ZERO, Formula, Relation, Sym, add, equation, neg, rational
from ...trace import Display, Line, Section, say
from ..report.rational_values import exact_value, exactly
from ..setting import Work

STEPS = (1e-2, 1e-4, 1e-6, 1e-8)  # towards the end of a domain, as multiples of a typical value
LEAST_GAIN = 0.5  # of the log-likelihood in each step, where it grows without bound


class NotDetermined(NotSupported):
    """The general result does not hold at the data: their numbers have to be looked at from the start."""


def existence(work: Work) -> None:
    """Section "No maximum for these data", where a condition fails and the likelihood grows without bound; sets the outcome.

    Raises NotSupported where a condition fails in another way: the data do not determine the estimates.
    """
    if work.numbers or work.problem.observations is None or work.outcome != "unique":
        return
    exact = exactly(work)
    for condition in work.conditions:
        for r in condition.relations:
            if _fails(r, exact, work):
                _no_estimate(r, exact, work)
                return


def _fails(r: Relation, exact: Mapping[str, Formula], work: Work) -> bool:
    """Whether a chain of < and > does not hold at the data; an undecided one counts as held."""
    for a, sign, b in zip(r.sides, r.signs, r.sides[1:], strict=False):
        gap = exact_value(add(b, neg(a)) if sign in ("<", "<=") else add(a, neg(b)), exact, work)
        if gap is not None and (gap < 0 or (gap == 0 and sign in ("<", ">"))):
            return True
    return False


def _no_estimate(r: Relation, exact: Mapping[str, Formula], work: Work) -> None:
    """The likelihood is unbounded towards an end that an estimate would lie on; else a refusal."""
    domains = work.problem.parameters
    for k, f in exact.items():
        v = compiled(f)({})
        if not domains[k].contains(v) and domains[k].closed.contains(v) and _unbounded(k, v, exact, work):
            _say_unbounded(k, f, r, exact, work)
            return
    hint = "give more observations, or a simpler model"
    raise NotDetermined(f"the data do not determine the estimates: {plain(r)} is needed, and it does not hold for these data", hint=hint)


def _unbounded(name: str, end: float, exact: Mapping[str, Formula], work: Work) -> bool:
    """Whether the log-likelihood goes on growing as one parameter approaches an end, the others at their estimates."""
    w = work.judge.worlds[0]
    at: Env = {k: compiled(f)({}) for k, f in exact.items()}
    if set(at) != set(work.parameters):
        return False
    size = abs(w[name] - end)
    side = 1 if w[name] > end else -1
    heights = [float(w["ell"](*({**at, name: end + side * size * step}[k] for k in work.parameters))) for step in STEPS]
    return all(b - a > LEAST_GAIN for a, b in pairwise(heights))


def _say_unbounded(name: str, end: Formula, r: Relation, exact: Mapping[str, Formula], work: Work) -> None:
    left = r.sides[0] if r.sides[1] == ZERO else add(r.sides[0], neg(r.sides[1]))
    shown = equation(left, rational(exact_value(left, exact, work) or 0))
    evidence = work.settled(work.judge).in_fractions(*shown.sides)
    u = Sym(name)
    work.sections.append(
        Section(
            say("No maximum for these data"),
            (
                say("The solution needs {}. For these data", r),
                Display((Line(shown, None, evidence, "put in the data"),)),
                say(
                    "so {} would be {}, which does not belong to the domain. With the other parameters at their estimates the likelihood grows "
                    "without bound as {} approaches {}: there is no maximum.",
                    hat(name), end, u, end,
                ),
            ),
        )
    )  # fmt: skip
    work.outcome = "none"


__all__ = ["NotDetermined", "existence"]
