"""Does a line hold?  Judged by evaluation at random test points, independently of how the line was made.

A test point is a point: values of the parameters inside their domains and a small sample inside the support (or the
given data), with the log-likelihood computed from the density itself.  The oracle imports no rule and no stage.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

from ..errors import InternalError
from ..formula.arrays import Matrix, det, dot, least_eigenvalue
from ..formula.evaluate import Env, compiled, log_size
from ..formula.families import Family, nested, places
from ..formula.latex import latex
from ..formula.tree import (
    ZERO,
    Add,
    Apply,
    Big,
    Derivative,
    Differential,
    Div,
    Expected,
    Formula,
    MatMul,
    Mul,
    Neg,
    Relation,
    add,
    kinds,
    names,
    neg,
)
from ..trace import _SEAL, Evidence, EvidenceKind
from .exact import Array, Exactly, Members, Verdict, Worked, with_sources

TOLERANCE = 1e-9
DERIVATIVE_TOLERANCE = 1e-6
ROUNDING = 1e-15  # of a number, relative to its size, with the steps of a difference a thousandth of the place
MOST_KEPT = 256  # values of the log-likelihood that a test point remembers: every line about it asks for the same ones
NEAR = 1e-2  # of a limit, at some value on the way to it
UNDECIDED = (Verdict.UNKNOWN, Verdict.ONE_SIDED)  # by balls: a density may be a limit where its formula has no value
AGREEMENT = 1e-12  # of two floats, relative to their size, that need no second look
APART = 1e-6  # the same, for two that surely differ
SMALLEST = 1e-290
INTEGRATED = 1e-7  # of an expected value that is worked out by numerical integration
SLACK = 1e-7  # of a number worked out in fractions


class Refuted(InternalError):
    """A line that the oracle found false: the engine's fault."""

    def __init__(self, what: str):
        super().__init__("a line of this derivation did not pass its own check, so there is no write-up: " + what)


def difference(r: Relation) -> Formula:
    """Left side minus right side."""
    return add(r.sides[0], neg(r.sides[1]))


