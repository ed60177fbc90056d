"""What is known about signs: interval arithmetic over formulas, as proof and not as sampling.

Every letter has a range of values (its domain, the support of the data); the range of a formula encloses all
values that it can take.  A factor whose range excludes 0 cannot vanish.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from fractions import Fraction

from ..formula.evaluate import CONSTANTS
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
COUNT = Range(1, INF)


@dataclass(frozen=True)
class Facts:
    """Ranges of letters (`letters`), of indexed data (`data`), and of whole formulas (`known`).

    ends: the lowest and highest value of an observation as formulas, where parameters stand in them.
    sums: letters that stand for sums over the sample.
    """

    letters: Mapping[str, Range] = field(default_factory=dict)
    data: Mapping[str, Range] = field(default_factory=dict)
    known: Mapping[Formula, Range] = field(default_factory=dict)
    ends: Mapping[str, tuple[Formula, Formula]] = field(default_factory=dict)
    sums: Mapping[Formula, Formula] = field(default_factory=dict)
    _ranges: dict[Formula, Range] = field(default_factory=dict, init=False, repr=False, compare=False)  # what `range` found

    def assume(self, f: Formula, r: Range) -> Facts:
        """These facts and one more."""
        return changed(self, known={**self.known, f: r})

    def with_letters(self, more: Mapping[str, Range]) -> Facts:
        """These facts with ranges for further letters."""
        return changed(self, letters={**self.letters, **more})

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
        if f in self.known:
            return self.known[f]
        match f:
            case Num(v):
                return Range(float(v), float(v))
            case Const(name):
                return Range(CONSTANTS[name], CONSTANTS[name])
            case Sym(name):
                return self.letter(name)
            case At(base, _):
                return self.data.get(base.removesuffix("_ord"), REALS)
            case Neg(a):
                r = self.range(a)
                return Range(-r.high, -r.low, r.high_open, r.low_open)
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
            case Big("sum", _, low, _, body) if low == ONE:
                return _repeated(self.range(body))
            case Indicator():
                return Range(0, 1)
            case Big("prod", _, _, _, body):
                r = self.range(body)
                if r.nonnegative and r.high <= 1:
                    return Range(0, 1, r.positive, r.high < 1 or r.high_open)
                return POSITIVE if r.positive else NONNEGATIVE if r.nonnegative else REALS
        return REALS

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
        at = self.at_ends(f)
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
            a, b = (self.range(_cancelled(replace(f, spots[0], end))) for end in (low, high))
            return Range(
                min(a.low, b.low), max(a.high, b.high), (a if a.low < b.low else b).low_open, (a if a.high > b.high else b).high_open
            )
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
        if q < 0:
            return _reciprocal(self.power(b, Num(-q)))
        if q.denominator == 1 and q.numerator % 2 == 0 and not r.nonnegative:
            size = (
                Range(0, max(-r.low, r.high), r.nonzero)
                if r.low < 0 < r.high or not r.nonpositive
                else Range(-r.high, -r.low, r.high_open, r.low_open)
            )
            return Range(_pow(size.low, q), _pow(size.high, q), size.low_open, size.high_open)
        if r.nonnegative or q.denominator == 1:
            return Range(_pow(r.low, q), _pow(r.high, q), r.low_open, r.high_open)
        return NONNEGATIVE

    def function(self, name: str, args: tuple[Formula, ...]) -> Range:
        r = self.range(args[0])
        match name:
            case "exp":
                return Range(math.exp(min(r.low, 700)), math.exp(r.high) if r.high < 700 else INF, r.low_open or r.low == -INF, r.high_open)
            case "log":
                low = math.log(r.low) if r.low > 0 else -INF
                return Range(low, math.log(r.high) if 0 < r.high < INF else INF, r.low_open, r.high_open)
            case "sqrt":
                return self.power(args[0], Num(_HALF))
            case "cosh":
                return Range(1, INF)
            case "max":
                rs = [self.range(a) for a in args]
                low, high = max(r.low for r in rs), max(r.high for r in rs)
                return Range(low, high, any(r.low_open for r in rs if r.low == low), all(r.high_open for r in rs if r.high == high))
            case "min":
                rs = [self.range(a) for a in args]
                low, high = min(r.low for r in rs), min(r.high for r in rs)
                return Range(low, high, all(r.low_open for r in rs if r.low == low), any(r.high_open for r in rs if r.high == high))
            case "erf" | "tanh" | "sinh" | "asinh" | "arctan" | "atanh":
                return _odd(r, {"erf": 1, "tanh": 1, "arctan": math.pi / 2}.get(name, INF))
            case "tan" if _within(r, -math.pi / 2, math.pi / 2):
                return _odd(r, INF)
            case "cos" if _within(r, -math.pi / 2, math.pi / 2):
                open_ends = (r.low > -math.pi / 2 or r.low_open) and (r.high < math.pi / 2 or r.high_open)
                return Range(0, 1, open_ends)
            case "sin" if _within(r, 0, math.pi):
                return Range(0, 1, r.positive and (r.high < math.pi or r.high_open))
            case "sin" | "cos":
                return Range(-1, 1)
            case "acosh":
                return NONNEGATIVE
            case "lambertw" if len(args) > 1:
                return Range(-INF, -1)
            case "lambertw":
                return _odd(r, INF) if r.nonnegative else Range(-1, 0 if r.nonpositive else INF, False, r.negative)
            case "erfc" | "Phi":
                return Range(0, 2 if name == "erfc" else 1, True, True)
            case "besseli" | "zeta" if self.range(args[-1]).positive:
                return POSITIVE
            case "abs":
                return Range(0, INF, r.nonzero)
            case "Phi":
                return Range(0, 1, True, True)
            case "erfc":
                return Range(0, 2, True, True)
            case "binomial" | "factorial":
                return Range(1, INF)
            case "gamma" | "beta" if r.positive:
                return POSITIVE
            case "besseli" if self.range(args[1]).positive:
                return POSITIVE
            case "zeta" if r.low > 1 or (r.low == 1 and r.low_open):
                return Range(1, INF, True)
            case "trigamma" if r.positive:
                return POSITIVE
        return REALS


_HALF = Fraction(1, 2)


def _odd(r: Range, bound: float) -> Range:
    """The range of an increasing odd function with values between -bound and bound, neither of which is attained."""
    return Range(
        0 if r.nonnegative else -bound, 0 if r.nonpositive else bound, r.positive or not r.nonnegative, r.negative or not r.nonpositive
    )


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


def _cancelled(f: Formula) -> Formula:
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
    shared = next((g for g in factors(_bare(bodies[0])) if isinstance(g, Indicator)), None)
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


def _pow(x: float, q: Fraction) -> float:
    if abs(x) == INF:
        return INF if x > 0 or q.numerator % 2 == 0 else -INF
    try:
        return math.copysign(abs(x) ** float(q), x if q.denominator == 1 and q.numerator % 2 else 1)
    except OverflowError:
        return INF


def _plus(a: Range, b: Range) -> Range:
    return Range(a.low + b.low if -INF not in (a.low, b.low) else -INF, a.high + b.high if INF not in (a.high, b.high) else INF,
                 a.low_open or b.low_open, a.high_open or b.high_open)  # fmt: skip


def _times(a: Range, b: Range) -> Range:
    corners = []
    for x, xo in ((a.low, a.low_open), (a.high, a.high_open)):
        for y, yo in ((b.low, b.low_open), (b.high, b.high_open)):
            v = 0.0 if x == 0 or y == 0 else x * y
            # a zero corner is attained only if a zero end is attained itself
            attained = (not xo and x == 0) or (not yo and y == 0) if v == 0 else not (xo or yo)
            corners.append((v, not attained))
    low, high = min(v for v, _ in corners), max(v for v, _ in corners)
    zero_inside = (a.low < 0 < a.high) or (b.low < 0 < b.high)
    return Range(
        low,
        high,
        all(o for v, o in corners if v == low) and not (low == 0 and zero_inside),
        all(o for v, o in corners if v == high) and not (high == 0 and zero_inside),
    )


def _reciprocal(r: Range) -> Range:
    if r.low < 0 < r.high or not (r.nonnegative or r.nonpositive):
        return REALS
    if r.nonnegative:
        return Range(1 / r.high if r.high not in (0, INF) else (0.0 if r.high == INF else INF), 1 / r.low if r.low else INF,
                     r.high_open or r.high == INF, r.low_open or r.low == 0)  # fmt: skip
    m = _reciprocal(Range(-r.high, -r.low, r.high_open, r.low_open))
    return Range(-m.high, -m.low, m.high_open, m.low_open)
