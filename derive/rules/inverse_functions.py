"""Functions of the unknown in an equation: what stands in one term brought together, and a function undone."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from ..algebra.facts import HALF_PI, PI_ABOVE, Range
from ..algebra.terms import Algebra, E, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Neg,
    Pow,
    Relation,
    Sym,
    add,
    call,
    div,
    equation,
    exp,
    has,
    log,
    mul,
    neg,
    rational,
    transform,
    value,
    walk,
)
from ..rule_names import RuleName
from ..trace import Move, say
from .logs import open_log
from .reasons import by_nonzero
from .sums import fold_means

CIRCULAR, HYPERBOLIC = ("sin", "cos", "tan"), ("sinh", "cosh", "tanh")
HALF = rational(Fraction(1, 2))

Exponents = dict[tuple[Formula, tuple[str, str, str]], dict[str, int]]


# -- a common factor -------------------------------------------------------------------------------


def divide_common(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Every term shares a function of the unknown that is not zero: divide by it."""
    left, right = eq.sides
    if right != ZERO or not isinstance(left, Add):
        return None
    ts = al.collect(al.flat(left, deep=True))
    if len(ts) < 2:
        return None
    shared = {b: k for b, k in al.common_factor(ts).powers.items() if b not in (u, E) and has(b, u) and all(b in t.powers for t in ts)}
    exponent = _shared_exponent(ts, u, al)
    if exponent is not None:
        shared[E] = exponent
    if not shared:
        return None
    by = al.raised(Term(Fraction(1), shared), neg(ONE))
    if not al.nonzero(al.build(by)):
        return None
    after = equation(al.assemble(_exponent_added(al.times((t, by)), al) for t in ts), ZERO)
    below = all((value(k) or Fraction(1)) < 0 for b, k in shared.items() if b != E)
    words = (
        by_nonzero("multiply", al.build(by), al)
        if below and E not in shared
        else by_nonzero("divide", al.build(Term(Fraction(1), shared)), al)
    )
    return Move(after, al.build(by), RuleName.DIVIDE, words)


def _exponent_added(t: Term, al: Algebra) -> Term:
    """A term with the exponent of e without brackets."""
    if E not in t.powers:
        return t
    k = al.assemble(al.flat(t.powers[E], deep=True))
    return Term(t.coefficient, {b: e for b, e in {**t.powers, E: k}.items() if e != ZERO})


