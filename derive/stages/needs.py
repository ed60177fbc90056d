"""What the data must satisfy for an estimate found by algebra to exist."""

from __future__ import annotations

import math

from ..density.domain import Domain
from ..derivation import Condition
from ..formula.names import hat
from ..formula.tree import TWO, ZERO, Add, At, Big, Call, Formula, Indicator, Neg, Pow, Relation, Sym, names, walk
from ..oracle import Oracle
from ..question.problem import Problem
from ..question.ranges import interior
from ..solving import Solved
from ..trace import Words, say
from .work import Work


def conditions(solved: Solved, final: Formula, name: str, work: Work, oracle: Oracle) -> None:
    """What the data must satisfy: what was divided by is not 0, the estimate lies inside its domain."""
    needed: list[Relation] = []
    facts = work.al.facts.with_letters({hat(k).name: interior(work.problem.parameters[k]) for k in work.answers})
    for m in solved.moves:
        for b in work.al.split(m.factor).powers if m.factor is not None else ():
            if names(b) & set(work.parameters) or not names(b) or facts.nonzero(b):
                continue
            sign = ">" if all(v > 0 for v in oracle.values(b)) else "<"
            needed.append(Relation((b, ZERO), (sign,)))
    if len(solved.roots) == 2:
        needed += [
            Relation((g, ZERO), (">",))
            for g in walk(final)
            if isinstance(g, Big) and work.al.facts.range(g).nonnegative and not work.al.facts.positive(g)
        ]
    inside, domain = interior(work.problem.parameters[name]), work.problem.parameters[name]
    r = work.al.facts.range(final)
    low = r.low > inside.low or (r.low == inside.low and r.low_open) or inside.low == -math.inf
    high = r.high < inside.high or (r.high == inside.high and r.high_open) or inside.high == math.inf
    low, high = low or not domain.low_open, high or not domain.high_open
    if (
        len(solved.roots) == 1
        and not names(final) & set(work.parameters)
        and not (low and high)
        and not any(isinstance(b, Add) and Relation((b, ZERO), (">",)) in needed for b in work.al.split(final).powers)
    ):
        needed += _inside(final, domain, low, high, work)
    for c in needed:
        if all(c not in known.relations for known in work.conditions):
            work.conditions.append(Condition((c,), say("exists if {}", c) + _plainly(c, work.problem)))


def _inside(f: Formula, domain: Domain, low: bool, high: bool, work: Work) -> list[Relation]:
    """f lies above the low end, below the high end, or between them; of f > 0 what is not clear anyway."""
    if not low and not high:
        return [Relation((domain.low, f, domain.high), ("<", "<"))]
    if low:
        return [Relation((f, domain.high), ("<",))]
    if domain.low == ZERO:
        facts = work.al.facts
        doubtful = [b for b in work.al.split(f).powers if not facts.positive(b)]
        one = len(doubtful) == 1 and isinstance(doubtful[0], (Big, Sym))
        if one or all(facts.range(b).nonnegative for b in doubtful):
            return [Relation((b, ZERO), (">",)) for b in doubtful]
    return [Relation((f, domain.low), (">",))]


def _plainly(c: Relation, p: Problem) -> Words:
    """The same in words, where there are any."""
    match c.sides[0]:
        case Big("sum", _, _, _, Pow(Add((At(base, _) as x, Neg(Sym(name)))), _)) if name == base + "_bar" and len(p.observed) > 1:
            return say(", that is, if the {} are not all equal", x)
        case Big("sum", _, _, _, Pow(Add((At(), Neg(Sym(name)))), _)) if name.endswith(("_bar", "_hat")):
            return say(", that is, if the observations are not all equal")
        case Big("sum", _, _, _, Pow(Add() as residual, _)) if p.covariates and any(n.endswith("_hat") for n in names(residual)):
            return say(", that is, if the observations are not fitted exactly")
        case Big("sum", _, _, _, Call("abs", (Add((At(), Neg(Sym(name)))),))) if name.endswith("_hat"):
            return say(", that is, if the observations are not all equal")
        case f if any(isinstance(g, At) and g.base.endswith("_ord") for g in walk(f)):
            return say(", that is, if the observations are not all equal")
        case Big("sum", i, _, _, At(base, _)) if c.sides[1] == ZERO:
            return say(", that is, if some {} is positive", At(base, (Sym(i),)))
        case Sym(name) if name in p.statistics and isinstance(count := p.statistics[name], Big) and isinstance(count.body, Indicator):
            return say(", that is, if some observation has {}", count.body.condition)
        case Big("sum", _, _, _, Pow(At() as x, two)) if two == TWO:
            return say(", that is, if some {} is not 0", x)
    return say("")
