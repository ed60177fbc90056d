"""Unknowns without a constraint, families and single letters, one after the other: the score, its root, and why that is the maximum.

What carries it: the moves that solve the score equation multiply it by factors, so that u - u_hat is their product times the score.
Where that product is negative throughout, the score is positive below the root and negative above.
"""

from __future__ import annotations

from dataclasses import replace

from ...algebra.terms import Algebra
from ...errors import NotSupported
from ...formula.families import Family, put_members
from ...formula.names import reported
from ...formula.tree import (
    ZERO,
    Apply,
    At,
    Derivative,
    Div,
    Formula,
    Relation,
    Sym,
    add,
    each,
    equation,
    mul,
    names,
    neg,
    num,
    replace_all,
    total,
)
from ...oracle.oracle import Oracle
from ...proofs.signs import sign_of
from ...recorder import Equations, chain, defined, equal, reworded
from ...rule_names import RuleName
from ...rules.calculus import NoDerivative, differentiate
from ...rules.families import inner_constants_out
from ...rules.members import in_member
from ...rules.sums import split_sums
from ...sets.ranges import interior
from ...solving.solve import solve
from ...trace import Block, Condition, ConditionKind, Display, How, Move, Section, SectionKey, say
from ..setting import ARGUED, State
from .letters import everywhere, hats_set, hatted, model_of, put, unknown, with_model

LETTER = Sym("#u")


def estimate_members(state: State) -> State:
    """The unknowns without a constraint.  Raises NotSupported where one is reached by no method here."""
    left = [k for k in state.parameters if model_of(state).share_of(k) is None]
    while left:
        found = None
        refusals: list[NotSupported] = []
        for k in left:
            try:
                found = _estimated(k, left, state)
                break
            except NotSupported as e:
                refusals.append(e)
        if found is None:
            raise refusals[0]
        state = found
        left = [k for k in left if k not in state.answers]
    return state


def _estimated(name: str, left: list[str], state: State) -> State:
    """One unknown found; what was found before is in the log-likelihood already."""
    m = model_of(state)
    assert state.ell is not None
    u, fam = unknown(name, state), m.families.get(name)
    slope = _slope(state.ell, name, state)
    if fam is not None and any(g != u for g in each(slope, At) if g.base == name):
        raise NotSupported(
            f"the derivative of the log-likelihood in one member of {reported(name)} holds other members; this is not supported"
        )
    if name not in names(slope):
        raise NotSupported(
            f"the derivative of the log-likelihood in {reported(name)} does not depend on {reported(name)}, so there is no maximum inside its domain",
            hint=r"state what the parameters satisfy: constraints=[r'\sum_{k=1}^K p_k = 1']",
        )
    slopes = _algebra(name, state).facts.range(replace_all(slope, {u: LETTER}))
    if slopes.nonnegative or slopes.nonpositive:
        raise NotSupported(
            f"the derivative of the log-likelihood in {reported(name)} has one sign throughout, so there is no maximum inside its domain",
            hint=r"state what the parameters satisfy: constraints=[r'\sum_{k=1}^K p_k = 1']",
        )
    moves, root = _solved(slope, name, u, state)
    if names(root) & (set(left) - {name}):
        raise NotSupported(f"the root of the score equation for {reported(name)} depends on other unknowns; this is not supported here")
    label, oracle = _label(state)
    there = everywhere(oracle, state, u)
    table = Equations(there)
    table.start(equation(slope, ZERO), defined("the derivative is zero"))
    for move in moves:
        table.move(move)
    blocks: list[Block] = []
    if state.answers.keys() - {s.family for s in m.shares}:
        blocks += [say("Substitute what was found:"), chain(oracle, label, [(state.ell, None, RuleName.PUT_IN)])]
    blocks += [chain(there, Derivative(label, ((u, 1),)), [(slope, None, RuleName.DIFFERENTIATE)]), table.display]
    maximum, conditions = _maximum(name, u, root, moves, label, there, state)
    state, root, said = with_mean(state, root, fam)
    how = How.CLOSED
    ell = _tidy(put(state.ell or ZERO, name, root, state), state)
    state = replace(state, ell=ell, scores={**state.scores, name: slope}).answered(name, root, how, ARGUED)
    section = Section(SectionKey.MAXIMUM, say("The maximum in {}", u), tuple(maximum))
    return state.adding(Section(SectionKey.SOLVE, say("Solve for {}", u), (*blocks, *said)), section, conditions=conditions)


def _slope(ell: Formula, name: str, state: State) -> Formula:
    """The derivative in an unknown, tidy.  Raises NotSupported where no rule gives it."""
    fam = model_of(state).families.get(name)
    try:
        slope = in_member(ell, fam, state.al) if fam is not None else differentiate(ell, Sym(name), state.al)
    except NoDerivative as e:
        raise NotSupported(f"the derivative of {e} is not known here") from None
    return _tidy(slope, state)


def _tidy(f: Formula, state: State) -> Formula:
    """Sums split, constants and margins taken out."""
    al = state.al
    f = split_sums(f, al) or f
    return model_of(state).margins(inner_constants_out(f, al) or f)


