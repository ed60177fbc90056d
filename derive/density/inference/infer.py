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
from ...formula.evaluate import Env, compiled, holds
from ...formula.restrict import restricted
from ...formula.tree import ONE, Add, Formula, Neg, Relation, Sym, call, names, num, replace_all, value
from ...sets.domain import COUNTS, INTEGERS, NATURAL, OPEN_UNIT, POSITIVE, REAL, Domain, finite
from ..integration.normalise import linear_root
from .candidate import Trial, Verdict
from .covariates import draw as drawn_covariate
from .feasible import feasible
from .maximal_domain import grown
from .real_domain import real_part, stated_part
from .refusal import refusal, unfinished
from .simplex import remainders, shares
from .support_candidates import (
    candidates,
    counts_something,
    lattice_simplex,
    one_of_several,
    simplex,
    surely_whole,
    totals,
    unit_letters,
    whole_letters,
    with_rest,
)

POINTS = 3  # generic parameter points at which a density is checked
DRAWS = 40  # parameter points that are drawn to find so many where the function has a value
CONSTRAINED_DRAWS = 200  # and that satisfy constraints: ever nearer to the lower ends, where sums are small
SECONDS = 1.5  # for checking all of them
GENERIC = (1.3717, 2.1839, 1.7123, 2.8317, 3.4619, 1.5343, 2.4731, 3.0929)
PROPORTIONS = (0.3119, 0.1739, 0.2333, 0.1321, 0.0727, 0.0419, 0.0311, 0.0117)
GROUPS = 6  # values of a covariate that are looked at one by one
TOTAL = Sym("#total")  # stands for the total of several counts while sums are checked
SIZES = (5.0, 9.0, 7.0, 12.0, 8.0, 11.0, 6.0, 10.0)
LARGE = (523.0, 149.0, 283.0, 211.0)


@dataclass(frozen=True)
class Settled:
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
) -> Settled:
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


