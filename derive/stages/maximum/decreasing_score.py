"""The score times a positive factor falls over the whole domain: its sign changes once at most, from plus to minus."""

from __future__ import annotations

from ...formula.names import hat
from ...formula.tree import ZERO, Derivative, Mul, Relation, equation, factors, mul
from ...proofs.inequalities import because, by_inequalities, negative_by
from ...proofs.signs import evidence_of_sign, sign_of
from ...recorder import record
from ...rule_names import RuleName
from ...rules import equations as eqs
from ...rules.standard import drop_common
from ...trace import Block, Display, Strength, say
from ..likelihood.score import derivative, tidied
from ..setting import MaximumArgument, generic_facts
from .concavity import supposition
from .unknown import Unknown


def falling(unknown: Unknown) -> MaximumArgument | None:
    """The argument; None where no such factor is found."""
    u, al, state, oracle = unknown.letter, unknown.al, unknown.state, unknown.oracle
    for move_of in (eqs.clear_denominators, eqs.lower_power, drop_common):
        move = move_of(equation(unknown.score, ZERO), u, al)
        if move is None or move.factor is None or move.after.sides[1] != ZERO or not state.al.facts.positive(move.factor):
            continue
        shown = move.after.sides[0]
        slope = tidied(derivative(shown, u, state)[1], state)
        facts = generic_facts(al.facts, slope, oracle)
        sign = sign_of(slope, facts)
        reasons = [] if sign.value < 0 else negative_by(slope, facts, al)
        if reasons is None:
            continue
        product = Mul((*factors(move.factor), unknown.slope))
        line = record(equation(product, shown), oracle.equal(mul(move.factor, unknown.score), shown), rule=move.rule)
        down = Relation((Derivative(shown, ((u, 1),)), slope, ZERO), ("=", "<"))
        seen = oracle.holds(down)
        evidence = by_inequalities(slope, facts, al, seen) if reasons else evidence_of_sign(down, facts, seen)
        where = supposition(sign, slope, state)
        blocks: tuple[Block, ...] = (
            say("The score times {} is", Relation((move.factor, ZERO), (">",))),
            Display((line,)),
            say("This decreases, since"),
            Display((record(down, evidence, rule=RuleName.DIFFERENTIATE),)),
            *([say("It decreases strictly where ") + where + say(":")] if where is not None else []),
            (because(reasons) if reasons else say("so "))
            + say("{} increases up to {} and decreases afterwards: the maximum is global.", unknown.label, hat(unknown.name)),
        )  # fmt: skip
        reason = say("{} decreases in {}", line.formula, u)
        return MaximumArgument(Strength.PROVED, blocks, reason=reason if where is None else None)
    return None
