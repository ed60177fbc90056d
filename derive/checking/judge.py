"""One claim after another, judged: does it hold, and in what sense?

A relation between a quantity that the question defines (the likelihood, its logarithm, a derivative of them) and
something else is an identity: it holds at random parameters and samples.  Any other equation may hold so, or at the
maximum-likelihood point of every sample.  An added constant of the log-likelihood, a constant factor of the
likelihood, are free.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..formula.evaluate import Env
from ..formula.names import hat
from ..formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Derivative,
    Div,
    Formula,
    Indicator,
    Mul,
    N,
    Num,
    Relation,
    SetOf,
    Span,
    Sym,
    add,
    has,
    names,
    neg,
    replace_all,
    total,
    value,
    walk,
)
from .claims import CONSTANT, Claim
from .compare import COMPARE, Pair, ordered, rounded
from .expectation import SINGLE
from .meaning import INFORMATION, LIKELIHOODS, MODELLED, SPECIAL, Book, Meaning, Unknown, spoken
from .model import Model
from .slope import slope
from .worlds import Sample, Worlds

DEFINED = LIKELIHOODS | MODELLED | INFORMATION
ARGUMENTS = frozenset({"argmax", "argmin", "maxover", "minover", "hat", "bar", "tuple"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a claim.

    status: "holds", "fails" or "unclear".  how: in what sense it holds ("identity", "constant", "maximum", "given",
    "definition", "rounded", "condition", "order", ...), or why it is unclear.  note: words for a remark, or None.
    at: a world that refutes it with the values of both sides there.
    """

    status: str
    how: str = ""
    note: str | None = None
    at: tuple[Env, float, float] | None = None

    @property
    def holds(self) -> bool:
        return self.status == "holds"


