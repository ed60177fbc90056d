"""Concavity: the sign of the second derivative for every value of an unknown."""

from __future__ import annotations

from ...algebra.facts import POSITIVE, Facts, under_one_sum
from ...formula.tree import ZERO, Formula, Relation, names, neg
from ...oracle.oracle import ordered
from ...proofs.inequalities import because, by_inequalities, negative_by
from ...proofs.signs import Sign, evidence_of_sign, sign_of
from ...recorder import record
from ...trace import Block, ConditionKind, Display, Evidence, Strength, Words, say
from ..existence.sample_degeneracy import when_positive
from ..setting import MaximumArgument, State, generic_facts
from .unknown import Unknown


def concave(unknown: Unknown) -> MaximumArgument | None:
    """The argument where the second derivative is negative for every value in the domain."""
    d, second, oracle, state = unknown.second_line, unknown.second, unknown.oracle, unknown.state
    facts = generic_facts(_supposed(state), second, oracle)
    sign, seen = sign_of(second, facts), Relation((second, ZERO), ("<",))
    if sign.value < 0:
        evidence = evidence_of_sign(seen, facts, oracle.holds(seen))
        words = _concave_words(unknown, supposition(sign, second, state))
        return _argued(unknown, (shown := _signed(d, second, evidence), words), shown)
    reasons = negative_by(second, facts, state.al)
    if reasons is None:
        return None
    shown = _signed(d, second, by_inequalities(second, facts, state.al, oracle.holds(seen)))
    return _argued(unknown, (shown, _concave_words(unknown, reasons=because(reasons))), shown)


def _supposed(state: State) -> Facts:
    """The facts with what the estimates that were found so far need."""
    facts = state.al.facts
    for r in (r for c in state.conditions if c.kind is ConditionKind.EXISTS for r in c.relations):
        facts = facts.assume(r.sides[0], POSITIVE) if r.sides[1:] == (ZERO,) and r.signs == (">",) else facts
    return facts


def _argued(unknown: Unknown, blocks: tuple[Block, ...], shown: Display) -> MaximumArgument:
    of = say("") if len(unknown.state.parameters) == 1 else say(" in {}", unknown.letter)
    reason = say("{}, so {} is strictly concave", shown.lines[0].formula, unknown.label) + of
    return MaximumArgument(Strength.PROVED, blocks, reason=reason)


def _signed(d: Display, second: Formula, evidence: Evidence) -> Display:
    """The same line with "< 0" at its end."""
    line = d.lines[0]
    r = Relation((*line.formula.sides, ZERO), (*line.formula.signs, "<"))
    return Display((record(r, evidence, rule=line.rule),))


def negative(f: Formula, facts: Facts) -> bool:
    """Whether every term is negative or not positive, one of them negative."""
    return sign_of(f, facts).value < 0


def supposition(sign: Sign, f: Formula, state: State) -> Words | None:
    """What must be positive for f to have the sign, as a clause; None where the domains prove it, the data do, or the result says it."""
    stated = {r for c in state.conditions for r in c.relations}
    open_ones = [
        g
        for g in sign.premises
        if not (state.numbers and state.free(g)) and Relation((g, ZERO), (">",)) not in stated and not _positive_for_the_data(g, state)
    ]
    if not open_ones:
        return None
    words = say("")
    for j, g in enumerate(open_ones):
        shown = say("the left side is not zero") if g == neg(f) else say("{}", Relation((g, ZERO), (">",))) + when_positive(g, state.al)
        words += (say(" and ") if j else say("")) + shown
    return words


def _positive_for_the_data(g: Formula, state: State) -> bool:
    """Whether g > 0 for every value of the parameters because it is so at one: a sum over given data, never negative, of terms in which
    every factor that holds a parameter is positive or in the denominator."""
    point, body = state.data_point, under_one_sum(g)
    if point is None or body is None or not state.al.facts.range(body).nonnegative:
        return False
    parameters = set(state.problem.parameters)
    held = [(b, k) for b, k in state.al.split(body).powers.items() if (names(b) | names(k)) & parameters]
    if not all(state.al.facts.positive(b) or state.al.facts.negative(k) for b, k in held):
        return False
    return ordered(g, ZERO, point) == 1


def _concave_words(unknown: Unknown, where: Words | None = None, reasons: Words | None = None) -> Words:
    u = unknown.letter
    c = unknown.state.problem.parameters[unknown.name].interior.condition(u)
    inside = say("for all {}", u if c is None else c) + (say("") if where is None else say(", provided that ") + where)
    of = say("") if len(unknown.state.parameters) == 1 else say(" in {}", u)
    so = say(", so ") if reasons is None else say(", ") + reasons
    return inside + so + say("{} is strictly concave", unknown.label) + of + say(" and its only stationary point is its global maximum.")
