"""Newton's method for several unknowns at once, with data: the second derivatives, the start, the iterations."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.removable import bridged, singular
from ...formula.tree import Derivative, Formula, Peak, Relation, SetOf, Sym, equation, num, size
from ...numerics.newton import solve_linear
from ...problem.problem import Problem
from ...recorder import record
from ...rule_names import RuleName
from ...trace import Block, Condition, Display, Outcome, Strength, Table, Words, say
from ..likelihood.score import derivative
from ..maximum.linear_predictor import concave_in_all
from ..maximum.natural_parameters import concave_family
from ..number_format import digits, score_at, tiny
from ..profile.system import System
from ..profile.univariate import Shown
from ..setting import MaximumArgument, Setting, State
from ..unbounded.several_unknowns import without_maximum
from .newton_table import CLOSE, ROUNDS, SHOWN, scoring

SHIFT = 1e-13  # of the second derivatives in units of their diagonal, so that they can be inverted
LEVEL = 1e-11  # two heights that differ by less, relative to their size, are the same
NEARLY = 1e-6  # relative change below which steps that no longer shrink are rounding
MOST_SHOWN = 3  # unknowns up to which every second derivative is written down
LONGEST_SHOWN = 450  # nodes that they have together


SecondDerivatives = Mapping[tuple[str, str], tuple[Formula, Display]]


def jointly_solved(answers: Mapping[str, Peak], state: State) -> Shown:
    """Several equations: nothing to add for a symbolic sample, with data the iterations."""
    names = tuple(answers)
    point = state.data_point
    table = second_derivatives(names, state)
    if point is None:
        argument, conditions = _concave(names, table, state) or (MaximumArgument(Strength.SEARCHED, (_symbolic_words(),), joint=True), ())
        return Shown(argument=argument, conditions=conditions)
    place = [compiled(answers[k])(point) for k in names]
    system = at_data(answers, table, point)
    if any(map(math.isnan, place)) or level(system, place):
        nowhere = without_maximum(system, state)
        if nowhere is None:
            raise NotSupported("no solution of the score equations was found at which the likelihood is largest")
        return nowhere
    rows, start = iterations(system, place)
    blocks = _newtons_method(names, table, system, rows, start, state.problem)
    twin = _twin(system, rows[-1])
    if twin is not None:
        sets: dict[str, Formula] = {
            k: SetOf(tuple(digits(v, 12) for v in dict.fromkeys((a, b)))) for k, a, b in zip(names, rows[-1], twin, strict=True)
        }
        argument = negative_definite(system, rows[-1], state)
        return Shown((*blocks, _twin_words(names, twin)), Outcome.NOT_UNIQUE, sets=sets, argument=argument)
    argument, _ = _concave(names, table, state) or (negative_definite(system, rows[-1], state), ())
    return Shown(tuple(blocks), argument=argument)


def _concave(names: tuple[str, ...], table: SecondDerivatives, setting: Setting) -> tuple[MaximumArgument, tuple[Condition, ...]] | None:
    """The argument that the log-likelihood is concave in all unknowns together, and what it says of the data."""
    argument = concave_in_all(names, table, setting)
    return concave_family(names, setting) if argument is None else (argument, ())


def _newtons_method(
    names: tuple[str, ...], table: SecondDerivatives, system: System, rows: list[list[float]], start: Words, problem: Problem
) -> list[Block]:  # fmt: skip
    """The second derivatives, and the table of the iterations."""
    if len(names) <= MOST_SHOWN and sum(size(f) for f, _ in table.values()) <= LONGEST_SHOWN:
        derivatives: Block = Display(tuple(line for _, d in table.values() for line in d.lines))
    else:
        derivatives = say("They follow from the scores in the same way; they are long, and not written down here.")
    return [
        say("They are solved by Newton's method, which needs the second derivatives."),
        derivatives,
        say("With the vector of scores and the matrix of second derivatives, each step solves the linear equations for the change of the unknowns that would make all scores 0 if they were linear."),
        *scoring([h for h, _ in table.values()], problem, len(names)),
        start,
        Table(
            (say("step"), *(say("{}", Sym(k)) for k in names), *(say("{}", score_of(k, problem)) for k in names)),
            tuple(
                (say("{}", num(j)), *(say("{}", digits(v, 8)) for v in x), *_scores_at(system, x))
                for j, x in enumerate(rows[:SHOWN])
            ),
        ),
    ]  # fmt: skip


def _scores_at(system: System, x: list[float]) -> list[Words]:
    """The scores at a step."""
    changes = [sum(abs(h * v) for h, v in zip(row, x, strict=True)) for row in system.bends(x)]
    return [score_at(s, c) for s, c in zip(system.slopes(x), changes, strict=True)]


def _twin(system: System, x: list[float]) -> list[float] | None:
    """Another point with the same likelihood: two unknowns exchanged, perhaps with a share p as 1 - p; or all signs
    changed of one unknown."""
    height = system.height(x)
    shares = [j for j, b in enumerate(system.bounds) if b == (0.0, 1.0)]
    others: list[list[float]] = []
    for j, a in enumerate(system.bounds):
        if a == (-math.inf, math.inf) and abs(x[j]) > 1e-6:
            others.append([-v if k == j else v for k, v in enumerate(x)])
        for k in range(j + 1, len(x)):
            if system.bounds[k] == a and j not in shares and abs(x[j] - x[k]) > 1e-6 * (1 + abs(x[j])):
                y = list(x)
                y[j], y[k] = y[k], y[j]
                others += [y, [1 - v if i in shares else v for i, v in enumerate(y)]]
    return next((y for y in others if abs(system.height(y) - height) <= 1e-10 * (1 + abs(height))), None)


def _twin_words(names: tuple[str, ...], twin: list[float]) -> Words:
    words = say("The likelihood is as large at another point, ")
    for j, (k, v) in enumerate(zip(names, twin, strict=True)):
        words += say(" and " if j == len(names) - 1 else ", " if j else "") + say("{}", Relation((Sym(k), digits(v, 6)), ("approx",)))
    return words + say(": the density does not change when the unknowns are exchanged so. The maximum is not unique.")


def _symbolic_words() -> Words:
    return say("Whether a solution is the maximum depends on the data: with data the second derivatives there are looked at.")


def score_of(name: str, problem: Problem) -> Derivative:
    """The partial derivative of the log-likelihood, as it is written."""
    return Derivative(problem.of("ell"), ((Sym(name), 1),))


def second_derivatives(names: tuple[str, ...], state: State) -> dict[tuple[str, str], tuple[Formula, Display]]:
    """Each second derivative once, with the line that states it."""
    oracle = state.settled(state.lines_oracle)
    out: dict[tuple[str, str], tuple[Formula, Display]] = {}
    for j, a in enumerate(names):
        for b in names[j:]:
            f = derivative(state.profile[a], Sym(b), state)[1]
            over = ((Sym(a), 2),) if a == b else ((Sym(a), 1), (Sym(b), 1))
            label = Derivative(state.problem.of("ell"), over)
            evidence = oracle.equal(Derivative(state.profile[a], ((Sym(b), 1),)), f)
            out[a, b] = (f, Display((record(equation(label, f), evidence, rule=RuleName.DIFFERENTIATE),)))
    return out


def at_data(answers: Mapping[str, Peak], table: Mapping[tuple[str, str], tuple[Formula, Display]], point: Env) -> System:
    """The functions of the unknowns at a test point with the data."""
    names = tuple(answers)
    peak = answers[names[0]]
    gaps = singular(peak.body, peak.unknowns, compiled)
    outer = tuple((dict(zip(peak.unknowns, names, strict=True))[u], r) for u, r in gaps)
    f, gs = bridged(compiled(peak.body), gaps), [bridged(compiled(g), gaps) for g in peak.slopes]
    hs = {k: bridged(compiled(h), outer) for k, (h, _) in table.items()}
    ends = [compiled(e)(point) for e in peak.ends]

    def inner(x: list[float]) -> Env:
        return {**point, **dict(zip(peak.unknowns, x, strict=True))}

    def bends(x: list[float]) -> list[list[float]]:
        w = {**point, **dict(zip(names, x, strict=True))}
        values = {k: h(w) for k, h in hs.items()}
        return [[values[(a, b) if (a, b) in values else (b, a)] for b in names] for a in names]

    return System(
        names, lambda x: [g(inner(x)) for g in gs], bends, lambda x: f(inner(x)), tuple(zip(ends[::2], ends[1::2], strict=True))
    )  # fmt: skip


def iterations(system: System, root: list[float]) -> tuple[list[list[float]], Words]:
    """Newton's steps from a rounded start to the root."""
    for figures in (1, 2, 3):
        start = [float(f"{x:.{figures}g}") or 0.1 for x in root]
        if not all(lo < x < hi for x, (lo, hi) in zip(start, system.bounds, strict=True)):
            continue
        rows = _newton(system, start)
        if rows is not None and all(abs(a - b) <= 1e-8 * (1e-3 + abs(b)) for a, b in zip(rows[-1], root, strict=True)):
            words = say("The start is where a coarse search over the domain found the likelihood large:")
            return rows, words
    return [root], say("A search over the domain ends at the point where all scores vanish:")


