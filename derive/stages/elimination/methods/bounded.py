"""A root that the domain may cut off: the likelihood increases up to it and decreases afterwards, so the nearest point of the
domain is the maximum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ....algebra.terms import Algebra, Term
from ....formula.evaluate import compiled
from ....formula.names import hat
from ....formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Derivative,
    Formula,
    Mul,
    Pow,
    Relation,
    Sym,
    Where,
    add,
    equation,
    has,
    names,
    neg,
    rational,
    value,
)
from ....oracle.oracle import Oracle, computed, value_at
from ....recorder import Equations, defined, held, record
from ....rule_names import RuleName
from ....rules.sums import fold_means
from ....sets.domain import INFINITY, MINUS_INFINITY, Domain
from ....solving.solve import Solved
from ....trace import Block, Condition, ConditionKind, Display, How, Outcome, Strength, Words, say
from ...existence.root_outside_domain import inside, leaves
from ...maximum.unknown import label_of
from ...setting import MaximumArgument, Setting, State, settle_answers
from ...unbounded.supremum import without_maximum
from ..method import Found, Plan, Search
from .algebraic import judged_root, solution


@dataclass(frozen=True, slots=True)
class Rise:
    """The derivative as positive * (root - u), or positive * (value - u^k)."""

    positive: Formula
    fall: Formula


def method(search: Search, name: str) -> Plan | None:
    """A plan where there is one root, the likelihood rises to it and falls after it, and it can lie outside the domain."""
    state = search.state
    domain = state.problem.parameters[name]
    if domain.discrete or domain.also is not None or (domain.low == MINUS_INFINITY and domain.high == INFINITY):
        return None
    found = solution(search, name)
    start, al, solved = found.start, found.al, found.solved
    if solved is not None and len(solved.roots) == 2 and state.numbers and not names(start) & (set(search.open_names) - {name}):
        return _all_outside(name, start, solved, state)
    if solved is None or len(solved.roots) != 1:
        return None
    (root,) = solved.roots
    if names(root) & set(search.open_names) or not leaves(root, domain, state):
        return None
    shape = _rise(start, solved, Sym(name), al)
    if shape is None:
        return _all_outside(name, start, solved, state) if state.numbers and not names(start) & (set(search.open_names) - {name}) else None
    final = fold_means(root, al) or root
    if state.numbers:
        return Plan((name,), frozenset(), lambda: _with_numbers(name, start, solved, final, shape, state))
    return Plan((name,), frozenset(), lambda: _in_general(name, start, solved, final, shape, state))


def _all_outside(name: str, start: Formula, solved: Solved, setting: State) -> Plan | None:
    """A plan where, with data, all roots lie outside the domain: the derivative keeps its sign inside."""
    domain, oracle = setting.problem.parameters[name], setting.settled(setting.lines_oracle)
    low, high = value(domain.low), value(domain.high)
    if (low is None and domain.low != MINUS_INFINITY) or (high is None and domain.high != INFINITY) or len(oracle.points) == 0:
        return None
    bottom, top = (-math.inf if low is None else float(low)), (math.inf if high is None else float(high))
    for w in oracle.points:
        at = [value_at(r, w) for r in solved.roots]
        if any(bottom <= v <= top for v in at) or any(map(math.isnan, at)) != all(map(math.isnan, at)):
            return None
    inside = (low + high) / 2 if low is not None and high is not None else low + 1 if low is not None else (high or Fraction(0)) - 1
    middle = rational(inside)
    signs = {compiled(start)({**w, name: float(inside)}) > 0 for w in oracle.points}
    if len(signs) != 1:
        return None
    return Plan((name,), frozenset(), lambda: _kept_sign(name, start, solved, middle, signs == {True}, setting))


def _kept_sign(name: str, start: Formula, solved: Solved, middle: Formula, rises: bool, setting: State) -> Found:
    """The roots, both out; the sign at one point inside; the end of the domain."""
    u, domain, oracle = Sym(name), setting.problem.parameters[name], setting.settled(setting.lines_oracle)
    table = Equations(oracle)
    table.start(equation(start, ZERO), defined("the score equation"))
    for m in solved.moves:
        table.move(m, {name: solved.roots[0]})
    real = not math.isnan(compiled(solved.roots[0])(oracle.points[0]))
    for r in solved.roots if real and len(solved.roots) > 1 else ():
        judged_root(table, equation(u, r), say("rejected, since {} must be {}", u, domain.words()), oracle.at({name: r}))
    label = Derivative(label_of(name, len(setting.order), setting.problem), ((u, 1),))
    sign = Relation((Where(label, u, middle), ZERO), (">" if rises else "<",))
    oracle.at({name: middle}).holds(Relation((start, ZERO), sign.signs))
    blocks: list[Block] = [
        table.display, say("No root lies in the domain" if real else "The discriminant of this quadratic is negative: it has no real root")
        + say(", so the derivative has one sign there, that of"),
        Display((record(sign, computed("the sign at a point"), rule=RuleName.SIGN),)),
        say("and {} {} over the whole domain.", label_of(name, len(setting.order), setting.problem), "increases" if rises else "decreases"),
    ]  # fmt: skip
    return _at_end(
        name,
        not rises,
        blocks,
        oracle,
        say("The derivative has no zero in the domain: the likelihood is largest at its end."),
        domain,
        setting,
    )


def _rise(start: Formula, solved: Solved, u: Sym, al: Algebra) -> Rise | None:
    """The derivative with its root in view; None where the moves do not show that it falls through its only zero."""
    factor = Term(Fraction(1))
    last: Relation | None = None
    for m in solved.moves:
        if m.factor is None:
            if m.rule is not RuleName.TAKE_A_ROOT:
                return None
            break
        factor = al.times((factor, _term(m.factor, al)))
        last = m.after
    if last is None:
        return None
    left, right = last.sides
    if has(left, u):
        falls, sign = add(right, neg(left)), -1
    else:
        falls, sign = add(left, neg(right)), 1
        left = right
    if left != u and not (isinstance(left, Pow) and left.base == u and (value(left.exponent) or 0) > 0):
        return None
    positive = al.build(al.raised(factor.scaled(Fraction(sign)), neg(ONE)))
    if al.sign(positive) <= 0:
        return None
    return Rise(fold_means(positive, al) or positive, fold_means(falls, al) or falls)


def _term(f: Formula, al: Algebra) -> Term:
    return Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f)


def _shown(name: str, start: Formula, solved: Solved, final: Formula, setting: State) -> tuple[Display, Oracle]:
    """The equation solved, its root as a value of the letter and not yet as the estimate."""
    oracle = setting.settled(setting.lines_oracle)
    table = Equations(oracle)
    table.start(equation(start, ZERO), defined("the score equation"))
    for m in solved.moves:
        table.move(m, {name: solved.roots[0]})
    if final != solved.roots[0]:
        table.note(equation(Sym(name), final), say("by definition of the mean"), oracle.at({name: final}), RuleName.NAME_THE_MEAN)
    return table.display, oracle


def _derivative(name: str, shape: Rise, score: Formula, setting: State, oracle: Oracle) -> Display:
    """The derivative as a positive factor times what falls through zero."""
    u = Sym(name)
    product = shape.fall if shape.positive == ONE else Mul((shape.positive, shape.fall))
    label = Derivative(label_of(name, len(setting.order), setting.problem), ((u, 1),))
    return Display((record(equation(label, product), oracle.equal(score, product), rule=RuleName.FACTOR),))


def _supposed(shape: Rise, setting: State, oracle: Oracle) -> list[Relation]:
    """The signs of what stands in the factor that the domains do not prove, as almost every sample has them."""
    bases = [b for b in setting.al.split(shape.positive).powers if not setting.al.facts.nonzero(b) and setting.free(b)]
    return [Relation((b, ZERO), (">" if all(v > 0 for v in oracle.values(b)) else "<",)) for b in bases]


def _rises(name: str, shape: Rise, final: Formula, setting: State, supposed: Sequence[Relation] = ()) -> Words:
    words = say("The factor {} is positive", shape.positive) if shape.positive != ONE else say("So ")
    for j, r in enumerate(supposed):
        words += say(" and {}" if j else " where {}", r)
    words += say(", so ") if shape.positive != ONE else say("")
    return words + say("{} increases up to {} and decreases afterwards.", label_of(name, len(setting.order), setting.problem), final)


def _in_general(name: str, start: Formula, solved: Solved, final: Formula, shape: Rise, setting: State) -> Found:
    """For a symbolic sample: the root, or the end of the domain that cuts it off."""
    domain = setting.problem.parameters[name]
    display, oracle = _shown(name, start, solved, final, setting)
    answer = final
    pieces = say("")
    above, below = inside(final, domain, setting.al)
    if not domain.low_open and not above:
        answer = Call("max", (domain.low, answer))
        pieces += say(" If {}, it decreases on the whole domain, and is largest at its lower end.", Relation((final, domain.low), ("<",)))
    if not domain.high_open and not below:
        answer = Call("min", (domain.high, answer))
        pieces += say(" If {}, it increases on the whole domain, and is largest at its upper end.", Relation((final, domain.high), (">",)))
    needed = [
        Relation((final, end), (sign,))
        for end, is_open, sign in ((domain.low, domain.low_open, ">"), (domain.high, domain.high_open, "<"))
        if is_open and end not in (INFINITY, MINUS_INFINITY) and _beyond(final, end, sign, setting)
    ]
    supposed = _supposed(shape, setting, oracle)
    needed += [r for r in supposed if not setting.al.facts.range(r.sides[0]).nonnegative and r not in needed]
    blocks: list[Block] = [
        display, say("The root {} need not lie in the domain. The derivative can be written as", final),
        _derivative(name, shape, start, setting, oracle), _rises(name, shape, final, setting, supposed) + pieces,
    ]  # fmt: skip
    if answer != final:
        shown = equation(hat(name), answer)
        blocks += [say("Together"), Display((held(settle_answers(oracle, {name: answer}), shown, rule=RuleName.END_OF_THE_DOMAIN),))]
    else:
        shown = equation(hat(name), final)
        blocks.append(Display((held(settle_answers(oracle, {name: final}), shown, rule=RuleName.ESTIMATE),)))
    return Found(
        {name: answer}, tuple(blocks), argument=MaximumArgument(Strength.PROVED, (_why(name, setting),)),
        conditions=tuple(Condition(ConditionKind.EXISTS, (r,), say("{}", r)) for r in needed),
    )  # fmt: skip


def _beyond(f: Formula, end: Formula, sign: str, setting: Setting) -> bool:
    """Whether the root is not proved to stay clear of an open end."""
    al = setting.al
    gap = add(f, neg(end)) if sign == ">" else add(end, neg(f))
    return not (al.facts.positive(gap) or al.facts.positive(al.tidy(gap)))


def _with_numbers(name: str, start: Formula, solved: Solved, final: Formula, shape: Rise, setting: State) -> Found:
    """With data: the root lies outside, so the end on its side is the maximum, if the domain has it."""
    u, domain = Sym(name), setting.problem.parameters[name]
    display, oracle = _shown(name, start, solved, final, setting)
    v = compiled(final)(oracle.points[0])
    below = v < domain.bounds(oracle.points[0])[0]
    blocks: list[Block] = [
        display, say("This root is rejected, since {} must be {}. The derivative can be written as", u, domain.words()),
        _derivative(name, shape, start, setting, oracle),
        _rises(name, shape, final, setting) + say(" On the domain it {} throughout.", "decreases" if below else "increases"),
    ]  # fmt: skip
    return _at_end(name, below, blocks, oracle, _why(name, setting), domain, setting)


def _at_end(name: str, low: bool, blocks: list[Block], oracle: Oracle, why: Words, domain: Domain, setting: State) -> Found:
    """The lower or the upper end as the answer, or no maximum where it does not belong to the domain."""
    end, is_open = (domain.low, domain.low_open) if low else (domain.high, domain.high_open)
    if is_open:
        blocks.append(say("The end {} does not belong to the domain, so there is no maximum: ", end) + without_maximum(name, end, not low, setting) + say("."))  # fmt: skip
        return Found({}, tuple(blocks), How.BOUNDARY, Outcome.NONE, argument=MaximumArgument(Strength.PROVED))
    shown = equation(hat(name), end)
    evidence = settle_answers(oracle, {name: end}).holds(shown)
    blocks += [say("The maximum lies at the end of the domain:"), Display((record(shown, evidence, rule=RuleName.END_OF_THE_DOMAIN),))]
    return Found({name: end}, tuple(blocks), How.BOUNDARY, argument=MaximumArgument(Strength.PROVED, (why,)))


def _why(name: str, setting: State) -> Words:
    several = len(setting.parameters) > 1
    words = say("In {} the log-likelihood increases up to the root of its derivative and decreases afterwards", Sym(name))
    return (
        words
        + say(", whatever the other parameters are" if several else "")
        + say(": the point of the domain nearest to the root is its global maximum.")
    )


__all__ = ["method"]
