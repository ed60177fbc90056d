"""Two unknowns that only the ends of the support hold: the best value of one, as a function of the other, is a bound
that the data set; the other is then chosen so that this bound is as favourable as can be."""

from __future__ import annotations

from dataclasses import dataclass

from ....algebra.terms import Algebra, Term
from ....density.support.admissible import positive_first, slope
from ....formula.names import hat
from ....formula.tree import ONE, ZERO, Add, Call, Derivative, Formula, Relation, Sym, equation, names, replace
from ....problem.problem import Problem
from ....proofs.grounds import Ground
from ....proofs.signs import evidence_of_sign
from ....recorder import held, record
from ....rule_names import RuleName
from ....sets.domain import INFINITY, MINUS_INFINITY
from ....solving.solve import solve
from ....trace import Block, Display, How, say
from ...boundary.limits import admissible_facts, limits, score_facts, sign_of_score
from ...setting import ARGUED, settle_answers
from ..method import Found, Plan, Search


@dataclass(frozen=True, slots=True)
class Pair:
    """The unknown `first` is best at `end`, which speaks of `second`; the likelihood does not speak of `second` otherwise."""

    first: str
    second: str
    sign: int
    end: Formula
    value: Formula
    lines: tuple[Relation, ...]


def method(search: Search, name: str) -> Plan | None:
    """A plan for two unknowns on which the support depends, where the likelihood depends on the first alone."""
    pair = pair_of(search, name)
    if pair is None:
        return None
    return Plan((pair.first, pair.second), frozenset(), lambda: carried_out(search, pair))


def pair_of(search: Search, name: str) -> Pair | None:
    """The two unknowns and where they are best, or None."""
    state = search.state
    moving = state.problem.moving
    if name not in moving or search.scores[name] == ZERO:
        return None
    sign = sign_of_score(state, search.scores[name])
    if not sign:
        return None
    end = limits(name, state)[1 if sign > 0 else 0]
    others = names(end) & (set(search.open_names) - {name})
    if len(others) != 1:
        return None
    (second,) = others
    if second not in moving or search.scores[second] != ZERO:
        return None
    al = Algebra(admissible_facts(state), state.al.decimals, state.al.unknowns, clock=state.al.clock)
    found = _crossing(end, Sym(second), al) if isinstance(end, Call) else _at_its_bound(end, name, second, sign, state.problem, al)
    return None if found is None else Pair(name, second, sign, end, *found)


def _crossing(end: Call, u: Sym, al: Algebra) -> tuple[Formula, tuple[Relation, ...]] | None:
    """The greater of a rising and a falling line is least where they meet."""
    if len(end.args) != 2 or sorted(slope(f, u, al) for f in end.args) != [-1, 1]:
        return None
    meet = equation(*end.args)
    solved = solve(meet, u, al)
    if solved is None or len(solved.roots) != 1:
        return None
    return solved.roots[0], (meet,)


def _at_its_bound(end: Formula, first: str, second: str, sign: int, p: Problem, al: Algebra) -> tuple[Formula, tuple[Relation, ...]] | None:
    """A bound that is monotone in the second unknown is most favourable at the end of what the data allow for that."""
    rising = slope(end, Sym(second), al)
    if not rising:
        return None
    up = (rising > 0) == (sign > 0)  # a greater bound is better where the likelihood grows in the first
    free = [b for b in p.bounds[second] if first not in names(b.end) and b.below != up]
    d = p.parameters[second]
    if len(free) != 1 or (d.high if up else d.low) not in (INFINITY, MINUS_INFINITY):
        return None
    return free[0].end, (free[0].closed,)


def together(f: Formula, al: Algebra) -> Formula:
    """A sum with its common factor before a bracket, positive terms first."""
    if not isinstance(f, Add):
        return f
    ts = al.collect(al.split(t) for t in f.terms)
    shared = al.common_factor(ts)
    inner = positive_first(al.assemble(al.divided(t, shared) for t in ts))
    return al.build(Term(shared.coefficient, {**shared.powers, inner: ONE})) if isinstance(inner, Add) else al.tidy(f)


def carried_out(search: Search, pair: Pair) -> Found:
    """The bound as a function of the other unknown, and where it is best."""
    state, p = search.state, search.state.problem
    al = state.al
    u, v = Sym(pair.first), Sym(pair.second)
    oracle = state.settled(state.lines_oracle)
    score = search.scores[pair.first]
    sign = ">" if pair.sign > 0 else "<"
    seen = oracle.holds(Relation((score, ZERO), (sign,)))
    r = Relation((Derivative(p.of("ell"), ((u, 1),)), score, ZERO), ("=", sign))
    evidence = evidence_of_sign(r, score_facts(state, score), seen, Ground.SIGN_AND_SUPPORT)
    end_of_first = pair.end.args[0] if isinstance(pair.end, Call) else pair.end
    first = together(al.expand(replace(end_of_first, v, pair.value)), al)
    answers = {pair.second: pair.value, pair.first: first}
    there = settle_answers(oracle, answers)
    best = there.holds(equation(hat(pair.first), replace(pair.end, v, hat(pair.second))))
    there.holds(equation(hat(pair.second), pair.value))
    direction = "increases" if pair.sign > 0 else "decreases"
    blocks: list[Block] = [
        say("The likelihood depends on {} only through what is admissible. In {} the derivative has one sign:", v, u),
        Display((record(r, evidence, rule=RuleName.SIGN),)),
        say("For a fixed {} the likelihood {} in {}, so {} is best at the {} admissible value:", v, direction, u, u, "largest" if pair.sign > 0 else "smallest"),
        Display((record(equation(hat(pair.first), replace(pair.end, v, hat(pair.second))), best, rule=RuleName.ORDER_STATISTIC),)),
    ]  # fmt: skip
    if isinstance(pair.end, Call):
        meet = pair.lines[0]
        blocks += [
            say(
                "It is to be as {} as possible. Of the two terms one increases with {} and the other decreases, so that happens where they are equal:",
                "large" if pair.sign > 0 else "small", v,
            ),
            Display((
                held(there, meet, rule=RuleName.MEET),
                held(there, equation(hat(pair.second), pair.value), say("solved for {}", v), RuleName.SOLVE),
            )),
        ]  # fmt: skip
    else:
        shown = equation(hat(pair.second), pair.value)
        blocks += [
            say(
                "It is to be as {} as possible, so {} lies at the end of what the data allow for it:",
                "large" if pair.sign > 0 else "small",
                v,
            ),
            Display((held(there, shown, rule=RuleName.ORDER_STATISTIC),)),
        ]
    shown = equation(hat(pair.first), first)
    blocks += [say("Substitute:"), Display((held(there, shown, rule=RuleName.PUT_IN),))]
    return Found(answers, tuple(blocks), How.BOUNDARY, argument=ARGUED, title=say("Where the maximum lies"))
