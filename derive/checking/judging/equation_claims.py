"""Equations judged in the ways in which they can hold, the strict ways first.

A relation between a quantity that the question defines (the likelihood, its logarithm, a derivative of them) and
something else is an identity: it holds at random parameters and samples.  Any other equation may hold so, or at the
maximum-likelihood point of every sample.  An added constant of the log-likelihood, a constant factor of the
likelihood, are free.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

from ...formula.evaluate import compiled
from ...formula.tree import ZERO, At, Call, Formula, Limit, Mul, SetOf, Sym, Where, add, has, names, replace_all, value, walk
from ...oracle.oracle import close
from ..claims import CONSTANT, Claim
from .claim_kinds import Kind, kind_of
from .compare import COMPARE, ON_THE_WAY, Pair, rounded
from .expectation import SINGLE
from .holds import Judgement, Ways, unclear
from .meaning import Meaning
from .model import Model
from .profile_likelihood import opened
from .samples import Points, Sample, given_others
from .specials import settled
from .symbol_table import Book
from .undeclared_letters import number_of


class Equations:
    """Judges relations whose letters all have values.  The book is what the writer has said so far."""

    def __init__(self, model: Model, points: Points, exact: set[Fraction]):
        self.model, self.points = model, points
        self.book = Book()
        self.meaning = Meaning(model, self.book)
        self.ways = Ways(model, self.meaning, points)
        self.exact = exact
        self.chain: int | None = None
        self.kind = Kind()
        self.used: set[str] = set()  # names of the likelihood and its logarithm that were used as such
        self.told = False  # whether the writer lists data that the question leaves open
        self.last: Formula | None = None  # the log-likelihood as it was last written
        self.worked = False  # whether the likelihood was spoken of
        self._closed: dict[str, str] | None = None
        self.valued: list[tuple[Formula, Formula]] = []  # equations that held, as resolved sides
        self.heads: dict[Formula, Formula] = {}  # what a hat was last said to be, as written

    def _judged(
        self, claim: Claim, left: Formula, right: Formula, a: Formula, b: Formula, sign: str, kind: Kind, quick: bool = False
    ) -> Judgement:
        """A relation between resolved sides whose letters all have values; quick: only in the plain ways."""
        if sign in COMPARE:
            return self.ways.order(a, sign, b)
        const = has(a, CONSTANT) or has(b, CONSTANT)
        if const:
            kind = kind | Kind(ell=True)
            a, b = replace_all(a, {CONSTANT: ZERO}), replace_all(b, {CONSTANT: ZERO})
        if sign == "propto":
            return self.ways.proportional(a, b, left, right)
        pair = Pair(self.meaning, a, b, self.fuzzy(claim, left, right))
        first = self.ways.everywhere(pair, self.points.samples)
        if first.holds:
            return first
        free = self._free(a, b)
        if sign == "approx" and first.status == "fails" and self.ways.nearly(pair):
            return Judgement("holds", "rounded")
        if free and (kind.ell or kind.likelihood or const) and self.ways.constant(pair, kind, const, self.ways.varying((left, right))):
            return Judgement("holds", "constant", "constant")
        if self._may_be_equation(claim, a, b, left, right, kind):
            at = self.ways.at_maximum(pair)
            if at.holds:
                return at
            if (first.status == "fails" and at.status == "unclear") or (at.status == "fails" and not kind.defined):
                first = at
        if quick:
            return next((j for j in (*self._with_found(a, b, pair, kind), *self._with_hats(a, b, pair)) if j.holds), first)
        for other in self._otherwise(claim, pair, a, b, left, right, kind, free):
            if other.holds:
                return other
        return first

    def fuzzy(self, claim: Claim, left: Formula, right: Formula) -> dict[Fraction, float]:
        """The decimals of a claim that may be rounded, with half a unit of their last digit."""
        open_ = tuple(s for s in (left, right) if names(s) & self.meaning.parameters)
        return rounded(claim.text, (left, right), self.exact, claim.sign == "approx", () if claim.sign == "approx" else open_)

    def _free(self, a: Formula, b: Formula) -> bool:
        """Whether a parameter occurs."""
        return bool((names(a) | names(b)) & self.meaning.parameters) or any(n in self.meaning.specials for n in names(a) | names(b))

    def _may_be_equation(self, claim: Claim, a: Formula, b: Formula, left: Formula, right: Formula, kind: Kind) -> bool:
        """Whether it is enough that the sides are equal at the maximum."""
        if not kind.defined or claim.joined == "set":
            return True
        if not (self.ways.held(a) and self.ways.held(b)):
            return True
        return kind.derived and all(kind_of((s,), self.book).derived for s in (left, right))

    def _otherwise(
        self, claim: Claim, pair: Pair, a: Formula, b: Formula, left: Formula, right: Formula, kind: Kind, free: bool
    ) -> Iterator[Judgement]:
        samples = self.points.samples
        if self.model.moving and 0 in (number_of(a), number_of(b)) and (kind.likelihood or kind.model):
            yield Judgement("holds", "outside", None)
        yield from self._with_found(a, b, pair, kind)
        yield from self._with_hats(a, b, pair)
        if kind.derived and self.book.scales:
            for k in self.book.scales:
                for x, y in ((Mul((a, k)), b), (a, Mul((b, k)))):
                    yield self.ways.everywhere(Pair(self.meaning, x, y, pair.fuzzy), samples)
        if self.model.open and (self.told or claim.joined != "continues") and self._given(left, right, a, b):
            yield Judgement("holds", "given")
        if self._bare(a, b) and self.model.problem.sample is None:
            one = self.points.of_size(1)
            if one:
                yield self.ways.everywhere(pair, one)
                if kind.ell or kind.likelihood:
                    yield Judgement("holds", "constant") if all(self.ways.same_on(pair, s) for s in one) else unclear("")
                if self._may_be_equation(claim, a, b, left, right, kind):
                    yield self.ways.at_maximum(pair, one)
        if claim.sign in ("=", "approx") and not kind.defined and self._root(a, b):
            yield Judgement("holds", "root")

    def _with_found(self, a: Formula, b: Formula, pair: Pair, kind: Kind) -> Iterator[Judgement]:
        """Parameters whose estimates were found, put in without being written: they are no letters on both sides any more."""
        if not kind.defined or len(self.model.names) < 2:
            return
        for fixed in self._partial():
            if fixed & names(a) & names(b):
                continue
            for parts in ([s.fixed(fixed) for s in self.points.samples if s.reliable], self._given_others(fixed, False)):
                if parts:
                    yield self.ways.everywhere(pair, parts, 1e-7)
                    if kind.ell and all(self.ways.same_on(pair, s) for s in parts):
                        yield Judgement("holds", "constant", "constant")

    def _with_hats(self, a: Formula, b: Formula, pair: Pair) -> Iterator[Judgement]:
        """Some parameters as estimates beside others as letters: at their maximum for the values of these."""
        hatted = frozenset(k.name for k, h in self.meaning.hats.items() if isinstance(k, Sym) and has(add(a, b), h))
        if hatted and self.ways.held(add(a, b)) and not hatted & names(add(a, b)):
            yield self.ways.everywhere(pair, self._given_others(hatted, True), 1e-7)

    def _profiled(self, left: Formula, right: Formula, p: str) -> Judgement:
        """A claim about the profile log-likelihood of a parameter: judged where the others are at their maximum."""
        a, b = (self.meaning.of(opened(s, self.model.free)) for s in (left, right))
        if any(isinstance(g, Where) for side in (left, right) for g in walk(side)):
            return self.ways.at_maximum(Pair(self.meaning, a, b))
        others = frozenset(self.model.free) - {p}
        if isinstance(left, Limit) and left.variable == Sym(p):
            return self._limit_of_profile(left, right, others)
        samples = self._given_others(others, False)
        if not samples:
            a, b = (self.meaning.of(opened(s, self.model.free, True)) for s in (left, right))
            kept = [s.fixed(others) for s in self.points.samples if s.reliable]
            j = self.ways.everywhere(Pair(self.meaning, a, b), kept, 1e-6)
            return j if j.holds else unclear("the maximum in the other parameters was not found")
        return self.ways.everywhere(Pair(self.meaning, a, b), samples, 1e-6)

    def _limit_of_profile(self, left: Limit, right: Formula, others: frozenset[str]) -> Judgement:
        """A limit in which the other parameters follow the one that moves."""
        body, wanted = self.meaning.of(opened(left.body, self.model.free)), compiled(self.meaning.of(right))
        f, target, seen = compiled(body), compiled(self.meaning.of(left.target)), 0
        assert isinstance(left.variable, Sym)
        for s in self.points.samples:
            if not s.reliable:
                continue
            e, values, start = s.points[0], list[float](), dict(s.peak.values)
            for x in self.meaning.way(left.variable.name, target(e), e, 10):
                there = {**e, left.variable.name: x}
                found = self.points.climber.given_others(there, others, start)
                if found is None:
                    break
                start |= found
                values.append(self.meaning.evaluate(f, body, {**there, **found}))
            u, v = settled(values) if len(values) > 2 else math.nan, wanted(e)
            if math.isnan(u) or math.isnan(v):
                continue
            if not close(u, v, ON_THE_WAY):
                return Judgement("fails", "", None, (e, u, v))
            seen += 1
        return Judgement("holds", "identity") if seen else unclear("the limit was not found")

    def _given_others(self, names_: frozenset[str], hats: bool) -> list[Sample]:
        """The samples with some parameters, or their hats, at the maximum for given values of the others."""
        out = [given_others(s, self.points.climber, names_, hats) for s in self.points.samples if s.reliable]
        return [s for s in out if s is not None]

    def _partial(self) -> list[frozenset[str]]:
        """Sets of parameters that may have been put at their estimates already."""
        found = sorted(self.book.found & set(self.model.names))
        return [frozenset(c) for r in range(1, len(found) + 1) for c in itertools.combinations(found, r) if r < len(self.model.names)]

    def _bare(self, a: Formula, b: Formula) -> bool:
        """Whether a single observation is spoken of, and no sum over several."""
        singles = {v + SINGLE for v in self.meaning.observed}
        return bool((names(a) | names(b)) & singles)

    def _given(self, left: Formula, right: Formula, a: Formula, b: Formula) -> bool:
        """Whether a number is stated for what depends on a sample that the question leaves open, and agrees with what is known of it."""
        for raw, side, number in ((left, a, right), (right, b, left)):
            number_value = number_of(number)
            if not number_value:
                continue
            inside = names(side)
            if inside & self.meaning.parameters:
                continue
            hats = {h.name for h in self.meaning.hats.values()}
            if inside & hats:
                if not (self.told or self.book.given):
                    return False
                known = self.heads.get(raw)
                if known is None:
                    return True
                single: dict[Formula, Formula] = {k: f for k, f in self.book.given.items() if isinstance(k, Sym)}
                stated: dict[Formula, Formula] = {replace_all(k, single): f for k, f in self.book.given.items()}
                v = number_of(replace_all(replace_all(known, single), stated))
                return v is None or abs(v - number_value) <= 1e-3 * (abs(v) + abs(number_value))
            data = set(self.meaning.observed) | {v + "_bar" for v in self.meaning.observed} | {v + SINGLE for v in self.meaning.observed}
            if inside & (data | {"n"} | set(self.model.problem.known)) or any(isinstance(g, At) for g in walk(side)):
                self.book.given[raw] = number
                return True
        return False

    def _root(self, a: Formula, b: Formula) -> bool:
        """Whether this names another root of an equation that held: one that is looked at and put aside."""
        for head, body in ((a, b), (b, a)):
            if not (isinstance(head, Sym) and head.name in self.meaning.parameters) or names(body) & self.meaning.parameters:
                continue
            for u, v in self.valued[-4:]:
                if not has(add(u, v), head):
                    continue
                other = Pair(self.meaning, replace_all(u, {head: body}), replace_all(v, {head: body}))
                if all(other.equal(s.top, 1e-9) for s in self.points.samples):
                    return True
        return False

    def _membership(self, left: Formula, sign: str, right: Formula) -> Judgement:
        """x in a set, or the data listed."""
        if sign == "=" and isinstance(right, SetOf) and isinstance(left, (Sym, At)):
            base = left.name if isinstance(left, Sym) else left.base
            seen = self.points.samples[0].points[0].get(base.removesuffix(SINGLE))
            shown = [value(t) for t in right.items]
            if self.model.problem.sample is not None and isinstance(seen, list) and None not in shown and len(shown) == len(seen):
                listed = sorted(float(x) for x in shown if x is not None)
                if all(abs(p - q) < 1e-9 for p, q in zip(listed, sorted(seen), strict=True)):
                    return Judgement("holds", "data")
                return Judgement("fails", "data")
            return Judgement("holds", "data")
        return Judgement("holds", "domain")

    def closed(self, k: str) -> bool:
        """Whether the estimate of a parameter has a closed form that is found, and that needs no inverse function of its own."""
        if self._closed is None:
            from ...errors import DeriveError
            from ...pipeline import derive

            try:
                found = derive(self.model.problem.without_data())
                special = {p for p, f in found.answers.items() if any(isinstance(g, Call) and g.name == "lambertw" for g in walk(f))}
                self._closed = {p: how for p, how in found.how.items() if p not in special}
            except (DeriveError, ArithmeticError, ValueError, TypeError, KeyError):
                self._closed = {}  # what the engine does not find itself it does not expect of others
        return self._closed.get(k) in ("closed", "boundary")
