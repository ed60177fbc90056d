"""What is known about signs: interval arithmetic over formulas, as proof and not as sampling.

Every letter has a range of values (its domain, the support of the data); the range of a formula encloses all
values that it can take.  A factor whose range excludes 0 cannot vanish.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from fractions import Fraction

from ..formula.functions import exp, power
from ..formula.tree import (
    ONE,
    Add,
    At,
    Big,
    Call,
    Const,
    Div,
    Formula,
    Indicator,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Sym,
    add,
    factors,
    has,
    kinds,
    mul,
    neg,
    replace,
    replace_all,
    terms,
    value,
    walk,
)

INF = math.inf
MOST_KEPT = 4096  # formulas whose ranges are remembered
LARGEST = sys.float_info.max
WHOLE = 2.0**53  # whole numbers below it are floats
EXACT = (1.0, -1.0, INF, -INF)  # factors whose products are not rounded
TRIED = 64  # numerators and denominators of exponents for which a power is compared exactly
MARGIN = 2.0**-40  # relative to its size, of a value that the mathematical library computed
PI_ABOVE, HALF_PI = math.nextafter(math.pi, INF), math.nextafter(math.pi / 2, INF)  # the floats after pi and pi/2 stand for them
LEAST_GAMMA = 0.8856031944108886  # the least value of the gamma function for positive arguments, rounded down


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of real values; an open end is not attained.  Infinite ends count as open."""

    low: float = -INF
    high: float = INF
    low_open: bool = False
    high_open: bool = False

    @property
    def positive(self) -> bool:
        return self.low > 0 or (self.low == 0 and self.low_open)

    @property
    def negative(self) -> bool:
        return self.high < 0 or (self.high == 0 and self.high_open)

    @property
    def nonnegative(self) -> bool:
        return self.low >= 0

    @property
    def nonpositive(self) -> bool:
        return self.high <= 0

    @property
    def nonzero(self) -> bool:
        return self.positive or self.negative


REALS = Range()
POSITIVE = Range(0, INF, True)
NONNEGATIVE = Range(0, INF)
NEGATIVE = Range(-INF, 0, False, True)
COUNT = AT_LEAST_ONE = Range(1, INF)
CONSTANT_RANGES: Mapping[str, Range] = {
    "pi": Range(math.pi, PI_ABOVE),
    "e": Range(math.e, math.nextafter(math.e, INF)),
    "oo": Range(INF, INF),
}


