"""The formula as it is shown.

A tree whose nesting is its brackets; nothing evaluates when it is built.  The same tree is what a reader
produces, what a rule rewrites, what a printer prints and what the oracle evaluates.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from itertools import chain, count
from operator import attrgetter, is_
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind", bound="Formula")


class Formula:
    """Any node.  Values are frozen and hashable; equality is equality of what is shown.

    The slots hold what is worked out once for a node: its hash, its letters, the kinds of nodes in it, its compiled form.
    """

    __slots__ = ("_ball", "_compiled", "_hash", "_kinds", "_names", "_value")
    _hash: int
    _kinds: frozenset[type[Formula]]
    _names: frozenset[str]
    _ball: Any
    _compiled: Any
    _value: Any


keep = object.__setattr__  # puts into a slot of a node what is worked out once


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def node(cls: type[Kind]) -> type[Kind]:
    """A frozen dataclass with slots.  Nodes are equal that are of one kind and agree in their fields; the hash is worked out once."""
    made = dataclass(frozen=True, slots=True, eq=False)(cls)
    shown = attrgetter(*(k.name for k in fields(made) if k.compare))  # type: ignore[arg-type]

    def __eq__(self: Kind, other: object) -> bool:
        return self is other or (other.__class__ is made and shown(self) == shown(other))

    def __hash__(self: Kind) -> int:
        try:
            return self._hash
        except AttributeError:
            keep(self, "_hash", hash((made, shown(self))))
            return self._hash

    made.__eq__ = __eq__  # type: ignore[assignment]
    made.__hash__ = __hash__  # type: ignore[assignment]
    return made


@dataclass(frozen=True, slots=True)
class Num(Formula):
    """A literal, never negative: 3, 2.5.  A minus is `Neg`; a shown fraction is `Div`."""

    value: Fraction

    def __eq__(self, other: object) -> bool:
        if type(other) is not Num:
            return False
        u, v = self.value, other.value
        return u is v or (u.numerator == v.numerator and u.denominator == v.denominator)

    def __hash__(self) -> int:
        return hash((self.value.numerator, self.value.denominator))


@node
class Float(Formula):
    """A number of either sign that is known to the digits of a float only: found numerically, never exact."""

    value: float


@node
class Const(Formula):
    """A number with a name: "pi", "e", "oo" (infinity)."""

    name: str


@node
class Sym(Formula):
    """A letter: parameter, variable, size, statistic.  Names are described in `names`."""

    name: str


@node
class At(Formula):
    """An indexed letter: x_i, x_3, z_{ij}.  Order statistics have the base x_ord."""

    base: str
    index: tuple[Formula, ...]


@node
class Add(Formula):
    """A sum of at least two terms; a - b is Add((a, Neg(b)))."""

    terms: tuple[Formula, ...]


@node
class Mul(Formula):
    """A product of at least two factors."""

    factors: tuple[Formula, ...]


@node
class MatMul(Formula):
    """A product of at least two vectors or matrices, in this order.  Numbers stand before it, in a `Mul` with this one factor that is none.

    Transpose, inverse, det, tr, norm, eye and zeros are `Call`s: rows of the table of functions.
    """

    factors: tuple[Formula, ...]


@node
class Differential(Formula):
    """d of body: how it changes as each letter x moves along its direction d x."""

    body: Formula


@node
class Neg(Formula):
    """A minus sign before its argument."""

    arg: Formula


@node
class Div(Formula):
    """A shown fraction."""

    top: Formula
    bottom: Formula


@node
class Pow(Formula):
    """A power.  e^u is Call("exp", (u,))."""

    base: Formula
    exponent: Formula


@node
class Call(Formula):
    """A known function: see `FUNCTIONS` in `evaluate`."""

    name: str
    args: tuple[Formula, ...]


@node
class Apply(Formula):
    """A function that the context gives a meaning to: f(x, theta), L(theta), ell(theta).

    observed: so many arguments of a density stand before the semicolon when it is shown.
    """

    name: str
    args: tuple[Formula, ...]
    observed: int = field(default=1, compare=False)


@node
class Big(Formula):
    """A sum ("sum") or product ("prod") over index = low, ..., high."""

    kind: str
    index: str
    low: Formula
    high: Formula
    body: Formula


@node
class Cases(Formula):
    """Values with conditions; a condition `None` is "otherwise"."""

    rows: tuple[tuple[Formula, Formula | None], ...]


@node
class Indicator(Formula):
    """1 where the condition holds, else 0."""

    condition: Formula


@node
class Derivative(Formula):
    """The derivative of body, once for each (variable, order)."""

    body: Formula
    variables: tuple[tuple[Formula, int], ...]


@node
class Integral(Formula):
    """An integral; without bounds low and high are None."""

    body: Formula
    variable: Formula
    low: Formula | None
    high: Formula | None


@node
class Limit(Formula):
    """The limit of body as variable goes to target."""

    body: Formula
    variable: Formula
    target: Formula


@node
class Where(Formula):
    """A value taken at variable = value: the evaluation bar."""

    body: Formula
    variable: Formula
    value: Formula


@dataclass(frozen=True, slots=True)
class Dots(Formula):
    """An ellipsis in a list: {0, 1, 2, ...}."""


@node
class Span(Formula):
    """An interval of the real line."""

    low: Formula
    high: Formula
    low_open: bool
    high_open: bool


@node
class SetOf(Formula):
    """A set written by its members, perhaps with dots."""

    items: tuple[Formula, ...]


@node
class Union(Formula):
    """Several sets together."""

    parts: tuple[Formula, ...]


class Searched(Formula):
    """A value that is known by what it is, and is looked for when it is wanted: an estimate without a closed form."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AtData:
    """A value at given data: the columns of observations by their letters, in order, the value, and exact bounds of it."""

    columns: tuple[tuple[str, tuple[float, ...]], ...]
    value: Fraction
    low: Fraction
    high: Fraction

    def given(self, env: Mapping[str, Any]) -> bool:
        """Whether these are the data of a test point."""
        return all(env.get(k) == list(xs) for k, xs in self.columns)


