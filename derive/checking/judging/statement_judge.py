"""The verdict on one statement under one binding: its role, and whether it is true in that role."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
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
    Cases,
    Derivative,
    Dots,
    Formula,
    Indicator,
    Limit,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    SetOf,
    Span,
    Sym,
    Where,
    add,
    children,
    mul,
    names,
    neg,
    replace_all,
    total,
    transform,
    walk,
)
from ...oracle.oracle import magnitude
from ...reading.context import OWN_SIZE
from ..claims import CONSTANT
from ..slope import slope
from .ball_values import NotCovered, NoValue, Rounded, evaluated, less, number, same, size, wrong_tie
from .binding import Binding
from .claim_kinds import Kind, kind_of
from .document import Statement
from .expectation import SINGLE
from .meaning import LIKELIHOODS, Meaning
from .model import Model
from .profile_likelihood import of_profile, opened
from .profile_limit import limit_of_profile
from .roles import Role, role_of, speaks
from .rounding import rounded
from .second_order import named, second_order, square_of
from .symbol_table import Unknown
from .trial_points import ERRORS, TrialPoint, TrialPoints
from .undeclared_letters import free_letters, number_of
from .verdict import Verdict, doubtful, unknown

SOMEWHERE = re.compile(
    r"^\W*(?:to the )?(?:left|right|below|above|before|after|beyond|near|between|inside|outside|elsewhere|there|then)\b", re.I
)
LOOSE = Fraction(1, 5)  # rounding that moves a side by more than this part of it decides nothing
STEP = 1e-4
ARBITRARY = (arb(7) / 11, arb(-3) / 10, arb(13) / 7, arb(-9) / 5, arb(31) / 13)
ROUGHLY = 1e-6  # what is worked out numerically is 0 to these digits
EACH = re.compile(
    r"\b(?:one|single|each|per|i-?th|jede|einzel\w*|une|chaque|una|cada)\b[^.]*\bobserv|per observation|für eine beobachtung", re.I
)
FAILURES = (*ERRORS, Unknown)


Order = tuple[Formula, str, Formula]


class StatementJudge:
    """Judges statements under one binding.  exact: the decimals of the question."""

    def __init__(self, model: Model, binding: Binding, trials: TrialPoints, exact: frozenset[Fraction]):
        self.model, self.binding, self.trials, self.exact = model, binding, trials, exact
        self.meaning = Meaning(model, binding.book())
        self.meaning.tied = binding.modes["tied"] == "yes"
        self.structural = {Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2)}
        self.structural |= {g.value for g in walk(model.problem.density) if isinstance(g, Num)}
        self.hats = {h.name for h in self.meaning.hats.values()}
        self.heads: dict[Formula, str] = {f: k for k in model.names for f in (Sym(k), hat(k))}
        self._resolved: dict[Formula, Formula | Exception] = {}
        heads = {h for args, _ in binding.functions.values() for h in args} | {Sym(k) for f in binding.letters.values() for k in names(f)}
        env = {**trials.points.samples[0].points[0], **binding.letters}
        self._free = sorted(h.name for h in heads if isinstance(h, Sym) and h.name not in env and h.name not in binding.functions)
        self._own = {k + "#own": [number(x) for x in xs] for k, xs in binding.lists.items()}

    # -- sides ------------------------------------------------------------------------------------------

    def resolved(self, f: Formula) -> Formula:
        """A side as a formula over the letters of a point.  Raises Unknown."""
        if f not in self._resolved:
            try:
                self._resolved[f] = self.meaning.of(self._one_index(transform(self.binding.translated(f), self._plain)))
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

    def _one_index(self, f: Formula) -> Formula:
        """With a letter that only stands as a free index of the data written i."""
        env = self.trials.points.samples[0].points[0]
        free = set(free_letters(f))
        table: dict[Formula, Formula] = {}
        for g in walk(f):
            if isinstance(g, At) and g.base in self.meaning.observed and len(g.index) == 1 and isinstance(g.index[0], Sym):
                if g.index[0].name in free and g.index[0].name not in env:
                    table[g] = At(g.base, (Sym("i"),))
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

    def _is_index(self, k: str, f: Formula) -> bool:
        """Whether i, j or k is an index of data or a letter of the question here."""
        p = self.model.problem
        asked = k in p.parameters or k in p.known or k in p.values or k in p.observed
        return asked or any(isinstance(g, At) and Sym(k) in g.index for g in walk(f))

    def _env(self, p: TrialPoint) -> dict[str, Any]:
        """The letters of a point, with arbitrary values of those that a definition leaves free."""
        free = {k: ARBITRARY[(j + p.place) % len(ARBITRARY)] for j, k in enumerate(self._free)}
        return {**free, **p.env, **self._own}

    def value(self, f: Formula, p: TrialPoint, fuzzy: Rounded | None = None) -> arb:
        """The value of a resolved side.  Raises NoValue."""
        env = self._env(p)
        if self.meaning.specials and not self.meaning.specials.keys().isdisjoint(names(f)):
            try:
                done = self.meaning.completed(f, {**p.floats, **{k: list(map(float, xs)) for k, xs in self._own.items()}})
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

    # -- verdicts ---------------------------------------------------------------------------------------

    def verdict(self, s: Statement) -> Verdict:
        """Of the likeliest reading that is true; false only if every reading is, and every name has a meaning."""
        if not s.claim.readings:
            return unknown(s.claim.unread or "this was not read")
        worst: Verdict | None = None
        for left, right in s.claim.readings:
            v = self.of_sides(s, left, right)
            if v.holds:
                return v
            worst = v if worst is None or (worst.fails and v.value is None) else worst
        assert worst is not None
        return worst

    def of_sides(self, s: Statement, left: Formula, right: Formula) -> Verdict:
        """The verdict on a statement with these sides."""
        try:
            return self._of_sides(s, left, right)
        except Unknown as e:
            return unknown(str(e))
        except FAILURES as e:
            return unknown(f"this could not be evaluated ({type(e).__name__})")

    def _of_sides(self, s: Statement, left: Formula, right: Formula) -> Verdict:
        for head, body in ((left, right), (right, left)):
            if named(head) and (matrix := square_of(body)) is not None:
                return second_order(matrix, self.meaning, self.trials)
        if pairs := self.componentwise(left, right):
            got = [self.of_sides(s, x, y) for x, y in pairs]
            return next((v for v in got if v.fails), next((v for v in got if not v.holds), got[0]))
        if s.claim.sign == "~":
            return Verdict(True, "model")
        if s.claim.sign == "in" or isinstance(right, (SetOf, Span)):
            return self._member(left, right)
        if of_profile(left) or of_profile(right):
            return self._profiled(s, left, right)
        if self.model.one is None and isinstance(left, Apply) and left.name in ("P", "f", "Pr") and s.claim.sign == "=":
            return Verdict(True, "model")  # of one observation, that the question does not speak of
        a, b = self.resolved(left), self.resolved(right)
        if free := self.unbound(a, b):
            return unknown("the letter " + " and ".join(dict.fromkeys(free)) + " has no meaning here")
        role = role_of(s, (left, right), (a, b), self.meaning.parameters, self.hats)
        if role is Role.ORDER:
            return self._order(s, left, a, s.claim.sign, right, b)
        return self._told(s, left, right, b) or self._equality(s, (left, right), a, b, role)

    def _told(self, s: Statement, left: Formula, right: Formula, b: Formula) -> Verdict | None:
        """What is true because the text says it: an observation, a known letter's value; L = 0 otherwise."""
        if isinstance(left, Sym) and left.name in self.meaning.observed and number_of(right) is not None:
            return self._event(left.name, number_of(right))
        if left == N and OWN_SIZE in self.meaning.named and number_of(right) is not None:
            if self.everywhere(Sym(OWN_SIZE), b, self.trials.inner).holds:
                return Verdict(True, "given")  # the density's own n
        if isinstance(left, At) and left.base in self.meaning.observed and self.model.open and number_of(right) is not None:
            return Verdict(True, "data")
        if isinstance(left, Sym) and left.name in self.model.problem.known and number_of(right) is not None:
            return Verdict(True, "given")
        if b == ZERO and self.model.moving and not s.scope and isinstance(left, Apply) and left.name in ("L", "f"):
            return Verdict(True, "support")
        return None

    def _event(self, v: str, x: float | None) -> Verdict:
        """X = 3: what an observation is, or may be."""
        have = self.trials.points.samples[0].points[0].get(v)
        if not self.model.open and isinstance(have, list) and len(have) == 1 and have[0] != x:
            return Verdict(False, "data")
        return Verdict(True, "data")

    def _equality(self, s: Statement, sides: tuple[Formula, Formula], a: Formula, b: Formula, role: Role) -> Verdict:
        fuzzy = self._fuzzy(s, a, b)
        const = any(CONSTANT.name in names(f) for f in (*s.before, a, b))
        a, b = (replace_all(f, {CONSTANT: ONE if s.claim.sign == "propto" else ZERO}) for f in (a, b))
        inner = self.scoped(s, self.trials.inner)
        if inner is None:
            return self._nowhere(s, sides[0], b) or unknown("no point was found that is as the hypothesis says")
        if s.at_top and not s.before and role is not Role.EQUATION:
            role = Role.EITHER
        v = self.everywhere(a, b, inner, fuzzy)
        if v.holds:
            return self._support(s, sides[0], b) or self._indicators(s, a, b) or v
        if self._profile(s, sides, a, b, inner, fuzzy):
            return Verdict(True, "profile")
        kind = self.kind(s, sides)
        if s.claim.sign == "propto" or ((kind.ell or kind.likelihood) and not kind.derived):
            if s.claim.sign != "approx" and self._constant(sides, a, b, kind, const or s.claim.sign == "propto", inner):
                return self._support(s, sides[0], b) or Verdict(True, "constant")
        if s.claim.sign == "propto":
            return v
        if v.fails and self._of_one(s, a, b, kind):
            return Verdict(True, "one observation")
        if role is Role.IDENTITY and not s.at_top:
            if s.claim.sign == "approx" and not fuzzy and v.fails:
                return unknown("an approximation between formulas is not judged")
            return self._open(a, b, v)
        if not (names(a) | names(b)) & self.meaning.parameters:
            return Verdict(True, "maximum") if v.fails and self._also_highest(a, b) else self._open(a, b, v)
        return self._at_the_top(s, a, b, role, fuzzy)

    def _of_one(self, s: Statement, a: Formula, b: Formula, kind: Kind) -> bool:
        """Whether the words say that it is about a single observation, and it holds for samples of one."""
        singles = {v + SINGLE for v in self.meaning.observed}
        if not (names(a) | names(b)) & singles or self.model.problem.sample is not None or not EACH.search(s.claim.prose + " " + s.row):
            return False
        points = self.trials.of_size(1)
        if self.everywhere(a, b, points).holds:
            return True
        return (kind.ell or kind.likelihood) and not kind.derived and self.apart(a, b, not kind.ell, set(self.model.names), points)

    def _at_the_top(self, s: Statement, a: Formula, b: Formula, role: Role, fuzzy: Rounded) -> Verdict:
        """An equation: true of the maximum of every sample; of two expressions, one that determines it."""
        top = self.scoped(s, self.trials.top, True) or []
        w = self.everywhere(a, b, top, fuzzy)
        if w.holds:
            if role is Role.EITHER and not s.at_top and not self._cuts_out(a, b):
                return Verdict(False, "at the estimate only", self.everywhere(a, b, self.trials.inner).at)
            return Verdict(True, "maximum")
        if w.fails and self._also_highest(a, b):
            return Verdict(True, "maximum")
        if w.value is None and not top:
            return unknown("the maximum of the likelihood was not found for certain")
        return self._open(a, b, w)

    def kind(self, s: Statement, sides: tuple[Formula, Formula]) -> Kind:
        """What a statement speaks of, in its chain so far."""
        out = Kind()
        for f in (*s.before, *sides):
            out = out | kind_of((self.binding.translated(f),), self.meaning.book)
        return out

    def _fuzzy(self, s: Statement, a: Formula, b: Formula) -> Rounded:
        """The decimals that may be rounded; 0.5 within a formula is a half."""
        open_ = [x for x in (a, b) if names(x) & self.meaning.parameters]
        found = rounded(s.claim.text, (a, b), self.exact, s.claim.sign == "approx", open_)
        bare = {g for f in (a, b) for g in (f, neg(f))}
        return {x: h for x, h in found.items() if h < Fraction(1, 25) or Num(x) in bare or s.claim.sign == "approx"}

    def componentwise(self, left: Formula, right: Formula) -> list[tuple[Formula, Formula]]:
        """(a, b) = (c, d): place by place; a gradient = 0."""
        u, v = (x if isinstance(x, Apply) and x.name == "tuple" else None for x in (left, right))
        if u is not None and v is not None and len(u.args) == len(v.args):
            return list(zip(_in_order(u), _in_order(v), strict=True))
        one = u or v
        return [(x, ZERO) for x in one.args] if one is not None and ZERO in (left, right) else []

    def _profile(
        self, s: Statement, sides: tuple[Formula, Formula], a: Formula, b: Formula, inner: list[TrialPoint], fuzzy: Rounded
    ) -> bool:
        """Whether it holds with some parameters at their estimates, that stand there without being written, or as hats beside others."""
        seen = names(a) | names(b)
        shown = written(sides[0]) | written(sides[1])
        put = {k for k in self.model.free if hat(k).name in seen and k in seen and k not in shown}
        if (args := self._arguments(sides[0])) and not self.model.tied:  # l(v) once mu is known
            put |= {k for k in self.model.free if k not in args and k not in written(sides[1])}
        put |= {k for k in self.model.free if k in names(a) and k not in names(b) and {k, hat(k).name} & s.given}  # "with this theta"
        if put and put < set(self.model.free):
            points = [p.put({k: p.env[hat(k).name] for k in put}) for p in inner if all(hat(k).name in p.env for k in put)]
            if self.everywhere(a, b, points, fuzzy).holds:
                return True
            kind, rest = self.kind(s, sides), set(self.model.names) - put
            if kind.ell and not kind.derived and names(a) & rest and names(b) & rest and self.apart(a, b, False, rest, points):
                return True
        ruled = {k for k in self.model.free if hat(k).name in seen and k not in seen}
        if ruled and seen & self.meaning.parameters:  # theta_hat = x_bar/alpha
            return self.everywhere(a, b, self.scoped(s, self.trials.given_others(ruled, True)) or [], fuzzy).holds
        return False

    def _profiled(self, s: Statement, left: Formula, right: Formula) -> Verdict:
        """A claim about the profile log-likelihood of a parameter: judged where the others are at their maximum."""
        k = of_profile(left) or of_profile(right)
        a, b = (self.resolved(opened(f, self.model.free)) for f in (left, right))
        if free := self.unbound(a, b):
            return unknown("the letter " + " and ".join(dict.fromkeys(free)) + " has no meaning here")
        if s.claim.sign != "=":
            return unknown("a profile is not compared")
        if any(isinstance(g, Where) for f in (left, right) for g in walk(f)):
            got = self.everywhere(a, b, self.trials.top)
            x, y = (self.resolved(opened(f, self.model.free, True)) for f in (left, right))
            return got if got.holds else self.everywhere(x, y, self.trials.top)
        others = set(self.model.free) - {k}
        if isinstance(left, Limit) and left.variable == Sym(k or ""):
            return limit_of_profile(left, right, frozenset(others), self.meaning, self.trials)
        got = self.everywhere(a, b, self.trials.given_others(others, False))
        if not got.holds:
            a, b = (self.resolved(opened(f, self.model.free, True)) for f in (left, right))
            put = [p.put({o: p.env[hat(o).name] for o in others}) for p in self.trials.inner if hat(self.model.free[0]).name in p.env]
            got = self.everywhere(a, b, put)
            if got.fails and k is not None and not any(isinstance(g, Derivative) for f in (left, right) for g in walk(f)):
                if any(self.apart(a, b, False, {k}, points) for points in (self.trials.given_others(others, False), put)):
                    return Verdict(True, "constant")
        return got if got.holds or ZERO not in (left, right) else self.everywhere(a, b, self.trials.top)

    # -- leniencies ---------------------------------------------------------------------------------------

    def _also_highest(self, a: Formula, b: Formula) -> bool:
        """Where the maximum is not unique: whether the value given to a parameter reaches it too."""
        for head, f in ((a, b), (b, a)):
            k = self.heads.get(head)
            if k is None or k not in self.model.free or names(f) & self.meaning.parameters:
                continue
            for p in self.trials.top:
                e = self._turned(k, self.model.tie({**p.floats, k: float(self.value(f, p).mid())}))
                high = p.sample.peak.height
                if not self.model.possible(e) or not self.model.value(e) >= high - 1e-9 * (1 + abs(high)):
                    return False
            return bool(self.trials.top)
        return False

    def _turned(self, k: str, e: Env) -> Env:
        """A point with a parameter brought into its domain, where the likelihood has the length of that for a period: an angle."""
        low, high = self.model.domain(k).bounds(e)
        if low <= e[k] <= high or not (abs(low) < float("inf") and abs(high) < float("inf")):
            return e
        turned = self.model.tie({**e, k: low + (e[k] - low) % (high - low)})
        f = compiled(self.model.ell)
        return turned if abs(f(e) - f(turned)) <= 1e-9 * (1 + abs(f(e))) else e

    def _open(self, a: Formula, b: Formula, v: Verdict) -> Verdict:
        """A number against what depends on data that are not given: nothing can be said."""
        if not v.fails or not self.model.open or self.binding.data is not None:
            return v
        numbers = [number_of(f) is not None for f in (a, b)]
        plain = [x and self._told_numbers(f) for x, f in zip(numbers, (a, b), strict=True)]
        if any(numbers) and not (names(a) | names(b)) & (self.hats | self.meaning.parameters) and any(map(self.of_data, (a, b))):
            return doubtful("no data were given to judge this number", v)
        if any(plain) and not all(plain):
            other = b if plain[0] else a
            if self.of_data(other) or names(other) & (self.hats | self.meaning.parameters):
                return doubtful("no data were given to judge this number", v)
        told = [f for f in (a, b) if not self.of_data(f) and self._told_numbers(f)]
        spoken = any(names(f) & self.meaning.parameters for f in told)
        if spoken and (len(told) == 2 or (told and any(map(self.of_data, (a, b))))):
            return doubtful("no data were given to judge these numbers", v)
        return v

    def _told_numbers(self, f: Formula) -> bool:
        """Whether there are numbers that are not of the question."""
        return any(isinstance(g, Num) and g.value not in self.structural for g in walk(f))

    def of_data(self, f: Formula) -> bool:
        """Whether a side speaks of the data."""
        data = self.meaning.observed
        return any(
            (isinstance(g, At) and g.base.removesuffix("_ord") in data)
            or (isinstance(g, Sym) and (g == N or g.name.split("_")[0] in data or g.name.removesuffix(SINGLE) in data))
            for g in walk(f)
        )

    def _constant(self, sides: tuple[Formula, Formula], a: Formula, b: Formula, kind: Kind, const: bool, points: list[TrialPoint]) -> bool:
        """Whether the sides differ by a term (of a likelihood: a factor) that is free of the parameters they vary in."""
        varying = next((v for f in sides if (v := self._arguments(f))), set(self.model.names))
        if not all(names(f) & varying for f in (a, b)):
            return False
        if any(isinstance(g, Apply) and self.binding.modes.get(g.name) in ("mean", "-mean", "one") for g in walk(sides[0])):
            return False  # "up to a constant" would make a lost n a mean
        if kind.likelihood and not kind.ell:
            return self.apart(a, b, True, varying, points) or (const and self.apart(a, b, False, varying, points))
        return self.apart(a, b, False, varying, points) or (const and self.apart(a, b, True, varying, points))

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

    def _arguments(self, f: Formula) -> set[str]:
        """The parameters that the likelihood is said to be a function of."""
        for g in walk(f):
            if isinstance(g, Apply) and g.name in LIKELIHOODS and g.args:
                inside = {k for a in g.args for k in self.model.names if k in names(self.binding.translated(a))}
                if inside:
                    return inside
        return set()

    def _cuts_out(self, a: Formula, b: Formula) -> bool:
        """Whether an equation determines the maximum: its difference changes sign there in some direction, and nowhere else that is seen."""
        d = add(a, neg(b))
        return not self.trials.top or any(
            self._changes(d, p, k) for p in self.trials.top for k in self.model.free if self.model.tied or k in names(d)
        )

    def _changes(self, d: Formula, p: TrialPoint, k: str) -> bool:
        x = p.floats[k]
        around = [self._signs(d, p, k, [x + side * STEP * (abs(x) + STEP)])[0] for side in (-1, 1)]
        if None in around:
            return True
        if around[0] is around[1]:
            return False
        if self.model.free == (k,) and self._turns(p, k):
            return True  # there are other stationary points
        far = [q.floats[k] for q in self.trials.wide if q.sample is p.sample and q.floats[k] != p.sample.points[0][k] and q.possible]
        below, above = (self._signs(d, p, k, [y for y in far if (y > x) is up and y != x]) for up in (False, True))
        return set(below) <= {around[0], None} and set(above) <= {around[1], None}

    def _turns(self, p: TrialPoint, k: str) -> bool:
        """Whether the score of the only parameter has both signs on one side of the maximum."""
        score, x = slope(self.model.ell, Sym(k)), p.floats[k]
        far = [q.floats[k] for q in self.trials.wide if q.sample is p.sample and q.possible]
        sides = [
            {v for v in self._signs(score, p, k, [y for y in far if (y > x) is up and y != x]) if v is not None} for up in (False, True)
        ]
        return any(len(signs) > 1 for signs in sides)

    def _signs(self, d: Formula, p: TrialPoint, k: str, at: list[float]) -> list[bool | None]:
        """Whether a difference is positive at values of a parameter; None where that is not decided."""
        out: list[bool | None] = []
        for x in at:
            try:
                v = self.value(d, self.trials.moved(p, k, x))
                out.append(True if v > 0 else False if v < 0 else None)
            except FAILURES:
                out.append(None)
        return out

    # -- hypotheses and orders ----------------------------------------------------------------------------

    def scoped(self, s: Statement, points: list[TrialPoint], only_data: bool = False) -> list[TrialPoint] | None:
        """The points at which the hypotheses of a statement are true; None where there are none.

        A parameter that a hypothesis sets to a value has that value.  Of the data alone it may take other samples.
        only_data: the other hypotheses are left out.
        """
        out, asked = self._filtered(s, points, only_data)
        if not out and points and points is not self.trials.top and points is not self.trials.outside:
            out, _ = self._filtered(s, self.trials.dense, only_data)
        if not out and points and asked and self.model.open:
            chosen = self.trials.where(tuple(asked), lambda p: all(self._true(*h, p) is not False for h in asked))
            out = chosen.top if points is self.trials.top else chosen.inner
        return out if out or not points else None

    def _filtered(self, s: Statement, points: list[TrialPoint], only_data: bool) -> tuple[list[TrialPoint], list[Order]]:
        """The points at which the hypotheses are true, and those hypotheses that are of the data alone."""
        out, asked = points, list[Order]()
        for a, sign, b in self._hypotheses(s):
            if not (names(a) | names(b)) & (self.meaning.parameters | self.hats | self.meaning.specials.keys()):
                asked.append((a, sign, b))
            elif only_data:
                continue
            elif sign in ("=", ":=") and isinstance(a, Sym) and a.name in self.model.names:
                out = [q for p in out if (q := self.trials.put(p, a.name, b)) is not None]
                continue
            out = [p for p in out if self._true(a, sign, b, p) is not False]
        return out, asked

    def _hypotheses(self, s: Statement) -> Iterator[Order]:
        """The hypotheses of a statement that can be tried.

        What one says of an observation goes for their mean, where the statement speaks of none; with a parameter it is of the density.
        """
        spoken = set[str]()
        for f in s.claim.readings[0] if s.scope and s.claim.readings else ():
            with contextlib.suppress(Unknown):
                spoken |= names(self.resolved(f))
        singles = {v + SINGLE for v in self.meaning.observed}
        one: dict[Formula, Formula] = {Sym(v + SINGLE): Sym(v + "_bar") for v in self.meaning.observed if v + SINGLE not in spoken}
        for h in s.scope:
            for left, right in h.claim.readings[:1]:
                try:
                    a, b = self.resolved(left), self.resolved(right)
                except Unknown:
                    continue
                seen = names(a) | names(b)
                by_cases = seen & singles and seen & self.meaning.parameters and not spoken & singles
                if seen and not by_cases and not isinstance(b, SetOf) and not self.unbound(a, b):
                    yield replace_all(a, one), h.claim.sign, replace_all(b, one)

    def _true(self, a: Formula, sign: str, b: Formula, p: TrialPoint) -> bool | None:
        """Whether a relation is true at a point; None where that is not decided."""
        try:
            if sign == "in":
                return self._inside(a, b, p)
            index = self._free_index(a, b)
            if index is None or sign == "=":
                return self._compare(a, sign, b, p)
            each = [self._compare(a, sign, b, p.put({index: arb(i)})) for i in range(1, int(p.floats["n"]) + 1)]
        except NoValue:
            return None
        return False if False in each else None if None in each else True

    def _free_index(self, a: Formula, b: Formula) -> str | None:
        """The index of a <= x_i, which is said for every i."""
        free = set(free_letters(a)) | set(free_letters(b))
        for g in (*walk(a), *walk(b)):
            if isinstance(g, At) and g.base in self.meaning.observed and len(g.index) == 1 and isinstance(g.index[0], Sym):
                if g.index[0].name in free and g.index[0].name in ("i", "j", "k"):
                    return g.index[0].name
        return None

    def _compare(self, a: Formula, sign: str, b: Formula, p: TrialPoint) -> bool | None:
        u, v = self.value(a, p), self.value(b, p)
        if sign in ("=", "!="):
            got = same(u, v, 1.0)
            return None if got is None else got == (sign == "=")
        return less(u, v, sign == "<") if sign in ("<", "<=") else less(v, u, sign == ">")

    def _order(self, s: Statement, left: Formula, a: Formula, sign: str, right: Formula, b: Formula) -> Verdict:
        """An inequality: at all points of its scope."""
        if any(isinstance(x, Sym) and x.name in self.meaning.observed for x in (left, right)):
            return Verdict(True, "condition")
        if s.linked is not None and s.linked.claim.sign in ("<", "<=", ">", ">="):
            return self._implied(s, a, sign, b)
        points = self.trials.inner
        if (names(a) | names(b)) & self.meaning.parameters:
            points = [*points, *(p for p in self.trials.wide if p.possible or s.scope)]
        if s.at_top and not s.scope:
            points = self.trials.top
        inside = self.scoped(s, points)
        if inside is None:
            return unknown("no point was found that is as the hypothesis says")
        if s.claim.asserted:
            return self._asserted(s, inside, a, sign, b)
        seen = 0
        for p in inside:
            got = self._true(a, sign, b, p)
            if got is False and SOMEWHERE.search(s.claim.after):
                return doubtful(
                    "for which values this is said is not understood", Verdict(False, "order", (p, self.value(a, p), self.value(b, p)))
                )
            if got is False:
                return Verdict(False, "order", (p, self.value(a, p), self.value(b, p)))
            seen += got is True
        return Verdict(True, "order") if seen else unknown("the sides have no value at the points tried")

    def _asserted(self, s: Statement, inside: Sequence[TrialPoint], a: Formula, sign: str, b: Formula) -> Verdict:
        """What a sentence says of a function: true everywhere or at the maximum, or false everywhere; else its scope is not known."""
        there = [self._true(a, sign, b, p) for p in inside]
        top = [self._true(a, sign, b, p) for p in self.trials.top]
        if (there and all(there)) or (_twice(s.claim.left) and sign in ("<", ">") and top and all(top)):
            return Verdict(True, "order")
        p = next((p for p, true in zip(inside, there, strict=True) if true is False), None)
        if p is None:
            return unknown("the sides have no value at the points tried")
        wrong = Verdict(False, "order", (p, self.value(a, p), self.value(b, p)))
        everywhere = all(true is False for true in (*there, *top))
        return wrong if everywhere else doubtful("for which values this is said is not understood", wrong)

    def _implied(self, s: Statement, a: Formula, sign: str, b: Formula) -> Verdict:
        """P => Q between inequalities: wherever P is true Q is; for <=> the other way round too."""
        assert s.linked is not None
        left, right = (self.resolved(x) for x in s.linked.claim.readings[0])
        seen = 0
        for p in self.trials.everywhere():
            one, two = self._true(left, s.linked.claim.sign, right, p), self._true(a, sign, b, p)
            if one is None or two is None:
                continue
            seen += 1
            if (one and not two) or (s.claim.joined == "iff" and two and not one):
                return Verdict(False, "implication", (p, self.value(a, p), self.value(b, p)))
        return Verdict(True, "implication") if seen else unknown("the sides have no value at the points tried")

    # -- supports -------------------------------------------------------------------------------------------

    def _nowhere(self, s: Statement, left: Formula, b: Formula) -> Verdict | None:
        """A likelihood under a hypothesis with which no sample is possible: it is 0."""
        if not isinstance(left, Apply) or left.name not in ("L", "ell"):
            return None
        outside = self.scoped(s, self.trials.outside)
        if not outside:
            return None
        if left.name == "ell":
            return Verdict(False, "support", (outside[0], arb("-inf"), self.value(b, outside[0])))
        bad = next((p for p in outside if not self.value(b, p).contains(0)), None)
        return Verdict(True, "support") if bad is None else Verdict(False, "support", (bad, arb(0), self.value(b, bad)))

    def _support(self, s: Statement, left: Formula, b: Formula) -> Verdict | None:
        """A likelihood with a scope, or with an indicator, that is not 0 where the data are impossible: it fails; else None."""
        if not isinstance(left, Apply) or left.name not in ("L", "ell") or not self.model.moving or speaks(s.claim.right or ZERO):
            return None
        stated = any(names(f) & self.meaning.parameters for h in s.scope for f in (h.claim.left or ZERO, h.claim.right or ZERO))
        if not stated and not any(isinstance(g, (Indicator, Cases)) for g in walk(b)):
            return None
        for p in self.scoped(s, self.trials.outside) or []:
            try:
                v = self.value(b, p)
            except NoValue:
                continue
            if left.name == "ell" or not v.contains(0):
                return Verdict(False, "support", (p, arb(0), v))
        return None

    def _indicators(self, s: Statement, a: Formula, b: Formula) -> Verdict | None:
        """Indicators on both sides that differ where the data are impossible: the equation fails; else None."""
        if not self.model.moving or not all(
            any(isinstance(g, Indicator) and names(g) & self.meaning.parameters for g in walk(f)) for f in (a, b)
        ):
            return None
        v = self.everywhere(a, b, self.scoped(s, self.trials.outside) or [])
        return Verdict(False, "support", v.at) if v.fails else None

    # -- sets ---------------------------------------------------------------------------------------------

    def _inside(self, a: Formula, b: Formula, p: TrialPoint) -> bool | None:
        if isinstance(b, Span):
            x = self.value(a, p)
            got = [less(self.value(b.low, p), x, b.low_open), less(x, self.value(b.high, p), b.high_open)]
            return False if False in got else None if None in got else True
        if not isinstance(b, SetOf):
            return None
        items = [g for g in b.items if not isinstance(g, Dots)]
        x = self.value(a, p)
        if any(self.value(g, p).overlaps(x) for g in items):
            return True
        if len(items) == len(b.items):
            return False
        beyond = x < self.value(items[0], p) or (not isinstance(b.items[-1], Dots) and x > self.value(items[-1], p))
        return x.unique_fmpz() is not None and not beyond

    def _member(self, left: Formula, right: Formula) -> Verdict:
        if isinstance(left, (Sym, At)) and (left.name if isinstance(left, Sym) else left.base).split("_")[0] in self.meaning.observed:
            return self._data(left, right)
        a = self.resolved(left)
        if isinstance(right, Span):
            b: Formula = Span(self.resolved(right.low), self.resolved(right.high), right.low_open, right.high_open)
        elif isinstance(right, SetOf):
            b = SetOf(tuple(g if isinstance(g, Dots) else self.resolved(g) for g in right.items))
        else:
            return Verdict(True, "condition")
        if self.unbound(a, b):
            return unknown("a letter has no meaning here")
        seen = 0
        for p in self.trials.everywhere():
            got = self._inside(a, b, p)
            if got is False:
                return Verdict(False, "domain")
            seen += got is True
        return Verdict(True, "domain") if seen else unknown("this set is not understood")

    def _data(self, left: Sym | At, right: Formula) -> Verdict:
        """x in {...}: the support, or the observations."""
        if isinstance(right, SetOf) and not any(isinstance(g, Dots) for g in right.items) and len(right.items) > 2 and not self.model.open:
            have = self.trials.points.samples[0].points[0].get((left.name if isinstance(left, Sym) else left.base).split("_")[0])
            told = [x for g in right.items if (x := number_of(g)) is not None]
            if isinstance(have, list) and len(told) == len(right.items) == len(have):
                return Verdict(all(abs(x - y) < 1e-9 for x, y in zip(sorted(told), sorted(have), strict=True)), "data")
        return Verdict(True, "data")


def written(f: Formula) -> set[str]:
    """The names in a side, those that only are arguments of the likelihood left out."""
    if isinstance(f, Apply) and f.name in LIKELIHOODS:
        return set()
    if isinstance(f, Derivative):
        return written(f.body)
    inner = children(f)
    return set().union(*map(written, inner)) if inner and not isinstance(f, At) else set(names(f))


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


def _twice(f: Formula | None) -> bool:
    """Whether a side is a second derivative."""
    return isinstance(f, Derivative) and sum(k for _, k in f.variables) == 2
