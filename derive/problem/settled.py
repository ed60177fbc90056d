"""What was settled of a question, and what follows from it: immutable, changed by `replace`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

from ..algebra.facts import COUNT, NONNEGATIVE, Facts, Range
from ..algebra.facts import POSITIVE as POSITIVE_RANGE
from ..algebra.terms import Algebra
from ..catalogue.entry import Entry
from ..density.from_cdf_or_kernel import Given
from ..density.inference.simplex import bases
from ..density.inference.support_candidates import COUNTING
from ..density.support.admissible import Bound, bounds, largest, smallest
from ..density.support.conditional import at_extremes, larger_less_smaller, real_bases
from ..formula.decimals import DIGITS
from ..formula.evaluate import Env, compiled
from ..formula.names import reported, squared_base
from ..formula.tree import Add, Apply, At, Call, Div, Formula, N, Relation, Sym, has, num, product, replace_all, total, transform, walk
from ..formula.tree import names as letters_of
from ..reading.context import OWN_SIZE, Context
from ..sample.observations import Observations, observations
from ..sample.sample import Sample
from ..sample.table import Choice
from ..sets.domain import Domain, conjuncts
from ..sets.ranges import hull, interior
from ..trace import Detail, SectionKey
from .arrays import ArrayModel
from .cells import Cells
from .families import FamilyModel
from .log_density import LogDensity
from .parameter_support import possible, roomy, with_widths
from .prediction import Prediction
from .reduction import Reduction
from .sample_rows import Rows


@dataclass(frozen=True)
class Asked:
    """Words and further wishes of a question that do not change the mathematics."""

    quantities: Mapping[str, Formula] = field(default_factory=dict)
    at: Mapping[str, Formula] = field(default_factory=dict)
    units: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    method: str = "substitution"
    choice: Choice = field(default_factory=Choice)
    digits: int = DIGITS
    detail: Detail = Detail.STANDARD
    inference: tuple[SectionKey, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Settled:
    """A question as it was settled.

    density: of one observation.  written: as it was written.  whole: it is a likelihood, given in place of a density.
    variables, covariates: what is observed.  parameters, known: name to domain.  values: known letters with a value,
    which is put in.  support, covariate_domains: variable or covariate to the set of its values.
    constraints: of the parameters; remainders: further inequalities that the density implies.
    notation: name to LaTeX.  index: the letter of an index.
    inferred: names whose domain was inferred.  normalised: whether the density was found to total 1; total: what it was
    found to total otherwise.  warnings: for the write-up.  doubts: those of them that say which of two readings was taken.
    entry: the catalogued distribution that was named.  given: what was given in place of a density.
    sample: None for a symbolic one.  given_size: the size of a symbolic sample, where it was said.
    sums: letters of a sample that is known by its sums only, with formula and value.
    cells: a density by cases.  statistics: letters for sums over the sample.  meanings: known letters of a likelihood that
    stand for sums and products of its data.  probabilities: formulas that are
    positive because they are probabilities.
    rows: how a sample that is not plain was put into rows.  reduction: how other parameters follow from these.
    origin: the question that this one was made from by either.
    families: for a question about parameters with an index, of which there are as many as a letter says.  arrays: for one in vectors
    and matrices.
    """

    density: Formula
    written: Formula
    variables: tuple[str, ...]
    covariates: tuple[str, ...]
    parameters: Mapping[str, Domain]
    known: Mapping[str, Domain]
    values: Mapping[str, Formula]
    support: Mapping[str, Domain]
    covariate_domains: Mapping[str, Domain]
    constraints: tuple[Relation, ...]
    remainders: tuple[Relation, ...]
    notation: Mapping[str, str]
    inferred: frozenset[str]
    normalised: bool
    total: Formula | None
    unnormalised: bool
    whole: bool = False
    index: str = "i"
    warnings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    entry: Entry | None = None
    prediction: Prediction | None = None
    given: Given | None = None
    sample: Sample | None = None
    given_size: int | None = None
    sums: Mapping[str, tuple[Formula, Fraction]] = field(default_factory=dict)
    cells: Cells | None = None
    statistics: Mapping[str, Formula] = field(default_factory=dict)
    meanings: Mapping[str, Formula] = field(default_factory=dict)
    probabilities: tuple[Formula, ...] = ()
    asked: Asked = field(default_factory=Asked)
    rows: Rows | None = None
    reduction: Reduction | None = None
    origin: Self | None = None
    families: FamilyModel | None = None
    arrays: ArrayModel | None = None

    def replace(self, **changes: Any) -> Self:
        """The same question with other values of some fields; what follows from them is found anew."""
        other = object.__new__(type(self))
        Settled.__init__(other, **{**{f.name: getattr(self, f.name) for f in fields(Settled)}, **changes})
        return other

    def __getstate__(self) -> dict[str, Any]:
        """For pickling: what was settled; what follows is found anew."""
        return {f.name: getattr(self, f.name) for f in fields(Settled)}

    def knowing(self, name: str, domain: Domain) -> Self:
        """The same question with one parameter as a given constant."""
        left = {k: d for k, d in self.parameters.items() if k != name}
        return self.replace(parameters=left, known={**self.known, name: domain})

    def without_data(self, n: int | None = None) -> Self:
        """The same question for a symbolic sample, of a given size or of any."""
        return self.replace(sample=None, given_size=n, sums={})

    def with_statistics(self, more: Mapping[str, Formula]) -> Self:
        """The same question with further letters for sums over the sample."""
        return self.replace(statistics={**self.statistics, **more})

    def in_rows(self, rows: Rows, density: Formula, support: Domain, probabilities: tuple[Formula, ...] = ()) -> Self:
        """The question about the rows of the sample: under their own density, with their column as a covariate.

        probabilities: formulas in the density that are probabilities, and so positive.
        """
        return self.replace(
            density=density, support={**self.support, self.variables[0]: support},
            covariates=(*self.covariates, *rows.domains), covariate_domains={**self.covariate_domains, **rows.domains},
            sample=None if self.sample is None else rows.sample(self.sample),
            cells=None, statistics={}, probabilities=probabilities, rows=rows, origin=self,
        )  # fmt: skip

    @property
    def as_asked(self) -> Self:
        """The question about single observations, where this is the one about the rows that a sample was put into."""
        p = self
        while p.rows is not None and p.origin is not None:
            p = p.origin
        return p

    @property
    def tied(self) -> Mapping[str, Formula]:
        """The parameters that are written by those that are left, where this is a question in fewer of them."""
        return {} if self.reduction is None else self.reduction.tied

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was worked out of the question alone, by what it is for; it lives as long as the question."""
        return {}

    # -- the sample ---------------------------------------------------------------------------

    @cached_property
    def observed(self) -> tuple[str, ...]:
        """Everything that has a value for each observation."""
        return (*self.variables, *self.covariates)

    @cached_property
    def observations(self) -> Observations | None:
        """The rows of a sample that is known exactly; None for any other."""
        return observations(self.sample, self.observed)

    @property
    def size(self) -> int | None:
        """The number of observations, where it is known."""
        return self.sample.size if self.sample is not None else self.given_size

    @property
    def in_floats(self) -> bool:
        """Whether some observation is a binary float that no person wrote: the derivation is general, its numbers rounded."""
        return self.sample is not None and self.sample.in_floats

    @property
    def high(self) -> Formula:
        """The sample size as it is shown above a product sign."""
        return N if self.size is None else num(self.size)

    @property
    def single(self) -> tuple[Fraction, ...] | None:
        """The one observation of several counts, where that is all there is."""
        seen = self.observations
        if seen is None or seen.size != 1 or len(self.variables) < 2 or self.covariates:
            return None
        return next(seen.each()) if all(d.discrete for d in self.support.values()) else None

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
        if self.families is not None:
            f = self.families.spelled(f)
        f = replace_all(replace_all(self.spelled(f), {Sym(k): g for k, g in self.meanings.items()}), table)
        if self.size is not None:
            f = replace_all(f, {N: num(self.size)})
        shown: dict[Formula, Formula] = {Sym(k): Sym(reported(k)) for k in letters_of(f)}
        if OWN_SIZE in self.known or OWN_SIZE in self.parameters:
            shown |= {Sym(OWN_SIZE): Sym("n"), N: Sym("N")}
        if OWN_SIZE in self.observed or (self.families is not None and OWN_SIZE in self.families.data):
            f = transform(replace_all(f, {N: Sym("N")}), lambda g: At("n", g.index) if isinstance(g, At) and g.base == OWN_SIZE else None)
        return replace_all(f, shown)

    @cached_property
    def facts(self) -> Facts:
        """Ranges of the parameters inside their domains, of the known letters and of the data."""
        if self.reduction is not None:
            return self.reduction.facts
        letters = {"n": COUNT}
        for name, d in (*self.parameters.items(), *self.known.items()):
            letters[name] = interior(d) if name in self.parameters else hull(d, letters)
        beside = {c: hull(d, letters) for c, d in self.covariate_domains.items()}
        data = beside | {v: self._inside(v, d, hull(d, letters | beside)) for v, d in self.support.items()}
        data |= {v: NONNEGATIVE for v, r in data.items() if not r.nonnegative and has(self.density, Call("factorial", (Sym(v),)))}
        ends = {v: (self.indexed(d.low), self.indexed(d.high)) for v, d in self.support.items() if d.letters}
        letters |= {k: Facts(letters, data, ends=ends).range(f) for k, f in self.statistics.items()}
        with_ends = frozenset(k for k, d in self.parameters.items() if d.interior != d)
        facts = Facts(letters, data, ends=ends, sums={Sym(k): f for k, f in self.statistics.items()}, with_ends=with_ends)
        for f in (*self.probabilities, *self.not_negative, *self.positive_inside):
            facts = facts.assume(f, POSITIVE_RANGE).assume(self.indexed(f), POSITIVE_RANGE)
        return with_widths(facts, self.support) if self.moving else facts

    def _inside(self, v: str, d: Domain, r: Range) -> Range:
        """The range of a variable without an end of its continuous support that no given observation takes."""
        seen = self.observations
        if d.discrete or d.letters or seen is None or v not in seen.names or (r.low_open and r.high_open):
            return r
        column = [row[seen.names.index(v)] for row, _ in seen.rows]
        return replace(r, low_open=r.low_open or min(column) > r.low, high_open=r.high_open or max(column) < r.high)

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
        """Whether the density has an absolute value, a maximum or a minimum of something with a parameter in it."""
        return any(
            isinstance(g, Call) and g.name in ("abs", "sign", "max", "min") and letters_of(g) & set(self.parameters)
            for g in walk(self.density)
        )

    # -- the support --------------------------------------------------------------------------

    @cached_property
    def implied(self) -> tuple[Relation, ...]:
        """The constraints, and what the density implies of its parameters."""
        return (*self.constraints, *self.remainders)

    @cached_property
    def as_stated(self) -> bool:
        """Whether it is about single observations and free parameters as they were stated, and not made from another question."""
        return not (self.implied or self.sums) and self.cells is None and self.rows is None and self.reduction is None

    @cached_property
    def moving(self) -> tuple[str, ...]:
        """The parameters on which the ends of the support of a variable depend."""
        return tuple(k for k in self.parameters if any(k in d.end_letters for d in self.support.values()))

    @cached_property
    def restrictions(self) -> tuple[tuple[str, Relation], ...]:
        """Conditions with parameters in them that belong to a support and are no ends of an interval, each with its variable."""
        found = [(v, c) for v, d in self.support.items() for c in conjuncts(d.also)]
        return tuple((v, c) for v, c in found if isinstance(c, Relation) and letters_of(c) & set(self.parameters))

    @cached_property
    def restricted_extremes(self) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
        """The restrictions as conditions on the smallest and the largest observation; those that each observation must
        satisfy by itself."""
        al = Algebra(self.facts)
        extremes, single = list[Relation](), list[Relation]()
        for v, c in self.restrictions:
            found = at_extremes(v, c, al)
            if found is None:
                single.append(self.indexed(c))  # type: ignore[arg-type]
            else:
                extremes += found
        return tuple(extremes), tuple(single)

    @cached_property
    def positive_inside(self) -> tuple[Formula, ...]:
        """What is positive for observations in a support that is given by conditions: their differences of sides, and the
        arguments of logarithms and the bases of real powers in the density."""
        if not self.restrictions:
            return ()
        x = Sym(self.restrictions[0][0])
        found = [larger_less_smaller(c) for _, c in self.restrictions]
        return tuple(dict.fromkeys([*found, *(b for b in real_bases(self.density, x) if letters_of(b) & set(self.parameters))]))

    @cached_property
    def not_negative(self) -> tuple[Formula, ...]:
        """Sums in the parameters that are factors of the likelihood or bases of its powers."""
        further = [c.sides[0] for c in self.remainders if c not in self.constraints]
        found = [b for b in bases(self.density) if isinstance(b, Add)] if self.whole else further
        return tuple(dict.fromkeys(b for b in found if letters_of(b) & set(self.parameters)))

    @cached_property
    def log_density(self) -> LogDensity:
        """The log-density of one observation whose variables and parameters an environment holds."""
        return LogDensity(self.density, tuple(self.parameters), self.not_negative, tuple(c for _, c in self.restrictions))

    def continued(self, name: str, place: float, env: Env) -> bool:
        """Whether a value of a parameter at which the density is 0/0 lies in the domain and the density has a limit there."""
        at = {**env, name: place}
        return self.parameters[name].interior.contains(place, at) and math.isfinite(self.log_density.beside(at))

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
        """Whether the sample lies in the support at the parameters of env; ends that move count as closed."""
        return possible(self.support, env["#sample"], env)

    def allows(self, sample: Sample, values: Env) -> bool:
        """Whether a support that moves holds the observations of a sample at parameter values, within rounding; whether the density of
        none of them is 0."""
        seen = None if self.known or set(values) != set(self.parameters) else observations(sample, self.observed)
        if seen is not None and any(
            self.log_density({**values, **dict(zip(seen.names, map(float, row), strict=True))}) == -math.inf for row, _ in seen.rows
        ):
            return False
        if not self.moving:
            return True
        if set(values) != set(self.parameters) or any(v not in sample.exact for v in self.variables):
            return False
        ends = {v: (float(sample.minimum(v)), float(sample.maximum(v))) for v in self.variables}
        return roomy(self.support, ends, {**{k: compiled(f)({}) for k, f in self.values.items()}, **values})


__all__ = ["Asked", "Settled"]