@dataclass(frozen=True)
class Oracle:
    """Judges relations at `points`, the test points."""

    points: tuple[Env, ...]
    _at: dict[tuple[tuple[str, Formula], ...], Oracle] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, values: Mapping[str, Formula]) -> Oracle:
        """The same test points with letters set, in order, to the values of formulas at each test point."""
        key = tuple(values.items())
        if key not in self._at:
            self._at[key] = self._with(values)
        return self._at[key]

    def _with(self, values: Mapping[str, Formula]) -> Oracle:
        out = []
        for w in self.points:
            e = dict(w)
            for name, f in values.items():
                e = with_sources({**e, name: compiled(f)(e)}, {name: Worked(f, e)})
            out.append(e)
        return Oracle(tuple(out))

    def each(self, index: Sequence[str], high: Sequence[Formula]) -> Oracle:
        """The test points with every value of some indices, each from 1 to its end: for relations in one member of a family."""
        return Oracle(tuple({**w, **dict(zip(index, at, strict=True))} for w in self.points for at in places(index, high, w)))

    def at_members(self, family: Family, member: Formula) -> Oracle:
        """The same test points with the members of a family set to the values of a formula in the letters of its index."""
        g = compiled(member)
        out = []
        for w in self.points:
            values = {at: g({**w, **dict(zip(family.index, at, strict=True))}) for at in family.places(w)}
            e = {**w, family.base: nested(family, w, values)}
            out.append(with_sources(e, {family.base: Members(member, family.index, family.high, w)}))
        return Oracle(tuple(out))

    def at_column(self, name: str, index: str, high: Formula, entry: Formula) -> Oracle:
        """The same test points with a vector, whose entries are the values of a formula in the letter of its index."""
        g = compiled(entry)
        out = []
        for w in self.points:
            v = Matrix.column([g({**w, index: at}) for (at,) in places((index,), (high,), w)])
            out.append(with_sources({**w, name: v}, {name: Members(entry, (index,), (high,), w, column=True)}))
        return Oracle(tuple(out))

    def values(self, f: Formula) -> list[float]:
        """f at every test point."""
        g = compiled(f)
        return [g(w) for w in self.points]

    def equal(self, a: Formula, b: Formula) -> Evidence:
        """a = b at every test point, or `Refuted`.

        At the first one in balls, and wherever floats do not agree in nearly all their digits: a disagreement of floats accuses nobody.
        """
        steady = not {Derivative, Differential} & (kinds(a) | kinds(b))
        f, g = compiled(a), compiled(b)
        seen, beyond = 0, 0
        for j, w in enumerate(self.points):
            if j and steady and clearly_equal(f(w), g(w)):
                seen += 1
                continue
            verdict = compared(a, b, w)
            if verdict in UNDECIDED:
                u, v = f(w), g(w)
                if isinstance(u, Matrix) or isinstance(v, Matrix):
                    if not alike(u, v, DERIVATIVE_TOLERANCE):
                        raise Refuted(f"{latex(a)} = {latex(b)}: {u!r} against {v!r}")
                    seen += 1
                    continue
                if math.isnan(u) and math.isnan(v):
                    continue
                if math.isinf(u) != math.isinf(v) and not math.isnan(u + v):  # a quotient whose bottom underflows says nothing
                    beyond += 1
                    if beyond < len(self.points) / 2:
                        continue
                verdict = Verdict.EQUAL if nearly_equal(a, b, w) else Verdict.DIFFERENT
            if verdict is Verdict.DIFFERENT:
                raise Refuted(f"{latex(a)} = {latex(b)}: {f(w)!r} against {g(w)!r}")
            seen += verdict is Verdict.EQUAL
        return self.evidence(seen, a, b)

    def in_fractions(self, a: Formula, b: Formula) -> Evidence:
        """a = b for what was worked out in fractions, up to the rounding of floats where a letter is known as such; or `Refuted`."""
        for w in self.points:
            u, v = compiled(a)(w), compiled(b)(w)
            verdict = compared(a, b, w)
            if verdict is Verdict.DIFFERENT or (verdict is not Verdict.EQUAL and not abs(u - v) <= SLACK * (1 + abs(v))):
                raise Refuted(f"{latex(a)} = {latex(b)}: {u!r} against {v!r}")
        return computed("worked out in fractions", len(self.points))

    def same_size(self, label: Formula | None, log_value: Callable[[Env], float], b: Formula) -> Evidence:
        """log b = log_value, the logarithm of the label (if it has one), at every test point: for products that would underflow."""
        g = log_size(b)
        for j, w in enumerate(self.points):
            sign, v = g(w)
            u = log_value(w)
            if j and sign > 0 and clearly_equal(u, v):
                continue
            verdict = Verdict.UNKNOWN if label is None else compared(label, b, w)
            if verdict in UNDECIDED and sign > 0 and close(u, v, TOLERANCE, 1 + abs(u) + abs(v)):
                verdict = Verdict.EQUAL
            if verdict is not Verdict.EQUAL:
                raise Refuted(f"L = {latex(b)}: log {u!r} against {v!r}")
        return self.sampled("equal")

    def move(self, before: Relation, after: Relation, factor: Formula) -> Evidence:
        """(left - right) of `after` is factor times that of `before` at every test point, and the factor is not 0 there."""
        d, e = difference(before), difference(after)
        product = Mul((factor, d))
        f, g, m = compiled(d), compiled(e), compiled(factor)
        for j, w in enumerate(self.points):
            k, u, v = m(w), f(w), g(w)
            if isinstance(k, Matrix) or isinstance(u, Matrix) or isinstance(v, Matrix):
                self._matrix_move(k, u, v, w, (before, after, factor))
                continue
            if math.isnan(k) or (k == 0 and not ordered(factor, ZERO, w)):
                raise Refuted(f"the factor {latex(factor)} vanishes")
            if j and clearly_equal(k * u, v):
                continue
            verdict = compared(product, e, w)
            if verdict in UNDECIDED:
                same = close(k * u, v, TOLERANCE) or close(k * u, v, TOLERANCE, max(abs(k) * magnitude(d, w), magnitude(e, w)))
                verdict = Verdict.EQUAL if same else Verdict.DIFFERENT
            if verdict is not Verdict.EQUAL:
                raise Refuted(f"{latex(before)}  =>  {latex(after)} is not multiplication by {latex(factor)}: {k * u!r} against {v!r}")
        return self.sampled("a factor that is not 0 times the equation before")

    def _matrix_move(self, k: Any, u: Any, v: Any, w: Env, shown: tuple[Relation, Relation, Formula]) -> None:
        """The same of an equation between vectors: a factor that is a matrix stands on the left, and is not singular."""
        before, after, factor = shown
        if not det(k):
            raise Refuted(f"the factor {latex(factor)} vanishes")
        d = difference(before)
        product = MatMul((factor, d)) if isinstance(k, Matrix) else Mul((factor, d))
        verdict = compared(product, difference(after), w)
        if verdict in UNDECIDED:
            verdict = Verdict.EQUAL if alike(dot(k, u), v, TOLERANCE) else Verdict.DIFFERENT
        if verdict is not Verdict.EQUAL:
            raise Refuted(f"{latex(before)}  =>  {latex(after)} is not multiplication by {latex(factor)}: {dot(k, u)!r} against {v!r}")

    def along(self, name: str, seed: int = 5) -> Oracle:
        """The test points with a direction in which a letter moves: for differentials."""
        rng = random.Random(seed)
        out = []
        for w in self.points:
            x = w[name]
            if isinstance(x, Matrix):
                rows = tuple(tuple(Fraction(rng.randint(-12, 12), 4) for _ in r) for r in x.rows)
                out.append(with_sources({**w, "d:" + name: Matrix(rows).map(float)}, {"d:" + name: Array(rows)}))
            else:
                q = Fraction(rng.randint(1, 12), 4)
                out.append(with_sources({**w, "d:" + name: float(q)}, {"d:" + name: q}))
        return Oracle(tuple(out))

    def integrates(self, a: Formula, b: Formula) -> Evidence:
        """a = b at every test point, where expected values in them are worked out by numerical integration; or `Refuted`."""
        seen = 0
        for w in self.points:
            u, v = compiled(a)(w), compiled(b)(w)
            if math.isnan(u):
                continue
            scale = max((m for f in (a, b) if math.isfinite(m := magnitude(f, w))), default=0.0)
            if not abs(u - v) <= INTEGRATED * max(scale, abs(u), abs(v)):
                raise Refuted(f"{latex(a)} = {latex(b)}: {u!r} against {v!r}")
            seen += 1
        return sampled("numerical integration", self.evidence(seen, a, b).points)

    def holds(self, r: Relation) -> Evidence:
        """Every link of a chain of = != < <= > >= approx, at every test point."""
        for a, sign, b in zip(r.sides, r.signs, r.sides[1:], strict=False):
            if sign == "=":
                self.equal(a, b)
                continue
            f, g = compiled(a), compiled(b)
            for w in self.points:
                if sign in DEFINITE:
                    u, v = (f(w), g(w)) if DEFINITE[sign] > 0 else (g(w), f(w))
                    least = least_eigenvalue(u - v if isinstance(u, Matrix) else -(v - u))
                    if not least > (TOLERANCE if sign in ("succ", "prec") else -TOLERANCE):
                        raise Refuted(f"{latex(r)}: the least eigenvalue is {least!r}")
                    continue
                u, v = f(w), g(w)
                side = ordered(a, b, w) if sign in ORDERED and not apart(u, v) else None
                if sign == "approx" and not compares(u, sign, v, b):
                    u, v = value_at(a, w), value_at(b, w)
                if not (compares(u, sign, v, b) if side is None else side in ORDERED[sign]):
                    raise Refuted(f"{latex(r)}: {u!r} {sign} {v!r}")
        return self.sampled("true")

    def tends(self, f: Formula, name: str, to: Formula, side: int, limit: Formula) -> Evidence:
        """f comes ever closer to the limit as a letter goes `to` an infinite place, or to a finite one from above (side 1) or
        below (-1), at every test point; or `Refuted`."""
        g, seen = compiled(f), 0
        for w in self.points:
            c, end = compiled(limit)(w), compiled(to)(w)
            size = max((abs(x) for v in w.values() if isinstance(v, list) for x in v if isinstance(x, float)), default=1.0)
            ts = [max(size, 1.0) * 10.0**k for k in range(1, 6)]
            values = [g({**w, name: math.copysign(t, end) if math.isinf(end) else end + side / t}) for t in ts]
            if math.isinf(c):
                sizes = [math.copysign(v, v * c) for v in values if not math.isnan(v)]
                if sizes != sorted(sizes) or sizes[-1] <= sizes[0]:
                    raise Refuted(f"{latex(f)} goes to {latex(limit)}: {values!r}")
                seen += 1
                continue
            errors = [abs(v - c) for v in values if math.isfinite(v)]
            if len(errors) < 2:
                continue
            closer = errors[-1] < errors[0] / 2 and errors == sorted(errors, reverse=True)
            if not (min(errors) <= NEAR * abs(c) or closer):
                raise Refuted(f"{latex(f)} goes to {latex(limit)}: {values!r} against {c!r}")
            seen += 1
        return sampled("leading term of an expansion", self.evidence(seen, f).points)

    def sampled(self, how: str) -> Evidence:
        """The evidence of a comparison that was made, and held, at every point of this oracle; how: what was compared."""
        return sampled(how, len(self.points))

    def evidence(self, seen: int, *sides: Formula) -> Evidence:
        if not seen:
            raise Refuted("nothing to judge at any point: " + " = ".join(map(latex, sides)))
        letters = any(names(f) or Apply in kinds(f) for f in sides)
        return sampled("equal", seen) if letters else computed("worked out", seen)


