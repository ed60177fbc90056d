"""From a noise model to the loss: the negative log-likelihood, and what of it does not move the minimum."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...errors import NotSupported
from ...formula.evaluate import Env
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Div,
    Formula,
    Mul,
    Neg,
    Sym,
    add,
    call,
    equation,
    exp,
    has,
    log,
    names,
    neg,
    num,
    product,
    replace_all,
    terms,
    total,
    transform,
    value,
    walk,
)
from ...oracle.judge import Oracle, close, sampled
from ...problem.problem import Problem
from ...recorder import Part, chain, defined, definition, record, sized_chain
from ...rules.logs import logged
from ...rules.sums import sum_out
from ...trace import Display, Section, SectionKey, Words, say
from ..report.density_section import origin
from ..setup.observed import observed
from .loss_state import LossState, model_worlds, reduced
from .named_losses import Known, U, Y, flat, formula_of, leading_minus, link, recognised

FEW = 3  # values of an observation that are looked at one by one
WRITTEN_OUT = 6  # observations up to which the loss is written out with the data


# -- the sections ----------------------------------------------------------------------------------


def noise_model(state: LossState) -> None:
    """The model: the density of one observation given its prediction."""
    p = state.problem
    discrete = all(d.discrete for d in p.support.values())
    head = equation(p.density_at(*map(Sym, p.variables)), p.density)
    evidence = sampled("it totals 1 over its support", 3) if p.normalised else defined("the density as given")
    responses = state.listed([At(v, (Sym(state.i),)) for v in p.variables])
    predicted = state.listed([state.indexed(u) for u in state.outputs])
    kind = "probability mass function" if discrete else "density"
    blocks: list[Words | Display] = [
        say("The observations are independent. For observation {} a model predicts ", Sym(state.i)) + predicted
        + say(", and ") + responses + say(f" then has the {kind}"),
        Display((record(head, evidence),)),
    ]  # fmt: skip
    about = [c for v in p.variables if (c := p.support[v].condition(Sym(v))) is not None]
    about += [c for k, d in p.parameters.items() if (c := d.condition(Sym(k))) is not None]
    words = (say("for ") + state.listed(about) if about else say("for real {}", Sym(p.variables[0]))) + say(".")
    if p.values:
        words += say(" Here ") + state.listed([equation(Sym(k), f) for k, f in p.values.items()]) + say(".")
    fixed = [Sym(k) for k in (*p.parameters, *p.known) if k not in state.prediction.outputs]
    if fixed:
        words += say(" What the model predicts is ") + state.listed(state.outputs) + say("; ") + state.listed(fixed)
        fixed_word = "known and " if all(u.name in p.known for u in fixed) else ""
        words += say(f" is {fixed_word}the same for all predictions." if len(fixed) == 1 else f" are {fixed_word}the same for all predictions.")
    blocks.append(words)
    if not state.prediction.given:
        blocks.append(say("How the model computes its predictions is left open."))
    blocks += [say("{}", w) for w in p.warnings]
    blocks += observed(p)
    state.sections += origin(p)
    state.sections.append(Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def cases(state: LossState) -> None:
    """Section "Both cases in one formula": the density at each of the few values that an observation takes."""
    p = state.problem
    values = _few_values(p)
    if values is None or any(isinstance(g, Cases) for g in walk(p.density)):
        return
    (v,) = p.variables
    rng = random.Random(3)
    worlds = []
    for _ in range(4):
        env = {k: d.interior.points(rng, {}, 1)[0] for k, d in (*p.known.items(), *p.parameters.items())}

        def density(x: float, *_: float, env: Env = env) -> float:
            return math.exp(p.log_density({**env, v: x}))

        worlds.append({**env, "f": density})
    oracle = Oracle(tuple(worlds))
    blocks: list[Words | Display] = []
    for x in values:
        put = replace_all(p.density, {Sym(v): num(x)})
        label = p.density_at(num(x))
        blocks.append(say("At {}:", equation(Sym(v), num(x))))
        parts: list[Part] = [
            (put, say("put in {}", equation(Sym(v), num(x))), "put in"),
            (state.al.tidy(put), say("a power 0 is 1"), "arithmetic"),
        ]
        blocks.append(chain(oracle, label, parts))
    switches = all(not has(b, Sym(v)) for b in state.al.split(p.density).powers)
    both = "both cases" if len(values) == 2 else "all cases"
    last = say("One formula so covers {}, and no distinction of cases needs to be carried on.", both)
    if switches:
        last = say("This is a clean trick: {} stands in the exponents, where it switches one factor on and the others off. ", Sym(v)) + last
    state.sections.append(Section(SectionKey.DENSITY, say("Both cases in one formula" if len(values) == 2 else "All cases in one formula"), (*blocks, last)))


def _few_values(p: Problem) -> list[Fraction] | None:
    """The values of an observation, the largest first, where they are few numbers."""
    if len(p.variables) != 1:
        return None
    given = p.support[p.variables[0]].values
    if given is None or not 2 <= len(given) <= FEW:
        return None
    found = [v for v in map(value, given) if v is not None]
    return sorted(found, reverse=True) if len(found) == len(given) else None


def joint(state: LossState) -> None:
    """Section "Likelihood": the product over the observations."""
    p = state.problem
    kind = "probability" if all(d.discrete for d in p.support.values()) else "density"
    words = say(
        "The observations are independent, so their joint {} is the product of the {}s of the single ones, each with its own prediction:",
        kind, "probabilitie" if kind == "probability" else "densitie",
    )  # fmt: skip
    body = state.indexed(p.density)
    display = sized_chain(state.oracle, state.of("L"), lambda w: float(w["#ell"]), [(product(body, state.i), None, "")])
    state.sections.append(Section(SectionKey.LIKELIHOOD, say("Likelihood"), (words, display)))


def negative_log(state: LossState) -> None:
    """Section "Negative log-likelihood": the logarithm opened, and parted into constant + scale * loss."""
    p, al = state.problem, state.al
    body = state.indexed(p.density)
    opened = logged(body, al)
    part(state, opened)
    label = state.of("NLL")
    loss = state.loss
    final = loss if state.scale == ONE else neg(Mul((state.scale, loss.arg))) if isinstance(loss, Neg) else Mul((state.scale, loss))
    parts: list[Part] = [
        (neg(log(product(body, state.i))), None, ""),
        (neg(total(log(body), state.i)), say("the logarithm of a product is the sum of the logarithms"), "log of a product"),
        (neg(total(opened, state.i)), say("log rules"), "log rules"),
        (add(*terms(state.constant), final), say("sum term by term; constants come out of the sums"), "split the sum"),
    ]
    words = say(
        "The logarithm is increasing and the minus sign turns upside down, so the predictions that make {} largest are those that make "
        "{} smallest. Optimisers are built to minimise; this is what they are given:",
        state.of("L"), equation(label, neg(log(state.of("L")))),
    )  # fmt: skip
    state.sections.append(Section(SectionKey.LOG_LIKELIHOOD, say("Negative log-likelihood"), (words, chain(state.oracle, label, parts))))


def part(state: LossState, opened: Formula) -> None:
    """Decide constant, scale and loss from the log-density of one observation."""
    al = state.al
    each = [al.build(t) for t in al.flat(opened, deep=True)]
    free = [t for t in each if state.free(t)]
    bound = [t for t in each if not state.free(t)]
    if not bound:
        raise NotSupported("the density does not depend on the prediction", hint="name the letter that the model predicts")
    outside = sum_out(total(add(*free), state.i), al) if free else ZERO
    state.constant = al.assemble(al.split(neg(t)) for t in terms(outside))
    ts = [al.split(neg(t)) for t in bound]
    shared = al.common_factor(ts)
    mine = {b: k for b, k in shared.powers.items() if state.free(b) and state.free(k) and not {state.i} & (names(b) | names(k))}
    mine = {b: k for b, k in mine.items() if al.facts.range(b).positive}
    scale = Term(shared.coefficient, mine)
    state.scale = al.build(scale)
    minus, cost = leading_minus([al.build(al.divided(t, scale)) for t in ts])
    state.each = neg(cost) if minus else cost
    state.loss = neg(total(cost, state.i)) if minus else total(cost, state.i)
    state.general = state.loss
    for w in state.oracle.worlds:
        w["J"] = reduced(w, state)
    p = state.problem
    if len(p.variables) == len(state.outputs):
        pairs = [(state.indexed(Sym(v)), state.indexed(u)) for v, u in zip(p.variables, state.outputs, strict=True)]
        constants = [Sym(k) for k in (*p.known, *p.parameters) if k not in state.prediction.outputs]
        found = recognised(state.loss, state.each, lambda f: total(f, state.i), pairs, constants, state.pairs)
        if found is not None:
            state.known, state.usual = found


def dropped(state: LossState) -> None:
    """Section "What does not move the minimum": the constant and the scale, each with its reason."""
    blocks: list[Words | Display] = []
    predicted = state.listed(state.outputs)
    if state.constant != ZERO:
        some = len(terms(state.constant)) > 1
        blocks.append(
            say("The terms " if some else "The term ")
            + state.listed([t.arg if isinstance(t, Neg) else t for t in terms(state.constant)])
            + say(" do not contain " if some else " does not contain ") + predicted
            + say(": they are" if some else ": it is")
            + say(" the same for all predictions. Without {} every value is shifted by one and the same amount, so the minimiser is the same.",
                  "them" if some else "it")
        )  # fmt: skip
    if state.scale != ONE:
        blocks.append(
            say("The factor {} is positive and does not contain ", state.scale) + predicted
            + say(". Dividing by it rescales every value alike and keeps their order, so the minimiser is the same.")
        )  # fmt: skip
    if not blocks:
        blocks.append(
            say("Every term contains ") + predicted + say(", and no factor is common to all terms: there is nothing to leave out.")
        )
    state.sections.append(Section(SectionKey.LOSS, say("What does not move the minimum"), tuple(blocks)))


def what_is_left(state: LossState) -> None:
    """Section "The loss": what is minimised, its name, and what each term of it penalises."""
    first = (
        "What is left is the loss:" if (state.constant, state.scale) != (ZERO, ONE) else "So the negative log-likelihood itself is the loss:"
    )
    blocks: list[Words | Display] = [say(first), chain(state.oracle, state.of("J"), [(state.loss, None, "leave out")])]
    known = state.known
    if known is not None:
        blocks.append(_called(state, known) + say(". {}", known.says))
        blocks += _term_by_term(state, known)
    state.sections.append(Section(SectionKey.LOSS, say("The loss"), tuple(blocks)))


def _called(state: LossState, known: Known) -> Words:
    """The loss's name, with its usual form where that differs by a factor or a constant."""
    if all(close(u, v, 1e-9) for u, v in zip(state.oracle.values(state.usual), state.oracle.values(state.loss), strict=True)):
        return say("It is {}", known.name)
    predicted = state.listed(state.outputs)
    return say("Up to a positive factor and terms without ") + predicted + say(" it is {}, {}", known.name, state.usual)


