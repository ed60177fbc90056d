"""A function near an end of its domain: expansions with remainder, for v in (0, d] and v -> 0, with L = log(1/v).

An expansion is a sum of terms c e^(r2/v^2 + r1/v) v^p L^q, with c exact or any function of v with values in a ball, and r2, r1
exact.  All operations enclose; the sign of a sum follows where its leading term outweighs the suprema of the others on (0, d].
Exact coefficients decide what balls never could: whether leading terms cancel.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from flint import arb, arb_series, ctx, fmpq

from .exact import ONE, ZERO, Exact, NotCovered, Undecided, rational

ORDER = 4  # terms of a Taylor expansion that are kept
KEPT = 10  # terms of an expansion that are kept
NIL, UNIT = arb(0), arb(1)
Power = Fraction | int  # a whole one as an int, which is worked with and hashed faster
Key = tuple[Exact, Exact, Power, int]  # r2, r1, p, q
CONSTANT: Key = (ZERO, ZERO, 0, 0)


def ball(c: Any) -> Any:
    """A coefficient as a ball."""
    return c.ball() if isinstance(c, Exact) else c


def plus(a: Any, b: Any) -> Any:
    """The sum of two coefficients."""
    return a + b if isinstance(a, Exact) and isinstance(b, Exact) else ball(a) + ball(b)


def times(a: Any, b: Any) -> Any:
    """The product of two coefficients: exact where one of two exact ones is rational."""
    if a is ONE or b is ONE:
        return b if a is ONE else a
    for c, o in ((a, b), (b, a)):
        if isinstance(c, Exact) and not c.logs:
            if c.q == 0:
                return ZERO
            if isinstance(o, Exact):
                return o.scale(c.q)
    return ball(a) * ball(b)


def inverted(c: Any) -> Any:
    """1 over a coefficient that is not 0."""
    return Exact(1 / c.q) if isinstance(c, Exact) and not c.logs else 1 / ball(c)


def faster(a: Key, b: Key) -> int:
    """-1 where a grows faster than b as v -> 0, 1 where slower, 0 where they are the same."""
    for r, s in ((a[0], b[0]), (a[1], b[1])):
        if r is not s and r != s and (sign := (r + -s).sign):
            return -sign
    return (a[2] > b[2]) - (a[2] < b[2]) or (a[3] < b[3]) - (a[3] > b[3])


RANK = cmp_to_key(faster)


def supremum(k: Key, base: Key, d: Any) -> Any:
    """An upper bound on (0, d] of the term k over the term `base`, which grows faster."""
    r2, r1, p, q = k[0] + -base[0], k[1] + -base[1], k[2] - base[2], k[3] - base[3]
    s2, s1, lam, power = r2.sign, r1.sign, (1 / d).log(), arb(rational(p))
    if not s2 and not s1:
        if not p:
            return lam**q if q <= 0 else arb("inf")
        if p < 0:
            return arb("inf")
        at = lam.max(arb(q) / power) if q > 0 else lam  # e^(-p L) L^q is largest where L = q/p
        return (-power * at).exp() * at**q
    if s2 > 0 or (not s2 and s1 > 0):
        return arb("inf")
    u, m = 1 / d, -power + max(q, 0)  # L <= 1/v
    extra = lam**q if q < 0 else UNIT
    if not s2:
        r = r1.ball()
        at = u.max(m / -r) if m > 0 else u
        return extra * (r * at).exp() * at**m
    r = r2.ball()
    if s1 > 0:  # r1 u + r2 u^2/2 is at most r1^2 / (-2 r2)
        extra *= (r1.ball() ** 2 / (-2 * r)).exp()
    at = u.max((m / -r).sqrt()) if m > 0 else u
    return extra * (r / 2 * at * at).exp() * at**m


class Expansion:
    """A sum of terms, by their growth; d: the place up to which it holds."""

    __slots__ = ("_lead", "d", "terms")

    def __init__(self, terms: Mapping[Key, Any], d: Any):
        self.terms = {k: c for k, c in terms.items() if not (isinstance(c, Exact) and not c.logs and c.q == 0)}
        self.d = d
        self._lead: Key | None = None

    @staticmethod
    def constant(c: Any, d: Any) -> Expansion:
        """A number: exact or in a ball."""
        return Expansion({CONSTANT: c}, d)

    @staticmethod
    def variable(d: Any, power: int = 1) -> Expansion:
        """v to a power."""
        return Expansion({(ZERO, ZERO, power, 0): ONE}, d)

    def __add__(self, o: Expansion) -> Expansion:
        out = dict(self.terms)
        for k, c in o.terms.items():
            out[k] = plus(out[k], c) if k in out else c
        return Expansion(out, self.d)._few()

    def __neg__(self) -> Expansion:
        return self.scale(-1)

    def __sub__(self, o: Expansion) -> Expansion:
        return self + -o

    def scale(self, k: Any) -> Expansion:
        """k times this, for a rational k."""
        return self.by(Exact(k))

    def by(self, k: Any) -> Expansion:
        """k times this, for a coefficient k."""
        return Expansion({key: times(k, c) for key, c in self.terms.items()}, self.d)

    def __mul__(self, o: Expansion) -> Expansion:
        out: dict[Key, Any] = {}
        for (a2, a1, p, q), c in self.terms.items():
            for (b2, b1, s, u), e in o.terms.items():
                k = (a2 + b2, a1 + b1, p + s, q + u)
                v = times(c, e)
                out[k] = plus(out[k], v) if k in out else v
        return Expansion(out, self.d)._few()

    def _few(self) -> Expansion:
        """Terms far below the leading one are swept into one ball."""
        if len(self.terms) <= KEPT:
            return self
        keys = sorted(self.terms, key=RANK)
        base = keys[KEPT - 1]
        rest = ball(self.terms[base])
        for k in keys[KEPT:]:
            rest += ball(self.terms[k]) * NIL.union(supremum(k, base, self.d))
        return Expansion({**{k: self.terms[k] for k in keys[: KEPT - 1]}, base: rest}, self.d)

    @property
    def lead(self) -> Key:
        """The term that grows fastest.  Raises `Undecided` where none is left."""
        if self._lead is None:
            while self.terms:
                k = min(self.terms, key=RANK)
                c = self.terms[k]
                if isinstance(c, Exact) and c.logs and c.is_zero:  # an exact cancellation: the next term leads
                    del self.terms[k]
                    continue
                self._lead = k
                return k
            raise Undecided
        return self._lead

    def _rest(self) -> tuple[Key, Any, Expansion]:
        """The leading key, its coefficient and w, where this is the leading term times 1 + w."""
        k = self.lead
        c = self.terms[k]
        if not (ball(c) > 0 or ball(c) < 0):
            raise Undecided
        inv = inverted(c)
        w = {
            (key[0] + -k[0], key[1] + -k[1], key[2] - k[2], key[3] - k[3]): times(e, inv) for key, e in self.terms.items() if key != k
        }  # fmt: skip
        return k, c, Expansion(w, self.d)

    @property
    def range(self) -> Any:
        """A ball for the values of what stays bounded."""
        s = arb(0)
        for k, c in self.terms.items():
            s += ball(c) * (UNIT if k == CONSTANT else NIL.union(supremum(k, CONSTANT, self.d)))
        return s

    @property
    def vanishes(self) -> bool:
        """Whether everything cancelled, exactly: then the function is 0."""
        with contextlib.suppress(Undecided):
            _ = self.lead
        return not self.terms

    @property
    def sign(self) -> int:
        """The sign on the whole of (0, d].  Raises `Undecided`."""
        _, c, w = self._rest()
        if not w.range > -1:
            raise Undecided
        return 1 if ball(c) > 0 else -1

    def inverse(self) -> Expansion:
        """1 over it."""
        k, c, w = self._rest()
        big = w.range
        if not big > -1:
            raise Undecided
        head = Expansion({(-k[0], -k[1], -k[2], -k[3]): inverted(c)}, self.d)
        return head * polynomial(w, [1, -1, 1, -1], 1 / (1 + big))

    def __truediv__(self, o: Expansion) -> Expansion:
        if self.terms:
            (a, c, w), (b, e, _) = self._rest(), o._rest()
            if isinstance(c, Exact) and isinstance(e, Exact) and e.logs and (q := c.over(e)) is not None:  # exact, where both are not
                head = Expansion({(a[0] + -b[0], a[1] + -b[1], a[2] - b[2], a[3] - b[3]): q}, self.d)
                one = Expansion.constant(ONE, self.d)
                return head * (one + w) * (one + o._rest()[2]).inverse()
        return self * o.inverse()

    def log(self) -> Expansion:
        """The logarithm; of a positive function only."""
        k, c, w = self._rest()
        big = w.range
        if not ball(c) > 0 or not big > -1:
            raise Undecided
        head: dict[Key, Any] = {CONSTANT: Exact.log(c.q) if isinstance(c, Exact) and not c.logs else ball(c).log()}
        if k[0].sign:
            head[(ZERO, ZERO, -2, 0)] = k[0]
        if k[1].sign:
            head[(ZERO, ZERO, -1, 0)] = k[1]
        if k[2]:
            head[(ZERO, ZERO, 0, 1)] = Exact(-rational(k[2]))
        if k[3]:  # log L <= x L
            lam, key = (1 / self.d).log(), (ZERO, ZERO, 0, 1)
            x = lam.log() / lam if lam > 3 else arb("0.37")
            head[key] = plus(head.get(key, ZERO), k[3] * NIL.union(x))
        return Expansion(head, self.d) + polynomial(w, [0, 1, fmpq(-1, 2), fmpq(1, 3)], -1 / (4 * (1 + NIL.union(big)) ** 4))

    def exp(self) -> Expansion:
        """e to the power of this."""
        r2, r1, p, const, small = ZERO, ZERO, Fraction(0), ZERO, dict[Key, Any]()
        for key, c in self.terms.items():
            order = faster(key, CONSTANT)
            if not order:
                const = c
            elif order > 0:
                small[key] = c
            elif not isinstance(c, Exact):
                raise NotCovered
            elif key == (ZERO, ZERO, -2, 0):
                r2 = c
            elif key == (ZERO, ZERO, -1, 0):
                r1 = c
            elif key == (ZERO, ZERO, 0, 1) and not c.logs:
                p = -Fraction(int(c.q.p), int(c.q.q))
            else:
                raise NotCovered
        w = Expansion(small, self.d)
        rest = NIL.union(w.range) if small else NIL
        whole = int(p) if p.denominator == 1 else p
        return Expansion({(r2, r1, whole, 0): _exponential(const)}, self.d) * polynomial(w, [1, 1, fmpq(1, 2), fmpq(1, 6)], rest.exp() / 24)

    def analytic(self, f: Callable[[Any], Any]) -> Expansion:
        """An analytic function, given on power series, at a finite limit that is a point of its domain."""
        c = self.terms.get(CONSTANT, ZERO)
        w = Expansion({k: e for k, e in self.terms.items() if k != CONSTANT}, self.d)
        if w.terms and faster(w.lead, CONSTANT) < 0:
            raise NotCovered
        before, ctx.cap = ctx.cap, ORDER + 1
        try:
            near = f(arb_series([ball(c), 1]))
            far = f(arb_series([ball(c) + NIL.union(w.range), 1]))
        finally:
            ctx.cap = before
        rest = far[ORDER] if far.length() > ORDER else arb(0)
        if not rest.is_finite():
            raise Undecided
        return polynomial(w, [near[k] if near.length() > k else arb(0) for k in range(ORDER)], rest)

    @property
    def limit(self) -> str:
        """ "+" or "-" at an infinite limit, "0", or "c" at another finite one."""
        if self.vanishes:
            return "0"
        order = faster(self.lead, CONSTANT)
        if order < 0:
            return "+" if self.sign > 0 else "-"
        return "c" if not order else "0"


def _exponential(c: Any) -> Any:
    """e^c: rational where c is a sum of whole multiples of logarithms."""
    if isinstance(c, Exact) and c.q == 0 and all(k.q == 1 and abs(k.p) < 1000 for k in c.logs.values()):
        x = fmpq(1)
        for a, k in c.logs.items():
            x *= a ** int(k.p)
        return Exact(x)
    return ball(c).exp()


def polynomial(w: Expansion, coefficients: Sequence[Any], remainder: Any) -> Expansion:
    """The sum of coefficients[k] w^k, and the remainder times the next power."""
    cs = [c if isinstance(c, arb) else ONE if c == 1 else Exact(c) for c in coefficients]
    out = Expansion.constant(cs[0], w.d)
    if not w.terms:
        return out
    p = w
    for c in cs[1:]:
        out = out + p.by(c)
        p = p * w
    return out + p.by(remainder)