@dataclass(frozen=True)
class Facts:
    """Ranges of letters (`letters`), of indexed data (`data`), and of whole formulas (`known`).

    ends: the lowest and highest value of an observation as formulas, where parameters stand in them.
    sums: letters that stand for sums over the sample.
    with_ends: letters whose domain holds one of its ends, of which `letters` has the inside.
    supposed: what is never negative, and taken as positive because it is for almost every sample; proved: the facts without that.
    """

    letters: Mapping[str, Range] = field(default_factory=dict)
    data: Mapping[str, Range] = field(default_factory=dict)
    known: Mapping[Formula, Range] = field(default_factory=dict)
    ends: Mapping[str, tuple[Formula, Formula]] = field(default_factory=dict)
    sums: Mapping[Formula, Formula] = field(default_factory=dict)
    with_ends: frozenset[str] = frozenset()
    supposed: tuple[Formula, ...] = ()
    proved: Facts | None = None
    _ranges: dict[Formula, Range] = field(default_factory=dict, init=False, repr=False, compare=False)  # what `range` found

    def assume(self, f: Formula, r: Range) -> Facts:
        """These facts and one more."""
        proved = self.proved.assume(f, r) if self.proved is not None else None
        return changed(self, known={**self.known, f: r}, proved=proved)

    def supposing(self, fs: Iterable[Formula]) -> Facts:
        """These facts, with formulas taken as positive that may be 0 for exceptional samples."""
        more = tuple(fs)
        return changed(
            self,
            known={**self.known, **dict.fromkeys(more, POSITIVE), **dict.fromkeys(map(neg, more), NEGATIVE)},
            supposed=(*self.supposed, *more),
            proved=self if self.proved is None else self.proved,
        )

    def with_letters(self, more: Mapping[str, Range]) -> Facts:
        """These facts with ranges for further letters."""
        proved = self.proved.with_letters(more) if self.proved is not None else None
        return changed(self, letters={**self.letters, **more}, proved=proved)

    def positive(self, f: Formula) -> bool:
        return self.range(f).positive

    def negative(self, f: Formula) -> bool:
        return self.range(f).negative

    def nonzero(self, f: Formula) -> bool:
        return self.range(f).nonzero

    def range(self, f: Formula) -> Range:
        """An interval that holds every value of f."""
        r = self._ranges.get(f)
        if r is None:
            if len(self._ranges) > MOST_KEPT:
                self._ranges.clear()
            r = self._ranges[f] = self._range(f)
        return r

    def _range(self, f: Formula) -> Range:
        if f not in self.known:
            return self._by_parts(f)
        r, s = self.known[f], self._by_parts(f)
        low, high = max((r.low, r.low_open), (s.low, s.low_open)), min((r.high, not r.high_open), (s.high, not s.high_open))
        return Range(low[0], high[0], low[1], not high[1]) if low[0] < high[0] else r

    def _by_parts(self, f: Formula) -> Range:
        match f:
            case Num(v):
                return _exactly(v)
            case Const(name):
                return CONSTANT_RANGES[name]
            case Sym(name):
                return self.letter(name)
            case At(base, _):
                return self.data.get(base.removesuffix("_ord"), REALS)
            case Neg(a):
                return _minus(self.range(a))
            case Add():
                return self.sum(f)
            case Mul(fs):
                return self.product(fs)
            case Div(a, b):
                return _times(self.range(a), _reciprocal(self.range(b)))
            case Pow(b, k):
                return self.power(b, k)
            case Call(name, args):
                return self.function(name, args)
            case Big("sum", _, low, high, body):
                r = _repeated(self.range(body))
                return r if self.some(low, high) else _hull(r, Range(0, 0))
            case Indicator():
                return Range(0, 1)
            case Big("prod", _, low, high, body):
                r = self.range(body)
                if r.nonnegative and r.high <= 1:
                    return Range(0, 1, r.positive, self.some(low, high) and (r.high < 1 or r.high_open))
                return POSITIVE if r.positive else NONNEGATIVE if r.nonnegative else REALS
        return REALS

    def some(self, low: Formula, high: Formula) -> bool:
        """Whether an index that goes from low to high has a value."""
        return (low == ONE and high == N) or self.range(add(high, neg(low))).nonnegative

    def letter(self, name: str) -> Range:
        if name in self.letters:
            return self.letters[name]
        base = name.removesuffix("_bar")
        if base != name and base in self.data:
            return self.data[base]
        return COUNT if name == "n" else REALS

    def sum(self, f: Formula) -> Range:
        """Termwise; for n and sums over the sample better under one sum sign: n - sum x_i is sum (1 - x_i)."""
        ts = terms(f)
        ranges = [self.range(t) for t in ts]
        for end in (INF, -INF):  # infinity less a number is infinity
            if any(r.low == r.high == end for r in ranges) and not any(r.low == r.high == -end for r in ranges):
                return Range(end, end)
        r = ranges[0]
        for other in ranges[1:]:
            r = _plus(r, other)
        if r.nonnegative or r.nonpositive:
            return r
        part = self.known_part(ts)
        if part is not None and (part.nonnegative or part.nonpositive):
            return part
        at = self.increment(ts) or self.at_ends(f)
        if at is not None:
            return at
        f = replace_all(f, self.sums) if self.sums else f
        if not any(isinstance(g, Big) for t in terms(f) for g in factors(_bare(t))):
            return r
        merged = under_one_sum(f)
        if merged is None:
            return r
        better = _repeated(self.range(merged))
        return better if better.nonnegative or better.nonpositive else r

    def known_part(self, ts: tuple[Formula, ...]) -> Range | None:
        """The range of a sum some of whose terms are together a sum that is known: b - a + 1."""
        for g, r in self.known.items():
            if isinstance(g, Add) and len(g.terms) < len(ts) and set(g.terms) <= set(ts):
                for t in ts:
                    r = r if t in g.terms else _plus(r, self.range(t))
                return r
        return None

    def increment(self, ts: tuple[Formula, ...]) -> Range | None:
        """The sign of g(a) - g(b) for a function g that increases: that of a - b."""
        match ts:
            case (Call(name, (a,)), Neg(Call(other, (b,)))) | (Neg(Call(name, (b,))), Call(other, (a,))) if name == other in INCREASING:
                r = self.range(cancelled(add(*terms(a), *map(neg, terms(b)))))
                return POSITIVE if r.positive else NEGATIVE if r.negative else None
        return None

    def at_ends(self, f: Formula) -> Range | None:
        """The hull of the ranges at the lowest and the highest observation that can be, where f is monotone in an
        observation that occurs once: the ends of the support, or the order statistics that f speaks of."""
        seen = [g for g in walk(f) if isinstance(g, At)]
        for base in dict.fromkeys(g.base for g in seen):
            smallest, largest = At(base + "_ord", (ONE,)), At(base + "_ord", (N,))
            low, high = self.ends.get(base, (neg(Const("oo")), Const("oo")))
            low, high = smallest if smallest in seen else low, largest if largest in seen else high
            if (low, high) == (neg(Const("oo")), Const("oo")):
                continue
            spots = [g for g in seen if g.base == base]
            if len(spots) != 1 or not _monotone(f, spots[0]):
                continue
            a, b = (self.range(cancelled(replace(f, spots[0], end))) for end in (low, high))
            return _hull(a, b)
        return None

    def product(self, fs: tuple[Formula, ...]) -> Range:
        """Equal factors are powers: (x - mu)(x - mu) is not negative."""
        r = Range(1, 1)
        seen: dict[Formula, int] = {}
        for g in fs:
            seen[g] = seen.get(g, 0) + 1
        for g, k in seen.items():
            r = _times(r, self.range(g) if k == 1 else self.power(g, Num(k)))  # type: ignore[arg-type]
        return r

    def power(self, b: Formula, k: Formula) -> Range:
        r, q = self.range(b), value(k)
        if q is None and r.positive and (r.high <= 1 or r.low >= 1) and self.range(k).positive:
            return Range(0, 1, True, r.high < 1 or r.high_open) if r.high <= 1 else Range(1, INF, r.low > 1 or r.low_open)
        if q is None:
            if r.nonnegative and r.high <= 1 and self.positive(k):
                return Range(0, 1, r.positive, r.high_open or r.high < 1)
            return POSITIVE if r.positive else NONNEGATIVE if r.nonnegative else REALS
        if q == 0:
            return Range(1, 1)
        if q < 0:
            return _reciprocal(self.power(b, Num(-q)))
        if q.denominator == 1 and q.numerator % 2 == 0 and not r.nonnegative:
            top = max(-r.low, r.high)
            outside = (r.low_open or -r.low < top) and (r.high_open or r.high < top)
            r = _minus(r) if r.nonpositive else Range(0, top, False, outside)
        if r.nonnegative or q.denominator == 1:
            low, high = _power_end(r.low, q, -1, r.low_open), _power_end(r.high, q, 1, r.high_open)
            return Range(low[0], high[0], low[1], high[1])
        return NONNEGATIVE

    def function(self, name: str, args: tuple[Formula, ...]) -> Range:
        if name == "sqrt":
            return self.power(args[0], Num(_HALF))
        if name == "binomial" and self.range(args[1]).nonnegative:
            beside = self.range(add(args[0], neg(args[1])))  # at least 1 for 0 <= k <= n: its logarithm is concave in k
            if beside.nonnegative:
                return AT_LEAST_ONE
            if beside.low > -1 or (beside.low == -1 and beside.low_open):  # values of the gamma function at positive places
                return POSITIVE
        row = FUNCTIONS.get(name)
        return REALS if row is None else row(*map(self.range, args))


