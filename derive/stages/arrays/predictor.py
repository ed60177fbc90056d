"""Responses with a linear predictor and the canonical link: the score X'(y - mu), the Hessian -X'WX, Newton's method as weighted least squares
(McCullagh and Nelder, Generalized Linear Models, chapter 2; Nelder and Wedderburn 1972)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.names import hat
from ...formula.shapes import matmul
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Call,
    Derivative,
    Differential,
    Formula,
    MatMul,
    Mul,
    Relation,
    Sym,
    add,
    equation,
    has,
    mul,
    neg,
    num,
    replace_all,
    terms,
    total,
)
from ...formula.with_numpy import at_arrays
from ...oracle.oracle import Oracle
from ...problem.arrays import ArrayModel, Predictor
from ...proofs.definite import definite
from ...proofs.zeros import Domain, direction_without_maximum, surface
from ...recorder import chain, defined, definition, held, record
from ...rule_names import RuleName
from ...rules.brackets import one_fraction
from ...rules.calculus import NoDerivative, differentiate
from ...rules.logs import logged
from ...trace import Block, Condition, ConditionKind, Display, How, Section, SectionKey, Strength, Table, say
from ..number_format import digits
from ..prose import listed, remark
from ..setting import ARGUED, MaximumArgument, State
from .likelihood import model_of

ETA, PLACE, N = Sym("eta"), Sym("i"), Sym("n")
W = Sym("W")
STEPS = 60
CONVERGED = 1e-9  # of the score, relative to the sizes of its terms
SMALL = (400, 5)  # observations and coefficients up to which the solution is enclosed
SHOWN = 4  # coefficients that are tabulated at every step


@dataclass(frozen=True)
class Canonical:
    """The log-density of a response, in y and eta, its mean and its weight in eta."""

    height: Formula
    mean: Formula
    weight: Formula


@dataclass(frozen=True)
class Working:
    """Letters for the means, the weights and the working response that nothing else is called."""

    mean: Sym
    weight: Sym
    response: Sym


def working_letters(state: State) -> Working:
    """The usual letters, or others where the question has them."""
    m = model_of(state)
    taken = {*state.problem.parameters, *m.data, _predictor(m).rows}
    found = [Sym(next(k for k in choice if k not in taken)) for choice in (("mu", "m"), ("w", "omega"), ("z", "u"))]
    return Working(*found)


def canonical_form(m: ArrayModel) -> Canonical:
    """The parts of the log-density.  Raises NotSupported where its derivative in the predictor is not the response less a function of it, or
    it was not found to be concave."""
    p, y = _predictor(m), Sym(m.response)
    al = Algebra(p.facts)
    one = one_fraction(p.one, al) or p.one
    try:
        height = al.expand(logged(one, al))
        slope = al.expand(differentiate(height, ETA, al))
        bend = differentiate(slope, ETA, al)
    except NoDerivative as e:
        raise NotSupported(f"the derivative of {e} is not known here") from None
    with_y = [t for t in terms(slope) if has(t, y)]
    if with_y != [y]:
        raise NotSupported(
            "the derivative of the log-density in the linear predictor is not the response less its mean: this link is not the canonical one",
            hint="supported are Bernoulli(1/(1+e^{-x_i'b})), Poisson(e^{x_i'b}) and N(x_i'b, 1); others with coefficients written out: y ~ Bernoulli(Phi(a + b*x))",
        )
    mean = al.assemble(al.split(neg(t)) for t in terms(slope) if t != y)
    weight = al.assemble(al.flat(neg(bend), deep=True))
    weight = one_fraction(weight, al) or weight
    if not al.facts.positive(weight):
        raise NotSupported("that the log-density is concave in the linear predictor was not proved")
    return Canonical(height, one_fraction(mean, al) or mean, weight)


def _predictor(m: ArrayModel) -> Predictor:
    assert m.predictor is not None
    return m.predictor


def _row(f: Formula, m: ArrayModel) -> Formula:
    """A formula in y and eta as that of observation i."""
    return replace_all(f, {Sym(m.response): At(m.response, (PLACE,)), ETA: At(ETA.name, (PLACE,))})


def _letters(oracle: Oracle, m: ArrayModel, b: Sym, c: Canonical, k: Working) -> Oracle:
    """The test points with the predictors, the means and the weights as vectors, W as the diagonal matrix of these."""
    x = At(_predictor(m).rows, (PLACE,))
    oracle = oracle.at_column(ETA.name, "i", N, MatMul((Call("transpose", (x,)), b)))
    oracle = oracle.at_column(k.mean.name, "i", N, _row(c.mean, m)).at_column(k.weight.name, "i", N, _row(c.weight, m))
    return oracle.at({W.name: Call("diag", (k.weight,))})


def model(state: State) -> State:
    """The model: the law of a response, the predictor, the design."""
    p, m = state.problem, model_of(state)
    law, b, x = _predictor(m), Sym(p.letters[0].name), At(_predictor(m).rows, (PLACE,))  # type: ignore[attr-defined]
    kind = "probability mass function" if law.support.discrete else "density"
    y = Sym(m.response)
    head = equation(Apply("f", (At(y.name, (PLACE,)), At(ETA.name, (PLACE,)))), _row(law.one, m))
    oracle = _letters(state.general, m, b, canonical_form(m), working_letters(state))
    predictor = held(oracle.each(("i",), (N,)), equation(At(ETA.name, (PLACE,)), MatMul((Call("transpose", (x,)), b))))
    inside = law.support.condition(At(y.name, (PLACE,)))
    words = say("{} of length {}; ", b, m.shapes.of(b)[0]) + (say("{}. ", inside) if inside is not None else say(""))
    blocks: list[Block] = [
        say(f"The responses {{}} are independent, each with the {kind}", At(y.name, (PLACE,))),
        Display((record(head, defined("as given")),)), say("and the linear predictor"), Display((predictor,)),
        say("with ") + words + say("{} is the {} × {} matrix with the rows {}; its columns are linearly independent (full column rank).",
                                   Sym("X"), N, m.shapes.of(b)[0], Call("transpose", (x,))),
        *(remark(w, p) for w in p.warnings),
    ]  # fmt: skip
    return replace(state, general=oracle, judge=oracle).adding(Section(SectionKey.MODEL, say("Model"), tuple(blocks), numbered=False))


def log_likelihood(state: State) -> State:
    """Section "Log-likelihood": the sum over the observations, in their predictors."""
    m = model_of(state)
    c = canonical_form(m)
    label = state.problem.of("ell")
    body = _row(c.height, m)
    blocks: list[Block] = [
        say("By independence {} is the sum of the logarithms:", label),
        chain(state.general, label, [(total(body), None, RuleName.LOG_OF_A_PRODUCT)]),
    ]  # fmt: skip
    return replace(state, ell=total(body)).adding(Section(SectionKey.LOG_LIKELIHOOD, say("Log-likelihood"), tuple(blocks)))


def score(state: State) -> State:
    """Sections "Score", "The maximum" and "Newton's method"."""
    p, m = state.problem, model_of(state)
    c, b = canonical_form(m), p.letters[0]
    assert isinstance(b, Sym)
    k = working_letters(state)
    y, x, big, label = Sym(m.response), At(_predictor(m).rows, (PLACE,)), Sym("X"), p.of("ell")
    each_, oracle = state.general.each(("i",), (N,)), state.general
    y_i, mu_i, w_i = At(y.name, (PLACE,)), At(k.mean.name, (PLACE,)), At(k.weight.name, (PLACE,))
    xt = Call("transpose", (big,))
    residual = Add((y_i, neg(mu_i)))
    along = oracle.along(b.name).each(("i",), (N,))
    eta = MatMul((Call("transpose", (x,)), b))
    blocks: list[Block] = [
        say("Write {} for the mean of {}. The predictor has the differential", mu_i, y_i),
        Display((
            held(each_, equation(mu_i, _row(c.mean, m)), rule=RuleName.LETTER),
            held(along, equation(Differential(eta), MatMul((Call("transpose", (x,)), Differential(b)))), rule=RuleName.DIFFERENTIATE),
        )),
        say("and a term of the sum the derivative {} in its predictor, so by the chain rule", residual),
        chain(oracle, Derivative(label, ((b, 1),)), [
            (total(Mul((residual, x))), None, RuleName.DIFFERENTIATE), (MatMul((xt, Add((y, neg(k.mean))))), say("the sum of {} over the rows", Mul((Sym("c_i"), x))), RuleName.SUM),
        ]),
        say("The score equations {} have no closed form in general.", equation(MatMul((xt, Add((y, neg(k.mean))))), ZERO)),
    ]  # fmt: skip
    hessian = neg(MatMul((xt, W, big)))
    shapes = replace(m.shapes, of_letters={**m.shapes.of_letters, W.name: (N, N)}, definite=m.shapes.definite | {W.name})
    sign = definite(hessian, shapes, state.al.facts)
    if sign is None or not sign.strict or sign.sign > 0:
        raise NotSupported("that the log-likelihood is concave was not proved")
    second = Derivative(label, ((b, 2),))
    summed = neg(total(Mul((w_i, MatMul((x, Call("transpose", (x,))))))))
    oracle.equal(second, summed)
    oracle.equal(second, hessian)
    weights = held(each_, Relation((w_i, _row(c.weight, m), ZERO), ("=", ">")), rule=RuleName.LETTER)
    shown = held(oracle, Relation((second, summed, hessian, ZERO), ("=", "=", "prec")), rule=RuleName.SIGN)
    maximum: list[Block] = [
        say("The derivative of {} in its predictor is", mu_i), Display((weights,)),
        say("so with {}", equation(W, Call("diag", (k.weight,)))),
        Display((shown,)),
        say("negative definite since all weights are positive and {} has full column rank: {} is strictly concave. A solution of the score equations is the "
            "global maximum, and there is no other.", big, label),
    ]  # fmt: skip
    newton = _newton(state, b, xt, y)
    conditions = [
        Condition(ConditionKind.EXISTS, (), _exists(m)),
        Condition(ConditionKind.UNIQUE, (), say("the columns of {} are linearly independent", big)),
    ]
    return state.adding(
        Section(SectionKey.SCORE, say("Score"), tuple(blocks)), Section(SectionKey.MAXIMUM, say("The maximum"), tuple(maximum)),
        Section(SectionKey.SOLVE, say("Newton's method"), tuple(newton)), conditions=conditions,
    )  # fmt: skip


def _exists(m: ArrayModel) -> Any:
    values = _predictor(m).support.values
    if values is not None and len(values) == 2:
        return say("no linear combination of the columns separates the responses {} from the responses {}", *values)
    return say("there is no direction of the coefficients along which the likelihood of no observation falls")


def _newton(state: State, b: Sym, xt: Formula, y: Sym) -> list[Block]:
    """A step of Newton's method, and the same as weighted least squares with a working response."""
    k = working_letters(state)
    oracle, big = state.general, Sym("X")
    information = MatMul((xt, W, big))
    residual = Add((y, neg(k.mean)))
    working = Add((MatMul((big, b)), MatMul((Call("inverse", (W,)), residual))))
    there = oracle.at({k.response.name: working})
    step = add(b, matmul(Call("inverse", (information,)), xt, residual))
    weighted = matmul(Call("inverse", (information,)), xt, W, k.response)
    new = Sym(b.name + "_new")
    there = there.at({new.name: step})
    return [
        say("From coefficients {} Newton's step leads to", b),
        Display((held(there, Relation((new, step, weighted), ("=", "=")), rule=RuleName.SOLVE), definition(equation(k.response, working), "the working response", rule=RuleName.LETTER))),
        say("which is weighted least squares with the weights {} and the working response {}: iteratively reweighted least squares.", W, k.response),
    ]  # fmt: skip


