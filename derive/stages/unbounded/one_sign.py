"""A derivative that has one sign at the data for all values of all parameters: the likelihood rises towards an end of a domain throughout."""

from __future__ import annotations

from dataclasses import replace

from ...formula.tree import ZERO, Derivative, Relation, Sym
from ...proofs.signs import evidence_of_sign, sign_of
from ...recorder import record
from ...rule_names import RuleName
from ...trace import Display, Section, SectionKey, say
from ..likelihood.product import with_data
from ..setting import ARGUED, State


def rises_throughout(state: State) -> State | None:
    """With the section "No maximum" and the outcome, where a score is positive or negative for all values of the parameters and the end towards
    which the likelihood rises does not belong to the domain; else None.  state: with the scores."""
    p = state.problem
    if p.observations is None or p.implied or p.moving or p.restrictions or p.known:
        return None
    for k, score in state.scores.items():
        d = p.parameters[k]
        at = state.al.tidy(with_data(score, p, state.al)[0])
        sign = sign_of(at, state.al.facts)
        is_open = d.high_open if sign.value > 0 else d.low_open
        if not sign.proved or not is_open or d.discrete or d.also is not None:
            continue
        label, end = Derivative(p.of("ell"), ((Sym(k), 1),)), d.high if sign.value > 0 else d.low
        shown = Relation((label, at, ZERO), ("=", ">" if sign.value > 0 else "<"))
        seen = replace(state, numbers=True).lines_oracle.equal(score, at)
        line = record(shown, evidence_of_sign(shown, state.al.facts, seen), rule=RuleName.SIGN)
        words = say("With the data, for all values of the parameters in their domains:")
        last = say(
            "So from every point the likelihood rises as {} {} towards {}, an end that does not belong to its domain: there is no maximum.",
            Sym(k), "grows" if sign.value > 0 else "falls", end,
        )  # fmt: skip
        return state.adding(Section(SectionKey.NO_MAXIMUM, say("No maximum"), (words, Display((line,)), last))).without_maximum(ARGUED)
    return None


__all__ = ["rises_throughout"]
