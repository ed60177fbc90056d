"""Formula -> a function of an environment of floats.

An environment maps names of letters to floats, bases of indexed letters to lists (or nested lists), and names
of functions to Python callables.  Values are floats; where a formula has no real value it evaluates to nan.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import itemgetter
from typing import Any, TypeVar

from ..errors import NotSupported
from .arrays import Matrix, bare, dot
from .careful import cancelling, near_one, over_one, with_logarithms
from .functions import CONSTANTS, FUNCTIONS, INF, LOG_FUNCTIONS, NAN, Env, Value, power
from .rowwise import NoArray, Rows
from .rowwise import at_rows as rows_of
from .searched import best, last, peak
from .tree import (
    ONE,
    PLACEHOLDER,
    Add,
    And,
    Apply,
    At,
    Best,
    Big,
    Call,
    Cases,
    Const,
    Derivative,
    Differential,
    Div,
    Dots,
    Expected,
    Float,
    Formula,
    Indicator,
    Last,
    MatMul,
    Mul,
    Neg,
    Num,
    Peak,
    Pow,
    Relation,
    SetOf,
    Span,
    Sym,
    Union,
    Where,
    add,
    children,
    factors,
    keep,
    kinds,
    mul,
    names,
    terms,
)

T = TypeVar("T")
EXPECTATION = (
    "#E"  # the name under which an environment holds the expectation: a function of a formula in one observation, and the environment
)
Parts = Callable[[Env, int, int], list[T]]


def compiled(f: Formula) -> Value:
    """A function from environments to the value of f; nan where it has none.

    Raises KeyError at evaluation for a letter that the environment lacks.
    """
    try:
        return f._value  # type: ignore[no-any-return]
    except AttributeError:
        g = _compile(f)
        keep(f, "_value", g if isinstance(f, (Num, Const)) else _with_care(g))
        return f._value  # type: ignore[no-any-return]


def _with_care(g: Value) -> Value:
    """The same function, nan or infinity where it fails."""

    def value(env: Env) -> float:
        try:
            v = g(env)
        except (ValueError, ZeroDivisionError):
            return NAN
        except OverflowError:
            return INF
        return v if isinstance(v, (float, int, Matrix)) else NAN

    return value


def holds(condition: Formula) -> Callable[[Env], bool]:
    """A function from environments to whether a condition (relations, `And`) holds exactly."""
    if isinstance(condition, And):
        parts = [holds(p) for p in condition.parts]
        return lambda e: all(p(e) for p in parts)
    if not isinstance(condition, Relation):
        raise TypeError(f"not a condition: {type(condition).__name__}")
    sides = [s if isinstance(s, (SetOf, Span, Union)) else compiled(s) for s in condition.sides]
    links = [_link(a, sign, b) for a, sign, b in zip(sides, condition.signs, sides[1:], strict=False)]
    return lambda e: all(link(e) for link in links)


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: abs(a - b) <= 1e-9 * (1 + abs(a) + abs(b)),
    "!=": lambda a, b: abs(a - b) > 1e-9 * (1 + abs(a) + abs(b)),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _link(a: Any, sign: str, b: Any) -> Callable[[Env], bool]:
    if sign == "in":
        return _member(a, b)
    compare = _COMPARE[sign]
    return lambda e: compare(a(e), b(e))


def _member(a: Value, b: Formula) -> Callable[[Env], bool]:
    if isinstance(b, Span):
        low, high = compiled(b.low), compiled(b.high)
        left: Callable[[float, float], bool] = (lambda u, v: u < v) if b.low_open else (lambda u, v: u <= v)
        right: Callable[[float, float], bool] = (lambda u, v: u < v) if b.high_open else (lambda u, v: u <= v)
        return lambda e: left(low(e), a(e)) and right(a(e), high(e))
    if isinstance(b, SetOf) and len(b.items) > 3 and isinstance(b.items[0], Dots):  # in both directions by equal steps
        here, there = compiled(b.items[1]), compiled(b.items[2])

        def steps(e: Env) -> bool:
            k = (a(e) - here(e)) / (there(e) - here(e))
            return abs(k - round(k)) < 1e-9

        return steps
    if isinstance(b, SetOf):
        shown = [compiled(t) for t in b.items if not isinstance(t, Dots)]
        if not any(isinstance(t, Dots) for t in b.items):
            return lambda e: any(abs(a(e) - v(e)) < 1e-9 for v in shown)
        closed = not isinstance(b.items[-1], Dots)

        def inside(e: Env) -> bool:
            x, first = a(e), shown[0](e)
            return x == math.floor(x) and x >= first and (not closed or x <= shown[-1](e))

        return inside
    if isinstance(b, Union):
        parts = [_member(a, part) for part in b.parts]
        return lambda e: any(part(e) for part in parts)
    raise TypeError(f"not a set: {type(b).__name__}")


def _compile(f: Formula) -> Value:
    """The function of f without the care for what has no value, kept in the node."""
    try:
        return f._compiled  # type: ignore[no-any-return]
    except AttributeError:
        g = _compiled(f)
        keep(f, "_compiled", g)
        return g


def _compiled(f: Formula) -> Value:
    match f:
        case Sym(name):
            return itemgetter(name)
        case Num(v):
            c = _float(v)
            return lambda e: c
        case Float(v):
            c = v
            return lambda e: c
        case Const(name):
            c = CONSTANTS[name]
            return lambda e: c
        case At(base, index) if PLACEHOLDER in index:
            return margin(base, [None if i == PLACEHOLDER else _compile(i) for i in index], int, math.fsum)
        case At(base, (Sym(i),)) if not base.endswith("_ord"):
            return lambda e: e[base][int(e[i]) - 1]
        case At(base, index):
            return _at(base, [_compile(i) for i in index])
        case Add(ts) if (steady := cancelling(ts)) is not None:
            fn, u, sign = steady
            g = _compile(u)
            return lambda e: sign * fn(g(e))
        case Add((a, b)):
            g, h = _compile(a), _compile(b)
            return lambda e: g(e) + h(e)
        case Add(ts):
            gs = [_compile(t) for t in ts]
            return lambda e: sum([g(e) for g in gs])
        case Mul(ts) if any(isinstance(t, Indicator) for t in ts):  # what has no value outside a case is 0 there
            tests = [holds(t.condition) for t in ts if isinstance(t, Indicator)]
            rest = _compile(mul(*(t for t in ts if not isinstance(t, Indicator))))
            return lambda e: rest(e) if all(test(e) for test in tests) else 0.0
        case Pow(a, Indicator(c)):
            g, test = _compile(a), holds(c)
            return lambda e: g(e) if test(e) else 1.0
        case Mul(ts) if (split := with_logarithms(ts)) is not None:
            pairs = [(_compile(f.base), _compile(f.exponent), _compile(log)) for f, log in split[0]]
            others = [_compile(t) for t in split[1]]
            return lambda e: math.prod(
                [0.0 if (u := g(e)) == 0 and h(e) > 0 else power(u, h(e)) * log(e) for g, h, log in pairs] + [r(e) for r in others]
            )
        case Mul((a, b)):
            g, h = _compile(a), _compile(b)
            return lambda e: g(e) * h(e)
        case Mul(ts):
            gs = [_compile(t) for t in ts]
            return lambda e: math.prod([g(e) for g in gs])
        case MatMul(ts):
            gs = [_compile(t) for t in ts]
            return lambda e: reduce(dot, [g(e) for g in gs])
        case Differential(a):
            return _directional(_compile(a))
        case Neg(a):
            g = _compile(a)
            return lambda e: -g(e)
        case Div(a, b):
            g, h = _compile(a), _compile(b)
            return lambda e: g(e) / h(e)
        case Pow(a, b):
            g, h = _compile(a), _compile(b)
            if (more := over_one(a)) is not None and not isinstance(b, (Num, Neg)):
                small = _compile(more)
                return lambda e: near_one(small(e), h(e))
            if isinstance(b, Num):
                c = float(b.value)
                return lambda e: power(g(e), c)
            return lambda e: power(g(e), h(e))
        case Call("log", (a,)) if (more := over_one(a)) is not None:
            small = _compile(more)
            return lambda e: math.log1p(small(e))
        case Call("log", (Call("gamma" | "factorial" | "beta" as name, args) as inner,)):
            fn, gs = LOG_FUNCTIONS[name], [_compile(a) for a in args]
            plain = _compile(inner)
            return lambda e: fn(*xs) if min(xs := [g(e) for g in gs]) > LEAST_ARGUMENT else math.log(plain(e))
        case Call(name, args):
            fn, gs = FUNCTIONS[name], [_compile(a) for a in args]
            if len(gs) == 1:
                g = gs[0]
                return lambda e: fn(g(e))
            return lambda e: fn(*[g(e) for g in gs])
        case Apply(name, args):
            gs = [_compile(a) for a in args]
            return lambda e: e[name](*[g(e) for g in gs])
        case Big(kind, index, low, high, body):
            together = over_index(_compile(body), index, body, lambda rows, one: rows.values(body, one))
            return _big(kind, _compile(low), _compile(high), together, index, _compile(body))
        case Cases(rows):
            parts = [(_compile(v), (lambda e: True) if c is None else holds(c)) for v, c in rows]
            return lambda e: next((v(e) for v, c in parts if c(e)), 0.0)
        case Indicator(c):
            test = holds(c)
            return lambda e: 1.0 if test(e) else 0.0
        case Where(body, Sym(name), v):
            g, h = _compile(body), _compile(v)
            return lambda e: g({**e, name: h(e)})
        case Derivative(body, variables):
            return _derivative(body, variables)
        case Expected(body):
            return lambda e: e[EXPECTATION](body, e)
        case Peak():
            return peak(f, compiled)
        case Last():
            return last(f, compiled, log_size)
        case Best():
            return best(f, compiled, log_size)
    raise TypeError(f"no value: {type(f).__name__}")


def _at(base: str, index: list[Value]) -> Value:
    if len(index) == 1:
        g = index[0]
        if base.endswith("_ord"):
            return _order_statistic(base[:-4], g)
        return lambda e: e[base][int(g(e)) - 1]

    def value(e: Env) -> float:
        v = e[base]
        for g in index:
            v = v[int(g(e)) - 1]
        return v  # type: ignore[no-any-return]

    return value


def margin(
    base: str, index: Sequence[Callable[[Any], Any] | None], whole: Callable[[Any], int], fold: Callable[[list[Any]], Any]
) -> Callable[[Any], Any]:
    """The total of a family over the places that are left open: n_{j.} is the sum of n_{jk} over k."""

    def value(e: Any) -> Any:
        places = [None if g is None else whole(g(e)) - 1 for g in index]
        return fold(list(members_at(e[base], places)))

    return value


def members_at(family: Any, places: Sequence[int | None]) -> Iterator[Any]:
    """The members of a family, in nested lists, at some places; None for a place that is open."""
    if not places:
        yield family
        return
    for x in family if places[0] is None else (family[places[0]],):
        yield from members_at(x, places[1:])


def _order_statistic(data: str, index: Value) -> Value:
    """The k-th smallest observation; halfway between two of them the mean of both, so that (n + 1)/2 gives the median."""

    def value(e: Env) -> float:
        k, xs = index(e), sorted(e[data])
        return float(xs[math.floor(k) - 1] + xs[math.ceil(k) - 1]) / 2

    return value


_MISSING = object()
FEW = 8  # rows that are gone through without a look at which are equal
LONGEST = 10**7  # terms of a sum or factors of a product that are evaluated


def _float(v: Fraction) -> float:
    """A literal as a float; infinity beyond the largest."""
    try:
        return float(v)
    except OverflowError:
        return INF


def _last(first: int, last: float, kind: str) -> int:
    """The last place of a sum or a product.  Raises NotSupported where it is too long to be evaluated."""
    if last - first > LONGEST:
        raise NotSupported(
            f"a {'sum' if kind == 'sum' else 'product'} of {last - first + 1:.0f} {'terms' if kind == 'sum' else 'factors'} is too long to be evaluated"
        )
    return int(last)


def _total(parts: list[Any]) -> Any:
    """The sum of numbers, with one rounding; of vectors or matrices entry by entry."""
    try:
        return math.fsum(parts)
    except TypeError:
        return reduce(operator.add, parts)


def _big(kind: str, low: Value, high: Value, parts: Parts[float], index: str, body: Value) -> Value:
    fold: Callable[[list[Any]], Any] = _total if kind == "sum" else math.prod

    def value(e: Env) -> Any:
        before = e.get(index, _MISSING)
        try:
            first, last = int(low(e)), high(e)
            if last == INF and kind == "sum":
                return _endless(body, e, index, first)
            return fold(parts(e, first, _last(first, last, kind)))
        finally:
            if before is _MISSING:
                e.pop(index, None)
            else:
                e[index] = before

    return value


def _letter_or(f: Formula) -> Value:
    """The function of f; that of a letter needs no care for what has no value."""
    return _compile(f) if isinstance(f, Sym) else compiled(f)


def over_index(body: Callable[[Env], T], index: str, shown: Formula, of_rows: Callable[[Rows, Callable[[int], T]], list[T]]) -> Parts[T]:
    """A function from an environment, a first and a last place to the values of the body at each of them; the index is
    set in the environment.  Where the body speaks of the index only by observations, many are worked out at once (of_rows), and
    equal ones once."""
    columns = columns_of(shown, index)

    def at_once(e: Env, first: int, last: int) -> list[T]:
        return [body(e)] * (last + 1 - first) if first <= last else []

    def at_places(e: Env, first: int, last: int) -> list[T]:
        out = []
        for j in range(first, last + 1):
            e[index] = j
            out.append(body(e))
        return out

    def at_rows(e: Env, first: int, last: int) -> list[T]:
        if not 1 <= first <= last or last - first < FEW:
            return at_places(e, first, last)
        try:
            seen = {k: e[k] if first == 1 and last == len(e[k]) else e[k][first - 1 : last] for k in columns or ()}
        except TypeError:  # the rows of a matrix
            return at_places(e, first, last)
        if min(map(len, seen.values())) < last + 1 - first:
            raise IndexError(f"there are fewer than {last} observations")
        if (array := rows_of(seen, e, compiled, log_size, index)) is not None:
            try:
                return of_rows(array, lambda j: at_places(e, first + j, first + j)[0])
            except NoArray:
                pass
        rows = list(zip(*seen.values(), strict=True))
        values: dict[tuple[float, ...], T] = {}
        for row, j in dict(zip(reversed(rows), range(last, first - 1, -1), strict=True)).items():  # each where it is seen first
            e[index] = j
            values[row] = body(e)
        return [values[row] for row in rows]

    return at_rows if columns else at_once if columns == () else at_places


def columns_of(f: Formula, index: str) -> tuple[str, ...] | None:
    """The bases of the observations with this index, where f does not speak of it otherwise."""
    here = (Sym(index),)
    found: list[str] = []
    left = [f]
    while left:
        g = left.pop()
        if isinstance(g, At) and g.index == here and not g.base.endswith("_ord"):
            found.append(g.base)
        elif g == here[0]:
            return None
        elif index in names(g):
            left += children(g)
    return tuple(dict.fromkeys(found))


LONGEST_SUM = 20_000  # terms of an infinite sum; one that falls more slowly has no value here


def _endless(body: Value, e: Env, index: str, first: int) -> float:
    """A sum without an end, until its terms have become negligible; nan where they do not soon."""
    parts: list[float] = []
    small, size = 0, 0.0
    for j in range(first, first + LONGEST_SUM):
        e[index] = j
        parts.append(body(e))
        size += abs(parts[-1])
        small = small + 1 if abs(parts[-1]) <= 1e-18 * size and len(parts) > 20 else 0
        if small == 5:
            return math.fsum(parts)
    return NAN


def _derivative(body: Formula, variables: tuple[tuple[Formula, int], ...]) -> Value:
    """Numerical derivatives by central differences extrapolated to step zero (Richardson), order by order."""
    flat = [v for v, k in variables for _ in range(k)]
    g = _compile(body)
    for position, v in enumerate(flat):
        if isinstance(v, Sym):
            g = _difference(g, v.name, 10.0 ** (-3 + min(position, 1)))
        elif isinstance(v, At):
            g = _member_difference(g, v.base, [_compile(k) for k in v.index], 10.0 ** (-3 + min(position, 1)))
    return g


def _difference(g: Value, name: str, relative: float) -> Value:
    def value(e: Env) -> Any:
        x = e[name]
        if isinstance(x, Matrix):
            return _entrywise(g, e, name, x, relative)
        h = relative * (abs(x) if x else 1.0)

        def slope(step: float) -> float:
            return (g({**e, name: x + step}) - g({**e, name: x - step})) / (2 * step)

        return _extrapolated(slope, h)

    return value


def _member_difference(g: Value, base: str, index: Sequence[Value], relative: float) -> Value:
    """The same in one member of a family."""

    def value(e: Env) -> Any:
        places = [int(k(e)) - 1 for k in index]
        x = member(e[base], places)
        h = relative * (abs(x) if x else 1.0)

        def slope(step: float) -> float:
            there, here = ({**e, base: with_member(e[base], places, x + s)} for s in (step, -step))
            return (g(there) - g(here)) / (2 * step)

        return _extrapolated(slope, h)

    return value


def member(family: Any, places: Sequence[int]) -> Any:
    """The member of a family (a list, or nested lists) at some places."""
    for k in places:
        family = family[k]
    return family


def with_member(family: Any, places: Sequence[int], value: Any) -> Any:
    """A family with another member at some places."""
    first, *rest = places
    return [(with_member(x, rest, value) if rest else value) if k == first else x for k, x in enumerate(family)]


def _entrywise(g: Value, e: Env, name: str, x: Matrix, relative: float) -> Any:
    """The derivative in each entry of a vector or matrix; that of a column is a matrix with a column for each entry."""

    def slope(i: int, j: int) -> Any:
        h = relative * (abs(x.rows[i][j]) or 1.0)

        def quotient(step: float) -> Any:
            there, here = ({**e, name: x.with_entry(i, j, x.rows[i][j] + s)} for s in (step, -step))
            return (g(there) - g(here)) * (1 / (2 * step))

        return _extrapolated(quotient, h)

    rows, columns = x.shape
    parts = [[slope(i, j) for j in range(columns)] for i in range(rows)]
    if isinstance(parts[0][0], Matrix):
        return bare(Matrix.of(zip(*(p.entries for r in parts for p in r), strict=True)))
    return bare(Matrix.of(parts))


def _directional(g: Value) -> Value:
    """The derivative as every letter x moves along its direction, which the environment holds as d:x."""

    def value(e: Env) -> Any:
        moving = [k[2:] for k in e if k.startswith("d:")]

        def quotient(step: float) -> Any:
            there, here = ({**e, **{k: e[k] + e["d:" + k] * s for k in moving}} for s in (step, -step))
            return (g(there) - g(here)) * (1 / (2 * step))

        return _extrapolated(quotient, 2e-3)

    return value


def _extrapolated(slope: Callable[[float], Any], h: float) -> Any:
    a, b, c = slope(h), slope(h / 2), slope(h / 4)
    ab, bc = (4 * b - a) / 3, (4 * c - b) / 3
    return (16 * bc - ab) / 15


def log_size(f: Formula) -> Callable[[Env], tuple[int, float]]:
    """A function from environments to (sign, log |value|): products and powers that would underflow keep their size."""
    match f:
        case Mul(fs):
            parts = [log_size(g) for g in fs]
            if len(parts) == 2:
                one, two = parts

                def of_two(e: Env) -> tuple[int, float]:
                    (s, u), (t, v) = one(e), two(e)
                    return s * t, u + v

                return of_two

            def mul(e: Env) -> tuple[int, float]:
                sign, size = 1, 0.0
                for part in parts:
                    s, v = part(e)
                    sign *= s
                    size += v
                return sign, size

            return mul
        case Num(v):
            literal = _log_of(v)
            return lambda e: literal
        case Neg(a):
            inner = log_size(a)
            return lambda e: (-(r := inner(e))[0], r[1])
        case Div(a, b) if (pair := _gammas(a, b)) is not None:
            u, apart, rest = compiled(pair[0]), compiled(pair[1]), log_size(pair[2])

            def gammas(e: Env) -> tuple[int, float]:
                s, v = rest(e)
                return s, v - _log_gamma_step(u(e), apart(e))

            return gammas
        case Div(a, b):
            top, bottom = log_size(a), log_size(b)

            def ratio(e: Env) -> tuple[int, float]:
                (s, u), (t, v) = top(e), bottom(e)
                return s * t, u - v

            return ratio
        case Call("exp", (u,)):
            g = compiled(u)
            return lambda e: (1, g(e))
        case Call(name, args) if name in LOG_FUNCTIONS:
            return _log_call(LOG_FUNCTIONS[name], compiled(f), [compiled(a) for a in args], name == "beta")
        case Pow(b, Indicator(c)):
            inside, test = log_size(b), holds(c)
            return lambda e: inside(e) if test(e) else (1, 0.0)
        case Pow(b, k):
            base, exponent, plain = log_size(b), _letter_or(k), compiled(f)
            if (more := over_one(b)) is not None:
                small, direct = compiled(more), base

                def base(e: Env) -> tuple[int, float]:
                    v = small(e)
                    return (1, math.log1p(v)) if abs(v) < 0.01 else direct(e)

            def power(e: Env) -> tuple[int, float]:
                s, v = base(e)
                n = exponent(e)
                if s > 0:
                    return 1, (n * v if n else 0.0)
                if s < 0 and n == math.floor(n):
                    return (-1 if n % 2 else 1), n * v
                return _split(plain(e))

            return power
        case Add(ts) if Call in kinds(f) and over_one(f) is None and cancelling(ts) is None:
            return _log_sum(compiled(f), [log_size(t) for t in ts])
        case Big("prod", index, low, high, body):
            lo, hi = compiled(low), compiled(high)
            parts_of = over_index(log_size(body), index, body, lambda rows, _: [(1, v) for v in rows.log_sizes(body)])

            def big(e: Env) -> tuple[int, float]:
                sign, size = 1, 0.0
                for s, v in parts_of({**e}, first := int(lo(e)), _last(first, hi(e), "prod")):
                    sign *= s
                    size += v
                return sign, size

            return big
    g = _letter_or(f)

    def plainly(e: Env) -> tuple[int, float]:
        v = g(e)
        return (1, math.log(v)) if v > 0 else _split(v)

    return plainly


def _gammas(a: Formula, b: Formula) -> tuple[Formula, Formula, Formula] | None:
    """u, d and the rest of a/b = rest * gamma(u)/gamma(u + d), where u and u + d are positive wherever a/b has a value."""
    above, below = list(factors(a)), list(factors(b))
    for g in above:
        for h in below:
            if isinstance(g, Call) and isinstance(h, Call) and g.name == h.name == "gamma" and isinstance(h.args[0], Add):
                ts = list(h.args[0].terms)
                if all(t in ts for t in terms(g.args[0])):
                    for t in terms(g.args[0]):
                        ts.remove(t)
                    above.remove(g)
                    below.remove(h)
                    return g.args[0], add(*ts), Div(mul(*above), mul(*below))
    return None


def _log_gamma_step(u: float, d: float) -> float:
    """log gamma(u + d) - log gamma(u); by Stirling's series for a large u, where the difference has no digits left."""
    if not u > 1000 or u + d < 500:
        return math.lgamma(u + d) - math.lgamma(u) if u > 0 and u + d > 0 else NAN
    v = u + d
    return d * math.log(u) + (v - 0.5) * math.log1p(d / u) - d + (1 / v - 1 / u) / 12


