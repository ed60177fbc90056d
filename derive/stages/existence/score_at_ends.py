"""What the data must satisfy for an equation without a closed solution to have a root: the leading term of the score at
both ends of the domain.  A score that is positive at the lower end and negative at the upper has a root in between, and
the log-likelihood is larger there than towards either end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ...algebra.terms import Algebra, Term
from ...formula.names import hat
from ...formula.tree import (
    ONE,
    ZERO,
    At,
    Big,
    Call,
    Const,
    Derivative,
    Div,
    Formula,
    Indicator,
    Limit,
    N,
    Relation,
    Sym,
    add,
    div,
    equation,
    exp,
    factors,
    log,
    mul,
    names,
    neg,
    num,
    power,
    rational,
    replace_all,
    walk,
)
from ...oracle.oracle import Refuted
from ...proofs.asymptotics import Leading, leading
from ...recorder import record
from ...rule_names import RuleName
from ...rules.sums import centred, fold_means
from ...trace import Block, Condition, ConditionKind, Display, Line, Words, from_standard, say
from ..setting import Setting, State, algebra_for
from .sample_degeneracy import in_sums, when_positive

OO = Const("oo")
LARGEST = 250  # nodes of a score whose behaviour is looked at


@dataclass(frozen=True, eq=False)
class End:
    """One end of the domain: the leading term of the score there, and what must be positive for its sign to be right
    (None where that is proved for every sample)."""

    place: Formula
    upper: bool
    lead: Leading
    needs: Formula | None


def root_conditions(
    name: str, score: Formula, label: Derivative, unique: bool, state: State
) -> tuple[tuple[Block, ...], tuple[Condition, ...]]:
    """The limits of the score at the open ends of the domain, and the conditions for a maximum; nothing where both ends belong to the
    domain, or where these rules do not find the behaviour at an open one."""
    domain, u = state.problem.parameters[name], Sym(name)
    if domain.discrete or not (domain.low_open or domain.high_open) or state.numbers or name in state.problem.moving:
        return (), ()
    f = _in_data_alone(score, name, state)
    if f is None:
        return (), ()
    ends: list[End] = []
    for place, upper, is_open in ((domain.low, False, domain.low_open), (domain.high, True, domain.high_open)):
        if not is_open:
            continue
        end = _end(f, u, place, upper, state)
        if end is None:
            return (), ()
        ends.append(end)
    if (
        len(ends) == 2
        and state.al.facts.range(state.al.expand(add(*(e.needs for e in ends if e.needs is not None)))).nonpositive
        and all(e.needs for e in ends)
    ):
        return (), ()  # not both can be positive
    try:
        lines = [_line(e, f, u, label, state) for e in ends]
    except Refuted:  # the values on the way do not show it, by their rounding perhaps: then nothing is said
        return (), ()
    conditions = {e: _condition(e.needs, unique, state) for e in ends if e.needs is not None}
    if len(ends) == 1:
        return _one_open_end(ends[0], lines[0], conditions, u, domain.low if ends[0].upper else domain.high), tuple(conditions.values())
    blocks = (
        from_standard(say("The score at the ends of the domain:")),
        from_standard(Display(tuple(lines))),
        _verdict(ends, conditions, u, unique),
    )
    return blocks, tuple(conditions.values())


def _in_data_alone(score: Formula, name: str, state: State) -> Formula | None:
    """The score in terms of the unknown and of sums over the sample; None where other letters are left."""
    table = dict[Formula, Formula]()
    for k in reversed(state.order):
        table[hat(k)] = table[Sym(k)] = replace_all(state.answers[k], table)
    f = replace_all(score, table)
    f = in_sums(f)
    others = names(f) & (set(state.parameters) - {name})
    return None if others or sum(1 for _ in walk(f)) > LARGEST else f


def _end(f: Formula, u: Sym, place: Formula, upper: bool, setting: Setting) -> End | None:
    al = algebra_for(f, setting)
    lead = leading(f, u, place, not upper, al)
    if lead is None:
        return None
    wanted = neg(lead.coefficient) if upper else lead.coefficient
    wanted = al.expand(wanted)
    values = setting.general.values(wanted)
    if max(map(abs, values)) < 1e-7 or setting.al.facts.range(wanted).nonpositive:
        return None
    if setting.al.facts.positive(wanted):
        return End(place, upper, lead, None)
    return End(place, upper, lead, wanted)


def _line(end: End, f: Formula, u: Sym, label: Derivative, setting: Setting) -> Line:
    """The limit of the score, times a power that makes it finite where its sign depends on the data; judged by values on the way."""
    lead = end.lead
    if end.needs is None and (lead.rate, lead.power, lead.logs) > (0, 0, 0):
        limit = neg(OO) if end.upper else OO
        evidence = setting.settled(setting.general).tends(f, u.name, end.place, -1 if end.upper else 1, limit)
        return record(equation(Limit(label, u, end.place), limit), evidence, rule=RuleName.LEADING_TERM)
    infinite = end.place in (OO, neg(OO))
    distance: Formula = u if end.place == OO else neg(u) if infinite else _distance(u, end)
    scale: list[Formula] = []
    p = -lead.power if infinite else lead.power
    if lead.rate:
        scale.append(exp(mul(rational(-lead.rate), distance) if infinite else Div(rational(-lead.rate), distance)))
    if p:
        scale.append(power(distance, rational(p)))
    if lead.logs:
        scale.append(power(log(distance) if infinite else neg(log(distance)), num(-lead.logs)))
    al = setting.al
    front = al.build(al.times(al.split(g) for g in scale)) if scale else ONE
    coefficient = _shown(lead.coefficient, al)
    evidence = setting.settled(setting.general).tends(mul(front, f), u.name, end.place, -1 if end.upper else 1, coefficient)
    body = mul(*(factors(front) if front != ONE else ()), label)
    left = Limit(body, u, end.place)
    return record(equation(left, coefficient), evidence, rule=RuleName.LEADING_TERM)


def _distance(u: Sym, end: End) -> Formula:
    if end.place == ZERO:
        return neg(u) if end.upper else u
    return add(end.place, neg(u)) if end.upper else add(u, neg(end.place))


def _shown(f: Formula, al: Algebra) -> Formula:
    """A coefficient in the data, with deviations and means where it has them."""
    f = _log_means(f, al)
    f = centred(_with_means(f, al), al) or f
    return fold_means(f, al) or f


def _log_means(f: Formula, al: Algebra) -> Formula:
    """c log S - c log n for a sum S as c log(S/n)."""
    ts = al.flat(f)
    for t in list(ts):
        sums = [g for g, k in t.powers.items() if k == ONE and isinstance(g, Call) and g.name == "log" and isinstance(g.args[0], Big)]
        if len(sums) != 1:
            continue
        rest = Term(t.coefficient, {g: k for g, k in t.powers.items() if g != sums[0]})
        of_n = al.times((rest, Term(Fraction(-1), {log(N): ONE})))
        other = next((o for o in ts if o.key == of_n.key and o.coefficient == of_n.coefficient), None)
        if other is not None:
            ts.remove(other)
            ts[ts.index(t)] = al.times((rest, Term(Fraction(1), {log(al.tidy(div(sums[0].args[0], N))): ONE})))
    return al.assemble(ts)


def _with_means(f: Formula, al: Algebra) -> Formula:
    """Plain sums that stand squared or multiplied as n times the mean."""
    out = []
    for t in al.flat(f):
        means = {b: Sym(b.body.base + "_bar") for b in t.powers if isinstance(b, Big) and isinstance(b.body, At)}
        if means and N in t.powers:
            rest = Term(t.coefficient, {b: k for b, k in t.powers.items() if b not in means})
            t = al.times([rest, *(al.raised(al.split(mul(N, m)), t.powers[b]) for b, m in means.items())])
        out.append(t)
    return al.assemble(out)


def _condition(needed: Formula, unique: bool, setting: Setting) -> Condition:
    """needed > 0, divided by what its terms share, positive terms left and negative ones right."""
    al = setting.al
    ts = al.collect(al.flat(_shown(needed, al)))
    shared = al.common_factor(ts)
    positive = {b: k for b, k in shared.powers.items() if al.facts.positive(b)}
    first = next((t for t in ts if t.coefficient > 0), ts[0])
    by = al.raised(Term(abs(first.coefficient), positive), num(-1))
    counted = any(isinstance(g, Indicator) for t in ts for b in t.powers for g in walk(b))
    if len(ts) > 1 and not counted and all(N in t.powers or any(isinstance(b, Big) for b in t.powers) for t in ts):
        by = al.times((by, Term(Fraction(1), {N: num(-1)})))
    ts = [al.times((t, by)) for t in ts]
    sides = ([al.build(t) for t in ts if t.coefficient > 0], [al.build(t.scaled(Fraction(-1))) for t in ts if t.coefficient < 0])
    left, right = (add(*(fold_means(g, al) or g for g in side)) for side in sides)
    setting.general.equal(mul(al.build(by), needed), add(left, neg(right)))  # times a positive factor
    r = Relation((left, right), (">",))
    words = when_positive(add(left, neg(right)), al)
    words = words if words.parts else when_positive(needed, al)
    return Condition(ConditionKind.BOTH if unique else ConditionKind.EXISTS, (r,), say("{}", r) + words)


def _one_open_end(e: End, line: Line, conditions: Mapping[End, Condition], u: Sym, closed: Formula) -> tuple[Block, ...]:
    """What the score does at the only end that does not belong to the domain, and what follows."""
    words = say("So it is {} ", "negative" if e.upper else "positive") + _place(e, u)
    if e in conditions:
        words += say(" if {}", conditions[e].relations[0])
    last = say(". Then the likelihood is largest at a root of the equation, or at the end {} of the domain.", closed)
    lead = say("Towards the open end of the domain:")
    return from_standard(lead), from_standard(Display((line,))), from_standard(words + last)


def _verdict(ends: list[End], conditions: Mapping[End, Condition], u: Sym, unique: bool) -> Words:
    words = say("So the score is ")
    for e in ends:
        words += say(", and negative " if e.upper else "positive ") + _place(e, u)
        if e in conditions:
            words += say(" if {}", conditions[e].relations[0])
    root = "exactly one root" if unique else "a root"
    words += say(". Then there is {}" if conditions else ": there is {}", root)
    return from_standard(
        words + say(", and the likelihood is largest there." if unique else ", and the likelihood is larger there than towards either end.")
    )


def _place(e: End, u: Sym) -> Words:
    if e.place == OO:
        return say("for large {}", u)
    return say("for {} far below 0", u) if e.place == neg(OO) else say("for {} near {}", u, e.place)
