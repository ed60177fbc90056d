"""The variance of a linear model, at the coefficients that were found."""

from __future__ import annotations

from dataclasses import replace

from ...algebra.facts import POSITIVE
from ...errors import NotSupported
from ...formula.names import hat, reported
from ...formula.tree import (
    ZERO,
    Apply,
    Derivative,
    Div,
    Formula,
    Relation,
    Sym,
    add,
    equation,
    has,
    mul,
    names,
    neg,
    num,
    power,
    replace_all,
    terms,
)
from ...proofs.signs import sign_of
from ...recorder import Equations, chain, defined, definition, equal, held
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative, differentiate
from ...solving.solve import solve
from ...trace import Block, Condition, ConditionKind, Display, How, Section, SectionKey, say
from ..setting import ARGUED, State
from .likelihood import model_of

RSS = Sym("RSS")


def estimate_scales(state: State) -> State:
    """Every number that is estimated, the vectors being found.  Raises NotSupported for more than one."""
    m = model_of(state)
    scalars = [k for k in state.parameters if m.shapes.scalar(Sym(k))]
    if len(scalars) > 1:
        raise NotSupported(
            f"{' and '.join(map(reported, scalars))} together are not supported; one variance is", hint="declare the others as known"
        )
    return _estimated(scalars[0], state) if scalars else state


def _estimated(name: str, state: State) -> State:
    m, u = model_of(state), Sym(name)
    assert state.ell is not None
    vectors = {k: hat(k) for k in state.answers}
    ell = replace_all(state.ell, {Sym(k): h for k, h in vectors.items()})
    form = _residual(ell, u, state)
    oracle = state.general.at({hat(k).name: f for k, f in state.answers.items()}).at({RSS.name: form})
    ell = replace_all(ell, {form: RSS})
    al = replace(state.al, facts=state.al.facts.with_letters({RSS.name: POSITIVE}), unknowns=(name,))
    label = Apply("ell", tuple(vectors.get(k, Sym(k)) for k in state.parameters))
    try:
        slope = al.tidy(differentiate(ell, u, al))
    except NoDerivative as e:
        raise NotSupported(f"the derivative of {e} is not known here") from None
    solved = solve(equation(slope, ZERO), u, al)
    if solved is None or len(solved.roots) != 1 or any(x.factor is None for x in solved.moves):
        raise NotSupported(
            f"the equation for {reported(name)} has no solution in closed form that was found", hint="estimate the variance, sigma^2"
        )
    root = solved.roots[0]
    table = Equations(oracle)
    table.start(equation(slope, ZERO), defined("the derivative is zero"))
    for move in solved.moves:
        table.move(move)
    residual = definition(equation(RSS, form), "a letter for the residual sum of squares", rule=RuleName.LETTER)
    oracle.equal(RSS, form)
    blocks: list[Block] = [
        say("Substitute the coefficients, and write {} for what remains of the quadratic form:", RSS), Display((residual,)),
        chain(oracle, label, [(ell, None, RuleName.PUT_IN)]),
        chain(oracle, Derivative(label, ((u, 1),)), [(slope, None, RuleName.DIFFERENTIATE)]),
        table.display,
    ]  # fmt: skip
    product = al.tidy(mul(num(1), *(x.factor for x in solved.moves if x.factor is not None)))
    sign = sign_of(product, al.facts)
    if sign.value != -1:
        raise NotSupported(f"that the root of the equation for {reported(name)} is the maximum was not proved")
    front = al.tidy(Div(num(-1), product))
    line = equal(oracle, Derivative(label, ((u, 1),)), mul(front, add(root, neg(u))), rule=RuleName.COMMON_FACTOR)
    heights = Relation((state.problem.of("ell"), label, Apply("ell", tuple(map(hat, state.parameters)))), ("<=", "<="))
    at = oracle.at({hat(name).name: root})
    maximum: list[Block] = [
        say("As a product, the derivative is"), Display((line,)),
        say("The first factor is positive: {} increases up to {} and decreases afterwards. So for all parameters", label, root),
        Display((held(at, heights, rule=RuleName.SIGN),)),
    ]  # fmt: skip
    needed = Relation((RSS, ZERO), (">",))
    condition = Condition(ConditionKind.EXISTS, (needed,), say("{}: {} is no linear combination of the columns", needed, Sym(m.response)))
    p = state.problem.replace(meanings={RSS.name: form})
    state = replace(state, problem=p, ell=ell, general=oracle, scores={**state.scores, name: slope}).answered(
        name, root, How.CLOSED, ARGUED
    )
    return state.adding(
        Section(SectionKey.PROFILE, say("Solve for {}", u), tuple(blocks)), Section(SectionKey.MAXIMUM, say("The maximum in {}", u), tuple(maximum)),
        conditions=[condition],
    )  # fmt: skip


def _residual(ell: Formula, u: Sym, state: State) -> Formula:
    """The quadratic form in the residuals, which is divided by the variance."""
    m = model_of(state)
    for t in terms(ell):
        if names(t) & set(m.data) and has(t, u):
            for b in state.al.split(t).powers:
                if names(b) & set(m.data) and not has(b, u):
                    k = state.al.split(t).powers[b]
                    return power(b, k)
    raise NotSupported("the quadratic form in the residuals was not found in the log-likelihood")


__all__ = ["RSS", "estimate_scales"]
