"""Fisher information: of one observation, as a matrix, with how each expectation was found and compared with numbers.

I(theta) = E(score score') = -E(second derivatives of log f) where the support does not move with the parameter and log f has no kink
in it; with a kink the first of the two is taken.  (Lehmann and Casella, 1998, Theory of Point Estimation, 2.5, 2.6.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.names import reported
from ..formula.tree import ONE, ZERO, Call, Expected, Formula, Mul, N, Pow, mul, names, total, transform, value
from ..problem.problem import Problem
from ..rules.sums import sum_out
from .moments import Mean, Moments
from .one_observation import OneObservation, one_observation
from .simplest import negative

AGREE = 1e-8  # of an expectation with numerical integration, relative to its size and to the standard deviations
Pair = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One entry of the information of one observation.

    function: of the observation, of which it is the mean.  value: its mean, None where it was not found or did not pass its check.
    means: what it rests on.  squared: whether the function is a product of scores, because log f has a kink in the parameter.
    """

    function: Formula
    value: Formula | None
    means: tuple[Mean, ...] = ()
    squared: bool = False


@dataclass(frozen=True)
class Information:
    """The information of one observation.

    letters: the parameters that it is about.  left_out: the others, each with the reason.  entries: by pair of letters, in order.
    """

    one: OneObservation
    letters: tuple[str, ...]
    left_out: Mapping[str, str]
    entries: Mapping[Pair, Entry]

    @property
    def complete(self) -> bool:
        """Whether every entry was found."""
        return all(e.value is not None for e in self.entries.values())

    def value(self, j: str, k: str) -> Formula | None:
        """An entry, in either order."""
        return (self.entries.get((j, k)) or self.entries[k, j]).value

    @cached_property
    def rows(self) -> tuple[tuple[Formula, ...], ...] | None:
        """The matrix; None where an entry was not found."""
        found = [[self.value(j, k) for k in self.letters] for j in self.letters]
        return None if not self.complete else tuple(tuple(f for f in r if f is not None) for r in found)

    @property
    def means(self) -> tuple[Mean, ...]:
        """The means that the entries rest on, each once."""
        return tuple(dict.fromkeys(m for e in self.entries.values() for m in e.means))


MOVES = "the support depends on it"
SEPARATE = "it takes separate values only"


def left_out(p: Problem) -> dict[str, str]:
    """The parameters in which there is no score with mean 0, each with the reason."""
    restricted = {k for _, c in p.restrictions for k in names(c)}
    out = {}
    for k, d in p.parameters.items():
        if d.discrete:
            out[k] = SEPARATE
        elif k in p.moving or k in restricted:
            out[k] = MOVES
    return out


def information(p: Problem) -> Information:
    """The expected information of one observation of a question.  Raises NotSupported with the reason where there is none."""
    refuse(p)
    missing = left_out(p)
    letters = tuple(k for k in p.parameters if k not in missing)
    if not letters:
        raise NotSupported(why_none(missing))
    one = one_observation(p, letters)
    if not one.oracle.points:
        raise NotSupported(
            "sums and integrals of this density are not worked out to enough digits, so expected values could not be checked"
        )
    moments = Moments(one)
    entries: dict[Pair, Entry] = {}
    for a, j in enumerate(letters):
        for k in letters[a:]:
            entries[j, k] = _entry(j, k, one, moments, bool({j, k} & one.kinked))
    return Information(one, letters, missing, entries)


def refuse(p: Problem) -> None:
    """Raises NotSupported for a question that has no expected information here."""
    if p.whole:
        raise NotSupported("the likelihood is given as a whole: what the data could have been is not said, so there are no expected values")
    if p.rows is not None or partly_known(p):
        raise NotSupported("expected values for observations that are censored, weighted, truncated or counted are not taken here")
    if any(c.signs == ("=",) for c in p.implied) and p.reduction is None:
        raise NotSupported("the parameters satisfy equations that are not linear, under which the information is not taken here")
    if p.unnormalised or not p.normalised:
        raise NotSupported("the function is not known to be a density, so there are no expected values")
    if p.cells is not None:
        raise NotSupported("the density is given by cases, of which derivatives in the parameters are not taken here")


def partly_known(p: Problem) -> bool:
    """Whether some observations are not known exactly."""
    return p.sample is not None and p.observations is None and not p.sample.is_large and not p.sums


def why_none(missing: Mapping[str, str]) -> str:
    """Why none of the parameters has an information."""
    moving, separate = ([reported(k) for k, w in missing.items() if w == why] for why in (MOVES, SEPARATE))
    reasons = [f"the support depends on {', '.join(moving)}"] if moving else []
    reasons += [f"{', '.join(separate)} takes separate values only"] if separate else []
    return "there is no information in the usual sense, since " + " and ".join(reasons)


def _entry(j: str, k: str, one: OneObservation, moments: Moments, squared: bool) -> Entry:
    al = one.al
    function = mul(one.scores[j], one.scores[k]) if squared else negative(one.second[j, k], al)
    if squared:
        function = al.expand(transform(function, _square_of_sign))
        function = al.tidy(transform(function, _square_of_sign))
    found = moments.mean(function)
    if found is None or not confirmed(j, k, found[0], one):
        return Entry(function, None, squared=squared)
    return Entry(function, found[0], found[1], squared)


def _square_of_sign(f: Formula) -> Formula | None:
    """sgn(u)^2 is 1, except where u is 0; sgn(u) |u| is u."""
    match f:
        case Pow(Call("sign", _), k) if (q := value(k)) is not None and q.denominator == 1 and q > 0:
            return ONE if q % 2 == 0 else f.base
        case Pow(Call("abs", (u,)), k) if (q := value(k)) is not None and q.denominator == 1 and q % 2 == 0:
            return Pow(u, k)
    return None


def confirmed(j: str, k: str, f: Formula, one: OneObservation) -> bool:
    """Whether an entry agrees with the mean of the product of the two scores, by numerical integration at every test point."""
    g = compiled(f)
    product = Expected(Mul((one.scores[j], one.scores[k])), one.problem.variables)
    for w in one.oracle.points:
        v, found = compiled(product)(w), g(w)
        scale = math.sqrt(abs(one.variance(j, w) * one.variance(k, w)))
        if not abs(v - found) <= AGREE * max(scale, abs(found)):
            return False
    return True


def of_sample(rows: tuple[tuple[Formula, ...], ...], one: OneObservation) -> tuple[tuple[Formula, ...], ...]:
    """The information of n observations: n times that of one, or its sum over the values of the covariates."""
    p, al = one.problem, one.al

    def times_n(f: Formula) -> Formula:
        if f == ZERO:
            return ZERO
        if names(f) & set(p.covariates):
            return al.tidy(sum_out(total(p.indexed(f), p.index), al))
        return al.tidy(mul(N, f))

    return tuple(tuple(map(times_n, r)) for r in rows)


__all__ = ["Entry", "Information", "information", "left_out", "of_sample", "partly_known"]
