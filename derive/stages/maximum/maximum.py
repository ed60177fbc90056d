"""Is it the maximum?  Concavity where it can be proved, else the second derivative at the only stationary
point, one unknown after the other: each substitution made a profile log-likelihood, so one-dimensional arguments
suffice.  What cannot be proved is said to be found numerically only."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ...algebra.facts import Facts
from ...algebra.terms import Term
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    At,
    Big,
    Derivative,
    Div,
    Formula,
    Mul,
    N,
    Pow,
    Relation,
    Sym,
    Where,
    add,
    equation,
    mul,
    neg,
    num,
    replace_all,
    terms,
)
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...proofs.signs import evidence_of_sign, sign_of
from ...recorder import record
from ...rule_names import RuleName
from ...rules import equations as eqs
from ...rules.sums import fold_means
from ...sets.ranges import interior
from ...trace import Block, ConditionKind, Display, Outcome, Section, SectionKey, Strength, Words, say
from ..likelihood.score import tidied
from ..profile.substitution import with_mean, worked_out
from ..setting import MaximumArgument, Setting, State, algebra_for, generic_facts, settle_answers
from .concavity import PROFILE, concave, label_of, negative, second_derivative, supposition
from .decreasing_score import falling
from .exponential_family import one_root
from .single_sign_change import falls_once


def maximum(state: State) -> State:
    """Section "It is the maximum": for every unknown the argument that its method brought, else one found here."""
    if state.outcome is Outcome.NONE:
        return state
    arguments = {k: state.arguments.get(k) or argument(k, position, state) for position, k in enumerate(state.order)}
    state = replace(state, arguments={**state.arguments, **arguments})
    blocks = _shown(state)
    if blocks:
        state = state.adding(Section(SectionKey.MAXIMUM, say("It is the maximum"), tuple(blocks)))
    ties = any(c.kind is ConditionKind.UNIQUE for c in state.conditions)
    if state.outcome is Outcome.UNIQUE and state.arguments and _all_global(state) and not state.sets and not ties:
        both = (replace(c, kind=ConditionKind.BOTH) if c.kind is ConditionKind.EXISTS else c for c in state.conditions)
        state = replace(state, conditions=tuple(both))
    return state


def _shown(state: State) -> list[Block]:
    """The arguments one after the other, one that several unknowns share once, and what they say together."""
    blocks: list[Block] = []
    several = len(state.order) > 1
    for position, name in enumerate(state.order):
        this = state.arguments[name]
        if this.joint and position and this is state.arguments[state.order[position - 1]]:
            continue
        if several and this.blocks and not this.joint:
            blocks.append(_stage_words(name, state.problem, position))
        blocks += this.blocks
    if several and blocks and _all_global(state):
        blocks.append(
            say("Together: no point of the domain has a larger likelihood, so each of these solutions is a global maximum.")
            if state.sets
            else say("Together: no other point of the domain has a likelihood as large, so the solution is the global maximum.")
        )
    return blocks


def _all_global(state: State) -> bool:
    return all(a.strength is Strength.PROVED for a in state.arguments.values())


def argument(name: str, position: int, state: State) -> MaximumArgument:
    """Concavity for every value; else the second derivative at the only stationary point; else the score's sign."""
    found = concave(name, position, state)
    if found is not None:
        return found
    d, second, oracle = second_derivative(name, position, state)
    left = Derivative(label_of(name, position, state.problem), ((Sym(name), 2),))
    at = _at_estimate(name, second, left, state, oracle, generic_facts(state.al.facts, second, oracle))
    if at is not None:
        there = say("At {} this is", equation(Sym(name), hat(name)))
        return MaximumArgument(Strength.PROVED, (d, there, at[0], _only_point_words(name, position, at[1])))
    change = _sign_change(name, state, oracle) or falling(name, position, state, oracle) or falls_once(name, position, state, oracle)
    if change is not None:
        return MaximumArgument(Strength.PROVED, tuple(change))
    found = one_root(name, state)
    if found is not None:
        return found
    return MaximumArgument(
        Strength.SEARCHED,
        (say("No general proof was found that this is the maximum in {}; a numerical search over the whole domain found no higher point.", Sym(name)),),
    )  # fmt: skip


