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
from ...oracle.judge import Oracle, close
from ...problem.problem import Problem
from ...recorder import Part, chain, sized_chain
from ...rules.logs import logged
from ...rules.sums import sum_out
from ...trace import Display, Evidence, Line, Section, Words, say
from ..report.density_section import origin
from ..report.observed import observed
from .loss_state import LossWork, model_worlds, reduced
from .named_losses import Known, U, Y, flat, formula_of, leading_minus, link, recognised

FEW = 3  # values of an observation that are looked at one by one
WRITTEN_OUT = 6  # observations up to which the loss is written out with the data


# -- the sections ----------------------------------------------------------------------------------


def noise_model(work: LossWork) -> None:
    """The model: the density of one observation given its prediction."""
    p = work.problem
    discrete = all(d.discrete for d in p.support.values())
    head = equation(p.density_at(*map(Sym, p.variables)), p.density)
    evidence = Evidence("sampled", "it totals 1 over its support", 3) if p.normalised else Evidence("defined", "the density as given")
    responses = work.listed([At(v, (Sym(work.i),)) for v in p.variables])
    predicted = work.listed([work.indexed(u) for u in work.outputs])
    kind = "probability mass function" if discrete else "density"
    blocks: list[Words | Display] = [
        say("The observations are independent. For observation {} a model predicts ", Sym(work.i)) + predicted
        + say(", and ") + responses + say(f" then has the {kind}"),
        Display((Line(head, None, evidence),)),
    ]  # fmt: skip
    about = [c for v in p.variables if (c := p.support[v].condition(Sym(v))) is not None]
    about += [c for k, d in p.parameters.items() if (c := d.condition(Sym(k))) is not None]
    words = (say("for ") + work.listed(about) if about else say("for real {}", Sym(p.variables[0]))) + say(".")
    if p.values:
        words += say(" Here ") + work.listed([equation(Sym(k), f) for k, f in p.values.items()]) + say(".")
    fixed = [Sym(k) for k in (*p.parameters, *p.known) if k not in work.prediction.outputs]
    if fixed:
        words += say(" What the model predicts is ") + work.listed(work.outputs) + say("; ") + work.listed(fixed)
        state = "known and " if all(u.name in p.known for u in fixed) else ""
        words += say(f" is {state}the same for all predictions." if len(fixed) == 1 else f" are {state}the same for all predictions.")
    blocks.append(words)
    if not work.prediction.given:
        blocks.append(say("How the model computes its predictions is left open."))
    blocks += [say("{}", w) for w in p.warnings]
    blocks += observed(p)
    work.sections += origin(p)
    work.sections.append(Section(say("Model"), tuple(blocks), numbered=False))


def cases(work: LossWork) -> None:
    """Section "Both cases in one formula": the density at each of the few values that an observation takes."""
    p = work.problem
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
            (work.al.tidy(put), say("a power 0 is 1"), "arithmetic"),
        ]
        blocks.append(chain(oracle, label, parts))
    switches = all(not has(b, Sym(v)) for b in work.al.split(p.density).powers)
    both = "both cases" if len(values) == 2 else "all cases"
    last = say("One formula so covers {}, and no distinction of cases needs to be carried on.", both)
    if switches:
        last = say("This is a clean trick: {} stands in the exponents, where it switches one factor on and the others off. ", Sym(v)) + last
    work.sections.append(Section(say("Both cases in one formula" if len(values) == 2 else "All cases in one formula"), (*blocks, last)))


def _few_values(p: Problem) -> list[Fraction] | None:
    """The values of an observation, the largest first, where they are few numbers."""
    if len(p.variables) != 1:
        return None
    given = p.support[p.variables[0]].values
    if given is None or not 2 <= len(given) <= FEW:
        return None
    found = [v for v in map(value, given) if v is not None]
    return sorted(found, reverse=True) if len(found) == len(given) else None


