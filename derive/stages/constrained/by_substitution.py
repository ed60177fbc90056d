"""By substitution: the constraints write some parameters by the others, which are then free."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.facts import POSITIVE
from ...algebra.terms import Algebra, Term
from ...density.support.admissible import positive_first, slope
from ...errors import NotSupported
from ...formula.evaluate import Env
from ...formula.names import hat, reported
from ...formula.tree import ONE, ZERO, Add, Formula, Relation, Sym, add, equation, names, neg, rational, replace_all, size, transform, value
from ...oracle.oracle import Oracle, value_at
from ...problem.linear_constraints import Linear, linear
from ...problem.parameter_groups import Group, explicit_equations, groups, linear_equations, powers_of_parameters
from ...problem.problem import Problem
from ...recorder import equal, record, sized_chain
from ...rule_names import RuleName
from ...rules.brackets import common_number
from ...sets.domain import INFINITY, MINUS_INFINITY, UNIT, Domain
from ...trace import Block, Display, How, Line, Outcome, Section, SectionKey, from_standard, say
from ..existence.root_outside_domain import leaves
from ..likelihood.kernel import at_own_parameters, parted, proportional
from ..likelihood.product import with_data
from ..prose import listed
from ..setting import ARGUED, Setting, State
from .reduced_question import Straight, outside, reduced_question


def substitute(state: State) -> State:
    """Section "The constraint": some parameters by the others; the likelihood in those that are left."""
    p, al, likelihood = state.problem, state.al, state.gathered
    assert likelihood is not None
    equations = linear_equations(p, al)
    constant, kernel = constant_and_kernel(state)
    counts = powers_of_parameters(kernel, p, al, state.lines_oracle)
    said = explicit_equations(p, al)
    found = groups(equations, counts) if counts is not None and not said else None
    alone, attained = left_alone(found or (), state)
    tied = _tied(equations, found, said, p, al)
    stated = _stated(tied, state)
    _refuse_other_shapes(tied, p, al)
    zeros: dict[Formula, Formula] = {Sym(k): ZERO for g in found or () for k in g.unseen}
    tied = {k: replace_all(f, zeros) for k, f in tied.items()}
    tied = {k: al.assemble(al.flat(f)) for k, f in tied.items()} if zeros else tied
    tied |= {k.name: ZERO for k in zeros if isinstance(k, Sym)}
    table: dict[Formula, Formula] = {Sym(k): f for k, f in tied.items()}
    if found is not None:
        put, shorter = _added_up(replace_all(kernel, table), al)
        state, shown = _kernel_in(state, constant, kernel, put, tied)
    else:
        put, shorter = _added_up(replace_all(likelihood, table), al)
        state, shown = _replaced_in(state, put, tied)
    state = _with_signs(shorter, state)
    title = say("The constraint" if len(p.constraints) == 1 else "The constraints")
    state = state.adding(Section(SectionKey.CONSTRAINTS, title, (*stated, *alone, *shown)))
    state = changed(state, groups=tuple(found or ()))
    return state if attained else state.without_maximum(ARGUED)


def _added_up(f: Formula, al: Algebra) -> tuple[Formula, dict[Formula, Formula]]:
    """Sums in brackets multiplied out where they become shorter, b + (1 - a - b) is 1 - a; and what they were, by what they are."""
    before: dict[Formula, Formula] = {}

    def one(g: Formula) -> Formula | None:
        if not isinstance(g, Add) or g == f or size(shorter := al.expand(g)) >= size(g):
            return None
        shorter = positive_first(shorter)
        before[shorter] = g
        return shorter

    return transform(f, one), before


def _with_signs(shorter: Mapping[Formula, Formula], state: State) -> State:
    """The state that knows that sums which were added up are positive, where they were before."""
    facts, reduction = state.al.facts, state.problem.reduction
    for new, old in shorter.items():
        if isinstance(new, Add) and facts.positive(old) and not facts.positive(new):
            facts = facts.assume(new, POSITIVE)
    if facts is state.al.facts or reduction is None:
        return state
    problem = state.problem.replace(reduction=changed(reduction, facts=facts))
    return changed(state, al=changed(state.al, facts=facts), problem=problem)


def constant_and_kernel(state: State) -> tuple[Formula, Formula]:
    """The likelihood as a factor free of the parameters and the rest, with the data's numbers where they are carried along."""
    assert state.gathered is not None
    constant, kernel = parted(state.gathered, state.parameters, state.al)
    if state.numbers and state.problem.observations is not None:
        kernel = state.al.tidy(with_data(kernel, state.problem, state.al)[0])
    return constant, kernel


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


