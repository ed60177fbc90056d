"""A vector of coefficients: its gradient by differentials, the normal equations, and why their solution is the maximum."""

from __future__ import annotations

from dataclasses import replace

from ...errors import NotSupported
from ...formula.names import reported
from ...formula.shapes import matmul
from ...formula.tree import (
    ONE,
    ZERO,
    Call,
    Derivative,
    Differential,
    Formula,
    MatMul,
    Mul,
    Neg,
    Relation,
    Sym,
    add,
    div,
    equation,
    factors,
    has,
    mul,
    names,
    neg,
    terms,
    walk,
)
from ...proofs.definite import definite
from ...recorder import Equations, chain, defined, held
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative
from ...rules.differentials import Moving, differential, gradient, jacobian
from ...rules.matrices import linear_in, multiplied_out, tidy_product
from ...trace import Block, Condition, ConditionKind, Display, How, Move, Section, SectionKey, Words, say
from ..prose import listed
from ..setting import ARGUED, State
from .likelihood import model_of


def estimate_vectors(state: State) -> State:
    """Every vector of coefficients.  Raises NotSupported where there are several that depend on each other."""
    for k in state.parameters:
        if model_of(state).is_vector(k):
            state = _estimated(k, state)
    return state


def _estimated(name: str, state: State) -> State:
    m, al, b = model_of(state), state.al, Sym(name)
    sh = m.shapes
    c = Moving(b, sh, al)
    assert state.ell is not None
    label = state.problem.of("ell")
    moving = add(*(t for t in terms(state.ell) if has(t, b)))
    try:
        df = differential(moving, c)
        g = gradient(df, c)
        opened = multiplied_out(g, sh, al)
        h = jacobian(differential(opened, c), c)
    except NoDerivative as e:
        raise NotSupported(f"the differential of {e} is not known here") from None
    along = state.general.along(name)
    blocks: list[Block] = [
        say("Only one term holds {}. Its differential:" if len(terms(moving)) == 1 else "The differential in {}:", b),
        chain(along, Differential(label), [(Differential(moving), None, None), (df, _rules(moving), RuleName.DIFFERENTIATE)]),
        say("What stands before {} is the transpose of the gradient:", Differential(b)),
        chain(state.general, Derivative(label, ((b, 1),)), [(g, None, RuleName.DIFFERENTIATE)]),
    ]
    blocks, hat_value, linear = _normal_equations(g, b, state, blocks)
    sign = definite(h, sh, al.facts)
    if sign is None or sign.sign > 0 or not sign.strict:
        raise NotSupported(
            f"that the log-likelihood is concave in {reported(name)} was not proved",
            hint="say which matrices have full rank or are positive definite, in `shapes`",
        )
    hessian = Relation((Derivative(label, ((b, 2),)), h, ZERO), ("=", "prec"))
    state.general.equal(Derivative(label, ((b, 2),)), h)
    line = held(state.general, hessian, rule=RuleName.SIGN)
    because = listed(" since ", [say("{} {}", Sym(k), what) for k, what in sign.because]) if sign.because else say("")
    maximum: list[Block] = [
        say("The matrix of second derivatives is"), Display((line,)),
        say("negative definite") + because + say(": {} is strictly concave in {}, whatever the other parameters are, and its only stationary point is its maximum.", label, b),
    ]  # fmt: skip
    full = [Sym(k) for k in m.data if k in sh.full_rank and k in names(h)]
    conditions = [Condition(ConditionKind.UNIQUE, (), listed("the columns of ", full) + say(" are linearly independent"))] if full else []
    state = replace(state, scores={**state.scores, name: g}).answered(name, hat_value, How.CLOSED, ARGUED)
    return state.adding(
        Section(SectionKey.SOLVE, say("The normal equations" if linear else "Solve"), tuple(blocks)),
        Section(SectionKey.MAXIMUM, say("The maximum in {}", b), tuple(maximum)),
        conditions=conditions,
    )


def _rules(f: Formula) -> Words:
    """What was used on the way to the differential."""
    squared = any(isinstance(g, Call) and g.name == "norm" for g in walk(f))
    return say(
        "d‖v‖² = 2 v′dv, and the differential is linear" if squared else "the rule for a quadratic form, and the differential is linear"
    )


def _normal_equations(g: Formula, b: Sym, state: State, blocks: list[Block]) -> tuple[list[Block], Formula, bool]:
    """The gradient set to zero, numbers cleared, multiplied out, and solved from the left."""
    m, al = model_of(state), state.al
    sh = m.shapes
    zero = Call("zeros", (sh.of(b)[0],))
    table = Equations(state.general)
    table.start(equation(g, zero), defined("the gradient is zero"))
    now = g
    numbers = [f for f in factors(g.arg if isinstance(g, Neg) else g) if sh.scalar(f)]
    if numbers:
        clear = al.tidy(div(ONE, mul(*numbers)))
        now = tidy_product(mul(*(f for f in factors(g.arg if isinstance(g, Neg) else g) if not sh.scalar(f))), sh)
        clear = neg(clear) if isinstance(g, Neg) else clear
        if not al.facts.positive(clear) and not al.facts.negative(clear):
            raise NotSupported(f"that {clear} is not zero was not proved")
        table.move(Move(equation(now, zero), clear, RuleName.MULTIPLY, say("multiply by {}", Relation((clear, ZERO), (">",)))))
    opened = multiplied_out(now, sh, al)
    found = linear_in(opened, b, sh, al)
    if found is None:
        raise NotSupported(f"the equation for {reported(b.name)} is not linear in it; this is not supported here")
    others = (names(found.matrix) | names(found.right)) & set(state.parameters)
    if others:
        k = sorted(others)[0]
        raise NotSupported(
            f"the equations for {reported(b.name)} hold {reported(k)} too; several blocks of coefficients are not supported",
            hint="put them into one matrix, X = [A B], and one vector",
        )
    normal = equation(matmul(*factors_of(found.matrix), b), found.right)
    table.move(Move(normal, neg(ONE), RuleName.NORMAL_EQUATIONS, say("multiply out; move the terms without {}", b)))
    sign = definite(found.matrix, sh, al.facts)
    if sign is None or not sign.strict:
        raise NotSupported(
            f"that the matrix of the equations for {reported(b.name)} has an inverse was not proved",
            hint="say which matrices have full rank or are positive definite, in `shapes`",
        )
    inverse = Call("inverse", (found.matrix,))
    value = (
        tidy_product(matmul(inverse, *_product(found.right)), sh)
        if not isinstance(found.right, Neg)
        else neg(tidy_product(matmul(inverse, found.right.arg), sh))
    )
    table.move(Move(equation(b, value), inverse, RuleName.DIVIDE, say("multiply from the left by the inverse")))
    return [*blocks, say("Set it to zero:"), table.display], value, True


def factors_of(f: Formula) -> tuple[Formula, ...]:
    """The factors of a product of matrices, numbers before it included."""
    return f.factors if isinstance(f, (MatMul, Mul)) else (f,)


def _product(f: Formula) -> tuple[Formula, ...]:
    return f.factors if isinstance(f, MatMul) else (f,)


__all__ = ["estimate_vectors"]
