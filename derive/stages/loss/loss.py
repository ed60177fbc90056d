"""The loss: what of the negative log-likelihood is left, its name, and the loss with the data in it."""

from __future__ import annotations

import random

from ...algebra.terms import Algebra
from ...formula.evaluate import Env
from ...formula.tree import ONE, ZERO, Add, Apply, Big, Formula, Neg, Sym, add, equation, neg, num, replace_all, terms, walk
from ...oracle.oracle import Oracle, close
from ...problem.problem import Problem
from ...recorder import chain, record
from ...rule_names import RuleName
from ...trace import Block, Display, Section, SectionKey, Words, by_detail, from_standard, say
from ..prose import listed
from .loss_state import LossState
from .named_losses import Known
from .noise_model import few_values

WRITTEN_OUT = 6  # observations up to which the loss is written out with the data


def what_is_left(state: LossState) -> LossState:
    """Section "The loss": what is minimised, its name, and what each term of it penalises."""
    first = (
        "What is left is the loss:"
        if (state.constant, state.scale) != (ZERO, ONE)
        else "So the negative log-likelihood itself is the loss:"
    )
    blocks: list[Block] = [say(first), chain(state.oracle, state.of("J"), [(state.loss, None, RuleName.LEAVE_OUT)])]
    known = state.known
    if known is not None:
        blocks += [_called(state, known) + say("."), from_standard(say("{}", known.says))]
        blocks += map(from_standard, _term_by_term(state, known))
    return state.adding(Section(SectionKey.LOSS, say("The loss"), tuple(blocks)))


def _called(state: LossState, known: Known) -> Words:
    """The loss's name, with its usual form where that differs by a factor or a constant."""
    if all(close(u, v, 1e-9) for u, v in zip(state.oracle.values(state.usual), state.oracle.values(state.loss), strict=True)):
        return say("It is {}", known.name)
    predicted = listed("", state.outputs)
    return say("Up to a positive factor and terms without ") + predicted + say(" it is {}, {}", known.name, state.usual)


def _term_by_term(state: LossState, known: Known) -> list[Block]:
    p = state.problem
    out: list[Block] = []
    for x in few_values(p) or ():
        if int(x) not in known.terms or x.denominator != 1:
            continue
        y = state.indexed(Sym(p.variables[0]))
        put = replace_all(state.each, {y: num(x)})
        here = say("{}", equation(y, num(x)))
        oracle = Oracle(tuple({**w, state.i: 1} for w in state.oracle.points))
        shown = equation(put, state.al.tidy(put))
        out.append(say("Where ") + here + say(", observation {} costs", Sym(state.i)))
        out.append(Display((record(shown, oracle.equal(*shown.sides), rule=RuleName.PUT_IN),)))
        out.append(say("{}", known.terms[int(x)]))
    return out


def with_data(state: LossState) -> LossState:
    """With the loss with the observations in it, where they are few."""
    p, seen = state.problem, state.problem.observations
    if seen is None or seen.size > WRITTEN_OUT or any(isinstance(g, Apply) for g in walk(state.loss)):
        return state
    body, minus = (state.loss.arg, True) if isinstance(state.loss, Neg) else (state.loss, False)
    if not isinstance(body, Big):
        return state
    rows = list(seen.each())
    own = Algebra(state.al.facts, seen.has_decimals)
    written = [own.tidy(replace_all(seen.at(body.body, state.i, row), {Sym(state.i): num(j)})) for j, row in enumerate(rows, 1)]
    f = add(*(t for g in written for t in (terms(neg(g)) if minus and not isinstance(g, Add) else terms(g) if not minus else (neg(g),))))
    columns = seen.columns()
    oracle = Oracle(tuple({**_redrawn(w, p, len(rows)), **columns, "n": len(rows)} for w in state.oracle.points))
    label = Apply("J", _arguments(state))
    evidence = oracle.equal(state.loss, f)
    return state.continuing(say("With the data:"), Display((record(equation(label, f), evidence, rule=RuleName.PUT_IN_THE_DATA),)))


def _redrawn(w: Env, p: Problem, size: int) -> Env:
    """A test point with as many predictions as there are observations, and weights."""
    assert p.prediction is not None
    rng = random.Random(13)
    out = {**w, **{k: rng.uniform(0.2, 0.8) for k in p.prediction.weights}}
    return {**out, **{k: [w[k][j % len(w[k])] for j in range(size)] for k in p.prediction.outputs}}


def _arguments(state: LossState) -> tuple[Formula, ...]:
    return tuple(map(Sym, state.prediction.weights)) if state.prediction.given else state.outputs


def conclusion(state: LossState) -> LossState:
    """The result: the loss once more, and what minimising it means."""
    display = chain(state.oracle, state.of("J"), [(state.general, None, RuleName.RESULT)])
    name = state.known.name if state.known else "this loss"
    words = say("Minimising {} is maximum likelihood under this noise model.", name)
    chosen = say(" The loss is no arbitrary choice: it follows from what was assumed of the noise.")
    given = [equation(state.indexed(Sym(k)), state.problem.indexed(f)) for k, f in state.prediction.given.items()]
    where = (say("with ") + listed("", given) + say(". ")) if given else say("")
    said = by_detail(brief=where, standard=where + words, full=where + words + chosen)
    return state.adding(Section(SectionKey.RESULT, say("Result"), (display, *said), numbered=False))


__all__ = ["conclusion", "what_is_left", "with_data"]
