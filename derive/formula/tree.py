"""The formula as it is shown.

A tree whose nesting is its brackets; nothing evaluates when it is built.  The same tree is what a reader
produces, what a rule rewrites, what a printer prints and what the oracle evaluates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


class Formula:
    """Any node.  Values are frozen and hashable; equality is equality of what is shown."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Num(Formula):
    """A literal, never negative: 3, 2.5.  A minus is `Neg`; a shown fraction is `Div`."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Const(Formula):
    """A number with a name: "pi", "e", "oo" (infinity)."""

    name: str


@dataclass(frozen=True, slots=True)
class Sym(Formula):
    """A letter: parameter, variable, size, statistic.  Names are described in `names`."""

    name: str


@dataclass(frozen=True, slots=True)
class At(Formula):
    """An indexed letter: x_i, x_3, z_{ij}.  Order statistics have the base x_ord."""

    base: str
    index: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Add(Formula):
    """A sum of at least two terms; a - b is Add((a, Neg(b)))."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Mul(Formula):
    """A product of at least two factors."""

    factors: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Neg(Formula):
    """A minus sign before its argument."""

    arg: Formula


@dataclass(frozen=True, slots=True)
class Div(Formula):
    """A shown fraction."""

    top: Formula
    bottom: Formula


@dataclass(frozen=True, slots=True)
class Pow(Formula):
    """A power.  e^u is Call("exp", (u,))."""

    base: Formula
    exponent: Formula


@dataclass(frozen=True, slots=True)
class Call(Formula):
    """A known function: see `FUNCTIONS` in `evaluate`."""

    name: str
    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Apply(Formula):
    """A function that the context gives a meaning to: f(x, theta), L(theta), ell(theta).

    observed: so many arguments of a density stand before the semicolon when it is shown.
    """

    name: str
    args: tuple[Formula, ...]
    observed: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Big(Formula):
    """A sum ("sum") or product ("prod") over index = low, ..., high."""

    kind: str
    index: str
    low: Formula
    high: Formula
    body: Formula


@dataclass(frozen=True, slots=True)
class Cases(Formula):
    """Values with conditions; a condition `None` is "otherwise"."""

    rows: tuple[tuple[Formula, Formula | None], ...]


@dataclass(frozen=True, slots=True)
class Indicator(Formula):
    """1 where the condition holds, else 0."""

    condition: Formula


@dataclass(frozen=True, slots=True)
class Derivative(Formula):
    """The derivative of body, once for each (variable, order)."""

    body: Formula
    variables: tuple[tuple[Formula, int], ...]


@dataclass(frozen=True, slots=True)
class Integral(Formula):
    """An integral; without bounds low and high are None."""

    body: Formula
    variable: Formula
    low: Formula | None
    high: Formula | None


@dataclass(frozen=True, slots=True)
class Limit(Formula):
    """The limit of body as variable goes to target."""

    body: Formula
    variable: Formula
    target: Formula


@dataclass(frozen=True, slots=True)
class Where(Formula):
    """A value taken at variable = value: the evaluation bar."""

    body: Formula
    variable: Formula
    value: Formula


@dataclass(frozen=True, slots=True)
class Dots(Formula):
    """An ellipsis in a list: {0, 1, 2, ...}."""


@dataclass(frozen=True, slots=True)
class Span(Formula):
    """An interval of the real line."""

    low: Formula
    high: Formula
    low_open: bool
    high_open: bool


@dataclass(frozen=True, slots=True)
class SetOf(Formula):
    """A set written by its members, perhaps with dots."""

    items: tuple[Formula, ...]