@node
class Peak(Searched):
    """One coordinate of the place where `body` is largest: an estimate that has no closed form.

    unknowns: the names that vary, bound inside.  slopes: the derivative of body in each.  ends: low and high of
    each, in turn.  position: which coordinate.  closed: for each end, whether it may be the place itself.
    enclosed: the place of a single unknown at given data, where it was proved to lie within exact bounds.
    """

    body: Formula
    slopes: tuple[Formula, ...]
    unknowns: tuple[str, ...]
    ends: tuple[Formula, ...]
    closed: tuple[bool, ...]
    position: int = 0
    enclosed: AtData | None = field(default=None, compare=False)


@node
class Last(Searched):
    """The greatest whole number of the letter `unknown` above `start` and at most `end` for which the condition holds,
    `start` where it holds for none: it holds up to that number and for no greater one.

    The letter is bound inside; start and end do not speak of it.
    """

    unknown: str
    start: Formula
    end: Formula
    condition: Relation


@node
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


@node
class Expected(Formula):
    """The expected value of `body` under the model: a function of one observation, whose letters `observed` it binds.

    They are shown as capitals: E(X - mu).
    """

    body: Formula
    observed: tuple[str, ...]


@node
class Matrix(Formula):
    """A matrix, row by row."""

    rows: tuple[tuple[Formula, ...], ...]


@node
class Relation(Formula):
    """A chain of sides with a sign between each two: = != < <= > >= propto approx in ~ := ."""

    sides: tuple[Formula, ...]
    signs: tuple[str, ...]


@node
class And(Formula):
    """Conditions that all hold."""

    parts: tuple[Formula, ...]


# -- building ------------------------------------------------------------------------------------


def num(value: int | Fraction | str) -> Formula:
    """A literal of either sign."""
    v = value if type(value) is Fraction else Fraction(value)
    return Num(v) if v.numerator >= 0 else Neg(Num(-v))


ZERO, ONE, TWO = Num(Fraction(0)), Num(Fraction(1)), Num(Fraction(2))
N = Sym("n")
PLACEHOLDER = Sym("cdot")  # a place of a family that is summed over: n_{j.} is the sum of n_{jk} over k


def undecided(rows: Sequence[tuple[Formula, Formula | None]]) -> tuple[tuple[Formula, Formula | None], ...]:
    """The rows of `Cases` that remain where a condition between two numbers is decided; the last may have become "otherwise"."""
    out: list[tuple[Formula, Formula | None]] = []
    for v, c in rows:
        holds = _decided(c) if isinstance(c, Relation) else None
        if holds is False:
            continue
        out.append((v, None if holds else c))
        if out[-1][1] is None:
            break
    return tuple(out)


