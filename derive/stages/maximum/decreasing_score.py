"""The score times a positive factor falls over the whole domain: its sign changes once at most, from plus to minus."""

from __future__ import annotations

from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Mul, Relation, Sym, equation, factors, mul
from ...oracle.judge import Oracle
from ...proofs.inequalities import because, negative_by
from ...rules import equations as eqs
from ...rules.standard import drop_common
from ...trace import Block, Display, Evidence, Line, say
from ..likelihood.score import derivative, tidied
from ..setting import Work, algebra_for, generic_facts
from .concavity import label_of, negative


def falling(name: str, position: int, work: Work, oracle: Oracle) -> list[Block] | None:
    """The argument as blocks; None where no such factor is found."""
    u = Sym(name)
    al = algebra_for(work.profile[name], work)
    for move_of in (eqs.clear_denominators, eqs.lower_power, drop_common):
        move = move_of(equation(work.profile[name], ZERO), u, al)
        if move is None or move.factor is None or move.after.sides[1] != ZERO or not work.al.facts.positive(move.factor):
            continue
        shown = move.after.sides[0]
        slope = tidied(derivative(shown, u, work)[1], work)
        facts = generic_facts(al.facts, slope, oracle)
        reasons = [] if negative(slope, facts) else negative_by(slope, facts, al)
        if reasons is None:
            continue
        label = Derivative(label_of(name, position, work), ((u, 1),))
        product = Mul((*factors(move.factor), label))
        judged = oracle.equal(mul(move.factor, work.profile[name]), shown)
        line = Line(equation(product, shown), None, judged, move.rule)
        down = Relation((Derivative(shown, ((u, 1),)), slope, ZERO), ("=", "<"))
        oracle.holds(down)
        return [
            say("Multiplied by {}, which is positive, the derivative becomes", move.factor),
            Display((line,)),
            say("This falls as {} grows, since", u),
            Display((Line(down, None, Evidence("proved", "sign from the domains"), "differentiate"),)),
            *([because(reasons)] if reasons else []),
            say(
                "{} the derivative is positive before {} and negative after it: the maximum is global.",
                "So" if reasons else "so",
                hat(name),
            ),
        ]
    return None
