"""The question: a density, what to estimate, what was observed.  Read and validated once, immutable after."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..algebra import Algebra
from ..density.admissible import Bound, bounds
from ..density.conditions import from_condition
from ..density.covariates import covariate_domains, draw, draw_column, narrowed
from ..density.domain import NATURAL, POSITIVE, REAL, Domain
from ..density.feasible import feasible
from ..density.inference import Settled, settle
from ..density.likelihoods import settle_likelihood
from ..density.sets import COUNTS, INFINITY, finite
from ..density.shares import bases, remainders
from ..density.supports import COUNTING
from ..errors import NotSupported, NotValid
from ..facts import COUNT, NONNEGATIVE, Facts, Range
from ..facts import POSITIVE as POSITIVE_RANGE
from ..formula.evaluate import Env, Value, compiled, log_size
from ..formula.latex import decimal
from ..formula.names import canonical, reported, squared_base
from ..formula.tree import Add, And, Apply, At, Call, Div, Formula, N, Relation, Sym, has, num, product, replace_all, total, walk
from ..formula.tree import names as letters_of
from ..oracle import world
from ..reading.context import Context
from ..reading.domains import read as read_domain
from .cells import cells_of
from .groups import groups_of
from .moving import possible, with_widths, within
from .named import entry_of, filled
from .observations import Observations, observations
from .prediction import read_prediction
from .sample import Sample, as_sample

if TYPE_CHECKING:
    from ..density.given import Given
    from ..reading.question import Question
    from .rows import Rows

TRIES = 200  # parameter points that are drawn to find one that satisfies the constraints
VARIABLES = ("x", "y", "t", "k", "z")
OWN_SIZE = "n_own"  # a density's own letter n, so that n can be the sample size; shown as n, and the size as N


@dataclass(frozen=True)
class Asked:
    """Words and further wishes of a question that do not change the mathematics."""

    quantities: Mapping[str, Formula] = field(default_factory=dict)
    at: Mapping[str, Formula] = field(default_factory=dict)
    units: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    method: str = "substitution"


class Problem:
    """A validated question.

    Attributes: density (of one observation, as a formula), variables, covariates, parameters (name to domain),
    known (name to domain), support (variable to domain), sample (None for a symbolic one), size (n or None),
    constraints, asked, notation (name to LaTeX), warnings, inferred (names whose domain was inferred).
    Arguments: see the README and `derive.mle`.  Raises `NotValid` or `NotSupported`.
    """

    def __init__(
        self,
        density: Any = None,
        *,
        likelihood: Any = None,
        syntax: str | None = None,
        variable: str | Sequence[str] | None = None,
        covariates: Sequence[str] | None = None,
        parameters: Sequence[str] | Mapping[str, str] | None = None,
        known: Sequence[str] | Mapping[str, Any] | None = None,
        support: str | Mapping[str, str] | None = None,
        data: Any = None,
        n: int | None = None,
        constraints: Sequence[str] | None = None,
        method: str | None = None,
        quantities: Mapping[str, str] | None = None,
        at: Mapping[str, Any] | None = None,
        units: str | None = None,
        labels: Mapping[str, str] | None = None,
        title: str | None = None,
        prediction: Any = None,
        unnormalised: bool = False,
    ):
        self.whole = likelihood is not None  # a likelihood was given in place of a density
        if self.whole:
            _only_likelihood(
                density=density, variable=variable, covariates=covariates, support=support, data=data, n=n, prediction=prediction
            )
        elif density is None:
            raise NotValid("there is no density", hint=r"give one, for example r'\lambda e^{-\lambda x}'")
        from ..reading.question import Question

        self.entry = None if self.whole else entry_of(density)
        if self.entry is not None:
            named = filled(self.entry, {"variable": variable, "parameters": parameters, "known": known, "support": support})
            density, variable, parameters, known, support = named.values()
        self.prediction = read_prediction(prediction, covariates)
        if self.prediction is not None:
            covariates, parameters = self.prediction.covariates, self.prediction.parameters(parameters)
        q = Question(likelihood if self.whole else density, syntax, variable, covariates, parameters, known, self.whole, support)
        self.variables, self.covariates = q.variables, q.covariates
        self.notation: Mapping[str, str] = q.notation
        self.written = q.density
        own: dict[Formula, Formula] = {Sym("n"): Sym(OWN_SIZE)} if OWN_SIZE in q.free else {}
        supports = {
            v: (read_domain(s, v).replaced(own) if s is not None else q.support.get(v))
            for v, s in _by_variable(support, q.variables).items()
        }
        q.check_occurrence(frozenset(k for d in supports.values() if d is not None for k in d.letters))
        self.constraints = q.constraints(constraints or ())
        self.sample: Sample | None = as_sample(data, tuple(self.variables), tuple(self.covariates)) if data is not None else None
        self.observations = observations(self.sample, self.observed)
        domains = _covariates(q, support, supports, self.observations)
        instead = _given(q, supports)
        settled = _settled(q, supports, domains, unnormalised, [c for c in self.constraints if not is_end(c)])
        self.parameters: Mapping[str, Domain] = settled.parameters
        self.support: Mapping[str, Domain] = settled.support
        self.known: Mapping[str, Domain] = {k: d for k, d in settled.known.items() if isinstance(d, Domain)}
        values: dict[Formula, Formula] = {Sym(k): f for k, f in settled.known.items() if not isinstance(f, Domain)}
        self.values: Mapping[str, Formula] = {k: f for k, f in settled.known.items() if not isinstance(f, Domain)}
        self.density = replace_all(q.density, values)
        self.constraints = tuple(replace_all(c, values) for c in self.constraints)  # type: ignore[misc]
        self.given = None if instead is None else instead.at(values)
        if self.prediction is not None:
            self.prediction.check(self.parameters)
        self.parameters, self.constraints = bounded_by(self.parameters, self.constraints)
        self.implied = (*self.constraints, *remainders(self.density))
        self.inferred, self.warnings = settled.inferred, settled.warnings
        self.normalised, self.total, self.unnormalised = settled.checked, settled.total, unnormalised
        if n is not None and (not isinstance(n, int) or isinstance(n, bool) or n < 1):
            raise NotValid(f"n is a whole number of observations, not {n!r}")
        self.given_size = n
        self.size = self.sample.size if self.sample is not None else n
        self.covariate_domains = self._narrowed(domains)
        self.rows: Rows | None = None  # how a sample that is not plain was put into rows
        self.probabilities: tuple[Formula, ...] = ()  # formulas known to be positive because they are probabilities
        given = self.sample.sums if self.sample is not None else {}
        self.sums: Mapping[str, tuple[Formula, Fraction]] = {k: (q.statistic(k), s) for k, s in given.items()}
        self.index = "i" if "i" not in q.letters else "j"
        taken = q.letters | set(self.known) | set(self.parameters)
        self.cells = groups_of(self.density, self.covariate_domains, taken) or cells_of(
            self.density, self.variables, self.covariates, self.support, taken
        )
        self.statistics = self.cells.counts(self.observed, self.index) if self.cells is not None else {}
        self.asked = Asked(
            {str(k): q.formula(v, f"the quantity {k!r}") for k, v in (quantities or {}).items()},
            {canonical(str(k)): q.formula(v, f"the value of {k}") for k, v in (at or {}).items()},
            units, {canonical(str(k)): v for k, v in (labels or {}).items()}, title, method or "substitution",
        )  # fmt: skip
        self._check_values()
        if self.sample is not None:
            self._check_sample(self.sample)

        if self.given is not None:
            rng = random.Random(6)
            self.given.check(self.variables[0], self.support[self.variables[0]], [self.point(rng) for _ in range(3)])

    def _check_values(self) -> None:
        for k, f in self.asked.at.items():
            if k not in self.parameters:
                raise NotValid(f"`at` speaks of {k}, which is not a parameter", hint="the parameters are " + ", ".join(self.parameters))
            if letters_of(f):
                raise NotValid(f"the value of {k} in `at` is not a number", hint='write at={"theta": "1/2"}')
            if not self.parameters[k].contains(compiled(f)({})):
                raise NotValid(f"the value of {k} in `at` must be {self.parameters[k].words()}")

    def refuse(self) -> None:
        """Raise NotSupported for what can be asked and checked, and cannot be derived yet."""
        if self.prediction is not None:
            raise NotSupported(
                "a prediction leads to a loss, not to an estimate", hint="ask for it with derive.loss, or leave `prediction` out"
            )
        partly = self.sample is not None and self.observations is None and not self.sample.is_large
        if self.moving and (self.covariates or partly or any(d.letters & set(self.variables) for d in self.support.values())):
            raise NotSupported(
                f"the support depends on {self.moving[0]}, which is to be estimated; "
                "this is supported for exact observations whose support is an interval in each variable"
            )
        separate = [k for k, d in self.parameters.items() if d.discrete]
        if separate and ((len(self.parameters) > 1 and not self.separate_ends) or len(self.variables) > 1 or self.covariates or partly):
            raise NotSupported(
                f"{separate[0]} takes separate values only ({self.parameters[separate[0]].words()}); "
                "this is supported for a single parameter and exact observations of one variable",
                hint="state an interval as its domain",
            )

    def with_parameters(self, parameters: Mapping[str, Domain]) -> Problem:
        """The same question with other domains of its parameters."""
        other = copy(self)
        other.parameters = parameters
        return other

    def without_data(self, n: int | None = None) -> Problem:
        """The same question for a symbolic sample, of a given size or of any."""
        other = copy(self)
        other.sample, other.observations, other.size, other.given_size, other.sums = None, None, n, n, {}
        return other

    def in_rows(self, rows: Rows, density: Formula, support: Domain, probabilities: tuple[Formula, ...] = ()) -> Problem:
        """The question about the rows of the sample: under their own density, with their column as a covariate.

        probabilities: formulas in the density that are probabilities, and so positive.
        """
        other = copy(self)
        other.rows, other.density, other.probabilities = rows, density, probabilities
        other.support = {**self.support, self.variables[0]: support}
        other.covariates = (*self.covariates, *rows.domains)
        other.covariate_domains = {**self.covariate_domains, **rows.domains}
        other.cells, other.statistics = None, {}
        for kept in ("_log", "bounds"):
            other.__dict__.pop(kept, None)
        if self.sample is not None:
            other.sample = rows.sample(self.sample)
            other.observations = observations(other.sample, other.observed)
            other.size = other.sample.size
        return other

    @classmethod
    def load(cls, path: str | Path) -> Problem:
        """Read a problem file (TOML): the arguments as keys, a [sample] table for `Sample`."""
        from .problemfile import load_problem_file

        return cls(**load_problem_file(path))

    # -- the sample ---------------------------------------------------------------------------

    def _check_sample(self, sample: Sample) -> None:
        for v, d in (*self.support.items(), *self.covariate_domains.items()):
            d = d.replaced({Sym(k): f for k, f in self.values.items()})
            if d.letters:
                bad = self._outside_beside(v, d, sample)
            else:
                bad = sample.first_outside(v, d) if v in sample.exact else None
                single = [x for x in sample.counts if not isinstance(x, tuple)]
                bad = bad or next(((j, str(x)) for j, x in enumerate(single, 1) if not d.contains(float(x))), None)
            if bad is None:
                continue
            place = f"observation {bad[0]}" + (f" of {reported(v)}" if len(self.observed) > 1 else "")
            what = "support" if v in self.support else "values of a covariate with"
            hint = f"check the data, or state another {'support' if v in self.support else 'set for it: support={...}'}"
            raise NotValid(f"{place} is {bad[1]}, outside the {what} {d.text(v)}", hint=hint)

    def _outside_beside(self, v: str, d: Domain, sample: Sample) -> tuple[int, str] | None:
        """The first observation outside a support that depends on covariates beside it only."""
        if not (sample.exactly and d.letters <= set(self.covariates)):
            return None
        for j, (x, *beside) in enumerate(zip(*(sample.values(k) for k in (v, *self.covariates)), strict=True), 1):
            env: Env = {c: float(b) for c, b in zip(self.covariates, beside, strict=True)}
            if not d.contains(float(x), env):
                return j, f"{decimal(x)} beside " + ", ".join(f"{reported(c)} = {env[c]:g}" for c in sorted(d.letters))
        return None

    def sample_of(self, data: Any) -> Sample:
        """Other data for this question, read and checked as its own.  Raises NotValid as `Problem` does."""
        if self.rows is not None:
            return self.rows.sample(self.rows.origin.sample_of(data))
        sample = as_sample(data, tuple(self.variables), tuple(self.covariates))
        if sample is None:
            raise NotValid("there are no data to evaluate the result on")
        self._check_sample(sample)
        return sample

    def with_data(self, data: Any) -> Problem:
        """The same question about other data, read and checked as its own."""
        if self.rows is not None:
            return self.rows.origin.with_data(data)
        other = copy(self)
        other.sample = self.sample_of(data)
        other.size, other.observations = other.sample.size, observations(other.sample, other.observed)
        return other

    @property
    def as_asked(self) -> Problem:
        """The question about single observations, where this is the one about the rows that a sample was put into."""
        return self if self.rows is None else self.rows.origin

    @property
    def observed(self) -> tuple[str, ...]:
        """Everything that has a value for each observation."""
        return (*self.variables, *self.covariates)

    @property
    def high(self) -> Formula:
        """The sample size as it is shown above a product sign."""
        return N if self.size is None else num(self.size)

    # -- formulas -----------------------------------------------------------------------------

    def indexed(self, f: Formula) -> Formula:
        """A formula of one observation as a formula of observation i."""
        return replace_all(f, {Sym(v): At(v, (Sym(self.index),)) for v in self.observed})

    @property
    def likelihood(self) -> Formula:
        """The product of the density over the sample 1, ..., n; or the likelihood that was given."""
        if self.whole:
            return self.density
        if self.cells is not None:
            return product(self.indexed(self.density_at(*map(Sym, (*self.variables, *self.covariates)))), self.index)
        return product(self.indexed(self.density), self.index)

    @property
    def spread(self) -> Formula:
        """The likelihood as a product over the sample without cases."""
        if self.cells is None:
            return self.likelihood
        return product(self.indexed(self.cells.spread), self.index)

    def with_statistics(self, more: Mapping[str, Formula]) -> Problem:
        """The same question with further letters for sums over the sample."""
        other = copy(self)
        other.statistics = {**self.statistics, **more}
        return other

    @property
    def single(self) -> tuple[Fraction, ...] | None:
        """The one observation of several counts, where that is all there is."""
        seen = self.observations
        if seen is None or seen.size != 1 or len(self.variables) < 2 or self.covariates:
            return None
        return next(seen.each()) if all(d.discrete for d in self.support.values()) else None

    def spelled(self, f: Formula) -> Formula:
        """f with the letters of statistics (how often a value was seen) as the sums that they stand for."""
        return replace_all(f, {Sym(k): g for k, g in self.statistics.items()}) if self.statistics else f

    @property
    def letters(self) -> tuple[Formula, ...]:
        """The parameters as letters, in order."""
        return tuple(Sym(p) for p in self.parameters)

    def density_at(self, *observed: Formula) -> Apply:
        """f as a function of what was observed and the parameters."""
        return Apply("f", (*observed, *self.letters), len(observed))

    def of(self, name: str) -> Apply:
        """L or ell as a function of the parameters."""
        return Apply(name, self.letters)

    @property
    def context(self) -> Context:
        """The names that a text about this problem may use: what a write-up of it is read back with."""
        letters = (*self.parameters, *self.known, *self.statistics)
        atoms = {base: k for k in letters if (base := squared_base(k)) is not None}
        functions = {"f", "L", "ell", "ell_prof", *({"Lambda"} if self.constraints else ())}
        functions |= {g.name for g in walk(self.density) if isinstance(g, Call) and g.name == "zeta"}
        return Context(
            parameters=frozenset(letters), data=frozenset(self.observed), functions=frozenset(functions), index=frozenset({self.index}), atoms=atoms,
        )  # fmt: skip

    def without_means(self, f: Formula) -> Formula:
        """f with sample means written as sums over n, and the names that users know."""
        table: dict[Formula, Formula] = {Sym(v + "_bar"): Div(total(At(v, (Sym(self.index),)), self.index), N) for v in self.observed}
        f = replace_all(self.spelled(f), table)
        if self.size is not None:
            f = replace_all(f, {N: num(self.size)})
        names: dict[Formula, Formula] = {Sym(k): Sym(reported(k)) for k in (*self.parameters, *self.known)}
        if OWN_SIZE in self.known or OWN_SIZE in self.parameters:
            names |= {Sym(OWN_SIZE): Sym("n"), N: Sym("N")}
        return replace_all(f, names)

    @property
    def facts(self) -> Facts:
        """Ranges of the parameters inside their domains, of the known letters and of the data."""
        letters = {"n": COUNT}
        for name, d in (*self.parameters.items(), *self.known.items()):
            letters[name] = interior(d) if name in self.parameters else hull(d, letters)
        beside = {c: hull(d, letters) for c, d in self.covariate_domains.items()}
        data = beside | {v: hull(d, letters | beside) for v, d in self.support.items()}
        data |= {v: NONNEGATIVE for v, r in data.items() if not r.nonnegative and has(self.density, Call("factorial", (Sym(v),)))}
        ends = {v: (self.indexed(d.low), self.indexed(d.high)) for v, d in self.support.items() if d.letters}
        letters |= {k: Facts(letters, data, ends=ends).range(f) for k, f in self.statistics.items()}
        facts = Facts(letters, data, ends=ends, sums={Sym(k): f for k, f in self.statistics.items()})
        for f in (*self.probabilities, *self.not_negative):
            facts = facts.assume(f, POSITIVE_RANGE).assume(self.indexed(f), POSITIVE_RANGE)
        return with_widths(facts, self.support) if self.moving else facts

    @property
    def moving(self) -> tuple[str, ...]:
        """The parameters on which the support of a variable depends."""
        return tuple(k for k in self.parameters if any(k in d.letters for d in self.support.values()))

    @property
    def separate_ends(self) -> bool:
        """Whether every parameter that is a whole number is one of several that a support of whole numbers depends on, and
        the density makes sense between whole numbers too."""
        separate = [k for k, d in self.parameters.items() if d.discrete]
        counted = {k for g in walk(self.density) if isinstance(g, Call) and g.name in (*COUNTING, "gamma") for k in letters_of(g)}
        return len(self.parameters) > 1 and all(self.parameters[k].integer and k in self.moving and k not in counted for k in separate)

    @property
    def kinked(self) -> bool:
        """Whether the density has an absolute value of something with a parameter in it."""
        return any(isinstance(g, Call) and g.name in ("abs", "sign") and letters_of(g) & set(self.parameters) for g in walk(self.density))

    @cached_property
    def bounds(self) -> Mapping[str, tuple[Bound, ...]]:
        """What the observations say of each such parameter, the others fixed.  Raises NotSupported where that is not found."""
        facts = self.facts

        def generic(f: Formula) -> int:
            """The sign that an observation has unless it is 0."""
            r = facts.range(f)
            return 0 if letters_of(f) & set(self.parameters) else 1 if r.nonnegative else -1 if r.nonpositive else 0

        al = Algebra(facts, generic=generic)
        return {k: bounds(self.support, k, frozenset(self.parameters), al) for k in self.moving}

    def possible(self, env: Env) -> bool:
        """Whether the sample of a world lies in the support at the parameters of env; ends that move count as closed."""
        return possible(self.support, env["#sample"], env)

    # -- worlds -------------------------------------------------------------------------------

    def log_density(self, env: Env) -> float:
        """The log-density of one observation whose variables and parameters env holds."""
        if any(left(env) < 0 for left in self.left_over):
            return float("nan")
        sign, size = self._log_density(env)
        return size if sign > 0 else float("-inf") if sign == 0 else float("nan")

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
            if math.isfinite(w["ell"](*(w[k] for k in self.parameters))):
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
        for _ in range(TRIES):
            env = self._any_point(rng)
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


def _covariates(q: Question, support: Any, supports: Mapping[str, Domain | None], seen: Observations | None) -> dict[str, Domain]:
    """The values of the covariates, as far as they are known before the density was looked at."""
    stated = {canonical(str(v)): read_domain(s, canonical(str(v))) for v, s in support.items()} if isinstance(support, Mapping) else {}
    values = {c: tuple(seen.tally(c)) for c in q.covariates} if seen is not None else {}
    return covariate_domains(q.density, q.covariates, {c: d for c, d in stated.items() if c in q.covariates}, supports, values)


def _settled(
    q: Question, supports: Mapping[str, Domain | None], covariates: Mapping[str, Domain], unnormalised: bool, constraints: Sequence[Relation]
) -> Settled:  # fmt: skip
    """Domains and supports; a density that the second reader read must total 1 to be believed."""
    if q.doubt is not None and (unnormalised or q.whole):
        raise q.doubt
    if q.whole:
        return settle_likelihood(q.density, q.parameters, q.known, constraints)
    try:
        settled = settle(q.density, q.variables, q.parameters, q.known, covariates, supports, unnormalised, constraints)
    except NotValid:
        if q.doubt is not None:
            raise q.doubt from None
        raise
    if q.doubt is not None and not settled.checked:
        raise q.doubt
    return settled


def _given(q: Question, supports: dict[str, Domain | None]) -> Given | None:
    """Where the text gives no density: what it gives, and the density made from it, which takes its place in the question."""
    origin = q.origin
    if origin is None:
        return None
    from ..density.given import Given, density_from

    if len(q.variables) != 1:
        raise NotSupported(f"a {origin.kind} of several variables is not supported yet", hint="give the joint density")
    (v,) = q.variables
    letters = {k: d if not isinstance(d, Formula) else finite(d) for k, d in (*q.parameters.items(), *q.known.items())}
    made, supports[v] = density_from(origin, v, supports[v], letters)
    q.density = made.density
    return Given(origin, made)


def is_end(c: Relation) -> bool:
    """Whether a constraint is an inequality of one letter and a number."""
    return c.signs != ("=",) and len(letters_of(c)) == 1


def bounded_by(parameters: Mapping[str, Domain], constraints: Sequence[Relation]) -> tuple[Mapping[str, Domain], tuple[Relation, ...]]:
    """Inequalities of one parameter and a number as ends of its domain; the other constraints."""
    out, rest = dict(parameters), list[Relation]()
    for c in constraints:
        k = next(iter(letters_of(c)))
        if not is_end(c) or out[k].discrete:
            rest.append(c)
            continue
        now = out[k].condition(Sym(k))
        out[k] = from_condition(c if now is None else And((now, c)), k)
    return out, tuple(rest)


def _only_likelihood(**others: Any) -> None:
    """Raises NotValid where something comes with a likelihood that belongs to a density of one observation."""
    for name, given in others.items():
        if given is not None:
            hint = "a likelihood holds the observations already: write their numbers in it, or give its letters values with known={...}"
            raise NotValid(f"`{name}` does not go together with `likelihood`", hint=hint)


def _by_variable(support: str | Mapping[str, str] | None, variables: Sequence[str]) -> dict[str, str | None]:
    if isinstance(support, Mapping):
        return {v: support.get(v) for v in variables}
    return dict.fromkeys(variables, support)


def interior(d: Domain) -> Range:
    """The range of a parameter inside its domain: the ends are looked at apart."""
    low, high = d.bounds({})
    return Range(low, high, True, True) if not d.discrete else Range(low, high)


def hull(d: Domain, letters: Mapping[str, Range]) -> Range:
    """The range of values that a domain with parameters in its ends can hold."""
    facts = Facts(letters)
    if d.values is not None:
        rs = [facts.range(v) for v in d.values]
        return Range(min(r.low for r in rs), max(r.high for r in rs))
    low, high = facts.range(d.low), facts.range(d.high)
    return Range(low.low, high.high, d.low_open or low.low_open, d.high_open or high.high_open)


__all__ = ["Asked", "Problem", "hull", "interior"]
