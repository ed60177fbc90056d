"""Equalities: identities, and equations that cut the maximum out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from ....formula.names import hat
from ....formula.tree import (
    ONE,
    ZERO,
    Apply,
    At,
    Call,
    Derivative,
    Formula,
    Mul,
    Num,
    children,
    each,
    mul,
    names,
    neg,
    replace_all,
    transform,
    walk,
)
from ...claims import CONSTANT
from ..ball_values import Rounded
from ..expectation import SINGLE
from ..meaning import LIKELIHOODS
from ..roles import Role
from ..rounding import rounded
from ..symbol_table import Unknown
from ..trial_points import TrialPoint
from ..verdict import Verdict, unknown
from .case import Case
from .impossible import nowhere, other_indicators, positive_outside
from .leniency import also_highest, cuts_out, without_data
from .scope import scoped, set_by

EACH = re.compile(
    r"\b(?:one|single|each|per|i-?th|jede|einzel\w*|une|chaque|una|cada)\b[^.]*\bobserv|per observation|für eine beobachtung", re.I
)


@dataclass(frozen=True)
class Equation:
    """Both sides without a constant that is not named.  points: where they are compared.  fuzzy: the decimals that may be rounded.
    const: whether a constant is left out."""

    case: Case
    a: Formula
    b: Formula
    points: list[TrialPoint]
    fuzzy: Rounded
    const: bool

    def holds(self, points: list[TrialPoint]) -> Verdict:
        """Whether the sides are equal at some points."""
        return self.case.under.everywhere(self.a, self.b, points, self.fuzzy)


def equality(c: Case) -> Verdict | None:
    """An identity at all points; an equation at the maximum; the same up to a constant, for a profile, for one observation."""
    j, s = c.under, c.statement
    const = c.sign == "propto" or any(CONSTANT.name in names(f) for f in (*s.before, c.a, c.b))
    a, b = (replace_all(transform(f, _without_constant), {CONSTANT: ONE if c.sign == "propto" else ZERO}) for f in (c.a, c.b))
    inner = scoped(j, s, j.trials.inner)
    if inner is None:
        return nowhere(c, b) or unknown("no point was found that is as the hypothesis says")
    e = Equation(c, a, b, inner, _fuzzy(c), const)
    v = e.holds(inner)
    if s.claim.asserted and isinstance(c.left, Derivative):
        return v  # "the factor is constant"
    if v.holds:
        return positive_outside(c, b) or other_indicators(c, a, b) or v
    if _with_estimates(e) or _with_fixed(e):
        return Verdict(True, "profile")
    if c.sign == "propto" or ((c.kind.ell or c.kind.likelihood) and not c.kind.derived):
        if c.sign != "approx" and _up_to_a_constant(e):
            return positive_outside(c, b) or Verdict(True, "constant")
    if c.sign == "propto":
        return v
    if v.fails and _of_one_observation(e):
        return Verdict(True, "one observation")
    if c.role is Role.IDENTITY and not s.at_top:
        if c.sign == "approx" and not e.fuzzy and v.fails:
            return unknown("an approximation between formulas is not judged")
        return without_data(j, a, b, v)
    if not (names(a) | names(b)) & j.meaning.parameters:
        return Verdict(True, "maximum") if v.fails and also_highest(j, a, b) else without_data(j, a, b, v)
    return _at_the_top(e)


def _at_the_top(e: Equation) -> Verdict:
    """An equation: true of the maximum of every sample; of two expressions, one that determines it."""
    c, a, b = e.case, e.a, e.b
    j, s = c.under, c.statement
    top = scoped(j, s, j.trials.top, True) or []
    v = e.holds(top)
    if v.holds:
        if c.role is Role.EITHER and not s.at_top and not cuts_out(j, a, b):
            return Verdict(False, "at the estimate only", j.everywhere(a, b, j.trials.inner).at)
        return Verdict(True, "maximum")
    if v.fails and also_highest(j, a, b):
        return Verdict(True, "maximum")
    if v.value is None and not top:
        return unknown("the maximum of the likelihood was not found for certain")
    return without_data(j, a, b, v)


def _of_one_observation(e: Equation) -> bool:
    """Whether the words say that it is about a single observation, and it holds for samples of one."""
    c, a, b = e.case, e.a, e.b
    j, s, kind = c.under, c.statement, c.kind
    singles = {v + SINGLE for v in j.meaning.observed}
    if not (names(a) | names(b)) & singles or j.model.problem.sample is not None or not EACH.search(s.claim.prose + " " + s.row):
        return False
    points = j.trials.of_size(1)
    if j.everywhere(a, b, points).holds:
        return True
    return (kind.ell or kind.likelihood) and not kind.derived and j.apart(a, b, not kind.ell, set(j.model.names), points)


def _fuzzy(c: Case) -> Rounded:
    """The decimals that may be rounded; 0.5 within a formula is a half."""
    j, sides, roughly = c.under, (c.a, c.b), c.sign == "approx"
    open_ = [x for x in sides if names(x) & j.meaning.parameters]
    exact = j.exact | {g.value for g in each(c.left, Num)} if _as_written(c) else j.exact
    found = rounded(c.statement.claim.text, sides, exact, roughly, open_)
    bare = {g for f in sides for g in (f, neg(f))}
    return {x: h for x, h in found.items() if h < Fraction(1, 25) or Num(x) in bare or roughly}


def _as_written(c: Case) -> bool:
    """Whether the numbers of the left side are exact: it is exactly what stands before it in its chain, Q = 0.04 + 0.01 = 0.05."""
    before = c.statement.before[-1:]
    if not before or isinstance(c.left, Num) or not all(isinstance(g, Num) for g in walk(c.left) if not children(g)):
        return False
    try:
        of = c.under.resolved(before[0])
        return bool(names(of)) and c.under.everywhere(of, c.a, c.under.trials.inner).holds
    except Unknown:
        return False


def _with_estimates(e: Equation) -> bool:
    """Whether it holds with some parameters at their estimates, that stand there without being written, or as hats beside others."""
    c, a, b = e.case, e.a, e.b
    j, s, left, right = c.under, c.statement, c.left, c.right
    free, seen = j.model.free, names(a) | names(b)
    shown = _written(left) | _written(right)
    put = {k for k in free if hat(k).name in seen and k in seen and k not in shown}
    if not j.meaning.specials.keys().isdisjoint(seen):  # the standard error, at the estimate
        put |= {k for k in free if hat(k).name in seen and k not in shown}
    if (args := j.arguments(left)) and not j.model.tied:  # l(v) once mu is known
        put |= {k for k in free if k not in args and k not in _written(right)}
    put |= {k for k in free if k in names(a) and k not in names(b) and {k, hat(k).name} & s.given}  # "with this theta"
    if put and (put < set(free) or not j.meaning.specials.keys().isdisjoint(seen)):
        points = [p.put({k: p.env[hat(k).name] for k in put}) for p in e.points if all(hat(k).name in p.env for k in put)]
        if e.holds(points).holds:
            return True
        rest = set(j.model.names) - put
        if c.kind.ell and not c.kind.derived and names(a) & rest and names(b) & rest and j.apart(a, b, False, rest, points):
            return True
    ruled = {k for k in free if hat(k).name in seen and k not in seen}
    if ruled and seen & j.meaning.parameters:  # theta_hat = x_bar/alpha
        return e.holds(scoped(j, s, j.trials.given_others(ruled, True)) or []).holds
    return False


def _up_to_a_constant(e: Equation) -> bool:
    """Whether the sides differ by a term (of a likelihood: a factor) that is free of the parameters they vary in."""
    c, a, b = e.case, e.a, e.b
    j = c.under
    varying = next((v for f in (c.left, c.right) if (v := j.arguments(f))), set(j.model.names))
    if not all(names(f) & varying for f in (a, b)):
        return False
    if any(isinstance(g, Apply) and j.binding.modes.get(g.name) in ("mean", "-mean", "one") for g in walk(c.left)):
        return False  # "up to a constant" would make a lost n a mean
    factor = c.kind.likelihood and not c.kind.ell
    return j.apart(a, b, factor, varying, e.points) or (e.const and j.apart(a, b, not factor, varying, e.points))


def _with_fixed(e: Equation) -> bool:
    """Whether it holds with the others at their maximum where a hypothesis sets some parameters: "for k = 1 we have lambda_hat = 1/x_bar"."""
    j, free = e.case.under, e.case.under.model.free
    fixed = set(set_by(j, e.case.statement))
    seen = {k for k in free if hat(k).name in names(e.a) | names(e.b)}
    if not fixed or not seen or seen & fixed:
        return False
    points: list[TrialPoint] = []
    for p in e.points:
        found = j.trials.points.climber.given_others(p.floats, frozenset(free) - fixed, p.sample.peak.values) if p.sample.reliable else None
        if found is not None:
            points.append(p.put({hat(k).name: arb(x, abs(x) * 1e-7 + 1e-13) for k, x in found.items()}))
    return bool(points) and e.holds(points).holds


def _written(f: Formula) -> set[str]:
    """The names in a side, those that only are arguments of the likelihood left out."""
    if isinstance(f, Apply) and f.name in LIKELIHOODS:
        return set()
    if isinstance(f, Derivative):
        return _written(f.body)
    inner = children(f)
    return set().union(*map(_written, inner)) if inner and not isinstance(f, At) else set(names(f))


def _without_constant(f: Formula) -> Formula | None:
    """A product without its factor "const": that is 1 there, as a term "const" is 0 in a sum; its logarithm is such a term."""
    if f == Call("log", (CONSTANT,)):
        return CONSTANT
    return mul(*(g for g in f.factors if g != CONSTANT)) if isinstance(f, Mul) and CONSTANT in f.factors else None
