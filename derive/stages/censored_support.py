"""Partly known or weighted observations whose support depends on parameters.

The exact observations bound the parameters, so that most of the others contribute by one formula for all admissible values.  One that may lie beyond an
end of the support contributes at most as much as if the support reached over it: it is replaced by that, and the maximum is one of the
likelihood itself where the end has not passed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed
from fractions import Fraction

from ..algebra.terms import Algebra
from ..density.integration.probabilities import Distribution
from ..density.support.admissible import largest, smallest
from ..errors import NotSupported, NotValid
from ..formula.evaluate import compiled
from ..formula.names import hat
from ..formula.plain import plain
from ..formula.tree import ONE, Formula, Relation, Sym, equation, has, mul, names, power, rational, replace_all, value
from ..oracle.oracle import ordered
from ..problem.contributions import Contribution, contributions
from ..problem.problem import Problem
from ..problem.test_points import random_points
from ..recorder import definition, held
from ..rule_names import RuleName
from ..sample.columns import fractions
from ..sets.domain import Domain
from ..trace import Block, Display, Outcome, Section, SectionKey, Words, say
from .prose import listed
from .setting import State
from .setup.exact_data import IMPOSSIBLE

KINDS = {"exact", "counts", "weights", "right", "left", "interval"}


@dataclass(frozen=True)
class Partly:
    """problem: the likelihood of what is left, as a question.  checks: what must hold at its maximum.  section: why."""

    problem: Problem
    checks: tuple[Relation, ...]
    section: Section


def moving_and_partly_known(p: Problem) -> bool:
    """Whether this is a question with partly known observations of one variable in an interval that depends on parameters."""
    s = p.sample
    if not p.moving or s is None or p.observations is not None or s.is_large or len(p.variables) != 1 or p.covariates:
        return False
    d = p.support[p.variables[0]]
    return not (p.restrictions or d.discrete or d.also is not None or p.implied or p.known or p.cells is not None) and set(s.kinds) <= KINDS


def partly(p: Problem) -> Partly:
    """The likelihood with every observation as far as the support reaches.  Raises NotSupported where the data do not bound the parameters one by one."""
    (v,) = p.variables
    d, al = p.support[v], Algebra(p.facts, False, tuple(p.parameters))
    weights = _weights(p)
    seen = tuple(Contribution("exact", x, None, 1) for x in weights) or contributions(p)
    if not any(c.kind == "exact" for c in seen):
        raise NotSupported(
            "where the support depends on parameters, some observation must be known exactly", hint="give an exact observation"
        )
    least = min((c.a if c.kind != "interval" else c.b or c.a, c.kind != "exact") for c in seen if c.kind != "right")
    greatest = max((c.a, c.kind != "exact") for c in seen if c.kind != "left")
    cut = _cut(p, least, greatest, al)
    moves = [bool(names(e) & set(p.parameters)) for e in (d.low, d.high)]
    f = Distribution(p.density, v, d, changed(al, unknowns=(v,)), tuple(random_points(p.without_data(), 3)))
    parts: list[tuple[Contribution, Formula]] = []
    checks: list[Relation] = []
    notes: list[Words] = []
    for c in seen:
        a, b = (None, c.a) if c.kind == "left" else (c.a, c.b)
        if c.kind == "exact":
            parts.append((c, f.at(rational(c.a))))
            continue
        if moves[0] and a is not None and a < least[0]:
            checks.append(Relation((d.low, rational(a)), (">=",)))
            notes.append(_note(d.low, a, True, al))
            a = None
        if moves[1] and b is not None and b > greatest[0]:
            checks.append(Relation((d.high, rational(b)), ("<=",)))
            notes.append(_note(d.high, b, False, al))
            b = None
        if a is not None or b is not None:
            parts.append((c, _probability(f, a, b)))
    likelihood = mul(*(power(g, rational(weights.get(c.a, Fraction(c.times)))) for c, g in parts))
    inner = p.replace(
        density=likelihood, written=likelihood, whole=True, variables=(), support={}, sample=None, parameters=cut, entry=None, given=None, origin=None, probabilities=(),
        asked=changed(p.asked, quantities={}, at={}),
    )  # fmt: skip
    return Partly(inner, tuple(dict.fromkeys(checks)), _section(p, inner, notes))


def _weights(p: Problem) -> dict[Fraction, Fraction]:
    """What each observed value weighs, where there are weights: one that weighs more than nothing must be possible, as any."""
    s = p.sample
    out: dict[Fraction, Fraction] = {}
    if s is not None and len(s.weights):
        for x, w in zip(fractions(s.exact[p.variables[0]]), fractions(s.weights), strict=True):
            out[x] = out.get(x, Fraction(0)) + w
    return {x: w for x, w in out.items() if w}


def _probability(f: Distribution, a: Fraction | None, b: Fraction | None) -> Formula:
    """Of a value above a and up to b, None for no limit."""
    if a is not None and b is not None:
        return f.between(a, b)
    return f.above(a) if a is not None else f.up_to(b) if b is not None else ONE


def _cut(p: Problem, least: tuple[Fraction, bool], greatest: tuple[Fraction, bool], al: Algebra) -> dict[str, Domain]:
    """The domains cut down to the values for which the observations are possible."""
    (v,) = p.variables
    table: dict[Formula, Formula] = {smallest(v): rational(least[0]), largest(v): rational(greatest[0])}
    out = dict(p.parameters)
    for name, bounds in p.bounds.items():
        for b in bounds:
            end = al.tidy(replace_all(b.end, table))
            if names(end):
                raise NotSupported(
                    "the observations do not bound the parameters one by one; with partly known observations this is not supported yet"
                )
            by_censored = (least if has(b.condition, smallest(v)) else greatest)[1]
            d = out[name]
            if _size(end) == _size(d.low if b.below else d.high) or (_size(end) > _size(d.low if b.below else d.high)) == b.below:
                out[name] = changed(d, low=end, low_open=by_censored) if b.below else changed(d, high=end, high_open=by_censored)
            if _size(out[name].low) > _size(out[name].high):
                raise NotValid(IMPOSSIBLE, hint="check the data, or state another support")
    return out


def _size(f: Formula) -> Fraction | float:
    """An end as a number."""
    v = value(f)
    return v if v is not None else compiled(f)({})


def _section(p: Problem, q: Problem, notes: list[Words]) -> Section:
    """What the exact observations say of the parameters, what stands for an observation beyond an end, and the likelihood of all."""
    u = [c for k in p.moving if (c := q.parameters[k].condition(Sym(k))) is not None]
    product = definition(equation(p.of("L"), q.density), "the product of what the observations contribute", rule=RuleName.PUT_IN_THE_DATA)
    blocks: list[Block] = [
        listed("For the observations to be possible they must lie in the support, as far as they are known, so ", u) + say("."),
        *notes,
        say("With every observation by its density to the power of its weight, the likelihood is" if p.sample is not None and len(p.sample.weights) else
            "With an exact observation by its density, and one that is partly known by its probability, the likelihood is" if not notes else
            "With an exact observation by its density, and the others by their probabilities, it remains to make this as large as possible:"),
        Display((product,)),
    ]  # fmt: skip
    return Section(SectionKey.ADMISSIBLE, say("What the data allow"), tuple(blocks))


def _note(end: Formula, at: Fraction, low: bool, al: Algebra) -> Words:
    """Why an observation counts as if the support did not end before it."""
    x = al.number(at)
    if low:
        return say("An observation that is known to exceed {} tells nothing of what lies below: where {} it has the probability that it would have without that limit, and elsewhere less. "
                   "It is taken without the limit; that {} is looked at in the end.", x, Relation((end, x), (">=",)), Relation((end, x), (">=",)))  # fmt: skip
    return say("An observation that is known not to exceed {} tells nothing of what lies above: where {} it has the probability that it would have without that limit, and elsewhere less. "
               "It is taken without the limit; that {} is looked at in the end.", x, Relation((end, x), ("<=",)), Relation((end, x), ("<=",)))  # fmt: skip


def checked(state: State, found: Partly) -> State:
    """The maximum of the likelihood without the limits that lie beyond an end, where it is one with them.  Raises NotSupported where it is not."""
    if not found.checks:
        return state
    if state.outcome is Outcome.NONE or state.sets:
        raise NotSupported(
            "without the observations that may lie beyond an end of the support there is no single maximum; with them this is not supported yet"
        )
    there = state.settled(state.judge)
    hats: dict[Formula, Formula] = {Sym(k): hat(k) for k in state.parameters}
    for r in found.checks:
        low, high = r.sides
        sign = ordered(low, high, there.points[0])
        if sign is None or (sign != 0 and (sign > 0) != (r.signs[0] == ">=")):
            raise NotSupported(
                f"the end of the support that is found leaves out a limit of a partly known observation ({plain(r)} is needed); this is not supported yet"
            )
    lines = tuple(held(there, replace_all(r, hats), rule=RuleName.SUPPORT) for r in found.checks)  # type: ignore[arg-type]
    words = say(
        "Where the limits that were left out do not bind, the likelihood is what was made as large as possible, and nowhere is it larger. At the estimates that is so:"
    )
    return state.adding(Section(SectionKey.CONSTRAINTS, say("The limits that were left out"), (words, Display(lines))))


__all__ = ["Partly", "checked", "moving_and_partly_known", "partly"]
