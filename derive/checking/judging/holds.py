"""The ways in which a relation can hold: everywhere, up to a constant, at the maximum, somewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ...formula.evaluate import Env
from ...formula.names import hat
from ...formula.tree import ONE, Apply, Div, Formula, Sym, add, names, neg, replace_all, walk
from ...oracle.exact import Source, Verdict, source_of, with_sources
from ...oracle.oracle import ORDERED, apart, compared
from ...oracle.oracle import ordered as ordered_exactly
from ..claims import CONSTANT
from .claim_kinds import Kind
from .compare import Pair, ordered
from .meaning import LIKELIHOODS, Meaning
from .model import Model
from .samples import Points, Sample


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a claim.

    status: "holds", "fails" or "unclear".  how: in what sense it holds ("identity", "constant", "maximum", "given",
    "definition", "rounded", "condition", "order", ...), or why it is unclear.  note: words for a remark, or None.
    at: a test point that refutes it with the values of both sides there.
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


class Ways:
    """Tries relations at the test points of one solution."""

    def __init__(self, model: Model, meaning: Meaning, points: Points):
        self.model, self.meaning, self.points = model, meaning, points

    def ready(self, pair: Pair, samples: Iterable[Sample]) -> None:
        """Have the estimates found where a relation speaks of them."""
        if self.hatted(pair) or (names(pair.left) | names(pair.right)) & set(self.meaning.specials):
            for s in samples:
                _ = s.peak

    def everywhere(self, pair: Pair, samples: Iterable[Sample], tolerance: float = 0.0) -> Judgement:
        """Equal at every test point."""
        samples = list(samples)
        self.ready(pair, samples)
        seen = 0
        for s in samples:
            slack = s.peak.precision * 100 if self.hatted(pair) else 0.0
            if math.isinf(slack):
                return unclear("the maximum of the likelihood was not found for certain")
            for e in s.points:
                same = pair.equal(e, max(slack, tolerance))
                if same is None:
                    continue
                if not same:
                    return Judgement("fails", "", None, (e, *pair.values(e)))
                seen += 1
        return Judgement("holds", "identity") if seen else self._without_value(pair, samples)

    def _without_value(self, pair: Pair, samples: list[Sample]) -> Judgement:
        """A relation with a side that has no real value anywhere, where the other one has: it fails."""
        if not samples:
            return unclear("there is no sample to try this on")
        undefined = [[], []]  # type: list[list[bool]]
        for s in samples:
            for e in (*s.points, s.top):
                for k, v in enumerate(pair.values(e)):
                    undefined[k].append(math.isnan(v))
        one = [all(u) for u in undefined]
        none = [not any(u) for u in undefined]
        special = (names(pair.left) | names(pair.right)) & set(self.meaning.specials)
        if not pair.broken and not special and ((one[0] and none[1]) or (one[1] and none[0])):
            e = samples[0].points[0]
            return Judgement("fails", "undefined", None, (e, *pair.values(e)))
        return unclear("the sides have no value at the points tried")

    def hatted(self, pair: Pair) -> bool:
        wanted = {h.name for h in self.meaning.hats.values()}
        return bool((names(pair.left) | names(pair.right)) & wanted)

    def nearly(self, pair: Pair) -> bool:
        """Equal to the digits written, or cut off there, at every test point at the maximum."""
        for s in self.points.samples:
            u, v = pair.values(s.top)
            if math.isnan(u) or math.isnan(v) or abs(u - v) > 2.0001 * pair.rounding(s.top):
                return False
        return True

    def constant(self, pair: Pair, kind: Kind, const: bool, varying: frozenset[str]) -> bool:
        """Whether the sides differ by a term (for the likelihood by a factor) that is free of the parameters."""
        modes = ["factor"] if kind.likelihood and not kind.ell and not const else ["term"]
        if kind.likelihood and (kind.ell or const):
            modes.append("factor")
        return any(self.same_apart(pair, mode, varying) for mode in modes)

    def same_apart(self, pair: Pair, mode: str, varying: frozenset[str]) -> bool:
        seen = 0
        self.ready(pair, self.points.samples)
        for s in self.points.samples:
            base: float | None = None
            start: Env = {}
            first = s.points[0]
            gap = Div(pair.left, pair.right) if mode == "factor" else add(pair.left, neg(pair.right))
            part = len(varying) < len(self.model.names) and not self.model.problem.constraints  # tied parameters move with the others
            for e in s.points:
                at = moved(e, first, [k for k in self.model.names if k not in varying]) if part else e
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
                    base, start = d, pair.env(at)
                    continue
                verdict = compared(gap, gap, pair.env(at), start) if pair.steady else Verdict.UNKNOWN
                if verdict is Verdict.DIFFERENT or (verdict is not Verdict.EQUAL and abs(d - base) > 1e-8 * scale):
                    return False
                seen += 1
        return seen > 0

    def proportional(self, a: Formula, b: Formula, left: Formula, right: Formula) -> Judgement:
        pair = Pair(self.meaning, replace_all(a, {CONSTANT: ONE}), replace_all(b, {CONSTANT: ONE}))
        varying = self.varying((left, right))
        if self.same_apart(pair, "factor", varying) or self.same_apart(pair, "term", varying) or self.affine(pair):
            return Judgement("holds", "proportional")
        e = self.points.samples[0].points[0]
        return Judgement("fails", "", None, (e, *pair.values(e)))

    def affine(self, pair: Pair) -> bool:
        """Whether left = c + k right with k > 0, for a sample."""
        seen = False
        self.ready(pair, self.points.samples)
        for s in self.points.samples:
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

    def held(self, f: Formula) -> bool:
        """Whether a side varies with the parameters."""
        return bool(names(f) & self.meaning.parameters) or bool(names(f) & set(self.meaning.specials))

    def at_maximum(self, pair: Pair, samples: list[Sample] | None = None) -> Judgement:
        """Equal at the maximum-likelihood point of every sample."""
        seen = 0
        doubtful = False
        for s in samples if samples is not None else self.points.samples:
            if not s.reliable:
                doubtful = True
                continue
            same = self._top(pair, s)
            if same is None:
                continue
            if not same and not self._also_highest(pair, s):
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
        for head, side, f in ((pair.left, pair.right, pair.g), (pair.right, pair.left, pair.f)):
            for k in self.model.free:
                if head in (Sym(k), hat(k)) and not self.held(side):
                    at = self.model.tie({**s.top, k: f(pair.env(s.top))})
                    if self.model.possible(at) and self.model.value(at) >= s.peak.height - 1e-8 * (1 + abs(s.peak.height)):
                        return True
        return False

    def same_on(self, pair: Pair, s: Sample) -> bool:
        self.ready(pair, [s])
        got = [pair.values(e) for e in s.points]
        d = [u - v for u, v in got if math.isfinite(u) and math.isfinite(v)]
        scale = max((abs(u) + abs(v) for u, v in got), default=0.0)
        return len(d) > 1 and max(d) - min(d) <= 1e-8 * (1 + scale)

    def order(self, a: Formula, sign: str, b: Formula) -> Judgement:
        """An inequality: refuted only where it is false at every point tried."""
        pair = Pair(self.meaning, a, b)
        refuted: tuple[Env, float, float] | None = None
        self.ready(pair, self.points.samples)
        for s in self.points.samples:
            for e in (*s.points, s.top):
                u, v = pair.values(e)
                side = None if apart(u, v) or not pair.steady else ordered_exactly(a, b, pair.env(e))
                ok = ordered(u, sign, v) if side is None or sign not in ORDERED else side in ORDERED[sign]
                if ok:
                    return Judgement("holds", "order")
                if ok is False:
                    refuted = refuted or (e, u, v)
        return Judgement("fails", "order", None, refuted) if refuted else unclear("the sides have no value at the points tried")

    def varying(self, sides: tuple[Formula, Formula]) -> frozenset[str]:
        """The parameters that the log-likelihood is said to be a function of; all where none are named."""
        for side in sides:
            for g in walk(side):
                if isinstance(g, Apply) and g.name in LIKELIHOODS and g.args:
                    inside = frozenset(k for a in g.args for k in self.model.names if k in names(a))
                    if inside:
                        return inside
        return frozenset(self.model.names)


def moved(e: Env, there: Env, letters: Iterable[str]) -> Env:
    """A test point with some letters as they are at another."""
    letters = tuple(letters)
    sources: dict[str, Source] = {k: x for k in letters if (x := source_of(there, k)) is not None}
    return with_sources({**e, **{k: there[k] for k in letters}}, sources)
