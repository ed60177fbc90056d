"""With data, a density whose case depends on one parameter: between the values of it at which the case of some observation
changes, the log-likelihood is smooth.  In each such interval all stationary points are enclosed; they and the ends are compared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import compiled, holds
from ...formula.names import hat
from ...formula.plain import plain
from ...formula.tree import (
    ONE,
    ZERO,
    Cases,
    Float,
    Formula,
    Indicator,
    N,
    Relation,
    Span,
    Sym,
    add,
    equation,
    mul,
    names,
    neg,
    num,
    rational,
    replace_all,
    transform,
    value,
    walk,
)
from ...problem.problem import Problem
from ...problem.test_points import random_points
from ...proofs.grounds import Ground, proved
from ...proofs.zeros import Domain, Highest, Stationary, Top, closed_forms, highest_piece
from ...recorder import record
from ...rule_names import RuleName
from ...rules.calculus import differentiate
from ...rules.logs import logged
from ...sets.domain import conjuncts
from ...trace import Block, Display, How, Section, SectionKey, Table, Words, say
from ..number_format import digits
from ..setting import ARGUED, State
from .kinks import decided, turns
from .kinks import inside as between

Piece = tuple[Formula, Formula, Domain]  # the derivative of the log-likelihood, itself, and where
MOST = 200  # intervals
CLOSEST = Fraction(1, 10**12)  # of two values that are told apart, relative to their size
FIRST = 24  # of them that are shown


def by_breakpoints(p: Problem) -> bool:
    """Whether this is a question with data whose density by cases compares the variable with the only parameter."""
    spots = [c for g in walk(p.density) if isinstance(g, Cases) for _, c in g.rows if c is not None]
    spots += [g.condition for g in walk(p.density) if isinstance(g, Indicator)]
    return with_data_of_one(p) and any({*p.variables, *p.parameters} <= names(c) for c in spots)


def with_closed_cases(p: Problem) -> Problem:
    """The question with the density defined where two of its cases meet and it is written for neither, by the value that both approach
    there; a density may be changed at single points."""
    if len(p.variables) != 1:
        return p
    (v,) = p.variables
    points = random_points(p, 4, seed=8) if any(isinstance(g, Cases) for g in walk(p.density)) else ()

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, Cases):
            return None
        rows = list(g.rows)
        for j, (f, c) in enumerate(rows):
            for h, d in rows[j + 1 :]:
                if isinstance(c, Relation) and isinstance(d, Relation) and c.signs[-1:] == ("<",) and d.signs[:1] == ("<",):
                    end = c.sides[-1]
                    same = c.sides[-2] == Sym(v) == d.sides[1] and d.sides[0] == end
                    at: dict[Formula, Formula] = {Sym(v): end}
                    a, b = compiled(replace_all(f, at)), compiled(replace_all(h, at))
                    if same and names(end) & set(p.parameters) and all(math.isclose(a(w), b(w), rel_tol=1e-9) for w in points):
                        rows[j] = (f, Relation(c.sides, (*c.signs[:-1], "<=")))
        return None if tuple(rows) == g.rows else Cases(tuple(rows))

    density = transform(p.density, one)
    words = "Where two cases of the density meet, for which it was not written, it is given the value that both approach."
    return p if density == p.density else p.replace(density=density, warnings=(*p.warnings, words))


def with_data_of_one(p: Problem) -> bool:
    """Whether a question is one about a single real parameter, with given data of one real variable."""
    single = len(p.variables) == len(p.parameters) == 1 and not p.covariates and not p.whole and not p.known
    return single and p.observations is not None and not any(d.discrete for d in (*p.support.values(), *p.parameters.values()))


def breakpoints(state: State) -> State:
    """Sections "Likelihood" and "Where the maximum lies": finds the parameter.  Raises NotSupported where that is not settled."""
    p = state.problem
    (name,) = p.parameters
    al = replace(state.al, decimals=False, generic=None, whole=(), named={})
    places = _places(p, al)
    pieces = list(_pieces(p, places, al))
    if not pieces:
        raise NotSupported("the data are impossible for every value of the parameter", hint="check the data and the density")
    found = highest_piece(pieces, name)
    if found is None or found.unbounded or not found.best:
        why = "grows without bound at such a value" if found is not None and found.unbounded else "was not settled between all of them"
        raise NotSupported(f"the density has other cases for other values of {name}, and where its likelihood is largest {why}")
    return _shown(state, pieces, found)


# -- where a case changes ---------------------------------------------------------------------------


def _conditions(p: Problem) -> list[Relation]:
    """The comparisons that decide of an observation, one pair of sides each."""
    (v,) = p.variables
    stated = [c for g in walk(p.density) if isinstance(g, Cases) for _, c in g.rows if c is not None]
    stated += [g.condition for g in walk(p.density) if isinstance(g, Indicator)]
    stated += [Relation((g, ZERO), (">",)) for g in turns(p.density, *p.parameters)]
    support = p.support[v].condition(Sym(v))
    out: list[Relation] = []
    for c in (*stated, *((support,) if support is not None else ())):
        for r in conjuncts(c):
            if not isinstance(r, Relation):
                raise NotSupported("a case is decided by something else than inequalities")
            for a, sign, b in zip(r.sides, r.signs, r.sides[1:], strict=False):
                ends = (b.low, b.high) if isinstance(b, Span) else (b,)
                out += [Relation((a, e), (sign if sign != "in" else ">",)) for e in ends]
    return out


def _places(p: Problem, al: Algebra) -> list[Fraction]:
    """The values of the parameter at which an observation changes from one case to another, in order."""
    (v,), (name,) = p.variables, p.parameters
    u, found = Sym(name), set[Fraction]()
    assert p.observations is not None
    for c in _conditions(p):
        if name not in names(c):
            continue
        for row, _ in p.observations.rows:
            table = al.coefficients(replace_all(add(c.sides[0], neg(c.sides[1])), {Sym(v): rational(row[0])}), u)
            if table is None or set(table) - {ZERO, ONE}:
                raise NotSupported(f"a case is decided by a condition that is not linear in {name}")
            slope, rest = value(al.assemble(table.get(ONE, []))), value(al.assemble(table.get(ZERO, [])))
            if slope is None or rest is None:
                raise NotSupported(f"a case is decided by a condition whose place in {name} is no fraction")
            if slope:
                found.add(-rest / slope)
    return sorted(found)


def _pieces(p: Problem, places: list[Fraction], al: Algebra) -> Iterator[Piece]:
    """The intervals between two such values in which the data are possible."""
    (v,), (name,) = p.variables, p.parameters
    u, d = Sym(name), p.parameters[name]
    low, high = _end(d.low), _end(d.high)
    inside = [x for x in places if (low is None or x > low) and (high is None or x < high)]
    if len(inside) > MOST:
        raise NotSupported(f"{len(inside)} intervals would have to be looked at; this is done for at most {MOST}")
    support = p.support[v].condition(Sym(v))
    assert p.observations is not None
    if any(b - a < CLOSEST * (abs(a) + abs(b)) for a, b in pairwise(inside)):
        raise NotSupported("the observations lie too close together to look between them")
    for a, b in pairwise([low, *inside, high]):
        middle = between(a, b)
        parts: list[Formula] = []
        for (x,), k in p.observations.rows:
            f = _case(p.density, v, name, x, middle)
            env = {v: float(x), name: float(middle)}
            if f == ZERO or (support is not None and not holds(support)(env)) or not compiled(f)(env) > 0:
                break
            one = logged(replace_all(f, {Sym(v): rational(x)}), al)
            parts.append(one if k == 1 else mul(num(k), one))
        else:
            height = add(*parts)
            yield differentiate(height, u, al), height, Domain(a, b, (True, True))


def _end(f: Formula) -> Fraction | None:
    """An end of the domain; None for an infinite one."""
    v = value(f)
    if v is None and math.isfinite(compiled(f)({})):
        raise NotSupported("the domain of the parameter ends at a number that is no fraction")
    return v


def _case(f: Formula, v: str, name: str, x: Fraction, u: Fraction) -> Formula:
    """A density at an observation near a value of the parameter: its case, its indicators and absolute values decided."""
    env = {v: float(x), name: float(u)}

    def one(g: Formula) -> Formula | None:
        match g:
            case Cases(rows):
                return next((h for h, c in rows if c is None or holds(c)(env)), ZERO)
            case Indicator(c) if name in names(c):
                return ONE if holds(c)(env) else ZERO
        return None

    g = decided(transform(f, one), name, env)
    return ZERO if names(g) == frozenset() and compiled(g)(env) == 0 else g


# -- what is shown ----------------------------------------------------------------------------------


def _shown(state: State, pieces: list[Piece], found: Highest) -> State:
    """The candidates, and the best of them."""
    state = replace(state, numbers=True)
    p, al = state.problem, state.al
    (name,), (best,), w = p.parameters, found.best, state.judge.points[0]
    u, f = Sym(name), replace_all(p.likelihood, {N: p.high})
    likelihood = Section(SectionKey.LIKELIHOOD, say("Likelihood"), (
        say("The observations are independent, so the likelihood is the product of their densities. Which case holds for an observation depends on {}:", u),
        Display((record(equation(p.of("L"), f), state.judge.same_size(p.of("L"), lambda e: float(e["ell"](e[name])), f)),)),
    ))  # fmt: skip
    rows = [
        (say("{}", _between(pieces[t.piece][2], u, al)), _place(t, al), say("{}", digits(_height(t, pieces, name), 7))) for t in found.tops
    ]
    blocks: list[Block] = [
        say("The case of an observation changes only where {} passes one of finitely many values. Between two of these {} is smooth. In each such interval in which the "
            "data are possible, all its stationary points were enclosed in exact bounds, and its values there and towards the ends compared. It is highest:", u, p.of("ell")),
        Table((say("for"), say("at"), say("{}", p.of("ell"))), tuple(rows[:FIRST])),
    ]  # fmt: skip
    if len(rows) > FIRST:
        blocks.append(say("and so on, in {} intervals.", num(len(rows))))
    answer, how = _answer(best, pieces, name)
    if not p.parameters[name].contains(compiled(answer)({})):
        raise NotSupported(
            f"the likelihood comes closest to its supremum as {name} tends to {plain(answer)}, an end that is not in its domain"
        )
    if not isinstance(best.place, Stationary) and not math.isclose(
        float(w["ell"](float(best.place or 0))), _height(best, pieces, name), rel_tol=1e-9, abs_tol=1e-9
    ):
        raise NotSupported(
            f"the likelihood comes closest to its supremum as {name} tends to {plain(answer)}, where the density as written has another value",
            hint="let the other case include the place where two cases meet",
        )
    blocks += [
        say("The largest of these values belongs to"),
        Display(
            (
                record(
                    Relation((hat(name), answer), ("approx" if isinstance(answer, Float) else "=",)),
                    proved(Ground.ENCLOSED),
                    rule=RuleName.LARGEST,
                ),
            )
        ),
    ]
    state = state.answered(name, answer, how).adding(
        likelihood, Section(SectionKey.COMPARISON, say("Where the maximum lies"), tuple(blocks))
    )
    return replace(state, arguments={**state.arguments, name: ARGUED})


def _between(d: Domain, u: Sym, al: Algebra) -> Formula:
    """The condition that u lies in an interval."""
    if d.low is None or d.high is None:
        end = d.high if d.low is None else d.low
        return u if end is None else Relation((u, al.number(end)), ("<" if d.low is None else ">",))
    return Relation((al.number(d.low), u, al.number(d.high)), ("<", "<"))


def _place(t: Top, al: Algebra) -> Words:
    """Where a piece is highest."""
    if isinstance(t.place, Stationary):
        return say("{}", digits(float(t.place.middle), 6))
    return say("its end {}", al.number(t.place)) if t.place is not None else say("far out")


def _height(t: Top, pieces: list[Piece], name: str) -> float:
    """The log-likelihood where a piece is highest."""
    height = pieces[t.piece][1]
    if t.place is None:
        return math.nan
    x = t.place.middle if isinstance(t.place, Stationary) else t.place
    v = compiled(height)({name: float(x)})
    return v if math.isfinite(v) else -math.inf


def _answer(best: Top, pieces: list[Piece], name: str) -> tuple[Formula, How]:
    """The place as a formula: an end, a stationary point in closed form, else the digits of a float."""
    if not isinstance(best.place, Stationary):
        if best.place is None:
            raise NotSupported(f"the likelihood only approaches its supremum as {name} grows without bound")
        return rational(best.place), How.BOUNDARY
    closed = closed_forms(pieces[best.piece][0], name, (), (((), 1),), (best.place,))
    return (closed[0], How.CLOSED) if closed is not None else (Float(float(best.place.middle)), How.NUMERIC)


__all__ = ["breakpoints", "by_breakpoints", "with_closed_cases"]
