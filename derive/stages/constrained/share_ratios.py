"""A likelihood that is a product of powers of shares of a whole: each share as a multiple of the one that the
constraint gives, then the constraint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...algebra.terms import Algebra, Term, short_decimal
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    Derivative,
    Div,
    Formula,
    Mul,
    Neg,
    Num,
    Relation,
    Sym,
    add,
    equation,
    mul,
    neg,
    num,
    rational,
    replace_all,
    value,
)
from ...oracle.oracle import Oracle
from ...problem.parameter_groups import Group
from ...problem.problem import Problem
from ...proofs.grounds import Ground, proved
from ...recorder import Equations, chain, defined, held, record
from ...rule_names import RuleName
from ...rules.reasons import by_nonzero
from ...trace import Block, Detail, Display, How, Line, Move, Section, SectionKey, Words, from_standard, in_full, say
from ..setting import Setting, State, settle_answers
from .concave_shares import counts_supposed

IN_FULL = 4  # free parameters whose equations are all written out
WRITTEN = 8  # shares whose multiples are written into the constraint
DIGITS = 2  # decimals of a ratio that is shown as a decimal


def by_ratios(state: State) -> State:
    """Sections "Score" and "Solve": the partial derivatives, each share by the tied one, the constraint."""
    reduced = state.problem
    assert state.ell is not None
    parts = [_parted(g, reduced) for g in state.groups]
    state = _scores(parts, state)
    blocks: list[Block] = []
    for part in parts:
        answers, more = _solved(part, state)
        blocks += more
        for k in part.group.equation.letters:
            if k in answers:
                state = state.answered(k, answers[k], How.CLOSED)
    title = say("Solve with the constraint" if len(parts) == 1 else "Solve with the constraints")
    if reduced.origin is not None and not reduced.origin.constraints:
        title = say("Solve the score equations")
    return state.adding(Section(SectionKey.SOLVE, title, tuple(blocks)))


@dataclass(frozen=True)
class Shares:
    """The shares of one constraint: the one that it gives, those that are free, and those whose equations are written out."""

    group: Group
    tied: str
    free: tuple[str, ...]
    shown: tuple[str, ...]


def _parted(g: Group, reduced: Problem) -> Shares:
    tied = next(k for k in g.seen if k in reduced.tied)
    free = tuple(k for k in g.seen if k != tied)
    return Shares(g, tied, free, free if len(free) <= IN_FULL else (*free[:2], free[-1]))


def _scores(parts: Sequence[Shares], state: State) -> State:
    """Section "Score": the partial derivatives in the free shares."""
    blocks: list[Block] = [*counts_supposed(state), _lead(state)]
    scores: dict[str, Formula] = {}
    for part in parts:
        for k in part.free:
            scores[k], display = _differentiated(k, part, state)
            if k not in part.shown:
                continue
            if len(state.parameters) == 2:
                (beside,) = (o for o in state.parameters if o != k)
                blocks.append(from_standard(say("With respect to {}, treating {} as a constant:", Sym(k), Sym(beside))))
            blocks.append(display)
        if len(part.shown) < len(part.free):
            blocks.append(say("and in the same way for the parameters between."))
    state = replace(state, scores={**state.scores, **scores}, raw_scores={**state.raw_scores, **scores})
    return state.adding(Section(SectionKey.SCORE, say("Score"), tuple(blocks)))


def _lead(setting: Setting) -> Words:
    words = say("At a maximum inside the domain every partial derivative of {} is zero.", setting.problem.of("ell"))
    return in_full(words + say(" Hold the other parameters fixed in each:"))


def _differentiated(k: str, part: Shares, setting: Setting) -> tuple[Formula, Display]:
    """The partial derivative in one share: its own term, and the one of the tied share."""
    own, other = _two_terms(k, part, setting)
    score = add(own, neg(other))
    label = Derivative(setting.problem.of("ell"), ((Sym(k), 1),))
    return score, chain(setting.lines_oracle, label, [(score, None, RuleName.DIFFERENTIATE)])


def _two_terms(k: str, part: Shares, setting: Setting) -> tuple[Formula, Formula]:
    """c/p and a c'/(a' q), with q the tied share written by the others: their difference is the derivative in p."""
    reduced, al, g, tied = setting.problem, setting.al, part.group, part.tied
    a, whole = g.equation.coefficients, Sym("#whole")
    share = al.times((al.split(a[k]), al.raised(al.split(a[tied]), neg(ONE)), _one_term(g.counts[tied], al), al.split(Div(ONE, whole))))
    own = al.build(al.times((_one_term(g.counts[k], al), al.split(Div(ONE, Sym(k))))))
    return own, replace_all(al.build(share), {whole: reduced.tied[tied]})


def ratio(g: Group, k: str, tied: str, al: Algebra) -> Formula:
    """p_k / p_tied at the maximum: (c_k a_tied) / (c_tied a_k)."""
    a = g.equation.coefficients
    top = al.times((al.split(g.counts[k]), al.split(a[tied])))
    return al.build(al.times((top, al.raised(al.times((al.split(g.counts[tied]), al.split(a[k]))), neg(ONE)))))


def _solved(part: Shares, state: State) -> tuple[dict[str, Formula], list[Block]]:
    """The equations of one group as ratios to the tied share, put into its constraint; and the answers."""
    al, g, last = state.al, part.group, Sym(part.tied)
    ratios = {k: ratio(g, k, part.tied, al) for k in part.free}
    numbers = [v for v in map(value, ratios.values()) if v is not None]
    if len(numbers) == len(ratios) and all(short_decimal(v, DIGITS) for v in numbers):
        ratios = {k: num(v) for k, v in zip(ratios, numbers, strict=True)}
    multiples = {k: _times(r, last) for k, r in ratios.items()}
    blocks: list[Block] = []
    for j, k in enumerate(part.shown):
        blocks.append(from_standard(say("Set the derivative with respect to {} to zero:" if not j else "In the same way, for {}:", Sym(k))))
        shown = _one(k, part, multiples[k], state)
        blocks.append(replace(shown, likewise=Detail.BRIEF) if j else shown)
    if len(part.shown) < len(part.free):
        blocks.append(say("and so for every other parameter:"))
        between = [k for k in part.free if k not in part.shown]
        blocks.append(Display(tuple(record(equation(Sym(k), multiples[k]), proved(Ground.BEFORE), rule=RuleName.RATIO) for k in between)))
    answers = answers_of(g, al)
    there = settle_answers(state.lines_oracle, {**state.answers, **answers})
    for k in part.free:
        there.equal(Sym(k), multiples[k])
    return answers, [*blocks, *_constraint(part, ratios, multiples, answers, state, there)]


def answers_of(g: Group, al: Algebra) -> dict[str, Formula]:
    """b c_k / (a_k C), with C the sum of the counts: each share in proportion to its count."""
    whole = al.assemble(t for k in g.seen for t in al.flat(g.counts[k], deep=True))
    bottom = _one_term(whole, al)
    out: dict[str, Formula] = {}
    for k in g.seen:
        top = al.times((_one_term(g.counts[k], al), al.split(g.equation.constant)))
        out[k] = al.build(al.times((top, al.raised(al.times((bottom, al.split(g.equation.coefficients[k]))), neg(ONE)))))
    return out


def _times(r: Formula, last: Formula) -> Formula:
    if r == ONE:
        return last
    return Mul((r, last))


def _one(k: str, part: Shares, multiple: Formula, state: State) -> Display:
    """c/p - a c'/(a' q) = 0, cleared of fractions, with the tied share by its letter."""
    reduced = state.problem
    g, tied, al, u, last = part.group, part.tied, state.al, Sym(k), Sym(part.tied)
    a, written = g.equation.coefficients, reduced.tied[tied]
    c, d = g.counts[k], g.counts[tied]
    table = Equations(state.lines_oracle)
    table.start(equation(state.scores[k], ZERO), defined("the score equation"))
    left, right = _two_terms(k, part, state)
    table.move(Move(equation(left, right), ONE, RuleName.COLLECT, say("move the negative term to the other side")))
    ratio_of = al.build(al.times((al.split(a[k]), al.raised(al.split(a[tied]), neg(ONE)), _one_term(d, al))))
    crossed = equation(_product(c, written), _product(ratio_of, u))
    table.move(Move(crossed, _product(u, written), RuleName.CLEAR_DENOMINATORS, by_nonzero("multiply", _product(u, written), al)))
    named = equation(_product(c, last), _product(ratio_of, u))
    table.move(Move(named, ONE, RuleName.CONSTRAINT, say("{}", equation(written, last))))
    by = al.build(al.raised(al.split(neg(ratio_of)), neg(ONE)))
    table.move(
        Move(equation(u, multiple), by, RuleName.DIVIDE, say("divide by {}", ratio_of) if ratio_of != ONE else say("swap the sides"))
    )
    return table.display


def _one_term(f: Formula, al: Algebra) -> Term:
    """A factor that is not opened."""
    return Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f)


def _product(a: Formula, b: Formula) -> Formula:
    if a == ONE:
        return b
    return Mul((*(a.factors if isinstance(a, Mul) else (a,)), b))


def _constraint(
    part: Shares,
    ratios: Mapping[str, Formula],
    multiples: Mapping[str, Formula],
    answers: Mapping[str, Formula],
    setting: Setting,
    there: Oracle,
) -> list[Block]:
    """The multiples put into the constraint, which gives the tied share and with it the others."""
    g, tied, al, last = part.group, part.tied, setting.al, Sym(part.tied)
    a = g.equation.coefficients
    few = len(g.seen) <= WRITTEN
    table = Equations(there)
    if few:
        parts = [_scaled(a[k], multiples[k] if k != tied else last) for k in g.seen]
        table.note(equation(add(*parts), g.equation.constant), None, there, RuleName.CONSTRAINT)
    total = _gathered(g, tied, al)
    v = value(al.tidy(total))
    decimal = all(_is_decimal(r) for r in ratios.values())
    shown = total if v is None else num(v) if decimal and short_decimal(v, DIGITS) else rational(v)
    table.note(equation(_product(shown, last), g.equation.constant), say("add up"), there, RuleName.ADD_UP)
    table.note(_with_decimal(hat(tied), answers[tied]), say("divide by {}", shown), there, RuleName.ESTIMATE)
    rest = [_put_in(k, ratios[k] if few else ONE, answers[k], answers[tied], decimal, there) for k in g.seen if k != tied]
    reduced = setting.problem
    lead = (
        "Substitute these into the constraint {}:"
        if reduced.origin is not None and reduced.origin.constraints
        else "Substitute these into {}:"
    )
    blocks: list[Block] = [say(lead, g.equation.relation), table.display]
    if rest:
        blocks += [say("and hence"), Display(tuple(rest))]
    if all(c == ONE for c in a.values()) and g.equation.constant == ONE:
        blocks.append(from_standard(say("Each probability is estimated by its relative frequency.")))
    return blocks


def _put_in(k: str, r: Formula, answer: Formula, last: Formula, decimal: bool, there: Oracle) -> Line:
    """A share as its ratio to the tied one times that one's estimate; decimal: numbers are written as decimals where they are short."""

    def shown(f: Formula) -> Formula:
        v = value(f)
        return num(v) if decimal and v is not None and short_decimal(v, DIGITS) else f

    sides = (hat(k), answer) if r == ONE else (hat(k), Mul((r, shown(last))), shown(answer))
    return held(there, Relation(sides, ("=",) * (len(sides) - 1)), rule=RuleName.PUT_IN)


def _is_decimal(f: Formula) -> bool:
    return isinstance(f, Num)


def _with_decimal(label: Formula, f: Formula) -> Relation:
    """label = f, with a short decimal after a fraction."""
    v = value(f)
    if v is None or v.denominator == 1 or not short_decimal(v, DIGITS):
        return equation(label, f)
    return Relation((label, f, num(v)), ("=", "="))


def _scaled(a: Formula, f: Formula) -> Formula:
    """a f as it stands in the constraint, brackets kept round a multiple."""
    return f if a == ONE else neg(_scaled(a.arg, f)) if isinstance(a, Neg) else mul(a, f)


def _gathered(g: Group, tied: str, al: Algebra) -> Formula:
    """a_tied C / c_tied: what the tied share is multiplied by in the constraint."""
    whole = al.assemble(t for k in g.seen for t in al.flat(g.counts[k], deep=True))
    a = al.split(g.equation.coefficients[tied])
    return al.build(al.times((_one_term(whole, al), a, al.raised(_one_term(g.counts[tied], al), neg(ONE)))))


__all__ = ["answers_of", "by_ratios", "ratio"]
