"""Statements about some samples only: "for x > 0 the likelihood is increasing and the estimate is 1"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy

from ...formula.evaluate import Env, holds
from ...formula.tree import Formula, Relation, Sym, names, replace_all
from ..claims import Claim
from .claim_judge import Judge
from .expectation import SINGLE
from .holds import Judgement, unclear
from .samples import Sample
from .symbol_table import Unknown

ENDS = re.compile(r"[.;](?:\s|$)")  # of a sentence, or of a part of it that stands by itself
FAR = 6  # claims back in which a condition may stand
ORDERS = frozenset({"<", "<=", ">", ">=", "="})


def under_conditions(judge: Judge, claims: Sequence[Claim], k: int) -> Judgement | None:
    """The judgement of claim k, which does not hold for every sample, for those that its sentence is about; None where it
    speaks of all."""
    best: Judgement | None = None
    for condition in _conditions(judge, claims, k):
        j = _under(judge, claims[k], condition)
        if j.holds:
            return j
        best = best if best is not None and best.status == "fails" else j
    return best


def _conditions(judge: Judge, claims: Sequence[Claim], k: int) -> Iterator[Relation]:
    """What the sentence of claim k requires of the data: "if x > 0" behind it, "for x > 0" before it."""
    following = claims[k + 1] if k + 1 < len(claims) else None
    if following is not None and re.match(r"\w", following.prose) and not ENDS.search(following.prose):
        yield from _of_data(judge, following)
    for j in range(k, max(0, k - FAR), -1):
        if ENDS.search(claims[j].prose):
            return
        found = list(_of_data(judge, claims[j - 1]))
        yield from found
        if found:
            return


def _of_data(judge: Judge, claim: Claim) -> Iterator[Relation]:
    """A side condition as a relation between the data of a sample."""
    if claim.joined != "condition" or claim.sign not in ORDERS or not claim.readings:
        return
    try:
        left, right = (judge.meaning.of(s) for s in claim.readings[0])
    except Unknown:
        return
    inside = names(left) | names(right)
    env = judge.points.samples[0].points[0]
    own = inside - judge.meaning.parameters
    if own and own == inside and all(name in env or name.removesuffix(SINGLE) in env for name in own):
        one: dict[Formula, Formula] = {Sym(v + SINGLE): Sym(v + "_bar") for v in judge.meaning.observed}  # of a single observation
        sides = (replace_all(left, one), replace_all(right, one))
        if all(k in env for f in sides for k in names(f)):
            yield Relation(sides, (claim.sign,))


def _under(judge: Judge, claim: Claim, condition: Relation) -> Judgement:
    """The claim tried on samples that satisfy the condition."""
    test, before = holds(condition), judge.points

    def true(e: Env) -> bool:
        return bool(test(e))

    def kept(s: Sample) -> bool:
        return all(map(true, s.points))

    points = before.where(kept)
    if not points.samples:
        return unclear("no sample was found that is as this says")
    other = copy(judge)
    other.points = points
    other.ways = copy(judge.ways)
    other.ways.points = points
    return other.judge(claim)
