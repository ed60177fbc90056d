"""Work on a wrong line: does a later line follow from what the writer had, as an examiner would see it?

Two ways.  A line about the likelihood is judged again with the writer's own likelihood in place of the true one.  An
equation or a conclusion follows where it holds at the solutions of the writer's own equations.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace as changed

from ...formula.evaluate import Env, compiled
from ...formula.tree import ZERO, Apply, Derivative, Formula, Sym, add, exp, names, neg, replace_all, transform
from ..claims import CONSTANT, Claim
from ..slope import logarithm, slope
from .claim_judge import Judge
from .compare import Pair
from .likelihood_peak import solved
from .meaning import Meaning
from .samples import Points
from .symbol_table import Unknown
from .undeclared_letters import free_letters

LATEST = 3
TRIES = 6


class Follower:
    """What the writer believes since the first error."""

    def __init__(self, judge: Judge):
        self.judge = judge
        self.own: Judge | None = None
        self.wrong: list[Formula] = []  # differences of sides of wrong equations and of those that followed from them
        self.scores: dict[Formula, Formula] = {}  # derivatives as the writer has them
        self.back: dict[Formula, Formula] = {h: k for k, h in judge.meaning.hats.items()}

    def add(self, claim: Claim) -> None:
        """A line that does not hold, taken as the writer takes it: as true."""
        if not claim.readings:
            return
        left, right = claim.readings[0]
        kind = self.judge.kind
        if kind.derived and isinstance(left, Derivative):
            self.scores[left] = right
            self._believe(ZERO, right)
            return
        if (kind.ell or kind.likelihood) and not kind.derived and self._whole(right, kind.likelihood and not kind.ell, left):
            return
        self._believe(left, right)

    def follows(self, claim: Claim) -> bool:
        """Whether a line that does not hold is right work on what came before."""
        try:
            return self._follows(claim)
        except (KeyError, ArithmeticError, ValueError, TypeError, IndexError, RecursionError):
            return False

    def _follows(self, claim: Claim) -> bool:
        if claim.sign not in ("=", "approx", ":=", "propto", "<", ">", "<=", ">="):
            return False
        if self.own is not None and (self.own.judge(claim).holds or self._set_to_zero(claim)):
            return True
        if self.scores and self._from_scores(claim):
            return True
        return claim.sign in ("=", "approx", ":=") and any(self._implied(claim, left, right) for left, right in claim.readings)

    # -- the writer's own likelihood ----------------------------------------------------------------

    def _whole(self, right: Formula, likelihood: bool, left: Formula) -> bool:
        """A judge whose log-likelihood is the writer's."""
        model = self.judge.model
        try:
            f = replace_all(self.judge.meaning.of(right), {CONSTANT: ZERO})
        except Unknown:
            return False
        if isinstance(left, Apply) and left.name == "nll":
            f = neg(f)
        ell = logarithm(f) if likelihood else f
        samples = self.judge.points.samples
        if any(n not in samples[0].points[0] for n in free_letters(ell)) or not names(ell) & set(model.names):
            return False
        own = changed(model, ell=ell, likelihood=exp(ell))
        points = Points(own, self.judge.points.size, self.judge.points.seed)
        try:
            if not points.samples:
                return False
        except (KeyError, ValueError, ArithmeticError, TypeError, IndexError):
            return False
        judge = Judge(own, points, set(self.judge.exact))
        judge.book.letters, judge.book.functions = self.judge.book.letters, self.judge.book.functions
        judge.kind, judge.chain = copy(self.judge.kind), self.judge.chain
        self.own = judge
        return True

    def _set_to_zero(self, claim: Claim) -> bool:
        """Whether an equation is the writer's own score set to zero, up to a factor that keeps its sign."""
        assert self.own is not None
        if claim.sign != "=" or not claim.readings:
            return False
        d = self._difference(*claim.readings[0])
        if d is None:
            return False
        for k in self.own.model.free:
            score, line = compiled(slope(self.own.model.ell, Sym(k))), compiled(d)
            ratios = [line(e) / score(e) for s in self.judge.points.samples for e in s.points if score(e)]
            if ratios and all(map(math.isfinite, ratios)) and (min(ratios) > 0 or max(ratios) < 0):
                return True
        return False

    def _from_scores(self, claim: Claim) -> bool:
        """The claim with the writer's own derivatives put in."""

        def one(g: Formula) -> Formula | None:
            if not isinstance(g, Derivative) or len(g.variables) != 1:
                return None
            v, order = g.variables[0]
            for known, right in self.scores.items():
                if isinstance(known, Derivative) and known.body == g.body and known.variables[0][0] == v and order >= known.variables[0][1]:
                    left = order - known.variables[0][1]
                    return Derivative(right, ((v, left),)) if left else right
            return None

        own = [(transform(a, one), transform(b, one)) for a, b in claim.readings]
        if own == list(claim.readings):
            return False
        left, right = own[0]
        trial = changed(claim, left=left, right=right, alternatives=tuple(own[1:]), defines=None, number=-1)
        keep = self.judge.kind, self.judge.chain
        held = self.judge.judge(trial).holds
        self.judge.kind, self.judge.chain = keep
        return held

    # -- the writer's own equations ---------------------------------------------------------------------

    def _difference(self, left: Formula, right: Formula) -> Formula | None:
        meaning: Meaning = self.judge.meaning
        try:
            a, b = meaning.of(left), meaning.of(right)
        except (Unknown, ArithmeticError, ValueError, TypeError):
            return None
        return replace_all(add(a, neg(b)), self.back)

    def _believe(self, left: Formula, right: Formula) -> None:
        d = self._difference(left, right)
        if d is not None and names(d) & self.judge.meaning.parameters:
            self.wrong.append(d)

    def _implied(self, claim: Claim, left: Formula, right: Formula) -> bool:
        d = self._difference(left, right)
        if d is None or not self.wrong:
            return False
        fuzzy = self.judge.fuzzy(claim, left, right)
        back = self.back
        meaning = self.judge.meaning
        pair = Pair(meaning, replace_all(meaning.of(left), back), replace_all(meaning.of(right), back), fuzzy)
        ties = [add(Sym(k), neg(f)) for k, f in self.judge.model.tied.items()]
        held = [replace_all(add(a, neg(b)), back) for a, b in self.judge.valued]
        for system in ([self.wrong[-1]], self.wrong[-LATEST:] + ties, self.wrong[-LATEST:] + ties + held[-LATEST:]):
            if self._on_solutions(system, pair):
                return True
        return False

    def _on_solutions(self, system: Sequence[Formula], pair: Pair) -> bool:
        """Whether the sides are equal at solutions of a system, for every sample."""
        fs = [compiled(f) for f in system]
        unknown = [k for k in self.judge.model.names if any(k in names(f) for f in system)]
        if not unknown:
            return False
        rng = random.Random(13)
        seen = 0
        for s in self.judge.points.samples:
            found = 0
            _ = s.peak
            for far in range(TRIES):
                at = _solution(fs, unknown, {**s.points[rng.randrange(len(s.points))]}, rng, far)
                if at is None:
                    continue
                if pair.equal(at, 1e-6) is False:
                    return False
                found += 1
                if found == 2:
                    break
            seen += found > 0
        return seen > 0