LEAST_ARGUMENT = 0.0  # the logarithm directly where all arguments are larger


def _log_call(fn: Callable[..., float], plain: Value, args: list[Value], never_zero: bool = False) -> Callable[[Env], tuple[int, float]]:
    """The logarithm directly where the value itself would overflow, or underflow though it is never 0."""

    def value(e: Env) -> tuple[int, float]:
        v = plain(e)
        if 0 < v < INF:
            return 1, math.log(v)
        if not math.isinf(v) and not (never_zero and v == 0):
            return _split(v)
        xs = [abs(a(e)) for a in args]
        return (1, fn(*xs)) if all(0 < x < INF for x in xs) else _split(v)

    return value


BEYOND = 690.0  # logarithms of numbers that are nearly too large or too small for a float


def _log_sum(plain: Value, parts: list[Callable[[Env], tuple[int, float]]]) -> Callable[[Env], tuple[int, float]]:
    """The sum by the logarithms of its terms where these are too small or too large for a float."""

    def value(e: Env) -> tuple[int, float]:
        v = plain(e)
        if 0 < v < INF:
            return 1, math.log(v)
        sizes = [(s, u) for s, u in (part(e) for part in parts) if s and u == u and u > -INF]
        top = max((u for _, u in sizes), default=0.0)
        if -BEYOND < top < BEYOND or top == INF:
            return _split(v)
        total = math.fsum(s * math.exp(u - top) for s, u in sizes)
        return (1 if total > 0 else -1, top + math.log(abs(total))) if total else _split(v)

    return value


def _log_of(v: Fraction) -> tuple[int, float]:
    """The sign and the logarithm of a literal, also of one beyond the floats."""
    near = _float(v)
    return _split(near) if 0 < near < INF or not v else (1, math.log(v.numerator) - math.log(v.denominator))


def _split(v: float) -> tuple[int, float]:
    if v == 0:
        return 0, -INF
    return (1 if v > 0 else -1), (math.log(abs(v)) if not math.isnan(v) else NAN)


def constant(f: Formula) -> float:
    """The value of a formula without letters."""
    return compiled(f)({})


__all__ = ["CONSTANTS", "FUNCTIONS", "ONE", "Env", "Value", "compiled", "constant", "holds", "log_size"]