def _term_by_term(state: LossState, known: Known) -> list[Words | Display]:
    p = state.problem
    out: list[Words | Display] = []
    for x in _few_values(p) or ():
        if int(x) not in known.terms or x.denominator != 1:
            continue
        y = state.indexed(Sym(p.variables[0]))
        put = replace_all(state.each, {y: num(x)})
        here = say("{}", equation(y, num(x)))
        oracle = Oracle(tuple({**w, state.i: 1} for w in state.oracle.worlds))
        shown = equation(put, state.al.tidy(put))
        out.append(say("Where ") + here + say(", observation {} costs", Sym(state.i)))
        out.append(Display((record(shown, oracle.equal(*shown.sides), rule="put in"),)))
        out.append(say("{}", known.terms[int(x)]))
    return out


# -- the model's own prediction --------------------------------------------------------------------


def substituted(state: LossState) -> None:
    """Section "With the model's prediction": the loss as a function of the weights."""
    p, given = state.problem, state.prediction.given
    if not given:
        _suggestion(state)
        return
    table: dict[Formula, Formula] = {At(k, (Sym(state.i),)): p.indexed(f) for k, f in given.items()}
    parts: list[Part] = [(replace_all(state.loss, table), None, "put in the prediction")]
    opened = transform(parts[0][0], _undone)
    parts += [(opened, say("the logarithm undoes the exponential"), "log rules")] if opened != parts[0][0] else []
    way, u = link(next(iter(given.values())), state.prediction.weights, state.al) if len(given) == 1 else ("", ZERO)
    if state.known is not None and way in state.known.simpler:
        y = state.indexed(Sym(p.variables[0]))
        parts = parts[:1]
        simpler = flat(replace_all(formula_of(state.known.simpler[way]), {Y: y, U: p.indexed(u)}))
        parts.append((total(simpler, state.i), say("open the logarithms and put together what belongs together"), "log rules"))
    weights, covariates = (tuple(map(Sym, names_)) for names_ in (state.prediction.weights, state.prediction.covariates))
    blocks: list[Words | Display] = [
        say("The model computes its prediction from ") + state.listed([p.indexed(c) for c in covariates] or weights) + say(":"),
        Display(tuple(definition(equation(*pair), "the prediction as given") for pair in table.items())),
        say("As a function of ") + state.listed(weights) + say(" the loss is"),
        chain(Oracle(model_worlds(state)), Apply("J", weights), parts),
    ]
    if state.known is not None and way in state.known.models:
        blocks.append(say("This is {}.", state.known.models[way]))
    state.loss = parts[-1][0]
    state.sections.append(Section(SectionKey.LOSS, say("With the model's prediction"), tuple(blocks)))


