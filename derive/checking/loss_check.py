"""A hand-worked way from a noise model to a loss, judged line by line.

Test points are random predictions (or random weights, where the question says how predictions are computed), observations
and constants.  Test points with the same observations tell whether a function is the negative log-likelihood up to a positive
factor and what does not depend on the predictions.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ..errors import NotSupported
from ..formula.evaluate import Env, compiled
from ..formula.tree import Apply, At, Formula, Mul, Sym, children, has, names, transform, walk
from ..oracle.oracle import close, compares, magnitude
from ..problem.problem import Problem
from ..problem.test_points import random_parameters
from ..stages.loss.loss_state import drawn, loss_point
from .claims import CONSTANT, IN_PASSING, Claim, Solution
from .findings import Line
from .reading.notation_scan import Declared
from .reading.solution import read
from .report import Report

GROUPS, ALIKE, TRIES = 3, 4, 600
CLOSE = 1e-8
HEADS = frozenset({"L", "ell", "nll"})
REMARK = "equal up to what does not depend on the predictions, which does not move the minimum"


@dataclass
class Bench:
    """Where the lines of one solution are judged.

    groups: test points with predictions, several each with the same observations.  points: test points with one observation and one
    prediction.  losses: functions that the writer defined, by name their formulas.
    """

    problem: Problem
    groups: list[list[Env]]
    points: list[Env]
    losses: dict[str, Formula] = field(default_factory=dict)

    @property
    def test_points(self) -> list[Env]:
        return [w for group in self.groups for w in group]


def check_loss(text: str | Sequence[object], problem: Problem) -> Report:
    """The report on a solution of a question about a loss.  Raises NotSupported where it cannot be judged."""
    assert problem.prediction is not None
    declared = Declared.of(problem)
    bench = bench_of(problem)
    solution = read(text, replace(declared, known=(*declared.known, *problem.prediction.weights)))
    said = (claim for claim in solution.claims if not (claim.asserted and claim.prose == IN_PASSING))
    lines = [_line(claim, *_judged(claim, bench)) for claim in said]
    return Report(tuple(lines), _answer(solution, lines, bench), solution.remarks, solution.text)


# -- test points ----------------------------------------------------------------------------------------


def bench_of(problem: Problem) -> Bench:
    """Random test points for a question with a prediction; the observations are the given ones where there are any."""
    rng = random.Random(21)
    groups: list[list[Env]] = []
    for _ in range(TRIES):
        group = [w for w in (_test_point(problem, rng, None),) if w is not None]
        for _ in range(20 * ALIKE):
            if group and len(group) < ALIKE and (other := _test_point(problem, rng, group[0])) is not None:
                group.append(other)
        if len(group) == ALIKE:
            groups.append(group)
        if len(groups) == GROUPS:
            return Bench(problem, groups, [_point(problem, w) for group in groups for w in group])
    raise NotSupported("no predictions were found at which the observations are possible", hint="check the prediction and the data")


def _test_point(p: Problem, rng: random.Random, like: Env | None) -> Env | None:
    """A test point; with `like` only the predictions (or the weights) are new.  None where the observations are impossible."""
    assert p.prediction is not None
    own = {k: rng.uniform(-0.7, 0.9) for k in p.prediction.weights}
    values: Env = {**(random_parameters(p, rng) if like is None else like["#values"]), **own}
    seen = p.observations
    columns: dict[str, list[float]] = dict(seen.columns()) if seen is not None else {}
    size = like["n"] if like is not None else seen.size if seen is not None else rng.randint(3, 5)
    for c in p.prediction.covariates:
        columns.setdefault(c, like[c] if like is not None else [rng.uniform(0.3, 1.5) for _ in range(size)])
    for k in p.prediction.outputs:
        columns[k] = _predictions(p, k, rng, values, columns, size)
        if not all(p.parameters[k].interior.contains(x, values) for x in columns[k]):
            return None
    if seen is None:
        columns |= drawn(p, rng, values, columns) if like is None else {v: like[v] for v in p.variables}
    w = loss_point(p, values, columns)
    if w is not None:
        ell = w["#ell"]
        w |= {"nll": lambda *_: -ell, "L": lambda *_: math.exp(ell), CONSTANT.name: math.nan}
        w |= {v + "_bar": math.fsum(columns[v]) / size for v in p.variables}
    return w


def _predictions(p: Problem, output: str, rng: random.Random, values: Env, columns: dict[str, list[float]], size: int) -> list[float]:
    assert p.prediction is not None
    f = p.prediction.outputs[output]
    if f is None:
        return [p.parameters[output].interior.points(rng, dict(values), 1)[0] for _ in range(size)]
    g = compiled(f)
    rows = [{**values, **{c: columns[c][j] for c in p.prediction.covariates}, "Transpose": lambda a: a} for j in range(size)]
    return [g(row) for row in rows]


def _point(p: Problem, w: Env) -> Env:
    """One observation with its prediction: letters without an index, the density as a function."""
    assert p.prediction is not None
    one: Env = {**w, **{k: w[k][0] for k in (*p.variables, *p.prediction.outputs, *p.prediction.covariates)}}
    letters = [*p.variables, *p.parameters]

    def density(*values: float) -> float:
        return math.exp(p.log_density({**one, **dict(zip(letters, values, strict=False))}))

    one |= {"f": density, "L": lambda *_: density(), "ell": lambda *_: math.log(density())}
    return one


# -- claims ----------------------------------------------------------------------------------------


def _judged(claim: Claim, bench: Bench) -> tuple[str, str | None, str | None]:
    """Verdict, message and remark."""
    if not claim.readings:
        return "unread", claim.unread or "this was not read", None
    best: tuple[str, str | None, str | None] | None = None
    for left, right in claim.readings:
        try:
            found = _reading(claim, left, right, bench)
        except (KeyError, TypeError, ValueError, IndexError, ArithmeticError, RecursionError, AttributeError) as e:
            found = (
                "unread",
                f"a letter or function has no meaning here ({e})" if isinstance(e, KeyError) else "this could not be evaluated",
                None,
            )
        if found[0] == "valid":
            return found
        best = best or found
    assert best is not None
    return ("valid", None, None) if best[0] == "unread" and claim.joined == "condition" else best


def _reading(claim: Claim, left: Formula, right: Formula, bench: Bench) -> tuple[str, str | None, str | None]:
    p = bench.problem
    assert p.prediction is not None
    singles = {*p.variables, *p.prediction.outputs, *p.prediction.covariates}
    left, right = _called(left, bench, first=claim.sign in ("=", ":=")), _called(right, bench)
    if claim.sign in ("=", ":=") and _assumed(left, right, p):
        return "valid", None, None
    if claim.sign in ("=", ":=", "propto", "approx") and _new_function(left, bench):
        assert isinstance(left, Apply)
        bench.losses[left.name] = right
        if _is_loss(right, bench):
            return "valid", None, None
        return "invalid", "This is not smallest where the likelihood is largest.", None
    alone = any(isinstance(g, Sym) and g.name in singles for g in _outside_heads(left, right))
    test_points = bench.points if alone and not any(isinstance(g, At) for f in (left, right) for g in walk(f)) else bench.test_points
    if claim.sign in ("=", ":=") and has(Mul((left, right)), CONSTANT):
        good = _shifted(left, right, bench)
        return ("valid", None, None) if good else ("invalid", "The two sides do not differ by a constant.", None)
    if claim.sign in ("=", ":="):
        wrong = _difference(left, right, test_points, bench)
        if wrong is None:
            return "valid", None, None
        if isinstance(left, Apply) and left.name in ("nll", *bench.losses) and _is_loss(right, bench):
            return "valid", None, REMARK
        if isinstance(left, Apply) and left.name in ("nll", "ell") and _shifted(left, right, bench):
            return "valid", None, REMARK
        return "invalid", f"This does not hold: the left side is {wrong[0]:.6g} where the right side is {wrong[1]:.6g}.", None
    if claim.sign == "propto":
        good = _proportional(left, right, bench)
        return ("valid", None, None) if good else ("invalid", "The two sides are not in proportion.", None)
    held = all(compares(_value(left, bench)(w), claim.sign, _value(right, bench)(w), right) for w in test_points)
    return ("valid", None, None) if held else ("invalid", "This does not hold for all predictions.", None)


def _called(f: Formula, bench: Bench, first: bool = False) -> Formula:
    """A letter that stands for a loss (J, BCE) as a function without arguments; first: it may be a new one."""
    if first and isinstance(f, Sym) and f != CONSTANT and f.name not in bench.groups[0][0]:
        return Apply(f.name, ())
    arguments = {*bench.problem.parameters, *(bench.problem.prediction.weights if bench.problem.prediction is not None else ())}

    def one(g: Formula) -> Formula | None:
        match g:
            case Sym(name) if name in bench.losses:
                return Apply(name, ())
            case Mul((Apply(name, ()), Sym(argument))) if name in bench.losses and argument in arguments:
                return Apply(name, ())  # J(theta), where J was a letter before
        return None

    return transform(f, one)


def _outside_heads(*sides: Formula) -> list[Formula]:
    """Every part of the sides but the arguments of the likelihood and of losses: L(p) speaks of all predictions."""
    out: list[Formula] = []
    for f in sides:
        if not isinstance(f, Apply) or f.name in ("f", "Transpose"):
            out += [f, *_outside_heads(*children(f))]
    return out


def _assumed(left: Formula, right: Formula, p: Problem) -> bool:
    """A case (y_i = 1), or how the predictions are computed where the question leaves that open."""
    assert p.prediction is not None
    base = left.base if isinstance(left, At) else left.name if isinstance(left, Sym) else ""
    if base in p.variables and not names(right) and not any(isinstance(g, Apply) for g in walk(right)):
        return True
    return base in p.prediction.outputs and p.prediction.outputs[base] is None


def _new_function(left: Formula, bench: Bench) -> bool:
    """Whether a side is a function (or letter) of the writer's own that has no meaning yet."""
    return isinstance(left, Apply) and left.name not in HEADS | {"f", "Transpose", *bench.losses}


