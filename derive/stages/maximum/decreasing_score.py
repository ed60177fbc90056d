"""The score times a positive factor falls over the whole domain: its sign changes once at most, from plus to minus."""

from __future__ import annotations

from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Mul, Relation, Sym, equation, factors, mul
from ...oracle.oracle import Oracle
from ...proofs.inequalities import because, by_inequalities, negative_by
from ...proofs.signs import evidence_of_sign, sign_of
from ...recorder import record
from ...rule_names import RuleName
from ...rules import equations as eqs
from ...rules.standard import drop_common
from ...trace import Block, Display, say
from ..likelihood.score import derivative, tidied
from ..setting import State, algebra_for, generic_facts
from .concavity import label_of, supposition


def falling(name: str, position: int, state: State, oracle: Oracle) -> list[Block] | None:
    """The argument as blocks; None where no such factor is found."""
    u = Sym(name)
    al = algebra_for(state.profile[name], state)
    for move_of in (eqs.clear_denominators, eqs.lower_power, drop_common):
        move = move_of(equation(state.profile[name], ZERO), u, al)
        if move is None or move.factor is None or move.after.sides[1] != ZERO or not state.al.facts.positive(move.factor):
            continue
        shown = move.after.sides[0]
        slope = tidied(derivative(shown, u, state)[1], state)
        facts = generic_facts(al.facts, slope, oracle)
        sign = sign_of(slope, facts)
        reasons = [] if sign.value < 0 else negative_by(slope, facts, al)
        if reasons is None:
            continue
        label = Derivative(label_of(name, position, state.problem), ((u, 1),))
        product = Mul((*factors(move.factor), label))
        judged = oracle.equal(mul(move.factor, state.profile[name]), shown)
        line = record(equation(product, shown), judged, rule=move.rule)
        down = Relation((Derivative(shown, ((u, 1),)), slope, ZERO), ("=", "<"))
        seen = oracle.holds(down)
        evidence = by_inequalities(slope, facts, al, seen) if reasons else evidence_of_sign(down, facts, seen)
        where = supposition(sign, slope, state)
        return [
            say("Multiplied by {}, which is positive, the derivative becomes", move.factor),
            Display((line,)),
            say("This falls as {} grows, since", u),
            Display((record(down, evidence, rule=RuleName.DIFFERENTIATE),)),
            *([because(reasons)] if reasons else []),
            *([say("It falls strictly where ") + where + say(":")] if where is not None else []),
            say(
                "{} the derivative is positive before {} and negative after it: the maximum is global.",
                "So" if reasons else "so",
                hat(name),
            ),
        ]
    return None