def even_powers(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Powers of the unknown that differ by multiples of one exponent k: multiplied so that all are powers of u^k."""
    left, right = eq.sides
    if right != ZERO or not al.nonzero(u):
        return None
    ts = al.collect(al.flat(left, deep=True))
    outside = list(dict.fromkeys(t.powers.get(u, ZERO) for t in ts))
    inside = [g.exponent for t in ts for b in t.powers if b != u for g in walk(b) if isinstance(g, Pow) and g.base == u]
    k = next((e for e in (*inside, *outside) if value(e) is None), None)
    if k is None or ZERO in outside or any(has(e, u) for e in (*inside, *outside)):
        return None
    for e in outside:
        apart = [value(al.tidy(div(al.expand(add(o, neg(e))), k))) for o in outside]
        if all(q is not None and q.denominator == 1 and q >= 0 for q in apart):
            by = Term(Fraction(1), {u: al.tidy(neg(e))})
            after = equation(al.assemble(_power_added(al.times((t, by)), u, al) for t in ts), ZERO)
            return Move(after, al.build(by), RuleName.MULTIPLY, by_nonzero("multiply", al.build(by), al))
    return None


def _power_added(t: Term, u: Sym, al: Algebra) -> Term:
    if u not in t.powers:
        return t
    return Term(t.coefficient, {b: e for b, k in t.powers.items() for e in [al.expand(k) if b == u else k] if e != ZERO})


def _shared_exponent(ts: list[Term], u: Sym, al: Algebra) -> Formula | None:
    """What stands with the unknown in the exponent of e in every term."""
    each = [al.collect(al.flat(t.powers[E], deep=True)) if E in t.powers else [] for t in ts]
    kept = [s for s in each[0] if has(al.build(s), u) and all(any(s == o for o in other) for other in each)]
    return al.assemble(kept) if kept else None


def open_logs(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Under a sum, the logarithm of a product or quotient with the unknown is a sum of logarithms."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Call("log", (v,)) if has(v, u) and not isinstance(v, (Add, Call, Sym)):
                if all(al.facts.positive(h) for h in al.split(v).powers):
                    return open_log(g, al)
        return None

    def under(g: Formula) -> Formula | None:
        return transform(g, one) if isinstance(g, Big) and has(g, u) else None

    new = [transform(s, under) for s in eq.sides]
    if tuple(new) == eq.sides:
        return None
    return Move(equation(*new), ONE, RuleName.LOG_RULES, say("the log of a quotient is the difference of the logs"))


# -- functions of one argument in a term ---------------------------------------------------------------


def together(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """In every term sin w/cos w = tan w and 2 sin w cos w = sin 2w, and the same of hyperbolic functions, where that leaves
    fewer functions of the unknown."""
    reasons: list[Relation] = []
    new = [add(*(_together(t, u, al, reasons) for t in _terms(s))) for s in eq.sides]
    after = equation(*new)
    if not reasons or _functions(after, u) >= _functions(eq, u):
        return None
    words = say("since {}", reasons[0])
    for r in list(dict.fromkeys(reasons))[1:]:
        words += say(" and {}", r)
    return Move(after, ONE, RuleName.FUNCTIONS_TOGETHER, words)


def _functions(eq: Relation, u: Sym) -> int:
    """How many different functions of the unknown stand in an equation."""
    return len({g for s in eq.sides for g in walk(s) if isinstance(g, Call) and has(g, u)})


def _terms(s: Formula) -> tuple[Formula, ...]:
    return s.terms if isinstance(s, Add) else (s,)


def _together(t: Formula, u: Sym, al: Algebra, reasons: list[Relation]) -> Formula:
    if not has(t, u):
        return t
    whole = al.split(t)
    found: Exponents = {}
    for b, k in whole.powers.items():
        q = value(k)
        if isinstance(b, Call) and has(b, u) and q is not None and q.denominator == 1:
            for family in (CIRCULAR, HYPERBOLIC):
                if b.name in family:
                    found.setdefault((b.args[0], family), {})[b.name] = int(q)
    parts = [whole]
    for (w, (sine, cosine, tangent)), es in found.items():
        s, c = es.get(sine, 0) + es.get(tangent, 0), es.get(cosine, 0) - es.get(tangent, 0)
        if len(es) < 2 or not s or abs(s) != abs(c):
            continue
        gone = {call(name, w): rational(-q) for name, q in es.items()}
        if s == -c:
            new = Term(Fraction(1), {call(tangent, w): rational(s)})
            reasons.append(equation(div(call(sine, w), call(cosine, w)), call(tangent, w)))
        else:
            double = call(sine, al.tidy(mul(TWO, w)))
            new = al.times((Term(Fraction(1, 2) ** s), Term(Fraction(1), {double: rational(s)})))
            if tangent in es:
                reasons.append(equation(call(tangent, w), div(call(sine, w), call(cosine, w))))
            reasons.append(equation(mul(TWO, call(sine, w), call(cosine, w)), double))
        parts += [Term(Fraction(1), dict(gone)), new]
    return al.build(al.times(parts)) if len(parts) > 1 else t


def name_mean(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """f(u) = a sum over n: the mean, before f is undone."""
    left, right = eq.sides
    if has(right, u) or not has(left, u) or not isinstance(left, (Call, Pow)):
        return None
    named = fold_means(right, al)
    return None if named is None else Move(equation(left, named), ONE, RuleName.NAME_THE_MEAN, say("by definition of the mean"))


# -- a function undone -----------------------------------------------------------------------------------


def _anywhere(r: Range) -> bool:
    return True


def _between(low: float, high: float) -> Callable[[Range], bool]:
    return lambda r: low <= r.low and r.high <= high


INVERSE: dict[str, tuple[Callable[[Range], bool], str, str]] = {  # f(w) = r gives w = g(r), where w lies so
    "sinh": (_anywhere, "asinh", "the inverse of the hyperbolic sine"),
    "cosh": (_between(0, math.inf), "acosh", "the inverse of the hyperbolic cosine"),
    "tanh": (_anywhere, "atanh", "the inverse of the hyperbolic tangent"),
    "asinh": (_anywhere, "sinh", "the hyperbolic sine"),
    "acosh": (_anywhere, "cosh", "the hyperbolic cosine"),
    "atanh": (_anywhere, "tanh", "the hyperbolic tangent"),
    "sin": (_between(-HALF_PI, HALF_PI), "arcsin", "the arcsine"),
    "cos": (_between(0, PI_ABOVE), "arccos", "the arccosine"),
    "tan": (_between(-HALF_PI, HALF_PI), "arctan", "the arctangent"),
    "arctan": (_anywhere, "tan", "the tangent"),
    "arcsin": (_anywhere, "sin", "the sine"),
    "arccos": (_anywhere, "cos", "the cosine"),
    "Phi": (_anywhere, "probit", "the quantile function of the standard normal distribution"),
    "probit": (_anywhere, "Phi", "the distribution function of the standard normal distribution"),
}


def undo_function(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """f(w) = b with an invertible function f: w is its inverse at b.  log w = b gives w = e^b."""
    left, right = eq.sides
    if has(right, u) or not isinstance(left, Call):
        return None
    (w, *more) = left.args
    if left.name == "log" and not more:
        return Move(equation(w, al.tidy(exp(right))), None, RuleName.UNDO_THE_LOGARITHM, say("apply the exponential to both sides"))
    if left.name == "exp" and (needs := within(right, left, al)) is not None:
        turned = al.build(al.raised(al.split(right), neg(ONE))) if isinstance(right, Div) and right.top == ONE else ZERO
        logarithm = neg(log(turned)) if turned != ZERO else log(right)
        return Move(equation(w, logarithm), None, RuleName.TAKE_LOGARITHMS, say("take logarithms"), needs)
    if left.name == "logit":
        odds = div(ONE, add(ONE, exp(al.tidy(neg(right)))))
        return Move(equation(w, odds), None, RuleName.UNDO_THE_FUNCTION, say("solve {} for {}", equation(left, right), w))
    if left.name in INVERSE and not more:
        where, inverse, words = INVERSE[left.name]
        needs = within(right, left, al)
        if needs is not None and where(al.facts.range(w)):
            reason = say("apply " + words)
            if where is not _anywhere:
                reason += say(", since {}", _domain(w, left.name))
            return Move(equation(w, call(inverse, right)), None, RuleName.UNDO_THE_FUNCTION, reason, needs)
    return None


def _domain(w: Formula, name: str) -> Relation:
    """Where the argument lies, so that the function can be undone."""
    pi = Const("pi")
    if name == "cosh":
        return Relation((w, ZERO), (">",))
    return Relation((ZERO, w, pi), ("<", "<")) if name == "cos" else Relation((neg(div(pi, TWO)), w, div(pi, TWO)), ("<", "<"))


def within(r: Formula, f: Formula, al: Algebra) -> tuple[Relation, ...] | None:
    """That r, free of the unknown, is a value of f: r > low, r < high; None where no sample makes it one."""
    image, at = al.facts.range(f), al.facts.range(r)
    if at.high < image.low or at.low > image.high or (not al.facts.positive(r) and image.low == 0 and al.sign(r) < 0):
        return None
    out: list[Relation] = []
    for end, sign in ((image.low, ">"), (image.high, "<")):
        if math.isinf(end):
            continue
        shown = _number(end)
        if shown is None:
            return None
        out.append(Relation((r, shown), (sign,)))
    return tuple(out)


def _number(x: float) -> Formula | None:
    """A whole number as a formula."""
    if math.isinf(x) or x != int(x):
        return None
    return Neg(rational(int(-x))) if x < 0 else rational(int(x))


__all__ = ["divide_common", "even_powers", "together", "undo_function", "within"]
