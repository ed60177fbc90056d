"""A question as the judge of a solution needs it: the log-likelihood as a formula, and random samples to try it on."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...errors import NotValid
from ...formula.evaluate import Env, compiled, holds, log_size
from ...formula.tree import (
    ZERO,
    At,
    Call,
    Cases,
    Div,
    Formula,
    Mul,
    Pow,
    Relation,
    Sym,
    add,
    each,
    log,
    mul,
    names,
    neg,
    num,
    product,
    replace_all,
    total,
)
from ...oracle.exact import Column, Source, Worked, with_sources
from ...problem.problem import Problem
from ...problem.test_points import random_parameters, random_sample
from ...reading.context import OWN_SIZE
from ...sample.columns import fractions
from ...sets.domain import REAL, Domain
from ..slope import logarithm, slope

ROUGH = frozenset({"abs", "sign", "max", "min", "floor", "ceiling"})
PROPOSALS = 15
LONG = 10_000  # counted observations that are not looked at one by one
MANY = 60  # observations from which equal ones are counted instead of repeated
DIFFERENT, TIMES, ROWS = "#different", "#times", "#rows"


@dataclass
class Model:
    """What a question says, ready for evaluation.

    names: the parameters.  likelihood, ell: the likelihood and its logarithm with logarithms opened, as formulas in
    the parameters, the known letters, the data and n.  one: the log-density of one observation, or None.
    tied: parameters that a constraint gives in terms of the others.  stand_in: a sample that has the sums by which the
    question knows its own.
    """

    problem: Problem
    names: tuple[str, ...]
    likelihood: Formula
    ell: Formula
    one: Formula | None
    tied: dict[str, Formula] = field(default_factory=dict)
    stand_in: Env | None = None

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The parameters that vary by themselves."""
        return tuple(k for k in self.names if k not in self.tied)

    @cached_property
    def open(self) -> bool:
        """Whether the question leaves open what was observed."""
        return bool(self.problem.known) if self.problem.whole else self.problem.sample is None

    @cached_property
    def moving(self) -> bool:
        """Whether the support depends on a parameter."""
        return any(set(self.names) & d.letters for d in self.problem.support.values())

    @cached_property
    def rough(self) -> bool:
        """Whether the log-likelihood has kinks or steps in a parameter: of a function, or between cases of which an observation decides."""
        parameters, data = set(self.names), set(self.problem.observed)
        conditions = [c for g in each(self.ell, Cases) for _, c in g.rows if c is not None]
        return any(g.name in ROUGH and parameters & names(g) for g in each(self.ell, Call)) or any(
            parameters & names(c) and data & names(c) for c in conditions
        )

    @cached_property
    def value(self) -> Callable[[Env], float]:
        """The log-likelihood at a test point; minus infinity where the data are impossible."""
        expanded, direct = compiled(self.ell), log_size(self.likelihood)
        whole = any(self.domain(k).discrete for k in self.names)  # binomial coefficients may vanish

        def height(env: Env) -> float:
            if not self.possible(env):
                return -math.inf
            v = math.nan if whole else expanded(env)
            if math.isnan(v):
                try:
                    sign, v = direct(env)
                except (ValueError, ZeroDivisionError, OverflowError):
                    return -math.inf
                if sign <= 0:
                    return -math.inf
            return v if v == v and v < math.inf else -math.inf

        return height

    def possible(self, env: Env) -> bool:
        """Whether the parameters lie in their domains and the data in a support that depends on them; ends count as inside."""
        for k, d, ends in self._ends:
            low, high = d.bounds(env) if ends is None else ends
            if not low <= env[k] <= high:
                return False
        if any(left(env) < 0 for left in self.problem.log_density.left_over):
            return False
        if self.moving:
            for v, d in self.problem.support.items():
                low, high = d.bounds(env)
                if any(not low <= x <= high for x in env.get(v, ())):
                    return False
        return all(test(env) for test in self._bounds)

    @cached_property
    def _ends(self) -> list[tuple[str, Domain, tuple[float, float] | None]]:
        """The domains, with their ends where these hold no letter."""
        return [(k, d, None if d.letters else d.bounds()) for k, d in self.problem.parameters.items()]

    @cached_property
    def _bounds(self) -> list[Callable[[Env], bool]]:
        """The constraints that are inequalities, with their ends."""
        closed = {"<": "<=", ">": ">="}
        cs = [Relation(c.sides, tuple(closed.get(g, g) for g in c.signs)) for c in self.problem.constraints if "=" not in c.signs]
        return [holds(c) for c in cs]

    def tie(self, env: Env) -> Env:
        """The test point with the tied parameters set."""
        for k, f in self.tied.items():
            env[k] = compiled(f)(env)
        return env

    def exactly(self, env: Env) -> Env:
        """The test point with what its letters and columns are exactly, as far as that is known."""
        p = self.problem
        equations = [c for c in p.implied if c.signs == ("=",)]
        if self.stand_in is not None or len(equations) > len(self.tied):
            return env
        drawn = {k: d for k, d in (*p.known.items(), *p.parameters.items()) if k in env and k not in self.tied}
        out: dict[str, Source] = {k: x for k, d in drawn.items() if (x := d.exactly(env[k], env)) is not None}
        seen = p.observations.exact_columns() if p.observations is not None else {}
        for v in p.observed:
            xs, d = env.get(v), p.support.get(v) or p.covariate_domains.get(v, REAL)
            if isinstance(xs, list):
                exact = seen[v] if v in seen and len(seen[v]) == len(xs) else tuple(d.exactly(x, env) for x in xs)
                if None not in exact:
                    out[v] = Column(tuple(x for x in exact if x is not None))
        there = with_sources(env, out)
        means = {
            v + "_bar": Div(total(At(v, (Sym("#i"),)), "#i", num(len(env[v]))), num(len(env[v])))
            for v in p.observed
            if isinstance(out.get(v), Column)
        }
        worked = {**{k: f for k, f in (*self.tied.items(), *p.values.items()) if k in env}, **{k: f for k, f in means.items() if k in env}}
        return with_sources(there, {k: Worked(f, there) for k, f in worked.items()})

    def fixed(self, env: Env) -> Env:
        """The test point with the known letters that have values."""
        for k, f in self.problem.values.items():
            env[k] = compiled(f)(env)
        return env

    def domain(self, name: str) -> Domain:
        return self.problem.parameters[name]

    # -- random test points ------------------------------------------------------------------------------

    def sample(self, rng: random.Random, size: int, likely: bool = False) -> Env:
        """A random sample with values of the known letters, possible under some parameter values (which it holds too).

        likely: the observations are drawn from the model at these values, nearly.
        """
        p = self.problem
        for _ in range(200):
            try:
                env = self.tie(self.fixed(random_parameters(p, rng)))
                if not self.possible(env):
                    continue
                env |= random_sample(p, rng, env, size) if self.one is not None else {}
            except NotValid:  # parameter values under which the support is empty
                continue
            if likely:
                self._drawn(rng, env, size)
            env = self.summed(env, size)
            if math.isfinite(self.value(env)):
                return env
        raise ValueError("no sample was found that is possible")

    def degenerate(self, rng: random.Random, size: int) -> Iterator[Env]:
        """Samples in which one variable is the same throughout, at an end of its support or not, or one known letter is at an end of its domain."""
        supports = {v: d for v, d in self.problem.support.items() if not set(self.names) & d.letters} if self.one is not None else {}
        for k, d in (*supports.items(), *((k, d) for k, d in self.problem.known.items() if k not in self.problem.values)):
            env = self.sample(rng, size)
            ends = [x for x in d.bounds(env) if math.isfinite(x) and d.contains(x, env)]
            for x in [*ends, *(env[k][:1] if k in supports else ())]:
                changed = self.summed({**env, k: [x] * size if k in supports else x}, size)
                if self.elsewhere(rng, changed) is not None:
                    yield changed

    def _drawn(self, rng: random.Random, env: Env, size: int) -> None:
        """Observations of the only variable chosen among random ones by their density: sampling, importance resampling.

        Rubin (1987), comment on Tanner and Wong, Journal of the American Statistical Association 82.
        """
        p = self.problem
        if len(p.variables) != 1 or self.one is None:
            return
        (v,), f = p.variables, compiled(self.one)
        for j in range(size):
            at = {**env, **{c: env[c][j] for c in p.covariates}}
            drawn = [_proposed(rng, p.support[v], at) for _ in range(PROPOSALS)]
            logs = [f({**at, v: x}) + bonus for x, bonus in drawn]
            top = max((w for w in logs if math.isfinite(w)), default=0.0)
            weights = [math.exp(w - top) if math.isfinite(w) else 0.0 for w in logs]
            if sum(weights) > 0:
                env[v][j] = rng.choices([x for x, _ in drawn], weights)[0]

    def given(self, rng: random.Random) -> Env | None:
        """The sample of the question; None where it is symbolic."""
        p = self.problem
        if self.stand_in is not None:
            values = self.fixed(random_parameters(p, rng)) | self.stand_in
            return self.summed(values, len(self.stand_in[p.variables[0]]))
        if p.sample is None and not (p.whole and not p.known):
            return None
        env: Env = self.fixed(random_parameters(p, rng))
        if p.whole:
            return self.summed(env, 1)
        if p.observations is None:
            return self._partly(env)
        env |= p.observations.columns()
        if p.observations.size > MANY:
            rows = p.observations.rows
            env |= {v + DIFFERENT: [float(row[j]) for row, _ in rows] for j, v in enumerate(p.observed)}
            env |= {TIMES: [float(k) for _, k in rows], ROWS: len(rows)}
        return self.summed(env, p.observations.size)

    def _partly(self, env: Env) -> Env:
        """The test point with the observations that are known exactly, then the limits of the others."""
        p = self.problem
        if p.sample is None or len(p.variables) != 1 or p.sample.is_large:
            return {**env, "n": p.size}
        (v,), s = p.variables, p.sample
        counted = [float(x) for x, k in s.counts.items() if not isinstance(x, tuple) for _ in range(min(int(k), MANY))]
        listed = [*map(float, fractions(s.exact.get(v, ()))), *counted, *map(float, fractions(s.right)), *map(float, fractions(s.left))]
        env = {**env, "n": p.size, **({v: listed} if listed else {})}
        return {**env, v + "_bar": math.fsum(listed) / len(listed)} if listed else env

    def summed(self, env: Env, size: int) -> Env:
        """The test point with n and the means."""
        for v in self.problem.observed:
            if isinstance(env.get(v), list):
                env[v + "_bar"] = math.fsum(env[v]) / len(env[v])
                env[v + "_med"] = statistics.median(env[v])
        if self.one is not None:
            env["n"] = size
        elif OWN_SIZE in env:
            env["n"] = env[OWN_SIZE]
        elif "n" not in env and (counts := [env[k] for k in (*self.problem.known, *self.problem.values) if k in env]):
            env["n"] = math.fsum(counts)
        return env

    def elsewhere(self, rng: random.Random, env: Env) -> Env | None:
        """The same sample with other parameter values under which it is possible; None where none are found."""
        data = [x for v in self.problem.observed for x in env.get(v, ())]
        for j in range(300):
            e = dict(env)
            for k in self.names:
                near = _near(rng, data) if j >= 60 and data and j % 4 else None
                e[k] = near if near is not None and self.domain(k).contains(near, e) else self.domain(k).points(rng, e, 1)[0]
            if math.isfinite(self.value(self.tie(e))):
                return e
        return None


