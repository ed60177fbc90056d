"""What was found put into the other equations, and worked out."""

from __future__ import annotations

from dataclasses import replace as changed
from fractions import Fraction
from math import prod

from ...algebra.polynomials import fractions_that_cancel, in_lowest_terms
from ...algebra.terms import Algebra, Term
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    Add,
    At,
    Big,
    Call,
    Div,
    Formula,
    Mul,
    N,
    Neg,
    Num,
    Pow,
    Searched,
    Sym,
    add,
    equation,
    has,
    mul,
    names,
    neg,
    num,
    rational,
    replace,
    replace_all,
    size,
    terms,
    transform,
    value,
    walk,
)
from ...oracle.oracle import Oracle
from ...recorder import Equations, chain, record
from ...rule_names import RuleName
from ...rules.brackets import arithmetic, factored
from ...rules.sums import centred_whole, expand_in_sum, fold_means, what_deviations_are
from ...trace import Block, Display, How, Line, Words, say
from ..likelihood.score import tidied
from ..setting import Setting, State


def simple(f: Formula) -> bool:
    """Whether an estimate is short enough to be put in as it is; else its letter with a hat stands for it."""
    return not any(isinstance(g, (Big, Call, Searched)) or (isinstance(g, At) and isinstance(g.index[0], (Div, Add))) for g in walk(f))


def put_in(before: Formula, u: Sym, found: Formula, of: Sym, setting: Setting) -> tuple[Formula, list[Block]]:
    """The estimate of u put into the score of another unknown, worked out.

    Where it was found in terms of that unknown, sums of products are centred: the deviations from the means are left.
    """
    put = replace(before, u, found)
    oracle = setting.settled(setting.lines_oracle)
    blocks: list[Block] = []
    rests = bool(names(found) & set(setting.parameters))
    if rests:
        put = transform(put, lambda g: opened_power(g, setting.al) or opened_exponential(g, setting.al))
        put = fractions_that_cancel(put, setting.al)
    if setting.numbers and rests:
        after = brackets_that_cancel(tidied(put, setting), setting.al)
        oracle.equal(before, after)
        return after, blocks
    if setting.numbers:
        done = worked_out(put, setting.al)
        squares = next((g for g in walk(put) if _written_sum(g)), None)
        if squares is not None:
            blocks.append(say("With {}:", equation(hat(u.name), found)))
            blocks.append(_levels(squares, oracle, setting.al))
        return done, blocks
    after = tidied(put, setting)
    if rests:
        after = shorter(brackets_that_cancel(after, setting.al), setting.al)
    opens = rests and any(isinstance(g, Big) and has(g, of) for g in walk(after))
    centre = centred_whole(after, setting.al) if opens else None
    if centre is not None:
        centre = factored(centre, setting.al)
        blocks.append(say("With {} the score of {} becomes", equation(hat(u.name), found), of))
        blocks.append(
            chain(oracle, put, [(centre, say("multiply out; {}", what_deviations_are(centre, setting.al)), RuleName.CENTRE_THE_SUMS)])
        )
        return centre, blocks
    after = whole_fractions(with_mean(after, setting), setting.al)
    oracle.equal(before, after)
    return after, blocks


def whole_fractions(f: Formula, al: Algebra) -> Formula:
    """Fractions over the same bracket added up where together they are a multiple of it: n k/(k + m) + n m/(k + m) is n."""
    ts = [al.split(t) for t in terms(f)]
    for b in dict.fromkeys(b for t in ts for b, k in t.powers.items() if isinstance(b, Add) and k == neg(ONE)):
        over = [t for t in ts if t.powers.get(b) == neg(ONE)]
        tops = al.expanded(add(*(al.build(Term(t.coefficient, {c: k for c, k in t.powers.items() if c != b})) for t in over)))
        first = al.split(b.terms[0]) if isinstance(b, Add) else Term(Fraction(1))
        for top in tops or () if len(over) > 1 else ():
            multiple = al.divided(top, first)
            if any(k == neg(ONE) for k in multiple.powers.values()):
                continue
            if al.expand(add(al.assemble(tops or ()), neg(mul(al.build(multiple), b)))) == ZERO:
                return whole_fractions(al.assemble(al.collect([multiple, *(t for t in ts if t not in over)])), al)
    return f


