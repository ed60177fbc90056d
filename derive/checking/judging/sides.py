"""Sides of relations under one binding: as formulas over the letters of a point, in balls, and compared at many points."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Apply,
    At,
    Big,
    Cases,
    Derivative,
    Formula,
    Indicator,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    Transformer,
    each,
    kinds,
    mul,
    names,
    replace_all,
    total,
    transform,
    walk,
)
from ...oracle.oracle import magnitude
from ..claims import CONSTANT
from .ball_values import NotCovered, NoValue, Rounded, evaluated, number, same, size, wrong_tie
from .binding import Binding
from .claim_kinds import Kind, kind_of
from .document import Statement
from .expectation import SINGLE
from .meaning import LIKELIHOODS, Meaning
from .memory import Memory
from .model import Model
from .symbol_table import Unknown
from .trial_points import ERRORS, TrialPoint, TrialPoints
from .undeclared_letters import free_letters
from .verdict import Verdict, unknown

LOOSE = Fraction(1, 5)  # rounding that moves a side by more than this part of it decides nothing
ARBITRARY = (arb(7) / 11, arb(-3) / 10, arb(13) / 7, arb(-9) / 5, arb(31) / 13)
ROUGHLY = 1e-6  # what is worked out numerically is 0 to these digits
FAILURES = (*ERRORS, Unknown)


INDICES = frozenset("ijkl")


class Sides:
    """The sides of statements under one binding.  exact: the decimals of the question.  memory: of the judging of the whole text."""

    def __init__(self, model: Model, binding: Binding, trials: TrialPoints, exact: frozenset[Fraction], memory: Memory):
        self.model, self.binding, self.trials, self.exact, self.memory = model, binding, trials, exact, memory
        self.meaning = Meaning(model, binding.book(), memory.expectations(model), binding.modes["tied"] == "yes")
        self.structural = {Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2)}
        self.structural |= {g.value for g in walk(model.problem.density) if isinstance(g, Num)}
        self.hats = {h.name for h in self.meaning.hats.values()}
        self.heads: dict[Formula, str] = {f: k for k in model.names for f in (Sym(k), hat(k))}
        self._kinds: dict[Formula, Kind] = {}
        self._plainly = Transformer(self._plain, Apply)
        self._resolved: dict[Formula, Formula | Exception] = {}
        heads = {h for args, _ in binding.functions.values() for h in args} | {Sym(k) for f in binding.letters.values() for k in names(f)}
        env = {**trials.points.samples[0].points[0], **binding.letters}
        self._free = sorted(h.name for h in heads if isinstance(h, Sym) and h.name not in env and h.name not in binding.functions)
        self._own = {k + "#own": [number(x) for x in xs] for k, xs in binding.lists.items()}
        self._own_floats = {k: list(map(float, xs)) for k, xs in self._own.items()}
        self._beside = frozenset((*self._free, *self._own))  # letters that a point does not have

    # -- sides ------------------------------------------------------------------------------------------

    def resolved(self, f: Formula) -> Formula:
        """A side as a formula over the letters of a point.  Raises Unknown."""
        if f not in self._resolved:
            try:
                self._resolved[f] = self.meaning.of(self._one_index(self._of_all(self._plainly(self.binding.translated(f)))))
            except FAILURES as e:
                self._resolved[f] = e
        got = self._resolved[f]
        if isinstance(got, Exception):
            raise Unknown(str(got) if isinstance(got, Unknown) else f"this could not be evaluated ({type(got).__name__})")
        return got

    def _plain(self, g: Formula) -> Formula | None:
        """l(mu, sigma^2) where sigma is the parameter, or mu is known: the arguments only name the parameters; x'y is a sum."""
        if isinstance(g, Mul):
            return _scalar_product(g)
        if not isinstance(g, Apply) or g.name not in LIKELIHOODS or not g.args:
            return None
        known = {Sym(k) for k in (*self.model.problem.known, *self.model.problem.values)}
        squares: dict[Formula, Formula] = {Pow(Sym(k), Num(Fraction(2))): Sym(k) for k in self.model.names}
        own = {Sym(k): f for k, f in self.binding.letters.items() if not names(f) & {*self.model.names, *self.binding.letters}}
        args = tuple(own.get(squares.get(a, a), squares.get(a, a)) for a in g.args if a not in known)  # type: ignore[call-overload]
        return None if args == g.args else Apply(g.name, args)

    def _of_all(self, f: Formula) -> Formula:
        """With a condition on x_i, of cases or of an indicator, as that it holds for all i, where no sum or product runs over i."""
        if not kinds(f) & {Cases, Indicator}:
            return f
        free = set(free_letters(f))

        def one(g: Formula) -> Formula | None:
            if isinstance(g, Indicator):
                c = self._for_all(g.condition, free)
                return None if c == g.condition else Indicator(c)
            if not isinstance(g, Cases):
                return None
            rows = tuple((a, None if c is None else self._for_all(c, free)) for a, c in g.rows)
            return None if rows == g.rows else Cases(rows)

        return transform(f, one)

    def _for_all(self, c: Formula, free: set[str]) -> Formula:
        data = [g for g in walk(c) if isinstance(g, At) and g.base in self.meaning.observed and len(g.index) == 1]
        index = {g.index[0] for g in data if isinstance(g.index[0], Sym) and g.index[0].name in INDICES}
        if len(index) != 1 or not {k.name for k in index if isinstance(k, Sym)} <= free:
            return c
        (i,) = index
        return Relation((Big("prod", "#q", ONE, N, Indicator(replace_all(c, {i: Sym("#q")}))), ONE), ("=",))

    def _one_index(self, f: Formula) -> Formula:
        """With a letter that only stands as a free index of the data written i."""
        if self.meaning.observed.isdisjoint(names(f)) or At not in kinds(f):
            return f
        env = self.trials.points.samples[0].points[0]
        data = [g for g in each(f, At) if g.base in self.meaning.observed and len(g.index) == 1]
        odd = [g for g in data if isinstance(g.index[0], Sym) and g.index[0].name not in env]
        free = set(free_letters(f)) if odd else set[str]()
        table: dict[Formula, Formula] = {g: At(g.base, (Sym("i"),)) for g in odd if names(g.index[0]) <= free}
        return replace_all(f, table) if table else f

    def unbound(self, *sides: Formula, free: bool = False) -> list[str]:
        """The names without a meaning; free: those that a definition leaves free are none either."""
        env = self.trials.points.samples[0].points[0]
        known = self.hats | self.meaning.specials.keys() | {CONSTANT.name} | (set() if free else {*self._free})
        return [
            k
            for s in sides
            for k in dict.fromkeys(free_letters(s))
            if k not in known and not k.endswith("#own") and (k not in env or (k in ("i", "j", "k") and not self._is_index(k, s)))
        ]

    def nameless(self, *sides: Formula) -> Verdict | None:
        """Nothing, where a letter has no meaning; else None."""
        free = self.unbound(*sides)
        return unknown("the letter " + " and ".join(dict.fromkeys(free)) + " has no meaning here") if free else None

    def _is_index(self, k: str, f: Formula) -> bool:
        """Whether i, j or k is an index of data or a letter of the question here."""
        p = self.model.problem
        asked = k in p.parameters or k in p.known or k in p.values or k in p.observed
        return asked or any(isinstance(g, At) and Sym(k) in g.index for g in walk(f))

    def _env(self, p: TrialPoint) -> dict[str, Any]:
        """The letters of a point, with arbitrary values of those that a definition leaves free."""
        return {**self._arbitrary(p.place), **p.env, **self._own}

    def _arbitrary(self, place: int) -> dict[str, arb]:
        return {k: ARBITRARY[(j + place) % len(ARBITRARY)] for j, k in enumerate(self._free)}

    def value(self, f: Formula, p: TrialPoint, fuzzy: Rounded | None = None) -> arb:
        """The value of a resolved side.  Raises NoValue."""
        if fuzzy or not self._beside.isdisjoint(names(f)) or not self.meaning.specials.keys().isdisjoint(names(f)):
            return self._worked_out(f, p, fuzzy)
        return self.memory.value(f, p, self._worked_out)

    def roughly(self, f: Formula, floats: Env) -> float:
        """The value of a resolved side at a point in floats."""
        free = {k: float(x.mid()) for k, x in self._arbitrary(0).items()}
        return self.meaning.evaluate(compiled(f), f, {**free, **floats, **self._own_floats})

    def _worked_out(self, f: Formula, p: TrialPoint, fuzzy: Rounded | None = None) -> arb:
        env = self._env(p)
        if self.meaning.specials and not self.meaning.specials.keys().isdisjoint(names(f)):
            try:
                done = self.meaning.completed(f, {**p.floats, **self._own_floats})
            except (KeyError, TypeError, ValueError, IndexError, ArithmeticError) as e:
                raise NoValue(str(e)) from None
            for k in self.meaning.specials.keys() & names(f):
                x = done[k]
                near = 1e-3 if k in self.meaning.limits else 1e-6
                env[k] = arb(x) if x != x or abs(x) == float("inf") else arb(x, abs(x) * near + 1e-12)
        try:
            return evaluated(f, env, fuzzy or {})
        except NotCovered:
            return self._in_floats(f, p)

    def _in_floats(self, f: Formula, p: TrialPoint) -> arb:
        """The value of what balls do not cover, to the digits of floats."""
        try:
            done = self.meaning.completed(f, p.floats)
            x, scale = compiled(f)(done), magnitude(f, done)
        except FAILURES as e:
            raise NoValue(str(e)) from None
        digits = 1e-5 if any(isinstance(g, Derivative) for g in walk(f)) else 1e-8
        return arb(x, digits * max(abs(x), scale)) if abs(x) < float("inf") else arb(x)

    def equal(self, a: Formula, b: Formula, p: TrialPoint, fuzzy: Rounded | None = None) -> bool | None:
        """Whether two sides are equal at a point.  Raises NoValue."""
        u, v = self.value(a, p), self.value(b, p)
        got = same(u, v)
        if got is None and u.is_finite() and v.is_finite():
            env, seen = self._env(p), names(a) | names(b)
            worked = not self.meaning.specials.keys().isdisjoint(seen)
            scale = ROUGHLY if worked else max(size(a, env), size(b, env))
            loose = 0.01 if self.meaning.limits & seen else 1e-4
            got = same(u, v, scale, loose)
        return self._nearly(a, b, p, fuzzy) if fuzzy and got is not True else got

    def _nearly(self, a: Formula, b: Formula, p: TrialPoint, fuzzy: Rounded) -> bool | None:
        """Equal to the digits written."""
        u, v = self.value(a, p, fuzzy), self.value(b, p, fuzzy)
        for f, other in ((a, v), (b, u)):
            written = f.value if isinstance(f, Num) else -f.arg.value if isinstance(f, Neg) and isinstance(f.arg, Num) else None
            if written is not None and abs(written) in fuzzy and wrong_tie(written, fuzzy[abs(written)], other):
                return False
        d = u - v
        if not d.is_finite():
            return None
        if not d.contains(0):
            return False
        bare = any(isinstance(s, Num) or (isinstance(s, Neg) and isinstance(s.arg, Num)) for s in (a, b))
        wide = float(d.rad()) > LOOSE * max(float(abs(u.mid())), float(abs(v.mid())))
        return None if wide and not bare else True

    def everywhere(self, a: Formula, b: Formula, points: Iterable[TrialPoint], fuzzy: Rounded | None = None) -> Verdict:
        """Equal at every one of some points."""
        seen, why = 0, "the sides have no value at the points tried"
        for p in points:
            try:
                got = self.equal(a, b, p, fuzzy)
            except NoValue as e:
                why = str(e) if len(str(e)) > 20 else why
                continue
            if got is False:
                return Verdict(False, "", (p, self.value(a, p), self.value(b, p)))
            seen += got is True
        return Verdict(True, "identity") if seen else self._one_sided(a, b, points) or unknown(why)

    def _one_sided(self, a: Formula, b: Formula, points: Iterable[TrialPoint]) -> Verdict | None:
        """A relation with a side that has no real value anywhere, where the other one has: it fails."""
        if not self.meaning.specials.keys().isdisjoint(names(a) | names(b)) or all(p.top for p in points):
            return None  # at an end of a domain there may be no value
        got: list[list[bool]] = []
        for p in points:
            try:
                u, v = self.value(a, p), self.value(b, p)
            except NoValue:
                return None
            got.append([u.is_nan(), v.is_nan()])
        if got and ({tuple(x) for x in got} in ({(True, False)}, {(False, True)})):
            p = next(iter(points))
            return Verdict(False, "undefined", (p, self.value(a, p), self.value(b, p)))
        return None

    def kind(self, s: Statement, sides: tuple[Formula, Formula]) -> Kind:
        """What a statement speaks of, in its chain so far."""
        out = Kind()
        for f in (*s.before, *sides):
            if f not in self._kinds:
                self._kinds[f] = kind_of((self.binding.translated(f),), self.meaning.book)
            out = out | self._kinds[f]
        return out

    def componentwise(self, left: Formula, right: Formula) -> list[tuple[Formula, Formula]]:
        """(a, b) = (c, d): place by place; a gradient = 0."""
        u, v = (x if isinstance(x, Apply) and x.name == "tuple" else None for x in (left, right))
        if u is not None and v is not None and len(u.args) == len(v.args):
            return list(zip(_in_order(u), _in_order(v), strict=True))
        one = u or v
        return [(x, ZERO) for x in one.args] if one is not None and ZERO in (left, right) else []

    def of_data(self, f: Formula) -> bool:
        """Whether a side speaks of the data."""
        data = self.meaning.observed
        return any(
            (isinstance(g, At) and g.base.removesuffix("_ord") in data)
            or (isinstance(g, Sym) and (g == N or g.name.split("_")[0] in data or g.name.removesuffix(SINGLE) in data))
            for g in walk(f)
        )

    def apart(self, a: Formula, b: Formula, factor: bool, varying: set[str], points: Iterable[TrialPoint]) -> bool:
        """Whether the sides differ by a positive factor, or a term, that is free of some parameters, on every sample."""
        compared = 0
        first: dict[int, tuple[TrialPoint, arb, arb]] = {}
        for p in points:
            start = first.get(id(p.sample))
            if start is not None and varying != set(self.model.names) and not self.model.tied:
                fixed = {k: start[0].env[k] for k in self.model.names if k not in varying}
                p = p.put(fixed)
            try:
                u, v = self.value(a, p), self.value(b, p)
            except NoValue:
                continue
            if not u.is_finite() or not v.is_finite() or (factor and (u.contains(0) or v.contains(0))):
                continue
            if start is None:
                first[id(p.sample)] = p, u, v
                continue
            x, y = (u * start[2], v * start[1]) if factor else (u - v, start[1] - start[2])
            if same(x, y, 0.0 if factor else float(abs(u).mid())) is not True or (factor and not u / v > 0):
                return False
            compared += 1
        return compared > 0

    def affine(self, a: Formula, b: Formula) -> bool:
        """Whether a = c + k b with k > 0, for every sample."""
        if not names(b) & self.meaning.parameters:
            return False
        groups: dict[int, list[tuple[arb, arb]]] = {}
        for p in self.trials.inner:
            groups.setdefault(id(p.sample), []).append((self.value(a, p), self.value(b, p)))
        tried = False
        for (u, v), (x, y), *rest in (g for g in groups.values() if len(g) > 2):
            if not (x - u) / (y - v) > 0:
                return False
            if any(same((w - u) * (y - v), (z - v) * (x - u), float(abs(u * y).mid())) is not True for w, z in rest):
                return False
            tried = True
        return tried

    def arguments(self, f: Formula) -> set[str]:
        """The parameters that the likelihood is said to be a function of."""
        for g in each(f, Apply):
            if g.name in LIKELIHOODS and g.args:
                inside = {k for a in g.args for k in self.model.names if k in names(self.binding.translated(a))}
                if inside:
                    return inside
        return set()


def _scalar_product(g: Mul) -> Formula | None:
    """x'y as a sum over the observations."""
    fs = list(g.factors)
    for k, (x, y) in enumerate(pairwise(fs)):
        if isinstance(x, Apply) and x.name == "Transpose" and isinstance(y, Sym) and y.name.endswith("_vec") and isinstance(x.args[0], Sym):
            u, v = x.args[0].name.removesuffix("_vec"), y.name.removesuffix("_vec")
            return mul(*fs[:k], total(Mul((At(u, (Sym("#i"),)), At(v, (Sym("#i"),)))), "#i"), *fs[k + 2 :])
    return None


def _in_order(f: Apply) -> tuple[Formula, ...]:
    """The places of a tuple; those of a gradient in the order in which the parameters are written as arguments."""
    parts = [d for d in f.args if isinstance(d, Derivative) and isinstance(d.body, Apply) and len(d.variables) == 1]
    if len(parts) < len(f.args) or len({d.body for d in parts}) != 1:
        return f.args
    assert isinstance(parts[0].body, Apply)
    order = parts[0].body.args
    if not {d.variables[0][0] for d in parts} <= set(order):
        return f.args
    return tuple(sorted(parts, key=lambda d: order.index(d.variables[0][0])))
