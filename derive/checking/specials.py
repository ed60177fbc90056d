"""Values in a formula that are worked out world by world: moments, integrals, limits, extremes; and how large a formula may be."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..formula.evaluate import Env, compiled
from ..formula.names import hat
from ..formula.tree import (
    Add,
    Apply,
    At,
    Big,
    Formula,
    Integral,
    Limit,
    Neg,
    Num,
    Sym,
    children,
    neg,
    replace_all,
    walk,
)
from .book import Unknown
from .expectation import SINGLE, Expectations
from .letters import number_of as number
from .model import Model
from .slope import slope

SPECIAL = "#"
LONGEST = 1_000_000  # nodes that one evaluation may visit
GREATEST = 4000  # nodes in a resolved formula


class Specials:
    """Letters of their own for such values; the base of `Meaning`."""

    def __init__(self, model: Model):
        self.model = model
        self.expectations = Expectations(model)
        self.specials: dict[str, Callable[[Env], float]] = {}
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

    def information(self) -> Formula:
        """The expected information on the only parameter, of the whole sample."""
        if len(self.model.names) != 1:
            raise Unknown("the information on several parameters is a matrix")
        p = Sym(self.model.names[0])
        body = neg(slope(slope(self.model.ell, p), p))
        return self._special(Apply("E", (body,)), lambda env: self.expectations.mean(body, env))

    def asymptotic(self, k: str, env: Env) -> float:
        """The asymptotic variance of an estimate: 1 over the information, for a single parameter."""
        if len(self.model.names) != 1:
            return math.nan
        p = Sym(k)
        body = neg(slope(slope(self.model.ell, p), p))
        v = self.expectations.mean(body, env)
        return 1 / v if v else math.nan

    def _greatest(self, body: Formula, choose: Callable[..., float]) -> Formula:
        """The greatest or least of an expression over the sample."""
        g = compiled(body)
        key = Apply("smax" if choose is max else "smin", (body,))
        return self._special(key, lambda env: float(choose(g({**env, "#i": j}) for j in range(1, int(env["n"]) + 1))))

    def _integral(self, body: Formula, v: Formula, low: Formula | None, high: Formula | None) -> Formula:
        from ..density.normalise import total as integral
        from ..density.sets import Domain

        if not isinstance(v, Sym) or low is None or high is None:
            raise Unknown("this integral is not worked out")
        if v.name in self.observed:
            body = replace_all(body, {Sym(v.name + SINGLE): v})

        def value(env: Env) -> float:
            plain = {k: x for k, x in env.items() if not isinstance(x, list)}
            got = integral(body, {v.name: Domain(low, high)}, plain)
            return math.nan if got is None else got

        return self._special(Integral(body, v, low, high), value)

    def _limit(self, body: Formula, v: Formula, to: Formula) -> Formula:
        """Numerically: the values on the way, where they settle or grow beyond bounds."""
        if not isinstance(v, Sym):
            raise Unknown("this limit is not worked out")
        g, target = compiled(body), compiled(to)

        def value(env: Env) -> float:
            t = target(env)
            d = self.model.problem.parameters.get(v.name)
            side = -1.0 if d is not None and d.bounds(env)[1] == t else 1.0
            way = [(10.0**k if t > 0 else -(10.0**k)) if math.isinf(t) else t + side * 10.0**-k for k in (3, 5, 7)]
            a, b, c = (self.evaluate(g, body, {**env, v.name: x}) for x in way)
            if math.isinf(c) or abs(c) > 3 * abs(b) > 9 * abs(a) > 9e2:
                return math.copysign(math.inf, c)
            if abs(c) > abs(b) + 1 > abs(a) + 2:
                return math.copysign(math.inf, c)
            return 0.0 if abs(c) < 1e-4 * (abs(a) + 1e-3) or abs(c) < 1e-8 else c if abs(c - b) < 1e-3 * (abs(c) + 1e-9) else math.nan

        return self._special(Limit(body, v, to), value)

    def at_top(self, env: Env) -> Env:
        """The world with the parameters at their estimates."""
        return {**env, **{k.name: env[h.name] for k, h in self.hats.items() if h.name in env}}

    def evaluate(self, g: Callable[[Env], float], f: Formula, env: Env) -> float:
        """The value of a compiled formula in a world with the special values that it needs."""
        return g(self.completed(f, env))

    def completed(self, f: Formula, env: Env) -> Env:
        """The world with the special values that a formula needs."""
        need = [s.name for s in walk(f) if isinstance(s, Sym) and s.name in self.specials]
        if not need:
            return env
        e = dict(env)
        for name in need:
            if name not in e:
                e[name] = self.specials[name](env)
        return e

    def _bounded(self, g: Formula) -> None:
        """Raises Unknown for a formula that would take too long to evaluate."""
        if any(j >= GREATEST for j, _ in enumerate(walk(g))):
            raise Unknown("this formula is too large")
        if self._work(g) > LONGEST:
            raise Unknown("this sum has too many terms")

    def _work(self, g: Formula) -> float:
        """About how many nodes an evaluation visits; without end where the number of terms is not plain."""
        if not isinstance(g, Big):
            return 1 + sum(map(self._work, children(g)))
        high = number(g.high)
        if high is None:
            plain = all(isinstance(h, (Sym, Add, Neg, Num, At)) for h in walk(g.high))
            high = (
                float(self.model.problem.size or 10)
                if plain and not any(isinstance(h, Num) and h.value > 9 for h in walk(g.high))
                else math.inf
            )
        return max(1.0, high) * self._work(g.body)