def _solution(fs: Sequence[Callable[[Env], float]], unknown: Sequence[str], env: Env, rng: random.Random, far: int) -> Env | None:
    """A zero of all functions near the test point given, by damped Gauss-Newton steps of least size; None where none is reached."""
    at = dict(env)
    for k in unknown:
        at[k] *= rng.uniform(0.5, 1.6) if far < 3 else rng.uniform(-2, 3)
    try:
        r = [f(at) for f in fs]
        for _ in range(60):
            if not all(map(math.isfinite, r)):
                return None
            rows = []
            for f, value in zip(fs, r, strict=True):
                rows.append([(f({**at, k: at[k] + _h(at[k])}) - value) / _h(at[k]) for k in unknown])
            # the step of least size: J' (J J' + tiny)^-1 r
            gram = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in rows] for p in rows]
            top = max(gram[j][j] for j in range(len(gram)))
            for j in range(len(gram)):
                gram[j][j] += 1e-13 * top
            y = solved(gram, r)
            if y is None:
                return None
            step = [sum(rows[j][i] * y[j] for j in range(len(rows))) for i in range(len(unknown))]
            size, factor, old = sum(x * x for x in r), 1.0, dict(at)
            for _ in range(30):
                at = {**old, **{k: old[k] - factor * d for k, d in zip(unknown, step, strict=True)}}
                r = [f(at) for f in fs]
                if all(map(math.isfinite, r)) and sum(x * x for x in r) <= size:
                    break
                factor /= 2
            if all(abs(d) * factor <= 1e-11 * (abs(at[k]) + 1e-6) for k, d in zip(unknown, step, strict=True)):
                break
    except (KeyError, TypeError, IndexError, ArithmeticError, ValueError):
        return None
    scale = [abs(x) for row in rows for x in row]
    return at if all(abs(x) <= 1e-8 * (1 + max(scale, default=0.0)) for x in r) else None


def _h(x: float) -> float:
    return 1e-7 * (abs(x) + 1e-3)
