"""Parameters of which the likelihood knows certain combinations only: those are estimated, and the parameters are tied to each other.

Where the log-likelihood does not change when some parameters are scaled, or shifted, together (Catchpole and Morgan 1997, Biometrika 84: the
derivatives are then linearly dependent), one of them can have any value, and a question in fewer unknowns is left.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.names import hat
from ...formula.plain import plain
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Derivative,
    Div,
    Float,
    Formula,
    Mul,
    Pow,
    Searched,
    Span,
    Sym,
    Union,
    add,
    equation,
    log,
    mul,
    names,
    neg,
    rational,
    replace_all,
    transform,
    value,
)
from ...oracle.oracle import vanishes
from ...problem.problem import Problem
from ...problem.test_points import random_points
from ...proofs.invariance import Invariance, evidence, proposed, rank
from ...recorder import definition, held, record
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative, differentiate
from ...sets.domain import INFINITY, MINUS_INFINITY, Domain
from ...trace import Block, Condition, ConditionKind, Display, How, Outcome, Section, SectionKey, Words, say
from ..boundary.admissible_region import order_at_data
from ..likelihood.score import derivative
from ..profile.substitution import back_substitute
from ..prose import listed
from ..setting import ARGUED, State
from .method import Search
from .methods import undetermined

ONE_ESTIMATE = (ConditionKind.BOTH, ConditionKind.UNIQUE)
SAMPLES = 8  # at which it is looked whether the derivatives depend on each other
LETTERS = ("phi", "eta", "zeta", "xi", "chi")


@dataclass(frozen=True)
class Combined:
    """The likelihood as a function of fewer unknowns.

    free: the parameter that may have any value.  tied: the others of the combinations, in terms of it and of the new letters.
    letters: by new letter the combination that it stands for.  scales, products: whether these are products of powers, of positive ones.
    problem: the question in the letters that are left.  shown: why.
    """

    free: str
    tied: Mapping[str, Formula]
    letters: Mapping[str, Formula]
    problem: Problem
    shown: tuple[Block, ...]
    scales: bool
    products: bool


def combined(state: State) -> Combined | None:
    """The question in combinations of the parameters, where the likelihood depends on those only; None where that is not found."""
    p = state.problem
    if len(p.parameters) < 2 or p.restrictions or p.implied or p.constraints or p.rows is not None or p.cells is not None:
        return None
    if p.sums or p.reduction is not None or any(d.discrete or d.also is not None for d in p.parameters.values()):
        return None
    assert state.ell is not None
    try:
        slopes = {k: derivative(state.ell, Sym(k), state)[1] for k in p.parameters}
        gradients = [slopes, *({k: state.al.tidy(differentiate(e, Sym(k), state.al)) for k in p.parameters} for e in _moving_ends(p))]
    except (NotSupported, NoDerivative):
        return None
    oracle = state.lines_oracle
    values = [{k: oracle.values(g) for k, g in each.items()} for each in gradients]
    at = [{k: v[k][j] for k in p.parameters} for v in values for j in range(len(oracle.points))]
    for found in proposed(at, list(oracle.points) * len(gradients), tuple(p.parameters)):
        if all(each[k] == ZERO for each in gradients for k in found.by):
            continue
        proofs = [evidence(found, each, state.al) for each in gradients]
        if None in proofs or (why := proofs[0]) is None:
            continue
        for free in reversed(list(found.by)):
            tied = _tied(found, free, p)
            if tied is None:
                continue
            label = p.of("ell")
            total = found.combination({k: Derivative(label, ((Sym(k), 1),)) for k in found.by})
            line = record(equation(total, ZERO), why, rule=RuleName.EXPAND)
            return _smaller(found, free, tied, p, (Display((line,)),), state.al)
    return None


def _moving_ends(p: Problem) -> list[Formula]:
    """The ends of the supports that depend on parameters."""
    return [e for d in p.support.values() if d.letters & set(p.parameters) for e in (d.low, d.high) if names(e) & set(p.parameters)]


def refuse_fewer(state: State) -> None:
    """Raises NotSupported where the derivatives of the log-likelihood are linearly dependent for every sample that is tried: then
    the likelihood is a function of fewer unknowns than there are parameters, and no estimate is the only one."""
    p = state.problem
    if len(p.parameters) < 2 or p.whole or p.implied or p.moving or p.restrictions or not p.observed:
        return
    if p.rows is not None or p.cells is not None or p.reduction is not None or any(d.discrete for d in p.parameters.values()):
        return
    try:
        slopes = [compiled(differentiate(log(p.density), Sym(k), state.al)) for k in p.parameters]
        samples = random_points(p.without_data(), max(SAMPLES, len(slopes)), seed=11)
    except (NotSupported, NoDerivative):
        return
    each = [dict(zip(p.observed, row, strict=True)) for s in samples for row in zip(*(s["#sample"][v] for v in p.observed), strict=True)]
    for w in samples[:2]:
        rows = [[g({**w, **x}) for g in slopes] for x in each]
        if not all(math.isfinite(v) for r in rows for v in r) or rank(rows) == len(slopes):
            return
    raise NotSupported(
        "the derivatives of the log-likelihood are linearly dependent whatever the data are: it is a function of fewer unknowns than there are "
        "parameters, so they are not identifiable, and which combinations the data determine was not found",
        hint="write the density in these combinations",
    )


def _tied(found: Invariance, free: str, p: Problem) -> dict[str, Domain] | None:
    """By tied parameter the domain of its combination; None where that is no interval that can be said."""
    d = p.parameters[free]
    powers = {k: c / found.by[free] for k, c in found.by.items() if k != free}
    out: dict[str, Domain] = {}
    for k, c in powers.items():
        e = p.parameters[k]
        if found.scales:
            real = (d.low, d.high) == (MINUS_INFINITY, INFINITY)
            positive = d.low == ZERO and d.high == INFINITY
            cone = e.low in (ZERO, MINUS_INFINITY) and e.high == INFINITY
            whole = c.denominator == 1 and (e.low == MINUS_INFINITY or c % 2 == 0)
            if not cone or not (positive or (real and whole)):
                return None
            out[k] = e
        else:
            ends = _sum_of_sets(e, d, -c)
            if ends is None or (len(powers) > 1 and not (ends.low == MINUS_INFINITY and ends.high == INFINITY)):
                return None
            out[k] = ends
    return out


def _sum_of_sets(e: Domain, d: Domain, c: Fraction) -> Domain | None:
    """The values of x + c y for x in one interval and y in another, with ends that are numbers."""
    if e.letters or d.letters:
        return None
    low, high = (d.low, d.high) if c > 0 else (d.high, d.low)
    opens = (d.low_open, d.high_open) if c > 0 else (d.high_open, d.low_open)
    al = Algebra()

    def end(a: Formula, b: Formula, none: Formula) -> Formula:
        if a in (INFINITY, MINUS_INFINITY) or b in (INFINITY, MINUS_INFINITY):
            return none
        return al.tidy(add(a, mul(rational(c), b)))

    bottom, top = end(e.low, low, MINUS_INFINITY), end(e.high, high, INFINITY)
    return replace(
        e, low=bottom, high=top, low_open=bottom == MINUS_INFINITY or e.low_open or opens[0],
        high_open=top == INFINITY or e.high_open or opens[1],
    )  # fmt: skip


def _smaller(
    found: Invariance, free: str, domains: Mapping[str, Domain], p: Problem, shown: tuple[Block, ...], al: Algebra
) -> Combined:  # fmt: skip
    taken = {*p.parameters, *p.known, *p.observed, *p.statistics, "n", p.index}
    fresh = iter([k for k in LETTERS if k not in taken])
    u = Sym(free)
    tied: dict[str, Formula] = {}
    letters: dict[str, Formula] = {}
    gauge: dict[Formula, Formula] = {u: ONE if found.scales else ZERO}
    parameters: dict[str, Domain] = {}
    for k, d in domains.items():
        name = next(fresh, None)
        if name is None:
            raise NotSupported("the likelihood depends on fewer combinations of the parameters than there are parameters")
        c = found.by[k] / found.by[free]
        if found.scales:
            letters[name] = al.tidy(mul(Sym(k), Pow(u, rational(-c))))
            tied[k] = al.tidy(mul(Sym(name), Pow(u, rational(c))))
        else:
            letters[name] = add(Sym(k), al.tidy(mul(rational(-c), u)))
            tied[k] = add(Sym(name), al.tidy(mul(rational(c), u)))
        gauge[Sym(k)] = Sym(name)
        parameters[name] = d
    parameters |= {k: d for k, d in p.parameters.items() if k not in found.by}
    put = transform(replace_all(p.density, gauge), lambda g: al.tidy(g) if isinstance(g, (Div, Mul, Pow)) else None)
    put = transform(put, lambda g: add(*g.terms) if isinstance(g, Add) else None)
    support = {v: d.replaced(gauge) for v, d in p.support.items()}
    support = {
        v: replace(d, low=al.tidy(d.low), high=al.tidy(d.high)) if _moving_ends(p) and d != p.support[v] else d for v, d in support.items()
    }
    smaller = p.replace(
        parameters=parameters, density=put, support=support, written=put, entry=None, given=None, notation={k: v for k, v in p.notation.items() if k in parameters or k not in p.parameters},
        probabilities=tuple(replace_all(f, gauge) for f in p.probabilities), remainders=(), origin=None,
    )  # fmt: skip
    lines = tuple(definition(equation(Sym(k), f), "a combination", rule=RuleName.LETTER) for k, f in letters.items())
    several = len(letters) > 1
    beside = [Sym(c) for c in p.covariates] if p.observations is not None else []
    whatever = listed("", [Sym(v) for v in p.variables]) if beside else say("the data")
    lead: Words = say("The derivatives are linearly dependent, whatever ") + whatever + say(" may be")
    lead += listed(" for the given ", beside) + say(":") if beside else say(":")
    ends = listed("and so do those of the ends of the support, ", _moving_ends(p)) + say(".") if _moving_ends(p) else None
    follow = say(
        "So {} does not change when ", p.of("ell")
    ) + listed("", [Sym(k) for k in found.by]) + say(
        " are {} {} in that proportion: it is a function of fewer unknowns. Where there is a maximum, it need not be at one point only. With",
        "scaled" if found.scales else "shifted", "together" if len({c > 0 for c in found.by.values()}) == 1 else "against each other",
    )  # fmt: skip
    blocks = (
        lead,
        *shown,
        *([] if ends is None else [ends]),
        follow,
        Display(lines),
        say(f"the likelihood depends on the parameters through {'these' if several else 'this'} alone."),
    )
    return Combined(
        free,
        tied,
        letters,
        smaller,
        blocks,
        found.scales,
        found.scales and all(c / found.by[free] < 0 for k, c in found.by.items() if k != free),
    )


def put_back(state: State, found: Combined, inner: State) -> State:
    """The parameters at the estimates of their combinations; state: as it was before; inner: the smaller question answered."""
    why = Section(SectionKey.PROFILE, say("What the data can tell"), found.shown)
    sections = (*state.sections, why, *(s for s in inner.sections if s.key is not SectionKey.LIKELIHOOD))
    # a condition under which the combinations have one estimate is one under which the parameters have some
    needed = tuple(replace(c, kind=ConditionKind.EXISTS) if c.kind in ONE_ESTIMATE else c for c in inner.conditions)
    state = replace(state, sections=sections, numbers=inner.numbers, conditions=(*state.conditions, *needed))
    if inner.outcome is Outcome.NONE:
        return state.without_maximum(inner.weakest(inner.certainty))
    if any(k in inner.sets for k in found.letters):
        raise NotSupported("a combination of the parameters has several estimates, and the parameters are not determined by it")
    state = replace(
        state, equations={**state.equations, **inner.equations}, resultants={**state.resultants, **inner.resultants}, profile=inner.profile,
    )  # fmt: skip
    there_is = {k: f if names(f := inner.found[k]) & set(inner.sets) else inner.answers[k] for k in inner.answers}
    searched = [k for k in found.letters if isinstance(there_is[k], Searched)]
    if searched:
        if inner.data_point is None and not state.problem.whole:
            raise NotSupported(
                f"the likelihood depends on combinations of {', '.join(state.parameters)} only, whose estimates have no closed form",
                hint="give the data, or write the density in these combinations",
            )
        w = inner.settled(inner.judge).points[0]
        there_is |= {k: Float(w[k]) for k in searched}
        state = replace(state, numbers=True)  # the answers are those of the data
    for _ in found.letters:  # one may be known in terms of another
        there_is = {
            k: replace_all(f, {g: there_is[o] for o in found.letters if o != k for g in (Sym(o), hat(o))}) for k, f in there_is.items()
        }
    values: dict[Formula, Formula] = {f: there_is[k] for k in found.letters for f in (Sym(k), hat(k))}
    for k in state.parameters:
        if k in found.tied:
            answer = state.al.tidy(replace_all(found.tied[k], values))
            state = state.answered(k, answer, How.GIVEN_OTHERS, inner.weakest(names(found.tied[k])))
        elif k != found.free:
            state = state.answered(k, replace_all(there_is[k], values), inner.how[k], inner.weakest([k]))
    state = replace(state, sets=dict(inner.sets))
    free = state.problem.parameters[found.free]
    without_zero = found.scales and free.contains(0.0)
    if without_zero and found.products and state.problem.observations is not None:
        w = inner.settled(inner.judge).points[0]
        if any(vanishes(there_is[k], w) for k in found.letters):
            raise NotSupported(
                f"the likelihood is largest where {' or '.join(map(plain, found.letters.values()))} is 0, whichever factor is 0: several lines, "
                "which no single relation between the parameters describes",
                hint="write the density in this combination",
            )
    whole = undetermined.possible(found.free, list(found.tied), state)
    if isinstance(whole, Span) and whole.low != MINUS_INFINITY and whole.high != INFINITY:
        if state.problem.observations is not None and not state.problem.known:
            width = order_at_data(whole.high, whole.low, state)
            if width < 0 or (width == 0 and (whole.low_open or whole.high_open)):
                raise NotSupported("the estimates of the combinations belong to no values of the parameters in their domains")
            if width == 0:
                return _single(state, found, whole.low, there_is)
        elif value(gap := state.al.tidy(add(whole.high, neg(whole.low)))) is None and not state.al.sign(gap):
            only = Condition(ConditionKind.UNIQUE, (), say("{}, and only then", equation(whole.high, whole.low)))
            state = state.adding(conditions=[only])
    last = undetermined.carried_out(Search(state, (found.free,), {found.free: ZERO}), found.free, list(found.tied), without_zero)
    state = state.answered(found.free, last.answers[found.free], How.CLOSED, ARGUED)
    there = state.settled(state.lines_oracle)
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in state.parameters}
    lines = tuple(held(there, equation(replace_all(f, hats), there_is[c]), rule=RuleName.PUT_IN) for c, f in found.letters.items())
    relation: tuple[Block, ...] = (say("The likelihood is largest at every point of the domain with"), Display(lines)) if lines else ()
    if without_zero and isinstance(whole, Span):
        above = Span(ZERO, whole.high, True, whole.high_open)
        whole = above if whole.low == ZERO else Union((Span(whole.low, ZERO, whole.low_open, True), above))
    zero: Words = say("")
    first, name = next(iter(found.letters)), next(iter(found.tied))
    if found.products and free.contains(0.0) and not value(there_is[first]):
        zero = say("Where the estimate of {} is 0, a {} of 0 goes with every {} as well.", Sym(first), Sym(found.free), Sym(name))
    end = Section(SectionKey.SOLVE, say("The parameters"), (*relation, *last.blocks, *([zero] if zero.parts else [])))
    relations = dict(state.answers)
    state, _ = back_substitute(state)
    return replace(
        state.adding(end), sets={**state.sets, found.free: whole}, found=relations, outcome=Outcome.NOT_UNIQUE,
    )  # fmt: skip


def _single(state: State, found: Combined, value_: Formula, there_is: Mapping[str, Formula]) -> State:
    """The only point of the domain at which the combinations have their estimates."""
    u = Sym(found.free)
    state = state.answered(found.free, value_, How.CLOSED, ARGUED)
    state, _ = back_substitute(state)
    there = state.settled(state.lines_oracle)
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in state.parameters}
    lines = tuple(held(there, equation(replace_all(f, hats), there_is[c]), rule=RuleName.PUT_IN) for c, f in found.letters.items())
    point = tuple(held(there, equation(hat(k), state.answers[k]), rule=RuleName.PUT_IN) for k in (found.free, *found.tied))
    end = Section(
        SectionKey.SOLVE,
        say("The parameters"),
        (
            say("The likelihood is largest at every point of the domain with"),
            Display(lines),
            say("The domains of the parameters leave no other {} for that than {}, so there is one such point only:", u, value_),
            Display(point),
        ),
    )
    return state.adding(end)


__all__ = ["Combined", "combined", "put_back"]
