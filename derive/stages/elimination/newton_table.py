"""Newton's method on the score, with data: the start, the update formula, and a table of the iterations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from ...errors import NotSupported
from ...formula.decimals import quoted, with_power_of_ten
from ...formula.evaluate import compiled
from ...formula.names import hat, marked
from ...formula.rounding import is_long
from ...formula.tree import (
    Apply,
    At,
    Big,
    Derivative,
    Div,
    Formula,
    N,
    Peak,
    Relation,
    Sym,
    add,
    has,
    names,
    neg,
    num,
    rational,
    replace_all,
    value,
    walk,
)
from ...numerics.newton import TIES, Landscape
from ...oracle.oracle import Oracle
from ...proofs.grounds import Ground, proved
from ...proofs.zeros import By, Enclosed, only_zero
from ...recorder import definition, record
from ...rule_names import RuleName
from ...trace import Block, Display, Strength, Table, Words, by_detail, from_standard, in_full, say
from ..maximum.concavity import concave
from ..maximum.decreasing_score import falling
from ..maximum.exponential_family import one_root
from ..maximum.interior_pole import at_pole, has_pole, refuse_pole
from ..maximum.unknown import PROFILE, Unknown
from ..number_format import digits, score_at, up_to_rounding, without_digits
from ..profile.univariate import OneUnknown, Shown, one_unknown
from ..setting import MaximumArgument, Setting, State
from ..unbounded.ends_of_domain import heights, roots_in_words, tied, towards_an_end

ROUNDS = 40  # iterations at most
SHOWN = 12  # iterations shown in the table
BESIDE = 1e-3  # relative distance from a maximum, where it was looked for in floating point, at which the function is lower
NOISE = 1e-11  # by so much, relative to its size
LOCATED = 1e-7  # relative distance from a root at which the score has a sign, where it was looked for in floating point
CLOSE = 1e-12  # relative change at which an iteration has converged
ROUND = [m * 10.0**k for k in range(-3, 5) for m in (1, 2, 5)]  # starts that are tried for a positive unknown


def solved(name: str, peak: Peak, state: State, enclosed: Enclosed | None = None) -> Shown:
    """One equation: the argument for a symbolic sample, and with data the iterations too; enclosed: its roots, where that was done."""
    position = len(state.order)
    unknown = Unknown(name, position, state)
    label = unknown.label
    proof = None if has_pole(unknown) else concave(unknown) or one_root(unknown) or falling(unknown)
    point = state.data_point
    if point is None:
        refuse_pole(unknown)
        return Shown(argument=proof or symbolic_argument(name))
    derivative, second = unknown.second_line, unknown.second
    one = one_unknown(name, peak, second, point, state.problem, enclosed)
    land = one.landscape
    if math.isnan(land.best):
        return towards_an_end(one, land, label, peak, state)
    if one.enclosed is None and any(one.height(x) >= one.height(land.best) - TIES * (1 + abs(one.height(land.best))) for x in one.ends):
        raise NotSupported(
            f"the likelihood is as large at an end of the domain of {name} as at a root of the score; this is not supported yet"
        )
    if len(land.tied) > 1:
        return tied(one, land, label, peak, state)
    if not one.within_reach(land.best):
        words = say(
            "Near its root the score is smaller than the rounding errors of floating point, so the root was bracketed by bisection with more digits."
        )
        return Shown((words,), argument=with_its_root(proof, one) if proof else argued(one, land))
    unit = max(map(abs, one.marks), default=1.0) or 1.0
    if one.enclosed is None and has_pole(unknown) and at_pole(unknown, land.best, unit):
        raise NotSupported(
            f"the likelihood rises towards a value of {name} near {land.best if abs(land.best) > 1e-6 * unit else 0:.2g} at which the score has no value; whether there is a maximum was not settled"
        )
    if one.enclosed is None and not _changes_sign(one, land.best):
        raise NotSupported(f"the root of the score for {name} near {land.best:.4g} was not located to the digits of a float")
    if one.enclosed is None and proof is None and _flat(one, land.best):
        raise NotSupported(
            f"about its largest value, near {name} = {land.best:.4g}, the likelihood is so flat that a search does not tell whether it is the only one"
        )
    label = label if len(state.parameters) > 1 and not position else Apply(label.name, (Sym(name),))
    steps = iterations(one, land.best)
    newton: list[Block] = [say("The equation is solved by bisection between two values at which the score has different signs.")]
    if steps is not None:
        lead, follow = (
            say(
                "The equation is solved by Newton's method. The derivative of the {} is",
                "profile score" if label.name == PROFILE else "score",
            ),
            say("and each step moves to the root of the tangent:"),
        )
        newton = [lead, derivative, follow, *_steps(one, *steps, label, second, state)]
    blocks = list(map(from_standard, newton))
    if proof is not None and one.enclosed is None and state.problem.observations is not None:
        seen = state.problem.observations
        score = state.problem.spelled(peak.slopes[0])
        one = replace(one, enclosed=only_zero(score, peak.unknowns[0], seen.names, seen.rows, land.best))
    return Shown(tuple(blocks), argument=with_its_root(proof, one) if proof else argued(one, land))


def _steps(one: OneUnknown, rows: list[tuple[float, float]], start: Words, label: Apply, second: Formula, state: State) -> list[Block]:
    """The formula of a step, the start and the table of the iterations."""
    u = Sym(one.name)
    rows = list(up_to_rounding(rows, lambda row: without_digits(row[1], abs(row[0] * one.bend(row[0])))))
    update = Relation((marked(one.name, "new"), add(u, neg(Div(Derivative(label, ((u, 1),)), Derivative(label, ((u, 2),)))))), ("=",))
    blocks: list[Block] = [
        Display((definition(update, "Newton's method"),)),
        *scoring([second], state, 1),
        start,
        Table(
            (say("step"), say("{}", u), say("{}", Derivative(label, ((u, 1),)))),
            tuple((say("{}", num(k)), say("{}", digits(x, 9)), score_at(s, abs(x * one.bend(x)))) for k, (x, s) in enumerate(rows[:SHOWN])),
        ),
    ]
    if len(rows) > SHOWN:
        blocks.append(say("and so on, until after {} steps the value no longer changes.", num(len(rows) - 1)))
    return blocks


def scoring(seconds: Sequence[Formula], setting: Setting, several: int) -> list[Block]:
    """That Newton's method is Fisher scoring, where the second derivatives in all the parameters hold no observation, nor numbers of the data."""
    p = setting.problem
    letters = {*p.parameters, *p.known, "n"}
    if (
        several != len(p.parameters)
        or setting.numbers
        or p.rows is not None
        or any(names(f) - letters or any(isinstance(g, (At, Big)) for g in walk(f)) for f in seconds)
    ):
        return []
    what = "derivative does" if several == 1 else "derivatives do"
    return [
        say(
            f"The second {what} not depend on the observations, so the observed information is its own expected value: "
            "Newton's method and Fisher scoring take the same steps here."
        )
    ]


