"""A likelihood without bound along a path on which several parameters move together to the border of what the data allow.

One parameter goes to where an extreme observation lies at a pole of the density; of the others, those that move the end of the
support as well follow it there, a scale may grow like the logarithm of the distance, and the rest keep simple values.  (Hill 1963,
J. Amer. Statist. Assoc. 58, for the lognormal distribution; Smith 1985, Biometrika 72.)
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from ...density.support.admissible import conditions, largest, smallest
from ...formula.evaluate import Env, compiled
from ...formula.tree import ZERO, Add, Formula, Neg, Sym, add, equation, log, names, neg, rational, replace_all, size, walk
from ...problem.problem import Problem
from ...proofs.zeros import Towards
from ...sets.domain import INFINITY, Domain
from ...trace import Block, Section, SectionKey, Table, Words, say
from ..boundary.admissible_region import with_order_statistics
from ..number_format import digits
from ..profile.along_path import V, inside, towards
from ..prose import listed
from ..setting import ARGUED, LOOKED_FOR, Setting, State

KEPT = ("1", "1/2", "2", "1/10", "1/100")  # values of a parameter that keeps one, those with which a likelihood often grows first
MOST = 120  # paths that are looked at
SHOWN = (2, 4, 6, 8)  # powers of ten of the distances in the table
EPS = Sym("epsilon")

Path = dict[str, Formula]


def unbounded_together(state: State) -> State:
    """Section "The likelihood is unbounded" and the outcome, where there is such a path."""
    p = state.problem
    if len(p.moving) < 1 or len(p.parameters) < 2 or len(p.variables) > 1 or p.implied or p.restrictions or p.covariates:
        return state
    if any(d.discrete for d in (*p.parameters.values(), *p.support.values())) or (p.sample is not None and p.observations is None):
        return state
    points = state.judge.points[:1] if p.observations is not None else state.general.points
    if any(len(w["#sample"][p.variables[0]]) > 60 for w in points):
        return state
    for path in paths(p):
        if all(inside(path, w, p) for w in points) and all(towards(path, w, p) is Towards.INFINITY for w in points):
            section = Section(SectionKey.NO_MAXIMUM, say("The likelihood is unbounded"), _shown(path, points[0], state))
            return state.adding(section).without_maximum(ARGUED if p.observations is not None else LOOKED_FOR)
    return state


def paths(p: Problem) -> Iterator[Path]:
    """Paths to the border, the simplest first."""
    found = 0
    for name, end, below in _poles(p):
        ways = {k: _ways(k, d, name, p) for k, d in p.parameters.items() if k != name}
        for choice in sorted(product(*(range(len(w)) for w in ways.values())), key=sum):
            rest = {k: w[j] for (k, w), j in zip(ways.items(), choice, strict=True)}
            found += 1
            if found > MOST:
                return
            yield {**rest, name: add(end, neg(V)) if below else add(end, V)}


def _poles(p: Problem) -> Iterator[tuple[str, Formula, bool]]:
    """Which parameter at which extreme observation makes a factor x - u of the density 0, and whether it comes from below."""
    (v,) = p.variables
    for g in sorted({g for g in walk(p.density) if isinstance(g, Add) and len(g.terms) == 2 and _is_gap(g, v, p)}, key=size):
        letters = [k for k in p.parameters if k in names(g)]
        if len(letters) == 1:
            (k,) = letters
            yield (k, smallest(v), True) if any(c.sides[0] == smallest(v) for c in conditions(p.support, frozenset(p.parameters))) else (
                k, largest(v), False,
            )  # fmt: skip


def _is_gap(g: Add, v: str, p: Problem) -> bool:
    plain = {t.arg if isinstance(t, Neg) else t for t in g.terms}
    signs = sorted(isinstance(t, Neg) for t in g.terms)
    return Sym(v) in plain and signs == [False, True] and any(Sym(k) in plain for k in p.moving)


def _ways(name: str, d: Domain, first: str, p: Problem) -> list[Formula]:
    """What a parameter may do on the way: follow to the border, keep a value, grow like the logarithm."""
    ways: list[Formula] = []
    if name in p.moving:
        ways.append(V)
    low, high = d.bounds({})
    ways += [rational(Fraction(c)) for c in KEPT if low < Fraction(c) < high]
    if low < 0 and ways and name not in p.moving:
        ways.insert(0, ZERO)
    if high == compiled(INFINITY)({}):
        ways.insert(min(1, len(ways)), neg(log(V)))
    return ways


def _shown(path: Path, w: Env, setting: Setting) -> tuple[Block, ...]:
    """The path, and for given data the log-likelihood on it."""
    p = setting.problem
    moving = {k: f for k, f in path.items() if V.name in names(f)}
    kept = [equation(Sym(k), f) for k, f in path.items() if k not in moving]
    put = [equation(Sym(k), replace_all(with_order_statistics(f, p), {V: EPS})) for k, f in moving.items()]
    words: Words = (listed("Take ", kept) + say(", put ") if kept else say("Put ")) + listed("", put)
    words += say(", and let {} fall to 0. These are admissible values.", EPS)
    last = say(
        "By its expansion in {} the log-likelihood grows without bound{}: there is no maximum. A root of the score is at best a local maximum.",
        EPS, say("") if p.observations is not None else say(" (this was worked out for random samples, exactly for each)"),
    )  # fmt: skip
    if p.observations is None:
        return (words, last)
    rows = []
    for k in SHOWN:
        e: Env = {**w, V.name: 10.0**-k}
        at = [compiled(with_order_statistics(f, p))(e) for f in path.values()]
        height = float(w["ell"](*(dict(zip(path, at, strict=True))[name] for name in p.parameters)))
        rows.append((say("{}", digits(10.0**-k, 1)), say("{}", digits(height, 6))))
    return (words, Table((say("{}", EPS), say("{}", p.of("ell"))), tuple(rows)), last)


__all__ = ["paths", "unbounded_together"]