def _proposed(rng: random.Random, d: Domain, env: Env) -> tuple[float, float]:
    """A number of the support, far ones too, and minus the logarithm of the density with which it is proposed."""
    if d.values is not None:
        return d.points(rng, env, 1)[0], 0.0
    low, high = d.whole(env) if d.integer else d.bounds(env)
    if math.isfinite(low) and math.isfinite(high):
        return (float(rng.randint(int(low), int(high))) if d.integer else rng.uniform(low, high)), 0.0
    t = math.exp(rng.uniform(-3, 4))
    x = low + t if math.isfinite(low) else high - t if math.isfinite(high) else rng.choice((-1, 1)) * t
    return (float(math.floor(x)) if d.integer else x), math.log(t)


def _near(rng: random.Random, data: list[float]) -> float:
    """A number that parameters of a support may have, given the data: outside their range, or amid it, whole or not."""
    low, high = min(data), max(data)
    wide = (high - low) or abs(high) or 1.0
    x = rng.choice(
        (
            high + wide * rng.uniform(0, 1), low - wide * rng.uniform(0, 1), rng.uniform(low, high), (low + high) / 2 + rng.uniform(-0.2, 0.2),
            high + rng.uniform(0, 0.5), low - rng.uniform(0, 0.5), high * rng.uniform(1, 3),
        )
    )  # fmt: skip
    return float(round(x)) if rng.random() < 0.3 else x


