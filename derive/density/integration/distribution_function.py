"""The distribution and survival function from the density: antiderivatives by rule, SymPy's integrator in a bounded
process behind them.

What is found is compared with numerical integration of the density before it is used.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from ...algebra.terms import Algebra
from ...errors import NotSupported, NotValid
from ...formula.data import from_data, to_data
from ...formula.evaluate import Env, compiled
from ...formula.tree import ONE, ZERO, Add, Call, Cases, Formula, Neg, Sym, add, neg, rational, replace, terms, value
from ...rules.brackets import factored
from ...sets.conditions import from_condition
from ...sets.domain import INFINITY, Domain
from .antiderivative import antiderivative
from .quadrature import integral

SECONDS = 8  # for SymPy's integrator
WORKER = "derive.density.integration.sympy_worker"
FAR = 1e17  # stands for infinity where the limit of an antiderivative is looked at


def survival(density: Formula, v: str, support: Domain, al: Algebra, points: tuple[Env, ...]) -> Formula:
    """P(X > v) as a formula in v.  points: parameter values at which it is compared with numerical integration.

    Raises NotSupported where it is not found, or found and not confirmed.
    """
    for f in candidates(density, v, support, al, points):
        if confirmed(f, density, v, support, points):
            return f
    pieces = by_pieces(density, v, al, points) if isinstance(density, Cases) else None
    if pieces is not None:
        return pieces
    f2 = by_sympy(density, v, Sym(v), support.high, True)
    if f2 is not None and confirmed(f2, density, v, support, points):
        return f2
    raise NotSupported(
        "the survival function of this density was not found as a formula",
        hint="give exact observations, or a density whose integral can be written with elementary functions and Phi",
    )


def by_pieces(density: Cases, v: str, al: Algebra, points: tuple[Env, ...]) -> Formula | None:
    """P(X > v) of a density given on intervals that follow one another: what is left of the interval, and all that lies above it.

    Each interval is compared with numerical integration by itself: a jump would spoil that over several.
    """
    try:
        parts = [(f, from_condition(c, v), c) for f, c in density.rows if c is not None and value(f) != 0]
    except NotValid:
        return None
    if not points or any(d.discrete or d.also is not None for _, d, _ in parts):
        return None
    parts.sort(key=lambda part: part[1].bounds(points[0]))
    above: Formula = ZERO
    rows: list[tuple[Formula, Formula | None]] = []
    for f, d, c in reversed(parts):
        rest = next((g for g in candidates(f, v, d, al, points) if confirmed(g, f, v, d, points)), None)
        if rest is None:
            return None
        rows.append((factored(al.tidy(add(*terms(rest), *terms(above))), al), c))
        above = al.tidy(replace(rows[-1][0], Sym(v), d.low))
    return Cases(tuple(reversed(rows)))


def candidates(density: Formula, v: str, support: Domain, al: Algebra, points: tuple[Env, ...]) -> Iterator[Formula]:
    """What the survival function can be by the antiderivatives known here, the simplest first."""
    x = Sym(v)
    g = antiderivative(density, x, al)
    if g is None:
        return
    high, low = (_at_end(g, v, end, support, points, al) for end in (True, False))
    if high is not None:
        yield minus(g, al) if high == ZERO else _upper(g, high, al)
    if low is not None:
        yield al.tidy(add(ONE, neg(g), low)) if not isinstance(g, Add) else al.expand(add(ONE, neg(g), low))


def _upper(g: Formula, high: Formula, al: Algebra) -> Formula:
    """high - g; of c Phi(y) with the limit c it is c Phi(-y), which loses no digits far out."""
    t = al.split(g)
    phis = [b for b in t.powers if isinstance(b, Call) and b.name == "Phi"]
    if len(phis) == 1 and t.powers[phis[0]] == ONE and isinstance(phis[0], Call):
        front = type(t)(t.coefficient, {b: k for b, k in t.powers.items() if b != phis[0]})
        if al.build(front) == high:
            return al.build(al.times((front, al.split(Call("Phi", (minus(phis[0].args[0], al),))))))
    return al.tidy(add(high, neg(g))) if not isinstance(g, Add) else al.expand(add(high, neg(g)))


def minus(f: Formula, al: Algebra) -> Formula:
    """-f, the sign taken into a bracket: mu - x for -(x - mu)."""
    if isinstance(f, Add):
        ts = [al.split(t).scaled(Fraction(-1)) for t in f.terms]
        return al.assemble(sorted(ts, key=lambda t: t.coefficient < 0))
    t = al.split(f)
    for b, k in t.powers.items():
        if isinstance(b, Add) and k == ONE and (t.coefficient > 0 or all(al.split(c).coefficient < 0 for c in b.terms)):
            return al.build(type(t)(t.coefficient, {(minus(b, al) if c == b else c): e for c, e in t.powers.items()}))
    return al.tidy(neg(f))


def _at_end(g: Formula, v: str, high: bool, support: Domain, points: tuple[Env, ...], al: Algebra) -> Formula | None:
    """g at an end of the support: a number where it is the same at all points, else the formula; None where it has none."""
    end, value_of = (support.high if high else support.low), compiled(g)
    seen = []
    for env in points:
        lo, hi = support.bounds(env)
        at = hi if high else lo
        seen.append(value_of({**env, v: math.copysign(FAR, at) if math.isinf(at) else at}))
    if not seen:
        return None
    if all(abs(s - seen[0]) <= 1e-12 * (1 + abs(s)) for s in seen):
        number = Fraction(seen[0]).limit_denominator(12)
        if abs(float(number) - seen[0]) <= 1e-12 * (1 + abs(seen[0])):
            return rational(number)
    return None if end in (INFINITY, Neg(INFINITY)) or any(map(math.isnan, seen)) else al.tidy(replace(g, Sym(v), end))


def confirmed(f: Formula, density: Formula, v: str, support: Domain, points: tuple[Env, ...]) -> bool:
    """Whether f agrees with the integral of the density above some points of the support."""
    g, d = compiled(f), compiled(density)
    rng = random.Random(3)
    for env in points:
        for x in support.points(rng, env, 2):
            _, high = support.bounds(env)
            total = integral(lambda t, env=env: d({**env, v: t}), x, high)  # type: ignore[misc]
            found = g({**env, v: x})
            if total is None or math.isnan(found) or abs(total - found) > 1e-6 * (1 + abs(found)):
                return False
    return bool(points)


def definite_by_sympy(f: Formula, v: str, support: Domain) -> Formula | None:
    """SymPy's integral of f over an interval, other letters positive, in a process that is stopped when its time is up."""
    return by_sympy(f, v, support.low, support.high, False)


@lru_cache(maxsize=64)
def by_sympy(f: Formula, v: str, low: Formula, high: Formula, positive: bool) -> Formula | None:
    """What `sympy_worker.integrated` finds, in a process of its own that is stopped when its time is up; else None."""
    formulas = {"integrand": to_data(f), "low": to_data(low), "high": to_data(high)}
    question = json.dumps({**formulas, "variable": v, "positive": positive})
    try:
        done = subprocess.run([sys.executable, "-m", WORKER], input=question, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (subprocess.TimeoutExpired, OSError):
        return None
    found = from_data(json.loads(done.stdout)) if done.returncode == 0 else None
    return None if found is None else _complement(found)


def _complement(f: Formula) -> Formula:
    """1 - erf(u) in a sum as erfc(u), which loses no digits far out."""
    if not isinstance(f, Add) or ONE not in f.terms:
        return f
    for t in f.terms:
        match t:
            case Neg(Call("erf", args)):
                rest = [g for g in f.terms if g not in (t, ONE)]
                return add(Call("erfc", args), *rest)
    return f