def joint(work: LossWork) -> None:
    """Section "Likelihood": the product over the observations."""
    p = work.problem
    kind = "probability" if all(d.discrete for d in p.support.values()) else "density"
    words = say(
        "The observations are independent, so their joint {} is the product of the {}s of the single ones, each with its own prediction:",
        kind, "probabilitie" if kind == "probability" else "densitie",
    )  # fmt: skip
    body = work.indexed(p.density)
    display = sized_chain(work.oracle, work.of("L"), lambda w: float(w["#ell"]), [(product(body, work.i), None, "")])
    work.sections.append(Section(say("Likelihood"), (words, display)))


def negative_log(work: LossWork) -> None:
    """Section "Negative log-likelihood": the logarithm opened, and parted into constant + scale * loss."""
    p, al = work.problem, work.al
    body = work.indexed(p.density)
    opened = logged(body, al)
    part(work, opened)
    label = work.of("NLL")
    loss = work.loss
    final = loss if work.scale == ONE else neg(Mul((work.scale, loss.arg))) if isinstance(loss, Neg) else Mul((work.scale, loss))
    parts: list[Part] = [
        (neg(log(product(body, work.i))), None, ""),
        (neg(total(log(body), work.i)), say("the logarithm of a product is the sum of the logarithms"), "log of a product"),
        (neg(total(opened, work.i)), say("log rules"), "log rules"),
        (add(*terms(work.constant), final), say("sum term by term; constants come out of the sums"), "split the sum"),
    ]
    words = say(
        "The logarithm is increasing and the minus sign turns upside down, so the predictions that make {} largest are those that make "
        "{} smallest. Optimisers are built to minimise; this is what they are given:",
        work.of("L"), equation(label, neg(log(work.of("L")))),
    )  # fmt: skip
    work.sections.append(Section(say("Negative log-likelihood"), (words, chain(work.oracle, label, parts))))


def part(work: LossWork, opened: Formula) -> None:
    """Decide constant, scale and loss from the log-density of one observation."""
    al = work.al
    each = [al.build(t) for t in al.flat(opened, deep=True)]
    free = [t for t in each if work.free(t)]
    bound = [t for t in each if not work.free(t)]
    if not bound:
        raise NotSupported("the density does not depend on the prediction", hint="name the letter that the model predicts")
    outside = sum_out(total(add(*free), work.i), al) if free else ZERO
    work.constant = al.assemble(al.split(neg(t)) for t in terms(outside))
    ts = [al.split(neg(t)) for t in bound]
    shared = al.common_factor(ts)
    mine = {b: k for b, k in shared.powers.items() if work.free(b) and work.free(k) and not {work.i} & (names(b) | names(k))}
    mine = {b: k for b, k in mine.items() if al.facts.range(b).positive}
    scale = Term(shared.coefficient, mine)
    work.scale = al.build(scale)
    minus, cost = leading_minus([al.build(al.divided(t, scale)) for t in ts])
    work.each = neg(cost) if minus else cost
    work.loss = neg(total(cost, work.i)) if minus else total(cost, work.i)
    work.general = work.loss
    for w in work.oracle.worlds:
        w["J"] = reduced(w, work)
    p = work.problem
    if len(p.variables) == len(work.outputs):
        pairs = [(work.indexed(Sym(v)), work.indexed(u)) for v, u in zip(p.variables, work.outputs, strict=True)]
        constants = [Sym(k) for k in (*p.known, *p.parameters) if k not in work.prediction.outputs]
        found = recognised(work.loss, work.each, lambda f: total(f, work.i), pairs, constants, work.pairs)
        if found is not None:
            work.known, work.usual = found


def dropped(work: LossWork) -> None:
    """Section "What does not move the minimum": the constant and the scale, each with its reason."""
    blocks: list[Words | Display] = []
    predicted = work.listed(work.outputs)
    if work.constant != ZERO:
        some = len(terms(work.constant)) > 1
        blocks.append(
            say("The terms " if some else "The term ")
            + work.listed([t.arg if isinstance(t, Neg) else t for t in terms(work.constant)])
            + say(" do not contain " if some else " does not contain ") + predicted
            + say(": they are" if some else ": it is")
            + say(" the same for all predictions. Without {} every value is shifted by one and the same amount, so the minimiser is the same.",
                  "them" if some else "it")
        )  # fmt: skip
    if work.scale != ONE:
        blocks.append(
            say("The factor {} is positive and does not contain ", work.scale) + predicted
            + say(". Dividing by it rescales every value alike and keeps their order, so the minimiser is the same.")
        )  # fmt: skip
    if not blocks:
        blocks.append(
            say("Every term contains ") + predicted + say(", and no factor is common to all terms: there is nothing to leave out.")
        )
    work.sections.append(Section(say("What does not move the minimum"), tuple(blocks)))