def sampled(how: str, points: int) -> Evidence:
    """The evidence of a numerical comparison that held at a number of points; how: what was compared with what."""
    return Evidence(EvidenceKind.SAMPLED, how, points, seal=_SEAL)


def computed(how: str, points: int = 0) -> Evidence:
    """The evidence of numbers that were worked out; how: from what."""
    return Evidence(EvidenceKind.COMPUTED, how, points, seal=_SEAL)


DEFINITE = {"succ": 1, "succeq": 1, "prec": -1, "preceq": -1}  # positive and negative (semi)definite differences
ORDERED = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "!=": (-1, 1)}  # the signs of left - right with which they hold


def vanishes(f: Formula, w: Env) -> bool:
    """Whether f is 0 at a test point: in balls, where they decide it, else within the rounding of its terms."""
    verdict = compared(f, ZERO, w)
    return abs(compiled(f)(w)) <= AGREEMENT * magnitude(f, w) if verdict in UNDECIDED else verdict is Verdict.EQUAL


def apart(u: float, v: float) -> bool:
    """Whether two floats differ by far more than their rounding."""
    return math.isfinite(u) and math.isfinite(v) and abs(u - v) > APART * max(abs(u), abs(v))


def clearly_equal(u: Any, v: Any) -> bool:
    """Whether two floats agree in nearly all their digits: neither too small nor too large to have any."""
    try:
        return bool(SMALLEST < abs(u) < math.inf and abs(u - v) <= AGREEMENT * abs(u))
    except TypeError:  # vectors or matrices
        alike_shapes = isinstance(u, Matrix) and isinstance(v, Matrix) and u.shape == v.shape
        return alike_shapes and all(map(clearly_equal, u.entries, v.entries))


