"""Members that satisfy an equation together, as probabilities that add up to 1: by a multiplier, or by substitution.

The part of the log-likelihood in such a family is a sum of counts times logarithms of members.  Its maximum is proved by
log t <= t - 1 (Gibbs' inequality: Cover and Thomas, Elements of Information Theory, theorem 2.6.3), with no condition on the counts but
that some are positive.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction

from ...errors import NotSupported
from ...formula.evaluate import Env, compiled
from ...formula.families import Family, nested
from ...formula.names import reported
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Derivative,
    Div,
    Formula,
    Relation,
    Sym,
    add,
    div,
    equation,
    log,
    mul,
    names,
    neg,
    replace_all,
    terms,
    total,
)
from ...oracle.exact import Family as FamilyValues
from ...oracle.exact import Function, with_sources
from ...oracle.oracle import Oracle
from ...problem.families import Shares, as_floats
from ...recorder import Equations, chain, defined, equal, held
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative
from ...rules.members import in_member
from ...trace import Block, Condition, ConditionKind, Display, Evidence, How, Move, Section, SectionKey, Words, from_standard, say
from ..prose import listed
from ..setting import ARGUED, State
from .letters import at_value, everywhere, hats_set, model_of, with_hat, with_total

LETTER = ("lambda", "mu", "kappa", "eta")
LAGRANGIAN = "Lambda"


@dataclass(frozen=True)
class Weighed:
    """A family with its constraint: count, what its logarithm is multiplied by in the log-likelihood; whole: the sum of the counts over
    the index of the constraint; open: the letters of the other indices."""

    family: Family
    share: Shares
    count: Formula
    whole: Formula

    @property
    def over(self) -> str:
        return self.family.index[self.share.place]

    @property
    def high(self) -> Formula:
        return self.family.high[self.share.place]

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(k for j, k in enumerate(self.family.index) if j != self.share.place)

    @property
    def left(self) -> Formula:
        """The left side of the constraint."""
        body = self.family.member if self.share.weight == ONE else mul(self.share.weight, self.family.member)
        return total(body, self.over, self.high)

    @property
    def estimate(self) -> Formula:
        """total times count over weight times whole."""
        top = self.count if self.share.total == ONE else mul(self.share.total, self.count)
        return Div(top, self.whole if self.share.weight == ONE else mul(self.share.weight, self.whole))


def estimate_shares(state: State) -> State:
    """Every family with a constraint: sections "The Lagrangian" or "The constraint", "Solve", "The maximum"."""
    m = model_of(state)
    if not m.shares:
        return state
    if len({s.family for s in m.shares}) < len(m.shares):
        raise NotSupported(f"two constraints on {reported(m.shares[0].family)} are not supported")
    weighed, words = list[Weighed](), list[Words]()
    for s in m.shares:
        state, w, said = _weigh(s, state)
        weighed.append(w)
        words += [said] if said is not None else []
    way = by_multiplier if state.problem.asked.method == "lagrange" else by_substitution
    state = way(state, weighed, words)
    return by_gibbs(state, weighed)


def _weigh(s: Shares, state: State) -> tuple[State, Weighed, Words | None]:
    """The counts of a family.  Raises NotSupported where the log-likelihood is no sum of logarithms of its members."""
    m, al = model_of(state), state.al
    fam = m.families[s.family]
    assert state.ell is not None
    try:
        slope = in_member(state.ell, fam, al)
    except NoDerivative as e:
        raise NotSupported(f"the derivative of {e} is not known here") from None
    count = (
        al.tidy(mul(fam.member, slope))
        if not isinstance(slope, Add)
        else al.assemble(al.split(al.tidy(mul(fam.member, t))) for t in terms(slope))
    )
    count = m.margins(count)
    if names(count) & set(state.parameters) or not al.facts.range(count).nonnegative:
        raise NotSupported(
            f"the log-likelihood is not a sum of counts times logarithms of the {reported(s.family)}, for which alone such a constraint is supported",
            hint="write out a few members: p1, p2, p3",
        )
    whole = m.margins(total(count, fam.index[s.place], fam.high[s.place]))
    state, whole, said = with_total(state, whole)
    _, count, _ = with_total(state, count)
    return state, Weighed(fam, s, count, whole), said


# -- by a multiplier -------------------------------------------------------------------------------


def by_multiplier(state: State, weighed: list[Weighed], words: list[Words]) -> State:
    """The stationary points of the log-likelihood less a multiple of each constraint."""
    p = state.problem
    letters = [
        Family(k, w.open, tuple(w.family.high[w.family.index.index(j)] for j in w.open)) for k, w in zip(LETTER, weighed, strict=False)
    ]
    oracle = _extended(state.general, state, weighed, letters)
    label = Apply(LAGRANGIAN, (*p.letters, *(Sym(f.base) for f in letters)))
    zeros = [_penalty(w, f) for w, f in zip(weighed, letters, strict=True)]
    lagrangian = equal(oracle, label, add(p.of("ell"), *map(neg, zeros)), rule=RuleName.LAGRANGIAN)
    many = len(weighed) > 1 or bool(letters[0].index)
    lead = say(f"With {'multipliers' if many else 'a multiplier'} for the constraint{'s' if len(weighed) > 1 else ''} the Lagrangian is")
    blocks: list[Block] = [*words, lead, Display((lagrangian,)), say("Its derivatives are")]
    lines, solved = [], list[Block]()
    for w, f in zip(weighed, letters, strict=True):
        u, multiplier = w.family.member, _multiplier(f)
        slope = add(div(w.count, u), neg(multiplier if w.share.weight == ONE else mul(multiplier, w.share.weight)))
        there = everywhere(oracle, state, u)
        lines.append(equal(there, Derivative(label, ((u, 1),)), slope, rule=RuleName.DIFFERENTIATE))
        solved += _from_multiplier(state, w, multiplier, f, slope, oracle)
    blocks += [Display(tuple(lines)), say("one for every member of {}.", _families(weighed))]
    answers = {w.family.base: w.estimate for w in weighed}
    state = replace(state, scores={**state.scores, **{w.family.base: div(w.count, w.family.member) for w in weighed}})
    state = _answered(state, answers)
    return state.adding(
        Section(SectionKey.LAGRANGIAN, say("The Lagrangian"), tuple(blocks)), Section(SectionKey.SOLVE, say("Solve"), tuple(solved))
    )


def _families(weighed: list[Weighed]) -> Words:
    return listed("", [Sym(w.family.base) for w in weighed])


def _multiplier(f: Family) -> Formula:
    return At(f.base, tuple(map(Sym, f.index))) if f.index else Sym(f.base)


def _penalty(w: Weighed, f: Family) -> Formula:
    """The multiplier times what is zero where the constraint holds, summed over the indices that are left."""
    out = mul(_multiplier(f), Add((w.left, neg(w.share.total))))
    for k, h in zip(reversed(f.index), reversed(f.high), strict=True):
        out = total(out, k, h)
    return out


def _extended(oracle: Oracle, state: State, weighed: list[Weighed], letters: list[Family]) -> Oracle:
    """The test points with random multipliers, and the Lagrangian as a function of the parameters and the multipliers; the members are
    moved off the constraint, on which the Lagrangian is not looked at alone."""
    rng = random.Random(11)
    p, m = state.problem, model_of(state)
    points = []
    for w in oracle.points:
        e: Env = dict(w)
        for f in letters:
            at = {k: Fraction(rng.randint(2, 20), 4) for k in f.places(e)}
            value = nested(f, e, at) if f.index else at[()]
            e = with_sources({**e, f.base: as_floats(value)}, {f.base: FamilyValues(_as_tuple(value)) if f.index else value})  # type: ignore[dict-item]
        body = add(log(m.likelihood), *(neg(_penalty(x, f)) for x, f in zip(weighed, letters, strict=True)))
        names_ = (*p.parameters, *(f.base for f in letters))
        base = dict(e)

        def function(*at: object, g: object = compiled(body), base: Env = base, names_: tuple[str, ...] = names_) -> float:
            return float(g({**base, **dict(zip(names_, at, strict=True))}))  # type: ignore[operator]

        points.append(with_sources({**e, LAGRANGIAN: function}, {LAGRANGIAN: Function(body, names_, base)}))
    return Oracle(tuple(points))


def _as_tuple(v: object) -> tuple[object, ...]:
    return tuple(_as_tuple(x) if isinstance(x, list) else x for x in v)  # type: ignore[attr-defined]


def _from_multiplier(state: State, w: Weighed, multiplier: Formula, f: Family, slope: Formula, oracle: Oracle) -> list[Block]:
    """c/p = a m, times p, summed over the index of the constraint: that gives the multiplier, and it the member."""
    u, al = w.family.member, state.al
    here = everywhere(oracle, state, u)
    price = multiplier if w.share.weight == ONE else mul(multiplier, w.share.weight)
    table = Equations(here)
    table.start(equation(slope, ZERO), defined("the derivative is zero"))
    table.move(Move(equation(w.count, al.tidy(mul(price, u))), u, RuleName.MULTIPLY, say("multiply by {}", u)))
    summed = equation(w.whole, mul(multiplier, w.left))
    value = div(w.whole, w.share.total)
    blocks: list[Block] = [table.display, say("Sum over {}, with the constraint {}:", Sym(w.over), equation(w.left, w.share.total))]
    outer = everywhere(oracle, state, *map(Sym, w.open))
    there = at_value(oracle, f.base, value, _with_family(state, f)) if f.index else oracle.at({f.base: value})
    solution = at_value(there, w.family.base, w.estimate, state)
    ends = everywhere(solution, state, u)
    ends.equal(slope, ZERO)
    everywhere(solution, state, *map(Sym, w.open)).equal(w.left, w.share.total)
    sums = Equations(outer)
    sums.start(summed, _implied(state, w, multiplier, oracle))
    blocks.append(
        Display(
            (
                *sums.lines,
                held(
                    everywhere(solution, state, *map(Sym, w.open)),
                    equation(multiplier, value),
                    say("by the constraint"),
                    RuleName.CONSTRAINT,
                ),
            )
        )
    )
    put = div(w.count, price) if price != multiplier else Div(w.count, multiplier)
    both = hats_set(there, {w.family.base: w.estimate}, state)
    result = Relation((with_hat(w.family.base, state), put, w.estimate), ("=", "="))
    blocks += [say("so"), Display((held(everywhere(both, state, u), result, rule=RuleName.PUT_IN),))]
    return blocks


def _with_family(state: State, f: Family) -> State:
    m = model_of(state)
    return replace(state, problem=state.problem.replace(families=replace(m, families={**m.families, f.base: f})))


def _implied(state: State, w: Weighed, multiplier: Formula, oracle: Oracle) -> Evidence:
    """That the sum of the equations over the index is what is shown: both sides of the new equation are those sums."""
    price = multiplier if w.share.weight == ONE else mul(multiplier, w.share.weight)
    there = everywhere(oracle, state, *map(Sym, w.open))
    there.equal(total(w.count, w.over, w.high), w.whole)
    return there.equal(total(mul(price, w.family.member), w.over, w.high), mul(multiplier, w.left))


# -- by substitution -------------------------------------------------------------------------------


def by_substitution(state: State, weighed: list[Weighed], words: list[Words]) -> State:
    """The last member written by the others; the derivative in each of those; the equations for the ratios."""
    blocks: list[Block] = list(words)
    solved: list[Block] = []
    for w in weighed:
        shown, more = _substituted(state, w)
        blocks += shown
        solved += more
    state = replace(state, scores={**state.scores, **{w.family.base: div(w.count, w.family.member) for w in weighed}})
    state = _answered(state, {w.family.base: w.estimate for w in weighed})
    return state.adding(
        Section(SectionKey.CONSTRAINTS, say("The constraint" if len(weighed) == 1 else "The constraints"), tuple(blocks)),
        Section(SectionKey.SOLVE, say("Solve"), tuple(solved)),
    )


def _last(f: Formula, w: Weighed) -> Formula:
    """A formula of a member as one of the last member over the index of the constraint."""
    return replace_all(f, {Sym(w.over): w.high})


def _substituted(state: State, w: Weighed) -> tuple[list[Block], list[Block]]:
    u, al = w.family.member, state.al
    last, k = _last(u, w), Sym(w.over)
    weight, last_weight = w.share.weight, _last(w.share.weight, w)
    before = add(w.high, neg(ONE))
    rest = Big("sum", w.over, ONE, before, u if weight == ONE else mul(weight, u))
    value = Add((w.share.total, neg(rest))) if last_weight == ONE else Div(Add((w.share.total, neg(rest))), last_weight)
    general = everywhere(state.general, state, *map(Sym, w.open))
    blocks: list[Block] = [
        say("Number the members so that {}. The constraint gives the last one by the others:", Relation((_last(w.count, w), ZERO), (">",))),
        Display((held(general, equation(last, value), rule=RuleName.CONSTRAINT),)),
    ]
    apart = Add((Big("sum", w.over, ONE, before, mul(w.count, log(u))), mul(_last(w.count, w), log(value))))
    whole = total(mul(w.count, log(u)), w.over, w.high)
    what = (
        say("The terms of {} with {} are", state.problem.of("ell"), Sym(w.family.base))
        if not w.open
        else say("For each {} the terms of {} with {} are", Sym(w.open[0]), state.problem.of("ell"), Sym(w.family.base))
    )
    blocks += [what, chain(general, whole, [(apart, say("the last member by the constraint"), RuleName.PUT_IN)])]
    ratio = div(weight, last_weight) if weight != last_weight else ONE
    slope = Add((Div(w.count, u), neg(Div(_last(w.count, w), last) if ratio == ONE else mul(ratio, Div(_last(w.count, w), last)))))
    others = _before_last(state.general, state, w)
    evidence = _slope_evidence(others, apart, slope, u, w)
    table = Equations(others)
    table.start(equation(slope, ZERO), evidence)
    cross = equation(al.tidy(mul(w.count, last_weight, last)), al.tidy(mul(_last(w.count, w), weight, u)))
    table.move(Move(cross, al.tidy(mul(u, last, last_weight)), RuleName.CLEAR_DENOMINATORS, say("multiply by {}", mul(u, last))))
    solved: list[Block] = [
        say("The derivative in {}, with {} as that function of the others, is zero for {} < {}:", u, last, k, w.high),
        table.display,
        say("For {} = {} both sides are the same. Sum over all {}, with the constraint:", k, w.high, k),
    ]
    summed = equation(
        mul(w.whole, *((last_weight,) if last_weight != ONE else ()), last),
        mul(_last(w.count, w), w.share.total) if w.share.total != ONE else _last(w.count, w),
    )
    there = everywhere(state.general, state, *map(Sym, w.open))
    there.equal(total(mul(w.count, last_weight, last), w.over, w.high), mul(w.whole, last_weight, last))
    seen = there.equal(total(mul(_last(w.count, w), weight, u), w.over, w.high), mul(_last(w.count, w), w.share.total))
    sums = Equations(there)
    sums.start(summed, seen)
    root = _last(w.estimate, w)
    sums.move(
        Move(
            equation(last, root),
            al.tidy(div(ONE, mul(w.whole, last_weight))),
            RuleName.DIVIDE,
            say("divide by {}", w.whole if last_weight == ONE else mul(w.whole, last_weight)),
        )
    )
    solved.append(sums.display)
    solution = at_value(state.general, w.family.base, w.estimate, state)
    everywhere(solution, state, *map(Sym, w.open)).equal(w.left, w.share.total)
    _before_last(solution, state, w).equal(*cross.sides)
    both = hats_set(state.general, {w.family.base: w.estimate}, state)
    line = held(everywhere(both, state, u), equation(with_hat(w.family.base, state), w.estimate), rule=RuleName.PUT_IN)
    solved += [say("Substitute it: the same holds for every {},", k), Display((line,))]
    return blocks, solved


def _before_last(oracle: Oracle, state: State, w: Weighed) -> Oracle:
    """The test points at every value of the indices, without the last of the constraint's."""
    high = tuple(add(h, neg(ONE)) if k == w.over else h for k, h in zip(w.family.index, w.family.high, strict=True))
    return oracle.each(w.family.index, high)


