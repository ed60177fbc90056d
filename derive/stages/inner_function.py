"""A density in which a parameter stands only inside a function g of it: g is estimated, and every parameter value with that value of g is an
estimate.

L(m) = M(g(m)) for a function M of one value.  If M is largest at v among all values in a set that holds those of g, then L is largest exactly
where g(m) = v, provided that there is such an m.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ..algebra.facts import Facts, Range
from ..algebra.terms import Algebra
from ..density.support.admissible import slope
from ..density.support.conditional import read_off
from ..errors import NotSupported
from ..formula.evaluate import compiled
from ..formula.names import hat, reported
from ..formula.plain import plain
from ..formula.tree import (
    ZERO,
    Add,
    Call,
    Const,
    Div,
    Float,
    Formula,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Searched,
    SetOf,
    Span,
    Sym,
    Union,
    add,
    children,
    equation,
    has,
    mul,
    names,
    neg,
    rational,
    rebuild,
    replace_all,
    value,
    walk,
)
from ..oracle.oracle import value_at
from ..problem.problem import Problem
from ..proofs.grounds import Ground, proved
from ..proofs.zeros import Domain as Interval
from ..proofs.zeros import all_solutions, closed_forms
from ..recorder import definition, record
from ..rule_names import RuleName
from ..rules.calculus import NoDerivative, differentiate
from ..sets.domain import INFINITY, MINUS_INFINITY, Domain
from ..sets.ranges import hull
from ..solving.solve import solve
from ..trace import Block, Display, How, Outcome, Section, SectionKey, say
from .candidates.kinks import inside, smooth_pieces, zeros_of
from .elimination.combinations import LETTERS
from .existence.rational_values import exactly
from .report.evaluation import at_the_data, numeric
from .setting import State

NEAR = Fraction(1, 10**12)  # relative: within which a value that is known numerically lies
CONTINUOUS = frozenset({"abs", "max", "min", "exp", "sin", "cos", "sinh", "cosh", "tanh", "arctan", "asinh", "erf"})
CLEAR = 1e-6  # relative: how far from it the values of g at its turning points must lie
Set = tuple[tuple[Fraction, Fraction], ...]  # closed intervals, perhaps of one point


@dataclass(frozen=True)
class Through:
    """name: the parameter.  function: g of it.  letter: what stands for its value.  problem: the question about that."""

    name: str
    function: Formula
    letter: str
    problem: Problem


def through(p: Problem) -> Through | None:
    """The question about a function of a parameter through which alone that enters, for given data; None where there is none."""
    if p.sample is None or not p.as_stated or p.known:
        return None
    for name, d in p.parameters.items():
        if d.discrete or d.also is not None or d.letters or any(name in e.letters for k, e in p.parameters.items() if k != name):
            continue
        for g in _candidates(p.density, Sym(name)):
            found = _about(g, name, p)
            if found is not None:
                return found
    return None


def _candidates(f: Formula, u: Sym) -> Iterator[Formula]:
    """What might be the function: the parts of f in which u stands alone, the greatest first, without number in front, each once."""
    al, seen = Algebra(), set[Formula]()

    def parts(g: Formula) -> Iterator[Formula]:
        if not has(g, u):
            return
        own = [t for t in g.terms if names(t) == {u.name}] if isinstance(g, Add) else []
        if names(g) == {u.name}:
            yield g
        elif own:
            yield add(*own)
        for k in children(g):
            yield from parts(k)

    for g in parts(f):
        h = add(*(t for t in _terms(al.expand(g)) if has(t, u)))
        lead = al.split(_terms(h)[0]).coefficient
        h = al.expand(mul(rational(1 / lead), h)) if lead != 1 else h
        if h != u and h not in seen:
            seen.add(h)
            yield h


def _terms(f: Formula) -> tuple[Formula, ...]:
    return f.terms if isinstance(f, Add) else (f,)


def _about(g: Formula, name: str, p: Problem) -> Through | None:
    """The question about g, where nothing else holds the parameter."""
    taken = {*p.parameters, *p.known, *p.observed, *p.statistics, "n", p.index}
    letter = next((k for k in LETTERS if k not in taken), None)
    if letter is None:
        return None
    u, al = Sym(name), Algebra()

    def put(f: Formula) -> Formula | None:
        return _put(f, g, u, Sym(letter), al)

    density = put(p.density)
    ends = {v: [None if f is None else put(f) for f in (d.low, d.high, d.also)] for v, d in p.support.items()}
    if density is None or any(d.values is not None and name in d.letters for d in p.support.values()):
        return None
    if any((f is None) != (h is None) for v, d in p.support.items() for f, h in zip((d.low, d.high, d.also), ends[v], strict=True)):
        return None
    if not _continuous(g, Facts({name: hull(p.parameters[name], {})})):
        return None
    values = _values(g, u, p.parameters[name], al)
    if values.low == values.high:
        return None
    parameters = {letter if k == name else k: values if k == name else d for k, d in p.parameters.items()}
    support = {
        v: read_off(replace(d, low=a, high=b, also=c), parameters)
        for v, d in p.support.items()
        for a, b, c in [ends[v]]
        if a is not None and b is not None
    }
    inner = p.replace(
        parameters=parameters, density=density, written=density, support=support, entry=None, given=None, origin=None, probabilities=(),
        notation={k: v for k, v in p.notation.items() if k != name}, asked=replace(p.asked, quantities={}, at={}),
    )  # fmt: skip
    return Through(name, g, letter, inner)


def _put(f: Formula, g: Formula, u: Sym, letter: Sym, al: Algebra) -> Formula | None:
    """f with the letter for g; None where u stands elsewhere too."""
    if not has(f, u):
        return f
    if names(f) == {u.name} and (h := _linear(f, g, letter, al)) is not None:
        return h
    if isinstance(f, Add):
        own = [t for t in f.terms if names(t) == {u.name}]
        rest = [t for t in f.terms if t not in own]
        together = _linear(add(*own), g, letter, al) if own and rest else None
        if together is not None:
            others = [_put(t, g, u, letter, al) for t in rest]
            return None if any(t is None for t in others) else add(*(t for t in others if t is not None), *_terms(together))
    kids = [_put(k, g, u, letter, al) for k in children(f)]
    return None if not kids or any(k is None for k in kids) else rebuild(f, tuple(k for k in kids if k is not None))


def _linear(f: Formula, g: Formula, letter: Sym, al: Algebra) -> Formula | None:
    """f as c g + d with numbers c and d."""
    mine, theirs = al.expanded(f), al.expanded(g)
    if mine is None or theirs is None:
        return None
    key = theirs[0].powers
    c = next((t.coefficient / theirs[0].coefficient for t in mine if t.powers == key), None)
    if c is None:
        return None
    rest = al.expand(add(f, neg(mul(rational(c), g)) if c > 0 else mul(rational(-c), g)))
    return None if names(rest) else al.tidy(add(mul(rational(abs(c)), letter) if c > 0 else neg(mul(rational(-c), letter)), rest))


def _continuous(g: Formula, facts: Facts) -> bool:
    """Whether a function has no jump and no pole in the domain."""

    def fine(f: Formula) -> bool:
        match f:
            case Sym() | Num() | Const() | Add() | Mul() | Neg():
                return True
            case Div(_, b):
                return facts.positive(b) or facts.negative(b)
            case Pow(b, k):
                q = value(k)
                return (
                    facts.positive(b)
                    or (q is not None and q.denominator == 1 and q > 0)
                    or (q is not None and q > 0 and facts.range(b).nonnegative)
                )
            case Call("log", (b,)):
                return facts.positive(b)
            case Call("sqrt", (b,)):
                return facts.range(b).nonnegative
            case Call(called, _):
                return called in CONTINUOUS
        return False

    return all(map(fine, walk(g)))


def _values(g: Formula, u: Sym, domain: Domain, al: Algebra) -> Domain:
    """A set that holds the values of a function: where it is made of polynomials that turn at fractions it is just those, else by ranges."""
    r = Facts({u.name: hull(domain, {})}).range(g)
    rough = Domain(
        rational(Fraction(r.low)) if math.isfinite(r.low) else MINUS_INFINITY, rational(Fraction(r.high)) if math.isfinite(r.high) else INFINITY,
        r.low_open or not math.isfinite(r.low), r.high_open or not math.isfinite(r.high),
    )  # fmt: skip
    ends, reached = _ends(domain), list[tuple[float | Fraction, bool]]()
    if ends is None:
        return rough
    try:
        for f, d in smooth_pieces(g, u, Interval(*ends), al):
            table = al.coefficients(f, u) or {}
            powers = {value(k): value(al.assemble(ts)) for k, ts in table.items()}
            if not powers or any(k is None or k.denominator != 1 or k < 0 or c is None for k, c in powers.items()):
                return rough
            turning = zeros_of(al.expand(differentiate(f, u, al)), u, d.low, d.high) if has(f, u) else []
            finite = [
                (d.low, domain.low_open and d.low == ends[0]),
                (d.high, domain.high_open and d.high == ends[1]),
                *((x, False) for x in turning),
            ]
            for x, is_open in finite:
                v = None if x is None else value(al.tidy(replace_all(f, {u: rational(x)})))
                if v is not None:
                    reached.append((v, is_open))
                elif x is not None:
                    return rough
            top = max(k for k in powers if k is not None)
            lead = powers[top]
            if top and lead is not None:
                reached += [(math.copysign(math.inf, lead * side ** int(top)), True) for side, e in ((-1, d.low), (1, d.high)) if e is None]
    except (ValueError, NoDerivative):
        return rough
    low, high = min(reached), max(reached, key=lambda r: (r[0], not r[1]))

    def end(v: float | Fraction) -> Formula:
        return rational(Fraction(v)) if math.isfinite(v) else INFINITY if v > 0 else MINUS_INFINITY

    return Domain(end(low[0]), end(high[0]), low[1], high[1])


def explained(found: Through, outer: State) -> Section:
    """That the parameter enters through the function alone."""
    p, u, v = outer.problem.as_asked, Sym(found.name), Sym(found.letter)
    among = found.problem.parameters[found.letter].condition(v)
    blocks: list[Block] = [
        say("{} enters the density only through", u),
        Display((definition(equation(v, found.function), "a function of the parameter", rule=RuleName.LETTER),)),
        say("With this letter the density is"),
        Display(
            (
                record(
                    equation(p.density_at(*map(Sym, p.variables)), found.problem.as_asked.density),
                    proved(Ground.MULTIPLIED_OUT),
                    rule=RuleName.LETTER,
                ),
            )
        ),
        say("So {} is estimated first", v)
        + (say("") if among is None else say(", among all {}", among))
        + say(". Where some {} gives it the value that is found, {} is largest for every such {}.", u, p.of("L"), u),
    ]
    return Section(SectionKey.SYMMETRY, say("A function of the parameter"), tuple(blocks))


def solved_back(outer: State, found: Through, inner: State) -> State:
    """The parameter from the estimate of its function.  outer: a state about the parameters in which nothing is found yet.

    Raises NotSupported where it has none, or not all of them are found.
    """
    refusal = NotSupported(f"which values of {reported(found.name)} give {plain(found.function)} its estimate was not settled")
    if inner.outcome is Outcome.NONE:
        raise NotSupported(
            f"the likelihood has no maximum in {plain(found.function)}; what it does in {reported(found.name)} was not settled"
        )
    numbers = numeric(inner, exactly(inner))
    if numbers is None or set(inner.sets) - {found.letter}:
        raise refusal
    wanted, exact = _wanted(inner, found.letter, numbers)
    places = _preimage(found, wanted, exact, outer.problem.parameters[found.name])
    if places is None:
        raise refusal
    if not places:
        raise NotSupported(
            f"no {reported(found.name)} in its domain gives {plain(found.function)} the value at which the likelihood is largest"
        )
    u, shown = Sym(found.name), dict[Formula, Formula]()
    answer, every = places[0] if not isinstance(places[0], Span) else _one_of(places[0]), _as_set(places)
    state = replace(outer, numbers=True, conditions=(), arguments={})
    state = state.answered(found.name, answer, How.NUMERIC if isinstance(answer, Float) else How.CLOSED, inner.weakest([found.letter]))
    shown = {
        Sym(found.letter): replace_all(found.function, {u: hat(found.name)}),
        hat(found.letter): replace_all(found.function, {u: hat(found.name)}),
    }
    for k in inner.order:
        if k != found.letter:
            f = inner.answers[k]
            if found.letter in names(f) and isinstance(f, Searched):
                raise refusal
            state = state.answered(k, replace_all(f, shown), inner.how[k], inner.weakest([k]))
    value_shown: Formula = (
        Float(numbers[found.letter]) if not exact else _as_set([rational(a) if a == b else _span(a, b) for a, b in wanted])
    )
    sign = "approx" if isinstance(value_shown, Float) else "in" if isinstance(value_shown, (Span, SetOf, Union)) else "="
    rounded = any(isinstance(f, Float) for f in places)
    line = Relation(
        (hat(found.name), every), ("in" if isinstance(every, (Span, SetOf, Union)) else "approx" if isinstance(every, Float) else "=",)
    )
    last = Section(SectionKey.SOLVE, say("Back to {}", u), (
        say("{} is largest just where {}. All values of {} in its domain for which this holds were enclosed in exact bounds" + (" (rounded here):" if rounded else ":"), outer.problem.of("L"), Relation((found.function, value_shown), (sign,)), u),
        Display((record(line, proved(Ground.SOLUTIONS), rule=RuleName.SOLVE),)),
    ))  # fmt: skip
    state = replace(
        state,
        sections=(
            *outer.sections,
            explained(found, outer),
            *(s for s in inner.sections if s.key not in (SectionKey.DENSITY, SectionKey.MODEL)),
            last,
        ),
    )
    return state if not isinstance(every, (Span, SetOf, Union)) else state.not_unique(found.name, every)


def _wanted(inner: State, letter: str, numbers: dict[str, float]) -> tuple[Set, bool]:
    """The values of the function at which the likelihood is largest, and whether they are exact."""
    known = exactly(inner)
    if letter in inner.sets:
        f = at_the_data(inner, known, numbers)[letter]
        parts = f.items if isinstance(f, SetOf) else f.parts if isinstance(f, Union) else (f,)
        out = []
        for g in parts:
            ends = [value(e) for e in ((g.low, g.high) if isinstance(g, Span) else (g, g))]
            if ends[0] is None or ends[1] is None or (isinstance(g, Span) and (g.low_open or g.high_open)):
                raise NotSupported("the estimates of a function of the parameter are not known exactly")
            out.append((ends[0], ends[1]))
        return tuple(out), True
    exact = value(known[letter]) if letter in known else value(inner.answers[letter])
    if exact is not None:
        return ((exact, exact),), True
    v = Fraction(numbers[letter])
    return ((v, v),), False


def _preimage(found: Through, wanted: Set, exact: bool, domain: Domain) -> list[Formula] | None:
    """The values of the parameter, in order, each a number or an interval of them; None where that is not settled."""
    u, al, ends = Sym(found.name), Algebra(), _ends(domain)
    if ends is None:
        return None
    try:
        pieces = smooth_pieces(found.function, u, Interval(*ends), al)
    except ValueError:
        return None
    levels = sorted({v for pair in wanted for v in pair})
    if not exact and not all(_clear(f, u, d, levels[0], al) for f, d in pieces):
        return None
    points: list[Mark] = []
    spans: list[tuple[Mark, Mark]] = []
    for f, d in pieces:
        low, high = _mark(d.low, MINUS_INFINITY), _mark(d.high, INFINITY)
        if not has(f, u):
            level = value(f)
            if level is None:
                return None
            if any(a <= level <= b for a, b in wanted):
                spans.append((low, high))
            continue
        there = [_places(f, v, u, d, exact, al) for v in levels]
        if None in there:
            return None
        marks = [low, *sorted((m for ms in there for m in ms or ()), key=lambda m: m[0]), high]
        points += marks[1:-1]
        for s, t in pairwise(marks):
            x = inside(None if s[0] == -math.inf else Fraction(s[0]), None if t[0] == math.inf else Fraction(t[0]))
            v = compiled(f)({u.name: float(x)})
            if s[0] < t[0] and any(a < v < b for a, b in wanted):
                spans.append((s, t))
    return _joined(spans, points, domain)


Mark = tuple[Fraction | float, Formula]  # a place and how it is written


def _mark(end: Fraction | None, infinite: Formula) -> Mark:
    return (_infinite(infinite), infinite) if end is None else (end, rational(end))


def _infinite(infinite: Formula) -> float:
    """An infinite end as a float."""
    return math.inf if infinite == INFINITY else -math.inf


def _ends(domain: Domain) -> tuple[Fraction | None, Fraction | None] | None:
    """The ends as fractions, None for an infinite one; None where one is another number."""
    low, high = (None if e in (INFINITY, MINUS_INFINITY) else value(e) for e in (domain.low, domain.high))
    known = (low is None) == (domain.low == MINUS_INFINITY) and (high is None) == (domain.high == INFINITY)
    return (low, high) if known else None


def _places(f: Formula, v: Fraction, u: Sym, d: Interval, exact: bool, al: Algebra) -> list[Mark] | None:
    """Where a smooth function has a value; None where that is not settled."""
    gap = al.tidy(add(f, rational(-v) if v < 0 else neg(rational(v)))) if v else f
    there = all_solutions(gap, u.name, d.low, d.high)
    if there is None:
        return _by_inverse(f, v, u, d, exact)
    closed = closed_forms(gap, u.name, (), (((), 1),), there) if exact and there else None
    return [
        (s.middle, rational(s.low) if s.low == s.high else closed[j] if closed else Float(float(s.middle))) for j, s in enumerate(there)
    ]


def _by_inverse(f: Formula, v: Fraction, u: Sym, d: Interval, exact: bool) -> list[Mark] | None:
    """The only place at which a monotone function has a value, in closed form; None where that is not found."""
    low, high = (-math.inf if d.low is None else float(d.low)), (math.inf if d.high is None else float(d.high))
    al = Algebra(Facts({u.name: Range(low, high, True, True)}))
    solved = solve(equation(f, rational(v)), u, al) if slope(f, u, al) else None
    if solved is None or len(solved.roots) != 1:
        return None
    x = value_at(solved.roots[0], {})
    return [(Fraction(x), solved.roots[0] if exact else Float(x))] if low < x < high else None


def _clear(f: Formula, u: Sym, d: Interval, v: Fraction, al: Algebra) -> bool:
    """Whether a function has no value near v where it turns, so that as many places have the value v as have any near it."""
    if not has(f, u):
        return True
    try:
        turning = all_solutions(al.tidy(differentiate(f, u, al)), u.name, d.low, d.high)
    except NoDerivative:
        return False
    ends = [e for e in (d.low, d.high) if e is not None]
    if turning is None:
        return False
    at = [compiled(f)({u.name: float(x)}) for x in (*(s.middle for s in turning), *ends)]
    return all(abs(w - float(v)) > CLEAR * (1 + abs(w) + abs(float(v))) for w in at)


def _joined(spans: list[tuple[Mark, Mark]], points: list[Mark], domain: Domain) -> list[Formula]:
    """Intervals that touch as one, and the points outside them, in order; without an end of the domain that does not belong to it."""
    joined: list[tuple[Mark, Mark]] = []
    for s, t in sorted(spans, key=lambda r: r[0][0]):
        if joined and joined[-1][1][0] == s[0]:
            joined[-1] = (joined[-1][0], t)
        else:
            joined.append((s, t))
    left_out = [
        _infinite(e) if e in (INFINITY, MINUS_INFINITY) else value(e)
        for e, is_open in ((domain.low, domain.low_open), (domain.high, domain.high_open))
        if is_open
    ]
    out: list[Mark] = [(s[0], Span(s[1], t[1], s[0] in left_out, t[0] in left_out)) for s, t in joined]
    alone = {m[0]: m for m in points if m[0] not in left_out and not any(s[0] <= m[0] <= t[0] for s, t in joined)}
    return [f for _, f in sorted([*out, *alone.values()], key=lambda m: m[0])]


def _span(a: Fraction, b: Fraction) -> Span:
    return Span(rational(a), rational(b), False, False)


def _one_of(s: Span) -> Formula:
    """A simple number in an interval."""
    low, high = (None if e in (INFINITY, MINUS_INFINITY) else compiled(e)({}) for e in (s.low, s.high))
    if (low is None or low < 0) and (high is None or high > 0):
        return ZERO
    if value(s.low) is not None and not s.low_open:
        return s.low
    x = inside(None if low is None else Fraction(low), None if high is None else Fraction(high))
    simple = (x.limit_denominator(10**k) for k in range(12))
    return rational(next((v for v in simple if (low is None or low < v) and (high is None or v < high)), x))


def _as_set(places: list[Formula]) -> Formula:
    """The values as one formula."""
    if len(places) == 1:
        return places[0]
    spans = [f for f in places if isinstance(f, Span)]
    points = [f for f in places if not isinstance(f, Span)]
    if not spans:
        return (
            SetOf(tuple(points)) if not any(isinstance(f, Float) for f in points) else SetOf(tuple(Float(compiled(f)({})) for f in points))
        )
    return Union((*spans, SetOf(tuple(points)))) if points else Union(tuple(spans))


__all__ = ["Through", "solved_back", "through"]