def compared(a: Formula, b: Formula, w: Env, other: Env | None = None) -> Verdict:
    """Whether a = b at a test point, in balls; other: the one at which b is taken, if another."""
    from .points import compared  # ball arithmetic is loaded when it is needed

    return compared(a, b, w, other)


def value_at(f: Formula, w: Env) -> float:
    """The value of a formula at a test point: in balls, else in floats."""
    from .points import value_at

    found = value_at(f, w)
    return compiled(f)(w) if found is None else found


def ordered(a: Formula, b: Formula, w: Env) -> int | None:
    """The sign of a - b at a test point, in balls; None where it is not decided."""
    from .points import ordered

    return ordered(a, b, w)


def nearly_equal(a: Formula, b: Formula, w: Env) -> bool:
    """Whether a = b within the rounding of floats: for letters that are known as floats only, and what balls do not cover."""
    tolerance = DERIVATIVE_TOLERANCE if Derivative in kinds(a) | kinds(b) else TOLERANCE
    u, v = compiled(a)(w), compiled(b)(w)
    return close(u, v, tolerance) or close(u, v, tolerance, max(magnitude(a, w), magnitude(b, w)))


def alike(u: Any, v: Any, tolerance: float) -> bool:
    """Whether two vectors or matrices agree within rounding, relative to their largest entry; 0 has any shape."""
    shape = u.shape if isinstance(u, Matrix) else v.shape
    us, vs = (x.entries if isinstance(x, Matrix) else [x] * (shape[0] * shape[1]) for x in (u, v))
    scale = max(1.0, *(abs(x) for x in (*us, *vs)))
    return len(us) == len(vs) and all(abs(a - b) <= tolerance * scale for a, b in zip(us, vs, strict=True))


def compares(u: float, sign: str, v: float, shown: Formula) -> bool:
    """Whether u sign v, within rounding; of "approx" within half a unit of the last digit that is shown."""
    match sign:
        case "<":
            return u < v
        case "<=":
            return u <= v + TOLERANCE * (1 + abs(v))
        case ">":
            return u > v
        case ">=":
            return u >= v - TOLERANCE * (1 + abs(v))
        case "!=":
            return u != v
        case "approx":
            return abs(u - v) <= last_digit(latex(shown)) * 0.5000001
    return False