def symbolic_argument(name: str) -> MaximumArgument:
    """Nothing proved: with data all roots are compared."""
    return MaximumArgument(
        Strength.SEARCHED,
        by_detail(
            brief=say("Not proved: that there is only one root."),
            standard=(words := say("Not proved for every sample: that there is only one root. With data, all roots in {} are compared.", Sym(name))),
            full=words,
        ),
    )  # fmt: skip


def argued(one: OneUnknown, land: Landscape) -> MaximumArgument:
    """All stationary points, enclosed or else found on a fine grid, and their heights."""
    u = hat(one.name)
    if one.enclosed is not None:
        return _enclosed(one, one.enclosed, land)
    if len(land.maxima) == 1 and not land.minima:
        words = say(
            "On a fine grid over the domain the score changes its sign once, from plus to minus, at {}. This was found by a search and is not a proof.",
            Relation((Sym(one.name), u), ("=",)),
        )
        return MaximumArgument(Strength.SEARCHED, (words,))
    last = say("The likelihood is largest at {}. A search on a fine grid found no other roots; that there are none is not proved.", u)
    return MaximumArgument(Strength.SEARCHED, (*_several(one, land), last))


def _several(one: OneUnknown, land: Landscape) -> tuple[Words, Table]:
    """All roots of the score, and the log-likelihood there."""
    return roots_in_words(one, land) + say(":"), heights(one, land, Apply("ell", (Sym(one.name),)))


