"""Exact constants: a rational number plus rational multiples of logarithms of positive rationals.

Zero and sign are decided exactly: q + sum q_i log a_i vanishes only if q = 0 and the product of the a_i^q_i is 1
(Lindemann 1882: e^q is transcendental for a rational q other than 0), that is where the powers of coprime numbers of which all a_i are products
add up to 0 (factor refinement: Bach, Driscoll and Shallit 1993, Journal of Algorithms 15).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, inf
from typing import Any

from flint import arb, ctx, fmpq

MOST_LOGS = 300  # whose numbers are split into coprime ones
MOST_BITS = 2**14
LONGEST = 10**5  # binary places of a number that is written out


class Undecided(Exception):
    """Not decided with these digits, this far from the end, or within the budget."""


class NotCovered(Exception):
    """The form of the function is not covered."""


def rational(v: Fraction | int) -> Any:
    """A fraction as python-flint holds it."""
    return fmpq(v.numerator, v.denominator)


def fraction(v: Any) -> Fraction:
    """An fmpq, or an arb without a radius, as a fraction.  Raises Undecided where it is infinite, or too large or small to be written out."""
    if isinstance(v, fmpq):
        return Fraction(int(v.p), int(v.q))
    mantissa, exponent = v.man_exp() if v.is_finite() else (0, inf)
    if abs(exponent) > LONGEST:
        raise Undecided("a number out of reach")
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def coprime(numbers: Iterable[int]) -> list[int]:
    """Numbers above 1, no two with a common divisor, of whose powers the given positive ones are products."""
    base, todo = list[int](), [n for n in numbers if n > 1]
    while todo:
        n = todo.pop()
        for j, b in enumerate(base):
            g = gcd(n, b)
            if g > 1:
                del base[j]
                todo += [m for m in (b // g, g, n // g) if m > 1]
                break
        else:
            base.append(n)
    return base


def power_of(b: int, n: int) -> int:
    """How often a number divides another."""
    k = 0
    while n % b == 0:
        n, k = n // b, k + 1
    return k


class Exact:
    """q + sum q_i log a_i; q: a rational number, logs: a_i -> q_i."""

    __slots__ = ("_ball", "_hash", "_sign", "logs", "q")

    def __init__(self, q: Any = 0, logs: Mapping[Any, Any] | None = None):
        self.q = fmpq(q)
        self.logs: dict[Any, Any] = dict(logs) if logs else {}  # a copy takes no hash of an fmpq, which is slow
        for a in [a for a, c in self.logs.items() if c == 0 or a == 1]:
            del self.logs[a]
        self._hash: int | None = None
        self._sign: int | None = None
        self._ball: tuple[int, Any] = (0, None)  # the last one, with its precision

    @staticmethod
    def log(a: Any) -> Exact:
        """The logarithm of a positive rational number."""
        return Exact(0, {fmpq(a): fmpq(1)})

    def __add__(self, o: Exact) -> Exact:
        if self is ZERO or o is ZERO:
            return o if self is ZERO else self
        if not self.logs and not o.logs:
            return Exact(self.q + o.q)
        out = dict(self.logs)
        for a, c in o.logs.items():
            out[a] = out.get(a, fmpq(0)) + c
        return Exact(self.q + o.q, out)

    def scale(self, k: Any) -> Exact:
        """k times this, for a rational k."""
        return Exact(self.q * k, {a: c * k for a, c in self.logs.items()})

    def over(self, o: Exact) -> Exact | None:
        """This over another value, where that is a rational number."""
        if o.logs and self.logs.keys() == o.logs.keys():
            k = next(self.logs[a] / c for a, c in o.logs.items())
            return Exact(k) if self == o.scale(k) else None
        return self.scale(1 / o.q) if not o.logs and o.q != 0 else None

    def __neg__(self) -> Exact:
        return self if self is ZERO else self.scale(fmpq(-1))

    def ball(self) -> Any:
        """A ball that holds the value, to about the present precision relative to its size."""
        if self._ball[0] != ctx.prec:
            self._ball = ctx.prec, self._as_ball()
        return self._ball[1]

    def _as_ball(self) -> Any:
        s = self._added()
        if not self.logs or s.rel_accuracy_bits() > ctx.prec // 2:
            return s
        before = ctx.prec
        try:
            if not self.sign:
                return arb(0)
            while s.rel_accuracy_bits() <= before // 2:
                ctx.prec *= 2
                s = self._added()
            return s
        except Undecided:
            return s
        finally:
            ctx.prec = before

    def _added(self) -> Any:
        s = arb(self.q)
        for a, c in self.logs.items():
            s += arb(c) * arb(a).log()
        return s

    @property
    def is_zero(self) -> bool:
        """Whether the value is 0."""
        return self.sign == 0

    @property
    def sign(self) -> int:
        """The sign of the value.  Raises `Undecided` where neither digits nor the product of powers tell."""
        if self._sign is None:
            self._sign = self._found() if self.logs else (self.q > 0) - (self.q < 0)
        return self._sign

    def _found(self) -> int:
        before = ctx.prec
        try:
            while True:
                v = self._added()
                if v > 0 or v < 0:
                    return 1 if v > 0 else -1
                if ctx.prec == before and self._cancels():
                    return 0
                if ctx.prec > MOST_BITS:
                    raise Undecided
                ctx.prec *= 2
        finally:
            ctx.prec = before

    def _cancels(self) -> bool:
        if self.q != 0 or len(self.logs) > MOST_LOGS:
            return False
        numbers = {a: (int(a.p), int(a.q)) for a in self.logs}
        for b in coprime({n for pair in numbers.values() for n in pair}):
            if sum((c * (power_of(b, numbers[a][0]) - power_of(b, numbers[a][1])) for a, c in self.logs.items()), fmpq(0)) != 0:
                return False
        return True

    def __hash__(self) -> int:
        if self._hash is None:
            parts = (int(self.q.p), int(self.q.q))  # that of an fmpq takes an inverse
            self._hash = hash((parts, *sorted((int(a.p), int(a.q), int(c.p), int(c.q)) for a, c in self.logs.items())))
        return self._hash

    def __eq__(self, o: object) -> bool:
        return self is o or (isinstance(o, Exact) and bool(self.q == o.q) and self.logs == o.logs)

    def __repr__(self) -> str:
        return f"{self.q}" + "".join(f" + {c} log {a}" for a, c in self.logs.items())


ZERO, ONE = Exact(0), Exact(1)