POWER_OF_TEN = re.compile(r"(-?[\d.]+) \\cdot 10\^\{(-?\d+)\}")


def last_digit(text: str) -> float:
    """The size of one unit in the last decimal place written."""
    if (tens := POWER_OF_TEN.fullmatch(text)) is not None:
        return last_digit(tens[1]) * 10.0 ** int(tens[2])
    digits = text.split(".")
    return 10.0 ** -len(digits[1].rstrip("}")) if len(digits) == 2 else 1.0


def close(u: float, v: float, tolerance: float, scale: float | None = None) -> bool:
    """Equality relative to the larger size, or to a given scale for terms that cancel."""
    if u == v:
        return True
    if math.isnan(u) or math.isnan(v) or math.isinf(u) or math.isinf(v):
        return False
    return abs(u - v) <= tolerance * (max(abs(u), abs(v)) if scale is None else scale)


def magnitude(f: Formula, env: Env) -> float:
    """The sum of the absolute values of the terms of f, sums inside products opened: the scale of its rounding."""
    match f:
        case Add(ts):
            return sum(magnitude(t, env) for t in ts)
        case Neg(a):
            return magnitude(a, env)
        case Mul(fs):
            return math.prod(magnitude(g, env) for g in fs)
        case Div(a, b):
            bottom = abs(compiled(b)(env))
            return magnitude(a, env) / bottom if bottom else math.inf
    if isinstance(f, Derivative):
        return noise(f, env) / DERIVATIVE_TOLERANCE
    if isinstance(f, Expected):  # of a mean that is 0 the root of the mean square
        return math.sqrt(abs(compiled(Expected(Mul((f.body, f.body)), f.observed))(env)))
    if isinstance(f, Apply):
        return 0.0
    if isinstance(f, Big) and f.kind == "sum":
        low, high = int(compiled(f.low)(env)), int(compiled(f.high)(env))
        return sum(magnitude(f.body, {**env, f.index: j}) for j in range(low, high + 1))
    v = compiled(f)(env)
    return 0.0 if math.isnan(v) else abs(v)


def noise(f: Derivative, env: Env) -> float:
    """The rounding error of a derivative that is worked out from differences: that of the body over the steps."""
    size = max(magnitude(f.body, env), abs(compiled(f.body)(env)))
    orders = sum(k for _, k in f.variables)
    steps = math.prod((abs(compiled(v)(env)) or 1.0) ** k for v, k in f.variables)
    size *= ROUNDING * 1000**orders / steps
    return size if math.isfinite(size) else 0.0


class LogDensity(Protocol):
    """The log-density of one observation, whose letters an environment holds."""

    def __call__(self, env: Env, /) -> float: ...

    def of_rows(self, env: Env, columns: Mapping[str, Sequence[float]], /) -> list[float] | None:
        """That of each of many observations, whose letters are columns; None where it is not worked out for all at once."""


def test_point(
    values: dict[str, float],
    columns: dict[str, list[float]],
    log_density: LogDensity,
    names: list[str],
    variables: tuple[str, ...],
    exact: Exactly | None = None,
) -> Env:
    """A test point: parameters, a sample, its size and means, and the functions ell and L of the parameters.

    log_density takes an environment with one observation's variables set and returns its log-density.  exact: what the letters
    and columns are exactly, as far as that is known.
    """
    n = len(columns[variables[0]]) if variables else 1
    env: Env = {**values, **columns, "n": n, "#sample": columns if variables else values}
    for name, xs in columns.items():
        env[name + "_bar"] = math.fsum(xs) / n

    rows: Mapping[tuple[float, ...], int] = Counter(zip(*columns.values(), strict=True)) if variables else {(): 1}

    @lru_cache(MOST_KEPT)
    def ell(*arguments: float) -> float:
        point: Env = {**values, **dict(zip(names, arguments, strict=True))}
        if variables and (together := log_density.of_rows(point, columns)) is not None:
            return math.fsum(together)
        total = 0.0
        for row, times in rows.items():
            point.update(zip(columns, row, strict=True))
            total += times * log_density(point)
        return total

    def size(*arguments: float) -> float:
        return math.exp(ell(*arguments))

    def at_one(*arguments: float) -> float:
        observed = dict(zip((*columns, *names), arguments, strict=True))
        return math.exp(log_density({**values, **observed}))

    env["ell"], env["L"], env["f"] = ell, size, at_one
    return env if exact is None else with_sources(env, exact.sources(env, values, tuple(columns), tuple(names)))
