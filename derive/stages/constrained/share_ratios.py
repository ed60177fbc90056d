"""A likelihood that is a product of powers of shares of a whole: each share as a multiple of the one that the
constraint gives, then the constraint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from ...oracle.judge import Oracle
from ...problem.parameter_groups import Group
from ...proofs.grounds import Ground, proved
from ...recorder import Equations, chain, defined, held, record
from ...trace import Display, How, Line, Move, Section, SectionKey, Words, say
from ..setting import State, settle_answers
from .reduced_question import Reduced

IN_FULL = 4  # free parameters whose equations are all written out
WRITTEN = 8  # shares whose multiples are written into the constraint
DIGITS = 2  # decimals of a ratio that is shown as a decimal


def by_ratios(state: State) -> None:
    """Sections "Score" and "Solve": the partial derivatives, each share by the tied one, the constraint."""
    reduced = state.problem
    assert isinstance(reduced, Reduced) and state.ell is not None
    score_blocks: list[Words | Display] = [_lead(state)]
    solve_blocks: list[Words | Display] = []
    for g in state.groups:
        tied = next(k for k in g.seen if k in reduced.tied)
        free = [k for k in g.seen if k != tied]
        shown = free if len(free) <= IN_FULL else [*free[:2], free[-1]]
        for k in free:
            _differentiated(k, g, tied, state, score_blocks if k in shown else None)
        if len(shown) < len(free):
            score_blocks.append(say("and in the same way for the parameters between."))
        solve_blocks += _solved(g, tied, free, shown, state)
    title = say("Solve with the constraint" if len(state.groups) == 1 else "Solve with the constraints")
    if not reduced.origin.constraints:
        title = say("Solve the score equations")
    state.sections += [Section(SectionKey.SCORE, say("Score"), tuple(score_blocks)), Section(SectionKey.SOLVE, title, tuple(solve_blocks))]


def _lead(state: State) -> Words:
    free = state.parameters
    words = say("At a maximum inside the domain every partial derivative of {} is zero.", state.problem.of("ell"))
    if len(free) == 2:
        return words + say(" For each, the derivative is taken with the other parameter treated as a constant:")
    return words + say(" For each, the derivative is taken with the others treated as constants:")


def _differentiated(k: str, g: Group, tied: str, state: State, blocks: list[Words | Display] | None) -> None:
    """The partial derivative in one share: its own term, and the one of the tied share."""
    own, other = _two_terms(k, g, tied, state)
    score = add(own, neg(other))
    state.raw_scores[k] = state.scores[k] = score
    display = chain(state.lines_oracle, Derivative(state.problem.of("ell"), ((Sym(k), 1),)), [(score, None, "differentiate")])
    if blocks is not None:
        if len(state.parameters) == 2:
            (beside,) = (o for o in state.parameters if o != k)
            blocks.append(say("With respect to {}, treating {} as a constant:", Sym(k), Sym(beside)))
        blocks.append(display)


def _two_terms(k: str, g: Group, tied: str, state: State) -> tuple[Formula, Formula]:
    """c/p and a c'/(a' q), with q the tied share written by the others: their difference is the derivative in p."""
    reduced, al, a = state.problem, state.al, g.equation.coefficients
    assert isinstance(reduced, Reduced)
    whole = Sym("#whole")
    share = al.times((al.split(a[k]), al.raised(al.split(a[tied]), neg(ONE)), _one_term(g.counts[tied], al), al.split(Div(ONE, whole))))
    own = al.build(al.times((_one_term(g.counts[k], al), al.split(Div(ONE, Sym(k))))))
    return own, replace_all(al.build(share), {whole: reduced.tied[tied]})


def ratio(g: Group, k: str, tied: str, al: Algebra) -> Formula:
    """p_k / p_tied at the maximum: (c_k a_tied) / (c_tied a_k)."""
    a = g.equation.coefficients
    top = al.times((al.split(g.counts[k]), al.split(a[tied])))
    return al.build(al.times((top, al.raised(al.times((al.split(g.counts[tied]), al.split(a[k]))), neg(ONE)))))


def _solved(g: Group, tied: str, free: Sequence[str], shown: Sequence[str], state: State) -> list[Words | Display]:
    """The equations of one group as ratios to the tied share, put into its constraint."""
    reduced = state.problem
    assert isinstance(reduced, Reduced)
    al, oracle, last = state.al, state.lines_oracle, Sym(tied)
    ratios = {k: ratio(g, k, tied, al) for k in free}
    numbers = [v for v in map(value, ratios.values()) if v is not None]
    if len(numbers) == len(ratios) and all(short_decimal(v, DIGITS) for v in numbers):
        ratios = {k: num(v) for k, v in zip(ratios, numbers, strict=True)}
    multiples = {k: _times(r, last) for k, r in ratios.items()}
    blocks: list[Words | Display] = []
    for j, k in enumerate(shown):
        blocks.append(say("Set the derivative with respect to {} to zero:" if not j else "The same algebra for {}:", Sym(k)))
        blocks.append(_one(k, g, tied, multiples[k], state, oracle))
    if len(shown) < len(free):
        blocks.append(say("and so for every other parameter:"))
        between = [k for k in free if k not in shown]
        blocks.append(Display(tuple(record(equation(Sym(k), multiples[k]), proved(Ground.BEFORE), rule="ratio") for k in between)))
    answers = answers_of(g, al)
    there = settle_answers(oracle, {**state.answers, **answers})
    for k in free:
        there.equal(Sym(k), multiples[k])
    blocks += _constraint(g, tied, ratios, multiples, answers, state, there)
    for k in g.equation.letters:
        if k in answers:
            state.answers[k], state.how[k] = answers[k], How.CLOSED
            state.order.append(k)
    return blocks


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


def _one(k: str, g: Group, tied: str, multiple: Formula, state: State, oracle: Oracle) -> Display:
    """c/p - a c'/(a' q) = 0, cleared of fractions, with the tied share by its letter."""
    reduced = state.problem
    assert isinstance(reduced, Reduced)
    al, u, last = state.al, Sym(k), Sym(tied)
    a, written = g.equation.coefficients, reduced.tied[tied]
    c, d = g.counts[k], g.counts[tied]
    table = Equations(oracle)
    table.start(equation(state.scores[k], ZERO), defined("the score equation"))
    left, right = _two_terms(k, g, tied, state)
    table.move(Move(equation(left, right), ONE, "collect", say("move the negative term to the other side")))
    ratio_of = al.build(al.times((al.split(a[k]), al.raised(al.split(a[tied]), neg(ONE)), _one_term(d, al))))
    crossed = equation(_product(c, written), _product(ratio_of, u))
    table.move(Move(crossed, _product(u, written), "clear denominators", say("multiply by {}, which is not zero", _product(u, written))))
    named = equation(_product(c, last), _product(ratio_of, u))
    table.move(Move(named, ONE, "constraint", say("{} is just {}", written, last)))
    by = al.build(al.raised(al.split(neg(ratio_of)), neg(ONE)))
    table.move(Move(equation(u, multiple), by, "divide", say("divide by {}", ratio_of) if ratio_of != ONE else say("swap the sides")))
    return table.display


def _one_term(f: Formula, al: Algebra) -> Term:
    """A factor that is not opened."""
    return Term(Fraction(1), {f: ONE}) if isinstance(f, Add) else al.split(f)


def _product(a: Formula, b: Formula) -> Formula:
    if a == ONE:
        return b
    return Mul((*(a.factors if isinstance(a, Mul) else (a,)), b))


def _constraint(
    g: Group,
    tied: str,
    ratios: Mapping[str, Formula],
    multiples: Mapping[str, Formula],
    answers: Mapping[str, Formula],
    state: State,
    there: Oracle,
) -> list[Words | Display]:
    """The multiples put into the constraint, which gives the tied share and with it the others."""
    al, last = state.al, Sym(tied)
    a = g.equation.coefficients
    few = len(g.seen) <= WRITTEN
    table = Equations(there)
    if few:
        parts = [_scaled(a[k], multiples[k] if k != tied else last) for k in g.seen]
        table.note(equation(add(*parts), g.equation.constant), None, there, "constraint")
    total = _gathered(g, tied, al)
    v = value(al.tidy(total))
    decimal = all(_is_decimal(r) for r in ratios.values())
    shown = total if v is None else num(v) if decimal and short_decimal(v, DIGITS) else rational(v)
    table.note(equation(_product(shown, last), g.equation.constant), say("add up"), there, "add up")
    table.note(_with_decimal(hat(tied), answers[tied]), say("divide by {}", shown), there, "estimate")
    rest: list[Line] = []
    for k in (k for k in g.seen if k != tied):
        r, exact = ratios[k], answers[k]
        sides = [hat(k), exact]
        if few and r != ONE:
            known, w = value(answers[tied]), value(exact)
            factor = num(known) if decimal and known is not None and short_decimal(known, DIGITS) else answers[tied]
            sides = [hat(k), Mul((r, factor)), num(w) if decimal and w is not None and short_decimal(w, DIGITS) else exact]
        shown_line = Relation(tuple(sides), ("=",) * (len(sides) - 1))
        rest.append(held(there, shown_line, rule="put in"))
    reduced = state.problem
    assert isinstance(reduced, Reduced)
    lead = "Put these into the constraint {}:" if reduced.origin.constraints else "Put these into {}:"
    blocks: list[Words | Display] = [say(lead, g.equation.relation), table.display]
    if rest:
        blocks += [say("and with it the others:" if len(rest) > 1 else "and with it the other one:"), Display(tuple(rest))]
    if all(c == ONE for c in a.values()) and g.equation.constant == ONE:
        blocks.append(say("Each is estimated by its proportion of all that was counted."))
    return blocks


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