_HALF = Fraction(1, 2)
INCREASING = frozenset({"log", "exp", "sqrt", "sinh", "tanh", "arctan", "erf", "Phi"})


def _odd(bound: float) -> Row:
    """An increasing odd function with values between -bound and bound, neither of which is attained."""

    def row(r: Range) -> Range:
        low, high = 0 if r.nonnegative else -bound, 0 if r.nonpositive else bound
        return Range(low, high, r.positive or not r.nonnegative, r.negative or not r.nonpositive)

    return row


def _always(values: Range) -> Row:
    return lambda *_: values


def _where_positive(values: Range) -> Row:
    """What holds where all arguments are positive."""
    return lambda *rs: values if all(r.positive for r in rs) else REALS


def _exp(r: Range) -> Range:
    low, high = _widened(exp(r.low), r.low == 0), _widened(exp(r.high), r.high == 0)
    return Range(max(low[0], 0.0), high[1], r.low_open or low[0] <= 0, r.high_open)


def _log(r: Range) -> Range:
    low = _widened(math.log(r.low), r.low == 1)[0] if 0 < r.low < INF else -INF
    return Range(low, _widened(math.log(r.high), r.high == 1)[1] if 0 < r.high < INF else INF, r.low_open, r.high_open)


def _largest(*rs: Range) -> Range:
    low, high = max(r.low for r in rs), max(r.high for r in rs)
    return Range(low, high, any(r.low_open for r in rs if r.low == low), all(r.high_open for r in rs if r.high == high))


