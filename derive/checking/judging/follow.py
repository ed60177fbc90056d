"""Correct work on a wrong line: what is true once a wrong line is taken for true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from flint import arb

from ...formula.names import hat
from ...formula.tree import ZERO, Apply, Derivative, Formula, Sym, add, exp, names, neg, replace_all, transform, walk
from ..claims import CONSTANT
from ..slope import logarithm, slope
from .binding import Binding
from .document import Statement
from .interpretation import Interpreter
from .roles import Role, role_of
from .samples import Points
from .sides import FAILURES
from .statement_judge import StatementJudge
from .trial_points import TrialPoint, TrialPoints

PLACES = (1e-3, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.1, 1.5, 2, 3, 5, 9, 20, 60, 300)  # multiples at which a sign is looked at


class Believed(TrialPoints):
    """The points of a model, with other places for its maxima: what a wrong line says they are.  inner: other points beside them."""

    def __init__(self, base: TrialPoints, maxima: list[TrialPoint], inner: list[TrialPoint] | None = None):
        super().__init__(base.model, base.points)
        self.base, self.top = base, maxima
        self.inner = base.inner if inner is None else inner

    @cached_property
    def wide(self) -> list[TrialPoint]:
        """Those of the model."""
        return self.base.wide


class Follower:
    """The wrong lines of a document, each with the judge to whom it is true: of another log-likelihood, or of other maxima."""

    def __init__(self, it: Interpreter, b: Binding):
        self.it, self.b = it, b
        self.wrong: list[tuple[StatementJudge, Formula | None]] = []
        self._elsewhere: dict[int, TrialPoints] = {}  # by models, which they keep
        self.derivatives: dict[Derivative, Formula] = {}  # those that are wrong, as the writer has them

    def add(self, s: Statement) -> None:
        """A line that does not hold, taken as the writer takes it: as true."""
        if s.claim.sign in ("=", "approx") and s.claim.readings:
            left, right = s.claim.readings[0]
            if isinstance(left, Derivative) and right != ZERO:
                self.derivatives[left] = right
            try:
                self.wrong.append(self._believing(s))
            except FAILURES:
                return

    def follows(self, s: Statement) -> bool:
        """Whether a statement is true once a wrong line is."""
        return self._from_derivatives(s) or any(self._follows(s, j, equation) for j, equation in self.wrong)

    def _from_derivatives(self, s: Statement) -> bool:
        """Whether it is true with the writer's own derivatives put in: a second derivative of a wrong score."""

        def own(g: Formula) -> Formula | None:
            if not isinstance(g, Derivative) or len(g.variables) != 1:
                return None
            v, order = g.variables[0]
            for known, right in self.derivatives.items():
                if known.body == g.body and len(known.variables) == 1 and known.variables[0][0] == v and order >= known.variables[0][1]:
                    more = order - known.variables[0][1]
                    return Derivative(right, ((v, more),)) if more else right
            return None

        for left, right in s.claim.readings:
            a, b = transform(left, own), transform(right, own)
            if (a, b) != (left, right) and self.it.judge(self.b).of_sides(s, a, b).holds:
                return True
        return False

    def _follows(self, s: Statement, j: StatementJudge, equation: Formula | None) -> bool:
        if not s.claim.readings:
            return False
        try:
            if s.claim.sign == "=" and equation is not None and any(self._multiple(j, t, equation) for t in (s, _of_parameters(s, j))):
                return True
            left, right = s.claim.readings[0]
            a, b = j.resolved(left), j.resolved(right)
            seen = names(a) | names(b)
            if not seen & j.meaning.parameters:  # what speaks of estimates only
                top = self._others(j).top
                j = self._judge(j, Believed(j.trials, top, top))
            elif (
                len(j.model.free) == 1
                and not seen & j.hats
                and role_of(s, (left, right), (a, b), j.meaning.parameters, j.hats) is Role.IDENTITY
            ):
                j = self._judge(j, Believed(j.trials, [], j.trials.bare))
            return j.verdict(s).holds
        except FAILURES:
            return False

    def _believing(self, w: Statement) -> tuple[StatementJudge, Formula | None]:
        j = self.it.judge(self.b)
        left, right = w.claim.readings[0]
        a, b = (replace_all(j.resolved(f), {CONSTANT: ZERO}) for f in (left, right))
        derived = any(isinstance(g, Derivative) for g in walk(left))
        if (k := j.heads.get(left)) is not None:  # a wrong conclusion
            points = [q for p in j.trials.inner if (q := j.trials.put(p, k, b)) is not None]
            return self._judge(j, Believed(j.trials, [q.put({hat(k).name: q.env[k]}) for q in points])), None
        kind = j.kind(w, (left, right))
        if (kind.ell or kind.likelihood) and not derived and names(b) & j.meaning.parameters:
            return self._other_likelihood(j, b if kind.ell else logarithm(b), left)
        equation = add(a, neg(b)) if names(a) | names(b) else None
        if derived and ZERO not in (left, right):
            equation = b
        by = next((v.name for g in walk(left) if isinstance(g, Derivative) for v, _ in g.variables if isinstance(v, Sym)), None)
        inside = [k for k in j.model.free if equation is not None and k in names(equation)]
        by = by if by in j.model.free else inside[0] if len(inside) == 1 else None
        roots = list(_roots(j, equation, by)) if equation is not None and by is not None else []
        return self._judge(j, Believed(j.trials, roots)), equation

    def _other_likelihood(self, j: StatementJudge, ell: Formula, left: Formula) -> tuple[StatementJudge, Formula | None]:
        """The judge of a writer whose log-likelihood is another one, with its own maxima."""
        if isinstance(left, Apply) and self.b.modes.get(left.name, "").startswith("-"):
            ell = neg(ell)
        model = replace(j.model, ell=ell, likelihood=exp(ell))
        equation = slope(ell, Sym(j.model.free[0])) if len(j.model.free) == 1 else None
        return StatementJudge(model, self.b, TrialPoints(model, j.trials.points.under(model)), j.exact, j.memory), equation

    def _others(self, j: StatementJudge) -> TrialPoints:
        """Samples on which another log-likelihood has a maximum, where on those of the question it has none inside the domain."""
        model, points = j.model, j.trials.points
        if model is self.it.judge(self.b).model or any(s.peak.inside for s in points.samples):
            return j.trials
        if id(model) not in self._elsewhere:
            self._elsewhere[id(model)] = TrialPoints(model, Points(model, points.size, points.seed))
        return self._elsewhere[id(model)]

    def _judge(self, j: StatementJudge, trials: TrialPoints) -> StatementJudge:
        return StatementJudge(j.model, self.b, trials, j.exact, j.memory)

    def _multiple(self, j: StatementJudge, s: Statement, equation: Formula) -> bool:
        """Whether an equation is the wrong one times what is free of the parameters."""
        a, b = map(j.resolved, s.claim.readings[0])
        d = add(a, neg(b))
        if not names(d) & j.meaning.parameters:
            return False
        every = set(j.model.names)
        points = j.trials.inner if (names(d) | names(equation)) & j.hats else j.trials.bare
        return j.apart(d, equation, True, every, points) or j.apart(neg(d), equation, True, every, points)