def _slope_evidence(oracle: Oracle, apart: Formula, slope: Formula, u: At, w: Weighed) -> Evidence:
    """The derivative of the terms as a function of all members but the last is what is shown, the last being what the constraint says."""
    index = {Sym(w.over): Sym("#k")}
    fixed = replace_all(u, index)  # type: ignore[arg-type]
    points = Oracle(tuple({**e, "#k": e[w.over]} for e in oracle.points))
    body = Derivative(apart, ((fixed, 1),))
    return points.equal(body, replace_all(slope, index))  # type: ignore[arg-type]


# -- the maximum -----------------------------------------------------------------------------------


def by_gibbs(state: State, weighed: list[Weighed]) -> State:
    """Section "The maximum": log t <= t - 1 for the ratio of any member to its estimate."""
    blocks: list[Block] = []
    conditions: list[Condition] = []
    t = Sym("t")
    inequality = Relation((log(t), Add((t, neg(ONE)))), ("<=",))
    for w in weighed:
        hat, u = with_hat(w.family.base, state), w.family.member
        oracle = everywhere(hats_set(state.general, {w.family.base: w.estimate}, state), state, *map(Sym, w.open))
        ratio = Div(u, hat)
        heights = [total(mul(w.count, log(f)), w.over, w.high) for f in (u, hat)]
        middle = total(mul(w.count, log(ratio)), w.over, w.high)
        bound = total(mul(w.count, Add((ratio, neg(ONE)))), w.over, w.high)
        shown = Relation((Add((heights[0], neg(heights[1]))), middle, bound, ZERO), ("=", "<=", "="))
        where = say("for every {}", Sym(w.open[0])) if w.open else say("for all {} that satisfy the constraint", Sym(w.family.base))
        if blocks:
            blocks.append(say("In the same way, ") + where + say(","))
        else:
            blocks.append(
                say("Since {} for {}, with equality at {} only, ", inequality, Relation((t, ZERO), (">",)), equation(t, ONE))
                + where
                + say(",")
            )
        blocks.append(Display((held(oracle, shown, rule=RuleName.COMPARE_WITH_1),)))
        weight = () if w.share.weight == ONE else (w.share.weight,)
        price = mul(w.whole, *weight, u)
        price = price if w.share.total == ONE else Div(price, w.share.total)
        everywhere(oracle, state, u).equal(mul(w.count, ratio), price)
        last = say(
            "The last step: {}, which by the constraint add up to {}, as the counts do.", equation(mul(w.count, ratio), price), w.whole
        )
        blocks.append(from_standard(last))
        if state.problem.parameters[w.family.base].low_open:
            seen = Relation((w.count, ZERO), (">",))
            conditions.append(
                Condition(ConditionKind.EXISTS, (seen,), say("{} for every member, since {} does not belong to the domain", seen, ZERO))
            )
        needed = Relation((w.whole, ZERO), (">",))
        if not state.al.facts.positive(w.whole):
            apart = (
                say(" for every {}; where it is {}, any values that satisfy the constraint do", Sym(w.open[0]), ZERO) if w.open else say("")
            )
            conditions.append(Condition(ConditionKind.UNIQUE, (needed,), say("{}", needed) + apart))
    unseen = say(
        "A member whose count is {} is estimated as {} and left out of these sums: the others add up to at most what the constraint says, so the bound stays.",
        ZERO,
        ZERO,
    )
    blocks += [from_standard(unseen), say("Equality holds at the estimate only: the maximum is global, and the only one.")]
    argued = {w.family.base: ARGUED for w in weighed}
    return replace(state, arguments={**state.arguments, **argued}).adding(
        Section(SectionKey.MAXIMUM, say("The maximum"), tuple(blocks)), conditions=conditions
    )


def _answered(state: State, answers: dict[str, Formula]) -> State:
    for k, f in answers.items():
        state = state.answered(k, f, How.CLOSED)
    return state


__all__ = ["estimate_shares"]
