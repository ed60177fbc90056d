"""The loss as a function of the weights, where the question says how the model computes its prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...formula.tree import ONE, ZERO, Apply, At, Call, Div, Formula, Mul, Sym, add, call, equation, exp, neg, replace_all, total, transform
from ...oracle.oracle import Oracle
from ...recorder import Part, chain, definition
from ...rule_names import RuleName
from ...trace import Block, Display, Section, SectionKey, say
from ..prose import listed
from .loss_state import LossState, model_points
from .named_losses import U, Y, flat, formula_of, link

LINKS: Mapping[str, Callable[[Formula], Formula]] = {
    "identity": lambda u: u, "exp": exp, "sigmoid": lambda u: Div(ONE, add(ONE, exp(neg(u)))), "probit": lambda u: call("Phi", u),
}  # fmt: skip


def substituted(state: LossState) -> LossState:
    """Section "With the model's prediction": the loss as a function of the weights."""
    p, given = state.problem, state.prediction.given
    if not given:
        return _suggestion(state)
    table: dict[Formula, Formula] = {At(k, (Sym(state.i),)): p.indexed(f) for k, f in given.items()}
    parts: list[Part] = [(replace_all(state.loss, table), None, RuleName.PUT_IN_THE_PREDICTION)]
    opened = transform(parts[0][0], _undone)
    parts += [(opened, say("the logarithm undoes the exponential"), RuleName.LOG_RULES)] if opened != parts[0][0] else []
    way, u = link(next(iter(given.values())), state.prediction.weights, state.al) if len(given) == 1 else ("", ZERO)
    if state.known is not None and way in state.known.simpler:
        y = state.indexed(Sym(p.variables[0]))
        parts = parts[:1]
        simpler = flat(replace_all(formula_of(state.known.simpler[way]), {Y: y, U: p.indexed(u)}))
        parts.append((total(simpler, state.i), say("expand the logarithms and collect terms"), RuleName.LOG_RULES))
    weights, covariates = (tuple(map(Sym, names_)) for names_ in (state.prediction.weights, state.prediction.covariates))
    blocks: list[Block] = [
        say("The model computes its prediction from ") + listed("", [p.indexed(c) for c in covariates] or weights) + say(":"),
        Display(tuple(definition(equation(*pair), "the prediction as given") for pair in table.items())),
        say("As a function of ") + listed("", weights) + say(" the loss is"),
        chain(Oracle(model_points(state)), Apply("J", weights), parts),
    ]
    if state.known is not None and way in state.known.models:
        blocks.append(say("This is {}.", state.known.models[way]))
    section = Section(SectionKey.LOSS, say("With the model's prediction"), tuple(blocks))
    return replace(state.adding(section), loss=parts[-1][0])


def _undone(f: Formula) -> Formula | None:
    return (
        f.args[0].args[0] if isinstance(f, Call) and f.name == "log" and isinstance(f.args[0], Call) and f.args[0].name == "exp" else None
    )


def _suggestion(state: LossState) -> LossState:
    """With what minimising the loss is known as, where the prediction is a common function of a linear predictor."""
    if state.known is None or not state.known.models or len(state.outputs) != 1:
        return state
    x = At("x" if "x" not in state.problem.variables else "z", (Sym(state.i),))
    way, name = next(iter(state.known.models.items()))
    f = LINKS[way](Mul((Apply("Transpose", (Sym("w"),)), x)))
    words = say(
        "With {}, for covariates {} and weights {}, minimising it is {}.", equation(state.indexed(state.outputs[0]), f), x, Sym("w"), name
    )
    return state.continuing(words)


__all__ = ["substituted"]