def what_is_left(work: LossWork) -> None:
    """Section "The loss": what is minimised, its name, and what each term of it penalises."""
    first = (
        "What is left is the loss:" if (work.constant, work.scale) != (ZERO, ONE) else "So the negative log-likelihood itself is the loss:"
    )
    blocks: list[Words | Display] = [say(first), chain(work.oracle, work.of("J"), [(work.loss, None, "leave out")])]
    known = work.known
    if known is not None:
        blocks.append(_called(work, known) + say(". {}", known.says))
        blocks += _term_by_term(work, known)
    work.sections.append(Section(say("The loss"), tuple(blocks)))


def _called(work: LossWork, known: Known) -> Words:
    """The loss's name, with its usual form where that differs by a factor or a constant."""
    if all(close(u, v, 1e-9) for u, v in zip(work.oracle.values(work.usual), work.oracle.values(work.loss), strict=True)):
        return say("It is {}", known.name)
    predicted = work.listed(work.outputs)
    return say("Up to a positive factor and terms without ") + predicted + say(" it is {}, {}", known.name, work.usual)


def _term_by_term(work: LossWork, known: Known) -> list[Words | Display]:
    p = work.problem
    out: list[Words | Display] = []
    for x in _few_values(p) or ():
        if int(x) not in known.terms or x.denominator != 1:
            continue
        y = work.indexed(Sym(p.variables[0]))
        put = replace_all(work.each, {y: num(x)})
        here = say("{}", equation(y, num(x)))
        oracle = Oracle(tuple({**w, work.i: 1} for w in work.oracle.worlds))
        shown = equation(put, work.al.tidy(put))
        out.append(say("Where ") + here + say(", observation {} costs", Sym(work.i)))
        out.append(Display((Line(shown, None, oracle.equal(*shown.sides), "put in"),)))
        out.append(say("{}", known.terms[int(x)]))
    return out


# -- the model's own prediction --------------------------------------------------------------------


def substituted(work: LossWork) -> None:
    """Section "With the model's prediction": the loss as a function of the weights."""
    p, given = work.problem, work.prediction.given
    if not given:
        _suggestion(work)
        return
    table: dict[Formula, Formula] = {At(k, (Sym(work.i),)): p.indexed(f) for k, f in given.items()}
    parts: list[Part] = [(replace_all(work.loss, table), None, "put in the prediction")]
    opened = transform(parts[0][0], _undone)
    parts += [(opened, say("the logarithm undoes the exponential"), "log rules")] if opened != parts[0][0] else []
    way, u = link(next(iter(given.values())), work.prediction.weights, work.al) if len(given) == 1 else ("", ZERO)
    if work.known is not None and way in work.known.simpler:
        y = work.indexed(Sym(p.variables[0]))
        parts = parts[:1]
        simpler = flat(replace_all(formula_of(work.known.simpler[way]), {Y: y, U: p.indexed(u)}))
        parts.append((total(simpler, work.i), say("open the logarithms and put together what belongs together"), "log rules"))
    weights, covariates = (tuple(map(Sym, names_)) for names_ in (work.prediction.weights, work.prediction.covariates))
    blocks: list[Words | Display] = [
        say("The model computes its prediction from ") + work.listed([p.indexed(c) for c in covariates] or weights) + say(":"),
        Display(tuple(Line(equation(*pair), None, Evidence("defined", "the prediction as given")) for pair in table.items())),
        say("As a function of ") + work.listed(weights) + say(" the loss is"),
        chain(Oracle(model_worlds(work)), Apply("J", weights), parts),
    ]
    if work.known is not None and way in work.known.models:
        blocks.append(say("This is {}.", work.known.models[way]))
    work.loss = parts[-1][0]
    work.sections.append(Section(say("With the model's prediction"), tuple(blocks)))


