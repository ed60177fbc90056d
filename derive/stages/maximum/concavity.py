"""Concavity: the sign of the second derivative for every value of an unknown."""

from __future__ import annotations

from ...algebra.facts import Facts
from ...formula.tree import ZERO, Apply, Derivative, Formula, Relation, Sym, equation, terms
from ...oracle.oracle import Oracle
from ...problem.problem import Problem
from ...proofs.grounds import Ground, proved
from ...proofs.inequalities import because, negative_by
from ...recorder import record
from ...rule_names import RuleName
from ...rules.sums import centred_whole
from ...trace import Display, Strength, Words, say
from ..likelihood.score import derivative, tidied
from ..setting import MaximumArgument, State, generic_facts, settle_answers

PROFILE = "ell_prof"


def label_of(name: str, position: int, problem: Problem) -> Apply:
    """The log-likelihood as a function of the parameters, or the profile log-likelihood of one of them."""
    return Apply(PROFILE, (Sym(name),)) if position else problem.of("ell")


def second_derivative(name: str, position: int, state: State) -> tuple[Display, Formula, Oracle]:
    """The line that states it, its right side, and the oracle at what was found before."""
    u = Sym(name)
    oracle = settle_answers(state.lines_oracle, {o: state.found[o] for o in state.order[:position]})
    second = tidied(derivative(state.profile[name], u, state)[1], state)
    second = centred_whole(second, state.al) or second
    d = _second(Derivative(label_of(name, position, state.problem), ((u, 2),)), second, state.profile[name], oracle, u)
    return d, second, oracle


def concave(name: str, position: int, state: State) -> MaximumArgument | None:
    """The argument where the second derivative is negative for every value in the domain."""
    d, second, oracle = second_derivative(name, position, state)
    facts = generic_facts(state.al.facts, second, oracle)
    if not negative(second, facts):
        reasons = negative_by(second, facts, state.al)
        if reasons is None:
            return None
        return MaximumArgument(
            Strength.GLOBAL, (_signed(d, second, oracle), because(reasons), _concave_words(name, state.problem, position))
        )
    return MaximumArgument(Strength.GLOBAL, (_signed(d, second, oracle), _concave_words(name, state.problem, position)))


def _second(left: Formula, second: Formula, profile: Formula, oracle: Oracle, u: Sym) -> Display:
    """The second derivative, judged as the derivative of the score."""
    evidence = oracle.equal(Derivative(profile, ((u, 1),)), second)
    return Display((record(equation(left, second), evidence, rule=RuleName.DIFFERENTIATE),))


def _signed(d: Display, second: Formula, oracle: Oracle) -> Display:
    """The same line with "< 0" at its end."""
    line = d.lines[0]
    r = Relation((*line.formula.sides, ZERO), (*line.formula.signs, "<"))
    oracle.holds(Relation((second, ZERO), ("<",)))
    return Display((record(r, proved(Ground.SIGN), rule=line.rule),))


def negative(f: Formula, facts: Facts) -> bool:
    """Whether every term is negative or not positive, one of them negative."""
    if facts.negative(f):
        return True
    ranges = [facts.range(t) for t in terms(f)]
    return bool(ranges) and all(r.nonpositive for r in ranges) and any(r.negative for r in ranges)


def _concave_words(name: str, problem: Problem, position: int) -> Words:
    c = problem.parameters[name].interior.condition(Sym(name))
    inside = say(" for every {} with {}", Sym(name), c) if c is not None else say(" for every {}", Sym(name))
    what = "the log-likelihood" if position == 0 else "the profile log-likelihood"
    return (
        say("The sign holds")
        + inside
        + say(": {} is strictly concave in {}, so its only stationary point is its global maximum.", what, Sym(name))
    )
