"""How a formula behaves as a letter goes to an end of its domain: its leading term, from an expansion in a large t.

With u = t, -t, a + 1/t or b - 1/t and t growing, a formula is a sum of terms c e^(rt) t^p (log t)^j with r and p
rational and c free of u.  Sums over the sample are expanded term by term, since the sample is finite.
(De Bruijn, 1981, Asymptotic Methods in Analysis, chapter 1; Abramowitz and Stegun, 1964, 6.3.18, 6.4.12, 9.7.1.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..algebra.terms import Algebra, E, Term
from ..formula.tree import (
    ONE,
    TWO,
    ZERO,
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
    Pow,
    Relation,
    Sym,
    add,
    div,
    exp,
    has,
    mul,
    names,
    neg,
    num,
    rational,
    replace_all,
    terms,
    value,
)
from ..rules.calculus import NoDerivative, differentiate
from ..rules.logs import logged
from ..rules.sums import depends, sum_out

Key = tuple[Fraction, Fraction, int]  # r, p, j of e^(rt) t^p (log t)^j
F0, F1, F2 = Fraction(0), Fraction(1), Fraction(2)
UNIT: Key = (F0, F0, 0)
EXACT: Key = (Fraction(-(10**6)), F0, 0)  # an error below every term that is looked at
DEPTHS = (1, 2, 3, 5)  # powers of what vanishes that are kept: more where the first cancel
LONGEST = 60  # terms of an expansion
MOST = 3000  # products of terms in all


class NoExpansion(Exception):
    """A formula whose behaviour these rules do not reach."""


@dataclass(frozen=True)
class Series:
    """Terms by key, and the key from which on downward nothing is known."""

    terms: Mapping[Key, Formula] = field(default_factory=dict)
    error: Key = EXACT

    @property
    def lead(self) -> Key:
        if not self.terms:
            raise NoExpansion
        return max(self.terms)


@dataclass(frozen=True)
class Leading:
    """A formula is coefficient * e^(rate t) t^power (log t)^logs, times 1 + o(1), as t grows."""

    coefficient: Formula
    rate: Fraction
    power: Fraction
    logs: int


def leading(f: Formula, u: Sym, end: Formula, from_above: bool, al: Algebra) -> Leading | None:
    """The leading term of f as u goes to an end of its domain, with t = |u| at infinity, else 1/|u - end|; None where
    these rules do not find it.  The coefficient is never 0 as a formula, but may vanish for some data."""
    t = Series({(F0, F1, 0): ONE})
    if end in (Const("oo"), neg(Const("oo"))):
        place = t if end == Const("oo") else Series({(F0, F1, 0): num(-1)})
    else:
        near = {(F0, -F1, 0): ONE if from_above else num(-1)}
        place = Series(near if end == ZERO else {UNIT: end, **near})
    for depth in DEPTHS:
        try:
            s = _Expansion(al, u, place, depth).of(f)
        except (NoExpansion, NoDerivative, OverflowError):
            continue
        if s.terms:
            return Leading(s.terms[s.lead], *s.lead)
    return None


@dataclass(frozen=True)
class _Expansion:
    """Expands formulas in which u stands for a place that is a series in t."""

    al: Algebra
    u: Sym
    place: Series
    depth: int
    spent: list[int] = field(default_factory=lambda: [0])

    def of(self, f: Formula) -> Series:
        self.al.clock.tick()
        if not has(f, self.u):
            return self.constant(f)
        match f:
            case Sym():
                return self.place
            case Add(ts):
                return self.total([self.of(t) for t in ts])
            case Neg(a):
                return self.scaled(self.of(a), num(-1))
            case Mul() | Div():
                mean = self.weighted_mean(f)
                if mean is not None:
                    return mean
                if isinstance(f, Div):
                    return self.times(self.of(f.top), self.power(self.of(f.bottom), -F1))
                out = self.constant(ONE)
                for g in f.factors:
                    out = self.times(out, self.of(g))
                return out
            case Pow(b, k):
                q = value(k)
                return self.power(self.of(b), q) if q is not None else self.exp(self.times(self.of(k), self.log(self.of(b))))
            case Call(name, args):
                return self.function(name, args)
            case Big("sum", i, low, high, body) if low == ONE and high == N:
                inner = replace(self, al=replace(self.al, generic=None)).of(body)  # what holds an index has no value by itself
                parts = {k: sum_out(Big("sum", i, low, high, self.tidy(c)), self.al) for k, c in inner.terms.items()}
                return Series({k: c for k, c in parts.items() if c != ZERO}, inner.error)
        raise NoExpansion

    # -- arithmetic ---------------------------------------------------------------------------------

    def tidy(self, f: Formula) -> Formula:
        return self.al.expand(f)

    def constant(self, f: Formula) -> Series:
        return Series({UNIT: f}) if f != ZERO else Series()

    def total(self, parts: list[Series]) -> Series:
        error = max(s.error for s in parts)
        out: dict[Key, list[Formula]] = {}
        for s in parts:
            for k, c in s.terms.items():
                if k > error:
                    out.setdefault(k, []).append(c)
        summed = {k: self.tidy(add(*cs)) if len(cs) > 1 else cs[0] for k, cs in out.items()}
        return self.kept({k: c for k, c in summed.items() if c != ZERO}, error)

    def kept(self, terms: Mapping[Key, Formula], error: Key) -> Series:
        if len(terms) > LONGEST:
            raise NoExpansion
        return Series(terms, error)

    def scaled(self, s: Series, c: Formula) -> Series:
        return Series({k: self.tidy(mul(c, f)) for k, f in s.terms.items()}, s.error)

    def times(self, a: Series, b: Series) -> Series:
        if (not a.terms and a.error == EXACT) or (not b.terms and b.error == EXACT):
            return Series()
        self.spent[0] += len(a.terms) * len(b.terms)
        if self.spent[0] > MOST:
            raise NoExpansion
        lead_a, lead_b = (max(s.terms, default=s.error) for s in (a, b))
        error = max(_order(lead_a, b.error), _order(lead_b, a.error))
        out: dict[Key, list[Formula]] = {}
        for k, c in a.terms.items():
            for m, d in b.terms.items():
                key = (k[0] + m[0], k[1] + m[1], k[2] + m[2])
                if key > error:
                    out.setdefault(key, []).append(mul(c, d))
        summed = {k: self.tidy(add(*cs)) for k, cs in out.items()}
        return self.kept({k: c for k, c in summed.items() if c != ZERO}, error)

    def power(self, s: Series, q: Fraction) -> Series:
        """s^q = lead^q (1 + d)^q by the binomial series."""
        if q == 1:
            return s
        if q.denominator == 1 and 0 < q <= 3:
            return self.times(s, self.power(s, q - 1))
        (r, p, j), c = s.lead, s.terms[s.lead]
        if (j * q).denominator != 1:
            raise NoExpansion
        if self.maybe_zero(c):
            return self.where_zero(s, q)
        if self.al.sign(c) == 0 or (q.denominator != 1 and self.al.sign(c) < 0):
            raise NoExpansion
        first = Series({(r * q, p * q, int(j * q)): self.tidy(Pow(c, rational(q)))})
        binomials = [F1]
        for k in range(1, self.depth + 1):
            binomials.append(binomials[-1] * (q - k + 1) / k)
        return self.times(first, self.powers(self.rest(s), binomials))

    def rest(self, s: Series) -> Series:
        """d with s = lead (1 + d)."""
        (r, p, j), c = s.lead, s.terms[s.lead]
        d = {(k[0] - r, k[1] - p, k[2] - j): self.tidy(div(f, c)) for k, f in s.terms.items() if k != s.lead}
        return Series(d, _order(s.error, (-r, -p, -j)))

    def powers(self, d: Series, coefficients: Sequence[Fraction]) -> Series:
        """The sum of c_k d^k for a vanishing d, broken off after `depth` powers."""
        parts, one = [self.constant(rational(coefficients[0]))], self.constant(ONE)
        for c in coefficients[1 : self.depth + 1]:
            if not d.terms or not c:
                break
            one = self.times(one, d)
            parts.append(self.scaled(one, rational(c)))
        error = max(d.error, _times(max(d.terms), self.depth + 1)) if d.terms else d.error
        s = self.total(parts)
        return Series({k: c for k, c in s.terms.items() if k > error}, max(error, s.error))

    def maybe_zero(self, c: Formula) -> bool:
        """Whether a value of the sample may be 0 and else is positive."""
        return isinstance(c, At) and self.al.facts.range(c).nonnegative and not self.al.facts.positive(c)

    def where_zero(self, s: Series, q: Fraction) -> Series:
        """(x + d)^-1 for an observation x that may be 0: 1{x = 0}/d, up to what stays finite."""
        zero = Indicator(Relation((s.terms[s.lead], ZERO), ("=",)))
        d = Series({k: c for k, c in s.terms.items() if k != s.lead}, s.error)
        if q != -1 or not d.terms or s.lead != UNIT:
            raise NoExpansion
        inverse = self.scaled(self.power(d, q), zero)
        return Series({k: c for k, c in inverse.terms.items() if k > UNIT}, UNIT)

    # -- functions ----------------------------------------------------------------------------------

    def log(self, s: Series) -> Series:
        (r, p, j), c = s.lead, s.terms[s.lead]
        if j or self.al.sign(c) != 1:
            raise NoExpansion
        parts = [Series({k: f for k, f in (((F0, F1, 0), rational(r)), ((F0, F0, 1), rational(p))) if f != ZERO})]
        if c != ONE:
            parts.append(self.constant(add(*terms(logged(c, self.al)))))
        series = [F0, *(Fraction((-1) ** (k + 1), k) for k in range(1, self.depth + 1))]
        return self.total([*parts, self.powers(self.rest(s), series)])

    def exp(self, s: Series) -> Series:
        if s.error >= UNIT:
            raise NoExpansion
        rate, power, small = F0, F0, dict[Key, Formula]()
        finite: Formula = ZERO
        large = {k: c for k, c in s.terms.items() if k[:2] > UNIT[:2]}
        for k, c in s.terms.items():
            q = value(c)
            if k == (F0, F1, 0) and q is not None and len(large) == 1:
                rate = q
            elif k in large:
                if k == max(large) and self.al.sign(c) == -1:
                    return Series()
                if k == max(large):
                    raise NoExpansion
            elif k == (F0, F0, 1) and q is not None:
                power = q
            elif k == UNIT:
                finite = c
            elif k > UNIT:
                raise NoExpansion
            else:
                small[k] = c
        first = Series({(rate, power, 0): self.al.tidy(exp(finite)) if finite != ZERO else ONE})
        series = [Fraction(1, math.factorial(k)) for k in range(self.depth + 1)]
        return self.times(first, self.powers(Series(small, s.error), series))

    def function(self, name: str, args: tuple[Formula, ...]) -> Series:
        if name in ("besseli", "polygamma") and len(args) == 2:
            return self.bessel(args) if name == "besseli" else self.taylor(name, args[:1], self.of(args[1]))
        if name == "zetad" and args[0] == ONE:
            return self.zeta(self.of(args[1]), True)
        if len(args) != 1:
            raise NoExpansion
        z = self.of(args[0])
        match name:
            case "exp":
                return self.exp(z)
            case "log":
                return self.log(z)
            case "sqrt":
                return self.power(z, Fraction(1, 2))
            case "zeta":
                return self.zeta(z, False)
            case "sinh" | "cosh" | "tanh":
                return self.hyperbolic(name, z)
            case "digamma" | "trigamma" if not self.finite(z):
                return self.stirling(z, name == "trigamma")
            case "gamma" if z.lead < UNIT and self.al.sign(z.terms[z.lead]) == 1:  # Gamma(z) = Gamma(z + 1)/z
                return self.times(self.taylor("gamma", (), self.total([z, self.constant(ONE)])), self.power(z, -F1))
            case "digamma" if self.maybe_zero(z.terms.get(UNIT, ZERO)):
                return self.total([self.scaled(self.power(z, -F1), num(-1)), Series({}, UNIT)])
        return self.taylor(name, (), z)

    def finite(self, z: Series) -> bool:
        """Whether it has a finite limit other than 0."""
        return z.lead == UNIT and z.error < UNIT

    def taylor(self, name: str, before: tuple[Formula, ...], z: Series) -> Series:
        """A smooth function at a finite limit."""
        if z.error >= UNIT or any(k > UNIT for k in z.terms):
            raise NoExpansion
        c = z.terms.get(UNIT, ZERO)
        if name in ("digamma", "trigamma", "polygamma", "loggamma", "gamma") and self.al.sign(c) != 1:
            raise NoExpansion
        if name in ("abs", "sign", "floor", "ceiling", "max", "min", "median"):
            raise NoExpansion
        v = Sym("#v")
        f: Formula = Call(name, (*before, v))
        d = Series({k: g for k, g in z.terms.items() if k != UNIT}, z.error)
        one, parts = self.constant(ONE), list[Series]()
        for k in range(self.depth + 1):
            at = self.al.tidy(replace_all(f, {v: c}))
            parts.append(self.scaled(one, mul(rational(Fraction(1, math.factorial(k))), at)))
            if not d.terms:
                return self.total([*parts, Series({}, d.error)])
            one = self.times(one, d)
            f = differentiate(f, v, self.al)
        return self.total([*parts, Series({}, max(one.lead, d.error))])

    def stirling(self, z: Series, second: bool) -> Series:
        """psi(z) or psi'(z) for z growing, or for z going to 0 from above by psi(z) = psi(z + 1) - 1/z."""
        if self.al.sign(z.terms[z.lead]) != 1 or z.lead[2]:
            raise NoExpansion
        if z.lead < UNIT:
            above = self.taylor("trigamma" if second else "digamma", (), self.total([z, self.constant(ONE)]))
            return self.total([above, self.scaled(self.power(z, -F2 if second else -F1), num(1 if second else -1))])
        parts = [self.power(z, -F1)] if second else [self.log(z)]
        coefficients = ((2, "1/2"), (3, "1/6"), (5, "-1/30")) if second else ((1, "-1/2"), (2, "-1/12"), (4, "1/120"))
        parts += [self.scaled(self.power(z, Fraction(-k)), rational(Fraction(c))) for k, c in coefficients]
        return self.total([*parts, Series({}, _times(z.lead, -7 if second else -6))])

    def hyperbolic(self, name: str, z: Series) -> Series:
        if z.lead <= UNIT:
            return self.taylor(name, (), z)
        up, down = self.exp(z), self.exp(self.scaled(z, num(-1)))
        if name == "tanh":
            ratio = self.times(down, self.power(up, -F1))
            minus = self.total([self.constant(ONE), self.scaled(ratio, num(-1))])
            return self.times(minus, self.power(self.total([self.constant(ONE), ratio]), -F1))
        both = self.total([up, self.scaled(down, num(-1)) if name == "sinh" else down])
        return self.scaled(both, rational(Fraction(1, 2)))

    def zeta(self, z: Series, first: bool) -> Series:
        """zeta(s) or zeta'(s): near 1 it is 1/(s - 1) or -1/(s - 1)^2 and what stays finite; for s growing 1 or 0."""
        if z.lead >= (F0, F1, 0) and self.al.sign(z.terms[z.lead]) == 1:  # below every power of t
            return Series({} if first else {UNIT: ONE}, (-F1 / 2, F0, 0))
        d = self.total([z, self.constant(num(-1))])
        if not d.terms or d.lead >= UNIT:
            if first:
                raise NoExpansion
            return self.taylor("zeta", (), z)
        pole = self.scaled(self.power(d, -F2), num(-1)) if first else self.power(d, -F1)
        return self.total([pole, Series({}, UNIT)])

    def bessel(self, args: tuple[Formula, ...]) -> Series:
        """I_k(z) for z growing, e^z/sqrt(2 pi z) (1 - (4k^2 - 1)/(8z) + ...), or for z going to 0 by its power series."""
        k, z = value(args[0]), self.of(args[1])
        if k is None or k.denominator != 1 or k < 0 or self.al.sign(z.terms[z.lead]) != 1:
            raise NoExpansion
        m = 4 * k * k
        if z.lead[2]:
            raise NoExpansion
        if z.lead > UNIT:
            front = self.times(self.exp(z), self.power(self.scaled(z, mul(TWO, Const("pi"))), Fraction(-1, 2)))
            series = ((0, F1), (1, -(m - 1) / 8), (2, (m - 1) * (m - 9) / 128), (3, -(m - 1) * (m - 9) * (m - 25) / 3072))
            inner = [self.scaled(self.power(z, Fraction(-j)), rational(c)) if j else self.constant(ONE) for j, c in series if c]
            return self.times(front, self.total([*inner, Series({}, _times(z.lead, -4))]))
        if z.lead == UNIT:
            raise NoExpansion
        half = self.scaled(z, rational(Fraction(1, 2)))
        order = int(k)
        powers = [(order + 2 * j, Fraction(1, math.factorial(j) * math.factorial(j + order))) for j in range(3)]
        parts = [self.scaled(self.power(half, Fraction(e)), rational(c)) if e else self.constant(ONE) for e, c in powers]
        return self.total([*parts, Series({}, _times(z.lead, order + 6))])

    # -- weighted means -----------------------------------------------------------------------------

    def weighted_mean(self, f: Formula) -> Series | None:
        """sum w_i g_i / sum w_i with w_i = h(x_i)^k: for k growing it goes to g at the observation with the largest h,
        with an error that vanishes faster than every power."""
        t = self.al.split(f)
        for s0, k0 in t.powers.items():
            if not (isinstance(s0, Big) and k0 == num(-1) and s0.kind == "sum"):
                continue
            for s1, k1 in t.powers.items():
                if not (isinstance(s1, Big) and k1 == ONE and s1.kind == "sum" and s1.index == s0.index):
                    continue
                w, whole = self.al.split(s0.body), self.al.split(s1.body)
                g = self.al.build(self.al.divided(whole, w))
                at = None if has(g, self.u) else self.extreme(w, s0.index)
                if at is None:
                    continue
                here = replace_all(g, {At(at.base.removesuffix("_ord"), (Sym(s0.index),)): at})
                if depends(here, s0.index):
                    continue
                rest = self.al.build(Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in (s0, s1)}))
                return self.times(self.of(rest), self.constant(here))
        return None

    def extreme(self, w: Term, index: str) -> At | None:
        """The order statistic at which a weight that outgrows the others sits; None where no weight does."""
        exponents = [self.grows(b, k, index) for b, k in w.powers.items() if has(b, self.u) or has(k, self.u)]
        if len(exponents) != 1 or exponents[0] is None or w.coefficient <= 0:
            return None
        x, sign = exponents[0]
        return At(x.base + "_ord", (N,) if sign > 0 else (ONE,))

    def grows(self, b: Formula, k: Formula, index: str) -> tuple[At, int] | None:
        """The observation x in a weight x^k or e^(kx), and 1 where the weight grows with x ever faster, -1 where it falls."""
        if b == E:
            parts = self.al.split(k)
            xs = [g for g, e in parts.powers.items() if isinstance(g, At) and depends(g, index) and e == ONE]
            if len(xs) != 1:
                return None
            x: Formula = xs[0]
            rate = self.of(self.al.build(Term(parts.coefficient, {g: e for g, e in parts.powers.items() if g != x})))
        else:
            x, rate = b, self.of(k)
            if not self.al.facts.positive(x):
                return None
        if not isinstance(x, At) or len(x.index) != 1 or (index in names(k) and b != E) or rate.lead <= UNIT:
            return None
        sign = self.al.sign(rate.terms[rate.lead])
        return (x, sign) if sign else None


def _order(a: Key, b: Key) -> Key:
    return EXACT if EXACT in (a, b) else (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def _times(a: Key, m: int) -> Key:
    return (a[0] * m, a[1] * m, a[2] * m)
