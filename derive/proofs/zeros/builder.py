"""From a formula with data to a function of its unknowns over any algebra: a list of steps, sums over the sample as lists of their own.

What holds data only is worked out once, exactly where logarithms and rational numbers allow; equal rows are taken once with their
number; equal subformulas are taken once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from operator import mul as product
from typing import Any

from flint import arb, ctx, fmpq

from ...formula.functions import SPECIAL
from ...formula.tree import ONE, TWO, ZERO, Add, At, Big, Call, Const, Div, Formula, Mul, Neg, Num, Pow, Sym, children, names, value, walk
from .algebras import Algebra, Balls, Expansions
from .exact import Exact, NotCovered, rational
from .expansion import ball, inverted, plus, times
from .extended import NoValue
from .many import MANY, Band, Bounds, Guesses, columns, numpy
from .many_rows import LETTER, PowerSums, expanded, scaled

FEW_ROWS = 8  # that are expanded one by one
MOST_POWERS = 1000  # the greatest whole exponent of exact numbers
OF_ORDER = {"besseli": "bessel_i", **{name: SPECIAL[name] for name in ("besselk", "uppergamma", "lowergamma", "expint")}}
MANY_LOGARITHMS = 32  # of a sum that are taken together as one
LONGEST_PRODUCT = 10**6  # bits of a number of which the logarithm is taken
AT_ONCE = 16  # steps that cost as much as one where all rows are taken at once
MOST_STEPS = 10_000  # factors x + j of a ratio of gamma functions
Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class Data:
    """The observations: names of the columns, distinct rows with how often each occurs."""

    names: tuple[str, ...]
    rows: tuple[tuple[Row, int], ...]
    known: dict[tuple[Formula, int, bool], Any] = field(default_factory=dict, compare=False, repr=False)
    powers: dict[Formula, PowerSums] = field(default_factory=dict, compare=False, repr=False)
    sets: dict[Any, RowSet] = field(default_factory=dict, compare=False, repr=False)

    @property
    def size(self) -> int:
        """The number of observations."""
        return sum(k for _, k in self.rows)

    @property
    def whole(self) -> frozenset[str]:
        """The columns of whole numbers from 0 on."""
        return frozenset(
            v for j, v in enumerate(self.names) if all(r[j].denominator == 1 and 0 <= r[j] <= MOST_STEPS for r, _ in self.rows)
        )

    def value(self, f: Formula) -> Any:
        """What holds data only: exact, or with the present precision; worked out once."""
        return self._once(f, False, lambda: constant(f, self))

    def column(self, f: Formula) -> list[Any]:
        """What holds one observation only, for each row; worked out once."""
        return self._once(f, True, lambda: self._column(f))  # type: ignore[no-any-return]

    def power_sums(self, f: Formula) -> PowerSums:
        """Those of an observed letter."""
        if f not in self.powers:
            self.powers[f] = PowerSums([(k, e.q) for (_, k), e in zip(self.rows, self.column(f), strict=True)])
        return self.powers[f]

    def _once(self, f: Formula, by_row: bool, work: Callable[[], Any]) -> Any:
        """What is exact is so with every precision."""
        for key in ((f, 0, by_row), (f, ctx.prec, by_row)):
            if key in self.known:
                return self.known[key]
        found = work()
        exact = all(isinstance(c, Exact) for c in found) if by_row else isinstance(found, Exact)
        self.known[f, 0 if exact else ctx.prec, by_row] = found
        return found

    def _column(self, f: Formula) -> list[Any]:
        match f:
            case At(base, (Sym(),)) if base in self.names:
                j = self.names.index(base)
                return [Exact(rational(row[j])) for row, _ in self.rows]
            case Num() | Const() | Sym() | Big():
                return [self.value(f)] * len(self.rows)
        op = _arithmetic(f)
        return [op(*cs) for cs in zip(*map(self.column, children(f)), strict=True)]


# -- constants ---------------------------------------------------------------------------------------


def constant(f: Formula, data: Data, row: Row | None = None) -> Any:
    """The value of what holds data only: exact where logarithms and rational numbers allow, else a ball."""
    match f:
        case Num(v):
            return Exact(rational(v))
        case Const("pi"):
            return arb.pi()
        case Const("e"):
            return arb(1).exp()
        case Sym("n"):
            return Exact(data.size)
        case Sym(name) if name.endswith("_bar") and name[:-4] in data.names:
            return times(
                Exact(fmpq(1, data.size)), summed([(k, c) for (_, k), c in zip(data.rows, data.column(_observed(name[:-4])), strict=True)])
            )
        case At(base, (Sym(),)) if row is not None and base in data.names:
            return Exact(rational(row[data.names.index(base)]))
        case Big("sum", _, _, _, Call("log", (a,))) if len(data.rows) > MANY_LOGARITHMS and (p := _multiplied(data, a)) is not None:
            return Exact.log(p)
        case Big("sum", _, _, _, body):
            return summed([(k, c) for (_, k), c in zip(data.rows, data.column(body), strict=True)])
    op = _arithmetic(f)
    return op(*(constant(g, data, row) for g in children(f)))


def _arithmetic(f: Formula) -> Callable[..., Any]:
    """The constant that a node makes of those of its children.  Raises `NotCovered`."""
    match f:
        case Add():
            return lambda *cs: reduce(plus, cs)
        case Neg():
            return lambda c: times(Exact(-1), c)
        case Mul():
            return lambda *cs: reduce(times, cs)
        case Div():
            return lambda a, b: times(a, inverted(_nonzero(b)))
        case Pow(_, k) if (e := value(k)) is not None and e.denominator == 1 and abs(e) < MOST_POWERS:
            whole = int(e)
            return lambda c, _: _raised(c, whole)
        case Pow():
            return lambda c, k: (ball(k) * ball(c).log()).exp()
        case Call("log", (_,)):
            return lambda c: Exact.log(c.q) if isinstance(c, Exact) and not c.logs and c.q > 0 else ball(c).log()
        case Call("exp" | "cos" | "cosh" as name, (_,)):
            return lambda c: Exact(1) if _is_nil(c) else Balls().call(name, ball(c))
        case Call("abs", (_,)):
            return lambda c: Exact(abs(c.q)) if isinstance(c, Exact) and not c.logs else abs(ball(c))
        case Call(name, (_,)):
            return lambda c: Balls().call(name, ball(c))
        case Call(name, (_, _)) if name in OF_ORDER:
            return lambda k, c: getattr(ball(c), OF_ORDER[name])(ball(k))
    raise NotCovered(type(f).__name__)


def _raised(c: Any, k: int) -> Any:
    if isinstance(c, Exact) and not c.logs:
        return Exact((c if k >= 0 else _nonzero(c)).q ** k)
    return Balls().power(ball(c), k)


def summed(parts: Sequence[tuple[int, Any]]) -> Any:
    """The sum of constants with how often each occurs: exact where all are, and their logarithms are few."""
    logs: dict[Any, Any] = {}
    q, rest = fmpq(0), None
    for k, c in parts:
        if isinstance(c, Exact):
            q += k * c.q
            for a, w in c.logs.items():
                logs[a] = logs.get(a, 0) + k * w
        else:
            rest = k * c if rest is None else rest + k * c
    exact = Exact(q, logs)
    return exact if rest is None else exact.ball() + rest


def _observed(name: str) -> Formula:
    return At(name, (Sym("i"),))


def _multiplied(data: Data, a: Formula) -> Any:
    """The product over the sample of what holds one observation, where that is a positive rational number with not too many digits:
    the sum of its logarithms is one logarithm."""
    found = data.column(a)
    if not all(isinstance(c, Exact) and not c.logs and c.q > 0 for c in found):
        return None
    if sum(k * c.q.height_bits() for (_, k), c in zip(data.rows, found, strict=True)) > LONGEST_PRODUCT:
        return None
    parts = [c.q**k for (_, k), c in zip(data.rows, found, strict=True)]
    while len(parts) > 1:
        parts = [reduce(product, parts[j : j + 2]) for j in range(0, len(parts), 2)]
    return parts[0]


def _is_nil(c: Any) -> bool:
    return isinstance(c, Exact) and not c.logs and c.q == 0


def _nonzero(c: Any) -> Any:
    if (isinstance(c, Exact) and c.is_zero) or (not isinstance(c, Exact) and c.contains(0)):
        raise NotCovered("a constant that may be 0")
    return c


# -- steps -------------------------------------------------------------------------------------------

Step = Callable[[Algebra, list[Any], Sequence[Any]], Any]  # the algebra, the values before, the constants
PLACE = Sym("#j")  # the number j of a factor x + j


class Steps:
    """A list of steps, each of which makes one value from those before; the first values are given."""

    def __init__(self, given: int):
        self.first = given
        self.steps: list[Step] = []
        self.seen: dict[Formula, int] = {}

    def add(self, step: Step) -> int:
        """The place of a further value."""
        self.steps.append(step)
        return self.first + len(self.steps) - 1

    def run(self, algebra: Algebra, given: Sequence[Any], constants: Sequence[Any]) -> list[Any]:
        """All values."""
        values = list(given)
        for step in self.steps:
            values.append(step(algebra, values, constants))
        return values


def _operation(f: Formula, places: Sequence[int]) -> Step:
    """The step of a node from the places of its children."""
    match f, places:
        case Neg(), (a,):
            return lambda _, v, __: -v[a]
        case Add(), (a, b):
            return lambda _, v, __: v[a] + v[b]
        case Add(), (a, *rest):
            return lambda _, v, __: sum((v[k] for k in rest), v[a])
        case Mul(), (a, b):
            return lambda _, v, __: v[a] * v[b]
        case Mul(), (a, *rest):
            return lambda _, v, __: reduce(product, (v[k] for k in rest), v[a])
        case Div(), (a, b):
            return lambda _, v, __: v[a] / v[b]
        case Pow(_, k), (a, *_) if (e := value(k)) is not None and e.denominator == 1:
            whole = int(e)
            return lambda algebra, v, __: algebra.power(v[a], whole)
        case Pow(), (a, b):
            return lambda algebra, v, __: algebra.call("exp", v[b] * algebra.call("log", v[a]))
        case Call(name, (_,)), (a,):
            return lambda algebra, v, __: algebra.call(name, v[a])
        case Call("besseli", (k, _)), (_, b) if k in (ZERO, ONE):
            function = "besseli0" if k == ZERO else "besseli1"
            return lambda algebra, v, __: algebra.call(function, v[b])
    raise NotCovered(type(f).__name__)


Counted = list[tuple[int, tuple[Any, ...]]]


class RowSet:
    """Rows of constants, exact or in balls, with how often each occurs."""

    def __init__(self, made: Callable[[], Counted]):
        self._made = made
        self._rows: dict[int, Counted] = {}
        self._over: dict[tuple[Any, int], Any] = {}

    def rows(self) -> Counted:
        """The rows, exact or with the present precision; equal ones once."""
        bits = 0 if 0 in self._rows else int(ctx.prec)
        if bits not in self._rows:
            count: dict[tuple[Any, ...], int] = {}
            inexact: Counted = []
            for k, row in self._made():
                if all(isinstance(c, Exact) for c in row):
                    count[row] = count.get(row, 0) + k
                else:
                    inexact.append((k, row))
            bits = bits if inexact else 0
            self._rows[bits] = [(k, row) for row, k in count.items()] + inexact
        return self._rows[bits]

    def over(self, algebra: Algebra) -> Any:
        """The rows over an algebra with the present precision."""
        if isinstance(algebra, Expansions):
            return self._in(algebra)
        key = (algebra.key, int(ctx.prec))
        if key not in self._over:
            self._over[key] = self._in(algebra)
        return self._over[key]

    def _in(self, algebra: Algebra) -> Any:
        if isinstance(algebra, (Bounds, Guesses)):
            return columns(algebra, self.rows())
        return [(k, tuple(map(algebra.constant, row))) for k, row in self.rows()]


class Table:
    """What is summed over rows; steps: of one row.  at_once: whether expansions take all of many rows at once."""

    def __init__(self, steps: int, of: RowSet, at_once: bool = False):
        self.steps, self._of, self.at_once = steps, of, at_once

    def rows(self) -> Counted:
        """The rows."""
        return self._of.rows()

    def over(self, algebra: Algebra) -> Any:
        """The rows over an algebra; None where they are not gone through one by one."""
        return None if isinstance(algebra, Expansions) and self.at_once and len(self.rows()) > FEW_ROWS else self._of.over(algebra)

    @property
    def cost(self) -> int:
        """The number of steps of one evaluation."""
        return len(self.rows()) * (1 + self.steps)

    @property
    def cost_expanded(self) -> int:
        """The number of steps of one evaluation by expansions."""
        return min(self.cost, FEW_ROWS * (1 + self.steps)) if self.at_once else self.cost


class Function:
    """A formula of one or several unknowns with data, as a function over an algebra.  Raises `NotCovered` when it is made."""

    def __init__(self, f: Formula, unknowns: Sequence[str], data: Data):
        self.unknowns, self.data = frozenset(unknowns), data
        self.sizes = [x for row, _ in data.rows for x in row if x] or [v for g in walk(f) if isinstance(g, Num) and (v := g.value)]
        self._held: list[Formula] = []
        self._tables: list[Table] = []
        self._main = Steps(len(unknowns))
        self._main.seen |= {Sym(k): j for j, k in enumerate(unknowns)}
        self._made: dict[tuple[Any, int], Callable[..., Any]] = {}
        self._uncovered: set[str] = set()  # ways to take all rows at once that do not cover it
        self._out = self._place(f)
        self.steps = len(self._main.steps) + sum(t.cost for t in self._tables)  # of one evaluation, row by row
        self.cost_expanded = len(self._main.steps) + sum(t.cost_expanded for t in self._tables)  # the same at an end of the domain

    def over(self, algebra: Algebra) -> Callable[..., Any]:
        """The function over an algebra, of a value for each unknown, its constants with the present precision."""
        key = (algebra.key, ctx.prec)
        if key not in self._made:
            held = [algebra.constant(self.data.value(f)) for f in self._held]
            constants = (held, [t.over(algebra) for t in self._tables])
            self._made[key] = lambda *x: self._main.run(algebra, x, constants)[self._out]
        return self._made[key]

    @property
    def cost(self) -> int:
        """The number of steps of one evaluation, as it is tried first: perhaps all rows at once."""
        return self.steps // AT_ONCE if self.many and Bounds.key not in self._uncovered else self.steps

    @cached_property
    def many(self) -> bool:
        """Whether there are so many rows that all are taken at once."""
        return numpy() is not None and any(len(t.rows()) >= MANY for t in self._tables)

    def bounded(self, x: Any) -> Any:
        """A ball that holds the values on a ball, from all rows at once; None where there are few rows, or that is not covered."""
        return self._at_once(Bounds(), Band.around, lambda v: v.ball(), x)

    def guessed(self, x: Any) -> float | None:
        """About the value at a number, of which nothing is claimed; None as for `bounded`."""
        found: float | None = self._at_once(Guesses(), float, lambda v: float(v) if math.isfinite(v) else None, x)
        return found

    def through(self, algebra: Guesses, *x: Any) -> Any:
        """The value over an algebra of floats; None as for `bounded`."""
        return self._at_once(algebra, lambda v: v, lambda v: v, *x)

    def _at_once(self, algebra: Bounds | Guesses, into: Callable[[Any], Any], out: Callable[[Any], Any], *x: Any) -> Any:
        if not self.many or algebra.key in self._uncovered:
            return None
        try:
            with numpy().errstate(all="ignore"):
                return out(self.over(algebra)(*map(into, x)))
        except NotCovered:
            self._uncovered.add(algebra.key)
        except (NoValue, ArithmeticError, ValueError):
            pass
        return None

    # -- making ----------------------------------------------------------------------------------

    def _place(self, f: Formula) -> int:
        main = self._main
        if f not in main.seen:
            main.seen[f] = main.add(self._step(f))
        return main.seen[f]

    def _step(self, f: Formula) -> Step:
        if not self.unknowns & names(f):
            self.data.value(f)  # raises where it is not covered
            self._held.append(f)
            j = len(self._held) - 1
            return lambda _, __, c: c[0][j]
        match f:
            case Call("expmean" | "expvar" as name, (t, Big("sum", i, _, _, body))):
                return self._weighted(name, self._place(t), body, i)
            case Call(name, (r, Big("sum", _, _, _, At(base, _)))) if name in RISING:
                return self._rising(RISING[name](Add((r, PLACE))), base)
            case Big("sum", i, _, _, body):
                return self._summed(body, i, self._rows)
        return _operation(f, [self._place(k) for k in _operands(f)])

    def _rows(self, held: Sequence[Formula], weights: Sequence[int]) -> RowSet:
        """The constants of each row whose weight is not 0, with how often it occurs."""

        def made() -> Counted:
            columns = zip(*map(self.data.column, held), strict=True) if held else (() for _ in self.data.rows)
            found = [(k, row) for (_, k), row in zip(self.data.rows, columns, strict=True)]
            return [(k, row) for k, row in found if not any(_is_nil(row[j]) for j in weights)] if weights else found

        return self.data.sets.setdefault((*held, *weights), RowSet(made))

    def _weighted(self, name: str, t: int, body: Formula, index: str) -> Step:
        table = Table(0, self._rows([body], ()))
        self._tables.append(table)
        j, first = len(self._tables) - 1, name == "expmean"

        def step(algebra: Algebra, v: list[Any], c: Sequence[Any]) -> Any:
            cs = (c[1][j][0], c[1][j][1][0]) if isinstance(algebra, (Bounds, Guesses)) else [(k, row[0]) for k, row in c[1][j]]
            return algebra.mean(v[t], cs) if first else algebra.variance(v[t], cs)

        return step

    def _rising(self, body: Formula, base: str) -> Step:
        """The sum over the factors (r + j), j = 0, ..., x - 1 of gamma(x + r)/gamma(r), by the number of observations above j."""
        at = self.data.names.index(base)
        if base not in self.data.whole:
            raise NotCovered("observations that are not whole numbers")
        above: dict[int, int] = {}
        for row, k in self.data.rows:
            for j in range(int(row[at])):
                above[j] = above.get(j, 0) + k
        if not above:
            return lambda algebra, _, __: algebra.constant(Exact(0))
        return self._summed(body, PLACE.name, lambda _, __: RowSet(lambda: [(k, (Exact(j),)) for j, k in sorted(above.items())]))

    def _summed(self, body: Formula, index: str, rows: Callable[[Sequence[Formula], Sequence[int]], RowSet]) -> Step:
        """A sum over rows: what is free of the index is a step before it, what holds data only a constant of the row."""
        inner, outside, held = Steps(0), list[int](), list[Formula]()

        def place(f: Formula) -> int:
            if f not in inner.seen:
                inner.seen[f] = inner.add(step(f))
            return inner.seen[f]

        def step(f: Formula) -> Step:
            if index not in names(f):
                outside.append(self._place(f))
                j = len(outside) - 1
                return lambda _, __, c: c[0][j]
            if not self.unknowns & names(f):
                held.append(f)
                if f != PLACE:
                    constant(f, self.data, self.data.rows[0][0])
                j = len(held) - 1
                return lambda _, __, c: c[1][j]
            if isinstance(f, Big) or (isinstance(f, Call) and len(f.args) != 1):
                raise NotCovered("a sum inside a sum")
            if isinstance(f, Div) and f.top != ONE and index not in names(f.bottom) and self.unknowns & names(f.bottom):
                return _operation(Mul((f.top, f.bottom)), [place(f.top), place(Div(ONE, f.bottom))])  # 1/bottom is worked out once
            return _operation(f, [place(k) for k in _operands(f)])

        out = place(body)
        weights = [j for j, f in enumerate(held) if isinstance(body, Mul) and f in body.factors]

        once = self._expanded(body, index)
        table = Table(len(inner.steps), rows(held, weights), once is not None)
        self._tables.append(table)
        j = len(self._tables) - 1

        def summed(algebra: Algebra, v: list[Any], c: Sequence[Any]) -> Any:
            if once is not None and c[1][j] is None:
                return once(v)
            given = [v[k] for k in outside]
            if isinstance(algebra, (Bounds, Guesses)):
                times, row = c[1][j]
                return algebra.total(inner.run(algebra, (), (given, row))[out], times)
            total = None
            for k, row in c[1][j]:
                y = inner.run(algebra, (), (given, row))[out]
                if k != 1:
                    y = algebra.constant(Exact(k)) * y
                total = y if total is None else total + y
            return algebra.constant(Exact(0)) if total is None else total

        return summed

    def _expanded(self, body: Formula, index: str) -> Callable[[list[Any]], Any] | None:
        """A sum by power sums of an observation, where its terms are a function of it times something."""
        found = scaled(body, index)
        if found is None or names(found[0]) & (self.unknowns | set(self.data.names)) or not names(found[1]) & self.unknowns:
            return None
        g, s, c, m = found
        at, one = self._place(s), Function(g, (LETTER.name,), self.data)
        column = self.data.power_sums(c)
        return lambda v: expanded(lambda d, w: one.over(Expansions(d))(w), v[at], column, m)


RISING: Mapping[str, Callable[[Formula], Formula]] = {
    "loggammas": lambda u: Call("log", (u,)),
    "digammas": lambda u: Div(ONE, u),
    "trigammas": lambda u: Neg(Div(ONE, Pow(u, TWO))),
}


def _operands(f: Formula) -> tuple[Formula, ...]:
    """The children whose values a step takes: not a whole exponent."""
    if isinstance(f, Pow) and (e := value(f.exponent)) is not None and e.denominator == 1:
        return (f.base,)
    if not isinstance(f, (Add, Mul, Neg, Div, Pow, Call)):
        raise NotCovered(type(f).__name__)
    return children(f)


__all__ = ["Data", "Function", "constant"]
