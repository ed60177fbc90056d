"""Why a line is wrong: the slip that gives exactly what the writer wrote, and what the line should have been."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ...formula.latex import latex
from ...formula.names import hat
from ...formula.tree import (
    ZERO,
    Add,
    Apply,
    At,
    Derivative,
    Formula,
    N,
    Neg,
    Num,
    Sym,
    add,
    names,
    neg,
    num,
    replace_all,
    terms,
    total,
    walk,
)
from ..claims import CONSTANT, Claim
from ..judging.claim_kinds import Kind
from ..judging.symbol_table import Unknown
from ..slope import slope
from .diagnosis import Diagnosis
from .edits import Edit, edits, in_data, naive, neat, over_the_sample
from .number_slips import numbers
from .other_models import one_for_all, other_exponents, other_model
from .overlooked import overlooked
from .trial import Trial

SECONDS = 1.5  # for one side of one line; the number of trials stops the search before
MOST = 3000
WITHOUT_VALUE = (Unknown, KeyError, TypeError, ValueError, ArithmeticError, IndexError, RecursionError)
FURTHER = 40  # changes that are tried after one that makes a line true at the maximum only


def diagnose(trial: Trial) -> Diagnosis:
    """What is wrong with a line that does not hold."""
    try:
        found = _diagnosed(trial)
    except WITHOUT_VALUE:
        found = None
    return found or Diagnosis(None, None, "this does not hold")


def _diagnosed(trial: Trial) -> Diagnosis | None:
    claim = trial.statement.claim
    left, right = claim.readings[0]
    if claim.sign not in ("=", "approx", "propto", ":="):
        return Diagnosis(None, None, "this inequality does not hold")
    if claim.sign == "propto":
        trial = replace(trial, kind=trial.kind | Kind(likelihood=True))
    if isinstance(left, Apply) and isinstance(right, Apply) and left.name == right.name == "tuple":
        wrong = next(((a, b) for a, b in zip(left.args, right.args, strict=False) if not trial.holds(a, b)), None)
        return _diagnosed(trial.part(*wrong)) if wrong is not None else None
    known = overlooked(trial, left, right)
    if known is not None:
        return known
    if (trial.kind.likelihood or trial.kind.model) and isinstance(left, Apply):
        found = other_model(trial, left, right)
        if found is not None:
            return found
    for side in _sides(claim, left, right):
        found = _edited(trial, left, right, side)
        if found is not None:
            return found
    if claim.joined != "continues" and trial.kind.likelihood and not trial.kind.derived and other_exponents(trial.judge, right):
        return Diagnosis("wrong data", None, "the factors are raised to other powers than the data give")
    if (trial.kind.likelihood or trial.kind.ell) and not trial.kind.derived and one_for_all(trial.judge, right):
        return Diagnosis("x_i for mean", None, "one observation stands here for the whole sample")
    return other_model(trial, left, right)


def _shown(trial: Trial, a: Formula, b: Formula) -> str:
    """A relation as it should have been, in LaTeX."""
    notation = trial.model.problem.notation
    sign = {"approx": r"\approx", "propto": r"\propto"}.get(trial.statement.claim.sign, "=")
    return f"{latex(neat(a), notation)} {sign} {latex(neat(b), notation)}"


def _sides(claim: Claim, left: Formula, right: Formula) -> tuple[str, ...]:
    """Which side the slip is looked for in, first to last."""
    if claim.joined == "continues" and names(right):
        return ("right", "left")
    if isinstance(right, Num) and names(left):
        return ("left", "right") if right == ZERO else ("right", "left")
    alone = isinstance(left, (Sym, Apply, Derivative, At))
    return ("right",) if alone else ("right", "left")


def _edited(trial: Trial, left: Formula, right: Formula, side: str) -> Diagnosis | None:
    claim, kind = trial.statement.claim, trial.kind
    f, other = (right, left) if side == "right" else (left, right)
    if f == ZERO:
        return None
    m, judge = trial.model, trial.judge
    letters: list[Formula] = [
        *map(Sym, m.names),
        *map(Sym, m.problem.known),
        *(h for h in judge.meaning.hats.values() if h.name in names(f)),
    ]
    sieve = Sieve(trial, left, right, other)
    digits = numbers(trial, left, right, side)
    data = m.problem.sample is not None or m.problem.values
    tried = _all(trial, left, f, letters, digits if data else ()) if names(f) else ()
    stop = time.process_time() + SECONDS
    found: Diagnosis | None = None  # what makes the line true at the maximum only, while more is looked for
    until = MOST
    for j, e in enumerate(itertools.chain(tried, digits)):
        if j > until or time.process_time() > stop:
            break
        a, b = (left, e.formula) if side == "right" else (e.formula, right)
        how = sieve.passes(e.formula)
        if how and (how == "everywhere" or found is None) and trial.holds(a, b):
            slip = "algebra" if e.slip == "arithmetic" and names(f) and not data else _named(trial, e, names(left))
            if slip == "arithmetic" and (claim.joined != "continues" and (kind.ell or kind.likelihood) and not kind.derived):
                slip = "wrong data"
            found = Diagnosis(slip, _shown(trial, a, b), e.what)
            if how == "everywhere":
                break
            until = j + FURTHER
    return found


class Sieve:
    """A quick look whether a changed side could make a claim true, before it is tried in earnest: at a test point, only then at more."""

    def __init__(self, trial: Trial, left: Formula, right: Formula, other: Formula):
        self.trial, kind = trial, trial.kind
        sample = trial.judge.trials.points.samples[0]
        self.envs = [sample.top, *sample.points[:2]]
        self.constant = trial.statement.claim.sign == "propto" or ((kind.ell or kind.likelihood) and not kind.derived)
        self.everywhere = not self.constant and trial.at_all_points(left, right)
        self.values: list[float] | None = None
        try:
            g = self._resolved(other)
            self.values = [self.trial.values(g, e) for e in self.envs]
        except WITHOUT_VALUE:
            pass

    def _resolved(self, f: Formula) -> Formula:
        return replace_all(self.trial.judge.resolved(f), {CONSTANT: ZERO})

    def passes(self, f: Formula) -> str:
        """ "" where it could not, "everywhere" where it may make the sides equal at any parameters, else "somewhere"."""
        if self.values is None:
            return "everywhere"
        try:
            return self._passes(self._resolved(f), *self.values)
        except WITHOUT_VALUE:
            return ""

    def _passes(self, f: Formula, t: float, p: float, q: float) -> str:
        v = self.trial.values(f, self.envs[1])
        if (self.everywhere and not _near(p, v)) or (math.isnan(v) and not math.isnan(p)):
            return ""
        u, w = (self.trial.values(f, self.envs[k]) for k in (0, 2))
        if not any((u, v, w)) or any(math.isnan(x) and not math.isnan(y) for x, y in ((u, t), (w, q))):
            return ""
        if _near(p, v) and _near(q, w):
            return "everywhere"
        somewhere = _near(t, u, 1e-3 * (abs(p) + abs(q) + abs(v) + abs(w))) or _near(p, v)
        fixed = self.constant or not names(f) & self.trial.judge.meaning.parameters  # numbers that are rounded, estimates
        apart = fixed and (_near(p - v, q - w, abs(p) + abs(v)) or (v * w != 0 and _near(p / v, q / w)))
        return "somewhere" if somewhere or apart else ""


def _near(x: float, y: float, scale: float = 0.0) -> bool:
    return not abs(x - y) > 1e-6 * (abs(x) + abs(y) + scale + 1e-12)


def _all(trial: Trial, left: Formula, f: Formula, letters: list[Formula], numbers: Iterable[Edit]) -> Iterator[Edit]:
    data = sorted(trial.judge.meaning.observed)
    yield from over_the_sample(f, data, trial.kind.likelihood and not trial.kind.ell)
    yield from _derivatives(trial, left, f)
    yield from edits(f, letters, data, _terms(trial, left, f), numbers)


def _derivatives(trial: Trial, left: Formula, f: Formula) -> Iterator[Edit]:
    """A term of the log-likelihood differentiated wrongly: in the data, without its inner derivative, or not at all."""
    if trial.last is None or not isinstance(left, Derivative) or len(left.variables) != 1:
        return
    v, order = left.variables[0]
    if order != 1 or not isinstance(v, Sym):
        return
    for t in terms(trial.last):
        right = slope(t, v)
        for wrong, slip, what in (
            (naive(t, v), "chain rule", "the inner derivative is missing in a term"),
            (t, "wrong derivative", "a term was not differentiated"),
            *((in_data(t, x), "wrong derivative", "a term was differentiated in the data") for x in sorted(trial.judge.meaning.observed)),
        ):
            if wrong not in (right, ZERO):
                yield Edit(slip, add(f, neg(wrong), right), what)


def _terms(trial: Trial, left: Formula, f: Formula) -> list[Formula]:
    """Terms that may have been dropped: those of the log-likelihood or its derivative, of the side before, of the sample."""
    m = trial.model
    out: list[Formula] = []
    by = next((v for g in walk(left) if isinstance(g, Derivative) for v, _ in g.variables), None)
    if trial.kind.ell or trial.kind.derived:
        whole = [total(m.problem.indexed(t), m.problem.index) for t in _single_terms(m.one)] if m.one is not None else list(terms(m.ell))
        if isinstance(by, Sym):
            whole = [d for t in whole if (d := slope(t, by)) != ZERO]
        out += whole
    out += [t for t in (terms(left) if isinstance(left, Add) else ()) if not isinstance(t, Apply)]
    for v in m.problem.variables:
        if m.one is not None:
            out.append(total(At(v, (Sym("i"),))))
    if m.one is not None:
        out.append(N)
    out += [num(1), *(Sym(k) for k in m.names if k in names(f)), *(h for h in trial.judge.meaning.hats.values() if h.name in names(f))]
    return out


def _single_terms(f: Formula) -> list[Formula]:
    """The terms of a sum, those in brackets one by one."""
    if isinstance(f, Neg):
        return [neg(t) for t in _single_terms(f.arg)]
    return [u for t in f.terms for u in _single_terms(t)] if isinstance(f, Add) else [f]


def _named(trial: Trial, e: Edit, said: Collection[str]) -> str:
    """The name of a slip where it happened."""
    if e.slip == "abs":
        return "boundary" if trial.kind.likelihood or trial.kind.ell else "algebra"
    if trial.kind.derived and e.slip == "lost factor":
        return "chain rule"
    if trial.kind.derived and e.slip == "algebra":
        return "wrong derivative"
    ends = {name for k in trial.model.problem.moving for name in (k, hat(k).name)}
    if e.slip == "sign" and ends & set(said) and not trial.kind.defined:
        return "boundary"
    return e.slip