# -- with data -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fitted:
    """The steps of Newton's method at the data: coefficients, height, largest part of the score at each."""

    steps: tuple[tuple[Any, float, float], ...]
    converged: bool

    @property
    def coefficients(self) -> Any:
        return self.steps[-1][0]


def fitted(m: ArrayModel) -> Fitted:
    """Newton's method from 0, steps halved where the likelihood would fall.  Raises NotSupported where the design has not full column rank."""
    import numpy as np

    assert m.values is not None
    c = canonical_form(m)
    x, y = m.values["X"], m.values[m.response]
    rank = int(np.linalg.matrix_rank(x))
    if rank < x.shape[1]:
        raise NotSupported(
            f"the columns of X are linearly dependent (rank {rank} of {x.shape[1]}), so the likelihood does not determine the coefficients",
            hint="leave out columns that are combinations of others",
        )
    kernel = add(*(t for t in terms(c.height) if has(t, ETA)))

    def at(b: Any) -> tuple[float, Any, Any]:
        with np.errstate(all="ignore"):
            env = {m.response: y, ETA.name: x @ b}
            shape = np.ones_like(y)
            return float((at_arrays(kernel, env) * shape).sum()), y - at_arrays(c.mean, env) * shape, at_arrays(c.weight, env) * shape

    b = np.zeros((x.shape[1], 1))
    height, r, w = at(b)
    size = float(np.abs(x).T.dot(np.abs(y) + 1).max())
    steps = [(b, height, float(np.abs(x.T @ r).max()))]
    for _ in range(STEPS):
        if steps[-1][2] <= CONVERGED * size:
            return Fitted(tuple(steps), True)
        try:
            step = np.linalg.solve(x.T @ (w * x), x.T @ r)
        except np.linalg.LinAlgError:
            break
        scale = 1.0
        while scale > 1e-8 and not at(b + scale * step)[0] >= height - 1e-12 * abs(height):
            scale /= 2
        b = b + scale * step
        height, r, w = at(b)
        steps.append((b, height, float(np.abs(x.T @ r).max())))
    return Fitted(tuple(steps), False)


