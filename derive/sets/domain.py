"""Sets of real numbers: domains of parameters, supports of densities.

A `Domain` is an interval, the whole numbers in an interval, or a finite set; its ends are formulas, so that a
support may depend on parameters.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ..errors import NotValid
from ..formula.evaluate import Env, compiled, holds
from ..formula.plain import plain
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    And,
    Call,
    Const,
    Dots,
    Formula,
    Mul,
    Neg,
    Relation,
    SetOf,
    Span,
    Sym,
    add,
    names,
    num,
    rational,
    replace_all,
    transform,
    value,
)

INFINITY = Const("oo")
MINUS_INFINITY = Neg(INFINITY)
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
BESIDE = 2.0**-10  # of a large end, how far from it points are drawn
SHOWN_IN_FULL = 6  # a lattice of at most so many numbers is written without dots


@dataclass(frozen=True, slots=True)
class Domain:
    """A set of real numbers.

    low, high, low_open, high_open: an interval; infinite ends are `oo` and `-oo`.  integer: only the whole
    numbers in it.  values: a finite set instead (the interval is then not looked at).  also: a condition on
    `variable` that must hold too and that could not be written as an interval.
    """

    low: Formula = MINUS_INFINITY
    high: Formula = INFINITY
    low_open: bool = True
    high_open: bool = True
    integer: bool = False
    values: tuple[Formula, ...] | None = None
    also: Formula | None = None
    variable: str = ""

    @property
    def discrete(self) -> bool:
        """Whether it consists of separate numbers."""
        return self.integer or self.values is not None

    @property
    def letters(self) -> frozenset[str]:
        """The names of the letters that it depends on."""
        found = names(self.low) | names(self.high)
        for v in self.values or ():
            found |= names(v)
        if self.also is not None:
            found |= names(self.also) - {self.variable}
        return frozenset(found)

    @property
    def end_letters(self) -> frozenset[str]:
        """The letters in its ends or members alone."""
        return changed(self, also=None).letters

    @property
    def interior(self) -> Domain:
        """Without its ends; a discrete set as it is."""
        return self if self.discrete else changed(self, low_open=True, high_open=True)

    @property
    def closed(self) -> Domain:
        """With its finite ends."""
        return changed(self, low_open=self.low == MINUS_INFINITY, high_open=self.high == INFINITY)

    def replaced(self, table: Mapping[Formula, Formula]) -> Domain:
        """With letters replaced in its ends."""
        t = dict(table)
        if not t or not self.letters & {name for f in t for name in names(f)}:
            return self
        values = None if self.values is None else tuple(replace_all(v, t) for v in self.values)
        also = None if self.also is None else replace_all(self.also, t)
        return changed(self, low=replace_all(self.low, t), high=replace_all(self.high, t), values=values, also=also).folded

    @property
    def folded(self) -> Domain:
        """With the numbers in its ends worked out: max(0, 41 + 42 - N) is max(0, 83 - N)."""
        values = None if self.values is None else tuple(transform(v, _fold) for v in self.values)
        return changed(self, low=transform(self.low, _fold), high=transform(self.high, _fold), values=values)

    def bounds(self, env: Env | None = None) -> tuple[float, float]:
        """The smallest interval with ends as floats; an end that depends on a letter without value counts as infinite."""
        env = {} if env is None else env
        if self.values is not None:
            ends = [_end(v, env, math.nan) for v in self.values]
            return (-math.inf, math.inf) if any(map(math.isnan, ends)) else (min(ends), max(ends))
        low, high = _end(self.low, env, -math.inf), _end(self.high, env, math.inf)
        return self._tightened(low, high, env) if self.also is not None else (low, high)

    def _tightened(self, low: float, high: float, env: Env) -> tuple[float, float]:
        """The conditions in `also` as bounds: exactly those that are linear in the variable, others from changes of sign."""
        for relation in conjuncts(self.also):
            if not isinstance(relation, Relation):
                continue
            for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False):
                if sign not in ("<", "<=", ">", ">=") or isinstance(a, (Span, SetOf)) or isinstance(b, (Span, SetOf)):
                    continue
                line = _line(Add((a, Neg(b))), self.variable, env)
                if line is None or line[0] == 0:
                    ends = _hull(Add((a, Neg(b)) if sign in (">", ">=") else (b, Neg(a))), self.variable, env)
                    low, high = max(low, ends[0]), min(high, ends[1])
                    continue
                slope, root = line
                if (slope > 0) == (sign in (">", ">=")):
                    low = max(low, root)
                else:
                    high = min(high, root)
        return low, high

    def contains(self, x: float, env: Env | None = None) -> bool:
        """Whether x belongs to it, where env gives values to its letters."""
        env = {} if env is None else env
        if math.isnan(x):
            return False
        if self.also is not None:
            try:
                if not holds(self.also)({**env, self.variable: x}):
                    return False
            except KeyError:
                pass
        if self.values is not None:
            return any(abs(x - _end(v, env, x)) <= 1e-9 * (1 + abs(x)) for v in self.values)
        if self.integer and x != math.floor(x):
            return False
        low, high = _end(self.low, env, -math.inf), _end(self.high, env, math.inf)
        return (low < x or (low == x and not self.low_open)) and (x < high or (x == high and not self.high_open))

    def whole(self, env: Env | None = None) -> tuple[float, float]:
        """The first and the last whole number in it, as floats, perhaps infinite."""
        low, high = self.bounds(env)
        first = low if math.isinf(low) else math.ceil(low - 1e-9)
        last = high if math.isinf(high) else math.floor(high + 1e-9)
        if self.low_open and abs(first - low) < 1e-9:
            first += 1
        if self.high_open and abs(last - high) < 1e-9:
            last -= 1
        return float(first), float(last)

    def points(self, rng: random.Random, env: Env | None = None, count: int = 1) -> list[float]:
        """Random numbers in it: generic ones inside an interval, likely ones of a lattice.

        Raises NotValid where it is empty, KeyError where a member depends on a letter that env lacks.
        """
        env = {} if env is None else env
        out: list[float] = []
        for _ in range(200 + 20 * count):
            if len(out) == count:
                return out
            x = self._point(rng, env)
            if x is not None and (self.also is None or self.contains(x, env)):
                out.append(x)
        if len(out) == count:
            return out
        at = ", ".join(f"{k} = {env[k]:.4g}" for k in sorted(self.letters) if isinstance(env.get(k), (int, float)))
        raise NotValid(f"no number was found that is {self.words()}" + (f" for {at}" if at else ""))

    def exactly(self, v: float, env: Env) -> Fraction | None:
        """The number that a float among `points` is: of a list of values its member; None for what was worked out from other letters."""
        if self.values is not None:
            return next((x for f in self.values if (x := value(f)) is not None and float(x) == v), None)
        if not math.isfinite(v) or (not self.integer and v != math.floor(v) and v in self.bounds(env)):
            return None
        return Fraction(v)

    def _point(self, rng: random.Random, env: Env) -> float | None:
        if self.values is not None:
            return compiled(rng.choice(self.values))(env)
        if self.integer:
            low, high = self.whole(env)
            if math.isinf(low):
                return float(rng.randint(-4, 4)) if math.isinf(high) else high - rng.randint(0, 6)
            top = low + 6 if math.isinf(high) else high
            return low + rng.randint(0, int(top - low)) if top >= low else None
        low, high = self.bounds(env)
        if not low < high:
            return low if low == high and not (self.low_open or self.high_open) else None
        if math.isinf(low) and math.isinf(high):
            return rng.uniform(-3, 3)
        if math.isinf(low) or math.isinf(high):
            end, sign = (high, -1) if math.isinf(low) else (low, 1)
            return end + sign * rng.uniform(0.3, 4) * max(1.0, abs(end) * BESIDE)
        return low + (high - low) * rng.uniform(0.1, 0.9)

    # -- how it is shown ------------------------------------------------------------------------

    def condition(self, subject: Formula) -> Formula | None:
        """The condition that subject belongs to it, as it is printed; None for all real numbers."""
        parts = [c for c in (self._condition(subject), self._also(subject)) if c is not None]
        return None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts))

    def _also(self, subject: Formula) -> Formula | None:
        return None if self.also is None else replace_all(self.also, {Sym(self.variable): subject})

    def _condition(self, subject: Formula) -> Formula | None:
        if self.values is not None and len(self.values) == 1:
            return Relation((subject, self.values[0]), ("=",))
        if self.values is not None:
            return Relation((subject, SetOf(self.values)), ("in",))
        if self.integer:
            return Relation((subject, self._lattice()), ("in",))
        below, above = self.low == MINUS_INFINITY, self.high == INFINITY
        left, right = "<" if self.low_open else "<=", "<" if self.high_open else "<="
        if below and above:
            return None
        if above:
            return Relation((subject, self.low), (FLIPPED[left],))
        if below:
            return Relation((subject, self.high), (right,))
        return Relation((self.low, subject, self.high), (left, right))

    def _lattice(self) -> SetOf:
        if self.low == MINUS_INFINITY:
            ends: tuple[Formula, ...] = (num(-1), ZERO, ONE, Dots()) if self.high == INFINITY else (self._last(),)
            return SetOf((Dots(), *ends))
        first, last = self._first(), self._last()
        a, b = value(first), value(last)
        if a is not None and b is not None and b - a < SHOWN_IN_FULL:
            return SetOf(tuple(num(a + j) for j in range(int(b - a) + 1)))
        shown = (first, num(a + 1)) if a is not None else (first,)
        if self.high != INFINITY:
            return SetOf((*shown, Dots(), last))
        return SetOf((*(shown if a is not None else (first, add(first, ONE))), *((num(a + 2),) if a in (0, 1) else ()), Dots()))

    def _first(self) -> Formula:
        v = value(self.low)
        if v is None:
            return add(self.low, ONE) if self.low_open else self.low
        return num(math.floor(v) + 1 if self.low_open else math.ceil(v))

    def _last(self) -> Formula:
        v = value(self.high)
        if v is None:
            return self.high if not self.high_open or self.high == INFINITY else Add((self.high, Neg(ONE)))
        return num(math.ceil(v) - 1 if self.high_open else math.floor(v))

    def __repr__(self) -> str:
        return f"<Domain {self.words()}>"

    def words(self) -> str:
        """In plain English, to stand after "must be"."""
        if self.also is None:
            return self._words()
        plainly = changed(self, also=None, variable="")
        return ("" if plainly == REAL else plainly.words() + " and ") + f"such that {plain(self.also)}"

    def _words(self) -> str:
        if self.values is not None:
            shown = [plain(v) for v in self.values]
            return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1]
        if self.integer:
            if self.low == MINUS_INFINITY:
                return "a whole number" + ("" if self.high == INFINITY else f", at most {plain(self._last())}")
            first = plain(self._first())
            return f"a whole number, at least {first}" if self.high == INFINITY else f"a whole number from {first} to {plain(self._last())}"
        if self in _WORDS:
            return _WORDS[self]
        left = f"{'greater than' if self.low_open else 'at least'} {plain(self.low)}"
        right = f"{'less than' if self.high_open else 'at most'} {plain(self.high)}"
        if self.high == INFINITY:
            return left
        if self.low == MINUS_INFINITY:
            return right
        if self.low_open == self.high_open:
            return f"{'strictly ' * self.low_open}between {plain(self.low)} and {plain(self.high)}"
        return f"{left} and {right}"

    def text(self, subject: str) -> str:
        """As a user would write it: "x > 0", "x in {0, 1}", "x real"."""
        c = self.condition(Sym(subject))
        return f"{subject} real" if c is None else plain(c)


REAL = Domain()
POSITIVE = Domain(low=ZERO)
NONNEGATIVE = Domain(low=ZERO, low_open=False)
NEGATIVE = Domain(high=ZERO)
NONPOSITIVE = Domain(high=ZERO, high_open=False)
UNIT = Domain(ZERO, ONE, False, False)
OPEN_UNIT = Domain(ZERO, ONE)
INTEGERS = Domain(integer=True)
NATURAL = Domain(low=ONE, low_open=False, integer=True)
COUNTS = Domain(low=ZERO, low_open=False, integer=True)
BINARY = Domain(values=(ZERO, ONE))
_WORDS = {REAL: "real", POSITIVE: "positive", NONNEGATIVE: "nonnegative", NEGATIVE: "negative", NONPOSITIVE: "at most 0"}


def finite(*values: Formula) -> Domain:
    """The set of the given numbers."""
    return Domain(values=values)


def lattice(low: Formula, high: Formula = INFINITY) -> Domain:
    """The whole numbers from low to high."""
    return Domain(low, high, low == MINUS_INFINITY, high == INFINITY, integer=True)


def _end(f: Formula, env: Env, missing: float) -> float:
    if f is INFINITY:
        return math.inf
    try:
        return compiled(f)(env)
    except KeyError:
        return missing


def _fold(f: Formula) -> Formula | None:
    """A node whose numbers are worked out; None where there is nothing to do."""
    match f:
        case Call("min" | "max" as name, args):
            numbers = [v for v in map(value, args) if v is not None]
            return rational((min if name == "min" else max)(numbers)) if len(numbers) == len(args) else None
        case Add(ts):
            numbers = [v for v in map(value, ts) if v is not None]
            if len(numbers) < 2:
                return None
            rest = [t for t in ts if value(t) is None]
            c = sum(numbers, Fraction(0))
            return add(*([rational(c)] if c or not rest else []), *rest)
        case Mul(fs) if all(value(g) is not None for g in fs):
            return rational(math.prod((value(g) or Fraction(0) for g in fs), start=Fraction(1)))
    return None


def conjuncts(condition: Formula | None) -> tuple[Formula, ...]:
    """The conditions that a condition consists of."""
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)


LADDER = tuple(sorted(s * m * 2.0**k for k in range(-8, 9) for m in (1, 1.4) for s in (1, -1)))


def _hull(f: Formula, variable: str, env: Env) -> tuple[float, float]:
    """The smallest interval outside which f is nowhere positive, from its changes of sign on a grid; the line where f has no value."""
    g = compiled(f)

    def inside(x: float) -> bool:
        return g({**env, variable: x}) > 0

    try:
        places = [x for x in LADDER if inside(x)]
    except KeyError:
        return -math.inf, math.inf
    if not places:
        return -math.inf, math.inf

    def edge(x: float, step: int) -> float:
        j = LADDER.index(x) + step
        if not 0 <= j < len(LADDER):
            return step * math.inf
        a, b = x, LADDER[j]
        for _ in range(80):
            m = (a + b) / 2
            a, b = (m, b) if inside(m) else (a, m)
        return b

    return edge(places[0], -1), edge(places[-1], 1)


def _line(f: Formula, variable: str, env: Env) -> tuple[float, float] | None:
    """(slope, root) of f as a function of the variable, where it is a straight line there; else None."""
    g = compiled(f)
    try:
        a, b, c = (g({**env, variable: x}) for x in (-1.0, 0.0, 1.0))
    except KeyError:
        return None
    slope = (c - a) / 2
    if not abs(a + c - 2 * b) <= 1e-9 * (abs(a) + abs(b) + abs(c)) or slope == 0:
        return None
    return slope, -b / slope