def _at_estimate(
    name: str, second: Formula, label: Derivative, state: State, oracle: Oracle, facts: Facts
) -> tuple[Display, Words | None] | None:
    """The second derivative at the estimate, if it is negative there, and what it takes of the data for that."""
    u, hatted, found = Sym(name), hat(name), state.found[name]
    there = settle_answers(oracle, {name: found})
    inside = facts.with_letters({hatted.name: interior(state.problem.parameters[name])})
    if state.numbers:
        done = tidied(worked_out(replace_all(second, {u: found}), state.al), state)
    else:
        done = tidied(replace_all(_in_terms_of(second, found, hatted, state), {u: hatted}), state)
    done = state.al.assemble(state.al.split(t) for t in terms(state.al.expand(done)))
    if not negative(done, generic_facts(inside, done, there)):
        done = tidied(replace_all(second, {u: found}), state)
        done = state.al.assemble(state.al.split(t) for t in terms(state.al.expand(with_mean(done, state))))
        done = fold_means(done, state.al) or done
        if not negative(done, generic_facts(inside, done, there)):
            return None
    there.equal(second, done)
    facts = generic_facts(inside, done, there)
    evidence = evidence_of_sign(r := Relation((done, ZERO), ("<",)), facts, there.holds(r))
    body = label.body
    at = (
        Derivative(replace_all(body, {u: hatted}), ((hatted, 2),))
        if isinstance(body, Apply) and len(body.args) == 1
        else Where(label, u, hatted)
    )
    r = Relation((at, done, ZERO), ("=", "<"))
    return Display((record(r, evidence, rule=RuleName.PUT_IN),)), supposition(sign_of(done, facts), done, state)


def _in_terms_of(second: Formula, found: Formula, hatted: Sym, setting: Setting) -> Formula:
    """Where the estimate is a power of one statistic times what is known, that statistic by the estimate: S = n v.

    A statistic that is a sum of several gives the first of them: S_1 = n v - S_2.
    """
    al = setting.al
    t = al.split(found)
    statistics = [b for b in t.powers if isinstance(b, (Add, Big)) or (isinstance(b, Sym) and b.name.endswith("_bar"))]
    if len(statistics) != 1 or t.coefficient <= 0:
        return second
    s: Formula = statistics[0]
    rest = al.build(al.times((t, al.raised(Term(Fraction(1), {s: t.powers[s]}), num(-1)))))
    value_of = al.tidy(Pow(Div(hatted, rest), al.tidy(Div(ONE, t.powers[s]))))
    if isinstance(s, Add):
        first, *others = s.terms
        if not isinstance(first, Big):
            return second
        s, value_of = first, add(value_of, *map(neg, others))
    return replace_all(with_mean_of(second, s, setting.problem), {s: value_of})


def with_mean_of(f: Formula, s: Formula, p: Problem) -> Formula:
    """f with the plain sum of the observations by their mean, where s is that mean."""
    if not isinstance(s, Sym):
        return f
    x = At(s.name.removesuffix("_bar"), (Sym(p.index),))
    return replace_all(f, {Big("sum", p.index, ONE, N, x): mul(N, s)})


def _stage_words(name: str, problem: Problem, position: int) -> Words:
    if position == 0:
        return say("For any fixed value of the other parameters, look at {} as a function of {} alone.", problem.of("ell"), Sym(name))
    return say("Put in what was found: what is left is the profile log-likelihood {}.", Apply(PROFILE, (Sym(name),)))


def _only_point_words(name: str, position: int, where: Words | None) -> Words:
    what = "the log-likelihood" if position == 0 else "the profile log-likelihood"
    return say(
        "{}{} is the only stationary point in the domain and {} has a maximum there: it rises up to it and falls after it, so the maximum is global.",
        say("") if where is None else say("The second derivative is negative where ") + where + say(". Then "),
        hat(name),
        what,
    )


def _sign_change(name: str, state: State, oracle: Oracle) -> list[Block] | None:
    """The score times a positive factor is a quadratic with leading coefficient below zero and one admissible root."""
    u = Sym(name)
    al = algebra_for(state.profile[name], state)
    move = eqs.clear_denominators(equation(state.profile[name], ZERO), u, al)
    if move is None or move.factor is None or move.after.sides[1] != ZERO or not state.al.facts.positive(move.factor):
        return None
    table = al.coefficients(move.after.sides[0], u)
    if table is None or set(table) != {ZERO, ONE, TWO}:
        return None
    a, c = al.assemble(table[TWO]), al.assemble(table[ZERO])
    facts = generic_facts(al.facts, c, oracle)
    start = sign_of(c, facts)
    if not negative(a, state.al.facts) or start.value < 1:
        return None
    where = supposition(start, c, state)
    shown = move.after.sides[0]
    label = Derivative(state.problem.of("ell"), ((u, 1),))
    product = Mul((move.factor, label)) if not isinstance(move.factor, Mul) else Mul((*move.factor.factors, label))
    evidence = oracle.equal(product, shown)
    line = record(equation(product, shown), evidence, rule=RuleName.CLEAR_DENOMINATORS)
    return [
        say("Multiplied by {}, which is positive, the derivative becomes", move.factor),
        Display((line,)),
        say(
            "a parabola that opens downward and is positive at {}{}. It has one negative and one positive root, so {} is positive before {} and negative after it: the maximum is global.",
            equation(u, ZERO), say("") if where is None else say(" where ") + where, label, hat(name),
        ),
    ]  # fmt: skip
