"""Is it the maximum?  Concavity where it can be proved, else the second derivative at the only stationary
point, one unknown after the other: each substitution made a profile log-likelihood, so one-dimensional arguments
suffice.  What cannot be proved is said to be found numerically only."""

from __future__ import annotations

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
from ...oracle.judge import Oracle
from ...rules import equations as eqs
from ...rules.sums import fold_means
from ...sets.ranges import interior
from ...trace import Block, Condition, Display, Evidence, Line, Section, Words, say
from ..elimination.substitution import with_mean, worked_out
from ..likelihood.score import tidied
from ..setting import Argument, Work, algebra_for, generic_facts, settle_answers
from .concavity import PROFILE, concave, label_of, negative, second_derivative
from .decreasing_score import falling
from .exponential_family import one_root
from .single_sign_change import falls_once


def maximum(work: Work) -> None:
    """Section "It is the maximum": for every unknown the argument that its way brought, else one found here."""
    if work.outcome == "none":
        return
    blocks: list[Block] = []
    several = len(work.order) > 1
    for position, name in enumerate(work.order):
        if name not in work.arguments:
            work.arguments[name] = argument(name, position, work)
        this = work.arguments[name]
        if this.joint and position and this is work.arguments[work.order[position - 1]]:
            continue
        if several and this.blocks and not this.joint:
            blocks.append(_stage_words(name, work, position))
        blocks += this.blocks
    if several and blocks and all(a.proved == "global" for a in work.arguments.values()):
        blocks.append(
            say("Together: no point of the domain has a larger likelihood, so each of these solutions is a global maximum.")
            if work.sets
            else say("Together: no other point of the domain has a likelihood as large, so the solution is the global maximum.")
        )
    if blocks:
        work.sections.append(Section(say("It is the maximum"), tuple(blocks)))
    proved = work.arguments and all(a.proved == "global" for a in work.arguments.values())
    ties = any(str(c.words.parts[0]).startswith("is unique if") for c in work.conditions)
    if work.outcome == "unique" and proved and not work.sets and not ties:
        work.conditions = [Condition(c.relations, _and_unique(c.words)) for c in work.conditions]


def _and_unique(words: Words) -> Words:
    """Of an estimate that is the only maximum wherever it exists."""
    first = words.parts[0]
    if not isinstance(first, str) or not first.startswith("exists if"):
        return words
    return Words((first.replace("exists if", "exists and is unique if", 1), *words.parts[1:]))


def argument(name: str, position: int, work: Work) -> Argument:
    """Concavity for every value; else the second derivative at the only stationary point; else the score's sign."""
    found = concave(name, position, work)
    if found is not None:
        return found
    d, second, oracle = second_derivative(name, position, work)
    left = Derivative(label_of(name, position, work), ((Sym(name), 2),))
    at = _at_estimate(name, second, left, work, oracle, generic_facts(work.al.facts, second, oracle))
    if at is not None:
        u = Sym(name)
        return Argument("global", (d, say("At {} this is", equation(u, hat(name))), at, _only_point_words(name, work, position)))
    change = _sign_change(name, work, oracle) or falling(name, position, work, oracle) or falls_once(name, position, work, oracle)
    if change is not None:
        return Argument("global", tuple(change))
    found = one_root(name, work)
    if found is not None:
        return found
    return Argument(
        "numerical",
        (say("No general proof was found that this is the maximum in {}; a numerical search over the whole domain found no higher point.", Sym(name)),),
    )  # fmt: skip


def _at_estimate(name: str, second: Formula, label: Derivative, work: Work, oracle: Oracle, facts: Facts) -> Display | None:
    """The second derivative at the estimate, if it is negative there."""
    u, hatted, found = Sym(name), hat(name), work.found[name]
    there = settle_answers(oracle, {name: found})
    inside = facts.with_letters({hatted.name: interior(work.problem.parameters[name])})
    if work.numbers:
        done = tidied(worked_out(replace_all(second, {u: found}), work), work)
    else:
        done = tidied(replace_all(_in_terms_of(second, found, hatted, work), {u: hatted}), work)
    done = work.al.assemble(work.al.split(t) for t in terms(work.al.expand(done)))
    if not negative(done, generic_facts(inside, done, there)):
        done = tidied(replace_all(second, {u: found}), work)
        done = work.al.assemble(work.al.split(t) for t in terms(work.al.expand(with_mean(done, work))))
        done = fold_means(done, work.al) or done
        if not negative(done, generic_facts(inside, done, there)):
            return None
    there.equal(second, done)
    there.holds(Relation((done, ZERO), ("<",)))
    body = label.body
    at = (
        Derivative(replace_all(body, {u: hatted}), ((hatted, 2),))
        if isinstance(body, Apply) and len(body.args) == 1
        else Where(label, u, hatted)
    )
    r = Relation((at, done, ZERO), ("=", "<"))
    return Display((Line(r, None, Evidence("proved", "sign from the domains"), "put in"),))


def _in_terms_of(second: Formula, found: Formula, hatted: Sym, work: Work) -> Formula:
    """Where the estimate is a power of one statistic times what is known, that statistic by the estimate: S = n v.

    A statistic that is a sum of several gives the first of them: S_1 = n v - S_2.
    """
    al = work.al
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
    return replace_all(with_mean_of(second, s, work), {s: value_of})


def with_mean_of(f: Formula, s: Formula, work: Work) -> Formula:
    """f with the plain sum of the observations by their mean, where s is that mean."""
    if not isinstance(s, Sym):
        return f
    p = work.problem
    x = At(s.name.removesuffix("_bar"), (Sym(p.index),))
    return replace_all(f, {Big("sum", p.index, ONE, N, x): mul(N, s)})


def _stage_words(name: str, work: Work, position: int) -> Words:
    if position == 0:
        return say("For any fixed value of the other parameters, look at {} as a function of {} alone.", work.problem.of("ell"), Sym(name))
    return say("Put in what was found: what is left is the profile log-likelihood {}.", Apply(PROFILE, (Sym(name),)))


def _only_point_words(name: str, work: Work, position: int) -> Words:
    what = "the log-likelihood" if position == 0 else "the profile log-likelihood"
    return say(
        "{} is the only stationary point in the domain and {} has a maximum there: it rises up to it and falls after it, so the maximum is global.",
        hat(name),
        what,
    )


def _sign_change(name: str, work: Work, oracle: Oracle) -> list[Block] | None:
    """The score times a positive factor is a quadratic with leading coefficient below zero and one admissible root."""
    u = Sym(name)
    al = algebra_for(work.profile[name], work)
    move = eqs.clear_denominators(equation(work.profile[name], ZERO), u, al)
    if move is None or move.factor is None or move.after.sides[1] != ZERO or not work.al.facts.positive(move.factor):
        return None
    table = al.coefficients(move.after.sides[0], u)
    if table is None or set(table) != {ZERO, ONE, TWO}:
        return None
    a, c = al.assemble(table[TWO]), al.assemble(table[ZERO])
    facts = generic_facts(al.facts, c, oracle)
    if not negative(a, facts) or not (facts.positive(c) or facts.range(c).positive):
        return None
    shown = move.after.sides[0]
    label = Derivative(work.problem.of("ell"), ((u, 1),))
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
