"""A whole number to be estimated beside other parameters: for each of its values the others are solved, and the profile
likelihood that is left is compared value by value, as far as it is not shown to fall or to rise for ever."""

from __future__ import annotations

import math
from dataclasses import replace

from ...errors import NotSupported
from ...formula.tree import Apply, Formula, Sym, names, num, replace_all, value
from ...oracle.oracle import Oracle
from ...recorder import equal
from ...rule_names import RuleName
from ...sets.domain import INFINITY, Domain
from ...trace import Display, Outcome, Section, SectionKey, say
from ..boundary.admissible_region import admissible_set
from ..boundary.limits import limits
from ..elimination.eliminate import eliminate
from ..likelihood.product import likelihood, log_likelihood_section, with_data
from ..likelihood.score import score
from ..maximum.maximum import maximum
from ..maximum.unknown import PROFILE
from ..prose import listed
from ..setting import ARGUED, Setting, State, run
from ..setup.begin import begin
from .enumeration import Heights, heights, largest_value


def profiled(state: State) -> State:
    """Sections of the other parameters for a fixed whole number, "Profile likelihood" and "Where the maximum lies"."""
    p = state.problem
    name = p.whole_beside
    if name is None or p.observations is None:
        raise NotSupported("a whole number beside other parameters is found for given data only", hint="give the data")
    state = replace(run((likelihood, admissible_set), state), numbers=True)
    low, high = limits(name, state) if name in p.moving else (p.parameters[name].low, p.parameters[name].high)
    first, last = value(low), value(high)
    if first is None or (last is None and high != INFINITY):
        raise NotSupported(f"{name} has no least value that the data allow", hint="state its domain")
    least = math.ceil(first)
    fixed = begin(p.knowing(name, Domain(num(least), high, False, high == INFINITY, integer=True)))
    inner = run((likelihood, log_likelihood_section, score, eliminate, maximum), fixed)
    if inner.outcome is not Outcome.UNIQUE or set(inner.answers) != set(inner.problem.parameters):
        raise NotSupported(f"for a fixed {name} the likelihood has no single maximum in the other parameters")
    best = {k: _with_numbers(f, name, inner) for k, f in inner.answers.items()}
    h = heights(state, name, least, None if last is None else math.floor(last), best, Apply(PROFILE, (Sym(name),)))
    sections = [s for s in inner.sections if s.key is not SectionKey.LIKELIHOOD]
    state = largest_value(state.adding(_one_after_the_other(h), *sections, _profile(h, inner)), h)
    return replace(state, arguments={**state.arguments, **dict.fromkeys(state.answers, ARGUED)})


def _one_after_the_other(h: Heights) -> Section:
    """Section "One parameter after the other"."""
    u = Sym(h.name)
    lead = say("{} is a whole number, so there is no derivative in it. For a fixed {} the likelihood is first maximised over ", u, u)
    lead += listed("", list(map(Sym, h.best))) + say("; what is left is a function of {} alone.", u)
    return Section(SectionKey.SOLVE, say("One parameter after the other"), (lead,))


def _profile(h: Heights, inner: State) -> Section:
    """Section "Profile likelihood": the estimates of the others put in; inner: what was found for a fixed whole number."""
    assert inner.ell is not None
    put: dict[Formula, Formula] = {Sym(k): f for k, f in h.best.items()}
    ell = replace_all(with_data(inner.ell, inner.problem, inner.al)[0], put)
    judge = Oracle(tuple({**h.test_point, **h.point(k), PROFILE: lambda v: h.height(round(v))} for k in _near(h)))
    words = say("With these values for the other parameters the log-likelihood is")
    return Section(SectionKey.PROFILE, say("Profile likelihood"), (words, Display((equal(judge, h.label, ell, rule=RuleName.PUT_IN),))))


def _near(h: Heights) -> list[int]:
    """Values at which the profile log-likelihood is finite inside the domains of the others."""
    return [k for k in range(h.least + 1, h.least + 9) if math.isfinite(h.height(k)) and (h.most is None or k <= h.most)][:4]


def _with_numbers(f: Formula, name: str, inner: Setting) -> Formula:
    """An estimate for a fixed whole number with the data in it."""
    f = inner.al.tidy(with_data(f, inner.problem, inner.al)[0])
    if names(f) - {name}:
        raise NotSupported(f"for a fixed {name} there is no closed form for the other parameters")
    return f


__all__ = ["profiled"]