def written_out(m: ArrayModel) -> tuple[Formula, tuple[str, ...], tuple[str, ...], tuple[tuple[tuple[Fraction, ...], int], ...]]:
    """The density with a letter for each coefficient and column: it, the coefficients, the observed letters, and the rows of the data."""
    assert m.values is not None
    x, y = m.values["X"], m.values[m.response]
    b = tuple(f"b_{j}" for j in range(1, x.shape[1] + 1))
    columns = tuple(f"x_{j}" for j in range(1, x.shape[1] + 1))
    predictor = add(*(mul(Sym(k), Sym(v)) for k, v in zip(b, columns, strict=True)))
    density = replace_all(_predictor(m).one, {ETA: predictor})
    rows = tuple(((Fraction(repr(float(v))), *(Fraction(repr(float(u))) for u in row)), 1) for v, row in zip(y.ravel(), x, strict=True))
    return density, b, (m.response, *columns), rows


def at_the_data(state: State) -> State:
    """Section "With the data": the steps, what carries the result; or that there is no maximum."""
    m = model_of(state)
    if m.values is None:
        return state
    found = fitted(m)
    b = state.problem.letters[0]
    assert isinstance(b, Sym)
    small = m.values["X"].shape[0] <= SMALL[0] and m.values["X"].shape[1] <= SMALL[1]
    density, unknowns, observed, rows = written_out(m) if small else (ONE, (), (), ())
    if not found.converged or _flat(found):
        direction = direction_without_maximum(density, unknowns, observed, rows) if small else None
        if direction is not None:
            return _nowhere(state, direction)
    if not found.converged:
        raise NotSupported(
            "Newton's method did not converge with these data, and no direction was found along which the likelihood keeps rising"
        )
    height = add(*(t for t in terms(canonical_form(m).height) if has(t, ETA)))
    predictor = add(*(mul(Sym(k), Sym(v)) for k, v in zip(unknowns, observed[1:], strict=True))) if small else ONE
    box = None
    if small:
        body = replace_all(replace_all(height, {ETA: predictor}), {Sym(v): At(v, (PLACE,)) for v in observed})
        made = surface(total(body), unknowns, [Domain(None, None)] * len(unknowns), observed, rows)
        box = made.near([float(v) for v in found.coefficients.ravel()]) if made is not None else None
    strength = Strength.ENCLOSED if box is not None else Strength.SEARCHED
    blocks = _table(state, found, b)
    if box is not None:
        blocks.append(say("A zero of the score was proved to lie within exact bounds about the last step: it is the maximum."))
    else:
        blocks.append(
            say(
                "The score is zero within rounding: as {} is strictly concave, there is no other stationary point.", state.problem.of("ell")
            )
        )
    state = state.adding(Section(SectionKey.VALUES, say("With the data"), tuple(blocks)))
    return replace(state, arguments={b.name: MaximumArgument(strength)}, conditions=())


