"""Expectations, variances and probabilities under the model at the parameter values of a test point, in floats."""

from __future__ import annotations

import math
from dataclasses import replace as changed
from fractions import Fraction

from ...density.integration.normalise import total
from ...formula.evaluate import Env, compiled
from ...formula.tree import ZERO, Add, At, Formula, Mul, Relation, Sym, names, num, replace_all, transform
from .model import Model
from .sampling_means import Observation, mean_of_statistic

SMALL, NOTHING = 1e-6, 1e-9  # a mean that is looked at again; one that is 0 beside its standard deviation
SINGLE = "#one"  # ending of the letter that stands for one observation


class Expectations:
    """Of formulas in the data of one model."""

    def __init__(self, model: Model):
        self.model = model
        p = model.problem
        self.known: dict[tuple[object, ...], float] = {}  # means that were worked out, by body and test point
        self.variable = p.variables[0] if len(p.variables) == 1 and model.one is not None else None

    def mean(self, body: Formula, env: Env) -> float:
        """E(body): of a function of one observation, or of a statistic of the sample."""
        letters = sorted(names(body) | set(self.model.names) | {"n"})
        key = (body, *(tuple(x) if isinstance(x := env.get(k), list) else x for k in letters))
        if key not in self.known:
            self.known[key] = self._mean(body, env)
        return self.known[key]

    def _mean(self, body: Formula, env: Env) -> float:
        v = self.variable
        if v is None:
            return math.nan
        g = self._alike(body, v)
        if not self._additive(body, g, env):
            return mean_of_statistic(Observation(self.model, v, self.share_below, self.share_above), body, env)
        return self._integral(g, env)

    def variance(self, body: Formula, env: Env) -> float:
        """Var(body), for the same."""
        v = self.variable
        if v is None:
            return math.nan
        g = self._alike(body, v)
        if not self._additive(body, g, env):
            m = self.mean(body, env)
            return self.mean(Mul((body, body)), env) - m * m
        m = self._integral(g, env)
        second = self._integral(Mul((g, g)), env) - m * m
        return second if self._single(body) else second / env["n"]

    def probability(self, event: Formula, env: Env) -> float:
        """P(event) for a relation between one observation and a number: X > 8, X <= x, X = 0, a < X <= b."""
        v = self.variable
        if v is None or not isinstance(event, Relation):
            return math.nan
        x = Sym(v + SINGLE)
        domain = self.model.problem.as_asked.support[v]
        low, high = domain.bounds(env)
        if domain.values is not None:
            members = [compiled(a)(env) for a in domain.values]
            chosen = [a for a in members if all(self._true(event, x, a, env))]
            f = compiled(self.model.problem.as_asked.density)
            return math.fsum(f({**env, v: a}) for a in chosen)
        left, right = (low, domain.low_open), (high, domain.high_open)
        for a, sign, b in zip(event.sides, event.signs, event.sides[1:], strict=False):
            if b == x and a != x:
                a, b, sign = b, a, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
            if a != x:
                return math.nan
            c = compiled(b)(env)
            if math.isnan(c):
                return c
            if sign in (">", ">=", "="):
                left = max(left, (c, sign == ">"))
            if sign in ("<", "<=", "="):
                right = min(right, (c, sign == "<"))
            if sign == "=" and not domain.integer:
                return math.nan
        d = changed(domain, low=_number(left[0], domain.low), high=_number(right[0], domain.high), low_open=left[1], high_open=right[1])
        if left[0] > right[0]:
            return 0.0
        got = total(self.model.problem.as_asked.density, {v: d}, self._plain(env))
        return math.nan if got is None else got

    def share_below(self, t: float, env: Env) -> float:
        """P(X <= t)."""
        assert self.variable is not None
        return self.probability(Relation((Sym(self.variable + SINGLE), Sym("#point")), ("<=",)), {**env, "#point": t})

    def share_above(self, t: float, env: Env) -> float:
        """P(X > t)."""
        assert self.variable is not None
        return self.probability(Relation((Sym(self.variable + SINGLE), Sym("#point")), (">",)), {**env, "#point": t})

    def _true(self, event: Relation, x: Formula, a: float, env: Env) -> list[bool]:
        from ...formula.evaluate import holds

        return [holds(replace_all(event, {x: Sym("#at")}))({**env, "#at": a})]

    # -- how ------------------------------------------------------------------------------------------

    def _alike(self, body: Formula, v: str) -> Formula:
        """The body when every observation equals the letter v."""

        def one(g: Formula) -> Formula | None:
            if isinstance(g, At) and g.base in (v, v + "_ord"):
                return Sym(v)
            if isinstance(g, Sym) and g.name in (v + "_bar", v + SINGLE):
                return Sym(v)
            return None

        return transform(body, one)

    def _single(self, body: Formula) -> bool:
        from ...formula.tree import walk

        whole = any(
            type(g).__name__ == "Big" or (g.name if isinstance(g, Sym) else g.base if isinstance(g, At) else "").endswith(("_bar", "_ord"))
            for g in walk(body)
        )
        return not whole

    def _additive(self, body: Formula, g: Formula, env: Env) -> bool:
        """Whether the body is the mean of its values at samples of equal observations."""
        v = self.variable
        if self._single(body) or v is None:
            return True
        xs = env.get(v)
        if not isinstance(xs, list):
            return False
        h = compiled(g)
        value, mean = compiled(body)(env), math.fsum(h({**env, v: x}) for x in xs) / len(xs)
        return abs(value - mean) <= 1e-8 * (1 + abs(value) + abs(mean))

    def _integral(self, g: Formula, env: Env) -> float:
        v = self.variable
        assert v is not None
        p = self.model.problem.as_asked
        if g == ZERO:
            return 0.0
        if v not in {s.name for s in _letters(g)}:
            return compiled(g)(env)
        f = Mul((g, p.density))
        plain = self._plain(env)
        got = total(f, {v: p.support[v]}, plain)
        if got is None or 0 < abs(got) < SMALL:  # perhaps 0: the mean of a score
            square = total(Mul((g, f)), {v: p.support[v]}, plain)
            size = math.sqrt(square) if square is not None and square > 0 else math.nan
            if got is None and math.isfinite(size):  # what does not settle about 0 does beside its standard deviation
                lifted = total(Mul((Add((g, num(Fraction(size)))), p.density)), {v: p.support[v]}, plain)
                got = None if lifted is None else lifted - size
            return math.nan if got is None else 0.0 if abs(got) <= NOTHING * size else got
        return got

    def _plain(self, env: Env) -> Env:
        return {k: x for k, x in env.items() if not isinstance(x, list)}


def _letters(f: Formula) -> list[Sym]:
    from ...formula.tree import walk

    return [g for g in walk(f) if isinstance(g, Sym)]


def _number(x: float, end: Formula) -> Formula:
    return end if math.isinf(x) else num(Fraction(x))
