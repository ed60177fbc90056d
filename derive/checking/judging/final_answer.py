"""The final answer of a solution: right, wrong or missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...formula.names import hat
from ...formula.tree import ZERO, Apply, Call, Div, Formula, Pow, Sym, names, neg, walk
from ..claims import Claim, Solution
from .claim_judge import Judge
from .compare import Pair
from .holds import Judgement
from .meaning import spoken
from .symbol_table import Unknown

ANSWER = re.compile(
    r"\b(?:mle|estimate|estimator|likelihood|maximum|maximi[sz]ed|maximi[sz]er|largest|solution|vanishes|zero)\b.{0,60}"
    r"\b(?:is|at|be|by|equals|obtain|get|gives)(?: (?:therefore|then|thus|hence|given by|just|simply|only|exactly|attained at|reached at))?:?$"
)
MOMENTS = frozenset({"E", "Var", "Cov", "P", "Pr", "Bias", "MSE", "SE"})  # of an estimate: their values are none of it
Judged = Sequence[tuple[Claim, Judgement, str]]


def final_answer(judge: Judge, solution: Solution, judged: Judged) -> str:
    """ "right" | "wrong" | "missing".  The answer is every estimate, or the equations for those without a closed form, or the loss.

    judged: the claims with their judgements and verdicts.
    """
    wanted = judge.model.free
    judged = _single(judged)
    found = {k: _estimate(judge, judged, k) for k in judge.model.names}
    if judge.model.tied and all(found[k] is None for k in wanted):
        wanted = tuple(judge.model.tied)
    if any(found[k] is False for k in found):
        return "wrong"
    if _a_conclusion_fails(judge, judged):
        return "wrong"
    if all(found[k] for k in wanted):
        return "right"
    if len(wanted) == 1 and found[wanted[0]] is None and _in_words(judge, solution, wanted[0]):
        return "right"
    if all(found[k] is None for k in wanted) and _is_loss(judge, solution, judged):
        return "right"
    return "missing"


def _single(judged: Judged) -> Judged:
    """The claims, those about tuples as one claim for each place."""
    out: list[tuple[Claim, Judgement, str]] = []
    for claim, j, verdict in judged:
        a, b = claim.left, claim.right
        if isinstance(a, Apply) and isinstance(b, Apply) and a.name == b.name == "tuple" and len(a.args) == len(b.args):
            places = zip(a.args, b.args, strict=True)
            out += [
                (replace(claim, left=x, right=y, alternatives=(), chain=1000 * claim.chain + k), j, verdict)
                for k, (x, y) in enumerate(places)
            ]
        else:
            out.append((claim, j, verdict))
    return out


def _in_words(judge: Judge, solution: Solution, k: str) -> bool:
    """Whether the estimate stands behind words alone: "so the MLE is t/n"."""
    for m in solution.mentions:
        if ANSWER.search(m.prose.lower()):
            try:
                pair = Pair(judge.meaning, hat(k), judge.meaning.of(m.formula))
                if not names(m.formula) & judge.meaning.parameters and judge.ways.everywhere(pair, judge.points.samples).holds:
                    return True
            except (Unknown, KeyError, TypeError, ValueError, ArithmeticError, IndexError):
                continue
    return False


def _estimate(judge: Judge, judged: Judged, k: str) -> bool | None:
    """Whether the last value that is stated for a parameter is its estimate; None where none is."""
    last: bool | None = None
    chains: dict[int, list[tuple[Claim, Judgement, str]]] = {}
    for item in judged:
        claim = item[0]
        if claim.sign in ("=", "approx", ":="):
            chains.setdefault(claim.chain, []).append(item)
    for links in chains.values():
        if _states(judge, [c for c, _, _ in links], k):
            if all(j.how == "root" for _, j, _ in links):
                continue
            if any(v in ("invalid", "follows") for _, _, v in links):
                last = False
            elif any(v == "valid" for _, _, v in links):
                last = all(v == "valid" for _, _, v in links) or _ends_right(judge, [c for c, _, _ in links], k)
    if last is None:
        sound = [links for links in chains.values() if links[-1][2] == "valid" and links[-1][1].how in ("maximum", "identity", "rounded")]
        said = [c for links in sound for c, j, v in (links if all(v == "valid" for _, _, v in links) else links[-1:])]
        return True if any(_implicit(judge, c, k) for c in said) else None
    return last


def _states(judge: Judge, links: Sequence[Claim], k: str) -> bool:
    """Whether a chain gives a value to a parameter: it stands alone on one side, and another side is free of parameters."""
    heads: tuple[Formula, ...] = (Sym(k), hat(k), Call("sqrt", (hat(k),)), Call("sqrt", (Sym(k),)), Apply("hat", (Sym(k),)))
    sides = [s for c in links for pair in c.readings for s in pair]
    if not any(s in heads for s in sides):
        return False
    return any(not (names(s) & judge.meaning.parameters) and hat(k).name not in names(s) and not spoken(s) & MOMENTS for s in sides)


def _ends_right(judge: Judge, links: Sequence[Claim], k: str) -> bool:
    """Whether the last side of a chain that can be evaluated is the estimate."""
    for claim in reversed(links):
        for side in (claim.right, claim.left):
            if side is None or names(side) & judge.meaning.parameters or hat(k).name in names(side):
                continue
            try:
                for head in (hat(k), Call("sqrt", (hat(k),))):
                    pair = Pair(judge.meaning, head, judge.meaning.of(side), judge.fuzzy(claim, head, side))
                    if judge.ways.everywhere(pair, judge.points.samples).holds:
                        return True
                return False
            except (Unknown, KeyError, TypeError, ValueError, ArithmeticError, IndexError):
                continue
    return False


def _implicit(judge: Judge, claim: Claim, k: str) -> bool:
    """Whether a claim is an equation for an estimate that has no closed form."""
    for left, right in claim.readings:
        seen = [g for s in (left, right) for g in walk(s) if g in (Sym(k), hat(k))]
        if len(seen) >= 2 and not judge.closed(k):
            return True
        if len(seen) == 1 and any(s in seen or (seen[0] == hat(k) and _undone(s, hat(k))) for s in (left, right)):
            return True
    return False


def _undone(side: Formula, k: Formula) -> bool:
    """Whether a side is a reciprocal, power, logarithm or exponential of an estimate, so that it says the estimate."""
    match side:
        case Div(a, b):
            return b == k and not names(a) & names(k)
        case Pow(a, b):
            return a == k and not names(b) & names(k)
        case Call("log" | "exp" | "sqrt", (a,)):
            return a == k
    return False


def _a_conclusion_fails(judge: Judge, judged: Judged) -> bool:
    """Whether a line about estimates, with no parameter left open, is wrong."""
    hats = {h.name for h in judge.meaning.hats.values()}
    for claim, _, verdict in judged:
        if verdict != "invalid":
            continue
        for left, right in claim.readings[:1]:
            for side, other in ((left, right), (right, left)):
                applied = any(isinstance(g, Apply) and g.name == "hat" for g in walk(side))
                free = names(side) & (judge.meaning.observed | judge.meaning.parameters)
                if (applied or names(side) & hats) and not free and other != ZERO and not names(other) & judge.meaning.parameters:
                    return True
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