def _undone(f: Formula) -> Formula | None:
    return (
        f.args[0].args[0] if isinstance(f, Call) and f.name == "log" and isinstance(f.args[0], Call) and f.args[0].name == "exp" else None
    )


def _suggestion(state: LossState) -> None:
    """Adds what minimising the loss is known as, where the prediction is a common function of a linear predictor."""
    if state.known is None or not state.known.models or len(state.outputs) != 1:
        return
    x = At("x" if "x" not in state.problem.variables else "z", (Sym(state.i),))
    way, name = next(iter(state.known.models.items()))
    f = LINKS[way](Mul((Apply("Transpose", (Sym("w"),)), x)))
    last = state.sections[-1]
    words = say(
        "With {}, for covariates {} and weights {}, minimising it is {}.", equation(state.indexed(state.outputs[0]), f), x, Sym("w"), name
    )
    state.sections[-1] = changed(last, blocks=(*last.blocks, words))


LINKS: Mapping[str, Callable[[Formula], Formula]] = {
    "identity": lambda u: u, "exp": exp, "sigmoid": lambda u: Div(ONE, add(ONE, exp(neg(u)))), "probit": lambda u: call("Phi", u),
}  # fmt: skip


def with_data(state: LossState) -> None:
    """Adds the loss with the observations in it, where they are few."""
    p, seen = state.problem, state.problem.observations
    if seen is None or seen.size > WRITTEN_OUT or any(isinstance(g, Apply) for g in walk(state.loss)):
        return
    body, minus = (state.loss.arg, True) if isinstance(state.loss, Neg) else (state.loss, False)
    if not isinstance(body, Big):
        return
    rows = list(seen.each())
    own = Algebra(state.al.facts, seen.has_decimals)
    written = [own.tidy(replace_all(seen.at(body.body, state.i, row), {Sym(state.i): num(j)})) for j, row in enumerate(rows, 1)]
    f = add(*(t for g in written for t in (terms(neg(g)) if minus and not isinstance(g, Add) else terms(g) if not minus else (neg(g),))))
    columns = seen.columns()
    oracle = Oracle(tuple({**_redrawn(w, p, len(rows)), **columns, "n": len(rows)} for w in state.oracle.worlds))
    oracle.equal(state.loss, f)
    label = Apply("J", _arguments(state))
    evidence = oracle.equal(state.loss, f)
    blocks = (say("With the data:"), Display((record(equation(label, f), evidence, rule="put in the data"),)))
    state.sections[-1] = changed(state.sections[-1], blocks=(*state.sections[-1].blocks, *blocks))


