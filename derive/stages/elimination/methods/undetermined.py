"""Left open by the data: with what was found put in, the score of an unknown is zero everywhere.  The likelihood has the
same value along a whole line of solutions."""

from __future__ import annotations

import math
from dataclasses import replace

from ....errors import NotSupported
from ....formula.evaluate import compiled
from ....formula.names import hat
from ....formula.tree import (
    ONE,
    ZERO,
    Derivative,
    Div,
    Formula,
    Relation,
    Span,
    Sym,
    add,
    equation,
    has,
    names,
    neg,
    num,
    rational,
    replace_all,
    value,
)
from ....oracle.oracle import magnitude
from ....proofs.grounds import Ground, proved
from ....recorder import Equations, record
from ....rule_names import RuleName
from ....sets.domain import INFINITY, MINUS_INFINITY
from ....trace import Display, How, Outcome, say
from ...boundary.admissible_region import order_at_data
from ...setting import ARGUED, Setting, settle_answers
from ..method import Found, Plan, Search

MOST_ROWS = 200  # different observations that are looked at one by one


def method(search: Search, name: str) -> Plan | None:
    """A plan where the score of an unknown is zero everywhere, perhaps once another was found in terms of it, or at the given data."""
    state = search.state
    if not vanishes(search.scores[name], state):
        return Plan((name,), frozenset(), lambda: without_it(search, name)) if silent(name, state) else None
    tied = [k for k, f in state.answers.items() if has(f, Sym(name))]
    if not tied:
        return Plan((name,), frozenset(), lambda: alone(search, name))
    return Plan((name,), frozenset(), lambda: carried_out(search, name, tied))


def silent(name: str, setting: Setting) -> bool:
    """Whether none of the given observations has a density that depends on an unknown."""
    seen, p = setting.problem.observations, setting.problem
    if seen is None or p.whole or p.cells is not None or p.restrictions or len(seen.rows) > MOST_ROWS:
        return False
    exact = replace(setting.al, decimals=False, generic=None, whole=(), named={})
    rows = ({Sym(v): rational(x) for v, x in zip(seen.names, row, strict=True)} for row, _ in seen.rows)
    return all(name not in names(exact.tidy(replace_all(p.density, dict(row.items())))) for row in rows)


def without_it(search: Search, name: str) -> Found:
    """The statement that the likelihood of the given observations does not depend on an unknown."""
    state, u = search.state, Sym(name)
    example = _example(name, [], state)
    seen, p, table = state.problem.observations, state.problem, Equations(state.settled(state.judge))
    assert seen is not None
    row, _ = seen.rows[0]
    at: dict[Formula, Formula] = {Sym(v): rational(x) for v, x in zip(seen.names, row, strict=True)}
    there = replace_all(p.density, at)
    line = record(
        equation(p.density_at(*(at[Sym(v)] for v in seen.names)), state.al.tidy(there)),
        proved(Ground.CONSTANT),
        rule=RuleName.PUT_IN_THE_DATA,
    )
    table.note(
        equation(hat(name), example), say("for example"), settle_answers(state.settled(state.judge), {name: example}), RuleName.EXAMPLE
    )
    blocks = (
        say("At these data {} drops out of the density of every observation{}:", u, "" if len(seen.rows) == 1 else ", here of the first"),
        Display((line,)),
        say("So the likelihood is the same for all values of {}. These data do not determine it, and the maximum is not unique. One of the solutions is", u),
        table.display,
    )  # fmt: skip
    every = {name: _several(name, [], state)}
    return Found({name: example}, blocks, How.CLOSED, Outcome.NOT_UNIQUE, every, ARGUED, say("What the data can tell"), numbers=True)


def alone(search: Search, name: str) -> Found:
    """The statement that the likelihood does not depend on an unknown at all."""
    state, u = search.state, Sym(name)
    value = _example(name, [], state)
    table = Equations(state.settled(state.lines_oracle))
    table.note(
        equation(hat(name), value), say("for example"), settle_answers(state.settled(state.lines_oracle), {name: value}), RuleName.EXAMPLE
    )
    blocks = (
        say(
            "The score is zero for every {}: the likelihood is the same for all values of {}. {} do not determine it, and the maximum is not "
            "unique. One of the solutions is",
            u, u, "These data" if state.problem.sample is not None else "The observations",
        ),
        table.display,
    )  # fmt: skip
    return Found({name: value}, blocks, How.CLOSED, Outcome.NOT_UNIQUE, {name: _several(name, [], state)}, ARGUED)


def vanishes(score: Formula, setting: Setting) -> bool:
    """Whether a score is zero for every value of the unknown, given what was found."""
    if score == ZERO:
        return True
    if not setting.answers:
        return False
    oracle, f = setting.settled(setting.lines_oracle), compiled(score)
    return all(abs(f(w)) <= 1e-11 * magnitude(score, w) for w in oracle.points)


