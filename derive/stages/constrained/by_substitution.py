"""By substitution: the constraints write some parameters by the others, which are then free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...answers import in_order
from ...errors import NotSupported
from ...formula.names import hat
from ...formula.tree import ONE, ZERO, Add, Formula, Relation, Sym, add, equation, names, neg, rational, replace_all, value
from ...oracle.judge import Oracle
from ...problem.linear_constraints import Linear, linear
from ...problem.parameter_groups import Group, explicit_equations, groups, linear_equations, powers_of_parameters
from ...problem.problem import Problem
from ...recorder import equal, record, sized_chain
from ...rules.brackets import common_number
from ...sets.domain import UNIT
from ...trace import Display, How, Line, Outcome, Section, SectionKey, Words, say
from ..likelihood.kernel import at_own_parameters, parted, proportional
from ..likelihood.product import with_data
from ..prose import listed
from ..setting import State
from .reduced_question import Reduced


def substitute(state: State) -> None:
    """Section "The constraint": some parameters by the others; the likelihood in those that are left."""
    p, al = state.problem, state.al
    assert state.gathered is not None
    equations = linear_equations(p, al)
    constant, kernel = parted(state.gathered, state.parameters, al)
    if state.numbers and p.observations is not None:
        kernel = al.tidy(with_data(kernel, p, al)[0])
    counts = powers_of_parameters(kernel, p, al, state.lines_oracle)
    said = explicit_equations(p, al)
    found = groups(equations, counts) if counts is not None and not said else None
    blocks: list[Words | Display] = []
    if found is not None:
        blocks += left_alone(found, state)
    tied = _tied(equations, found, said, p, al)
    blocks = [*_stated(tied, state), *blocks]
    zeros: dict[Formula, Formula] = {Sym(k): ZERO for g in found or () for k in g.unseen}
    tied = {k: replace_all(f, zeros) for k, f in tied.items()}
    tied = {k: al.assemble(al.flat(f)) for k, f in tied.items()} if zeros else tied
    tied |= {k.name: ZERO for k in zeros if isinstance(k, Sym)}
    table: dict[Formula, Formula] = {Sym(k): f for k, f in tied.items()}
    if found is not None:
        blocks += _kernel_in(state, constant, kernel, replace_all(kernel, table), tied)
    else:
        blocks += _replaced_in(state, replace_all(state.gathered, table), tied)
    state.groups = tuple(found or ())
    state.sections.append(Section(SectionKey.CONSTRAINTS, say("The constraint" if len(p.constraints) == 1 else "The constraints"), tuple(blocks)))


def _tied(
    equations: Sequence[Linear], found: Sequence[Group] | None, said: Mapping[str, Formula], p: Problem, al: Algebra
) -> dict[str, Formula]:  # fmt: skip
    """The last parameter of each equation (that was counted at all) in terms of the others; said: what is written so already."""
    tied: dict[str, Formula] = dict(said)
    if any(names(f) & set(said) for f in said.values()):
        raise NotSupported("constraints that are not linear and speak of each other are not supported yet")
    for j, e in enumerate(equations):
        put = linear(equation(*(replace_all(s, {Sym(k): f for k, f in tied.items()}) for s in e.relation.sides)), tuple(p.parameters), al)
        if put is None or not put.coefficients:
            raise NotSupported("the constraints say the same thing twice, or contradict each other", hint="leave out the one that follows")
        able = [k for k in put.letters if al.nonzero(put.coefficients[k])]
        seen = [k for k in found[j].seen if k in able] if found is not None else able
        if not seen:
            raise NotSupported("no parameter of the constraint can be written by the others")
        k = seen[-1]
        f = put.solved_for(k, al)
        tied = {o: _with(g, k, f, al) for o, g in tied.items()}
        tied[k] = f
    return tied


def _with(g: Formula, k: str, f: Formula, al: Algebra) -> Formula:
    put = replace_all(g, {Sym(k): f})
    return g if put == g else al.assemble(al.expanded(put) or [al.split(put)])


def _stated(tied: dict[str, Formula], state: State) -> list[Words | Display]:
    """The constraints, and what they make of the tied parameters."""
    p = state.problem
    oracle = state.lines_oracle
    free: list[Formula] = [Sym(k) for k in p.parameters if k not in tied]
    lead = "The parameters satisfy " if len(p.constraints) == 1 else "The parameters satisfy the equations "
    words = listed(lead, list(p.constraints))
    if not free:
        words += say(", which leaves nothing free:")
    elif len(free) <= 4:
        words += listed(". Only ", free) + say(
            " can be chosen freely, and {}:", "the other follows" if len(tied) == 1 else "the others follow"
        )
    else:
        words += say(". All but ") + listed("", [Sym(k) for k in tied]) + say(" can be chosen freely:")
    lines = tuple(equal(oracle, Sym(k), f, rule="constraint") for k, f in tied.items())
    return [words, Display(lines)]


def left_alone(found: Sequence[Group], state: State) -> list[Words | Display]:
    """Parameters that are no factor of the likelihood are best at 0: what they give up makes another one larger."""
    p = state.problem
    blocks: list[Words | Display] = []
    for g in found:
        if not g.unseen:
            continue
        for k in g.unseen:
            a, d = g.equation.coefficients[k], p.parameters.get(k, UNIT)
            if not (state.al.facts.positive(a) and all(state.al.facts.positive(g.equation.coefficients[o]) for o in g.seen)):
                raise NotSupported(f"{k} is no factor of the likelihood, and the constraint does not have positive coefficients only")
            if d.low != ZERO:
                raise NotSupported(f"{k} is no factor of the likelihood and its domain does not begin at 0; this is not supported yet")
            if d.low_open:
                state.outcome = Outcome.NONE
        some = [Sym(k) for k in g.unseen]
        blocks.append(
            listed("", some) + say(" does not occur in the likelihood" if len(some) == 1 else " do not occur in the likelihood")
            + say(" (nothing was counted there). Whatever is given to {} by the constraint is taken from parameters that do occur, ", "it" if len(some) == 1 else "them")
            + say("and lowers the likelihood: it is largest with ") + listed("", [equation(s, ZERO) for s in some]) + say(", the end of the domain.")
        )  # fmt: skip
    if state.outcome is Outcome.NONE:
        blocks.append(
            say("That end does not belong to the domain, so there is no maximum: the likelihood only comes ever closer to its supremum.")
        )
    return blocks


def _kernel_in(state: State, constant: Formula, kernel: Formula, put: Formula, tied: dict[str, Formula]) -> list[Words | Display]:
    """The likelihood without its constant, in the letters that are left."""
    before = state.lines_oracle
    evidence = proportional(before, state.parameters, at_own_parameters(state.parameters), kernel)
    reduced = reduce(state, tied, put)
    if not state.parameters:
        return []
    label = state.problem.of("L")
    if constant == ONE:
        display = sized_chain(state.lines_oracle, label, at_own_parameters(state.parameters), [(put, None, "put in")])
        return [say("Put into the likelihood:"), display]
    letters = state.parameters
    before.same_size(lambda w: float(reduced.world(w)["ell"](*(w[k] for k in letters))), kernel)
    line = record(Relation((label, put), ("propto",)), evidence, rule="leave out a constant")
    words = say("The factor {} does not depend on the parameters. It multiplies every likelihood alike", constant)
    return [words + say(" and moves no maximum, so it is left out:"), Display((line,))]


def _replaced_in(state: State, put: Formula, tied: dict[str, Formula]) -> list[Words | Display]:
    """The likelihood with the tied parameters replaced."""
    reduce(state, tied, None)
    put = state.gathered = state.al.tidy(put)
    display = sized_chain(state.lines_oracle, state.problem.of("L"), at_own_parameters(state.parameters), [(put, None, "put in")])
    return [say("Put into the likelihood:"), display]


def reduce(state: State, tied: dict[str, Formula], kernel: Formula | None) -> Reduced:
    """From here on the question is the one in the letters that are left."""
    origin = state.problem
    reduced = Reduced(origin, tied, kernel)
    state.asked = (origin, state.general, state.judge)
    same = state.judge is state.general
    state.problem = reduced
    state.general = Oracle(tuple(reduced.world(w) for w in state.general.worlds))
    state.judge = state.general if same else Oracle(tuple(reduced.world(w) for w in state.judge.worlds))
    state.al = changed(state.al, facts=reduced.facts, unknowns=tuple(reduced.parameters))
    if kernel is not None:
        state.gathered = kernel
    return reduced


def put_back(state: State) -> None:
    """The tied parameters, from the constraints; then the question is again the one that was asked."""
    reduced = state.problem
    if not isinstance(reduced, Reduced) or state.asked is None:
        return
    origin, state.general, state.judge = state.asked
    named = {k: f for k, f in reduced.statistics.items() if k not in origin.statistics}
    if named:  # letters for sums that were needed on the way
        origin, same = origin.with_statistics(named), state.judge is state.general
        state.general = state.general.at(named)
        state.judge = state.general if same else state.judge.at(named)
    state.problem = origin
    if state.outcome is Outcome.NONE:
        return
    lines: list[Line] = []
    rest = [k for k in reduced.tied if k not in state.answers and k in origin.parameters]
    for k in rest:
        f = reduced.tied[k]
        exact = one_fraction(replace_all(f, {Sym(o): g for o, g in state.answers.items()}), state.al)
        put = replace_all(f, {Sym(o): hat(o) for o in state.answers})
        if any(state.how[o] == How.NUMERIC for o in state.answers if o in names(f)):
            exact, state.how[k] = f, How.GIVEN_OTHERS
        else:
            state.how[k] = How.BOUNDARY if f == ZERO else How.CLOSED
        state.answers[k] = exact
        oracle = state.settled(state.lines_oracle)
        lines.append(equal(oracle, hat(k), put, rule="constraint"))
        if exact not in (put, f):
            lines.append(record(equation(hat(k), exact), oracle.equal(put, exact), rule="put in", continues=True))
    if lines:
        last = state.sections[-1]
        gives = say(("The constraint gives " if len(origin.constraints) == 1 else "The constraints give ") + ("{}:" if len(rest) == 1 else "the others:"),
                    *([hat(rest[0])] if len(rest) == 1 else []))  # fmt: skip
        state.sections[-1] = changed(last, blocks=(*last.blocks, gives, Display(tuple(lines))))
    state.answers = {k: state.answers[k] for k in origin.parameters}
    state.how = {k: state.how[k] for k in origin.parameters}
    state.order = list(in_order(state.answers))


def one_fraction(f: Formula, al: Algebra) -> Formula:
    """A sum of fractions over their common denominator, the top multiplied out."""
    ts = al.expanded(al.tidy(f))
    if ts is None or len(ts) < 2:
        return al.tidy(f)
    bottoms: dict[Formula, Fraction] = {}
    for t in ts:
        for b, k in t.powers.items():
            q = value(k)
            if q is not None and q < 0 and isinstance(b, (Add, Sym)):
                bottoms[b] = min(bottoms.get(b, Fraction(0)), q)
    if not bottoms:
        return al.assemble(ts)
    common = Term(Fraction(1), {b: rational(-q) for b, q in bottoms.items()})
    top = al.expanded(add(*(al.build(al.times((t, common))) for t in ts)))
    if top is None:
        return al.assemble(ts)
    above, below = al.assemble(top), al.build(common)
    shared = al.split(common_number(above, al) or above), al.split(common_number(below, al) or below)
    return al.build(al.times((shared[0], al.raised(shared[1], neg(ONE)))))


__all__ = ["left_alone", "one_fraction", "put_back", "reduce", "substitute"]
