"""A likelihood without bound at the border of what the data allow.

Let the other parameters keep values of their domains, and one parameter go where an extreme observation comes to lie at
the end of the support.  Where the density grows there without bound, and stays away from 0 at the other observations, so
does the likelihood.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from ...algebra.terms import Algebra
from ...density.support.admissible import largest, positive_first, smallest
from ...density.support.conditional import larger_less_smaller
from ...errors import NotSupported, NotValid
from ...formula.evaluate import Env, compiled
from ...formula.restrict import Real, restricted
from ...formula.tree import (
    Add,
    Apply,
    At,
    Div,
    Formula,
    Mul,
    Pow,
    Relation,
    Sym,
    add,
    equation,
    has,
    names,
    neg,
    num,
    rational,
    replace,
    replace_all,
    size,
    transform,
    value,
)
from ...numerics.newton import grid
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...proofs.zeros import Towards
from ...recorder import chain
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain
from ...solving.solve import solve
from ...trace import Block, Section, SectionKey, Table, Words, say
from ..boundary.admissible_region import with_order_statistics
from ..number_format import digits
from ..profile.along_path import V, towards
from ..prose import listed
from ..setting import ARGUED, LOOKED_FOR, Setting, State

STEPS = (1e-2, 1e-4, 1e-6, 1e-8)  # distances from the border, times the size of its place
LEAST = 0.2  # of the log-density at the extreme observation in each step: a factor of 100 in the distance
STEADY = 0.15  # relative difference of the last two steps
MOST = 160  # choices of fixed values that are looked at


@dataclass(frozen=True)
class Path:
    """One parameter goes to `end`, the others keep the values in `fixed`; seen: the observation that comes to lie at the
    end of the support.  below: whether the parameter is smaller than the end on the way."""

    name: str
    end: Formula
    below: bool
    fixed: dict[str, Fraction]
    seen: At


def unbounded_at_support_end(state: State) -> State:
    """Section "The likelihood is unbounded" and the outcome, where there is such a path."""
    p = state.problem
    if not (p.restrictions or (p.moving and len(p.parameters) > 1)) or len(p.variables) > 1 or p.implied:
        return state
    if any(d.discrete for d in (*p.parameters.values(), *p.support.values())) or (p.sample is not None and p.observations is None):
        return state
    points = state.judge.points[:1] if p.observations is not None else state.general.points
    path = next((q for q in paths(p, points[0]) if blows_up(q, points, state) and all(_rises(q, w, p) for w in points)), None)
    if path is None:
        return state
    section = Section(SectionKey.NO_MAXIMUM, say("The likelihood is unbounded"), _shown(path, points, state))
    return state.adding(section).without_maximum(ARGUED if p.observations is not None else LOOKED_FOR)


def paths(p: Problem, w: Env) -> Iterator[Path]:
    """Paths on which the density at an extreme observation rises near the end, at a test point: for every parameter that moves
    an end of the support, simple values of the others."""
    (v,) = p.variables
    d = p.support[v]
    open_sides = [add(Sym(v), neg(d.low)) if d.low != MINUS_INFINITY else None, add(d.high, neg(Sym(v))) if d.high != INFINITY else None]
    gaps = [g for g in open_sides if g is not None] + [larger_less_smaller(c) for _, c in p.restrictions]
    closing: list[tuple[int, str, Formula, At]] = []
    for gap in gaps:
        for k in p.parameters:
            if k in names(gap):
                closing += [(size(gap), k, gap, seen) for seen in (smallest(v), largest(v))]
    al = Algebra(p.facts)
    lists = {k: _simple(e, p) for k, e in p.parameters.items()}
    for _, k, gap, seen in sorted(closing, key=lambda found: found[0]):
        others = [o for o in p.parameters if o != k]
        choices = sorted(product(*(range(len(lists[o])) for o in others)), key=sum)
        for choice in choices[:MOST]:
            fixed = {o: lists[o][j] for o, j in zip(others, choice, strict=True)}
            for below in _sides(k, gap, seen, fixed, w, p):
                end = _end(replace_all(gap, {Sym(v): seen, **{Sym(o): rational(q) for o, q in fixed.items()}}), k, al)
                if end is not None:
                    yield Path(k, end, below, fixed, seen)


def _sides(name: str, gap: Formula, seen: At, fixed: Mapping[str, Fraction], w: Env, p: Problem) -> Iterator[bool]:
    """The sides from which the gap closes while the density at the extreme observation rises: True from below."""
    (v,) = p.variables
    x = compiled(seen)(w)
    env: Env = {**w, **{k: float(q) for k, q in fixed.items()}, v: x}
    f = restricted(gap, name, env)
    low, high = p.parameters[name].bounds({})
    for end in roots(f, low, high):
        for side in (-1, 1):
            places = [end + side * (1 + abs(end)) * t for t in (1e-3, 1e-5, 1e-7)]
            if not (low < places[0] < high and f(places[0]) > f(places[1]) > f(places[2]) > 0):
                continue
            a, b, c = (p.log_density({**env, name: u}) for u in places)
            if math.isfinite(a) and math.isfinite(c) and b > a + LEAST and abs(c - b - (b - a)) < STEADY * (b - a):
                yield side < 0


def roots(f: Real, low: float, high: float) -> list[float]:
    """Where a function of one parameter changes its sign, or passes to a side where it has no value, inside the domain."""
    xs = grid(low, high)
    out = []
    for a, b in pairwise(xs):
        if (f(a) > 0) != (f(b) > 0):
            out.append(bisected_sign(f, a, b))
    return out


def bisected_sign(f: Real, a: float, b: float) -> float:
    """Where a function stops or begins to be positive between a and b."""
    first = f(a) > 0
    while (m := (a + b) / 2) not in (a, b):
        a, b = (m, b) if (f(m) > 0) == first else (a, m)
    return a if not first else b


def _simple(d: Domain, p: Problem) -> list[Fraction]:
    """Simple values inside a domain, those with which likelihoods often grow first."""
    low, high = d.bounds({})
    if math.isfinite(low) and math.isfinite(high):
        vs = [low + (high - low) * t for t in (0.5, 0.1, 0.9, 0.75, 0.25)]
    elif math.isfinite(low) or math.isfinite(high):
        end, side = (low, 1) if math.isfinite(low) else (high, -1)
        vs = [end + side * t for t in (1, 0.5, 2, 4, 0.1)]
    else:
        vs = [-2, 1, 0, -0.5, 0.5, 2]
    seen = p.observations
    if seen is not None and not (math.isfinite(low) and math.isfinite(high)):
        xs = [float(x) for row in seen.each() for x in row[:1]]
        spread, middle = max(xs) - min(xs), sum(xs) / len(xs)
        vs += [float(f"{t:.1g}") for t in ((2 * spread,) if math.isfinite(low) else (middle,))]
    return list(dict.fromkeys(Fraction(str(v)) for v in vs if low < v < high))


def _end(gap: Formula, name: str, al: Algebra) -> Formula | None:
    """Where the gap closes, as a value of the parameter."""
    u = Sym(name)
    try:
        solved = solve(equation(al.tidy(gap), num(0)), u, al)
    except (NotValid, NotSupported):
        return None
    if solved is None or len(solved.roots) != 1 or names(solved.roots[0]) & {name}:
        return None
    return positive_first(al.expand(solved.roots[0]))


def density_at_edge(q: Path, p: Problem, al: Algebra) -> Formula:
    """The density at the observation in question, with the values that are kept."""
    table: dict[Formula, Formula] = {Sym(k): rational(x) for k, x in q.fixed.items()}
    put = replace_all(p.density, {Sym(p.variables[0]): q.seen, **table})
    return transform(put, lambda g: al.tidy(g) if isinstance(g, (Div, Mul, Pow)) else None)


def blows_up(q: Path, points: Sequence[Env], setting: Setting) -> bool:
    """Whether the density at the extreme observation is a negative power of a factor that vanishes at the end of the path
    times factors that are continuous and positive there: then it grows without bound."""
    al, u = setting.al, Sym(q.name)
    exponent = Fraction(0)
    for b, k in al.split(density_at_edge(q, setting.problem, al)).powers.items():
        if not has(b, u) and not has(k, u):
            continue
        if _vanishes(replace(b, u, q.end), al):
            order = value(k)
            if order is None or not all(_simple_zero(b, q, w) for w in points):
                return False
            exponent += order
            continue
        at_end = compiled(transform(replace(Pow(b, k), u, q.end), lambda g: num(0) if _vanishes(g, al) else None))
        if not all(0 < at_end(w) < math.inf for w in points):
            return False
    return exponent < 0


def _simple_zero(b: Formula, q: Path, w: Env) -> bool:
    """Whether a factor vanishes at the end of the path in proportion to the distance."""
    near, nearer = (compiled(b)({**w, **at}) for at in _places(q, w)[1:3])
    return abs(near / nearer * STEPS[2] / STEPS[1] - 1) < 0.01


def _vanishes(f: Formula, al: Algebra) -> bool:
    return isinstance(f, Add) and al.expand(f) == num(0)


def _places(q: Path, w: Env) -> list[Env]:
    """Parameter points along the path."""
    end = compiled(q.end)(w)
    scale = (1 + abs(end)) * (-1 if q.below else 1)
    return [{**{k: float(v) for k, v in q.fixed.items()}, q.name: end + scale * t} for t in STEPS]


def _parts(q: Path, at: Env, w: Env, p: Problem) -> tuple[float, float]:
    """The log-density at the extreme observations and at the others."""
    (v,) = p.variables
    xs: Sequence[float] = w["#sample"][v]
    edge = compiled(q.seen)(w)
    rows = [(x, p.log_density({**w, **at, v: x})) for x in xs if p.support[v].closed.contains(x, {**w, **at})]
    if len(rows) != len(xs):
        return math.nan, math.nan
    return math.fsum(h for x, h in rows if x == edge), math.fsum(h for x, h in rows if x != edge)


def _rises(q: Path, w: Env, p: Problem) -> bool:
    """Whether the log-likelihood grows without bound along the path, by its expansion at the end."""
    way = add(q.end, neg(V)) if q.below else add(q.end, V)
    return towards({**{k: rational(v) for k, v in q.fixed.items()}, q.name: way}, w, p) is Towards.INFINITY


def _shown(q: Path, points: Sequence[Env], setting: Setting) -> tuple[Block, ...]:
    """The path, the density at the observation in question, and for given data a table."""
    p = setting.problem
    (v,) = p.variables
    u, which = Sym(q.name), "largest" if q.seen == largest(v) else "smallest"
    end = with_order_statistics(q.end, p)
    numbered = setting.al.tidy(end) if end != q.end else q.end
    place: Formula | Relation = q.end if numbered == q.end else equation(q.end, numbered)
    fixed = [equation(Sym(k), rational(x)) for k, x in q.fixed.items()]
    lead = (
        say("Take ") + listed("", fixed) + say(", which belong{} to the domain, and let ", "s" if len(fixed) == 1 else "")
        if fixed
        else say("Let ")
    )
    first: Words = lead + say(
        "{} {} to {}, where the {} observation comes to lie at the end of the support. Its density is then",
        u,
        "rise" if q.below else "fall",
        place,
        which,
    )
    oracle = Oracle(tuple({**w, **at} for w in points for at in _places(q, w)[:2]))
    label = Apply("f", (q.seen, *(rational(q.fixed[k]) if k in q.fixed else Sym(k) for k in p.parameters)), 1)
    shown = chain(oracle, label, [(density_at_edge(q, p, setting.al), None, None)])
    gap = next(b for b in setting.al.split(density_at_edge(q, p, setting.al)).powers if _vanishes(replace(b, u, q.end), setting.al))
    last: Words = say("It grows without bound, since {} goes to {} and has a negative exponent. ", gap, num(0)) + say(
        "The densities at the other observations tend to positive numbers, so {} grows without bound too: there is no maximum. A root of "
        "the score is at best a local maximum.",
        p.of("L"),
    )
    blocks: list[Block] = [first, shown]
    if p.observations is not None:
        blocks += [*_table(q, points[0], p)]
    return (*blocks, last)


def _table(q: Path, w: Env, p: Problem) -> tuple[Block, ...]:
    end = compiled(q.end)(w)
    rows = []
    for at in _places(q, w):
        edge, rest = _parts(q, at, w, p)
        rows.append(
            tuple(
                say("{}", f)
                for f in (
                    digits(at[q.name], 10),
                    digits(abs(at[q.name] - end), 1),
                    digits(edge, 5),
                    digits(rest, 5),
                    digits(edge + rest, 5),
                )
            )
        )
    heads = (
        say("{}", Sym(q.name)),
        say("distance"),
        say("log-density at {}", q.seen),
        say("at the others, together"),
        say("{}", p.of("ell")),
    )
    return (Table(heads, tuple(rows)),)


__all__ = ["paths", "unbounded_at_support_end"]