def brackets_that_cancel(f: Formula, al: Algebra) -> Formula:
    """A sum with the brackets opened that stand in its terms, where terms cancel by that; else the sum as it is."""
    opened: list[Term] = []
    for t in terms(f):
        whole = al.split(t)
        inside = [b for b, k in whole.powers.items() if isinstance(b, Add) and k == ONE]
        rest = Term(whole.coefficient, {b: k for b, k in whole.powers.items() if b not in inside})
        opened += [al.times((rest, al.split(c))) for c in terms(inside[0])] if len(inside) == 1 else [whole]
    kept = al.collect(opened)
    return al.assemble(kept) if len(kept) < len(opened) else f


def shorter(f: Formula, al: Algebra) -> Formula:
    """f multiplied out, under the sums too, where that makes it shorter; else f."""
    if not any(isinstance(g, Big) and isinstance(g.body, (Add, Mul)) for g in walk(f)):
        return f
    opened = al.expand(f)
    opened = expand_in_sum(opened, al) or opened
    opened = al.expand(opened)
    return opened if size(opened) < size(f) else f


def opened_power(g: Formula, al: Algebra) -> Formula | None:
    """The logarithm of a power of something positive: the exponent comes to the front."""
    match g:
        case Call("log", (Pow(b, k),)) if al.facts.positive(b):
            return mul(k, Call("log", (b,)))
    return None


def opened_exponential(g: Formula, al: Algebra) -> Formula | None:
    """An exponential with logarithms in its exponent: e^(a + c log b) is b^c e^a."""
    if not (isinstance(g, Call) and g.name == "exp"):
        return None
    powers: list[Formula] = []
    rest: list[Term] = []
    for t in al.expanded(g.args[0]) or []:
        log = next((b for b, k in t.powers.items() if isinstance(b, Call) and b.name == "log" and k == ONE), None)
        if log is not None and len(t.powers) == 1 and al.facts.positive(log.args[0]):
            powers.append(Pow(log.args[0], rational(t.coefficient)))
        else:
            rest.append(t)
    return mul(*powers, Call("exp", (al.assemble(rest),))) if powers else None


def with_hats(f: Formula, state: State) -> Formula:
    """f with the letter of an estimate for its formula, where it was found in terms of another that is known by now."""
    settled: dict[Formula, Formula] = {Sym(k): hat(k) for k in state.answers}
    table: dict[Formula, Formula] = {}
    for k, found in state.found.items():
        now = replace_all(found, settled)
        if now != found and not names(now) & set(state.parameters):
            table[now] = hat(k)
    return replace_all(f, table) if table else f


def _written_sum(g: Formula) -> bool:
    return isinstance(g, Add) and all(isinstance(t, Pow) for t in g.terms) and len(g.terms) > 1


def _levels(f: Formula, oracle: Oracle, al: Algebra) -> Display:
    """Arithmetic worked out one level a line: the chain of values from f to a number."""
    lines: list[Line] = []
    now: Formula | None = f
    first = f
    while now is not None:
        after = arithmetic(now, al)
        if after is None:
            break
        evidence = oracle.equal(now, after)
        lines.append(record(equation(first, after), evidence, rule=RuleName.ARITHMETIC, continues=bool(lines)))
        now = after
    return Display(tuple(lines))


def worked_out(f: Formula, al: Algebra) -> Formula:
    """Brackets of plain numbers replaced by their value; other terms as they stand."""

    def one(g: Formula) -> Formula | None:
        if isinstance(g, Add) and not names(g):
            v = value(al.tidy(g))
            return None if v is None else al.number(v)
        if isinstance(g, Mul) and ONE in g.factors and names(g):
            return mul(*(h for h in g.factors if h != ONE))
        if isinstance(g, Mul) and sum(isinstance(h, Num) for h in g.factors) > 1:
            number = prod((h.value for h in g.factors if isinstance(h, Num)), start=Fraction(1))
            return mul(al.number(number), *(h for h in g.factors if not isinstance(h, Num)))
        return None

    g = transform(f, one)
    return add(*(_merge(t) for t in terms(g)))


