"""By a multiplier: a stationary point of the log-likelihood minus a multiple of each constraint."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ...algebra.facts import POSITIVE, REALS, Facts
from ...algebra.terms import Algebra, Term, short_decimal
from ...errors import NotSupported
from ...formula.decimals import quoted
from ...formula.evaluate import Env, compiled
from ...formula.names import hat, reported
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    Derivative,
    Div,
    Float,
    Formula,
    Num,
    Relation,
    Sym,
    add,
    equation,
    has,
    mul,
    names,
    neg,
    num,
    replace_all,
    transform,
    value,
)
from ...oracle.oracle import Oracle, value_at
from ...problem.linear_constraints import linear
from ...problem.parameter_groups import Group, groups, linear_equations, powers_of_parameters
from ...problem.problem import Problem
from ...proofs.signs import evidence_of_sign
from ...recorder import Equations, defined, equal, held, record
from ...rule_names import RuleName
from ...rules.brackets import common_number
from ...solving.solve import solve
from ...trace import Block, Condition, ConditionKind, Detail, Display, How, Move, Section, SectionKey, Strength, by_detail, say
from ..likelihood.kernel import left_out
from ..likelihood.score import derivative
from ..prose import listed
from ..setting import ARGUED, MaximumArgument, Setting, State, settle_answers
from .by_substitution import constant_and_kernel, left_alone, one_fraction
from .concave_shares import concave, counts_supposed
from .numeric_multiplier import numeric_root

LETTERS = ("lambda", "mu", "kappa", "eta", "tau")  # for the multiplier, the first that is free
LAGRANGIAN = "Lambda"
WRITTEN = 8  # terms that are written out in the constraint
DIGITS = 2
SHOWN = 9  # digits of a number that is found numerically


@dataclass(frozen=True, slots=True)
class Multiplied:
    """A constraint with its multiplier: the letter, and the side that is zero."""

    relation: Relation
    letter: Sym
    zero: Formula


def without_constant(state: State) -> State:
    """Where the likelihood is a product of powers of the parameters, the rest of it is left out."""
    p, al = state.problem, state.al
    constant, kernel = constant_and_kernel(state)
    counts = powers_of_parameters(kernel, p, al, state.lines_oracle)
    found = groups(linear_equations(p, al), counts) if counts is not None else None
    state = changed(state, groups=tuple(found or ()))
    if found is None or constant == ONE:
        return state
    state, blocks = left_out(state, constant, kernel)
    return state.continuing(*blocks)


def multiply(state: State) -> State:
    """Sections "The Lagrangian" and "Solve": fills the answers."""
    p, al = state.problem, state.al
    assert state.ell is not None
    alone, attained = left_alone(state.groups, state)
    if not attained:
        return state.adding(Section(SectionKey.CONSTRAINTS, say("The constraint"), tuple(alone))).without_maximum(ARGUED)
    unseen = {k for g in state.groups for k in g.unseen}
    zeros: dict[Formula, Formula] = {Sym(k): ZERO for k in unseen}
    letters = multiplier_letters(p, len(p.constraints))
    parts = []
    for c, letter in zip(p.constraints, letters, strict=True):
        left, right = (al.assemble(al.flat(replace_all(s, zeros))) for s in c.sides)
        parts.append(Multiplied(equation(left, right), letter, left if right == ZERO else add(*_terms(left), neg(right))))
    free = [k for k in p.parameters if k not in unseen]
    oracle = extended(state.lines_oracle, p.parameters, parts, bool(state.groups))
    scores = {k: derivative(add(*(t for t in _terms(state.ell) if has(t, Sym(k)))), Sym(k), state)[1] for k in free}
    slopes = {k: _slope(k, scores[k], parts, state) for k in free}
    state = changed(state, scores={**state.scores, **scores}, profile={**state.profile, **slopes})
    if _curved(state):
        state = changed(state, al=changed(al, facts=_bending_down(free, parts, state)))
    lagrangian = (*alone, *_lagrangian(state, parts, free, oracle))
    forms, shown = _stationary(state, parts, free, oracle)
    answers, found, more = _with_constraints(state, parts, forms, oracle)
    answers = {k: ZERO if k in unseen else answers[k] for k in p.parameters}
    numeric = any(isinstance(f, Float) for f in found.values())
    how = {k: How.BOUNDARY if k in unseen else How.NUMERIC if numeric else How.CLOSED for k in p.parameters}
    state = (
        changed(state, numbers=state.numbers or numeric)
        .with_answers(answers, how)
        .adding(Section(SectionKey.LAGRANGIAN, say("The Lagrangian"), lagrangian), Section(SectionKey.SOLVE, say("Solve"), (*shown, *more)))
    )
    return concave_lagrangian(state, parts, found, oracle) if _curved(state) else state


def _curved(setting: Setting) -> bool:
    """Whether a constraint is not linear."""
    p = setting.problem
    return any(linear(c, tuple(p.parameters), setting.al) is None for c in p.constraints)


def _bending_down(free: Sequence[str], parts: Sequence[Multiplied], state: State) -> Facts:
    """The facts for multipliers with which the Lagrangian is strictly concave.  Raises NotSupported where that depends on the parameters."""
    wanted = []
    for k in free:
        second = state.al.tidy(derivative(state.profile[k], Sym(k), state)[1])
        if names(state.profile[k]) & (set(free) - {k}) or names(second) & set(free):
            raise NotSupported(
                "a multiplier for a constraint that is not linear is supported where the derivatives of the Lagrangian are linear, each in its own parameter",
                hint="leave out `method`",
            )
        bend = state.al.assemble(state.al.flat(neg(second), deep=True))
        shared = common_number(bend, state.al)
        wanted += [bend] if shared is None else [bend, *state.al.split(shared).powers]
    facts = state.al.facts.with_letters({m.letter.name: REALS for m in parts})
    return facts.supposing(f for f in dict.fromkeys(wanted) if not facts.positive(f))


def _terms(f: Formula) -> tuple[Formula, ...]:
    return f.terms if isinstance(f, Add) else (f,)


def multiplier_letters(p: Problem, count: int) -> list[Sym]:
    """Letters for the multipliers that nothing else is called."""
    taken = {*p.parameters, *p.known, *p.values, *p.observed, *p.statistics}
    base = next(k for k in LETTERS if k not in {t.split("_")[0] for t in taken})
    return [Sym(base)] if count == 1 else [Sym(f"{base}_{j}") for j in range(1, count + 1)]


def extended(oracle: Oracle, parameters: Sequence[str] | Mapping[str, object], parts: Sequence[Multiplied], positive: bool) -> Oracle:
    """The test points with random multipliers and the Lagrangian as a function of the parameters and the multipliers."""
    rng = random.Random(19)
    letters = [*parameters, *(m.letter.name for m in parts)]
    zero = [compiled(m.zero) for m in parts]
    out = []
    for w in oracle.points:
        e: Env = {**w, **{m.letter.name: rng.uniform(0.5, 4) * (1 if positive else rng.choice((-1, 1))) for m in parts}}

        def function(*at: float, e: Env = e) -> float:
            point = {**e, **dict(zip(letters, at, strict=True))}
            height = e["ell"](*at[: len(parameters)])
            return float(height - sum(point[m.letter.name] * z(point) for m, z in zip(parts, zero, strict=True)))

        e[LAGRANGIAN] = function
        out.append(e)
    return Oracle(tuple(out))


def _slope(k: str, score: Formula, parts: Sequence[Multiplied], setting: Setting) -> Formula:
    """The derivative of the Lagrangian in one parameter."""
    u, al = Sym(k), setting.al
    rest = [neg(al.tidy(mul(m.letter, derivative(m.zero, u, setting)[1]))) for m in parts if has(m.zero, u)]
    return add(*([] if score == ZERO else _terms(score)), *rest)


def _lagrangian(state: State, parts: Sequence[Multiplied], free: Sequence[str], oracle: Oracle) -> list[Block]:
    """The Lagrangian, and its derivatives in the parameters."""
    p = state.problem
    label = Apply(LAGRANGIAN, (*p.letters, *(m.letter for m in parts)))
    body = add(p.of("ell"), *(neg(mul(m.letter, m.zero)) for m in parts))
    one = len(parts) == 1
    line = equal(oracle, label, body, rule=RuleName.LAGRANGIAN)
    words = listed("There the parameters satisfy " if state.on_an_edge else "The parameters satisfy ", [m.relation for m in parts])
    words += say(". At a maximum inside the domains all partial derivatives of the Lagrangian vanish; ")
    words += listed("", [m.letter for m in parts]) + say(" is the Lagrange multiplier:" if one else " are the Lagrange multipliers:")
    stated = listed("", [m.relation for m in parts])
    said = by_detail(brief=say("With a multiplier for ") + stated + say(":"), standard=words, full=words)
    lines = [equal(oracle, Derivative(label, ((Sym(k), 1),)), state.profile[k], rule=RuleName.DIFFERENTIATE) for k in free]
    many = len(free) > WRITTEN
    display = Display(tuple(lines if not many else [*lines[:2], lines[-1]]))
    blocks: list[Block] = [*counts_supposed(state), *said, Display((line,)), say("Its derivatives in the parameters are"), display]
    if many:
        blocks.append(say("and in the same way for the parameters between."))
    return blocks


def _stationary(state: State, parts: Sequence[Multiplied], free: Sequence[str], oracle: Oracle) -> tuple[dict[str, Formula], list[Block]]:
    """Each parameter in terms of the multipliers, from its own equation."""
    supposed = [Relation((f, ZERO), (">",)) for f in state.al.facts.supposed if any(has(f, m.letter) for m in parts)]
    blocks: list[Block] = [listed("A solution is looked for with ", supposed) + say(".")] if supposed else []
    blocks += [say("Setting them to zero gives each parameter in terms of {}:", listed("", [m.letter for m in parts]))]
    forms: dict[str, Formula] = {}
    for k in free:
        group = next((g for g in state.groups if k in g.seen), None)
        table = Equations(oracle)
        table.start(equation(state.profile[k], ZERO), defined("the derivative is zero"))
        if group is not None:
            (m,) = (m for m in parts if has(m.zero, Sym(k)))
            forms[k] = _share(table, k, group, m.letter, state.al)
        else:
            forms[k] = _any(table, k, parts, state, free)
        if len(free) <= WRITTEN or k in (*free[:2], free[-1]):
            blocks.append(changed(table.display, likewise=Detail.STANDARD) if k != free[0] and group is not None else table.display)
    return forms, blocks


def _share(table: Equations, k: str, g: Group, letter: Sym, al: Algebra) -> Formula:
    """c/p - a m = 0: p = c/(a m)."""
    u, c, a = Sym(k), g.counts[k], g.equation.coefficients[k]
    slope = al.tidy(mul(a, letter))
    table.move(Move(equation(Div(c, u), slope), ONE, RuleName.COLLECT, say("move the negative term to the other side")))
    form = al.build(al.times((_whole(c, al), al.raised(al.split(slope), neg(ONE)))))
    words = say("multiply by {}, where {}", Div(u, slope), Relation((slope, ZERO), (">",)))
    table.move(Move(equation(u, form), al.tidy(neg(Div(u, slope))), RuleName.DIVIDE, words))
    return form


def _whole(c: Formula, al: Algebra) -> Term:
    return Term(Fraction(1), {c: ONE}) if isinstance(c, Add) else al.split(c)


def _any(table: Equations, k: str, parts: Sequence[Multiplied], state: State, free: Sequence[str]) -> Formula:
    """By the strategies of `solving`, where the equation holds no other unknown."""
    if names(state.profile[k]) & (set(free) - {k}):
        raise NotSupported(
            f"the equation for {reported(k)} holds other parameters too; the method of multipliers is not supported for that yet",
            hint="leave out `method`: the constraint is then put in by substitution",
        )
    al = changed(state.al, facts=state.al.facts.with_letters({m.letter.name: REALS for m in parts}))
    solved = solve(equation(state.profile[k], ZERO), Sym(k), al)
    if solved is None or len(solved.roots) != 1:
        raise NotSupported(
            f"the equation for {reported(k)} in terms of the multiplier has no single solution by algebra", hint="leave out `method`"
        )
    for move in solved.moves:
        table.move(move, {k: solved.roots[0]})
    return solved.roots[0]


def _with_constraints(
    state: State, parts: Sequence[Multiplied], forms: Mapping[str, Formula], oracle: Oracle
) -> tuple[dict[str, Formula], dict[Formula, Formula], list[Block]]:
    """The parameters put into each constraint, which gives its multiplier, and so the parameters: those, the multipliers, what is shown."""
    al = state.al
    blocks: list[Block] = []
    found: dict[Formula, Formula] = {}
    for m in parts:
        mine = {k: f for k, f in forms.items() if has(m.zero, Sym(k))}
        if any(names(f) & {o.letter.name for o in parts if o is not m} for f in mine.values()):
            raise NotSupported("constraints that share parameters are not supported by multipliers yet", hint="leave out `method`")
        found[m.letter], display = _multiplier(m, mine, state, oracle)
        blocks += [say("Substitute them into the constraint {}:", m.relation), display]
    if any(isinstance(f, Float) for f in found.values()):
        return _in_numbers(state, parts, forms, found, blocks)
    answers = {k: one_fraction(_opened(replace_all(f, found), al), al) for k, f in forms.items()}
    there = settle_answers(oracle.at({m.name: f for m, f in found.items() if isinstance(m, Sym)}), answers)
    lines = []
    for k, f in forms.items():
        put = replace_all(f, found)
        sides = [hat(k), put] if put == answers[k] or len(forms) > WRITTEN else [hat(k), put, answers[k]]
        v = value(answers[k])
        if v is not None and v.denominator != 1 and short_decimal(v, DIGITS) and not isinstance(answers[k], Num):
            sides.append(num(v))
        r = Relation(tuple(sides), ("=",) * (len(sides) - 1))
        lines.append(held(there, r, rule=RuleName.PUT_IN))
    return answers, found, [*blocks, say("so"), Display(tuple(lines))]


def _in_numbers(
    state: State, parts: Sequence[Multiplied], forms: Mapping[str, Formula], found: Mapping[Formula, Formula], blocks: list[Block]
) -> tuple[dict[str, Formula], dict[Formula, Formula], list[Block]]:
    """The parameters at multipliers that are known as numbers."""
    there = extended(state.judge, state.parameters, parts, False).at({m.name: f for m, f in found.items() if isinstance(m, Sym)})
    answers = {k: Float(value_at(f, there.points[0])) for k, f in forms.items()}
    settled = settle_answers(there, answers)
    lines = [
        held(settled, Relation((hat(k), f, quoted(answers[k].value, SHOWN)), ("=", "approx")), rule=RuleName.PUT_IN)
        for k, f in forms.items()
    ]
    return dict(answers), dict(found), [*blocks, say("so"), Display(tuple(lines))]


def _opened(f: Formula, al: Algebra) -> Formula:
    """A formula in which what is left of a sum is seen: n + 2 (S - n)/2 as S."""
    return transform(f, lambda g: al.assemble(ts) if isinstance(g, Add) and (ts := al.expanded(g)) is not None else None)


def _multiplier(m: Multiplied, forms: Mapping[str, Formula], state: State, oracle: Oracle) -> tuple[Formula, Display]:
    """The multiplier of a constraint, from the parameters in terms of it."""
    left, right = (replace_all(s, {Sym(k): f for k, f in forms.items()}) for s in m.relation.sides)
    together = one_fraction(left, state.al)
    al = changed(state.al, facts=state.al.facts.with_letters({m.letter.name: POSITIVE if state.groups else REALS}))
    solved = solve(equation(together, right), m.letter, al)
    roots = [r for r in (solved.roots if solved is not None else ()) if _keeps(m.letter, r, state)]
    numeric = numeric_root(m.letter, together, right, state) if _curved(state) and len(roots) != 1 else None
    if len(roots) != 1 and numeric is None:
        raise NotSupported("the constraint cannot be solved for the multiplier by algebra", hint="leave out `method`")
    root = numeric or al.expand(roots[0])
    there = (oracle if numeric is None else extended(state.judge, state.parameters, [m], False)).at({m.letter.name: root})
    table = Equations(there)
    if len(forms) <= WRITTEN:
        table.note(equation(left, right), None, there, RuleName.CONSTRAINT)
    if together != left:
        table.note(equation(together, right), say("add up"), there, RuleName.ADD_UP)
    if numeric is not None:
        line = held(there, Relation((m.letter, quoted(numeric.value, SHOWN)), ("approx",)), say("solved numerically"), RuleName.SOLVE)
        return root, Display((*table.display.lines, line))
    table.note(equation(m.letter, root), say("solve for {}", m.letter), there, RuleName.SOLVE)
    return root, table.display


def _keeps(letter: Sym, root: Formula, state: State) -> bool:
    """Whether at a root of the constraint what was supposed positive is so, for all samples that are tried and for the data."""
    wanted = [replace_all(f, {letter: root}) for f in state.al.facts.supposed if has(f, letter)]
    return all(v > 0 for f in wanted for o in (state.general, state.judge) for v in o.values(f))


def under_the_constraint(state: State) -> State:
    """Why the stationary point of the Lagrangian is the maximum."""
    if state.arguments:
        return state
    return concave(state) if state.groups else concave_on_the_constraint(state)


def concave_lagrangian(state: State, parts: Sequence[Multiplied], found: Mapping[Formula, Formula], oracle: Oracle) -> State:
    """Section "The maximum" for a constraint that is not linear: with the multiplier that was found the Lagrangian is strictly concave, so its
    stationary point is its maximum, and on the constraint it is the log-likelihood (Luenberger 1969, Optimization by Vector Space Methods, 8.4)."""
    p, al = state.problem, state.al
    label = Apply(LAGRANGIAN, (*p.letters, *(m.letter for m in parts)))
    numeric = any(isinstance(f, Float) for f in found.values())
    oracle = extended(state.judge, p.parameters, parts, False) if numeric else oracle
    there = oracle.at({m.name: f for m, f in found.items() if isinstance(m, Sym)})
    lines, needed = [], list[Formula]()
    for k in p.parameters:
        second = al.tidy(derivative(state.profile[k], Sym(k), state)[1])
        put = _opened(replace_all(second, dict(found)), al)
        if numeric:
            put = quoted(value_at(second, there.points[0]), SHOWN)
        r = Relation((put, ZERO), ("<",))
        shown = Relation((Derivative(label, ((Sym(k), 2),)), second, put, ZERO), ("=", "approx" if numeric else "=", "<"))
        lines.append(record(shown, evidence_of_sign(r, changed(al.facts, supposed=()), there.holds(r)), rule=RuleName.DIFFERENTIATE))
        if not numeric and not al.facts.negative(put):
            needed.append(al.tidy(neg(put)))
    lines = list({repr(line.formula): line for line in lines}.values())
    blocks: list[Block] = [
        say("With this multiplier the second derivatives of the Lagrangian are", ), Display(tuple(lines)),
        say("and no term of it holds two of the parameters: it is strictly concave in them, and largest of all points where its derivatives vanish. "
            "Where the constraint holds the Lagrangian is {}. So no other point that satisfies the constraint is as high: the maximum is global.", p.of("ell")),
    ]  # fmt: skip
    conditions = [Condition(ConditionKind.BOTH, (r := Relation((f, ZERO), (">",)),), say("{}", r)) for f in dict.fromkeys(needed)]
    argument = MaximumArgument(Strength.ENCLOSED) if numeric else ARGUED
    return state.argued(argument).adding(Section(SectionKey.MAXIMUM, say("The maximum"), tuple(blocks)), conditions=conditions)


def concave_on_the_constraint(state: State) -> State:
    """Section "The maximum" for a log-likelihood whose terms hold one parameter each."""
    p = state.problem
    lines = []
    label = p.of("ell")
    for k in p.parameters:
        u = Sym(k)
        second = derivative(state.scores[k], u, state)[1] if k in state.scores else ZERO
        if second == ZERO:
            continue
        if not state.al.facts.negative(second):
            raise NotSupported(f"the log-likelihood was not found to be concave in {reported(k)}", hint="leave out `method`")
        evidence = evidence_of_sign(r := Relation((second, ZERO), ("<",)), state.al.facts, state.lines_oracle.holds(r))
        shown = Relation((Derivative(label, ((u, 2),)), second, ZERO), ("=", "<"))
        lines.append(record(shown, evidence, rule=RuleName.DIFFERENTIATE))
    blocks: list[Block] = [
        say("No term of {} holds two of the parameters, and in each it bends downward:", label), Display(tuple(lines)),
        say("So {} is strictly concave. The constraint is linear, and a strictly concave function has at most one stationary point on the "
            "points that satisfy it: there is its global maximum under the constraint.", label),
    ]  # fmt: skip
    return state.argued(ARGUED).adding(Section(SectionKey.MAXIMUM, say("The maximum"), tuple(blocks)))


__all__ = ["LAGRANGIAN", "multiply", "under_the_constraint", "without_constant"]
