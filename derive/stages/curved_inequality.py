"""Inequalities between parameters that are not linear, or stand beside a support that moves: the maximum without them where it satisfies them, else the maximum
on the border, where one is an equation."""

from __future__ import annotations

from dataclasses import replace

from ..algebra.terms import Algebra
from ..errors import NotSupported
from ..formula.evaluate import Env, holds
from ..formula.names import hat
from ..formula.tree import Formula, Relation, Sym, add, equation, names, neg, replace_all, value
from ..oracle.oracle import compares, ordered
from ..problem.linear_constraints import linear
from ..problem.parameter_groups import inequalities
from ..problem.problem import Problem
from ..recorder import held
from ..rule_names import RuleName
from ..trace import Block, Display, How, Outcome, Section, SectionKey, Strength, say
from .constrained.border import OPPOSITE, as_unconstrained, by_cells, cells_inside, covered_words, rising_words
from .likelihood.product import likelihood, log_likelihood_section
from .setting import State, run
from .setup.begin import begin


def without_inequalities(p: Problem) -> Problem | None:
    """The question without its inequalities, where one is not linear or the support depends on parameters; None where that is not so.

    Raises NotSupported without data.
    """
    loose = inequalities(p)
    al = Algebra(p.facts)
    if not loose or len(loose) < len(p.constraints) or not (p.moving or any(linear(c, tuple(p.parameters), al) is None for c in loose)):
        return None
    if (p.observations is None and not p.whole) or p.known:
        if p.moving:
            return None
        raise NotSupported("an inequality that is not linear in the parameters is supported with data only", hint="give the data")
    return p.replace(constraints=())


def with_equation(p: Problem) -> Problem | None:
    """The question about the border of a single inequality between polynomials in the parameters; None for another one."""
    if p.moving or len(p.constraints) != 1:
        return None
    (c,) = p.constraints
    ts = Algebra(p.facts).expanded(add(c.sides[0], neg(c.sides[1])))
    smooth = ts is not None and all(
        isinstance(b, Sym) and (v := value(k)) is not None and v > 0 and v.denominator == 1 for t in ts for b, k in t.powers.items()
    )
    return p.replace(constraints=(equation(*c.sides),)) if smooth else None


def _there(state: State) -> Env:
    return state.settled(state.judge).points[0]


def holds_there(state: State, p: Problem) -> bool:
    """Whether what was found without the inequalities satisfies them.  Raises NotSupported where it is not a single point."""
    if state.outcome is not Outcome.UNIQUE:
        raise NotSupported(
            f"without the inequalities there is no {'single ' if state.outcome is Outcome.NOT_UNIQUE else ''}maximum; with them this is not supported yet"
        )
    there = _there(state)
    signs = [(c, ordered(c.sides[0], c.sides[1], there)) for c in p.constraints]
    return all(holds(c)(there) if sign is None else compares(sign, c.signs[0], 0, c) for c, sign in signs)


def satisfied(state: State, p: Problem) -> State:
    """The state for the question with its inequalities, where what was found without them satisfies them.  Raises NotSupported where it does not."""
    if not holds_there(state, p):
        raise NotSupported("what is largest without the inequalities does not satisfy them; this is not supported yet")
    lines = tuple(held(state.settled(state.judge), _with_hats(c, p), rule=RuleName.CONSTRAINT) for c in p.constraints)
    words = say("What was found satisfies the inequalities between the parameters, so it is the maximum under them as well:")
    title = say("The inequality" if len(p.constraints) == 1 else "The inequalities")
    state = replace(
        state, problem=state.problem.replace(constraints=p.constraints), numbers=state.numbers or not p.moving
    )  # of another sample it may violate them
    return state.adding(Section(SectionKey.CONSTRAINTS, title, (words, Display(lines))))


def _with_hats(c: Relation, p: Problem, sign: str = "") -> Relation:
    table: dict[Formula, Formula] = {Sym(k): hat(k) for k in p.parameters}
    return Relation(tuple(replace_all(s, table) for s in c.sides), (sign,) if sign else c.signs)


def on_the_border(free: State, edge: State, p: Problem) -> State:
    """The state for the question with its inequality, which the maximum without it violates.

    free: the state without it; edge: the state where it is an equation.  Raises NotSupported where nothing carries that no other point is higher.
    """
    (c,) = p.constraints
    if edge.outcome is not Outcome.UNIQUE:
        raise NotSupported("where the inequality is an equation there is no single maximum; this is not supported yet")
    argument, equal = edge.weakest(edge.answers), equation(*c.sides)
    if all(s is Strength.PROVED for s in free.certainty.values()):
        why = rising_words(p, c, any(a.joint for a in free.arguments.values())) + say("{}.", equal)
    else:
        loose = p.replace(constraints=())
        ell = run((likelihood, log_likelihood_section), begin(loose)).ell
        cells = None if ell is None else cells_inside(ell, loose, _there(free), p.constraints, _there(edge))
        if cells is None:
            raise NotSupported(
                "what is largest without the inequality does not satisfy it, and that no other point that satisfies it is higher than those at "
                "which its two sides are equal was not settled; this is not supported yet"
            )
        why, argument = covered_words(cells) + say("{}.", equal), by_cells(argument)
    violated = held(free.settled(free.judge), _with_hats(c, p, OPPOSITE[c.signs[0]]), rule=RuleName.CONSTRAINT)
    blocks: list[Block] = [
        say("What was found is the unconstrained solution. It violates {}:", c),
        Display((violated,)), why,
    ]  # fmt: skip
    attained = c.signs[0].endswith("=")
    if not attained:
        blocks.append(
            say("The inequality is strict, so these points do not belong to the domain: there is no maximum, the likelihood approaches its supremum without attaining it.")
        )  # fmt: skip
    rest = [s for s in edge.sections if s.key not in (SectionKey.DENSITY, SectionKey.MODEL)] if attained else []
    before = as_unconstrained((*free.sections, Section(SectionKey.CONSTRAINTS, say("The inequality"), tuple(blocks))), p.parameters)
    sections = (*before, *rest)
    state = replace(edge, problem=edge.problem.replace(constraints=p.constraints), sections=sections, numbers=True)
    if not attained:
        return state.without_maximum(argument)
    how = {k: How.BOUNDARY if k in names(c) else h for k, h in edge.how.items()}
    return replace(state, how=how, arguments=dict.fromkeys(state.answers, argument))
