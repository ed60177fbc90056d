"""The question: a density, what to estimate, what was observed.  Read and validated once, immutable after."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..algebra.facts import COUNT, NONNEGATIVE, Facts
from ..algebra.facts import POSITIVE as POSITIVE_RANGE
from ..algebra.terms import Algebra
from ..density.inference.simplex import remainders
from ..density.inference.support_candidates import COUNTING
from ..density.support.admissible import Bound, bounds, largest, smallest
from ..density.support.conditional import as_conditions, read_off
from ..errors import NotSupported, NotValid
from ..formula.evaluate import Env, compiled
from ..formula.latex import decimal
from ..formula.names import canonical, reported, squared_base
from ..formula.tree import Apply, At, Call, Div, Formula, N, Sym, has, num, product, replace_all, total, transform, walk
from ..formula.tree import names as letters_of
from ..reading.context import OWN_SIZE, Context
from ..sample.observations import observations
from ..sample.sample import Sample, as_sample
from ..sets.domain import INTEGERS, Domain
from ..sets.ranges import hull, interior
from .cells import cells_of
from .groups import groups_of
from .named import entry_of, filled
from .parameter_support import possible, roomy, with_widths
from .prediction import read_prediction
from .restricted import RESTRICTED
from .test_points import Worlds
from .validation import (
    bounded_by,
    check_values,
    covariate_values,
    density_instead,
    is_end,
    only_likelihood,
    settle_domains,
    stated_supports,
)

if TYPE_CHECKING:
    from ..reading.question import Question
    from .rows import Rows


@dataclass(frozen=True)
class Asked:
    """Words and further wishes of a question that do not change the mathematics."""

    quantities: Mapping[str, Formula] = field(default_factory=dict)
    at: Mapping[str, Formula] = field(default_factory=dict)
    units: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    method: str = "substitution"


class Problem(Worlds):
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
            only_likelihood(
                density=density, variable=variable, covariates=covariates, support=support, data=data, n=n, prediction=prediction
            )
        elif density is None:
            raise NotValid("there is no density", hint=r"give one, for example r'\lambda e^{-\lambda x}'")
        self.entry = None if self.whole else entry_of(density)
        if self.entry is not None:
            named = filled(self.entry, {"variable": variable, "parameters": parameters, "known": known, "support": support})
            density, variable, parameters, known, support = named.values()
        self.prediction = read_prediction(prediction, covariates)
        if self.prediction is not None:
            covariates, parameters = self.prediction.covariates, self.prediction.parameters(parameters)
        from ..reading.question import Question

        q = Question(likelihood if self.whole else density, syntax, variable, covariates, parameters, known, self.whole, support)
        self.variables, self.covariates = q.variables, q.covariates
        self.notation: Mapping[str, str] = q.notation
        self.written = q.density
        self.constraints = q.declared.constraints(constraints or ())
        self._observe(data, n)
        self._settle(q, support, unnormalised)
        self._look_closer(q)
        self.asked = Asked(
            {str(k): q.declared.formula(v, f"the quantity {k!r}") for k, v in (quantities or {}).items()},
            {canonical(str(k)): q.declared.formula(v, f"the value of {k}") for k, v in (at or {}).items()},
            units, {canonical(str(k)): v for k, v in (labels or {}).items()}, title, method or "substitution",
        )  # fmt: skip
        check_values(self.asked.at, self.parameters)
        self._bounded_or_restricted()
        if self.sample is not None:
            self._check_sample(self.sample)
        if self.given is not None:
            rng = random.Random(6)
            self.given.check(self.variables[0], self.support[self.variables[0]], [self.point(rng) for _ in range(3)])

    def _bounded_or_restricted(self) -> None:
        """Ends of a support that are not solved for each of their parameters stay conditions."""
        if not self.moving or len(self.variables) != 1 or self.covariates or any(d.discrete for d in self.support.values()):
            return
        try:
            _ = self.bounds
        except NotSupported:
            (v,) = self.variables
            self.support = {v: as_conditions(self.support[v], v, self.parameters)}
            for kept in ("bounds", *RESTRICTED):
                self.__dict__.pop(kept, None)

    def _observe(self, data: Any, n: int | None) -> None:
        """The sample, or its size alone."""
        self.sample: Sample | None = as_sample(data, tuple(self.variables), tuple(self.covariates)) if data is not None else None
        self.observations = observations(self.sample, self.observed)
        if n is not None and (not isinstance(n, int) or isinstance(n, bool) or n < 1):
            raise NotValid(f"n is a whole number of observations, not {n!r}")
        self.given_size = n
        self.size = self.sample.size if self.sample is not None else n
        self.rows: Rows | None = None  # how a sample that is not plain was put into rows

    def _settle(self, q: Question, support: Any, unnormalised: bool) -> None:
        """The density with the domains of its letters and its support, as stated or inferred."""
        supports = stated_supports(q, support)
        q.check_occurrence(frozenset(k for d in supports.values() if d is not None for k in d.letters))
        domains = covariate_values(q, support, supports, self.observations)
        instead = density_instead(q, supports)
        settled = settle_domains(q, supports, domains, unnormalised, [c for c in self.constraints if not is_end(c)])
        self.known: Mapping[str, Domain] = {k: d for k, d in settled.known.items() if isinstance(d, Domain)}
        letters = {**settled.parameters, **self.known}
        self.support: Mapping[str, Domain] = {v: read_off(d, letters) for v, d in settled.support.items()}
        self.values: Mapping[str, Formula] = {k: f for k, f in settled.known.items() if not isinstance(f, Domain)}
        values: dict[Formula, Formula] = {Sym(k): f for k, f in self.values.items()}
        self.density = replace_all(q.density, values)
        self.given = None if instead is None else instead.at(values)
        if self.prediction is not None:
            self.prediction.check(settled.parameters)
        self.parameters, self.constraints = bounded_by(
            settled.parameters,
            [replace_all(c, values) for c in self.constraints],  # type: ignore[misc]
        )
        self.implied = (*self.constraints, *remainders(self.density))
        self.inferred, self.warnings = settled.inferred, settled.warnings
        self.normalised, self.total, self.unnormalised = settled.checked, settled.total, unnormalised
        self.covariate_domains = self._narrowed(domains)

    def _look_closer(self, q: Question) -> None:
        """What is known of the sample by its sums only; densities by cases, with letters for how often each is seen."""
        self.probabilities: tuple[Formula, ...] = ()  # formulas known to be positive because they are probabilities
        sums = self.sample.sums if self.sample is not None else {}
        self.sums: Mapping[str, tuple[Formula, Fraction]] = {k: (q.declared.statistic(k), s) for k, s in sums.items()}
        self.index = "i" if "i" not in q.letters else "j"
        taken = q.letters | set(self.known) | set(self.parameters)
        self.cells = groups_of(self.density, self.covariate_domains, taken) or cells_of(
            self.density, self.variables, self.covariates, self.support, taken
        )
        self.statistics = self.cells.counts(self.observed, self.index) if self.cells is not None else {}

    def refuse(self) -> None:
        """Raise NotSupported for what can be asked and checked, and cannot be derived yet."""
        if self.prediction is not None:
            raise NotSupported(
                "a prediction leads to a loss, not to an estimate", hint="ask for it with derive.loss, or leave `prediction` out"
            )
        partly = self.sample is not None and self.observations is None and not self.sample.is_large
        if self.restrictions and (self.covariates or partly or len(self.variables) > 1):
            v = self.restrictions[0][0]
            raise NotSupported(
                f"the support {self.support[v].text(v)} of {v} depends on a parameter and is not an interval that can be read off; "
                "this is supported for exact observations of one variable",
                hint=f"write it as an interval, as in 'a <= {v} <= b'",
            )
        if self.moving and (self.covariates or partly or any(d.letters & set(self.variables) for d in self.support.values())):
            raise NotSupported(
                f"the support depends on {self.moving[0]}, which is to be estimated; "
                "this is supported for exact observations whose support is an interval in each variable"
            )
        separate = [k for k, d in self.parameters.items() if d.discrete]
        several = len(self.parameters) > 1 and not self.separate_ends and self.whole_beside is None
        if separate and (several or len(self.variables) > 1 or self.covariates or partly):
            raise NotSupported(
                f"{separate[0]} takes separate values only ({self.parameters[separate[0]].words()}); "
                "this is supported for a single parameter and exact observations of one variable, and for a whole number beside others "
                "with given data",
                hint="state an interval as its domain" if self.observations is not None else "give the data",
            )

    def with_parameters(self, parameters: Mapping[str, Domain]) -> Problem:
        """The same question with other domains of its parameters."""
        other = copy(self)
        other.parameters = parameters
        return other

    def knowing(self, name: str, domain: Domain) -> Problem:
        """The same question with one parameter as a given constant."""
        other = copy(self)
        other.parameters = {k: d for k, d in self.parameters.items() if k != name}
        other.known = {**self.known, name: domain}
        for kept in ("bounds", "left_over", "not_negative", *RESTRICTED):
            other.__dict__.pop(kept, None)
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
        for kept in ("_log", "bounds", *RESTRICTED):
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
                if bad is None and d.integer and v in sample.exact:
                    bad = sample.first_outside(v, INTEGERS)
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
        if OWN_SIZE in self.observed:
            f = transform(replace_all(f, {N: Sym("N")}), lambda g: At("n", g.index) if isinstance(g, At) and g.base == OWN_SIZE else None)
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
        for f in (*self.probabilities, *self.not_negative, *self.positive_inside):
            facts = facts.assume(f, POSITIVE_RANGE).assume(self.indexed(f), POSITIVE_RANGE)
        return with_widths(facts, self.support) if self.moving else facts

    @property
    def separate_ends(self) -> bool:
        """Whether every parameter that is a whole number is one of several that a support of whole numbers depends on, and
        the density makes sense between whole numbers too."""
        separate = [k for k, d in self.parameters.items() if d.discrete]
        counted = {k for g in walk(self.density) if isinstance(g, Call) and g.name in (*COUNTING, "gamma") for k in letters_of(g)}
        return len(self.parameters) > 1 and all(self.parameters[k].integer and k in self.moving and k not in counted for k in separate)

    @property
    def whole_beside(self) -> str | None:
        """The only parameter that takes whole numbers, where others do not, for given data of one variable; else None."""
        separate = [k for k, d in self.parameters.items() if d.discrete]
        alone = len(separate) == 1 and len(self.parameters) > 1 and self.parameters[separate[0]].integer and not self.separate_ends
        plain = len(self.variables) == 1 and not self.covariates and not self.whole and self.observations is not None
        return separate[0] if alone and plain and not self.implied and not self.known else None

    @property
    def kinked(self) -> bool:
        """Whether the density has an absolute value of something with a parameter in it."""
        return any(isinstance(g, Call) and g.name in ("abs", "sign") and letters_of(g) & set(self.parameters) for g in walk(self.density))

    @cached_property
    def bounds(self) -> Mapping[str, tuple[Bound, ...]]:
        """What the observations say of each such parameter, the others fixed.  Raises NotSupported where that is not found."""
        facts = self.facts
        for v in self.support:
            if facts.range(At(v, (Sym(self.index),))).nonnegative:  # of a generic sample no observation is 0
                facts = facts.assume(smallest(v), POSITIVE_RANGE).assume(largest(v), POSITIVE_RANGE)

        def generic(f: Formula) -> int:
            """The sign that an observation has unless it is 0."""
            r = facts.range(f)
            return 0 if letters_of(f) & set(self.parameters) else 1 if r.nonnegative else -1 if r.nonpositive else 0

        al = Algebra(facts, generic=generic)
        return {k: bounds(self.support, k, frozenset(self.parameters), al) for k in self.moving}

    def possible(self, env: Env) -> bool:
        """Whether the sample of a world lies in the support at the parameters of env; ends that move count as closed."""
        return possible(self.support, env["#sample"], env)

    def allows(self, sample: Sample, values: Env) -> bool:
        """Whether a support that moves holds the observations of a sample at parameter values, within rounding."""
        if not self.moving:
            return True
        if set(values) != set(self.parameters) or any(v not in sample.exact for v in self.variables):
            return False
        ends = {v: (float(sample.minimum(v)), float(sample.maximum(v))) for v in self.variables}
        return roomy(self.support, ends, {**{k: compiled(f)({}) for k, f in self.values.items()}, **values})

    # -- worlds -------------------------------------------------------------------------------
