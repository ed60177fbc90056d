"""Formula -> a function of a point to a ball: a number with a bound for its error, with as many bits as are asked for.

The same as `formula.evaluate`, in the ball arithmetic of Arb.  A derivative is a coefficient of a power series, exact up to the
ball.  A comparison that a ball does not decide, and a function that is not covered, raise `NoBall`: nothing is guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cmp_to_key, reduce
from itertools import pairwise
from typing import Any

from flint import acb, arb, arb_series, ctx, fmpq

from ..formula.arrays import Matrix, bare, det, diagonal, dot, inverse, norm, trace, transposed
from ..formula.careful import with_logarithms
from ..formula.evaluate import columns_of, margin, member, with_member
from ..formula.functions import SPECIAL
from ..formula.tree import (
    PLACEHOLDER,
    Add,
    And,
    Apply,
    At,
    Big,
    Call,
    Cases,
    Const,
    Derivative,
    Differential,
    Div,
    Dots,
    Float,
    Formula,
    Indicator,
    MatMul,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    Where,
    free_names,
    keep,
    kinds,
)

Point = dict[str, Any]  # letters to balls or power series, indexed letters to lists of them, functions to functions
Ball = Callable[[Point], Any]
ZERO, ONE = arb(0), arb(1)
GREATEST_POWER = 10**6  # a whole exponent that is taken by multiplication
MANY_BITS = 256  # of agreement, at which the sides of a comparison are the same
FEW = 5  # places of which nothing is looked at but that they are there
LONGEST = 100_000  # terms of a sum or factors of a product


class NoBall(Exception):
    """A formula, or a comparison, that has no value here."""


class Unsettled(NoBall):
    """A comparison that these bits do not decide."""


def ball(f: Formula) -> Ball:
    """A function from points to the value of f, with the present precision.  Raises `NoBall` where f is not covered."""
    try:
        return f._ball  # type: ignore[no-any-return]
    except AttributeError:
        keep(f, "_ball", g := _compiled(f))
        return g


def _compiled(f: Formula) -> Ball:
    match f:
        case Num(v):
            q = fmpq(v.numerator, v.denominator)
            return lambda e: arb(q)
        case Float():
            raise NoBall("a number that is not known exactly")
        case Const("pi"):
            return lambda e: arb.pi()
        case Const("e"):
            return lambda e: arb.const_e()
        case Sym(name):
            return lambda e: e[name]
        case At(base, index) if PLACEHOLDER in index:
            return margin(base, [None if i == PLACEHOLDER else ball(i) for i in index], whole, lambda xs: sum(xs, ZERO))
        case At(base, index):
            return _at(base, [ball(i) for i in index])
        case Add(ts):
            first, *rest = [ball(t) for t in ts]
            return lambda e: reduce(lambda s, g: s + g(e), rest, first(e))
        case Mul(ts) if any(isinstance(t, Indicator) for t in ts):
            tests = [_condition(t.condition) for t in ts if isinstance(t, Indicator)]
            others = [ball(t) for t in ts if not isinstance(t, Indicator)]
            return lambda e: reduce(lambda s, g: s * g(e), others, ONE) if all(test(e) for test in tests) else ZERO
        case Mul(ts) if (split := with_logarithms(ts)) is not None:
            pairs = [(ball(b.base), ball(b.exponent), ball(log)) for b, log in split[0]]
            others = [ball(t) for t in split[1]]
            return lambda e: reduce(lambda s, g: s * g(e), others, reduce(lambda s, p: s * _beside(e, *p), pairs, ONE))
        case Mul(ts):
            first, *rest = [ball(t) for t in ts]
            return lambda e: reduce(lambda s, g: s * g(e), rest, first(e))
        case MatMul(ts):
            gs = [ball(t) for t in ts]
            return lambda e: reduce(dot, [g(e) for g in gs])
        case Differential(a):
            return _directional(ball(a))
        case Neg(a):
            g = ball(a)
            return lambda e: -g(e)
        case Div(a, b):
            g, h = ball(a), ball(b)
            return lambda e: g(e) / h(e)
        case Pow(a, Indicator(c)):
            g, test = ball(a), _condition(c)
            return lambda e: g(e) if test(e) else ONE
        case Pow(a, Num(v)) if v.denominator == 1 and v < GREATEST_POWER:
            g, w = ball(a), int(v)
            return lambda e: whole_power(g(e), w)
        case Pow(a, b):
            g, h = ball(a), ball(b)
            return lambda e: power(g(e), h(e))
        case Call(name, args):
            return _call(name, [ball(a) for a in args])
        case Apply(name, args):
            gs = [ball(a) for a in args]
            return lambda e: e[name](*[g(e) for g in gs])
        case Big(kind, index, low, high, body):
            return _once(f, _big(kind, index, ball(low), ball(high), ball(body), columns_of(body, index) or ()))
        case Cases(rows):
            parts = [(ball(v), _condition(c) if c is not None else _always) for v, c in rows]
            return lambda e: next((v(e) for v, c in parts if c(e)), ZERO)
        case Indicator(c):
            test = _condition(c)
            return lambda e: ONE if test(e) else ZERO
        case Where(body, Sym(name), v):
            g, h = ball(body), ball(v)
            return lambda e: _with(e, {name: h(e)}, g)
        case Derivative(body, variables) if all(isinstance(v, Sym) for v, _ in variables):
            return _derivative(ball(body), [v.name for v, k in variables for _ in range(k) if isinstance(v, Sym)])
        case Derivative(body, ((At(base, index), order),)):
            return _in_member(ball(body), base, [ball(k) for k in index], order)
    raise NoBall(type(f).__name__)


def _with(e: Point, letters: Mapping[str, Any], g: Ball) -> Any:
    """g at the point with other values for some letters."""
    before = {k: e[k] for k in letters if k in e}
    e.update(letters)
    try:
        return g(e)
    finally:
        for k in letters:
            del e[k]
        e.update(before)


def whole(v: Any) -> int:
    """The whole number that a ball is.  Raises `NoBall` where it is none for certain."""
    if isinstance(v, arb) and v.is_exact() and v.is_integer():
        return int(v.unique_fmpz())
    raise NoBall("not a whole number")


def _at(base: str, index: list[Ball]) -> Ball:
    if base.endswith("_ord") and len(index) == 1:
        return _order_statistic(base[:-4], index[0])

    def value(e: Point) -> Any:
        v = e[base]
        for g in index:
            v = v[whole(g(e)) - 1]
        return v

    return value


def _order_statistic(data: str, index: Ball) -> Ball:
    """The k-th smallest observation; halfway between two of them the mean of both."""

    def value(e: Point) -> Any:
        twice, xs = whole(2 * index(e)), in_order(e[data])
        return (xs[twice // 2 - 1] + xs[(twice + 1) // 2 - 1]) / 2

    return value


def in_order(xs: Sequence[Any]) -> list[Any]:
    """Balls by size.  Raises `Unsettled` where two overlap and are not the same number."""

    def order(a: Any, b: Any) -> int:
        if a < b or a > b or (a.is_exact() and b.is_exact()):
            return -1 if a < b else int(a > b)
        if a.overlaps(b) and a.is_exact() == b.is_exact() and a.mid() == b.mid():
            return 0
        raise Unsettled("an order that the balls do not decide")

    found = sorted(xs, key=float)  # nearly always the order that it is
    return sorted(xs, key=cmp_to_key(order)) if any(order(a, b) > 0 for a, b in pairwise(found)) else found


def _big(kind: str, index: str, low: Ball, high: Ball, body: Ball, columns: tuple[str, ...]) -> Ball:
    """A sum or a product; columns: the observations of which alone the body speaks with the index: equal ones are taken once."""

    def value(e: Point) -> Any:
        first, last = whole(low(e)), whole(high(e))
        if last - first > LONGEST:
            raise NoBall("too long")
        before = e.get(index)
        total = ZERO if kind == "sum" else ONE
        for j, times in _places(e, first, last, columns).items():
            e[index] = arb(j)
            v = body(e)
            total = total + (v if times == 1 else v * times) if kind == "sum" else total * (v if times == 1 else whole_power(v, times))
        if before is None:
            e.pop(index, None)
        else:
            e[index] = before
        return total

    return value


class Observed(list[Any]):
    """Observations as balls, which do not change.  sums: those over them that were worked out, with the values on which each rests."""

    def __init__(self, values: Iterable[Any]):
        super().__init__(values)
        self.sums: dict[Formula, list[tuple[list[Any], Any]]] = {}


def _once(f: Big, value: Ball) -> Ball:
    """The value of a sum or product, worked out once for the same observations and the same values of the other letters."""
    letters = sorted(free_names(f))
    if kinds(f) & {Apply, Cases, Indicator} or any(k.endswith("_ord") for k in letters):
        return value

    def at(e: Point) -> Any:
        seen = next((e[k] for k in letters if isinstance(e[k], Observed)), None)
        if seen is None:
            return value(e)
        given = [e[k] for k in letters]
        kept = seen.sums.setdefault(f, [])
        for before, v in kept:
            if all(map(_same, before, given)):
                return v
        v = value(e)
        kept.append((given, v))
        return v

    return at


def _same(a: Any, b: Any) -> bool:
    return a is b or (isinstance(a, arb) and isinstance(b, arb) and bool(a.mid() == b.mid() and a.rad() == b.rad()))


def _places(e: Point, first: int, last: int, columns: tuple[str, ...]) -> dict[int, int]:
    """The places of distinct observations with their frequencies: equal ones are one and the same ball."""
    if not columns or not 1 <= first <= last or any(isinstance(e[k], Matrix) for k in columns):
        return dict.fromkeys(range(first, last + 1), 1)
    if any(len(e[k]) < last for k in columns):
        raise IndexError("there are not so many observations")
    if last - first < FEW:
        return dict.fromkeys(range(first, last + 1), 1)
    seen: dict[tuple[int, ...], int] = {}
    out: dict[int, int] = {}
    for j, row in enumerate(zip(*([id(x) for x in e[k][first - 1 : last]] for k in columns), strict=True), first):
        place = seen.setdefault(row, j)
        out[place] = out.get(place, 0) + 1
    return out


# -- powers and functions ------------------------------------------------------------------------------


def _beside(e: Point, base: Ball, exponent: Ball, log: Ball) -> Any:
    """u^k log(u): 0 where u is 0 and k positive."""
    u, k = base(e), exponent(e)
    return ZERO if _zero(u) and _constant(k) > 0 else power(u, k) * log(e)


def _zero(u: Any) -> bool:
    return isinstance(u, arb) and bool(u.is_zero())


def _constant(u: Any) -> Any:
    return u[0] if isinstance(u, arb_series) else u


def whole_power(u: Any, k: int) -> Any:
    """u^k for k >= 0; of a ball about 0 by multiplication: Arb takes a logarithm there."""
    if not isinstance(u, arb) or u.is_exact() or not u.contains(0) or not k:
        return u**k
    if k == 1:
        return u
    half = whole_power(u, k // 2)
    return half * half * (u if k % 2 else ONE)


def power(u: Any, k: Any) -> Any:
    """u^k; 0^k is 0 for a positive k."""
    if isinstance(k, arb) and k.is_integer() and k.is_exact():
        w = int(k.unique_fmpz())
        if abs(w) < GREATEST_POWER:
            return whole_power(u, w) if w >= 0 else 1 / whole_power(u, -w)
    if _zero(u) and _constant(k) > 0:
        return ZERO
    return (u.log() * k).exp() if isinstance(u, arb_series) or isinstance(k, arb_series) else u**k


def _series(u: Any, terms: Sequence[Any]) -> Any:
    """The power series u in a function with these Taylor coefficients about its constant term."""
    h = u - u[0]
    return reduce(lambda s, c: s * h + c, reversed(terms), arb_series([0]))


def _bessel(k: Any, u: Any) -> Any:
    """I_k(u); its j-th derivative is the binomial mean of I_{k-j}, I_{k-j+2}, ..., I_{k+j} (DLMF 10.29.5)."""
    if not isinstance(u, arb_series):
        return u.bessel_i(k)

    def term(j: int) -> Any:
        return sum((math.comb(j, i) * u[0].bessel_i(k - j + 2 * i) for i in range(j + 1)), ZERO) / (2**j * math.factorial(j))

    return _series(u, [term(j) for j in range(ctx.cap)])


def _zeta_derivative(k: Any, s: Any) -> Any:
    order, before = whole(k), ctx.cap
    ctx.cap = order + 1
    try:
        return arb_series([s, 1]).zeta()[order] * arb(order).fac()
    finally:
        ctx.cap = before


def _log_gamma(u: Any) -> Any:
    return u.lgamma() if isinstance(u, arb_series) or u > 0 else acb(u).lgamma().real  # log |gamma|


def _polygamma(m: Any, u: Any) -> Any:
    k = whole(m)
    if isinstance(u, arb_series):
        return _series(u, [_polygamma(arb(k + j), u[0]) / arb(j).fac() for j in range(ctx.cap)])
    return u.digamma() if k == 0 else acb(u).polygamma(acb(k)).real


def _abs(u: Any) -> Any:
    if not isinstance(u, arb_series):
        return abs(u)
    if u[0] > 0 or u[0] < 0:
        return u if u[0] > 0 else -u
    raise NoBall("a slope of |u| at 0")


def _hyperbolic(u: Any, sign: int) -> Any:
    if isinstance(u, arb):
        return u.cosh() if sign > 0 else u.sinh()
    v = u.exp()
    return (v + sign / v) / 2


def _median(*xs: Any) -> Any:
    s = in_order(xs)
    return (s[(len(s) - 1) // 2] + s[len(s) // 2]) / 2


def _own(name: str) -> Callable[..., Any]:
    return lambda u: getattr(u, name)()


def _by_method(method: str) -> Callable[..., Any]:
    return lambda *args: getattr(args[-1], method)(*args[:-1])


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "log": _own("log"), "exp": _own("exp"), "sqrt": _own("sqrt"), "sin": _own("sin"), "cos": _own("cos"), "tan": _own("tan"),
    "sinh": lambda u: _hyperbolic(u, -1), "cosh": lambda u: _hyperbolic(u, 1), "tanh": lambda u: u.tanh() if isinstance(u, arb) else 1 - 2 / ((2 * u).exp() + 1), "arctan": _own("atan"), "arcsin": _own("asin"),
    "arccos": _own("acos"), "asinh": lambda u: u.asinh() if isinstance(u, arb) else (u + (u * u + 1).sqrt()).log(), "acosh": _own("acosh"), "atanh": _own("atanh"), "gamma": _own("gamma"),
    "loggamma": _log_gamma, "digamma": lambda u: _polygamma(ZERO, u), "trigamma": lambda u: _polygamma(ONE, u), "polygamma": _polygamma,
    "factorial": lambda u: (u + 1).gamma(), "beta": lambda a, b: a.gamma() * b.gamma() * (a + b).rgamma(),
    "binomial": lambda n, k: (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma(), "erf": _own("erf"), "erfc": _own("erfc"),
    "Phi": lambda u: (-u / arb(2).sqrt()).erfc() / 2, "probit": lambda p: arb(2).sqrt() * (2 * p - 1).erfinv(), "abs": _abs,
    "zeta": _own("zeta"), "logit": lambda p: (p / (1 - p)).log(), "sign": _own("sgn"), "floor": _own("floor"), "ceiling": _own("ceil"),
    "max": lambda *u: reduce(lambda a, b: a.max(b), u), "min": lambda *u: reduce(lambda a, b: a.min(b), u), "median": _median,
    "diag": diagonal, "transpose": transposed, "inverse": inverse, "det": det, "tr": trace, "norm": norm, "eye": Matrix.eye, "ones": Matrix.ones, "zeros": Matrix.zeros,
    **{name: _by_method(method) for name, method in SPECIAL.items()}, "besseli": _bessel, "zetad": _zeta_derivative, "atan2": lambda y, x: arb.atan2(y, x), "lambertw": lambda u, b=ZERO: u.lambertw(whole(b)),
}  # fmt: skip


def _call(name: str, args: Sequence[Ball]) -> Ball:
    fn = FUNCTIONS.get(name)
    if fn is None:
        raise NoBall(name)

    def value(e: Point) -> Any:
        values = [g(e) for g in args]
        try:
            return fn(*values)
        except (AttributeError, TypeError):  # a function that power series do not have
            raise NoBall(name) from None

    return value


# -- conditions ----------------------------------------------------------------------------------------


def _always(e: Point) -> bool:
    return True


def _condition(c: Formula) -> Callable[[Point], bool]:
    """A function from points to whether a condition holds.  Raises `NoBall` there where that is not decided."""
    if isinstance(c, And):
        parts = [_condition(p) for p in c.parts]
        return lambda e: all(p(e) for p in parts)
    if not isinstance(c, Relation):
        raise NoBall(type(c).__name__)
    links = [_link(a, sign, b) for a, sign, b in zip(c.sides, c.signs, c.sides[1:], strict=False)]
    return lambda e: all(link(e) for link in links)


def _link(a: Formula, sign: str, b: Formula) -> Callable[[Point], bool]:
    if sign == "in":
        return _member(a, b)
    if sign not in ORDER:
        raise NoBall(sign)
    below, equal, above = ORDER[sign]
    g, h = ball(a), ball(b)

    def holds(e: Point) -> bool:
        u, v = _constant(g(e)), _constant(h(e))
        d = u - v
        if d < 0 or d > 0:
            return below if d < 0 else above
        if _zero(d) or d.rad() <= u.abs_lower().max(v.abs_lower()) * arb(2) ** -MANY_BITS:
            return equal
        raise Unsettled("a comparison that the ball does not decide")

    return holds


ORDER = {
    "<": (True, False, False), "<=": (True, True, False), ">": (False, False, True), ">=": (False, True, True), "=": (False, True, False),
    "!=": (True, False, True),
}  # fmt: skip


def _member(a: Formula, b: Formula) -> Callable[[Point], bool]:
    if isinstance(b, Span):
        ends = [(b.low, "<" if b.low_open else "<=", a), (a, "<" if b.high_open else "<=", b.high)]
        tests = [_link(*end) for end in ends if Const("oo") not in (end[0], end[2]) and Neg(Const("oo")) not in (end[0], end[2])]
        return lambda e: all(test(e) for test in tests)
    if isinstance(b, SetOf) and not any(isinstance(t, Dots) for t in b.items):
        tests = [_link(a, "=", t) for t in b.items]
        return lambda e: any(test(e) for test in tests)
    raise NoBall("a set")


# -- derivatives ---------------------------------------------------------------------------------------


def _derivative(g: Ball, letters: list[str]) -> Ball:
    if len(set(letters)) == 1:
        name, order = letters[0], len(letters)
        return lambda e: _entrywise(g, e, name, order) if isinstance(e[name], Matrix) else _coefficient(g, e, {name: 1}, order)
    if len(letters) == 2:  # f_ab = ([s^2] f(a + s, b + s) - [s^2] f(a + s, b - s)) / 2
        a, b = letters
        return lambda e: (_coefficient(g, e, {a: 1, b: 1}, 2) - _coefficient(g, e, {a: 1, b: -1}, 2)) / 4
    raise NoBall("a mixed derivative")


def _entrywise(g: Ball, e: Point, name: str, order: int) -> Any:
    """The gradient in a vector or matrix, or the matrix of second derivatives in a vector."""
    rows, columns = e[name].shape
    places = [(i, j) for i in range(rows) for j in range(columns)]
    if order == 1:
        parts = [_along(g, e, {name: [at]}, 1) for at in places]
        if isinstance(parts[0], Matrix):
            return bare(Matrix.of(zip(*(p.entries for p in parts), strict=True)))
        return bare(Matrix.of(parts[i * columns : (i + 1) * columns] for i in range(rows)))
    if order != 2:
        raise NoBall("a higher derivative in a vector")
    single = [_along(g, e, {name: [at]}, 2) for at in places]

    def second(a: int, b: int) -> Any:
        return single[a] if a == b else (_along(g, e, {name: [places[a], places[b]]}, 2) - single[a] - single[b]) / 2

    return bare(Matrix.of((second(a, b) for b in range(len(places))) for a in range(len(places))))


def _along(g: Ball, e: Point, units: Mapping[str, Sequence[tuple[int, int]]], order: int) -> Any:
    """The derivative of some order as entries of vectors and matrices grow together."""
    moved = {
        k: Matrix.of(([arb_series([x, int((i, j) in at)]) for j, x in enumerate(r)] for i, r in enumerate(e[k].rows)))
        for k, at in units.items()
    }
    return _of_series(g, e, moved, order)


def _of_series(g: Ball, e: Point, moved: Mapping[str, Any], order: int) -> Any:
    """The derivative of some order of what g is with power series for some letters."""
    before, ctx.cap = ctx.cap, order + 1
    try:
        v = _with(e, moved, g)

        def coefficient(x: Any) -> Any:
            return x[order] * arb(order).fac() if isinstance(x, arb_series) and x.length() > order else ZERO

        return v.map(coefficient) if isinstance(v, Matrix) else coefficient(v)
    finally:
        ctx.cap = before


def _directional(g: Ball) -> Ball:
    """The derivative as every letter x moves along its direction d:x."""

    def value(e: Point) -> Any:
        moving = [k[2:] for k in getattr(e, "env", e) if k.startswith("d:")]
        if any(isinstance(x, arb_series) for k in moving for x in (e[k].entries if isinstance(e[k], Matrix) else [e[k]])):
            raise NoBall("a differential of a differential")
        moved = {}
        for k in moving:
            x, d = e[k], e["d:" + k]
            if isinstance(x, Matrix):
                moved[k] = Matrix.of((arb_series([u, v]) for u, v in zip(r, s, strict=True)) for r, s in zip(x.rows, d.rows, strict=True))
            else:
                moved[k] = arb_series([x, d])
        return _of_series(g, e, moved, 1)

    return value


def _in_member(g: Ball, base: str, index: Sequence[Ball], order: int) -> Ball:
    """The derivative of some order in one member of a family."""

    def value(e: Point) -> Any:
        places = [whole(k(e)) - 1 for k in index]
        x = member(e[base], places)
        if isinstance(x, arb_series):
            raise NoBall("a derivative of a derivative")
        before, ctx.cap = ctx.cap, order + 1
        try:
            v = _with(e, {base: with_member(e[base], places, arb_series([x, 1]))}, g)
            return v[order] * arb(order).fac() if isinstance(v, arb_series) and v.length() > order else ZERO
        finally:
            ctx.cap = before

    return value


def _coefficient(g: Ball, e: Point, direction: Mapping[str, int], order: int) -> Any:
    """The derivative of some order along a direction."""
    if any(isinstance(e[k], arb_series) for k in direction):
        raise NoBall("a derivative of a derivative")
    before, ctx.cap = ctx.cap, order + 1
    try:
        v = _with(e, {k: arb_series([e[k], d]) for k, d in direction.items()}, g)
        return v[order] * arb(order).fac() if isinstance(v, arb_series) and v.length() > order else ZERO
    finally:
        ctx.cap = before
