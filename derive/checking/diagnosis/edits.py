"""Small changes to a formula, each the inverse of a slip: what the writer should have written, if that was the slip."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Sym,
    add,
    children,
    factors,
    has,
    log,
    mul,
    neg,
    num,
    rebuild,
    transform,
    walk,
)
from ...rules.calculus import INNER
from ..slope import slope


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed formula and the slip that it undoes; `what` says in words what was changed."""

    slip: str
    formula: Formula
    what: str


Put = Callable[[Formula], Formula]


def spots(f: Formula, put: Put | None = None) -> Iterator[tuple[Formula, Put]]:
    """Every formula inside f, outermost first, with the way to put another one in its place; indices and bounds are left alone."""
    here: Put = put if put is not None else (lambda g: g)
    yield f, here
    if isinstance(f, At):
        return
    kids = children(f)
    for j, k in enumerate(kids):
        if isinstance(f, Big) and j < 2:
            continue

        def inner(g: Formula, j: int = j) -> Formula:
            return here(rebuild(f, (*kids[:j], g, *kids[j + 1 :])))

        yield from spots(k, inner)


def edits(
    f: Formula, letters: Sequence[Formula], data: Sequence[str], extra: Sequence[Formula], numbers: Iterable[Edit] = ()
) -> Iterator[Edit]:
    """Changes to f, the likeliest slips first.

    letters: what a lost factor may be besides numbers.  data: the names of the observed variables.  extra: terms that
    may have been dropped.  numbers: changes of single numbers.
    """
    yield from _whole(f)
    for way in (_signs, _sizes, _statistics):
        yield from way(f, letters, data)
    yield from _scaled(f, [TWO, num(3), num(4)])
    yield from numbers
    yield from _terms_lost(f, extra)
    for way in (_powers, _shapes, _scales):
        yield from way(f, letters, data)
    yield from _terms_added(f)


def _whole(f: Formula) -> Iterator[Edit]:
    """The whole side with another sign or size."""
    yield Edit("sign", neg(f), "a sign is wrong")
    yield Edit("lost n", Mul((N, f)), "a factor n is missing")
    yield Edit("lost n", Div(f, N), "there is a factor n too many")
    for g in (Mul((TWO, f)), Div(f, TWO)):
        yield Edit("lost factor", g, "a factor is missing or too many")


def _terms_lost(f: Formula, extra: Sequence[Formula]) -> Iterator[Edit]:
    for t in extra:
        for g, put in spots(f):
            whole = g == f or isinstance(g, Add)
            for s in (t, neg(t)):
                if whole:
                    yield Edit("dropped term", put(Add((g, s))), "a term is missing")
                if isinstance(g, Div):
                    if not isinstance(g.bottom, Add):
                        yield Edit("dropped term", put(Div(g.top, Add((g.bottom, s)))), "a term is missing")
                    if not isinstance(g.top, Add):
                        yield Edit("dropped term", put(Div(Add((g.top, s)), g.bottom)), "a term is missing")


def over_the_sample(f: Formula, data: Sequence[str], likelihood: bool) -> Iterator[Edit]:
    """The sum or product over the sample that was left out."""
    free = [g for g in _loose(f) if isinstance(g, At) and g.base in data and len(g.index) == 1 and isinstance(g.index[0], Sym)]
    if not free:
        return
    (index,) = {g.index[0].name for g in free if isinstance(g.index[0], Sym)} if len({g.index for g in free}) == 1 else {"i"}
    what = f"the {'product' if likelihood else 'sum'} over the sample is missing"
    yield Edit("lost n", Big("prod" if likelihood else "sum", index, ONE, N, f), what)


def _loose(f: Formula) -> Iterator[Formula]:
    """What stands outside of every sum and product."""
    if isinstance(f, Big):
        return
    yield f
    if not isinstance(f, At):
        for k in children(f):
            yield from _loose(k)