def _changes_sign(one: OneUnknown, x: float) -> bool:
    """Whether the score is positive a little below a place and negative a little above it, as far as floats tell."""
    size = abs(x) or max((abs(m) for m in one.marks), default=1.0) or 1.0
    below, above = (one.slope(x + d * LOCATED * size) for d in (-1, 1))
    return (below > 0 or math.isnan(below)) and (above < 0 or math.isnan(above))


def _flat(one: OneUnknown, x: float) -> bool:
    """Whether a little to one side of a maximum the function is as high, as far as floats tell."""
    size = abs(x) or max((abs(m) for m in one.marks), default=1.0) or 1.0
    top = one.height(x)
    return any(one.height(x + d * BESIDE * size) >= top - NOISE * (1 + abs(top)) for d in (-1, 1))


def with_its_root(proof: MaximumArgument, one: OneUnknown) -> MaximumArgument:
    """The argument that a root is the global maximum, with what carries that there is one at the data."""
    if one.enclosed is None or not one.enclosed.best:
        words = say("That the score has a root was seen from the iteration.")
        return MaximumArgument(Strength.SEARCHED, (*proof.blocks, words))
    lines = _place(one, one.enclosed)
    lead = [say("Interval arithmetic shows that the score changes its sign between these values:")] if lines else []
    return MaximumArgument(proof.strength, (*proof.blocks, *map(in_full, (*lead, *lines))), reason=proof.reason)


def _place(one: OneUnknown, found: Enclosed) -> list[Block]:
    """The line with the bounds of the enclosed maximum."""
    (best,) = found.best
    between = bounds_of(best.low, best.high)
    if between is None:
        return []
    line = Relation((between[0], hat(one.name), between[1]), ("<", "<"))
    return [Display((record(line, proved(Ground.ENCLOSED), rule=RuleName.RESULT),))]


def _enclosed(one: OneUnknown, found: Enclosed, land: Landscape) -> MaximumArgument:
    """Why the enclosed maximum is global."""
    u, blocks = hat(one.name), _place(one, found)
    if found.by is By.HEIGHTS:
        others = len(land.maxima) + len(land.minima) > 1
        several = _several(one, land) if others else ()
        blocks = [say("The maximum lies within these bounds:"), *blocks] if blocks else blocks
        last = say(
            "Interval arithmetic shows that the score has no other roots, and that the likelihood is larger at {} than {}towards the ends of the domain: the maximum is global.",
            u, "at the others and " if others else "",
        )  # fmt: skip
        return MaximumArgument(Strength.ENCLOSED, (*blocks, *several, last))
    lead = [say("The root lies within these bounds:")] if blocks else []
    words = say(
        "Interval arithmetic over the whole domain shows that the score is positive below {}, negative above it, and zero nowhere else: the maximum is global.",
        u,
    )
    return MaximumArgument(Strength.ENCLOSED, (*lead, *blocks, words))


def bounds_of(low: Fraction, high: Fraction) -> tuple[Formula, Formula] | None:
    """Decimals of ten digits around an interval; None about 0."""
    size = min(abs(low), abs(high))
    if low <= 0 <= high:
        return None
    unit = Fraction(10) ** (math.floor(math.log10(size.numerator) - math.log10(size.denominator)) - 9)
    return with_power_of_ten(math.floor(low / unit) * unit), with_power_of_ten((math.floor(high / unit) + 1) * unit)


