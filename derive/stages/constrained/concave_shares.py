"""A sum of logarithms of shares is concave: its stationary point is the maximum."""

from __future__ import annotations

from ...algebra.facts import POSITIVE
from ...formula.tree import ZERO, Derivative, Formula, Relation, Sym
from ...recorder import record
from ...rule_names import RuleName
from ...trace import Block, Condition, ConditionKind, Display, Section, SectionKey, by_detail, from_standard, in_full, say
from ..likelihood.score import derivative
from ..prose import listed
from ..setting import ARGUED, State

IN_FULL = 3  # parameters whose second derivatives are written out


def doubtful_counts(state: State) -> list[Formula]:
    """The counts of shares that may be 0, for all that is known of them."""
    return list(dict.fromkeys(g.counts[k] for g in state.groups for k in g.seen if not state.al.facts.positive(g.counts[k])))


def counts_supposed(state: State) -> list[Block]:
    """That what may be 0 is taken as positive, where something may."""
    doubtful = doubtful_counts(state)
    if not doubtful:
        return []
    needed = [Relation((c, ZERO), (">",)) for c in doubtful]
    return [say("Suppose that ") + (listed("", needed) if len(needed) <= IN_FULL + 1 else say("every count is positive")) + say(".")]


def concave(state: State) -> State:
    """Section "The maximum" for c_1 log p_1 + ... + c_k log p_k, the p linear in the free parameters."""
    p = state.problem
    doubtful = doubtful_counts(state)
    conditions = [_all_counted(doubtful, state)] if doubtful else []
    label = p.of("ell")
    blocks: list[Block] = [
        from_standard(
            say(
                "{} is a sum of positive multiples of the logarithms of affine functions, which together determine the parameters: it is strictly "
                "concave.",
                label,
            )
        )
    ]
    if len(state.parameters) <= IN_FULL:
        blocks.append(in_full(say("In particular")))
        facts = state.al.facts
        for c in doubtful:
            facts = facts.assume(c, POSITIVE)
        lines = []
        for k in state.parameters:
            u = Sym(k)
            if k not in state.scores:
                continue
            second = derivative(state.scores[k], u, state)[1]
            evidence = state.lines_oracle.equal(Derivative(state.scores[k], ((u, 1),)), second)
            state.lines_oracle.holds(Relation((second, ZERO), ("<",)))
            shown = Relation((Derivative(label, ((u, 2),)), second, ZERO), ("=", "<"))
            lines.append(record(shown, evidence, rule=RuleName.DIFFERENTIATE))
        blocks.append(in_full(Display(tuple(lines))))
    if state.before_constraints is not None:
        last = say("Its only stationary point is its global maximum")
    else:
        last = say("The constraint is linear, so the only stationary point on it is the global maximum")
    short = say("{} is strictly concave, a sum of logarithms with positive factors", label)
    short += (
        say(": the maximum is global.")
        if state.before_constraints is not None
        else say(", and the constraint linear: the maximum is global.")
    )
    blocks += [from_standard(last + say(".")), *by_detail(brief=short)]
    return state.argued(ARGUED).adding(Section(SectionKey.MAXIMUM, say("The maximum"), tuple(blocks)), conditions=conditions)


def _all_counted(counts: list[Formula], state: State) -> Condition:
    """Every share was counted at least once; otherwise its estimate is the end of the domain, if that belongs to it."""
    needed = tuple(Relation((c, ZERO), (">",)) for c in counts)
    domains = (state.before_constraints[0] if state.before_constraints is not None else state.problem).parameters
    closed = all(not domains[k].low_open for g in state.groups for k in g.seen if k in domains)
    words = listed("", list(needed)) if len(needed) <= IN_FULL + 1 else say("every count is positive")
    if not closed:
        return Condition(ConditionKind.BOTH, needed, words)
    return Condition(
        ConditionKind.INTERIOR,
        needed,
        words + say("; a share with the count {} is estimated as {}, the end of its domain, if some other count is positive", ZERO, ZERO),
    )


__all__ = ["concave", "counts_supposed"]
