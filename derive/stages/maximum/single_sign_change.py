"""The derivative as a positive factor times what falls through zero once: the log-likelihood rises, and then falls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile

from ...algebra.facts import Range
from ...algebra.terms import Algebra, Term
from ...formula.names import hat
from ...formula.tree import ONE, TWO, ZERO, Add, Derivative, Mul, Pow, Relation, Sym, add, equation, factors, has, mul, neg, replace, terms
from ...oracle.oracle import Oracle
from ...recorder import record
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative, differentiate
from ...rules.lambert import Curve
from ...rules.sums import fold_means
from ...solving.solve import Inner, Solved, solve
from ...trace import Block, Display, Move, say
from ..setting import State, algebra_for
from .concavity import label_of


def falls_once(name: str, position: int, state: State, oracle: Oracle) -> list[Block] | None:
    """What is shown, where multiplication alone brings the score to h(u) = r with a monotone function h."""
    u, score = Sym(name), state.profile[name]
    al = algebra_for(score, state)
    solved = solve(equation(score, ZERO), u, al)
    if solved is None:
        return None
    if solved.inner is not None:
        return _by_parabola(name, position, solved, solved.inner, al, state, oracle)
    if solved.curve is not None:
        return _by_curve(name, position, solved, solved.curve, al, state, oracle)
    eq, factor = _before_undoing(solved, u, al)
    if eq is None:
        return None
    h, r = eq.sides
    try:
        slope = al.facts.range(al.tidy(differentiate(h, u, al)))
    except NoDerivative:
        return None
    front = al.raised(factor, neg(ONE))
    sign = al.sign(al.build(front))
    if not slope.nonzero or not sign or (sign > 0) == slope.positive:
        return None
    positive = al.build(front.scaled(Fraction(sign)))
    positive = fold_means(positive, al) or positive
    if al.sign(positive) <= 0:
        return None
    bracket = add(*terms(r), neg(h)) if slope.positive else add(h, *(neg(t) for t in terms(r)))
    bracket = fold_means(bracket, al) or bracket
    line = record(
        equation(
            Derivative(label_of(name, position, state.problem), ((u, 1),)),
            bracket if positive == ONE else Mul((*factors(positive), bracket)),
        ),
        oracle.equal(score, mul(positive, bracket)),
        rule=RuleName.FACTOR,
    )
    words = say("Here ") if positive == ONE else say("The factor {} is positive, and ", positive)
    return [
        say("The same moves show the derivative as a product:"),
        Display((line,)),
        words
        + say("{} {} as {} grows", h, "increases" if slope.positive else "decreases", u)
        + say(": the derivative is positive before {} and negative after it, so the maximum is global.", hat(name)),
    ]


def _by_parabola(name: str, position: int, solved: Solved, inner: Inner, al: Algebra, state: State, oracle: Oracle) -> list[Block] | None:
    """The score as a positive factor times a quadratic in a positive function that grows: it opens downward, and is
    positive at 0."""
    u, kernel = Sym(name), inner.kernel
    table = al.coefficients(inner.equation.sides[0], inner.letter) or {}
    if set(table) != {ZERO, ONE, TWO}:
        return None
    first, last = (al.assemble(table[k]) for k in (TWO, ZERO))
    front = al.raised(_product(solved.moves, al), neg(ONE))
    sign = al.sign(al.build(front))
    slope = al.facts.range(al.tidy(differentiate(kernel, u, al)))
    if not sign or al.sign(first) * sign >= 0 or al.sign(last) * sign <= 0 or not al.facts.positive(kernel) or not slope.positive:
        return None
    positive = al.build(front.scaled(Fraction(sign)))
    quadratic = replace(inner.equation.sides[0], Pow(inner.letter, TWO), al.tidy(mul(kernel, kernel)))
    quadratic = replace(quadratic, inner.letter, kernel)
    turned = quadratic if sign > 0 else add(*(neg(t) for t in terms(quadratic)))
    if al.sign(positive) <= 0:
        return None
    shown = turned if positive == ONE else Mul((*factors(positive), turned))
    label = Derivative(label_of(name, position, state.problem), ((u, 1),))
    line = record(equation(label, shown), oracle.equal(state.profile[name], mul(positive, turned)), rule=RuleName.FACTOR)
    return [
        say("The same moves show the derivative as a product:"),
        Display((line,)),
        (say("The factor {} is positive. ", positive) if positive != ONE else say(""))
        + say(
            "The bracket is a quadratic in {}, which opens downward and is positive where {} is near 0; so it has one positive "
            "root, is positive before it and negative after it. As {} increases with {}, the maximum at {} is global.",
            kernel, kernel, kernel, u, hat(name),
        ),
    ]  # fmt: skip


def _by_curve(name: str, position: int, solved: Solved, curve: Curve, al: Algebra, state: State, oracle: Oracle) -> list[Block] | None:
    """The score as a positive factor times g = a + b s + c e^(d s): monotone, or bent to one side with 0 as its other root."""
    u = Sym(name)
    upto = list(takewhile(lambda m: m.after != equation(curve.g, ZERO), solved.moves))
    last = solved.moves[len(upto) : len(upto) + 1]
    if not last or any(m.factor is None for m in (*upto, *last)):
        return None
    front = al.raised(_product((*upto, *last), al), neg(ONE))
    sign = al.sign(al.build(front))
    grows = 1 if curve.s == u else _sign(al.facts.range(al.tidy(differentiate(curve.s, u, al))))
    falls = curve.slope * grows * sign < 0 if curve.slope else -curve.bends * sign * curve.side * grows > 0
    positive = al.build(front.scaled(Fraction(sign)))
    if not falls or al.sign(positive) <= 0:
        return None
    turned = curve.g if sign > 0 else add(*(neg(t) for t in terms(curve.g)))
    shown = turned if positive == ONE else Mul((*factors(positive), turned))
    line = record(equation(Derivative(label_of(name, position, state.problem), ((u, 1),)), shown), oracle.equal(state.profile[name], mul(positive, turned)), rule=RuleName.FACTOR)  # fmt: skip
    words = say("The factor {} is positive. ", positive) if positive != ONE else say("")
    if curve.slope:
        words += say("The bracket {} as {} grows", "falls" if curve.slope * sign < 0 else "increases", curve.s)
        if grows < 0:
            words += say(", and {} falls as {} grows", curve.s, u)
        words += say(": the derivative is positive before {} and negative after it, so the maximum is global.", hat(name))
    else:
        words += say(
            "The bracket is strictly {} in {}, and 0 at {} and at the root: it is {} between the two and {} beyond. ",
            "convex" if curve.bends * sign > 0 else "concave", curve.s, equation(curve.s, ZERO),
            *(("negative", "positive") if curve.bends * sign > 0 else ("positive", "negative")),
        )  # fmt: skip
        words += say("So the derivative is positive before {} and negative after it, and the maximum is global.", hat(name))
    return [say("The same moves show the derivative as a product:"), Display((line,)), words]


def _sign(r: Range) -> int:
    return 1 if r.positive else -1 if r.negative else 0


def _before_undoing(solved: Solved, u: Sym, al: Algebra) -> tuple[Relation | None, Term]:
    """The last equation h(u) = r to which multiplication alone leads, and what was multiplied by."""
    moves = list(takewhile(lambda m: m.factor is not None, solved.moves))
    if not moves or len(solved.roots) != 1:
        return None, Term(Fraction(1))
    last = moves[-1].after
    return (None if has(last.sides[1], u) or not has(last.sides[0], u) else last), _product(moves, al)


def _product(moves: Sequence[Move], al: Algebra) -> Term:
    """What all the moves multiply by."""
    return al.times(
        Term(Fraction(1), {m.factor: ONE}) if isinstance(m.factor, Add) else al.split(m.factor) for m in moves if m.factor is not None
    )
