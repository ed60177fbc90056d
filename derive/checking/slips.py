"""Why a line is wrong: the slip that gives exactly what the writer wrote, and what the line should have been."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ..formula.evaluate import compiled
from ..formula.latex import latex
from ..formula.tree import (
    ZERO,
    Add,
    Apply,
    At,
    Call,
    Derivative,
    Formula,
    N,
    Num,
    Pow,
    Relation,
    Sym,
    add,
    factors,
    names,
    neg,
    num,
    rational,
    replace_all,
    terms,
    total,
    walk,
)
from .book import Unknown
from .claims import CONSTANT, Claim
from .compare import Pair, places
from .edits import Edit, edits, in_data, literals, naive, neat, over_the_sample
from .expectation import SINGLE
from .judge import Judge
from .kinds import Kind
from .letters import number_of
from .peak import solved
from .slope import logarithm, slope

SECONDS = 1.5  # for one side of one line; the number of trials stops the search before
MOST = 3000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """slip: its name, or None.  expected: what the line should have been, in LaTeX, or None.  what: the mistake in words."""

    slip: str | None
    expected: str | None
    what: str


def diagnose(judge: Judge, claim: Claim) -> Diagnosis:
    """What is wrong with a claim that does not hold, right after it was judged."""
    try:
        found = _diagnosed(judge, claim)
    except (Unknown, KeyError, TypeError, ValueError, ArithmeticError, IndexError, RecursionError):
        found = None
    return found or Diagnosis(None, None, "this does not hold")


def _diagnosed(judge: Judge, claim: Claim) -> Diagnosis | None:
    left, right = claim.readings[0]
    if claim.sign not in ("=", "approx", "propto", ":="):
        return Diagnosis(None, None, "this inequality does not hold")
    if claim.sign == "propto":
        judge.kind = judge.kind | Kind(likelihood=True)
    known = _of_the_question(judge, claim, left, right)
    if known is not None:
        return known
    if (judge.kind.likelihood or judge.kind.model) and isinstance(left, Apply):
        found = _other_model(judge, claim, left, right)
        if found is not None:
            return found
    for side in _sides(claim, left, right):
        found = _edited(judge, claim, left, right, side)
        if found is not None:
            return found
    if claim.joined != "continues" and judge.kind.likelihood and not judge.kind.derived and _other_exponents(judge, right):
        return Diagnosis("wrong data", None, "the factors are raised to other powers than the data give")
    if (judge.kind.likelihood or judge.kind.ell) and not judge.kind.derived and _one_for_all(judge, right):
        return Diagnosis("x_i for mean", None, "one observation stands here for the whole sample")
    return _other_model(judge, claim, left, right)


def _other_exponents(judge: Judge, f: Formula) -> bool:
    """Whether a side is the likelihood that was given, with other whole numbers for the powers of its factors."""
    m = judge.model
    if not m.problem.whole:
        return False
    bases = list(dict.fromkeys(g.base if isinstance(g, Pow) else g for g in factors(m.likelihood) if names(g) & set(m.names)))
    points = [e for s in judge.worlds.samples for e in s.points]
    if not 0 < len(bases) <= len(points) - 2:
        return False
    logs = [compiled(logarithm(b)) for b in bases]
    g = compiled(logarithm(judge.meaning.of(f)))
    rows = [[*(h(e) for h in logs), 1.0] for e in points]
    values = [g(e) for e in points]
    k = len(bases) + 1
    at = solved(rows[:k], values[:k])
    if at is None or any(abs(x - round(x)) > 1e-6 or round(x) < 0 for x in at[:-1]):
        return False
    return all(
        abs(sum(a * b for a, b in zip(row, at, strict=True)) - v) < 1e-6 * (1 + abs(v)) for row, v in zip(rows[k:], values[k:], strict=True)
    )


def _one_for_all(judge: Judge, f: Formula) -> bool:
    """Whether an observed letter stands without an index, outside of any sum, while the sample has several."""
    return judge.worlds.samples[0].points[0].get("n", 1) > 1 and any(
        isinstance(g, Sym) and g.name in judge.meaning.observed for g in walk(f)
    )


def _shown(judge: Judge, claim: Claim, a: Formula, b: Formula) -> str:
    """A relation as it should have been, in LaTeX."""
    notation, sign = judge.model.problem.notation, {"approx": r"\approx", "propto": r"\propto"}.get(claim.sign, "=")
    return f"{latex(neat(a), notation)} {sign} {latex(neat(b), notation)}"


def _sides(claim: Claim, left: Formula, right: Formula) -> tuple[str, ...]:
    """Which side the slip is looked for in, first to last."""
    if claim.joined == "continues" and names(right):
        return ("right", "left")
    if isinstance(right, Num) and names(left):
        return ("left", "right") if right == ZERO else ("right", "left")
    alone = isinstance(left, (Sym, Apply, Derivative, At))
    return ("right",) if alone else ("right", "left")


def _edited(judge: Judge, claim: Claim, left: Formula, right: Formula, side: str) -> Diagnosis | None:
    f, other = (right, left) if side == "right" else (left, right)
    if f == ZERO:
        return None
    m = judge.model
    letters: list[Formula] = [
        *map(Sym, m.names),
        *map(Sym, m.problem.known),
        *(h for h in judge.meaning.hats.values() if h.name in names(f)),
    ]
    sieve = Sieve(judge, other, f)
    numbers = _numbers(judge, claim, left, right, side)
    data = judge.model.problem.sample is not None or judge.model.problem.values
    stop = time.process_time() + SECONDS
    for j, e in enumerate(itertools.chain(_all(judge, left, f, letters), numbers) if names(f) else numbers):
        if j > MOST or time.process_time() > stop:
            return None
        a, b = (left, e.formula) if side == "right" else (e.formula, right)
        if sieve.passes(e.formula) and holds(judge, claim, a, b):
            slip = "algebra" if e.slip == "arithmetic" and names(f) and not data else _named(judge, e)
            if slip == "arithmetic" and (
                claim.joined != "continues" and (judge.kind.ell or judge.kind.likelihood) and not judge.kind.derived
            ):
                slip = "wrong data"
            return Diagnosis(slip, _shown(judge, claim, a, b), e.what)
    return None


class Sieve:
    """A quick look whether a changed side could make a claim true, before it is tried in earnest."""

    def __init__(self, judge: Judge, other: Formula, f: Formula):
        self.judge = judge
        sample = judge.worlds.samples[0]
        self.envs = [sample.top, *sample.points[:2]]
        self.values: list[float] | None = self._at(other)

    def _at(self, f: Formula) -> list[float] | None:
        meaning = self.judge.meaning
        try:
            g = replace_all(meaning.of(f), {CONSTANT: ZERO})
            h = compiled(g)
            return [meaning.evaluate(h, g, e) for e in self.envs]
        except (Unknown, KeyError, TypeError, ValueError, ArithmeticError, IndexError, RecursionError):
            return None

    def passes(self, f: Formula) -> bool:
        if self.values is None:
            return True
        seen = self._at(f)
        if seen is None:
            return False
        (t, p, q), (u, v, w) = self.values, seen
        return _near(t, u) or _near(p, v) or _near(p - v, q - w, abs(p) + abs(v)) or (v * w != 0 and _near(p / v, q / w))


def _near(x: float, y: float, scale: float = 0.0) -> bool:
    return not abs(x - y) > 1e-6 * (abs(x) + abs(y) + scale + 1e-12)


def _all(judge: Judge, left: Formula, f: Formula, letters: list[Formula]) -> Iterator[Edit]:
    data = sorted(judge.meaning.observed)
    yield from over_the_sample(f, data, judge.kind.likelihood and not judge.kind.ell)
    yield from _derivatives(judge, left, f)
    yield from edits(f, letters, data, _terms(judge, left, f))


def _derivatives(judge: Judge, left: Formula, f: Formula) -> Iterator[Edit]:
    """A term of the log-likelihood differentiated wrongly: in the data, without its inner derivative, or not at all."""
    if judge.last is None or not isinstance(left, Derivative) or len(left.variables) != 1:
        return
    v, order = left.variables[0]
    if order != 1 or not isinstance(v, Sym):
        return
    for t in terms(judge.last):
        right = slope(t, v)
        for wrong, slip, what in (
            (naive(t, v), "chain rule", "the inner derivative is missing in a term"),
            (t, "wrong derivative", "a term was not differentiated"),
            *((in_data(t, x), "wrong derivative", "a term was differentiated in the data") for x in sorted(judge.meaning.observed)),
        ):
            if wrong not in (right, ZERO):
                yield Edit(slip, add(f, neg(wrong), right), what)


def _terms(judge: Judge, left: Formula, f: Formula) -> list[Formula]:
    """Terms that may have been dropped: those of the log-likelihood or its derivative, of the side before, of the sample."""
    m = judge.model
    out: list[Formula] = []
    by = next((v for g in walk(left) if isinstance(g, Derivative) for v, _ in g.variables), None)
    if judge.kind.ell or judge.kind.derived:
        whole = [total(m.problem.indexed(t), m.problem.index) for t in terms(m.one)] if m.one is not None else list(terms(m.ell))
        if isinstance(by, Sym):
            whole = [d for t in whole if (d := slope(t, by)) != ZERO]
        out += whole
    out += [t for t in (terms(left) if isinstance(left, Add) else ()) if not isinstance(t, Apply)]
    for v in m.problem.variables:
        if m.one is not None:
            out.append(total(At(v, (Sym("i"),))))
    if m.one is not None:
        out.append(N)
    out += [num(1), *(Sym(k) for k in m.names if k in names(f)), *(h for h in judge.meaning.hats.values() if h.name in names(f))]
    return out


def _named(judge: Judge, e: Edit) -> str:
    """The name of a slip where it happened."""
    if e.slip == "abs":
        return "boundary" if judge.kind.likelihood or judge.kind.ell else "algebra"
    if judge.kind.derived and e.slip == "lost factor":
        return "chain rule"
    if judge.kind.derived and e.slip == "algebra":
        return "wrong derivative"
    if e.slip == "sign" and judge.model.moving and not judge.kind.defined:
        return "boundary"
    return e.slip


def holds(judge: Judge, claim: Claim, left: Formula, right: Formula) -> bool:
    """Whether a claim with other sides would hold; nothing is learnt from it."""
    return judge.trial(changed(claim, left=left, right=right, alternatives=()), left, right)


# -- numbers ------------------------------------------------------------------------------------------


def _numbers(judge: Judge, claim: Claim, left: Formula, right: Formula, side: str) -> Iterator[Edit]:
    """One number changed to the one that makes the line right."""
    f = right if side == "right" else left
    if not names(f):
        try:
            other = judge.meaning.of(left if side == "right" else right)
            env = judge.worlds.samples[0].top
            v = Pair(judge.meaning, other, other).values(env)[0]
        except (Unknown, KeyError):
            v = math.nan
        if isinstance(f, Num) or (math.isfinite(v) and not names(other) & judge.meaning.parameters):
            size = judge.worlds.samples[0].points[0].get("n")
            if isinstance(size, (int, float)) and size > 1:
                for less in (1, 2):
                    yield Edit(
                        "n-1", _times(f, Fraction(int(size) - less, int(size))), "the divisor of the maximum-likelihood estimate is n"
                    )
            if math.isfinite(v):
                yield Edit("arithmetic", _rounded_like(f, v), "the number is wrong")
    for value, put in literals(f):
        if value.denominator == 1:
            for step in (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 10, -10):
                if value + step >= 0:
                    yield Edit("arithmetic", put(num(value + step)), f"the number {value} is wrong")
    for value, put in literals(f):
        root = _root(judge, claim, left, right, side, value, put)
        if root is not None:
            yield Edit("arithmetic", put(root), f"the number {float(value):g} is wrong")


def _times(f: Formula, k: Fraction) -> Formula:
    from ..formula.tree import Mul, value

    v = value(f)
    return rational(v * k) if v is not None else Mul((rational(k), f))


def _rounded_like(f: Formula, v: float) -> Formula:
    """A number as a decimal with as many places as the one written; else as a fraction where it is one."""
    if isinstance(f, Num) and f.value.denominator != 1:
        return num(Fraction(f"{v:.{places(f.value)}f}"))
    return _nice(v)


def _nice(v: float) -> Formula:
    """A number close to a float: a small fraction where one is, else a decimal."""
    small = Fraction(v).limit_denominator(1000)
    if abs(float(small) - v) <= 1e-10 * (1 + abs(v)):
        return rational(small)
    return num(Fraction(f"{v:.6g}")) if math.isfinite(v) else num(0)


def _root(judge: Judge, claim: Claim, left: Formula, right: Formula, side: str, value: Fraction, put: object) -> Formula | None:
    """The number in place of a literal that makes the sides equal in one world."""
    marker = Sym("#literal")
    assert callable(put)
    changed_side = put(marker)
    a, b = (left, changed_side) if side == "right" else (changed_side, right)
    pair = Pair(judge.meaning, judge.meaning.of(a), judge.meaning.of(b))
    s = judge.worlds.samples[0]
    equation = judge.needs_maximum(claim, left, right)
    env = s.top if equation else s.points[0]
    _ = s.peak

    def gap(x: float) -> float:
        u, v = pair.values({**env, "#literal": x})
        return u - v

    x0, x1 = float(value), float(value) + 1.0
    y0, y1 = gap(x0), gap(x1)
    for _ in range(40):
        if not (math.isfinite(y0) and math.isfinite(y1)) or y1 == y0:
            return None
        x2 = x1 - y1 * (x1 - x0) / (y1 - y0)
        if abs(x2) > 1e9:
            return None
        x0, y0, x1, y1 = x1, y1, x2, gap(x2)
        if abs(x1 - x0) <= 1e-12 * (1 + abs(x1)):
            break
    small = Fraction(x1).limit_denominator(100)
    if abs(float(small) - x1) < 1e-8 * (1 + abs(x1)):
        return rational(small)
    return None


# -- what the question says ------------------------------------------------------------------------------


def _of_the_question(judge: Judge, claim: Claim, left: Formula, right: Formula) -> Diagnosis | None:
    """A boundary or a constraint that was overlooked."""
    m = judge.model
    zero = right == ZERO or left == ZERO
    if m.tied:
        only = names(left) | names(right)
        level = replace_all(add(left, neg(right)), {Sym(k): ZERO for k in m.names})
        if (
            number_of(level)
            and only <= set(m.names) | {h.name for h in judge.meaning.hats.values()}
            and len(only & set(m.names)) > 1
            and not judge.worked
        ):
            return Diagnosis("constraint", _constraint(judge), "this is not the constraint that the parameters satisfy")
        if zero and judge.kind.derived and _is_score(judge, left if right == ZERO else right, tied=False):
            return Diagnosis("constraint", None, "the parameters are tied by the constraint, so this derivative alone need not vanish")
    if zero and (m.moving or _at_an_end(judge)) and _is_score(judge, left if right == ZERO else right, tied=True):
        return Diagnosis(
            "boundary", None, "the likelihood has no stationary point: its maximum lies at the end of the values that the data allow"
        )
    return None


def _is_survival(judge: Judge, s: Formula, v: str) -> bool:
    """Whether a formula is the probability of a greater value, at the points of a sample."""
    event = Relation((Sym(v + SINGLE), Sym("#point")), (">",))
    g = compiled(s)
    for e in judge.worlds.samples[0].points:
        for x in e.get(v, ())[:3]:
            p = judge.meaning.expectations.probability(event, {**e, "#point": x})
            if not abs(p - g({**e, v: x})) < 1e-6:
                return False
    return True


def _constraint(judge: Judge) -> str:
    p = judge.model.problem
    return ", ".join(latex(c, p.notation) for c in p.constraints)


def _at_an_end(judge: Judge) -> bool:
    s = judge.worlds.samples[0]
    return any(s.peak.values[k] in judge.model.domain(k).bounds(s.top) for k in judge.model.names)


def _is_score(judge: Judge, f: Formula, tied: bool) -> bool:
    """Whether a side is a derivative of the log-likelihood, up to a factor that keeps its sign."""
    m = judge.model
    ell = replace_all(m.ell, {Sym(k): g for k, g in m.tied.items()}) if tied else m.ell
    g = judge.meaning.of(f)
    for k in m.free if tied else m.names:
        pair = Pair(judge.meaning, g, slope(ell, Sym(k)))
        ratios = []
        for s in judge.worlds.samples:
            for e in s.points:
                u, v = pair.values(e)
                if not (math.isfinite(u) and math.isfinite(v)) or v == 0:
                    return False
                ratios.append(u / v)
        if min(ratios) > 0 or max(ratios) < 0:
            return True
    return False


def _other_model(judge: Judge, claim: Claim, left: Formula, right: Formula) -> Diagnosis | None:
    """The likelihood of another model: the distribution function for the density, a product left out, a number changed."""
    m = judge.model
    if not (judge.kind.likelihood or judge.kind.ell or judge.kind.model) or judge.kind.derived or m.one is None:
        return None
    i = m.problem.index
    for density, what in _models(judge):
        one = logarithm(m.problem.indexed(density))
        ell = total(one, i)
        own = judge.as_model(ell, density)
        try:
            if own.trial(claim, left, right):
                return Diagnosis("wrong model", None, what)
        except (Unknown, KeyError, TypeError, ValueError, ArithmeticError):
            continue
    return None


def _models(judge: Judge) -> Iterator[tuple[Formula, str]]:
    p = judge.model.problem
    v = p.variables[0]
    inside = [g for g in walk(p.density) if isinstance(g, Num)]
    for g in dict.fromkeys(inside):
        for to in (1, g.value - 1, g.value + 1, 2 * g.value):
            if to > 0:
                other = replace_all(p.density, {g: num(to)})
                yield other, "this is the likelihood of another model"
                kept: dict[Formula, Formula] = {h: h for h in walk(p.density) if isinstance(h, Call) and h.name == "binomial"}
                if kept:
                    yield replace_all(p.density, {**kept, g: num(to)}), "this is the likelihood of another model"
    for k in p.known:
        yield replace_all(p.density, {Sym(k): num(1)}), "this is the likelihood of another model"
    from ..density.integration import survival

    try:
        from ..algebra import Algebra

        s = survival(p.density, v, p.support[v], Algebra(p.facts, False, (v,)), tuple(x.points[0] for x in judge.worlds.samples[:1]))
        if not _is_survival(judge, s, v):
            return
        yield add(num(1), neg(s)), "the distribution function stands where the density belongs"
        yield s, "the survival function stands where the density belongs"
    except Exception:  # a survival function that is not found is no diagnosis
        return
