"""Responses that a linear predictor separates: the likelihood keeps rising along a direction, from every point."""

from __future__ import annotations

from collections.abc import Sequence

from ...formula.tree import Sym, num
from ...proofs.zeros import direction_without_maximum
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain
from ...trace import Outcome, Strength, say
from ..profile.univariate import Shown
from ..prose import listed
from ..setting import MaximumArgument, Setting


def _way(d: Domain) -> int | None:
    """In which direction a value can go on for ever inside a domain: 1 or -1, 0 for none, None for both."""
    low, high = d.low == MINUS_INFINITY, d.high == INFINITY
    return None if low and high else 1 if high else -1 if low else 0


def separated(unknowns: Sequence[str], setting: Setting) -> Shown | None:
    """That there is no maximum, where such a direction is found; None where it is not."""
    p = setting.problem
    seen = p.observations
    if seen is None or p.rows is not None or p.known or p.moving or p.implied or p.restrictions or setting.numbers:
        return None
    if set(unknowns) != set(p.parameters) or any(d.discrete or d.also is not None for d in p.parameters.values()):
        return None
    ways = [_way(p.parameters[k]) for k in unknowns]
    direction = direction_without_maximum(p.density, tuple(unknowns), seen.names, seen.rows, ways)
    if direction is None:
        return None
    moves = listed("", [say("{} for {}", num(c), Sym(k)) for k, c in zip(unknowns, direction, strict=True)])
    words = say(
        "No values solve them. The likelihood of each observation depends on a linear function of the unknowns. Let the unknowns move from any point "
        "in the direction with {}. Then this function does not change, or the likelihood of the observation rises or falls in it throughout and does not fall along "
        "the way; that of some observations rises: the likelihood keeps rising, and there is no maximum.",
        moves,
    )
    return Shown((words,), Outcome.NONE, answers={}, argument=MaximumArgument(Strength.PROVED, joint=True))
