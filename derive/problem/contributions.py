"""What each partly known observation contributes to the likelihood, as a formula in the parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction
from typing import TYPE_CHECKING

from ..algebra.facts import POSITIVE, Facts
from ..algebra.terms import Algebra, E, Term
from ..density.integration.probabilities import Distribution, numerically
from ..errors import NotSupported, NotValid
from ..formula.evaluate import Env, compiled, log_size
from ..formula.latex import decimal
from ..formula.tree import ZERO, Add, Formula, Sym, num  # fmt: skip
from ..oracle.oracle import Refuted
from ..sample.columns import fractions

if TYPE_CHECKING:
    from .problem import Problem

MOST = 100  # different contributions


class NotWritten(NotSupported):
    """There are too many different contributions to be written one by one."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """kind: "exact", "right", "left" or "interval".  a, b: the value, or the ends.  times: how often it was seen."""

    kind: str
    a: Fraction
    b: Fraction | None
    times: int


def contributions(problem: Problem) -> tuple[Contribution, ...]:
    """What was observed, kind by kind.  Raises NotSupported for weights, truncation and statistics alone."""
    s = problem.sample
    if s is None:
        return ()
    strange = [k for k in s.kinds if k in ("weights", "truncation", "sums")]
    if strange or len(problem.variables) != 1 or problem.covariates:
        what = strange[0] if strange else "several variables"
        raise NotSupported(f"a sample with {what} besides {', '.join(k for k in s.kinds if k != what)} is not supported yet")
    if s.is_large:
        raise NotWritten("so many partly known observations of several kinds are not supported", hint="count them in intervals")
    (v,) = problem.variables
    out: dict[tuple[str, Fraction, Fraction | None], int] = {}

    def seen(kind: str, a: Fraction, b: Fraction | None = None, times: int = 1) -> None:
        out[kind, a, b] = out.get((kind, a, b), 0) + times

    for x in fractions(s.exact.get(v, ())):
        seen("exact", x)
    for counted, times in s.counts.items():
        if isinstance(counted, tuple):
            _interval(counted, times, seen)
        else:
            seen("exact", counted, None, times)
    for pair in s.interval:
        _interval(pair, 1, seen)
    for x in fractions(s.left):
        seen("left", x)
    for x in fractions(s.right):
        seen("right", x)
    return tuple(Contribution(kind, a, b, times) for (kind, a, b), times in out.items() if times)


def _interval(pair: tuple[Fraction | float, Fraction | float], times: int, seen: Callable[..., None]) -> None:
    a, b = pair
    if isinstance(b, float):
        seen("right", Fraction(a), None, times)
    elif isinstance(a, float):
        seen("left", b, None, times)
    else:
        seen("interval", a, b, times)


@dataclass(frozen=True, slots=True)
class Factors:
    """What each contribution is as a formula in the parameters.

    letter: "S" or "F", by which of the survival and the distribution function the contributions are named.
    """

    distribution: Distribution
    letter: str
    parts: tuple[tuple[Contribution, Formula], ...]

    def log_likelihood(self, names: tuple[str, ...], values: Env) -> Env:
        """The functions ell and L of the parameters for a test point with these other values."""
        logs = [(log_size(f), c.times) for c, f in self.parts]

        def ell(*arguments: float) -> float:
            env = {**values, **dict(zip(names, arguments, strict=True))}
            return sum(times * (size if sign > 0 else -math.inf) for g, times in logs for sign, size in (g(env),))

        return {"ell": ell, "L": lambda *a: math.exp(ell(*a))}


def factors_of(problem: Problem, al: Algebra, points: tuple[Env, ...]) -> Factors:
    """What every observation contributes, compared with the density's own integrals and sums at the points."""
    (v,) = problem.variables
    support = problem.support[v].replaced({Sym(k): f for k, f in problem.values.items()})
    d = Distribution(problem.density, v, support, changed(al, unknowns=(v,)), points)
    seen = contributions(problem)

    def part(c: Contribution) -> Formula:
        match c.kind:
            case "exact":
                return d.at(num(c.a))
            case "right":
                return d.above(c.a)
            case "left":
                return d.below(c.a)
        return d.between(c.a, c.b if c.b is not None else c.a)

    if len(seen) > MOST:
        raise NotWritten(f"{len(seen)} different partly known observations are not written out one by one", hint="count them in intervals")
    letter = "S" if any(c.kind == "right" for c in seen) and d.survival is not None else "F"
    parts = tuple((c, part(c)) for c in seen)
    impossible = next((c for c, f in parts if f == ZERO), None)
    if impossible is not None:
        raise NotValid(
            f"what was observed is impossible under this density: {_in_words(impossible)}", hint="check the data and the support"
        )
    if support.discrete:
        _compared(d, parts)
    return Factors(d, letter, parts)


def _compared(d: Distribution, parts: tuple[tuple[Contribution, Formula], ...]) -> None:
    """Raises `Refuted` where a probability of a lattice disagrees with the sum of the density."""
    for env in d.points[:2]:
        above = numerically(d, env)
        for c, f in parts:
            below = 1 - above(math.ceil(c.a) - 1)
            wanted = {"right": above(float(c.a)), "left": below, "interval": above(float(c.a)) - above(float(c.b or 0))}.get(c.kind)
            found = compiled(f)(env)
            if wanted is not None and not abs(found - wanted) <= 1e-8:
                raise Refuted(f"{_in_words(c)} has probability {wanted}, not {found}")


def _in_words(c: Contribution) -> str:
    a, b = decimal(c.a), None if c.b is None else decimal(c.b)
    return {"exact": f"the value {a}", "right": f"a value above {a}", "left": f"a value below {a}"}.get(c.kind, f"a value in ({a}, {b}]")


def with_positive(facts: Facts, probabilities: Sequence[Formula], al: Algebra) -> Facts:
    """Facts with the brackets in what is known to be positive taken as positive, where all else in it is."""
    for f in probabilities:
        bases = [b for b in al.split(f).powers if isinstance(b, Add)]
        others = [b for b in al.split(f).powers if not isinstance(b, Add) and b != E and not facts.positive(b)]
        if len(bases) == 1 and not others and not facts.positive(bases[0]):
            facts = facts.assume(bases[0], POSITIVE)
    return facts


def gathered(f: Factors, al: Algebra) -> Formula:
    """The product of all contributions, exponents of equal bases added."""
    t = al.times(al.raised(al.split(g), num(k.times)) for k, g in f.parts)
    powers = {b: al.assemble(al.flat(k, deep=True)) if b == E else k for b, k in t.powers.items()}
    return al.build(Term(t.coefficient, powers))