def with_number(form: Display, name: str, peak: Peak, state: State) -> Display:
    """The lines of an equation, and the number that the data give for its right side."""
    eq, point = form.lines[-1].formula, state.data_point
    right = eq.sides[1]
    if point is None or value(right) is not None or has(right, Sym(name)):
        return form
    v = compiled(right)(point)
    exact = value(replace_all(right, {N: num(state.problem.size)})) if state.problem.size is not None else None
    number, sign = (quoted(v, 6), "approx") if exact is None or is_long(exact) else (rational(exact), "=")
    shown = Relation((eq.sides[0], number), (sign,))
    there = Oracle((point,)).at({name: peak})
    if not math.isfinite(*there.values(eq.sides[0])):
        return form  # out of the reach of floating point
    line = record(shown, there.holds(shown), say("substitute the data"), RuleName.PUT_IN_THE_DATA, continues=True)
    return replace(form, lines=(*form.lines, line))


# -- the iteration -----------------------------------------------------------------------------------


def iterations(one: OneUnknown, root: float) -> tuple[list[tuple[float, float]], Words] | None:
    """The steps (value, score) of Newton's method to the root, and why it starts where it does; None where it does not get there."""
    u = Sym(one.name)
    for start, words in _starts(one, root, u):
        rows = _newton(one, start)
        if rows is not None and abs(rows[-1][0] - root) <= 1e-8 * (1e-3 + abs(root)):
            return rows, words
    return None


def _starts(one: OneUnknown, root: float, u: Sym) -> Iterator[tuple[float, Words]]:
    tried = _round_values(one)
    near_root = [max((x for x in tried if x <= root), default=root), min((x for x in tried if x >= root), default=root)]
    single = one.enclosed is not None and len(one.enclosed.points) == 1  # it rises up to its only root, and falls from there
    looked = [(j, x) for j, x in enumerate(tried) if not single or x in near_root]
    heights = [(h, -j, x) for j, x in looked if not math.isnan(h := one.height(x))]
    if heights:
        best = max(heights)[2]
        shown = (_few(tried, best), Relation((u, digits(best, 6)), ("=",)))
        yield best, say("Of the values {}, the likelihood is largest for {}; start there:", *shown)
    near = float(f"{root:.2g}")
    near = near if one.low < near < one.high else root
    yield near, say("A coarse search puts the root near {}; start there:", Relation((u, digits(near, 6)), ("approx",)))


def _round_values(one: OneUnknown) -> list[float]:
    lo, hi = one.low, one.high
    if math.isfinite(lo) and math.isfinite(hi):
        return [lo + (hi - lo) * k / 10 for k in range(1, 10)]
    if math.isfinite(lo):
        return [lo + x for x in ROUND]
    if math.isfinite(hi):
        return [hi - x for x in ROUND]
    marks = sorted(one.marks) or [0.0]
    lowest, highest = math.floor(marks[0]), math.ceil(marks[-1])
    step = float(f"{max((highest - lowest) / 10, 0.1):.1g}")
    return [round(lowest + k * step, 6) for k in range(round((highest - lowest) / step) + 1)]


def _few(values: list[float], best: float) -> Words:
    """The best value with its neighbours, dots for the others."""
    j = values.index(best)
    near = values[max(j - 2, 0) : j + 3]
    words = say("…, " if j > 2 else "")
    for k, x in enumerate(near):
        words += say(", " if k else "") + say("{}", digits(x, 6))
    return words + say(", …" if j + 3 < len(values) else "")


def _newton(one: OneUnknown, start: float) -> list[tuple[float, float]] | None:
    """Newton's steps; a step that leaves the domain or lowers the likelihood is halved."""
    x = start
    rows = [(x, one.slope(x))]
    for _ in range(ROUNDS):
        s, b = one.slope(x), one.bend(x)
        if math.isnan(s) or math.isnan(b) or b >= 0:
            return None
        step = -s / b
        for _ in range(30):
            y = x + step
            if one.low < y < one.high and one.height(y) >= one.height(x) - 1e-9 * (1 + abs(one.height(x))):
                break
            step /= 2
        else:
            return rows if abs(s) < 1e-8 else None
        moved = abs(y - x)
        x = y
        rows.append((x, one.slope(x)))
        if moved <= CLOSE * (1e-6 + abs(x)):
            return rows
    return None