def _stated(tied: Mapping[str, Formula], setting: State) -> list[Block]:
    """The constraints, and what they make of the tied parameters."""
    p = setting.problem
    free: list[Formula] = [Sym(k) for k in p.parameters if k not in tied]
    one = len(p.constraints) == 1
    edge = setting.on_an_edge or not set(p.constraints) <= set(p.as_asked.constraints)
    words = listed("There " if edge else "The constraint " if one else "The constraints ", list(p.constraints))
    words += say(", which determines " if edge else " determines " if one else " determine ")
    words += listed("", [Sym(k) for k in tied])
    if free and len(free) <= 4:
        within = [c for k, f in tied.items() if k in p.parameters for c in _needed(f, p.parameters[k], setting.al)]
        words += listed(" and requires " if one else " and require ", within) if within else say("")
    words += say(":")
    lines = tuple(equal(setting.lines_oracle, Sym(k), f, rule=RuleName.CONSTRAINT) for k, f in tied.items())
    return [words, Display(lines)]


def _needed(f: Formula, d: Domain, al: Algebra) -> list[Formula]:
    """What a domain requires of a formula, without an end that the domains of the letters keep it from."""
    if not d.discrete and d.also is None and {d.low, d.high}.isdisjoint({INFINITY, MINUS_INFINITY}):
        low, high = (al.facts.range(al.expand(g)) for g in (add(f, neg(d.low)), add(d.high, neg(f))))
        d = changed(d, low=MINUS_INFINITY, low_open=True) if (low.positive if d.low_open else low.nonnegative) else d
        d = changed(d, high=INFINITY, high_open=True) if (high.positive if d.high_open else high.nonnegative) else d
    c = d.condition(f)
    return [] if c is None else [c]


def left_alone(found: Sequence[Group], setting: Setting) -> tuple[list[Block], bool]:
    """Parameters that are no factor of the likelihood are best at 0: what they give up makes another one larger.

    Returns the words for it, and whether 0 belongs to their domains, so that there is a maximum.
    """
    facts, domains = setting.al.facts, setting.problem.parameters
    blocks: list[Block] = []
    attained = True
    for g in found:
        if not g.unseen:
            continue
        for k in g.unseen:
            a, d = g.equation.coefficients[k], domains.get(k, UNIT)
            if not (facts.positive(a) and all(facts.positive(g.equation.coefficients[o]) for o in g.seen)):
                raise NotSupported(f"{k} is no factor of the likelihood, and the constraint does not have positive coefficients only")
            if d.low != ZERO:
                raise NotSupported(f"{k} is no factor of the likelihood and its domain does not begin at 0; this is not supported yet")
            attained = attained and not d.low_open
        some = [Sym(k) for k in g.unseen]
        blocks.append(
            listed("", some) + say(" does not occur in the likelihood" if len(some) == 1 else " do not occur in the likelihood")
            + say(" (nothing was counted there). Whatever is given to {} by the constraint is taken from parameters that do occur, ", "it" if len(some) == 1 else "them")
            + say("and lowers the likelihood: it is largest with ") + listed("", [equation(s, ZERO) for s in some]) + say(", the end of the domain.")
        )  # fmt: skip
    if not attained:
        blocks.append(
            say(
                "That end does not belong to the domain, so there is no maximum: the likelihood approaches its supremum without attaining it."
            )
        )
    return blocks, attained


