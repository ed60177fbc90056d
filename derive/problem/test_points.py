"""Random worlds of a question: parameters in their domains, samples in the support."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..density.inference.covariates import draw, draw_column, narrowed
from ..density.inference.feasible import feasible
from ..density.inference.simplex import bases
from ..density.support.admissible import Bound
from ..errors import NotSupported, NotValid
from ..formula.evaluate import Env, Value, compiled, log_size
from ..formula.tree import Add, Call, Formula, Relation, Sym, has, walk
from ..formula.tree import names as letters_of
from ..oracle.judge import world
from ..sample.observations import Observations
from ..sets.domain import COUNTS, INFINITY, NATURAL, POSITIVE, REAL, Domain
from .parameter_support import within
from .restricted import Restricted

if TYPE_CHECKING:
    from .rows import Rows

LEAST_HEIGHT = -600.0  # of the log-likelihood of a random sample: densities near the smallest float have no digits left
TRIES = 200  # parameter points that are drawn to find one that satisfies the constraints


class Worlds(Restricted):
    """A question as far as it takes to draw parameters and samples."""

    variables: tuple[str, ...]
    covariates: tuple[str, ...]
    parameters: Mapping[str, Domain]
    known: Mapping[str, Domain]
    support: Mapping[str, Domain]
    covariate_domains: Mapping[str, Domain]
    density: Formula
    constraints: tuple[Relation, ...]
    implied: tuple[Relation, ...]
    whole: bool
    rows: Rows | None
    cells: Any
    statistics: Mapping[str, Formula]
    observations: Observations | None
    given_size: int | None

    @property
    def observed(self) -> tuple[str, ...]:
        """Everything that has a value for each observation."""
        return (*self.variables, *self.covariates)

    @property
    def moving(self) -> tuple[str, ...]:
        """The parameters on which the ends of the support of a variable depend."""
        return tuple(k for k in self.parameters if any(k in d.end_letters for d in self.support.values()))

    @cached_property
    def bounds(self) -> Mapping[str, tuple[Bound, ...]]:
        """What the observations say of each such parameter, the others fixed."""
        raise NotImplementedError

    def log_density(self, env: Env) -> float:
        """The log-density of one observation whose variables and parameters env holds."""
        for left in self.left_over:
            if left(env) < 0:
                return math.nan
        for test in self.restricting:
            if not test(env):
                return -math.inf
        sign, size = self._log_density(env)
        if size != size and self.singular:
            return self.beside(env)
        return size if sign > 0 else -math.inf if sign == 0 else math.nan

    @cached_property
    def left_over(self) -> tuple[Value, ...]:
        """What must not be negative although an even power of it never is: 1 - p_1 - p_2 for shares."""
        return tuple(map(compiled, self.not_negative))

    @cached_property
    def not_negative(self) -> tuple[Formula, ...]:
        """Sums in the parameters that are factors of the likelihood or bases of its powers."""
        implied = [c.sides[0] for c in self.implied if c not in self.constraints]
        found = [b for b in bases(self.density) if isinstance(b, Add)] if self.whole else implied
        return tuple(dict.fromkeys(b for b in found if letters_of(b) & set(self.parameters)))

    @property
    def _log_density(self) -> Any:
        got = self.__dict__.get("_log")
        if got is None:
            got = self.__dict__["_log"] = log_size(self.density)
        return got

    def worlds(self, count: int = 6, seed: int = 1, data: bool = False, alike: bool = False) -> tuple[Env, ...]:
        """Random worlds for the oracle: parameters in their domains, samples in the support, or the given data.

        alike: the observations of a sample are equal.
        """
        rng = random.Random(seed)
        fixed = self.observations.columns() if data and self.observations is not None else None
        least = max(3, len(self.parameters) + 1) if self.covariates else 3  # fewer would be fitted exactly
        out: list[Env] = []
        for attempt in range(40 * count):
            try:
                values = self.point(rng)
                values = self._farther(values, attempt if fixed else max(0, attempt - 10 * count))
                columns = fixed or self.sample_columns(rng, values, self.given_size or max(least, self._small) + len(out) % 3)
                if fixed and self.moving:
                    values = within(values, fixed, self.bounds, self.parameters, self.support, rng)
            except NotValid:  # an empty support, or data outside it
                continue
            if alike and not fixed:
                columns = {v: [xs[0]] * len(xs) for v, xs in columns.items()}
            elif not fixed and len(self.variables) > 1 and any(not any(xs) for xs in self._counted(columns, values)):
                continue  # not generic: something was never counted
            w = world(values, columns, self.log_density, list(self.parameters), tuple(self.variables))
            w |= {k: compiled(f)(w) for k, f in self.statistics.items()}
            height = w["ell"](*(w[k] for k in self.parameters))
            if not fixed and height < LEAST_HEIGHT and attempt < 20 * count:
                continue
            if math.isfinite(height):
                out.append(w)
                if len(out) == count:
                    return tuple(out)
        raise NotSupported(
            "no parameter values were found at which the data are possible", hint="check the support and the parameters' domains"
        )

    def _farther(self, values: Env, attempt: int) -> Env:
        """Parameters that are whole numbers without end, farther out with every attempt: the first may be too small for the data."""
        return {
            k: v + attempt if (d := self.parameters.get(k)) is not None and d.integer and d.high == INFINITY else v
            for k, v in values.items()
        }

    def _counted(self, columns: Mapping[str, Sequence[float]], values: Env) -> list[list[float]]:
        """The columns of the variables, and of what they leave of a total where that is counted too."""
        out = [list(columns[v]) for v in self.variables]
        for g in walk(self.density):
            if isinstance(g, Call) and g.name == "factorial" and all(has(g, Sym(v)) for v in self.variables):
                left = compiled(g.args[0])
                out.append([left({**values, **dict(zip(columns, row, strict=True))}) for row in zip(*columns.values(), strict=True)])
        return out

    @property
    def _small(self) -> int:
        """The size of a small sample in which each of several cases can occur."""
        if self.cells is None:
            return 3
        return max(3, len(self.cells.rows) * (2 if self.covariates else 1))

    def point(self, rng: random.Random) -> Env:
        """Random values of the known letters and the parameters, inside their domains, the constraints satisfied."""
        for attempt in range(TRIES):
            try:
                env = self._any_point(rng)
            except NotValid:  # a domain whose ends hold other letters may be empty there
                if attempt == TRIES - 1:
                    raise
                continue
            if not self.implied:
                return env
            point = feasible(env, self.implied, self.parameters)
            if point is not None:
                return point
        raise NotValid("no parameter values were found that satisfy the constraints", hint="check the constraints and the domains")

    def _any_point(self, rng: random.Random) -> Env:
        env: Env = {}
        for name, d in (*self.known.items(), *self.parameters.items()):
            env[name] = d.points(rng, env, 1)[0]
            while self.whole and name in self.known and env[name] == 0 and d == COUNTS:  # a generic count is not 0
                env[name] = d.points(rng, env, 1)[0]
        return env

    def _narrowed(self, domains: Mapping[str, Domain]) -> Mapping[str, Domain]:
        """The covariates' values, positive where the density is one for positive values only."""

        def one(rng: random.Random) -> Env:
            env = self.point(rng) | {c: draw(POSITIVE if d == REAL else d, rng) for c, d in domains.items()}
            return env | {v: d.points(rng, env, 1)[0] for v, d in self.support.items()}

        trials = {c for d in self.support.values() if d.integer for c in domains if c in d.letters}
        domains = {c: NATURAL if c in trials and d == REAL else d for c, d in domains.items()}
        return {c: narrowed(c, d, one, lambda env: self._log_density(env)[0]) for c, d in domains.items()}

    def sample_columns(self, rng: random.Random, env: Env, size: int) -> dict[str, list[float]]:
        """A random sample in the support, not all values equal where that can be."""
        out = {c: draw_column(d, rng, size) for c, d in self.covariate_domains.items()}
        if self.rows is not None and self.rows.kind:
            out[self.rows.column][0] = 1.0  # some observation counts
        for v in self.variables:
            for _ in range(20):
                points = [self.support[v].points(rng, {**env, **{c: out[c][j] for c in out}}, 1)[0] for j in range(size)]
                all_of_them = self.support[v].values if self.cells is not None else None
                if self.cells is not None and all_of_them is None and self.cells.complete:
                    all_of_them = tuple(r.condition.sides[1] for r in self.cells.rows if isinstance(r.condition, Relation))
                if all_of_them is not None and len(all_of_them) <= size:
                    points[: len(all_of_them)] = [compiled(f)(env) for f in all_of_them]
                    rng.shuffle(points)
                out[v] = points
                if size == 1 or len(set(points)) > 1:
                    break
        return {v: out[v] for v in self.observed}
