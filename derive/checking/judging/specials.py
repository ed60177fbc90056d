"""Values in a formula that are worked out point by point: moments, integrals, limits, extremes; and how large a formula may be."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from flint import arb_mat

from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import Add, Apply, At, Big, Formula, Integral, Limit, Neg, Num, Sym, children, names, neg, replace_all, walk
from ..slope import slope
from .expectation import SINGLE, Expectations
from .model import Model
from .symbol_table import Unknown
from .undeclared_letters import number_of as number

SPECIAL = "#"
ENOUGH = 3e-4  # relative difference of values on the way to a limit that have settled
RUNNING = "#running"  # the index of a sum without end
TERMS, QUIET = 5000, 8  # terms of such a sum; how many negligible ones in a row end it
LONGEST = 1_000_000  # nodes that one evaluation may visit
GREATEST = 4000  # nodes in a resolved formula


class Specials:
    """Letters of their own for such values; the base of `Meaning`."""

    def __init__(self, model: Model, expectations: Expectations):
        self.model, self.expectations = model, expectations
        self.limits: set[str] = set()  # of them those that are limits, known to a few digits
        self.specials: dict[str, Callable[[Env], float]] = {}
        self._extents: dict[Formula, tuple[int, float]] = {}
        self._numbered: dict[Formula, str] = {}
        self.parameters = frozenset(model.names)
        self.hats = {Sym(k): hat(k) for k in model.names}
        self.observed = frozenset(model.problem.observed)

    def _special(self, key: Formula, fn: Callable[[Env], float]) -> Formula:
        name = self._numbered.get(key)
        if name is None:
            name = self._numbered[key] = f"{SPECIAL}{len(self._numbered)}"
        self.specials[name] = fn
        return Sym(name)

    def expected(self, body: Formula) -> Formula:
        """E(body)."""
        return self._special(Apply("E", (body,)), lambda env: self.expectations.mean(body, env))

    def asymptotic(self, k: str, env: Env) -> float:
        """The asymptotic variance of an estimate: its place in the inverse of the expected information."""
        ks = self.model.free
        if k not in ks or self.model.moving or self.model.rough:
            return math.nan
        firsts = [slope(self.model.ell, Sym(j)) for j in ks]
        rows = [[self.expectations.mean(neg(slope(f, Sym(j))), env) for j in ks] for f in firsts]
        if not all(math.isfinite(x) for row in rows for x in row):
            return math.nan
        try:
            return float(arb_mat(rows).inv()[ks.index(k), ks.index(k)].mid())
        except ZeroDivisionError:
            return math.nan

    def _greatest(self, body: Formula, choose: Callable[..., float]) -> Formula:
        """The greatest or least of an expression over the sample."""
        g = compiled(body)
        key = Apply("smax" if choose is max else "smin", (body,))
        return self._special(key, lambda env: float(choose(g({**env, "#i": j}) for j in range(1, int(env["n"]) + 1))))

    def _integral(self, body: Formula, v: Formula, low: Formula | None, high: Formula | None) -> Formula:
        from ...density.integration.normalise import total as integral
        from ...sets.domain import Domain

        if not isinstance(v, Sym) or low is None or high is None:
            raise Unknown("this integral is not worked out")
        if v.name in self.observed:
            body = replace_all(body, {Sym(v.name + SINGLE): v})

        def value(env: Env) -> float:
            plain = {k: x for k, x in env.items() if not isinstance(x, list)}
            got = integral(body, {v.name: Domain(low, high)}, plain)
            return math.nan if got is None else got

        return self._special(Integral(body, v, low, high), value)

    def _series(self, body: Formula, low: Formula) -> Formula:
        """A sum without end, added up until the terms have died away."""
        g, start = compiled(body), compiled(low)

        def value(env: Env) -> float:
            first = start(env)
            total, quiet = 0.0, 0
            for k in range(TERMS):
                term = self.evaluate(g, body, {**env, RUNNING: first + k})
                if not math.isfinite(term):
                    return math.nan
                total += term
                quiet = quiet + 1 if abs(term) <= 1e-16 * abs(total) else 0
                if quiet > QUIET:
                    return total
            return math.nan

        return self._special(Apply("series", (body, low)), value)

    def _over_support(self, body: Formula, v: str) -> Formula:
        """A sum over all values that an observation can have."""
        from ...density.integration.normalise import total as summed

        f, support = replace_all(body, {Sym(v + SINGLE): Sym(v)}), self.model.problem.as_asked.support.get(v)
        if support is None or not support.discrete:
            raise Unknown("this sum over the values of an observation is not worked out")

        def value(env: Env) -> float:
            got = summed(f, {v: support}, {k: x for k, x in env.items() if not isinstance(x, list)})
            return math.nan if got is None else got

        return self._special(Apply("sum", (f, Sym(v))), value)

    def _limit(self, body: Formula, v: Formula, to: Formula) -> Formula:
        """Numerically: the values on the way, where they settle or grow beyond bounds."""
        if not isinstance(v, Sym):
            raise Unknown("this limit is not worked out")
        g, target = compiled(body), compiled(to)

        def value(env: Env) -> float:
            return settled([self.evaluate(g, body, {**env, v.name: x}) for x in self.way(v.name, target(env), env, 13)])

        letter = self._special(Limit(body, v, to), value)
        self.limits |= names(letter)
        return letter

    def way(self, name: str, to: float, env: Env, steps: int) -> list[float]:
        """Values of a letter that come to a place, every second ten times closer (or farther out)."""
        d = self.model.problem.parameters.get(name)
        side = -1.0 if d is not None and d.bounds(env)[1] == to else 1.0
        return [math.copysign(10.0 ** (1 + j / 2), to) if math.isinf(to) else to + side * 10.0 ** -(1 + j / 2) for j in range(steps)]

    def at_top(self, env: Env) -> Env:
        """The test point with the parameters at their estimates."""
        return {**env, **{k.name: env[h.name] for k, h in self.hats.items() if h.name in env}}

    def evaluate(self, g: Callable[[Env], float], f: Formula, env: Env) -> float:
        """The value of a compiled formula at a test point with the special values that it needs."""
        return g(self.completed(f, env))

    def completed(self, f: Formula, env: Env) -> Env:
        """The test point with the special values that a formula needs."""
        need = sorted(self.specials.keys() & names(f))
        if not need:
            return env
        e = dict(env)
        for name in need:
            if name not in e:
                e[name] = self.specials[name](e)
        return e

    def _bounded(self, g: Formula) -> None:
        """Raises Unknown for a formula that would take too long to evaluate."""
        size, work = self._extent(g)
        if size > GREATEST:
            raise Unknown("this formula is too large")
        if work > LONGEST:
            raise Unknown("this sum has too many terms")

    def _extent(self, g: Formula) -> tuple[int, float]:
        """The number of nodes; about how many of them an evaluation visits, without end where the number of terms is not plain."""
        if g not in self._extents:
            inside = [self._extent(k) for k in children(g)]
            visits = self._terms(g) * inside[-1][1] if isinstance(g, Big) else 1 + sum(work for _, work in inside)
            self._extents[g] = 1 + sum(size for size, _ in inside), visits
        return self._extents[g]

    def _terms(self, g: Big) -> float:
        """About how many terms a sum has."""
        high = number(g.high)
        if high is None:
            plain = all(isinstance(h, (Sym, Add, Neg, Num, At)) for h in walk(g.high))
            high = (
                float(self.model.problem.size or 10)
                if plain and not any(isinstance(h, Num) and h.value > 9 for h in walk(g.high))
                else math.inf
            )
        return max(1.0, high)


def settled(way: list[float]) -> float:
    """The limit of values at t = 10, 10^1.5, 10^2, ... (or as close to a place): where they agree, or agree once a rest that
    falls as 1/t or as 1/log t, or a factor log t/(c + log t), is taken away; 0 or infinity where they go there; nan where nothing is seen."""
    pairs = [(1 + j / 2, a, b) for j, (a, b) in enumerate(pairwise(way))]
    root = math.sqrt(10)
    best: tuple[float, float] = (ENOUGH, math.nan)
    for vs in (
        way[2:],
        [(root * b - a) / (root - 1) for _, a, b in pairs],
        [(2 * k + 1) * b - 2 * k * a for k, a, b in pairs],
        [1 / d if a and b and (d := (2 * k + 1) / b - 2 * k / a) else math.nan for k, a, b in pairs],
    ):
        for a, b in pairwise(vs):
            if math.isfinite(b) and b and abs(b - a) < best[0] * abs(b):
                best = (abs(b - a) / abs(b), b)
    first, last = way[0], way[-1]
    if abs(last) < 1e-4 * (abs(first) + 1e-3) and abs(last) < abs(first):
        return 0.0
    if not math.isnan(best[1]):
        return best[1]
    if math.isinf(last) or all(abs(b) - abs(a) > 0.2 and a * b > 0 for _, a, b in pairs[2:]):
        return math.copysign(math.inf, last)
    return math.nan
