"""A test point in balls: each letter worked out when it is asked for, from what it is exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from flint import arb, ctx, fmpq

from ..formula.arrays import Matrix
from ..formula.evaluate import Env, compiled
from ..formula.tree import Add, Div, Formula, Mul, Neg, Peak
from .balls import ZERO, Ball, NoBall, Observed, Unsettled, ball
from .exact import Array, Column, Family, Function, LogLikelihood, Members, Verdict, Worked, source_of, with_sources

T = TypeVar("T")
BITS = (128, 512, 4096)  # one after the other, until something is decided
AGREE = 96  # bits of agreement at which two values are the same: 29 digits
DIGITS = 54  # bits of a float, and one more
DIFFERS = 20  # bits within which two values that rest on floats are not called different
FLOAT_BITS = 36  # to which a letter is trusted that is known as a float only


class BallPoint(dict[str, Any]):
    """The letters of a test point as balls.  exact: whether none that was asked for is known as a float only; bounded: whether one is
    known by the bounds of a root.  side: of such a root the lower (-1) or the upper (1) bound is taken."""

    def __init__(self, env: Env, side: int = 0):
        super().__init__()
        self.env, self.side, self.exact, self.bounded = env, side, True, False

    def __missing__(self, name: str) -> Any:
        source = source_of(self.env, name)
        if source is None:
            v = self._of_floats(self.env[name])
        elif isinstance(source, Worked):
            v, exact, bounded = _worked(source, self.side)
            self.exact, self.bounded = self.exact and exact, self.bounded or bounded
        elif isinstance(source, LogLikelihood):
            v = self._likelihood(source)
        elif isinstance(source, Function):
            v = self._function(source)
        elif isinstance(source, Family):
            v = _family(source.values)
        elif isinstance(source, Members):
            v = self._members(source, ())
            v = Matrix.column(v) if source.column else v
        elif isinstance(source, Array):
            v = Matrix.of(source.rows).map(_exactly)
        else:
            v = _column(source) if isinstance(source, Column) else _exactly(source)
        self[name] = v
        return v

    def _of_floats(self, v: Any) -> Any:
        if isinstance(v, list):
            return [self._of_floats(x) for x in v]
        if isinstance(v, Matrix):
            return v.map(self._of_floats)
        if not isinstance(v, (int, float)) or math.isinf(v):
            raise NoBall("not a number, and not known exactly")
        if math.isfinite(v) and v != math.floor(v):
            self.exact = False
            return arb(v, abs(v) * 2.0**-FLOAT_BITS)
        return arb(v)

    def _members(self, source: Members, done: tuple[int, ...]) -> Any:
        """The members of a family whose first places are given."""
        there = with_sources({**source.point, **dict(zip(source.index, done, strict=False))}, {})
        if len(done) < len(source.index):
            return [self._members(source, (*done, k)) for k in range(1, int(compiled(source.high[len(done)])(there)) + 1)]
        point = BallPoint(there, self.side)
        v = ball(source.formula)(point)
        self.exact, self.bounded = self.exact and point.exact, self.bounded or point.bounded
        return v

    def _function(self, source: Function) -> Callable[..., Any]:
        g, point = ball(source.formula), BallPoint(source.point, self.side)

        def at(*values: Any) -> Any:
            point.update(zip(source.letters, values, strict=True))
            v = g(point)
            self.exact, self.bounded = self.exact and point.exact, self.bounded or point.bounded
            return v

        return at

    def _likelihood(self, source: LogLikelihood) -> Callable[..., Any]:
        """The log-likelihood, the likelihood or the density as a function on balls."""
        g, point = ball(source.density), BallPoint(source.point)
        rows = [([_exactly(x) for x in row], k) for row, k in source.rows]

        def at(letters: tuple[str, ...], values: Sequence[Any]) -> Any:
            point.update(zip(letters, values, strict=True))
            v = g(point)
            self.exact, self.bounded = self.exact and point.exact, self.bounded or point.bounded
            return v

        def ell(*values: Any) -> Any:
            point.update(zip(source.letters, values, strict=True))
            return sum((k * at(source.columns, row).log() for row, k in rows), ZERO)

        def density(*values: Any) -> Any:
            return at((*source.columns, *source.letters), values)

        return {"ell": ell, "L": lambda *values: ell(*values).exp(), "f": density}[source.shown]


def _exactly(x: Fraction) -> Any:
    return arb(fmpq(x.numerator, x.denominator))


def _family(values: tuple[Any, ...]) -> list[Any]:
    """The members of a family as balls."""
    return [_family(x) if isinstance(x, tuple) else _exactly(x) for x in values]


def _column(source: Column) -> list[Any]:
    """Observations as balls, one for all that are equal."""
    bits = int(ctx.prec)
    if bits not in source.seen:
        keys = [(x.numerator, x.denominator) for x in source.values]
        balls = {k: arb(fmpq(*k)) for k in dict.fromkeys(keys)}
        source.seen[bits] = Observed(balls[k] for k in keys)
    return source.seen[bits]  # type: ignore[no-any-return]


def _worked(source: Worked, side: int) -> tuple[Any, bool, bool]:
    """The value of a formula at its own test point, whether all its letters are known exactly, and whether one is by bounds."""
    key, f = (int(ctx.prec), side), source.formula
    if key not in source.seen and isinstance(f, Peak) and f.enclosed is not None and f.enclosed.given(source.point):
        low, high = _exactly(f.enclosed.low), _exactly(f.enclosed.high)
        source.seen[key] = (low.union(high) if side == 0 else low if side < 0 else high, True, True)
    elif key not in source.seen:
        point = BallPoint(source.point, side)
        source.seen[key] = (ball(f)(point), point.exact, point.bounded)
    return source.seen[key]  # type: ignore[no-any-return]


def _decided(formulas: Sequence[Formula], envs: Sequence[Env], decide: Callable[[list[Any], list[BallPoint], int], T | None]) -> T | None:
    """What is decided from the values of formulas, each at its test point, with the least precision that suffices; None where none
    does, or balls do not cover them.  More bits are no help where a letter is known as a float only."""
    try:
        functions = [ball(f) for f in formulas]
        for bits in BITS:
            with ctx.workprec(bits):
                made = {id(e): BallPoint(e) for e in envs}
                points = [made[id(e)] for e in envs]
                try:
                    found = decide([_value(g, point) for g, point in zip(functions, points, strict=True)], points, bits)
                except Unsettled:
                    found = None
                if found is not None:
                    return found
                if not all(point.exact for point in points):
                    return None
    except (NoBall, KeyError):  # KeyError: a function that has a meaning for floats only
        return None
    return None


def compared(a: Formula, b: Formula, env: Env, other: Env | None = None) -> Verdict:
    """Whether a = b at a test point; other: the one at which b is taken, if another.

    They differ where their difference, a ball, excludes 0; they agree where it is narrow against their size, or with the most bits against
    the size of their terms, as far as the bounds of a root allow; else there are more bits.  Two values below the last bit are equal to
    that bit.
    """
    there = env if other is None else other

    def decide(values: list[Any], points: list[BallPoint], bits: int) -> Verdict | None:
        (u, v), (here, beside) = values, points
        found = _verdict(u, v, bits)
        if found is Verdict.DIFFERENT and not (here.exact and beside.exact) and not _far_apart(u, v):
            return Verdict.UNKNOWN
        bounded = here.bounded or beside.bounded
        several = isinstance(u, Matrix) or isinstance(v, Matrix)
        if found is Verdict.UNKNOWN and not several and (bounded or bits == BITS[-1]) and (u - v).is_finite():
            size = _size(a, here) + _size(b, beside)
            found = Verdict.EQUAL if (u - v).rad() <= size * arb(2) ** -(DIFFERS if bounded else bits // 2) else found
        if found is Verdict.UNKNOWN and bounded and other is None and _changes_sign(a, b, env):
            found = Verdict.EQUAL
        return None if found is Verdict.UNKNOWN else found

    return _decided((a, b), (env, there), decide) or Verdict.UNKNOWN


def _changes_sign(a: Formula, b: Formula, env: Env) -> bool:
    """Whether a - b has different signs at the bounds of a root: then it has a zero between them."""
    low, high = (_value(ball(a), p) - _value(ball(b), p) for p in (BallPoint(env, -1), BallPoint(env, 1)))
    return bool((low < 0 and high > 0) or (low > 0 and high < 0))


def _far_apart(u: Any, v: Any) -> bool:
    """Whether two values differ by more than a number that was worked out numerically can be wrong."""
    if isinstance(u, Matrix) or isinstance(v, Matrix):
        return False
    return bool(abs(u - v) > (abs(u) + abs(v)) * arb(2) ** -DIFFERS)


def _size(f: Formula, point: BallPoint) -> Any:
    """The size of the terms of f, those of products multiplied out: what its rounding is measured by."""
    match f:
        case Add(ts):
            return sum((_size(t, point) for t in ts), ZERO)
        case Neg(a):
            return _size(a, point)
        case Mul(ts):
            return math.prod((_size(t, point) for t in ts), start=arb(1))
        case Div(a, b):
            return _size(a, point) / abs(_value(ball(b), point))
    return abs(_value(ball(f), point)).abs_lower()


def _value(f: Ball, point: BallPoint) -> Any:
    try:
        return f(point)
    except (ValueError, ZeroDivisionError, OverflowError):
        return arb("nan")


def _verdict(u: Any, v: Any, bits: int) -> Verdict:
    if isinstance(u, Matrix) or isinstance(v, Matrix):
        return _of_entries(u, v, bits)
    here, there = u.is_finite(), v.is_finite()
    if here and there:
        d = u - v
        if not d.contains(0):
            return Verdict.DIFFERENT
        if d.is_zero() or d.rad() <= u.abs_lower().max(v.abs_lower()) * arb(2) ** -AGREE:
            return Verdict.EQUAL
        least = arb(2) ** (AGREE - BITS[1])
        return Verdict.EQUAL if bits > BITS[0] and u.abs_upper() < least and v.abs_upper() < least else Verdict.UNKNOWN
    if bits < BITS[-1]:
        return Verdict.UNKNOWN
    return Verdict.ONE_SIDED if here or there else Verdict.NO_VALUE


def _of_entries(u: Any, v: Any, bits: int) -> Verdict:
    """What two vectors or matrices are, entry by entry; 0 has any shape."""
    shape = u.shape if isinstance(u, Matrix) else v.shape
    us, vs = (x.entries if isinstance(x, Matrix) else [x] * (shape[0] * shape[1]) for x in (u, v))
    if len(us) != len(vs) or (isinstance(u, Matrix) and isinstance(v, Matrix) and u.shape != v.shape):
        return Verdict.ONE_SIDED
    found = {_verdict(arb(a), arb(b), bits) for a, b in zip(us, vs, strict=True)}
    return next((w for w in (Verdict.DIFFERENT, Verdict.ONE_SIDED, Verdict.UNKNOWN, Verdict.NO_VALUE) if w in found), Verdict.EQUAL)


def value_at(f: Formula, env: Env) -> float | None:
    """The value of a formula at a test point to the digits of a float; None where balls do not reach it."""

    def decide(values: list[Any], points: list[BallPoint], bits: int) -> float | None:
        v = values[0]
        return float(v.mid()) if v.is_finite() and v.rad() <= v.abs_lower() * arb(2) ** -DIGITS else None

    return _decided((f,), (env,), decide)


def ordered(a: Formula, b: Formula, env: Env) -> int | None:
    """The sign of a - b at a test point; None where it is not decided."""

    def decide(values: list[Any], points: list[BallPoint], bits: int) -> int | None:
        u, v = values
        if u < v or u > v:
            return -1 if u < v else 1
        return 0 if points[0].exact and bits > BITS[0] and _verdict(u, v, bits) is Verdict.EQUAL else None

    return _decided((a, b), (env, env), decide)
