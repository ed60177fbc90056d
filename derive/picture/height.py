"""The log-likelihood at the data as a function of the parameters: that of the engine's own test points, or its formula with the sums of a
large sample worked out once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..errors import NotSupported
from ..formula.evaluate import Env, Value, compiled
from ..formula.tree import Apply, At, Big, Formula, Relation, Sym, add, neg, replace_all, walk
from ..numerics.newton import solve_linear
from ..problem.problem import Problem
from ..sample.statistics import Statistics
from ..stages.likelihood.product import likelihood, log_likelihood_section
from ..stages.report.model_section import model
from ..stages.setting import run
from ..stages.setup.begin import begin

ROUNDING = 1e-9  # by which an inequality may be missed
STEPS = 12  # of Newton's method for equations between the parameters
STEP = 1e-3  # relative, between places at which two forms of the log-likelihood are compared
MANY = 20_000  # rows from which a value of the log-likelihood takes its time
Function = Callable[..., float]


@dataclass(frozen=True, eq=False)
class Height:
    """The log-likelihood of a problem as a function of the parameters that its equations leave free.

    problem: the question, with data.  function: of all parameters.  at: values of all of them at which the data are possible: the estimates,
    where there are any.  costly: whether one value takes long.
    """

    problem: Problem
    function: Function
    at: Mapping[str, float]
    costly: bool = False

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The parameters that are free."""
        return tuple(k for k in self.problem.parameters if k not in self._tied)

    @cached_property
    def place(self) -> tuple[float, ...]:
        """Where `at` lies, in the free parameters."""
        return tuple(self.at[k] for k in self.letters)

    def __call__(self, *free: float) -> float:
        """The log-likelihood; minus infinity where the data are impossible, and outside the domains and the constraints."""
        env = self._every(dict(zip(self.letters, free, strict=True)))
        if env is None:
            return -math.inf
        p = self.problem
        if not all(d.closed.contains(env[k], env) for k, d in p.parameters.items()) or any(g(env) < -ROUNDING for g in self._limits):
            return -math.inf
        try:
            v = float(self.function(*(env[k] for k in p.parameters)))
        except (ArithmeticError, ValueError):
            return -math.inf
        return -math.inf if math.isnan(v) else v

    def along(self, name: str, others: Mapping[str, float]) -> Callable[[float], float]:
        """The log-likelihood in one free parameter, the others held fixed."""
        return lambda v: self(*(v if k == name else others[k] for k in self.letters))

    def ends(self, name: str) -> tuple[float, float]:
        """The ends of the domain of a parameter."""
        return self.problem.parameters[name].bounds(dict(self.at))

    @cached_property
    def regular(self) -> bool:
        """Whether the place lies inside the domains and the constraints, and no parameter moves the support or takes separate values only."""
        p, env = self.problem, dict(self.at)
        inside = all(not d.discrete and d.interior.contains(env[k], env) for k, d in p.parameters.items())
        return inside and not p.moving and not p.restrictions and all(g(env) > ROUNDING for g in self._limits)

    @cached_property
    def _equations(self) -> tuple[Value, ...]:
        return tuple(compiled(add(c.sides[0], neg(c.sides[1]))) for c in self.problem.implied if c.signs == ("=",))

    @cached_property
    def _limits(self) -> tuple[Value, ...]:
        """What must not be negative."""
        return tuple(compiled(f) for c in self.problem.implied for f in _differences(c))

    @cached_property
    def _tied(self) -> tuple[str, ...]:
        """Parameters that the equations give by the others: one for each, the last that can be."""
        chosen: list[str] = []
        for _ in self._equations:
            for k in reversed(tuple(self.problem.parameters)):
                if k not in chosen and self._independent([*chosen, k]):
                    chosen.append(k)
                    break
        return tuple(chosen)

    def _independent(self, names: Sequence[str]) -> bool:
        """Whether some equations, as many as the names, can be solved for these."""
        rows = self._slopes(names, dict(self.at))
        for j in range(len(names)):
            pivot = next((r for r in range(j, len(rows)) if abs(rows[r][j]) > ROUNDING), None)
            if pivot is None:
                return False
            rows[j], rows[pivot] = rows[pivot], rows[j]
            for r in range(j + 1, len(rows)):
                factor = rows[r][j] / rows[j][j]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[j], strict=True)]
        return True

    def _slopes(self, names: Sequence[str], env: Env) -> list[list[float]]:
        out = []
        for g in self._equations:
            steps = [1e-6 * (1 + abs(env[k])) for k in names]
            out.append([(g({**env, k: env[k] + h}) - g({**env, k: env[k] - h})) / (2 * h) for k, h in zip(names, steps, strict=True)])
        return out

    def _every(self, free: Mapping[str, float]) -> Env | None:
        """All parameters, the tied ones solved for; None where that cannot be."""
        env: Env = {**self.at, **free}
        for _ in range(STEPS if self._tied else 0):
            miss = [g(env) for g in self._equations]
            if max(map(abs, miss)) <= 1e-13:
                break
            step = solve_linear(self._slopes(self._tied, env), [-m for m in miss]) if len(self._tied) == len(miss) else None
            if step is None:
                return None
            for k, d in zip(self._tied, step, strict=True):
                env[k] += d
        return env


