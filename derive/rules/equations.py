"""Moves on an equation.  Each returns the new equation and the factor by which the difference of its sides
was multiplied, so that equal roots are proved and not sampled."""

from __future__ import annotations

import math
from fractions import Fraction

from ..algebra.terms import Algebra, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Big,
    Call,
    Div,
    Formula,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    add,
    call,
    children,
    div,
    equation,
    has,
    kinds,
    names,
    neg,
    num,
    power,
    rational,
    replace,
    terms,
    value,
)
from ..rule_names import RuleName
from ..trace import BESIDE, Move, Words, say
from .brackets import factored
from .reasons import by_nonzero, by_number
from .sums import centred, expand_in_sum, split_exponents, split_sums, what_deviations_are

MINUS = neg(ONE)


def sides(eq: Relation) -> tuple[Formula, Formula]:
    return eq.sides[0], eq.sides[1]


def drop_factor(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """c (...) = 0 with c not zero: the bracket is zero."""
    left, right = sides(eq)
    if right != ZERO or isinstance(left, Add):
        return None
    t = al.split(left)
    core = {b: k for b, k in t.powers.items() if isinstance(b, (Add, Big)) and has(b, u)}
    if len(core) != 1:
        return None
    ((b, k),) = core.items()
    rest = Term(t.coefficient, {c: e for c, e in t.powers.items() if c != b})
    if k != ONE or (not rest.powers and rest.coefficient == 1):
        return None
    if not al.nonzero(al.build(rest)):
        return None
    inner: Formula = b
    shared = _shared_number(b, al) if rest.powers else None
    if shared is not None:
        inner, rest = _divided(b, shared, al), rest.scaled(shared)
    size = al.build(rest)
    factor = al.build(al.raised(rest, MINUS))
    if not rest.powers:
        words = by_number(rest.coefficient, al)
    else:
        inverse = isinstance(size, Div) and size.top == ONE
        words = by_nonzero("multiply", factor, al) if inverse else by_nonzero("divide", size, al)
    return Move(equation(inner, ZERO), factor, RuleName.DROP_A_FACTOR, words)


def drop_number(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """A sum of brackets that share a number or a sign is divided by it."""
    left, right = sides(eq)
    c = _shared_number(left, al)
    if right != ZERO or c is None:
        return None
    return Move(equation(_divided(left, c, al), ZERO), rational(1 / c), RuleName.DIVIDE, by_number(c, al))


def _shared_number(f: Formula, al: Algebra) -> Fraction | None:
    """The whole number that a sum of brackets shares, with the sign where every term has it; None where that is 1."""
    if not isinstance(f, Add):
        return None
    ts = [al.split(t) for t in f.terms]
    if not all(isinstance(b, Add) for t in ts for b in list(t.powers)[:1]) or not all(t.powers for t in ts):
        return None
    c = al.common_factor(ts).coefficient
    if all(t.coefficient < 0 for t in ts):
        c = -c
    return None if c == 1 or c.denominator != 1 else c


def _divided(f: Formula, c: Fraction, al: Algebra) -> Formula:
    """A sum with every term divided by a number."""
    return add(*(al.build(al.split(t).scaled(1 / c)) for t in terms(f)))


def open_sums(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """The unknown taken out of the sums over the sample."""
    left, right = sides(eq)
    if not any(isinstance(g, Big) and has(g, u) for s in (left, right) for t in terms(s) for g in _bases(t, al)):
        return None
    apart = [split_exponents(s, al) or s for s in (left, right)]
    new = [split_sums(s, al) or s for s in apart]
    if tuple(new) != eq.sides:
        return Move(equation(*new), ONE, RuleName.SPLIT_THE_SUM, say("sum term by term"))
    new = [add(*(expand_in_sum(t, al) or t if has(t, u) else t for t in terms(s))) for s in (left, right)]
    if tuple(new) == eq.sides:
        return None
    return Move(equation(*new), ONE, RuleName.EXPAND_UNDER_THE_SUM, say("multiply out under the sum"))


def centre_sums(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Sums of products less n times the means are sums of products of deviations."""
    new = [centred(s, al) or s for s in sides(eq)]
    if tuple(new) == eq.sides:
        return None
    return Move(equation(*new), ONE, RuleName.CENTRE_THE_SUMS, say("since {}", what_deviations_are(add(*new), al)))


def _bases(t: Formula, al: Algebra) -> list[Formula]:
    return list(al.split(t).powers)


def add_up(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Brackets without a factor opened and like terms added: (10 - mu) + (12 - mu) = 22 - 2 mu."""
    left, right = sides(eq)
    new = [al.assemble(al.flat(s, deep=True)) for s in (left, right)]
    if tuple(new) == eq.sides or not any(
        isinstance(t, Add) or (isinstance(t, Neg) and isinstance(t.arg, Add)) for s in eq.sides for t in terms(s)
    ):
        return None
    opened = sum(len(terms(t.arg if isinstance(t, Neg) else t)) for s in eq.sides for t in terms(s))
    same = opened == sum(len(terms(s)) for s in new)
    return Move(equation(*new), ONE, RuleName.ADD_UP, say("remove the brackets" if same else "add up"))


def isolate_fraction(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """c/u^k + rest = 0 with nothing else in u: the rest goes to the other side."""
    left, right = sides(eq)
    if right != ZERO or not isinstance(left, Add):
        return None
    ts = [al.split(t) for t in left.terms]
    mine = [j for j, t in enumerate(left.terms) if has(t, u)]
    if len(mine) != 1 or {k for k in ts[mine[0]].powers if has(k, u)} != {u}:
        return None
    t = ts[mine[0]]
    k = value(t.powers[u])
    if k is None or k >= 0:
        return None
    sign = Fraction(-1 if t.coefficient < 0 else 1)
    moved = sorted((s.scaled(-sign) for j, s in enumerate(ts) if j != mine[0]), key=lambda s: s.coefficient < 0)
    rest = add(*map(al.build, moved))
    return Move(
        equation(al.build(t.scaled(sign)), rest),
        num(int(sign)),
        RuleName.MOVE_TERMS,
        say("move the other terms to the right" if len(moved) > 1 else "move the other term to the right"),
    )


def lift_unknown(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """c/u^k = b with b free of the unknown: b u^k = c."""
    left, right = sides(eq)
    if isinstance(left, Add) or has(right, u) or right == ZERO:
        return None
    t = al.split(left)
    k = value(t.powers.get(u, ZERO))
    if k is None or k >= 0 or any(has(b, u) for b in t.powers if b != u):
        return None
    below = {b: rational(-q) for b, e in t.powers.items() if (q := value(e)) is not None and q < 0}
    m = Term(Fraction(t.coefficient.denominator), below)
    if not al.nonzero(al.build(m)):
        return None
    number = Term(m.coefficient)
    inner = add(*(al.build(al.times((al.split(s), number))) for s in terms(right)))
    base = Term(Fraction(1), {inner: ONE}) if isinstance(inner, Add) else al.split(inner)
    new_left = al.build(al.times((base, Term(Fraction(1), below))))
    after = equation(new_left, al.build(al.times((t, m))))
    return Move(after, al.build(m.scaled(Fraction(-1))), RuleName.CLEAR_DENOMINATORS, _multiply(m, al) + say(BESIDE[0]))


def leave_bracket(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """a - u = b with b a fraction: u = a - b."""
    left, right = sides(eq)
    if not isinstance(left, Add) or has(right, u) or isinstance(right, Add) or right == ZERO:
        return None
    mine = [t for t in left.terms if has(t, u)]
    if mine not in ([u], [neg(u)]) or not any((value(k) or 0) < 0 for k in al.split(right).powers.values()):
        return None
    others = [neg(t) for t in left.terms if t not in mine]
    moved = [right, *others] if mine == [u] else [*map(neg, others), neg(right)]
    after = equation(u, add(*moved))
    return Move(after, ONE if mine == [u] else MINUS, RuleName.MOVE_TERMS, say("solve for {}", u))


def clear_denominators(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Multiply both sides by the common denominator, and divide by what all terms share."""
    left, right = sides(eq)
    pairs = [(0, al.split(t)) for t in terms(left)] + [(1, al.split(t)) for t in terms(right)]
    if not pairs:
        return None
    common = al.common_factor([t for _, t in pairs])
    shared = {b: k for b, k in common.powers.items() if value(k) is not None or b == u}
    multiplier = al.raised(Term(Fraction(1, common.coefficient.denominator), shared), MINUS)
    if multiplier.coefficient == 1 and not multiplier.powers:
        return None
    below = {b for _, t in pairs for b, k in t.powers.items() if (q := value(k)) is not None and q < 0}
    if not (below & set(multiplier.powers) or multiplier.coefficient != 1 or any(has(b, u) for b in multiplier.powers)):
        return None
    shown = al.build(multiplier)
    if not al.nonzero(shown):
        return None
    across = right == ZERO and len([b for b in below if has(b, u)]) > 1
    out: tuple[list[Term], list[Term]] = ([], [])
    for side, t in pairs:
        new = al.times((t, multiplier))
        if across and new.coefficient < 0:
            out[1].append(new.scaled(Fraction(-1)))
        else:
            out[side].append(new)
    new_left, new_right = (add(*(al.build(t) for t in ts)) for ts in out)
    if new_left == ZERO:
        new_left, new_right, shown = new_right, new_left, al.tidy(neg(shown))
    words = _multiply(multiplier, al)
    if across and new_left != ZERO and new_right != ZERO:
        words += say(BESIDE[1 if len(out[1]) == 1 else 2])
    return Move(equation(new_left, new_right), shown, RuleName.CLEAR_DENOMINATORS, words)


def _multiply(m: Term, al: Algebra) -> Words:
    shown = al.build(m)
    if not m.powers:
        return say("multiply by {}", shown)
    if all((value(k) or 1) < 0 for k in m.powers.values()) and m.coefficient.numerator == 1:
        return by_nonzero("divide", al.build(al.raised(m, MINUS)), al)
    return by_nonzero("multiply", shown, al)


def expand_sides(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Multiply out the brackets that hold the unknown, or that stand beside it."""
    new = []
    for s in sides(eq):
        parts: list[Formula] = []
        for t in terms(s):
            opens = has(t, u) and any(isinstance(b, Add) for b in _bases(t, al))
            parts += terms(al.expand(t)) if opens else (t,)
        new.append(add(*parts))
    after = equation(*new)
    return None if after == eq else Move(after, ONE, RuleName.EXPAND, say("multiply out"))


def collect(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Terms with the unknown on the left, the others on the right, like terms added."""
    left, right = sides(eq)
    merged = add(left, neg(right))
    table = al.coefficients(merged, u)
    if table is None or set(table) - {ZERO} == set() or len(set(table) - {ZERO}) != 1:
        return None
    (k,) = set(table) - {ZERO}
    mine, others = table[k], table.get(ZERO, [])
    down = all(t.coefficient < 0 for t in mine) or al.sign(al.assemble(mine)) < 0 or al.sign(factored(al.assemble(mine), al)) < 0
    sign = Fraction(-1 if down else 1)
    coefficient = al.assemble(ordered([t.scaled(sign) for t in mine]))
    coefficient = factored(coefficient, al) if isinstance(coefficient, Add) else coefficient
    new_left = al.build(al.times((al.split(coefficient), Term(Fraction(1), {u: k}))))
    new_right = al.assemble(t.scaled(-sign) for t in others)
    after = equation(new_left, new_right)
    if after == eq:
        return None
    factor = num(int(sign))
    words = say("collect {}", power(u, k)) if left != ZERO and right != ZERO else say("isolate {}", power(u, k))
    if after == equation(right, left):
        words = say("swap the sides")
    return Move(after, factor, RuleName.COLLECT, words)


def ordered(ts: list[Term]) -> list[Term]:
    """The terms of a coefficient, negative ones last, letters alone by name: a + b."""
    plain = all(len(t.powers) == 1 and isinstance(b, Sym) and b.name != "n" and k == ONE for t in ts for b, k in t.powers.items())
    return sorted(ts, key=lambda t: (t.coefficient < 0, [b.name for b in t.powers if isinstance(b, Sym)] if plain else []))


def divide(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """a u^k = b: divide by a."""
    left, right = sides(eq)
    t = al.split(left)
    k = t.powers.get(u)
    if k is None or has(right, u) or any(has(b, u) or has(e, u) for b, e in t.powers.items() if b != u):
        return None
    a = Term(t.coefficient, {b: e for b, e in t.powers.items() if b != u})
    if a.coefficient == 1 and not a.powers:
        return None
    shown = al.build(a)
    needs: tuple[Relation, ...] = ()
    if not al.nonzero(shown):
        sign = al.sign(right) if right != ZERO and al.facts.positive(u) and not names(shown) & set(al.unknowns) else 0
        if not sign:
            return None
        needs = (Relation((shown, ZERO), (">" if sign > 0 else "<",)),)  # as u is positive, both sides have one sign
    new = quotient(right, a, al)
    words = say("divide by {}", shown) if not needs else say("divide by {}, which has the sign of the right side", shown)
    if Call in kinds(shown) and Big in kinds(shown) and al.facts.positive(shown):  # a sum whose sign is not plain
        words = by_nonzero("divide", shown, al)
    return Move(equation(power(u, k), new), al.build(al.raised(a, MINUS)), RuleName.DIVIDE, words, needs)


def quotient(top: Formula, bottom: Term, al: Algebra) -> Formula:
    """top/bottom in one fraction where top is a sum, tidy where it is a term; a number apart where that leaves one term."""
    if not isinstance(top, Add):
        return al.build(al.times((al.split(top), al.raised(bottom, MINUS))))
    parts = [al.divided(t, bottom) for t in al.flat(top)] if bottom.powers else []
    if len(parts) == 2 and sum(not t.powers for t in parts) == 1 and not al.decimals:  # (w - k)/w = 1 - k/w
        return al.assemble(sorted(parts, key=lambda t: bool(t.powers)))
    return al.build(al.times((Term(Fraction(1), {top: ONE}), al.raised(bottom, MINUS))))


def drop_root(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """A polynomial of a degree above 2 that vanishes at an end of the domain, which does not belong to it: divide by u - e."""
    left, right = sides(eq)
    r = al.facts.range(u)
    ends = [v for v, is_open in ((r.low, r.low_open), (r.high, r.high_open)) if is_open and abs(v) in (1, 2) and not math.isinf(v)]
    if not ends:
        return None
    table = al.coefficients(add(left, neg(right)), u)
    degrees = [value(k) for k in table or ()]
    if table is None or any(q is None or q.denominator != 1 or q < 0 for q in degrees):
        return None
    top = max(int(q) for q in degrees if q is not None)
    if not 2 < top <= 8:
        return None
    for e in ends:
        carried: list[Term] = []
        out: dict[int, list[Term]] = {}
        for k in range(top, -1, -1):
            carried = al.collect([*table.get(rational(k), []), *(t.scaled(Fraction(e)) for t in carried)])
            if k:
                out[k - 1] = carried
        if carried:
            continue
        parts = [al.build(al.times((t, Term(Fraction(1), {u: rational(k)} if k else {})))) for k, ts in out.items() for t in ts]
        by = add(u, neg(rational(Fraction(e)))) if e > 0 else add(u, rational(Fraction(-e)))
        words = say("{} is a root, but not in the domain: divide by {}", equation(u, rational(Fraction(e))), by)
        return Move(equation(add(*parts), ZERO), Div(ONE, by), RuleName.LOWER_THE_DEGREE, words)
    return None


def lower_power(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """Every term has a power of the unknown, which is not zero: divide by the lowest."""
    left, right = sides(eq)
    table = al.coefficients(add(left, neg(right)), u)
    if table is None or ZERO in table or not table:
        return None
    numbers = [value(k) for k in table]
    if len(table) < 2 or not al.nonzero(u):
        return None
    if any(v is None for v in numbers):
        return _two_powers(eq, u, al, list(table))
    low = min(v for v in numbers if v is not None)
    by = Term(Fraction(1), {u: rational(-low)})
    new = [add(*(al.build(al.times((al.split(t), by))) for t in terms(s))) for s in (left, right)]
    return Move(equation(*new), al.build(by), RuleName.DIVIDE, by_nonzero("divide", power(u, rational(low)), al))


def _two_powers(eq: Relation, u: Sym, al: Algebra, exponents: list[Formula]) -> Move | None:
    """a u^p + b u^q = 0 with a letter in an exponent: multiplied by the power that frees one of the terms."""
    if len(exponents) != 2 or any(has(k, u) for k in exponents) or not al.facts.positive(u):
        return None
    freed = next(k for k in reversed(exponents) if value(k) is None)
    up = al.expand(neg(freed))
    shared = al.common_factor([al.split(t) for s in sides(eq) for t in terms(s)])
    out = {b: k for b, k in shared.powers.items() if not has(b, u) and al.nonzero(b)}
    by = Term(Fraction(1), {u: up, **al.raised(Term(Fraction(1), out), MINUS).powers})

    def times(t: Formula) -> Formula:
        whole = al.times((al.split(t), by))
        powers = {b: al.expand(k) if b == u else k for b, k in whole.powers.items()}
        return al.build(Term(whole.coefficient, {b: k for b, k in powers.items() if k != ZERO}))

    new = [add(*(times(t) for t in terms(s))) for s in sides(eq)]
    return Move(equation(*new), al.build(by), RuleName.MULTIPLY, by_nonzero("multiply", al.build(by), al))


# -- moves judged by their roots ------------------------------------------------------------------


def take_root(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """u^k = b with u not negative: the k-th root."""
    left, right = sides(eq)
    if not (isinstance(left, Pow) and left.base == u and not has(left.exponent, u)) and left != call("sqrt", u):
        return None
    k = left.exponent if isinstance(left, Pow) else rational(Fraction(1, 2))
    if not al.facts.range(u).nonnegative or has(right, u):
        return None
    root = root_of(right, k, al)
    words = (
        say("take the positive root, since {}", Relation((u, ZERO), (">",))) if k == TWO else say("take the power {}", al.tidy(div(ONE, k)))
    )
    image, at = al.facts.range(left), al.facts.range(right)
    if not at.nonnegative and al.sign(right) <= 0:
        if al.sign(right) < 0:
            return None
        return Move(equation(u, root), None, RuleName.TAKE_A_ROOT, words, (Relation((right, ZERO), (">",)),))
    needs = (Relation((right, ZERO), (">",)), Relation((right, ONE), ("<",))) if (image.low, image.high) == (0, 1) else ()
    return Move(equation(u, root), None, RuleName.TAKE_A_ROOT, words, needs)


def root_of(f: Formula, k: Formula, al: Algebra) -> Formula:
    """f^(1/k), laid out as one root."""
    if k == TWO:
        t = al.split(f)
        inside = al.raised(t, rational(Fraction(1, 2))) if t.coefficient > 0 else None
        whole = inside is not None and all((value(e) or Fraction(1, 2)).denominator == 1 for e in inside.powers.values())
        return al.build(inside) if inside is not None and whole else call("sqrt", f)
    inverse = al.tidy(div(ONE, k))
    return al.tidy(Pow(f, inverse)) if value(f) is not None else Pow(f, inverse)


def isolate_kernel(eq: Relation, u: Sym, al: Algebra) -> Move | None:
    """The unknown occurs only through one function of it: solve for that function first."""
    left, right = sides(eq)
    merged = add(left, neg(right))
    kernels = set(outermost(merged, u))
    if len(kernels) != 1:
        return None
    (kernel,) = kernels
    stand_in = Sym("#kernel")
    hidden = replace(merged, kernel, stand_in)
    if has(hidden, u):
        return None
    table = al.coefficients(hidden, stand_in)
    if table is None or set(table) - {ZERO} != {ONE}:
        return None
    sign = Fraction(-1 if al.sign(al.assemble(table[ONE])) < 0 else 1)
    coefficient = al.assemble(sorted((t.scaled(sign) for t in table[ONE]), key=lambda t: t.coefficient < 0))
    if not al.nonzero(coefficient):
        return None
    b = al.assemble(t.scaled(-sign) for t in table.get(ZERO, []))
    after = equation(
        kernel, quotient(b, al.split(coefficient) if not isinstance(coefficient, Add) else Term(Fraction(1), {coefficient: ONE}), al)
    )
    if after == eq:
        return None
    by = al.raised(al.split(coefficient) if not isinstance(coefficient, Add) else Term(Fraction(1), {coefficient: ONE}), MINUS)
    return Move(after, al.build(by.scaled(sign)), RuleName.ISOLATE, say("solve for {}", kernel))


def outermost(f: Formula, u: Sym) -> list[Call]:
    """The largest function values in f that depend on u."""
    if isinstance(f, Call) and has(f, u):
        return [f]
    return [g for k in children(f) for g in outermost(k, u)]


__all__ = [
    "Num", "add_up", "centre_sums", "clear_denominators", "collect", "divide", "drop_factor", "drop_number", "drop_root", "expand_sides",
    "isolate_fraction", "isolate_kernel", "leave_bracket", "lift_unknown", "lower_power", "open_sums", "ordered", "outermost", "quotient", "root_of", "sides", "take_root",
]  # fmt: skip
