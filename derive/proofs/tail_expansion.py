"""Which way a log-likelihood goes as a whole number grows without end: proved by its expansion in powers of 1/N.

With the numbers of the data in it, the function is a sum of (a N + b) log(N + d), of log Gamma(N + d) and of logarithms
of numbers.  Its derivative is then a power series in h = 1/N whose coefficients are known and whose rest is bounded;
where the first term outweighs all others, the function is monotone from there on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from ..formula.tree import Add, Call, Div, Formula, Mul, Neg, Num, Pow, Sym, value

TERMS = 14  # of the expansion that are taken exactly
FARTHEST = 10**6
BERNOULLI = [Fraction(1, 6), Fraction(-1, 30), Fraction(1, 42), Fraction(-1, 30), Fraction(5, 66), Fraction(-691, 2730), Fraction(7, 6), Fraction(-3617, 510)]  # fmt: skip

Poly = tuple[Fraction, ...]  # coefficients, lowest first, the last one not 0
UNIT: Poly = (Fraction(1),)


class Beyond(Exception):
    """The function is not of this kind."""


@dataclass
class LogSum:
    """logs: (a, b) by d for (a u + b) log(u + d).  gammas: c by d for c log Gamma(u + d).  numbers: (a, b) by r for
    (a u + b) log r.  line: (a, b) for a u + b."""

    logs: dict[Fraction, tuple[Fraction, Fraction]] = field(default_factory=dict)
    gammas: dict[Fraction, Fraction] = field(default_factory=dict)
    numbers: dict[Fraction, tuple[Fraction, Fraction]] = field(default_factory=dict)
    line: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))

    # -- reading it off ---------------------------------------------------------------------------

    def add(self, f: Formula, u: Sym, scale: Poly = UNIT) -> None:
        """scale times f, where f is made of logarithms and polynomials.  Raises Beyond."""
        match f:
            case Add(ts):
                for t in ts:
                    self.add(t, u, scale)
            case Neg(a):
                self.add(a, u, _scaled(scale, Fraction(-1)))
            case Mul(fs) if len(inner := [g for g in fs if _logs(g)]) <= 1:
                for g in fs:
                    scale = scale if g in inner else _times(scale, _polynomial(g, u))
                if inner:
                    self.add(inner[0], u, scale)
                else:
                    self._polynomial(scale)
            case Div(a, b) if (v := value(b)) is not None:
                self.add(a, u, _scaled(scale, 1 / v))
            case Call("log", (a,)):
                self._log(a, u, scale)
            case _:
                self._polynomial(_times(scale, _polynomial(f, u)))

    def _polynomial(self, p: Poly) -> None:
        self.line = _plus(self.line, _pair(p))

    def _log(self, f: Formula, u: Sym, scale: Poly) -> None:
        """scale times log f."""
        match f:
            case Mul(fs):
                for g in fs:
                    self._log(g, u, scale)
            case Div(a, b):
                self._log(a, u, scale)
                self._log(b, u, _scaled(scale, Fraction(-1)))
            case Pow(b, k):
                self._log(b, u, _times(scale, _polynomial(k, u)))
            case Call("exp", (k,)):
                self._polynomial(_times(scale, _polynomial(k, u)))
            case Call("factorial", (a,)):
                self._gamma(a, Fraction(1), u, scale)
            case Call("gamma", (a,)):
                self._gamma(a, Fraction(0), u, scale)
            case Call("binomial", (a, b)):
                self._gamma(a, Fraction(1), u, scale)
                for g in (b, Add((a, Neg(b)))):
                    self._gamma(g, Fraction(1), u, _scaled(scale, Fraction(-1)))
            case _:
                top, bottom = _rational(f, u)
                self._linear(top, scale)
                self._linear(bottom, _scaled(scale, Fraction(-1)))

    def _linear(self, p: Poly, scale: Poly) -> None:
        if not p or len(p) > 2 or p[-1] <= 0:
            raise Beyond
        if p[-1] != 1:
            self.numbers[p[-1]] = _plus(self.numbers.get(p[-1], ZEROS), _pair(scale))
        if len(p) == 2:
            d = p[0] / p[1]
            self.logs[d] = _plus(self.logs.get(d, ZEROS), _pair(scale))

    def _gamma(self, f: Formula, shift: Fraction, u: Sym, scale: Poly) -> None:
        """scale times log Gamma(f + shift)."""
        p = _polynomial(f, u)
        if len(scale) != 1 or len(p) > 2 or (len(p) == 2 and p[1] != 1):
            raise Beyond
        d = (p[0] if p else Fraction(0)) + shift
        if len(p) == 2:
            self.gammas[d] = self.gammas.get(d, Fraction(0)) + scale[0]
        elif d > 0 and d.denominator == 1 and d < 171:
            whole = Fraction(math.factorial(int(d) - 1))
            self.numbers[whole] = _plus(self.numbers.get(whole, ZEROS), (Fraction(0), scale[0]))
        else:
            raise Beyond

    def settled(self) -> LogSum:
        """The same with factorials that cancel written as logarithms: log Gamma(u + 3) = log Gamma(u) + log u + log(u + 1) + log(u + 2)."""
        out = LogSum(dict(self.logs), {}, dict(self.numbers), self.line)
        for d, c in self.gammas.items():
            if d.denominator != 1 or abs(d) > 4000:
                raise Beyond
            k = int(d)
            for j in range(min(k, 0), max(k, 0)):
                out.logs[Fraction(j)] = _plus(out.logs.get(Fraction(j), ZEROS), (Fraction(0), c if k > 0 else -c))
            out.gammas[Fraction(0)] = out.gammas.get(Fraction(0), Fraction(0)) + c
        out.logs = {d: v for d, v in out.logs.items() if v != ZEROS}
        out.gammas = {d: c for d, c in out.gammas.items() if c}
        return out

    # -- its value and its expansion ----------------------------------------------------------------

    def at(self, u: float) -> float:
        """Its value; nan outside."""
        if any(u + d < 0 or (u + d == 0 and a * u + b) for d, (a, b) in self.logs.items()):
            return math.nan
        parts = [float(a * int(u) + b) * math.log(u + d) for d, (a, b) in self.logs.items() if u + d > 0]
        parts += [float(a * int(u) + b) * math.log(r) for r, (a, b) in self.numbers.items()]
        parts += [float(c) * math.lgamma(u + d) for d, c in self.gammas.items()]
        return math.fsum([*parts, float(self.line[0] * int(u) + self.line[1])])

    def constant(self) -> float:
        """The derivative's limit, where it has one."""
        logs = math.fsum(float(a) * math.log(r) for r, (a, _) in self.numbers.items() if a)
        return logs + float(self.line[0] + sum((a for a, _ in self.logs.values()), Fraction(0)))

    def coefficient(self, k: int) -> Fraction:
        """The coefficient of h^k, k >= 1, in the derivative at u = 1/h."""
        out = Fraction(0)
        for d, (a, b) in self.logs.items():
            # a log(1 + d h) + (a + b h)/(1 + d h)
            out += a * Fraction((-1) ** (k + 1), k) * d**k + a * (-d) ** k + b * (-d) ** (k - 1)
        c = self.gammas.get(Fraction(0), Fraction(0))
        if k == 1:
            out -= c / 2
        elif k % 2 == 0 and c:
            out -= c * BERNOULLI[k // 2 - 1] / k
        return out

    def rest(self, h: float, k: int) -> float:
        """A bound of what the terms beyond h^k add up to."""
        out = 0.0
        for d, (a, b) in self.logs.items():
            q = abs(float(d)) * h
            if q >= 1:
                return math.inf
            size = abs(float(a)) * (1 / (k + 1) + 1) + (abs(float(b / d)) if d else 0.0)
            out += size * q ** (k + 1) / (1 - q)
        c = abs(float(self.gammas.get(Fraction(0), Fraction(0))))
        return out + c * abs(float(BERNOULLI[TERMS // 2])) / (TERMS + 2) * h ** (TERMS + 2) if c else out

    def direction(self) -> tuple[int, int, int] | None:
        """(sign, k, N): from N on the derivative has that sign, that of the first term h^k of its expansion.  None where that
        is not shown."""
        slopes = sum((a for a, _ in self.logs.values()), Fraction(0)) + self.gammas.get(Fraction(0), Fraction(0))
        if slopes or set(self.gammas) - {Fraction(0)}:
            return None
        first = self.constant()
        if any(a for a, _ in self.numbers.values()) and abs(first) < 1e-9 * (1 + math.fsum(abs(float(a)) for a, _ in self.logs.values())):
            return None  # whether it is 0 is not seen from its decimals
        table = [self.coefficient(k) for k in range(1, TERMS + 1)]
        sizes = [first, *map(float, table)]
        leading = 0 if first else next((k for k, c in enumerate(table, 1) if c), TERMS)
        if leading > TERMS // 2:
            return None
        start = 2.0
        while start < FARTHEST:
            h = 1 / start
            others = math.fsum(abs(sizes[k]) * h ** (k - leading) for k in range(leading + 1, TERMS + 1)) + self.rest(h, TERMS) / h**leading
            if others < 0.999 * abs(sizes[leading]):
                return (1 if sizes[leading] > 0 else -1), leading, math.ceil(start)
            start *= 1.25
        return None

    def limit(self) -> float:
        """Its limit where the derivative falls off at least as fast as 1/N^2: from the terms that are left."""
        out = [float(self.line[1])]
        for d, (a, _) in self.logs.items():
            out.append(float(a * d))
        out += [float(b) * math.log(r) for r, (_, b) in self.numbers.items()]
        return math.fsum(out)


ZEROS = (Fraction(0), Fraction(0))


def _plus(p: tuple[Fraction, Fraction], q: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    return p[0] + q[0], p[1] + q[1]


def _pair(p: Poly) -> tuple[Fraction, Fraction]:
    """a u + b as (a, b)."""
    if len(p) > 2:
        raise Beyond
    return (p[1] if len(p) > 1 else Fraction(0)), (p[0] if p else Fraction(0))


def _logs(f: Formula) -> bool:
    match f:
        case Call("log", _):
            return True
        case Add(ts) | Mul(ts):
            return any(map(_logs, ts))
        case Neg(a):
            return _logs(a)
        case Div(a, b):
            return _logs(a) or _logs(b)
    return False


def _scaled(p: Poly, c: Fraction) -> Poly:
    return _trim(tuple(c * x for x in p))


def _trim(p: Poly) -> Poly:
    while p and not p[-1]:
        p = p[:-1]
    return p


def _sum(p: Poly, q: Poly) -> Poly:
    size = max(len(p), len(q))
    return _trim(tuple((p[j] if j < len(p) else Fraction(0)) + (q[j] if j < len(q) else Fraction(0)) for j in range(size)))


def _times(p: Poly, q: Poly) -> Poly:
    out = [Fraction(0)] * (len(p) + len(q) - 1 if p and q else 0)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] += a * b
    return _trim(tuple(out))


def _polynomial(f: Formula, u: Sym) -> Poly:
    top, bottom = _rational(f, u)
    if len(bottom) != 1:
        raise Beyond
    return _scaled(top, 1 / bottom[0])


def _rational(f: Formula, u: Sym) -> tuple[Poly, Poly]:
    """f as a fraction of polynomials in u with rational coefficients, common factors taken out."""
    match f:
        case Num(v):
            return _trim((v,)), UNIT
        case Sym() if f == u:
            return (Fraction(0), Fraction(1)), UNIT
        case Neg(a):
            p, q = _rational(a, u)
            return _scaled(p, Fraction(-1)), q
        case Add(ts):
            top, bottom = Poly(), UNIT
            for p, q in (_rational(t, u) for t in ts):
                top, bottom = _sum(_times(top, q), _times(p, bottom)), _times(bottom, q)
            return _lowest(top, bottom)
        case Mul(fs):
            top, bottom = UNIT, UNIT
            for p, q in (_rational(g, u) for g in fs):
                top, bottom = _times(top, p), _times(bottom, q)
            return _lowest(top, bottom)
        case Div(a, b):
            (p, q), (r, s) = _rational(a, u), _rational(b, u)
            return _lowest(_times(p, s), _times(q, r))
        case Pow(b, k):
            times = value(k)
            if times is not None and times.denominator == 1 and 0 < abs(times) <= 8:
                p, q = _rational(b, u)
                top, bottom = UNIT, UNIT
                for _ in range(abs(int(times))):
                    top, bottom = _times(top, p), _times(bottom, q)
                return (top, bottom) if times > 0 else _lowest(bottom, top)
    raise Beyond


def _lowest(top: Poly, bottom: Poly) -> tuple[Poly, Poly]:
    """A fraction in lowest terms, the highest coefficient below being 1."""
    if not bottom:
        raise Beyond
    a, b = top, bottom
    while b:
        a, b = b, _divided(a, b)[1]
    if len(a) > 1 and top:
        top, bottom = _divided(top, a)[0], _divided(bottom, a)[0]
    return _scaled(top, 1 / bottom[-1]), _scaled(bottom, 1 / bottom[-1])


def _divided(p: Poly, q: Poly) -> tuple[Poly, Poly]:
    """Quotient and remainder."""
    out = [Fraction(0)] * max(0, len(p) - len(q) + 1)
    while len(p) >= len(q):
        c, shift = p[-1] / q[-1], len(p) - len(q)
        out[shift] = c
        p = _sum(p, tuple([Fraction(0)] * shift) + _scaled(q, -c))
    return _trim(tuple(out)), p


__all__ = ["Beyond", "LogSum"]