def _value(f: Formula, bench: Bench) -> Callable[[Env], float]:
    g = compiled(f)
    own = {name: compiled(h) for name, h in bench.losses.items()}

    def value(w: Env) -> float:
        e = dict(w)
        for name, h in own.items():
            e[name] = lambda *_, h=h: h(e)
        return g(e)

    return value


def _difference(left: Formula, right: Formula, test_points: Sequence[Env], bench: Bench) -> tuple[float, float] | None:
    """Two values that differ, or None where the sides agree everywhere.  Raises ValueError where they have no values."""
    f, g = _value(left, bench), _value(right, bench)
    seen = 0
    for w in test_points:
        u, v = f(w), g(w)
        if math.isnan(u) or math.isnan(v):
            continue
        seen += 1
        if not close(u, v, CLOSE) and not close(u, v, CLOSE, max(_scale(left, w), _scale(right, w))):
            return u, v
    if not seen:
        raise ValueError("no values")
    return None


def _scale(f: Formula, w: Env) -> float:
    try:
        return magnitude(f, w)
    except (KeyError, TypeError, ValueError):
        return 0.0


def _changes(f: Formula, bench: Bench) -> list[list[float]]:
    """How a function changes within each group: without what is free of the predictions."""
    g = _value(f, bench)
    values = [[g({**w, CONSTANT.name: 0.0}) for w in group] for group in bench.groups]
    return [[v - vs[0] for v in vs[1:]] for vs in values]


