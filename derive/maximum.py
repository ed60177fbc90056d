"""Is it the maximum?  Concavity where it can be proved, else the second derivative at the only stationary
point, one unknown after the other: each substitution made a profile log-likelihood, so one-dimensional arguments
suffice.  What cannot be proved is said to be found numerically only."""

from __future__ import annotations

from .elimination import hat
from .facts import Facts
from .formula.tree import (
    ONE,
    TWO,
    ZERO,
    Derivative,
    Formula,
    Relation,
    Sym,
    equation,
    has,
    names,
    replace_all,
    terms,
)
from .oracle import Oracle
from .recorder import chain
from .rules.sums import fold_means
from .score import derivative, tidied
from .trace import Display, Evidence, Line, Section, Words, say
from .work import Work, generic_facts


def maximum(work: Work) -> str:
    """Section "It is the maximum".  Returns what was proved: "global", or "numerical"."""
    p = work.problem
    blocks: list[Words | Display] = []
    label = p.of("ell")
    proved = True
    several = len(work.order) > 1
    for position, name in enumerate(work.order):
        u = Sym(name)
        oracle = work.judge if work.numbers else work.general
        earlier = {o: _given(o, work) for o in work.order[:position]}
        oracle = oracle.at(earlier) if earlier else oracle
        second = tidied(derivative(work.profile[name], u, work)[1], work)
        left = Derivative(label, ((u, 2),)) if not earlier else Derivative(p.of("ell_p"), ((u, 2),))
        if several:
            blocks.append(_stage_words(name, work, position))
        d = _second(left, second, work.profile[name], oracle, u)
        facts = generic_facts(work.al.facts, second, oracle)
        if _negative(second, facts):
            blocks.append(_signed(d, second, oracle))
            blocks.append(_concave_words(name, work, position))
            continue
        at, sign = _at_estimate(name, second, work, oracle, facts)
        if sign:
            blocks.append(d)
            blocks.append(say("At {} this is", equation(u, hat(name))))
            blocks.append(at)
            blocks.append(_only_point_words(name, work, position))
            continue
        argument = _sign_change(name, work, oracle)
        if argument is not None:
            blocks += argument
            continue
        proved = False
        blocks.append(say("No general proof was found that this is the maximum in {}; a numerical search over the whole domain found no higher point.", u))
    if several:
        blocks.append(say("Together: no other point of the domain has a likelihood as large, so the solution is the global maximum."))
    work.sections.append(Section(say("It is the maximum"), tuple(blocks)))
    return "global" if proved else "numerical"


def _given(o: str, work: Work) -> Formula:
    return work.answers[o]


def _second(left: Formula, second: Formula, profile: Formula, oracle: Oracle, u: Sym) -> Display:
    """The second derivative, judged as the derivative of the score."""
    evidence = oracle.equal(Derivative(profile, ((u, 1),)), second)
    return Display((Line(equation(left, second), None, evidence, "differentiate"),))


def _signed(d: Display, second: Formula, oracle: Oracle) -> Display:
    """The same line with "< 0" at its end."""
    line = d.lines[0]
    r = Relation((*line.formula.sides, ZERO), (*line.formula.signs, "<"))
    oracle.holds(Relation((second, ZERO), ("<",)))
    return Display((Line(r, None, Evidence("proved", "sign from the domains"), line.rule),))


def _negative(f: Formula, facts: Facts) -> bool:
    """Whether every term is negative or not positive, one of them negative."""
    if facts.negative(f):
        return True
    ranges = [facts.range(t) for t in terms(f)]
    return bool(ranges) and all(r.nonpositive for r in ranges) and any(r.negative for r in ranges)