def _undone(f: Formula) -> Formula | None:
    return (
        f.args[0].args[0] if isinstance(f, Call) and f.name == "log" and isinstance(f.args[0], Call) and f.args[0].name == "exp" else None
    )


def _suggestion(work: LossWork) -> None:
    """Adds what minimising the loss is known as, where the prediction is a common function of a linear predictor."""
    if work.known is None or not work.known.models or len(work.outputs) != 1:
        return
    x = At("x" if "x" not in work.problem.variables else "z", (Sym(work.i),))
    way, name = next(iter(work.known.models.items()))
    f = LINKS[way](Mul((Apply("Transpose", (Sym("w"),)), x)))
    last = work.sections[-1]
    words = say(
        "With {}, for covariates {} and weights {}, minimising it is {}.", equation(work.indexed(work.outputs[0]), f), x, Sym("w"), name
    )
    work.sections[-1] = changed(last, blocks=(*last.blocks, words))


LINKS: Mapping[str, Callable[[Formula], Formula]] = {
    "identity": lambda u: u, "exp": exp, "sigmoid": lambda u: Div(ONE, add(ONE, exp(neg(u)))), "probit": lambda u: call("Phi", u),
}  # fmt: skip


def with_data(work: LossWork) -> None:
    """Adds the loss with the observations in it, where they are few."""
    p, seen = work.problem, work.problem.observations
    if seen is None or seen.size > WRITTEN_OUT or any(isinstance(g, Apply) for g in walk(work.loss)):
        return
    body, minus = (work.loss.arg, True) if isinstance(work.loss, Neg) else (work.loss, False)
    if not isinstance(body, Big):
        return
    rows = list(seen.each())
    own = Algebra(work.al.facts, seen.has_decimals)
    written = [own.tidy(replace_all(seen.at(body.body, work.i, row), {Sym(work.i): num(j)})) for j, row in enumerate(rows, 1)]
    f = add(*(t for g in written for t in (terms(neg(g)) if minus and not isinstance(g, Add) else terms(g) if not minus else (neg(g),))))
    columns = seen.columns()
    oracle = Oracle(tuple({**_redrawn(w, p, len(rows)), **columns, "n": len(rows)} for w in work.oracle.worlds))
    oracle.equal(work.loss, f)
    label = Apply("J", _arguments(work))
    evidence = oracle.equal(work.loss, f)
    blocks = (say("With the data:"), Display((Line(equation(label, f), None, evidence, "put in the data"),)))
    work.sections[-1] = changed(work.sections[-1], blocks=(*work.sections[-1].blocks, *blocks))


def _redrawn(w: Env, p: Problem, size: int) -> Env:
    """A world with as many predictions as there are observations, and weights."""
    assert p.prediction is not None
    rng = random.Random(13)
    out = {**w, **{k: rng.uniform(0.2, 0.8) for k in p.prediction.weights}}
    return {**out, **{k: [w[k][j % len(w[k])] for j in range(size)] for k in p.prediction.outputs}}


def _arguments(work: LossWork) -> tuple[Formula, ...]:
    return tuple(map(Sym, work.prediction.weights)) if work.prediction.given else work.outputs


def conclusion(work: LossWork) -> None:
    """The result: the loss once more, and what minimising it means."""
    display = chain(work.oracle, work.of("J"), [(work.general, None, "result")])
    name = work.known.name if work.known else "this loss"
    words = say(
        "Minimising {} is maximum likelihood under this noise model: the loss is not an arbitrary choice, it follows from what was assumed "
        "of the noise.", name,
    )  # fmt: skip
    given = [equation(work.indexed(Sym(k)), work.problem.indexed(f)) for k, f in work.prediction.given.items()]
    where = (say("with ") + work.listed(given) + say(". ")) if given else say("")
    work.sections.append(Section(say("Result"), (display, where + words), numbered=False))


STAGES: tuple[Callable[[LossWork], None], ...] = (
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