def model_of(problem: Problem) -> Model:
    """The model of a question.  Raises NotSupported where its likelihood cannot be written down."""
    letters = tuple(problem.parameters)
    tied = _tied(problem)
    if problem.whole:
        return Model(problem, letters, problem.density, logarithm(problem.density), None, tied)
    s = problem.sample
    if problem.sums:
        return replace(model_of(problem.without_data()), stand_in=_stand_in(problem))
    if s is not None and not s.is_plain and (problem.observations is None or problem.observations.size > LONG):
        return _partly_known(problem, letters, tied)
    d = problem.indexed(problem.density)
    i = problem.index
    seen = problem.observations
    if seen is not None and seen.size > MANY and 2 * len(seen.rows) < seen.size:
        return _counted(problem, letters, tied)
    one = logarithm(problem.density)
    opened = Model(problem, letters, product(d, i), total(problem.indexed(one), i), one, tied)
    return opened if _evaluates(opened) else Model(problem, letters, product(d, i), total(log(d), i), log(problem.density), tied)


def _evaluates(model: Model) -> bool:
    """Whether the logarithm, with products opened, has values: a product of two negative factors has none."""
    try:
        env = model.sample(random.Random(1), 3)
        return not math.isnan(compiled(model.ell)(env))
    except (ValueError, KeyError):
        return True