def _label(state: State) -> tuple[Apply, Oracle]:
    """The log-likelihood as a function of the parameters, with the estimates that were found in the place of their letters; the test
    points with those."""
    found = {k: f for k, f in state.answers.items() if model_of(state).share_of(k) is None}
    letters = tuple(Sym(hatted(k)) if k in found else Sym(k) for k in state.parameters)
    return Apply("ell", letters), hats_set(state.general, found, state)


def with_mean(state: State, root: Formula, fam: Family | None) -> tuple[State, Formula, list[Block]]:
    """A letter for a mean over the last index of a family of data: x bar, with the indices that are left."""
    m = model_of(state)
    for base, data in m.families.items():
        if fam is None or m.data.get(base) not in ("real", "positive") or len(data.index) < 2 or base + "_bar" in m.families:
            continue
        whole: Formula = total(data.member, data.index[-1], data.high[-1])
        means = {state.al.tidy(Div(f, data.high[-1])) for f in (whole, m.margins(whole))}
        if state.al.tidy(root) not in means:
            continue
        mean = Family(base + "_bar", data.index[:-1], data.high[:-1])
        spelled = Div(whole, data.high[-1])
        m = replace(m, families={**m.families, mean.base: mean}, counts={**m.counts, mean.base: spelled})
        state = replace(state, general=state.general.at_members(mean, spelled))
        renamed = put_members(mean.member, mean, mean.member)
        letters: dict[Formula, Formula] = {Sym(j): Sym(k) for j, k in zip(mean.index, fam.index, strict=False)}
        return with_model(state, m), replace_all(renamed, letters), [say("Write {} for this mean.", mean.member)]
    return state, root, []


def _solved(slope: Formula, name: str, u: Sym | At, state: State) -> tuple[list[Move], Formula]:
    """The moves from the score equation to its root, with the member in the place of a letter."""
    al = _algebra(name, state)
    solved = solve(equation(replace_all(slope, {u: LETTER}), ZERO), LETTER, al)
    if solved is None or len(solved.roots) != 1 or any(move.factor is None for move in solved.moves):
        raise NotSupported(
            f"the score equation for {reported(name)} has no solution in closed form that was found", hint="write out a few members"
        )
    back: dict[Formula, Formula] = {LETTER: u}
    moves = []
    for x in solved.moves:
        after = replace_all(x.after, back)
        assert isinstance(after, Relation)
        assert x.factor is not None
        moves.append(Move(after, replace_all(x.factor, back), x.rule, reworded(x.reason, back), x.needs))
    return moves, model_of(state).margins(replace_all(solved.roots[0], back))


def _algebra(name: str, state: State) -> Algebra:
    """Algebra with one letter for the unknown, inside its domain; it may divide by sums of data that are 0 for exceptional samples only."""
    al = state.al
    facts = al.facts.with_letters({LETTER.name: interior(state.problem.parameters[name])})

    def generic(f: Formula) -> int:
        return int(_positive_data(f, state))

    return replace(al, facts=facts, unknowns=(LETTER.name,), generic=generic)


def _positive_data(f: Formula, state: State) -> bool:
    """Whether f speaks of the data alone, is never negative, and is positive at every test point."""
    if names(f) & {*state.parameters, LETTER.name} or not state.al.facts.range(f).nonnegative:
        return False
    oracle = everywhere(state.general, state, f)
    return all(v > 0 for v in oracle.values(f))


def _maximum(
    name: str, u: Sym | At, root: Formula, moves: list[Move], label: Apply, oracle: Oracle, state: State
) -> tuple[list[Block], list[Condition]]:
    """The score as a positive factor times the distance to the root."""
    al = _algebra(name, state)
    back: dict[Formula, Formula] = {u: LETTER}
    product = al.tidy(replace_all(mul(num(1), *(x.factor for x in moves if x.factor is not None)), back))
    divided = [b for b, k in al.split(product).powers.items() if not al.facts.positive(b) and _positive_data(b, state)]
    sign = sign_of(product, al.facts.supposing(divided) if divided else al.facts)
    if sign.value != -1:
        raise NotSupported(f"that the root of the score equation for {reported(name)} is the maximum was not proved")
    front = replace_all(al.tidy(Div(num(-1), product)), {LETTER: u})
    shown = mul(front, add(root, neg(u)))
    line = equal(oracle, Derivative(label, ((u, 1),)), shown, rule=RuleName.COMMON_FACTOR)
    blocks: list[Block] = [
        say("As a product, the derivative is"), Display((line,)),
        say("The first factor is positive, so the derivative is positive below {} and negative above: {} increases up to it and decreases afterwards.", root, label),
    ]  # fmt: skip
    if isinstance(u, At):
        blocks.append(
            say("The derivative in {} holds no other member, so each member has its maximum by itself, whatever the others are.", u)
        )
    d = state.problem.parameters[name]
    conditions = [Condition(ConditionKind.BOTH, (r := Relation((f, ZERO), (">",)),), say("{}", r)) for f in divided]
    inside = al.facts.range(replace_all(root, back))
    low = d.low == ZERO and d.low_open
    if low and not inside.positive and inside.nonnegative:
        needed = Relation((root, ZERO), (">",))
        conditions.append(Condition(ConditionKind.EXISTS, (needed,), say("{}", needed)))
    return blocks, conditions


__all__ = ["estimate_members"]