class Task:
    """One question while it is being settled."""

    def __init__(
        self, density: Formula, variables: tuple[str, ...], covariates: Mapping[str, Domain], stated: Mapping[str, Domain | None],
        supports: Mapping[str, Domain | None], constraints: tuple[Formula, ...], unnormalised: bool,
    ):  # fmt: skip
        self.density, self.variables, self.covariates = density, variables, covariates
        self.stated, self.supports, self.constraints = dict(stated), dict(supports), constraints
        self.unnormalised = unnormalised
        self.whole = whole_letters(density, variables).union(*(d.letters for d in supports.values() if d is not None and d.integer))
        self.surely_whole = surely_whole(density, variables)
        alone = len(self.whole) == 1  # beside other letters in factorials its least value is not a number
        counted = [k for k, d in self.stated.items() if d == INTEGERS and k in self.whole and alone]
        self.stated |= dict.fromkeys(counted)  # "a whole number": those at which the factorials make sense
        self.surely_whole |= set(counted)
        self.trial = Trial(density, unnormalised)
        self.rough = Trial(density, unnormalised, by_sign=True)
        self.warnings: list[str] = []
        self.estimated: frozenset[str] = frozenset()
        self.shares = shares(density, constraints, self.open_letters)
        self.implied = (*constraints, *remainders(density))
        self.stated |= self.shares
        for v, d in self.supports.items():
            if d is not None:
                self.supports[v] = stated_part(self, v, d)

    @property
    def open_letters(self) -> tuple[str, ...]:
        return tuple(k for k, d in self.stated.items() if d is None)

    def settled(self, parameters: Mapping[str, Domain | None], known: Mapping[str, Domain | Formula | None]) -> Settled:
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
            for support in self.support_candidates():
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

    def support_candidates(self) -> Iterator[dict[str, Domain]]:
        """The stated support (perhaps of whole numbers only), or those that the structure suggests."""
        letters = [k for k in self.stated if k in names(self.density) or self.stated[k] is not None]
        whole = frozenset(k for k, d in self.stated.items() if d is not None and d.integer)
        if len(self.variables) == 1:
            (v,) = self.variables
            for d in self.as_stated(v) or (real_part(self, v, c) for c in candidates(self.density, v, letters, whole)):
                yield {v: d}
            return
        if all(d is None for d in self.supports.values()):
            for size in totals(self.density, self.variables):
                yield lattice_simplex(self.variables, size, with_rest(self.density, self.variables))
            chosen = one_of_several(self.density, self.variables)
            if chosen is not None:
                yield chosen
        options = [self.as_stated(v) or list(candidates(self.density, v, (), whole))[:8] for v in self.variables]
        depth = max(map(len, options))
        for j in range(depth):
            yield {v: o[min(j, len(o) - 1)] for v, o in zip(self.variables, options, strict=True)}
        if all(d is None for d in self.supports.values()):
            yield simplex(self.variables)

    def as_stated(self, v: str) -> list[Domain]:
        """A stated support; an interval may be meant for whole numbers."""
        d = self.supports[v]
        if d is None:
            return []
        if d.discrete or d.also is not None:
            return [d]
        lattice = changed(d, integer=True)
        return [lattice, d] if counts_something(self.density, v) else [d, lattice]

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
        for draw in range(4 if not open_letters else 3 if self.known_domains() else 1):
            for j, plan in enumerate(plans, 1):
                env = self.drawn(random.Random(j + 10 * draw), plan)
                if env is not None:
                    yield env

    def numbers_in_ends(self) -> list[float]:
        """The numbers at which stated supports end, beside 0 and 1: a letter in the other end may have to lie beyond them."""
        found = [v for d in self.supports.values() if d is not None for e in (d.low, d.high) if (v := value(e)) is not None]
        return sorted({float(v) for v in found} - {0.0, 1.0})

    def sets(self, support: dict[str, Domain], env: Env) -> tuple[dict[str, Domain], dict[str, Domain]]:
        """The support, and every letter's domain, the open ones grown from env."""
        domains = self.known_domains()
        for k in self.open_letters:
            found = [grown(self.rough, support, e, k, self.open_letters, k in self.surely_whole, self.adjusted) for e in self.beside(env)]
            domains[k] = next((d for d in found if d != REAL), REAL)
            if domains[k] == NATURAL and k in self.estimated:
                good = [self.trial.judge(support, {**env, k: v}).good for v in (0.0, -3.0)]
                domains[k] = INTEGERS if all(good) else COUNTS if good[0] else NATURAL
        return support, {k: domains[k] for k in self.stated}

    def beside(self, env: Env) -> list[Env]:
        """The point with each value of a covariate that has few: in one of several groups not every letter counts."""
        groups = [(k, d.values) for k, d in self.covariates.items() if d.values is not None and len(d.values) <= GROUPS]
        return [env, *({**env, k: compiled(v)({})} for k, values in groups for v in values)] if groups else [env]

    def known_supports(self) -> dict[str, Domain]:
        return {v: d for v, d in self.supports.items() if d is not None}

    def known_domains(self) -> dict[str, Domain]:
        return {k: d for k, d in self.stated.items() if d is not None}

    # -- checking -----------------------------------------------------------------------------

    def drawn(self, rng: random.Random, given: Env, domains: Mapping[str, Domain] | None = None) -> Env | None:
        """A parameter point: the given values, the others in their domains, covariates generic, constraints satisfied."""
        domains = self.known_domains() if domains is None else domains
        bound = {k for c in self.implied for k in names(c) if k in self.stated}
        for draw in range(DRAWS if not bound else CONSTRAINED_DRAWS):
            env: Env = dict(given)
            try:
                for k, d in domains.items():
                    if k not in env:
                        env[k] = d.points(rng, env, 1)[0]
                        low = d.bounds(env)[0]
                        if k in bound and low > -math.inf and not d.discrete:
                            env[k] = low + (env[k] - low) / (1 + draw / 10)
            except NotValid:  # a domain whose ends hold other letters may be empty there
                if draw == DRAWS - 1:
                    raise
                continue
            for k, d in self.covariates.items():  # those of no stated set positive: the density tells later whether they must be
                env[k] = float(rng.randint(2, 9)) if d == REAL and k in self.whole else drawn_covariate(POSITIVE if d == REAL else d, rng)
            movable = {k: domains.get(k, REAL) for k in self.stated if k in bound}
            point = feasible(env, self.implied, movable) if bound else env
            if point is not None or (point := self.adjusted(env, None, domains)) is not None:
                return point
        return None

    def adjusted(self, env: Env, kept: str | None = None, domains: Mapping[str, Domain] | None = None) -> Env | None:
        """env with the last letter of each equation (but not the kept one) as the others make it; None if a constraint fails."""
        for c in self.constraints:
            if isinstance(c, Relation) and c.signs == ("=",):
                last = [k for k in self.stated if k in names(c) and k != kept][-1:]
                root = linear_root(Add((c.sides[0], Neg(c.sides[1]))), last[0], env) if last else None
                if root is None:
                    return None
                d = (domains or {}).get(last[0], self.stated[last[0]])
                if d is not None and not d.contains(root, env):
                    return None
                env = {**env, last[0]: root}
            elif kept is None and not holds(c)(env):  # a domain is what it is without the inequalities
                return None
        return env

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
    ) -> Settled:  # fmt: skip
        support, domains = sets
        warnings = list(self.warnings)
        total: Formula | None = ONE if verdict.good and not self.unnormalised else None
        if verdict.good:
            support = verdict.support
        elif self.unnormalised:
            pass
        elif verdict.undecided:
            warnings.append("Whether the density totals 1 over its support could not be decided numerically.")
        else:
            raise refusal(self, support, domains, verdict)
        return Settled(
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