def _roots(j: StatementJudge, f: Formula, k: str) -> Iterator[TrialPoint]:
    """Where a wrong equation holds: by bisection from sign changes."""
    for p in {id(p.sample): p for p in reversed(j.trials.inner)}.values():
        low, high = j.model.domain(k).bounds(p.floats)
        centre = abs(float(p.floats[k])) + 1e-3
        if high < 1e9 and low > -1e9:
            xs = [low + (high - low) * t / 40 for t in range(1, 40)]
        else:
            xs = [x for m in PLACES for x in (m * centre, -m * centre) if low < x < high]
        found = False

        def at(x: float, p: TrialPoint = p) -> float:
            return j.roughly(f, j.model.tie({**p.floats, k: x}))

        inside = sorted(xs)
        outside = sorted(x for m in PLACES for x in (m * centre, -m * centre) if not low <= x <= high)
        ways = [list(pairwise(inside)), [(x, z) for x, z in pairwise(outside) if (x - low) * (z - low) > 0]]
        for x, z in (pair for way in ways for pair in way):  # a wrong equation may have its root outside the domain
            if found:
                break
            u, v = at(x), at(z)
            if u * v < 0:
                for _ in range(60):
                    m = (x + z) / 2
                    w = at(m)
                    x, z, u = (m, z, w) if u * w > 0 else (x, m, u)
                root = arb(x, abs(x) * 1e-9 + 1e-14)
                yield replace(j.trials.moved(p, k, root).put({hat(k).name: root}), top=True)
                found = True


def _of_parameters(s: Statement, j: StatementJudge) -> Statement:
    """An estimate that is given by data as the equation that it solves: p_hat = x_bar as p = x_bar."""
    left, right = s.claim.readings[0]
    k = next((k for k in j.model.free if left == hat(k)), None)
    if k is None or names(right) & (j.hats | j.meaning.parameters):
        return s
    return replace(s, claim=replace(s.claim, left=Sym(k), alternatives=()))