def _at_estimate(name: str, second: Formula, work: Work, oracle: Oracle, facts: Facts) -> tuple[Display, bool]:
    """The second derivative at the estimate, tidy; and whether it is negative."""
    from .elimination import with_mean, worked_out

    u, value = Sym(name), work.answers[name]
    if names(value) & set(work.order[work.order.index(name) + 1 :]):
        value = work.answers[name]
    put = replace_all(second, {u: value})
    done = tidied(worked_out(put, work), work) if work.numbers else with_mean(tidied(put, work), work)
    done = work.al.assemble(work.al.split(t) for t in terms(work.al.expand(done)))
    done = fold_means(done, work.al) or done
    there = oracle.at({name: value})
    facts = generic_facts(facts, done, there)
    if not _negative(done, facts):
        return Display(()), False
    label = Derivative(work.problem.of("ell"), ((u, 2),))
    there.equal(second, done)
    there.holds(Relation((done, ZERO), ("<",)))
    r = Relation((_at(label, u, name, work), done, ZERO), ("=", "<"))
    return Display((Line(r, None, Evidence("proved", "sign from the domains"), "put in"),)), True


def _at(label: Derivative, u: Sym, name: str, work: Work) -> Formula:
    """The label with hats on: ell''(theta hat)."""
    table: dict[Formula, Formula] = {u: hat(name)}
    if len(work.parameters) == 1:
        return Derivative(replace_all(label.body, table), ((hat(name), 2),))
    from .formula.tree import Where

    return Where(label, u, hat(name))


def _stage_words(name: str, work: Work, position: int) -> Words:
    if position == 0:
        return say("For any fixed value of the other parameters, look at {} as a function of {} alone.", work.problem.of("ell"), Sym(name))
    return say("Put in what was found: what is left is the profile log-likelihood {}, a function of {}.", Sym("ell_p"), Sym(name))


def _concave_words(name: str, work: Work, position: int) -> Words:
    d = work.problem.parameters[name]
    c = d.condition(Sym(name))
    inside = say(" for every {} with {}", Sym(name), c) if c is not None else say(" for every {}", Sym(name))
    what = "the log-likelihood" if position == 0 else "the profile log-likelihood"
    return say("The sign holds") + inside + say(": {} is strictly concave in {}, so its only stationary point is its global maximum.", what, Sym(name))


def _only_point_words(name: str, work: Work, position: int) -> Words:
    what = "the log-likelihood" if position == 0 else "the profile log-likelihood"
    return say("{} is the only stationary point in the domain and {} has a maximum there: it rises up to it and falls after it, so the maximum is global.", hat(name), what)


def _sign_change(name: str, work: Work, oracle: Oracle) -> list[Words | Display] | None:
    """The score times a positive factor is a quadratic with leading coefficient below zero and one admissible root."""
    from .rules import equations as eqs
    from .elimination import _algebra

    u = Sym(name)
    al = _algebra(work.profile[name], work)
    move = eqs.clear_denominators(equation(work.profile[name], ZERO), u, al)
    if move is None or move.factor is None or move.after.sides[1] != ZERO or not work.al.facts.positive(move.factor):
        return None
    table = al.coefficients(move.after.sides[0], u)
    if table is None or set(table) != {ZERO, ONE, TWO}:
        return None
    a, c = al.assemble(table[TWO]), al.assemble(table[ZERO])
    facts = generic_facts(al.facts, c, oracle)
    if not _negative(a, facts) or not (facts.positive(c) or facts.range(c).positive):
        return None
    shown = move.after.sides[0]
    label = Derivative(work.problem.of("ell"), ((u, 1),))
    from .formula.tree import Mul

    product = Mul((move.factor, label)) if not isinstance(move.factor, Mul) else Mul((*move.factor.factors, label))
    evidence = oracle.equal(product, shown)
    line = Line(equation(product, shown), None, evidence, "clear denominators")
    return [
        say("Multiplied by {}, which is positive, the derivative becomes", move.factor),
        Display((line,)),
        say(
            "a parabola that opens downward and is positive at {}. It has one negative and one positive root, so {} is positive before {} and negative after it: the maximum is global.",
            equation(u, ZERO), label, hat(name),
        ),
    ]  # fmt: skip


__all__ = ["has", "maximum"]