def carried_out(search: Search, name: str, tied: list[str], without_zero: bool = False) -> Found:
    """The statement that any value will do, and one value as an example; without_zero: any but 0."""
    state, u = search.state, Sym(name)
    value = _example(name, tied, state)
    table = Equations(state.settled(state.lines_oracle))
    table.note(
        equation(hat(name), value), say("for example"), settle_answers(state.settled(state.lines_oracle), {name: value}), RuleName.EXAMPLE
    )
    score = Derivative(state.problem.of("ell"), ((u, 1),))
    pairs = say("")
    for j, k in enumerate(tied):
        pairs += say(", " if j else "") + say("{}", equation(hat(k), state.answers[k]))
    blocks = (
        say("After substituting {}, {} vanishes for every {}, as the other derivatives do: the likelihood does not change along these solutions.", pairs, score, Relation((u, ZERO), ("!=",)) if without_zero else u),
        say(
            "The data determine only this relation between {} and {}, not their single values: the parameters are not identifiable, and the "
            "maximum is not unique. One of the solutions is the one with", *[u, Sym(tied[0])],
        ),
        table.display,
    )  # fmt: skip
    return Found({name: value}, blocks, How.CLOSED, Outcome.NOT_UNIQUE, {name: _several(name, tied, state)}, ARGUED)


def _example(name: str, tied: list[str], setting: Setting) -> Formula:
    """A simple value in the domain at which the others lie in theirs; samples for which those have no value are left out."""
    oracle = setting.settled(setting.judge if setting.problem.observations is not None else setting.lines_oracle)
    domains = setting.problem.parameters
    for example in (ZERO, ONE, num(2), num("1/2"), num(-1), num("1/4")):
        there = settle_answers(settle_answers(oracle, {name: example}), {k: setting.answers[k] for k in tied})
        points = [w for w in there.points if not any(math.isnan(w[k]) for k in setting.parameters)]
        inside = all(domains[k].contains(w[k], w) for w in points for k in (name, *tied))
        if points and inside and all(math.isfinite(w["ell"](*(w[k] for k in setting.parameters))) for w in points):
            return setting.al.tidy(example)
    if all(math.isnan(w[k]) for w in settle_answers(oracle, {name: ONE}).points for k in tied) and domains[name].contains(1.0):
        return ONE  # nothing can be tried: the others are known by equations only
    raise NotSupported(f"the data do not determine {name}: once what was found is substituted, its score is zero everywhere")


def _several(name: str, tied: list[str], setting: Setting) -> Formula:
    """The values of `possible`; at given data more than one, or NotSupported."""
    whole, p = possible(name, tied, setting), setting.problem
    ends = isinstance(whole, Span) and whole.low != MINUS_INFINITY and whole.high != INFINITY
    if (
        isinstance(whole, Span)
        and ends
        and p.observations is not None
        and not p.known
        and order_at_data(whole.high, whole.low, setting) <= 0
    ):
        raise NotSupported(f"the domains of the parameters leave no more than one value of {name} along the solutions")
    return whole


def possible(name: str, tied: list[str], setting: Setting) -> Formula:
    """The values in the domain at which the others lie in theirs, as an interval: each of them is linear in the unknown, or
    lies in its domain for all its values."""
    d = setting.problem.parameters[name]
    low, high = (d.low, d.low_open), (d.high, d.high_open)
    for k in tied:
        other = setting.problem.parameters[k]
        for end, is_open, side in ((other.low, other.low_open, -1), (other.high, other.high_open, 1)):
            if end in (INFINITY, MINUS_INFINITY):
                continue
            reached = _where(setting.answers[k], Sym(name), end, setting)
            if reached is None:
                continue
            at, slope = reached
            upper = (slope > 0) == (side > 0)
            now = high if upper else low
            side_of = -1 if now[0] in (INFINITY, MINUS_INFINITY) else _order(at, now[0], setting) * (1 if upper else -1)
            is_open = is_open or (side_of == 0 and now[1])
            before = side_of > 0
            if not before:
                low, high = (low, (at, is_open)) if upper else ((at, is_open), high)
    return Span(low[0], high[0], low[1], high[1])


def _order(a: Formula, b: Formula, setting: Setting) -> int:
    """The sign of a - b: at the data, or for every sample.  Raises NotSupported where it depends on the sample."""
    if a == b:
        return 0
    p, al = setting.problem, setting.al
    if p.observations is not None and not p.known:
        return order_at_data(a, b, setting)
    gap = al.tidy(add(a, neg(b)))
    sign = 0 if (v := value(gap)) == 0 else (v > 0) - (v < 0) if v is not None else al.sign(gap)
    if not sign and v is None:
        raise NotSupported("which values of the parameters are possible depends on the sample", hint="give the data")
    return sign


def _where(f: Formula, u: Sym, end: Formula, setting: Setting) -> tuple[Formula, int] | None:
    """The value of u at which f, linear in u, reaches an end, and the sign of its slope; None where f is not linear in u or
    speaks of further unknowns."""
    al = setting.al
    table = al.coefficients(f, u)
    if table is None or set(table) - {ZERO, ONE} or ONE not in table or (names(f) - {u.name}) & set(setting.parameters):
        return None
    slope = al.assemble(table[ONE])
    sign = al.sign(slope)
    if sign == 0:
        return None
    return al.tidy(Div(al.assemble(al.flat(add(end, neg(al.assemble(table.get(ZERO, [])))), deep=True)), slope)), sign
