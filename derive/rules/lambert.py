"""Equations a + b u + c e^(d u) = 0: brought to t e^t = z, whose solutions are the values of the Lambert function W.

For z >= 0 there is one, W_0(z); for -1/e < z < 0 there are two, W_{-1}(z) < -1 < W_0(z).
(Corless et al., 1996, On the Lambert W function, Advances in Computational Mathematics 5.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..algebra.terms import Algebra, E, Term
from ..formula.tree import ONE, ZERO, Call, Div, Formula, Mul, Relation, Sym, add, call, equation, exp, has, mul, neg, num, terms
from ..rule_names import RuleName
from ..trace import Move, Words, say
from .equations import clear_denominators, expand_sides
from .reasons import by_nonzero
from .sums import fold_means

MINUS = neg(ONE)
W, Z = Sym("w"), Sym("z")
LAMBERT = equation(Mul((W, exp(W))), Z)  # what W(z) solves


@dataclass(frozen=True, slots=True)
class Form:
    """a + b u + c e^(d u) = 0; all free of u."""

    a: Formula
    b: Formula
    c: Formula
    d: Formula


@dataclass(frozen=True, slots=True)
class Curve:
    """What the form says of g = a + b s + c e^(d s), with s the unknown or a function of it, whose root was found.

    slope: 0 where s = 0 is the other root, an end of the domain; then g is strictly convex (bends = 1) or concave (-1), and the
    domain lies above 0 (side = 1) or below.  Else the sign of the derivative of g.
    """

    g: Formula
    s: Formula
    slope: int
    bends: int = 0
    side: int = 0


def by_lambert(eq: Relation, u: Sym, al: Algebra) -> tuple[tuple[Move, ...], Formula, Curve] | None:
    """The moves, the root and the shape of the curve; None where the equation is of another kind or the branch is not clear."""
    moves: list[Move] = []
    for strategy in (clear_denominators, expand_sides, clear_denominators, expand_sides):
        move = strategy(eq, u, al)
        if move is not None:
            moves.append(move)
            eq = move.after
    divided = _divided(eq, u, al)
    if divided is None:
        return None
    if divided[0] is not None:
        moves.append(divided[0])
        eq = divided[0].after
    form = divided[1]
    if not all(al.nonzero(f) for f in (form.b, form.c, form.d)):
        return None
    shift = _tidy(Div(form.a, form.b), al)  # (u + shift) e^(-d u) = -c/b
    product = _tidy(mul(MINUS, form.d, add(*terms(form.a)), Div(ONE, form.b)), al)  # - d a/b
    front = _tidy(mul(form.d, Div(form.c, form.b)), al)
    z = _tidy(mul(front, exp(product)), al)
    branch = _branch(form, front, product, z, u, al)
    if branch is None:
        return None
    index, why, needs, curve = branch
    t = _tidy(mul(neg(form.d), add(u, *terms(shift))), al)
    t = al.expand(t)
    moves += _to_standard(eq, form, shift, product, z, t, u, al)
    w = call("lambertw", z) if index == 0 else call("lambertw", z, num(-1))
    moves.append(Move(equation(t, w), None, RuleName.LAMBERT_FUNCTION, why, needs))
    root = _tidy(add(neg(shift), neg(Div(w, form.d))), al)
    if t != u:
        factor = al.tidy(neg(Div(ONE, form.d)))
        moves.append(Move(equation(u, root), factor, RuleName.MOVE_TERMS, say("solve for {}", u)))
    return tuple(moves), root, curve(eq.sides[0])


def _tidy(f: Formula, al: Algebra) -> Formula:
    f = al.expand(al.tidy(f))
    return fold_means(f, al) or f


def _divided(eq: Relation, u: Sym, al: Algebra) -> tuple[Move | None, Form] | None:
    """The form of an equation, after division by e^(d u) where the linear part stands beside it."""
    left, right = eq.sides
    table = _groups(add(left, neg(right)), u, al)
    if table is None or len(table) != 2:
        return None
    linear = [k for k, (_, slope) in table.items() if slope]
    if len(linear) != 1:
        return None
    (k,) = linear
    (other,) = (j for j in table if j != k)
    if table[other][1]:
        return None
    d = al.expand(add(other, neg(k)))
    a, b = (al.assemble(ts) for ts in table[k])
    form = Form(a, b, al.assemble(table[other][0]), d)
    straightened = add(*(t for t in terms(form.a) if t != ZERO), *_times(b, u, al), *_times(form.c, exp(_times_of(d, u, al)), al))
    if k == ZERO and right == ZERO:
        return None, form
    by = exp(_times_of(al.tidy(neg(k)), u, al))
    words = say("move all terms to one side") if k == ZERO else by_nonzero("multiply", by, al)
    return Move(equation(straightened, ZERO), ONE if k == ZERO else by, RuleName.MULTIPLY, words), form


def _times(f: Formula, g: Formula, al: Algebra) -> tuple[Formula, ...]:
    return terms(al.expand(mul(f, g)))


def _times_of(d: Formula, u: Sym, al: Algebra) -> Formula:
    return al.tidy(mul(d, u))


def _groups(f: Formula, u: Sym, al: Algebra) -> dict[Formula, tuple[list[Term], list[Term]]] | None:
    """f as a sum of (constant, slope) e^(k u): exponent k -> terms without and with u."""
    ts = al.expanded(f)
    if ts is None:
        return None
    out: dict[Formula, tuple[list[Term], list[Term]]] = {}
    for t in ts:
        rest = {b: k for b, k in t.powers.items() if b not in (u, E)}
        degree = t.powers.get(u, ZERO)
        if degree not in (ZERO, ONE) or any(has(b, u) or has(k, u) for b, k in rest.items()):
            return None
        size: Formula = ZERO
        if E in t.powers:
            table = al.coefficients(t.powers[E], u)
            if table is None or not set(table) <= {ZERO, ONE}:
                return None
            size = al.assemble(table.get(ONE, []))
            if (still := al.assemble(table.get(ZERO, []))) != ZERO:
                rest[E] = still
        out.setdefault(size, ([], []))[0 if degree == ZERO else 1].append(Term(t.coefficient, rest))
    return {k: (al.collect(a), al.collect(b)) for k, (a, b) in out.items() if al.collect(a) or al.collect(b)}


def _to_standard(eq: Relation, form: Form, shift: Formula, product: Formula, z: Formula, t: Formula, u: Sym, al: Algebra) -> list[Move]:
    """(u + a/b) e^(-d u) = -c/b, and from there t e^t = z."""
    moves: list[Move] = []
    bracket = add(u, *(s for s in terms(shift) if s != ZERO))
    up = exp(_times_of(al.tidy(neg(form.d)), u, al))
    right = _tidy(neg(Div(form.c, form.b)), al)
    down = exp(_times_of(form.d, u, al))
    words = say("the last term to the right") if form.b == ONE else say("divide by {}, the last term to the right", form.b)
    moves.append(Move(equation(bracket, al.tidy(mul(right, down))), al.tidy(Div(ONE, form.b)), RuleName.DIVIDE, words))
    first = equation(Mul((bracket, up)), right)
    moves.append(Move(first, up, RuleName.MULTIPLY, say("multiply by {}", up)))
    last = equation(Mul((t, exp(t))), z)
    if last != first:
        factor = al.tidy(mul(neg(form.d), exp(product)))
        moves.append(Move(last, factor, RuleName.MULTIPLY, say("multiply by {}, so that both factors on the left hold {}", factor, t)))
    return moves


Branch = tuple[int, Words, tuple[Relation, ...], Callable[[Formula], Curve]]


def _branch(form: Form, front: Formula, product: Formula, z: Formula, u: Sym, al: Algebra) -> Branch | None:
    """Which value of W the root is, why, what that needs, and the shape of the curve."""
    if al.sign(front) > 0:
        grows = al.sign(form.b)
        needs = () if al.facts.positive(front) else (Relation((front, ZERO), (">",)),)
        words = say("for {} the equation {} has one solution", Relation((Z, ZERO), (">",)), LAMBERT)
        return (0, words, needs, lambda g: Curve(g, u, grows)) if grows else None
    r = al.facts.range(u)
    side = 1 if r.positive and r.high == float("inf") else -1 if r.negative and r.low == -float("inf") else 0
    if front == product and side and al.tidy(add(form.a, form.c)) == ZERO:
        # u = 0 is a root: t = product.  The other is wanted.
        beyond = al.expand(add(product, ONE))
        sign = al.sign(beyond) or (al.generic(beyond) if al.generic is not None else 0)
        bends = al.sign(form.c)
        if not sign or not bends:
            return None
        index = 0 if sign < 0 else -1
        sign_shown = "<" if index == 0 else ">"
        words = say(
            "{} has two solutions, {}; one is {}, which makes {} zero, outside the domain, so this is the other",
            LAMBERT, Relation((call("lambertw", Z, MINUS), MINUS, call("lambertw", Z)), ("<", "<")),
            Relation((product, MINUS), (sign_shown,)), u,
        )  # fmt: skip
        need = Relation((product, MINUS), (sign_shown,))
        return index, words, (need,), lambda g: Curve(g, u, 0, bends, side)
    return None


def exponential_of_w(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """e^(W(z)) = z/W(z), by the definition of W."""
    left, right = eq.sides
    if has(right, u) or not isinstance(right, Call) or right.name != "exp":
        return None
    ts = al.flat(right.args[0], deep=True)
    for t in ts:
        for b, k in t.powers.items():
            if isinstance(b, Call) and b.name == "lambertw" and k == ONE and len(t.powers) == 1 and t.coefficient == Fraction(1):
                rest = al.assemble(s for s in ts if s is not t)
                after = al.tidy(mul(*(() if rest == ZERO else (exp(rest),)), b.args[0], Div(ONE, b)))
                name = call("lambertw", Z, *b.args[1:])
                return Move(equation(left, after), ONE, RuleName.LAMBERT_FUNCTION, say("since {}", equation(exp(name), Div(Z, name))))
    return None


__all__ = ["Curve", "by_lambert", "exponential_of_w"]
