"""A parameter that is a whole number: the ratio L(N)/L(N - 1) says up to where the likelihood grows.

There is no derivative in such a parameter.  The ratio is brought to the form "at least 1 as long as N <= c" where
algebra does that; else it is shown to pass 1 once, and the last N where it is at least 1 is named or, with data, found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from ...algebra.terms import Algebra, Term
from ...density.support.admissible import positive_first
from ...errors import NotSupported
from ...formula.evaluate import compiled
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    Big,
    Call,
    Div,
    Formula,
    N,
    Neg,
    Pow,
    Sym,
    add,
    div,
    equation,
    exp,
    factors,
    has,
    mul,
    names,
    neg,
    power,
    transform,
    value,
    walk,
)
from ...oracle.oracle import Oracle, close
from ...problem.problem import Problem
from ...recorder import record
from ...rule_names import RuleName
from ...rules.neighbours import gathered, neighbours
from ...trace import Block, Display, Section, SectionKey, say
from ..likelihood.one_observation import single
from ..setting import State
from .integer_parameter import Comparison, allowed, by_factorials, facts_above_first
from .linear_comparison import E, linear, up_to
from .monotone_likelihood import one_way, only_value
from .neighbour_ratio import laid_out, where_positive, with_numbers
from .ratio_crossing import by_search


def ratio(state: State) -> State:
    """Sections "Ratio of neighbours" and what follows from it: finds the only parameter."""
    p = state.problem
    (name,) = p.parameters
    u = Sym(name)
    state = replace(state, numbers=p.observations is not None or (p.whole and not p.known))
    al = Algebra(state.al.facts, state.al.decimals, state.al.unknowns, clock=state.al.clock)
    ends = allowed(name, state)
    q = neighbours(single(p.likelihood, p), u, al)
    if q is None:
        raise NotSupported(
            f"the ratio of the likelihoods at {name} and {name} - 1 is not simplified here", hint="state an interval as its domain"
        )
    ends = by_factorials(q, u, ends, state)
    settled = only_value(state, name, ends)
    if settled is not None:
        return settled
    al = replace(al, facts=facts_above_first(q, name, ends, state))
    points = Oracle(where_positive(state, name))
    quotient = transform(with_numbers(over_the_sample(p, u, al) or laid_out(q.term, al), state), in_order)
    c = Comparison(state, name, *ends, al, points, quotient)
    return decide(replace(c, state=state.adding(of_neighbours(c))))


def of_neighbours(c: Comparison) -> Section:
    """Section "Ratio of neighbours": L(N)/L(N - 1), judged against the density."""
    p, u = c.problem, c.u
    for w in c.points.points:
        exact = math.exp(w["ell"](w[c.name]) - w["ell"](w[c.name] - 1))
        if not close(exact, compiled(c.ratio)(w), 1e-9):
            raise NotSupported(f"the ratio of the likelihoods at {c.name} and {c.name} - 1 is not simplified for all samples")
    before = add(u, neg(ONE))
    kinds_of_call = {g.name for g in walk(p.likelihood if p.whole else p.density) if isinstance(g, Call)}
    blocks: list[Block] = []
    if kinds_of_call & {"factorial", "binomial"}:
        blocks.append(say("Factorials at {} and {} have all but a few factors in common.", u, before))
    if "binomial" in kinds_of_call:
        blocks.append(
            say(
                "A binomial coefficient counts choices here: it is 0 where its upper number is less than its lower one, or either is negative."
            )
        )
    blocks.append(say("{} is a whole number, so compare {} with {} in place of a derivative:", u, p.of("L"), Apply("L", (before,))))
    shown = equation(Div(p.of("L"), Apply("L", (before,))), c.ratio)
    why = say("most factors cancel") if kinds_of_call & {"factorial", "binomial"} else None
    blocks.append(Display((record(shown, c.points.sampled("equal"), why, RuleName.RATIO_OF_NEIGHBOURS),)))
    return Section(SectionKey.RATIO, say("Ratio of neighbours"), tuple(blocks))


def over_the_sample(p: Problem, u: Sym, al: Algebra) -> Formula | None:
    """The ratio as constants and one product over the sample, where factors hold the unknown and an observation at once."""
    one = None if p.whole or p.size == 1 else neighbours(p.indexed(p.density), u, al)
    if one is None:
        return None
    inner = {b: k for b, k in one.term.powers.items() if has(b, u) or has(k, u)}
    if not any(p.index in names(b) for b in inner):
        return None
    outer = Term(one.term.coefficient, {b: k for b, k in one.term.powers.items() if b not in inner})
    alone = al.build(outer) if not any(p.index in names(b) | names(k) for b, k in outer.powers.items()) else None
    first = al.build(gathered(outer, p.index, ONE, N, al)) if alone is None else ONE if alone == ONE else Pow(alone, N)
    body = Big("prod", p.index, ONE, N, fraction(inner, al))
    return body if first == ONE else mul(*factors(first), body)


def decide(c: Comparison) -> State:
    """Where the ratio is at least 1, and with it where the likelihood is largest."""
    found = linear(c)
    if found is None:
        return by_search(c)
    if found.slope == ZERO:
        return one_way(c, sign(c, found.rest))
    if sign(c, found.slope) < 0:
        return up_to(c, found)
    if c.problem.observations is not None and value(found.slope) == 0:
        return one_way(c, sign(c, found.rest))
    raise NotSupported(f"the likelihood may first fall and then grow in {c.name}; this is not supported yet")


def sign(c: Comparison, f: Formula) -> int:
    """The sign of a formula in the data: proved, or the same at all test points."""
    v = value(f)
    if v is not None:
        return (v > 0) - (v < 0)
    proved = c.al.sign(f)
    if proved:
        return proved
    vs = c.points.values(f)
    return 1 if all(x >= 0 for x in vs) and any(x > 0 for x in vs) else -1 if all(x <= 0 for x in vs) and any(x < 0 for x in vs) else 0


def fraction(powers: Mapping[Formula, Formula], al: Algebra) -> Formula:
    """Powers as one fraction, single letters first."""
    sides: tuple[list[Formula], list[Formula]] = ([], [])
    for b, k in sorted(powers.items(), key=lambda pair: isinstance(pair[0], Add)):
        if b == E:
            sides[0].append(exp(k))
        else:
            below = al.facts.range(k).nonpositive
            sides[below].append(power(b, al.tidy(neg(k)) if below else k))
    return div(mul(*sides[0]), mul(*sides[1]))


def in_order(f: Formula) -> Formula | None:
    """A sum with what is subtracted behind."""
    return positive_first(f) if isinstance(f, Add) and isinstance(f.terms[0], Neg) else None
