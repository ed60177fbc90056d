"""Settling a question's support and domains: what is stated is checked, what is not is inferred.

A function is a density at a parameter point if it is not negative and totals 1.  Candidate supports are tried in
order at a few parameter points; then each domain is grown from such a point as far as the function stays a density,
and closed where it still is one at the end (with 0^0 = 1).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from time import thread_time

from ...errors import NotValid
from ...formula.evaluate import Env, compiled
from ...formula.restrict import restricted
from ...formula.tree import ONE, ZERO, Add, Formula, Neg, Pow, Sym, call, names, num, replace_all, value, walk
from ...sets.domain import COUNTS, INTEGERS, NATURAL, OPEN_UNIT, POSITIVE, REAL, Domain, finite
from .candidate import Trial, Verdict
from .maximal_domain import grown
from .real_domain import stated_part
from .refusal import refusal, unfinished
from .stated import DRAWS, Stated
from .support_candidates import totals, unit_letters
from .supports_to_try import support_candidates

POINTS = 3  # generic parameter points at which a density is checked
SECONDS = 1.5  # for checking all of them
GENERIC = (1.3717, 2.1839, 1.7123, 2.8317, 3.4619, 1.5343, 2.4731, 3.0929)
PROPORTIONS = (0.3119, 0.1739, 0.2333, 0.1321, 0.0727, 0.0419, 0.0311, 0.0117)
GROUPS = 6  # values of a covariate that are looked at one by one
TOTAL = Sym("#total")  # stands for the total of several counts while sums are checked
SIZES = (5.0, 9.0, 7.0, 12.0, 8.0, 11.0, 6.0, 10.0)
LARGE = (523.0, 149.0, 283.0, 211.0)


@dataclass(frozen=True)
class Inferred:
    """The sets a derivation works with.

    support: by variable.  parameters, known: by letter (a Formula is a given value).  inferred: the letters and
    variables whose set was inferred.  checked: whether the total is 1 at generic parameter points.  total: what it
    is otherwise, where that was recognised.
    """

    support: Mapping[str, Domain]
    parameters: Mapping[str, Domain]
    known: Mapping[str, Domain | Formula]
    inferred: frozenset[str]
    checked: bool
    total: Formula | None = None
    warnings: tuple[str, ...] = ()


def settle(
    density: Formula,
    variables: Sequence[str],
    parameters: Mapping[str, Domain | None],
    known: Mapping[str, Domain | Formula | None],
    covariates: Mapping[str, Domain],
    support: Mapping[str, Domain | None],
    unnormalised: bool = False,
    constraints: Sequence[Formula] = (),
) -> Inferred:
    """Check what is stated of a density and infer what is not.

    parameters, known, support: None where a set is to be inferred; a known letter may have a value.  covariates:
    observed letters that are not modelled, to the values that they take.  constraints: equations and inequalities of the parameters.
    Raises NotValid where the function is no density, or where a set cannot be inferred.
    """
    size = total_count(density, variables, known)
    if size is not None:
        density = replace_all(density, {size: TOTAL} if isinstance(size, Sym) else {call("factorial", size): call("factorial", TOTAL)})
        known = {k: NATURAL if d is None and k in names(size) else d for k, d in known.items()}
        replaced = settle(
            density, variables, parameters, {**known, TOTAL.name: finite(num(small_total(len(variables))))}, covariates, support,
            unnormalised, constraints,
        )  # fmt: skip
        back: dict[Formula, Formula] = {TOTAL: replace_all(size, {Sym(k): v for k, v in known.items() if isinstance(v, Formula)})}
        return changed(
            replaced, support={v: d.replaced(back) for v, d in replaced.support.items()},
            known={k: d for k, d in replaced.known.items() if k != TOTAL.name},
        )  # fmt: skip
    values: dict[Formula, Formula] = {Sym(k): v for k, v in known.items() if isinstance(v, Formula)}
    density = replace_all(density, values)
    stated: dict[str, Domain | None] = {k: None if d is None else d.replaced(values) for k, d in parameters.items()}
    stated |= {k: None if d is None else d.replaced(values) for k, d in known.items() if not isinstance(d, Formula)}
    supports = {v: None if (d := support.get(v)) is None else d.replaced(values) for v in variables}
    counted = {k for d in supports.values() if d is not None and d.integer for k in d.letters}  # the m of {0, ..., m} is a whole number
    stated = {k: changed(d, integer=True) if d is not None and k in counted and not d.discrete else d for k, d in stated.items()}
    task = Task(density, tuple(variables), covariates, stated, supports, tuple(constraints), unnormalised)
    return task.settled(parameters, known)


def total_count(density: Formula, variables: Sequence[str], known: Mapping[str, Domain | Formula | None]) -> Formula | None:
    """The given total of several counts (the m of m!/(x_1! ... x_k!)), for which a small one can stand while sums are checked."""
    if len(variables) < 2:
        return None
    found = [m for m in totals(density, variables) if m != TOTAL]
    ok = len(found) == 1 and all(k in known for k in names(found[0])) and not any(k == TOTAL.name for k in known)
    return found[0] if ok else None


def small_total(variables: int) -> int:
    """A total of so many counts that all ways to reach it are soon summed."""
    return 4 if variables <= 6 else 3 if variables <= 12 else 2


class Task(Stated):
    """One question while it is being settled."""

    def __init__(
        self, density: Formula, variables: tuple[str, ...], covariates: Mapping[str, Domain], stated: Mapping[str, Domain | None],
        supports: Mapping[str, Domain | None], constraints: tuple[Formula, ...], unnormalised: bool,
    ):  # fmt: skip
        super().__init__(density, variables, covariates, stated, supports, constraints)
        self.unnormalised = unnormalised
        self.trial = Trial(density, unnormalised)
        self.rough = Trial(density, unnormalised, by_sign=True)
        self.powered = {g.base for g in walk(density) if isinstance(g, Pow) and names(g.exponent)}
        self.raised = {g.base for g in walk(density) if isinstance(g, Pow)}
        self.warnings: list[str] = []
        self.estimated: frozenset[str] = frozenset()
        for v, d in self.supports.items():
            if d is not None:
                self.supports[v], narrower = stated_part(self, v, d)
                self.warnings += narrower

    def settled(self, parameters: Mapping[str, Domain | None], known: Mapping[str, Domain | Formula | None]) -> Inferred:
        """Infer, then check."""
        self.estimated = frozenset(parameters)
        missing = frozenset({*self.open_letters, *self.shares, *(v for v in self.variables if self.supports[v] is None)})
        self.check_constraints()
        if missing <= set(self.shares):
            sets = self.known_supports(), self.known_domains()
            return self.result(sets, self.check(*sets), missing, parameters, known)
        undecided = refused = None
        for support, env in self.starts():
            sets = self.sets(support, env)
            try:
                verdict = self.check(*sets)
            except NotValid:  # domains that were inferred one by one and have no point in common
                continue
            if verdict.good:
                return self.result(sets, verdict, missing, parameters, known)
            if verdict.undecided:
                undecided = undecided or (sets, verdict)
            elif verdict.negative is not None:
                refused = refused or (sets, verdict)
        found = undecided or refused
        if found is not None:
            return self.result(*found, missing, parameters, known)
        raise unfinished(self)

    def check_constraints(self) -> None:
        """Raises NotValid where nothing in the domains satisfies the constraints."""
        if self.constraints and self.drawn(random.Random(23), {}, {k: d or REAL for k, d in self.stated.items()}) is None:
            raise NotValid("no parameter values were found that satisfy the constraints", hint="check the constraints and the domains")

    # -- searching ----------------------------------------------------------------------------

    def starts(self) -> Iterator[tuple[dict[str, Domain], Env]]:
        """Supports with a parameter point at which the function is a density over them, the preferred first."""
        until = thread_time() + SECONDS
        for env in self.base_points():
            for support in support_candidates(self):
                if thread_time() > until:
                    return
                if self.trial.judge(support, env).good:
                    yield {v: self.with_ends(v, d, env) if self.supports[v] is None else d for v, d in support.items()}, env

    def with_ends(self, v: str, d: Domain, env: Env) -> Domain:
        """An inferred interval with those of its finite ends at which the density has a positive value."""
        if d.discrete or len(self.variables) > 1 or d in (REAL, POSITIVE, OPEN_UNIT):
            return d
        f = restricted(self.density, v, env)
        low, high = (0 < f(x) < math.inf for x in d.bounds(env))
        return changed(d, low_open=not low, high_open=not high)

    def base_points(self) -> Iterator[Env]:
        """Parameter points to start from: letters of no stated domain of moderate size, as proportions, negative, small."""
        units, open_letters = unit_letters(self.density), self.open_letters
        order = sorted(open_letters)

        def point(plain_values: Sequence[float], backwards: bool = False, all_alike: bool = False, sizes: Sequence[float] = SIZES) -> Env:
            env: Env = {}
            letters = list(reversed(order)) if backwards else order
            for j, k in enumerate(letters):
                if k in self.surely_whole or (k in self.whole and not all_alike):
                    env[k] = sizes[j % len(sizes)]
                elif k in units and not all_alike:
                    env[k] = PROPORTIONS[j % len(PROPORTIONS)]
                else:
                    env[k] = plain_values[j % len(plain_values)]
            return env

        plans = [point(GENERIC), point(GENERIC, backwards=True), point(PROPORTIONS), point(GENERIC, sizes=LARGE)]
        rng = random.Random(17)
        plans += [point([rng.uniform(0.2, 3.5) for _ in order]) for _ in range(4)] if len(order) > 2 else []
        plans += [
            point(GENERIC, all_alike=True),
            point(PROPORTIONS, all_alike=True),
            point([-v for v in GENERIC]),
            point([0.04, 0.03, 0.02, 0.01]),
        ]
        for e in self.numbers_in_ends():
            plans += [point([e + v for v in GENERIC]), point([e - v for v in GENERIC])]
        plans = [plan for j, plan in enumerate(plans) if plan not in plans[:j]]
        draws = 4 if not open_letters else 3 if self.known_domains() else 1
        usual = [j for j, plan in enumerate(plans, 1) if all(v >= 0 for v in plan.values())]
        others = [j for j in range(1, len(plans) + 1) if j not in usual]
        for group in (usual, others):  # a negative value only where constraints allow none of the usual ones
            for draw in range(draws):
                for j in group:
                    env = self.drawn(random.Random(j + 10 * draw), plans[j - 1])
                    if env is not None:
                        yield env

    def numbers_in_ends(self) -> list[float]:
        """The numbers at which stated supports end, beside 0 and 1: a letter in the other end may have to lie beyond them."""
        found = [v for d in self.supports.values() if d is not None for e in (d.low, d.high) if (v := value(e)) is not None]
        return sorted({float(v) for v in found} - {0.0, 1.0})

    def sets(self, support: dict[str, Domain], env: Env) -> tuple[dict[str, Domain], dict[str, Domain]]:
        """The support, and every letter's domain, the open ones grown from env."""
        domains = self.known_domains()
        ends = {k for d in support.values() for k in d.end_letters}
        for k in self.open_letters:
            found = [grown(self.rough, support, e, k, self.open_letters, k in self.surely_whole, self.adjusted) for e in self.beside(env)]
            domains[k] = self.as_probability(k, next((d for d in found if d != REAL), REAL), support, env)
            alone = not (k in ends and ends - {k})  # else a negative value may only lie beyond the other end
            if domains[k] == REAL and env[k] > 0 and alone and self.trial.judge(support, {**env, k: -env[k]}).bad:
                domains[k] = POSITIVE  # nowhere negative, as theta^2 is, but not a density there
            if domains[k] == NATURAL and k in self.estimated:
                good = [self.trial.judge(support, {**env, k: v}).good for v in (0.0, -3.0)]
                domains[k] = INTEGERS if all(good) else COUNTS if good[0] else NATURAL
        return support, {k: domains[k] for k in self.stated}

    def as_probability(self, k: str, found: Domain, support: Mapping[str, Domain], env: Env) -> Domain:
        """[0, 1] for a letter p of which 1 - p stands to a power that is no number: (1 - p)^(s (w - x)) is positive for p = 2 too.
        So is one to an even power in a density that allows of all p from 0 to 2."""
        low, high = found.bounds(env)
        other = Add((ONE, Neg(Sym(k))))
        even = (low, high) == (0, 2) and other in self.raised
        if not (low <= 0 < 1 < high and low < env[k] < 1) or found.discrete or not (even or other in self.powered):
            return found
        ends = [not self.rough.judge(support, {**env, k: v}).good for v in (0.0, 1.0)]
        start = (ZERO, ends[0]) if low < 0 and Sym(k) in self.powered else (found.low, found.low_open)
        return changed(found, low=start[0], low_open=start[1], high=ONE, high_open=ends[1])

    def beside(self, env: Env) -> list[Env]:
        """The point with each value of a covariate that has few: in one of several groups not every letter counts."""
        groups = [(k, d.values) for k, d in self.covariates.items() if d.values is not None and len(d.values) <= GROUPS]
        return [env, *({**env, k: compiled(v)({})} for k, values in groups for v in values)] if groups else [env]

    # -- checking -----------------------------------------------------------------------------

    def check(self, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Verdict:
        """The verdict at generic parameter points: the first bad one, or good at all of them."""
        options = [support]
        if all(d is not None for d in self.supports.values()):
            options = [dict(zip(support, combination, strict=True)) for combination in _combinations([self.as_stated(v) for v in support])]
        first: Verdict | None = None
        for option in options:
            verdict = self.check_one(option, domains)
            if verdict.good:
                return verdict
            first = verdict if first is None or option == support else first
        assert first is not None
        return first

    def check_one(self, support: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Verdict:
        rng = random.Random(7)
        good, worst, spoiled = list[Env](), None, None
        until = thread_time() + SECONDS
        for _ in range(DRAWS):
            if thread_time() > until and worst is not None:
                break
            env = self.drawn(rng, {}, domains)
            if env is None:
                raise NotValid("no parameter values were found that satisfy the constraints", hint="check the constraints and the domains")
            verdict = self.trial.judge(support, env, thorough=True)
            if verdict.good:
                good.append(env)
                if len(good) == POINTS:
                    break
            elif verdict.total is not None and not math.isnan(verdict.total) and verdict.negative is None:
                return verdict
            else:
                worst = worst or verdict
                spoiled = spoiled or (verdict if verdict.negative is not None else None)
        if len(good) < POINTS:
            assert worst is not None
            return spoiled or worst
        if spoiled is not None:
            for k in domains:  # is one letter to blame, whatever the others are?
                alone = self.trial.judge(support, {**good[0], k: spoiled.env[k]})
                if alone.negative is not None:
                    return alone
            self.warnings.append(f"the density is negative for some parameter values inside the domains, for example at {spoiled.where()}")
        return Verdict(support, {}, 1.0, good=True)

    def result(
        self, sets: tuple[Mapping[str, Domain], Mapping[str, Domain]], verdict: Verdict, inferred: frozenset[str],
        parameters: Mapping[str, Domain | None], known: Mapping[str, Domain | Formula | None],
    ) -> Inferred:  # fmt: skip
        support, domains = sets
        warnings = list(self.warnings)
        total: Formula | None = ONE if verdict.good and not self.unnormalised else None
        if verdict.good:
            support = verdict.support
        elif self.unnormalised:
            pass
        elif verdict.undecided:
            warnings.append("Whether the density integrates (or sums) to 1 over its support could not be decided numerically.")
        else:
            raise refusal(self, support, domains, verdict)
        return Inferred(
            dict(support),
            {k: domains[k] for k in parameters},
            {k: v if isinstance(v, Formula) else domains[k] for k, v in known.items()},
            inferred,
            verdict.good and not self.unnormalised,
            total,
            tuple(dict.fromkeys(warnings)),
        )


def _combinations(options: Sequence[Sequence[Domain]]) -> Iterator[tuple[Domain, ...]]:
    if not options:
        yield ()
        return
    for d in options[0]:
        for rest in _combinations(options[1:]):
            yield (d, *rest)