def _smallest(*rs: Range) -> Range:
    m = _largest(*(_minus(r) for r in rs))
    return _minus(m)


def _tan(r: Range) -> Range:
    return _odd(INF)(r) if _within(r, -HALF_PI, HALF_PI) else REALS


def _cos(r: Range) -> Range:
    if not _within(r, -HALF_PI, HALF_PI):
        return Range(-1, 1)
    return Range(0, 1, (r.low > -HALF_PI or r.low_open) and (r.high < HALF_PI or r.high_open))


def _sin(r: Range) -> Range:
    return Range(0, 1, r.positive and (r.high < PI_ABOVE or r.high_open)) if _within(r, 0, PI_ABOVE) else Range(-1, 1)


def _lambertw(r: Range, branch: Range | None = None) -> Range:
    if branch is not None:
        return Range(-INF, -1)
    return _odd(INF)(r) if r.nonnegative else Range(-1, 0 if r.nonpositive else INF, False, r.negative)


def _factorial(r: Range) -> Range:
    if r.low >= 1:
        return AT_LEAST_ONE
    return Range(LEAST_GAMMA, INF) if r.low > -1 or (r.low == -1 and r.low_open) else REALS


def _besseli(order: Range, u: Range) -> Range:
    return POSITIVE if u.positive and order.low >= -1 else REALS


def _zeta(s: Range) -> Range:
    return Range(1, INF, True) if s.low > 1 or (s.low == 1 and s.low_open) else REALS


def _zeta_derivative(order: Range, s: Range) -> Range:
    if order.low != order.high or not float(order.low).is_integer() or not (s.low > 1 or (s.low == 1 and s.low_open)):
        return REALS
    return NEGATIVE if order.low % 2 else POSITIVE


Row = Callable[..., Range]

FUNCTIONS: Mapping[str, Row] = {  # what the ranges of the arguments say of the value; a function without a row may have any
    "exp": _exp,
    "log": _log,
    "max": _largest,
    "min": _smallest,
    "abs": lambda r: Range(0, INF, r.nonzero),
    "cosh": _always(Range(1, INF)),
    "acosh": _always(NONNEGATIVE),
    "sinh": _odd(INF),
    "asinh": _odd(INF),
    "atanh": _odd(INF),
    "tanh": _odd(1),
    "arctan": _odd(HALF_PI),
    "tan": _tan,
    "cos": _cos,
    "sin": _sin,
    "erf": _odd(1),
    "erfc": _always(Range(0, 2, True, True)),
    "Phi": _always(Range(0, 1, True, True)),
    "lambertw": _lambertw,  # W_0 >= -1 >= W_{-1}: DLMF 4.13
    "gamma": _where_positive(Range(LEAST_GAMMA, INF)),  # least at 1.4616...: DLMF 5.4(iii)
    "factorial": _factorial,  # the gamma function at x + 1
    "beta": _where_positive(POSITIVE),
    "trigamma": _always(POSITIVE),  # the sum of 1/(x + k)^2: DLMF 5.15.1
    "besseli": _besseli,  # all coefficients of its power series are positive for an order above -1, and I_{-1} = I_1: DLMF 10.25.2
    "besselk": lambda _, u: POSITIVE if u.positive else REALS,  # an integral of a positive function: DLMF 10.32.9
    "uppergamma": lambda _, u: POSITIVE if u.positive else REALS,  # the same: DLMF 8.2.2
    "lowergamma": lambda a, u: POSITIVE if a.positive and u.positive else REALS,  # DLMF 8.2.1
    "expint": lambda _, u: POSITIVE if u.positive else REALS,  # DLMF 8.19.2
    "erfi": _odd(INF),
    "zetad": _zeta_derivative,  # the sum of (-log k)^j k^-s for s > 1: DLMF 25.2.6
    "zeta": _zeta,  # 1 + 2^-s + ... for s > 1: DLMF 25.2.1; below 1 it is negative or has zeros
}


