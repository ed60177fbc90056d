"""The least and the greatest value of a parameter that the data allow, where the support depends on it, and what they say of signs."""

from __future__ import annotations

import math
from dataclasses import replace as changed

from ...algebra.facts import Facts
from ...density.support.admissible import emptied, slope
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.tree import Call, Formula, Sym, add, has, names, terms, value
from ...problem.parameter_support import with_widths
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain
from ..setting import Setting, State, generic_facts
from .admissible_region import worked


def sign_of_score(setting: Setting, score: Formula) -> int:
    """1 or -1 where the score is proved not to have the other sign for any admissible value, and is not 0 in general; else 0."""
    facts = score_facts(setting, score)
    values = setting.settled(setting.lines_oracle).values(score)
    ranges = [facts.range(score)], [facts.range(t) for t in terms(score)]
    if any(all(r.nonnegative for r in rs) for rs in ranges) and all(v > 0 for v in values):
        return 1
    if any(all(r.nonpositive for r in rs) for rs in ranges) and all(v < 0 for v in values):
        return -1
    return 0


def sign_by_total(setting: Setting, name: str) -> int:
    """The sign of the score in a parameter that enters the density only through a factor free of the observation, 1/c say, and the ends of
    the support; 0 where it enters otherwise, or the ends are not monotone in it.

    Since the density integrates to 1, c is the integral of the rest over the support: the wider the support, the larger c.
    """
    p, u = setting.problem, Sym(name)
    if not p.normalised or p.unnormalised or p.whole or len(p.variables) != 1 or p.cells is not None or p.rows is not None:
        return 0
    (v,) = p.variables
    d = p.support[v]
    if d.values is not None or d.also is not None or d.integer:
        return 0
    if any(
        (has(b, u) or has(k, u)) and (has(b, Sym(v)) or has(k, Sym(v)))
        for b, k in setting.al.split(setting.al.tidy(p.density)).powers.items()
    ):
        return 0
    widens = [s * slope(end, u, setting.al) for s, end in ((-1, d.low), (1, d.high)) if has(end, u)]
    return -widens[0] if widens and all(w == widens[0] for w in widens) else 0


def score_facts(setting: Setting, score: Formula) -> Facts:
    """What is known for admissible values, and supposed of the data."""
    return generic_facts(admissible_facts(setting), score, setting.lines_oracle)


def admissible_facts(setting: Setting) -> Facts:
    """What is known of the parameters on which the support depends: the data bound them."""
    facts = setting.al.facts
    for name in setting.problem.moving:
        r = facts.letter(name)
        low, high = (facts.range(f) for f in limits(name, setting))
        if low.low > r.low:
            r = type(r)(low.low, r.high, True, r.high_open)
        if high.high < r.high:
            r = type(r)(r.low, high.high, r.low_open, True)
        facts = facts.with_letters({name: r})
    found: dict[Formula, Formula] = {Sym(k): f for k, f in setting.answers.items()}
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in setting.answers}
    for table in (found, hats):
        facts = with_widths(facts, setting.problem.support, table)
    return facts


def limits(name: str, setting: Setting) -> tuple[Formula, Formula]:
    """The least and the greatest admissible value of a parameter, the others fixed; infinite where there is none.

    Raises NotSupported where an end of the domain may bind or not, depending on the sample.
    """
    p = setting.problem
    found = p.bounds[name]
    domain = p.parameters[name]
    lows = [worked(b.end, setting) for b in found if b.below]
    highs = [worked(b.end, setting) for b in found if not b.below]
    if domain.low != MINUS_INFINITY and not _implied(domain.low, lows, True, name, setting):
        lows.append(domain.low)
    if domain.high != INFINITY and not _implied(domain.high, highs, False, name, setting):
        highs.append(domain.high)
    return chosen("max", lows, MINUS_INFINITY), chosen("min", highs, INFINITY)


def restrict(state: State, open_names: tuple[str, ...]) -> State | None:
    """With the domains of the open parameters on which the support depends cut down to what the data allow; None where that
    depends on other open parameters."""
    p = state.problem
    done: dict[str, Domain] = {}
    for name in p.moving:
        if name not in open_names or name in state.restricted:
            continue
        low, high = limits(name, state)
        if names(add(low, high)) & (set(open_names) - {name}):
            return None
        d = p.parameters[name]
        opens = [o if f == e else not attained(name, f, state) for f, e, o in ((low, d.low, d.low_open), (high, d.high, d.high_open))]
        done[name] = changed(d, low=low, high=high, low_open=opens[0], high_open=opens[1])
    return changed(state, problem=p.replace(parameters={**p.parameters, **done}), restricted=(*state.restricted, *done))


def attained(name: str, end: Formula, setting: Setting) -> bool:
    """Whether the log-likelihood has a finite value where the parameter is at an end that the data set."""
    v = compiled(end)
    points = setting.judge.points if setting.problem.observations is not None else setting.general.points
    return all(math.isfinite(w["ell"](*({**w, name: v(w)}[k] for k in setting.problem.parameters))) for w in points)


def _implied(end: Formula, others: list[Formula], low: bool, name: str, setting: Setting) -> bool:
    """Whether an end of the domain is never reached because of what the data say."""
    if not others:
        return False
    if emptied(setting.problem.support, name, end, setting.al):
        return True
    facts = setting.al.facts
    return any((facts.range(f).low >= facts.range(end).high if low else facts.range(f).high <= facts.range(end).low) for f in others)


def chosen(which: str, ends: list[Formula], none: Formula) -> Formula:
    """The greatest or the least of several ends, numbers compared."""
    ends = list(dict.fromkeys(ends))
    numbers = {f: v for f in ends if (v := value(f)) is not None}
    if len(numbers) > 1:
        kept = (max if which == "max" else min)(numbers, key=lambda f: numbers[f])
        ends = [f for f in ends if f not in numbers or f == kept]
    return none if not ends else ends[0] if len(ends) == 1 else Call(which, tuple(ends))