def _counted(problem: Problem, letters: tuple[str, ...], tied: dict[str, Formula]) -> Model:
    """A long sample with equal observations: each different one with the number of times that it occurs."""
    i = problem.index
    at: dict[Formula, Formula] = {Sym(v): At(v + DIFFERENT, (Sym(i),)) for v in problem.observed}
    times, one = At(TIMES, (Sym(i),)), logarithm(problem.density)
    likelihood = product(Pow(replace_all(problem.density, at), times), i, Sym(ROWS))
    return Model(problem, letters, likelihood, total(Mul((times, replace_all(one, at))), i, Sym(ROWS)), one, tied)


def _tied(problem: Problem) -> dict[str, Formula]:
    """For every linear equality among the constraints one parameter, the last that can be, in terms of the others."""
    out: dict[str, Formula] = {}
    for c in problem.constraints:
        for a, sign, b in zip(c.sides, c.signs, c.sides[1:], strict=False):
            if sign != "=":
                continue
            difference = replace_all(add(a, neg(b)), {Sym(k): f for k, f in out.items()})
            for k in reversed(tuple(problem.parameters)):
                slope_ = slope(difference, Sym(k))
                if k not in out and slope_ != ZERO and not names(slope_) & set(problem.parameters):
                    out[k] = Div(neg(replace_all(difference, {Sym(k): ZERO})), slope_)
                    out = {o: replace_all(f, {Sym(k): out[k]}) if o != k else f for o, f in out.items()}
                    break
    return out


def _partly_known(problem: Problem, letters: tuple[str, ...], tied: dict[str, Formula]) -> Model:
    """Censored, grouped or weighted observations: the product of what each contributes, or that of the rows they are put into."""
    from ...stages.setup.begin import begin

    state = begin(problem)
    f = state.factors
    if f is None:
        return replace(model_of(state.problem), one=logarithm(problem.density))
    likelihood = mul(*(g for c, g in f.parts for _ in range(c.times)))
    ell = add(*(Mul((num(c.times), logarithm(g))) if c.times != 1 else logarithm(g) for c, g in f.parts))
    return Model(problem, letters, likelihood, ell, logarithm(problem.density), tied)


def _stand_in(problem: Problem) -> Env:
    """A sample that has the sums by which the question knows its own."""
    from ...stages.setup.sufficient_sums import a_sample_of

    (v,) = problem.variables
    return {v: a_sample_of(problem)}