def _within(r: Range, low: float, high: float) -> bool:
    return low <= r.low and r.high <= high


def _monotone(f: Formula, spot: Formula) -> bool:
    """Whether the way from f down to spot goes only through sums, signs, multiples, logarithms and exponentials."""
    if f == spot:
        return True
    match f:
        case Add(ts) | Mul(ts):
            below = [t for t in ts if has(t, spot)]
            return len(below) == 1 and _monotone(below[0], spot)
        case Neg(a) | Call("log" | "exp" | "sqrt", (a,)):
            return _monotone(a, spot)
        case Div(a, b):
            return not has(b, spot) and _monotone(a, spot)
    return False


def cancelled(f: Formula) -> Formula:
    """A sum without the terms that stand in it with both signs."""
    kept: list[Formula] = []
    for t in terms(f):
        if neg(t) in kept:
            kept.remove(neg(t))
        else:
            kept.append(t)
    return add(*kept)


def _bare(f: Formula) -> Formula:
    return f.arg if isinstance(f, Neg) else f


def under_one_sum(f: Formula, index: str = "i") -> Formula | None:
    """The body b with f = sum of b over the sample, for a combination of n and sums over it; else None."""
    bodies = []
    for t in terms(f):
        fs = list(factors(_bare(t)))
        spots = [j for j, g in enumerate(fs) if g == N or (isinstance(g, Big) and g.kind == "sum" and g.high == N)]
        if len(spots) != 1 or any(has(g, N) or Big in kinds(g) for j, g in enumerate(fs) if j != spots[0]):
            return None
        spot = fs.pop(spots[0])
        inner = spot.body if isinstance(spot, Big) else ONE
        body = mul(*fs, inner) if inner != ONE or not fs else mul(*fs)
        bodies.append(neg(body) if isinstance(t, Neg) else body)
    return _shared_outside(bodies)


def _shared_outside(bodies: list[Formula]) -> Formula:
    """The sum of the bodies, with an indicator that stands in all of them before a bracket: 1{c} - 1{c} x = 1{c} (1 - x)."""
    shared = next((g for b in bodies[:1] for g in factors(_bare(b)) if isinstance(g, Indicator)), None)
    if shared is None or not all(shared in factors(_bare(b)) for b in bodies):
        return add(*bodies)
    inner = []
    for b in bodies:
        fs = list(factors(_bare(b)))
        fs.remove(shared)
        inner.append(neg(mul(*fs)) if isinstance(b, Neg) else mul(*fs))
    return mul(shared, add(*inner))


def _repeated(r: Range) -> Range:
    """The range of a sum of one or more values of range r."""
    low = r.low if r.low >= 0 else -INF
    high = r.high if r.high <= 0 else INF
    return Range(low, high, r.low_open, r.high_open)


def _minus(r: Range) -> Range:
    return Range(-r.high, -r.low, r.high_open, r.low_open)


def _hull(a: Range, b: Range) -> Range:
    return Range(
        min(a.low, b.low), max(a.high, b.high),
        all(r.low_open for r in (a, b) if r.low == min(a.low, b.low)), all(r.high_open for r in (a, b) if r.high == max(a.high, b.high)),
    )  # fmt: skip


# -- rounding: an end is a float that is never inside the interval, and open where it is outside ----------------------


End = tuple[float, bool]  # an end of a range, and whether it is open


def _outward(v: float, side: int, beyond: int, is_open: bool) -> End:
    """The end of a range at a value that is v, or next to it: beyond is the sign of the value less v; side: -1 for the lower end."""
    if not beyond:
        return v, is_open
    return math.nextafter(v, side * INF) if beyond == side else v, True


def _exactly(v: Fraction) -> Range:
    """The range of a rational number: itself, or the floats next to it."""
    try:
        near = float(v)
    except OverflowError:
        return Range(LARGEST, INF, True) if v > 0 else Range(-INF, -LARGEST, False, True)
    beyond = _sign(v - Fraction(near))
    (low, low_open), (high, high_open) = _outward(near, -1, beyond, False), _outward(near, 1, beyond, False)
    return Range(low, high, low_open, high_open)


def _sign(v: Fraction | float) -> int:
    return (v > 0) - (v < 0)


def _overflow(v: float, *of: float) -> int:
    """The sign of what is missing from an infinite result: 0 where an operand is infinite itself."""
    return 0 if any(map(math.isinf, of)) else -1 if v > 0 else 1


