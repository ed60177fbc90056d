"""By the width of the support: where one unknown only moves the support and the likelihood has a slope of one sign in another, the support
must be wide enough for all observations, and that bounds the other."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replaced

from ....algebra.terms import Algebra
from ....density.support.admissible import Bound, emptied, positive_first, slope
from ....formula.names import hat
from ....formula.tree import ZERO, Derivative, Formula, Relation, Sym, add, equation, has, names, neg, replace, terms, value
from ....proofs.grounds import Ground
from ....proofs.signs import evidence_of_sign
from ....proofs.zeros import all_solutions, closed_forms
from ....recorder import held, record
from ....rule_names import RuleName
from ....rules.calculus import differentiate
from ....sets.domain import INFINITY, MINUS_INFINITY
from ....solving.solve import solve
from ....trace import Block, Display, How, say
from ...boundary.admissible_region import at_data, order_at_data, worked
from ...boundary.limits import admissible_facts, score_facts, sign_of_score
from ...setting import ARGUED, State, settle_answers
from ..method import Found, Plan, Search


@dataclass(frozen=True, slots=True)
class Width:
    """The bounds low <= place <= high on `place`, the unknown that moves the support, and the least or greatest value `end` of `first` that lets
    the lower one be no more than the upper one.  sign: of the score in `first`."""

    first: str
    place: str
    sign: int
    low: Bound
    high: Bound
    end: Formula

    @property
    def room(self) -> Formula:
        """How far apart the two bounds are; it must not be negative."""
        return add(*terms(self.high.end), *(neg(t) for t in terms(self.low.end)))


def method(search: Search, name: str) -> Plan | None:
    """A plan for an unknown with a score of one sign, and another that the likelihood knows through the support alone."""
    state, moving = search.state, search.state.problem.moving
    if name not in moving or search.scores[name] == ZERO:
        return None
    sign = sign_of_score(state, search.scores[name])
    places = [k for k in search.open_names if k != name and k in moving and search.scores[k] == ZERO]
    if not sign or len(places) != 1:
        return None
    found = _tightest(name, places[0], sign, state)
    return None if found is None else Plan((name, places[0]), frozenset(), lambda: carried_out(search, found))


def _tightest(name: str, place: str, sign: int, state: State) -> Width | None:
    """The pair of bounds that is the last to leave room, as the first unknown moves to where the likelihood is larger."""
    p = state.problem
    bounds = p.bounds[place]
    al = Algebra(admissible_facts(state), state.al.decimals, state.al.unknowns, clock=state.al.clock)
    mine = p.parameters[name]
    own = [b for b in p.bounds[name] if place not in names(b.end)]
    if own or any(names(b.end) & set(p.parameters) - {name} for b in bounds):
        return None
    given = p.observations is not None and not p.known
    found: list[Width] = []
    for low in (b for b in bounds if b.below):
        for high in (b for b in bounds if not b.below):
            w = Width(name, place, sign, low, high, ZERO)
            room = al.expand(w.room)
            if not has(room, Sym(name)) or slope(room, Sym(name), al) != -sign:
                return None
            end = _root(room, name, state)
            if end is None:
                return None
            found.append(replaced(w, end=end))
    if not found or (len(found) > 1 and not given):
        return None
    best = found[0]
    for w in found[1:]:
        best = w if order_at_data(w.end, best.end, state) * sign < 0 else best
    nearest = mine.low if sign < 0 else mine.high
    if nearest not in (INFINITY, MINUS_INFINITY) and not emptied(p.support, name, nearest, al):
        if not given or order_at_data(best.end, nearest, state) * sign >= 0:
            return None
    there = al.expand(replace(best.low.end, Sym(name), best.end))
    for e, side in ((p.parameters[place].low, 1), (p.parameters[place].high, -1)):
        if e not in (INFINITY, MINUS_INFINITY) and (not given or order_at_data(there, e, state) * side <= 0):
            return None
    return best


def _root(room: Formula, name: str, state: State) -> Formula | None:
    """Where there is no room left, the room being monotone: in terms of the sample, else at the data in closed form; None where that is not found."""
    u, al, p = Sym(name), state.al, state.problem
    solved = solve(equation(room, ZERO), u, al)
    inside = [r for r in solved.roots if _may_be_inside(r, name, state)] if solved is not None else []
    if solved is not None:
        return positive_first(inside[0]) if len(inside) == 1 else None
    d = p.parameters[name]
    ends = [None if e in (INFINITY, MINUS_INFINITY) else value(e) for e in (d.low, d.high)]
    if p.observations is None or p.known or (ends[0] is None) != (d.low == MINUS_INFINITY) or (ends[1] is None) != (d.high == INFINITY):
        return None
    f = at_data(room, state)
    there = all_solutions(f, name, *ends)
    closed = closed_forms(f, name, (), (((), 1),), there) if there is not None and len(there) == 1 else None
    return closed[0] if closed else None


def _may_be_inside(root: Formula, name: str, state: State) -> bool:
    """Whether a root lies in the domain at some test point with an admissible sample."""
    d, oracle = state.problem.parameters[name], state.settled(state.lines_oracle)
    return any(d.contains(v, w) for v, w in zip(oracle.values(root), oracle.points, strict=True))


def carried_out(search: Search, found: Width) -> Found:
    """The width that the data need, the least or greatest value that gives it, and the only place that is left then."""
    state, p, al = search.state, search.state.problem, search.state.al
    u, v = Sym(found.first), Sym(found.place)
    oracle, score = state.settled(state.lines_oracle), search.scores[found.first]
    r = Relation((Derivative(p.of("ell"), ((u, 1),)), score, ZERO), ("=", ">" if found.sign > 0 else "<"))
    seen = oracle.holds(Relation((score, ZERO), (r.signs[1],)))
    evidence = evidence_of_sign(r, score_facts(state, score), seen, Ground.SIGN_AND_SUPPORT)
    room = al.expand(found.room)
    change = al.tidy(differentiate(room, u, al))
    rise = Relation((change, ZERO), ("<" if found.sign > 0 else ">",))
    end = worked(found.end, state)
    place = worked(al.expand(replace(found.low.end, u, found.end)), state)
    there = settle_answers(oracle, {found.first: end, found.place: place})
    there.holds(equation(found.low.end, found.high.end))
    direction, which = ("increases", "largest") if found.sign > 0 else ("decreases", "smallest")
    between = Relation((found.low.end, v, found.high.end), ("<=", "<="))
    blocks: list[Block] = [
        say("The likelihood depends on {} only through what is admissible. In {} the derivative has one sign:", v, u),
        Display((record(r, evidence, rule=RuleName.SIGN),)),
        say("For some {} all observations lie in the support only if", v),
        Display((held(oracle, between, rule=RuleName.SUPPORT), held(oracle, Relation((room, ZERO), (">=",)), rule=RuleName.SUPPORT))),
        say("The room that is left changes with {} in one direction,", u),
        Display((record(rise, evidence_of_sign(rise, al.facts, oracle.holds(rise)), rule=RuleName.SLOPE),)),
        say("and the likelihood {} in {}: it is largest at the {} {} that leaves room, where there is none to spare, and {} has one value then:", direction, u, which, u, v),
        Display((
            held(there, equation(room, ZERO), rule=RuleName.MEET),
            held(there, equation(hat(u.name), end), say("solved for {}", u), RuleName.SOLVE),
            held(there, equation(hat(v.name), place), rule=RuleName.PUT_IN),
        )),
    ]  # fmt: skip
    return Found({found.first: end, found.place: place}, tuple(blocks), How.BOUNDARY, argument=ARGUED, title=say("Where the maximum lies"))


__all__ = ["method"]
