"""The negative log-likelihood as a constant and a positive multiple of the loss."""

from __future__ import annotations

from dataclasses import replace

from ...algebra.terms import Term
from ...errors import NotSupported
from ...formula.tree import ONE, ZERO, Formula, Mul, Neg, Sym, add, equation, log, names, neg, product, terms, total
from ...oracle.oracle import Oracle
from ...recorder import Part, chain, sized_chain
from ...rule_names import RuleName
from ...rules.logs import logged
from ...rules.sums import sum_out
from ...trace import Block, Section, SectionKey, by_detail, in_full, say
from ..prose import listed
from .loss_state import LossState, with_loss
from .named_losses import Known, leading_minus, recognised


def joint(state: LossState) -> LossState:
    """Section "Likelihood": the product over the observations."""
    p = state.problem
    kind = "probability" if all(d.discrete for d in p.support.values()) else "density"
    singly = "probabilities" if kind == "probability" else "densities"
    words = by_detail(
        standard=say(f"By independence the {singly} multiply, each with its own prediction:"),
        full=say(
            f"The observations are independent, so their joint {kind} is the product of the individual {singly}, each with its own prediction:"
        ),
    )
    body = state.indexed(p.density)
    display = sized_chain(state.oracle, state.of("L"), lambda w: float(w["#ell"]), [(product(body, state.i), None, None)])
    return state.adding(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (*words, display)))


def negative_log(state: LossState) -> LossState:
    """Section "Negative log-likelihood": the logarithm opened, and parted into constant + scale * loss."""
    p, al = state.problem, state.al
    body = state.indexed(p.density)
    opened = logged(body, al)
    state = parted(state, opened)
    label = state.of("NLL")
    loss = state.loss
    final = loss if state.scale == ONE else neg(Mul((state.scale, loss.arg))) if isinstance(loss, Neg) else Mul((state.scale, loss))
    parts: list[Part] = [
        (neg(log(product(body, state.i))), None, None),
        (neg(total(log(body), state.i)), say("the logarithm of a product is the sum of the logarithms"), RuleName.LOG_OF_A_PRODUCT),
        (neg(total(opened, state.i)), say("log rules"), RuleName.LOG_RULES),
        (add(*terms(state.constant), final), say("sum term by term and take constants out of the sums"), RuleName.SPLIT_THE_SUM),
    ]
    words = by_detail(
        standard=say(
            "The logarithm is increasing and the minus sign turns maximisation into minimisation, so {} is smallest where {} is largest:",
            equation(label, neg(log(state.of("L")))), state.of("L"),
        ),
        full=say(
            "The logarithm is increasing and the minus sign turns maximisation into minimisation, so the predictions that make {} largest are "
            "those that make {} smallest. Optimisers are built to minimise; this is what they are given:",
            state.of("L"), equation(label, neg(log(state.of("L")))),
        ),
    )  # fmt: skip
    section = Section(SectionKey.LOG_LIKELIHOOD, say("Negative log-likelihood"), (*words, chain(state.oracle, label, parts)))
    return state.adding(section)


def parted(state: LossState, opened: Formula) -> LossState:
    """With constant, scale and loss, from the logarithm of the density of one observation; and the loss's name, where it has one.

    Raises NotSupported where the density does not depend on the prediction.
    """
    al = state.al
    each = [al.build(t) for t in al.flat(opened, deep=True)]
    free = [t for t in each if state.free(t)]
    bound = [t for t in each if not state.free(t)]
    if not bound:
        raise NotSupported("the density does not depend on the prediction", hint="name the letter that the model predicts")
    outside = sum_out(total(add(*free), state.i), al) if free else ZERO
    constant = al.assemble(al.split(neg(t)) for t in terms(outside))
    ts = [al.split(neg(t)) for t in bound]
    shared = al.common_factor(ts)
    mine = {b: k for b, k in shared.powers.items() if state.free(b) and state.free(k) and not {state.i} & (names(b) | names(k))}
    mine = {b: k for b, k in mine.items() if al.facts.range(b).positive}
    scale = Term(shared.coefficient, mine)
    minus, cost = leading_minus([al.build(al.divided(t, scale)) for t in ts])
    each_cost, loss = (neg(cost), neg(total(cost, state.i))) if minus else (cost, total(cost, state.i))
    state = replace(state, constant=constant, scale=al.build(scale), each=each_cost, loss=loss, general=loss)
    state = replace(state, oracle=Oracle(tuple(with_loss(w, state) for w in state.oracle.points)))
    found = _known(state)
    return state if found is None else replace(state, known=found[0], usual=found[1])


def _known(state: LossState) -> tuple[Known, Formula] | None:
    """The loss by name, and its usual form."""
    p = state.problem
    if len(p.variables) != len(state.outputs):
        return None
    pairs = [(state.indexed(Sym(v)), state.indexed(u)) for v, u in zip(p.variables, state.outputs, strict=True)]
    constants = [Sym(k) for k in (*p.known, *p.parameters) if k not in state.prediction.outputs]
    return recognised(state.loss, state.each, lambda f: total(f, state.i), pairs, constants, state.pairs)


def dropped(state: LossState) -> LossState:
    """Section "What does not move the minimum": the constant and the scale, each with its reason."""
    blocks: list[Block] = []
    predicted = listed("", state.outputs)
    if state.constant != ZERO:
        some = len(terms(state.constant)) > 1
        blocks.append(
            say("The terms " if some else "The term ")
            + listed("", [t.arg if isinstance(t, Neg) else t for t in terms(state.constant)])
            + say(" do not contain " if some else " does not contain ") + predicted
            + say(", so the minimiser is the same without {}.", "them" if some else "it")
        )  # fmt: skip
    if state.scale != ONE:
        blocks.append(
            say("The factor {} is positive and does not contain ", state.scale) + predicted
            + say(": dividing by it leaves the minimiser as it is.")
        )  # fmt: skip
    nothing = say("Every term contains ") + predicted + say(", and no factor is common to all terms: there is nothing to leave out.")
    blocks = blocks or [in_full(nothing)]
    return state.adding(Section(SectionKey.LOSS, say("What does not move the minimum"), tuple(blocks)))


__all__ = ["dropped", "joint", "negative_log"]
