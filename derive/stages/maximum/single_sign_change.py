"""The derivative as a positive factor times what falls through zero once: the log-likelihood rises, and then falls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile

from ...algebra.facts import Range
from ...algebra.terms import Algebra, Term
from ...formula.names import hat
from ...formula.tree import ONE, TWO, ZERO, Add, Formula, Mul, Pow, Relation, Sym, add, equation, factors, has, mul, neg, replace, terms
from ...proofs.signs import sign_of
from ...recorder import record
from ...rule_names import RuleName
from ...rules import equations as eqs
from ...rules.calculus import NoDerivative, differentiate
from ...rules.lambert import Curve
from ...rules.sums import fold_means
from ...solving.solve import Inner, Solved, solve
from ...trace import Display, Move, Strength, Words, in_full, say
from ..setting import MaximumArgument, generic_facts
from .concavity import negative, supposition
from .unknown import Unknown


def falls_once(unknown: Unknown) -> MaximumArgument | None:
    """The argument where multiplication alone brings the score to h(u) = r with a monotone function h, to a quadratic in a
    function that grows, or to a curve that bends to one side."""
    solved = solve(equation(unknown.score, ZERO), unknown.letter, unknown.al)
    if solved is None:
        return None
    if solved.inner is not None:
        return _by_parabola(unknown, solved, solved.inner)
    if solved.curve is not None:
        return _by_curve(unknown, solved, solved.curve)
    return _by_monotony(unknown, solved)


def _by_monotony(unknown: Unknown, solved: Solved) -> MaximumArgument | None:
    """The score as a positive factor times r - h(u), with h growing, or h(u) - r, with h falling."""
    u, al = unknown.letter, unknown.al
    eq, factor = _before_undoing(solved, u, al)
    if eq is None:
        return None
    h, r = eq.sides
    try:
        slope = al.facts.range(al.tidy(differentiate(h, u, al)))
    except NoDerivative:
        return None
    if not slope.nonzero:
        return None
    bracket = add(*terms(r), neg(h)) if slope.positive else add(h, *(neg(t) for t in terms(r)))
    bracket = fold_means(bracket, al) or bracket
    grows = "increases" if slope.positive else "decreases"
    return _product(
        unknown,
        al.raised(factor, neg(ONE)),
        -1 if slope.positive else 1,
        bracket,
        say("the bracket is positive below {} and negative above it", hat(unknown.name)) if h == u else say("{} {} with {}", h, grows, u),
    )


def _product(unknown: Unknown, front: Term, sign: int, bracket: Formula, words: Words) -> MaximumArgument | None:
    """The score as front times sign times the bracket, which falls through 0 once; None where front times sign is not proved positive.

    words: why it does, as a clause.
    """
    al, state = unknown.al, unknown.state
    positive = al.build(front.scaled(Fraction(sign)))
    positive = fold_means(positive, al) or positive
    found = sign_of(positive, al.facts)
    if found.value <= 0:
        return None
    where = supposition(found, positive, state)
    shown = bracket if positive == ONE else Mul((*factors(positive), bracket))
    line = record(equation(unknown.slope, shown), unknown.oracle.equal(unknown.score, mul(positive, bracket)), rule=RuleName.FACTOR)
    inside = say("") if where is None else say(" where ") + where
    lead = say("Here ") if positive == ONE else say("Here {} is positive", positive) + inside + say(" and ")
    up, label = hat(unknown.name), unknown.label
    last = say(
        ": {} increases up to {} and decreases afterwards.{}", label, up, "" if len(state.parameters) > 1 else " The maximum is global."
    )
    sign_of_it = say("{} is positive before {} and negative after it", line.formula, up) + inside
    shown_as = in_full(say("The score as a product:" if positive != ONE else "The score is"))
    return MaximumArgument(Strength.PROVED, (shown_as, Display((line,)), lead + words + last), reason=sign_of_it)


def _by_parabola(unknown: Unknown, solved: Solved, inner: Inner) -> MaximumArgument | None:
    """The score as a positive factor times a quadratic in a positive function that grows: it opens downward, and is
    positive at 0."""
    u, al, kernel = unknown.letter, unknown.al, inner.kernel
    table = al.coefficients(inner.equation.sides[0], inner.letter) or {}
    if set(table) != {ZERO, ONE, TWO}:
        return None
    first, last = (sign_of(al.assemble(table[k]), al.facts).value for k in (TWO, ZERO))
    slope = al.facts.range(al.tidy(differentiate(kernel, u, al)))
    if first * last >= 0 or not al.facts.positive(kernel) or not slope.positive:
        return None
    quadratic = replace(inner.equation.sides[0], Pow(inner.letter, TWO), al.tidy(mul(kernel, kernel)))
    quadratic = replace(quadratic, inner.letter, kernel)
    turned = quadratic if last > 0 else add(*(neg(t) for t in terms(quadratic)))
    words = say(
        "the bracket is a quadratic in {} that opens downward and is positive where {} is near 0, so it has one positive "
        "root; and {} increases with {}",
        kernel, kernel, kernel, u,
    )  # fmt: skip
    return _product(unknown, al.raised(_multiplied(solved.moves, al), neg(ONE)), last, turned, words)


def _by_curve(unknown: Unknown, solved: Solved, curve: Curve) -> MaximumArgument | None:
    """The score as a positive factor times g = a + b s + c e^(d s): monotone, or bent to one side with 0 as its other root."""
    u, al = unknown.letter, unknown.al
    upto = list(takewhile(lambda m: m.after != equation(curve.g, ZERO), solved.moves))
    last = solved.moves[len(upto) : len(upto) + 1]
    if not last or any(m.factor is None for m in (*upto, *last)):
        return None
    front = al.raised(_multiplied((*upto, *last), al), neg(ONE))
    sign = sign_of(al.build(front), al.facts).value
    grows = 1 if curve.s == u else _sign(al.facts.range(al.tidy(differentiate(curve.s, u, al))))
    falls = curve.slope * grows * sign < 0 if curve.slope else -curve.bends * sign * curve.side * grows > 0
    if not falls:
        return None
    turned = curve.g if sign > 0 else add(*(neg(t) for t in terms(curve.g)))
    words = say("")
    if curve.slope:
        words += say("the bracket {} with {}", "decreases" if curve.slope * sign < 0 else "increases", curve.s)
        if grows < 0:
            words += say(", which decreases with {}", u)
    else:
        words += say(
            "the bracket is strictly {} in {}, and 0 at {} and at the root, so it is {} between the two and {} beyond",
            "convex" if curve.bends * sign > 0 else "concave", curve.s, equation(curve.s, ZERO),
            *(("negative", "positive") if curve.bends * sign > 0 else ("positive", "negative")),
        )  # fmt: skip
    return _product(unknown, front, sign, turned, words)


def _sign(r: Range) -> int:
    return 1 if r.positive else -1 if r.negative else 0


def _before_undoing(solved: Solved, u: Sym, al: Algebra) -> tuple[Relation | None, Term]:
    """The last equation h(u) = r to which multiplication alone leads, and what was multiplied by."""
    moves = list(takewhile(lambda m: m.factor is not None, solved.moves))
    if not moves or len(solved.roots) != 1:
        return None, Term(Fraction(1))
    last = moves[-1].after
    return (None if has(last.sides[1], u) or not has(last.sides[0], u) else last), _multiplied(moves, al)


def _multiplied(moves: Sequence[Move], al: Algebra) -> Term:
    """What all the moves multiply by."""
    return al.times(
        Term(Fraction(1), {m.factor: ONE}) if isinstance(m.factor, Add) else al.split(m.factor) for m in moves if m.factor is not None
    )


def parabola(unknown: Unknown) -> MaximumArgument | None:
    """The score times a positive factor is a quadratic with leading coefficient below zero and one admissible root."""
    u, al, state, oracle = unknown.letter, unknown.al, unknown.state, unknown.oracle
    move = eqs.clear_denominators(equation(unknown.score, ZERO), u, al)
    if move is None or move.factor is None or move.after.sides[1] != ZERO or not state.al.facts.positive(move.factor):
        return None
    if not state.al.facts.letter(unknown.name).nonnegative:
        return None  # both roots may lie in the domain
    table = al.coefficients(move.after.sides[0], u)
    if table is None or set(table) != {ZERO, ONE, TWO}:
        return None
    a, c = al.assemble(table[TWO]), al.assemble(table[ZERO])
    facts = generic_facts(al.facts, c, oracle)
    start = sign_of(c, facts)
    if not negative(a, state.al.facts) or start.value < 1:
        return None
    where = supposition(start, c, state)
    shown = move.after.sides[0]
    product = Mul((*factors(move.factor), unknown.slope))
    line = record(equation(product, shown), oracle.equal(mul(move.factor, unknown.score), shown), rule=RuleName.CLEAR_DENOMINATORS)
    blocks = (
        say("The score times {} is", Relation((move.factor, ZERO), (">",))),
        Display((line,)),
        say(
            "a quadratic with negative leading coefficient that is positive at {}{}. It has one negative and one positive root, so {} is positive before {} and negative after it{}.",
            equation(u, ZERO), say("") if where is None else say(" where ") + where, unknown.slope, hat(unknown.name),
            "" if len(state.parameters) > 1 else ": the maximum is global",
        ),
    )  # fmt: skip
    reason = say("{} is positive before {} and negative after it", line.formula, hat(unknown.name))
    return MaximumArgument(Strength.PROVED, blocks, reason=reason if where is None else None)