def _differences(c: Relation) -> list[Formula]:
    """Of inequalities the larger sides less the smaller."""
    out: list[Formula] = []
    for a, sign, b in zip(c.sides, c.signs, c.sides[1:], strict=False):
        if sign in ("<", "<="):
            out.append(add(b, neg(a)))
        elif sign in (">", ">="):
            out.append(add(a, neg(b)))
    return out


def height_of(problem: Problem, estimates: Mapping[str, float] | None) -> Height:
    """The log-likelihood of a question with data.  estimates: by parameter, where there are any.  Raises NotSupported where it has no
    values."""
    sample = problem.sample
    if sample is not None and problem.observations is None and sample.is_plain and not problem.sums:
        found = _by_sums(problem)
        if found is None or estimates is None:
            raise NotSupported("a sample as large as this has no picture of its likelihood where there is no maximum")
        return Height(problem, found.function, estimates, found.costly)
    w = begin(problem).judge.points[0]
    at = estimates or {k: w[k] for k in problem.parameters}
    ell: Function = w["ell"]
    if problem.moving and not problem.whole:

        def inside(*at: float) -> float:
            return ell(*at) if problem.possible({**w, **dict(zip(problem.parameters, at, strict=True))}) else -math.inf

        return Height(problem, inside, at)
    seen = problem.observations
    quick = _by_sums(problem) if seen is not None and not problem.restrictions and problem.cells is None and not problem.whole else None
    if quick is not None and not quick.costly and _alike(quick.function, ell, at, problem):
        return Height(problem, quick.function, at)
    return Height(problem, ell, at, seen is not None and len(seen.rows) > MANY)


@dataclass(frozen=True)
class BySums:
    """function: the log-likelihood, up to what is free of the parameters.  costly: whether some sum has parameters in it."""

    function: Function
    costly: bool


def _by_sums(problem: Problem) -> BySums | None:
    """The log-likelihood by its formula, every sum over the sample that is free of the parameters worked out once, others in arrays; None
    where there is no such formula."""
    sample = problem.sample
    if sample is None or not sample.is_plain:
        return None
    try:
        ell = run((model, likelihood, log_likelihood_section), begin(problem)).ell
    except NotSupported:
        return None
    if ell is None:
        return None
    unknown = {k: "#" + k for k in problem.parameters}  # what `Statistics` takes for unknowns
    s = Statistics(sample, problem.observed)
    hidden = s.hide(replace_all(problem.spelled(ell), {Sym(k): Sym(u) for k, u in unknown.items()}))
    height = compiled(hidden)

    def value(*at: float) -> float:
        point = dict(zip(problem.parameters, at, strict=True))
        if problem.moving and not problem.allows(sample, point):
            return -math.inf
        return height({**s.env, **{unknown[k]: v for k, v in point.items()}})

    return BySums(value, any(isinstance(g, (Apply, Big, At)) for g in walk(hidden)))


def _alike(f: Function, g: Function, at: Mapping[str, float], problem: Problem) -> bool:
    """Whether two functions differ by a constant at a few places around the estimates, as far as floats tell."""
    places = [[at[k] * (1 + j * STEP) + j * STEP for k in problem.parameters] for j in (0, 1, -1)]
    try:
        gaps = [f(*q) - g(*q) for q in places]
        size = abs(g(*places[0]))
    except (ArithmeticError, ValueError, KeyError):
        return False
    return all(math.isfinite(x) for x in gaps) and max(gaps) - min(gaps) <= 1e-7 * (1 + size)


__all__ = ["Height", "height_of"]
