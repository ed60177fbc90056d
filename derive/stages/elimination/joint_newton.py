"""Several unknowns at once, with data: the second derivatives, the solution in a box that is proved to hold no other, Newton's steps to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.removable import bridged, singular
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Derivative,
    Float,
    Formula,
    Mul,
    Neg,
    Peak,
    Pow,
    Relation,
    Sym,
    add,
    equation,
    neg,
    num,
    replace_all,
    size,
    transform,
    value,
)
from ...problem.problem import Problem
from ...proofs.composition import Change
from ...proofs.grounds import Ground, proved
from ...proofs.zeros import Box, all_stationary
from ...proofs.zeros import Domain as Interval
from ...recorder import record
from ...rule_names import RuleName
from ...sets.domain import INFINITY
from ...trace import Block, Condition, Display, Outcome, Strength, Table, Words, say
from ..likelihood.score import derivative
from ..maximum.change_of_unknowns import concave_by_terms
from ..maximum.linear_predictor import concave_in_all
from ..maximum.location_scale import one_stationary_point
from ..maximum.natural_parameters import concave_family
from ..number_format import digits, numeric_set, score_at, tiny, up_to_rounding, without_digits
from ..profile.several import located, surface_of
from ..profile.system import System
from ..profile.univariate import Shown
from ..prose import listed
from ..setting import MaximumArgument, Setting, State
from ..unbounded.separation import separated
from .boundary_refit import Outside
from .newton_table import SHOWN, bounds_of, scoring

if TYPE_CHECKING:
    from ...proofs.zeros.several import Surface

NEARLY = Fraction(1, 10**12)  # relative distance from the solution at which the shown steps have arrived
FLAT = 1e-10  # a minor that is smaller, relative to the product of its diagonal, is perhaps 0 but for rounding
MOST_SHOWN = 3  # unknowns up to which every second derivative is written down
LONGEST_SHOWN = 450  # nodes that they have together


Steps = list[
    tuple[list[float], list[float], list[float]]
]  # places, the scores there, and by how much these change if the unknowns change by their sizes
SecondDerivatives = Mapping[tuple[str, str], tuple[Formula, Display]]


def jointly_solved(answers: Mapping[str, Peak], state: State) -> Shown:
    """Several equations: the argument for a symbolic sample, and with data a solution with the iterations that lead to it."""
    names = tuple(answers)
    point = state.data_point
    table = second_derivatives(names, state)
    concave = _concave(names, table, state)
    single = one_stationary_point(names, state) if concave is None else None
    if point is None:
        if concave is None and (u := _exchangeable(answers[names[0]], state)):
            raise NotSupported(
                f"the likelihood does not change when {u}, so a solution of the score equations is in general not the only one; whether the maximum "
                "is at one point depends on the data",
                hint="give the data",
            )
        argument, conditions, _ = concave or (single or MaximumArgument(Strength.SEARCHED, (_symbolic_words(),), joint=True), (), None)
        return Shown(argument=argument, conditions=conditions)
    surface = surface_of(answers[names[0]], state.problem)
    if surface is None:
        return _by_floats(answers, table, state)
    box = surface.top(None if concave is None else _renamed(concave[2], answers)) if concave is not None or single is not None else None
    single = None if box is None else single
    if concave is not None and box is None and (risen := separated(names, state)) is not None:
        return risen
    box = box or _searched(answers, surface, point)
    if box is None or not box.precise:
        _look_beyond(answers, surface, None if concave is None else _renamed(concave[2], answers), state.problem)
        nowhere = separated(names, state)
        if nowhere is None:
            raise NotSupported("no solution of the score equations was found at which the likelihood is largest")
        return nowhere
    alone = concave is not None or single is not None
    cover = None if alone else _covered(surface, box, state)
    box = box if cover is None else cover.best
    answers = located(answers, box, state.problem)
    blocks = _newtons_method(names, table, *iterations(surface, box), state)
    bounds = _enclosed_line(names, box)
    twin = None if alone else _twin(answers, box, state)
    if cover is not None and not cover.settles(twin):
        cover = None
    if not alone:
        strength, words = (Strength.SEARCHED, _searched_words(state)) if cover is None else (Strength.ENCLOSED, _covered_words(cover, twin))
        argument = MaximumArgument(strength, (*bounds, words), joint=True)
    if twin is not None:
        sets, tied = _two_points(names, box.middle, twin)
        words = _twin_words(names, list(map(float, twin)))
        return Shown((*blocks, words), Outcome.NOT_UNIQUE, answers, sets=sets, argument=argument, tied=tied)
    if single is not None:
        argument = replace(single, blocks=(*single.blocks, *bounds))
    elif concave is not None:
        known = concave[0].blocks if not _written(table) else _without_repeats(concave[0].blocks, table)
        argument = replace(concave[0], blocks=(*known, *bounds, _only_words(concave[2])))
    return Shown(tuple(blocks), answers=answers, argument=argument)


def _look_beyond(answers: Mapping[str, Peak], surface: Surface, change: Change | None, problem: Problem) -> None:
    """Raises Outside where the score equations have a solution beyond an end of a domain that belongs to it."""
    closed = [tuple(end is not None and there for end, there in zip((d.low, d.high), d.attained, strict=True)) for d in surface.domains]
    if not any(map(any, closed)):
        return
    wider = [Interval(None if a else d.low, None if b else d.high) for d, (a, b) in zip(surface.domains, closed, strict=True)]
    free = surface.within(wider)
    box = free.top(change)
    place = free.reached() if box is None else box.middle
    for k, v, d, (low, high) in zip(answers, place or (), surface.domains, closed, strict=False):
        stated = problem.parameters[k]
        below, above = (low and d.low is not None and v < d.low), (high and d.high is not None and v > d.high)
        if below or above:
            far = -math.inf if below else math.inf
            raise Outside(k, stated.low if below else stated.high, far if box is None else float(v), stated.words())


@dataclass(frozen=True)
class Covered:
    """best: the highest stationary point as far as floats tell.  rivals: all others that are not proved to be lower.  cells: looked at."""

    best: Box
    rivals: tuple[Box, ...]
    cells: int

    def settles(self, twin: Sequence[Fraction] | None) -> bool:
        """Whether no other point is as high, but for the twin, which is."""
        return all(
            twin is not None and all(lo <= v <= hi or abs(v - lo) <= abs(v) * NEARLY for v, lo, hi in zip(twin, b.low, b.high, strict=True))
            for b in self.rivals
        )


def _covered(surface: Surface, box: Box, state: State) -> Covered | None:
    """All stationary points, where cells that cover the whole domain hold no others; None where that is not settled."""
    if state.problem.restrictions or state.problem.moving or state.together:
        return None
    found = all_stationary(surface, box)
    if found is None:
        return None
    tops = [b for b in found[0] if b.definite]
    best = max(tops, key=lambda b: float(surface.at(b.middle).mid()))
    if not best.precise:
        return None
    return Covered(best, tuple(b for b in found[0] if b != best and not surface.lower(b, best)), found[1])


def _covered_words(cover: Covered, twin: Sequence[Fraction] | None) -> Words:
    others = "no point is higher than these two" if twin is not None else "no other point is as high"
    return say(
        "The whole domain was covered by {} cells, some of them unbounded. Interval arithmetic, which bounds all rounding errors, shows for each cell that a partial derivative has "
        "constant sign on it (on a cell at the edge of the domain, so that the likelihood increases towards the inside), or that the likelihood is lower than at this point, or that it "
        f"contains no solution but those found. So {others}: the maximum is global.",
        num(cover.cells),
    )  # fmt: skip


def _searched(answers: Mapping[str, Peak], surface: Surface, point: Env) -> Box | None:
    """The highest of the local maxima to which searches lead; None where the highest place that was reached is no stationary point."""
    place = [compiled(f)(point) for f in answers.values()]
    box = None if any(map(math.isnan, place)) else surface.near(place)
    return box if box is not None and box.definite else None


def _by_floats(answers: Mapping[str, Peak], table: SecondDerivatives, state: State) -> Shown:
    """A solution in floating point, where the form of the log-likelihood allows no bounds for rounding errors."""
    names, point = tuple(answers), state.data_point
    assert point is not None
    place = [compiled(answers[k])(point) for k in names]
    system = at_data(answers, table, point)
    if any(map(math.isnan, place)):
        raise NotSupported("no solution of the score equations was found at which the likelihood is largest")
    changes = [sum(abs(h * v) for h, v in zip(row, place, strict=True)) for row in system.bends(place)]
    found = [(place, system.slopes(place), changes)]
    return Shown(tuple(_newtons_method(names, table, found, _ends_words(), state)), argument=negative_definite(system, place, state))


def _concave(
    names: tuple[str, ...], table: SecondDerivatives, state: State
) -> tuple[MaximumArgument, tuple[Condition, ...], Change | None] | None:
    """The argument that the log-likelihood is concave in all unknowns together, what it says of the data, and other unknowns in which it is."""
    linear = concave_in_all(names, table, state)
    if linear is not None:
        return linear, (), None
    family = concave_family(names, state)
    if family is not None:
        return *family, None
    found = concave_by_terms(names, state)
    return None if found is None else (found[0], (), found[1])


def _renamed(change: Change | None, answers: Mapping[str, Peak]) -> Change | None:
    """A change of unknowns for the names that they have inside their peaks; None where nothing changes."""
    if change is None or all(f == Sym(k) for k, f in change.new.items()):
        return None
    inside = {k: f.unknowns[f.position] for k, f in answers.items()}
    letters: dict[Formula, Formula] = {Sym(k): Sym(u) for k, u in inside.items()}
    new = {k: replace_all(f, letters) for k, f in change.new.items()}
    return replace(change, old={inside[k]: f for k, f in change.old.items()}, new=new)


def _newtons_method(names: tuple[str, ...], table: SecondDerivatives, rows: Steps, start: Words, setting: Setting) -> list[Block]:
    """The second derivatives, and the table of the iterations."""
    numerically = "The equations have to be solved numerically. "
    if _written(table):
        lead = numerically + ("Newton's method needs the second derivatives:" if len(rows) > 1 else "The second derivatives are")
        derivatives: list[Block] = [say(lead), Display(tuple(line for _, d in table.values() for line in d.lines))]
    else:
        derivatives = [say(numerically + "Newton's method needs the second derivatives, which are long and not written down here.")]
    shown_rows = up_to_rounding(rows, lambda row: all(map(without_digits, row[1], row[2])))
    steps = "Each step replaces the scores by their linear approximations at the current point, and solves the linear equations for the next one."
    return [
        *derivatives,
        *([say(steps)] if len(rows) > 1 else []),
        *scoring([h for h, _ in table.values()], setting, len(names)),
        start,
        Table(
            (say("step"), *(say("{}", Sym(k)) for k in names), *(say("{}", score_of(k, setting.problem)) for k in names)),
            tuple(
                (say("{}", num(j)), *(say("{}", digits(v, 8)) for v in x), *map(score_at, slopes, changes))
                for j, (x, slopes, changes) in enumerate(shown_rows[:SHOWN])
            ),
        ),
    ]  # fmt: skip


def _written(table: SecondDerivatives) -> bool:
    """Whether the second derivatives are few and short enough to be written down."""
    return len({a for a, _ in table}) <= MOST_SHOWN and sum(size(f) for f, _ in table.values()) <= LONGEST_SHOWN


def _without_repeats(blocks: tuple[Block, ...], table: SecondDerivatives) -> tuple[Block, ...]:
    """An argument that begins with the second derivatives, without them where they were written down in that form."""
    seen = {line.formula for _, d in table.values() for line in d.lines}
    match blocks:
        case (Words(), Display(lines), Words() as rest, *more) if {line.formula for line in lines} == seen:
            return (
                say("Each of these second derivatives") + replace(rest, parts=(str(rest.parts[0]).removeprefix("Each"), *rest.parts[1:])),
                *more,
            )
    return blocks


def _twin(answers: Mapping[str, Peak], box: Box, state: State) -> tuple[Fraction, ...] | None:
    """Another point at which the likelihood is as large, since its formula does not change when two unknowns are exchanged, perhaps with a
    share p as 1 - p, or when an unknown changes its sign."""
    peak = next(iter(answers.values()))
    letters = [Sym(k) for k in peak.unknowns]
    for table in _symmetries(peak, state):
        images = [_image(table.get(u, u), dict(zip(letters, zip(box.low, box.high, strict=True), strict=True))) for u in letters]
        apart = any(hi < low or high < lo for (lo, hi), low, high in zip(images, box.low, box.high, strict=True))
        if apart:
            return tuple((lo + hi) / 2 for lo, hi in images)
    return None


def _two_points(names: Sequence[str], one: Sequence[Fraction], other: Sequence[Fraction]) -> tuple[dict[str, Formula], dict[str, Formula]]:
    """Two estimates: the values of an unknown that differs in them, as a set; another one by it where the sum of both is the same."""
    sets: dict[str, Formula] = {}
    tied: dict[str, Formula] = {}
    first: tuple[Sym, Fraction, Fraction] | None = None
    for k, a, b in zip(names, one, other, strict=True):
        if a == b:
            continue
        if first is None:
            first = Sym(k), a, b
        elif (total := first[1] + a) == first[2] + b:
            tied[k] = add(*([] if abs(total) <= abs(a) * NEARLY else [Float(float(total))]), neg(first[0]))
            continue
        sets[k] = numeric_set([float(a), float(b)])
    return sets, tied


def _symmetries(peak: Peak, state: State) -> Iterator[dict[Formula, Formula]]:
    """The changes of unknowns that leave the log-likelihood as it is."""
    letters = [Sym(k) for k in peak.unknowns]
    ends = list(zip(peak.ends[::2], peak.ends[1::2], strict=True))
    shown = _canonical(peak.body, state.al)
    return (t for t in _exchanges(letters, ends) if _canonical(replace_all(peak.body, t), state.al) == shown)


def _exchangeable(peak: Peak, state: State) -> str:
    """Which unknowns may be changed without a change of the likelihood, in words; none where that is not found."""
    table = next(_symmetries(peak, state), None)
    changed = [u.name.removeprefix("#") for u in table or () if isinstance(u, Sym)]
    return "" if table is None else f"{changed[0]} and {changed[1]} are exchanged" if len(changed) > 1 else f"{changed[0]} changes its sign"


def _exchanges(letters: Sequence[Sym], ends: Sequence[tuple[Formula, Formula]]) -> Iterator[dict[Formula, Formula]]:
    """The changes of unknowns that are looked at."""
    shares: dict[Formula, Formula] = {u: add(ONE, neg(u)) for u, end in zip(letters, ends, strict=True) if end == (ZERO, ONE)}
    for j, u in enumerate(letters):
        if ends[j] == (neg(INFINITY), INFINITY):
            yield {u: neg(u)}
        for v, end in zip(letters[j + 1 :], ends[j + 1 :], strict=True):
            if end == ends[j] and u not in shares:
                yield {u: v, v: u}
                if shares:
                    yield {u: v, v: u, **shares}


def _image(f: Formula, places: Mapping[Sym, tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    """The bounds of u, -u or 1 - u."""
    match f:
        case Sym():
            return places[f]
        case Neg(Sym() as u):
            low, high = places[u]
            return -high, -low
        case Add((_, Neg(Sym() as u))):
            low, high = places[u]
            return 1 - high, 1 - low
    raise TypeError(f)


def _canonical(f: Formula, al: Algebra) -> Formula:
    """One form for formulas that differ in the order of terms and factors only."""

    def ordered(g: Formula) -> Formula | None:
        match g:
            case Add():  # brackets opened
                return add(*sorted((al.build(t) for t in al.collect(al.flat(g, deep=True))), key=repr))
            case Mul(fs):
                return Mul(tuple(sorted(fs, key=repr)))
            case Pow(Add() as a, k) if (v := value(k)) is not None and v.denominator == 1 and v % 2 == 0:
                return Pow(min(a, _negated(a), key=repr), k)
            case Call("abs", (Add() as a,)):
                return Call("abs", (min(a, _negated(a), key=repr),))
        return None

    return transform(al.tidy(f), ordered)


def _negated(f: Add) -> Formula:
    """Minus a sum in its one form."""
    return add(*sorted((t.arg if isinstance(t, Neg) else neg(t) for t in f.terms), key=repr))


def _twin_words(names: tuple[str, ...], twin: list[float]) -> Words:
    words = say("The likelihood is as large at another point, ")
    for j, (k, v) in enumerate(zip(names, twin, strict=True)):
        words += say(" and " if j == len(names) - 1 else ", " if j else "") + say("{}", Relation((Sym(k), digits(v, 6)), ("approx",)))
    return words + say(": the density does not change when the unknowns are exchanged so. The maximiser is not unique.")


def _symbolic_words() -> Words:
    return say(
        "Not proved for every sample: that the likelihood is largest at one solution only. With data, the second derivatives there are examined."
    )


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


def iterations(surface: Surface, box: Box) -> tuple[Steps, Words]:
    """Newton's steps from a rounded start to the solution."""
    place = box.middle
    for figures in (1, 2, 3):
        start = [Fraction(f"{float(v):.{figures}g}") for v in place]
        rows = surface.steps(start) if surface.inside_domain(start) else []
        if len(rows) > 1 and all(abs(Fraction(a) - b) <= abs(b) * NEARLY or not b for a, b in zip(rows[-1][0], place, strict=True)):
            digits_kept = ("one significant digit", "two significant digits", "three significant digits")[figures - 1]
            return rows, say(f"As an illustration, start from the solution rounded to {digits_kept}:")
    return surface.steps(place)[:1], _ends_words()


