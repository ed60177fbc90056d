"""Probabilities of what is only partly known: above a value, below it, between two, from the density of one observation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction
from functools import cached_property

from ...algebra.terms import Algebra, E, Term
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled, holds
from ...formula.restrict import restricted
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Cases,
    Formula,
    Indicator,
    Num,
    Sym,
    add,
    has,
    names,
    neg,
    num,
    replace,
    transform,
    value,
    walk,
)
from ...sets.domain import Domain
from .distribution_function import minus, survival
from .normalise import total_along
from .quadrature import summed

MOST = 200  # terms of a sum that is written out
LARGEST_FACTORIAL = 170


@dataclass(frozen=True)
class Distribution:
    """One observation's distribution as formulas in the parameters.

    points: parameter values at which a formula is compared with the numerical integral of the density.
    """

    density: Formula
    variable: str
    support: Domain
    al: Algebra
    points: tuple[Env, ...]

    def at(self, a: Formula) -> Formula:
        """The density or probability at a."""
        return self.al.tidy(self._put(self.density, a))

    def above(self, a: Fraction) -> Formula:
        """P(X > a)."""
        if self.below_all(a):
            return ONE
        if self.above_all(a):
            return ZERO
        if self.survival is not None:
            return self.al.tidy(self._put(self.survival, num(self._floor(a))))
        low, high = self._ends
        if high < math.inf and high - a <= a - low:
            return self._summed(a, None)
        return self._rest(self._summed(None, a))

    def below(self, a: Fraction) -> Formula:
        """P(X < a)."""
        return self.up_to(Fraction(math.ceil(a) - 1) if self.support.discrete else a)

    def up_to(self, a: Fraction) -> Formula:
        """P(X <= a)."""
        if self.below_all(a):
            return ZERO
        if self.survival is not None:
            return self._rest(self.above(a))
        low, high = self._ends
        if low > -math.inf and (high == math.inf or a - low <= high - a):
            return self._summed(None, a)
        return self._rest(self.above(a))

    def between(self, a: Fraction, b: Fraction) -> Formula:
        """P(a < X <= b)."""
        if self.survival is None:
            return self._summed(a, b)
        if self.below_all(a):
            return self.up_to(b)
        upper = self.above(b)
        return factored(add(self.above(a), neg(upper)), self.al) if upper != ZERO else self.above(a)

    @cached_property
    def survival(self) -> Formula | None:
        """P(X > x) as a formula in the variable; None for a discrete one whose tail has no short form."""
        if not self.support.discrete:
            return survival(self.density, self.variable, self.support, self.al, self.points)
        s = self._geometric() if self._ends[1] == math.inf else None
        return s if s is not None and self._adds_up(s) else None

    def _adds_up(self, s: Formula) -> bool:
        """Whether a formula for P(X > x) agrees with the sum of the density above two values, at all points."""
        low, g = self._ends[0], compiled(s)
        return all(
            abs(numerically(self, env)(low + j) - g({**env, self.variable: low + j})) <= 1e-8 for env in self.points for j in (0.0, 2.0)
        )

    # -- lattices -------------------------------------------------------------------------------

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """The first and last value of a lattice."""
        if self.support.values is not None:
            return self.support.bounds({})
        return self.support.whole({})

    def _geometric(self) -> Formula | None:
        """p(x+1)/(1 - q) where p(x+1)/p(x) is q, free of x: the geometric series."""
        if any(isinstance(g, (Cases, Indicator)) for g in walk(self.density)):
            return None
        x, al = Sym(self.variable), self.al
        here, there = al.split(self.density), al.split(replace(self.density, x, add(x, ONE)))
        q = al.divided(there, here)
        q = Term(q.coefficient, {b: al.expand(k) if isinstance(k, Add) else k for b, k in q.powers.items()})
        q = Term(q.coefficient, {b: k for b, k in q.powers.items() if k != ZERO})
        if any(has(b, x) or has(k, x) for b, k in q.powers.items()):
            return None
        rest = al.expand(add(ONE, neg(al.build(q))))
        t = al.divided(there, al.split(rest))
        powers = {b: al.expand(k) if isinstance(k, Add) else k for b, k in t.powers.items()}
        return al.build(Term(t.coefficient, {b: k for b, k in powers.items() if k != ZERO}))

    def _summed(self, a: Fraction | None, b: Fraction | None) -> Formula:
        """The probabilities of the values above a and up to b, added."""
        values = self.members(a, b)
        if values is None or len(values) > MOST:
            raise NotSupported("a probability over so many values is not written out as a sum", hint="give a shorter interval")
        return factored(add(*(self.at(v) for v in values)), self.al)

    def members(self, a: Fraction | None, b: Fraction | None) -> list[Formula] | None:
        """The values of a lattice above a and up to b (None: to its end); None where there are too many."""
        if self.support.values is not None:
            inside = [(v, q) for v in self.support.values if (q := value(v)) is not None]
            return [v for v, q in inside if (a is None or a < q) and (b is None or q <= b)]
        low, high = self._ends
        first = low if a is None else max(math.floor(a) + 1, low)
        last = high if b is None else min(math.floor(b), high)
        if math.isinf(first) or math.isinf(last) or last - first > 100 * MOST:
            return None
        return [num(k) for k in range(int(first), int(last) + 1)]

    def _rest(self, f: Formula) -> Formula:
        return complement(f, self.al)

    def _floor(self, a: Fraction) -> Fraction:
        return Fraction(math.floor(a)) if self.support.discrete else a

    def below_all(self, a: Fraction) -> bool:
        """Whether no value is a or lower (of a lattice: at most a)."""
        low, open_ = value(self.support.low), self.support.low_open
        if self.support.values is not None:
            return float(a) < self._ends[0]
        if low is None:
            return False
        return a < low if self.support.discrete and not open_ else a <= low

    def above_all(self, a: Fraction) -> bool:
        """Whether no value is above a."""
        if self.support.values is not None:
            return float(a) >= self._ends[1]
        high = value(self.support.high)
        return high is not None and a >= high

    def _put(self, f: Formula, a: Formula) -> Formula:
        return settled(replace(f, Sym(self.variable), a))


def settled(f: Formula) -> Formula:
    """f with cases and indicators decided, where they hold no letter, and factorials of small numbers worked out."""

    def one(g: Formula) -> Formula | None:
        match g:
            case Cases(rows):
                for v, condition in rows:
                    if condition is None:
                        return v
                    if names(condition):
                        return None
                    if holds(condition)({}):
                        return v
                return ZERO
            case Indicator(condition) if not names(condition):
                return ONE if holds(condition)({}) else ZERO
            case Call("factorial" | "binomial" as name, args):
                numbers = [a.value for a in args if isinstance(a, Num)]
                if len(numbers) == len(args) and all(v.denominator == 1 and v <= LARGEST_FACTORIAL for v in numbers):
                    exact: Callable[..., int] = math.factorial if name == "factorial" else math.comb
                    return num(exact(*map(int, numbers)))
        return None

    return transform(f, one)


def complement(f: Formula, al: Algebra) -> Formula:
    """1 - f; of Phi(u) it is Phi(-u), which loses no digits far out."""
    if isinstance(f, Call) and f.name == "Phi":
        return Call("Phi", (minus(f.args[0], al),))
    return al.expand(add(ONE, neg(f))) if isinstance(f, Add) else al.tidy(add(ONE, neg(f)))


def factored(f: Formula, al: Algebra) -> Formula:
    """A sum with what its terms share taken out: e^(-2a) - e^(-4a) as e^(-2a) (1 - e^(-2a))."""
    ts = al.collect(al.flat(f, deep=True))
    if len(ts) < 2:
        return al.assemble(ts)
    common = al.common_factor(ts)
    shared = {b: k for b, k in common.powers.items() if b != E}
    exponent = _shared_exponent([t.powers.get(E, ZERO) for t in ts], al)
    if exponent is not None:
        shared[E] = exponent
    if not shared:
        return al.assemble(ts)
    by = Term(Fraction(1), shared)
    rest = al.assemble(al.divided(t, by) for t in ts)
    return al.build(al.times((by, Term(Fraction(1), {rest: ONE})))) if isinstance(rest, Add) else al.build(al.times((by, al.split(rest))))


def _shared_exponent(exponents: list[Formula], al: Algebra) -> Formula | None:
    """The exponent nearest to zero, where all are multiples of one term by numbers of one sign; None else."""
    ts = [al.split(k) for k in exponents]
    if any(isinstance(k, Add) or not t.coefficient for k, t in zip(exponents, ts, strict=True)):
        return None
    if len({t.key for t in ts}) != 1 or len({t.coefficient > 0 for t in ts}) != 1:
        return None
    return exponents[min(range(len(ts)), key=lambda j: abs(ts[j].coefficient))]


def numerically(d: Distribution, env: Env) -> Callable[[float], float]:
    """P(X > a) as a function of a at values of the parameters, straight from the density."""

    def value_of(a: float) -> float:
        if a == -math.inf:
            return 1.0
        above = changed(d.support, low=num(Fraction(a)), low_open=True) if d.support.values is None else d.support
        f = restricted(d.density, d.variable, env)
        if d.support.values is not None:
            return summed(f(x) for v in d.support.values if (x := compiled(v)(env)) > a)
        low, _ = d.support.bounds(env)
        got = total_along(f, d.density, d.variable, above if a >= low else d.support, env)
        return math.nan if got is None else got

    return value_of


__all__ = ["Distribution", "complement", "factored", "numerically", "settled"]
