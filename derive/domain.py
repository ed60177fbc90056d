"""Sets of real numbers: domains of parameters, supports of densities.

A `Domain` is an interval, the whole numbers in an interval, or a finite set; its ends are formulas, so that a
support may depend on parameters.  `from_condition` makes one from a condition on a variable.  Text is read in
`reading.domains`.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from .errors import NotValid
from .formula.evaluate import Env, compiled, holds
from .formula.plain import plain
from .formula.tree import (
    ONE,
    ZERO,
    Add,
    And,
    Call,
    Const,
    Div,
    Dots,
    Formula,
    Mul,
    Neg,
    Relation,
    SetOf,
    Span,
    Sym,
    add,
    div,
    has,
    mul,
    names,
    neg,
    num,
    rational,
    replace_all,
    transform,
    value,
)

INFINITY = Const("oo")
MINUS_INFINITY = Neg(INFINITY)
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
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
        """The conditions in `also` that are linear in the variable, as bounds."""
        for relation in _conjuncts(self.also):
            if not isinstance(relation, Relation):
                continue
            for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False):
                if sign not in ("<", "<=", ">", ">=") or isinstance(a, (Span, SetOf)) or isinstance(b, (Span, SetOf)):
                    continue
                line = _line(Add((a, Neg(b))), self.variable, env)
                if line is None or line[0] == 0:
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

        Raises NotValid where it is empty.
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
        if math.isinf(low):
            return rng.uniform(-3, 3) if math.isinf(high) else high - rng.uniform(0.3, 4)
        return low + (rng.uniform(0.3, 4) if math.isinf(high) else (high - low) * rng.uniform(0.1, 0.9))

    # -- how it is shown ------------------------------------------------------------------------

    def condition(self, subject: Formula) -> Formula | None:
        """The condition that subject belongs to it, as it is printed; None for all real numbers."""
        parts = [c for c in (self._condition(subject), self._also(subject)) if c is not None]
        return None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts))

    def _also(self, subject: Formula) -> Formula | None:
        return None if self.also is None else replace_all(self.also, {Sym(self.variable): subject})

    def _condition(self, subject: Formula) -> Formula | None:
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


def _conjuncts(condition: Formula | None) -> tuple[Formula, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)


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


# -- from conditions ---------------------------------------------------------------------------------


def from_condition(condition: Formula, variable: str) -> Domain:
    """The set of values of the variable that satisfy a condition: chains of inequalities, memberships, `And`.

    An inequality that is linear in the variable with numbers as coefficients is solved; any other is kept in `also`.
    Raises NotValid for a condition that does not speak of the variable, or that no number satisfies.
    """
    if isinstance(condition, SetOf):
        return from_set(condition)
    if isinstance(condition, Span):
        return _nonempty(from_span(condition))
    x = Sym(variable)
    out, others, met = Domain(), [], False
    for relation in _conjuncts(condition):
        if not isinstance(relation, Relation):
            raise NotValid("a condition is made of inequalities and memberships", hint=f'write for example "{variable} > 0"')
        for a, sign, b in zip(relation.sides, relation.signs, relation.sides[1:], strict=False):
            if not (has(a, x) or has(b, x)):
                others.append(Relation((a, b), (sign,)))
                continue
            met = True
            piece = _membership(a, b, x) if sign == "in" else _half_line(a, sign, b, x)
            if piece is None:
                others.append(Relation((a, b), (sign,)))
            else:
                out = _meet(out, piece)
    if not met:
        raise NotValid(f"the condition {plain(condition)} does not speak of {variable}", hint=f'write for example "{variable} > 0"')
    if others:
        also = others[0] if len(others) == 1 else And(tuple(others))
        out = changed(out, also=also, variable=variable)
    return _nonempty(out)


def from_span(s: Span) -> Domain:
    """An interval as a domain."""
    return Domain(s.low, s.high, s.low_open or s.low == MINUS_INFINITY, s.high_open or s.high == INFINITY)


def from_set(s: SetOf) -> Domain:
    """A listed set as a domain: {0, 1}, {0, 1, 2, ...}, {0, ..., m}, {..., -1, 0, 1, ...}."""
    shown = [t for t in s.items if not isinstance(t, Dots)]
    hint = 'write it like "{0, 1}", "{0, 1, 2, ...}" or "{0, ..., m}"'
    if not shown or sum(isinstance(t, Dots) for t in s.items) > 2:
        raise NotValid(f"the set {plain(s)} names no numbers", hint=hint)
    if len(shown) == len(s.items):
        return Domain(values=tuple(dict.fromkeys(shown)))
    first, last = isinstance(s.items[0], Dots), isinstance(s.items[-1], Dots)
    numbers = [v for v in map(value, shown) if v is not None]
    run = numbers if last or first else numbers[: len(shown) - 1]
    if any(b - a != 1 for a, b in itertools.pairwise(run)):
        raise NotValid(f"the numbers in {plain(s)} do not go up by one", hint=hint)
    low = MINUS_INFINITY if first else shown[0]
    return _nonempty(lattice(low, INFINITY if last else shown[-1]))


def _membership(a: Formula, b: Formula, x: Sym) -> Domain | None:
    if a != x:
        return None
    if isinstance(b, Span):
        return from_span(b)
    if isinstance(b, SetOf):
        return from_set(b)
    if isinstance(b, Sym) and b.name in NAMED_SETS:
        return NAMED_SETS[b.name]
    return None


NAMED_SETS = {"R": REAL, "Z": INTEGERS, "N": NATURAL, "N_0": COUNTS, "calR": REAL, "calZ": INTEGERS, "calN": NATURAL}


def _half_line(a: Formula, sign: str, b: Formula, x: Sym) -> Domain | None:
    """The solutions of a sign b, where they are an interval that can be read off."""
    if has(b, x):
        if has(a, x):
            return None
        a, b, sign = b, a, FLIPPED.get(sign, sign)
    while a != x:
        if isinstance(a, Call) and a.name == "abs" and a.args[0] == x and sign in ("<", "<="):
            return Domain(neg(b), b, sign == "<", sign == "<")
        step = _isolated(a, sign, b, x)
        if step is None:
            return None
        a, sign, b = step
    match sign:
        case "=":
            return Domain(values=(b,))
        case "<" | "<=":
            return Domain(high=b, high_open=sign == "<" or b == INFINITY)
        case ">" | ">=":
            return Domain(low=b, low_open=sign == ">" or b == MINUS_INFINITY)
    return None


def _isolated(a: Formula, sign: str, b: Formula, x: Sym) -> tuple[Formula, str, Formula] | None:
    """One move towards x alone on the left."""
    match a:
        case Neg(u):
            return u, FLIPPED.get(sign, sign), neg(b)
        case Add(ts):
            inside = [t for t in ts if has(t, x)]
            if len(inside) != 1:
                return None
            rest = [t for t in ts if t is not inside[0]]
            return inside[0], sign, _sum((*((b,) if b != ZERO else ()), *map(neg, rest)))
        case Mul(fs):
            inside = [t for t in fs if has(t, x)]
            rest = [t for t in fs if t is not inside[0]]
            c = _number(mul(*rest))
            if len(inside) != 1 or not c:
                return None
            return inside[0], sign if c > 0 else FLIPPED.get(sign, sign), _over(b, mul(*rest))
        case Div(top, bottom):
            c = _number(bottom)
            if has(bottom, x) or not c:
                return None
            return top, sign if c > 0 else FLIPPED.get(sign, sign), _times(b, bottom)
    return None


def _number(f: Formula) -> float | None:
    return None if names(f) else compiled(f)({})


def _sum(ts: tuple[Formula, ...]) -> Formula:
    numbers = [value(t) for t in ts]
    if all(v is not None for v in numbers):
        return rational(sum(v for v in numbers if v is not None))
    return add(*ts)


def _over(a: Formula, b: Formula) -> Formula:
    v, w = value(a), value(b)
    return rational(v / w) if v is not None and w else div(a, b)


def _times(a: Formula, b: Formula) -> Formula:
    v, w = value(a), value(b)
    return rational(v * w) if v is not None and w is not None else a if b == ONE else mul(b, a)


def _meet(a: Domain, b: Domain) -> Domain:
    """The intersection, where each end is set by one of the two or the ends are numbers."""
    if a == REAL or b == REAL:
        return b if a == REAL else a
    if a.values is not None or b.values is not None:
        chosen, other = (a, b) if a.values is not None else (b, a)
        assert chosen.values is not None
        kept = tuple(v for v in chosen.values if names(v) or other.letters or other.contains(compiled(v)({})))
        return Domain(values=kept)
    low, low_open = _tighter(a.low, a.low_open, b.low, b.low_open, MINUS_INFINITY, "max")
    high, high_open = _tighter(a.high, a.high_open, b.high, b.high_open, INFINITY, "min")
    return Domain(low, high, low_open, high_open, a.integer or b.integer)


def _tighter(a: Formula, a_open: bool, b: Formula, b_open: bool, none: Formula, choose: str) -> tuple[Formula, bool]:
    if a in (none, b):
        return b, b_open or (a == b and a_open)
    if b == none:
        return a, a_open
    v, w = _number(a), _number(b)
    if v is None or w is None:
        return Call(choose, (a, b)), a_open or b_open
    return (a, a_open) if (v > w) == (choose == "max") else (b, b_open)


def _nonempty(d: Domain) -> Domain:
    """Raises NotValid for a set without a number, where that does not depend on a letter."""
    if not d.letters:
        low, high = d.whole() if d.integer else d.bounds()
        empty = d.values == () or (d.values is None and (low > high or (low == high and not d.integer and (d.low_open or d.high_open))))
        if empty:
            raise NotValid(
                "no number satisfies this: the upper end is not above the lower one", hint='write the smaller end first, as in "(0, 1)"'
            )
    return d


# -- from text ---------------------------------------------------------------------------------------


def read_domain(text: str, subject: str | None = None) -> Domain:
    """The set that a user's text describes: see `reading.domains`."""
    from .reading.domains import read

    return read(text, subject)