def _newton(system: System, start: list[float]) -> list[list[float]] | None:
    x, rows, before = start, [start], math.inf
    for _ in range(ROUNDS):
        step = solve_linear(system.bends(x), [-s for s in system.slopes(x)])
        if step is None:
            return None
        scale, height = 1.0, system.height(x)
        while True:
            y = [a + scale * d for a, d in zip(x, step, strict=True)]
            inside = all(lo < v < hi for v, (lo, hi) in zip(y, system.bounds, strict=True))
            if inside and system.height(y) >= height - 1e-9 * (1 + abs(height)):
                break
            scale /= 2
            if scale < 1e-6:
                return None
        moved = max(abs(a - b) / (1e-6 + abs(b)) for a, b in zip(y, x, strict=True))
        x = y
        rows.append(x)
        if moved <= CLOSE or (moved <= NEARLY and moved >= before / 2):
            return rows
        before = moved
    return None


def negative_definite(system: System, x: list[float], state: State) -> MaximumArgument:
    """Sylvester's criterion on the matrix of second derivatives at the solution: leading minors -, +, -, ..."""
    h = system.bends(x)
    minors = [_determinant([row[:k] for row in h[:k]]) for k in range(1, len(h) + 1)]
    if not all(m * (-1) ** k > 0 for k, m in enumerate(minors, 1)):
        raise NotSupported("the matrix of second derivatives at the solution of the score equations is not negative definite")
    words = say("The leading minors of the matrix of second derivatives at the solution alternate in sign, the first negative: ")
    for j, m in enumerate(minors):
        words += say(", " if j else "") + say("{}", tiny(m))
    words += say(
        ". By Sylvester's criterion the matrix is negative definite, so the solution is a local maximum. That it is the global one was "
        "found numerically: searches from several starts over the whole domain ended at no higher point."
    )
    if state.problem.restrictions or state.together:
        words += say(
            " Towards the border of what the data allow no path was found on which the likelihood grows without bound; "
            "that there is none is not proved."
        )
    return MaximumArgument(Strength.SEARCHED, (words,), joint=True)


