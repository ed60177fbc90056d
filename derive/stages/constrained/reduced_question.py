"""The question with some parameters written by the others, as the constraints say."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ...algebra.facts import POSITIVE, Facts
from ...errors import NotSupported
from ...formula.names import reported
from ...formula.tree import ZERO, Add, Formula, Sym, names, rational, replace_all, value
from ...problem.problem import Problem
from ...problem.reduction import Reduction
from ...sets.conditions import meet
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain
from ...sets.ranges import hull, interior


class Straight(NamedTuple):
    """slope times a letter plus rest.  scaled: the slope is known up to a positive factor, and the rest is 0."""

    name: str
    slope: Fraction
    rest: Fraction
    scaled: bool = False


def reduced_question(
    origin: Problem, tied: Mapping[str, Formula], lines: Mapping[str, Straight], kernel: Formula | None = None
) -> Problem:  # fmt: skip
    """The question in the parameters that are not tied, without constraints; the arguments are those of `Reduction`.

    lines: the tied parameters that are linear functions of one other with numbers as coefficients.  The domain of such a one
    restricts that of the other.  Raises NotSupported where nothing is left, or where a domain restricts a letter in another way.
    """
    left = {k: d for k, d in origin.parameters.items() if k not in tied}
    for k, line in lines.items():
        if k in origin.parameters and (u := line.name) in left:
            before = _before(origin.parameters[k], line)
            left[u] = _nonempty(meet(left[u], before), u) if before is not None else left[u]
    reduction = Reduction(dict(tied), kernel, _facts(origin, tied), tuple(origin.parameters))
    density = replace_all(origin.density, {Sym(k): f for k, f in tied.items()})
    return origin.replace(parameters=left, constraints=(), reduction=reduction, origin=origin, density=density)


def _before(d: Domain, line: Straight) -> Domain | None:
    """The values of a letter that a linear function takes into a domain; None where they cannot be given as an interval with
    numbers as its ends."""
    if d.discrete or d.also is not None:
        return None
    ends = (d.low, d.low_open), (d.high, d.high_open)
    if any(e not in (INFINITY, MINUS_INFINITY) and (value(e) is None or (line.scaled and e != ZERO)) for e, _ in ends):
        return None
    moved = [(None if (v := value(e)) is None else rational((v - line.rest) / line.slope), is_open) for e, is_open in ends]
    (low, low_open), (high, high_open) = moved if line.slope > 0 else reversed(moved)
    return Domain(MINUS_INFINITY if low is None else low, INFINITY if high is None else high, low_open, high_open)


def _nonempty(d: Domain, name: str) -> Domain:
    low, high = d.bounds()
    if not low < high:
        raise NotSupported(
            f"the constraints and the domains leave no interval of values for {reported(name)}", hint="leave out a constraint"
        )
    return d


def outside(origin: Problem, tied: Mapping[str, Formula], lines: Mapping[str, Straight]) -> tuple[str, ...]:
    """The tied parameters whose domains are not kept by those of the parameters that they are written by: the ends of a domain
    are looked at apart."""
    letters = {k: hull(d, {}) for k, d in origin.parameters.items() if k not in tied and not d.letters} | dict(origin.facts.letters)
    out = []
    for k, f in tied.items():
        d = origin.parameters.get(k)
        if d is None or (k in lines and _before(d, lines[k]) is not None):
            continue
        r, within = Facts({n: letters[n] for n in names(f) if n in letters}).range(f), interior(d)
        if d.discrete or not (within.low <= r.low and r.high <= within.high):
            out.append(k)
    return tuple(out)


def _facts(origin: Problem, tied: Mapping[str, Formula]) -> Facts:
    """The facts of the origin; what a tied parameter is written as has that parameter's range."""
    facts = origin.facts
    table: dict[Formula, Formula] = {Sym(k): f for k, f in tied.items()}
    for g, r in origin.facts.known.items():
        facts = facts.assume(replace_all(g, table), r)
    for k, f in tied.items():
        if isinstance(f, Add) and names(f) & set(origin.parameters) - set(tied):
            facts = facts.assume(f, interior(origin.parameters[k]) if k in origin.parameters else POSITIVE)
    return facts


__all__ = ["Straight", "outside", "reduced_question"]