def _decided(c: Relation) -> bool | None:
    sides = [value(s) for s in c.sides]
    known = [s for s in sides if s is not None]
    if len(known) < len(sides) or not set(c.signs) <= set(_BETWEEN_NUMBERS):
        return None
    return all(_BETWEEN_NUMBERS[sign](a, b) for a, sign, b in zip(known, c.signs, known[1:], strict=False))


_BETWEEN_NUMBERS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def rational(value: Fraction | int) -> Formula:
    """A number shown as a fraction where it is not whole."""
    v = value if type(value) is Fraction else Fraction(value)
    if v.numerator < 0:
        return Neg(rational(-v))
    return Num(v) if v.denominator == 1 else Div(Num(Fraction(v.numerator)), Num(Fraction(v.denominator)))


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


def _none(f: Formula) -> tuple[Formula, ...]:
    return ()


def _flattened(f: Cases) -> tuple[Formula, ...]:
    return tuple(k for value, condition in f.rows for k in ((value,) if condition is None else (value, condition)))


def _paired(f: Cases, kids: tuple[Formula, ...]) -> Formula:
    it = iter(kids)
    return Cases(tuple((next(it), None if c is None else next(it)) for _, c in f.rows))


def _in_rows(f: Matrix, kids: tuple[Formula, ...]) -> Formula:
    width = len(f.rows[0])
    return Matrix(tuple(kids[j : j + width] for j in range(0, len(kids), width)))


def _orders(f: Derivative, kids: tuple[Formula, ...]) -> Formula:
    return Derivative(kids[0], tuple((k, order) for k, (_, order) in zip(kids[1:], f.variables, strict=True)))


def _peak(f: Peak, kids: tuple[Formula, ...]) -> Formula:
    k = 1 + len(f.slopes)
    return Peak(kids[0], kids[1:k], f.unknowns, kids[k:], f.closed, f.position, f.enclosed)


_CHILDREN: Mapping[type[Formula], Callable[[Any], tuple[Formula, ...]]] = {
    Num: _none, Float: _none, Const: _none, Sym: _none, Dots: _none,
    At: attrgetter("index"), Add: attrgetter("terms"), Mul: attrgetter("factors"), MatMul: attrgetter("factors"), Differential: lambda f: (f.body,), SetOf: attrgetter("items"), And: attrgetter("parts"), Union: attrgetter("parts"),
    Call: attrgetter("args"), Apply: attrgetter("args"), Relation: attrgetter("sides"),
    Neg: lambda f: (f.arg,), Indicator: lambda f: (f.condition,),
    Div: attrgetter("top", "bottom"), Pow: attrgetter("base", "exponent"), Span: attrgetter("low", "high"),
    Big: attrgetter("low", "high", "body"), Cases: _flattened,
    Derivative: lambda f: (f.body, *(v for v, _ in f.variables)),
    Integral: lambda f: (f.body, f.variable) if f.low is None or f.high is None else (f.body, f.variable, f.low, f.high),
    Limit: attrgetter("body", "variable", "target"), Where: attrgetter("body", "variable", "value"),
    Peak: lambda f: (f.body, *f.slopes, *f.ends),
    Last: attrgetter("start", "end", "condition"), Best: attrgetter("places", "body", "label"),
    Expected: lambda f: (f.body,), Matrix: lambda f: tuple(chain.from_iterable(f.rows)),
}  # fmt: skip

