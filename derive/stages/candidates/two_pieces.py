"""A density in two pieces that meet where the observation equals the parameter: triangular mode, two-sided exponential.

Between two neighbouring observations the number r of those below the parameter does not change, and the log-likelihood
is r A + (n - r) B and a constant, where A and B depend on the parameter alone.  If A and B are convex the maximum lies at
an observation; if they are straight lines the slope says at which.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ...algebra.terms import Algebra
from ...derivation import Condition
from ...errors import NotSupported
from ...formula.evaluate import Env, compiled, holds
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
    factors,
    has,
    log,
    mul,
    names,
    neg,
    num,
    replace_all,
    terms,
    value,
    walk,
)
from ...oracle.judge import Oracle, Refuted
from ...problem.problem import Problem
from ...rules.calculus import differentiate
from ...rules.logs import logged
from ...sample.observations import Observations
from ...trace import Block, Display, Evidence, Line, Section, Table, say
from ..boundary.admissible_region import with_order_statistics
from ..number_format import digits
from ..setting import ARGUED, Work, settle_answers

LONGEST = 40  # observations at which the likelihood is tabulated
SMALL = 1e-3  # of the unit of a parameter: how close to the place where the pieces meet they are told apart


@dataclass(frozen=True, slots=True)
class Pieces:
    """Densities of an observation below and above the parameter (letters x and u)."""

    below: Formula
    above: Formula


def pieces_of(p: Problem) -> Pieces | None:
    """The two pieces of a density of one observation whose cases compare it with the only parameter; else None."""
    if len(p.variables) != 1 or len(p.parameters) != 1 or p.covariates or p.whole:
        return None
    (v,), (name,) = p.variables, p.parameters
    parts = _factors(p.density)
    kink = _kink(p.density, v, name)
    if kink is not None:
        return kink
    cases = [f for f in parts if isinstance(f, Cases) and any(c is not None and {v, name} <= names(c) for _, c in f.rows)]
    if len(cases) != 1 or any(isinstance(g, Cases) for f in parts if f is not cases[0] for g in walk(f)):
        return None
    rest = tuple(f for f in parts if f is not cases[0])
    if any(names(c) - {v, name} for _, c in cases[0].rows if c is not None):
        return None
    chosen = [_row(cases[0], v, name, side, p) for side in (-1.0, 1.0)]
    if chosen[0] is None or chosen[1] is None or chosen[0] == chosen[1]:
        return None
    below, above = (mul(*rest, f) if rest else f for f in chosen if f is not None)
    return Pieces(below, above)


def _kink(f: Formula, v: str, name: str) -> Pieces | None:
    """The pieces of a density with absolute values of x - u, in which the parameter stands elsewhere too."""
    (x, u), al = (Sym(v), Sym(name)), Algebra()
    sizes = {g for g in walk(f) if isinstance(g, Call) and g.name == "abs" and {v, name} <= names(g)}
    if not sizes or not has(replace_all(f, dict.fromkeys(sizes, ONE)), u) or any(isinstance(g, Cases) for g in walk(f)):
        return None
    above: dict[Formula, Formula] = {}
    for g in sizes:
        inside = al.expand(g.args[0])
        if al.expand(add(x, neg(u))) not in (inside, al.expand(neg(inside))):
            return None
        above[g] = Add((x, neg(u)))
    return Pieces(replace_all(f, {g: Add((u, neg(x))) for g in sizes}), replace_all(f, above))


def _factors(f: Formula) -> tuple[Formula, ...]:
    """The factors of a product, those below a fraction line as fractions."""
    if isinstance(f, Div):
        return (f,) if f.top == ONE else (*_factors(f.top), Div(ONE, f.bottom))
    return tuple(h for g in factors(f) for h in (_factors(g) if g is not f else (g,)))


def _row(cases: Cases, v: str, name: str, side: float, p: Problem) -> Formula | None:
    """The value on one side of x = u, the same near and far inside the support; None where that is not so."""
    found: list[Formula | None] = []
    for w in p.worlds(4, seed=5):
        u = w[name]
        low, high = p.support[v].bounds(w)
        far = (low if side < 0 else high) if math.isfinite(low if side < 0 else high) else u + side * 5
        for t in (SMALL, 0.3, 0.97):
            env: Env = {**w, v: u + t * (far - u)}
            found.append(next((f for f, c in cases.rows if c is None or holds(c)(env)), None))
    return found[0] if all(f == found[0] for f in found) else None


def pieces(work: Work) -> None:
    """Sections "Likelihood", "Between two observations" and "Where the maximum lies": sets the answer."""
    p = work.problem
    got = pieces_of(p)
    assert got is not None
    (name,) = p.parameters
    InPieces(work, name, got).carry_out()


class InPieces:
    """One derivation in pieces."""

    def __init__(self, work: Work, name: str, got: Pieces):
        self.work, self.p, self.name, self.u, self.got = work, work.problem, name, Sym(name), got
        (self.v,) = self.p.variables
        self.r = Sym(next(k for k in ("r", "m", "j") if k not in names(self.p.density)))
        self.al = work.al

    def carry_out(self) -> None:
        p, u = self.p, self.u
        self.here = work_oracle(self.work)
        self.between = Oracle(tuple(self.middles(self.here)) or tuple(self.middles(self.work.general)))
        if not self.between.worlds:
            raise NotSupported("the observations lie too close together to look between them")
        a, b = self.apart(self.got.below), self.apart(self.got.above)
        self.continuous()
        self.likelihood()
        rises, falls = (self.al.tidy(differentiate(f, u, self.al)) for f in (b, a))
        slope = add(*self.times(self.r, falls), *self.times(Add((N, neg(self.r))), rises))
        x = At(self.v + "_ord", (Sym("i"),))
        rows: dict[Formula, Formula] = {Sym(self.v): x}
        parts = [
            Big("sum", "i", ONE, self.r, log(replace_all(self.got.below, rows))),
            Big("sum", "i", Add((self.r, ONE)), N, log(replace_all(self.got.above, rows))),
        ]
        inside = Relation((At(self.v + "_ord", (self.r,)), u, At(self.v + "_ord", (Add((self.r, ONE)),))), ("<", "<"))
        label = Derivative(p.of("ell"), ((u, 1),))
        ell = add(*parts)
        blocks: list[Block] = [
            say("Order the observations. For {} exactly {} of them lie below {}, and the log-likelihood is", inside, self.r, u),
            Display((Line(equation(p.of("ell"), ell), None, self.between.equal(p.of("ell"), ell), "log rules"),)),
            say("There its derivative in {} is", u),
            Display((Line(equation(label, slope), None, self.between.equal(label, slope), "differentiate"),)),
        ]
        second = [self.al.tidy(differentiate(f, u, self.al)) for f in (falls, rises)]
        self.work.sections.append(Section(say("Log-likelihood between two observations"), tuple(blocks)))
        share = self.share(falls, rises)
        if second == [ZERO, ZERO] or share is not None:
            self.monotone(falls, rises, share, second == [ZERO, ZERO])
        else:
            self.convex(second, falls, rises)

    def times(self, k: Formula, f: Formula) -> tuple[Formula, ...]:
        """k f as terms."""
        return terms(self.al.tidy(mul(k, f))) if f != ZERO else ()

    def middles(self, oracle: Oracle) -> Iterator[Env]:
        """Worlds with the parameter in the middle between two observations, and r their number below."""
        for w in oracle.worlds:
            xs = sorted(w["#sample"][self.v])
            for j in range(len(xs) - 1):
                middle = (xs[j] + xs[j + 1]) / 2
                if xs[j + 1] - xs[j] > 0.02 * (1e-3 + abs(middle)) and self.p.parameters[self.name].contains(middle, w):
                    yield {**w, self.name: middle, self.r.name: float(j + 1)}

    def apart(self, f: Formula) -> Formula:
        """What of log f depends on the parameter, which it does apart from the observation."""
        al = Algebra(self.al.facts, self.al.decimals, self.al.unknowns, clock=self.al.clock)
        alone: list[Formula] = []
        for t in terms(al.expand(logged(f, al))):
            if has(t, self.u) and self.v in names(t):
                raise NotSupported(f"the log-density on one side of {self.name} does not fall apart into {self.name} and {self.v}")
            alone += [t] if has(t, self.u) else []
        return al.tidy(add(*alone))

    def continuous(self) -> None:
        """The pieces have the same value where they meet, or NotSupported."""
        f, g = (compiled(replace_all(h, {Sym(self.v): self.u})) for h in (self.got.below, self.got.above))
        for w in self.here.worlds:
            if not math.isclose(f(w), g(w), rel_tol=1e-9):
                raise NotSupported(f"the density jumps where {self.v} equals {self.name}; this is not supported yet")

    def likelihood(self) -> None:
        p = self.p
        f = replace_all(p.likelihood, {N: p.high}) if p.observations is not None else p.likelihood
        oracle = self.here
        evidence = oracle.same_size(lambda w: float(w["ell"](w[self.name])), f)
        words = say(
            "The observations are independent, so the likelihood is the product of their densities. Which case holds for an observation depends on {}:"
            if any(isinstance(g, Cases) for g in walk(f))
            else "The observations are independent, so the likelihood is the product of their densities. It has a kink where {} equals an observation:",
            self.u,
        )
        self.work.sections.append(Section(say("Likelihood"), (words, Display((Line(equation(p.of("L"), f), None, evidence, ""),)))))

    # -- convex pieces: compare the observations ----------------------------------------------------

    def convex(self, second: list[Formula], falls: Formula, rises: Formula) -> None:
        """The maximum lies at an observation: with data the likelihood is compared at each."""
        p, u, facts = self.p, self.u, self.al.facts
        if any(f != ZERO and not facts.positive(f) for f in second) or not facts.negative(falls) or not facts.positive(rises):
            raise NotSupported(f"between two observations the log-likelihood is not convex in {self.name}; this is not supported yet")
        curve = add(*self.times(self.r, second[0]), *self.times(Add((N, neg(self.r))), second[1]))
        label = Derivative(p.of("ell"), ((u, 2),))
        shown = Relation((label, curve, ZERO), ("=", ">"))
        self.between.equal(Derivative(add(*self.times(self.r, falls), *self.times(Add((N, neg(self.r))), rises)), ((u, 1),)), curve)
        line = Line(shown, None, self.between.holds(Relation((curve, ZERO), (">",))), "differentiate")
        blocks: list[Block] = [
            Display((line,)),
            say(
                "Between two observations {} is convex, so it is largest at an end of the interval, never inside. Below all observations it increases, above all of "
                "them it decreases. So the maximum lies at one of the observations.",
                p.of("ell"),
            ),
        ]  # fmt: skip
        if p.observations is None:
            self.at_an_observation(blocks)
        else:
            self.compared(blocks, p.observations)

    def at_an_observation(self, blocks: list[Block]) -> None:
        """For a symbolic sample: the likelihood at the r-th observation, and that the r with the largest of them is chosen."""
        p, work = self.p, self.work
        (i, r), order = (Sym("i"), self.r), self.v + "_ord"
        here: dict[Formula, Formula] = {self.u: At(order, (r,)), Sym(self.v): At(order, (i,))}
        below, above = (replace_all(f, here) for f in (self.got.below, self.got.above))
        height = mul(Big("prod", "i", ONE, r, below), Big("prod", "i", Add((r, ONE)), N, above))
        label = Apply("L", (At(order, (r,)),))
        there = Oracle(tuple({**w, r.name: float(k)} for w in self.here.worlds for k in range(1, int(w["n"]) + 1)))
        evidence = there.equal(label, height)
        places = SetOf((At(self.v, (ONE,)), Dots(), At(self.v, (N,))))
        answer = Best(self.name, places, p.likelihood, p.of("L"))
        shown = equation(hat(self.name), answer)
        chosen = settle_answers(self.here, {self.name: answer})
        blocks += [
            say("At the {}-th of the ordered observations the likelihood is", r),
            Display((Line(equation(label, height), None, evidence, "put in"),)),
            say(
                "Which {} makes this largest depends on all the observations, so the estimate has no formula; the {} values are compared:",
                r,
                N,
            ),
            Display((Line(shown, None, chosen.holds(shown), "largest"),)),
        ]
        words = say("is unique if only one of the observations has the largest likelihood")
        work.conditions.append(Condition((), words))
        self.settle(answer, blocks, "numeric")

    def compared(self, blocks: list[Block], seen: Observations) -> None:
        """For given data: the likelihood at every observation."""
        u, p, size = self.u, self.p, seen.size
        blocks.append(say("Compare them:"))
        xs = sorted({row[0] for row, _ in seen.rows})
        if len(xs) > LONGEST:
            raise NotSupported(f"the likelihood would have to be compared at {len(xs)} observations; this is done for at most {LONGEST}")
        w = self.work.judge.worlds[0]
        heights = {x: float(w["ell"](float(x))) for x in xs}
        top = max(heights.values())
        best = [x for x, h in heights.items() if top - h <= 1e-12 * (1 + abs(top))]
        quote = [(say("{}", self.work.al.number(x)), say("{}", digits(h, 6))) for x, h in heights.items()]
        blocks.append(Table((say("{}", u), say("{}", p.of("ell"))), tuple(quote)))
        self.work.numbers = True
        formulas = tuple(self.work.al.number(x) for x in best)
        if len(best) > 1:
            self.work.outcome, self.work.sets[self.name] = "not unique", SetOf(formulas)
            blocks.append(say("The largest value occurs more than once, so each of these observations is an estimate:"))
            final = Relation((hat(self.name), SetOf(formulas)), ("in",))
        else:
            place = sorted(row[0] for row in seen.each()).index(best[0]) + 1
            order = At(self.v + "_ord", (num(place),))
            self.work.judge.equal(order, formulas[0])
            final = Relation((hat(self.name), order, formulas[0]), ("=", "="))
            blocks.append(say("The largest value belongs to"))
        if any(h > top for h in heights.values()) or size < 1:
            raise Refuted("a larger value in the table")
        blocks.append(Display((Line(final, None, Evidence("computed", "the largest of the values", len(xs)), "largest"),)))
        self.settle(formulas[0], blocks)

    # -- straight pieces: a quantile -----------------------------------------------------------------

    def share(self, falls: Formula, rises: Formula) -> Formula | None:
        """b/(a + b) for slopes -a g and b g with a positive g of the parameter; None where the slopes are of another kind."""
        al = Algebra(self.al.facts, False, self.al.unknowns, clock=self.al.clock)
        if not al.facts.negative(falls) or not al.facts.positive(rises):
            return None
        share = al.tidy(Div(rises, al.tidy(add(rises, neg(falls)))))
        return None if has(share, self.u) else share

    def monotone(self, falls: Formula, rises: Formula, share: Formula | None, straight: bool) -> None:
        """The slope (n - r) b - r a, perhaps times a positive function, changes its sign at a quantile of the sample."""
        p, al = self.p, Algebra(self.al.facts, False, self.al.unknowns, clock=self.al.clock)
        if share is None:
            raise NotSupported(f"the log-likelihood is not largest at an observation for every sample in {self.name}")
        bound = al.tidy(mul(N, share))
        slope = add(*self.times(self.r, falls), *self.times(Add((N, neg(self.r))), rises))
        up, down = Relation((slope, ZERO), (">",)), Relation((self.r, bound), ("<",))
        for w, s, b in zip(self.between.worlds, self.between.values(slope), self.between.values(bound), strict=True):
            if abs(s) > 1e-9 and (s > 0) != (w[self.r.name] < b):
                raise Refuted(f"{slope} > 0 does not mean {self.r} < {bound}")
        evidence = Evidence("sampled", "true for the same values", len(self.between.worlds))
        blocks: list[Block] = [
            say("Between two observations {} is a straight line. It rises where", p.of("ell"))
            if straight
            else say("Between two observations the sign of this does not depend on {}. {} rises where", self.u, p.of("ell")),
            Display((Line(up, None, evidence, "slope"), Line(down, say("solved for {}", self.r), evidence, "solve", arrow=True))),
            say("and falls where {} is above that bound. So it rises up to the first observation at or below which at least {} of the observations lie, "
                "and falls from there on:", self.r, bound),
        ]  # fmt: skip
        place = Call("ceiling", (bound,))
        order = At(self.v + "_ord", (place,))
        answers = {self.name: order}
        there = settle_answers(self.here, answers)
        shown = equation(hat(self.name), order)
        blocks.append(Display((Line(shown, None, there.holds(shown), "order statistic"),)))
        exact = value(al.tidy(replace_all(bound, {N: p.high}))) if p.size is not None else None
        if exact is not None and exact.denominator == 1:
            low, high = At(self.v + "_ord", (bound,)), At(self.v + "_ord", (Add((bound, ONE)),))
            if with_order_statistics(low, p) != with_order_statistics(high, p) or p.observations is None:
                whole = Span(low, high, False, False)
                inside = Relation((hat(self.name), whole), ("in",))
                self.work.outcome, self.work.sets[self.name] = "not unique", whole
                blocks += [
                    say(
                        "Here {} is a whole number, and between that observation and the next the line is level: every value there is an estimate.",
                        bound,
                    ),
                    Display((Line(inside, None, Evidence("computed", "the slope is 0 there", 1), "order statistic"),)),
                ]
        elif exact is None:
            words = say("is unique if {} is not a whole number; else every value up to the next observation is one too", bound)
            self.work.conditions.append(Condition((Relation((bound, place), ("!=",)),), words))
        if value(share) is not None:
            blocks.append(say("It is the sample quantile of order {}.", share))
        self.settle(order, blocks)

    def settle(self, f: Formula, blocks: list[Block], how: str = "boundary") -> None:
        work = self.work
        d = self.p.parameters[self.name]
        for w in settle_answers(self.here, {self.name: f}).worlds:
            if not d.contains(w[self.name], w):
                raise NotSupported(f"the maximum may lie outside the domain of {self.name} ({d.words()}); this is not supported yet")
        work.answers[self.name], work.how[self.name] = f, how
        work.order.append(self.name)
        work.arguments[self.name] = ARGUED
        work.sections.append(Section(say("Where the maximum lies"), tuple(blocks)))


def work_oracle(work: Work) -> Oracle:
    """The worlds in which the lines are judged: with the data where they are given."""
    return work.judge if work.problem.observations is not None else work.general
