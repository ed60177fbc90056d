"""By counting weights: with data, a score that adds up a_i sgn(r_i - u) falls from one r_i to the next, and changes its sign at
their weighted median (Laplace, Mémoire sur la probabilité des causes par les événements, 1774; of regression coefficients
Boscovich, 1757): a weighted Laplace sample, a line through the origin with Laplace errors."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ....formula.names import hat
from ....formula.tree import (
    ONE,
    TWO,
    ZERO,
    At,
    Big,
    Call,
    Div,
    Formula,
    Relation,
    Span,
    Sym,
    add,
    equation,
    factors,
    has,
    mul,
    names,
    neg,
    rational,
    replace_all,
    terms,
    value,
)
from ....oracle.oracle import computed
from ....recorder import record
from ....rule_names import RuleName
from ....trace import Block, Display, How, Outcome, Table, say
from ...setting import ARGUED, Setting
from ..method import Found, Plan, Search
from .sign_count import TITLE, beyond_an_open_end, cut, held_at_end, sides_of

LONGEST = 40  # rows of the table that is shown


@dataclass(frozen=True, slots=True)
class Weighed:
    """A score that is, up to a positive factor, a sum of weights times sgn(place - u): places with their weights, in order."""

    place: Formula
    rows: tuple[tuple[Fraction, Fraction], ...]

    @property
    def half(self) -> Fraction:
        return sum((w for _, w in self.rows), Fraction(0)) / 2

    def middle(self) -> tuple[Fraction, Fraction]:
        """The places from and up to which as much lies above as below."""
        sums = list(accumulate(w for _, w in self.rows))
        j = next(j for j, s in enumerate(sums) if s >= self.half)
        return self.rows[j][0], self.rows[j + (sums[j] == self.half)][0]


def method(search: Search, name: str) -> Plan | None:
    """A plan where, with data, the score is a positive factor times a sum of weighted signs."""
    found = weighed(search.scores[name], Sym(name), search.state)
    return None if found is None else Plan((name,), frozenset(), lambda: carried_out(search, name, found))


def weighed(score: Formula, u: Sym, setting: Setting) -> Weighed | None:
    """The score read as a sum of weighted signs, or None where it is none."""
    p, al = setting.problem, setting.al
    if p.observations is None:
        return None
    t = al.split(score)
    sums = [b for b, k in t.powers.items() if isinstance(b, Big) and k == ONE and has(b, u)]
    if len(sums) != 1 or not isinstance(sums[0], Big):
        return None
    total = sums[0]
    parts = factors(total.body)
    signs = [g for g in parts if isinstance(g, Call) and g.name == "sign"]
    front = al.build(al.divided(t, al.split(total)))
    if len(signs) != 1 or names(total.body) & (set(setting.parameters) - {u.name}) or has(front, u) or not al.facts.nonzero(front):
        return None
    weight = mul(*(g for g in parts if g is not signs[0]))
    towards = -1 if al.facts.positive(front) else 1
    table = al.coefficients(signs[0].args[0], u)
    if has(weight, u) or table is None or set(table) - {ZERO, ONE} or ONE not in table:
        return None
    rest, slope = al.assemble(table.get(ZERO, [])), al.assemble(table[ONE])
    seen = p.observations
    rows: dict[Fraction, Fraction] = {}
    for row in seen.each():
        put: dict[Formula, Formula] = {At(v, (Sym(total.index),)): rational(x) for v, x in zip(seen.names, row, strict=True)}
        a, b, c = (value(al.tidy(replace_all(f, put))) for f in (weight, rest, slope))
        if a is None or b is None or c is None:
            return None
        if a and c:
            w = towards * a if c > 0 else -towards * a
            if w < 0:
                return None
            rows[-b / c] = rows.get(-b / c, Fraction(0)) + w
    place = al.tidy(Div(neg(rest), slope))
    return Weighed(place, tuple(sorted(rows.items()))) if rows else None


def carried_out(search: Search, name: str, found: Weighed) -> Found:
    """The weights added up from below."""
    state, u = search.state, Sym(name)
    al, p = state.al, state.problem
    low, high = map(al.number, found.middle())
    end = held_at_end(name, low, high, state)
    blocks: list[Block] = [
        say(
            "A term with {} above {} adds its weight to the sum of signs, one below subtracts it. From the smallest {} on, with the weights added up:",
            found.place,
            u,
            found.place,
        ),
    ]
    if len(found.rows) <= LONGEST:
        sums = accumulate(w for _, w in found.rows)
        quoted = tuple(
            (say("{}", al.number(r)), say("{}", al.number(w)), say("{}", al.number(s))) for (r, w), s in zip(found.rows, sums, strict=True)
        )
        blocks.append(Table((say("{}", found.place), say("weight"), say("sum")), quoted))
    blocks.append(say("Half of the total weight is {}. The derivative is", al.number(found.half)))
    blocks.append(sides_of(search, name, low, high, state.judge))
    if end is not None and end.open:
        return beyond_an_open_end(name, end, blocks, state)
    if end is not None:
        shown, answer = equation(hat(name), end.end), end.end
        blocks.append(say("The domain is {}; its end is the best value inside:", p.parameters[name].condition(u) or ONE))
    elif low == high:
        shown, answer = equation(hat(name), low), low
        blocks.append(
            say(
                "since more than half of the weight lies above in the first case, and below in the second. So {} increases up to the weighted median and decreases after it:",
                p.of("ell"),
            )
        )
    else:
        first, last = cut(name, low, high, state)
        whole = Span(first.end, last.end, first.open, last.open)
        shown, answer = Relation((hat(name), whole), ("in",)), al.tidy(Div(add(*terms(first.end), *terms(last.end)), TWO))
        blocks.append(
            say(
                "Between {} and {} as much weight lies above as below, and {} does not change there. So every point between them is an estimate:",
                low,
                high,
                p.of("ell"),
            )
        )
    blocks.append(Display((record(shown, computed("the weights added up in fractions", len(found.rows)), rule=RuleName.COUNT_THE_SIGNS),)))
    unique = end is not None or low == high
    return Found(
        {name: answer}, tuple(blocks), How.CLOSED if end is None else How.BOUNDARY, Outcome.UNIQUE if unique else Outcome.NOT_UNIQUE,
        {} if unique else {name: whole}, ARGUED, TITLE, numbers=True,
    )  # fmt: skip
