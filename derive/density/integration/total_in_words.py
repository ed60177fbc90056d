"""What a function that is not a density totals to, said in closed form where that can be recognised from numbers.

Three forms are tried: c a^j b^k ... with small rational exponents, c r^a, and 1 minus the values at missing points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from ...formula.evaluate import Env
from ...formula.tree import ONE, Const, Div, Formula, Mul, Num, Pow, Sym, call, div, mul, neg, power, rational

Total = Callable[[Env], float | None]
_PI = Const("pi")
_TWO_PI = Mul((Num(Fraction(2)), _PI))
CONSTANTS: tuple[tuple[float, Formula], ...] = (
    (1.0, ONE),
    (math.sqrt(2 * math.pi), call("sqrt", _TWO_PI)),
    (math.sqrt(math.pi), call("sqrt", _PI)),
    (math.pi, _PI),
    (math.sqrt(2), call("sqrt", Num(Fraction(2)))),
    (math.e, Const("e")),
    (math.pi**2, Pow(_PI, Num(Fraction(2)))),
    (math.sqrt(3), call("sqrt", Num(Fraction(3)))),
)
LARGEST_DENOMINATOR = 48
EXACT = 3e-8


def closed_form(total: Total, points: Sequence[Env], letters: Sequence[str]) -> Formula | None:
    """A formula in the letters that equals the total at all the points; None where none is recognised."""
    found = _monomial(total, points[0], letters) or _exponential(total, points[0], letters)
    if found is None:
        return None
    from ...formula.evaluate import compiled

    g = compiled(found)
    for p in points:
        t = total(p)
        if t is None or not abs(t - g(p)) <= EXACT * abs(g(p)):
            return None
    return found


def _monomial(total: Total, at: Env, letters: Sequence[str]) -> Formula | None:
    """c times powers of the letters, from what doubling each of them does."""
    t = total(at)
    if not _usable(t):
        return None
    assert t is not None
    c, exponents = t, {}
    for name in letters:
        scaled = total({**at, name: at[name] * 1.25})
        if not _usable(scaled) or at[name] <= 0:
            return None
        assert scaled is not None
        k = Fraction(math.log(scaled / t) / math.log(1.25)).limit_denominator(4)
        if abs(float(k) - math.log(scaled / t) / math.log(1.25)) > 1e-5:
            return None
        exponents[name] = k
        c /= at[name] ** float(k)
    constant = recognised(c)
    if constant is None:
        return None
    above = [power(Sym(n), rational(k)) for n, k in exponents.items() if k > 0]
    below = [power(Sym(n), rational(-k)) for n, k in exponents.items() if k < 0]
    return _fraction([*constant[0], *above], [*constant[1], *below])


def _exponential(total: Total, at: Env, letters: Sequence[str]) -> Formula | None:
    """c r^a for a single letter a: the logarithm of the total is a straight line."""
    if len(letters) != 1:
        return None
    (name,) = letters
    ts = [total({**at, name: at[name] * s}) for s in (1.0, 1.25, 1.5)]
    if not all(map(_usable, ts)):
        return None
    a, b, c = (math.log(t) for t in ts if t is not None)
    if abs(a + c - 2 * b) > 1e-6 or abs(c - a) < 1e-9:
        return None
    slope = (c - a) / (0.5 * at[name])
    base, factor = recognised(math.exp(slope)), recognised(math.exp(a - slope * at[name]))
    if base is None or factor is None:
        return None
    r = _fraction(*base)
    grown = {Const("e"): call("exp", Sym(name)), Div(ONE, Const("e")): call("exp", neg(Sym(name)))}.get(r, Pow(r, Sym(name)))
    return _fraction([*factor[0], grown], factor[1])


def _usable(t: float | None) -> bool:
    return t is not None and 0 < t < math.inf


def _fraction(above: Sequence[Formula], below: Sequence[Formula]) -> Formula:
    return div(mul(*above), mul(*below)) if below else mul(*above)


def recognised(c: float) -> tuple[list[Formula], list[Formula]] | None:
    """c as factors above and below a fraction line: a simple fraction, perhaps with a constant such as sqrt(2 pi)."""
    for v, shown in CONSTANTS:
        for inverse in (False, True):
            q = c * v if inverse else c / v
            r = Fraction(q).limit_denominator(LARGEST_DENOMINATOR)
            if r and abs(float(r) - q) <= EXACT * abs(q) and r.numerator <= 1000:
                above: list[Formula] = [Num(Fraction(r.numerator))] if r.numerator != 1 else []
                below: list[Formula] = [Num(Fraction(r.denominator))] if r.denominator != 1 else []
                if shown != ONE:
                    (below if inverse else above).append(shown)
                return above, below
    return None