def _ends_words() -> Words:
    return say("A numerical search gives the solution:")


def _enclosed_line(names: tuple[str, ...], box: Box) -> tuple[Block, ...]:
    """The bounds of the solution."""
    pairs = zip(names, box.low, box.high, strict=True)
    lines = tuple(
        record(Relation((between[0], hat(k), between[1]), ("<", "<")), proved(Ground.ENCLOSED), rule=RuleName.RESULT)
        for k, low, high in pairs
        if (between := bounds_of(low, high)) is not None
    )
    words = say(
        "Interval arithmetic shows that the score equations have a solution{}, and that at it the matrix of second derivatives "
        "is negative definite{}",
        " within these bounds" if lines else " at this point",
        ":" if lines else ".",
    )
    return (words, Display(lines)) if lines else (words,)


def _only_words(change: Change | None) -> Words:
    other = change is not None and any(f != Sym(k) for k, f in change.new.items())
    where = listed(" in ", [Sym(k) for k in change.new]) if change is not None and other else say("")
    return (
        say("As the log-likelihood is concave")
        + where
        + say(" and decreases in every direction from this solution, it is the only solution, and the global maximum.")
    )


def _searched_words(state: State) -> Words:
    words = say(
        "So the solution is a local maximum. That it is the global one was not proved; searches from several starting points found no higher point."
    )
    if state.problem.restrictions or state.together:
        words += say(
            " Towards the border of what the data allow no path was found on which the likelihood grows without bound; "
            "that there is none is not proved."
        )
    return words