def _flat(found: Fitted) -> bool:
    """Whether the coefficients have become so large that the likelihood has no curvature left."""
    return bool(abs(found.coefficients).max() > 15)


def _nowhere(state: State, direction: tuple[Fraction, ...]) -> State:
    moves = listed("", [say("{} for component {}", num(v), num(j)) for j, v in enumerate(direction, 1)])
    words = say("Let the coefficients move from any point in the direction with {}: the likelihood of no observation falls along the way, and that of some rises. So the "
                "likelihood keeps rising, and there is no maximum: the columns separate the responses.", moves)  # fmt: skip
    state = replace(state, conditions=()).without_maximum(ARGUED)
    return state.adding(Section(SectionKey.NO_MAXIMUM, say("No maximum"), (words,)))


def _table(state: State, found: Fitted, b: Sym) -> list[Block]:
    p = state.problem
    count = len(found.coefficients)
    columns = range(1, min(count, SHOWN) + 1)
    head = (say("step"), *(say("{}", At(b.name, (num(j),))) for j in columns), say("{}", p.of("ell")), say("largest part of the score"))
    rows = tuple(
        (say("{}", num(t)), *(say("{}", digits(float(v[j - 1, 0]), p.asked.digits)) for j in columns), say("{}", digits(h, p.asked.digits + 2)), say("{}", digits(g, 2)))
        for t, (v, h, g) in enumerate(found.steps)
    )  # fmt: skip
    lead = say("Newton's method from 0; {} without the terms that do not hold {}:", p.of("ell"), b)
    return [lead, Table(head, rows)]


def result(state: State) -> State:
    """Section "Result"."""
    m = model_of(state)
    b = state.problem.letters[0]
    assert isinstance(b, Sym)
    xt, y = Call("transpose", (Sym("X"),)), Sym(m.response)
    solves = equation(
        MatMul(
            (xt, Add((y, neg(hat(working_letters(state).mean.name))))),
        ),
        ZERO,
    )
    blocks: list[Block] = [
        say("{} is the solution of {}, where {} has the means at {}.", hat(b.name), solves, hat(working_letters(state).mean.name), hat(b.name)),
        *(say("The estimate ") + c.words + say(".") for c in state.conditions),
    ]  # fmt: skip
    if m.values is not None:
        found = fitted(m)
        rows = tuple(
            (say("{}", num(j)), say("{}", digits(float(v), state.problem.asked.digits)))
            for j, v in enumerate(found.coefficients.ravel(), 1)
        )
        blocks.append(Table((say("component"), say("{}", hat(b.name))), rows))
    state = replace(state, how={b.name: How.NUMERIC})
    return state.adding(Section(SectionKey.RESULT, say("Result"), tuple(blocks), numbered=False))


__all__ = ["at_the_data", "fitted", "log_likelihood", "model", "result", "score"]