_REBUILT: Mapping[type[Formula], Callable[[Any, tuple[Formula, ...]], Formula]] = {
    At: lambda f, kids: At(f.base, kids), Add: lambda f, kids: Add(kids), Mul: lambda f, kids: Mul(kids),
    MatMul: lambda f, kids: MatMul(kids), Differential: lambda f, kids: Differential(*kids),
    SetOf: lambda f, kids: SetOf(kids), And: lambda f, kids: And(kids), Union: lambda f, kids: Union(kids),
    Call: lambda f, kids: Call(f.name, kids), Apply: lambda f, kids: Apply(f.name, kids, f.observed),
    Relation: lambda f, kids: Relation(kids, f.signs),
    Neg: lambda f, kids: Neg(*kids), Indicator: lambda f, kids: Indicator(*kids),
    Div: lambda f, kids: Div(*kids), Pow: lambda f, kids: Pow(*kids), Span: lambda f, kids: Span(kids[0], kids[1], f.low_open, f.high_open),
    Big: lambda f, kids: Big(f.kind, f.index, *kids), Cases: _paired, Derivative: _orders,
    Integral: lambda f, kids: Integral(*kids, *((None, None) if f.low is None else ())),
    Limit: lambda f, kids: Limit(*kids), Where: lambda f, kids: Where(*kids), Peak: _peak,
    Last: lambda f, kids: Last(f.unknown, kids[0], kids[1], Relation(children(kids[2]), f.condition.signs)),
    Best: lambda f, kids: Best(f.unknown, SetOf(children(kids[0])), kids[1], kids[2]),
    Expected: lambda f, kids: Expected(kids[0], f.observed), Matrix: _in_rows,
}  # fmt: skip