def _is_loss(f: Formula, bench: Bench) -> bool:
    """Whether a function is the negative log-likelihood up to a positive factor and a shift, one each for the observations."""
    ratios = _ratios(_changes(f, bench), [[group[0]["#ell"] - w["#ell"] for w in group[1:]] for group in bench.groups])
    return ratios is not None and all(r > 0 for r in ratios)


def _shifted(left: Formula, right: Formula, bench: Bench) -> bool:
    """Whether the sides differ by what does not depend on the predictions."""
    ratios = _ratios(_changes(right, bench), _changes(left, bench))
    return ratios is not None and all(abs(r - 1) < CLOSE for r in ratios)


def _ratios(us: Sequence[Sequence[float]], vs: Sequence[Sequence[float]]) -> list[float] | None:
    """For each group the ratio of the changes, None where there is not one."""
    out = []
    for u, v in zip(us, vs, strict=True):
        if not all(math.isfinite(x) for x in (*u, *v)) or not any(v):
            return None
        r = math.fsum(a * b for a, b in zip(u, v, strict=True)) / math.fsum(b * b for b in v)
        if any(abs(a - r * b) > 1e-7 * (abs(a) + abs(r * b)) + 1e-12 for a, b in zip(u, v, strict=True)):
            return None
        out.append(r)
    return out


def _proportional(left: Formula, right: Formula, bench: Bench) -> bool:
    """Whether the ratio of the sides does not depend on the predictions; of losses, whether they have the same minimum."""
    if isinstance(left, Apply) and left.name in ("nll", *bench.losses):
        return _is_loss(right, bench)
    f, g = _value(left, bench), _value(right, bench)
    return all(close(f(w) * g(group[0]), f(group[0]) * g(w), CLOSE) for group in bench.groups for w in group[1:])


def _answer(solution: Solution, lines: Sequence[Line], bench: Bench) -> str:
    """Whether the last function that the solution gives is the loss."""
    heads = {"nll", *bench.losses}
    chained = {c.chain for c in solution.claims if isinstance(c.left, (Apply, Sym)) and c.left.name in heads}
    ends = [c.right for c in solution.claims if isinstance(c.left, (Apply, Sym)) and c.left.name in heads and c.right is not None]
    ends += [c.right for c in solution.claims if c.chain in chained and c.right is not None][-1:]
    ends += [m.formula for m in solution.mentions[-1:]]
    verdicts = []
    for f in ends:
        try:
            verdicts.append(_is_loss(_called(f, bench), bench))
        except (KeyError, TypeError, ValueError, ArithmeticError, IndexError):
            continue
    if not verdicts:
        return "missing"
    return "right" if any(verdicts[-2:]) else "wrong"


def _line(claim: Claim, verdict: str, message: str | None, remark: str | None) -> Line:
    return Line(claim.source_line, claim.text, verdict, message, remark=remark)
