"""The unknown through a function of it: an equation in e^u, in u^k or in 1 - u alone is solved for that function first,
and the function is undone then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction
from math import gcd, lcm

from ..algebra.terms import Algebra, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Call,
    Div,
    Formula,
    Pow,
    Relation,
    Sym,
    add,
    call,
    children,
    div,
    equation,
    exp,
    factors,
    has,
    mul,
    neg,
    power,
    rational,
    rebuild,
    replace,
    terms,
    transform,
    value,
    walk,
)
from ..rule_names import RuleName
from ..rules.equations import outermost
from ..rules.lambert import Curve
from ..trace import Move, say

LETTER = "#inner"  # stands for the function of the unknown
DEEPEST = 3  # functions of functions
HYPERBOLIC = ("sinh", "cosh", "tanh")


@dataclass(frozen=True, slots=True)
class Kernel:
    """A function of the unknown, and how an equation is written with a letter in its place."""

    of: Formula
    hide: Callable[[Formula, Sym], Formula]


def kernels(eq: Relation, u: Sym, al: Algebra) -> Iterator[Kernel]:
    """The functions through which alone the unknown may occur, in the order in which they are tried."""
    spots = [g for s in eq.sides for g in outermost(s, u)]
    calls = list(dict.fromkeys(g for g in spots if g.name not in ("exp", "sqrt")))
    if len(calls) == 1:
        (f,) = calls
        yield Kernel(f, lambda g, v: replace(g, f, v))
    logs = list(dict.fromkeys(g for g in calls if g == call("log", u)))
    if logs and calls == logs and al.facts.positive(u):
        yield Kernel(logs[0], lambda g, v: replace(replace(g, logs[0], v), u, exp(v)))
    exponential = _exponential([g for g in spots if g.name == "exp" or g.name in HYPERBOLIC], u, al)
    if exponential is not None:
        yield exponential
    brackets = list(dict.fromkeys(b for s in eq.sides for b in _brackets(s, u)))
    if len(brackets) == 1 and not any(isinstance(g, Call) for g in walk(brackets[0])):
        (b,) = brackets
        if b != u and (table := al.coefficients(b, u)) is not None and set(table) <= {ZERO, ONE}:
            yield Kernel(b, lambda g, v: replace(g, b, v))
    inside = list(dict.fromkeys(b for g in calls for b in _brackets(g.args[0], u)))
    if len(inside) == 1 and inside != brackets and isinstance(inside[0], Add):
        yield from _shifted(inside[0], u, al)
    powered = _power(eq, u, al)
    if powered is not None:
        yield powered


def _brackets(f: Formula, u: Sym) -> list[Formula]:
    """The smallest sums with u that stand under a power or as a factor; u itself where it stands elsewhere."""
    if f == u:
        return [u]
    inner = [b for k in children(f) for b in _brackets(k, u)]
    return [f] if isinstance(f, Add) and inner == [u] else inner


def _shifted(b: Formula, u: Sym, al: Algebra) -> Iterator[Kernel]:
    """A linear bracket that stands in functions: 1 - p for p = 1 - (1 - p)."""
    table = al.coefficients(b, u)
    if table is None or set(table) != {ZERO, ONE}:
        return
    rest, slope = al.assemble(table[ZERO]), al.assemble(table[ONE])
    if al.nonzero(slope):
        yield Kernel(b, lambda g, v: replace(replace(g, b, v), u, al.expand(div(add(v, neg(rest)), slope))))


# -- e^(c m) for one m ------------------------------------------------------------------------------


def _exponential(spots: list[Call], u: Sym, al: Algebra) -> Kernel | None:
    """e^(c m), where every exponent is a whole multiple of c m besides what is free of the unknown."""
    sizes: list[Fraction] = []
    base: Term | None = None
    for g in spots:
        mine = [t for t in al.flat(g.args[0], deep=True) if has(al.build(t), u)]
        if len(mine) != 1 or (base is not None and mine[0].key != base.key):
            return None
        base = mine[0]
        sizes.append(base.coefficient)
    if base is None:
        return None
    unit = Fraction(gcd(*(s.numerator for s in sizes)), lcm(*(s.denominator for s in sizes)))
    if all(s < 0 for s in sizes):
        unit = -unit
    m = base
    kernel = exp(al.build(Term(unit, m.powers)))

    def hide(f: Formula, v: Sym) -> Formula:
        def one(g: Formula) -> Formula | None:
            if not (isinstance(g, Call) and (g.name == "exp" or g.name in HYPERBOLIC) and has(g, u)):
                return None
            ts = al.flat(g.args[0], deep=True)
            mine = next((t for t in ts if t.key == m.key), None)
            if mine is None:
                return None
            rest = al.assemble(t for t in ts if t is not mine)
            k = rational(mine.coefficient / unit)
            if g.name == "exp":
                return power(v, k) if rest == ZERO else mul(exp(rest), power(v, k))
            if rest != ZERO:
                return None
            up, down = power(v, k), power(v, neg(k))
            difference, total = add(up, neg(down)), add(up, down)
            return {"sinh": div(difference, TWO), "cosh": div(total, TWO), "tanh": div(difference, total)}[g.name]

        return transform(f, one)

    return Kernel(kernel, hide)


# -- u^k --------------------------------------------------------------------------------------------


def _power(eq: Relation, u: Sym, al: Algebra) -> Kernel | None:
    """u^k, where every power of the unknown is a whole power of it and k is not 1."""
    exponents: dict[Formula, None] = {}
    plain = [0]

    def look(f: Formula) -> None:
        match f:
            case Pow(b, k) if b == u and not has(k, u):
                exponents[al.tidy(k)] = None
            case Call("sqrt", (b,)) if b == u:
                exponents[rational(Fraction(1, 2))] = None
            case _ if f == u:
                plain[0] += 1
            case _:
                for k in children(f):
                    look(k)

    for s in eq.sides:
        look(s)
    ks = [*exponents, *([ONE] if plain[0] else [])]
    if not ks or any(has(k, u) for k in ks):
        return None
    numbers = [value(k) for k in ks]
    if all(q is not None for q in numbers):
        qs = [q for q in numbers if q is not None]
        unit = Fraction(gcd(*(q.numerator for q in qs)), lcm(*(q.denominator for q in qs)))
        if unit == 1 or not al.facts.range(u).nonnegative:
            return None
        k0: Formula = rational(unit)
    else:
        k0 = next(k for k, q in zip(ks, numbers, strict=True) if q is None)
    multiples = {k: value(al.tidy(div(k, k0))) for k in ks}
    if any(q is None or q.denominator != 1 for q in multiples.values()):
        return None

    def hide(f: Formula, v: Sym) -> Formula:
        def one(g: Formula) -> Formula | None:
            k = g.exponent if isinstance(g, Pow) and g.base == u else rational(Fraction(1, 2)) if g == call("sqrt", u) else None
            q = multiples.get(al.tidy(k)) if k is not None else multiples.get(ONE) if g == u else None
            return None if q is None else power(v, rational(q))

        return _replaced(f, one)

    return Kernel(power(u, k0), hide)


def _replaced(f: Formula, one: Callable[[Formula], Formula | None]) -> Formula:
    """The largest parts of f for which `one` gives another formula replaced by it."""
    g = one(f)
    if g is not None:
        return g
    kids = children(f)
    new = tuple(_replaced(k, one) for k in kids)
    return f if new == kids else rebuild(f, new)


# -- the equation in the letter ----------------------------------------------------------------------


def hidden(eq: Relation, kernel: Kernel, u: Sym, al: Algebra) -> tuple[Relation, Sym, Algebra] | None:
    """The equation with a letter for the function, and the algebra for it; None where the unknown is left elsewhere."""
    depth = 0
    while any(has(s, Sym(f"{LETTER}{depth}")) for s in eq.sides) or u.name == f"{LETTER}{depth}":
        depth += 1
    if depth >= DEEPEST:
        return None
    v = Sym(f"{LETTER}{depth}")
    sides = [kernel.hide(s, v) for s in eq.sides]
    if isinstance(kernel.of, Call) and kernel.of.name == "exp":
        sides = [al.tidy(s) for s in sides]
    sides = [al.tidy(h) if (h := transform(s, lambda g: _whole_powers(g, v, al))) != s else s for s in sides]
    if any(has(s, u) for s in sides) or not any(has(s, v) for s in sides):
        return None
    generic = al.generic

    def known(f: Formula) -> int:
        return 0 if generic is None or has(f, v) or has(f, u) else generic(f)

    facts = al.facts.with_letters({v.name: al.facts.range(kernel.of)})
    inner = changed(al, facts=facts, generic=known if generic is not None else None, unknowns=(*al.unknowns, v.name))
    return equation(*sides), v, inner


def _whole_powers(g: Formula, v: Sym, al: Algebra) -> Formula | None:
    """A bracket with 1/v in it as a power of v before one without: 1 + v + 1/v = (v + v^2 + 1)/v."""
    if not isinstance(g, Add):
        return None
    ts = [al.split(t) for t in g.terms]
    lowest = min(((value(t.powers.get(v, ZERO)) or Fraction(0)) for t in ts), default=Fraction(0))
    if lowest >= 0 or any(has(b, v) for t in ts for b in t.powers if b != v):
        return None
    up = Term(Fraction(1), {v: rational(-lowest)})
    return mul(power(v, rational(lowest)), al.assemble(al.times((t, up)) for t in ts))


def shown(f: Formula, v: Sym, kernel: Formula, al: Algebra) -> Formula:
    """A formula in the letter as one in the unknown."""

    exponential = isinstance(kernel, Call) and kernel.name == "exp"
    bracket = isinstance(kernel, Add)

    def one(g: Formula) -> Formula | None:
        match g:
            case Add() if bracket and g != kernel and isinstance(plain := al.expand(g), Sym):
                return plain
            case Call("exp", (w,)) if isinstance(kernel, Call) and kernel.name == "log":
                t = al.split(w)
                if t.powers == {kernel: ONE}:
                    size = power(kernel.args[0], rational(abs(t.coefficient)))
                    return size if t.coefficient > 0 else Div(ONE, size)
            case Pow(Call("exp", (w,)), k):
                return exp(al.tidy(mul(k, w)))
            case Div(a, Call("exp", (w,))) if exponential:
                return mul(*(() if a == ONE else factors(a)), exp(al.tidy(neg(w))))
            case Pow(Pow(b, j), k) if b == (kernel.base if isinstance(kernel, Pow) else None):
                return power(b, al.tidy(mul(j, k)))
        return None

    g = transform(replace(f, v, kernel), one)
    return add(*map(al.tidy, terms(g))) if isinstance(kernel, Call) and kernel.name == "log" else g


def shown_move(m: Move, v: Sym, kernel: Formula, al: Algebra) -> Move:
    """A move on the equation in the letter as one on the equation in the unknown."""

    def go(f: Formula) -> Formula:
        return shown(f, v, kernel, al)

    reason = changed(m.reason, parts=tuple(p if isinstance(p, str) else go(p) for p in m.reason.parts))
    after = equation(*map(go, m.after.sides))
    needs = tuple(Relation(tuple(map(go, r.sides)), r.signs) for r in m.needs)
    return Move(after, None if m.factor is None else go(m.factor), m.rule, reason, needs)


def shown_curve(c: Curve | None, v: Sym, kernel: Formula, al: Algebra) -> Curve | None:
    """The same of a curve."""
    return None if c is None else changed(c, g=shown(c.g, v, kernel, al), s=shown(c.s, v, kernel, al))


def rewritten(before: Relation, after: Relation, kernel: Formula) -> tuple[Move, ...]:
    """The line that writes the equation in the function alone; none where it stands so already."""
    return () if before == after else (Move(after, ONE, RuleName.IN_ONE_FUNCTION, say("in terms of {}", kernel)),)