def _redrawn(w: Env, p: Problem, size: int) -> Env:
    """A world with as many predictions as there are observations, and weights."""
    assert p.prediction is not None
    rng = random.Random(13)
    out = {**w, **{k: rng.uniform(0.2, 0.8) for k in p.prediction.weights}}
    return {**out, **{k: [w[k][j % len(w[k])] for j in range(size)] for k in p.prediction.outputs}}


def _arguments(state: LossState) -> tuple[Formula, ...]:
    return tuple(map(Sym, state.prediction.weights)) if state.prediction.given else state.outputs


def conclusion(state: LossState) -> None:
    """The result: the loss once more, and what minimising it means."""
    display = chain(state.oracle, state.of("J"), [(state.general, None, "result")])
    name = state.known.name if state.known else "this loss"
    words = say(
        "Minimising {} is maximum likelihood under this noise model: the loss is not an arbitrary choice, it follows from what was assumed "
        "of the noise.", name,
    )  # fmt: skip
    given = [equation(state.indexed(Sym(k)), state.problem.indexed(f)) for k, f in state.prediction.given.items()]
    where = (say("with ") + state.listed(given) + say(". ")) if given else say("")
    state.sections.append(Section(SectionKey.RESULT, say("Result"), (display, where + words), numbered=False))


STAGES: tuple[Callable[[LossState], None], ...] = (
    noise_model,
    cases,
    joint,
    negative_log,
    dropped,
    what_is_left,
    substituted,
    with_data,
    conclusion,
)