def negative_definite(system: System, x: list[float], state: State) -> MaximumArgument:
    """Sylvester's criterion on the matrix of second derivatives at the solution: leading minors -, +, -, ..."""
    h = system.bends(x)
    minors = [_determinant([row[:k] for row in h[:k]]) for k in range(1, len(h) + 1)]
    sizes = [math.prod(abs(row[j]) for j, row in enumerate(h[:k])) for k in range(1, len(h) + 1)]
    if not all(m * (-1) ** k > FLAT * size for k, (m, size) in enumerate(zip(minors, sizes, strict=True), 1)):
        raise NotSupported("the matrix of second derivatives at the solution of the score equations is not negative definite")
    words = say(
        "The leading minors of the matrix of second derivatives at the solution alternate in sign, the first negative; they are approximately "
    )
    for j, m in enumerate(minors):
        words += say(", " if j else "") + say("{}", tiny(m))
    words += say(
        ". By Sylvester's criterion the matrix is negative definite, so the solution is a local maximum. That it is the global one was "
        "not proved; searches from several starting points found no higher point. Rounding errors were not bounded."
    )
    return MaximumArgument(Strength.SEARCHED, (words,), joint=True)


def _determinant(a: list[list[float]]) -> float:
    if len(a) == 1:
        return a[0][0]
    return math.fsum((-1) ** j * a[0][j] * _determinant([row[:j] + row[j + 1 :] for row in a[1:]]) for j in range(len(a)))
