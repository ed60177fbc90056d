"""A scale or standard deviation of either sign: the score is a quadratic over an odd power of the unknown, with one root on each
side of 0, the maximum there; of which side the higher one is, the difference of the log-likelihood at u and at -u says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ....algebra.facts import NEGATIVE, POSITIVE
from ....algebra.terms import MINUS, Algebra, Term
from ....formula.names import hat
from ....formula.tree import (
    ONE,
    TWO,
    ZERO,
    Apply,
    Cases,
    Formula,
    N,
    Relation,
    SetOf,
    Sym,
    add,
    div,
    equation,
    has,
    mul,
    neg,
    replace_all,
    value,
)
from ....recorder import Equations, defined, equal, record
from ....rule_names import RuleName
from ....rules.sums import fold_means
from ....sets.domain import REAL
from ....solving.solve import Solved, solve
from ....trace import Block, Condition, ConditionKind, Display, How, Outcome, say
from ...likelihood.product import with_data
from ...setting import ARGUED, State, algebra_for, settle_answers
from ..method import Found, Plan, Search
from .algebraic import judged_root, solution, starting


@dataclass(frozen=True, slots=True)
class Sides:
    """start: the score.  solved: its moves to a quadratic, and its roots: negative, positive.  difference: of the log-likelihood
    at u and at -u.  decides: what has its sign for u > 0.  product: what is positive where the roots have different signs."""

    start: Formula
    solved: Solved
    negative: Formula
    positive: Formula
    difference: Formula
    decides: Formula
    product: Formula


def method(search: Search, name: str) -> Plan | None:
    """A plan where the only parameter is any real number but 0, with one root on each side."""
    found = two_sides(search, name)
    return None if found is None else Plan((name,), frozenset(), lambda: carried_out(name, found, search.state), 2)


def two_sides(search: Search, name: str) -> Sides | None:
    """The score read so, or None where it is none of that kind."""
    state, u = search.state, Sym(name)
    if (
        len(state.parameters) > 1
        or state.problem.parameters[name] != REAL
        or solution(search, name).solved is not None
        or state.ell is None
    ):
        return None
    start = starting(search.scores[name], name, state)
    al = algebra_for(search.scores[name], state)
    above, below = (replace(al, facts=al.facts.with_letters({name: r})) for r in (POSITIVE, NEGATIVE))
    solved, other = (solve(equation(start, ZERO), u, side) for side in (above, below))
    if (
        solved is None
        or other is None
        or solved.roots != other.roots
        or len(solved.roots) != 2
        or solved.inner is not None
        or not solved.moves
    ):
        return None
    if [(m.after, m.factor) for m in solved.moves] == [(m.after, m.factor) for m in other.moves]:
        solved = other  # below 0 no reason says that an odd power is positive
    table = al.coefficients(solved.moves[-1].after.sides[0], u)
    if table is None or set(table) != {ZERO, ONE, TWO} or any(m.factor is None for m in solved.moves):
        return None
    lead, product = al.assemble(table[TWO]), al.tidy(neg(div(al.assemble(table[ZERO]), al.assemble(table[TWO]))))
    factor = mul(*(m.factor for m in solved.moves if m.factor is not None))
    if al.sign(product) <= 0 or al.sign(lead) <= 0 or above.sign(factor) >= 0 or below.sign(factor) <= 0:
        return None
    difference = _difference(state.ell, u, above)
    if difference is None:
        return None
    t = al.split(difference)
    decides = al.build(Term(t.coefficient / abs(t.coefficient), {b: k for b, k in t.powers.items() if b != u and not al.facts.positive(b)}))
    positive, negative = solved.roots
    if not all(v > 0 for v in state.lines_oracle.values(positive)) or not all(v < 0 for v in state.lines_oracle.values(negative)):
        return None
    named = decides if value(decides) is not None else fold_means(al.tidy(div(decides, N)), al) or decides
    return Sides(start, solved, negative, positive, difference, named, product)


def _difference(ell: Formula, u: Sym, above: Algebra) -> Formula | None:
    """ell at u less ell at -u for u > 0 as one term, a power of u times what is free of it."""
    from_above = above.expanded(above.tidy(ell)) or []
    mirrored = above.expanded(above.tidy(replace_all(ell, {u: neg(u)}))) or []
    left = above.collect([*from_above, *(t.scaled(MINUS) for t in mirrored)])
    if len(left) != 1 or any(has(b, u) for b in left[0].powers if b != u) or value(left[0].powers.get(u, ZERO)) is None:
        return None
    return above.build(left[0])


def carried_out(name: str, found: Sides, state: State) -> Found:
    """Both roots, and which of them is the higher."""
    u, p, al = Sym(name), state.problem, state.al
    oracle = state.settled(state.lines_oracle)
    table = Equations(oracle)
    table.start(equation(found.start, ZERO), defined("the score equation"))
    for m in found.solved.moves:
        table.move(m, {name: found.positive})
    for r, words in ((found.positive, "the positive root"), (found.negative, "the negative root")):
        judged_root(table, equation(u, r), say("the quadratic formula, " + words), oracle.at({name: r}))
    high, low = (fold_means(r, al) or r for r in (found.positive, found.negative))
    apart = equal(
        oracle.at({name: high}),
        add(p.of("ell"), neg(Apply("ell", (neg(u),)))),
        found.difference,
        say("for {}", Relation((u, ZERO), (">",))),
        RuleName.PUT_IN,
    )
    above = Relation((found.decides, ZERO), (">",))
    blocks: list[Block] = [
        table.display,
        say(
            "The roots have different signs where {}. For {} the score has the sign of the quadratic turned round: it is positive up to the positive root and negative "
            "from there on. For {} it has the sign of the quadratic: positive up to the negative root and negative from there on. So {} has one maximum on each side of 0.",
            Relation((found.product, ZERO), (">",)), Relation((u, ZERO), (">",)), Relation((u, ZERO), ("<",)), p.of("ell"),
        ),
        say("Which of them is higher is seen from"),
        Display((apart,)),
    ]  # fmt: skip
    constant = value(found.decides)
    if constant is None:
        blocks.append(
            say("Where {}, every negative value is exceeded by its opposite, so the positive root is the maximum; where this is negative, the negative root is.", above)
        )  # fmt: skip
    else:
        blocks.append(
            say("This is {}, so the {} root is the maximum:", *(("positive", "positive") if constant > 0 else ("negative", "negative")))
        )
    exists = Condition(ConditionKind.EXISTS, (Relation((found.product, ZERO), (">",)),), say("{}", Relation((found.product, ZERO), (">",))))
    exact = value(al.tidy(with_data(found.decides, p, al)[0])) if p.observations is not None and constant is None else constant
    if exact == 0:
        both = SetOf((low, high))
        shown = Relation((hat(name), both), ("in",))
        blocks += [say("Here it is 0, and both roots are estimates:"), Display((record(shown, apart.evidence, rule=RuleName.ESTIMATE),))]
        return Found(
            {name: high}, tuple(blocks), How.CLOSED, Outcome.NOT_UNIQUE, {name: both}, ARGUED, conditions=() if state.numbers else (exists,)
        )
    answer: Formula = Cases(((high, above), (low, None)))
    if (state.numbers or constant is not None) and exact is not None:
        answer = high if exact > 0 else low
    line = record(
        equation(hat(name), answer), settle_answers(oracle, {name: answer}).holds(equation(hat(name), answer)), rule=RuleName.ESTIMATE
    )
    blocks.append(Display((line,)))
    needed = (
        exists,
        Condition(ConditionKind.UNIQUE, (Relation((found.decides, ZERO), ("!=",)),), say("{}; else both roots are estimates", Relation((found.decides, ZERO), ("!=",)))),
    )[: 2 if constant is None else 1]  # fmt: skip
    return Found({name: answer}, tuple(blocks), How.CLOSED, argument=ARGUED, conditions=() if state.numbers else needed)
