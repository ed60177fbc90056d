"""Two sides compared at one test point: equal, equal to the digits written, ordered."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from fractions import Fraction

from ...formula.evaluate import Env, compiled, log_size
from ...formula.tree import Derivative, Formula, Num, replace_all, walk
from ...oracle.exact import Verdict
from ...oracle.oracle import clearly_equal, close, compared, magnitude
from .meaning import Meaning

TOLERANCE = 1e-8
ROUGHLY = 1e-5  # where a derivative is numerical
ON_THE_WAY = 1e-3  # where a limit is judged by values on the way to it
DECIMAL = re.compile(r"\d+(?:\.|\{,\}|,)(\d+)")


class Pair:
    """The two sides of a claim, resolved and compiled.

    fuzzy: the decimals in it that may be rounded, each with half a unit of its last digit.
    """

    def __init__(self, meaning: Meaning, left: Formula, right: Formula, fuzzy: dict[Fraction, float] | None = None):
        self.meaning, self.left, self.right = meaning, left, right
        self.f, self.g = compiled(left), compiled(right)
        self.fuzzy = fuzzy or {}
        self.broken = False  # whether a side could not be evaluated for another reason than its value
        self.numerical = numerical = any(isinstance(h, Derivative) for side in (left, right) for h in walk(side))
        limit = any(getattr(h, "name", "") in meaning.limits for side in (left, right) for h in walk(side))
        self.steady = not limit and not self.fuzzy  # whether equal means equal, and not nearly
        self.tolerance = ON_THE_WAY if limit else ROUGHLY if numerical else TOLERANCE
        self._special = meaning.specials and any(getattr(h, "name", "") in meaning.specials for s in (left, right) for h in walk(s))

    def env(self, env: Env) -> Env:
        if not self._special:
            return env
        return self.meaning.completed(self.right, self.meaning.completed(self.left, env))

    def values(self, env: Env) -> tuple[float, float]:
        """Both sides at a test point.  Raises KeyError for a letter without a value there."""
        e = self.env(env)
        try:
            return self.f(e), self.g(e)
        except (TypeError, IndexError):
            self.broken = True
            return math.nan, math.nan

    def equal(self, env: Env, slack: float = 0.0) -> bool | None:
        """Whether the sides are equal at a test point; None where a side has no value there.

        slack: relative error of what was found numerically.  Without it what floats do not settle is judged in balls: a disagreement
        of floats accuses nobody.
        """
        if slack or not self.steady:
            return self._equal_floats(env, slack)
        u, v = (math.nan, math.nan) if self.numerical else self.values(env)
        if clearly_equal(u, v):
            return True
        verdict = compared(self.left, self.right, self.env(env))
        if verdict in (Verdict.EQUAL, Verdict.DIFFERENT):
            return verdict is Verdict.EQUAL
        return self._equal_floats(env, slack)

    def _equal_floats(self, env: Env, slack: float) -> bool | None:
        u, v = self.values(env)
        if math.isnan(u) or math.isnan(v):
            return self._equal_logs(env, None) if self._tiny() else None
        tolerance = max(self.tolerance, slack)
        if u == v == 0.0 and (len(env) and self._tiny()):
            return self._equal_logs(env, True)
        if close(u, v, tolerance):
            return True
        if math.isinf(u) or math.isinf(v):
            return False
        e = self.env(env)
        try:
            scale = max(magnitude(self.left, e), magnitude(self.right, e))
        except (KeyError, TypeError, IndexError, ZeroDivisionError, OverflowError, ValueError):
            scale = 0.0
        if math.isfinite(scale) and close(u, v, tolerance, scale):
            return True
        return bool(self.fuzzy) and abs(u - v) <= self.rounding(env) * 1.0001

    def _tiny(self) -> bool:
        return any(getattr(h, "name", "") == "exp" for h in walk(self.left)) or any(
            getattr(h, "kind", "") == "prod" for h in walk(self.left)
        )

    def _equal_logs(self, env: Env, otherwise: bool | None) -> bool | None:
        """By sign and logarithm of the size, for values that are too small or too large for a float."""
        try:
            a, b = log_size(self.left)(env), log_size(self.right)(env)
        except (ValueError, ZeroDivisionError, OverflowError, TypeError, KeyError):
            return otherwise
        if math.isnan(a[1]) or math.isnan(b[1]):
            return otherwise
        return a[0] == b[0] and close(a[1], b[1], self.tolerance, 1 + abs(a[1]))

    def rounding(self, env: Env) -> float:
        """How far the sides may differ because the decimals in them are rounded."""
        e = self.env(env)
        slack = 0.0
        for side, f in ((self.left, self.f), (self.right, self.g)):
            base = f(e)
            for x, half in self.fuzzy.items():
                node = Num(x)
                if not any(h == node for h in walk(side)):
                    continue
                moved = [compiled(replace_all(side, {node: Num(x + d)}))(e) for d in (Fraction(half), -Fraction(half)) if x + d >= 0]
                change = max((abs(m - base) for m in moved if math.isfinite(m)), default=0.0)
                slack += change
        return slack


def rounded(
    text: str, sides: Iterable[Formula], exact: set[Fraction], approx: bool, open_: Iterable[Formula] = ()
) -> dict[Fraction, float]:
    """The decimals of a claim that may be rounded, each with half a unit of the last digit that is written.

    open_: sides with parameters in them, where one decimal place is taken as exact.
    """
    open_ = tuple(open_)
    digits: dict[Fraction, int] = {}
    for m in DECIMAL.finditer(text):
        value = Fraction(m.group(0).replace("{,}", ".").replace(",", "."))
        digits[value] = max(digits.get(value, 0), len(m.group(1)))
    out: dict[Fraction, float] = {}
    for side in sides:
        for g in walk(side):
            if isinstance(g, Num) and (g.value not in exact or (approx and side == g)):
                if g.value.denominator != 1:
                    k = digits.get(g.value)
                    if side in open_ and (k if k is not None else places(g.value)) < 2:
                        continue
                    out[g.value] = 0.5 * 10.0 ** -(k if k is not None else places(g.value))
                elif approx and side == g:
                    out[g.value] = 0.5
    return out


def places(x: Fraction) -> int:
    """The decimal places of a number; 15 where it has no end."""
    k = 0
    while k < 15 and (x * 10**k).denominator != 1:
        k += 1
    return k


COMPARE: dict[str, Callable[[float, float, float], bool]] = {
    "<": lambda u, v, t: u < v,
    ">": lambda u, v, t: u > v,
    "<=": lambda u, v, t: u <= v + t,
    ">=": lambda u, v, t: u >= v - t,
}


def ordered(u: float, sign: str, v: float) -> bool | None:
    """Whether u sign v; None where a side has no value."""
    if math.isnan(u) or math.isnan(v):
        return None
    return COMPARE[sign](u, v, 1e-9 * (1 + abs(u) + abs(v)) if math.isfinite(u) and math.isfinite(v) else 0.0)
