"""Candidates for the support of a density whose support is not stated, from its structure, in order of preference.

Nothing here decides: the first candidate over which the function is a density is the support.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import DeriveError
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Call,
    Cases,
    Const,
    Div,
    Formula,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    factors,
    has,
    names,
    neg,
    num,
    terms,
    value,
    walk,
)
from ...sets.conditions import from_condition
from ...sets.domain import BINARY, COUNTS, INTEGERS, NATURAL, OPEN_UNIT, POSITIVE, REAL, Domain, finite, lattice

COUNTING = frozenset({"factorial", "binomial"})
PERIODIC = frozenset({"sin", "cos", "tan"})
CIRCLE = Domain(Neg(Const("pi")), Const("pi"), True, False)
FULL_CIRCLE = Domain(ZERO, Mul((TWO, Const("pi"))), False, True)


def candidates(density: Formula, variable: str, letters: Sequence[str], whole: frozenset[str] = frozenset()) -> Iterator[Domain]:
    """Supports to try, each once.  letters: names that may stand in its ends.  whole: those that are whole numbers."""
    seen: set[Domain] = set()
    for d in _candidates(density, variable, letters, whole):
        if d not in seen:
            seen.add(d)
            yield d


def counts_something(density: Formula, variable: str) -> bool:
    """Whether its structure is that of a mass function: factorials of the variable, powers with it as exponent, values one by one."""
    x = Sym(variable)
    if any(isinstance(g, Call) and g.name in COUNTING and has(g, x) for g in walk(density)):
        return True
    if _listed(density, x):
        return True
    return has(density, x) and all(isinstance(g, Pow) and not has(g.base, x) for g in _outermost(density, x))


def _outermost(f: Formula, x: Sym) -> list[Formula]:
    """The outermost parts that hold x once products and quotients are opened."""
    match f:
        case Mul(fs):
            return [h for g in fs for h in _outermost(g, x)]
        case Div(a, b):
            return _outermost(a, x) + _outermost(b, x)
        case Neg(a):
            return _outermost(a, x)
    return [f] if has(f, x) else []


def _candidates(density: Formula, variable: str, letters: Sequence[str], whole: frozenset[str]) -> Iterator[Domain]:
    x = Sym(variable)
    yield from _from_conditions(density, x)
    listed = _listed(density, x)
    if listed:
        yield finite(*listed)
        return
    if any(isinstance(g, Call) and g.name in PERIODIC and has(g, x) for g in walk(density)):
        yield CIRCLE
        yield FULL_CIRCLE
    free = not has(density, x)
    discrete = list(_discrete(density, x, letters, whole))
    if counts_something(density, variable) or (free and whole):
        yield from discrete
        yield from _continuous(density, x, letters)
    else:
        yield from _continuous(density, x, letters)
        if not free:
            yield from discrete


def _listed(density: Formula, x: Sym) -> tuple[Formula, ...]:
    """The values c of the cases x = c, where all cases but "otherwise" have that form."""
    out: list[Formula] = []
    for g in walk(density):
        if isinstance(g, Cases):
            for _, c in g.rows:
                if c is None:
                    return ()
                if isinstance(c, Relation) and c.signs == ("=",) and x in c.sides:
                    out.append(c.sides[1] if c.sides[0] == x else c.sides[0])
                elif has(c, x):
                    return ()
    return tuple(dict.fromkeys(out))


def _from_conditions(density: Formula, x: Sym) -> Iterator[Domain]:
    """What an indicator says, or the only case with a condition on the variable."""
    for g in walk(density):
        conditions: list[Formula] = []
        if isinstance(g, Indicator):
            conditions = [g.condition]
        elif isinstance(g, Cases):
            conditions = [c for v, c in g.rows if c is not None and value(v) != 0]
            if len(conditions) > 1:
                whole = _side_by_side(conditions, x)
                conditions = []
                if whole is not None:
                    yield whole
        for c in conditions:
            if has(c, x):
                try:
                    yield from_condition(c, x.name)
                except DeriveError:
                    continue


def _side_by_side(conditions: Sequence[Formula], x: Sym) -> Domain | None:
    """The interval that several cases fill, each beginning where the one before it ends; None where they do not."""
    try:
        left = [from_condition(c, x.name) for c in conditions if has(c, x)]
    except DeriveError:
        return None
    if len(left) < len(conditions) or any(d.discrete or d.also is not None for d in left):
        return None
    ends = {d.high for d in left}
    row = [d for d in left if d.low not in ends]
    if len(row) != 1:
        return None
    left.remove(row[0])
    while left:
        following = [d for d in left if d.low == row[-1].high]
        if len(following) != 1:
            return None
        row.append(following[0])
        left.remove(following[0])
    return Domain(row[0].low, row[-1].high, row[0].low_open, row[-1].high_open)


def _continuous(density: Formula, x: Sym, letters: Sequence[str]) -> Iterator[Domain]:
    """Intervals; none that ends where |x - a| has its kink, for on one side of that nobody writes an absolute value."""
    kinks = {
        e for g in walk(density) if isinstance(g, Call) and g.name == "abs" for e in ([ZERO] if g.args == (x,) else _ends(g.args[0], x))
    }
    yield from (d for d in _intervals(density, x, letters) if d.low not in kinks and d.high not in kinks)


def _intervals(density: Formula, x: Sym, letters: Sequence[str]) -> Iterator[Domain]:
    if has(density, x):
        yield REAL
        yield POSITIVE
        yield OPEN_UNIT
        yield Domain(Neg(ONE), ONE)
        yield Domain(low=ONE)
    ends = [*_ends(density, x), *(e for e in map(Sym, letters) if e not in _ends(density, x))]
    for e in ends:
        yield _closed(ZERO, e)
        if has(density, x):
            yield Domain(low=e, low_open=False)
            yield Domain(high=e, high_open=False)
        if e != ZERO:
            yield _closed(neg(e), e)
    for a in ends:
        for b in ends:
            if a != b:
                yield _closed(a, b)
    if has(density, x):
        yield from _where_defined(density, x)


def _closed(low: Formula, high: Formula) -> Domain:
    """The interval with these ends, open where they are numbers."""
    return Domain(low, high, not names(low) and bool(not names(high)), not names(high))


def _ends(density: Formula, x: Sym) -> list[Formula]:
    """Where parts a - x or a + x vanish; the numbers in the density that are raised to a power."""
    out: dict[Formula, None] = {}
    for g in walk(density):
        if isinstance(g, Add):
            with_x = [t for t in g.terms if has(t, x)]
            if len(with_x) == 1 and with_x[0] in (x, Neg(x)):
                rest = tuple(t for t in g.terms if t is not with_x[0])
                root = rest[0] if len(rest) == 1 else Add(rest)
                root = root if isinstance(with_x[0], Neg) else _minus(root)
                out[root] = None
        elif isinstance(g, Pow) and isinstance(g.base, Num) and names(g.exponent):
            out[g.base] = None
    return list(out)


def _minus(f: Formula) -> Formula:
    return Add(tuple(neg(t) for t in f.terms)) if isinstance(f, Add) else neg(f)


def _where_defined(density: Formula, x: Sym) -> Iterator[Domain]:
    """Where the arguments of logarithms and of powers that are not whole are positive."""
    for g in walk(density):
        argument = None
        if isinstance(g, Call) and g.name in ("log", "sqrt"):
            argument = g.args[0]
        elif isinstance(g, Pow) and names(g.exponent):
            argument = g.base
        if argument is not None and has(argument, x) and argument != x:
            try:
                yield from_condition(Relation((argument, ZERO), (">",)), x.name)
            except DeriveError:
                continue


def _discrete(density: Formula, x: Sym, letters: Sequence[str], whole: frozenset[str]) -> Iterator[Domain]:
    """Lattices: up to what is chosen from, {0, 1}, {0, 1, 2, ...}, {1, 2, ...}, all whole numbers."""
    tops = _tops(density, x)
    if len(tops) > 1:
        yield lattice(ZERO, Call("min", tuple(tops))).folded
    for t in tops:
        yield lattice(ZERO, t)
    for start in _starts(density, x):
        yield lattice(start)
    if not has(density, x):
        for name in letters:
            if name in whole:
                yield lattice(ONE, Sym(name))
                yield lattice(ZERO, Sym(name))
        return
    yield BINARY
    yield COUNTS
    yield NATURAL
    yield INTEGERS
    for k in range(2, 7):
        yield finite(*(num(j) for j in range(k + 1)))


def _tops(density: Formula, x: Sym) -> list[Formula]:
    """m where binomial(m, x), binomial(., m - x) or factorial(m - x) occurs."""
    out: dict[Formula, None] = {}
    for g in walk(density):
        if isinstance(g, Call) and g.name == "binomial" and g.args[1] == x and not has(g.args[0], x):
            out[g.args[0]] = None
        elif isinstance(g, Call) and g.name in COUNTING:
            bottom = g.args[-1]
            rest = [t for t in terms(bottom) if not has(t, x)]
            if Neg(x) in terms(bottom) and len(rest) == len(terms(bottom)) - 1 and rest:
                out[rest[0] if len(rest) == 1 else Add(tuple(rest))] = None
    return list(out)


def _starts(density: Formula, x: Sym) -> list[Formula]:
    """r where factorial(x - r) or binomial(x - 1, r - 1) occurs."""
    out: dict[Formula, None] = {}
    for g in walk(density):
        if isinstance(g, Call) and g.name in COUNTING and x in terms(g.args[0]):
            chosen = terms(g.args[1]) if len(g.args) == 2 else ()
            if any(has(t, x) for t in chosen):
                continue
            rest = [*chosen, *(neg(t) for t in terms(g.args[0]) if t != x)]
            root = Domain(low=Add(tuple(rest))).folded.low if len(rest) > 1 else rest[0] if rest else ZERO
            if value(root) not in (0, 1):
                out[root] = None
    return list(out)


def simplex(variables: Sequence[str]) -> dict[str, Domain]:
    """Positive numbers that add up to 1: each below what those before it leave, the last one all that is left."""
    out: dict[str, Domain] = {}
    for j, v in enumerate(variables):
        left = Add((ONE, *(Neg(Sym(u)) for u in variables[:j]))) if j else ONE
        out[v] = Domain(ZERO, left) if j < len(variables) - 1 else finite(left)
    return out


def one_of_several(density: Formula, variables: Sequence[str]) -> dict[str, Domain] | None:
    """One variable is 1 and the others 0, where the density is p^x q^y ...; perhaps none is, where r^(1 - x - y - ...) stands by."""
    xs = [Sym(v) for v in variables]
    exponents = [g.exponent for g in factors(density) if isinstance(g, Pow) and not names(g.base) & set(variables)]
    if len(exponents) != len(factors(density)) or not all(x in exponents for x in xs):
        return None
    rest = [k for k in exponents if k not in xs]
    if not rest:
        return lattice_simplex(variables, ONE)
    if len(rest) == 1 and set(terms(rest[0])) == {ONE, *map(Neg, xs)}:
        return lattice_simplex(variables, ONE, rest=True)
    return None


def totals(density: Formula, variables: Sequence[str]) -> list[Formula]:
    """m where the factorial of m stands beside those of all the variables: counts that add up to m."""
    inside = [g.args[0] for g in walk(density) if isinstance(g, Call) and g.name == "factorial"]
    if not all(Sym(v) in inside for v in variables):
        return []
    return list(dict.fromkeys(f for f in inside if not names(f) & set(variables)))


def with_rest(density: Formula, variables: Sequence[str]) -> bool:
    """Whether what the variables leave of the total is counted too: its factorial holds all of them."""
    return any(
        isinstance(g, Call) and g.name == "factorial" and all(Neg(Sym(v)) in terms(g.args[0]) for v in variables) for g in walk(density)
    )


def lattice_simplex(variables: Sequence[str], whole: Formula, rest: bool = False) -> dict[str, Domain]:
    """Counts that add up to a whole: each at most what those before it leave, the last one all that is left.

    rest: a further count, that is no variable, takes what is left.
    """
    out: dict[str, Domain] = {}
    for j, v in enumerate(variables):
        left = Add((whole, *(Neg(Sym(u)) for u in variables[:j]))) if j else whole
        out[v] = lattice(ZERO, left) if rest or j < len(variables) - 1 else finite(left)
    return out


def whole_letters(density: Formula, variables: Sequence[str]) -> frozenset[str]:
    """Letters under factorials and in binomial coefficients: perhaps whole numbers."""
    found: set[str] = set()
    for g in walk(density):
        if isinstance(g, Call) and g.name in COUNTING:
            found |= names(g)
    return frozenset(found - set(variables))


def surely_whole(density: Formula, variables: Sequence[str]) -> frozenset[str]:
    """Letters in factorials and binomial coefficients that hold no variable: sizes of populations and samples."""
    found: set[str] = set()
    for g in walk(density):
        if isinstance(g, Call) and g.name in COUNTING and not names(g) & set(variables):
            found |= names(g)
    return frozenset(found)


def unit_letters(density: Formula) -> frozenset[str]:
    """Letters that occur as 1 - p: perhaps probabilities."""
    found: set[str] = set()
    for g in walk(density):
        if isinstance(g, Add) and g.terms[0] == ONE:
            for t in g.terms[1:]:
                if isinstance(t, Neg) and all(isinstance(h, (Sym, Num)) for h in factors(t.arg)):
                    found |= names(t)
    return frozenset(found)
