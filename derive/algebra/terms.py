"""Textbook algebra on formulas: one term as a coefficient times powers, sums of such terms, and their layout.

This is the only place that decides how evaluated algebra is laid out: numbers first, then n, then letters in
the order in which they came, logarithms, sums and brackets last, a negative power below the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import gcd, isqrt, lcm

from ..clock import Clock
from ..formula.evaluate import holds
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Const,
    Differential,
    Div,
    Formula,
    Indicator,
    MatMul,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    add,
    children,
    exp,
    has,
    kinds,
    mul,
    names,
    neg,
    num,
    rational,
    rebuild,
    value,
)
from .facts import Facts

E = Const("e")
HALF, UNIT, MINUS = Fraction(1, 2), Fraction(1), Fraction(-1)
ON_LINE = frozenset({"exp", "sqrt", "abs", "factorial", "sin", "cos", "tan", "sinh", "cosh", "tanh", "besseli"})  # stand in a numerator
WIDE = frozenset[type[Formula]]({Big, MatMul, Differential})  # stand beside a fraction, not on its line
MOST_KEPT = 4096  # formulas whose terms an algebra remembers
LARGEST_POWER = 64  # a literal is raised to a whole power only up to here


@dataclass(frozen=True)
class Term:
    """coefficient times the product of base**exponent; exponents are tidy formulas, bases are not literals."""

    coefficient: Fraction
    powers: dict[Formula, Formula] = field(default_factory=dict)

    @cached_property
    def key(self) -> frozenset[tuple[Formula, Formula]]:
        return frozenset(self.powers.items())

    def scaled(self, factor: Fraction) -> Term:
        c = factor if self.coefficient is UNIT else -self.coefficient if factor is MINUS else self.coefficient * factor
        return Term(c, self.powers)


@dataclass(frozen=True)
class Algebra:
    """Algebra under what is known about signs.

    facts: ranges of the letters.  decimals: whether a coefficient with a short decimal expansion is shown as
    a decimal (the data are decimals) rather than as a fraction.  unknowns: letters that stand last among letters.  generic: the sign that an expression
    in the data alone has in every random sample (0: none), for what may be divided by under a
    condition.  whole: letters that add up to n (how often each value was seen).  named: sums over the sample
    that have a letter.  clock: the time that is left.
    """

    facts: Facts = field(default_factory=Facts)
    decimals: bool = False
    unknowns: tuple[str, ...] = ()
    generic: Callable[[Formula], int] | None = None
    whole: tuple[Formula, ...] = ()
    named: Mapping[Formula, Formula] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock, compare=False)
    _terms: dict[Formula, Term] = field(default_factory=dict, init=False, repr=False, compare=False)  # what `split` found
    _tidy: dict[Formula, Formula] = field(default_factory=dict, init=False, repr=False, compare=False)  # what `tidy` found
    _once: dict[tuple[str, Formula], Formula] = field(default_factory=dict, init=False, repr=False, compare=False)  # see `once`

    def once(self, what: str, f: Formula, work: Callable[[], Formula]) -> Formula:
        """What some work on a formula makes of it, done once."""
        g = self._once.get((what, f))
        if g is None:
            if len(self._once) > MOST_KEPT:
                self._once.clear()
            g = self._once[what, f] = work()
        return g

    def nonzero(self, f: Formula) -> bool:
        """Whether one may divide by f: it cannot vanish inside the domains (or not for a generic sample)."""
        return self.sign(f) != 0

    def sign(self, f: Formula) -> int:
        """1 or -1 where f is positive or negative throughout (or for every generic sample), else 0."""
        r = self.facts.range(f)
        if r.nonzero:
            return 1 if r.positive else -1
        if self.generic is None:
            return 0
        t = self.split(f)
        sign = (t.coefficient > 0) - (t.coefficient < 0)
        for b, k in t.powers.items():
            r = self.facts.range(b)
            one = 1 if r.positive else -1 if r.negative else self.generic(b)
            q = value(k)
            sign *= one if one >= 0 or q is None or q.denominator != 1 or q.numerator % 2 else 1
        return sign

    # -- one term -----------------------------------------------------------------------------

    def split(self, f: Formula) -> Term:
        """f as one term."""
        t = self._terms.get(f)
        if t is None:
            if len(self._terms) > MOST_KEPT:
                self._terms.clear()
            t = self._terms[f] = self._split(f)
        return t

    def _split(self, f: Formula) -> Term:
        self.clock.tick()
        match f:
            case Num(v):
                return Term(v)
            case Neg(a):
                return self.split(a).scaled(MINUS)
            case Mul(fs):
                return self.times(self.split(g) for g in fs)
            case Div(a, b):
                bottom = self.split(b)
                if bottom.coefficient == 0:
                    return Term(UNIT, {f: ONE})
                return self.times((self.split(a), self.raised(bottom, num(-1))))
            case Pow(b, k):
                return self.raised_formula(b, self.tidy(k))
            case Call("exp", (u,)):
                exponent = self.tidy(u)
                return Term(UNIT, {E: exponent} if exponent != ZERO else {})
            case Call("sqrt", (u,)):
                return self.raised_formula(u, rational(HALF))
            case Const("e"):
                return Term(UNIT, {E: ONE})
            case Indicator(c) if not names(c):
                return Term(Fraction(int(holds(c)({}))))
        g = self.inside(f)
        if isinstance(g, (Add, Big, At, Sym, Const, Call)) or g != f or not children(f):
            if g != f and not isinstance(g, Add):
                return self.split(g) if isinstance(g, (Num, Neg, Mul, Div, Pow)) else Term(UNIT, {g: ONE})
            return Term(UNIT, {g: ONE})
        return Term(UNIT, {f: ONE})

    def times(self, parts: Iterable[Term]) -> Term:
        """The product of terms: exponents of equal bases are added."""
        c, powers = UNIT, dict[Formula, Formula]()
        for t in parts:
            c = t.coefficient if c is UNIT else c if t.coefficient is UNIT else c * t.coefficient
            for b, k in t.powers.items():
                k = self.exponents_added(powers[b], k) if b in powers else k
                if k == ZERO:
                    powers.pop(b, None)
                else:
                    powers[b] = k
        for b in [b for b in powers if isinstance(b, Num)]:  # sqrt 2 times sqrt 2
            q = value(powers[b])
            if q is not None and q.denominator == 1 and abs(q) <= LARGEST_POWER and isinstance(b, Num):
                c *= b.value ** int(q)
                del powers[b]
        return Term(c, powers) if c else Term(c)

    def exponents_added(self, a: Formula, b: Formula) -> Formula:
        """The sum of two exponents; brackets are opened where something cancels then: y + (m - y) is m."""
        k = self.tidy(add(a, b))
        if isinstance(k, Add) and any(isinstance(t, Add) or (isinstance(t, Neg) and isinstance(t.arg, Add)) for t in k.terms):
            apart = self.flat(k, deep=True)
            left = self.collect(apart)
            if {t.key for t in left if t.powers} < {t.key for t in apart if t.powers}:
                return self.assemble(left)
        return k

    def raised_formula(self, base: Formula, k: Formula) -> Term:
        return self.raised(self.split(base), k, base)

    def raised(self, t: Term, k: Formula, whole: Formula | None = None) -> Term:
        """A term to a power: (ab)^k = a^k b^k where k is whole or the bases are positive."""
        q = value(k)
        if q is not None and q.denominator == 1:
            if t.coefficient == 0 and q <= 0:
                return Term(UNIT, {whole or self.build(t): k})
            if abs(q) > LARGEST_POWER and abs(t.coefficient) not in (0, 1):
                if t.coefficient < 0 or not t.powers:
                    return Term(UNIT, {whole or self.build(t): k})
                powers = {b: self.product(e, k) for b, e in t.powers.items()}
                return self.times((self.root(t.coefficient, k, q), Term(UNIT, powers)))
            c = UNIT if t.coefficient is UNIT else t.coefficient ** int(q)
            return Term(c, {b: self.product(e, k) for b, e in t.powers.items()})
        if t.coefficient <= 0 or not all(b == E or self.facts.range(b).nonnegative for b in t.powers):
            if q is not None and self.even(t, q):
                powers = {b if self.facts.range(b).nonnegative else Call("abs", (b,)): self.product(e, k) for b, e in t.powers.items()}
                return self.times((self.root(t.coefficient, k, q), Term(UNIT, powers)))
            return Term(UNIT, {whole or self.build(t): k})
        powers = {b: self.product(e, k) for b, e in t.powers.items()}
        return self.times((self.root(t.coefficient, k, q), Term(UNIT, powers)))

    def even(self, t: Term, q: Fraction) -> bool:
        """Whether (b^e)^q = |b|^(eq) for every base: e is even, or b is not negative."""
        es = {b: value(e) for b, e in t.powers.items()}
        return t.coefficient > 0 and all(
            self.facts.range(b).nonnegative or (e is not None and e.denominator == 1 and e.numerator % 2 == 0) for b, e in es.items()
        )

    def root(self, c: Fraction, k: Formula, q: Fraction | None) -> Term:
        """A positive number to the power k, whole powers taken out."""
        if c == 1:
            return Term(c)
        if q is not None and q.denominator == 2 and abs(q.numerator) <= LARGEST_POWER:
            inside, outside = _square_part(c.numerator), _square_part(c.denominator)
            base = Fraction(inside[0], outside[0]) ** q.numerator
            rest = Fraction(inside[1], outside[1])
            if rest == 1:
                return Term(base)
            powers: dict[Formula, Formula] = {
                Num(Fraction(r)): rational(s) for r, s in ((rest.numerator, q), (rest.denominator, -q)) if r != 1
            }
            return Term(base, powers)
        if q is not None:
            exact = _exact_power(c, q)
            if exact is not None:
                return Term(exact)
        if self.decimals and short_decimal(c):
            return Term(UNIT, {Num(c): k})
        out: dict[Formula, Formula] = {Num(Fraction(c.numerator)): k} if c.numerator != 1 else {}
        if c.denominator != 1:
            out[Num(Fraction(c.denominator))] = self.tidy(neg(k))
        return Term(UNIT, out)

    def product(self, a: Formula, b: Formula) -> Formula:
        """The tidy product of two exponents."""
        return b if a == ONE else a if b == ONE else self.tidy(mul(a, b))

    # -- layout -------------------------------------------------------------------------------

    def number(self, c: Fraction) -> Formula:
        """A coefficient as it is shown."""
        return num(c) if self.decimals and short_decimal(c) else rational(c)

    def build(self, t: Term) -> Formula:
        """A term in textbook layout."""
        if not t.coefficient:
            return ZERO
        negative = t.coefficient.numerator < 0
        size = -t.coefficient if negative else t.coefficient
        if not t.powers:
            return Neg(self.number(size)) if negative else self.number(size)
        top, bottom, out = list[Formula](), list[Formula](), list[Formula]()
        numbers = {b: None if _is_e(b) else value(k) for b, k in t.powers.items()}
        grouped: dict[tuple[str, Formula], list[Formula]] = {}  # under one power where it is not a whole number
        for b, k in t.powers.items():
            whole = (q := numbers[b]) is not None and q.denominator == 1
            grouped.setdefault(("base", b) if whole or _is_e(b) else ("power", k), []).append(b)
        below = [b for b, q in numbers.items() if q is not None and q.numerator < 0]
        for shared, above, under in _fractional(numbers):  # one root of a fraction
            one, other = (mul(*sorted(bs, key=self.rank)) for bs in (above, under))
            out.append(_powered(Div(one, other), shared))
            grouped = {key: kept for key, bs in grouped.items() if (kept := [b for b in bs if b not in (*above, *under)])}
            below = [b for b in below if b not in under]
        has_bottom = (bool(below) or size.denominator != 1) and not any(Big in kinds(b) for b in below)
        for bases in grouped.values():
            k, q = t.powers[bases[0]], numbers[bases[0]]
            b = mul(*sorted(bases, key=self.rank)) if len(bases) > 1 else bases[0]
            if _is_e(b):
                top.append(exp(k))
            elif q is None:
                top.append(Pow(b, k))
            elif q.numerator < 0:
                bottom.append(_powered(b, -q))
            else:
                (out if has_bottom and _outside(b, q) else top).append(_powered(b, q))
        for side in (top, bottom, out):
            if len(side) > 1:
                side.sort(key=self.rank)
        if self.decimals and short_decimal(size) and size.denominator != 1:
            top.insert(0, Num(size))
        else:
            if size.numerator != 1:
                top.insert(0, Num(Fraction(size.numerator)))
            if size.denominator != 1:
                bottom.insert(0, Num(Fraction(size.denominator)))
        parts = ([Div(mul(*top), mul(*bottom))] if bottom else top) + out
        f = mul(*parts)
        return Neg(f) if negative else f

    def rank(self, f: Formula) -> tuple[int, ...]:
        b = f.base if isinstance(f, Pow) else f
        return (3, 1) if isinstance(b, Sym) and b.name in self.unknowns else _rank(f)

    # -- tidying ------------------------------------------------------------------------------

    def inside(self, f: Formula) -> Formula:
        """f with everything directly inside it tidy."""
        kids = children(f)
        if not kids or isinstance(f, (At, Indicator, Relation)):
            return f
        if isinstance(f, Add):
            return self.tidy(f)
        if isinstance(f, Big):
            body = self.tidy(f.body)
            return f if body == f.body else Big(f.kind, f.index, f.low, f.high, body)
        new = tuple(self.tidy(k) for k in kids)
        g = f if new == kids else rebuild(f, new)
        match g:
            case Call("log", (Num(v),)) if v == 1:
                return ZERO
            case Call("log", (Call("exp", (u,)),)):
                return u
            case Call("abs", (a,)) if self.facts.range(a).nonnegative:
                return a
            case Call("abs", (Neg(a),)):
                return a if self.facts.range(a).nonnegative else Call("abs", (a,))
            case Call("abs", (Num() as a,)):
                return a
            case Call("abs", (a,)) if (size := value(a)) is not None:
                return rational(abs(size))
        return g

    def tidy(self, f: Formula) -> Formula:
        """Like terms and equal bases put together; brackets are kept, the order of terms is kept."""
        if isinstance(f, (Num, Sym, Const, At)):
            return f
        g = self._tidy.get(f)
        if g is None:
            if len(self._tidy) > MOST_KEPT:
                self._tidy.clear()
            g = self._tidy[f] = self.assemble(self.flat(f)) if isinstance(f, Add) else self.build(self.split(f))
        return g

    def flat(self, f: Formula, deep: bool = False) -> list[Term]:
        """The terms of a sum; with `deep` brackets that stand alone are opened too."""
        if isinstance(f, Add):
            return [t for g in f.terms for t in (self.flat(g, True) if deep else [self.split(g)])]
        if deep and isinstance(f, Neg) and isinstance(f.arg, Add):
            return [t.scaled(MINUS) for t in self.flat(f.arg, True)]
        return [self.split(f)]

    def collect(self, ts: Iterable[Term]) -> list[Term]:
        """Like terms added; first come, first kept."""
        out: dict[frozenset[tuple[Formula, Formula]], Term] = {}
        for t in ts:
            old = out.get(t.key)
            out[t.key] = t if old is None else Term(old.coefficient + t.coefficient, old.powers)
        ts = [t for t in out.values() if t.coefficient]
        return self.summed_up(ts) if len(ts) >= len(self.whole) > 1 else ts

    def summed_up(self, ts: list[Term]) -> list[Term]:
        """Like terms in all the letters that add up to n, as one term in n."""
        places: dict[tuple[Fraction, frozenset[tuple[Formula, Formula]]], dict[Formula, int]] = {}
        for j, t in enumerate(ts):
            for b in self.whole:
                if t.powers.get(b) == ONE:
                    places.setdefault((t.coefficient, t.key - {(b, ONE)}), {})[b] = j
        for (c, rest), found in places.items():
            if len(found) == len(self.whole):
                first = min(found.values())
                kept = [t for j, t in enumerate(ts) if j not in found.values() or j == first]
                kept[kept.index(ts[first])] = self.times((Term(c, dict(rest)), Term(UNIT, {N: ONE})))
                return self.collect(kept)
        return ts

    def assemble(self, ts: Iterable[Term]) -> Formula:
        """A sum of terms as a formula."""
        return add(*(self.build(t) for t in self.collect(ts)))

    # -- multiplying out ----------------------------------------------------------------------

    def expanded(self, f: Formula, limit: int = 400) -> list[Term] | None:
        """The terms of f with all brackets multiplied out; None when there would be more than `limit`."""
        out: list[Term] = []
        for t in self.flat(f, deep=True):
            parts = [Term(t.coefficient, {b: k for b, k in t.powers.items() if not _opens(b, k)})]
            for b, k in t.powers.items():
                if not _opens(b, k):
                    continue
                inner = self.expanded(b, limit)
                if inner is None:
                    return None
                for _ in range(int(value(k) or 0)):
                    if len(parts) * len(inner) > limit:
                        return None
                    parts = self.collect(self.times((u, v)) for u in parts for v in inner)
            out += parts
            if len(out) > limit:
                return None
        return self.collect(out)

    def expand(self, f: Formula) -> Formula:
        """f with its brackets multiplied out (f itself when that would be too long)."""
        return self.once("expanded", f, lambda: f if (ts := self.expanded(f)) is None else add(*(self.build(t) for t in ts)))

    def coefficients(self, f: Formula, u: Formula) -> dict[Formula, list[Term]] | None:
        """f as a sum of coefficients times powers of u: exponent -> terms free of u.  None if u is elsewhere too."""
        ts = self.expanded(f)
        if ts is None:
            return None
        out: dict[Formula, list[Term]] = {}
        for t in ts:
            rest = {b: k for b, k in t.powers.items() if b != u}
            k = t.powers.get(u, ZERO)
            if has(k, u) or any(has(b, u) or has(e, u) for b, e in rest.items()):
                return None
            out.setdefault(k, []).append(Term(t.coefficient, rest))
        return out

    # -- common factors -------------------------------------------------------------------------

    def common_factor(self, ts: list[Term]) -> Term:
        """The largest term that divides every one of ts: content of the coefficients, lowest numeric powers."""
        c = Fraction(gcd(*(t.coefficient.numerator for t in ts)), lcm(*(t.coefficient.denominator for t in ts)))
        shared: dict[Formula, Formula] = {}
        for b in dict.fromkeys(b for t in ts for b in t.powers):
            exponents = [t.powers.get(b, ZERO) for t in ts]
            numbers = [v for v in map(value, exponents) if v is not None]
            if all(e == exponents[0] for e in exponents):
                shared[b] = exponents[0]
            elif len(numbers) == len(exponents) and min(numbers) != 0:
                shared[b] = rational(min(numbers))
        return Term(c, shared)

    def divided(self, t: Term, by: Term) -> Term:
        """A term divided by a term."""
        return self.times((t, self.raised(by, num(-1))))


def _opens(b: Formula, k: Formula) -> bool:
    q = value(k)
    return isinstance(b, Add) and q is not None and q.denominator == 1 and 0 < q <= 12


def _fractional(numbers: Mapping[Formula, Fraction | None]) -> Iterator[tuple[Fraction, list[Formula], list[Formula]]]:
    """The powers that are no whole numbers and occur above and below the line, with the bases there."""
    for k in dict.fromkeys(q for q in numbers.values() if q is not None and q > 0 and q.denominator != 1):
        above, under = ([b for b, q in numbers.items() if q == r] for r in (k, -k))
        if under:
            yield k, above, under


def _is_e(f: Formula) -> bool:
    return type(f) is Const and f.name == "e"


def _powered(b: Formula, q: Fraction) -> Formula:
    if q.denominator == 1:
        return b if q.numerator == 1 else Pow(b, Num(q))
    return Call("sqrt", (b,)) if q == HALF else Pow(b, rational(q))


def _outside(b: Formula, q: Fraction) -> bool:
    """Whether a factor of the numerator stands beside the fraction rather than on its line."""
    if isinstance(b, Add):
        return len(b.terms) > 2 or not WIDE.isdisjoint(kinds(b))
    return type(b) in WIDE or (isinstance(b, Call) and b.name not in ON_LINE)


def _rank(f: Formula) -> tuple[int, ...]:
    """Textbook order of factors: numbers, named numbers, n, letters, data, functions, brackets, sums."""
    b = f.base if isinstance(f, Pow) else f
    match b:
        case Num():
            return (0,)
        case Const():
            return (1,)
        case Sym("n"):
            return (2,)
        case Sym(name) if name.endswith("_bar"):
            return (4,)
        case Sym():
            return (3, 0)
        case Mul(fs):
            return max(map(_rank, fs))
        case Indicator():
            return (3, 2)
        case At():
            return (4,)
        case Div():
            return (5,)
        case Call("exp", _):
            return (10,)
        case Call("log", _):
            return (9,)
        case Call():
            return (5,)
        case MatMul():
            return (12,)
        case Differential():
            return (13,)
        case Big("prod"):
            return (8, 1)
        case Big():
            return (8, 0)
        case Add():
            return (8, 0) if Big in kinds(b) else (7,)
    return (8,)


def short_decimal(c: Fraction, digits: int = 8) -> bool:
    """Whether c has a decimal expansion of at most that many places."""
    return bool((c * 10**digits).denominator == 1)


def _square_part(n: int) -> tuple[int, int]:
    """n = a^2 b with a as large as trial division up to 1000 finds."""
    root = isqrt(n)
    if root * root == n:
        return root, 1
    a = 1
    for p in range(2, min(root, 1000) + 1):
        while n % (p * p) == 0:
            n //= p * p
            a *= p
    return a, n


def _exact_power(c: Fraction, q: Fraction) -> Fraction | None:
    """c**q where it is rational."""
    if abs(q.numerator) > LARGEST_POWER or q.denominator > LARGEST_POWER:
        return None
    parts = []
    for m in (c.numerator, c.denominator):
        r = round(m ** (1 / q.denominator)) if m < 2**1000 else 0
        if r**q.denominator != m:
            return None
        parts.append(r)
    return Fraction(*parts) ** q.numerator


__all__ = ["Algebra", "N", "Term", "short_decimal"]
