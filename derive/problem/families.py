"""A question about families of parameters, p_k for k = 1, ..., K: its letters, its constraints, and test points for it.

The number of members is drawn anew at every test point, so that what holds there holds for any.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..algebra.facts import COUNT, NONNEGATIVE, POSITIVE, REALS, Facts, Range
from ..algebra.terms import Algebra
from ..errors import NotValid
from ..formula.evaluate import Env, compiled, log_size
from ..formula.exactly import exactly
from ..formula.families import Family, nested, places, put_members, with_margins, without_margins
from ..formula.names import reported
from ..formula.tree import Formula, Sym, add, log, names, neg, num, replace_all
from ..oracle.exact import Family as FamilyValues
from ..oracle.exact import Function, Source, with_sources
from ..sets.domain import Domain
from ..sets.ranges import interior

LARGEST = 6  # of a count that is drawn
SIZES = (3, 2, 4, 3)  # how many members a family has at the test points, in turn
SAMPLE = (5, 4, 6, 7)  # how many observations there are


@dataclass(frozen=True, slots=True)
class Shares:
    """What members of a family satisfy together: the sum of weight times member over one index is total, for all values of the others.

    place: of that index.  weight, total: in the letters of the family's index.
    """

    family: str
    place: int
    weight: Formula
    total: Formula


@dataclass(frozen=True)
class FamilyModel:
    """The letters of a question about families.

    likelihood: in members and scalars.  families: by base.  estimated: the bases of those that are parameters.  data: of the others,
    and of observed letters without an index, "count", "length" (a count that is not 0), "one" (one member of each row is 1, the rest 0), "label" (a number from 1 to
    the end of the family that it points to), "positive" or "real", "upto" (a count that is at most its limit), "split" (rows of counts that
    add up to their limit), "size" (such a limit).  limits: of those.  sizes: the letters at which indices end.  shares: the constraints.
    tied: letters that are sums of data, with these: n where the n_k add up to n.  counts: families that are defined by formulas in the
    data.  totals: what sums of data are: that of the n_k is n.  one: the mass of one observation, where that was given.  sample: the family of the observations there.  points_to: for each
    family of labels the family into which it points.  values: the data.  fixed: sizes that are given.
    """

    likelihood: Formula
    families: Mapping[str, Family]
    estimated: tuple[str, ...]
    data: Mapping[str, str]
    limits: Mapping[str, Formula]
    sizes: tuple[str, ...]
    shares: tuple[Shares, ...] = ()
    tied: Mapping[str, Formula] = field(default_factory=dict)
    counts: Mapping[str, Formula] = field(default_factory=dict)
    totals: Mapping[Formula, Formula] = field(default_factory=dict)
    one: Formula | None = None
    sample: str = ""
    points_to: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] | None = None
    fixed: Mapping[str, int] = field(default_factory=dict)
    implied: bool = False

    def share_of(self, base: str) -> Shares | None:
        """The constraint on a family, if it has one."""
        return next((s for s in self.shares if s.family == base), None)

    def margins(self, f: Formula) -> Formula:
        """f with sums over a whole index of data as margins."""
        return with_margins(f, {k: v for k, v in self.families.items() if k not in self.estimated})

    def facts(self, domains: Mapping[str, Domain]) -> Facts:
        """Ranges of the parameters inside their domains, of the data and of the sizes."""
        letters: dict[str, Range] = dict.fromkeys(self.sizes, COUNT)
        rows: dict[str, Range] = {}
        for k, d in domains.items():
            (rows if k in self.families else letters)[k] = interior(d)
        for k, kind in self.data.items():
            (rows if k in self.families else letters)[k] = RANGES[kind]
        rows |= dict.fromkeys(self.counts, NONNEGATIVE)
        letters |= dict.fromkeys(self.tied, COUNT)
        facts = Facts(letters, rows)
        for k, f in self.limits.items():
            if self.data[k] == "upto":
                facts = facts.assume(add(f, neg(self.families[k].member)), NONNEGATIVE)
        return facts

    def algebra(self, domains: Mapping[str, Domain]) -> Algebra:
        """Algebra inside the domains."""
        return Algebra(self.facts(domains), unknowns=tuple(k for k in domains if k not in self.families))

    def spelled(self, f: Formula) -> Formula:
        """f in the data alone: letters for totals and counts, and margins, as the sums that they are."""
        for base, g in self.counts.items():
            f = put_members(without_margins(f, self.families), self.families[base], g)
        f = replace_all(f, {Sym(k): g for k, g in self.tied.items() if k != "n" or not self.sample})
        return without_margins(f, self.families)

    # -- test points ---------------------------------------------------------------------------

    def points(self, domains: Mapping[str, Domain], data: bool = False, seed: int = 1) -> tuple[Env, ...]:
        """Random test points: sizes, data and parameters drawn anew at each; or with the given data."""
        rng = random.Random(seed)
        return tuple(self._point(rng, domains, j, data) for j in range(1 if data else len(SIZES)))

    def _point(self, rng: random.Random, domains: Mapping[str, Domain], turn: int, data: bool) -> Env:
        env: Env = {}
        sources: dict[str, Source] = {}
        given = self.values if data else None
        if given is None:
            for j, k in enumerate(self.sizes):
                env[k] = self.fixed.get(k) or (SAMPLE[turn] if k == "n" else SIZES[(turn + j) % len(SIZES)])
        else:
            env |= {k: v for k, v in given.items() if k in self.sizes}
        for k in self._in_order():
            kind, fam = self.data[k], self.families.get(k)
            value: Any
            if given is not None and k in given:
                value = given[k]
            elif fam is None:
                value = self._drawn(kind, rng)
            elif kind == "one":
                value = self._one_hot(fam, env, rng)
            elif kind == "split":
                value = self._split(fam, int(compiled(self.limits[k])(env)), env, rng)
            elif kind == "upto":
                value = nested(fam, env, {at: Fraction(rng.randint(0, int(self._limit(k, at, env)))) for at in fam.places(env)})
            else:
                top = int(compiled(self.families[self.points_to[k]].high[0])(env)) if kind == "label" else 0
                at_places = list(fam.places(env))
                value = nested(fam, env, {at: self._drawn(kind, rng, top) for at in at_places})
                if kind == "label":
                    value = [*map(Fraction, range(1, top + 1)), *value[top:]]  # each category is observed
            env[k], sources[k] = as_floats(value), as_source(value)
        env = with_sources(env, sources)
        for k, f in self.tied.items():
            v = Fraction(compiled(f)(env))
            env = with_sources({**env, k: float(v)}, {k: v})
        for k, f in self.counts.items():
            fam = self.families[k]
            g = compiled(f)
            value = nested(fam, env, {at: Fraction(g({**env, **dict(zip(fam.index, at, strict=True))})) for at in fam.places(env)})
            env = with_sources({**env, k: as_floats(value)}, {k: as_source(value)})
        for k, d in domains.items():
            value = self._parameter(k, d, env, rng)
            env = with_sources({**env, k: as_floats(value)}, {k: as_source(value)})
        return self._with_functions(env, tuple(domains))

    def _in_order(self) -> list[str]:
        """The data, those first on which the ends of others depend."""
        ends = {
            k: {b for h in f.high for b in names(h)} | (names(self.limits[k]) if k in self.limits else set())
            for k, f in self.families.items()
        }
        out: list[str] = []
        left = list(self.data)
        while left:
            k = next((k for k in left if not (ends.get(k, set()) - {k}) & set(left)), left[0])
            out.append(k)
            left.remove(k)
        return out

    def _drawn(self, kind: str, rng: random.Random, top: int = 0) -> Fraction:
        if kind == "label":
            return Fraction(rng.randint(1, top))
        if kind in ("count", "length", "size"):
            return Fraction(rng.randint(1, LARGEST) + (kind == "size") * LARGEST)
        return Fraction(rng.randint(1, 24) if kind == "positive" else rng.choice((-1, 1)) * rng.randint(1, 24), 4)

    def _one_hot(self, fam: Family, env: Env, rng: random.Random) -> Any:
        values: dict[tuple[int, ...], Fraction] = {}
        for row, first in enumerate(places(fam.index[:-1], fam.high[:-1], env), 1):
            last = int(compiled(fam.high[-1])({**env, **dict(zip(fam.index, first, strict=False))}))
            hot = row if row <= last else rng.randint(1, last)  # each category is observed
            values |= {(*first, k): Fraction(int(k == hot)) for k in range(1, last + 1)}
        return nested(fam, env, values)

    def _limit(self, k: str, at: tuple[int, ...], env: Env) -> float:
        return compiled(self.limits[k])({**env, **dict(zip(self.families[k].index, at, strict=True))})

    def _split(self, fam: Family, size: int, env: Env, rng: random.Random) -> Any:
        """Rows of counts that add up to a size."""
        values: dict[tuple[int, ...], Fraction] = {}
        for first in places(fam.index[:-1], fam.high[:-1], env):
            last = int(compiled(fam.high[-1])({**env, **dict(zip(fam.index, first, strict=False))}))
            cuts = sorted(rng.randint(0, size) for _ in range(last - 1))
            row = [b - a for a, b in zip([0, *cuts], [*cuts, size], strict=True)]
            values |= {(*first, k): Fraction(row[k - 1]) for k in range(1, last + 1)}
        return nested(fam, env, values)

    def _parameter(self, name: str, d: Domain, env: Env, rng: random.Random) -> Any:
        fam = self.families.get(name)
        if fam is None:
            return self._in_domain(d, env, rng)
        share = self.share_of(name)
        values = {at: Fraction(rng.randint(1, 9)) if share is not None else self._in_domain(d, env, rng) for at in fam.places(env)}
        if share is not None:
            for at in {(*at[: share.place], *at[share.place + 1 :]) for at in values}:
                row = [w for w in values if (*w[: share.place], *w[share.place + 1 :]) == at]
                here = [{**env, **dict(zip(fam.index, w, strict=True))} for w in row]
                weights = [Fraction(compiled(share.weight)(e)) for e in here]
                size = sum(v * values[w] for v, w in zip(weights, row, strict=True))
                values |= {w: values[w] * Fraction(compiled(share.total)(here[0])) / size for w in row}
        return nested(fam, env, values)

    def _in_domain(self, d: Domain, env: Env, rng: random.Random) -> Fraction:
        low, high = d.bounds(dict(env))
        if low > float("-inf") and high < float("inf"):
            return Fraction(low) + Fraction(rng.randint(1, 19), 20) * (Fraction(high) - Fraction(low))
        if low > float("-inf"):
            return Fraction(low) + Fraction(rng.randint(1, 20), 8)
        if high < float("inf"):
            return Fraction(high) - Fraction(rng.randint(1, 20), 8)
        return Fraction(rng.choice((-1, 1)) * rng.randint(1, 20), 8)

    def _with_functions(self, env: Env, parameters: tuple[str, ...]) -> Env:
        """The point with the log-likelihood and the likelihood as functions of the parameters, from the likelihood as it was read."""
        size = log_size(self.likelihood)
        base = dict(env)

        def ell(*values: Any) -> float:
            sign, v = size({**base, **dict(zip(parameters, values, strict=True))})
            return v if sign > 0 else float("-inf") if sign == 0 else float("nan")

        out = {**env, "ell": ell, "L": lambda *values: compiled(self.likelihood)({**base, **dict(zip(parameters, values, strict=True))})}
        return with_sources(
            out, {"ell": Function(log(self.likelihood), parameters, base), "L": Function(self.likelihood, parameters, base)}
        )

    # -- data ----------------------------------------------------------------------------------

    def at_data(self, f: Formula) -> Any:
        """A formula at the data, exactly: a fraction, or None where it is none."""
        return None if self.values is None else exactly(f, self.given)

    def members_at_data(self, base: str, f: Formula) -> Any:
        """The members of a family that a formula gives, at the data: fractions or None, in nested lists."""
        fam, env = self.families[base], self.given
        return nested(fam, env, {at: exactly(f, {**env, **dict(zip(fam.index, at, strict=True))}) for at in fam.places(env)})

    @cached_property
    def given(self) -> Env:
        """The data with what is worked out from them: totals, counts."""
        env: Env = dict(self.values or {})
        for k, f in self.tied.items():
            env[k] = exactly(f, env)
        for k, f in self.counts.items():
            fam = self.families[k]
            env[k] = nested(fam, env, {at: exactly(f, {**env, **dict(zip(fam.index, at, strict=True))}) for at in fam.places(env)})
        for k, f in self.tied.items():
            env[k] = exactly(f, env)
        return env

    def with_values(self, values: Mapping[str, Any]) -> FamilyModel:
        """The same model with data: by letter numbers, lists of them or nested lists, checked against each other."""
        env: dict[str, int] = {}
        for k, v in values.items():
            fam = self.families.get(k)
            if fam is not None:
                _measure(k, v, fam, 0, env, {})
        for k, other in self.points_to.items():  # categories that are numbered: as many as the largest number says
            end = self.families[other].high[0]
            largest = int(max(values[k]))
            if isinstance(end, Sym) and end.name not in env:
                env[end.name] = self.fixed.get(end.name, largest)
                if largest > env[end.name]:
                    raise NotValid(f"there are {env[end.name]} categories, and {reported(k)} has a value {largest}")
        for k in self.sizes:
            if k not in env and k not in self.fixed:
                raise NotValid(f"how many {reported(k)} are does not show in the data", hint=f"write known={{{reported(k)!r}: 3}}")
            if k in self.fixed and env.setdefault(k, self.fixed[k]) != self.fixed[k]:
                raise NotValid(f"{reported(k)} is {self.fixed[k]}, and the data have {env[k]}")
        return replace(self, values={**values, **env})


def _measure(name: str, v: Any, fam: Family, depth: int, env: dict[str, int], at: Mapping[Formula, Formula]) -> None:
    """Takes the sizes from the lengths of lists.  Raises NotValid where two of them differ."""
    if depth == len(fam.high):
        if isinstance(v, list):
            raise NotValid(f"{reported(name)} has {len(fam.high)} ind{'ex' if len(fam.high) == 1 else 'ices'}, and its data have more")
        return
    if not isinstance(v, list) or not v:
        raise NotValid(f"{reported(name)} has {len(fam.high)} ind{'ex' if len(fam.high) == 1 else 'ices'}: give a list of numbers"
                       + (" for each value of the first" if len(fam.high) > 1 else ""))  # fmt: skip
    end = replace_all(fam.high[depth], at)
    if isinstance(end, Sym) and env.setdefault(end.name, len(v)) != len(v):
        raise NotValid(f"{reported(name)} has {len(v)} members where others have {env[end.name]}")
    for j, x in enumerate(v, 1):
        _measure(name, x, fam, depth + 1, env, {**at, Sym(fam.index[depth]): num(j)})


RANGES: Mapping[str, Range] = {
    "count": NONNEGATIVE,
    "split": NONNEGATIVE,
    "length": COUNT,
    "upto": NONNEGATIVE,
    "size": COUNT,
    "one": NONNEGATIVE,
    "label": COUNT,
    "positive": POSITIVE,
    "real": REALS,
}


def as_floats(value: Any) -> Any:
    """A fraction, or nested lists of them, as floats."""
    return [as_floats(x) for x in value] if isinstance(value, list) else float(value)


def as_source(value: Any) -> Any:
    """The same as what a letter of a test point is exactly."""
    return FamilyValues(_tuples(value)) if isinstance(value, list) else value


def _tuples(value: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_tuples(x) if isinstance(x, list) else x for x in value)


__all__ = ["FamilyModel", "Shares", "as_floats"]
