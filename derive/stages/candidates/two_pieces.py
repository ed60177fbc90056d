"""A density in two pieces that meet where the observation equals the parameter: triangular mode, two-sided exponential.

Between two neighbouring observations the number r of those below the parameter does not change, and the log-likelihood
is r A + (n - r) B and a constant, where A and B depend on the parameter alone.  If A and B are convex the maximum lies at
an observation; if they are straight lines the slope says at which.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Best,
    Big,
    Call,
    Cases,
    Derivative,
    Div,
    Dots,
    Formula,
    N,
    Relation,
    SetOf,
    Span,
    Sym,
    add,
    equation,
    has,
    log,
    mul,
    names,
    neg,
    num,
    rational,
    replace_all,
    terms,
    value,
    walk,
)
from ...oracle.oracle import Oracle, Refuted, computed
from ...problem.problem import Problem
from ...recorder import equal, held, record
from ...rule_names import RuleName
from ...rules.calculus import differentiate
from ...rules.logs import logged
from ...sample.observations import Observations
from ...trace import Block, Condition, ConditionKind, Display, How, Section, SectionKey, Table, say
from ..boundary.admissible_region import with_order_statistics
from ..number_format import digits
from ..setting import ARGUED, State, settle_answers
from .breakpoints import breakpoints, by_breakpoints
from .density_pieces import Pieces, pieces_of
from .highest import highest

LONGEST = 40  # observations at which the likelihood is tabulated


@dataclass(frozen=True)
class Split:
    """A likelihood between two neighbouring observations, r of which lie below the parameter.

    state: the derivation so far.  name: the parameter.  got: the pieces of the density.  r: the letter for the number below.
    here: where lines are judged; between: there, with the parameter in the middle between two observations.
    """

    state: State
    name: str
    got: Pieces
    r: Sym
    here: Oracle
    between: Oracle

    @property
    def problem(self) -> Problem:
        return self.state.problem

    @property
    def u(self) -> Sym:
        return Sym(self.name)

    @property
    def v(self) -> str:
        """What an observation is called."""
        return self.problem.variables[0]

    def ordered(self, k: Formula) -> At:
        """The k-th of the ordered observations."""
        return At(self.v + "_ord", (k,))

    def over_the_sample(self, below: Formula, above: Formula) -> Formula:
        """r times what an observation below the parameter brings, n - r times what one above it does."""
        return add(*self._times(self.r, below), *self._times(Add((N, neg(self.r))), above))

    def _times(self, k: Formula, f: Formula) -> tuple[Formula, ...]:
        return terms(self.state.al.tidy(mul(k, f))) if f != ZERO else ()

    def exact(self) -> Algebra:
        """Algebra that writes coefficients as fractions."""
        return replace(self.state.al, decimals=False, generic=None, whole=(), named={})


def pieces(state: State) -> State:
    """Sections "Likelihood", "Between two observations" and "Where the maximum lies": finds the parameter.

    With data the pieces are looked at interval by interval where no general argument applies.
    """
    try:
        return _argued(state)
    except NotSupported:
        if not by_breakpoints(state.problem):
            raise
        return breakpoints(state)


def _argued(state: State) -> State:
    s = _split(state)
    al, u = state.al, s.u
    below, above = _apart(s, s.got.below), _apart(s, s.got.above)
    _continuous(s)
    likelihood = _likelihood(s)
    rises, falls = (al.tidy(differentiate(f, u, al)) for f in (above, below))
    between = _between(s, falls, rises)
    second = [al.tidy(differentiate(f, u, al)) for f in (falls, rises)]
    s = replace(s, state=state.adding(likelihood, between))
    share, straight = _share(s, falls, rises), second == [ZERO, ZERO]
    return _quantile(s, falls, rises, share, straight) if straight or share is not None else _convex(s, falls, rises, second)


def _split(state: State) -> Split:
    """The likelihood between two observations.  Raises NotSupported where they lie too close together."""
    p, got = state.problem, pieces_of(state.problem)
    assert got is not None
    (name,) = p.parameters
    r = Sym(next(k for k in ("r", "m", "j") if k not in names(p.density)))
    here = state.judge if p.observations is not None else state.general
    between = tuple(_middles(here, name, r.name, p)) or tuple(_middles(state.general, name, r.name, p))
    if not between:
        raise NotSupported("the observations lie too close together to look between them")
    return Split(state, name, got, r, here, Oracle(between))


def _middles(oracle: Oracle, name: str, r: str, p: Problem) -> Iterator[Env]:
    """Test points with the parameter in the middle between two observations, and r their number below."""
    for w in oracle.points:
        xs = sorted(w["#sample"][p.variables[0]])
        for j in range(len(xs) - 1):
            middle = (xs[j] + xs[j + 1]) / 2
            if xs[j + 1] - xs[j] > 0.02 * (1e-3 + abs(middle)) and p.parameters[name].contains(middle, w):
                yield {**w, name: middle, r: float(j + 1)}


def _apart(s: Split, f: Formula) -> Formula:
    """What of log f depends on the parameter, which it does apart from the observation."""
    al = replace(s.state.al, generic=None, whole=(), named={})
    alone: list[Formula] = []
    for t in terms(al.expand(logged(f, al))):
        if has(t, s.u) and s.v in names(t):
            raise NotSupported(
                f"between two observations the maximum in {s.name} has no formula: on one side of {s.name} the log-density is not a sum of a "
                f"term in {s.name} and one in {s.v}", hint="give the data",
            )  # fmt: skip
        alone += [t] if has(t, s.u) else []
    return al.tidy(add(*alone))


def _continuous(s: Split) -> None:
    """The pieces have the same value where they meet, or NotSupported."""
    f, g = (compiled(replace_all(h, {Sym(s.v): s.u})) for h in (s.got.below, s.got.above))
    for w in s.here.points:
        if not math.isclose(f(w), g(w), rel_tol=1e-9):
            raise NotSupported(
                f"the density jumps where {s.v} equals {s.name}, and which side is higher depends on the sample", hint="give the data"
            )


def _likelihood(s: Split) -> Section:
    """Section "Likelihood"."""
    p = s.problem
    f = replace_all(p.likelihood, {N: p.high}) if p.observations is not None else p.likelihood
    evidence = s.here.same_size(p.of("L"), lambda w: float(w["ell"](w[s.name])), f)
    words = say(
        "The observations are independent, so the likelihood is the product of their densities. Which case holds for an observation depends on {}:"
        if any(isinstance(g, Cases) for g in walk(f))
        else "The observations are independent, so the likelihood is the product of their densities. It has a kink where {} equals an observation:",
        s.u,
    )
    return Section(SectionKey.LIKELIHOOD, say("Likelihood"), (words, Display((record(equation(p.of("L"), f), evidence),))))


def _between(s: Split, falls: Formula, rises: Formula) -> Section:
    """Section "Log-likelihood between two observations": it, and its derivative."""
    p, r = s.problem, s.r
    rows: dict[Formula, Formula] = {Sym(s.v): s.ordered(Sym("i"))}
    ell = add(
        Big("sum", "i", ONE, r, log(replace_all(s.got.below, rows))),
        Big("sum", "i", Add((r, ONE)), N, log(replace_all(s.got.above, rows))),
    )
    inside = Relation((s.ordered(r), s.u, s.ordered(Add((r, ONE)))), ("<", "<"))
    label = Derivative(p.of("ell"), ((s.u, 1),))
    blocks: tuple[Block, ...] = (
        say("Order the observations. For {} exactly {} of them lie below {}, and the log-likelihood is", inside, r, s.u),
        Display((equal(s.between, p.of("ell"), ell, rule=RuleName.LOG_RULES),)),
        say("There its derivative in {} is", s.u),
        Display((equal(s.between, label, s.over_the_sample(falls, rises), rule=RuleName.DIFFERENTIATE),)),
    )
    return Section(SectionKey.LOG_LIKELIHOOD, say("Log-likelihood between two observations"), blocks)


def _settled(s: Split, f: Formula, blocks: Sequence[Block], how: How = How.BOUNDARY) -> State:
    """With the answer and the section that leads to it.  Raises NotSupported where it may lie outside the domain."""
    d = s.problem.parameters[s.name]
    for w in settle_answers(s.here, {s.name: f}).points:
        if not d.contains(w[s.name], w):
            raise NotSupported(f"the maximum may lie outside the domain of {s.name} ({d.words()}); this is not supported yet")
    return s.state.answered(s.name, f, how, ARGUED).adding(Section(SectionKey.COMPARISON, say("Where the maximum lies"), tuple(blocks)))


# -- convex pieces: compare the observations -------------------------------------------------------


def _convex(s: Split, falls: Formula, rises: Formula, second: Sequence[Formula]) -> State:
    """The maximum lies at an observation: with data the likelihood is compared at each."""
    p, facts = s.problem, s.state.al.facts
    if any(f != ZERO and not facts.positive(f) for f in second) or not facts.negative(falls) or not facts.positive(rises):
        raise NotSupported(f"between two observations the log-likelihood is not convex in {s.name}; this is not supported yet")
    curve = s.over_the_sample(*second)
    s.between.equal(Derivative(s.over_the_sample(falls, rises), ((s.u, 1),)), curve)
    shown = Relation((Derivative(p.of("ell"), ((s.u, 2),)), curve, ZERO), ("=", ">"))
    line = record(shown, s.between.holds(Relation((curve, ZERO), (">",))), rule=RuleName.DIFFERENTIATE)
    lead: list[Block] = [
        Display((line,)),
        say(
            "Between two observations {} is convex, so it is largest at an end of the interval, never inside. Below all observations it increases, above all of "
            "them it decreases. So the maximum lies at one of the observations.",
            p.of("ell"),
        ),
    ]  # fmt: skip
    return _at_an_observation(s, lead) if p.observations is None else _compared(s, lead, p.observations)


def _at_an_observation(s: Split, lead: Sequence[Block]) -> State:
    """For a symbolic sample: the likelihood at the r-th observation, and that the r with the largest of them is chosen."""
    p, r, i = s.problem, s.r, Sym("i")
    here: dict[Formula, Formula] = {s.u: s.ordered(r), Sym(s.v): s.ordered(i)}
    below, above = (replace_all(f, here) for f in (s.got.below, s.got.above))
    height = mul(Big("prod", "i", ONE, r, below), Big("prod", "i", Add((r, ONE)), N, above))
    there = Oracle(tuple({**w, r.name: float(k)} for w in s.here.points for k in range(1, int(w["n"]) + 1)))
    line = equal(there, Apply("L", (s.ordered(r),)), height, rule=RuleName.PUT_IN)
    answer = Best(s.name, SetOf((At(s.v, (ONE,)), Dots(), At(s.v, (N,)))), p.likelihood, p.of("L"))
    blocks = [
        *lead,
        say("At the {}-th of the ordered observations the likelihood is", r),
        Display((line,)),
        say(
            "Which {} makes this largest depends on all the observations, so the estimate has no formula; the {} values are compared:", r, N
        ),
        Display((held(settle_answers(s.here, {s.name: answer}), equation(hat(s.name), answer), rule=RuleName.LARGEST),)),
    ]
    unique = Condition(ConditionKind.UNIQUE, (), say("only one of the observations has the largest likelihood"))
    return _settled(s, answer, blocks, How.NUMERIC).adding(conditions=[unique])


def _compared(s: Split, lead: Sequence[Block], seen: Observations) -> State:
    """For given data: the likelihood at every observation."""
    state, label = replace(s.state, numbers=True), s.problem.of("ell")
    xs = sorted({row[0] for row, _ in seen.rows})
    if len(xs) > LONGEST:
        raise NotSupported(f"the likelihood would have to be compared at {len(xs)} observations; this is done for at most {LONGEST}")
    w = state.judge.points[0]
    heights = {x: float(w["ell"](float(x))) for x in xs}
    best = [xs[j] for j in highest([{s.name: rational(x)} for x in xs], state)]
    quote = [(say("{}", state.al.number(x)), say("{}", digits(h, 6))) for x, h in heights.items()]
    formulas = tuple(state.al.number(x) for x in best)
    if len(best) > 1:
        every = SetOf(formulas)
        state = state.not_unique(s.name, every)
        words = say("The largest value occurs more than once, so each of these observations is an estimate:")
        final = Relation((hat(s.name), every), ("in",))
    else:
        order = s.ordered(num(sorted(row[0] for row in seen.each()).index(best[0]) + 1))
        state.judge.equal(order, formulas[0])
        words = say("The largest value belongs to")
        final = Relation((hat(s.name), order, formulas[0]), ("=", "="))
    blocks = [
        *lead,
        say("Compare them:"),
        Table((say("{}", s.u), say("{}", label)), tuple(quote)),
        words,
        Display((record(final, computed("the largest of the values", len(xs)), rule=RuleName.LARGEST),)),
    ]
    return _settled(replace(s, state=state), formulas[0], blocks)


# -- straight pieces: a quantile -------------------------------------------------------------------


def _share(s: Split, falls: Formula, rises: Formula) -> Formula | None:
    """b/(a + b) for slopes -a g and b g with a positive g of the parameter; None where the slopes are of another kind."""
    al = s.exact()
    if not al.facts.negative(falls) or not al.facts.positive(rises):
        return None
    share = al.tidy(Div(rises, al.tidy(add(rises, neg(falls)))))
    return None if has(share, s.u) else share


def _quantile(s: Split, falls: Formula, rises: Formula, share: Formula | None, straight: bool) -> State:
    """The slope (n - r) b - r a, perhaps times a positive function, changes its sign at a quantile of the sample."""
    p, al = s.problem, s.exact()
    if share is None:
        raise NotSupported(f"the log-likelihood is not largest at an observation for every sample in {s.name}")
    bound = al.tidy(mul(N, share))
    slope = s.over_the_sample(falls, rises)
    up, down = Relation((slope, ZERO), (">",)), Relation((s.r, bound), ("<",))
    for w, rise, b in zip(s.between.points, s.between.values(slope), s.between.values(bound), strict=True):
        if abs(rise) > 1e-9 and (rise > 0) != (w[s.r.name] < b):
            raise Refuted(f"{slope} > 0 does not mean {s.r} < {bound}")
    evidence = s.between.sampled("true for the same values")
    place = Call("ceiling", (bound,))
    order = s.ordered(place)
    blocks: list[Block] = [
        say("Between two observations {} is a straight line. It increases where", p.of("ell"))
        if straight
        else say("Between two observations the sign of this does not depend on {}. {} increases where", s.u, p.of("ell")),
        Display((record(up, evidence, rule=RuleName.SLOPE), record(down, evidence, say("solved for {}", s.r), RuleName.SOLVE))),
        say("and decreases where {} is above that bound. So it increases up to the first observation at or below which at least {} of the observations lie, "
            "and decreases from there on:", s.r, bound),
        Display((held(settle_answers(s.here, {s.name: order}), equation(hat(s.name), order), rule=RuleName.ORDER_STATISTIC),)),
    ]  # fmt: skip
    state = s.state
    exact = value(al.tidy(replace_all(bound, {N: p.high}))) if p.size is not None else None
    if exact is None:
        words = say("{} is not a whole number; else every value up to the next observation is one too", bound)
        state = state.adding(conditions=[Condition(ConditionKind.UNIQUE, (Relation((bound, place), ("!=",)),), words)])
    elif exact.denominator == 1 and (level := _level(s, bound)) is not None:
        state = state.not_unique(s.name, level)
        inside = Relation((hat(s.name), level), ("in",))
        blocks += [
            say(
                "Here {} is a whole number, and between that observation and the next the line is level: every value there is an estimate.",
                bound,
            ),
            Display((record(inside, computed("the slope is 0 there", 1), rule=RuleName.ORDER_STATISTIC),)),
        ]
    if value(share) is not None:
        blocks.append(say("It is the sample quantile of order {}.", share))
    return _settled(replace(s, state=state), order, blocks)


def _level(s: Split, bound: Formula) -> Span | None:
    """From one observation to the next, unless they are known to be the same."""
    low, high = s.ordered(bound), s.ordered(Add((bound, ONE)))
    alike = s.problem.observations is not None and with_order_statistics(low, s.problem) == with_order_statistics(high, s.problem)
    return None if alike else Span(low, high, False, False)


__all__ = ["pieces"]