def _sum_end(x: float, y: float, side: int, is_open: bool) -> End:
    """x + y rounded to one side: the rounding error of a sum is a float (Dekker's two-sum)."""
    v = x + y
    if math.isinf(v):
        return _outward(v, side, _overflow(v, x, y), is_open)
    part = v - x
    return _outward(v, side, _sign((x - (v - part)) + (y - part)), is_open)


def _product_error(x: float, y: float, v: float) -> int:
    """The sign of x y - v."""
    if x in EXACT or y in EXACT:
        return 0
    if math.isinf(v):
        return _overflow(v, x, y)
    if v and abs(v) < WHOLE and x % 1 == y % 1 == 0:
        return 0
    (a, b), (c, d), (e, f) = x.as_integer_ratio(), y.as_integer_ratio(), v.as_integer_ratio()
    return _sign(a * c * f - e * b * d)


def _inverse_end(x: float, side: int, is_open: bool) -> End:
    """1/x rounded to one side, for x > 0."""
    if x in (0, INF):
        return (INF if x == 0 else 0.0), True
    v = 1 / x
    if math.isinf(v):
        return _outward(v, side, -1, is_open)
    (a, b), (c, d) = x.as_integer_ratio(), v.as_integer_ratio()
    return _outward(v, side, _sign(b * d - a * c), is_open)


def _widened(v: float, exact: bool = False) -> tuple[float, float]:
    """Bounds of a value that was computed to nearly all digits as v."""
    if exact:
        return v, v
    if math.isinf(v):
        return (LARGEST, v) if v > 0 else (v, -LARGEST)
    slack = abs(v) * MARGIN
    return math.nextafter(v - slack, -INF), math.nextafter(v + slack, INF)


def _power_end(x: float, q: Fraction, side: int, is_open: bool) -> End:
    """x**q rounded to one side, for q > 0."""
    if x < 0:
        flip = -1 if q.denominator == 1 and q.numerator % 2 else 1
        v, is_open = _power_end(-x, q, side * flip, is_open)
        return flip * v, is_open
    if x in (0, 1, INF):
        return x, is_open
    v = power(x, float(q))
    if math.isfinite(v) and q.numerator <= TRIED and q.denominator <= TRIED:
        (a, b), (c, d) = x.as_integer_ratio(), v.as_integer_ratio()
        beyond = _sign(a**q.numerator * d**q.denominator - c**q.denominator * b**q.numerator)
        if not beyond or q.denominator <= 2:
            return _outward(v, side, beyond, is_open)
    low, high = _widened(v)
    return (max(low, 0.0) if side < 0 else high), True


def _plus(a: Range, b: Range) -> Range:
    low = _sum_end(a.low, b.low, -1, a.low_open or b.low_open) if -INF not in (a.low, b.low) else (-INF, True)
    high = _sum_end(a.high, b.high, 1, a.high_open or b.high_open) if INF not in (a.high, b.high) else (INF, True)
    return Range(low[0], high[0], low[1], high[1])


def _times(a: Range, b: Range) -> Range:
    lows, highs = [], []
    for x, xo in ((a.low, a.low_open), (a.high, a.high_open)):
        for y, yo in ((b.low, b.low_open), (b.high, b.high_open)):
            zero = x == 0 or y == 0
            v = 0.0 if zero else x * y
            # a zero corner is attained only if a zero end is attained itself
            attained = (not xo and x == 0) or (not yo and y == 0) if zero else not (xo or yo)
            beyond = 0 if zero else _product_error(x, y, v)
            lows.append(_outward(v, -1, beyond, not attained))
            highs.append(_outward(v, 1, beyond, not attained))
    low, high = min(v for v, _ in lows), max(v for v, _ in highs)
    zero_inside = (a.low < 0 < a.high) or (b.low < 0 < b.high)
    return Range(
        low,
        high,
        all(o for v, o in lows if v == low) and not (low == 0 and zero_inside),
        all(o for v, o in highs if v == high) and not (high == 0 and zero_inside),
    )


def _reciprocal(r: Range) -> Range:
    if r.low < 0 < r.high or not (r.nonnegative or r.nonpositive) or r.low == r.high == 0:
        return REALS
    if r.nonnegative:
        low, high = _inverse_end(r.high, -1, r.high_open), _inverse_end(r.low, 1, r.low_open)
        return Range(low[0], high[0], low[1], high[1])
    return _minus(_reciprocal(_minus(r)))