def children(f: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside f, in reading order."""
    return _CHILDREN[type(f)](f)


def rebuild(f: Formula, kids: tuple[Formula, ...]) -> Formula:
    """f with other formulas in the places of its `children`."""
    return _REBUILT[type(f)](f, kids) if kids else f


def with_kids(f: Formula, old: tuple[Formula, ...], new: tuple[Formula, ...]) -> Formula:
    """f with new formulas in the places of its children, f itself where they are the same objects."""
    return f if all(map(is_, old, new)) else rebuild(f, new)


def walk(f: Formula) -> Iterator[Formula]:
    """f and everything inside it, outermost first."""
    left = [f]
    while left:
        g = left.pop()
        yield g
        left += reversed(_CHILDREN[type(g)](g))


def each(f: Formula, *wanted: type[Kind]) -> Iterator[Kind]:
    """The formulas of some kinds in f, outermost first."""
    left, sought = [f], frozenset[type[Formula]](wanted)
    while left:
        g = left.pop()
        if not sought.isdisjoint(kinds(g)):
            if type(g) in sought:
                yield g  # type: ignore[misc]
            left += reversed(_CHILDREN[type(g)](g))


def has(f: Formula, *wanted: Formula) -> bool:
    """Whether any of the wanted formulas occurs in f."""
    return any(_occurs(g, names(g), f) for g in wanted)


def _occurs(g: Formula, letters: frozenset[str], f: Formula) -> bool:
    return letters <= names(f) and (f == g or any(_occurs(g, letters, k) for k in _CHILDREN[type(f)](f)))


def names(f: Formula) -> frozenset[str]:
    """The names of all letters in f, bound indices included, bases of indexed letters too."""
    try:
        return f._names
    except AttributeError:
        own = f.name if isinstance(f, Sym) else f.base if isinstance(f, At) else None
        found = frozenset[str]() if own is None else frozenset((own,))
        for k in _CHILDREN[type(f)](f):
            inside = names(k)
            found = inside if found <= inside else found | inside
        keep(f, "_names", found)
        return found


def kinds(f: Formula) -> frozenset[type[Formula]]:
    """The kinds of all nodes in f: whether a sum, an indicator, ... stands in it."""
    try:
        return f._kinds
    except AttributeError:
        found = frozenset[type[Formula]]((type(f),))
        for k in _CHILDREN[type(f)](f):
            inside = kinds(k)
            found = inside if found <= inside else found | inside
        keep(f, "_kinds", found)
        return found


def size(f: Formula) -> int:
    """The number of nodes."""
    return 1 + sum(map(size, children(f)))


def transform(f: Formula, change: Callable[[Formula], Formula | None], kind: type[Formula] | None = None) -> Formula:
    """f with `change` applied to every node (of one kind), innermost first; `None` leaves a node as it is."""
    if kind is not None and kind not in kinds(f):
        return f
    kids = children(f)
    if kids:
        f = with_kids(f, kids, tuple([transform(k, change, kind) for k in kids]))
    g = change(f) if kind is None or type(f) is kind else None
    return f if g is None else g


class Transformer:
    """`transform` by one change that depends on the formula alone: what was made of a formula is remembered.

    kinds: one of them is in every formula that is changed.
    """

    def __init__(self, change: Callable[[Formula], Formula | None], *kinds: type[Formula]):
        self.change, self.kinds, self.made = change, frozenset(kinds), dict[Formula, Formula]()

    def __call__(self, f: Formula) -> Formula:
        if self.kinds.isdisjoint(kinds(f)):
            return f
        made = self.made.get(f)
        if made is None:
            kids = children(f)
            g = with_kids(f, kids, tuple(map(self, kids))) if kids else f
            made = self.change(g) or g
            self.made[f] = made
        return made


# -- bound letters and substitution ----------------------------------------------------------------

Scope = tuple[tuple[str, ...], tuple[bool, ...]]


def _letter(f: Formula) -> tuple[str, ...]:
    return (f.name,) if isinstance(f, Sym) else ()


_SCOPES: Mapping[type[Formula], Callable[[Any], Scope]] = {  # the letters that a node binds, and in which of its children
    Big: lambda f: ((f.index,), (False, False, True)),
    Integral: lambda f: ((), (True, True)) if f.low is None or f.high is None else (_letter(f.variable), (True, True, False, False)),
    Limit: lambda f: (_letter(f.variable), (True, True, False)), Where: lambda f: (_letter(f.variable), (True, True, False)),
    Peak: lambda f: (f.unknowns, (*(True for _ in f.slopes), True, *(False for _ in f.ends))),
    Last: lambda f: ((f.unknown,), (False, False, True)), Best: lambda f: ((f.unknown,), (False, True, True)),
    Expected: lambda f: (f.observed, (True,)),
}  # fmt: skip

_RENAMED: Mapping[type[Formula], Callable[[Any, Mapping[str, str]], Formula]] = {  # binders that carry their letters as names
    Big: lambda f, new: Big(f.kind, new.get(f.index, f.index), f.low, f.high, f.body),
    Peak: lambda f, new: Peak(f.body, f.slopes, tuple(new.get(k, k) for k in f.unknowns), f.ends, f.closed, f.position, f.enclosed),
    Last: lambda f, new: Last(new.get(f.unknown, f.unknown), f.start, f.end, f.condition),
    Best: lambda f, new: Best(new.get(f.unknown, f.unknown), f.places, f.body, f.label),
    Expected: lambda f, new: Expected(f.body, tuple(new.get(k, k) for k in f.observed)),
}
BINDERS = frozenset(_SCOPES)
INTEGRATED = ("t", "u", "v", "w", "s", "z")  # letters for the variable of an integral or a sum over the support
LETTERS = ("i", "j", "k", "l", "m", "r", "s", "t", "u", "v", "w", "z")


def free_names(f: Formula) -> frozenset[str]:
    """The names of the letters that f speaks of: those that a sum, an integral, ... binds are not among them."""
    if BINDERS.isdisjoint(kinds(f)):
        return names(f)
    bound, within = _scope(f)
    own = frozenset((f.base,)) if isinstance(f, At) else frozenset[str]()
    return own.union(*(free_names(k) - bound if inside else free_names(k) for k, inside in zip(children(f), within, strict=True)))


def _scope(f: Formula) -> tuple[frozenset[str], tuple[bool, ...]]:
    scope = _SCOPES.get(type(f))
    if scope is None:
        return frozenset(), (False,) * len(children(f))
    bound, within = scope(f)
    return frozenset(bound), within


def fresh(letters: Iterable[str], *taken: Formula) -> Sym:
    """The first of the letters that occurs in none of the formulas; with a number where all of them do."""
    used = frozenset[str]().union(*map(names, taken))
    wanted = tuple(letters)
    numbered = (f"{k}_{j}" for j in count(1) for k in wanted[:1])
    return Sym(next(k for k in chain(wanted, numbered) if k not in used))


def replace(f: Formula, old: Formula, new: Formula) -> Formula:
    """f with every occurrence of old replaced by new: see `replace_all`."""
    return replace_all(f, {old: new})


def replace_all(f: Formula, table: Mapping[Formula, Formula]) -> Formula:
    """f with every key of the table replaced by its value, all at once (outermost occurrences; values are not searched).

    A letter is not replaced where a sum, an integral, ... binds it, and no letter of a value is bound by what stands around
    the place: the bound letter gets another name there.  A key that speaks of a bound letter itself, such as x_i under the
    sum over i, is replaced there, and the letter means the same in its value.
    """
    letters = frozenset[str]().union(*map(names, table))
    everywhere = not all(map(names, table))  # some key has no letter, and may be anywhere

    def go(f: Formula) -> Formula:
        if letters.isdisjoint(names(f)) and not everywhere:
            return f
        if f in table:
            return table[f]
        kids = children(f)
        if not kids:
            return f
        if type(f) in BINDERS:
            return _under(f, table)
        if type(f) is Derivative:
            return _differentiated(f, table)
        return with_kids(f, kids, tuple([go(k) for k in kids]))

    return go(f) if table else f


def _under(f: Formula, table: Mapping[Formula, Formula]) -> Formula:
    """A binder with the table applied: in the scope of its letters only what does not mean them."""
    kids = children(f)
    bound, within = _scope(f)
    inner = {old: new for old, new in table.items() if not (isinstance(old, Sym) and old.name in bound)}
    scope = [k for k, inside in zip(kids, within, strict=True) if inside]
    spoken = frozenset[str]().union(*map(names, scope))
    free = frozenset[str]().union(*map(free_names, scope))
    captured = {
        k
        for old, new in inner.items()
        if names(old) <= (free if isinstance(old, Sym) else spoken)
        for k in bound & free_names(new)
        if k not in names(old)
    }
    if captured:
        f = _with_names(f, captured, (*kids, *inner, *inner.values()))
        kids = children(f)
    return with_kids(f, kids, tuple(replace_all(k, inner if inside else table) for k, inside in zip(kids, within, strict=True)))


def _with_names(f: Formula, captured: Iterable[str], taken: tuple[Formula, ...]) -> Formula:
    """A binder with other names for some of its letters, which occur in nothing that is taken."""
    new: dict[str, str] = {}
    for k in sorted(captured):
        new[k] = fresh(LETTERS, *taken, *map(Sym, new.values()), *map(Sym, _scope(f)[0])).name
    letters: dict[Formula, Formula] = {Sym(k): Sym(v) for k, v in new.items()}
    kids = tuple(replace_all(k, letters) if inside else k for k, inside in zip(children(f), _scope(f)[1], strict=True))
    f = _RENAMED[type(f)](f, new) if type(f) in _RENAMED else f
    return rebuild(f, kids)


def _differentiated(f: Derivative, table: Mapping[Formula, Formula]) -> Formula:
    """A derivative with the table applied: taken in a letter of its own, and then at the place that is put in for that."""
    kids = children(f)
    at = {v: table.get(v, v) for v in kids[1:] if isinstance(v, Sym)}
    rest = {old: new for old, new in table.items() if old not in at}
    inside = names(f.body)
    spoken = frozenset[str]().union(*(free_names(new) for old, new in rest.items() if names(old) <= inside))
    places = frozenset[str]().union(*map(names, at.values()))
    if len(set(at.values())) == len(at) and all(isinstance(v, Sym) for v in at.values()):  # another letter, or none
        if places.isdisjoint(spoken | (inside - {v.name for v in at})):
            return with_kids(f, kids, tuple([replace_all(k, table) for k in kids]))
    own: dict[Formula, Formula] = {}
    for v in at:
        elsewhere = spoken.union(*(free_names(to) for w, to in at.items() if w != v))
        taken = (*kids, *table, *table.values(), *own.values())
        own[v] = fresh(LETTERS, *taken) if v.name in elsewhere else v
    out = replace_all(rebuild(f, tuple([replace_all(k, own) for k in kids])), rest)
    for v, to in at.items():
        out = Where(out, own[v], to)
    return out


# -- parts -----------------------------------------------------------------------------------------


def terms(f: Formula) -> tuple[Formula, ...]:
    """The terms of a sum; of anything else itself; of 0 none."""
    return f.terms if isinstance(f, Add) else () if f == ZERO else (f,)


def factors(f: Formula) -> tuple[Formula, ...]:
    """The factors of a product; of anything else itself."""
    return f.factors if isinstance(f, Mul) else (f,)


def value(f: Formula) -> Fraction | None:
    """The number that a literal, its negative or a fraction of literals shows; else None."""
    if type(f) is Num:
        return f.value
    if type(f) is Neg:
        size = value(f.arg)
        return None if size is None else -size
    if type(f) is Div:
        top, bottom = value(f.top), value(f.bottom)
        return None if top is None or not bottom else top / bottom
    return None
