"""By comparing vertices: with data, the sum of absolute residuals that are linear in several unknowns is convex and linear
between the planes on which residuals vanish, so it is smallest where as many of them vanish as there are unknowns
(Edgeworth, On a new method of reducing observations relating to several quantities, 1888): median regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

from flint import fmpq, fmpq_mat

from ....algebra.terms import Algebra
from ....formula.names import hat
from ....formula.tree import (
    ONE,
    ZERO,
    At,
    Big,
    Call,
    Formula,
    Relation,
    Span,
    Sym,
    equation,
    factors,
    has,
    mul,
    num,
    rational,
    replace_all,
    terms,
    value,
)
from ....oracle.oracle import computed
from ....recorder import record
from ....rule_names import RuleName
from ....sets.domain import REAL
from ....trace import Block, Display, How, Outcome, Table, Words, say
from ...setting import ARGUED, Setting
from ..method import Found, Plan, Search

TITLE = say("Where the maximum lies")
MOST = 4000  # sets of observations whose residuals are put to zero
SHOWN = 12  # candidates in the table
Point = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Deviations:
    """A log-likelihood that depends on some unknowns through a sum of weighted absolute residuals alone, which it falls with.

    total: the sum.  rows: of each residual what is free of the unknowns, their coefficients, its weight.
    """

    names: tuple[str, ...]
    total: Big
    rows: tuple[tuple[Fraction, Point, Fraction], ...]

    def size(self, at: Point) -> Fraction:
        """The sum at a point."""
        return sum(
            (w * abs(c + sum((a * u for a, u in zip(slopes, at, strict=True)), Fraction(0))) for c, slopes, w in self.rows), Fraction(0)
        )

    def vertices(self) -> dict[Point, Fraction]:
        """The points at which as many residuals vanish as there are unknowns, and the sum there."""
        out: dict[Point, Fraction] = {}
        for chosen in combinations(self.rows, len(self.names)):
            left = fmpq_mat([[fmpq(a.numerator, a.denominator) for a in slopes] for _, slopes, _ in chosen])
            if left.det() == 0:
                continue
            right = fmpq_mat([[fmpq(-c.numerator, c.denominator)] for c, _, _ in chosen])
            at = tuple(Fraction(int(v.p), int(v.q)) for v in left.solve(right).entries())
            if at not in out:
                out[at] = self.size(at)
        return out


def method(search: Search, name: str) -> Plan | None:
    """A plan where, with data, several unknowns are found by least absolute deviations."""
    found = deviations(search, name)
    return None if found is None else Plan(found.names, frozenset(), lambda: carried_out(found, search.state))


def deviations(search: Search, name: str) -> Deviations | None:
    """The log-likelihood read as a sum of absolute residuals, or None where it is none."""
    state = search.state
    p, al, u = state.problem, state.al, Sym(name)
    mine = [t for t in terms(state.ell or ZERO) if has(t, u)]
    if p.observations is None or len(mine) != 1:
        return None
    t = al.split(mine[0])
    sums = [b for b, k in t.powers.items() if isinstance(b, Big) and k == ONE and has(b, u)]
    if len(sums) != 1 or not isinstance(sums[0], Big):
        return None
    total, front = sums[0], al.build(al.divided(t, al.split(sums[0])))
    parts = factors(total.body)
    sizes = [g for g in parts if isinstance(g, Call) and g.name == "abs" and has(g, u)]
    weight = mul(*(g for g in parts if g not in sizes))
    letters = tuple(k for k in p.parameters if has(total, Sym(k)))
    alone = not any(has(g, Sym(k)) for k in letters for g in (front, weight, *(s for s in terms(state.ell or ZERO) if s is not mine[0])))
    real = all(k in search.open_names and p.parameters[k] == REAL for k in letters)
    if len(sizes) != 1 or len(letters) < 2 or not alone or not real or not al.facts.negative(front):
        return None
    seen = p.observations
    if comb(seen.size, len(letters)) > MOST:
        return None
    rows = []
    for row in seen.each():
        put: dict[Formula, Formula] = {At(v, (Sym(total.index),)): rational(x) for v, x in zip(seen.names, row, strict=True)}
        read = _row(replace_all(sizes[0].args[0], put), replace_all(weight, put), letters, al)
        if read is None:
            return None
        rows += [read] if read[2] else []
    found = Deviations(letters, total, tuple(rows))
    return found if len(rows) >= len(letters) and found.vertices() else None


def _row(residual: Formula, weight: Formula, letters: Sequence[str], al: Algebra) -> tuple[Fraction, Point, Fraction] | None:
    """What a residual is without the unknowns, their coefficients, and its weight; None where it is not linear with numbers."""
    w = value(al.tidy(weight))
    slopes: list[Fraction] = []
    for k in letters:
        table = al.coefficients(residual, Sym(k))
        if table is None or set(table) - {ZERO, ONE}:
            return None
        slope = value(al.assemble(table.get(ONE, [])))
        if slope is None:
            return None
        slopes.append(slope)
    rest = value(al.tidy(al.expand(replace_all(residual, {Sym(k): ZERO for k in letters}))))
    return None if w is None or w < 0 or rest is None else (rest, tuple(slopes), w)


def carried_out(found: Deviations, setting: Setting) -> Found:
    """The candidates compared in fractions."""
    al, p = setting.al, setting.problem
    letters = [Sym(k) for k in found.names]
    heights = sorted(found.vertices().items(), key=lambda r: (r[1], r[0]))
    best = [at for at, h in heights if h == heights[0][1]]
    shown = heights[:SHOWN]
    zero = say("where {} residuals that determine ", num(len(letters))) + _listed(letters) + say(" are zero")
    blocks: list[Block] = [
        _listed(letters) + say(" enter {} only through {}, which is to be as small as possible. This sum is convex, and linear wherever no residual changes its "
            "sign, so it is smallest at a point ", p.of("ell"), found.total) + zero + say(". There are {} such points", num(len(heights)))
        + (say(", compared here:") if len(shown) == len(heights) else say("; these {} have the smallest sums:", num(len(shown)))),
        Table(
            (*(say("{}", u) for u in letters), say("sum")),
            tuple((*(say("{}", al.number(v)) for v in at), say("{}", al.number(h))) for at, h in shown),
        ),
    ]  # fmt: skip
    evidence = computed("compared in fractions", len(heights))
    if len(best) == 1:
        lines = tuple(
            record(equation(hat(u.name), al.number(v)), evidence, rule=RuleName.LARGEST) for u, v in zip(letters, best[0], strict=True)
        )
        blocks += [say("The smallest belongs to one of them alone, so no other point has as small a sum:"), Display(lines)]
        return Found(
            dict(zip(found.names, map(al.number, best[0]), strict=True)),
            tuple(blocks),
            How.CLOSED,
            argument=ARGUED,
            title=TITLE,
            numbers=True,
        )
    centre = tuple(sum((at[j] for at in best), Fraction(0)) / len(best) for j in range(len(letters)))
    spans: dict[str, Formula] = {
        k: Span(al.number(min(vs)), al.number(max(vs)), False, False)
        for j, k in enumerate(found.names)
        if min(vs := [at[j] for at in best]) < max(vs)
    }
    lines = tuple(record(Relation((hat(k), s), ("in",)), evidence, rule=RuleName.LARGEST) for k, s in spans.items())
    blocks += [
        say("The smallest occurs at {} of them. Each of these and every weighted mean of them is an estimate, so there", num(len(best))),
        Display(lines),
        say("and the values go together as said."),
    ]
    return Found(
        dict(zip(found.names, map(al.number, centre), strict=True)),
        tuple(blocks),
        How.CLOSED,
        Outcome.NOT_UNIQUE,
        spans,
        ARGUED,
        TITLE,
        numbers=True,
    )


def _listed(letters: Sequence[Sym]) -> Words:
    words = say("{}", letters[0])
    for u in letters[1:-1]:
        words += say(", {}", u)
    return words + say(" and {}", letters[-1])