def _kernel_in(
    state: State, constant: Formula, kernel: Formula, put: Formula, tied: Mapping[str, Formula]
) -> tuple[State, list[Block]]:  # fmt: skip
    """The likelihood without its constant, in the letters that are left."""
    before = state.lines_oracle
    evidence = proportional(before, state.parameters, at_own_parameters(state.parameters), kernel)
    state = reduce(state, tied, put)
    reduction, letters = state.problem.reduction, state.parameters
    assert reduction is not None
    if not letters:
        return state, []
    label = state.problem.of("L")
    if constant == ONE:
        display = sized_chain(state.lines_oracle, label, at_own_parameters(letters), [(put, None, RuleName.PUT_IN)])
        return state, [say("Substituting this into the likelihood:"), display]
    before.same_size(None, lambda w: float(reduction.point(w)["ell"](*(w[k] for k in letters))), kernel)
    line = record(Relation((label, put), ("propto",)), evidence, rule=RuleName.LEAVE_OUT_A_CONSTANT)
    words = say(
        "The factor {} does not depend on the parameters and does not affect where the maximum is; leave it out:",
        constant,
    )
    return state, [
        from_standard(words),
        Display((line,)),
    ]


def _replaced_in(state: State, put: Formula, tied: Mapping[str, Formula]) -> tuple[State, list[Block]]:
    """The likelihood with the tied parameters replaced."""
    state = reduce(state, tied, None)
    put = state.al.tidy(put)
    display = sized_chain(state.lines_oracle, state.problem.of("L"), at_own_parameters(state.parameters), [(put, None, RuleName.PUT_IN)])
    return changed(state, gathered=put), [say("Substituting this into the likelihood:"), display]


def reduce(state: State, tied: Mapping[str, Formula], kernel: Formula | None) -> State:
    """The question in the letters that are left; kernel: what the likelihood is from here on, where it is another one."""
    reduced = reduced_question(state.problem, tied, _lines(tied, state.al), kernel)
    assert reduced.reduction is not None
    general = Oracle(tuple(_points(reduced, state.general)))
    judge = general if state.judge is state.general else Oracle(tuple(_points(reduced, state.judge)))
    return changed(
        state, problem=reduced, general=general, judge=judge, before_constraints=(state.problem, state.general, state.judge),
        al=changed(state.al, facts=reduced.facts, unknowns=tuple(reduced.parameters)),
        gathered=state.gathered if kernel is None else kernel,
    )  # fmt: skip


def _points(reduced: Problem, oracle: Oracle) -> Iterator[Env]:
    """The test points, with what is left free drawn anew where its domain became smaller."""
    assert reduced.reduction is not None
    rng = random.Random(11)
    for w in oracle.points:
        outside = [k for k, d in reduced.parameters.items() if not d.letters and not d.contains(w[k])]
        yield reduced.reduction.point({**w, **{k: reduced.parameters[k].points(rng, w)[0] for k in outside}} if outside else w)


def _lines(tied: Mapping[str, Formula], al: Algebra) -> dict[str, Straight]:
    """The tied parameters that are a u + b for one other letter u and numbers a and b, or c u for a letter c of known sign."""
    out: dict[str, Straight] = {}
    for k, f in tied.items():
        ts = al.flat(f, deep=True)
        rest = sum((t.coefficient for t in ts if not t.powers), Fraction(0))
        found = [t for t in ts if t.powers]
        free = [b.name for t in found for b, q in t.powers.items() if q == ONE and isinstance(b, Sym) and b.name in al.unknowns]
        if len(found) != 1 or len(free) != 1:
            continue
        (t,), (u,) = found, free
        others = Term(t.coefficient, {b: q for b, q in t.powers.items() if b != Sym(u)})
        sign = al.sign(al.build(others))
        if not others.powers:
            out[k] = Straight(u, t.coefficient, rest)
        elif sign and not rest and not any(names(b) & set(al.unknowns) for b in others.powers):
            out[k] = Straight(u, Fraction(sign), rest, scaled=True)
    return out


def _refuse_other_shapes(tied: Mapping[str, Formula], p: Problem, al: Algebra) -> None:
    """Raises NotSupported where a domain that is left out of account could leave several intervals of another parameter."""
    for k in outside(p, tied, _lines(tied, al)):
        free = sorted(names(tied[k]) & set(p.parameters))
        straight = linear(equation(Sym(k), tied[k]), tuple(p.parameters), al) is not None
        if not straight and not (len(free) == 1 and slope(tied[k], Sym(free[0]), al)):
            raise NotSupported(
                f"the domain of {reported(k)} ({p.parameters[k].words()}) restricts {' and '.join(map(reported, free))} in a way that is not supported yet"
            )


