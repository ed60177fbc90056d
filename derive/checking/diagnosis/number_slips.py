"""One number changed to the one that makes a line right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from ...formula.tree import Formula, Num, Sym, add, names, neg, num, rational
from ..judging.rounding import places
from ..judging.symbol_table import Unknown
from .edits import Edit, literals
from .trial import Trial


def numbers(trial: Trial, left: Formula, right: Formula, side: str) -> Iterator[Edit]:
    """One number changed to the one that makes the line right."""
    f = right if side == "right" else left
    judge, sample = trial.judge, trial.judge.trials.points.samples[0]
    if not names(f):
        try:
            other = judge.resolved(left if side == "right" else right)
            v = trial.values(other, sample.top)
        except (Unknown, KeyError):
            v = math.nan
        if isinstance(f, Num) or (math.isfinite(v) and not names(other) & judge.meaning.parameters):
            size = sample.points[0].get("n")
            if isinstance(size, (int, float)) and size > 1 and not judge.model.moving and not judge.model.problem.kinked:
                for less in (1, 2):
                    yield Edit(
                        "n-1", _times(f, Fraction(int(size) - less, int(size))), "the divisor of the maximum-likelihood estimate is n"
                    )
            if math.isfinite(v):
                yield Edit("arithmetic", _rounded_like(f, v), "the number is wrong")
    for value, put in literals(f):
        if value.denominator == 1:
            for step in (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 10, -10):
                if value + step >= 0:
                    yield Edit("arithmetic", put(num(value + step)), f"the number {value} is wrong")
    for value, put in literals(f):
        root = _root(trial, left, right, side, value, put)
        if root is not None:
            yield Edit("arithmetic", put(root), f"the number {float(value):g} is wrong")


def _times(f: Formula, k: Fraction) -> Formula:
    from ...formula.tree import Mul, value

    v = value(f)
    return rational(v * k) if v is not None else Mul((rational(k), f))


def _rounded_like(f: Formula, v: float) -> Formula:
    """A number as a decimal with as many places as the one written; else as a fraction where it is one."""
    if isinstance(f, Num) and f.value.denominator != 1:
        return num(Fraction(f"{v:.{places(f.value)}f}"))
    return _nice(v)


def _nice(v: float) -> Formula:
    """A number close to a float: a small fraction where one is, else a decimal."""
    small = Fraction(v).limit_denominator(1000)
    if abs(float(small) - v) <= 1e-10 * (1 + abs(v)):
        return rational(small)
    return num(Fraction(f"{v:.6g}")) if math.isfinite(v) else num(0)


def _root(trial: Trial, left: Formula, right: Formula, side: str, value: Fraction, put: object) -> Formula | None:
    """The number in place of a literal that makes the sides equal at one test point."""
    marker = Sym("#literal")
    assert callable(put)
    changed_side = put(marker)
    a, b = (left, changed_side) if side == "right" else (changed_side, right)
    d = add(trial.judge.resolved(a), neg(trial.judge.resolved(b)))
    s = trial.judge.trials.points.samples[0]
    _ = s.peak
    env = s.top if trial.is_equation(left, right) else s.points[0]

    def gap(x: float) -> float:
        return trial.values(d, {**env, "#literal": x})

    x0, x1 = float(value), float(value) + 1.0
    y0, y1 = gap(x0), gap(x1)
    for _ in range(40):
        if not (math.isfinite(y0) and math.isfinite(y1)) or y1 == y0:
            return None
        x2 = x1 - y1 * (x1 - x0) / (y1 - y0)
        if abs(x2) > 1e9:
            return None
        x0, y0, x1, y1 = x1, y1, x2, gap(x2)
        if abs(x1 - x0) <= 1e-12 * (1 + abs(x1)):
            break
    small = Fraction(x1).limit_denominator(100)
    if abs(float(small) - x1) < 1e-8 * (1 + abs(x1)):
        return rational(small)
    return None
