"""The final answer of a solution: right, wrong or missing."""

from __future__ import annotations

from collections.abc import Sequence

from ..formula.names import hat
from ..formula.tree import Apply, Call, Formula, Sym, names, neg, walk
from .claims import Claim, Solution
from .compare import Pair
from .judge import Judge
from .meaning import Unknown, spoken
from .ways import Judgement

Judged = Sequence[tuple[Claim, Judgement, str]]


def final_answer(judge: Judge, solution: Solution, judged: Judged) -> str:
    """ "right" | "wrong" | "missing".  The answer is every estimate, or the equations for those without a closed form, or the loss.

    judged: the claims with their judgements and verdicts.
    """
    wanted = judge.model.free
    found = {k: _estimate(judge, judged, k) for k in judge.model.names}
    if judge.model.tied and all(found[k] is None for k in wanted):
        wanted = tuple(judge.model.tied)
    if any(found[k] is False for k in found):
        return "wrong"
    if _last_conclusion_fails(judge, judged):
        return "wrong"
    if all(found[k] for k in wanted):
        return "right"
    if all(found[k] is None for k in wanted) and _is_loss(judge, solution, judged):
        return "right"
    return "missing"


def _estimate(judge: Judge, judged: Judged, k: str) -> bool | None:
    """Whether the last value that is stated for a parameter is its estimate; None where none is."""
    last: bool | None = None
    chain: int | None = None
    for claim, j, verdict in judged:
        if claim.sign not in ("=", "approx", ":=") or claim.joined == "condition":
            continue
        stated = _stated(judge, claim, k)
        if stated is None and chain == claim.chain and last is not None and claim.joined == "continues":
            if verdict != "valid":
                last = False
            continue
        if stated is None or j.how == "root":
            if stated is None and last is None and verdict == "valid" and j.how in ("maximum", "identity") and _implicit(judge, claim, k):
                last = True
            continue
        last = verdict == "valid" if j.status != "unclear" else last
        chain = claim.chain
    return last


def _stated(judge: Judge, claim: Claim, k: str) -> Formula | None:
    """The value that a claim states for a parameter."""
    heads: tuple[Formula, ...] = (Sym(k), hat(k), Call("sqrt", (hat(k),)), Call("sqrt", (Sym(k),)), Apply("hat", (Sym(k),)))
    for left, right in claim.readings:
        for side, other in ((left, right), (right, left)):
            if side in heads and not (names(other) & judge.meaning.parameters) and hat(k).name not in names(other):
                return other
    return None


def _implicit(judge: Judge, claim: Claim, k: str) -> bool:
    """Whether a claim is an equation for an estimate that has no closed form."""
    for left, right in claim.readings:
        seen = [g for s in (left, right) for g in walk(s) if g in (Sym(k), hat(k))]
        if len(seen) >= 2 and not judge.closed(k):
            return True
        if len(seen) == 1 and any(s in seen for s in (left, right)):
            return True
    return False


def _last_conclusion_fails(judge: Judge, judged: Judged) -> bool:
    """Whether the last line about estimates, and no parameter left open, is wrong."""
    hats = {h.name for h in judge.meaning.hats.values()}
    for claim, j, verdict in reversed(judged):
        for left, right in claim.readings[:1]:
            inside = names(left) | names(right) | {g.name for s in (left, right) for g in walk(s) if isinstance(g, Apply)}
            if inside & (hats | {"hat"}) and not inside & judge.meaning.parameters and j.status != "unclear":
                return verdict != "valid"
    return False


def _is_loss(judge: Judge, solution: Solution, judged: Judged) -> bool:
    """Whether the solution ends in a function that is smallest where the likelihood is largest, as a loss."""
    if any(v == "invalid" for _, _, v in judged):
        return False
    ends: list[Formula] = [m.formula for m in solution.mentions[-2:]]
    ends += [c.right for c, _, _ in judged[-2:] if c.right is not None and c.left is not None and spoken(c.left) <= {"nll"}]
    for f in ends:
        try:
            a, b = neg(judge.model.ell), judge.meaning.of(f)
            if names(b) & judge.meaning.parameters and judge.ways.affine(Pair(judge.meaning, a, b)):
                return True
        except (Unknown, KeyError, TypeError, ValueError, ArithmeticError, IndexError):
            continue
    return False