class Searched(Formula):
    """A value that is known by what it is, and is looked for when it is wanted: an estimate without a closed form."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Peak(Searched):
    """One coordinate of the place where `body` is largest: an estimate that has no closed form.

    unknowns: the names that vary, bound inside.  slopes: the derivative of body in each.  ends: low and high of
    each, in turn.  position: which coordinate.  closed: for each end, whether it may be the place itself.
    """

    body: Formula
    slopes: tuple[Formula, ...]
    unknowns: tuple[str, ...]
    ends: tuple[Formula, ...]
    closed: tuple[bool, ...]
    position: int = 0


@dataclass(frozen=True, slots=True)
class Last(Searched):
    """The greatest whole number of the letter `unknown` above `start` and at most `end` for which the condition holds,
    `start` where it holds for none: it holds up to that number and for no greater one.

    The letter is bound inside; start and end do not speak of it.
    """

    unknown: str
    start: Formula
    end: Formula
    condition: Relation


@dataclass(frozen=True, slots=True)
class Best(Searched):
    """The one of several places at which `body`, a positive function of the letter `unknown`, is largest; the least of them
    where several are.

    label: how the function is shown.  places: the observations x_1, ..., x_n where a letter with an index is among them,
    else the formulas themselves.  The unknown is bound inside.
    """

    unknown: str
    places: SetOf
    body: Formula
    label: Formula


@dataclass(frozen=True, slots=True)
class Relation(Formula):
    """A chain of sides with a sign between each two: = != < <= > >= propto approx in ~ := ."""

    sides: tuple[Formula, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And(Formula):
    """Conditions that all hold."""

    parts: tuple[Formula, ...]


# -- building ------------------------------------------------------------------------------------


def num(value: int | Fraction | str) -> Formula:
    """A literal of either sign."""
    v = Fraction(value)
    return Num(v) if v >= 0 else Neg(Num(-v))


ZERO, ONE, TWO = Num(Fraction(0)), Num(Fraction(1)), Num(Fraction(2))
N = Sym("n")


def rational(value: Fraction | int) -> Formula:
    """A number shown as a fraction where it is not whole."""
    v = Fraction(value)
    size = Num(abs(v)) if v.denominator == 1 else Div(Num(Fraction(abs(v.numerator))), Num(Fraction(v.denominator)))
    return size if v >= 0 else Neg(size)


def add(*terms: Formula) -> Formula:
    """The sum; of one term it is the term, of none 0.  Nested sums are kept: they are brackets."""
    return terms[0] if len(terms) == 1 else Add(terms) if terms else ZERO


def mul(*factors: Formula) -> Formula:
    """The product; of one factor it is the factor, of none 1."""
    return factors[0] if len(factors) == 1 else Mul(factors) if factors else ONE


def neg(f: Formula) -> Formula:
    """Minus f, without a double minus."""
    return f.arg if isinstance(f, Neg) else f if f == ZERO else Neg(f)


def div(top: Formula, bottom: Formula) -> Formula:
    """The fraction, or its top over 1."""
    return top if bottom == ONE else Div(top, bottom)


def power(base: Formula, exponent: Formula) -> Formula:
    """The power, or its base to the power 1."""
    return base if exponent == ONE else Pow(base, exponent)


def call(name: str, *args: Formula) -> Formula:
    """A known function of its arguments."""
    return Call(name, args)


def log(f: Formula) -> Formula:
    """The natural logarithm."""
    return Call("log", (f,))


def exp(f: Formula) -> Formula:
    """e to the power f."""
    return Call("exp", (f,))


def total(body: Formula, index: str = "i", high: Formula = N) -> Formula:
    """The sum of body over index = 1, ..., high."""
    return Big("sum", index, ONE, high, body)


def product(body: Formula, index: str = "i", high: Formula = N) -> Formula:
    """The product of body over index = 1, ..., high."""
    return Big("prod", index, ONE, high, body)


def equation(left: Formula, right: Formula) -> Relation:
    """left = right."""
    return Relation((left, right), ("=",))


# -- traversal: the only code that knows the fields ------------------------------------------------


def children(f: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside f, in reading order."""
    match f:
        case Add(ks) | Mul(ks) | SetOf(ks) | And(ks) | Call(_, ks) | Apply(_, ks, _) | At(_, ks) | Relation(ks, _):
            return ks
        case Neg(a) | Indicator(a):
            return (a,)
        case Div(a, b) | Pow(a, b) | Span(a, b, _, _):
            return (a, b)
        case Big(_, _, low, high, body):
            return (low, high, body)
        case Cases(rows):
            return tuple(k for value, condition in rows for k in ((value,) if condition is None else (value, condition)))
        case Derivative(body, variables):
            return (body, *(v for v, _ in variables))
        case Integral(body, variable, low, high):
            return (body, variable) if low is None or high is None else (body, variable, low, high)
        case Limit(a, b, c) | Where(a, b, c):
            return (a, b, c)
        case Peak(body, slopes, _, ends, _, _):
            return (body, *slopes, *ends)
        case Last(_, start, end, condition):
            return (start, end, condition)
        case Best(_, places, body, label):
            return (places, body, label)
    return ()


