"""Solve one equation for one unknown, as a person would: a fixed order of small strategies.

The order of `STRATEGIES` is the method's description.  Each is tried in turn on the present equation; the first
that applies makes one line, and the search begins again, until the unknown stands alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..algebra.polynomials import lowest_terms, without_squares
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
    Pow,
    Relation,
    Sym,
    add,
    call,
    equation,
    has,
    kinds,
    mul,
    names,
    neg,
    num,
    rational,
    replace,
    size,
    terms,
    value,
    walk,
)
from ..rule_names import RuleName
from ..rules import brackets
from ..rules import equations as eqs
from ..rules import inverse_functions as functions
from ..rules.lambert import Curve, by_lambert, exponential_of_w
from ..rules.sums import expand_in_sum, fold_means, split_exponents, split_sums
from ..trace import Move, say
from .change_of_variable import hidden, kernels, rewritten, shown, shown_curve, shown_move

Strategy = Callable[[Relation, Sym, Algebra], Move | None]

STRATEGIES: tuple[Strategy, ...] = (
    eqs.drop_factor,
    eqs.drop_number,
    functions.open_logs,
    functions.together,
    functions.divide_common,
    eqs.open_sums,
    eqs.centre_sums,
    eqs.add_up,
    eqs.isolate_fraction,
    eqs.lift_unknown,
    functions.name_mean,
    eqs.take_root,
    exponential_of_w,
    functions.undo_function,
    eqs.divide,
    eqs.leave_bracket,
    eqs.clear_denominators,
    eqs.lower_power,
    eqs.expand_sides,
    eqs.drop_root,
    eqs.collect,
    eqs.isolate_kernel,
)
LONGEST = 24  # moves
LARGEST = 900  # nodes of an equation
MOST_FUNCTIONS = 4  # different functions of the unknown
MOST_BELOW = 5  # different brackets with the unknown in denominators


@dataclass(frozen=True, slots=True)
class Solved:
    """moves: from the equation to u = root, in order.  roots: every root, admissible or not, before the domain
    is asked; each is free of the unknown.  A quadratic ends with two."""

    moves: tuple[Move, ...]
    roots: tuple[Formula, ...]
    inner: Inner | None = None
    curve: Curve | None = None

    @property
    def by_detour(self) -> bool:
        """Whether there are two roots that only a function of the unknown, or a lower degree, gave."""
        return len(self.roots) == 2 and (self.inner is not None or any(m.rule == RuleName.LOWER_THE_DEGREE for m in self.moves))


@dataclass(frozen=True, slots=True)
class Inner:
    """A quadratic in a function of the unknown.

    kernel: the function.  letter, equation: the quadratic with a letter for it.  values: the two values of the function.
    back: for each, the moves from kernel = value to u = root.
    """

    kernel: Formula
    letter: Sym
    equation: Relation
    values: tuple[Formula, Formula]
    back: tuple[tuple[Move, ...], tuple[Move, ...]]


UNKNOWN = Sym("#unknown")
NOWHERE = call("sqrt", num(-1))  # the root where a value is none of the function

READY: tuple[Strategy, ...] = (
    eqs.drop_factor,
    eqs.drop_number,
    functions.together,
    functions.divide_common,
    functions.even_powers,
    functions.open_logs,
    eqs.open_sums,
)


def solve(eq: Relation, u: Sym, al: Algebra, outer: frozenset[Formula] = frozenset()) -> Solved | None:
    """The way from an equation to its roots in u, or None when no strategy reaches them: as it stands, else for a function
    of u through which alone u occurs, which is undone then.  outer: equations that led to this one, with one letter for the unknown."""
    return straight(eq, u, al) or inside_out(eq, u, al, outer)


def inside_out(eq: Relation, u: Sym, al: Algebra, outer: frozenset[Formula]) -> Solved | None:
    """Solved for a function of the unknown first."""
    shape = replace(eq, u, UNKNOWN)
    if shape in outer:
        return None
    ready: list[Move] = []
    while len(ready) < LONGEST and (move := next((m for s in READY if (m := s(eq, u, al)) is not None), None)) is not None:
        ready.append(move)
        eq = move.after
    under_sums = any(isinstance(g, Big) and has(g, u) for s in eq.sides if Big in kinds(s) for g in walk(s))
    if not has(eq, u) or size(eq) > LARGEST or under_sums:
        return None
    for kernel in kernels(eq, u, al):
        inside = hidden(eq, kernel, u, al)
        if inside is None:
            continue
        before, v, inner = inside
        solved = solve(before, v, inner, outer | {shape})
        if solved is None or solved.inner is not None:
            continue
        first = equation(*(shown(s, v, kernel.of, al) for s in before.sides))
        moves = (*ready, *rewritten(eq, first, kernel.of), *(shown_move(m, v, kernel.of, al) for m in solved.moves))
        values = tuple(shown(r, v, kernel.of, al) for r in solved.roots)
        back = [straight(equation(kernel.of, r), u, al) for r in values]
        if len(values) == 1 and back[0] is not None and len(back[0].roots) == 1:
            return Solved((*moves, *back[0].moves), back[0].roots, curve=shown_curve(solved.curve, v, kernel.of, al))
        if len(values) == 2 and any(b is not None for b in back) and all(b is None or len(b.roots) == 1 for b in back):
            roots = tuple(NOWHERE if b is None else b.roots[0] for b in back)
            ways = [() if b is None else b.moves for b in back]
            last = solved.moves[-1].after if solved.moves else before
            return Solved(moves, roots, Inner(kernel.of, v, last, (values[0], values[1]), (ways[0], ways[1])))
    found = by_lambert(eq, u, al)
    if found is None:
        return None
    moves, root, curve = found
    return Solved((*ready, *moves), (root,), curve=curve)


def straight(eq: Relation, u: Sym, al: Algebra) -> Solved | None:
    """Solved for the unknown itself, by the strategies in their order."""
    moves: list[Move] = []
    seen = {eq}
    while len(moves) < LONGEST:
        if eqs.drop_factor(eq, u, al) is None and functions.open_logs(eq, u, al) is None and tangled(eq, u, al):
            return None
        left, right = eqs.sides(eq)
        if left == u and not has(right, u):
            return Solved(tuple(moves), (right,))
        roots = quadratic(eq, u, al)
        if roots is not None:
            return Solved((*moves, *roots[0]), roots[1])
        move = next((m for s in STRATEGIES if (m := s(eq, u, al)) is not None and m.after not in seen), None)
        if move is None or not has(move.after, u):
            return None
        moves.append(move)
        eq = move.after
        seen.add(eq)
    return None


def tangled(eq: Relation, u: Sym, al: Algebra) -> bool:
    """Whether the unknown stands in too many places of different kinds for any strategy to set it free: inside a sum
    over the sample that cannot be opened, in several functions, in many denominators, in a very long equation."""
    if size(eq) > LARGEST:
        return True
    functions: set[Formula] = set()
    below: set[Formula] = set()
    for s in eq.sides:
        opened = split_exponents(s, al) or s
        opened = split_sums(opened, al) or opened
        opened = expand_in_sum(opened, al) or opened
        opened = split_sums(opened, al) or opened
        for g in walk(opened):
            match g:
                case Big("sum", _, _, _, body) if has(body, u):
                    return True
                case Call(name, _) if has(g, u) and name not in ("sqrt", "abs"):
                    functions.add(g)
                case Pow(Add() as b, k) if has(b, u) and (value(k) or -1) < 0:
                    below.add(b)
                case Div(_, Add() as b) | Div(_, Pow(Add() as b, _)) if has(b, u):
                    below.add(b)
    return len(functions) > MOST_FUNCTIONS or len(below) > MOST_BELOW


Coefficients = dict[Formula, list[Term]]  # of a polynomial: by power the terms of its coefficient


def quadratic(eq: Relation, u: Sym, al: Algebra) -> tuple[list[Move], tuple[Formula, Formula]] | None:
    """a u^2 + b u + c = 0: normal form, then the formula (both roots)."""
    left, right = eqs.sides(eq)
    table = al.coefficients(add(left, neg(right)), u)
    if table is None or set(table) != {ZERO, ONE, TWO}:
        return None
    normal = _normal_form(eq, table, u, al)
    if normal is None:
        return None
    moves, scaled = normal
    a, b, c = (al.assemble(scaled[k]) for k in (TWO, ONE, ZERO))
    return (moves, _quadratic_formula(a, b, c, al)) if al.nonzero(a) else None


def _normal_form(eq: Relation, table: Coefficients, u: Sym, al: Algebra) -> tuple[list[Move], Coefficients] | None:
    """The moves to a u^2 + b u + c = 0 with a tidy a, mostly positive, and its coefficients; None where a may vanish."""
    table = {k: eqs.ordered(ts) if k == TWO else ts for k, ts in table.items()}
    a = table[TWO]
    mostly = -1 if sum(1 for t in a if t.coefficient < 0) * 2 > len(a) else 1
    sign = Fraction((isinstance(al.assemble(a), Add) and al.sign(al.assemble(a))) or mostly)
    scaled = {k: [t.scaled(sign) for t in ts] for k, ts in table.items()}
    content = Fraction(1) if al.decimals else abs(al.common_factor([t for ts in table.values() for t in ts]).coefficient)
    moves: list[Move] = []
    standard = _written(scaled, u, al)
    if standard != eq:
        moves.append(
            Move(standard, num(int(sign)), RuleName.COLLECT, say("collect powers of {}" + ("" if sign > 0 else " and change the signs"), u))
        )
    if content != 1:
        scaled = {k: [t.scaled(1 / content) for t in ts] for k, ts in scaled.items()}
        up = content.denominator == 1
        words = say("divide by {}" if up else "multiply by {}", rational(content if up else 1 / content))
        moves.append(Move(_written(scaled, u, al), rational(1 / content), RuleName.DIVIDE if up else RuleName.MULTIPLY, words))
    lead = al.assemble(scaled[TWO])
    if isinstance(lead, Add) or value(lead) is not None or al.whole:
        return moves, scaled
    if not al.nonzero(lead):
        return None
    by = al.split(lead)
    scaled = {k: [al.divided(t, by) for t in ts] for k, ts in scaled.items()}
    scaled = {k: [al.split(fold_means(al.build(t), al) or al.build(t)) for t in ts] for k, ts in scaled.items()}
    moves.append(Move(_written(scaled, u, al), al.build(al.raised(by, num(-1))), RuleName.DIVIDE, say("divide by {}", lead)))
    return moves, scaled


def _written(rows: Coefficients, u: Sym, al: Algebra) -> Relation:
    """a u^2 + b u + c = 0 as it is shown."""
    parts: list[Formula] = []
    for k in (TWO, ONE, ZERO):
        c = al.assemble(rows[k])
        t = Term(Fraction(1), {c: ONE}) if isinstance(c, Add) else al.split(c)
        part = al.build(al.times((t, Term(Fraction(1), {u: k} if k != ZERO else {}))))
        parts += terms(part) if not has(part, u) else (part,)
    return equation(add(*parts), ZERO)


def _quadratic_formula(a: Formula, b: Formula, c: Formula, al: Algebra) -> tuple[Formula, Formula]:
    """(-b + sqrt(b^2 - 4ac))/(2a) and the same with a minus, tidy; a common number taken out of both lines of the fraction."""
    root = _discriminant_root(a, b, c, al)
    bottom = al.tidy(mul(TWO, brackets.common_number(a, al) or a if isinstance(a, Add) else a))
    minus_b = al.tidy(neg(b)) if not isinstance(b, Add) else add(*(neg(t) for t in b.terms))
    below = Term(
        Fraction(1), {g: k for g, k in al.split(root).powers.items() if (q := value(k)) is not None and q.denominator == 1 and q < 0}
    )
    if below.powers and not al.decimals:  # one fraction
        up = al.raised(below, num(-1))
        root, bottom = (al.build(al.times((al.split(t), up))) for t in (root, bottom))
        minus_b = add(*(al.build(al.times((al.split(t), up))) for t in terms(minus_b)))
    shared = al.common_factor([al.split(t) for t in (*terms(minus_b), root, bottom)]).coefficient
    if shared not in (0, 1) and value(root) is None and not al.decimals:
        root, bottom = (al.build(al.split(t).scaled(1 / shared)) for t in (root, bottom))
        minus_b = add(*(al.build(al.split(t).scaled(1 / shared)) for t in terms(minus_b)))
    below = al.split(bottom) if not isinstance(bottom, Add) else Term(Fraction(1), {bottom: ONE})
    centre = lowest_terms(al.flat(minus_b), al.flat(al.expand(bottom))) if isinstance(minus_b, Add) and names(bottom) else None
    if centre is not None and len(centre[1]) == 1:  # the bottom divides -b: two fractions
        middle, beside = (add(*(al.build(al.divided(t, centre[1][0])) for t in centre[0])), eqs.quotient(root, below, al))
        return add(*terms(middle), beside), add(*terms(middle), neg(beside))

    def over(top: Formula) -> Formula:
        v, w = value(al.tidy(top)), value(bottom)
        return al.number(v / w) if v is not None and w else eqs.quotient(top, below, al)

    return over(add(*terms(minus_b), root)), over(add(*terms(minus_b), neg(root)))


def _discriminant_root(a: Formula, b: Formula, c: Formula, al: Algebra) -> Formula:
    """The root of b^2 - 4ac: worked out where it is a number; its square factors taken out, whose sign does not matter beside
    a plus and a minus; else the shorter of its sum and its tidy form below the sign."""
    inside = add(*terms(al.tidy(Pow(b, TWO))), *terms(al.expand(mul(num(-4), a, c))))
    merged = add(*sorted(terms(al.tidy(inside)), key=lambda t: isinstance(t, Neg)))
    whole = merged if value(merged) is not None or len(terms(merged)) < len(terms(inside)) else inside
    if value(whole) is not None:
        return al.tidy(call("sqrt", whole))
    apart = None if al.decimals or al.whole else squares_out(al.expanded(whole) or [], al)
    return apart or call("sqrt", whole)


def squares_out(ts: list[Term], al: Algebra) -> Formula | None:
    """The root of a sum as the product of what is a square in it, where its sign is known, and a shorter root; None where nothing is."""
    found = without_squares(ts)
    if found is None:
        return None
    front, sums = found

    def half(f: Formula, k: int) -> Term:
        """The root of the largest even power of f in f^k that has a known sign."""
        h = k // 2 if k > 0 else -(-k // 2)
        sign = 1 if h % 2 == 0 else al.sign(f) or int(al.facts.range(f).nonnegative)
        base = Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f)
        return al.raised(base, num(h)).scaled(Fraction(sign)) if h and sign else Term(Fraction(1))

    number = al.root(abs(front.coefficient), rational(Fraction(1, 2)), Fraction(1, 2)).coefficient
    letters = [(b, int(q)) for b, k in front.powers.items() if (q := value(k)) is not None and q.denominator == 1]
    inner_sums = [(al.assemble(f), k) for f, k in sums]
    outside = al.times((Term(number), *(half(f, k) for f, k in (*letters, *inner_sums))))
    whole = al.times(
        (front, *(al.raised(Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f), num(k)) for f, k in inner_sums))
    )
    rest = al.times((whole, al.raised(outside, num(-2))))
    if outside.coefficient == 1 and not outside.powers:
        return None
    product, opened = al.build(rest), al.expand(al.build(rest))
    within = opened if size(opened) < size(product) else product
    root = (
        al.split(call("sqrt", within))
        if value(within) is not None or rest.coefficient == 1
        else Term(Fraction(1), {within: rational(Fraction(1, 2))})
    )
    return al.build(al.times((outside, root)))
