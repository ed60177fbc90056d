"""A sample of normal vectors: the mean and the covariance matrix (Anderson, An Introduction to Multivariate Statistical Analysis, 3.2).

The quadratic form is parted about the sample mean, the trace trick gives S, and the differential of log|Sigma| and of Sigma^-1 the
equation for Sigma; that its solution is the maximum follows from log t <= t - 1 for the eigenvalues of Sigma^-1 S/n.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    At,
    Call,
    Const,
    Derivative,
    Differential,
    Div,
    Formula,
    MatMul,
    Mul,
    Relation,
    Sym,
    add,
    equation,
    log,
    mul,
    neg,
    total,
)
from ...problem.arrays import ArrayModel
from ...recorder import Equations, chain, defined, definition, held, record
from ...rule_names import RuleName
from ...rules.logs import logged
from ...rules.sums import split_sums
from ...trace import Block, Condition, ConditionKind, Display, How, Move, Section, SectionKey, Table, say
from ..number_format import digits
from ..prose import listed
from ..setting import ARGUED, State
from .likelihood import model_of

I_ = Sym("i")
N = Sym("n")
S = Sym("S")


def _letters(state: State) -> tuple[ArrayModel, At, Sym, Sym, Formula]:
    """The model, an observation, the mean, the covariance matrix and the dimension."""
    m = model_of(state)
    assert isinstance(m.mean, Sym) and isinstance(m.covariance, Sym)
    return m, At(m.response, (I_,)), m.mean, m.covariance, m.shapes.of(m.mean)[0]


def _bar(m: ArrayModel) -> Sym:
    return Sym(m.response + "_bar")


def _outer(v: Formula) -> Formula:
    return MatMul((v, Call("transpose", (v,))))


def _form(v: Formula, sigma: Formula) -> Formula:
    return MatMul((Call("transpose", (v,)), Call("inverse", (sigma,)), v))


def _in_the_data_matrix(m: ArrayModel, estimated: bool) -> dict[str, Formula]:
    """The sample mean and S in the matrix whose rows are the observations."""
    x, one = Sym(m.response), Call("ones", (N,))
    bar = Mul((Div(ONE, N), MatMul((Call("transpose", (x,)), one))))
    centring = Add((Call("eye", (N,)), neg(Mul((Div(ONE, N), MatMul((one, Call("transpose", (one,)))))))))
    if estimated:
        return {_bar(m).name: bar, S.name: MatMul((Call("transpose", (x,)), centring, x))}
    away = Add((x, neg(MatMul((one, Call("transpose", (m.mean or ZERO,)))))))
    return {_bar(m).name: bar, S.name: MatMul((Call("transpose", (away,)), away))}


def model(state: State) -> State:
    """The model, and letters for the sample mean and the matrix S of squares and products about the centre."""
    m, x, mu, sigma, p = _letters(state)
    law = Relation((x, Apply("calN", (mu, sigma))), ("~",))
    words = say(
        "for {} to {}; {} and {} have length {}, {} is {} × {}, symmetric and positive definite",
        equation(I_, ONE),
        N,
        x,
        mu,
        p,
        sigma,
        p,
        p,
    )
    known = [k for k in (mu, sigma) if k.name not in state.parameters]
    words += listed("; ", known) + say(" is known.") if known else say(".")
    blocks: list[Block] = [
        say("The observations are independent, each normal:"),
        Display((record(law, defined("the law as given")),)),
        words,
    ]
    centre = _bar(m) if mu.name in state.parameters else mu
    oracle = state.general.at({_bar(m).name: Div(total(x), N)}).at({S.name: total(_outer(Add((x, neg(centre)))))})
    meanings = _in_the_data_matrix(m, estimated=mu.name in state.parameters)
    for k, f in meanings.items():
        oracle.equal(Sym(k), f)
    state = replace(state, problem=state.problem.replace(meanings=meanings), general=oracle, judge=oracle)
    return state.adding(Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def log_likelihood(state: State) -> State:
    """Section "Log-likelihood"."""
    m, al = model_of(state), state.al
    opened = logged(m.density, al)
    tidy = split_sums(opened, al) or opened
    label = state.problem.of("ell")
    blocks: list[Block] = [
        say("By independence the densities multiply; the logarithm of the product is"),
        chain(state.general, label, [(opened, None, RuleName.LOG_OF_A_PRODUCT), (tidy, say("sum term by term"), RuleName.SPLIT_THE_SUM)]),
    ]  # fmt: skip
    return replace(state, ell=tidy).adding(Section(SectionKey.LOG_LIKELIHOOD, say("Log-likelihood"), tuple(blocks)))


def mean(state: State) -> State:
    """Section "The mean": its score equation, and the quadratic form parted about the sample mean."""
    m, x, mu, sigma, p = _letters(state)
    if mu.name not in state.parameters:
        return state
    oracle, label, bar = state.general, state.problem.of("ell"), _bar(m)
    slope = MatMul((Call("inverse", (sigma,)), total(Add((x, neg(mu))))))
    zero = Call("zeros", (p,))
    table = Equations(oracle)
    gradient = chain(oracle, Derivative(label, ((mu, 1),)), [(slope, None, RuleName.DIFFERENTIATE)])
    table.start(equation(slope, zero), defined("the gradient is zero"))
    table.move(Move(equation(total(Add((x, neg(mu)))), zero), sigma, RuleName.MULTIPLY, say("multiply from the left by {}", sigma)))
    table.move(Move(equation(Mul((N, mu)), total(x)), neg(ONE), RuleName.SPLIT_THE_SUM, say("sum term by term; rearrange")))
    table.move(Move(equation(mu, bar), Div(ONE, N), RuleName.DIVIDE, say("divide by {}: the sample mean", N)))
    scatter = definition(equation(S, total(_outer(Add((x, neg(bar)))))), "a letter", rule=RuleName.LETTER)
    oracle.equal(*scatter.formula.sides)
    away = Add((bar, neg(mu)))
    parted = Relation(
        (
            total(_form(Add((x, neg(mu))), sigma)),
            Add((Call("tr", (MatMul((Call("inverse", (sigma,)), S)),)), Mul((N, _form(away, sigma))))),
        ),
        ("=",),
    )
    blocks: list[Block] = [
        gradient, table.display, say("That it is the maximum, whatever {} is: with", sigma), Display((scatter,)),
        say("the deviations from {} add up to {}, a number is its own trace, and {}, so", bar, ZERO,
            equation(Call("tr", (MatMul((Sym("A"), Sym("B"))),)), Call("tr", (MatMul((Sym("B"), Sym("A"))),)))),
        Display((held(oracle, parted, rule=RuleName.CENTRE_THE_SUMS),)),
        say("{} is positive definite, so the last term is positive except at {}, where it is {}.", Call("inverse", (sigma,)), equation(mu, bar), ZERO),
    ]  # fmt: skip
    state = state.answered(mu.name, bar, How.CLOSED, ARGUED)
    return state.adding(Section(SectionKey.SOLVE, say("The mean"), tuple(blocks)))


def covariance(state: State) -> State:
    """Section "The covariance matrix": the differential of the profile, its zero, and why that is the maximum."""
    m, x, mu, sigma, p = _letters(state)
    if sigma.name not in state.parameters:
        return state
    estimated = mu.name in state.parameters
    centre: Formula = _bar(m) if estimated else mu
    oracle = state.general
    inverse, d = Call("inverse", (sigma,)), Differential(sigma)
    label = Apply("ell", tuple(_bar(m) if k == mu.name else Sym(k) for k in state.parameters))
    constant = neg(mul(Div(Mul((N, p)), TWO), log(Mul((TWO, Const("pi"))))))
    height = Add(
        (constant, neg(Mul((Div(N, TWO), log(Call("det", (sigma,)))))), neg(Mul((Div(ONE, TWO), Call("tr", (MatMul((inverse, S)),))))))
    )
    along = oracle.along(sigma.name)
    first = Add(
        (
            neg(Mul((Div(N, TWO), Call("tr", (MatMul((inverse, d)),))))),
            Mul((Div(ONE, TWO), Call("tr", (MatMul((inverse, d, inverse, S)),)))),
        )
    )
    inner = Add((S, neg(Mul((N, sigma)))))
    second = Mul((Div(ONE, TWO), Call("tr", (MatMul((inverse, inner, inverse, d)),))))
    scatter = definition(equation(S, total(_outer(Add((x, neg(centre)))))), "a letter", rule=RuleName.LETTER)
    estimate = Div(S, N)
    table = Equations(oracle)
    table.start(equation(inner, Call("zeros", (p, p))), defined("the differential is zero in every direction"))
    table.move(Move(equation(sigma, estimate), Div(neg(ONE), N), RuleName.DIVIDE, say("rearrange and divide by {}", N)))
    best = Apply("ell", tuple(_bar(m) if k == mu.name else hat(k) for k in state.parameters))
    there = oracle.at({hat(sigma.name).name: estimate})
    product = MatMul((inverse, hat(sigma.name)))
    gap = Mul((Div(N, TWO), Add((Call("tr", (product,)), neg(log(Call("det", (product,)))), neg(p)))))
    lam = Sym("lambda_j")
    eigen = total(Add((lam, neg(log(lam)), neg(ONE))), "j", p)
    lead: list[Block] = [say("Substitute the mean:")] if estimated else [say("With"), Display((scatter,)), say("the trace trick gives")]
    blocks: list[Block] = [
        *lead,
        chain(oracle, label, [(height, None, RuleName.PUT_IN)]),
        say("With {} and {} its differential is", equation(Differential(log(Call("det", (sigma,)))), Call("tr", (MatMul((inverse, d)),))),
            equation(Differential(inverse), neg(MatMul((inverse, d, inverse))))),
        chain(along, Differential(label), [(first, None, RuleName.DIFFERENTIATE), (second, say("a trace is unchanged by rotation"), RuleName.COMMON_FACTOR)]),
        say("It is zero for every {} where", d), table.display,
        say("The maximum: the eigenvalues {} of {} are positive, and since {} for {} with equality at {} only,", lam, product,
            Relation((log(Sym("t")), Add((Sym("t"), neg(ONE)))), ("<=",)), Relation((Sym("t"), ZERO), (">",)), equation(Sym("t"), ONE)),
        Display((held(there, Relation((Add((best, neg(label))), gap, ZERO), ("=", ">=")), rule=RuleName.COMPARE_WITH_1),)),
        say("for the bracket is {}. Equality holds where all eigenvalues are {}, that is at {} only.", eigen, ONE, equation(sigma, hat(sigma.name))),
    ]  # fmt: skip
    condition = Condition(
        ConditionKind.EXISTS, (), say("{} is positive definite, which needs {}", S, Relation((N, p), (">" if estimated else ">=",)))
    )
    state = state.answered(sigma.name, estimate, How.CLOSED, ARGUED)
    return state.adding(Section(SectionKey.MAXIMUM, say("The covariance matrix"), tuple(blocks)), conditions=[condition])


def numbers(state: State) -> dict[str, Any]:
    """The estimates at the data.  Raises NotSupported where S is singular."""
    import numpy as np

    m, _, mu, sigma, _ = _letters(state)
    assert m.values is not None
    x = m.values[m.response]
    centre = x.mean(axis=0) if mu.name in state.parameters else m.values[mu.name].ravel()
    out: dict[str, Any] = {}
    if mu.name in state.parameters:
        out[mu.name] = centre
    if sigma.name in state.parameters:
        deviations = x - centre
        if int(np.linalg.matrix_rank(deviations)) < x.shape[1]:
            raise NotSupported(
                "the observations lie in a plane of fewer dimensions, so the likelihood has no bound as the covariance matrix becomes singular",
                hint="give more observations than components, none of which is a combination of others",
            )
        out[sigma.name] = deviations.T @ deviations / len(x)
    return {k: out[k] for k in state.parameters}


def result(state: State) -> State:
    """Section "Result"."""
    m, x, mu, sigma, _ = _letters(state)
    oracle = state.general.at({hat(k).name: f for k, f in state.answers.items()})
    shown: dict[str, tuple[Formula, ...]] = {
        mu.name: (_bar(m), Div(total(x), N)),
        sigma.name: (Div(S, N), Div(total(_outer(Add((x, neg(_bar(m) if mu.name in state.parameters else mu))))), N)),
    }
    lines = [held(oracle, Relation((hat(k), *shown[k]), ("=", "=")), rule=RuleName.RESULT) for k in state.parameters]
    blocks: list[Block] = [Display(tuple(lines))]
    if sigma.name in state.parameters:
        blocks.append(
            say("The covariance matrix has the denominator {}, not {}.", N, add(N, neg(ONE)))
            if mu.name in state.parameters
            else say("It has the denominator {}.", N)
        )
    blocks += [say("The estimate ") + c.words + say(".") for c in state.conditions]
    if m.values is not None:
        blocks += _tables(numbers(state), state)
    return state.adding(Section(SectionKey.RESULT, say("Result"), tuple(blocks), numbered=False))


def _tables(found: dict[str, Any], state: State) -> list[Block]:
    count = state.problem.asked.digits
    blocks: list[Block] = []
    for k, v in found.items():
        rows = v.reshape(1, -1) if v.ndim == 1 else v
        head = tuple(say("{}", hat(k)) if j == 0 else say("") for j in range(rows.shape[1]))
        blocks.append(Table(head, tuple(tuple(say("{}", digits(float(u), count)) for u in row) for row in rows)))
    return blocks


__all__ = ["covariance", "log_likelihood", "mean", "model", "numbers", "result"]