def rebuild(f: Formula, kids: tuple[Formula, ...]) -> Formula:
    """f with other formulas in the places of its `children`."""
    match f:
        case Add() | Mul() | SetOf() | And():
            return type(f)(kids)
        case Call(name, _):
            return Call(name, kids)
        case Apply(name, _, observed):
            return Apply(name, kids, observed)
        case At(base, _):
            return At(base, kids)
        case Relation(_, signs):
            return Relation(kids, signs)
        case Neg() | Indicator():
            return type(f)(kids[0])
        case Div() | Pow():
            return type(f)(kids[0], kids[1])
        case Span(_, _, a, b):
            return Span(kids[0], kids[1], a, b)
        case Big(kind, index, _, _, _):
            return Big(kind, index, *kids)
        case Cases(rows):
            it = iter(kids)
            return Cases(tuple((next(it), None if c is None else next(it)) for _, c in rows))
        case Derivative(_, variables):
            return Derivative(kids[0], tuple((k, order) for k, (_, order) in zip(kids[1:], variables, strict=True)))
        case Integral(_, _, low, _):
            return Integral(kids[0], kids[1], *((None, None) if low is None else (kids[2], kids[3])))
        case Limit() | Where():
            return type(f)(*kids)
        case Peak(_, slopes, unknowns, _, closed, position):
            k = 1 + len(slopes)
            return Peak(kids[0], kids[1:k], unknowns, kids[k:], closed, position)
        case Last(unknown, _, _, condition):
            return Last(unknown, kids[0], kids[1], Relation(children(kids[2]), condition.signs))
        case Best(unknown, _, _, _):
            return Best(unknown, SetOf(children(kids[0])), kids[1], kids[2])
    return f


def walk(f: Formula) -> Iterator[Formula]:
    """f and everything inside it, outermost first."""
    yield f
    for k in children(f):
        yield from walk(k)


def has(f: Formula, *wanted: Formula) -> bool:
    """Whether any of the wanted formulas occurs in f."""
    return any(g in wanted for g in walk(f))


def names(f: Formula) -> set[str]:
    """The names of all letters in f, bound indices included, bases of indexed letters too."""
    return {g.name for g in walk(f) if isinstance(g, Sym)} | {g.base for g in walk(f) if isinstance(g, At)}


def size(f: Formula) -> int:
    """The number of nodes."""
    return 1 + sum(map(size, children(f)))


def transform(f: Formula, change: Callable[[Formula], Formula | None]) -> Formula:
    """f with `change` applied to every node, innermost first; `None` leaves a node as it is."""
    kids = children(f)
    if kids:
        new = tuple(transform(k, change) for k in kids)
        if new != kids:
            f = rebuild(f, new)
    g = change(f)
    return f if g is None else g


def replace(f: Formula, old: Formula, new: Formula) -> Formula:
    """f with every occurrence of old replaced by new (outermost occurrences; new is not searched)."""
    return replace_all(f, {old: new})


def replace_all(f: Formula, table: Mapping[Formula, Formula]) -> Formula:
    """f with every key of the table replaced by its value, all at once."""
    if f in table:
        return table[f]
    kids = children(f)
    new = tuple(replace_all(k, table) for k in kids)
    return rebuild(f, new) if new != kids else f


# -- parts -----------------------------------------------------------------------------------------


def terms(f: Formula) -> tuple[Formula, ...]:
    """The terms of a sum; of anything else itself; of 0 none."""
    return f.terms if isinstance(f, Add) else () if f == ZERO else (f,)


def factors(f: Formula) -> tuple[Formula, ...]:
    """The factors of a product; of anything else itself."""
    return f.factors if isinstance(f, Mul) else (f,)


def value(f: Formula) -> Fraction | None:
    """The number that a literal, its negative or a fraction of literals shows; else None."""
    match f:
        case Num(v):
            return v
        case Neg(a):
            size = value(a)
            return None if size is None else -size
        case Div(a, b):
            top, bottom = value(a), value(b)
            return None if top is None or not bottom else top / bottom
    return None
