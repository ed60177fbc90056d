"""The largest domain of one letter on which a function stays a density, grown from a value at which it is one.

The other letters keep their values.  By convention a letter on whose sign nothing depends is not negative, and a
domain does not reach across a value at which the function is not defined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ...formula.evaluate import Env
from ...formula.restrict import restricted
from ...formula.tree import ONE, ZERO, Const, Formula, Neg, Sym, neg, num, rational
from ...sets.domain import INFINITY, INTEGERS, MINUS_INFINITY, NONNEGATIVE, POSITIVE, Domain, lattice
from .candidate import Trial, Verdict, look

PROBES = (-6.3, -1.62, -0.43, 0.37, 1.62, 6.3)
NATURAL_ENDS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(-1, 2))
INSIDE, OUTSIDE = 0.03, (0.004, 0.03, 0.15)  # how far from an end it is looked whether it is one
HALVINGS = 44
SIMPLE = 64  # largest denominator of an end that was found by bisection
Judge = Callable[[float], Verdict]
Adjust = Callable[[Env, str], "Env | None"]
Marks = Mapping[Formula, tuple[float, bool]]


def grown(
    trial: Trial, support: Mapping[str, Domain], env: Env, letter: str, letters: Sequence[str], whole: bool, adjust: Adjust
) -> Domain:
    """The domain of the letter.

    letters: all whose domain is being inferred; those before this one may stand in its ends, and an end that one
    after it would set is left to that one.  whole: whether it is a whole number (a whole number in env may be one,
    which is looked at).  adjust: makes a point satisfy the constraints without moving the letter, or gives None.
    """
    seen: dict[float, Verdict] = {}

    def judge(v: float) -> Verdict:
        if v not in seen:
            point = adjust({**env, letter: v}, letter)
            seen[v] = trial.judge(support, point) if point is not None else Verdict(support, env, math.nan)
        return seen[v]

    base = env[letter]
    free = any(_between_letters(d, letter) for d in support.values())
    if free and base == int(base) and all(d.integer for d in support.values()):
        return INTEGERS
    if base == int(base) and (whole or not judge(base + 0.37).good):
        return _whole(judge, int(base))
    place = letters.index(letter)
    marks: Marks = {Sym(k): (env[k], j < place) for j, k in enumerate(letters) if j != place}
    probes = sorted({*PROBES, base})
    j = probes.index(base)
    low, high = _reach(judge, list(reversed(probes[: j + 1])), -1.0, marks), _reach(judge, probes[j:], 1.0, marks)
    if free:
        pass
    elif low.at < 0 < base and high.natural and not low.natural:  # a weight: the other end is odd or moves with other letters
        low = End(ZERO, not judge(0.0).good, 0.0)
    elif base < 0 < high.at and low.natural and not high.natural:
        high = End(ZERO, not judge(0.0).good, 0.0)
    d = Domain(low.end, high.end, low.open, high.open)
    if low.at < 0 < high.at and not free:
        even = _even(trial, support, env, letter)
        if even or _broken(trial, support, env, letter, judge):
            closed = judge(0.0).good
            if base > 0:
                d = changed(d, low=ZERO, low_open=not closed)
            else:
                d = changed(d, high=ZERO, high_open=not closed)
    return POSITIVE if d == POSITIVE else NONNEGATIVE if d == NONNEGATIVE else d


def _between_letters(support: Domain, letter: str) -> bool:
    """Whether both ends of a support are letters, this one among them: its sign says nothing."""
    ends = (support.low, support.high)
    return Sym(letter) in ends and all(isinstance(e, Sym) for e in ends)


@dataclass(frozen=True, slots=True)
class End:
    """An end of a domain, its value, and whether it is one at which domains often end."""

    end: Formula
    open: bool
    at: float
    natural: bool = False


def _reach(judge: Judge, probes: Sequence[float], side: float, marks: Marks) -> End:
    """How far the good values go along the probes; where nothing is decided they may go on."""
    last = probes[0]
    for v in probes[1:]:
        if judge(v).bad:
            return _end(judge, last, v, marks)
        last = v
    return _without_end(side)


def _end(judge: Judge, good: float, bad: float, marks: Marks) -> End:
    """The end between a good and a bad value: a natural one, one of the marks, or a simple fraction."""
    side = 1.0 if bad > good else -1.0
    for q in NATURAL_ENDS:
        t = float(q)
        if min(good, bad) < t < max(good, bad) and _parts(judge, t, side, good, bad, INSIDE if q == 0 else INSIDE / 10):
            return End(rational(q), not judge(t).good, t, True)
    for f, (v, usable) in marks.items():
        for end, t in ((f, v), (neg(f), -v)):
            if min(good, bad) < t < max(good, bad) and _parts(judge, t, side, good, bad, INSIDE / 10):
                return End(end, not judge(t).good, t, True) if usable else _without_end(side)
    a, b = good, bad
    for _ in range(HALVINGS):
        m = (a + b) / 2
        if judge(m).bad:
            b = m
        else:
            a = m
        if abs(b - a) < 1e-10:
            break
    return _named((a + b) / 2, judge, side)


def _parts(judge: Judge, t: float, side: float, good: float, bad: float, inside: float) -> bool:
    """Whether the function is a density just inside t and none just outside."""
    near = min(inside, abs(t - good) / 2)
    if judge(t - side * near).bad:
        return False
    for d in OUTSIDE:
        verdict = judge(t + side * min(d, abs(bad - t)))
        if not verdict.undecided:
            return verdict.bad
    return False


def _named(t: float, judge: Judge, side: float) -> End:
    """An end found by bisection, if it is a simple fraction or pi; else it moves with other letters: the end is 0 or none."""
    q = Fraction(t).limit_denominator(SIMPLE)
    if abs(float(q) - t) < 1e-7:
        return End(rational(q), not judge(float(q)).good, float(q))
    if abs(abs(t) - math.pi) < 1e-6:
        pi: Formula = Const("pi")
        return End(pi if t > 0 else Neg(pi), not judge(math.copysign(math.pi, t)).good, t)
    return End(ZERO, True, 0.0) if t * side < 0 else _without_end(side)


def _without_end(side: float) -> End:
    return End(INFINITY, True, math.inf) if side > 0 else End(MINUS_INFINITY, True, -math.inf)


def _whole(judge: Judge, base: int) -> Domain:
    """The whole numbers from the first at which it is a density, at least 1, upwards."""
    low, bad = base, 0
    while low - bad > 1:
        middle = (low + bad) // 2
        low, bad = (middle, bad) if judge(float(middle)).good else (low, middle)
    return lattice(ONE if low == 1 else num(low))


def _even(trial: Trial, support: Mapping[str, Domain], env: Env, letter: str) -> bool:
    """Whether the function depends on the letter, and by its size only."""
    small, large = (_values(trial, support, env, letter, s) for s in (0.37, 1.62))
    return small != large and all(abs(u - v) <= 1e-12 * (abs(u) + abs(v)) for u, v in (*small, *large))


def _broken(trial: Trial, support: Mapping[str, Domain], env: Env, letter: str, judge: Judge) -> bool:
    """Whether the function is no density at 0 and does not pass through 0 smoothly either."""
    if judge(0.0).good:
        return False
    pairs = _values(trial, support, env, letter, 1e-5)
    return not all(u > 0 and v > 0 and abs(u - v) <= 1e-2 * (u + v) for u, v in pairs)


def _values(trial: Trial, support: Mapping[str, Domain], env: Env, letter: str, s: float) -> list[tuple[float, float]]:
    """Values of the function with the letter at s and at -s, at a few points of the support."""
    inside: Env = dict(env)
    for name, d in support.items():
        inside[name] = (look(d, inside, False) or [0.5])[-1]
    out = []
    for name, d in support.items():
        for x in look(d, inside, False):
            f = restricted(trial.density, letter, {**inside, name: x})
            out.append((f(s), f(-s)))
    return out