def unclear(why: str) -> Judgement:
    return Judgement("unclear", why)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a claim speaks of, itself or in the chain before it: what is then free."""

    ell: bool = False
    likelihood: bool = False
    derived: bool = False
    model: bool = False

    @property
    def defined(self) -> bool:
        return self.ell or self.likelihood or self.derived or self.model

    def __or__(self, other: Kind) -> Kind:
        return Kind(
            self.ell or other.ell, self.likelihood or other.likelihood, self.derived or other.derived, self.model or other.model
        )  # fmt: skip


class Judge:
    """Judges the claims of one solution in order.  The book is what the writer has said so far."""

    def __init__(self, model: Model, worlds: Worlds, exact: set[Fraction]):
        self.model, self.worlds = model, worlds
        self.book = Book()
        self.meaning = Meaning(model, self.book)
        self.exact = exact
        self.chain: int | None = None
        self.kind = Kind()
        self._closed: dict[str, str] | None = None
        self.valued: list[tuple[Formula, Formula]] = []  # equations that held, as resolved sides
        self.heads: dict[Formula, Formula] = {}  # what a hat was last said to be, as written

    # -- one claim ------------------------------------------------------------------------------------

    def judge(self, claim: Claim) -> Judgement:
        """The judgement of a claim; what it defines or finds is written into the book."""
        if claim.chain != self.chain or claim.joined != "continues":
            self.kind = Kind()
        self.chain = claim.chain
        if not claim.readings:
            return unclear(claim.unread or "this was not read")
        if claim.defines is not None:
            done = self._define(claim)
            if done is not None:
                return done
        best: Judgement | None = None
        for left, right in claim.readings:
            try:
                j = self._reading(claim, left, right)
            except Unknown as e:
                j = unclear(str(e))
            except (RecursionError, ArithmeticError, ValueError, TypeError, IndexError, KeyError, AttributeError) as e:
                j = unclear(f"this could not be evaluated ({type(e).__name__})")
            if j.holds:
                self._learn(claim, left, right, j)
                return j
            if best is None or (best.status == "unclear" and j.status == "fails"):
                best = j
        assert best is not None
        self.kind = self.kind | self._kind(claim.readings[0])
        if claim.joined == "condition":
            return Judgement("holds", "condition")
        return best

    def _define(self, claim: Claim) -> Judgement | None:
        head, (left, right) = claim.defines, claim.readings[0]
        body = right if left == head else left
        if head is None or not self.book.define(head, body):
            return None
        with contextlib.suppress(Unknown):
            self.kind = self._kind((left, right)) | self._kind((self.meaning.of(left), right))
        return Judgement("holds", "definition")

    def _reading(self, claim: Claim, left: Formula, right: Formula) -> Judgement:
        sign = "=" if claim.sign == ":=" else claim.sign
        if isinstance(right, (SetOf, Span)) or isinstance(left, (SetOf, Span)) or sign in ("in", "~"):
            return self._membership(left, sign, right)
        if sign == "!=":
            return Judgement("holds", "order")
        kind = self.kind | self._kind((left, right))
        if self._tuples(left, right):
            return self._both(claim, left, right)
        for a, b in self._versions(left, right):
            free = self._unknown(a, b)
            if not free:
                j = self._judged(claim, left, right, a, b, sign, kind)
            else:
                j = self._with_unknown(claim, left, right, a, b, sign, kind, free)
            if j.holds:
                return j
        return j

    def _tuples(self, left: Formula, right: Formula) -> bool:
        return all(isinstance(s, Apply) and s.name == "tuple" for s in (left, right))

    def _both(self, claim: Claim, left: Formula, right: Formula) -> Judgement:
        """(a, b) = (c, d): each part by itself."""
        assert isinstance(left, Apply) and isinstance(right, Apply)
        if len(left.args) != len(right.args):
            return unclear("the two tuples have different lengths")
        out = [self._reading(claim, a, b) for a, b in zip(left.args, right.args, strict=True)]
        return next((j for j in out if j.status == "fails"), next((j for j in out if not j.holds), out[0]))

    def _versions(self, left: Formula, right: Formula) -> Iterator[tuple[Formula, Formula]]:
        """The resolved sides: derivatives through a constraint and without it, the writer's own log-likelihood."""
        table = self._information((left, right))
        ways = []
        for tied in (
            (True, False) if self.model.tied and any(isinstance(g, Derivative) for s in (left, right) for g in walk(s)) else (True,)
        ):
            for ell in (self.model.ell, self.book.own) if self.book.own is not None else (self.model.ell,):
                ways.append((tied, ell))
        for tied, ell in ways:
            assert ell is not None
            self.meaning.tied, self.meaning.ell = tied, ell
            try:
                for extra in table:
                    self.book.functions |= extra
                    try:
                        yield self.meaning.of(left), self.meaning.of(right)
                    finally:
                        for name in extra:
                            self.book.functions.pop(name, None)
            finally:
                self.meaning.tied, self.meaning.ell = True, self.model.ell

    def _information(self, sides: tuple[Formula, Formula]) -> list[dict[str, tuple[tuple[Formula, ...], Formula]]]:
        """Meanings of a name for the information that the writer has not defined: expected, of one observation, observed."""
        wanted = [g.name for s in sides for g in walk(s) if isinstance(g, Apply) and g.name in INFORMATION]
        wanted = [w for w in wanted if w not in self.book.functions]
        if not wanted or len(self.model.names) != 1:
            return [{}]
        p = Sym(self.model.names[0])
        expected = self.meaning.information()
        observed = neg(slope(slope(self.model.ell, p), p))
        return [dict.fromkeys(wanted, ((p,), f)) for f in (expected, Div(expected, N), observed)]

    def closed(self, k: str) -> bool:
        """Whether the estimate of a parameter has a closed form that is found."""
        if self._closed is None:
            from ..errors import DeriveError
            from ..pipeline import derive

            try:
                self._closed = dict(derive(self.model.problem.without_data()).how)
            except (DeriveError, ArithmeticError, ValueError, TypeError, KeyError):
                self._closed = {}
        return self._closed.get(k) in ("closed", "boundary")

    # -- kinds -----------------------------------------------------------------------------------------

    def _kind(self, sides: tuple[Formula, Formula]) -> Kind:
        """What the sides speak of, through the writer's own names too."""
        out = Kind()
        for side in sides:
            out = out | self._side_kind(side, 0)
        return out

    def _side_kind(self, side: Formula, depth: int) -> Kind:
        out = Kind()
        inside: set[int] = set()
        for g in walk(side):
            if isinstance(g, Derivative):
                below = self._side_kind(g.body, depth + 1)
                inside |= {id(h) for h in walk(g)}
                out = out | Kind(derived=below.defined or names(g.body) != names(side), model=below.model)
            elif id(g) in inside:
                continue
            elif isinstance(g, (Apply, Sym)):
                name = g.name
                own = self.book.functions.get(name, (None, None))[1] if isinstance(g, Apply) else self.book.letters.get(name)
                if own is not None and depth < 8:
                    out = out | self._side_kind(own, depth + 1)
                elif name in ("ell", "nll"):
                    out = out | Kind(ell=True)
                elif name == "L":
                    out = out | Kind(likelihood=True)
                elif isinstance(g, Apply) and name in DEFINED:
                    out = out | Kind(model=True)
        return out

    # -- equations -------------------------------------------------------------------------------------

    def _judged(self, claim: Claim, left: Formula, right: Formula, a: Formula, b: Formula, sign: str, kind: Kind) -> Judgement:
        if sign in COMPARE:
            return self._order(a, sign, b)
        const = has(a, CONSTANT) or has(b, CONSTANT)
        if const:
            kind = kind | Kind(ell=True)
            a, b = replace_all(a, {CONSTANT: ZERO}), replace_all(b, {CONSTANT: ZERO})
        if sign == "propto":
            return self._proportional(a, b, left, right)
        fuzzy = rounded(claim.text, (left, right), self.exact, sign == "approx")
        pair = Pair(self.meaning, a, b, fuzzy)
        first = self._everywhere(pair, self.worlds.samples)
        if first.holds:
            return first
        free = self._free(a, b)
        if sign == "approx" and first.status == "fails" and self._nearly(pair):
            return Judgement("holds", "rounded")
        if free and (kind.ell or kind.likelihood or const) and self._constant(pair, kind, const, self._varying((left, right))):
            return Judgement("holds", "constant", "constant")
        if self._may_be_equation(claim, a, b, left, right, kind):
            at = self._at_maximum(pair)
            if at.holds:
                return at
            if (first.status == "fails" and at.status == "unclear") or (at.status == "fails" and not kind.defined):
                first = at
        for other in self._otherwise(claim, pair, a, b, left, right, kind, free):
            if other.holds:
                return other
        return first

    def _free(self, a: Formula, b: Formula) -> bool:
        """Whether a parameter occurs."""
        return bool((names(a) | names(b)) & self.meaning.parameters) or any(n in self.meaning.specials for n in names(a) | names(b))

    def _everywhere(self, pair: Pair, samples: Iterable[Sample], tolerance: float = 0.0) -> Judgement:
        """Equal in every world."""
        seen = 0
        for s in samples:
            slack = s.peak.precision * 100 if self._hatted(pair) else 0.0
            if math.isinf(slack):
                return unclear("the maximum of the likelihood was not found for certain")
            for e in s.points:
                same = pair.equal(e, max(slack, tolerance))
                if same is None:
                    continue
                if not same:
                    return Judgement("fails", "", None, (e, *pair.values(e)))
                seen += 1
        return Judgement("holds", "identity") if seen else unclear("the sides have no value at the points tried")

    def _hatted(self, pair: Pair) -> bool:
        wanted = {h.name for h in self.meaning.hats.values()}
        return bool((names(pair.left) | names(pair.right)) & wanted)

    def _nearly(self, pair: Pair) -> bool:
        """Equal to the digits written, or cut off there, in every world at the maximum."""
        for s in self.worlds.samples:
            u, v = pair.values(s.top)
            if math.isnan(u) or math.isnan(v) or abs(u - v) > 2.0001 * pair.rounding(s.top):
                return False
        return True

    def _varying(self, sides: tuple[Formula, Formula]) -> frozenset[str]:
        """The parameters that the log-likelihood is said to be a function of; all where none are named."""
        for side in sides:
            for g in walk(side):
                if isinstance(g, Apply) and g.name in LIKELIHOODS and g.args:
                    inside = frozenset(k for a in g.args for k in self.model.names if k in names(a))
                    if inside:
                        return inside
        return frozenset(self.model.names)

    def _constant(self, pair: Pair, kind: Kind, const: bool, varying: frozenset[str]) -> bool:
        """Whether the sides differ by a term (for the likelihood by a factor) that is free of the parameters."""
        modes = ["factor"] if kind.likelihood and not kind.ell and not const else ["term"]
        if kind.likelihood and (kind.ell or const):
            modes.append("factor")
        return any(self._same_apart(pair, mode, varying) for mode in modes)

    def _same_apart(self, pair: Pair, mode: str, varying: frozenset[str]) -> bool:
        compared = 0
        for s in self.worlds.samples:
            base: float | None = None
            first = s.points[0]
            for e in s.points:
                at = {**e, **{k: first[k] for k in self.model.names if k not in varying}} if len(varying) < len(self.model.names) else e
                u, v = pair.values(at)
                if math.isnan(u) or math.isnan(v) or math.isinf(u) or math.isinf(v):
                    continue
                if mode == "factor":
                    if v == 0 or u / v <= 0:
                        return False
                    d, scale = math.log(u / v), 1.0 + abs(math.log(abs(u))) if u else 1.0
                else:
                    d, scale = u - v, 1.0 + abs(u) + abs(v)
                if base is None:
                    base = d
                elif abs(d - base) > 1e-8 * scale:
                    return False
                else:
                    compared += 1
        return compared > 0

    def _proportional(self, a: Formula, b: Formula, left: Formula, right: Formula) -> Judgement:
        pair = Pair(self.meaning, replace_all(a, {CONSTANT: ONE}), replace_all(b, {CONSTANT: ONE}))
        varying = self._varying((left, right))
        if self._same_apart(pair, "factor", varying) or self._same_apart(pair, "term", varying) or self.affine(pair):
            return Judgement("holds", "proportional")
        e = self.worlds.samples[0].points[0]
        return Judgement("fails", "", None, (e, *pair.values(e)))

    def affine(self, pair: Pair) -> bool:
        """Whether left = c + k right with k > 0, for a sample."""
        seen = False
        for s in self.worlds.samples:
            got = [pair.values(e) for e in s.points]
            got = [(u, v) for u, v in got if math.isfinite(u) and math.isfinite(v)]
            if len(got) < 3:
                continue
            (u0, v0), (u1, v1) = got[:2]
            if v1 == v0 or (u1 - u0) / (v1 - v0) <= 0:
                return False
            k = (u1 - u0) / (v1 - v0)
            if any(abs(u - u0 - k * (v - v0)) > 1e-8 * (1 + abs(u) + abs(k * v)) for u, v in got[2:]):
                return False
            seen = True
        return seen

    def _may_be_equation(self, claim: Claim, a: Formula, b: Formula, left: Formula, right: Formula, kind: Kind) -> bool:
        """Whether it is enough that the sides are equal at the maximum."""
        if not kind.defined or claim.joined == "set":
            return True
        if not (self._held(a) and self._held(b)):
            return True
        return kind.derived and all(self._side_kind(s, 0).derived for s in (left, right))

    def _held(self, f: Formula) -> bool:
        """Whether a side varies with the parameters."""
        return bool(names(f) & self.meaning.parameters) or bool(names(f) & set(self.meaning.specials))

    def _at_maximum(self, pair: Pair, samples: list[Sample] | None = None) -> Judgement:
        """Equal at the maximum-likelihood point of every sample."""
        seen = 0
        doubtful = False
        for s in samples if samples is not None else self.worlds.samples:
            if not s.reliable:
                doubtful = True
                continue
            same = self._top(pair, s)
            if same is None:
                continue
            if not same and not (s.peak.flat and self._also_highest(pair, s)):
                return Judgement("fails", "maximum", None, (s.top, *pair.values(s.top)))
            seen += 1
        if seen:
            return Judgement("holds", "maximum")
        return unclear("the maximum of the likelihood was not found for certain" if doubtful else "the sides have no value at the maximum")

    def _top(self, pair: Pair, s: Sample) -> bool | None:
        """Equal at the maximum, or, where that lies on the edge and has no value, next to it."""
        slack = s.peak.precision * 100
        same = pair.equal(s.top, slack)
        if same is None:
            near = {**s.top}
            for k in self.model.free:
                near[k] += (s.points[0][k] - s.top[k]) * 1e-8
            same = pair.equal(self.model.tie(near), 1e-5)
        return same

    def _also_highest(self, pair: Pair, s: Sample) -> bool:
        """For a maximum that is not unique: whether the value that one side gives to a parameter reaches it too."""
        for head, f in ((pair.left, pair.g), (pair.right, pair.f)):
            for k in self.model.names:
                if head in (Sym(k), hat(k)):
                    at = {**s.top, k: f(pair.env(s.top))}
                    if self.model.value(at) >= s.peak.height - 1e-8 * (1 + abs(s.peak.height)):
                        return True
        return False

    # -- further ways to hold -----------------------------------------------------------------------------

    def _otherwise(
        self, claim: Claim, pair: Pair, a: Formula, b: Formula, left: Formula, right: Formula, kind: Kind, free: bool
    ) -> Iterator[Judgement]:
        samples = self.worlds.samples
        if self.model.moving and ZERO in (a, b) and (kind.likelihood or kind.model):
            yield Judgement("holds", "outside", None)
        if kind.defined and len(self.model.names) > 1 and self.book.found:
            for fixed in self._partial():
                parts = [Sample(s.partly(fixed), s.peak) for s in samples if s.reliable]
                if parts:
                    yield self._everywhere(pair, parts, 1e-7)
                    if kind.ell and all(self._same_on(pair, s) for s in parts):
                        yield Judgement("holds", "constant", "constant")
        if kind.derived and self.book.scales:
            for k in self.book.scales:
                for x, y in ((Mul((a, k)), b), (a, Mul((b, k)))):
                    yield self._everywhere(Pair(self.meaning, x, y, pair.fuzzy), samples)
        if self.model.problem.sample is None and self._given(left, right, a, b):
            yield Judgement("holds", "given")
        if self._bare(a, b) and self.model.problem.sample is None:
            one = self.worlds.of_size(1)
            if one:
                yield self._everywhere(pair, one)
                if kind.ell or kind.likelihood:
                    yield Judgement("holds", "constant") if all(self._same_on(pair, s) for s in one) else unclear("")
                if self._may_be_equation(claim, a, b, left, right, kind):
                    yield self._at_maximum(pair, one)
        if claim.sign in ("=", "approx") and not kind.defined and self._root(a, b):
            yield Judgement("holds", "root")

    def _same_on(self, pair: Pair, s: Sample) -> bool:
        got = [pair.values(e) for e in s.points]
        d = [u - v for u, v in got if math.isfinite(u) and math.isfinite(v)]
        scale = max((abs(u) + abs(v) for u, v in got), default=0.0)
        return len(d) > 1 and max(d) - min(d) <= 1e-8 * (1 + scale)

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
            number_value = self._number(number)
            if number_value is None:
                continue
            inside = names(side)
            if inside & self.meaning.parameters:
                continue
            hats = {h.name for h in self.meaning.hats.values()}
            if inside & hats:
                known = self.heads.get(raw)
                if known is None:
                    return True
                v = self._number(replace_all(known, dict(self.book.given)))
                return v is None or abs(v - number_value) <= 1e-3 * (abs(v) + abs(number_value))
            data = set(self.meaning.observed) | {v + "_bar" for v in self.meaning.observed} | {v + SINGLE for v in self.meaning.observed}
            if inside & (data | {"n"} | set(self.model.problem.known)) or any(isinstance(g, At) for g in walk(side)):
                self.book.given[raw] = number
                return True
        return False

    def _number(self, f: Formula) -> float | None:
        """The value of a formula without letters."""
        if names(f) or any(isinstance(g, (Apply, At)) for g in walk(f)):
            return None
        from ..formula.evaluate import compiled

        try:
            v = compiled(f)({})
        except (KeyError, TypeError):
            return None
        return v if math.isfinite(v) else None

    def _root(self, a: Formula, b: Formula) -> bool:
        """Whether this names another root of an equation that held: one that is looked at and put aside."""
        for head, body in ((a, b), (b, a)):
            if not (isinstance(head, Sym) and head.name in self.meaning.parameters) or names(body) & self.meaning.parameters:
                continue
            for u, v in self.valued[-4:]:
                if not has(add(u, v), head):
                    continue
                other = Pair(self.meaning, replace_all(u, {head: body}), replace_all(v, {head: body}))
                if all(other.equal(s.top, 1e-9) for s in self.worlds.samples):
                    return True
        return False

    # -- order and membership ------------------------------------------------------------------------------

    def _order(self, a: Formula, sign: str, b: Formula) -> Judgement:
        """An inequality: refuted only where it is false at every point tried."""
        pair = Pair(self.meaning, a, b)
        refuted: tuple[Env, float, float] | None = None
        for s in self.worlds.samples:
            for e in (*s.points, s.top):
                u, v = pair.values(e)
                ok = ordered(u, sign, v)
                if ok:
                    return Judgement("holds", "order")
                if ok is False:
                    refuted = refuted or (e, u, v)
        return Judgement("fails", "order", None, refuted) if refuted else unclear("the sides have no value at the points tried")

    def _membership(self, left: Formula, sign: str, right: Formula) -> Judgement:
        """x in a set, or the data listed."""
        if sign == "=" and isinstance(right, SetOf) and isinstance(left, (Sym, At)):
            base = left.name if isinstance(left, Sym) else left.base
            seen = self.worlds.samples[0].points[0].get(base.removesuffix(SINGLE))
            shown = [value(t) for t in right.items]
            if self.model.problem.sample is not None and isinstance(seen, list) and None not in shown and len(shown) == len(seen):
                listed = sorted(float(x) for x in shown if x is not None)
                if all(abs(p - q) < 1e-9 for p, q in zip(listed, sorted(seen), strict=True)):
                    return Judgement("holds", "data")
                return Judgement("fails", "data")
            return Judgement("holds", "data")
        return Judgement("holds", "domain")

    # -- letters without a meaning ---------------------------------------------------------------------------

    def _unknown(self, a: Formula, b: Formula) -> list[str]:
        """Letters that no world gives a value."""
        env = self.worlds.samples[0].points[0]
        out: list[str] = []
        for side in (a, b):
            for name in _free_letters(side):
                if name not in env and name not in self.meaning.specials and name not in out and name != CONSTANT.name:
                    out.append(name)
        return out

    def _with_unknown(
        self, claim: Claim, left: Formula, right: Formula, a: Formula, b: Formula, sign: str, kind: Kind, free: list[str]
    ) -> Judgement:
        """A claim with letters of the writer's own that were not defined in a formula: n_1, S, z."""
        for head, resolved, body in ((left, a, right), (right, b, left)):
            if isinstance(resolved, Sym) and resolved.name in free and isinstance(head, (Sym, Apply, At)) and sign in ("=", "approx"):
                if self._number(body) is not None and self.model.problem.sample is None:
                    self.book.given[head] = body
                if self.book.define(head, body):
                    return Judgement("holds", "definition")
        if len(free) <= 2:
            for choice in itertools.product(self._candidates(), repeat=len(free)):
                table: dict[Formula, Formula] = dict(zip(map(Sym, free), choice, strict=True))
                if len(set(choice)) < len(choice):
                    continue
                j = self._judged(claim, left, right, replace_all(a, table), replace_all(b, table), sign, kind)
                if j.holds and j.how in ("identity", "constant", "maximum", "proportional", "rounded"):
                    for k, f in table.items():
                        self.book.define(k, f)
                    return j
        generic: dict[Formula, Formula] = {Sym(k): Num(Fraction(7 + 3 * j, 11)) for j, k in enumerate(free)}
        j = self._judged(claim, left, right, replace_all(a, generic), replace_all(b, generic), sign, kind)
        if j.holds:
            return j
        arguments = {h for heads, _ in self.book.functions.values() for h in heads}
        if all(Sym(k) in arguments for k in free) or self._bare(a, b):
            return j
        return unclear("the letter " + " and ".join(free) + " has no meaning here")

    def _candidates(self) -> list[Formula]:
        """What a letter for a statistic may stand for."""
        p = self.model.problem
        out: list[Formula] = []
        if self.model.one is None:
            counts = [Sym(k) for k in (*p.known, *p.values)]
            return [add(*counts)] if counts else []
        for v in p.variables:
            x = At(v, (Sym("#i"),))
            s = total(x, "#i")
            out += [s, Div(s, N), add(N, neg(s)), total(Mul((x, x)), "#i")]
            if p.support[v].discrete:
                for j in range(4):
                    out.append(total(Indicator(Relation((x, Num(Fraction(j))), ("=",))), "#i"))
            out += [At(v + "_ord", (N,)), At(v + "_ord", (ONE,))]
        return out

    # -- learning ------------------------------------------------------------------------------------------

    def _learn(self, claim: Claim, left: Formula, right: Formula, j: Judgement) -> None:
        self.kind = self.kind | self._kind((left, right))
        if claim.joined == "condition":
            return
        if j.how == "identity" and claim.sign == "=":
            for side in (left, right):
                self.exact |= {g.value for g in walk(side) if isinstance(g, Num)}
        if j.how in ("maximum", "identity", "root", "rounded") and claim.sign in ("=", "approx"):
            for side in (left, right):
                for k in self.model.names:
                    if side in (Sym(k), hat(k)):
                        self.book.found.add(k)
            for side, body in ((left, right), (right, left)):
                if isinstance(side, Sym) and side.name.endswith("_hat"):
                    self.heads.setdefault(side, body)
        if j.how == "maximum":
            with contextlib.suppress(Unknown):
                self.valued.append((self.meaning.of(left), self.meaning.of(right)))
        if j.how == "constant" and isinstance(left, Apply) and left.name == "ell":
            self._own(right)
        if claim.sign == "propto" and isinstance(left, Apply) and left.name == "ell":
            self.book.scales = [N, Div(ONE, N)]

    def _own(self, right: Formula) -> None:
        try:
            own = replace_all(self.meaning.of(right), {CONSTANT: ZERO})
        except Unknown:
            return
        if all(n in self.worlds.samples[0].points[0] for n in _free_letters(own)):
            self.book.own = own


def _free_letters(f: Formula, bound: tuple[str, ...] = ()) -> list[str]:
    """Names of letters that are not bound by a sum or product, with the bases of indexed ones."""
    out: list[str] = []

    def go(g: Formula, bound: tuple[str, ...]) -> None:
        if isinstance(g, Sym):
            if g.name not in bound:
                out.append(g.name)
            return
        if isinstance(g, At):
            out.append(g.base.removesuffix("_ord"))
        if isinstance(g, Big):
            go(g.low, bound)
            go(g.high, bound)
            go(g.body, (*bound, g.index))
            return
        from ..formula.tree import children

        for k in children(g):
            go(k, bound)

    go(f, bound)
    return out


__all__ = ["ARGUMENTS", "SPECIAL", "Add", "Judge", "Judgement", "Kind", "spoken"]