def level(system: System, x: list[float]) -> bool:
    """Whether the height does not fall on both sides of a stationary point, along the direction in which it bends least: then
    the scores vanish there only because they are too small to be told from 0."""
    h = system.bends(x)
    if not all(math.isfinite(v) and h[j][j] < 0 for j, row in enumerate(h) for v in row):
        return False
    units = [1 / math.sqrt(-row[j]) for j, row in enumerate(h)]
    scaled = [
        [v * a * b - (SHIFT if j == k else 0) for k, (v, b) in enumerate(zip(row, units, strict=True))]
        for j, (row, a) in enumerate(zip(h, units, strict=True))
    ]
    v = [1.0 + 0.1 * j for j in range(len(x))]
    for _ in range(3):  # inverse iteration: towards the eigenvector of the smallest eigenvalue
        w = solve_linear(scaled, v)
        if w is None:
            return False
        v = [a / max(map(abs, w)) for a in w]
    step = [a * u for a, u in zip(v, units, strict=True)]
    far = max(abs(a) / (1 + abs(b)) for a, b in zip(step, x, strict=True))
    top = system.height(x)
    for scale in (1 / far, -1 / far):
        y = [a + scale * b for a, b in zip(x, step, strict=True)]
        inside = all(lo < b < hi for b, (lo, hi) in zip(y, system.bounds, strict=True))
        if inside and abs(system.height(y) - top) <= LEVEL * (1 + abs(top)):
            return True
    return False


def _determinant(a: list[list[float]]) -> float:
    if len(a) == 1:
        return a[0][0]
    return math.fsum((-1) ** j * a[0][j] * _determinant([row[:j] + row[j + 1 :] for row in a[1:]]) for j in range(len(a)))
