"""A whole number to be estimated beside other parameters: for each of its values the others are solved, and the profile
likelihood that is left is compared value by value, as far as it is not shown to fall or to rise for ever."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import NotSupported
from ...formula.tree import Apply, Formula, Sym, equation, names, num, replace_all, value
from ...oracle.judge import Oracle
from ...recorder import record
from ...sets.domain import INFINITY, Domain
from ...trace import Display, Outcome, Section, SectionKey, Strength, say
from ..boundary.admissible_region import admissible_set
from ..boundary.limits import limits
from ..elimination.eliminate import eliminate
from ..likelihood.product import likelihood, log_likelihood_section, with_data
from ..likelihood.score import score
from ..maximum.concavity import PROFILE
from ..maximum.maximum import maximum
from ..prose import listed
from ..setting import Argument, State, run
from ..setup.begin import begin
from .enumeration import ByValue


def profiled(state: State) -> None:
    """Sections of the other parameters for a fixed whole number, "Profile likelihood" and "Where the maximum lies"."""
    p = state.problem
    name = p.whole_beside
    if name is None or p.observations is None:
        raise NotSupported("a whole number beside other parameters is found for given data only", hint="give the data")
    likelihood(state)
    vars(state).update(vars(run((admissible_set,), state)))
    state.numbers = True
    low, high = limits(name, state) if name in p.moving else (p.parameters[name].low, p.parameters[name].high)
    first, last = value(low), value(high)
    if first is None or (last is None and high != INFINITY):
        raise NotSupported(f"{name} has no least value that the data allow", hint="state its domain")
    least = math.ceil(first)
    inner = begin(p.knowing(name, Domain(num(least), high, False, high == INFINITY, integer=True)))
    inner = run((likelihood, log_likelihood_section, score, eliminate, maximum), inner)
    if inner.outcome is not Outcome.UNIQUE or set(inner.answers) != set(inner.problem.parameters):
        raise NotSupported(f"for a fixed {name} the likelihood has no single maximum in the other parameters")
    best = {k: _with_numbers(f, name, inner) for k, f in inner.answers.items()}
    Profile(state, name, least, None if last is None else math.floor(last), best, inner).carry_out()


@dataclass
class Profile(ByValue):
    """The comparison of the values of the profile likelihood.  inner: what was found for a fixed whole number."""

    inner: State | None = None

    @property
    def label(self) -> Formula:
        return Apply(PROFILE, (Sym(self.name),))

    def carry_out(self) -> None:
        """All sections after the likelihood."""
        state, u = self.state, Sym(self.name)
        assert self.inner is not None
        others = [Sym(k) for k in self.best]
        sections = [s for s in self.inner.sections if s.key is not SectionKey.LIKELIHOOD]
        lead = say("{} is a whole number, so there is no derivative in it. For a fixed {} the likelihood is first maximised over ", u, u)
        lead += listed("", others) + say("; what is left is a function of {} alone.", u)
        state.sections.append(Section(SectionKey.SOLVE, say("One parameter after the other"), (lead,)))
        state.sections += sections
        self.profile(self.inner)
        self.compare()
        state.arguments |= {k: Argument(Strength.GLOBAL) for k in state.answers}

    def profile(self, inner: State) -> None:
        """Section "Profile likelihood": the estimates of the others put in."""
        assert inner.ell is not None
        put: dict[Formula, Formula] = {Sym(k): f for k, f in self.best.items()}
        ell = replace_all(with_data(inner.ell, inner.problem, inner.al)[0], put)
        judge = Oracle(tuple({**self.state.judge.worlds[0], **self.point(k), PROFILE: lambda v: self.height(round(v))} for k in self.near()))
        evidence = judge.equal(self.label, ell)
        words = say("With these values for the other parameters the log-likelihood is")
        line = record(equation(self.label, ell), evidence, rule="put in")
        self.state.sections.append(Section(SectionKey.PROFILE, say("Profile likelihood"), (words, Display((line,)))))

    def near(self) -> list[int]:
        """Values at which the profile log-likelihood is finite inside the domains of the others."""
        return [
            k for k in range(self.least + 1, self.least + 9) if math.isfinite(self.height(k)) and (self.most is None or k <= self.most)
        ][:4]


def _with_numbers(f: Formula, name: str, inner: State) -> Formula:
    """An estimate for a fixed whole number with the data in it."""
    f = inner.al.tidy(with_data(f, inner.problem, inner.al)[0])
    if names(f) - {name}:
        raise NotSupported(f"for a fixed {name} there is no closed form for the other parameters")
    return f


__all__ = ["profiled"]