def naive(f: Formula, v: Sym) -> Formula:
    """The derivative of f in v with every inner derivative left out."""
    match f:
        case Neg(a):
            return neg(naive(a, v))
        case Add(ts):
            return add(*(d for t in ts if (d := naive(t, v)) != ZERO))
        case Big("sum", i, low, high, body):
            return Big("sum", i, low, high, naive(body, v)) if has(body, v) else ZERO
        case Pow(b, k) if has(b, v) and b != v:
            return Mul((k, Pow(b, add(k, neg(ONE)))))
        case Call(name, (u,)) if name in INNER and u != v and has(u, v):
            return INNER[name](u)
        case Mul(fs):
            moving = [g for g in fs if has(g, v)]
            if len(moving) == 1:
                return mul(*(naive(g, v) if g is moving[0] else g for g in fs))
        case Div(a, b) if not has(b, v):
            return Div(naive(a, v), b)
    return slope(f, v)


def in_data(f: Formula, x: str) -> Formula:
    """The derivative of f in the observations, term by term."""
    at: dict[Formula, None] = dict.fromkeys(g for g in walk(f) if (isinstance(g, At) and g.base == x) or g == Sym(x))
    if len(at) != 1:
        return ZERO
    (g,) = at
    if isinstance(f, Big):
        return Big(f.kind, f.index, f.low, f.high, in_data(f.body, x))
    match f:
        case Neg(a):
            return neg(in_data(a, x))
        case Mul(fs):
            return mul(*(in_data(h, x) if has(h, g) else h for h in fs))
        case Div(a, b) if not has(b, g):
            return Div(in_data(a, x), b)
    return slope(f, g) if isinstance(g, (Sym, At)) else ZERO