def put_back(state: State) -> State:
    """The tied parameters, from the constraints; then the question is again the one that was asked."""
    reduced = state.problem
    if reduced.reduction is None or state.before_constraints is None:
        return state
    state = _as_asked(state, reduced, *state.before_constraints)
    origin = state.problem
    loose = outside(origin, reduced.tied, _lines(reduced.tied, state.al))
    if state.outcome is Outcome.NONE:
        if loose and not state.groups:
            raise NotSupported(
                f"there is no maximum where the domain of {loose[0]} is left out of account; with it this is not supported yet"
            )
        return state
    rest = [k for k in reduced.tied if k not in state.answers and k in origin.parameters]
    state, lines = _from_constraints(rest, reduced.tied, state)
    if lines:
        gives = say(("The constraint gives " if len(origin.constraints) == 1 else "The constraints give ") + ("{}:" if len(rest) == 1 else "the others:"),
                    *([hat(rest[0])] if len(rest) == 1 else []))  # fmt: skip
        state = state.continuing(gives, Display(tuple(lines)))
    _stay_inside(loose, state)
    return state.with_answers({k: state.answers[k] for k in origin.parameters}, {k: state.how[k] for k in origin.parameters})


def _stay_inside(loose: Sequence[str], setting: Setting) -> None:
    """Raises NotSupported where an estimate lies outside a domain that was left out of account: inside it, what is largest
    without it is largest with it."""
    for k in loose:
        d, f = setting.problem.parameters[k], setting.answers[k]
        given = setting.numbers or setting.problem.observations is not None
        if leaves(f, d, setting) or (given and not d.contains(value_at(f, w := setting.settled(setting.judge).points[0]), w)):
            raise NotSupported(
                f"the constraint can take {reported(k)} out of its domain ({d.words()}), and what is largest inside it was not looked for",
                hint="give the data" if not given else "give a wider domain",
            )


def _from_constraints(rest: Sequence[str], tied: Mapping[str, Formula], state: State) -> tuple[State, list[Line]]:
    """The tied parameters at the estimates of those that they are written by, one after the other."""
    lines: list[Line] = []
    for k in rest:
        f, known = tied[k], state.answers
        exact = one_fraction(replace_all(f, {Sym(o): g for o, g in known.items()}), state.al)
        exact = state.al.assemble(state.al.flat(exact, deep=True)) if isinstance(exact, Add) else exact
        put = replace_all(f, {Sym(o): hat(o) for o in known})
        how = How.BOUNDARY if f == ZERO else How.CLOSED
        if any(state.how[o] == How.NUMERIC for o in known if o in names(f)):
            exact, how = f, How.GIVEN_OTHERS
        state = state.answered(k, exact, how, state.weakest(names(f)))
        at_the_data = how is How.GIVEN_OTHERS and state.problem.observations is not None  # of other samples there may be no root
        oracle = state.settled(state.judge if at_the_data else state.lines_oracle)
        lines.append(equal(oracle, hat(k), put, rule=RuleName.CONSTRAINT))
        if exact not in (put, f):
            lines.append(record(equation(hat(k), exact), oracle.equal(put, exact), rule=RuleName.PUT_IN, continues=True))
    return state, lines


def _as_asked(state: State, reduced: Problem, origin: Problem, general: Oracle, judge: Oracle) -> State:
    """The question that was asked, with letters for sums that were needed on the way."""
    named = {k: f for k, f in reduced.statistics.items() if k not in origin.statistics}
    if named:
        same = judge is general
        origin, general = origin.with_statistics(named), general.at(named)
        judge = general if same else judge.at(named)
    return changed(state, problem=origin, general=general, judge=judge)


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


__all__ = ["constant_and_kernel", "left_alone", "one_fraction", "put_back", "reduce", "substitute"]
