"""The final answer of a solution: right, wrong or missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...formula.names import hat
from ...formula.tree import ZERO, Apply, Call, Derivative, Div, Formula, Mul, Num, Pow, Sym, has, names, neg, walk
from ..claims import Mention, Solution
from ..slope import slope
from .document import Act, Statement
from .interpretation import MOMENTS
from .prepared import prepared
from .sides import FAILURES
from .statement_judge import StatementJudge
from .verdict import Verdict

ANSWER = re.compile(
    r"\b(?:mle|estimate|estimator|likelihood|maximum|maximi[sz]ed|maximi[sz]er|largest|solution|vanishes|zero)\b.{0,60}"
    r"\b(?:is|at|be|by|equals|obtain|get|gives)(?: (?:therefore|then|thus|hence|given by|just|simply|only|exactly|attained at|reached at))?:?$"
)
ROOT = re.compile(
    r"\b(?:roots?|zeros?|solv\w*|solution|numerical\w*|newton\w*|iterat\w*|closed form|nullstelle\w*|lös\w+|numerisch|racines?|résou\w+|numérique\w*|"
    r"raíz|raíces|resuelv\w*|numéric\w*|raiz|raízes|resolv\w*|radic\w+|risolv\w*|корн\w+|численн\w+|решен\w+)\b", re.I
)  # fmt: skip
Judged = Sequence[tuple[Statement, Verdict]]
Pair = tuple[Formula, Formula]


@dataclass(frozen=True)
class Answer:
    """value: "right", "wrong" or "missing".  missing: the parameters for which nothing is stated."""

    value: str
    missing: tuple[str, ...] = ()


def final_answer(j: StatementJudge, judged: Judged, solution: Solution) -> Answer:
    """Whether every estimate is stated, by the last value that is given to it; the equations for it where it has no closed form."""
    got = {k: _stated(j, judged, k) for k in j.model.names}
    if any(v is False for v in got.values()):
        return Answer("wrong")
    free = j.model.free
    wanted = free if any(got[k] is not None for k in free) or not j.model.tied else tuple(j.model.tied)
    without = [k for k in wanted if got[k] is None]
    implied = {k: v for k in without if (v := _implicit(j, judged, k)) is not None}
    if ROOT.search(solution.text):
        implied |= {k: True for k in without if k not in implied and _score_given(j, judged, k)}
    if implied:  # the derivation of the question is asked for where something hangs on it
        closed = prepared(j.model.problem).closed
        got |= {k: v for k, v in implied.items() if k not in closed}
        if any(v is False for v in got.values()):
            return Answer("wrong")
    without = [k for k in wanted if not got[k]]
    if not without or (without == list(free) and _is_loss(j, judged, solution.mentions)):
        return Answer("right")
    if len(without) == 1 and any(_in_words(j, m, without[0]) for m in solution.mentions):
        return Answer("right")
    return Answer("missing", tuple(without))


def _stated(j: StatementJudge, judged: Judged, k: str) -> bool | None:
    """Whether the last chain that gives the parameter a value gives it the right one; None where none does."""
    chains: dict[int, list[tuple[Statement, Verdict]]] = {}
    for s, v in judged:
        if s.act is Act.HYPOTHESIS:
            v = j.verdict(s) if s.claim.sign == "=" and s.claim.readings else v  # "l' = 0 for p = n/s"
            if s.claim.sign != "=" or not v.holds:
                continue
        if s.claim.sign in ("=", "approx", ":=") and s.claim.readings:
            chains.setdefault(s.claim.chain, []).append((s, v))
    last: bool | None = None
    for links in chains.values():
        sides = [pair for s, _ in links for pair in _parts(j, s)]
        how = {_states(j, k, pair, sides) for pair in sides} - {""}
        wrong, right = any(v.fails for _, v in links), any(v.holds for _, v in links)
        if all(v.how in ("root", "assumption") for _, v in links) or not how or not (wrong or right):
            continue
        if "value" in how or not wrong:
            last = not wrong
    return last


def _parts(j: StatementJudge, s: Statement) -> list[Pair]:
    """The sides of a statement, those of tuples place by place."""
    return j.componentwise(*s.claim.readings[0]) or [s.claim.readings[0]]


def _states(j: StatementJudge, k: str, pair: Pair, sides: Sequence[Pair]) -> str:
    """How a chain gives the parameter a value: it stands alone on a side, and another side is free of parameters ("value"), or is in
    terms of others ("terms"): sigma^2 = sum (x - mu)^2 / n; empty where it does not."""
    heads: list[Formula] = [Sym(k), hat(k), Apply("hat", (Sym(k),)), Call("sqrt", (Sym(k),)), Call("sqrt", (hat(k),))]

    def whole(f: Formula) -> Formula:
        try:
            return j.resolved(f)
        except FAILURES:
            return f

    def head(f: Formula) -> bool:
        """The estimate, a function that tells it, or a letter for one of these: tau_hat = 1/sigma_hat^2."""
        f = j.binding.translated(f)
        return whole(f) in heads or _tells(f, heads) or (isinstance(f, Sym) and names(whole(f)) == {hat(k).name})

    if not any(map(head, pair)):
        return ""
    bare = any(f in heads for p in sides for f in p)
    for f in dict.fromkeys(f for p in sides for f in p if not head(f)):
        if (f == ZERO and not bare) or (isinstance(f, Sym) and f.name in j.binding.guessed):
            continue
        g = whole(f)
        spoken = {h.name for h in walk(f) if isinstance(h, Apply)} & MOMENTS
        if spoken or k in names(g) or hat(k).name in names(g):
            continue
        if not names(g) & j.meaning.parameters:
            return "value"
        if len(j.model.names) > 1 and not isinstance(f, Num):
            return "terms"
    return ""


def _tells(side: Formula, heads: Sequence[Formula]) -> bool:
    """Whether a side is an estimate, or a multiple, reciprocal, power, logarithm or exponential of one."""
    if side in heads:
        return True
    match side:
        case Mul(fs):
            return sum(_tells(f, heads) for f in fs) == 1 and sum(has(f, *heads) for f in fs) == 1
        case Div(a, b):
            return (_tells(b, heads) and not has(a, *heads)) or (_tells(a, heads) and not has(b, *heads))
        case Pow(a, b):
            return _tells(a, heads) and not has(b, *heads)
        case Call("log" | "exp" | "sqrt", (a,)):
            return _tells(a, heads)
    return False


def _implicit(j: StatementJudge, judged: Judged, k: str) -> bool | None:
    """Whether the last equation that speaks of the parameter holds at the maximum, or of the estimates; None where there is none."""
    last: bool | None = None
    for s, v in judged:
        if s.claim.sign not in ("=", "approx") or not s.claim.readings or s.act is not Act.CLAIM or v.value is None:
            continue
        try:
            inside = {n for f in s.claim.readings[0] for n in names(j.resolved(f))}
        except FAILURES:
            continue
        score = ZERO in s.claim.readings[0] or s.claim.joined == "set"
        if (k in inside and v.how in ("maximum", "profile")) or hat(k).name in inside or (v.fails and score and k in inside):
            last = v.holds if not (v.holds and v.how == "identity" and hat(k).name not in inside) else last
    return last


def _score_given(j: StatementJudge, judged: Judged, k: str) -> bool | None:
    """Whether a side of some relation is the derivative of the log-likelihood in the parameter, of which the words say the root is meant."""
    score = slope(j.model.ell, Sym(k))
    for s, v in judged:
        for pair in s.claim.readings[:1] if v.holds and s.claim.sign in ("=", ":=") else ():
            for f in pair:
                try:
                    if not isinstance(f, Derivative) and j.everywhere(j.resolved(f), score, j.trials.inner).holds:
                        return True
                except FAILURES:
                    continue
    return None


def _in_words(j: StatementJudge, m: Mention, k: str) -> bool:
    """Whether the estimate stands behind words alone: "so the MLE is t/n"."""
    if not ANSWER.search(m.prose.lower()):
        return False
    try:
        side = j.resolved(m.formula)
        return not names(side) & j.meaning.parameters and j.everywhere(hat(k), side, j.trials.inner).holds
    except FAILURES:
        return False


def _is_loss(j: StatementJudge, judged: Judged, mentions: Sequence[Mention]) -> bool:
    """Whether the solution ends in a function that is smallest where the likelihood is largest, as a loss."""
    if any(v.fails for _, v in judged):
        return False
    ends = [m.formula for m in mentions[-2:]]
    for s, _ in judged[-2:]:
        if s.claim.readings and isinstance(s.claim.left, Apply) and s.claim.left.name == "nll":
            ends.append(s.claim.readings[0][1])
    for f in ends:
        try:
            if j.affine(neg(j.meaning.ell), j.resolved(f)):
                return True
        except FAILURES:
            continue
    return False