def neat(f: Formula) -> Formula:
    """For show: nested products and sums flattened, numbers multiplied together and put first."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Mul(fs):
                return _neat_product(fs)
            case Add(ts):
                flat = [u for t in ts for u in (t.terms if isinstance(t, Add) else (t,)) if u != ZERO]
                return _collected(flat)
            case Neg(Neg(a)):
                return a
            case Neg(a) if a == ZERO:
                return a
            case Div(a, b) if b == ONE:
                return a
            case Div(Div(a, b), c):
                return Div(a, _neat_product((b, c)))
            case Pow(a, b) if b == ONE:
                return a
            case Div(Neg(a), b):
                return neg(Div(a, b))
            case Div(a, b) if any(h in factors(b) for h in factors(a)):
                return _cancelled(factors(a), factors(b))
        return None

    for _ in range(4):  # one change makes room for another
        g, f = f, transform(f, one)
        if f == g:
            break
    return f


def _cancelled(above: Sequence[Formula], below: Sequence[Formula]) -> Formula:
    """A fraction without the factors that stand above and below."""
    top, bottom = list(above), list(below)
    for h in above:
        if h in bottom:
            top.remove(h)
            bottom.remove(h)
    return Div(mul(*top), mul(*bottom)) if bottom else mul(*top)


def _collected(ts: Sequence[Formula]) -> Formula:
    """A sum with like terms put together, where there are such."""
    parts = [_parted(t) for t in ts]
    total: dict[Formula, Fraction] = {}
    for c, body in parts:
        total[body] = total.get(body, Fraction(0)) + c
    if len(total) == len(ts):
        return add(*ts)
    return add(*(_scaled_by(c, body) for body, c in total.items() if c)) if any(total.values()) else ZERO


def _parted(t: Formula) -> tuple[Fraction, Formula]:
    """A term as a number times what is left."""
    match t:
        case Num(v):
            return v, ONE
        case Neg(a):
            c, body = _parted(a)
            return -c, body
        case Div(a, b):
            (c, top), (d, bottom) = _parted(a), _parted(b)
            return (c / d, top if bottom == ONE else Div(top, bottom)) if d else (Fraction(1), t)
        case Mul(fs):
            found = [_parted(f) for f in fs]
            tops = [b.top if isinstance(b, Div) else b for _, b in found]
            bottoms = [b.bottom for _, b in found if isinstance(b, Div)]
            top = mul(*(f for f in tops if f != ONE))
            return math.prod((c for c, _ in found), start=Fraction(1)), Div(top, mul(*bottoms)) if bottoms else top
    return Fraction(1), t


def _scaled_by(c: Fraction, body: Formula) -> Formula:
    """A number times a body, as a person writes it."""
    top, bottom = (body.top, body.bottom) if isinstance(body, Div) else (body, ONE)
    above = [num(Fraction(abs(c.numerator)))] if abs(c.numerator) != 1 or top == ONE else []
    below = [num(Fraction(c.denominator))] if c.denominator != 1 else []
    whole = mul(*above, *([top] if top != ONE else []))
    out = Div(whole, mul(*below, *([bottom] if bottom != ONE else []))) if below or bottom != ONE else whole
    return neg(out) if c < 0 else out


def _neat_product(fs: Sequence[Formula]) -> Formula:
    flat: list[Formula] = []
    c = Fraction(1)
    for g in fs:
        for h in factors(g):
            if isinstance(h, Neg):
                c, h = -c, h.arg
            if isinstance(h, Num):
                c *= h.value
            else:
                flat += factors(h)
    size = [] if abs(c) == 1 and flat else [num(abs(c))]
    out = mul(*size, *flat)
    return neg(out) if c < 0 else out


def _signs(f: Formula, letters: Sequence[Formula], data: Sequence[str]) -> Iterator[Edit]:
    what = "a sign is wrong"
    for g, put in spots(f):
        if isinstance(g, Add):
            for j, t in enumerate(g.terms):
                yield Edit("sign", put(Add((*g.terms[:j], neg(t), *g.terms[j + 1 :]))), what)
        elif isinstance(g, Neg):
            yield Edit("sign", put(g.arg), what)
        elif isinstance(g, Pow):
            yield Edit("sign", put(Pow(g.base, neg(g.exponent))), "the sign of an exponent is wrong")
        elif isinstance(g, Call) and g.name == "exp":
            yield Edit("sign", put(Call("exp", (neg(g.args[0]),))), "the sign of an exponent is wrong")


def _sizes(f: Formula, letters: Sequence[Formula], data: Sequence[str]) -> Iterator[Edit]:
    """n - 1 for n; a lost n."""
    for g, put in spots(f):
        if isinstance(g, Add) and len(g.terms) == 2 and g.terms[0] == N and isinstance(g.terms[1], Neg) and isinstance(g.terms[1].arg, Num):
            yield Edit("n-1", put(N), "the divisor of the maximum-likelihood estimate is n")
    for c in (ONE, TWO):
        yield Edit("n-1", Mul((f, Div(Add((N, neg(c))), N))), "the divisor of the maximum-likelihood estimate is n")
    what = "a factor n is missing"
    for g, put in spots(f):
        if isinstance(g, Add):
            for j, t in enumerate(g.terms):
                yield Edit("lost n", put(Add((*g.terms[:j], Mul((N, t)), *g.terms[j + 1 :]))), what)
        elif isinstance(g, Pow):
            yield Edit("lost n", put(Pow(g.base, Mul((N, g.exponent)))), "the exponent lacks a factor n")
        elif isinstance(g, (Sym, Num)) and g != N:
            yield Edit("lost n", put(Mul((N, g))), what)
        for side in (g,) if isinstance(g, Mul) else children(g) if isinstance(g, Div) else ():
            for h in factors(side):
                if h != N and h != ONE and not (isinstance(h, Call) and h.name in ("exp", "log")):
                    raised = mul(*(Pow(k, N) if k is h else k for k in factors(side)))
                    new = raised if side is g else rebuild(g, tuple(raised if k is side else k for k in children(g)))
                    yield Edit("lost n", put(new), "the exponent lacks a factor n")
    for g, put in spots(f):
        if g == N:
            yield Edit("lost n", put(ONE), "there is a factor n too many")


def _statistics(f: Formula, letters: Sequence[Formula], data: Sequence[str]) -> Iterator[Edit]:
    """Sum and product, logarithm and sum, mean and observation, least and greatest."""
    for g, put in spots(f):
        match g:
            case Big("prod", i, low, high, body):
                yield Edit("product for sum", put(Big("sum", i, low, high, body)), "there is a product where a sum belongs")
            case Big("sum", i, low, high, body):
                yield Edit("product for sum", put(Big("prod", i, low, high, body)), "there is a sum where a product belongs")
                yield Edit(
                    "log of a sum",
                    put(log(Big("sum", i, low, high, Call("exp", (body,))))),
                    "the logarithm of a sum is not the sum of the logarithms",
                )
                yield Edit(
                    "log of a sum",
                    put(neg(log(Big("sum", i, low, high, Call("exp", (neg(body),)))))),
                    "the logarithm of a sum is not the sum of the logarithms",
                )
                if isinstance(body, Pow):
                    yield Edit(
                        "algebra", put(Pow(Big("sum", i, low, high, body.base), body.exponent)), "a sum of powers is no power of a sum"
                    )
            case Call("log", (Big("sum", i, low, high, body),)):
                yield Edit(
                    "log of a sum", put(Big("sum", i, low, high, log(body))), "the logarithm of a sum is not the sum of the logarithms"
                )
            case Pow(Big("sum", i, low, high, body), k):
                yield Edit("algebra", put(Big("sum", i, low, high, Pow(body, k))), "the power of a sum is not the sum of the powers")
            case Call("log", (Add(ts),)):
                yield Edit("log of a sum", put(add(*map(log, ts))), "the logarithm of a sum is not the sum of the logarithms")
            case Sym(name) if name.endswith("_bar") and name.removesuffix("_bar") in data:
                for other in (At(name.removesuffix("_bar"), (Sym("i"),)), _total(name.removesuffix("_bar"))):
                    yield Edit("x_i for mean", put(other), "the mean stands where something else belongs")
            case At(base, (Sym(i),)) if base in data:
                yield Edit("x_i for mean", put(Sym(base + "_bar")), "a single observation stands where the mean belongs")
            case At(base, (k,)) if base.endswith("_ord"):
                yield Edit("boundary", put(At(base, (ONE if k != ONE else N,))), "the other end of the sample limits the parameter")
            case Sym(name) if name.removesuffix("#one") in data:
                yield Edit(
                    "x_i for mean", put(Sym(name.removesuffix("#one") + "_bar")), "a single observation stands where the mean belongs"
                )
            case Call("log", (Big("prod", i, low, high, body),)):
                yield Edit("algebra", put(Big("sum", i, low, high, log(body))), "the logarithm of a product is a sum of logarithms")
    for v in data:
        mean, squares = Sym(v + "_bar"), Div(Big("sum", "i", ONE, N, Pow(At(v, (Sym("i"),)), TWO)), N)
        for g, put in spots(f):
            if isinstance(g, Pow) and g.base == mean:
                yield Edit("x_i for mean", put(squares), "the mean of the squares is not the square of the mean")
            if isinstance(g, Big) and g.kind == "sum" and isinstance(g.body, Pow) and isinstance(g.body.base, At):
                yield Edit(
                    "x_i for mean", put(Mul((N, Pow(mean, g.body.exponent)))), "the mean of the squares is not the square of the mean"
                )


def _total(v: str) -> Formula:
    return Big("sum", "i", ONE, N, At(v, (Sym("i"),)))


def _scales(f: Formula, letters: Sequence[Formula], data: Sequence[str]) -> Iterator[Edit]:
    """A lost or added factor of one term."""
    inside: list[Formula] = [*letters]
    for g, _ in spots(f):
        if isinstance(g, Num) and g.value > 1 and g not in inside:
            inside.append(g)
        if isinstance(g, At) and g not in inside and all(isinstance(i, Sym) for i in g.index):
            inside.append(g)
        if isinstance(g, Add) and g not in inside:
            inside.append(g)
    for v in data:
        inside += [At(v, (Sym("i"),))]
    yield from _scaled(f, inside)


def _scaled(f: Formula, inside: Sequence[Formula]) -> Iterator[Edit]:
    what = "a factor is missing or too many"
    whole = [c for c in inside if not (isinstance(c, At))]
    for c in whole:
        for s in (c, neg(c)):
            yield Edit("lost factor", Mul((s, f)), what)
            yield Edit("lost factor", Div(f, s), what)
    for g, put in spots(f):
        if isinstance(g, Add):
            for j, t in enumerate(g.terms):
                for c in inside:
                    for s in (Mul((c, t)), Div(t, c), neg(Mul((c, t))), neg(Div(t, c))):
                        yield Edit("lost factor", put(Add((*g.terms[:j], s, *g.terms[j + 1 :]))), what)
        elif isinstance(g, Big) and g.kind == "sum":
            for c in inside:
                for s in (Mul((c, g.body)), Div(g.body, c)):
                    yield Edit("lost factor", put(Big(g.kind, g.index, g.low, g.high, s)), what)
        elif isinstance(g, Call) and g.name == "exp":
            for c in inside:
                for s in (Mul((c, g.args[0])), Div(g.args[0], c)):
                    yield Edit("lost factor", put(Call("exp", (s,))), what)


def _powers(f: Formula, letters: Sequence[Formula], data: Sequence[str]) -> Iterator[Edit]:
    what = "an exponent is wrong"
    for g, put in spots(f):
        if isinstance(g, Pow):
            upside = Div(g.exponent.bottom, g.exponent.top) if isinstance(g.exponent, Div) else Div(ONE, g.exponent)
            for k in (add(g.exponent, ONE), add(g.exponent, neg(ONE)), Mul((TWO, g.exponent)), Div(g.exponent, TWO), ONE, upside):
                yield Edit("power", put(Pow(g.base, k)), what)
        elif isinstance(g, (Sym, At)) and g != N:
            yield Edit("power", put(Pow(g, TWO)), what)
            yield Edit("power", put(Pow(g, num(3))), what)
        elif isinstance(g, Add):
            yield Edit("power", put(Pow(g, TWO)), what)
        if isinstance(g, Call) and g.name == "sqrt":
            yield Edit("power", put(g.args[0]), what)
    yield Edit("power", Call("sqrt", (f,)), "a root is missing")
    yield Edit("power", Pow(f, TWO), "a square is missing")


def _shapes(f: Formula, letters: Sequence[Formula], data: Sequence[str]) -> Iterator[Edit]:
    """A fraction upside down, a logarithm or an absolute value lost, a bracket forgotten."""
    yield Edit("algebra", Div(ONE, f), "the fraction is upside down")
    for g, put in spots(f):
        match g:
            case Div(a, b):
                yield Edit("algebra", put(Div(b, a)), "a fraction is upside down")
            case Add(ts):
                yield Edit("abs", put(Call("abs", (g,))), "an absolute value is missing")
                yield Edit("algebra", put(log(g)), "a logarithm is missing")
                for j, t in enumerate(ts):
                    if isinstance(t, Mul) and len(ts) == 2:
                        other = ts[1 - j]
                        yield Edit("algebra", put(mul(*t.factors[:-1], Add((other, t.factors[-1])))), "a bracket is missing")
            case Big("sum", i, low, high, body):
                yield Edit("algebra", put(Big("sum", i, low, high, log(body))), "a logarithm is missing")
                yield Edit("abs", put(Big("sum", i, low, high, Call("abs", (body,)))), "an absolute value is missing")
                yield Edit("abs", put(neg(Big("sum", i, low, high, Call("abs", (body,))))), "an absolute value is missing")
                for h in factors(body) if isinstance(body, Mul) else ():
                    if isinstance(h, Add):
                        rest = [k for k in factors(body) if k is not h]
                        yield Edit("abs", put(Big("sum", i, low, high, mul(*rest, Call("abs", (h,))))), "an absolute value is missing")
            case Call("log", (a,)):
                yield Edit("algebra", put(a), "there is a logarithm too many")
            case At():
                yield Edit("algebra", put(Div(ONE, g)), "an observation stands in the wrong half of a fraction")
    for g, put in spots(f):
        if isinstance(g, Div):
            what = "a factor stands in the wrong half of a fraction"
            for h in factors(g.bottom):
                rest = [k for k in factors(g.bottom) if k is not h]
                yield Edit("algebra", put(Div(Mul((g.top, h)), mul(*rest))), what)
            for h in factors(g.top):
                rest = [k for k in factors(g.top) if k is not h]
                yield Edit("algebra", put(Div(mul(*rest), Mul((g.bottom, h)))), what)


def _terms_added(f: Formula) -> Iterator[Edit]:
    """A term that does not belong."""
    for g, put in spots(f):
        if isinstance(g, Add) and len(g.terms) > 1:
            for j in range(len(g.terms)):
                yield Edit("algebra", put(add(*g.terms[:j], *g.terms[j + 1 :])), "a term does not belong")


def literals(f: Formula) -> Iterator[tuple[Fraction, Put]]:
    """The numbers written in f, with the way to put another in their place."""
    for g, put in spots(f):
        if isinstance(g, Num):
            yield g.value, put
