"""The second derivative at the only stationary point."""

from __future__ import annotations

from fractions import Fraction

from ...algebra.facts import Facts
from ...algebra.terms import Term
from ...formula.names import hat
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
)  # fmt: skip
from ...problem.problem import Problem
from ...proofs.signs import evidence_of_sign, sign_of
from ...recorder import record
from ...rule_names import RuleName
from ...rules.sums import fold_means
from ...sets.ranges import interior
from ...trace import Display, Strength, Words, say
from ..likelihood.score import tidied
from ..profile.substitution import with_mean, worked_out
from ..setting import MaximumArgument, Setting, generic_facts, settle_answers
from .concavity import negative, supposition
from .unknown import Unknown


def bends_down(unknown: Unknown) -> MaximumArgument | None:
    """The argument where the second derivative is negative at the estimate."""
    at = _at_estimate(unknown, generic_facts(unknown.state.al.facts, unknown.second, unknown.oracle))
    if at is None:
        return None
    there = say("At {} this is", equation(unknown.letter, hat(unknown.name)))
    words = _only_point_words(unknown, at[1])
    return MaximumArgument(Strength.PROVED, (unknown.second_line, there, at[0], words), reason=_in_brief(unknown, at[0]))


def _at_estimate(unknown: Unknown, facts: Facts) -> tuple[Display, Words | None] | None:
    """The second derivative at the estimate, if it is negative there, and what it takes of the data for that."""
    name, state, second, oracle = unknown.name, unknown.state, unknown.second, unknown.oracle
    u, hatted, found = unknown.letter, hat(name), state.found[name]
    label = Derivative(unknown.label, ((u, 2),))
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
    if al.facts.negative(s):
        value_of = neg(value_of)
    elif t.powers[s] not in (ONE, neg(ONE)) and not al.facts.range(s).nonnegative:
        return second
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


def _only_point_words(unknown: Unknown, where: Words | None) -> Words:
    c = unknown.state.problem.parameters[unknown.name].interior.condition(unknown.letter)
    return say(
        "{}{} is the only stationary point {}, and a maximum: {} increases up to it and decreases afterwards{}.",
        say("") if where is None else say("The second derivative is negative where ") + where + say(". Then "),
        hat(unknown.name),
        say("in the domain") if c is None else say("with {}", c),
        unknown.label,
        "" if len(unknown.state.parameters) > 1 else ", so the maximum is global",
    )


def _in_brief(unknown: Unknown, at: Display) -> Words:
    return say("{} has {} as its only stationary point, and {}", unknown.label, hat(unknown.name), at.lines[0].formula)