def sign_shown(f: Formula, oracle: Oracle, setting: Setting) -> Formula:
    """A derivative as its sign is seen best: with the numbers of the data in it, without brackets."""
    opened = brackets_opened(f, setting.al) if setting.numbers else f
    if opened != f:
        oracle.equal(f, opened)
    return opened


def brackets_opened(f: Formula, al: Algebra) -> Formula:
    """A sum with all brackets multiplied out and what its terms share before one bracket, where that is shorter; else the sum as it is."""
    ts = al.expanded(f) or al.flat(f, deep=True)
    shared = Term(Fraction(1), al.common_factor(ts).powers)
    opened = mul(al.build(shared), al.assemble(al.divided(t, shared) for t in ts)) if shared.powers and len(ts) > 1 else al.assemble(ts)
    return opened if size(opened) < size(f) else f


def _merge(t: Formula) -> Formula:
    """(1/(2v^2)) 8 as 8/(2v^2): a number joins the fraction without being reduced with it."""
    if isinstance(t, Neg):
        return neg(_merge(t.arg))
    if isinstance(t, Mul) and len(t.factors) == 2 and isinstance(t.factors[0], Div) and isinstance(k := t.factors[1], Num):
        d = t.factors[0]
        if isinstance(d, Div) and d.top == ONE:
            return Div(k, d.bottom)
        if isinstance(d, Div) and isinstance(d.top, Num):
            return Div(num(d.top.value * k.value), d.bottom)
    return t


def with_mean(f: Formula, setting: Setting) -> Formula:
    """Where sample means occur, plain sums of the observations are written by them too: sum x_i = n x bar."""
    al = setting.al
    p = setting.problem
    table: dict[Formula, Formula] = {}
    for v in p.observed:
        mean = Sym(v + "_bar")
        if has(f, mean):
            table[Big("sum", p.index, ONE, N, At(v, (Sym(p.index),)))] = mul(N, mean)
    if not table:
        return f
    g = replace_all(f, table)
    return f if g == f else al.assemble(al.split(t) for t in terms(al.expand(g)))


def back_substitute(state: State) -> tuple[State, list[Block]]:
    """Estimates found in terms of others with the others put in, and what is said of them."""
    blocks: list[Block] = []
    for name in reversed(state.order):
        f = state.answers[name]
        others = [o for o in state.order if o != name and has(f, Sym(o))]
        open_form = [o for o in others if state.how[o] in (How.NUMERIC, How.GIVEN_OTHERS)]
        if not others or others == open_form:
            continue
        others = [o for o in others if o not in open_form]
        for o in others:
            f = replace(f, Sym(o), state.answers[o] if simple(state.answers[o]) else hat(o))
        f = in_lowest_terms(tidied(f, state), state.al)
        f = fold_means(f, state.al) or f
        if any(has(f, Sym(o)) for o in open_form):
            continue
        state = changed(state, answers={**state.answers, name: f}, how={**state.how, name: How.CLOSED})
        oracle = state.settled(state.lines_oracle)
        table = Equations(oracle)
        table.note(equation(hat(name), f), None, oracle, RuleName.PUT_IN)
        blocks += [say("Substitute {}:", Words(tuple(_joined([hat(o) for o in others])))), table.display]
    return state, blocks


def _joined(fs: list[Sym]) -> list[str | Formula]:
    out: list[str | Formula] = []
    for j, f in enumerate(fs):
        out += [", ", f] if j else [f]
    return out


def settled_letters(state: State) -> dict[Formula, Formula]:
    """What was found so far, letter by letter, each in terms of open unknowns and of the data."""
    out: dict[Formula, Formula] = {}
    for k in reversed(state.order):  # a later answer may stand in an earlier one
        out[Sym(k)] = replace_all(state.answers[k], out)
    return out
