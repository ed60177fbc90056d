"""A sum of logarithms of shares is concave: its stationary point is the maximum."""

from __future__ import annotations

from ...algebra.facts import POSITIVE
from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Formula, Relation, Sym
from ...trace import Condition, Display, Evidence, Line, Section, Words, say
from ..likelihood.score import derivative
from ..prose import listed
from ..setting import Work

IN_FULL = 3  # parameters whose second derivatives are written out


def concave(work: Work) -> None:
    """Section "It is the maximum" for c_1 log p_1 + ... + c_k log p_k, the p linear in the free parameters."""
    p = work.problem
    doubtful = list(dict.fromkeys(g.counts[k] for g in work.groups for k in g.seen if not work.al.facts.positive(g.counts[k])))
    if doubtful:
        work.conditions.append(_all_counted(doubtful, work))
    label = p.of("ell")
    blocks: list[Words | Display] = [
        say(
            "{} is a sum of logarithms of linear functions of the parameters, each with a positive factor. The logarithm is strictly", label
        )
        + say(" concave, so the sum is too: along every line through the domain it bends downward.")
    ]
    if len(work.parameters) <= IN_FULL:
        blocks.append(say("In particular"))
        facts = work.al.facts
        for c in doubtful:
            facts = facts.assume(c, POSITIVE)
        lines = []
        for k in work.parameters:
            u = Sym(k)
            if k not in work.scores:
                continue
            second = derivative(work.scores[k], u, work)[1]
            evidence = work.lines_oracle.equal(Derivative(work.scores[k], ((u, 1),)), second)
            work.lines_oracle.holds(Relation((second, ZERO), ("<",)))
            shown = Relation((Derivative(label, ((u, 2),)), second, ZERO), ("=", "<"))
            lines.append(Line(shown, None, Evidence(evidence.kind, evidence.how, evidence.points), "differentiate"))
        blocks.append(Display(tuple(lines)))
    hats: list[Formula] = [hat(k) for k in work.parameters]
    found = listed(": here, ", hats) if len(hats) <= IN_FULL else say("")
    if work.asked is not None:
        last = say("A strictly concave function has at most one stationary point, and that point is its global maximum")
    else:
        last = say("The constraint is linear. On the points that satisfy it a strictly concave function has at most one stationary point, ")
        last += say("and that point is its global maximum there")
    blocks.append(last + found + say("."))
    work.sections.append(Section(say("It is the maximum"), tuple(blocks)))


def _all_counted(counts: list[Formula], work: Work) -> Condition:
    """Every share was counted at least once; otherwise its estimate is the end of the domain, if that belongs to it."""
    needed = tuple(Relation((c, ZERO), (">",)) for c in counts)
    domains = (work.asked[0] if work.asked is not None else work.problem).parameters
    closed = all(not domains[k].low_open for g in work.groups for k in g.seen if k in domains)
    words = say("exists if ") if not closed else say("lies inside the domain if ")
    words += listed("", list(needed)) if len(needed) <= IN_FULL + 1 else say("every count is positive")
    return Condition(needed, words + say("; what was never counted is estimated as {}, the end of the domain", ZERO) if closed else words)


__all__ = ["concave"]
